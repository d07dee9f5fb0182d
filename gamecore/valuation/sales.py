"""Sales over time: when a market is launched, how its sales rise and end, and when they cross a threshold.

The rate of sales, money a year, is linear on each `Stretch` of time. All of it is exact: thresholds are crossed at
dates that are solved for, not found on a grid. Dates are years from day zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from gamecore.valuation.discounting import Piece, is_nothing
from gamecore.valuation.programme import Market, Number, Programme

__all__ = [
    "MarketSales",
    "Sales",
    "Schedule",
    "Stretch",
    "crossing",
    "cumulative_crossing",
    "excess",
    "market_sales",
    "rate_at",
    "schedule",
    "together",
]


@dataclass(frozen=True, eq=False)
class Schedule:
    """When each phase starts and ends, and when each market is launched, if it comes to that."""

    starts: Mapping[str, Number]
    ends: Mapping[str, Number]
    launches: Mapping[str, Number]


@dataclass(frozen=True, eq=False)
class Stretch:
    """From `start` to `end` the rate of sales goes linearly from `first` to `last`, and never falls."""

    start: Number
    end: Number
    first: Number
    last: Number


Sales: TypeAlias = tuple[Stretch, ...]  # in order of time, without overlap


@dataclass(frozen=True, eq=False)
class MarketSales:
    """The sales of one market, if it is launched: `protected` up to the loss of exclusivity, `open` after it."""

    launch: Number
    loss_of_exclusivity: Number
    protected: Sales
    open: Sales

    @property
    def all(self) -> Sales:
        """Both, in order of time."""
        return self.protected + self.open


def schedule(programme: Programme) -> Schedule:
    """The dates of a programme: a phase starts its pause after the end of the one it follows."""
    starts: dict[str, Number] = {}
    ends: dict[str, Number] = {}
    for phase in programme.phases:
        before = programme.start if phase.after is None else ends[phase.after]
        starts[phase.name] = before if is_nothing(phase.pause) else before + phase.pause
        ends[phase.name] = starts[phase.name] if is_nothing(phase.lasts) else starts[phase.name] + phase.lasts
    launches = {
        market.name: ends[market.after] if is_nothing(market.delay) else ends[market.after] + market.delay
        for market in programme.markets
    }
    return Schedule(starts, ends, launches)


def market_sales(market: Market, approval: Number, launch: Number) -> MarketSales:
    """The sales of a market approved and launched on these dates; of no length where exclusivity is lost before."""
    ends = [] if market.until is None else [market.until]
    if market.exclusivity is not None:
        ends.append(approval + market.exclusivity)
    loss = np.maximum(ends[0] if len(ends) == 1 else np.maximum(ends[0], ends[1]), launch)
    stretches = []
    top, level_from = market.peak, launch
    if not is_nothing(market.ramp):
        level_from = np.minimum(launch + market.ramp, loss)
        lasting = np.where(np.asarray(market.ramp) > 0, market.ramp, 1.0)[()]
        share = np.where(np.asarray(market.ramp) > 0, np.minimum((loss - launch) / lasting, 1.0), 1.0)[()]
        top = market.peak * share
        stretches.append(Stretch(launch, level_from, 0.0, top))
    stretches.append(Stretch(level_from, loss, top, top))
    tail: Sales = ()
    if not is_nothing(market.tail) and not is_nothing(market.after_loe):
        kept = top * market.after_loe
        tail = (Stretch(loss, loss + market.tail, kept, kept),)
    return MarketSales(launch, loss, tuple(stretches), tail)


def together(parts: tuple[Sales, ...]) -> Sales:
    """The sum of several rates of sales, each linear between the dates at which any of them changes."""
    if len(parts) == 1:
        return parts[0]
    dates = _in_order([date for sales in parts for stretch in sales for date in (stretch.start, stretch.end)])
    total = []
    for start, end in pairwise(dates):
        first: Number = 0.0
        last: Number = 0.0
        for stretch in (stretch for sales in parts for stretch in sales):
            inside = (stretch.start <= start) & (end <= stretch.end) & (start < end)
            if not np.any(inside):
                continue
            if stretch.first is stretch.last:
                part = np.where(inside, stretch.first, 0.0)[()]
                first, last = first + part, last + part
            else:
                length = np.where(inside, stretch.end - stretch.start, 1.0)[()]
                slope = np.where(inside, stretch.last - stretch.first, 0.0)[()] / length
                base = np.where(inside, stretch.first, 0.0)[()]
                first = first + base + slope * (start - stretch.start)
                last = last + base + slope * (end - stretch.start)
        total.append(Stretch(start, end, first, last))
    return tuple(total)


def _in_order(dates: list[Number]) -> list[Number]:
    """Dates from early to late, in every draw; each only once, as far as that is known without looking at draws."""
    different: list[Number] = []
    for date in dates:
        known = any(date is other or (np.ndim(date) == np.ndim(other) == 0 and date == other) for other in different)
        if not known:
            different.append(date)
    if all(np.ndim(date) == 0 for date in different):
        return sorted(different)
    return list(np.sort(np.stack(np.broadcast_arrays(*different)), axis=0))


def excess(sales: Sales, threshold: Number) -> tuple[Piece, ...]:
    """What sales come to above a threshold on their rate, as money over time."""
    pieces = []
    for stretch in sales:
        if is_nothing(threshold):
            start, first, last = stretch.start, stretch.first, stretch.last
        elif stretch.first is stretch.last:
            start, first = stretch.start, np.maximum(stretch.first - threshold, 0.0)
            last = first
        else:
            start = stretch.start + (stretch.end - stretch.start) * _share_before(stretch, threshold)
            first, last = np.maximum(stretch.first - threshold, 0.0), np.maximum(stretch.last - threshold, 0.0)
        length = stretch.end - start
        amount = length * last
        if first is last:
            pieces.append(Piece(start, stretch.end, amount, amount))
        else:
            pieces.append(Piece(start, stretch.end, 0.0 if is_nothing(first) else length * first, amount))
    return tuple(pieces)


def _share_before(stretch: Stretch, threshold: Number) -> Number:
    """How much of a stretch passes until its rate reaches a threshold, 0 to 1."""
    rise = stretch.last - stretch.first
    with np.errstate(over="ignore"):  # next to no rise: not reached
        share: Number = np.clip((threshold - stretch.first) / np.where(rise > 0, rise, 1.0), 0.0, 1.0)[()]
    return share


def rate_at(sales: Sales, date: Number) -> Number:
    """The rate of sales just after a date; 0 outside of all stretches."""
    rate: Number = 0.0
    for stretch in sales:
        inside = (stretch.start <= date) & (date < stretch.end)
        length = np.where(stretch.end > stretch.start, stretch.end - stretch.start, 1.0)[()]
        value = stretch.first + (stretch.last - stretch.first) * (date - stretch.start) / length
        rate = np.where(inside, value, rate)[()]
    return rate


def crossing(sales: Sales, threshold: Number) -> tuple[Number, Number]:
    """When the rate of sales first reaches a threshold, and whether it does (1 or 0); the date is 0 where it does not.

    Reached on the very day of the loss of exclusivity counts; no sales reach no threshold, not even 0.
    """
    date: Number = 0.0
    reached: Number = 0.0
    for stretch in reversed(sales):
        there = (stretch.end > stretch.start) & (stretch.last >= threshold) & (stretch.last > 0)
        when = stretch.start + (stretch.end - stretch.start) * _share_before(stretch, threshold)
        date = np.where(there, when, date)[()]
        reached = np.where(there, 1.0, reached)[()]
    return date, reached


def cumulative_crossing(sales: Sales, threshold: Number) -> tuple[Number, Number]:
    """When all sales since launch first reach a threshold, and whether they do; as `crossing`."""
    date: Number = 0.0
    reached: Number = 0.0
    before: Number = 0.0
    for stretch in sales:
        length = stretch.end - stretch.start
        here = 0.5 * (stretch.first + stretch.last) * length
        missing = np.maximum(threshold - before, 0.0)
        now = (reached == 0) & (here > 0) & (missing <= here)
        # missing = first t + slope t^2 / 2, solved without cancellation
        slope = (stretch.last - stretch.first) / np.where(length > 0, length, 1.0)[()]
        root = stretch.first + np.sqrt(stretch.first * stretch.first + 2 * slope * missing)
        with np.errstate(over="ignore"):  # next to no sales: reached beyond any date
            when = stretch.start + 2 * missing / np.where(root > 0, root, 1.0)[()]
        date = np.where(now, np.minimum(when, stretch.end), date)[()]
        reached = np.where(now, 1.0, reached)[()]
        before = before + here
    return date, reached
