"""Which least changes of preference make a state stable: the inverse of the graph model, all minimal ones.

Given a state, a concept and for whom it shall be stable, find the rankings, closest to the present ones, under which it
is (Kinsara, Kilgour & Hipel 2015; Wang, Hipel, Fang & Dang 2018). Unknown is for each decision maker `i` who may change
and each ordered pair of states whether `i` finds a at least as good as b, w_ab: complete (w_ab + w_ba >= 1), transitive
(w_ab + w_bc <= 1 + w_ac). Stability is linear in them: each move of `i` from the state s to s1 has w_{s,s1} or a
sanction s2; under SEQ and SSEQ a path to it, a flow along the others' arcs a -> b that w_ab = 0 opens.

**Distance** is counted in pairs of states: 1 for a pair that is swapped, 1/2 for a pair that becomes or stops being a
tie (Kemeny 1959, halved; Kendall's distance where nothing is tied). A change is **minimal** if no other one
changes only a part of its comparisons w_ab. They come by distance: after each a row forbids all that contain it, so the
next closest is minimal again, and when nothing is left all are found. Each is checked by the forward solver.

>>> from gamecore.compromises.stability.concepts import Concept
>>> from gamecore.games.conflict import conflict_from_arcs
>>> from gamecore.games.conflict_preferences import from_ranks
>>> prisoners = conflict_from_arcs(
...     ("Ann", "Bob"),
...     ("both keep quiet", "Bob confesses", "Ann confesses", "both confess"),
...     [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]],
...     [from_ranks([3, 1, 4, 2]), from_ranks([3, 4, 1, 2])],
... )
>>> answer = least_changes(prisoners, 0, Concept.NASH)
>>> len(answer.changes), answer.complete, answer.changes[0].distance
(1, True, Fraction(1, 1))
>>> print(in_words(prisoners, answer, answer.changes[0])[0])
Ann would have to like 'both keep quiet' as much as 'Ann confesses'.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Final

from gamecore.compromises.stability.concepts import Concept, stable_states
from gamecore.errors import GamecoreError, InputError, TooLargeError
from gamecore.games.conflict import Conflict
from gamecore.games.conflict_preferences import Preference, from_ranks
from gamecore.redesign.inverse_program import Comparison, StabilityProgram, Stop

__all__ = [
    "MOST_COMPARED",
    "Change",
    "Inverse",
    "PreferenceChange",
    "Ranking",
    "in_words",
    "least_changes",
]

MOST_COMPARED: Final = 100  # states whose order may change: each pair of them is two variables of the program

CONCEPTS: Final = frozenset({Concept.NASH, Concept.GMR, Concept.SMR, Concept.SEQ, Concept.SSEQ})

MOST_TOLD: Final = 3  # comparisons of one sentence

SANCTIONED_IN_INTEREST: Final = frozenset({Concept.SEQ, Concept.SSEQ})
"""Concepts under which the preferences of one decide what is stable for another; the others fall apart by who."""

Ranking = tuple[tuple[int, ...], ...]
"""States from best to worst, equals together."""


@dataclass(frozen=True)
class PreferenceChange:
    """One decision maker's part of a change. Pairs (a, b) are so that a was preferred to b before, or is now."""

    decision_maker: int
    before: Ranking
    after: Ranking
    swapped: tuple[tuple[int, int], ...]
    """a was preferred to b, now b is to a."""
    tied: tuple[tuple[int, int], ...]
    """a was preferred to b, now they are equal."""
    untied: tuple[tuple[int, int], ...]
    """a was as good as b, now it is preferred."""

    @property
    def distance(self) -> Fraction:
        """Pairs swapped, and half for each pair tied or untied."""
        return len(self.swapped) + Fraction(len(self.tied) + len(self.untied), 2)


@dataclass(frozen=True)
class Change:
    """A minimal change that makes the state stable; no parts if it is so already."""

    parts: tuple[PreferenceChange, ...]

    @property
    def distance(self) -> Fraction:
        """The sum over the decision makers."""
        return sum((part.distance for part in self.parts), Fraction(0))


@dataclass(frozen=True)
class Inverse:
    """All minimal changes, closest first; none if nothing the decision makers may change makes the state stable.

    `complete` is false if there may be more: the cap or the time was reached.
    """

    state: int
    concept: Concept
    stable_for: tuple[int, ...]
    may_change: tuple[int, ...]
    changes: tuple[Change, ...]
    complete: bool


