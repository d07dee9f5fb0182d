"""Inputs and payoff rows to a spreadsheet and back: nothing is lost, nothing runs, every fault names its cell."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gamecore.errors import InputError, TooLargeError
from gamecore.model import Formula, Range, Shape, Uncertain
from gamecore.scenario import read_scenario
from gamecore.scenario.filling import filled
from gamecore.scenario.spreadsheet import HELD_BACK, write_spreadsheet
from gamecore.scenario.workbook import read_workbook

ROOT = Path(__file__).parents[2]
TEXT = """\
# A licence, to be filled in.
gamecore: 1
title: A licence
question: Do we sign?
advise: buyer
unit: USD m
players: {buyer: {name: Buyer, discount_rate: 9%}, seller: {name: Seller, discount_rate: 12%}}
decisions:
  contract:
    by: [buyer, seller]
    options: {sign: Sign, index: Sign with an index}
    no_agreement: Nobody signs
events:
  costs: {chances: {rise: p_rise, stay: rest}}
baseline: {contract: sign}
timing: {count_from: 2027-02-01, contract: 0, costs: 6 months}
payoffs:
  supply:                        # by contract
    label: Supply
    rows:
      - {when: {contract: sign}, at: 1 year, buyer: peak * margin, seller: -12 .. -8 .. -5}
      - {when: {contract: index}, all: 3}
      - {when: {contract: no_agreement}, buyer: 0, seller: -hold}
  fee: {when: {contract: index}, buyer: -2, seller: 2}

inputs:
  peak:                          # the one that matters
    value: 750 .. 1100 .. 1600   # P10 .. P50 .. P90
    label: Peak sales
    unit: USD m a year
    source: forecast, third version

  margin: 45%
  p_rise: {value: 20% .. 35% .. 60%, owner: purchasing}
  packs:  {value: {10: 30%, 20: 70%}, shape: discrete, moves_with: {peak: 0.5}}
  loe:    {value: 14 .. 16, shape: uniform, at_most: 15.5, unit: years}
  cost:
    label: Cost of a pack
    rows:
      - {when: {costs: rise}, value: 50}
      - {when: otherwise, value: 36}
  total:  {value: "max(packs, 3) * cost"}
  hold:   {value: 4, confidential: yes, source: "=HYPERLINK(\\"x\\")"}
  law:    {one_of: {court: A court decides, panel: A panel decides}, value: court}
"""
DATA = TEXT.encode()
Grid = dict[str, list[list[Any]]]


def grid_of(spreadsheet: bytes) -> Grid:
    sheets = read_workbook(spreadsheet, "inputs.xlsx")
    return {name: [[cell.content for cell in row] for row in sheet.rows] for name, sheet in sheets.items()}


def packed(grid: Grid) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in grid.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, content in enumerate(row):
                if isinstance(content, dt.date):
                    sheet.write_datetime(number, column, content, day)
                elif isinstance(content, tuple):
                    sheet.write_formula(number, column, content[0], None, content[1])
                elif content != "":
                    sheet.write(number, column, content)
    book.close()
    return target.getvalue()


def template(text: str = TEXT) -> Grid:
    return grid_of(write_spreadsheet(read_scenario(text))[0])


def put(grid: Grid, sheet: str, row: str, column: str, content: object, *, number: int = 0) -> str:
    """Write a cell found by its row's name and its column; its place."""
    rows = grid[sheet]
    found = [at for at, cells in enumerate(rows) if cells[0] == row][number]
    column_at = rows[0].index(column)
    rows[found][column_at] = content
    return f"{sheet}!{chr(ord('A') + column_at)}{found + 1}"


def taken(grid: Grid, text: str = TEXT) -> str:
    return filled(text.encode(), packed(grid), file="licence.yaml", sheet_file="inputs.xlsx").decode()


def told(grid: Grid, text: str = TEXT) -> list[str]:
    with pytest.raises(InputError) as error:
        taken(grid, text)
    return str(error.value).splitlines()


# ---- out ------------------------------------------------------------------------------------------------------------


