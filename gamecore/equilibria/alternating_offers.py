"""Alternating offers: who gets how much of `v` when two sides propose in turn and waiting costs (Rubinstein 1982).

In each round one side proposes a split of `v`; the other accepts, or rejects and talks go on, or rejects and leaves.
Per player `i`, all in the unit of `v`:

- `patience` `delta_i` in [0, 1]: what one a round later is worth now.
- `while_talking` `d_i`, the *inside option*: what talking for ever is worth; a round of talks brings `(1 - delta_i)
  d_i`, nothing to one whose patience is 1.
- `leaving` `o_i`, the *outside option*: what it has if it leaves after rejecting, or if the other side does; None if
  nobody can leave. It is told apart from `d_i` because it acts differently: it does not shift the split, it is a floor
  that binds only if it is above what talking on would bring (Shaked & Sutton 1984; Binmore, Shaked & Sutton 1989).
- with `breakdown` `p` talks end after a rejection, and `i` has `when_broken` `b_i` the round after (Binmore, Rubinstein
  & Wolinsky 1986).

With `X_i` what `i` gets as the one who proposes, rejecting is worth `c_i = (1 - delta_i) d_i + delta_i (p b_i +
(1 - p) X_i)`, the responder is offered `R_i = max(o_i, c_i)`, and `X_i = v - R_j`: one solution, rational, found from
the four ways in which the floors can bind. If patience differs so much that the proposer had rather wait, agreement is
not reached at once, and the split is refused. With finitely many rounds the same is followed backwards from the end,
where talks stop and each side stays at `d_i` (or what is given for the end).

Every answer is checked by `offer_faults`, which shares nothing with the solver: no offer and no answer can be bettered
by changing it once.

>>> split = stationary_split(Talks(1, patience=("9/10", "4/5")))
>>> [str(share) for share in split.first_proposes], [str(share) for share in split.second_proposes]
(['5/7', '2/7'], ['9/14', '5/14'])
>>> stationary_split(Talks(1, patience=("9/10", "9/10"), leaving=(0, "3/5"))).binding
(1,)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any, TypeVar

from gamecore.errors import InputError, RefusedError, TooLargeError
from gamecore.games.strategic import exact_number

__all__ = [
    "FiniteSplit",
    "Round",
    "StationarySplit",
    "Talks",
    "finite_split",
    "offer_faults",
    "patience_weights",
    "stationary_split",
]

MOST_ROUNDS = 2_000
"""Exact shares grow by a few digits a round; with more rounds the closed form is as good to hundreds of digits."""

Pair = tuple[Fraction, Fraction]
_Split = TypeVar("_Split", "StationarySplit", "FiniteSplit")


@dataclass(frozen=True)
class Talks:
    """The terms of talks between two sides; numbers, fractions or texts, read exactly.

    `value` is what an agreement is worth to both together. Raises `InputError` if a number is out of its range, or if
    what the two have without agreement is more than `value`: then there is nothing to agree on.
    """

    value: Any
    patience: Any = (1, 1)
    breakdown: Any = 0
    while_talking: Any = (0, 0)
    leaving: Any = None
    when_broken: Any = None

    def __post_init__(self) -> None:
        worth, risk = exact_number(self.value), exact_number(self.breakdown)
        patience = _pair(self.patience, "patience")
        talking = _pair(self.while_talking, "while_talking")
        leaving = None if self.leaving is None else _pair(self.leaving, "leaving")
        broken = talking if self.when_broken is None else _pair(self.when_broken, "when_broken")
        if not 0 <= risk <= 1:
            raise InputError(f"breakdown is {risk}: the chance that talks end must be from 0 to 1")
        for i, factor in enumerate(patience):
            if not 0 <= factor <= 1:
                raise InputError(f"the patience of player {i} is {factor}: it must be from 0 to 1")
        for name, pair in (("while_talking", talking), ("leaving", leaving), ("when_broken", broken)):
            if pair is not None and sum(pair) > worth:
                raise InputError(f"{name} gives both {sum(pair)} in all, more than the {worth} there is to agree on")
        for name, found in (("value", worth), ("patience", patience), ("breakdown", risk),
                            ("while_talking", talking), ("leaving", leaving), ("when_broken", broken)):  # fmt: skip
            object.__setattr__(self, name, found)

    def holding_out(self, player: int, later: Fraction) -> Fraction:
        """What rejecting and talking on is worth to a player who has `later` in the next round if talks last."""
        factor = self.patience[player]
        ahead = self.breakdown * self.when_broken[player] + (1 - self.breakdown) * later
        found: Fraction = (1 - factor) * self.while_talking[player] + factor * ahead
        return found


@dataclass(frozen=True)
class StationarySplit:
    """What both get, at once, if the first side proposes and if the second does.

    `binding` are the players whose outside option sets what they are offered; `without_leaving` is the split by the
    same proposer if nobody could leave: what an outside option has to exceed to matter.
    """

    talks: Talks
    first_proposes: Pair
    second_proposes: Pair
    binding: tuple[int, ...] = ()
    without_leaving: tuple[Pair, Pair] = ()  # type: ignore[assignment]

    def when(self, proposer: int) -> Pair:
        """The split if this player proposes first."""
        return self.second_proposes if proposer else self.first_proposes


@dataclass(frozen=True)
class Round:
    """Who proposes, what both get if this round is reached, and whether the responder's outside option sets it."""

    proposer: int
    split: Pair
    leaving_binds: bool


