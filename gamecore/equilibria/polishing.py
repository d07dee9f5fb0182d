"""From an approximate profile, or a root of a support's equations, to a proved equilibrium.

A proved root is an equilibrium if the chances of all options used are positive and no option gains over those used. The
signs are decided over the root's interval; a gain of exactly 0 is recognised where the gain is, as a polynomial, a sum
of multiples of the player's own equations. What cannot be decided is said to be open.

An irrational equilibrium is told by its `centre`, decimals that add up to 1 exactly, and the `radius` within which each
true chance lies. At the centre somebody may gain a little: a player whose payoffs span `R` gains at most `R` times the
sum over the mixers of (options used times radius); that is the certificate's bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.certificate import certified
from gamecore.equilibria.exact_linear import whole_numbers
from gamecore.equilibria.exact_program import exact_rank
from gamecore.equilibria.result import Equilibrium
from gamecore.equilibria.support_system import Root, Support, SupportSystem, told
from gamecore.games.strategic import Mixed, StrategicGame

__all__ = ["IntervalEquilibrium", "Judgement", "integer_tables", "judged", "polished", "proved_root"]

THRESHOLDS = (1e-9, 1e-6, 1e-4, 1e-3, 1e-2, 0.03, 0.1)
"""Chances below one of these are taken for options that are not used, in turn; each guess is then proved or dropped."""


SMALL_DENOMINATOR = 1_000
"""Denominators tried before an equilibrium is isolated: it also proves equilibria that are not alone."""

CLOSE = 1e-3
"""How far a chance may be from the approximate one that led to it."""


@dataclass(frozen=True)
class IntervalEquilibrium(Equilibrium):
    """An equilibrium each of whose chances is within `radius` of the one told; 0: exact.

    With a positive radius the true equilibrium is irrational (or has very large denominators), `strategies` is its
    centre and the certificate holds within its bound.
    """

    radius: Fraction = Fraction(0)


class Judgement(StrEnum):
    EQUILIBRIUM = "equilibrium"
    NONE = "none"
    OPEN = "open"


def integer_tables(game: StrategicGame) -> list[npt.NDArray[np.object_]]:
    """The payoffs of each player as integers, in units of its own."""
    return [np.array(whole_numbers(table.ravel()), dtype=object).reshape(table.shape) for table in game.payoffs]


def judged(system: SupportSystem, root: Root) -> Judgement:
    """Whether a root of the support's equations is an equilibrium."""
    answer = Judgement.EQUILIBRIUM
    for mixture in root.mixtures:
        if min(mixture) < -root.radius or (not root.radius and min(mixture) == 0):
            return Judgement.NONE
        if min(mixture) <= root.radius:
            answer = Judgement.OPEN
    for player in range(len(system.tables)):
        options = system.outside(player)
        if not options:
            continue
        gains = system.gains(root.mixtures, player)
        for row, gain in zip(system.differences(player, options), gains, strict=True):
            size = max(map(abs, row.ravel().tolist()))
            error = 2 * size * root.radius * sum(system.sizes)
            if gain > error:
                return Judgement.NONE
            if error and gain >= -error and not _levels_too(system, player, row):
                answer = Judgement.OPEN
    return answer


def proved_root(
    game: StrategicGame, support: Support, mixtures: Sequence[Sequence[Fraction]], radius: Fraction
) -> IntervalEquilibrium | None:
    """The equilibrium with these mixtures of the mixers (in order of the players) and its certificate."""
    given = iter(mixtures)
    widest, wobble = Fraction(0), Fraction(0)
    strategies = []
    for options, count in zip(support, game.shape, strict=True):
        chances = [Fraction(0)] * count
        mixture: Sequence[Fraction] = (Fraction(1),)
        if len(options) > 1:
            mixture, off = told(next(given), radius)
            widest, wobble = max(widest, off), wobble + len(options) * off
        for option, chance in zip(options, mixture, strict=True):
            chances[option] = chance
        strategies.append(tuple(chances))
    spans = [max(table.flat) - min(table.flat) for table in game.payoffs]
    found = certified(game, tuple(strategies), max(spans) * wobble)
    if found is None:
        return None
    return IntervalEquilibrium(found.strategies, found.payoffs, found.certificate, radius=widest)


def polished(game: StrategicGame, profile: Sequence[Sequence[float]]) -> IntervalEquilibrium | None:
    """The proved equilibrium that an approximate one stands for; None if none near it can be proved."""
    tables = integer_tables(game)
    tried: set[Support] = set()
    for threshold in THRESHOLDS:
        support = tuple(
            tuple(option for option, chance in enumerate(strategy) if chance > threshold) for strategy in profile
        )
        if support in tried or not all(support):
            continue
        tried.add(support)
        system = SupportSystem(tables, support)
        plain = _in_small_fractions(game, support, profile)
        if plain is not None:
            return plain
        if len(system.mixers) < 2:
            continue
        start = [np.array([profile[player][option] for option in support[player]]) for player in system.mixers]
        root = near_root(system, [mixture / mixture.sum() for mixture in start])
        if root is not None and judged(system, root) is Judgement.EQUILIBRIUM:
            proved = proved_root(game, support, root.mixtures, root.radius)
            if proved is not None:
                return proved
    return None


def _in_small_fractions(
    game: StrategicGame, support: Support, profile: Sequence[Sequence[float]]
) -> IntervalEquilibrium | None:
    """The profile with small denominators on the support, if that is an equilibrium exactly and close."""
    strategies = []
    for options, strategy in zip(support, profile, strict=True):
        total = sum(strategy[option] for option in options)
        rest = [Fraction(strategy[option] / total).limit_denominator(SMALL_DENOMINATOR) for option in options[1:]]
        chances = dict(zip(options, [1 - sum(rest, Fraction(0)), *rest], strict=True))
        exact = tuple(chances.get(option, Fraction(0)) for option in range(len(strategy)))
        if min(exact) < 0 or max(abs(float(a) - b) for a, b in zip(exact, strategy, strict=True)) > CLOSE:
            return None
        strategies.append(exact)
    found = certified(game, tuple(strategies))
    return None if found is None else IntervalEquilibrium(found.strategies, found.payoffs, found.certificate)


def near_root(system: SupportSystem, start: Sequence[npt.NDArray[np.float64]]) -> Root | None:
    """The isolated root that Newton's method reaches from a point."""
    point = system.newton(start)
    return None if point is None else system.isolate(point)


def in_whole_game(profile: Mixed, kept: Sequence[Sequence[int]], shape: Sequence[int]) -> Mixed:
    """The profile with probability 0 for the options that were set aside."""
    whole = []
    for strategy, options, count in zip(profile, kept, shape, strict=True):
        chances = [Fraction(0)] * count
        for option, chance in zip(options, strategy, strict=True):
            chances[option] = chance
        whole.append(tuple(chances))
    return tuple(whole)


def _levels_too(system: SupportSystem, player: int, row: npt.NDArray[Any]) -> bool:
    """Whether a gain is 0 at every root: a sum of multiples of the player's own equations."""
    flat = row.ravel().tolist()
    if not any(flat):
        return True
    if player not in system.mixers:
        return False
    equations = system.equations[system.mixers.index(player)]
    own = [one.ravel().tolist() for one in equations]
    return exact_rank([*own, flat]) == exact_rank(own)
