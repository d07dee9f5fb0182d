"""The upper right boundary of chords in the plane, exact: what no point of any chord dominates.

A *chord* runs from `(x0, y0)` to `(x1, y1)` with `x0 <= x1` and `y0 >= y1`, falling strictly unless it is a point. With
free disposal it bounds `F(x) = y0` up to `x0` and the chord itself up to `x1`; the envelope is the maximum of these
functions, which never rises, and the boundary is where it falls. Divide and conquer: two envelopes are merged by one
walk along both, with the crossings as rationals.

>>> for part in upper_envelope([Chord((0, 3), (3, 0)), Chord((2, 2), (2, 2))]):
...     print(part.chord, part.start, part.end, part.open_start, part.open_end)
0 0 1/3 False True
1 0 0 False False
0 2/3 1 True False
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["Chord", "Part", "upper_envelope"]


@dataclass(frozen=True)
class Chord:
    start: tuple[Any, Any]
    end: tuple[Any, Any]
    payload: Any = None

    def at(self, x: Fraction) -> Fraction:
        """The height at `x`, free disposal to the left of the start."""
        (x0, y0), (x1, y1) = self.start, self.end
        return Fraction(y0) if x <= x0 else y0 + Fraction(x - x0) / (x1 - x0) * (y1 - y0)


@dataclass(frozen=True)
class Part:
    """The stretch of a chord between two shares of its way; an open end is itself dominated: by a point
    straight above the start, or straight to the right of the end.
    """

    chord: int
    start: Fraction
    end: Fraction
    open_start: bool = False
    open_end: bool = False


Function = list[tuple[Any, int]]
"""Pieces `(right end, chord)` from the left, each within the flat or the falling part of its chord."""


def upper_envelope(chords: Sequence[Chord]) -> tuple[Part, ...]:
    """The undominated parts of the chords, from the left; of equal ones the first."""
    if not chords:
        return ()
    functions: list[Function] = []
    for number, chord in enumerate(chords):
        ends = dict.fromkeys((chord.start[0], chord.end[0]))
        functions.append([(end, number) for end in ends])
    while len(functions) > 1:
        functions = [
            _merged(chords, *functions[k : k + 2]) if k + 1 < len(functions) else functions[k]
            for k in range(0, len(functions), 2)
        ]
    return _falling(chords, functions[0])


def _merged(chords: Sequence[Chord], one: Function, other: Function) -> Function:
    found: Function = []
    left: Any = None
    i = j = 0
    while i < len(one) or j < len(other):
        if i == len(one) or j == len(other):
            right, best = other[j] if i == len(one) else one[i]
            _append(chords, found, right, best)
        else:
            right = min(one[i][0], other[j][0])
            _higher(chords, found, left, right, (one[i][1], other[j][1]))
        i += i < len(one) and one[i][0] == right
        j += j < len(other) and other[j][0] == right
        left = right
    return found


def _higher(chords: Sequence[Chord], found: Function, left: Any, right: Any, pair: tuple[int, int]) -> None:
    """Append the higher of two chords on (left, right], where both are straight."""
    ends = [_height(chords[number], right, right) for number in pair]
    begins = ends if left is None else [_height(chords[number], left, right) for number in pair]
    before, after = begins[0] - begins[1], ends[0] - ends[1]
    if before * after < 0:
        crossing = left + before / Fraction(before - after) * (right - left)
        _append(chords, found, crossing, pair[before < 0])
        _append(chords, found, right, pair[after < 0])
    else:
        _append(chords, found, right, pair[before + after < 0])


def _height(chord: Chord, x: Any, right: Any) -> Fraction:
    """The height just inside of a piece that ends at `right`."""
    return Fraction(chord.start[1]) if right <= chord.start[0] else chord.at(x)


def _append(chords: Sequence[Chord], found: Function, right: Any, number: int) -> None:
    if found and found[-1][1] == number and not found[-1][0] <= chords[number].start[0] < right:
        found[-1] = (right, number)
    else:
        found.append((right, number))


def _falling(chords: Sequence[Chord], function: Function) -> tuple[Part, ...]:
    parts: list[Part] = []
    for place, (right, number) in enumerate(function):
        chord = chords[number]
        (x0, _), (x1, _) = chord.start, chord.end
        here = chord.at(right)
        if right <= x0:  # flat: only a corner that nothing continues stands by itself
            after = _begins(chords, function, place + 1, right)
            if right == x0 and (after is None or after < here):
                parts.append(Part(number, Fraction(0), Fraction(0)))
            continue
        left = function[place - 1][0] if place else x0
        before = chords[function[place - 1][1]].at(left) if place else here
        above = before > chord.at(left)
        beside = _flat(chords, function, place + 1) and _begins(chords, function, place + 1, right) == here
        start, end = (Fraction(x - x0) / (x1 - x0) for x in (left, right))
        parts.append(Part(number, start, end, open_start=above, open_end=beside))
    return tuple(parts)


def _begins(chords: Sequence[Chord], function: Function, place: int, left: Any) -> Fraction | None:
    """The height just right of `left`; None at the end."""
    if place == len(function):
        return None
    right, number = function[place]
    return _height(chords[number], left, right)


def _flat(chords: Sequence[Chord], function: Function, place: int) -> bool:
    """Whether a piece lies before the start of its chord."""
    return place < len(function) and function[place][0] <= chords[function[place][1]].start[0]
