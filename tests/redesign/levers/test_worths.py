"""Values shared by the changes of a search are those that each changed file has by itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from gamecore.games.translate import compile_game
from gamecore.pipeline import Settings, analysed
from gamecore.redesign.levers.derived import every_step
from gamecore.redesign.levers.steps import changed
from gamecore.redesign.levers.worths import shared_worth, worth_for
from gamecore.scenario import read_scenario
from gamecore.valuation.payoffs import exact_worth

SCENARIOS = Path(__file__).resolve().parents[3] / "scenarios"
SAMPLED = 9  # every ninth change


@pytest.mark.parametrize("name", ["phase2-covid", "supply-price"])
def test_after_any_change_outcomes_are_worth_what_they_are_without_anything_shared(name: str) -> None:
    scenario = read_scenario((SCENARIOS / f"{name}.yaml").read_bytes())
    extended, steps = every_step(scenario, payments=False)
    known = shared_worth(extended)
    tried = 0
    for step in steps[::SAMPLED]:
        after = changed(extended, (step,))
        if after is None:
            continue
        tried += 1
        shared, alone = worth_for(after, known), exact_worth(after)
        for cases in compile_game(after).cases[:6]:
            for player in after.players:
                said: Fraction = shared.payoff(player, cases[0].assignment)
                assert said == alone.payoff(player, cases[0].assignment), (step.lever, player)
    assert tried > 2


def test_an_analysis_without_the_search_over_changes_differs_in_nothing_else() -> None:
    scenario = read_scenario((SCENARIOS / "supply-price.yaml").read_bytes())
    settings = Settings(draws=50)
    whole, _ = analysed(scenario, settings)
    without, _ = analysed(scenario, settings, levers=False)
    assert whole.levers is not None
    assert without.levers is None
    assert whole.recommendation == without.recommendation
    assert whole.candidates == without.candidates
    assert whole.payments == without.payments
