"""Many draws at once give what each draw gives when it is solved alone, in rationals."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gamecore.equilibria import batch
from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.batch import DrawnPlay, backward_induction_over_draws
from gamecore.equilibria.following import drawn_policy, follow, policy_of
from gamecore.errors import TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.translate import drawn_numbers, exact_numbers, protocols
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.model import Range, Scenario, Uncertain
from gamecore.scenario import read_scenario
from gamecore.scenario.expressions import VECTOR
from gamecore.valuation.payoffs import Worth, drawn_worth, exact_worth
from tests.equilibria.trees import Growing, random_tree
from tests.games.test_translate import compiled, drawn
from tests.worked import WITH_ORDER

seeds = st.integers(0, 2**32)
MOST_PROFILES = 1000  # keeps the tests quick
Array = npt.NDArray[Any]


def passed(tree: Tree, played: DrawnPlay, draws: int) -> tuple[dict[int, Array], dict[str, npt.NDArray[np.bool_]]]:
    """How much of each end is reached in each draw, and which draws met a tie or no pure equilibrium on the way."""
    flags = {name: np.zeros(draws, dtype=bool) for name in ("several", "undecided")}
    reached = follow(tree, drawn_policy(tree, played, flags))
    return {end: np.broadcast_to(weight, draws) for end, weight in reached.items()}, flags


def same_in_each_draw(
    tree: Tree, payoffs: Array, bargaining: Mapping[int, Bargaining], exact_bargaining: Any = None
) -> int:
    """Compare each draw with its exact solution; returns in how many draws play was compared."""
    draws = payoffs.shape[2]
    played = backward_induction_over_draws(tree, payoffs, bargaining)
    reached, flags = passed(tree, played, draws)
    compared = 0
    for number in range(draws):
        exact = np.vectorize(Fraction, otypes=[object])(payoffs[:, :, number])
        protocol = exact_bargaining(number) if exact_bargaining else bargaining
        try:
            perfect = backward_induction(tree, exact, protocol)
        except TooLargeError:
            assert played.undecided
            continue
        if flags["several"][number] or flags["undecided"][number] or not perfect.plays[0][0].pure:
            continue
        here = {end for end, weight in reached.items() if weight[number] and _counts(payoffs, end, number)}
        ends = [
            {end for end in follow(tree, policy_of(tree, play, protocol)) if _counts(payoffs, end, number)}
            for play in perfect.plays[0]
        ]
        assert here in ends
        values = [[float(value) for value in play.values] for play in perfect.plays[0]]
        assert any(np.allclose(played.values[0][:, number], value, atol=1e-9) for value in values)
        compared += 1
    return compared


def _counts(payoffs: Array, end: int, number: int) -> bool:
    return bool(np.any(payoffs[:, end, number]))


# ---- random trees ---------------------------------------------------------------------------------------------------


@given(seeds, st.booleans(), st.sampled_from([2, 3]))
@settings(max_examples=40)
def test_each_draw_of_a_random_tree_is_played_as_if_alone(seed: int, hidden: bool, players: int) -> None:
    tree, base = random_tree(random.Random(seed), players=players, depth=3, hidden=hidden, top=9)
    spread = np.random.default_rng(seed % 1000).normal(size=(*base.shape, 8))
    same_in_each_draw(tree, base.astype(float)[:, :, None] + spread, {})


@given(seeds, st.sampled_from(["offers", "rounds", "at once"]))
@settings(max_examples=40)
def test_each_draw_of_an_agreement_is_played_as_if_alone(seed: int, how: str) -> None:
    rng = random.Random(seed)
    tree, base = random_tree(rng, players=3, depth=2, agreement=True, top=9)
    spread = np.random.default_rng(seed % 1000).normal(size=(*base.shape, 8))
    rounds = 3 if how == "rounds" else 1
    keep = tuple((Fraction(9, 10) ** n, Fraction(7, 10) ** n, Fraction(1)) for n in range(rounds))
    order = tuple(rng.randrange(2) for _ in range(rounds))
    protocol = Bargaining((0, 1), order, keep, Fraction(1, 10), discount_all=rng.random() < 0.5)
    same_in_each_draw(
        tree,
        base.astype(float)[:, :, None] + spread,
        {0: Bargaining((0, 1), at_once=True) if how == "at once" else protocol},
    )


# ---- scenario files -------------------------------------------------------------------------------------------------


def certain(scenario: Scenario, draws: int) -> Worth[Any]:
    """The scenario over draws in which nothing varies."""
    return Worth(scenario, VECTOR, lambda item: np.full(draws, float(item.base)))


def solved_without_spread(scenario: Scenario) -> bool:
    """Whether, in every protocol, a game without spread is played as at base values."""
    game = compiled(scenario)
    talks = protocols(scenario)[:1] if game.spelled_out else protocols(scenario)
    exact, base, flat = exact_numbers(game), exact_worth(scenario), certain(scenario, 2)
    floats = drawn_numbers(game, draws=2, seed=1, worth=flat)
    compared = False
    for protocol in talks:
        talks_at = game.bargaining(protocol, base)
        perfect = backward_induction(game.tree, exact.payoffs, talks_at, most_profiles=MOST_PROFILES)
        played = backward_induction_over_draws(game.tree, floats.payoffs, game.bargaining(protocol, flat))
        reached, flags = passed(game.tree, played, 2)
        if flags["undecided"].any() or not perfect.plays[0][0].pure:
            continue
        values = [np.array([float(value) for value in play.values]) for play in perfect.plays[0]]
        assert any(np.allclose(played.values[0][:, 0], value, atol=1e-9) for value in values)
        ends = [set(follow(game.tree, policy_of(game.tree, play, talks_at))) for play in perfect.plays[0]]
        if not flags["several"].any():
            assert {end for end, weight in reached.items() if weight[0]} in ends
        compared = True
    return compared


@pytest.mark.parametrize("file", WITH_ORDER, ids=lambda path: path.stem)
def test_a_worked_file_without_spread_is_played_as_at_base_values(file: Path) -> None:
    assert solved_without_spread(read_scenario(file.read_bytes()))


@given(seeds)
@settings(max_examples=25)
def test_a_random_scenario_without_spread_is_played_as_at_base_values(seed: int) -> None:
    _, scenario = drawn(seed)
    try:
        solved_without_spread(scenario)
    except TooLargeError:
        assume(False)


@pytest.mark.parametrize("file", WITH_ORDER, ids=lambda path: path.stem)
def test_twenty_draws_of_a_worked_file_are_each_played_as_if_solved_alone_in_rationals(file: Path) -> None:
    scenario = read_scenario(file.read_bytes())
    game = compiled(scenario)
    worth = drawn_worth(scenario, draws=20, seed=7)
    numbers = drawn_numbers(game, draws=20, seed=7, worth=worth)

    def alone(number: int, protocol: Any) -> dict[int, Bargaining]:
        def one(item: Range | Uncertain) -> Any:
            values: Any = worth._uncertain(item)
            return np.asarray(values)[number : number + 1]

        exact = game.bargaining(protocol, Worth(scenario, VECTOR, one))
        return {
            node: replace(
                item,
                keep=tuple(tuple(Fraction(float(np.ravel(share)[0])) for share in shares) for shares in item.keep),
                breakdown=Fraction(float(np.ravel(item.breakdown)[0])),
            )
            for node, item in exact.items()
        }

    talks = protocols(scenario)[:1] if game.spelled_out else protocols(scenario)
    for protocol in talks[:2]:
        same_in_each_draw(
            game.tree,
            numbers.payoffs,
            game.bargaining(protocol, worth),
            lambda number, protocol=protocol: alone(number, protocol),
        )


# ---- regressions ----------------------------------------------------------------------------------------------------


def test_blocks_of_draws_change_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a subgame of many profiles held all draws in memory at a time."""
    tree, base = random_tree(random.Random(8), players=2, depth=3, hidden=True, top=9)
    assert any(len(nodes) > 1 for nodes in tree.information_sets.values())
    payoffs = base.astype(float)[:, :, None] + np.random.default_rng(1).normal(size=(*base.shape, 50))
    whole = backward_induction_over_draws(tree, payoffs, {})
    monkeypatch.setattr(batch, "BLOCK_NUMBERS", 100)
    parts = backward_induction_over_draws(tree, payoffs, {})
    for name in ("values", "actions", "settled", "several", "undecided"):
        one, other = getattr(whole, name), getattr(parts, name)
        assert one.keys() == other.keys()
        for key, table in one.items():
            np.testing.assert_array_equal(table, other[key])


