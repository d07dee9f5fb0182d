from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gamecore.compromises.stability.concepts import (
    Concept,
    Situation,
    Uncertainty,
    equilibria,
    improvements,
    sanctioned,
    stabilities,
    stable_states,
)
from gamecore.compromises.stability.reachable import legal_sequences
from gamecore.errors import InputError
from gamecore.games.conflict import Conflict, conflict_from_arcs
from gamecore.games.conflict_options import Decision, OptionForm, conflict_from_options, option_form
from gamecore.games.conflict_preferences import from_comparisons, from_ranking, from_ranks
from gamecore.games.conflict_relations import everything, members
from tests.compromises.conflict_cases import (
    Definitions,
    by_turns,
    chicken,
    cuba,
    data_package,
    elmira,
    euphrates,
    from_one,
    garrison,
    numbered,
    prisoners,
    random_conflict,
    random_option_conflict,
)

N, G, M, Q = Concept.NASH, Concept.GMR, Concept.SMR, Concept.SEQ
ALL_9 = list(range(1, 10))


@pytest.mark.parametrize(
    ("conflict", "expected"),
    [
        (chicken, {N: [2, 3], G: [1, 2, 3], M: [1, 2, 3], Q: [2, 3]}),
        (prisoners, {N: [4], G: [1, 4], M: [1, 4], Q: [1, 4], Concept.SIM: [1, 4]}),
        (elmira, {N: [5, 8, 9], G: [1, 4, 5, 8, 9], M: [1, 4, 5, 8, 9], Q: [5, 8, 9]}),
    ],
)
def test_published_conflicts_have_their_published_equilibria(
    conflict: Callable[[], Conflict], expected: dict[Concept, list[int]]
) -> None:
    assert {concept: from_one(equilibria(conflict(), concept)) for concept in expected} == expected


def test_elmira_is_stable_for_each_decision_maker_where_it_should_be() -> None:
    uniroyal = [1, 4, 5, 8, 9]
    expected = {
        N: [ALL_9, uniroyal, [5, 6, 7, 8, 9]],
        G: [ALL_9, uniroyal, ALL_9],
        M: [ALL_9, uniroyal, ALL_9],
        Q: [ALL_9, uniroyal, [2, 3, 5, 6, 7, 8, 9]],
    }
    conflict = elmira()
    for concept, lists in expected.items():
        assert [from_one(stable_states(conflict, i, concept)) for i in range(3)] == lists


def test_the_euphrates_has_the_equilibria_of_published_software_under_all_six_concepts() -> None:
    conflict = euphrates()
    expected = {concept: [6] for concept in Concept} | {Concept.GMR: [1, 6]}
    assert {concept: numbered(conflict, equilibria(conflict, concept)) for concept in Concept} == expected


def test_the_missiles_leave_cuba_by_sanctions_in_the_others_interest_though_not_by_nash() -> None:
    conflict = cuba()
    withdrawn = {"strike: N, blockade: N, withdraw: Y, escalate: N", "strike: N, blockade: Y, withdraw: Y, escalate: N"}
    assert withdrawn <= {conflict.states[state] for state in members(equilibria(conflict, Q))}
    assert not withdrawn & {conflict.states[state] for state in members(equilibria(conflict, N))}


def test_the_dispute_over_the_data_package_is_deadlocked_and_today_lasts_by_fear_only() -> None:
    conflict = data_package()
    assert conflict.form is not None
    deadlock, early, deal, today, naive = (
        1 << conflict.form.state(dict(zip(("data", "milestone", "filing"), options, strict=True)))
        for options in (
            ("hold", "withhold", "close"),
            ("share", "withhold", "wait"),
            ("share", "pay", "wait"),
            ("hold", "withhold", "wait"),
            ("hold", "pay", "wait"),
        )
    )
    nash, general = equilibria(conflict, N), equilibria(conflict, G)
    assert nash & (deadlock | early | deal | today) == deadlock | early | deal
    assert general & (today | naive) == today


@pytest.mark.parametrize("concept", [Concept.NASH, Concept.SEQ, Concept.SIM])
def test_garrison_has_the_equilibria_of_published_software(concept: Concept) -> None:
    conflict = garrison()
    assert len(conflict.states) == 23
    assert numbered(conflict, equilibria(conflict, concept)) == [2, 3, 11, 17, 18, 21, 22]


def test_garrison_under_gmr_differs_from_software_that_lets_only_one_other_answer() -> None:
    conflict = garrison()
    one_step = everything(23)
    for number in range(4):
        situation = Situation(conflict, number)
        answers = [0] * 23
        for rows in situation.moves_of_others:
            answers = [before | row for before, row in zip(answers, rows, strict=True)]
        one_step &= sanctioned(situation.temptations, tuple(answers), situation.deterring)
    published = [2, 3, 8, 11, 13, 14, 15, 17, 18, 19, 21, 22]
    assert numbered(conflict, one_step) == published
    assert numbered(conflict, equilibria(conflict, Concept.GMR)) == sorted([*published, 4, 6, 10])


