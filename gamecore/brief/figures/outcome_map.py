"""Which outcome comes about for which pair of inputs: areas with their borders, the base case, the P10-P90 frame.

Around each point of the grid lies its part of a cell; parts meet where the outcome was found to change, so borders do
not follow the steps of the grid. Areas differ by pattern as well as by tone, and carry the option's letter or name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gamecore.advice.robustness_facts import Axis, MapOfOutcomes, OutcomeMap
from gamecore.brief.figures.canvas import WIDTH, Canvas, cut, text_width, wrapped
from gamecore.brief.figures.scale import quantity_text, ticks
from gamecore.brief.figures.sheet import Drawn, Sheet
from gamecore.brief.style import INK, MARK, MID, SOFT, TINT
from gamecore.errors import InputError

__all__ = ["draw_map"]

_LEFT, _RIGHT, _HEIGHT = 40.0, 342.0, 232.0
_FILLS: Final = (TINT, MID, "slanting", "lying", "standing", "crossed")  # no agreement has dots
_PLAIN: Final = "#FFFFFF"  # outcomes beyond the patterns there are
_TRIED: Final = 150  # places tried for the letter of an area

Point = tuple[float, float]


@dataclass(frozen=True)
class _Frame:
    x: Axis
    y: Axis
    top: float

    def at(self, x: float, y: float) -> Point:
        return (
            _LEFT + (x - self.x.first) / (self.x.last - self.x.first) * (_RIGHT - _LEFT),
            self.top + _HEIGHT - (y - self.y.first) / (self.y.last - self.y.first) * _HEIGHT,
        )

    def inside(self, x: float, y: float) -> Point:
        """The nearest place in the picture."""
        return self.at(min(self.x.last, max(self.x.first, x)), min(self.y.last, max(self.y.first, y)))


def draw_map(sheet: Sheet, found: OutcomeMap, protocol: str | None = None) -> Drawn:
    """The map of one protocol (default: the first)."""
    one = next((item for item in found.maps if protocol in {None, item.protocol}), None)
    if one is None:
        raise InputError(f"there is no rule of proposing '{protocol}' in this map")
    title = "Which outcome, for which pair of inputs"
    reading = (
        f"Rule of proposing: {sheet.names.protocol(one.protocol)}. Other inputs at base values. "
        f"{'Dashed: P10 to P90. ' if _uncertain(found.x, found.y) else ''}Dot: base case."
    )
    canvas = Canvas()
    y = canvas.head(title, reading) + 8
    canvas.text(0, y, cut(_name(found.y), 9.0, _RIGHT, bold=True), weight=600)
    frame = _Frame(found.x, found.y, y + 8)
    fills = _fills(found, one)
    _areas(canvas, frame, found, one, fills)
    if _uncertain(frame.x, frame.y):
        _dashes(canvas, frame)
    _base(canvas, frame)
    _letters(canvas, sheet, frame, found, one)
    _scales(canvas, frame)
    bottom = frame.top + _HEIGHT
    canvas.text(_RIGHT, bottom + 24, cut(_name(found.x), 9.0, _RIGHT, bold=True), weight=600, anchor="end")
    foot = max(bottom + 42, _legend(canvas, sheet, frame, one, fills) + 14)
    canvas.foot(foot, f"{sheet.provenance} · internal copy")
    return Drawn(canvas, foot + 6, title, reading, _table(sheet, found, one))


def _name(axis: Axis) -> str:
    return f"{axis.quantity.label}, {axis.quantity.unit}" if axis.quantity.unit else axis.quantity.label


def _fills(found: OutcomeMap, one: MapOfOutcomes) -> dict[str, str]:
    """The base outcome is tinted, no agreement has dots, the others follow by their share of the picture."""
    present = sorted(one.shares, key=lambda key: (key != one.outcome_base, -one.shares[key]))
    plain = iter((*_FILLS, *[_PLAIN] * len(found.outcomes)))
    return {key: "dots" if key == "no_agreement" else next(plain) for key in present if one.shares[key] > 0}


# ---- areas -----------------------------------------------------------------------------------------------------------


def _areas(canvas: Canvas, frame: _Frame, found: OutcomeMap, one: MapOfOutcomes, fills: dict[str, str]) -> None:
    pieces: dict[str, list[list[Point]]] = {key: [] for key in fills}
    border: list[list[Point]] = []
    for code, outline, lines in _cells(found, one):
        pieces[found.outcomes[code]].append([frame.at(*point) for point in outline])
        border += [[frame.at(*point) for point in line] for line in lines]
    for key, outlines in pieces.items():
        if outlines:
            canvas.area(outlines, fill=fills[key])
    for line in border:
        canvas.line(line, stroke=MARK, width=1.6)
    canvas.rect(_LEFT, frame.top, _RIGHT - _LEFT, _HEIGHT, stroke=INK, line=1.0)


def _cells(found: OutcomeMap, one: MapOfOutcomes) -> Iterator[tuple[int, list[Point], list[list[Point]]]]:
    """Pieces of one outcome: (outcome, outline, borders told with it). Cells of one outcome join along a row."""
    xs, ys, codes = found.x.steps, found.y.steps, one.outcomes
    crossing = {(edge.row, edge.column, edge.upwards): (edge.x, edge.y) for edge in one.border}
    for row in range(len(ys) - 1):
        column = 0
        while column < len(xs) - 1:
            start = column
            code = codes[row][column]
            while column < len(xs) - 1 and _corners(codes, row, column) == {code}:
                column += 1
            if column > start:
                yield code, _box(xs[start], ys[row], xs[column], ys[row + 1]), []
            else:
                yield from _mixed(found, one, crossing, row, column)
                column += 1


def _corners(codes: tuple[tuple[int, ...], ...], row: int, column: int) -> set[int]:
    return {codes[r][c] for r in (row, row + 1) for c in (column, column + 1)}


def _box(left: float, low: float, right: float, high: float) -> list[Point]:
    return [(left, low), (right, low), (right, high), (left, high)]


def _mixed(
    found: OutcomeMap,
    one: MapOfOutcomes,
    crossing: dict[tuple[int, int, bool], Point],
    row: int,
    column: int,
) -> Iterator[tuple[int, list[Point], list[list[Point]]]]:
    """A cell with several outcomes: each corner's part, up to where the outcome changes on its sides."""
    xs, ys, codes = found.x.steps, found.y.steps, one.outcomes
    places = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
    corners = [(xs[c], ys[r]) for r, c in places]
    edges = [(row, column, False), (row, column + 1, True), (row + 1, column, False), (row, column, True)]
    sides = [crossing.get(edge) for edge in edges]  # between a corner and the next, round the cell
    crossed = [side for side in sides if side is not None]
    middle = (sum(x for x, _ in crossed) / len(crossed), sum(y for _, y in crossed) / len(crossed))
    for number, (r, c) in enumerate(places):
        before, after = sides[number - 1], sides[number]
        here, last, following = corners[number], corners[number - 1], corners[(number + 1) % 4]
        outline = [before or _halfway(last, here), here, after or _halfway(here, following), middle]
        yield codes[r][c], outline, [[after, middle]] if after is not None else []


