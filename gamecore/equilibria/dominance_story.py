"""Iterated elimination of dominated options, by pure options and by mixtures, with the story of every step.

In the game that is left, a mixture `y` of player `i`'s options strictly dominates option `a` if
`sum_b y_b u_i(b, s) > u_i(a, s)` for all profiles `s` of the others, and weakly if `>=` for all and `>` for some.

**Strict**: the value of the zero-sum game with entries `u_i(b, s) - u_i(a, s)`, in which `i` mixes over `b` and an
opponent over `s`, is positive exactly if `a` is strictly dominated; its optimal `y` is the dominating mixture,
otherwise the opponent's optimal mixture is a belief to which `a` is a best response (Pearce 1984, lemma 3). What is
left at the end does not depend on the order (Gilboa, Kalai & Zemel 1990). Nash and correlated equilibria use only that.

**Weak**: `a` is not weakly dominated exactly if it is a best response to a belief that gives every profile a positive
chance (Pearce 1984, lemma 4). What is left depends on the order, so the order is part of the answer: everything that is
dominated in a round goes `together`, or one option at a time, the first player's first option first.

All programs are solved in rationals; each step can be checked by `proves`, which only sums.

>>> game = StrategicGame.from_rows([[(4, 0), (0, 0)], [(0, 0), (4, 0)], [(1, 0), (1, 0)]])
>>> story = dominance_story(game)
>>> story.remaining, [(step.player, step.option, str(step.mixture[0]), str(step.least)) for step in story.steps]
(((0, 1), (0, 1)), [(0, 2, '1/2', '1')])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from gamecore.equilibria.exact_linear import whole_numbers
from gamecore.equilibria.exact_program import Outcome, Program
from gamecore.equilibria.result import Status
from gamecore.games.strategic import StrategicGame

__all__ = [
    "CELL_LIMIT",
    "DominanceStory",
    "Elimination",
    "Removal",
    "Strength",
    "belief_for",
    "dominance_story",
    "proves",
]

CELL_LIMIT = 2_000_000
"""Entries of all linear programs together, at most: some seconds on one core."""

Kept = tuple[tuple[int, ...], ...]
"""Per player the options that are left."""


class Strength(StrEnum):
    STRICT = "strict"
    WEAK = "weak"


class Removal(StrEnum):
    TOGETHER = "together"
    ONE_AT_A_TIME = "one at a time"


@dataclass(frozen=True)
class Elimination:
    """`player` drops `option` in `round` (from 1) because `mixture` (the chance of each of its options) does better.

    `least` and `most` are the smallest and the largest gain of the mixture over the option against what is left of the
    others, in the player's payoffs.
    """

    player: int
    option: int
    round: int
    mixture: tuple[Fraction, ...]
    least: Fraction
    most: Fraction

    @property
    def by_one_option(self) -> bool:
        """Whether a single option dominates."""
        return max(self.mixture) == 1


@dataclass(frozen=True)
class DominanceStory:
    """What is left and how it came to that. Partial: further options may be dominated; what is told holds."""

    strength: Strength
    mixtures: bool
    removal: Removal
    status: Status
    remaining: Kept
    steps: tuple[Elimination, ...] = ()
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def rounds(self) -> int:
        """How many rounds removed something."""
        return max((step.round for step in self.steps), default=0)


def dominance_story(
    game: StrategicGame,
    *,
    strength: Strength = Strength.STRICT,
    mixtures: bool = True,
    removal: Removal = Removal.TOGETHER,
    limit: int = CELL_LIMIT,
    should_stop: Callable[[], bool] | None = None,
) -> DominanceStory:
    """Remove dominated options, round by round, until none is left or the limit is reached.

    Parameters
    ----------
    strength
        Which dominance removes an option.
    mixtures
        Whether a mixture may dominate, or only a single option.
    removal
        Which of the dominated options of a round go; it decides what is left only for weak dominance.
    limit
        Entries of all comparisons together; beyond it the story is partial.
    """
    work = _Work(limit, should_stop)
    kept: Kept = tuple(tuple(range(count)) for count in game.shape)
    steps: list[Elimination] = []
    status, number = Status.COMPLETE, 0
    while status is Status.COMPLETE:
        number += 1
        found, done = _round(game, kept, number, strength, work, mixtures=mixtures, removal=removal)
        steps += found
        gone = {(step.player, step.option) for step in found}
        kept = tuple(
            tuple(option for option in options if (player, option) not in gone) for player, options in enumerate(kept)
        )
        if not done:
            status = Status.PARTIAL
        elif not found:
            break
    return DominanceStory(
        strength,
        mixtures,
        removal,
        status,
        kept,
        tuple(steps),
        _notes(status, strength, steps, limit),
        {"limit": limit},
    )


def proves(game: StrategicGame, story: DominanceStory) -> bool:
    """Whether every step of the story is right, by sums over what was left then, and leads to `remaining`."""
    left = [set(range(count)) for count in game.shape]
    one_by_one = story.removal is Removal.ONE_AT_A_TIME
    for number in range(1, story.rounds + 1):
        now = [step for step in story.steps if step.round == number]
        if not now or (one_by_one and len(now) > 1):
            return False
        for step in now:
            others = [sorted(options) for player, options in enumerate(left) if player != step.player]
            used = {option for option, chance in enumerate(step.mixture) if chance}
            if sum(step.mixture) != 1 or min(step.mixture) < 0 or not used <= left[step.player] - {step.option}:
                return False
            gains = [_gain(game, step, others_play) for others_play in product(*others)]
            if (min(gains), max(gains)) != (step.least, step.most):
                return False
            if not (min(gains) > 0 if story.strength is Strength.STRICT else min(gains) >= 0 < max(gains)):
                return False
        for step in now:
            left[step.player].remove(step.option)
    return tuple(tuple(sorted(options)) for options in left) == story.remaining


def belief_for(
    game: StrategicGame, kept: Kept, player: int, option: int, *, should_stop: Callable[[], bool] | None = None
) -> dict[tuple[int, ...], Fraction] | None:
    """A belief about the profiles of the others (those in `kept`) to which `option` is a best response in `kept`.

    None if there is none, or if `should_stop` said so. Profiles are those of the others in order of the players.
    """
    others = [options for other, options in enumerate(kept) if other != player]
    profiles = list(product(*others))
    gains, _ = _gains(game, kept, player, option)
    for place in range(len(profiles)):
        if not gains or max(row[place] for row in gains) <= 0:
            return {profiles[place]: Fraction(1)}
    answer = _strict_program(gains, _Work(0, should_stop))
    if answer is None or answer[0] > 0:
        return None
    return {profile: chance for profile, chance in zip(profiles, answer[2], strict=True) if chance}


class _Work:
    """What has been spent of the limit."""

    def __init__(self, limit: int, should_stop: Callable[[], bool] | None) -> None:
        self.left = limit
        self.should_stop = should_stop

    def take(self, cells: int) -> bool:
        self.left -= cells
        return self.left >= 0 and not (self.should_stop is not None and self.should_stop())


def _round(
    game: StrategicGame,
    kept: Kept,
    number: int,
    strength: Strength,
    work: _Work,
    *,
    mixtures: bool,
    removal: Removal,
) -> tuple[list[Elimination], bool]:
    """The options that go in a round; the flag says whether all were looked at."""
    found: list[Elimination] = []
    for player, options in enumerate(kept):
        profiles = prod(len(others) for other, others in enumerate(kept) if other != player)
        for option in options:
            if len(options) == 1:
                continue
            if not work.take(len(options) * (profiles + len(options))):
                return found, False
            gains, others = _gains(game, kept, player, option)
            mixture = _dominating(gains, strength, work, mixtures=mixtures)
            if mixture is None:
                continue
            whole = [Fraction(0)] * game.shape[player]
            for other, chance in zip(others, mixture, strict=True):
                whole[other] = chance
            found.append(_told(game, kept, Elimination(player, option, number, tuple(whole), Fraction(0), Fraction(0))))
            if removal is Removal.ONE_AT_A_TIME:
                return found, work.left >= 0
    return found, work.left >= 0


def _gains(game: StrategicGame, kept: Kept, player: int, option: int) -> tuple[list[list[int]], list[int]]:
    """What each other option left gains over `option`, as integers `[other option][profile of the others]`."""
    table = np.moveaxis(game.payoffs[player][np.ix_(*kept)], player, 0).reshape(len(kept[player]), -1)
    flat = whole_numbers(table.ravel())
    rows = [flat[place * table.shape[1] : (place + 1) * table.shape[1]] for place in range(len(table))]
    mine = rows[kept[player].index(option)]
    others = [other for other in kept[player] if other != option]
    return [
        [value - now for value, now in zip(row, mine, strict=True)]
        for other, row in zip(kept[player], rows, strict=True)
        if other != option
    ], others


def _dominating(
    gains: list[list[int]], strength: Strength, work: _Work, *, mixtures: bool
) -> tuple[Fraction, ...] | None:
    strict = strength is Strength.STRICT
    for place, row in enumerate(gains):
        if min(row) > 0 or (not strict and min(row) >= 0 < max(row)):
            return tuple(Fraction(other == place) for other in range(len(gains)))
    if not mixtures or len(gains) < 2:
        return None
    best = [max(column) for column in zip(*gains, strict=True)]
    if min(best) < 0 or (strict and min(best) == 0):
        return None  # a best response to some profile for sure: no program needed
    answer = _strict_program(gains, work) if strict else _weak_program(gains, work)
    return None if answer is None or answer[0] <= 0 else answer[1]


Answer = tuple[Fraction, tuple[Fraction, ...], tuple[Fraction, ...]]
"""Value, mixture over the rows, belief over the columns."""


def _strict_program(gains: Sequence[Sequence[int]], work: _Work) -> Answer | None:
    """The zero-sum game `gains`: rows maximise, columns minimise."""
    shift = 1 - min(min(row) for row in gains)
    columns = len(gains[0])
    program = Program(at_most=[([value + shift for value in row], 1) for row in gains], should_stop=work.should_stop)
    optimum = program.maximise([1] * columns)
    if optimum.outcome is not Outcome.OPTIMAL:
        work.left = -1  # undecided: the story is partial
        return None
    total = optimum.value
    mixture = tuple(price / total for price in optimum.prices)
    return 1 / total - shift, mixture, tuple(chance / total for chance in optimum.point)


def _weak_program(gains: Sequence[Sequence[int]], work: _Work) -> Answer | None:
    """The least `w >= 0` such that some `nu >= 1` over the columns gives no row more than `w`."""
    sums = [sum(row) for row in gains]
    program = Program(
        at_most=[([*row, -1], -total) for row, total in zip(gains, sums, strict=True)], should_stop=work.should_stop
    )
    optimum = program.maximise([*([0] * len(gains[0])), -1])
    if optimum.outcome is not Outcome.OPTIMAL:
        work.left = -1
        return None
    weights = [1 + weight for weight in optimum.point[:-1]]
    return -optimum.value, optimum.prices, tuple(weight / sum(weights) for weight in weights)


def _told(game: StrategicGame, kept: Kept, step: Elimination) -> Elimination:
    """The step with the mixture's smallest and largest gain."""
    others = [options for player, options in enumerate(kept) if player != step.player]
    whole = np.moveaxis(game.payoffs[step.player], step.player, 0)
    table = whole[np.ix_(range(len(whole)), *others)].reshape(len(whole), -1).tolist()
    used = [(option, chance) for option, chance in enumerate(step.mixture) if chance]
    gains = [
        sum((chance * table[option][place] for option, chance in used), -now)
        for place, now in enumerate(table[step.option])
    ]
    return Elimination(step.player, step.option, step.round, step.mixture, min(gains), max(gains))


def _gain(game: StrategicGame, step: Elimination, others: tuple[int, ...]) -> Fraction:
    place = (*others[: step.player], 0, *others[step.player :])
    values = [
        game.payoffs[(step.player, *place[: step.player], option, *place[step.player + 1 :])]
        for option in range(game.shape[step.player])
    ]
    mean = sum((chance * value for chance, value in zip(step.mixture, values, strict=True)), Fraction(0))
    return mean - Fraction(values[step.option])


def _notes(status: Status, strength: Strength, steps: list[Elimination], limit: int) -> tuple[str, ...]:
    notes = []
    if strength is Strength.WEAK and steps:
        notes.append("another order of removing weakly dominated options may leave others")
    if status is Status.PARTIAL:
        notes.append(
            f"the search was stopped, or needed more than the limit of {limit} entries compared: "
            "further options may be dominated"
        )
    return tuple(notes)
