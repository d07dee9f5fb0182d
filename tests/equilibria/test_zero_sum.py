from __future__ import annotations

import doctest
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from gamecore.equilibria import zero_sum as module
from gamecore.equilibria.pivoting import Budget
from gamecore.equilibria.result import Status
from gamecore.equilibria.security import maxmin_mixed
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.equilibria.vertex_enumeration import extreme_equilibria
from gamecore.equilibria.zero_sum import optimal_pairs, positive_tables, zero_sum
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame
from tests.equilibria.games import TEXTBOOK
from tests.equilibria.strategies import games

TIED = games(players=(2, 2), options=(1, 4), top=3)


def opposed(game: StrategicGame) -> StrategicGame:
    """The second player loses what the first wins, counted in other units and from another offset."""
    return StrategicGame(np.stack([game.payoffs[0], Fraction(5) - game.payoffs[0] / 3]))


def test_the_example_of_the_module_runs() -> None:
    answer = doctest.testmod(module)
    assert (answer.attempted > 0, answer.failed) == (True, 0)


def test_holmes_escapes_with_the_published_chance() -> None:
    """von Neumann & Morgenstern 1944: Moriarty gets 40 on average."""
    case = next(case for case in TEXTBOOK if case.name == "Holmes and Moriarty")
    found = zero_sum(case.game)
    assert found.status is Status.COMPLETE
    assert found.value == (Fraction(40), Fraction(-40))
    assert found.optimal == tuple((strategy,) for strategy in case.equilibria[0])


@given(TIED)
@settings(deadline=None)
def test_linear_programming_finds_what_vertex_enumeration_finds(game: StrategicGame) -> None:
    tables = positive_tables(opposed(game))
    found = list(optimal_pairs(*tables, Budget(10**7)))
    assert len(set(found)) == len(found)
    assert set(found) == set(extreme_equilibria(*tables, Budget(10**7)))


@given(TIED)
@settings(deadline=None)
def test_all_equilibria_have_the_value_and_are_one_product(game: StrategicGame) -> None:
    """von Neumann 1928."""
    solution = two_player_equilibria(opposed(game))
    found = zero_sum(opposed(game))
    assert {one.payoffs for one in solution.equilibria} == {found.value}
    assert found.value == tuple(level.value for level in maxmin_mixed(opposed(game)))
    (component,) = solution.components
    assert len(component.subsets) == 1
    assert len(solution.equilibria) == len(found.optimal[0]) * len(found.optimal[1])


def test_a_large_zero_sum_game_is_complete() -> None:
    table = np.random.default_rng(40).integers(-50, 50, size=(30, 40))
    solution = two_player_equilibria(StrategicGame.from_array(np.stack([table, -table])))
    assert solution.status is Status.COMPLETE
    assert solution.equilibria


def test_common_interests_are_no_zero_sum_game() -> None:
    with pytest.raises(InputError, match="not zero-sum"):
        zero_sum(TEXTBOOK[1].game)
    with pytest.raises(InputError, match="3 players"):
        zero_sum(StrategicGame.from_array(np.zeros((3, 1, 1, 1), dtype=int)))


def test_a_limit_refuses_or_lists_a_part() -> None:
    game = StrategicGame.from_array(np.zeros((2, 4, 4), dtype=int))
    refused = zero_sum(game, limit=0)
    assert (refused.status, refused.value) == (Status.REFUSED, ())
    assert "limit of 0" in refused.notes[0]
    some = [one for one in (zero_sum(game, limit=limit) for limit in range(40)) if one.status is Status.PARTIAL]
    assert some
    assert all(set(one.value) == {Fraction(0)} for one in some)
