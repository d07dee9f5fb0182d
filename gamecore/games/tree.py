"""Games in extensive form, arrays only.

A `Tree` lists its nodes in prefix order (node 0 is the root, a child comes after its parent). A node is an end, a
chance node, a move of one player in an information set, or an agreement of several players, whose last child is what
happens without agreement; how the agreement is played is said by a `Bargaining` at solving time, so one tree serves
every protocol.

**Payoffs are weighted by reach.** `payoffs[i, t]` is player `i`'s payoff at end `t` times the probability that chance
lets play get there (in that player's own belief). Then a chance node is worth the sum of its children, an information
set needs no beliefs (the sum over its nodes is the conditional expectation up to a factor that no choice changes), and
two players may hold different beliefs. `reach[i, t]` is that probability; a node's conditional payoff is payoff sum
over reach sum.

The nodes of a *proper subgame* are those below a node such that every information set is inside or outside as a whole
(Selten 1965).

>>> tree = Tree(
...     1,
...     (
...         Node(NodeKind.MOVE, (1, 2), player=0, information_set=0),
...         Node(NodeKind.END, end=0),
...         Node(NodeKind.END, end=1),
...     ),
... )
>>> tree.subgame_roots
frozenset({0, 1, 2})
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from gamecore.games.voting import Quorum

__all__ = ["Node", "NodeKind", "Tree"]


class NodeKind(IntEnum):
    END = 0
    CHANCE = 1
    MOVE = 2
    AGREEMENT = 3


@dataclass(frozen=True)
class Node:
    """One node: `children` are node numbers; `end` numbers the ends from 0; `by` are the players of an agreement.

    `quorums` say who has to say yes to each of its options, if not everyone.
    """

    kind: NodeKind
    children: tuple[int, ...] = ()
    player: int = -1
    information_set: int = -1
    end: int = -1
    by: tuple[int, ...] = ()
    quorums: tuple[Quorum, ...] = ()


@dataclass(frozen=True)
class Tree:
    """A game tree of `players` players. See the module's docstring for the axes of the payoffs that go with it."""

    players: int
    nodes: tuple[Node, ...]

    @cached_property
    def ends(self) -> int:
        """How many ends the tree has."""
        return sum(node.kind is NodeKind.END for node in self.nodes)

    @cached_property
    def after(self) -> tuple[int, ...]:
        """For each node the number after its last descendant: its subtree is `range(node, after[node])`."""
        after = [0] * len(self.nodes)
        for number in range(len(self.nodes) - 1, -1, -1):
            children = self.nodes[number].children
            after[number] = after[children[-1]] if children else number + 1
        return tuple(after)

    @cached_property
    def information_sets(self) -> dict[int, tuple[int, ...]]:
        """The nodes of each information set, in prefix order."""
        members: dict[int, list[int]] = defaultdict(list)
        for number, node in enumerate(self.nodes):
            if node.kind is NodeKind.MOVE:
                members[node.information_set].append(number)
        return {key: tuple(nodes) for key, nodes in members.items()}

    @cached_property
    def subgame_roots(self) -> frozenset[int]:
        """The roots of proper subgames, ends included; one pass, whatever the depth."""
        count = len(self.nodes)
        first, last = list(range(count)), list(range(count))  # of the information sets met from a node on
        roots = set()
        for number in range(count - 1, -1, -1):
            node = self.nodes[number]
            alone = True
            if node.kind is NodeKind.MOVE:
                members = self.information_sets[node.information_set]
                alone = len(members) == 1
                first[number], last[number] = members[0], members[-1]
            for child in node.children:
                first[number] = min(first[number], first[child])
                last[number] = max(last[number], last[child])
            if alone and first[number] >= number and last[number] < self.after[number]:
                roots.add(number)
        return frozenset(roots)

    @cached_property
    def parents(self) -> tuple[int, ...]:
        """The parent of each node, -1 for the root."""
        parents = [-1] * len(self.nodes)
        for number, node in enumerate(self.nodes):
            for child in node.children:
                parents[child] = number
        return tuple(parents)

    def ends_below(self, node: int) -> Iterator[int]:
        """The end numbers in a node's subtree."""
        return (item.end for item in self.nodes[node : self.after[node]] if item.kind is NodeKind.END)
