from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gamecore.compromises.sharing.balance import Collection
from gamecore.compromises.sharing.core import core, objections
from gamecore.compromises.sharing.judge import least_core_faults, nucleolus_faults
from gamecore.compromises.sharing.kohlberg import kohlberg_proof
from gamecore.compromises.sharing.nucleolus import NucleolusKind, least_core, nucleolus, prenucleolus
from gamecore.errors import OutOfTimeError
from gamecore.games.coalition import CoalitionGame, savings_game
from tests.compromises.coalition_games import (
    GLOVE,
    MAJORITY,
    PUBLISHED,
    Published,
    airport,
    by_rule,
    by_size,
    convex_games,
    exact,
    games,
    permuted,
    rescaled,
    sorted_excesses,
    voting,
)

every_game = pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.name)


def has_imputations(game: CoalitionGame) -> bool:
    return sum(game.values[1 << player] for player in range(len(game.players))) <= game.values[-1]


def by_brute_force(game: CoalitionGame, *, floors: bool) -> list[float]:
    """Maschler, Peleg & Shapley by floats: a coalition is fixed if no optimum leaves it less excess."""
    from scipy.optimize import linprog

    players = len(game.players)
    row = {one: [float(one >> player & 1) for player in range(players)] for one in range(1, len(game.values))}
    worth = [float(value) for value in game.values]
    lower = [worth[1 << player] if floors else None for player in range(players)]
    fixed = {game.everybody: worth[-1]}
    best: Sequence[float] = worth[1:]
    while np.linalg.matrix_rank([row[one] for one in fixed]) < players:
        free = [one for one in row if one not in fixed]
        equal = {"A_eq": [[*row[one], 0.0] for one in fixed], "b_eq": list(fixed.values())}
        bounds = [*((low, None) for low in lower), (None, None)]
        at_least = {"A_ub": [[*(-x for x in row[one]), -1.0] for one in free], "b_ub": [-worth[one] for one in free]}
        found = linprog([*[0.0] * players, 1.0], **at_least, **equal, bounds=bounds)
        best, level = found.x[:-1], found.x[-1]
        bounds[-1] = (level, level + 1e-7)
        for one in free:
            most = linprog([*(-x for x in row[one]), 0.0], **at_least, **equal, bounds=bounds)
            if -most.fun < worth[one] - level + 1e-6:
                fixed[one] = worth[one] - level
    return list(best)


# --------------------------------------------------------------------------------------------------- published answers


@every_game
def test_published_nucleoli_are_found(case: Published) -> None:
    if case.nucleolus:
        assert nucleolus(case.game).shares == case.nucleolus
    if case.prenucleolus:
        assert prenucleolus(case.game).shares == case.prenucleolus


def test_what_each_airline_pays_by_the_nucleolus() -> None:
    saved = nucleolus(savings_game(airport())).shares
    paid = [cost - part for cost, part in zip(exact(1500, 2200, 3000), saved, strict=True)]
    assert paid == list(exact("2200/3", "2200/3", "4600/3"))


def test_the_council_of_fifteen_gives_all_to_those_with_a_veto() -> None:
    council = voting(39, [7] * 5 + [1] * 10)
    assert nucleolus(council).shares == (*[Fraction(1, 5)] * 5, *[Fraction(0)] * 10)


def test_ten_players_with_many_ties_and_with_none() -> None:
    tied = by_rule(10, lambda members: len(members) >= 6)
    assert nucleolus(tied).shares == (Fraction(1, 10),) * 10
    random = np.random.default_rng(0)
    values = random.integers(0, 10**6, 1 << 10).tolist()
    game = CoalitionGame(tuple("abcdefghij"), exact(0, *values[1:]))
    answer = prenucleolus(game)
    assert not nucleolus_faults(game, answer.shares, answer.levels, floors=False)


# ------------------------------------------------------------------------------------------------------ what is unusual


def test_one_player_gets_everything_and_nobody_objects() -> None:
    alone = CoalitionGame.from_values({"a": "-7/2"})
    assert nucleolus(alone).shares == prenucleolus(alone).shares == least_core(alone).shares == exact("-7/2")
    assert nucleolus(alone).levels == ()
    assert least_core(alone).excess == 0


def test_without_imputations_the_prenucleolus_is_given_and_told() -> None:
    game = by_size(2, 3, 2, 4)
    answer = nucleolus(game)
    assert answer.kind is NucleolusKind.PRENUCLEOLUS
    assert answer.shares == exact("5/2", "3/2")
    assert "players alone have 5 in all, everybody together 4" in answer.notes[0]
    assert nucleolus(by_size(2, 2, 2, 4)).kind is NucleolusKind.NUCLEOLUS


