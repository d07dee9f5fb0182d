"""What knowing more and what waiting are worth, as frozen values of the analysis.

Players and options are named by their keys, values are in the scenario's unit. The commands `information` and `waiting`
tell more: topic by topic, where waiting turns, over draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["KnowingInTheGame", "WaitingPart", "WaitingUnder", "WorthOfKnowing", "WorthOfWaiting"]


@dataclass(frozen=True)
class KnowingInTheGame:
    """One protocol: what the game is worth when nobody knows more, and what it gains each player if all know all
    uncertain numbers beforehand (any sign).

    `several` is the share of draws whose first decisions have several equilibria, `undecided` that of those without a
    pure one.
    """

    protocol: str
    proposer: str | None
    expected: Mapping[str, float]
    gain: Mapping[str, float]
    several: float
    undecided: float


@dataclass(frozen=True)
class WorthOfKnowing:
    """Perfect information on all uncertain numbers: `alone` to each player as sole decider (EVPI, never negative), and
    in the game.
    """

    alone: Mapping[str, float]
    in_the_game: tuple[KnowingInTheGame, ...]


@dataclass(frozen=True)
class WaitingPart:
    """A part of the worth of waiting, or several that cannot be told apart: calendar, conditions, re-scope, news,
    holding.
    """

    names: tuple[str, ...]
    values: Mapping[str, float]


@dataclass(frozen=True)
class WaitingUnder:
    """One protocol: the values of acting now and of waiting at base values, the parts of their difference, and what
    being able to wait is worth in the game (`option`).

    `chosen` is what is decided later without news (empty where it cannot be told), `waits` whether play comes to it.
    """

    protocol: str
    proposer: str | None
    now: Mapping[str, float]
    wait: Mapping[str, float]
    parts: tuple[WaitingPart, ...]
    option: Mapping[str, float]
    chosen: str
    waits: bool


@dataclass(frozen=True)
class WorthOfWaiting:
    """One way to wait: `wait` instead of `now` in `decision`, `later` decided `years` after it; `same` is the later
    option that is the plan of now (empty where the file does not make it plain).
    """

    decision: str
    now: str
    wait: str
    later: str
    same: str
    years: float
    under: tuple[WaitingUnder, ...]
