"""Commitment: what a player gains by fixing its strategy before the other chooses (two players).

`A[i, j]` and `B[i, j]` are what leader and follower get when the leader plays `i` and the follower `j`; the follower
sees the leader's strategy `x` (pure, or the odds of a mixture) and answers with a best response.

**Pure** (von Stackelberg 1934): `max_i max_{j in BR(i)} A[i, j]` if the follower breaks ties in the leader's favour
(strong), `max_i min_{j in BR(i)} A[i, j]` if against it (weak).
**Mixed, strong** (Conitzer & Sandholm 2006): for each `j` the program `max x A_j` over `X(j)`, the mixtures to which
`j` is a best response; the best `j`.
**Mixed, weak** (von Stengel & Zamir 2010): the supremum over `x` of `min_{j in BR(x)} x A_j`. Only regions `X(j)` with
an inside count, since every `x` lies in one of them; inside, exactly the options `E(j)` that the follower cannot tell
from `j` are best responses, so the supremum is the largest `max_{x in X(j)} min_{k in E(j)} x A_k`. It may be
attained by no `x`, because at the border other options tie; whether it is, is decided exactly, and if not a mixture `x`
near it is given with the `loss` it takes.

The strong value of mixed commitment is at least every Nash payoff of the leader, the weak one at least the lowest. The
**value of commitment** is the leader's value minus its equilibrium payoff: an interval, from (weak - highest Nash) to
(strong - lowest Nash). At credibility cost `c`, commit if it is above `c`.

>>> game = StrategicGame.from_rows([[(2, 1), (4, 0)], [(1, 0), (3, 2)]])
>>> answer = commitment(game)
>>> [str(one.value) for one in (answer.pure_strong, answer.mixed_strong, answer.mixed_weak)]
['3', '11/3', '11/3']
>>> answer.mixed_weak.attained, answer.mixed_weak.loss > 0
(False, True)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np

from gamecore.equilibria.exact_linear import whole_numbers
from gamecore.equilibria.exact_program import Optimum, Outcome, Program, Row
from gamecore.equilibria.result import Solution, Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame, exact_number

__all__ = ["CELL_LIMIT", "Commitment", "CommitmentAnswer", "Interval", "Verdict", "commitment", "proves"]

CELL_LIMIT = 400_000
"""Entries of all linear programs together, at most: some seconds on one core."""

NEAR = Fraction(1, 1000)
"""How far a mixture near an unattained supremum is moved towards the inside of its region."""


class Verdict(StrEnum):
    COMMIT = "commit"
    DEPENDS = "depends on ties or on the equilibrium played"
    DO_NOT = "do not commit"


@dataclass(frozen=True)
class Interval:
    lowest: Fraction
    highest: Fraction


@dataclass(frozen=True)
class Commitment:
    """The leader plays `strategy`, the follower answers `answer`, which is a best response.

    `value` is what commitment is worth to the leader: the maximum, or the supremum if it is not `attained`; `strategy`
    then gives `value - loss` whatever tied answer the follower chooses.
    """

    value: Fraction
    strategy: tuple[Fraction, ...]
    answer: int
    follower: Fraction
    attained: bool = True
    loss: Fraction = Fraction(0)


@dataclass(frozen=True)
class CommitmentAnswer:
    """What `leader` can get by commitment, against its Nash payoffs `nash` (None if no equilibrium was found).

    `gain_pure` and `gain_mixed` are the value of commitment as an interval, `pure` and `mixed` the verdicts at the
    credibility `cost`. Mixed parts are None if the limit refused them.
    """

    leader: int
    status: Status
    pure_strong: Commitment
    pure_weak: Commitment
    mixed_strong: Commitment | None
    mixed_weak: Commitment | None
    nash: Interval | None
    gain_pure: Interval | None
    gain_mixed: Interval | None
    cost: Fraction
    pure: Verdict | None
    mixed: Verdict | None
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)


def commitment(
    game: StrategicGame,
    leader: int = 0,
    *,
    cost: Any = 0,
    equilibria: Solution | None = None,
    limit: int = CELL_LIMIT,
    should_stop: Callable[[], bool] | None = None,
) -> CommitmentAnswer:
    """The leader's values of commitment, pure and mixed, strong and weak, and whether they are worth their cost.

    Parameters
    ----------
    leader
        Who commits: 0 or 1.
    cost
        What it costs the leader to be believed, in its payoffs.
    equilibria
        All equilibria of the game if they are known; otherwise they are computed.
    limit
        Entries of the linear programs at most; beyond it only pure commitment is told.

    Raises
    ------
    InputError
        Unless the game has two players and `leader` is one of them.
    """
    if game.players != 2 or leader not in (0, 1):
        raise InputError(f"commitment is computed for two players (0 leads or 1); this game has {game.players}")
    table = _Table(game, leader, limit, should_stop)
    pure_strong, pure_weak = _pure(table, strong=True), _pure(table, strong=False)
    strong = _strong(table)
    weak = None if strong is None else _weak(table)
    notes = []
    if weak is None:
        strong = None
        notes.append(f"mixed commitment was not computed: stopped, or more than {limit} entries of linear programs")
    known = two_player_equilibria(game) if equilibria is None else equilibria
    nash = None
    if known.equilibria:
        payoffs = [one.payoffs[leader] for one in known.equilibria]
        nash = Interval(min(payoffs), max(payoffs))
    if known.status is not Status.COMPLETE:
        notes.append("not every equilibrium is known: the Nash payoffs may reach further than told")
    price = exact_number(cost)
    gain_pure, gain_mixed = _gain(pure_weak, pure_strong, nash), _gain(weak, strong, nash)
    status = Status.COMPLETE if weak is not None and known.status is Status.COMPLETE else Status.PARTIAL
    return CommitmentAnswer(
        leader,
        status,
        pure_strong,
        pure_weak,
        strong,
        weak,
        nash,
        gain_pure,
        gain_mixed,
        price,
        _verdict(gain_pure, price),
        _verdict(gain_mixed, price),
        tuple(notes),
        {"limit": limit},
    )


def proves(game: StrategicGame, answer: CommitmentAnswer) -> bool:
    """Whether the follower's answers are best and pay the leader what is told, by sums.

    That nothing better exists is not checked here.
    """
    lead = np.moveaxis(game.payoffs, answer.leader + 1, 1)
    mine, theirs = lead[answer.leader].tolist(), lead[1 - answer.leader].tolist()
    for one in (answer.pure_strong, answer.pure_weak, answer.mixed_strong, answer.mixed_weak):
        if one is None:
            continue
        odds = list(enumerate(one.strategy))
        if sum(one.strategy) != 1 or min(one.strategy) < 0:
            return False
        follower = [sum((chance * theirs[i][j] for i, chance in odds), Fraction(0)) for j in range(len(theirs[0]))]
        leader = [sum((chance * mine[i][j] for i, chance in odds), Fraction(0)) for j in range(len(theirs[0]))]
        best = max(follower)
        if follower[one.answer] != best or one.follower != best or leader[one.answer] != one.value - one.loss:
            return False
        weak = one is answer.pure_weak or one is answer.mixed_weak
        if weak and leader[one.answer] != min(leader[j] for j, value in enumerate(follower) if value == best):
            return False
    return True


class _Table:
    """Leader's and follower's payoffs with the leader in rows, and what the limit leaves.

    `follower` holds integers in other units: only its order and differences are used.
    """

    def __init__(self, game: StrategicGame, leader: int, limit: int, should_stop: Callable[[], bool] | None) -> None:
        payoffs = np.moveaxis(game.payoffs, leader + 1, 1)
        self.leader: list[list[Fraction]] = payoffs[leader].tolist()
        self.exact: list[list[Fraction]] = payoffs[1 - leader].tolist()
        self.rows, self.columns = len(self.leader), len(self.leader[0])
        flat = whole_numbers(payoffs[1 - leader].ravel())
        self.follower = [flat[row * self.columns : (row + 1) * self.columns] for row in range(self.rows)]
        self._left = limit
        self._should_stop = should_stop

    def best(self, objective: Sequence[Fraction | int], at_most: list[Row], width: int) -> Optimum:
        """The optimum over mixtures `x` (the first `rows` variables) and further variables."""
        equal = [([1] * self.rows + [0] * (width - self.rows), 1)]
        self._left -= (len(at_most) + 2) * (len(at_most) + width + 2)
        if self._left < 0:
            return Optimum(Outcome.STOPPED)
        program = Program(at_most=at_most, equal=equal, variables=width, should_stop=self._should_stop)
        return program.maximise(objective)

    def region(self, option: int, extra: int = 0) -> list[Row]:
        """`x` in `X(option)` as rows `x (B_k - B_option) <= 0`, one for each `k` outside `same(option)`."""
        return [([row[other] - row[option] for row in self.follower] + [0] * extra, 0) for other in self.others(option)]

    def same(self, option: int) -> list[int]:
        """`E(option)`: what the follower cannot tell from it."""
        column = [row[option] for row in self.follower]
        return [other for other in range(self.columns) if [row[other] for row in self.follower] == column]

    def others(self, option: int) -> list[int]:
        same = self.same(option)
        return [other for other in range(self.columns) if other not in same]

    def pays(self, option: int) -> list[Fraction]:
        """The leader's payoffs against an option."""
        return [row[option] for row in self.leader]

    def told(self, value: Fraction, strategy: Sequence[Fraction], answer: int, *, attained: bool) -> Commitment:
        follower, gets = _mean(strategy, [row[answer] for row in self.exact]), _mean(strategy, self.pays(answer))
        return Commitment(value, tuple(strategy), answer, follower, attained, value - gets)