@pytest.mark.parametrize("players", range(1, 8))
def test_a_game_of_zeros_gives_zeros(players: int) -> None:
    game = by_rule(players, lambda _: 0)
    assert nucleolus(game).shares == (Fraction(0),) * players
    assert prenucleolus(game).shares == (Fraction(0),) * players


def test_the_deadline_is_kept() -> None:
    for solve in (nucleolus, prenucleolus, least_core):
        with pytest.raises(OutOfTimeError):
            solve(GLOVE, should_stop=lambda: True)


def test_tiny_and_huge_amounts_keep_their_digits() -> None:
    for unit in (Fraction(1, 10**30), Fraction(10**30), Fraction(1, 7)):
        game = rescaled(GLOVE, unit, (Fraction(0),) * 3)
        assert nucleolus(game).shares == exact(unit, 0, 0)


# ------------------------------------------------------------------------------------------------ laws and second ways


@given(games(most=4, least=2))
@settings(max_examples=16, deadline=None)
def test_floats_and_brute_force_agree(game: CoalitionGame) -> None:
    assert [float(share) for share in prenucleolus(game).shares] == pytest.approx(
        by_brute_force(game, floors=False), abs=1e-5
    )
    if has_imputations(game):
        assert [float(share) for share in nucleolus(game).shares] == pytest.approx(
            by_brute_force(game, floors=True), abs=1e-5
        )


@given(games(most=5, least=2), st.data())
@settings(max_examples=16, deadline=None)
def test_no_other_shares_come_first_in_the_dictionary(game: CoalitionGame, data: st.DataObject) -> None:
    players = len(game.players)
    answer = prenucleolus(game).shares
    moves = data.draw(st.lists(st.fractions(-2, 2, max_denominator=50), min_size=players - 1, max_size=players - 1))
    other = [share + move for share, move in zip(answer, [*moves, -sum(moves)], strict=True)]
    assert sum(answer) == sum(other) == game.values[-1]
    assert (sorted_excesses(game, answer) < sorted_excesses(game, other)) == any(moves)


@given(games(most=5), st.sampled_from([Fraction(1, 10**9), Fraction(3, 7), Fraction(10**12)]), st.data())
@settings(max_examples=16, deadline=None)
def test_units_and_gifts_change_the_shares_and_nothing_else(
    game: CoalitionGame, unit: Fraction, data: st.DataObject
) -> None:
    players = len(game.players)
    gifts = data.draw(st.lists(st.fractions(-9, 9, max_denominator=4), min_size=players, max_size=players))
    for solve in (nucleolus, prenucleolus):
        moved = solve(rescaled(game, unit, gifts))
        assert list(moved.shares) == [
            unit * share + gift for share, gift in zip(solve(game).shares, gifts, strict=True)
        ]
    assert least_core(rescaled(game, unit, gifts)).excess == unit * least_core(game).excess


@given(games(most=4), st.data())
@settings(max_examples=16, deadline=None)
def test_the_order_of_players_does_not_count(game: CoalitionGame, data: st.DataObject) -> None:
    order = data.draw(st.sampled_from(list(permutations(range(len(game.players))))))
    for solve in (nucleolus, prenucleolus):
        shares = solve(game).shares
        assert solve(permuted(game, order)).shares == tuple(shares[place] for place in order)


@given(games(most=5) | convex_games())
@settings(max_examples=16, deadline=None)
def test_the_nucleolus_is_in_the_core_if_there_is_one_and_in_the_least_core_always(game: CoalitionGame) -> None:
    before = prenucleolus(game).shares
    least = least_core(game)
    found = core(game)
    if len(game.players) > 1:
        assert sorted_excesses(game, before)[0] == least.excess == sorted_excesses(game, least.shares)[0]
        assert found.is_empty == (least.excess > 0)
    if not found.is_empty:
        assert nucleolus(game).shares == before
        assert not objections(game, before)


