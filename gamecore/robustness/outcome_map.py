"""Which outcome comes about for every pair of values of two uncertain numbers, the others at base values.

Play is looked at on a grid. Where two neighbours on the grid differ, the place between them where the outcome changes
is narrowed down by playing there, so that borders do not follow the steps of the grid. Where more than one border runs
through a cell, the rows and columns of that cell are looked at more finely. What is smaller than a step of the grid in
both directions can be missed; of several changes between two neighbours the first is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.following import Forced
from gamecore.errors import InputError, TooLargeError
from gamecore.games.translate import Game, Talks
from gamecore.robustness.outcomes import outcomes_at
from gamecore.robustness.points import PricedAt, play_at
from gamecore.robustness.tornado import reach
from gamecore.valuation.inputs import Quantity, quantity_key

__all__ = ["MOST_STEPS", "MapOf", "OutcomeMap", "Window", "outcome_map", "window"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]

MOST_STEPS: Final = 200  # on a side
REACH: Final = 2.5  # of the picture beyond the base value, in distances to P10 and P90
SPLIT: Final = 8  # parts that a step with a change is cut into
ROUNDS: Final = 3  # times that is done: a step becomes 512 times finer
FINER: Final = 5  # steps for one where several borders meet
MOST_FINER: Final = 24  # rows, and columns, looked at more finely


@dataclass(frozen=True)
class Window:
    """One axis: the number, and from where to where it is shown."""

    quantity: Quantity
    low: float
    high: float


@dataclass(frozen=True)
class MapOf:
    """One protocol: `outcomes` (row, column); where they change between a column and the next (`across`, by row and
    column, a value of x) and between a row and the next (`along`, a value of y); the outcome at base values.
    """

    talks: Talks
    outcomes: Whole
    across: dict[tuple[int, int], float]
    along: dict[tuple[int, int], float]
    at_base: int


@dataclass(frozen=True)
class OutcomeMap:
    """The grid's values `xs` (column,) and `ys` (row,), rising, and what happens there under each protocol."""

    x: Window
    y: Window
    xs: Floats
    ys: Floats
    maps: tuple[MapOf, ...]


def window(quantity: Quantity, low: float | None = None, high: float | None = None) -> Window:
    """An axis from `low` to `high`, by default well beyond P10 and P90. Raises `InputError` if it is empty."""
    first, last = reach(quantity.distribution, REACH)
    first, last = first if low is None else low, last if high is None else high
    if not (np.isfinite(first) and np.isfinite(last) and first < last):
        raise InputError(
            f"{quantity.key}: from {first:g} to {last:g} is no stretch to draw; name the smaller end first"
        )
    return Window(quantity, first, last)


def outcome_map(
    game: Game,
    talks: Sequence[Talks],
    plans: Sequence[Forced],
    x: Window,
    y: Window,
    *,
    columns: int = 64,
    rows: int = 48,
) -> OutcomeMap:
    """Play every protocol on a grid of so many steps a side.

    Raises `TooLargeError` above `MOST_STEPS` steps on a side; `InputError` if both axes are the same number, or a
    payoff has no value somewhere in the window.
    """
    if quantity_key(x.quantity.distribution) == quantity_key(y.quantity.distribution):
        raise InputError(f"a map has two different inputs; '{x.quantity.key}' stands for both")
    for steps in (columns, rows):
        if not 2 <= steps <= MOST_STEPS:
            raise TooLargeError(
                f"a map has from 2 to {MOST_STEPS} steps on a side, not {steps}",
                limit="steps of the map",
                count=steps,
                allowed=MOST_STEPS,
            )
    xs, ys = np.linspace(x.low, x.high, columns + 1), np.linspace(y.low, y.high, rows + 1)
    player = _Player(game, talks, plans, x, y)
    coarse = player.tables(xs, ys)
    xs, ys = _finer(xs, ys, coarse)
    tables = coarse if len(xs) == columns + 1 and len(ys) == rows + 1 else player.tables(xs, ys)
    base_x, base_y = (np.array([float(axis.quantity.distribution.base)]) for axis in (x, y))
    at_base = player.at(base_x, base_y)
    maps = []
    for which, (protocol, table) in enumerate(zip(talks, tables, strict=True)):
        across = [(int(r), int(c)) for r, c in np.argwhere(table[:, 1:] != table[:, :-1])]
        along = [(int(r), int(c)) for r, c in np.argwhere(table[1:] != table[:-1])]
        edges = [((xs[c], ys[r]), (xs[c + 1], ys[r])) for r, c in across]
        edges += [((xs[c], ys[r]), (xs[c], ys[r + 1])) for r, c in along]
        places = player.narrowed(which, np.array(edges).reshape(-1, 2, 2), [table[edge] for edge in across + along])
        maps.append(
            MapOf(
                protocol,
                table,
                {edge: float(place[0]) for edge, place in zip(across, places, strict=False)},
                {edge: float(place[1]) for edge, place in zip(along, places[len(across) :], strict=True)},
                int(outcomes_at(at_base.played[which])[0]),
            )
        )
    return OutcomeMap(x, y, xs, ys, tuple(maps))


