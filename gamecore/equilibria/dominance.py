"""Dominated options: those a player never needs, whatever the others do.

Option `b` of player `i` weakly dominates option `a` if it is never worse against the others' options and better against
some; strictly, if it is better against all. Here both are judged by pure strategies only: an option dominated by a
mixture alone counts as undominated. Only the order of each player's payoffs matters, so the comparisons are on exact
ranks.

A weakly dominated option may be used in a Nash equilibrium (an agreement deadlocks because each is sure to be refused);
a strictly dominated one never is, so removing these, again and again, loses no equilibrium.

>>> from gamecore.games.strategic import StrategicGame
>>> weakly_dominated(StrategicGame.from_rows([[(1, 1), (0, 0)], [(0, 0), (0, 0)]]))
(frozenset({1}), frozenset({1}))
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gamecore.games.strategic import StrategicGame

__all__ = ["iterated_strict_dominance", "strictly_dominated", "undominated_rows", "weakly_dominated"]


def weakly_dominated(game: StrategicGame) -> tuple[frozenset[int], ...]:
    """Per player the options some other option of theirs weakly dominates."""
    return tuple(_dominated(game.ranks[player], player, strictly=False) for player in range(game.players))


def strictly_dominated(game: StrategicGame) -> tuple[frozenset[int], ...]:
    """Per player the options some other option of theirs strictly dominates."""
    return tuple(_dominated(game.ranks[player], player, strictly=True) for player in range(game.players))


def undominated_rows(ranks: npt.NDArray[np.int64], *, strictly: bool = False) -> npt.NDArray[np.bool_]:
    """Which rows no other row dominates, equal rows together: `ranks` has axes (row, what it is judged by).

    A row dominates another if no entry is smaller and some is larger; `strictly` if every entry is larger. Only
    undominated rows of a larger sum need to be compared, so the cost is rows times undominated rows at most.
    """
    distinct, place = np.unique(ranks, axis=0, return_inverse=True)
    undominated = np.empty_like(distinct)
    size = 0
    kept = np.zeros(len(distinct), dtype=bool)
    for row in np.argsort(-distinct.sum(axis=1), kind="stable"):
        better = undominated[:size] > distinct[row] if strictly else undominated[:size] >= distinct[row]
        if not better.all(axis=1).any():
            undominated[size] = distinct[row]
            size += 1
            kept[row] = True
    return kept[place.ravel()]


def iterated_strict_dominance(game: StrategicGame) -> tuple[tuple[int, ...], ...]:
    """Per player the options left when strictly dominated ones are removed until none is left to remove.

    Every Nash equilibrium of the game uses only these, and the order of removal does not matter.
    """
    kept = [list(range(count)) for count in game.shape]
    while True:
        before = [len(options) for options in kept]
        for player in range(game.players):
            ranks = game.ranks[player][np.ix_(*kept)]
            gone = _dominated(ranks, player, strictly=True)
            kept[player] = [option for place, option in enumerate(kept[player]) if place not in gone]
        if [len(options) for options in kept] == before:
            return tuple(tuple(options) for options in kept)


def _dominated(ranks: npt.NDArray[np.int64], player: int, *, strictly: bool) -> frozenset[int]:
    """The player's dominated options; `ranks` has the axes of the options."""
    rows = np.moveaxis(ranks, player, 0).reshape(ranks.shape[player], -1)
    return frozenset(np.flatnonzero(~undominated_rows(rows, strictly=strictly)).tolist())
