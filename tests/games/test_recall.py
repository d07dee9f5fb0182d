"""Perfect recall against its definition: at all nodes of an information set the player has seen and done the same."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.errors import RefusedError
from gamecore.games.recall import Forgetting, check_perfect_recall, imperfect_recall
from gamecore.games.tree import Node, NodeKind, Tree


def random_tree(seed: int) -> Tree:
    """A small tree of up to three players whose moves share information sets at random (same number of actions)."""
    rng = random.Random(seed)
    players = rng.randint(1, 3)
    nodes: list[Node] = []
    sets: dict[tuple[int, int], list[int]] = {}  # (player, actions) -> information sets
    ends = made = 0

    def grow(depth: int) -> int:
        nonlocal ends, made
        number = len(nodes)
        nodes.append(Node(NodeKind.END, end=ends))
        if depth == 0 or rng.random() < 0.2:
            ends += 1
            return number
        count = rng.randint(1, 2)
        if rng.random() < 0.15:
            nodes[number] = Node(NodeKind.CHANCE, tuple(grow(depth - 1) for _ in range(count)))
            return number
        player = rng.randrange(players)
        known = sets.setdefault((player, count), [])
        if not known or rng.random() < 0.6:
            known.append(made)
            made += 1
        mine = rng.choice(known)
        children = tuple(grow(depth - 1) for _ in range(count))
        nodes[number] = Node(NodeKind.MOVE, children, player=player, information_set=mine)
        return number

    grow(rng.randint(1, 4))
    return Tree(players, tuple(nodes))


def experience(tree: Tree, node: int) -> list[tuple[int, int]]:
    """The player's own information sets and actions on the way to a node, straight from the definition."""
    path = []
    player = tree.nodes[node].player
    child, parent = node, tree.parents[node]
    while parent >= 0:
        item = tree.nodes[parent]
        if item.kind is NodeKind.MOVE and item.player == player:
            path.append((item.information_set, item.children.index(child)))
        child, parent = parent, tree.parents[parent]
    return path[::-1]


@given(st.integers(0, 2**32))
def test_it_is_what_the_definition_says(seed: int) -> None:
    tree = random_tree(seed)
    perfect = all(
        experience(tree, node) == experience(tree, nodes[0])
        for nodes in tree.information_sets.values()
        for node in nodes
    )
    found = imperfect_recall(tree)
    assert (found is None) == perfect
    if found is not None:
        one, other = found.nodes
        assert one < other
        assert {tree.nodes[one].information_set, tree.nodes[other].information_set} == {found.information_set}
        assert tree.nodes[one].player == found.player
        first, second = experience(tree, one), experience(tree, other)
        assert first != second
        met = [own for own, _ in second]
        assert (found.kind is Forgetting.PLACE) == (found.information_set in met)
        if found.kind is Forgetting.ACTION:
            step = next(place for place, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1])
            assert first[step][0] == second[step][0] == found.earlier
        if found.kind is Forgetting.KNOWLEDGE:
            assert {found.earlier} <= {own for own, _ in [*first, *second]}


def chain(*sets: tuple[int, int]) -> Tree:
    """Moves in turn, each with a way out: (player, information set)."""
    moves = [
        Node(NodeKind.MOVE, (2 * place + 1, 2 * place + 2), player=player, information_set=own)
        for place, (player, own) in enumerate(sets)
    ]
    nodes: list[Node] = []
    for place, move in enumerate(moves):
        nodes += [move, Node(NodeKind.END, end=place)]
    return Tree(2, (*nodes, Node(NodeKind.END, end=len(moves))))


def test_absent_mindedness_is_told_apart() -> None:
    found = imperfect_recall(chain((0, 0), (1, 1), (0, 0)))
    assert found is not None
    assert found.kind is Forgetting.PLACE
    assert found.nodes == (0, 4)
    assert found.sentence() == "player 1 is absent-minded: play can pass through information set 1 twice"
    assert found.sentence(["Ann", "Bob"], ["exit", "other"]) == (
        "'Ann' is absent-minded: play can pass through information set 'exit' twice"
    )


def test_a_forgotten_action_is_told_with_the_place_of_it() -> None:
    leaves = [Node(NodeKind.END, end=number) for number in range(4)]
    again = [Node(NodeKind.MOVE, children, player=0, information_set=1) for children in ((2, 3), (5, 6))]
    root = Node(NodeKind.MOVE, (1, 4), player=0, information_set=0)
    found = imperfect_recall(Tree(1, (root, again[0], *leaves[:2], again[1], *leaves[2:])))
    assert found is not None
    assert (found.kind, found.information_set, found.earlier, found.nodes) == (Forgetting.ACTION, 1, 0, (1, 4))
    assert found.sentence(["Ann"], ["first", "then"]) == (
        "'Ann' forgets at information set 'then' what 'Ann' did at information set 'first'"
    )


def test_forgetting_what_was_known_is_told_with_the_place_it_was_known() -> None:
    """Chance tells the player, who moves, and then no longer knows."""
    inner = Node(NodeKind.MOVE, (3,), player=0, information_set=2)
    leaf = [Node(NodeKind.END, end=number) for number in range(2)]
    tree = Tree(
        1,
        (
            Node(NodeKind.CHANCE, (1, 4)),
            Node(NodeKind.MOVE, (2,), player=0, information_set=0),
            inner,
            leaf[0],
            Node(NodeKind.MOVE, (5,), player=0, information_set=1),
            Node(NodeKind.MOVE, (6,), player=0, information_set=2),
            leaf[1],
        ),
    )
    found = imperfect_recall(tree)
    assert found is not None
    assert (found.kind, found.information_set, found.earlier) == (Forgetting.KNOWLEDGE, 2, 1)
    assert found.sentence() == "player 1 forgets at information set 3 whether play came through information set 2"


def test_those_who_agreed_know_on_what() -> None:
    """Two outcomes of an agreement in one information set of somebody who took part."""
    leaf = [Node(NodeKind.END, end=number) for number in range(3)]
    move = [Node(NodeKind.MOVE, (child,), player=0, information_set=0) for child in (2, 4)]
    for by, forgets in (((0, 1), True), ((1, 2), False)):
        agreement = Node(NodeKind.AGREEMENT, (1, 3, 5), by=by)
        found = imperfect_recall(Tree(3, (agreement, move[0], leaf[0], move[1], leaf[1], leaf[2])))
        assert (found is not None) == forgets
        assert (
            found is None or found.sentence() == "player 1 forgets at information set 1 whether player 1 moved before"
        )


def test_solvers_refuse_with_the_explanation() -> None:
    check_perfect_recall(chain((0, 0), (1, 1), (0, 2)))
    with pytest.raises(RefusedError, match=r"'Ann' is absent-minded.*not solved") as caught:
        check_perfect_recall(chain((0, 0), (0, 0)), ["Ann", "Bob"], ["exit"])
    assert caught.value.limit == "perfect recall"


def test_a_tree_of_a_hundred_thousand_nodes_is_no_deeper_than_it_can_go() -> None:
    assert imperfect_recall(chain(*((place % 2, place) for place in range(50_000)))) is None
