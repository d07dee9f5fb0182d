from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria import certificate
from gamecore.equilibria.nashpy_search import nashpy_equilibria
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Solution, Status
from gamecore.equilibria.support_enumeration import extreme_strategies
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.errors import InputError
from gamecore.games.strategic import Mixed, StrategicGame
from tests.equilibria.games import TEXTBOOK, Textbook, mixed, sapphire_diamond_naming
from tests.equilibria.strategies import games

BIMATRIX = games(players=(2, 2), options=(1, 3))


def answers(solution: Solution) -> set[Mixed]:
    return {equilibrium.strategies for equilibrium in solution.equilibria}


def solved(game: StrategicGame) -> set[Mixed]:
    return answers(two_player_equilibria(game))


@pytest.mark.parametrize("case", TEXTBOOK, ids=lambda case: case.name)
def test_the_published_equilibria_are_found_and_no_others(case: Textbook) -> None:
    solution = two_player_equilibria(case.game)
    assert answers(solution) == set(case.equilibria)
    assert solution.status is (Status.COMPLETE if case.finite else Status.PARTIAL)
    assert bool(solution.notes) is not case.finite


def test_pure_equilibria_come_first_and_components_are_numbered_in_order() -> None:
    solution = two_player_equilibria(sapphire_diamond_naming())
    pure = [equilibrium.pure for equilibrium in solution.equilibria]
    assert pure == sorted(pure, reverse=True)
    assert [one.profile for one in solution.equilibria if one.pure] == [(0, 2), (0, 3), (1, 1), (3, 2)]
    components = [one.component for one in solution.equilibria]
    assert list(dict.fromkeys(components)) == list(range(len(set(components))))


def test_the_deadlocks_of_sapphire_and_diamond_are_joined_and_their_agreement_stands_alone() -> None:
    found = {
        one.profile: one.component for one in two_player_equilibria(sapphire_diamond_naming()).equilibria if one.pure
    }
    assert found[0, 2] == found[0, 3] == found[3, 2] != found[1, 1]


def test_members_of_a_component_that_share_a_strategy_are_joined_by_equilibria() -> None:
    """Infinitely many are not only claimed: halfway between neighbours there is another one."""
    case = next(case for case in TEXTBOOK if case.name.startswith("entry"))
    solution = two_player_equilibria(case.game)
    one, other = [found for found in solution.equilibria if found.component == 0]
    assert one.strategies[0] == other.strategies[0]
    middle = tuple((a + b) / 2 for a, b in zip(one.strategies[1], other.strategies[1], strict=True))
    assert certificate.certify(case.game, (one.strategies[0], middle)).holds


def test_games_of_another_number_of_players_are_input_errors() -> None:
    with pytest.raises(InputError, match="3 players"):
        two_player_equilibria(StrategicGame.from_array(np.zeros((3, 2, 2, 2), dtype=int)))


def test_beyond_the_limit_small_supports_are_searched_and_the_rest_is_named() -> None:
    identity = next(case for case in TEXTBOOK if case.name == "coordination of three")
    solution = two_player_equilibria(identity.game, limit=18)
    assert solution.status is Status.PARTIAL
    assert answers(solution) == set(identity.equilibria[:-1])
    assert "19 pairs" in solution.notes[0]
    assert "limit of 18" in solution.notes[0]
    assert "more than 2 options" in solution.notes[0]


def test_a_game_with_more_profiles_than_the_limit_is_refused() -> None:
    solution = two_player_equilibria(TEXTBOOK[3].game, limit=8)
    assert (solution.status, solution.equilibria) == (Status.REFUSED, ())
    assert "9 profiles" in solution.notes[0]


def test_one_option_against_many_tied_ones_is_answered_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "LEDGER_LIMIT", 10_000)
    solution = two_player_equilibria(StrategicGame.from_array(np.zeros((2, 1, 4999), dtype=int)))
    assert solution.status is Status.PARTIAL
    assert "4999 extreme equilibria were found, 2 of them" in solution.notes[0]
    assert len(solution.equilibria) == 2


def test_whole_dollars_lose_no_equilibrium() -> None:
    """Non-degenerate games have an odd number of equilibria (Lemke & Howson 1964)."""
    random = np.random.default_rng(20)
    for _ in range(25):
        game = StrategicGame.from_array(random.integers(-5 * 10**8, 3 * 10**9, size=(2, 3, 3)))
        solution = two_player_equilibria(game)
        assert solution.status is Status.COMPLETE
        assert len(solution.equilibria) % 2 == 1


def test_payoffs_of_every_size_in_one_game() -> None:
    game = StrategicGame.from_rows([[("1e-9", "1e12"), (0, 0)], [(0, 0), ("2e-9", 1)]])
    mine, theirs = Fraction(2, 3), Fraction(1, 10**12 + 1)
    assert ((theirs, 1 - theirs), (mine, 1 - mine)) in solved(game)


@given(games(players=(2, 2), options=(2, 4), top=10**6))
@settings(max_examples=40, deadline=None)
def test_without_degeneracy_the_number_of_equilibria_is_odd_and_nashpy_agrees(game: StrategicGame) -> None:
    tables = [[[int(v) for v in row] for row in table] for table in game.payoffs.tolist()]
    turned = [list(column) for column in zip(*tables[0], strict=True)]
    if any(one.degenerate for one in [*extreme_strategies(tables[1], 4), *extreme_strategies(turned, 4)]):
        return
    solution = two_player_equilibria(game)
    assert solution.status is Status.COMPLETE
    assert len(solution.equilibria) % 2 == 1
    assert answers(nashpy_equilibria(game)) <= answers(solution)


