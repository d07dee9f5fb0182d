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

__all__ = ["iterated_strict_dominance", "strictly_dominated", "weakly_dominated"]


def weakly_dominated(game: StrategicGame) -> tuple[frozenset[int], ...]:
    """Per player the options some other option of theirs weakly dominates; `m_i^2` comparisons of rows of profiles."""
    dominated = []
    for player in range(game.players):
        rows = _rows(game.ranks[player], player)
        dominated.append(
            frozenset(
                option
                for option, row in enumerate(rows)
                if bool(((rows >= row).all(axis=1) & (rows > row).any(axis=1)).any())
            )
        )
    return tuple(dominated)


def strictly_dominated(game: StrategicGame) -> tuple[frozenset[int], ...]:
    """Per player the options some other option of theirs strictly dominates."""
    return tuple(_strictly_dominated(game.ranks[player], player) for player in range(game.players))


def iterated_strict_dominance(game: StrategicGame) -> tuple[tuple[int, ...], ...]:
    """Per player the options left when strictly dominated ones are removed until none is left to remove.

    Every Nash equilibrium of the game uses only these, and the order of removal does not matter.
    """
    kept = [list(range(count)) for count in game.shape]
    while True:
        before = [len(options) for options in kept]
        for player in range(game.players):
            ranks = game.ranks[player][np.ix_(*kept)]
            gone = _strictly_dominated(ranks, player)
            kept[player] = [option for place, option in enumerate(kept[player]) if place not in gone]
        if [len(options) for options in kept] == before:
            return tuple(tuple(options) for options in kept)


def _strictly_dominated(ranks: npt.NDArray[np.int64], player: int) -> frozenset[int]:
    rows = _rows(ranks, player)
    return frozenset(option for option, row in enumerate(rows) if bool((rows > row).all(axis=1).any()))


def _rows(ranks: npt.NDArray[np.int64], player: int) -> npt.NDArray[np.int64]:
    """A player's payoffs as (own option, profile of the others)."""
    mine = np.moveaxis(ranks, player, 0)
    return mine.reshape(mine.shape[0], -1)
