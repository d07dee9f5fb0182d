"""Ways of paying: what a unit of each is worth to the two sides, at each one's own rate and in its own belief.

A unit of money at signature is worth 1 to both. Any other instrument reaches the payee later, or only if something
happens, so a unit of it *costs* the payer `sum over ends of chance x discount` at the payer's rate and *brings* the
payee the same at the payee's. Both are linear in the amount: one valuation prices a unit, and the amount that brings
the worth of a payment `t` is `t / brings`. An instrument is cheaper than signature exactly if its `costs / brings` is
below 1: money later where the payee has the lower rate, money earlier where it has the higher one (a milestone of 10
half a year earlier brings 10 (1 - 1.13^-0.5) = 0.593 at 13 % and costs 10 (1 - 1.09^-0.5) = 0.422 at 9 %), money on
what the payee thinks more likely than the payer.

`units_of` lists what a scenario offers: dates of decisions and events still to come (one for each date), outcomes of
events that both learn (where one of the two has beliefs of its own: else the day does as well), and with a programme
under a deal the start of each phase, launch, sales thresholds that the deal names, percentage points of royalty and of
each phase's cost, and milestones of the deal that can be brought forward.

`Unit.payer` and `Unit.payee` are per end of the tree, weighted by that player's own chance of what happens there, so
that an instrument can be put into the payoffs and the game solved again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np

from gamecore.games.translate import Case as EndCase
from gamecore.games.translate import Game
from gamecore.model import DateOf, Enpv, Moment
from gamecore.valuation.discounting import Discounting
from gamecore.valuation.enpv import Valuation
from gamecore.valuation.flows import Flow, Kind, flows_of
from gamecore.valuation.net_present import valued_at
from gamecore.valuation.payoffs import Assignment, Worth
from gamecore.valuation.programme import (
    CumulativeSales,
    Deal,
    Launch,
    Milestone,
    Royalty,
    StartOf,
    YearlySales,
)

__all__ = ["POINTS", "Sign", "Unit", "units_of"]

POINTS: Final = "percentage points"
SHARE: Final = 0.01  # of sales or of a cost: one percentage point

Sign = tuple[str, str, str]
"""(kind, what it is due at, label)."""


@dataclass
class Unit:
    """One unit of an instrument: what it costs the payer and brings the payee at each end. `most` bounds the amount."""

    kind: str
    due: str
    label: str
    unit: str | None  # None: the scenario's
    payer: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    payee: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    most: float = float("inf")


def units_of(game: Game, worth: Worth[Fraction], payer: str, payee: str, ends: Collection[int]) -> list[Unit]:
    """A unit of every instrument the scenario offers between two players, over some ends of the tree.

    Payments at signature, worth 1 to both, are not among them; nor is what one of the two has no discount rate for.
    """
    players = game.scenario.players
    if any(players[name].discount_rate is None for name in (payer, payee)):
        return []
    pricing = _Pricing(game, worth, payer, payee)
    for end in sorted(ends):
        for case in game.cases[end]:
            pricing.add(end, case)
    return [unit for unit in pricing.units.values() if any(unit.payee.values())]


class _Pricing:
    """Units summed up over the ways things can be."""

    def __init__(self, game: Game, worth: Worth[Fraction], payer: str, payee: str) -> None:
        self.game, self.worth, self.payer, self.payee = game, worth, payer, payee
        self.scenario = game.scenario
        self.units: dict[tuple[str, str], Unit] = {}
        self._programmes: dict[tuple[object, ...], dict[Sign, tuple[float, float, float]]] = {}
        later = [name for name in game.times if self._later(name)]
        decided = sorted(later, key=lambda name: name in self.scenario.events)  # a decision names its date better
        self._days = {game.times[name]: name for name in reversed(decided)}
        self._dated = later
        self._believes = any(player in event.beliefs for event in self.scenario.events.values() for player in self._two)

    def _later(self, name: str) -> bool:
        """Whether a decision or event lies ahead and both sides know what came of it on the day."""
        at, moment = self.game.times[name], self.scenario.timing.moments[name]
        return at is not None and at > 0 and all(_sees(moment, name, player, self.game) for player in self._two)

    @property
    def _two(self) -> tuple[str, str]:
        return self.payer, self.payee

    def add(self, end: int, case: EndCase) -> None:
        costs, brings = (self._chance(player, case) for player in self._two)
        if not costs and not brings:
            return
        for sign, (at_payer, at_payee, most) in self._priced(case.assignment):
            kind, due, label = sign
            if (kind, due) not in self.units:
                unit = POINTS if kind in {"royalty", "cost_share"} else None
                self.units[kind, due] = Unit(kind, due, label, unit)
            held = self.units[kind, due]
            held.payer[end] += costs * at_payer
            held.payee[end] += brings * at_payee
            held.most = min(held.most, most)

    def _chance(self, player: str, case: EndCase) -> float:
        chance = Fraction(1)
        for event, outcome, seen in case.chances:
            chance *= self.worth.chances(self.scenario.events[event], player, seen)[outcome]
        return float(chance)

    def _priced(self, assignment: Assignment) -> Iterator[tuple[Sign, tuple[float, float, float]]]:
        """Every instrument that pays in one way things can be: a unit's worth to payer and payee, and its bound."""
        for name in self._dated:
            if name not in assignment:
                continue
            now = tuple(self._factor(player, name, assignment) for player in self._two)
            at_name = (now[0], now[1], float("inf"))
            if name in self.scenario.events:
                event = self.scenario.events[name]
                if self._days[self.game.times[name]] == name:
                    yield ("milestone", name, event.label), at_name
                if not self._believes:
                    continue
                outcome = assignment[name]
                label = next(text for key, text in event.outcomes if key == outcome)
                yield ("contingent", f"{name}={outcome}", f"{event.label}: {label}"), at_name
            elif self._days[self.game.times[name]] == name:
                yield ("milestone", name, self.scenario.decisions[name].label), at_name
        times = self._times_enpv(assignment)
        if times:
            for sign, (costs, brings, most) in self._of_programme(assignment).items():
                yield sign, (times * costs, times * brings, most)

    def _factor(self, player: str, name: str, assignment: Assignment) -> float:
        rate = self.scenario.players[player].discount_rate
        yearly = 0.0 if rate is None else float(self.worth.value(rate, assignment))
        return float((1 + yearly) ** -float(self.worth.years(DateOf(name), assignment)))

    def _times_enpv(self, assignment: Assignment) -> int:
        """How many payoff lines stand for the programme under the deal, for both sides alike; 0 if they differ."""
        rows = [self.worth.row(line, assignment) for line in self.scenario.payoffs.values()]
        counts = {
            player: sum(row is not None and isinstance(row.values.get(player), Enpv) for row in rows)
            for player in self._two
        }
        return min(counts.values())

    def _of_programme(self, assignment: Assignment) -> dict[Sign, tuple[float, float, float]]:
        key = self.worth.programme_key(assignment)
        if key not in self._programmes:
            valued = valued_at(*self.worth.blocks(assignment))
            self._programmes[key] = dict(_ProgrammeUnits(self, valued).all())
        return self._programmes[key]

    def labelled(self, *path: str) -> str:
        """What the file calls a part of the programme or the deal."""
        for block in (self.scenario.programme, self.scenario.deal):
            if block is not None and path in block.labels:
                return block.labels[path]
        return path[-1].replace("_", " ")


