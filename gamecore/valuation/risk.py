"""Risk attitude: the sure amount that is as good as a gamble, and the utility it is found by.

Exponential utility u(x) = -e^(-x / R) with risk tolerance R (money): the certainty equivalent is
-R ln E[e^(-x / R)]. For a normal gamble that is mean - variance / (2 R); as R grows it is the mean. R is about the
stake at which one is just willing to gamble on equal chances of winning R and losing R / 2 (Howard 1988, "Decision
analysis: practice and promise").

>>> round(float(certainty_equivalent(np.array([100.0, -50.0]), 100.0)), 1)
-0.8

In a game the payoffs themselves are turned into utilities, `u(x) = R (1 - e^(-x / R))`: in the unit of the payoffs, 0
at 0 and there as steep as they are, so that a large tolerance leaves them as they were. `equivalent` takes an expected
utility back. Rationals are computed with 50 digits and an equivalent keeps 12 of them, so equal gambles tie.

>>> equivalent(utility(Fraction(7, 2), Fraction(20)), Fraction(20))
Fraction(7, 2)
"""

from __future__ import annotations

import math
from decimal import Context
from fractions import Fraction
from typing import Any, Final

import numpy as np

from gamecore.errors import InputError
from gamecore.valuation.programme import Floats, Number

__all__ = ["MOST_TOLERANCES", "certainty_equivalent", "equivalent", "equivalents", "utility"]

MOST_TOLERANCES: Final = 30  # of a payoff: e^-30 = 1e-13, beyond it floats no longer tell utilities apart
DIGITS: Final = 12  # of a certainty equivalent in rationals, as of `enpv`

_CONTEXT: Final = Context(prec=50)


def utility(payoff: Any, tolerance: Any) -> Any:
    """R (1 - e^(-x / R)) of payoffs x: `Fraction`s in rationals, floats and arrays in floats.

    Raises `InputError` beyond `MOST_TOLERANCES` tolerances, on either side of 0.
    """
    furthest = float(np.max(np.abs(payoff) / tolerance))
    if furthest > MOST_TOLERANCES:
        raise InputError(
            f"a payoff is {furthest:.3g} times the risk tolerance, more than {MOST_TOLERANCES} times: there utilities "
            "can no longer be told apart; give a larger risk_tolerance (people's is about the stake at which they "
            "would just accept equal chances of winning it and of losing half of it)"
        )
    if isinstance(payoff, Fraction):
        return tolerance * (1 - Fraction(_CONTEXT.exp(_decimal(-payoff / tolerance))))
    return -tolerance * np.expm1(-np.asarray(payoff, dtype=float) / tolerance)


def equivalent(expected: Any, tolerance: Any) -> Any:
    """The certainty equivalent of an expected utility, -R ln(1 - U / R); `Fraction`s or floats as `utility`."""
    if not isinstance(expected, Fraction):
        return -tolerance * np.log1p(-np.asarray(expected, dtype=float) / tolerance)
    sure = -tolerance * Fraction(_CONTEXT.ln(_decimal(1 - expected / tolerance)))
    largest = max(abs(sure), tolerance / 10**20)  # below it, the 50 digits say nothing
    return round(sure, DIGITS - 1 - math.floor(math.log10(largest)))


def equivalents(expected: Any, tolerances: Any) -> Any:
    """Expected utilities with axis (player, ...) as certainty equivalents; players without a tolerance stay as they
    are. `tolerances` maps the places of the others to theirs. Arrays give arrays, other sequences tuples.
    """
    if not tolerances:
        return expected
    found = [equivalent(row, tolerances[place]) if place in tolerances else row for place, row in enumerate(expected)]
    return np.array(found, dtype=expected.dtype) if isinstance(expected, np.ndarray) else tuple(found)


def _decimal(value: Fraction) -> Any:
    return _CONTEXT.divide(_CONTEXT.create_decimal(value.numerator), _CONTEXT.create_decimal(value.denominator))


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
