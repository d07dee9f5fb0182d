"""Scenarios in which somebody knows more: an event seen before the first decision, whole or by a noisy signal, and the
same scenario with one player deciding alone.

Information about an event is a *signal* of it that is seen before the first decision: right with some chance, every
other outcome equally likely when it is wrong. A signal that is always right is perfect information. The event itself,
and what it rests on, then happens before the first decision, but is seen as late as before, so that the signal is all
that is new. No amount changes with it: dates in payoffs stay those of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from gamecore.errors import InputError
from gamecore.model import NO_AGREEMENT, Decision, Event, Formula, Moment, Option, Proposals, Scenario, Time
from gamecore.scenario.schedule import base_times, rests_on, time_value

__all__ = ["Informed", "informed", "knowable", "sole_decider"]

SIGNAL: Final = "!seen early"  # after the event's name; no name in a file has such signs


@dataclass(frozen=True)
class Informed:
    """A scenario to play, and the one that values its outcomes: the same, with the dates of the file."""

    played: Scenario
    valued: Scenario


def sole_decider(scenario: Scenario, player: str, *, first_only: bool = False) -> Scenario:
    """The scenario with every decision, or only those of the first date, taken by one player; nobody has to agree.

    Who takes the seats of all knows what any of them sees, and may leave an agreement on options unsigned (deals made
    of terms are among those it may choose; not signing is not).
    """
    times, first = base_times(scenario), _first_decision(scenario)
    taken = {name for name in scenario.decisions if not first_only or times[name] == first}
    decisions = {
        name: _alone(decision, player) if name in taken else decision for name, decision in scenario.decisions.items()
    }
    moments = {}
    for name, written in scenario.timing.moments.items():
        moment = written
        if name in taken and moment.seen_by is not None:  # those whose seat it was know of it all the same
            moment = replace(moment, seen_by={**moment.seen_by, **dict.fromkeys(scenario.decisions[name].by)})
        seen = _seen_by_one(scenario, moment, player, first if first_only else None)
        moments[name] = replace(seen, proposals=Proposals()) if name in taken else seen
    return replace(scenario, decisions=decisions, timing=replace(scenario.timing, moments=moments))


def _alone(decision: Decision, player: str) -> Decision:
    failed = decision.no_agreement
    options = decision.options
    if failed is not None and failed.means is None and options:
        options = (*options, Option(NO_AGREEMENT, failed.label, confidential=failed.confidential, place=failed.place))
    return replace(decision, by=(player,), options=options, no_agreement=None)


def _seen_by_one(scenario: Scenario, moment: Moment, player: str, until: Fraction | None) -> Moment:
    """A moment that a player learns as soon as anybody does (with `until`: anybody by then, or the player itself)."""
    at = None if moment.at is None else time_value(scenario, moment.at)
    if moment.seen_by is None or at is None:
        return moment
    dates = {name: _learnt(scenario, moment, name, at) for name in moment.seen_by}
    earliest = min(
        (date for name, date in dates.items() if until is None or date <= until or name == player), default=at
    )
    if not dates or (until is not None and player not in dates and earliest > until):
        return moment
    return replace(moment, seen_by={**moment.seen_by, player: Formula.of(earliest)})


def _learnt(scenario: Scenario, moment: Moment, player: str, at: Fraction) -> Fraction:
    """When a player learns what happens at a date."""
    own = None if moment.seen_by is None else moment.seen_by[player]
    return at if own is None else max(at, time_value(scenario, own) or at)


def knowable(scenario: Scenario, event: str) -> str | None:
    """The decision that an event rests on, so that it cannot be known before; None where it can."""
    return next((name for name in _behind(scenario, event) if name in scenario.decisions), None)


def informed(scenario: Scenario, events: Mapping[str, Fraction], *, seen_by: tuple[str, ...] | None = None) -> Informed:
    """The scenario in which each of `events` is told before the first decision by a signal that is right with the
    chance given; to `seen_by`, or to everybody.

    Raises `InputError` if an event rests on a decision.
    """
    first = _first_decision(scenario)
    added: dict[str, Event] = {}
    told: dict[str, Moment] = {}
    moved: dict[str, Moment] = {}
    for name, right in events.items():
        decision = knowable(scenario, name)
        if decision is not None:
            raise InputError(f"'{name}' cannot be known before the first decision: it rests on '{decision}'")
        event = scenario.events[name]
        signal = name + SIGNAL
        added[signal] = Event(signal, event.label, event.outcomes, signal_of=name, right=Formula.of(right))
        listeners = None if seen_by is None else dict.fromkeys(seen_by)
        told[signal] = Moment(signal, Formula.of(first), listeners)
        for other in (name, *_behind(scenario, name)):
            moved[other] = _seen_as_before(scenario, other, first)
    everything = {**scenario.events, **added}
    dates = {**scenario.timing.moments, **told}
    return Informed(
        replace(scenario, events=everything, timing=replace(scenario.timing, moments={**dates, **moved})),
        replace(scenario, events=everything, timing=replace(scenario.timing, moments=dates)),
    )


def _behind(scenario: Scenario, event: str) -> tuple[str, ...]:
    """Everything an event rests on, through other events."""
    above = rests_on(scenario)
    found: dict[str, None] = {}
    waiting = list(above[event])
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += above[name]
    return tuple(found)


def _first_decision(scenario: Scenario) -> Fraction:
    times = base_times(scenario)
    return min(time for name in scenario.decisions if (time := times[name]) is not None)


def _seen_as_before(scenario: Scenario, event: str, first: Fraction) -> Moment:
    """An event that happens before the first decision, and is seen by whom and when it was."""
    moment = scenario.timing.moments[event]
    if moment.at is None:
        return moment
    at = time_value(scenario, moment.at)
    if at is None or at <= first:
        return moment
    late: dict[str, Time | None] = {
        player: Formula.of(_learnt(scenario, moment, player, at))
        for player in (scenario.players if moment.seen_by is None else moment.seen_by)
    }
    return replace(moment, at=Formula.of(first), seen_by=late)
