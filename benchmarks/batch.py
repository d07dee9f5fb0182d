"""Many games at once: `python benchmarks/batch.py [--games 10000] [--repeats 5]`.

All equilibria of random two-player games of one shape, against a loop over a peer that gets the same games in the same
run: ratios say more than microseconds. Each measurement of ours is followed by one of the peer's, and medians are taken
of both. The peer is given as many of the games as fit in its patience; on these the answers are compared. Peers that
are not installed are left out with a reason (`make bench` sets them up; see the extra `bench`).

Then: what ties cost; cost against the number of games; backward induction over draws against draws and outcomes; and
peaks of memory, each in a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.batch import backward_induction_over_draws
from gamecore.equilibria.batch_games import BatchEquilibria, solve_batch
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import Node, NodeKind, Tree

Floats = npt.NDArray[np.float64]
Found = list[tuple[Any, Any]]
Solver = Callable[[Floats, Floats], Found]

AIMS = {2: 30, 3: 30, 4: 30, 5: 30, 6: 15, 8: 4}
"""At least so many times as quick as quantecon, by options a player."""

NASHPY_AIM = 2_000  # at 3x3
TREE_AIM = 15  # nanoseconds per leaf and draw
MEMORY_AIM = 500  # MB

PATIENCE = 1.5  # seconds of a peer for one measurement

TREES = ((2, 4), (2, 6), (2, 8), (4, 4), (8, 2))  # branches a node, moves on a path
OFFERS = (4, 16, 64, 256)

MEMORY = {
    "1,000,000 games of 3x3": "games(3, 1_000_000)",
    "10,000 games of 8x8": "games(8, 10_000)",
    "tree of 256 leaves, 50,000 draws": "tree(2, 8, 50_000)",
}
PROGRAM = "from benchmarks.batch import games, tree, peak; before, after = peak(lambda: {}); print(before, after)"


def quantecon() -> Solver:
    """Support enumeration, the quickest of its solvers."""
    module: Any = import_module("quantecon.game_theory")

    def solve(first: Floats, second: Floats) -> Found:
        players = module.Player(first), module.Player(np.ascontiguousarray(second.T))
        found: Found = module.support_enumeration(module.NormalFormGame(players))
        return found

    return solve


def nashpy() -> Solver:
    """Support enumeration."""
    module: Any = import_module("nashpy")
    return lambda first, second: list(module.Game(first, second).support_enumeration())


def installed(name: str, prepare: Callable[[], Solver]) -> Solver | None:
    """The peer, or None, and the reason is told."""
    try:
        return prepare()
    except ImportError as missing:
        print(f"{name}: left out, {missing}")
        return None


def random_games(size: int, count: int) -> tuple[Floats, Floats]:
    """Payoffs between 0 and 1, axes (game, row, column)."""
    rng = np.random.default_rng([size, count])
    return rng.random((count, size, size)), rng.random((count, size, size))


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, once."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def loop(solver: Solver, tables: tuple[Floats, Floats], count: int) -> list[Found]:
    """The peer on the first `count` games, one after the other."""
    return [solver(tables[0][game], tables[1][game]) for game in range(count)]


def equal(found: BatchEquilibria, theirs: list[Found]) -> int:
    """In how many games the peer finds the same equilibria."""
    same = 0
    for game, listed in enumerate(theirs):
        here = found.of(game)
        ours = sorted((*x, *y) for x, y in zip(found.x[here].tolist(), found.y[here].tolist(), strict=True))
        others = sorted((*map(float, x), *map(float, y)) for x, y in listed)
        same += np.shape(ours) == np.shape(others) and np.allclose(ours, others, atol=1e-6)
    return same


def against(peer: tuple[str, Solver], size: int, arguments: argparse.Namespace, aim: float, code: str) -> None:
    """One line: ours and the peer's, turn by turn."""
    name, solver = peer
    tables = random_games(size, arguments.games)
    compiled = code == "compiled"
    found = solve_batch(*tables, compiled=compiled)
    loop(solver, tables, 2)
    each = seconds(lambda: loop(solver, tables, 3)) / 3
    count = max(3, min(arguments.games, int(PATIENCE / each)))
    ours, theirs = [], []
    for _ in range(arguments.repeats):
        ours.append(seconds(lambda: solve_batch(*tables, compiled=compiled)) / arguments.games)
        theirs.append(seconds(lambda: loop(solver, tables, count)) / count)
    mine, other = statistics.median(ours), statistics.median(theirs)
    same = equal(found, loop(solver, tables, count))
    ratio = other / mine
    print(
        f"{size}x{size} {code:9}{1e6 * mine:9.2f} us {name:10}{1e6 * other:9.1f} us{ratio:8.0f}x  aim {aim:5.0f}x "
        f"{'met' if ratio >= aim else 'missed':7} {same} of {count} games equal"
    )


def alone(size: int, arguments: argparse.Namespace, code: str) -> None:
    """One line without a peer."""
    tables = random_games(size, arguments.games)
    runs = [seconds(lambda: solve_batch(*tables, compiled=code == "compiled")) for _ in range(arguments.repeats + 1)]
    print(f"{size}x{size} {code:9}{1e6 * statistics.median(runs[1:]) / arguments.games:9.2f} us")


