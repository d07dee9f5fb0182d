"""What each company can have: every plan as a point, the region better than no agreement tinted.

Two companies. Where payments can make the recommended plan work, the line of payments goes through its point, with the
range that works and the even splits. The picture is cropped to the options, no agreement and those payments; what lies
outside is named at the edge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from gamecore.advice.analysis import Candidate
from gamecore.brief.figures import payment_line as payments
from gamecore.brief.figures.canvas import WIDTH, Canvas, cut, text_width, wrapped
from gamecore.brief.figures.payment_line import Line, payment_line
from gamecore.brief.figures.scale import ticks
from gamecore.brief.figures.sheet import Drawn, Sheet
from gamecore.brief.style import EDGES, HAIR, INK, MARK, SOFT, TINT
from gamecore.errors import InputError

__all__ = ["draw_frontier"]

PAD: Final = 0.14
NAMED_OUTSIDE: Final = 3
_LEFT, _RIGHT = 28.0, 330.0
_HEIGHT, _TALLER = 226.0, 300.0  # with payments the list at the right needs more room


@dataclass(frozen=True)
class _Frame:
    low: tuple[float, float]
    high: tuple[float, float]
    top: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def x(self, value: float) -> float:
        return _LEFT + (value - self.low[0]) / (self.high[0] - self.low[0]) * (_RIGHT - _LEFT)

    def y(self, value: float) -> float:
        return self.bottom - (value - self.low[1]) / (self.high[1] - self.low[1]) * self.height

    def holds(self, point: tuple[float, float]) -> bool:
        return all(low <= value <= high for low, value, high in zip(self.low, point, self.high, strict=True))

    def clamped(self, point: tuple[float, float]) -> tuple[float, float]:
        x, y = (min(high, max(low, value)) for low, value, high in zip(self.low, point, self.high, strict=True))
        return self.x(x), self.y(y)


def draw_frontier(sheet: Sheet) -> Drawn:
    """All plans of a two-company file by what they are worth to each."""
    players = sheet.analysis.scenario.players
    if len(players) != 2:
        raise InputError(f"the frontier is drawn for two {sheet.names.sides}; this file has {len(players)}")
    if not sheet.analysis.candidates:
        raise InputError("there is no frontier: the file has no plan to draw")
    unit = f", {sheet.analysis.scenario.unit}" if sheet.analysis.scenario.unit else ""
    title, best = f"What each {sheet.names.side} can have", f"no plan is better for both {sheet.names.sides}"
    paid = payment_line(sheet)
    line = f"Dotted line: {best}." if paid is None else payments.reading(sheet)
    reading = f"Each point is an option. Up and right is better. {line}"
    canvas = Canvas()
    y = canvas.head(title, reading) + 2
    first, second = players
    canvas.text(0, y + 6, f"Value to {sheet.names.short(second.key)}{unit}", weight=600, fill=EDGES[1])
    frame = _frame(sheet, y + 16, [] if paid is None else paid.points)
    _ground(canvas, sheet, frame, paid)
    _points(canvas, sheet, frame, paid)
    bottom = frame.bottom
    canvas.text(
        _RIGHT, bottom + 24, f"Value to {sheet.names.short(first.key)}{unit}", weight=600, fill=EDGES[0], anchor="end"
    )
    end = _list(canvas, sheet, frame)
    table = _alternative(sheet)
    if paid is not None:
        end = payments.draw_list(canvas, sheet, paid, _RIGHT + 18, end + 4)
        table += payments.told(sheet, paid)
    foot = max(bottom + 42, end + 14)
    canvas.foot(foot, sheet.provenance)
    return Drawn(canvas, foot + 6, title, reading, table)


def _point(candidate: Candidate) -> tuple[float, float]:
    return candidate.standings[0].value.base, candidate.standings[1].value.base


def _floor(sheet: Sheet) -> tuple[float, float] | None:
    """The walk-away point, if every side has one."""
    worth = {away.player: away.value.base for away in sheet.analysis.walk_aways}
    keys = [player.key for player in sheet.analysis.scenario.players]
    return (worth[keys[0]], worth[keys[1]]) if all(key in worth for key in keys) else None


def _frame(sheet: Sheet, top: float, more: list[tuple[float, float]]) -> _Frame:
    points = [_point(candidate) for candidate in sheet.analysis.candidates if candidate.key in sheet.names.letters]
    points = points or [_point(candidate) for candidate in sheet.analysis.candidates]
    floor = _floor(sheet)
    points += [*([floor] if floor else []), *more]
    low, high = [], []
    for axis in (0, 1):
        values = [point[axis] for point in points]
        span = (max(values) - min(values)) or max(1.0, abs(values[0]) * 0.2)
        low.append(min(values) - PAD * span)
        high.append(max(values) + PAD * span)
    return _Frame((low[0], low[1]), (high[0], high[1]), top, _TALLER if more else _HEIGHT)


def _ground(canvas: Canvas, sheet: Sheet, frame: _Frame, paid: Line | None) -> None:
    bottom = frame.bottom
    floor = _floor(sheet)
    if floor is not None:
        x, y = frame.clamped(floor)
        canvas.rect(x, frame.top, _RIGHT - x, y - frame.top, fill=TINT)
    for value in ticks(frame.low[0], frame.high[0]):
        canvas.line([(frame.x(value), frame.top), (frame.x(value), bottom)], stroke=HAIR, width=0.6)
        canvas.text(frame.x(value), bottom + 11, _tick_text(sheet, value), size=7.6, fill=SOFT, anchor="middle")
    for value in ticks(frame.low[1], frame.high[1]):
        canvas.line([(_LEFT, frame.y(value)), (_RIGHT, frame.y(value))], stroke=HAIR, width=0.6)
        canvas.text(_LEFT - 5, frame.y(value) + 2.6, _tick_text(sheet, value), size=7.6, fill=SOFT, anchor="end")
    canvas.line([(_LEFT, frame.top), (_LEFT, bottom), (_RIGHT, bottom)], width=1.0)
    if floor is not None:
        x, y = frame.clamped(floor)
        canvas.line([(x, frame.top), (x, y), (_RIGHT, y)], width=1.1, dash="4 2.7")
        kinds = {away.kind for away in sheet.analysis.walk_aways}
        name = "no agreement" if kinds == {"no_agreement"} else "saying no"
        text = f"both better than {name}"
        canvas.text(_RIGHT - 5, frame.top + 11, text, size=8.4, italic=True, anchor="end", halo=True)
        if frame.holds(floor):
            canvas.circle(x, y, 3.6, fill="#FFFFFF", stroke=INK, line=1.3)
            place, anchor = _beside(frame, (x, y), name, [*_marks(sheet, frame), *_diamonds(frame, paid)])
            canvas.text(*place, name, size=8.4, italic=True, anchor=anchor, halo=True)


_Box = tuple[float, float, float, float]  # left, top, right, bottom


def _beside(frame: _Frame, point: tuple[float, float], text: str, taken: list[_Box]) -> tuple[tuple[float, float], str]:
    """Where words beside a point cover no mark: below it or above, to the right or the left, near it or farther off."""
    x, y = point
    width = text_width(text, 8.4)
    spots = [
        ((x + side * aside, y + down), "start" if side > 0 else "end")
        for down in (11.0, -5.0, 21.0, -15.0, 31.0, -25.0)
        for aside in (6.0, 10.0)
        for side in (1, -1)
    ]

    def covered(spot: tuple[tuple[float, float], str]) -> float:
        (left, base), anchor = spot
        left -= width if anchor == "end" else 0.0
        box = (left, base - 7.0, left + width, base + 2.5)
        outside = max(0.0, _LEFT - left) + max(0.0, left + width - _RIGHT)
        beyond = max(0.0, frame.top - box[1]) + max(0.0, box[3] - frame.bottom)
        return sum(_overlap(box, other) for other in taken) + 100 * (outside + beyond)

    return min(spots, key=covered)  # the first of the best


def _marks(sheet: Sheet, frame: _Frame) -> list[_Box]:
    """What words must not cover: the options' letters, the other plans, the words in the corner."""
    boxes = [(_RIGHT - 160, frame.top, _RIGHT, frame.top + 14)]
    for candidate in sheet.analysis.candidates:
        lettered = candidate.key in sheet.names.letters
        if lettered or frame.holds(_point(candidate)):
            (x, y), half = frame.clamped(_point(candidate)), 7.5 if lettered else 3.0
            boxes.append((x - half, y - half, x + half, y + half))
    return boxes


