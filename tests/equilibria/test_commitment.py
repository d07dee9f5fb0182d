from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria.commitment import Interval, Verdict, commitment, proves
from gamecore.equilibria.result import Status
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame
from tests.equilibria.strategies import games

CONITZER_SANDHOLM = StrategicGame.from_rows([[(2, 1), (4, 0)], [(1, 0), (3, 1)]])
BAGWELL = StrategicGame.from_rows([[(5, 2), (3, 1)], [(6, 3), (4, 4)]])
SEXES = StrategicGame.from_rows([[(2, 1), (0, 0)], [(0, 0), (1, 2)]])


def test_conitzer_and_sandholm_2006_gain_by_a_dominated_option_and_more_by_a_mixture() -> None:
    """Their figure 1: equilibrium 2, pure commitment 3, mixing half and half 3.5."""
    answer = commitment(CONITZER_SANDHOLM)
    assert answer.nash == Interval(Fraction(2), Fraction(2))
    assert answer.pure_strong.value == answer.pure_weak.value == 3
    assert answer.mixed_strong is not None
    assert answer.mixed_strong.value == Fraction(7, 2)
    assert answer.mixed_strong.strategy == (Fraction(1, 2), Fraction(1, 2))
    assert answer.status is Status.COMPLETE


def test_a_supremum_that_is_not_attained_comes_with_a_mixture_near_it() -> None:
    answer = commitment(CONITZER_SANDHOLM)
    weak = answer.mixed_weak
    assert weak is not None
    assert weak.value == Fraction(7, 2)
    assert not weak.attained
    assert 0 < weak.loss < Fraction(1, 100)
    assert answer.gain_mixed == Interval(Fraction(3, 2), Fraction(3, 2))


def test_bagwell_1995_leader_gains_one_by_committing_to_the_stackelberg_quantity() -> None:
    answer = commitment(BAGWELL)
    assert answer.nash == Interval(Fraction(4), Fraction(4))
    assert answer.pure_strong.value == answer.pure_weak.value == 5
    assert answer.gain_pure == Interval(Fraction(1), Fraction(1))
    assert answer.mixed_strong is not None
    assert answer.mixed_strong.value == Fraction(11, 2)


def test_matching_pennies_pays_only_to_commit_to_a_mixture() -> None:
    answer = commitment(StrategicGame.from_rows([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]]))
    assert answer.pure_strong.value == -1
    assert answer.mixed_strong is not None
    assert answer.mixed_weak is not None
    assert answer.mixed_strong.value == answer.mixed_weak.value == 0
    assert answer.mixed_weak.attained
    assert answer.pure is Verdict.DO_NOT


def test_two_followers_options_that_only_the_leader_tells_apart_open_an_interval() -> None:
    """The follower's indifference keeps the weak value below the strong one (von Stengel & Zamir 2010)."""
    answer = commitment(StrategicGame.from_rows([[(0, 1), (4, 1)], [(1, 1), (1, 1)]]))
    assert answer.mixed_strong is not None
    assert answer.mixed_weak is not None
    assert answer.mixed_weak.value == 1
    assert answer.mixed_strong.value == 4
    assert answer.mixed_weak.attained


@pytest.mark.parametrize(
    ("cost", "verdict"), [(0, Verdict.DEPENDS), ("1/2", Verdict.DEPENDS), ("4/3", Verdict.DO_NOT), (2, Verdict.DO_NOT)]
)
def test_credibility_cost_decides_in_the_battle_of_the_sexes(cost: int | str, verdict: Verdict) -> None:
    """Moving first is worth between 0 and 4/3: the equilibria pay 2, 1 and 2/3."""
    answer = commitment(SEXES, cost=cost)
    assert answer.gain_pure == Interval(Fraction(0), Fraction(4, 3))
    assert answer.pure is verdict


def test_a_sure_gain_above_the_cost_says_commit() -> None:
    assert commitment(BAGWELL, cost="0.9").pure is Verdict.COMMIT
    assert commitment(BAGWELL, cost=1).pure is Verdict.DO_NOT


@settings(max_examples=60, deadline=None)
@given(games(players=(2, 2), options=(1, 4)), st.sampled_from([0, 1]))
def test_values_are_ordered_and_at_least_the_nash_payoffs(game: StrategicGame, leader: int) -> None:
    answer = commitment(game, leader)
    assert proves(game, answer)
    strong, weak, nash = answer.mixed_strong, answer.mixed_weak, answer.nash
    assert strong is not None
    assert weak is not None
    assert nash is not None
    assert strong.value >= nash.highest
    assert weak.value >= nash.lowest
    assert strong.value >= weak.value >= answer.pure_weak.value
    assert strong.value >= answer.pure_strong.value >= answer.pure_weak.value
    assert weak.attained is (weak.loss == 0)


@settings(max_examples=30, deadline=None)
@given(games(players=(2, 2), options=(1, 3)), st.sampled_from([Fraction(1, 10**9), Fraction(10**12)]))
def test_units_of_the_follower_change_nothing_and_those_of_the_leader_the_values(
    game: StrategicGame, unit: Fraction
) -> None:
    answer = commitment(game)
    scaled = game.payoffs.copy()
    scaled[0] = scaled[0] * unit + Fraction(3)
    scaled[1] = scaled[1] / unit - Fraction(1)
    other = commitment(StrategicGame(scaled))
    for one, two in ((answer.mixed_strong, other.mixed_strong), (answer.mixed_weak, other.mixed_weak)):
        assert one is not None
        assert two is not None
        assert two.value == one.value * unit + 3
        assert two.attained is one.attained


def test_a_false_answer_is_found_out() -> None:
    answer = commitment(BAGWELL)
    assert not proves(BAGWELL, replace(answer, pure_strong=replace(answer.pure_strong, answer=1)))


def test_beyond_the_limit_only_pure_commitment_is_told() -> None:
    for answer in (commitment(BAGWELL, limit=3), commitment(BAGWELL, should_stop=lambda: True)):
        assert answer.status is Status.PARTIAL
        assert answer.mixed_strong is answer.mixed_weak is None
        assert answer.mixed is None
        assert answer.pure_strong.value == 5
        assert "mixed commitment" in answer.notes[0]


def test_commitment_is_for_two_players() -> None:
    with pytest.raises(InputError, match="two players"):
        commitment(StrategicGame.from_array(np.zeros((3, 2, 2, 2), dtype=int)))
