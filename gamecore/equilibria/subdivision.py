"""Every root of many supports' equations at once, by cutting mixtures into cells and proving most of them empty.

All supports of one shape (as many options used per player) are searched together. A *cell* is a product of simplices,
one for each mixer, given by its corners. The equations are multilinear, so over a cell they are mixtures of their
values at the tuples of corners, and so are all their linear combinations:

* a cell is **empty** if one equation, one gain of an option that is not used, or one row of `C D` (`C` an approximate
  inverse of the Jacobian of `D` in the cell's own coordinates) has the wrong sign at every tuple;
* it holds **at most one** root if `|1 - C J| < 1` at every tuple (maximum norm), also for a cell a little larger;
  Newton's method then leads to that root, which `support_system` proves; if it lies in the cell, the cell is done;
* else it is **cut** in two at the middle of its longest edge.

Corners are dyadic and exact in floats; values are computed in floats from coefficients of at most 1 and count as
nonzero only beyond `ROUNDING`, far more than their error. A support whose cells do not come to an end within its limit
keeps the ones that are left: it has a root that is not isolated, or more cells than allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.support_system import Root, SupportSystem

__all__ = ["Searched", "Work", "search"]

ROUNDING = 1e-12
"""Sums of at most a few hundred products of numbers up to 1 are off by 1e-13 at most."""

LARGER = 0.05
"""How much larger the cell is in which at most one root may lie, so that roots on a border are seen from both sides."""

FINEST = 2.0**-26
"""Cells whose longest edge is shorter are given up: corners stay exact in floats."""

OWN_EDGES = 2.0**-6
"""How much shorter the edges of a mixture count that is to be cut last."""

BATCH_VALUES = 400_000
"""Corner values computed at once: a few megabytes."""

Floats = npt.NDArray[np.float64]


class Work:
    """What is left of a limit, in corner values, and whether to stop."""

    def __init__(self, limit: int, should_stop: Callable[[], bool] | None = None) -> None:
        self.left = limit
        self.should_stop = should_stop

    @property
    def over(self) -> bool:
        return self.left <= 0 or (self.should_stop is not None and self.should_stop())


@dataclass
class Searched:
    """What is known of one support: its roots, and whether there can be no others."""

    system: SupportSystem
    roots: list[Root] = field(default_factory=list)
    settled: bool = True


def search(systems: Sequence[SupportSystem], cells_each: Sequence[int], work: Work) -> list[Searched]:
    """All roots inside each support (all chances positive), each proved.

    The supports of `systems` all use as many options per player, `cells_each` bounds the cells looked at for each.
    Where `settled` is false there may be more roots, or the ones there are not isolated.
    """
    group = _Group(systems)
    found = [Searched(system) for system in systems]
    spent = np.zeros(len(systems), dtype=np.int64)
    limits = np.array(cells_each)
    pending = [group.whole()]
    while pending:
        cells = pending.pop()
        alive = np.array([found[owner].settled for owner in cells.owner.tolist()], dtype=bool)
        cells = cells.take(alive)
        if work.over:
            for owner in set(cells.owner.tolist()):
                found[owner].settled = False
            continue
        if not len(cells.owner):
            continue
        size = max(1, BATCH_VALUES // group.values_per_cell)
        if len(cells.owner) > size:
            pending.append(cells.part(size, None))
            cells = cells.part(0, size)
        work.left -= len(cells.owner) * group.values_per_cell
        np.add.at(spent, cells.owner, 1)
        cells = group.cut(cells, found)
        if not len(cells.owner):
            continue
        for owner in set(cells.owner[spent[cells.owner] > limits[cells.owner]].tolist()):
            found[owner].settled = False
        pending.append(cells)
    return found


@dataclass
class _Cells:
    """`owner`: place of the support; `corners` per mixer with axes (cell, corner, option used)."""

    owner: npt.NDArray[np.int64]
    corners: list[Floats]

    def take(self, which: npt.NDArray[Any]) -> _Cells:
        return _Cells(self.owner[which], [one[which] for one in self.corners])

    def part(self, start: int, stop: int | None) -> _Cells:
        return _Cells(self.owner[start:stop], [one[start:stop] for one in self.corners])


@dataclass
class _Rows:
    """Differences of a player's payoffs for all supports: axes (support, row, option of each other mixer).

    The first `equations` rows are the equations, the next up to `level` are 0 at a root too, the rest at most 0.
    """

    table: Floats
    place: int | None
    equations: int
    level: int


class _Group:
    def __init__(self, systems: Sequence[SupportSystem]) -> None:
        self.systems = systems
        first = self.systems[0]
        self.sizes, self.mixers = first.sizes, first.mixers
        self.rows = [self._rows(player) for player in range(len(first.tables))]
        self.rows = [rows for rows in self.rows if rows.table.shape[1]]
        # who has more equations than the others have unknowns settles the matter alone, its own mixture last
        unknowns = first.unknowns
        self.weights = [OWN_EDGES if size - 1 > unknowns - (size - 1) else 1.0 for size in self.sizes]
        tuples = prod(self.sizes)
        self.values_per_cell = sum(rows.table.shape[1] for rows in self.rows) * tuples + first.unknowns**2 * tuples

    def whole(self) -> _Cells:
        count = len(self.systems)
        return _Cells(
            np.arange(count), [np.broadcast_to(np.eye(size), (count, size, size)).copy() for size in self.sizes]
        )

    def _rows(self, player: int) -> _Rows:
        """The player's differences, each row in units of its largest entry."""
        stacked = []
        place = self.mixers.index(player) if player in self.mixers else None
        used = len(self.systems[0].support[player])
        for system in self.systems:
            options = [*system.support[player], *system.outside(player)]
            table = system.differences(player, options)
            inner = [table[a] - table[b] for a in range(2, used) for b in range(1, a)]
            outer = [table[a] - table[b] for a in range(used, len(options)) for b in range(used)]
            rows = np.array([*table[1:used], *inner, *outer], dtype=object).reshape(-1, *table.shape[1:])
            stacked.append(_scaled(rows))
        inside = used * (used - 1) // 2
        return _Rows(np.array(stacked), place, used - 1, inside)

    def cut(self, cells: _Cells, found: list[Searched]) -> _Cells:
        """The cells that may hold further roots, cut in two."""
        keep = np.ones(len(cells.owner), dtype=bool)
        systems = []
        for rows in self.rows:
            values = self._at_corners(rows, cells)
            flat = values.reshape(*values.shape[:2], -1)
            low, high = flat.min(axis=2), flat.max(axis=2)
            keep &= ~(low > ROUNDING).any(axis=1)
            keep &= ~(high[:, : rows.level] < -ROUNDING).any(axis=1)
            if rows.place is not None:
                systems.append(np.expand_dims(values[:, : rows.equations], 2 + rows.place))
        cells = cells.take(keep)
        if not len(cells.owner):
            return cells
        count = len(cells.owner)
        full = [np.broadcast_to(one[keep], (count, one.shape[1], *self.sizes)) for one in systems]
        values = np.concatenate(full, axis=1)
        jacobians = self._jacobians(values)
        middle = jacobians.reshape(*jacobians.shape[:3], -1).mean(axis=3)
        inverse, plain = _inverses(middle)
        empty = np.zeros(count, dtype=bool)
        flat = values.reshape(count, values.shape[1], -1)
        for combination in (inverse, plain):
            combined: Floats = combination @ flat
            error = ROUNDING * np.abs(combination).sum(axis=2)
            empty |= ((combined.min(axis=2) > error) | (combined.max(axis=2) < -error)).any(axis=1)
        cells, jacobians, inverse = cells.take(~empty), jacobians[~empty], inverse[~empty]
        if not len(cells.owner):
            return cells
        done = self._with_roots(cells, jacobians, inverse, found)
        return self._halved(cells.take(~done), found)

    def _at_corners(self, rows: _Rows, cells: _Cells) -> Floats:
        """Values with axes (cell, row, corner of each other mixer)."""
        values = rows.table[cells.owner]
        shape = values.shape
        for mixer, corners in enumerate(cells.corners):
            if mixer != rows.place:
                # the first axis left is used up, its corners become the last: after all of them the order is as before
                moved = np.moveaxis(values, 2, -1)
                rest = moved.shape[1:-1]
                values = (moved.reshape(len(moved), -1, moved.shape[-1]) @ corners.transpose(0, 2, 1)).reshape(
                    len(moved), *rest, corners.shape[1]
                )
        return values.reshape(shape)

    def _jacobians(self, values: Floats) -> Floats:
        """Derivatives in the cell's own coordinates, axes (cell, equation, unknown, corner of each mixer)."""
        blocks = []
        for mixer, size in enumerate(self.sizes):
            axis = 2 + mixer
            first = np.take(values, [0], axis=axis)
            slope = np.moveaxis(np.take(values, range(1, size), axis=axis) - first, axis, 2)
            slope = np.expand_dims(slope, axis + 1)
            blocks.append(np.broadcast_to(slope, (*slope.shape[:3], *self.sizes)))
        return np.concatenate(blocks, axis=2)

    def _with_roots(self, cells: _Cells, jacobians: Floats, inverse: Floats, found: list[Searched]) -> npt.NDArray[Any]:
        """Which cells hold exactly one root, now recorded."""
        count, size = jacobians.shape[:2]
        product = (inverse @ jacobians.reshape(count, size, -1)).reshape(count, size, size, -1)
        product -= np.eye(size)[None, :, :, None]
        error = 4 * ROUNDING * size * np.abs(inverse).sum(axis=2).max(axis=1)
        norm = np.abs(product).sum(axis=2).max(axis=(1, 2)) + error
        single = norm * (1 + 2 * LARGER) ** len(self.sizes) < 1
        done = np.zeros(count, dtype=bool)
        for place in np.flatnonzero(single).tolist():
            done[place] = self._root_in(cells, place, found[cells.owner[place]])
        return done

    def _root_in(self, cells: _Cells, place: int, searched: Searched) -> bool:
        system = self.systems[cells.owner[place]]
        corners = [one[place] for one in cells.corners]
        if any(_inside(_floats(known), corners) for known in searched.roots):
            return True
        root = system.newton([one.mean(axis=0) for one in corners])
        if root is None or not _inside(root, corners):
            return False
        proved = system.isolate(root)
        if proved is None or not _inside(_floats(proved), corners):
            return False
        if not any(_same(proved, one) for one in searched.roots):
            searched.roots.append(proved)
        return True

    def _halved(self, cells: _Cells, found: list[Searched]) -> _Cells:
        """Each cell cut at the middle of its longest edge; too fine ones are given up."""
        lengths, edges = [], []
        for mixer, corners in enumerate(cells.corners):
            for a in range(corners.shape[1]):
                for b in range(a):
                    lengths.append(np.abs(corners[:, a] - corners[:, b]).max(axis=1) * self.weights[mixer])
                    edges.append((mixer, a, b))
        longest = np.argmax(np.array(lengths), axis=0)
        fine = np.array(lengths).max(axis=0) < FINEST
        for owner in set(cells.owner[fine].tolist()):
            found[owner].settled = False
        left, right = [one.copy() for one in cells.corners], [one.copy() for one in cells.corners]
        for number, (mixer, a, b) in enumerate(edges):
            which = (longest == number) & ~fine
            middle = (left[mixer][which, a] + left[mixer][which, b]) / 2
            left[mixer][which, a] = middle
            right[mixer][which, b] = middle
        halves = _Cells(
            np.concatenate([cells.owner, cells.owner]),
            [np.concatenate([one, other]) for one, other in zip(left, right, strict=True)],
        )
        return halves.take(~np.concatenate([fine, fine]))


