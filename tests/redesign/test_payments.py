"""Payments behind the plans of a scenario: ranges, plans that a payment makes hold, ways of paying, who pays whom."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from gamecore.advice.assess import Case
from gamecore.advice.outlook import outcomes_of
from gamecore.advice.payment_facts import PaymentRange, Payments
from gamecore.model import Scenario
from gamecore.pipeline import Settings, analysed, solved_game
from gamecore.redesign.instruments import units_of
from gamecore.redesign.payments import payments_in, payments_of, payments_of_lever, reference_of
from gamecore.robustness.points import compatible_ends
from gamecore.scenario import apply_levers, read_scenario, set_values
from gamecore.valuation.payoffs import exact_worth
from tests.advice.small import read

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FEW = Settings(draws=20)


@cache
def scenario(name: str) -> Scenario:
    return read_scenario((SCENARIOS / f"{name}.yaml").read_bytes())


def case_of(found: Scenario) -> Case:
    return analysed(found, FEW)[1]


@cache
def case(name: str, lever: str | None = None) -> Case:
    return case_of(apply_levers(scenario(name), [lever]) if lever else scenario(name))


def the(found: tuple[Payments, ...]) -> Payments:
    (only,) = found
    return only


def against(found: Payments, name: str) -> tuple[float, float, float]:
    item = next(item for item in found.ranges if item.against == name)
    return round(item.needed, 3), round(item.possible, 3), round(item.even, 3)


# ---- ranges ----------------------------------------------------------------------------------------------------------


def test_diamond_can_pay_for_waiting_between_what_sapphire_loses_and_what_diamond_gains() -> None:
    # Start 51.812 / 9.699, Wait 47.420 / 25.813, no agreement 43.032 / 15.992 (Sapphire / Diamond)
    found = the(payments_of(case("phase2-covid-by-state"), "plan=wait"))
    assert (found.payer, found.payee, found.lever) == ("diamond", "sapphire", "pay_at_signature")
    assert against(found, "both") == (4.392, 9.821, 7.107)
    assert against(found, "no_agreement") == (-4.388, 9.821, 2.716)
    assert against(found, "baseline") == (4.392, 16.114, 10.253)
    assert found.ranges[0].against == "both"
    assert found.proposed == found.ranges[0].even
    assert not found.necessary  # Wait holds by itself, and both have more than with no agreement


def test_a_clause_sets_the_price_told_beforehand_and_the_same_once_it_is_pulled() -> None:
    before = the(payments_of(case("phase2-covid-by-state"), "plan=wait"))
    after = the(payments_of(case("phase2-covid-by-state", "contract_binds"), "plan=wait"))
    assert against(before, "contract_binds") == (4.392, 16.114, 10.253)
    assert against(after, "no_agreement") == against(after, "both") == (4.392, 16.114, 10.253)


def test_with_the_contract_enforceable_waiting_holds_exactly_with_the_payments_told() -> None:
    bound = case("phase2-covid-by-state", "contract_binds")
    found = the(payments_of(bound, "plan=wait"))
    assert found.necessary
    first = found.ranges[0]
    assert first.against == "every_protocol"
    assert (round(first.needed, 3), round(first.possible, 3)) == (4.392, 16.114)
    pulled = ["contract_binds", "pay_at_signature"]
    for payment, holds in (
        (first.needed - 0.001, False),
        (first.needed, True),
        (first.even, True),
        (first.possible, True),
        (first.possible + 0.001, False),
    ):
        amount = {"pay_at_signature": Fraction(f"{payment:.12g}")}
        game, numbers, solved = solved_game(apply_levers(scenario("phase2-covid-by-state"), pulled, amount), Settings())
        said = [
            any(
                all(game.cases[end][0].assignment["plan"] == "wait" for end in ends if numbers.reach[-1, end])
                for ends, _ in outcomes_of(game, numbers, item)
            )
            for item in solved
        ]
        assert all(said) == holds, payment


def test_in_a_game_of_moves_a_payment_is_compared_with_what_is_played_without_it() -> None:
    moves = case("supply-price")
    lever = scenario("supply-price").levers["pay_for_index"]
    found = payments_of_lever(moves, lever)
    assert found is not None
    assert reference_of(found).against == "play"
    assert against(found, "play") == (1.04, 4.04, 2.54)
    assert (found.payer, found.payee) == ("ruby", "diamond")


def test_the_best_plan_for_the_advised_that_does_not_hold_is_told_beside_the_recommended_one() -> None:
    found = payments_in(case("supply-price"), "request=ask,reply=keep,next_step=escalate")
    assert [item.candidate for item in found][-1] == "request=deliver"
    better = found[-1]
    # Diamond pays Ruby to deliver at the contract price: Ruby -3.64 against -7.2, Diamond 40 against 33.44
    assert (better.payer, better.payee, better.necessary) == ("diamond", "ruby", True)
    assert better.ranges[0].against == "every_protocol"
    assert (round(better.ranges[0].needed, 3), round(better.ranges[0].possible, 3)) == (3.56, 6.56)


def test_payments_run_from_the_side_that_gains_to_the_other_even_if_a_lever_says_the_contrary() -> None:
    found = the(payments_of(case("termination"), "exit=terminate,wind_down=full_transfer"))
    assert found.ranges[0].even > 0
    assert (found.payer, found.lever) == ("diamond", None)


def test_criteria_are_no_money_and_what_nobody_calls_a_candidate_is_an_error() -> None:
    assert payments_of(case("internal-alignment"), "position=partner") == ()
    with pytest.raises(KeyError):
        payments_of(case("internal-alignment"), "position=nowhere")


# ---- ways of paying --------------------------------------------------------------------------------------------------


def test_money_half_a_year_earlier_brings_the_side_with_the_higher_rate_more_than_it_costs_the_other() -> None:
    model = case("phase2-covid")
    wait = next(plan for plan in model.plans if plan.key == "plan=wait")
    ends = compatible_ends(model.game.tree, wait.forced)
    units = units_of(model.game, exact_worth(model.game.scenario), "diamond", "sapphire", ends)
    earlier = next(unit for unit in units if (unit.kind, unit.due) == ("earlier_date", "phase_2_start"))
    full = {end for end in ends if model.game.cases[end][0].assignment["january"] == "full"}
    brings, costs = (sum(10 * per_end[end] for end in full) for per_end in (earlier.payee, earlier.payer))
    assert round(brings, 2) == 0.59  # 10 (1 - 1.13^-0.5)
    assert round(costs, 2) == 0.42  # 10 (1 - 1.09^-0.5)
    found = the(payments_of(model, "plan=wait"))
    cheapest = next(item for item in found.instruments if item.cheapest)
    assert (cheapest.kind, cheapest.due, cheapest.amount) == ("earlier_date", "phase_2_start", 10)
    assert cheapest.at_signature == pytest.approx(found.proposed - brings, abs=1e-6)
    assert cheapest.costs == pytest.approx(cheapest.at_signature + costs, abs=1e-6)


LATER = """
  later: {pay: {from: diamond, to: sapphire, if: {plan: wait}, amount: 0 to 500, due: DUE}, label: Paid later}
