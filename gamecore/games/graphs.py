"""A game tree as a graph of networkx, for export, for drawing, and for what graphs know by themselves.

`tree_graph` gives a `networkx.DiGraph` whose nodes are the tree's node numbers. All attributes are plain: texts
(numbers exactly, `1/3`) and truth values, so that every format of networkx can hold them.

| of | attribute | what it holds |
|---|---|---|
| graph | `title`, `players` | texts |
| node | `kind` | `move`, `chance` or `end` |
| | `label` | what the file calls the node |
| | `player`, `information_set` | who moves, and the name of its information set |
| | `outcome`, `payoffs` | what is paid here, with its name; of an end, everything paid on the way to it |
| | `subgame` | whether a proper subgame begins here (ends left out) |
| | `reachable` | whether chance lets play get here |
| edge | `action`, `chance` | what is done; of a chance move, how likely |

Subgames are found as graphs know them, not as the tree does: join the nodes of every information set to each other;
a proper subgame begins where a node that is alone in its information set *dominates* all that follows it, that is, no
way from the root gets there without passing it (dominators: Lengauer & Tarjan 1979).

>>> from gamecore.games.gambit import read_game
>>> entry = 'EFG 2 R "" { "E" "I" } p "" 1 1 "" { "out" "in" } 0 t "" 1 "" { 0 2 } p "" 2 1 "" { "fight" "share" } 0 '
>>> graph = tree_graph(read_game(entry + 't "" 2 "" { -1 -1 } t "" 3 "" { 1 1 }'))
>>> [graph.edges[edge]["action"] for edge in graph.edges], graph.nodes[2]["subgame"], graph.nodes[4]["payoffs"]
(['out', 'in', 'fight', 'share'], True, '1, 1')
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from gamecore.errors import TooLargeError
from gamecore.games.gambit.files import NONE, TreeFile
from gamecore.games.tree import NodeKind, Tree

if TYPE_CHECKING:
    from networkx import DiGraph

__all__ = ["MOST_NODES", "reachable_nodes", "subgame_roots", "tree_graph"]

MOST_NODES: Final = 200_000  # of a tree made into a graph: about a kilobyte each

_KINDS: Final = {NodeKind.MOVE: "move", NodeKind.CHANCE: "chance", NodeKind.END: "end"}


def tree_graph(file: TreeFile) -> DiGraph[int]:
    """The tree as a graph; nodes, edges and attributes in the order of the tree.

    Raises `TooLargeError` if it has more than `MOST_NODES` nodes.
    """
    import networkx as nx

    tree = file.tree
    if len(tree.nodes) > MOST_NODES:
        raise TooLargeError(
            f"the tree has {len(tree.nodes)} nodes, more than the {MOST_NODES} that are written as a graph",
            limit="nodes",
            count=len(tree.nodes),
            allowed=MOST_NODES,
        )
    graph = nx.DiGraph(title=file.title, players=", ".join(file.players))
    graph.add_nodes_from((number, _said(file, number)) for number in range(len(tree.nodes)))
    for number, node in enumerate(tree.nodes):
        for child, action in zip(node.children, file.actions(number), strict=True):
            graph.add_edge(number, child, action=action)
        for child, chance in zip(node.children, file.probabilities(number), strict=False):
            graph.edges[number, child]["chance"] = str(chance)
    roots, reached = subgame_roots(tree), reachable_nodes(graph)
    for number, node in enumerate(tree.nodes):
        if node.kind is not NodeKind.END:
            graph.nodes[number]["subgame"] = number in roots
        graph.nodes[number]["reachable"] = number in reached
    return graph


def _said(file: TreeFile, number: int) -> dict[str, Any]:
    """What the file says of a node, in the order in which it is told."""
    node = file.tree.nodes[number]
    said: dict[str, Any] = {"kind": _KINDS[node.kind]}
    if file.labels[number]:
        said["label"] = file.labels[number]
    if node.kind is NodeKind.MOVE:
        said["player"] = file.players[node.player]
        said["information_set"] = file.information_set_names[node.information_set]
    elif node.kind is NodeKind.CHANCE:
        label = file.chance_sets[file.chance_set_of[number]].label
        said |= {"information_set": label} if label else {}
    outcome = file.outcome_of[number]
    if outcome != NONE and file.outcomes[outcome].label:
        said["outcome"] = file.outcomes[outcome].label
    if node.kind is NodeKind.END:
        said["payoffs"] = _numbers(file.end_payoffs[:, node.end])
    elif outcome != NONE:
        said["payoffs"] = _numbers(file.outcomes[outcome].payoffs)
    return said


def _numbers(payoffs: Any) -> str:
    return ", ".join(str(Fraction(value)) for value in payoffs)


def reachable_nodes(graph: DiGraph[int]) -> frozenset[int]:
    """The nodes of a `tree_graph` to which no branch of chance 0 is needed."""
    import networkx as nx

    likely = nx.subgraph_view(graph, filter_edge=lambda one, other: graph.edges[one, other].get("chance") != "0")
    return frozenset(nx.descendants(likely, 0)) | {0}


def subgame_roots(tree: Tree) -> frozenset[int]:
    """The nodes at which a proper subgame begins, ends included, by dominators; as `Tree.subgame_roots` has them."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(tree.nodes)))
    graph.add_edges_from((number, child) for number, node in enumerate(tree.nodes) for child in node.children)
    alone = set(range(len(tree.nodes)))
    for members in tree.information_sets.values():
        if len(members) > 1:
            alone.difference_update(members)
            nx.add_cycle(graph, members)  # whoever gets to one gets to all
    dominator = nx.immediate_dominators(graph, 0)
    # What a node dominates lies below it in the tree: it dominates all of that if there is as much of it.
    dominated = [1] * len(tree.nodes)
    for number in sorted(range(1, len(tree.nodes)), key=_depths(tree).__getitem__, reverse=True):
        dominated[dominator[number]] += dominated[number]
    return frozenset(number for number in alone if dominated[number] == tree.after[number] - number)


def _depths(tree: Tree) -> list[int]:
    """How many moves lead to each node: a dominator has fewer than what it dominates."""
    depths = [0] * len(tree.nodes)
    for number, node in enumerate(tree.nodes):
        for child in node.children:
            depths[child] = depths[number] + 1
    return depths
