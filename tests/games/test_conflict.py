from __future__ import annotations

import numpy as np
import pytest

from gamecore.errors import InputError, TooLargeError
from gamecore.games.conflict import Conflict, conflict_from_arcs
from gamecore.games.conflict_options import Decision, OptionForm, conflict_from_options, option_form
from gamecore.games.conflict_preferences import (
    Preference,
    from_comparisons,
    from_ranking,
    from_ranks,
    from_statements,
)
from gamecore.games.conflict_relations import everything, members, set_of, transposed
from tests.compromises.conflict_cases import random_option_conflict

NAMES = ("a", "b", "c", "d")


def dispute() -> OptionForm:
    """The data package: once handed over or paid it stays so; after termination the regulator has nothing to decide."""
    return option_form(
        [
            Decision("data", 0, ("hold", "share"), {"share": ()}),
            Decision("milestone", 1, ("withhold", "pay", "terminate"), {"pay": (), "terminate": ()}),
            Decision("filing", 2, ("wait", "close"), when={"milestone": ["withhold", "pay"]}),
        ],
        [{"data": "share", "filing": "close"}],
    )


# ------------------------------------------------------------------------------------------------------------ relations


def test_sets_of_states_are_bits_and_relations_can_be_turned_round() -> None:
    generator = np.random.default_rng(0)
    for count in (1, 2, 7, 8, 9, 40):
        table = generator.random((count, count)) < 0.4
        rows = tuple(set_of(np.flatnonzero(row).tolist()) for row in table)
        assert [members(row) for row in transposed(rows)] == [np.flatnonzero(row).tolist() for row in table.T]
    assert transposed(()) == ()
    assert members(everything(3)) == [0, 1, 2]


# ---------------------------------------------------------------------------------------------------------- preferences


def test_rankings_ranks_and_statements_say_the_same() -> None:
    ranking = from_ranking([[2], [0, 3], [1]], NAMES)
    assert ranking == from_ranks([1, 0, 7, 1])
    assert ranking == from_statements([[False, False, True, False], [True, False, False, True]], 4)
    assert ranking.ranking() == ((2,), (0, 3), (1,))
    assert members(ranking.at_most(0)) == [0, 1, 3]


def test_the_first_statement_that_tells_two_states_apart_decides() -> None:
    preference = from_statements([[True, False, True, False], [False, True, True, False]], 4)
    assert preference.ranking() == ((2,), (0,), (1,), (3,))


def test_comparisons_bring_what_follows_from_them_and_leave_the_rest_unknown() -> None:
    preference = from_comparisons(NAMES, [(0, 1)], [(1, 2)])
    assert [members(row) for row in preference.better] == [[], [0], [0], []]
    assert [members(row) for row in preference.unknown] == [[3], [3], [3], [0, 1, 2]]
    assert not preference.is_ranking()
    with pytest.raises(InputError, match="no ranking"):
        preference.ranking()


def test_all_comparisons_of_a_ranking_make_that_ranking() -> None:
    generator = np.random.default_rng(1)
    for _ in range(50):
        ranks = generator.integers(0, 4, size=5).tolist()
        better = [(a, b) for a in range(5) for b in range(5) if ranks[a] > ranks[b]]
        equal = [(a, b) for a in range(5) for b in range(a) if ranks[a] == ranks[b]]
        assert from_comparisons("vwxyz", better, equal) == from_ranks(ranks)


