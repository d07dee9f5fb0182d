"""What each plan is worth to whom, how sure that is, and what would follow it.

`Case` holds everything the assessment rests on: the game with its numbers, the equilibria of every protocol, the plans,
the draws. `assess` turns each plan into a `Candidate`. Ranks, acceptance, fairness and the recommendation use base
values; means, percentiles and chances come from the draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.advice.analysis import Candidate, ContingentChoice, Spread, Standing, Step
from gamecore.advice.plans import Plan
from gamecore.advice.voting import excused
from gamecore.compromises.frontier import pareto_frontier
from gamecore.compromises.measures import OptionMeasures, measure_options
from gamecore.equilibria.following import Policy, follow, policy_of, usual_policy
from gamecore.equilibria.protocols import Solved
from gamecore.games.translate import Game, Numbers
from gamecore.games.tree import NodeKind
from gamecore.model import AGREED, Decision
from gamecore.robustness.frequencies import Simulation, compatible_ends, plan_worth
from gamecore.scenario.confidential import confidential_names
from gamecore.scenario.schedule import calendar_date
from gamecore.valuation.payoffs import Traces, Worth

__all__ = [
    "Case",
    "assess",
    "contingent_choices",
    "dated",
    "reaches",
    "spread",
    "still_chosen",
    "traces_of_ends",
]

SIMULATION_ERROR: Final = 2.0  # standard errors within which two means count as level


@dataclass(frozen=True)
class Case:
    """Everything known about a scenario before advice is given."""

    game: Game
    numbers: Numbers
    policy: Policy
    solved: tuple[Solved, ...]
    plans: tuple[Plan, ...]
    baseline: int | None  # index of the baseline among the plans; None if a lever rules it out
    disagreement: Plan | None
    simulation: Simulation
    plan_draws: tuple[int, ...]  # the place of each plan in the simulation
    disagreement_draw: int | None
    talks_come_up: bool  # whether play comes to the agreement at which `disagreement` fails
    walk_away: tuple[Fraction, ...]
    walk_away_draws: npt.NDArray[np.float64]  # (player, draw)
    traces: npt.NDArray[Any]  # (player, end) of frozensets
    chance_traces: Traces

    @cached_property
    def values(self) -> tuple[tuple[Fraction, ...], ...]:
        """The exact worth of each plan to each player, at base values."""
        return tuple(self.worth(plan) for plan in self.plans)

    def worth(self, plan: Plan) -> tuple[Fraction, ...]:
        """The exact worth of one plan."""
        return self._priced(self.policy, plan)

    def _priced(self, policy: Policy, plan: Plan) -> tuple[Fraction, ...]:
        worth = plan_worth(self.numbers.payoffs, follow(self.game.tree, policy, plan.forced))
        return tuple(self.numbers.equivalents(worth))

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """How the game is usually played, protocol by protocol; the first is the one that plans are priced by."""
        return tuple(usual_policy(self.game.tree, item.perfect, item.bargaining) for item in self.solved)

    def worth_under(self, number: int, plan: Plan) -> tuple[Fraction, ...]:
        """The exact worth of one plan under another protocol."""
        if number == 0:
            return self.worth(plan)
        return self._priced(self.policies[number], plan)

    @cached_property
    def measures(self) -> tuple[OptionMeasures, ...]:
        return measure_options(np.array(self.values, dtype=object), self.walk_away)

    @property
    def declared(self) -> bool:
        """Whether the file says who proposes (or nobody has to)."""
        return len(self.solved) == 1

    def enforced_under(self, plan: Plan) -> tuple[int, ...]:
        """The protocols under which some subgame-perfect equilibrium does exactly what the plan says.

        Where who proposes decides what follows the plan, only those count under which it is worth what is told.
        """
        ends = compatible_ends(self.game.tree, plan.forced)
        found = []
        for number, solved in enumerate(self.solved):
            if self.worth_under(number, plan) != self.worth(plan):
                continue
            for play in solved.perfect.plays[0]:
                reached = follow(self.game.tree, policy_of(self.game.tree, play, solved.bargaining))
                if all(end in ends or not self.numbers.reach[-1, end] for end in reached):
                    found.append(number)
                    break
        return tuple(found)


def spread(base: Fraction, draws: npt.NDArray[np.float64]) -> Spread:
    """A number with its mean and percentiles; without any spread, exactly the base value."""
    if np.ptp(draws) < 1e-9 * max(1.0, float(np.abs(draws).max(initial=0.0))) and abs(
        float(base) - float(draws[0])
    ) < 1e-6 * max(1.0, abs(float(base))):
        return Spread(float(base), float(base), float(base), float(base))
    p10, p90 = np.quantile(draws, [0.1, 0.9])
    return Spread(float(base), float(draws.mean()), float(p10), float(p90))


def assess(case: Case) -> tuple[Candidate, ...]:
    """Every plan as a candidate, in file order."""
    values = case.simulation.values[list(case.plan_draws)]  # (plan, player, draw)
    frontier = set(pareto_frontier(np.array(case.values, dtype=object)))
    return tuple(_candidate(case, number, values, frontier) for number in range(len(case.plans)))


def _candidate(case: Case, number: int, values: npt.NDArray[np.float64], frontier: set[int]) -> Candidate:
    plan, measures, game = case.plans[number], case.measures[number], case.game
    enforced = case.enforced_under(plan)
    names = [solved.talks.name for solved in case.solved]
    pros, cons = _free_text(game, plan)
    forced = tuple(dict.fromkeys(_against(case, plan)))
    held = excused(game, plan, measures.gains)
    return Candidate(
        key=plan.key,
        label=plan.label,
        steps=_steps(game, plan),
        follows=contingent_choices(case, plan),
        standings=tuple(_standing(case, number, player, values) for player in range(len(game.players))),
        joint=spread(measures.joint, values[number].sum(axis=0)),
        self_enforcing_under=tuple(names[which] for which in enforced),
        self_enforcing=len(enforced) == len(case.solved) and not game.unsolved,
        acceptable_to=tuple(game.players[player] for player in measures.acceptable_to),
        nobodys_worst=measures.nobodys_worst,
        on_frontier=number in frontier,
        fairness=None if measures.fairness is None else float(measures.fairness),
        max_regret=float(measures.max_regret),
        outcome_chance={
            solved.talks.name: outcome.shares[case.plan_draws[number]]
            for solved, outcome in zip(case.solved, case.simulation.outcomes, strict=True)
        },
        pros=pros,
        cons=cons,
        is_baseline=number == case.baseline,
        forced=forced,
        confidential=_is_confidential(game, plan),
        several_continuations=_several(case, plan),
        outvoted=tuple(game.players[player] for player in held.outvoted),
        compensated=tuple(game.players[player] for player in held.compensated),
    )


def _standing(case: Case, number: int, player: int, values: npt.NDArray[np.float64]) -> Standing:
    measures = case.measures[number]
    mine = values[:, player]
    means = mine.mean(axis=1)
    difference = mine - mine[number]
    error = SIMULATION_ERROR * difference.std(axis=1) / np.sqrt(max(1, mine.shape[1]))
    level = [
        other
        for other in range(len(means))
        if other != number and abs(means[other] - means[number]) <= error[other] and difference[other].any()
    ]
    ahead = [other for other in range(len(means)) if means[other] - means[number] > error[other]]
    base = case.values[number][player]
    scale = max(1.0, abs(float(base)))
    taken = mine[number] >= case.walk_away_draws[player] - 1e-9 * scale
    return Standing(
        player=case.game.players[player],
        value=spread(base, mine[number]),
        rank=measures.ranks[player],
        tied=measures.tied[player],
        mean_rank=len(ahead) + 1,
        mean_level_with=tuple(case.plans[other].key for other in level),
        acceptable=player in measures.acceptable_to,
        acceptable_chance=float(taken.mean()),
        gain=float(measures.gains[player]),
        regret=float(measures.regrets[player]),
        reaches=reaches(case, case.plans[number], player),
    )


def _free_text(game: Game, plan: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The pros and cons the file gives for the options of a plan."""
    pros: list[str] = []
    cons: list[str] = []
    for node, branch in plan.path:
        decision = game.scenario.decisions[_name(game, node)]
        action = game.actions[node][branch]
        for option in decision.options:
            if option.name == action.name and not action.fails and not option.confidential:
                pros.extend(option.pros)
                cons.extend(option.cons)
    return tuple(pros), tuple(cons)


