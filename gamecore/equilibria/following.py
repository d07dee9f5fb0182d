"""Where play goes: how much of each end a policy reaches when some choices are laid down beforehand.

A `Policy` says what is done at every decision of a tree, at base values (`policy_of` a play, `usual_policy` for all
subgames) or draw by draw (`drawn_policy`). `follow` walks it from the root, with `forced[node]` naming the branches
that a plan leaves open at a node, and returns the weight of each end: the product of the choices' weights (1 or 0 for
pure choices), not of chance, which is in the reach. So the worth of a plan is `sum(weight[t] * payoffs[:, t])`.

`secured` is what a player can make sure of alone: the most it can get by a pure strategy of its own against everyone
else playing to keep it down, with chance as it is.

Weights are `Fraction`s at base values and arrays (draw,) over draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.backward_induction import Perfect, region
from gamecore.equilibria.batch import DrawnPlay
from gamecore.equilibria.play import Play, Settlement
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import NodeKind, Tree

__all__ = [
    "Forced",
    "Policy",
    "best_play",
    "drawn_policy",
    "follow",
    "open_branches",
    "policy_of",
    "secured",
    "usual_policy",
]

MOST_STRATEGIES: Final = 4096  # own strategies of a subgame tried for the security level

Forced = Mapping[int, tuple[int, ...]]
"""The branches left open at a node; nodes that are not named are free."""


@dataclass(frozen=True)
class Policy:
    """`branches(node)` gives the branches taken at a decision node with their weights; `visit` is told each node
    passed.
    """

    branches: Callable[[int], list[tuple[int, Any]]]
    visit: Callable[[int, Any], None] | None = None


def best_play(plays: tuple[Play, ...]) -> Play:
    """Of several plays the first that no other makes better for everyone."""
    for play in plays:
        if not any(
            other.values != play.values and all(a >= b for a, b in zip(other.values, play.values, strict=True))
            for other in plays
        ):
            return play
    return plays[0]


def _settled(settlement: Settlement, bargaining: Bargaining | None, children: int) -> list[tuple[int, Any]]:
    """The children an agreement ends in, with weights."""
    none = children - 1
    if settlement.mixes:
        weights = settlement.chances
        return [(option, weight) for option, weight in enumerate(weights) if weight] + [(none, 1 - sum(weights))]
    if settlement.option is None:
        return [(none, 1)]
    stays = 1 if bargaining is None else (1 - bargaining.breakdown) ** settlement.round
    return [(settlement.option, stays)] + ([(none, 1 - stays)] if stays != 1 else [])


def _policy(tree: Tree, actions: Mapping[int, Any], settled: Mapping[int, list[tuple[int, Any]]]) -> Policy:
    def branches(number: int) -> list[tuple[int, Any]]:
        node = tree.nodes[number]
        if node.kind is NodeKind.AGREEMENT:
            return settled[number]
        mix = actions[node.information_set]
        return [(branch, weight) for branch, weight in enumerate(mix) if weight]

    return Policy(branches)


def policy_of(tree: Tree, play: Play, bargaining: Mapping[int, Bargaining]) -> Policy:
    """The policy of one play of the whole tree, with the plans it holds off its path."""
    actions: dict[int, Any] = {}
    settled: dict[int, list[tuple[int, Any]]] = {}
    queue = [play]
    while queue:
        item = queue.pop()
        actions |= item.actions
        if item.settlement is not None:
            children = len(tree.nodes[item.node].children)
            settled[item.node] = _settled(item.settlement, bargaining.get(item.node), children)
            queue.extend(_plays_of(item.settlement))
        queue.extend(item.below.values())
    return _policy(tree, actions, settled)


def _plays_of(settlement: Settlement) -> Iterator[Play]:
    """The plays an agreement can end in, for a stack: what is yielded first is taken last, and its plan counts. Without
    agreement that is the plan that really follows, not one that was held out against some offer.
    """
    yield settlement.none
    yield from settlement.options
    for item in reversed(settlement.rounds):
        for response in item.responses:
            if response.refused is not None:
                yield response.refused
            yield response.agreed


def usual_policy(tree: Tree, perfect: Perfect, bargaining: Mapping[int, Bargaining]) -> Policy:
    """One policy for every subgame, reached or not: in each, the best of its plays (`best_play`)."""
    actions: dict[int, Any] = {}
    settled: dict[int, list[tuple[int, Any]]] = {}
    for number, plays in perfect.plays.items():
        play = best_play(plays)
        actions |= play.actions
        if play.settlement is not None:
            children = len(tree.nodes[number].children)
            settled[number] = _settled(play.settlement, bargaining.get(number), children)
    return _policy(tree, actions, settled)


def drawn_policy(tree: Tree, played: DrawnPlay, flags: dict[str, npt.NDArray[np.bool_]] | None = None) -> Policy:
    """The policy of each draw. `flags` ('several', 'undecided', each (draw,)) collects the nodes passed that had such
    draws.
    """

    def branches(number: int) -> list[tuple[int, Any]]:
        node = tree.nodes[number]
        agrees = node.kind is NodeKind.AGREEMENT
        chosen = played.settled[number] if agrees else played.actions[node.information_set]
        found: list[tuple[int, Any]] = [(int(branch), chosen == branch) for branch in np.unique(chosen)]
        stays = played.stays.get(number)
        if stays is not None and (stays < 1).any():
            none = len(node.children) - 1
            found = [(branch, share * stays) for branch, share in found if branch != none]
            found.append((none, np.where(chosen == none, 1.0, 1 - stays)))
        return found

    def visit(number: int, weight: Any) -> None:
        for name, table in (("several", played.several), ("undecided", played.undecided)):
            if flags is not None and number in table:
                flags[name] |= table[number] & (np.asarray(weight) > 0)

    return Policy(branches, visit)


def follow(tree: Tree, policy: Policy, forced: Forced | None = None, start: int = 0) -> dict[int, Any]:
    """The weight of each end (by end number) that is reached from `start`."""
    forced = forced or {}
    weights: dict[int, Any] = {}
    stack: list[tuple[int, Any]] = [(start, 1)]
    while stack:
        number, weight = stack.pop()
        node = tree.nodes[number]
        if node.kind is NodeKind.END:
            weights[node.end] = weight
            continue
        if policy.visit is not None:
            policy.visit(number, weight)
        if node.kind is NodeKind.CHANCE:
            stack.extend((child, weight) for child in node.children)
            continue
        for branch, share in _allowed(policy.branches, number, forced.get(number)):
            onward = weight * share
            if np.any(onward):
                stack.append((node.children[branch], onward))
    return weights


def _allowed(
    branches: Callable[[int], list[tuple[int, Any]]], number: int, open_ones: tuple[int, ...] | None
) -> list[tuple[int, Any]]:
    """The policy's branches, or what the plan leaves open: the policy's own if it is open, else the first that is."""
    if open_ones is None:
        return branches(number)
    if len(open_ones) == 1:
        return [(open_ones[0], 1)]
    kept: list[tuple[int, Any]] = []
    lost: Any = 0
    for branch, share in branches(number):
        if branch in open_ones:
            kept.append((branch, share))
        else:
            lost = lost + share
    if np.any(lost):
        kept.append((open_ones[0], lost))
    return kept


def open_branches(tree: Tree, fits: Callable[[int], bool]) -> dict[int, tuple[int, ...]]:
    """The branches of each decision node below which some end fits (`fits` is asked by end number); nodes without are
    left out.
    """
    possible = [False] * len(tree.nodes)
    for number in range(len(tree.nodes) - 1, -1, -1):
        node = tree.nodes[number]
        possible[number] = fits(node.end) if node.kind is NodeKind.END else any(possible[c] for c in node.children)
    found = {}
    for number, node in enumerate(tree.nodes):
        if node.kind in {NodeKind.MOVE, NodeKind.AGREEMENT}:
            branches = tuple(branch for branch, child in enumerate(node.children) if possible[child])
            if branches and len(branches) < len(node.children):
                found[number] = branches
    return found


# ---- security levels -----------------------------------------------------------------------------------------------


def secured(tree: Tree, payoffs: npt.NDArray[Any], player: int) -> npt.NDArray[Any]:
    """What `player` can make sure of alone; `payoffs` have axes (player, end, draw), the answer has (draw,).

    In a subgame with hidden moves the player's pure strategies are tried one by one (a bound from below if there are
    more than `MOST_STRATEGIES`: then as if it moved first in each information set).
    """
    worth: dict[int, npt.NDArray[Any]] = {}
    for number in range(len(tree.nodes) - 1, -1, -1):
        if number in tree.subgame_roots:
            worth[number] = _secured_at(tree, payoffs, player, number, worth)
    return worth[0]


def _secured_at(
    tree: Tree, payoffs: npt.NDArray[Any], player: int, number: int, worth: Mapping[int, npt.NDArray[Any]]
) -> npt.NDArray[Any]:
    node = tree.nodes[number]
    if node.kind is NodeKind.END:
        end: npt.NDArray[Any] = payoffs[player, node.end]
        return end
    if node.kind is NodeKind.AGREEMENT:
        # whoever is needed can refuse; others are dealt the worst of what passes without them
        *imposed, refused = (worth[child] for child in node.children)
        if player in node.by:
            others = {*range(tree.players)} - {player}
            imposed = [value for value, rule in zip(imposed, node.quorums, strict=False) if rule.passes(others)]
        return reduce(np.minimum, imposed, refused)
    part = region(tree, number)
    own = [key for key in part.sets if part.owners[key] == player]
    menus = [range(part.widths[key]) for key in own]
    if prod(map(len, menus)) > MOST_STRATEGIES:
        menus = [range(1) for _ in own]
    strategies = (dict(zip(own, strategy, strict=True)) for strategy in product(*menus))
    held: npt.NDArray[Any] = reduce(np.maximum, (_held_down(tree, plan, number, worth) for plan in strategies))
    return held


def _held_down(
    tree: Tree, plan: Mapping[int, int], number: int, worth: Mapping[int, npt.NDArray[Any]]
) -> npt.NDArray[Any]:
    """The least a player gets below a node that plays `plan`, given what the next subgames are worth."""
    node = tree.nodes[number]
    if node.kind is NodeKind.MOVE and node.information_set in plan:
        children: tuple[int, ...] = (node.children[plan[node.information_set]],)
    else:
        children = node.children
    below = [worth[child] if child in worth else _held_down(tree, plan, child, worth) for child in children]
    total: npt.NDArray[Any] = below[0]
    for item in below[1:]:
        total = total + item if node.kind is NodeKind.CHANCE else np.minimum(total, item)
    return total
