"""Why a state of a conflict is recommended: typed reasons, in order of weight."""

from __future__ import annotations

from collections.abc import Sequence

from gamecore.advice.conflict_facts import ConflictReason, ConflictRecommendation, Strength, Why
from gamecore.advice.conflict_recommend import Chosen, is_last, shortest_from
from gamecore.compromises.stability.story import Holds, Story
from gamecore.games.conflict_of_scenario import ScenarioConflict

__all__ = ["reasons_of"]

_FEAR = (Holds.TRAP, Holds.THREAT)


def reasons_of(
    found: ScenarioConflict, chosen: Chosen, advised: int | None, held: Sequence[Strength], today: Story | None
) -> ConflictRecommendation:
    """The recommendation with its reasons, and what holds today (`today` is its story)."""
    state = chosen.recommended
    reasons = [] if state is None else _of_state(found, state, advised, held)
    if state is None:
        reasons.append(ConflictReason(Why.NOTHING_BETTER))
    if chosen.alternative is None:
        reasons.append(ConflictReason(Why.ONLY_ONE))
    return ConflictRecommendation(state, (*reasons, *_of_today(found, held, today)))


def _of_state(
    found: ScenarioConflict, state: int, advised: int | None, held: Sequence[Strength]
) -> list[ConflictReason]:
    conflict, players = found.conflict, found.players
    reasons = [ConflictReason(Why.HOLDS, state=state, strength=held[state])]
    if advised is not None:
        rank, _ = found.rank(advised, state)
        reasons.append(ConflictReason(Why.BEST, (players[advised],), state, rank))
    else:
        ranks = [found.rank(number, state)[0] for number in range(len(players))]
        known = [rank for rank in ranks if rank is not None]
        reasons.append(ConflictReason(Why.FAIREST, players, state, max(known) if len(known) == len(ranks) else None))
    last = tuple(p for number, p in enumerate(players) if number != advised and is_last(conflict, number, state))
    reasons.append(ConflictReason(Why.WORST_FOR, last, state) if last else ConflictReason(Why.NOT_WORST, state=state))
    by_moves, improving = shortest_from(conflict, found.starts)
    start, path = by_moves[state]
    if state not in improving:
        against, before = [], start
        for step in path:
            if not conflict.preferences[step.mover].better[before] >> step.state & 1:
                against.append(players[step.mover])
            before = step.state
        movers = tuple(dict.fromkeys(step.mover for step in path))
        if len(movers) > 1 and all(conflict.preferences[mover].better[start] >> state & 1 for mover in movers):
            reasons.append(ConflictReason(Why.TOGETHER, tuple(players[mover] for mover in movers), state))
        if against:
            reasons.append(ConflictReason(Why.STEP_AGAINST_INTEREST, tuple(dict.fromkeys(against)), state))
    final = [
        f"{name}={option}"
        for name, option in found.options[state].items()
        if found.options[start].get(name) != option
        and next(o for o in found.scenario.decisions[name].options if o.name == option).leads_to == ()
    ]
    if final:
        reasons.append(ConflictReason(Why.CANNOT_BE_UNDONE, state=state, options=tuple(final)))
    return reasons


def _of_today(found: ScenarioConflict, held: Sequence[Strength], today: Story | None) -> list[ConflictReason]:
    if found.today is None or today is None:
        return [ConflictReason(Why.TODAY_GONE)]
    parts = today.parts
    leaving = tuple(found.players[part.decision_maker] for part in parts if part.holds is Holds.NOTHING)
    if leaving:
        return [ConflictReason(Why.TODAY_LEFT, leaving, found.today)]
    fearing = tuple(found.players[part.decision_maker] for part in parts if part.holds in _FEAR)
    if fearing:
        return [ConflictReason(Why.TODAY_FEAR, fearing, found.today, strength=held[found.today])]
    return [ConflictReason(Why.TODAY_HOLDS, (), found.today, strength=held[found.today])]