def _name(game: Game, node: int) -> str:
    return game.name_of(node)


def _is_confidential(game: Game, plan: Plan) -> bool:
    secret = confidential_names(game.scenario)
    for node, branch in plan.path:
        name, action = _name(game, node), game.actions[node][branch]
        if f"decisions.{name}" in secret or action.confidential:
            return True
        if not action.fails and f"decisions.{name}.options.{action.name}" in secret:
            return True
    return False


def _steps(game: Game, plan: Plan) -> tuple[Step, ...]:
    steps: list[Step] = []
    secret = confidential_names(game.scenario)
    for node, branch in plan.path:
        decision = game.scenario.decisions[_name(game, node)]
        action = game.actions[node][branch]
        at, day = dated(game, decision.name)
        hidden = f"decisions.{decision.name}" in secret or action.confidential
        if decision.terms and not action.fails:
            levels = dict(action.sets)
            for term in decision.terms:
                level = next(item for item in term.levels if item.key == levels[term.name])
                label = f"{level.label} {term.unit}" if term.unit and level.value is not None else level.label
                steps.append(Step(term.name, term.label, level.key, label, decision.by, at, day, hidden))
        else:
            by = decision.by if action.fails else decision.signers(action.name)  # who is not asked does nothing
            steps.append(Step(decision.name, decision.label, action.name, action.label, by, at, day, hidden))
    return tuple(steps)