def _sees(moment: Moment, name: str, player: str, game: Game) -> bool:
    decision = game.scenario.decisions.get(name)
    own = decision is not None and player in decision.by
    return own or moment.seen_by is None or (player in moment.seen_by and moment.seen_by[player] is None)


class _ProgrammeUnits:
    """Units that hang on one programme under one deal; what gates decide is left as it is."""

    def __init__(self, pricing: _Pricing, valued: Valuation) -> None:
        self.pricing, self.valued = pricing, valued
        self.payer, self.payee = pricing.payer, pricing.payee
        self.discounting = Discounting(valued.rates)

    def all(self) -> Iterator[tuple[Sign, tuple[float, float, float]]]:
        yield from self._points()
        yield from self._costs()
        yield from self._brought_forward()

    def _worth(self, flow: Flow, player: str) -> float:
        chance = self.valued.paths.chance(flow.event, self.valued.goes_on)
        value = self.discounting.value(player, flow.pieces)
        return float(np.asarray(chance * flow.scale * value))

    def _points(self) -> Iterator[tuple[Sign, tuple[float, float, float]]]:
        """A unit due at each point of the programme, and a point of royalty, through flows of a deal of their own."""
        label = self.pricing.labelled
        dues: dict[str, tuple[Sign, Any]] = {}
        for phase in self.valued.programme.phases:
            due = f"start of {phase.name}"
            dues[due] = (("milestone", due, f"Start of {label('phases', phase.name)}"), StartOf(phase.name))
        if self.valued.programme.markets:
            dues["launch"] = (("milestone", "launch", "Launch"), Launch())
        for item in self.valued.deal.milestones:
            if isinstance(item.due, YearlySales | CumulativeSales):
                sign = ("milestone", f"milestones.{item.name}", label("milestones", item.name))
                dues[sign[1]] = (sign, item.due)
        ones = tuple(Milestone(due, self.payer, self.payee, 1.0, what) for due, (_, what) in dues.items())
        royalty = Royalty("royalty", self.payer, self.payee, ((0.0, SHARE),))
        royalties = (royalty,) if self.valued.programme.markets else ()
        shares = self.valued.deal.profit_share
        only = Deal(profit_share=shares, milestones=ones, royalties=royalties, signed=self.valued.deal.signed)
        found: dict[str, list[Flow]] = defaultdict(list)
        for flow in flows_of(self.valued.programme, only):
            if flow.kind in {Kind.MILESTONE, Kind.ROYALTY}:
                found[flow.source].append(flow)
        for due, (sign, _) in dues.items():
            yield sign, (*self._both(found[due]), float("inf"))
        if royalties:
            yield ("royalty", "sales", "Royalty on sales"), (*self._both(found["royalty"]), 1 / SHARE)

    def _both(self, flows: list[Flow]) -> tuple[float, float]:
        costs, brings = (sum(self._worth(flow, player) for flow in flows) for player in (self.payer, self.payee))
        return costs, brings

    def _costs(self) -> Iterator[tuple[Sign, tuple[float, float, float]]]:
        """A point of each phase's cost that the payer takes over, up to the payee's share of the budget."""
        costs = [flow for flow in self.valued.flows if flow.kind is Kind.COST]
        for phase in self.valued.programme.phases:
            share = self.valued.deal.cost_share.get(phase.name)
            flow = next((flow for flow in costs if flow.source == phase.name), None)
            if share is None or flow is None or share.above_budget is not None or share.above_cap is not None:
                continue
            cost = phase.budget if phase.cost is None else phase.cost
            moved = Flow(Kind.COST, phase.name, self.payer, self.payee, flow.event, flow.pieces, SHARE * cost)
            most = float(np.asarray(share.shares.get(self.payee, 0.0))) / SHARE
            label = f"Share of the cost of {self.pricing.labelled('phases', phase.name)}"
            yield ("cost_share", phase.name, label), (*self._both([moved]), most)

    def _brought_forward(self) -> Iterator[tuple[Sign, tuple[float, float, float]]]:
        """A milestone from payer to payee that is sure and lies ahead: a unit of it is paid at signature instead."""
        for flow in self.valued.flows:
            if flow.kind is not Kind.MILESTONE or (flow.payer, flow.receiver) != (self.payer, self.payee):
                continue
            chance = float(np.asarray(self.valued.paths.chance(flow.event, self.valued.goes_on)))
            at = float(np.asarray(flow.pieces[0].start))
            amount = float(np.asarray(flow.scale))
            if chance == 1 and at > 0 and amount > 0:
                gained = [1 - self._worth(flow, player) / amount for player in (self.payer, self.payee)]
                sign = ("earlier_date", flow.source, self.pricing.labelled("milestones", flow.source))
                yield sign, (gained[0], gained[1], amount)
