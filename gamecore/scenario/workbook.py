"""The cells of an .xlsx file, read within limits and without running anything in it.

Cells come from python-calamine: a formula is worth the value that was stored with it. Before that, every part of the
file is unpacked within a limit and its sheets are walked once, so that a small file which unpacks to a huge one, or
names a cell a million rows down, is refused before it costs anything; and so that a formula without a stored value, or
with an error for one, is told from an empty cell.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

from gamecore.errors import InputError, TooLargeError

__all__ = ["Cell", "Sheet", "read_workbook"]

LARGEST_FILE: Final = 5_000_000  # bytes; a template of a whole scenario has 20,000
LARGEST_UNPACKED: Final = 30_000_000  # bytes of all parts together
MOST_PARTS: Final = 500
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
_STEP: Final = 1 << 20
# What a broken archive may raise while it is unpacked.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
)
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)

Content = str | float | bool | object  # anything else is a date or a time of day


@dataclass(frozen=True)
class Cell:
    """One cell: where it stands ("C7") and what is in it; `wrong` says why a formula there has no value."""

    where: str
    content: Content
    wrong: str | None = None

    @property
    def empty(self) -> bool:
        """Nothing is in it, or only blanks."""
        return self.wrong is None and isinstance(self.content, str) and not self.content.strip()


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet from the first on, as wide as the widest."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def read_workbook(data: bytes, file: str) -> dict[str, Sheet]:
    """The sheets of an .xlsx file by name, in its order.

    Raises
    ------
    InputError
        If the bytes are no .xlsx file.
    TooLargeError
        If it has more bytes, parts, rows or columns than are read.
    """
    _within(f"{file}: the spreadsheet's bytes", len(data), LARGEST_FILE)
    parts = _unpacked(data, file)
    wrong = {name: _walked(parts[part], f"{file}:{name}") for name, part in _sheet_parts(parts, file) if part in parts}
    from python_calamine import CalamineError, load_workbook

    try:
        with load_workbook(io.BytesIO(data)) as book:
            return {
                name: Sheet(name, _cells(book.get_sheet_by_name(name).to_python(skip_empty_area=False), wrong[name]))
                for name in book.sheet_names
                if name in wrong
            }
    except CalamineError as error:
        raise _no_workbook(file) from error


def _within(what: str, count: int, most: int) -> None:
    if count > most:
        told = f"{what} are {count:,}; at most {most:,} are read"
        raise TooLargeError(told, limit=what.rpartition(": ")[2], count=count, allowed=most)


def _no_workbook(file: str) -> InputError:
    return InputError(
        f"{file}: this is no .xlsx file that can be read, or it is locked by a password; save it as .xlsx"
    )


def _cells(rows: list[list[Any]], wrong: Mapping[str, str]) -> tuple[tuple[Cell, ...], ...]:
    found = []
    for number, row in enumerate(rows, start=1):
        places = [f"{column_name(column)}{number}" for column in range(len(row))]
        found.append(tuple(Cell(at, value, wrong.get(at)) for at, value in zip(places, row, strict=True)))
    return tuple(found)


def column_name(number: int) -> str:
    """The letters of a column, counted from 0.

    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    name = ""
    while number >= 0:
        number, letter = divmod(number, 26)
        name, number = chr(ord("A") + letter) + name, number - 1
    return name


# ---- what is packed --------------------------------------------------------------------------------------------------


def _unpacked(data: bytes, file: str) -> dict[str, bytes]:
    """The parts that name and hold the sheets; all parts are unpacked once, to count their bytes."""
    kept: dict[str, bytes] = {}
    size = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _within(f"{file}: the spreadsheet's parts", len(packed.infolist()), MOST_PARTS)
            for part in packed.infolist():
                pieces = []
                with packed.open(part) as stream:
                    for piece in iter(lambda: stream.read(_STEP), b""):
                        size += len(piece)
                        _within(f"{file}: the unpacked spreadsheet's bytes", size, LARGEST_UNPACKED)
                        pieces.append(piece)
                if part.filename.startswith("xl/") and part.filename.endswith((".xml", ".rels")):
                    kept[part.filename] = b"".join(pieces)
    except _BROKEN as error:
        raise _no_workbook(file) from error
    if "xl/workbook.xml" not in kept:
        raise _no_workbook(file)
    return kept


def _sheet_parts(parts: Mapping[str, bytes], file: str) -> Iterator[tuple[str, str]]:
    """The name of each sheet with the part that holds its cells."""
    named: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def sheet(tag: str, found: Mapping[str, str]) -> None:
        if tag == "sheet":
            identity = next((value for key, value in found.items() if key.rpartition(":")[2] == "id"), "")
            named.append((found.get("name", ""), identity))

    def relation(tag: str, found: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = found.get("Target", "")
            targets[found.get("Id", "")] = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")

    _parse(parts["xl/workbook.xml"], file, start=sheet)
    _parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), file, start=relation)
    for name, identity in named:
        if identity in targets:
            yield name, targets[identity]


def _nothing(_: str, __: Mapping[str, str]) -> None:
    return


def _parse(
    xml: bytes,
    file: str,
    *,
    start: Callable[[str, Mapping[str, str]], None] = _nothing,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk an XML part; tags come without their prefix. What defines entities is refused."""

    def refuse(*_: object) -> None:
        raise _no_workbook(file)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, found: start(tag.rpartition(":")[2], found)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - its own signature
    except (expat.ExpatError, LookupError) as error:  # an encoding nobody knows is a LookupError
        raise _no_workbook(file) from error


class _Walk:
    """Counts the rows and columns of a sheet and notes formulas that have no value."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.wrong: dict[str, str] = {}
        self.row = self.column = 0
        self.at = self.kind = ""
        self.formula = self.valued = self.inside = False

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        """A row, a cell, or what is in a cell."""
        if tag == "row":
            self.row = int(found["r"]) if found.get("r", "").isdecimal() else self.row + 1
            self.column = 0
        elif tag == "c":
            told = _REFERENCE.fullmatch(found.get("r", ""))
            self.column = _column_number(told[1]) if told else self.column + 1
            self.row = int(told[2]) if told else self.row
            _within(f"{self.where}: the rows of the sheet", self.row, MOST_ROWS)
            _within(f"{self.where}: the columns of the sheet", self.column, MOST_COLUMNS)
            self.at, self.kind = f"{column_name(self.column - 1)}{self.row}", found.get("t", "")
            self.formula = self.valued = False
        elif tag == "f":
            self.formula = True
        elif tag == "v":
            self.inside = True

    def text(self, text: str) -> None:
        """Text of a value."""
        self.valued = self.valued or (self.inside and bool(text))

    def end(self, tag: str) -> None:
        """The end of a value or a cell."""
        if tag == "v":
            self.inside = False
        elif tag == "c" and self.kind == "e":
            self.wrong[self.at] = "the cell holds an error in place of a value"
        elif tag == "c" and self.formula and not self.valued and self.kind != "str":
            told = "the formula has no stored value, and formulas are never run; open the file in a spreadsheet program"
            self.wrong[self.at] = f"{told} and save it, or type the number"


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _walked(xml: bytes, where: str) -> dict[str, str]:
    walk = _Walk(where)
    _parse(xml, where.partition(":")[0], start=walk.start, end=walk.end, text=walk.text)
    return walk.wrong
