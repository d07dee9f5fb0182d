"""Which coalitions form, once it is settled how each would share.

Given what every member gets in each coalition (from a sharing rule, such as the Shapley value of the coalition's own
game), the players have preferences over coalitions only (a *hedonic game*; Dreze & Greenberg 1980). A partition is

- *core stable* if no coalition makes all its members better off, *strictly* so if none makes one better off and nobody
  worse off (Banerjee, Konishi & Sonmez 2001);
- *Nash stable* if nobody gains by moving to another block or into being alone, *individually stable* if nobody does to
  whom the block would say yes, nobody in it losing (Bogomolnaia & Jackson 2002).

Where only one coalition forms and the others stay outside, it is *internally stable* if no member gains by leaving,
and *externally stable* if no outsider gains by joining (d'Aspremont, Jacquemin, Gabszewicz & Weymark 1983). What an
outsider has may depend on the coalition it stands outside of; by default it has what it has alone. Ties move nobody.

>>> from gamecore.compromises.sharing.shapley import shapley_value
>>> from gamecore.games.coalition import CoalitionGame
>>> game = CoalitionGame.from_function("abc", lambda members: (0, 1, 4, 5)[len(members)])
>>> payoffs = payoffs_by_rule(game, lambda inside: shapley_value(inside).shares)
>>> found = stable_partitions(payoffs, PartitionStability.CORE)
>>> [[game.names(block) for block in blocks] for blocks in found.stable]
[[('a', 'c'), ('b',)], [('a', 'b'), ('c',)], [('a',), ('b', 'c')]]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.compromises.sharing.programs import Stop
from gamecore.errors import InputError, OutOfTimeError, TooLargeError
from gamecore.games.coalition import CoalitionGame, exact_amounts

__all__ = [
    "PARTITION_PLAYERS",
    "CoalitionPayoffs",
    "Deviation",
    "Membership",
    "PartitionStability",
    "StablePartitions",
    "memberships",
    "payoffs_by_rule",
    "stable_partitions",
]

PARTITION_PLAYERS = 10
"""Players at most: 115,975 partitions, each looked at."""

Partition = tuple[int, ...]
"""Coalitions, in the order of their first players."""


@dataclass(frozen=True)
class CoalitionPayoffs:
    """`amounts[S]` is what each member of `S` gets in it, in the order of the players; `amounts[0]` is empty."""

    players: tuple[str, ...]
    amounts: tuple[tuple[Fraction, ...], ...]

    def amount(self, coalition: int, player: int) -> Fraction:
        """What a member gets."""
        return self.amounts[coalition][(coalition & (1 << player) - 1).bit_count()]


class PartitionStability(StrEnum):
    CORE = "core"
    STRICT_CORE = "strict core"
    NASH = "nash"
    INDIVIDUAL = "individual"


@dataclass(frozen=True)
class Deviation:
    """The coalition that would form instead, and who would move into it (all its members, or the one who joins)."""

    coalition: int
    movers: int


@dataclass(frozen=True)
class StablePartitions:
    """`stable` are all partitions that are, `deviations` says of each other one who would deviate."""

    stability: PartitionStability
    stable: tuple[Partition, ...]
    deviations: Mapping[Partition, Deviation]


@dataclass(frozen=True)
class Membership:
    """`leaving` is what each member gains by leaving the coalition, `joining` what each outsider gains by joining."""

    coalition: int
    leaving: Mapping[int, Fraction]
    joining: Mapping[int, Fraction]

    @property
    def is_internally_stable(self) -> bool:
        """Whether no member gains by leaving."""
        return all(gain <= 0 for gain in self.leaving.values())

    @property
    def is_externally_stable(self) -> bool:
        """Whether no outsider gains by joining."""
        return all(gain <= 0 for gain in self.joining.values())

    @property
    def is_stable(self) -> bool:
        """Whether nobody gains by leaving or joining."""
        return self.is_internally_stable and self.is_externally_stable


def payoffs_by_rule(game: CoalitionGame, rule: Callable[[CoalitionGame], Sequence[Any]]) -> CoalitionPayoffs:
    """What each member gets if every coalition shares its own worth by the rule.

    `rule` takes the game among the members of a coalition and gives one share a member. Raises `InputError` if the
    shares are not as many as members or do not sum to the worth; `TooLargeError` beyond `PARTITION_PLAYERS` players.
    """
    _check_size(len(game.players))
    amounts: list[tuple[Fraction, ...]] = [()]
    for coalition in range(1, len(game.values)):
        inside = game.subgame(coalition)
        shares = exact_amounts(inside.players, rule(inside), "share")
        if sum(shares) != game.values[coalition]:
            raise InputError(
                f"the rule gives {', '.join(inside.players)} {sum(shares)} in all, but they are worth "
                f"{game.values[coalition]} together: it has to hand out exactly that"
            )
        amounts.append(shares)
    return CoalitionPayoffs(game.players, tuple(amounts))


def stable_partitions(
    payoffs: CoalitionPayoffs, stability: PartitionStability, *, should_stop: Stop | None = None
) -> StablePartitions:
    """All stable partitions, and of every other one who would deviate.

    Raises `TooLargeError` beyond `PARTITION_PLAYERS` players, `OutOfTimeError` if `should_stop` says so.
    """
    _check_size(len(payoffs.players))
    players = range(len(payoffs.players))
    ranks = _ranks(payoffs)
    partitions: list[Partition] = []
    for partition in _partitions((1 << len(players)) - 1):
        _poll(should_stop)
        partitions.append(partition)
    if stability in (PartitionStability.CORE, PartitionStability.STRICT_CORE):
        here = np.array([[ranks[_block_of(one, player), player] for player in players] for one in partitions])
        found = _blocked(ranks, here, strictly=stability is PartitionStability.CORE, should_stop=should_stop)
    else:
        found = _left(ranks, partitions, asking=stability is PartitionStability.INDIVIDUAL, should_stop=should_stop)
    deviations = {one: found[place] for place, one in enumerate(partitions) if place in found}
    return StablePartitions(stability, tuple(one for one in partitions if one not in deviations), deviations)


def memberships(payoffs: CoalitionPayoffs, outside: Callable[[int, int], Any] | None = None) -> tuple[Membership, ...]:
    """Of every coalition, by coalition from the first, what its members gain by leaving and outsiders by joining.

    `outside(S, i)` is what player `i` has while `S` forms without it; by default what `i` gets alone. Nobody else moves
    at the same time.
    """
    players = range(len(payoffs.players))

    def apart(coalition: int, player: int) -> Fraction:
        if outside is None:
            return payoffs.amount(1 << player, player)
        return exact_amounts((payoffs.players[player],), [outside(coalition, player)], "worth outside")[0]

    found = []
    for coalition in range(1, len(payoffs.amounts)):
        inside = [player for player in players if coalition >> player & 1]
        leaving = {i: apart(coalition ^ 1 << i, i) - payoffs.amount(coalition, i) for i in inside}
        joining = {i: payoffs.amount(coalition | 1 << i, i) - apart(coalition, i) for i in players if i not in inside}
        found.append(Membership(coalition, leaving, joining))
    return tuple(found)


Ranks = npt.NDArray[np.int64]
"""By coalition and player: the place of what the player gets there among all that it can get, larger is better; who is
no member of a coalition has the largest place in it, so that it never minds."""


def _ranks(payoffs: CoalitionPayoffs) -> Ranks:
    coalitions = len(payoffs.amounts)
    ranks = np.full((coalitions, len(payoffs.players)), coalitions, dtype=np.int64)
    for player in range(len(payoffs.players)):
        amounts = {one: payoffs.amount(one, player) for one in range(coalitions) if one >> player & 1}
        places = {amount: place for place, amount in enumerate(sorted(set(amounts.values())))}
        for coalition, amount in amounts.items():
            ranks[coalition, player] = places[amount]
    return ranks


def _blocked(
    ranks: Ranks, here: npt.NDArray[np.int64], *, strictly: bool, should_stop: Stop | None
) -> dict[int, Deviation]:
    """The partitions that a coalition blocks: all its members prefer it, or some do and nobody minds.

    `here` has axes (partition, player).
    """
    found: dict[int, Deviation] = {}
    left = np.arange(len(here))
    # Coalitions that many members like block most partitions, so that few are left for the others.
    for coalition in sorted(range(1, len(ranks)), key=lambda one: -int(ranks[one].min())):
        _poll(should_stop)
        members = [player for player in range(len(ranks[0])) if coalition >> player & 1]
        gains = ranks[coalition, members] - here[left][:, members]
        blocked = (gains > 0).all(axis=1) if strictly else (gains >= 0).all(axis=1) & (gains > 0).any(axis=1)
        found.update(dict.fromkeys(left[blocked].tolist(), Deviation(coalition, coalition)))
        left = left[~blocked]
    return found


def _left(ranks: Ranks, partitions: list[Partition], *, asking: bool, should_stop: Stop | None) -> dict[int, Deviation]:
    """The partitions in which a player would move to another block (that says yes), or into being alone."""
    rows = ranks.tolist()
    players = range(len(rows[0]))
    welcome = {
        (block, player): not asking
        or all(rows[block | 1 << player][i] >= rows[block][i] for i in players if i != player)
        for block in range(len(rows))
        for player in players
        if not block >> player & 1
    }
    found: dict[int, Deviation] = {}
    for place, partition in enumerate(partitions):
        _poll(should_stop)
        moves = (
            Deviation(block | 1 << player, 1 << player)
            for own in partition
            for player in players
            if own >> player & 1
            for block in (*partition, 0)
            if block != own and rows[block | 1 << player][player] > rows[own][player] and welcome[block, player]
        )
        first = next(moves, None)
        if first is not None:
            found[place] = first
    return found


def _poll(should_stop: Stop | None) -> None:
    if should_stop is not None and should_stop():
        raise OutOfTimeError("the time was up before all partitions were looked at", limit="seconds")


def _block_of(partition: Partition, player: int) -> int:
    return next(block for block in partition if block >> player & 1)


def _partitions(left: int) -> Iterator[Partition]:
    if not left:
        yield ()
        return
    first = left & -left
    others = left ^ first
    group = others
    while True:
        block = first | group
        for rest in _partitions(left ^ block):
            yield (block, *rest)
        if not group:
            return
        group = (group - 1) & others


def _check_size(players: int) -> None:
    if players > PARTITION_PLAYERS:
        raise TooLargeError(
            f"{players} players are too many to look at every partition: at most {PARTITION_PLAYERS}",
            limit="partition players",
            count=players,
            allowed=PARTITION_PLAYERS,
        )
