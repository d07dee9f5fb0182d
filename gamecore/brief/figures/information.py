"""What it is worth to know more: a row per topic, a panel per player, deciding alone and in the game."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import gamecore
from gamecore.brief import words
from gamecore.brief.figures.canvas import WIDTH, Canvas, cut, text_width
from gamecore.brief.figures.panels import LABELS, Panel, heads, panels, row_label, zero_line
from gamecore.brief.figures.sheet import Drawn, provenance
from gamecore.brief.sides import side
from gamecore.brief.style import HAIR, INK
from gamecore.brief.weighing import alike, protocol_label, worthwhile
from gamecore.errors import InputError
from gamecore.model import Scenario
from gamecore.robustness.information import Information, Knowing

__all__ = ["draw_information"]

MOST: Final = 10  # rows for each way to propose
ROW: Final = 25.0
TITLE: Final = "What it is worth to know more"


def _reading(scenario: Scenario) -> str:
    """How to read the bars; with one decision maker there is no difference between them."""
    known = "gains if this is known before the first decision."
    if len(scenario.players) == 1:
        name = next(iter(scenario.players.values())).label
        told = f"What {name} {known} One decides alone: both bars say the same."
    else:
        who = side(scenario.players.values())
        told = (
            f"What a {who} {known} Full bar: in the game, where all act on it, so it may cost. "
            f"Slim white bar: if the {who} decided everything alone."
        )
    return f"{told} Values in {scenario.unit}." if scenario.unit else told


def draw_information(scenario: Scenario, found: Information) -> Drawn:
    """Bars of what knowing is worth; the most valuable topics first.

    Raises `InputError` if knowing is worth nothing to anybody, or above four players.
    """
    items, _ = worthwhile(found)
    if not items:
        raise InputError("there is nothing to draw: knowing more is worth nothing to anybody")
    reading = _reading(scenario)
    left = len(items) - MOST
    reading += f" {words.number_word(left).capitalize()} more are left out." if left > 0 else ""
    canvas = Canvas()
    y = canvas.head(TITLE, reading) + 4
    table: list[str] = []
    kept = sorted(items, key=lambda item: (item.topic.name != "everything", -item.largest))[:MOST]
    shown = [item for item in items if item in kept]
    decimals = words.decimals_for(item.largest for item in shown)
    blocks = [0] if alike(found) else range(len(found.protocols))
    for place in blocks:
        title = "Whoever proposes" if alike(found) else protocol_label(scenario, found.protocols[place])
        if len(found.protocols) > 1:
            canvas.text(0, y + 9, cut(title, 9.4, WIDTH, bold=True), size=9.4, weight=600)
            y += 13 if text_width(title, 9.4, bold=True) > LABELS else 0
        y = _block(canvas, scenario, shown, place, top=y) + 8
        table += _alternative(scenario, shown, place, title, decimals)
    canvas.foot(y + 8, provenance(scenario.file, scenario.sha256, gamecore.__version__, found.seed))
    return Drawn(canvas, y + 14, TITLE, reading, table)


def label_of(item: Knowing) -> str:
    """The topic; with a signal, how accurate it is."""
    if item.accuracy is None:
        return item.topic.label
    return f"{item.topic.label}: a signal of {float(100 * item.accuracy):.4g}%"


def _block(canvas: Canvas, scenario: Scenario, items: Sequence[Knowing], place: int, *, top: float) -> float:
    """The rows for one way to propose, from `top` down; where they end."""
    decimals = words.decimals_for(item.largest for item in items)
    # one scale for all players: gains are in the same unit, and who gains more is the point
    values = [value for item in items for row in (item.sole, *item.game) for value in row]
    found = panels([(min(0.0, *values), max(0.0, *values))] * len(scenario.players))
    heads(canvas, scenario, found, top + 9)
    top += 15
    for number, item in enumerate(items):
        middle = top + ROW * (number + 0.5)
        row_label(canvas, middle, label_of(item), bold=item.topic.name == "everything")
        canvas.line([(0, middle + ROW / 2), (WIDTH, middle + ROW / 2)], stroke=HAIR, width=0.4)
        for player, panel in enumerate(found):
            _pair(canvas, panel, middle, (item.sole[player], item.game[place][player]), decimals)
    for panel in found:
        zero_line(canvas, panel, top, top + ROW * len(items))
    return top + ROW * len(items)


def _pair(canvas: Canvas, panel: Panel, y: float, values: tuple[float, float], decimals: int) -> None:
    alone, together = values
    panel.bar(canvas, y - 3.2, 9.0, (0.0, together))
    panel.number(canvas, y - 3.2, (0.0, together), words.signed(together, decimals), right=together >= 0)
    panel.bar(canvas, y + 5.8, 4.4, (0.0, alone), filled=False)
    canvas.text(panel.x(alone) + 3.5, y + 8.2, words.number(alone, decimals), size=6.8, fill=INK)


def _alternative(scenario: Scenario, items: Sequence[Knowing], place: int, title: str, decimals: int) -> list[str]:
    labels = [player.label for player in scenario.players.values()]
    return [
        f"{title}, {label_of(item)}: "
        + ", ".join(
            f"{name} {words.signed(together, decimals)} (alone {words.number(alone, decimals)})"
            for name, alone, together in zip(labels, item.sole, item.game[place], strict=True)
        )
        for item in items
    ]
