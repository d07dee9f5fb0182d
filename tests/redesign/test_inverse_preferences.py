from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product

import numpy as np
import pytest

from gamecore.compromises.stability.concepts import Concept, stable_states
from gamecore.errors import InputError, TooLargeError
from gamecore.games.conflict import Conflict, conflict_from_arcs
from gamecore.games.conflict_preferences import Preference, from_ranking, from_ranks
from gamecore.redesign.inverse_preferences import Change, Inverse, in_words, least_changes
from gamecore.redesign.inverse_program import StabilityProgram, Stop
from tests.compromises.conflict_cases import elmira, euphrates, prisoners, random_conflict

CONCEPTS = (Concept.NASH, Concept.GMR, Concept.SMR, Concept.SEQ, Concept.SSEQ)
Comparisons = frozenset[tuple[int, int, int]]


@lru_cache
def weak_orders(states: int) -> tuple[Preference, ...]:
    """Every ranking with ties: each once, by the number of states that are better."""
    ranks = {tuple(sum(other > own for other in row) for own in row) for row in product(range(states), repeat=states)}
    return tuple(from_ranks([-rank for rank in row]) for row in sorted(ranks))


def differences(number: int, before: Preference, after: Preference) -> Comparisons:
    """The ordered pairs (a, b) of which 'a is at least as good as b' was and is not, or was not and is."""
    pairs = product(range(len(before)), repeat=2)
    return frozenset((number, a, b) for a, b in pairs if (before.better[a] ^ after.better[a]) >> b & 1)


def stable_for(conflict: Conflict, state: int, concept: Concept, targets: Sequence[int]) -> bool:
    return all(stable_states(conflict, target, concept) >> state & 1 for target in targets)


def by_brute_force(
    conflict: Conflict,
    state: int,
    concept: Concept,
    targets: Sequence[int],
    movable: Sequence[int],
    *,
    new_ties: bool = True,
) -> set[Comparisons]:
    """All minimal changes among all combinations of rankings."""
    found: list[Comparisons] = []
    for orders in product(weak_orders(len(conflict.states)), repeat=len(movable)):
        if not new_ties and any(
            ties(after) - ties(conflict.preferences[number]) for number, after in zip(movable, orders, strict=True)
        ):
            continue
        if stable_for(conflict.with_preferences(dict(zip(movable, orders, strict=True))), state, concept, targets):
            parts = [
                differences(number, conflict.preferences[number], after)
                for number, after in zip(movable, orders, strict=True)
            ]
            found.append(frozenset().union(*parts))
    return {one for one in found if not any(other < one for other in found)}


def ties(preference: Preference) -> set[tuple[int, int]]:
    count = len(preference)
    return {
        (a, b)
        for b in range(count)
        for a in range(b)
        if not (preference.better[a] >> b | preference.better[b] >> a) & 1
    }


def changed(conflict: Conflict, change: Change) -> Conflict:
    names = conflict.states
    return conflict.with_preferences({part.decision_maker: from_ranking(part.after, names) for part in change.parts})


def as_comparisons(conflict: Conflict, change: Change) -> Comparisons:
    after = changed(conflict, change)
    parts = [
        differences(p.decision_maker, conflict.preferences[p.decision_maker], after.preferences[p.decision_maker])
        for p in change.parts
    ]
    return frozenset().union(*parts)


def check(conflict: Conflict, answer: Inverse) -> None:
    """What holds of every answer: forward, order, distance."""
    assert [one.distance for one in answer.changes] == sorted(one.distance for one in answer.changes)
    sets = [as_comparisons(conflict, one) for one in answer.changes]
    assert len(set(sets)) == len(sets)
    assert not any(one < other for one in sets for other in sets)
    for one, comparisons in zip(answer.changes, sets, strict=True):
        assert one.distance == Fraction(len(comparisons), 2)
        assert stable_for(changed(conflict, one), answer.state, answer.concept, answer.stable_for)


def questions(seed: int, count: int, *, states: tuple[int, int]) -> Iterator[tuple[Conflict, int, Concept]]:
    generator = np.random.default_rng(seed)
    for _ in range(count):
        conflict = random_conflict(generator, states=states, decision_makers=(1, 3))
        yield conflict, int(generator.integers(len(conflict.states))), CONCEPTS[int(generator.integers(len(CONCEPTS)))]


