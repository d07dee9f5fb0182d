"""What happens, and what plans are worth, over draws of the uncertain numbers.

`simulate` plays the game in every draw, once for each protocol, and prices every plan in every draw: the plan's own
choices are laid down, everything else is played as the game of that draw says. In each draw all sides know the inputs,
but not the events they have not seen.

Draws are taken in chunks, so that memory does not grow with their number; the chunks change no number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.following import Forced
from gamecore.games.translate import Game, Talks
from gamecore.robustness.points import compatible_ends, parts, plan_worth
from gamecore.valuation.draws import Sampling
from gamecore.valuation.inputs import draw

__all__ = ["Outcomes", "Progress", "Simulation", "compatible_ends", "plan_worth", "simulate"]

Floats = npt.NDArray[np.float64]

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Outcomes:
    """One protocol over the draws: the share of draws in which each plan is what happens, in the order of the plans.

    `several` and `undecided` are the shares of draws whose path had more than one equilibrium, or none that is pure; in
    the latter no plan is what happens.
    """

    talks: Talks
    shares: tuple[float, ...]
    several: float
    undecided: float


@dataclass(frozen=True)
class Simulation:
    """`values` (plan, player, draw); `security` (player, draw); `outcomes` per protocol; `clipped` share of draws by
    event.
    """

    values: Floats
    security: Floats
    outcomes: tuple[Outcomes, ...]
    clipped: Mapping[str, float]
    uncertain: bool


def simulate(
    game: Game,
    talks: Sequence[Talks],
    plans: Sequence[Forced],
    *,
    draws: int,
    seed: int,
    sampling: str = Sampling.LATIN_HYPERCUBE,
    level: Sequence[Sequence[Sequence[int]]] = (),
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Simulation:
    """Play every protocol and price every plan in `draws` draws made from `seed`; an `executor` changes no number.

    What it means that a plan happens, and `level`, are told at `gamecore.robustness.points.play_at`.
    """
    points = draw(game.scenario, draws=draws, seed=seed, sampling=sampling)
    values = np.empty((len(plans), len(game.players), draws))
    security = np.empty((len(game.players), draws))
    shares = np.zeros((len(talks), len(plans)))
    flagged = np.zeros((2, len(talks)))  # draws with several equilibria, draws without a pure one
    clipped: dict[str, float] = {}
    for part, found in parts(game, talks, plans, points, count=draws, level=level, executor=executor):
        for event, share in found.clipped.items():
            clipped[event] = clipped.get(event, 0.0) + share * (part.stop - part.start) / draws
        values[:, :, part] = found.values
        security[:, part] = found.security
        for which, played in enumerate(found.played):
            shares[which] += played.happens.sum(axis=1)
            flagged[:, which] += played.several.sum(), played.undecided.sum()
        if progress is not None:
            progress(part.stop, draws, "draws")
    outcomes = tuple(
        Outcomes(protocol, tuple(map(float, share / draws)), float(several / draws), float(undecided / draws))
        for protocol, share, several, undecided in zip(talks, shares, *flagged, strict=True)
    )
    return Simulation(values, security, outcomes, clipped, bool(points))
