r"""What several decision makers can do together: coalition stabilities of the graph model.

R_H^{++}(s) are the states that a legal sequence of moves by members of coalition `H` leads to and that every member
prefers to `s`. State `s` is stable for `H` if every s1 in R_H^{++}(s) is sanctioned by the others (Kilgour, Hipel, Fang
& Peng 2001; Inohara & Hipel 2008): under Nash by nothing; under GMR by an s2 in R_{N\H}(s1) that `s` is at least as
good as for some member; under SMR by such an s2 with no escape, every s3 in R_H(s2) being as bad for some member; under
SEQ by an s2 that legal sequences of improvements of the others' coalitions lead to, none of which moves twice in a row.
A coalition of one is a decision maker, the coalition of all has nobody to fear. A comparison that is not known neither
tempts a coalition nor deters it.

>>> from gamecore.games.conflict import conflict_from_arcs
>>> from gamecore.games.conflict_preferences import from_ranks
>>> from gamecore.games.conflict_relations import members
>>> prisoners = conflict_from_arcs(
...     ("A", "B"),
...     ("CC", "CD", "DC", "DD"),
...     [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]],
...     [from_ranks([3, 1, 4, 2]), from_ranks([3, 4, 1, 2])],
... )
>>> members(coalition_improvements(prisoners, (0, 1))[3]), members(coalition_equilibria(prisoners, Concept.NASH))
([0], [])
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import chain, combinations
from typing import Final

from gamecore.compromises.stability.concepts import Concept, sanctioned, without_escape
from gamecore.compromises.stability.reachable import legal_sequences
from gamecore.errors import InputError, TooLargeError
from gamecore.games.conflict import Conflict
from gamecore.games.conflict_relations import Rows, StateSet, everything

__all__ = [
    "MOST_IN_COALITIONS",
    "Coalition",
    "coalition_equilibria",
    "coalition_improvements",
    "coalition_stable_states",
    "coalitions_of",
]

MOST_IN_COALITIONS: Final = 8  # decision makers, so at most 255 coalitions

Coalition = tuple[int, ...]
"""Decision makers who move together, ascending."""


def coalitions_of(decision_makers: Coalition) -> tuple[Coalition, ...]:
    """All coalitions of these, the smallest first. Raises `TooLargeError` for more than `MOST_IN_COALITIONS`."""
    if len(decision_makers) > MOST_IN_COALITIONS:
        raise TooLargeError(
            f"{len(decision_makers)} decision makers form too many coalitions: at most {MOST_IN_COALITIONS} may",
            limit="decision makers in coalitions",
            count=len(decision_makers),
            allowed=MOST_IN_COALITIONS,
        )
    sizes = range(1, len(decision_makers) + 1)
    return tuple(chain.from_iterable(combinations(decision_makers, size) for size in sizes))


def coalition_improvements(conflict: Conflict, coalition: Coalition) -> Rows:
    """R_H^{++}: per state what the coalition can get to that all its members prefer. Raises `InputError` as below."""
    return _Together(conflict).improvements(_checked(conflict, coalition))


def coalition_stable_states(conflict: Conflict, coalition: Coalition, concept: Concept) -> StateSet:
    """The states that are stable for one coalition, under `NASH`, `GMR`, `SMR` or `SEQ`.

    Raises `InputError` if a member does not exist or the concept has no coalition form, `TooLargeError` for more than
    `MOST_IN_COALITIONS` decision makers.
    """
    return _Together(conflict).stable(_checked(conflict, coalition), concept)


def coalition_equilibria(conflict: Conflict, concept: Concept) -> StateSet:
    """The states that are stable for every coalition, decision makers alone included. Raises as above."""
    together = _Together(conflict)
    stable = everything(len(conflict.states))
    for coalition in coalitions_of(together.all):
        stable &= together.stable(coalition, concept)
    return stable


def _checked(conflict: Conflict, coalition: Coalition) -> Coalition:
    """The coalition, ascending. Raises `InputError` if it is empty or a member does not exist."""
    if not coalition:
        raise InputError("a coalition needs at least one decision maker")
    return tuple(sorted({conflict.check_decision_maker(member) for member in coalition}))


class _Together:
    """One conflict with what its coalitions can reach, each worked out once."""

    def __init__(self, conflict: Conflict) -> None:
        self.conflict = conflict
        self.all: Coalition = tuple(range(len(conflict.decision_makers)))
        self.moves = lru_cache(maxsize=None)(self._moves)
        self.improvements = lru_cache(maxsize=None)(self._improvements)

    @cached_property
    def nothing(self) -> Rows:
        return (0,) * len(self.conflict.states)

    def _moves(self, coalition: Coalition) -> Rows:
        """R_H."""
        return legal_sequences([self.conflict.reachable[member] for member in coalition]) or self.nothing

    def _improvements(self, coalition: Coalition) -> Rows:
        """R_H^{++}."""
        rows = list(self.moves(coalition))
        for member in coalition:
            better = self.conflict.preferences[member].better
            rows = [row & up for row, up in zip(rows, better, strict=True)]
        return tuple(rows)

    def _deterring(self, coalition: Coalition) -> Rows:
        """What is no better for some member."""
        rows = [0] * len(self.conflict.states)
        for member in coalition:
            preference = self.conflict.preferences[member]
            rows = [row | preference.at_most(state) for state, row in enumerate(rows)]
        return tuple(rows)

    def stable(self, coalition: Coalition, concept: Concept) -> StateSet:
        tempting = self.improvements(coalition)
        others = tuple(member for member in self.all if member not in coalition)
        match concept:
            case Concept.NASH:
                return sanctioned(tempting, self.nothing, self.nothing)
            case Concept.GMR:
                return sanctioned(tempting, self.moves(others), self._deterring(coalition))
            case Concept.SMR:
                deterring = without_escape(self._deterring(coalition), self.moves(coalition))
                return sanctioned(tempting, self.moves(others), deterring)
            case Concept.SEQ:
                answers = legal_sequences([self.improvements(group) for group in coalitions_of(others)])
                return sanctioned(tempting, answers or self.nothing, self._deterring(coalition))
            case _:
                raise InputError(f"there is no coalition form of '{concept}'; ask for nash, gmr, smr or seq")
