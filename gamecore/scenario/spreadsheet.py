"""The inputs and payoff rows of a scenario as a spreadsheet that people fill in.

Three sheets: `Read me`, `Inputs` (a row an input; a row each for an input with rows) and `Payoffs` (a row for each row
of each line, a column a player). What stands in which cell is decided here alone: `input_cells` and `payoff_cells` give
it for writing, and `filling` compares what comes back with it, so that a cell nobody touched changes nothing.

Texts are written as texts, whatever they begin with; nothing in the file is a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gamecore.errors import TooLargeError
from gamecore.model import NO_AGREEMENT, Formula, Input, InputRow, Range, Scenario, Shape, Uncertain, Value
from gamecore.scenario.changes import plain, written
from gamecore.scenario.confidential import confidential_names
from gamecore.scenario.document import SHAPES
from gamecore.scenario.expressions import parse_number
from gamecore.scenario.schedule import value_names
from gamecore.scenario.tree import Mapping as Block
from gamecore.scenario.tree import Scalar, Sequence, Tree

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["Template", "input_rows", "payoff_rows", "write_spreadsheet"]

INPUTS: Final = "Inputs"
PAYOFFS: Final = "Payoffs"
HELD_BACK: Final = "(left out: confidential)"  # in a cell of a shared copy; read back, it changes nothing
LONGEST_TEXT: Final = 32_767  # characters of a cell, a limit of the format

# The columns of `Inputs`, with their widths.
INPUT_COLUMNS: Final = {
    "name": 20,
    "label": 34,
    "low": 11,
    "base": 11,
    "high": 11,
    "shape": 12,
    "unit": 14,
    "source": 26,
    "owner": 16,
    "moves_with": 22,
    "at_least": 11,
    "at_most": 11,
    "confidential": 13,
    "value": 30,
    "when": 30,
}
PAYOFF_COLUMNS: Final = {"line": 20, "label": 34, "row": 6, "when": 44, "at": 18}
NUMBERS: Final = ("low", "base", "high", "at_least", "at_most")
_FILL_IN: Final = (
    "Fill in the sheets Inputs (low, base and high are P10, P50 and P90 unless 'shape' says otherwise) and Payoffs,"
    " leave names and conditions as they are, and take the numbers over with: gamecore fill SCENARIO THIS_FILE -o NEW."
)
_WHAT_COUNTS: Final = (
    "A cell that is left as it is changes nothing, formulas count with the value stored in them, and the column 'value'"
    " holds what is no number: a formula, values with chances (10: 30%, 20: 70%) or the position of a switch."
)
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed date, so that the same scenario gives the same bytes

Content = str | Fraction | None


@dataclass(frozen=True)
class Template:
    """One row of a sheet: its cells by column. `percent`: its numbers are shown in percent."""

    cells: Mapping[str, Content]
    percent: bool = False


# ---- what stands in the cells ----------------------------------------------------------------------------------------


def input_rows(scenario: Scenario) -> Iterator[tuple[str, int | None, Template]]:
    """For every row of `Inputs`: the input, the number of its row (None: the input itself) and the cells."""
    written_inputs = scenario.source.get("inputs")
    for name, item in scenario.inputs.items():
        if not item.rows:
            yield name, None, Template(_input_cells(item), _is_percent(item.value))
            continue
        node = written_inputs.get(name).get("rows")
        for number, row in enumerate(item.rows):
            told = {"name": name, "label": item.label, "unit": item.unit, "when": _when(node.items[number])}
            yield name, number, Template({**told, **_numbers(row)}, _is_percent(row.value))


def _input_cells(item: Input) -> dict[str, Content]:
    cells: dict[str, Content] = {"name": item.name, "label": item.label}
    cells |= {"value": item.stands} if item.is_switch else _numbers(item)
    cells |= {"unit": item.unit, "source": item.source, "owner": item.owner}
    cells["moves_with"] = ", ".join(f"{other}: {written(rho)}" for other, rho in item.moves_with.items()) or None
    cells["confidential"] = None if item.confidential is None else "yes" if item.confidential else "no"
    return cells


def _numbers(holder: Input | InputRow) -> dict[str, Content]:
    value = holder.value
    if isinstance(value, Range):
        return {"low": value.low, "base": value.base, "high": value.high, "shape": Shape.NORMAL.value}
    if isinstance(value, Uncertain):
        cells: dict[str, Content] = {"shape": value.shape.value, "at_least": value.at_least, "at_most": value.at_most}
        if value.shape is Shape.DISCRETE:
            return {**cells, "value": value.text}
        if value.shape is Shape.UNIFORM:
            return {**cells, "low": value.points[0], "high": value.points[1]}
        return {**cells, **dict(zip(("low", "base", "high"), value.points, strict=True))}
    if isinstance(value, Formula) and value.constant is not None:
        return {"base": value.constant}
    return {"value": None if value is None else value.text}


def _is_percent(value: Value | Uncertain | None) -> bool:
    """Whether a value is written in percent (the chances of a discrete one say nothing of its values)."""
    if value is None or (isinstance(value, Uncertain) and value.shape is Shape.DISCRETE):
        return False
    return value.text.rstrip().endswith("%") and not (isinstance(value, Formula) and value.constant is None)


def payoff_rows(scenario: Scenario) -> Iterator[tuple[str, int | None, Template, Block]]:
    """For every row of `Payoffs`: the line, the number of its row (None: a line of one row), the cells, and the block
    of the file that holds the values.
    """
    written_lines = scenario.source.get("payoffs")
    for name, line in scenario.payoffs.items():
        node = written_lines.get(name)
        held = node.get("rows")
        written_rows = [node] if line.single else list(held.items) if isinstance(held, Sequence) else []
        blocks = [block for block in written_rows if isinstance(block, Block)]
        for number, block in enumerate(blocks):
            cells: dict[str, Content] = {"line": name, "label": line.label, "row": Fraction(number + 1)}
            cells |= {"when": _when(block), "at": _said(block.get("at") or node.get("at"))}
            values = {player: block.get(player) or block.get("all") for player in scenario.players}
            cells |= {player: _number_or_text(value) for player, value in values.items()}
            percent = any(isinstance(value, Scalar) and value.text.strip()[-1:] == "%" for value in values.values())
            yield name, None if line.single else number, Template(cells, percent), block


def _when(block: Tree) -> str | None:
    return _said(block.get("when")) if isinstance(block, Block) else None


def _said(node: Tree | None) -> str | None:
    """A condition or date as people write it in a file, on one line."""
    return None if node is None else written(plain(node))


def _number_or_text(node: Tree | None) -> Content:
    text = _said(node)
    number = None if text is None else parse_number(text)
    return text if number is None else number


# ---- a copy for the other side ---------------------------------------------------------------------------------------


class _Shared:
    """What a copy for the other side may show: nothing that is confidential by itself, nor what names it."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.secret = confidential_names(scenario)
        self.walk_aways = any(name.endswith(".no_agreement") for name in self.secret)
        self.left_out = 0

    def inputs(self) -> Iterator[Template]:
        """The rows of `Inputs`."""
        for name, number, template in input_rows(self.scenario):
            item = self.scenario.inputs[name]
            if f"inputs.{name}" in self.secret or (number is not None and self._row(item.rows[number].when is None)):
                self.left_out += 1
                continue
            cells = dict(template.cells)
            value = item.value if number is None else item.rows[number].value
            if self._names(value_names(value)):
                cells["value"] = HELD_BACK
            if self._names(frozenset(item.moves_with)):
                cells["moves_with"] = HELD_BACK
            if number is not None and self._condition(item.rows[number].when):
                self.left_out += 1
                continue
            yield Template(cells, template.percent)

    def payoffs(self) -> Iterator[Template]:
        """The rows of `Payoffs`."""
        for name, number, template, _ in payoff_rows(self.scenario):
            line = self.scenario.payoffs[name]
            row = line.rows[number or 0]
            hidden = self._row(row.when is None) or self._condition(row.when) or self._condition(line.when)
            if f"payoffs.{name}" in self.secret or hidden:
                self.left_out += 1
                continue
            cells = dict(template.cells)
            for player, value in row.values.items():
                if f"players.{player}" in self.secret or self._names(value_names(value)):
                    cells[player] = HELD_BACK
            yield Template(cells, template.percent)

    def _row(self, otherwise: bool) -> bool:  # noqa: FBT001 - one question
        """Whether a row may hold only without agreement: `otherwise` can mean just that."""
        return otherwise and self.walk_aways

    def _names(self, names: frozenset[str]) -> bool:
        terms = self.scenario.terms
        told = {
            f"decisions.{terms[name][0].name}.terms.{name}" if name in terms else f"inputs.{name}" for name in names
        }
        return bool(told & self.secret)

    def _condition(self, when: object) -> bool:
        for clause in getattr(when, "clauses", ()):
            for name, values in clause.terms:
                if self._tells(name, values):
                    return True
        return False

    def _tells(self, name: str, values: tuple[str, ...]) -> bool:
        if name in self.scenario.terms:
            owner = f"decisions.{self.scenario.terms[name][0].name}"
            path = f"{owner}.terms.{name}"
            paths = {owner, path, *(f"{path}.options.{value}" for value in values)}
        elif name in self.scenario.decisions:
            path = f"decisions.{name}"
            paths = {path, *(f"{path}.options.{value}" for value in values)}
            paths |= {f"{path}.no_agreement"} if NO_AGREEMENT in values else set()
        else:
            paths = {f"events.{name}", f"inputs.{name}"}
        return bool(paths & self.secret)


