"""The proof of an equilibrium: what every player would gain from every deviation, recomputed in rationals.

For a profile of mixed strategies `x` the gain of player `i` from option `a` is `u_i(a, x_-i) - u_i(x)`. The profile is
a Nash equilibrium (Nash 1951) exactly if no gain is positive. A solution that cannot be written in rationals is judged
against a stated bound: its largest gain must not exceed it (an epsilon-equilibrium).

The arithmetic is done here, in integers with one denominator for each player, by plain loops over the profiles the
others play, and shares nothing with the solvers it judges. The ledger of an equilibrium is long where there are many
options, and there may be thousands: its entries are reckoned out when they are read (`Ledger`).

>>> game = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
>>> both_confess = ((Fraction(0), Fraction(1)), (Fraction(0), Fraction(1)))
>>> certify(game, both_confess).max_gain
Fraction(-1, 1)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm, prod
from typing import Any, overload

from gamecore.equilibria.result import Certificate, Deviation, Equilibrium
from gamecore.errors import InputError
from gamecore.games.strategic import Mixed, StrategicGame

__all__ = ["LEDGER_LIMIT", "Ledger", "certified", "certify", "provable"]

LEDGER_LIMIT = 2_000_000
"""Entries of all ledgers of one answer together, at most: where everything ties in a game of many options, each of very
many equilibria has a long ledger. About a second on one core."""


@dataclass(frozen=True, eq=False)
class Ledger(Sequence[Deviation]):
    """The deviations of a profile, player by player, reckoned out when read; `most` is the largest gain (0: none)."""

    game: StrategicGame
    strategies: Mixed
    most: Fraction

    def __len__(self) -> int:
        return sum(len(strategy) - (1 in strategy) for strategy in self.strategies)

    def __iter__(self) -> Iterator[Deviation]:
        mixtures = [_Mixture(strategy) for strategy in self.strategies]
        for player, strategy in enumerate(self.strategies):
            found = _Options(self.game, mixtures, player)
            for option, chance in enumerate(strategy):
                if chance != 1:
                    yield Deviation(player, option, found.gain(option))

    @overload
    def __getitem__(self, place: int) -> Deviation: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Deviation]: ...
    def __getitem__(self, place: int | slice) -> Deviation | Sequence[Deviation]:
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash((self.strategies, self.most))


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
    return _judged(game, strategies, bound)[0]


def certified(game: StrategicGame, strategies: Mixed, bound: Fraction | int = 0) -> Equilibrium | None:
    """The equilibrium with its payoffs and its proof; None if somebody gains more than `bound` by moving alone.

    Raises `InputError` as `certify` does.
    """
    certificate, payoffs = _judged(game, strategies, bound)
    return Equilibrium(strategies, payoffs, certificate) if certificate.holds else None


def provable(game: StrategicGame) -> int:
    """How many equilibria of a game can be given their ledgers within `LEDGER_LIMIT`; at least one."""
    return max(1, LEDGER_LIMIT // sum(game.shape))


def _judged(game: StrategicGame, strategies: Mixed, bound: Fraction | int) -> tuple[Certificate, tuple[Fraction, ...]]:
    """The certificate, and what each player gets."""
    if len(strategies) != game.players:
        raise InputError(f"{len(strategies)} strategies are given for {game.players} players: give one for each")
    mixtures = []
    for player, (strategy, options) in enumerate(zip(strategies, game.shape, strict=True)):
        if len(strategy) != options:
            raise InputError(f"the strategy of player {player} has {len(strategy)} entries, its options are {options}")
        if not all(isinstance(chance, Fraction | int) for chance in strategy):
            raise InputError(f"the strategy of player {player} is not exact: write the probabilities as fractions")
        mixture = _Mixture(strategy)
        if min(mixture.weights) < 0 or sum(mixture.weights) != mixture.total:
            raise InputError(f"the strategy of player {player} is not a distribution: entries from 0, sum 1")
        mixtures.append(mixture)
    each = [_Options(game, mixtures, player) for player in range(game.players)]
    best = [one.most for one in each if one.most is not None]
    ledger = Ledger(game, strategies, max(best, default=Fraction(0)))
    return Certificate(ledger, Fraction(bound)), tuple(one.now for one in each)


class _Mixture:
    """The options played, and their probabilities as integer `weights` out of `total`."""

    def __init__(self, strategy: Sequence[Fraction | int]) -> None:
        played = [(option, chance) for option, chance in enumerate(strategy) if chance] or [(0, Fraction(0))]
        self.options = [option for option, _ in played]
        self.total = lcm(*(chance.denominator for _, chance in played))
        self.weights = [chance.numerator * (self.total // chance.denominator) for _, chance in played]
        self.sure = self.options[0] if self.weights == [self.total] else None


class _Options:
    """What each option of one player is worth if everybody else keeps to the mixtures, in integers."""

    def __init__(self, game: StrategicGame, mixtures: Sequence[_Mixture], player: int) -> None:
        table, unit = game.whole[player]
        own = mixtures[player]
        others = [*mixtures[:player], *mixtures[player + 1 :]]
        worth: Any = 0
        for cell in product(*(zip(one.options, one.weights, strict=True) for one in others)):
            profile = [option for option, _ in cell]
            place: tuple[Any, ...] = (*profile[:player], slice(None), *profile[player:])
            values = table[place]
            weight = prod(weight for _, weight in cell)
            worth = worth + (values if weight == 1 else values * weight)
        self._worth: list[Any] = worth.tolist()
        self._scale = unit * prod(one.total for one in others)
        self._own = own.total
        self._now = sum(self._worth[option] * weight for option, weight in zip(own.options, own.weights, strict=True))
        self._sure = own.sure

    @property
    def now(self) -> Fraction:
        """What the player gets."""
        return Fraction(self._now, self._scale * self._own)

    @property
    def most(self) -> Fraction | None:
        """The largest gain from an option that is not played for sure; None if there is no other."""
        worth = self._worth
        if self._sure is not None:
            worth = worth[: self._sure] + worth[self._sure + 1 :]
        return self._gain(max(worth)) if worth else None

    def gain(self, option: int) -> Fraction:
        """What the player gains by an option."""
        return self._gain(self._worth[option])

    def _gain(self, value: Any) -> Fraction:
        return Fraction(value * self._own - self._now, self._scale * self._own)
