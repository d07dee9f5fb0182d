from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings

from gamecore.equilibria.result import Status
from gamecore.equilibria.security import Security, maxmin_mixed, maxmin_pure
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


def test_a_mixture_makes_sure_of_more_than_any_option() -> None:
    for mine, pure in zip(maxmin_mixed(TEXTBOOK[2].game), maxmin_pure(TEXTBOOK[2].game), strict=True):
        assert (mine.value, mine.strategy, mine.status) == (
            Fraction(0),
            (Fraction(1, 2), Fraction(1, 2)),
            Status.COMPLETE,
        )
        assert mine.held_to == (((0,), Fraction(1, 2)), ((1,), Fraction(1, 2)))
        assert pure.value == -1


@given(games(players=(1, 3), options=(1, 4)))
@settings(deadline=None)
def test_the_mixed_level_is_guaranteed_and_the_others_can_hold_the_player_to_it(game: StrategicGame) -> None:
    """Both checked by sums over the payoffs: the two together prove the level."""
    pure = maxmin_pure(game)
    for player, level in enumerate(maxmin_mixed(game)):
        assert level.status is Status.COMPLETE
        assert level.value >= pure[player].value
        assert sum(level.strategy) == 1
        assert min(level.strategy) >= 0
        assert sum(weight for _, weight in level.held_to) == 1
        for cell in game.profiles():
            others = (*cell[:player], *cell[player + 1 :])
            mine = [(*others[:player], option, *others[player:]) for option in range(game.shape[player])]
            worth = sum(
                chance * game.payoff(profile)[player] for chance, profile in zip(level.strategy, mine, strict=True)
            )
            assert worth >= level.value
        for option in range(game.shape[player]):
            held = sum(
                weight * game.payoff((*others[:player], option, *others[player:]))[player]
                for others, weight in level.held_to
            )
            assert held <= level.at_most == level.value


def test_without_time_the_level_is_an_interval() -> None:
    for level in maxmin_mixed(TEXTBOOK[2].game, limit=0):
        assert (level.status, level.value, level.at_most) == (Status.PARTIAL, Fraction(-1), Fraction(1))
    asked = maxmin_mixed(TEXTBOOK[2].game, should_stop=lambda: True)
    assert [level.status for level in asked] == [Status.PARTIAL, Status.PARTIAL]
