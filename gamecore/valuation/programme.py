"""A drug programme and a deal as plain numbers: what is valued, with every name resolved and every change applied.

A *programme* is a forest of phases, each entered when the one it follows succeeds, and the markets that successes open.
A *deal* says who pays and who gets what. Both are frozen records; nothing here computes.

Units: times in years from day zero (durations in years), money in the unit of the file, sales in money a year, shares,
rates and chances as fractions of 1. Every number is a float or an array of shape (draw,); both may be mixed freely.
Players, phases, markets and all else are known by their names. Where a payer or a receiver may be None, None is
somebody outside the game: a licensor of old, a foundation.

The smallest programme, one trial that opens one market, all paid and earned by one player:

>>> trial = Phase("phase_3", budget=150.0, lasts=3.0, success=0.58)
>>> world = Market("world", after="phase_3", peak=900.0, ramp=5.0, margin=0.45, until=15.0)
>>> programme = Programme((trial,), (world,))
>>> deal = Deal(cost_share={"phase_3": CostShare({"sapphire": 1.0})}, profit_share={"world": {"sapphire": 1.0}})
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    # the programme
    "Market",
    "Phase",
    "Programme",
    # the deal
    "CoPromotion",
    "CostShare",
    "Deal",
    "Gate",
    "Milestone",
    "Royalty",
    "Shares",
    "Supply",
    # when a milestone is due
    "CumulativeSales",
    "Due",
    "Launch",
    "OnDate",
    "Signature",
    "StartOf",
    "SuccessOf",
    "YearlySales",
    # numbers
    "Floats",
    "Number",
]

Floats: TypeAlias = npt.NDArray[np.float64]
Number: TypeAlias = float | Floats
"""A number, or one for each draw: an array of shape (draw,)."""

Shares: TypeAlias = Mapping[str, Number]
"""Player -> share; who is not named has none. They sum to 1 (within 1e-9)."""


# ---- the programme --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Phase:
    """One phase: a trial, a review, a launch preparation.

    Its cost is spent evenly and continuously from its start to its end, if it is entered.

    Attributes
    ----------
    name
        Unique among the phases.
    budget
        What was planned, money, at least 0. Cost shares are of the budget.
    lasts
        Years, at least 0. A phase of 0 years is paid at once.
    success
        Chance, 0 to 1, of success once entered.
    cost
        What it really costs, money, at least 0; None: the budget.
    after
        The phase whose success opens this one, named earlier in the programme; None: it begins with the programme.
    pause
        Years from the end of that phase (or the start of the programme) to the start of this one.
    """

    name: str
    budget: Number
    lasts: Number
    success: Number
    cost: Number | None = None
    after: str | None = None
    pause: Number = 0.0


@dataclass(frozen=True, eq=False)
class Market:
    """Sales in one territory or indication.

    Sales rise linearly from 0 at launch to the peak, stay there, and fall at the loss of exclusivity to a share of what
    they were, which is kept for some years; then they end. Loss of exclusivity is the later of `until` and
    approval + `exclusivity`, of those given; one of them is needed. Where it comes before the launch nothing is sold.

    Attributes
    ----------
    name
        Unique among the markets.
    after
        The phase whose success opens it.
    peak
        Sales at the peak, money a year (patients x share x price, where these are known).
    ramp
        Years from launch to the peak; 0: at the peak at once.
    margin
        Operating profit as a share of sales.
    until
        Loss of exclusivity fixed in the calendar, years from day zero.
    exclusivity
        Years of exclusivity counted from approval, the end of the phase (data exclusivity, extended patents).
    delay
        Years from the end of the phase (approval) to launch.
    after_loe
        Share of sales kept after the loss of exclusivity.
    tail
        Years for which they are kept.
    """

    name: str
    after: str
    peak: Number
    ramp: Number
    margin: Number
    until: Number | None = None
    exclusivity: Number | None = None
    delay: Number = 0.0
    after_loe: Number = 0.0
    tail: Number = 0.0


@dataclass(frozen=True, eq=False)
class Programme:
    """Phases in order, the markets they open, and when the first phases begin (years from day zero, at least 0)."""

    phases: tuple[Phase, ...]
    markets: tuple[Market, ...] = ()
    start: Number = 0.0


# ---- when a milestone is due ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signature:
    """When the deal is signed (`Deal.signed`); certain."""


@dataclass(frozen=True, eq=False)
class OnDate:
    """On a date, years from day zero; certain."""

    at: Number


@dataclass(frozen=True)
class StartOf:
    """When a phase starts, if it is entered."""

    phase: str


@dataclass(frozen=True)
class SuccessOf:
    """When a phase ends, if it succeeds: approval is the success of the review."""

    phase: str


@dataclass(frozen=True)
class Launch:
    """When one of these markets is launched, the first of them; () means all markets."""

    markets: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class YearlySales:
    """When the yearly rate of sales of these markets together first reaches `above`; () means all markets.

    With `each_year`, again every full year later as long as the rate is still there on that day.
    """

    above: Number
    markets: tuple[str, ...] = ()
    each_year: bool = False


@dataclass(frozen=True, eq=False)
class CumulativeSales:
    """When all sales of these markets together since launch first reach `above`; () means all markets."""

    above: Number
    markets: tuple[str, ...] = ()


Due: TypeAlias = Signature | OnDate | StartOf | SuccessOf | Launch | YearlySales | CumulativeSales


# ---- the deal -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class CostShare:
    """Who pays a phase, in up to three layers of its cost.

    Up to the budget everybody pays `shares`. What is above the budget follows `above_budget`, if given. With a `cap`,
    what is above cap x budget follows `above_cap`. A layer without shares of its own follows the one below. A phase
    that costs less than its budget is shared as it is paid.

    Attributes
    ----------
    shares, above_budget, above_cap
        Shares of each player, each summing to 1.
    cap
        Multiple of the budget, at least 1: 1.1 is 110 %.
    """

    shares: Shares
    above_budget: Shares | None = None
    cap: Number | None = None
    above_cap: Shares | None = None


@dataclass(frozen=True, eq=False)
class Milestone:
    """One payment, or with `YearlySales.each_year` one a year. An upfront is a milestone due at signature."""

    name: str
    payer: str | None
    receiver: str | None
    amount: Number
    due: Due


@dataclass(frozen=True, eq=False)
class Royalty:
    """A share of the sales of some markets together, by marginal tiers of the yearly rate of sales.

    Tiers of 10 % up to 200 and 12 % above are `tiers=((0, 0.10), (200, 0.12))`: at sales of 300 a year,
    20 + 12 = 32 a year (avance.ch, "On tiered royalties"). Thresholds apply to the rate of sales at every moment, so no
    year has to begin anywhere; contracts that add up calendar years pay the same while sales are level.

    Attributes
    ----------
    markets
        () means all markets.
    tiers
        (yearly sales from which on, rate), thresholds rising from 0.
    term
        Years from the launch of each market; its royalty ends at the later of that and its loss of exclusivity.
        None: as long as it has sales.
    step_down
        Share of the rate that falls away for a market after its loss of exclusivity; 0.5 halves it. Its sales then
        count on top of those of the markets still protected.
    third_party
        Royalties that the payer owes to others, as a share of these sales (stacking). They are not paid by this record.
    offset
        Share of them that the payer may take off this royalty.
    floor
        Share of this royalty that stays due whatever is taken off.
    """

    name: str
    payer: str | None
    receiver: str | None
    tiers: tuple[tuple[Number, Number], ...]
    markets: tuple[str, ...] = ()
    term: Number | None = None
    step_down: Number = 0.0
    third_party: Number = 0.0
    offset: Number = 0.0
    floor: Number = 0.0


@dataclass(frozen=True, eq=False)
class CoPromotion:
    """One player sells along with another, from launch to the loss of exclusivity.

    The market's margin is after the cost of all promotion, as if its owners carried it. `player` takes over the share
    `effort` of it from `partner`, who pays back the share `reimbursed` of that (full-time equivalents at an agreed
    rate) and hands over the share `profit` of the market's profit for as long as there are sales.

    Attributes
    ----------
    effort, reimbursed, profit
        Shares, 0 to 1.
    yearly_cost
        What all promotion of the market costs, money a year.
    """

    name: str
    player: str
    partner: str
    market: str
    effort: Number = 0.0
    yearly_cost: Number = 0.0
    reimbursed: Number = 0.0
    profit: Number = 0.0


@dataclass(frozen=True, eq=False)
class Supply:
    """One player makes the product and sells it to another: `margin` is its profit on that, as a share of sales.

    What the making costs stands in the market's own margin. () means all markets.
    """

    name: str
    seller: str | None
    buyer: str | None
    margin: Number
    markets: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Gate:
    """At the start of a phase its holder may stop everything that rests on the phase.

    It stops in the draws in which stopping is worth more to it than going on, given what is decided at later gates;
    every player is valued at that choice. An even choice goes on.

    Attributes
    ----------
    phase
        The gate stands at the start of this phase; at most one gate a phase.
    holder
        The player with the right to stop.
    stop
        Player -> what it then gets (reversion of rights) or pays (wind-down, negative), money of that day; who is not
        named gets nothing.
    """

    phase: str
    holder: str
    stop: Shares = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Deal:
    """Who pays and who gets what. Each phase that costs anything needs a cost share, each market a profit share.

    `signed` is the date of signature, years from day zero. An opt-out into a royalty, a buy-in or a territory kept is a
    deal with other terms.
    """

    cost_share: Mapping[str, CostShare] = field(default_factory=dict)  # by phase
    profit_share: Mapping[str, Shares] = field(default_factory=dict)  # by market
    milestones: tuple[Milestone, ...] = ()
    royalties: tuple[Royalty, ...] = ()
    co_promotions: tuple[CoPromotion, ...] = ()
    supplies: tuple[Supply, ...] = ()
    gates: tuple[Gate, ...] = ()
    signed: Number = 0.0
