"""The tables that payoffs are averaged over: those of several games are computed once, and are the same."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from gamecore.games.translate import drawn_numbers
from gamecore.model import Scenario
from gamecore.robustness import averages
from gamecore.robustness.averages import Tables
from gamecore.robustness.points import worth_at
from gamecore.scenario import read_scenario
from gamecore.valuation.inputs import draw

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
DRAWS = 7

# Players who differ in what they believe, with chances that are uncertain themselves.
BELIEFS = """
gamecore: 1
title: T
question: Q
advise: a
players: {a: {name: A}, b: {name: B}}
decisions:
  deal: {by: [a, b], options: {large: Large, small: Small}, no_agreement: None}
  then: {by: b, when: {deal: large}, options: {go: Go, stop: Stop}}
events: {market: {chances: {good: 30%, bad: rest}, beliefs: {b: {good: q, bad: rest}}}}
baseline: {deal: small}
timing: {deal: 0, market: 6 months, then: 1 year}
inputs: {x: 2 .. 4 .. 4.8, q: 40% .. 50% .. 60%}
payoffs:
  worth:
    rows:
      - {when: {then: go, market: good}, a: 6, b: x}
      - {when: {then: go, market: bad}, a: 1, b: 1 - x}
      - {when: {then: stop}, a: 2, b: 2}
      - {when: {deal: small}, a: 3, b: 7}
      - {when: {deal: no_agreement}, a: 2, b: 3}
"""


def scenario_of(name: str) -> Scenario:
    return read_scenario(BELIEFS if name == "beliefs" else (SCENARIOS / f"{name}.yaml").read_bytes())


@pytest.mark.parametrize("name", ["beliefs", "licence-term-sheet", "phase2-covid", "jsc-deadlock"])
def test_the_payoffs_of_all_games_are_computed_once_and_are_those_of_each(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    scenario = scenario_of(name)
    points = draw(scenario, draws=DRAWS, seed=3)
    tables = Tables(scenario)
    counted = Mock(wraps=drawn_numbers)
    monkeypatch.setattr(averages, "drawn_numbers", counted)
    found = tables.payoffs(worth_at(scenario, points), DRAWS)
    assert counted.call_count == 1
    assert len(found) == len(tables.tables) == 1 + len(scenario.players)
    for table, payoffs in zip(tables.tables, found, strict=True):
        alone = drawn_numbers(table.game, draws=DRAWS, seed=0, worth=worth_at(scenario, points))
        assert np.array_equal(payoffs, alone.payoffs)
