from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from gamecore.compromises.measures import measure_options
from gamecore.errors import InputError
from tests.compromises.tables import APART, HYBRID, SAPPHIRE_DIAMOND, START, TERMINATE, WAIT, Table, tables

quick = settings(max_examples=40, deadline=None)

SAPPHIRE, DIAMOND = 0, 1


def test_how_the_options_of_sapphire_and_diamond_stand() -> None:
    measures = measure_options(SAPPHIRE_DIAMOND, APART)
    assert [one.ranks for one in measures] == [(1, 3), (2, 1), (3, 2), (4, 4)]
    assert [one.acceptable_to for one in measures] == [(SAPPHIRE,), (SAPPHIRE, DIAMOND), (DIAMOND,), ()]
    assert [one.acceptable for one in measures] == [False, True, False, False]
    assert [one.nobodys_worst for one in measures] == [True, True, True, False]
    assert measures[WAIT].fairness == 1  # each side's best among what both accept
    assert measures[WAIT].joint == Fraction("73.233")
    assert measures[WAIT].regrets == (Fraction("4.392"), Fraction(0))
    assert measures[HYBRID].gains == (Fraction("-0.833"), Fraction("2.114"))
    assert measures[START].max_regret == Fraction("16.114")
    start, terminate = measures[START].fairness, measures[TERMINATE].fairness
    assert start is not None
    assert terminate is not None
    assert terminate < start < 0


def test_equal_values_share_the_better_rank() -> None:
    measures = measure_options([(5, 1), (5, 1), (3, 1), (3, 2)], (0, 0))
    assert [one.ranks for one in measures] == [(1, 2), (1, 2), (3, 2), (3, 1)]
    assert [one.tied for one in measures] == [(True, True), (True, True), (True, True), (True, False)]


def test_who_values_all_options_alike_has_no_worst() -> None:
    assert [one.nobodys_worst for one in measure_options([(1, 7), (2, 7)], (0, 0))] == [False, True]


def test_fairness_is_the_smallest_share_of_what_a_side_could_gain() -> None:
    measures = measure_options([(10, 0), (4, 5), (0, 20)], (0, 0))
    assert [one.fairness for one in measures] == [0, Fraction(1, 4), 0]


def test_where_nobody_can_gain_there_is_no_fairness() -> None:
    assert [one.fairness for one in measure_options([(1, 1), (9, 0)], (1, 1))] == [None, None]
    assert [one.fairness for one in measure_options([(5, 0), (0, 5)], (1, 1))] == [None, None]


def test_a_side_that_cannot_gain_is_left_out_of_fairness() -> None:
    assert [one.fairness for one in measure_options([(0, 4), (0, 1)], (0, 0))] == [1, Fraction(1, 4)]


@quick
@given(tables(players=(1, 3)))
def test_ranks_and_regrets_by_the_definition(table: Table) -> None:
    point = tuple(Fraction(1) for _ in table[0])
    for row, one in zip(table, measure_options(table, point), strict=True):
        for i, value in enumerate(row):
            assert one.ranks[i] == 1 + sum(other[i] > value for other in table)
            assert one.tied[i] == (sum(other[i] == value for other in table) > 1)
            assert one.regrets[i] == max(other[i] for other in table) - value
            assert (i in one.acceptable_to) == (value >= 1)
        assert one.joint == sum(row)
        if one.acceptable and one.fairness is not None:
            assert 0 <= one.fairness <= 1


def test_no_options_have_no_measures() -> None:
    import numpy as np

    assert measure_options(np.empty((0, 2), dtype=object), (0, 0)) == ()


def test_a_walk_away_for_other_players_is_an_input_error() -> None:
    with pytest.raises(InputError, match="2 players"):
        measure_options(SAPPHIRE_DIAMOND, (1,))
