from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.equilibria import certificate
from gamecore.equilibria.pure import pure_equilibria, pure_equilibria_batch
from gamecore.equilibria.result import Status
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame
from tests.equilibria.games import TEXTBOOK, Textbook, sapphire_diamond_naming
from tests.equilibria.strategies import games


def found_in(game: StrategicGame) -> list[tuple[int, ...]]:
    return [equilibrium.profile for equilibrium in pure_equilibria(game).equilibria]


def by_hand(game: StrategicGame) -> list[tuple[int, ...]]:
    """The definition, word by word: nobody gains by moving alone."""
    return [
        cell
        for cell in game.profiles()
        if all(
            game.payoff((*cell[:player], option, *cell[player + 1 :]))[player] <= game.payoff(cell)[player]
            for player in range(game.players)
            for option in range(game.shape[player])
        )
    ]


@pytest.mark.parametrize("case", TEXTBOOK, ids=lambda case: case.name)
def test_the_published_pure_equilibria_are_found(case: Textbook) -> None:
    solution = pure_equilibria(case.game)
    assert [equilibrium.profile for equilibrium in solution.equilibria] == case.pure
    assert solution.status is Status.COMPLETE


def test_three_voters_may_all_follow_a_majority_nobody_wants() -> None:
    """Farquharson 1969: where all three vote alike, no single vote counts; here two of three prefer option 1."""
    likes = [(0, 1), (0, 1), (1, 0)]  # per voter what option 0 and option 1 are worth
    cells = [[[[worth[a + b + c >= 2] for c in (0, 1)] for b in (0, 1)] for a in (0, 1)] for worth in likes]
    game = StrategicGame.from_array(cells)
    assert found_in(game) == [(0, 0, 0), (1, 1, 0), (1, 1, 1)]


def test_the_naming_game_of_sapphire_and_diamond_has_one_agreement_and_three_deadlocks() -> None:
    start, wait, hybrid, terminate = range(4)
    expected = {(wait, wait), (start, hybrid), (start, terminate), (terminate, hybrid)}
    assert set(found_in(sapphire_diamond_naming())) == expected


def test_no_pure_equilibrium_is_an_answer() -> None:
    solution = pure_equilibria(TEXTBOOK[2].game)
    assert (solution.status, solution.equilibria, solution.notes) == (Status.COMPLETE, (), ())


def test_decimals_tie_as_people_read_them() -> None:
    game = StrategicGame.from_array([[0.1 + 0.2, 0.3]])
    assert found_in(game) == [(0,)]  # 0.30000000000000004 is what was given
    assert found_in(StrategicGame.from_array([[Fraction("0.1") + Fraction("0.2"), "0.3"]])) == [(0,), (1,)]


def test_too_many_profiles_are_refused_with_the_count_and_the_limit() -> None:
    solution = pure_equilibria(sapphire_diamond_naming(), limit=15)
    assert solution.status is Status.REFUSED
    assert solution.equilibria == ()
    assert "16 profiles" in solution.notes[0]
    assert "15" in solution.notes[0]


def test_too_many_equilibria_are_partly_listed_and_counted() -> None:
    solution = pure_equilibria(StrategicGame.from_array(np.zeros((2, 3, 3), dtype=int)), listed=4)
    assert solution.status is Status.PARTIAL
    assert len(solution.equilibria) == 4
    assert "9 pure equilibria" in solution.notes[0]


def test_ledgers_have_a_limit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "LEDGER_LIMIT", 20)
    solution = pure_equilibria(StrategicGame.from_array(np.zeros((2, 3, 3), dtype=int)))
    assert solution.status is Status.PARTIAL
    assert len(solution.equilibria) == 3


@given(games(players=(1, 4)))
def test_pure_equilibria_are_those_of_the_definition(game: StrategicGame) -> None:
    solution = pure_equilibria(game)
    assert [equilibrium.profile for equilibrium in solution.equilibria] == by_hand(game)
    assert all(equilibrium.certificate.holds for equilibrium in solution.equilibria)
    assert all(equilibrium.payoffs == game.payoff(equilibrium.profile) for equilibrium in solution.equilibria)


@given(games(), st.data())
def test_units_and_offsets_change_nothing(game: StrategicGame, data: st.DataObject) -> None:
    units = [data.draw(st.sampled_from([Fraction(1, 10**9), Fraction(1, 3), Fraction(10**12)])) for _ in game.shape]
    offsets = [data.draw(st.integers(-(10**9), 10**9)) for _ in game.shape]
    moved = [game.payoffs[i] * units[i] + offsets[i] for i in range(game.players)]
    assert found_in(StrategicGame.from_array(moved)) == found_in(game)


@given(games(), st.randoms(use_true_random=False))
def test_permuting_options_permutes_the_answer(game: StrategicGame, random: Any) -> None:
    orders = [random.sample(range(count), count) for count in game.shape]
    permuted = StrategicGame(game.payoffs[np.ix_(range(game.players), *orders)])
    back = [tuple(order[option] for order, option in zip(orders, cell, strict=True)) for cell in found_in(permuted)]
    assert sorted(back) == found_in(game)


@given(st.lists(games(players=(2, 2), options=(2, 2)), min_size=1, max_size=5))
def test_the_batch_finds_in_each_draw_what_the_exact_search_finds(draws: list[StrategicGame]) -> None:
    stable = pure_equilibria_batch(np.array([game.payoffs.astype(float) for game in draws]))
    assert [list(map(tuple, np.argwhere(one).tolist())) for one in stable] == [found_in(game) for game in draws]


@pytest.mark.parametrize("unit", [1e-9, 1.0, 3e9])
def test_the_batch_ties_what_only_rounding_tells_apart(unit: float) -> None:
    drawn = unit * np.array([[[0.1 + 0.2, 0.3]], [[0.3, 0.3001]]])
    assert pure_equilibria_batch(drawn).tolist() == [[True, True], [False, True]]


def test_the_batch_keeps_the_axes_of_three_players() -> None:
    payoffs = np.random.default_rng(7).normal(size=(20, 3, 2, 3, 4))
    stable = pure_equilibria_batch(payoffs)
    assert stable.shape == (20, 2, 3, 4)
    for draw, found in zip(payoffs, stable, strict=True):
        assert list(map(tuple, np.argwhere(found).tolist())) == found_in(StrategicGame.from_array(draw))


@pytest.mark.parametrize("payoffs", [np.zeros((2, 2)), np.zeros((5, 3, 2, 2)), np.full((1, 1, 2), np.nan)])
def test_draws_of_the_wrong_shape_or_without_a_number_are_input_errors(payoffs: Any) -> None:
    with pytest.raises(InputError):
        pure_equilibria_batch(payoffs)
