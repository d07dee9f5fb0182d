"""Deals of three and more parties with continuous terms, by mixed-integer programming.

One binary variable for each undominated combination of a table of options, one for each piece of an amount, and how far
along the piece. The solver works in floats to a relative gap of 1e-9; the choice of options it makes is kept, amounts
are read as the nearest rational of small denominator, and the values of the deal are then exact. So the deal and what
it is worth are facts, and that no deal is better is known up to the gap alone (`status` "partial" if the solver stops
before it).

>>> from gamecore.compromises.deals.space import Amount
>>> fee = Amount.linear("fee", 0, 9, (-1, 1, 0))
>>> space = DealSpace.from_points(("a", "b", "c"), {"scope": {"all": (9, 0, 20), "half": (5, 2, 20)}}, amounts=[fee])
>>> answer = most_even(space)
>>> answer.deal.options, [str(value) for value in answer.deal.values]
(('all',), ['9/2', '9/2', '20'])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from gamecore.compromises.deals.points import undominated
from gamecore.compromises.deals.solutions import Rule
from gamecore.compromises.deals.space import Deal, DealSpace
from gamecore.compromises.deals.tables import Tables
from gamecore.errors import InputError

__all__ = ["Programmed", "largest_sum", "most_even"]

GAP: Final = 1e-9
DENOMINATOR: Final = 10**6  # of amounts: the solver's own tolerance is no finer
MOST_VARIABLES: Final = 5_000


@dataclass(frozen=True)
class Programmed:
    """`deals` has the deal found, or none if nothing is acceptable to all; `score` is its sum or its smallest gain.

    `bound` is what no deal exceeds, by the solver, in floats. `status`: complete (within the gap) or partial.
    """

    rule: Rule
    deals: tuple[Deal, ...]
    score: Fraction
    bound: float
    status: str

    @property
    def deal(self) -> Deal:
        """The deal found. Raises `InputError` if there is none."""
        if not self.deals:
            raise InputError("every deal is worse than no agreement for somebody")
        return self.deals[0]


@dataclass(frozen=True)
class _Variable:
    """What switching a variable on (from 0 to 1) is worth, and what it stands for."""

    worth: tuple[float, ...]
    kind: str  # "choice", "piece" or "way"
    place: int  # of the factor or the amount
    number: int  # the combination, or the piece


def largest_sum(space: DealSpace) -> Programmed:
    """The acceptable deal with the largest sum of values. Raises `InputError` without continuous terms."""
    return _solve(space, Rule.UTILITARIAN)


def most_even(space: DealSpace) -> Programmed:
    """The acceptable deal whose smallest gain is largest (of ties any). Raises as `largest_sum`."""
    return _solve(space, Rule.EGALITARIAN)


def _solve(space: DealSpace, rule: Rule) -> Programmed:
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not space.amounts:
        raise InputError("without continuous terms the frontier is exact: ask for it instead")
    tables = Tables.of(space) if space.issues else None
    variables = _variables(space, tables)
    if len(variables) > MOST_VARIABLES:
        raise InputError(f"{len(variables)} options and pieces, more than {MOST_VARIABLES} that are put to the solver")
    parties, count = len(space.parties), len(variables)
    even = rule is Rule.EGALITARIAN
    worth = np.array([one.worth for one in variables]).T
    least = np.array([float(value) for value in space.no_agreement])
    # Columns: the variables, then the smallest gain.
    reach = float(np.abs(worth).sum() + np.abs(least).sum()) + 1.0
    rows = [LinearConstraint(np.column_stack([worth, np.full(parties, -1.0 if even else 0.0)]), lb=least)]
    for group in sorted({(one.kind == "choice", one.place) for one in variables}, reverse=True):
        member = [float((one.kind == "choice", one.place) == group and one.kind != "way") for one in variables]
        rows.append(LinearConstraint(np.array([[*member, 0.0]]), lb=1, ub=1))
    for k, one in enumerate(variables):
        if one.kind == "way":  # only along the piece that is chosen, the variable before
            row = np.zeros((1, count + 1))
            row[0, k], row[0, k - 1] = 1, -1
            rows.append(LinearConstraint(row, ub=0))
    aim = np.append(np.zeros(count), -1.0) if even else np.append(-worth.sum(axis=0), 0.0)
    whole = np.array([float(one.kind != "way") for one in variables] + [0.0])
    bounds = Bounds(np.append(np.zeros(count), 0.0), np.append(np.ones(count), reach))
    found: Any = milp(aim, constraints=rows, integrality=whole, bounds=bounds, options={"mip_rel_gap": GAP})
    if found.x is None:
        return Programmed(rule, (), Fraction(0), float("-inf"), "complete" if found.status == 2 else "partial")
    deal = _deal(space, tables, variables, found.x)
    gains = [value - floor for value, floor in zip(deal.values, space.no_agreement, strict=True)]
    score = min(gains) if even else deal.joint
    bound = float(-found.mip_dual_bound) if found.mip_dual_bound is not None else float(-found.fun)
    return Programmed(rule, (deal,), score, bound, "complete" if found.status == 0 else "partial")


def _variables(space: DealSpace, tables: Tables | None) -> list[_Variable]:
    found = []
    for place, factor in enumerate(tables.factors if tables else ()):
        for number in undominated(factor.values).tolist():
            worth = tables.exact(factor.values[number].tolist()) if tables else ()
            found.append(_Variable(tuple(map(float, worth)), "choice", place, number))
    for place, term in enumerate(space.amounts):
        for k in range(len(term.corners) - 1):
            low, high = term.values[k], term.values[k + 1]
            found.append(_Variable(tuple(map(float, low)), "piece", place, k))
            way = tuple(float(b - a) for a, b in zip(low, high, strict=True))
            found.append(_Variable(way, "way", place, k))
    return found


def _deal(space: DealSpace, tables: Tables | None, variables: Sequence[_Variable], at: Sequence[float]) -> Deal:
    chosen = {
        (one.kind, one.place): (one.number, k) for k, one in enumerate(variables) if one.kind != "way" and at[k] > 0.5
    }
    numbers: tuple[int, ...] = ()
    if tables is not None:
        numbers = tables.numbers([chosen["choice", place][0] for place in range(len(tables.factors))])
    amounts = []
    for place, term in enumerate(space.amounts):
        piece, k = chosen["piece", place]
        share = min(max(Fraction(at[k + 1]).limit_denominator(DENOMINATOR), Fraction(0)), Fraction(1))
        low, high = term.corners[piece : piece + 2]
        amounts.append(low + share * (high - low))
    return space.deal(numbers, amounts)
