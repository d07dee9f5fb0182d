"""Every flow of money that a programme and a deal cause: from whom to whom, on what condition, when and how much.

All that is valued or tabulated later is a sum over these flows, so tables and values agree by construction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final

import numpy as np

from gamecore.errors import TooLargeError
from gamecore.valuation.discounting import Piece, is_nothing
from gamecore.valuation.paths import CERTAIN, Event, Paths
from gamecore.valuation.programme import (
    CostShare,
    CumulativeSales,
    Deal,
    Launch,
    Milestone,
    Number,
    OnDate,
    Phase,
    Programme,
    Signature,
    StartOf,
    SuccessOf,
    YearlySales,
)
from gamecore.valuation.royalties import royalty_parts
from gamecore.valuation.sales import (
    MarketSales,
    Sales,
    crossing,
    cumulative_crossing,
    excess,
    market_sales,
    rate_at,
    schedule,
    together,
)

__all__ = ["MOST_LAUNCHES", "Flow", "Kind", "flows_of"]

# Terms on the sales of several markets look at every set of launches that can be: 2 ^ (phases that launch them).
MOST_LAUNCHES: Final = 10


class Kind(StrEnum):
    """What a flow is for."""

    COST = "cost"
    PROFIT = "profit"
    MILESTONE = "milestone"
    ROYALTY = "royalty"
    CO_PROMOTION = "co_promotion"
    SUPPLY = "supply"
    STOP = "stop"


@dataclass(frozen=True, eq=False)
class Flow:
    """Money from `payer` to `receiver` (None: outside the game) if `event` happens: `scale` times the pieces.

    `source` is the phase, market, milestone, royalty or other term that causes it.
    """

    kind: Kind
    source: str
    payer: str | None
    receiver: str | None
    event: Event
    pieces: tuple[Piece, ...]
    scale: Number = 1.0

    def sign(self, player: str) -> int:
        """1 if the player receives it, -1 if it pays, else 0."""
        return (self.receiver == player) - (self.payer == player)


def flows_of(programme: Programme, deal: Deal) -> tuple[Flow, ...]:
    """All flows of a checked programme under a checked deal."""
    return tuple(_Builder(programme, deal).flows())


class _Builder:
    def __init__(self, programme: Programme, deal: Deal) -> None:
        self.programme = programme
        self.deal = deal
        self.paths = Paths(programme.phases)
        self.dates = schedule(programme)
        self.opened_by = {market.name: market.after for market in programme.markets}
        self.sales: dict[str, MarketSales] = {
            market.name: market_sales(market, self.dates.ends[market.after], self.dates.launches[market.name])
            for market in programme.markets
        }
        self._revenue = {name: excess(sales.all, 0.0) for name, sales in self.sales.items()}
        self._totals: dict[tuple[str, ...], Sales] = {}

    def flows(self) -> Iterator[Flow]:
        for phase in self.programme.phases:
            yield from self._cost(phase)
        yield from self._profit()
        for milestone in self.deal.milestones:
            yield from self._milestone(milestone)
        yield from self._royalties()
        yield from self._co_promotions()
        yield from self._supplies()
        yield from self._stops()

    # ---- programme --------------------------------------------------------------------------------------------------

    def _cost(self, phase: Phase) -> Iterator[Flow]:
        share = self.deal.cost_share.get(phase.name)
        if share is None:
            return
        pieces = (Piece(self.dates.starts[phase.name], self.dates.ends[phase.name], 1.0, 1.0),)
        event = Event(entered=frozenset({phase.name}))
        for player, amount in _paid(phase, share).items():
            if not is_nothing(amount):
                yield Flow(Kind.COST, phase.name, player, None, event, pieces, amount)

    def _profit(self) -> Iterator[Flow]:
        for market in self.programme.markets:
            for player, share in self.deal.profit_share[market.name].items():
                if not is_nothing(share):
                    scale = market.margin * share
                    event = self._launched(market.name)
                    yield Flow(Kind.PROFIT, market.name, None, player, event, self._revenue[market.name], scale)

    def _launched(self, market: str) -> Event:
        return Event(succeeded=frozenset({self.opened_by[market]}))

    # ---- deal -------------------------------------------------------------------------------------------------------

    def _milestone(self, milestone: Milestone) -> Iterator[Flow]:
        for event, date, happens in self._due(milestone):
            amount = milestone.amount * happens
            if not is_nothing(amount):
                pieces = (Piece(date, date, 1.0, 1.0),)
                yield Flow(Kind.MILESTONE, milestone.name, milestone.payer, milestone.receiver, event, pieces, amount)

    def _due(self, milestone: Milestone) -> Iterator[tuple[Event, Number, Number]]:
        """Every (condition, date, 1 where it falls due in a draw and 0 elsewhere)."""
        due = milestone.due
        if isinstance(due, Signature):
            yield CERTAIN, self.deal.signed, 1.0
        elif isinstance(due, OnDate):
            yield CERTAIN, due.at, 1.0
        elif isinstance(due, StartOf):
            yield Event(entered=frozenset({due.phase})), self.dates.starts[due.phase], 1.0
        elif isinstance(due, SuccessOf):
            yield Event(succeeded=frozenset({due.phase})), self.dates.ends[due.phase], 1.0
        elif isinstance(due, Launch):
            for event, markets in self._launches(due.markets):
                yield event, _earliest([self.sales[name].launch for name in markets]), 1.0
        else:
            for event, markets in self._launches(due.markets):
                sales = self._total(markets)
                if isinstance(due, CumulativeSales):
                    yield event, *cumulative_crossing(sales, due.above)
                else:
                    for date, reached in _yearly(sales, due):
                        yield event, date, reached

    def _royalties(self) -> Iterator[Flow]:
        for royalty in self.deal.royalties:
            for event, markets in self._launches(royalty.markets):
                for pieces, scale in royalty_parts(royalty, [self.sales[name] for name in markets]):
                    if not is_nothing(scale):
                        yield Flow(Kind.ROYALTY, royalty.name, royalty.payer, royalty.receiver, event, pieces, scale)

    def _co_promotions(self) -> Iterator[Flow]:
        margins = {market.name: market.margin for market in self.programme.markets}
        for item in self.deal.co_promotions:
            event, sales = self._launched(item.market), self.sales[item.market]
            borne = item.effort * item.yearly_cost * (1 - item.reimbursed)
            if not is_nothing(borne):
                length = sales.loss_of_exclusivity - sales.launch
                years = (Piece(sales.launch, sales.loss_of_exclusivity, length, length),)
                yield Flow(Kind.CO_PROMOTION, item.name, item.player, item.partner, event, years, borne)
            handed = item.profit * margins[item.market]
            if not is_nothing(handed):
                pieces = self._revenue[item.market]
                yield Flow(Kind.CO_PROMOTION, item.name, item.partner, item.player, event, pieces, handed)

    def _supplies(self) -> Iterator[Flow]:
        for supply in self.deal.supplies:
            for name in supply.markets or self.sales:
                event, pieces = self._launched(name), self._revenue[name]
                yield Flow(Kind.SUPPLY, supply.name, supply.buyer, supply.seller, event, pieces, supply.margin)

    def _stops(self) -> Iterator[Flow]:
        for gate in self.deal.gates:
            date = self.dates.starts[gate.phase]
            event = Event(stopped=frozenset({gate.phase}))
            for player, amount in gate.stop.items():
                yield Flow(Kind.STOP, gate.phase, None, player, event, (Piece(date, date, 1.0, 1.0),), amount)

    # ---- several markets --------------------------------------------------------------------------------------------

    def _launches(self, markets: tuple[str, ...]) -> Iterator[tuple[Event, tuple[str, ...]]]:
        """Every set of these markets that can be the ones launched, but none, with its condition."""
        names = tuple(name for name in self.sales if name in markets) if markets else tuple(self.sales)
        openers = tuple(dict.fromkeys(self.opened_by[name] for name in names))
        if len(openers) > MOST_LAUNCHES:
            raise TooLargeError(
                f"deal: a term rests on markets opened by {len(openers)} phases, more than {MOST_LAUNCHES}; "
                "split it into one for each market",
                limit="MOST_LAUNCHES",
                count=len(openers),
                allowed=MOST_LAUNCHES,
            )
        for pattern in product((True, False), repeat=len(openers)):
            there = frozenset(name for name, opens in zip(openers, pattern, strict=True) if opens)
            missed = frozenset(openers) - there
            impossible = any(missed & set(self.paths.above(name)) for name in there)
            if there and not impossible:
                yield Event(succeeded=there, missed=missed), tuple(n for n in names if self.opened_by[n] in there)

    def _total(self, markets: tuple[str, ...]) -> Sales:
        if markets not in self._totals:
            self._totals[markets] = together(tuple(self.sales[name].all for name in markets))
        return self._totals[markets]


def _paid(phase: Phase, share: CostShare) -> dict[str, Number]:
    """What each player pays of a phase: its share of each layer of the cost."""
    cost = phase.budget if phase.cost is None else phase.cost
    paid = {player: part * cost for player, part in share.shares.items()}
    below = share.shares
    layers = [] if share.above_budget is None else [(share.above_budget, phase.budget)]
    if share.above_cap is not None and share.cap is not None:
        layers.append((share.above_cap, share.cap * phase.budget))
    for above, bound in layers:
        excess_cost = np.maximum(cost - bound, 0.0)
        for player in {**below, **above}:
            moved = above.get(player, 0.0) - below.get(player, 0.0)
            if not is_nothing(moved):
                paid[player] = paid.get(player, 0.0) + moved * excess_cost
        below = above
    return paid


def _earliest(dates: list[Number]) -> Number:
    first = dates[0]
    for date in dates[1:]:
        first = first if date is first else np.minimum(first, date)
    return first


def _yearly(sales: Sales, due: YearlySales) -> Iterator[tuple[Number, Number]]:
    """Every date on which a milestone on the rate of sales is due, with 1 where it is and 0 elsewhere."""
    date, reached = crossing(sales, due.above)
    yield date, reached
    if not due.each_year or not sales:  # no sales at all where every market loses its exclusivity before launch
        return
    years = np.max(np.asarray(sales[-1].end) - date, where=np.asarray(reached) > 0, initial=0.0)
    for year in range(1, int(np.ceil(years))):
        later = date + year
        rate = rate_at(sales, later)
        yield later, np.where((rate >= due.above) & (rate > 0), reached, 0.0)[()]
