from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.sharing.balance import Collection
from gamecore.compromises.sharing.core import Core, Objection, core, core_range, objections
from gamecore.compromises.sharing.core_vertices import core_vertices
from gamecore.compromises.sharing.judge import bound_faults, core_faults, emptiness_faults
from gamecore.equilibria.exact_program import only_solution
from gamecore.errors import InputError, OutOfTimeError, TooLargeError
from gamecore.games.coalition import CoalitionGame
from tests.compromises.coalition_games import (
    GLOVE,
    MAJORITY,
    TALMUD_200,
    Shares,
    by_rule,
    by_size,
    convex_games,
    exact,
    games,
    partitions,
    permuted,
    voting,
)


def corners_by_brute_force(game: CoalitionGame, structure: tuple[int, ...]) -> set[Shares]:
    """Every point where enough bounds meet, if it is in the core."""
    players = len(game.players)
    rows = {
        one: ([one >> player & 1 for player in range(players)], game.values[one]) for one in range(len(game.values))
    }
    fixed = [rows[block] for block in structure]
    found = set()
    for some in combinations([one for one in rows if one and one not in structure], players - len(structure)):
        point = only_solution([*fixed, *(rows[one] for one in some)], players)
        if point is not None and all(game.excess(one, point) <= 0 for one in rows):
            found.add(point)
    return found


def marginals(game: CoalitionGame) -> set[Shares]:
    from itertools import permutations

    found = set()
    for order in permutations(range(len(game.players))):
        there, shares = 0, [Fraction(0)] * len(game.players)
        for player in order:
            shares[player] = game.values[there | 1 << player] - game.values[there]
            there |= 1 << player
        found.add(tuple(shares))
    return found


# ------------------------------------------------------------------------------------------------------- known answers


def test_the_core_of_the_glove_game_gives_all_to_the_left_glove() -> None:
    found = core(GLOVE)
    assert found.shares == exact(1, 0, 0)
    assert core_vertices(GLOVE, found) == (exact(1, 0, 0),)
    assert [(low.amount, high.amount) for low, high in core_range(GLOVE, found)] == [
        exact(1, 1),
        exact(0, 0),
        exact(0, 0),
    ]


def test_the_majority_has_no_core_and_its_pairs_prove_it() -> None:
    found = core(MAJORITY)
    assert found.is_empty
    assert found.objection == Collection((3, 5, 6), exact("1/2", "1/2", "1/2"))
    assert found.cost_of_stability == Fraction(1, 2)
    assert core_range(MAJORITY, found) == ()
    assert core_vertices(MAJORITY, found) == ()


def test_a_collection_with_unequal_weights_proves_emptiness() -> None:
    """Shapley 1967: {12, 13, 14, 234} is balanced with weights 1/3, 1/3, 1/3, 2/3."""
    apex = voting(3, [2, 1, 1, 1])
    found = core(apex)
    assert found.objection == Collection((3, 5, 9, 14), exact("1/3", "1/3", "1/3", "2/3"))
    assert found.cost_of_stability == Fraction(2, 3)


def test_vetoes_share_the_core() -> None:
    game = voting(5, [2, 2, 1, 1])
    found = core(game)
    assert {tuple(share) for share in core_vertices(game, found)} == {exact(1, 0, 0, 0), exact(0, 1, 0, 0)}


def test_who_objects_and_with_how_much() -> None:
    assert objections(GLOVE, exact("1/2", "1/2", 0)) == (Objection(0b101, Fraction(1, 2)),)
    assert objections(MAJORITY, exact(1, 0, 0)) == (Objection(0b110, Fraction(1)),)
    assert objections(MAJORITY, exact(0, 0, 0))[0].gain == 1
    assert objections(GLOVE, exact(1, 0, 0)) == ()
    with pytest.raises(InputError, match="2 shares are given for 3 players"):
        objections(GLOVE, exact(1, 0))


def test_one_player_and_games_of_zeros_have_a_core_of_one_point() -> None:
    alone = CoalitionGame.from_values({"a": -2})
    assert core_vertices(alone, core(alone)) == (exact(-2),)
    zeros = by_rule(4, lambda _: 0)
    assert core_vertices(zeros, core(zeros)) == (exact(0, 0, 0, 0),)


# ---------------------------------------------------------------------------------------------------------- structures


def test_blocks_share_their_own_worth() -> None:
    pairs = by_rule(4, lambda members: 4 if members in {("a", "b"), ("c", "d")} else 0)
    assert core(pairs).is_empty
    apart = core(pairs, [("a", "b"), ("c", "d")])
    assert not apart.is_empty
    corners = core_vertices(pairs, apart)
    assert set(corners) == {exact(a, 4 - a, c, 4 - c) for a in (0, 4) for c in (0, 4)}
    assert [(low.amount, high.amount) for low, high in core_range(pairs, apart)] == [exact(0, 4)] * 4


