"""Linear equations in integers: the mixtures that leave somebody indifferent.

The kernel of every two-player solver here. A mixture `w >= 0` over some options leaves the other player indifferent
between others exactly if `D w = 0`, where each row of `D` holds the differences of two of the other player's options.
Elimination is fraction-free (Bareiss 1968): all entries stay integers, every division is exact.

>>> positive_null_vector([[2, -1, 0], [0, 3, -1]])
(1, 2, 6)
>>> positive_null_vector([[1, 1]]) is None
True
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm

__all__ = ["null_space", "positive_null_vector", "whole_numbers", "whole_weights"]


def whole_numbers(values: Iterable[Fraction]) -> list[int]:
    """The values times a positive number plus a number, such that all are integers from 0 without a common factor."""
    fractions = list(values)
    common = lcm(*(value.denominator for value in fractions))
    integers = [value.numerator * (common // value.denominator) for value in fractions]
    lowest = min(integers)
    step = gcd(*(value - lowest for value in integers)) or 1
    return [(value - lowest) // step for value in integers]


def whole_weights(values: Sequence[int]) -> tuple[int, ...]:
    """The same proportions in coprime integers."""
    common = gcd(*values)
    return tuple(values) if common == 1 else tuple(value // common for value in values)


def positive_null_vector(rows: Sequence[Sequence[int]]) -> tuple[int, ...] | None:
    """The one vector `w > 0` of coprime integers with `D w = 0`; None if there is none, or more than one direction.

    `rows` are the rows of `D`, at least one, all of the same length `k`; takes `O(len(rows) k^2)` multiplications.
    """
    if any(_one_sided(row) for row in rows):
        return None
    _, vector = null_space(rows, len(rows[0]))
    return None if vector is None or min(vector) <= 0 else vector


def null_space(rows: Sequence[Sequence[int]], width: int) -> tuple[int, tuple[int, ...] | None]:
    """The dimension of `{w: D w = 0}`, where 2 stands for more than one, and its one direction if it has one.

    `rows` are the rows of `D`, any number, of length `width`. The direction is in coprime integers, its first entry
    that is not 0 positive.
    """
    matrix = [list(row) for row in rows]
    pivots: list[int] = []
    last = 1
    for column in range(width):
        rank = len(pivots)
        found = next((r for r in range(rank, len(matrix)) if matrix[r][column]), None)
        if found is None:
            if column - rank >= 1:
                return 2, None  # a second free column
            continue
        matrix[rank], matrix[found] = matrix[found], matrix[rank]
        _clear_column(matrix, rank, column, last)
        last = matrix[rank][column]
        pivots.append(column)
    return (0, None) if len(pivots) == width else (1, _direction(matrix, pivots, width, last))


def _one_sided(row: Sequence[int]) -> bool:
    """Whether one of the two options compared is never worse and sometimes better: no full mixture levels them."""
    low, high = min(row), max(row)
    return (low >= 0 and high > 0) or (high <= 0 and low < 0)


def _clear_column(matrix: list[list[int]], pivot: int, column: int, last: int) -> None:
    """One step of fraction-free Gauss-Jordan elimination; `last` is the pivot before."""
    lead = matrix[pivot]
    factor = lead[column]
    for r, row in enumerate(matrix):
        if r != pivot:
            head = row[column]
            matrix[r] = [(factor * value - head * other) // last for value, other in zip(row, lead, strict=True)]


def _direction(matrix: list[list[int]], pivots: list[int], width: int, last: int) -> tuple[int, ...]:
    """The null vector read off the eliminated matrix, whose pivots all equal `last`."""
    free = next(column for column in range(width) if column not in pivots)
    vector = [0] * width
    vector[free] = last
    for row, column in enumerate(pivots):
        vector[column] = -matrix[row][free]
    if next(value for value in vector if value) < 0:
        vector = [-value for value in vector]
    return whole_weights(vector)
