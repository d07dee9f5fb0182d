"""Games in strategic form, arrays only.

A game of `n` players in which player `i` has `m_i` options is one array `payoffs` with axes (player, option of player
0, option of player 1, ...): `payoffs[i, a_0, ..., a_{n-1}]` is what player `i` gets from the profile `a`. Entries are
`fractions.Fraction` (dtype object), so ties are ties. Options are integers here; labels live in `translate.py`.

>>> prisoners = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
>>> prisoners.shape
(2, 2)
>>> prisoners.payoff((1, 0))
(Fraction(5, 1), Fraction(0, 1))
>>> prisoners.expected_payoffs(((Fraction(1, 2), Fraction(1, 2)), (Fraction(0), Fraction(1))))
(Fraction(1, 2), Fraction(3, 1))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import lcm, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError

__all__ = ["Mixed", "StrategicGame", "exact_array", "exact_number", "order_ranks"]

Mixed = tuple[tuple[Fraction, ...], ...]
"""A profile of mixed strategies: per player the probability of each option, exact."""

COMMON_DENOMINATOR_BITS = 4096
"""Above this, one common denominator makes comparing slower than comparing fraction by fraction."""


def exact_number(value: Any) -> Fraction:
    """The rational a number stands for; a float counts as the decimal it prints as (0.1 is 1/10).

    Raises `InputError` for whatever is not a finite number.
    """
    if isinstance(value, Fraction):
        return value
    try:
        if isinstance(value, float):
            return Fraction(float.__repr__(value))
        return Fraction(str(value)) if isinstance(value, np.generic) else Fraction(value)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise InputError(f"{value!r} is not a payoff: every payoff must be a finite number") from None


def exact_array(values: Any) -> npt.NDArray[np.object_]:
    """Anything array-like of numbers as `Fraction`s (dtype object, same shape). Raises `InputError`."""
    ragged = "the payoffs are ragged: every row needs as many entries as the others"
    if isinstance(values, np.ndarray) and values.dtype in (np.float16, np.float32):
        values = values.astype(str)  # as Python floats they would print with digits that were never typed
    try:
        raw = np.asarray(values, dtype=object)
    except ValueError:
        raise InputError(ragged) from None
    if any(isinstance(value, list | tuple | np.ndarray) for value in raw.flat):
        raise InputError(ragged)
    exact = np.empty(raw.shape, dtype=object)
    exact.ravel()[:] = [exact_number(value) for value in raw.ravel()]
    return exact


def _common_denominator(values: Sequence[Fraction]) -> int:
    """What all denominators divide; 0 if it is longer than `COMMON_DENOMINATOR_BITS`."""
    common = 1
    for denominator in {value.denominator for value in values}:
        common = lcm(common, denominator)
        if common.bit_length() > COMMON_DENOMINATOR_BITS:
            return 0
    return common


def order_ranks(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Integers in the same order as `values` (any shape; equal values, equal integers): exact, and quick to compare.

    `values` holds `Fraction`s (dtype object) or floats.
    """
    if values.dtype != object:
        return np.unique(values, return_inverse=True)[1].reshape(values.shape).astype(np.int64)
    flat = values.ravel().tolist()
    common = _common_denominator(flat)
    if common:
        flat = [value.numerator * (common // value.denominator) for value in flat]
    place = {value: rank for rank, value in enumerate(sorted(set(flat)))}
    return np.array([place[value] for value in flat], dtype=np.int64).reshape(values.shape)


@dataclass(frozen=True, eq=False)
class StrategicGame:
    """`payoffs` has axes (player, option of player 0, ..., option of player n-1) and holds `Fraction`s.

    Raises `InputError` if the axes do not fit or an entry is no `Fraction`; `from_array` makes them exact.
    """

    payoffs: npt.NDArray[np.object_]

    def __post_init__(self) -> None:
        if self.payoffs.ndim < 2 or self.payoffs.shape[0] != self.payoffs.ndim - 1 or 0 in self.payoffs.shape:
            raise InputError(
                f"payoffs of shape {self.payoffs.shape} are not a game: the axes are (player, option of each player)"
            )
        if not all(isinstance(value, Fraction) for value in self.payoffs.flat):
            raise InputError("payoffs must be exact fractions: build the game with StrategicGame.from_array")

    @classmethod
    def from_array(cls, payoffs: Any) -> StrategicGame:
        """From anything array-like of numbers; a float counts as the decimal it prints as (0.1 is 1/10)."""
        return cls(exact_array(payoffs))

    @classmethod
    def from_rows(cls, cells: Sequence[Sequence[tuple[Any, Any]]]) -> StrategicGame:
        """From a two-player table of (row player's payoff, column player's payoff)."""
        return cls(np.moveaxis(exact_array(cells), -1, 0))

    @property
    def players(self) -> int:
        return int(self.payoffs.shape[0])

    @property
    def shape(self) -> tuple[int, ...]:
        """How many options each player has."""
        return tuple(int(size) for size in self.payoffs.shape[1:])

    @property
    def size(self) -> int:
        """How many pure profiles there are."""
        return prod(self.shape)

    @cached_property
    def ranks(self) -> npt.NDArray[np.int64]:
        """The payoffs as integers in the same order, player by player (axes as `payoffs`): for what order decides."""
        return np.stack([order_ranks(values) for values in self.payoffs])

    @cached_property
    def whole(self) -> tuple[tuple[npt.NDArray[np.object_], int], ...]:
        """Per player the payoffs times a number that makes them integers, and that number (1 and the payoffs as they
        are if it were too long).
        """
        tables = []
        for values in self.payoffs:
            flat = values.ravel().tolist()
            unit = _common_denominator(flat)
            if unit:
                flat = [value.numerator * (unit // value.denominator) for value in flat]
            table = np.empty(len(flat), dtype=object)
            table[:] = flat
            tables.append((table.reshape(values.shape), unit or 1))
        return tuple(tables)

    def profiles(self) -> Iterator[tuple[int, ...]]:
        """Every pure profile, the last player's option varying fastest."""
        return product(*map(range, self.shape))

    def payoff(self, profile: Sequence[int]) -> tuple[Fraction, ...]:
        """What each player gets from a pure profile."""
        place: tuple[Any, ...] = (slice(None), *profile)
        return tuple(self.payoffs[place])

    def expected_payoffs(self, strategies: Mixed) -> tuple[Fraction, ...]:
        """What each player gets on average if everybody mixes on their own."""
        values = self.payoffs
        for strategy in reversed(strategies):
            values = values @ np.array(strategy, dtype=object)
        return tuple(values)

    def pure_strategies(self, profile: Sequence[int]) -> Mixed:
        """A pure profile written as probabilities."""
        return tuple(
            tuple(Fraction(option == chosen) for option in range(count))
            for chosen, count in zip(profile, self.shape, strict=True)
        )