def _finer(xs: Floats, ys: Floats, tables: Sequence[Whole]) -> tuple[Floats, Floats]:
    """The grid with more steps where a cell has three outcomes, or two that lie crosswise."""
    crowded = np.zeros((len(ys) - 1, len(xs) - 1), dtype=bool)
    for table in tables:
        corners = np.stack([table[:-1, :-1], table[:-1, 1:], table[1:, 1:], table[1:, :-1]])
        changes = (corners != np.roll(corners, 1, axis=0)).sum(axis=0)  # going round the cell
        crowded |= changes > 2
    around = np.pad(crowded, 1)
    near = around[:-2, 1:-1] | around[2:, 1:-1] | around[1:-1, :-2] | around[1:-1, 2:] | crowded
    return _split(xs, near.any(axis=0)), _split(ys, near.any(axis=1))


def _split(steps: Floats, where: npt.NDArray[np.bool_]) -> Floats:
    chosen = np.flatnonzero(where)[:MOST_FINER]
    shares = np.arange(1, FINER) / FINER
    between = [steps[i] + shares * (steps[i + 1] - steps[i]) for i in chosen]
    return np.sort(np.concatenate([steps, *between]))


@dataclass(frozen=True)
class _Player:
    """Plays at pairs of values."""

    game: Game
    talks: Sequence[Talks]
    plans: Sequence[Forced]
    x: Window
    y: Window

    def at(self, xs: Floats, ys: Floats, which: int | None = None) -> PricedAt:
        keys = (quantity_key(axis.quantity.distribution) for axis in (self.x, self.y))
        talks = self.talks if which is None else [self.talks[which]]
        return play_at(self.game, talks, self.plans, dict(zip(keys, (xs, ys), strict=True)), price=False)

    def tables(self, xs: Floats, ys: Floats) -> list[Whole]:
        """The outcomes on a grid, per protocol (row, column)."""
        grid_x, grid_y = (table.ravel() for table in np.meshgrid(xs, ys))
        return [outcomes_at(played).reshape(len(ys), len(xs)) for played in self.at(grid_x, grid_y).played]

    def narrowed(self, which: int, edges: Floats, before: Sequence[int]) -> Floats:
        """Where the outcome first changes on each edge (edge, end, coordinate) of the grid: (edge, coordinate)."""
        if not len(edges):
            return np.empty((0, 2))
        shares = np.linspace(0, 1, SPLIT + 1)[None, :, None]
        first = np.asarray(before)[:, None]
        for _ in range(ROUNDS):
            points = edges[:, :1] + shares * (edges[:, 1:] - edges[:, :1])  # (edge, part, coordinate)
            flat = points.reshape(-1, 2)
            codes = outcomes_at(self.at(flat[:, 0], flat[:, 1], which).played[0]).reshape(points.shape[:2])
            changed = (codes != first).argmax(axis=1)
            changed = np.where(changed == 0, SPLIT, changed)  # the far end differs, as the grid found
            number = np.arange(len(edges))
            edges = np.stack([points[number, changed - 1], points[number, changed]], axis=1)
        return np.asarray(edges.mean(axis=1))
