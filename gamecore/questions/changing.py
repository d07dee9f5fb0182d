"""What changing the game would do, as the command line and the service ask it.

>>> from gamecore.scenario import read_scenario
>>> text = '''
... {gamecore: 1, title: T, question: Q, advise: a, players: {a: {name: A}, b: {name: B}},
...  decisions: {go: {by: b, options: {in: Enter, out: Stay out}}}, baseline: {go: out}, timing: {go: 0},
...  payoffs: {v: {rows: [{when: {go: in}, a: 5, b: -1}, {when: otherwise, all: 0}]}}}'''
>>> answer = levers_found(read_scenario(text))
>>> best = answer.proposals[0]
>>> best.key, best.outcome_label, best.gains, best.payment
('a_pays_b_go_in', 'Enter', {'a': 2.0, 'b': 2.0}, (1.0, 5.0))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gamecore.advice.lever_facts import LeverFacts, Ways
    from gamecore.model import Scenario
    from gamecore.pipeline import Settings

__all__ = ["levers_found", "ways_found"]

MOST_DRAWS = 2_000  # per proposal; the error of a chance is then 1 point


def levers_found(
    scenario: Scenario,
    settings: Settings | None = None,
    *,
    pairs: int = 120,
    draws: int | None = None,
    drawn: int = 6,
    most: int = 20,
    payments: bool = True,
) -> LeverFacts:
    """The proposals for a scenario, best first, and what its clauses are worth.

    `pairs` of changes are tried at most, `draws` (at most `MOST_DRAWS` unless said) taken for the best `drawn`
    proposals, and `most` are listed. The same scenario and settings give the same answer. Raises `InputError` or
    `RefusedError` where the scenario itself cannot be solved.
    """
    from gamecore.pipeline import Settings
    from gamecore.redesign.levers.facts import lever_facts
    from gamecore.redesign.levers.ranking import Drawing
    from gamecore.redesign.levers.search import Budget

    settings = settings or Settings()
    limits = settings.limits
    budget = Budget(pairs=pairs, nodes=limits.nodes, cases=limits.cases, profiles=limits.profiles, payments=payments)
    count = min(settings.draws, MOST_DRAWS) if draws is None else draws
    drawing = Drawing(count, settings.seed, settings.sampling, drawn)
    return lever_facts(scenario, budget, drawing, most=most)


def ways_found(scenario: Scenario, target: str, settings: Settings | None = None, *, pairs: int = 100) -> Ways:
    """When a target outcome would come about: `plan=start`, or `start` where one plan alone says so.

    Raises `InputError` where no plan is called so, `RefusedError` where the scenario cannot be solved.
    """
    from gamecore.pipeline import Settings
    from gamecore.redesign.levers.search import Budget
    from gamecore.redesign.levers.ways import ways_to

    limits = (settings or Settings()).limits
    budget = Budget(pairs=pairs, nodes=limits.nodes, cases=limits.cases, profiles=limits.profiles)
    return ways_to(scenario, target, budget)
