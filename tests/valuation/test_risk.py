"""Utilities of amounts, expected utilities as certain amounts: rationals against floats and the closed form."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.errors import InputError
from gamecore.valuation.risk import MOST_TOLERANCES, certainty_equivalent, equivalent, equivalents, utility


def test_a_normal_gamble_is_worth_its_mean_less_half_its_variance_by_the_tolerance() -> None:
    """The textbook's case, by quadrature: mean 50, deviation 20, tolerance 100 gives 48."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    chances = weights / weights.sum()
    expected = float(chances @ utility(50 + 20 * nodes, 100.0))
    assert float(equivalent(expected, 100.0)) == pytest.approx(48, abs=1e-9)


# ---- utilities and back ----------------------------------------------------------------------------------------------


@given(
    st.lists(st.fractions(-100, 100, max_denominator=1000), min_size=1, max_size=5),
    st.fractions(10, 10**9, max_denominator=10),
)
def test_rationals_and_floats_agree_on_utilities_and_what_they_are_worth(
    payoffs: list[Fraction], tolerance: Fraction
) -> None:
    expected = sum((utility(payoff, tolerance) for payoff in payoffs), Fraction(0)) / len(payoffs)
    exact = equivalent(expected, tolerance)
    drawn = utility(np.array(payoffs, dtype=float), float(tolerance)).mean()
    closed = certainty_equivalent(np.array(payoffs, dtype=float), float(tolerance))
    assert float(exact) == pytest.approx(float(closed), abs=1e-6)
    assert float(equivalent(drawn, float(tolerance))) == pytest.approx(float(closed), abs=1e-4)


@given(st.decimals(-100, 100, places=6), st.fractions(10, 10**12, max_denominator=10))
def test_what_is_certain_is_worth_itself(payoff: Decimal, tolerance: Fraction) -> None:
    assert equivalent(utility(Fraction(payoff), tolerance), tolerance) == Fraction(payoff)


def test_gambles_that_are_the_same_tie_exactly() -> None:
    tolerance = Fraction(17)
    parts = [Fraction(1, 3) * utility(Fraction(7), tolerance) for _ in range(3)]
    assert equivalent(sum(parts, Fraction(0)), tolerance) == 7


def test_players_without_a_tolerance_keep_their_values() -> None:
    values = (Fraction(1, 3), utility(Fraction(5), Fraction(20)))
    assert equivalents(values, {1: Fraction(20)}) == (Fraction(1, 3), 5)
    assert equivalents(values, {}) is values
    drawn = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = equivalents(drawn, {0: 50.0})
    assert found[1].tolist() == [3.0, 4.0]
    assert found[0] == pytest.approx([-50 * math.log(1 - 1 / 50), -50 * math.log(1 - 2 / 50)])


@pytest.mark.parametrize("payoff", [Fraction(-301), Fraction(301), np.array([0.0, 301.0])])
def test_payoffs_that_no_float_could_tell_apart_are_refused(payoff: Any) -> None:
    with pytest.raises(InputError, match=f"more than {MOST_TOLERANCES} times"):
        utility(payoff, Fraction(10) if isinstance(payoff, Fraction) else 10.0)
