"""The line of payments in the picture of what each company can have.

A payment at signature moves value from one company to the other, one for one: from the point of the recommended plan
along a line of slope -1. Drawn dotted, with the range that works thick on it and the even splits as numbered diamonds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gamecore.advice.payment_facts import PaymentRange, Payments
from gamecore.brief.figures.canvas import WIDTH, Canvas, wrapped
from gamecore.brief.figures.sheet import Sheet
from gamecore.brief.payments import asked_for, paid_forward
from gamecore.brief.style import INK, MARK, SOFT

__all__ = ["Line", "draw_diamond", "draw_line", "draw_list", "draw_range", "payment_line", "reading", "told"]

MOST: Final = 3  # numbered diamonds
_HALF: Final = 7.2  # of a diamond
REFERENCES: Final = ("both", "no_agreement", "baseline")  # the range drawn: the strictest first


@dataclass(frozen=True)
class Line:
    """The payments of the recommended plan: where it stands, the range that works, the diamonds with their words."""

    facts: Payments
    start: tuple[float, float]
    to_first: bool  # paid to the company on the horizontal axis
    range: PaymentRange
    diamonds: tuple[tuple[float, str], ...]

    def at(self, payment: float) -> tuple[float, float]:
        """The point after a payment."""
        gain = payment if self.to_first else -payment
        return self.start[0] + gain, self.start[1] - gain

    def within(self, low: tuple[float, float], high: tuple[float, float]) -> tuple[float, float]:
        """The payments with which the line enters and leaves a rectangle that holds its start."""
        gains = (
            max(low[0] - self.start[0], self.start[1] - high[1]),
            min(high[0] - self.start[0], self.start[1] - low[1]),
        )
        ends = gains if self.to_first else (-gains[1], -gains[0])
        return ends[0], ends[1]

    @property
    def points(self) -> list[tuple[float, float]]:
        """What the picture has to hold."""
        amounts = [self.range.needed, self.range.possible, *(amount for amount, _ in self.diamonds)]
        return [self.at(amount) for amount in amounts]


def payment_line(sheet: Sheet) -> Line | None:
    """The line, or None where no payment of the recommended plan works."""
    chosen = sheet.analysis.recommendation.candidate
    found = next((paid_forward(item) for item in sheet.analysis.payments if item.candidate == chosen), None)
    if found is None or chosen is None:
        return None
    works = [item for item in found.ranges if item.works]
    strict = sorted((item for item in works if item.against in REFERENCES), key=lambda i: REFERENCES.index(i.against))
    asked = asked_for(sheet.analysis, found)
    shown = works[0] if asked and works else strict[0] if strict else None
    if shown is None:
        return None
    first, second = sheet.analysis.candidate(chosen).standings
    named = [(found.proposed, "payment proposed")] if asked else []
    known = {item.against for item in found.ranges}
    split = [item for item in works if item.against != "baseline" or "both" not in known]  # the stricter one of the two
    named += [(item.even, _words(sheet, item)) for item in split if _words(sheet, item)]
    diamonds: dict[str, tuple[float, str]] = {}
    for amount, text in named:  # two that read alike are one
        diamonds.setdefault(sheet.number(amount), (amount, text))
    kept = sorted(list(diamonds.values())[:MOST])
    start = (first.value.base, second.value.base)
    return Line(found, start, found.payee == first.player, shown, tuple(kept))


def _words(sheet: Sheet, found: PaymentRange) -> str:
    """What an even split is even against; empty where there is nothing short to say."""
    base = next((item for item in sheet.analysis.candidates if item.is_baseline), None)
    plan = "the plan as it stood" if base is None else sheet.names.letters.get(base.key, "the plan as it stood")
    floor = sheet.names.floor()
    known = {
        "both": f"even split against {plan} and {floor}" if floor != plan else f"even split against {plan}",
        "baseline": f"even split against {plan}",
        "no_agreement": f"even split against {floor}",
    }
    if found.against in known:
        return known[found.against]
    facts = sheet.analysis.levers
    label = next((item.label for item in facts.clauses if item.lever == found.against), "") if facts else ""
    return f"even split if “{label}”" if label else ""


def draw_line(canvas: Canvas, ends: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """The dotted line between two places, under everything else."""
    canvas.line(list(ends), stroke=SOFT, width=1.4, dash="1.4 2.8")


def draw_range(canvas: Canvas, ends: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """The range that works."""
    canvas.line(list(ends), stroke=MARK, width=4.5)


def draw_diamond(canvas: Canvas, x: float, y: float, number: int) -> None:
    """A numbered diamond, centred."""
    corners = [(x - _HALF, y), (x, y - _HALF), (x + _HALF, y), (x, y + _HALF)]
    canvas.polygon(corners, fill="#FFFFFF", stroke=INK, line=1.3)
    canvas.text(x, y + 2.7, str(number), size=7.6, weight=700, anchor="middle")


def draw_list(canvas: Canvas, sheet: Sheet, line: Line, x: float, y: float) -> float:
    """What the diamonds and the thick line are, from `y` down; returns where the list ends."""
    unit = f", {sheet.analysis.scenario.unit}" if sheet.analysis.scenario.unit else ""
    canvas.text(x, y + 3, f"Payment to {sheet.names.short(line.facts.payee)}{unit}", weight=600)
    y += 18
    for number, (amount, text) in enumerate(line.diamonds, 1):
        draw_diamond(canvas, x + 7, y, number)
        canvas.text(x + 19, y + 3, sheet.number(amount), weight=600)
        y = _rows(canvas, text, x + 19, y + 13) + 7
    canvas.line([(x, y), (x + 14, y)], stroke=MARK, width=4.5)
    canvas.text(x + 19, y + 3, f"{_ends(sheet, line)} works", weight=600)
    return _rows(canvas, _works(sheet, line), x + 19, y + 13) + 4


def _rows(canvas: Canvas, text: str, x: float, y: float) -> float:
    """Small words in as many rows as they need; returns where the next thing may stand."""
    for row in wrapped(text, 8.4, WIDTH - x - 2, 3):
        canvas.text(x, y, row, size=8.4, fill=SOFT)
        y += 10.5
    return y


def _ends(sheet: Sheet, line: Line) -> str:
    low, high = sheet.number(line.range.needed), sheet.number(line.range.possible)
    return low if low == high else f"{low} to {high}"


def _works(sheet: Sheet, line: Line) -> str:
    against = _words(sheet, line.range).removeprefix("even split ").removeprefix("against ").replace(" and ", " or ")
    plain = line.range.against in REFERENCES
    return f"neither has less than with {against}" if plain else "the plan then holds by itself"


def told(sheet: Sheet, line: Line) -> list[str]:
    """The line in words."""
    payee = sheet.names.short(line.facts.payee)
    rows = [f"payment to {payee} of {sheet.number(amount)}: {text}" for amount, text in line.diamonds]
    return [*rows, f"payment to {payee} of {_ends(sheet, line)} works: {_works(sheet, line)}"]


def reading(sheet: Sheet) -> str:
    """What the line is, for the figure's reading line."""
    letter = sheet.names.option(sheet.analysis.recommendation.candidate or "")
    return f"The line through {letter}: the same total, split by a payment at signature."
