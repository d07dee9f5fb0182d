"""YAML 1.2 (and so JSON) as a tree of texts with their places; nothing is turned into numbers, dates or booleans here.

The tree has three kinds of nodes: `Scalar` (a text), `Mapping` (entries in file order) and `Sequence`. It is built
from the events of the YAML parser, so that neither depth nor aliases can hurt, and it is immutable: `Mapping.put`
returns a new tree, which is how levers change a scenario.

>>> tree = parse("plan: {at: 0, proposes: diamond}").root
>>> tree.get("plan").get("proposes").text
'diamond'
>>> tree.put(("plan", "at"), Scalar("6 months")).get("plan").get("at").text
'6 months'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from gamecore.errors import Fault, TooLargeError
from gamecore.model import Place

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError

LARGEST_FILE: Final = 1_000_000  # bytes; the largest worked example has 8,000
MOST_NODES: Final = 50_000
DEEPEST: Final = 20  # a worked example is at most 8 deep
MOST_REPAIRS: Final = 20

NOWHERE: Final = Place(1, 1)

# Control characters but tab and line end, halves of signs, and what turns the direction of all text after it.
_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Scalar:
    """A text as written; `plain` is False if it was quoted."""

    text: str
    plain: bool = True
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def empty(self) -> bool:
        """Nothing was written, or YAML's word for nothing."""
        return self.plain and self.text in {"", "~", "null"}

    def at(self, column: int) -> Place:
        """The place of a sign inside the text (exact for what stands on one line)."""
        return Place(self.place.line, self.place.column + column + (0 if self.plain else 1))


@dataclass(frozen=True)
class Mapping:
    """Entries `key: value` in the order of the file; `inline` if written in braces."""

    entries: tuple[tuple[Scalar, Tree], ...] = ()
    inline: bool = False
    place: Place = field(default=NOWHERE, compare=False)

    def get(self, name: str) -> Tree | None:
        """The value of a key, or None."""
        return next((value for key, value in self.entries if key.text == name), None)

    def key(self, name: str) -> Scalar | None:
        """A key itself, with its place."""
        return next((key for key, _ in self.entries if key.text == name), None)

    def put(self, path: tuple[str, ...], value: Tree) -> Mapping:
        """The tree with another value at a path; keys that are missing are added."""
        name, rest = path[0], path[1:]
        old = self.get(name)
        if rest:
            value = (old if isinstance(old, Mapping) else Mapping(place=self.place)).put(rest, value)
        if old is None:
            return replace(self, entries=(*self.entries, (Scalar(name, place=self.place), value)))
        return replace(self, entries=tuple((key, value if key.text == name else kept) for key, kept in self.entries))

    def without(self, *names: str) -> Mapping:
        """The tree without some keys."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry[0].text not in names))


@dataclass(frozen=True)
class Sequence:
    """A list; `inline` if written in brackets."""

    items: tuple[Tree, ...] = ()
    inline: bool = False
    place: Place = field(default=NOWHERE, compare=False)


Tree = Scalar | Mapping | Sequence


@dataclass(frozen=True)
class Parsed:
    """What came of a text: a tree (if there is anything to go on with) and the faults of the writing itself."""

    root: Mapping | None
    faults: tuple[Fault, ...]


class _StopError(Exception):
    """The text cannot be read further."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def parse(data: bytes | str) -> Parsed:
    """Read YAML or JSON; raise `TooLargeError` for more than `LARGEST_FILE` bytes."""
    if len(data) > LARGEST_FILE:
        raise TooLargeError(
            f"the file has {len(data):,} bytes; a scenario has at most {LARGEST_FILE:,}",
            limit="bytes of a scenario",
            count=len(data),
            allowed=LARGEST_FILE,
        )
    if isinstance(data, bytes):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8-sig", "replace")
            place = _place_of(before, len(before))
            return Parsed(None, (Fault(*place, "", "the file is not UTF-8; save it as UTF-8 (without a code page)"),))
    else:
        text = data.removeprefix("\ufeff")
    if text.lstrip()[:1] == "{":
        text = text.replace("\t", " ")  # JSON may be indented with tabs
    return _parse_with_repairs(text)