def test_the_sheet_shows_every_input_and_every_payoff_row() -> None:
    grid = template()
    head = grid["Inputs"][0]
    rows = {row[0]: dict(zip(head, row, strict=True)) for row in grid["Inputs"][1:]}
    assert list(rows) == ["peak", "margin", "p_rise", "packs", "loe", "cost", "total", "hold", "law"]
    assert [rows["peak"][title] for title in ("low", "base", "high", "shape")] == [750, 1100, 1600, "normal"]
    assert (rows["peak"]["unit"], rows["peak"]["source"]) == ("USD m a year", "forecast, third version")
    assert (rows["margin"]["base"], rows["margin"]["low"]) == (0.45, "")
    assert rows["p_rise"]["owner"] == "purchasing"
    assert (rows["packs"]["value"], rows["packs"]["moves_with"]) == ("10: 30%, 20: 70%", "peak: 0.5")
    assert [rows["loe"][title] for title in ("low", "base", "high", "at_most")] == [14, "", 16, 15.5]
    assert [row[head.index("base")] for row in grid["Inputs"] if row[0] == "cost"] == [50, 36]
    assert (rows["total"]["value"], rows["law"]["value"]) == ("max(packs, 3) * cost", "court")
    assert (rows["hold"]["confidential"], rows["hold"]["source"]) == ("yes", '=HYPERLINK("x")')
    assert grid["Payoffs"][0] == ["line", "label", "row", "when", "at", "buyer", "seller"]
    assert grid["Payoffs"][1] == [
        *("supply", "Supply", 1, "{contract: sign}", "1 year"),
        *("peak * margin", "-12 .. -8 .. -5"),
    ]
    assert grid["Payoffs"][2][-2:] == [3, 3]


def test_no_cell_is_a_formula_or_a_link() -> None:
    with zipfile.ZipFile(io.BytesIO(write_spreadsheet(read_scenario(TEXT))[0])) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 3
    assert not any("<f>" in sheet or "hyperlink" in sheet.lower() for sheet in sheets)


def test_the_same_scenario_gives_the_same_bytes() -> None:
    assert write_spreadsheet(read_scenario(TEXT))[0] == write_spreadsheet(read_scenario(TEXT))[0]


def test_a_shared_copy_has_nothing_confidential_in_it_and_says_how_much_is_left_out() -> None:
    scenario = read_scenario(TEXT)
    whole, notes = write_spreadsheet(scenario)
    assert notes == ("the spreadsheet carries 1 confidential entry of the file; --copy shared leaves them out",)
    data, notes = write_spreadsheet(scenario, shared=True)
    assert notes == ("a copy to share: 3 confidential rows left out",)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        content = b"".join(book.read(name) for name in book.namelist())
    assert b">hold<" not in content
    assert b"HYPERLINK" not in content
    assert data != whole
    assert filled(DATA, data) == DATA


def test_a_value_that_names_something_confidential_is_left_out_and_stays_when_read_back() -> None:
    text = TEXT.replace("buyer: -2, seller: 2", "buyer: -hold, seller: 2")
    data, _ = write_spreadsheet(read_scenario(text), shared=True)
    assert grid_of(data)["Payoffs"][-1][-2:] == [HELD_BACK, 2]
    assert filled(text.encode(), data) == text.encode()


# ---- back -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.yaml")), ids=lambda path: path.stem)
@pytest.mark.parametrize("shared", [False, True], ids=["internal", "shared"])
def test_what_nobody_touched_changes_no_byte(path: Path, *, shared: bool) -> None:
    data = path.read_bytes()
    assert filled(data, write_spreadsheet(read_scenario(data), shared=shared)[0]) == data


