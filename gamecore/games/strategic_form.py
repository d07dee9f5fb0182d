"""The strategic form of a game tree: one option for each whole plan of a player.

A plan of player `i` names an action in each information set of `i`, in prefix order. Plans are *reduced* (Kuhn 1953;
von Stengel 1996): an information set that the plan's own earlier actions make unreachable has no action (`None`), so
plans that differ only there are one. The tree must have moves and chance only (`compile_game` with
`lay_out_agreements`) and perfect recall.

Payoffs of the tree are weighted by reach (`tree.py`), so what a profile is worth is the sum over the ends that its
actions lead to: `game.payoffs` has axes (player, plan of player 0, plan of player 1, ...).

>>> from gamecore.games.tree import Node, NodeKind, Tree
>>> leaf = [Node(NodeKind.END, end=number) for number in range(3)]
>>> enter = Node(NodeKind.MOVE, (1, 2), player=0, information_set=0)
>>> fight = Node(NodeKind.MOVE, (3, 4), player=1, information_set=1)
>>> tree = Tree(2, (enter, leaf[0], fight, leaf[1], leaf[2]))
>>> form = strategic_form(tree, np.array([[1, 0, 2], [5, 0, 2]], dtype=object) * Fraction(1))
>>> form.strategies
(((0,), (1,)), ((0,), (1,)))
>>> form.game.payoff((1, 0))
(Fraction(0, 1), Fraction(0, 1))
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError, TooLargeError
from gamecore.games.strategic import StrategicGame
from gamecore.games.tree import NodeKind, Tree

__all__ = ["MOST_PROFILES", "Strategy", "StrategicForm", "strategic_form"]

MOST_PROFILES: Final = 200_000  # profiles of plans laid out at most: about a second

Strategy = tuple[int | None, ...]
"""A plan: the action in each of the player's information sets, None where the plan itself never gets."""


@dataclass(frozen=True)
class StrategicForm:
    """`strategies[i]` are the plans of player `i`, in the order of the game's options; `information_sets[i]` says which
    information set each place of a plan is about. A player who never moves has one empty plan.
    """

    game: StrategicGame
    strategies: tuple[tuple[Strategy, ...], ...]
    information_sets: tuple[tuple[int, ...], ...]


def strategic_form(tree: Tree, payoffs: npt.NDArray[Any], *, most_profiles: int = MOST_PROFILES) -> StrategicForm:
    """The reduced strategic form of a tree of moves and chance.

    Parameters
    ----------
    tree
        A tree of moves and chance nodes.
    payoffs
        `Fraction`s weighted by reach, axes (player, end).
    most_profiles
        The most profiles of plans.

    Raises
    ------
    InputError
        If the tree has agreements, or a player forgets in it what it did.
    TooLargeError
        If there are more than `most_profiles` profiles.
    """
    if any(node.kind is NodeKind.AGREEMENT for node in tree.nodes):
        raise InputError(
            "a strategic form needs agreements laid out as moves: compile the game with lay_out_agreements"
        )
    past = _own_past(tree)
    owned: list[list[int]] = [[] for _ in range(tree.players)]
    for key, nodes in tree.information_sets.items():
        owned[tree.nodes[nodes[0]].player].append(key)
    plans: list[list[Strategy]] = []
    for keys in owned:
        plans.append(_plans(tree, keys, past, most_profiles // prod(map(len, plans))))
        if prod(map(len, plans)) > most_profiles:
            raise TooLargeError(
                f"the strategic form has more than {most_profiles} profiles of plans; "
                "solve the tree by backward induction, or leave out options",
                limit="profiles",
                count=prod(map(len, plans)),
                allowed=most_profiles,
            )
    places = [{key: place for place, key in enumerate(keys)} for keys in owned]
    values = np.full((tree.players, *map(len, plans)), Fraction(0), dtype=object)
    for number, node in enumerate(tree.nodes):
        if node.kind is NodeKind.END:
            wanted = _path(tree, number)
            leading = [
                [
                    option
                    for option, plan in enumerate(mine)
                    if all(plan[place[key]] == action for key, action in wanted.get(player, ()))
                ]
                for player, (mine, place) in enumerate(zip(plans, places, strict=True))
            ]
            for player in range(tree.players):
                values[player][np.ix_(*leading)] += payoffs[player, node.end]
    return StrategicForm(StrategicGame(values), tuple(map(tuple, plans)), tuple(map(tuple, owned)))


def _path(tree: Tree, node: int) -> dict[int, list[tuple[int, int]]]:
    """The (information set, action) pairs on the way to a node, by player."""
    found: dict[int, list[tuple[int, int]]] = {}
    while tree.parents[node] >= 0:
        parent = tree.nodes[tree.parents[node]]
        if parent.kind is NodeKind.MOVE:
            action = parent.children.index(node)
            found.setdefault(parent.player, []).append((parent.information_set, action))
        node = tree.parents[node]
    return found


def _own_past(tree: Tree) -> dict[int, list[tuple[int, int]]]:
    """What the owner of each information set did before it; `InputError` if that differs between its nodes."""
    past = {}
    for key, nodes in tree.information_sets.items():
        ways = [_path(tree, node).get(tree.nodes[node].player, []) for node in nodes]
        if any(way != ways[0] for way in ways):
            raise InputError("a player forgets in this tree what it did before; its strategic form is not laid out")
        past[key] = ways[0]
    return past


def _plans(tree: Tree, keys: list[int], past: dict[int, list[tuple[int, int]]], most: int) -> list[Strategy]:
    """Every reduced plan over the information sets `keys` (in prefix order); stops soon after `most`."""
    plans: list[Strategy] = [()]
    for place, key in enumerate(keys):
        width = len(tree.nodes[tree.information_sets[key][0]].children)
        before = [(keys.index(earlier), action) for earlier, action in past[key]]
        grown: list[Strategy] = []
        for plan in plans:
            reached = all(at < place and plan[at] == action for at, action in before)
            grown += [(*plan, action) for action in range(width)] if reached else [(*plan, None)]
        plans = grown
        if len(plans) > most:
            break
    return plans
