"""`gamecore tornado` and `gamecore map`: what is asked, the tables, the figures.

Everything that comes from the file is text: no markup is read out of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from gamecore.brief import words
from gamecore.brief.figures.scale import quantity_text
from gamecore.brief.figures.sheet import Sheet
from gamecore.brief.figures.tornado import change_text, nearest, short
from gamecore.cli import files
from gamecore.cli.files import shown
from gamecore.cli.progress import Progress
from gamecore.questions.sensitivity import map_found, tornado_found
from gamecore.questions.writing import axis

if TYPE_CHECKING:
    from gamecore.advice.analysis import Analysis
    from gamecore.advice.robustness_facts import Axis, MapOfOutcomes, OutcomeMap, Tornado, TornadoBar

__all__ = ["find_map", "find_tornado", "tell_map", "tell_tornado"]

FIGURE_FORMATS: Final = ("svg", "png", "pdf")

_PIPE_WIDTH: Final = 110  # where no terminal says its width
_LONGEST_NAME: Final = 28  # of an outcome without a letter in a table
_COLUMNS, _ROWS = 60, 18  # of a map in characters


def find_tornado(
    file: str,
    levers: Sequence[str],
    *,
    player: str | None,
    proposes: str | None,
    draws: int,
    seed: int,
    out: str | None,
) -> tuple[Analysis, Tornado]:
    """Read, look along every range, and draw the figure if one is asked for."""
    from gamecore.pipeline import Settings

    settings = Settings(seed=seed, draws=draws)
    find = partial(tornado_found, settings=settings, player=player, proposes=proposes)
    return _found(file, levers, find, out)


def find_map(
    file: str,
    levers: Sequence[str],
    *,
    x: str,
    y: str,
    proposes: str | None,
    steps: int,
    draws: int,
    seed: int,
    out: str | None,
) -> tuple[Analysis, OutcomeMap]:
    """Read, play on the grid, and draw the figure if one is asked for."""
    from gamecore.pipeline import Settings

    settings = Settings(seed=seed, draws=draws)
    across, upwards = axis(x, "--x"), axis(y, "--y")
    find = partial(map_found, settings=settings, x=across, y=upwards, proposes=proposes, steps=steps)
    return _found(file, levers, find, out)


def _found(
    file: str, levers: Sequence[str], find: Callable[..., tuple[Analysis, Any]], out: str | None
) -> tuple[Analysis, Any]:
    format = ""
    if out is not None:  # checked before any work is done
        format = files.file_format(out, FIGURE_FORMATS)
        files.writable([out], file)
    scenario = files.read(file, levers)
    with Progress() as progress:
        analysis, found = find(scenario, progress=progress)
    if out is not None:
        from gamecore.brief.figures.sensitivity import sensitivity_figure

        files.write_all({out: sensitivity_figure(analysis, found, format)})
        typer.echo(shown(f"wrote {out}"), err=True)
    return analysis, found


# ---- the tornado -----------------------------------------------------------------------------------------------------


def tell_tornado(analysis: Analysis, tornado: Tornado) -> None:
    """A row for each uncertain number: its range, what the plan is then worth, where the outcome changes."""
    console, sheet = _console(), Sheet.of(analysis)
    whose = sheet.names.all if tornado.player is None else sheet.names.name(tornado.player)
    base = tornado.joint_base if tornado.player is None else tornado.base[tornado.player]
    worth = words.with_unit(sheet.number(base), analysis.scenario.unit)
    console.print(shown(analysis.scenario.title), style="bold")
    console.print(
        shown(f"{_called(sheet, tornado.outcome)}: {worth} to {whose} at base values; each input alone from P10 to P90")
    )
    told = [[_changes(sheet, bar, place) for place in range(len(bar.along))] for bar in tornado.bars]
    same = all(len(set(row)) == 1 for row in told)
    protocols = [sheet.names.protocol(along.protocol) for along in tornado.bars[0].along]
    heads = ["Outcome changes to"] if same else [f"Changes to, if {name}" for name in protocols]
    table = _table("Input", "P10", "Base", "P90", "Worth at P10", "at P90", *heads, right=range(1, 6))
    ends = [_worth_at_ends(sheet, tornado, bar) for bar in tornado.bars]
    for bar, row, worths in zip(tornado.bars, told, ends, strict=True):
        inside = any(change.inside for along in bar.along for change in along.changes)
        unit_of = f", {bar.quantity.unit}" if bar.quantity.unit else ""
        table.add_row(
            shown(bar.quantity.label + unit_of),
            *(quantity_text(bar.quantity, value) for value in (bar.low, bar.base, bar.high)),
            *(shown(text) for text in worths),
            *(shown(text, lines=True) for text in (row[:1] if same else row)),
            style="bold" if inside else None,
        )
    console.print(table)
    if same and len(protocols) > 1:
        console.print("The same whoever proposes." if _each_proposes(tornado) else "The same under every rule.")
    if any(text.endswith(")") for worths in ends for text in worths):
        rule = "" if same else f" if {protocols[0]}"
        console.print(shown(f"In brackets: what comes about instead{rule}, and what that is worth."))
    console.print("Bold: the outcome changes within P10 to P90. Searched three times as far from the base value.")


def _each_proposes(tornado: Tornado) -> bool:
    return all(along.proposer is not None for along in tornado.bars[0].along)


def _changes(sheet: Sheet, bar: TornadoBar, place: int) -> str:
    found = nearest(bar, bar.along[place])
    return "\n".join(change_text(sheet, bar, *item, longest=_LONGEST_NAME) for item in found) or "never"


def _worth_at_ends(sheet: Sheet, tornado: Tornado, bar: TornadoBar) -> list[str]:
    """The plan's worth at both ends; where another outcome comes about, what that is worth beside it."""
    along = bar.along[0]
    ends = [(bar.joint_low, bar.value_low, along.worth_low, along.outcome_low)]
    ends.append((bar.joint_high, bar.value_high, along.worth_high, along.outcome_high))
    texts = []
    for joint, values, then, outcome in ends:
        text = sheet.number(joint if tornado.player is None else values[tornado.player])
        if outcome != tornado.outcome:
            worth = sum(then.values()) if tornado.player is None else then[tornado.player]
            text += f" ({short(sheet.outcome(outcome), _LONGEST_NAME)}: {sheet.number(worth)})"
        texts.append(text)
    return texts


