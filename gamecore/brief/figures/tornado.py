"""What moves the value of a plan: a bar for each uncertain number, hatched where another outcome comes about.

The bar goes from P10 to P90 of the number; its ends carry those values. A threshold within the range is bold in the
last column; one beyond it is told too, and `never` means none as far as was searched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gamecore.advice.robustness_facts import Tornado, TornadoAlong, TornadoBar, TornadoChange
from gamecore.brief import words
from gamecore.brief.figures.canvas import WIDTH, Canvas, cut, text_width, wrapped
from gamecore.brief.figures.scale import quantity_text, ticks
from gamecore.brief.figures.sheet import Drawn, Sheet
from gamecore.brief.style import HAIR, INK, MARK, MID, SOFT
from gamecore.errors import InputError

__all__ = ["change_text", "draw_tornado", "nearest", "short"]

MOST: Final = 24  # bars
_ROW: Final = 21.0
_LABELS: Final = 140.0  # width of the names
_CHANGES: Final = 122.0  # width of the last column
_LEFT, _RIGHT = _LABELS + 26, WIDTH - _CHANGES - 26
_BAR: Final = 12.5
_LETTER: Final = 12.5  # a segment this wide carries its letter


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float

    def x(self, value: float) -> float:
        return _LEFT + (value - self.low) / (self.high - self.low) * (_RIGHT - _LEFT)


def nearest(bar: TornadoBar, along: TornadoAlong) -> list[tuple[str, TornadoChange, str]]:
    """The nearest change on each side of the base value: (`below` or `above`, the change, the outcome beyond it)."""
    below = [change for change in along.changes if change.at < bar.base]
    above = [change for change in along.changes if change.at >= bar.base]
    found = [("below", below[-1], below[-1].before)] if below else []
    return found + ([("above", above[0], above[0].after)] if above else [])


def change_text(
    sheet: Sheet, bar: TornadoBar, side: str, change: TornadoChange, outcome: str, *, longest: int = 80
) -> str:
    """Such as `C below 851`; an outcome without a letter by its name, cut to so many characters."""
    return f"{short(sheet.outcome(outcome), longest)} {side} {quantity_text(bar.quantity, change.at)}"


def short(name: str, longest: int) -> str:
    """A name cut to so many characters; a quoted one stays in quotes."""
    if len(name) <= longest:
        return name
    return f"{name[: longest - 2].rstrip(' ,;')}…{'”' if name.endswith('”') else ''}"


def draw_tornado(sheet: Sheet, tornado: Tornado, protocol: str | None = None) -> Drawn:
    """The tornado of `tornado.player` (None: of all), with the outcomes of one protocol (default: the first)."""
    bars = tornado.bars[:MOST]
    alongs = [_along(bar, protocol) for bar in bars]
    name = sheet.outcome(tornado.outcome)
    whose = sheet.names.all if tornado.player is None else sheet.names.short(tornado.player)
    unit = f", {sheet.analysis.scenario.unit}" if sheet.analysis.scenario.unit else ""
    title = f"What moves the value of {name}, and where the outcome changes"
    at_base = alongs[0].outcome_base
    reading = (
        "Each input from P10 to P90, the others at base values. Hatched, with a heavy edge: the outcome is no longer "
        f"{sheet.outcome(at_base)}. Last column: where it changes (bold: within P10 to P90), "
        "searched three times as far. "
    )
    reading += f"Rule of proposing: {sheet.names.protocol(alongs[0].protocol)}."
    if len(tornado.bars) > MOST:
        reading += f" Left out: {len(tornado.bars) - MOST} inputs that move it less."
    canvas = Canvas()
    y = canvas.head(cut(title, 12.5, WIDTH, bold=True), reading) + 8
    canvas.text(0, y, "Input", weight=600, fill=SOFT)
    canvas.text(_LEFT, y, cut(f"Value of {name} to {whose}{unit}", 9.0, _RIGHT - _LEFT + 20, bold=True), weight=600)
    canvas.text(WIDTH, y, "Outcome changes to", weight=600, fill=SOFT, anchor="end")
    base = tornado.joint_base if tornado.player is None else tornado.base[tornado.player]
    scale = _scale(tornado, base)
    top = y + 9
    bottom = top + _ROW * len(bars) + 2
    for value in ticks(scale.low, scale.high):
        canvas.line([(scale.x(value), top - 3), (scale.x(value), bottom)], stroke=HAIR, width=0.6)
        if abs(scale.x(value) - scale.x(base)) > 27:
            canvas.text(scale.x(value), bottom + 10, _tick(sheet, value), size=7.6, fill=SOFT, anchor="middle")
    for number, (bar, along) in enumerate(zip(bars, alongs, strict=True)):
        _row(canvas, sheet, tornado, scale=scale, told=(bar, along, at_base), y=top + _ROW * (number + 0.5))
    canvas.line([(scale.x(base), top - 6), (scale.x(base), bottom)], width=1.5)
    canvas.text(scale.x(base), bottom + 10, f"base {sheet.number(base)}", size=7.9, weight=700, anchor="middle")
    canvas.foot(bottom + 28, f"{sheet.provenance} · internal copy")
    return Drawn(canvas, bottom + 34, title, reading, _table(sheet, tornado, alongs))


def _along(bar: TornadoBar, protocol: str | None) -> TornadoAlong:
    found = next((along for along in bar.along if protocol in {None, along.protocol}), None)
    if found is None:
        raise InputError(f"there is no rule of proposing '{protocol}' in this tornado")
    return found


def _ends(tornado: Tornado, bar: TornadoBar) -> tuple[float, float]:
    if tornado.player is None:
        return bar.joint_low, bar.joint_high
    return bar.value_low[tornado.player], bar.value_high[tornado.player]


def _scale(tornado: Tornado, base: float) -> _Scale:
    values = [base, *(value for bar in tornado.bars for value in _ends(tornado, bar))]
    low, high = min(values), max(values)
    span = (high - low) or max(1.0, abs(base) * 0.2)
    return _Scale(low - 0.02 * span, high + 0.02 * span)


def _tick(sheet: Sheet, value: float) -> str:
    text = sheet.number(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _row(
    canvas: Canvas,
    sheet: Sheet,
    tornado: Tornado,
    *,
    scale: _Scale,
    told: tuple[TornadoBar, TornadoAlong, str],
    y: float,
) -> None:
    bar, along, at_base = told
    unit = f", {bar.quantity.unit}" if bar.quantity.unit else ""
    rows = wrapped(bar.quantity.label + unit, 9.0, _LABELS, 2, bold=True)
    size = 9.0 if len(rows) == 1 else 8.4
    for number, text in enumerate(rows):
        canvas.text(0, y + 3 + (number - (len(rows) - 1) / 2) * 8.9, text, size=size, weight=600)
    low, high = (scale.x(value) for value in _ends(tornado, bar))
    texts = [quantity_text(bar.quantity, value) for value in (bar.low, bar.high)]
    if abs(high - low) < 1.5:
        joined = f"{texts[0]} to {texts[1]}: no effect"
        canvas.text(max(low, high) + 8, y + 3, joined, size=8.2, fill=SOFT, halo=True)
        canvas.rect(min(low, high) - 0.8, y - _BAR / 2, 1.6, _BAR, fill=MARK)
    else:
        left, right = min(low, high), max(low, high)
        canvas.rect(left, y - _BAR / 2, right - left, _BAR, fill=MID, stroke=MARK, line=0.9)
        for outcome, one, other in _segments(tornado, bar, along):
            if outcome != at_base:
                _changed(canvas, sheet, outcome, sorted((scale.x(one), scale.x(other))), y)
        canvas.text(left - 4, y + 3, texts[0 if low < high else 1], size=8.2, anchor="end", halo=True)
        canvas.text(right + 4, y + 3, texts[1 if low < high else 0], size=8.2, halo=True)
    found = nearest(bar, along)
    if not found:
        canvas.text(WIDTH, y + 3, "never", size=8.6, fill=SOFT, anchor="end")
    size = 8.6 if len(found) == 1 else 7.8
    for place, (side, change, outcome) in enumerate(found):
        base_line = y + 3 + (place - (len(found) - 1) / 2) * 8.6
        text = _last_column(sheet, bar, (side, change, outcome), size)
        weight, fill = (700, INK) if change.inside else (400, SOFT)
        canvas.text(WIDTH, base_line, text, size=size, weight=weight, fill=fill, anchor="end")


def _last_column(sheet: Sheet, bar: TornadoBar, found: tuple[str, TornadoChange, str], size: float) -> str:
    """A change in the width there is: the number stays whole, the outcome's name gives way."""
    side, change, outcome = found
    ending = f" {side} {quantity_text(bar.quantity, change.at)}"
    room = _CHANGES - text_width(f"{ending}”", size, bold=True)
    name = sheet.outcome(outcome)
    told = cut(name, size, room, bold=True)
    return told + ("”" if name.endswith("”") and told != name else "") + ending


