"""A sheet of SVG with the page's marks: text by role, squares with letters, drawn shapes for the movers.

Lengths are points; the sheet is as wide as the page's text. Every text is anchored at the side it must keep (start,
middle or end), so that a fallback font of other widths shifts nothing that has to line up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from gamecore.brief.style import EDGES, FILLS, FONTS, HAIR, INK, MARK, SOFT

__all__ = ["PATTERNS", "WIDTH", "Canvas", "cut", "text_width", "wrapped"]

WIDTH: Final = 482.0
_HATCH: Final = 5.0  # from one slanting line to the next
PATTERNS: Final = {  # size of the tile, and what is on it
    "dots": (8, f'<circle cx="4" cy="4" r="0.8" fill="{INK}"/>'),
    "slanting": (6, f'<path d="M-1,1L1,-1M0,6L6,0M5,7L7,5" stroke="{MARK}" stroke-width="0.9"/>'),
    "lying": (5, f'<path d="M0,2.5L5,2.5" stroke="{MARK}" stroke-width="0.8"/>'),
    "standing": (5, f'<path d="M2.5,0L2.5,5" stroke="{MARK}" stroke-width="0.8"/>'),
    "crossed": (6, f'<path d="M0,3L6,3M3,0L3,6" stroke="{MARK}" stroke-width="0.8"/>'),
}
_NARROW: Final = frozenset("iljtfrI.,:;'|()[]! ’“”")
_BREAKABLE: Final = range(6, 60)  # letters of a word that may be broken
_WIDE: Final = frozenset("mwMW@%&—…")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is in Source Sans Pro; a little generous."""
    units = 0.0
    for character in text:
        if character in _NARROW:
            units += 0.29
        elif character in _WIDE:
            units += 0.83
        elif character.isupper():
            units += 0.6
        elif ord(character) > 0x2E80:
            units += 1.0
        else:
            units += 0.51
    return units * size * (1.05 if bold else 1.0)


def wrapped(text: str, size: float, width: float, lines: int, *, bold: bool = False) -> list[str]:
    """The text in at most so many lines; words that are wider break, and what does not fit ends in an ellipsis."""
    rows: list[str] = []
    current = ""
    pieces = [piece for word in text.split() for piece in _broken(word, size, width, bold=bold)]
    for word in pieces:
        longer = f"{current} {word}".strip()
        if current and text_width(longer, size, bold=bold) > width:
            rows.append(current)
            current = word
        else:
            current = longer
    rows.append(current)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return [cut(row, size, width, bold=bold) for row in rows]


def _broken(word: str, size: float, width: float, *, bold: bool) -> list[str]:
    """The word, in pieces with hyphens where it is wider than a line; three letters at least stay together."""
    pieces = []
    while text_width(word, size, bold=bold) > width and len(word) in _BREAKABLE:
        end = next(
            (end for end in range(len(word) - 3, 2, -1) if text_width(f"{word[:end]}-", size, bold=bold) <= width), 0
        )
        if not end:
            break
        pieces.append(f"{word[:end]}-")
        word = word[end:]
    return [*pieces, word]


def cut(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """The text, shortened with an ellipsis if it is wider than it may be."""
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(f"{text}…", size, bold=bold) > width:
        text = text[:-1]
    return f"{text.rstrip(' ,;-–')}…"


def _n(value: float) -> str:
    return (
        f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "0")
        if abs(value) < 0.005
        else f"{value:.2f}".rstrip("0").rstrip(".")
    )


def _clean(text: str) -> str:
    """Text without the control characters that XML forbids."""
    return "".join(one if one >= " " or one in "\t\n" else "\N{REPLACEMENT CHARACTER}" for one in text)


