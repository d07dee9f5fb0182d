"""Which lines of the payoffs are the cost of standing by, and the same plan at a later date."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from gamecore.games.translate import Game
from gamecore.model import (
    Arithmetic,
    Block,
    ChangeRow,
    Condition,
    DateOf,
    Edit,
    Enpv,
    Formula,
    Line,
    Number,
    Row,
    Scenario,
    Time,
    Value,
    Verb,
)
from gamecore.robustness.postponing import Postponement
from gamecore.scenario.schedule import base_times, behind, time_value
from gamecore.valuation.payoffs import Worth

__all__ = ["can_move", "holding_lines", "moved"]

START = ("start",)  # of the programme


def holding_lines(game: Game, way: Postponement, worth: Worth[Fraction]) -> tuple[str, ...]:
    """The lines that cost or bring something because one waits: nothing where one acts now, something where one waits,
    and the same whatever is decided later.

    None with weighted criteria, whose lines do not add up.
    """
    scenario = game.scenario
    if any(line.weights for line in scenario.payoffs.values()):
        return ()
    times = base_times(scenario)
    start = times[way.decision]
    later = {
        name for name in scenario.decisions if start is not None and (at := times[name]) is not None and at > start
    }
    cases = [case.assignment for found in game.cases for case in found]
    acting = [case for case in cases if case.get(way.decision) == way.now]
    waiting = [case for case in cases if case.get(way.decision) == way.wait]

    def pays(line: Line, where: Sequence[Mapping[str, str]]) -> bool:
        return any(worth.amount(line, player, case) for case in where for player in scenario.players)

    return tuple(
        name
        for name, line in scenario.payoffs.items()
        if line.enpv is None
        and not _speaks_of(scenario, line) & later
        and pays(line, waiting)
        and not pays(line, acting)
    )


def can_move(scenario: Scenario, way: Postponement, holding: Collection[str]) -> bool:
    """Whether the file says what the plan of today is worth at a later date: every row that may hold then is valued
    from the programme, has a date, is nothing, or has nothing to do with decisions.
    """
    rows = [
        (line, row)
        for name, line in scenario.payoffs.items()
        if name not in holding and _speaks_of(scenario, line) & set(scenario.decisions)
        for row in line.rows
    ]
    return all(
        row.at is not None or line.at is not None or _valued(row)
        for line, row in rows
        if _may_hold(line.when, way) and _may_hold(row.when, way)
    )


def moved(scenario: Scenario, years: Fraction) -> Scenario:
    """The scenario with the start of its programme, and the dates of dated amounts, so many years later."""
    payoffs = {
        name: replace(
            line,
            at=_later(scenario, line.at, years),
            rows=tuple(replace(row, at=_later(scenario, row.at, years)) for row in line.rows),
        )
        for name, line in scenario.payoffs.items()
    }
    programme = scenario.programme
    if programme is not None:
        delay = Edit(START, Verb.PLUS, value=Formula.of(years))
        programme = replace(
            programme,
            leaves={START: Formula.of(0), **programme.leaves},
            changes=(*programme.changes, ChangeRow((delay,))),
        )
    return replace(scenario, payoffs=payoffs, programme=programme)


def _later(scenario: Scenario, time: Time | None, years: Fraction) -> Time | None:
    if isinstance(time, DateOf):
        at = time_value(scenario, time)
        return None if at is None else Formula.of(at + years)
    if time is None:
        return None
    return Formula(f"{time.text} + {years}", Arithmetic("+", time.node, Number(years)), time.place)


def _speaks_of(scenario: Scenario, line: Line) -> frozenset[str]:
    """The decisions, terms and events that a line's conditions and amounts rest on."""
    found: set[str] = set(_names(line.when))
    values: list[Value | Enpv] = []
    for row in line.rows:
        found |= _names(row.when)
        values += row.values.values()
    for value in values:
        if isinstance(value, Formula):
            found |= behind(scenario, value.names)
        elif isinstance(value, Enpv):
            found |= _blocks(scenario.programme) | _blocks(scenario.deal)
    terms = scenario.terms
    return frozenset(terms[name][0].name if name in terms else name for name in found)


def _blocks(block: Block | None) -> set[str]:
    """What the changes of a programme or a deal rest on."""
    return set() if block is None else {name for change in block.changes for name in change.when.names}


def _names(condition: Condition | None) -> frozenset[str]:
    return frozenset() if condition is None else condition.names


def _may_hold(when: Condition | None, way: Postponement) -> bool:
    """Whether a condition allows the option to act now."""
    if when is None:
        return True
    return any(
        all(way.now in values for name, values in clause.terms if name == way.decision)
        and not any(name == way.later for name, _ in clause.terms)
        for clause in when.clauses
    )


def _valued(row: Row) -> bool:
    """Whether a row is nothing, or the worth of the programme."""
    return all(
        isinstance(value, Enpv) or (isinstance(value, Formula) and value.constant == 0) for value in row.values.values()
    )
