from __future__ import annotations

from fractions import Fraction
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings

from gamecore.equilibria.quantal_response import quantal_response
from gamecore.equilibria.result import Status
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame
from tests.equilibria.strategies import games

ASYMMETRIC_PENNIES = StrategicGame.from_rows([[(9, 0), (0, 1)], [(0, 1), (1, 0)]])
"""Ochs 1995, one of the games McKelvey & Palfrey 1995 fit: the row player gets 9 for one of the two matches."""


def logit_residual(game: StrategicGame, precision: float, strategies: tuple[tuple[float, ...], ...]) -> float:
    """How far from the definition: the chances against those proportional to exp(lambda u)."""
    worst = 0.0
    payoffs = game.payoffs.astype(float)
    for player, strategy in enumerate(strategies):
        values = np.moveaxis(payoffs[player], player, 0)
        for other in reversed([one for place, one in enumerate(strategies) if place != player]):
            values = values @ np.array(other)
        weights = np.exp(precision * (values - values.max()))
        worst = max(worst, float(np.abs(weights / weights.sum() - np.array(strategy)).max()))
    return worst


def pennies_by_bisection(precision: float) -> tuple[float, float]:
    """The only logit equilibrium of the asymmetric game: p of the first row solves one equation in one unknown."""

    def column(p: float) -> float:
        return 1 / (1 + exp(-precision * (1 - 2 * p)))

    low, high = 0.0, 1.0
    for _ in range(200):
        p = (low + high) / 2
        if 1 / (1 + exp(-precision * (10 * column(p) - 1))) > p:
            low = p
        else:
            high = p
    return low, column(low)


@pytest.mark.parametrize("precision", [0.1, 0.5, 1.0, 2.0, 10.0])
def test_asymmetric_pennies_follow_the_equation_of_their_only_logit_equilibrium(precision: float) -> None:
    path = quantal_response(ASYMMETRIC_PENNIES, at=[precision])
    (p, _), (q, _) = path.at[precision].strategies
    assert (p, q) == pytest.approx(pennies_by_bisection(precision), abs=1e-8)


def test_own_payoffs_matter_on_the_way_but_not_in_the_end() -> None:
    """McKelvey & Palfrey 1995: the row player overplays the row of the large prize; Nash play is 1/2 and 1/10."""
    path = quantal_response(ASYMMETRIC_PENNIES)
    assert path.status is Status.COMPLETE
    assert path.points[0].strategies == ((0.5, 0.5), (0.5, 0.5))
    assert all(point.strategies[0][0] >= 0.5 - 1e-9 for point in path.points)
    assert max(point.strategies[0][0] for point in path.points) > 0.85
    assert path.limit is not None
    assert path.limit.strategies == ((Fraction(1, 2),) * 2, (Fraction(1, 10), Fraction(9, 10)))


def test_the_path_leads_to_the_risk_dominant_equilibrium_of_a_stag_hunt() -> None:
    """Turocy 2005: in 2x2 games with two pure equilibria the logit solution is the risk dominant one."""
    path = quantal_response(StrategicGame.from_rows([[(9, 9), (0, 8)], [(8, 0), (7, 7)]]))
    assert path.limit is not None
    assert path.limit.profile == (1, 1)


@settings(max_examples=25, deadline=None)
@given(games(players=(1, 3), options=(1, 3)))
def test_every_point_meets_the_definition_and_limits_are_equilibria(game: StrategicGame) -> None:
    path = quantal_response(game, limit=300)
    for point in path.points[:: max(1, len(path.points) // 8)]:
        if point.precision < 1e3:
            assert logit_residual(game, point.precision, point.strategies) < 1e-6
    if path.status is Status.COMPLETE:
        assert path.limit is not None
        assert path.limit.certificate.holds
        last = path.points[-1].strategies
        for exact, near in zip(path.limit.strategies, last, strict=True):
            assert [float(chance) for chance in exact] == pytest.approx(near, abs=2e-3)
    else:
        assert path.notes


def test_units_are_units_of_precision() -> None:
    """Dollars instead of billions: the same path at a billionth of the precision."""
    one = quantal_response(ASYMMETRIC_PENNIES, at=[1.0]).at[1.0]
    dollars = StrategicGame(ASYMMETRIC_PENNIES.payoffs * Fraction(10**9))
    other = quantal_response(dollars, at=[1e-9]).at[1e-9]
    assert np.allclose(one.strategies[0], other.strategies[0], atol=1e-9)
    assert other.payoffs[0] == pytest.approx(one.payoffs[0] * 1e9)


def test_five_players_reach_a_proved_limit() -> None:
    game = StrategicGame.from_array(np.random.default_rng(8).integers(0, 100, (5, 2, 2, 2, 2, 2)))
    path = quantal_response(game)
    assert path.status is Status.COMPLETE
    assert path.points[-1].residual < 1e-6


def test_limits_stops_and_wrong_input_are_told() -> None:
    short = quantal_response(ASYMMETRIC_PENNIES, limit=2, at=[1e6])
    assert short.status is Status.PARTIAL
    assert len(short.notes) == 2
    assert quantal_response(ASYMMETRIC_PENNIES, should_stop=lambda: True).status is Status.PARTIAL
    assert quantal_response(StrategicGame(np.full((3, 50, 50, 50), Fraction(0)))).status is Status.REFUSED
    with pytest.raises(InputError, match="finite"):
        quantal_response(ASYMMETRIC_PENNIES, at=[-1.0])
