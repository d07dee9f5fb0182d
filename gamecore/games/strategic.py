"""Games in strategic form, arrays only.

A game of `n` players in which player `i` has `m_i` options is one array `payoffs` with axes (player, option of player 0,
option of player 1, ...): `payoffs[i, a_0, ..., a_{n-1}]` is what player `i` gets from the profile `a`. Entries are
`fractions.Fraction` (dtype object), so ties are ties. Options are integers here; labels live in `translate.py`.

>>> prisoners = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
>>> prisoners.shape
(2, 2)
>>> prisoners.payoff((1, 0))
(Fraction(5, 1), Fraction(0, 1))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError

__all__ = ["Mixed", "StrategicGame"]

Mixed = tuple[tuple[Fraction, ...], ...]
"""A profile of mixed strategies: per player the probability of each option, exact."""


def _exact(value: Any) -> Fraction:
    if isinstance(value, float):
        return Fraction(repr(value)) if np.isfinite(value) else _refuse(value)
    return Fraction(str(value)) if isinstance(value, np.generic) else Fraction(value)


def _refuse(value: float) -> Fraction:
    raise InputError(f"{value} is not a payoff: every payoff must be a finite number")


@dataclass(frozen=True, eq=False)
class StrategicGame:
    """`payoffs` has axes (player, option of player 0, ..., option of player n-1) and holds `Fraction`s."""

    payoffs: npt.NDArray[np.object_]

    def __post_init__(self) -> None:
        if self.payoffs.ndim < 2 or self.payoffs.shape[0] != self.payoffs.ndim - 1 or 0 in self.payoffs.shape:
            raise InputError(
                f"payoffs of shape {self.payoffs.shape} are not a game: the axes are (player, option of each player)"
            )

    @classmethod
    def from_array(cls, payoffs: Any) -> StrategicGame:
        """From anything array-like of numbers; a float counts as the decimal it prints as (0.1 is 1/10)."""
        raw = np.asarray(payoffs, dtype=object)
        exact = np.empty(raw.shape, dtype=object)
        for index, value in np.ndenumerate(raw):
            exact[index] = _exact(value)
        return cls(exact)

    @classmethod
    def from_rows(cls, cells: Sequence[Sequence[tuple[Any, Any]]]) -> StrategicGame:
        """From a two-player table of (row player's payoff, column player's payoff)."""
        return cls.from_array(np.moveaxis(np.array(cells, dtype=object), -1, 0))

    @property
    def players(self) -> int:
        return int(self.payoffs.shape[0])

    @property
    def shape(self) -> tuple[int, ...]:
        """How many options each player has."""
        return tuple(int(size) for size in self.payoffs.shape[1:])

    def profiles(self) -> Iterator[tuple[int, ...]]:
        """Every pure profile, the last player's option varying fastest."""
        return product(*map(range, self.shape))

    def payoff(self, profile: Sequence[int]) -> tuple[Fraction, ...]:
        """What each player gets from a pure profile."""
        return tuple(self.payoffs[(slice(None), *profile)])
