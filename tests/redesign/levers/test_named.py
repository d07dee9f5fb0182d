"""Named cases: two companies and a trial (figures computed by hand from the programme and the deal), what a clause is
worth between them, where nothing holds, and small games with one answer.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest

from gamecore.advice.lever_facts import ClausePrice, LeverFacts, Ways
from gamecore.errors import InputError
from gamecore.model import Scenario
from gamecore.pipeline import Settings, analyse, analysed
from gamecore.questions.changing import levers_found, ways_found
from gamecore.redesign.levers.derived import every_step
from gamecore.redesign.levers.page import least_change, levers_in
from gamecore.redesign.levers.ranking import Drawing, proposals
from gamecore.redesign.levers.search import Budget, Found, search, searched, start
from gamecore.redesign.levers.standing import standing_of
from gamecore.redesign.levers.steps import changed
from gamecore.redesign.levers.ways import ways_found as ways_over
from gamecore.scenario import read_scenario, set_values
from tests.advice.small import advised, read

FOLDER = Path(__file__).parents[3] / "scenarios"
NO_LEVERS = ("levers", "expect")


@lru_cache
def trial(name: str = "phase2-covid", *, declared: bool = True) -> Scenario:
    text = (FOLDER / f"{name}.yaml").read_text()
    if not declared:
        text = text[: text.index("\nlevers:")]
    return read_scenario(text, file=name)


@lru_cache
def singles(name: str = "phase2-covid", *, declared: bool = True) -> Found:
    """Every single change, those of dates and of the file alone where the whole takes long."""
    begun = start(trial(name, declared=declared), Budget(pairs=0, payments=False))
    quick = name != "phase2-covid"
    return searched(begun, tuple(step for step in begun.steps if quick or step.declared or step.kind == "date"))


@lru_cache
def by_state() -> LeverFacts:
    return levers_found(trial("phase2-covid-by-state"), Settings(draws=200), pairs=0, drawn=1)


def test_deciding_in_october_is_found_first_with_what_it_leaves_as_it_is() -> None:
    """The declared lever: standing by costs half, the news is right in 65 of 100 cases: 51.088 and 29.222."""
    listed = proposals(singles(), Drawing(200, most=1))
    best = listed[0]
    assert best.key == "decide_earlier"
    assert best.values == pytest.approx({"diamond": 29.222, "sapphire": 51.088}, abs=0.001)
    assert best.gains == pytest.approx({"diamond": 29.222 - 25.812, "sapphire": 51.088 - 47.419}, abs=0.002)
    assert best.settled
    assert best.accepted
    assert not best.moves_outcome
    assert best.unchanged == ("programme.changes",)  # the conditions are those of January
    assert (best.size_reason, best.changes[0].derived) == ("3 clauses, 3 months", False)
    assert best.works is not None
    assert 0.5 < best.works < 0.8
    assert set(best.gains_mean) == {"diamond", "sapphire"}


def test_an_earlier_date_is_found_without_being_declared() -> None:
    listed = proposals(singles(declared=False), Drawing(1, most=0))
    best = listed[0]
    assert best.key == "news_and_january_3_earlier"
    assert (best.changes[0].then, best.changes[0].now) == ("1 October 2020", "1 January 2021")
    assert best.changes[0].values == {"timing.news": "3 months", "timing.january": "3 months"}
    assert min(best.gains.values()) > 2
    assert best.unchanged == ("Holding", "Accuracy of the news", "programme.changes")


def test_a_date_with_what_stays_set_as_well_is_worth_what_the_declared_lever_is() -> None:
    """The derived date on top of half the standing by and worse news gives the figures of the declared lever."""
    scenario = set_values(trial(declared=False), {"inputs.standing_by": "0.5", "inputs.accuracy": "65%"})
    extended, steps = every_step(scenario)
    step = next(step for step in steps if step.lever == "news_and_january_3_earlier")
    moved = changed(extended, [step])
    assert moved is not None
    assert [float(value) for value in standing_of(moved).counts.values] == pytest.approx([29.222, 51.088], abs=0.001)


def test_where_amounts_are_typed_by_state_an_earlier_date_moves_nothing_and_is_not_proposed() -> None:
    assert not [item for item in by_state().proposals if "timing.january" in item.changes[0].values]


def price(lever: str) -> ClausePrice:
    return next(item for item in by_state().clauses if item.lever == lever)


def test_the_price_of_the_clause_that_the_contract_applies() -> None:
    """Against no agreement payments of -4.388 to 9.821, evenly 2.716; against the contract 4.392 to 16.114, 10.253."""
    found = price("contract_binds")
    assert (found.payer, found.payee, found.plan) == ("diamond", "sapphire", "plan=wait")
    assert found.range_before == pytest.approx((-4.388, 9.821), abs=0.001)
    assert found.even_before == pytest.approx(2.716, abs=0.001)
    assert found.range_after == pytest.approx((4.392, 16.114), abs=0.001)
    assert found.even_after == pytest.approx(10.253, abs=0.001)
    assert (found.outcome_before, found.outcome_after) == ("plan=wait", "plan=start")
    assert found.disagreement_after == pytest.approx({"diamond": 9.699, "sapphire": 51.812}, abs=0.001)


def test_the_final_say_of_one_side_is_worth_what_its_favourite_is() -> None:
    """Sapphire would start, as the contract would; Diamond would wait, and nothing would have to be paid."""
    assert price("final_say_plan_sapphire").even_after == pytest.approx(10.253, abs=0.001)
    assert price("final_say_plan_diamond").even_after == pytest.approx(0.0, abs=0.001)


def test_an_arbiter_who_picks_either_favourite_moves_the_threat_to_their_mean() -> None:
    found = price("arbitration")
    mean = {"diamond": (25.813 + 9.699) / 2, "sapphire": (47.420 + 51.812) / 2}
    assert found.disagreement_after == pytest.approx(mean, abs=0.001)
    assert found.even_after == pytest.approx((16.114 / 2 + 4.392 / 2) / 2, abs=0.001)
    assert found.outcome_after == "plan=no_agreement"  # the one side or the other would rather wait for the arbiter


@lru_cache
def to_start() -> Ways:
    return ways_over(singles("phase2-covid-by-state"), "start")


def test_when_sapphire_would_get_the_start_is_told() -> None:
    found = to_start()
    assert (found.target, found.already) == ("plan=start", ())
    by_lever = {way.changes[0].lever: way for way in found.ways}
    assert {"contract_binds", "final_say_plan_sapphire", "without_plan_terminate"} <= set(by_lever)
    assert by_lever["contract_binds"].settled
    assert by_lever["contract_binds"].gains == pytest.approx({"diamond": -16.114, "sapphire": 4.392}, abs=0.001)
    assert by_lever["without_plan_terminate"].protocols == ("sapphire proposes",)
    assert not by_lever["without_plan_terminate"].settled


def test_how_bad_no_agreement_would_have_to_be_for_diamond_is_told() -> None:
    """Sapphire would propose the start, and Diamond would take it if no agreement were worth at most what it brings."""
    (threshold,) = to_start().thresholds
    assert (threshold.player, threshold.protocols) == ("diamond", ("sapphire proposes",))
    assert threshold.value == pytest.approx(15.992, abs=0.001)
    assert threshold.low is None
    assert threshold.high == pytest.approx(9.699, abs=0.001)


def test_a_target_that_is_no_plan_is_refused() -> None:
    scenario = read(NOTHING_HOLDS)
    with pytest.raises(InputError, match="no plan is called 'begin'; the plans are: plan=x, plan=y"):
        ways_found(scenario, "begin", pairs=0)


# ---- where nothing holds ---------------------------------------------------------------------------------------------

NOTHING_HOLDS = """
decisions:
  plan: {by: [ann, ben], options: {x: Do x, y: Do y}, no_agreement: Nothing}
