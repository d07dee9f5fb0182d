"""What rests on what, when things happen at base values, and in which order.

Dates are years from `timing.count_from`; None is hidden (nobody ever sees it in time).

>>> from gamecore.scenario.reading import read_scenario
>>> text = '''
... {gamecore: 1, title: T, question: Q, advise: a, players: {a: {name: A}},
...  decisions: {go: {by: a, options: {in: Enter, out: Stay out}}}, events: {rain: {chances: {wet: 30%, dry: rest}}},
...  baseline: {go: in}, timing: {count_from: 2020-07-01, go: 6 months, rain: 6 months},
...  payoffs: {all_of_it: {rows: [{a: 1}]}}}'''
>>> scenario = read_scenario(text)
>>> order(scenario), calendar_date(scenario, base_times(scenario)["go"]).isoformat()
(('rain', 'go'), '2021-01-01')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from gamecore.errors import InputError
from gamecore.model import ChanceRow, Condition, DateOf, Enpv, Formula, Input, Scenario, Time, Uncertain, Value
from gamecore.scenario.expressions import EXACT, evaluate
from gamecore.scenario.reader import UNITS_OF_TIME, months_after

__all__ = [
    "BaseNumbers",
    "UnreadError",
    "base_inputs",
    "base_times",
    "calendar_date",
    "order",
    "rests_on",
    "time_value",
]

_EMPTY: Final[Mapping[str, str]] = {}


# ---- numbers at base values ------------------------------------------------------------------------------------------


class UnreadError(InputError):
    """A number rests on one whose own fault has been told."""


class BaseNumbers:
    """Inputs and terms at base values, in one assignment (what happened decides inputs with rows and the levels of
    terms).
    """

    def __init__(self, scenario: Scenario, assignment: Mapping[str, str] = _EMPTY) -> None:
        self._scenario = scenario
        self._assignment = {**scenario.switches, **assignment}
        self._found: dict[str, Fraction] = {}
        self._open: list[str] = []

    def __getitem__(self, name: str) -> Fraction:
        """The number a name stands for; `InputError` if it has none in this assignment."""
        if name not in self._found:
            if name in self._open:
                raise InputError(
                    f"'{name}' rests on itself: {' -> '.join([*self._open[self._open.index(name) :], name])}"
                )
            self._open.append(name)
            try:
                self._found[name] = self._compute(name)
            finally:
                self._open.pop()
        return self._found[name]

    def value(self, value: Value | Uncertain) -> Fraction:
        """A value at base values."""
        if isinstance(value, Formula):
            return evaluate(value.node, self.__getitem__, EXACT)
        return value.base

    def _compute(self, name: str) -> Fraction:
        found = self._scenario.inputs.get(name)
        if found is None:
            return self._level(name)
        if found.rows:
            fitting = _fitting_rows(found, self._assignment)
            if len(fitting) != 1:
                raise InputError(f"inputs.{name}: {'no row fits' if not fitting else 'more than one row fits'}")
            return self.value(fitting[0])
        if found.value is None:
            raise UnreadError(f"'{name}' is no number")
        return self.value(found.value)

    def _level(self, name: str) -> Fraction:
        held = self._scenario.terms.get(name)
        chosen = self._assignment.get(name)
        level = next((level for level in held[1].levels if level.key == chosen), None) if held else None
        if level is None or level.value is None:
            raise InputError(f"'{name}' has no number")
        return level.value


def _fitting_rows(found: Input, assignment: Mapping[str, str]) -> list[Value]:
    fitting = [row.value for row in found.rows if row.when is not None and row.when.fits(assignment)]
    return fitting or [row.value for row in found.rows if row.when is None]


def base_inputs(scenario: Scenario) -> dict[str, Fraction]:
    """The base value of every input that is a number whatever happens (inputs with rows, and what rests on them, are
    left out).
    """
    numbers = BaseNumbers(scenario)
    found = {}
    for name, item in scenario.inputs.items():
        if item.value is not None and not _by_rows(scenario, name):
            found[name] = numbers[name]
    return found


def _by_rows(scenario: Scenario, name: str, seen: frozenset[str] = frozenset()) -> bool:
    item = scenario.inputs.get(name)
    if item is None or name in seen:
        return item is None
    if item.rows:
        return True
    names = item.value.names if isinstance(item.value, Formula) else frozenset()
    return any(_by_rows(scenario, other, seen | {name}) for other in names)


# ---- what rests on what ----------------------------------------------------------------------------------------------


def rests_on(scenario: Scenario) -> dict[str, dict[str, str]]:
    """For every decision and event, the decisions and events it rests on, each with the key that says so."""
    terms = scenario.terms
    found: dict[str, dict[str, str]] = {}

    def note(name: str, others: frozenset[str], key: str) -> None:
        for other in sorted(others):
            source = terms[other][0].name if other in terms else other
            if source in scenario.decisions or source in scenario.events:
                found[name].setdefault(source, key)

    for decision in scenario.decisions.values():
        found[decision.name] = {}
        note(decision.name, _names(decision.when), "when")
        for option in decision.options:
            note(decision.name, _names(option.when), "options")
    for event in scenario.events.values():
        found[event.name] = {}
        note(event.name, _names(event.when), "when")
        if event.signal_of is not None:
            note(event.name, frozenset({event.signal_of}), "signal_of")
        for row in (*event.chances, *(row for rows in event.beliefs.values() for row in rows)):
            note(event.name, _names(row.when) | behind(scenario, _row_names(row)), "chances")
        if event.right is not None:
            note(event.name, behind(scenario, value_names(event.right)), "right")
    return found


def _names(condition: Condition | None) -> frozenset[str]:
    return condition.names if condition is not None else frozenset()


def _row_names(row: ChanceRow) -> frozenset[str]:
    return frozenset().union(*(value_names(chance) for chance in row.chances if chance is not None))


def value_names(value: Value | Uncertain | Enpv | None) -> frozenset[str]:
    """The inputs and terms that a value names."""
    return value.names if isinstance(value, Formula) else frozenset()


def behind(scenario: Scenario, names: frozenset[str]) -> frozenset[str]:
    """The decisions, terms, events and switches that numbers rest on, through inputs with rows."""
    seen: set[str] = set()
    waiting = list(names)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        item = scenario.inputs.get(name)
        if item is None:
            found.add(name)
            continue
        waiting += value_names(item.value)
        for row in item.rows:
            found |= _names(row.when)
            waiting += value_names(row.value)
    return frozenset(found)


# ---- dates -----------------------------------------------------------------------------------------------------------


def base_times(scenario: Scenario) -> dict[str, Fraction | None]:
    """The date of every decision and event of `timing`, in years from day zero at base values; None is hidden."""
    return {name: _moment(scenario, name, ()) for name in scenario.timing.moments}


def time_value(scenario: Scenario, time: Time) -> Fraction | None:
    """A date or length of time in years at base values; None for the date of what is hidden."""
    return _time(scenario, time, ())


def _moment(scenario: Scenario, name: str, above: tuple[str, ...]) -> Fraction | None:
    if name in above:
        raise InputError(f"the date of '{name}' rests on itself: {' -> '.join([*above[above.index(name) :], name])}")
    moment = scenario.timing.moments.get(name)
    if moment is None or moment.at is None:
        return None
    return _time(scenario, moment.at, (*above, name))


def _time(scenario: Scenario, time: Time, above: tuple[str, ...]) -> Fraction | None:
    if isinstance(time, DateOf):
        return _moment(scenario, time.name, above)
    return BaseNumbers(scenario).value(time)


def calendar_date(scenario: Scenario, years: Fraction) -> date:
    """The calendar date some years after day zero; `InputError` if the file has no calendar dates."""
    if scenario.timing.count_from is None:
        raise InputError("this scenario has no calendar dates; add 'count_from' under 'timing'")
    start = date.fromisoformat(scenario.timing.count_from)
    months = int(years * 12 // 1)
    days = round((years - Fraction(months, 12)) / UNITS_OF_TIME["days"])
    try:
        return months_after(start, months) + timedelta(days=days)
    except (ValueError, OverflowError):
        raise InputError(f"{float(years):g} years after {start} is beyond the calendar") from None


# ---- order -----------------------------------------------------------------------------------------------------------


def order(scenario: Scenario) -> tuple[str, ...]:
    """All events and decisions in order of time.

    By date; at one date events before decisions; an event after what it rests on; in file order otherwise. What is
    hidden stands as early as what it rests on allows.
    """
    above = rests_on(scenario)
    moments = earliest(scenario)
    names = [*scenario.decisions, *scenario.events]
    position = {name: index for index, name in enumerate(names)}
    placed: list[str] = []
    waiting = list(names)
    while waiting:
        ready = [name for name in waiting if not any(other in waiting for other in above[name])]
        if not ready:
            raise InputError(f"these rest on each other: {', '.join(waiting)}")
        first = min(ready, key=lambda name: (*moments[name], position[name]))
        placed.append(first)
        waiting.remove(first)
    return tuple(placed)


def earliest(scenario: Scenario) -> dict[str, tuple[Fraction, int]]:
    """Per decision and event (date, 0 for events and 1 for what comes after the decisions of that date).

    For what is hidden: the latest of what it rests on.
    """
    times = base_times(scenario)
    above = rests_on(scenario)
    found: dict[str, tuple[Fraction, int]] = {}

    def find(name: str, open_: tuple[str, ...]) -> tuple[Fraction, int]:
        if name in open_:
            raise InputError(f"'{name}' rests on itself: {' -> '.join([*open_[open_.index(name) :], name])}")
        if name not in found:
            at = times.get(name)
            if at is not None:
                found[name] = (at, 0 if name in scenario.events else 1)
            else:
                others = [find(other, (*open_, name)) for other in above[name]]
                found[name] = max(others, default=(Fraction(0), 0))
        return found[name]

    for name in above:
        find(name, ())
    return found


def formulas_of(item: Input) -> Iterator[Formula]:
    """The formulas an input is computed from."""
    for value in (item.value, *(row.value for row in item.rows)):
        if isinstance(value, Formula):
            yield value
