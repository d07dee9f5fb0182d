"""Behaviour strategies in trees of moves and chance: what they are worth, what a best answer gets, and the proof.

A *behaviour* names for each information set the chances of its actions. With perfect recall it is as good as any
mixture of plans (Kuhn 1953), and all that counts of player `i`'s behaviour is how likely it makes each of its
*sequences*: the actions of `i` on the way to some node (von Stengel 1996). `Sequences` numbers them per player, 0 being
the empty one; `realisation` gives their weights.

Payoffs are `Fraction`s weighted by reach (`games/tree.py`), axes (player, end). The weight of an end is the product of
the players' choices that lead there, not of chance, which is in the payoffs.

>>> import numpy as np
>>> from gamecore.games.tree import Node, NodeKind
>>> leaf = [Node(NodeKind.END, end=number) for number in range(3)]
>>> enter = Node(NodeKind.MOVE, (1, 2), player=0, information_set=0)
>>> fight = Node(NodeKind.MOVE, (3, 4), player=1, information_set=1)
>>> tree = Tree(2, (enter, leaf[0], fight, leaf[1], leaf[2]))
>>> payoffs = np.array([[1, 0, 2], [5, 0, 2]], dtype=object) * Fraction(1)
>>> stay_out = {0: (Fraction(1), Fraction(0)), 1: (Fraction(1), Fraction(0))}
>>> certify_behaviour(tree, payoffs, stay_out).holds, is_subgame_perfect(tree, payoffs, stay_out)
(True, False)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy.typing as npt

from gamecore.equilibria.play import Play, Values
from gamecore.equilibria.result import Certificate, Deviation
from gamecore.errors import InputError
from gamecore.games.recall import check_perfect_recall
from gamecore.games.strategic import Mixed
from gamecore.games.strategic_form import StrategicForm
from gamecore.games.tree import NodeKind, Tree

__all__ = [
    "Behaviour",
    "MOST_PLANS_PRICED",
    "Sequences",
    "behaviour_of_mixture",
    "best_response",
    "certify_behaviour",
    "coefficients",
    "end_weights",
    "is_subgame_perfect",
    "node_reach",
    "node_values",
    "plan_count",
    "play_of",
    "pure_plans",
    "realisation",
    "sequences",
    "unit",
    "violations",
]

MOST_PLANS_PRICED: Final = 1024  # of one player; beyond, its best plan alone stands in the ledger

Behaviour = Mapping[int, tuple[Fraction, ...]]
"""For each information set the chances of its actions."""


@dataclass(frozen=True)
class Sequences:
    """What each player can have done by each node, numbered.

    `owner` and `width` tell whose an information set is and how many actions it has; `owned[i]` are the sets of player
    `i`, earlier ones first; `before[key]` is the owner's sequence that leads to a set, `first[key]` the number of the
    sequence that adds its action 0 (action `a` is `first + a`); `count[i]` how many sequences player `i` has;
    `at_node[v][i]` and `at_end[t][i]` the sequence of player `i` at a node or end.
    """

    owner: Mapping[int, int]
    width: Mapping[int, int]
    owned: tuple[tuple[int, ...], ...]
    before: Mapping[int, int]
    first: Mapping[int, int]
    count: tuple[int, ...]
    at_node: tuple[tuple[int, ...], ...]
    at_end: tuple[tuple[int, ...], ...]

    @cached_property
    def following(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """For each player and sequence, the information sets of that player that come next."""
        found: list[list[list[int]]] = [[[] for _ in range(count)] for count in self.count]
        for key, owner in self.owner.items():
            found[owner][self.before[key]].append(key)
        return tuple(tuple(map(tuple, mine)) for mine in found)

    @property
    def movers(self) -> tuple[int, ...]:
        """The players who move somewhere."""
        return tuple(player for player, keys in enumerate(self.owned) if keys)


def sequences(tree: Tree) -> Sequences:
    """Number the sequences of a tree of moves and chance.

    Raises `InputError` if the tree has agreements, `RefusedError` if a player forgets in it what it knew or did.
    """
    owner: dict[int, int] = {}
    width: dict[int, int] = {}
    before: dict[int, int] = {}
    first: dict[int, int] = {}
    owned: list[list[int]] = [[] for _ in range(tree.players)]
    count = [1] * tree.players
    at_node: list[tuple[int, ...]] = [()] * len(tree.nodes)
    at_end: list[tuple[int, ...]] = [()] * tree.ends
    at_node[0] = (0,) * tree.players
    for number, node in enumerate(tree.nodes):
        here = at_node[number]
        if node.kind is NodeKind.AGREEMENT:
            raise InputError("equilibria in behaviour strategies need agreements laid out as moves")
        if node.kind is NodeKind.END:
            at_end[node.end] = here
        elif node.kind is NodeKind.CHANCE:
            for child in node.children:
                at_node[child] = here
        else:
            key, player = node.information_set, node.player
            if key not in owner:
                owner[key], width[key], before[key] = player, len(node.children), here[player]
                first[key] = count[player]
                count[player] += len(node.children)
                owned[player].append(key)
            elif before[key] != here[player]:
                check_perfect_recall(tree)  # raises, with the explanation
            for action, child in enumerate(node.children):
                at_node[child] = (*here[:player], first[key] + action, *here[player + 1 :])
    return Sequences(owner, width, tuple(map(tuple, owned)), before, first, tuple(count), tuple(at_node), tuple(at_end))


def realisation(numbered: Sequences, behaviour: Behaviour, player: int) -> list[Fraction]:
    """How likely a player's behaviour makes each of its sequences, as far as it depends on that player."""
    weights = [Fraction(0)] * numbered.count[player]
    weights[0] = Fraction(1)
    for key in numbered.owned[player]:
        here = weights[numbered.before[key]]
        if here:
            for action, chance in enumerate(behaviour[key]):
                weights[numbered.first[key] + action] = here * chance
    return weights


