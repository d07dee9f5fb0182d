from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.frontier import pareto_frontier, value_left_on_table
from gamecore.compromises.hull import edge_of_two, hull_of
from gamecore.compromises.lottery_frontier import MOST_OPTIONS, frontier_with_lotteries, left_with_lotteries
from gamecore.compromises.transferable import left_with_payments
from gamecore.errors import InputError, TooLargeError
from tests.compromises.tables import SAPPHIRE_DIAMOND, START, WAIT, Table, bill_and_jack, exact, tables

quick = settings(max_examples=20, deadline=None)


def test_bill_and_jacks_frontier_with_lotteries() -> None:
    table, apart = bill_and_jack()
    corners = [tuple(v - d for v, d in zip(row, apart, strict=True)) for row in hull_of(table).rows]
    inside = [row for row in corners if min(row) >= 0]
    assert inside == [exact(6, 7), exact(12, 5), exact(14, 4)]  # of the seven named deals that are efficient


def test_sapphire_and_diamonds_corners_and_what_the_others_leave() -> None:
    found = frontier_with_lotteries(SAPPHIRE_DIAMOND)
    assert found.corners == (START, WAIT)
    assert found.segments == ((START, WAIT),)
    assert left_with_lotteries(SAPPHIRE_DIAMOND, WAIT).amount == 0
    assert left_with_payments(SAPPHIRE_DIAMOND, START) == Fraction("11.722")


def test_an_undominated_option_can_be_beaten_by_lot() -> None:
    found = frontier_with_lotteries([(0, 4), (1, 1), (4, 0)])
    (lost,) = found.beaten
    assert (lost.option, sum(lost.by.values), min(lost.by.values) >= 1) == (1, 4, True)
    assert pareto_frontier([(0, 4), (1, 1), (4, 0)]) == (0, 1, 2)


def test_options_of_equal_values_and_those_on_a_line_are_told_apart_from_corners() -> None:
    found = frontier_with_lotteries([(0, 4), (2, 2), (4, 0), (4, 0)])
    assert [one.option for one in found.efficient] == [0, 1, 2, 3]
    assert found.corners == (0, 2, 3)
    assert found.segments == ((0, 2),)


def test_three_players_edges() -> None:
    """A triangle has three edges; the fourth option beneath it is beaten, one above it splits the face."""
    triangle = [(3, 0, 0), (0, 3, 0), (0, 0, 3)]
    flat = frontier_with_lotteries([*triangle, ("1/2", "1/2", "1/2")])
    assert (flat.corners, flat.segments) == ((0, 1, 2), ((0, 1), (0, 2), (1, 2)))
    assert [one.option for one in flat.beaten] == [3]
    tip = frontier_with_lotteries([*triangle, (2, 2, 2)])
    assert tip.segments == ((0, 3), (1, 3), (2, 3))


@given(tables(players=(1, 4), options=(1, 7)))
@quick
def test_weights_and_lotteries_prove_who_is_on_the_frontier(table: Table) -> None:
    found = frontier_with_lotteries(table)
    assert sorted([one.option for one in found.efficient] + [one.option for one in found.beaten]) == list(
        range(len(table))
    )
    assert {one.option for one in found.efficient} <= set(pareto_frontier(table))
    for one in found.efficient:
        assert min(one.weights) > 0
        totals = [sum(w * v for w, v in zip(one.weights, row, strict=True)) for row in table]
        assert totals[one.option] == max(totals)
    for lost in found.beaten:
        chances = dict(lost.by.chances)
        assert sum(chances.values()) == 1
        worth = tuple(sum(chance * table[k][i] for k, chance in chances.items()) for i in range(len(table[0])))
        assert worth == lost.by.values
        assert all(a >= b for a, b in zip(worth, table[lost.option], strict=True))
        assert worth != table[lost.option]


@given(tables(players=(2, 2), options=(1, 9), top=9))
@quick
def test_for_two_players_it_is_the_chain_of_corners(table: Table) -> None:
    found = frontier_with_lotteries(table)
    assert sorted({table[k] for k in found.corners}) == list(hull_of(table).rows)
    assert len(found.segments) == len(hull_of(table).rows) - 1


@given(tables(players=(2, 3), options=(1, 7)), st.data())
@quick
def test_lotteries_leave_at_least_what_options_leave_and_money_most(table: Table, data: st.DataObject) -> None:
    option = data.draw(st.integers(0, len(table) - 1))
    named, drawn = value_left_on_table(table, option).amount, left_with_lotteries(table, option)
    assert 0 <= named <= drawn.amount <= left_with_payments(table, option)
    assert all(a >= b for a, b in zip(drawn.lottery.values, table[option], strict=True))
    assert sum(drawn.lottery.values) - sum(table[option]) == drawn.amount


def test_an_outcome_can_be_a_point() -> None:
    assert left_with_lotteries([(0, 4), (4, 0)], ("1", "1")).amount == 2
    with pytest.raises(InputError, match="cannot be had"):
        left_with_lotteries([(0, 4), (4, 0)], (3, 3))


def test_what_does_not_exist_or_is_too_much_is_refused() -> None:
    with pytest.raises(InputError, match="does not exist"):
        left_with_lotteries([(0, 4)], 1)
    many = [(step, -step, 0) for step in range(MOST_OPTIONS + 1)]
    with pytest.raises(TooLargeError, match="undominated"):
        frontier_with_lotteries(many)


def test_many_rows_of_doubles_reduce_to_their_corners() -> None:
    values: Any = np.random.default_rng(5).random((50_000, 2))
    corners = hull_of(values).rows
    kept = set(pareto_frontier(values))
    assert all(option in kept for options in hull_of(values).options for option in options)
    assert edge_of_two(corners) == list(corners)
    for weight in np.linspace(0.05, 0.95, 19):
        best = float((values @ [weight, 1 - weight]).max())
        assert abs(max(float(row[0]) * weight + float(row[1]) * (1 - weight) for row in corners) - best) < 1e-12