def dated(game: Game, name: str) -> tuple[float | None, str | None]:
    """The date of a decision or event in years and, if the file counts from a day, as an ISO date."""
    at = game.times[name]
    if at is None:
        return None, None
    day = calendar_date(game.scenario, at).isoformat() if game.scenario.timing.count_from else None
    return float(at), day


def _against(case: Case, plan: Plan) -> Iterable[str]:
    """The choices a plan lays down that would not be made where it comes to them, apart from its named steps."""
    steps = {node for node, _ in plan.path}
    for number, branches in plan.forced.items():
        if number not in steps and not plan.contingent:
            usual = {branch for branch, _ in case.policy.branches(number)}
            if not usual <= set(branches):
                yield _name(case.game, number)


def _several(case: Case, plan: Plan) -> bool:
    """Whether what follows a plan is worth different things in different equilibria."""
    if not plan.path:
        return False
    node, branch = plan.path[-1]
    child = case.game.tree.nodes[node].children[branch]
    plays = case.solved[0].perfect.plays.get(child, ())
    return len({play.values for play in plays}) > 1


# ---- what follows --------------------------------------------------------------------------------------------------


def contingent_choices(case: Case, plan: Plan) -> tuple[ContingentChoice, ...]:
    """What follows a plan by itself: each choice with the news it rests on and how likely that is."""
    game, tree = case.game, case.game.tree
    steps = {node for node, _ in plan.path}
    decided = {_name(game, node) for node in steps}  # whatever the news
    laid_down = steps | {node for node in plan.forced if _name(game, node) in decided}
    found: dict[tuple[Any, ...], ContingentChoice] = {}
    weights = follow(tree, case.policy, plan.forced)
    mass = {
        node: sum(
            (weights[end] * case.numbers.reach[-1, end] for end in tree.ends_below(node) if end in weights), Fraction(0)
        )
        for node in range(len(tree.nodes))
        if tree.nodes[node].kind in {NodeKind.MOVE, NodeKind.AGREEMENT}
    }
    for number, share in mass.items():
        if not share or number in laid_down:
            continue
        for branch, weight in _branches(case, plan, number):
            if not game.actions[number][branch].sets:
                continue  # a yes to an offer, told with the offer
            choice = _contingent(game, number, branch, float(share * weight))
            key = (choice.decision, choice.choice, choice.given)
            known = found.get(key)
            found[key] = choice if known is None else replace(known, chance=known.chance + choice.chance)
    return tuple(sorted(found.values(), key=lambda choice: choice.at or 0.0))


