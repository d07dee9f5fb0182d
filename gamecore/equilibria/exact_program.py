"""Linear programs in rationals: an optimum and its proof, exact however many ties there are.

    maximise c x   subject to   A x <= b,  E x = f,  x >= 0

Fractions are cleared first; the tableau then holds integers only and every pivot divides exactly (Edmonds 1967, Bareiss
1968). The entering column is the one of largest reduced cost until the objective stalls, then the first one (Bland
1977), so the method ends; `pivots` bounds it all the same.

An optimum comes with dual prices `y` (of `A x <= b` first, then of `E x = f`): `y_A >= 0`, `y (A, E) >= c` and
`y (b, f) = c x` prove it without the tableau.

>>> program = Program(at_most=[([1, 2], 4), ([3, 1], 6)])
>>> best = program.maximise([1, 1])
>>> [str(value) for value in best.point], str(best.value), [str(price) for price in best.prices]
(['8/5', '6/5'], '14/5', ['2/5', '1/5'])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

__all__ = ["Optimum", "Outcome", "PIVOT_LIMIT", "Program", "Row", "exact_rank", "only_solution", "proves_optimum"]

PIVOT_LIMIT = 5_000
"""Pivots of one program at most: far more than games need (a few per row), a stop for the freak."""

STALLS = 20
"""Pivots without progress after which the rule that cannot cycle takes over."""

Number = Fraction | int
Row = tuple[Sequence[Number], Number]
"""Coefficients and right-hand side."""


class Outcome(StrEnum):
    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Optimum:
    """`point` and `value` are exact if `outcome` is optimal, else empty and 0; `prices` are the dual solution."""

    outcome: Outcome
    value: Fraction = Fraction(0)
    point: tuple[Fraction, ...] = ()
    prices: tuple[Fraction, ...] = ()


def proves_optimum(objective: Sequence[Number], at_most: Sequence[Row], equal: Sequence[Row], optimum: Optimum) -> bool:
    """Whether point and prices prove each other, by plain sums that share nothing with the simplex method."""
    point, prices = optimum.point, optimum.prices
    rows = [*at_most, *equal]
    if min(point, default=Fraction(0)) < 0 or min(prices[: len(at_most)], default=Fraction(0)) < 0:
        return False
    if any(_dot(row, point) > side for row, side in at_most) or any(_dot(row, point) != side for row, side in equal):
        return False
    for place, coefficient in enumerate(objective):
        if sum((price * row[place] for price, (row, _) in zip(prices, rows, strict=True)), Fraction(0)) < coefficient:
            return False
    dual = _dot(prices, [side for _, side in rows])
    return dual == _dot(objective, point) == optimum.value


def only_solution(rows: Sequence[Row], unknowns: int) -> tuple[Fraction, ...] | None:
    """The one solution of the equations `row x = side`, fraction-free; None if there are none or many."""
    table = np.zeros((len(rows), unknowns + 1), dtype=object)
    for place, (row, side) in enumerate(rows):
        scale = _scale([*row, side])
        table[place] = [_whole(value, scale) for value in (*row, side)]
    last = 1
    for column in range(unknowns):
        found = next((place for place in range(column, len(table)) if table[place, column]), None)
        if found is None:
            return None
        table[[column, found]] = table[[found, column]]
        pivot = table[column, column]
        lead, heads = table[column].copy(), table[:, column].copy()
        heads[column] = 0
        rest = table * pivot - heads[:, None] * lead[None, :]
        table = rest // last
        table[column] = lead
        last = pivot
    if any(side for side in table[unknowns:, -1].tolist()):
        return None
    return tuple(Fraction(side, last) for side in table[:unknowns, -1].tolist())


def exact_rank(rows: Sequence[Sequence[int]]) -> int:
    """The rank of a matrix of integers, by elimination in fractions."""
    left = [[Fraction(value) for value in row] for row in rows]
    rank = 0
    for column in range(len(left[0]) if left else 0):
        found = next((place for place in range(rank, len(left)) if left[place][column]), None)
        if found is None:
            continue
        left[rank], left[found] = left[found], left[rank]
        lead = left[rank]
        for place in range(rank + 1, len(left)):
            if left[place][column]:
                factor = left[place][column] / lead[column]
                left[place] = [a - factor * b for a, b in zip(left[place], lead, strict=True)]
        rank += 1
    return rank


def _dot(left: Sequence[Number], right: Sequence[Number]) -> Fraction:
    return sum((Fraction(a) * b for a, b in zip(left, right, strict=True) if a and b), Fraction(0))


class Program:
    """One feasible set, any number of objectives; each starts from the last optimum.

    The tableau is an integer array with one column per variable, one per row (its slack; of an equation, only to read
    the price), and the right-hand side; all entries share the denominator `self._last`.
    """

    def __init__(
        self,
        *,
        at_most: Sequence[Row] = (),
        equal: Sequence[Row] = (),
        variables: int | None = None,
        pivots: int = PIVOT_LIMIT,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        rows = [*at_most, *equal]
        self._variables = len(rows[0][0]) if variables is None else variables
        self._count = len(rows)
        self._inequalities = len(at_most)
        self._pivots_left = pivots
        self._should_stop = should_stop
        self._scales = [_scale([*row, side]) for row, side in rows]
        self._start = np.zeros((self._count + 1, self._variables + self._count + 1), dtype=object)
        for place, ((row, side), scale) in enumerate(zip(rows, self._scales, strict=True)):
            self._start[place, : self._variables] = [_whole(value, scale) for value in row]
            self._start[place, self._variables + place] = 1
            self._start[place, -1] = _whole(side, scale)
        self._outcome = self._find_start()

    def maximise(self, objective: Sequence[Number]) -> Optimum:
        """The largest value of `objective` over the feasible set, with its proof."""
        if self._outcome is not Outcome.OPTIMAL:
            return Optimum(self._outcome)
        scale = _scale(objective)
        table, basis = self._table, self._basis
        goal = np.zeros(table.shape[1], dtype=object)
        goal[: self._variables] = [-_whole(value, scale) * self._last for value in objective]
        for place, column in enumerate(basis):
            if column >= 0 and goal[column]:
                goal = goal - table[place] * goal[column] // self._last
        table[-1] = goal
        outcome = self._improve(self._allowed)
        if outcome is not Outcome.OPTIMAL:
            if outcome is Outcome.STOPPED:
                self._outcome = outcome
            return Optimum(outcome)
        point = [Fraction(0)] * self._variables
        for place, column in enumerate(basis):
            if 0 <= column < self._variables:
                point[column] = Fraction(table[place, -1], self._last)
        reduced = table[-1, self._variables : -1].tolist()
        prices = tuple(
            Fraction(cost * factor, self._last * scale) for cost, factor in zip(reduced, self._scales, strict=True)
        )
        return Optimum(Outcome.OPTIMAL, Fraction(table[-1, -1], self._last * scale), tuple(point), prices)

    def _find_start(self) -> Outcome:
        """A feasible basis, by the first phase where slacks give none."""
        self._allowed = self._variables + self._inequalities
        self._reset()
        short = [place for place in range(self._count) if self._basis[place] < 0]
        if not short:
            return Outcome.OPTIMAL
        self._table[-1] = -self._table[short].sum(axis=0)
        outcome = self._improve(self._allowed)
        if outcome is not Outcome.OPTIMAL:
            return outcome
        if self._table[-1, -1] != 0:
            return Outcome.INFEASIBLE
        self._drop_artificial()
        return Outcome.OPTIMAL

    def _reset(self) -> None:
        """The basis of slacks; rows that have none that fits (basis -1) wait for a column."""
        self._table: Any = self._start.copy()
        self._last = 1
        self._basis = [self._variables + place if place < self._inequalities else -1 for place in range(self._count)]
        for place in range(self._count):
            if self._table[place, -1] < 0:
                self._table[place] = -self._table[place]
                self._basis[place] = -1

    def _drop_artificial(self) -> None:
        """Rows still without a basic column are at 0: give them any column, or leave them as redundant."""
        for place in range(self._count):
            if self._basis[place] < 0:
                row = self._table[place, : self._allowed]
                column = next((c for c, value in enumerate(row.tolist()) if value), None)
                if column is not None:
                    self._pivot(place, column)

    def _improve(self, allowed: int) -> Outcome:
        stalled = 0
        while True:
            costs = self._table[-1, :allowed].tolist()
            column = _entering(costs, blandly=stalled > STALLS)
            if column is None:
                return Outcome.OPTIMAL
            place = self._leaving(column)
            if place is None:
                return Outcome.UNBOUNDED
            if self._pivots_left <= 0 or (self._should_stop is not None and self._should_stop()):
                return Outcome.STOPPED
            stalled = stalled + 1 if self._table[place, -1] == 0 else 0
            self._pivot(place, column)

    def _leaving(self, column: int) -> int | None:
        """The row that first reaches 0; ties go to rows without a basic column, then to the smallest basic one."""
        entries = self._table[: self._count, column].tolist()
        sides = self._table[: self._count, -1].tolist()
        best: int | None = None
        for place, entry in enumerate(entries):
            if entry <= 0:
                continue
            if best is None:
                best = place
                continue
            difference = sides[place] * entries[best] - sides[best] * entry
            if difference < 0 or (difference == 0 and self._basis[place] < self._basis[best]):
                best = place
        return best

    def _pivot(self, place: int, column: int) -> None:
        """One exact Gauss-Jordan step on all rows; afterwards `self._last` is the pivot, kept positive."""
        self._pivots_left -= 1
        table = self._table
        pivot = table[place, column]
        lead = table[place].copy()
        heads = table[:, column].copy()
        heads[place] = 0
        rows = np.flatnonzero(heads != 0)
        rest = np.flatnonzero(heads == 0)
        if pivot != self._last:
            rest = rest[rest != place]
            table[rest] = table[rest] * pivot // self._last
        if len(rows):
            table[rows] = (table[rows] * pivot - heads[rows, None] * lead[None, :]) // self._last
        self._last = pivot
        self._basis[place] = column
        if pivot < 0:
            self._last = -pivot
            self._table = -table


def _entering(costs: list[int], *, blandly: bool) -> int | None:
    """A column that improves the objective (negative cost): the steepest, or the first."""
    if blandly:
        return next((column for column, cost in enumerate(costs) if cost < 0), None)
    lowest = min(costs, default=0)
    return costs.index(lowest) if lowest < 0 else None


def _scale(values: Iterable[Number]) -> int:
    return lcm(*(value.denominator for value in values))


def _whole(value: Number, scale: int) -> int:
    return value.numerator * (scale // value.denominator)
