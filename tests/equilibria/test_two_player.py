from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

from gamecore.equilibria import certificate
from gamecore.equilibria.nashpy_search import nashpy_equilibria
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Solution, Status
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
    assert solution.status is Status.COMPLETE
    assert all(component.single for component in solution.components) is case.finite
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


def test_beyond_the_limit_pure_equilibria_are_listed_and_the_rest_is_named() -> None:
    identity = next(case for case in TEXTBOOK if case.name == "coordination of three")
    solution = two_player_equilibria(identity.game, limit=18)
    assert solution.status is Status.PARTIAL
    assert set(identity.equilibria[:3]) <= answers(solution) < set(identity.equilibria)
    assert "limit of 18" in solution.notes[0]
    assert "mixed equilibria may be missing" in solution.notes[0]
    assert "all pure equilibria are listed" in solution.notes[1]
    assert solution.components == ()


def test_who_is_asked_to_stop_says_so_and_lists_what_it_has() -> None:
    asked = iter(range(10**6))
    solution = two_player_equilibria(TEXTBOOK[8].game, should_stop=lambda: next(asked) > 5)
    assert solution.status is Status.PARTIAL
    assert "asked to stop" in solution.notes[0]
    assert len(solution.equilibria) >= 3


def test_a_large_game_gets_a_mixed_equilibrium_though_its_search_never_ends() -> None:
    """Nearly zero-sum, so that there is no pure equilibrium to be listed."""
    random = np.random.default_rng(7)
    wins = random.integers(0, 10**6, size=(25, 25))
    game = StrategicGame.from_array(np.stack([wins, random.integers(0, 9, size=(25, 25)) - wins]))
    solution = two_player_equilibria(game, limit=1_000_000)
    assert pure_equilibria(game).equilibria == ()
    assert solution.status is Status.PARTIAL
    assert solution.equilibria


def test_a_game_with_more_profiles_than_the_limit_is_refused() -> None:
    solution = two_player_equilibria(TEXTBOOK[3].game, limit=8)
    assert (solution.status, solution.equilibria) == (Status.REFUSED, ())
    assert "9 profiles" in solution.notes[0]


def test_one_option_against_many_tied_ones_is_answered_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "LEDGER_LIMIT", 10_000)
    solution = two_player_equilibria(StrategicGame.from_array(np.zeros((2, 1, 4999), dtype=int)))
    assert solution.status is Status.PARTIAL
    assert "more than 2 extreme equilibria" in solution.notes[0]
    assert len(solution.equilibria) == 2


@pytest.mark.parametrize(
    ("shape", "top"), [((12, 12), 3), ((10, 10), 10**9), ((4, 60), 1000), ((2, 300), 1000), ((300, 2), 1000)]
)
def test_large_and_lopsided_games_are_complete(shape: tuple[int, int], top: int) -> None:
    random = np.random.default_rng(sum(shape))
    solution = two_player_equilibria(StrategicGame.from_array(random.integers(0, top, size=(2, *shape))))
    assert solution.status is Status.COMPLETE
    assert solution.equilibria


def test_payoffs_of_every_size_in_one_game() -> None:
    game = StrategicGame.from_rows([[("1e-9", "1e12"), (0, 0)], [(0, 0), ("2e-9", 1)]])
    mine, theirs = Fraction(2, 3), Fraction(1, 10**12 + 1)
    assert ((theirs, 1 - theirs), (mine, 1 - mine)) in solved(game)


def test_nashpy_agrees_on_random_games() -> None:
    random = np.random.default_rng(3)
    for shape in [(2, 2), (3, 3), (2, 4), (4, 4), (5, 3)]:
        for _ in range(5):
            game = StrategicGame.from_array(random.integers(0, 1000, size=(2, *shape)))
            assert answers(nashpy_equilibria(game)) == solved(game)


@given(BIMATRIX)
def test_every_equilibrium_is_certified_and_the_pure_ones_are_among_them(game: StrategicGame) -> None:
    solution = two_player_equilibria(game)
    assert solution.equilibria  # Nash 1951
    assert all(one.certificate.holds for one in solution.equilibria)
    assert len(answers(solution)) == len(solution.equilibria)
    assert answers(pure_equilibria(game)) <= answers(solution)


def test_a_three_by_two_game_with_a_duplicate_row_is_answered() -> None:
    game = StrategicGame.from_rows([[(1, 1), (0, 0)], [(1, 1), (0, 0)], [(0, 0), (1, 1)]])
    assert mixed("0 0 1", "0 1") in solved(game)
    assert len(solved(game)) == 5


def test_what_was_found_before_the_stop_is_still_proved_and_listed() -> None:
    random = np.random.default_rng(12)
    game = StrategicGame.from_array(random.integers(0, 1000, size=(2, 12, 12)))
    asked = iter(range(10**6))
    solution = two_player_equilibria(game, should_stop=lambda: next(asked) > 3000)
    assert solution.status is Status.PARTIAL
    assert len(solution.equilibria) > 1
    assert answers(solution) < solved(game)


@pytest.mark.parametrize(("shape", "least"), [((2, 300), 2_000), ((1, 1000), 400)])
def test_very_wide_games_full_of_ties_are_complete(shape: tuple[int, int], least: int) -> None:
    """Thousands of extreme equilibria, each with a ledger of hundreds of deviations that is reckoned when read."""
    random = np.random.default_rng(5)
    solution = two_player_equilibria(StrategicGame.from_array(random.integers(0, 2, size=(2, *shape))))
    assert solution.status is Status.COMPLETE
    assert len(solution.equilibria) > least
    ledger = solution.equilibria[-1].certificate.deviations
    assert len(ledger) == len(list(ledger)) >= sum(shape) - 2
    assert max(one.gain for one in ledger) == solution.equilibria[-1].certificate.max_gain == 0
