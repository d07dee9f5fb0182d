"""Random programmes and deals with every kind of term, for the laws that hold for all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gamecore.valuation.programme import (
    CoPromotion,
    CostShare,
    CumulativeSales,
    Deal,
    Due,
    Launch,
    Market,
    Milestone,
    Number,
    OnDate,
    Phase,
    Programme,
    Royalty,
    Shares,
    Signature,
    StartOf,
    SuccessOf,
    Supply,
    YearlySales,
)

PLAYERS = ("sapphire", "diamond", "ruby")


@dataclass
class RandomTerms:
    """Draws the structure from `random`, and each number as one float, or as an array of `draws`."""

    random: np.random.Generator
    draws: int = 0

    def number(self, low: float, high: float) -> Number:
        """A number with two decimals, some of them fixed over draws."""
        fixed = not self.draws or self.random.random() < 0.3
        values = np.round(self.random.uniform(low, high, None if fixed else self.draws), 2)
        return float(values) if fixed else np.asarray(values)

    def years(self, low: int, high: int) -> Number:
        """A whole number of months, between numbers of months."""
        fixed = not self.draws or self.random.random() < 0.3
        months = self.random.integers(low, high + 1, None if fixed else self.draws)
        return float(months) / 12 if fixed else np.asarray(months / 12)

    def maybe(self, chance: float = 0.5) -> bool:
        return bool(self.random.random() < chance)

    def shares(self) -> Shares:
        first = self.number(0, 0.5)
        second = self.number(0, 0.5)
        return {"sapphire": first, "diamond": second, "ruby": 1 - first - second}

    def pair(self) -> tuple[str, str]:
        one, other = self.random.choice(len(PLAYERS), 2, replace=False)
        return PLAYERS[one], PLAYERS[other]

    def some(self, names: list[str]) -> tuple[str, ...]:
        chosen = tuple(name for name in names if self.maybe())
        return chosen if self.maybe(0.7) else ()

    # ---- programme --------------------------------------------------------------------------------------------------

    def programme(self) -> Programme:
        phases: list[Phase] = []
        for number in range(int(self.random.integers(1, 5))):
            before = [phase.name for phase in phases]
            budget = self.number(5, 200)
            phases.append(
                Phase(
                    f"phase_{number}",
                    budget=budget,
                    lasts=self.years(0, 36) if self.maybe(0.9) else 0.0,
                    success=self.number(0.2, 1.0),
                    cost=None if self.maybe(0.3) else budget * self.number(0.7, 2.0),
                    after=None if not before or self.maybe(0.1) else before[int(self.random.integers(len(before)))],
                    pause=self.years(0, 12) if self.maybe(0.3) else 0.0,
                )
            )
        markets = tuple(self.market(number, phases) for number in range(int(self.random.integers(1, 4))))
        return Programme(tuple(phases), markets, self.years(0, 12))

    def market(self, number: int, phases: list[Phase]) -> Market:
        until = self.years(36, 180) if self.maybe(0.7) else None
        tail = self.maybe()
        return Market(
            f"market_{number}",
            after=phases[int(self.random.integers(len(phases)))].name,
            peak=self.number(50, 900),
            ramp=self.years(0, 72) if self.maybe(0.8) else 0.0,
            margin=self.number(0.1, 0.7),
            until=until,
            exclusivity=self.years(24, 120) if until is None or self.maybe(0.3) else None,
            delay=self.years(0, 9) if self.maybe(0.3) else 0.0,
            after_loe=self.number(0, 0.6) if tail else 0.0,
            tail=self.years(12, 60) if tail else 0.0,
        )

    # ---- deal -------------------------------------------------------------------------------------------------------

    def deal(self, programme: Programme) -> Deal:
        phases = [phase.name for phase in programme.phases]
        markets = [market.name for market in programme.markets]
        return Deal(
            {name: self.cost_share() for name in phases},
            {name: self.shares() for name in markets},
            tuple(self.milestone(number, phases, markets) for number in range(5)),
            tuple(self.royalty(number, markets) for number in range(int(self.random.integers(0, 3)))),
            tuple(self.co_promotion(number, markets) for number in range(int(self.maybe()))),
            tuple(self.supply(number, markets) for number in range(int(self.maybe()))),
            signed=self.years(0, 6),
        )

    def cost_share(self) -> CostShare:
        capped = self.maybe()
        return CostShare(
            self.shares(),
            above_budget=self.shares() if self.maybe() else None,
            cap=self.number(1, 1.5) if capped else None,
            above_cap=self.shares() if capped else None,
        )

    def milestone(self, number: int, phases: list[str], markets: list[str]) -> Milestone:
        phase = phases[int(self.random.integers(len(phases)))]
        dues: list[Due] = [
            Signature(),
            OnDate(self.years(0, 60)),
            StartOf(phase),
            SuccessOf(phase),
            Launch(self.some(markets)),
            YearlySales(self.number(20, 600), self.some(markets), each_year=self.maybe()),
            CumulativeSales(self.number(20, 3000), self.some(markets)),
        ]
        due = dues[int(self.random.integers(len(dues)))]
        return Milestone(f"milestone_{number}", *self.pair(), self.number(1, 60), due)

    def royalty(self, number: int, markets: list[str]) -> Royalty:
        second, third = self.number(50, 200), self.number(210, 500)
        stacked = self.maybe(0.4)
        return Royalty(
            f"royalty_{number}",
            *self.pair(),
            tiers=((0.0, self.number(0.02, 0.2)), (second, self.number(0.02, 0.2)), (third, self.number(0.02, 0.2))),
            markets=self.some(markets),
            term=self.years(60, 144) if self.maybe() else None,
            step_down=self.number(0, 1) if self.maybe() else 0.0,
            third_party=self.number(0.01, 0.1) if stacked else 0.0,
            offset=self.number(0, 1) if stacked else 0.0,
            floor=self.number(0, 0.8) if stacked else 0.0,
        )

    def co_promotion(self, number: int, markets: list[str]) -> CoPromotion:
        player, partner = self.pair()
        market = markets[int(self.random.integers(len(markets)))]
        effort, reimbursed, profit = self.number(0, 1), self.number(0, 1), self.number(0, 0.5)
        return CoPromotion(
            f"field_force_{number}", player, partner, market, effort, self.number(0, 30), reimbursed, profit
        )

    def supply(self, number: int, markets: list[str]) -> Supply:
        return Supply(f"supply_{number}", *self.pair(), self.number(0, 0.1), self.some(markets))


class ExtremeTerms(RandomTerms):
    """Only numbers at the ends of their range, nothing, and next to nothing."""

    def number(self, low: float, high: float) -> Number:
        return self._one_of([low, high, (low + high) / 2, *([0.0, 1e-300, 1e-12] if low <= 0.2 else [])])

    def years(self, low: int, high: int) -> Number:
        return self._one_of([0.0, 1e-300, 1e-12, 1e-5, low / 12, high / 12])

    def _one_of(self, ends: list[float]) -> Number:
        if not self.draws or self.maybe(0.3):
            return float(self.random.choice(ends))
        return np.asarray(self.random.choice(ends, self.draws))
