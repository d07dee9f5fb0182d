"""Small changes to the text of a scenario file that leave everything else as it is.

>>> from gamecore.scenario.tree import parse
>>> text = "packs:  {value: 2}   # a year"
>>> root = parse(text).root
>>> edits = Edits(text, root)
>>> edits.put(root.get("packs"), "value", "3")
>>> edits.put(root.get("packs"), "unit", "m packs")
>>> edits.text()
'packs:  {value: 3, unit: m packs}   # a year'
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Final

from gamecore.model import Place
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree

__all__ = ["Edits"]

# What needs no quotes inside braces: no comma, colon, brace, quote or comment sign, and no blank at an end.
_PLAIN: Final = re.compile(r"(?:[A-Za-z0-9_.(]|-(?=[A-Za-z0-9_.(]))(?:[\w.%+*/()<>=; -]*[\w.%)])?")


@dataclass
class _Short:
    """A short form (`packs: 2`) that becomes a block."""

    span: tuple[int, int]
    value: str
    more: list[str] = field(default_factory=list)


class Edits:
    """Changes to a text, collected and made all at once. `root` is its tree, with the places of all values."""

    def __init__(self, text: str, root: Mapping) -> None:
        self._text = text
        self._json = root.inline
        self._ends = _ends(text)
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._made: list[tuple[int, int, str]] = []  # from, to, what stands there then
        self._shorts: dict[int, _Short] = {}

    def text(self) -> str:
        """The text with all changes made."""
        made = list(self._made)
        for short in self._shorts.values():
            block = f"{{{self._key('value')}: {', '.join([short.value, *short.more])}}}"
            made.append((*short.span, block if short.more else short.value))
        text = self._text
        # From the end to the start; of two at one place, what was asked for first stands first.
        for _, (start, end, new) in sorted(enumerate(made), key=lambda item: (item[1][0], item[0]), reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def put(self, block: Mapping, key: str, value: str, *, braces: bool = False) -> None:
        """Write `key: value` into a block: in place of what stands there, or beside its other keys.

        `braces`: the value is a block of its own, `a: 1, b: 2`.
        """
        old = block.get(key)
        if old is not None:
            self._made.append((*self._span(old), self._value(value, braces=braces)))
            return
        entry = f"{self._key(key)}: {self._value(value, braces=braces)}"
        if block.inline:
            at = self._span(block.entries[-1][1])[1]
            self._made.append((at, at, f", {entry}"))
            return
        indent = " " * (block.entries[0][0].place.column - 1)
        first = next((value for _, value in block.entries if isinstance(value, Scalar)), None)
        if first is None:
            at = self._index(block.entries[0][0].place)
            self._made.append((at, at, f"{entry}{self._line_end()}{indent}"))
            return
        stop = self._text.find("\n", self._span(first)[1])
        at = len(self._text) if stop < 0 else stop
        at -= self._text[at - 1 : at] == "\r"
        self._made.append((at, at, f"{self._line_end()}{indent}{entry}"))

    def expand(self, value: Scalar, key: str, text: str, *, braces: bool = False) -> None:
        """Make of a short form (`packs: 2`) the block it stands for, with one more key; a new `value` replaces it."""
        span = self._span(value)
        written = self._text[slice(*span)] if not value.plain else self._scalar(value.text)
        short = self._shorts.setdefault(span[0], _Short(span, written))
        said = self._value(text, braces=braces)
        if key == "value":
            short.value = said
        else:
            short.more.append(f"{self._key(key)}: {said}")

    # ---- places

    def _index(self, place: Place) -> int:
        return self._lines[place.line - 1] + place.column - 1

    def _span(self, node: Tree) -> tuple[int, int]:
        """Where a value starts and ends; a block on lines of its own ends with its last value."""
        start = self._index(node.place)
        if isinstance(node, Scalar) or node.inline:
            return start, self._ends[start]
        last = node.items[-1] if isinstance(node, Sequence) else node.entries[-1][1]
        return start, self._span(last)[1]

    def _line_end(self) -> str:
        return "\r\n" if "\r\n" in self._text else "\n"

    # ---- what is written

    def _key(self, key: str) -> str:
        return json.dumps(key) if self._json else key

    def _value(self, text: str, *, braces: bool) -> str:
        if braces:
            pairs = [part.partition(":") for part in text.strip().strip("{}").split(",")]
            said = (f"{self._key(key.strip())}: {self._scalar(value.strip())}" for key, _, value in pairs)
            return f"{{{', '.join(said)}}}"
        return self._scalar(text)

    def _scalar(self, text: str) -> str:
        number = re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text) is not None
        if self._json:
            return text if number else json.dumps(text, ensure_ascii=False)
        fine = _PLAIN.fullmatch(text) is not None and text not in {"null", "~"}
        return text if number or fine else json.dumps(text, ensure_ascii=False)


def _ends(text: str) -> dict[int, int]:
    """Where every scalar and every block in braces ends, by where it starts."""
    from ruamel.yaml import YAML
    from ruamel.yaml import events as kinds

    ends: dict[int, int] = {}
    open_ones: list[int] = []
    readable = text.replace("\t", " ") if text.lstrip()[:1] == "{" else text
    for event in YAML(typ="safe", pure=True).parse(readable):
        if isinstance(event, kinds.ScalarEvent):
            ends[event.start_mark.index] = event.end_mark.index
        elif isinstance(event, kinds.MappingStartEvent | kinds.SequenceStartEvent):
            open_ones.append(event.start_mark.index)
        elif isinstance(event, kinds.MappingEndEvent | kinds.SequenceEndEvent):
            start = open_ones.pop()
            if readable[start : start + 1] in {"{", "["}:
                ends[start] = event.end_mark.index
    return ends
