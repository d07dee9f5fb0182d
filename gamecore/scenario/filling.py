"""Numbers from a filled-in spreadsheet, written into the text of a scenario file.

The text is changed in as few places as possible: a value is replaced where it stands, a key that is missing is added
beside the others, and every comment, blank line and indent stays. A cell that says what the file says changes nothing.
What comes out is read again, so that every rule of the format holds for the spreadsheet, too; faults are told at the
cell (`inputs.xlsx:Inputs!C7`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from gamecore.errors import InputError, ScenarioError
from gamecore.model import Scenario
from gamecore.scenario.document import SHAPES
from gamecore.scenario.editing import Edits
from gamecore.scenario.expressions import parse_number
from gamecore.scenario.reader import LONGEST_NAME, near
from gamecore.scenario.reading import read_scenario
from gamecore.scenario.spreadsheet import (
    HELD_BACK,
    INPUT_COLUMNS,
    INPUTS,
    PAYOFF_COLUMNS,
    PAYOFFS,
    Content,
    Template,
    input_rows,
    payoff_rows,
)
from gamecore.scenario.tree import Mapping as Block
from gamecore.scenario.tree import Scalar
from gamecore.scenario.workbook import Cell, Sheet, read_workbook

__all__ = ["filled"]

MOST_FAULTS: Final = 100  # told at once
DIGITS: Final = 15  # what a spreadsheet keeps of a number
_FIXED: Final = ("when", "at")  # told for people; the scenario decides them
_TEXTS: Final = ("label", "unit", "source", "owner", "confidential")


def filled(data: bytes, spreadsheet: bytes, *, file: str = "scenario", sheet_file: str = "spreadsheet") -> bytes:
    """The scenario file with the numbers and texts of a spreadsheet that `write_spreadsheet` made.

    Rows may be missing, in any order; empty cells of texts leave the file as it is.

    Raises
    ------
    ScenarioError
        If the scenario has faults before anything is changed.
    InputError
        If the spreadsheet has faults: all of them, a line each.
    TooLargeError
        If the spreadsheet is larger than what is read.
    """
    scenario = read_scenario(data, file=file)
    filling = _Filling(scenario, data.decode("utf-8-sig"), sheet_file)
    sheets = read_workbook(spreadsheet, sheet_file)
    if INPUTS not in sheets and PAYOFFS not in sheets:
        told = f"{sheet_file}: there is neither a sheet '{INPUTS}' nor '{PAYOFFS}'; 'gamecore convert' writes both"
        raise InputError(told)
    if INPUTS in sheets:
        filling.inputs(sheets[INPUTS])
    if PAYOFFS in sheets:
        filling.payoffs(sheets[PAYOFFS])
    filling.end()
    text = filling.edits.text()
    start = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    result = start + text.encode()
    try:
        read_scenario(result, file=file)
    except ScenarioError as error:
        filling.tell_again(error)
    return result


class _Row:
    """The cells of one row by the titles of their columns."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self.cells = cells

    def __contains__(self, title: str) -> bool:
        return title in self.cells

    def __getitem__(self, title: str) -> Cell:
        return self.cells[title]

    def word(self, title: str) -> str:
        """What stands in a cell, as a text without blanks around it."""
        content = self.cells[title].content if title in self.cells else ""
        if isinstance(content, float) and content.is_integer():
            return str(int(content))
        return str(content).strip()


