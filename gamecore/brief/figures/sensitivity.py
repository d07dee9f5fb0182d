"""The figures of a tornado and of a map of outcomes, finished as SVG, PNG or PDF."""

from __future__ import annotations

from gamecore.advice.analysis import Analysis
from gamecore.advice.robustness_facts import OutcomeMap, Tornado
from gamecore.brief.figures import print_drawn
from gamecore.brief.figures.outcome_map import draw_map
from gamecore.brief.figures.sheet import Sheet
from gamecore.brief.figures.tornado import draw_tornado

__all__ = ["sensitivity_figure"]


def sensitivity_figure(
    analysis: Analysis, found: Tornado | OutcomeMap, format: str = "svg", *, protocol: str | None = None
) -> bytes:
    """A tornado or a map of outcomes of one protocol (default: the first) as `svg`, `png` or `pdf`.

    Raises `InputError` if there is no such protocol, or for a character that no font has (PDF and PNG).
    """
    sheet = Sheet.of(analysis)
    drawn = draw_tornado(sheet, found, protocol) if isinstance(found, Tornado) else draw_map(sheet, found, protocol)
    return print_drawn(drawn, format)
