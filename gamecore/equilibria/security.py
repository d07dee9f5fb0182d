"""Security levels: what a player can be sure of by one option, whatever the others do.

The pure maxmin of player `i` is `max_a min_{b} u_i(a, b)` over its options `a` and the profiles `b` of the others. It
is at most the mixed maxmin, which is at most every Nash payoff (von Neumann 1928).

>>> from gamecore.games.strategic import StrategicGame
>>> maxmin_pure(StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]]))[0]
Security(value=Fraction(1, 1), options=(1,))
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gamecore.games.strategic import StrategicGame

__all__ = ["Security", "maxmin_pure"]


@dataclass(frozen=True)
class Security:
    """The `value` a player is sure of, and all `options` that make sure of it."""

    value: Fraction
    options: tuple[int, ...]


def maxmin_pure(game: StrategicGame) -> tuple[Security, ...]:
    """Each player's pure maxmin, exact."""
    levels = []
    for player in range(game.players):
        others = tuple(axis for axis in range(game.players) if axis != player)
        worst = game.payoffs[player].min(axis=others).tolist() if others else game.payoffs[player].tolist()
        best = max(worst)
        levels.append(Security(best, tuple(option for option, value in enumerate(worst) if value == best)))
    return tuple(levels)
