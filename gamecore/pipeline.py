"""The whole walk: scenario -> game -> equilibria and compromises -> draws -> candidates -> three options, one
recommendation.

`analyse` is deterministic: the same scenario, settings and version give the same `Analysis`. `analysis_document` turns
an analysis into the JSON document that `analyse --json` and the service print; `solve` gives that of `solve --json`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import gamecore
from gamecore.errors import InputError, TooLargeError

if TYPE_CHECKING:
    from fractions import Fraction

    from gamecore.advice.analysis import Analysis
    from gamecore.advice.assess import Case
    from gamecore.advice.conflict_facts import ConflictAnalysis
    from gamecore.advice.plan_cash import PlanLedger
    from gamecore.equilibria.protocols import Solved
    from gamecore.games.translate import Game, Numbers
    from gamecore.model import Scenario
    from gamecore.solving.limits import Limits as SolvingLimits
    from gamecore.valuation.payoffs import Worth

__all__ = [
    "Limits",
    "Settings",
    "analyse",
    "analysed",
    "analysis_document",
    "analysis_of",
    "analysis_schema",
    "cash_ledger",
    "solve",
    "solved_game",
    "solving_limits",
]

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Limits:
    """What one analysis may cost. Every limit is named in the error when it is broken."""

    nodes: int = 200_000  # of the game tree
    cases: int = 2_000_000  # ways decisions and events can combine
    profiles: int = 200_000  # strategy profiles of a subgame with hidden moves
    draws: int = 1_000_000
    drawn_nodes: int = 2_000  # of a tree that is kept for the figure


@dataclass(frozen=True)
class Settings:
    """What decides the numbers - the seed, the number of draws and how they are spread - and what may be spent.

    `workers` are the processes that take draws, more than one where there are very many; they change no number.
    """

    seed: int = 1
    draws: int = 10_000
    sampling: str = "latin-hypercube"  # or sobol
    limits: Limits = field(default_factory=Limits)
    workers: int = 1


def analyse(scenario: Scenario, settings: Settings | None = None, *, progress: Progress | None = None) -> Analysis:
    """Analyse a scenario.

    `progress` is told (done, total, what) as draws are taken. Raises `InputError` if a number has no value and
    `RefusedError` if a limit would be broken.
    """
    return analysed(scenario, settings, progress=progress)[0]


def analysis_of(
    scenario: Scenario, settings: Settings | None = None, *, progress: Progress | None = None
) -> Analysis | ConflictAnalysis:
    """The record that fits the file: of a game with an order of moves its analysis, of a conflict its own.

    Raises as `analyse` does; of a conflict nothing is drawn, and `settings` change nothing.
    """
    if not scenario.is_conflict:
        return analyse(scenario, settings, progress=progress)
    from gamecore.redesign.conflict_analysis import analyse_conflict

    return analyse_conflict(scenario)


def analysed(
    scenario: Scenario, settings: Settings | None = None, *, progress: Progress | None = None, levers: bool = True
) -> tuple[Analysis, Case]:
    """An analysis with the case it rests on, for what is asked beyond it (`tornado_of`, `outcome_map_of`).

    Without `levers` the page's search over changes is left out, and the analysis says nothing of them; the change that
    a recommendation rests on is looked for all the same.
    """
    from gamecore.advice import building, learning, report, sensitivity, sharing, voting
    from gamecore.advice.analysis import Analysis
    from gamecore.advice.assess import assess
    from gamecore.advice.inputs import input_facts
    from gamecore.advice.plan_cash import cash_of_plans, funding_notes
    from gamecore.advice.plan_programme import programme_of_plans
    from gamecore.advice.recommend import Table, advise
    from gamecore.equilibria.spreading import crew
    from gamecore.redesign.levers.page import least_change, levers_in
    from gamecore.redesign.levers.worths import shared_worth
    from gamecore.redesign.payments import payments_in
    from gamecore.scenario.confidential import confidential_names

    settings = settings or Settings()
    _check(settings)
    worth = shared_worth(scenario)
    game, numbers, solved = solved_game(scenario, settings, worth)
    with crew(workers=settings.workers) as executor:
        case = building.build_case(
            game,
            numbers,
            solved,
            draws=settings.draws,
            seed=settings.seed,
            sampling=settings.sampling,
            progress=progress,
            executor=executor,
        )
    candidates = assess(case)
    walk_aways = building.walk_aways(case)
    compromises, frontier = building.compromises(case)
    protocols = tuple((item.talks.name, building.first_proposer(item.talks, game.players)) for item in solved)
    failed_plan = next((plan.key for plan in case.plans if plan.fails), None)
    cash = cash_of_plans(case)
    table = Table(
        candidates,
        game.players,
        scenario.advise,
        walk_aways,
        compromises,
        protocols,
        failed_plan,
        cash,
        passes=voting.passing(game, case.plans),
        shared=any(decision.payments for decision in scenario.decisions.values()),
    )
    advice = advise(table)
    change = None
    if advice.recommendation.candidate is None:
        change = least_change(case, seed=settings.seed, draws=settings.draws, worth=worth)
    if change is not None:
        advice = advise(replace(table, change=(change.candidate, change.lever, change.proposal.gains)))
    recommended = next((plan for plan in case.plans if plan.key == advice.recommendation.candidate), None)
    equilibria, failed = report.subgame_perfect_report(case)
    complete = not failed and all(item.perfect.status == "complete" for item in solved)
    complete = complete and not game.unsolved
    analysis = Analysis(
        scenario=building.scenario_facts(scenario),
        version=gamecore.__version__,
        seed=settings.seed,
        draws=settings.draws,
        sampling=settings.sampling,
        inputs=input_facts(scenario, settings.draws),
        protocols=tuple(name for name, _ in protocols),
        declared_protocol=solved[0].talks.declared,
        status="complete" if complete else "partial",
        candidates=candidates,
        disagreement=building.disagreement_report(case),
        walk_aways=walk_aways,
        equilibria=equilibria,
        naming_game=report.naming_report(case),
        compromises=compromises,
        frontier=frontier,
        frequencies=building.frequencies(case),
        options=advice.options,
        recommendation=advice.recommendation,
        known=report.known_facts(case, recommended),
        notes=(
            *advice.notes,
            *building.notes(case, failed),
            *funding_notes(cash, [option.candidate for option in advice.options]),
        ),
        released=frozenset(name for name, player in scenario.players.items() if player.confidential is False),
        confidential=confidential_names(scenario),
        tree=report.tree_picture(case, recommended) if len(game.tree.nodes) <= settings.limits.drawn_nodes else None,
        robustness=sensitivity.robustness_of(case, advice.recommendation.candidate),
        information=learning.worth_of_knowing(
            case, draws=settings.draws, seed=settings.seed, sampling=settings.sampling
        ),
        waiting=learning.ways_of_waiting(case),
        cash=cash,
        votes=voting.voting_rules(game),
        sharing=sharing.sharing_of(case, draws=settings.draws, seed=settings.seed, sampling=settings.sampling),
        programme=programme_of_plans(case),
        payments=payments_in(case, advice.recommendation.candidate),
        levers=levers_in(case, seed=settings.seed, draws=settings.draws, needed=change, worth=worth)
        if levers
        else None,
    )
    return analysis, case


def cash_ledger(scenario: Scenario, settings: Settings | None = None) -> PlanLedger:
    """The cash behind the plans of a scenario, at base values.

    Raises `InputError` where the payoffs are scores of criteria, `RefusedError` if a limit would be broken.
    """
    from gamecore.advice.building import build_case
    from gamecore.advice.plan_cash import PlanLedger

    settings = settings or Settings()
    game, numbers, solved = solved_game(scenario, settings)
    return PlanLedger(build_case(game, numbers, solved, draws=1, seed=settings.seed))


def solved_game(
    scenario: Scenario, settings: Settings, worth: Worth[Fraction] | None = None
) -> tuple[Game, Numbers, tuple[Solved, ...]]:
    """The scenario's game with its numbers, solved for every protocol at base values; `worth` keeps what was valued."""
    from gamecore.equilibria import protocols

    limits = settings.limits
    return protocols.solved_game(
        scenario, nodes=limits.nodes, cases=limits.cases, profiles=limits.profiles, worth=worth
    )