def test_nashpy_agrees_on_random_games() -> None:
    random = np.random.default_rng(3)
    for shape in [(2, 2), (3, 3), (2, 4), (4, 4), (5, 3)]:
        for _ in range(5):
            game = StrategicGame.from_array(random.integers(0, 1000, size=(2, *shape)))
            assert answers(nashpy_equilibria(game)) == solved(game)


def vertices_by_definition(table: Any) -> set[tuple[Fraction, ...]]:
    """Extreme mixtures by another road: as many tight inequalities as unknowns, solved by Gauss.

    The unknowns are the mixture `x` and the other's best payoff `v`; the inequalities `x_i >= 0` and `(x B)_j <= v`.
    """
    own, others = len(table), len(table[0])
    tight = [[Fraction(i == k) for k in range(own)] + [Fraction(0)] for i in range(own)]
    tight += [[Fraction(table[i][j]) for i in range(own)] + [Fraction(-1)] for j in range(others)]
    found = set()
    for chosen in combinations(range(own + others), own):
        solution = gauss(
            [[*tight[k], Fraction(0)] for k in chosen] + [[Fraction(1)] * own + [Fraction(0), Fraction(1)]]
        )
        if solution is None or min(solution[:own]) < 0:
            continue
        if all(sum(solution[i] * table[i][j] for i in range(own)) <= solution[own] for j in range(others)):
            found.add(tuple(solution[:own]))
    return found


def gauss(rows: list[list[Fraction]]) -> list[Fraction] | None:
    """The only solution of a square system, or None."""
    for column in range(len(rows)):
        pivot = next((r for r in range(column, len(rows)) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for r in range(len(rows)):
            if r != column:
                rows[r] = [a - rows[r][column] * b for a, b in zip(rows[r], rows[column], strict=True)]
    return [row[-1] for row in rows]


@given(games(players=(2, 2), options=(1, 3), top=2))
@settings(max_examples=60, deadline=None)
def test_extreme_strategies_are_the_vertices_of_the_best_response_polyhedron(game: StrategicGame) -> None:
    table = [[int(value) for value in row] for row in game.payoffs[1].tolist()]
    assert {one.mixture(len(table)) for one in extreme_strategies(table, 9)} == vertices_by_definition(table)


@given(BIMATRIX)
def test_every_equilibrium_is_certified_and_the_pure_ones_are_among_them(game: StrategicGame) -> None:
    solution = two_player_equilibria(game)
    assert solution.equilibria  # Nash 1951
    assert all(one.certificate.holds for one in solution.equilibria)
    assert len(answers(solution)) == len(solution.equilibria)
    assert answers(pure_equilibria(game)) <= answers(solution)


@given(BIMATRIX, st.data())
def test_units_and_offsets_change_no_equilibrium(game: StrategicGame, data: st.DataObject) -> None:
    units = [data.draw(st.sampled_from([Fraction(1, 10**9), Fraction(1, 3), Fraction(10**12)])) for _ in game.shape]
    offsets = [data.draw(st.integers(-(10**9), 10**9)) for _ in game.shape]
    moved = [game.payoffs[i] * units[i] + offsets[i] for i in range(2)]
    assert solved(StrategicGame.from_array(moved)) == solved(game)


@given(BIMATRIX, st.randoms(use_true_random=False))
def test_permuting_options_permutes_the_equilibria(game: StrategicGame, random: Any) -> None:
    orders = [random.sample(range(count), count) for count in game.shape]
    permuted = StrategicGame(game.payoffs[np.ix_(range(2), *orders)])
    expected = {
        tuple(tuple(strategy[option] for option in order) for strategy, order in zip(one, orders, strict=True))
        for one in solved(game)
    }
    assert solved(permuted) == expected


@given(BIMATRIX)
def test_swapping_the_players_swaps_their_strategies(game: StrategicGame) -> None:
    swapped = StrategicGame(np.stack([game.payoffs[1].T, game.payoffs[0].T]))
    assert solved(swapped) == {(y, x) for x, y in solved(game)}


@given(BIMATRIX)
def test_a_strictly_dominated_option_more_changes_nothing(game: StrategicGame) -> None:
    worse = np.concatenate([game.payoffs, game.payoffs[:, :1]], axis=1)
    worse[0, -1] = [value - 1 for value in worse[0, -1]]
    assert {(x[:-1], y) for x, y in solved(StrategicGame(worse))} == solved(game)


@given(BIMATRIX)
def test_a_duplicate_option_only_splits_its_probability(game: StrategicGame) -> None:
    doubled = StrategicGame(np.concatenate([game.payoffs, game.payoffs[:, :1]], axis=1))
    added_up = {((x[0] + x[-1], *x[1:-1]), y) for x, y in solved(doubled)}
    assert added_up == solved(game)


@given(games(players=(2, 2), options=(1, 3), top=4))
def test_all_equilibria_of_a_zero_sum_game_have_one_value(game: StrategicGame) -> None:
    """von Neumann 1928."""
    opposed = StrategicGame(np.stack([game.payoffs[0], -game.payoffs[0]]))
    assert len({one.payoffs for one in two_player_equilibria(opposed).equilibria}) == 1


def test_a_three_by_two_game_with_a_duplicate_row_is_answered() -> None:
    game = StrategicGame.from_rows([[(1, 1), (0, 0)], [(1, 1), (0, 0)], [(0, 0), (1, 1)]])
    assert mixed("0 0 1", "0 1") in solved(game)
    assert len(solved(game)) == 5