@pytest.mark.parametrize(
    "changed",
    [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text],
    ids=["Windows line ends", "byte order mark"],
)
def test_line_ends_and_marks_stay(changed: Callable[[str], str]) -> None:
    text = changed(TEXT)
    grid = template()
    put(grid, "Inputs", "margin", "base", 0.5)
    put(grid, "Inputs", "peak", "owner", "Strategy")
    found = filled(text.encode(), packed(grid)).decode()
    assert found == changed(
        TEXT.replace("margin: 45%", "margin: 50%").replace(
            "1600   # P10 .. P50 .. P90\n", "1600   # P10 .. P50 .. P90\n    owner: Strategy\n"
        )
    )


def test_numbers_and_texts_of_the_sheet_stand_where_the_old_ones_stood() -> None:
    grid = template()
    put(grid, "Inputs", "peak", "high", 1650.5)
    put(grid, "Inputs", "margin", "low", 0.4)
    put(grid, "Inputs", "margin", "high", 0.1 + 0.4)  # as a spreadsheet would work it out
    put(grid, "Inputs", "p_rise", "base", 0.3)
    put(grid, "Inputs", "p_rise", "source", "Ms Ito, of purchasing")
    put(grid, "Inputs", "packs", "value", "10: 40%, 20: 60%")
    put(grid, "Inputs", "loe", "high", 15.4)
    put(grid, "Inputs", "cost", "base", 55, number=0)
    put(grid, "Inputs", "law", "value", "panel")
    put(grid, "Payoffs", "supply", "seller", "-12 .. -9 .. -5", number=0)
    put(grid, "Payoffs", "supply", "buyer", 4, number=1)
    put(grid, "Payoffs", "fee", "buyer", "-packs / 10")
    changes = {
        "750 .. 1100 .. 1600": "750 .. 1100 .. 1650.5",
        "margin: 45%": "margin: 40% .. 45% .. 50%",
        "20% .. 35% .. 60%, owner: purchasing": (
            '20% .. 30% .. 60%, owner: purchasing, source: "Ms Ito, of purchasing"'
        ),
        "{10: 30%, 20: 70%}": "{10: 40%, 20: 60%}",
        "14 .. 16": "14 .. 15.4",
        "value: 50": "value: 55",
        "value: court": "value: panel",
        "-12 .. -8 .. -5": "-12 .. -9 .. -5",
        "all: 3": "all: 3, buyer: 4",
        "buyer: -2": "buyer: -packs / 10",
    }
    expected = TEXT
    for old, new in changes.items():
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    assert taken(grid) == expected
    scenario = read_scenario(expected)
    assert scenario.payoffs["supply"].rows[1].values["buyer"] == Formula.of(4)
    assert scenario.payoffs["supply"].rows[1].values["seller"] == Formula.of(3)


def test_a_short_form_becomes_a_block_when_the_sheet_says_more() -> None:
    grid = template()
    for title, content in {
        "low": 0.3,
        "high": 0.6,
        "shape": "pert",
        "unit": "%",
        "owner": "Finance",
        "at_most": 0.55,
    }.items():
        put(grid, "Inputs", "margin", title, content)
    found = taken(grid)
    expected = "margin: {value: 30% .. 45% .. 60%, unit: '%', owner: Finance, shape: pert, at_most: 55%}"
    assert expected.replace("'", '"') in found
    value = read_scenario(found).inputs["margin"].value
    assert isinstance(value, Uncertain)
    assert (value.shape, value.points[0], value.at_most) == (Shape.PERT, Fraction(3, 10), Fraction(11, 20))


def test_a_scenario_in_json_stays_json() -> None:
    text = (
        '{"gamecore": 1, "title": "T", "question": "Q", "advise": "a", "players": {"a": {"name": "A"}},'
        ' "decisions": {"go": {"by": "a", "options": {"in_": "In", "out": "Out"}}}, "baseline": {"go": "out"},'
        ' "timing": {"go": 0}, "payoffs": {"one": {"rows": [{"a": "x"}]}}, "inputs": {"x": 3}}'
    )
    grid = template(text)
    put(grid, "Inputs", "x", "low", 2)
    put(grid, "Inputs", "x", "high", 5)
    put(grid, "Inputs", "x", "unit", "points")
    assert '"inputs": {"x": {"value": "2 .. 3 .. 5", "unit": "points"}}' in taken(grid, text)


