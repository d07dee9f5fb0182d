"""What a programme and a deal must be to have a value; each fault names its item as the scenario file would.

A plain number outside its bounds is an error. Of an array over draws, the draws outside are moved to the nearest
bound, and how many they were is counted; an array with no draw inside is an error too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from gamecore.errors import InputError
from gamecore.valuation.programme import (
    CoPromotion,
    CostShare,
    CumulativeSales,
    Deal,
    Due,
    Gate,
    Launch,
    Market,
    Milestone,
    Number,
    OnDate,
    Phase,
    Programme,
    Royalty,
    Shares,
    StartOf,
    SuccessOf,
    Supply,
    YearlySales,
)

__all__ = ["Checker"]

SUM_TOLERANCE = 1e-9  # shares typed as decimals miss 1 by rounding only


class Checker:
    """Checks a programme, a deal and rates; `clipped` has the share of draws moved for each quantity concerned."""

    def __init__(self, players: Iterable[str]) -> None:
        self.players = frozenset(players)
        self.clipped: dict[str, float] = {}
        self._phases: dict[str, Phase] = {}
        self._markets: dict[str, Market] = {}

    # ---- the programme ----------------------------------------------------------------------------------------------

    def programme(self, programme: Programme) -> Programme:
        """The programme with its draws within bounds. Raises `InputError`."""
        if not programme.phases:
            raise InputError("programme.phases: there are none; name at least one phase")
        for phase in programme.phases:
            self._new(phase.name, self._phases, "programme.phases")
            if phase.after is not None:
                self._phase(phase.after, f"programme.phases.{phase.name}.after")
            self._phases[phase.name] = self._checked_phase(phase)
        for market in programme.markets:
            self._new(market.name, self._markets, "programme.sales")
            self._phase(market.after, f"programme.sales.{market.name}.after")
            self._markets[market.name] = self._checked_market(market)
        start = self.within(programme.start, "programme.start", low=0)
        return Programme(tuple(self._phases.values()), tuple(self._markets.values()), start)

    def _checked_phase(self, phase: Phase) -> Phase:
        path = f"programme.phases.{phase.name}"
        return replace(
            phase,
            budget=self.within(phase.budget, f"{path}.budget", low=0),
            lasts=self.within(phase.lasts, f"{path}.lasts", low=0),
            success=self.within(phase.success, f"{path}.success", low=0, high=1),
            cost=None if phase.cost is None else self.within(phase.cost, f"{path}.cost", low=0),
            pause=self.within(phase.pause, f"{path}.pause", low=0),
        )

    def _checked_market(self, market: Market) -> Market:
        path = f"programme.sales.{market.name}"
        if market.until is None and market.exclusivity is None:
            raise InputError(f"{path}: sales never end; add 'until' (a date) or 'exclusivity' (years from approval)")
        kept = market.exclusivity
        return replace(
            market,
            peak=self.within(market.peak, f"{path}.peak", low=0),
            ramp=self.within(market.ramp, f"{path}.ramp", low=0),
            margin=self.within(market.margin, f"{path}.margin", high=1),
            until=None if market.until is None else self.within(market.until, f"{path}.until"),
            exclusivity=None if kept is None else self.within(kept, f"{path}.exclusivity", low=0),
            delay=self.within(market.delay, f"{path}.delay", low=0),
            after_loe=self.within(market.after_loe, f"{path}.after_loe", low=0, high=1),
            tail=self.within(market.tail, f"{path}.tail", low=0),
        )

    # ---- the deal ---------------------------------------------------------------------------------------------------

    def deal(self, deal: Deal) -> Deal:
        """The deal with its draws within bounds; the programme has to be checked before. Raises `InputError`."""
        for name in deal.cost_share:
            self._phase(name, f"deal.cost_share.{name}")
        for name in deal.profit_share:
            self._market(name, f"deal.profit_share.{name}")
        for phase in self._phases.values():
            free = not np.any(phase.budget) and (phase.cost is None or not np.any(phase.cost))
            if phase.name not in deal.cost_share and not free:
                raise InputError(f"deal.cost_share: nobody pays for {phase.name}; add its shares")
        for market in self._markets.values():
            if market.name not in deal.profit_share:
                raise InputError(f"deal.profit_share: nobody earns the profit of {market.name}; add its shares")
        for items, where in (
            (deal.milestones, "milestones"),
            (deal.royalties, "royalties"),
            (deal.co_promotions, "co_promotion"),
            (deal.supplies, "supply"),
        ):
            self._names_differ([item.name for item in items], f"deal.{where}")
        self._names_differ([gate.phase for gate in deal.gates], "deal.gates")
        return Deal(
            {name: self._cost_share(share, f"deal.cost_share.{name}") for name, share in deal.cost_share.items()},
            {name: self._shares(share, f"deal.profit_share.{name}") for name, share in deal.profit_share.items()},
            tuple(map(self._milestone, deal.milestones)),
            tuple(map(self._royalty, deal.royalties)),
            tuple(map(self._co_promotion, deal.co_promotions)),
            tuple(map(self._supply, deal.supplies)),
            tuple(map(self._gate, deal.gates)),
            self.within(deal.signed, "deal.signed", low=0),
        )

    def _cost_share(self, share: CostShare, path: str) -> CostShare:
        if (share.cap is None) != (share.above_cap is None):
            raise InputError(f"{path}: 'cap' and 'above_cap' need each other")
        above_budget, above_cap = share.above_budget, share.above_cap
        return CostShare(
            self._shares(share.shares, path),
            None if above_budget is None else self._shares(above_budget, f"{path}.above_budget"),
            None if share.cap is None else self.within(share.cap, f"{path}.cap", low=1),
            None if above_cap is None else self._shares(above_cap, f"{path}.above_cap"),
        )

    def _shares(self, shares: Shares, path: str) -> Shares:
        total: Number = 0.0
        kept: dict[str, Number] = {}
        for player, share in shares.items():
            self._player(player, path)
            kept[player] = self.within(share, f"{path}.{player}", low=0, high=1)
            total = total + kept[player]
        missed = np.abs(np.asarray(total) - 1)
        if np.any(missed > SUM_TOLERANCE):
            wrong = float(np.asarray(total).flat[int(missed.argmax())])
            raise InputError(f"{path}: the shares sum to {wrong:.6g}, not 1")
        return kept

    def _milestone(self, milestone: Milestone) -> Milestone:
        path = f"deal.milestones.{milestone.name}"
        self._sides(milestone.payer, milestone.receiver, path)
        amount = self.within(milestone.amount, f"{path}.amount")
        return replace(milestone, amount=amount, due=self._due(milestone.due, f"{path}.due"))

    def _due(self, due: Due, path: str) -> Due:
        if isinstance(due, StartOf | SuccessOf):
            self._phase(due.phase, path)
        elif isinstance(due, OnDate):
            return OnDate(self.within(due.at, path, low=0))
        elif isinstance(due, Launch | YearlySales | CumulativeSales):
            self._some_markets(due.markets, path)
            if isinstance(due, YearlySales | CumulativeSales):
                return replace(due, above=self.within(due.above, path, low=0))
        return due

    def _royalty(self, royalty: Royalty) -> Royalty:
        path = f"deal.royalties.{royalty.name}"
        self._sides(royalty.payer, royalty.receiver, path)
        self._some_markets(royalty.markets, path)
        if not royalty.tiers or np.any(np.asarray(royalty.tiers[0][0]) != 0):
            raise InputError(f"{path}.tiers: the first tier starts from sales of 0")
        for (one, _), (other, _) in pairwise(royalty.tiers):
            if np.any(np.asarray(one) >= other):
                raise InputError(f"{path}.tiers: each tier starts from higher sales than the one before")
        return replace(
            royalty,
            tiers=tuple(
                (self.within(threshold, f"{path}.tiers"), self.within(rate, f"{path}.tiers", low=0, high=1))
                for threshold, rate in royalty.tiers
            ),
            term=None if royalty.term is None else self.within(royalty.term, f"{path}.term", low=0),
            step_down=self.within(royalty.step_down, f"{path}.step_down", low=0, high=1),
            third_party=self.within(royalty.third_party, f"{path}.third_party", low=0, high=1),
            offset=self.within(royalty.offset, f"{path}.offset", low=0, high=1),
            floor=self.within(royalty.floor, f"{path}.floor", low=0, high=1),
        )

    def _co_promotion(self, item: CoPromotion) -> CoPromotion:
        path = f"deal.co_promotion.{item.name}"
        self._sides(item.partner, item.player, path)
        self._market(item.market, path)
        return replace(
            item,
            effort=self.within(item.effort, f"{path}.effort", low=0, high=1),
            yearly_cost=self.within(item.yearly_cost, f"{path}.yearly_cost", low=0),
            reimbursed=self.within(item.reimbursed, f"{path}.reimbursed", low=0, high=1),
            profit=self.within(item.profit, f"{path}.profit", low=0, high=1),
        )

    def _supply(self, supply: Supply) -> Supply:
        path = f"deal.supply.{supply.name}"
        self._sides(supply.buyer, supply.seller, path)
        self._some_markets(supply.markets, path)
        return replace(supply, margin=self.within(supply.margin, f"{path}.margin", high=1))

    def _gate(self, gate: Gate) -> Gate:
        path = f"deal.gates.{gate.phase}"
        self._phase(gate.phase, path)
        self._player(gate.holder, path)
        for player in gate.stop:
            self._player(player, path)
        return replace(gate, stop={who: self.within(value, f"{path}.{who}") for who, value in gate.stop.items()})

    # ---- numbers and names ------------------------------------------------------------------------------------------

    def rates(self, rates: Mapping[str, Number]) -> dict[str, Number]:
        """The discount rates, each above -100 %. Raises `InputError`."""
        for player, rate in rates.items():
            if not np.all(np.asarray(rate) > -1):
                raise InputError(f"players.{player}.discount_rate: {np.min(rate):g} is not above -100%")
        return {player: self.within(rate, f"players.{player}.discount_rate") for player, rate in rates.items()}

    def within(self, number: Number, path: str, *, low: float = -np.inf, high: float = np.inf) -> Number:
        """The number within its bounds, draws outside moved to the nearest. Raises `InputError`."""
        if not isinstance(number, np.ndarray):
            least = most = number
        else:
            least, most = number.min(), number.max()
        if not (math.isfinite(least) and math.isfinite(most)):
            raise InputError(f"{path}: {most if math.isfinite(least) else least} is not a number that can be valued")
        if least >= low and most <= high:
            return number
        inside = (np.asarray(number) >= low) & (np.asarray(number) <= high)
        if not inside.any():
            bound = "at least 0" if high == np.inf and low == 0 else f"from {low:g} to {high:g}"
            raise InputError(f"{path}: {least:g} is not {bound}")
        self.clipped[path] = 1 - float(inside.mean())
        kept: Number = np.clip(number, low, high)
        return kept

    def _new(self, name: str, known: Mapping[str, object], path: str) -> None:
        if name in known:
            raise InputError(f"{path}.{name}: the name stands twice")

    def _names_differ(self, names: list[str], path: str) -> None:
        for number, name in enumerate(names):
            if name in names[:number]:
                raise InputError(f"{path}.{name}: the name stands twice")

    def _player(self, name: str, path: str) -> None:
        if name not in self.players:
            raise InputError(f"{path}: no player is called '{name}' ({', '.join(sorted(self.players))})")

    def _sides(self, payer: str | None, receiver: str | None, path: str) -> None:
        for name in (payer, receiver):
            if name is not None:
                self._player(name, path)
        if payer == receiver:
            raise InputError(f"{path}: {payer or 'nobody'} cannot pay {'itself' if payer else 'nobody'}")

    def _phase(self, name: str, path: str) -> None:
        if name not in self._phases:
            known = ", ".join(self._phases) or "none so far"
            raise InputError(
                f"{path}: there is no phase '{name}' to follow ({known})"
                if path.endswith(".after")
                else f"{path}: no phase is called '{name}' ({known})"
            )

    def _market(self, name: str, path: str) -> None:
        if name not in self._markets:
            raise InputError(f"{path}: no market is called '{name}' ({', '.join(self._markets) or 'there are none'})")

    def _some_markets(self, names: tuple[str, ...], path: str) -> None:
        for name in names:
            self._market(name, path)
        if not self._markets:
            raise InputError(f"{path}: the programme has no markets")
