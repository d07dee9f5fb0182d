from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame, exact_array, exact_number, order_ranks


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (0.1, Fraction(1, 10)),
        (np.float64(0.1), Fraction(1, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        (np.int64(7), Fraction(7)),
        ("1/3", Fraction(1, 3)),
        (Decimal("2.50"), Fraction(5, 2)),
        (Fraction(2, 7), Fraction(2, 7)),
        (1e-9, Fraction(1, 10**9)),
        (3_000_000_000, Fraction(3 * 10**9)),
    ],
)
def test_numbers_count_as_the_decimals_they_print_as(value: Any, exact: Fraction) -> None:
    assert exact_number(value) == exact


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), np.float32("inf"), Decimal("NaN"), "much", "1/0", None, [1]]
)
def test_what_is_not_a_finite_number_is_an_input_error(value: Any) -> None:
    with pytest.raises(InputError, match="finite number"):
        exact_number(value)


@pytest.mark.parametrize("shape", [(2,), (2, 3), (3, 2, 2), (2, 0, 2), (0,)])
def test_payoffs_with_the_wrong_axes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="axes"):
        StrategicGame.from_array(np.zeros(shape))


def test_ragged_tables_are_refused() -> None:
    with pytest.raises(InputError):
        StrategicGame.from_rows([[(1, 2), (3, 4)], [(5, 6)]])


def test_payoffs_that_are_not_exact_are_refused() -> None:
    with pytest.raises(InputError, match="from_array"):
        StrategicGame(np.zeros((1, 2), dtype=object))


def test_a_table_of_pairs_puts_the_row_player_first() -> None:
    game = StrategicGame.from_rows([[(1, 2), (3, 4), (5, 6)]])
    assert game.shape == (1, 3)
    assert game.payoff((0, 2)) == (Fraction(5), Fraction(6))
    assert list(game.profiles()) == [(0, 0), (0, 1), (0, 2)]
    assert game.size == 3


def test_expected_payoffs_mix_every_player_on_its_own() -> None:
    game = StrategicGame.from_array(np.arange(24).reshape(3, 2, 2, 2))
    half = (Fraction(1, 2), Fraction(1, 2))
    assert game.expected_payoffs((half, half, half)) == (Fraction(7, 2), Fraction(23, 2), Fraction(39, 2))
    assert game.expected_payoffs(game.pure_strategies((1, 0, 1))) == game.payoff((1, 0, 1))


@given(st.lists(st.fractions(-3, 3), min_size=1, max_size=12))
def test_ranks_keep_the_order_and_the_ties(values: list[Fraction]) -> None:
    ranks = order_ranks(exact_array(values)).tolist()
    floats = order_ranks(np.array([float(value) for value in values])).tolist()
    for i, one in enumerate(values):
        for j, other in enumerate(values):
            assert (ranks[i] < ranks[j]) == (one < other)
            assert (ranks[i] == ranks[j]) == (one == other)
    assert floats == ranks


def test_ranks_survive_denominators_without_a_small_common_one() -> None:
    values = [Fraction(1, 2**k + 1) for k in range(1, 200)]
    assert order_ranks(exact_array(values)).tolist() == list(range(198, -1, -1))
