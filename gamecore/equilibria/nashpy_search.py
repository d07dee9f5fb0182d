"""A second opinion on two-player games: nashpy proposes in floats, rationals dispose.

nashpy (Knight & Campbell 2018) enumerates supports and the vertices of the best-response polytopes in floating point.
It loses equilibria where payoffs tie or are large numbers, and may return what is none, so nothing of it is believed:
payoffs are brought to the range from 1 to 2 before nashpy sees them, and of each proposal only the supports and best
responses are kept, from which the exact mixture is computed anew and certified. What it does not propose is not found,
so the answer is never more than partial; `two_player` is complete where this is not.

>>> solution = nashpy_equilibria(StrategicGame.from_rows([[(2, 1), (0, 0)], [(0, 0), (1, 2)]]))
>>> len(solution.equilibria)
3
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.certificate import certified
from gamecore.equilibria.exact_linear import whole_numbers
from gamecore.equilibria.result import Solution, Status, in_fixed_order
from gamecore.equilibria.support_enumeration import Table, level_mixture, support_pairs
from gamecore.equilibria.tolerance import PROPOSAL_TOLERANCE
from gamecore.errors import InputError
from gamecore.games.strategic import Mixed, StrategicGame

__all__ = ["NASHPY_PAIR_LIMIT", "nashpy_equilibria"]

NASHPY_PAIR_LIMIT = 13_000
"""Pairs of equally large supports (8x8 has 12,869) up to which nashpy is asked: a few seconds."""

METHOD = "nashpy's support and vertex enumeration, made exact"

Floats = npt.NDArray[np.float64]


def nashpy_equilibria(game: StrategicGame, *, limit: int = NASHPY_PAIR_LIMIT) -> Solution:
    """The equilibria that nashpy's proposals stand for, each once and certified; partial, or refused beyond the limit.

    Raises `InputError` unless the game has two players.
    """
    if game.players != 2:
        raise InputError(f"the game has {game.players} players: nashpy knows games of two")
    pairs = support_pairs(*game.shape)
    parameters = {"limit": limit}
    if pairs > limit:
        note = f"{pairs} pairs of supports are more than the limit of {limit}; nashpy was not asked"
        return Solution(METHOD, Status.REFUSED, (), (note,), parameters)
    tables = [np.array(whole_numbers(values.ravel()), dtype=object).reshape(values.shape) for values in game.payoffs]
    floats = [_between_one_and_two(table) for table in tables]
    exact = (_exact_profile(tables, floats, x, y) for x, y in _proposals(floats))
    profiles = dict.fromkeys(profile for profile in exact if profile is not None)
    proved = (certified(game, profile) for profile in profiles)
    equilibria = in_fixed_order(one for one in proved if one is not None)
    note = "nashpy works in floats and may have missed equilibria"
    return Solution(METHOD, Status.PARTIAL, equilibria, (note,), parameters)


def _between_one_and_two(table: npt.NDArray[np.object_]) -> Floats:
    """The same game in numbers of a size that suits nashpy's tolerances; positive, as its polytopes need."""
    top = max(table.max(), 1)
    return np.array([[1.0 + float(Fraction(value, top)) for value in row] for row in table.tolist()])


def _proposals(floats: Sequence[Floats]) -> Iterator[tuple[Floats, Floats]]:
    """What nashpy proposes, its warnings kept from the user; where it gives up, what it had by then."""
    import nashpy
    from scipy.spatial import QhullError

    game = nashpy.Game(*floats)
    for method in (game.support_enumeration, game.vertex_enumeration):
        found: list[tuple[Any, Any]] = []
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            with suppress(QhullError, np.linalg.LinAlgError, ValueError):  # a flat polytope: nashpy cannot go on
                found.extend(method())
        for x, y in found:
            if np.isfinite(x).all() and np.isfinite(y).all():
                yield np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def _exact_profile(tables: Sequence[Any], floats: Sequence[Floats], x: Floats, y: Floats) -> Mixed | None:
    """The exact extreme strategies on the supports of a proposal; None if there are none."""
    row = _exact_mixture(tables[1].tolist(), x, x @ floats[1], y)
    column = _exact_mixture(tables[0].T.tolist(), y, floats[0] @ y, x)
    return None if row is None or column is None else (row, column)


def _exact_mixture(table: Table, mine: Floats, values: Floats, theirs: Floats) -> tuple[Fraction, ...] | None:
    """The mixture on the support of `mine` that levels the other's best responses, or at least what the other uses."""
    support = np.flatnonzero(mine > PROPOSAL_TOLERANCE).tolist()
    best = np.flatnonzero(values >= values.max() - PROPOSAL_TOLERANCE).tolist()
    used = np.flatnonzero(theirs > PROPOSAL_TOLERANCE).tolist()
    if not support or not used:
        return None
    weights = level_mixture(table, support, best) or level_mixture(table, support, used)
    if weights is None:
        return None
    chances = [Fraction(0)] * len(table)
    for option, weight in zip(support, weights, strict=True):
        chances[option] = Fraction(weight, sum(weights))
    return tuple(chances)
