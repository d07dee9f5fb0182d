"""What both sides can check of a programme: the cost of its first phase, its launch, its chance of approval.

Nobody's values are in these facts: no rate, no share, no price, and no gate, as whether a gate stops the programme is
the private choice of whoever holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import numpy as np

from gamecore.model import Path, Scenario
from gamecore.scenario.effective import Effective
from gamecore.valuation.paths import Event, Paths
from gamecore.valuation.programme import Number
from gamecore.valuation.resolving import Resolved, programme_of
from gamecore.valuation.sales import schedule
from gamecore.valuation.tracing import Traces

__all__ = ["APPROVAL", "COST", "LAUNCH", "facts_of", "first_phase", "traced_facts"]

COST: Final = "cost"  # of a phase, in the scenario's unit
LAUNCH: Final = "launch"  # of the first market if all its phases succeed, years from day zero
APPROVAL: Final = "approval"  # the chance that any market is launched if nobody stops the programme


def first_phase(scenario: Scenario) -> tuple[str, str]:
    """Name and label of the first phase in the file. Raises `ValueError` for a scenario without a programme."""
    if scenario.programme is None:
        raise ValueError("a scenario without a programme has no phases")
    name = next(path[1] for path in scenario.programme.leaves if path[0] == "phases")
    return name, scenario.programme.labels.get(("phases", name), name.replace("_", " ").capitalize())


def facts_of(resolved: Resolved[Fraction], phase: str) -> dict[str, float]:
    """The facts of a programme in one outcome at base values; without a market there is its cost alone.

    `phase` is the one whose cost is asked.
    """
    numbers: Resolved[Number] = Resolved(
        resolved.programme, resolved.deal, lambda block, path: float(resolved.number(block, path))
    )
    programme = programme_of(numbers)
    found: dict[str, Number] = {COST: numbers.number(numbers.programme, ("phases", phase, "cost"))}
    if programme.markets:
        found[LAUNCH] = min(map(float, map(np.asarray, schedule(programme).launches.values())))
        nowhere = Event(missed=frozenset(market.after for market in programme.markets))
        found[APPROVAL] = 1.0 - Paths(programme.phases).chance(nowhere, {})
    return {fact: float(value) for fact, value in found.items()}


def traced_facts(resolved: Resolved[Traces], phase: str) -> dict[str, Traces]:
    """What reaches each fact: for `facts_of`, the marks of the numbers it takes."""
    block = resolved.programme
    paths: dict[str, list[Path]] = {
        COST: [("phases", phase, "cost")],
        LAUNCH: list(_dates(block)),
        APPROVAL: [("phases", name, "success") for name in block.names("phases")],
    }
    nothing: Traces = frozenset()
    return {fact: nothing.union(*(resolved.number(block, path) for path in found)) for fact, found in paths.items()}


def _dates(block: Effective) -> Iterator[Path]:
    yield ("start",)
    for name in block.names("phases"):
        yield ("phases", name, "pause")
        yield ("phases", name, "lasts")
    for market in block.names("sales"):
        yield ("sales", market, "delay")
