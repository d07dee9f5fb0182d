"""Royalties: marginal tiers on sales, what may be taken off for royalties owed to others, terms and steps down.

A schedule of tiers is a list of (yearly sales from which on, rate). The royalty on sales of S a year is

    T(S) = sum over tiers of (rate - rate of the tier below) max(S - threshold, 0),

so that a royalty is a sum of excesses over thresholds, and each is integrated in closed form. A stacking offset leaves
max(T(S) - offset third_party S, floor T(S)), which is a schedule of tiers again: each tier is cut where the floor
begins or ceases to bind.

>>> float(yearly_royalty(300.0, ((0.0, 0.10), (200.0, 0.12))))  # avance.ch, "On tiered royalties"
32.0
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gamecore.valuation.discounting import Piece, is_nothing
from gamecore.valuation.programme import Number, Royalty
from gamecore.valuation.sales import MarketSales, Sales, Stretch, excess, together

__all__ = ["Tiers", "after_offset", "royalty_parts", "yearly_royalty"]

Tiers = tuple[tuple[Number, Number], ...]


def yearly_royalty(sales: Number, tiers: Tiers) -> Number:
    """The royalty on sales of a year, by marginal tiers."""
    total: Number = 0.0
    for threshold, step in _steps(tiers):
        total = total + step * np.maximum(sales - threshold, 0.0)
    return total


def _steps(tiers: Tiers) -> list[tuple[Number, Number]]:
    """(threshold, by how much the rate rises there)."""
    rates = [rate for _, rate in tiers]
    return [(threshold, rate - below) for (threshold, rate), below in zip(tiers, [0.0, *rates], strict=False)]


def after_offset(tiers: Tiers, third_party: Number, offset: Number, floor: Number) -> Tiers:
    """The schedule that is left when `offset` of what is owed to others is taken off, but not below the floor."""
    off = third_party * offset
    if is_nothing(off):
        return tiers
    left: list[tuple[Number, Number]] = []
    above: Number = 0.0  # how far the offset royalty is above the floor, at the threshold
    for number, (threshold, rate) in enumerate(tiers):
        gain = (1 - floor) * rate - off  # how that changes with sales in this tier
        top: Number = tiers[number + 1][0] if number + 1 < len(tiers) else np.inf
        starts_free = (np.asarray(above) > 0) | ((np.asarray(above) == 0) & (gain >= 0))
        with np.errstate(over="ignore"):  # a gain of next to nothing: they meet beyond any sales
            distance = -above / np.where(np.asarray(gain) == 0, 1.0, gain)
        meets = np.minimum(np.where(distance > 0, threshold + distance, top), top)
        free, bound = rate - off, floor * rate
        left.append((threshold, np.where(starts_free, free, bound)[()]))
        if np.any(np.isfinite(meets) & (meets < top)):
            # Where there is no such place in this tier the second part begins with the next tier, and is empty.
            after = np.where(meets < top, np.where(starts_free, bound, free), left[-1][1])
            left.append((np.where(np.isfinite(meets), meets, threshold)[()], after[()]))
        above = above + gain * (top - threshold) if number + 1 < len(tiers) else above
    return tuple(left)


def royalty_parts(royalty: Royalty, markets: Sequence[MarketSales]) -> list[tuple[tuple[Piece, ...], Number]]:
    """A royalty on launched markets, as (sales above a threshold, share of them) whose products sum to it."""
    tiers = after_offset(royalty.tiers, royalty.third_party, royalty.offset, royalty.floor)
    protected = together(tuple(market.protected for market in markets))
    bearing = tuple(market.protected + _within_term(royalty, market) for market in markets)
    has_open = any(market.open for market in markets)
    everything = together(bearing) if has_open else protected
    parts: list[tuple[tuple[Piece, ...], Number]] = []
    for threshold, step in _steps(tiers):
        if not has_open or is_nothing(royalty.step_down):
            parts.append((excess(everything, threshold), step))
        else:
            # Sales that lost exclusivity count on top: T(protected) + (1 - step_down) (T(all) - T(protected)).
            parts.append((excess(everything, threshold), step * (1 - royalty.step_down)))
            parts.append((excess(protected, threshold), step * royalty.step_down))
    return parts


def _within_term(royalty: Royalty, market: MarketSales) -> Sales:
    """The sales after the loss of exclusivity that still bear the royalty."""
    if royalty.term is None:
        return market.open
    last_day = market.launch + royalty.term
    # A stretch after the loss of exclusivity is level, so it can simply end earlier.
    return tuple(
        Stretch(part.start, np.maximum(np.minimum(part.end, last_day), part.start), part.first, part.last)
        for part in market.open
    )
