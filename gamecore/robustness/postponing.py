"""Where a scenario lets people wait: an option to act now, one to wait, and the decision that comes later only then.

Read off the file: option `wait` of a decision opens a later decision that option `now` does not. Which option of the
later decision is *the same plan, later* is what the file says (`same_as`), else it is taken where it is plain: the
option of the same name or label as `now`, else the one left over once every other has its namesake among the first
decision's options. Options that lead to some later decision without the plan of now in it are no ways to wait, unless
one is asked for, or it is the only one. Of several later decisions the one said to have that plan counts, and else one
of those who wait: what rivals do meanwhile is no plan of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from gamecore.errors import InputError
from gamecore.model import Clause, Decision, Option, Scenario
from gamecore.robustness.averages import games_of
from gamecore.scenario.reader import near
from gamecore.scenario.schedule import base_times

__all__ = ["Postponement", "postponements"]


@dataclass(frozen=True)
class Postponement:
    """`decision` goes for `now` or for `wait`; after `wait`, `later` is decided, `years` after it.

    `same` is the option of `later` that is the same plan as `now`; empty if the file does not make it plain.
    """

    decision: str
    now: str
    wait: str
    later: str
    same: str
    years: Fraction


def postponements(scenario: Scenario, *, now: str = "", wait: str = "", same: str = "") -> tuple[Postponement, ...]:
    """Every way to wait, in the order of the file; narrowed to options named, as OPTION or DECISION=OPTION.

    Raises `InputError` if nothing in the file is plainly a way to wait, or no option is called so.
    """
    options = [(decision.name, item.name) for decision in scenario.decisions.values() for item in decision.options]
    known = dict.fromkeys([*(name for _, name in options), *("=".join(item) for item in options)])
    if now and now not in known:
        raise InputError(f"there is no option '{now[:60]}'{near(now, known)}")
    cases = [case.assignment for found in games_of(scenario)[0][0].cases for case in found]
    ways = tuple(
        way
        for way in _ways(scenario, now, same)
        if any(case.get(way.decision) == way.now for case in cases)
        and any(case.get(way.decision) == way.wait and way.later in case for case in cases)
    )
    if not ways:
        told = (
            f"no decision of this scenario can be put off in place of '{now[:60]}'" if now else "nobody can wait here"
        )
        raise InputError(
            f"{told}: no later decision exists only after one of the options (a decision with 'when' and a later date)"
        )
    if same and not any(way.same for way in ways):
        later = dict.fromkeys(item.name for way in ways for item in scenario.decisions[way.later].options)
        raise InputError(f"'{same[:60]}' is no option that comes later; there is {', '.join(later)}")
    listed = ", ".join(f"{way.decision}={way.wait}" for way in ways)
    if wait:
        found = tuple(way for way in ways if wait in {way.wait, f"{way.decision}={way.wait}"})
        if not found:
            raise InputError(f"'{wait[:60]}' is no way to wait; there is {listed}")
        return found
    plain = tuple(way for way in ways if way.same)
    if not plain and len(ways) > 1:
        raise InputError(
            f"which option means waiting is not plain ({listed}): name one with --wait, or let the file say which "
            "later option is the same plan ('same_as')"
        )
    return plain or ways


def _ways(scenario: Scenario, now: str, same: str) -> Iterator[Postponement]:
    for decision in scenario.decisions.values():
        for option in decision.options:
            if not option.available:
                continue
            found = [
                (later, way)
                for later in _opened(scenario, decision, option.name)
                if (way := _way(scenario, decision, option, later, now=now, same=same)) is not None
            ]
            if found:
                yield min(found, key=lambda item: _rank(scenario, *item, asked=bool(same)))[1]


def _opened(scenario: Scenario, decision: Decision, option: str) -> Iterator[Decision]:
    """The later decisions that take place after an option and rest on it."""
    times = base_times(scenario)
    start = times[decision.name]
    for other in scenario.decisions.values():
        if other.options and _opens(other, decision.name, option) and _after(times[other.name], start):
            yield other


def _way(
    scenario: Scenario, decision: Decision, wait: Option, later: Decision, *, now: str, same: str
) -> Postponement | None:
    """Waiting until one later decision; None where nothing can be done now in its place."""
    times = base_times(scenario)
    start, at = times[decision.name], times[later.name]
    instead = _instead(scenario, decision, later, now)
    if instead is None or start is None or at is None:
        return None
    plan = _same_plan(decision, instead, wait, later, same)
    return Postponement(decision.name, instead.name, wait.name, later.name, plan, at - start)


def _rank(
    scenario: Scenario, later: Decision, way: Postponement, *, asked: bool
) -> tuple[bool, bool, bool, bool, Fraction]:
    """Of several later decisions the least of these is what one waits for: it is said to have the plan of now, those
    who wait take it, an option of it reads like that plan, news comes before it; then the earliest.
    """
    times = base_times(scenario)
    start, at = times[way.decision], times[way.later]
    said = bool(way.same) and (asked or any(item.same_as == way.now for item in later.options))
    own = bool(set(later.by) & set(scenario.decisions[way.decision].by))
    news = any(_after(times.get(name), start) and not _after(times.get(name), at) for name in scenario.events)
    return not said, not own, not way.same, not news, way.years


def _after(time: Fraction | None, start: Fraction | None) -> bool:
    return time is not None and start is not None and time > start


def _opens(later: Decision, decision: str, option: str) -> bool:
    """Whether a decision rests on another one and can take place after this option of it."""
    if later.when is None or decision not in later.when.names:
        return False
    return any(_allows(clause, decision, option) for clause in later.when.clauses)


def _allows(clause: Clause, decision: str, option: str) -> bool:
    return all(option in values for name, values in clause.terms if name == decision)


def _instead(scenario: Scenario, decision: Decision, later: Decision, now: str) -> Option | None:
    """The option to act now: the one asked for, else the baseline's, else the first that does not wait."""
    acting = [item for item in decision.options if item.available and not _opens(later, decision.name, item.name)]
    if now:
        return next((item for item in acting if now in {item.name, f"{decision.name}={item.name}"}), None)
    stands = {
        value
        for clause in scenario.baseline.clauses
        for name, values in clause.terms
        if name == decision.name
        for value in values
    }
    return next((item for item in acting if item.name in stands), next(iter(acting), None))


def _same_plan(decision: Decision, now: Option, wait: Option, later: Decision, asked: str) -> str:
    options = [item for item in later.options if item.available]
    if asked:
        return next((item.name for item in options if asked in {item.name, f"{later.name}={item.name}"}), "")
    said = [item for item in options if item.same_as == now.name]
    alike = said or [item for item in options if item.name == now.name or item.label == now.label]
    if not alike:
        others = [item for item in decision.options if item.name not in {now.name, wait.name}]
        names = {item.name for item in others} | {item.label for item in others}
        alike = [item for item in options if item.name not in names and item.label not in names]
    return alike[0].name if len(alike) == 1 else ""
