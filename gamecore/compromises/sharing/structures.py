"""Who should work together: the partitions into coalitions that are worth most, and whether shares hold one together.

The *superadditive cover* of a game gives each coalition the most its members can have by splitting up; the best
coalition structures are the partitions of all players that are worth what the cover says. A structure has a core
(Aumann & Dreze 1974) only if it is a best one, and if one has a core, all best ones have the same: so one program
settles the stability of all of them.

>>> from gamecore.games.coalition import CoalitionGame
>>> pairs = CoalitionGame.from_function("abcd", lambda members: 4 if members in (("a", "b"), ("c", "d")) else 0)
>>> found = stable_structures(pairs)
>>> [[pairs.names(block) for block in structure] for structure in found.best.structures], found.core.is_empty
([[('a', 'b'), ('c', 'd')]], False)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import numpy as np

from gamecore.compromises.sharing.core import Core, core
from gamecore.compromises.sharing.judge import stand, structures_faults
from gamecore.compromises.sharing.programs import Stop
from gamecore.errors import OutOfTimeError
from gamecore.games.coalition import CoalitionGame, coalition_sums

__all__ = ["STRUCTURE_LIMIT", "BestStructures", "StableStructures", "best_structures", "stable_structures"]

STRUCTURE_LIMIT = 1_000
"""Tied best structures that are listed: of players who add nothing to each other, every partition is one."""


@dataclass(frozen=True)
class BestStructures:
    """`worth` is the most all players can have by splitting up, `structures` the partitions worth that much.

    Blocks are coalitions, in the order of their first players. `complete` says whether all tied structures are listed.
    `cover`, the superadditive cover, proves that no partition is worth more.
    """

    worth: Fraction
    structures: tuple[tuple[int, ...], ...]
    complete: bool
    cover: CoalitionGame


@dataclass(frozen=True)
class StableStructures:
    """The best structures, and the core of the first of them, which is the core of all.

    If that core is empty, no structure is stable: whatever is shared, some coalition has more on its own.
    """

    best: BestStructures
    core: Core


def stable_structures(game: CoalitionGame, *, should_stop: Stop | None = None) -> StableStructures:
    """The structures that shares can hold together. Raises `OutOfTimeError` if `should_stop` says so."""
    best = best_structures(game, should_stop=should_stop)
    names = [game.names(block) for block in best.structures[0]]
    return StableStructures(best, core(game, names, should_stop=should_stop))


def best_structures(game: CoalitionGame, *, should_stop: Stop | None = None) -> BestStructures:
    """The partitions of the players that are worth most, all ties up to `STRUCTURE_LIMIT`; `O(3^n)`.

    Raises `OutOfTimeError` if `should_stop` says so.
    """
    cover = game.whole.copy()
    for coalition in range(1, len(cover)):
        if should_stop is not None and should_stop():
            raise OutOfTimeError("the time was up before the best coalitions were found", limit="seconds")
        first = coalition & -coalition
        others = coalition_sums([1 << player for player in game.members(coalition ^ first)]).astype(np.int64)
        cover[coalition] = (game.whole[others | first] + cover[coalition ^ first ^ others]).max()
    found = list(islice(_optimal(game, cover.tolist(), game.everybody), STRUCTURE_LIMIT + 1))
    covering = CoalitionGame(game.players, tuple(Fraction(value, game.scale) for value in cover.tolist()))
    structures = tuple(found[:STRUCTURE_LIMIT])
    stand(structures_faults(game, structures, covering))
    return BestStructures(covering.values[-1], structures, len(found) <= STRUCTURE_LIMIT, covering)


def _optimal(game: CoalitionGame, cover: list[int], left: int) -> Iterator[tuple[int, ...]]:
    """The partitions of those who are left that are worth what the cover says."""
    if not left:
        yield ()
        return
    first = left & -left
    others = coalition_sums([1 << player for player in game.members(left ^ first)]).tolist()
    for block in sorted(first | group for group in others):
        if game.whole[block] + cover[left ^ block] == cover[left]:
            for rest in _optimal(game, cover, left ^ block):
                yield (block, *rest)
