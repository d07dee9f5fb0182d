"""Conflicts in graph form: decision makers, states, who can move the conflict from where to where, who prefers what.

The graph model for conflict resolution (Kilgour, Hipel & Fang 1987; Fang, Hipel & Kilgour 1993). There is no order of
moves: in any state any decision maker may move along one of its own arcs or stay. An arc that has no arc back cannot be
undone. Preferences are ordinal. Decision makers and states are numbers here; their names are kept for people.

>>> from gamecore.games.conflict_preferences import from_ranks
>>> chicken = conflict_from_arcs(
...     ("Ann", "Bob"),
...     ("both swerve", "Bob holds", "Ann holds", "crash"),
...     [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]],
...     [from_ranks([3, 2, 4, 1]), from_ranks([3, 4, 2, 1])],
... )
>>> chicken.moves[0][0], chicken.state("crash")
((2,), 3)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Final

from gamecore.errors import InputError, TooLargeError
from gamecore.games.conflict_relations import Rows, set_of

if TYPE_CHECKING:
    from gamecore.games.conflict_options import OptionForm
    from gamecore.games.conflict_preferences import Preference

__all__ = ["MOST_STATES", "Conflict", "conflict_from_arcs"]

MOST_STATES: Final = 10_000  # of a conflict: each relation over them is a square of bits, 12 megabytes then

Moves = tuple[tuple[int, ...], ...]
"""Per state the states one decision maker can move to from there, ascending."""


@dataclass(frozen=True, eq=False)
class Conflict:
    """A conflict: `moves[i][s]` are the states that decision maker `i` can move to from `s`.

    `preferences[i]` is what it prefers; `form` tells how the states are made of options, where they are (simultaneous
    sanctions need it).

    Raises `InputError` if the parts do not fit each other, `TooLargeError` for more than `MOST_STATES` states.
    """

    decision_makers: tuple[str, ...]
    states: tuple[str, ...]
    moves: tuple[Moves, ...]
    preferences: tuple[Preference, ...]
    form: OptionForm | None = None

    def __post_init__(self) -> None:
        for names, what in ((self.decision_makers, "decision maker"), (self.states, "state")):
            if not names:
                raise InputError(f"a conflict needs at least one {what}")
            twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
            if twice:
                raise InputError(f"two things are called '{twice[0]}'; give each {what} a name of its own")
        count = len(self.states)
        if count > MOST_STATES:
            raise TooLargeError(
                f"the conflict has {count} states, more than the {MOST_STATES} that are compared",
                limit="states of a conflict",
                count=count,
                allowed=MOST_STATES,
            )
        for given, what in ((self.moves, "moves"), (self.preferences, "preferences")):
            if len(given) != len(self.decision_makers):
                raise InputError(f"{what} are given for {len(given)} of {len(self.decision_makers)} decision makers")
        for name, moves, preference in zip(self.decision_makers, self.moves, self.preferences, strict=True):
            if len(preference) != count:
                raise InputError(f"the preferences of {name} are about {len(preference)} states: there are {count}")
            if len(moves) != count:
                raise InputError(f"the moves of {name} start from {len(moves)} states: there are {count}")
            for start, ends in enumerate(moves):
                for end in ends:
                    _check_arc(name, start, end, self.states)

    @cached_property
    def reachable(self) -> tuple[Rows, ...]:
        """Per decision maker and state the set R_i(s) of the states one move leads to."""
        return tuple(tuple(set_of(ends) for ends in moves) for moves in self.moves)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.states)}

    def state(self, name: str) -> int:
        """The number of a state. Raises `InputError` if no feasible state is called so."""
        if name in self._numbers:
            return self._numbers[name]
        near = get_close_matches(name, self.states, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise InputError(f"'{name}' is not a feasible state of the conflict{hint}")

    def check_state(self, state: int) -> int:
        """The state itself. Raises `InputError` if there is no such number."""
        if not 0 <= state < len(self.states):
            raise InputError(f"state {state} does not exist: the conflict has the states 0 to {len(self.states) - 1}")
        return state

    def check_decision_maker(self, number: int) -> int:
        """The number itself. Raises `InputError` if there is no such decision maker."""
        if not 0 <= number < len(self.decision_makers):
            raise InputError(f"decision maker {number} does not exist: there are {len(self.decision_makers)}")
        return number

    def with_preferences(self, preferences: Mapping[int, Preference]) -> Conflict:
        """The same conflict with other preferences for some decision makers."""
        kept = enumerate(self.preferences)
        return replace(self, preferences=tuple(preferences.get(number, old) for number, old in kept))


def conflict_from_arcs(
    decision_makers: Sequence[str],
    states: Sequence[str],
    arcs: Sequence[Iterable[tuple[int, int]]],
    preferences: Sequence[Preference],
    form: OptionForm | None = None,
) -> Conflict:
    """A conflict from each decision maker's arcs (from, to); an arc twice is an arc.

    Raises `InputError` for arcs that stay in place or name a state that does not exist.
    """
    moves = []
    for number, own in enumerate(arcs):
        ends: list[set[int]] = [set() for _ in states]
        for start, end in own:
            _check_arc(f"decision maker {number}", start, end, states)
            ends[start].add(end)
        moves.append(tuple(tuple(sorted(found)) for found in ends))
    return Conflict(tuple(decision_makers), tuple(states), tuple(moves), tuple(preferences), form)


def _check_arc(who: str, start: int, end: int, states: Sequence[str]) -> None:
    """Raises `InputError` for an arc that leads nowhere or stays in place."""
    if not (0 <= start < len(states) and 0 <= end < len(states)):
        raise InputError(f"{who} cannot move from state {start} to state {end}: there are {len(states)} states")
    if start == end:
        raise InputError(f"a move of {who} stays in '{states[start]}'; staying is always allowed and no move")
