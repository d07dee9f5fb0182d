"""Discounting in closed form against sums over many small steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.valuation.discounting import Discounting, Piece, discount_factor, present_value


@given(
    st.floats(-0.5, 1.0) | st.floats(-1e-6, 1e-6),
    st.floats(0, 20),
    st.floats(0, 20) | st.floats(0, 1e-6),
    st.floats(-100, 100),
    st.floats(-100, 100),
)
def test_money_that_flows_at_a_linear_rate_is_discounted_as_its_small_parts(
    rate: float, start: float, lasting: float, first: float, last: float
) -> None:
    found = Discounting({"a": rate}).value("a", (Piece(start, start + lasting, first, last),))
    nodes, weights = np.polynomial.legendre.leggauss(30)
    share = (nodes + 1) / 2
    amounts = (first + (last - first) * share) * weights / 2
    expected = (amounts * (1 + rate) ** -(start + lasting * share)).sum()
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9 * (1 + rate) ** -(start + lasting) * 100)


def test_a_payment_at_once_is_the_mean_of_its_ends() -> None:
    day = np.array([1.0, 2.0])
    found = Discounting({"a": 0.1}).value("a", (Piece(day, day, 2.0, 4.0),))
    np.testing.assert_allclose(found, 3 * 1.1**-day)


def test_draws_with_and_without_a_rate_are_valued_side_by_side() -> None:
    rates = np.array([0.0, 1e-12, 0.004, 0.1, 0.4])
    found = np.asarray(Discounting({"a": rates}).value("a", (Piece(1.0, 3.0, 0.0, 5.0),)))
    alone = [float(Discounting({"a": rate}).value("a", (Piece(1.0, 3.0, 0.0, 5.0),))) for rate in rates]
    np.testing.assert_allclose(found, alone, rtol=1e-13)
    assert found[0] == pytest.approx(2.5)


def test_no_amounts_are_worth_nothing_and_a_sure_one_today_is_itself() -> None:
    assert present_value([], 0.1) == 0
    assert discount_factor(0.1, 0.0) == 1
