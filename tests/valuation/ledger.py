"""A second way to value a programme under a deal, for the tests: a book kept in small steps along every path.

Nothing of it is shared with the valuation room but the records of programme and deal: plain numbers and loops, every
path of successes and failures walked by itself, sales and royalties booked step by step in the middle of the step. It
is exact where dates fall on whole months, but for what changes inside a step; over a thousand random deals the largest
difference to the closed forms was 0.03, and it shrinks with the square of the step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from gamecore.valuation.programme import (
    CostShare,
    CumulativeSales,
    Deal,
    Launch,
    Market,
    Milestone,
    OnDate,
    Phase,
    Programme,
    Royalty,
    Signature,
    StartOf,
    SuccessOf,
    YearlySales,
)

STEP = 1 / 48
Entry = tuple[str | None, str | None, float, float]  # payer, receiver, date, amount


def ledger_values(programme: Programme, deal: Deal, rates: Mapping[str, Any]) -> dict[str, float]:
    """The eNPV of each player; no gates."""
    values = dict.fromkeys(rates, 0.0)
    for chance, entries in ledgers(programme, deal):
        for payer, receiver, date, amount in entries:
            for player, sign in ((payer, -1), (receiver, 1)):
                if player is not None:
                    values[player] += sign * chance * amount * (1 + rates[player]) ** -date
    return values


def ledgers(programme: Programme, deal: Deal) -> Iterator[tuple[float, list[Entry]]]:
    """Every path's chance and book."""
    for results in product((True, False), repeat=len(programme.phases)):
        success = {phase.name: result for phase, result in zip(programme.phases, results, strict=True)}
        chance = 1.0
        for phase in programme.phases:
            chance *= float(phase.success) if success[phase.name] else 1 - float(phase.success)
        if chance > 0:
            yield chance, list(_book(programme, deal, success))


def _book(programme: Programme, deal: Deal, success: Mapping[str, bool]) -> Iterator[Entry]:
    starts: dict[str, float] = {}
    ends: dict[str, float] = {}
    entered: dict[str, bool] = {}
    for phase in programme.phases:
        begin = programme.start if phase.after is None else ends[phase.after]
        starts[phase.name] = float(begin + phase.pause)
        ends[phase.name] = float(starts[phase.name] + phase.lasts)
        entered[phase.name] = phase.after is None or (entered[phase.after] and success[phase.after])
        if entered[phase.name] and phase.name in deal.cost_share:
            yield from _cost(phase, deal.cost_share[phase.name], starts[phase.name], ends[phase.name])
    happened = {name for name in entered if entered[name] and success[name]}
    markets = {market.name: market for market in programme.markets if market.after in happened}
    launches = {name: float(ends[market.after] + market.delay) for name, market in markets.items()}
    for milestone in deal.milestones:
        phase_dates = _phase_dates(milestone, deal, starts=starts, ends=ends, entered=entered, happened=happened)
        for date in _market_dates(milestone, markets, launches) if phase_dates is None else phase_dates:
            yield milestone.payer, milestone.receiver, date, float(milestone.amount)
    last = max((_end(markets[name], launches[name]) for name in markets), default=0.0)
    for number in range(round(last / STEP)):
        middle = (number + 0.5) * STEP
        for payer, receiver, amount in _moment(deal, markets, launches, middle):
            yield payer, receiver, middle, amount * STEP


def _cost(phase: Phase, share: CostShare, start: float, end: float) -> Iterator[Entry]:
    cost = phase.budget if phase.cost is None else phase.cost
    rest, paid = float(cost), 0.0
    tops = [(share.shares, phase.budget if share.above_budget is not None else None)]
    if share.above_budget is not None:
        tops.append((share.above_budget, None))
    if share.cap is not None and share.above_cap is not None:
        tops[-1] = (tops[-1][0], share.cap * phase.budget)
        tops.append((share.above_cap, None))
    for shares, top in tops:
        layer = rest if top is None else min(rest, float(top) - paid)
        paid, rest = paid + layer, rest - layer
        steps = max(round((end - start) / STEP), 0)
        for player, part in shares.items():
            if steps == 0:
                yield player, None, start, float(part * layer)
            for number in range(steps):
                yield player, None, start + (number + 0.5) * STEP, float(part * layer) / steps


def _loss(market: Market, launch: float) -> float:
    ends = [] if market.until is None else [float(market.until)]
    if market.exclusivity is not None:
        ends.append(launch - float(market.delay) + float(market.exclusivity))
    return max(*ends, launch)


def _end(market: Market, launch: float) -> float:
    return _loss(market, launch) + float(market.tail)


