"""Alternating offers without an end: stationary equilibria against Rubinstein's share and against a direct check."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gamecore.equilibria.agreement import settle_by_offers
from gamecore.equilibria.play import Play, Round, Settlement
from gamecore.equilibria.tree_certificate import certify_play
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import Node, NodeKind, Tree


def pie(
    pieces: int, keep: tuple[Fraction, Fraction], breakdown: Fraction = Fraction(0)
) -> tuple[list[list[Play]], list[Play], Bargaining]:
    """A pie of `pieces` to share between two, the first offering first."""
    options = [[Play(1 + share, (Fraction(share), Fraction(pieces - share)))] for share in range(pieces + 1)]
    none = [Play(pieces + 2, (Fraction(0), Fraction(0)))]
    one = (Fraction(1), Fraction(1))
    shares = tuple(tuple(factor**number for factor in keep) for number in range(3))
    assert shares[0] == one
    return options, none, Bargaining((0, 1), (0, 1), shares, breakdown, unlimited=True)


@pytest.mark.parametrize(
    ("keep", "breakdown"),
    [
        ((Fraction(10, 11), Fraction(5, 6)), Fraction(0)),
        ((Fraction(9, 10), Fraction(9, 10)), Fraction(0)),
        ((Fraction(1), Fraction(1)), Fraction(1, 10)),
    ],
)
def test_every_stationary_share_of_a_fine_pie_is_near_rubinsteins(
    keep: tuple[Fraction, Fraction], breakdown: Fraction
) -> None:
    pieces = 200
    settled, complete = settle_by_offers(*pie(pieces, keep, breakdown))
    assert not complete
    first, second = (factor * (1 - breakdown) for factor in keep)
    rubinstein = (1 - second) / (1 - first * second)
    shares = [settlement.option for _, settlement in settled]
    assert shares
    for share in shares:
        assert share is not None
        # a piece too many is a piece that rounding gives at each turn: at most 1 / (1 - delta1 delta2) pieces
        assert abs(Fraction(share, pieces) - rubinstein) <= Fraction(1, pieces) / (1 - first * second)


@pytest.mark.parametrize("pieces", [1, 2, 5, 10])
@pytest.mark.parametrize("keep", [(Fraction(4, 5), Fraction(3, 4)), (Fraction(1, 2), Fraction(9, 10))])
def test_the_stationary_outcomes_are_those_a_direct_check_finds(pieces: int, keep: tuple[Fraction, Fraction]) -> None:
    """Ann asks x, Ben leaves her y: each offer is the best the other just takes, given the other's offer next."""
    settled, _ = settle_by_offers(*pie(pieces, keep))
    expected = set()
    for x in range(pieces + 1):
        taken_by_ann = [y for y in range(pieces + 1) if y >= keep[0] * x]
        y = min(taken_by_ann)
        if pieces - y < keep[1] * (pieces - x):
            continue  # Ben would rather wait
        taken_by_ben = [ask for ask in range(pieces + 1) if pieces - ask >= keep[1] * (pieces - y)]
        if taken_by_ben and max(taken_by_ben) == x and x >= keep[0] * y:
            expected.add(x)
    assert {settlement.option for _, settlement in settled} == expected


def tree_of(pieces: int) -> tuple[Tree, Any]:
    ends = tuple(Node(NodeKind.END, end=number) for number in range(pieces + 2))
    root = Node(NodeKind.AGREEMENT, tuple(range(1, pieces + 3)), by=(0, 1))
    payoffs = np.full((2, pieces + 2), Fraction(0), dtype=object)
    for share in range(pieces + 1):
        payoffs[:, share] = [Fraction(share), Fraction(pieces - share)]
    return Tree(2, (root, *ends)), payoffs


def test_the_proof_takes_stationary_talks_and_refuses_a_share_that_does_not_repeat() -> None:
    options, none, bargaining = pie(10, (Fraction(10, 13), Fraction(10, 13)))
    tree, payoffs = tree_of(10)
    settled, _ = settle_by_offers(options, none, bargaining)
    assert {settlement.option for _, settlement in settled} == {5, 6}
    for values, settlement in settled:
        assert certify_play(tree, payoffs, Play(0, values, {}, {}, settlement), {0: bargaining}).holds
    values, settlement = settled[0]
    greedy = Settlement(7, settlement.none, _asking(settlement, 7), stationary=True)
    assert not certify_play(tree, payoffs, Play(0, (Fraction(7), Fraction(3)), {}, {}, greedy), {0: bargaining}).holds


def _asking(settlement: Settlement, share: int) -> tuple[Round, ...]:
    first, *rest = settlement.rounds
    responses = tuple(replace(response, accepted=number <= share) for number, response in enumerate(first.responses))
    return (replace(first, offer=share, responses=responses, values=(Fraction(share), Fraction(10 - share))), *rest)