def _scaled(rows: npt.NDArray[np.object_]) -> Floats:
    answer = np.zeros(rows.shape)
    for place, row in enumerate(rows):
        flat = row.ravel().tolist()
        norm = max(map(abs, flat), default=1) or 1
        answer[place] = np.array([value / norm for value in flat]).reshape(row.shape)
    return answer


def _inverses(jacobians: Floats) -> tuple[Floats, Floats]:
    """Approximate inverses, and the left singular vectors, of Jacobians with axes (cell, equation, unknown)."""
    left, sizes, right = np.linalg.svd(jacobians)
    safe = np.maximum(sizes, 1e-9 * sizes[:, :1] + 1e-300)
    flipped = left.transpose(0, 2, 1)
    return right.transpose(0, 2, 1) @ (flipped / safe[:, :, None]), flipped


def _inside(root: Sequence[Floats], corners: Sequence[Floats]) -> bool:
    """Whether the root is in the slightly larger cell."""
    for mixture, own in zip(root, corners, strict=True):
        weights = np.linalg.solve(own.T, mixture)
        if weights.min() < -0.9 * LARGER / len(own):
            return False
    return True


def _floats(root: Root) -> list[Floats]:
    return [np.array([float(chance) for chance in mixture]) for mixture in root.mixtures]


def _same(one: Root, other: Root) -> bool:
    """Whether two proved roots are one: the second lies where the first is alone."""
    gap = max(
        abs(a - b)
        for mixture, known in zip(one.mixtures, other.mixtures, strict=True)
        for a, b in zip(mixture, known, strict=True)
    )
    return gap + one.radius + other.radius <= max(one.alone, other.alone)