@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_random_conflicts_keep_the_inclusions_and_agree_with_the_definitions(seed: int) -> None:
    generator = np.random.default_rng(seed)
    for _ in range(100):
        conflict = random_conflict(generator)
        definitions = Definitions(conflict)
        for i in range(len(conflict.decision_makers)):
            found: dict[Concept, int] = {c: stable_states(conflict, i, c) for c in Concept if c is not Concept.SIM}
            for concept, states in found.items():
                expected = [s for s in range(len(conflict.states)) if definitions.stable(i, s, concept)]
                assert members(states) == expected
            assert found[N] & ~found[Q] == 0
            assert found[Q] & ~found[G] == 0
            assert found[N] & ~found[M] == 0
            assert found[M] & ~found[G] == 0
            assert found[N] & ~found[Concept.SSEQ] == 0
            assert found[Concept.SSEQ] & ~(found[Q] & found[M]) == 0


@pytest.mark.parametrize("seed", range(4))
def test_unknown_comparisons_are_read_in_four_ways_as_defined_and_in_their_order(seed: int) -> None:
    generator = np.random.default_rng(100 + seed)
    for _ in range(50):
        conflict = random_conflict(generator, unknown=True)
        for i in range(len(conflict.decision_makers)):
            for concept in (N, G, M, Q, Concept.SSEQ):
                found = {u: stable_states(conflict, i, concept, u) for u in Uncertainty}
                for reading, states in found.items():
                    definitions = Definitions(conflict, reading.value)
                    expected = [s for s in range(len(conflict.states)) if definitions.stable(i, s, concept)]
                    assert members(states) == expected
                a, b, c, d = (found[u] for u in Uncertainty)
                assert a & ~(b & c) == 0
                assert (b | c) & ~d == 0


def test_strong_stability_is_as_defined_and_a_part_of_stability() -> None:
    generator = np.random.default_rng(7)
    strictly_less = 0
    for _ in range(100):
        conflict = random_conflict(generator, much=True)
        definitions = Definitions(conflict, strong=True)
        for i in range(len(conflict.decision_makers)):
            for concept in (N, G, M, Q):
                strong = stable_states(conflict, i, concept, strong=True)
                plain = stable_states(conflict, i, concept)
                assert members(strong) == [s for s in range(len(conflict.states)) if definitions.stable(i, s, concept)]
                assert strong & ~plain == 0
                strictly_less += strong != plain
    assert strictly_less


def test_legal_sequences_are_those_in_which_nobody_moves_twice_in_a_row() -> None:
    generator = np.random.default_rng(11)
    for _ in range(200):
        conflict = random_conflict(generator, decision_makers=(1, 5))
        people = range(len(conflict.decision_makers))
        reached = legal_sequences(conflict.reachable)
        for state in range(len(conflict.states)):
            assert set(members(reached[state])) == by_turns(lambda j, s, c=conflict: c.moves[j][s], people, state)  # type: ignore[misc]


def test_a_decision_maker_alone_is_held_by_nothing_but_having_nothing_better() -> None:
    alone = conflict_from_arcs(("A",), ("x", "y"), [[(0, 1)]], [from_ranks([0, 1])])
    assert [members(stable_states(alone, 0, concept)) for concept in (N, G, M, Q)] == [[1]] * 4


def test_who_moves_again_after_somebody_else_gets_further_than_by_one_move_each() -> None:
    arcs = [[(0, 1), (2, 3)], [(1, 2)]]
    conflict = conflict_from_arcs(("A", "B"), tuple("wxyz"), arcs, [from_ranks([0] * 4)] * 2)
    assert members(legal_sequences(conflict.reachable)[0]) == [1, 2, 3]


def test_a_chain_of_thousands_of_moves_by_turns_is_followed_to_its_end() -> None:
    count = 3000
    arcs = [[(s, s + 1) for s in range(count - 1) if s % 2 == who] for who in (0, 1)]
    conflict = conflict_from_arcs(("A", "B"), [str(s) for s in range(count)], arcs, [from_ranks([0] * count)] * 2)
    assert legal_sequences(conflict.reachable)[0] == everything(count) & ~1


def test_simultaneous_stability_agrees_with_its_definition_and_holds_where_nash_does() -> None:
    generator = np.random.default_rng(21)
    more_than_nash = 0
    for _ in range(60):
        conflict = random_option_conflict(generator)
        definitions = Definitions(conflict)
        for i in range(len(conflict.decision_makers)):
            found = stable_states(conflict, i, Concept.SIM)
            expected = [s for s in range(len(conflict.states)) if definitions.simultaneously_stable(i, s)]
            assert members(found) == expected
            assert stable_states(conflict, i, N) & ~found == 0
            more_than_nash += found != stable_states(conflict, i, N)
    assert more_than_nash


