"""What happens, and what plans are worth, where the uncertain numbers stand at given points.

`play_at` plays every protocol and prices every plan at points: each *point* gives some quantities a value, the others
stand at base values. Draws are points, and so are the steps along a bar of a tornado or the cells of a map. At each
point all sides know the inputs, but not the events they have not seen.

`parts` does the same in pieces, so that memory does not grow with the number of points; the pieces change no number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria import spreading
from gamecore.equilibria.batch import backward_induction_over_draws
from gamecore.equilibria.following import Forced, drawn_policy, follow, secured
from gamecore.games.translate import Game, Numbers, Talks, drawn_numbers
from gamecore.games.tree import NodeKind, Tree
from gamecore.model import Range, Scenario, Uncertain
from gamecore.scenario.expressions import VECTOR
from gamecore.valuation.inputs import quantity_key
from gamecore.valuation.payoffs import Draws, Worth

__all__ = ["PlayedAt", "Points", "PricedAt", "compatible_ends", "parts", "plan_worth", "play_at", "worth_at"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Points = Mapping[tuple[object, ...], Floats]
"""Values of quantities by `quantity_key`, each of shape (point,) and in the quantity's own unit."""

CHUNK_NUMBERS: Final = 12_000_000  # floats held at a time for the payoffs of a piece: about 100 MB
MOST_POINTS: Final = 20_000  # of a piece: enough to make sending it worth while, few enough to be shared out
NO_WEIGHT: Final = 1e-9  # chance of an end that counts as none


@dataclass(frozen=True)
class PlayedAt:
    """One protocol at points.

    `happens` (plan, point) is 1 where a plan is what happens (a part of 1 where several count equally), `worth`
    (player, point) what play is worth; `several` and `undecided` (point,) flag points whose path has more than one
    equilibrium, or none that is pure: then no plan happens.
    """

    talks: Talks
    happens: Floats
    worth: Floats
    several: Flags
    undecided: Flags


@dataclass(frozen=True)
class PricedAt:
    """`values` (plan, player, point), each plan followed by play of the first protocol; `security` (player, point) what
    each can make sure of alone; `played` per protocol; `clipped` share of points by event whose chances were cut.
    """

    values: Floats
    security: Floats
    played: tuple[PlayedAt, ...]
    clipped: Mapping[str, float]


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


def worth_at(scenario: Scenario, points: Points) -> Worth[Draws]:
    """The scenario at points: quantities that are not given stand at base values."""

    def value(item: Range | Uncertain) -> Draws:
        given = points.get(quantity_key(item))
        return float(item.base) if given is None else given

    return Worth(scenario, VECTOR, value)


def play_at(
    game: Game,
    talks: Sequence[Talks],
    plans: Sequence[Forced],
    points: Points,
    *,
    count: int | None = None,
    level: Sequence[Sequence[Sequence[int]]] = (),
    price: bool = True,
) -> PricedAt:
    """Play every protocol and price every plan at points.

    `count` is the number of points, needed only where `points` is empty; without `price` plans are not priced, which
    leaves `values` and `security` empty. A plan is "what happens" at a point if play
    reaches only ends the plan allows. `level` lists, for each protocol, the outcomes that are all equilibria at base
    values, each by the plans that are then what happens: where one of them comes about at a point with several
    equilibria, they count in equal parts.

    Raises `InputError` where a payoff has no value at some point, `TooLargeError` if a subgame with hidden moves has
    too many profiles.
    """
    size = len(next(iter(points.values()))) if points else count or 1
    found = [priced for _, priced in parts(game, talks, plans, points, count=size, level=level, price=price)]
    if len(found) == 1:
        return found[0]
    played = [
        PlayedAt(
            protocol,
            *(
                np.concatenate([getattr(one.played[which], name) for one in found], axis=-1)
                for name in ("happens", "worth", "several", "undecided")
            ),
        )
        for which, protocol in enumerate(talks)
    ]
    clipped: dict[str, float] = {}
    for one in found:
        for event, share in one.clipped.items():
            clipped[event] = clipped.get(event, 0.0) + share * one.values.shape[2] / size
    values, security = (np.concatenate([getattr(one, name) for one in found], axis=-1) for name in _TABLES)
    return PricedAt(values, security, tuple(played), clipped)


