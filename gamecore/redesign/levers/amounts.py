"""Which amounts of a payment bring about what: the bounds cut into pieces within which the same happens.

A payment of `t` moves the payoff at every end in proportion: `payoffs(t) = payoffs + t * slope`, where the slope is the
chance that its condition is met there (and minus that for who pays). Choices change only where, for somebody, another
branch of a node becomes worth the same as the chosen one, or as no agreement; with the choices held, every node's worth
is a straight line in `t`. So from a solution at one amount follow the nearest crossings on both sides (`_reach_of`),
and what lies beyond is solved in its turn. All is exact. Within a piece both ends are looked at as well; where hidden
moves or rounds of offers hide a change from the crossings, the piece is halved.

Not for players with a risk tolerance: their worth is no straight line in money (`pieces` is then empty).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, Final

import numpy as np

from gamecore.equilibria.following import follow, usual_policy
from gamecore.games.tree import NodeKind
from gamecore.model import Condition
from gamecore.redesign.levers.standing import Standing, Yardstick, with_payoffs
from gamecore.valuation.payoffs import Worth

__all__ = ["Piece", "pieces", "slope_of", "solved_at"]

MOST_PIECES: Final = 40
NEAR_END: Final = Fraction(1, 1024)  # of a piece: where it is looked at near its ends


@dataclass(frozen=True)
class Piece:
    """Amounts from `low` to `high` with which the same happens; `standing` is solved at one of them, `amount`."""

    low: Fraction
    high: Fraction
    amount: Fraction
    standing: Standing


def slope_of(standing: Standing, worth: Worth[Fraction], giver: str, receiver: str, condition: Condition) -> Any:
    """What one unit of a payment today adds to the payoffs (player, end), by each player's own chances."""
    game = standing.game
    slope = standing.numbers.payoffs * Fraction(0)
    switches = game.scenario.switches
    for end, cases in enumerate(game.cases):
        for player, sign in ((giver, -1), (receiver, 1)):
            for case in cases:
                if condition.fits({**switches, **case.assignment}):
                    chance = Fraction(sign)
                    for event, outcome, seen in case.chances:
                        chance *= worth.chances(game.scenario.events[event], player, seen)[outcome]
                    slope[game.players.index(player), end] += chance
    return slope


def pieces(standing: Standing, slope: Any, low: Fraction, high: Fraction, yardstick: Yardstick) -> tuple[Piece, ...]:
    """The amounts from `low` to `high` cut by what happens with them, in ascending order.

    `slope` has axes (player, end). Empty where worth is no straight line in the amount.
    """
    if standing.numbers.tolerances or low >= high:
        return ()
    found: list[Piece] = []
    waiting = deque([(low, high)])
    while waiting and len(found) < MOST_PIECES:
        left, right = waiting.popleft()
        middle = (left + right) / 2
        at = solved_at(standing, slope, middle, yardstick)
        below, above = _reach_of(at, slope, middle)
        piece = Piece(max(left, below), min(right, above), middle, at)
        if piece.low < left + (right - left) * NEAR_END and not _alike(standing, slope, piece, yardstick):
            waiting += [(left, middle), (middle, right)]
            continue
        found.append(piece)
        waiting += [(start, end) for start, end in ((left, piece.low), (piece.high, right)) if start < end]
    return tuple(_joined(sorted(found, key=lambda piece: piece.low)))


def solved_at(standing: Standing, slope: Any, amount: Fraction, yardstick: Yardstick) -> Standing:
    """The game with an amount paid, solved."""
    return with_payoffs(standing, standing.numbers.payoffs + slope * amount, yardstick)


def _alike(standing: Standing, slope: Any, piece: Piece, yardstick: Yardstick) -> bool:
    """Whether near both its ends the same happens as in the middle of a piece; of a tiny one it is taken as so."""
    width = piece.high - piece.low
    if width < NEAR_END:
        return True
    near = (piece.low + width * NEAR_END, piece.high - width * NEAR_END)
    return all(_keys(solved_at(standing, slope, amount, yardstick)) == _keys(piece.standing) for amount in near)


def _keys(standing: Standing) -> list[list[str]]:
    return [[item.key for item in found] for found in standing.outcomes.values()]


def _joined(found: list[Piece]) -> Iterator[Piece]:
    """Neighbours with which the same happens, as one."""
    kept: Piece | None = None
    for piece in found:
        if kept is not None and kept.high == piece.low and _keys(kept.standing) == _keys(piece.standing):
            kept = Piece(kept.low, piece.high, kept.amount, kept.standing)
            continue
        if kept is not None:
            yield kept
        kept = piece
    if kept is not None:
        yield kept


def _reach_of(standing: Standing, slope: Any, amount: Fraction) -> tuple[Fraction, Fraction]:
    """How far down and up from an amount no branch becomes worth to anybody what the chosen one is, or a refusal."""
    below, above = Fraction(-(10**12)), Fraction(10**12)
    tree = standing.game.tree
    for solved in standing.solved:
        policy = usual_policy(tree, solved.perfect, solved.bargaining)
        worth: dict[int, tuple[Any, Any]] = {}
        for number, node in enumerate(tree.nodes):
            if node.kind in {NodeKind.END, NodeKind.CHANCE}:
                continue
            for child in node.children:
                ends = follow(tree, policy, start=child)
                worth[child] = (_sum(standing.numbers.payoffs, ends), _sum(slope, ends))
            chosen = {node.children[branch] for branch, _ in policy.branches(number)}
            if node.kind is NodeKind.AGREEMENT:
                chosen.add(node.children[-1])  # what is offered is weighed against no agreement, too
            for one, other in product(sorted(chosen), node.children):
                gap, tilt = worth[one][0] - worth[other][0], worth[one][1] - worth[other][1]
                for crossing in (amount - a / b for a, b in zip(gap, tilt, strict=True) if b):
                    if crossing < amount:
                        below = max(below, crossing)
                    elif crossing > amount:
                        above = min(above, crossing)
    return below, above


def _sum(table: Any, weights: dict[int, Any]) -> Any:
    return np.sum([table[:, end] * weight for end, weight in weights.items()], axis=0)
