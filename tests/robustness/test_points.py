"""Playing at given values: what is not given stands at base, and floats say what rationals say."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gamecore.games.translate import compile_game, protocols
from gamecore.robustness.outcomes import exact_outcomes, outcomes_at
from gamecore.robustness.points import play_at
from gamecore.scenario import read_scenario
from gamecore.valuation.inputs import quantities, quantity_key
from tests.robustness.small import TALKS


def test_without_points_the_game_is_played_at_base_values() -> None:
    scenario = read_scenario(TALKS.encode())
    talks = protocols(scenario)
    game = compile_game(scenario, talks=talks[0])
    plans = [{0: (branch,)} for branch in range(3)]
    found = play_at(game, talks, plans, {})
    np.testing.assert_allclose(found.values[:, :, 0], [[6, 4], [3, 7], [2, 3]])
    assert [outcomes_at(played).tolist() for played in found.played] == [[0], [1]]
    np.testing.assert_allclose([played.worth[:, 0] for played in found.played], [[6, 4], [3, 7]])


def test_each_point_is_played_by_itself_in_whatever_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = read_scenario(TALKS.encode())
    talks = protocols(scenario)
    game = compile_game(scenario, talks=talks[0])
    plans = [{0: (branch,)} for branch in range(3)]
    rng = np.random.default_rng(5)
    points = {quantity_key(item.distribution): rng.uniform(-3, 9, 40) for item in quantities(scenario)}
    whole = play_at(game, talks, plans, points)
    monkeypatch.setattr("gamecore.robustness.points.CHUNK_NUMBERS", 7 * game.tree.ends * 5)
    parts = play_at(game, talks, plans, points)
    np.testing.assert_array_equal(whole.values, parts.values)
    np.testing.assert_array_equal(whole.security, parts.security)
    for one, other in zip(whole.played, parts.played, strict=True):
        np.testing.assert_array_equal(one.happens, other.happens)
        np.testing.assert_array_equal(one.worth, other.worth)
    for which, protocol in enumerate(talks):
        codes = outcomes_at(whole.played[which])
        for number in range(0, 40, 5):
            point = {key: Fraction(float(values[number])) for key, values in points.items()}
            assert exact_outcomes(game, protocol, plans, point) == {codes[number]}


def test_what_is_not_asked_is_not_priced() -> None:
    scenario = read_scenario(TALKS.encode())
    talks = protocols(scenario)
    game = compile_game(scenario, talks=talks[0])
    found = play_at(game, talks, [{0: (0,)}], {}, count=3, price=False)
    assert found.values.shape == (0, 2, 3)
    assert found.security.shape == (0, 3)
    assert found.played[0].happens.tolist() == [[1.0, 1.0, 1.0]]