def least_changes(
    conflict: Conflict,
    state: int,
    concept: Concept,
    *,
    stable_for: Collection[int] | None = None,
    may_change: Collection[int] | None = None,
    new_ties: bool = True,
    most: int = 20,
    seconds: float = 20.0,
) -> Inverse:
    """The minimal changes of preference that make `state` stable, closest first, at most `most` of them.

    Parameters
    ----------
    conflict
        With a full ranking for every decision maker.
    state, concept
        What shall be stable and how; `NASH`, `GMR`, `SMR`, `SEQ` or `SSEQ`.
    stable_for
        Decision makers for whom it shall be stable; all if not given.
    may_change
        Decision makers whose preferences may change; those of `stable_for` if not given.
    new_ties
        Whether states that are told apart now may become equal.
    most, seconds
        After so many changes or so much time the search stops and says that there may be more.

    Raises
    ------
    InputError
        If the state or a decision maker does not exist, a ranking is not full, or the concept has no inverse here.
    TooLargeError
        If the order of more than `MOST_COMPARED` states could change.
    """
    conflict.check_state(state)
    everybody = range(len(conflict.decision_makers))
    targets = _numbers(conflict, everybody if stable_for is None else stable_for)
    movable = _numbers(conflict, targets if may_change is None else may_change)
    if concept not in CONCEPTS:
        raise InputError(f"which preferences make a state stable is not worked out for '{concept}'")
    for name, preference in zip(conflict.decision_makers, conflict.preferences, strict=True):
        if any(preference.unknown) or not preference.is_ranking():
            raise InputError(
                f"the preferences of {name} have unknown comparisons; changes are counted between rankings"
            )
    if _is_stable(conflict, state, concept, targets):
        return Inverse(state, concept, targets, movable, (Change(()),), complete=True)
    spans = _spans(conflict, state, concept, targets, movable)
    groups = [targets] if concept in SANCTIONED_IN_INTEREST else [(target,) for target in targets]
    until = time.monotonic() + seconds
    together, complete = [frozenset[Comparison]()], True
    for group in groups:
        own = {number: span for number, span in spans.items() if number in group or len(groups) == 1}
        program = StabilityProgram(conflict, state, concept, group, own, new_ties=new_ties)
        found, all_found = _minimal_sets(program, most, until)
        if not found and all_found:
            return Inverse(state, concept, targets, movable, (), complete=True)
        complete = complete and all_found and len(together) * len(found) <= most
        together = sorted((one | other for one, other in product(together, found)), key=len)[:most]
    changes = tuple(sorted((_verified(conflict, state, concept, targets, one) for one in together), key=_place))
    return Inverse(state, concept, targets, movable, changes, complete)


def _minimal_sets(program: StabilityProgram, most: int, until: float) -> tuple[list[frozenset[Comparison]], bool]:
    """The minimal sets of comparisons, smallest first, and whether these are all."""
    found: list[frozenset[Comparison]] = []
    while len(found) < most:
        solved = program.closest(until - time.monotonic())
        if isinstance(solved, Stop):
            return found, solved is Stop.NONE_LEFT
        found.append(solved)
        if not solved:
            return found, True
        program.forbid(solved)
    return found, False


def _place(change: Change) -> tuple[Fraction, list[tuple[int, Ranking]]]:
    """Closest first; as close ones in the order of their rankings, whatever order they were found in."""
    return change.distance, [(part.decision_maker, part.after) for part in change.parts]


def _numbers(conflict: Conflict, decision_makers: Collection[int]) -> tuple[int, ...]:
    return tuple(sorted({conflict.check_decision_maker(number) for number in decision_makers}))


