"""What can be had with lotteries: the convex hull of finitely many options, and exact linear programs over it.

A lottery draws option `k` with chance `l_k >= 0`, `sum l = 1`, and is worth `sum_k l_k u_k` to the players, who count
expected values. Whatever is asked here is monotone (nobody minds if somebody has more), so options that another one
dominates are left out at once, and for two players all that are not corners of the upper right edge. Against a
disagreement point `d`, with gains `g = u - d`, all programs have the form

    maximise  c g + e t   subject to   g_i - s_i t >= f_i  for the players with a floor,   l a lottery

and are solved exactly, over a few columns at first; an option joins if the prices say that it helps. Prices `y >= 0` of
the floors prove the optimum: `sum_i (c_i + y_i) g_ki <= z` for every option `k`, and `value = z - sum_i y_i f_i`.

>>> edge = hull_of([(0, 4), (1, 1), (3, 3), (2, 3), (4, 0)])
>>> edge.options
((0,), (2,), (4,))
>>> Gains(edge, (0, 1)).best_for(0).value
Fraction(11, 3)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.compromises.frontier import pareto_frontier
from gamecore.compromises.table import Exact, exact_point, exact_table, value_table
from gamecore.equilibria.exact_program import Outcome, Program
from gamecore.errors import InputError, TooLargeError

__all__ = ["Gains", "Hull", "ProgramResult", "edge_of_two", "hull_of"]

ALL_COLUMNS = 40
"""With at most so many options a program takes all of them from the start."""

PIVOTS = 50_000
"""Pivots of one program at most; with a handful of rows it needs a few dozen."""

Number = Fraction | int
Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class Hull:
    """The distinct values worth keeping, `rows`, and per row the named `options` that are worth exactly that."""

    rows: tuple[Point, ...]
    options: tuple[tuple[int, ...], ...]
    players: int


def hull_of(values: Any) -> Hull:
    """Reads values with axes (option, player). Raises `InputError` if they do not fit or there are none."""
    table = value_table(values)
    if not len(table):
        raise InputError("there are no options: a lottery needs at least one to draw")
    undominated = pareto_frontier(table)
    exact: Exact = exact_table(table[list(undominated)])
    alike: dict[Point, list[int]] = {}
    for option, row in zip(undominated, exact.tolist(), strict=True):
        alike.setdefault(tuple(row), []).append(option)
    rows = edge_of_two(alike) if table.shape[1] == 2 else sorted(alike)
    return Hull(tuple(rows), tuple(tuple(alike[row]) for row in rows), table.shape[1])


def edge_of_two(rows: Iterable[Point]) -> list[Point]:
    """The corners of the upper right edge of undominated rows of two players, by the first player's value."""
    corners: list[Point] = []
    for row in sorted(rows):
        while len(corners) > 1 and _turn(corners[-2], corners[-1], row) >= 0:
            corners.pop()
        corners.append(row)
    return corners


def _turn(start: Point, middle: Point, end: Point) -> Fraction:
    """Above 0 if the way from start over middle to end turns left, 0 if it is straight."""
    across = (middle[0] - start[0]) * (end[1] - start[1])
    return across - (middle[1] - start[1]) * (end[0] - start[0])


@dataclass(frozen=True)
class ProgramResult:
    """An optimum over lotteries: chances by row of the hull, the prices of the floors and `bound`, `z` above."""

    value: Fraction
    chances: Mapping[int, Fraction]
    prices: Point
    bound: Fraction


@dataclass(frozen=True)
class _Task:
    objective: Sequence[Number]
    floors: Mapping[int, Fraction]
    scales: Mapping[int, Fraction] = field(default_factory=dict)


