r"""Log-rolling: trades "give X, get Y" that make everybody better off, from any starting deal.

A *trade* of size `k` changes the options of exactly `k` issues of a deal `x`. It is listed if it is worth more to every
party (or to nobody less and to some more), best first by joint gain, the sum of everybody's gains, which asks for one
unit for all. *Value left on the table* is the largest joint gain over all deals that take nothing from anybody (Raiffa
1982).

>>> from gamecore.compromises.deals.space import DealSpace
>>> space = DealSpace.from_points(
...     ("buyer", "seller"),
...     {"price": {"low": (3, 0), "high": (0, 5)}, "delivery": {"soon": (6, 0), "late": (0, 4)}},
... )
>>> found = trades(space, ("low", "late"))
>>> print(found.listed[0].in_words(space.parties).replace(": ", ":\n").replace("; ", ";\n"))
price from low to high and delivery from late to soon:
buyer gives price and gets delivery, 3 more in all;
seller gives delivery and gets price, 1 more in all
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import nsmallest
from itertools import combinations
from math import comb, prod
from typing import Any, Final

import numpy as np

from gamecore.compromises.deals.frontier import DealFrontier, deal_frontier
from gamecore.compromises.deals.space import Deal, DealSpace, Point
from gamecore.compromises.deals.tables import Tables, Whole
from gamecore.compromises.table import all_at_least
from gamecore.errors import InputError, TooLargeError

__all__ = ["Change", "Left", "Trade", "Trades", "left_by", "left_on_table", "trades"]

MOST_TRIED: Final = 20_000_000  # changes that are looked at
MOST_LISTED: Final = 100


@dataclass(frozen=True)
class Change:
    """One issue of a trade; `alone[i]` is what this change by itself is worth to party `i`."""

    issue: str
    before: str
    after: str
    alone: Point


@dataclass(frozen=True)
class Trade:
    """`deal` is what is agreed after it, `gains[i]` what party `i` has more."""

    changes: tuple[Change, ...]
    gains: Point
    deal: Deal

    @property
    def joint_gain(self) -> Fraction:
        return sum(self.gains, Fraction(0))

    @property
    def is_exchange(self) -> bool:
        """Whether somebody gives something: a change that alone is worth less to them."""
        return any(value < 0 for change in self.changes for value in change.alone)

    def gives(self, party: int) -> tuple[str, ...]:
        """The issues on which a party gives, each change taken alone."""
        return tuple(change.issue for change in self.changes if change.alone[party] < 0)

    def gets(self, party: int) -> tuple[str, ...]:
        """The issues on which a party gets."""
        return tuple(change.issue for change in self.changes if change.alone[party] > 0)

    def in_words(self, parties: Sequence[str]) -> str:
        """One plain sentence, without a full stop."""
        what = " and ".join(f"{one.issue} from {one.before} to {one.after}" for one in self.changes)
        sides = []
        for i, party in enumerate(parties):
            said = [("gives", self.gives(i)), ("gets", self.gets(i))]
            does = " and ".join(f"{verb} {', '.join(issues)}" for verb, issues in said if issues)
            gain = f"{_number(self.gains[i])} more in all" if self.gains[i] else "as much as before"
            sides.append(f"{party} {does}, {gain}" if does else f"{party} has {gain}")
        return f"{what}: {'; '.join(sides)}"


@dataclass(frozen=True)
class Trades:
    """All trades of one size from `start`: `count` of them, the best `listed`."""

    start: Deal
    size: int
    strictly: bool
    count: int
    listed: tuple[Trade, ...]


@dataclass(frozen=True)
class Left:
    """`amount` is the value left on the table, `deals` are those that take it up; 0 and the deals as good if none."""

    amount: Fraction
    deals: tuple[Deal, ...]


def trades(
    space: DealSpace,
    start: Sequence[str] | Mapping[str, str],
    *,
    amounts: Sequence[Any] = (),
    size: int = 2,
    strictly: bool = True,
    most: int = MOST_LISTED,
) -> Trades:
    """All trades of `size` issues from a deal, each better for everybody (`strictly`) or for some and worse for nobody.

    Continuous terms stay as they are in the starting deal. Sorted by joint gain, then by the smallest gain, then in
    file order. Raises `InputError` for names that are unknown or a size that cannot be, `TooLargeError` above 20
    million changes.
    """
    numbers = space.numbers(start)
    space.values(start, amounts)  # faults of the starting deal
    if not 1 <= size <= len(space.issues):
        raise InputError(f"a trade of {size} issues among {len(space.issues)}: say a number from 1 to that")
    _limit(space, size)
    tables = Tables.of(space)
    alone = {k: tables.around(numbers, (k,))[0] for k in range(len(space.issues))}
    found: list[tuple[Any, ...]] = []
    for issues in combinations(range(len(space.issues)), size):
        gains, allowed = tables.around(numbers, issues)
        good = allowed & (
            (gains > 0).all(axis=-1) if strictly else (gains >= 0).all(axis=-1) & (gains > 0).any(axis=-1)
        )
        for axis, k in enumerate(issues):  # exactly these issues change
            same: list[Any] = [slice(None)] * size
            same[axis] = numbers[k]
            good[tuple(same)] = False
        for place in zip(*np.nonzero(good), strict=True):
            exact = tables.exact(gains[place].tolist())
            found.append((-sum(exact), -min(exact), issues, tuple(int(k) for k in place), exact))
    best = nsmallest(most, found)
    listed = tuple(_trade(tables, numbers, amounts, alone, item) for item in best)
    return Trades(space.deal(numbers, amounts), size, strictly, len(found), listed)


def left_on_table(frontier: DealFrontier, start: Sequence[Fraction]) -> Left:
    """The largest joint gain over what `start` is worth to each, nobody having less."""
    points = [(k, point) for k, point in enumerate(frontier.points) if all_at_least(point, start)]
    if not points:
        raise InputError(
            "nothing on the frontier is as good for everybody: these are no values of a deal of this space"
        )
    best = max(sum(point, Fraction(0)) for _, point in points)
    deals = tuple(deal for k, point in points if sum(point) == best for deal in frontier.deals(k))
    return Left(best - sum(start, Fraction(0)), deals)


def left_by(space: DealSpace, start: Sequence[str] | Mapping[str, str]) -> Left:
    """The value a deal leaves on the table."""
    return left_on_table(deal_frontier(space), space.values(start))


def _limit(space: DealSpace, size: int) -> None:
    options = [len(issue.options) for issue in space.issues]
    many = comb(len(options), size) > MOST_TRIED
    tried = MOST_TRIED + 1 if many else sum(prod(some) for some in combinations(options, size))
    if tried > MOST_TRIED:
        raise TooLargeError(
            f"more than {MOST_TRIED} changes of {size} issues: ask for trades of fewer issues",
            limit="changes",
            count=tried,
            allowed=MOST_TRIED,
        )


def _trade(
    tables: Tables, start: Sequence[int], amounts: Sequence[Any], alone: Mapping[int, Whole], item: tuple[Any, ...]
) -> Trade:
    space = tables.space
    _, _, issues, options, gains = item
    after = list(start)
    changes = []
    for k, option in zip(issues, options, strict=True):
        after[k] = option
        issue = space.issues[k]
        by_itself = tables.exact(alone[k][option].tolist())
        changes.append(Change(issue.name, issue.options[start[k]], issue.options[option], by_itself))
    return Trade(tuple(changes), gains, space.deal(after, amounts))


def _number(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"{float(value):.4g}"
