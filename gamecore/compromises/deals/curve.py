"""The frontier of two parties when some terms are continuous: a curve of points and straight stretches, exact.

With linear amounts the deals of one choice of options fill a zonotope; its frontier gives the amounts to one side in
order of the ratio of their slopes, so that at each corner at most one amount is between its bounds (the logic of
adjusted winner). A piecewise linear amount is taken piece by piece. The frontier of all is the upper envelope of these
chains, hung on every undominated choice of options: no other choice can be on it. All crossings are rationals.

A curve's *stretches* run from the best for the first party's counterpart to the best for the first party; a stretch of
one deal is a point. Solutions are exact: on a straight stretch the Nash product is a quadratic, equal gains a crossing.

>>> from gamecore.compromises.deals.space import Amount, DealSpace
>>> space = DealSpace.from_points(
...     ("buyer", "seller"),
...     {"delivery": {"soon": (6, 0), "late": (0, 4)}},
...     amounts=[Amount.linear("price", 0, 10, (-1, 1))],
... )
>>> nash = curve_solutions(deal_curve(space))[Rule.NASH]
>>> nash.deals[0].options, [str(at) for at in nash.deals[0].amounts], [str(value) for value in nash.points[0]]
(('soon',), ['3'], ['3', '3'])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice, product
from math import prod
from typing import Final

import numpy as np

from gamecore.compromises.bargaining import Bargain
from gamecore.compromises.deals.envelope import Chord, upper_envelope
from gamecore.compromises.deals.frontier import deal_frontier
from gamecore.compromises.deals.solutions import RULES, Rule, Solution
from gamecore.compromises.deals.space import Amount, Deal, DealSpace, Point
from gamecore.compromises.table import all_at_least
from gamecore.errors import InputError, TooLargeError

__all__ = ["Curve", "Stretch", "curve_solutions", "deal_curve", "ideal_on"]

MOST_CHORDS: Final = 100_000


@dataclass(frozen=True)
class Stretch:
    """All deals between two with the same options, one amount moving; an open end is itself dominated."""

    start: Deal
    end: Deal
    open_start: bool = False
    open_end: bool = False

    @property
    def is_point(self) -> bool:
        return self.start == self.end


@dataclass(frozen=True)
class Curve:
    """The frontier, from the best for the second party to the best for the first. Of deals worth the same to both, one
    is named.
    """

    space: DealSpace
    stretches: tuple[Stretch, ...]

    def at(self, stretch: int, share: Fraction) -> Deal:
        """The deal at a share of the way along a stretch."""
        one = self.stretches[stretch]
        amounts = tuple(a + share * (b - a) for a, b in zip(one.start.amounts, one.end.amounts, strict=True))
        values = tuple(a + share * (b - a) for a, b in zip(one.start.values, one.end.values, strict=True))
        return replace(one.start, amounts=amounts, values=values)

    @cached_property
    def corners(self) -> tuple[Deal, ...]:
        """The ends of the stretches that are on the frontier, each once."""
        found = []
        for one in self.stretches:
            found += [] if one.open_start else [one.start]
            found += [] if one.open_end or one.is_point else [one.end]
        return tuple(deal for k, deal in enumerate(found) if k == 0 or deal.values != found[k - 1].values)


@dataclass(frozen=True)
class _Chain:
    """The frontier of the amounts alone: corners with the amounts there, from the best for the second party on."""

    amounts: tuple[Point, ...]
    values: tuple[tuple[Fraction, Fraction], ...]


def deal_curve(space: DealSpace) -> Curve:
    """The exact frontier of a space with continuous terms.

    Raises `InputError` unless there are two parties and an amount, `TooLargeError` if there are more than 100,000
    stretches to compare.
    """
    if len(space.parties) != 2 or not space.amounts:
        raise InputError(
            "a curve is the frontier of two parties with at least one continuous term; for more parties ask for "
            "the most even deal or the largest sum (programme), or give the amounts as options of an issue"
        )
    bare = replace(space, amounts=()) if space.issues else None
    if bare is None:
        bases: list[tuple[tuple[int, ...], Point]] = [((), (Fraction(0), Fraction(0)))]
    else:
        found = deal_frontier(bare)
        bases = [(next(islice(found.numbers(k), 1)), point) for k, point in enumerate(found.points)]
    chains = list(_chains(space.amounts))
    count = len(bases) * sum(len(chain.amounts) for chain in chains)
    if count > MOST_CHORDS:
        raise TooLargeError(
            f"{count} stretches of the frontier to compare, more than {MOST_CHORDS}: give fewer corners or issues",
            limit="stretches",
            count=count,
            allowed=MOST_CHORDS,
        )
    chords = [chord for numbers, base in bases for chain in chains for chord in _chords(numbers, base, chain)]
    stretches = []
    for part in upper_envelope(chords):
        numbers, amounts = chords[part.chord].payload
        ends = []
        for share in (part.start, part.end):
            there = tuple(a + share * (b - a) for a, b in zip(*amounts, strict=True))
            ends.append(space.deal(numbers, there))
        stretches.append(Stretch(ends[0], ends[1], part.open_start, part.open_end))
    return Curve(space, tuple(stretches))


def _chords(numbers: tuple[int, ...], base: Point, chain: _Chain) -> Iterator[Chord]:
    corners = [(a + base[0], b + base[1]) for a, b in chain.values]
    if len(corners) == 1:
        yield Chord(corners[0], corners[0], (numbers, (chain.amounts[0], chain.amounts[0])))
    for k in range(len(corners) - 1):
        yield Chord(corners[k], corners[k + 1], (numbers, (chain.amounts[k], chain.amounts[k + 1])))


def _chains(amounts: Sequence[Amount]) -> Iterator[_Chain]:
    """The frontier of the amounts, for each choice of a piece of every amount."""
    pieces = [range(len(term.corners) - 1) for term in amounts]
    if prod(len(some) for some in pieces) > MOST_CHORDS:
        raise TooLargeError(
            f"more than {MOST_CHORDS} combinations of pieces of the amounts: give fewer corners",
            limit="pieces",
            count=prod(len(some) for some in pieces),
            allowed=MOST_CHORDS,
        )
    for choice in product(*pieces):
        at: list[Fraction] = []
        moves: list[tuple[Fraction, int, Fraction, Fraction, Fraction]] = []
        worth = [Fraction(0), Fraction(0)]
        for number, (term, k) in enumerate(zip(amounts, choice, strict=True)):
            ends = sorted(
                [(term.values[j][1], term.values[j][0], term.corners[j]) for j in (k, k + 1)], reverse=True
            )  # the best for the second party first; among equals the better for the first
            (second, first, start), (other_second, other_first, end) = ends
            at.append(start)
            worth[0] += first
            worth[1] += second
            if other_first > first:
                gain, loss = other_first - first, second - other_second
                moves.append((loss / gain, number, end, gain, loss))
        corners, values = [tuple(at)], [(worth[0], worth[1])]
        for _, number, end, gain, loss in sorted(moves):
            at[number] = end
            corners.append(tuple(at))
            values.append((values[-1][0] + gain, values[-1][1] - loss))
        yield _Chain(tuple(corners), tuple(values))


def curve_solutions(curve: Curve, disagreement: Sequence[Fraction] | None = None) -> dict[Rule, Solution]:
    """Every rule's exact answer on the curve; of a stretch that ties as a whole, its ends."""
    point = tuple(curve.space.no_agreement if disagreement is None else disagreement)
    deals = [deal for k in range(len(curve.stretches)) for deal in _clipped(curve, k, point)]
    most = [ideal - least for ideal, least in zip(ideal_on(curve, point), point, strict=True)]
    for k, one in enumerate(curve.stretches):
        if one.is_point:
            continue
        deals += [curve.at(k, share) for share in _shares(one, point, most) if 0 < share < 1]
    deals += list(curve.corners)
    once = list({deal.values: deal for deal in reversed(deals)}.values())[::-1]
    table = np.array([deal.values for deal in once], dtype=object)
    answers = {}
    for rule, solve in RULES:
        bargain: Bargain = solve(table, point)
        named = tuple(once[option] for option in bargain.options)
        points = tuple(deal.values for deal in named)
        answers[rule] = Solution(rule, bargain.case, points, named, point, bargain.left_out, bargain.notes)
    return answers


