"""Threats nobody would carry out: what holds up the Nash outcomes of a tree that no subgame-perfect equilibrium has.

A Nash equilibrium that is not subgame-perfect announces, in some subgame its play avoids, an action that would not be
best if it came to it (Selten 1965, Schelling 1960). A `Threat` names who announces which action where, what would be
better, and what carrying it out would cost: the worth of the better action less that of the announced one, everybody
else, and the player's own later actions, as announced. `deters` lists who would leave the plan if the better action
were expected there, with what each would gain.

Costs and gains are conditional on reaching the information set, respectively on the start of play; without `reach` they
are weighted by it (`games/tree.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy.typing as npt

from gamecore.equilibria.behaviour import (
    Behaviour,
    Sequences,
    best_response,
    node_reach,
    node_values,
    sequences,
    unit,
    violations,
)
from gamecore.equilibria.play import Values
from gamecore.equilibria.result import Status
from gamecore.equilibria.tree_equilibria import (
    TreeEquilibrium,
    TreeSolution,
    nash_equilibria,
    subgame_perfect_equilibria,
)
from gamecore.games.tree import NodeKind, Tree

__all__ = ["EmptyThreats", "Threat", "Threatened", "threats_in", "threats_of"]


@dataclass(frozen=True)
class Threat:
    """`player` announces `action` in `information_set`, where `better` would be worth `cost` more to it.

    `deters` are (player, gain): what leaving the plan at its best would gain if `better` were expected instead.
    """

    player: int
    information_set: int
    action: int
    better: int
    cost: Fraction
    deters: tuple[tuple[int, Fraction], ...] = ()


@dataclass(frozen=True)
class Threatened:
    """A Nash outcome that no subgame-perfect equilibrium has, an equilibrium that leads to it, and what holds it up."""

    outcome: Mapping[int, Fraction]
    equilibrium: TreeEquilibrium
    threats: tuple[Threat, ...]


@dataclass(frozen=True)
class EmptyThreats:
    """All such outcomes, as far as the two sets of equilibria are known: `status` says so."""

    status: Status
    outcomes: tuple[Threatened, ...]
    notes: tuple[str, ...] = ()


def threats_of(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    *,
    reach: npt.NDArray[Any] | None = None,
    nash: TreeSolution | None = None,
    perfect: TreeSolution | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> EmptyThreats:
    """The Nash outcomes that only an empty threat supports, with the threats.

    Parameters
    ----------
    tree
        A tree of moves and chance with perfect recall.
    payoffs
        `Fraction`s weighted by reach, axes (player, end).
    reach
        The chance that chance lets play get to each end, axes (player, end).
    nash, perfect
        The equilibria, if they are known already.

    An outcome is listed if none of its Nash equilibria found can be completed to a subgame-perfect one. Raises
    `InputError` if the tree has agreements, `RefusedError` if it has imperfect recall.
    """
    nash = nash or nash_equilibria(tree, payoffs, should_stop=should_stop)
    perfect = perfect or subgame_perfect_equilibria(tree, payoffs, should_stop=should_stop)
    notes = [*nash.notes, *(note for note in perfect.notes if note not in nash.notes)]
    if nash.status is Status.REFUSED:
        return EmptyThreats(Status.REFUSED, (), tuple(notes))
    numbered = sequences(tree)
    credible = {_key(one.outcome) for one in perfect.equilibria}
    by_outcome: dict[object, list[TreeEquilibrium]] = {}
    for one in nash.equilibria:
        by_outcome.setdefault(_key(one.outcome), []).append(one)
    listed: list[Threatened] = []
    unsure = 0
    for key, found in by_outcome.items():
        if key in credible or any(one.subgame_perfect for one in found):
            continue
        if any(one.subgame_perfect is None for one in found):
            unsure += 1
            continue
        best = max(
            (Threatened(one.outcome, one, _threats(tree, payoffs, reach, numbered, one.behaviour)) for one in found),
            key=lambda threatened: (threatened.equilibrium.pure, bool(threatened.threats), -len(threatened.threats)),
        )
        listed.append(best)
    if unsure:
        notes.append(f"of {unsure} outcomes it was not found out whether they need an empty threat")
    complete = nash.status is Status.COMPLETE and perfect.status is not Status.REFUSED and not unsure
    return EmptyThreats(Status.COMPLETE if complete else Status.PARTIAL, tuple(listed), tuple(notes))


def threats_in(
    tree: Tree, payoffs: npt.NDArray[Any], behaviour: Behaviour, *, reach: npt.NDArray[Any] | None = None
) -> tuple[Threat, ...]:
    """The actions a behaviour announces in subgames it does not reach and would not carry out there, the smallest
    subgames first. Empty if it is subgame-perfect.

    In a subgame with hidden moves they are judged by how likely the others' behaviour makes the nodes once the
    subgame is reached.
    """
    return _threats(tree, payoffs, reach, sequences(tree), behaviour)


def _threats(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    reach: npt.NDArray[Any] | None,
    numbered: Sequences,
    behaviour: Behaviour,
) -> tuple[Threat, ...]:
    worth = node_values(tree, payoffs, behaviour)
    chances = node_reach(tree, reach) if reach is not None else None
    found: dict[tuple[int, int], Threat] = {}
    taken: set[int] = set()
    for root, player, _ in violations(tree, payoffs, behaviour, numbered):
        inside = range(root, tree.after[root])
        for key in numbered.owned[player]:
            nodes = [node for node in tree.information_sets[key] if node in inside]
            if not nodes or key in taken:
                continue
            shared = {node: _others(tree, behaviour, node, root, player) for node in nodes}
            for threat in _announced(tree, worth, chances, shared, behaviour[key]):
                deters = _deterred(tree, payoffs, numbered, behaviour, threat)
                found.setdefault((key, threat.action), Threat(*_fields(threat), deters))
                taken.add(key)
    return tuple(found.values())


def _announced(
    tree: Tree,
    worth: Sequence[Values],
    chances: Sequence[Values] | None,
    shared: Mapping[int, Fraction],
    mix: Sequence[Fraction],
) -> Iterable[Threat]:
    """The actions played with positive chance in one information set, given how likely the others make its nodes,
    that are not best there.
    """
    nodes, shares = list(shared), list(shared.values())
    player, key = tree.nodes[nodes[0]].player, tree.nodes[nodes[0]].information_set
    totals = [
        sum((share * worth[node][player] for share, node in zip(shares, each, strict=True)), Fraction(0))
        for each in zip(*(tree.nodes[node].children for node in nodes), strict=True)
    ]
    best = max(totals)
    scale = Fraction(1)
    if chances is not None:
        scale = sum((share * chances[node][player] for share, node in zip(shares, nodes, strict=True)), Fraction(0))
    for action, total in enumerate(totals):
        if mix[action] and total < best and scale:
            yield Threat(player, key, action, totals.index(best), (best - total) / scale)


def _fields(threat: Threat) -> tuple[int, int, int, int, Fraction]:
    return threat.player, threat.information_set, threat.action, threat.better, threat.cost


def _deterred(
    tree: Tree, payoffs: npt.NDArray[Any], numbered: Sequences, behaviour: Behaviour, threat: Threat
) -> tuple[tuple[int, Fraction], ...]:
    """Who would leave the plan if the better action were expected, and what it would gain."""
    width = numbered.width[threat.information_set]
    changed = dict(behaviour) | {threat.information_set: unit(threat.better, width)}
    now = node_values(tree, payoffs, changed)[0]
    gains = []
    for player in numbered.movers:
        if player != threat.player:
            gain = best_response(numbered, payoffs, changed, player)[0] - now[player]
            if gain > 0:
                gains.append((player, gain))
    return tuple(gains)


def _others(tree: Tree, behaviour: Behaviour, node: int, root: int, player: int) -> Fraction:
    """How likely the others' behaviour makes a node once play is at `root`."""
    weight = Fraction(1)
    while node != root:
        parent = tree.parents[node]
        above = tree.nodes[parent]
        if above.kind is NodeKind.MOVE and above.player != player:
            weight *= behaviour[above.information_set][above.children.index(node)]
        node = parent
    return weight


def _key(outcome: Mapping[int, Fraction]) -> object:
    return tuple(sorted(outcome.items()))
