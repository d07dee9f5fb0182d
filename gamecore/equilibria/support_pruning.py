"""Which supports can carry an equilibrium at all: those without an option that its player would rather not use.

If every player uses exactly the options of a support, option `b` of player `i` is not used where some option `a` is
never worse and sometimes better against the options the others use (conditional dominance: Porter, Nudelman & Shoham
2008; weak dominance is enough here, because every profile of the others then has a positive chance). All supports are
judged together: the smallest and the largest sign of `u_i(a, .) - u_i(b, .)` over products of subsets are built up axis
by axis.

Only the order of payoffs matters, so the comparison is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.support_system import Support

__all__ = ["Candidates", "candidates"]


@dataclass(frozen=True)
class Candidates:
    """The supports left, by how many options each player uses, small and balanced ones first.

    `largest` is the most options a player may use in what was judged; `all_judged` whether that is no restriction.
    """

    by_shape: dict[tuple[int, ...], list[Support]]
    largest: int
    all_judged: bool

    def __iter__(self) -> Iterator[Support]:
        return (support for supports in self.by_shape.values() for support in supports)


def candidates(ranks: Sequence[npt.NDArray[np.int64]], limit: int) -> Candidates:
    """The supports that survive, of at most `limit` that are judged (small ones if there are more).

    `ranks` hold each player's payoffs as integers in the same order, axes (option of player 0, ...).
    """
    shape = ranks[0].shape
    largest = max(shape)
    while largest > 1 and prod(_subsets(count, largest) for count in shape) > limit:
        largest -= 1
    subsets = [
        [chosen for size in range(1, min(count, largest) + 1) for chosen in combinations(range(count), size)]
        for count in shape
    ]
    allowed = np.ones([len(one) for one in subsets], dtype=bool)
    for player, table in enumerate(ranks):
        others = [one for other, one in enumerate(subsets) if other != player]
        dropped = _dropped(np.moveaxis(table, player, 0), others)
        uses = np.array([[option in chosen for option in range(shape[player])] for chosen in subsets[player]])
        bad = np.tensordot(uses.astype(np.int32), dropped.astype(np.int32), axes=1) > 0
        allowed &= ~np.moveaxis(bad, 0, player)
    found: dict[tuple[int, ...], list[Support]] = {}
    for places in np.argwhere(allowed).tolist():
        support = tuple(one[place] for one, place in zip(subsets, places, strict=True))
        found.setdefault(tuple(map(len, support)), []).append(support)
    ordered = sorted(found, key=lambda sizes: (sum(sizes), max(sizes) - min(sizes), sizes))
    return Candidates({sizes: found[sizes] for sizes in ordered}, largest, largest == max(shape))


def _subsets(count: int, largest: int) -> int:
    return sum(comb(count, size) for size in range(1, min(count, largest) + 1))


def _dropped(table: npt.NDArray[np.int64], others: Sequence[Sequence[tuple[int, ...]]]) -> npt.NDArray[Any]:
    """Whether each option is dropped against each product of the others' subsets: axes (option, subsets of others)."""
    count = len(table)
    answer = np.zeros((count, *(len(one) for one in others)), dtype=bool)
    for worse in range(count):
        for better in range(count):
            if better != worse:
                low = high = np.sign(table[better] - table[worse]).astype(np.int8)
                for axis, subsets in enumerate(others):
                    low = np.stack([low.take(chosen, axis).min(axis) for chosen in subsets], axis)
                    high = np.stack([high.take(chosen, axis).max(axis) for chosen in subsets], axis)
                answer[worse] |= (low >= 0) & (high > 0)
    return answer
