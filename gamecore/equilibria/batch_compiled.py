"""The determinants of `batch_minors` by compiled code, where numba is installed: the same numbers, in less time.

Every number comes from the same products, added in the same order, and none is fused or reordered, so that nothing
depends on whether numba is there. It costs half a second to load, and once a second or two to compile (what was
compiled is kept beside the module or in the user's cache), so it is only asked for where it saves more than that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from math import comb
from typing import Any, Final

import numpy as np

from gamecore.equilibria.batch_minors import Floats, Workspace, dropped, members, minors

__all__ = ["COMPILED_FROM", "compiled_minors", "worth_compiling"]

COMPILED_FROM: Final = 2_000_000_000
"""Products from which loading numba pays: some three seconds without it."""

BLOCK: Final = 512
"""Games that are gone through together: what they are computed from stays near the processor."""


def worth_compiling(products: int) -> bool:
    """Whether compiled code is there and pays for so many products: always if numba is loaded anyway."""
    return "numba" in sys.modules or (products >= COMPILED_FROM and find_spec("numba") is not None)


def compiled_minors(table: Floats, before: Floats, size: int, space: Workspace, name: object) -> Floats:
    """As `minors`, of which it takes the first size."""
    rows, columns, games = table.shape
    if size == 1:
        return minors(table, before, size, space, name)
    chosen = members(columns, size + 1)
    found = space.array((name, size % 2), (comb(rows, size), chosen.shape[1], games))
    starts = np.array([comb(last, size) for last in range(rows + 1)], dtype=np.intp)
    _kernel()(table, before, chosen, dropped(columns, size + 1), starts, found)
    return found


@cache
def _kernel() -> Callable[..., None]:
    numba: Any = import_module("numba")
    compiled: Callable[..., None]
    try:
        compiled = numba.njit(_expand, cache=True, nogil=True)
    except RuntimeError:  # nowhere to keep it
        compiled = numba.njit(_expand, nogil=True)
    return compiled


def _expand(table: Any, before: Any, chosen: Any, smaller: Any, starts: Any, found: Any) -> None:  # noqa: PLR0917 # compiled functions take no keywords quickly
    """Fill `found` (`S`, `T`, game) by expansion along the last row, as `minors` does."""
    terms, subsets = chosen.shape
    games = table.shape[2]
    for begun in range(0, games, BLOCK):
        ended = min(begun + BLOCK, games)
        for last in range(terms - 2, table.shape[0]):
            for s in range(starts[last], starts[last + 1]):
                source = before[s - starts[last]]
                for t in range(subsets):
                    into = found[s, t, begun:ended]
                    for p in range(terms):
                        minor = source[smaller[p, t], begun:ended]
                        factor = table[last, chosen[p, t], begun:ended]
                        if p == 0:
                            if terms % 2 == 0:
                                for game in range(into.size):
                                    into[game] = minor[game] * factor[game]
                            else:
                                for game in range(into.size):
                                    into[game] = minor[game] * -factor[game]
                        elif (terms + p) % 2 == 0:
                            for game in range(into.size):
                                into[game] += minor[game] * factor[game]
                        else:
                            for game in range(into.size):
                                into[game] -= minor[game] * factor[game]
