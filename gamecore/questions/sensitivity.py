"""The tornado and the map of outcomes of a scenario, with the analysis that they are told by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gamecore.advice.analysis import Analysis
    from gamecore.advice.robustness_facts import OutcomeMap, Tornado
    from gamecore.model import Scenario
    from gamecore.pipeline import Progress, Settings
    from gamecore.questions.writing import Named

__all__ = ["TOGETHER", "map_found", "tornado_found"]

TOGETHER: Final = "together"


def tornado_found(
    scenario: Scenario,
    settings: Settings,
    *,
    player: str | None = None,
    proposes: str | None = None,
    progress: Progress | None = None,
) -> tuple[Analysis, Tornado]:
    """Look along every range.

    `player` says whose value the bars show: without one that of the player advised, `together` for the sum. Raises as
    `tornado_of` does.
    """
    from gamecore.advice.sensitivity import tornado_of
    from gamecore.pipeline import analysed

    analysis, case = analysed(scenario, settings, progress=progress)
    chosen = player or (scenario.advise if scenario.advise in case.game.players else TOGETHER)
    whose = None if chosen == TOGETHER else chosen
    return analysis, tornado_of(case, analysis.recommendation.candidate, player=whose, proposes=proposes)


def map_found(
    scenario: Scenario,
    settings: Settings,
    x: Named,
    y: Named,
    *,
    steps: int,
    proposes: str | None = None,
    progress: Progress | None = None,
) -> tuple[Analysis, OutcomeMap]:
    """Play at every point of a grid over two inputs, `steps` across.

    An input that is named with the ends of its axis may be one plain number. Raises as `outcome_map_of` does.
    """
    from gamecore.advice.quantities import varied
    from gamecore.advice.sensitivity import outcome_map_of
    from gamecore.pipeline import analysed

    named = varied(scenario, (name for name, low, _ in (x, y) if low is not None))
    analysis, case = analysed(named, settings, progress=progress)
    rows = max(2, round(steps * 3 / 4))
    return analysis, outcome_map_of(case, x, y, proposes=proposes, columns=steps, rows=rows)
