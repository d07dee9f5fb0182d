"""Laws of equilibria in trees with many ties: units and offsets, names and order, and the strategic form."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gamecore.equilibria.n_player import n_player_equilibria
from gamecore.equilibria.result import Status
from gamecore.equilibria.tree_equilibria import nash_equilibria, subgame_perfect_equilibria
from gamecore.equilibria.tree_result import TreeSolution
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.strategic_form import strategic_form
from gamecore.games.tree import NodeKind, Tree
from tests.equilibria.written_trees import Written, partly_seen

SEEDS = range(24)

Outcomes = set[tuple[tuple[int, Fraction], ...]]


def _game(seed: int) -> Written:
    return partly_seen(random.Random(seed), players=2 + seed % 2, steps=3)


def _all(tree: Tree, payoffs: Any) -> TreeSolution:
    return nash_equilibria(tree, payoffs, most_profiles=300)


def _outcomes(solution: TreeSolution, ends: dict[int, int] | None = None) -> Outcomes:
    """What the exact equilibria lead to; `ends` renames the ends."""
    exact = [one for one in solution.equilibria if not one.certificate.bound]
    return {
        tuple(sorted((end if ends is None else ends[end], weight) for end, weight in one.outcome.items()))
        for one in exact
    }


def _same(one: tuple[Tree, Any], other: tuple[Tree, Any], ends: dict[int, int] | None = None) -> None:
    """Both have the same subgame-perfect and, where all are found, the same Nash outcomes."""
    first, second = (subgame_perfect_equilibria(*game) for game in (one, other))
    if first.status is Status.COMPLETE and second.status is Status.COMPLETE:
        assert _outcomes(first) == _outcomes(second, ends)
    first, second = (_all(*game) for game in (one, other))
    assert first.status is second.status
    if first.status is Status.COMPLETE:
        assert _outcomes(first) == _outcomes(second, ends)


def test_most_of_these_trees_are_answered_completely() -> None:
    games = [_game(seed) for seed in SEEDS]
    assert sum(_all(game.tree, game.payoffs).status is Status.COMPLETE for game in games) >= 18
    assert sum(any(len(nodes) > 1 for nodes in game.tree.information_sets.values()) for game in games) >= 12


@pytest.mark.parametrize("seed", SEEDS)
def test_units_and_offsets_of_payoffs_change_no_outcome(seed: int) -> None:
    """Laws 1 and 2; payoffs are weighted by reach, and so is what is added."""
    game = _game(seed)
    rng = random.Random(-seed)
    units = [Fraction(10) ** rng.randint(-9, 12) * rng.randint(1, 9) for _ in range(game.tree.players)]
    offsets = [Fraction(rng.randint(-(10**9), 10**9), 7) for _ in range(game.tree.players)]
    turned = [
        own * unit + reach * offset
        for own, unit, reach, offset in zip(game.payoffs, units, game.reach, offsets, strict=True)
    ]
    _same((game.tree, game.payoffs), (game.tree, np.array(turned, dtype=object)))


@pytest.mark.parametrize("seed", SEEDS)
def test_other_numbers_for_the_players_change_no_outcome(seed: int) -> None:
    """Law 3, players."""
    game = _game(seed)
    order = list(range(game.tree.players))
    random.Random(seed).shuffle(order)  # player p is called order[p]
    nodes = tuple(
        replace(node, player=order[node.player]) if node.kind is NodeKind.MOVE else node for node in game.tree.nodes
    )
    payoffs = np.empty_like(game.payoffs)
    payoffs[order] = game.payoffs
    _same((game.tree, game.payoffs), (Tree(game.tree.players, nodes), payoffs))


@pytest.mark.parametrize("seed", SEEDS)
def test_another_order_of_the_actions_changes_no_outcome(seed: int) -> None:
    """Law 3, options: the tree in a mirror."""
    game = _game(seed)
    order: list[int] = []
    stack = [0]
    while stack:
        order.append(stack.pop())
        stack += game.tree.nodes[order[-1]].children  # so that the last child comes first
    place = {number: new for new, number in enumerate(order)}
    ends: dict[int, int] = {}  # in the mirror -> before
    nodes = []
    for number in order:
        node = game.tree.nodes[number]
        if node.kind is NodeKind.END:
            nodes.append(replace(node, end=len(ends)))
            ends[len(ends)] = node.end
        else:
            nodes.append(replace(node, children=tuple(place[child] for child in reversed(node.children))))
    mirror = Tree(game.tree.players, tuple(nodes))
    _same((game.tree, game.payoffs), (mirror, game.payoffs[:, [ends[new] for new in range(len(ends))]]), ends)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_strategic_form_leads_to_the_same_outcomes(seed: int) -> None:
    """Law 7: plans mixed as the strategic form says lead to the ends of the behaviour, no more and no fewer."""
    game = _game(seed)
    solution = _all(game.tree, game.payoffs)
    if solution.status is not Status.COMPLETE:
        return
    form = strategic_form(game.tree, game.payoffs)
    solve = two_player_equilibria if game.tree.players == 2 else n_player_equilibria
    found: Outcomes = set()
    for one in solve(form.game).equilibria:
        if one.certificate.bound:
            continue
        weights: dict[int, Fraction] = {}
        stack = [(0, tuple({n: p for n, p in enumerate(mix) if p} for mix in one.strategies))]
        while stack:
            number, plans = stack.pop()
            node = game.tree.nodes[number]
            if node.kind is NodeKind.END:
                weight = Fraction(1)
                for mine in plans:
                    weight *= sum(mine.values(), Fraction(0))
                if weight:
                    weights[node.end] = weight
            elif node.kind is NodeKind.CHANCE:
                stack += [(child, plans) for child in node.children]
            else:
                at = form.information_sets[node.player].index(node.information_set)
                for action, child in enumerate(node.children):
                    menu = form.strategies[node.player]
                    left = {n: p for n, p in plans[node.player].items() if menu[n][at] == action}
                    stack.append((child, (*plans[: node.player], left, *plans[node.player + 1 :])))
        found.add(tuple(sorted(weights.items())))
    assert found == _outcomes(solution)