def _segments(tornado: Tornado, bar: TornadoBar, along: TornadoAlong) -> list[tuple[str, float, float]]:
    """The bar in pieces of one outcome: (outcome, value at one end, value at the other)."""
    inside = [change for change in along.changes if change.inside and change.values is not None]
    low, high = _ends(tornado, bar)
    edges = [low, *(_worth(tornado, change) for change in inside), high]
    outcomes = [along.outcome_low, *(change.after for change in inside)]
    return [(outcome, edges[n], edges[n + 1]) for n, outcome in enumerate(outcomes)]


def _worth(tornado: Tornado, change: TornadoChange) -> float:
    values = change.values or {}
    return sum(values.values()) if tornado.player is None else values[tornado.player]


def _changed(canvas: Canvas, sheet: Sheet, outcome: str, ends: list[float], y: float) -> None:
    left, right = ends
    width = max(right - left, 1.6)
    canvas.rect(left, y - _BAR / 2, width, _BAR, fill="#FFFFFF")
    canvas.hatch(left, y - _BAR / 2, width, _BAR)
    canvas.rect(left, y - _BAR / 2, width, _BAR, stroke=MARK, line=1.8)
    letter = sheet.names.letters.get(outcome)
    if letter is not None and width > _LETTER:
        canvas.letter((left + right) / 2, y, letter, filled=False, size=10.5)


def _table(sheet: Sheet, tornado: Tornado, alongs: list[TornadoAlong]) -> list[str]:
    rows = []
    for bar, along in zip(tornado.bars, alongs, strict=False):
        low, high = _ends(tornado, bar)
        changes = [change_text(sheet, bar, *found) for found in nearest(bar, along)]
        rows.append(
            f"{bar.quantity.label}: {sheet.number(low)} at {quantity_text(bar.quantity, bar.low)}, "
            f"{sheet.number(high)} at {quantity_text(bar.quantity, bar.high)}, "
            f"changes: {words.listed(changes) or 'never'}"
        )
    return rows
