"""The equations of one support in a game of any number of players, and the proof that a root of them is one.

A support names for each player the options it uses. The players with more than one (the *mixers*, `k_j` options each)
must be indifferent: for mixer `i` and each of its options `a` but the first,

    D_ia(x) = u_i(a, x_-i) - u_i(first, x_-i) = 0

is multilinear in the mixtures of the other mixers, with integer coefficients here (units and offsets change nothing).
Unknowns are the chances of all options but each mixer's first one, so equations and unknowns are as many, `d`.

**Isolation** (Krawczyk 1969; Kantorovich 1948). Let `C` be an approximate inverse of the Jacobian `J(m)` at a rational
point `m`, `b = |C D(m)|`, and let `q0 + q1 r` bound `|1 - C J(x)|` over the box `|x - m| <= r` (maximum norms). If
`b <= (1 - q0 - q1 r) r`, the box holds a root and, as long as `q0 + q1 r < 1`, no other. Everything is computed in
integers and fractions; floats only propose `m` and `C`. A root near a fraction of small denominator is tried exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log10
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.exact_program import only_solution

__all__ = ["Root", "Support", "SupportSystem", "Tables"]

Support = tuple[tuple[int, ...], ...]
"""Per player the options used."""

Floats = npt.NDArray[np.float64]

Tables = Sequence[npt.NDArray[np.object_]]
"""Per player the payoffs as integers, axes (option of player 0, ..., option of player n-1)."""

BITS = 256
"""Fractional bits of the centre of a root: about 77 decimal places."""

INVERSE_BITS = 64
"""Fractional bits of the entries of `C`, beyond the size of the largest."""

LARGEST_DENOMINATOR = 10**30
"""Roots with denominators up to this are recognised as rational."""

DIGITS = 18
"""Decimal places to which an irrational root is told."""

NEWTON_STEPS = 60
"""Steps of Newton's method at most, each worth several digits near a root."""


@dataclass(frozen=True)
class Root:
    """One root: the chances of every mixer's options, exact if `radius` is 0, else each within `radius` of the truth.

    No other root of the equations lies within `alone` of it (in each unknown).
    """

    mixtures: tuple[tuple[Fraction, ...], ...]
    radius: Fraction
    alone: Fraction


