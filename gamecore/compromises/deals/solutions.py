"""The bargaining solutions of a space of deals: Nash, Kalai-Smorodinsky, egalitarian, utilitarian, all ties named.

With the no-agreement values as disagreement point every solution lies on the Pareto frontier (`compromises.bargaining`
has the definitions), so only the frontier is looked at. Of a long frontier the points that can win are found in floats
with a margin far above their rounding; among these, and the best points of each party, the exact rules decide.

>>> from gamecore.compromises.deals.frontier import deal_frontier
>>> from gamecore.compromises.deals.space import DealSpace
>>> space = DealSpace.from_points(
...     ("buyer", "seller"),
...     {"price": {"low": (4, 1), "high": (1, 4)}, "delivery": {"soon": (3, 0), "late": (0, 1)}},
... )
>>> answer = solutions(deal_frontier(space))
>>> [deal.options for deal in answer[Rule.NASH].deals], answer[Rule.NASH].points[0]
([('high', 'soon')], (Fraction(4, 1), Fraction(4, 1)))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.compromises.bargaining import (
    Bargain,
    Case,
    Rule,
    egalitarian,
    ideal_point,
    kalai_smorodinsky,
    nash,
    utilitarian,
)
from gamecore.compromises.deals.frontier import MOST_NAMED, DealFrontier
from gamecore.compromises.deals.space import Deal, Point

__all__ = ["Case", "Rule", "Solution", "ideal_of", "pick", "solutions"]

MARGIN: Final = 1e-9
"""Of the best score: rounding is a few parts in 1e16, so whatever can win or tie is within."""

ALL_AT_ONCE: Final = 64
"""Points of a frontier that the exact rules look at without ado."""

RULES: Final = (
    (Rule.NASH, nash),
    (Rule.KALAI_SMORODINSKY, kalai_smorodinsky),
    (Rule.EGALITARIAN, egalitarian),
    (Rule.UTILITARIAN, utilitarian),
)


@dataclass(frozen=True)
class Solution:
    """One rule's answer: the tied `points` (one value a party) and all `deals` behind them, up to `MOST_NAMED` a point.

    `case`, `left_out` and `notes` are those of `compromises.bargaining.Bargain`. `gains` are over `disagreement`.
    """

    rule: Rule
    case: Case
    points: tuple[Point, ...]
    deals: tuple[Deal, ...]
    disagreement: Point
    left_out: tuple[int, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def gains(self) -> tuple[Point, ...]:
        return tuple(tuple(a - b for a, b in zip(point, self.disagreement, strict=True)) for point in self.points)


def solutions(
    frontier: DealFrontier, disagreement: Sequence[Fraction] | None = None, *, most: int = MOST_NAMED
) -> dict[Rule, Solution]:
    """Every rule's answer against `disagreement` (one exact value a party; the no-agreement values if not given).

    At most `most` deals of each tied point are named.
    """
    point = tuple(frontier.tables.space.no_agreement if disagreement is None else disagreement)
    found = {}
    for rule, places, bargain in pick(frontier, point):
        deals = tuple(deal for place in places for deal in frontier.deals(place, most))
        points = tuple(frontier.tables.exact(frontier.whole[place].tolist()) for place in places)
        found[rule] = Solution(rule, bargain.case, points, deals, point, bargain.left_out, bargain.notes)
    return found


def pick(frontier: DealFrontier, point: Point) -> list[tuple[Rule, tuple[int, ...], Bargain]]:
    """For each rule the frontier's points that it points at, and its full answer over the points that could win."""
    contenders = _contenders(frontier, point)
    table = np.array([frontier.tables.exact(frontier.whole[k].tolist()) for k in contenders], dtype=object)
    table = table.reshape(len(contenders), len(point))
    found = []
    for rule, solve in RULES:
        bargain = solve(table, point)
        found.append((rule, tuple(contenders[option] for option in bargain.options), bargain))
    return found


def ideal_of(frontier: DealFrontier, point: Point) -> Point:
    """The most each party can have from a deal that is acceptable to all; the point itself if there is none."""
    contenders = _contenders(frontier, point)
    table = [frontier.tables.exact(frontier.whole[k].tolist()) for k in contenders]
    return ideal_point(table, point) if table else point


def _contenders(frontier: DealFrontier, point: Point) -> list[int]:
    """The points that some rule could pick, those with the acceptable ideals and the largest sum, ascending."""
    if frontier.size <= ALL_AT_ONCE:
        return list(range(frontier.size))
    whole, common = frontier.whole, frontier.tables.denominators
    least = frontier.tables.whole(point)
    gains, acceptable = _gains(whole, least)
    share = gains / np.array([float(one) for one in common])
    places = np.flatnonzero(acceptable)
    total = share.sum(axis=1)
    wanted = set(_near_best(total, np.arange(len(total))))
    if len(places):
        wanted.update(_near_best(total, places))
        most = gains[places].max(axis=0)
        wanted.update(int(places[gains[places, i].argmax()]) for i in range(len(most)))
        wanted.update(k for i in range(len(most)) for k in _near_best(gains[:, i], places))
        wanted.update(_near_best(share.min(axis=1), places))
        sides = most > 0
        if sides.any():
            wanted.update(_near_best((gains[:, sides] / most[sides]).min(axis=1), places))
        product = np.prod(gains / np.where(most > 0, most, 1.0), axis=1)
        wanted.update(_near_best(product, places) if product[places].max() > 0 else places.tolist())
    return sorted(wanted)


def _gains(whole: npt.NDArray[Any], least: Sequence[Fraction]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """The gains in floats, from exact differences, and which points are acceptable to all, exactly."""
    acceptable = np.ones(len(whole), dtype=bool)
    gains = np.empty(whole.shape, dtype=np.float64)
    for i, floor in enumerate(least):
        column = whole[:, i].astype(object)
        exact = column * floor.denominator - floor.numerator
        acceptable &= (exact >= 0).astype(bool)
        gains[:, i] = [float(Fraction(value, floor.denominator)) for value in exact.tolist()]
    return gains, acceptable


def _near_best(scores: npt.NDArray[np.float64], places: npt.NDArray[np.int64]) -> list[int]:
    among = scores[places]
    best = among.max()
    size = max(abs(best), float(np.abs(among).max()) * 1e-3)
    return [int(k) for k in places[among >= best - MARGIN * size]]
