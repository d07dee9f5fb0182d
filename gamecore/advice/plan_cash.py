"""From a solved game to the cash behind each plan: tables by year, horizons, and the months that nobody pays for.

A plan is followed as it is valued: what it lays down, then play as usual; what chance decides counts with the player's
own beliefs, so a table adds up to the plan's worth in the analysis. A condition (`pandemic: severe`) keeps the ways
chance can go that fit it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final

import numpy as np

from gamecore.advice.analysis import Kind, Reason
from gamecore.advice.assess import Case, reaches
from gamecore.advice.cash_facts import (
    CashPlan,
    CashRow,
    CashTable,
    FundingGap,
    HorizonValues,
    PlanCash,
    PlayerCash,
    Runway,
)
from gamecore.advice.plans import Plan, forced_by
from gamecore.equilibria.following import Forced, follow
from gamecore.errors import InputError
from gamecore.model import NO_AGREEMENT, Clause, Condition, Scenario
from gamecore.scenario.confidential import confidential_names
from gamecore.scenario.schedule import calendar_date
from gamecore.valuation.cash_flows import CashFlows
from gamecore.valuation.outcome_cash import PAYOFF, CashOfOutcomes, Source
from gamecore.valuation.payoffs import Assignment, exact_worth
from gamecore.valuation.programme import Floats
from gamecore.valuation.risk import certainty_equivalent

__all__ = ["PlanLedger", "cash_of_plans", "funding_notes"]

HORIZONS: Final = (1.0, 3.0)  # years
MONTHS_AFTER: Final = 1  # a runway is followed until the month after the last flow
MOST_CASES: Final = 5_000  # of a game whose cash an analysis tells; the command does it for any
TOO_SMALL: Final = 1e-9  # a balance this far below 0 is rounding, in parts of the cash


@dataclass(frozen=True)
class _Way:
    """One way things can be: an assignment that stands for all with the same money, and its chance."""

    assignment: Assignment
    chance: float


class PlanLedger:
    """The cash of a case's plans. Raises `InputError` where payoffs are scores."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.scenario = case.game.scenario
        self.worth = exact_worth(self.scenario)
        self.cash = CashOfOutcomes(self.scenario, self.worth)
        self._known: dict[tuple[str, int], list[tuple[tuple[object, ...], Assignment, Fraction]]] = {}

    # ---- plans and conditions

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The candidates of the analysis, and no agreement."""
        failing = self.case.disagreement
        named = any(plan.forced == failing.forced for plan in self.case.plans) if failing is not None else True
        return self.case.plans if failing is None or named else (*self.case.plans, failing)

    def of_plan(self, plan: Plan) -> CashPlan:
        """A plan in cash, as it is valued in the analysis."""
        return self._plan(plan.key, plan.label, plan.forced, None)

    def of_condition(self, condition: Condition, text: str) -> CashPlan:
        """What a condition lays down, with play as usual; raises `InputError` if it cannot hold."""
        found = forced_by(self.case.game, condition)
        if found is None:
            raise InputError(f"{text}: this cannot happen")
        clause, forced = found
        return self._plan(text, text, forced, clause)

    def _plan(self, key: str, label: str, forced: Forced, clause: Clause | None) -> CashPlan:
        players = self.case.game.players
        tables = tuple(self._table(player, self.ways(player, forced, clause)) for player in players)
        runways = tuple(
            (player, runway)
            for player in players
            if (runway := self.runway(player, self.ways(player, forced, clause))) is not None
        )
        return CashPlan(key, label, tables, runways)

    def ways(self, player: str, forced: Forced, clause: Clause | None = None) -> list[_Way]:
        """The ways things can be under a plan that differ in money for a player, chances by the player's beliefs."""
        switches = self.scenario.switches
        found: dict[tuple[object, ...], tuple[Assignment, Fraction]] = {}
        for end, weight in follow(self.case.game.tree, self.case.policy, forced).items():
            for key, assignment, chance in self._cases(player, end):
                if clause is None or clause.fits({**switches, **assignment}):
                    first, known = found.get(key, (assignment, Fraction(0)))
                    found[key] = first, known + Fraction(weight) * chance
        total = sum((chance for _, chance in found.values()), Fraction(0))
        if not total:
            raise InputError("this has no chance to happen")
        return [_Way(assignment, float(chance / total)) for assignment, chance in found.values()]

    def _cases(self, player: str, end: int) -> list[tuple[tuple[object, ...], Assignment, Fraction]]:
        """What can be the case at an end: what tells its money apart, the case, its chance in the player's view."""
        if (player, end) not in self._known:
            kept = []
            for item in self.case.game.cases[end]:
                chance = Fraction(1)
                for event, outcome, seen in item.chances:
                    chance *= self.worth.chances(self.scenario.events[event], player, seen)[outcome]
                if chance:
                    kept.append((self.cash.key(player, item.assignment), item.assignment, chance))
            self._known[player, end] = kept
        return self._known[player, end]

    # ---- tables

    def _table(self, player: str, ways: list[_Way]) -> CashTable:
        edges = self._years(player, ways)
        if not _flowing(self._expected(player, ways, edges[-2:])):
            edges = edges[: max(2, len(edges) - 1)]  # the last flow ended with a year
        rows = self._expected(player, ways, edges)
        told = tuple(self._row(source, flows) for source, flows in rows.items())
        total = self._row((PAYOFF, "total"), _sum(rows.values(), len(edges) - 1))
        horizons = self.horizons(player, ways)
        premium = self.premium(player, ways)
        return CashTable(player, tuple(map(float, edges)), told, total, horizons.all - premium, premium, horizons)

    def premium(self, player: str, ways: list[_Way]) -> float:
        """What a player with a risk tolerance takes off an expected value for its risk; 0 for others."""
        tolerance = self.worth.tolerances().get(player)
        if tolerance is None:
            return 0.0
        amounts = np.array([float(self.worth.payoff(player, way.assignment)) for way in ways])
        chances = np.array([way.chance for way in ways])
        return float(chances @ amounts - certainty_equivalent(amounts, float(tolerance), chances))

    def horizons(self, player: str, ways: list[_Way]) -> HorizonValues:
        """The value within each horizon, the day itself included."""
        edges = [-np.inf, *(float(np.nextafter(years, np.inf)) for years in HORIZONS), np.inf]
        discounted = _sum(self._expected(player, ways, np.array(edges)).values(), len(edges) - 1).discounted
        return HorizonValues(*map(float, np.cumsum(discounted)))

    def _years(self, player: str, ways: list[_Way]) -> Floats:
        dates = [self.cash.dates(player, way.assignment) for way in ways]
        first, last = min(first for first, _ in dates), max(last for _, last in dates)
        return np.arange(math.floor(min(first, 0.0)), math.floor(last) + 2.0)

    def _expected(
        self, player: str, ways: list[_Way], edges: Floats, *, cash_only: bool = False
    ) -> dict[Source, CashFlows]:
        rows: dict[Source, CashFlows] = {}
        for way in ways:
            for source, flows in self.cash.flows(player, way.assignment, edges, cash_only=cash_only).items():
                part = _times(flows, way.chance)
                rows[source] = rows[source] + part if source in rows else part
        return rows

    def _row(self, source: Source, flows: CashFlows) -> CashRow:
        kind, name = source
        columns = (tuple(map(float, x)) for x in (flows.undiscounted, flows.risk_adjusted, flows.discounted))
        return CashRow(kind, name, self.label(source), *columns)

    def label(self, source: Source) -> str:
        """What people read for a source."""
        return self._labels.get(source) or source[1].replace("_", " ")

    @cached_property
    def _labels(self) -> Mapping[Source, str]:
        sections = {"phases": "cost", "sales": "profit", "milestones": "milestone", "royalties": "royalty"}
        sections |= {"co_promotion": "co_promotion", "supply": "supply", "gates": "stop"}
        found: dict[Source, str] = {(PAYOFF, line.name): line.label for line in self.scenario.payoffs.values()}
        for block in (self.scenario.programme, self.scenario.deal):
            for path, label in (block.labels if block is not None else {}).items():
                if len(path) == 2 and path[0] in sections:
                    found[sections[path[0]], path[1]] = label
        return found

    # ---- cash by month

    def runway(self, player: str, ways: list[_Way]) -> Runway | None:
        """The player's cash by month; None where the file gives neither cash nor a runway, or no money has a date."""
        held = self.scenario.players[player]
        if held.cash is None and held.runway is None:
            return None
        years = None if held.runway is None else float(self.worth.value(held.runway, {}))
        cash = None if held.cash is None else float(self.worth.value(held.cash, {}))
        burn = cash / years if cash is not None and years else 0.0
        covered = 0 if cash is not None or years is None else round(12 * years)
        last = max(self.cash.dates(player, way.assignment)[1] for way in ways)
        months = max(covered, math.floor(12 * last)) + MONTHS_AFTER
        edges = np.arange(months + 1) / 12
        spent = (cash or 0.0) - burn * edges[1:]
        tracks = [self._track(player, way, edges, covered) for way in ways]
        if not any(track.paid for track in tracks):
            return None
        balances = np.array([spent + np.cumsum(track.total) for track in tracks])
        expected = sum(way.chance * track.expected for way, track in zip(ways, tracks, strict=True))
        return Runway(
            cash=cash,
            burn=burn,
            covered=covered,
            if_all_succeeds=_floats(np.array([way.chance for way in ways]) @ balances),
            expected=_floats(spent + np.cumsum(expected)),
            lowest=_floats(balances.min(axis=0)),
            gaps=tuple(self._gaps(ways, tracks, balances, scale=max(1.0, abs(cash or 0.0)))),
        )

    def _track(self, player: str, way: _Way, edges: Floats, covered: int) -> _Track:
        """One way by month; what flows before the end of a runway without cash is left out."""
        rows = self.cash.flows(player, way.assignment, edges, cash_only=True)
        open_ones = np.arange(len(edges) - 1) >= covered
        paid = {source: flows.undiscounted * open_ones for source, flows in rows.items()}
        nothing = np.zeros(len(edges) - 1)
        expected = sum((flows.risk_adjusted * open_ones for flows in rows.values()), nothing)
        return _Track(paid, sum(paid.values(), nothing), expected)

    def _gaps(self, ways: list[_Way], tracks: list[_Track], balances: Floats, *, scale: float) -> Iterator[FundingGap]:
        sources = dict.fromkeys(source for track in tracks for source in track.paid)
        for source in sources:
            short, month, chance = 0.0, None, 0.0
            for way, track, balance in zip(ways, tracks, balances, strict=True):
                asks = track.paid.get(source)
                if asks is None:
                    continue
                missing = (asks < 0) & (balance < -TOO_SMALL * scale)
                if missing.any():
                    chance += way.chance
                    short = max(short, float(-balance[missing].min()))
                    first = int(missing.argmax()) + 1
                    month = first if month is None else min(month, first)
            if month is not None:
                day = _day(self.scenario, month)
                yield FundingGap(*source, self.label(source), month, day, short, chance)


