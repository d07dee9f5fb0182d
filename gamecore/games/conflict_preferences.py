"""What a decision maker of a conflict prefers: a weak order of the states, or a relation with unknown comparisons.

Notation of the graph model: q ≻ s (q is preferred to s), q ~ s (as good), q U s (not known), q ≫ s (greatly preferred;
Hamouda, Kilgour & Hipel 2004). States are numbers; sets of states are bits (`conflict_relations.py`).

>>> preference = from_ranking([[2], [0, 1]], ("a", "b", "c"))
>>> preference.ranking()
((2,), (0, 1))
>>> preference == from_ranks([1, 1, 5]) == from_statements([[False, False, True]], 3)
True
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gamecore.errors import InputError
from gamecore.games.conflict_relations import Rows, StateSet, everything, set_of, transposed

__all__ = ["Preference", "from_comparisons", "from_ranking", "from_ranks", "from_statements"]


@dataclass(frozen=True)
class Preference:
    """Who likes what better: three relations over the same states.

    `better[s]` holds the states preferred to `s`, `unknown[s]` those whose comparison with `s` is not known, and
    `much_better[s]`, a part of `better[s]`, those greatly preferred to `s`. What is in none of them and does not have
    `s` in its own is as good as `s`. Relations left out are empty.

    Raises `InputError` if the relations do not fit each other.
    """

    better: Rows
    unknown: Rows = ()
    much_better: Rows = ()
    worse: Rows = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        nothing = (0,) * len(self.better)
        object.__setattr__(self, "unknown", self.unknown or nothing)
        object.__setattr__(self, "much_better", self.much_better or nothing)
        object.__setattr__(self, "worse", transposed(self.better))
        if not len(self.better) == len(self.unknown) == len(self.much_better):
            raise InputError("a preference needs one row per state in each of its relations")
        for state, (up, down, unsure, much) in enumerate(
            zip(self.better, self.worse, self.unknown, self.much_better, strict=True)
        ):
            if up >> state & 1 or unsure >> state & 1:
                raise InputError(f"state {state} is compared with itself")
            if up & down or unsure & (up | down) or much & ~up:
                raise InputError(f"the comparisons of state {state} contradict each other")
        if any(self.unknown) and transposed(self.unknown) != self.unknown:
            raise InputError("a comparison that is not known has to be so both ways")

    def __len__(self) -> int:
        return len(self.better)

    def at_most(self, state: int) -> StateSet:
        """The states that `state` is known to be at least as good as: φ(s) = {q: s ≽ q}."""
        return everything(len(self)) & ~(self.better[state] | self.unknown[state])

    def much_worse(self) -> Rows:
        """Per state the states it is greatly preferred to."""
        return transposed(self.much_better)

    def is_ranking(self) -> bool:
        """Whether the states can be written in one line from best to worst, equals side by side."""
        height = [row.bit_count() for row in self.worse]
        return self.better == from_ranks(height).better

    def ranking(self) -> tuple[tuple[int, ...], ...]:
        """The states from best to worst, equals together. Raises `InputError` if they are not all comparable."""
        if any(self.unknown) or not self.is_ranking():
            raise InputError("these preferences are no ranking: some comparisons are not known or not transitive")
        lines: dict[int, list[int]] = {}
        for state, row in enumerate(self.better):
            lines.setdefault(row.bit_count(), []).append(state)
        return tuple(tuple(lines[above]) for above in sorted(lines))


def from_ranks(values: Sequence[Any]) -> Preference:
    """A weak order from one comparable value per state, larger is better; equal values are ties.

    Raises `InputError` for a value that is not a number, or values that cannot be compared with each other.
    """
    lines: dict[Any, list[int]] = {}
    for state, value in enumerate(values):
        if value is None or value != value:  # noqa: PLR0124 - only what is not a number differs from itself
            raise InputError(f"the value of state {state} is {value}: give every state a value that can be compared")
        lines.setdefault(value, []).append(state)
    try:
        ordered = sorted(lines, reverse=True)
    except TypeError as error:
        raise InputError(f"the values of the states cannot be compared with each other: {error}") from error
    better = [0] * len(values)
    above = 0
    for value in ordered:
        for state in lines[value]:
            better[state] = above
        above |= set_of(lines[value])
    return Preference(tuple(better))


def from_ranking(
    lines: Sequence[Collection[int]], states: Sequence[str], *, much_better_than_next: Collection[int] = ()
) -> Preference:
    """A weak order from sets of states, best first; each state stands in one line.

    After the lines numbered in `much_better_than_next` (from 0) the step down is a great one: all states up to there
    are greatly preferred to all that follow. `states` names the states.

    Raises `InputError` for a state that is unknown, missing or on two lines.
    """
    line_of: dict[int, int] = {}
    for number, line in enumerate(lines):
        for state in line:
            if not 0 <= state < len(states):
                raise InputError(f"line {number + 1} of the ranking names state {state}: there are {len(states)}")
            if state in line_of:
                raise InputError(
                    f"'{states[state]}' stands on line {line_of[state] + 1} and on line {number + 1} of the ranking: "
                    "it would be preferred to itself; take it out of one of them"
                )
            line_of[state] = number
    missing = [name for state, name in enumerate(states) if state not in line_of]
    if missing:
        raise InputError(f"the ranking leaves out {_listed(missing)}; give each state a line")
    for number in much_better_than_next:
        if not 0 <= number < len(lines) - 1:
            raise InputError(f"no line follows line {number + 1} of the ranking, so no great step can follow it")
    plain = from_ranks([-line_of[state] for state in range(len(states))])
    steps = sorted(much_better_than_next)
    far_above = {
        number: set_of(state for state, line in line_of.items() if any(line <= step < number for step in steps))
        for number in range(len(lines))
    }
    return Preference(plain.better, much_better=tuple(far_above[line_of[state]] for state in range(len(states))))


def from_statements(truths: Sequence[Sequence[bool]], states: int) -> Preference:
    """A weak order from preference statements in order of priority (option prioritizing, Fang et al. 2003).

    `truths` has axes (statement, state), the most important statement first. The state in which the first statement
    that tells two states apart is true is preferred; no statement, no difference.

    Raises `InputError` if a statement does not say true or false for each of the `states` states.
    """
    for number, truth in enumerate(truths):
        if len(truth) != states:
            raise InputError(f"statement {number + 1} is about {len(truth)} states: there are {states}")
    return from_ranks([tuple(bool(truth[state]) for truth in truths) for state in range(states)])


def from_comparisons(
    states: Sequence[str], better: Iterable[tuple[int, int]], equal: Iterable[tuple[int, int]] = ()
) -> Preference:
    """A preference from single comparisons and what follows from them; all the rest is not known.

    Parameters
    ----------
    states
        The names of the states, for the errors.
    better
        Pairs (a, b): a is preferred to b.
    equal
        Pairs of states that are as good as each other.

    Raises
    ------
    InputError
        If the comparisons run in a circle, which is named, or name a state that does not exist.
    """
    strict, ties = list(better), list(equal)
    for pair in (*strict, *ties):
        for state in pair:
            if not 0 <= state < len(states):
                raise InputError(f"a comparison names state {state}: there are {len(states)}")
    at_least: list[list[int]] = [[] for _ in states]
    for one, other in (*strict, *ties, *((other, one) for one, other in ties)):
        at_least[one].append(other)
    for one, other in strict:
        if back := _way(at_least, other, one):
            circle = " over ".join(f"'{states[state]}'" for state in (one, *back))
            raise InputError(f"the preferences run in a circle: {circle}; leave out one of these comparisons")
    reached = _closure([set_of(row) for row in at_least])
    rows = transposed(tuple(reached))
    up = tuple(rows[state] & ~reached[state] & ~(1 << state) for state in range(len(states)))
    known = [rows[state] | reached[state] | 1 << state for state in range(len(states))]
    return Preference(up, tuple(everything(len(states)) & ~row for row in known))


def _closure(rows: list[StateSet]) -> list[StateSet]:
    """Everything that follows by going on and on (Warshall 1962)."""
    reached = list(rows)
    for middle in range(len(rows)):
        bit, further = 1 << middle, reached[middle]
        for state, row in enumerate(reached):
            if row & bit:
                reached[state] = row | further
    return reached


def _way(following: Sequence[Sequence[int]], start: int, goal: int) -> list[int]:
    """The states of a shortest way from `start` to `goal`, both included; empty if there is none."""
    came_from = {start: start}
    queue = [start]
    for state in queue:
        if state == goal:
            way = [goal]
            while way[-1] != start:
                way.append(came_from[way[-1]])
            return way[::-1]
        for after in following[state]:
            if after not in came_from:
                came_from[after] = state
                queue.append(after)
    return []


def _listed(names: Sequence[str], most: int = 5) -> str:
    """The first few names in quotes and how many more there are."""
    shown = ", ".join(f"'{name}'" for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
