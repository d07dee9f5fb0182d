"""What a Nash equilibrium of a tree leaves open, filled in: subgame-perfect if that can be done.

A Nash equilibrium says what a player does where its own plan may get to. In a subgame that its plan avoids the player
is *free*; the others, whose plans may get there, are *bound*: they do what the equilibrium says, because that is what
deterred the first. The equilibrium can be completed to a subgame-perfect one exactly if every proper subgame, smallest
first, has an equilibrium in which the bound do so (Selten 1965). `Completion` looks for these:

* all bound: it is one or not;
* all free: the equilibria of the subgame;
* one free: a mixture of its best answers from which none of the bound gains by leaving, a linear feasibility question;
* several free, some bound: pure plans are tried.

Where ties leave more ways than are tried, a failure proves nothing and the verdict is None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.behaviour import (
    Behaviour,
    Sequences,
    behaviour_of_mixture,
    best_response,
    coefficients,
    end_weights,
    node_values,
    pure_plans,
    realisation,
    sequences,
    unit,
)
from gamecore.equilibria.exact_program import Outcome, Program
from gamecore.equilibria.n_player import n_player_equilibria
from gamecore.equilibria.play import Values
from gamecore.equilibria.result import Equilibrium, Solution, Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.errors import TooLargeError
from gamecore.games.strategic import StrategicGame
from gamecore.games.strategic_form import strategic_form
from gamecore.games.tree import Node, NodeKind, Tree

__all__ = ["Completion", "Part", "cut_off", "solve_plans"]

SUBGAME_SHARE: Final = 5  # a subgame may take this part of the work allowed for the whole tree
MOST_WAYS: Final = 12  # ways of playing one subgame kept
MOST_COMBINED: Final = 48  # choices of one way for each subgame below that are looked at
MOST_PLANS: Final = 128  # plans of one player tried in one subgame
N_PLAYER_WORK: Final = 5  # payoff differences of three and more players that take as long as a unit of two
MOST_PROFILES: Final = 5_000  # of plans, in a subgame in which all are free

Stop = Callable[[], bool]
Actions = dict[int, tuple[Fraction, ...]]


def solve_plans(game: StrategicGame, limit: int, should_stop: Stop | None = None) -> Solution:
    """The equilibria of a strategic form: as `two_player_equilibria` if at most two players have a choice (`limit`
    counts its units of work), else as `n_player_equilibria`. Those of two players come without their `payoffs`.
    """
    movers = [player for player, count in enumerate(game.shape) if count > 1]
    if len(movers) > 2:
        return n_player_equilibria(game, limit=limit * N_PLAYER_WORK, should_stop=should_stop)
    seats = (movers + [player for player in range(game.players) if player not in movers])[:2]
    seats.sort()
    shape = [game.shape[player] for player in seats] + [1] * (2 - len(seats))
    tables = [game.payoffs[player].reshape(shape) for player in seats]
    tables += [np.full(shape, Fraction(0), dtype=object)] * (2 - len(seats))
    solution = two_player_equilibria(StrategicGame(np.stack(tables)), limit=limit, should_stop=should_stop)
    everyone = []
    for one in solution.equilibria:
        mixes = dict(zip(seats, one.strategies, strict=False))
        strategies = tuple(mixes.get(player, (Fraction(1),)) for player in range(game.players))
        everyone.append(Equilibrium(strategies, (), one.certificate, component=one.component))
    return Solution(
        solution.method, solution.status, tuple(everyone), solution.notes, solution.parameters, solution.components
    )


@dataclass(frozen=True)
class _Way:
    """One way to play a subgame: what it is worth at its root, and what is done in it (where plans get to)."""

    values: Values
    actions: Mapping[int, tuple[Fraction, ...]]


@dataclass(frozen=True)
class _Ways:
    """The ways found, and whether there are no others. Of an undecided subgame there are none and `every` is false."""

    ways: tuple[_Way, ...]
    every: bool


@dataclass(frozen=True)
class Part:
    """A subgame cut off at the next subgame roots, which are its ends: `exits[t]` is the node that end `t` stands for.

    `below` are all information sets of the whole subgame.
    """

    tree: Tree
    exits: tuple[int, ...]
    numbered: Sequences
    below: tuple[int, ...]


class Completion:
    """Completes behaviour that is given where its owners' plans get to. One object serves all equilibria of a tree."""

    def __init__(
        self,
        tree: Tree,
        payoffs: npt.NDArray[Any],
        numbered: Sequences,
        limit: int,
        should_stop: Stop | None = None,
    ) -> None:
        self.tree = tree
        self.payoffs = payoffs
        self.numbered = numbered
        self.limit = limit
        self.should_stop = should_stop
        roots = [number for number in sorted(tree.subgame_roots) if tree.nodes[number].kind is not NodeKind.END]
        self.parts = {root: cut_off(tree, root) for root in roots}
        self._known: dict[tuple[object, ...], _Ways] = {}
        self._solved: dict[tuple[object, ...], tuple[list[Actions], bool]] = {}

    def complete(self, given: Behaviour, free: frozenset[int] = frozenset()) -> tuple[bool | None, Actions]:
        """Whether `given` is part of a subgame-perfect equilibrium, and a whole behaviour that contains it.

        The players in `free` are free in the whole tree: it is a subgame that their plans avoid.
        """
        weights = [
            [Fraction(0)] * self.numbered.count[player] if player in free else realisation(self.numbered, given, player)
            for player in range(self.tree.players)
        ]
        ways: dict[int, _Ways] = {}
        for root in sorted(self.parts, reverse=True):
            here = self.numbered.at_node[root]
            loose = frozenset(player for player in self.numbered.movers if not weights[player][here[player]])
            ways[root] = self._at(root, given, loose, ways)
            if not ways[root].ways and ways[root].every:
                return False, self.filled(given)
        whole = ways.get(0)
        if whole is not None and not whole.ways:
            return None, self.filled(given)
        return True, self.filled(whole.ways[0].actions if whole is not None else given)

    def filled(self, given: Behaviour) -> Actions:
        """`given`, and where it says nothing the action that is best there against the others' behaviour.

        In an information set that the others' behaviour avoids too, all its nodes count the same.
        """
        filled = dict(given)
        missing = [key for key in self.numbered.owner if key not in given]
        hidden = [key for key in missing if len(self.tree.information_sets[key]) > 1]
        for key in missing:
            width = self.numbered.width[key]
            filled[key] = (Fraction(1, width),) * width
        for key in reversed(hidden):
            worth = node_values(self.tree, self.payoffs, filled)
            owner, nodes = self.numbered.owner[key], self.tree.information_sets[key]
            shares = [self._others(filled, node, owner) for node in nodes]
            if not any(shares):
                shares = [Fraction(1)] * len(nodes)
            totals = [
                sum((share * worth[node][owner] for share, node in zip(shares, each, strict=True)), Fraction(0))
                for each in zip(*(self.tree.nodes[node].children for node in nodes), strict=True)
            ]
            filled[key] = unit(totals.index(max(totals)), len(totals))
        alone = {self.tree.information_sets[key][0]: key for key in missing if key not in set(hidden)}
        if alone:
            self._fill_single(filled, alone)
        return filled

    def _fill_single(self, filled: Actions, alone: Mapping[int, int]) -> None:
        worth: list[Values] = [()] * len(self.tree.nodes)
        for number in range(len(self.tree.nodes) - 1, -1, -1):
            node = self.tree.nodes[number]
            if node.kind is NodeKind.END:
                worth[number] = tuple(self.payoffs[:, node.end].tolist())
                continue
            below = [worth[child] for child in node.children]
            if number in alone:
                mine = [values[node.player] for values in below]
                filled[alone[number]] = unit(mine.index(max(mine)), len(mine))
            shares = filled[node.information_set] if node.kind is NodeKind.MOVE else (Fraction(1),) * len(below)
            worth[number] = _mixed(shares, below)

    def _others(self, behaviour: Behaviour, node: int, player: int) -> Fraction:
        """How likely the others' behaviour makes a node."""
        weight = Fraction(1)
        while (parent := self.tree.parents[node]) >= 0:
            above = self.tree.nodes[parent]
            if above.kind is NodeKind.MOVE and above.player != player:
                weight *= behaviour[above.information_set][above.children.index(node)]
            node = parent
        return weight

    # ---- the ways to play one subgame

    def _at(self, root: int, given: Behaviour, free: frozenset[int], below: Mapping[int, _Ways]) -> _Ways:
        part = self.parts[root]
        known: tuple[object, ...] = (root, free, tuple(given.get(key) for key in part.below))
        if known not in self._known:
            self._known[known] = self._find(root, part, given, free, below)
        return self._known[known]

    def _find(self, root: int, part: Part, given: Behaviour, free: frozenset[int], below: Mapping[int, _Ways]) -> _Ways:
        inner = [number for number in part.exits if number in below]
        every = all(below[number].every for number in inner)
        combined = product(*(below[number].ways for number in inner))
        found: dict[tuple[object, ...], _Way] = {}
        for choice in islice(combined, MOST_COMBINED):
            chosen = dict(zip(inner, choice, strict=True))
            payoffs = np.array(
                [
                    chosen[number].values if number in chosen else self.payoffs[:, self.tree.nodes[number].end]
                    for number in part.exits
                ],
                dtype=object,
            ).T
            plans, all_plans = self._plans(root, part, payoffs, given, free)
            every &= all_plans
            for plan in plans:
                values = _worth(part, payoffs, plan)
                actions = dict(plan)
                for one in choice:
                    actions |= one.actions
                found.setdefault((values, tuple(sorted(actions.items()))), _Way(values, actions))
        every &= next(combined, None) is None and len(found) <= MOST_WAYS
        return _Ways(tuple(islice(found.values(), MOST_WAYS)), every)

    def _plans(
        self, root: int, part: Part, payoffs: npt.NDArray[Any], given: Behaviour, free: frozenset[int]
    ) -> tuple[list[Actions], bool]:
        """Behaviour in the subgame's own information sets, and whether these are all that fit."""
        movers = part.numbered.movers
        at_liberty = [player for player in movers if player in free]
        bound = [player for player in movers if player not in free]
        fixed = {key: given[key] for player in bound for key in part.numbered.owned[player] if key in given}
        if not at_liberty:
            return ([fixed] if _is_nash(part, payoffs, fixed, bound) else []), True
        if not bound:
            known = (root, tuple(payoffs.ravel().tolist()))
            if known not in self._solved:
                self._solved[known] = self._all_free(part, payoffs)
            return self._solved[known]
        if len(at_liberty) == 1:
            return self._one_free(part, payoffs, fixed, at_liberty[0], bound)
        tried = product(*(islice(pure_plans(part.numbered, player), MOST_PLANS) for player in at_liberty))
        found = []
        for choice in islice(tried, MOST_PLANS):
            plan = fixed | {key: mix for one in choice for key, mix in _as_behaviour(part, one).items()}
            if _is_nash(part, payoffs, plan, movers):
                found.append(plan)
        return found, False

    def _all_free(self, part: Part, payoffs: npt.NDArray[Any]) -> tuple[list[Actions], bool]:
        try:
            form = strategic_form(part.tree, payoffs, most_profiles=MOST_PROFILES)
        except TooLargeError:
            return [], False
        solution = solve_plans(form.game, self.limit // SUBGAME_SHARE, self.should_stop)
        exact = [one for one in solution.equilibria if not one.certificate.bound]
        every = solution.status is Status.COMPLETE and all(one.single for one in solution.components)
        every &= len(exact) == len(solution.equilibria)
        behaviours = [behaviour_of_mixture(part.numbered, form, one.strategies) for one in exact]
        return behaviours, every

    def _one_free(
        self, part: Part, payoffs: npt.NDArray[Any], fixed: Actions, player: int, bound: Sequence[int]
    ) -> tuple[list[Actions], bool]:
        """The free player's best answers to the bound, or a mixture of them that none of the bound leaves."""
        best, _ = best_response(part.numbered, payoffs, fixed, player)
        earned = coefficients(part.numbered, payoffs, fixed, player)
        plans = list(islice(pure_plans(part.numbered, player), MOST_PLANS + 1))
        answers = [
            plan
            for plan in plans[:MOST_PLANS]
            if earned[0] + sum((earned[part.numbered.first[key] + a] for key, a in plan.items()), Fraction(0)) == best
        ]
        all_tried = len(plans) <= MOST_PLANS
        candidates = [fixed | _as_behaviour(part, plan) for plan in answers]
        found = [plan for plan in candidates if _is_nash(part, payoffs, plan, bound)]
        if found or len(answers) < 2:
            return found, all_tried and len(answers) < 2
        rows = []
        for other in bound:
            against = [coefficients(part.numbered, payoffs, plan, other) for plan in candidates]
            now = realisation(part.numbered, fixed, other)
            others_plans = list(islice(pure_plans(part.numbered, other), MOST_PLANS + 1))
            if len(others_plans) > MOST_PLANS:
                return [], False
            for plan in others_plans:
                steps = [0, *(part.numbered.first[key] + action for key, action in plan.items())]
                gains = [
                    sum((one[step] for step in steps), Fraction(0))
                    - sum((a * b for a, b in zip(one, now, strict=True)), Fraction(0))
                    for one in against
                ]
                rows.append((gains, Fraction(0)))
        program = Program(at_most=rows, equal=[([1] * len(answers), 1)], should_stop=self.should_stop)
        optimum = program.maximise([0] * len(answers))
        if optimum.outcome is not Outcome.OPTIMAL:
            return [], all_tried and optimum.outcome is Outcome.INFEASIBLE
        return [fixed | _blend(part, player, answers, optimum.point)], False


def cut_off(tree: Tree, root: int) -> Part:
    """The subgame at `root` cut off at the next subgame roots."""
    nodes: list[Node] = []
    exits: list[int] = []
    numbers: dict[int, int] = {}
    inside: list[int] = []
    stack = [root]
    while stack:
        number = stack.pop()
        numbers[number] = len(inside)
        inside.append(number)
        if number == root or number not in tree.subgame_roots:
            stack.extend(reversed(tree.nodes[number].children))
    for number in inside:
        node = tree.nodes[number]
        if number != root and number in tree.subgame_roots:
            nodes.append(Node(NodeKind.END, end=len(exits)))
            exits.append(number)
        else:
            children = tuple(numbers[child] for child in node.children)
            nodes.append(Node(node.kind, children, node.player, node.information_set))
    below = {node.information_set for node in tree.nodes[root : tree.after[root]] if node.kind is NodeKind.MOVE}
    small = Tree(tree.players, tuple(nodes))
    return Part(small, tuple(exits), sequences(small), tuple(sorted(below)))


def _is_nash(part: Part, payoffs: npt.NDArray[Any], plan: Behaviour, players: Sequence[int]) -> bool:
    """Whether none of `players` gains by another plan for the part."""
    for player in players:
        earned = coefficients(part.numbered, payoffs, plan, player)
        now = sum(
            (a * b for a, b in zip(earned, realisation(part.numbered, plan, player), strict=True) if a and b),
            Fraction(0),
        )
        if best_response(part.numbered, payoffs, plan, player)[0] > now:
            return False
    return True


def _worth(part: Part, payoffs: npt.NDArray[Any], plan: Behaviour) -> Values:
    totals = [Fraction(0)] * part.tree.players
    for end, weight in end_weights(part.numbered, plan).items():
        totals = [total + weight * value for total, value in zip(totals, payoffs[:, end], strict=True)]
    return tuple(totals)


def _as_behaviour(part: Part, plan: Mapping[int, int]) -> Actions:
    return {key: unit(action, part.numbered.width[key]) for key, action in plan.items()}


def _blend(part: Part, player: int, plans: Sequence[Mapping[int, int]], chances: Sequence[Fraction]) -> Actions:
    """The behaviour that a mixture of plans stands for."""
    blended: Actions = {}
    for key in part.numbered.owned[player]:
        weights = [Fraction(0)] * part.numbered.width[key]
        for plan, chance in zip(plans, chances, strict=True):
            if key in plan:
                weights[plan[key]] += chance
        total = sum(weights)
        if total:
            blended[key] = tuple(weight / total for weight in weights)
    return blended


def _mixed(shares: Sequence[Fraction], below: Sequence[Values]) -> Values:
    return tuple(
        sum((share * value for share, value in zip(shares, column, strict=True) if share), Fraction(0))
        for column in zip(*below, strict=True)
    )