def end_weights(numbered: Sequences, behaviour: Behaviour) -> dict[int, Fraction]:
    """The weight of each end that is reached."""
    plans = [realisation(numbered, behaviour, player) for player in range(len(numbered.count))]
    weights = {}
    for end, sequence in enumerate(numbered.at_end):
        weight = _product(plans[player][one] for player, one in enumerate(sequence) if one)
        if weight:
            weights[end] = weight
    return weights


def node_values(tree: Tree, payoffs: npt.NDArray[Any], behaviour: Behaviour) -> list[Values]:
    """What each node is worth to every player if the behaviour is followed from there on."""
    worth: list[Values] = [()] * len(tree.nodes)
    for number in range(len(tree.nodes) - 1, -1, -1):
        node = tree.nodes[number]
        if node.kind is NodeKind.END:
            worth[number] = tuple(payoffs[:, node.end].tolist())
            continue
        below = [worth[child] for child in node.children]
        if node.kind is NodeKind.MOVE:
            mix = behaviour[node.information_set]
            used = [(chance, values) for chance, values in zip(mix, below, strict=True) if chance]
            if len(used) == 1:
                worth[number] = used[0][1]
                continue
            below = [tuple(chance * value for value in values) for chance, values in used]
        worth[number] = tuple(sum(column, Fraction(0)) for column in zip(*below, strict=True))
    return worth


def node_reach(tree: Tree, reach: npt.NDArray[Any]) -> list[Values]:
    """The chance that chance lets play get to each node, by player."""
    chances: list[Values] = [()] * len(tree.nodes)
    for number in range(len(tree.nodes) - 1, -1, -1):
        node = tree.nodes[number]
        if node.kind is NodeKind.END:
            chances[number] = tuple(reach[: tree.players, node.end].tolist())
        elif node.kind is NodeKind.CHANCE:
            below = [chances[child] for child in node.children]
            chances[number] = tuple(sum(column, Fraction(0)) for column in zip(*below, strict=True))
        else:
            chances[number] = chances[node.children[0]]
    return chances


def behaviour_of_mixture(
    numbered: Sequences, form: StrategicForm, strategies: Mixed
) -> dict[int, tuple[Fraction, ...]]:
    """The behaviour that makes every node as likely as the mixtures of plans do (Kuhn 1953).

    Information sets that a player's own mixture never gets to are left out.
    """
    behaviour: dict[int, tuple[Fraction, ...]] = {}
    for mix, plans, keys in zip(strategies, form.strategies, form.information_sets, strict=True):
        used = [(chance, plan) for chance, plan in zip(mix, plans, strict=True) if chance]
        for place, key in enumerate(keys):
            weights = [Fraction(0)] * numbered.width[key]
            for chance, plan in used:
                action = plan[place]
                if action is not None:
                    weights[action] += chance
            total = sum(weights)
            if total:
                behaviour[key] = tuple(weight / total for weight in weights)
    return behaviour


# ---- best answers ----------------------------------------------------------------------------------------------------


