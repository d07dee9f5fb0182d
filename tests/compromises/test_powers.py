from __future__ import annotations

from fractions import Fraction
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.bargaining import nash
from gamecore.compromises.powers import best_powers, compare_powers, whole_exponents

quick = settings(max_examples=40, deadline=None)

numbers = st.fractions(Fraction(1, 9), 9, max_denominator=9).filter(bool)
HUGE = (Fraction(1_000_003, 2_000_007), Fraction(1_000_004, 2_000_007))


@quick
@given(st.lists(st.tuples(numbers, numbers, st.integers(1, 6)), min_size=1, max_size=4))
def test_small_powers_by_multiplying_them_out(rows: list[tuple[Fraction, Fraction, int]]) -> None:
    left, right = prod(a**w for a, _, w in rows), prod(b**w for _, b, w in rows)
    weights = [Fraction(w, 7) for _, _, w in rows]
    found = compare_powers([a for a, _, _ in rows], [b for _, b, _ in rows], weights)
    assert found == (left > right) - (left < right)


def test_powers_too_large_to_write_are_compared_all_the_same() -> None:
    assert compare_powers([Fraction(6), Fraction(6)], [Fraction(6), Fraction(6)], HUGE) == 0
    assert sum(whole_exponents(HUGE)) == 2_000_007
    assert compare_powers([Fraction(2), Fraction(1, 2)], [Fraction(1), Fraction(1)], HUGE) == -1
    close = Fraction(10**15 + 1, 10**15)
    assert compare_powers([close, Fraction(1)], [Fraction(1), close], HUGE) == -1
    assert compare_powers([Fraction(1), close], [close, Fraction(1)], HUGE) == 1


def test_equality_of_huge_powers_needs_every_factor() -> None:
    weights = (Fraction(5000, 15000), Fraction(10000, 15000), Fraction(1, 15001))
    assert (
        compare_powers([Fraction(4), Fraction(3), Fraction(1)], [Fraction(1), Fraction(6), Fraction(1)], weights) == 0
    )


def test_ties_are_all_kept() -> None:
    assert best_powers({3: [Fraction(1), Fraction(8)], 5: [Fraction(2), Fraction(2)], 7: [Fraction(1), Fraction(7)]},
                       [Fraction(2, 3), Fraction(1, 3)]) == (3, 5)  # fmt: skip


@pytest.mark.parametrize(("weights", "options"), [((2, 1), (0, 1)), ((1, 1), (0,)), ((3, 1), (1,)), (HUGE, (0,))])
def test_weights_of_the_product_over_named_options(
    weights: tuple[Fraction | int, ...], options: tuple[int, ...]
) -> None:
    """Gains of (1, 8) and (2, 2): 8 and 8 with weights 2 to 1, 8 and 4 with equal ones, 8 and 16 with 3 to 1."""
    answer = nash([(1, 8), (2, 2)], (0, 0), weights)
    assert answer.options == options
    assert sum(answer.weights) == 1
    assert bool(answer.scores) == (sum(whole_exponents(answer.weights)) < 1000)
