"""Which least changes of preference would change the advice on a conflict.

For today, the options of the page and the states the player advised likes better than what is recommended: the least
changes that make the state stable for all (Nash), each verified by the forward solver, with what would be recommended
then. And what would undo the recommendation: for each player who can leave the state, how far one state would have to
move in its ranking until it would.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from gamecore.advice.conflict_facts import LeastChange, RankChange, Strength, Undoing
from gamecore.advice.conflict_recommend import Chosen, choose, shortest_from, strengths
from gamecore.compromises.stability.concepts import Concept
from gamecore.errors import TooLargeError
from gamecore.games.conflict_of_scenario import ScenarioConflict
from gamecore.games.conflict_preferences import Preference, from_ranking
from gamecore.games.conflict_relations import members
from gamecore.redesign.inverse_preferences import Change, least_changes

__all__ = ["least_changes_of", "undoing_of"]

MOST_STATES: Final = 60  # of a conflict whose changes of preference are searched; each is a 0-1 program
MOST_ASKED: Final = 6  # states that are asked about
MOST_CHANGES: Final = 3  # of each state
NO_CLOCK: Final = 3600.0  # seconds; the sizes above keep every search far below, so that no clock decides


def least_changes_of(
    found: ScenarioConflict, chosen: Chosen, advised: int | None, shown: Sequence[int]
) -> tuple[tuple[LeastChange, ...], str]:
    """The changes and how far they were searched: complete, partial or refused."""
    conflict = found.conflict
    if len(conflict.states) > MOST_STATES or any(any(preference.unknown) for preference in conflict.preferences):
        return (), "refused"
    changes: list[LeastChange] = []
    complete = True
    for state in _asked(found, chosen, advised, shown):
        try:
            answer = least_changes(conflict, state, Concept.NASH, most=MOST_CHANGES, seconds=NO_CLOCK)
        except TooLargeError:
            return (), "refused"
        complete = complete and answer.complete
        changes += [_told(found, state, change, advised) for change in answer.changes if change.parts]
    return tuple(changes), "complete" if complete else "partial"


def _asked(found: ScenarioConflict, chosen: Chosen, advised: int | None, shown: Sequence[int]) -> list[int]:
    """States that do not hold by everybody's own interest: those shown, and what the advised player likes better."""
    held = strengths(found.conflict)
    reached, _ = shortest_from(found.conflict, found.starts)
    better: list[int] = []
    if advised is not None and chosen.recommended is not None:
        liked = found.conflict.preferences[advised].better[chosen.recommended]
        better = sorted((s for s in members(liked) if s in reached), key=lambda s: (_place(found, advised, s), s))
    asked = dict.fromkeys([*shown, *better])
    return [s for s in asked if held[s] not in {Strength.NASH, Strength.COALITION}][:MOST_ASKED]


def _place(found: ScenarioConflict, player: int, state: int) -> int:
    return found.conflict.preferences[player].better[state].bit_count()


def _told(found: ScenarioConflict, state: int, change: Change, advised: int | None) -> LeastChange:
    after: dict[int, Preference] = {
        part.decision_maker: from_ranking(part.after, found.conflict.states) for part in change.parts
    }
    conflict = found.conflict.with_preferences(after)
    then = choose(conflict, found.starts, found.today, advised, strengths(conflict))
    return LeastChange(
        state=state,
        distance=float(change.distance),
        parts=tuple(
            RankChange(found.players[part.decision_maker], part.swapped, part.tied, part.untied)
            for part in change.parts
        ),
        recommended=then.recommended,
    )


def undoing_of(found: ScenarioConflict, state: int | None) -> tuple[Undoing, ...]:
    """Per player who can leave the state and does not want to: where it would go after the least move of one state in
    its ranking.

    Either the other state moves up or this one down, past all between the two; a pair that is turned counts 1, a tie
    made or broken 1/2. Changes of several states at once, which can be shorter by a tie or two, are not looked at.
    """
    unknown = any(any(preference.unknown) for preference in found.conflict.preferences)
    if state is None or unknown or len(found.options) > MOST_STATES:
        return ()
    undone = []
    for number, player in enumerate(found.players):
        preference = found.conflict.preferences[number]
        ends = [end for end in found.conflict.moves[number][state] if not preference.better[state] >> end & 1]
        priced = [(_distance(preference, state, end), end) for end in ends]
        if priced:
            distance, end = min(priced)
            undone.append(Undoing(player, end, float(distance)))
    return tuple(undone)


def _distance(preference: Preference, state: int, end: int) -> Fraction:
    """The least distance to a ranking in which `end` is preferred to `state` and only one of the two has moved."""
    line_of = {s: number for number, line in enumerate(preference.ranking()) for s in line}
    last = max(line_of.values())
    # heights are twice the number of a line, the best being 0; odd ones are the gaps between lines
    up = (_moved(line_of, end, height) for height in range(-1, 2 * line_of[state]))
    down = (_moved(line_of, state, height) for height in range(2 * line_of[end] + 1, 2 * last + 2))
    return min((*up, *down))


def _moved(line_of: dict[int, int], mover: int, height: int) -> Fraction:
    """What it costs that one state comes to stand at another height: half of every step of a pair."""
    steps = (
        abs(_sign(line_of[other] - line_of[mover]) - _sign(2 * line_of[other] - height))
        for other in line_of
        if other != mover
    )
    return Fraction(sum(steps), 2)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
