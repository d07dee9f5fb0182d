"""What each player adds on average: Shapley value, with weights, and Banzhaf index.

- *Shapley value* (1953): the players join one after the other, all orders equally likely; each gets on average what
  joining adds. Player `i` gets `sum over S without i of |S|! (n - |S| - 1)! / n! * (v(S + i) - v(S))`.
- *Weighted Shapley value* (Shapley 1953; Kalai & Samet 1987): the *dividend* of a coalition, what it is worth beyond
  the dividends of those inside it (Harsanyi 1959), goes to its members in proportion to their weights. Equal weights
  give the Shapley value.
- *Banzhaf index* (Penrose 1946, Banzhaf 1965): what joining adds on average over all coalitions, each equally likely.
  It need not hand out `v(N)`.

The ledger of a Shapley value is the dividends; the unweighted value itself is computed from what joining adds, so that
the two prove each other.

>>> from gamecore.games.coalition import CoalitionGame
>>> duo = CoalitionGame.from_values({"singer": 100, "pianist": 200, ("singer", "pianist"): 700})
>>> [str(share) for share in shapley_value(duo).shares]
['300', '400']
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.compromises.sharing.judge import shapley_faults, stand
from gamecore.errors import InputError
from gamecore.games.coalition import CoalitionGame, exact_amounts

__all__ = ["ShapleyValue", "banzhaf_index", "shapley_value", "weighted_shapley_value"]


@dataclass(frozen=True)
class ShapleyValue:
    """`shares` by player for these `weights`; `dividends` holds those of the coalitions that have one."""

    shares: tuple[Fraction, ...]
    weights: tuple[Fraction, ...]
    dividends: Mapping[int, Fraction]


def shapley_value(game: CoalitionGame) -> ShapleyValue:
    """What joining adds on average over all orders; exact, in `O(n 2^n)`."""
    players = len(game.players)
    orders = factorial(players)
    sizes = _sizes(players)
    ways = [factorial(size) * factorial(players - size - 1) for size in range(players)]
    chances = np.array([ways[size] if size < players else 0 for size in sizes.tolist()], dtype=object)
    shares = []
    for player in range(players):
        without, added = _added(game, player)
        shares.append(Fraction(int((added * chances[without]).sum()), orders * game.scale))
    return _judged(game, tuple(shares), (Fraction(1),) * players)


def weighted_shapley_value(game: CoalitionGame, weights: Sequence[Any] | Mapping[str, Any]) -> ShapleyValue:
    """Each coalition's dividend to its members in proportion to their weights.

    `weights` are one number above 0 a player, in the order of the game or by name. Raises `InputError` otherwise: with
    weights of 0 the players without weight would have to share somehow among themselves.
    """
    given = exact_amounts(game.players, weights, "weight")
    for name, weight in zip(game.players, given, strict=True):
        if weight <= 0:
            raise InputError(f"the weight of {name} is {weight}: every weight must be above 0")
    dividends = _dividends(game)
    shares = [Fraction(0)] * len(game.players)
    for coalition, dividend in dividends.items():
        members = game.members(coalition)
        part = dividend / sum(given[player] for player in members)
        for player in members:
            shares[player] += part * given[player]
    return _judged(game, tuple(shares), given, dividends)


def banzhaf_index(game: CoalitionGame) -> tuple[Fraction, ...]:
    """What joining adds on average over the coalitions of the others, by player (not normalised)."""
    half = game.scale << len(game.players) - 1
    return tuple(Fraction(int(_added(game, player)[1].sum()), half) for player in range(len(game.players)))


def _judged(
    game: CoalitionGame,
    shares: tuple[Fraction, ...],
    weights: tuple[Fraction, ...],
    dividends: Mapping[int, Fraction] | None = None,
) -> ShapleyValue:
    found = _dividends(game) if dividends is None else dividends
    stand(shapley_faults(game, shares, found, weights))
    return ShapleyValue(shares, weights, found)


def _added(game: CoalitionGame, player: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    """The coalitions without a player, and what the player adds to each, times the game's scale."""
    coalitions = np.arange(len(game.values))
    without = coalitions[coalitions >> player & 1 == 0]
    return without, game.whole[without | 1 << player] - game.whole[without]


def _sizes(players: int) -> npt.NDArray[np.int64]:
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(players):
        sizes = np.concatenate([sizes, sizes + 1])
    return sizes


def _dividends(game: CoalitionGame) -> dict[int, Fraction]:
    """What each coalition is worth beyond the dividends of those inside it, where that is not 0."""
    left = game.whole.copy()
    coalitions = np.arange(len(left))
    for player in range(len(game.players)):
        having = coalitions[coalitions >> player & 1 == 1]
        left[having] = left[having] - left[having ^ 1 << player]
    return {coalition: Fraction(amount, game.scale) for coalition, amount in enumerate(left.tolist()) if amount}
