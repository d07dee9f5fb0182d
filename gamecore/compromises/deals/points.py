"""The Pareto frontier of very many points, quickly and exactly.

`points` has axes (point, party): whole numbers (int64, or Python's in an array of objects), `Fraction`s, or floats
compared as they are. A point is on the frontier if no other has at least as much for everybody and more for somebody;
equal points are all on it.

A few *champions* (the points with the largest weighted sums) first rule out most others by plain comparison. What is
left is sorted: for two parties a running maximum down the first one's values decides (Kung, Luccio & Preparata 1975);
for three a staircase of the other two is kept; for more each point meets the frontier found so far, in falling order of
the sum of ranks, so that nothing that comes later can dominate it.

>>> undominated(np.array([[3, 1], [2, 2], [2, 1], [1, 3], [3, 1]])).tolist()
[0, 1, 3, 4]
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError, OutOfTimeError, TooLargeError

__all__ = ["Indices", "undominated"]

Indices = npt.NDArray[np.int64]

FEW: Final = 512  # points that are sorted at once: champions would not pay
SLOPES: Final = (0.5, 0.8, 0.2, 0.93, 0.07)  # weights of the first party; of several, each against the others
SAMPLE: Final = 8192  # points among which the first champion is found
PATIENCE: Final = 2  # champions after the first; if they ruled out next to nothing, others will not
MOST_KEPT: Final = 20_000  # different points on the frontier of four parties and more: all others meet them
BLOCK: Final = 256  # points that meet the frontier together


def undominated(points: npt.NDArray[Any], *, should_stop: Callable[[], bool] | None = None) -> Indices:
    """The indices of the points on the frontier, ascending. Axes (point, party).

    Raises `InputError` if the axes are others or a float is not finite; for four parties and more `TooLargeError` if
    more than 20,000 different points are on the frontier, and `OutOfTimeError` if `should_stop` says so.
    """
    if points.ndim != 2 or points.shape[1] == 0:
        raise InputError(f"points of shape {points.shape}: the axes are (point, party)")
    if points.dtype.kind == "f" and not np.isfinite(points).all():
        raise InputError("a point is not finite: every value must be a finite number")
    kept = _after_champions(points)
    left = points[kept]
    if len(left) == 0:
        return kept
    # Only objects need ranks: numbers of the machine are sorted as they are.
    ranks = np.stack([_ranks(column) for column in left.T], axis=1) if left.dtype == object else left
    if ranks.shape[1] == 1:
        best: Indices = kept[ranks[:, 0] == ranks.max()]
        return best
    if ranks.shape[1] == 2:
        pairs: Indices = kept[_of_two(ranks)]
        return pairs
    distinct, place = _distinct(ranks)
    good = _of_three(distinct) if ranks.shape[1] == 3 else _of_many(distinct, should_stop)
    found: Indices = kept[good[place]]
    return found


def _after_champions(points: npt.NDArray[Any]) -> Indices:
    """What some strong points do not dominate strictly for everybody: by floats, whose order never contradicts the
    order of what they round.
    """
    kept = np.arange(len(points), dtype=np.int64)
    if len(points) <= FEW:
        return kept
    try:
        columns = [points[:, i].astype(np.float64) for i in range(points.shape[1])]
    except OverflowError:  # whole numbers beyond all floats: sort them all
        return kept
    some = slice(None, None, max(1, len(points) // SAMPLE))
    low = [column[some].min() for column in columns]
    spread = [float(np.ptp(column[some])) for column in columns]
    if not np.isfinite(spread).all():
        return kept
    scale = [1.0 / size if size > 0 else 1.0 for size in spread]
    parties = len(columns)
    for number, slope in enumerate(SLOPES[:1] + SLOPES * (1 if parties == 2 else parties)):
        first = max(0, number - 1) // len(SLOPES)
        # The first champion comes from a sample: it is nearly as strong, and rules out most others for little.
        look = [column[some] if number == 0 else column for column in columns]
        total = np.zeros(len(look[0]))
        for i, column in enumerate(look):
            weight = slope if i == first else (1 - slope) / max(1, parties - 1)
            total += (column - low[i]) * (weight * scale[i])
        champion = int(total.argmax())
        beaten = columns[0] < look[0][champion]
        for column, seen in zip(columns[1:], look[1:], strict=True):
            beaten &= column < seen[champion]
        if beaten.any():
            stay = np.flatnonzero(~beaten)
            kept, columns = kept[stay], [column[stay] for column in columns]
        if len(kept) <= FEW or (number == PATIENCE and len(kept) > 0.9 * len(points)):
            return kept
    return kept


def _ranks(column: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Whole numbers in the same order, equal for equal; objects are compared by what they are, never rounded."""
    listed = column.tolist()
    place = {value: rank for rank, value in enumerate(sorted(set(listed)))}
    return np.array([place[value] for value in listed], dtype=np.int64)


