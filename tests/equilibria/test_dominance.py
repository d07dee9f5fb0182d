from __future__ import annotations

import numpy as np
from hypothesis import given

from gamecore.equilibria.dominance import iterated_strict_dominance, strictly_dominated, weakly_dominated
from gamecore.equilibria.pure import pure_equilibria
from gamecore.games.strategic import StrategicGame
from tests.equilibria.games import TEXTBOOK, sapphire_diamond_naming
from tests.equilibria.strategies import games


def by_hand(game: StrategicGame, player: int, better: int, worse: int) -> tuple[bool, bool]:
    """Whether one option weakly, and strictly, dominates another: the definition over all profiles."""
    gains = [
        game.payoff((*cell[:player], better, *cell[player + 1 :]))[player] - game.payoff(cell)[player]
        for cell in game.profiles()
        if cell[player] == worse
    ]
    return min(gains) >= 0 < max(gains), min(gains) > 0


@given(games(players=(1, 3)))
def test_dominated_options_are_those_of_the_definition(game: StrategicGame) -> None:
    weak, strict = weakly_dominated(game), strictly_dominated(game)
    for player, count in enumerate(game.shape):
        judged = {a: [by_hand(game, player, b, a) for b in range(count)] for a in range(count)}
        assert weak[player] == {a for a, verdicts in judged.items() if any(weakly for weakly, _ in verdicts)}
        assert strict[player] == {a for a, verdicts in judged.items() if any(strictly for _, strictly in verdicts)}


def test_only_one_deadlock_of_sapphire_and_diamond_uses_no_weakly_dominated_option() -> None:
    game = sapphire_diamond_naming()
    start, wait, hybrid, terminate = range(4)
    sapphire, diamond = weakly_dominated(game)
    assert (sapphire, diamond) == (frozenset({hybrid, terminate}), frozenset({start, terminate}))
    undominated = [
        one.profile
        for one in pure_equilibria(game).equilibria
        if one.profile[0] not in sapphire and one.profile[1] not in diamond
    ]
    assert undominated == [(start, hybrid), (wait, wait)]


def test_confessing_is_all_that_is_left_to_prisoners() -> None:
    assert iterated_strict_dominance(TEXTBOOK[0].game) == ((1,), (1,))


def test_removal_goes_on_while_removing_makes_more_options_dominated() -> None:
    """Gibbons 1992, figure 1.1.1: right, then down, then left go."""
    game = StrategicGame.from_rows([[(1, 0), (1, 2), (0, 1)], [(0, 3), (0, 1), (2, 0)]])
    assert strictly_dominated(game) == (frozenset(), frozenset({2}))
    assert iterated_strict_dominance(game) == ((0,), (1,))


def test_what_only_ties_is_kept() -> None:
    game = StrategicGame.from_array(np.zeros((2, 2, 2), dtype=int))
    assert iterated_strict_dominance(game) == ((0, 1), (0, 1))
    assert weakly_dominated(game) == (frozenset(), frozenset())


@given(games(players=(1, 3)))
def test_no_pure_equilibrium_uses_an_option_that_iterated_dominance_removes(game: StrategicGame) -> None:
    kept = iterated_strict_dominance(game)
    for one in pure_equilibria(game).equilibria:
        assert all(option in kept[player] for player, option in enumerate(one.profile))
