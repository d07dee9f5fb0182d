from __future__ import annotations

from fractions import Fraction

from hypothesis import given

from gamecore.equilibria.security import Security, maxmin_pure
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.strategic import StrategicGame
from tests.equilibria.games import TEXTBOOK, sapphire_diamond_naming
from tests.equilibria.strategies import games


def test_each_side_of_sapphire_and_diamond_is_sure_of_what_it_has_alone() -> None:
    sapphire, diamond = maxmin_pure(sapphire_diamond_naming())
    assert sapphire == Security(Fraction("43.031"), (0, 1))
    assert diamond == Security(Fraction("15.992"), (1, 2))


def test_a_lone_player_is_sure_of_the_best() -> None:
    assert maxmin_pure(StrategicGame.from_array([[2, 7, 7]])) == (Security(Fraction(7), (1, 2)),)


def test_pennies_are_sure_to_be_lost_without_a_mixture() -> None:
    assert [one.value for one in maxmin_pure(TEXTBOOK[2].game)] == [-1, -1]


@given(games(players=(1, 3)))
def test_the_level_is_the_best_of_the_worst(game: StrategicGame) -> None:
    for player, level in enumerate(maxmin_pure(game)):
        worst = [
            min(game.payoff(cell)[player] for cell in game.profiles() if cell[player] == option)
            for option in range(game.shape[player])
        ]
        assert level.value == max(worst)
        assert level.options == tuple(option for option, value in enumerate(worst) if value == level.value)


@given(games(players=(2, 2)))
def test_no_equilibrium_gives_a_player_less_than_it_is_sure_of(game: StrategicGame) -> None:
    levels = maxmin_pure(game)
    for one in two_player_equilibria(game).equilibria:
        assert all(payoff >= level.value for payoff, level in zip(one.payoffs, levels, strict=True))
