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

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from math import gcd, prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.agreement import MOST_PLAYS, settle_at_once, settle_by_offers
from gamecore.equilibria.play import Play, Values, plays_reached
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Equilibrium, Solution, Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.errors import InputError, OutOfTimeError, TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.strategic import StrategicGame
from gamecore.games.tree import NodeKind, Tree

__all__ = [
    "MOST_PROFILES",
    "Perfect",
    "Region",
    "RegionForm",
    "backward_induction",
    "children_in",
    "region",
    "sets_from_the_last",
]

ASKED_EVERY: Final = 16  # nodes between two questions whether to stop
MOST_PROFILES: Final = 200_000  # strategy profiles of a subgame solved as a whole; ten seconds at most


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


def children_in(tree: Tree, part: Region, key: int) -> list[tuple[int, ...]]:
    """The children of each node of an information set of a region."""
    inside = range(part.root, tree.after[part.root])
    return [tree.nodes[node].children for node in tree.information_sets[key] if node in inside]


def sets_from_the_last(tree: Tree, part: Region) -> list[int]:
    """The information sets of a region so that each comes after those that can follow it."""
    above: dict[int, set[int]] = {}
    inside = range(part.root, tree.after[part.root])
    for key in part.sets:
        above[key] = set()
        for member in tree.information_sets[key]:
            node = member
            while node in inside and node != part.root:
                node = tree.parents[node]
                if tree.nodes[node].kind is NodeKind.MOVE:
                    above[key].add(tree.nodes[node].information_set)
    ordered: list[int] = []
    waiting = list(part.sets)
    while waiting:
        first = next((key for key in waiting if not above[key] & set(waiting)), None)
        if first is None:
            raise InputError("a player forgets in this game what it did before, so its last choice cannot be found")
        ordered.append(first)
        waiting.remove(first)
    return ordered[::-1]