@given(games(most=5, least=3), st.data())
@settings(max_examples=16, deadline=None)
def test_some_of_the_players_share_what_is_theirs_as_before(game: CoalitionGame, data: st.DataObject) -> None:
    """The reduced game property (Davis & Maschler 1965; Sobolev 1975)."""
    shares = prenucleolus(game).shares
    kept = data.draw(st.integers(1, game.everybody - 1))
    members = game.members(kept)
    gone = [one for one in range(len(game.values)) if not one & kept]

    def worth(inside: int) -> Fraction:
        if inside in (0, kept):
            return sum((shares[player] for player in game.members(inside)), Fraction(0))
        return max(game.values[inside | one] - sum(shares[player] for player in game.members(one)) for one in gone)

    inside = [
        sum(1 << members[place] for place in range(len(members)) if one >> place & 1)
        for one in range(1 << len(members))
    ]
    reduced = CoalitionGame(game.names(kept), tuple(worth(one) for one in inside))
    assert prenucleolus(reduced).shares == tuple(shares[player] for player in members)


@given(games(most=5))
@settings(max_examples=16, deadline=None)
def test_nobody_gets_less_than_alone_where_that_can_be(game: CoalitionGame) -> None:
    assume(has_imputations(game))
    shares = nucleolus(game).shares
    assert all(share >= game.values[1 << player] for player, share in enumerate(shares))


# ---------------------------------------------------------------------------------------------------------- the proofs


@given(games(most=5, least=2), st.data())
@settings(max_examples=16, deadline=None)
def test_other_shares_are_not_proved(game: CoalitionGame, data: st.DataObject) -> None:
    answer = prenucleolus(game)
    one, other = data.draw(st.sampled_from(list(permutations(range(len(game.players)), 2))))
    moved = list(answer.shares)
    step = data.draw(st.sampled_from([Fraction(1, 10**6), Fraction(1, 2), Fraction(5)]))
    moved[one] += step
    moved[other] -= step
    proof = kohlberg_proof(game, moved, floors=False)
    assert not proof.holds
    assert proof.unbalanced
    assert nucleolus_faults(game, moved, proof.levels, floors=False)
    assert nucleolus_faults(game, moved, answer.levels, floors=False)


@every_game
def test_a_proof_with_a_part_missing_or_changed_is_found_out(case: Published) -> None:
    answer = prenucleolus(case.game)
    assert not nucleolus_faults(case.game, answer.shares, answer.levels, floors=False)
    for place, level in enumerate(answer.levels):
        without = answer.levels[:place] + answer.levels[place + 1 :]
        assert nucleolus_faults(case.game, answer.shares, without, floors=False)
        first = level.collections[0]
        heavier = Collection(first.coalitions, (first.weights[0] + 1, *first.weights[1:]))
        changed = (*answer.levels[:place], replace(level, collections=(heavier,)), *answer.levels[place + 1 :])
        assert nucleolus_faults(case.game, answer.shares, changed, floors=False)
    assert nucleolus_faults(case.game, [share + 1 for share in answer.shares], answer.levels, floors=False)


def test_a_proof_may_not_use_coalitions_with_less_excess_or_floors_that_are_not_asked_for() -> None:
    game = by_size(3, 0, 0, 0, 10, 0, 0, 2)
    answer = nucleolus(game)
    assert answer.shares == exact(1, 1, 0)
    assert nucleolus_faults(game, answer.shares, answer.levels, floors=False)
    below = prenucleolus(game)
    assert "somebody gets less than alone" in nucleolus_faults(game, below.shares, below.levels, floors=True)


@given(games(most=5, least=2))
@settings(max_examples=16, deadline=None)
def test_every_level_balances_minimal_collections_of_its_coalitions_and_those_above(game: CoalitionGame) -> None:
    answer = prenucleolus(game)
    assert [level.excess for level in answer.levels] == sorted({level.excess for level in answer.levels}, reverse=True)
    for level in answer.levels:
        assert all(game.excess(one, answer.shares) == level.excess for one in level.coalitions)
        for collection in level.collections:
            assert all(game.excess(one, answer.shares) >= level.excess for one in collection.coalitions)
            for player in range(len(game.players)):
                held = zip(collection.coalitions, collection.weights, strict=True)
                assert sum(weight for one, weight in held if one >> player & 1) == 1


def test_the_least_core_of_the_majority_is_proved_by_its_pairs() -> None:
    answer = least_core(MAJORITY)
    assert answer.excess == Fraction(1, 3)
    assert answer.proof == Collection((3, 5, 6), exact("1/2", "1/2", "1/2"))
    assert least_core_faults(MAJORITY, Fraction(1, 4), answer.shares, answer.proof)
    assert least_core_faults(MAJORITY, answer.excess, exact(1, 0, 0), answer.proof)
    assert least_core_faults(MAJORITY, answer.excess, answer.shares, Collection((3, 4), exact(1, 1)))
    assert least_core_faults(MAJORITY, answer.excess, answer.shares, Collection((7,), exact(1)))