def test_simultaneous_stability_where_decisions_open_and_close_is_that_of_every_pair_of_moves() -> None:
    generator = np.random.default_rng(22)
    unstable = 0
    for _ in range(60):
        people = int(generator.integers(1, 4))
        decisions = [Decision("d0", int(generator.integers(people)), ("a", "b"))]
        for number in range(1, int(generator.integers(3, 6))):
            options = tuple("abc"[: int(generator.integers(2, 4))])
            when: dict[str, str] = {"d0": "a"} if generator.random() < 0.4 else {}
            decisions.append(Decision(f"d{number}", int(generator.integers(people)), options, when=when))
        form = option_form(decisions)
        count = len(form.states)
        orders = [from_ranks(generator.integers(0, count, size=count).tolist()) for _ in range(people)]
        conflict = conflict_from_options([f"DM {number}" for number in range(people)], form, orders)
        for i in range(people):
            own = Situation(conflict, i)
            expected = [
                s
                for s in range(count)
                if all(
                    any(
                        (end := form.combined(after, answer, i)) >= 0 and own.deterring[s] >> end & 1
                        for answer in members(own.credible_answers[s])
                    )
                    for after in members(own.temptations[s])
                )
            ]
            assert members(stable_states(conflict, i, Concept.SIM)) == expected
            unstable += len(expected) < count
    assert unstable


def test_simultaneous_moves_of_thousands_of_states_are_combined_once_each() -> None:
    form = option_form([Decision(f"d{number}", number % 3, ("N", "Y")) for number in range(12)])
    generator = np.random.default_rng(3)
    orders = [from_ranks(generator.permutation(4096).tolist()) for _ in range(3)]
    conflict = conflict_from_options(("A", "B", "C"), form, orders)
    combined: list[tuple[int, ...]] = []

    class Counting(OptionForm):
        def combined(self, mover_state: int, others_state: int, mover: int) -> int:
            combined.append((mover_state, others_state, mover))
            return super().combined(mover_state, others_state, mover)

    counting = Counting(form.decisions, form.states, form.numbers, form.follows)
    stable_states(replace(conflict, form=counting), 0, Concept.SIM)
    assert 0 < len(combined) <= 4096


def test_simultaneous_moves_to_what_is_infeasible_sanction_nothing() -> None:
    conflict = euphrates()
    assert conflict.form is not None
    war = conflict.form.state({"release": "N", "escalate": "Y", "attack": "Y"})
    quiet = conflict.form.state({"release": "Y", "escalate": "N", "attack": "N"})
    assert conflict.form.combined(quiet, war, 0) == conflict.form.state(
        {"release": "Y", "escalate": "N", "attack": "Y"}
    )
    with pytest.raises(InputError, match="made of options"):
        stable_states(elmira(), 0, Concept.SIM)


def test_great_steps_in_a_ranking_make_a_sanction_strong() -> None:
    states = ("now", "better", "worse")
    arcs = [[(0, 1)], [(1, 2)]]
    other = from_ranking([[0, 1, 2]], states)
    great = from_ranking([[1], [0], [2]], states, much_better_than_next=[1])
    small = from_ranking([[1], [0], [2]], states)
    for mine, strong in ((great, True), (small, False)):
        conflict = conflict_from_arcs(("A", "B"), states, arcs, (mine, other))
        assert stable_states(conflict, 0, G) & 1
        assert bool(stable_states(conflict, 0, G, strong=True) & 1) is strong


def test_what_cannot_be_compared_tempts_only_where_it_is_read_so() -> None:
    mine = from_comparisons(("x", "y", "z"), [(0, 2)])
    conflict = conflict_from_arcs(("A",), ("x", "y", "z"), [[(0, 1)]], [mine])
    stable = {u: bool(stable_states(conflict, 0, N, u) & 1) for u in Uncertainty}
    assert stable == {Uncertainty.A: False, Uncertainty.B: True, Uncertainty.C: False, Uncertainty.D: True}
    assert members(improvements(conflict, 0, unknown=True)[0]) == [1]


def test_all_stabilities_at_once_are_those_one_by_one() -> None:
    conflict = data_package()
    table = stabilities(conflict, tuple(Concept))
    assert table == {c: tuple(stable_states(conflict, i, c) for i in range(3)) for c in Concept}


def test_an_unknown_decision_maker_is_refused() -> None:
    with pytest.raises(InputError, match="decision maker 5 does not exist"):
        stable_states(elmira(), 5, N)


@pytest.mark.parametrize("values", [[1, float("nan")], [1, None], [1, "x"]])
def test_values_that_cannot_be_compared_make_no_order(values: list[object]) -> None:
    with pytest.raises(InputError, match="compared"):
        from_ranks(values)
