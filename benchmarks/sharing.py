"""How long exact shares take: `python benchmarks/sharing.py [--repeats 5] [--json]`.

The nucleolus with its proof, built and judged, for games of several kinds and sizes; then the other answers for the
largest size that is aimed at. Medians in seconds of this machine. Imports are not counted, except in the last line: a
fresh process that solves one game.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np

from gamecore.compromises.sharing.core import core, core_range
from gamecore.compromises.sharing.judge import nucleolus_faults
from gamecore.compromises.sharing.nucleolus import least_core, nucleolus, prenucleolus
from gamecore.compromises.sharing.shapley import shapley_value
from gamecore.compromises.sharing.structures import stable_structures
from gamecore.games.coalition import CoalitionGame, bankruptcy_game, coalition_sums

ROOT = Path(__file__).resolve().parent.parent
SIZES = (4, 6, 8, 10, 12)
AIMED_AT = 10
AIM = 1.0
"""Seconds for the nucleolus of ten players with its proof."""

PROGRAM = (
    "import benchmarks.sharing as b; from gamecore.compromises.sharing.nucleolus import nucleolus; "
    "nucleolus(b.superadditive(10, b.np.random.default_rng(0)))"
)

Random = np.random.Generator


def _game(values: list[int]) -> CoalitionGame:
    players = len(values).bit_length() - 1
    return CoalitionGame(tuple(f"player {place}" for place in range(players)), tuple(map(Fraction, [0, *values[1:]])))


def scattered(players: int, random: Random) -> CoalitionGame:
    """Worths at random, up to a million: no ties, mostly an empty core."""
    return _game(random.integers(0, 10**6, 1 << players).tolist())


def superadditive(players: int, random: Random) -> CoalitionGame:
    """Worths that grow with the square of the size, and noise: what joint ventures look like."""
    noise = random.integers(80, 120, 1 << players)
    return _game([int(noise[coalition]) * coalition.bit_count() ** 2 for coalition in range(1 << players)])


def convex(players: int, random: Random) -> CoalitionGame:
    """The square of the members' sum: a large core."""
    return _game([int(total) ** 2 for total in coalition_sums(random.integers(1, 30, players).tolist())])


def tied(players: int, random: Random) -> CoalitionGame:
    """Worths from 0 to 2: very many ties."""
    return _game(random.integers(0, 3, 1 << players).tolist())


def voting(players: int, random: Random) -> CoalitionGame:
    """A majority of weighted votes."""
    votes = random.integers(1, 20, players).tolist()
    return _game([int(2 * total > sum(votes)) for total in coalition_sums(votes)])


def bankrupt(players: int, random: Random) -> CoalitionGame:
    """Half of all claims."""
    claims = {f"claimant {place}": Fraction(int(random.integers(1, 500))) for place in range(players)}
    return bankruptcy_game(Fraction(sum(claims.values()), 2), claims)


KINDS: tuple[Callable[[int, Random], CoalitionGame], ...] = (scattered, superadditive, convex, tied, voting, bankrupt)


def seconds(work: Callable[[], object], repeats: int) -> float:
    """The median of several runs, after one that is not counted."""
    work()
    measured = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        measured.append(time.perf_counter() - begun)
    return statistics.median(measured)


def nucleoli(repeats: int) -> dict[str, dict[int, float]]:
    """Seconds by kind and number of players."""
    found: dict[str, dict[int, float]] = {}
    for kind in KINDS:
        random = np.random.default_rng(0)
        found[kind.__name__] = {}
        for players in SIZES:
            game = kind(players, random)
            answer = nucleolus(game)
            floors = answer.kind == "nucleolus"
            if nucleolus_faults(game, answer.shares, answer.levels, floors=floors):
                raise SystemExit(f"{kind.__name__}, {players} players: the proof does not hold")
            found[kind.__name__][players] = seconds(lambda game=game: nucleolus(game), repeats)  # type: ignore[misc]
    return found


def others(repeats: int) -> dict[str, float]:
    """Seconds of every other answer for ten players."""
    game = superadditive(AIMED_AT, np.random.default_rng(0))
    found = core(game)
    works: dict[str, Callable[[], object]] = {
        "shapley value": lambda: shapley_value(game),
        "core": lambda: core(game),
        "core, range of each player": lambda: core_range(game, found),
        "least core": lambda: least_core(game),
        "prenucleolus": lambda: prenucleolus(game),
        "best structures and their core": lambda: stable_structures(game),
        "a fresh process and a nucleolus": lambda: subprocess.run(
            [sys.executable, "-c", PROGRAM], check=True, cwd=ROOT
        ),
    }
    return {name: seconds(work, repeats) for name, work in works.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long exact shares take.")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each")
    parser.add_argument("--json", action="store_true", help="as a document")
    arguments = parser.parse_args()
    table = nucleoli(max(1, arguments.repeats))
    rest = others(max(1, arguments.repeats))
    worst = max(row[AIMED_AT] for row in table.values())
    if arguments.json:
        print(json.dumps({"nucleolus": table, "ten players": rest, "aim": AIM, "worst of ten": worst}, indent=2))
        return
    print(f"{'nucleolus with proof, s':32}" + "".join(f"{size} players".rjust(12) for size in SIZES))
    for kind, row in table.items():
        print(f"{kind:32}" + "".join(f"{row[size]:12.3f}" for size in SIZES))
    print(f"\nslowest with {AIMED_AT} players: {worst:.3f} s, aim {AIM:g} s: {'kept' if worst <= AIM else 'MISSED'}\n")
    for name, value in rest.items():
        print(f"{name:32}{value:12.3f}")


if __name__ == "__main__":
    main()
