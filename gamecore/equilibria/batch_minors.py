"""The determinants that decide a two-player game, for many games at once.

Let `C` be what one player gets, axes (option of the other, own option): for the column player's payoffs `B` the other
is the row player with its mixture `x`. For rows `S` and columns `T` with `|T| = |S| + 1` let

    D(S, T) = det [ C[S, T] ; 1 ... 1 ].

By Cramer's rule the mixture on `I` that makes all of `J` equally good (`|I| = |J|`) is proportional to
`(-1)^p D(I without its p-th, J)`, and with these weights a column `j` outside gets `(-1)^q D(I, J and j)` more than
`J`, `q` the place of `j` in the union. So the signs of all `D` say which mixtures exist and who would move, and a game
is degenerate only where one of them is 0. They are built up by size, each from those one smaller by expansion along its
last row: multiplications and additions only, the same ones for every game, no division and no pivot to choose. What is
rounded is therefore bounded before (`rounding`), and the numbers of a game depend on no other game.

Subsets are in colexicographic order (by largest element first): those with the same last row stand together, and what
they are expanded into stands at the front of the size before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import comb, factorial, prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "Whole", "Workspace", "added", "dropped", "members", "minors", "rounding", "subsets"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]

UNIT_ROUNDOFF: Final = 2.0**-53


@cache
def subsets(count: int, size: int) -> tuple[tuple[int, ...], ...]:
    """The subsets of `range(count)` with `size` elements, in colexicographic order."""
    return tuple(sorted(combinations(range(count), size), key=lambda chosen: chosen[::-1]))


@cache
def _places(count: int, size: int) -> dict[tuple[int, ...], int]:
    return {chosen: place for place, chosen in enumerate(subsets(count, size))}


@cache
def members(count: int, size: int) -> Whole:
    """The p-th element of each subset: axes (p, subset)."""
    return np.array(subsets(count, size), dtype=np.intp).reshape(-1, size).T


@cache
def dropped(count: int, size: int) -> Whole:
    """Where each subset without its p-th element stands among those one smaller: axes (p, subset)."""
    smaller = _places(count, size - 1)
    return np.array(
        [[smaller[chosen[:p] + chosen[p + 1 :]] for chosen in subsets(count, size)] for p in range(size)], dtype=np.intp
    )


@dataclass(frozen=True)
class Added:
    """For each subset and each element outside (axes: the r-th outside, subset): the `element`, the `place` of the
    union among the subsets one larger, and whether the element stands at an odd place in it.
    """

    element: Whole
    place: Whole
    odd: npt.NDArray[np.bool_]


@cache
def added(count: int, size: int) -> Added:
    """What comes of adding one element to each subset."""
    larger = _places(count, size + 1)
    outside = [[one for one in range(count) if one not in chosen] for chosen in subsets(count, size)]
    unions = [
        [tuple(sorted((*chosen, one))) for one in others]
        for chosen, others in zip(subsets(count, size), outside, strict=True)
    ]
    return Added(
        np.array(outside, dtype=np.intp).reshape(len(outside), count - size).T,
        np.array([[larger[union] for union in row] for row in unions], dtype=np.intp).T,
        np.array(
            [
                [union.index(one) % 2 == 1 for union, one in zip(row, others, strict=True)]
                for row, others in zip(unions, outside, strict=True)
            ],
            dtype=bool,
        ).T,
    )


def rounding(size: int) -> float:
    """The most by which a `D` with `size` rows of numbers up to 1 is wrong, if these are rounded themselves.

    A sum of `size + 1` products of `D`s one smaller: values, and with them errors, grow by that factor at most, and
    each step rounds every product and every partial sum.
    """
    return factorial(size + 1) * (size + 2) ** 2 * UNIT_ROUNDOFF


class Workspace:
    """Arrays that are used again and again: asking for new memory would cost as much as computing."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, str], npt.NDArray[Any]] = {}

    def array(self, name: object, shape: tuple[int, ...], kind: type = np.float64) -> npt.NDArray[Any]:
        """An array of this shape; what it held is lost, and so will be what it holds when `name` is asked for again."""
        count = prod(shape)
        kept = self._kept.get((name, kind.__name__))
        if kept is None or kept.size < count:
            kept = self._kept[name, kind.__name__] = np.empty(count, dtype=kind)
        return kept[:count].reshape(shape)


def minors(table: Floats, before: Floats, size: int, space: Workspace, name: object) -> Floats:
    """Every `D(S, T)` with `|S| = size`, from those `before` with one row less (of no use for `size` 1).

    `table` has axes (row, column, game), the answer (place of `S`, place of `T`, game). The answer lives in `space`
    until `minors` is asked for two sizes more under the same `name`.
    """
    rows, columns, games = table.shape
    chosen = members(columns, size + 1)
    shape = (comb(rows, size), chosen.shape[1], games)
    found = space.array((name, size % 2), shape)
    if size == 1:
        np.take(table, chosen[0], axis=1, out=found, mode="clip")
        found -= np.take(table, chosen[1], axis=1, out=space.array("term", shape), mode="clip")
        return found
    smaller = dropped(columns, size + 1)
    factor = space.array("factor", shape[1:])
    for last in range(size - 1, rows):
        group = found[comb(last, size) : comb(last + 1, size)]
        source = before[: len(group)]
        term = space.array("term", group.shape)
        for p in range(size + 1):
            np.take(table[last], chosen[p], axis=0, out=factor, mode="clip")
            even = (size - 1 + p) % 2 == 0
            if p == 0:
                np.take(source, smaller[p], axis=1, out=group, mode="clip")
                group *= factor if even else np.negative(factor, out=factor)
                continue
            np.take(source, smaller[p], axis=1, out=term, mode="clip")
            term *= factor
            if even:
                group += term
            else:
                group -= term
    return found
