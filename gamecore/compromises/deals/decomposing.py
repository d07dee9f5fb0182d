"""From a table of values to a space of deals: which issues add up, found and proved on the values.

Two issues interact if exchanging options on one is worth something else for some option of the other: if a mixed second
difference `u(a, b) - u(a', b) - u(a, b') + u(a', b')` is not 0 with everything else the same. Issues that interact,
directly or through others, form one block; a deal is then worth the sum over its blocks. The sum is compared with
*every* value of the table, exactly; if one differs (a table with holes can hide an interaction) the whole table becomes
one block, which is always right.

>>> table = {(a, b): (Fraction(3 * a + b), Fraction(b - a)) for a in range(2) for b in range(2)}
>>> space = space_from_table(("x", "y"), {"price": ("low", "high"), "date": ("soon", "late")}, table)
>>> space.interactions, space.values(("high", "late"))
((), (Fraction(4, 1), Fraction(0, 1)))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.compromises.deals.space import DealSpace, Exclusion, Interaction, Issue, Point
from gamecore.errors import InputError

__all__ = ["space_from_table"]

Options = tuple[int, ...]
Block = tuple[int, ...]
Parts = dict[Block, dict[Options, Point]]


def space_from_table(
    parties: Sequence[str],
    issues: Mapping[str, Sequence[str]],
    values: Mapping[Options, Point],
    *,
    no_agreement: Sequence[Any] = (),
    unit: str = "points",
) -> DealSpace:
    """The space whose deals are the keys of `values` (option numbers in the order of `issues`), worth what it says.

    Combinations that are not in `values` are impossible. Raises `InputError` if there is no deal or a key does not fit.
    """
    sizes = [len(options) for options in issues.values()]
    if not values:
        raise InputError("no deal is possible: the table is empty")
    for key, row in values.items():
        if len(key) != len(sizes) or not all(0 <= k < size for k, size in zip(key, sizes, strict=True)):
            raise InputError(f"{key} is no deal: one option number for each of {len(sizes)} issues")
        if len(row) != len(parties):
            raise InputError(f"{key}: {len(row)} values for {len(parties)} parties")
    blocks = _blocks(sizes, values, len(parties))
    parts = _parts(blocks, values, len(parties))
    if not _adds_up(parts, values):
        blocks = [tuple(range(len(sizes)))]
        parts = {blocks[0]: dict(values)}
    names, options = list(issues), [tuple(some) for some in issues.values()]
    nothing = (Fraction(0),) * len(parties)
    single = {block[0]: parts[block] for block in blocks if len(block) == 1}
    return DealSpace(
        tuple(parties),
        tuple(
            Issue(name, some, tuple(single.get(k, {}).get((option,), nothing) for option in range(len(some))))
            for k, (name, some) in enumerate(zip(names, options, strict=True))
        ),
        tuple(
            Interaction(
                tuple(names[k] for k in block),
                {tuple(options[k][o] for k, o in zip(block, key, strict=True)): row for key, row in part.items()},
            )
            for block, part in parts.items()
            if len(block) > 1
        ),
        impossible=tuple(
            Exclusion({names[k]: (options[k][option],) for k, option in row.items()}) for row in _holes(sizes, values)
        ),
        no_agreement=tuple(no_agreement),
        unit=unit,
    )


def _blocks(sizes: Sequence[int], values: Mapping[Options, Point], parties: int) -> list[Block]:
    """The issues in blocks that do not interact, judged by the deals that are there."""
    common = lcm(*(value.denominator for row in values.values() for value in row))
    table = np.zeros((*sizes, parties), dtype=object)
    there = np.zeros(sizes, dtype=bool)
    for key, row in values.items():
        table[key] = [int(value * common) for value in row]
        there[key] = True
    leader = list(range(len(sizes)))
    for first, second in combinations(range(len(sizes)), 2):
        if leader[first] != leader[second] and _interact(table, there, first, second):
            old, new = sorted((leader[first], leader[second]), reverse=True)
            leader = [new if one == old else one for one in leader]
    return [tuple(k for k, one in enumerate(leader) if one == first) for first in sorted(set(leader))]


def _interact(table: npt.NDArray[Any], there: npt.NDArray[np.bool_], first: int, second: int) -> bool:
    mixed = np.diff(np.diff(table, axis=first), axis=second)
    whole = there
    for axis in (first, second):
        ahead = np.take(whole, range(1, whole.shape[axis]), axis=axis)
        whole = ahead & np.take(whole, range(whole.shape[axis] - 1), axis=axis)
    return bool((mixed[whole] != 0).any())


def _parts(blocks: Sequence[Block], values: Mapping[Options, Point], parties: int) -> Parts:
    """What each combination of a block adds: the first deal counts in the first block, and every deal in which one
    combination alone is not known yet says what that one adds.
    """
    nothing = (Fraction(0),) * parties
    start = next(iter(values))
    parts: Parts = {block: {tuple(start[k] for k in block): nothing} for block in blocks}
    parts[blocks[0]] = dict.fromkeys(parts[blocks[0]], values[start])
    left = list(values)
    while left:
        waiting = []
        for deal in left:
            open_ones = [block for block in blocks if _of(deal, block) not in parts[block]]
            if len(open_ones) == 1:
                parts[open_ones[0]][_of(deal, open_ones[0])] = _rest(deal, values[deal], parts, open_ones[0])
            elif open_ones:
                waiting.append(deal)
        if len(waiting) == len(left):
            # Two unknown ones only ever come together here: how they share what they add is free.
            block = next(block for block in blocks if _of(waiting[0], block) not in parts[block])
            parts[block][_of(waiting[0], block)] = nothing
        left = waiting
    return parts


def _of(deal: Options, block: Block) -> Options:
    return tuple(deal[k] for k in block)


def _rest(deal: Options, worth: Point, parts: Parts, without: Block) -> Point:
    known = [part[_of(deal, block)] for block, part in parts.items() if block != without]
    return tuple(value - sum((row[i] for row in known), Fraction(0)) for i, value in enumerate(worth))


def _adds_up(parts: Parts, values: Mapping[Options, Point]) -> bool:
    for deal, worth in values.items():
        rows = [part[_of(deal, block)] for block, part in parts.items()]
        if any(sum((row[i] for row in rows), Fraction(0)) != value for i, value in enumerate(worth)):
            return False
    return True


def _holes(sizes: Sequence[int], values: Iterable[Options]) -> list[dict[int, int]]:
    """The fewest issues that say why a combination is missing: an option that never occurs, two that never meet, or the
    whole combination.
    """
    there = set(values)
    found: list[dict[int, int]] = []
    for count in (1, 2):
        for issues in combinations(range(len(sizes)), min(count, len(sizes))):
            met = {_of(deal, issues) for deal in there}
            for options in product(*(range(sizes[k]) for k in issues)):
                row = dict(zip(issues, options, strict=True))
                if options not in met and not any(known.items() <= row.items() for known in found):
                    found.append(row)
    for deal in product(*map(range, sizes)):
        row = dict(enumerate(deal))
        if deal not in there and not any(known.items() <= row.items() for known in found):
            found.append(row)
    return found
