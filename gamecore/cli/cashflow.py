"""`gamecore cashflow`: which plans are looked at, the tables, the files.

Everything that comes from the file is text: no markup is read out of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from gamecore.brief import words
from gamecore.cli import files
from gamecore.cli.files import shown
from gamecore.model import Scenario
from gamecore.questions.cash import cash_found

if TYPE_CHECKING:
    from gamecore.advice.cash_facts import CashPlan, CashTable, Runway

__all__ = ["find_cash", "tell_cash"]

FORMATS: Final = ("csv", "xlsx")
BLOCKS: Final = ("undiscounted", "risk_adjusted", "discounted")

_PIPE_WIDTH: Final = 120  # where no terminal says its width
_MONTHS: Final = 36  # of cash that are told; --json and .xlsx have all
_MOST_SOURCES: Final = 7  # of a table across, beside the year and the total


def find_cash(
    file: str, levers: Sequence[str], *, option: str | None, when: str | None, player: str | None, out: str | None
) -> tuple[Scenario, list[CashPlan]]:
    """Read, solve at base values, follow the money, and write the file if one is asked for.

    Raises `InputError` for an option, a condition or a player that is not there.
    """
    format = ""
    if out is not None:  # checked before any work is done
        format = files.file_format(out, FORMATS)
        files.writable([out], file)
    scenario = files.read(file, levers)
    found = cash_found(scenario, option=option, when=when, player=player, dashes="--")
    if out is not None:
        from gamecore.brief.cash_sheets import as_csv, as_workbook

        data = as_csv(found) if format == "csv" else as_workbook(scenario.title, scenario.unit, found)
        files.write_all({out: data})
        typer.echo(shown(f"wrote {out}"), err=True)
    return scenario, found


# ---- told ------------------------------------------------------------------------------------------------------------


def tell_cash(scenario: Scenario, plans: Sequence[CashPlan]) -> None:
    """The tables of each plan; source by year where there is only one plan."""
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    console = Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)
    console.print(shown(scenario.title), style="bold")
    console.print(
        "Positive is cash to the player. Undiscounted: if every phase succeeds; risk-adjusted: times its chance; "
        "discounted: at the player's own rate."
    )
    sums = [sum(row.undiscounted) for plan in plans for table in plan.tables for row in table.rows]
    teller = _Teller(console, scenario, max(1, words.decimals_for(sums)))
    for plan in plans:
        console.print()
        console.print(shown(f"{plan.label} ({plan.key})" if plan.label != plan.key else plan.key), style="bold")
        for table in plan.tables:
            teller.table(table, whole=len(plans) == 1)
        for name, runway in plan.runways:
            teller.runway(scenario.players[name].label, runway, whole=len(plans) == 1)


@dataclass(frozen=True)
class _Teller:
    """Where it is told, and with how many decimals."""

    console: Console
    scenario: Scenario
    decimals: int

    def money(self, value: float) -> str:
        return words.number(value, self.decimals)

    def table(self, table: CashTable, *, whole: bool) -> None:
        name = self.scenario.players[table.player].label
        unit = f", {self.scenario.unit}" if self.scenario.unit else ""
        self.console.print(shown(f"{name}{unit}"))
        if whole:
            for block in BLOCKS:
                self.block(table, block)
        else:
            self.sums(table)
        horizons = table.horizons
        if table.risk_premium:
            expected = self.money(table.value + table.risk_premium)
            self.console.print(f"Expected {expected}, less a risk premium of {self.money(table.risk_premium)}")
        self.console.print(
            shown(
                f"Worth {self.money(table.value)} in all, {self.money(horizons.within_12_months)} of it within 12 "
                f"months, {self.money(horizons.within_3_years)} within 3 years"
            )
        )

    def sums(self, table: CashTable) -> None:
        """A row for each source: what it comes to over all years."""
        found = _empty("Source", *(block.replace("_", "-").capitalize() for block in BLOCKS))
        for row in (*table.rows, table.total):
            amounts = [self.money(sum(getattr(row, block))) for block in BLOCKS]
            found.add_row(shown(_source(row)), *amounts, style="bold" if row is table.total else None)
        self.console.print(found)

    def block(self, table: CashTable, block: str) -> None:
        """A row for each year, a column for each source; many sources in several tables."""
        self.console.print(block.replace("_", "-").capitalize())
        years = [f"{int(first)}-{int(last)}" for first, last in zip(table.edges[:-1], table.edges[1:], strict=True)]
        for start in range(0, max(len(table.rows), 1), _MOST_SOURCES):
            rows = [*table.rows[start : start + _MOST_SOURCES], table.total]
            found = _empty("Year", *(_source(row) for row in rows))
            columns = [getattr(row, block) for row in rows]
            for place, year in enumerate(years):
                found.add_row(year, *(self.money(column[place]) for column in columns))
            found.add_row("all", *(self.money(sum(column)) for column in columns), style="bold")
            self.console.print(found)

    def months(self, runway: Runway) -> None:
        """The balance at the end of every third month, until it was lowest if something cannot be funded."""
        found = _empty("End of month", "If all succeeds", "Expected", "Lowest")
        last = max(_MONTHS, runway.lowest.index(min(runway.lowest)) + 3 if runway.gaps else 0)
        for month in range(3, min(last, len(runway.lowest)) + 1, 3):
            balances = (runway.if_all_succeeds, runway.expected, runway.lowest)
            found.add_row(str(month), *(self.money(balance[month - 1]) for balance in balances))
        self.console.print(found)

    def runway(self, name: str, runway: Runway, *, whole: bool) -> None:
        held = (
            f"own money for {runway.covered} months"
            if runway.cash is None
            else f"cash {self.money(runway.cash)} on day zero"
        )
        burn = f", {self.money(runway.burn)} a year spent besides" if runway.burn else ""
        lowest = f"; the lowest balance, if every phase succeeds, is {self.money(min(runway.lowest))}"
        self.console.print(shown(f"{name}: {held}{burn}{lowest}"))
        if whole:
            self.months(runway)
        for gap in runway.gaps:
            share = "" if gap.chance > 1 - 1e-9 else f", with a chance of {gap.chance:.0%}"
            day = f" ({gap.date})" if gap.date else ""
            unit = f" {self.scenario.unit}" if self.scenario.unit else ""
            what = f"its share of {gap.label}" if gap.kind == "cost" else gap.label
            short = f"short {self.money(gap.short)}{unit}{share}"
            told = f"{name} cannot fund {what} from month {gap.month}{day}: {short}"
            self.console.print(shown(told), style="bold")


def _empty(*columns: str) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    for index, name in enumerate(columns):
        table.add_column(shown(name), justify="right" if index else "left", overflow="fold")
    return table


def _source(row: Any) -> str:
    if row.source == "total" and row.kind == "payoff":
        return "Total"
    told = row.label[:1].upper() + row.label[1:]
    return told if row.kind == "payoff" else f"{told}, {row.kind.replace('_', ' ')}"
