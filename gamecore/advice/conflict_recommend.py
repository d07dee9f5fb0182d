"""Which state of a conflict is recommended, from orders alone.

The rule, in this order:

1. Candidates are states that can be reached from today (today included), at least as good as today for the player
   advised, and *held*: stable for everybody under some concept.
2. A candidate falls away if everybody likes another one better that is held by interest (SEQ or stronger): nobody is
   asked to stay where all can have better. Of the rest only those held most strongly stay: against any group (coalition
   Nash), against each alone (Nash), by answers in the others' own interest (SEQ), by threats that cannot be escaped
   (SMR), by threats (GMR).
3. If some of these are nobody's last place among the states, only those stay (the advised player's own place is
   compared next).
4. The best for the player advised; ties by the better worst place among the others, then by a way of improvements,
   then by fewer steps, then in the order of the file.

`advise: alliance` has no player of its own. In 1 nobody may be worse off than today - where that leaves nothing, the
condition falls away - and in 4 the worst place among all players decides, then the second worst and so on (leximin on
ranks). Ranks of different players are compared only in that: no sum is made of them.

The alternative comes by 2 to 4 from the other states that are held and can be reached, also those that the player
advised likes less than today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gamecore.advice.conflict_facts import Strength
from gamecore.compromises.stability.coalition import MOST_IN_COALITIONS, coalition_equilibria
from gamecore.compromises.stability.concepts import Concept, stabilities
from gamecore.compromises.stability.reachable import Path
from gamecore.compromises.stability.status_quo import ways_from
from gamecore.games.conflict import Conflict
from gamecore.games.conflict_relations import StateSet, everything, members, set_of

__all__ = ["MOST_TOGETHER", "Chosen", "choose", "shortest_from", "strengths"]

MOST_TOGETHER = 1_000  # states of a conflict in which groups are looked at
ORDER = tuple(Strength)
BY_INTEREST = frozenset({Strength.COALITION, Strength.NASH, Strength.SEQ})


@dataclass(frozen=True)
class Chosen:
    """What is recommended and the best alternative (None: there is none)."""

    recommended: int | None
    alternative: int | None


def strengths(conflict: Conflict, known: Mapping[Concept, tuple[StateSet, ...]] | None = None) -> tuple[Strength, ...]:
    """Per state the strongest way in which it is stable for everybody; `known` are stabilities worked out before."""
    wanted = (Concept.NASH, Concept.SEQ, Concept.SMR, Concept.GMR)
    stable = stabilities(conflict, wanted) if known is None else known
    held = {}
    for concept in wanted:
        own = stable[concept]
        common = everything(len(conflict.states))
        for row in own:
            common &= row
        held[Strength(concept.value)] = common
    if len(conflict.decision_makers) <= MOST_IN_COALITIONS and len(conflict.states) <= MOST_TOGETHER:
        held[Strength.COALITION] = coalition_equilibria(conflict, Concept.NASH)
    found = [Strength.NONE] * len(conflict.states)
    for strength in reversed(ORDER):
        for state in members(held.get(strength, 0)):
            found[state] = strength
    return tuple(found)


def shortest_from(conflict: Conflict, starts: Sequence[int]) -> tuple[Mapping[int, tuple[int, Path]], ...]:
    """Per state the start and the shortest way: by any moves, and by improvements alone."""
    by_moves: dict[int, tuple[int, Path]] = {}
    improving: dict[int, tuple[int, Path]] = {}
    for start in starts:
        ways = ways_from(conflict, start)
        for found, own in ((by_moves, ways.by_moves), (improving, ways.by_improvements)):
            for end, path in own.items():
                if end not in found or len(path) < len(found[end][1]):
                    found[end] = (start, path)
    return by_moves, improving


def choose(
    conflict: Conflict, starts: Sequence[int], today: int | None, advised: int | None, held: Sequence[Strength]
) -> Chosen:
    """The state that is recommended, and the best alternative; `advised` is None for the alliance."""
    by_moves, improving = shortest_from(conflict, starts)
    everybody = range(len(conflict.decision_makers))
    good = [state for state in sorted(by_moves) if held[state] is not Strength.NONE]
    if today is not None:
        ones = everybody if advised is None else (advised,)
        kept = [s for s in good if all(not conflict.preferences[i].worse[today] >> s & 1 for i in ones)]
        good = kept or (good if advised is None else [])

    def key(state: int) -> tuple[object, ...]:
        places = [conflict.preferences[i].better[state].bit_count() for i in everybody]
        if advised is None:
            liking: tuple[int, ...] = tuple(sorted(places, reverse=True))
        else:
            liking = (places[advised], max((places[i] for i in everybody if i != advised), default=0))
        return *liking, state not in improving, len(by_moves[state][1]), state

    recommended = _best(conflict, _undominated(conflict, good, held), advised, held, key)
    others = [s for s in sorted(by_moves) if held[s] is not Strength.NONE and s not in {recommended, today}]
    return Chosen(recommended, _best(conflict, _undominated(conflict, others, held), advised, held, key))


def _undominated(conflict: Conflict, states: Sequence[int], held: Sequence[Strength]) -> list[int]:
    """Without those to which everybody prefers another that is held by interest."""
    firm = set_of(state for state in states if held[state] in BY_INTEREST)
    kept = []
    for state in states:
        better = firm
        for preference in conflict.preferences:
            better &= preference.better[state]
        if not better:
            kept.append(state)
    return kept


def _best(
    conflict: Conflict,
    states: Sequence[int],
    advised: int | None,
    held: Sequence[Strength],
    key: Callable[[int], tuple[object, ...]],
) -> int | None:
    """Of the states held most strongly, spared the worst place of anybody where that can be, the best."""
    if not states:
        return None
    strongest = min(ORDER.index(held[state]) for state in states)
    kept = [state for state in states if ORDER.index(held[state]) == strongest]
    spared = [state for state in kept if not any(is_last(conflict, i, state) for i in _others(conflict, advised))]
    return min(spared or kept, key=key)


def _others(conflict: Conflict, advised: int | None) -> list[int]:
    return [i for i in range(len(conflict.decision_makers)) if i != advised]


def is_last(conflict: Conflict, player: int, state: int) -> bool:
    """Whether a player likes no state less, and some more."""
    preference = conflict.preferences[player]
    return bool(preference.better[state]) and not preference.worse[state]
