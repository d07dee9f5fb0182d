"""What knowing more and waiting are worth, as parts of an analysis."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from gamecore.advice import learning
from gamecore.advice.analysis import Analysis
from gamecore.pipeline import Settings, analyse, analysed, analysis_document
from gamecore.robustness.information import value_of_information
from gamecore.scenario import read_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@cache
def of(name: str) -> Analysis:
    return analyse(read_scenario((SCENARIOS / f"{name}.yaml").read_bytes()), Settings(draws=500, seed=3))


def test_knowing_everything_is_what_the_command_tells_of_it() -> None:
    scenario = read_scenario((SCENARIOS / "phase2-covid-by-state.yaml").read_bytes())
    found = of("phase2-covid-by-state").information
    assert found is not None
    (whole,) = value_of_information(scenario, draws=500, seed=3).everything
    assert tuple(found.alone.values()) == whole.sole
    assert tuple(tuple(item.gain.values()) for item in found.in_the_game) == whole.game
    assert [item.proposer for item in found.in_the_game] == ["diamond", "sapphire"]
    assert min(found.alone.values()) >= 0


def test_the_parts_of_waiting_add_up_and_are_those_of_the_worked_case() -> None:
    (way,) = of("phase2-covid").waiting
    assert (way.now, way.wait, way.same, way.years) == ("start", "wait", "full", 0.5)
    for under in way.under:
        for player, now in under.now.items():
            total = sum(part.values[player] for part in under.parts)
            assert total == pytest.approx(under.wait[player] - now, abs=1e-9)
    diamond = {part.names: round(part.values["diamond"], 1) for part in way.under[0].parts}
    assert diamond == {
        ("calendar",): -6.9,
        ("conditions",): 22.3,
        ("re-scope",): 0.0,
        ("news",): 2.7,
        ("holding",): -2.0,
    }


def test_where_nothing_is_uncertain_or_nobody_can_wait_nothing_is_told() -> None:
    certain = of("jsc-deadlock")
    assert certain.information is None
    assert of("payer").waiting == ()


def test_an_option_that_only_leaves_a_decision_for_later_is_not_waiting() -> None:
    """Launching in May opens a choice of sales force; owning a test jointly opens one of licensing it."""
    assert of("launch-timing").waiting == ()
    assert of("ip-ownership").waiting == ()


def test_large_games_are_left_to_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_ENDS", 3)
    _, case = analysed(read_scenario((SCENARIOS / "phase2-covid-by-state.yaml").read_bytes()), Settings(draws=50))
    assert learning.worth_of_knowing(case, draws=50, seed=1, sampling="sobol") is None
    assert learning.ways_of_waiting(case) == ()


def test_both_stand_in_the_document() -> None:
    data = analysis_document(of("phase2-covid"))
    assert set(data["information"]) == {"alone", "in_the_game"}
    assert data["waiting"][0]["wait"] == "wait"
