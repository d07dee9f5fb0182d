from __future__ import annotations

import doctest
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria import lemke_howson as paths
from gamecore.equilibria import pivoting, support_enumeration
from gamecore.equilibria.pivoting import Budget, lexicographic_bases, maximise, point, polytope
from gamecore.equilibria.result import Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.equilibria.vertex_enumeration import extreme_equilibria, extreme_strategies, turned
from gamecore.games.strategic import StrategicGame
from tests.equilibria.by_definition import extreme_equilibria_by_definition, vertices_by_definition
from tests.equilibria.strategies import games

PLENTY = 10**7
DATA = Path(__file__).parent / "data"


def tables(game: StrategicGame) -> tuple[list[list[int]], list[list[int]]]:
    """Small payoffs from 0 as positive integers."""
    first, second = ([[int(value) + 1 for value in row] for row in table] for table in game.payoffs.tolist())
    return first, second


def test_the_example_of_the_module_runs() -> None:
    answer = doctest.testmod(pivoting)
    assert (answer.attempted > 0, answer.failed) == (True, 0)


def test_von_stengels_game_has_75_equilibria() -> None:
    data = json.loads((DATA / "von_stengel_1999.json").read_text(encoding="utf-8"))
    solution = two_player_equilibria(StrategicGame.from_array([data["row_payoffs"], data["column_payoffs"]]))
    assert solution.status is Status.COMPLETE
    assert len(solution.equilibria) == data["equilibria"] == 75
    assert all(one.single for one in solution.components)


@given(games(players=(2, 2), options=(1, 4), top=2))
@settings(max_examples=100, deadline=None)
def test_extreme_strategies_are_the_vertices_of_the_best_response_polyhedron(game: StrategicGame) -> None:
    _, table = tables(game)
    found = [one.mixture(len(table)) for one in extreme_strategies(table, Budget(PLENTY))]
    assert len(set(found)) == len(found)
    assert set(found) == vertices_by_definition(table)


@pytest.mark.parametrize("top", [1, 2, 4, 1000])
def test_another_algorithm_finds_the_same_extreme_equilibria(top: int) -> None:
    """Support enumeration, on games of one to five options and all degrees of degeneracy."""
    random = np.random.default_rng(top)
    for _ in range(250):
        shape = random.integers(1, 6, size=2)
        first, second = ((1 + random.integers(0, top + 1, size=shape)).tolist() for _ in range(2))
        found = list(extreme_equilibria(first, second, Budget(PLENTY)))
        assert len(set(found)) == len(found)
        assert set(found) == set(support_enumeration.extreme_equilibria(first, second, 5))


def test_200_games_of_three_payoffs_are_complete() -> None:
    """The bar of methods.md: the peers are complete in 77 and 78 of 200 such games."""
    random = np.random.default_rng(200)
    for _ in range(200):
        game = StrategicGame.from_array(random.integers(1, 4, size=(2, 3, 3)))
        solution = two_player_equilibria(game)
        assert solution.status is Status.COMPLETE
        assert {one.strategies for one in solution.equilibria} == extreme_equilibria_by_definition(game)


def test_100_games_in_whole_dollars_are_complete() -> None:
    """The bar of methods.md: Gambit's exact enumeration finds no equilibrium in any of 100 such games."""
    random = np.random.default_rng(100)
    for place in range(100):
        game = StrategicGame.from_array(random.integers(-5 * 10**8, 3 * 10**9, size=(2, 3, 3)))
        solution = two_player_equilibria(game)
        assert solution.status is Status.COMPLETE
        assert len(solution.equilibria) % 2 == 1  # Lemke & Howson 1964
        if place < 25:
            assert {one.strategies for one in solution.equilibria} == extreme_equilibria_by_definition(game)


@given(games(players=(2, 2), options=(1, 5), top=3))
@settings(max_examples=60, deadline=None)
def test_paths_end_at_extreme_equilibria_in_degenerate_games_too(game: StrategicGame) -> None:
    first, second = tables(game)
    found = list(paths.lemke_howson(first, second, Budget(PLENTY)))
    assert found
    assert set(found) <= set(extreme_equilibria(first, second, Budget(PLENTY)))


def test_a_search_that_forgets_its_way_back_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(8)
    table = (1 + random.integers(0, 5, size=(6, 7))).tolist()
    kept = list(extreme_strategies(table, Budget(PLENTY)))
    monkeypatch.setattr(pivoting, "REMEMBERED", 0)
    assert list(extreme_strategies(table, Budget(PLENTY))) == kept


def test_nothing_is_found_without_a_budget_and_it_stays_exhausted() -> None:
    budget = Budget(3)
    start = polytope([[1, 2], [3, 1]])
    assert len(list(lexicographic_bases(start, budget))) == 1
    assert maximise(start, [1, 1], budget) is None
    assert budget.exhausted
    assert not budget.asked_to_stop


def test_a_reason_to_stop_is_heard() -> None:
    budget = Budget(PLENTY, should_stop=lambda: True)
    assert not budget.allows(1)
    assert budget.asked_to_stop


@given(st.lists(st.lists(st.integers(1, 4), min_size=3, max_size=3), min_size=1, max_size=4))
@settings(max_examples=50, deadline=None)
def test_the_largest_value_is_at_the_best_vertex(rows: list[list[int]]) -> None:
    start = polytope(rows)
    vertices = {point(found, 3) for found in lexicographic_bases(start, Budget(PLENTY))}
    optimum = maximise(start, [2, 3, 1], Budget(PLENTY))
    assert optimum is not None
    values = {one: 2 * one[0] + 3 * one[1] + one[2] for one in vertices}
    assert values[point(optimum, 3)] == max(values.values())


def test_the_side_with_fewer_options_is_searched_whichever_it_is() -> None:
    random = np.random.default_rng(2)
    first, second = ((1 + random.integers(0, 3, size=(2, 6))).tolist() for _ in range(2))
    wide = set(extreme_equilibria(first, second, Budget(PLENTY)))
    tall = set(extreme_equilibria(turned(second), turned(first), Budget(PLENTY)))
    assert {(y, x) for x, y in tall} == wide


def test_gambit_agrees_where_it_is_right() -> None:
    """Small whole payoffs, ties included; it is asked only where it is installed."""
    pygambit = pytest.importorskip("pygambit")
    random = np.random.default_rng(16)
    for _ in range(30):
        payoffs = random.integers(1, 4, size=(2, 3, 3))
        game = pygambit.Game.from_arrays(payoffs[0].tolist(), payoffs[1].tolist())
        theirs = {
            tuple(tuple(Fraction(profile[strategy]) for strategy in player.strategies) for player in game.players)
            for profile in pygambit.nash.enummixed_solve(game, rational=True).equilibria
        }
        ours = two_player_equilibria(StrategicGame.from_array(payoffs)).equilibria
        assert {one.strategies for one in ours} == theirs
