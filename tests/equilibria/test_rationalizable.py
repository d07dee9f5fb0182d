from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from gamecore.equilibria.dominance_story import dominance_story
from gamecore.equilibria.rationalizable import Concept, proves, rationalizable_options
from gamecore.equilibria.result import Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.strategic import StrategicGame
from tests.equilibria.strategies import games


@settings(max_examples=60)
@given(games(players=(1, 3), options=(1, 4)))
def test_each_option_left_has_a_belief_that_makes_it_best(game: StrategicGame) -> None:
    answer = rationalizable_options(game)
    assert answer.status is Status.COMPLETE
    assert answer.options == dominance_story(game).remaining
    assert len(answer.beliefs) == sum(map(len, answer.options))
    assert proves(game, answer)


@settings(max_examples=30)
@given(games(players=(2, 2)))
def test_every_option_used_in_an_equilibrium_is_rationalizable(game: StrategicGame) -> None:
    options = rationalizable_options(game).options
    for one in two_player_equilibria(game).equilibria:
        for player, strategy in enumerate(one.strategies):
            assert all(option in options[player] for option, chance in enumerate(strategy) if chance)


def test_bernheim_1984_keeps_the_cycle_of_best_responses_and_drops_the_rest() -> None:
    """Bernheim 1984, figure 1 (Osborne & Rubinstein 1994, figure 57.1): b4 goes, then a4."""
    cells = [
        [(0, 7), (2, 5), (7, 0), (0, 1)],
        [(5, 2), (3, 3), (5, 2), (0, 1)],
        [(7, 0), (2, 5), (0, 7), (0, 1)],
        [(0, 0), (0, -2), (0, 0), (10, -1)],
    ]
    answer = rationalizable_options(StrategicGame.from_rows(cells))
    assert answer.options == ((0, 1, 2), (0, 1, 2))
    assert [(step.round, step.player, step.option) for step in answer.story.steps] == [(1, 1, 3), (2, 0, 3)]
    assert answer.concept is Concept.RATIONALIZABLE


def test_with_three_players_beliefs_may_be_correlated_and_the_answer_says_so() -> None:
    answer = rationalizable_options(StrategicGame.from_array(np.zeros((3, 2, 2, 2), dtype=int)))
    assert answer.concept is Concept.CORRELATED
    assert "correlated" in answer.notes[0]


def test_stopped_searches_are_partial() -> None:
    answer = rationalizable_options(StrategicGame.from_array(np.zeros((2, 2, 2), dtype=int)), should_stop=lambda: True)
    assert answer.status is Status.PARTIAL
