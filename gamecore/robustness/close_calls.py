"""Where what is expected hangs on little: a close call between two ways to play on averaged payoffs.

At a close call almost anything that is learnt changes the play, and what that is worth to the others is large however
little was learnt. It is told beside the worth of knowing, so that nobody takes such a number for the topic's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["LITTLE", "CloseCall", "close_call"]

Floats = npt.NDArray[np.float64]
Play = Callable[[Floats], Floats]

LITTLE: Final = 0.01  # of the largest payoff: what moves play with less is a close call ...
JUMP: Final = 5  # ... if somebody's value then moves by more than so many times as much
HALVINGS: Final = 40
MOST_MOVES: Final = 4_000  # payoffs moved one by one
SAME: Final = 1e-9  # of the largest payoff: rounding


@dataclass(frozen=True)
class CloseCall:
    """If what `player` (its place) expects of one end were `by` more or less, `instead` (player,) would be expected."""

    player: int
    by: float
    instead: tuple[float, ...]


def close_call(worth: Floats, play: Play) -> CloseCall | None:
    """The smallest change of one payoff that leads play elsewhere; None if it takes more than `LITTLE`.

    Parameters
    ----------
    worth
        What each player expects at each end, axes (player, end).
    play
        From payoffs, axes (player, end, case), to what each player gets, axes (player, case).
    """
    players, ends = worth.shape
    largest = float(np.abs(worth).max())
    moves = [(player, end, sign) for player in range(players) for end in range(ends) for sign in (1.0, -1.0)]
    if largest == 0 or len(moves) > MOST_MOVES:
        return None
    before = play(worth[:, :, None])

    def moved(chosen: list[tuple[int, int, float]], by: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
        payoffs = np.repeat(worth[:, :, None], len(chosen), axis=2)
        for place, (player, end, sign) in enumerate(chosen):
            payoffs[player, end, place] += sign * by[place]
        values = play(payoffs)
        return values, np.abs(values - before).max(axis=0) > JUMP * by + SAME * largest

    _, elsewhere = moved(moves, np.full(len(moves), LITTLE * largest))
    moves = [move for move, found in zip(moves, elsewhere, strict=True) if found]
    if not moves:
        return None
    low, high = np.zeros(len(moves)), np.full(len(moves), LITTLE * largest)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        _, elsewhere = moved(moves, middle)
        low, high = np.where(elsewhere, low, middle), np.where(elsewhere, middle, high)
    values, _ = moved(moves, high)
    # Of moves as small as the smallest, one that what is then expected does not count: the end it lifts or lowers is
    # the one left behind.
    near = [place for place in range(len(moves)) if high[place] <= high.min() + SAME * largest]
    place = next((place for place in near if moves[place][2] < 0), near[0])
    return CloseCall(moves[place][0], float(high[place]), tuple(map(float, values[:, place])))
