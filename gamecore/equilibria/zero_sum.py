"""Zero-sum games: the value and all optimal strategies, by exact linear programming.

If what one wins the other loses, up to units and offsets of the two players' payoffs, each equilibrium pairs any
optimal (maxmin) strategy of the one with any of the other, and all have the same payoffs, the value (von Neumann 1928).
Optimal strategies are a face of a polytope: a linear program finds it, pivoting within it lists its vertices.

>>> matching = StrategicGame.from_rows([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]])
>>> solved = zero_sum(matching)
>>> [str(value) for value in solved.value], [str(chance) for chance in solved.optimal[0][0]]
(['0', '0'], ['1/2', '1/2'])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from gamecore.equilibria.exact_linear import whole_numbers
from gamecore.equilibria.pivoting import Budget
from gamecore.equilibria.result import Status
from gamecore.equilibria.vertex_enumeration import Pair, optimal_strategies, turned
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame

__all__ = ["ZeroSum", "is_zero_sum", "optimal_pairs", "positive_tables", "zero_sum"]

ZERO_SUM_WORK_LIMIT = 10_000_000
"""Entries of dictionaries computed at most: about four seconds on one core."""

OPTIMAL_LIMIT = 10_000
"""Extreme optimal strategies of a player listed at most."""

Table = Sequence[Sequence[int]]
"""Positive integers `[row][column]`."""


@dataclass(frozen=True)
class ZeroSum:
    """What each player gets (`value`) and each player's extreme optimal strategies; all mixtures of these are optimal.

    Partial if a limit was hit before all were listed; refused, and empty, if before any was found.
    """

    status: Status
    value: tuple[Fraction, ...] = ()
    optimal: tuple[tuple[tuple[Fraction, ...], ...], ...] = ()
    notes: tuple[str, ...] = ()


def positive_tables(game: StrategicGame) -> tuple[list[list[int]], list[list[int]]]:
    """Both players' payoffs as positive integers `[row][column]`, each in units and from an offset of its own."""
    rows, columns = game.shape
    one, other = ([value + 1 for value in whole_numbers(payoffs.ravel())] for payoffs in game.payoffs)
    cuts = [slice(row * columns, (row + 1) * columns) for row in range(rows)]
    return [one[cut] for cut in cuts], [other[cut] for cut in cuts]


def is_zero_sum(row_payoffs: Table, column_payoffs: Table) -> bool:
    """Whether what one gets more the other gets less, in the units of `positive_tables`."""
    both = row_payoffs[0][0] + column_payoffs[0][0]
    return all(
        a + b == both
        for mine, theirs in zip(row_payoffs, column_payoffs, strict=True)
        for a, b in zip(mine, theirs, strict=True)
    )


def optimal_pairs(row_payoffs: Table, column_payoffs: Table, budget: Budget) -> Iterator[Pair]:
    """Every extreme equilibrium of a zero-sum game; fewer if the budget is exhausted."""
    replies = list(optimal_strategies(turned(row_payoffs), budget))
    for x in optimal_strategies(column_payoffs, budget):
        for y in replies:
            yield x, y


def zero_sum(
    game: StrategicGame, *, limit: int = ZERO_SUM_WORK_LIMIT, should_stop: Callable[[], bool] | None = None
) -> ZeroSum:
    """The value and the extreme optimal strategies of a zero-sum game of two players, exact.

    `limit` bounds the work, in entries of dictionaries computed. Raises `InputError` if the game is not zero-sum, in
    whatever units and from whatever offsets the two players count.
    """
    if game.players != 2:
        raise InputError(f"the game has {game.players} players: zero-sum games are solved for two")
    tables = positive_tables(game)
    if not is_zero_sum(*tables):
        raise InputError("the game is not zero-sum: some outcome is better or worse for both")
    budget = Budget(limit, should_stop)
    rows = [one.mixture(game.shape[0]) for one in islice(optimal_strategies(tables[1], budget), OPTIMAL_LIMIT + 1)]
    columns = [
        one.mixture(game.shape[1]) for one in islice(optimal_strategies(turned(tables[0]), budget), OPTIMAL_LIMIT + 1)
    ]
    if not rows or not columns:
        return ZeroSum(Status.REFUSED, notes=(f"no optimal strategies were found within the limit of {limit}",))
    value = game.expected_payoffs((rows[0], columns[0]))
    optimal = (tuple(sorted(rows[:OPTIMAL_LIMIT], reverse=True)), tuple(sorted(columns[:OPTIMAL_LIMIT], reverse=True)))
    if budget.exhausted or max(len(rows), len(columns)) > OPTIMAL_LIMIT:
        note = "the value is exact; not all extreme optimal strategies were searched within the limit"
        return ZeroSum(Status.PARTIAL, value, optimal, (note,))
    return ZeroSum(Status.COMPLETE, value, optimal)
