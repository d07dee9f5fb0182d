from __future__ import annotations

import numpy as np
import pytest

from gamecore.equilibria.learning import Learned, learned_equilibria
from gamecore.equilibria.result import Solution, Status
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame


def learned(game: StrategicGame, seed: int = 1, starts: int = 6) -> Learned:
    return learned_equilibria(game, np.random.default_rng(seed), starts=starts)


def test_partners_in_a_stag_hunt_mostly_drift_to_the_safe_option() -> None:
    """The hare's basin is seven eighths of the beliefs."""
    answer = learned(StrategicGame.from_rows([[(9, 9), (0, 8)], [(8, 0), (7, 7)]]))
    assert answer.status is Status.COMPLETE
    for drift in (answer.fictitious_play, answer.replicator):
        place = max(drift.ends, key=lambda one: drift.ends[one])
        assert answer.solution.equilibria[place].profile == (1, 1)
        assert drift.unsettled == 0


def test_coordination_is_learned_on_a_pure_equilibrium_and_never_on_the_mixed_one() -> None:
    answer = learned(StrategicGame.from_rows([[(2, 1), (0, 0)], [(0, 0), (1, 2)]]), starts=10)
    for drift in (answer.fictitious_play, answer.replicator):
        assert all(answer.solution.equilibria[place].pure for place in drift.ends)
        assert sum(drift.ends.values()) + drift.unsettled == 10


def test_fictitious_play_learns_zero_sum_games_while_replicators_go_round() -> None:
    """Robinson 1951, against the closed orbits of Hofbauer & Sigmund 1998."""
    answer = learned(StrategicGame.from_rows([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]]))
    assert answer.fictitious_play.unsettled <= 3  # within a hundredth after 2000 rounds, or nearly so
    assert answer.replicator.unsettled >= 4
    assert answer.fictitious_play.farthest < 0.1


def test_shapleys_1964_game_is_hardly_ever_learned() -> None:
    cells = [[(0, 0), (1, 0), (0, 1)], [(0, 1), (0, 0), (1, 0)], [(1, 0), (0, 1), (0, 0)]]
    assert learned(StrategicGame.from_rows(cells)).fictitious_play.unsettled >= 4


def test_the_same_seed_gives_the_same_answer_whatever_else_is_random() -> None:
    game = StrategicGame.from_rows([[(1, 1), (1, 1)], [(1, 1), (1, 1)]])
    first = learned(game)
    np.random.seed(99)  # noqa: NPY002 - nashpy draws from here where options tie; nothing may depend on it
    assert learned(game).fictitious_play == first.fictitious_play


def test_equilibria_may_be_given_and_limits_are_told() -> None:
    game = StrategicGame.from_rows([[(2, 1), (0, 0)], [(0, 0), (1, 2)]])
    generator = np.random.default_rng(1)
    nothing = learned_equilibria(game, generator, equilibria=Solution("none", Status.COMPLETE))
    assert nothing.status is Status.REFUSED
    assert learned_equilibria(game, generator, limit=1).status is Status.REFUSED
    fewer = learned_equilibria(game, generator, starts=5, limit=16_000)
    assert (fewer.status, fewer.starts) == (Status.PARTIAL, 2)
    assert learned_equilibria(game, generator, should_stop=lambda: True).starts == 0


def test_learning_is_for_two_players() -> None:
    with pytest.raises(InputError, match="3 players"):
        learned(StrategicGame.from_array(np.zeros((3, 2, 2, 2), dtype=int)))
