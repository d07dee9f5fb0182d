"""Transfers: examples by hand, the exact intervals against the formula, a grid solved forward, and a linear program."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.result import Status
from gamecore.errors import InputError
from gamecore.games.agreement import Bargaining
from gamecore.games.strategic import StrategicGame
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.redesign.transfers import Holding, balanced_transfers, gaps, holding_transfers, holds_with
from gamecore.redesign.transfers_formula import least_transfers

ONE = Fraction(1)
Cells = npt.NDArray[Any]


def together(*items: object) -> object:
    """Answers side by side, so that they can be compared with whole numbers."""
    return items


def table(rows: list[list[int]]) -> Cells:
    found = np.empty((len(rows), len(rows[0])), dtype=object)
    found.ravel()[:] = [Fraction(value) for row in rows for value in row]
    return found


def paid_at(reach: Cells, target: set[int], payer: int, payee: int) -> Cells:
    slopes = np.empty_like(reach)
    slopes[...] = Fraction(0)
    for end in target:
        slopes[payer, end], slopes[payee, end] = -reach[payer, end], reach[payee, end]
    return slopes


def inside(found: Holding, payment: Fraction) -> bool:
    return any(
        (item.low < payment or (item.low == payment and item.has_low))
        and (payment < item.high or (payment == item.high and item.has_high))
        for item in found.intervals
    )


# ---- by hand ---------------------------------------------------------------------------------------------------------


def entry_game() -> tuple[Tree, Cells]:
    """An entrant stays out (1, 5) or enters; the incumbent then shares (3, 2) or fights (0, 1): shares by itself."""
    tree = Tree(
        2,
        (
            Node(NodeKind.MOVE, (1, 2), player=0, information_set=0),
            Node(NodeKind.END, end=0),
            Node(NodeKind.MOVE, (3, 4), player=1, information_set=1),
            Node(NodeKind.END, end=1),
            Node(NodeKind.END, end=2),
        ),
    )
    return tree, table([[1, 3, 0], [5, 2, 1]])


def test_an_incumbent_pays_an_entrant_to_stay_out_whatever_makes_up_for_sharing() -> None:
    tree, payoffs = entry_game()
    reach = table([[1, 1, 1], [1, 1, 1]])
    found = holding_transfers(tree, payoffs, paid_at(reach, {0}, 1, 0), {0})
    # The entrant gets 3 by entering, 1 by staying out; the incumbent does not move on the way to it: no upper end.
    assert [(item.low, item.high, item.has_low) for item in found.intervals] == [(2, math.inf, True)]
    perfect = backward_induction(tree, payoffs)
    formula = least_transfers(tree, payoffs, reach, {0}, perfect, payees=[0], payer=1)
    assert together(formula.needed, formula.possible, formula.works) == ({0: 2}, math.inf, True)
    strict = least_transfers(tree, payoffs, reach, {0}, perfect, payees=[0], payer=1, margin=Fraction(1, 10))
    assert strict.needed == {0: Fraction(21, 10)}


def test_where_the_payer_decides_on_the_way_too_its_own_alternative_is_the_upper_end() -> None:
    tree, payoffs = entry_game()
    reach = table([[1, 1, 1], [1, 1, 1]])
    # To make the incumbent fight (end 2) the entrant pays: the incumbent needs 2 - 1, the entrant is at 0 against 1.
    found = holding_transfers(tree, payoffs, paid_at(reach, {2}, 0, 1), {2})
    assert found.intervals == ()
    formula = least_transfers(tree, payoffs, reach, {2}, backward_induction(tree, payoffs), payees=[1], payer=0)
    assert together(formula.needed, formula.possible, formula.works) == ({1: 1}, -1, False)


def test_somebody_outside_pays_each_what_it_needs() -> None:
    tree, payoffs = entry_game()
    reach = table([[1, 1, 1], [1, 1, 1]])
    formula = least_transfers(tree, payoffs, reach, {2}, backward_induction(tree, payoffs), payees=[0, 1])
    assert together(formula.needed, formula.possible, formula.works) == ({0: 1, 1: 1}, math.inf, True)
    moved = payoffs + table([[0, 0, 1], [0, 0, 1]])
    assert holds_with(tree, moved, {2}, {})
    with pytest.raises(InputError, match="paid nothing"):
        least_transfers(tree, payoffs, reach, {2}, backward_induction(tree, payoffs), payees=[1])


def test_a_payment_that_is_made_with_a_chance_is_larger_by_that_chance_in_each_ones_own_belief() -> None:
    # Player 0 stops (2, 0) or lets chance decide: with 1/4 (player 1 thinks 1/2) the paid end 1, else end 2.
    tree = Tree(
        2,
        (
            Node(NodeKind.MOVE, (1, 2), player=0, information_set=0),
            Node(NodeKind.END, end=0),
            Node(NodeKind.CHANCE, (3, 4)),
            Node(NodeKind.END, end=1),
            Node(NodeKind.END, end=2),
        ),
    )
    quarter, half = Fraction(1, 4), Fraction(1, 2)
    reach = np.array([[ONE, quarter, 3 * quarter], [ONE, half, half]], dtype=object)
    payoffs = table([[2, 0, 0], [0, 0, 0]])
    payoffs[0] *= reach[0]
    found = holding_transfers(tree, payoffs, paid_at(reach, {1}, 1, 0), {1, 2})
    assert [(item.low, item.high) for item in found.intervals] == [(8, math.inf)]  # 2 / (1/4)


# ---- agreements and random trees -------------------------------------------------------------------------------------

PROTOCOLS: list[Callable[[], Bargaining]] = [
    lambda: Bargaining((0, 1), (0,), ((ONE, ONE),)),
    lambda: Bargaining((0, 1), (1,), ((ONE, ONE),)),
    lambda: Bargaining((0, 1), (1, 0), ((ONE, ONE), (Fraction(9, 10), Fraction(4, 5)))),
]


def random_tree(rng: random.Random, depth: int = 3) -> tuple[Tree, Cells, Cells, dict[int, Bargaining]]:
    """A tree of moves, chance and agreements with payoffs 0 to 5, so full of ties: tree, payoffs, reach, protocols."""
    nodes: list[Node] = []
    reach: list[Fraction] = []
    bargaining: dict[int, Bargaining] = {}

    def grow(left: int, chance: Fraction) -> int:
        number = len(nodes)
        nodes.append(Node(NodeKind.END, end=len(reach)))
        inner = ["move", "move", "chance", "agreement"] + (["end"] if left < depth else [])
        kind = "end" if left == 0 else rng.choice(inner)
        if kind == "end":
            reach.append(chance)
            return number
        width = rng.choice([2, 2, 3])
        share = chance / width if kind == "chance" else chance
        children = tuple(grow(left - 1, share) for _ in range(width))
        if kind == "chance":
            nodes[number] = Node(NodeKind.CHANCE, children)
        elif kind == "move":
            nodes[number] = Node(NodeKind.MOVE, children, player=rng.randrange(2), information_set=number)
        else:
            nodes[number] = Node(NodeKind.AGREEMENT, children, by=(0, 1))
            bargaining[number] = rng.choice(PROTOCOLS)()
        return number

    grow(depth, ONE)
    # ends are numbered as they are met, nodes in prefix order
    numbers = iter(range(len(reach)))
    nodes = [Node(NodeKind.END, end=next(numbers)) if node.kind is NodeKind.END else node for node in nodes]
    weights = np.array([reach, reach], dtype=object)
    payoffs = table([[rng.randrange(6) for _ in reach] for _ in range(2)]) * weights
    return Tree(2, tuple(nodes)), payoffs, weights, bargaining


def random_target(rng: random.Random, tree: Tree) -> set[int]:
    """The ends below a path of choices as far as nothing is left to chance; agreements are reached, not failed."""
    number = 0
    while tree.nodes[number].kind in {NodeKind.MOVE, NodeKind.AGREEMENT}:
        node = tree.nodes[number]
        number = node.children[rng.randrange(len(node.children) - (node.kind is NodeKind.AGREEMENT))]
    return set(tree.ends_below(number))


@pytest.mark.parametrize("part", range(4))
def test_on_random_trees_exact_intervals_agree_with_a_grid_of_payments_solved_forward(part: int) -> None:
    for seed in range(25 * part, 25 * (part + 1)):
        rng = random.Random(seed)
        tree, payoffs, reach, bargaining = random_tree(rng, depth=2 if seed % 3 else 3)
        target = random_target(rng, tree)
        slopes = paid_at(reach, target, 0, 1)
        found = holding_transfers(tree, payoffs, slopes, target, bargaining)
        assert found.status is Status.COMPLETE
        ends = [end for item in found.intervals for end in (item.low, item.high) if math.isfinite(end)]
        near = [Fraction(end) + step for end in ends for step in (Fraction(-1, 1000), Fraction(0), Fraction(1, 1000))]
        for payment in [*(Fraction(number, 2) for number in range(-12, 13)), *near]:
            assert holds_with(tree, payoffs + payment * slopes, target, bargaining) == inside(found, payment)


def test_on_random_trees_exact_intervals_agree_with_the_formula() -> None:
    compared = 0
    for seed in range(280):
        rng = random.Random(seed)
        tree, payoffs, reach, bargaining = random_tree(rng)
        target = random_target(rng, tree)
        if len(target) == tree.ends or any(item.rounds > 1 for item in bargaining.values()):
            continue
        found = holding_transfers(tree, payoffs, paid_at(reach, target, 0, 1), target, bargaining)
        perfect = backward_induction(tree, payoffs, bargaining)
        formula = least_transfers(tree, payoffs, reach, target, perfect, payees=[1], payer=0, bargaining=bargaining)
        low = max([need.amount for need in formula.needs if need.player == 1], default=-math.inf)
        expected = [(low, formula.possible)] if low <= formula.possible else []
        assert [(item.low, item.high) for item in found.intervals] == expected
        assert formula.works == (max(low, 0) <= formula.possible)
        compared += 1
    assert compared >= 80


def simultaneous(rng: random.Random) -> tuple[Tree, Cells]:
    """Player 0 stops or goes on to a game of two options each, chosen at the same time."""
    nodes = (
        Node(NodeKind.MOVE, (1, 2), player=0, information_set=0),
        Node(NodeKind.END, end=0),
        Node(NodeKind.MOVE, (3, 6), player=0, information_set=1),
        Node(NodeKind.MOVE, (4, 5), player=1, information_set=2),
        Node(NodeKind.END, end=1),
        Node(NodeKind.END, end=2),
        Node(NodeKind.MOVE, (7, 8), player=1, information_set=2),
        Node(NodeKind.END, end=3),
        Node(NodeKind.END, end=4),
    )
    return Tree(2, nodes), table([[rng.randrange(6) for _ in range(5)] for _ in range(2)])


def test_with_simultaneous_moves_exact_intervals_agree_with_a_grid_of_payments_solved_forward() -> None:
    held = refused = 0
    for seed in range(100):
        rng = random.Random(seed)
        tree, payoffs = simultaneous(rng)
        target = {rng.randrange(1, 5)}
        slopes = paid_at(table([[1] * 5, [1] * 5]), target, 0, 1)
        found = holding_transfers(tree, payoffs, slopes, target)
        refused += found.status is Status.REFUSED
        held += bool(found.intervals)
        for payment in (Fraction(number, 2) for number in range(-12, 13)):
            if found.status is Status.COMPLETE:
                assert holds_with(tree, payoffs + payment * slopes, target, {}) == inside(found, payment)
    assert held >= 12
    assert refused <= 50  # where nobody's choice is sure for some payment


def test_naming_at_once_needs_what_no_agreement_gives() -> None:
    tree = Tree(
        2,
        (
            Node(NodeKind.AGREEMENT, (1, 2, 3), by=(0, 1)),
            Node(NodeKind.END, end=0),
            Node(NodeKind.END, end=1),
            Node(NodeKind.END, end=2),
        ),
    )
    payoffs, reach = table([[6, 1, 3], [1, 9, 2]]), table([[1, 1, 1], [1, 1, 1]])
    at_once = {0: Bargaining((0, 1), at_once=True)}
    perfect = backward_induction(tree, payoffs, at_once)
    formula = least_transfers(tree, payoffs, reach, {0}, perfect, payees=[1], payer=0, bargaining=at_once)
    assert together(formula.needed, formula.possible) == ({1: 1}, 3)
    slopes = paid_at(reach, {0}, 0, 1)
    for payment, holds in (
        (Fraction(1), True),
        (Fraction(3), True),
        (Fraction(9, 10), False),
        (Fraction(31, 10), False),
    ):
        assert holds_with(tree, payoffs + payment * slopes, {0}, at_once) == holds


def test_talks_without_an_end_are_refused_with_a_reason() -> None:
    tree = Tree(2, (Node(NodeKind.AGREEMENT, (1, 2), by=(0, 1)), Node(NodeKind.END, end=0), Node(NodeKind.END, end=1)))
    share = (Fraction(9, 10), Fraction(9, 10))
    endless = {0: Bargaining((0, 1), (0, 1), ((ONE, ONE), share, share), unlimited=True)}
    cells = table([[1, 0], [1, 0]])
    found = holding_transfers(tree, cells, cells, {0}, endless)
    assert (found.status, found.intervals) == (Status.REFUSED, ())
    assert "without an end" in found.notes[0]


# ---- strategic form --------------------------------------------------------------------------------------------------


def test_prisoners_cannot_pay_each_other_to_cooperate_and_the_outcome_of_one_who_is_better_off_can_be_paid_for() -> (
    None
):
    prisoners = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
    assert gaps(prisoners, (0, 0)) == (2, 2)
    assert not balanced_transfers(prisoners, (0, 0)).works
    found = balanced_transfers(prisoners, (0, 1))  # the first needs 1, the second would lose 2 by leaving
    assert together(found.works, found.needed, found.possible, found.transfers) == (True, 1, 2, (1, -1))
    assert found.certificate.holds
    strict = balanced_transfers(prisoners, (0, 1), margin=Fraction(1, 4))
    assert strict.transfers == (Fraction(5, 4), Fraction(-5, 4))
    assert strict.certificate.max_gain < 0


def test_a_player_that_cannot_leave_can_be_asked_for_anything_but_only_if_it_is_a_payer() -> None:
    game = StrategicGame.from_array([[[1], [3]], [[0], [0]]])
    assert sum(balanced_transfers(game, (0, 0)).transfers) == 0
    assert balanced_transfers(game, (0, 0)).transfers[0] == 2
    assert not balanced_transfers(game, (0, 0), payers=[]).works
    with pytest.raises(InputError, match="margin"):
        balanced_transfers(game, (0, 0), margin=Fraction(-1))
    with pytest.raises(InputError, match="no profile"):
        balanced_transfers(game, (0, 1))


def test_balanced_transfers_move_as_little_as_a_linear_program_says() -> None:
    from scipy.optimize import linprog

    rng = np.random.default_rng(5)
    works = 0
    for _ in range(200):
        game = StrategicGame.from_array(rng.integers(0, 7, size=(3, 2, 3, 2)))
        profile = tuple(int(rng.integers(size)) for size in game.shape)
        found = balanced_transfers(game, profile)
        needed = [float(gap) for gap in gaps(game, profile)]
        # least sum of what is received (r) with transfer r - p >= need for each, and as much paid as received
        rows = [[-(place == i) for place in range(3)] + [float(place == i) for place in range(3)] for i in range(3)]
        answer = linprog(
            [1, 1, 1, 0, 0, 0], A_ub=rows, b_ub=[-need for need in needed], A_eq=[[1, 1, 1, -1, -1, -1]], b_eq=[0]
        )
        assert found.works == answer.success
        if found.works:
            works += 1
            assert float(found.needed) == pytest.approx(answer.fun)
            assert sum(found.transfers) == 0
            assert found.certificate.holds
    assert 20 < works < 180
