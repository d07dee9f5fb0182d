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
from gamecore.equilibria.dominance import undominated_rows
from gamecore.errors import InputError
from gamecore.games.strategic import order_ranks

__all__ = ["ValueLeft", "pareto_frontier", "value_left_on_table"]


def pareto_frontier(values: Any) -> tuple[int, ...]:
    """The indices of the undominated options, ascending; equal options are all kept.

    Parameters
    ----------
    values
        Axes (option, player); `Fraction`s (or whatever counts as exact), or an array of floats.

    Raises
    ------
    InputError
        If the axes do not fit or a value is not finite.

    Notes
    -----
    Sorts for two players: `O(k log k)` for `k` options. For more, each option is compared with the frontier alone.
    """
    table = value_table(values)
    if not len(table):
        return ()
    ranks = np.stack([order_ranks(column) for column in table.T], axis=1)
    undominated = _frontier_of_two(ranks) if ranks.shape[1] <= 2 else undominated_rows(ranks)
    return tuple(np.flatnonzero(undominated).tolist())


def _frontier_of_two(ranks: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """For at most two players: down the first one's ranks, an option stays if the second gets more than before."""
    distinct, place = np.unique(ranks, axis=0, return_inverse=True)
    second = distinct[::-1, -1]
    before = np.concatenate([[-1], np.maximum.accumulate(second)[:-1]])
    kept: npt.NDArray[np.bool_] = (second > before)[::-1][place.ravel()]
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
