"""The analysis of a scenario without an order of moves: states, what holds them, ways from today, a recommendation and
the least changes of preference that would change it.

Everything is ordinal and nothing is drawn: the same file gives the same record. Which state is recommended is the rule
of `gamecore.advice.conflict_recommend`; each change of preference has been put to the forward solver, and to that rule.

>>> from gamecore.scenario import read_scenario
>>> text = '''
... {gamecore: 1, title: T, question: Q, advise: a, players: {a: {name: A}, b: {name: B}},
...  decisions: {arm: {by: a, options: {keep: Keep, disarm: {label: Disarm, leads_to: []}}},
...              pay: {by: b, options: {hold: Hold, pay: {label: Pay, leads_to: []}}}},
...  timing: {anytime: yes, today: {arm: keep, pay: hold}},
...  payoffs: {rankings: {a: {priorities: [{pay: pay}, {arm: disarm}]},
...                       b: {priorities: [{arm: disarm}, {pay: pay}]}}}}'''
>>> found = analyse_conflict(read_scenario(text))
>>> found.recommendation.state, found.states[3].label, found.states[3].strength.value
(3, 'Disarm; Pay', 'coalition_nash')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import gamecore
from gamecore.advice.building import scenario_facts
from gamecore.advice.conflict_facts import (
    Answered,
    ConflictAnalysis,
    ConflictOption,
    DecisionFacts,
    Movement,
    StateFacts,
    StateReason,
    Strength,
    Way,
)
from gamecore.advice.conflict_recommend import MOST_TOGETHER, Chosen, choose, shortest_from, strengths
from gamecore.compromises.stability.coalition import MOST_IN_COALITIONS, coalition_equilibria
from gamecore.compromises.stability.concepts import Concept, stabilities
from gamecore.compromises.stability.story import Story, stories
from gamecore.games.conflict_of_scenario import ScenarioConflict, conflict_of
from gamecore.games.conflict_relations import StateSet, everything, members
from gamecore.redesign.conflict_changes import least_changes_of, undoing_of
from gamecore.redesign.conflict_reasons import reasons_of

if TYPE_CHECKING:
    from gamecore.compromises.stability.reachable import Path
    from gamecore.model import Scenario

__all__ = ["CONCEPTS", "analyse_conflict"]

CONCEPTS: Final = (Concept.NASH, Concept.GMR, Concept.SMR, Concept.SEQ, Concept.SSEQ, Concept.SIM)
TOGETHER: Final = (Concept.NASH, Concept.GMR, Concept.SMR, Concept.SEQ)
MOST_STORIES: Final = 200  # states whose reasons are told: those of the page, then those held most strongly
QUICK: Final = CONCEPTS[:4]  # what is worked out for thousands of states, too


def analyse_conflict(scenario: Scenario) -> ConflictAnalysis:
    """Analyse a conflict.

    Raises `InputError` if the scenario has an order of moves, `TooLargeError` for more states than are compared.
    """
    found = conflict_of(scenario)
    conflict = found.conflict
    count = len(found.options)
    decisions = _decisions(found)
    concepts = CONCEPTS if count <= MOST_TOGETHER else QUICK
    stable = stabilities(conflict, concepts)
    common = {concept: _all_of(own, count) for concept, own in stable.items()}
    groups = len(found.players) <= MOST_IN_COALITIONS and count <= MOST_TOGETHER
    together = {concept: coalition_equilibria(conflict, concept) for concept in TOGETHER} if groups else {}
    held = strengths(conflict, stable)
    advised = found.players.index(scenario.advise) if scenario.advise in found.players else None
    chosen = choose(conflict, found.starts, found.today, advised, held)
    options = _options(found, chosen)
    shown = dict.fromkeys([option.state for option in options] + ([] if found.today is None else [found.today]))
    told = sorted({*shown, *(state for states in common.values() for state in members(states))})
    firm = sorted(told, key=lambda state: (state not in shown, list(Strength).index(held[state]), state))
    told_of = {one.state: one for one in stories(conflict, firm[:MOST_STORIES])}
    changes, status = least_changes_of(found, chosen, advised, [option.state for option in options])
    secret = frozenset((item.key, option) for item in decisions for option in item.confidential)
    tables = _Tables(found, stable, common, together, held, secret, told_of)
    return ConflictAnalysis(
        scenario=scenario_facts(scenario),
        version=gamecore.__version__,
        decisions=decisions,
        states=tuple(tables.state(state) for state in range(count)),
        today=found.today,
        starts=found.starts,
        equilibria={concept.value: tuple(members(states)) for concept, states in common.items()},
        coalition_equilibria={concept.value: tuple(members(states)) for concept, states in together.items()},
        ways=_ways(found, told),
        options=options,
        recommendation=reasons_of(found, chosen, advised, held, told_of.get(found.today or 0)),
        changes=changes,
        changes_status=status,
        undoing=undoing_of(found, chosen.recommended),
        rankings_released=_released(scenario),
        unknown_comparisons=any(any(preference.unknown) for preference in conflict.preferences),
        notes=() if groups else (f"groups are looked at in conflicts of at most {MOST_TOGETHER} states",),
    )


def _all_of(own: Sequence[StateSet], count: int) -> StateSet:
    common = everything(count)
    for states in own:
        common &= states
    return common


def _released(scenario: Scenario) -> bool:
    """Whether every ranking may be shown to all: a ranking is its player's own unless the file releases it."""
    said = [
        ranking.confidential if ranking.confidential is not None else scenario.players[player].confidential
        for player, ranking in scenario.rankings.items()
    ]
    return all(one is False for one in said)


