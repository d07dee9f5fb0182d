"""Where several decision makers can take a conflict by turns: legal sequences of moves.

In a legal sequence nobody moves twice in a row, but may move again after somebody else (Fang, Hipel & Kilgour 1993).
So where a sequence can go on from a state depends on who moved last: the search runs over pairs (state, who moves
next). Pairs that reach each other reach the same states, so one pass over the strongly connected components (Tarjan
1972) is enough, whatever the length of the sequences.

>>> from gamecore.games.conflict_relations import members
>>> one, other = (0b010, 0b100, 0), (0, 0b001, 0)  # 0 -> 1 -> 2 by one, 1 -> 0 by the other
>>> [members(row) for row in legal_sequences([one, other])]
[[0, 1], [0, 1, 2], []]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gamecore.games.conflict_relations import Rows, StateSet, members

__all__ = ["Path", "Step", "legal_sequences", "shortest_path_into", "shortest_paths", "ways_as_short"]


@dataclass(frozen=True)
class Step:
    """One move: by whom (a number) and to which state."""

    mover: int
    state: int


Path = tuple[Step, ...]
"""A legal sequence of moves; empty if there is nothing to do."""


def legal_sequences(steps: Sequence[Rows]) -> Rows:
    """Per state the set of states that a legal sequence of one or more steps leads to.

    `steps[k][s]` are the states that mover `k` can go to from `s` in one step: moves, or improvements of `k` from the
    state where the step starts. With one mover these are the answer, with none there is nothing to reach.
    """
    if len(steps) == 1:
        return steps[0]
    if not steps:
        return ()
    count = len(steps[0])
    reached = _reached(steps, count)
    result = [0] * count
    for mover in range(len(steps)):
        for state in range(count):
            result[state] |= reached[mover * count + state]
    return tuple(result)


def _reached(steps: Sequence[Rows], count: int) -> list[StateSet]:
    """For node `mover * count + state` what can be reached if `mover` moves next; Tarjan's search without recursion."""
    movers = range(len(steps))
    following = [
        [other * count + end for end in members(steps[mover][state]) for other in movers if other != mover]
        for mover in movers
        for state in range(count)
    ]
    nodes = len(following)
    reached = [steps[node // count][node % count] for node in range(nodes)]
    order, low, on_stack = [0] * nodes, [0] * nodes, [False] * nodes
    stack: list[int] = []
    seen = 0
    for root in range(nodes):
        if order[root]:
            continue
        work = [(root, iter(following[root]))]
        seen += 1
        order[root] = low[root] = seen
        stack.append(root)
        on_stack[root] = True
        while work:
            node, rest = work[-1]
            for after in rest:
                if not order[after]:
                    seen += 1
                    order[after] = low[after] = seen
                    stack.append(after)
                    on_stack[after] = True
                    work.append((after, iter(following[after])))
                    break
                if on_stack[after]:
                    low[node] = min(low[node], order[after])
                else:
                    reached[node] |= reached[after]
            else:
                work.pop()
                if low[node] == order[node]:
                    _close_component(node, stack, on_stack, reached)
                if work:
                    before = work[-1][0]
                    low[before] = min(low[before], low[node])
                    reached[before] |= reached[node]
    return reached


def _close_component(root: int, stack: list[int], on_stack: list[bool], reached: list[StateSet]) -> None:
    """Take a finished component off the stack: all its nodes reach what any of them reaches."""
    start = len(stack) - 1
    while stack[start] != root:
        start -= 1
    together = 0
    for node in stack[start:]:
        together |= reached[node]
    for node in stack[start:]:
        reached[node] = together
        on_stack[node] = False
    del stack[start:]


def shortest_paths(steps: Sequence[Rows], start: int) -> dict[int, Path]:
    """For each state that a legal sequence leads to from `start`, one with the fewest steps.

    Breadth first over pairs (state, last mover), movers and states in ascending order, so the same input gives the same
    paths. `start` itself comes with the empty path. Movers are numbered as in `steps`.
    """
    found: dict[int, Path] = {start: ()}
    seen: set[tuple[int, int]] = set()
    queue: list[tuple[int, int, Path]] = [(start, -1, ())]
    for state, last, path in queue:
        for mover, rows in enumerate(steps):
            if mover == last:
                continue
            for end in members(rows[state]):
                if (end, mover) not in seen:
                    seen.add((end, mover))
                    longer = (*path, Step(mover, end))
                    found.setdefault(end, longer)
                    queue.append((end, mover, longer))
    return found


def shortest_path_into(steps: Sequence[Rows], start: int, goals: StateSet) -> Path:
    """The first of the legal sequences with the fewest steps from `start` into `goals`; empty if there is none.

    In the order of `shortest_paths`, but no further than needed; at least one step, so `start` counts only if a
    sequence comes back to it.
    """
    seen = [0] * len(steps)
    queue: list[tuple[int, int, Path]] = [(start, -1, ())]
    for state, last, path in queue:
        for mover, rows in enumerate(steps):
            if mover == last:
                continue
            if goal := rows[state] & goals:
                return (*path, Step(mover, (goal & -goal).bit_length() - 1))
            fresh = rows[state] & ~seen[mover]
            seen[mover] |= fresh
            queue += [(end, mover, (*path, Step(mover, end))) for end in members(fresh)]
    return ()


def ways_as_short(steps: Sequence[Rows], start: int, end: int, most: int) -> tuple[Path, ...]:
    """All legal sequences from `start` to `end` with the fewest steps, in the order of movers and states, up to `most`.

    The empty path alone if they are the same state, nothing if there is no way.
    """
    if start == end:
        return ((),)
    before: dict[tuple[int, int], list[tuple[int, int]]] = {(start, -1): []}
    level, goals = [(start, -1)], list[tuple[int, int]]()
    while level and not goals:
        following: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for state, last in level:
            for mover, rows in enumerate(steps):
                for after in members(rows[state]) if mover != last else ():
                    if (after, mover) not in before:
                        following.setdefault((after, mover), []).append((state, last))
        before |= following
        level = list(following)
        goals = [node for node in level if node[0] == end]
    return tuple(sorted(_ways_back(before, goals, most), key=lambda path: [(step.mover, step.state) for step in path]))


def _ways_back(
    before: dict[tuple[int, int], list[tuple[int, int]]], goals: list[tuple[int, int]], most: int
) -> list[Path]:
    """Up to `most` ways that lead to one of the goals."""
    found: list[Path] = []
    open_ends: list[tuple[tuple[int, int], Path]] = [(goal, ()) for goal in reversed(goals)]
    while open_ends and len(found) < most:
        node, path = open_ends.pop()
        if node[1] == -1:
            found.append(path)
            continue
        longer = (Step(node[1], node[0]), *path)
        open_ends += [(previous, longer) for previous in reversed(before[node])]
    return found