@pytest.mark.parametrize(
    ("structure", "words"),
    [
        ([("a", "b"), ("b", "c")], "b is in two blocks"),
        ([("a", "b")], "c is in no block"),
        ([("a", "b", "c"), ()], "a block has no players"),
        ([("a", "b"), ("c", "x")], "no player is called 'x'"),
    ],
)
def test_wrong_structures_are_told(structure: list[tuple[str, ...]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        core(MAJORITY, structure)


@given(games(most=4), st.data())
@settings(max_examples=16, deadline=None)
def test_corners_of_any_structure_are_those_of_brute_force(game: CoalitionGame, data: st.DataObject) -> None:
    structure = data.draw(st.sampled_from(list(partitions(range(len(game.players))))))
    found = core(game, [game.names(block) for block in structure])
    corners = core_vertices(game, found)
    assert set(corners) == corners_by_brute_force(game, found.structure)
    assert found.is_empty == (not corners)
    assert list(corners) == sorted(corners)


# ---------------------------------------------------------------------------------------------------------------- laws


@given(convex_games(most=5))
@settings(max_examples=16, deadline=None)
def test_the_corners_of_a_convex_core_are_what_joining_adds(game: CoalitionGame) -> None:
    """Shapley 1971."""
    assert set(core_vertices(game, core(game))) == marginals(game)


@given(games(most=5) | convex_games(most=5))
@settings(max_examples=16, deadline=None)
def test_either_shares_or_a_proof_and_the_judge_agrees(game: CoalitionGame) -> None:
    found = core(game)
    if found.is_empty:
        assert not emptiness_faults(game, found.objection, found.structure)
        assert found.cost_of_stability == found.objection.worth(game) - game.values[-1] > 0
        paid = CoalitionGame(game.players, (*game.values[:-1], game.values[-1] + found.cost_of_stability))
        assert not core(paid).is_empty
        nearly = game.values[-1] + found.cost_of_stability * Fraction(999, 1000)
        assert core(CoalitionGame(game.players, (*game.values[:-1], nearly))).is_empty
    else:
        assert not core_faults(game, found.shares, found.structure)
        assert not objections(game, found.shares)


@given(games(most=4) | convex_games(most=4))
@settings(max_examples=16, deadline=None)
def test_ranges_are_those_of_the_corners_and_proved(game: CoalitionGame) -> None:
    found = core(game)
    corners = core_vertices(game, found)
    for player, (low, high) in enumerate(core_range(game, found)):
        assert low.amount == min(corner[player] for corner in corners)
        assert high.amount == max(corner[player] for corner in corners)
        assert not core_faults(game, low.shares, found.structure)
        assert not bound_faults(game, player, low.amount, low.weights, found.structure, sign=1)
        assert not bound_faults(game, player, -high.amount, high.weights, found.structure, sign=-1)
        assert bound_faults(game, player, low.amount + 1, low.weights, found.structure, sign=1)
        assert bound_faults(game, player, low.amount, low.weights, found.structure, sign=-1)


@given(games(most=4), st.data())
@settings(max_examples=16, deadline=None)
def test_the_order_of_players_does_not_count(game: CoalitionGame, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(game.players))))
    other = permuted(game, order)
    here, there = core(game), core(other)
    assert here.cost_of_stability == there.cost_of_stability
    moved = {tuple(corner[place] for place in order) for corner in core_vertices(game, here)}
    assert moved == set(core_vertices(other, there))


# ------------------------------------------------------------------------------------------------ broken proofs, limits


def test_the_judge_finds_out_what_proves_nothing() -> None:
    whole = (MAJORITY.everybody,)
    halves = exact("1/2", "1/2", "1/2")
    assert not emptiness_faults(MAJORITY, Collection((3, 5, 6), halves), whole)
    assert emptiness_faults(MAJORITY, Collection((3, 5), halves[:2]), whole)
    assert emptiness_faults(MAJORITY, Collection((1, 6), exact(1, 1)), whole)
    assert emptiness_faults(MAJORITY, Collection((3, 5, 6, 7), exact("1/4", "1/4", "1/4", "1/2")), whole)
    assert emptiness_faults(MAJORITY, Collection((1, 3, 5, 6), exact(-1, 1, 1, 0)), whole)
    assert core_faults(GLOVE, exact(0, 1, 0), (GLOVE.everybody,))
    assert core_faults(GLOVE, exact(1, 1, 0), (GLOVE.everybody,))
    game = TALMUD_200
    (low, _), *_ = core_range(game, core(game))
    signs = Collection(low.weights.coalitions, tuple(-weight for weight in low.weights.weights))
    assert bound_faults(game, 0, -low.amount, signs, (game.everybody,), sign=-1)


def test_too_many_corners_are_refused_and_the_deadline_is_kept() -> None:
    square = by_rule(4, lambda members: len(members) ** 2)
    assert len(core_vertices(square, core(square), most=24)) == 24
    with pytest.raises(TooLargeError, match="than the 23 that are listed") as refused:
        core_vertices(square, core(square), most=23)
    assert (refused.value.limit, refused.value.allowed) == ("core vertices", 23)
    game = by_size(3, 0, 0, 0, 1, 1, 1, 2)
    found = core(game)
    with pytest.raises(OutOfTimeError):
        core(game, should_stop=lambda: True)
    with pytest.raises(OutOfTimeError):
        core_range(game, found, should_stop=lambda: True)
    with pytest.raises(OutOfTimeError):
        core_vertices(game, found, should_stop=lambda: True)
    assert isinstance(found, Core)
