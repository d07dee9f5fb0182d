"""The programme and the deal behind `enpv`: phases and markets, who pays and who earns, and rows that change them."""

from __future__ import annotations

from gamecore.model import Block, Leaf, Path, Words
from gamecore.scenario.block_changes import read_changes
from gamecore.scenario.parts import NAMED_AFTER, PARTS, START, declared, named_figures, read_at, read_part
from gamecore.scenario.reader import Reader, listed, near
from gamecore.scenario.tree import Mapping, Scalar, Tree, below

__all__ = ["read_block"]


def read_block(reader: Reader, name: str) -> Block | None:
    """`programme` or `deal`, or None if it is not written or no block of keys."""
    node = reader.root.get(name)
    if node is None:
        return None
    fields = reader.fields(node, name, name)
    if fields is None:
        reader.spoil(name)
        return None
    before = len(reader.faults)
    leaves: dict[Path, Leaf] = {}
    labels: dict[Path, str] = {}
    sources: dict[Path, str] = {}
    for key, part in PARTS[name].items():
        if key == "phases" and isinstance(fields.get(key), Mapping) and not declared(reader, key):
            reader.fault(fields.place(key), below(name, key), "a programme has at least one phase")
        for entry, value in reader.entries(fields.get(key), below(name, key)):
            path, told = (key, entry.text), below(below(name, key), entry.text)
            _named_after(reader, entry, key, told)
            leaves |= read_part(reader, value, part, path, told) or {}
            labels |= _text(reader, value, "label", path, told)
            sources |= _text(reader, value, "source", path, told)
            if part == "phase" and isinstance(value, Mapping):
                figures = named_figures(value.get("reference"), entry.text)
                sources |= {path: figures.source} if figures is not None and path not in sources else {}
    for key in ("start", "signed"):
        written = fields.get(key)
        if written is not None:
            leaves |= read_at(reader, written, name, (key,), below(name, key))
    if name == "programme":
        _order(reader, leaves)
    changes = read_changes(reader, fields.get("changes"), name, leaves)
    confidential = reader.yes_no(fields.get("confidential"), below(name, "confidential"))
    if len(reader.faults) > before:
        reader.spoil(name)
    key_place = reader.root.key(name)
    return Block(leaves, changes, labels, sources, confidential, key_place.place if key_place else node.place)


def _text(reader: Reader, node: Tree, key: str, path: Path, told: str) -> dict[Path, str]:
    written = node.get(key) if isinstance(node, Mapping) else None
    text = reader.text(written, below(told, key)) if isinstance(written, Scalar) and not written.empty else None
    return {path: text} if text is not None else {}


def _named_after(reader: Reader, key: Scalar, section: str, told: str) -> None:
    """Shares and gates bear the name of a phase or a market."""
    wanted = NAMED_AFTER.get(section)
    names = declared(reader, wanted) if wanted is not None else ()
    if wanted is None or key.text in names or "programme" in reader.broken or reader.root.get("programme") is None:
        return
    noun = "phase" if wanted == "phases" else "market"
    proposal = near(key.text, names) or f"; there is {listed(names)}" if names else ""
    reader.fault(key, told, f"no {noun} is called '{key.text[:60]}'{proposal}")


def _order(reader: Reader, leaves: dict[Path, Leaf]) -> None:
    """A phase follows one that stands before it."""
    names = declared(reader, "phases")
    for number, name in enumerate(names):
        leaf = leaves.get(("phases", name, "after"))
        word = leaf.words[0] if isinstance(leaf, Words) else START
        if word != START and word in names[number:]:
            told = f"'{name}' follows '{word}', so it must stand after it"
            if word == name:
                told = f"a phase cannot follow itself; name the one whose success opens '{name}', or 'start'"
            reader.fault(leaf.place if leaf is not None else reader.root, f"programme.phases.{name}.after", told)
    for name in declared(reader, "sales"):
        leaf = leaves.get(("sales", name, "after"))
        if isinstance(leaf, Words) and leaf.words == (START,):
            reader.fault(leaf.place, f"programme.sales.{name}.after", "a market opens after a phase; name it")
