"""The first decisions of a game, cut off from those that come later.

Whoever decides later knows the uncertain quantities by then, as everywhere in an analysis; knowing them *beforehand*
changes the decisions of the first date. So a tree is cut below those: at the highest roots of subgames in which nobody
decides on the first date. What is cut off is played quantity by quantity, and only its worth is averaged.

A later decision that hidden moves tie to the first ones cannot be cut off; it is then taken without knowing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from gamecore.games.translate import Game
from gamecore.games.tree import Node, NodeKind, Tree

__all__ = ["FirstStage", "first_stage"]

T = TypeVar("T")


@dataclass(frozen=True)
class FirstStage:
    """`tree` ends where the game is cut: its end `t` is node `cut[t]` of the game; its node `v` is node `nodes[v]`."""

    tree: Tree
    nodes: tuple[int, ...]
    cut: tuple[int, ...]

    def here(self, terms: Mapping[int, T]) -> dict[int, T]:
        """What is given by nodes of the game, by nodes of the first stage."""
        return {place: terms[node] for place, node in enumerate(self.nodes) if node in terms}


def first_stage(game: Game) -> FirstStage:
    """The decisions of a game's first date, with the chance between them."""
    tree = game.tree
    dates = [date for name in game.scenario.decisions if (date := game.times[name]) is not None]
    first = min(dates)
    early = [False] * len(tree.nodes)
    for number in range(len(tree.nodes) - 1, -1, -1):
        node = tree.nodes[number]
        decides = node.kind in {NodeKind.MOVE, NodeKind.AGREEMENT} and game.times[game.name_of(number)] == first
        early[number] = decides or any(early[child] for child in node.children)
    nodes: list[Node] = []
    numbers: list[int] = []
    cut: list[int] = []

    def walk(number: int) -> int:
        place = len(nodes)
        numbers.append(number)
        node = tree.nodes[number]
        nodes.append(node)
        if not early[number] and number in tree.subgame_roots:
            nodes[place] = Node(NodeKind.END, end=len(cut))
            cut.append(number)
        else:
            children = tuple(walk(child) for child in node.children)
            nodes[place] = Node(
                node.kind, children, player=node.player, information_set=node.information_set, by=node.by
            )
        return place

    walk(0)
    return FirstStage(Tree(tree.players, tuple(nodes)), tuple(numbers), tuple(cut))
