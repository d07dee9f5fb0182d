"""Cash flows as a spreadsheet (.xlsx) and as plain rows (.csv): one row for each source and year.

Text of the file is data: nothing in a cell is a formula, and in .csv a text that a spreadsheet program would take for
one gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from gamecore.advice.cash_facts import CashPlan, CashRow, CashTable, Runway

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

__all__ = ["as_csv", "as_workbook"]

HEADS: Final = (
    "plan",
    "player",
    "kind",
    "source",
    "label",
    "from_year",
    "to_year",
    "undiscounted",
    "risk_adjusted",
    "discounted",
)
BLOCKS: Final = ("undiscounted", "risk_adjusted", "discounted")
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet program may run
LONGEST_NAME: Final = 31  # of a sheet, a limit of the format

# The same bytes whenever a file is written.
_CREATED: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zones


def as_csv(plans: Sequence[CashPlan]) -> bytes:
    """Every cash flow in long form; a risk premium is a row of its own. UTF-8."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(HEADS)
    for row in _long(plans):
        writer.writerow([_harmless(cell) if isinstance(cell, str) else f"{cell:.12g}" for cell in row])
    return target.getvalue().encode()


def _long(plans: Sequence[CashPlan]) -> Iterator[tuple[str | float, ...]]:
    for plan in plans:
        for table in plan.tables:
            for row in table.rows:
                columns = zip(row.undiscounted, row.risk_adjusted, row.discounted, strict=True)
                for (first, last), amounts in zip(_years(table), columns, strict=True):
                    if any(amounts):
                        yield plan.key, table.player, row.kind, row.source, row.label, first, last, *amounts
            if table.risk_premium:
                name = "risk_premium"
                yield plan.key, table.player, name, name, "Risk premium", 0.0, 0.0, 0.0, 0.0, -table.risk_premium


def _years(table: CashTable) -> list[tuple[float, float]]:
    return list(zip(table.edges[:-1], table.edges[1:], strict=True))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text


def as_workbook(title: str, unit: str | None, plans: Sequence[CashPlan]) -> bytes:
    """A sheet for each plan and player, with a block for each kind of amount and what they sum to."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": "Cash flows of a scenario", "created": _CREATED})
    number = 0
    for plan in plans:
        for table in plan.tables:
            number += 1
            _sheet(book, f"{number} {table.player}"[:LONGEST_NAME], (title, unit, plan), table)
            runway = dict(plan.runways).get(table.player)
            if runway is not None:
                _months(book, f"{number} cash of {table.player}"[:LONGEST_NAME], (title, unit, plan), table, runway)
    book.close()
    return target.getvalue()


def _sheet(book: Workbook, name: str, head: tuple[str, str | None, CashPlan], table: CashTable) -> None:
    title, unit, plan = head
    sheet = book.add_worksheet(name)
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    both = book.add_format({"bold": True, "num_format": "#,##0.00"})
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 2, 34)
    for line, text in enumerate((title, f"{plan.label} ({plan.key})", f"{table.player}, {unit or 'no unit'}")):
        sheet.write_string(line, 0, text, bold)
    line = 4
    for block in BLOCKS:
        heads = [block.replace("_", "-"), "source", "label", *(f"year {int(first) + 1}" for first in table.edges[:-1])]
        for column, text in enumerate((*heads, "total")):
            sheet.write_string(line, column, text, bold)
        for row in (*table.rows, table.total):
            line += 1
            _amounts(sheet, line, row, getattr(row, block), both if row is table.total else money)
        line += 2
    ends = {"expected value": table.value + table.risk_premium, "risk premium": -table.risk_premium}
    known = {**(ends if table.risk_premium else {}), "value in the analysis": table.value}
    known |= {"of it within 12 months": table.horizons.within_12_months}
    known |= {"of it within 3 years": table.horizons.within_3_years}
    for text, amount in known.items():
        sheet.write_string(line, 0, text, bold)
        sheet.write_number(line, 3, amount, money)
        line += 1


def _months(
    book: Workbook, name: str, head: tuple[str, str | None, CashPlan], table: CashTable, runway: Runway
) -> None:
    """The balance by month, and what cannot be funded beside it."""
    title, unit, plan = head
    sheet = book.add_worksheet(name)
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    sheet.set_column(0, 9, 18)
    for line, text in enumerate((title, f"{plan.label} ({plan.key})", f"{table.player}, {unit or 'no unit'}")):
        sheet.write_string(line, 0, text, bold)
    for column, text in enumerate(("end of month", "if all succeeds", "expected", "lowest")):
        sheet.write_string(4, column, text, bold)
    balances = zip(runway.if_all_succeeds, runway.expected, runway.lowest, strict=True)
    for month, amounts in enumerate(balances, start=1):
        sheet.write_number(month + 4, 0, month)
        for column, amount in enumerate(amounts, start=1):
            sheet.write_number(month + 4, column, amount, money)
    for column, text in enumerate(("cannot fund", "source", "from month", "short", "chance"), start=5):
        sheet.write_string(4, column, text, bold)
    for line, gap in enumerate(runway.gaps, start=5):
        for column, text in enumerate((gap.label, f"{gap.kind} {gap.source}"), start=5):
            sheet.write_string(line, column, text)
        for column, amount in enumerate((gap.month, gap.short, gap.chance), start=7):
            sheet.write_number(line, column, amount, money)


def _amounts(sheet: Any, line: int, row: CashRow, amounts: Sequence[float], shape: Format) -> None:
    for column, text in enumerate((row.kind if row.source != "total" else "total", row.source, row.label)):
        sheet.write_string(line, column, text)
    for column, amount in enumerate((*amounts, sum(amounts))):
        sheet.write_number(line, column + 3, amount, shape)
