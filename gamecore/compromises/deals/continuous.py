"""Continuous terms of a scenario as amounts, where they are worth a straight line.

A term `10 to 50` may take any amount; the game is solved at some levels of it, `a_1 < ... < a_n`. If the term adds up
with the others, no combination rules one of its levels out, and its points lie on one straight line for every party,

    v_i(a_k) = v_i(a_1) + s_i (a_k - a_1)   for all k,

then it becomes an `Amount` with slopes `s_i`, and the frontier of two parties is the exact curve of `curve.py` in place
of steps. Any other term keeps its levels as options. The line is proved at the levels, exactly; between them it is what
the levels say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gamecore.compromises.deals.scenario import ScenarioDeals
from gamecore.compromises.deals.space import Amount, DealSpace, Issue
from gamecore.model import Term

__all__ = ["Continuous", "with_amounts"]


@dataclass(frozen=True)
class Continuous:
    """`space` has an amount in place of each of the issues `straight`; those of `stepped` stay at their levels.

    `names` are the terms of the file behind the issues that are left, `amounts` those behind the amounts.
    """

    space: DealSpace
    straight: tuple[str, ...]
    stepped: tuple[str, ...]
    names: tuple[str, ...]
    amounts: tuple[str, ...]


def with_amounts(deals: ScenarioDeals, terms: Sequence[Term]) -> Continuous:
    """The same deals with every continuous term that is worth a straight line free to take any amount."""
    space, by_name = deals.space, {term.name: term for term in terms}
    tied = {name for item in space.interactions for name in item.issues}
    tied |= {name for item in space.impossible for name in item.options}
    amounts: dict[str, Amount] = {}
    for name, issue, keys in zip(deals.names, space.issues, deals.keys, strict=True):
        if name in deals.sampled and issue.name not in tied:
            found = _amount(issue, by_name[name], keys)
            if found is not None:
                amounts[name] = found
    kept = [n for n, name in enumerate(deals.names) if name not in amounts]
    return Continuous(
        replace(space, issues=tuple(space.issues[n] for n in kept), amounts=tuple(amounts.values())),
        straight=tuple(amount.name for amount in amounts.values()),
        stepped=tuple(
            issue.name
            for name, issue in zip(deals.names, space.issues, strict=True)
            if name in deals.sampled and name not in amounts
        ),
        names=tuple(deals.names[n] for n in kept),
        amounts=tuple(amounts),
    )


def _amount(issue: Issue, term: Term, keys: Sequence[str]) -> Amount | None:
    """The straight line through the points of an issue; None if they bend or there are fewer than two."""
    at = {level.key: level.value for level in term.levels}
    corners = [
        (value, points) for key, points in zip(keys, issue.points, strict=True) if (value := at[key]) is not None
    ]
    corners.sort()
    if len(corners) < 2 or len(corners) < len(keys):
        return None
    (low, first), (high, last) = corners[0], corners[-1]
    slopes = [(b - a) / (high - low) for a, b in zip(first, last, strict=True)]
    for value, points in corners:
        line = tuple(a + slope * Fraction(value - low) for a, slope in zip(first, slopes, strict=True))
        if line != tuple(points):
            return None
    return Amount(issue.name, (low, high), (first, last), term.unit or "")
