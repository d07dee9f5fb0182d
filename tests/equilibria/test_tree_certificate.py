"""The proof of a play takes nothing on trust: every change of a play that makes it no equilibrium is found."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.play import Play
from gamecore.equilibria.tree_certificate import certify_play
from gamecore.errors import TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import Node, NodeKind, Tree
from tests.equilibria.trees import ends_of, random_tree

seeds = st.integers(0, 2**32)


def unit(action: int, width: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(number == action)) for number in range(width))


def with_action(play: Play, key: int, action: int) -> Play:
    """The same play with another action in one information set; claimed values as they were."""
    if key in play.actions:
        return replace(play, actions={**play.actions, key: unit(action, len(play.actions[key]))})
    return replace(play, below={number: with_action(below, key, action) for number, below in play.below.items()})


def revalued(tree: Tree, payoffs: npt.NDArray[Any], play: Play) -> Play:
    """The same pure plan with the values it really has."""
    below = {number: revalued(tree, payoffs, item) for number, item in play.below.items()}
    plan = {key: mix.index(Fraction(1)) for part in play.parts() for key, mix in part.actions.items()}
    ends = ends_of(tree, plan, play.node)
    values = tuple(sum((payoffs[i, end] for end in ends), Fraction(0)) for i in range(tree.players))
    return replace(play, below=below, values=values)


def is_perfect(tree: Tree, payoffs: npt.NDArray[Any], play: Play) -> bool:
    """In trees of perfect information: no single other action is better for its mover (the one-shot principle)."""
    plan = {key: mix.index(Fraction(1)) for part in play.parts() for key, mix in part.actions.items()}
    for node in tree.nodes:
        if node.kind is NodeKind.MOVE:
            worth = [sum(payoffs[node.player, end] for end in ends_of(tree, plan, child)) for child in node.children]
            if worth[plan[node.information_set]] < max(worth):
                return False
    return True


@given(seeds, st.integers(0, 10), st.integers(0, 2))
@settings(max_examples=120)
def test_another_action_is_accepted_exactly_if_nobody_would_gain(seed: int, which: int, action: int) -> None:
    tree, payoffs = random_tree(random.Random(seed), players=2, top=3)
    play = backward_induction(tree, payoffs).plays[0][0]
    sets = sorted(tree.information_sets)
    if not sets:
        return
    key = sets[which % len(sets)]
    changed = with_action(play, key, action % len(tree.nodes[tree.information_sets[key][0]].children))
    honest = revalued(tree, payoffs, changed)
    assert certify_play(tree, payoffs, honest).holds == is_perfect(tree, payoffs, honest)
    if honest.values != play.values:
        assert not certify_play(tree, payoffs, changed).holds  # the old values are claimed for the new plan


@given(seeds, st.booleans())
@settings(max_examples=60)
def test_wrong_values_are_rejected(seed: int, hidden: bool) -> None:
    rng = random.Random(seed)
    tree, payoffs = random_tree(rng, top=2, hidden=hidden)
    for play in backward_induction(tree, payoffs).plays[0]:
        parts = [part for part in play.parts() if part.actions]
        if parts:
            target = rng.choice(parts)
            wrong = _replaced(play, target, replace(target, values=(target.values[0] + 1, *target.values[1:])))
            assert not certify_play(tree, payoffs, wrong).holds


def _replaced(play: Play, target: Play, new: Play) -> Play:
    if play is target:
        return new
    return replace(play, below={number: _replaced(item, target, new) for number, item in play.below.items()})


@given(seeds)
@settings(max_examples=60)
def test_at_once_an_action_that_gains_by_moving_alone_is_rejected(seed: int) -> None:
    rng = random.Random(seed)
    tree, payoffs = random_tree(rng, top=9, hidden=True, depth=2)
    try:
        plays = [play for play in backward_induction(tree, payoffs).plays[0] if play.pure]
    except TooLargeError:
        return
    accepted = {tuple(sorted(_actions(play).items())) for play in plays}
    for play in plays:
        for key, nodes in tree.information_sets.items():
            for action in range(len(tree.nodes[nodes[0]].children)):
                changed = revalued(tree, payoffs, with_action(play, key, action))
                if certify_play(tree, payoffs, changed).holds and changed.values not in {one.values for one in plays}:
                    assert tuple(sorted(_actions(changed).items())) in accepted


def _actions(play: Play) -> dict[int, int]:
    return {key: mix.index(Fraction(1)) for part in play.parts() for key, mix in part.actions.items()}


# ---- agreements -----------------------------------------------------------------------------------------------------


def settled(seed: int, rounds: int, *, discount_all: bool = False) -> tuple[Tree, npt.NDArray[Any], Any]:
    rng = random.Random(seed)
    tree, payoffs = random_tree(rng, top=20, depth=1, agreement=True)
    keep = tuple(tuple(Fraction(9, 10 + i) ** number for i in range(2)) for number in range(rounds))
    bargaining = Bargaining(
        (0, 1),
        tuple(number % 2 for number in range(rounds)),
        keep,
        Fraction(1, 20) if rounds > 1 else Fraction(0),
        discount_all=discount_all,
    )
    return tree, payoffs, {0: bargaining}


def tampered(play: Play) -> Iterator[tuple[str, Play]]:
    """A settlement by offers with one thing changed."""
    settlement = play.settlement
    assert settlement is not None
    rounds = settlement.rounds

    def with_round(number: int, **changes: Any) -> Play:
        new = [replace(item, **changes) if place == number else item for place, item in enumerate(rounds)]
        return replace(play, settlement=replace(settlement, rounds=tuple(new)))

    for number, item in enumerate(rounds):
        for option, response in enumerate(item.responses):
            turned = [*item.responses]
            turned[option] = replace(response, accepted=not response.accepted)
            yield "an answer", with_round(number, responses=tuple(turned))
            if option != item.offer:
                yield "an offer", with_round(number, offer=option)
        yield "a proposer", with_round(number, proposer=1 - item.proposer)
        yield "an answer left out", with_round(number, responses=item.responses[:-1])
    other = 0 if settlement.option is None else None
    yield "the outcome", replace(play, settlement=replace(settlement, option=other))
    yield "a round more", replace(play, settlement=replace(settlement, rounds=(*rounds, rounds[-1])))
    yield "no rounds", replace(play, settlement=replace(settlement, rounds=()))
    yield "the value", replace(play, values=(play.values[0], play.values[1] - 1))
    yield "no settlement", replace(play, settlement=None)


@given(seeds, st.sampled_from([1, 2, 3]), st.booleans())
@settings(max_examples=80)
def test_a_changed_offer_answer_or_outcome_is_rejected(seed: int, rounds: int, discount_all: bool) -> None:
    tree, payoffs, bargaining = settled(seed, rounds, discount_all=discount_all)
    generic = len(set(payoffs.ravel().tolist())) == payoffs.size  # without ties every change is a mistake
    for play in backward_induction(tree, payoffs, bargaining).plays[0]:
        assert certify_play(tree, payoffs, play, bargaining).holds
        for what, wrong in tampered(play):
            if generic or what not in {"an answer", "an offer"}:
                assert not certify_play(tree, payoffs, wrong, bargaining).holds, what


@given(seeds)
@settings(max_examples=40)
def test_a_changed_name_is_rejected(seed: int) -> None:
    tree, payoffs, _ = settled(seed, 1)
    bargaining = {0: Bargaining((0, 1), at_once=True)}
    plays = backward_induction(tree, payoffs, bargaining).plays[0]
    worth = {play.values for play in plays}
    for play in plays:
        settlement = play.settlement
        assert settlement is not None
        assert certify_play(tree, payoffs, play, bargaining).holds
        if not settlement.named:
            continue
        for seat in range(2):
            for name in range(len(settlement.options)):
                named = list(settlement.named)
                named[seat] = name
                wrong = replace(play, settlement=replace(settlement, named=tuple(named)))
                if certify_play(tree, payoffs, wrong, bargaining).holds:
                    assert wrong.values in worth


# ---- what is no plan at all -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mix", ["1 1", "2 -1", "1/2 1/4", "1"])
def test_chances_that_are_none_are_rejected(mix: str) -> None:
    """Once two actions played for certain at the same time were worth both, and passed."""
    chances = tuple(map(Fraction, mix.split()))
    ends = (Node(NodeKind.END, end=0), Node(NodeKind.END, end=1))
    tree = Tree(1, (Node(NodeKind.MOVE, (1, 2), player=0, information_set=0), *ends))
    payoffs = np.array([[Fraction(3), Fraction(3)]], dtype=object)
    below = {1: Play(1, (Fraction(3),)), 2: Play(2, (Fraction(3),))}
    assert certify_play(tree, payoffs, Play(0, (Fraction(3),), {0: unit(0, 2)}, below)).holds
    assert not certify_play(tree, payoffs, Play(0, (3 * sum(chances, Fraction(0)),), {0: chances}, below)).holds


def test_a_play_that_leaves_out_a_part_is_rejected() -> None:
    """Once a play could claim an exit where no subgame starts, and hide what is done below."""
    tree, payoffs = random_tree(random.Random(0), top=2, depth=2)
    play = backward_induction(tree, payoffs).plays[0][0]
    assert play.below
    for number in play.below:
        left_out = {key: item for key, item in play.below.items() if key != number}
        assert not certify_play(tree, payoffs, replace(play, below=left_out)).holds
        elsewhere = {key: replace(item, node=item.node + 1) for key, item in play.below.items()}
        assert not certify_play(tree, payoffs, replace(play, below=elsewhere)).holds