expect:
"""


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("milestone", "start of phase_3"),
        ("milestone", "launch"),
        ("milestone", "start of review"),
        ("milestone", "january"),
        ("cost_share", "phase_3"),
    ],
)
def test_a_way_of_paying_put_into_the_file_costs_and_brings_what_is_told(kind: str, due: str) -> None:
    before = case("phase2-covid")
    found = the(payments_of(before, "plan=wait"))
    way = next(item for item in found.instruments if (item.kind, item.due) == (kind, due))
    assert way.brings == pytest.approx(found.proposed)
    amount = Fraction(f"{way.amount:.12g}")
    if kind == "cost_share":
        share = Fraction(30) - amount
        paths = {"deal.cost_share.phase_3.sapphire": share, "deal.cost_share.phase_3.diamond": 100 - share}
        changed = set_values(scenario("phase2-covid"), {path: f"{float(value):.12g}%" for path, value in paths.items()})
    else:
        text = (SCENARIOS / "phase2-covid.yaml").read_text(encoding="utf-8")
        written = LATER.replace("DUE", "date of january" if due == "january" else due)
        changed = apply_levers(read_scenario(text.replace("\nexpect:\n", written)), ["later"], {"later": amount})
    after = case_of(changed)
    place = {player: number for number, player in enumerate(before.game.players)}
    old, new = (next(item.worth(plan) for plan in item.plans if plan.key == "plan=wait") for item in (before, after))
    assert float(new[place["sapphire"]] - old[place["sapphire"]]) == pytest.approx(way.brings, abs=1e-6)
    assert float(old[place["diamond"]] - new[place["diamond"]]) == pytest.approx(way.costs, abs=1e-6)


BET = """
players:
  ann: {name: Ann, discount_rate: 10%}
  ben: {name: Ben, discount_rate: 10%}
