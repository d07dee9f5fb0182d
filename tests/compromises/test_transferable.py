from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.bargaining import Case
from gamecore.compromises.lotteries import nash_lottery
from gamecore.compromises.transferable import left_with_payments, payments_between, split_surplus
from gamecore.errors import InputError
from tests.compromises.tables import APART, SAPPHIRE_DIAMOND, START, WAIT, Table, exact, tables

quick = settings(max_examples=24, deadline=None)


def test_sapphires_payment_against_no_agreement_and_with_the_contract_enforceable() -> None:
    against_none = split_surplus(SAPPHIRE_DIAMOND, APART)
    assert [one.option for one in against_none.outcomes] == [WAIT]
    assert round(against_none.outcomes[0].received[0], 3) == Fraction("2.716")
    enforced = split_surplus(SAPPHIRE_DIAMOND, SAPPHIRE_DIAMOND[START])
    assert enforced.outcomes[0].received == exact("10.253", "-10.253")
    (payment,) = enforced.outcomes[0].payments
    assert (payment.payer, payment.payee, payment.amount) == (1, 0, Fraction("10.253"))
    assert against_none.alone == (WAIT,)
    assert enforced.alone == ()


@pytest.mark.parametrize(("weights", "shares"), [(("1/2", "1/2"), (45, 55)), (("7/10", "3/10"), (55, 45))])
def test_a_pie_with_outside_options(weights: Any, shares: Any) -> None:
    """Roth 1979; Binmore, Rubinstein & Wolinsky 1986: `d_i + w_i (v - sum d)`."""
    assert split_surplus([(100, 0)], (20, 30), weights).shares == exact(*shares)


def test_a_surplus_below_nothing_is_no_agreement() -> None:
    answer = split_surplus([(1, 1)], (2, 1))
    assert (answer.case, answer.surplus, answer.shares, answer.outcomes) == (
        Case.NOTHING_ACCEPTABLE, Fraction(-1), (), ()
    )  # fmt: skip
    assert split_surplus([(2, 1)], (2, 1)).case is Case.NOBODY_CAN_GAIN


def test_options_that_tie_have_payments_of_their_own() -> None:
    answer = split_surplus([(4, 0), (0, 4), (1, 1)], (0, 0))
    assert [(one.option, one.received) for one in answer.outcomes] == [(0, exact(-2, 2)), (1, exact(2, -2))]
    assert split_surplus([(4, 0)], (0, 0), (1, 0)).shares == exact(4, 0)


@pytest.mark.parametrize(("weights", "message"), [((0, 0), "sum to 0"), ((2, -1), "less than 0"), ((1,), "1 weights")])
def test_weights_that_mean_nothing_are_input_errors(weights: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        split_surplus([(1, 1)], (0, 0), weights)


def test_what_cannot_be_is_an_input_error() -> None:
    with pytest.raises(InputError, match="appear or vanish"):
        payments_between((1, 1))
    with pytest.raises(InputError, match="no options"):
        split_surplus(np.zeros((0, 2)), (0, 0))
    with pytest.raises(InputError, match="does not exist"):
        left_with_payments([(1, 1)], 3)


@given(tables(players=(1, 4)), st.lists(st.integers(1, 5), min_size=4, max_size=4))
@quick
def test_money_is_divided_not_made(table: Table, parts: list[int]) -> None:
    point = tuple(Fraction(0) for _ in table[0])
    answer = split_surplus(table, point, parts[: len(point)])
    assert sum(answer.shares) == max(sum(row) for row in table)
    for outcome in answer.outcomes:
        net = [Fraction(0)] * len(point)
        for one in outcome.payments:
            assert one.amount > 0
            net[one.payer] -= one.amount
            net[one.payee] += one.amount
        assert tuple(net) == outcome.received
        assert len(outcome.payments) < len(point)
        assert left_with_payments(table, outcome.option) == 0


@given(tables(players=(2, 3), options=(1, 5)), st.lists(st.integers(1, 5), min_size=3, max_size=3))
@quick
def test_it_is_the_nash_solution_of_all_ways_to_pay(table: Table, parts: list[int]) -> None:
    """The second method: paying as options of their own, one player having the whole surplus, drawn by lot."""
    point = tuple(Fraction(0) for _ in table[0])
    answer = split_surplus(table, point, parts[: len(point)])
    if answer.case is Case.REGULAR:
        corners = [[answer.surplus * (i == j) for j in range(len(point))] for i in range(len(point))]
        assert nash_lottery(corners, point, parts[: len(point)]).lottery.values == answer.shares
