"""Coalitions, foresight, ways from the status quo, stories; the examples."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from gamecore.compromises.stability.coalition import (
    coalition_equilibria,
    coalition_improvements,
    coalition_stable_states,
    coalitions_of,
)
from gamecore.compromises.stability.concepts import Concept, Uncertainty, equilibria, improvements, stable_states
from gamecore.compromises.stability.limited_move import (
    anticipated_states,
    limited_move_stable_states,
    non_myopic_stable_states,
)
from gamecore.compromises.stability.status_quo import shortest_ways, ways_from
from gamecore.compromises.stability.story import Holds, story, tell, tell_state
from gamecore.errors import InputError, TooLargeError
from gamecore.games.conflict import Conflict, conflict_from_arcs
from gamecore.games.conflict_preferences import Preference, from_ranks
from gamecore.games.conflict_relations import members
from tests.compromises.conflict_cases import (
    Definitions,
    chicken,
    elmira,
    ends_of_foresight,
    from_one,
    prisoners,
    random_conflict,
    subsets,
)

COALITION_CONCEPTS = (Concept.NASH, Concept.GMR, Concept.SMR, Concept.SEQ)


def path(conflict: Conflict, steps: tuple[tuple[str, int], ...]) -> list[tuple[int, int]]:
    return [(conflict.decision_makers.index(who), state - 1) for who, state in steps]


# ----------------------------------------------------------------------------------------------------------- coalitions


def test_coalitions_leave_two_equilibria_of_elmira_and_the_jump_from_5_to_8_is_what_happened() -> None:
    conflict = elmira()
    assert from_one(coalition_equilibria(conflict, Concept.NASH)) == [8, 9]
    assert from_one(coalition_improvements(conflict, (0, 1))[4]) == [8]


def test_elmira_has_these_coalition_improvements_and_no_others() -> None:
    expected = {
        (0, 1): {2: [4], 5: [8], 6: [8]},
        (0, 2): {1: [5], 3: [7]},
        (1, 2): {2: [4, 8], 6: [8]},
        (0, 1, 2): {2: [4, 8], 6: [8]},
    }
    conflict = elmira()
    for coalition, improved in expected.items():
        rows = coalition_improvements(conflict, coalition)
        assert {state + 1: from_one(row) for state, row in enumerate(rows) if row} == improved


def test_no_state_of_the_prisoners_withstands_all_coalitions_and_two_of_chicken_do() -> None:
    assert coalition_equilibria(prisoners(), Concept.NASH) == 0
    assert from_one(coalition_equilibria(chicken(), Concept.NASH)) == [2, 3]


@pytest.mark.parametrize("seed", range(4))
def test_coalition_stabilities_agree_with_their_definitions_and_keep_their_inclusions(seed: int) -> None:
    generator = np.random.default_rng(200 + seed)
    for _ in range(40):
        conflict = random_conflict(generator, states=(2, 6), decision_makers=(1, 3))
        definitions = Definitions(conflict)
        for coalition in subsets(range(len(conflict.decision_makers))):
            found = {c: coalition_stable_states(conflict, coalition, c) for c in COALITION_CONCEPTS}
            for concept, states in found.items():
                expected = [
                    s for s in range(len(conflict.states)) if definitions.coalition_stable(coalition, s, concept)
                ]
                assert members(states) == expected
            nash, gmr, smr, seq = (found[c] for c in COALITION_CONCEPTS)
            assert nash & ~(seq & smr) == 0
            assert (smr | seq) & ~gmr == 0


def test_a_coalition_of_one_is_a_decision_maker_and_withstanding_all_is_more_than_withstanding_each() -> None:
    generator = np.random.default_rng(3)
    for _ in range(50):
        conflict = random_conflict(generator, decision_makers=(2, 3))
        for i in range(len(conflict.decision_makers)):
            for concept in (Concept.NASH, Concept.GMR, Concept.SMR):
                assert coalition_stable_states(conflict, (i,), concept) == stable_states(conflict, i, concept)
        assert coalition_equilibria(conflict, Concept.GMR) & ~equilibria(conflict, Concept.GMR) == 0


def test_coalitions_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InputError, match="at least one"):
        coalition_improvements(elmira(), ())
    with pytest.raises(InputError, match="does not exist"):
        coalition_improvements(elmira(), (0, 3))
    with pytest.raises(InputError, match="no coalition form"):
        coalition_stable_states(elmira(), (0,), Concept.SIM)
    with pytest.raises(TooLargeError, match="9 decision makers"):
        coalitions_of(tuple(range(9)))


# ------------------------------------------------------------------------------------------------------------ foresight


@pytest.mark.parametrize("seed", range(4))
def test_foresight_agrees_with_plain_recursion_and_one_move_of_it_is_nash(seed: int) -> None:
    generator = np.random.default_rng(300 + seed)
    for _ in range(25):
        conflict = random_conflict(generator, states=(2, 5), decision_makers=(2, 2))
        for i in (0, 1):
            assert limited_move_stable_states(conflict, i, 1) == stable_states(conflict, i, Concept.NASH)
            for horizon in (1, 2, 3, 4):
                ends = anticipated_states(conflict, i, horizon)
                assert ends == tuple(ends_of_foresight(conflict, i, s, horizon) for s in range(len(conflict.states)))


def test_non_myopic_stability_is_stability_for_all_long_horizons() -> None:
    generator = np.random.default_rng(31)
    for _ in range(16):
        conflict = random_conflict(generator, states=(2, 5), decision_makers=(2, 2))
        for i in (0, 1):
            settled = non_myopic_stable_states(conflict, i)
            always = -1
            for horizon in range(60, 90):
                always &= limited_move_stable_states(conflict, i, horizon)
            assert settled == always


def test_prisoners_with_foresight_keep_quiet() -> None:
    conflict = prisoners()
    both = non_myopic_stable_states(conflict, 0) & non_myopic_stable_states(conflict, 1)
    assert 1 in from_one(both)


def test_foresight_needs_two_decision_makers_a_ranking_and_something_to_foresee() -> None:
    with pytest.raises(InputError, match="two decision makers: there are 3"):
        anticipated_states(elmira(), 0, 2)
    with pytest.raises(InputError, match="horizon of 0"):
        anticipated_states(chicken(), 0, 0)
    with pytest.raises(TooLargeError, match="1001 moves"):
        anticipated_states(chicken(), 0, 1_001)
    unsure = chicken().with_preferences({0: Preference((0, 0, 0, 0), (2, 1, 0, 0))})
    with pytest.raises(InputError, match="that of A has unknown comparisons"):
        non_myopic_stable_states(unsure, 1)


# ----------------------------------------------------------------------------------------------------------- status quo


def test_elmira_gets_from_today_to_what_happened_by_three_moves_one_of_them_against_interest() -> None:
    conflict = elmira()
    ways = ways_from(conflict, 0)
    assert len(ways.by_moves[7]) == 3
    assert 7 not in ways.by_improvements
    history = path(conflict, (("Local Government", 5), ("MoE", 6), ("Uniroyal", 8)))
    found = [[(step.mover, step.state) for step in way] for way in shortest_ways(conflict, 0, 7)]
    assert history in found
    assert [(step.mover, step.state) for step in ways.by_improvements[4]] == path(conflict, (("Local Government", 5),))
    assert shortest_ways(conflict, 0, 7, improving=True) == ()


def test_ways_are_legal_shortest_and_complete() -> None:
    generator = np.random.default_rng(5)
    for _ in range(100):
        conflict = random_conflict(generator, decision_makers=(1, 3))
        people = range(len(conflict.decision_makers))
        ways = ways_from(conflict, 0)
        steps = [improvements(conflict, i, unknown=False) for i in people]
        for improving, found in ((False, ways.by_moves), (True, ways.by_improvements)):
            rows = steps if improving else conflict.reachable
            for end, way in found.items():
                here, last = 0, -1
                for step in way:
                    assert step.mover != last
                    assert rows[step.mover][here] >> step.state & 1
                    here, last = step.state, step.mover
                assert here == end
                every = shortest_ways(conflict, 0, end, improving=improving, most=1000)
                assert way in every
                assert len(set(every)) == len(every)
                assert {len(one) for one in every} == {len(way)}


def test_the_ways_to_equilibria_only_can_be_asked_for() -> None:
    conflict = elmira()
    ways = ways_from(conflict, 0).to(equilibria(conflict, Concept.NASH))
    assert sorted(ways.by_moves) == [4, 7, 8]
    assert sorted(ways.by_improvements) == [4]


def test_a_status_quo_that_is_not_feasible_is_refused_by_name() -> None:
    conflict = elmira()
    with pytest.raises(InputError, match="state 9 does not exist"):
        ways_from(conflict, 9)
    with pytest.raises(InputError, match="'s10' is not a feasible state of the conflict; did you mean 's1'"):
        conflict.state("s10")


# -------------------------------------------------------------------------------------------------------------- stories


def test_the_story_holds_by_the_strongest_reason_there_is() -> None:
    generator = np.random.default_rng(9)
    strongest = {
        Holds.CONTENT: Concept.NASH,
        Holds.INTEREST: Concept.SEQ,
        Holds.TRAP: Concept.SMR,
        Holds.THREAT: Concept.GMR,
    }
    seen = set()
    for _ in range(100):
        conflict = random_conflict(generator)
        for state in range(len(conflict.states)):
            told = story(conflict, state)
            assert told.lasts == bool(equilibria(conflict, Concept.GMR) >> state & 1)
            for part in told.parts:
                seen.add(part.holds)
                stable = {
                    h: bool(stable_states(conflict, part.decision_maker, c) >> state & 1) for h, c in strongest.items()
                }
                assert part.holds is next((holds for holds, held in stable.items() if held), Holds.NOTHING)
                assert tell(conflict, part).startswith(conflict.decision_makers[part.decision_maker])
    assert seen == set(Holds)


@pytest.mark.parametrize("uncertainty", Uncertainty)
def test_stories_agree_with_the_stabilities_under_every_reading_of_what_is_not_known(uncertainty: Uncertainty) -> None:
    generator = np.random.default_rng(41)
    for _ in range(40):
        conflict = random_conflict(generator, unknown=True)
        for i in range(len(conflict.decision_makers)):
            held = stable_states(conflict, i, Concept.GMR, uncertainty)
            told = [story(conflict, state, uncertainty).parts[i] for state in range(len(conflict.states))]
            assert [part.holds is not Holds.NOTHING for part in told] == [bool(held >> part.state & 1) for part in told]
            for part in told:
                answered = part.holds not in {Holds.CONTENT, Holds.NOTHING}
                assert all(bool(one.answer) is answered for one in part.temptations)


def test_stories_name_who_could_do_what_and_who_would_answer() -> None:
    conflict = elmira()
    assert tell_state(conflict, story(conflict, 7)) == "'s8' lasts: nobody has anything better within reach."
    assert tell_state(conflict, story(conflict, 0)) == (
        "'s1' lasts. Local Government could move to 's5', but MoE could answer with 's6', which Local Government likes "
        "less. Local Government could not get out of that again."
    )
    assert tell_state(conflict, story(conflict, 2)) == (
        "'s3' does not last. Uniroyal gains by moving to 's9', and no answer of the others takes that gain away. "
        "Local Government could move to 's7', but Uniroyal would answer with 's9', which Local Government likes less."
    )


def test_a_story_says_when_the_end_is_no_better_when_it_is_not_known_and_when_it_is_a_threat() -> None:
    names, arcs = ("A", "B"), [[(0, 1), (2, 3)], [(1, 2)]]
    indifferent = from_ranks([0, 0, 0, 0])
    tie = conflict_from_arcs(names, tuple("wxyz"), arcs, [from_ranks([1, 2, 1, 1]), indifferent])
    assert tell(tie, story(tie, 0).parts[0]) == (
        "A could move to 'x', but B could answer with 'y', which is no better for A. A could not get out of that again."
    )
    unsure = tie.with_preferences({0: Preference((2, 0, 0, 0), (4, 0, 1, 0))})
    assert tell(unsure, story(unsure, 0, Uncertainty.C).parts[0]).startswith(
        "A could move to 'x', but B could answer with 'y', and whether A would like that is not known."
    )
    threat = conflict_from_arcs(names, tuple("wxyz"), arcs, [from_ranks([1, 2, 0, 3]), indifferent])
    assert tell(threat, story(threat, 0).parts[0]).endswith("or A could get out of it again.")
    assert tell(threat, story(threat, 3).parts[0]) == "A cannot move from here."


# ------------------------------------------------------------------------------------------------------------- examples


@pytest.mark.parametrize(
    "module",
    [
        "gamecore.compromises.stability.coalition",
        "gamecore.compromises.stability.concepts",
        "gamecore.compromises.stability.limited_move",
        "gamecore.compromises.stability.reachable",
        "gamecore.compromises.stability.status_quo",
        "gamecore.compromises.stability.story",
        "gamecore.games.conflict",
        "gamecore.games.conflict_options",
        "gamecore.games.conflict_preferences",
        "gamecore.games.conflict_relations",
        "gamecore.redesign.inverse_preferences",
    ],
)
def test_the_modules_example_runs_and_says_the_truth(module: str) -> None:
    answer = doctest.testmod(import_module(module))
    assert answer.attempted > 0
    assert answer.failed == 0


def test_the_example_of_the_document_runs_and_says_the_truth() -> None:
    document = Path(__file__).parents[2] / "docs" / "conflicts.md"
    answer = doctest.testfile(str(document), module_relative=False)
    assert answer.attempted > 10
    assert answer.failed == 0
