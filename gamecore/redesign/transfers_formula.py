"""The least transfer for a target in a tree, by formula: what each player needs at each of its nodes on the way.

The target is a set of ends; a payment is made at them only. At a node of player `j` on the way to the target

    t_j >= (V_j(deviation) - V_j(target)) / R_j(node)

with `V_j` from backward induction without the payment, weighted by reach, and `R_j(node)` the sum of player `j`'s
reach over the ends of the target that play comes to below the node: the payment counts with the chance, in `j`'s own
belief, that it is made. Of several plays that may follow a deviation the one worst for `j` counts: the target then is
*an* equilibrium. The payer's nodes bound the sum of all payments from above in the same way.

At an agreement each side that answers needs what no agreement gives it, and the side that offers what the best other
offer that is taken gives it (one round of offers); where each names an option, everybody needs what no agreement gives.

Below the point at which the target leaves everything open, play goes on as usual.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy.typing as npt

from gamecore.equilibria.backward_induction import Perfect
from gamecore.equilibria.following import follow, usual_policy
from gamecore.errors import InputError
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import NodeKind, Tree
from gamecore.redesign.transfers import Bound

__all__ = ["Need", "TreeTransfers", "least_transfers"]


@dataclass(frozen=True)
class Need:
    """What `player` has to get at the target (negative: can give) not to leave at `node`, where it expects the payment
    with chance `chance` (of getting there and on).
    """

    node: int
    player: int
    amount: Fraction
    chance: Fraction


@dataclass(frozen=True)
class TreeTransfers:
    """`needed[j]` is the least payee `j` has to get, 0 at least; `possible` the most the payer can give in all.

    `possible` is infinite for somebody outside, or a payer that never decides on the way. `works` says whether it
    covers the sum; `needs` are all conditions, node by node.
    """

    needed: Mapping[int, Fraction]
    possible: Bound
    works: bool
    needs: tuple[Need, ...]


def least_transfers(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    reach: npt.NDArray[Any],
    target: Collection[int],
    perfect: Perfect,
    *,
    payees: Collection[int],
    payer: int | None = None,
    bargaining: Mapping[int, Bargaining] | None = None,
    margin: Fraction = Fraction(0),
) -> TreeTransfers:
    """The least payment to each payee, at the target only, with which nobody leaves the way to it.

    Parameters
    ----------
    payoffs, reach
        `Fraction`s with axes (player, end), weighted as in `games/tree.py`.
    target
        Numbers of the ends that count as the target.
    perfect
        The tree solved without payments (`backward_induction`).
    payees, payer
        Who may get something, and who pays (None: somebody outside).
    margin
        What each payee gets on top, so that it need not be relied on in a tie.

    Raises `InputError` where the way passes a hidden move or talks of several rounds, and where a player that gets and
    pays nothing would leave it whatever is paid.
    """
    walk = _Walk(tree, payoffs, reach, frozenset(target), perfect, bargaining or {})
    needs = tuple(walk.needs(0))
    others = [need for need in needs if need.player not in {*payees, payer} and need.amount > 0]
    if others:
        raise InputError(f"player {others[0].player} leaves the target at node {others[0].node}, and is paid nothing")
    needed = {
        payee: max([Fraction(0), *(need.amount + margin for need in needs if need.player == payee)])
        for payee in sorted(payees)
    }
    limits = [-need.amount for need in needs if need.player == payer]
    possible: Bound = min(limits, default=math.inf)
    works = sum(needed.values(), Fraction(0)) <= possible
    return TreeTransfers(needed, possible, works, needs)


@dataclass
class _Walk:
    """The way to the target, with what is expected on it."""

    tree: Tree
    payoffs: npt.NDArray[Any]
    reach: npt.NDArray[Any]
    target: frozenset[int]
    perfect: Perfect
    bargaining: Mapping[int, Bargaining]

    def __post_init__(self) -> None:
        self.policy = usual_policy(self.tree, self.perfect, self.bargaining)
        self.within = [self._ends(number) for number in range(len(self.tree.nodes))]

    def _ends(self, number: int) -> int:
        """2 if all ends below a node are the target's, 1 if some are, 0 if none is."""
        inside = [end in self.target for end in self.tree.ends_below(number)]
        return 2 if all(inside) else int(any(inside))

    def _followed(self, number: int) -> dict[int, Any]:
        """The ends play comes to below a node with their weights, kept to the target where it says something."""
        node = self.tree.nodes[number]
        if self.within[number] != 1:
            return follow(self.tree, self.policy, None, number)
        if node.kind is NodeKind.CHANCE:
            return {end: weight for child in node.children for end, weight in self._followed(child).items()}
        return self._followed(self._onward(number))

    def _onward(self, number: int) -> int:
        kept = [child for child in self.tree.nodes[number].children if self.within[child]]
        if len(kept) > 1:
            raise InputError(f"the target leaves several branches open at node {number}: name one of them")
        return kept[0]

    def value(self, number: int) -> tuple[Fraction, ...]:
        weights = self._followed(number)
        return tuple(
            sum((self.payoffs[player, end] * weight for end, weight in weights.items()), Fraction(0))
            for player in range(self.tree.players)
        )

    def chance(self, number: int, player: int) -> Fraction:
        weights = self._followed(number)
        return sum(
            (self.reach[player, end] * weight for end, weight in weights.items() if end in self.target), Fraction(0)
        )

    def needs(self, number: int) -> Iterator[Need]:
        node = self.tree.nodes[number]
        if self.within[number] != 1:
            return
        if node.kind is NodeKind.CHANCE:
            for child in node.children:
                yield from self.needs(child)
            return
        onward = self._onward(number)
        values = self.value(onward)
        others = [child for child in node.children if child != onward]
        if node.kind is NodeKind.MOVE:
            best = max(self._least(child, node.player) for child in others)
            yield self._need(number, node.player, best - values[node.player], onward)
        else:
            for player, bound in self._agreed(number, onward, others):
                yield self._need(number, player, bound - values[player], onward)
        yield from self.needs(onward)

    def _need(self, number: int, player: int, gap: Fraction, onward: int) -> Need:
        chance = self.chance(onward, player)
        if not chance:
            raise InputError(
                f"player {player} does not expect the payment below node {number}: it cannot be moved by it"
            )
        return Need(number, player, gap / chance, chance)

    def _least(self, number: int, player: int) -> Fraction:
        """The least a player can be held to by the plays that may follow a deviation."""
        if number not in self.perfect.plays:
            raise InputError("the way to the target passes a hidden move; solve it with the payment instead")
        return min(play.values[player] for play in self.perfect.plays[number])

    def _agreed(self, number: int, onward: int, others: Sequence[int]) -> Iterator[tuple[int, Fraction]]:
        """(player, what it has to get at the option agreed) for everybody who has to agree."""
        bargaining = self.bargaining[number]
        *options, none = self.tree.nodes[number].children
        if onward == none or (bargaining.rounds != 1 and not bargaining.at_once) or bargaining.quorums:
            raise InputError(
                "the formula covers one round of offers or naming at once, in which all agree on an option"
            )
        proposer = None if bargaining.at_once else bargaining.proposers[0]
        for player in bargaining.by:
            if player != proposer:
                yield player, self._least(none, player)
        if proposer is not None:
            floors = [self._least(none, proposer)]
            for option in options:
                if option in others:
                    floors += self._if_offered(option, none, bargaining, proposer)
            yield proposer, max(floors)

    def _if_offered(self, option: int, none: int, bargaining: Bargaining, proposer: int) -> list[Fraction]:
        """What another offer is worth to the side that makes it: the least over how it may be answered."""
        if option not in self.perfect.plays:
            raise InputError("the way to the target passes a hidden move; solve it with the payment instead")
        found = []
        for agreed in self.perfect.plays[option]:
            for refused in self.perfect.plays[none]:
                rest = [player for player in bargaining.by if player != proposer]
                taken = all(agreed.values[player] >= refused.values[player] for player in rest)
                found.append((agreed if taken else refused).values[proposer])
        return [min(found)]
