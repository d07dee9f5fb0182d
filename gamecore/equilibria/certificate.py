"""The proof of an equilibrium: what every player would gain from every deviation, recomputed in rationals.

For a profile of mixed strategies `x` the gain of player `i` from option `a` is `u_i(a, x_-i) - u_i(x)`. The profile is
a Nash equilibrium (Nash 1951) exactly if no gain is positive. A solution that cannot be written in rationals is judged
against a stated bound: its largest gain must not exceed it (an epsilon-equilibrium).

The arithmetic is done here by plain loops over profiles and shares nothing with the solvers it judges.

>>> game = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
>>> both_confess = ((Fraction(0), Fraction(1)), (Fraction(0), Fraction(1)))
>>> certify(game, both_confess).max_gain
Fraction(-1, 1)
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from gamecore.equilibria.result import Certificate, Deviation, Equilibrium
from gamecore.errors import InputError
from gamecore.games.strategic import Mixed, StrategicGame

__all__ = ["LEDGER_LIMIT", "certified", "certify", "provable"]

LEDGER_LIMIT = 200_000
"""Entries of all ledgers of one answer together, at most: where everything ties in a game of many options, each of very
many equilibria has a long ledger. About two seconds on one core."""


def certify(game: StrategicGame, strategies: Mixed, bound: Fraction | int = 0) -> Certificate:
    """The gain of each player from each option it does not already play for sure.

    Parameters
    ----------
    game
        The game, exact.
    strategies
        Per player the probability of each option, exact.
    bound
        The gain tolerated; 0 asks for an exact equilibrium.

    Raises
    ------
    InputError
        If `strategies` are not one exact probability distribution over the options of each player.

    Notes
    -----
    Takes as many steps as the supports of the other players have profiles, times the options, for each player.
    """
    _check_distributions(game, strategies)
    deviations: list[Deviation] = []
    for player, strategy in enumerate(strategies):
        values = _values_of_options(game, strategies, player)
        now = sum((chance * value for chance, value in zip(strategy, values, strict=True)), Fraction(0))
        deviations += [
            Deviation(player=player, action=option, gain=value - now)
            for option, value in enumerate(values)
            if strategy[option] != 1
        ]
    return Certificate(deviations=tuple(deviations), bound=Fraction(bound))


def certified(game: StrategicGame, strategies: Mixed, bound: Fraction | int = 0) -> Equilibrium | None:
    """The equilibrium with its payoffs and its proof; None if somebody gains more than `bound` by moving alone.

    Raises `InputError` as `certify` does.
    """
    certificate = certify(game, strategies, bound)
    if not certificate.holds:
        return None
    payoffs = [Fraction(0)] * game.players
    for profile, chance in _played(strategies):
        for player in range(game.players):
            payoffs[player] += chance * game.payoffs[(player, *profile)]
    return Equilibrium(strategies=strategies, payoffs=tuple(payoffs), certificate=certificate)


def provable(game: StrategicGame) -> int:
    """How many equilibria of a game can be given their ledgers within `LEDGER_LIMIT`; at least one."""
    return max(1, LEDGER_LIMIT // sum(game.shape))


def _check_distributions(game: StrategicGame, strategies: Mixed) -> None:
    if len(strategies) != game.players:
        raise InputError(f"{len(strategies)} strategies are given for {game.players} players: give one for each")
    for player, (strategy, options) in enumerate(zip(strategies, game.shape, strict=True)):
        if len(strategy) != options:
            raise InputError(f"the strategy of player {player} has {len(strategy)} entries, its options are {options}")
        if not all(isinstance(chance, Fraction | int) for chance in strategy):
            raise InputError(f"the strategy of player {player} is not exact: write the probabilities as fractions")
        if min(strategy) < 0 or sum(strategy) != 1:
            raise InputError(f"the strategy of player {player} is not a distribution: entries from 0, sum 1")


def _played(strategies: Mixed) -> Iterator[tuple[tuple[int, ...], Fraction]]:
    """The pure profiles that occur, with their probabilities."""
    supports = [[option for option, chance in enumerate(strategy) if chance > 0] for strategy in strategies]
    for profile in product(*supports):
        chance = Fraction(1)
        for player, option in enumerate(profile):
            chance *= strategies[player][option]
        yield profile, chance


def _values_of_options(game: StrategicGame, strategies: Mixed, player: int) -> list[Fraction]:
    """What each option of `player` is worth if everybody else keeps to `strategies`."""
    values = [Fraction(0)] * game.shape[player]
    others = (*strategies[:player], *strategies[player + 1 :])
    for profile, chance in _played(others):
        for option in range(len(values)):
            values[option] += chance * game.payoffs[(player, *profile[:player], option, *profile[player:])]
    return values
