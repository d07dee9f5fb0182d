"""What money of another day is worth today.

A rate r turns one unit at time t (years from day zero) into (1 + r)^-t = e^(-kt) with k = ln(1 + r). Money spread over
[a, b] at a rate that changes linearly is a `Piece`; it is discounted continuously and in closed form:

    PV = e^(-ka) [first phi(x) + (last - first) psi(x)],    x = k (b - a),
    phi(x) = (1 - e^-x) / x,    psi(x) = (1 - (1 + x) e^-x) / x^2,

which for first = last = b - a is the textbook's (e^-ka - e^-kb) / k. Where x is small both are taken from their series,
so that a rate of 0, or a piece of no length (money paid at once), is nothing special.

>>> round(float(discount_factor(0.05, 2.0)) * 100, 1)  # Villiger, IP Valuation in Life Sciences, 2008
90.7
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np

from gamecore.valuation.programme import Number

__all__ = ["Discounting", "Piece", "Timing", "discount_factor", "is_nothing", "present_value"]

# Below, 1 - e^-x loses more digits than eight terms of the series leave out (x^8 / 8! < 1e-15).
SMALL: Final = 0.05


class Timing(StrEnum):
    """Where in its year a yearly amount falls: number k = 1, 2, ... at k - 1, k - 1/2, k, or evenly all year."""

    START = "start"
    MIDDLE = "middle"
    END = "end"
    EVENLY = "evenly"


@dataclass(frozen=True, eq=False)
class Piece:
    """Money between `start` and `end` (years), flowing at a rate that changes linearly.

    `first` and `last` are what it would come to if all of it flowed at the rate of its start, or of its end; it comes
    to their mean. With `start` and `end` the same it is one payment.
    """

    start: Number
    end: Number
    first: Number
    last: Number


def discount_factor(rate: Number, at: Number) -> Number:
    """(1 + rate)^-at: what one unit at `at`, years from day zero, is worth on day zero."""
    factor: Number = np.exp(-np.log1p(rate) * at)
    return factor


def present_value(amounts: Sequence[Number], rate: Number, timing: Timing = Timing.END) -> Number:
    """Yearly amounts, the first of them in the year after day zero, discounted by one convention.

    Mid-year over end-year is (1 + rate)^(1/2) exactly.
    """
    discounting = Discounting({"": rate})
    total: Number = 0.0
    for year, amount in enumerate(amounts):
        start, end = _PLACES[timing]
        total = total + amount * discounting.value("", (Piece(year + start, year + end, 1.0, 1.0),))
    return total


_PLACES: Final = {Timing.START: (0, 0), Timing.MIDDLE: (0.5, 0.5), Timing.END: (1, 1), Timing.EVENLY: (0, 1)}


def is_nothing(number: Number) -> bool:
    """Whether it is one number, and 0."""
    return not isinstance(number, np.ndarray) and number == 0


class Discounting:
    """Discount factors and present values at each player's own rate; each computed once.

    Dates and pieces that are arrays are told apart by identity, so use one object for one date.
    """

    def __init__(self, rates: Mapping[str, Number]) -> None:
        self._logarithms: dict[str, Number] = {player: np.log1p(rate) for player, rate in rates.items()}
        self._factors: dict[tuple[str, object], tuple[Number, Number]] = {}
        self._values: dict[tuple[str, int], tuple[tuple[Piece, ...], Number]] = {}

    def factor(self, player: str, at: Number) -> Number:
        """The player's discount factor for a date."""
        key = (player, id(at) if isinstance(at, np.ndarray) else at)
        if key not in self._factors:
            self._factors[key] = (at, np.exp(-self._logarithms[player] * at))  # `at` is kept, so its id stays its own
        return self._factors[key][1]

    def value(self, player: str, pieces: tuple[Piece, ...]) -> Number:
        """The present value of some pieces at the player's rate."""
        key = (player, id(pieces))
        if key not in self._values:
            total: Number = 0.0
            for piece in pieces:
                total = total + self._piece(player, piece)
            self._values[key] = (pieces, total)
        return self._values[key][1]

    def _piece(self, player: str, piece: Piece) -> Number:
        begin = self.factor(player, piece.start)
        if piece.start is piece.end:
            return begin * 0.5 * (piece.first + piece.last)
        end = self.factor(player, piece.end)
        x = self._logarithms[player] * (piece.end - piece.start)
        if piece.first is piece.last:
            return begin * piece.first * _phi(x, end / begin)
        rising = (piece.last - piece.first) * _psi(x, end / begin)
        if is_nothing(piece.first):
            return begin * rising
        return begin * (piece.first * _phi(x, end / begin) + rising)


def _phi(x: Number, factor: Number) -> Number:
    """(1 - e^-x) / x, with `factor` = e^-x."""
    return _where_small(x, lambda y: (1 - factor) / y, _PHI)


def _psi(x: Number, factor: Number) -> Number:
    """(1 - (1 + x) e^-x) / x^2, with `factor` = e^-x."""
    return _where_small(x, lambda y: (1 - (1 + y) * factor) / (y * y), _PSI)


# Coefficients of (-x)^n: the integrals over u from 0 to 1 of u^n / n! and of u^(n + 1) / n!.
_FACTORIALS: Final = np.cumprod([1.0, *range(1, 9)])
_PHI: Final = tuple(float(1 / (fact * (n + 1))) for n, fact in enumerate(_FACTORIALS))
_PSI: Final = tuple(float(1 / (fact * (n + 2))) for n, fact in enumerate(_FACTORIALS))


def _where_small(x: Number, formula: Any, series: tuple[float, ...]) -> Number:
    small = np.abs(x) < SMALL
    if not small.any():
        direct: Number = formula(x)
        return direct
    total: Number = series[-1] + 0.0 * x
    for coefficient in series[-2::-1]:
        total = coefficient - x * total
    if small.all():
        return total
    chosen: Number = np.where(small, total, formula(np.where(small, 1.0, x)))
    return chosen