baseline: {plan: x}
timing: {plan: 0}
payoffs:
  v:
    rows:
      - {when: {plan: x}, ann: 10, ben: -20}
      - {when: {plan: y}, ann: -1, ben: 2}
      - {when: otherwise, all: 0}
"""
MENDED = "levers:\n  mend: {set: {inputs.mended: 4}, label: Ben mends it}\n"


def test_where_nothing_holds_the_least_change_that_makes_a_plan_hold_is_advised() -> None:
    """Ben gains 2 by y and Ann has 1 less: he can pay her 1 to 2, evenly 1.5."""
    found = advised(NOTHING_HOLDS)
    assert found.recommendation.candidate == "plan=y"
    assert found.recommendation.with_lever == "ben_pays_ann_plan_y"
    assert found.recommendation.reasons[0].kind.value == "with_lever"
    assert found.recommendation.reasons[0].refers_to == ("plan=y", "ben_pays_ann_plan_y")
    assert found.levers is not None
    best = found.levers.proposals[0]
    assert (best.payment, best.changes[0].amount) == ((1.0, 2.0), 1.5)
    assert best.values == {"ann": 0.5, "ben": 0.5}
    assert best.works == 1.0


def test_a_smaller_change_goes_before_a_payment() -> None:
    text = NOTHING_HOLDS.replace("ann: -1, ben: 2", "ann: -1 + mended, ben: 2") + "inputs: {mended: 0}\n" + MENDED
    found = advised(text)
    assert (found.recommendation.candidate, found.recommendation.with_lever) == ("plan=y", "mend")


def test_where_no_single_change_helps_no_agreement_is_advised() -> None:
    """Every plan is worth less to both than no agreement, and no money between them mends that."""
    text = NOTHING_HOLDS.replace("ann: 10, ben: -20", "ann: -3, ben: -2").replace("ann: -1, ben: 2", "ann: -1, ben: -2")
    found = advised(text)
    assert found.recommendation.candidate is None
    assert found.recommendation.with_lever is None
    assert found.recommendation.reasons[0].kind.value == "nothing_acceptable"


def test_a_plan_that_holds_needs_no_lever() -> None:
    found = analyse(trial("phase2-covid-by-state"), Settings(draws=50))
    assert (found.recommendation.candidate, found.recommendation.with_lever) == ("plan=wait", None)


# ---- the page --------------------------------------------------------------------------------------------------------


def test_the_page_tries_few_changes_and_draws_the_two_it_shows() -> None:
    found = analyse(trial(), Settings(draws=100)).levers
    assert found is not None
    assert (found.tried, found.status) == (3, "partial")
    assert found.proposals[0].key == "decide_earlier"
    assert found.proposals[0].works is not None
    assert [item.lever for item in found.clauses] == ["contract_binds", "arbitration"]


def test_a_game_too_large_to_look_into_says_so() -> None:
    _, case = analysed(trial("licence-term-sheet"), Settings(draws=1))
    found = levers_in(case, seed=1, draws=1)
    assert found is not None
    assert (found.proposals, found.tried, found.notes) == ((), 0, ("too large to look here",))


def test_one_who_decides_alone_has_nobody_to_propose_to() -> None:
    text = (
        "players: {ann: {name: Ann}}\ndecisions: {go: {by: ann, options: {in: Enter, out: Stay out}}}\n"
        "baseline: {go: in}\ntiming: {go: 0}\npayoffs: {v: {rows: [{when: {go: in}, ann: 1}, "
        "{when: otherwise, ann: 0}]}}\n"
    )
    _, case = analysed(read(text), Settings(draws=1))
    assert levers_in(case, seed=1, draws=1) is None
    assert least_change(case, seed=1, draws=1) is None


# ---- commitments, disclosure, an alliance ----------------------------------------------------------------------------

RACE = """
decisions:
  ann_does: {by: ann, options: {early: Early, late: Late}}
  ben_does: {by: ben, options: {early: First, late: Second}}
