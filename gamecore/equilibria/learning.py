"""Where adaptive partners drift to: which of several equilibria two players learn to play.

Two simple ways of learning, as nashpy (Knight & Campbell 2018) runs them, from many random starts:

**Fictitious play** (Brown 1951): each round both play a best response to how often the other has played what so far.
Where the frequencies settle, they settle on an equilibrium.
**Replicator dynamics** (Taylor & Jonker 1978): options that do better than average are used more, in continuous time.

A run has settled if at its end nobody would gain more than `SETTLED` of the payoff span; it is then counted for the
nearest equilibrium told. Otherwise it is still on its way, or goes round for ever (Shapley 1964). Runs are floats and
evidence, not proof: the equilibria they are counted for are proved elsewhere.

Payoffs are brought to the range from 0 to 1 first, which changes neither way's ends. Starts are drawn from the
generator passed in; a start has no ties, and options that tie for good are told apart by `TIE_BREAK`, so that nothing
else is random.

>>> game = StrategicGame.from_rows([[(9, 9), (0, 8)], [(8, 0), (7, 7)]])
>>> drift = learned_equilibria(game, np.random.default_rng(1), starts=10)
>>> drift.fictitious_play.ends, drift.replicator.ends  # everybody settles for less risk
({1: 10}, {1: 10})
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.result import Solution, Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame

__all__ = ["Drift", "Learned", "learned_equilibria"]

ROUNDS = 2_000
"""Rounds of fictitious play: frequencies then move by at most 1/2000 a round."""

DURATION = 400.0
"""Time the replicator dynamics run, payoffs between 0 and 1: options worse by 0.05 have all but vanished."""

BELIEF = 20.0
"""How many rounds of observation a first belief is worth: with little weight, both could miss each other for ever."""

SETTLED = 0.03
"""Share of the payoff span that a player may still gain where a run has settled: frequencies close in slowly."""

TIE_BREAK = 1e-9
"""By how much an option is worth less than the one before it, in shares of the payoff span."""

WORK_LIMIT = 2_000_000
"""Rounds times options times starts at most: some seconds."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Drift:
    """`ends`: how many starts settled at each equilibrium (by its place in `Learned.solution.equilibria`).

    `farthest` is the largest distance (of one chance) between a settled run and the equilibrium it is counted for.
    """

    ends: Mapping[int, int]
    unsettled: int
    farthest: float


@dataclass(frozen=True)
class Learned:
    """Where `starts` runs of each way of learning ended. Refused: nothing was run; partial: fewer starts than asked."""

    status: Status
    starts: int
    solution: Solution
    fictitious_play: Drift
    replicator: Drift
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)


def learned_equilibria(
    game: StrategicGame,
    generator: np.random.Generator,
    *,
    starts: int = 20,
    equilibria: Solution | None = None,
    limit: int = WORK_LIMIT,
    should_stop: Callable[[], bool] | None = None,
) -> Learned:
    """Run both ways of learning from `starts` random beginnings.

    Parameters
    ----------
    generator
        Draws the beginnings; the same state gives the same answer.
    equilibria
        The equilibria to count for, if known; otherwise they are computed.
    limit
        Rounds times options, over all starts, at most.

    Raises
    ------
    InputError
        Unless the game has two players.
    """
    if game.players != 2:
        raise InputError(f"the game has {game.players} players: learning is run for two")
    solution = two_player_equilibria(game) if equilibria is None else equilibria
    affordable = min(starts, limit // (ROUNDS * sum(game.shape)))
    parameters = {"starts": starts, "limit": limit}
    if affordable == 0 or not solution.equilibria:
        note = (
            "no equilibrium is known to drift to" if affordable else f"more than the limit of {limit} rounds x options"
        )
        nothing = Drift({}, 0, 0.0)
        return Learned(Status.REFUSED, 0, solution, nothing, nothing, (note,), parameters)
    tables = [_between_zero_and_one(table, player) for player, table in enumerate(game.payoffs)]
    played: list[Sequence[Floats]] = []
    flowed: list[Sequence[Floats]] = []
    for _ in range(affordable):
        if should_stop is not None and should_stop():
            break
        beginning = [generator.dirichlet(np.ones(count)) for count in game.shape]
        played.append(_fictitious_play(tables, beginning))
        flowed.append(_replicator(tables, beginning))
    notes = [] if len(played) == starts else [f"{len(played)} of {starts} starts were run"]
    return Learned(
        Status.COMPLETE if not notes else Status.PARTIAL,
        len(played),
        solution,
        _counted(tables, played, solution),
        _counted(tables, flowed, solution),
        tuple(notes),
        parameters,
    )


def _between_zero_and_one(table: npt.NDArray[np.object_], player: int) -> Floats:
    rows: list[list[Fraction]] = table.tolist()
    low, high = min(map(min, rows)), max(map(max, rows))
    span = high - low or Fraction(1)
    scaled = np.array([[float((value - low) / span) for value in row] for row in rows])
    worse = TIE_BREAK * np.arange(table.shape[player])
    answer: Floats = scaled - (worse[:, None] if player == 0 else worse[None, :])
    return answer


def _fictitious_play(tables: Sequence[Floats], beginning: Sequence[Floats]) -> list[Floats]:
    import nashpy

    rounds = nashpy.Game(*tables).fictitious_play(ROUNDS, play_counts=[BELIEF * one for one in beginning])
    counts: Any = deque(rounds, maxlen=1).pop()
    return [np.asarray(one, dtype=float) / float(np.sum(one)) for one in counts]


def _replicator(tables: Sequence[Floats], beginning: Sequence[Floats]) -> list[Floats]:
    import nashpy

    times = np.linspace(0.0, DURATION, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the integrator tells of steps it had to shorten
        ends = nashpy.Game(*tables).asymmetric_replicator_dynamics(x0=beginning[0], y0=beginning[1], timepoints=times)
    finals = [np.clip(np.nan_to_num(np.asarray(one[-1], dtype=float)), 0.0, 1.0) for one in ends]
    return [one / total if (total := float(one.sum())) > 0 else np.full(len(one), np.nan) for one in finals]


def _counted(tables: Sequence[Floats], runs: Sequence[Sequence[Floats]], solution: Solution) -> Drift:
    known = [[np.array([float(chance) for chance in own]) for own in one.strategies] for one in solution.equilibria]
    ends: dict[int, int] = {}
    unsettled, farthest = 0, 0.0
    for x, y in runs:
        # where the integrator lost its way there is nothing to judge
        lost = not (np.isfinite(x).all() and np.isfinite(y).all())
        rows, columns = tables[0] @ y, x @ tables[1]
        gain = max(float(rows.max() - x @ rows), float(columns.max() - columns @ y))
        if lost or gain > SETTLED:
            unsettled += 1
            continue
        gaps = [max(float(np.abs(x - a).max()), float(np.abs(y - b).max())) for a, b in known]
        place = int(np.argmin(gaps))
        ends[place] = ends.get(place, 0) + 1
        farthest = max(farthest, gaps[place])
    return Drift(dict(sorted(ends.items())), unsettled, farthest)
