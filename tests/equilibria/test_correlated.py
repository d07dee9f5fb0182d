from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria import correlated
from gamecore.equilibria.correlated import certify_correlated, correlated_equilibria, correlated_equilibrium
from gamecore.equilibria.n_player import n_player_equilibria
from gamecore.equilibria.result import Status
from gamecore.errors import InputError
from gamecore.games.strategic import Mixed, StrategicGame
from tests.equilibria.strategies import games

CHICKEN = StrategicGame.from_rows([[(6, 6), (2, 7)], [(7, 2), (0, 0)]])


def distribution(strategies: Mixed) -> dict[tuple[int, ...], Fraction]:
    """The chances of the pure profiles if everybody mixes on their own."""
    answer = {}
    for profile in product(*(range(len(strategy)) for strategy in strategies)):
        chance = Fraction(1)
        for strategy, option in zip(strategies, profile, strict=True):
            chance *= strategy[option]
        if chance:
            answer[profile] = chance
    return answer


def test_chicken_after_aumann_1974_is_best_at_five_and_a_quarter_each() -> None:
    """The textbook numbers of chicken: the draw of (6, 6), (2, 7), (7, 2) with chances 1/2, 1/4, 1/4."""
    answer = correlated_equilibria(CHICKEN)
    assert answer.status is Status.COMPLETE
    assert answer.best_sum.value == answer.best_sum.at_most == Fraction(21, 2)
    assert answer.best_sum.equilibrium is not None
    assert answer.best_sum.equilibrium.payoffs == (Fraction(21, 4), Fraction(21, 4))
    assert answer.best_sum.equilibrium.chances == {
        (0, 0): Fraction(1, 2),
        (0, 1): Fraction(1, 4),
        (1, 0): Fraction(1, 4),
    }
    assert [one.value for one in answer.best] == [7, 7]
    assert [one.value for one in answer.worst] == [-2, -2]


def test_prisoners_cannot_be_helped_by_a_draw() -> None:
    answer = correlated_equilibria(StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]]))
    assert {one.value for one in answer.best} == {1}
    assert answer.best_sum.value == -answer.worst_sum.value == 2  # type: ignore[operator]


def test_the_third_player_of_aumann_1974_is_made_better_off_by_what_the_others_hear() -> None:
    """After Aumann 1974 (Osborne & Rubinstein 1994, exercise 48.1): a draw that two know of pays all three 2."""
    left = [[(0, 0, 3), (0, 0, 0)], [(1, 0, 0), (0, 0, 0)]]
    middle = [[(2, 2, 2), (0, 0, 0)], [(0, 0, 0), (2, 2, 2)]]
    right = [[(0, 0, 0), (0, 0, 0)], [(0, 1, 0), (0, 0, 3)]]
    game = StrategicGame.from_array(np.moveaxis(np.array([left, middle, right]), (0, 3), (3, 0)))
    best = correlated_equilibrium(game, (1, 1, 1))
    assert best.value == 6
    assert best.equilibrium is not None
    assert set(best.equilibrium.payoffs) == {Fraction(2)}
    assert all(max(one.payoffs) <= 1 for one in n_player_equilibria(game).equilibria)


@settings(max_examples=25, deadline=None)
@given(games(players=(2, 3), options=(1, 3)), st.integers(0, 6))
def test_mixtures_of_equilibria_are_correlated_equilibria_and_within_the_best_and_worst(
    game: StrategicGame, weight: int
) -> None:
    answer = correlated_equilibria(game)
    assert answer.status is Status.COMPLETE
    found = [one for one in n_player_equilibria(game).equilibria if not one.certificate.bound]
    if not found:
        return
    first, last = distribution(found[0].strategies), distribution(found[-1].strategies)
    share = Fraction(weight, 6)
    mixture = {
        profile: share * first.get(profile, Fraction(0)) + (1 - share) * last.get(profile, Fraction(0))
        for profile in first.keys() | last.keys()
    }
    assert certify_correlated(game, mixture).holds
    for one in found:
        for player, payoff in enumerate(one.payoffs):
            best, worst = answer.best[player].value, answer.worst[player].value
            assert best is not None
            assert worst is not None
            assert -worst <= payoff <= best


@settings(max_examples=20, deadline=None)
@given(games(players=(2, 3), options=(2, 3)), st.sampled_from([Fraction(1, 10**9), Fraction(10**12)]))
def test_units_scale_the_values_and_strictly_dominated_options_change_nothing(
    game: StrategicGame, unit: Fraction
) -> None:
    best = correlated_equilibrium(game, [1] * game.players)
    scaled = correlated_equilibrium(StrategicGame(game.payoffs * unit), [1] * game.players)
    assert best.value is not None
    assert scaled.value == best.value * unit
    worse = np.take(game.payoffs, [0], axis=1)
    worse = worse.copy()
    worse[0] = min(game.payoffs[0].flat) - Fraction(1)
    longer = StrategicGame(np.concatenate([game.payoffs, worse], axis=1))
    assert correlated_equilibrium(longer, [1] * game.players).value == best.value


def test_large_programs_start_from_floats_and_end_in_the_same_rationals(monkeypatch: pytest.MonkeyPatch) -> None:
    game = StrategicGame.from_array(np.random.default_rng(5).integers(0, 5, (3, 3, 3, 3)))
    alone = correlated_equilibria(game)
    monkeypatch.setattr(correlated, "FLOAT_START", 0)
    led = correlated_equilibria(game)
    assert alone.status is led.status is Status.COMPLETE
    assert [one.value for one in (*alone.best, *alone.worst)] == [one.value for one in (*led.best, *led.worst)]


def test_beyond_the_exact_limit_two_bounds_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    game = StrategicGame.from_array(np.random.default_rng(5).integers(0, 5, (3, 3, 3, 3)))
    exact = correlated_equilibrium(game, (1, 1, 1))
    monkeypatch.setattr(correlated, "FLOAT_START", 10**9)
    told = correlated_equilibrium(game, (1, 1, 1), exact_limit=0)
    assert told.status is Status.PARTIAL
    assert exact.value is not None
    assert told.at_most is not None
    assert told.equilibrium is not None
    assert exact.value <= told.at_most < exact.value + Fraction(1, 10**6)
    assert told.equilibrium.certificate.holds
    assert told.equilibrium.certificate.max_gain < Fraction(1, 10**6)


def test_limits_and_stops_refuse() -> None:
    assert correlated_equilibria(CHICKEN, limit=1).status is Status.REFUSED
    stopped = correlated_equilibria(CHICKEN, should_stop=lambda: True)
    assert stopped.status is Status.REFUSED
    assert stopped.notes == ("the search was stopped",)


def test_wrong_input_is_told() -> None:
    with pytest.raises(InputError, match="2 players"):
        correlated_equilibrium(CHICKEN, (1, 1, 1))
    with pytest.raises(InputError, match="distribution"):
        certify_correlated(CHICKEN, {(0, 0): Fraction(1, 2)})
