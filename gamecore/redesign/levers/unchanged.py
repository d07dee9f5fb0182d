"""What a change leaves as it is although one might think that it moves.

A date that moves takes along when things are known, discounting, and whatever says `date of`. It does not move amounts
that are typed in rows, how right a signal is, or the conditions a row of changes lays down for a plan: those are named
here, by the labels or paths of the file, for the person who has to ask whether they would really stay.

What also moves without being asked is the threat: a change of a number that no agreement rests on too. It is found by
solving, not by reading: no agreement is worth something else to somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gamecore.model import ChangeRow, Condition, DateOf, Enpv, Formula, Line, Row, Scenario
from gamecore.redesign.levers.search import Search, Tried
from gamecore.redesign.levers.steps import Step

__all__ = ["what_stays"]


def what_stays(begun: Search, item: Tried) -> tuple[tuple[str, ...], bool]:
    """Names of what stays though a date moves, and whether no agreement is worth something else now."""
    before, after = begun.base.disagreement, item.standing.disagreement
    threat = before is not None and after is not None and before != after
    scenario = begun.scenario
    moved = {name for step in item.steps for name in _moved(step)}
    touched = {path.split(".")[1] for step in item.steps for path in _paths(begun, step) if path.startswith("inputs.")}
    stays = dict.fromkeys(_staying(scenario, moved, touched)) if moved else {}
    return tuple(stays), threat


def _paths(begun: Search, step: Step) -> Iterator[str]:
    yield from step.paths
    lever = begun.scenario.levers.get(step.lever)
    for change in lever.changes if lever is not None else ():
        yield ".".join(change.path)


def _moved(step: Step) -> set[str]:
    """The decisions and events whose date a step moves."""
    if not step.months and step.kind not in {"date", "order"}:
        return set()
    return {path.split(".")[1] for path in step.paths if path.startswith("timing.") and "proposes" not in path}


def _staying(scenario: Scenario, moved: set[str], touched: set[str]) -> Iterator[str]:
    opened = _opening(scenario, moved)
    for line in scenario.payoffs.values():
        if any(_typed(line, row, moved, opened, touched) for row in line.rows):
            yield line.label
    for event in scenario.events.values():
        if event.name in moved and event.right is not None:
            names = event.right.names if isinstance(event.right, Formula) else frozenset[str]()
            if not names & touched:
                yield _accuracy(scenario, names, event.label)
    block = scenario.programme
    rows = block.changes if block is not None else ()
    if any(_speaks_of(row.when, moved, opened) and not _dated(row) for row in rows):
        yield "programme.changes"


def _accuracy(scenario: Scenario, names: frozenset[str], label: str) -> str:
    """How right a signal is: the label of the input it is, or the event's own."""
    return scenario.inputs[next(iter(names))].label if len(names) == 1 else label


def _opening(scenario: Scenario, moved: set[str]) -> dict[str, set[str]]:
    """What must have been chosen for the decisions that move to come up: amounts are often typed for that."""
    found: dict[str, set[str]] = {}
    for name in moved:
        decision = scenario.decisions.get(name)
        for clause in decision.when.clauses if decision is not None and decision.when is not None else ():
            for other, options in clause.terms:
                found.setdefault(other, set()).update(options)
    return found


def _speaks_of(when: Condition | None, moved: set[str], opened: Mapping[str, set[str]]) -> bool:
    """Whether a condition names what moves, or what opens it."""
    return when is not None and any(
        name in moved or (name in opened and set(options) & opened[name])
        for clause in when.clauses
        for name, options in clause.terms
    )


def _typed(line: Line, row: Row, moved: set[str], opened: Mapping[str, set[str]], touched: set[str]) -> bool:
    """Whether a row holds amounts of what moves that neither a date nor a changed input moves."""
    if row.at is not None or line.at is not None:
        return False
    if not _speaks_of(row.when, moved, opened) and not _speaks_of(line.when, moved, opened):
        return False
    values = [value for value in row.values.values() if not isinstance(value, Enpv)]
    rested = {name for value in values if isinstance(value, Formula) for name in value.names}
    nothing = all(isinstance(value, Formula) and value.constant == 0 for value in values)
    return bool(values) and not nothing and not rested & touched


def _dated(row: ChangeRow) -> bool:
    """Whether a row of changes itself moves with a date."""
    return any(isinstance(leaf, DateOf) for edit in row.edits for leaf in edit.leaves.values())
