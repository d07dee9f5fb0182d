"""Two-player solvers side by side: `python benchmarks/solvers.py [--repeats 5] [--games 100]`.

All solvers get the same games in the same run, so the ratios say more than the milliseconds. Peers that are not
installed are left out with a reason: pygambit and quantecon are no dependencies of the project (`pip install pygambit
quantecon` into an environment of its own). The first table is about time: payoffs are whole numbers from 0 to 99,
medians over several games. The second counts how often a solver finds exactly the extreme equilibria.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.strategic import StrategicGame

Tables = npt.NDArray[np.int64]
"""Axes (player, row, column)."""
Found = list[tuple[Any, Any]]
Solver = Callable[[Tables], Found]

SIZES = (2, 3, 4, 5, 6, 7, 8)

PATIENCE = 2.0
"""Seconds of one game after which a solver is not asked for larger ones."""


def gamecore(tables: Tables) -> Found:
    """What is measured here, with its certificates and components."""
    solution = two_player_equilibria(StrategicGame.from_array(tables))
    return [(one.strategies[0], one.strategies[1]) for one in solution.equilibria]


def gambit(*, exact: bool) -> Solver:
    """Gambit's enumeration of mixed equilibria, in rationals or in floats."""
    pygambit: Any = import_module("pygambit")

    def solve(tables: Tables) -> Found:
        game = pygambit.Game.from_arrays(tables[0].tolist(), tables[1].tolist())
        first, second = game.players
        profiles = pygambit.nash.enummixed_solve(game, rational=exact).equilibria
        return [
            (
                [profile[strategy] for strategy in first.strategies],
                [profile[strategy] for strategy in second.strategies],
            )
            for profile in profiles
        ]

    return solve


def nashpy(method: str) -> Solver:
    """Ask nashpy, by one of its enumerations."""
    module: Any = import_module("nashpy")
    return lambda tables: list(getattr(module.Game(tables[0], tables[1]), method)())


def quantecon(method: str) -> Solver:
    """QuantEcon by one of its enumerations."""
    module: Any = import_module("quantecon.game_theory")

    def solve(tables: Tables) -> Found:
        first, second = (np.ascontiguousarray(table, dtype=float) for table in (tables[0], tables[1].T))
        found: Found = getattr(module, method)(module.NormalFormGame((module.Player(first), module.Player(second))))
        return found

    return solve


PEERS: dict[str, Callable[[], Solver]] = {
    "gambit, exact": lambda: gambit(exact=True),
    "gambit, float": lambda: gambit(exact=False),
    "nashpy, vertices": lambda: nashpy("vertex_enumeration"),
    "nashpy, supports": lambda: nashpy("support_enumeration"),
    "quantecon, vertices": lambda: quantecon("vertex_enumeration"),
    "quantecon, supports": lambda: quantecon("support_enumeration"),
}


GIVES_UP = (ArithmeticError, RuntimeError, ValueError)
"""What peers raise on games they cannot take: a singular matrix, a flat polytope."""


def installed() -> dict[str, Solver]:
    """The peers there are; the others are named with the reason."""
    solvers: dict[str, Solver] = {}
    for name, prepare in PEERS.items():
        try:
            solvers[name] = prepare()
        except ImportError as missing:
            print(f"{name}: left out, {missing}")
    return solvers


def seconds(solver: Solver, games: list[Tables]) -> float:
    """The median time of a game, after one that is not counted; a solver that gives up has used its time as well."""
    measured = []
    for tables in [games[0], *games]:
        begun = time.perf_counter()
        with suppress(*GIVES_UP):
            solver(tables)
        measured.append(time.perf_counter() - begun)
    return statistics.median(measured[1:])


def rounded(found: Found) -> set[tuple[tuple[float, ...], ...]]:
    """Profiles that can be compared."""
    return {tuple(tuple(round(float(c), 6) + 0.0 for c in one) for one in profile) for profile in found}


def agrees(solver: Solver, tables: Tables, expected: set[tuple[tuple[float, ...], ...]]) -> bool:
    """Whether a solver finds exactly what is expected."""
    with suppress(*GIVES_UP):
        return rounded(solver(tables)) == expected
    return False


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Two-player solvers side by side.")
    parser.add_argument("--repeats", type=int, default=5, help="games of each size")
    parser.add_argument("--games", type=int, default=100, help="games of each kind of the second table")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    random = np.random.default_rng(0)
    peers = installed()
    print(f"\n{'milliseconds a game':22}" + "".join(f"{size}x{size}".rjust(14) for size in SIZES))
    games = {
        size: [random.integers(0, 100, size=(2, size, size)) for _ in range(max(1, arguments.repeats))]
        for size in SIZES
    }
    ours = {size: seconds(gamecore, games[size]) for size in SIZES}
    print(f"{'gamecore, exact':22}" + "".join(f"{1000 * ours[size]:14.2f}" for size in SIZES))
    for name, solver in peers.items():
        cells, last = "", 0.0
        for size in SIZES:
            if last > PATIENCE:
                cells += "-".rjust(14)
                continue
            last = seconds(solver, games[size])
            cells += f"{1000 * last:8.2f} {last / ours[size]:4.1f}x"
        print(f"{name:22}{cells}")
    kinds = {"payoffs 1..3": (1, 4), "dollars -0.5bn..3bn": (-5 * 10**8, 3 * 10**9)}
    print(f"\n{'complete, of ' + str(arguments.games) + ' 3x3':22}" + "".join(kind.rjust(24) for kind in kinds))
    counts: dict[str, list[int]] = {name: [] for name in peers}
    for low, high in kinds.values():
        tied = [random.integers(low, high, size=(2, 3, 3)) for _ in range(arguments.games)]
        expected = [rounded(gamecore(tables)) for tables in tied]
        for name, solver in peers.items():
            counts[name].append(sum(agrees(solver, *one) for one in zip(tied, expected, strict=True)))
    for name, row in counts.items():
        print(f"{name:22}" + "".join(f"{count:24}" for count in row))


if __name__ == "__main__":
    main()
