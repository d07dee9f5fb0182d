"""Round numbers along an axis, and an uncertain number as people read it."""

from __future__ import annotations

import math
from typing import Final

from gamecore.advice.robustness_facts import Quantity
from gamecore.brief import words

__all__ = ["quantity_text", "ticks"]

_SIGNIFICANT: Final = 3


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round values between two ends, in steps of 1, 2 or 5 times a power of ten."""
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * (1 - 1e-9))
    return [
        round(index * step, 10) for index in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]


def quantity_text(quantity: Quantity, value: float) -> str:
    """A value of an uncertain number to three digits or to the unit, in percent where the file writes it so.

    >>> peak = Quantity("inputs.peak", "Peak sales", "USD m", percent=False, confidential=False)
    >>> quantity_text(peak, 851.37), quantity_text(peak, 1600.0), quantity_text(peak, -0.5)
    ('851', '1,600', '−0.5')
    """
    shown = 100 * value if quantity.percent else value
    digits = 0 if shown == 0 else _SIGNIFICANT - 1 - math.floor(math.log10(abs(shown)) + 1e-9)
    text = words.number(shown, max(0, digits))
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}{words.NO_BREAK}%" if quantity.percent else text