@pytest.mark.parametrize(
    ("better", "equal", "circle"),
    [
        ([(0, 1), (1, 2), (2, 0)], [], "'a' over 'b' over 'c' over 'a'"),
        ([(0, 1), (3, 0)], [(1, 2), (2, 3)], "'a' over 'b' over 'c' over 'd' over 'a'"),
        ([(0, 0)], [], "'a' over 'a'"),
    ],
)
def test_preferences_in_a_circle_are_refused_and_the_circle_is_named(
    better: list[tuple[int, int]], equal: list[tuple[int, int]], circle: str
) -> None:
    with pytest.raises(InputError, match=f"in a circle: {circle};"):
        from_comparisons(NAMES, better, equal)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([[0, 1], [2, 0, 3]], "'a' stands on line 1 and on line 2 of the ranking"),
        ([[0], [2]], "leaves out 'b', 'd'"),
        ([[0, 1, 2, 3, 4]], "line 1 of the ranking names state 4: there are 4"),
    ],
)
def test_rankings_that_miss_or_repeat_a_state_are_refused(lines: list[list[int]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        from_ranking(lines, NAMES)


def test_long_lists_of_missing_states_are_cut() -> None:
    with pytest.raises(InputError, match="'2', '3', '4', '5', '6' and 3 more"):
        from_ranking([[0]], [str(number) for number in range(1, 10)])


def test_great_steps_reach_over_all_that_follows() -> None:
    preference = from_ranking([[0], [1], [2], [3]], NAMES, much_better_than_next=[1])
    assert [members(row) for row in preference.much_better] == [[], [], [0, 1], [0, 1]]
    assert [members(row) for row in preference.much_worse()] == [[2, 3], [2, 3], [], []]
    with pytest.raises(InputError, match="no line follows line 4"):
        from_ranking([[0], [1], [2], [3]], NAMES, much_better_than_next=[3])


def test_comparisons_of_states_that_do_not_exist_are_refused() -> None:
    with pytest.raises(InputError, match="a comparison names state 4: there are 4"):
        from_comparisons(NAMES, [(0, 4)])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (((1, 0), (), ()), "state 0 is compared with itself"),
        (((2, 1), (), ()), "contradict each other"),
        (((2, 0), (2, 1), ()), "contradict each other"),
        (((0, 0), (2, 0), ()), "both ways"),
        (((0, 0), (), (2, 0)), "contradict each other"),
        (((0, 0), (0,), ()), "one row per state"),
    ],
)
def test_relations_that_contradict_each_other_are_refused(
    rows: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        Preference(*rows)


def test_statements_have_to_be_about_all_states() -> None:
    with pytest.raises(InputError, match="statement 2 is about 1 states: there are 2"):
        from_statements([[True, False], [True]], 2)


# -------------------------------------------------------------------------------------------------------------- options


def test_states_are_the_feasible_combinations_with_closed_decisions_left_out() -> None:
    form = dispute()
    assert [form.label(state) for state in range(len(form.states))] == [
        "data: hold, milestone: withhold, filing: wait",
        "data: hold, milestone: withhold, filing: close",
        "data: hold, milestone: pay, filing: wait",
        "data: hold, milestone: pay, filing: close",
        "data: hold, milestone: terminate",
        "data: share, milestone: withhold, filing: wait",
        "data: share, milestone: pay, filing: wait",
        "data: share, milestone: terminate",
    ]


def test_moves_change_own_decisions_only_and_never_what_cannot_be_taken_back() -> None:
    form = dispute()
    assert form.moves(0) == ((5,), (), (6,), (), (7,), (), (), ())
    assert form.moves(1) == ((2, 4), (3, 4), (), (), (), (6, 7), (), ())
    assert form.moves(2) == ((1,), (0,), (3,), (2,), (), (), (), ())


def test_moves_are_all_pairs_of_states_that_differ_in_own_decisions_as_these_may_change() -> None:
    generator = np.random.default_rng(4)
    for _ in range(30):
        conflict = random_option_conflict(generator)
        assert conflict.form is not None
        form = conflict.form

        def may_become(place: int, old: int, new: int, mover: int, form: OptionForm = form) -> bool:
            decision = form.decisions[place]
            if old == new:
                return True
            return decision.owner == mover and decision.options[old] not in decision.leads_to

        for mover, rows in enumerate(conflict.moves):
            for state, ends in enumerate(rows):
                expected = [
                    end
                    for end in range(len(form.states))
                    if end != state
                    and all(
                        may_become(place, old, new, mover)
                        for place, (old, new) in enumerate(zip(form.states[state], form.states[end], strict=True))
                    )
                ]
                assert list(ends) == expected


def test_several_own_decisions_change_in_one_move() -> None:
    form = option_form([Decision("x", 0, ("n", "y")), Decision("y", 0, ("n", "y")), Decision("z", 1, ("n", "y"))])
    assert form.moves(0)[0] == (2, 4, 6)


def test_leads_to_can_lead_step_by_step() -> None:
    form = option_form([Decision("x", 0, ("low", "mid", "high"), {"low": ["mid"], "mid": ["high"], "high": []})])
    assert form.moves(0) == ((1,), (2,), ())


def test_a_decision_of_somebody_else_opens_at_its_first_possible_option() -> None:
    decisions = [
        Decision("offer", 0, ("none", "made")),
        Decision("answer", 1, ("open", "no", "yes"), when={"offer": "made"}),
    ]
    form = option_form(decisions)
    assert form.moves(0)[form.state({"offer": "none"})] == (form.state({"offer": "made", "answer": "open"}),)
    assert form.moves(0)[form.state({"offer": "made", "answer": "no"})] == (form.state({"offer": "none"}),)
    form = option_form(decisions, [{"offer": "made", "answer": "open"}])
    assert form.moves(0)[form.state({"offer": "none"})] == (form.state({"offer": "made", "answer": "no"}),)
    own = option_form([decisions[0], Decision("how", 0, ("open", "no"), when={"offer": "made"})])
    assert own.moves(0)[0] == (1, 2)


def test_what_closes_a_decision_closes_those_that_hang_on_it() -> None:
    form = option_form(
        [
            Decision("a", 0, ("n", "y")),
            Decision("b", 0, ("n", "y"), when={"a": "y"}),
            Decision("c", 1, ("n", "y"), when=[{"b": "y"}, {"b": ["n"], "a": "y"}]),
        ]
    )
    assert [form.label(state) for state in range(len(form.states))][:2] == ["a: n", "a: y, b: n, c: n"]
    assert form.matching({"c": ["n", "y"]}) == (False, True, True, True, True)


def test_a_conflict_from_options_has_their_states_moves_and_names() -> None:
    form = dispute()
    indifferent = from_ranks([0] * 8)
    conflict = conflict_from_options(("Sapphire", "Diamond", "Regulator"), form, [indifferent] * 3)
    assert conflict.moves[1] == form.moves(1)
    assert conflict.state("data: hold, milestone: terminate") == 4
    with pytest.raises(InputError, match="'filing' belongs to decision maker 2, who does not exist"):
        conflict_from_options(("Sapphire", "Diamond"), form, [indifferent] * 2)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"data": "share", "milestone": "withhold", "filing": "close"},
            "filing: close is not a feasible state: imposs",
        ),
        ({"data": "hold", "milestone": "terminate", "filing": "wait"}, "is not a feasible state: imposs.*closed"),
        ({"milestone": "pay", "filing": "wait"}, "it does not say 'data'"),
        ({"data": "burn"}, "'burn' is not an option of 'data' \\(hold, share\\)"),
        ({"date": "hold"}, "no decision is called 'date'"),
    ],
)
def test_an_infeasible_status_quo_is_refused_and_told_why(options: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        dispute().state(options)


@pytest.mark.parametrize(
    ("decisions", "impossible", "said"),
    [
        ([], [], "at least one decision"),
        ([Decision("x", 0, ("n", "y")), Decision("x", 1, ("n", "y"))], [], "two decisions are called 'x'"),
        ([Decision("x", 0, ())], [], "'x' needs options"),
        ([Decision("x", 0, ("n", "n"))], [], "'x' needs options"),
        ([Decision("x", 0, ("n", "y"), {"n": ["z"]})], [], "leads_to of 'x': 'z'"),
        ([Decision("x", 0, ("n", "y"), when={"q": "n"})], [], "when of 'x': no decision is called 'q'"),
        ([Decision("x", 0, ("n", "y"))], [{"x": ["n", "y"]}], "no state is feasible"),
        ([Decision("x", 0, ("n", "y"))], [{"x": "q"}], "impossible, line 1: 'q' is not an option"),
        ([Decision("x", 0, ("n", "y"))], [{}], "impossible, line 1: names no decision"),
    ],
)
def test_decisions_that_make_no_sense_are_refused(
    decisions: list[Decision], impossible: list[dict[str, str]], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        option_form(decisions, impossible)


def test_too_many_combinations_and_too_many_states_are_refused_with_their_limits() -> None:
    with pytest.raises(TooLargeError, match="2097152 combinations of options, more than the 1000000"):
        option_form([Decision(f"d{number}", 0, ("n", "y")) for number in range(21)])
    with pytest.raises(TooLargeError, match="16384 feasible states, more than the 10000"):
        option_form([Decision(f"d{number}", 0, ("n", "y")) for number in range(14)])


# ------------------------------------------------------------------------------------------------------------ conflicts


def test_arcs_are_sorted_counted_once_and_may_lead_one_way() -> None:
    conflict = conflict_from_arcs(("A",), NAMES, [[(0, 2), (0, 1), (0, 2)]], [from_ranks([0] * 4)])
    assert conflict.moves == (((1, 2), (), (), ()),)
    assert conflict.reachable == ((6, 0, 0, 0),)


@pytest.mark.parametrize(
    ("people", "states", "arcs", "preferences", "said"),
    [
        ((), NAMES, [], [], "at least one decision maker"),
        (("A",), (), [[]], [from_ranks([])], "at least one state"),
        (("A", "A"), NAMES, [[], []], [from_ranks([0] * 4)] * 2, "two things are called 'A'"),
        (("A",), ("x", "x"), [[]], [from_ranks([0, 0])], "two things are called 'x'"),
        (("A",), NAMES, [[(0, 4)]], [from_ranks([0] * 4)], "cannot move from state 0 to state 4"),
        (("A",), NAMES, [[(1, 1)]], [from_ranks([0] * 4)], "stays in 'b'"),
        (("A",), NAMES, [[], []], [from_ranks([0] * 4)], "moves are given for 2 of 1"),
        (("A",), NAMES, [[]], [], "preferences are given for 0 of 1"),
        (("A",), NAMES, [[]], [from_ranks([0] * 3)], "preferences of A are about 3 states: there are 4"),
    ],
)
def test_conflicts_whose_parts_do_not_fit_are_refused(
    people: tuple[str, ...],
    states: tuple[str, ...],
    arcs: list[list[tuple[int, int]]],
    preferences: list[Preference],
    said: str,
) -> None:
    with pytest.raises(InputError, match=said):
        conflict_from_arcs(people, states, arcs, preferences)


def test_more_states_than_are_compared_are_refused() -> None:
    states = [str(number) for number in range(10_001)]
    with pytest.raises(TooLargeError, match="10001 states, more than the 10000"):
        conflict_from_arcs(("A",), states, [[]], [from_ranks([0] * 10_001)])


def test_other_preferences_make_another_conflict_and_leave_the_first_alone() -> None:
    first = conflict_from_arcs(("A", "B"), ("x", "y"), [[], []], [from_ranks([0, 1])] * 2)
    other = first.with_preferences({1: from_ranks([1, 0])})
    assert isinstance(other, Conflict)
    assert [preference.ranking() for preference in other.preferences] == [((1,), (0,)), ((0,), (1,))]
    assert first.preferences[1].ranking() == ((1,), (0,))