class _Filling:
    """One spreadsheet on its way into one scenario."""

    def __init__(self, scenario: Scenario, text: str, file: str) -> None:
        self.scenario = scenario
        self.file = file
        self.faults: list[str] = []
        self.edits = Edits(text, scenario.source)
        self.places: dict[str, str] = {}  # of the rows, by the paths of faults

    # ---- faults

    def fault(self, sheet: str, cell: Cell | str, message: str) -> None:
        """Tell a fault at its cell."""
        where = cell if isinstance(cell, str) else cell.where
        self.faults.append(f"{self.file}:{sheet}!{where}: {message}")

    def end(self) -> None:
        """Raise `InputError` if anything was told."""
        if self.faults:
            more = len(self.faults) - MOST_FAULTS
            left = [f"{self.file}: {more} more faults; mend these first"] if more > 0 else []
            raise InputError("\n".join([*self.faults[:MOST_FAULTS], *left]))

    def tell_again(self, error: ScenarioError) -> None:
        """Faults of the filled-in scenario, at the cells they come from."""
        for fault in error.faults:
            path = re.sub(r"^(inputs\.\w+)\.\w+", r"\1", fault.path)
            path = re.sub(r"^(payoffs\.\w+)\.\w+$", r"\1", path)
            where = self.places.get(path) or self.places.get(path.partition(",")[0])
            told = fault.message
            self.faults.append(
                f"{self.file}:{where}: {told}" if where else f"{self.file}: with these numbers, {fault.path}: {told}"
            )
        self.end()

    # ---- rows

    def _rows(self, sheet: Sheet, columns: Mapping[str, int], needed: tuple[str, ...]) -> list[_Row]:
        head = sheet.rows[0] if sheet.rows else ()
        titles: dict[int, str] = {}
        for column, cell in enumerate(head):
            title = str(cell.content).strip()
            if not title:
                continue
            if title not in columns:
                self.fault(sheet.name, cell, f"'{title[:60]}' is no column of this sheet{near(title, columns)}")
            elif title in titles.values():
                self.fault(sheet.name, cell, f"there are two columns '{title}'")
            else:
                titles[column] = title
        missing = [title for title in needed if title not in titles.values()]
        if missing:
            self.fault(sheet.name, "A1", f"the first row names the columns; '{missing[0]}' is missing")
            return []
        rows = []
        for cells in sheet.rows[1:]:
            if all(cell.empty for cell in cells):
                continue
            found = _Row({title: cells[column] for column, title in titles.items() if column < len(cells)})
            for cell in found.cells.values():
                if cell.wrong is not None:
                    self.fault(sheet.name, cell, cell.wrong)
            if all(cell.wrong is None for cell in found.cells.values()):
                rows.append(found)
        return rows

    def inputs(self, sheet: Sheet) -> None:
        """The sheet `Inputs`."""
        known: dict[str, list[tuple[int | None, Template]]] = {}
        for name, number, template in input_rows(self.scenario):
            known.setdefault(name, []).append((number, template))
        seen: set[tuple[str, int | None]] = set()
        for row in self._rows(sheet, INPUT_COLUMNS, ("name", "base")):
            name = row.word("name")
            if name not in known:
                told = f"'{name[:LONGEST_NAME]}' is no input of the scenario" if name else "the name is missing"
                self.fault(sheet.name, row["name"], told + (near(name, known) or "; add it to the scenario file first"))
                continue
            found = self._which(row, known[name])
            if found is None:
                self.fault(
                    sheet.name,
                    row["when" if "when" in row else "name"],
                    f"no row of '{name}' holds when this is so; conditions are changed in the scenario file",
                )
                continue
            number, template = found
            if (name, number) in seen:
                self.fault(sheet.name, row["name"], f"'{name}' stands twice; each row stands once")
                continue
            seen.add((name, number))
            path = f"inputs.{name}" if number is None else f"inputs.{name}, row {number + 1}"
            value = row["value"] if "value" in row and not row["value"].empty else row["base"]
            self.places[path] = f"{sheet.name}!{value.where}"
            _InputRow(self, sheet.name, row, template, number).fill()

    @staticmethod
    def _which(row: _Row, among: list[tuple[int | None, Template]]) -> tuple[int | None, Template] | None:
        if among[0][0] is None:
            return among[0]
        when = row.word("when")
        return next(((number, made) for number, made in among if (made.cells["when"] or "") == when), None)

    def payoffs(self, sheet: Sheet) -> None:
        """The sheet `Payoffs`."""
        known = {(name, number or 0): (template, block) for name, number, template, block in payoff_rows(self.scenario)}
        players = dict.fromkeys(self.scenario.players, 0)
        seen: set[tuple[str, int]] = set()
        for row in self._rows(sheet, PAYOFF_COLUMNS | players, ("line", "row")):
            name, number = row.word("line"), row.word("row")
            key = (name, int(number) - 1 if re.fullmatch(r"[0-9]{1,6}", number) else -1)
            if key not in known:
                self._unknown_line(sheet, row, name, number)
                continue
            if key in seen:
                self.fault(sheet.name, row["line"], f"row {number} of '{name}' stands twice; each row stands once")
                continue
            seen.add(key)
            template, block = known[key]
            first = next((row[player] for player in players if player in row), row["line"])
            path = f"payoffs.{name}, row {number}" if not self.scenario.payoffs[name].single else f"payoffs.{name}"
            self.places[path] = f"{sheet.name}!{first.where}"
            self._unmoved(sheet.name, row, template)
            for player in players:
                if player in row:
                    self._amount(sheet.name, row[player], template, block, player)

    def _unknown_line(self, sheet: Sheet, row: _Row, name: str, number: str) -> None:
        if name not in self.scenario.payoffs:
            told = f"'{name[:LONGEST_NAME]}' is no line under 'payoffs'{near(name, self.scenario.payoffs)}"
            self.fault(sheet.name, row["line"], told)
            return
        count = len(self.scenario.payoffs[name].rows)
        told = f"'{name}' has {count} row{'' if count == 1 else 's'} in the scenario; '{number[:20]}' is none of them"
        self.fault(sheet.name, row["row"], told)

    def _unmoved(self, sheet: str, row: _Row, template: Template) -> None:
        for title in _FIXED:
            said = template.cells.get(title) or ""
            if title in row and row.word(title) != _shown(said, row[title].content):
                self.fault(sheet, row[title], f"'{title}' is changed in the scenario file, where it says: {said}")

    def _amount(self, sheet: str, cell: Cell, template: Template, block: Block, player: str) -> None:
        was = template.cells[player]
        if cell.content == HELD_BACK or _same(cell.content, was):
            return
        if cell.empty:
            self.fault(sheet, cell, f"the cell is empty; '{player}' needs a number here (0 for nothing)")
            return
        text = self.number_text(sheet, cell, percent=False, formulas=True)
        if text is not None:
            self.edits.put(block, player, text)

    # ---- numbers

    def number_text(self, sheet: str, cell: Cell, *, percent: bool, formulas: bool = False) -> str | None:
        """A cell as a number is typed in a scenario, or None with a fault; `formulas`: other texts are left as they
        are.
        """
        content = cell.content
        if isinstance(content, bool):
            self.fault(sheet, cell, f"a number is needed here, not {'TRUE' if content else 'FALSE'}")
        elif isinstance(content, int | float):
            return self._decimal(sheet, cell, float(content), percent=percent)
        elif not isinstance(content, str):
            told = f"a number is needed here, not the date or time {content}; format the cell as a number and type it"
            self.fault(sheet, cell, told)
        elif formulas or parse_number(content) is not None:
            return " ".join(content.split())
        else:
            self.fault(sheet, cell, f"a number is needed here, not the text '{content.strip()[:40]}'")
        return None

    def _decimal(self, sheet: str, cell: Cell, value: float, *, percent: bool) -> str | None:
        number = Decimal(f"{value:.{DIGITS}g}") * (100 if percent else 1)
        text = f"{number.normalize():f}" + ("%" if percent else "")
        if parse_number(text) is None:
            self.fault(sheet, cell, "this number is too large or has too many digits")
            return None
        return text