def _halfway(one: Point, other: Point) -> Point:
    return ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)


# ---- on top ----------------------------------------------------------------------------------------------------------


def _uncertain(*axes: Axis) -> bool:
    """Whether there is a P10 and a P90 to show; an input may be one plain number."""
    return any(axis.low < axis.high for axis in axes)


def _dashes(canvas: Canvas, frame: _Frame) -> None:
    """From P10 to P90: a frame, or a line where one of the inputs is one plain number."""
    left, bottom = frame.inside(frame.x.low, frame.y.low)
    right, top = frame.inside(frame.x.high, frame.y.high)
    if _uncertain(frame.x) and _uncertain(frame.y):
        canvas.rect(left, top, right - left, bottom - top, stroke="#FFFFFF", line=3.6)
        canvas.rect(left, top, right - left, bottom - top, stroke=INK, line=1.5, dash="5 3")
    else:
        canvas.line([(left, bottom), (right, top)], stroke="#FFFFFF", width=3.6)
        canvas.line([(left, bottom), (right, top)], stroke=INK, width=1.5, dash="5 3")


def _base(canvas: Canvas, frame: _Frame) -> None:
    x, y = frame.inside(frame.x.base, frame.y.base)
    canvas.circle(x, y, 4.2, fill=INK, stroke="#FFFFFF", line=1.4)
    side = 1 if x < _RIGHT - 60 else -1
    canvas.text(
        x + side * 8, y + 3, "base case", size=8.6, weight=600, anchor="start" if side > 0 else "end", halo=True
    )


def _scales(canvas: Canvas, frame: _Frame) -> None:
    bottom = frame.top + _HEIGHT
    for axis, upright in ((frame.x, False), (frame.y, True)):
        times = 100 if axis.quantity.percent else 1
        for tick in ticks(times * axis.first, times * axis.last, 6):
            value = tick / times
            x, y = frame.at(frame.x.first if upright else value, value if upright else frame.y.first)
            text = quantity_text(axis.quantity, value)
            if upright:
                canvas.line([(_LEFT - 3.5, y), (_LEFT, y)], stroke=INK, width=0.8)
                canvas.text(_LEFT - 6, y + 2.6, text, size=7.8, fill=SOFT, anchor="end")
            else:
                canvas.line([(x, bottom), (x, bottom + 3.5)], stroke=INK, width=0.8)
                canvas.text(x, bottom + 12, text, size=7.8, fill=SOFT, anchor="middle")