def full_tree(width: int, depth: int) -> Tree:
    """Two players who move in turn, `width` branches at each node."""
    inner = (width**depth - 1) // (width - 1)
    nodes: list[Node] = []
    ends = 0

    def grow(left: int, player: int) -> int:
        nonlocal ends
        number = len(nodes)
        nodes.append(Node(NodeKind.END, end=ends))
        if left == 0:
            ends += 1
            return number
        children = tuple(grow(left - 1, 1 - player) for _ in range(width))
        nodes[number] = Node(NodeKind.MOVE, children, player=player, information_set=number)
        return number

    grow(depth, 0)
    if len(nodes) != inner + width**depth:
        raise SystemExit("the tree has another number of nodes than it should")
    return Tree(2, tuple(nodes))


def offer(outcomes: int) -> Tree:
    """One of two players offers an outcome or nothing, the other says yes or no."""
    ends = [Node(NodeKind.END, end=number) for number in range(outcomes + 1)]
    return Tree(2, (Node(NodeKind.AGREEMENT, tuple(range(1, outcomes + 2)), by=(0, 1)), *ends))


OFFER = Bargaining(by=(0, 1), proposers=(0,), keep=((1.0, 1.0),), breakdown=0.0)


def induction(played: Tree, draws: int, repeats: int) -> float:
    """Nanoseconds per leaf and draw."""
    payoffs = np.random.default_rng(1).normal(size=(2, played.ends, draws))
    talks = {0: OFFER} if played.nodes[0].kind is NodeKind.AGREEMENT else {}
    runs = [
        seconds(lambda: backward_induction_over_draws(played, payoffs, talks, keep=(0,))) for _ in range(repeats + 1)
    ]
    return 1e9 * statistics.median(runs[1:]) / played.ends / draws


# ---- memory: called by name in a process of its own


def games(size: int, count: int) -> None:
    """Solve random games."""
    solve_batch(*random_games(size, count))


def tree(width: int, depth: int, draws: int) -> None:
    """Play a tree; its payoffs count."""
    played = full_tree(width, depth)
    backward_induction_over_draws(played, np.random.default_rng(1).normal(size=(2, played.ends, draws)), {}, keep=(0,))


def peak(work: Callable[[], object]) -> tuple[float, float]:
    """The most memory this process has had, before and after, in MB; it starts with what its parent had."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    work()
    return before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Many games at once.")
    parser.add_argument("--games", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # peers tell of games they cannot take
    print(f"Peak of memory, before and after, MB (aim {MEMORY_AIM})")
    for name, call in MEMORY.items():
        told = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(call)], check=True, capture_output=True, text=True
        ).stdout.split()
        print(f"{name:36}{float(told[0]):7.0f}{float(told[1]):7.0f}")

    peer, slow = installed("quantecon", quantecon), installed("nashpy", nashpy)
    codes = ["numpy", "compiled"] if find_spec("numba") is not None else ["numpy"]
    if "compiled" not in codes:
        print("compiled code: left out, numba is not installed")
    print(f"\nAll equilibria of {arguments.games} random games, time of one")
    for size, aim in AIMS.items():
        for code in codes:
            if peer is None:
                alone(size, arguments, code)
            else:
                against(("quantecon", peer), size, arguments, aim, code)
    if slow is not None:
        against(("nashpy", slow), 3, arguments, NASHPY_AIM, codes[-1])

    print("\nGames with ties (whole numbers from -9 to 9), 1,000 games")
    rng = np.random.default_rng(2)
    for size in (2, 3, 4):
        tables = [rng.integers(-9, 10, (1_000, size, size)).astype(float) for _ in range(2)]
        spent = seconds(lambda tables=tables: solve_batch(*tables))  # type: ignore[misc]
        share = solve_batch(*tables).exact.mean()
        print(f"{size}x{size} {1e3 * spent:9.1f} us a game, {share:.0%} solved in rationals")

    print("\n3x3, time of one game against the number of games")
    for count in (1_000, 10_000, 100_000, 1_000_000):
        tables = list(random_games(3, count))
        runs = [seconds(lambda tables=tables: solve_batch(*tables)) for _ in range(3)]  # type: ignore[misc]
        print(f"{count:9} games {1e6 * statistics.median(runs) / count:9.2f} us")

    print(f"\nBackward induction over draws, two players, ns per leaf and draw (aim {TREE_AIM})")
    sorts = {f"{width**depth} leaves, {width} a node": full_tree(width, depth) for width, depth in TREES}
    for name, played in (sorts | {f"offer of one of {count} outcomes": offer(count) for count in OFFERS}).items():
        shown = [f"{induction(played, draws, arguments.repeats):6.1f}" for draws in (1_000, 10_000, 50_000)]
        print(f"{name:32} 1,000 draws {shown[0]}, 10,000 {shown[1]}, 50,000 {shown[2]}")


if __name__ == "__main__":
    main()
