from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria.dominance import iterated_strict_dominance
from gamecore.equilibria.dominance_story import Removal, Strength, dominance_story, proves
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Status
from gamecore.games.strategic import StrategicGame
from tests.equilibria.strategies import games

MANY_TIES = games(players=(1, 3), options=(1, 4))


@settings(max_examples=60)
@given(MANY_TIES, st.sampled_from(Strength), st.sampled_from(Removal), st.booleans())
def test_every_step_can_be_checked_by_sums(
    game: StrategicGame, strength: Strength, removal: Removal, mixtures: bool
) -> None:
    story = dominance_story(game, strength=strength, removal=removal, mixtures=mixtures)
    assert story.status is Status.COMPLETE
    assert proves(game, story)


@settings(max_examples=60)
@given(MANY_TIES)
def test_the_order_does_not_matter_for_strict_dominance(game: StrategicGame) -> None:
    together = dominance_story(game)
    assert together.remaining == dominance_story(game, removal=Removal.ONE_AT_A_TIME).remaining
    assert dominance_story(game, mixtures=False).remaining == iterated_strict_dominance(game)
    for one in pure_equilibria(game).equilibria:
        assert all(option in together.remaining[player] for player, option in enumerate(one.profile))


@settings(max_examples=40)
@given(MANY_TIES, st.sampled_from([Fraction(1, 10**9), Fraction(10**12)]), st.integers(-5, 5))
def test_units_and_offsets_change_no_step_but_its_gains(game: StrategicGame, unit: Fraction, offset: int) -> None:
    story, other = dominance_story(game), dominance_story(StrategicGame(game.payoffs * unit + Fraction(offset)))
    assert other.remaining == story.remaining
    assert [step.least for step in other.steps] == [step.least * unit for step in story.steps]


def test_gibbons_1992_figure_1_1_1_goes_right_down_left() -> None:
    story = dominance_story(StrategicGame.from_rows([[(1, 0), (1, 2), (0, 1)], [(0, 3), (0, 1), (2, 0)]]))
    assert [(step.round, step.player, step.option) for step in story.steps] == [(1, 1, 2), (2, 0, 1), (3, 1, 0)]
    assert story.remaining == ((0,), (1,))
    assert all(step.by_one_option for step in story.steps)


def test_only_a_mixture_dominates_the_bottom_row_of_gibbons_1992_figure_1_3_1() -> None:
    game = StrategicGame.from_rows([[(3, 0), (0, 0)], [(0, 0), (3, 0)], [(1, 0), (1, 0)]])
    assert dominance_story(game, mixtures=False).steps == ()
    (step,) = dominance_story(game).steps
    assert (step.option, step.mixture) == (2, (Fraction(1, 2), Fraction(1, 2), Fraction(0)))
    assert (step.least, step.most, step.by_one_option) == (Fraction(1, 2), Fraction(1, 2), False)


def test_what_weak_dominance_leaves_depends_on_the_order_and_the_story_says_so() -> None:
    """Osborne & Rubinstein 1994, figure 63.1, columns first: two orders, two outcomes."""
    game = StrategicGame.from_rows([[(1, 1), (1, 1), (0, 0)], [(0, 0), (1, 2), (1, 2)]])
    together = dominance_story(game, strength=Strength.WEAK)
    alone = dominance_story(game, strength=Strength.WEAK, removal=Removal.ONE_AT_A_TIME)
    assert together.remaining == ((0, 1), (1,))
    assert alone.remaining == ((1,), (1, 2))
    assert all("order" in story.notes[0] for story in (together, alone))


def test_a_false_step_is_found_out() -> None:
    game = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
    story = dominance_story(game)
    wrong = tuple(replace(step, mixture=step.mixture[::-1], option=1) for step in story.steps)
    assert proves(game, story)
    assert not proves(game, replace(story, steps=wrong))


@pytest.mark.parametrize("stop", [{"limit": 0}, {"should_stop": lambda: True}])
def test_a_story_cut_short_is_partial_and_says_so(stop: dict[str, int]) -> None:
    story = dominance_story(StrategicGame.from_array(np.zeros((2, 2, 2), dtype=int)), **stop)  # type: ignore[arg-type]
    assert story.status is Status.PARTIAL
    assert "stopped" in story.notes[-1]