def _letters(canvas: Canvas, sheet: Sheet, frame: _Frame, found: OutcomeMap, one: MapOfOutcomes) -> None:
    """Each area's letter or name, where there is room for it: clear of borders, of the base case, best of the frame."""
    border = [frame.at(edge.x, edge.y) for edge in one.border]
    left, bottom = frame.inside(frame.x.low, frame.y.low)
    right, top = frame.inside(frame.x.high, frame.y.high)
    sides = [((left, top), (right, top)), ((left, bottom), (right, bottom))]
    sides += [((left, top), (left, bottom)), ((right, top), (right, bottom))]
    dashes = [
        (x0 + (x1 - x0) * part / 40, y0 + (y1 - y0) * part / 40) for (x0, y0), (x1, y1) in sides for part in range(41)
    ]
    x, y = frame.inside(frame.x.base, frame.y.base)
    towards = 1 if x < _RIGHT - 60 else -1
    base = [(x + towards * aside, y) for aside in range(0, 60, 6)]
    for number, key in enumerate(found.outcomes):
        letter = sheet.names.letters.get(key)
        text = sheet.outcome(key)
        half = (11.0, 11.0) if letter is not None else (text_width(text, 8.6, bold=True) / 2 + 4, 8.0)
        places = [frame.at(found.x.steps[c], found.y.steps[r]) for r, c in _places(one, number)]
        place = _roomiest(frame, places, [*border, *base, *dashes], half) or _roomiest(
            frame, places, [*border, *base], half
        )
        if place is None:
            continue
        if letter is not None:
            canvas.letter(*place, letter, filled=key == sheet.analysis.recommendation.candidate, size=16)
        else:
            canvas.rect(place[0] - half[0] + 2, place[1] - 6.5, 2 * half[0] - 4, 12, fill="#FFFFFF")
            canvas.text(place[0], place[1] + 2.6, text, size=8.6, weight=600, anchor="middle")


def _places(one: MapOfOutcomes, number: int) -> list[tuple[int, int]]:
    found = [(r, c) for r, codes in enumerate(one.outcomes) for c, code in enumerate(codes) if code == number]
    return found[:: max(1, len(found) // _TRIED)]


def _roomiest(frame: _Frame, places: list[Point], taken: list[Point], half: Point) -> Point | None:
    """The place with most room around it for a box of this half size; None if the box fits nowhere."""

    def room(place: Point) -> float:
        x, y = place
        edges = (x - _LEFT, _RIGHT - x), (y - frame.top, frame.top + _HEIGHT - y)
        inside = min(min(edges[0]) / half[0], min(edges[1]) / half[1])
        return min([inside, *(max(abs(x - a) / half[0], abs(y - b) / half[1]) for a, b in taken)])

    best = max(places, key=room, default=None)
    return best if best is not None and room(best) >= 1 else None


def _legend(canvas: Canvas, sheet: Sheet, frame: _Frame, one: MapOfOutcomes, fills: dict[str, str]) -> float:
    """What each area is; outcomes too many for a pattern of their own stand together. Returns where it ends."""
    x, y = _RIGHT + 14, frame.top + 2
    room = WIDTH - x - 22
    plain = [key for key, fill in fills.items() if fill == _PLAIN]
    lines = 3 if len(fills) <= 4 else 2
    for key, fill in fills.items():
        if key in plain[1:]:
            continue
        canvas.area([[(x, y), (x + 16, y), (x + 16, y + 13), (x, y + 13)]], fill=fill)
        canvas.rect(x, y, 16, 13, stroke=MARK, line=1.0)
        text = f"{len(plain)} other outcomes" if fill == _PLAIN and len(plain) > 1 else _called(sheet, key)
        rows = wrapped(text, 8.8, room, lines)
        for number, row in enumerate(rows):
            canvas.text(x + 22, y + 9.5 + 10.4 * number, row, size=8.8, weight=600 if key == one.outcome_base else 400)
        y += 12 + 10.4 * len(rows)
    if not _uncertain(frame.x, frame.y):
        return y
    canvas.rect(x, y, 16, 13, stroke=INK, line=1.4, dash="4 2.4")
    canvas.text(x + 22, y + 9.5, "P10 to P90", size=8.8)
    return y + 13


def _called(sheet: Sheet, key: str) -> str:
    label = next((item.label for item in sheet.analysis.candidates if item.key == key), None)
    return sheet.lettered(key, label) if label is not None else sheet.outcome(key).capitalize()


def _table(sheet: Sheet, found: OutcomeMap, one: MapOfOutcomes) -> list[str]:
    rows = [
        f"{_name(axis)}: from {quantity_text(axis.quantity, axis.first)} to {quantity_text(axis.quantity, axis.last)}, "
        f"base {quantity_text(axis.quantity, axis.base)}"
        for axis in (found.x, found.y)
    ]
    rows += [f"{sheet.outcome(key)}: {100 * share:.0f}% of the picture" for key, share in one.shares.items() if share]
    return [*rows, f"base case: {sheet.outcome(one.outcome_base)}"]