@dataclass(frozen=True)
class FiniteSplit:
    """The rounds in their order; agreement is reached in the first. `at_the_end` is what both have after the last."""

    talks: Talks
    rounds: tuple[Round, ...]
    at_the_end: Pair

    @property
    def split(self) -> Pair:
        return self.rounds[0].split


def stationary_split(talks: Talks) -> StationarySplit:
    """The split without a last round, exact: the only subgame-perfect one.

    Raises `InputError` if neither impatience nor risk puts pressure on anybody, since then every split is one, and
    `RefusedError` if the proposer had rather wait.
    """
    if talks.patience[0] * talks.patience[1] * (1 - talks.breakdown) ** 2 == 1:
        raise InputError("nobody is impatient and talks never break down: every split can last; give patience or risk")
    inside = _closed_form(replace(talks, leaving=None))
    found = inside if talks.leaving is None else _closed_form(talks)
    split = replace(found, without_leaving=(inside.first_proposes, inside.second_proposes))
    return _checked(split)


def finite_split(
    talks: Talks, rounds: int, *, first: int = 0, proposers: Sequence[int] = (), at_the_end: Any = None
) -> FiniteSplit:
    """The split with a last round, exact, by backward induction.

    `first` proposes in round 0 and then they take turns, unless `proposers` names who proposes in each round.
    `at_the_end` is what both have when the last offer is rejected and talks have not broken down; `while_talking` if it
    is not given. Raises `InputError` for players that are not 0 and 1, `TooLargeError` above `MOST_ROUNDS`.
    """
    order = tuple(proposers) or tuple((first + turn) % 2 for turn in range(rounds))
    if not order or len(order) != rounds or any(player not in (0, 1) for player in order):
        raise InputError(f"the proposers {order[:5]} of {rounds} rounds do not fit: one of the players 0 and 1 a round")
    if rounds > MOST_ROUNDS:
        raise TooLargeError(
            f"{rounds} rounds; at most {MOST_ROUNDS}: without a last round the split is a closed form",
            limit="MOST_ROUNDS",
            count=rounds,
            allowed=MOST_ROUNDS,
        )
    end = talks.while_talking if at_the_end is None else _pair(at_the_end, "at_the_end")
    if sum(end) > talks.value:
        raise InputError(f"at_the_end gives both {sum(end)} in all, more than the {talks.value} there is to agree on")
    later, found = end, []
    for proposer in reversed(order):
        responder = 1 - proposer
        offered, binds = _floor(talks, responder, talks.holding_out(responder, later[responder]))
        later = _by(proposer, talks.value - offered, offered)
        found.append(Round(proposer, later, binds))
    return _checked(FiniteSplit(talks, tuple(reversed(found)), end))


def patience_weights(rates: Any) -> Pair:
    """The weights of the Nash solution that alternating offers approach as rounds get short: `r_j / (r_1 + r_2)`.

    `rates` are the two discount rates per unit of time, above 0 for at least one. Raises `InputError`.
    """
    one, two = _pair(rates, "rates")
    if min(one, two) < 0 or one + two == 0:
        raise InputError(f"the rates {one} and {two} must not be below 0, and one must be above")
    return two / (one + two), one / (one + two)


