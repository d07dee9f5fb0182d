"""Bargaining along one continuous term: a price, a share, a date, with what it is worth to each of two sides.

`u_1` rises and `u_2` falls in the term `x` of an interval; with a disagreement point `d` the acceptable terms form an
interval of their own, on which `g_i = u_i - d_i`. Values are doubles, so answers are enclosed rather than exact:

- *Kalai-Smorodinsky*, *egalitarian*, *proportional*: `g_1 / s_1 - g_2 / s_2` rises, and its root is bisected.
- *Nash*, *utilitarian*: if the frontier bends outwards (no lottery between terms helps) the goal rises, then falls,
  and golden sections enclose where it turns. If it does not, only the directions of `u_1` and `u_2` are used: on
  `[l, r]` no goal exceeds that of `(g_1(r), g_2(l))`, and the interval of the largest bound is halved (branch and
  bound).

Nothing outside of `between` is better than `x`, and nothing at all by more than `shortfall`. Directions and bend are
checked at sample points; between these they are the caller's word. All of it holds up to the rounding of the functions
themselves.

>>> split = Curve(lambda x: x**0.5, lambda x: 1 - x, (0.0, 1.0))
>>> round(nash_term(split, (0, 0)).x, 6), round(kalai_smorodinsky_term(split, (0, 0)).x, 6)
(0.333333, 0.381966)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf, isfinite, log
from typing import Any

from gamecore.compromises.bargaining import Case, Rule
from gamecore.compromises.table import exact_point, exact_weights
from gamecore.errors import InputError

__all__ = [
    "Curve",
    "TermBargain",
    "egalitarian_term",
    "kalai_smorodinsky_term",
    "nash_term",
    "proportional_term",
    "utilitarian_term",
]

SAMPLES = 257
"""Terms at which directions and bend are looked at."""

BEND = 1e-12
"""How far, as a share of the spread of values, a sampled frontier may bend inwards by rounding alone."""

NARROW = 1e-7
"""Golden sections stop at this share of the interval: below it a smooth goal differs by its rounding only."""

HALVINGS = 20_000
"""Intervals that branch and bound looks at; the shortfall reported is what is left then."""

CLOSE = 1e-9
"""Branch and bound stops when the goal can rise by no more than this."""

Function = Callable[[float], float]
Goal = Callable[[float, float], float]
"""Of the two gains; rises in both."""

_Found = tuple[float, tuple[float, float], float]
"""A term, what encloses it, and how much higher the goal can be."""


@dataclass(frozen=True)
class Curve:
    """What a term is worth: `first` rises and `second` falls in `x` from `ends[0]` to `ends[1]`."""

    first: Function
    second: Function
    ends: tuple[float, float]


@dataclass(frozen=True)
class TermBargain:
    """One rule's answer: the term, its values, and `between`, which encloses the answer.

    `shortfall` bounds how much higher the goal of Nash (in logarithms) or of the sum can be anywhere; it is 0 where the
    answer is a root. `bends_outwards` says whether the samples of the frontier do. Without an acceptable term there are
    no numbers and `case` says so; at `NO_JOINT_GAIN` no term is better for both, and `x` is the best of those that are
    left.
    """

    rule: Rule
    case: Case
    x: float = 0.0
    values: tuple[float, ...] = ()
    between: tuple[float, ...] = ()
    shortfall: float = 0.0
    bends_outwards: bool = True


def nash_term(curve: Curve, disagreement: Any, weights: Any = None) -> TermBargain:
    """The term with the largest `g_1^(w_1) g_2^(w_2)`. Raises `InputError` if what is given does not fit."""
    parts = [float(weight) for weight in exact_weights(weights, 2)]

    def goal(one: float, two: float) -> float:
        return parts[0] * log(one) + parts[1] * log(two) if one > 0 and two > 0 else -inf

    return _best(Rule.NASH, curve, disagreement, goal)


def utilitarian_term(curve: Curve, disagreement: Any, weights: Any = None) -> TermBargain:
    """The acceptable term with the largest `w_1 u_1 + w_2 u_2`, in one unit for both. Raises `InputError` as above."""
    parts = [float(weight) for weight in exact_weights(weights, 2)]
    return _best(Rule.UTILITARIAN, curve, disagreement, lambda one, two: parts[0] * one + parts[1] * two)


def kalai_smorodinsky_term(curve: Curve, disagreement: Any) -> TermBargain:
    """The term at which both gain the same share of the most they could gain. Raises `InputError` as above."""
    return _even(Rule.KALAI_SMORODINSKY, curve, disagreement, None)


def egalitarian_term(curve: Curve, disagreement: Any) -> TermBargain:
    """The term at which both gain the same, or come closest to it. Raises `InputError` as above."""
    return _even(Rule.EGALITARIAN, curve, disagreement, (1.0, 1.0))


def proportional_term(curve: Curve, disagreement: Any, proportions: Any) -> TermBargain:
    """The term at which gains have given proportions, or come closest. Raises `InputError` as above."""
    parts = [float(part) for part in exact_weights(proportions, 2, name="proportion")]
    return _even(Rule.PROPORTIONAL, curve, disagreement, parts)


@dataclass(frozen=True)
class _Room:
    """The acceptable terms and the gains there."""

    low: float
    high: float
    first: Function
    second: Function


def _room(curve: Curve, disagreement: Any) -> _Room | None:
    """The acceptable terms; None if there are none."""
    low, high = (float(end) for end in curve.ends)
    if not (isfinite(low) and isfinite(high) and low < high):
        raise InputError(f"the ends of the term are {curve.ends}: they must be finite, the lower one first")
    least = [float(value) for value in exact_point(disagreement, 2)]

    def gain(function: Function, start: float) -> Function:
        return lambda x: function(x) - start

    first, second = gain(curve.first, least[0]), gain(curve.second, least[1])
    _check_directions(curve, low, high)
    if first(high) < 0 or second(low) < 0:
        return None
    start = low if first(low) >= 0 else _root(first, low, high)[1]
    end = high if second(high) >= 0 else _root(lambda x: -second(x), low, high)[0]
    return _Room(start, end, first, second) if start <= end else None


def _check_directions(curve: Curve, low: float, high: float) -> None:
    terms = _samples(low, high)
    for name, function, sign in (("first", curve.first, 1), ("second", curve.second, -1)):
        worth = [function(x) for x in terms]
        bad = next((x for x, value in zip(terms, worth, strict=True) if not isfinite(value)), None)
        if bad is not None:
            raise InputError(f"the {name} side's value at {bad:g} is not a finite number")
        for x, before, after in zip(terms, worth, worth[1:], strict=False):
            if sign * (after - before) < 0:
                way = "rise" if sign > 0 else "fall"
                raise InputError(f"the {name} side's value does not {way} after {x:g}: turn the term round or cut it")


def _samples(low: float, high: float) -> list[float]:
    return [low + (high - low) * step / (SAMPLES - 1) for step in range(SAMPLES)]


def _root(function: Function, low: float, high: float) -> tuple[float, float]:
    """Neighbouring doubles, or nearly, between which a rising function turns from below 0 to at least 0."""
    while True:
        middle = low + (high - low) / 2
        if not low < middle < high:
            return low, high
        if function(middle) < 0:
            low = middle
        else:
            high = middle


def _even(rule: Rule, curve: Curve, disagreement: Any, scales: Sequence[float] | None) -> TermBargain:
    room = _room(curve, disagreement)
    if room is None:
        return TermBargain(rule, Case.NOTHING_ACCEPTABLE)
    most = (room.first(room.high), room.second(room.low))
    if min(most) <= 0:
        return _without_joint_gain(rule, curve, room, most)
    one, two = scales or most

    def difference(x: float) -> float:
        return room.first(x) / one - room.second(x) / two

    if difference(room.low) >= 0:
        between = (room.low, room.low)
    elif difference(room.high) <= 0:
        between = (room.high, room.high)
    else:
        between = _root(difference, room.low, room.high)
    return _answer(rule, curve, room, (between[0] + (between[1] - between[0]) / 2, between, 0.0))


def _without_joint_gain(rule: Rule, curve: Curve, room: _Room, most: tuple[float, float]) -> TermBargain:
    """Whoever can gain gets all that can be had."""
    x = room.high if most[0] > 0 else room.low
    case = Case.NO_JOINT_GAIN if max(most) > 0 else Case.NOBODY_CAN_GAIN
    return TermBargain(rule, case, x, (curve.first(x), curve.second(x)), (x, x))


def _best(rule: Rule, curve: Curve, disagreement: Any, goal: Goal) -> TermBargain:
    room = _room(curve, disagreement)
    if room is None:
        return TermBargain(rule, Case.NOTHING_ACCEPTABLE)
    most = (room.first(room.high), room.second(room.low))
    if min(most) <= 0 and rule is Rule.NASH:
        return _without_joint_gain(rule, curve, room, most)
    return _answer(rule, curve, room, (_golden if _bends_outwards(room) else _halved)(room, goal))


def _answer(rule: Rule, curve: Curve, room: _Room, found: _Found) -> TermBargain:
    x, between, shortfall = found
    values = (curve.first(x), curve.second(x))
    return TermBargain(rule, Case.REGULAR, x, values, between, shortfall, _bends_outwards(room))


def _bends_outwards(room: _Room) -> bool:
    """Whether no sampled point of the frontier lies below the line between its neighbours."""
    points = [(room.first(x), room.second(x)) for x in _samples(room.low, room.high)]
    allowed = BEND * max(1e-300, (points[-1][0] - points[0][0]) * (points[0][1] - points[-1][1]))
    for start, middle, end in zip(points, points[1:], points[2:], strict=False):
        turn = (middle[0] - start[0]) * (end[1] - start[1]) - (middle[1] - start[1]) * (end[0] - start[0])
        if turn > allowed:
            return False
    return True


def _golden(room: _Room, goal: Goal) -> _Found:
    """A term near the best, an interval with a best one, and how much higher the goal can be there."""

    def height(x: float) -> float:
        return goal(room.first(x), room.second(x))

    share = (5**0.5 - 1) / 2
    low, high = room.low, room.high
    left, right = high - share * (high - low), low + share * (high - low)
    at_left, at_right = height(left), height(right)
    while high - low > NARROW * (room.high - room.low):
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + share * (high - low)
            at_right = height(right)
        else:
            high, right, at_right = right, left, at_left
            left = high - share * (high - low)
            at_left = height(left)
    x = max((low, (low + high) / 2, high), key=height)
    return x, (low, high), max(0.0, goal(room.first(high), room.second(low)) - height(x))


def _halved(room: _Room, goal: Goal) -> _Found:
    """The same for any bend: the interval of the highest bound is halved; best terms lie in those that are left."""
    x, height = room.low, -inf
    waiting: list[tuple[float, float, float]] = []

    def look(low: float, high: float) -> None:
        nonlocal x, height
        middle = low + (high - low) / 2
        here = goal(room.first(middle), room.second(middle))
        if here > height:
            x, height = middle, here
        heappush(waiting, (-goal(room.first(high), room.second(low)), low, high))

    look(room.low, room.high)
    for _ in range(HALVINGS):
        top, low, high = waiting[0]
        middle = low + (high - low) / 2
        if -top - height <= CLOSE or not low < middle < high:
            break
        heappop(waiting)
        look(low, middle)
        look(middle, high)
    left = [(low, high) for top, low, high in waiting if -top > height]
    between = (min((low for low, _ in left), default=x), max((high for _, high in left), default=x))
    between = (min(x, between[0]), max(x, between[1]))
    return x, between, max(0.0, -waiting[0][0] - height)
