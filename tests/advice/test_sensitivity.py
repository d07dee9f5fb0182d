"""Robustness in the analysis, tornado and map with labels: the same numbers as found elsewhere, inputs by name."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from gamecore.advice.analysis import Analysis
from gamecore.advice.assess import Case
from gamecore.advice.quantities import described, found_quantity
from gamecore.advice.robustness_facts import Robustness
from gamecore.advice.sensitivity import outcome_map_of, sensitivity_document, tornado_of
from gamecore.errors import InputError, TooLargeError
from gamecore.pipeline import Settings, analysed, analysis_document, analysis_schema
from gamecore.scenario import read_scenario
from tests.robustness.small import TALKS

ROOT = Path(__file__).resolve().parents[2]
BY_STATE = ROOT / "scenarios" / "phase2-covid-by-state.yaml"


@cache
def by_state() -> tuple[Analysis, Case]:
    return analysed(read_scenario(BY_STATE.read_bytes()), Settings(draws=2000))


@cache
def talks(text: str = TALKS) -> tuple[Analysis, Case]:
    return analysed(read_scenario(text.encode()), Settings(draws=500))


def robustness(analysis: Analysis) -> Robustness:
    assert analysis.robustness is not None
    return analysis.robustness


# ---- in the analysis -------------------------------------------------------------------------------------------------


def test_ranks_and_profiles_are_those_of_the_draws() -> None:
    analysis, case = by_state()
    found = robustness(analysis)
    assert [item.candidate for item in found.candidates] == [item.key for item in analysis.candidates]
    values = case.simulation.values[list(case.plan_draws)]
    for number, item in enumerate(found.candidates):
        for player, standing in enumerate(item.standings):
            assert sum(standing.rank_chances) == pytest.approx(1)
            first = (values[number, player] >= values[:, player].max(axis=0)).mean()
            assert standing.rank_chances[0] == pytest.approx(first)
            at = dict(zip(found.percentiles, standing.quantiles, strict=True))
            assert at[90] == pytest.approx(analysis.candidates[number].standings[player].value.p90)
            assert at[50] == pytest.approx(float(np.median(values[number, player])))


def test_the_radius_is_told_for_each_rule_of_proposing_with_what_gives_first() -> None:
    analysis, _ = by_state()
    for item in robustness(analysis).stability:
        assert item.found == "exact"
        assert item.radius == pytest.approx(4.388 / 2, abs=0.001)
        assert item.breaks is not None
        assert (item.breaks.player, item.breaks.towards, item.breaks.against) == ("sapphire", "no_agreement", "wait")
        assert item.per_player["sapphire"] == item.radius
        assert item.radius is not None
        assert (item.per_player["diamond"] or 0) > item.radius
    diamond = robustness(analysis).stability[0]
    assert diamond.per_player["diamond"] == pytest.approx(9.821 / 2, abs=0.001)


def test_the_nearest_thresholds_within_the_ranges_are_in_the_analysis() -> None:
    analysis, case = by_state()
    thresholds = robustness(analysis).thresholds or ()
    bars = {bar.quantity.key: bar for bar in tornado_of(case, analysis.recommendation.candidate).bars}
    assert {item.quantity.key for item in thresholds} == {
        key for key, bar in bars.items() for along in bar.along for change in along.changes if change.inside
    }
    for item in thresholds:
        along = next(a for a in bars[item.quantity.key].along if a.protocol == item.protocol)
        assert any(change.at == pytest.approx(item.at, rel=1e-4) for change in along.changes)
        assert item.outcome == "plan=hybrid"
        assert item.side == "below"


def test_the_document_keeps_to_its_schema() -> None:
    for analysis, _ in (by_state(), talks()):
        jsonschema.validate(json.loads(json.dumps(analysis_document(analysis))), analysis_schema())


def test_a_game_without_a_recommendation_or_ranges_has_no_radius_or_thresholds() -> None:
    certain = TALKS.replace("2 .. 4 .. 4.8", "4").replace("-1 .. 0 .. 0.5", "0")
    analysis, case = talks(certain)
    assert robustness(analysis).thresholds == ()
    assert robustness(analysis).candidates[0].standings[0].mean_rank == 1
    with pytest.raises(InputError, match="nothing in this file is uncertain"):
        tornado_of(case, None)


# ---- tornado and map -------------------------------------------------------------------------------------------------


def test_the_tornado_names_outcomes_and_what_they_are_worth() -> None:
    analysis, case = talks()
    found = tornado_of(case, "deal=large", player="b")
    assert (found.outcome, found.base, found.joint_base) == ("deal=large", {"a": 6.0, "b": 4.0}, 10.0)
    x, y = found.bars
    assert (x.quantity.label, x.quantity.unit, x.quantity.percent) == ("What the large deal brings B", "USD m", False)
    assert x.swing == pytest.approx({"a": 0, "b": 2.8})
    first = next(along for along in x.along if along.proposer == "a")
    assert (first.outcome_low, first.outcome_base, first.outcome_high) == ("deal=small", "deal=large", "deal=large")
    assert first.worth_low == pytest.approx({"a": 3, "b": 7})
    [change] = first.changes
    assert (change.before, change.after, change.inside, change.proved) == ("deal=small", "deal=large", True, True)
    assert change.values == pytest.approx({"a": 6, "b": 3}, abs=1e-4)
    [beyond] = next(along for along in y.along if along.proposer == "b").changes
    assert (beyond.inside, beyond.values) == (False, None)
    assert sensitivity_document(analysis, found)["tornado"]["bars"][0]["low"] == 2


def test_bars_are_sorted_by_the_swing_that_is_asked_for() -> None:
    analysis, case = by_state()
    chosen = analysis.recommendation.candidate
    for player in ("diamond", "sapphire"):
        swings = [bar.swing[player] for bar in tornado_of(case, chosen, player=player).bars]
        assert swings == sorted(swings, reverse=True)
    together = [bar.joint_swing for bar in tornado_of(case, chosen).bars]
    assert together == sorted(together, reverse=True)


def test_one_rule_of_proposing_can_be_asked_for() -> None:
    _, case = talks()
    assert [along.proposer for along in tornado_of(case, None, proposes="b").bars[0].along] == ["b"]
    assert [one.proposer for one in outcome_map_of(case, _all("x"), _all("y"), proposes="a").maps] == ["a"]
    with pytest.raises(InputError, match="'c' does not propose here; choose one of a, b"):
        tornado_of(case, None, proposes="c")
    with pytest.raises(InputError, match="there is no player 'c'; choose one of a, b"):
        tornado_of(case, None, player="c")


def _all(name: str) -> tuple[str, None, None]:
    return name, None, None


def test_the_map_names_outcomes_and_borders() -> None:
    _, case = talks()
    found = outcome_map_of(case, ("x", 0.0, 7.3), ("inputs.y", -1.2, 5.9), columns=10, rows=8)
    assert set(found.outcomes) == {"deal=large", "deal=small", "no_agreement"}
    one = next(item for item in found.maps if item.proposer == "a")
    assert one.outcome_base == "deal=large"
    assert sum(one.shares.values()) == pytest.approx(1)
    assert len(one.outcomes) == len(found.y.steps)
    assert {len(row) for row in one.outcomes} == {len(found.x.steps)}
    for edge in one.border:
        steps = found.y.steps if edge.upwards else found.x.steps
        place = edge.row if edge.upwards else edge.column
        assert steps[place] <= (edge.y if edge.upwards else edge.x) <= steps[place + 1]
    with pytest.raises(TooLargeError, match="200 steps"):
        outcome_map_of(case, _all("x"), _all("y"), columns=300)


def test_inputs_are_found_by_name_and_by_the_end_of_their_path() -> None:
    scenario = read_scenario((ROOT / "scenarios" / "phase2-covid.yaml").read_bytes())
    assert found_quantity(scenario, "p2").key == "inputs.p2"
    rate = found_quantity(scenario, "diamond.discount_rate")
    assert rate.key == "players.diamond.discount_rate"
    assert described(scenario, rate).label == "Diamond's discount rate"
    assert described(scenario, rate).percent
    with pytest.raises(InputError, match=r"'discount_rate' may be one of players\.diamond\.discount_rate, "):
        found_quantity(scenario, "discount_rate")
    with pytest.raises(InputError, match="'hold_diamond' is one number; say from where to where"):
        found_quantity(scenario, "hold_diamond")
    secret = found_quantity(scenario, "hold_sapphire")
    assert described(scenario, secret).confidential
