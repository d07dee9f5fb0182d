"""The Pareto frontier of finitely many options, and what an option leaves on the table.

Option `a` dominates option `b` if it is worth at least as much to every player and more to some; the frontier holds the
options that no option dominates, those with equal values among them. Comparisons are exact for `Fraction`s and for the
floats as they are given.

>>> pareto_frontier([(3, 1), (2, 2), (2, 1), (1, 3)])
(0, 1, 3)
>>> value_left_on_table([(3, 1), (2, 2), (2, 1), (1, 3)], 2)
ValueLeft(amount=Fraction(1, 1), options=(0, 1))
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.compromises.table import all_at_least, exact_table, value_table
from gamecore.errors import InputError
from gamecore.games.strategic import order_ranks

__all__ = ["ValueLeft", "pareto_frontier", "value_left_on_table"]

STRONG_ROWS = 12
"""How many rows at most are tried for dominating many others; it changes the time, never the answer."""

FEW_ROWS = 256
"""With fewer rows than this the search for strong ones is not worth its time."""


def pareto_frontier(values: Any) -> tuple[int, ...]:
    """The indices of the undominated options, ascending; equal options are all kept.

    Parameters
    ----------
    values
        Axes (option, player); `Fraction`s (or whatever counts as exact), or an array of floats or whole numbers.

    Raises
    ------
    InputError
        If the axes do not fit or a value is not finite.

    Notes
    -----
    Rows that one of a few strong rows dominates go first, which leaves few of most tables. Two players are then sorted,
    `O(k log k)` for `k` options; of more, each efficient option is compared with those that are left.
    """
    table = value_table(values)
    if not len(table):
        return ()
    if table.dtype == object:
        table = np.stack([order_ranks(column) for column in table.T], axis=1)
    left = _not_dominated_by_the_strongest(table)
    rest = table[left]
    if rest.shape[1] <= 2:
        undominated = _frontier_of_two(rest[:, 0], rest[:, -1])
    else:
        undominated = _frontier_of_many([order_ranks(column) for column in rest.T])
    return tuple(left[undominated].tolist())


def _not_dominated_by_the_strongest(table: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """The rows that no row of a large sum dominates, as indices; only the choice of these rows is approximate."""
    left = np.arange(len(table))
    rest = table
    for _ in range(STRONG_ROWS):
        if len(rest) < FEW_ROWS:
            break
        columns = [column.astype(float) for column in rest.T]
        low = [column.min() for column in columns]
        spread = [column.max() - least or 1.0 for column, least in zip(columns, low, strict=True)]
        shares = [(column - least) / width for column, least, width in zip(columns, low, spread, strict=True)]
        # The worst share decides first: a row that is good for everybody dominates more than one with a large sum.
        strong = rest[int(np.argmax(np.minimum.reduce(shares) + sum(shares) / 1000))]
        no_more = np.logical_and.reduce([column <= value for column, value in zip(rest.T, strong, strict=True)])
        less = np.logical_or.reduce([column < value for column, value in zip(rest.T, strong, strict=True)])
        kept = ~(no_more & less)
        left, before = left[kept], len(rest)
        rest = table[left]
        if len(rest) > 0.9 * before:
            break
    return left


def _frontier_of_many(ranks: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.bool_]:
    """One array of ranks a player. The row of the largest sum left is undominated and takes out all it dominates."""
    total = np.sum(ranks, axis=0)
    order = np.argsort(-total, kind="stable")
    columns = [column[order] for column in ranks]
    kept = np.zeros(len(total), dtype=bool)
    while len(order):
        head = [column[0] for column in columns]
        no_more = np.logical_and.reduce([column <= value for column, value in zip(columns, head, strict=True)])
        kept[order[no_more & (total[order] == total[order[0]])]] = True  # the row itself and those of equal values
        left = ~no_more
        order, columns = order[left], [column[left] for column in columns]
    return kept


def _frontier_of_two(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """For at most two players: down the first one's values, an option stays if the second gets more than before."""
    order = np.lexsort((second, first))[::-1]
    down, across = first[order], second[order]
    starts = np.concatenate([[True], down[1:] != down[:-1]])
    group = np.flatnonzero(starts)[np.cumsum(starts) - 1]  # where each row's equals of the first player begin
    most = np.maximum.accumulate(across)
    above = (group == 0) | (across > most[group - 1])
    kept = np.empty(len(first), dtype=bool)
    kept[order] = above & (across == across[group])
    return kept


@dataclass(frozen=True)
class ValueLeft:
    """How much more all players together could have with nobody having less, and the `options` that give it.

    `amount` is 0 if the option leaves nothing; `options` then names it and any other with the same sum.
    """

    amount: Fraction
    options: tuple[int, ...]


def value_left_on_table(values: Any, option: int) -> ValueLeft:
    """The largest gain in the sum of values over the options that take nothing from anybody (Raiffa 1982).

    `values` has axes (option, player) in one unit for all players. Raises `InputError` if `option` does not exist.
    """
    table = exact_table(values).tolist()
    if not 0 <= option < len(table):
        raise InputError(f"option {option} does not exist: there are {len(table)}")
    here = table[option]
    gains = {other: sum(row, Fraction(0)) - sum(here) for other, row in enumerate(table) if all_at_least(row, here)}
    most = max(gains.values())
    return ValueLeft(most, tuple(other for other, gain in gains.items() if gain == most))
