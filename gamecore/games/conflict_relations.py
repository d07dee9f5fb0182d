"""Relations between the states of a conflict as rows of bits.

A set of states is a whole number: bit `q` is 1 if state `q` is in it. A relation is a tuple of such sets, one row per
state. Unions and intersections of thousands of states are then one operation each, and Python's whole numbers have no
upper limit.

>>> rows = (set_of([1, 2]), set_of([2]), 0)
>>> [members(row) for row in transposed(rows)]
[[], [0], [0, 1]]
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

__all__ = ["Rows", "StateSet", "everything", "flags", "members", "set_of", "transposed", "union"]

StateSet = int
"""A set of states: bit `q` is 1 if state `q` is in it."""
Rows = tuple[StateSet, ...]
"""A relation: one set per state."""


def set_of(states: Iterable[int]) -> StateSet:
    """The set of these states."""
    result = 0
    for state in states:
        result |= 1 << state
    return result


def everything(count: int) -> StateSet:
    """The set of the states 0 to `count` - 1."""
    return (1 << count) - 1


def members(states: StateSet) -> list[int]:
    """The states of a set, ascending."""
    found = []
    while states:
        lowest = states & -states
        found.append(lowest.bit_length() - 1)
        states ^= lowest
    return found


def flags(states: StateSet, count: int) -> npt.NDArray[np.bool_]:
    """Per state, 0 to `count` - 1, whether it is in the set."""
    packed = np.frombuffer(states.to_bytes((count + 7) // 8, "little"), dtype=np.uint8)
    return np.unpackbits(packed, count=count, bitorder="little").astype(bool)


def union(rows: Rows, of: Iterable[int]) -> StateSet:
    """The union of the rows of some states."""
    result = 0
    for state in of:
        result |= rows[state]
    return result


def transposed(rows: Rows) -> Rows:
    """The relation the other way round: bit `s` of row `q` is bit `q` of row `s`."""
    count = len(rows)
    if not count:
        return ()
    width = (count + 7) // 8
    packed = np.frombuffer(b"".join(row.to_bytes(width, "little") for row in rows), dtype=np.uint8)
    table = np.unpackbits(packed.reshape(count, width), axis=1, count=count, bitorder="little")
    turned = np.packbits(table.T, axis=1, bitorder="little")
    return tuple(int.from_bytes(row.tobytes(), "little") for row in turned)
