"""Backward induction against looking at every profile in every subgame, on small trees full of ties."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gamecore.equilibria.backward_induction import Perfect, backward_induction
from gamecore.equilibria.batch import backward_induction_over_draws
from gamecore.equilibria.following import follow, policy_of
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Status
from gamecore.equilibria.tree_certificate import certify_play
from gamecore.errors import OutOfTimeError, TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.strategic_form import strategic_form
from gamecore.games.translate import exact_numbers, protocols
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.valuation.payoffs import exact_worth
from tests.equilibria.trees import (
    Growing,
    ends_of,
    laid_out,
    perfect_outcomes,
    perfect_plans,
    profiles,
    random_tree,
    values_of,
)
from tests.games.test_translate import compiled, drawn

seeds = st.integers(0, 2**32)


def outcomes(tree: Tree, perfect: Perfect, bargaining: dict[int, Bargaining] | None = None) -> set[frozenset[int]]:
    return {frozenset(follow(tree, policy_of(tree, play, bargaining or {}))) for play in perfect.plays[0]}


@given(seeds, st.sampled_from([2, 3]))
@settings(max_examples=120)
def test_with_ties_all_outcomes_are_found_and_no_others(seed: int, players: int) -> None:
    tree, payoffs = random_tree(random.Random(seed), players=players, top=1)
    assume(profiles(tree) <= 600)
    perfect = backward_induction(tree, payoffs)
    assert perfect.status is Status.COMPLETE
    assert outcomes(tree, perfect) == perfect_outcomes(tree, payoffs)


@given(seeds, st.sampled_from([2, 3]))
@settings(max_examples=80)
def test_with_moves_at_once_all_pure_outcomes_are_found_and_no_others(seed: int, players: int) -> None:
    tree, payoffs = random_tree(random.Random(seed), players=players, top=2, hidden=True)
    assume(profiles(tree) <= 600)
    try:
        perfect = backward_induction(tree, payoffs)
    except TooLargeError:
        assert not perfect_outcomes(tree, payoffs)
        return
    pure = {frozenset(follow(tree, policy_of(tree, play, {}))) for play in perfect.plays[0] if play.pure}
    if perfect.status is Status.COMPLETE:
        assert pure == perfect_outcomes(tree, payoffs)
    else:
        assert pure <= perfect_outcomes(tree, payoffs)
        assert perfect.notes


@given(seeds, st.booleans())
@settings(max_examples=100)
def test_every_play_reported_is_certified(seed: int, hidden: bool) -> None:
    tree, payoffs = random_tree(random.Random(seed), depth=4, top=2, hidden=hidden)
    perfect = backward_induction(tree, payoffs)
    for number in tree.subgame_roots:
        assert perfect.plays[number]
    for play in perfect.plays[0]:
        assert certify_play(tree, payoffs, play).holds
        weights = follow(tree, policy_of(tree, play, {}))
        for player in range(tree.players):
            total = sum((weight * payoffs[player, end] for end, weight in weights.items()), Fraction(0))
            assert total == play.values[player]


@given(seeds, st.sampled_from([0, 1]))
@settings(max_examples=100)
def test_one_offer_and_an_answer_against_the_same_tree_laid_out(seed: int, proposer: int) -> None:
    """The answer takes what is as good; everything else as every profile in every subgame says."""
    tree, payoffs = random_tree(random.Random(seed), top=1, depth=2, agreement=True)
    long, long_payoffs, old, answers = laid_out(tree, payoffs, proposer)
    assume(profiles(long) <= 600)
    expected = set()
    for plan in perfect_plans(long, long_payoffs):
        worth = values_of(long, long_payoffs, plan)
        asked = [(key, long.nodes[long.information_sets[key][0]]) for key in answers]
        responder = 1 - proposer
        if all(
            plan[key] == int(worth[node.children[0]][responder] < worth[node.children[1]][responder])
            for key, node in asked
        ):
            expected.add(frozenset(old[end] for end in ends_of(long, plan)))
    one = (Fraction(1), Fraction(1))
    bargaining = {0: Bargaining((0, 1), (proposer,), (one,))}
    perfect = backward_induction(tree, payoffs, bargaining)
    if perfect.status is Status.COMPLETE:
        assert outcomes(tree, perfect, bargaining) == expected
    else:
        assert outcomes(tree, perfect, bargaining) <= expected


@given(seeds)
@settings(max_examples=25)
def test_what_is_played_is_an_equilibrium_of_the_scenario_laid_out_in_strategic_form(seed: int) -> None:
    """Offers in one round by everybody's own knowledge: each play's worth is that of a pure Nash equilibrium."""
    made, scenario = drawn(seed, items=3)
    assume(not any(item.joint and item.proposes == "at_once" for item in made.choices))
    talks = protocols(scenario)[0]
    game = compiled(scenario)
    numbers = exact_numbers(game)
    bargaining = game.bargaining(talks, exact_worth(scenario))
    long = compiled(scenario, lay_out_agreements=True)
    try:
        perfect = backward_induction(game.tree, numbers.payoffs, bargaining, most_profiles=1000)
        form = strategic_form(long.tree, exact_numbers(long).payoffs, most_profiles=1000)
    except TooLargeError:
        return
    found = {equilibrium.payoffs for equilibrium in pure_equilibria(form.game).equilibria}
    for play in perfect.plays[0]:
        assert certify_play(game.tree, numbers.payoffs, play, bargaining).holds
        if play.pure:
            assert play.values in found


@given(seeds)
@settings(max_examples=30)
def test_who_decides_alone_gets_the_best_of_all_plans_in_floats_too(seed: int) -> None:
    """Several choices under uncertainty of one player: the most that any strategy gives."""
    _, scenario = drawn(seed, players=1, most_by=1, items=5)
    game = compiled(scenario)
    payoffs = exact_numbers(game).payoffs
    try:
        form = strategic_form(game.tree, payoffs, most_profiles=5000)
    except TooLargeError:
        return
    best = max(form.game.payoffs[0])
    assert all(play.values[0] == best for play in backward_induction(game.tree, payoffs).plays[0])
    played = backward_induction_over_draws(game.tree, payoffs.astype(float)[:, :, None], {})
    assert abs(played.values[0][0, 0] - float(best)) < 1e-9


# ---- regressions ----------------------------------------------------------------------------------------------------


def test_outcomes_of_the_same_worth_are_told_apart() -> None:
    """Once two plays with equal values for all were taken for one, and an outcome was lost."""
    growing = Growing(2)
    root, key = growing.open(), growing.new_set()
    left, left_key = growing.open(), growing.new_set()
    ends = (growing.end((Fraction(1), Fraction(1))), growing.end((Fraction(1), Fraction(1))))
    growing.nodes[left] = Node(NodeKind.MOVE, ends, player=1, information_set=left_key)
    right = growing.end((Fraction(0), Fraction(0)))
    growing.nodes[root] = Node(NodeKind.MOVE, (left, right), player=0, information_set=key)
    tree, payoffs = growing.done()
    assert outcomes(tree, backward_induction(tree, payoffs)) == {frozenset({0}), frozenset({1})}


def mixing_after_a_move_of_ones_own() -> tuple[Tree, npt.NDArray[np.object_]]:
    """Player 0 leaves or stays, and if it stays plays matching pennies with player 1, who sees nothing."""
    nodes = [
        Node(NodeKind.MOVE, (1, 4), player=0, information_set=0),
        Node(NodeKind.MOVE, (2, 3), player=1, information_set=1),
        Node(NodeKind.END, end=0),
        Node(NodeKind.END, end=1),
        Node(NodeKind.MOVE, (5, 8), player=0, information_set=2),
        Node(NodeKind.MOVE, (6, 7), player=1, information_set=1),
        Node(NodeKind.END, end=2),
        Node(NodeKind.END, end=3),
        Node(NodeKind.MOVE, (9, 10), player=1, information_set=1),
        Node(NodeKind.END, end=4),
        Node(NodeKind.END, end=5),
    ]
    rows = [(0, 2, 3, -3, -3, 3), (0, 0, -3, 3, 3, -3)]
    return Tree(2, tuple(nodes)), np.array([[Fraction(value) for value in row] for row in rows], dtype=object)


def test_mixing_is_told_where_it_is_done() -> None:
    """Once the chances in a later information set counted strategies that never get there, and the proof failed."""
    tree, payoffs = mixing_after_a_move_of_ones_own()
    perfect = backward_induction(tree, payoffs)
    assert any("mixed strategies" in note for note in perfect.notes)
    for play in perfect.plays[0]:
        assert not play.pure
        assert certify_play(tree, payoffs, play).holds


def test_three_who_move_at_once_and_have_to_mix_do_so_provably() -> None:
    """Matching pennies of players 1 and 2, with player 0 moving at the same time and indifferent."""
    growing = Growing(3)
    keys = [growing.new_set() for _ in range(3)]

    def lay(player: int, chosen: tuple[int, ...]) -> int:
        if player == 3:
            win = Fraction(1 if chosen[1] == chosen[2] else -1)
            return growing.end((Fraction(0), win, -win))
        node = growing.open()
        children = tuple(lay(player + 1, (*chosen, action)) for action in range(2))
        growing.nodes[node] = Node(NodeKind.MOVE, children, player=player, information_set=keys[player])
        return node

    lay(0, ())
    tree, payoffs = growing.done()
    perfect = backward_induction(tree, payoffs)
    assert perfect.plays[0]
    half = (Fraction(1, 2), Fraction(1, 2))
    for play in perfect.plays[0]:
        assert play.actions[keys[1]] == play.actions[keys[2]] == half
        assert certify_play(tree, payoffs, play).holds


def test_silence_follows_the_plan_it_was_worth_choosing_for() -> None:
    """Once, where no agreement had several plans, the policy of an unmade offer overwrote the one that is followed."""
    growing = Growing(2)
    root = growing.open()
    offer = growing.end((Fraction(1), Fraction(0)))
    none, key = growing.open(), growing.new_set()
    ends = (growing.end((Fraction(0), Fraction(1))), growing.end((Fraction(2), Fraction(1))))
    growing.nodes[none] = Node(NodeKind.MOVE, ends, player=1, information_set=key)
    growing.nodes[root] = Node(NodeKind.AGREEMENT, (offer, none), by=(0, 1))
    tree, payoffs = growing.done()
    bargaining = {0: Bargaining((0, 1), (0,), ((Fraction(1), Fraction(1)),))}
    perfect = backward_induction(tree, payoffs, bargaining)
    for play in perfect.plays[0]:
        weights = follow(tree, policy_of(tree, play, bargaining))
        assert [sum(payoffs[i, end] * weight for end, weight in weights.items()) for i in range(2)] == list(play.values)
    assert sorted(play.values[0] for play in perfect.plays[0]) == [0, 2]


def test_who_is_asked_to_stop_says_so() -> None:
    tree, payoffs = random_tree(random.Random(3), depth=6)
    assert len(tree.nodes) > 32
    with pytest.raises(OutOfTimeError, match="the time was up"):
        backward_induction(tree, payoffs, should_stop=lambda: True)
