"""How good each plan is among the others, draw by draw: ranks, regret, and the whole spread of its value.

*Rank acceptability* is the chance that a plan is first, second, ... for a player (Lahdelma, Hokkanen & Salminen 1998,
SMAA); plans of equal value share the better rank. *Regret* in a draw is the best plan's value minus this one's (Savage
1951). The *risk profile* is the distribution of the value, told by its quantiles.

All take `values` with axes (plan, player, draw).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.tolerance import RELATIVE_TIE_TOLERANCE

__all__ = ["PERCENTILES", "Profile", "Ranks", "ranks_and_regret", "risk_profiles"]

Floats = npt.NDArray[np.float64]

PERCENTILES: Final = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99)
BLOCK_NUMBERS: Final = 4_000_000  # comparisons of plans held at a time


@dataclass(frozen=True)
class Ranks:
    """`acceptability` (plan, player, rank): the chance of rank 1, 2, ...; `mean` (plan, player) the mean rank;
    `regret` and `regret_p90` (plan, player) expected regret and its 90th percentile.
    """

    acceptability: Floats
    mean: Floats
    regret: Floats
    regret_p90: Floats


@dataclass(frozen=True)
class Profile:
    """`quantiles` (percentile, plan, player) at `PERCENTILES`; `mean` (plan, player); `loss` (plan, player) the chance
    of a value below zero.
    """

    quantiles: Floats
    mean: Floats
    loss: Floats


def ranks_and_regret(values: Floats) -> Ranks:
    """Rank acceptability, mean rank, expected and P90 regret over the draws."""
    plans, players, draws = values.shape
    acceptability = np.zeros((plans, players, plans))
    regret = values.max(axis=0, initial=-np.inf) - values if plans else values
    size = max(1, BLOCK_NUMBERS // max(1, plans * plans * players))
    for start in range(0, draws, size):
        part = values[:, :, start : start + size]
        tie = RELATIVE_TIE_TOLERANCE * np.abs(part).max(axis=0, initial=0.0)  # (player, draw)
        rank = np.zeros(part.shape, dtype=np.intp)
        for plan in range(plans):
            rank += part[plan] > part + tie
        for place in range(plans):
            acceptability[:, :, place] += (rank == place).sum(axis=2)
    acceptability /= max(1, draws)
    mean = acceptability @ np.arange(1, plans + 1)
    return Ranks(acceptability, mean, regret.mean(axis=2), np.quantile(regret, 0.9, axis=2))


def risk_profiles(values: Floats) -> Profile:
    """Quantiles of each plan's value to each player, its mean, and the chance of a loss."""
    quantiles = np.quantile(values, np.array(PERCENTILES) / 100, axis=2)
    return Profile(quantiles, values.mean(axis=2), (values < 0).mean(axis=2))