@pytest.mark.parametrize("new_ties", [True, False])
def test_all_minimal_changes_of_one_decision_maker_are_those_of_brute_force(new_ties: bool) -> None:
    for conflict, state, concept in questions(1, 30, states=(2, 4)):
        target = state % len(conflict.decision_makers)
        answer = least_changes(conflict, state, concept, stable_for=[target], new_ties=new_ties, most=1000)
        expected = by_brute_force(conflict, state, concept, [target], [target], new_ties=new_ties)
        assert answer.complete
        check(conflict, answer)
        assert {as_comparisons(conflict, one) for one in answer.changes} == expected


@pytest.mark.parametrize("concept", CONCEPTS)
def test_all_minimal_changes_of_two_decision_makers_at_once_are_those_of_brute_force(concept: Concept) -> None:
    generator = np.random.default_rng(2)
    for _ in range(8):
        conflict = random_conflict(generator, states=(3, 3), decision_makers=(2, 3))
        state = int(generator.integers(3))
        people = range(len(conflict.decision_makers))
        answer = least_changes(conflict, state, concept, may_change=[0, 1], most=1000)
        check(conflict, answer)
        found = {as_comparisons(conflict, one) for one in answer.changes}
        assert answer.complete
        assert found == by_brute_force(conflict, state, concept, people, [0, 1])


@pytest.mark.parametrize("seed", [601, 626])
def test_answers_that_are_no_ranking_at_first_are_mended(seed: int) -> None:
    conflict = random_conflict(np.random.default_rng(seed), states=(4, 4), decision_makers=(2, 2))
    program = StabilityProgram(conflict, 0, Concept.SEQ, (0, 1), dict.fromkeys((0, 1), (0, 1, 2, 3)), new_ties=True)
    begun_with, found = len(program._rows), []
    while isinstance(closest := program.closest(60.0), frozenset):
        found.append(closest)
        program.forbid(closest)
    assert closest is Stop.NONE_LEFT
    assert len(program._rows) > begun_with + len(found)  # more than the changes that were forbidden
    triples = {frozenset((one.decision_maker, one.better, one.worse) for one in changes) for changes in found}
    assert triples == by_brute_force(conflict, 0, Concept.SEQ, [0, 1], [0, 1])


def test_the_others_alone_can_make_a_state_stable_by_caring_to_answer() -> None:
    for seed in range(14):
        generator = np.random.default_rng(400 + seed)
        conflict = random_conflict(generator, states=(4, 4), decision_makers=(2, 2))
        answer = least_changes(conflict, 0, Concept.SEQ, stable_for=[0], may_change=[1], most=1000)
        check(conflict, answer)
        assert {as_comparisons(conflict, one) for one in answer.changes} == by_brute_force(
            conflict, 0, Concept.SEQ, [0], [1]
        )


@pytest.mark.parametrize("seed", range(2))
def test_a_hundred_random_states_are_made_stable_without_contradiction(seed: int) -> None:
    for conflict, state, concept in questions(500 + seed, 100, states=(3, 6)):
        people = range(len(conflict.decision_makers))
        answer = least_changes(conflict, state, concept, most=2, seconds=300)
        check(conflict, answer)
        assert answer.changes
        assert (answer.changes[0].distance == 0) == stable_for(conflict, state, concept, people)


def test_keeping_quiet_takes_one_tie_of_each_prisoner() -> None:
    conflict = prisoners()
    answer = least_changes(conflict, 0, Concept.NASH)
    assert [one.distance for one in answer.changes] == [1]
    assert [part.tied for part in answer.changes[0].parts] == [((2, 0),), ((1, 0),)]
    assert in_words(conflict, answer, answer.changes[0]) == (
        "A would have to like 'CC' as much as 'DC'.",
        "B would have to like 'CC' as much as 'CD'.",
    )
    strict = least_changes(conflict, 0, Concept.NASH, new_ties=False)
    assert strict.complete
    assert [one.distance for one in strict.changes] == [2]
    assert in_words(conflict, strict, strict.changes[0])[0] == "A would have to like 'CC' better than 'DC'."