# ---- writing ---------------------------------------------------------------------------------------------------------


def write_spreadsheet(scenario: Scenario, *, shared: bool = False) -> tuple[bytes, tuple[str, ...]]:
    """The spreadsheet of a scenario, and what people should know about it; the same scenario gives the same bytes.

    `shared`: confidential inputs, rows and values are left out. Otherwise the file carries them.

    Raises
    ------
    TooLargeError
        If a text is longer than a cell may hold.
    """
    import xlsxwriter

    copy = _Shared(scenario)
    if shared:
        inputs, payoffs = list(copy.inputs()), list(copy.payoffs())
    else:
        inputs = [template for _, _, template in input_rows(scenario)]
        payoffs = [template for _, _, template, _ in payoff_rows(scenario)]
    notes = _notes(copy, shared=shared)
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": "Inputs of a scenario", "created": _CREATED})
    _read_me(book, scenario, notes)
    _sheet(book, INPUTS, INPUT_COLUMNS, inputs)
    players = dict.fromkeys(scenario.players, 16)
    _sheet(book, PAYOFFS, PAYOFF_COLUMNS | players, payoffs)
    book.close()
    return target.getvalue(), notes


def _notes(copy: _Shared, *, shared: bool) -> tuple[str, ...]:
    if shared:
        count = copy.left_out
        return (f"a copy to share: {count or 'no'} confidential row{'' if count == 1 else 's'} left out",)
    held = sum(f"inputs.{name}" in copy.secret for name in copy.scenario.inputs)
    held += sum(f"payoffs.{name}" in copy.secret for name in copy.scenario.payoffs)
    if not held:
        return ()
    what = f"{held} confidential {'entry' if held == 1 else 'entries'} of the file"
    return (f"the spreadsheet carries {what}; --copy shared leaves them out",)


