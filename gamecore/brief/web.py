"""The page as one HTML file: style and drawings inside, no scripts, nothing fetched; prints on one sheet."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gamecore.brief.blocks import NUMBERS, NUMERIC, Cell, Column, Page, Panel
from gamecore.brief.style import EDGES, FILLS

if TYPE_CHECKING:
    import jinja2

__all__ = ["html_page"]


def html_page(page: Page) -> bytes:
    """The page as HTML; all text is escaped by the template engine."""
    text = _template().render(
        page=page,
        numbers_head=NUMBERS,
        widths=_widths(page.panel),
        fills=FILLS,
        edges=EDGES,
        percent=_percent,
        paired=_paired,
    )
    return text.encode()


@functools.cache
def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("brief.html.j2")


def _percent(place: float) -> str:
    return f"{100 * place:.2f}".rstrip("0").rstrip(".") + "%"


def _paired(columns: tuple[Column, ...], cells: tuple[Cell, ...]) -> Iterator[tuple[Column, Cell]]:
    """Each column with its cell; columns of words have none of their own."""
    numbers = iter(cells)
    for column in columns:
        yield column, next(numbers) if column.kind in NUMERIC else Cell("")


def _widths(panel: Panel) -> list[float]:
    """Column widths in percent, the option's first."""
    kinds = [column.kind for column in panel.columns]
    if "lays_down" in kinds:
        return [31.0, 34.0, 35.0] if "words" in kinds else [46.0, 54.0]
    option = 27.0 if panel.stacked else 23.0
    fixed = {"together": 10.0, "words": 25.0}
    left = 100.0 - option - sum(fixed.get(kind, 0.0) for kind in kinds)
    share = round(left / max(1, kinds.count("company") + kinds.count("fact")), 2)
    return [option, *(fixed.get(kind, share) for kind in kinds)]
