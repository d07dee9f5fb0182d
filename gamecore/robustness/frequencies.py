"""What happens, and what plans are worth, over draws of the uncertain numbers.

`simulate` plays the game in every draw, once for each protocol, and prices every plan in every draw: the plan's own
choices are laid down, everything else is played as the game of that draw says. In each draw all sides know the inputs,
but not the events they have not seen.

Draws are taken in chunks, so that memory does not grow with their number; the chunks change no number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.batch import backward_induction_over_draws
from gamecore.equilibria.following import Forced, drawn_policy, follow, secured
from gamecore.games.translate import Game, Talks, drawn_numbers
from gamecore.games.tree import NodeKind, Tree
from gamecore.model import Scenario
from gamecore.scenario.expressions import VECTOR
from gamecore.valuation.inputs import draw, quantities, quantity_key
from gamecore.valuation.payoffs import Worth

__all__ = ["Outcomes", "Simulation", "compatible_ends", "plan_worth", "simulate"]

Floats = npt.NDArray[np.float64]

CHUNK_NUMBERS: Final = 12_000_000  # floats held at a time for the payoffs of a chunk: about 100 MB
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


def compatible_ends(tree: Tree, forced: Forced) -> frozenset[int]:
    """The ends that can be reached when only the open branches are taken at the nodes named."""
    found = []
    stack = [0]
    while stack:
        number = stack.pop()
        node = tree.nodes[number]
        if node.kind is NodeKind.END:
            found.append(node.end)
        open_ones = forced.get(number, range(len(node.children)))
        stack.extend(node.children[branch] for branch in open_ones)
    return frozenset(found)


def plan_worth(payoffs: npt.NDArray[Any], weights: Mapping[int, Any]) -> npt.NDArray[Any]:
    """The worth of a plan to each player: payoffs (player, end, ...) summed with the weights of the ends it reaches."""
    total = payoffs[:, 0] * 0
    for end, weight in weights.items():
        total = total + payoffs[:, end] * weight
    return np.asarray(total)


def simulate(
    game: Game,
    talks: Sequence[Talks],
    plans: Sequence[Forced],
    *,
    draws: int,
    seed: int,
    level: Sequence[Sequence[Sequence[int]]] = (),
    progress: Progress | None = None,
) -> Simulation:
    """Play every protocol and price every plan in `draws` draws made from `seed`.

    A plan is "what happens" in a draw if play reaches only ends the plan allows. `level` lists, for each protocol, the
    outcomes that are all equilibria at base values, each by the plans that are then what happens: where one of them
    comes about in a draw with several equilibria, they count in equal parts.
    """
    scenario, tree = game.scenario, game.tree
    fits = [compatible_ends(tree, plan) for plan in plans]
    values = np.empty((len(plans), len(game.players), draws))
    security = np.empty((len(game.players), draws))
    shares = np.zeros((len(talks), len(plans)))
    flags = {name: np.zeros((len(talks), draws), dtype=bool) for name in ("several", "undecided")}
    clipped: dict[str, float] = {}
    for part, worth in _chunks(scenario, tree, draws, seed):
        count = part.stop - part.start
        numbers = drawn_numbers(game, draws=count, seed=seed, worth=worth)
        for event, share in numbers.clipped.items():
            clipped[event] = clipped.get(event, 0.0) + share * count / draws
        for which, protocol in enumerate(talks):
            played = backward_induction_over_draws(tree, numbers.payoffs, game.bargaining(protocol, worth))
            passed = {name: np.zeros(count, dtype=bool) for name in flags}
            reached = follow(tree, drawn_policy(tree, played, passed))
            for name, table in flags.items():
                table[which, part] = passed[name]
            happens = np.array([_happens(reached, ends, numbers.reach[-1]) for ends in fits]) * ~passed["undecided"]
            if level and len(level[which]) > 1:
                _in_equal_parts(happens, level[which], passed["several"])
            shares[which] += happens.sum(axis=1)
            if which == 0:
                policy = drawn_policy(tree, played)
                for place, plan in enumerate(plans):
                    values[place, :, part] = plan_worth(numbers.payoffs, follow(tree, policy, plan))
        for player in range(len(game.players)):
            security[player, part] = secured(tree, numbers.payoffs, player)
        if progress is not None:
            progress(part.stop, draws, "draws")
    outcomes = tuple(
        Outcomes(
            protocol,
            tuple(map(float, shares[which] / draws)),
            float(flags["several"][which].mean()),
            float(flags["undecided"][which].mean()),
        )
        for which, protocol in enumerate(talks)
    )
    return Simulation(values, security, outcomes, clipped, bool(quantities(scenario)))


def _happens(reached: Mapping[int, Any], ends: frozenset[int], reach: Floats) -> Floats:
    """Whether each draw ends as a plan says: 1 where no other end is reached."""
    outside = sum(
        (weight * reach[end] for end, weight in reached.items() if end not in ends), start=np.zeros(reach.shape[1])
    )
    return np.asarray(np.asarray(outside) < 1e-9, dtype=float)


def _in_equal_parts(happens: Floats, level: Sequence[Sequence[int]], several: npt.NDArray[np.bool_]) -> None:
    """Share out the draws with several equilibria in which one of `level` comes about; `happens` (plan, draw)."""
    plans = sorted({plan for outcome in level for plan in outcome})
    if not plans:
        return
    shared = several & (happens[plans].max(axis=0) > 0)
    for plan in plans:
        part = sum(plan in outcome for outcome in level) / len(level)
        happens[plan] = np.where(shared, part, happens[plan])


def _chunks(scenario: Scenario, tree: Tree, draws: int, seed: int) -> Iterator[tuple[slice, Worth[Any]]]:
    drawn = draw(scenario, draws=draws, seed=seed)
    size = max(1, min(draws, CHUNK_NUMBERS // max(1, tree.ends * (2 * tree.players + 1))))
    for start in range(0, draws, size):
        part = slice(start, min(start + size, draws))
        yield part, Worth(scenario, VECTOR, lambda item, part=part: drawn[quantity_key(item)][part])  # type: ignore[misc]