def _read_me(book: Workbook, scenario: Scenario, notes: tuple[str, ...]) -> None:
    sheet = book.add_worksheet("Read me")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    unit = f"Amounts are in {scenario.unit} unless a unit is given." if scenario.unit else ""
    lines = (scenario.title, _FILL_IN, _WHAT_COUNTS, unit, *(f"Note: {note}." for note in notes))
    for number, line in enumerate(line for line in lines if line):
        _text(sheet, number, 0, line, wrapped)


def _sheet(book: Workbook, name: str, columns: Mapping[str, int], rows: list[Template]) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "valign": "top"})
    forms = {False: book.add_format({"num_format": "#,##0.######"}), True: book.add_format({"num_format": "0.####%"})}
    for column, (title, width) in enumerate(columns.items()):
        sheet.set_column(column, column, width)
        _text(sheet, 0, column, title, head)
    sheet.freeze_panes(1, 1)
    for number, template in enumerate(rows, start=1):
        for column, title in enumerate(columns):
            content = template.cells.get(title)
            if isinstance(content, Fraction):
                sheet.write_number(number, column, float(content), forms[template.percent])
            elif content is not None:
                _text(sheet, number, column, content, None)
            elif title in NUMBERS:
                sheet.write_blank(number, column, None, forms[template.percent])
    last = max(len(rows), 1)
    for title, choices in (("shape", list(SHAPES)), ("confidential", ["yes", "no"])):
        if title in columns:
            column = list(columns).index(title)
            sheet.data_validation(1, column, last, column, {"validate": "list", "source": choices})


def _text(sheet: Worksheet, row: int, column: int, text: str, form: Format | None) -> None:
    if len(text) > LONGEST_TEXT:
        raise TooLargeError(
            f"a text of {len(text):,} characters; a cell holds at most {LONGEST_TEXT:,}",
            limit="characters of a cell",
            count=len(text),
            allowed=LONGEST_TEXT,
        )
    sheet.write_string(row, column, text, form)
