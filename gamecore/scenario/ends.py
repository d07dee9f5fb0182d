"""Whether numbers that sum to 1 at base values do so in every draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from gamecore.errors import InputError
from gamecore.model import Formula, Range, Scenario, Uncertain, Value
from gamecore.scenario.expressions import EXACT, evaluate
from gamecore.scenario.schedule import BaseNumbers

__all__ = ["ends_sum"]


def ends_sum(scenario: Scenario, values: Iterable[Value | None], outcome: Mapping[str, str]) -> bool:
    """Whether values sum to 1 with every uncertain number at its low end, and at its high end.

    A value that cannot be computed there is no evidence: it is told elsewhere.
    """
    held = list(values)
    return all(_sum_at(scenario, held, outcome, end) in {None, Fraction(1)} for end in (0, -1))


def _sum_at(scenario: Scenario, values: list[Value | None], outcome: Mapping[str, str], end: int) -> Fraction | None:
    numbers = BaseNumbers(scenario, outcome)

    def at_end(value: Value | Uncertain | None) -> Fraction | None:
        if isinstance(value, Range):
            return value.high if end else value.low
        return value.points[end] if isinstance(value, Uncertain) else None

    def lookup(name: str) -> Fraction:
        item = scenario.inputs.get(name)
        found = at_end(item.value) if item is not None else None
        if item is not None and isinstance(item.value, Formula):
            return evaluate(item.value.node, lookup, EXACT)
        return numbers[name] if found is None else found

    try:
        total = Fraction(0)
        for value in values:
            found = at_end(value)
            if found is None and isinstance(value, Formula):
                found = evaluate(value.node, lookup, EXACT)
            total += found or 0
    except InputError:
        return None
    return total