def cash_of_plans(case: Case) -> tuple[PlanCash, ...]:
    """Every candidate and no agreement in cash, for the analysis; nothing where payoffs are scores of criteria, or in
    games of more than `MOST_CASES` cases.
    """
    scores = any(line.weights for line in case.game.scenario.payoffs.values())
    if scores or sum(map(len, case.game.cases)) > MOST_CASES:
        return ()
    ledger = PlanLedger(case)
    plans = {plan.key: plan for plan in case.plans}
    if case.disagreement is not None:
        plans[NO_AGREEMENT] = case.disagreement
    return tuple(
        PlanCash(key, tuple(_in_cash(ledger, plan, place) for place in range(len(case.game.players))))
        for key, plan in plans.items()
    )


def funding_notes(cash: Sequence[PlanCash], options: Sequence[str]) -> Iterator[Reason]:
    """A note for each player that cannot fund some of the options, with the earliest month and the most it is short."""
    players = dict.fromkeys(item.player for plan in cash for item in plan.players)
    for player in players:
        found = [
            (key, item.gaps)
            for key in options
            for plan in cash
            for item in plan.players
            if plan.candidate == key and item.player == player and item.gaps
        ]
        if found:
            gaps = [gap for _, held in found for gap in held]
            numbers = {"month": float(min(gap.month for gap in gaps)), "short": max(gap.short for gap in gaps)}
            yield Reason(Kind.CANNOT_FUND, player, numbers, tuple(key for key, _ in found))


