"""Quantal response: how players who err play, from pure noise to an equilibrium.

In a logit equilibrium (McKelvey & Palfrey 1995) every player chooses option `a` with a chance proportional to
`exp(lambda u_i(a, x_-i))`: the better an option, the likelier. At `lambda = 0` all options are equally likely; from
there one path of logit equilibria leads, for almost every game, to one Nash equilibrium as `lambda` grows (the logit
solution of the game).

The path is followed by prediction along its tangent and Newton's correction at right angles to it (Turocy 2005), in
the logarithms of the chances, so that it may turn back in `lambda`. Unknowns are `log x` of every option and
`lambda`; equations

    log x_ia - log x_i0 - lambda (u_ia - u_i0) = 0,     sum_a x_ia = 1.

All players' payoffs are divided by one number inside; `precision` is told in 1 / (units of payoff of the game). Points
are floats with the residual of these equations; the limit is proved like any other equilibrium.

>>> game = StrategicGame.from_rows([[(2, 2), (0, 0)], [(0, 0), (1, 1)]])
>>> path = quantal_response(game)
>>> path.status.value, path.limit.profile
('complete', (0, 0))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.polishing import IntervalEquilibrium, polished
from gamecore.equilibria.result import Status
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame

__all__ = ["QuantalPath", "QuantalPoint", "STEP_LIMIT", "quantal_response"]

STEP_LIMIT = 2_000
"""Steps along the path at most; most games need 50 to 300."""

LARGEST_PRECISION = 1e7
"""In units of the game's payoff span: beyond it players hardly err any more."""

SETTLED = 1e-11
"""The path is at its end where nobody gains more than this share of the payoff span by moving alone."""

RESIDUAL = 1e-9
"""A point is on the path if its equations hold that well (in logarithms of chances)."""

CORRECTIONS = 8
"""Newton steps of a correction at most; more means the step was too long."""

WORK_LIMIT = 400_000_000
"""Multiplications at most, roughly: a few seconds on one core, whatever the size of the game."""