class SupportSystem:
    """The equations of one support; `tables` hold integers, `support` names at least one option for each player."""

    def __init__(self, tables: Tables, support: Support) -> None:
        self.tables = tables
        self.support = support
        self.mixers = tuple(player for player, options in enumerate(support) if len(options) > 1)
        self.sizes = tuple(len(support[player]) for player in self.mixers)
        self.unknowns = sum(size - 1 for size in self.sizes)
        self.equations = [self.differences(player, support[player][1:]) for player in self.mixers]

    def differences(self, player: int, options: Sequence[int]) -> npt.NDArray[np.object_]:
        """`u(option) - u(first option used)` in the support: axes (option, option of each other mixer)."""
        place: list[Sequence[int]] = [*self.support]
        place[player] = [self.support[player][0], *options]
        table = np.moveaxis(self.tables[player][np.ix_(*place)], player, 0)
        sizes = [size for mixer, size in zip(self.mixers, self.sizes, strict=True) if mixer != player]
        answer: npt.NDArray[np.object_] = (table[1:] - table[:1]).reshape(len(options), *sizes)
        return answer

    def outside(self, player: int) -> list[int]:
        """The options the player does not use."""
        used = set(self.support[player])
        return [option for option in range(self.tables[player].shape[player]) if option not in used]

    # ----------------------------------------------------------------------------------------------- at a point

    def values(self, mixtures: Sequence[Sequence[Any]]) -> list[Any]:
        """All `D` at a point, whatever the numbers are."""
        vectors = [np.array(mixture, dtype=object) for mixture in mixtures]
        answer: list[Any] = []
        for place, equations in enumerate(self.equations):
            answer += _contract(equations, vectors[:place] + vectors[place + 1 :]).tolist()
        return answer

    def jacobian(self, mixtures: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """The derivatives of `values` by the unknowns, row by row."""
        vectors = [np.array(mixture, dtype=object) for mixture in mixtures]
        rows: list[list[Any]] = []
        for place, equations in enumerate(self.equations):
            blocks = []
            for other, size in enumerate(self.sizes):
                if other == place:
                    blocks.append(np.zeros((len(equations), size - 1), dtype=object))
                    continue
                axis = 1 + other - (other > place)
                table = np.moveaxis(equations, axis, 1)
                rest = [vector for index, vector in enumerate(vectors) if index not in (place, other)]
                partial = _contract(table, rest)
                blocks.append(partial[:, 1:] - partial[:, :1])
            rows += np.concatenate(blocks, axis=1).tolist()
        return rows

    def gains(self, mixtures: Sequence[Sequence[Any]], player: int) -> list[Any]:
        """What each option outside the player's support gains over its first option used."""
        vectors = [
            np.array(mixture, dtype=object)
            for mixer, mixture in zip(self.mixers, mixtures, strict=True)
            if mixer != player
        ]
        return list(_contract(self.differences(player, self.outside(player)), vectors).tolist())

    # ---------------------------------------------------------------------------------------------------- roots

    def newton(self, start: Sequence[Floats]) -> list[Floats] | None:
        """A float root near `start`, by Newton's method; None if it leads nowhere."""
        floats = [_scaled_floats(equations) for equations in self.equations]
        point: list[Floats] = [np.array(mixture, dtype=float) for mixture in start]
        size = np.inf
        for _ in range(NEWTON_STEPS):
            values, jacobian = _float_system(floats, point, self.sizes)
            try:
                step: Floats = np.asarray(np.linalg.solve(jacobian, values), dtype=np.float64)
            except np.linalg.LinAlgError:
                return None
            if not np.isfinite(step).all():
                return None
            point = _moved(point, step)
            size = float(np.abs(step).max(initial=0.0))
            if max(float(np.abs(mixture).max()) for mixture in point) > 10:
                return None
            if size < 1e-14:
                return point
        return point if size < 1e-9 else None

    def isolate(self, near: Sequence[npt.NDArray[Any]], *, exactly: bool = False) -> Root | None:
        """The root near a point, proved to be there and alone; None if that cannot be proved.

        `exactly`: the inverse is computed in fractions, for coefficients of which floats would lose the smaller ones.
        """
        inverse = self._exact_inverse(near) if exactly else self._inverse(near)
        if inverse is None:
            return None
        point = [[_fixed(value) for value in mixture] for mixture in near]
        point = [[_ONE - sum(mixture[1:]), *mixture[1:]] for mixture in point]
        scale = INVERSE_BITS + BITS * max(len(self.mixers) - 1, 0) - BITS
        for _ in range(NEWTON_STEPS):
            values = self._normed(self.values(point))
            step = [sum(a * value for a, value in zip(row, values, strict=True)) for row in inverse[0]]
            step = [_rounded(value, scale + inverse[1]) for value in step]
            point = _moved_exactly(point, step)
            if max(map(abs, step)) <= 1:
                break
        if max(abs(value) for mixture in point for value in mixture) > 8 * _ONE:
            return None
        return self._proved(point, inverse)

    def rational(self, mixtures: Sequence[Sequence[Fraction]]) -> bool:
        """Whether a rational point is a root, exactly."""
        return not any(self.values(mixtures))

    @property
    def _norms(self) -> list[int]:
        return [max(map(abs, row.ravel().tolist()), default=1) or 1 for rows in self.equations for row in rows]

    def _normed(self, values: Sequence[Any]) -> list[Any]:
        """Equations in units of their largest coefficient, times 2**INVERSE_BITS, so that integers stay integers."""
        return [(value << INVERSE_BITS) // norm for value, norm in zip(values, self._norms, strict=True)]

    def _inverse(self, near: Sequence[npt.NDArray[Any]]) -> tuple[list[list[int]], int] | None:
        """`C` for the normed equations as integers over `2**bits`."""
        floats = [_scaled_floats(equations) for equations in self.equations]
        point = [np.array([float(value) for value in mixture]) for mixture in near]
        _, jacobian = _float_system(floats, point, self.sizes)
        try:
            inverse = np.linalg.inv(jacobian)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(inverse).all() or np.abs(inverse).max() > 1e12:
            return None
        return [[round(Fraction(value) * 2**INVERSE_BITS) for value in row] for row in inverse.tolist()], INVERSE_BITS

    def _exact_inverse(self, near: Sequence[npt.NDArray[Any]]) -> tuple[list[list[int]], int] | None:
        point = [[Fraction(_fixed(value), _ONE) for value in mixture] for mixture in near]
        rows = [
            [Fraction(value) / norm for value in row]
            for row, norm in zip(self.jacobian(point), self._norms, strict=True)
        ]
        columns = []
        for place in range(len(rows)):
            column = only_solution([(row, int(place == other)) for other, row in enumerate(rows)], self.unknowns)
            if column is None:
                return None
            columns.append([round(value * 2**INVERSE_BITS) for value in column])
        return [list(row) for row in zip(*columns, strict=True)], INVERSE_BITS

    def _proved(self, point: list[list[int]], inverse: tuple[list[list[int]], int]) -> Root | None:
        mixtures = [[Fraction(value, _ONE) for value in mixture] for mixture in point]
        norms = self._norms
        matrix = [[Fraction(value, 1 << inverse[1]) for value in row] for row in inverse[0]]
        values = [value / norm for value, norm in zip(self.values(mixtures), norms, strict=True)]
        jacobian = [[value / norm for value in row] for row, norm in zip(self.jacobian(mixtures), norms, strict=True)]
        size = len(norms)
        off = max(abs(sum(a * value for a, value in zip(row, values, strict=True))) for row in matrix)
        first = max(
            sum(abs((row is matrix[c]) - sum(row[e] * jacobian[e][c] for e in range(size))) for c in range(size))
            for row in matrix
        )
        second = max(sum(abs(a) * bend for a, bend in zip(row, self._bends(), strict=True)) for row in matrix)
        widest = Fraction(1, 4 * max(len(self.mixers), 1) * max(self.sizes))
        if first >= 1:
            return None
        alone = min(widest, (1 - first) / (2 * second)) if second else widest
        radius = 2 * off / (1 - first)
        if radius > alone:
            return None
        exact = self._recognised(mixtures, alone)
        if exact is not None:
            return Root(exact, Fraction(0), alone)
        return Root(tuple(map(tuple, mixtures)), (max(self.sizes) - 1) * radius, alone)

    def _bends(self) -> list[Fraction]:
        """A bound on how much each row of the normed Jacobian changes in all, per unit of `r`.

        A second derivative is a mean of sums of four coefficients of size at most 1, with weights that add up to at
        most 2 over the boxes considered (`r <= 1 / (4 n k)`); unknowns of the row's own player do not occur.
        """
        answer = []
        for place, size in enumerate(self.sizes):
            others = [other - 1 for index, other in enumerate(self.sizes) if index != place]
            pairs = sum(others) ** 2 - sum(other**2 for other in others)
            answer += [Fraction(8 * pairs)] * (size - 1)
        return answer

    def _recognised(
        self, mixtures: Sequence[Sequence[Fraction]], alone: Fraction
    ) -> tuple[tuple[Fraction, ...], ...] | None:
        """The root in fractions, if it is rational with small denominators: it is the only one within `alone`."""
        close = Fraction(1, 1 << (BITS - 32))
        exact = []
        for mixture in mixtures:
            rest = [value.limit_denominator(LARGEST_DENOMINATOR) for value in mixture[1:]]
            if any(abs(a - b) > min(close, alone) for a, b in zip(rest, mixture[1:], strict=True)):
                return None
            exact.append((1 - sum(rest, Fraction(0)), *rest))
        return tuple(exact) if self.rational(exact) else None


_ONE = 1 << BITS


def told(mixture: Sequence[Fraction], radius: Fraction) -> tuple[tuple[Fraction, ...], Fraction]:
    """A mixture in decimals that people can read, and the radius that holds for them; as it is if it is exact."""
    if not radius:
        return tuple(mixture), radius
    digits = DIGITS + max(0, ceil(-log10(max(float(min(mixture)), 1e-200))))
    rest = [Fraction(round(value * 10**digits), 10**digits) for value in mixture[1:]]
    first = 1 - sum(rest, Fraction(0))
    return (first, *rest), radius + Fraction(len(mixture), 10**digits)


def _fixed(value: Any) -> int:
    return round(Fraction(value) * _ONE)


def _rounded(value: int, bits: int) -> int:
    return (value + (1 << (bits - 1))) >> bits if bits > 0 else value << -bits


def _contract(table: npt.NDArray[Any], vectors: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """The last axes of `table` against the vectors, one each."""
    for vector in reversed(vectors):
        table = table @ vector
    return table


def _scaled_floats(equations: npt.NDArray[np.object_]) -> Floats:
    """The coefficients in units of the row's largest."""
    rows = []
    for row in equations:
        norm = max(map(abs, row.ravel().tolist()), default=1) or 1
        rows.append([value / norm for value in row.ravel().tolist()])
    return np.array(rows, dtype=float).reshape(equations.shape)


def _float_system(floats: Sequence[Floats], point: Sequence[Floats], sizes: Sequence[int]) -> tuple[Floats, Floats]:
    values, rows = [], []
    for place, equations in enumerate(floats):
        rest = [vector for index, vector in enumerate(point) if index != place]
        values.append(_contract(equations, rest))
        blocks = []
        for other, size in enumerate(sizes):
            if other == place:
                blocks.append(np.zeros((len(equations), size - 1)))
                continue
            table = np.moveaxis(equations, 1 + other - (other > place), 1)
            partial = _contract(table, [vector for index, vector in enumerate(point) if index not in (place, other)])
            blocks.append(partial[:, 1:] - partial[:, :1])
        rows.append(np.concatenate(blocks, axis=1))
    return np.concatenate(values), np.concatenate(rows)


def _moved(point: Sequence[Floats], step: Floats) -> list[Floats]:
    answer, start = [], 0
    for mixture in point:
        rest = mixture[1:] - step[start : start + len(mixture) - 1]
        answer.append(np.concatenate([[1.0 - rest.sum()], rest]))
        start += len(mixture) - 1
    return answer


def _moved_exactly(point: list[list[int]], step: list[int]) -> list[list[int]]:
    answer, start = [], 0
    for mixture in point:
        rest = [value - move for value, move in zip(mixture[1:], step[start : start + len(mixture) - 1], strict=True)]
        answer.append([_ONE - sum(rest), *rest])
        start += len(mixture) - 1
    return answer
