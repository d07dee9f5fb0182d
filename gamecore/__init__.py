"""Gamecore: from a negotiation to a one-page brief with three options.

A negotiation is written as players, options, timing and payoffs. The package reads it (`scenario`, `model`), values
every outcome for every player (`valuation`), builds the game (`games`), finds who does what when nobody gains by moving
alone (`equilibria`) and what all sides can live with (`compromises`), says how sure that is (`robustness`), recommends
(`advice`) and writes the page (`brief`). `pipeline.analyse` is the whole walk; `cli` is the command line.

A game by itself - an array, a game file, a scenario - is solved by `gamecore.solve`; `gamecore.read_game` reads a file
of Gambit's. Many games of one shape are solved at once by `gamecore.solve_batch` (two players) and
`gamecore.solve_pure_batch` (more). All are loaded when they are first used.

>>> import gamecore
>>> gamecore.solve([[[2, 0], [0, 1]], [[1, 0], [0, 2]]]).pure
((0, 0), (1, 1))
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

__version__ = "0.1.0"

# Named as texts, so that `import gamecore` loads no solver.
_WHERE: Final = {
    "Limits": "gamecore.solving",
    "read_game": "gamecore.games.gambit",
    "solve": "gamecore.solving",
    "solve_batch": "gamecore.equilibria.batch_games",
    "solve_pure_batch": "gamecore.equilibria.batch_games",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