decisions:
  plan: {by: [ann, ben], options: {build: Build, keep: Keep}, no_agreement: Nothing}
events:
  demand: {label: Demand, chances: {high: 50%, low: rest}, beliefs: {ben: {high: 80%, low: rest}}}
baseline: {plan: keep}
timing: {count_from: 2030-01-01, plan: 0, demand: 1 year}
payoffs:
  worth:
    rows:
      - {when: {plan: build, demand: high}, ann: 24, ben: 2}
      - {when: {plan: build, demand: low}, ann: 16, ben: 2}
      - {when: {plan: keep}, ann: 4, ben: 6}
      - {when: {plan: no_agreement}, ann: 1, ben: 1}
"""


def test_a_payment_on_what_the_payee_thinks_more_likely_is_the_cheapest() -> None:
    found = the(payments_of(case_of(read(BET)), "plan=build"))
    assert (found.payer, found.payee) == ("ann", "ben")
    assert against(found, "both") == (4, 16, 10)
    cheapest = next(item for item in found.instruments if item.cheapest)
    assert (cheapest.kind, cheapest.due) == ("contingent", "demand=high")
    assert cheapest.amount == pytest.approx(10 * 1.1 / 0.8)
    assert cheapest.costs == pytest.approx(10 * 0.5 / 0.8)
    assert cheapest.brings == pytest.approx(10)


GAME_OF_CHOICES = """
players:
  ann: {name: Ann, discount_rate: 10%}
  ben: {name: Ben, discount_rate: 5%}
decisions:
  plan: {by: [ann, ben], options: {build: Build, keep: Keep}, no_agreement: Nothing}
  size: {by: ann, when: {plan: build}, options: {large: Large, small: Small}}
baseline: {plan: keep}
timing: {count_from: 2030-01-01, plan: 0, size: 1 year}
payoffs:
  worth:
    rows:
      - {when: {size: large}, ann: 20, ben: 2}
      - {when: {size: small}, ann: 19, ben: 2}
      - {when: {plan: keep}, ann: 4, ben: 6}
      - {when: {plan: no_agreement}, ann: 1, ben: 1}
"""


def test_money_later_is_cheaper_where_the_payee_has_the_lower_rate() -> None:
    found = the(payments_of(case_of(read(GAME_OF_CHOICES)), "plan=build"))
    cheapest = next(item for item in found.instruments if item.cheapest)
    assert (cheapest.kind, cheapest.due) == ("milestone", "size")
    assert cheapest.amount == pytest.approx(10 * 1.05)
    assert cheapest.costs == pytest.approx(10 * 1.05 / 1.1)


# ---- three players ---------------------------------------------------------------------------------------------------

THREE = """
players: {ann: {name: Ann}, ben: {name: Ben}, cara: {name: Cara}}
decisions:
  plan: {by: [ann, ben, cara], options: {join: Join, stay: Stay}, no_agreement: Nothing}
