"""A graph of a game tree as text that other programs draw: GraphML, JSON (node-link) and DOT.

GraphML and JSON are written as networkx writes them; DOT, for which it needs further packages, is written here, with
the nodes of one information set joined by a dashed line. The same tree gives the same bytes. Labels are text: what a
format has no sign for is replaced, and nothing in them is read as markup.

>>> from gamecore.games.gambit import read_game
>>> print(graph_text(read_game('EFG 2 R "" { "me" } p "" 1 1 "" { "go" } 0 t "" 1 "" { 1/3 }'), "dot"))
digraph {
  rankdir=LR;
  node [fontname="sans-serif"];
  0 [shape=ellipse, label="me: 1"];
  1 [shape=box, label="1/3"];
  0 -> 1 [label="go"];
}
<BLANKLINE>
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from gamecore.errors import InputError
from gamecore.games.gambit.files import TreeFile
from gamecore.games.graphs import tree_graph

if TYPE_CHECKING:
    from networkx import DiGraph

__all__ = ["GRAPH_FORMATS", "graph_text"]

GRAPH_FORMATS: Final = ("graphml", "json", "dot")

_SHAPES: Final = {"move": "ellipse", "chance": "diamond", "end": "box"}
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graph_text(file: TreeFile, format: str) -> str:
    """The tree in one of `GRAPH_FORMATS`.

    Raises `InputError` for another format, `TooLargeError` for a tree that is too large.
    """
    if format not in GRAPH_FORMATS:
        raise InputError(f"graphs are not written as {format!r}: use one of {', '.join(GRAPH_FORMATS)}")
    graph = tree_graph(file)
    if format == "json":
        from networkx import node_link_data

        return json.dumps(node_link_data(graph, edges="edges"), ensure_ascii=False, indent=2) + "\n"
    return _graphml(graph) if format == "graphml" else "\n".join(_dot(graph, file)) + "\n"


def _graphml(graph: DiGraph[int]) -> str:
    from networkx.readwrite.graphml import write_graphml_xml  # not by lxml where that is there: other bytes

    for held in (graph.graph, *graph.nodes.values(), *graph.edges.values()):
        held.update({key: _NOT_IN_XML.sub("\ufffd", value) for key, value in held.items() if isinstance(value, str)})
    target = io.BytesIO()
    write_graphml_xml(graph, target)
    text: bytes = target.getvalue()
    return text.decode() + "\n"


def _dot(graph: DiGraph[int], file: TreeFile) -> Iterator[str]:
    yield "digraph {"
    yield "  rankdir=LR;"
    yield '  node [fontname="sans-serif"];'
    for number, said in graph.nodes.items():
        style = "" if said["reachable"] else ", style=dotted"
        yield f"  {number} [shape={_SHAPES[said['kind']]}, label={_quoted(_caption(said))}{style}];"
    for (one, other), said in graph.edges.items():
        text = f"{said['action']} ({said['chance']})" if "chance" in said else said["action"]
        yield f"  {one} -> {other} [label={_quoted(text)}];"
    for members in file.tree.information_sets.values():
        for one, other in pairwise(members):
            yield f"  {one} -> {other} [style=dashed, dir=none, constraint=false];"
    yield "}"


def _caption(said: dict[str, Any]) -> str:
    """What stands in a node."""
    if said["kind"] == "end":
        name = said.get("outcome") or said.get("label", "")
        return f"{name}: {said['payoffs']}" if name else f"{said['payoffs']}"
    name = str(said.get("information_set", "chance"))
    if said["kind"] == "chance":
        return name
    return name if name.startswith(f"{said['player']}: ") else f"{said['player']}: {name}"


def _quoted(text: str) -> str:
    """A text as DOT holds it; a backslash stays one, a new line is a space."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"').replace("\0", "\ufffd")
    return f'"{plain}"'
