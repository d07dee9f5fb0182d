"""Games whose payoffs move along a line: where, for a growing payment `t`, a forward solver would answer differently.

Payoffs are `a + b t`. A solver only adds them, takes shares of them and compares them, so at a given `t` its answer
stays the same until two of the numbers it compared meet. `Along` keeps `a` and `b`, answers every comparison as it
stands just after the current `t` and notes the nearest `t` at which it would turn. Running the solver from one such
point to the next visits every point at which the answer can change: exactly, and without a grid (parametric search,
Megiddo 1979).

>>> line = Line()
>>> paid, free = line.number(Fraction(1), Fraction(1)), line.number(Fraction(4), Fraction(0))
>>> paid > free, line.next
(False, Fraction(3, 1))
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

__all__ = ["Along", "Line"]


class Line:
    """The place on the line: just after `at` (None: before every point), and `next`, where a comparison turns."""

    def __init__(self, at: Fraction | None = None) -> None:
        self.at = at
        self.next: Fraction | None = None

    def number(self, base: Fraction, slope: Fraction) -> Along:
        """The number `base + slope t`."""
        return Along(self, base, slope)

    def sign(self, base: Fraction, slope: Fraction) -> int:
        """The sign of `base + slope t` just after the current place."""
        if not slope:
            return (base > 0) - (base < 0)
        root = -base / slope
        if self.at is None or root > self.at:
            if self.next is None or root < self.next:
                self.next = root
            return -1 if slope > 0 else 1
        return 1 if slope > 0 else -1


class Along:
    """`base + slope t`, compared as it stands just after the line's place."""

    __slots__ = ("base", "line", "slope")

    def __init__(self, line: Line, base: Fraction, slope: Fraction) -> None:
        self.line, self.base, self.slope = line, base, slope

    @staticmethod
    def _parts(other: Any) -> tuple[Fraction, Fraction]:
        return (other.base, other.slope) if isinstance(other, Along) else (other, Fraction(0))

    def __add__(self, other: Any) -> Along:
        base, slope = self._parts(other)
        return Along(self.line, self.base + base, self.slope + slope)

    __radd__ = __add__

    def __neg__(self) -> Along:
        return Along(self.line, -self.base, -self.slope)

    def __sub__(self, other: Any) -> Along:
        base, slope = self._parts(other)
        return Along(self.line, self.base - base, self.slope - slope)

    def __rsub__(self, other: Any) -> Along:
        base, slope = self._parts(other)
        return Along(self.line, base - self.base, slope - self.slope)

    def __mul__(self, share: Any) -> Along:
        return Along(self.line, self.base * share, self.slope * share)

    __rmul__ = __mul__

    def _against(self, other: Any) -> int:
        base, slope = self._parts(other)
        return self.line.sign(self.base - base, self.slope - slope)

    def __lt__(self, other: Any) -> bool:
        return self._against(other) < 0

    def __le__(self, other: Any) -> bool:
        return self._against(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self._against(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self._against(other) >= 0

    def __eq__(self, other: object) -> bool:
        return (self.base, self.slope) == self._parts(other)

    def __hash__(self) -> int:
        return hash((self.base, self.slope)) if self.slope else hash(self.base)
