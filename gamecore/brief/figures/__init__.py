"""Annex figures, drawn as SVG by hand: the game tree, the payoff table, the frontier.

One drawing serves all formats: SVG as it is, PDF and PNG through typst with the page's font. Figures show values, so
they belong to the internal copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gamecore.advice.analysis import Analysis
from gamecore.errors import InputError

if TYPE_CHECKING:
    from gamecore.brief.figures.sheet import Drawn

__all__ = ["make_figure", "print_drawn"]


def make_figure(analysis: Analysis, kind: str, format: str = "svg") -> bytes:
    """One figure of `tree`, `payoffs`, `frontier` as `svg`, `png` or `pdf`.

    Raises
    ------
    InputError
        No such figure or format; nothing to draw; a character that no font has (PDF and PNG).
    """
    from gamecore.brief.figures.sheet import Sheet

    if format not in {"svg", "png", "pdf"}:
        raise InputError(f"there is no figure format '{format}'; a format is one of svg, png, pdf")
    sheet = Sheet.of(analysis)
    if kind == "tree":
        from gamecore.brief.figures.tree import draw_tree

        drawn = draw_tree(sheet)
    elif kind == "payoffs":
        from gamecore.brief.figures.payoffs import draw_payoffs

        drawn = draw_payoffs(sheet)
    elif kind == "frontier":
        from gamecore.brief.figures.frontier import draw_frontier

        drawn = draw_frontier(sheet)
    else:
        raise InputError(f"there is no figure '{kind}'; a figure is one of tree, payoffs, frontier")
    return print_drawn(drawn, format)


def print_drawn(drawn: Drawn, format: str) -> bytes:
    """A finished drawing as `svg`, `png` or `pdf`; raises `InputError` for a character that no font has."""
    if format == "svg":
        return drawn.svg.encode()
    from gamecore.brief.pdf import print_figure

    return print_figure(
        drawn.svg, title=drawn.title, alternative=drawn.alternative, texts=drawn.canvas.texts, format=format
    )
