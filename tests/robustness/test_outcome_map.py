"""The map of outcomes: the grid against single points, borders by hand, limits by name."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gamecore.errors import InputError, TooLargeError
from gamecore.games.translate import Game, Talks, compile_game, protocols
from gamecore.robustness.outcome_map import Window, outcome_map, window
from gamecore.robustness.outcomes import exact_outcomes
from gamecore.scenario import read_scenario
from gamecore.valuation.inputs import Quantity, quantities, quantity_key
from tests.robustness.small import TALKS

DEALS = [{0: (branch,)} for branch in range(3)]


def prepared(text: str = TALKS) -> tuple[Game, tuple[Talks, ...], list[Quantity]]:
    scenario = read_scenario(text.encode())
    talks = protocols(scenario)
    return compile_game(scenario, talks=talks[0]), talks, list(quantities(scenario))


def test_every_point_of_the_grid_is_what_happens_there() -> None:
    game, talks, [x, y] = prepared()
    found = outcome_map(game, talks, DEALS, Window(x, 0.5, 9.5), Window(y, -1.5, 5.5), columns=9, rows=7)
    for one in found.maps:
        assert one.outcomes.shape == (len(found.ys), len(found.xs))
        for row in range(0, len(found.ys), 3):
            for column in range(0, len(found.xs), 3):
                point = {
                    quantity_key(x.distribution): Fraction(found.xs[column]),
                    quantity_key(y.distribution): Fraction(found.ys[row]),
                }
                assert one.outcomes[row, column] in exact_outcomes(game, one.talks, DEALS, point)
    assert {int(code) for code in np.unique(found.maps[0].outcomes)} == {0, 1, 2}
    assert [one.at_base for one in found.maps] == [0, 1]


def test_borders_lie_where_the_outcome_changes_not_on_the_grid() -> None:
    """A proposing: the large deal from x = 3 on as long as y is at most 4; below x = 3 the small one up to y = 1."""
    game, talks, [x, y] = prepared()
    found = outcome_map(game, talks[:1], DEALS, Window(x, 0.0, 7.3), Window(y, -1.2, 5.9), columns=10, rows=8)
    one = found.maps[0]
    step = 7.3 / 10 / 512
    assert one.across
    assert one.along
    for place in one.across.values():
        assert place == pytest.approx(3, abs=step)
    for place in one.along.values():
        assert min(abs(place - 4), abs(place - 1)) < 7.1 / 8 / 512


def test_where_borders_meet_the_grid_is_finer() -> None:
    game, talks, [x, y] = prepared()
    found = outcome_map(game, talks[:1], DEALS, Window(x, 0.0, 7.3), Window(y, -1.2, 5.9), columns=10, rows=8)
    assert len(found.xs) > 11
    assert len(found.ys) > 9
    assert (np.diff(found.xs) > 0).all()
    assert (np.diff(found.ys) > 0).all()


def test_limits_and_wrong_axes_are_told() -> None:
    game, talks, [x, y] = prepared()
    with pytest.raises(TooLargeError, match="from 2 to 200 steps on a side, not 201"):
        outcome_map(game, talks, DEALS, window(x), window(y), columns=201)
    with pytest.raises(InputError, match="two different inputs"):
        outcome_map(game, talks, DEALS, window(x), window(x))
    with pytest.raises(InputError, match="no stretch to draw"):
        window(x, 5.0, 1.0)


def test_a_window_reaches_beyond_the_range_unless_it_is_said() -> None:
    _, _, [x, _] = prepared()
    assert (window(x).low, window(x).high) == pytest.approx((0, 6))  # 4 - 2.5 * 2, not below 0; 4 + 2.5 * 0.8
    assert (window(x, 1.0).low, window(x, high=20.0).high) == (1.0, 20.0)
