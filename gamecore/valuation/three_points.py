"""Means and variances from three points, by the rules practitioners use; say which one.

Three rules put weights on percentiles: extended Swanson-Megill (30/40/30 on P10/P50/P90; exact mean of a normal, 0.985
of its variance, and 0.07 %, 0.5 % and 5.1 % below the mean of a lognormal of sigma 0.25, 0.5 and 1), McNamee-Celona
(25/50/25) and extended Pearson-Tukey (18.5/63/18.5 on P5/P50/P95, Keefer & Bodily 1983). PERT takes the minimum, the
mode and the maximum, which are no percentiles: never mix the two.

>>> round(mean(Rule.SWANSON_MEGILL, (750.0, 1100.0, 1600.0)), 9)
1145.0
"""

from __future__ import annotations

from enum import Enum

from gamecore.errors import InputError

__all__ = ["Rule", "mean", "pert_mean", "pert_standard_deviation", "variance"]

Points = tuple[float, float, float]


class Rule(Enum):
    """A rule: (percentiles, weights)."""

    SWANSON_MEGILL = ((0.10, 0.50, 0.90), (0.30, 0.40, 0.30))
    MCNAMEE_CELONA = ((0.10, 0.50, 0.90), (0.25, 0.50, 0.25))
    PEARSON_TUKEY = ((0.05, 0.50, 0.95), (0.185, 0.63, 0.185))

    @property
    def percentiles(self) -> Points:
        """The chances of falling below each of the three points."""
        return self.value[0]

    @property
    def weights(self) -> Points:
        """The weight of each point; they sum to 1."""
        return self.value[1]


def mean(rule: Rule, points: Points) -> float:
    """The mean, from the values at the rule's percentiles. Raises `InputError` if they fall."""
    low, middle, high = _rising(points)
    a, b, c = rule.weights
    return a * low + b * middle + c * high


def variance(rule: Rule, points: Points) -> float:
    """The variance, from the values at the rule's percentiles. Raises `InputError` if they fall."""
    centre = mean(rule, points)
    return sum(weight * (point - centre) ** 2 for weight, point in zip(rule.weights, points, strict=True))


def pert_mean(points: Points) -> float:
    """(a + 4 m + b) / 6 from minimum, mode and maximum. Raises `InputError` if they fall."""
    least, mode, most = _rising(points)
    return (least + 4 * mode + most) / 6


def pert_standard_deviation(points: Points) -> float:
    """(b - a) / 6 from minimum, mode and maximum. Raises `InputError` if they fall."""
    least, _, most = _rising(points)
    return (most - least) / 6


def _rising(points: Points) -> Points:
    if not points[0] <= points[1] <= points[2]:
        raise InputError(
            f"three points are written low, middle, high; {points[0]:g}, {points[1]:g}, {points[2]:g} are not"
        )
    return points
