"""Subgame-perfect equilibria of game trees by set-valued backward induction, exact.

For every proper subgame, smallest first, all plays are computed that are subgame-perfect in pure choices (Kuhn 1953,
Selten 1965). Where payoffs tie there are several: at a node of player `i`, action `a` followed by a play `x` belongs to
an equilibrium exactly if `x_i` is at least the least that player `i` can be held to in each other action, because off
the path any equilibrium of that subgame may follow. A subgame with real information sets (simultaneous or hidden moves)
is solved as a whole: by dynamic programming over information sets if one player moves in it, else as a strategic form -
all its pure equilibria, and for two players without any, the mixed ones.

Payoffs are weighted by reach (`games/tree.py`), so chance nodes add up and information sets need no beliefs.

Every play that is reported carries the ledger of `tree_certificate.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from math import prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.agreement import MOST_PLAYS, settle_at_once, settle_by_offers
from gamecore.equilibria.play import Play, Values
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Equilibrium, Solution, Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.errors import InputError, TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.strategic import StrategicGame
from gamecore.games.tree import NodeKind, Tree

__all__ = ["MOST_PROFILES", "Perfect", "Region", "backward_induction", "region"]

MOST_PROFILES: Final = 200_000  # strategy profiles of a subgame solved as a whole; about a second


@dataclass(frozen=True)
class Perfect:
    """All subgame-perfect plays of every proper subgame: `plays[node]` for each subgame root, the root's in `plays[0]`.

    `status` is complete when every pure subgame-perfect outcome is among them. A subgame without a pure equilibrium is
    played in mixed strategies (two players); `notes` say so, and what was cut off where the answer is partial.
    """

    status: Status
    plays: Mapping[int, tuple[Play, ...]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Region:
    """The part of a tree between a subgame root and the next subgame roots below it.

    `sets` are its information sets in prefix order with their owner and number of actions; `exits` the subgame roots
    below.
    """

    root: int
    sets: tuple[int, ...]
    owners: Mapping[int, int]
    widths: Mapping[int, int]
    exits: tuple[int, ...]


def region(tree: Tree, root: int) -> Region:
    """The region below a subgame root."""
    sets: dict[int, tuple[int, int]] = {}
    exits: list[int] = []
    stack = [root]
    while stack:
        number = stack.pop()
        node = tree.nodes[number]
        if number != root and number in tree.subgame_roots:
            exits.append(number)
            continue
        if node.kind is NodeKind.AGREEMENT and number != root:
            raise InputError("an agreement stands inside a subgame with hidden moves; lay it out as offers and answers")
        if node.kind is NodeKind.MOVE:
            sets.setdefault(node.information_set, (node.player, len(node.children)))
        stack.extend(reversed(node.children))
    return Region(
        root,
        tuple(sets),
        {key: owner for key, (owner, _) in sets.items()},
        {key: width for key, (_, width) in sets.items()},
        tuple(exits),
    )


def backward_induction(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    bargaining: Mapping[int, Bargaining] | None = None,
    *,
    most_profiles: int = MOST_PROFILES,
) -> Perfect:
    """All pure subgame-perfect plays of a tree.

    Parameters
    ----------
    tree
        The tree; its agreement nodes are played as `bargaining[node]` says.
    payoffs
        `Fraction`s weighted by reach, axes (player, end).
    most_profiles
        The most strategy profiles of a subgame with hidden moves.

    Raises
    ------
    TooLargeError
        If a subgame with hidden moves has more profiles than `most_profiles`.
    """
    return _Induction(tree, payoffs, bargaining or {}, most_profiles).solve()


@dataclass
class _Induction:
    tree: Tree
    payoffs: npt.NDArray[Any]
    bargaining: Mapping[int, Bargaining]
    most_profiles: int
    plays: dict[int, tuple[Play, ...]] = field(default_factory=dict)
    complete: bool = True
    notes: dict[str, None] = field(default_factory=dict)

    def solve(self) -> Perfect:
        roots = self.tree.subgame_roots
        for number in range(len(self.tree.nodes) - 1, -1, -1):
            if number in roots:
                self.plays[number] = self.at(number)
        return Perfect(Status.COMPLETE if self.complete else Status.PARTIAL, self.plays, tuple(self.notes))

    def at(self, number: int) -> tuple[Play, ...]:
        node = self.tree.nodes[number]
        if node.kind is NodeKind.END:
            return (Play(number, tuple(self.payoffs[:, node.end])),)
        if node.kind is NodeKind.AGREEMENT:
            return self.agreement(number)
        if all(child in self.plays for child in node.children):
            if node.kind is NodeKind.CHANCE:
                return self.chance(number, node.children)
            return self.move(number)
        return self.whole(number)

    def kept(self, plays: Iterable[Play]) -> tuple[Play, ...]:
        """Plays that differ in value or in what is done here, up to a limit."""
        distinct: dict[tuple[object, ...], Play] = {}
        for play in plays:
            distinct.setdefault((play.values, tuple(play.actions.items())), play)
        if len(distinct) > MOST_PLAYS:
            self.incomplete(f"more than {MOST_PLAYS} plays tie in one subgame; the first {MOST_PLAYS} are kept")
        return tuple(islice(distinct.values(), MOST_PLAYS))

    def incomplete(self, note: str) -> None:
        self.complete = False
        self.notes[note] = None

    def combinations(self, nodes: Sequence[int]) -> list[tuple[Play, ...]]:
        """One play for each of several subgames, in every way, up to a limit."""
        ways = product(*(self.plays[node] for node in nodes))
        kept = list(islice(ways, MOST_PLAYS))
        if next(ways, None) is not None:
            self.incomplete(f"ties in several subgames combine in more than {MOST_PLAYS} ways; the first are kept")
        return kept

    def chance(self, number: int, children: Sequence[int]) -> tuple[Play, ...]:
        return self.kept(
            Play(number, _sum([play.values for play in plays]), {}, {play.node: play for play in plays})
            for plays in self.combinations(children)
        )

    def move(self, number: int) -> tuple[Play, ...]:
        node = self.tree.nodes[number]
        player, width = node.player, len(node.children)
        least = [min(self.plays[child], key=lambda play: play.values[player]) for child in node.children]
        found = []
        for action, child in enumerate(node.children):
            floor = max((play.values[player] for other, play in enumerate(least) if other != action), default=None)
            for play in self.plays[child]:
                if floor is None or play.values[player] >= floor:
                    below = {other.node: other for other in least} | {child: play}
                    found.append(Play(number, play.values, {node.information_set: _unit(action, width)}, below))
        return self.kept(found)

    def agreement(self, number: int) -> tuple[Play, ...]:
        *options, none = self.tree.nodes[number].children
        bargaining = self.bargaining[number]
        solve = settle_at_once if bargaining.at_once else settle_by_offers
        settled, complete = solve([self.plays[child] for child in options], self.plays[none], bargaining)
        if not complete:
            self.incomplete("ties inside an agreement: not every equilibrium of it is listed")
        if bargaining.unlimited:
            self.notes[f"talks without an end were computed as {bargaining.rounds} rounds"] = None
        return tuple(Play(number, values, {}, {}, settlement) for values, settlement in settled)

    # ---- subgames with hidden moves, solved as a whole

    def whole(self, number: int) -> tuple[Play, ...]:
        part = region(self.tree, number)
        found: list[Play] = []
        for exits in self.combinations(part.exits):
            values = {play.node: play.values for play in exits}
            below = {play.node: play for play in exits}
            for actions, worth in self.equilibria(part, values):
                found.append(Play(number, worth, actions, below))
        return self.kept(found)

    def equilibria(
        self, part: Region, exits: Mapping[int, Values]
    ) -> list[tuple[dict[int, tuple[Fraction, ...]], Values]]:
        owners = sorted(set(part.owners.values()))
        if len(owners) == 1:
            return self.one_mover(part, exits)
        form = _Form(self.tree, part, owners, self.most_profiles)
        game, everyone = form.game(exits)
        solution = pure_equilibria(game, limit=self.most_profiles)
        if not solution.equilibria:
            solution = self.mixed(game)
        if solution.status is not Status.COMPLETE:
            for note in solution.notes:
                self.incomplete(note)
        return [(form.actions(found), form.worth(found, everyone)) for found in solution.equilibria]

    def mixed(self, game: StrategicGame) -> Solution:
        if game.players != 2:
            raise TooLargeError(
                f"a subgame of {game.players} players has no equilibrium without chance moves of their own, "
                "and mixed equilibria are computed for two players",
                limit="players who mix",
                count=game.players,
                allowed=2,
            )
        self.notes["a subgame has no pure equilibrium and is played in mixed strategies"] = None
        return two_player_equilibria(game)

    def one_mover(
        self, part: Region, exits: Mapping[int, Values]
    ) -> list[tuple[dict[int, tuple[Fraction, ...]], Values]]:
        """Dynamic programming over the information sets of the only mover, last ones first; ties give several plans."""
        player = part.owners[part.sets[0]]
        plans: list[dict[int, int]] = [{}]
        for key in reversed(self._in_order(part)):
            grown: list[dict[int, int]] = []
            for plan in plans:
                worth = [
                    sum((self._value(child, plan, exits)[player] for child in children), Fraction(0))
                    for children in zip(*(self._children(part, key)), strict=True)
                ]
                best = max(worth)
                grown += [plan | {key: action} for action, value in enumerate(worth) if value == best]
            plans = grown[:MOST_PLAYS]
            if len(grown) > MOST_PLAYS:
                self.incomplete(f"more than {MOST_PLAYS} plays tie in one subgame; the first {MOST_PLAYS} are kept")
        return [
            (
                {key: _unit(plan[key], part.widths[key]) for key in part.sets},
                self._value(part.root, plan, exits),
            )
            for plan in plans
        ]

    def _children(self, part: Region, key: int) -> list[tuple[int, ...]]:
        inside = range(part.root, self.tree.after[part.root])
        return [self.tree.nodes[node].children for node in self.tree.information_sets[key] if node in inside]

    def _in_order(self, part: Region) -> list[int]:
        """The information sets of a region so that each comes before those it leads to."""
        depth = {key: self._depth(part, key) for key in part.sets}
        return sorted(part.sets, key=depth.__getitem__)

    def _depth(self, part: Region, key: int) -> int:
        """How many moves of the region lie above an information set."""
        node, depth = self.tree.information_sets[key][0], 0
        while node != part.root:
            node = self.tree.parents[node]
            depth += self.tree.nodes[node].kind is NodeKind.MOVE
        return depth

    def _value(self, number: int, plan: Mapping[int, int], exits: Mapping[int, Values]) -> Values:
        if number in exits:
            return exits[number]
        node = self.tree.nodes[number]
        if node.kind is NodeKind.MOVE:
            return self._value(node.children[plan[node.information_set]], plan, exits)
        return _sum([self._value(child, plan, exits) for child in node.children])


@dataclass
class _Form:
    """The strategic form of a region: a player's strategy is an action in each of its information sets."""

    tree: Tree
    part: Region
    owners: list[int]
    most_profiles: int

    def __post_init__(self) -> None:
        self.sets = {owner: [key for key in self.part.sets if self.part.owners[key] == owner] for owner in self.owners}
        counts = [prod(self.part.widths[key] for key in self.sets[owner]) for owner in self.owners]
        if prod(counts) > self.most_profiles:
            raise TooLargeError(
                f"a subgame with hidden moves has {prod(counts)} profiles, more than {self.most_profiles}; "
                "let players see more of what is decided before them, or leave out options",
                limit="profiles",
                count=prod(counts),
                allowed=self.most_profiles,
            )
        self.strategies = {
            owner: list(product(*(range(self.part.widths[key]) for key in self.sets[owner]))) for owner in self.owners
        }

    def game(self, exits: Mapping[int, Values]) -> tuple[StrategicGame, npt.NDArray[np.object_]]:
        """The game of those who move here, and the values of all players, axes (player, strategy of each mover)."""
        shape = [len(self.strategies[owner]) for owner in self.owners]
        everyone = np.empty((self.tree.players, *shape), dtype=object)
        for profile in product(*map(range, shape)):
            plan = self.plan(profile)
            cell: Any = (slice(None), *profile)
            everyone[cell] = self.value(self.part.root, plan, exits)
        return StrategicGame(everyone[self.owners]), everyone

    def plan(self, profile: Sequence[int]) -> dict[int, int]:
        plan: dict[int, int] = {}
        for owner, strategy in zip(self.owners, profile, strict=True):
            plan |= zip(self.sets[owner], self.strategies[owner][strategy], strict=True)
        return plan

    def value(self, number: int, plan: Mapping[int, int], exits: Mapping[int, Values]) -> Values:
        if number in exits:
            return exits[number]
        node = self.tree.nodes[number]
        if node.kind is NodeKind.MOVE:
            return self.value(node.children[plan[node.information_set]], plan, exits)
        return _sum([self.value(child, plan, exits) for child in node.children])

    def actions(self, found: Equilibrium) -> dict[int, tuple[Fraction, ...]]:
        """Behaviour in each information set that a profile of strategies stands for (Kuhn 1953)."""
        behaviour: dict[int, tuple[Fraction, ...]] = {}
        for owner, mix in zip(self.owners, found.strategies, strict=True):
            for place, key in enumerate(self.sets[owner]):
                weights = [Fraction(0)] * self.part.widths[key]
                for chance, strategy in zip(mix, self.strategies[owner], strict=True):
                    weights[strategy[place]] += chance
                behaviour[key] = tuple(weights)
        return behaviour

    def worth(self, found: Equilibrium, everyone: npt.NDArray[np.object_]) -> Values:
        """What a profile is worth to every player, movers or not."""
        totals = [Fraction(0)] * self.tree.players
        supports = [[(number, chance) for number, chance in enumerate(mix) if chance] for mix in found.strategies]
        for cell in product(*supports):
            weight = prod((chance for _, chance in cell), start=Fraction(1))
            place: Any = (slice(None), *(number for number, _ in cell))
            values = everyone[place]
            totals = [total + weight * value for total, value in zip(totals, values, strict=True)]
        return tuple(totals)


def _sum(values: Sequence[Values]) -> Values:
    return tuple(sum(column, Fraction(0)) for column in zip(*values, strict=True))


def _unit(action: int, width: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(number == action)) for number in range(width))
