"""The worked case, the published ones, and small programmes that several tests value."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from gamecore.valuation.programme import (
    CostShare,
    Deal,
    Launch,
    Market,
    Milestone,
    Number,
    Phase,
    Programme,
    Royalty,
    StartOf,
    SuccessOf,
    YearlySales,
)
from tests.valuation.random_terms import PLAYERS

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "cases.json").read_text("utf-8"))
RATES: dict[str, Number] = {"sapphire": 0.13, "diamond": 0.09}
EQUAL: dict[str, Number] = dict.fromkeys(PLAYERS, 0.1)

seeds = st.integers(0, 2**32 - 1)


def plain(*numbers: Number) -> list[float]:
    """Numbers that are the same in all draws, as floats."""
    return [float(number) for number in numbers]


def worked_programme(
    *, budget: Number = 45.0, cost: Number = 45.0, lasts: Number = 2.0, success: Number = 0.35, **more: Any
) -> Programme:
    market = Market("world", after="review", peak=1100.0, ramp=5.0, margin=0.45, until=15.0)
    phases = (
        Phase("phase_2", budget=budget, cost=cost, lasts=lasts, success=success),
        Phase("phase_3", budget=150.0, lasts=2.75, success=0.58, after="phase_2"),
        Phase("review", budget=60.0, lasts=1.0, success=0.91, after="phase_3"),
    )
    start = more.pop("start", 0.0)
    return Programme(phases, (replace(market, **more),), start)


def worked_deal(**more: Any) -> Deal:
    shares = {"sapphire": 0.3, "diamond": 0.7}
    milestones = (
        ("phase_2_start", 10.0, StartOf("phase_2")),
        ("phase_3_start", 25.0, StartOf("phase_3")),
        ("approval", 60.0, Launch()),
        ("sales_500", 40.0, YearlySales(500.0)),
    )
    deal = Deal(
        cost_share={
            "phase_2": CostShare(shares, above_budget={"diamond": 1.0}),
            "phase_3": CostShare(shares),
            "review": CostShare(shares),
        },
        profit_share={"world": {"sapphire": 0.4, "diamond": 0.6}},
        milestones=tuple(Milestone(name, "diamond", "sapphire", amount, due) for name, amount, due in milestones),
    )
    return replace(deal, **more)


def payments(*items: tuple[float, Any], payer: str | None = None, receiver: str | None = "sapphire") -> Any:
    return tuple(Milestone(f"{payer}_{n}", payer, receiver, amount, due) for n, (amount, due) in enumerate(items))


def rnpv_case() -> tuple[Programme, Deal]:
    """Costs at the start of each phase, a lump at launch."""
    inputs = CASES["rnpv_equals_tree"]["inputs"]
    names = [phase["name"] for phase in inputs["phases"]]
    phases = tuple(
        Phase(phase["name"], budget=0.0, lasts=phase["years"], success=phase["p"], after=before)
        for phase, before in zip(inputs["phases"], [None, *names], strict=False)
    )
    costs = [(phase["cost_at_start"], StartOf(phase["name"])) for phase in inputs["phases"]]
    launch = payments((inputs["value_at_launch"], SuccessOf(names[-1])))
    return Programme(phases), Deal(milestones=payments(*costs, payer="sapphire", receiver=None) + launch)


def flat_market(until: float, launch: float, **more: Any) -> tuple[Programme, Deal]:
    """Sales of 100 a year from a sure launch on, all of it profit of Sapphire."""
    market = Market("world", after="review", **{"peak": 100.0, "ramp": 0.0, "margin": 1.0, "until": until, **more})
    programme = Programme((Phase("review", budget=0.0, lasts=launch, success=1.0),), (market,))
    return programme, Deal(profit_share={"world": {"sapphire": 1.0}})


def royalty(*tiers: tuple[float, float], **more: Any) -> Deal:
    return Deal(royalties=(Royalty("world", "diamond", "sapphire", tiers, **more),))
