"""What a plan means in cash: tables by year, values within horizons, and what a side cannot fund. Frozen data only."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CashPlan", "CashRow", "CashTable", "FundingGap", "HorizonValues", "PlanCash", "PlayerCash", "Runway"]


@dataclass(frozen=True)
class CashRow:
    """One source of money, an amount for each column of its table; positive is cash to the player.

    `undiscounted` is what flows if every phase succeeds, `risk_adjusted` that times the chance of its event,
    `discounted` that at the player's rate. Hidden events and news count with their chances in all three.
    """

    kind: str  # cost, profit, milestone, royalty, co_promotion, supply, stop, or payoff (a line of the file)
    source: str
    label: str
    undiscounted: tuple[float, ...]
    risk_adjusted: tuple[float, ...]
    discounted: tuple[float, ...]


@dataclass(frozen=True)
class HorizonValues:
    """The part of an expected value that flows within 12 months, within 3 years (the day itself included), and all of
    it; before any risk premium.
    """

    within_12_months: float
    within_3_years: float
    all: float


@dataclass(frozen=True)
class CashTable:
    """Every cash flow of one player: column c has what flows from `edges[c]` to before `edges[c + 1]`, years from day
    zero. `total.discounted` sums to `value + risk_premium`; `value` is what the analysis says. Risk neutral players
    have no risk premium.
    """

    player: str
    edges: tuple[float, ...]
    rows: tuple[CashRow, ...]
    total: CashRow
    value: float
    risk_premium: float
    horizons: HorizonValues


@dataclass(frozen=True)
class FundingGap:
    """Something a player cannot pay for: `kind` and `source` of what asks for money.

    `month` is the first month from day zero (1 is the first) that ends without cash while this asks for some, `date`
    its first day; `short` the most that is missing in such a month; `chance` how likely one comes, if phases succeed.
    """

    kind: str
    source: str
    label: str
    month: int
    date: str | None  # ISO date
    short: float
    chance: float


@dataclass(frozen=True)
class Runway:
    """A player's cash by month. Month m ends at m / 12 years; the balance is of its end.

    `covered` is the month whose end `runway` names, if there is no `cash`: until then own money pays for everything,
    and the balance counts from there, from 0. `if_all_succeeds` is what has to be funded, `expected` with every flow
    times its chance, `lowest` the least of the former over the ways hidden events can be.
    """

    cash: float | None
    burn: float  # a year, besides the programme and the deal
    covered: int
    if_all_succeeds: tuple[float, ...]
    expected: tuple[float, ...]
    lowest: tuple[float, ...]
    gaps: tuple[FundingGap, ...]


@dataclass(frozen=True)
class CashPlan:
    """One plan, or one condition, with a table for each player and the runway of those whose cash is known."""

    key: str
    label: str
    tables: tuple[CashTable, ...]
    runways: tuple[tuple[str, Runway], ...]


@dataclass(frozen=True)
class PlayerCash:
    """One player under one plan: horizons, and what it cannot fund (empty too where its cash is not known).

    `runs_out` is the first month that ends without cash, `lowest` the least balance, if every phase succeeds. `reaches`
    names the confidential entries of the file that reach any of these numbers.
    """

    player: str
    horizons: HorizonValues
    funded: bool | None  # None: the file gives neither cash nor runway, or no money a date
    runs_out: int | None
    lowest: float | None
    gaps: tuple[FundingGap, ...]
    reaches: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlanCash:
    """One candidate, or `no_agreement`, in cash."""

    candidate: str
    players: tuple[PlayerCash, ...]
