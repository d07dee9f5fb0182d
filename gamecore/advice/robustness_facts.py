"""What if the numbers are wrong, as frozen values: parts of the analysis, the tornado and the map of outcomes.

Players and candidates are named by their keys; an *outcome* is a candidate's key, `no_agreement`, `other` (something
that is no candidate) or `undecided` (no equilibrium in pure choices). Values are in the scenario's unit. A `Quantity`
is one uncertain number of the file, named by its path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = [
    "Axis",
    "MapEdge",
    "MapOfOutcomes",
    "OutcomeMap",
    "Quantity",
    "RobustCandidate",
    "RobustStanding",
    "Robustness",
    "Stability",
    "StabilityBreak",
    "Threshold",
    "Tornado",
    "TornadoAlong",
    "TornadoBar",
    "TornadoChange",
]


@dataclass(frozen=True)
class Quantity:
    """An uncertain number: its path, its name for people, its unit; `percent` if the file writes it in percent."""

    key: str
    label: str
    unit: str | None
    percent: bool
    confidential: bool


@dataclass(frozen=True)
class RobustStanding:
    """One candidate and player over the draws.

    `rank_chances[k]` is the chance of rank k + 1 among all candidates (equal values share the better rank); regret is
    the best candidate's value in the same draw minus this one's; `quantiles` are the value's risk profile at
    `Robustness.percentiles`, `loss_chance` the chance that it is below zero.
    """

    player: str
    rank_chances: tuple[float, ...]
    mean_rank: float
    expected_regret: float
    regret_p90: float
    quantiles: tuple[float, ...]
    loss_chance: float


@dataclass(frozen=True)
class RobustCandidate:
    candidate: str
    standings: tuple[RobustStanding, ...]  # in the order of the players


@dataclass(frozen=True)
class StabilityBreak:
    """What gives first when payoffs move: `player` comes to prefer the choice `towards` to `against` in `decision`."""

    player: str
    decision: str
    towards: str
    towards_label: str
    against: str
    against_label: str


@dataclass(frozen=True)
class Stability:
    """How far payoffs may move before a candidate is no longer the outcome under a protocol.

    `found` is `exact` (then `radius` and `radius_exact`, a fraction), `unbounded` or `not_computed` (then `reason`).
    `per_player` gives the radius if only that player's payoffs move, None where no such change breaks it.
    """

    protocol: str
    proposer: str | None
    found: str
    radius: float | None
    radius_exact: str | None
    breaks: StabilityBreak | None
    per_player: Mapping[str, float | None]
    reason: str | None


@dataclass(frozen=True)
class Threshold:
    """Where within its range (`low` to `high`, P10 to P90) one uncertain number changes the outcome, the others at base
    values.

    The nearest one on each side of the base value: `side` is `below` or `above`, `outcome` what comes about there.
    """

    quantity: Quantity
    protocol: str
    proposer: str | None
    side: str
    at: float
    outcome: str
    low: float
    base: float
    high: float


@dataclass(frozen=True)
class Robustness:
    """How sure the answer is: over the draws, along the ranges, and in the payoffs themselves.

    `stability` speaks of the recommended candidate and is empty if there is none. `thresholds` is None where the game
    is too large to look for them along with everything else.
    """

    percentiles: tuple[int, ...]
    candidates: tuple[RobustCandidate, ...]
    stability: tuple[Stability, ...]
    thresholds: tuple[Threshold, ...] | None


# ---- the tornado -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TornadoChange:
    """Where the outcome changes from `before` to `after` as the number rises.

    It does between `below` and `above`, told as `at`: `inside` its range (P10 to P90) or beyond. `proved`: solved in
    rationals on both sides (only the nearest to the base value are). `values` are the plan's worth to each player
    there, None beyond the range.
    """

    at: float
    below: float
    above: float
    before: str
    after: str
    inside: bool
    proved: bool
    values: Mapping[str, float] | None


@dataclass(frozen=True)
class TornadoAlong:
    """One protocol along a bar: outcomes at P10, base and P90, what play is then worth to each player, the changes."""

    protocol: str
    proposer: str | None
    outcome_low: str
    outcome_base: str
    outcome_high: str
    worth_low: Mapping[str, float]
    worth_high: Mapping[str, float]
    changes: tuple[TornadoChange, ...]


@dataclass(frozen=True)
class TornadoBar:
    """One uncertain number from `low` (P10) to `high` (P90): the plan's value at both ends, and how far it moves."""

    quantity: Quantity
    low: float
    base: float
    high: float
    value_low: Mapping[str, float]
    value_high: Mapping[str, float]
    swing: Mapping[str, float]
    joint_low: float
    joint_high: float
    joint_swing: float
    searched_from: float
    searched_to: float
    along: tuple[TornadoAlong, ...]


@dataclass(frozen=True)
class Tornado:
    """What moves the value of a plan (`outcome`), number by number, and where the outcome changes.

    `bars` are sorted by the swing for `player` (None: for all together), largest first.
    """

    outcome: str
    player: str | None
    base: Mapping[str, float]
    joint_base: float
    bars: tuple[TornadoBar, ...]


# ---- the map ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Axis:
    """A number on one side of the map: shown from `first` to `last`, at the values `steps`."""

    quantity: Quantity
    low: float
    base: float
    high: float
    steps: tuple[float, ...]

    @property
    def first(self) -> float:
        return self.steps[0]

    @property
    def last(self) -> float:
        return self.steps[-1]


@dataclass(frozen=True)
class MapEdge:
    """A place on the border: between the grid point (row, column) and the next to the right or above, at (x, y)."""

    row: int
    column: int
    upwards: bool
    x: float
    y: float


@dataclass(frozen=True)
class MapOfOutcomes:
    """One protocol: `outcomes[row][column]` is a place in `OutcomeMap.outcomes`; rows go with y, columns with x."""

    protocol: str
    proposer: str | None
    outcome_base: str
    outcomes: tuple[tuple[int, ...], ...]
    border: tuple[MapEdge, ...]
    shares: Mapping[str, float]  # of the grid points, per outcome


@dataclass(frozen=True)
class OutcomeMap:
    """The outcome for every pair of values of two uncertain numbers, the others at base values."""

    x: Axis
    y: Axis
    outcomes: tuple[str, ...]
    maps: tuple[MapOfOutcomes, ...]
