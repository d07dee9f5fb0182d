"""Backward induction on trees of a million leaves: `python benchmarks/trees.py [--repeats 3]`.

Each tree is solved by `solve_large` in a process of its own, so that its peak of memory is its own. The aim is 2 s and
1 GB; the ratio is to adding up as many Python integers in the same process.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time

SHAPES = {"2^20 leaves, two moves a node": (2, 20), "4^10 leaves, four moves a node": (4, 10), "16^5 leaves": (16, 5)}

PROGRAM = "import sys; from benchmarks.trees import measure; measure(int(sys.argv[1]), int(sys.argv[2]))"


def measure(width: int, depth: int) -> None:
    """Solve one tree of two players who move in turn, and print its time and memory as JSON."""
    import numpy as np

    from gamecore.equilibria.large_trees import ArrayTree, solve_large

    inner = (width**depth - 1) // (width - 1)
    nodes = inner + width**depth
    level = np.repeat(np.arange(depth + 1), [width**number for number in range(depth + 1)])
    mover = np.where(np.arange(nodes) < inner, level % 2, -1)
    parent = np.concatenate([[-1], (np.arange(1, nodes) - 1) // width])
    payoffs = np.random.default_rng(7).integers(0, 10**9, size=(2, width**depth))
    begun = time.perf_counter()
    sum(range(nodes))
    bare = time.perf_counter() - begun
    begun = time.perf_counter()
    solution = solve_large(ArrayTree(mover, parent, 2), payoffs)
    seconds = time.perf_counter() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"seconds": seconds, "bare": bare, "megabytes": megabytes, "status": solution.status.value}
    sys.stdout.write(json.dumps(told))


def main() -> None:
    """Measure every shape and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    print(f"{'tree':32} {'seconds':>8} {'x sum':>7} {'MB':>6}  aim: 2 s, 1,000 MB")
    for name, (width, depth) in SHAPES.items():
        runs = []
        for _ in range(repeats):
            command = [sys.executable, "-c", PROGRAM, str(width), str(depth)]
            runs.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
        seconds = statistics.median(run["seconds"] for run in runs)
        bare = statistics.median(run["bare"] for run in runs)
        peak = max(run["megabytes"] for run in runs)
        print(f"{name:32} {seconds:8.2f} {seconds / bare:7.1f} {peak:6.0f}  {runs[0]['status']}")


if __name__ == "__main__":
    main()
