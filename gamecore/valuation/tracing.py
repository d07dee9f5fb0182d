"""Which entries of a file reach a number: the arithmetic whose values are sets of dotted names."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

__all__ = ["TRACE", "Trace", "Traces"]

Traces = frozenset[str]


class Trace:
    """The arithmetic of what reaches what: every operation is worth the union of its operands."""

    def number(self, _: Fraction) -> Traces:
        return frozenset()

    def negate(self, value: Traces) -> Traces:
        return value

    def operate(self, _: str, left: Traces, right: Traces) -> Traces:
        return left | right

    def compare(self, _: str, left: Traces, right: Traces) -> Traces:
        return left | right

    def choose(self, condition: Traces, then: Callable[[], Traces], otherwise: Callable[[], Traces]) -> Traces:
        return condition | then() | otherwise()

    def call(self, _: str, arguments: list[Traces]) -> Traces:
        return frozenset().union(*arguments)


TRACE: Final = Trace()
