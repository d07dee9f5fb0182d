"""Facts of the programme in the panel of a shared copy: what all sides can check, in place of anybody's values.

A fact is shown if nothing confidential reaches it. A plan's facts follow the choices after it only where the page tells
these; else they are ranges over all later options. A fact that reads the same under every option is left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gamecore.advice.analysis import Analysis, Candidate
from gamecore.advice.programme_facts import FactRange, ProgrammeRanges
from gamecore.brief import words
from gamecore.brief.blocks import Bar, Cell, Column, Panel

__all__ = ["Facts", "fact_columns", "facts_key"]

OPEN: Final = "Open"  # nothing is expected, as later choices are not told
NO_MARK: Final = "none"  # a range alone
NONE: Final = "\N{EN DASH}"  # the programme is ended, or has no such fact
DAYS_OF_MONTH: Final = 31  # at most: a day of the month counts as a part of it
ROUNDING: Final = 1e-6  # of a month
MOST_TICKS: Final = 3
REACH: Final = 0.85  # a scale's round number stands at most here


@dataclass(frozen=True)
class Facts:
    """The columns, and for each option a cell in each of them."""

    columns: tuple[Column, ...]
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class _Kind:
    head: str
    note: str
    pick: Callable[[ProgrammeRanges], FactRange | None]
    text: Callable[[float], str]
    dated: bool = False
    times: float = 1.0  # of the number as it is printed


def fact_columns(analysis: Analysis, shown: Sequence[Candidate], *, told: bool) -> Facts | None:
    """The facts of these options; None if there is none to show.

    `told` says whether the page tells what follows the recommended plan.
    """
    if analysis.programme is None:
        return None
    plans = {plan.candidate: plan for plan in analysis.programme.plans}
    ranges: list[ProgrammeRanges | None] = []
    for candidate in shown:
        plan = plans[candidate.key]
        states = not plan.open or (told and candidate.key == analysis.recommendation.candidate)
        ranges.append(plan.as_stated if states and plan.as_stated is not None else plan.whatever_follows)
    columns, cells = [], []
    for kind in _kinds(analysis):
        found = [None if item is None else kind.pick(item) for item in ranges]
        made = _column(analysis, kind, found)
        if made is not None:
            columns.append(made[0])
            cells.append(made[1])
    if not columns:
        return None
    return Facts(tuple(columns), tuple(zip(*cells, strict=True)))


def facts_key(panel: Panel) -> list[str]:
    """How to read the facts in a panel; nothing where there are none."""
    if not any(column.kind == "fact" for column in panel.columns):
        return []
    bars = [cell.bar for row in panel.rows for cell in row.cells if cell.bar is not None]
    texts = ["Bar or dot: expected, base inputs."] if any(bar.mark != NO_MARK for bar in bars) else []
    if any(bar.high > bar.low for bar in bars):
        texts.append("Whisker: lowest to highest over what chance may bring.")
    if any(bar.mark == NO_MARK for bar in bars):
        texts.append(f"{OPEN}: rests on later choices.")
    return texts


def _kinds(analysis: Analysis) -> tuple[_Kind, ...]:
    label = analysis.programme.phase_label if analysis.programme is not None else ""
    costs = [
        item.cost.highest
        for plan in (analysis.programme.plans if analysis.programme is not None else ())
        for item in (plan.as_stated, plan.whatever_follows)
        if item is not None and not item.cost.reaches
    ]
    decimals = words.decimals_for(costs)
    return (
        _Kind(f"{label} cost", analysis.scenario.unit or "", lambda x: x.cost, lambda x: words.number(x, decimals)),
        _Kind(
            "Launch",
            "" if analysis.scenario.count_from else "in years",
            lambda x: x.launch,
            lambda x: _date_text(analysis.scenario.count_from, x),
            dated=True,
        ),
        _Kind("Approval", "of 100", lambda x: x.approval, lambda x: words.number(100 * x, 0), times=100.0),
    )


def _column(analysis: Analysis, kind: _Kind, found: Sequence[FactRange | None]) -> tuple[Column, list[Cell]] | None:
    visible = [item for item in found if item is not None and not item.reaches]
    if not visible:
        return None
    scale = _years(visible, _zero_year(analysis.scenario.count_from)) if kind.dated else _from_zero(visible, kind.times)
    cells = [_cell(item, kind, scale) for item in found]
    if len(cells) > 1 and len({(cell.text, cell.note) for cell in cells}) == 1:
        return None
    return Column("fact", kind.head, tone=1, note=kind.note, ticks=scale.ticks), cells


def _cell(item: FactRange | None, kind: _Kind, scale: _Scale) -> Cell:
    if item is None:
        return Cell(NONE)
    if item.reaches:
        return Cell("")
    low, high = kind.text(item.lowest), kind.text(item.highest)
    between = "" if low == high else f"{low}\N{EN DASH}{words.WORD_JOINER}{high}"
    lowest, highest = scale.place(item.lowest), scale.place(item.highest)
    value = item.expected if item.expected is not None or between else item.lowest
    if value is None:
        return Cell(OPEN, note=between, bar=Bar(0.0, lowest, lowest, highest, mark=NO_MARK))
    mark = "dot" if kind.dated else "bar"
    return Cell(kind.text(value), note=between, bar=Bar(0.0, scale.place(value), lowest, highest, mark=mark))


# ---- scales ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        return round((value - self.low) / (self.high - self.low), 5)


def _from_zero(items: Sequence[FactRange], times: float) -> _Scale:
    """From zero to the highest, with one round number."""
    top = max(item.highest for item in items) or 1.0
    step = _round_below(REACH * top * times)
    text = words.number(step, max(0, -math.floor(math.log10(step))))
    return _Scale(0.0, top, ((0.0, "0"), (round(step / times / top, 5), text)))


def _years(items: Sequence[FactRange], zero_year: float) -> _Scale:
    """Over whole years of the calendar, or from day zero if that is 0."""
    first = math.floor(min(item.lowest for item in items) + zero_year)
    last = math.floor(max(item.highest for item in items) + zero_year) + 1
    every = max(1, math.ceil((last - first) / (MOST_TICKS - 1)))
    span = last - first
    ticks = tuple((round((year - first) / span, 5), str(year)) for year in range(first, last + 1, every))
    return _Scale(first - zero_year, last - zero_year, ticks)


def _round_below(reach: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above it."""
    power = 10.0 ** math.floor(math.log10(reach))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= reach * (1 + 1e-9))


def _zero_year(count_from: str | None) -> float:
    """Day zero in years of the calendar; 0 where the file counts from no date."""
    if count_from is None:
        return 0.0
    day = date.fromisoformat(count_from)
    return day.year + (day.month - 1 + (day.day - 1) / DAYS_OF_MONTH) / 12


def _date_text(count_from: str | None, years: float) -> str:
    """`Sep 2026`, or `6.2` years where the file counts from no date."""
    if count_from is None:
        return words.number(years, 1)
    year = _zero_year(count_from) + years
    month = math.floor(12 * (year - math.floor(year)) + ROUNDING)
    return words.month_text(math.floor(year) + month // 12, month % 12 + 1)
