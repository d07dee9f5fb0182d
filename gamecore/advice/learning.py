"""What knowing more and what waiting are worth, as parts of an analysis.

Only what is cheap beside the draws themselves: perfect information on all uncertain numbers at once, and the parts of
the worth of waiting at base values. In large games they are left to the commands `information` and `waiting`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

from gamecore.advice.assess import Case
from gamecore.advice.learning_facts import (
    KnowingInTheGame,
    WaitingPart,
    WaitingUnder,
    WorthOfKnowing,
    WorthOfWaiting,
)
from gamecore.errors import GamecoreError
from gamecore.robustness.information import worth_of_everything
from gamecore.robustness.postponing import postponements
from gamecore.robustness.waiting import Waiting, worth_of_waiting
from gamecore.valuation.inputs import quantities

__all__ = ["worth_of_knowing", "ways_of_waiting"]

MOST_ENDS: Final = 100  # of a game that is looked at along with everything else


def worth_of_knowing(case: Case, *, draws: int, seed: int, sampling: str) -> WorthOfKnowing | None:
    """What it is worth to know all uncertain numbers beforehand, over the draws of the analysis.

    None where nothing is uncertain, the game is too large to look at here, or the question has no answer (the command
    `information` tells why).
    """
    scenario = case.game.scenario
    if case.game.tree.ends > MOST_ENDS or not quantities(scenario):
        return None
    try:
        found = worth_of_everything(scenario, draws=draws, seed=seed, sampling=sampling)
    except GamecoreError:
        return None
    (whole,) = found.everything
    proposers = _proposers(case)
    return WorthOfKnowing(
        alone=_by_player(case, whole.sole),
        in_the_game=tuple(
            KnowingInTheGame(
                protocol=name,
                proposer=proposers[name],
                expected=_by_player(case, found.expected[place]),
                gain=_by_player(case, whole.game[place]),
                several=whole.several[place],
                undecided=whole.undecided[place],
            )
            for place, name in enumerate(found.protocols)
        ),
    )


def ways_of_waiting(case: Case) -> tuple[WorthOfWaiting, ...]:
    """What each way to wait is worth at base values; empty where nobody plainly can wait, or the game is too large.

    Only where what could be done now can still be done later: not every option that leaves a decision for later waits.
    """
    scenario = case.game.scenario
    if case.game.tree.ends > MOST_ENDS:
        return ()
    try:
        ways = [way for way in postponements(scenario) if way.same]
        return tuple(_told(case, worth_of_waiting(scenario, way, draws=0)) for way in ways)
    except GamecoreError:
        return ()


def _told(case: Case, found: Waiting) -> WorthOfWaiting:
    way, proposers = found.way, _proposers(case)
    return WorthOfWaiting(
        decision=way.decision,
        now=way.now,
        wait=way.wait,
        later=way.later,
        same=way.same,
        years=float(way.years),
        under=tuple(
            WaitingUnder(
                protocol=item.protocol,
                proposer=proposers[item.protocol],
                now=_by_player(case, item.now),
                wait=_by_player(case, item.wait),
                parts=tuple(WaitingPart(part.names, _by_player(case, part.values)) for part in item.parts),
                option=_by_player(case, item.option),
                chosen=item.chosen,
                waits=item.waits,
            )
            for item in found.protocols
        ),
    )


def _proposers(case: Case) -> dict[str, str | None]:
    return {item.talks.name: item.talks.proposer for item in case.solved}


def _by_player(case: Case, values: Iterable[float | Fraction]) -> Mapping[str, float]:
    return {name: float(value) for name, value in zip(case.game.players, values, strict=True)}
