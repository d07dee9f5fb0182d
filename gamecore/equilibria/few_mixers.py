"""Equilibria in which at most two players mix, or three between two options each: exact, infinitely many included.

Given a support (the options each player uses), let `D_ia` be what option `a` of player `i` gains over its first option
used; integers, as in `support_system`.

**One mixer**: it is indifferent or not whatever it does; the others' incentives are linear in its mixture. All
equilibria form a polytope, told by its vertices.
**Two mixers**: each one's indifference is linear in the other's mixture, so both mixtures lie in polytopes; the
incentives of players who do not mix tie them together (bilinear). All equilibria are the product of two polytopes if
one of the mixtures is determined or these incentives hold at all pairs of vertices.
**Three mixers of two options**: with chances `x, y, z` of the second options the conditions are `D_1(y, z) = D_2(x, z)
= D_3(x, y) = 0`, each bilinear. The first two give `y = -A(z) / B(z)` and `x = -E(z) / F(z)`, and the third becomes a
quadratic in `z`. Where a denominator vanishes the condition factors and is solved by itself. Roots are rational or
square-root numbers; the latter are left to `support_system` to isolate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import comb, isqrt
from typing import Any

import numpy as np

from gamecore.equilibria.exact_program import exact_rank, only_solution
from gamecore.equilibria.support_system import SupportSystem

__all__ = ["Found", "few_mixers", "three_of_two", "vertices"]

VERTEX_TRIES = 3_000
"""Systems solved for the vertices of one polytope at most."""

Row = Sequence[int]
Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class Found:
    """All equilibria of a support: those whose mixers use mixtures of the `vertices` (per mixer), any with any.

    A single vertex each: one equilibrium. No vertices: none. If not `settled`, `vertices` is empty, `points` are single
    equilibria and there may be more.
    """

    vertices: tuple[tuple[Point, ...], ...] = ()
    points: tuple[tuple[Point, ...], ...] = ()
    settled: bool = True


NOTHING = Found()

_NONE: tuple[Fraction, ...] = ()


def few_mixers(system: SupportSystem) -> Found:
    """All equilibria with this support, at most two players mixing."""
    if len(system.mixers) == 2:
        return _two(system)
    mixer = system.mixers[0]
    if any(system.equations[0].tolist()):
        return NOTHING
    if any(gain > 0 for gain in system.gains([()], mixer)):
        return NOTHING
    rows = [
        row
        for player in range(len(system.tables))
        if player != mixer
        for row in system.differences(player, system.outside(player)).tolist()
    ]
    corners = vertices(system.sizes[0], [], rows)
    if corners is None:
        return Found(settled=False)
    return Found((tuple(corners),)) if _full(corners) else NOTHING


def vertices(size: int, level: Sequence[Row], at_most: Sequence[Row]) -> list[Point] | None:
    """The vertices of `{x >= 0, sum x = 1, level x = 0, at_most x <= 0}`; None if there are too many to try."""
    bounds = [row for row in at_most if max(row) > 0]
    ones = ([1] * size, 1)
    equations = [(row, 0) for row in level if any(row)]
    free = size - exact_rank([*(row for row, _ in equations), [1] * size])
    units = [[int(place == option) for place in range(size)] for option in range(size)]
    borders = [*bounds, *units]
    if comb(len(borders), free) > VERTEX_TRIES:
        return None
    found: dict[Point, None] = {}
    for chosen in combinations(borders, free):
        point = only_solution([ones, *equations, *((row, 0) for row in chosen)], size)
        if point is None or min(point) < 0 or point in found:
            continue
        if all(_dot(row, point) <= 0 for row in bounds):
            found[point] = None
    return list(found)


def _two(system: SupportSystem) -> Found:
    first, second = system.mixers
    ours, theirs = system.equations[1].tolist(), system.equations[0].tolist()
    bounds_ours = system.differences(second, system.outside(second)).tolist()
    bounds_theirs = system.differences(first, system.outside(first)).tolist()
    x = vertices(system.sizes[0], ours, bounds_ours)
    if x is not None and not _full(x):
        return NOTHING
    y = vertices(system.sizes[1], theirs, bounds_theirs)
    if y is not None and not _full(y):
        return NOTHING
    if x is None or y is None:
        return Found(settled=False)
    ties = np.concatenate(
        [
            system.differences(player, system.outside(player)).reshape(-1, *system.sizes)
            for player in range(len(system.tables))
            if player not in system.mixers
        ]
        or [np.zeros((0, *system.sizes), dtype=object)]
    )
    if len(x) == 1:
        rows = [list(row) for row in np.array(x[0], dtype=object) @ ties] if len(ties) else []
        y = vertices(system.sizes[1], theirs, [*bounds_theirs, *rows])
        return Found((tuple(x), tuple(y))) if y and _full(y) else Found(settled=y is not None)
    if len(y) == 1:
        rows = [list(row) for row in ties @ np.array(y[0], dtype=object)] if len(ties) else []
        x = vertices(system.sizes[0], ours, [*bounds_ours, *rows])
        return Found((tuple(x), tuple(y))) if x and _full(x) else Found(settled=x is not None)
    pairs = {(a, b): _bilinear(ties, a, b) for a, b in product(x, y)}
    if all(max(values, default=Fraction(0)) <= 0 for values in pairs.values()):
        return Found((tuple(x), tuple(y)))
    if any(min(values) > 0 for values in zip(*pairs.values(), strict=True)):
        return NOTHING
    points = [pair for pair, values in pairs.items() if max(values) <= 0 and min(pair[0]) > 0 and min(pair[1]) > 0]
    return Found(points=tuple(points), settled=False)


def three_of_two(system: SupportSystem) -> tuple[list[tuple[Point, ...]], bool]:
    """The roots inside the support of three mixers with two options each, and whether these are all.

    Exact where they are rational, else close enough for `isolate`. Infinitely many roots: not all.
    """
    first, second, third = (_bilinear_form(rows[0]) for rows in system.equations)
    if any(not any(form) for form in (first, second, third)):
        return [], False
    # first(y, z), second(x, z), third(x, y) as (1, left, right, left*right)
    a0, a1 = (first[0], first[2]), (first[1], first[3])  # A(z) + B(z) y
    e0, e1 = (second[0], second[2]), (second[1], second[3])  # E(z) + F(z) x
    quadratic = [0, 0, 0]
    for factor, left, right in ((third[0], e1, a1), (-third[1], e0, a1), (-third[2], e1, a0), (third[3], e0, a0)):
        quadratic[0] += factor * left[0] * right[0]
        quadratic[1] += factor * (left[0] * right[1] + left[1] * right[0])
        quadratic[2] += factor * left[1] * right[1]
    if not any(quadratic):
        return [], False
    found: list[tuple[Point, ...]] = []
    for z in _roots(quadratic):
        if not 0 < z < 1:
            continue
        y, x = _solve_linear(a0, a1, z), _solve_linear(e0, e1, z)
        if _NONE in (x, y):
            continue
        if x is None and y is None:
            return [], False  # a curve of roots, unless it misses the inside: left to others
        if x is not None and y is None:
            y = _line(third[0] + third[1] * x[0], third[2] + third[3] * x[0])
        elif x is None and y is not None:
            x = _line(third[0] + third[2] * y[0], third[1] + third[3] * y[0])
        if x is None or y is None:
            return [], False
        if x and y and 0 < x[0] < 1 and 0 < y[0] < 1:
            found.append(tuple((1 - chance, chance) for chance in (x[0], y[0], z)))
    return found, True


def _bilinear_form(table: Any) -> tuple[int, int, int, int]:
    """A table of two options each as coefficients of 1, left, right, left times right."""
    (both, right), (left, all_) = table.tolist()
    return both, left - both, right - both, all_ - left - right + both


def _roots(quadratic: Sequence[int]) -> list[Fraction]:
    """The real roots, exact if rational, else to 300 bits."""
    constant, linear, square = quadratic
    if not square:
        return [Fraction(-constant, linear)] if linear else []
    inner = linear * linear - 4 * square * constant
    if inner < 0:
        return []
    root = isqrt(inner)
    if root * root == inner:
        return sorted({Fraction(-linear + sign * root, 2 * square) for sign in (1, -1)})
    bits = 600
    fine = Fraction(isqrt(inner << (2 * bits)), 1 << bits)
    return [(-linear + sign * fine) / (2 * square) for sign in (1, -1)]


def _solve_linear(constant: tuple[int, int], slope: tuple[int, int], z: Fraction) -> tuple[Fraction, ...] | None:
    return _line(constant[0] + constant[1] * z, slope[0] + slope[1] * z)


def _line(constant: Fraction, slope: Fraction) -> tuple[Fraction, ...] | None:
    """The root of `constant + slope t`: one, none, or (None) every `t`."""
    if slope:
        return (-constant / slope,)
    return _NONE if constant else None


def _full(corners: Sequence[Point]) -> bool:
    """Whether some mixture of the vertices uses every option."""
    return bool(corners) and all(any(chances) for chances in zip(*corners, strict=True))


def _bilinear(ties: Any, x: Point, y: Point) -> list[Fraction]:
    values = ties @ np.array(y, dtype=object) @ np.array(x, dtype=object) if len(ties) else []
    return [Fraction(value) for value in values]


def _dot(row: Sequence[Any], point: Point) -> Fraction:
    return sum((chance * value for value, chance in zip(row, point, strict=True) if value), Fraction(0))
