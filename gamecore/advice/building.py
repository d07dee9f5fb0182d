"""From a solved game to the case that advice rests on, and from the case to the parts of the analysis.

`build_case` finds the plans people can name, the disagreement and the walk-aways, and runs the draws. Of a menu of many
deals only those that some rule of fair division, an equilibrium, the frontier's ends or the baseline point at become
candidates.

A side's walk-away is what it has if it says no: no agreement if there is an agreement to reach; else the plan as it
stood if nobody would leave it; else what the side can secure alone (docs/decisions/0003-walk-away.md).
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.advice.analysis import (
    Compromise,
    Disagreement,
    Frequency,
    Kind,
    PlayerFacts,
    Reason,
    ScenarioFacts,
    WalkAway,
)
from gamecore.advice.assess import Case, contingent_choices, reaches, spread, traces_of_ends
from gamecore.advice.labels import deal_text, in_short, in_words
from gamecore.advice.plans import Plan, disagreement_of, forced_by, later_failures, named_plans
from gamecore.advice.sharing import MOST_PLAYERS
from gamecore.compromises.bargaining import Bargain, egalitarian, kalai_smorodinsky, nash, utilitarian
from gamecore.compromises.frontier import pareto_frontier
from gamecore.equilibria.following import Forced, follow, policy_of, secured, usual_policy
from gamecore.equilibria.protocols import Solved
from gamecore.games.translate import Game, Numbers, Talks
from gamecore.games.tree import NodeKind
from gamecore.model import AGREED, ALLIANCE, NO_AGREEMENT, Decision, Scenario
from gamecore.robustness.frequencies import Progress, Simulation, compatible_ends, plan_worth, simulate
from gamecore.valuation.draws import Sampling
from gamecore.valuation.inputs import quantities
from gamecore.valuation.payoffs import traced_worth

__all__ = [
    "build_case",
    "compromises",
    "disagreement_report",
    "first_proposer",
    "frequencies",
    "notes",
    "scenario_facts",
    "walk_aways",
]

MOST_CANDIDATES: Final = 12  # named one by one; of a longer menu only the solutions are candidates

NEGLIGIBLE: Final = 0.005  # a share of draws not worth a note
MOST_TIED: Final = 3  # tied answers of one rule that become candidates


def build_case(
    game: Game,
    numbers: Numbers,
    solved: tuple[Solved, ...],
    *,
    draws: int,
    seed: int,
    sampling: str = Sampling.LATIN_HYPERCUBE,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Case:
    """Everything known about a scenario before advice is given; an `executor` may take the draws."""
    policy = usual_policy(game.tree, solved[0].perfect, solved[0].bargaining)
    named, failing = named_plans(game, policy)
    traces, chance_traces = traces_of_ends(game, traced_worth(game.scenario))

    def passed(plan: Plan) -> bool:
        return any(_passes(game, solved_one, plan) for solved_one in solved)

    if not failing:
        failing = tuple(plan for plan in later_failures(game) if passed(plan))
    disagreement = disagreement_of(failing, passed)
    baseline = _baseline(game, policy, (*named, *failing))
    kept = _candidates(game, numbers, solved, named, disagreement)
    plans = in_short(game, _with_baseline(kept, baseline, named), (*named, *failing))
    ways = [plan.forced for plan in plans]
    failed_draw = None
    if disagreement is not None:  # the plan as it stood may be no agreement too
        failed_draw = next((n for n, way in enumerate(ways) if way == disagreement.forced), len(ways))
        ways += [disagreement.forced] if failed_draw == len(ways) else []
    outcomes = [_outcomes(game, numbers, item, ways) for item in solved]
    level = [_undominated(item) for item in outcomes]
    talks = [item.talks for item in solved]
    draws = draws if quantities(game.scenario) else 1  # where nothing is uncertain, every draw is the same
    simulation = simulate(
        game,
        talks,
        ways,
        draws=draws,
        seed=seed,
        sampling=sampling,
        level=level,
        progress=progress,
        executor=executor,
    )
    if not simulation.uncertain:
        worth = [numbers.equivalents(plan_worth(numbers.payoffs, follow(game.tree, policy, way))) for way in ways]
        simulation = _as_at_base_values(simulation, worth, outcomes)
    case = Case(
        game=game,
        numbers=numbers,
        policy=policy,
        solved=solved,
        plans=plans,
        baseline=next((n for n, plan in enumerate(plans) if baseline and plan.forced == baseline.forced), None),
        disagreement=disagreement,
        simulation=simulation,
        plan_draws=tuple(range(len(plans))),
        disagreement_draw=failed_draw,
        talks_come_up=disagreement is not None and (passed(disagreement) or _at_once(game, disagreement)),
        walk_away=(),
        walk_away_draws=np.empty((0, 0)),
        traces=traces,
        chance_traces=chance_traces,
    )
    exact, drawn = _walk_away(case)
    return replace(case, walk_away=exact, walk_away_draws=drawn)


def _at_once(game: Game, plan: Plan) -> bool:
    """Whether talks come first: nobody moves before the agreement at which a plan fails."""
    number = 0
    while game.tree.nodes[number].kind is NodeKind.CHANCE:
        number = game.tree.nodes[number].children[0]
    failing = plan.path[-1][0] if plan.path else next(iter(plan.forced), 0)
    return game.names[number] == game.names[failing]


_Outcomes = list[tuple[tuple[Fraction, ...], tuple[int, ...]]]


def _outcomes(game: Game, numbers: Numbers, solved: Solved, ways: list[Forced]) -> _Outcomes:
    """What each equilibrium at base values is worth, and which of the ways are what then happens."""
    ends = [compatible_ends(game.tree, way) for way in ways]
    found = []
    for play in solved.perfect.plays[0]:
        weights = follow(game.tree, policy_of(game.tree, play, solved.bargaining))
        reached = {end for end in weights if numbers.reach[-1, end]}
        found.append((play.values, tuple(n for n, allowed in enumerate(ends) if reached <= allowed)))
    return found


def _undominated(outcomes: _Outcomes) -> tuple[tuple[int, ...], ...]:
    """The different outcomes that no other makes better for everybody, each by the ways that are then what happens."""
    kept = (ways for values, ways in outcomes if not any(_better(other, values) for other, _ in outcomes))
    return tuple(dict.fromkeys(kept))


def _as_at_base_values(simulation: Simulation, exact: list[npt.NDArray[Any]], outcomes: list[_Outcomes]) -> Simulation:
    """The draws of a scenario without ranges: what the exact solution says, ties and all, in each of them."""
    values = np.array(exact, dtype=float)[:, :, None] + np.zeros_like(simulation.values)
    told = []
    for drawn, found in zip(simulation.outcomes, outcomes, strict=True):
        level = _undominated(found)
        shares = tuple(sum(way in ways for ways in level) / len(level) for way in range(len(exact)))
        several = float(len({ways for _, ways in found}) > 1)
        told.append(replace(drawn, shares=shares, several=several))
    return replace(simulation, values=values, outcomes=tuple(told))


def _better(one: tuple[Fraction, ...], other: tuple[Fraction, ...]) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def _passes(game: Game, solved: Solved, plan: Plan) -> bool:
    """Whether play in equilibrium comes to the agreement at which a plan fails."""
    talks = [plan.path[-1][0]] if plan.path else list(plan.forced)
    below = {end for node in talks for end in game.tree.ends_below(node)}
    return any(
        below & set(follow(game.tree, policy_of(game.tree, play, solved.bargaining)))
        for play in solved.perfect.plays[0]
    )


# ---- the plans -----------------------------------------------------------------------------------------------------


def _baseline(game: Game, policy: Any, named: tuple[Plan, ...]) -> Plan | None:
    """The plan as it stood: one of the named plans if it leads to the same ends, else a plan of its own; None if it
    cannot be any more (a lever rules it out: the reader takes no file whose baseline nothing fits).
    """
    found = forced_by(game, game.scenario.baseline)
    if found is None:
        return None
    clause, forced = found
    ends = follow(game.tree, policy, forced)
    for plan in named:
        if follow(game.tree, policy, plan.forced) == ends:
            return plan
    pairs = [(name, values[0]) for name, values in clause.terms]
    key = ",".join(f"{name}={value}" for name, value in pairs)
    return Plan(key, _in_words(game, dict(pairs)), _path_to(game, forced), _narrowed(game, forced, ends))


def _narrowed(game: Game, forced: Any, ends: Any) -> dict[int, tuple[int, ...]]:
    """What a plan lays down where it is reached; branches nobody comes to stay free."""
    return {
        number: branches
        for number, branches in forced.items()
        if any(end in ends for end in game.tree.ends_below(number))
    }


def _in_words(game: Game, said: dict[str, str]) -> str:
    """What a condition says, in the words of the file."""
    scenario = game.scenario
    parts: list[tuple[str, int]] = []
    for name, value in said.items():
        decision = scenario.decisions.get(name)
        if decision is not None and value != AGREED:
            failing = decision.no_agreement
            found = next((option.label for option in decision.options if option.name == value), value)
            parts.append((failing.label if failing and value == NO_AGREEMENT else found, len(decision.by)))
        elif name in scenario.events:
            outcomes = dict(scenario.events[name].outcomes)
            parts.append((outcomes.get(value, value), 0))
    parts += [
        (deal_text(game, decision, said), len(decision.by))
        for decision in scenario.decisions.values()
        if any(term.name in said for term in decision.terms)
    ]
    return in_words(parts)


def _path_to(game: Game, forced: Any) -> tuple[tuple[int, int], ...]:
    """The steps from the root that a plan lays down one after the other."""
    path, number = [], 0
    while len(forced.get(number, ())) == 1:
        branch = forced[number][0]
        path.append((number, branch))
        number = game.tree.nodes[number].children[branch]
    return tuple(path)


def _with_baseline(kept: tuple[Plan, ...], baseline: Plan | None, named: tuple[Plan, ...]) -> tuple[Plan, ...]:
    if baseline is None or any(plan.forced == baseline.forced for plan in kept):
        return kept
    if any(plan.forced == baseline.forced for plan in named):
        return tuple(plan for plan in named if plan in kept or plan.forced == baseline.forced)
    return (*kept, baseline)


def _candidates(
    game: Game,
    numbers: Numbers,
    solved: tuple[Solved, ...],
    named: tuple[Plan, ...],
    disagreement: Plan | None,
) -> tuple[Plan, ...]:
    """Every named plan, or of a long menu those that something points at."""
    if len(named) <= MOST_CANDIDATES:
        return named
    policy = usual_policy(game.tree, solved[0].perfect, solved[0].bargaining)
    values = np.array(
        [numbers.equivalents(plan_worth(numbers.payoffs, follow(game.tree, policy, plan.forced))) for plan in named],
        dtype=object,
    )
    if disagreement is not None:
        point = plan_worth(numbers.payoffs, follow(game.tree, policy, disagreement.forced))
    else:
        point = np.array([secured(game.tree, numbers.payoffs[:, :, None], i)[0] for i in range(len(game.players))])
    point = numbers.equivalents(point)
    pointed = {number for bargain in _rules(values, tuple(point)) for number in bargain.options[:MOST_TIED]}
    for item in solved:
        for play in item.perfect.plays[0]:
            reached = set(follow(game.tree, policy_of(game.tree, play, item.bargaining)))
            pointed |= {n for n, plan in enumerate(named) if reached <= compatible_ends(game.tree, plan.forced)}
    good = [
        n for n in pareto_frontier(values) if all(value >= floor for value, floor in zip(values[n], point, strict=True))
    ]
    for player in range(len(game.players)):
        if good:
            pointed.add(max(good, key=lambda number: values[number][player]))
    return tuple(plan for number, plan in enumerate(named) if number in pointed)


def _rules(values: npt.NDArray[Any], point: tuple[Fraction, ...]) -> tuple[Bargain, ...]:
    return tuple(rule(values, point) for rule in (nash, kalai_smorodinsky, egalitarian, utilitarian))


# ---- walk-aways ----------------------------------------------------------------------------------------------------


def _kinds_of_walk_away(case: Case) -> tuple[str, ...]:
    """Per player: no agreement for those who can refuse one that play comes to; for others, and in games of moves, the
    plan as it stood if nobody would leave it, else what it can secure alone.
    """
    holds = case.baseline is not None and len(case.enforced_under(case.plans[case.baseline])) == len(case.solved)
    if case.disagreement is None or not case.talks_come_up:
        return tuple("baseline" if holds else "security" for _ in case.game.players)
    by = _talks(case.game, case.disagreement).by
    return tuple("no_agreement" if player in by else "security" for player in case.game.players)


def _talks(game: Game, failing: Plan) -> Decision:
    """The agreement at which a plan fails."""
    node = failing.path[-1][0] if failing.path else next(iter(failing.forced))
    return game.scenario.decisions[game.name_of(node)]


def _walk_away(case: Case) -> tuple[tuple[Fraction, ...], npt.NDArray[np.float64]]:
    """Exact, and over draws (player, draw)."""
    exact, drawn = [], []
    for player, kind in enumerate(_kinds_of_walk_away(case)):
        if kind == "no_agreement" and case.disagreement is not None and case.disagreement_draw is not None:
            exact.append(case.worth(case.disagreement)[player])
            drawn.append(case.simulation.values[case.disagreement_draw, player])
        elif kind == "baseline" and case.baseline is not None:
            exact.append(case.values[case.baseline][player])
            drawn.append(case.simulation.values[case.plan_draws[case.baseline], player])
        else:
            alone = secured(case.game.tree, case.numbers.payoffs[:, :, None], player)[0]
            exact.append(case.numbers.equivalent(player, alone))
            drawn.append(case.simulation.security[player])
    return tuple(exact), np.array(drawn)


def walk_aways(case: Case) -> tuple[WalkAway, ...]:
    """What each side has if it says no."""
    found = []
    for player, kind in enumerate(_kinds_of_walk_away(case)):
        if kind == "no_agreement" and case.disagreement is not None:
            reached = reaches(case, case.disagreement, player)
        elif kind == "baseline" and case.baseline is not None:
            reached = reaches(case, case.plans[case.baseline], player)
        else:
            reached = frozenset().union(*case.traces[player])
        name = case.game.players[player]
        found.append(WalkAway(name, kind, spread(case.walk_away[player], case.walk_away_draws[player]), reached))
    return tuple(found)


def disagreement_report(case: Case) -> Disagreement | None:
    """No agreement as a block of the analysis; None in a game of moves."""
    plan, place = case.disagreement, case.disagreement_draw
    if plan is None or place is None:
        return None
    decision = _talks(case.game, plan)
    failing = decision.no_agreement
    values = case.simulation.values[place]
    exact = case.worth(plan)
    means = failing.means if failing is not None else None
    return Disagreement(
        decision=decision.name,
        label=failing.label if failing is not None else plan.label,
        means=_same_by_agreement(case, plan, f"{decision.name}={means}") if means else None,
        follows=contingent_choices(case, plan),
        values=tuple(spread(exact[player], values[player]) for player in range(len(exact))),
        joint=spread(sum(exact, Fraction(0)), values.sum(axis=0)),
        outcome_chance={
            item.talks.name: outcome.shares[place]
            for item, outcome in zip(case.solved, case.simulation.outcomes, strict=True)
        },
        reaches=tuple(reaches(case, plan, player) for player in range(len(exact))),
        confidential=failing is None or failing.confidential is True,
    )


def _same_by_agreement(case: Case, failing: Plan, choice: str) -> str:
    """The key of the candidate in which what happens without agreement is agreed on."""
    before = failing.key.rpartition(",")[0]
    key = f"{before},{choice}" if before else choice
    return next((plan.key for plan in case.plans if plan.key == key), choice)


# ---- compromises, frequencies, notes -------------------------------------------------------------------------------


def compromises(case: Case) -> tuple[tuple[Compromise, ...], tuple[str, ...]]:
    """The four rules over the candidates, and the candidates on the frontier."""
    values = np.array(case.values, dtype=object)
    kinds = _kinds_of_walk_away(case)
    against = "no_agreement" if "no_agreement" in kinds else kinds[0]
    found = tuple(
        Compromise(
            bargain.rule.value,
            tuple(case.plans[option].key for option in bargain.options),
            against,
            "; ".join(bargain.notes) or None,
        )
        for bargain in _rules(values, case.walk_away)
    )
    return found, tuple(case.plans[option].key for option in pareto_frontier(values))


def frequencies(case: Case) -> tuple[Frequency, ...]:
    """How often each candidate is what happens, protocol by protocol; what is no candidate counts as `other`."""
    found = []
    for item, outcome in zip(case.solved, case.simulation.outcomes, strict=True):
        shares = {}
        for plan, place in zip(case.plans, case.plan_draws, strict=True):
            if place != case.disagreement_draw and not _inside_another(case, plan):
                shares[plan.key] = outcome.shares[place]
        if case.disagreement is not None and case.disagreement_draw is not None:
            shares["no_agreement"] = outcome.shares[case.disagreement_draw]
        if outcome.undecided:
            shares["undecided"] = outcome.undecided
        if outcome.undecided > 0:
            shares["undecided"] = outcome.undecided
        rest = 1.0 - sum(shares.values())
        if rest > 1e-9:
            shares["other"] = rest
        found.append(Frequency(item.talks.name, item.talks.proposer, shares, outcome.several, outcome.undecided))
    return tuple(found)


def _inside_another(case: Case, plan: Plan) -> bool:
    """Whether a plan only narrows another candidate down, so that its share is counted there."""
    ends = compatible_ends(case.game.tree, plan.forced)
    return any(other is not plan and ends < compatible_ends(case.game.tree, other.forced) for other in case.plans)


def notes(case: Case, failed: int) -> tuple[Reason, ...]:
    """What a reader should know about the analysis itself."""
    found = []
    if not case.simulation.uncertain:
        found.append(Reason(Kind.NOTHING_UNCERTAIN))
    for event, share in case.simulation.clipped.items():
        found.append(Reason(Kind.CHANCES_CUT, None, {"share": share}, (event,)))
    for item, outcome in zip(case.solved, case.simulation.outcomes, strict=True):
        if outcome.several > NEGLIGIBLE:
            found.append(Reason(Kind.SEVERAL_OUTCOMES, None, {"share": outcome.several}, (item.talks.name,)))
        if outcome.undecided > 0:
            found.append(Reason(Kind.UNDECIDED_DRAWS, None, {"share": outcome.undecided}, (item.talks.name,)))
        if item.perfect.status != "complete" or item.perfect.notes:
            kind = Kind.HOW_SOLVED if item.perfect.status == "complete" else Kind.INCOMPLETE
            found.append(Reason(kind, None, {}, (item.talks.name, *item.perfect.notes)))
    if failed:
        found.append(Reason(Kind.INCOMPLETE, None, {"failed_certificates": float(failed)}))
    found += [Reason(Kind.RISK_ATTITUDE, case.game.players[place]) for place in case.numbers.tolerances]
    if case.game.sampled_terms:
        found.append(Reason(Kind.SAMPLED_TERMS, None, {}, case.game.sampled_terms))
    if case.game.unsolved:
        found.append(Reason(Kind.INCOMPLETE, None, {}, case.game.unsolved))
    if case.baseline is None:
        found.append(Reason(Kind.BASELINE_RULED_OUT))
    elif set(_kinds_of_walk_away(case)) == {"security"}:
        found.append(Reason(Kind.BASELINE_NOT_A_WALK_AWAY, None, {}, (case.plans[case.baseline].key,)))
    return (*found, *_notes_on_levers(case), *_notes_on_the_file(case.game.scenario))


def _notes_on_levers(case: Case) -> list[Reason]:
    """What pulling a lever did besides: a date moved under amounts that stay, no agreement moved with the plan."""
    scenario = case.game.scenario
    names = [change.split("=")[0].split()[0] for change in scenario.changes]
    pulled = [scenario.levers[name] for name in names if name in scenario.levers]
    if not pulled:
        return []
    found = []
    moved = tuple(lever.name for lever in pulled if any(change.path[0] == "timing" for change in lever.changes))
    if moved:
        found.append(Reason(Kind.AMOUNTS_STAY, None, {}, moved))
    if case.disagreement is None:
        return found
    paths = {lever.name: {".".join(change.path[:2]) for change in lever.changes} for lever in pulled}
    worth = traced_worth(scenario, frozenset().union(*paths.values()))
    table, chances = traces_of_ends(case.game, worth)
    ends = compatible_ends(case.game.tree, case.disagreement.forced)
    reached = frozenset(chances).union(*(table[player, end] for player in range(len(table)) for end in ends))
    both = tuple(name for name, changed in paths.items() if changed & reached)
    return [*found, *([Reason(Kind.MOVES_NO_AGREEMENT, None, {}, both)] if both else [])]


def _notes_on_the_file(scenario: Scenario) -> list[Reason]:
    """What the file itself makes worth a note: beliefs that differ, one side's estimates of the other."""
    found = []
    believers = [name for event in scenario.events.values() for name in event.beliefs]
    if believers:
        found.append(Reason(Kind.PRIVATE_BELIEFS, None, {}, tuple(dict.fromkeys(believers))))
    many = [name for name, item in scenario.decisions.items() if item.payments and len(item.by) > MOST_PLAYERS]
    if many:
        found.append(Reason(Kind.TOO_MANY_TO_SHARE, None, {}, tuple(many)))
    if scenario.advise == ALLIANCE:
        estimated = [name for name, item in scenario.inputs.items() if item.source and "estimate" in item.source]
        if estimated:
            found.append(Reason(Kind.ESTIMATE_OF_OTHER_SIDE, None, {}, tuple(estimated)))
    return found


def first_proposer(talks: Talks, players: tuple[str, ...]) -> str | None:
    """Who makes the first offer of a protocol: in the first agreement that leaves it open; None if none does."""
    return next((mode for mode in talks.modes.values() if mode in players), None)


def scenario_facts(scenario: Scenario) -> ScenarioFacts:
    """What the file says about itself."""
    return ScenarioFacts(
        title=scenario.title,
        question=scenario.question,
        file=scenario.file.replace("\\", "/").rsplit("/", 1)[-1],
        sha256=scenario.sha256,
        advise=scenario.advise,
        unit=scenario.unit,
        decide_by=scenario.decide_by,
        count_from=scenario.timing.count_from,
        context=scenario.context,
        note=scenario.note,
        players=tuple(
            PlayerFacts(name, player.label, player.short, player.lead, player.role)
            for name, player in scenario.players.items()
        ),
        changes=scenario.changes,
    )