def _mean(chances: Sequence[Fraction], values: Sequence[Fraction]) -> Fraction:
    return sum((chance * value for chance, value in zip(chances, values, strict=True)), Fraction(0))


def _pure(table: _Table, *, strong: bool) -> Commitment:
    choose = max if strong else min
    found: list[tuple[Fraction, int, int]] = []
    for option, (mine, theirs) in enumerate(zip(table.leader, table.follower, strict=True)):
        answers = [answer for answer, value in enumerate(theirs) if value == max(theirs)]
        answer = choose(answers, key=lambda one, values=mine: values[one])  # type: ignore[misc]
        found.append((mine[answer], option, answer))
    value, option, answer = max(found, key=lambda one: one[0])
    strategy = [Fraction(place == option) for place in range(table.rows)]
    return table.told(value, strategy, answer, attained=True)


def _strong(table: _Table) -> Commitment | None:
    """The best region's maximum; None if the limit stopped the search."""
    best: tuple[Fraction, tuple[Fraction, ...], int] | None = None
    for option in range(table.columns):
        optimum = table.best(table.pays(option), table.region(option), table.rows)
        if optimum.outcome is Outcome.STOPPED:
            return None
        if optimum.outcome is Outcome.OPTIMAL and (best is None or optimum.value > best[0]):
            best = (optimum.value, optimum.point, option)
    if best is None:
        return None
    return table.told(*best, attained=True)


