"""The largest weighted product of gains over lotteries, proposed in doubles for any number of players.

    maximise  sum_i w_i log (G l)_i   over lotteries l,        dual:  minimise -sum_i w_i log y_i,  G y <= 1,  y > 0

with `G[k, i]` what option `k` gives player `i` more than no agreement, of either sign, and `sum w = 1`. The dual has
one variable a player however many options there are; Newton's method follows its central path, on which the slack of
option `k` times its chance is the same for all. The corner it ends in names the options drawn; their chances are then
polished by Newton's method on the optimality conditions. What comes out is a proposal: the caller makes it rational and
bounds by how much it can be bettered, `max_k sum_i w_i G_ki / g_i - 1` (concavity of the logarithm).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["propose"]

Floats = npt.NDArray[np.float64]

STEPS = 60
"""Newton steps at one point of the path at most; it takes three to ten."""

LAST = 1e-11
"""The barrier's weight at which the path ends, as a share of the first: chances are then right to about that."""

DRAWN = 1e-5
"""A chance times what the option is worth: above this it is polished, below it is taken for 0 (an option that costs a
thousand times what can be gained is drawn a thousand times less often). A wrong choice shows in the caller's bound."""


def propose(gains: Floats, weights: Floats) -> Floats:
    """The chances of all options, near optimal.

    `gains` has axes (option, player), in units in which each player can gain about 1, and some lottery has all of them
    above 0.
    """
    chances = _along_the_path(gains, weights)
    drawn = np.flatnonzero(chances * np.maximum(1, np.abs(gains).max(axis=1)) > DRAWN)
    if not len(drawn):
        drawn = np.flatnonzero(chances > 0)
    while True:
        polished = _polished(gains[drawn], weights, chances[drawn])
        if polished.min() >= 0 or len(drawn) == 1:
            break
        drawn = drawn[polished > 0]
    answer = np.zeros(len(gains))
    answer[drawn] = np.maximum(polished, 0) / np.maximum(polished, 0).sum()
    return _better(gains, weights, chances / chances.sum(), answer)


def _better(gains: Floats, weights: Floats, first: Floats, second: Floats) -> Floats:
    """The one whose bound is smaller."""

    def bound(chances: Floats) -> float:
        got = chances @ gains
        return float((gains @ (weights / got)).max()) if got.min() > 0 else np.inf

    return second if bound(second) <= bound(first) else first


def _along_the_path(gains: Floats, weights: Floats) -> Floats:
    count, players = gains.shape
    prices = np.full(players, 0.5 / players / max(1.0, float(np.abs(gains).max())))
    barrier = 1.0 / count
    last = barrier * LAST
    while True:
        prices = _centre(gains, weights, prices, barrier)
        if barrier <= last:
            chances: Floats = barrier / (1 - gains @ prices)
            return chances
        barrier = max(barrier * 0.1, last)


def _centre(gains: Floats, weights: Floats, prices: Floats, barrier: float) -> Floats:
    """Minimises `-sum w log y - barrier * sum log(1 - G y)` from a strictly feasible start."""
    value = _height(gains, weights, prices, barrier)
    for _ in range(STEPS):
        pull = barrier / (1 - gains @ prices)
        slope = -weights / prices + pull @ gains
        bend = np.diag(weights / prices**2) + (gains * (pull**2 / barrier)[:, None]).T @ gains
        step = -np.linalg.lstsq(bend, slope, rcond=None)[0]
        fall = float(-slope @ step)
        if fall <= 1e-18:
            break
        size = 1.0
        while (height := _height(gains, weights, prices + size * step, barrier)) > value - 0.1 * size * fall:
            size /= 2
            if size < 1e-12:
                return prices
        prices, value = prices + size * step, height
    return prices


def _height(gains: Floats, weights: Floats, prices: Floats, barrier: float) -> float:
    slack = 1 - gains @ prices
    if prices.min() <= 0 or slack.min() <= 0:
        return np.inf
    return float(-weights @ np.log(prices) - barrier * np.log(slack).sum())


def _polished(gains: Floats, weights: Floats, chances: Floats) -> Floats:
    """Newton's method on `gains @ (w / g) = const`, `sum chances = 1`, over the options drawn."""
    count = len(chances)
    chances = chances / chances.sum()
    for _ in range(30):
        got = chances @ gains
        if got.min() <= 0:
            break
        system: Any = np.zeros((count + 1, count + 1))
        system[:count, :count] = -(gains * (weights / got**2)) @ gains.T
        system[:count, count] = system[count, :count] = -1
        side = np.concatenate([1 - gains @ (weights / got), [1 - chances.sum()]])
        side[count] = -side[count]
        step = np.linalg.lstsq(system, side, rcond=None)[0][:count]
        chances = chances + step
        if np.abs(step).max() < 1e-16:
            break
    return chances
