"""How a conflict can get from where it stands to a state that lasts: status quo analysis.

Breadth first over legal sequences from the status quo (Li, Kilgour & Hipel 2005), of any moves or of improvements only,
each step an improvement for who makes it. A state that no sequence of improvements leads to may still be reached if
somebody makes a step against its own interest, or several move together.

>>> from gamecore.games.conflict import conflict_from_arcs
>>> from gamecore.games.conflict_preferences import from_ranks
>>> line = conflict_from_arcs(
...     ("A", "B"), ("x", "y", "z"), [[(0, 1)], [(1, 2)]], [from_ranks([1, 0, 2]), from_ranks([0, 1, 2])]
... )
>>> [step.state for step in ways_from(line, 0).by_moves[2]], ways_from(line, 0).by_improvements
([1, 2], {0: ()})
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gamecore.compromises.stability.concepts import improvements
from gamecore.compromises.stability.reachable import Path, shortest_paths, ways_as_short
from gamecore.games.conflict import Conflict
from gamecore.games.conflict_relations import StateSet, members

__all__ = ["WaysFrom", "shortest_ways", "ways_from"]


@dataclass(frozen=True)
class WaysFrom:
    """Shortest ways from the status quo: end -> steps, with who makes each; what has no way is not there."""

    status_quo: int
    by_moves: Mapping[int, Path]
    by_improvements: Mapping[int, Path]

    def to(self, states: StateSet) -> WaysFrom:
        """The ways to these states only."""
        wanted = set(members(states))
        kept = [
            {end: path for end, path in ways.items() if end in wanted} for ways in (self.by_moves, self.by_improvements)
        ]
        return WaysFrom(self.status_quo, *kept)


def ways_from(conflict: Conflict, status_quo: int) -> WaysFrom:
    """A shortest legal sequence to every state that can be reached. Raises `InputError` for an unknown state."""
    conflict.check_state(status_quo)
    everybody = range(len(conflict.decision_makers))
    return WaysFrom(
        status_quo,
        shortest_paths(conflict.reachable, status_quo),
        shortest_paths([improvements(conflict, mover, unknown=False) for mover in everybody], status_quo),
    )


def shortest_ways(
    conflict: Conflict, status_quo: int, end: int, *, improving: bool = False, most: int = 20
) -> tuple[Path, ...]:
    """All shortest legal sequences to one state, at most `most`; of improvements only if `improving`.

    None if there is no way. Raises `InputError` for an unknown state.
    """
    steps = conflict.reachable
    if improving:
        everybody = range(len(conflict.decision_makers))
        steps = tuple(improvements(conflict, mover, unknown=False) for mover in everybody)
    return ways_as_short(steps, conflict.check_state(status_quo), conflict.check_state(end), most)