def _options(found: ScenarioConflict, chosen: Chosen) -> tuple[ConflictOption, ...]:
    """A is today, B what is recommended, C the alternative; one state stands once."""
    roles: dict[int, list[str]] = {}
    for state, role in (
        (found.today, "today"),
        (chosen.recommended, "recommended"),
        (chosen.alternative, "alternative"),
    ):
        if state is not None:
            roles.setdefault(state, []).append(role)
    return tuple(ConflictOption("ABC"[n], state, tuple(own)) for n, (state, own) in enumerate(roles.items()))


def _decisions(found: ScenarioConflict) -> tuple[DecisionFacts, ...]:
    facts = []
    for held in found.scenario.decisions.values():
        covered = held.confidential is True
        facts.append(
            DecisionFacts(
                key=held.name,
                label=held.label,
                by=held.by[0],
                options={option.name: option.label for option in held.options},
                final=tuple(option.name for option in held.options if option.leads_to == ()),
                off=tuple(option.name for option in held.options if not option.available),
                confidential=tuple(
                    option.name
                    for option in held.options
                    if option.confidential or (covered and option.confidential is not False)
                ),
                pros={option.name: option.pros for option in held.options if option.pros},
                cons={option.name: option.cons for option in held.options if option.cons},
            )
        )
    return tuple(facts)


@dataclass(frozen=True)
class _Tables:
    """What is known of all states, to be told state by state; `secret` are the confidential options."""

    found: ScenarioConflict
    stable: Mapping[Concept, tuple[StateSet, ...]]
    common: Mapping[Concept, StateSet]
    together: Mapping[Concept, StateSet]
    held: Sequence[Strength]
    secret: frozenset[tuple[str, str]]
    stories: Mapping[int, Story]

    def state(self, state: int) -> StateFacts:
        """One state; with its reasons if it has a story."""
        found, players = self.found, self.found.players
        ranks = {player: found.rank(number, state) for number, player in enumerate(players)}
        return StateFacts(
            number=state,
            key=found.conflict.states[state],
            label=found.labels[state],
            options=found.options[state],
            ranks={player: rank for player, (rank, _) in ranks.items()},
            tied={player: tied for player, (_, tied) in ranks.items()},
            moves={player: found.conflict.moves[number][state] for number, player in enumerate(players)},
            stable={
                concept.value: tuple(player for player, own in zip(players, rows, strict=True) if own >> state & 1)
                for concept, rows in self.stable.items()
            },
            equilibrium=tuple(concept.value for concept, states in self.common.items() if states >> state & 1),
            coalition=tuple(concept.value for concept, states in self.together.items() if states >> state & 1),
            strength=self.held[state],
            reasons=_reasons(found, self.stories[state]) if state in self.stories else (),
            confidential=any(pair in self.secret for pair in found.options[state].items()),
        )


def _reasons(found: ScenarioConflict, told: Story) -> tuple[StateReason, ...]:
    return tuple(
        StateReason(
            player=found.players[part.decision_maker],
            holds=part.holds.value,
            temptations=tuple(Answered(item.state, _steps(found, item.answer)) for item in part.temptations),
        )
        for part in told.parts
    )


def _steps(found: ScenarioConflict, path: Path) -> tuple[Movement, ...]:
    return tuple(Movement(found.players[step.mover], step.state) for step in path)


def _ways(found: ScenarioConflict, states: Sequence[int]) -> tuple[Way, ...]:
    """A way to each of these states that can be reached."""
    by_moves, improving = shortest_from(found.conflict, found.starts)
    ways = []
    for state in states:
        if state in by_moves:
            start, path = by_moves[state]
            better = improving.get(state)
            steps = None if better is None else _steps(found, better[1])
            ways.append(Way(state, start, _steps(found, path), steps))
    return tuple(ways)
