"""The many-issue view of an agreement: how its values are read, what the terms do to each other, what passes, how a
deal gets better step by step, and any amount of a continuous term.

All of it is `compromises/deals` over the deals of one agreement (`deals/scenario.py`); the parties are those who must
agree, values are in the unit of the file, and deals are told by the labels of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gamecore.errors import InputError, RefusedError

if TYPE_CHECKING:
    from gamecore.advice.assess import Case
    from gamecore.advice.plans import Plan
    from gamecore.compromises.deals.scenario import ScenarioDeals
    from gamecore.compromises.deals.space import Deal, DealSpace
    from gamecore.model import Decision

__all__ = ["Amounts", "DealsView", "Improved", "Named", "Passes", "deals_view"]

MOST_TIED: Final = 3


@dataclass(frozen=True)
class Named:
    """A deal: issue -> option, continuous term -> amount, and what it is worth to each party."""

    options: Mapping[str, str]
    amounts: Mapping[str, float]
    values: Mapping[str, float]


@dataclass(frozen=True)
class Improved:
    """The deal `start` made better for everybody.

    `steps` end at the deal with the largest product of gains over the start; `gains` are those of the whole way.
    `strict` says that every step is worth more to everybody, else less to nobody and more to somebody.
    """

    start: Named
    gains: Mapping[str, float]
    steps: tuple[Named, ...]
    strict: bool


@dataclass(frozen=True)
class Passes:
    """Of `count` deals `passing` have the votes, with everybody voting for what is no worse than no agreement;
    `unanimous` have everyone's. `stops` counts, per party, the deals that it alone stands against.
    """

    count: int
    votes: int
    veto: tuple[str, ...]
    passing: int
    unanimous: int
    stops: Mapping[str, int]


@dataclass(frozen=True)
class Amounts:
    """With any amount of the terms that are worth a straight line (`straight`): each rule's answers, exact.

    `stepped` are continuous terms that bend or hang on others, taken at the levels that the game is solved at.
    """

    straight: tuple[str, ...]
    stepped: tuple[str, ...]
    answers: Mapping[str, tuple[Named, ...]]


@dataclass(frozen=True)
class DealsView:
    """`together` are the terms that do not add up: what one is worth hangs on the others named with it.

    `carriers` are terms that take from one party exactly what they give to the other, whatever else is agreed.
    `refused` says why there is no more than that where there is not.
    """

    decision: str
    label: str
    reading: str
    count: int
    together: tuple[tuple[str, ...], ...]
    carriers: tuple[str, ...]
    improved: Improved | None = None
    passes: Passes | None = None
    amounts: Amounts | None = None
    refused: str = ""


def deals_view(case: Case, decision: Decision, start: Plan | None) -> DealsView | None:
    """The view of one agreement, from a starting deal where one is given; None if it has nothing to add.

    Where the deals of an agreement have no one value, or are too many, `refused` says so.
    """
    from gamecore.compromises.deals.scenario import of_game

    many = len(decision.by) > 2 and not any(option.parties for option in decision.options)
    if not decision.terms and not many:
        return None
    try:
        deals = of_game(case.game, case.numbers, case.policy, decision.name)
        return _view(case, decision, deals, start)
    except (InputError, RefusedError) as error:
        if not decision.terms:
            return None
        return DealsView(decision.name, decision.label, "", 0, (), (), refused=str(error))


def _view(case: Case, decision: Decision, deals: ScenarioDeals, start: Plan | None) -> DealsView:
    from gamecore.compromises.deals.frontier import deal_frontier

    space = deals.space
    keys = dict(zip(space.parties, decision.by, strict=True))
    frontier = deal_frontier(space)
    return DealsView(
        decision=decision.name,
        label=decision.label,
        reading=space.reading.value,
        count=frontier.deal_count,
        together=tuple(item.issues for item in space.interactions),
        carriers=_carriers(space) if decision.terms else (),
        improved=_improved(case, deals, start, keys) if decision.terms else None,
        passes=_passes(decision, space, keys),
        amounts=_amounts(decision, deals, keys),
    )


def _carriers(space: DealSpace) -> tuple[str, ...]:
    """Terms by which two parties can pay each other: they add up with the rest, and their points to one sum."""
    if len(space.parties) != 2:
        return ()
    tied = {name for item in space.interactions for name in item.issues}
    return tuple(
        issue.name
        for issue in space.issues
        if issue.name not in tied
        and len({sum(point, Fraction(0)) for point in issue.points}) == 1
        and len(set(issue.points)) > 1
    )


def _improved(case: Case, deals: ScenarioDeals, start: Plan | None, keys: Mapping[str, str]) -> Improved | None:
    from gamecore.compromises.deals.settlement import settle_again

    path = () if start is None else start.path
    said = {name: level for node, branch in path for name, level in case.game.actions[node][branch].sets}
    if not all(said.get(name) in levels for name, levels in zip(deals.names, deals.keys, strict=True)):
        return None
    signed = [
        issue.options[levels.index(said[name])]
        for issue, name, levels in zip(deals.space.issues, deals.names, deals.keys, strict=True)
    ]
    found = settle_again(deals.space, signed)
    if not found.steps:
        return None
    gains = {keys[party]: float(gain) for party, gain in zip(deals.space.parties, found.gains, strict=True)}
    signed_deal = _named(deals.space, found.signed, keys)
    return Improved(signed_deal, gains, tuple(_named(deals.space, deal, keys) for deal in found.steps), found.strict)


def _passes(decision: Decision, space: DealSpace, keys: Mapping[str, str]) -> Passes | None:
    from gamecore.compromises.deals.passing import passing_deals

    if decision.needs is None and len(decision.by) == 2:
        return None
    labels = {key: label for label, key in keys.items()}
    needs = decision.needs
    veto = () if needs is None else needs.veto
    found = passing_deals(
        space, vetoes=[labels[name] for name in veto], quorum=None if needs is None else needs.votes, most=1
    )
    stops = {keys[party]: count for party, count in zip(space.parties, found.stops, strict=True)}
    return Passes(found.count, found.quorum, veto, found.passing, found.unanimous, stops)


def _amounts(decision: Decision, deals: ScenarioDeals, keys: Mapping[str, str]) -> Amounts | None:
    from gamecore.compromises.deals.continuous import with_amounts
    from gamecore.compromises.deals.curve import curve_solutions, deal_curve

    if not deals.sampled or len(decision.by) != 2:
        return None
    found = with_amounts(deals, decision.terms)
    if not found.straight:
        return Amounts((), found.stepped, {})
    answers = {
        rule.value: tuple(_named(found.space, deal, keys) for deal in answer.deals[:MOST_TIED])
        for rule, answer in curve_solutions(deal_curve(found.space)).items()
    }
    return Amounts(found.straight, found.stepped, answers)


def _named(space: DealSpace, deal: Deal, keys: Mapping[str, str]) -> Named:
    return Named(
        {issue.name: option for issue, option in zip(space.issues, deal.options, strict=True)},
        {term.name: float(amount) for term, amount in zip(space.amounts, deal.amounts, strict=True)},
        {keys[party]: float(value) for party, value in zip(space.parties, deal.values, strict=True)},
    )