def _parse_with_repairs(text: str) -> Parsed:
    """A text with ': ' in it is told and mended by a look-alike of the same width, so that the rest is checked, too."""
    faults: list[Fault] = []
    for _ in range(MOST_REPAIRS):
        try:
            root = _Builder(text).build()
        except _StopError as stop:
            faults.append(stop.fault)
            break
        except _ColonError as colon:
            if not any((told.line, told.column) == (colon.fault.line, colon.fault.column) for told in faults):
                faults.append(colon.fault)
            text = text[: colon.index] + "\ua789" + text[colon.index + 1 :]
        else:
            walked = _Tidier()
            tree = walked.tidy(root, "") if root is not None else None
            if root is not None and not isinstance(tree, Mapping):
                faults.append(Fault(root.place.line, root.place.column, "", "a scenario is made of 'key: value' lines"))
                tree = None
            return Parsed(tree if isinstance(tree, Mapping) else None, (*faults, *walked.faults))
    return Parsed(None, tuple(faults))


def _place_of(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


# ---- events to tree --------------------------------------------------------------------------------------------------


class _ColonError(Exception):
    """A text holds ': ' and is not quoted; `index` is where the colon stands."""

    def __init__(self, fault: Fault, index: int) -> None:
        self.fault = fault
        self.index = index


@dataclass
class _Open:
    """A mapping or list that is not closed yet."""

    kind: str
    place: Place
    inline: bool
    parts: list[Tree] = field(default_factory=list)

    def close(self) -> Tree:
        if self.kind == "sequence":
            return Sequence(tuple(self.parts), self.inline, self.place)
        pairs = []
        for key, value in zip(self.parts[::2], self.parts[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise _StopError(
                    Fault(key.place.line, key.place.column, "", "a name is expected before ':', not a list")
                )
            pairs.append((key, value))
        return Mapping(tuple(pairs), self.inline, self.place)


class _Builder:
    """Events of the YAML parser, put together."""

    def __init__(self, text: str) -> None:
        self.text = text

    def build(self) -> Tree | None:
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            return self._build()
        except MarkedYAMLError as error:
            raise self._explain(error) from None
        except YAMLError as error:
            position = getattr(error, "position", 0) or 0
            raise _StopError(
                Fault(*_place_of(self.text, position), "", "this sign cannot stand in a YAML file; delete it")
            ) from None
        except (ValueError, OverflowError, RecursionError):  # e.g. a \U escape beyond Unicode
            raise _StopError(Fault(1, 1, "", "the file is not YAML that can be read")) from None

    def _build(self) -> Tree | None:
        from ruamel.yaml import YAML
        from ruamel.yaml import events as kinds

        stack: list[_Open] = []
        root: Tree | None = None
        documents = nodes = 0
        for event in YAML(typ="safe", pure=True).parse(self.text):
            place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
            finished: Tree | None = None
            if isinstance(event, kinds.NodeEvent):
                nodes += 1
                self._refuse_decorations(event, place, nodes)
            if isinstance(event, kinds.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _StopError(Fault(place.line, place.column, "", "one file holds one scenario; delete '---'"))
            elif isinstance(event, kinds.ScalarEvent):
                finished = Scalar(_join_surrogates(event.value), event.style is None, place)
            elif isinstance(event, kinds.MappingStartEvent | kinds.SequenceStartEvent):
                kind = "mapping" if isinstance(event, kinds.MappingStartEvent) else "sequence"
                stack.append(_Open(kind, place, bool(event.flow_style)))
                if len(stack) > DEEPEST:
                    message = f"blocks may be nested {DEEPEST} deep at most"
                    raise _StopError(Fault(place.line, place.column, "", message))
            elif isinstance(event, kinds.MappingEndEvent | kinds.SequenceEndEvent):
                finished = stack.pop().close()
            if finished is not None and stack:
                stack[-1].parts.append(finished)
            elif finished is not None:
                root = finished
        if root is None or (isinstance(root, Scalar) and root.empty):
            raise _StopError(Fault(1, 1, "", "the file is empty; 'gamecore new' writes one to start from"))
        return root

    @staticmethod
    def _refuse_decorations(event: Any, place: Place, nodes: int) -> None:
        from ruamel.yaml import events as kinds

        if nodes > MOST_NODES:
            raise TooLargeError(
                f"the file has more than {MOST_NODES:,} values",
                limit="values of a scenario",
                count=nodes,
                allowed=MOST_NODES,
            )
        told = "is not allowed here; write the value out, or put the text in quotes"
        if isinstance(event, kinds.AliasEvent):
            raise _StopError(Fault(place.line, place.column, "", f"'*{event.anchor}' (a YAML alias) {told}"))
        if event.anchor is not None:
            raise _StopError(Fault(place.line, place.column, "", f"'&{event.anchor}' (a YAML anchor) {told}"))
        if getattr(event, "tag", None) is not None:
            raise _StopError(Fault(place.line, place.column, "", f"'!' (a YAML tag) {told}"))

    def _explain(self, error: MarkedYAMLError) -> Exception:
        mark = error.problem_mark or error.context_mark
        if mark is None:
            return _StopError(Fault(1, 1, "", "the file is not YAML"))
        line, column = mark.line + 1, mark.column + 1
        problem = error.problem or ""
        lines = self.text.splitlines() or [""]
        written = lines[mark.line] if mark.line < len(lines) else ""
        if ("mapping values are not allowed" in problem or "but got ':'" in problem) and written[mark.column :][
            :1
        ] == ":":
            return self._explain_colon(mark.line, mark.column, written)
        if "quoted scalar" in (error.context or "") and error.context_mark is not None:
            line, column = error.context_mark.line + 1, error.context_mark.column + 1
        return _StopError(
            Fault(line, column, "", _in_our_words(problem, error.context or "", written[mark.column :][:1]))
        )

    def _explain_colon(self, line: int, column: int, written: str) -> Exception:
        before = written[:column]
        start = max((match.end() for match in re.finditer(r"(?:^|[:,{\[-])\s+(?=\S)", before)), default=0)
        tail = re.split(r"\s#|[}\]]|,\s", written[start:], maxsplit=1)[0] if "{" in before else written[start:]
        tail = re.split(r"\s#", tail, maxsplit=1)[0].strip()
        fault = Fault(line + 1, start + 1, "", f"a text that contains ': ' needs quotes: \"{tail}\"")
        if start == 0 or not re.match(r":(\s|$)", written[column:]):
            return _StopError(
                Fault(
                    line + 1,
                    column + 1,
                    "",
                    "this ':' is not expected here; is the line before it, or its indent, wrong?",
                )
            )
        index = sum(len(kept) for kept in self.text.splitlines(keepends=True)[:line]) + column
        return _ColonError(fault, index)


def _in_our_words(problem: str, context: str, sign: str) -> str:
    if "\\t" in problem or sign == "\t":
        return "a tab cannot stand here; indent with spaces"
    if "cannot start any token" in problem:
        return f"a text that begins with '{sign}' needs quotes"
    if "quoted scalar" in context:
        return "the quotes are never closed"
    if "expected ',' or '}'" in problem or "flow mapping" in context:
        return "a '}' or a comma is missing before this"
    if "expected ',' or ']'" in problem or "flow sequence" in context:
        return "a ']' or a comma is missing before this"
    if "could not find expected ':'" in problem:
        return "a ':' is missing after the key, or the line belongs to the text before and must be indented further"
    if "block mapping" in context or "block collection" in context or "sequence entries" in problem:
        return "this line does not fit the ones before; check how far it is indented"
    return f"the file is not YAML here: {problem or context}"


def _join_surrogates(text: str) -> str:
    r"""JSON writes signs beyond the basic plane as two escapes (`\ud83d\ude00`)."""
    if not any("\ud800" <= sign <= "\udfff" for sign in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def without_unfit(text: str) -> str:
    r"""A text without the signs that no text of a scenario may hold.

    >>> without_unfit("Lau\0n\x1bch")
    'Launch'
    """
    return _UNFIT.sub("", text)


def _unfit(sign: str) -> str:
    """What is wrong with a sign, and how to mend it."""
    code = ord(sign)
    if 0xD800 <= code <= 0xDFFF:
        return f"half of a sign (U+{code:04X}) stands here; write the sign itself"
    if code > 0xFF:
        return f"U+{code:04X}, which turns the direction of the text after it, cannot stand in a text; delete it"
    written = " (in double quotes a backslash writes one)" if code < 0x20 or code in {0x7F, 0x85} else ""
    return f"the control character U+{code:04X} cannot stand in a text; delete it{written}"


# ---- comma slips and double keys -------------------------------------------------------------------------------------


def below(path: str, key: str) -> str:
    """The path of an entry, as faults print it: `payoffs.trial`, but not `.rows`."""
    if key == "rows":
        return path
    return f"{path}.{key}" if path else key


def item(path: str, index: int, word: str = "row") -> str:
    """The path of a list's item: `payoffs.trial, row 13`."""
    return f"{path}, {word} {index + 1}"


def tree_size(tree: Tree) -> int:
    """How many nodes a tree has."""
    if isinstance(tree, Scalar):
        return 1
    parts = tree.items if isinstance(tree, Sequence) else [value for _, value in tree.entries]
    return 1 + sum(map(tree_size, parts))


class _Tidier:
    """Takes out double keys, the empty keys that a comma inside braces makes, and signs no text may hold; tells all."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def tidy(self, tree: Tree, path: str) -> Tree:
        if isinstance(tree, Sequence):
            word = "row" if path.partition(".")[0] in {"payoffs", "events", "inputs"} else "entry"
            return replace(tree, items=tuple(self.tidy(part, item(path, i, word)) for i, part in enumerate(tree.items)))
        if isinstance(tree, Scalar):
            return self._fit(tree, path)
        entries: list[tuple[Scalar, Tree]] = []
        first: dict[str, Scalar] = {}
        for written, value in self._without_slips(tree, path):
            key = self._fit(written, path)
            if key.text in first:
                message = f"'{key.text}' is already defined on line {first[key.text].place.line}; each name stands once"
                self._tell(key, path, message)
                continue
            first[key.text] = key
            entries.append((key, self.tidy(value, below(path, key.text))))
        return replace(tree, entries=tuple(entries))

    def _fit(self, scalar: Scalar, path: str) -> Scalar:
        found = _UNFIT.search(scalar.text)
        if found is None:
            return scalar
        place = scalar.at(found.start())
        self.faults.append(Fault(place.line, place.column, path, _unfit(found.group())))
        return replace(scalar, text=without_unfit(scalar.text))

    def _without_slips(self, tree: Mapping, path: str) -> Iterator[tuple[Scalar, Tree]]:
        if not tree.inline:
            yield from tree.entries
            return
        held: tuple[Scalar, Tree] | None = None
        slips: list[Scalar] = []
        for key, value in tree.entries:
            slipped = isinstance(value, Scalar) and value.plain and value.text == ""
            # `unit: ` with nothing behind its colon is a key without a value, not the end of a text.
            apart = value.place.column > key.place.column + len(key.text)
            slipped = slipped and not (apart and re.fullmatch(r"[a-z][a-z0-9_]*", key.text))
            if slipped and held is not None and isinstance(held[1], Scalar):
                slips.append(key)
                continue
            if held is not None:
                yield self._mended(*held, slips, path)
            held, slips = (key, value), []
        if held is not None:
            yield self._mended(*held, slips, path)

    def _mended(self, key: Scalar, value: Tree, slips: list[Scalar], path: str) -> tuple[Scalar, Tree]:
        if not slips or not isinstance(value, Scalar):
            return key, value
        parts = [value.text, *(slip.text for slip in slips)]
        whole, digits = ", ".join(parts), "".join(parts)
        if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", ",".join(parts)):
            told = f"a comma ends a value inside {{...}}; write {digits} without a thousands comma"
            self._tell(slips[0], path, told)
            return key, replace(value, text=digits)
        if re.fullmatch(r"-?\d+,\d+%?", ",".join(parts)):
            told = f"a comma ends a value inside {{...}}; decimals have a point: {'.'.join(parts)}"
            self._tell(slips[0], path, told)
            return key, replace(value, text=".".join(parts))
        if re.match(r".*\b(min|max|if)\s*\(", value.text):
            self._tell(value, "", f'a formula with a comma inside {{...}} needs quotes: "{whole}"')
        else:
            self._tell(value, "", f'a text with a comma inside {{...}} needs quotes: "{whole}"')
        return key, replace(value, text=whole)

    def _tell(self, at: Scalar, path: str, message: str) -> None:
        self.faults.append(Fault(at.place.line, at.place.column, path, message))
