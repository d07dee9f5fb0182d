from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings

from gamecore.equilibria.nashpy_search import nashpy_equilibria
from gamecore.equilibria.result import Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame
from tests.equilibria.games import TEXTBOOK, Textbook
from tests.equilibria.strategies import games


@pytest.mark.parametrize("case", [case for case in TEXTBOOK if case.finite], ids=lambda case: case.name)
def test_proposals_become_the_exact_published_equilibria(case: Textbook) -> None:
    assert {one.strategies for one in nashpy_equilibria(case.game).equilibria} == set(case.equilibria)


def test_whole_dollars_do_not_break_it() -> None:
    random = np.random.default_rng(5)
    for _ in range(10):
        game = StrategicGame.from_array(random.integers(-5 * 10**8, 3 * 10**9, size=(2, 3, 3)))
        found = {one.strategies for one in nashpy_equilibria(game).equilibria}
        assert found == {one.strategies for one in two_player_equilibria(game).equilibria}


@given(games(players=(2, 2), options=(1, 3), top=2))
@settings(max_examples=40, deadline=None)
def test_what_is_proposed_in_degenerate_games_is_an_extreme_equilibrium_and_no_warning_is_seen(
    game: StrategicGame,
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        solution = nashpy_equilibria(game)
    assert solution.status is Status.PARTIAL
    exact = {one.strategies for one in two_player_equilibria(game).equilibria}
    assert {one.strategies for one in solution.equilibria} <= exact


def test_beyond_the_limit_nashpy_is_not_asked() -> None:
    solution = nashpy_equilibria(TEXTBOOK[0].game, limit=4)
    assert (solution.status, solution.equilibria) == (Status.REFUSED, ())
    assert "5 pairs" in solution.notes[0]


def test_more_players_are_an_input_error() -> None:
    with pytest.raises(InputError, match="3 players"):
        nashpy_equilibria(StrategicGame.from_array(np.zeros((3, 1, 1, 1), dtype=int)))


def test_importing_the_solvers_loads_no_nashpy_and_no_scipy() -> None:
    program = (
        "import sys, gamecore.equilibria.nashpy_search, gamecore.equilibria.two_player, gamecore.equilibria.pure\n"
        "sys.exit(bool({'nashpy', 'scipy.optimize'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