def coefficients(numbered: Sequences, payoffs: npt.NDArray[Any], behaviour: Behaviour, player: int) -> list[Fraction]:
    """What each sequence of a player earns it at the ends where it stops, against the others' behaviour."""
    others = {other: realisation(numbered, behaviour, other) for other in range(len(numbered.count)) if other != player}
    earned = [Fraction(0)] * numbered.count[player]
    for end, sequence in enumerate(numbered.at_end):
        weight = _product(plan[sequence[other]] for other, plan in others.items() if sequence[other])
        if weight:
            earned[sequence[player]] += weight * payoffs[player, end]
    return earned


def best_response(
    numbered: Sequences, payoffs: npt.NDArray[Any], behaviour: Behaviour, player: int
) -> tuple[Fraction, dict[int, int]]:
    """The most a player can get against the others' behaviour, and a plan that gets it (the first of several)."""
    return _best(numbered, coefficients(numbered, payoffs, behaviour, player), player)


def _best(numbered: Sequences, earned: Sequence[Fraction], player: int) -> tuple[Fraction, dict[int, int]]:
    total = list(earned)
    plan: dict[int, int] = {}
    for key in reversed(numbered.owned[player]):
        first = numbered.first[key]
        worth = total[first : first + numbered.width[key]]
        best = max(worth)
        plan[key] = worth.index(best)
        total[numbered.before[key]] += best
    return total[0], plan


def pure_plans(numbered: Sequences, player: int) -> Iterator[dict[int, int]]:
    """The reduced plans of a player: an action for each of its information sets that the plan itself gets to."""
    keys = numbered.owned[player]
    stack: list[tuple[int, dict[int, int], frozenset[int]]] = [(0, {}, frozenset({0}))]
    while stack:
        place, plan, got = stack.pop()
        while place < len(keys) and numbered.before[keys[place]] not in got:
            place += 1
        if place == len(keys):
            yield plan
            continue
        key = keys[place]
        stack.extend(
            (place + 1, plan | {key: action}, got | {numbered.first[key] + action})
            for action in reversed(range(numbered.width[key]))
        )


def plan_count(numbered: Sequences, player: int) -> int:
    """How many reduced plans a player has."""
    ways = [1] * numbered.count[player]
    for key in reversed(numbered.owned[player]):
        first = numbered.first[key]
        ways[numbered.before[key]] *= sum(ways[first : first + numbered.width[key]])
    return ways[0]


# ---- the proof -------------------------------------------------------------------------------------------------------


def certify_behaviour(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    behaviour: Behaviour,
    *,
    bound: Fraction | int = 0,
    numbered: Sequences | None = None,
) -> Certificate:
    """The gain of each player from each other plan, everybody else keeping to the behaviour; exact.

    `Deviation.action` has one entry per information set of the player, in prefix order, -1 where the plan never gets.
    Of a player with more than `MOST_PLANS_PRICED` plans only the best one is listed, which bounds all the others.

    Raises `InputError` if the behaviour does not name exact chances for each information set.
    """
    numbered = numbered or sequences(tree)
    _check(numbered, behaviour)
    deviations: list[Deviation] = []
    for player in numbered.movers:
        earned = coefficients(numbered, payoffs, behaviour, player)
        now = _dot(earned, realisation(numbered, behaviour, player))
        if plan_count(numbered, player) > MOST_PLANS_PRICED:
            value, plan = _best(numbered, earned, player)
            kept = _reduced(numbered, plan, player)
            deviations.append(Deviation(player, _listed(numbered, kept, player), value - now))
            continue
        for plan in pure_plans(numbered, player):
            if any(behaviour[key][action] != 1 for key, action in plan.items()):
                value = earned[0] + sum((earned[numbered.first[key] + a] for key, a in plan.items()), Fraction(0))
                deviations.append(Deviation(player, _listed(numbered, plan, player), value - now))
    return Certificate(tuple(deviations), Fraction(bound))


def is_subgame_perfect(
    tree: Tree, payoffs: npt.NDArray[Any], behaviour: Behaviour, *, numbered: Sequences | None = None
) -> bool:
    """Whether nobody gains by another plan in any proper subgame (Selten 1965)."""
    return not violations(tree, payoffs, behaviour, numbered or sequences(tree), first_only=True)


def violations(
    tree: Tree, payoffs: npt.NDArray[Any], behaviour: Behaviour, numbered: Sequences, *, first_only: bool = False
) -> list[tuple[int, int, Fraction]]:
    """Where a behaviour is no equilibrium of a proper subgame: (root, player, gain), smallest subgames first.

    Gains are those of the best plan for the whole subgame, weighted by reach.
    """
    found: list[tuple[int, int, Fraction]] = []
    worth = node_values(tree, payoffs, behaviour)
    best: dict[int, list[Fraction]] = {}  # per player, what its best answer gets at each node that is a subgame root
    for player in numbered.movers:
        best[player] = _best_at_roots(tree, payoffs, behaviour, player)
    for root in sorted(tree.subgame_roots, reverse=True):
        if tree.nodes[root].kind is NodeKind.END:
            continue
        for player in numbered.movers:
            gain = best[player][root] - worth[root][player]
            if gain > 0:
                found.append((root, player, gain))
                if first_only:
                    return found
    return found