@dataclass(frozen=True)
class _Region:
    """A region with an inside: `inside` is a mixture there; `top` reaches `value`, the most the leader is sure of."""

    option: int
    inside: tuple[Fraction, ...]
    top: tuple[Fraction, ...]
    value: Fraction


def _weak(table: _Table) -> Commitment | None:
    regions: list[_Region] = []
    seen: set[int] = set()
    for option in range(table.columns):
        if option in seen:
            continue
        seen |= set(table.same(option))
        inside = table.best([0] * table.rows + [1], _inside_rows(table, option), table.rows + 1)
        if inside.outcome is Outcome.STOPPED:
            return None
        if inside.outcome is not Outcome.OPTIMAL or inside.value <= 0:
            continue
        least = min(min(row) for row in table.leader)
        rows = table.region(option, extra=1)
        rows += [([least - value for value in table.pays(other)] + [Fraction(1)], 0) for other in table.same(option)]
        top = table.best([0] * table.rows + [1], rows, table.rows + 1)
        if top.outcome is not Outcome.OPTIMAL:
            return None
        regions.append(_Region(option, inside.point[:-1], top.point[:-1], top.value + least))
    value = max(region.value for region in regions)
    tops = [region for region in regions if region.value == value]
    for region in tops:
        strategy, stopped = _attained(table, region)
        if stopped:
            return None
        if strategy is not None:
            answer = min(_best_responses(table, strategy), key=lambda one: _mean(strategy, table.pays(one)))
            return table.told(value, strategy, answer, attained=True)
    region = tops[0]
    near = [(1 - NEAR) * top + NEAR * inside for top, inside in zip(region.top, region.inside, strict=True)]
    answer = min(table.same(region.option), key=lambda one: _mean(near, table.pays(one)))
    return table.told(value, near, answer, attained=False)


