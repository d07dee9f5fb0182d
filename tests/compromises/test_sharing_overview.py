from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from gamecore.compromises.sharing.core import core, objections
from gamecore.compromises.sharing.overview import share_out
from gamecore.errors import OutOfTimeError
from gamecore.games.coalition import CoalitionGame
from tests.compromises.coalition_games import GLOVE, PUBLISHED, Published, convex_games, exact, games


@given(games(most=5) | convex_games(most=4))
@settings(max_examples=16, deadline=None)
def test_the_answers_about_any_game_agree_with_each_other(game: CoalitionGame) -> None:
    answer = share_out(game)
    everything = game.values[-1]
    assert sum(answer.shapley.shares) == sum(answer.nucleolus.shares) == sum(answer.least_core.shares) == everything
    assert answer.objections_to_shapley == objections(game, answer.shapley.shares)
    assert answer.core == core(game)
    assert len(answer.core_range) == (0 if answer.core.is_empty else len(game.players))
    for share, (least, most) in zip(answer.nucleolus.shares, answer.core_range, strict=False):
        assert least.amount <= share <= most.amount
    assert answer.structures.best.worth >= everything
    if not answer.core.is_empty:
        assert answer.structures.best.worth == everything
        assert not answer.structures.core.is_empty
    if answer.objections_to_shapley == () and len(game.players) > 1:
        assert answer.least_core.excess <= 0


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.name)
def test_published_answers_come_from_this_door_too(case: Published) -> None:
    answer = share_out(case.game)
    assert not case.shapley or answer.shapley.shares == case.shapley
    assert not case.nucleolus or answer.nucleolus.shares == case.nucleolus


def test_one_player_and_a_game_of_zeros_are_games() -> None:
    alone = share_out(CoalitionGame.from_values({"a": 3}))
    assert alone.nucleolus.shares == alone.shapley.shares == alone.core.shares == exact(3)
    assert alone.structures.best.structures == ((1,),)
    zeros = share_out(CoalitionGame.from_function("abcd", lambda _: 0))
    assert zeros.nucleolus.shares == zeros.shapley.shares == (Fraction(0),) * 4
    assert len(zeros.structures.best.structures) == 15


def test_the_deadline_is_kept() -> None:
    with pytest.raises(OutOfTimeError):
        share_out(GLOVE, should_stop=lambda: True)
