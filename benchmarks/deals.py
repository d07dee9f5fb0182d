"""How long deals over many issues take: `python benchmarks/deals.py [--repeats 5] [--opposed] [--json]`.

The frontier and all solutions of 1,965,600 deals over seven issues, by merging and by looking at every deal; then the
frontier of a million random points, beside NegMAS on the same points in the same run if it is installed (AGPL-3.0; it
lives in the environment of the benchmarks alone, and nothing of the project imports it). Medians in seconds of this
machine; imports are not counted.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from gamecore.compromises.deals.frontier import deal_frontier, frontier_by_enumeration
from gamecore.compromises.deals.passing import passing_deals
from gamecore.compromises.deals.points import undominated
from gamecore.compromises.deals.solutions import solutions
from gamecore.compromises.deals.space import DealSpace, Interaction
from gamecore.compromises.deals.trades import trades

SIZES = (5, 6, 7, 8, 9, 10, 13)  # 1,965,600 deals
AIM = 2.0
"""Seconds for the frontier and the solutions of 1.9 million deals."""
POINTS = 1_000_000
TIMES = 5.0
"""How much quicker than the peer the frontier of the points has to be."""


def space(parties: int = 2, *, digits: int = 2, interacts: bool = False, against: bool = False) -> DealSpace:
    """Points at random, the same at every call; `against`: what one gains another loses, nearly."""
    random = np.random.default_rng(7)

    def points() -> tuple[float, ...]:
        row = random.random(parties)
        if against:
            row[-1] = 1 - row[0] + 0.1 * row[-1]
        return tuple(round(float(value), digits) for value in row)

    issues = {f"issue {k}": {f"option {j}": points() for j in range(size)} for k, size in enumerate(SIZES)}
    adds: dict[tuple[str, ...], Any] = {(f"option {a}", f"option {b}"): points() for a in range(5) for b in range(6)}
    ties = [Interaction(("issue 0", "issue 1"), adds)] if interacts else []
    names = [f"party {i}" for i in range(parties)]
    return DealSpace.from_points(names, issues, interactions=ties, no_agreement=(1,) * parties)


def seconds(work: Callable[[], object], repeats: int) -> float:
    """The median of several runs, after one that is not counted."""
    work()
    measured = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        measured.append(time.perf_counter() - begun)
    return statistics.median(measured)


def of_spaces(repeats: int) -> dict[str, float]:
    """Seconds from a space to the frontier and every solution, deals named; a space is built anew for each run."""
    kinds: dict[str, dict[str, Any]] = {
        "two parties": {},
        "two parties, sixteen digits": {"digits": 16},
        "two parties, two issues interact": {"interacts": True},
        "two parties, nearly opposed": {"against": True},
        "three parties": {"parties": 3},
    }
    found = {}
    for name, kind in kinds.items():
        merged, looked = deal_frontier(space(**kind)), frontier_by_enumeration(space(**kind))
        if merged.points != looked.points:
            raise SystemExit(f"{name}: the two methods disagree")
        found[f"{name}: merging, solutions"] = seconds(lambda k=kind: solutions(deal_frontier(space(**k))), repeats)  # type: ignore[misc]
        found[f"{name}: every deal looked at"] = seconds(
            lambda k=kind: frontier_by_enumeration(space(**k)),  # type: ignore[misc]
            repeats,
        )
    three = space(3)
    start = tuple(issue.options[0] for issue in three.issues)
    found["three parties: which deals pass"] = seconds(lambda: passing_deals(three, quorum=2, most=10), repeats)
    found["three parties: trades of two issues"] = seconds(lambda: trades(three, start), repeats)
    return found


def peers() -> dict[str, Callable[[Any], Any]]:
    """NegMAS's frontiers of raw points that finish on a million of them."""
    if importlib.util.find_spec("negmas") is None:
        return {}
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    from negmas.preferences import ops  # type: ignore[import-not-found,unused-ignore]

    return {"NegMAS pareto_frontier_numpy": ops.pareto_frontier_numpy}


def of_points(repeats: int, *, opposed: bool = False) -> dict[str, dict[str, float]]:
    """Seconds for a million points of each kind, ours and the peer's; the frontiers are compared first.

    With `opposed`, points of which one side gains nearly what the other loses as well: there the peer takes minutes.
    """
    random = np.random.default_rng(0)
    square = random.random((POINTS, 2))
    kinds = {
        "two values, square": square,
        "two values, disc": _disc(random, 2),
        "three values, cube": random.random((POINTS, 3)),
    }
    if opposed:
        nearly = np.stack([square[:, 0], 1 - square[:, 0] + 0.01 * square[:, 1]], axis=1)
        kinds["two values, nearly opposed"] = nearly
    table: dict[str, dict[str, float]] = {}
    for kind, points in kinds.items():
        row = {"gamecore": seconds(lambda p=points: undominated(p), repeats)}  # type: ignore[misc]
        ours = {tuple(one) for one in points[undominated(points)].tolist()}
        row["on the frontier"] = float(len(ours))
        for name, solve in peers().items():
            begun = time.perf_counter()
            theirs = {tuple(one) for one in points[np.asarray(solve(points))].tolist()}
            row[name] = time.perf_counter() - begun
            if theirs != ours:
                raise SystemExit(f"{kind}: {name} has {len(theirs)} points on the frontier, we have {len(ours)}")
            if row[name] < 5:  # long ones are run once
                row[name] = seconds(lambda p=points, s=solve: s(p), repeats)  # type: ignore[misc]
            row["times as quick"] = row[name] / row["gamecore"]
        table[kind] = row
    return table


def _disc(random: np.random.Generator, parties: int) -> Any:
    directions = np.abs(random.normal(size=(POINTS, parties)))
    sizes = random.random((POINTS, 1)) ** (1 / parties)
    return sizes * directions / np.linalg.norm(directions, axis=1, keepdims=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long deals over many issues take.")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each")
    parser.add_argument("--opposed", action="store_true", help="nearly opposed points too: minutes of the peer's")
    parser.add_argument("--json", action="store_true", help="as a document")
    arguments = parser.parse_args()
    repeats = max(1, arguments.repeats)
    deals, points = of_spaces(repeats), of_points(repeats, opposed=arguments.opposed)
    slowest = max(deals.values())
    if arguments.json:
        print(json.dumps({"deals": space().count, "seconds": deals, "points": points, "aim": AIM}, indent=2))
        return
    print(f"{space().count:,} deals, s")
    for name, value in deals.items():
        print(f"{name:52}{value:10.3f}")
    print(f"slowest {slowest:.3f} s, aim {AIM:g} s: {'kept' if slowest <= AIM else 'MISSED'}\n")
    print(f"{POINTS:,} points, s")
    for kind, row in points.items():
        print(f"{kind:32}" + "  ".join(f"{name} {value:.4g}" for name, value in row.items()))
    least = [row["times as quick"] for row in points.values() if "times as quick" in row]
    if least:
        print(f"least {min(least):.1f} times as quick, aim {TIMES:g}: {'kept' if min(least) >= TIMES else 'MISSED'}")
    else:
        print("NegMAS is not installed here: `make bench` installs it")


if __name__ == "__main__":
    main()
