"""Foresight of a given depth: limited-move and non-myopic stability for two decision makers.

Under L_h a decision maker foresees that both move by turns, itself first, at most `h` moves in all, and that whoever
does not move ends it (Zagare 1984; Kilgour 1985; Fang, Hipel & Kilgour 1993). Backward induction: with no moves left,
or nothing to do, the conflict stays; otherwise the mover compares the states that its moves lead to in the end with
staying, and moves only for something it prefers. The state it expects is the *anticipated* one; a state is L_h stable
for who expects it to stay. Of moves that are as good for the mover the one to the state with the lowest number is
expected. L_1 is Nash.

A state is non-myopically stable if it is L_h stable for every `h` from some depth on. What is anticipated with `h`
moves follows from what is with `h - 1`, so it comes back to itself after finitely many and the answer is exact.

>>> from gamecore.games.conflict import conflict_from_arcs
>>> from gamecore.games.conflict_preferences import from_ranks
>>> prisoners = conflict_from_arcs(
...     ("A", "B"),
...     ("CC", "CD", "DC", "DD"),
...     [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]],
...     [from_ranks([3, 1, 4, 2]), from_ranks([3, 4, 1, 2])],
... )
>>> anticipated_states(prisoners, 0, 1), anticipated_states(prisoners, 0, 2)
((2, 3, 2, 3), (0, 3, 2, 3))
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from gamecore.errors import InputError, TooLargeError
from gamecore.games.conflict import Conflict
from gamecore.games.conflict_relations import StateSet, set_of

__all__ = ["MOST_FORESIGHT", "anticipated_states", "limited_move_stable_states", "non_myopic_stable_states"]

MOST_FORESIGHT: Final = 1_000  # moves ahead: each a pass over all arcs, and all are kept to see them come back

Anticipated = tuple[tuple[int, ...], tuple[int, ...]]
"""Per decision maker, if it moves first, and state: the state where the conflict is expected to end."""


def anticipated_states(conflict: Conflict, decision_maker: int, horizon: int) -> tuple[int, ...]:
    """Per state the one where the conflict is expected to end if `decision_maker` moves first.

    Raises
    ------
    InputError
        If there are not two decision makers, a comparison is not known, or the horizon is not 1 or more.
    TooLargeError
        For a horizon above `MOST_FORESIGHT`.
    """
    conflict.check_decision_maker(decision_maker)
    if horizon < 1:
        raise InputError(f"a horizon of {horizon} moves foresees nothing; give 1 or more")
    if horizon > MOST_FORESIGHT:
        raise _too_far(horizon)
    return next(islice(_by_depth(conflict), horizon - 1, None))[decision_maker]


def limited_move_stable_states(conflict: Conflict, decision_maker: int, horizon: int) -> StateSet:
    """The states that are L_h stable for one decision maker, h = `horizon`. Raises as `anticipated_states`."""
    ends = anticipated_states(conflict, decision_maker, horizon)
    return set_of(state for state, end in enumerate(ends) if end == state)


def non_myopic_stable_states(conflict: Conflict, decision_maker: int) -> StateSet:
    """The states that are L_h stable for one decision maker for all large `h`.

    Raises `InputError` as `anticipated_states`, `TooLargeError` if the anticipations do not come back to themselves
    within `MOST_FORESIGHT` moves.
    """
    conflict.check_decision_maker(decision_maker)
    seen: dict[Anticipated, int] = {}
    history: list[Anticipated] = []
    for depth, anticipated in enumerate(islice(_by_depth(conflict), MOST_FORESIGHT)):
        if anticipated in seen:
            again = [one[decision_maker] for one in history[seen[anticipated] :]]
            states = range(len(conflict.states))
            return set_of(state for state in states if all(ends[state] == state for ends in again))
        seen[anticipated] = depth
        history.append(anticipated)
    raise _too_far(MOST_FORESIGHT + 1)


def _by_depth(conflict: Conflict) -> Iterator[Anticipated]:
    """What is anticipated with 1, 2, 3, ... moves."""
    if len(conflict.decision_makers) != 2:
        raise InputError(
            f"foresight by turns is defined for two decision makers: there are {len(conflict.decision_makers)}"
        )
    for name, preference in zip(conflict.decision_makers, conflict.preferences, strict=True):
        if any(preference.unknown) or not preference.is_ranking():
            raise InputError(f"foresight needs a full ranking of the states; that of {name} has unknown comparisons")
    worth = [[row.bit_count() for row in preference.worse] for preference in conflict.preferences]
    stay = tuple(range(len(conflict.states)))
    ahead: Anticipated = (stay, stay)
    while True:
        ahead = (
            _chosen(conflict.moves[0], worth[0], ahead[1]),
            _chosen(conflict.moves[1], worth[1], ahead[0]),
        )
        yield ahead


def _chosen(moves: tuple[tuple[int, ...], ...], worth: list[int], after: tuple[int, ...]) -> tuple[int, ...]:
    """Where it ends if the mover takes its best move, or stays if none is better than that."""
    ends = []
    for state, reachable in enumerate(moves):
        best = max((after[end] for end in reachable), key=worth.__getitem__, default=state)
        ends.append(best if worth[best] > worth[state] else state)
    return tuple(ends)


def _too_far(moves: int) -> TooLargeError:
    return TooLargeError(
        f"foresight of {moves} moves is more than the {MOST_FORESIGHT} that are looked ahead",
        limit="moves ahead",
        count=moves,
        allowed=MOST_FORESIGHT,
    )
