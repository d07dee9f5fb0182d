"""The Pareto frontier of a space of deals, and the deals behind each of its points.

Two methods that share nothing but the table of each factor. *Merging* (Raiffa 1982): factors are added one by one, and
dominated partial sums are dropped at once; since values add up, a deal on the frontier consists of partial deals on
theirs, so nothing is lost. *Enumeration* values every deal. Deals worth the same to everybody are one point; its deals
are found by going back through the partial sums.

>>> from gamecore.compromises.deals.space import DealSpace
>>> space = DealSpace.from_points(
...     ("buyer", "seller"),
...     {"price": {"low": (4, 1), "high": (1, 4)}, "delivery": {"soon": (3, 0), "late": (0, 1)}},
... )
>>> found = deal_frontier(space)
>>> [(found.deals(k)[0].options, [str(value) for value in point]) for k, point in enumerate(found.points)]
[(('low', 'soon'), ['7', '1']), (('high', 'soon'), ['4', '4']), (('high', 'late'), ['1', '5'])]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

import numpy as np

from gamecore.compromises.deals.points import Indices, undominated
from gamecore.compromises.deals.space import Deal, DealSpace, Point
from gamecore.compromises.deals.tables import Tables, Whole
from gamecore.errors import InputError, OutOfTimeError, TooLargeError

__all__ = ["DealFrontier", "Enumerated", "deal_frontier", "enumerated", "falling", "frontier_by_enumeration"]

MOST_SUMS: Final = 60_000_000  # partial sums looked at in one merge
AT_ONCE: Final = 1 << 21  # of them in memory
MOST_DEALS: Final = 40_000_000  # deals that enumeration looks at
MOST_NAMED: Final = 1_000  # deals of one point that are named

Stop = Callable[[], bool]


@dataclass(frozen=True)
class DealFrontier:
    """`whole[k]` is point `k` in the units of `tables`, from the best for the first party down; no point twice.

    `stages[f]` holds the undominated sums of the first `f + 1` factors of `order`; `deal_count` says how many
    deals are possible.
    """

    tables: Tables
    whole: Whole
    order: tuple[int, ...]
    stages: tuple[Whole, ...]

    @property
    def deal_count(self) -> int:
        return self.tables.count

    @property
    def size(self) -> int:
        return len(self.whole)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """What the deals on the frontier are worth to each party, each combination of values once."""
        return tuple(self.tables.exact(row) for row in self.whole.tolist())

    def deals(self, point: int, most: int = MOST_NAMED) -> tuple[Deal, ...]:
        """The deals behind a point, in the order they are found, `most` at most."""
        return tuple(self.tables.space.deal(numbers) for numbers in islice(self.numbers(point), most))

    def numbers(self, point: int) -> Iterator[tuple[int, ...]]:
        """The deals behind a point as option numbers, one after the other."""
        if not 0 <= point < self.size:
            raise InputError(f"point {point} does not exist: the frontier has {self.size}")
        last = len(self.order) - 1
        for combinations in self._back(tuple(self.whole[point].tolist()), last):
            placed = dict(zip(self.order, combinations, strict=True))
            yield self.tables.numbers([placed[f] for f in range(len(placed))])

    def _back(self, target: tuple[int, ...], stage: int) -> Iterator[tuple[int, ...]]:
        """The combinations of the first factors that add up to `target`."""
        values = self.tables.factors[self.order[stage]].values.tolist()
        if stage == 0:
            yield from ((k,) for k, row in enumerate(values) if tuple(row) == target)
            return
        before = self._sums[stage - 1]
        for k, row in enumerate(values):
            rest = tuple(a - b for a, b in zip(target, row, strict=True))
            if rest in before:
                yield from ((*found, k) for found in self._back(rest, stage - 1))

    @cached_property
    def _sums(self) -> tuple[frozenset[tuple[int, ...]], ...]:
        return tuple(frozenset(map(tuple, stage.tolist())) for stage in self.stages)


def deal_frontier(space: DealSpace, *, should_stop: Stop | None = None) -> DealFrontier:
    """The exact frontier, by merging; continuous terms are asked of `curve.deal_curve`.

    Raises `InputError` if the space has amounts or nothing is possible, `TooLargeError` if the partial frontiers grow
    beyond all reason (many parties who want different things), `OutOfTimeError` if `should_stop` says so.
    """
    tables = _discrete(space)
    pruned = [factor.values[undominated(factor.values)] for factor in tables.factors]
    order = sorted(range(len(pruned)), key=lambda f: len(pruned[f]))
    stages: list[Whole] = []
    for f in order:
        if should_stop is not None and should_stop():
            raise OutOfTimeError("the frontier of the deals is not finished: allow more time")
        stages.append(falling(pruned[f]) if not stages else _merged(stages[-1], pruned[f], should_stop))
    return DealFrontier(tables, stages[-1], tuple(order), tuple(stages))


@dataclass(frozen=True)
class Enumerated:
    """A frontier from valuing every deal: `points[k]` and, as option numbers, all deals behind it."""

    points: tuple[Point, ...]
    numbers: tuple[tuple[tuple[int, ...], ...], ...]


def frontier_by_enumeration(space: DealSpace, *, should_stop: Stop | None = None) -> Enumerated:
    """The exact frontier, by valuing every deal; raises as `deal_frontier`, and `TooLargeError` above a limit."""
    tables = _discrete(space)
    best: Whole = np.empty((0, len(space.parties)), dtype=tables.factors[0].values.dtype)
    places: Indices = np.empty(0, dtype=np.int64)
    for start, block in enumerated(tables, should_stop):
        good = undominated(block, should_stop=should_stop)
        best, places = np.concatenate([best, block[good]]), np.concatenate([places, good + start])
        good = undominated(best, should_stop=should_stop)
        best, places = best[good], places[good]
    behind: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for row, place in zip(best.tolist(), places.tolist(), strict=True):
        behind.setdefault(tuple(row), []).append(tables.at(place))
    rows = sorted(behind, reverse=True)
    return Enumerated(tuple(tables.exact(row) for row in rows), tuple(tuple(behind[row]) for row in rows))


def enumerated(tables: Tables, should_stop: Stop | None = None) -> Iterator[tuple[int, Whole]]:
    """The sums of all deals in blocks, each with the number of its first deal. Raises `TooLargeError` above a limit."""
    if tables.count > MOST_DEALS:
        raise TooLargeError(
            f"{tables.count} deals, more than the {MOST_DEALS} that are looked at one by one",
            limit="deals",
            count=tables.count,
            allowed=MOST_DEALS,
        )
    for start, block in tables.blocks():
        if should_stop is not None and should_stop():
            raise OutOfTimeError("not all deals are looked at: allow more time")
        yield start, block


def falling(points: Whole, should_stop: Stop | None = None) -> Whole:
    """The undominated ones of some points, each once, from the best for the first party down."""
    kept = points[undominated(points, should_stop=should_stop)]
    rows = sorted(set(map(tuple, kept.tolist())), reverse=True)
    return np.array(rows, dtype=points.dtype).reshape(len(rows), points.shape[1])


def _merged(left: Whole, right: Whole, should_stop: Stop | None) -> Whole:
    """The undominated sums of one row of each."""
    if len(left) * len(right) > MOST_SUMS:
        raise TooLargeError(
            f"{len(left) * len(right)} partial deals to compare, more than {MOST_SUMS}: leave out issues that matter "
            "to nobody, or round the points",
            limit="partial deals",
            count=len(left) * len(right),
            allowed=MOST_SUMS,
        )
    parties = left.shape[1]
    step = max(1, AT_ONCE // len(right))
    kept: list[Whole] = []
    for start in range(0, len(left), step):
        part = left[start : start + step]
        sums = np.stack([np.add.outer(part[:, i], right[:, i]).ravel() for i in range(parties)]).T
        kept.append(sums[undominated(sums, should_stop=should_stop)])
    return falling(np.concatenate(kept), should_stop)


def _discrete(space: DealSpace) -> Tables:
    if space.amounts:
        raise InputError("the space has continuous terms: ask for its curve instead of its list of points")
    return Tables.of(space)
