"""Adjusted winner (Brams & Taylor 1996): two parties divide items that can be split, by points.

Each party spreads the same number of points over the items. Each item goes first to whoever gives it more points; then
items pass from the side that has more to the other, in rising order of (giver's points)/(receiver's points), until both
have as many of their own points; at most one item is split. The result is *efficient*, *equitable* (equal points) and
*envy-free* (each has at least half of its own points); `Certificate` checks the three by itself. Exact.

>>> answer = adjusted_winner(("Ann", "Ben"), {"house": (70, 50), "boat": (30, 50)})
>>> [str(share) for share in answer.first_share], [str(value) for value in answer.points]
(['5/6', '0'], ['175/3', '175/3'])
>>> answer.certificate.holds
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gamecore.errors import InputError
from gamecore.games.strategic import exact_array

__all__ = ["AdjustedWinner", "Certificate", "Transfer", "adjusted_winner", "judge_division"]


@dataclass(frozen=True)
class Transfer:
    """One step of the story: the party `giver` passes `share` of an item on; `ratio` is (giver's points)/(receiver's).

    After it the parties have `points`.
    """

    item: str
    giver: int
    share: Fraction
    ratio: Fraction
    points: tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Certificate:
    """What is checked from the shares alone. `envy_free`: nobody gives the other's part more points than its own.
    `equitable`: both have the same share of their own points. `efficient`: no pair of items can be traded, however
    little of each, so that both gain (for divisible items that is all there is to check).
    """

    envy_free: bool
    equitable: bool
    efficient: bool
    split_items: int

    @property
    def holds(self) -> bool:
        return self.envy_free and self.equitable and self.efficient and self.split_items <= 1


@dataclass(frozen=True)
class AdjustedWinner:
    """`first_share[k]` is what the first party gets of item `k`, the second has the rest; `points` are each one's own.

    `winners[k]` is who had item `k` before the transfers (-1: nobody wants it; it stays with the second).
    """

    parties: tuple[str, str]
    items: tuple[str, ...]
    first_share: tuple[Fraction, ...]
    points: tuple[Fraction, Fraction]
    winners: tuple[int, ...]
    before: tuple[Fraction, Fraction]
    transfers: tuple[Transfer, ...]
    certificate: Certificate

    def in_words(self) -> tuple[str, ...]:
        """The story in plain sentences."""
        told = []
        for party, name in enumerate(self.parties):
            won = [item for item, winner in zip(self.items, self.winners, strict=True) if winner == party]
            had = _number(self.before[party])
            told.append(f"{name} first gets {', '.join(won) if won else 'nothing'}: {had} points.")
        for step in self.transfers:
            giver, receiver = self.parties[step.giver], self.parties[1 - step.giver]
            what = step.item if step.share == 1 else f"{step.share} of {step.item}"
            told.append(f"{giver} passes {what} to {receiver}: {' and '.join(map(_number, step.points))} points.")
        told.append(f"Both end with {_number(self.points[0])} of their own points.")
        return tuple(told)


def adjusted_winner(parties: Sequence[str], points: Mapping[str, Sequence[Any]]) -> AdjustedWinner:
    """Divide the items of `points` (item -> points of the first and of the second party).

    An item both want equally goes first to whoever has fewer points so far. Raises `InputError` unless there are two
    parties, no points below 0, and as many points on both sides.
    """
    if len(parties) != 2 or not points:
        raise InputError("adjusted winner divides at least one item between two parties")
    table = exact_array([list(row) for row in points.values()])
    if table.ndim != 2 or table.shape[1] != 2:
        raise InputError("give every item the points of both parties")
    rows: list[tuple[Fraction, Fraction]] = [(a, b) for a, b in table.tolist()]
    low = next((item for item, row in zip(points, rows, strict=True) if min(row) < 0), None)
    if low is not None:
        raise InputError(f"{low}: points below 0; a burden is shared by giving points to not having it")
    totals = [sum((row[i] for row in rows), Fraction(0)) for i in range(2)]
    if totals[0] != totals[1] or not totals[0]:
        raise InputError(
            f"{parties[0]} spreads {totals[0]} points and {parties[1]} {totals[1]}: give both the same number above 0"
        )
    winners, before = _first_round(rows)
    shares = [Fraction(winner == 0) for winner in winners]
    transfers = _transfers(tuple(points), rows, shares, winners, before)
    final = _own_points(rows, shares)
    certificate = judge_division(rows, shares)
    names = (str(parties[0]), str(parties[1]))
    return AdjustedWinner(
        names, tuple(points), tuple(shares), final, tuple(winners), before, tuple(transfers), certificate
    )


def _first_round(rows: Sequence[tuple[Fraction, Fraction]]) -> tuple[list[int], tuple[Fraction, Fraction]]:
    winners = [-1] * len(rows)
    had = [Fraction(0), Fraction(0)]
    for tied in (False, True):
        for k, (first, second) in enumerate(rows):
            if (first == second) is not tied or (tied and not first):
                continue
            winner = (0 if had[0] <= had[1] else 1) if tied else int(second > first)
            winners[k] = winner
            had[winner] += rows[k][winner]
    return winners, (had[0], had[1])


def _transfers(
    items: Sequence[str],
    rows: Sequence[tuple[Fraction, Fraction]],
    shares: list[Fraction],
    winners: Sequence[int],
    before: tuple[Fraction, Fraction],
) -> list[Transfer]:
    """Changes `shares`; an item the receiver gives no points to never has to pass."""
    giver = 0 if before[0] > before[1] else 1
    had = list(before)
    queue = [k for k, winner in enumerate(winners) if winner == giver and rows[k][1 - giver]]
    queue.sort(key=lambda k: rows[k][giver] / rows[k][1 - giver])
    steps = []
    for k in queue:
        gap = had[giver] - had[1 - giver]
        if gap <= 0:
            break
        share = min(Fraction(1), gap / (rows[k][0] + rows[k][1]))
        had[giver] -= share * rows[k][giver]
        had[1 - giver] += share * rows[k][1 - giver]
        shares[k] += share if giver == 1 else -share
        steps.append(Transfer(items[k], giver, share, rows[k][giver] / rows[k][1 - giver], (had[0], had[1])))
    return steps


def _own_points(rows: Sequence[tuple[Fraction, Fraction]], shares: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    first = sum((share * row[0] for share, row in zip(shares, rows, strict=True)), Fraction(0))
    second = sum(((1 - share) * row[1] for share, row in zip(shares, rows, strict=True)), Fraction(0))
    return first, second


def judge_division(rows: Sequence[tuple[Fraction, Fraction]], shares: Sequence[Fraction]) -> Certificate:
    """Check a division from points and shares alone, whoever made it."""
    first, second = _own_points(rows, shares)
    totals = [sum((row[i] for row in rows), Fraction(0)) for i in range(2)]
    efficient = not any(
        shares[j] > 0 and shares[k] < 1 and rows[j][0] * rows[k][1] < rows[k][0] * rows[j][1]
        for j in range(len(rows))
        for k in range(len(rows))
    )
    useless = any(
        (share > 0 and not row[0] and row[1]) or (share < 1 and not row[1] and row[0])
        for share, row in zip(shares, rows, strict=True)
    )
    return Certificate(
        envy_free=2 * first >= totals[0] and 2 * second >= totals[1],
        equitable=first * totals[1] == second * totals[0],
        efficient=efficient and not useless,
        split_items=sum(0 < share < 1 for share in shares),
    )


def _number(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"{float(value):.4g}"
