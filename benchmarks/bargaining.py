"""How long frontiers and bargaining rules take: `python benchmarks/bargaining.py [--repeats 5] [--json]`.

Frontiers of many options (random rows, rows that are all efficient, whole numbers, more players), then the rules with
lotteries with their proofs, judged once. Medians in seconds of this machine; imports and making the tables are not
counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from gamecore.compromises.bargaining import egalitarian, kalai_smorodinsky, nash, utilitarian
from gamecore.compromises.frontier import pareto_frontier
from gamecore.compromises.hull import hull_of
from gamecore.compromises.lotteries import (
    egalitarian_lottery,
    kalai_smorodinsky_lottery,
    nash_lottery,
    utilitarian_lottery,
)
from gamecore.compromises.lottery_judge import lottery_faults
from gamecore.compromises.overview import overview
from gamecore.equilibria.alternating_offers import Talks, finite_split, stationary_split

MILLION = 1_000_000
AIM = 1.0
"""Seconds for the frontier of a million options of two players, of whatever kind."""

Works = dict[str, Callable[[], object]]


def seconds(work: Callable[[], object], repeats: int) -> float:
    """The median of several runs, after one that is not counted."""
    work()
    measured = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        measured.append(time.perf_counter() - begun)
    return statistics.median(measured)


def frontiers() -> Works:
    """Named options by the million."""
    random = np.random.default_rng(0)
    angles = np.sort(random.random(MILLION)) * np.pi / 2
    tables: dict[str, Any] = {
        "a million, two players": random.random((MILLION, 2)),
        "a million, two players, all efficient": np.column_stack([np.cos(angles), np.sin(angles)]),
        "a million, two players, whole numbers": random.integers(0, 1000, (MILLION, 2)),
        "a million, three players": random.random((MILLION, 3)),
        "a hundred thousand, five players": random.random((MILLION // 10, 5)),
    }
    return {name: lambda table=table: pareto_frontier(table) for name, table in tables.items()}  # type: ignore[misc]


def solutions() -> Works:
    """Rules with lotteries and over names; every answer with lotteries is judged once."""
    random = np.random.default_rng(1)
    rules = (nash_lottery, kalai_smorodinsky_lottery, egalitarian_lottery, utilitarian_lottery)
    works: Works = {}
    for options, players in ((1000, 2), (1000, 3), (1000, 5)):
        table = random.integers(0, 1000, (options, players))
        point = [100] * players
        for rule in rules:
            if lottery_faults(table, point, rule(table, point)):
                raise SystemExit(f"{rule.__name__}: the proof does not hold")
            name = f"{rule.__name__}, {options} options, {players} players"
            works[name] = lambda rule=rule, table=table, point=point: rule(table, point)  # type: ignore[misc]
    named = random.integers(0, 1000, (1000, 2))
    for plain in (nash, kalai_smorodinsky, egalitarian, utilitarian):
        works[f"{plain.__name__}, named, 1000 options, 2 players"] = lambda plain=plain: plain(named, (100, 100))  # type: ignore[misc]
    wide = random.random((MILLION, 2))
    works["corners of a million random options"] = lambda: hull_of(wide)
    works["nash_lottery, a million options, 2 players"] = lambda: nash_lottery(wide, (0, 0))
    few = random.integers(0, 100, (12, 2))
    works["overview of 12 options"] = lambda: overview(few, (20, 20))
    return works


def talks() -> Works:
    """Alternating offers with everything on."""
    terms = Talks(100, ("9/10", "4/5"), breakdown="1/20", while_talking=(10, 5), leaving=(12, 30), when_broken=(2, 3))
    return {
        "alternating offers without a last round": lambda: stationary_split(terms),
        "alternating offers, 200 rounds": lambda: finite_split(terms, 200),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long frontiers and bargaining rules take.")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each")
    parser.add_argument("--json", action="store_true", help="as a document")
    arguments = parser.parse_args()
    repeats = max(1, arguments.repeats)
    table = {
        name: seconds(work, repeats) for works in (frontiers(), solutions(), talks()) for name, work in works.items()
    }
    worst = max(value for name, value in table.items() if name.startswith("a million, two players"))
    if arguments.json:
        print(json.dumps({"seconds": table, "aim": AIM, "worst of a million": worst}, indent=2))
        return
    for name, value in table.items():
        print(f"{name:56}{value:10.4f}")
    print(f"\nslowest million of two players: {worst:.3f} s, aim {AIM:g} s: {'kept' if worst <= AIM else 'MISSED'}")


if __name__ == "__main__":
    main()
