"""The equilibria of many two-player games of one shape by their supports, and which games are too close to a tie.

Notation of `batch_minors`: `x` on rows `I` levels the columns `J`, `y` on `J` levels the rows `I`. In a nondegenerate
game every equilibrium has supports of one size, is the only one on them, and nobody else's option is as good (von
Stengel 2007, section 3.2). So `(I, J)` carries an equilibrium exactly if two rows of signs agree: those of the weights
of `x` with those of what the columns outside lose, and the same for `y`. Signs are kept as bits, eight games to a byte.

A sign is *unsure* if the determinant is nearer to 0 than what may have been rounded, or than payoffs that count as
equal (`RELATIVE_TIE_TOLERANCE`). That need not matter: what happens far from anybody's best responses decides nothing.
It matters if, as far as one can be sure, some `x` on `I` has more best responses `T` than options it uses. Where there
is no such `x` and no such `y`, the game is as good as nondegenerate: an equilibrium with supports of different sizes,
or one of infinitely many, has one among the extreme points it is mixed of. And it does not matter if another row is
better than one of `I` against all of `T`, so that no mixture of `T` makes all of `I` best responses: dominance on the
condition of the other's support (Porter, Nudelman & Shoham 2008), judged by masks of the columns at which a row beats
another. The games left are *close*: they want to be solved exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.batch_minors import (
    Floats,
    Whole,
    Workspace,
    added,
    dropped,
    members,
    minors,
    rounding,
    subsets,
)
from gamecore.equilibria.tolerance import RELATIVE_TIE_TOLERANCE

__all__ = ["Clear", "clear_equilibria"]

Bits = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Signs = tuple[Bits, Bits]
"""Where something is surely negative, and where it may be; the same array where all signs are sure."""

MOST_EXPONENT: Final = 1023
"""Of the powers of 2 that floats hold."""

NO_VALUES: Final[Floats] = np.zeros((0, 0, 0))
NO_SIGNS: Final[Signs] = (np.zeros((0, 0, 0), dtype=np.uint8),) * 2

SMALLEST_WEIGHT: Final = 1e-6
"""Weights of a mixture that sum to less (of payoffs up to 1) come from nearly dependent columns: their shares might be
off by more than the 1e-9 that is promised."""


@dataclass(frozen=True)
class Clear:
    """Equilibria in the order of games, pure ones first, then by supports; `close` (game,) wants an exact solver.

    `game` (equilibrium,), `x` (equilibrium, row), `y` (equilibrium, column), `payoffs` (equilibrium, player).
    Nothing is listed for close games.
    """

    game: Whole
    x: Floats
    y: Floats
    payoffs: Floats
    close: Flags


def clear_equilibria(
    row_payoffs: Floats, column_payoffs: Floats, space: Workspace, expand: Callable[..., Floats] = minors
) -> Clear:
    """All equilibria of the games that are not too close to a tie; payoffs with axes (game, row, column).

    `expand` computes the determinants: `minors`, or what gives the same.
    """
    sides = _side(column_payoffs), _side(row_payoffs.transpose(0, 2, 1))
    first = _Search(sides, None, space, expand)
    found, close = first.found, first.close
    if first.doubtful.any():
        doubtful = first.doubtful
        beaten = _beaten(row_payoffs[doubtful]), _beaten(column_payoffs[doubtful].transpose(0, 2, 1))
        second = _Search((sides[0].part(doubtful), sides[1].part(doubtful)), beaten, space, expand)
        places = np.flatnonzero(doubtful)
        close[places] |= second.close
        found = [one.kept(~doubtful) for one in found] + [one.of(places) for one in second.found]
    if close.any():
        found = [one.kept(~close) for one in found]
    return _listed(found, (row_payoffs, column_payoffs), close)


def _listed(found: Sequence[_Found], tables: tuple[Floats, Floats], close: Flags) -> Clear:
    """All equilibria found, sorted, with what they are worth."""
    game, order = (np.concatenate([getattr(one, name) for one in found]) for name in ("game", "order"))
    listed = _sorted(order)
    listed = listed[_sorted(game[listed])]
    place = np.empty_like(listed)
    place[listed] = np.arange(len(listed))
    x, y = (np.zeros((len(game), count)) for count in tables[0].shape[1:])
    payoffs = np.zeros((len(game), 2))
    start = 0
    for one in found:
        here = place[start : start + len(one.game)]
        start += len(one.game)
        x.ravel()[here * x.shape[1] + one.rows] = one.x
        y.ravel()[here * y.shape[1] + one.columns] = one.y
        # Any option that is used gets what the mixture gets. Places in a table laid out in a row are quick to take.
        cell = one.game * (x.shape[1] * y.shape[1])
        row, column = cell + one.rows[0] * y.shape[1] + one.columns, cell + one.rows * y.shape[1] + one.columns[0]
        for player, (used, chances) in enumerate(((row, one.y), (column, one.x))):
            parts = tables[player].ravel().take(used)
            parts *= chances
            for part in parts[1:]:
                parts[0] += part
            payoffs[here, player] = parts[0]
    return Clear(game[listed], x, y, payoffs, close)


def _sorted(numbers: Whole) -> Whole:
    """How to sort numbers that are not negative, equal ones as they stand; small numbers are sorted by their digits."""
    short = not len(numbers) or numbers.max() < 1 << 16
    return np.argsort(numbers.astype(np.uint16) if short else numbers, kind="stable")


# ---- payoffs


@dataclass(frozen=True)
class _Side:
    """One player's payoffs, centred and scaled to at most 1: axes (option of the other, own option, game).

    `largest` (game,) is the largest payoff in the same scale before it was centred.
    """

    table: Floats
    largest: Floats

    @property
    def other(self) -> int:
        return int(self.table.shape[0])

    @property
    def own(self) -> int:
        return int(self.table.shape[1])

    def nearest(self, size: int) -> Floats:
        """How far from 0 a determinant of `size` rows has to be for its sign to be sure: (game,)."""
        return np.maximum(RELATIVE_TIE_TOLERANCE * self.largest, rounding(size) * (1 + self.largest))

    def part(self, games: Flags) -> _Side:
        return _Side(np.ascontiguousarray(self.table[..., games]), self.largest[games])


def _side(payoffs: Floats) -> _Side:
    """From payoffs with axes (game, option of the other, own option); scaled by a power of 2, which rounds nothing."""
    table = np.array(np.moveaxis(payoffs, 0, -1), order="C")
    highest, lowest = table.max(axis=(0, 1)), table.min(axis=(0, 1))
    scale = np.ldexp(1.0, np.minimum(MOST_EXPONENT, -np.frexp(highest / 2 - lowest / 2)[1]))
    table -= highest / 2 + lowest / 2
    table *= scale
    with np.errstate(over="ignore"):  # payoffs that differ by next to nothing: no sign is sure then
        return _Side(table, np.maximum(abs(highest), abs(lowest)) * scale)


def _beaten(payoffs: Floats) -> Bits:
    """Where one of a player's options is better than another: axes (game, option, better one, byte of the other's).

    `payoffs` have axes (game, own option, option of the other). The comparison is exact.
    """
    return np.packbits(payoffs[:, None] > payoffs[:, :, None], axis=-1)


# ---- the search


@dataclass(frozen=True)
class _Found:
    """Equilibria with supports of one size; `order` is the place of their supports among all.

    The options used and their chances have axes (place in the support, equilibrium).
    """

    game: Whole
    order: Whole
    rows: Whole
    columns: Whole
    x: Floats
    y: Floats

    def kept(self, games: Flags) -> _Found:
        chosen = games[self.game]
        options = self.rows[:, chosen], self.columns[:, chosen]
        return _Found(self.game[chosen], self.order[chosen], *options, self.x[:, chosen], self.y[:, chosen])

    def of(self, games: Whole) -> _Found:
        return replace(self, game=games[self.game])


class _Search:
    """The equilibria by size of supports.

    Without `beaten` every sign is taken as it comes, and `doubtful` (game,) tells where one is unsure. With it,
    equilibria are found where all their signs are sure, and `close` (game,) tells where an unsure one matters.
    """

    def __init__(
        self,
        sides: tuple[_Side, _Side],
        beaten: tuple[Bits, Bits] | None,
        space: Workspace,
        expand: Callable[..., Floats],
    ) -> None:
        self.sides = sides
        self.beaten = beaten
        self.space = space
        self.rows, self.columns, self.games = sides[0].table.shape
        self.doubtful = np.zeros(self.games, dtype=bool)
        self.close = np.zeros(self.games, dtype=bool)
        self.found: list[_Found] = []
        before = [NO_VALUES, NO_VALUES]
        signs_before = [NO_SIGNS, NO_SIGNS]
        for size in range(1, min(self.rows, self.columns) + 1):
            now = [NO_VALUES, NO_VALUES]
            signs = [NO_SIGNS, NO_SIGNS]
            for which, side in enumerate(sides):
                if side.own > size:
                    values = expand(side.table, before[which], size, space, which)
                    now[which], signs[which] = values, self.signs(values, side.nearest(size))
            agreed = [self.agreed(which, size, signs_before[which], signs[which]) for which in (0, 1)]
            if beaten is not None:
                for which, (surely, perhaps) in enumerate(agreed):
                    self.judge(which, size, perhaps & ~surely, signs[which], beaten[which])
            self.mixtures(size, agreed[0][0] & agreed[1][0].transpose(1, 0, 2), before)
            before, signs_before = now, signs

    def signs(self, values: Floats, nearest: Floats) -> Signs:
        """Of determinants with axes (`S`, `T`, game), eight games to a byte."""
        flags = self.space.array("flags", values.shape, np.bool_)
        if self.beaten is None:
            absolute = np.abs(values, out=self.space.array("term", values.shape))
            self.doubtful |= absolute.reshape(-1, self.games).min(axis=0) <= nearest
            bits = np.packbits(np.less(values, 0, out=flags), axis=-1)
            return bits, bits
        surely = np.packbits(np.less(values, -nearest, out=flags), axis=-1)
        return surely, np.packbits(np.less_equal(values, nearest, out=flags), axis=-1)

    def agreed(self, which: int, size: int, weights: Signs, losses: Signs) -> Signs:
        """Where a mixture exists and nobody outside is as good: surely, and perhaps; axes (`I`, `J`, byte).

        All weights and all losses have to be positive, or all negative.
        """
        side, bytes_ = self.sides[which], (self.games + 7) // 8
        shape = (len(subsets(side.other, size)), len(subsets(side.own, size)), bytes_)
        two = self.beaten is not None
        some, every = (self.space.array((name, which), shape, np.uint8) for name in ("some", "every"))
        some_may, every_sure = (
            (self.space.array((name, which), shape, np.uint8) if two else one)
            for name, one in (("some may", some), ("every sure", every))
        )
        for one in (some, some_may):
            one.fill(0)
        for one in (every, every_sure):
            one.fill(0 if size == 1 else 255)  # one option used: its weight is 1
        for surely, may in self._rows(side, size, weights, losses, shape):
            some |= surely
            every &= may
            if two:
                some_may |= may
                every_sure &= surely
        perhaps = np.bitwise_or(np.invert(some, out=some), every, out=some)
        return (~some_may | every_sure if two else perhaps), perhaps

    def _rows(self, side: _Side, size: int, weights: Signs, losses: Signs, shape: tuple[int, ...]) -> Iterator[Signs]:
        """The signs of all weights and losses, one after the other: axes (`I`, `J`, byte)."""
        surely, may = (self.space.array(name, shape, np.uint8) for name in ("surely", "may"))
        if self.beaten is None:
            may = surely
        for p in range(size if size > 1 else 0):
            for source, into in _pairs(weights, (surely, may)):
                np.take(source, dropped(side.other, size)[p], axis=0, out=into, mode="clip")
            yield _turned(surely, may) if p % 2 else (surely, may)
        outside = added(side.own, size)
        for place, odd in zip(outside.place, outside.odd, strict=True):
            for source, into in _pairs(losses, (surely, may)):
                np.take(source, place, axis=1, out=into, mode="clip")
            if may is surely:
                surely ^= np.where(odd, 0, 255).astype(np.uint8)[:, None]
                yield surely, surely
            else:
                turned = _turned(surely, may)
                yield (np.where(odd[:, None], surely, turned[0]), np.where(odd[:, None], may, turned[1]))

    def mixtures(self, size: int, agreed: Bits, before: Sequence[Floats]) -> None:
        """Add the equilibria with supports of this size: `agreed` has axes (rows, columns, byte)."""
        first, second, game = _set(agreed, self.games)
        own = (
            self.chances(self.sides[0], size, before[0], (first, second, game)),
            self.chances(self.sides[1], size, before[1], (second, first, game)),
        )
        order = _order(self.rows, self.columns, size, 0)[first] + _order(self.rows, self.columns, size, 1)[second]
        options = members(self.rows, size)[:, first], members(self.columns, size)[:, second]
        self.found.append(_Found(game, order, *options, *own))

    def chances(self, side: _Side, size: int, weights: Floats, places: tuple[Whole, Whole, Whole]) -> Floats:
        """How the options of the supports are mixed: axes (place in the support, equilibrium)."""
        own, other, game = places
        if size == 1:
            return np.ones((1, len(game)))
        cell = (dropped(side.other, size)[:, own] * weights.shape[1] + other) * weights.shape[2] + game
        shares: Floats = weights.ravel().take(cell)
        np.abs(shares, out=shares)
        total = shares[0].copy()
        for share in shares[1:]:
            total += share
        self.close[game[total < SMALLEST_WEIGHT]] = True
        shares /= total
        return shares

    # ---- unsure signs

    def judge(self, which: int, size: int, unsure: Bits, losses: Signs, beaten: Bits) -> None:
        """Call games close in which an `x` on `I` that levels `J` may have more best responses, and that matters."""
        own, other, game = _set(unsure & ~np.packbits(self.close), self.games)
        side = self.sides[which]
        block = max(1, JUDGED_BYTES // (beaten.shape[1] * beaten.shape[3] * size))
        for start in range(0, len(game), block):
            part = slice(start, start + block)
            self._judged(side, size, (own[part], other[part], game[part]), losses, beaten)

    def _judged(self, side: _Side, size: int, places: tuple[Whole, Whole, Whole], losses: Signs, beaten: Bits) -> None:
        own, other, game = places
        every = np.arange(len(game))
        best = np.zeros((len(game), side.own), dtype=bool)
        best[every, members(side.own, size)[:, other]] = True
        outside = added(side.own, size)
        for element, place in zip(outside.element, outside.place, strict=True):
            surely, may = (bits[own, place[other], game // 8] for bits in losses)
            best[every, element[other]] = (((surely ^ may) >> (7 - game % 8).astype(np.uint8)) & 1).astype(bool)
        masks = np.packbits(best, axis=-1)
        hopeless = np.zeros(len(game), dtype=bool)
        for used in members(side.other, size)[:, own]:
            missed = masks[:, None] & ~beaten[game, used]
            hopeless |= ~missed.any(axis=-1).all(axis=-1)
        self.close[game[~hopeless]] = True


JUDGED_BYTES: Final = 20_000_000
"""Masks that are compared at a time: about 20 MB."""


def _pairs(sources: Signs, into: Signs) -> Iterator[tuple[Bits, Bits]]:
    yield sources[0], into[0]
    if into[1] is not into[0]:
        yield sources[1], into[1]


def _turned(surely: Bits, may: Bits) -> Signs:
    """The signs of the opposite numbers."""
    turned = np.invert(may)
    return turned, (turned if may is surely else np.invert(surely))


def _set(bits: Bits, games: int) -> tuple[Whole, Whole, Whole]:
    """Where bits are set: first place, second place, game."""
    full = np.flatnonzero(bits)
    each = np.flatnonzero(np.unpackbits(bits.ravel()[full]).view(np.bool_))
    byte = full[each >> 3]
    both = byte // bits.shape[2]
    game = (byte - both * bits.shape[2]) * 8 + (each & 7)
    if games % 8:  # the last byte is longer than the games
        real = game < games
        both, game = both[real], game[real]
    first = both // bits.shape[1]
    return first, both - first * bits.shape[1], game


@cache
def _order(rows: int, columns: int, size: int, which: int) -> Whole:
    """What the rows (`which` 0) or the columns of a pair of supports add to its place among all pairs.

    Pure ones come first, then pairs by their rows as lists and by their columns: as `in_fixed_order` has them.
    """
    sizes = range(2, min(rows, columns) + 1)
    ranks = [
        {one: place for place, one in enumerate(sorted(one for each in sizes for one in subsets(count, each)), 1)}
        for count in (rows, columns)
    ]
    if size == 1:
        return np.arange((rows, columns)[which], dtype=np.intp) * (columns if which == 0 else 1)
    step = len(ranks[1]) + 1 if which == 0 else 1
    before = rows * columns if which == 0 else 0
    count = (rows, columns)[which]
    return np.array([before + ranks[which][one] * step for one in subsets(count, size)], dtype=np.intp)