def offer_faults(split: StationarySplit | FiniteSplit) -> tuple[str, ...]:
    """Who could do better by changing one offer or one answer, in words; nothing if nobody can."""
    talks = split.talks
    if isinstance(split, StationarySplit):
        one, two = split.first_proposes, split.second_proposes
        return (*_round_faults(talks, 0, one, two, "round"), *_round_faults(talks, 1, two, one, "round"))
    faults: list[str] = []
    for place, now in enumerate(split.rounds):
        later = split.rounds[place + 1].split if place + 1 < len(split.rounds) else split.at_the_end
        faults += _round_faults(talks, now.proposer, now.split, later, f"round {place}")
    return tuple(faults)


def _round_faults(talks: Talks, proposer: int, now: Pair, later: Pair, where: str) -> list[str]:
    """One round against what follows a rejection: talks go on to `later`, break down, or the responder leaves."""
    responder = 1 - proposer
    on = [
        (1 - factor) * talking + factor * (talks.breakdown * broken + (1 - talks.breakdown) * then)
        for factor, talking, broken, then in zip(
            talks.patience, talks.while_talking, talks.when_broken, later, strict=True
        )
    ]
    leaves = talks.leaving is not None and talks.leaving[responder] > on[responder]
    rejected = talks.leaving if leaves else on
    faults = [] if now[0] + now[1] == talks.value else [f"{where}: the offer does not sum to what there is"]
    if now[responder] < rejected[responder]:
        faults.append(f"{where}: player {responder} does better by rejecting")
    if now[responder] > rejected[responder]:
        faults.append(f"{where}: player {proposer} could offer less")
    if now[proposer] < rejected[proposer]:
        faults.append(f"{where}: player {proposer} does better by an offer that is rejected")
    return faults


def _closed_form(talks: Talks) -> StationarySplit:
    """The four ways in which outside options can bind; the one whose floors fit is the solution."""
    kinds = (False, True) if talks.leaving is not None else (False,)
    for binds in product(kinds, repeat=2):
        one, two = _solved(talks, binds)
        offered = (talks.value - two, talks.value - one)  # what each is offered when the other proposes
        floors = [_floor(talks, i, talks.holding_out(i, share)) for i, share in enumerate((one, two))]
        if all(floor == (offer, bind) for floor, offer, bind in zip(floors, offered, binds, strict=True)):
            binding = tuple(i for i, bind in enumerate(binds) if bind)
            return StationarySplit(talks, (one, offered[1]), (offered[0], two), binding)
    raise RefusedError("no stationary split was found", limit="certificate")


def _solved(talks: Talks, binds: tuple[bool, ...]) -> Pair:
    """`X_0` and `X_1` from `X_i = v - R_j`, where `R_j` is `o_j` or `base_j + slope_j X_j`."""
    base, slope = [], []
    for i, bind in enumerate(binds):
        base.append(talks.leaving[i] if bind else talks.holding_out(i, Fraction(0)))
        slope.append(Fraction(0) if bind else talks.patience[i] * (1 - talks.breakdown))
    both = 1 - slope[0] * slope[1]
    one = (talks.value - base[1] - slope[1] * (talks.value - base[0])) / both
    two = (talks.value - base[0] - slope[0] * (talks.value - base[1])) / both
    return one, two


def _floor(talks: Talks, player: int, on: Fraction) -> tuple[Fraction, bool]:
    """What a responder must be offered, and whether its outside option says so."""
    if talks.leaving is not None and talks.leaving[player] > on:
        return talks.leaving[player], True
    return on, False


def _checked(split: _Split) -> _Split:
    faults = offer_faults(split)
    if faults:
        raise RefusedError(
            f"no agreement at once: {'; '.join(faults)}. Patience and what they have while talking make waiting worth "
            "more to both together than an agreement now",
            limit="agreement at once",
        )
    return split


def _by(player: int, own: Fraction, other: Fraction) -> Pair:
    return (other, own) if player else (own, other)


def _pair(values: Any, name: str) -> Pair:
    found = [exact_number(value) for value in values]
    if len(found) != 2:
        raise InputError(f"{name} has {len(found)} values: give one to each of the two players")
    return found[0], found[1]
