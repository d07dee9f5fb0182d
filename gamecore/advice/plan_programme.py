"""From a solved game to the facts of the programme under each plan: what a copy for all companies can say of it.

A plan is followed as it is stated: what it lays down, then what the analysis says follows it, as a commitment. Chances
are those of the file, not what a player believes. Where later choices are not told, the facts are ranges over all later
options, so that no private reply is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gamecore.advice.assess import Case, still_chosen
from gamecore.advice.plans import Plan
from gamecore.advice.programme_facts import FactRange, PlanProgramme, ProgrammeFacts, ProgrammeRanges
from gamecore.equilibria.following import follow
from gamecore.games.tree import NodeKind
from gamecore.model import NO_AGREEMENT, Condition, Enpv, Scenario
from gamecore.robustness.frequencies import compatible_ends
from gamecore.scenario.confidential import confidential_names
from gamecore.valuation.payoffs import Assignment, exact_worth, traced_worth
from gamecore.valuation.programme_facts import APPROVAL, COST, LAUNCH, facts_of, first_phase, traced_facts
from gamecore.valuation.tracing import Traces

__all__ = ["MOST_CASES", "programme_of_plans"]

MOST_CASES = 5_000  # of a game whose programme an analysis tells


def programme_of_plans(case: Case) -> ProgrammeFacts | None:
    """The programme under every candidate; None without one, and in games of more than `MOST_CASES` cases."""
    scenario = case.game.scenario
    if scenario.programme is None or sum(map(len, case.game.cases)) > MOST_CASES:
        return None
    programme = _Programme(case)
    plans = tuple(programme.under(plan) for plan in case.plans)
    return ProgrammeFacts(*first_phase(scenario), plans)


@dataclass(frozen=True)
class _Seen:
    """The facts in one way things can be; `runs` is False where the programme is ended, `marks` is what tells that."""

    facts: Mapping[str, float]
    traces: Mapping[str, Traces]
    runs: bool
    marks: Traces


class _Programme:
    def __init__(self, case: Case) -> None:
        self.case = case
        self.scenario = case.game.scenario
        self.phase = first_phase(self.scenario)[0]
        self.worth, self.traced = exact_worth(self.scenario), traced_worth(self.scenario)
        self.secret = confidential_names(self.scenario)
        self.everywhere = self.secret & _structure(self.scenario)
        self._known: dict[tuple[object, ...], tuple[Mapping[str, float], Mapping[str, Traces]]] = {}

    def under(self, plan: Plan) -> PlanProgramme:
        tree = self.case.game.tree
        stated = follow(tree, self.case.policy, plan.forced)
        laid_down = {self.case.game.name_of(node) for node, _ in plan.path}
        whatever = [end for end in compatible_ends(tree, plan.forced) if not self._fails_later(end, laid_down)]
        return PlanProgramme(
            plan.key,
            self._ranges({end: Fraction(weight) for end, weight in stated.items()}) if self._states(plan) else None,
            self._ranges(dict.fromkeys(sorted(whatever))),
            still_chosen(self.case, plan),
        )

    def _states(self, plan: Plan) -> bool:
        """Whether what follows the plan is one named choice wherever it comes to one, so that it can be told."""
        game, tree, policy = self.case.game, self.case.game.tree, self.case.policy
        reached = follow(tree, policy, plan.forced)
        for number, node in enumerate(tree.nodes):
            if node.kind in {NodeKind.MOVE, NodeKind.AGREEMENT} and any(
                end in reached for end in tree.ends_below(number)
            ):
                kept = plan.forced.get(number, range(len(node.children)))
                chosen = [branch for branch, _ in policy.branches(number)] if len(kept) > 1 else []
                if len(chosen) > 1 or any(not game.actions[number][branch].sets for branch in chosen):
                    return False
        return True

    def _fails_later(self, end: int, laid_down: set[str]) -> bool:
        """Whether an agreement after the plan fails there: that is no option."""
        said = self.case.game.cases[end][0].assignment if self.case.game.cases[end] else {}
        return any(said.get(name) == NO_AGREEMENT for name in self.scenario.decisions if name not in laid_down)

    def _ranges(self, ends: Mapping[int, Fraction | None]) -> ProgrammeRanges | None:
        """The facts over these ends; with weights there is an expected value too."""
        found: list[tuple[Fraction, _Seen]] = []
        reached: Traces = frozenset()
        weighed = True
        for end, weight in ends.items():
            weighed = weighed and weight is not None
            for item in self.case.game.cases[end]:
                chance = Fraction(1) if weight is None else weight
                for event, outcome, seen in item.chances:
                    held = self.scenario.events[event]
                    chance *= self.worth.chances(held, None, seen)[outcome]
                    reached |= self.traced.chances(held, None, seen)[outcome]
                if chance:
                    found.append((chance, self._in(item.assignment)))
        if not any(seen.runs for _, seen in found):
            return None
        reached = reached.union(*(seen.marks for _, seen in found))
        return ProgrammeRanges(
            _range(found, COST, reached, weighed=weighed) or FactRange(None, 0.0, 0.0, reached),
            _range(found, LAUNCH, reached, weighed=weighed),
            _range(found, APPROVAL, reached, weighed=weighed),
        )

    def _in(self, assignment: Assignment) -> _Seen:
        marks = self.everywhere | self._named(assignment)
        rows = [self.worth.row(line, assignment) for line in self.scenario.payoffs.values()]
        runs = any(isinstance(value, Enpv) for row in rows if row is not None for value in row.values.values())
        if not runs:
            return _Seen({}, {}, runs=False, marks=marks)
        key = self.worth.programme_key(assignment)
        if key not in self._known:
            numbers, marks_of_numbers = self.worth.blocks(assignment)[0], self.traced.blocks(assignment)[0]
            self._known[key] = facts_of(numbers, self.phase), traced_facts(marks_of_numbers, self.phase)
        facts, traces = self._known[key]
        return _Seen(facts, traces, runs=True, marks=marks)

    def _named(self, assignment: Assignment) -> Traces:
        """Decisions, options and terms that happened and are confidential."""
        names = {f"decisions.{name}" for name in assignment if name in self.scenario.decisions}
        for name, value in assignment.items():
            if name in self.scenario.decisions:
                failed = value == NO_AGREEMENT
                names.add(f"decisions.{name}.no_agreement" if failed else f"decisions.{name}.options.{value}")
            elif name in self.scenario.terms:
                path = f"decisions.{self.scenario.terms[name][0].name}.terms.{name}"
                names |= {path, f"{path}.options.{value}"}
        return self.secret & names


def _range(found: Iterable[tuple[Fraction, _Seen]], fact: str, reached: Traces, *, weighed: bool) -> FactRange | None:
    """A fact over the ways things can be; where the programme is ended a launch has no date, the others are 0."""
    kept = [(chance, seen) for chance, seen in found if fact in seen.facts or (not seen.runs and fact != LAUNCH)]
    running = [seen for _, seen in kept if seen.runs]
    if not running:
        return None
    values = [(chance, seen.facts.get(fact, 0.0)) for chance, seen in kept]
    total = sum((chance for chance, _ in values), Fraction(0))
    expected = sum(float(chance / total) * value for chance, value in values) if weighed else None
    numbers = [value for _, value in values]
    return FactRange(expected, min(numbers), max(numbers), reached.union(*(seen.traces[fact] for seen in running)))


def _structure(scenario: Scenario) -> Traces:
    """Entries that reach every fact: the block itself, what decides whether it runs, switches, and levers pulled."""
    names = {"programme"}
    conditions: list[Condition | None] = [row.when for row in scenario.programme.changes] if scenario.programme else []
    for line in scenario.payoffs.values():
        if line.enpv is not None:
            names.add(f"payoffs.{line.name}")
            conditions += [line.when, *(row.when for row in line.rows)]
    said = {name for condition in conditions if condition is not None for name in condition.names}
    names |= {f"inputs.{name}" for name in said if name in scenario.switches}
    pulled = (change.split("=")[0].split()[0] for change in scenario.changes)
    return frozenset(names | {f"levers.{name}" for name in pulled})
