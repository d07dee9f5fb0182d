"""What waiting is worth and why: from the value of acting now to that of waiting, step by step, a panel per player."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import gamecore
from gamecore.brief import words
from gamecore.brief.figures.canvas import Canvas, cut
from gamecore.brief.figures.panels import Panel, heads, panels, row_label, zero_line
from gamecore.brief.figures.sheet import Drawn, provenance
from gamecore.brief.style import EDGES, HAIR
from gamecore.brief.weighing import decider, option_label, part_label, protocol_label
from gamecore.model import Scenario
from gamecore.robustness.ways_to_wait import Group, WayToWait

__all__ = ["draw_waiting"]

ROW: Final = 23.0
BAR: Final = 10.0
TITLE: Final = "What waiting is worth, and why"


def draw_waiting(scenario: Scenario, ways: Sequence[WayToWait], *, seed: int) -> Drawn:
    """Every way to wait as a waterfall, one below the other.

    Raises `InputError` above four players.
    """
    unit = f" Values in {scenario.unit}." if scenario.unit else ""
    reading = (
        "From acting now to waiting. Filled bars add, white bars take away; each starts where the one above it ends."
        + unit
    )
    canvas = Canvas()
    y = canvas.head(TITLE, reading) + 4
    table: list[str] = []
    for way in ways:
        for group in way.groups:
            y = _waterfall(canvas, scenario, way, group, y)
            table += _alternative(scenario, way, group)
    canvas.foot(y + 10, provenance(scenario.file, scenario.sha256, gamecore.__version__, seed))
    return Drawn(canvas, y + 16, TITLE, reading, table)


def _steps(scenario: Scenario, way: WayToWait, group: Group) -> list[tuple[str, list[float], bool]]:
    """The rows: label, numbers per player, and whether they are values (else differences)."""
    under, place = group.under, way.waiting.way
    now = option_label(scenario, place.decision, place.now)
    wait = option_label(scenario, place.decision, place.wait)
    rows = [(f"Now: {now}", list(map(float, under.now)), True)]
    for part in under.parts:
        name = part_label(part.names)
        if "news" in part.names and len(part.names) == 1:
            name = f"The news, used by {decider(scenario, place.later)}"
        rows.append((name, list(map(float, part.values)), False))
    return [*rows, (f"Wait: {wait}", list(map(float, under.wait)), True)]


def _waterfall(canvas: Canvas, scenario: Scenario, way: WayToWait, group: Group, y: float) -> float:
    rows = _steps(scenario, way, group)
    if len(way.groups) > 1:
        told = "; ".join(protocol_label(scenario, name) for name in group.protocols)
        canvas.text(0, y + 8, cut(told, 9.2, 480, bold=True), size=9.2, weight=600)
        y += 12
    players = range(len(scenario.players))
    levels: list[list[float]] = [[rows[0][1][player]] for player in players]
    for _, numbers, whole in rows[1:]:
        for player in players:
            levels[player].append(numbers[player] if whole else levels[player][-1] + numbers[player])
    # one scale for all players, so that bars of one length are amounts of one size
    half = max(max(row) - min(row) for row in levels) / 2
    middles = [(max(row) + min(row)) / 2 for row in levels]
    found = panels([(middle - half, middle + half) for middle in middles])
    decimals = words.decimals_for(value for row in levels for value in row)
    heads(canvas, scenario, found, y + 9)
    top = y + 16
    for panel in found:
        zero_line(canvas, panel, top, top + ROW * len(rows))
    for number, (label, numbers, whole) in enumerate(rows):
        middle = top + ROW * (number + 0.5)
        row_label(canvas, middle, label, bold=whole)
        if whole:
            canvas.line([(0, middle + ROW / 2), (482, middle + ROW / 2)], stroke=HAIR, width=0.5)
        for player, panel in enumerate(found):
            amount = numbers[player]
            text = words.number(amount, decimals) if whole else words.signed(amount, decimals)
            rises = None if whole else amount >= 0
            _mark(canvas, panel, middle, levels[player], number, text=text, rises=rises)
    return top + ROW * len(rows) + 10


def _mark(
    canvas: Canvas, panel: Panel, y: float, levels: Sequence[float], number: int, *, text: str, rises: bool | None
) -> None:
    """One step of one player: a mark for a value (`rises` None), a bar for a difference, a thread to the next step."""
    at, edge = panel.x(levels[number]), EDGES[panel.player % 4]
    if number + 1 < len(levels):
        canvas.line([(at, y), (at, y + ROW)], stroke=edge, width=0.6, dash="1.5 1.8")
    if rises is None:
        canvas.mover(at, y, panel.player, size=8.0)
        canvas.text(at + 7, y + 3, text, size=8.8, weight=700)
        return
    ends = (levels[number - 1], levels[number])
    panel.bar(canvas, y, BAR, ends, filled=rises)
    panel.number(canvas, y, ends, text, right=rises)


def _alternative(scenario: Scenario, way: WayToWait, group: Group) -> list[str]:
    rows = _steps(scenario, way, group)
    decimals = words.decimals_for(value for _, numbers, _ in rows for value in numbers)
    labels = [player.label for player in scenario.players.values()]
    return [
        f"{label}: "
        + ", ".join(
            f"{name} {words.number(value, decimals) if whole else words.signed(value, decimals)}"
            for name, value in zip(labels, numbers, strict=True)
        )
        for label, numbers, whole in rows
    ]
