"""Subgame-perfect play of one tree for many draws of its numbers at once, in floats.

The same backward induction as `backward_induction.py`, with every value an array over draws and one play chosen where
several exist: the first in file order, in subgames with hidden moves the first pure equilibrium that no other makes
better for all. How often that choice mattered is told (`several`), and so is how often a subgame had no pure
equilibrium (`undecided`; there each player is given what it can secure alone).

Axes: values (player, draw); choices (draw,), the number of the branch taken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.agreement import LONG_TALKS
from gamecore.equilibria.backward_induction import (
    MOST_PROFILES,
    Region,
    RegionForm,
    children_in,
    region,
    sets_from_the_last,
)
from gamecore.equilibria.pure import pure_equilibria_batch
from gamecore.equilibria.tolerance import RELATIVE_TIE_TOLERANCE
from gamecore.errors import TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import NodeKind, Tree
from gamecore.games.voting import Quorum

__all__ = ["DrawnPlay", "backward_induction_over_draws"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

BLOCK_NUMBERS = 4_000_000  # floats of one table of profiles over draws: about 30 MB
MOST_CELLS = 200_000_000  # profiles times draws: some ten seconds
MOST_COMPARED = 64  # equilibria of a subgame compared pair by pair; beyond, the first is taken


@dataclass
class DrawnPlay:
    """What is played in each draw.

    `values[v]` (player, draw) for subgame roots, weighted by reach; `actions[s]` (draw,) per information set;
    `settled[v]` (draw,) per agreement node, the number of the child that is reached (the last: no agreement),
    and where talks take several rounds `stays[v]` the chance that they do not break down before.
    `several` and `undecided` (draw,) flag draws in which the path to the end was not unique or not pure.
    """

    values: dict[int, Floats] = field(default_factory=dict)
    actions: dict[int, Whole] = field(default_factory=dict)
    settled: dict[int, Whole] = field(default_factory=dict)
    several: dict[int, Flags] = field(default_factory=dict)
    undecided: dict[int, Flags] = field(default_factory=dict)
    stays: dict[int, Floats] = field(default_factory=dict)


def backward_induction_over_draws(
    tree: Tree,
    payoffs: Floats,
    bargaining: Mapping[int, Bargaining],
    *,
    most_profiles: int = MOST_PROFILES,
    keep: Collection[int] | None = None,
) -> DrawnPlay:
    """Play the tree in every draw; `payoffs` are floats weighted by reach, axes (player, end, draw).

    `keep` names the nodes whose `values` are wanted, all if nothing is said: to hold those of every node of a large
    tree costs as much time as to compute them.

    Raises `TooLargeError` if a subgame with hidden moves has more profiles than `most_profiles`.
    """
    draws = payoffs.shape[2]
    forms = _forms(tree, most_profiles)
    largest = _largest_table(tree, bargaining, forms)
    if largest > most_profiles or largest * draws > MOST_CELLS:
        raise TooLargeError(
            f"a subgame has {largest} profiles, too many for {draws} draws; "
            "let players see more of what is decided before them, or take fewer options or draws",
            limit="profiles",
            count=largest,
            allowed=min(most_profiles, MOST_CELLS // max(1, draws)),
        )
    size = max(1, BLOCK_NUMBERS // (largest * (tree.players + 1)))
    if draws <= size:
        return _Batch(tree, payoffs, bargaining, forms, keep).solve()
    parts = [slice(start, min(start + size, draws)) for start in range(0, draws, size)]
    played = [_Batch(tree, payoffs[:, :, part], _part_of(bargaining, part), forms, keep).solve() for part in parts]
    names = ("values", "actions", "settled", "several", "undecided", "stays")
    return DrawnPlay(**{name: _joined([getattr(one, name) for one in played]) for name in names})


def _joined(tables: Sequence[dict[int, Any]]) -> dict[int, Any]:
    """The tables of the parts, one after the other."""
    return {key: np.concatenate([table[key] for table in tables], axis=-1) for key in tables[0]}


def _forms(tree: Tree, most_profiles: int) -> dict[int, RegionForm]:
    """The strategic forms of the subgames with hidden moves of several players."""
    forms = {}
    for number in tree.subgame_roots:
        node = tree.nodes[number]
        if node.kind in {NodeKind.CHANCE, NodeKind.MOVE} and not tree.subgame_roots.issuperset(node.children):
            part = region(tree, number)
            owners = sorted(set(part.owners.values()))
            if len(owners) > 1:
                forms[number] = RegionForm(tree, part, owners, most_profiles)
    return forms


def _largest_table(tree: Tree, bargaining: Mapping[int, Bargaining], forms: Mapping[int, RegionForm]) -> int:
    """The most profiles that one subgame is laid out with."""
    naming = [
        (len(tree.nodes[number].children) - 1) ** len(item.by) for number, item in bargaining.items() if item.at_once
    ]
    laid_out = [prod(len(plans) for plans in form.strategies.values()) for form in forms.values()]
    return int(max([1, *naming, *laid_out]))


def _part_of(bargaining: Mapping[int, Bargaining], part: slice) -> dict[int, Bargaining]:
    """The protocols with their drawn numbers in a part of the draws."""

    def cut(value: Any) -> Any:
        return value[part] if np.ndim(value) else value

    return {
        node: replace(item, keep=tuple(tuple(map(cut, shares)) for shares in item.keep), breakdown=cut(item.breakdown))
        for node, item in bargaining.items()
    }


class _Batch:
    def __init__(
        self,
        tree: Tree,
        payoffs: Floats,
        bargaining: Mapping[int, Bargaining],
        forms: Mapping[int, RegionForm],
        keep: Collection[int] | None,
    ) -> None:
        self.tree = tree
        self.payoffs = payoffs
        self.bargaining = bargaining
        self.forms = forms
        self.keep = keep
        self.draws = payoffs.shape[2]
        self.play = DrawnPlay()
        largest = np.maximum(payoffs.max(axis=1, initial=0.0), -payoffs.min(axis=1, initial=0.0))
        self.tie = RELATIVE_TIE_TOLERANCE * largest  # (player, draw)

    def solve(self) -> DrawnPlay:
        roots = self.tree.subgame_roots
        for number in range(len(self.tree.nodes) - 1, -1, -1):
            if number in roots:
                self.at(number)
                if self.keep is not None:
                    self.forget(number)
        return self.play

    def forget(self, root: int) -> None:
        """Let go of what was only needed to solve this subgame: the values of those within it."""
        roots, stack = self.tree.subgame_roots, list(self.tree.nodes[root].children)
        while stack:
            number = stack.pop()
            if number not in roots:
                stack.extend(self.tree.nodes[number].children)
            elif self.keep is not None and number not in self.keep:
                del self.play.values[number]

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
        """The first branch that is as good as the best. Goes branch by branch: tables of all would be written twice."""
        node = self.tree.nodes[number]
        values = [self.play.values[child] for child in node.children]
        worth = [value[node.player] for value in values]
        enough = worth[0].copy()
        for other in worth[1:]:
            np.maximum(enough, other, out=enough)
        enough -= self.tie[node.player]
        near = worth[0] >= enough
        several = np.zeros(self.draws, dtype=bool)
        later = ~near  # in which draws the branch chosen is none of those before
        chosen = later.astype(np.uint8 if len(values) < 1 << 8 else np.intp)  # memory is what takes the time here
        picked = values[0]
        for place in range(1, len(values)):
            if later.any():
                picked = np.where(later, values[place], picked)
                if place > 1:
                    chosen += later
            good = worth[place] >= enough
            several |= near & good
            near |= good
            later &= ~good
        self.play.actions[node.information_set] = chosen
        self.play.several[number] = several
        self.play.values[number] = picked

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

    def without_end(self, number: int, worth: Floats, quiet: Floats, bargaining: Bargaining) -> None:
        """Talks without an end: what long talks lead to if it repeats itself, else the first option that does."""
        kept = np.array([np.broadcast_to(np.asarray(one, dtype=float), (self.draws,)) for one in bargaining.keep[1]])
        chance = np.asarray(bargaining.breakdown, dtype=float)

        def turn(after: Floats) -> tuple[Floats, Whole]:
            """One turn of everybody, from what the next is worth; every round relative to itself."""
            settled = np.full(self.draws, len(worth), dtype=np.intp)
            for place in range(bargaining.rounds - 1, -1, -1):
                later = kept * after if bargaining.discount_all else quiet + kept * (after - quiet)
                going_on = chance * quiet + (1 - chance) * later
                proposer = bargaining.proposers[place]
                taken = self.taken(bargaining, proposer, worth, going_on)
                mine = np.where(taken, worth[:, proposer], -np.inf)
                best = (mine >= mine.max(axis=0) - self.tie[proposer]).argmax(axis=0)
                offers = mine.max(axis=0) >= going_on[proposer] - self.tie[proposer]
                chosen = np.take_along_axis(worth, best[None, None, :], axis=0)[0]
                after = np.where(offers, chosen, going_on)
                settled = np.where(offers, best, len(worth))
            return after, settled

        repeats = np.zeros((len(worth) + 1, self.draws), dtype=bool)
        for option, start in enumerate([*worth, quiet]):
            after, _ = turn(start)
            repeats[option] = (np.abs(after - start) <= self.tie).all(axis=0)
        after, limit = quiet, np.zeros(self.draws, dtype=np.intp)
        for _ in range(LONG_TALKS):
            after, limit = turn(after)
        holds = np.take_along_axis(repeats, limit[None, :], axis=0)[0]
        settled = np.where(holds | ~repeats.any(axis=0), limit, repeats.argmax(axis=0))
        table = np.concatenate([worth, quiet[None]])
        self.play.settled[number] = settled
        self.play.several[number] = np.asarray(repeats.sum(axis=0) > 1)
        self.play.undecided[number] = np.asarray(repeats.sum(axis=0) == 0)
        self.play.values[number] = np.take_along_axis(table, settled[None, None, :], axis=0)[0]

    def taken(self, bargaining: Bargaining, proposer: int, worth: Floats, going_on: Floats) -> Flags:
        """Which options would be accepted, axes (option, draw)."""
        if not bargaining.quorums:
            others = [player for player in bargaining.by if player != proposer]
            return np.asarray((worth[:, others] >= (going_on - self.tie)[others]).all(axis=1))
        yes = worth >= going_on - self.tie  # (option, player, draw)
        return np.array(
            [rule.accepts_over_draws(proposer, one) for rule, one in zip(bargaining.quorums, yes, strict=True)]
        )

    def bought(self, number: int, worth: Floats, quiet: Floats, bargaining: Bargaining) -> None:
        """One offer with money: the option with the largest surplus for the proposer and those it pays."""
        proposer = bargaining.proposers[0]
        surplus = np.full((len(worth), self.draws), -np.inf)
        paid = np.zeros_like(worth)
        for option, values in enumerate(worth):
            rule = bargaining.quorum(option)
            if proposer in rule.signers:
                gains = values - quiet
                held = self._paid_for(rule, proposer, gains)
                surplus[option] = np.where(held, gains, 0.0).sum(axis=0)
                paid[option] = np.where(held, -gains, 0.0)
                paid[option, proposer] += surplus[option]
        best = (surplus >= surplus.max(axis=0) - self.tie[proposer]).argmax(axis=0)
        offers = surplus.max(axis=0) >= -self.tie[proposer]
        chosen = np.take_along_axis(worth + paid, best[None, None, :], axis=0)[0]
        near = (surplus >= surplus.max(axis=0) - self.tie[proposer]).sum(axis=0)
        even = np.abs(surplus.max(axis=0)) <= self.tie[proposer]
        self.play.settled[number] = np.where(offers, best, len(worth))
        self.play.several[number] = np.asarray((offers & (near > 1)) | even)
        self.play.values[number] = np.where(offers, chosen, quiet)

    @staticmethod
    def _paid_for(rule: Quorum, proposer: int, gains: Floats) -> Flags:
        """Whose yes an option needs in each draw, axes (player, draw); as `Quorum.cheapest`."""
        held = np.zeros(gains.shape, dtype=bool)
        signers = list(rule.signers)
        held[signers] = gains[signers] >= 0
        held[[proposer, *rule.veto]] = True
        waiting = np.where(held[signers], -np.inf, gains[signers])
        rank = (-waiting).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")  # the least losses first
        lacking = rule.votes - held.sum(axis=0)
        held[signers] |= rank < lacking
        return held

    def offers(self, number: int, worth: Floats, quiet: Floats, bargaining: Bargaining) -> None:
        if bargaining.payments:
            self.bought(number, worth, quiet, bargaining)
            return
        if bargaining.unlimited:
            self.without_end(number, worth, quiet, bargaining)
            return
        after = quiet
        settled = np.full(self.draws, len(worth), dtype=np.intp)
        several = np.zeros(self.draws, dtype=bool)
        stays = np.ones(self.draws)
        for turn in range(bargaining.rounds - 1, -1, -1):
            keep = np.array(
                [np.broadcast_to(np.asarray(share, dtype=float), (self.draws,)) for share in bargaining.keep[turn]]
            )
            broken = keep * quiet if bargaining.discount_all else quiet
            here = keep * worth if bargaining.discount_all else quiet + keep * (worth - quiet)
            chance = np.asarray(bargaining.breakdown, dtype=float)
            going_on = broken if turn == bargaining.rounds - 1 else chance * broken + (1 - chance) * after
            proposer = bargaining.proposers[turn]
            taken = self.taken(bargaining, proposer, here, going_on)
            mine = np.where(taken, here[:, proposer], -np.inf)
            near = mine >= mine.max(axis=0) - self.tie[proposer]
            best = near.argmax(axis=0)
            offers = mine.max(axis=0) >= going_on[proposer] - self.tie[proposer]
            settled = np.where(offers, best, settled)
            stays = np.where(offers, 1.0, stays * (1 - chance))
            chosen = np.take_along_axis(here, best[None, None, :], axis=0)[0]
            as_good = mine.max(axis=0) <= going_on[proposer] + self.tie[proposer]
            silent = as_good & (np.abs(chosen - going_on) > self.tie).any(axis=0)
            several = np.where(offers, np.asarray((near & taken).sum(axis=0) > 1) | np.asarray(silent), several)
            after = np.where(offers, chosen, going_on)
        self.play.settled[number] = settled
        self.play.several[number] = several
        if bargaining.rounds > 1:
            self.play.stays[number] = stays
        self.play.values[number] = after

    def naming(self, number: int, worth: Floats, quiet: Floats, bargaining: Bargaining) -> None:
        count, seats = len(worth), len(bargaining.by)
        table = np.empty((self.draws, seats, *([count] * seats)))
        for seat, player in enumerate(bargaining.by):
            table[:, seat] = quiet[player].reshape(-1, *([1] * seats))
            for option in range(count if not bargaining.quorums else 0):
                cell: Any = (slice(None), seat, *([option] * seats))
                table[cell] = worth[option, player]
        cells = list(product(range(count), repeat=seats))
        named = [bargaining.settled_by(cell) for cell in cells]
        child = [count if option is None else option for option in named]
        everyone = np.array([worth[option] if option < count else quiet for option in child])
        if bargaining.quorums:
            table = np.moveaxis(everyone[:, list(bargaining.by)], 0, -1).transpose(1, 0, 2).reshape(table.shape)
        chosen = self.equilibrium(number, table, everyone)
        self.play.settled[number] = np.asarray(child)[chosen]
        self.play.values[number] = self._valued(number, everyone, chosen, quiet)

    # ---- subgames with hidden moves

    def whole(self, number: int) -> None:
        part = region(self.tree, number)
        owners = sorted(set(part.owners.values()))
        if len(owners) == 1:
            self.one_mover(part)
            return
        form = self.forms[number]
        shape = tuple(len(form.strategies[owner]) for owner in owners)
        everyone = np.zeros((*shape, self.tree.players, self.draws))
        for exit_ in part.exits:
            way = form.way(exit_)
            leading = np.ix_(*(form.leading(owner, way.get(owner, {})) for owner in owners))
            everyone[leading] += self.play.values[exit_]
        everyone = everyone.reshape(-1, self.tree.players, self.draws)  # (cell, player, draw)
        table = np.moveaxis(everyone[:, owners], 0, -1)  # (player, draw, cell)
        chosen = self.equilibrium(number, np.moveaxis(table, 1, 0).reshape(self.draws, len(owners), *shape), everyone)
        for owner, strategies in zip(owners, np.unravel_index(chosen, shape), strict=True):
            for place, key in enumerate(form.sets[owner]):
                menu = np.array([plan[place] or 0 for plan in form.strategies[owner]])  # 0 where it never gets
                self.play.actions[key] = menu[strategies]
        floor = self._secured(table, shape, owners, everyone)
        self.play.values[number] = self._valued(number, everyone, chosen, floor)

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

    def _secured(self, table: Floats, shape: Sequence[int], owners: Sequence[int], everyone: Floats) -> Floats:
        """What each mover can secure alone by one option; who does not move gets the mean of the cells."""
        cells = table.reshape(len(owners), self.draws, *shape)
        floor: Floats = everyone.mean(axis=0)
        for place, owner in enumerate(owners):
            others = tuple(axis + 1 for axis in range(len(shape)) if axis != place)
            floor[owner] = cells[place].min(axis=others).max(axis=-1)
        return floor

    def one_mover(self, part: Region) -> None:
        """Dynamic programming over the information sets of the only mover, last ones first."""
        player = part.owners[part.sets[0]]
        worth: dict[int, Floats] = {number: self.play.values[number] for number in part.exits}
        several = np.zeros(self.draws, dtype=bool)
        for key in sets_from_the_last(self.tree, part):
            children = children_in(self.tree, part, key)
            columns = [[self._worth(child, worth) for child in column] for column in zip(*children, strict=True)]
            totals = np.array([sum(values[player] for values in column) for column in columns])
            near = totals >= totals.max(axis=0) - self.tie[player]
            self.play.actions[key] = near.argmax(axis=0)
            several |= near.sum(axis=0) > 1
        self.play.several[part.root] = several
        self.play.values[part.root] = self._worth(part.root, worth)

    def _worth(self, number: int, worth: dict[int, Floats]) -> Floats:
        """The worth of a node of a region whose later choices are made; `worth` keeps what is known."""
        if number not in worth:
            node = self.tree.nodes[number]
            below = [self._worth(child, worth) for child in node.children]
            if node.kind is NodeKind.MOVE:
                chosen = self.play.actions[node.information_set]
                worth[number] = np.take_along_axis(np.array(below), chosen[None, None, :], axis=0)[0]
            else:
                worth[number] = sum(below[1:], start=below[0])
        return worth[number]