baseline: {plan: stay}
timing: {count_from: 2030-01-01, plan: 0}
payoffs:
  worth:
    rows:
      - {when: {plan: join}, ann: 20, ben: 2, cara: 7}
      - {when: {plan: stay}, ann: 8, ben: 5, cara: 6}
      - {when: {plan: no_agreement}, ann: 1, ben: 1, cara: 1}
"""


def test_of_three_whoever_loses_is_paid_by_those_who_can() -> None:
    found = payments_of(case_of(read(THREE)), "plan=join")
    # Ben loses 3; Ann gains 12 and Cara 1, too little
    assert [(item.payer, item.payee) for item in found] == [("ann", "ben")]
    assert against(the(found), "both") == (3, 12, 7.5)


# ---- what is confidential ----------------------------------------------------------------------------------------


def test_what_is_confidential_and_reaches_a_payment_is_named() -> None:
    found = the(payments_of(case("phase2-covid-by-state"), "plan=wait"))
    assert {"inputs.hold_sapphire", "players.sapphire"} <= found.reaches
    # rates reach the price of a later payment, though no payoff of this file has a date
    text = GAME_OF_CHOICES.replace("discount_rate: 5%", "discount_rate: 5%, confidential: yes")
    assert "players.ben" in the(payments_of(case_of(read(text)), "plan=build")).reaches
    assert "players.ben" not in the(payments_of(case_of(read(GAME_OF_CHOICES)), "plan=build")).reaches


@pytest.mark.parametrize(
    ("bens", "theirs", "reached"),
    [
        ("5.5", "cara: 7", False),  # joining holds by itself: the range is between Ann and Ben
        ("2", "cara: 7", True),  # whether a payment makes it hold rests on what Cara would propose
        ("5.5", "ann: 20", True),
    ],
)
def test_what_reaches_a_range_is_the_values_of_the_two_and_of_everybody_where_the_plan_has_to_be_made_to_hold(
    bens: str, theirs: str, *, reached: bool
) -> None:
    player, value = theirs.split(": ")
    text = THREE.replace("ben: 2", f"ben: {bens}").replace(theirs, f"{player}: secret")
    text = text.replace("payoffs:", f"inputs: {{secret: {{value: {value}, confidential: yes}}}}\npayoffs:")
    found = the(payments_of(case_of(read(text)), "plan=join"))
    assert ("inputs.secret" in found.reaches) == reached


def test_the_range_an_expected_payment_speaks_of_is_against_both_if_there_are_both() -> None:
    ranges = tuple(PaymentRange(name, 0, 1, works=True, even=0.5) for name in ("baseline", "no_agreement", "both"))
    assert reference_of(Payments("plan", "ann", "ben", ranges, 0.5, necessary=False)).against == "both"
    assert reference_of(Payments("plan", "ann", "ben", ranges[:1], 0.5, necessary=False)).against == "baseline"


DEARER = """
decisions:
  plan: {by: [ann, ben], options: {build: Build, keep: Keep, end: End}, no_agreement: Nothing}
baseline: {plan: keep}
timing: {count_from: 2030-01-01, plan: 0}
payoffs:
  worth:
    rows:
      - {when: {plan: build}, ann: 5, ben: 2}
      - {when: {plan: keep}, ann: 9, ben: 6}
      - {when: {plan: end}, ann: 1, ben: 0}
      - {when: {plan: no_agreement}, ann: 8, ben: 5}
levers:
  ends: {set: {decisions.plan.no_agreement.means: end}, label: Ends}
"""


def test_what_only_works_under_a_clause_that_does_not_stand_is_never_proposed() -> None:
    found = the(payments_of(case_of(read(DEARER)), "plan=build"))
    assert [item.works for item in found.ranges if item.against != "ends"] == [False, False, False]
    assert found.ranges[-1].against == "ends"
    assert found.ranges[-1].works
    assert not found.ranges[0].works
    assert not found.necessary
    assert found.instruments == ()
