"""What the file keeps from a shared copy, with the rules of the format filled in where the file says nothing.

`confidential: yes` or `no` on a block covers all inside it, unless something inside says otherwise. Where nothing is
said, these are confidential: what is reached without agreement, beliefs, and - if the page advises one player - inputs
that reach only other players' payoffs. The sets hold what *is confidential by itself*; which results such a value
reaches is tracked by the analysis.

Keys are dotted: `inputs.hold`, `players.sapphire`, `payoffs.no_deal`, `decisions.plan`, `decisions.plan.no_agreement`,
`decisions.plan.options.wait`, `decisions.sheet.terms.upfront`, `events.award`, `events.award.beliefs`, `levers.pay`,
`programme`, `deal`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gamecore.model import ALLIANCE, NO_AGREEMENT, Condition, Decision, Enpv, Formula, Line, Scenario, Value
from gamecore.scenario.schedule import value_names

__all__ = ["confidential_names", "is_confidential"]


def is_confidential(scenario: Scenario, kind: str, name: str) -> bool:
    """Whether a block is confidential: `is_confidential(scenario, "inputs", "hold")`."""
    return f"{kind}.{name}" in confidential_names(scenario)


def confidential_names(scenario: Scenario) -> frozenset[str]:
    """The dotted names of everything that is confidential by itself."""
    found: set[str] = set()
    for name, player in scenario.players.items():
        _note(found, f"players.{name}", player.confidential)
    for name, decision in scenario.decisions.items():
        _decision(found, name, decision)
    for name, event in scenario.events.items():
        _note(found, f"events.{name}", event.confidential)
        if event.beliefs:
            _note(found, f"events.{name}.beliefs", event.confidential, otherwise=True)
    for name, line in scenario.payoffs.items():
        _note(found, f"payoffs.{name}", line.confidential, otherwise=_is_walk_away(scenario, line))
    for block, held in (("programme", scenario.programme), ("deal", scenario.deal)):
        if held is not None and held.confidential:
            found.add(block)
    reach = _reach(scenario)
    for name, item in scenario.inputs.items():
        _note(found, f"inputs.{name}", item.confidential, otherwise=_is_theirs(scenario, reach.get(name, frozenset())))
    for name, lever in scenario.levers.items():
        _note(found, f"levers.{name}", lever.confidential)
    return frozenset(found)


def _note(found: set[str], name: str, said: bool | None, *, otherwise: bool = False) -> None:  # noqa: FBT001
    if otherwise if said is None else said:
        found.add(name)


def _decision(found: set[str], name: str, decision: Decision) -> None:
    path = f"decisions.{name}"
    _note(found, path, decision.confidential)
    covered = decision.confidential is True
    for option in decision.options:
        _note(found, f"{path}.options.{option.name}", option.confidential, otherwise=covered)
    for term in decision.terms:
        _note(found, f"{path}.terms.{term.name}", term.confidential, otherwise=covered)
        for level in term.levels:
            within = term.confidential if term.confidential is not None else covered
            _note(found, f"{path}.terms.{term.name}.options.{level.key}", level.confidential, otherwise=within)
    if decision.no_agreement is not None:
        # What each side has without agreement is secret unless the decision or `no_agreement` says otherwise.
        said = decision.no_agreement.confidential
        if said is None:
            said = decision.confidential
        _note(found, f"{path}.no_agreement", said, otherwise=True)


def _is_walk_away(scenario: Scenario, line: Line) -> bool:
    """Whether a line holds only values that are reached without agreement, and these are confidential."""
    conditions = [row.when for row in line.rows] if line.when is None or line.single else [line.when]
    return bool(conditions) and all(_only_without_agreement(scenario, condition) for condition in conditions)


def _only_without_agreement(scenario: Scenario, condition: Condition | None) -> bool:
    if condition is None or not condition.clauses:
        return False
    for clause in condition.clauses:
        failed = [name for name, values in clause.terms if values == (NO_AGREEMENT,)]
        if not any(_keeps_walk_away(scenario, name) for name in failed):
            return False
    return True


def _keeps_walk_away(scenario: Scenario, name: str) -> bool:
    decision = scenario.decisions.get(name)
    if decision is None or decision.no_agreement is None:
        return False
    said = decision.no_agreement.confidential
    return (decision.confidential if said is None else said) is not False


def _is_theirs(scenario: Scenario, reached: frozenset[str]) -> bool:
    """Whether an input reaches only the payoffs of players the page does not advise."""
    return scenario.advise != ALLIANCE and bool(reached) and scenario.advise not in reached


def _reach(scenario: Scenario) -> dict[str, frozenset[str]]:
    """The players whose payoffs each input reaches; chances, signals and dates reach everyone."""
    found: dict[str, set[str]] = {}
    everyone = set(scenario.players)
    for players, value in _uses(scenario):
        for name in _inputs_behind(scenario, value_names(value)):
            found.setdefault(name, set()).update(players or everyone)
    return {name: frozenset(players) for name, players in found.items()}


def _uses(scenario: Scenario) -> Iterator[tuple[set[str], Value | None]]:
    for line in scenario.payoffs.values():
        for row in line.rows:
            for player, value in row.values.items():
                if not isinstance(value, Enpv):
                    yield {player}, value
        yield from (({player}, weight) for player, weight in line.weights.items())
    for block in (scenario.programme, scenario.deal):
        yield from ((set(), value) for _, value in (block.values if block is not None else ()))
    for held in scenario.players.values():
        yield from (({held.name}, value) for value in (held.discount_rate, held.cash, held.risk_tolerance))
        yield {held.name}, held.runway
    for event in scenario.events.values():
        rows = (*event.chances, *(row for rows in event.beliefs.values() for row in rows))
        for chances in rows:
            for chance in chances.chances:
                yield set(), chance
        yield set(), event.right
    for moment in scenario.timing.moments.values():
        for time in (moment.at, moment.proposals.every):
            if isinstance(time, Formula):
                yield set(), time


def _inputs_behind(scenario: Scenario, names: frozenset[str]) -> frozenset[str]:
    """Inputs that a value rests on, itself and through other inputs."""
    seen: set[str] = set()
    waiting = [name for name in names if name in scenario.inputs]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        item = scenario.inputs[name]
        for value in (item.value, *(row.value for row in item.rows)):
            waiting += [other for other in value_names(value) if other in scenario.inputs]
    return frozenset(seen)
