"""From a scenario with `anytime: yes` to its conflict in graph form, and back to the labels of the file.

States are those of the option form, in its order (the last decision of the file changes fastest); an option that is not
available leads nowhere and nothing leads to it. Preferences come from the rankings of the file.

>>> from gamecore.scenario import read_scenario
>>> text = '''
... {gamecore: 1, title: T, question: Q, advise: a, players: {a: {name: A}, b: {name: B}},
...  decisions: {data: {by: a, options: {hold: Hold, share: {label: Share, leads_to: []}}},
...              fee: {by: b, options: {pay: Pay, keep: Keep}}},
...  timing: {anytime: yes, today: {data: hold, fee: keep}},
...  payoffs: {rankings: {a: {priorities: [{fee: pay}]}, b: {priorities: [{data: share}, {fee: keep}]}}}}'''
>>> found = conflict_of(read_scenario(text))
>>> found.labels, found.today, found.conflict.moves[0]
(('Hold; Pay', 'Hold; Keep', 'Share; Pay', 'Share; Keep'), 1, ((2,), (3,), (), ()))
>>> found.rank(1, 3), found.rank(1, 0)
((1, False), (4, False))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gamecore.errors import InputError
from gamecore.games.conflict_options import Condition as FormCondition
from gamecore.games.conflict_options import Decision, conflict_from_options, option_form
from gamecore.games.conflict_preferences import Preference, from_comparisons, from_ranking, from_statements
from gamecore.model import Condition, Ranking, Scenario
from gamecore.scenario.conflict_checks import starts_of

if TYPE_CHECKING:
    from gamecore.games.conflict import Conflict

__all__ = ["ScenarioConflict", "conflict_of"]


@dataclass(frozen=True, eq=False)
class ScenarioConflict:
    """A conflict with the words of its file. Decision makers stand in the order of `players`.

    `options[s]` is state `s` as an assignment of options to open decisions, `labels[s]` the same for people. `today` is
    None if an option of today is not available; `starts` are then the states that agree with the rest of today.
    """

    scenario: Scenario
    players: tuple[str, ...]
    conflict: Conflict
    options: tuple[Mapping[str, str], ...]
    labels: tuple[str, ...]
    today: int | None
    starts: tuple[int, ...]

    def rank(self, player: int, state: int) -> tuple[int | None, bool]:
        """The place of a state for a player, counted from 1, and whether others share it; None if it is not known."""
        preference = self.conflict.preferences[player]
        if preference.unknown[state]:
            return None, False
        better, worse = preference.better[state].bit_count(), preference.worse[state].bit_count()
        return better + 1, better + worse + 1 < len(self.options)

    def option_label(self, decision: str, option: str) -> str:
        """What people read for an option."""
        return next(held.label for held in self.scenario.decisions[decision].options if held.name == option)


def conflict_of(scenario: Scenario) -> ScenarioConflict:
    """The conflict of a scenario.

    Raises `InputError` if the scenario has dates, `TooLargeError` for more states or combinations than are compared.
    """
    if not scenario.is_conflict:
        raise InputError("this scenario has an order of moves; a conflict says 'anytime: yes' under 'timing'")
    players = tuple(scenario.players)
    form = option_form(
        [
            Decision(
                name=held.name,
                owner=players.index(held.by[0]),
                options=tuple(option.name for option in held.options),
                leads_to={option.name: option.leads_to for option in held.options if option.leads_to is not None},
                when=_condition(held.when, scenario, held.name) if held.when is not None else {},
            )
            for held in scenario.decisions.values()
        ],
        [
            *(_condition(condition, scenario, next(iter(scenario.decisions))) for condition in scenario.impossible),
            *({held.name: o.name} for held in scenario.decisions.values() for o in held.options if not o.available),
        ],
    )
    options = tuple(
        {d.name: d.options[chosen] for d, chosen in zip(form.decisions, state, strict=True) if chosen >= 0}
        for state in form.states
    )
    names = tuple(form.label(state) for state in range(len(options)))
    facts = [{**scenario.switches, **state} for state in options]
    preferences = [_preference(scenario.rankings[player], facts, names) for player in players]
    conflict = conflict_from_options(players, form, preferences, names)
    starts = tuple(options.index(state) for state in starts_of(scenario, [dict(state) for state in options]))
    whole = dict(scenario.timing.today)
    return ScenarioConflict(
        scenario=scenario,
        players=players,
        conflict=conflict,
        options=options,
        labels=tuple(_label(scenario, state) for state in options),
        today=options.index(whole) if whole in options else None,
        starts=starts,
    )


def _label(scenario: Scenario, state: Mapping[str, str]) -> str:
    chosen = ((name, option) for name in scenario.decisions for option in [state.get(name)] if option is not None)
    labels = (next(o.label for o in scenario.decisions[name].options if o.name == option) for name, option in chosen)
    return "; ".join(labels)


def _condition(condition: Condition, scenario: Scenario, anchor: str) -> FormCondition:
    """A condition of the file for the option form: switches are settled, what can never hold asks for no option at all
    of `anchor`.
    """
    switches = scenario.switches
    clauses = [
        {name: values for name, values in clause.terms if name not in switches}
        for clause in condition.clauses
        if all(switches[name] in values for name, values in clause.terms if name in switches)
    ]
    if any(not clause for clause in clauses):
        return {}
    return clauses or [{anchor: ()}]


def _preference(ranking: Ranking, facts: list[dict[str, str]], names: tuple[str, ...]) -> Preference:
    def fitting(condition: Condition) -> list[int]:
        return [number for number, state in enumerate(facts) if condition.fits(state)]

    if ranking.best_to_worst:
        return from_ranking([fitting(condition) for condition in ranking.best_to_worst], names)
    if ranking.priorities:
        return from_statements([[one.fits(state) for state in facts] for one in ranking.priorities], len(names))
    pairs = [(one.tie, a, b) for one in ranking.comparisons for a in fitting(one.better) for b in fitting(one.than)]
    strict = [(a, b) for tie, a, b in pairs if not tie]
    return from_comparisons(names, strict, [(a, b) for tie, a, b in pairs if tie and a != b])
