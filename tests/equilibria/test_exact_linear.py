from __future__ import annotations

from fractions import Fraction
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.equilibria.exact_linear import positive_null_vector, whole_numbers

MATRICES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(-2, 2), min_size=width, max_size=width), min_size=1, max_size=4)
)


@pytest.mark.parametrize(
    ("rows", "vector"),
    [
        ([[1, -1]], (1, 1)),
        ([[2, -1, 0], [0, 3, -1]], (1, 2, 6)),
        ([[1, -1, 0]], None),  # a second direction: the last entry is free
        ([[0, 0]], None),
        ([[0]], (1,)),
        ([[1]], None),
        ([[1, 1]], None),  # only by a negative entry
        ([[1, -1], [2, -2]], (1, 1)),
        ([[1, -1], [1, -2]], None),
        ([[10**30, -1]], (1, 10**30)),
    ],
)
def test_the_positive_null_vector(rows: list[list[int]], vector: tuple[int, ...] | None) -> None:
    assert positive_null_vector(rows) == vector


@given(MATRICES)
def test_a_vector_found_is_positive_coprime_and_solves_the_equations(rows: list[list[int]]) -> None:
    vector = positive_null_vector(rows)
    if vector is not None:
        assert min(vector) > 0
        assert gcd(*vector) == 1
        assert all(sum(a * w for a, w in zip(row, vector, strict=True)) == 0 for row in rows)


@given(MATRICES)
def test_a_vector_is_found_exactly_if_the_rank_leaves_one_positive_direction(rows: list[list[int]]) -> None:
    width = len(rows[0])
    rank, fractions = 0, [[Fraction(value) for value in row] for row in rows]
    for column in range(width):
        pivot = next((r for r in range(rank, len(fractions)) if fractions[r][column]), None)
        if pivot is None:
            continue
        fractions[rank], fractions[pivot] = fractions[pivot], fractions[rank]
        for r in range(len(fractions)):
            if r != rank:
                factor = fractions[r][column] / fractions[rank][column]
                fractions[r] = [a - factor * b for a, b in zip(fractions[r], fractions[rank], strict=True)]
        rank += 1
    if rank != width - 1:
        assert positive_null_vector(rows) is None


@given(st.lists(st.fractions(-5, 5), min_size=1, max_size=6))
def test_whole_numbers_are_the_values_in_other_units(values: list[Fraction]) -> None:
    integers = whole_numbers(values)
    assert min(integers) == 0
    assert gcd(*integers) in (0, 1)
    for i in range(len(values)):
        for j in range(len(values)):
            scale = (max(values) - min(values)) or 1
            assert Fraction(integers[i] - integers[j]) * scale == (values[i] - values[j]) * (max(integers) or 1)