def ideal_on(curve: Curve, disagreement: Sequence[Fraction] | None = None) -> Point:
    """The most each party can have from a deal that is acceptable to both; the point itself if there is none."""
    point = tuple(curve.space.no_agreement if disagreement is None else disagreement)
    ends = [deal.values for k in range(len(curve.stretches)) for deal in _clipped(curve, k, point)]
    acceptable = [values for values in ends if all_at_least(values, point)]
    return tuple(max((values[i] for values in acceptable), default=point[i]) for i in range(2))


def _clipped(curve: Curve, k: int, point: Point) -> list[Deal]:
    """The first and the last deal of a stretch that are acceptable to both."""
    one = curve.stretches[k]
    if one.is_point:
        return [one.start]
    low, high = Fraction(0), Fraction(1)
    for i in range(2):
        here, there = one.start.values[i] - point[i], one.end.values[i] - point[i]
        if here < 0 and there < 0:
            return []
        if here < 0:
            low = max(low, -here / (there - here))
        elif there < 0:
            high = min(high, here / (here - there))
    if low > high:
        return []
    closed = [share for share in dict.fromkeys((low, high)) if not (one.open_start and share == 0)]
    return [curve.at(k, share) for share in closed if not (one.open_end and share == 1)]


def _shares(one: Stretch, point: Point, most: Sequence[Fraction]) -> Iterator[Fraction]:
    """Where on a stretch the product of gains is largest, gains are equal, and shares of the ideal are."""
    (a, b), (c, d) = ((one.start.values[i] - point[i], one.end.values[i] - one.start.values[i]) for i in range(2))
    if b and d:
        yield -(a * d + c * b) / (2 * b * d)
    for first, second in ((Fraction(1), Fraction(1)), (most[0], most[1])):
        if first and second and b / first != d / second:
            yield (c / second - a / first) / (b / first - d / second)
