"""How long valuing a programme under a deal takes: `python benchmarks/valuation.py [--repeats 5]`.

The worked case with every number drawn, two players: time for an outcome, and for an outcome and draw, over growing
numbers of draws. The last column is the same in a loop over draws of plain numbers, on a few of them. The aim is 13
outcomes with 10,000 draws well within a second.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from gamecore.valuation.enpv import expected_npv
from gamecore.valuation.programme import (
    CostShare,
    Deal,
    Launch,
    Market,
    Milestone,
    Number,
    Phase,
    Programme,
    StartOf,
    YearlySales,
)

LOOP = 50


def case(draws: int) -> tuple[Programme, Deal, dict[str, Number]]:
    """The worked case of the Phase II start, each number drawn around its base; plain numbers for 0 draws."""
    random = np.random.default_rng(3)

    def around(base: float) -> Number:
        return base * random.uniform(0.9, 1.1, draws) if draws else base

    phases = (
        Phase("phase_2", budget=around(45), cost=around(72), lasts=around(2.5), success=around(0.315)),
        Phase("phase_3", budget=150.0, lasts=2.75, success=0.58, after="phase_2"),
        Phase("review", budget=60.0, lasts=1.0, success=0.91, after="phase_3"),
    )
    market = Market("world", "review", peak=around(1100), ramp=5.0, margin=around(0.45), until=around(15))
    shares = {"sapphire": 0.3, "diamond": 0.7}
    terms = (
        ("phase_2_start", 10.0, StartOf("phase_2")),
        ("phase_3_start", 25.0, StartOf("phase_3")),
        ("approval", 60.0, Launch()),
        ("sales_500", 40.0, YearlySales(500.0)),
    )
    deal = Deal(
        {
            "phase_2": CostShare(shares, above_budget={"diamond": 1.0}),
            "phase_3": CostShare(shares),
            "review": CostShare(shares),
        },
        {"world": {"sapphire": 0.4, "diamond": 0.6}},
        tuple(Milestone(name, "diamond", "sapphire", amount, due) for name, amount, due in terms),
    )
    rates = {"sapphire": around(0.13), "diamond": around(0.09)}
    return Programme(phases, (market,), around(0.75)), deal, rates


def seconds(work: Callable[[], object], repeats: int) -> float:
    """The median time, after one run that is not counted."""
    work()
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    plain = case(0)
    alone = seconds(lambda: [expected_npv(*plain) for _ in range(LOOP)], repeats) / LOOP
    print(f"{'draws':>8} {'ms an outcome':>14} {'ns a draw':>10} {'13 outcomes, s':>15} {'times a loop':>13}")
    for draws in (100, 1_000, 10_000, 100_000):
        taken = seconds(partial(expected_npv, *case(draws)), repeats)
        per_draw, loop = taken / draws * 1e9, draws * alone / taken
        print(f"{draws:8,} {taken * 1e3:14.2f} {per_draw:10.0f} {13 * taken:15.3f} {loop:13.0f}")


if __name__ == "__main__":
    main()
