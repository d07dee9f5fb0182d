"""Backward induction on trees of perfect information with millions of nodes, in arrays and whole numbers.

An `ArrayTree` has one entry per node: `parent[v] < v` (the root is 0 and its parent -1; siblings in order of their
numbers) and `mover[v]`, a player, `CHANCE` or `END`. `payoffs` has axes (player, end), ends in order of their nodes,
weighted by reach (`games/tree.py`), so chance nodes add up. Each player's payoffs are brought to whole numbers by one
factor, so every comparison is exact: in `int64` where no sum can overflow, else in Python's integers.

Broad trees are solved level by level, deep ones (thousands of levels) node by node from the last: both need memory in
proportion to the nodes, whatever the shape. Of several best actions the first is taken; `ties` counts the nodes where
that decides what somebody gets. Without any, the payoffs are those of every subgame-perfect equilibrium (Kuhn 1953).

>>> tree = ArrayTree(np.array([0, END, 1, END, END]), np.array([-1, 0, 0, 2, 2]), 2)
>>> found = solve_large(tree, np.array([[1, 0, 2], [5, 0, 2]]))
>>> [int(value) for value in found.payoffs], found.path, found.ties, int(found.certificate.max_gain)
([2, 2], (0, 2, 4), 0, 0)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.result import Certificate, Deviation, Status
from gamecore.errors import InputError
from gamecore.games.tree import NodeKind, Tree

__all__ = ["CHANCE", "END", "ArrayTree", "LargeSolution", "MOST_NODES", "array_tree", "solve_large"]

END: Final = -1
CHANCE: Final = -2
MOST_NODES: Final = 5_000_000  # two players: half a GB
MOST_LEVELS: Final = 2_000  # beyond, a step per node is cheaper than a step per level
BETWEEN_LOOKS: Final = 1 << 15  # nodes between two looks at whether to stop

Ints = npt.NDArray[np.int64]
Stop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class ArrayTree:
    """See the module. Raises `InputError` if the arrays are no tree."""

    mover: npt.NDArray[np.integer[Any]]
    parent: npt.NDArray[np.integer[Any]]
    players: int

    def __post_init__(self) -> None:
        mover, parent = self.mover, self.parent
        if mover.ndim != 1 or mover.shape != parent.shape or not len(mover):
            raise InputError("a tree in arrays needs one mover and one parent for each node")
        if parent[0] != -1 or (parent[1:] < 0).any() or (parent[1:] >= np.arange(1, len(parent))).any():
            raise InputError("node 0 must be the root (parent -1), and every other node come after its parent")
        if (mover < CHANCE).any() or (mover >= self.players).any():
            raise InputError(f"a mover is a player, 0 to {self.players - 1}, {CHANCE} for chance or {END} for an end")
        inner = np.zeros(len(mover), dtype=bool)
        inner[parent[1:]] = True
        if (inner == (mover == END)).any():
            raise InputError("exactly the nodes without children must be ends")

    @property
    def ends(self) -> npt.NDArray[np.intp]:
        """The nodes that are ends, in order."""
        return np.flatnonzero(self.mover == END)


@dataclass(frozen=True, eq=False)
class LargeSolution:
    """One subgame-perfect equilibrium.

    `choice[v]` is the child chosen at node `v` (-1 at ends and chance nodes); `path` the nodes from the root to an end
    or the first chance node; `ends` the numbers of the ends reached; `ties` as in the module. The certificate has the
    largest gain of any player from another action at one node, which bounds the gain of every plan (one-shot deviation
    principle). `status` is complete if the payoffs are those of every subgame-perfect equilibrium, else partial.
    """

    status: Status
    payoffs: tuple[Fraction, ...]
    choice: Ints
    path: tuple[int, ...]
    ends: Ints
    ties: int
    certificate: Certificate
    notes: tuple[str, ...] = ()

    @property
    def unique(self) -> bool:
        """Whether the payoffs are those of every subgame-perfect equilibrium."""
        return self.status is Status.COMPLETE


def array_tree(tree: Tree, payoffs: npt.NDArray[Any]) -> tuple[ArrayTree, npt.NDArray[Any]]:
    """A `Tree` of perfect information in arrays, and its payoffs with ends in order of their nodes.

    Raises `InputError` if the tree has agreements or hidden moves.
    """
    kinds = {NodeKind.END: END, NodeKind.CHANCE: CHANCE}
    if any(node.kind is NodeKind.AGREEMENT for node in tree.nodes):
        raise InputError("backward induction in arrays needs agreements laid out as moves")
    if any(len(nodes) > 1 for nodes in tree.information_sets.values()):
        raise InputError("backward induction in arrays needs moves that everybody sees")
    mover = np.array([kinds.get(node.kind, node.player) for node in tree.nodes], dtype=np.int32)
    order = [node.end for node in tree.nodes if node.kind is NodeKind.END]
    return ArrayTree(mover, np.array(tree.parents, dtype=np.int64), tree.players), payoffs[: tree.players, order]


def solve_large(
    tree: ArrayTree,
    payoffs: npt.NDArray[Any],
    *,
    most_nodes: int = MOST_NODES,
    should_stop: Stop | None = None,
) -> LargeSolution:
    """The subgame-perfect equilibrium in which everyone takes the first of several best actions.

    Parameters
    ----------
    tree
        A tree of perfect information.
    payoffs
        Integers (any integer dtype) or `Fraction`s (dtype object), axes (player, end), weighted by reach.
    most_nodes
        A larger tree is refused.
    should_stop
        Asked now and then; the call is refused as soon as it says so (half an induction says nothing).

    Raises
    ------
    InputError
        If the payoffs do not fit the tree or are not exact.
    """
    nodes = len(tree.mover)
    if nodes > most_nodes:
        return _refused(f"{nodes} nodes are more than the limit of {most_nodes}; the tree was not solved")
    whole, scales = _whole(tree, payoffs)
    solved = None
    if whole.dtype == np.int64:
        levels = _levels(tree)
        if levels is not None:
            solved = _by_level(tree, whole, levels, should_stop)
            if solved is None:
                return _refused("stopped before the root was reached")
    if solved is None:
        solved = _by_node(tree, whole, should_stop)
        if solved is None:
            return _refused("stopped before the root was reached")
    values, choice, ties = solved
    path, reached = _followed(tree, choice)
    certificate = _certificate(tree, values, choice, scales, whole)
    root = tuple(Fraction(int(value), scale) for value, scale in zip(values[:, 0], scales, strict=True))
    if not ties:
        return LargeSolution(Status.COMPLETE, root, choice, path, reached, 0, certificate)
    note = f"at {ties} nodes several actions are best and others care which; the first is taken, other equilibria exist"
    return LargeSolution(Status.PARTIAL, root, choice, path, reached, ties, certificate, (note,))


def _refused(note: str) -> LargeSolution:
    nothing = np.empty(0, dtype=np.int64)
    certificate = Certificate((Deviation(0, -1, Fraction(1)),))  # nothing is claimed, and nothing holds
    return LargeSolution(Status.REFUSED, (), nothing, (), nothing, 0, certificate, (note,))


def _whole(tree: ArrayTree, payoffs: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], tuple[int, ...]]:
    """The payoffs as whole numbers, axes (player, end), and each player's factor."""
    if payoffs.shape != (tree.players, int((tree.mover == END).sum())):
        raise InputError(f"payoffs of shape {payoffs.shape} do not fit {tree.players} players and the tree's ends")
    if payoffs.dtype.kind in "iu":
        whole, scales = payoffs, (1,) * tree.players
    else:
        rows, factors = [], []
        for row in payoffs.tolist():
            if not all(isinstance(value, Fraction | int) for value in row):
                raise InputError("payoffs must be exact: integers or fractions")
            factor = lcm(*{value.denominator for value in row})
            rows.append([value.numerator * (factor // value.denominator) for value in row])
            factors.append(factor)
        whole, scales = np.array(rows, dtype=object), tuple(factors)
    largest = max((abs(int(bound)) for row in whole for bound in (row.min(), row.max())), default=0)
    if largest * (whole.shape[1] + 1) < 2**62:
        return whole.astype(np.int64), scales
    return whole.astype(object), scales


def _levels(tree: ArrayTree) -> list[npt.NDArray[np.int64]] | None:
    """The nodes of each depth, children in the order of their parents; None if there are too many levels."""
    by_parent = np.argsort(tree.parent, kind="stable").astype(np.int64)
    count = np.bincount(tree.parent[1:], minlength=len(tree.parent)).astype(np.int64)
    start = np.concatenate(([1], 1 + np.cumsum(count)[:-1]))  # the root comes first
    levels = [np.zeros(1, dtype=np.int64)]
    while True:
        level = levels[-1]
        widths = count[level]
        total = int(widths.sum())
        if not total:
            return levels
        if len(levels) >= MOST_LEVELS:
            return None
        offsets = np.repeat(start[level] - (np.cumsum(widths) - widths), widths)
        levels.append(by_parent[offsets + np.arange(total)])


def _by_level(
    tree: ArrayTree, whole: Ints, levels: list[npt.NDArray[np.int64]], should_stop: Stop | None
) -> tuple[Ints, Ints, int] | None:
    """Values (player, node), choices (node,), and the number of ties that matter; None if stopped."""
    values = np.zeros((tree.players, len(tree.mover)), dtype=np.int64)
    values[:, tree.ends] = whole
    choice = np.full(len(tree.mover), -1, dtype=np.int64)
    ties = 0
    for below in levels[:0:-1]:
        if should_stop is not None and should_stop():
            return None
        parents = tree.parent[below]
        starts = np.flatnonzero(np.concatenate(([True], parents[1:] != parents[:-1])))
        above = parents[starts]
        widths = np.diff(np.append(starts, len(below)))
        movers = tree.mover[above]
        worth = values[:, below]
        mine = worth[np.repeat(np.maximum(movers, 0), widths), np.arange(len(below))]
        best = np.repeat(np.maximum.reduceat(mine, starts), widths)
        places = np.where(mine == best, np.arange(len(below)), len(below))
        first = np.minimum.reduceat(places, starts)
        values[:, above] = np.where(movers == CHANCE, np.add.reduceat(worth, starts, axis=1), worth[:, first])
        moved = movers >= 0
        choice[above[moved]] = below[first[moved]]
        tied = np.flatnonzero((mine == best) & np.repeat(moved, widths))
        if len(tied) > moved.sum():
            taken = np.repeat(first, widths)[tied]
            differs = (worth[:, tied] != worth[:, taken]).any(axis=0)
            ties += len(np.unique(parents[tied[differs]]))
    return values, choice, ties


def _by_node(
    tree: ArrayTree, whole: npt.NDArray[Any], should_stop: Stop | None
) -> tuple[npt.NDArray[Any], Ints, int] | None:
    """As `_by_level`, one node after the other from the last; integers of any size."""
    nodes = len(tree.mover)
    mover, parent = tree.mover.tolist(), tree.parent.tolist()
    columns = iter(reversed(list(zip(*whole.tolist(), strict=True))))
    values: list[tuple[int, ...] | None] = [None] * nodes
    choice = [-1] * nodes
    tied = bytearray(nodes)
    for number in range(nodes - 1, -1, -1):
        if should_stop is not None and not number % BETWEEN_LOOKS and should_stop():
            return None
        worth = values[number]
        if worth is None:
            worth = values[number] = next(columns)
        above = parent[number]
        if above < 0:
            break
        player, known = mover[above], values[above]
        if known is None:
            values[above] = worth
            choice[above] = number
        elif player == CHANCE:
            values[above] = tuple(a + b for a, b in zip(known, worth, strict=True))
        elif worth[player] > known[player]:
            values[above], choice[above], tied[above] = worth, number, 0
        elif worth[player] == known[player]:
            choice[above] = number
            if worth != known:
                values[above], tied[above] = worth, 1
    chosen = np.array(choice, dtype=np.int64)
    chosen[tree.mover == CHANCE] = -1
    return np.array(values, dtype=whole.dtype).T, chosen, sum(tied)


def _followed(tree: ArrayTree, choice: Ints) -> tuple[tuple[int, ...], Ints]:
    """The path up to an end or chance, and the numbers of the ends that are reached."""
    path = [0]
    while choice[path[-1]] >= 0:
        path.append(int(choice[path[-1]]))
    if tree.mover[path[-1]] == END:
        reached = np.zeros(len(tree.mover), dtype=bool)
        reached[path[-1]] = True
    else:
        taken = (tree.mover[tree.parent] == CHANCE) | (choice[tree.parent] == np.arange(len(tree.mover)))
        reached = _reached(tree, taken)
    return tuple(path), np.flatnonzero(reached[tree.ends])


def _reached(tree: ArrayTree, taken: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The nodes all of whose branches from the root on are taken: jumps over ever longer ways."""
    reached = taken.copy()
    reached[0] = True
    over = np.maximum(tree.parent, 0)
    while True:
        if not over.any():
            return reached
        reached &= reached[over]
        over = over[over]


def _certificate(
    tree: ArrayTree, values: npt.NDArray[Any], choice: Ints, scales: tuple[int, ...], whole: npt.NDArray[Any]
) -> Certificate:
    """The largest one-shot gain of each player, from the plan's own values, which are checked node by node."""
    nodes = np.arange(1, len(tree.mover))
    above = tree.parent[1:]
    movers = tree.mover[above]
    wrong = bool((values[:, tree.ends] != whole).any())
    moved = np.flatnonzero(tree.mover >= 0)
    wrong |= bool((tree.parent[choice[moved]] != moved).any() or (values[:, moved] != values[:, choice[moved]]).any())
    chance = tree.mover == CHANCE
    if chance.any():
        sums = np.zeros_like(values)
        here = movers == CHANCE
        for player in range(tree.players):
            np.add.at(sums[player], above[here], values[player, nodes[here]])
        wrong |= bool((sums[:, chance] != values[:, chance]).any())
    deviations = [Deviation(0, -1, Fraction(1))] if wrong else []
    for player in range(tree.players):
        edges = np.flatnonzero(movers == player)
        if len(edges):
            gains = values[player, nodes[edges]] - values[player, above[edges]]
            most = int(np.argmax(gains))
            gain = Fraction(int(gains[most]), scales[player])
            deviations.append(Deviation(player, int(nodes[edges[most]]), gain, int(above[edges[most]])))
    return Certificate(tuple(deviations))
