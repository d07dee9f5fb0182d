"""Rows of bars, a panel for each player side by side: what figures of information and of waiting share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gamecore.brief.figures.canvas import WIDTH, Canvas, cut, wrapped
from gamecore.brief.style import EDGES, FILLS, HAIR, INK
from gamecore.errors import InputError
from gamecore.model import Scenario

__all__ = ["LABELS", "MOST_PLAYERS", "Panel", "heads", "panels", "row_label", "zero_line"]

LABELS: Final = 128.0  # width of the rows' labels
GAP: Final = 18.0  # between panels
NUMBER: Final = 30.0  # kept free on both sides of a panel for the numbers at the bars
MOST_PLAYERS: Final = 4


@dataclass(frozen=True)
class Panel:
    """One player's panel: from `left` to `right`, showing values from `low` to `high`."""

    player: int
    left: float
    right: float
    low: float
    high: float

    def x(self, value: float) -> float:
        """Where a value lies."""
        left, right = self.left + NUMBER, self.right - NUMBER
        span = self.high - self.low
        return (left + right) / 2 if span <= 0 else left + (value - self.low) / span * (right - left)

    def bar(
        self,
        canvas: Canvas,
        y: float,
        height: float,
        ends: tuple[float, float],
        *,
        filled: bool = True,
    ) -> None:
        """A bar between two values, its middle at `y`; never thinner than a line."""
        first, last = sorted(map(self.x, ends))
        tone = self.player % 4
        fill = FILLS[tone] if filled else "#FFFFFF"
        canvas.rect(first, y - height / 2, max(last - first, 0.8), height, fill=fill, stroke=EDGES[tone], line=0.9)

    def number(self, canvas: Canvas, y: float, ends: tuple[float, float], text: str, *, right: bool) -> None:
        """A number beside a bar, on the side it points to."""
        first, last = sorted(map(self.x, ends))
        x, anchor = (last + 3.5, "start") if right else (first - 3.5, "end")
        canvas.text(x, y + 2.9, text, size=8.2, anchor=anchor)


def panels(ranges: Iterable[tuple[float, float]]) -> list[Panel]:
    """A panel per player; `ranges` are the lowest and highest value of each.

    Raises `InputError` above four players.
    """
    ends = list(ranges)
    if len(ends) > MOST_PLAYERS:
        raise InputError(f"this figure is drawn for up to {MOST_PLAYERS} players; this file has {len(ends)}")
    width = (WIDTH - LABELS) / len(ends)
    return [
        Panel(place, LABELS + place * width + GAP / 2, LABELS + (place + 1) * width - GAP / 2, low, high)
        for place, (low, high) in enumerate(ends)
    ]


def heads(canvas: Canvas, scenario: Scenario, found: Iterable[Panel], y: float) -> None:
    """The players' names above their panels."""
    players = list(scenario.players.values())
    for panel in found:
        name = cut(players[panel.player].short or players[panel.player].label, 9.4, panel.right - panel.left, bold=True)
        middle = (panel.left + panel.right) / 2
        canvas.text(middle, y, name, size=9.4, weight=600, fill=EDGES[panel.player % 4], anchor="middle")


def row_label(canvas: Canvas, y: float, text: str, *, bold: bool = False) -> None:
    """The label of a row, in at most two lines around `y`."""
    rows = wrapped(text, 8.6, LABELS - 6, 2, bold=bold)
    for number, row in enumerate(rows):
        canvas.text(
            0, y + 3 + 9.8 * (number - (len(rows) - 1) / 2), row, size=8.6, weight=600 if bold else 400, fill=INK
        )


def zero_line(canvas: Canvas, panel: Panel, top: float, bottom: float) -> None:
    """Where nothing is, if the panel shows it."""
    if panel.low <= 0 <= panel.high:
        canvas.line([(panel.x(0), top), (panel.x(0), bottom)], stroke=HAIR, width=0.9)
