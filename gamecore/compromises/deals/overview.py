"""Everything about a space of deals by one call: what to propose, what to trade, what is left on the table.

>>> from gamecore.compromises.deals.space import DealSpace
>>> space = DealSpace.from_points(
...     ("buyer", "seller"),
...     {"price": {"low": (3, 0), "high": (0, 5)}, "delivery": {"soon": (6, 0), "late": (0, 4)}},
... )
>>> for sentence in overview(space, start=("low", "late")).in_words()[1:5]:
...     print(sentence)
4 deals are possible; 3 of them cannot be made better for one side without being worse for another.
Without agreement: buyer 0, seller 0.
Largest product of gains: high, soon - buyer 6, seller 5.
Most even gains, each as a share of what that side could gain: high, soon - buyer 6, seller 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gamecore.compromises.deals.curve import Curve, curve_solutions, deal_curve, ideal_on
from gamecore.compromises.deals.frontier import DealFrontier, Stop, deal_frontier
from gamecore.compromises.deals.passing import Passing, passing_deals
from gamecore.compromises.deals.settlement import Resettlement, settle_again
from gamecore.compromises.deals.solutions import Rule, Solution, ideal_of, solutions
from gamecore.compromises.deals.space import Deal, DealSpace, Point
from gamecore.compromises.deals.trades import Left, Trades, left_on_table, trades

__all__ = ["Overview", "RULE_IN_WORDS", "overview"]

MOST_TOLD = 3  # trades and tied deals that are told in words

RULE_IN_WORDS: Mapping[Rule, str] = {
    Rule.NASH: "Largest product of gains",
    Rule.KALAI_SMORODINSKY: "Most even gains, each as a share of what that side could gain",
    Rule.EGALITARIAN: "Most even gains",
    Rule.UTILITARIAN: "Largest sum",
}


@dataclass(frozen=True)
class Overview:
    """`frontier` (deals of options only) or `curve` (with continuous terms; two parties), and every rule's answer.

    `ideal` is the most each can have from a deal acceptable to all. `start` and what follows from it is there if a
    starting deal was given: `trades` by size (1: one issue; 2: an exchange), what it leaves on the table, and the deal
    it could be turned into; the last two without continuous terms only. `passing` is there for three parties or more,
    or if vetoes or a quorum were given.
    """

    space: DealSpace
    frontier: DealFrontier | None
    curve: Curve | None
    solutions: Mapping[Rule, Solution]
    ideal: Point
    start: Deal | None = None
    trades: tuple[Trades, ...] = ()
    left: Left | None = None
    resettlement: Resettlement | None = None
    passing: Passing | None = None

    def in_words(self) -> tuple[str, ...]:
        """Everything in plain sentences."""
        return (*_of_space(self), *_of_solutions(self), *_of_start(self), *_of_passing(self))


def overview(
    space: DealSpace,
    *,
    start: Sequence[str] | Mapping[str, str] | None = None,
    start_amounts: Sequence[Any] = (),
    vetoes: Sequence[str] = (),
    quorum: int | None = None,
    should_stop: Stop | None = None,
) -> Overview:
    """All answers about a space, from a starting deal if one is given.

    Raises `InputError` for names that do not fit and for continuous terms among three or more, and what the answers
    raise beyond their limits.
    """
    frontier, curve = None, None
    if space.amounts:
        curve = deal_curve(space)
        answers = curve_solutions(curve)
        ideal = ideal_on(curve)
    else:
        frontier = deal_frontier(space, should_stop=should_stop)
        answers = solutions(frontier)
        ideal = ideal_of(frontier, space.no_agreement)
    here: Deal | None = None
    found: tuple[Trades, ...] = ()
    left, better = None, None
    if start is not None:
        numbers = space.numbers(start)
        space.values(start, start_amounts)
        here = space.deal(numbers, start_amounts)
        sizes = range(1, min(2, len(space.issues)) + 1)
        found = tuple(trades(space, here.options, amounts=start_amounts, size=size) for size in sizes)
        if frontier is not None:
            left = left_on_table(frontier, here.values)
            better = settle_again(space, here.options, frontier=frontier)
    passes = None
    if vetoes or quorum is not None or (len(space.parties) > 2 and not space.amounts):
        passes = passing_deals(space, vetoes=vetoes, quorum=quorum, should_stop=should_stop)
    return Overview(space, frontier, curve, answers, ideal, here, found, left, better, passes)


def _of_space(one: Overview) -> list[str]:
    space = one.space
    told = [f"How values are read: {space.reading.in_words}; in {space.unit}."]
    if one.frontier is not None:
        count, size = one.frontier.deal_count, one.frontier.size
        be, same = ("deal is", "") if count == 1 else ("deals are", " of them")
        best = "cannot be made better for one side without being worse for another"
        told.append(f"{count:,} {be} possible; {size:,}{same} {best}.")
    elif one.curve is not None:
        names = ", ".join(term.name for term in space.amounts)
        told.append(f"{space.count:,} combinations of options, each with any {names} within its bounds.")
    told.append(f"Without agreement: {_values(space, space.no_agreement)}.")
    return told


def _of_solutions(one: Overview) -> list[str]:
    told = []
    for rule, answer in one.solutions.items():
        name = RULE_IN_WORDS[rule]
        if not answer.deals:
            told.append(f"{name}: none; every deal is worse than no agreement for somebody.")
            continue
        first, rest = answer.deals[0], len(answer.deals) - 1
        more = f"; {rest} more {'deal' if rest == 1 else 'deals'} as good" if rest else ""
        told.append(f"{name}: {_deal(one.space, first)} - {_values(one.space, first.values)}{more}.")
    return told


def _of_start(one: Overview) -> list[str]:
    if one.start is None:
        return []
    parties = one.space.parties
    told = [f"Starting from {_deal(one.space, one.start)} - {_values(one.space, one.start.values)}:"]
    told += [
        f"{party} would rather have no agreement than this ({number_in_words(value)} against {number_in_words(least)})."
        for party, value, least in zip(parties, one.start.values, one.space.no_agreement, strict=True)
        if value < least
    ]
    for found in one.trades:
        kind = "one issue" if found.size == 1 else f"{found.size} issues"
        ways = "1 way" if found.count == 1 else f"{found.count:,} ways"
        told.append(f"{ways} to change {kind} so that everybody has more.")
        told += [f"- {trade.in_words(parties)}." for trade in found.listed[:MOST_TOLD]]
    if one.left is not None:
        amount, best = number_in_words(one.left.amount), _deal(one.space, one.left.deals[0])
        told.append(
            f"Left on the table: {amount} in all, taken up by {best}."
            if one.left.amount
            else "Nothing is left on the table: no deal has more in all without somebody having less."
        )
    better = one.resettlement
    if better is not None and better.steps:
        steps = "1 step" if len(better.steps) == 1 else f"{len(better.steps)} steps"
        kind = "more to everybody" if better.strict else "less to nobody and more to somebody"
        told.append(
            f"In {steps}, each worth {kind}, it becomes {_deal(one.space, better.deal)} - "
            f"{_values(one.space, better.deal.values)}."
        )
    return told


def _of_passing(one: Overview) -> list[str]:
    found = one.passing
    if found is None:
        return []
    veto = f", {' and '.join(found.vetoes)} among them" if found.vetoes else ""
    needed = f"at least {found.quorum} of {len(one.space.parties)} parties"
    told = [f"{found.passing:,} of {found.count:,} deals pass: {needed} have no less than without agreement{veto}."]
    told.append(f"Everybody accepts {found.unanimous:,}.")
    told += [
        f"{party} alone stands against {count:,} {'deal' if count == 1 else 'deals'} that all others accept."
        for party, count in zip(one.space.parties, found.stops, strict=True)
        if count
    ]
    return told


def _deal(space: DealSpace, deal: Deal) -> str:
    amounts = [
        f"{term.name} {number_in_words(amount)}{f' {term.unit}' if term.unit else ''}"
        for term, amount in zip(space.amounts, deal.amounts, strict=True)
    ]
    return ", ".join([*deal.options, *amounts])


def _values(space: DealSpace, values: Sequence[Fraction]) -> str:
    return ", ".join(f"{party} {number_in_words(value)}" for party, value in zip(space.parties, values, strict=True))


def number_in_words(value: Fraction) -> str:
    """A whole number as it is, else four significant digits."""
    return str(value) if value.denominator == 1 else f"{float(value):.4g}"
