"""Subgames of a tree file that chance never leads to, taken out and solved by themselves.

Payoffs are weighted by the chance that play gets to an end (`games/tree.py`), so nothing counts below a branch of
chance 0. Yet a subgame-perfect equilibrium is one of every subgame (Selten 1965), of those as well. What is done in
such a subgame and what is done elsewhere have nothing to do with each other: the tree falls into parts, each with the
payoffs of its own chances, and a behaviour is subgame-perfect exactly if it is in each part.

A part reaches from its root to the next such subgames, which are ends that pay nothing. Where a branch of chance 0
leads into an information set that goes on elsewhere too, no subgame starts, and the parts begin further down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

from gamecore.equilibria.behaviour import (
    Behaviour,
    Sequences,
    certify_behaviour,
    end_weights,
    is_subgame_perfect,
    realisation,
    sequences,
)
from gamecore.equilibria.completion import Completion
from gamecore.equilibria.result import Status
from gamecore.equilibria.tree_equilibria import subgame_perfect_equilibria
from gamecore.equilibria.tree_result import TreeSolution
from gamecore.games.gambit.files import NONE, ONE, TreeFile
from gamecore.games.tree import Node, NodeKind, Tree

__all__ = ["Parts"]

ONE_WAY: Final = "where chance never leads, one subgame-perfect way to play is shown of several"
NOT_FOUND: Final = "what would be subgame-perfect where chance never leads was not found within the limits"

Stop = Callable[[], bool]


@dataclass(frozen=True)
class _Part:
    """A part of the tree: `root` is its first node in the whole tree."""

    root: int
    file: TreeFile

    @cached_property
    def numbered(self) -> Sequences:
        """The sequences of the part."""
        return sequences(self.file.tree)


class Parts:
    """A tree file in parts; `main` is the part that holds the root, the file itself if there is no other.

    `work` bounds each search for mixed equilibria of a subgame (`Completion`).
    """

    def __init__(self, file: TreeFile, work: int, stop: Stop) -> None:
        self.file = file
        self.work = work
        self.stop = stop
        roots = _roots(file)
        self.main = _cut(file, 0, roots) if roots else file
        self._others = [_Part(root, _cut(file, root, roots)) for root in sorted(roots)]

    def whole(self, solution: TreeSolution) -> TreeSolution:
        """A solution of the main part as one of the whole tree."""
        if not self._others or not solution.equilibria:
            return solution
        behaviour, perfect, notes = self._elsewhere
        numbered = self._numbered
        equilibria = []
        for one in solution.equilibria:
            everywhere = dict(one.behaviour) | dict(behaviour)
            equilibria.append(
                replace(
                    one,
                    behaviour=everywhere,
                    outcome=end_weights(numbered, everywhere),
                    certificate=certify_behaviour(
                        self.file.tree,
                        self.file.payoffs,
                        everywhere,
                        bound=one.certificate.bound,
                        numbered=numbered,
                    ),
                    subgame_perfect=one.subgame_perfect and perfect,
                    filled=one.filled | behaviour.keys(),
                )
            )
        return replace(solution, equilibria=tuple(equilibria), notes=(*solution.notes, *notes))

    def complete(self, given: Behaviour) -> tuple[bool | None, dict[int, tuple[Fraction, ...]]]:
        """Whether behaviour that is given where its owners' plans get to is part of a subgame-perfect equilibrium.

        None: not found out. With it comes a behaviour everywhere that contains what is given.
        """
        weights = [realisation(self._numbered, given, player) for player in range(len(self.file.players))]
        everywhere: dict[int, tuple[Fraction, ...]] = {}
        verdict: bool | None = True
        for part, completion in self._completions:
            here = self._numbered.at_node[part.root]
            free = frozenset(player for player, sequence in enumerate(here) if not weights[player][sequence])
            mine = {key: given[key] for key in part.numbered.owner if key in given}
            found, behaviour = completion.complete(mine, free)
            everywhere |= behaviour
            tree, payoffs = part.file.tree, part.file.payoffs
            if found and not is_subgame_perfect(tree, payoffs, behaviour, numbered=part.numbered):
                found = None
            verdict = False if found is False else verdict and found
        return verdict, everywhere

    @cached_property
    def _numbered(self) -> Sequences:
        return sequences(self.file.tree)

    @cached_property
    def _completions(self) -> list[tuple[_Part, Completion]]:
        return [(part, self._completion(part)) for part in (_Part(0, self.main), *self._others)]

    def _completion(self, part: _Part) -> Completion:
        return Completion(part.file.tree, part.file.payoffs, part.numbered, self.work, self.stop)

    @cached_property
    def _elsewhere(self) -> tuple[dict[int, tuple[Fraction, ...]], bool | None, tuple[str, ...]]:
        """What is done outside the main part, whether that is subgame-perfect (None: not known), and what to say."""
        behaviour: dict[int, tuple[Fraction, ...]] = {}
        perfect: bool | None = True
        several = False
        for part in self._others:
            found = subgame_perfect_equilibria(part.file.tree, part.file.payoffs, should_stop=self.stop)
            several |= len(found.equilibria) > 1 or found.status is Status.PARTIAL
            if found.equilibria and found.equilibria[0].subgame_perfect:
                behaviour |= found.equilibria[0].behaviour
            else:
                behaviour |= self._completion(part).filled({})
                perfect = None
        return behaviour, perfect, (*((ONE_WAY,) if several else ()), *(() if perfect else (NOT_FOUND,)))


def _roots(file: TreeFile) -> frozenset[int]:
    """The first subgames on each way that chance never leads to, and the first such within them; no ends."""
    if not any(0 in item.probabilities for item in file.chance_sets):
        return frozenset()
    tree = file.tree
    never = [False] * len(tree.nodes)  # within the part the node belongs to
    found = set()
    for number, node in enumerate(tree.nodes):
        if never[number] and node.kind is not NodeKind.END and number in tree.subgame_roots:
            never[number] = False
            found.add(number)
        chances = file.probabilities(number) or (ONE,) * len(node.children)
        for child, chance in zip(node.children, chances, strict=True):
            never[child] = never[number] or not chance
    return frozenset(found)


def _cut(file: TreeFile, root: int, roots: frozenset[int]) -> TreeFile:
    """The part that starts at `root`: other roots below it are ends that pay nothing."""
    tree = file.tree
    kept: list[int] = []
    number = root
    while number < tree.after[root]:
        kept.append(number)
        number = tree.after[number] if number in roots and number != root else number + 1
    place = {number: new for new, number in enumerate(kept)}
    nodes: list[Node] = []
    ends = 0
    cut = roots - {root}
    for number in kept:
        node = tree.nodes[number]
        if node.kind is NodeKind.END or number in cut:
            nodes.append(Node(NodeKind.END, end=ends))
            ends += 1
        else:
            nodes.append(replace(node, children=tuple(place[child] for child in node.children)))
    return replace(
        file,
        tree=Tree(tree.players, tuple(nodes)),
        labels=tuple(file.labels[number] for number in kept),
        chance_set_of=tuple(NONE if number in cut else file.chance_set_of[number] for number in kept),
        outcome_of=tuple(NONE if number in cut else file.outcome_of[number] for number in kept),
    )
