"""`enpv` as a payoff: the worked case state by state, in every arithmetic, and what reaches it."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from gamecore.errors import InputError
from gamecore.model import Scenario
from gamecore.scenario import apply_levers, read_scenario, set_values
from gamecore.valuation.enpv import expected_npv
from gamecore.valuation.inputs import quantities
from gamecore.valuation.payoffs import drawn_worth, exact_worth, traced_worth
from gamecore.valuation.programme import CostShare, Deal, Launch, Market, Milestone, Phase, Programme
from tests.valuation.small_programme import small

FILES = Path(__file__).parents[1] / "scenario" / "files"
GO = {"plan": "go", "news": "good"}
BAD = {"plan": "go", "news": "bad"}


@pytest.fixture(scope="module")
def model() -> Scenario:
    return read_scenario((FILES / "model.yaml").read_bytes())


# ---- the worked case -------------------------------------------------------------------------------------------------

# Sapphire and Diamond, in USD m, before holding costs; without agreement net of the dispute.
BY_STATE = {
    ("plan", "start"): ((63.779, 48.558), (51.487, 7.943), (35.579, -41.894)),
    ("january", "full"): ((57.162, 41.119), (54.775, 31.623), (42.273, -7.834)),
    ("plan", "hybrid"): ((45.374, 27.272), (42.235, 18.393), (37.693, 4.815)),
    ("january", "hybrid"): ((41.121, 23.042), (40.141, 20.232), (37.681, 11.261)),
    ("plan", "no_agreement"): ((47.502, 31.517), (45.216, 22.298), (33.277, -15.834)),
}


@pytest.mark.parametrize("choice", BY_STATE, ids="_".join)
def test_the_model_gives_the_values_of_the_worked_case_in_every_state(model: Scenario, choice: tuple[str, str]) -> None:
    worth = exact_worth(model)
    for state, expected in zip(("contained", "prolonged", "severe"), BY_STATE[choice], strict=True):
        outcome = {"plan": "wait", choice[0]: choice[1], "pandemic": state}
        for player, value in zip(("sapphire", "diamond"), expected, strict=True):
            amount = worth.amount(model.payoffs["programme"], player, outcome)
            amount += worth.amount(model.payoffs["dispute"], player, outcome)
            assert float(amount) == pytest.approx(value, abs=0.0015)


def test_outcomes_that_come_to_the_same_numbers_are_valued_once(
    model: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gamecore.valuation.enpv as room

    valued: list[Programme] = []

    def counted(programme: Programme, deal: Deal, rates: dict[str, float]) -> room.Valuation:
        valued.append(programme)
        return expected_npv(programme, deal, rates)

    monkeypatch.setattr(room, "expected_npv", counted)
    worth = exact_worth(model)
    for news in ("contained", "prolonged", "severe"):
        for player in model.players:
            worth.payoff(player, {"plan": "start", "pandemic": "severe", "news": news})
    assert len(valued) == 1


# ---- arithmetics -----------------------------------------------------------------------------------------------------


def test_a_file_comes_to_the_records_that_say_the_same() -> None:
    worth = exact_worth(small())
    for outcome, cost, years, start in ((GO, 100, 2, 0), (BAD, 150, 2.5, 0), ({**BAD, "plan": "wait"}, 150, 2.5, 0.5)):
        programme = Programme(
            (Phase("trial", 100, years, 0.4, cost=cost), Phase("review", 20, 1, 0.9, after="trial")),
            (Market("world", "review", peak=400, ramp=3, margin=0.5, until=14),),
            start,
        )
        deal = Deal(
            {"trial": CostShare({"a": 0.7, "b": 0.3}), "review": CostShare({"a": 1})},
            {"world": {"a": 0.6, "b": 0.4}},
            (Milestone("launch", "a", "b", 12, Launch()),),
        )
        wanted = expected_npv(programme, deal, {"a": 0.09, "b": 0.13}).values
        for player in ("a", "b"):
            assert float(worth.enpv(player, outcome)) == pytest.approx(float(wanted[player]), abs=1e-9)


def test_every_draw_is_the_base_case_of_a_file_with_its_numbers() -> None:
    scenario = small()
    drawn = drawn_worth(scenario, draws=5, seed=3)
    budget, p = (
        item.distribution
        for item in sorted(quantities(scenario), key=lambda item: item.key != "programme.phases.trial.budget")
    )
    values = drawn.enpv("b", BAD)
    assert np.shape(values) == (5,)
    for number in range(5):
        fixed = set_values(
            scenario,
            {
                "programme.trial.budget": float(np.asarray(drawn.value(budget, {}))[number]),
                "inputs.p": float(np.asarray(drawn.value(p, {}))[number]),
            },
        )
        assert float(exact_worth(fixed).enpv("b", BAD)) == pytest.approx(float(np.asarray(values)[number]), rel=1e-9)


def test_equal_programmes_tie_exactly() -> None:
    scenario = small(("trial.cost: times 1.5", "trial.cost: times 0.1 + 0.2 + 0.7"), ("plus 6 months", "plus 0"))
    worth = exact_worth(scenario)
    assert worth.payoff("a", GO) == worth.payoff("a", BAD)
    assert worth.payoff("a", GO).denominator <= 10**12


def test_the_order_of_the_rows_of_changes_means_nothing() -> None:
    rows = [
        "- {when: {news: bad}, trial.budget: times 1.5, trial.lasts: plus 6 months}",
        "- {trial.budget: plus 10, trial.lasts: times 1.25}",
        "- {when: {plan: go}, trial.budget: 90, trial.cost: minus 4}",
    ]
    found = set()
    for order in permutations(rows):
        written = "\n    ".join(order)
        scenario = small(
            ("- {when: {news: bad}, trial.cost: times 1.5, trial.lasts: plus 6 months}", written),
        )
        found.add(exact_worth(scenario).payoff("a", BAD))
    assert len(found) == 1
    direct = small(
        ("trial:  {budget: 80 .. 100 .. 130, lasts: 2 years", "trial:  {budget: 145, cost: 141, lasts: 3 years"),
        ("- {when: {news: bad}, trial.cost: times 1.5, trial.lasts: plus 6 months}", ""),
    )
    assert found == {exact_worth(direct).payoff("a", BAD)}


def test_one_player_alone_needs_no_deal() -> None:
    scenario = read_scenario(
        "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nplayers: {a: {name: A, discount_rate: 10%}}\n"
        "decisions: {move: {by: a, options: {go: Go, stop: Stop}}}\nbaseline: {move: go}\ntiming: {move: 0}\n"
        "payoffs: {drug: {when: {move: go}, a: enpv}, none: {when: {move: stop}, a: 0}}\n"
        "programme: {phases: {phase_3: {budget: 150, lasts: 3 years, success: 58%}},"
        " sales: {world: {peak: 900, ramp: 5 years, margin: 45%, until: 15 years}}}\n"
    )
    assert float(exact_worth(scenario).payoff("a", {"move": "go"})) == pytest.approx(752.479, abs=0.001)
    assert exact_worth(scenario).payoff("a", {"move": "stop"}) == 0


def test_a_gate_is_read_with_its_holder_and_what_each_side_gets() -> None:
    hopeless = ("success: 90%", "success: 0%")
    scenario = small(hopeless, ("  milestones:", "  gates:\n    review: {by: a, a: -1, b: 3}\n  milestones:"))
    stopped, going = exact_worth(scenario), exact_worth(small(hopeless))
    assert stopped.enpv("a", GO) > going.enpv("a", GO)
    assert stopped.enpv("b", GO) - going.enpv("b", GO) == pytest.approx(0.4 * 3 / 1.13**2)


def test_without_a_rate_there_is_no_value() -> None:
    scenario = small(
        ("rows:\n      - {when: {plan: end}, a: 1, b: 2}\n      - {when: otherwise, all: enpv}", "{a: enpv, b: 0}"),
        ("discount_rate: 13%", "role: biotech"),
    )
    assert exact_worth(scenario).payoff("a", GO) != 0
    with pytest.raises(InputError, match=r"players\.b needs a discount_rate"):
        exact_worth(scenario).enpv("b", GO)


def test_draws_out_of_bounds_are_moved_and_counted() -> None:
    drawn = drawn_worth(small(("p: {value: 30% .. 40% .. 50%}", "p: {value: 5% .. 40% .. 50%}")), draws=1000, seed=1)
    assert drawn.clipped == {}
    assert np.isfinite(np.asarray(drawn.enpv("a", GO))).all()
    assert set(drawn.clipped) == {"programme.phases.trial.success"}
    assert drawn.clipped["programme.phases.trial.success"] == pytest.approx(0.071, abs=0.001)


# ---- what reaches what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "reaches"),
    [
        ("b: {name: B, discount_rate: 13%", "b: {name: B, discount_rate: 13%, confidential: yes", {"b": {"players.b"}}),
        (
            "fee_at_launch: 12",
            "fee_at_launch: {value: 12, confidential: yes}",
            {"a": {"inputs.fee_at_launch"}, "b": {"inputs.fee_at_launch"}},
        ),
        ("  phases:\n", "  confidential: yes\n  phases:\n", {"a": {"programme"}, "b": {"programme"}}),
        ("  profit_share:\n", "  confidential: yes\n  profit_share:\n", {"a": {"deal"}, "b": {"deal"}}),
    ],
)
def test_what_is_confidential_reaches_whoever_it_is_worth_something_to(
    old: str, new: str, reaches: dict[str, set[str]]
) -> None:
    traced = traced_worth(small((old, new)))
    for player in ("a", "b"):
        assert traced.enpv(player, GO) == reaches.get(player, set())
        assert traced.payoff(player, {"plan": "end", "news": "good"}) == frozenset()


def test_a_rate_reaches_the_other_side_where_its_owner_may_stop() -> None:
    secret = ("b: {name: B, discount_rate: 13%", "b: {name: B, discount_rate: 13%, confidential: yes")
    gate = ("  milestones:", "  gates:\n    review: {by: b, a: 1}\n  milestones:")
    assert traced_worth(small(secret, gate)).enpv("a", GO) == {"players.b"}


def test_every_range_of_the_blocks_is_drawn_on_its_own() -> None:
    scenario = small(
        ("success: 90%", "success: 80% .. 90% .. 95%"),
        ("times 1.5", "times 1.2 .. 1.5 .. 2"),
        ("a: 70%, b: 30%", "a: share, b: 1 - share"),
        ("  p: {", "  share: {value: 60% .. 70% .. 75%}\n  p: {"),
    )
    keys = {item.key for item in quantities(scenario)}
    assert keys == {
        "inputs.p",
        "inputs.share",
        "programme.phases.trial.budget",
        "programme.phases.review.success",
        "programme.changes.0.times.phases.trial.cost",
    }


# ---- levers ----------------------------------------------------------------------------------------------------------


def test_levers_change_what_the_blocks_hold() -> None:
    scenario = small(
        (
            "inputs:\n",
            "levers:\n  dearer: {set: {deal.milestones.launch.amount: 20, programme.trial.lasts: 3 years}}\ninputs:\n",
        )
    )
    by_hand = small(("amount: fee_at_launch", "amount: 20"), ("lasts: 2 years", "lasts: 3 years"))
    pulled = exact_worth(apply_levers(scenario, ["dearer"]))
    assert pulled.payoff("b", GO) == exact_worth(by_hand).payoff("b", GO)


def test_a_payment_at_a_point_of_the_programme_is_a_milestone_where_its_condition_holds() -> None:
    paid = "{from: a, to: b, amount: 0 to 10, if: {plan: wait}, due: launch}"
    scenario = small(("inputs:\n", f"levers:\n  more: {{pay: {paid}, confidential: yes}}\ninputs:\n"))
    pulled = apply_levers(scenario, ["more"], {"more": Fraction(8)})
    by_hand = small(("fee_at_launch: 12", "fee_at_launch: 20"))
    wait = {**GO, "plan": "wait"}
    assert exact_worth(pulled).payoff("b", wait) == pytest.approx(exact_worth(by_hand).payoff("b", wait))
    assert exact_worth(pulled).payoff("b", GO) == exact_worth(scenario).payoff("b", GO)
    assert traced_worth(pulled).payoff("b", wait) == {"inputs.pay_more"}


# ---- criteria --------------------------------------------------------------------------------------------------------


def test_criteria_are_averaged_by_each_players_own_weights() -> None:
    scenario = read_scenario(
        "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nplayers: {a: {name: A}, b: {name: B}}\n"
        "decisions: {move: {by: a, options: {x: X, y: Y}}}\nbaseline: {move: x}\ntiming: {move: 0}\n"
        "payoffs:\n  speed: {weight: {a: 3, b: w}, rows: [{when: {move: x}, all: 10}, {when: {move: y}, a: 4, b: 6}]}\n"
        "  cash: {weight: 1, a: 2, b: 7}\ninputs: {w: 1 .. 4 .. 6}\n"
    )
    worth = exact_worth(scenario)
    assert worth.payoff("a", {"move": "x"}) == Fraction(3 * 10 + 2, 4)
    assert worth.payoff("b", {"move": "y"}) == Fraction(4 * 6 + 7, 5)
    drawn = drawn_worth(scenario, draws=4, seed=1)
    weights = np.asarray(drawn.named("w", {}))
    assert np.allclose(drawn.payoff("b", {"move": "y"}), (weights * 6 + 7) / (weights + 1))
