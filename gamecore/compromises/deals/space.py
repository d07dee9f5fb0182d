"""What can be agreed over many issues, and what it is worth to each party.

A *deal* names one option of every issue `k` and an amount of every continuous term. It is worth to party `i`

    u_i(x) = sum_k w_ik v_ik(x_k) + sum_S t_iS(x_S) + sum_c f_ic(a_c)

with weights `w`, points `v` under a stated *reading*, tables `t` over sets `S` of issues that interact, and linear or
piecewise linear values `f` of amounts. Without agreement each has its *no-agreement value*, which is also the least it
accepts. Units: those of the points times the weights; everything is exact.

>>> space = DealSpace.from_points(
...     ("buyer", "seller"),
...     {"price": {"low": (4, 1), "high": (1, 4)}, "delivery": {"soon": (3, 0), "late": (0, 1)}},
... )
>>> space.count, space.values(("high", "soon"))
(4, (Fraction(4, 1), Fraction(4, 1)))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import Any

from gamecore.compromises.table import Exact
from gamecore.errors import InputError
from gamecore.games.strategic import exact_array

__all__ = ["Amount", "Deal", "DealSpace", "Exclusion", "Interaction", "Issue", "Point", "Reading"]

Point = tuple[Fraction, ...]
"""One value a party."""


class Reading(StrEnum):
    """How points of an issue become utility, before the weight: the same file can mean different things."""

    RAW = "raw"
    SCALED = "scaled"
    UNIT = "unit"

    @property
    def in_words(self) -> str:
        return {
            Reading.RAW: "points count as they are given, times the weight of their issue",
            Reading.SCALED: "points count as shares of the most the party can have on the issue, times the weight",
            Reading.UNIT: "points count from 0 (the worst option of the issue) to 1 (the best), times the weight",
        }[self]


@dataclass(frozen=True)
class Issue:
    """`points[k][i]` is what option `k` is worth to party `i` before reading and weight."""

    name: str
    options: tuple[str, ...]
    points: tuple[Point, ...]
    weights: Point = ()  # nothing: 1 for everybody


@dataclass(frozen=True)
class Interaction:
    """What combinations of options of some issues are worth besides; combinations that are not named add nothing.

    `adds` maps the options (one for each of `issues`, in their order) to one value a party.
    """

    issues: tuple[str, ...]
    adds: Mapping[tuple[str, ...], Point]


@dataclass(frozen=True)
class Exclusion:
    """A combination that cannot be agreed: every deal whose options are among those named, on each issue named."""

    options: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Amount:
    """A continuous term: any amount between the first and the last corner; `values[k][i]` is what the amount
    `corners[k]` is worth to party `i`, linear in between.
    """

    name: str
    corners: tuple[Fraction, ...]
    values: tuple[Point, ...]
    unit: str = ""

    @classmethod
    def linear(cls, name: str, low: Any, high: Any, slopes: Sequence[Any], *, unit: str = "") -> Amount:
        """An amount of which every unit is worth `slopes[i]` to party `i`, counted from 0."""
        ends, rates = tuple(exact_array([low, high]).tolist()), exact_array(list(slopes)).tolist()
        return cls(name, ends, tuple(tuple(rate * end for rate in rates) for end in ends), unit)

    def worth(self, amount: Any) -> Point:
        """What an amount is worth to each. Raises `InputError` if it is out of bounds."""
        at = exact_array([amount]).item()
        if not self.corners[0] <= at <= self.corners[-1]:
            raise InputError(f"{self.name}: {at} is not between {self.corners[0]} and {self.corners[-1]}")
        last = len(self.corners) - 2
        piece = next((k for k, corner in enumerate(self.corners[1:]) if at <= corner), last)
        low, high = self.corners[piece : piece + 2]
        share = (at - low) / (high - low)
        return tuple(a + share * (b - a) for a, b in zip(self.values[piece], self.values[piece + 1], strict=True))


@dataclass(frozen=True)
class Deal:
    """One option of every issue, an amount of every continuous term, and what the deal is worth to each party."""

    options: tuple[str, ...]
    values: Point
    amounts: Point = ()

    @property
    def joint(self) -> Fraction:
        """The sum of the values: means something in one unit for all."""
        return sum(self.values, Fraction(0))


@dataclass(frozen=True)
class DealSpace:
    """Everything that can be agreed. Raises `InputError` for whatever does not fit together."""

    parties: tuple[str, ...]
    issues: tuple[Issue, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    amounts: tuple[Amount, ...] = ()
    impossible: tuple[Exclusion, ...] = ()
    no_agreement: Point = ()  # nothing: 0 for everybody
    reading: Reading = Reading.RAW
    unit: str = field(default="points")

    def __post_init__(self) -> None:
        from gamecore.compromises.deals.checking import checked

        for name, value in checked(self).items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_points(
        cls,
        parties: Iterable[str],
        issues: Mapping[str, Mapping[str, Sequence[Any]]],
        *,
        weights: Mapping[str, Sequence[Any]] | None = None,
        no_agreement: Sequence[Any] = (),
        interactions: Sequence[Interaction] = (),
        amounts: Sequence[Amount] = (),
        impossible: Sequence[Mapping[str, str | Sequence[str]]] = (),
        reading: Reading | str = Reading.RAW,
        unit: str = "points",
    ) -> DealSpace:
        """From mappings: issue -> option -> one value a party, and issue -> one weight a party.

        `impossible` are mappings issue -> option, or several of its options.
        """
        given = dict(weights or {})
        known_name(given, issues, "issue")
        missing = [name for name in issues if given and name not in given]
        if missing:
            raise InputError(f"no weights for {', '.join(missing)}: give every issue its weights, or none")
        found = tuple(
            Issue(name, tuple(options), tuple(tuple(row) for row in options.values()), tuple(given.get(name, ())))
            for name, options in issues.items()
        )
        ruled_out = tuple(
            Exclusion({name: (said,) if isinstance(said, str) else tuple(said) for name, said in row.items()})
            for row in impossible
        )
        return cls(
            tuple(parties),
            found,
            tuple(interactions),
            tuple(amounts),
            ruled_out,
            tuple(no_agreement),
            Reading(reading),
            unit,
        )

    @cached_property
    def count(self) -> int:
        """How many combinations of options there are, impossible ones among them."""
        return prod(len(issue.options) for issue in self.issues)

    @cached_property
    def worth(self) -> tuple[Exact, ...]:
        """Per issue what its options are worth by themselves, read and weighted; axes (option, party)."""
        return tuple(_read(issue, self.reading, self.parties) for issue in self.issues)

    @cached_property
    def excluded(self) -> tuple[Mapping[int, frozenset[int]], ...]:
        """The impossible combinations in numbers: issue -> options."""
        places = {issue.name: place for place, issue in enumerate(self.issues)}
        return tuple(
            {
                places[name]: frozenset(self.issues[places[name]].options.index(option) for option in options)
                for name, options in row.options.items()
            }
            for row in self.impossible
        )

    def numbers(self, options: Sequence[str] | Mapping[str, str]) -> tuple[int, ...]:
        """The options of a deal as numbers, in the order of the issues. Raises `InputError` for unknown names."""
        if isinstance(options, Mapping):
            known_name(options, [issue.name for issue in self.issues], "issue")
            missing = [issue.name for issue in self.issues if issue.name not in options]
            if missing:
                raise InputError(f"the deal says nothing about {', '.join(missing)}: name one option of every issue")
            options = [options[issue.name] for issue in self.issues]
        if len(options) != len(self.issues):
            raise InputError(f"a deal names one option for each of {len(self.issues)} issues, not {len(options)}")
        for issue, option in zip(self.issues, options, strict=True):
            known_name([option], issue.options, f"option of {issue.name}")
        return tuple(issue.options.index(option) for issue, option in zip(self.issues, options, strict=True))

    def is_possible(self, numbers: Sequence[int]) -> bool:
        """Whether no impossible combination is part of the deal."""
        return not any(all(numbers[k] in banned for k, banned in row.items()) for row in self.excluded)

    def values(self, options: Sequence[str] | Mapping[str, str], amounts: Sequence[Any] = ()) -> Point:
        """What a deal is worth to each party, by adding up its parts; the judge of all other computing."""
        numbers = self.numbers(options)
        if not self.is_possible(numbers):
            raise InputError("this combination of options is impossible")
        return self.values_of(numbers, amounts)

    def values_of(self, numbers: Sequence[int], amounts: Sequence[Any] = ()) -> Point:
        """The same by option numbers, whether possible or not."""
        if len(amounts) != len(self.amounts):
            raise InputError(f"a deal has one amount for each of {len(self.amounts)} continuous terms")
        parts: list[Sequence[Fraction]] = [table[k].tolist() for table, k in zip(self.worth, numbers, strict=True)]
        names = {issue.name: issue.options[k] for issue, k in zip(self.issues, numbers, strict=True)}
        parts += [
            table.adds[key]
            for table in self.interactions
            if (key := tuple(names[n] for n in table.issues)) in table.adds
        ]
        parts += [term.worth(amount) for term, amount in zip(self.amounts, amounts, strict=True)]
        return tuple(sum((part[i] for part in parts), Fraction(0)) for i in range(len(self.parties)))

    def deal(self, numbers: Sequence[int], amounts: Sequence[Any] = ()) -> Deal:
        """The deal with its names and values."""
        exact = tuple(exact_array(list(amounts)).tolist()) if len(amounts) else ()
        options = tuple(issue.options[k] for issue, k in zip(self.issues, numbers, strict=True))
        return Deal(options, self.values_of(numbers, exact), exact)


def known_name(names: Iterable[str], known: Iterable[str], kind: str) -> None:
    """Raises `InputError` for the first name that is not known, with the nearest one that is."""
    listed = list(known)
    for name in names:
        if name not in listed:
            near = get_close_matches(str(name), listed, 1)
            hint = f"do you mean {near[0]!r}?" if near else f"there are {', '.join(map(repr, listed))}"
            raise InputError(f"{name!r} is no {kind}: {hint}")


def _read(issue: Issue, reading: Reading, parties: Sequence[str]) -> Exact:
    """The points of an issue under a reading, weighted; axes (option, party)."""
    table = exact_array(issue.points)
    for i, party in enumerate(parties):
        column = table[:, i].tolist()
        low, high = min(column), max(column)
        if reading is Reading.SCALED and high != low and high <= 0:
            raise InputError(
                f"{issue.name}: no option is worth more than 0 to {party}, so points cannot be shares of the best; "
                "read them raw, or from 0 to 1"
            )
        if reading is Reading.SCALED and high > 0:
            table[:, i] /= high
        elif reading is Reading.SCALED:
            table[:, i] = Fraction(0)
        elif reading is Reading.UNIT:
            table[:, i] = (table[:, i] - low) / (high - low) if high > low else Fraction(0)
        if issue.weights:
            table[:, i] *= issue.weights[i]
    return table


def rising(corners: Sequence[Fraction]) -> bool:
    """Whether each corner is above the one before."""
    return all(low < high for low, high in pairwise(corners))