class _InputRow:
    """One row of the sheet `Inputs` on its way into the file."""

    def __init__(self, filling: _Filling, sheet: str, row: _Row, template: Template, number: int | None) -> None:
        self.filling, self.sheet, self.row, self.template = filling, sheet, row, template
        self.name = str(template.cells["name"])
        self.number = number
        source: Block = filling.scenario.source
        inputs = source.get("inputs")
        assert isinstance(inputs, Block)  # noqa: S101 - the scenario has this input
        self.node = inputs.get(self.name)
        self.percent = template.percent

    def fill(self) -> None:
        """Take over what differs."""
        row, cells = self.row, self.template.cells
        if self.number is None:
            self._texts()
        text = self._value()
        if text is not None:
            self._put("value", text)
        for title in ("shape", "at_least", "at_most") if self.number is None else ():
            if title not in row or row[title].empty or _same(row[title].content, cells.get(title)):
                continue
            if title == "shape":
                self._shape()
            else:
                bound = self.filling.number_text(self.sheet, row[title], percent=self.percent)
                if bound is not None:
                    self._put(title, bound)

    def _put(self, key: str, text: str, *, braces: bool = False) -> None:
        holder = self.node
        if self.number is not None and isinstance(holder, Block):
            holder = holder.get("rows").items[self.number]  # type: ignore[union-attr]
        if isinstance(holder, Scalar):
            self.filling.edits.expand(holder, key, text, braces=braces)
        elif isinstance(holder, Block):
            self.filling.edits.put(holder, key, text, braces=braces)

    def _texts(self) -> None:
        for title in (*_TEXTS, "moves_with"):
            if title not in self.row or self.row[title].empty:
                continue
            cell, said = self.row[title], self.row.word(title)
            if said == HELD_BACK or said == (self.template.cells.get(title) or ""):
                continue
            if not isinstance(cell.content, str) and title != "confidential":
                self.filling.fault(self.sheet, cell, f"a text is needed here, not {said[:40]}")
                continue
            if isinstance(cell.content, bool):
                said = "yes" if cell.content else "no"
            if title == "confidential" and said.lower() not in {"yes", "no"}:
                self.filling.fault(self.sheet, cell, "write yes or no")
                continue
            self._put(title, said, braces=title == "moves_with")

    def _shape(self) -> None:
        word = self.row.word("shape")
        if word not in SHAPES:
            told = f"'{word[:40]}' is not a shape ({', '.join(SHAPES)}){near(word, SHAPES)}"
            self.filling.fault(self.sheet, self.row["shape"], told)
        else:
            self._put("shape", word)

    def _value(self) -> str | None:
        """The new value as it is typed in the file, or None if it stays (or is faulty)."""
        row, cells = self.row, self.template.cells
        points = [title for title in ("low", "base", "high") if title in row and not row[title].empty]
        if "value" in row and not row["value"].empty:
            if points:
                told = "either a number in low, base and high or something in 'value', not both"
                self.filling.fault(self.sheet, row["value"], told)
                return None
            said = row.word("value")
            if said in {HELD_BACK, cells.get("value") or ""}:
                return None
            if row.word("shape") == "discrete":
                self._put("value", said, braces=True)
                return None
            return said
        wanted = self._wanted(points)
        empty = next((title for title in wanted if title not in points), None)
        if empty is not None:
            at = row[empty] if empty in row else row["name"]
            told = f"the cell is empty; '{self.name}' needs a number here"
            self.filling.fault(self.sheet, at, told if empty in row else f"the column '{empty}' is missing")
            return None
        if all(_same(row[title].content, cells.get(title)) for title in points) and set(points) == {
            title for title in ("low", "base", "high") if cells.get(title) is not None
        }:
            return None
        return self._typed(wanted)

    def _wanted(self, points: list[str]) -> tuple[str, ...]:
        shape = self.row.word("shape") or str(self.template.cells.get("shape") or "")
        if shape == "uniform":
            return ("low", "high")
        ranged = {"low", "high"} & set(points) or self.template.cells.get("low") is not None
        return ("low", "base", "high") if ranged else ("base",)

    def _typed(self, wanted: tuple[str, ...]) -> str | None:
        texts = [self.filling.number_text(self.sheet, self.row[title], percent=self.percent) for title in wanted]
        typed = [text for text in texts if text is not None]
        if len(typed) < len(texts):
            return None
        numbers = [parse_number(text) or Fraction(0) for text in typed]
        for place in range(len(numbers) - 1):
            if numbers[place] > numbers[place + 1]:
                told = f"{wanted[place]} ({typed[place]}) is above {wanted[place + 1]} ({typed[place + 1]})"
                self.filling.fault(self.sheet, self.row[wanted[place]], told)
                return None
        return " .. ".join(typed)


def _same(content: object, was: Content) -> bool:
    """Whether a cell says what the file says."""
    if isinstance(was, Fraction):
        return isinstance(content, int | float) and not isinstance(content, bool) and float(content) == float(was)
    return isinstance(content, str) and " ".join(content.split()) == " ".join((was or "").split())


def _shown(said: Content, content: object) -> str:
    """What the file says, as the cell would show it: a spreadsheet may keep a text such as 0 as a number."""
    number = parse_number(said) if isinstance(said, str) else said
    return str(int(number)) if isinstance(content, float) and number is not None and number == content else str(said)