# ---- the map ---------------------------------------------------------------------------------------------------------


def tell_map(analysis: Analysis, found: OutcomeMap) -> None:
    """Each protocol's map in characters: a letter for an option, a dot for no agreement."""
    console, sheet = _console(), Sheet.of(analysis)
    console.print(shown(analysis.scenario.title), style="bold")
    marks = _marks(sheet, found.outcomes)
    for one in found.maps:
        console.print(shown(f"Rule of proposing: {sheet.names.protocol(one.protocol)}"))
        _tell_raster(console, found, one, marks)
    for key, mark in marks.items():
        console.print(shown(f"{mark} {_called(sheet, key, lettered=False)}"))
    console.print("* base case; the other inputs stand at base values")


def _tell_raster(console: Console, found: OutcomeMap, one: MapOfOutcomes, marks: dict[str, str]) -> None:
    console.print(shown(_named(found.y)), style="dim")
    xs, ys = _raster(found.x, _COLUMNS), _raster(found.y, _ROWS)
    base = (_nearest(ys, found.y.base), _nearest(xs, found.x.base))
    columns = [_nearest(found.x.steps, value) for value in xs]
    width = max(len(quantity_text(found.y.quantity, value)) for value in (found.y.first, found.y.last))
    for number in range(len(ys) - 1, -1, -1):
        row = one.outcomes[_nearest(found.y.steps, ys[number])]
        line = [marks[found.outcomes[row[column]]] for column in columns]
        if number == base[0]:
            line[base[1]] = "*"
        ends = {0: found.y.first, len(ys) - 1: found.y.last}
        label = quantity_text(found.y.quantity, ends[number]) if number in ends else ""
        console.print(f"{label:>{width}} {''.join(line)}")
    first, last = (quantity_text(found.x.quantity, value) for value in (found.x.first, found.x.last))
    console.print(f"{'':{width}} {first}{last:>{_COLUMNS - len(first)}}")
    console.print(f"{'':{width}} {shown(_named(found.x))}", style="dim")


def _raster(axis: Axis, count: int) -> list[float]:
    return [axis.first + (axis.last - axis.first) * place / (count - 1) for place in range(count)]


def _nearest(values: Sequence[float], value: float) -> int:
    return min(range(len(values)), key=lambda place: abs(values[place] - value))


def _marks(sheet: Sheet, outcomes: Sequence[str]) -> dict[str, str]:
    fixed = {"no_agreement": ".", "other": "+", "undecided": "?"}
    spare = iter("123456789" + "abcdefghijklmnopqrstuvwxyz" * len(outcomes))
    return {key: fixed.get(key) or sheet.names.letters.get(key) or next(spare) for key in outcomes}


# ---- words -----------------------------------------------------------------------------------------------------------


def _called(sheet: Sheet, key: str, *, lettered: bool = True) -> str:
    """An outcome by its name, with its letter in front."""
    label = next((item.label for item in sheet.analysis.candidates if item.key == key), None)
    if label is None:
        return sheet.outcome(key).capitalize()
    return sheet.lettered(key, label) if lettered else label


def _named(axis: Axis) -> str:
    return f"{axis.quantity.label}, {axis.quantity.unit}" if axis.quantity.unit else axis.quantity.label


def _console() -> Console:
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)


def _table(*columns: str, right: Sequence[int] | range = ()) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    for index, name in enumerate(columns):
        table.add_column(shown(name), justify="right" if index in right else "left", overflow="fold")
    return table
