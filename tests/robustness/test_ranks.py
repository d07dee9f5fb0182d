"""Ranks, regret and risk profiles against counting them draw by draw."""

from __future__ import annotations

import numpy as np
import pytest

from gamecore.robustness import ranks
from gamecore.robustness.ranks import PERCENTILES, ranks_and_regret, risk_profiles


@pytest.mark.parametrize("seed", range(5))
def test_ranks_and_regret_are_those_of_each_draw(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(-3, 4, size=(4, 2, 150)).astype(float)  # many ties
    monkeypatch.setattr(ranks, "BLOCK_NUMBERS", 4 * 4 * 2 * 17)  # in pieces
    found = ranks_and_regret(values)
    for plan in range(4):
        for player in range(2):
            mine = values[:, player]
            rank = np.array([1 + sum(other > mine[plan, d] for other in mine[:, d]) for d in range(150)])
            regret = mine.max(axis=0) - mine[plan]
            np.testing.assert_allclose(found.acceptability[plan, player], [(rank == r).mean() for r in range(1, 5)])
            assert found.mean[plan, player] == pytest.approx(rank.mean())
            assert found.regret[plan, player] == pytest.approx(regret.mean())
            assert found.regret_p90[plan, player] == pytest.approx(np.quantile(regret, 0.9))
    np.testing.assert_allclose(found.acceptability.sum(axis=2), 1)


def test_values_that_differ_by_rounding_share_a_rank() -> None:
    values = np.array([[[1e9]], [[1e9 + 1e-3]], [[5.0]]])
    np.testing.assert_array_equal(ranks_and_regret(values).mean[:, 0], [1, 1, 3])


def test_a_risk_profile_is_the_distribution_of_the_value() -> None:
    values = np.arange(-100.0, 901.0).reshape(1, 1, -1)
    found = risk_profiles(values)
    np.testing.assert_allclose(found.quantiles[:, 0, 0], [-100 + 10 * p for p in PERCENTILES])
    assert found.mean[0, 0] == pytest.approx(400)
    assert found.loss[0, 0] == pytest.approx(100 / 1001)