def _rate(market: Market, launch: float, date: float) -> float:
    loss = _loss(market, launch)
    if date < launch or date > _end(market, launch):
        return 0.0
    day = min(date, loss)
    full = 1.0 if market.ramp == 0 else min((day - launch) / float(market.ramp), 1.0)
    return float(market.peak) * full * (float(market.after_loe) if date > loss else 1.0)


def _moment(
    deal: Deal, markets: Mapping[str, Market], launches: Mapping[str, float], date: float
) -> Iterator[tuple[str | None, str | None, float]]:
    rate = {name: _rate(market, launches[name], date) for name, market in markets.items()}
    for name, market in markets.items():
        for player, share in deal.profit_share[name].items():
            yield None, player, float(share * market.margin) * rate[name]
    for royalty in deal.royalties:
        protected = unprotected = 0.0
        for name in set(royalty.markets or markets) & set(markets):
            loss = _loss(markets[name], launches[name])
            if date < loss:
                protected += rate[name]
            elif royalty.term is None or date < launches[name] + royalty.term:
                unprotected += rate[name]
        before = _tiers(royalty, protected)
        on_top = _tiers(royalty, protected + unprotected) - before
        yield royalty.payer, royalty.receiver, before + float(1 - royalty.step_down) * on_top
    for item in deal.co_promotions:
        if item.market in markets:
            market = markets[item.market]
            if launches[item.market] < date < _loss(market, launches[item.market]):
                yield item.player, item.partner, float(item.effort * item.yearly_cost)
                yield item.partner, item.player, float(item.effort * item.yearly_cost * item.reimbursed)
            yield item.partner, item.player, float(item.profit * market.margin) * rate[item.market]
    for supply in deal.supplies:
        for name in set(supply.markets or markets) & set(markets):
            yield supply.buyer, supply.seller, float(supply.margin) * rate[name]


def _tiers(royalty: Royalty, sales: float) -> float:
    due = 0.0
    tops = [float(threshold) for threshold, _ in royalty.tiers[1:]] + [float("inf")]
    for (bottom, rate), top in zip(royalty.tiers, tops, strict=True):
        due += float(rate) * max(min(sales, top) - float(bottom), 0.0)
    return max(due - float(royalty.third_party * royalty.offset) * sales, float(royalty.floor) * due)


def _phase_dates(
    milestone: Milestone,
    deal: Deal,
    *,
    starts: Mapping[str, float],
    ends: Mapping[str, float],
    entered: Mapping[str, bool],
    happened: set[str],
) -> list[float] | None:
    due = milestone.due
    if isinstance(due, Signature):
        return [float(deal.signed)]
    if isinstance(due, OnDate):
        return [float(due.at)]
    if isinstance(due, StartOf):
        return [starts[due.phase]] if entered[due.phase] else []
    if isinstance(due, SuccessOf):
        return [ends[due.phase]] if due.phase in happened else []
    return None


def _market_dates(milestone: Milestone, markets: Mapping[str, Market], launches: Mapping[str, float]) -> list[float]:
    due = milestone.due
    assert isinstance(due, Launch | YearlySales | CumulativeSales)
    names = set(due.markets or markets) & set(markets)
    if isinstance(due, Launch):
        return [min(launches[name] for name in names)] if names else []

    def total(date: float) -> float:
        return sum(_rate(markets[name], launches[name], date) for name in names)

    last = max((_end(markets[name], launches[name]) for name in names), default=0.0)
    return list(_crossings(due, total, last))


def _crossings(due: YearlySales | CumulativeSales, total: Any, last: float) -> Iterator[float]:
    sold, shade = 0.0, 1e-9
    for number in range(round(last / STEP)):
        start, end = number * STEP, (number + 1) * STEP
        first, later = total(start + shade), total(end - shade)
        if isinstance(due, CumulativeSales):
            here = 0.5 * (first + later) * STEP
            if here > 0 and sold + here >= due.above - 1e-6:
                yield start + STEP * (float(due.above) - sold) / here
                return
            sold += here
        elif later > 0 and later >= due.above - 1e-4:
            date = start if first >= due.above else start + STEP * (float(due.above) - first) / (later - first)
            yield min(date, end)
            while due.each_year and date + 1 < last:
                date += 1
                if total(date + shade) >= due.above:
                    yield date
            return


def at_draw(item: Any, draw: int) -> Any:
    """A record with every array replaced by its value in one draw."""
    if isinstance(item, np.ndarray):
        return float(item[draw])
    if is_dataclass(item) and not isinstance(item, type):
        return replace(item, **{field.name: at_draw(getattr(item, field.name), draw) for field in fields(item)})
    if isinstance(item, tuple):
        return tuple(at_draw(part, draw) for part in item)
    if isinstance(item, Mapping):
        return {key: at_draw(part, draw) for key, part in item.items()}
    return item