LARGEST_GAME = 300_000
"""Profiles times players at most: each step computes that many values for every pair of players."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class QuantalPoint:
    """A logit equilibrium at `precision` (lambda): chances and payoffs as floats, `residual` of the equations."""

    precision: float
    strategies: tuple[tuple[float, ...], ...]
    payoffs: tuple[float, ...]
    residual: float


@dataclass(frozen=True)
class QuantalPath:
    """The path from noise, its points in order; `at` those at the precisions asked for (first crossing).

    Complete: the path was followed to where nobody gains any more and its `limit` is proved. Partial: the last point is
    as far as it was followed, or its limit is no isolated equilibrium. Refused: too large a game.
    """

    status: Status
    points: tuple[QuantalPoint, ...]
    at: Mapping[float, QuantalPoint]
    limit: IntervalEquilibrium | None
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)


def quantal_response(
    game: StrategicGame,
    *,
    at: Sequence[float] = (),
    limit: int = STEP_LIMIT,
    should_stop: Callable[[], bool] | None = None,
) -> QuantalPath:
    """Follow the path of logit equilibria from noise until nobody gains by moving alone.

    Parameters
    ----------
    at
        Precisions (from 0, in 1 / units of payoff) at which points are told as well.
    limit
        Steps at most.

    Raises
    ------
    InputError
        If a precision asked for is negative or not finite.
    """
    wanted = sorted({float(value) for value in at})
    if any(not np.isfinite(value) or value < 0 for value in wanted):
        raise InputError("a precision must be a finite number from 0")
    parameters = {"limit": limit}
    if game.size * game.players > LARGEST_GAME:
        note = f"{game.size} profiles of {game.players} players are more than the limit of {LARGEST_GAME} payoffs"
        return QuantalPath(Status.REFUSED, (), {}, None, (note,), parameters)
    path = _Path(game)
    ended = path.follow([value * path.span for value in wanted], limit, should_stop)
    points = tuple(path.told(point) for point in path.points)
    met = {value: path.told(path.met[value * path.span]) for value in wanted if value * path.span in path.met}
    proved = polished(game, points[-1].strategies) if ended else None
    notes = []
    if not ended:
        notes.append(f"the path was left after {len(points)} points, at lambda = {points[-1].precision:.6g}")
    elif proved is None:
        notes.append("the path's limit is no isolated equilibrium: it is told in floats only")
    if len(met) < len(wanted):
        notes.append("some of the precisions asked for lie beyond the end of the path")
    status = Status.COMPLETE if proved is not None and len(met) == len(wanted) else Status.PARTIAL
    return QuantalPath(status, points, met, proved, tuple(notes), parameters)


class _Path:
    """The equations of one game. A point is one vector: the logarithms of all chances, player by player, and lambda."""

    def __init__(self, game: StrategicGame) -> None:
        lowest = [min(table.flat) for table in game.payoffs]
        exact = max(max(table.flat) - low for table, low in zip(game.payoffs, lowest, strict=True)) or 1
        self.span = float(exact)
        self.low = [float(low) for low in lowest]
        self.tables = [
            np.array([float((value - low) / exact) for value in table.flat]).reshape(table.shape)
            for table, low in zip(game.payoffs, lowest, strict=True)
        ]
        self.shape = game.shape
        self.starts = np.concatenate([[0], np.cumsum(game.shape)])
        self.size = int(self.starts[-1])
        self.points: list[Floats] = []
        # one evaluation of the Jacobian: all pairs of players, one linear system, and what calling costs
        self._cost = game.players**2 * game.size + self.size**3 + 20_000
        self._work_left = WORK_LIMIT
        self.met: dict[float, Floats] = {}

    def follow(self, wanted: Sequence[float], limit: int, should_stop: Callable[[], bool] | None) -> bool:
        """Collect points; whether the end of the path was reached."""
        point = np.concatenate([*(np.full(count, -np.log(count)) for count in self.shape), [0.0]])
        self.points.append(point)
        self._meet(None, point, wanted)
        tangent = self._tangent(point, None)
        step = 0.1
        for _ in range(limit):
            if self._work_left < 0 or (should_stop is not None and should_stop()):
                return False
            if self._largest_gain(point) < SETTLED and all(value in self.met for value in wanted):
                return True
            if point[-1] > LARGEST_PRECISION or step < 1e-12:
                return bool(point[-1] > LARGEST_PRECISION)
            guess = self._corrected(point + step * tangent, tangent)
            if guess is None:
                step /= 3
                continue
            turn = self._tangent(guess, tangent)
            if float(turn @ tangent) < 0.8 or guess[-1] < 0:
                step /= 3
                continue
            self._meet(point, guess, wanted)
            point, tangent = guess, turn
            self.points.append(point)
            step = min(1.6 * step, 0.4 * (1.0 + float(np.abs(point).max())))
        return False

    def told(self, point: Floats) -> QuantalPoint:
        chances = self._chances(point)
        payoffs = []
        for table, low in zip(self.tables, self.low, strict=True):
            values = table
            for vector in reversed(chances):
                values = values @ vector
            payoffs.append(float(values) * self.span + low)
        residual = float(np.abs(self._equations(point)).max())
        strategies = tuple(tuple((vector / vector.sum()).tolist()) for vector in chances)
        return QuantalPoint(float(point[-1]) / self.span, strategies, tuple(payoffs), residual)

    def _meet(self, before: Floats | None, after: Floats, wanted: Sequence[float]) -> None:
        """Points at the precisions that the last step passed."""
        for value in wanted:
            if value in self.met:
                continue
            if after[-1] == value:
                self.met[value] = after
            elif before is not None and before[-1] < value < after[-1]:
                share = (value - before[-1]) / (after[-1] - before[-1])
                upright = np.zeros(self.size + 1)
                upright[-1] = 1.0
                guess = self._corrected(before + share * (after - before), upright)
                if guess is not None:
                    self.met[value] = guess

    def _chances(self, point: Floats) -> list[Floats]:
        return [np.exp(point[a:b]) for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)]

    def _values(self, chances: Sequence[Floats], player: int) -> Floats:
        """What each option of the player is worth."""
        table = np.moveaxis(self.tables[player], player, 0)
        for vector in reversed([one for other, one in enumerate(chances) if other != player]):
            table = table @ vector
        return np.asarray(table)

    def _largest_gain(self, point: Floats) -> float:
        chances = self._chances(point)
        gains = []
        for player, own in enumerate(chances):
            values = self._values(chances, player)
            gains.append(float(values.max() - own @ values))
        return max(gains)

    def _equations(self, point: Floats) -> Floats:
        chances = self._chances(point)
        answer = np.empty(self.size)
        for player, start in enumerate(self.starts[:-1]):
            logs = point[start : start + self.shape[player]]
            values = self._values(chances, player)
            answer[start] = chances[player].sum() - 1.0
            answer[start + 1 : start + self.shape[player]] = logs[1:] - logs[0] - point[-1] * (values[1:] - values[0])
        return answer

    def _jacobian(self, point: Floats) -> Floats:
        """Axes (equation, unknown)."""
        chances = self._chances(point)
        answer = np.zeros((self.size, self.size + 1))
        for player, start in enumerate(self.starts[:-1]):
            count = self.shape[player]
            answer[start, start : start + count] = chances[player]
            for option in range(1, count):
                answer[start + option, start + option] = 1.0
                answer[start + option, start] = -1.0
            values = self._values(chances, player)
            answer[start + 1 : start + count, -1] = values[0] - values[1:]
            for other, begin in enumerate(self.starts[:-1]):
                if other != player:
                    pairs = self._pair_values(chances, player, other)
                    slope = -point[-1] * (pairs[1:] - pairs[:1]) * chances[other]
                    answer[start + 1 : start + count, begin : begin + self.shape[other]] = slope
        return answer

    def _pair_values(self, chances: Sequence[Floats], player: int, other: int) -> Floats:
        """The player's payoffs from its option and the other's, axes (own option, the other's)."""
        table: Any = np.moveaxis(self.tables[player], (player, other), (0, 1))
        for vector in reversed([one for place, one in enumerate(chances) if place not in (player, other)]):
            table = table @ vector
        return np.asarray(table)

    def _tangent(self, point: Floats, before: Floats | None) -> Floats:
        """The direction of the path, of length 1, going on as before (at first: lambda grows)."""
        orthogonal = np.linalg.qr(self._jacobian(point).T, mode="complete")[0]
        tangent: Floats = orthogonal[:, -1]
        forward = tangent[-1] if before is None else float(tangent @ before)
        return tangent if forward >= 0 else -tangent

    def _corrected(self, guess: Floats, tangent: Floats) -> Floats | None:
        """The point of the path in the plane through `guess` at right angles to `tangent`."""
        point = guess
        last = np.inf
        self._work_left -= self._cost
        for _ in range(CORRECTIONS):
            if float(point[:-1].max()) > 1.0 or not np.isfinite(point).all():
                return None
            values = self._equations(point)
            size = float(np.abs(values).max())
            if size < RESIDUAL * max(1.0, 1e-6 * abs(float(point[-1]))):
                return point
            if size > 2 * last:
                return None
            last = size
            self._work_left -= self._cost
            matrix = np.vstack([self._jacobian(point), tangent])
            try:
                move = np.linalg.solve(matrix, np.concatenate([values, [0.0]]))
            except np.linalg.LinAlgError:
                return None
            point = point - move
        return None
