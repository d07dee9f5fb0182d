"""One equilibrium of a two-player game after another, by complementary pivoting: for games too large to be searched.

The best-response polytopes are `P = {x >= 0, B'x <= 1}` and `Q = {y >= 0, A y <= 1}` (see `vertex_enumeration`). Each
option is a label: of a row `i` the variable `x_i` in `P` and the slack of row `i` in `Q`, of a column the other way
round. Starting at `(0, 0)` with one label dropped, whichever variable leaves one polytope lets its partner enter the
other, until the dropped label is found again: an equilibrium (Lemke & Howson 1964; section 3.4 of Nisan et al. 2007).
Degenerate games are handled by the lexicographic rule, so every path ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gamecore.equilibria.pivoting import Budget, Dictionary, leaving_row, pivot, polytope
from gamecore.equilibria.vertex_enumeration import Pair, strategy_at, turned

__all__ = ["lemke_howson"]

Table = Sequence[Sequence[int]]
"""Positive integers `[row][column]`."""


def lemke_howson(row_payoffs: Table, column_payoffs: Table, budget: Budget) -> Iterator[Pair]:
    """The extreme equilibria at the ends of the paths from `(0, 0)`, one for each label dropped, each once.

    Yields what it has found so far if the budget is exhausted.
    """
    rows, columns = len(row_payoffs), len(row_payoffs[0])
    starts = (polytope(turned(column_payoffs)), polytope(row_payoffs))
    known = set()
    for label in range(rows + columns):
        ends = _path(starts, label, budget)
        if ends is None:
            return
        x = strategy_at(ends[0], rows, [1 << column for column in range(columns)])
        y = strategy_at(ends[1], columns, [1 << row for row in range(rows)])
        if x is not None and y is not None and (x, y) not in known:
            known.add((x, y))
            yield x, y


def _path(starts: tuple[Dictionary, Dictionary], dropped: int, budget: Budget) -> tuple[Dictionary, Dictionary] | None:
    """The two dictionaries at the end of the path; None if the budget is exhausted.

    Labels are `0 .. m-1` for rows and `m .. m+n-1` for columns; in `P` they are the numbers of the variables, in `Q`
    the variables are numbered columns first.
    """
    sides = list(starts)
    rows, columns = len(starts[0].cobasic), len(starts[1].cobasic)
    raised = [side.basic for side in sides]
    shift = (0, columns)  # from label to variable, modulo the number of labels
    label, turn = dropped, 0 if dropped < rows else 1
    while True:
        current = sides[turn]
        entering = current.cobasic.index((label + shift[turn]) % (rows + columns))
        row = leaving_row(current, entering, raised[turn])
        if row is None or not budget.allows(current.work):
            return None
        label = (current.basic[row] - shift[turn]) % (rows + columns)
        sides[turn] = pivot(current, row, entering)
        if label == dropped:
            return sides[0], sides[1]
        turn = 1 - turn