def test_rows_and_columns_may_be_missing_or_moved() -> None:
    grid = template()
    head, *rows = grid["Inputs"]
    at = [head.index(title) for title in ("high", "name", "base", "low")]
    grid["Inputs"] = [[row[place] for place in at] for row in [head, *rows] if row[0] in {"name", "peak", "margin"}]
    del grid["Payoffs"]
    grid["Inputs"][1][2] = 1200.0
    assert taken(grid) == TEXT.replace(".. 1100 ..", ".. 1200 ..")


def test_a_formula_in_a_cell_counts_with_its_stored_value() -> None:
    grid = template()
    put(grid, "Inputs", "peak", "base", ("=1000+200", 1200))
    assert taken(grid) == TEXT.replace(".. 1100 ..", ".. 1200 ..")


def test_a_text_that_looks_like_a_formula_goes_out_and_comes_back_as_that_text() -> None:
    text = TEXT.replace("label: Peak sales", "label: '=1+1 sales'")
    grid = template(text)
    assert grid["Inputs"][1][1] == "=1+1 sales"
    put(grid, "Inputs", "margin", "source", "@SUM(A1)")
    assert 'source: "@SUM(A1)"' in taken(grid, text)


# ---- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "content", "message"),
    [
        ("peak", "low", "", "the cell is empty; 'peak' needs a number here"),
        ("margin", "base", "", "the cell is empty; 'margin' needs a number here"),
        ("peak", "low", "about 800", "a number is needed here, not the text 'about 800'"),
        ("peak", "low", 1200, "low (1200) is above base (1100)"),
        ("loe", "high", 13, "low (14) is above high (13)"),
        ("peak", "shape", "normall", "'normall' is not a shape"),
        ("peak", "base", dt.date(2026, 3, 12), "a number is needed here, not the date or time 2026-03-12"),
        ("margin", "base", True, "a number is needed here, not TRUE"),
        ("margin", "base", ("=1/0", ""), "the formula has no stored value, and formulas are never run"),
        ("margin", "base", ("=1/0", "#DIV/0!"), "the cell holds an error in place of a value"),
        ("margin", "base", 1e300, "this number is too large or has too many digits"),
        ("total", "base", 3, "either a number in low, base and high or something in 'value', not both"),
        ("hold", "confidential", "maybe", "write yes or no"),
        ("hold", "owner", 7, "a text is needed here, not 7"),
        ("peak", "name", "peek", "'peek' is no input of the scenario; did you mean 'peak'?"),
        ("peak", "name", "margin", "'margin' stands twice; each row stands once"),
        ("cost", "when", "{costs: stay}", "no row of 'cost' holds when this is so"),
    ],
)
def test_a_wrong_cell_is_told_at_its_place(row: str, column: str, content: object, message: str) -> None:
    grid = template()
    place = put(grid, "Inputs", row, column, content)
    if (row, content) == ("peak", "margin"):
        place = "Inputs!A3"  # the second of the two
    if (row, column) == ("loe", "high"):
        place = "Inputs!C6"  # the lower of the two numbers
    if row == "total":
        place = "Inputs!N9"
    found = told(grid)
    assert len(found) == 1
    assert found[0].startswith(f"inputs.xlsx:{place}: {message}")


@pytest.mark.parametrize(
    ("row", "column", "content", "message"),
    [
        ("fee", "buyer", "", "the cell is empty; 'buyer' needs a number here"),
        ("fee", "buyer", "-3 .. -4 .. -1", "a range is written low .. base .. high; -3 is above -4"),
        ("fee", "buyer", "twelve", "nothing is called 'twelve'; name the number under 'inputs'"),
        ("fee", "buyer", dt.date(2026, 12, 2), "a number is needed here, not the date or time 2026-12-02"),
        ("fee", "when", "{contract: sign}", "'when' is changed in the scenario file, where it says: {contract: index}"),
        ("fee", "row", 2, "'fee' has 1 row in the scenario; '2' is none of them"),
        ("fee", "line", "fees", "'fees' is no line under 'payoffs'; did you mean 'fee'?"),
    ],
)
def test_a_wrong_payoff_is_told_at_its_place(row: str, column: str, content: object, message: str) -> None:
    grid = template()
    place = put(grid, "Payoffs", row, column, content)
    found = told(grid)
    assert len(found) == 1
    assert found[0].startswith(f"inputs.xlsx:{place}: {message}")