baseline: {ann_does: early, ben_does: early}
timing: {ben_does: 0, ann_does: 1 month}
payoffs:
  v:
    rows:
      - {when: {ann_does: early, ben_does: early}, ann: 1, ben: 1}
      - {when: {ann_does: early, ben_does: late}, ann: 9, ben: 4}
      - {when: {ann_does: late, ben_does: early}, ann: 4, ben: 9}
      - {when: {ann_does: late, ben_does: late}, ann: 2, ben: 2}
"""


def test_a_commitment_tells_the_largest_cost_at_which_it_pays() -> None:
    """Ben moves first and takes the early place; if Ann is bound to come early, he stays away: 9 instead of 4."""
    listed = proposals(search(read(RACE), Budget(pairs=0, payments=False)), Drawing(1, most=0))
    best = next(item for item in listed if item.changes[0].verb == "commit" and item.changes[0].by == "ann")
    assert best.key == "commit_ann_does_early"
    assert (best.gains, best.largest_cost) == ({"ann": 5.0, "ben": -5.0}, 5.0)
    assert best.accepted  # Ann asks nobody
    assert best.acceptable_to == ("ann",)


def test_moving_first_is_found_as_well() -> None:
    listed = proposals(search(read(RACE), Budget(pairs=0, payments=False)), Drawing(1, most=0))
    keys = {change.lever for item in listed for change in item.changes}
    alike = {"swap_ben_does_ann_does", "swap_ann_does_ben_does", "commit_ann_does_early", "drop_ann_does_late"}
    assert keys & alike
    assert all(item.gains["ann"] > 0 for item in listed)


def test_a_declared_cost_counts_against_a_commitment() -> None:
    text = RACE + "levers:\n  promise: {commit: {ann_does: early}, cost: {ann: 2}, label: Ann is bound}\n"
    listed = proposals(search(read(text), Budget(pairs=0, payments=False)), Drawing(1, most=0))
    best = next(item for item in listed if item.key == "promise")
    assert (best.gains["ann"], best.largest_cost) == (3.0, 5.0)


NEWS = """
decisions: {go: {by: ann, options: {in: Enter, out: Stay out}}}
events: {rain: {chances: {wet: 50%, dry: rest}}}
baseline: {go: out}
timing: {go: 0, rain: hidden}
payoffs:
  v:
    rows:
      - {when: {go: in, rain: dry}, ann: 10, ben: 4}
      - {when: {go: in, rain: wet}, ann: -20, ben: 0}
      - {when: otherwise, all: 0}
"""


def test_what_nobody_decides_comes_after_what_can_be_agreed() -> None:
    """Knowing the weather is worth 5 to Ann: in half the cases she earns 10."""
    listed = proposals(search(read(NEWS), Budget(pairs=0)), Drawing(1, most=0))
    known = next(item for item in listed if item.key == "know_rain")
    assert known.nature
    assert known.gains == {"ann": 5.0, "ben": 2.0}
    agreed = [item for item in listed if item.accepted and not item.nature]
    assert all(listed.index(item) < listed.index(known) for item in agreed)


def test_an_alliance_looks_for_the_largest_product_of_gains() -> None:
    text = "advise: alliance\n" + RACE.replace("ann: 2, ben: 2", "ann: 8, ben: 8")
    begun = start(read(text), Budget(pairs=0, payments=False))
    found = searched(begun, begun.steps)
    listed = proposals(found, Drawing(1, most=0))
    merits = [begun.yardstick.merit(tuple(map(Fraction, item.values.values()))) for item in listed if item.accepted]
    assert merits == sorted(merits, reverse=True)
    assert all(merit > begun.yardstick.merit(begun.base.counts.values) for merit in merits)