def _in_cash(ledger: PlanLedger, plan: Plan, place: int) -> PlayerCash:
    case = ledger.case
    player = case.game.players[place]
    ways = ledger.ways(player, plan.forced)
    runway = ledger.runway(player, ways)
    reached = reaches(case, plan, place)
    if runway is None:
        return PlayerCash(player, ledger.horizons(player, ways), None, None, None, (), reached)
    if f"players.{player}" in confidential_names(case.game.scenario):
        reached |= {f"players.{player}"}
    out = next((month for month, balance in enumerate(runway.if_all_succeeds, start=1) if balance < -TOO_SMALL), None)
    lowest = min(runway.lowest)
    return PlayerCash(player, ledger.horizons(player, ways), not runway.gaps, out, lowest, runway.gaps, reached)


@dataclass(frozen=True)
class _Track:
    """Money by month in one way things can be: by source and in total if phases succeed, and expected."""

    paid: Mapping[Source, Floats]
    total: Floats
    expected: Floats


def _day(scenario: Scenario, month: int) -> str | None:
    if scenario.timing.count_from is None:
        return None
    return calendar_date(scenario, Fraction(month - 1, 12)).isoformat()


def _flowing(rows: Mapping[Source, CashFlows]) -> bool:
    return any(np.any(row.undiscounted) for row in rows.values())


def _times(flows: CashFlows, factor: float) -> CashFlows:
    return CashFlows(flows.undiscounted * factor, flows.risk_adjusted * factor, flows.discounted * factor)


def _sum(rows: Iterable[CashFlows], columns: int) -> CashFlows:
    nothing = np.zeros(columns)
    return sum(rows, start=CashFlows(nothing, nothing, nothing))


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(map(float, values))
