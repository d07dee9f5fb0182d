"""The payoff table: two companies name an option on the same day; a mismatch is no agreement.

The row company's value stands left of the hair rule, the column company's right of it. A best reply is bold and carries
a corner mark; a cell from which nobody gains by moving alone is framed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gamecore.advice.analysis import NamingGame
from gamecore.brief import words
from gamecore.brief.figures.canvas import WIDTH, Canvas, text_width, wrapped
from gamecore.brief.figures.sheet import Drawn, Sheet
from gamecore.brief.style import EDGES, FILLS, HAIR, MARK, TINT
from gamecore.errors import InputError

__all__ = ["draw_payoffs"]

MOST: Final = 6  # rows and columns
_TIE: Final = 1e-9
_CELL_HEIGHT: Final = 32.0


@dataclass(frozen=True)
class _Table:
    game: NamingGame
    row: int  # the row company's place among the scenario's players
    column: int
    shown: tuple[int, ...]

    def cell(self, i: int, j: int) -> tuple[float, float]:
        payoffs = self.game.agreement_payoffs[i] if i == j else self.game.disagreement_payoffs
        return payoffs[self.row], payoffs[self.column]

    def row_best(self, i: int, j: int) -> bool:
        return self.cell(i, j)[0] >= max(self.cell(k, j)[0] for k in range(len(self.game.options))) - _TIE

    def column_best(self, i: int, j: int) -> bool:
        return self.cell(i, j)[1] >= max(self.cell(i, k)[1] for k in range(len(self.game.options))) - _TIE


def draw_payoffs(sheet: Sheet) -> Drawn:
    """The table of the agreement's naming game, at most six options a side."""
    game = sheet.analysis.naming_game
    if game is None or len(game.by) != 2:
        raise InputError(
            f"there is no payoff table: the file has no agreement of two {sheet.names.sides} whose options have names"
        )
    table = _table(sheet, game)
    row_name, column_name = (sheet.names.short(player) for player in game.by)
    floor = " | ".join(sheet.number(game.disagreement_payoffs[place]) for place in (table.row, table.column))
    dropped = len(game.options) - len(table.shown)
    reading = (
        f"A mismatch means no agreement ({floor}). Corner mark: best reply to the other {sheet.names.side}. "
        "Frame: nobody gains by moving alone."
    )
    reading += f" {words.number_word(dropped).capitalize()} more options are left out." if dropped else ""
    canvas = Canvas()
    y = canvas.head("If both name an option on the same day", reading) + 6
    left, size = 112.0, len(table.shown)
    cell = (WIDTH - left) / size
    labels = {i: sheet.lettered(_candidate_of(sheet, game, i), game.labels[i]) for i in table.shown}
    canvas.text(
        left + size * cell / 2, y, f"{column_name} names", weight=600, fill=EDGES[table.column % 4], anchor="middle"
    )
    y += 6
    heads = {i: wrapped(labels[i], 8.4, cell - 8, 3, bold=True) for i in table.shown}
    head_height = 10.4 * max(len(rows) for rows in heads.values())
    for place, i in enumerate(table.shown):
        for number, row in enumerate(reversed(heads[i])):
            canvas.text(
                left + (place + 0.5) * cell, y + head_height - 10.4 * number, row, size=8.4, weight=600, anchor="middle"
            )
    top = y + head_height + 7
    canvas.text(left - 8, top - 7, f"{row_name} names", weight=600, fill=EDGES[table.row % 4], anchor="end")
    for place, i in enumerate(table.shown):
        rows = wrapped(labels[i], 8.4, left - 10, 3, bold=True)
        middle = top + (place + 0.5) * _CELL_HEIGHT + 3 - 5.2 * (len(rows) - 1)
        for number, row in enumerate(rows):
            canvas.text(left - 8, middle + 10.4 * number, row, size=8.4, weight=600, anchor="end")
    _cells(canvas, sheet, table, (left, top, cell))
    y = _legend(canvas, sheet, table, top + size * _CELL_HEIGHT + 11)
    canvas.foot(y + 18, sheet.provenance)
    return Drawn(canvas, y + 24, "If both name an option on the same day", reading, _alternative(sheet, table, labels))


def _table(sheet: Sheet, game: NamingGame) -> _Table:
    keys = [player.key for player in sheet.analysis.scenario.players]
    shown = list(range(len(game.options)))
    if len(shown) > MOST:
        telling = [i for i in shown if _candidate_of(sheet, game, i) in sheet.names.letters]
        telling += [i for profile in game.equilibria for i in profile]
        shown = sorted(list(dict.fromkeys([*telling, *shown]))[:MOST])
    return _Table(game, keys.index(game.by[0]), keys.index(game.by[1]), tuple(shown))


