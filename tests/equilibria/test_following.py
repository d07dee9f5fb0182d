"""Where play goes when some choices are laid down, and what a player is sure of."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import numpy as np
import numpy.typing as npt
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.batch import backward_induction_over_draws
from gamecore.equilibria.following import (
    Policy,
    best_play,
    drawn_policy,
    follow,
    open_branches,
    policy_of,
    secured,
    usual_policy,
)
from gamecore.equilibria.play import Play
from gamecore.equilibria.security import maxmin_pure
from gamecore.games.agreement import Bargaining
from gamecore.games.strategic_form import strategic_form
from gamecore.games.tree import NodeKind, Tree
from tests.equilibria.trees import ends_of, profiles, random_tree, widths

seeds = st.integers(0, 2**32)


def policy_from(tree: Tree, plan: dict[int, int]) -> Policy:
    return Policy(lambda node: [(plan[tree.nodes[node].information_set], 1)])


def any_plan(tree: Tree, rng: random.Random) -> dict[int, int]:
    return {key: rng.randrange(width) for key, width in widths(tree).items()}


@given(seeds)
@settings(max_examples=80)
def test_following_a_plan_reaches_the_ends_that_walking_it_by_hand_does(seed: int) -> None:
    rng = random.Random(seed)
    tree, _ = random_tree(rng, depth=4, hidden=True)
    plan = any_plan(tree, rng)
    assert follow(tree, policy_from(tree, plan)) == dict.fromkeys(ends_of(tree, plan), 1)


@given(seeds)
@settings(max_examples=80)
def test_what_is_laid_down_is_done_and_the_rest_is_free(seed: int) -> None:
    """A forced branch is taken; where several stay open the policy chooses among them, else the first."""
    rng = random.Random(seed)
    tree, _ = random_tree(rng, depth=4)
    plan = any_plan(tree, rng)
    kept = {end for end in range(tree.ends) if rng.random() < 0.5}
    assume(kept)
    forced = open_branches(tree, kept.__contains__)
    changed = dict(plan)
    for node, branches in forced.items():
        key = tree.nodes[node].information_set
        changed[key] = plan[key] if plan[key] in branches else branches[0]
    assert set(follow(tree, policy_from(tree, plan), forced)) == set(ends_of(tree, changed))


@given(seeds)
@settings(max_examples=80)
def test_open_branches_are_those_below_which_some_end_fits(seed: int) -> None:
    rng = random.Random(seed)
    tree, _ = random_tree(rng, depth=3)
    kept = {end for end in range(tree.ends) if rng.random() < 0.4}
    found = open_branches(tree, kept.__contains__)
    for number, node in enumerate(tree.nodes):
        if node.kind is NodeKind.MOVE:
            fits = tuple(b for b, child in enumerate(node.children) if kept & set(tree.ends_below(child)))
            assert found.get(number, ()) == (fits if 0 < len(fits) < len(node.children) else ())


# ---- security levels ------------------------------------------------------------------------------------------------


def maxmin_by_hand(tree: Tree, payoffs: npt.NDArray[np.object_], player: int) -> Fraction:
    """The best of the player's plans against the worst plans of the others together."""
    size = widths(tree)
    mine = [key for key in size if tree.nodes[tree.information_sets[key][0]].player == player]
    rest = [key for key in size if key not in mine]

    def worth(plan: dict[int, int]) -> Fraction:
        return sum((payoffs[player, end] for end in ends_of(tree, plan)), Fraction(0))

    def worst(own: tuple[int, ...]) -> Fraction:
        fixed = dict(zip(mine, own, strict=True))
        ways = product(*(range(size[key]) for key in rest))
        return min(worth({**fixed, **dict(zip(rest, way, strict=True))}) for way in ways)

    return max(worst(own) for own in product(*(range(size[key]) for key in mine)))


