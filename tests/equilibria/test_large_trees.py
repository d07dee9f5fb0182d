"""Backward induction in arrays: the same answer as set by set, on any shape, in any size of numbers."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from gamecore.equilibria import large_trees
from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.large_trees import CHANCE, END, ArrayTree, array_tree, solve_large
from gamecore.equilibria.result import Status
from gamecore.errors import InputError
from tests.equilibria.trees import random_tree
from tests.equilibria.written_trees import entry, horse


def full_tree(depth: int, width: int, players: int, *, chance_level: int = -1) -> ArrayTree:
    """Every node has `width` children, level by level; players move in turn."""
    counts = [width**level for level in range(depth + 1)]
    mover = np.concatenate(
        [
            np.full(count, END if level == depth else CHANCE if level == chance_level else level % players, np.int32)
            for level, count in enumerate(counts)
        ]
    )
    parent = np.concatenate(([-1], (np.arange(sum(counts) - 1)) // width)).astype(np.int64)
    return ArrayTree(mover, parent, players)


def chain(length: int) -> tuple[ArrayTree, npt.NDArray[Any]]:
    """Rosenthal 1981's centipede: stop or go on, whoever stops gets a little more than the other."""
    mover = np.full(2 * length + 1, END, dtype=np.int32)
    mover[: 2 * length : 2] = np.arange(length) % 2
    parent = np.empty(2 * length + 1, dtype=np.int64)
    parent[0] = -1
    parent[1::2] = np.arange(length) * 2
    parent[2::2] = np.arange(length) * 2
    step = np.arange(length)
    stopper = step % 2
    payoffs = np.stack([step + 2 * (stopper == 0), step + 2 * (stopper == 1)])
    return ArrayTree(mover, parent, 2), np.concatenate([payoffs, [[length], [length]]], axis=1)


@pytest.mark.parametrize("node_by_node", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_it_finds_a_play_that_backward_induction_finds(
    seed: int, node_by_node: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if node_by_node:
        monkeypatch.setattr(large_trees, "MOST_LEVELS", 0)
    rng = random.Random(seed)
    tree, payoffs = random_tree(rng, players=rng.choice([1, 2, 3]), depth=4, top=rng.choice([1, 3, 50]))
    payoffs = payoffs / rng.choice([1, 7])
    plays = backward_induction(tree, payoffs)
    found = solve_large(*array_tree(tree, payoffs))
    values = {play.values for play in plays.plays[0]}
    if plays.status is Status.COMPLETE:
        assert found.payoffs in values
        if found.unique:
            assert values == {found.payoffs}
    assert found.certificate.holds
    assert found.certificate.max_gain <= 0


@pytest.mark.parametrize("seed", range(40))
def test_levels_and_single_nodes_agree_in_everything(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    tree, payoffs = random_tree(rng, players=2, depth=5, top=2)
    by_level = solve_large(*array_tree(tree, payoffs))
    monkeypatch.setattr(large_trees, "MOST_LEVELS", 0)
    by_node = solve_large(*array_tree(tree, payoffs))
    huge = solve_large(*array_tree(tree, payoffs * Fraction(10**30, 7)))
    for other in (by_node, huge):
        assert other.ties == by_level.ties
        assert other.path == by_level.path
        assert other.choice.tolist() == by_level.choice.tolist()
        assert other.ends.tolist() == by_level.ends.tolist()
    assert by_node.payoffs == by_level.payoffs
    assert huge.payoffs == tuple(value * Fraction(10**30, 7) for value in by_level.payoffs)


def test_the_ends_reached_are_those_of_the_play() -> None:
    tree = full_tree(4, 2, 2, chance_level=2)
    payoffs = np.arange(32).reshape(2, 16) % 5
    found = solve_large(tree, payoffs)
    assert len(found.path) == 3
    assert len(found.ends) == 2
    assert found.payoffs == tuple(Fraction(int(payoffs[player, found.ends].sum())) for player in range(2))


def test_a_tree_of_two_hundred_thousand_leaves() -> None:
    tree = full_tree(9, 4, 3)
    payoffs = np.random.default_rng(0).integers(-(10**9), 10**9, (3, 4**9))
    found = solve_large(tree, payoffs)
    assert found.certificate.holds
    assert found.unique
    assert found.payoffs == tuple(Fraction(int(value)) for value in payoffs[:, found.ends[0]])


def test_a_long_centipede_stops_at_once() -> None:
    found = solve_large(*chain(50_000))
    assert found.path == (0, 1)
    assert found.payoffs == (2, 0)  # type: ignore[comparison-overlap]
    assert found.certificate.holds


def test_ties_are_counted_only_where_somebody_cares() -> None:
    mover, parent = np.array([0, END, END]), np.array([-1, 0, 0])
    tree = ArrayTree(mover, parent, 2)
    nobody = solve_large(tree, np.array([[1, 1], [2, 2]]))
    assert (nobody.ties, nobody.status) == (0, Status.COMPLETE)
    somebody = solve_large(tree, np.array([[1, 1], [2, 3]]))
    assert (somebody.ties, somebody.status, somebody.path) == (1, Status.PARTIAL, (0, 1))


def test_hidden_moves_and_faulty_arrays_are_refused() -> None:
    game = horse()
    with pytest.raises(InputError, match="sees"):
        array_tree(game.tree, game.payoffs)
    with pytest.raises(InputError, match="root"):
        ArrayTree(np.array([0, END]), np.array([-1, 1]), 1)
    with pytest.raises(InputError, match="ends"):
        ArrayTree(np.array([0, 0]), np.array([-1, 0]), 1)
    with pytest.raises(InputError, match="mover is"):
        ArrayTree(np.array([1, END]), np.array([-1, 0]), 1)
    with pytest.raises(InputError, match="do not fit"):
        solve_large(full_tree(1, 2, 1), np.array([[1, 2, 3]]))
    with pytest.raises(InputError, match="exact"):
        solve_large(full_tree(1, 2, 1), np.array([[0.1, 0.2]]))


def test_limits_are_told() -> None:
    tree, payoffs = array_tree(entry().tree, entry().payoffs)
    small = solve_large(tree, payoffs, most_nodes=3)
    assert small.status is Status.REFUSED
    assert "5 nodes" in small.notes[0]
    assert solve_large(tree, payoffs, should_stop=lambda: True).status is Status.REFUSED
    assert not small.certificate.holds
