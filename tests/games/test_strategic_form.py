"""The strategic form of a tree: every profile is worth what the tree says, and has the tree's equilibria."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.following import Policy, follow
from gamecore.equilibria.pure import pure_equilibria
from gamecore.errors import InputError, RefusedError, TooLargeError
from gamecore.games.strategic_form import StrategicForm, strategic_form
from gamecore.games.translate import compile_game, exact_numbers
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.scenario import read_scenario
from tests.games.test_translate import compiled, drawn, seeds
from tests.scenario.conftest import GOOD


def policy_of_profile(tree: Tree, form: StrategicForm, profile: tuple[int, ...]) -> Policy:
    chosen: dict[int, int | None] = {}
    for player, option in enumerate(profile):
        chosen |= zip(form.information_sets[player], form.strategies[player][option], strict=True)

    def branches(node: int) -> list[tuple[int, int]]:
        action = chosen[tree.nodes[node].information_set]
        assert action is not None  # an information set that the plan never gets to is not got to
        return [(action, 1)]

    return Policy(branches)


@given(seeds)
@settings(max_examples=30)
def test_every_profile_is_worth_what_following_it_through_the_tree_gives(seed: int) -> None:
    made, scenario = drawn(seed, items=3)
    if any(item.joint and item.proposes == "at_once" for item in made.choices):
        return
    game = compiled(scenario, lay_out_agreements=True)
    payoffs = exact_numbers(game).payoffs
    try:
        form = strategic_form(game.tree, payoffs, most_profiles=500)
    except TooLargeError:
        return
    for profile in form.game.profiles():
        weights: Mapping[int, int] = follow(game.tree, policy_of_profile(game.tree, form, profile))
        expected = tuple(
            sum((payoffs[player, end] * weight for end, weight in weights.items()), Fraction(0))
            for player in range(game.tree.players)
        )
        assert form.game.payoff(profile) == expected


def entry() -> tuple[Tree, list[list[Fraction]]]:
    """Out, or in and then each of fight and share (Selten 1978)."""
    ends = [Node(NodeKind.END, end=number) for number in range(3)]
    enter = Node(NodeKind.MOVE, (1, 2), player=0, information_set=0)
    fight = Node(NodeKind.MOVE, (3, 4), player=1, information_set=1)
    return Tree(2, (enter, ends[0], fight, ends[1], ends[2])), [
        [Fraction(x) for x in row] for row in ((1, 0, 2), (5, 0, 2))
    ]


def test_an_action_that_the_plan_itself_rules_out_is_left_open() -> None:
    """A player who left has no later choice: three plans, not four."""
    ends = [Node(NodeKind.END, end=number) for number in range(3)]
    first = Node(NodeKind.MOVE, (1, 2), player=0, information_set=0)
    second = Node(NodeKind.MOVE, (3, 4), player=0, information_set=1)
    tree = Tree(1, (first, ends[0], second, ends[1], ends[2]))
    form = strategic_form(tree, np.array([[Fraction(1), Fraction(0), Fraction(2)]], dtype=object))
    assert form.strategies == (((0, None), (1, 0), (1, 1)),)


def test_too_many_profiles_are_refused_with_count_and_limit() -> None:
    tree, payoffs = entry()
    with pytest.raises(TooLargeError) as told:
        strategic_form(tree, np.array(payoffs, dtype=object), most_profiles=3)
    assert (told.value.count, told.value.allowed) == (4, 3)


def test_agreements_have_to_be_laid_out_first() -> None:
    scenario = read_scenario(next(path for path in GOOD if path.stem == "phase2-covid-by-state").read_text())
    game = compile_game(scenario)
    with pytest.raises(InputError, match="lay_out_agreements"):
        strategic_form(game.tree, exact_numbers(game).payoffs)
    game = compile_game(scenario, lay_out_agreements=True)
    form = strategic_form(game.tree, exact_numbers(game).payoffs)
    played = backward_induction(game.tree, exact_numbers(game).payoffs).plays[0]
    found = {equilibrium.payoffs for equilibrium in pure_equilibria(form.game).equilibria}
    assert {play.values for play in played} <= found


def test_talks_over_several_rounds_have_no_strategic_form() -> None:
    text = next(path for path in GOOD if path.stem == "phase2-covid-by-state").read_text()
    text = text.replace(
        "  plan:     0\n", "  plan: {at: 0, proposes: [diamond, sapphire], rounds: 3, every: 1 month}\n"
    )
    with pytest.raises(RefusedError, match="several rounds of offers cannot be laid out as moves"):
        compile_game(read_scenario(text), lay_out_agreements=True)
