"""What the options are worth: the table every compromise is computed from.

`values` has axes (option, player): `values[k, i]` is what option `k` is worth to player `i`. A disagreement point has
one value a player: what each has if they do not agree. `Fraction`s, whole numbers and texts are taken exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError
from gamecore.games.strategic import exact_array

__all__ = ["Exact", "all_at_least", "exact_point", "exact_table", "exact_weights", "value_table"]

Exact = npt.NDArray[np.object_]
"""An array of `Fraction`s."""


def value_table(values: Any) -> npt.NDArray[Any]:
    """The values as they are if they are an array of floats or whole numbers, else exact; axes (option, player).

    Nothing is lost: a float and the decimal it prints as stand in the same order. Raises `InputError`.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        if not np.isfinite(values).all():
            raise InputError("a value is not finite: every value must be a finite number")
        return _with_axes(values)
    return exact_table(values)


def exact_table(values: Any) -> Exact:
    """The values in rationals, a float as the decimal it prints as; axes (option, player). Raises `InputError`."""
    return _with_axes(exact_array(values))


def exact_point(point: Any, players: int) -> tuple[Fraction, ...]:
    """One value a player, in rationals. Raises `InputError` if the number of players is another."""
    exact = exact_array(point)
    if exact.shape != (players,):
        raise InputError(f"a point of shape {exact.shape} does not have one value for each of {players} players")
    return tuple(exact.tolist())


def exact_weights(weights: Any, players: int, *, name: str = "weight", zero: bool = False) -> tuple[Fraction, ...]:
    """One weight a player, in rationals, scaled to sum to 1; all equal if `weights` is None.

    `name` is what the message calls them, `zero` whether a weight of 0 is allowed. Raises `InputError`.
    """
    if weights is None:
        return (Fraction(1, players),) * players
    exact = exact_array(weights)
    if exact.shape != (players,):
        raise InputError(f"{exact.size} {name}s do not give one to each of {players} players")
    below = [place for place, weight in enumerate(exact.tolist()) if weight < 0]
    if below:
        raise InputError(f"the {name} of player {below[0]} is {exact[below[0]]}: a {name} cannot be less than 0")
    total = sum(exact.tolist(), Fraction(0))
    if total == 0:
        raise InputError(f"the {name}s sum to 0: give at least one player more than 0")
    if not zero and min(exact) == 0:
        place = exact.tolist().index(0)
        raise InputError(
            f"the {name} of player {place} is 0: every {name} must be more than 0, small if it is to count little"
        )
    return tuple(weight / total for weight in exact.tolist())


def _with_axes(table: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if table.ndim != 2 or table.shape[1] == 0:
        raise InputError(f"values of shape {table.shape} are not a table: the axes are (option, player)")
    return table


def all_at_least(row: Sequence[Fraction], point: Sequence[Fraction]) -> bool:
    """Whether nobody has less than in `point`."""
    return all(value >= least for value, least in zip(row, point, strict=True))