@given(seeds, st.sampled_from([2, 3]))
@settings(max_examples=60)
def test_with_everything_seen_a_player_is_sure_of_the_maxmin(seed: int, players: int) -> None:
    tree, payoffs = random_tree(random.Random(seed), players=players, top=5)
    assume(profiles(tree) <= 300)
    form = strategic_form(tree, payoffs)
    levels = maxmin_pure(form.game)
    for player in range(players):
        level = secured(tree, payoffs[:, :, None], player)[0]
        assert level == levels[player].value == maxmin_by_hand(tree, payoffs, player)


@given(seeds)
@settings(max_examples=60)
def test_moving_at_once_a_player_is_sure_of_the_maxmin(seed: int) -> None:
    """A single simultaneous move, and then ends."""
    tree, payoffs = random_tree(random.Random(seed), depth=1, hidden=True, top=5)
    assume(any(len(nodes) > 1 for nodes in tree.information_sets.values()))
    levels = maxmin_pure(strategic_form(tree, payoffs).game)
    for player in range(2):
        assert secured(tree, payoffs[:, :, None], player)[0] == levels[player].value


@given(seeds)
@settings(max_examples=60)
def test_no_player_is_promised_more_than_the_maxmin(seed: int) -> None:
    """In any tree what is called sure is at most the maxmin over the others' plans, which may know less."""
    tree, payoffs = random_tree(random.Random(seed), depth=3, hidden=True, top=5)
    assume(profiles(tree) <= 300)
    for player in range(2):
        assert secured(tree, payoffs[:, :, None], player)[0] <= maxmin_by_hand(tree, payoffs, player)


def test_who_must_agree_is_sure_of_no_agreement() -> None:
    tree, payoffs = random_tree(random.Random(4), players=3, depth=1, top=9, agreement=True)
    for player in range(3):
        level = secured(tree, payoffs[:, :, None], player)[0]
        assert level == (payoffs[player, -1] if player < 2 else min(payoffs[player]))


# ---- policies -------------------------------------------------------------------------------------------------------


def test_the_best_play_is_the_first_that_no_other_makes_better_for_all() -> None:
    plays = tuple(Play(0, (Fraction(a), Fraction(b))) for a, b in [(1, 1), (2, 1), (1, 3), (2, 1)])
    assert best_play(plays) is plays[1]
    assert best_play(plays[:1]) is plays[0]


@given(seeds)
@settings(max_examples=50)
def test_without_spread_the_drawn_policy_goes_where_the_usual_one_goes(seed: int) -> None:
    """Both take the first in the order of the file where a choice ties for whoever makes it; here nothing ties."""
    rng = random.Random(seed)
    tree, payoffs = random_tree(rng, depth=3, agreement=True, top=10**6)
    one = (Fraction(1), Fraction(1))
    bargaining = {0: Bargaining((0, 1), (rng.randrange(2),), (one,))}
    perfect = backward_induction(tree, payoffs, bargaining)
    drawn = backward_induction_over_draws(tree, np.repeat(payoffs.astype(float)[:, :, None], 3, axis=2), bargaining)
    usual = follow(tree, usual_policy(tree, perfect, bargaining))
    assert set(usual) == set(follow(tree, policy_of(tree, best_play(perfect.plays[0]), bargaining)))
    found = follow(tree, drawn_policy(tree, drawn))
    assert set(found) == set(usual)
    for weight in found.values():
        np.testing.assert_array_equal(np.broadcast_to(weight, 3), 1)


def test_talks_that_may_break_down_before_the_round_of_the_deal_reach_no_agreement_too() -> None:
    tree, payoffs = random_tree(random.Random(2), depth=1, agreement=True)
    children = len(tree.nodes[0].children)
    options = children - 1
    values = [(Fraction(3), Fraction(0))] * options + [(Fraction(1), Fraction(1))]
    payoffs = np.array(values, dtype=object).T
    share = (Fraction(1), Fraction(1))
    bargaining = {0: Bargaining((0, 1), (1, 0), (share, share), Fraction(1, 4))}
    for play in backward_induction(tree, payoffs, bargaining).plays[0]:
        weights = follow(tree, policy_of(tree, play, bargaining))
        total = [sum(payoffs[i, end] * weight for end, weight in weights.items()) for i in range(2)]
        assert total == list(play.values)
