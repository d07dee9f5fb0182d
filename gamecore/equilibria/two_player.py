"""All Nash equilibria of a two-player game, pure and mixed, exact and certified.

Options that are strictly dominated are set aside first (no equilibrium uses them). Of what is left, extreme equilibria
are enumerated in rationals, support by support (`support_enumeration`). If every pair of supports is within the limit,
the answer is *complete* where there are finitely many equilibria, and *partial* where there are infinitely many, of
which every extreme one is listed; those with the same `component` are joined by further equilibria. Otherwise small
supports are searched as far as the limit goes, and the answer is *partial*.

>>> sexes = StrategicGame.from_rows([[(2, 1), (0, 0)], [(0, 0), (1, 2)]])
>>> solution = two_player_equilibria(sexes)
>>> solution.status.value, len(solution.equilibria)
('complete', 3)
>>> [str(chance) for chance in solution.equilibria[2].strategies[0]]
['2/3', '1/3']
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from gamecore.equilibria.certificate import certified, provable
from gamecore.equilibria.dominance import iterated_strict_dominance
from gamecore.equilibria.exact_linear import whole_numbers
from gamecore.equilibria.result import Equilibrium, Solution, Status, in_fixed_order
from gamecore.equilibria.support_enumeration import extreme_equilibria, largest_support, support_pairs
from gamecore.errors import InputError
from gamecore.games.strategic import Mixed, StrategicGame

__all__ = ["SUPPORT_PAIR_LIMIT", "two_player_equilibria"]

SUPPORT_PAIR_LIMIT = 50_000
"""Pairs of equally large supports enumerated at most: 9x9 has 48,619, two or three seconds on one core."""

METHOD = "exact support enumeration"


def two_player_equilibria(game: StrategicGame, *, limit: int = SUPPORT_PAIR_LIMIT) -> Solution:
    """The equilibria, pure ones first, then by support; each certified in rationals.

    `limit` bounds the pairs of supports looked at. The answer is refused if not even the pure profiles are within it.
    Raises `InputError` unless the game has two players.
    """
    if game.players != 2:
        raise InputError(f"the game has {game.players} players: mixed equilibria are computed for two")
    kept = iterated_strict_dominance(game)
    smaller = StrategicGame(game.payoffs[np.ix_(range(2), *kept)])
    rows, columns = smaller.shape
    pairs, largest = support_pairs(rows, columns), largest_support(rows, columns, limit)
    parameters = {"limit": limit, "largest_support": largest}
    if largest == 0:
        note = f"{rows * columns} profiles are more than the limit of {limit} pairs of supports; none was searched"
        return Solution(METHOD, Status.REFUSED, (), (note,), parameters)
    found = extreme_equilibria(_table(smaller, 0), _table(smaller, 1), largest)
    proved_at_most = provable(game)
    profiles = ((x.mixture(rows), y.mixture(columns)) for x, y in found[:proved_at_most])
    whole = (_in_whole_game(profile, kept, game.shape) for profile in profiles)
    proved = (certified(game, profile) for profile in whole)
    equilibria = in_fixed_order(equilibrium for equilibrium in proved if equilibrium is not None)
    if len(found) > proved_at_most:
        note = f"{len(found)} extreme equilibria were found, {proved_at_most} of them are proved and listed"
        return Solution(METHOD, Status.PARTIAL, equilibria, (note,), parameters)
    if largest < min(rows, columns):
        note = (
            f"{_counted(pairs)} pairs of supports are more than the limit of {limit}: "
            f"mixtures of more than {largest} options were not searched"
        )
        return Solution(METHOD, Status.PARTIAL, equilibria, (note,), parameters)
    equilibria = _in_components(equilibria)
    if len({one.component for one in equilibria}) < len(equilibria):
        note = (
            f"infinitely many equilibria: all {len(equilibria)} extreme ones are listed, and those of the same "
            "component are joined by further ones"
        )
        return Solution(METHOD, Status.PARTIAL, equilibria, (note,), parameters)
    return Solution(METHOD, Status.COMPLETE, equilibria, (), parameters)


def _counted(number: int) -> str:
    """A count people can read: exact up to a thousand million."""
    return str(number) if number <= 10**9 else f"about 10^{len(str(number)) - 1}"


def _table(game: StrategicGame, player: int) -> list[list[int]]:
    """A player's payoffs as integers `[row][column]`, in other units."""
    rows, columns = game.shape
    flat = whole_numbers(game.payoffs[player].ravel())
    return [flat[row * columns : (row + 1) * columns] for row in range(rows)]


def _in_whole_game(profile: Mixed, kept: tuple[tuple[int, ...], ...], shape: tuple[int, ...]) -> Mixed:
    """The profile with probability 0 for the options that were set aside."""
    whole = []
    for strategy, options, count in zip(profile, kept, shape, strict=True):
        chances = [Fraction(0)] * count
        for option, chance in zip(options, strategy, strict=True):
            chances[option] = chance
        whole.append(tuple(chances))
    return tuple(whole)


def _in_components(equilibria: tuple[Equilibrium, ...]) -> tuple[Equilibrium, ...]:
    """Number the connected components, in order of their first members.

    Extreme equilibria that share a strategy are joined by a segment of equilibria; nothing else joins them.
    """
    home: dict[tuple[int, tuple[Fraction, ...]], int] = {}
    for number, one in enumerate(equilibria):
        shared = set(enumerate(one.strategies))
        merged = {home[key] for key in shared & home.keys()}
        shared |= {key for key, component in home.items() if component in merged}
        home.update(dict.fromkeys(shared, number))
    numbers = [home[0, one.strategies[0]] for one in equilibria]
    places = {number: place for place, number in enumerate(dict.fromkeys(numbers))}
    return tuple(replace(one, component=places[number]) for one, number in zip(equilibria, numbers, strict=True))