@dataclass
class Canvas:
    """Collects drawing commands; `svg` puts them together. `texts` are all strings drawn."""

    parts: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9.0,
        weight: int = 400,
        fill: str = INK,
        anchor: str = "start",
        italic: bool = False,
        halo: bool = False,
    ) -> None:
        """One line of text; `y` is its baseline. `halo` puts white behind it where it crosses lines."""
        self.texts.append(text)
        style = f'font-size="{_n(size)}" font-weight="{weight}" fill="{fill}"'
        style += f' text-anchor="{anchor}"' if anchor != "start" else ""
        style += ' font-style="italic"' if italic else ""
        style += ' stroke="#FFFFFF" stroke-width="2.6" stroke-linejoin="round" paint-order="stroke"' if halo else ""
        body = escape(_clean(text))
        self.parts.append(f'<text x="{_n(x)}" y="{_n(y)}" {style}>{body}</text>')

    def line(
        self, points: Sequence[tuple[float, float]], *, stroke: str = INK, width: float = 1.0, dash: str = ""
    ) -> None:
        """A line through points."""
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{_n(width)}"{dashes}/>'
        )

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        stroke: str = "none",
        line: float = 1.0,
        radius: float = 0.0,
        dash: str = "",
    ) -> None:
        """A rectangle."""
        more = f' stroke="{stroke}" stroke-width="{_n(line)}"' if stroke != "none" else ""
        more += f' rx="{_n(radius)}"' if radius else ""
        more += f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"{more}/>'
        )

    def circle(self, x: float, y: float, radius: float, *, fill: str, stroke: str, line: float = 1.0) -> None:
        """A circle."""
        paint = f'fill="{fill}" stroke="{stroke}" stroke-width="{_n(line)}"'
        self.parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" {paint}/>')

    def polygon(self, points: Sequence[tuple[float, float]], *, fill: str, stroke: str, line: float = 1.0) -> None:
        """A closed shape."""
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self.parts.append(f'<polygon points="{path}" fill="{fill}" stroke="{stroke}" stroke-width="{_n(line)}"/>')

    def hatch(self, x: float, y: float, width: float, height: float, *, stroke: str = MARK) -> None:
        """Slanting lines over a rectangle."""
        at = _HATCH
        while at < width + height:
            start = (x + max(0.0, at - height), y + min(at, height))
            self.line([start, (x + min(at, width), y + max(0.0, at - width))], stroke=stroke, width=0.9)
            at += _HATCH

    def area(self, outlines: Sequence[Sequence[tuple[float, float]]], *, fill: str) -> None:
        """Closed shapes in one piece; `fill` is a colour, or one of the `PATTERNS`."""
        path = "".join(f"M{'L'.join(f'{_n(x)},{_n(y)}' for x, y in outline)}Z" for outline in outlines)
        if fill in PATTERNS:
            size, body = PATTERNS[fill]
            self.parts.append(
                f'<defs><pattern id="{fill}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
                f'<rect width="{size}" height="{size}" fill="#FFFFFF"/>{body}</pattern></defs>'
            )
            fill = f"url(#{fill})"
        self.parts.append(f'<path d="{path}" fill="{fill}" fill-rule="nonzero"/>')

    def letter(self, x: float, y: float, letter: str, *, filled: bool, size: float = 13.0) -> None:
        """An option's letter in its square, centred at (x, y)."""
        half = size / 2
        fill = MARK if filled else "#FFFFFF"
        self.rect(x - half, y - half, size, size, fill=fill, stroke=MARK, radius=2, line=1.1)
        self.text(
            x,
            y + size * 0.25,
            letter,
            size=size * 0.68,
            weight=700,
            fill="#FFFFFF" if filled else MARK,
            anchor="middle",
        )

    def mover(self, x: float, y: float, player: int, *, size: float = 9.6) -> None:
        """Who moves: circle, square, hexagon, pentagon for companies 1 to 4 (counted from 0), centred at (x, y)."""
        tone = player % 4
        fill, edge = FILLS[tone], EDGES[tone]
        half = size / 2
        if tone == 0:
            self.circle(x, y, half * 1.08, fill=fill, stroke=edge)
        elif tone == 1:
            self.rect(x - half, y - half, size, size, fill=fill, stroke=edge)
        else:
            corners = 6 if tone == 2 else 5
            turn = math.pi / 2
            self.polygon(
                [
                    (
                        x + half * 1.15 * math.cos(2 * math.pi * i / corners - turn),
                        y + half * 1.15 * math.sin(2 * math.pi * i / corners - turn),
                    )
                    for i in range(corners)
                ],
                fill=fill,
                stroke=edge,
            )

    def chance(self, x: float, y: float, *, size: float = 11.0) -> None:
        """Chance: a triangle."""
        half = size / 2
        self.polygon(
            [(x, y - half), (x + half, y + half * 0.8), (x - half, y + half * 0.8)],
            fill="#FFFFFF",
            stroke=INK,
            line=1.1,
        )

    def head(self, title: str, reading: str) -> float:
        """Title and reading line; the next free baseline below them."""
        self.text(0, 13, title, size=12.5, weight=700, fill=MARK)
        y = 28.0
        for row in wrapped(reading, 9.2, WIDTH - 4, 6):
            self.text(0, y, row, size=9.2)
            y += 11.8
        return y

    def foot(self, y: float, text: str) -> None:
        """The provenance line."""
        self.text(0, y, text, size=7.2, fill=SOFT)

    def rule(self, y: float) -> None:
        """A hairline over the whole width."""
        self.line([(0, y), (WIDTH, y)], stroke=HAIR, width=0.8)

    def svg(self, height: float, title: str, description: str) -> str:
        """The sheet: self-contained, with a title and a description for those who cannot see it."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(WIDTH)}pt" height="{_n(height)}pt" '
            f'viewBox="-2 0 {_n(WIDTH + 4)} {_n(height)}" role="img" lang="en" font-family={quoteattr(FONTS)}>'
            f"<title>{escape(_clean(title))}</title><desc>{escape(_clean(description))}</desc>"
            f'<rect x="-2" y="0" width="{_n(WIDTH + 4)}" height="{_n(height)}" fill="#FFFFFF"/>'
            + "".join(self.parts)
            + "</svg>\n"
        )
