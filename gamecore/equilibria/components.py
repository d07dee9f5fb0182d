"""The components of the equilibria of a two-player game: what lies between the extreme ones.

Two extreme equilibria are exchangeable if crossing their strategies gives equilibria again. In the graph that joins
strategies `x` and `y` if `(x, y)` is an extreme equilibrium, a maximal set of `x`s and `y`s all joined to each other
is a *maximal Nash subset*: every mixture of its `x`s against every mixture of its `y`s is an equilibrium, and all
equilibria arise so (Winkels 1979, Jansen 1981). Both sets of mixtures are faces of the best-response polytopes, so two
subsets meet only where they share an extreme equilibrium, and the connected components of the graph are those of the
set of equilibria. Within a subset a player's payoff does not depend on its own mixture and is linear in the other's: it
is least and largest at extreme equilibria.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from gamecore.equilibria.result import Component, Equilibrium

__all__ = ["SUBSET_LIMIT", "in_components"]

SUBSET_LIMIT = 1_000
"""Maximal Nash subsets of one component listed at most; there may be exponentially many."""

Edges = dict[tuple[int, int], int]
"""Extreme equilibria: numbers of `x` and `y` -> place in the answer."""


def in_components(
    equilibria: Sequence[Equilibrium], should_stop: Callable[[], bool] | None = None
) -> tuple[tuple[Equilibrium, ...], tuple[Component, ...], bool]:
    """The equilibria with their `component` numbered, the components in order of first members, and whether all
    maximal Nash subsets are listed.

    `equilibria` are all extreme ones of a two-player game, each once.
    """
    numbers: list[dict[object, int]] = [{}, {}]
    edges: Edges = {}
    for place, one in enumerate(equilibria):
        x, y = (known.setdefault(side, len(known)) for known, side in zip(numbers, one.strategies, strict=True))
        edges[x, y] = place
    components, every, home = [], True, [0] * len(equilibria)
    for number, members in enumerate(_connected(edges)):
        subsets, listed = _maximal_nash_subsets(members, should_stop)
        every &= listed
        places = sorted(members.values())
        values = [[equilibria[place].payoffs[player] for place in places] for player in range(2)]
        ranges = tuple((min(one), max(one)) for one in values)
        components.append(Component(tuple(places), subsets, ranges))
        for place in places:
            home[place] = number
    numbered = tuple(replace(one, component=number) for one, number in zip(equilibria, home, strict=True))
    return numbered, tuple(components), every


def _connected(edges: Edges) -> list[Edges]:
    """The edges, component by component, in order of their first places."""
    neighbours: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for x, y in edges:
        neighbours.setdefault((0, x), []).append((1, y))
        neighbours.setdefault((1, y), []).append((0, x))
    home: dict[tuple[int, int], int] = {}
    parts: dict[int, Edges] = {}
    for (x, y), place in edges.items():
        if (0, x) not in home:
            waiting = [(0, x)]
            while waiting:
                node = waiting.pop()
                if node not in home:
                    home[node] = place
                    waiting += neighbours[node]
        parts.setdefault(home[0, x], {})[x, y] = place
    return list(parts.values())


def _maximal_nash_subsets(
    edges: Edges, should_stop: Callable[[], bool] | None
) -> tuple[tuple[tuple[int, ...], ...], bool]:
    """The maximal complete bipartite parts of one component as places, in order, and whether these are all.

    Strategies joined to the same others are in the same subsets: one of each kind stands for all.
    """
    rows, columns = _kinds(edges, 0), _kinds(edges, 1)
    if len(rows) == 1 or len(columns) == 1:  # then all are joined to all
        return (tuple(sorted(edges.values())),), True
    kinds = {(first[0], second[0]) for first in rows for second in columns if (first[0], second[0]) in edges}
    graph = _exchangeable([one[0] for one in rows], [one[0] for one in columns], kinds)
    whole = {(0, one[0]): one for one in rows} | {(1, one[0]): one for one in columns}
    found: list[tuple[int, ...]] = []
    every = True
    for clique in graph:
        sides: list[list[int]] = [[], []]
        for node in clique:
            sides[node[0]] += whole[node]
        if not all(sides):
            continue  # one side alone
        if len(found) == SUBSET_LIMIT or (should_stop is not None and should_stop()):
            every = False
            break
        found.append(tuple(sorted(edges[x, y] for x in sides[0] for y in sides[1])))
    return tuple(sorted(found)), every


def _kinds(edges: Edges, side: int) -> list[list[int]]:
    """The strategies of a side, those joined to the same others together."""
    joined: dict[int, set[int]] = {}
    for edge in edges:
        joined.setdefault(edge[side], set()).add(edge[1 - side])
    kinds: dict[frozenset[int], list[int]] = {}
    for strategy, others in joined.items():
        kinds.setdefault(frozenset(others), []).append(strategy)
    return list(kinds.values())


def _exchangeable(
    rows: Sequence[int], columns: Sequence[int], joined: set[tuple[int, int]]
) -> Iterator[list[tuple[int, int]]]:
    """The maximal cliques of the graph in which each side is joined within itself, and `joined` across."""
    import networkx as nx  # costs a tenth of a second, and most games have no use for it

    graph = nx.Graph()
    for side, members in enumerate((rows, columns)):
        nodes = [(side, member) for member in members]
        graph.add_nodes_from(nodes)
        graph.add_edges_from(combinations(nodes, 2))
    graph.add_edges_from(((0, x), (1, y)) for x, y in joined)
    cliques: Iterator[list[tuple[int, int]]] = nx.find_cliques(graph)
    return cliques
