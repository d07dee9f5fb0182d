"""Published success rates and lengths of phases by therapeutic area, which a phase may name: `reference: oncology`.

The figures are data of the package, each table with its source, and read here only. Estimates of this kind differ by a
factor of two with the method, so whatever is taken from here is printed with its source.

>>> published("oncology", "phase_2").success
Fraction(123, 500)
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Final

from gamecore.scenario.reader import listed, near

__all__ = ["STAGES", "Published", "published", "published_table", "spelled", "suggested"]

STAGES: Final = ("phase_1", "phase_2", "phase_3", "review")


@dataclass(frozen=True)
class Published:
    """The chance of success of a phase once entered, its length in years where that is published, and the source."""

    success: Fraction
    years: Fraction | None
    source: str


@cache
def published_table(name: str) -> dict[str, Any]:
    """`success_rates` or `durations`: areas by name with a figure for each of `STAGES`, and the source."""
    text = files("gamecore").joinpath("scenario", "data", f"{name}.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text, parse_float=Fraction, parse_int=Fraction)
    return table


def spelled(area: str) -> str:
    """The name in the tables: small letters, `_` for spaces, American spelling."""
    joined = area.strip().lower().replace(" ", "_").replace("-", "_")
    return joined.replace("haem", "hem").replace("tumour", "tumor")


def published(area: str, stage: str) -> Published | None:
    """The figures of a therapeutic area (`all`, `oncology`, ...) and one of `STAGES`, or None."""
    rates, lengths = published_table("success_rates"), published_table("durations")
    success = rates["areas"].get(spelled(area), {}).get(stage)
    if success is None:
        return None
    return Published(success, lengths["areas"].get(spelled(area), {}).get(stage), f"{rates['source']}, {area}")


def suggested(area: str, stage: str) -> str:
    """What to write in place of an area or a stage for which nothing is published."""
    areas = list(published_table("success_rates")["areas"])
    if spelled(area) not in areas:
        proposal = near(spelled(area), areas) or f"; there is {listed(areas, 30)}"
        return f"nothing is published here for '{area[:60]}'{proposal}"
    return f"'{stage[:60]}' is none of the published phases ({', '.join(STAGES)}){near(stage, STAGES)}"
