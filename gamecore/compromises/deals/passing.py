"""Which deals pass among several parties: vetoes and a quorum.

A deal *clears* for a party if it is worth at least that party's no-agreement value. It passes if it clears for every
party with a veto and for at least `quorum` parties in all, those with a veto among them (the rule of scorable
negotiation games; Susskind's Harborco).

>>> from gamecore.compromises.deals.space import DealSpace
>>> space = DealSpace.from_points(
...     ("city", "union", "firm"),
...     {"site": {"north": (2, 0, 1), "south": (0, 2, 1)}, "pay": {"low": (1, 0, 2), "high": (0, 2, 0)}},
...     no_agreement=(1, 1, 1),
... )
>>> answer = passing_deals(space, vetoes=("firm",), quorum=2)
>>> answer.passing, answer.unanimous, [deal.options for deal in answer.deals]
(4, 2, [('north', 'low'), ('north', 'high'), ('south', 'low'), ('south', 'high')])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.compromises.deals.frontier import Stop, enumerated
from gamecore.compromises.deals.points import undominated
from gamecore.compromises.deals.space import Deal, DealSpace
from gamecore.compromises.deals.tables import Tables, Whole
from gamecore.errors import InputError

__all__ = ["Passing", "passing_deals"]

MOST_LISTED: Final = 1_000


@dataclass(frozen=True)
class Passing:
    """Counts are over all possible deals; lists stop at a limit, counts do not.

    `deals` pass, `unanimous_deals` clear for everybody, `frontier` are the passing deals that no other passing deal
    dominates. `clears[i]` counts the deals that clear for party `i`; `stops[i]` those that everybody but `i` clears.
    """

    vetoes: tuple[str, ...]
    quorum: int
    count: int
    passing: int
    unanimous: int
    clears: tuple[int, ...]
    stops: tuple[int, ...]
    deals: tuple[Deal, ...]
    unanimous_deals: tuple[Deal, ...]
    frontier: tuple[Deal, ...]


def passing_deals(
    space: DealSpace,
    *,
    vetoes: Sequence[str] = (),
    quorum: int | None = None,
    most: int = MOST_LISTED,
    should_stop: Stop | None = None,
) -> Passing:
    """All deals that pass; every party must clear if `quorum` is not given.

    Raises `InputError` for a veto party that is not among the parties or a quorum that cannot be, `TooLargeError`
    above 40 million deals, `OutOfTimeError` if `should_stop` says so.
    """
    count = len(space.parties)
    needed = count if quorum is None else quorum
    _check(space, vetoes, needed)
    seats = [space.parties.index(name) for name in dict.fromkeys(vetoes)]
    tables = Tables.of(space)
    floors = [-(-one.numerator // one.denominator) for one in tables.whole(space.no_agreement)]
    totals = np.zeros(2, dtype=np.int64)
    clears, stops = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    listed: list[int] = []
    agreed: list[int] = []
    best: Whole = np.empty((0, count), dtype=tables.factors[0].values.dtype)
    places = np.empty(0, dtype=np.int64)
    for start, block in enumerated(tables, should_stop):
        clear = _clear(block, floors)
        votes = clear.sum(axis=1)
        passes = (votes >= needed) & clear[:, seats].all(axis=1)
        everybody = votes == count
        totals += (int(passes.sum()), int(everybody.sum()))
        clears += clear.sum(axis=0)
        stops += (~clear[votes == count - 1]).sum(axis=0)
        here = np.flatnonzero(passes)
        listed += (here[: most - len(listed)] + start).tolist()
        agreed += (np.flatnonzero(everybody)[: most - len(agreed)] + start).tolist()
        best, places = np.concatenate([best, block[here]]), np.concatenate([places, here + start])
        good = undominated(best, should_stop=should_stop)
        best, places = best[good], places[good]

    def named(numbers: Sequence[int]) -> tuple[Deal, ...]:
        return tuple(space.deal(tables.at(number)) for number in numbers)

    return Passing(
        tuple(space.parties[seat] for seat in seats),
        needed,
        tables.count,
        int(totals[0]),
        int(totals[1]),
        tuple(clears.tolist()),
        tuple(stops.tolist()),
        named(listed),
        named(agreed),
        named(places[:most].tolist()),
    )


def _check(space: DealSpace, vetoes: Sequence[str], quorum: int) -> None:
    strangers = [name for name in vetoes if name not in space.parties]
    if strangers:
        raise InputError(
            f"{', '.join(strangers)} has a veto but is not among the parties of the deal: "
            f"{', '.join(space.parties)}; add it to the parties or take its veto away"
        )
    if not 1 <= quorum <= len(space.parties):
        raise InputError(f"a quorum of {quorum} among {len(space.parties)} parties: say a number from 1 to that")
    if space.amounts:
        raise InputError("deals with continuous terms cannot be counted: give the amounts as options of an issue")


def _clear(block: Whole, floors: Sequence[Any]) -> npt.NDArray[np.bool_]:
    """Axes (deal, party). Whole numbers reach a floor exactly if they reach the next whole number above it."""
    return np.stack([(block[:, i] >= floor).astype(bool) for i, floor in enumerate(floors)], axis=1)
