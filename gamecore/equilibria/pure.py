"""Pure Nash equilibria of any number of players: all of them, by checking every profile.

A profile is an equilibrium if every player's option is a best response to the options of the others. Payoffs have axes
(player, option of player 0, ..., option of player n-1); a player's best responses are the maxima along its own axis.

`pure_equilibria` works in rationals and certifies what it finds; `pure_equilibria_batch` asks the same of thousands of
draws at once, in floats.

>>> from gamecore.games.strategic import StrategicGame
>>> chicken = StrategicGame.from_rows([[(0, 0), (-1, 1)], [(1, -1), (-9, -9)]])
>>> [found.profile for found in pure_equilibria(chicken).equilibria]
[(0, 1), (1, 0)]
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.certificate import certified, provable
from gamecore.equilibria.result import Solution, Status
from gamecore.equilibria.tolerance import RELATIVE_TIE_TOLERANCE
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame

__all__ = ["LISTED_LIMIT", "PROFILE_LIMIT", "pure_equilibria", "pure_equilibria_batch"]

PROFILE_LIMIT = 200_000
"""Profiles looked at before the search is refused: about a second on one core."""

LISTED_LIMIT = 10_000
"""Equilibria listed at most: where everything ties, every profile is one."""

METHOD = "pure equilibria by enumeration"


def pure_equilibria(game: StrategicGame, *, limit: int = PROFILE_LIMIT, listed: int = LISTED_LIMIT) -> Solution:
    """All pure equilibria, certified, in the order of the profiles (the last player's option varies fastest).

    Takes one look at each profile. With more than `limit` profiles the answer is refused, with more than `listed`
    equilibria, or more than can be proved within `LEDGER_LIMIT`, it is partial; the notes then tell the count and the
    limit. No pure equilibrium is an answer: complete and empty.
    """
    parameters = {"limit": limit, "listed": listed}
    if game.size > limit:
        note = f"{game.size} profiles are more than the limit of {limit}; no profile was checked"
        return Solution(method=METHOD, status=Status.REFUSED, notes=(note,), parameters=parameters)
    stable = np.ones(game.shape, dtype=bool)
    for player, ranks in enumerate(game.ranks):
        stable &= ranks == ranks.max(axis=player, keepdims=True)
    profiles = np.argwhere(stable)
    proved_at_most = min(listed, provable(game))
    proved = (certified(game, game.pure_strategies(profile)) for profile in profiles[:proved_at_most].tolist())
    equilibria = tuple(equilibrium for equilibrium in proved if equilibrium is not None)
    if len(profiles) > proved_at_most:
        note = f"{len(profiles)} pure equilibria exist, the first {proved_at_most} are listed"
        return Solution(METHOD, Status.PARTIAL, equilibria, (note,), parameters)
    return Solution(METHOD, Status.COMPLETE, equilibria, (), parameters)


def pure_equilibria_batch(
    payoffs: npt.NDArray[Any], *, tolerance: float = RELATIVE_TIE_TOLERANCE
) -> npt.NDArray[np.bool_]:
    """Which profiles are pure equilibria, draw by draw.

    Parameters
    ----------
    payoffs
        Floats with axes (draw, player, option of player 0, ..., option of player n-1).
    tolerance
        A gain of at most this share of the player's largest payoff in the draw counts as none.

    Returns
    -------
    Booleans with axes (draw, option of player 0, ..., option of player n-1).

    Raises
    ------
    InputError
        If the axes do not fit or a payoff is not finite.
    """
    values = np.asarray(payoffs, dtype=float)
    if values.ndim < 3 or values.shape[1] != values.ndim - 2 or 0 in values.shape[1:]:
        raise InputError(
            f"payoffs of shape {values.shape} are no draws of a game: the axes are (draw, player, options)"
        )
    if not np.isfinite(values).all():
        raise InputError("a drawn payoff is not finite: every payoff must be a finite number")
    stable = np.ones((values.shape[0], *values.shape[2:]), dtype=bool)
    options = tuple(range(1, stable.ndim))
    for player in range(values.shape[1]):
        mine = values[:, player]
        tolerated = tolerance * np.abs(mine).max(axis=options, keepdims=True)
        stable &= mine >= mine.max(axis=player + 1, keepdims=True) - tolerated
    return stable
