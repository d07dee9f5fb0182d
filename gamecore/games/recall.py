"""Perfect recall: nobody forgets in a game tree what they knew or did (Kuhn 1953; Selten 1975).

A player's *experience* at a node is the sequence of the own information sets met on the way and the actions taken in
them. Recall is perfect if all nodes of an information set come with the same experience. It fails in three ways, told
apart because people mend them differently: play can pass through one information set twice (absent-mindedness, Piccione
& Rubinstein 1997), two nodes of one set follow different own actions, or different own information sets.

>>> from gamecore.games.tree import Node
>>> leaf = [Node(NodeKind.END, end=number) for number in range(3)]
>>> move = Node(NodeKind.MOVE, (1, 2), player=0, information_set=0)
>>> again = Node(NodeKind.MOVE, (3, 4), player=0, information_set=0)
>>> imperfect_recall(Tree(1, (move, leaf[0], again, leaf[1], leaf[2]))).kind
<Forgetting.PLACE: 'place'>
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gamecore.errors import RefusedError
from gamecore.games.tree import NodeKind, Tree

__all__ = ["Forgetting", "ImperfectRecall", "check_perfect_recall", "imperfect_recall"]


class Forgetting(StrEnum):
    """What a player forgets."""

    PLACE = "place"  # absent-minded: that the same decision has been taken already
    ACTION = "action"  # what the player did at an earlier decision
    KNOWLEDGE = "knowledge"  # which earlier decision the player came through, and so what was known there


@dataclass(frozen=True)
class ImperfectRecall:
    """The first place where `player` forgets: at `nodes` (two of them) of `information_set`.

    `earlier` is the information set whose action, or the passing of which, is forgotten (-1 if one of the two ways
    meets none of the player's).
    """

    kind: Forgetting
    player: int
    information_set: int
    nodes: tuple[int, int]
    earlier: int

    def sentence(self, players: Sequence[str] = (), information_sets: Sequence[str] = ()) -> str:
        """The explanation in words, with names in place of numbers (from 1) where they are given."""
        player = f"'{players[self.player]}'" if players else f"player {self.player + 1}"
        here = _set_name(self.information_set, information_sets)
        if self.kind is Forgetting.PLACE:
            return f"{player} is absent-minded: play can pass through {here} twice"
        if self.kind is Forgetting.ACTION:
            return f"{player} forgets at {here} what {player} did at {_set_name(self.earlier, information_sets)}"
        if self.earlier < 0:
            return f"{player} forgets at {here} whether {player} moved before"
        earlier = _set_name(self.earlier, information_sets)
        return f"{player} forgets at {here} whether play came through {earlier}"


def _set_name(number: int, names: Sequence[str]) -> str:
    return f"information set '{names[number]}'" if names else f"information set {number + 1}"


def imperfect_recall(tree: Tree) -> ImperfectRecall | None:
    """Where a player first forgets (in prefix order), or None if everybody recalls everything.

    Those who take part in an agreement know what came of it. One pass over the tree, whatever its depth.
    """
    experiences = _Experiences(tree.players)
    first: dict[int, tuple[int, int]] = {}  # information set -> (its first node, the experience there)
    entering: dict[int, tuple[tuple[int, int], ...]] = {}  # node -> (player, experience from there on)
    below: list[tuple[int, int, int]] = []  # (node after the subtree, player, experience before it)
    inside: dict[int, int] = {}  # information sets on the way to the node, and where
    leaving: list[tuple[int, int]] = []  # (node after the subtree, information set)
    for number, node in enumerate(tree.nodes):
        while below and below[-1][0] <= number:
            _, player, before = below.pop()
            experiences.now[player] = before
        while leaving and leaving[-1][0] <= number:
            del inside[leaving.pop()[1]]
        for player, experience in entering.pop(number, ()):
            below.append((tree.after[number], player, experiences.now[player]))
            experiences.now[player] = experience
        if node.kind is NodeKind.MOVE:
            here = node.information_set
            experience = experiences.now[node.player]
            if here not in first:
                first[here] = (number, experience)
            elif here in inside:
                return ImperfectRecall(Forgetting.PLACE, node.player, here, (inside[here], number), here)
            elif first[here][1] != experience:
                kind, earlier = experiences.difference(first[here][1], experience)
                return ImperfectRecall(kind, node.player, here, (first[here][0], number), earlier)
            inside[here] = number
            leaving.append((tree.after[number], here))
        if node.kind in {NodeKind.MOVE, NodeKind.AGREEMENT}:
            place = node.information_set if node.kind is NodeKind.MOVE else -1 - number
            movers = (node.player,) if node.kind is NodeKind.MOVE else node.by
            for action, child in enumerate(node.children):
                entering[child] = tuple((who, experiences.after(who, place, action)) for who in movers)
    return None


class _Experiences:
    """Experiences by number: 0 is none yet, the others are an earlier one, an information set and an action."""

    def __init__(self, players: int) -> None:
        self.now = [0] * players
        self.numbers: dict[tuple[int, int, int], int] = {}
        self.steps: list[tuple[int, int, int]] = [(0, 0, 0)]

    def after(self, player: int, place: int, action: int) -> int:
        """The player's experience after an action."""
        step = (self.now[player], place, action)
        number = self.numbers.setdefault(step, len(self.steps))
        if number == len(self.steps):
            self.steps.append(step)
        return number

    def difference(self, one: int, other: int) -> tuple[Forgetting, int]:
        """What tells two experiences apart first, and the information set it is about (-1: none, or an agreement)."""
        for (place, action), (place_there, action_there) in zip(self._path(one), self._path(other), strict=False):
            if place != place_there:
                return Forgetting.KNOWLEDGE, max(place, place_there, -1)
            if action != action_there:
                return (Forgetting.ACTION, place) if place >= 0 else (Forgetting.KNOWLEDGE, -1)
        longer = max(self._path(one), self._path(other), key=len)
        shorter = min(len(self._path(one)), len(self._path(other)))
        return Forgetting.KNOWLEDGE, max(longer[shorter][0], -1)

    def _path(self, experience: int) -> list[tuple[int, int]]:
        path = []
        while experience:
            experience, place, action = self.steps[experience]
            path.append((place, action))
        return path[::-1]


def check_perfect_recall(tree: Tree, players: Sequence[str] = (), information_sets: Sequence[str] = ()) -> None:
    """Raise `RefusedError` if a player forgets in this tree: behaviour strategies and plans are not the same then."""
    found = imperfect_recall(tree)
    if found is not None:
        raise RefusedError(
            f"{found.sentence(players, information_sets)}; games of imperfect recall are not solved",
            limit="perfect recall",
        )
