"""Everything that can happen: assignments of decisions, terms and events, and which rows fit them.

An outcome is an assignment as `gamecore.model` describes it. Only what bears on the names asked for is enumerated, so
that a payoff line on one term of a deal with 540 combinations is checked on its few levels.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gamecore.errors import TooLargeError
from gamecore.model import AGREED, NO_AGREEMENT, Condition, Decision, Scenario

__all__ = ["MOST_OUTCOMES", "RowCheck", "check_rows", "choices_of", "described", "outcomes", "summed_up"]

# Ten seconds at most on one core; the largest worked example has 541.
MOST_OUTCOMES: Final = 200_000


def outcomes(
    scenario: Scenario, names: Collection[str] | None = None, *, limit: int = MOST_OUTCOMES
) -> list[dict[str, str]]:
    """Every outcome, or every distinct part of an outcome that concerns `names`.

    Respects `when` of decisions, events and options, `available`, `impossible`, failing agreements and
    `no_agreement.means`. Raises `TooLargeError` beyond `limit`.
    """
    walk = _Walk(scenario, names, limit)
    if names is None:
        return list(walk.run())
    kept = list(names)
    found: dict[tuple[str | None, ...], dict[str, str]] = {}
    for assignment in walk.run():
        key = tuple(assignment.get(name) for name in kept)
        if key not in found:
            found[key] = {name: assignment[name] for name in kept if name in assignment}
    return list(found.values())


def choices_of(decision: Decision, assignment: Mapping[str, str]) -> list[str]:
    """The options of a decision that can be chosen, after what happened; of an agreement also how it can fail."""
    found = [
        option.name
        for option in decision.options
        if option.available and (option.when is None or option.when.fits(assignment))
    ]
    if decision.is_agreement:
        failed = decision.no_agreement.means if decision.no_agreement is not None else None
        found += [name for name in (failed or NO_AGREEMENT,) if name not in found]
    return found


class _Walk:
    """A walk over the tree of everything that can happen, cut down to what bears on some names."""

    def __init__(self, scenario: Scenario, names: Collection[str] | None, limit: int) -> None:
        self.scenario = scenario
        self.limit = limit
        self.steps = 0
        self.terms = dict(scenario.terms)
        self.relevant: set[str] = set()
        self.terms_needed: set[str] = set()
        for name in [*scenario.decisions, *scenario.events, *self.terms] if names is None else names:
            self._need(name)
        self._close()
        self.names = self._in_order()
        self.impossible = [c for c in scenario.impossible if c.names & (self.relevant | self.terms_needed)]

    def _need(self, name: str) -> None:
        if name in self.terms and name not in self.terms_needed:
            self.terms_needed.add(name)
            name = self.terms[name][0].name
        if name in self.relevant or not (name in self.scenario.decisions or name in self.scenario.events):
            return
        self.relevant.add(name)
        for other in self._above(name):
            self._need(other)

    def _above(self, name: str) -> frozenset[str]:
        decision, event = self.scenario.decisions.get(name), self.scenario.events.get(name)
        conditions = [decision.when, *(option.when for option in decision.options)] if decision is not None else []
        conditions += [event.when] if event is not None else []
        return frozenset().union(*(condition.names for condition in conditions if condition is not None))

    def _close(self) -> None:
        """What cannot occur together ties names to each other."""
        grown = True
        while grown:
            before = len(self.relevant) + len(self.terms_needed)
            for condition in self.scenario.impossible:
                if condition.names & (self.relevant | self.terms_needed):
                    for name in condition.names:
                        self._need(name)
            grown = len(self.relevant) + len(self.terms_needed) > before

    def _in_order(self) -> list[str]:
        waiting = [name for name in [*self.scenario.decisions, *self.scenario.events] if name in self.relevant]
        placed: list[str] = []
        while waiting:
            blocked = set(waiting) | {term for term, (deal, _) in self.terms.items() if deal.name in waiting}
            ready = next((name for name in waiting if not self._above(name) & blocked), waiting[0])
            placed.append(ready)
            waiting.remove(ready)
        return placed

    def run(self) -> Iterator[dict[str, str]]:
        return self._extend(0, dict(self.scenario.switches))

    def _extend(self, index: int, assignment: dict[str, str]) -> Iterator[dict[str, str]]:
        self.steps += 1
        if self.steps > 2 * self.limit:
            raise TooLargeError(
                f"more than {self.limit:,} outcomes have to be looked at",
                limit="outcomes",
                count=self.steps,
                allowed=self.limit,
            )
        if index == len(self.names):
            yield assignment
            return
        for happened in self._possible(self.names[index], assignment):
            extended = {**assignment, **happened}
            if any(condition.fits(extended) for condition in self.impossible):
                self.steps += 1
                continue
            yield from self._extend(index + 1, extended)

    def _possible(self, name: str, assignment: Mapping[str, str]) -> Iterator[dict[str, str]]:
        event, decision = self.scenario.events.get(name), self.scenario.decisions.get(name)
        when = event.when if event is not None else decision.when if decision is not None else None
        if when is not None and not when.fits(assignment):
            yield {}
        elif event is not None:
            yield from ({name: outcome} for outcome, _ in event.outcomes)
        elif decision is not None and decision.terms:
            yield from self._deals(decision)
        elif decision is not None:
            found = choices_of(decision, assignment)
            yield from ({name: option} for option in found)
            if not found:
                yield {}

    def _deals(self, decision: Decision) -> Iterator[dict[str, str]]:
        needed = [term for term in decision.terms if term.name in self.terms_needed]
        levels = [[level.key for level in term.levels if level.available] for term in needed]
        for combination in itertools.product(*levels):
            chosen = dict(zip((term.name for term in needed), combination, strict=True))
            yield {decision.name: AGREED, **chosen}
        yield {decision.name: NO_AGREEMENT}


# ---- rows ------------------------------------------------------------------------------------------------------------


@dataclass
class RowCheck:
    """What is wrong with rows: outcomes that no row fits, and outcomes that two rows fit (first row, second row,
    outcome).

    `fitting` are the other outcomes; `names` is what the conditions speak of.
    """

    missing: list[dict[str, str]] = field(default_factory=list)
    fitting: list[dict[str, str]] = field(default_factory=list)
    names: tuple[str, ...] = ()
    double: list[tuple[int, int, dict[str, str]]] = field(default_factory=list)


def check_rows(
    scenario: Scenario,
    rows: Sequence[Condition | None],
    within: Sequence[Condition | None] = (),
    *,
    limit: int = MOST_OUTCOMES,
) -> RowCheck:
    """Whether exactly one row fits every outcome that fits all of `within`; None among `rows` is `otherwise`."""
    guards = [condition for condition in within if condition is not None]
    written = [(index, condition) for index, condition in enumerate(rows) if condition is not None]
    used = frozenset().union(*(condition.names for _, condition in written), *(guard.names for guard in guards))
    names = [
        name for name in [*scenario.decisions, *scenario.terms, *scenario.events, *scenario.inputs] if name in used
    ]
    found = RowCheck(names=tuple(names))
    for outcome in outcomes(scenario, names, limit=limit):
        if not all(guard.fits(outcome) for guard in guards):
            continue
        fitting = [index for index, condition in written if condition.fits(outcome)]
        if not fitting and len(written) == len(rows):
            found.missing.append(outcome)
        else:
            found.fitting.append(outcome)
        found.double += [(fitting[0], later, outcome) for later in fitting[1:]]
    return found


def summed_up(missing: list[dict[str, str]], fitting: list[dict[str, str]]) -> list[dict[str, str]]:
    """Outcomes in fewer words: a name is left out where, whatever it is, the outcome is missing.

    >>> summed_up([{"plan": "end", "wave": "low"}, {"plan": "end", "wave": "high"}], [{"plan": "go", "wave": "low"}])
    [{'plan': 'end'}]
    """
    found: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    for outcome in missing[:1000]:
        short = dict(outcome)
        for name in reversed(outcome):
            tried = {other: value for other, value in short.items() if other != name}
            if tried and not any(tried.items() <= other.items() for other in fitting):
                short = tried
        found.setdefault(tuple(short.items()), short)
    return list(found.values())


def described(scenario: Scenario, outcome: Mapping[str, str], without: Collection[str] = ()) -> str:
    """An outcome in words of the file, leaving out what another part of it implies: `january: hybrid, pandemic:
    severe`.
    """
    shown = {
        name: value
        for name, value in outcome.items()
        if name not in without and not _implied(scenario, name, value, outcome)
    }
    return ", ".join(f"{name}: {value}" for name, value in shown.items())


def _implied(scenario: Scenario, name: str, value: str, outcome: Mapping[str, str]) -> bool:
    """Whether something else that happened could only happen with this."""
    if value == AGREED and any(term in outcome for term, (deal, _) in scenario.terms.items() if deal.name == name):
        return True
    for other in outcome:
        if other == name:
            continue
        held = scenario.decisions.get(other) or scenario.events.get(other)
        if held is not None and held.when is not None:
            clauses = [dict(clause.terms).get(name) for clause in held.when.clauses]
            if all(values == (value,) for values in clauses):
                return True
    return False
