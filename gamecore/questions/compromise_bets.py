"""Contingent terms where the file has beliefs: bets on an event that both sides like, each by its own belief.

For each event of which two players give different chances, `compromises/deals/bets.py` finds what the one pays the
other after each outcome. Neither pays more than it gains over a no under the option with the largest product of gains,
so that even a lost bet leaves it no worse than saying no; if one of them gains nothing there, or the event does not
come up under it, neither pays more than `DEFAULT_STAKE`, and stakes can be scaled. Values in the unit of the file; none
where values are scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gamecore.advice.assess import Case
    from gamecore.advice.plans import Plan
    from gamecore.model import Event, Scenario
    from gamecore.questions.compromise_menu import Menu

__all__ = ["DEFAULT_STAKE", "BetOffer", "Stake", "bets_on", "words_of_when"]

DEFAULT_STAKE: Final = Fraction(1)  # of the file's unit, where there is no gain to stake
MOST_SITUATIONS: Final = 3  # of one event in which its chances differ


@dataclass(frozen=True)
class Stake:
    """Who pays whom after an outcome; an amount of 0 if nobody does."""

    outcome: str
    label: str
    payer: str
    payee: str
    amount: float


@dataclass(frozen=True)
class BetOffer:
    """A bet on an event between two players, `when` something is the case.

    `chances` are each player's for the outcomes in order. What the bet is worth: `own` by each one's own belief,
    `neutral` at the chances that the file states, `certain` for sure where players have a risk tolerance. `most` is
    what each pays at most, `scaled` says that it is the default. `comes_up` says whether the event can take place
    under the option `beside`.
    """

    event: str
    label: str
    when: Mapping[str, str]
    chances: Mapping[str, tuple[float, ...]]
    stakes: tuple[Stake, ...]
    own: Mapping[str, float]
    neutral: Mapping[str, float]
    certain: Mapping[str, float]
    most: Mapping[str, float]
    scaled: bool
    beside: str
    comes_up: bool


def bets_on(case: Case, menu: Menu, chosen: Sequence[int]) -> tuple[BetOffer, ...]:
    """The bets on every event with beliefs, in file order; `chosen` are the options with the largest product."""
    scenario = case.game.scenario
    if not chosen or not menu.money:
        return ()
    beside = chosen[0]
    found: list[BetOffer] = []
    for event in scenario.events.values():
        if event.beliefs:
            for when, views in _situations(case, event):
                found += _between(case, menu, beside, (event, when), views)
    return tuple(found)


def _situations(case: Case, event: Event) -> Iterator[tuple[dict[str, str], dict[str | None, tuple[Fraction, ...]]]]:
    """What was so when the event's chances differ, with the chances as each player and as the file sees them."""
    from gamecore.valuation.payoffs import exact_worth

    worth = exact_worth(case.game.scenario)
    rows = [*event.chances, *(row for given in event.beliefs.values() for row in given)]
    names = {name for row in rows if row.when is not None for clause in row.when.clauses for name, _ in clause.terms}
    seen: list[Any] = []
    for ways in case.game.cases:
        for way in ways:
            for name, _, so in way.chances:
                if name != event.name:
                    continue
                views = {who: worth.chances(event, who, so) for who in (*case.game.players, None)}
                if views not in seen and len(seen) < MOST_SITUATIONS:
                    seen.append(views)
                    yield {key: value for key, value in so.items() if key in names}, views


def _between(
    case: Case, menu: Menu, beside: int, about: tuple[Event, dict[str, str]], views: Mapping[str | None, Any]
) -> Iterator[BetOffer]:
    from gamecore.compromises.deals.bets import contingent_term

    event, when = about
    players = menu.players
    for one, two in combinations(range(len(players)), 2):
        pair = (players[one], players[two])
        if views[pair[0]] == views[pair[1]] or any(not 0 <= chance <= 1 for row in views.values() for chance in row):
            continue
        gains = [menu.values[beside][place] - menu.disagreement[place] for place in (one, two)]
        comes_up = _comes_up(case, menu.plans[beside], event.name)
        scaled = min(gains) <= 0 or not comes_up
        tolerances = [case.numbers.tolerances.get(place) for place in (one, two)]
        bet = contingent_term(
            pair,
            {name: (views[pair[0]][number], views[pair[1]][number]) for number, (name, _) in enumerate(event.outcomes)},
            most_to_lose=(DEFAULT_STAKE, DEFAULT_STAKE) if scaled else gains,
            neutral=views[None],
            risk_tolerance=tolerances if all(item is not None for item in tolerances) else (None, None),
        )
        yield BetOffer(
            event=event.name,
            label=event.label,
            when=when,
            chances={name: tuple(float(chance) for chance in views[name]) for name in pair},
            stakes=tuple(
                _stake(pair, outcome, stake) for outcome, stake in zip(event.outcomes, bet.stakes, strict=True)
            ),
            own=_pair(pair, bet.own),
            neutral=_pair(pair, bet.neutral),
            certain=_pair(pair, bet.certain),
            most=_pair(pair, (DEFAULT_STAKE, DEFAULT_STAKE) if scaled else gains),
            scaled=scaled,
            beside=menu.plans[beside].key,
            comes_up=comes_up,
        )


def _stake(pair: tuple[str, str], outcome: tuple[str, str], stake: Fraction) -> Stake:
    payer, payee = (pair[1], pair[0]) if stake > 0 else pair
    return Stake(*outcome, payer, payee, float(abs(stake)))


def _pair(pair: tuple[str, str], values: Sequence[Any]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(pair, values, strict=True)}


def _comes_up(case: Case, plan: Plan, event: str) -> bool:
    """Whether the event can take place when the plan is followed."""
    from gamecore.equilibria.following import follow

    return any(
        name == event
        for end, weight in follow(case.game.tree, case.policy, plan.forced).items()
        if weight
        for way in case.game.cases[end]
        for name, _, _ in way.chances
    )


def words_of_when(scenario: Scenario, when: Mapping[str, str]) -> str:
    """What is the case, in the labels of the file."""
    said = []
    for name, value in when.items():
        decision, event = scenario.decisions.get(name), scenario.events.get(name)
        if event is not None:
            said.append(dict(event.outcomes).get(value, value))
        elif decision is not None:
            said.append(next((option.label for option in decision.options if option.name == value), value))
        else:
            said.append(value)
    return ", ".join(said)