def test_a_stable_state_needs_no_change_and_says_so() -> None:
    conflict = elmira()
    answer = least_changes(conflict, 7, Concept.NASH)
    assert (answer.changes, answer.complete) == ((Change(()),), True)
    assert in_words(conflict, answer, answer.changes[0]) == ("'s8' is stable already.",)


def test_elmira_today_would_last_if_local_government_liked_it_as_well_as_insisting() -> None:
    conflict = elmira()
    answer = least_changes(conflict, 0, Concept.NASH)
    check(conflict, answer)
    assert answer.changes[0].distance == Fraction(1, 2)
    assert in_words(conflict, answer, answer.changes[0]) == (
        "Local Government would have to like 's1' as much as 's5'.",
    )


def test_a_change_that_moves_more_says_how_many_comparisons_go_with_it() -> None:
    states = ("now", "x", "y")
    conflict = conflict_from_arcs(("A",), states, [[(0, 2)]], [from_ranks([0, 1, 2])])
    answer = least_changes(conflict, 0, Concept.NASH)
    assert {one.distance for one in answer.changes} == {Fraction(3, 2)}
    told = {in_words(conflict, answer, one)[0] for one in answer.changes}
    assert told == {
        "A would have to like 'now' as much as 'y'; one more comparison changes with that.",
        "A would have to like 'now' as much as 'y' and better than 'x'.",
        "A would have to like 'now' as much as 'x' and 'y'; one more comparison changes with that.",
    }


def test_who_would_have_to_answer_is_told_which_answer_to_like() -> None:
    states = ("now", "tempting", "bad")
    conflict = conflict_from_arcs(
        ("A", "B"), states, [[(0, 1)], [(1, 2)]], [from_ranks([1, 2, 0]), from_ranks([0, 2, 1])]
    )
    answer = least_changes(conflict, 0, Concept.SEQ, stable_for=[0], may_change=[1])
    assert [in_words(conflict, answer, one) for one in answer.changes] == [
        ("B would have to like 'bad' better than 'tempting'.",)
    ]


def test_nothing_can_be_done_by_who_has_no_say_in_it() -> None:
    states = ("now", "better")
    conflict = conflict_from_arcs(("A", "B"), states, [[(0, 1)], []], [from_ranks([0, 1])] * 2)
    answer = least_changes(conflict, 0, Concept.SEQ, stable_for=[0], may_change=[1])
    assert (answer.changes, answer.complete) == ((), True)


def test_the_cap_and_the_time_are_told() -> None:
    conflict = euphrates()
    capped = least_changes(conflict, 0, Concept.NASH, most=1)
    assert (len(capped.changes), capped.complete) == (1, False)
    late = least_changes(conflict, 0, Concept.NASH, seconds=0)
    assert (late.changes, late.complete) == ((), False)


def test_the_same_question_gets_the_same_answer() -> None:
    assert least_changes(euphrates(), 2, Concept.SEQ) == least_changes(euphrates(), 2, Concept.SEQ)


def test_questions_that_make_no_sense_are_refused() -> None:
    conflict = prisoners()
    with pytest.raises(InputError, match="state 4 does not exist"):
        least_changes(conflict, 4, Concept.NASH)
    with pytest.raises(InputError, match="decision maker 2 does not exist"):
        least_changes(conflict, 0, Concept.NASH, may_change=[2])
    with pytest.raises(InputError, match="not worked out for 'sim'"):
        least_changes(conflict, 0, Concept.SIM)
    unsure = conflict.with_preferences({1: Preference((0, 0, 0, 0), (2, 1, 0, 0))})
    with pytest.raises(InputError, match="preferences of B have unknown comparisons"):
        least_changes(unsure, 0, Concept.NASH)
    count = 120
    large = conflict_from_arcs(("A",), [str(s) for s in range(count)], [[(0, 1)]], [from_ranks(list(range(count)))])
    with pytest.raises(TooLargeError, match="order of 120 states could change for A, more than the 100"):
        least_changes(large, 0, Concept.NASH)
