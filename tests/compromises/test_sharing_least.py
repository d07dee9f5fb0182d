"""The least payments that keep everybody, against a program in floats and by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gamecore.compromises.sharing.core import core
from gamecore.compromises.sharing.least import least_change
from gamecore.games.coalition import CoalitionGame


def whole(numbers: list[int]) -> tuple[Fraction, ...]:
    return tuple(Fraction(number) for number in numbers)


def test_values_that_are_stable_as_they_stand_stay() -> None:
    game = CoalitionGame(("d", "s", "c"), whole([0, 10, 20, 70, 0, 28, 45, 110]))
    change = least_change(game, whole([62, 34, 14]))
    assert change.paid == whole([0, 0, 0])
    assert change.most == 1
    assert change.total == 0


def test_of_equal_totals_the_most_even_payments_are_taken() -> None:
    game = CoalitionGame(("a", "b", "c"), whole([0, 0, 0, 0, 4, 4, 4, 20]))
    assert least_change(game, whole([10, 10, 0])).paid == whole([-2, -2, 4])


def test_where_no_split_keeps_everybody_the_largest_objection_is_made_small() -> None:
    game = CoalitionGame(("a", "b", "c"), whole([0, 0, 0, 12, 0, 12, 12, 12]))
    assert core(game).is_empty
    assert least_change(game, whole([9, 2, 1]), stable=False).proposed == whole([-5, 2, 3])


@pytest.mark.parametrize("players", [2, 3, 4])
@given(data=st.data())
@settings(max_examples=16, deadline=None)
def test_no_smaller_payments_keep_everybody(players: int, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(0, 12), min_size=(1 << players) - 2, max_size=(1 << players) - 2))
    held = data.draw(st.lists(st.integers(-5, 20), min_size=players, max_size=players))
    game = CoalitionGame(tuple("abcd"[:players]), whole([0, *values, sum(held)]))
    assume(not core(game).is_empty)
    change = least_change(game, whole(held))
    inside = np.array([[one >> place & 1 for place in range(players)] for one in range(1, len(game.values) - 1)])
    lacking = np.array([float(v) for v in game.values[1:-1]]) - inside @ np.array(held)
    rows, ones = np.hstack([-inside, inside]), np.ones(players)
    wanted = linprog(np.hstack([ones, 0 * ones]), A_ub=rows, b_ub=-lacking, A_eq=[np.hstack([ones, -ones])], b_eq=[0])
    assert float(change.total) == pytest.approx(wanted.fun)
    assert sum(change.paid) == 0
    at_ends = [inside @ np.array([float(times * paid) for paid in change.paid]) for times in (1, change.most)]
    assert all((gain >= lacking - 1e-9).all() for gain in at_ends)
    if change.total:
        beyond = inside @ np.array([float((change.most + 1) * paid) for paid in change.paid])
        assert (beyond < lacking - 1e-9).any()