def pennies_watched(values: tuple[int, int]) -> tuple[Tree, Array]:
    """Players 0 and 1 play matching pennies; player 2 gets one value or the other."""
    growing = Growing(3)
    keys = [growing.new_set(), growing.new_set()]
    root, children = growing.open(), []
    for mine in range(2):
        inner = growing.open()
        ends = []
        for theirs in range(2):
            win = Fraction(1 if mine == theirs else -1)
            ends.append(growing.end((win, -win, Fraction(values[mine]))))
        growing.nodes[inner] = Node(NodeKind.MOVE, tuple(ends), player=1, information_set=keys[1])
        children.append(inner)
    growing.nodes[root] = Node(NodeKind.MOVE, tuple(children), player=0, information_set=keys[0])
    return growing.done()


def test_who_only_watches_a_game_without_pure_equilibrium_gets_the_mean() -> None:
    """Once it was given 0, whatever its payoffs."""
    tree, payoffs = pennies_watched((10, 20))
    played = backward_induction_over_draws(tree, payoffs.astype(float)[:, :, None], {})
    assert played.undecided[0].all()
    np.testing.assert_array_equal(played.values[0][:, 0], [-1, -1, 15])


def test_a_tie_of_a_player_who_decides_alone_without_seeing_is_flagged() -> None:
    """Once ties in a choice made without seeing what chance brought were not counted."""
    ends = [Node(NodeKind.END, end=number) for number in range(4)]
    moves = [
        Node(NodeKind.MOVE, (2, 3), player=0, information_set=0),
        Node(NodeKind.MOVE, (5, 6), player=0, information_set=0),
    ]
    tree = Tree(2, (Node(NodeKind.CHANCE, (1, 4)), moves[0], ends[0], ends[1], moves[1], ends[2], ends[3]))
    payoffs = np.array([[1.0, 2.0, 3.0, 2.0], [0.0, 5.0, 0.0, 5.0]])[:, :, None]
    played = backward_induction_over_draws(tree, payoffs, {})
    assert passed(tree, played, 1)[1]["several"].all()


