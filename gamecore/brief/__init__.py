"""The page and the meeting: one content, one renderer a format.

`content` turns an analysis into blocks with word limits, for the internal or the shared copy; the renderers set them
as PDF, PNG, HTML, Markdown and JSON. No number appears that is not in the analysis, and the same input gives the same
bytes::

    from gamecore.brief import figure, page, render

    pdf = render(analysis, "pdf", copy="shared", paper="letter", date="2020-05-28")
    svg = figure(analysis, "tree")
    blocks = page(analysis, "internal")

Renderers are imported when they are used: a PDF loads no template engine, Markdown loads no typesetter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gamecore.advice.analysis import Analysis
    from gamecore.advice.conflict_facts import ConflictAnalysis
    from gamecore.brief.blocks import Page
    from gamecore.brief.printed import Printed

__all__ = ["COPIES", "FIGURES", "FIGURE_FORMATS", "FORMATS", "PAPERS", "figure", "page", "render", "render_with_notes"]

FORMATS: Final = ("pdf", "html", "md", "png", "json")
COPIES: Final = ("internal", "shared")
PAPERS: Final = ("a4", "letter")
FIGURES: Final = ("tree", "payoffs", "frontier")
FIGURE_FORMATS: Final = ("svg", "png", "pdf")


def page(analysis: Analysis | ConflictAnalysis, copy: str = "internal", *, date: str | None = None) -> Page:
    """The page's blocks. Raises `InputError` and `PageOverflowError` as `content.make_page` does."""
    from gamecore.advice.conflict_facts import ConflictAnalysis
    from gamecore.brief.content import make_page

    if isinstance(analysis, ConflictAnalysis):
        from gamecore.brief.conflict import conflict_page

        return conflict_page(analysis, copy, date=date)

    return make_page(analysis, copy, date=date)


def render(
    analysis: Analysis | ConflictAnalysis,
    format: str,
    *,
    copy: str = "internal",
    paper: str = "a4",
    date: str | None = None,
) -> bytes:
    """The brief as `pdf`, `html`, `md`, `png` or `json`; `date` is the ISO date its footer shows.

    Raises
    ------
    InputError
        No such format, copy or paper; a shared copy that would name a confidential plan; a character that no font has.
    PageOverflowError
        More words than the page may have, or more than fit on one sheet; names the block to shorten.
    """
    return render_with_notes(analysis, format, copy=copy, paper=paper, date=date).content


def render_with_notes(
    analysis: Analysis | ConflictAnalysis,
    format: str,
    *,
    copy: str = "internal",
    paper: str = "a4",
    date: str | None = None,
) -> Printed:
    """As `render`, with what its maker should know: what was left out, whether the PDF kept its standard."""
    from gamecore.errors import InputError

    if format not in FORMATS:
        raise InputError(f"there is no format '{format}'; a format is one of {', '.join(FORMATS)}")
    if paper not in PAPERS:
        raise InputError(f"there is no paper '{paper}'; a paper is {' or '.join(PAPERS)}")
    from gamecore.brief.printed import Printed

    blocks = page(analysis, copy, date=date)
    if format in {"pdf", "png"}:
        from gamecore.brief.pdf import print_page

        return print_page(blocks, format, paper=paper, day=date)
    if format == "html":
        from gamecore.brief.web import html_page

        return Printed(html_page(blocks), blocks.notes)
    if format == "md":
        from gamecore.brief.markdown import markdown_page

        return Printed(markdown_page(blocks), blocks.notes)
    from gamecore.brief.record import json_page

    return Printed(json_page(blocks), blocks.notes)


def figure(analysis: Analysis | ConflictAnalysis, kind: str, format: str = "svg") -> bytes:
    """An annex figure: `tree`, `payoffs` or `frontier`, as `svg`, `png` or `pdf`; for the internal copy.

    Raises
    ------
    InputError
        No such figure or format, or the analysis has nothing to draw in it (the message says what is missing).
    """
    from gamecore.advice.conflict_facts import ConflictAnalysis
    from gamecore.brief.figures import make_figure
    from gamecore.errors import InputError

    if isinstance(analysis, ConflictAnalysis):
        raise InputError(
            "this scenario is a conflict without an order of moves: it has no tree, payoffs or frontier to draw; "
            "the page shows the places in each one's order"
        )
    return make_figure(analysis, kind, format)
