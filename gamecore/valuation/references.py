"""Reference figures for a programme: how often a phase succeeds and how long it lasts, by therapeutic area.

Averages of an industry over ten years, not forecasts of one drug; methods differ by a factor of two between published
studies, so every figure carries its source.

>>> success_rate("oncology", "phase_2").value
0.246
>>> duration("all", "review").value
1.3
"""

from __future__ import annotations

from dataclasses import dataclass

from gamecore.errors import InputError
from gamecore.scenario.reference import STAGES, published_table, spelled

__all__ = ["Figure", "areas_with_durations", "areas_with_success_rates", "duration", "success_rate"]


@dataclass(frozen=True)
class Figure:
    """A number and where it comes from."""

    value: float
    source: str


def success_rate(area: str, phase: str) -> Figure:
    """The chance that a phase succeeds once entered, in a therapeutic area, or in `all`.

    Names as in `areas_with_success_rates`; British spelling is understood. Raises `InputError` for one not there.
    """
    return _figure("success_rates", area, phase)


def duration(area: str, phase: str) -> Figure:
    """How long a phase lasts, years, in a therapeutic area, or in `all`; as `success_rate`."""
    return _figure("durations", area, phase)


def areas_with_success_rates() -> tuple[str, ...]:
    """The therapeutic areas with success rates."""
    return tuple(published_table("success_rates")["areas"])


def areas_with_durations() -> tuple[str, ...]:
    """The therapeutic areas with durations."""
    return tuple(published_table("durations")["areas"])


def _figure(name: str, area: str, phase: str) -> Figure:
    table = published_table(name)
    what = name.replace("_", " ")
    figures = table["areas"].get(spelled(area))
    if figures is None:
        raise InputError(f"there are no {what} for '{area}'; there are for {', '.join(table['areas'])}")
    if phase not in figures:
        raise InputError(f"there are no {what} for '{phase}'; there are for {', '.join(STAGES)}")
    return Figure(float(figures[phase]), f"{table['source']}, {area.replace('_', ' ')}")
