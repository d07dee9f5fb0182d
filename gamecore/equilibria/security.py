"""Security levels: what a player can be sure of, whatever the others do.

The pure maxmin of player `i` is `max_a min_b u_i(a, b)` over its options `a` and the profiles `b` of the others; the
mixed one is `max_x min_b u_i(x, b)` over its mixtures `x`. It is the value of the zero-sum game between the player and
all others acting as one (von Neumann 1928), a linear program solved exactly here, and at most every Nash payoff.

>>> from gamecore.games.strategic import StrategicGame
>>> prisoners = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
>>> maxmin_pure(prisoners)[0]
Security(value=Fraction(1, 1), options=(1,))
>>> pennies = StrategicGame.from_rows([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]])
>>> str(maxmin_pure(pennies)[0].value), str(maxmin_mixed(pennies)[0].value)
('-1', '0')
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from gamecore.equilibria.exact_linear import whole_numbers
from gamecore.equilibria.pivoting import Budget, maximise, point, polytope
from gamecore.equilibria.result import Status
from gamecore.games.strategic import StrategicGame

__all__ = ["SECURITY_WORK_LIMIT", "MixedSecurity", "Security", "maxmin_mixed", "maxmin_pure"]

SECURITY_WORK_LIMIT = 5_000_000
"""Entries of dictionaries computed at most for each player: two or three seconds on one core."""

Profiles = Sequence[tuple[int, ...]]
"""What the others may do together."""


@dataclass(frozen=True)
class Security:
    """The `value` a player is sure of, and all `options` that make sure of it."""

    value: Fraction
    options: tuple[int, ...]


@dataclass(frozen=True)
class MixedSecurity:
    """The `value` a player is sure of by its mixed `strategy`, and what proves that it can be sure of no more.

    `held_to` is how the others together hold the player to `at_most`: their profiles (of all players but this one, in
    order) and probabilities. The two values are equal unless a limit was hit.
    """

    value: Fraction
    strategy: tuple[Fraction, ...]
    at_most: Fraction
    held_to: tuple[tuple[tuple[int, ...], Fraction], ...]

    @property
    def status(self) -> Status:
        """Complete if the value is proved; partial if only the interval from `value` to `at_most` is."""
        return Status.COMPLETE if self.value == self.at_most else Status.PARTIAL


def maxmin_pure(game: StrategicGame) -> tuple[Security, ...]:
    """Each player's pure maxmin, exact."""
    levels = []
    for player in range(game.players):
        others = tuple(axis for axis in range(game.players) if axis != player)
        worst = game.payoffs[player].min(axis=others).tolist() if others else game.payoffs[player].tolist()
        best = max(worst)
        levels.append(Security(best, tuple(option for option, value in enumerate(worst) if value == best)))
    return tuple(levels)


def maxmin_mixed(
    game: StrategicGame, *, limit: int = SECURITY_WORK_LIMIT, should_stop: Callable[[], bool] | None = None
) -> tuple[MixedSecurity, ...]:
    """Each player's mixed maxmin, exact; the others may correlate what they do.

    `limit` bounds the work for each player, in entries of dictionaries computed; where it is hit, or `should_stop` says
    so, the pure levels are returned as an interval.
    """
    return tuple(_level(game, player, Budget(limit, should_stop)) for player in range(game.players))


def _level(game: StrategicGame, player: int, budget: Budget) -> MixedSecurity:
    own = game.shape[player]
    table = np.moveaxis(game.payoffs[player], player, 0).reshape(own, -1).tolist()
    others = list(product(*(range(count) for place, count in enumerate(game.shape) if place != player)))
    columns = _distinct_columns(table)
    losses = whole_numbers([-table[i][j] for j in columns for i in range(own)])
    rows = [[loss + 1 for loss in losses[start : start + own]] for start in range(0, len(losses), own)]
    optimum = maximise(polytope(rows), [1] * own, budget) if budget.allows(len(losses)) else None
    if optimum is None:
        return _pure_level(table, others)
    lengths = point(optimum, own)
    total = sum(lengths, Fraction(0))
    strategy = tuple(length / total for length in lengths)
    prices = {
        columns[slack - own]: cost
        for slack, cost in zip(optimum.cobasic, optimum.rows[-1], strict=False)
        if slack >= own and cost
    }
    weights = {column: Fraction(price, sum(prices.values())) for column, price in sorted(prices.items())}
    return _proved(table, others, strategy, weights)


def _distinct_columns(table: Sequence[Sequence[Fraction]]) -> list[int]:
    """One column of each kind."""
    places: dict[tuple[Fraction, ...], int] = {}
    for place, column in enumerate(zip(*table, strict=True)):
        places.setdefault(column, place)
    return list(places.values())


def _pure_level(table: Sequence[Sequence[Fraction]], others: Profiles) -> MixedSecurity:
    """What pure strategies on both sides prove."""
    worst = [min(row) for row in table]
    best = [max(column) for column in zip(*table, strict=True)]
    mine, theirs = worst.index(max(worst)), best.index(min(best))
    strategy = tuple(Fraction(option == mine) for option in range(len(table)))
    return _proved(table, others, strategy, {theirs: Fraction(1)})


def _proved(
    table: Sequence[Sequence[Fraction]], others: Profiles, strategy: tuple[Fraction, ...], weights: dict[int, Fraction]
) -> MixedSecurity:
    """Both values by plain sums over the payoffs: what the mixtures guarantee, whatever program found them."""
    played = [(chance, row) for chance, row in zip(strategy, table, strict=True) if chance]
    value = min(sum((chance * row[j] for chance, row in played), Fraction(0)) for j in range(len(others)))
    at_most = max(sum((weight * row[j] for j, weight in weights.items()), Fraction(0)) for row in table)
    return MixedSecurity(value, strategy, at_most, tuple((others[j], weight) for j, weight in weights.items()))
