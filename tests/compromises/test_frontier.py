from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.frontier import ValueLeft, pareto_frontier, value_left_on_table
from gamecore.errors import InputError
from tests.compromises.tables import (
    HYBRID,
    SAPPHIRE_DIAMOND,
    START,
    TERMINATE,
    THOMPSON_FRONTIER,
    WAIT,
    Table,
    bill_and_jack,
    tables,
    thompson,
)

quick = settings(max_examples=24, deadline=None)


def by_definition(table: Any) -> tuple[int, ...]:
    def dominates(a: Any, b: Any) -> bool:
        pairs = list(zip(a, b, strict=True))
        return all(x >= y for x, y in pairs) and any(x > y for x, y in pairs)

    return tuple(k for k, row in enumerate(table) if not any(dominates(other, row) for other in table))


@quick
@given(tables(players=(1, 4)))
def test_the_frontier_is_that_of_the_definition_ties_and_duplicates_kept(table: Table) -> None:
    assert pareto_frontier(table) == by_definition(table)
    assert pareto_frontier(np.array(table, dtype=float)) == by_definition(table)


@quick
@given(tables(players=(2, 3)), st.randoms(use_true_random=False))
def test_permuting_options_and_players_permutes_the_frontier(table: Table, random: Any) -> None:
    order = random.sample(range(len(table)), len(table))
    turned = [table[k][::-1] for k in order]
    assert sorted(order[k] for k in pareto_frontier(turned)) == list(pareto_frontier(table))


def test_thompsons_contract_has_25_efficient_deals_of_3125() -> None:
    table = thompson()
    assert len(table) == 3125
    found = sorted(table[k] for k in pareto_frontier(table))
    levels = [Fraction(level) for level in THOMPSON_FRONTIER.split()]
    assert found == list(zip(levels, reversed(levels), strict=True))


def test_exact_values_tie_where_floats_do_not() -> None:
    assert pareto_frontier([(Fraction("0.1") + Fraction("0.2"), 1), ("0.3", 1)]) == (0, 1)
    assert pareto_frontier(np.array([[0.1 + 0.2, 1.0], [0.3, 1.0]])) == (0,)


def test_many_options_of_three_players_agree_with_two_sorts() -> None:
    """Against a third player who likes nothing, the frontier is that of the first two."""
    values = np.random.default_rng(1).integers(0, 60, size=(4000, 2)).astype(float)
    wide = np.column_stack([values, np.zeros(len(values))])
    assert pareto_frontier(wide) == pareto_frontier(values)


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.float32])
@pytest.mark.parametrize("players", [1, 2, 3])
def test_whole_numbers_and_short_floats_are_compared_as_they_are(kind: Any, players: int) -> None:
    """Enough rows for the search for strong ones; the last option repeats the first one's values."""
    values = np.random.default_rng(players).integers(0, 200, size=(1500, players)).astype(kind)
    values[-1] = values[0]
    assert pareto_frontier(values) == by_definition(values.tolist())


def test_a_frontier_that_every_option_is_on_keeps_all() -> None:
    steps = np.arange(3000)
    assert pareto_frontier(np.column_stack([steps, steps[::-1]])) == tuple(range(3000))


def test_no_options_have_an_empty_frontier() -> None:
    assert pareto_frontier(np.zeros((0, 2))) == ()


@pytest.mark.parametrize("values", [[1, 2], np.zeros((2, 0)), np.array([[np.nan]]), [[1, "much"]]])
def test_what_is_no_table_of_numbers_is_an_input_error(values: Any) -> None:
    with pytest.raises(InputError):
        pareto_frontier(values)


def test_starting_and_waiting_leave_nothing_and_the_others_something() -> None:
    assert pareto_frontier(SAPPHIRE_DIAMOND) == (START, WAIT)
    assert value_left_on_table(SAPPHIRE_DIAMOND, WAIT) == ValueLeft(Fraction(0), (WAIT,))
    assert value_left_on_table(SAPPHIRE_DIAMOND, HYBRID) == ValueLeft(Fraction("12.929"), (WAIT,))
    assert value_left_on_table(SAPPHIRE_DIAMOND, TERMINATE).options == (WAIT,)


def test_bill_and_jack_leave_18_if_they_do_not_trade() -> None:
    table, apart = bill_and_jack()
    assert value_left_on_table(table, table.index((apart[0], apart[1]))).amount == 18


@quick
@given(tables(players=(1, 3)))
def test_an_option_on_the_frontier_leaves_nothing_and_only_such_a_one(table: Table) -> None:
    frontier = pareto_frontier(table)
    for option in range(len(table)):
        left = value_left_on_table(table, option)
        assert (left.amount == 0) == (option in frontier)
        assert all(sum(table[other]) - sum(table[option]) == left.amount for other in left.options)


@pytest.mark.parametrize("option", [-1, 4])
def test_an_option_that_does_not_exist_is_an_input_error(option: int) -> None:
    with pytest.raises(InputError, match="does not exist"):
        value_left_on_table(SAPPHIRE_DIAMOND, option)
