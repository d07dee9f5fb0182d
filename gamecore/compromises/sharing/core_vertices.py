"""All corners of a core: the core is exactly their mixtures.

The shares that give each block its worth and everybody at least what it has alone form a product of simplices. One
coalition after the other then cuts off the corners it objects to; a cut puts a new corner on each edge between a corner
that stays and one that goes (double description; Motzkin et al. 1953). Two corners share an edge if no third one meets
all the bounds with equality that both meet. Exact; the order of the coalitions does not change the answer.

>>> from gamecore.compromises.sharing.core import core
>>> from gamecore.games.coalition import CoalitionGame
>>> game = CoalitionGame.from_function("abc", lambda members: (0, 0, 1, 3)[len(members)])
>>> [[str(share) for share in vertex] for vertex in core_vertices(game, core(game))]
[['0', '1', '2'], ['0', '2', '1'], ['1', '0', '2'], ['1', '2', '0'], ['2', '0', '1'], ['2', '1', '0']]
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice, product

from gamecore.compromises.sharing.core import Core
from gamecore.compromises.sharing.judge import core_faults, stand
from gamecore.compromises.sharing.programs import Stop
from gamecore.errors import OutOfTimeError, TooLargeError
from gamecore.games.coalition import CoalitionGame

__all__ = ["VERTEX_LIMIT", "core_vertices"]

VERTEX_LIMIT = 1_000
"""Corners on the way at most. A convex game of six players has up to 720; comparing them takes some seconds."""

Point = tuple[Fraction, ...]


def core_vertices(
    game: CoalitionGame, found: Core, *, most: int = VERTEX_LIMIT, should_stop: Stop | None = None
) -> tuple[Point, ...]:
    """The corners of the core, ascending; none if it is empty. `found` is the game's core.

    Raises `TooLargeError` beyond `most` corners, `OutOfTimeError` if `should_stop` says so.
    """
    if found.is_empty:
        return ()
    singles = [1 << player for player in range(len(game.players))]
    corners = {point: _tight(game, point, singles) for point in _simplices(game, found.structure)}
    edge = len(singles) - len(found.structure) - 1
    settled = {*singles, *found.structure}
    # Large coalitions cut deepest, so that few corners are made only to be cut off again.
    rest = sorted((one for one in range(1, game.everybody) if one not in settled), key=lambda one: -one.bit_count())
    for place, coalition in enumerate(rest, len(singles)):
        excesses = {point: game.excess(coalition, point) for point in corners}
        made = _on_the_edges(corners, excesses, edge, should_stop)
        corners = {
            point: tight | (excesses[point] == 0) << place for point, tight in corners.items() if excesses[point] <= 0
        }
        corners.update({point: tight | 1 << place for point, tight in made.items()})
        if len(corners) > most:
            raise TooLargeError(
                f"the core has more corners on the way than the {most} that are listed",
                limit="core vertices",
                count=len(corners),
                allowed=most,
            )
    for point in corners:
        stand(core_faults(game, point, found.structure))
    return tuple(sorted(corners))


def _simplices(game: CoalitionGame, structure: tuple[int, ...]) -> list[Point]:
    """Everybody has what it has alone, and one member of each block all that is left of the block's worth."""
    points = []
    for favoured in product(*(game.members(block) for block in structure)):
        shares = [game.values[1 << player] for player in range(len(game.players))]
        for block, player in zip(structure, favoured, strict=True):
            shares[player] += game.excess(block, shares)
        points.append(tuple(shares))
    return points


def _tight(game: CoalitionGame, point: Point, bounds: list[int]) -> int:
    """The bounds that a point meets with equality, one bit each."""
    return sum(1 << place for place, bound in enumerate(bounds) if game.excess(bound, point) == 0)


def _on_the_edges(
    corners: dict[Point, int], excesses: dict[Point, Fraction], edge: int, should_stop: Stop | None
) -> dict[Point, int]:
    """Where the edges between corners that stay and corners that go are cut, with the bounds met there.

    An edge meets at least `edge` bounds with equality, and so does every point on it, exactly those of both its ends.
    """
    made = {}
    for out in (point for point, excess in excesses.items() if excess > 0):
        if should_stop is not None and should_stop():
            raise OutOfTimeError("the time was up before all corners of the core were found", limit="seconds")
        for kept in (point for point, excess in excesses.items() if excess < 0):
            both = corners[out] & corners[kept]
            if both.bit_count() < edge or _has_third(corners, both):
                continue
            part = excesses[out] / (excesses[out] - excesses[kept])
            made[tuple(a + part * (b - a) for a, b in zip(out, kept, strict=True))] = both
    return made


def _has_third(corners: dict[Point, int], both: int) -> bool:
    """Whether a third corner meets the bounds that two meet."""
    meeting = (tight for tight in corners.values() if tight & both == both)
    return next(islice(meeting, 2, None), None) is not None
