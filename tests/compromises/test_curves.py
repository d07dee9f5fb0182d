from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.bargaining import Case
from gamecore.compromises.curves import (
    Curve,
    TermBargain,
    egalitarian_term,
    kalai_smorodinsky_term,
    nash_term,
    proportional_term,
    utilitarian_term,
)
from gamecore.errors import InputError

quick = settings(max_examples=14, deadline=None)
SPLIT = Curve(lambda x: x**0.5, lambda x: 1 - x, (0.0, 1.0))
INWARDS = Curve(lambda x: x**2, lambda x: (1 - x) ** 2, (0.0, 1.0))
PIE = Curve(lambda x: x, lambda x: 100 - x, (0.0, 100.0))
RULES: list[Callable[[Curve, Any], TermBargain]] = [
    nash_term,
    kalai_smorodinsky_term,
    egalitarian_term,
    utilitarian_term,
]
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)


def test_a_split_with_one_side_averse_to_risk() -> None:
    """A textbook split of 1, `sqrt(x)` against `1 - x`: the product at 1/3, equal shares at ((sqrt 5 - 1) / 2)^2."""
    product, even = nash_term(SPLIT, (0, 0)), kalai_smorodinsky_term(SPLIT, (0, 0))
    assert product.between[0] <= 1 / 3 <= product.between[1]
    assert product.between[1] - product.between[0] < 1e-6
    assert product.values == pytest.approx((3**-0.5, 2 / 3), abs=1e-6)
    assert 0 < product.shortfall < 1e-6
    assert even.x == pytest.approx(((5**0.5 - 1) / 2) ** 2, abs=1e-15)
    assert even.between[1] - even.between[0] < 1e-15
    assert utilitarian_term(SPLIT, (0, 0)).x == pytest.approx(1 / 4, abs=1e-6)


@pytest.mark.parametrize(("weights", "term"), [((1, 1), 45), ((7, 3), 55)])
def test_a_pie_with_outside_options(weights: Any, term: int) -> None:
    """`d_i + w_i (v - sum d)`, by the product with weights and by proportions."""
    assert nash_term(PIE, (20, 30), weights).x == pytest.approx(term, abs=1e-4)
    assert proportional_term(PIE, (20, 30), weights).x == pytest.approx(term, abs=1e-12)


def test_a_frontier_that_bends_inwards_is_searched_everywhere() -> None:
    answer = nash_term(INWARDS, (0, 0))
    assert not answer.bends_outwards
    assert answer.x == pytest.approx(0.5, abs=1e-3)
    assert answer.between[0] < 0.5 < answer.between[1]
    corner = utilitarian_term(INWARDS, (0, 0), (2, 3))
    assert corner.x == pytest.approx(0, abs=1e-6)
    assert sum(w * v for w, v in zip((0.4, 0.6), corner.values, strict=True)) >= 0.6 - corner.shortfall - 1e-12


@every_rule
def test_without_an_acceptable_term_there_are_no_numbers(rule: Callable[[Curve, Any], TermBargain]) -> None:
    answer = rule(SPLIT, (0.9, 0.5))
    assert (answer.case, answer.values, answer.between) == (Case.NOTHING_ACCEPTABLE, (), ())
    assert rule(SPLIT, (2, 0)).case is Case.NOTHING_ACCEPTABLE


def test_if_one_side_cannot_gain_the_other_has_all_there_is() -> None:
    answer = nash_term(PIE, (0, 100))
    assert (answer.case, answer.x) == (Case.NOBODY_CAN_GAIN, 0)
    flat = Curve(lambda x: 1.0, lambda x: 5 - x, (0.0, 4.0))
    assert nash_term(flat, (1, 0)).case is Case.NO_JOINT_GAIN
    assert nash_term(flat, (1, 0)).values == (1, 5)
    assert kalai_smorodinsky_term(flat, (1, 0)).values == (1, 5)


@pytest.mark.parametrize(
    ("curve", "message"),
    [
        (Curve(lambda x: -x, lambda x: 1 - x, (0.0, 1.0)), "first side's value does not rise"),
        (Curve(lambda x: x, lambda x: x, (0.0, 1.0)), "second side's value does not fall"),
        (Curve(lambda x: x, lambda x: 1 - x, (1.0, 0.0)), "lower one first"),
        (Curve(lambda x: float("inf"), lambda x: 1 - x, (0.0, 1.0)), "not a finite number"),
    ],
)
def test_functions_that_do_not_fit_are_input_errors(curve: Curve, message: str) -> None:
    with pytest.raises(InputError, match=message):
        nash_term(curve, (0, 0))


@every_rule
@given(st.floats(0.3, 3), st.floats(0.3, 3), st.floats(0.0, 0.3), st.floats(0.0, 0.3))
@quick
def test_nothing_sampled_is_better_than_the_bound(
    rule: Callable[[Curve, Any], TermBargain], one: float, two: float, low: float, high: float
) -> None:
    """The second method: a grid of terms, for frontiers of every bend."""
    curve = Curve(lambda x: x**one, lambda x: (1 - x) ** two, (0.0, 1.0))
    answer = rule(curve, (str(low), str(high)))
    terms = [step / 500 for step in range(501)]
    known = [(curve.first(x) - low, curve.second(x) - high) for x in terms]
    known = [pair for pair in known if min(pair) >= 0]
    if answer.case is not Case.REGULAR:
        assert not any(min(pair) > 1e-9 for pair in known)
        return
    mine = (answer.values[0] - low, answer.values[1] - high)
    if rule is nash_term:
        assert all((a * b) ** 0.5 <= (mine[0] * mine[1]) ** 0.5 * (1 + answer.shortfall + 1e-12) for a, b in known)
    elif rule is utilitarian_term:
        assert all((a + b) / 2 <= sum(mine) / 2 + answer.shortfall + 1e-12 for a, b in known)
    elif rule is egalitarian_term:
        assert all(min(pair) <= min(mine) + 1e-12 for pair in known)
    assert answer.between[0] <= answer.x <= answer.between[1]


def test_exact_points_are_read_as_they_are() -> None:
    assert egalitarian_term(PIE, (Fraction(20), "30")).x == pytest.approx(45, abs=1e-12)
