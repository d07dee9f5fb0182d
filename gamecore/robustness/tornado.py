"""What moves the value of a plan, and where the outcome changes: one uncertain number at a time, the others at base.

A bar goes from the number's P10 to its P90. Along it stand what the plan is worth to each player, what play is then
worth, and every place where another outcome comes about. The search goes on beyond the bar, to `REACH` times the
distance from the base value to P10 and to P90, so that a threshold just outside the range is told as such. It stays
within what the file allows (`at_least`, `at_most`), goes not below 0 where the whole range is above 0, and not beyond
100% where the range is written in percent.

Numbers that move together in the draws (`moves_with`) are moved one at a time here.

Source: the bar chart of one-way sensitivities is Howard's tornado diagram (Howard 1988, Decision Analysis: Practice
and Promise).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.following import Forced
from gamecore.errors import InputError, TooLargeError
from gamecore.games.translate import Game, Talks
from gamecore.model import Range, Shape, Uncertain
from gamecore.robustness.outcomes import Change, Line, changes_along, outcomes_at
from gamecore.robustness.points import PricedAt
from gamecore.valuation.inputs import Quantity, quantile, quantities

__all__ = ["Along", "Bar", "p10_p90", "reach", "tornado"]

Floats = npt.NDArray[np.float64]

STEPS: Final = 64  # of the grid within a range, and as many beyond it on each side
FEW_STEPS: Final = 24  # of the grid within a range where nothing beyond is searched
REACH: Final = 3.0  # how far beyond the base value is searched, in distances to P10 and P90
MOST_QUANTITIES: Final = 200


@dataclass(frozen=True)
class Along:
    """One protocol along a bar: outcomes at its ends and at base, what play is worth at the ends (end, player), and
    every change found from `searched` low to high.
    """

    talks: Talks
    outcomes: tuple[int, int]
    at_base: int
    worth: Floats
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Bar:
    """One uncertain number from `low` (P10) over `base` to `high` (P90).

    `values` (plan, end, player) at low and high, `least` and `most` (plan, player) between them, `joint` (plan,) how
    far the players' sum moves. `searched` is how far changes were looked for.
    """

    quantity: Quantity
    low: float
    base: float
    high: float
    values: Floats
    least: Floats
    most: Floats
    joint: Floats
    searched: tuple[float, float]
    along: tuple[Along, ...]
    curve: tuple[Floats, Floats]  # points (point,) and values (plan, player, point) between low and high

    @property
    def swing(self) -> Floats:
        """How far the value of each plan moves, (plan, player)."""
        return self.most - self.least


def p10_p90(distribution: Range | Uncertain) -> tuple[float, float]:
    """The ends of a bar: P10 and P90; of a list of values, the smallest and the largest."""
    if isinstance(distribution, Uncertain) and distribution.shape is Shape.DISCRETE:
        values = [float(point) for point in distribution.points]
        return min(values), max(values)
    low, high = quantile(distribution, np.array([0.1, 0.9]))
    return float(low), float(high)


def reach(distribution: Range | Uncertain, times: float = REACH) -> tuple[float, float]:
    """How far a number is followed: `times` the distance from base to P10 and to P90, within what makes sense."""
    low, high = p10_p90(distribution)
    base = float(distribution.base)
    below, above = min(low, base - times * (base - low)), max(high, base + times * (high - base))
    if low >= 0:
        below = max(below, 0.0)
    if "%" in distribution.text and high <= 1:
        above = min(above, 1.0)
    if isinstance(distribution, Uncertain):
        if distribution.shape in {Shape.TRIANGULAR, Shape.PERT, Shape.UNIFORM}:
            below, above = float(distribution.points[0]), float(distribution.points[-1])
        if distribution.shape is Shape.LOGNORMAL:  # never comes to 0
            below = max(below, low / 10)
        below = below if distribution.at_least is None else max(below, float(distribution.at_least))
        above = above if distribution.at_most is None else min(above, float(distribution.at_most))
    return min(below, low, base), max(above, high, base)


def tornado(game: Game, talks: Sequence[Talks], plans: Sequence[Forced], *, beyond: bool = True) -> tuple[Bar, ...]:
    """A bar for every uncertain number of the scenario, in the order of the file.

    Without `beyond` only the ranges themselves are searched, in fewer steps, and changes are not proved.

    Raises `TooLargeError` above `MOST_QUANTITIES` numbers, `InputError` where a payoff has no value within a range.
    """
    found = quantities(game.scenario)
    if len(found) > MOST_QUANTITIES:
        raise TooLargeError(
            f"{len(found)} uncertain numbers are more than a tornado has bars ({MOST_QUANTITIES}); "
            "name fewer of them with ranges",
            limit="uncertain numbers",
            count=len(found),
            allowed=MOST_QUANTITIES,
        )
    if not found:
        return ()
    steps, times = (STEPS, REACH) if beyond else (FEW_STEPS, 1.0)
    lines = [_line(quantity, times, steps) for quantity in found]
    try:
        priced, changes = changes_along(game, talks, plans, lines, prove=beyond)
    except InputError:  # far out a payoff may have no value: then only the ranges themselves are searched
        lines = [_line(quantity, 1.0, steps) for quantity in found]
        priced, changes = changes_along(game, talks, plans, lines, prove=beyond)
    starts = np.cumsum([0, *(len(line.values) for line in lines)])
    return tuple(
        _bar(line, priced, slice(int(start), int(start) + len(line.values)), tuple(found_here), talks)
        for line, start, found_here in zip(lines, starts, changes, strict=False)
    )


def _line(quantity: Quantity, times: float, steps: int) -> Line:
    distribution = quantity.distribution
    if isinstance(distribution, Uncertain) and distribution.shape is Shape.DISCRETE:
        return Line(quantity, np.unique([float(point) for point in distribution.points]), whole=True)
    low, high = p10_p90(distribution)
    base = float(distribution.base)
    first, last = reach(distribution, times)
    values = [
        np.linspace(first, low, steps + 1),
        np.linspace(low, high, steps + 1),
        np.linspace(high, last, steps + 1),
        np.array([base]),
    ]
    return Line(quantity, np.unique(np.concatenate(values)))


def _bar(
    line: Line, priced: PricedAt, part: slice, changes: tuple[tuple[Change, ...], ...], talks: Sequence[Talks]
) -> Bar:
    low, high = p10_p90(line.quantity.distribution)
    base = float(line.quantity.distribution.base)
    values = priced.values[:, :, part]  # (plan, player, point)
    ends = [int(np.abs(line.values - end).argmin()) for end in (low, base, high)]
    between = slice(ends[0], ends[2] + 1)
    within = values[:, :, between]
    along = []
    for protocol, played, found in zip(talks, priced.played, changes, strict=True):
        codes = outcomes_at(played)[part]
        along.append(
            Along(
                protocol,
                (int(codes[ends[0]]), int(codes[ends[2]])),
                int(codes[ends[1]]),
                played.worth[:, part][:, [ends[0], ends[2]]].T,
                found,
            )
        )
    return Bar(
        quantity=line.quantity,
        low=low,
        base=base,
        high=high,
        values=np.moveaxis(values[:, :, [ends[0], ends[2]]], 2, 1),
        least=within.min(axis=2),
        most=within.max(axis=2),
        joint=np.ptp(within.sum(axis=1), axis=1),
        searched=(float(line.values[0]), float(line.values[-1])),
        along=tuple(along),
        curve=(line.values[between], within),
    )
