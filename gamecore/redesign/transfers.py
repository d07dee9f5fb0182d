"""Transfers between players that make a wanted outcome an equilibrium: least amounts, and everything that works.

**Strategic form.** Payments are made only if the target `z` is played. Player `i` stays at `z` exactly if it gets
`t_i >= max over x_i != z_i of U_i(x_i, z_-i) - U_i(z)`, its *gap* (negative: what it can give). `balanced_transfers`
lets players pay each other, so the transfers sum to 0 and the payers' own deviations have to fail as well: that works
exactly if the gaps sum to at most 0. The least money that moves is the sum of the positive gaps.

**Trees.** The payment `t` is made at the ends of the target only; `slopes[i, e]` is what player `i` gets at end `e` per
unit (negative for a payer), weighted by reach as the payoffs are, so a conditional expectation at a node is a ratio of
two sums and each player counts with its own beliefs. `holding_transfers` finds every `t` for which some
subgame-perfect play goes only to the target: the forward solver itself (`transfers_solver.py`) is run from one point at
which its answer can turn to the next, and once at each of these points, so that ends are exact and told to belong or
not. Agreements are played as their protocol says.

`least_transfers` is the formula (`docs/payments.md`): at each node of player `j` on the way to the target
`t_j >= (V_j(deviation) - V_j(target)) / R_j`, with `R_j` the chance of the payment there, and the payer's nodes bound
the sum from above. It covers moves, one round of offers and naming at once.

Amounts are `Fraction`s in the unit of the payoffs, at the time payoffs are counted at; infinite bounds are floats.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.backward_induction import Perfect, backward_induction
from gamecore.equilibria.certificate import certify
from gamecore.equilibria.following import follow, policy_of
from gamecore.equilibria.result import Certificate, Status
from gamecore.errors import InputError, RefusedError
from gamecore.games.agreement import Bargaining
from gamecore.games.strategic import StrategicGame
from gamecore.games.tree import Tree
from gamecore.redesign.transfers_along import Along, Line
from gamecore.redesign.transfers_solver import induction_along

__all__ = [
    "Bound",
    "Holding",
    "Interval",
    "Transfers",
    "balanced_transfers",
    "gaps",
    "goes_to",
    "holding_transfers",
    "holds_with",
]

MOST_PIECES: Final = 400  # points at which an answer may turn that are visited; a dozen is usual

Bound = Fraction | float


@dataclass(frozen=True)
class Transfers:
    """Payments at the target of a game in strategic form; positive amounts are received.

    `needed` is the least money that moves, `possible` the most the payers could give without leaving; `works` says
    whether they cover it. `transfers` sum to 0 (all 0 where it does not work) and `certificate` proves the target an
    equilibrium with them.
    """

    works: bool
    needed: Fraction
    possible: Fraction
    transfers: tuple[Fraction, ...]
    certificate: Certificate


@dataclass(frozen=True)
class Interval:
    """All payments between `low` and `high`; `has_low` and `has_high` say whether the ends belong to it."""

    low: Bound
    high: Bound
    has_low: bool = True
    has_high: bool = True


@dataclass(frozen=True)
class Holding:
    """The payments with which play goes to the target in some subgame-perfect equilibrium, as disjoint intervals.

    `status` is refused where the game cannot be followed along a line (subgames with hidden moves in which the payment
    plays a part and that have no pure equilibrium, naming at once, talks without an end or with payments of their own);
    partial where more than `MOST_PIECES` points were met: the intervals then lie below the last of them.
    """

    status: Status
    intervals: tuple[Interval, ...]
    notes: tuple[str, ...] = ()


# ---- strategic form -------------------------------------------------------------------------------------------------


def gaps(game: StrategicGame, profile: Sequence[int]) -> tuple[Bound, ...]:
    """What each player has to get at a profile to stay; minus infinity for a player with one option."""
    found: list[Bound] = []
    for player, option in enumerate(profile):
        place: tuple[Any, ...] = (player, *profile[:player], slice(None), *profile[player + 1 :])
        row = game.payoffs[place]
        others = [value - row[option] for other, value in enumerate(row) if other != option]
        found.append(max(others, default=-math.inf))
    return tuple(found)


def balanced_transfers(
    game: StrategicGame,
    profile: Sequence[int],
    *,
    payers: Collection[int] | None = None,
    margin: Fraction = Fraction(0),
) -> Transfers:
    """The least transfers among the players, paid at `profile` only, that make it an equilibrium.

    `payers` may give (default: everybody who can), in the order of the players; each keeps what it would gain by
    leaving. With a `margin` everybody whose option is not the only one is better off by that much than elsewhere.

    Raises `InputError` if `profile` is none of the game's or the margin is below 0.
    """
    if len(profile) != game.players or not all(0 <= a < m for a, m in zip(profile, game.shape, strict=True)):
        raise InputError(f"{tuple(profile)} is no profile of a game with {game.shape} options")
    if margin < 0:
        raise InputError(f"the margin is {margin}: it cannot be below 0")
    wanted = [gap + margin for gap in gaps(game, profile)]
    needed = sum((Fraction(gap) for gap in wanted if gap > 0), Fraction(0))
    giving = [place for place, gap in enumerate(wanted) if gap < 0 and (payers is None or place in payers)]
    # a player without another option cannot leave, and gives whatever is asked
    room = {place: needed if math.isinf(wanted[place]) else -Fraction(wanted[place]) for place in giving}
    possible = sum(room.values(), Fraction(0))
    works = needed <= possible
    transfers = [Fraction(gap) if gap > 0 and works else Fraction(0) for gap in wanted]
    open_sum = needed if works else Fraction(0)
    for place in giving:
        paid = min(room[place], open_sum)
        transfers[place] -= paid
        open_sum -= paid
    payoffs = game.payoffs.copy()
    for place, transfer in enumerate(transfers):
        payoffs[(place, *profile)] += transfer
    certificate = certify(StrategicGame(payoffs), game.pure_strategies(list(profile)))
    return Transfers(works, needed, possible, tuple(transfers), certificate)


# ---- trees ----------------------------------------------------------------------------------------------------------


def holds_with(
    tree: Tree, payoffs: npt.NDArray[Any], target: Collection[int], bargaining: Mapping[int, Bargaining]
) -> bool:
    """Whether some subgame-perfect play goes only to the ends of the target."""
    return goes_to(tree, backward_induction(tree, payoffs, bargaining), target, bargaining)


def goes_to(tree: Tree, perfect: Perfect, target: Collection[int], bargaining: Mapping[int, Bargaining]) -> bool:
    """Whether some play of a solved tree goes only to the ends of the target."""
    return any(set(follow(tree, policy_of(tree, play, bargaining))) <= set(target) for play in perfect.plays[0])


def holding_transfers(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    slopes: npt.NDArray[Any],
    target: Collection[int],
    bargaining: Mapping[int, Bargaining] | None = None,
) -> Holding:
    """Every payment `t` with which play goes to the target, exactly.

    Parameters
    ----------
    tree, bargaining
        The game and how its agreements are played.
    payoffs, slopes
        `Fraction`s weighted by reach, axes (player, end): payoffs are `payoffs + t * slopes`.
    target
        The ends that may be reached.
    """
    bargaining = bargaining or {}
    if any(item.unlimited or item.payments for item in bargaining.values()):
        note = "talks without an end, or with payments of their own, are not followed along a line of payments"
        return Holding(Status.REFUSED, (), (note,))
    try:
        pieces, ended = _pieces(tree, payoffs, slopes, target, bargaining)
    except (InputError, RefusedError) as error:
        return Holding(Status.REFUSED, (), (str(error),))
    return Holding(Status.COMPLETE if ended else Status.PARTIAL, tuple(_joined(pieces)))


Piece = tuple[Bound, Bound, bool]
"""(low, high, whether the target holds between them); a point where low is high."""


def _pieces(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    slopes: npt.NDArray[Any],
    target: Collection[int],
    bargaining: Mapping[int, Bargaining],
) -> tuple[list[Piece], bool]:
    """The line of payments from end to end, and whether its end was reached."""
    pieces: list[Piece] = []
    at: Fraction | None = None
    low: Bound = -math.inf
    while len(pieces) <= 2 * MOST_PIECES:
        line = Line(at)
        perfect = induction_along(tree, _along(line, payoffs, slopes), bargaining, line)
        holds = goes_to(tree, perfect, target, bargaining)
        pieces.append((low, math.inf if line.next is None else line.next, holds))
        if line.next is None:
            return pieces, True
        at = low = line.next
        pieces.append((at, at, holds_with(tree, payoffs + at * slopes, target, bargaining)))
    return pieces, False


def _along(line: Line, payoffs: npt.NDArray[Any], slopes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Payoffs just after a point of the line; numbers that do not move stay as they are."""
    found = payoffs.copy()
    for place in zip(*np.nonzero(slopes), strict=True):
        found[place] = Along(line, payoffs[place], slopes[place])
    return found


def _joined(pieces: Sequence[Piece]) -> list[Interval]:
    """Neighbouring pieces that hold, as one interval each."""
    found: list[Interval] = []
    before = False
    for low, high, holds in pieces:
        point = low == high
        if holds and before:
            last = found.pop()
            found.append(Interval(last.low, high, last.has_low, point))
        elif holds:
            found.append(Interval(low, high, point, point))
        before = holds
    return found