_TABLES: Final = ("values", "security")


def parts(
    game: Game,
    talks: Sequence[Talks],
    plans: Sequence[Forced],
    points: Points,
    *,
    count: int,
    level: Sequence[Sequence[Sequence[int]]] = (),
    price: bool = True,
    executor: Executor | None = None,
) -> Iterator[tuple[slice, PricedAt]]:
    """`play_at` piece by piece: the points of a piece, and what was found there.

    The pieces depend on the game alone; an `executor` works on several at a time and changes no number.
    """
    tree = game.tree
    size = max(1, min(MOST_POINTS, CHUNK_NUMBERS // max(1, tree.ends * (2 * tree.players + 1))))
    places = spreading.parts(count, size)
    pieces = [(part.stop - part.start, {key: values[part] for key, values in points.items()}) for part in places]
    work = partial(_piece, game, talks, plans, level=level, price=price)
    yield from zip(places, spreading.in_order(work, pieces, executor=executor), strict=True)


def _piece(
    game: Game,
    talks: Sequence[Talks],
    plans: Sequence[Forced],
    piece: tuple[int, Points],
    *,
    level: Sequence[Sequence[Sequence[int]]],
    price: bool,
) -> PricedAt:
    """What is found at so many points."""
    count, points = piece
    worth = worth_at(game.scenario, points)
    numbers = drawn_numbers(game, draws=count, seed=0, worth=worth)
    return _priced(game, talks, plans, worth=worth, numbers=numbers, level=level, price=price)


def _priced(
    game: Game,
    talks: Sequence[Talks],
    plans: Sequence[Forced],
    *,
    worth: Worth[Draws],
    numbers: Numbers,
    level: Sequence[Sequence[Sequence[int]]],
    price: bool,
) -> PricedAt:
    tree, count = game.tree, numbers.payoffs.shape[2]
    fits = [compatible_ends(tree, plan) for plan in plans]
    values = np.empty((len(plans) if price else 0, tree.players, count))
    found = []
    for which, protocol in enumerate(talks):
        played = backward_induction_over_draws(tree, numbers.payoffs, game.bargaining(protocol, worth), keep=(0,))
        flags = {name: np.zeros(count, dtype=bool) for name in ("several", "undecided")}
        reached = follow(tree, drawn_policy(tree, played, flags))
        happens = np.array([_happens(reached, ends, numbers.reach[-1]) for ends in fits]).reshape(len(plans), count)
        happens = happens * ~flags["undecided"]
        if level and len(level[which]) > 1:
            _in_equal_parts(happens, level[which], flags["several"])
        play = numbers.equivalents(played.values[0])
        found.append(PlayedAt(protocol, happens, play, flags["several"], flags["undecided"]))
        if which == 0 and price:
            policy = drawn_policy(tree, played)
            for place, plan in enumerate(plans):
                values[place] = numbers.equivalents(plan_worth(numbers.payoffs, follow(tree, policy, plan)))
    security = np.array([secured(tree, numbers.payoffs, player) for player in range(tree.players if price else 0)])
    security = numbers.equivalents(security) if price else security
    security = security.reshape(-1, count)
    return PricedAt(values, security, tuple(found), numbers.clipped)


def _happens(reached: Mapping[int, Any], ends: frozenset[int], reach: Floats) -> Floats:
    """Whether each point ends as a plan says: 1 where no other end is reached."""
    outside = sum(
        (weight * reach[end] for end, weight in reached.items() if end not in ends), start=np.zeros(reach.shape[1])
    )
    return np.asarray(np.asarray(outside) < NO_WEIGHT, dtype=float)


def _in_equal_parts(happens: Floats, level: Sequence[Sequence[int]], several: Flags) -> None:
    """Share out the points with several equilibria in which one of `level` comes about; `happens` (plan, point)."""
    plans = sorted({plan for outcome in level for plan in outcome})
    if not plans:
        return
    shared = several & (happens[plans].max(axis=0) > 0)
    for plan in plans:
        part = sum(plan in outcome for outcome in level) / len(level)
        happens[plan] = np.where(shared, part, happens[plan])
