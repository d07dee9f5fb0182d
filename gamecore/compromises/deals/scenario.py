"""The space of deals of an agreement in a scenario: every deal worth what the scenario's own game makes of it.

A deal's value to a player is what the game is worth to it at base values once the deal is signed, with everything that
follows played as it will be (certain equivalents for players with a risk tolerance). Terms become issues, numeric or
named; which of them add up is proved on the values (`decomposing`), so that a scenario whose payoff lines rest on one
term each comes out additive and others as interacting tables. The parties are those who must agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gamecore.compromises.deals.decomposing import space_from_table
from gamecore.compromises.deals.space import DealSpace, Point
from gamecore.equilibria.following import Policy, follow, usual_policy
from gamecore.equilibria.protocols import solved_game
from gamecore.errors import InputError, RefusedError
from gamecore.games.translate import Game, Numbers
from gamecore.model import Decision, Scenario

__all__ = ["ScenarioDeals", "from_scenario", "of_game"]


@dataclass(frozen=True)
class ScenarioDeals:
    """`space` speaks in the labels of the file; `names[k]` is the term (or the decision) behind issue `k` and
    `keys[k]` the file's names of its options.

    `baseline` is the deal of the plan as it stood, by labels; nothing if that plan is none of these deals. `additive`
    says that no two terms interact. `sampled` are continuous terms, of which the levels of the file are the options.
    """

    space: DealSpace
    decision: str
    names: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    baseline: tuple[str, ...]
    additive: bool
    sampled: tuple[str, ...]


def from_scenario(scenario: Scenario, decision_name: str | None = None) -> ScenarioDeals:
    """The deals of an agreement; of the first one with terms if no name is given.

    Raises `InputError` if there is no such agreement or it can come up in several situations, in which the same deal
    may be worth something else; `RefusedError` if a limit of the game would be broken or talks are laid out as moves.
    """
    decision = _agreement(scenario, decision_name)
    game, numbers, solved = solved_game(scenario)
    policy = usual_policy(game.tree, solved[0].perfect, solved[0].bargaining)
    return of_game(game, numbers, policy, decision.name)


def of_game(game: Game, numbers: Numbers, policy: Policy, decision_name: str) -> ScenarioDeals:
    """The deals of an agreement of a game that is solved already; what follows a deal is as the policy plays.

    Raises what `from_scenario` does.
    """
    scenario = game.scenario
    decision = _agreement(scenario, decision_name)
    nodes = game.agreement_nodes.get(decision.name, ())
    if decision.name in game.spelled_out:
        raise RefusedError(f"{decision.name}: the parties know different things, so a deal has no one value to them")
    if len(nodes) != 1:
        raise InputError(
            f"{decision.name} can come up in {len(nodes)} situations: the deals are compared in one; "
            "put it before the events and moves that it depends on, or fix those"
        )
    seats = [game.players.index(name) for name in decision.by]
    issues = _issues(decision)
    worths = [_worth(game, numbers, policy, child, seats) for child in game.tree.nodes[nodes[0]].children]
    table, none = _table(game, nodes[0], decision, worths)
    space = space_from_table(
        [scenario.players[name].label for name in decision.by],
        {label: labels for label, labels, _ in issues},
        table,
        no_agreement=none,
        unit=scenario.unit or "points",
    )
    keys = tuple(names for _, _, names in issues)
    terms = tuple(term.name for term in decision.terms) or (decision.name,)
    return ScenarioDeals(
        space,
        decision.name,
        terms,
        keys,
        _baseline(scenario, space, terms, keys),
        not space.interactions,
        tuple(term.name for term in decision.terms if term.continuous is not None),
    )


def _agreement(scenario: Scenario, name: str | None) -> Decision:
    agreements = [decision for decision in scenario.decisions.values() if decision.is_agreement]
    if name is None:
        found = next((decision for decision in agreements if decision.terms), None)
        if found is None:
            raise InputError("no agreement of this scenario has terms: name a decision of several players")
        return found
    chosen = next((decision for decision in agreements if decision.name == name), None)
    if chosen is None:
        known = ", ".join(decision.name for decision in agreements) or "none"
        raise InputError(f"{name!r} is no agreement of this scenario; there are: {known}")
    return chosen


def _issues(decision: Decision) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """For each issue its label, the labels of its options, and their names in the file."""
    if not decision.terms:
        options = [option for option in decision.options if option.available]
        return [(decision.label, _different([(o.label, o.name) for o in options]), tuple(o.name for o in options))]
    labels = _different([(term.label, term.name) for term in decision.terms])
    found = []
    for label, term in zip(labels, decision.terms, strict=True):
        levels = [level for level in term.levels if level.available]
        unit = f" {term.unit}" if term.unit else ""
        said = [(level.label if level.value is None else f"{level.label}{unit}", level.key) for level in levels]
        found.append((label, _different(said), tuple(level.key for level in levels)))
    return found


def _different(said: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The labels, with the name behind where two are the same."""
    labels = [label for label, _ in said]
    return tuple(f"{label} ({name})" if labels.count(label) > 1 else label for label, name in said)


def _table(
    game: Game, node: int, decision: Decision, worths: Sequence[Point]
) -> tuple[dict[tuple[int, ...], Point], Point]:
    """What each deal is worth to those who must agree, by option numbers, and what no agreement is."""
    places = [
        {level.key: place for place, level in enumerate(level for level in term.levels if level.available)}
        for term in decision.terms
    ]
    options = {o.name: place for place, o in enumerate(option for option in decision.options if option.available)}
    table: dict[tuple[int, ...], Point] = {}
    none: Point = ()
    for branch, (action, worth) in enumerate(zip(game.actions[node], worths, strict=True)):
        if branch == len(worths) - 1:
            none = worth
            continue
        sets = dict(action.sets)
        key = tuple(place[sets[term.name]] for term, place in zip(decision.terms, places, strict=True))
        table[key or (options[action.name],)] = worth
    return table, none


def _worth(game: Game, numbers: Numbers, policy: Policy, node: int, seats: Sequence[int]) -> Point:
    """What the rest of the game is worth to some players, given that play has come there."""
    weights = follow(game.tree, policy, start=node)
    worth = []
    for seat in seats:
        paid: Any = sum((weight * numbers.payoffs[seat, end] for end, weight in weights.items()), Fraction(0))
        reach: Any = sum((weight * numbers.reach[seat, end] for end, weight in weights.items()), Fraction(0))
        if not reach:
            raise InputError(f"{game.players[seat]} believes that these talks never take place: nothing to value")
        expected = np.asarray(numbers.equivalent(seat, Fraction(paid) / Fraction(reach)), dtype=object).item()
        worth.append(expected if isinstance(expected, Fraction) else Fraction(float(expected)))
    return tuple(worth)


def _baseline(
    scenario: Scenario, space: DealSpace, terms: Sequence[str], keys: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    """The first clause of the plan as it stood that says one option of every issue, by labels."""
    for clause in scenario.baseline.clauses:
        said = {name: values[0] for name, values in clause.terms if len(values) == 1}
        if all(name in said and said[name] in some for name, some in zip(terms, keys, strict=True)):
            numbers = [some.index(said[name]) for name, some in zip(terms, keys, strict=True)]
            if space.is_possible(numbers):
                return tuple(issue.options[k] for issue, k in zip(space.issues, numbers, strict=True))
    return ()