def _distinct(ranks: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Indices]:
    """The different rows in falling order, the first column first, and each row's place among them."""
    order = np.lexsort(ranks.T[::-1])[::-1]
    rows = ranks[order]
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    place = np.empty(len(rows), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    return rows[new], place


def _of_two(rows: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Of the rows with one first value those with the largest second one, if it is above all of larger first values."""
    order = np.argsort(rows[:, 0])[::-1]  # ties in any order: one sort of one column is much quicker than of two
    first, second = rows[order, 0], rows[order, 1]
    new = np.ones(len(order), dtype=bool)
    new[1:] = first[1:] != first[:-1]
    starts = np.flatnonzero(new)
    most = np.maximum.reduceat(second, starts)
    rises = np.ones(len(most), dtype=bool)
    rises[1:] = most[1:] > np.maximum.accumulate(most)[:-1]
    group = np.cumsum(new) - 1
    good = np.zeros(len(order), dtype=bool)
    good[order] = rises[group] & (second == most[group])
    return good


def _of_three(rows: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """`stairs` holds the second values, ascending, of the frontier so far in the last two; `heights` the third ones,
    which fall. A row stays if the stair at its second value is lower.
    """
    good = np.zeros(len(rows), dtype=bool)
    stairs: list[Any] = []
    heights: list[Any] = []
    for number, (_, second, third) in enumerate(rows.tolist()):
        at = bisect_left(stairs, second)
        if at < len(stairs) and heights[at] >= third:
            continue
        good[number] = True
        end = at + 1 if at < len(stairs) and stairs[at] == second else at
        start = at
        while start > 0 and heights[start - 1] <= third:
            start -= 1
        stairs[start:end] = [second]
        heights[start:end] = [third]
    return good


def _of_many(rows: npt.NDArray[Any], should_stop: Callable[[], bool] | None) -> npt.NDArray[np.bool_]:
    ranks = np.stack([np.unique(column, return_inverse=True)[1] for column in rows.T], axis=1).astype(np.int32)
    order = np.argsort(-ranks.sum(axis=1, dtype=np.int64), kind="stable")
    left = ranks[order]
    good = np.zeros(len(rows), dtype=bool)
    while len(left):
        if should_stop is not None and should_stop():
            raise OutOfTimeError("the frontier of the points is not finished: allow more time")
        if (kept := int(good.sum())) > MOST_KEPT:
            raise TooLargeError(
                f"more than {MOST_KEPT} points that none beats: {rows.shape[1]} parties want too different things for "
                "a frontier to help; ask which deals pass, or put fewer parties or options side by side",
                limit="points on the frontier",
                count=kept,
                allowed=MOST_KEPT,
            )
        head = left[:BLOCK]
        # A row of a larger sum is dominated by none of a smaller one, and all rows are different.
        beaten = np.zeros(len(head), dtype=bool)
        for number in range(1, len(head)):
            beaten[number] = (head[:number] >= head[number]).all(axis=1).any()
        good[order[:BLOCK][~beaten]] = True
        strong, rest = head[~beaten], left[BLOCK:]
        columns = [np.ascontiguousarray(column) for column in rest.T]  # comparing whole columns is what is quick
        stay = np.ones(len(rest), dtype=bool)
        for row in strong:
            below = columns[0] <= row[0]
            for column, value in zip(columns[1:], row[1:], strict=True):
                below &= column <= value
            stay &= ~below
        left, order = rest[stay], order[BLOCK:][stay]
    return good
