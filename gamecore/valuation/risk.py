"""Risk attitude: the sure amount that is as good as a gamble.

Exponential utility u(x) = -e^(-x / R) with risk tolerance R (money): the certainty equivalent is
-R ln E[e^(-x / R)]. For a normal gamble that is mean - variance / (2 R); as R grows it is the mean. R is about the
stake at which one is just willing to gamble on equal chances of winning R and losing R / 2 (Howard 1988, "Decision
analysis: practice and promise").

>>> round(float(certainty_equivalent(np.array([100.0, -50.0]), 100.0)), 1)
-0.8
"""

from __future__ import annotations

import numpy as np

from gamecore.errors import InputError
from gamecore.valuation.programme import Floats, Number

__all__ = ["certainty_equivalent"]


def certainty_equivalent(
    values: Floats, tolerance: Number = np.inf, chances: Floats | None = None, *, axis: int = 0
) -> Number:
    """The certainty equivalent of a gamble.

    Parameters
    ----------
    values
        What it can pay; over `axis`, which is summed away.
    tolerance
        Risk tolerance, in the same money, above 0; infinite is risk neutral.
    chances
        The chance of each value, any shape that broadcasts; by default all the same.

    Raises `InputError` for a tolerance that is not above 0 or chances that do not sum to 1.
    """
    if not np.all(np.asarray(tolerance) > 0):
        raise InputError(f"risk_tolerance: {np.min(tolerance):g} is not above 0")
    amounts = np.asarray(values, dtype=float)
    weights = np.full(amounts.shape, 1 / amounts.shape[axis])
    if chances is not None:
        weights = np.broadcast_to(chances, amounts.shape)
        sums = weights.sum(axis=axis)
        if np.any(weights < 0) or np.any(np.abs(sums - 1) > 1e-9):
            raise InputError("the chances of a gamble are at least 0 and sum to 1")
    mean = (weights * amounts).sum(axis=axis)
    # Centred on the mean, so that a large tolerance loses no digits and a small one does not overflow for the worst.
    centred = (np.expand_dims(mean, axis) - amounts) / tolerance
    worst = np.maximum(centred.max(axis=axis, keepdims=True), 0.0)
    utility = np.expm1(centred - worst)
    log_mean = np.log1p((weights * utility).sum(axis=axis)) + worst.squeeze(axis)
    premium = np.where(np.isinf(tolerance), 0.0, np.where(np.isinf(tolerance), 1.0, tolerance) * log_mean)
    equivalent: Number = (mean - premium)[()]
    return equivalent
