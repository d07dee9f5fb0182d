from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.equilibria.certificate import certified, certify
from gamecore.errors import InputError
from gamecore.games.strategic import Mixed, StrategicGame
from tests.equilibria.games import TEXTBOOK, Textbook, mixed, sapphire_diamond_naming
from tests.equilibria.strategies import games, profiles

CASES = [
    pytest.param(case, answer, id=f"{case.name}-{i}") for case in TEXTBOOK for i, answer in enumerate(case.equilibria)
]


@pytest.mark.parametrize(("case", "answer"), CASES)
def test_published_equilibria_are_certified(case: Textbook, answer: Mixed) -> None:
    assert certify(case.game, answer).max_gain <= 0


@pytest.mark.parametrize("case", [case for case in TEXTBOOK if case.finite], ids=lambda case: case.name)
@pytest.mark.parametrize("step", [Fraction(1, 7), Fraction(1, 10**30)])
def test_a_perturbed_equilibrium_of_a_game_with_finitely_many_is_rejected(case: Textbook, step: Fraction) -> None:
    for answer in case.equilibria:
        for player, strategy in enumerate(answer):
            middle = Fraction(1, len(strategy))
            moved = tuple(chance + step * (middle - chance) for chance in strategy)
            if moved != strategy:
                assert certified(case.game, (*answer[:player], moved, *answer[player + 1 :])) is None


def test_the_ledger_lists_each_players_gain_from_each_option_not_already_played_for_sure() -> None:
    game = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
    certificate = certify(game, mixed("0 1", "1/2 1/2"))
    assert [(item.player, item.action, item.gain) for item in certificate.deviations] == [
        (0, 0, Fraction(-3, 2)),
        (1, 0, Fraction(-1, 2)),
        (1, 1, Fraction(1, 2)),
    ]
    assert certificate.max_gain == Fraction(1, 2)
    assert not certificate.holds


def test_a_bound_tolerates_a_gain_up_to_it_and_no_more() -> None:
    game = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
    assert certify(game, mixed("0 1", "1/2 1/2"), Fraction(1, 2)).holds
    assert not certify(game, mixed("0 1", "1/2 1/2"), Fraction(49, 100)).holds


def test_who_has_no_choice_gains_nothing() -> None:
    assert certify(StrategicGame.from_array([[7]]), mixed("1")).max_gain == 0


@pytest.mark.parametrize(
    ("strategies", "fault"),
    [
        (mixed("1 0"), "1 strategies are given for 2 players"),
        (mixed("1 0", "1 0 0"), "player 1 has 3 entries, its options are 2"),
        (mixed("1 0", "1/2 1/3"), "player 1 is not a distribution"),
        (mixed("3/2 -1/2", "1 0"), "player 0 is not a distribution"),
        (((0.5, 0.5), (1, 0)), "player 0 is not exact"),
    ],
)
def test_what_is_no_exact_distribution_is_an_input_error(strategies: Mixed, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        certify(TEXTBOOK[0].game, strategies)


@given(st.data())
def test_the_gains_agree_with_a_sum_over_all_profiles(data: st.DataObject) -> None:
    game = data.draw(games())
    profile = data.draw(profiles(game))

    def worth(player: int, strategies: Mixed) -> Fraction:
        total = Fraction(0)
        for cell in product(*map(range, game.shape)):
            chance = Fraction(1)
            for other, option in enumerate(cell):
                chance *= strategies[other][option]
            total += chance * game.payoff(cell)[player]
        return total

    for item in certify(game, profile).deviations:
        assert isinstance(item.action, int)
        sure = tuple(Fraction(option == item.action) for option in range(game.shape[item.player]))
        moved = (*profile[: item.player], sure, *profile[item.player + 1 :])
        assert item.gain == worth(item.player, moved) - worth(item.player, profile)
    assert game.expected_payoffs(profile) == tuple(worth(player, profile) for player in range(game.players))


def test_the_deadlock_of_sapphire_and_diamond_is_certified() -> None:
    found = certified(sapphire_diamond_naming(), mixed("1 0 0 0", "0 0 1 0"))
    assert found is not None
    assert found.profile == (0, 2)
    assert found.payoffs == (Fraction("43.031"), Fraction("15.992"))
    assert found.certificate.max_gain == 0  # agreeing on the other's word is worse, other mismatches are the same