def _branches(case: Case, plan: Plan, number: int) -> list[tuple[int, Any]]:
    if number in plan.forced and len(plan.forced[number]) == 1:
        return [(plan.forced[number][0], Fraction(1))]
    return [(branch, Fraction(weight)) for branch, weight in case.policy.branches(number)]


def _contingent(game: Game, number: int, branch: int, chance: float) -> ContingentChoice:
    decision = game.scenario.decisions[_name(game, number)]
    action = game.actions[number][branch]
    at, day = dated(game, decision.name)
    given = _given(game, number, decision)
    events = game.scenario.events
    labels = tuple(
        (events[name].label, next(label for outcome, label in events[name].outcomes if outcome == value))
        for name, value in given
    )
    hidden = action.confidential or bool(decision.confidential) or any(events[name].confidential for name, _ in given)
    return ContingentChoice(
        decision.name, decision.label, decision.by, action.name, action.label, given, labels, chance, at, day, hidden
    )


def _given(game: Game, number: int, decision: Decision) -> tuple[tuple[str, str], ...]:
    """The events a mover knows at a node."""
    node = game.tree.nodes[number]
    known = (
        game.knowledge[node.information_set] if node.kind is NodeKind.MOVE else tuple(game.histories[number].items())
    )
    del decision
    return tuple((name, value) for name, value in known if name in game.scenario.events)


# ---- what reaches what ---------------------------------------------------------------------------------------------


def traces_of_ends(game: Game, worth: Worth[Traces]) -> tuple[npt.NDArray[Any], Traces]:
    """The confidential entries that reach each player's payoff at each end, (player, end), and those that reach a
    chance.
    """
    table = np.empty((len(game.players), game.tree.ends), dtype=object)
    everywhere: frozenset[str] = frozenset()
    tolerances = worth.tolerances()
    for end, cases in enumerate(game.cases):
        for player, name in enumerate(game.players):
            reached: frozenset[str] = tolerances.get(name, frozenset())
            for case in cases:
                reached |= worth.payoff(name, case.assignment)
                for event, outcome, seen in case.chances:
                    chance = worth.chances(game.scenario.events[event], name, seen)[outcome]
                    reached |= chance
                    everywhere |= chance
            table[player, end] = reached
    return table, everywhere


def reaches(case: Case, plan: Plan, player: int) -> Traces:
    """What reaches the worth of a plan to a player: if somebody still chooses, everything they choose by."""
    ends = compatible_ends(case.game.tree, plan.forced)
    free = still_chosen(case, plan)
    players: Sequence[int] = range(len(case.game.players)) if free else (player,)
    return frozenset().union(*(case.traces[other, end] for other in players for end in ends))


def still_chosen(case: Case, plan: Plan) -> bool:
    """Whether somebody still has a choice after a plan."""
    tree = case.game.tree
    stack = [0]
    while stack:
        number = stack.pop()
        node = tree.nodes[number]
        branches = plan.forced.get(number)
        if node.kind in {NodeKind.MOVE, NodeKind.AGREEMENT} and branches is None and len(node.children) > 1:
            return True
        stack.extend(node.children[branch] for branch in (branches or range(len(node.children))))
    return False


def is_deal(plan: Plan, game: Game) -> bool:
    """Whether a plan is a deal on terms."""
    return any(value == AGREED for node, branch in plan.path for _, value in game.actions[node][branch].sets)
