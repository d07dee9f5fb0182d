"""The answer to a conflict without an order of moves, as frozen values.

States are numbered as in the file's option form; players and decisions are named by their keys, for people by labels.
Ranks count from 1, the best; `None` where a comparison is not known. Concepts are those of
`gamecore.compromises.stability`: nash, gmr, smr, seq, sseq, sim. Nothing in here is a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gamecore.advice.analysis import ScenarioFacts

__all__ = [
    "Answered",
    "ConflictAnalysis",
    "ConflictOption",
    "ConflictReason",
    "ConflictRecommendation",
    "DecisionFacts",
    "LeastChange",
    "Movement",
    "RankChange",
    "StateFacts",
    "StateReason",
    "Strength",
    "Undoing",
    "Way",
    "Why",
]


class Strength(StrEnum):
    """What holds a state, the strongest first; each holds where the one before does."""

    COALITION = "coalition_nash"
    """Nobody gains by moving, alone or with others."""
    NASH = "nash"
    """Nobody gains by moving alone."""
    SEQ = "seq"
    """Whoever would gain at first loses it by answers in the others' own interest."""
    SMR = "smr"
    """... by answers that the others could give, and that could not be escaped."""
    GMR = "gmr"
    """... by answers that the others could give."""
    NONE = "none"
    """Somebody gains by moving, whatever the others do."""


@dataclass(frozen=True)
class Movement:
    """One step: `player` moves the conflict to `state`."""

    player: str
    state: int


@dataclass(frozen=True)
class Answered:
    """A state that tempts a player, and the shortest answer of the others that holds it back; no steps if none does."""

    state: int
    answer: tuple[Movement, ...]


@dataclass(frozen=True)
class StateReason:
    """What holds one player in a state: content, interest, trap, threat or nothing, and what tempts it."""

    player: str
    holds: str
    temptations: tuple[Answered, ...]


@dataclass(frozen=True)
class StateFacts:
    """One state: one option for every decision that is open.

    `stable` names per concept the players for whom the state is stable, `equilibrium` the concepts under which it is
    for all, `coalition` those under which it is for every group. `reasons` are told for today, the options
    of the page and equilibria, up to 200 states.
    """

    number: int
    key: str
    label: str
    options: Mapping[str, str]
    ranks: Mapping[str, int | None]
    tied: Mapping[str, bool]
    moves: Mapping[str, tuple[int, ...]]
    stable: Mapping[str, tuple[str, ...]]
    equilibrium: tuple[str, ...]
    coalition: tuple[str, ...]
    strength: Strength
    reasons: tuple[StateReason, ...]
    confidential: bool


@dataclass(frozen=True)
class DecisionFacts:
    """One decision; `final` are the options that cannot be taken back, `off` those not on the table."""

    key: str
    label: str
    by: str
    options: Mapping[str, str]  # name -> label
    final: tuple[str, ...]
    off: tuple[str, ...]
    confidential: tuple[str, ...]  # options
    pros: Mapping[str, tuple[str, ...]]  # by option, what the file says
    cons: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Way:
    """A shortest way from where the conflict stands to a state: by any moves, and by improvements alone (None: none).

    `start` is today, or the state the owner of an option that is no longer there takes up first.
    """

    state: int
    start: int
    by_moves: tuple[Movement, ...] | None
    by_improvements: tuple[Movement, ...] | None

    @property
    def path(self) -> tuple[Movement, ...]:
        """The way that is told: of improvements where there is one."""
        return self.by_improvements if self.by_improvements is not None else self.by_moves or ()


@dataclass(frozen=True)
class RankChange:
    """One player's part of a change of preference: pairs (a, b), a was preferred to b before; `untied`: is now."""

    player: str
    swapped: tuple[tuple[int, int], ...]
    tied: tuple[tuple[int, int], ...]
    untied: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class LeastChange:
    """A least change of preference after which `state` is stable for all (Nash), put to the forward solver.

    `distance`: pairs swapped, half for a tie. `recommended` is what would be recommended then (None: nothing).
    """

    state: int
    distance: float
    parts: tuple[RankChange, ...]
    recommended: int | None


@dataclass(frozen=True)
class Undoing:
    """The least move of one state in the ranking of `player` after which it would leave for `state`."""

    player: str
    state: int
    distance: float


class Why(StrEnum):
    """Kinds of reasons for the recommendation."""

    HOLDS = "holds"  # strength
    BEST = "best"  # player, rank: best among what holds as well
    FAIREST = "fairest"  # rank: the worst-off player's rank is the best there is
    NOT_WORST = "not_worst"  # player: not its last place
    WORST_FOR = "worst_for"  # player: its last place all the same
    TODAY_HOLDS = "today_holds"  # strength
    TODAY_FEAR = "today_fear"  # players whom only answers of others hold
    TODAY_LEFT = "today_left"  # players who gain by leaving today
    TODAY_GONE = "today_gone"  # an option of today is no longer on the table
    TOGETHER = "together"  # players who make the steps and all prefer their end to today
    STEP_AGAINST_INTEREST = "step_against_interest"  # players who make a step they do not gain by
    CANNOT_BE_UNDONE = "cannot_be_undone"  # options on the way that are for good
    NOTHING_BETTER = "nothing_better"  # no state that holds and can be reached is as good as today
    ONLY_ONE = "only_one"  # no alternative that holds and can be reached


@dataclass(frozen=True)
class ConflictReason:
    """A reason: its kind and what it refers to."""

    kind: Why
    players: tuple[str, ...] = ()
    state: int | None = None
    rank: int | None = None
    strength: Strength | None = None
    options: tuple[str, ...] = ()  # decision=option


@dataclass(frozen=True)
class ConflictOption:
    """One of the at most three options of the page; `role` is today, recommended, alternative."""

    letter: str
    state: int
    roles: tuple[str, ...]


@dataclass(frozen=True)
class ConflictRecommendation:
    """The state that is recommended (None: none), and why."""

    state: int | None
    reasons: tuple[ConflictReason, ...]


@dataclass(frozen=True)
class ConflictAnalysis:
    """Everything the analysis of one conflict found.

    `equilibria` and `coalition_equilibria` list state numbers per concept. `changes_status` is complete, partial (only
    the closest changes are listed) or refused (too many states, or rankings with unknown comparisons).
    """

    scenario: ScenarioFacts
    version: str
    decisions: tuple[DecisionFacts, ...]
    states: tuple[StateFacts, ...]
    today: int | None
    starts: tuple[int, ...]
    equilibria: Mapping[str, tuple[int, ...]]
    coalition_equilibria: Mapping[str, tuple[int, ...]]
    ways: tuple[Way, ...]
    options: tuple[ConflictOption, ...]
    recommendation: ConflictRecommendation
    changes: tuple[LeastChange, ...]
    changes_status: str
    undoing: tuple[Undoing, ...]
    rankings_released: bool  # whether a shared copy may show what follows from the rankings
    unknown_comparisons: bool
    notes: tuple[str, ...] = ()

    def state(self, number: int) -> StateFacts:
        """A state by its number."""
        return self.states[number]

    def document(self) -> dict[str, Any]:
        """The document of `analyse --json` for a conflict: plain data; the same file gives the same bytes."""
        from gamecore.advice.document import plain

        data: dict[str, Any] = plain(self)
        return {"kind": "conflict", **data}