def _inside_rows(table: _Table, option: int) -> list[Row]:
    """As `region`, with a last variable `t <= 1` for the smallest gap."""
    rows: list[Row] = [([*row[:-1], 1], side) for row, side in table.region(option, extra=1)]
    return [*rows, ([0] * table.rows + [1], 1)]


def _attained(table: _Table, region: _Region) -> tuple[tuple[Fraction, ...] | None, bool]:
    """A mixture at which the weak value is attained, if there is one; the flag says the limit stopped the search.

    On the face of the region where the value is reached, an option that ties everywhere must pay the leader the value
    as well; asking for that may make more options tie everywhere, and so on until the face is empty or nothing new.
    All others do not tie at the mean of mixtures at which one each does not.
    """
    asked = list(table.same(region.option))
    while True:
        rows = table.region(region.option)
        rows += [([-value for value in table.pays(other)], -region.value) for other in asked]
        points: list[tuple[Fraction, ...]] = []
        tying: list[int] = []
        for other in (one for one in table.others(region.option) if one not in asked):
            gap = [row[region.option] - row[other] for row in table.follower]
            optimum = table.best(gap, rows, table.rows)
            if optimum.outcome is Outcome.STOPPED:
                return None, True
            if optimum.outcome is not Outcome.OPTIMAL:
                return None, False
            points.append(optimum.point)
            if optimum.value == 0:
                tying.append(other)
        if not tying:
            if not points:
                optimum = table.best([0] * table.rows, rows, table.rows)
                if optimum.outcome is not Outcome.OPTIMAL:
                    return None, optimum.outcome is Outcome.STOPPED
                points.append(optimum.point)
            return tuple(sum(column, Fraction(0)) / len(points) for column in zip(*points, strict=True)), False
        asked += tying


def _best_responses(table: _Table, strategy: Sequence[Fraction]) -> Iterator[int]:
    values = [_mean(strategy, [row[option] for row in table.exact]) for option in range(table.columns)]
    return (option for option, value in enumerate(values) if value == max(values))


def _gain(weak: Commitment | None, strong: Commitment | None, nash: Interval | None) -> Interval | None:
    if weak is None or strong is None or nash is None:
        return None
    return Interval(weak.value - nash.highest, strong.value - nash.lowest)


def _verdict(gain: Interval | None, cost: Fraction) -> Verdict | None:
    if gain is None:
        return None
    if gain.lowest > cost:
        return Verdict.COMMIT
    return Verdict.DO_NOT if gain.highest <= cost else Verdict.DEPENDS