def _candidate_of(sheet: Sheet, game: NamingGame, option: int) -> str:
    """The candidate in which the agreement goes for this option, a lettered one first; empty if there is none."""
    found = [
        candidate.key
        for candidate in sheet.analysis.candidates
        if any(step.decision == game.decision and step.choice == game.options[option] for step in candidate.steps)
    ]
    return next((key for key in found if key in sheet.names.letters), found[0] if found else "")


def _recommended(sheet: Sheet, table: _Table, i: int, j: int) -> bool:
    return i == j and _candidate_of(sheet, table.game, i) == sheet.analysis.recommendation.candidate


def _cells(canvas: Canvas, sheet: Sheet, table: _Table, place: tuple[float, float, float]) -> None:
    left, top, cell = place
    height = _CELL_HEIGHT
    for r, i in enumerate(table.shown):
        for c, j in enumerate(table.shown):
            x, y = left + c * cell, top + r * height
            canvas.rect(x, y, cell, height, fill=TINT if i == j else "none", stroke=HAIR, line=0.8)
    for r, i in enumerate(table.shown):
        for c, j in enumerate(table.shown):
            x, y = left + c * cell, top + r * height
            middle, base = x + cell / 2, y + height / 2 + 3.4
            values = table.cell(i, j)
            canvas.line([(middle, y + 8), (middle, y + height - 8)], stroke=HAIR, width=0.8)
            for value, best, at in (
                (values[0], table.row_best(i, j), middle - cell * 0.2),
                (values[1], table.column_best(i, j), middle + cell * 0.2),
            ):
                canvas.text(at, base, sheet.number(value), size=9.4, weight=700 if best else 400, anchor="middle")
            if table.row_best(i, j):
                _corner(canvas, x + 5, y + height - 5, table.row, up=True)
            if table.column_best(i, j):
                _corner(canvas, x + cell - 5, y + 5, table.column, up=False)
            if (i, j) in table.game.equilibria:
                solid = _recommended(sheet, table, i, j)
                canvas.rect(
                    x + 2.4, y + 2.4, cell - 4.8, height - 4.8,
                    stroke=MARK, line=2.4 if solid else 1.4, radius=3, dash="" if solid else "4 2.6",
                )  # fmt: skip


def _corner(canvas: Canvas, x: float, y: float, player: int, *, up: bool) -> None:
    """A triangle that fills the corner: bottom left if `up`, else top right."""
    size = 7.5 if up else -7.5
    canvas.polygon([(x, y), (x, y - size), (x + size, y)], fill=FILLS[player % 4], stroke=EDGES[player % 4], line=0.7)


def _legend(canvas: Canvas, sheet: Sheet, table: _Table, y: float) -> float:
    entries: list[tuple[str, str]] = [
        ("row", f"{sheet.names.short(table.game.by[0])}’s best reply"),
        ("column", f"{sheet.names.short(table.game.by[1])}’s best reply"),
    ]
    chosen = next((i for i, j in table.game.equilibria if _recommended(sheet, table, i, j)), None)
    if chosen is not None:
        entries.append(("solid", f"agreement on {sheet.names.option(_candidate_of(sheet, table.game, chosen))}"))
    others = [profile for profile in table.game.equilibria if profile[0] != profile[1] or profile[0] != chosen]
    if others:
        deadlocked = all(i != j for i, j in others)
        entries.append(("dashed", "deadlock: ends in no agreement" if deadlocked else "other cells that hold"))
    x, y = 0.0, y + 3
    for kind, text in entries:
        wide = text_width(text, 8.4) + (14 if kind in {"row", "column"} else 22)
        if x + wide > WIDTH + 2:
            x, y = 0.0, y + 14
        if kind in {"row", "column"}:
            _corner(canvas, x, y, table.row if kind == "row" else table.column, up=True)
            canvas.text(x + 12, y, text, size=8.4)
        else:
            canvas.rect(
                x,
                y - 8,
                15,
                9.4,
                stroke=MARK,
                line=2.2 if kind == "solid" else 1.3,
                radius=2,
                dash="" if kind == "solid" else "3 2",
            )
            canvas.text(x + 20, y, text, size=8.4)
        x += wide + 10
    return y


def _alternative(sheet: Sheet, table: _Table, labels: dict[int, str]) -> list[str]:
    rows = []
    for i in table.shown:
        for j in table.shown:
            values = table.cell(i, j)
            marks = [", nobody gains by moving alone"] if (i, j) in table.game.equilibria else []
            rows.append(
                f"{labels[i]} / {labels[j]}: {sheet.number(values[0])} | {sheet.number(values[1])}{''.join(marks)}"
            )
    return rows