def _best_at_roots(tree: Tree, payoffs: npt.NDArray[Any], behaviour: Behaviour, player: int) -> list[Fraction]:
    """What a best answer from a subgame root on is worth there, for each root (0 elsewhere)."""
    values = [Fraction(0)] * len(tree.nodes)
    for root in sorted(tree.subgame_roots, reverse=True):
        node = tree.nodes[root]
        if node.kind is NodeKind.END:
            values[root] = payoffs[player, node.end]
        else:
            values[root] = _best_in_region(tree, behaviour, player, root, values)
    return values


def _best_in_region(tree: Tree, behaviour: Behaviour, player: int, root: int, values: Sequence[Fraction]) -> Fraction:
    """Dynamic programming over the player's information sets between a subgame root and the next ones."""
    earned: dict[tuple[int, int] | None, Fraction] = {None: Fraction(0)}
    before: dict[int, tuple[int, int] | None] = {}
    order: list[tuple[int, int, int]] = []  # (depth in own moves, set, width)
    stack: list[tuple[int, Fraction, tuple[int, int] | None, int]] = [(root, Fraction(1), None, 0)]
    while stack:
        number, weight, sequence, depth = stack.pop()
        node = tree.nodes[number]
        if number != root and number in tree.subgame_roots:
            earned[sequence] += weight * values[number]
        elif node.kind is NodeKind.CHANCE:
            stack.extend((child, weight, sequence, depth) for child in node.children)
        elif node.player != player:
            mix = behaviour[node.information_set]
            stack.extend(
                (child, weight * chance, sequence, depth)
                for child, chance in zip(node.children, mix, strict=True)
                if chance
            )
        else:
            key = node.information_set
            if key not in before:
                before[key] = sequence
                order.append((depth, key, len(node.children)))
                earned |= {(key, action): Fraction(0) for action in range(len(node.children))}
            stack.extend((child, weight, (key, action), depth + 1) for action, child in enumerate(node.children))
    for _, key, width in sorted(order, reverse=True):
        earned[before[key]] += max(earned[key, action] for action in range(width))
    return earned[None]


def play_of(tree: Tree, payoffs: npt.NDArray[Any], behaviour: Behaviour) -> Play:
    """A behaviour written as a play, the form `tree_certificate` proves."""
    from gamecore.equilibria.backward_induction import region

    worth = node_values(tree, payoffs, behaviour)
    plays: dict[int, Play] = {}
    for root in sorted(tree.subgame_roots, reverse=True):
        if tree.nodes[root].kind is NodeKind.END:
            plays[root] = Play(root, worth[root])
            continue
        part = region(tree, root)
        actions = {key: behaviour[key] for key in part.sets}
        plays[root] = Play(root, worth[root], actions, {number: plays[number] for number in part.exits})
    return plays[0]


def _check(numbered: Sequences, behaviour: Behaviour) -> None:
    for key, width in numbered.width.items():
        mix = behaviour.get(key, ())
        if len(mix) != width or not all(isinstance(chance, Fraction | int) for chance in mix):
            raise InputError(f"information set {key} needs {width} exact chances, not {mix!r}")
        if min(mix) < 0 or sum(mix) != 1:
            raise InputError(f"the chances of information set {key} are no distribution: entries from 0, sum 1")


def _reduced(numbered: Sequences, plan: Mapping[int, int], player: int) -> dict[int, int]:
    got = {0}
    kept = {}
    for key in numbered.owned[player]:
        if numbered.before[key] in got:
            kept[key] = plan[key]
            got.add(numbered.first[key] + plan[key])
    return kept


def _listed(numbered: Sequences, plan: Mapping[int, int], player: int) -> tuple[int, ...]:
    return tuple(plan.get(key, -1) for key in numbered.owned[player])


def _product(factors: Iterator[Fraction]) -> Fraction:
    weight = Fraction(1)
    for factor in factors:
        if not factor:
            return Fraction(0)
        if factor != 1:
            weight *= factor
    return weight


def _dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True) if a and b), Fraction(0))


@lru_cache(maxsize=4096)
def unit(action: int, width: int) -> tuple[Fraction, ...]:
    """One action for sure."""
    return tuple(Fraction(int(number == action)) for number in range(width))