def backward_induction(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    bargaining: Mapping[int, Bargaining] | None = None,
    *,
    most_profiles: int = MOST_PROFILES,
    should_stop: Callable[[], bool] | None = None,
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
    should_stop
        Asked for each subgame, and within the search for mixed equilibria of one.

    Raises
    ------
    TooLargeError
        If a subgame with hidden moves has more profiles than `most_profiles`.
    OutOfTimeError
        If `should_stop` says so before the root is reached.
    """
    return _Induction(tree, payoffs, bargaining or {}, most_profiles, should_stop).solve()


@dataclass
class _Induction:
    tree: Tree
    payoffs: npt.NDArray[Any]
    bargaining: Mapping[int, Bargaining]
    most_profiles: int
    should_stop: Callable[[], bool] | None = None
    plays: dict[int, tuple[Play, ...]] = field(default_factory=dict)
    complete: bool = True
    notes: dict[str, None] = field(default_factory=dict)
    _solved: dict[object, Solution] = field(default_factory=dict)  # of games alike up to units: stages that repeat
    _reached: dict[int, tuple[Play, frozenset[int]]] = field(default_factory=dict)  # with the play, so that ids stay

    def solve(self) -> Perfect:
        roots = self.tree.subgame_roots
        for number in range(len(self.tree.nodes) - 1, -1, -1):
            if number in roots:
                self.plays[number] = self.at(number)
                if number and number % ASKED_EVERY == 0:
                    self.in_time()
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
        """Plays that differ in value, in what is done here or in the ends they reach, up to a limit."""
        distinct: dict[tuple[object, ...], Play] = {}
        listed = list(plays)
        for play in listed:
            path = self.reached(play) if len(listed) > 1 else None
            distinct.setdefault((play.values, tuple(play.actions.items()), path), play)
        if len(distinct) > MOST_PLAYS:
            self.incomplete(f"more than {MOST_PLAYS} plays tie in one subgame; the first {MOST_PLAYS} are kept")
        return tuple(islice(distinct.values(), MOST_PLAYS))

    def reached(self, play: Play) -> frozenset[int]:
        """The ends a play can lead to."""
        if id(play) not in self._reached:
            ends: set[int] = set()
            stack = [] if play.settlement is not None else [play.node]
            for settled in plays_reached(play.settlement) if play.settlement is not None else ():
                ends |= self.reached(settled)
            while stack:
                number = stack.pop()
                node = self.tree.nodes[number]
                if number in play.below and number != play.node:
                    ends |= self.reached(play.below[number])
                elif node.kind is NodeKind.END:
                    ends.add(node.end)
                elif node.kind is NodeKind.MOVE:
                    mix = play.actions[node.information_set]
                    stack += [child for child, chance in zip(node.children, mix, strict=True) if chance]
                else:
                    stack += node.children
            self._reached[id(play)] = (play, frozenset(ends))
        return self._reached[id(play)][1]

    def incomplete(self, note: str) -> None:
        self.complete = False
        self.notes[note] = None

    def in_time(self) -> None:
        """Raises `OutOfTimeError` if there is a reason to stop."""
        if self.should_stop is not None and self.should_stop():
            raise OutOfTimeError("the time was up before backward induction came to the root", limit="seconds")

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
        if not settled:
            raise _unsolved(())
        if bargaining.unlimited:
            self.incomplete(
                "talks without an end: the equilibria in which everybody does the same at each turn are listed; "
                "others may exist"
            )
        elif not complete:
            self.incomplete("ties inside an agreement: not every equilibrium of it is listed")
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
        form = RegionForm(self.tree, part, owners, self.most_profiles)
        game, everyone = form.game(exits)
        same = _up_to_units(game)
        if same not in self._solved:
            solution = pure_equilibria(game, limit=self.most_profiles)
            self._solved[same] = solution if solution.equilibria else self.mixed(game)
        solution = self._solved[same]
        if not solution.equilibria:
            self.in_time()
            raise _unsolved(solution.notes)
        if solution.status is not Status.COMPLETE:
            for note in solution.notes:
                self.incomplete(note)
        return [(form.actions(found, exits), form.worth(found, everyone)) for found in solution.equilibria]

    def mixed(self, game: StrategicGame) -> Solution:
        solution = (
            two_player_equilibria(game, should_stop=self.should_stop) if game.players == 2 else self.mixed_by_many(game)
        )
        self.notes["a subgame has no pure equilibrium and is played in mixed strategies"] = None
        if not all(component.single for component in solution.components):
            self.incomplete("a subgame has infinitely many mixed equilibria; the extreme ones are followed")
        return solution

    def mixed_by_many(self, game: StrategicGame) -> Solution:
        """Mixed equilibria of three and more that are rational: an interval is no play that can be proved exactly."""
        from gamecore.equilibria.n_player import n_player_equilibria

        found = n_player_equilibria(game, should_stop=self.should_stop)
        exact = tuple(item for item in found.equilibria if item.certificate.bound == 0)
        if not exact:
            raise TooLargeError(
                f"a subgame of {game.players} players has no equilibrium in pure strategies, "
                "and none in mixed ones with rational chances was found",
                limit="players who mix",
                count=game.players,
                allowed=2,
            )
        if len(exact) < len(found.equilibria):
            self.incomplete("a subgame has mixed equilibria with irrational chances, which are not followed")
        return Solution(found.method, found.status, exact, found.notes, components=found.components)

    def one_mover(
        self, part: Region, exits: Mapping[int, Values]
    ) -> list[tuple[dict[int, tuple[Fraction, ...]], Values]]:
        """Dynamic programming over the information sets of the only mover, last ones first; ties give several plans."""
        player = part.owners[part.sets[0]]
        plans: list[dict[int, int]] = [{}]
        for key in sets_from_the_last(self.tree, part):
            grown: list[dict[int, int]] = []
            for plan in plans:
                worth = [
                    sum((self._value(child, plan, exits)[player] for child in children), Fraction(0))
                    for children in zip(*children_in(self.tree, part, key), strict=True)
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

    def _value(self, number: int, plan: Mapping[int, int], exits: Mapping[int, Values]) -> Values:
        if number in exits:
            return exits[number]
        node = self.tree.nodes[number]
        if node.kind is NodeKind.MOVE:
            return self._value(node.children[plan[node.information_set]], plan, exits)
        return _sum([self._value(child, plan, exits) for child in node.children])


@dataclass
class RegionForm:
    """The strategic form of a region: a player's strategy is an action in each of its information sets, or None where
    the strategy's own actions never lead (reduced strategies, as in `games/strategic_form.py`).
    """

    tree: Tree
    part: Region
    owners: list[int]
    most_profiles: int
    _leading: dict[tuple[object, ...], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sets = {owner: [key for key in self.part.sets if self.part.owners[key] == owner] for owner in self.owners}
        self.before = {key: self._own(key) for key in self.part.sets}
        self.strategies: dict[int, list[tuple[int | None, ...]]] = {}
        count = 1
        for owner in self.owners:
            self.strategies[owner] = self._strategies(owner, self.most_profiles // count)
            count *= len(self.strategies[owner])
            if count > self.most_profiles:
                raise TooLargeError(
                    f"a subgame with hidden moves has more than {self.most_profiles} profiles; "
                    "let players see more of what is decided before them, or leave out options",
                    limit="profiles",
                    count=count,
                    allowed=self.most_profiles,
                )

    def _own(self, key: int) -> dict[int, int]:
        """What the owner of an information set did in this region on the way to it."""
        return self.way(self.tree.information_sets[key][0]).get(self.part.owners[key], {})

    def way(self, node: int) -> dict[int, dict[int, int]]:
        """The actions in this region that lead to a node: by player, by information set."""
        found: dict[int, dict[int, int]] = {}
        while node != self.part.root:
            parent = self.tree.nodes[self.tree.parents[node]]
            if parent.kind is NodeKind.MOVE:
                found.setdefault(parent.player, {})[parent.information_set] = parent.children.index(node)
            node = self.tree.parents[node]
        return found

    def _strategies(self, owner: int, most: int) -> list[tuple[int | None, ...]]:
        """The reduced strategies of a player; stops soon after `most`."""
        found: list[tuple[int | None, ...]] = [()]
        for key in self.sets[owner]:
            before = [(self.sets[owner].index(other), action) for other, action in self.before[key].items()]
            grown: list[tuple[int | None, ...]] = []
            for plan in found:
                gets_there = all(plan[place] == action for place, action in before)
                grown += [(*plan, action) for action in range(self.part.widths[key])] if gets_there else [(*plan, None)]
            found = grown
            if len(found) > most:
                break
        return found

    def game(self, exits: Mapping[int, Values]) -> tuple[StrategicGame, npt.NDArray[np.object_]]:
        """The game of those who move here, and the values of all players, axes (player, strategy of each mover)."""
        shape = [len(self.strategies[owner]) for owner in self.owners]
        everyone = np.full((self.tree.players, *shape), Fraction(0), dtype=object)
        for number, values in exits.items():
            way = self.way(number)
            cells = product(*(self.leading(owner, way.get(owner, {})) for owner in self.owners))
            for cell in cells:
                for player, value in enumerate(values):
                    if value:
                        place = (player, *cell)
                        everyone[place] = everyone[place] + value if everyone[place] else value
        return StrategicGame(everyone[self.owners]), everyone

    def leading(self, owner: int, actions: Mapping[int, int]) -> list[int]:
        """The strategies of a player that do not prevent some actions of its own."""
        known = (owner, *actions.items())
        if known not in self._leading:
            wanted = [(self.sets[owner].index(key), action) for key, action in actions.items()]
            self._leading[known] = [
                number
                for number, plan in enumerate(self.strategies[owner])
                if all(plan[place] == action for place, action in wanted)
            ]
        return self._leading[known]

    def actions(self, found: Equilibrium, exits: Mapping[int, Values]) -> dict[int, tuple[Fraction, ...]]:
        """Behaviour in each information set that a profile of strategies stands for (Kuhn 1953).

        Of the strategies that are mixed only those count that get to the information set. Where none does, the player
        does what is best there against what the others do.
        """
        behaviour: dict[int, tuple[Fraction, ...]] = {}
        unreached = []
        for owner, mix in zip(self.owners, found.strategies, strict=True):
            for place, key in enumerate(self.sets[owner]):
                weights = [Fraction(0)] * self.part.widths[key]
                for number in self.leading(owner, self.before[key]):
                    action = self.strategies[owner][number][place]
                    if mix[number] and action is not None:
                        weights[action] += mix[number]
                total = sum(weights)
                behaviour[key] = tuple(weight / total for weight in weights) if total else _unit(0, len(weights))
                unreached += [] if total else [key]
        for key in reversed(unreached):
            behaviour[key] = self._best_reply(key, behaviour, exits)
        return {key: behaviour[key] for key in self.part.sets}

    def _best_reply(
        self, key: int, behaviour: Mapping[int, tuple[Fraction, ...]], exits: Mapping[int, Values]
    ) -> tuple[Fraction, ...]:
        """The first best action in an information set, weighing its nodes by what chance and the others do."""
        owner = self.part.owners[key]
        inside = range(self.part.root, self.tree.after[self.part.root])
        nodes = [node for node in self.tree.information_sets[key] if node in inside]
        weights = [
            prod(
                behaviour[other][action]
                for who, did in self.way(node).items()
                if who != owner
                for other, action in did.items()
            )
            for node in nodes
        ]
        if not any(weights):
            weights = [1 for _ in nodes]
        worth = [
            sum(
                weight * self._value(self.tree.nodes[node].children[action], owner, behaviour, exits)
                for node, weight in zip(nodes, weights, strict=True)
            )
            for action in range(self.part.widths[key])
        ]
        return _unit(worth.index(max(worth)), len(worth))

    def _value(
        self, number: int, player: int, behaviour: Mapping[int, tuple[Fraction, ...]], exits: Mapping[int, Values]
    ) -> Fraction:
        if number in exits:
            return exits[number][player]
        node = self.tree.nodes[number]
        mix = behaviour[node.information_set] if node.kind is NodeKind.MOVE else [Fraction(1)] * len(node.children)
        return sum(
            (
                chance * self._value(child, player, behaviour, exits)
                for child, chance in zip(node.children, mix, strict=True)
                if chance
            ),
            Fraction(0),
        )

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


def _up_to_units(game: StrategicGame) -> tuple[object, ...]:
    """What two games have in common if they differ only in the units and origins of the players' payoffs."""
    told: list[object] = [game.shape]
    for table, _ in game.whole:
        first, *others = table.ravel().tolist()
        differences = [value - first for value in others]
        unit = gcd(*differences) if all(isinstance(one, int) for one in differences) else 1
        told.append(tuple(one // unit for one in differences) if unit > 1 else tuple(differences))
    return tuple(told)


def _unsolved(notes: Sequence[str]) -> TooLargeError:
    """A subgame in which no equilibrium was found within the limits (there always is one, in mixed strategies)."""
    return TooLargeError(
        "a subgame has no equilibrium in pure choices, and its mixed ones were not found within the limits"
        + (f" ({'; '.join(notes)})" if notes else "")
        + "; leave out options, or let players see more of what is decided before them",
        limit="profiles",
    )


def _sum(values: Sequence[Values]) -> Values:
    return tuple(sum(column, Fraction(0)) for column in zip(*values, strict=True))


def _unit(action: int, width: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(number == action)) for number in range(width))