def solving_limits(settings: Settings) -> SolvingLimits:
    """The limits of size as solvers take them."""
    from gamecore.solving.limits import Limits as SolvingLimits

    limits = settings.limits
    return SolvingLimits(nodes=limits.nodes, cases=limits.cases, profiles=limits.profiles)


def _check(settings: Settings) -> None:
    if settings.draws < 1:
        raise InputError(f"the number of draws must be 1 or more, not {settings.draws}")
    if settings.draws > settings.limits.draws:
        raise TooLargeError(
            f"{settings.draws} draws are more than the limit of {settings.limits.draws}",
            limit="draws",
            count=settings.draws,
            allowed=settings.limits.draws,
        )


def analysis_document(analysis: Analysis | ConflictAnalysis) -> dict[str, Any]:
    """The JSON document of an analysis: plain data, numbers rounded to 12 significant digits."""
    from gamecore.advice.conflict_facts import ConflictAnalysis
    from gamecore.advice.document import document

    if isinstance(analysis, ConflictAnalysis):
        return analysis.document()

    return document(analysis)


def analysis_schema() -> dict[str, Any]:
    """The JSON Schema of `analysis_document`."""
    from gamecore.advice.document import schema

    return schema()


def solve(scenario: Scenario, settings: Settings | None = None) -> dict[str, Any]:
    """The JSON document of `solve --json`: the game, its subgame-perfect equilibria and those of its strategic form.

    No clock runs here; `gamecore.solve` takes a limit of time and other games as well. Raises `RefusedError` if a limit
    of size would be broken.
    """
    if scenario.is_conflict:
        from gamecore.solving.conflicts import solve_conflict

        return solve_conflict(scenario).document()
    from gamecore.solving.scenarios import solve_scenario

    limits = solving_limits(settings or Settings())
    answer = solve_scenario(scenario, "auto", limits, lambda: False, lambda _: None)
    return answer.document()
