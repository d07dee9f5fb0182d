"""`enpv` in each arithmetic: from what stands in the blocks of a file in one outcome to a value for every player.

Over draws the numbers are valued as they are. Exact arithmetic has base values only and the value is computed in
floats; it is then taken as the rational that agrees with it in 12 digits of the largest amount concerned, so that equal
programmes are worth exactly the same and noise of the last digits breaks no tie. A trace gives each player what reaches
any number of the programme and the deal, and its own rate - others' only where they may stop at a gate, since what they
do there rests on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import numpy as np

from gamecore.scenario.expressions import EXACT, Arithmetic
from gamecore.valuation.programme import Number
from gamecore.valuation.resolving import Resolved, deal_of, programme_of
from gamecore.valuation.tracing import Trace, Traces

if TYPE_CHECKING:
    from gamecore.valuation.enpv import Valuation

__all__ = ["DIGITS", "enpv_in", "valued_at"]

T = TypeVar("T")
DIGITS: Final = 12  # of the largest amount; a float has 15 to 17, and a sum of some hundred flows loses two or three


def enpv_in(
    arithmetic: Arithmetic[T], resolved: Resolved[T], rates: Mapping[str, T], clipped: dict[str, float]
) -> Mapping[str, T]:
    """Player -> expected net present value, in the arithmetic of the numbers given.

    `rates` are the discount rates of all players. `clipped` takes, by path, the share of draws in which a number lay
    outside its bounds and was moved to the nearest; of several programmes the largest. Raises `InputError` where the
    programme or the deal has no value at these numbers.
    """
    if isinstance(arithmetic, Trace):
        return cast("Mapping[str, T]", _traced(cast("Resolved[Traces]", resolved), cast("Mapping[str, Traces]", rates)))
    if arithmetic is cast("Any", EXACT):
        return cast("Mapping[str, T]", _exact(cast("Resolved[Fraction]", resolved), rates))
    found = _valued(cast("Resolved[Number]", resolved), cast("Mapping[str, Number]", rates))
    for path, share in found.clipped.items():
        clipped[path] = max(clipped.get(path, 0.0), share)
    return cast("Mapping[str, T]", found.values)


def _valued(resolved: Resolved[Number], rates: Mapping[str, Number]) -> Valuation:
    from gamecore.valuation.enpv import expected_npv

    return expected_npv(programme_of(resolved), deal_of(resolved, tuple(rates)), rates)


def valued_at(resolved: Resolved[Fraction], rates: Mapping[str, Any]) -> Valuation:
    """The valuation behind `enpv` at base values, in floats: every flow of money, for tables."""
    numbers: Resolved[Number] = Resolved(
        resolved.programme, resolved.deal, lambda block, path: float(resolved.number(block, path))
    )
    return _valued(numbers, {player: float(rate) for player, rate in rates.items()})


def _exact(resolved: Resolved[Fraction], rates: Mapping[str, Any]) -> Mapping[str, Fraction]:
    values = valued_at(resolved, rates).values
    spent = [
        float(resolved.number(resolved.programme, path)) for path in resolved.programme.leaves if path[-1] == "budget"
    ]
    largest = max(map(abs, [*(float(np.asarray(value)) for value in values.values()), *spent]), default=0.0)
    places = DIGITS - 1 - math.floor(math.log10(largest)) if largest > 0 else DIGITS
    return {player: Fraction(f"{float(np.asarray(value)):.{max(places, 0)}f}") for player, value in values.items()}


def _traced(resolved: Resolved[Traces], rates: Mapping[str, Traces]) -> Mapping[str, Traces]:
    reached: Traces = frozenset()
    for block in (resolved.programme, resolved.deal):
        for path in dict.fromkeys([*block.leaves, *block.factors, *block.addends]):
            reached |= resolved.number(block, path)
    for phase in resolved.deal.names("gates"):
        for holder in resolved.deal.words(("gates", phase, "by")) or ():
            reached |= rates.get(holder, frozenset())
    return {player: reached | rate for player, rate in rates.items()}