def test_silence_that_is_as_good_as_the_best_offer_is_flagged() -> None:
    growing = Growing(2)
    root = growing.open()
    ends = (growing.end((Fraction(1), Fraction(5))), growing.end((Fraction(1), Fraction(0))))
    growing.nodes[root] = Node(NodeKind.AGREEMENT, ends, by=(0, 1))
    tree, payoffs = growing.done()
    share = (Fraction(1), Fraction(1))
    played = backward_induction_over_draws(
        tree, payoffs.astype(float)[:, :, None], {0: Bargaining((0, 1), (0,), (share,))}
    )
    assert played.several[0].all()


def test_an_action_that_one_rules_out_oneself_makes_no_second_equilibrium() -> None:
    """Once a plan counted anew for every action it would take where it never gets, and the draw as not unique."""
    end = [Node(NodeKind.END, end=number) for number in range(6)]
    nodes = [
        Node(NodeKind.MOVE, (1, 4), player=0, information_set=0),
        *(Node(NodeKind.MOVE, (2, 3), player=1, information_set=1), end[0], end[1]),
        Node(NodeKind.MOVE, (5, 8), player=1, information_set=1),
        *(Node(NodeKind.MOVE, (6, 7), player=0, information_set=2), end[2], end[3]),
        *(Node(NodeKind.MOVE, (9, 10), player=0, information_set=3), end[4], end[5]),
    ]
    payoffs = np.array([[9.0, 8, 1, 0, 1, 0], [2.0, 1, 2, 2, 1, 1]])[:, :, None]
    played = backward_induction_over_draws(Tree(2, tuple(nodes)), payoffs, {})
    assert not played.several[0].any()


def test_too_many_profiles_are_refused_before_anything_is_laid_out() -> None:
    tree, payoffs = pennies_watched((1, 2))
    with pytest.raises(TooLargeError) as told:
        backward_induction_over_draws(tree, payoffs.astype(float)[:, :, None], {}, most_profiles=3)
    assert (told.value.count, told.value.allowed) == (4, 3)


@given(seeds)
def test_what_is_kept_does_not_depend_on_what_else_is(seed: int) -> None:
    rng = random.Random(seed)
    tree, exact = random_tree(rng, depth=4, hidden=True)
    payoffs = exact.astype(float)[:, :, None] * np.random.default_rng(seed).uniform(0.5, 1.5, (2, tree.ends, 6))
    whole = backward_induction_over_draws(tree, payoffs, {}, most_profiles=MOST_PROFILES)
    root = backward_induction_over_draws(tree, payoffs, {}, most_profiles=MOST_PROFILES, keep=(0,))
    assert list(root.values) == [0]
    assert root.values[0].tobytes() == whole.values[0].tobytes()
    assert {key: chosen.tolist() for key, chosen in root.actions.items()} == {
        key: chosen.tolist() for key, chosen in whole.actions.items()
    }
    assert root.several.keys() == whole.several.keys()