def test_what_only_the_whole_file_shows_is_told_at_the_cell_too() -> None:
    grid = template()
    put(grid, "Inputs", "peak", "shape", "lognormal")
    put(grid, "Inputs", "peak", "low", -1)
    assert told(grid) == ["inputs.xlsx:Inputs!D2: a lognormal value is above 0"]


def test_every_fault_is_told_at_once() -> None:
    grid = template()
    put(grid, "Inputs", "peak", "low", "")
    put(grid, "Payoffs", "fee", "buyer", "")
    grid["Inputs"][0][5] = "shapes"
    assert [re.sub(": .*", "", line) for line in told(grid)] == [
        "inputs.xlsx:Inputs!F1",
        "inputs.xlsx:Inputs!C2",
        "inputs.xlsx:Payoffs!F5",
    ]


def test_a_sheet_without_its_columns_or_a_book_without_the_sheets_is_a_fault() -> None:
    assert told({"Inputs": [["name", "low"]]}) == [
        "inputs.xlsx:Inputs!A1: the first row names the columns; 'base' is missing"
    ]
    assert told({"Sheet1": [["name"]]}) == [
        "inputs.xlsx: there is neither a sheet 'Inputs' nor 'Payoffs'; 'gamecore convert' writes both"
    ]


# ---- files that are none, or too much -------------------------------------------------------------------------------


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_spreadsheet(read_scenario(TEXT))[0])) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, data: data.replace(old, new) if name == "xl/worksheets/sheet2.xml" else data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"name,low,base\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        write_spreadsheet(read_scenario(TEXT))[0][:3000],
        repacked(in_sheet(b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet ')),
        repacked(in_sheet(b"</worksheet>", b"")),
        repacked(in_sheet(b"UTF-8", b"UZF-8")),
    ],
    ids=["empty", "text", "old or locked", "cut off", "entities", "broken", "no encoding"],
)
def test_what_is_no_spreadsheet_is_told(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^inputs\.xlsx: this is no \.xlsx file that can be read"):
        filled(DATA, data, sheet_file="inputs.xlsx")


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        (bytes(5_000_001), "the spreadsheet's bytes are 5,000,001; at most 5,000,000"),
        (repacked(in_sheet(b"</worksheet>", b" " * 31_000_000 + b"</worksheet>")), "unpacked spreadsheet's bytes"),
        (repacked(in_sheet(b'r="D2"', b'r="D1048576"')), "rows of the sheet are 1,048,576; at most 20,000"),
        (repacked(in_sheet(b'r="D2"', b'r="XFD2"')), "columns of the sheet are 16,384; at most 200"),
    ],
    ids=["large", "bomb", "far down", "far right"],
)
def test_what_is_too_large_is_refused_with_the_limit(data: bytes, limit: str) -> None:
    with pytest.raises(TooLargeError, match=re.escape(limit)):
        filled(DATA, data, sheet_file="inputs.xlsx")


def test_a_text_longer_than_a_cell_is_refused() -> None:
    scenario = read_scenario(TEXT.replace("label: Peak sales", f"label: {'x' * 40_000}"))
    with pytest.raises(TooLargeError, match="a cell holds at most 32,767"):
        write_spreadsheet(scenario)


def test_a_range_filled_in_is_drawn_like_one_that_was_typed() -> None:
    grid = template()
    put(grid, "Inputs", "hold", "low", 3)
    put(grid, "Inputs", "hold", "high", 7)
    value = read_scenario(taken(grid)).inputs["hold"].value
    assert value == Range(Fraction(3), Fraction(4), Fraction(7), "3 .. 4 .. 7")
