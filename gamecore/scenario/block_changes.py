"""Rows that change the programme or the deal: `{when: {plan: hybrid}, phase_2.budget: times 0.70}`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from gamecore.model import ALWAYS, ChangeRow, Condition, Edit, Leaf, Path, Value, Verb
from gamecore.scenario.document import BLOCKS
from gamecore.scenario.expressions import parse_number
from gamecore.scenario.parts import (
    NAMED_AFTER,
    PARTS,
    SHARES,
    declared,
    is_number,
    is_percentage,
    is_time,
    read_at,
)
from gamecore.scenario.reader import Reader, listed, near
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below, item

__all__ = ["read_changes", "short_path"]

_VERB: Final = re.compile(r"(times|plus|minus)\s+(.*)", re.DOTALL)
# What may be changed by 'times' and 'plus' though it is not written: it starts as 0, or as the budget.
_UNWRITTEN: Final = frozenset({"cost", "pause", "delay", "after_loe", "tail", "ramp", "start", "signed"})


def short_path(path: Path) -> str:
    """A path as rows write it: without `phases`.

    >>> short_path(("phases", "phase_2", "cost")), short_path(("sales", "world", "peak"))
    ('phase_2.cost', 'sales.world.peak')
    """
    return ".".join(path[1:] if path[0] == "phases" and len(path) > 1 else path)


def read_changes(reader: Reader, node: Tree | None, block: str, leaves: dict[Path, Leaf]) -> tuple[ChangeRow, ...]:
    """The rows of `changes`, in file order."""
    told = below(block, "changes")
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        reader.fault(node, told, "changes are a list of rows: - {when: {plan: wait}, phase_2.cost: times 1.2}")
        return ()
    rows = []
    names = _part_names(node, leaves)
    for index, part in enumerate(node.items):
        here = item(told, index)
        fields = reader.fields(part, here, "change", own=())
        if fields is None:
            continue
        when = reader.condition(fields.get("when"), here)
        if when is None:
            reader.spoil(block)
        edits = [_edit(reader, key, value, (block, here), names) for key, value in fields.own]
        if not fields.own and len(fields.node.entries) == len(fields.values):
            reader.fault(part, here, "say what changes: phase_2.cost: times 1.2")
        found = tuple(edit for edit in edits if edit is not None)
        rows.append(ChangeRow(found, when if isinstance(when, Condition) else ALWAYS, part.place))
    _tell_unwritten(reader, rows, block, leaves)
    return tuple(rows)


def _part_names(rows: Sequence, leaves: dict[Path, Leaf]) -> dict[str, tuple[str, ...]]:
    """The names of the parts of each section: those of the block, and those that a row sets as a whole."""
    found: dict[str, dict[str, None]] = {}
    for path in leaves:
        if len(path) > 1:
            found.setdefault(path[0], {})[path[1]] = None
    for row in rows.items:
        for key, value in row.entries if isinstance(row, Mapping) else ():
            steps = key.text.split(".")
            if len(steps) == 2 and isinstance(value, Mapping):
                found.setdefault(steps[0], {})[steps[1]] = None
    return {section: tuple(names) for section, names in found.items()}


def _edit(
    reader: Reader, key: Scalar, node: Tree, where: tuple[str, str], names: dict[str, tuple[str, ...]]
) -> Edit | None:
    block, told = where
    path = _path(reader, key, where, names)
    if path is None:
        return None
    if len(path) == 2 and path[0] in {"phases", "sales"}:
        example = "cost: times 1.2" if path[0] == "phases" else "peak: times 1.2"
        reader.fault(key, told, f"'{key.text[:60]}' holds several values; name one of them: {key.text[:60]}.{example}")
        return None
    text = node.text.strip() if isinstance(node, Scalar) else ""
    match = _VERB.fullmatch(text)
    if match is not None and isinstance(node, Scalar):
        return _computed(reader, key, node, (block, told, path), match)
    if isinstance(node, Scalar) and is_number(block, path) and _says_no_verb(block, path, text):
        reader.fault(node, told, _how(reader, text, block, path))
        return None
    before = len(reader.faults)
    leaves = read_at(reader, node, block, path, told)
    return Edit(path, Verb.SET, leaves, None, key.place) if leaves and len(reader.faults) == before else None


def _says_no_verb(block: str, path: Path, text: str) -> bool:
    """`+5`, `+5%`, `x 1.2`: a change is meant. `5%` of what is no percentage: also."""
    if re.fullmatch(r"([+*]|x\s).*", text):
        return True
    return text.endswith("%") and parse_number(text) is not None and not is_percentage(block, path)


def _how(reader: Reader, text: str, block: str, path: Path) -> str:
    number = parse_number(text.removeprefix("plus").removeprefix("minus").strip().lstrip("+*x ").strip() or "5%")
    if number is None:
        return f"say how: 'times 1.2', 'plus 5', or a bare value to set it, not '{text[:40]}'"
    percent = "%" in text
    amount = float(number * 100 if percent else number)
    if is_time(block, path):
        return f"say how: 'times {1 + amount / 100:g}' ({amount:g}% longer) or 'plus 6 months'"
    if is_percentage(block, path):
        return f"say how: 'plus {amount:g}%' ({amount:g} points more) or 'times {1 + amount / 100:g}'"
    less = text.startswith("minus")
    factor, word = (1 - amount / 100, "less") if less else (1 + amount / 100, "more")
    unit = f", in {reader.unit}" if reader.unit else ""
    verb = "minus" if less else "plus"
    return f"say how: 'times {factor:g}' ({amount:g}% {word}) or '{verb} {amount:g}' ({amount:g} {word}{unit})"


def _computed(
    reader: Reader, key: Scalar, node: Scalar, where: tuple[str, str, Path], match: re.Match[str]
) -> Edit | None:
    """`times X`, `plus X`, `minus X`."""
    block, told, path = where
    verb, operand = Verb(match[1]), match[2].strip()
    if not is_number(block, path):
        reader.fault(key, told, f"'{key.text[:60]}' is no number; '{verb}' cannot be said of it")
        return None
    start = node.text.index(match[1]) + match.start(2)
    written = replace(node, text=operand, place=node.at(start))
    percent = operand.endswith("%") and parse_number(operand) is not None
    value: Value | None
    if verb is not Verb.TIMES and percent and not is_percentage(block, path):
        reader.fault(node, told, _how(reader, node.text.strip(), block, path))
        return None
    if verb is not Verb.TIMES and is_time(block, path):
        value = reader.length(written, told)
    elif verb is not Verb.TIMES and is_percentage(block, path) and _over_one(operand):
        reader.fault(node, told, f"{operand} means {_percent(operand)}; did you mean {verb} {operand}%?")
        return None
    else:
        value = reader.value(written, told)
    return Edit(path, verb, {}, value, key.place) if value is not None else None


def _over_one(operand: str) -> bool:
    number = parse_number(operand)
    return number is not None and "%" not in operand and abs(number) >= 1


def _percent(operand: str) -> str:
    return f"{float((parse_number(operand) or 0) * 100):g}%"


# ---- paths -----------------------------------------------------------------------------------------------------------


def _path(reader: Reader, key: Scalar, where: tuple[str, str], names: dict[str, tuple[str, ...]]) -> Path | None:
    """The path a key of a row names, or None with a fault."""
    block, told = where
    steps = tuple(key.text.split("."))
    tops = ("start",) if block == "programme" else ("signed",)
    if len(steps) == 1 and steps[0] in tops:
        return steps
    if block == "programme" and steps[0] in declared(reader, "phases"):
        steps = ("phases", *steps)
    section = PARTS[block].get(steps[0])
    if section is None:
        known = [*tops, *PARTS[block], *(declared(reader, "phases") if block == "programme" else ())]
        proposal = near(steps[0], known) or f"; there is {listed(known)}"
        reader.fault(key, told, f"the {block} has no '{steps[0][:60]}'{proposal}")
        return None
    if len(steps) < 2:
        reader.fault(key, told, f"'{key.text}' holds several values; name one of them")
        return None
    known = [*names.get(steps[0], ()), *(declared(reader, NAMED_AFTER[steps[0]]) if steps[0] in NAMED_AFTER else ())]
    if steps[1] not in known:
        noun = "phase" if steps[0] == "phases" else "market" if steps[0] == "sales" else steps[0]
        proposal = near(steps[1], known) or (f"; there is {listed(dict.fromkeys(known))}" if known else "")
        article = "no phase" if noun == "phase" else "no market" if noun == "market" else f"nothing under '{noun}'"
        reader.fault(key, told, f"{article} is called '{steps[1][:60]}'{proposal}")
        return None
    return steps if _inside(reader, key, steps, section, told) else None


def _inside(reader: Reader, key: Scalar, steps: Path, part: str, told: str) -> bool:
    """Whether the part has what the rest of the path names."""
    if len(steps) == 2:
        return True
    keys: Iterable[str] = () if part == SHARES else (name for name in BLOCKS[part] if name != "reference")
    players = reader.names.players if part in {SHARES, "cost_share", "gate"} else ()
    known = [*keys, *players]
    if steps[2] not in known:
        shown = f"{near(steps[2], known)}" if part not in {"phase", "market"} else ""
        told_words = f"{steps[1]} has no '{steps[2][:60]}'; it has {listed(known, 20)}{shown}"
        reader.fault(key, told, told_words)
        return False
    kind = BLOCKS[part][steps[2]].kind if part != SHARES and steps[2] in BLOCKS[part] else "share"
    deeper = {"shares": tuple(reader.names.players), "tiers": None}.get(kind, ())
    if len(steps) == 3 or (len(steps) == 4 and (deeper is None or steps[3] in deeper)):
        return True
    reader.fault(key, told, f"there is no '{key.text[:120]}' to change")
    return False


def _tell_unwritten(reader: Reader, rows: list[ChangeRow], block: str, leaves: dict[Path, Leaf]) -> None:
    """`times` and `plus` need something to compute with."""
    written = set(leaves) | {path for row in rows for edit in row.edits for path in edit.leaves}
    for index, row in enumerate(rows):
        for edit in row.edits:
            if edit.verb is Verb.SET or edit.path in written or edit.path[-1] in _UNWRITTEN:
                continue
            told = f"'{short_path(edit.path)}' is not written, so there is nothing to compute with; write it, or set it"
            reader.fault(edit.place, item(below(block, "changes"), index), told)
