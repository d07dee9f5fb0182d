"""Subgame-perfect play of one tree for many draws of its numbers at once, in floats.

The same backward induction as `backward_induction.py`, with every value an array over draws and one play chosen where
several exist: the first in file order, in subgames with hidden moves the first pure equilibrium that no other makes
better for all. How often that choice mattered is told (`several`), and so is how often a subgame had no pure
equilibrium (`undecided`; there each player is given what it can secure alone).

Axes: values (player, draw); choices (draw,), the number of the branch taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.backward_induction import MOST_PROFILES, Region, region
from gamecore.equilibria.pure import pure_equilibria_batch
from gamecore.equilibria.tolerance import RELATIVE_TIE_TOLERANCE
from gamecore.errors import TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import NodeKind, Tree

__all__ = ["DrawnPlay", "backward_induction_over_draws"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

MOST_COMPARED = 64  # equilibria of a subgame compared pair by pair; beyond, the first is taken


@dataclass
class DrawnPlay:
    """What is played in each draw.

    `values[v]` (player, draw) for subgame roots, weighted by reach; `actions[s]` (draw,) per information set;
    `settled[v]` (draw,) per agreement node, the number of the child that is reached (the last: no agreement) and
    `delayed[v]` whether not in round 0. `several` and `undecided` (draw,) flag draws in which the path to the end was
    not unique or not pure.
    """

    values: dict[int, Floats] = field(default_factory=dict)
    actions: dict[int, Whole] = field(default_factory=dict)
    settled: dict[int, Whole] = field(default_factory=dict)
    several: dict[int, Flags] = field(default_factory=dict)
    undecided: dict[int, Flags] = field(default_factory=dict)


def backward_induction_over_draws(
    tree: Tree, payoffs: Floats, bargaining: Mapping[int, Bargaining], *, most_profiles: int = MOST_PROFILES
) -> DrawnPlay:
    """Play the tree in every draw; `payoffs` are floats weighted by reach, axes (player, end, draw).

    Raises `TooLargeError` if a subgame with hidden moves has more profiles than `most_profiles`.
    """
    return _Batch(tree, payoffs, bargaining, most_profiles).solve()


class _Batch:
    def __init__(self, tree: Tree, payoffs: Floats, bargaining: Mapping[int, Bargaining], most_profiles: int) -> None:
        self.tree = tree
        self.payoffs = payoffs
        self.bargaining = bargaining
        self.most_profiles = most_profiles
        self.draws = payoffs.shape[2]
        self.play = DrawnPlay()
        largest = np.abs(payoffs).max(axis=1, initial=0.0)
        self.tie = RELATIVE_TIE_TOLERANCE * largest  # (player, draw)

    def solve(self) -> DrawnPlay:
        roots = self.tree.subgame_roots
        for number in range(len(self.tree.nodes) - 1, -1, -1):
            if number in roots:
                self.at(number)
        return self.play

    def at(self, number: int) -> None:
        node = self.tree.nodes[number]
        values = self.play.values
        if node.kind is NodeKind.END:
            values[number] = self.payoffs[:, node.end]
        elif node.kind is NodeKind.AGREEMENT:
            self.agreement(number)
        elif all(child in values for child in node.children):
            if node.kind is NodeKind.CHANCE:
                values[number] = sum((values[child] for child in node.children[1:]), start=values[node.children[0]])
            else:
                self.move(number)
        else:
            self.whole(number)

    def move(self, number: int) -> None:
        node = self.tree.nodes[number]
        worth = np.array([self.play.values[child][node.player] for child in node.children])
        best = worth.max(axis=0)
        near = worth >= best - self.tie[node.player]
        self.play.actions[node.information_set] = near.argmax(axis=0)
        self.play.several[number] = near.sum(axis=0) > 1
        self.play.values[number] = self.pick(node.children, near.argmax(axis=0))

    def pick(self, children: Sequence[int], chosen: Whole) -> Floats:
        first = int(chosen[0]) if len(chosen) else 0
        if (chosen == first).all():
            return self.play.values[children[first]]
        table = np.array([self.play.values[child] for child in children])
        picked: Floats = np.take_along_axis(table, chosen[None, None, :], axis=0)[0]
        return picked

    # ---- agreements

    def agreement(self, number: int) -> None:
        bargaining = self.bargaining[number]
        *options, none = self.tree.nodes[number].children
        worth = np.array([self.play.values[child] for child in options]) if options else None
        quiet = self.play.values[none]
        if worth is None:
            self.play.settled[number] = np.zeros(self.draws, dtype=np.intp)
            self.play.values[number] = quiet
        elif bargaining.at_once:
            self.naming(number, worth, quiet, bargaining)
        else:
            self.offers(number, worth, quiet, bargaining)

    def offers(self, number: int, worth: Floats, quiet: Floats, bargaining: Bargaining) -> None:
        after = quiet
        settled = np.full(self.draws, len(worth), dtype=np.intp)
        several = np.zeros(self.draws, dtype=bool)
        for turn in range(bargaining.rounds - 1, -1, -1):
            keep = np.array(
                [np.broadcast_to(np.asarray(share, dtype=float), (self.draws,)) for share in bargaining.keep[turn]]
            )
            broken = keep * quiet if bargaining.discount_all else quiet
            here = keep * worth if bargaining.discount_all else quiet + keep * (worth - quiet)
            chance = np.asarray(bargaining.breakdown, dtype=float)
            going_on = broken if turn == bargaining.rounds - 1 else chance * broken + (1 - chance) * after
            proposer = bargaining.proposers[turn]
            others = [player for player in bargaining.by if player != proposer]
            taken = (here[:, others] >= (going_on - self.tie)[others]).all(axis=1)
            mine = np.where(taken, here[:, proposer], -np.inf)
            near = mine >= mine.max(axis=0) - self.tie[proposer]
            best = near.argmax(axis=0)
            offers = mine.max(axis=0) >= going_on[proposer] - self.tie[proposer]
            several = np.where(offers, (near & taken).sum(axis=0) > 1, several)
            settled = np.where(offers, best, settled)
            chosen = np.take_along_axis(here, best[None, None, :], axis=0)[0]
            after = np.where(offers, chosen, going_on)
        self.play.settled[number] = settled
        self.play.several[number] = several
        self.play.values[number] = after

    def naming(self, number: int, worth: Floats, quiet: Floats, bargaining: Bargaining) -> None:
        count, seats = len(worth), len(bargaining.by)
        self._bounded(count**seats)
        table = np.empty((self.draws, seats, *([count] * seats)))
        for seat, player in enumerate(bargaining.by):
            table[:, seat] = quiet[player].reshape(-1, *([1] * seats))
            for option in range(count):
                cell: Any = (slice(None), seat, *([option] * seats))
                table[cell] = worth[option, player]
        cells = list(product(range(count), repeat=seats))
        child = [cell[0] if len(set(cell)) == 1 else count for cell in cells]
        everyone = np.array([worth[option] if option < count else quiet for option in child])
        chosen = self.equilibrium(number, table, everyone)
        self.play.settled[number] = np.asarray(child)[chosen]
        self.play.values[number] = self._valued(number, everyone, chosen, quiet)

    def _bounded(self, profiles: int) -> None:
        if profiles * self.draws > 100 * self.most_profiles * 10 or profiles > self.most_profiles:
            raise TooLargeError(
                f"a subgame has {profiles} profiles, too many for {self.draws} draws at once; "
                "use fewer draws or options",
                limit="profiles",
                count=profiles,
                allowed=self.most_profiles,
            )

    # ---- subgames with hidden moves

    def whole(self, number: int) -> None:
        part = region(self.tree, number)
        owners = sorted(set(part.owners.values()))
        if len(owners) == 1:
            self.one_mover(part)
            return
        self._bounded(prod(part.widths[key] for key in part.sets))
        sets = [[key for key in part.sets if part.owners[key] == owner] for owner in owners]
        strategies = [list(product(*(range(part.widths[key]) for key in keys))) for keys in sets]
        cells = list(product(*map(range, map(len, strategies))))
        plans = [
            dict(
                pair
                for keys, menu, chosen in zip(sets, strategies, cell, strict=True)
                for pair in zip(keys, menu[chosen], strict=True)
            )
            for cell in cells
        ]
        everyone = np.array([self._follow(part.root, part, plan) for plan in plans])  # (cell, player, draw)
        shape = tuple(map(len, strategies))
        table = np.moveaxis(everyone[:, owners], 0, -1)  # (player, draw, cell)
        chosen = self.equilibrium(number, np.moveaxis(table, 1, 0).reshape(self.draws, len(owners), *shape), everyone)
        for key in part.sets:
            self.play.actions[key] = np.array([plan[key] for plan in plans])[chosen]
        floor = self._secured(table, shape, owners)
        self.play.values[number] = self._valued(number, everyone, chosen, floor)

    def _follow(self, number: int, part: Region, plan: Mapping[int, int]) -> Floats:
        if number != part.root and number in self.play.values:
            return self.play.values[number]
        node = self.tree.nodes[number]
        if node.kind is NodeKind.MOVE:
            return self._follow(node.children[plan[node.information_set]], part, plan)
        below = [self._follow(child, part, plan) for child in node.children]
        return sum(below[1:], start=below[0])

    def equilibrium(self, number: int, table: Floats, everyone: Floats) -> Whole:
        """The cell played in each draw: the first pure equilibrium that no other makes better for everyone."""
        stable = pure_equilibria_batch(table).reshape(self.draws, -1).T  # (cell, draw)
        self.play.several[number] = stable.sum(axis=0) > 1
        decided: Flags = np.asarray(stable.any(axis=0))
        self.play.undecided[number] = ~decided
        used = np.flatnonzero(stable.any(axis=1))
        best = stable.copy()
        if 1 < len(used) <= MOST_COMPARED:
            values = everyone[used]
            for place, cell in enumerate(used):
                better = (values >= values[place]).all(axis=1) & (values > values[place] + self.tie).any(axis=1)
                best[cell] &= ~(better & stable[used]).any(axis=0)
        chosen: Whole = best.argmax(axis=0)
        return chosen

    def _valued(self, number: int, everyone: Floats, chosen: Whole, floor: Floats) -> Floats:
        values: Floats = np.take_along_axis(everyone, chosen[None, None, :], axis=0)[0]
        undecided = self.play.undecided[number]
        return np.where(undecided, floor, values) if undecided.any() else values

    def _secured(self, table: Floats, shape: Sequence[int], owners: Sequence[int]) -> Floats:
        """What each mover can secure alone by one option; who does not move gets the mean of the cells."""
        cells = table.reshape(len(owners), self.draws, *shape)
        floor = np.zeros((self.tree.players, self.draws))
        for place, owner in enumerate(owners):
            others = tuple(axis + 1 for axis in range(len(shape)) if axis != place)
            floor[owner] = cells[place].min(axis=others).max(axis=-1)
        return floor

    def one_mover(self, part: Region) -> None:
        player = part.owners[part.sets[0]]
        inside = range(part.root, self.tree.after[part.root])
        worth: dict[int, Floats] = {}
        values = self.play.values
        pending = {key: [n for n in self.tree.information_sets[key] if n in inside] for key in part.sets}
        for number in range(self.tree.after[part.root] - 1, part.root - 1, -1):
            node = self.tree.nodes[number]
            if number != part.root and number in values:
                worth[number] = values[number]
                continue
            if not all(child in worth for child in node.children):
                continue
            if node.kind is not NodeKind.MOVE:
                worth[number] = sum((worth[child] for child in node.children[1:]), start=worth[node.children[0]])
            elif number == pending[node.information_set][0]:
                self._choose(pending[node.information_set], node.information_set, player, worth)
                self._lift(part, worth, pending[node.information_set])
        values[part.root] = worth[part.root]

    def _choose(self, nodes: Sequence[int], key: int, player: int, worth: dict[int, Floats]) -> None:
        """Choose in an information set whose nodes all have their worth below, and give each node its worth."""
        children = [self.tree.nodes[node].children for node in nodes]
        totals = np.array([sum(worth[child][player] for child in column) for column in zip(*children, strict=True)])
        near = totals >= totals.max(axis=0) - self.tie[player]
        chosen = near.argmax(axis=0)
        self.play.actions[key] = chosen
        for node, below in zip(nodes, children, strict=True):
            table = np.array([worth[child] for child in below])
            worth[node] = np.take_along_axis(table, chosen[None, None, :], axis=0)[0]

    def _lift(self, part: Region, worth: dict[int, Any], nodes: Sequence[int]) -> None:
        """Carry worths up through chance nodes that were waiting for an information set."""
        for node in nodes:
            number = self.tree.parents[node]
            while number >= part.root and number not in worth:
                parent = self.tree.nodes[number]
                if parent.kind is NodeKind.MOVE or not all(child in worth for child in parent.children):
                    break
                worth[number] = sum((worth[child] for child in parent.children[1:]), start=worth[parent.children[0]])
                number = self.tree.parents[number]
