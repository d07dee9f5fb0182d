"""Game trees as graphs: what they hold, subgames found by dominators, and files that other programs read."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import numpy as np
import pytest

from gamecore.errors import InputError, TooLargeError
from gamecore.games import graphs
from gamecore.games.gambit import TreeFile, read_game
from gamecore.games.graph_files import GRAPH_FORMATS, graph_text
from gamecore.games.tree import Node, NodeKind, Tree

DATA = Path(__file__).parent / "data"
TREES = sorted(DATA.glob("*.efg"))
AWKWARD = (
    'EFG 2 R "<title> & \\"more\\"" { "<b>" "Ä\x01" } ""\n'
    'c "" 1 "die" { "one" 1/3 "never" 0 "rest" 2/3 } 0\n'
    'p "a <node>" 1 1 "x]]>" { "l; label=\\"q\\"" "r" } 0\n'
    't "" 1 "{win}" { 1/3 -2 }\nt "" 2 "" { 0 0 }\n'
    'p "" 2 1 "" { "only" } 0\nt "" 2\n'
    'p "" 1 1 0\nt "" 1\nt "" 2\n'
)


def _tree(path: Path) -> TreeFile:
    file = read_game(path.read_bytes())
    assert isinstance(file, TreeFile)
    return file


def _awkward() -> TreeFile:
    file = read_game(AWKWARD)
    assert isinstance(file, TreeFile)
    return file


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.stem)
def test_the_graph_is_the_tree_with_its_labels_and_payoffs(path: Path) -> None:
    file = _tree(path)
    graph = graphs.tree_graph(file)
    assert nx.is_arborescence(graph)
    assert list(graph.nodes) == list(range(len(file.tree.nodes)))
    for number, node in enumerate(file.tree.nodes):
        assert sorted(graph.successors(number)) == sorted(node.children)
        assert [graph.edges[number, child]["action"] for child in node.children] == list(file.actions(number))
        if node.kind is NodeKind.END:
            told = [Fraction(text) for text in graph.nodes[number]["payoffs"].split(", ")]
            assert told == file.end_payoffs[:, node.end].tolist()
        if node.kind is NodeKind.CHANCE:
            chances = [Fraction(graph.edges[number, child]["chance"]) for child in node.children]
            assert chances == list(file.probabilities(number))
        if node.kind is NodeKind.MOVE:
            assert graph.nodes[number]["player"] == file.players[node.player]


def test_moves_under_chance_zero_are_out_of_reach() -> None:
    graph = graphs.tree_graph(_awkward())
    assert [number for number, said in graph.nodes.items() if not said["reachable"]] == [4, 5]


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.stem)
def test_dominators_find_the_subgames_that_the_tree_finds(path: Path) -> None:
    tree = _tree(path).tree
    assert graphs.subgame_roots(tree) == tree.subgame_roots


def _random_tree(generator: np.random.Generator) -> Tree:
    """A random tree whose nodes of equal width and player are thrown together into information sets at random."""
    nodes: list[Node] = []

    def grow(depth: int) -> int:
        number = len(nodes)
        width = int(generator.integers(1, 4)) if depth < 4 and generator.random() < 0.7 else 0
        nodes.append(Node(NodeKind.END))
        children = tuple(grow(depth + 1) for _ in range(width))
        if children:
            player = int(generator.integers(0, 2))
            chance = generator.random() < 0.2
            kind = NodeKind.CHANCE if chance else NodeKind.MOVE
            key = -1 if chance else (player * 10 + width) * 100 + int(generator.integers(0, 6))
            nodes[number] = Node(kind, children, player=-1 if chance else player, information_set=key)
        return number

    grow(0)
    return Tree(2, tuple(nodes))


def _by_definition(tree: Tree) -> set[int]:
    """Selten's definition, word by word."""
    below = [set(range(number, tree.after[number])) for number in range(len(tree.nodes))]
    sets = [set(nodes) for nodes in tree.information_sets.values()]
    return {
        number
        for number in range(len(tree.nodes))
        if all(not (own & below[number]) or own <= below[number] for own in sets)
        and not any(number in own and len(own) > 1 for own in sets)
    }


def test_subgames_of_random_trees_are_those_of_the_definition_of_the_tree_and_of_the_dominators() -> None:
    generator = np.random.default_rng(7)
    hidden = 0
    for _ in range(300):
        tree = _random_tree(generator)
        assert graphs.subgame_roots(tree) == _by_definition(tree) == tree.subgame_roots
        hidden += len(tree.subgame_roots) < len(tree.nodes)
    assert hidden > 50


def test_a_graph_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "MOST_NODES", 3)
    with pytest.raises(TooLargeError, match="more than the 3"):
        graphs.tree_graph(_awkward())


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TREES, ids=lambda path: path.stem)
def test_graphml_and_json_are_read_back_as_the_same_graph(path: Path) -> None:
    file = _tree(path)
    graph = graphs.tree_graph(file)
    for back in (
        nx.parse_graphml(graph_text(file, "graphml"), node_type=int),
        nx.node_link_graph(json.loads(graph_text(file, "json")), edges="edges"),
    ):
        assert dict(back.nodes(data=True)) == dict(graph.nodes(data=True))
        assert {edge: back.edges[edge] for edge in back.edges} == {edge: graph.edges[edge] for edge in graph.edges}
        assert back.graph["title"] == file.title


def test_labels_are_text_in_every_format() -> None:
    file = _awkward()
    root = ET.fromstring(graph_text(file, "graphml").encode())
    texts = {element.text for element in root.iter() if element.text}
    assert {"<b>", "Ä�", "x]]>", "{win}", '<title> & "more"'} <= texts
    dot = graph_text(file, "dot")
    assert '[label="l; label=\\"q\\" "' not in dot
    assert '[label="l; label=\\"q\\""]' in dot
    assert '[label="one (1/3)"]' in dot
    assert "style=dotted" in dot
    assert [line for line in dot.splitlines() if "dashed" in line] == [
        "  1 -> 6 [style=dashed, dir=none, constraint=false];"
    ]


@pytest.mark.parametrize("format", GRAPH_FORMATS)
def test_the_same_tree_gives_the_same_bytes_in_another_process(format: str) -> None:
    program = (
        "import sys\nfrom gamecore.games.gambit import read_game\nfrom gamecore.games.graph_files import graph_text\n"
        f"game = read_game(open({str(DATA / 'kuhn_poker.efg')!r}, 'rb').read())\n"
        f"sys.stdout.buffer.write(graph_text(game, {format!r}).encode())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}, timeout=60
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert told == {graph_text(_tree(DATA / "kuhn_poker.efg"), format).encode()}


def test_dot_joins_the_nodes_of_an_information_set_in_order() -> None:
    file = _tree(DATA / "kuhn_poker.efg")
    wanted = {pair for nodes in file.tree.information_sets.values() for pair in itertools.pairwise(nodes)}
    lines = [line.split("[", maxsplit=1)[0] for line in graph_text(file, "dot").splitlines() if "dashed" in line]
    assert {tuple(int(part) for part in line.split("->")) for line in lines} == wanted


def test_another_format_is_refused() -> None:
    with pytest.raises(InputError, match="graphml, json, dot"):
        graph_text(_awkward(), "gif")