def _diamonds(frame: _Frame, paid: Line | None) -> list[_Box]:
    places = [] if paid is None else [_place(frame, paid.at(amount)) for amount, _ in paid.diamonds]
    return [(x - 7.5, y - 7.5, x + 7.5, y + 7.5) for x, y in places]


def _place(frame: _Frame, point: tuple[float, float]) -> tuple[float, float]:
    return frame.x(point[0]), frame.y(point[1])


def _overlap(one: _Box, other: _Box) -> float:
    """The area two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)


def _points(canvas: Canvas, sheet: Sheet, frame: _Frame, paid: Line | None) -> None:
    candidates = sheet.analysis.candidates
    front = sorted(_point(candidate) for candidate in candidates if candidate.key in sheet.analysis.frontier)
    inside = [point for point in front if frame.holds(point)]
    if paid is not None:
        start, end = (_place(frame, paid.at(amount)) for amount in paid.within(frame.low, frame.high))
        payments.draw_line(canvas, (start, end))
        start, end = (_place(frame, paid.at(amount)) for amount in (paid.range.needed, paid.range.possible))
        payments.draw_range(canvas, (start, end))
    elif len(inside) > 1:
        canvas.line([(frame.x(x), frame.y(y)) for x, y in inside], stroke=SOFT, width=1.1, dash="1.2 2.6")
    outside = []
    for candidate in candidates:
        if candidate.key in sheet.names.letters:
            continue
        point = _point(candidate)
        if frame.holds(point):
            canvas.circle(frame.x(point[0]), frame.y(point[1]), 2.2, fill="#FFFFFF", stroke=MARK)
        else:
            outside.append(candidate)
    for candidate in outside[:NAMED_OUTSIDE]:
        x, y = frame.clamped(_point(candidate))
        ways = _ways(frame, _point(candidate))
        _arrow(canvas, (x - 4 * ways[0], y + 4 * ways[1]), ways)
    for key, letter in sheet.names.letters.items():
        point = _point(sheet.analysis.candidate(key))
        canvas.letter(
            frame.x(point[0]), frame.y(point[1]), letter, filled=key == sheet.analysis.recommendation.candidate
        )
    places = [] if paid is None else [_place(frame, paid.at(amount)) for amount, _ in paid.diamonds]
    for number, place in enumerate(places, 1):
        payments.draw_diamond(canvas, *place, number)


def _ways(frame: _Frame, point: tuple[float, float]) -> tuple[int, int]:
    """Where a point lies beyond the picture: -1, 0 or 1 on each axis."""
    x, y = ((value > high) - (value < low) for low, value, high in zip(frame.low, point, frame.high, strict=True))
    return x, y


def _arrow(canvas: Canvas, tip: tuple[float, float], ways: tuple[int, int]) -> None:
    """A small arrow that points where a plan lies that is off the scale."""
    tail = (tip[0] - 11 * ways[0], tip[1] + 9 * ways[1])
    canvas.line([tail, tip], width=1.1)
    angle = math.atan2(tip[1] - tail[1], tip[0] - tail[0])
    head = [(tip[0] - 5 * math.cos(angle + turn), tip[1] - 5 * math.sin(angle + turn)) for turn in (-0.5, 0.5)]
    canvas.line([head[0], tip, head[1]], width=1.1)


def _list(canvas: Canvas, sheet: Sheet, frame: _Frame) -> float:
    """The options by letter, at the right; returns where the list ends."""
    x, y = _RIGHT + 18, frame.top + 8
    for key, letter in sheet.names.letters.items():
        candidate = sheet.analysis.candidate(key)
        chosen = key == sheet.analysis.recommendation.candidate
        canvas.letter(x + 6.5, y, letter, filled=chosen)
        rows = wrapped(candidate.label, 9.0, WIDTH - x - 20, 3, bold=True)
        for number, row in enumerate(rows):
            canvas.text(x + 19, y + 3 + 11 * number, row, weight=600)
        last = y + 3 + 11 * (len(rows) - 1)
        values = " | ".join(sheet.number(value) for value in _point(candidate))
        canvas.text(x + 19, last + 11, values, size=8.4, fill=SOFT)
        y = last + 30
    others = [candidate for candidate in sheet.analysis.candidates if candidate.key not in sheet.names.letters]
    outside = [candidate for candidate in others if not frame.holds(_point(candidate))]
    if len(outside) < len(others):
        canvas.circle(x + 6.5, y, 2.2, fill="#FFFFFF", stroke=MARK)
        canvas.text(x + 19, y + 3, "other plans", size=8.4, fill=SOFT)
        y += 20
    for candidate in outside[:NAMED_OUTSIDE]:
        ways = _ways(frame, _point(candidate))
        _arrow(canvas, (x + 6.5 + 5 * ways[0], y - 4 * ways[1]), ways)
        canvas.text(x + 19, y + 3, cut(candidate.label, 8.4, WIDTH - x - 20), size=8.4)
        values = " | ".join(sheet.number(value) for value in _point(candidate))
        canvas.text(x + 19, y + 13, f"{values}, off the scale", size=8.0, fill=SOFT)
        y += 24
    if len(outside) > NAMED_OUTSIDE:
        canvas.text(x + 19, y + 3, f"and {len(outside) - NAMED_OUTSIDE} more off the scale", size=8.0, fill=SOFT)
        y += 14
    return y


def _tick_text(sheet: Sheet, value: float) -> str:
    text = sheet.number(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _alternative(sheet: Sheet) -> list[str]:
    rows = []
    for candidate in sheet.analysis.candidates:
        values = " | ".join(sheet.number(value) for value in _point(candidate))
        front = ", no plan better for both" if candidate.key in sheet.analysis.frontier else ""
        rows.append(f"{sheet.lettered(candidate.key, candidate.label)}: {values}{front}")
    floor = _floor(sheet)
    if floor is not None:
        rows.append(f"saying no: {sheet.number(floor[0])} | {sheet.number(floor[1])}")
    return rows