def _spans(
    conflict: Conflict, state: int, concept: Concept, targets: tuple[int, ...], movable: tuple[int, ...]
) -> dict[int, tuple[int, ...]]:
    """Per decision maker who may change the states whose order may.

    Where only comparisons with `state` count, what is below it can stay where it is: a change among the others alone is
    a part of any other and does the same.
    """
    spans = {}
    for number in movable:
        sanctioning = concept in SANCTIONED_IN_INTEREST and any(target != number for target in targets)
        worse = conflict.preferences[number].worse[state]
        span = tuple(q for q in range(len(conflict.states)) if sanctioning or not worse >> q & 1)
        if len(span) > MOST_COMPARED:
            raise TooLargeError(
                f"the order of {len(span)} states could change for {conflict.decision_makers[number]}, more than the "
                f"{MOST_COMPARED} that are searched",
                limit="states compared",
                count=len(span),
                allowed=MOST_COMPARED,
            )
        if sanctioning or number in targets:
            spans[number] = span
    return spans


def _is_stable(conflict: Conflict, state: int, concept: Concept, targets: tuple[int, ...]) -> bool:
    """What the forward solver says."""
    return all(stable_states(conflict, target, concept) >> state & 1 for target in targets)


def _verified(
    conflict: Conflict, state: int, concept: Concept, targets: tuple[int, ...], flipped: frozenset[Comparison]
) -> Change:
    """The change with its rankings, after the forward solver has agreed."""
    after: dict[int, Preference] = {}
    parts = []
    for number in sorted({comparison.decision_maker for comparison in flipped}):
        before = conflict.preferences[number]
        mine = {(one.better, one.worse) for one in flipped if one.decision_maker == number}
        everything = range(len(conflict.states))
        ranks = [
            sum(((a, b) in mine) != (not before.better[a] >> b & 1) for b in everything if b != a) for a in everything
        ]
        after[number] = from_ranks(ranks)
        parts.append(_compared(number, before, after[number]))
    if not _is_stable(conflict.with_preferences(after), state, concept, targets):
        raise GamecoreError(
            f"a change was found that does not make '{conflict.states[state]}' stable: "
            "this is a fault of the program, not of the conflict"
        )
    return Change(tuple(parts))


def _compared(number: int, before: Preference, after: Preference) -> PreferenceChange:
    """What differs, pair by pair."""
    swapped, tied, untied = [], [], []
    for low, high in combinations(range(len(before)), 2):
        for a, b in ((low, high), (high, low)):
            was, now, reversed_now = before.worse[a] >> b & 1, after.worse[a] >> b & 1, after.worse[b] >> a & 1
            if was and reversed_now:
                swapped.append((a, b))
            elif was and not now:
                tied.append((a, b))
            elif now and not was and not before.worse[b] >> a & 1:
                untied.append((a, b))
    return PreferenceChange(number, before.ranking(), after.ranking(), tuple(swapped), tuple(tied), tuple(untied))


def in_words(conflict: Conflict, inverse: Inverse, change: Change) -> tuple[str, ...]:
    """One sentence per decision maker: what was preferred to the state and no longer is; the rest is counted.

    Who does not change that, but what others would answer with, has its first comparisons named.
    """
    if not change.parts:
        return (f"'{conflict.states[inverse.state]}' is stable already.",)
    return tuple(_part_in_words(conflict, inverse.state, part) for part in change.parts)


def _part_in_words(conflict: Conflict, state: int, part: PreferenceChange) -> str:
    names = conflict.states
    as_good = [a for a, b in part.tied if b == state]
    better_than = [a for a, b in part.swapped if b == state]
    further = len(part.swapped) + len(part.tied) + len(part.untied)
    if as_good or better_than:
        further -= len(as_good) + len(better_than)
        likings = [f"as much as {_listed(conflict, as_good)}"] if as_good else []
        likings += [f"better than {_listed(conflict, better_than)}"] if better_than else []
        wanted = f"like '{names[state]}' {' and '.join(likings)}"
    else:
        told = [f"like '{names[b]}' better than '{names[a]}'" for a, b in part.swapped]
        told += [f"like '{names[b]}' as much as '{names[a]}'" for a, b in part.tied]
        told += [f"like '{names[a]}' better than '{names[b]}'" for a, b in part.untied]
        further -= len(told[:MOST_TOLD])
        wanted = " and ".join(told[:MOST_TOLD])
    more = {0: "", 1: "; one more comparison changes with that"}
    ending = more.get(further, f"; {further} more comparisons change with that")
    return f"{conflict.decision_makers[part.decision_maker]} would have to {wanted}{ending}."


def _listed(conflict: Conflict, states: list[int]) -> str:
    return " and ".join(f"'{conflict.states[state]}'" for state in states)