class Gains:
    """The hull as gains over a disagreement point, in whole numbers of each player's smallest unit.

    Raises `InputError` if the point has another number of players.
    """

    def __init__(self, hull: Hull, disagreement: Any) -> None:
        self.hull = hull
        self.point = exact_point(disagreement, hull.players)
        columns = [[row[i] - least for row in hull.rows] for i, least in enumerate(self.point)]
        self.units = [lcm(*{gain.denominator for gain in column}) for column in columns]
        self.whole: npt.NDArray[np.object_] = np.empty((len(hull.rows), hull.players), dtype=object)
        for i, (column, unit) in enumerate(zip(columns, self.units, strict=True)):
            self.whole[:, i] = [gain.numerator * (unit // gain.denominator) for gain in column]

    def of(self, chances: Mapping[int, Fraction]) -> Point:
        """The gains of a lottery over rows."""
        return tuple(
            sum((chance * self.whole[row, i] for row, chance in chances.items()), Fraction(0)) / unit
            for i, unit in enumerate(self.units)
        )

    def most(self, weights: Sequence[Fraction]) -> tuple[Fraction, int]:
        """The largest weighted sum of gains of any row, and that row."""
        scaled = [weight / unit for weight, unit in zip(weights, self.units, strict=True)]
        common = lcm(*(weight.denominator for weight in scaled))
        sums = self.whole @ np.array([int(weight * common) for weight in scaled], dtype=object)
        row = int(np.argmax(sums))
        return Fraction(sums[row], common), row

    def evenest(self, start: Iterable[int] = ()) -> ProgramResult:
        """The largest smallest gain in units of 1; below 0 it proves that no lottery is acceptable to everybody."""
        scales = {i: Fraction(1) for i in range(self.hull.players)}
        return self.solve([0] * self.hull.players, dict.fromkeys(scales, Fraction(0)), scales, start)

    def best_for(self, player: int, start: Iterable[int] = ()) -> ProgramResult:
        """The most one player can gain in lotteries acceptable to everybody; there must be one over `start`."""
        objective = [int(i == player) for i in range(self.hull.players)]
        return self.solve(objective, {i: Fraction(0) for i in range(self.hull.players)}, start=start)

    def improve(self, chances: Mapping[int, Fraction]) -> ProgramResult:
        """The largest sum of gains with nobody having less than in this lottery."""
        floors = dict(enumerate(self.of(chances)))
        return self.solve([1] * self.hull.players, floors, start=chances)

    def at_the_same_price(
        self, support: Sequence[Fraction], best: ProgramResult, objective: Sequence[Number]
    ) -> dict[int, Fraction]:
        """Of all acceptable lotteries as good as `best`, one that makes `objective` as large as it can be.

        They draw only options that are worth `best.bound` at the prices `support`, and give players whose floor has a
        price exactly that floor, which is 0 (complementary slackness).
        """
        sums = [
            sum((w * self.whole[k, i] / self.units[i] for i, w in enumerate(support)), Fraction(0))
            for k in range(len(self.hull.rows))
        ]
        columns = [k for k, total in enumerate(sums) if total == best.bound]
        floor = [([-self.whole[k, i] for k in columns], 0) for i in range(self.hull.players)]
        tight = [floor[i] for i, price in enumerate(best.prices) if price > 0]
        loose = [floor[i] for i, price in enumerate(best.prices) if price == 0]
        program = Program(at_most=loose, equal=[*tight, ([1] * len(columns), 1)], variables=len(columns), pivots=PIVOTS)
        goal = [
            sum((Fraction(c * self.whole[k, i]) / self.units[i] for i, c in enumerate(objective)), Fraction(0))
            for k in columns
        ]
        found = program.maximise(goal)
        if found.outcome is not Outcome.OPTIMAL:
            raise TooLargeError(f"a program over {len(columns)} options ended {found.outcome.value}", limit="pivots")
        return {k: chance for k, chance in zip(columns, found.point, strict=True) if chance}

    def solve(
        self,
        objective: Sequence[Number],
        floors: Mapping[int, Fraction],
        scales: Mapping[int, Fraction] | None = None,
        start: Iterable[int] = (),
    ) -> ProgramResult:
        """The program above; with `scales`, `e = 1` and `t` is free. Some lottery over `start` must keep the floors.

        Raises `TooLargeError` if it takes too many pivots.
        """
        task = _Task(objective, floors, scales or {})
        count = len(self.hull.rows)
        columns = sorted({*start, *self._spread()}) if count > ALL_COLUMNS else list(range(count))
        while True:
            best = self._over(columns, task)
            weights = [Fraction(c) + price for c, price in zip(objective, best.prices, strict=True)]
            most, row = self.most(weights)
            if most <= best.bound:
                return best
            columns.append(row)

    def _spread(self) -> set[int]:
        """A few rows to start from: each player's best and the largest sum."""
        players = self.hull.players
        one = [[Fraction(int(i == j)) for j in range(players)] for i in range(players)]
        return {self.most(weights)[1] for weights in (*one, [Fraction(1)] * players)}

    def _over(self, columns: Sequence[int], task: _Task) -> ProgramResult:
        kept = sorted({*task.floors, *task.scales})
        free = [1, -1] if task.scales else []
        at_most: list[tuple[Sequence[Number], Number]] = []
        for i in kept:
            step = task.scales.get(i, Fraction(0)) * self.units[i]
            row = [-self.whole[k, i] for k in columns] + [sign * step for sign in free]
            at_most.append((row, -task.floors.get(i, Fraction(0)) * self.units[i]))
        lottery = ([1] * len(columns) + [0] * len(free), 1)
        goal: list[Number] = [
            sum(
                (Fraction(c * self.whole[k, i], 1) / self.units[i] for i, c in enumerate(task.objective) if c),
                Fraction(0),
            )
            for k in columns
        ]
        program = Program(at_most=at_most, equal=[lottery], pivots=PIVOTS)
        best = program.maximise([*goal, *free])
        if best.outcome is not Outcome.OPTIMAL:
            raise TooLargeError(f"a program over {len(columns)} options ended {best.outcome.value}", limit="pivots")
        prices = [Fraction(0)] * self.hull.players
        for i, price in zip(kept, best.prices, strict=False):
            prices[i] = price * self.units[i]
        chances = {k: chance for k, chance in zip(columns, best.point, strict=False) if chance}
        return ProgramResult(best.value, chances, tuple(prices), best.prices[-1])
