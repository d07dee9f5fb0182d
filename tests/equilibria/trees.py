"""Random small trees with many ties, and what is true of them by looking at everything.

`perfect_outcomes` tries every pure profile of actions and keeps those that are an equilibrium in every proper subgame;
it shares nothing with backward induction. `laid_out` writes an agreement between two out as an offer and an answer.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.games.tree import Node, NodeKind, Tree

Plan = dict[int, int]


@dataclass
class Growing:
    """A tree being written in prefix order."""

    players: int
    nodes: list[Node] = field(default_factory=list)
    payoffs: list[tuple[Fraction, ...]] = field(default_factory=list)
    sets: int = 0

    def end(self, values: tuple[Fraction, ...]) -> int:
        self.nodes.append(Node(NodeKind.END, end=len(self.payoffs)))
        self.payoffs.append(values)
        return len(self.nodes) - 1

    def open(self) -> int:
        self.nodes.append(Node(NodeKind.END))
        return len(self.nodes) - 1

    def new_set(self) -> int:
        self.sets += 1
        return self.sets - 1

    def done(self) -> tuple[Tree, npt.NDArray[Any]]:
        return Tree(self.players, tuple(self.nodes)), np.array(self.payoffs, dtype=object).T


def random_tree(
    rng: random.Random, *, players: int = 2, depth: int = 3, top: int = 2, hidden: bool = False, agreement: bool = False
) -> tuple[Tree, npt.NDArray[Any]]:
    """A tree of moves and chance; `hidden` adds moves at once, `agreement` makes the root one of players 0 and 1."""
    growing = Growing(players)

    def leaf() -> int:
        return growing.end(tuple(Fraction(rng.randint(0, top)) for _ in range(players)))

    def grow(left: int) -> int:
        kind = rng.random()
        if left == 0 or kind < 0.15:
            return leaf()
        if hidden and kind < 0.45:
            return at_once(left)
        node = growing.open()
        if kind < 0.6:
            growing.nodes[node] = Node(NodeKind.CHANCE, tuple(grow(left - 1) for _ in range(2)))
            return node
        key, player = growing.new_set(), rng.randrange(players)
        children = tuple(grow(left - 1) for _ in range(rng.choice([2, 2, 3])))
        growing.nodes[node] = Node(NodeKind.MOVE, children, player=player, information_set=key)
        return node

    def at_once(left: int) -> int:
        """One player moves, then another who has not seen it; below it may go on."""
        first, second = rng.sample(range(players), 2)
        outer, key, inner_key = growing.open(), growing.new_set(), growing.new_set()
        width, children = rng.choice([2, 3]), []
        for _ in range(2):
            inner = growing.open()
            below = tuple(grow(left - 2) if left > 1 else leaf() for _ in range(width))
            growing.nodes[inner] = Node(NodeKind.MOVE, below, player=second, information_set=inner_key)
            children.append(inner)
        growing.nodes[outer] = Node(NodeKind.MOVE, tuple(children), player=first, information_set=key)
        return outer

    if agreement:
        root = growing.open()
        children = tuple(grow(depth - 1) for _ in range(rng.choice([2, 3])))
        growing.nodes[root] = Node(NodeKind.AGREEMENT, children, by=(0, 1))
    else:
        grow(depth)
    return growing.done()


def widths(tree: Tree) -> dict[int, int]:
    return {key: len(tree.nodes[nodes[0]].children) for key, nodes in tree.information_sets.items()}


def profiles(tree: Tree) -> int:
    return prod(widths(tree).values())


def values_of(tree: Tree, payoffs: npt.NDArray[Any], plan: Mapping[int, int]) -> list[tuple[Fraction, ...]]:
    """The worth of every node when `plan` is played."""
    worth: list[tuple[Fraction, ...]] = [()] * len(tree.nodes)
    for number in range(len(tree.nodes) - 1, -1, -1):
        node = tree.nodes[number]
        if node.kind is NodeKind.END:
            worth[number] = tuple(payoffs[:, node.end])
        elif node.kind is NodeKind.MOVE:
            worth[number] = worth[node.children[plan[node.information_set]]]
        else:
            worth[number] = tuple(sum(column) for column in zip(*(worth[c] for c in node.children), strict=True))
    return worth


def ends_of(tree: Tree, plan: Mapping[int, int], start: int = 0) -> frozenset[int]:
    node = tree.nodes[start]
    if node.kind is NodeKind.END:
        return frozenset({node.end})
    if node.kind is NodeKind.MOVE:
        return ends_of(tree, plan, node.children[plan[node.information_set]])
    return frozenset().union(*(ends_of(tree, plan, child) for child in node.children))


def perfect_plans(tree: Tree, payoffs: npt.NDArray[Any]) -> Iterator[Plan]:
    """Every pure profile of actions that is a Nash equilibrium of every proper subgame."""
    size = widths(tree)
    keys = list(size)
    owner = {key: tree.nodes[nodes[0]].player for key, nodes in tree.information_sets.items()}
    roots = [number for number in tree.subgame_roots if tree.nodes[number].kind is not NodeKind.END]
    cached: dict[tuple[int, ...], list[tuple[Fraction, ...]]] = {}

    def worth(actions: tuple[int, ...]) -> list[tuple[Fraction, ...]]:
        if actions not in cached:
            cached[actions] = values_of(tree, payoffs, dict(zip(keys, actions, strict=True)))
        return cached[actions]

    everything = list(product(*(range(size[key]) for key in keys)))
    own_places = [[place for place, key in enumerate(keys) if owner[key] == player] for player in range(tree.players)]
    for actions in everything:
        here = worth(actions)
        if all(
            worth(changed)[root][player] <= here[root][player]
            for player, places in enumerate(own_places)
            for changed in _changes(actions, places, [size[keys[place]] for place in places])
            for root in roots
        ):
            yield dict(zip(keys, actions, strict=True))


def _changes(actions: tuple[int, ...], places: list[int], menus: list[int]) -> Iterator[tuple[int, ...]]:
    for choice in product(*map(range, menus)):
        changed = list(actions)
        for place, action in zip(places, choice, strict=True):
            changed[place] = action
        yield tuple(changed)


def perfect_outcomes(tree: Tree, payoffs: npt.NDArray[Any]) -> set[frozenset[int]]:
    """The sets of ends that pure subgame-perfect equilibria lead to."""
    return {ends_of(tree, plan) for plan in perfect_plans(tree, payoffs)}


def laid_out(
    tree: Tree, payoffs: npt.NDArray[Any], proposer: int
) -> tuple[Tree, npt.NDArray[Any], list[int], set[int]]:
    """A tree whose root is an agreement of players 0 and 1, as an offer and an answer seen by all.

    Returns the tree, its payoffs, the old number of each end, and the information sets in which an answer is given
    (first action yes). What follows is written out anew after each offer.
    """
    growing = Growing(tree.players)
    old: list[int] = []

    def copy(number: int, keys: dict[int, int]) -> int:
        node = tree.nodes[number]
        if node.kind is NodeKind.END:
            old.append(node.end)
            return growing.end(tuple(payoffs[:, node.end]))
        new = growing.open()
        key = -1
        if node.kind is NodeKind.MOVE:
            if node.information_set not in keys:
                keys[node.information_set] = growing.new_set()
            key = keys[node.information_set]
        children = tuple(copy(child, keys) for child in node.children)
        growing.nodes[new] = Node(node.kind, children, player=node.player, information_set=key)
        return new

    *options, none = tree.nodes[0].children
    root, offer = growing.open(), growing.new_set()
    answers, children = set(), []
    for option in options:
        answer, key = growing.open(), growing.new_set()
        answers.add(key)
        below = (copy(option, {}), copy(none, {}))
        growing.nodes[answer] = Node(NodeKind.MOVE, below, player=1 - proposer, information_set=key)
        children.append(answer)
    children.append(copy(none, {}))
    growing.nodes[root] = Node(NodeKind.MOVE, tuple(children), player=proposer, information_set=offer)
    return (*growing.done(), old, answers)
