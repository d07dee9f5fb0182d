"""The distribution of a programme's value over its paths: the eNPV is its mean, and often none of its outcomes.

A programme of n phases in a chain has n + 1 paths (it fails in one of them, or reaches the market); with gates a path
may also be stopped. Where inputs are drawn, every path has a chance and a value in each draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gamecore.valuation.enpv import Valuation
from gamecore.valuation.paths import Path
from gamecore.valuation.programme import Floats, Number

__all__ = ["RiskProfile", "risk_profile"]


@dataclass(frozen=True, eq=False)
class RiskProfile:
    """Every path with its chance and its NPV for each player.

    Attributes
    ----------
    paths
        All ways the programme can go.
    chances
        Shape (path,) or (path, draw); they sum to 1 over paths.
    values
        Player -> NPV on day zero, money, the same shape.
    """

    paths: tuple[Path, ...]
    chances: Floats
    values: Mapping[str, Floats]

    def mean(self, player: str) -> Number:
        """The eNPV, in each draw."""
        mean: Number = (self.chances * self.values[player]).sum(axis=0)
        return mean

    def standard_deviation(self, player: str) -> Number:
        """Over paths, in each draw."""
        spread = self.values[player] - self.mean(player)
        deviation: Number = np.sqrt((self.chances * spread**2).sum(axis=0))
        return deviation

    def chance_of_loss(self, player: str) -> Number:
        """The chance of a value below 0, in each draw."""
        chance: Number = np.where(self.values[player] < 0, self.chances, 0.0).sum(axis=0)
        return chance

    def distribution(self, player: str) -> tuple[Floats, Floats]:
        """All values over paths and draws, rising, and the chance of each or less: two arrays of one shape."""
        values, chances = self.values[player].ravel(), self.chances.ravel()
        order = np.argsort(values, kind="stable")
        cumulative = np.cumsum(chances[order])
        return values[order], cumulative / cumulative[-1]


def risk_profile(valuation: Valuation) -> RiskProfile:
    """The risk profile of a valuation. Raises `TooLargeError` beyond `paths.MOST_PATHS` paths."""
    ways = valuation.paths.paths(valuation.goes_on)
    paths = tuple(path for path, _ in ways)
    values: dict[str, list[Number]] = {}
    for player, worth in valuation.if_happens.items():
        values[player] = []
        for path in paths:
            total: Number = 0.0
            for event, value in worth.items():
                if event.holds_on(path):
                    total = total + value
            values[player].append(total)
    everything = [chance for _, chance in ways] + [value for parts in values.values() for value in parts]
    shape = np.broadcast_shapes(*(np.shape(number) for number in everything))

    def stacked(numbers: list[Number]) -> Floats:
        return np.stack([np.broadcast_to(number, shape) for number in numbers]).astype(float)

    return RiskProfile(
        paths, stacked([chance for _, chance in ways]), {player: stacked(parts) for player, parts in values.items()}
    )
