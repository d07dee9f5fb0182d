"""The Pareto frontier where options may be drawn by lot, and what an outcome then leaves on the table.

An option is *efficient* with lotteries if no lottery gives everybody at least as much and somebody more, which is so
exactly if it is worth the most under some weights above 0; these weights, or the lottery that beats it, prove it. It is
a *corner* if, besides, no lottery of options of other values is worth exactly the same. The frontier consists of the
corners and of mixtures of some of them: for two players of neighbours, for more of those whose mixtures are efficient.
All of it is exact.

>>> found = frontier_with_lotteries([(0, 4), (1, 1), (2, 2), (3, 3), (4, 0)])
>>> found.corners, found.segments, [one.option for one in found.beaten]
((0, 3, 4), ((0, 3), (3, 4)), [1, 2])
>>> left_with_lotteries([(0, 4), (1, 1), (4, 0)], 1).amount
Fraction(2, 1)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from gamecore.compromises.frontier import pareto_frontier
from gamecore.compromises.hull import Gains, Hull, Point, hull_of
from gamecore.compromises.lotteries import Lottery
from gamecore.compromises.table import all_at_least, exact_table
from gamecore.equilibria.exact_program import Outcome, Program
from gamecore.errors import InputError, TooLargeError

__all__ = [
    "Beaten",
    "Efficient",
    "LeftWithLotteries",
    "LotteryFrontier",
    "frontier_with_lotteries",
    "left_with_lotteries",
]

MOST_OPTIONS = 400
"""Named efficient options that are tested one by one; each asks for two programs of a few milliseconds."""

MOST_PAIRS = 1_500
"""Pairs of corners of three or more players that are tested; above it the segments are left out, and it is said."""


@dataclass(frozen=True)
class Efficient:
    """A named option on the frontier with lotteries: under `weights`, above 0 and summing to 1, none is worth more."""

    option: int
    weights: Point


@dataclass(frozen=True)
class Beaten:
    """A named option below the frontier, and a lottery that takes nothing from anybody and gives somebody more."""

    option: int
    by: Lottery


@dataclass(frozen=True)
class LotteryFrontier:
    """Indices of named options, ascending; of options with equal values all are listed.

    `segments` are pairs of corners (the first option of each) all of whose mixtures are efficient; if there were too
    many pairs, `all_segments` is False and there are none. For three and more players, larger faces show as corners
    that are joined pairwise.
    """

    efficient: tuple[Efficient, ...]
    corners: tuple[int, ...]
    segments: tuple[tuple[int, int], ...]
    beaten: tuple[Beaten, ...]
    all_segments: bool = True


@dataclass(frozen=True)
class LeftWithLotteries:
    """How much more all together could expect with nobody expecting less, and a lottery that gives it."""

    amount: Fraction
    lottery: Lottery


def frontier_with_lotteries(values: Any) -> LotteryFrontier:
    """Which named options stay efficient when lotteries are possible, which are corners, and what joins them.

    `values` has axes (option, player). Raises `InputError` if they do not fit, `TooLargeError` if more than
    `MOST_OPTIONS` options are undominated for three and more players.
    """
    hull = hull_of(values)
    gains = Gains(hull, [0] * hull.players)
    undominated = pareto_frontier(values)
    if len(undominated) > MOST_OPTIONS:
        raise TooLargeError(
            f"{len(undominated)} options are undominated; with lotteries at most {MOST_OPTIONS} are tested: "
            "leave out options that differ little",
            limit="MOST_OPTIONS",
            count=len(undominated),
            allowed=MOST_OPTIONS,
        )
    exact = exact_table(values)
    efficient, beaten = [], []
    for option in range(len(exact)):
        weights, by = _tested(gains, tuple(exact[option].tolist()))
        if by is None:
            efficient.append(Efficient(option, weights))
        else:
            beaten.append(Beaten(option, by))
    rows = {tuple(exact[one.option].tolist()): one.option for one in reversed(efficient)}
    firsts = sorted(rows[row] for row in rows if _is_corner(row, [other for other in rows if other != row]))
    corners = [one.option for one in efficient if rows[tuple(exact[one.option].tolist())] in firsts]
    pairs = _neighbours(exact, firsts) if hull.players <= 2 else list(combinations(firsts, 2))
    complete = hull.players <= 2 or len(pairs) <= MOST_PAIRS
    if hull.players > 2 and complete:
        pairs = [(a, b) for a, b in pairs if _tested(gains, _middle(exact[a], exact[b]))[1] is None]
    return LotteryFrontier(
        tuple(efficient), tuple(corners), tuple(pairs) if complete else (), tuple(beaten), all_segments=complete
    )


def left_with_lotteries(values: Any, outcome: Any) -> LeftWithLotteries:
    """The largest gain in the expected sum over lotteries that take nothing from anybody, in one unit for all players.

    `values` has axes (option, player); `outcome` is an option's index, or what each player has now: it must be within
    reach, that is, some lottery gives everybody as much. Raises `InputError` if it is not.
    """
    hull = hull_of(values)
    if isinstance(outcome, int):
        table = exact_table(values)
        if not 0 <= outcome < len(table):
            raise InputError(f"option {outcome} does not exist: there are {len(table)}")
        outcome = table[outcome]
    gains = Gains(hull, outcome)
    start = gains.evenest()
    if start.value < 0:
        raise InputError("no lottery over the options gives everybody as much as this outcome: it cannot be had")
    floors = dict.fromkeys(range(hull.players), Fraction(0))
    best = gains.solve([1] * hull.players, floors, start=start.chances)
    return LeftWithLotteries(best.value, _named(hull, gains, best.chances))


def _tested(gains: Gains, row: Point) -> tuple[Point, Lottery | None]:
    """The weights that prove a feasible row efficient, or the lottery that beats it."""
    hull, here = gains.hull, Gains(gains.hull, row)
    above = next((k for k, other in enumerate(hull.rows) if all_at_least(other, row)), None)
    start = here.evenest().chances if above is None else (above,)
    best = here.solve([1] * hull.players, dict.fromkeys(range(hull.players), Fraction(0)), start=start)
    if best.value > 0:
        return (), _named(hull, here, best.chances)
    weights = [1 + price for price in best.prices]
    return tuple(weight / sum(weights) for weight in weights), None


def _named(hull: Hull, gains: Gains, chances: Mapping[int, Fraction]) -> Lottery:
    named = tuple(sorted((hull.options[row][0], chance) for row, chance in chances.items()))
    return Lottery(named, tuple(g + d for g, d in zip(gains.of(chances), gains.point, strict=True)))


def _is_corner(row: Point, others: Sequence[Point]) -> bool:
    """Whether no lottery over the others is worth exactly `row`."""
    if not others:
        return True
    equal = [([other[i] for other in others], value) for i, value in enumerate(row)]
    program = Program(equal=[*equal, ([1] * len(others), 1)], variables=len(others))
    return program.maximise([0] * len(others)).outcome is Outcome.INFEASIBLE


def _neighbours(exact: Any, corners: Sequence[int]) -> list[tuple[int, int]]:
    ordered = sorted(corners, key=lambda option: tuple(exact[option]))
    return sorted((min(a, b), max(a, b)) for a, b in pairwise(ordered))


def _middle(one: Any, other: Any) -> Point:
    return tuple((a + b) / 2 for a, b in zip(one, other, strict=True))
