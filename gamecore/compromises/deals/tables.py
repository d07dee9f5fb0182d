"""A space of deals as whole numbers: factors that add up, one after the other.

Issues that interact, or that an impossible combination ties together, are joined into one *factor*: the table of all
their possible combinations. The value of a deal is then the sum over factors, exactly. Each party's values are
multiplied by their common denominator, so that they are compared as whole numbers: int64 where every sum fits, Python's
whole numbers otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.compromises.deals.space import DealSpace, Point
from gamecore.errors import InputError, TooLargeError

__all__ = ["Factor", "Tables", "Whole"]

Whole = npt.NDArray[Any]
"""Whole numbers with axes (combination, party): int64, or Python's."""

MOST_JOINED: Final = 8_000_000  # combinations of issues that interact
MOST_IN_BLOCK: Final = 1 << 21  # deals that are valued at once
FITS: Final = 1 << 62  # sums below are safe in int64


@dataclass(frozen=True)
class Factor:
    """Issues valued together: `choices[c]` are the options of `issues` in combination `c`, `values[c]` its worth."""

    issues: tuple[int, ...]
    choices: npt.NDArray[np.int64]
    values: Whole


@dataclass(frozen=True)
class Tables:
    """`factors` of a space; a sum `s` of their values is worth `s[i] / denominators[i]` to party `i`."""

    space: DealSpace
    factors: tuple[Factor, ...]
    denominators: tuple[int, ...]

    @classmethod
    def of(cls, space: DealSpace) -> Tables:
        """Raises `TooLargeError` if too many issues interact, `InputError` if nothing is possible."""
        denominators = _denominators(space)
        groups = _groups(space)
        small = _largest_sum(space, denominators) < FITS
        factors = tuple(_factor(space, group, denominators, small=small) for group in groups)
        empty = next((factor for factor in factors if not len(factor.values)), None)
        if empty is not None:
            names = ", ".join(space.issues[k].name for k in empty.issues)
            raise InputError(f"no deal is possible: every combination of {names} is ruled out")
        return cls(space, factors, denominators)

    @property
    def count(self) -> int:
        """How many deals are possible."""
        return prod(len(factor.values) for factor in self.factors)

    def exact(self, row: Iterable[Any]) -> Point:
        """What a sum is worth to each party."""
        return tuple(Fraction(int(value), common) for value, common in zip(row, self.denominators, strict=True))

    def whole(self, point: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """A point in the units of the sums; not always whole."""
        return tuple(value * common for value, common in zip(point, self.denominators, strict=True))

    def numbers(self, combinations: Sequence[int]) -> tuple[int, ...]:
        """The option of each issue, from the combination of each factor."""
        found = [0] * len(self.space.issues)
        for factor, combination in zip(self.factors, combinations, strict=True):
            for issue, option in zip(factor.issues, factor.choices[combination].tolist(), strict=True):
                found[issue] = option
        return tuple(found)

    def blocks(self, most: int = MOST_IN_BLOCK) -> Iterator[tuple[int, Whole]]:
        """All possible deals, in order, in blocks: the number of the first and the sums of each."""
        sizes = [len(factor.values) for factor in self.factors]
        inner = len(sizes)
        while inner > 0 and prod(sizes[inner - 1 :]) <= max(most, sizes[-1]):
            inner -= 1
        block = added_up([factor.values for factor in self.factors[inner:]], len(self.denominators))
        outer = self.factors[:inner]
        for number, combinations in enumerate(np.ndindex(*sizes[:inner])):
            base = [factor.values[k] for factor, k in zip(outer, combinations, strict=True)]
            yield number * len(block), block + sum(base) if base else block

    def around(self, start: Sequence[int], issues: Sequence[int]) -> tuple[Whole, npt.NDArray[np.bool_]]:
        """The gains over a deal from other options on some issues, and which are possible; axes (option of the first of
        `issues`, ..., party), and the same without the party. Everything else stays as in the deal.
        """
        fixed = {k: option for k, option in enumerate(start) if k not in issues}
        kind = self.factors[0].values.dtype
        values, allowed = _joined(self.space, issues, fixed, self.denominators, kind)
        return values - values[tuple(start[k] for k in issues)], allowed

    def at(self, number: int) -> tuple[int, ...]:
        """The options of the deal with this number in the order of `blocks`."""
        combinations = np.unravel_index(number, [len(factor.values) for factor in self.factors])
        return self.numbers([int(k) for k in combinations])


def added_up(tables: Sequence[Whole], parties: int) -> Whole:
    """All sums of one row of each table, the last table running fastest; axes (sum, party)."""
    total: Whole = np.zeros((1, parties), dtype=tables[0].dtype if tables else np.int64)
    for table in tables:
        # Party by party: rows of two numbers are slow to add.
        columns = [np.add.outer(total[:, i], table[:, i]).ravel() for i in range(parties)]
        total = np.stack(columns).T
    return total


def _denominators(space: DealSpace) -> tuple[int, ...]:
    rows = [row for table in space.worth for row in table.tolist()]
    rows += [row for item in space.interactions for row in item.adds.values()]
    return tuple(lcm(*(row[i].denominator for row in rows)) for i in range(len(space.parties)))


def _largest_sum(space: DealSpace, denominators: Sequence[int]) -> Fraction:
    """What no sum of whole numbers exceeds, in size."""
    most = Fraction(0)
    for i, common in enumerate(denominators):
        total = sum((max(abs(value) for value in table[:, i]) for table in space.worth), Fraction(0))
        for item in space.interactions:
            total += max((abs(row[i]) for row in item.adds.values()), default=Fraction(0))
        most = max(most, total * common)
    return most


def _groups(space: DealSpace) -> list[tuple[int, ...]]:
    """The issues that must be valued together, each group and the groups in the order of the issues."""
    places = {issue.name: place for place, issue in enumerate(space.issues)}
    leader = list(range(len(space.issues)))
    ties = [[places[name] for name in item.issues] for item in space.interactions]
    ties += [list(row) for row in space.excluded]
    for tie in ties:
        groups = {leader[k] for k in tie}
        leader = [min(groups) if one in groups else one for one in leader]
    return [tuple(k for k, one in enumerate(leader) if one == first) for first in sorted(set(leader))]


def _factor(space: DealSpace, issues: tuple[int, ...], denominators: Sequence[int], *, small: bool) -> Factor:
    sizes = [len(space.issues[k].options) for k in issues]
    if prod(sizes) > MOST_JOINED:
        names = ", ".join(space.issues[k].name for k in issues)
        raise TooLargeError(
            f"{prod(sizes)} combinations of issues that interact ({names}), more than {MOST_JOINED}: "
            "cut the interactions or the options",
            limit="joined combinations",
            count=prod(sizes),
            allowed=MOST_JOINED,
        )
    values, allowed = _joined(space, issues, {}, denominators, np.int64 if small else object)
    choices = np.stack(np.nonzero(allowed), axis=1).astype(np.int64)
    return Factor(issues, choices, values[allowed])


def _joined(
    space: DealSpace, issues: Sequence[int], fixed: Mapping[int, int], denominators: Sequence[int], kind: Any
) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """What the combinations of some issues are worth and which are possible, all other issues that matter to them
    being `fixed`; axes (option of the first issue, ..., party), and the same without the party.
    """
    sizes = [len(space.issues[k].options) for k in issues]
    parts = [_scaled(space.worth[k].tolist(), denominators, kind) for k in issues]
    values = added_up(parts, len(denominators)).reshape(*sizes, len(denominators))
    axis = {k: place for place, k in enumerate(issues)}
    known = {issue.name: (k, issue) for k, issue in enumerate(space.issues)}
    for item in space.interactions:
        placed = [known[name] for name in item.issues]
        if not any(k in axis for k, _ in placed):
            continue
        for options, adds in item.adds.items():
            index: list[Any] = [slice(None)] * len(issues)
            holds = True
            for (k, issue), option in zip(placed, options, strict=True):
                number = issue.options.index(option)
                if k in axis:
                    index[axis[k]] = number
                else:
                    holds = holds and fixed.get(k) == number
            if holds:
                values[tuple(index)] += _scaled([adds], denominators, kind)[0]
    allowed = np.ones(sizes, dtype=bool)
    for row in space.excluded:
        if all(k in axis or fixed.get(k) in banned for k, banned in row.items()) and any(k in axis for k in row):
            banned = [sorted(row[k]) if k in row else range(size) for k, size in zip(issues, sizes, strict=True)]
            allowed[np.ix_(*banned)] = False
    return values, allowed


def _scaled(rows: Iterable[Sequence[Fraction]], denominators: Sequence[int], kind: Any) -> Whole:
    whole = [[int(value * common) for value, common in zip(row, denominators, strict=True)] for row in rows]
    return np.array(whole, dtype=kind).reshape(len(whole), len(denominators))
