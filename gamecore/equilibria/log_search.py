"""Roots of a support's equations whose chances differ by many orders of magnitude, looked for in logarithms.

With payoffs from 1e-9 to 1e12 in one game an equilibrium can use an option once in 10^20 times. Neither cells of equal
width nor Newton's method in the chances get there. In `z = log(x_a / x_first)` an equation

    sum of (positive coefficients times chances) = sum of (negative ones, without their sign)

is a difference of two log-sum-exps, whose slopes lie between -1 and 1 in each `z` whatever the scale. Newton's method
in these coordinates starts from points drawn over many orders of magnitude. It only proposes: each root is isolated and
judged like any other (`support_system`, `polishing`), and finding none proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.support_system import Root, SupportSystem

__all__ = ["STARTS", "roots_over_many_scales"]

STARTS: Final = 40
"""Points that are started from."""

STEPS: Final = 60
"""Newton steps from each of them at most."""

LONGEST_STEP: Final = 8.0
"""In logarithms: a longer step is cut."""

SETTLED: Final = 1e-9
"""Both sides of every equation agree to this, in logarithms."""

FARTHEST: Final = 140.0
"""Logarithm of the largest ratio of chances: beyond it they could not be isolated (`support_system.BITS`)."""

Floats = npt.NDArray[np.float64]


def roots_over_many_scales(
    system: SupportSystem, *, starts: int = STARTS, should_stop: Callable[[], bool] | None = None
) -> Iterator[Root]:
    """Isolated roots with positive chances, each once; not all that there are. The same ones every time."""
    equations = [_Equation(system, place, row) for place, rows in enumerate(system.equations) for row in rows]
    if not all(one.both_signs for one in equations):
        return
    random = np.random.default_rng(0)
    found: set[tuple[float, ...]] = set()
    for number in range(starts):
        if should_stop is not None and should_stop():
            return
        spread = (0.0, 3.0, 12.0, 25.0)[min(number, 1 + number % 3)]
        ratios = _newton(equations, random.uniform(-spread, spread, system.unknowns))
        if ratios is None or (rough := tuple(ratios.round(4).tolist())) in found:
            continue
        found.add(rough)
        root = system.isolate(_mixtures(system, ratios), exactly=True)
        if root is not None and all(min(mixture) > root.radius for mixture in root.mixtures):
            yield root


class _Equation:
    """The positive and the negative terms of one equation: logarithms of coefficients, and which ratios they have."""

    def __init__(self, system: SupportSystem, place: int, row: npt.NDArray[Any]) -> None:
        starts = np.concatenate([[0], np.cumsum([size - 1 for size in system.sizes])])
        others = [mixer for mixer in range(len(system.sizes)) if mixer != place]
        terms: dict[bool, list[tuple[float, list[int]]]] = {True: [], False: []}
        for chosen in np.ndindex(row.shape):
            value = int(row[chosen])
            if value:
                used = [int(starts[mixer]) + option - 1 for mixer, option in zip(others, chosen, strict=True) if option]
                terms[value > 0].append((_log(abs(value)), used))
        self.both_signs = bool(terms[True] and terms[False])
        self._sides = [_side(terms[sign], system.unknowns) for sign in (True, False)]

    def value(self, ratios: Floats) -> tuple[float, Floats]:
        """How far the sides are apart, in logarithms, and its slope."""
        worth, slope = 0.0, np.zeros(len(ratios))
        for sign, (logs, used) in zip((1.0, -1.0), self._sides, strict=True):
            powers = logs + used @ ratios
            top = float(powers.max())
            shares = np.exp(powers - top)
            total = float(shares.sum())
            worth += sign * (top + float(np.log(total)))
            slope += sign * (shares @ used) / total
        return worth, slope


def _side(terms: Sequence[tuple[float, list[int]]], unknowns: int) -> tuple[Floats, Floats]:
    used = np.zeros((len(terms), unknowns))
    for number, (_, places) in enumerate(terms):
        used[number, places] = 1.0
    return np.array([log for log, _ in terms]), used


def _log(value: int) -> float:
    """Of integers of any size."""
    shift = max(0, value.bit_length() - 1000)
    return float(np.log(float(value >> shift)) + shift * np.log(2.0))


def _newton(equations: Sequence[_Equation], ratios: Floats) -> Floats | None:
    for _ in range(STEPS):
        values, slopes = zip(*(one.value(ratios) for one in equations), strict=True)
        if max(map(abs, values)) < SETTLED:
            return ratios
        try:
            step = np.linalg.solve(np.array(slopes), np.array(values))
        except np.linalg.LinAlgError:
            return None
        size = float(np.abs(step).max())
        ratios = ratios - step * min(1.0, LONGEST_STEP / size)
        if not np.isfinite(ratios).all() or np.abs(ratios).max() > FARTHEST:
            return None
    return None


def _mixtures(system: SupportSystem, ratios: Floats) -> list[npt.NDArray[Any]]:
    """In fractions, so that the smallest chance is as precise as the largest."""
    mixtures, start = [], 0
    for size in system.sizes:
        logs = np.concatenate([[0.0], ratios[start : start + size - 1]])
        shares = [Fraction(value) for value in np.exp(logs - logs.max()).tolist()]
        total = sum(shares)
        mixtures.append(np.array([share / total for share in shares], dtype=object))
        start += size - 1
    return mixtures
