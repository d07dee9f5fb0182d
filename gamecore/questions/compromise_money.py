"""Who could pay whom, where values are money: the range of payments on an option, and the split of the joint gain.

Between two sides the *range* on an option holds the payments that leave both at least what they have if they say no:
from `p` to `q`, `-g_q <= t <= g_p` with the gains `g` over the disagreement point; `(g_p - g_q) / 2` leaves both the
same gain. For any number of sides the *split* takes the option with the most value together and shares its gain
(`compromises/transferable.py`).

>>> payment_range(("ann", "ben"), (Fraction(9), Fraction(-1)))
Range(payer='ann', payee='ben', low=1.0, high=9.0, even=5.0, works=True)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["Paid", "Range", "Split", "money_split", "named", "payment_range"]


@dataclass(frozen=True)
class Range:
    """Payments from `payer` to `payee` with which both have at least what they have if they say no; a negative amount
    is paid the other way. `even` splits the joint gain in equal parts. `works` is False where there is no such payment.
    """

    payer: str
    payee: str
    low: float
    high: float
    even: float
    works: bool


@dataclass(frozen=True)
class Paid:
    payer: str
    payee: str
    amount: float


@dataclass(frozen=True)
class Split:
    """The options with the most value together, the gain shared out by `weights`: what everybody has in the end, and
    the payments that do it from the first of the options.
    """

    options: tuple[str, ...]
    surplus: float
    weights: Mapping[str, float]
    values: Mapping[str, float]
    payments: tuple[Paid, ...]


def payment_range(players: Sequence[str], gains: Sequence[Fraction]) -> Range:
    """The payments between two players on an option with these gains over the disagreement point."""
    even = (gains[0] - gains[1]) / 2
    payer, payee = (0, 1) if even >= 0 else (1, 0)
    return Range(
        payer=players[payer],
        payee=players[payee],
        low=float(-gains[payee]),
        high=float(gains[payer]),
        even=float(abs(even)),
        works=gains[0] + gains[1] >= 0,
    )


def money_split(
    players: Sequence[str], keys: Sequence[str], game: tuple[Any, Any], shares: Sequence[Fraction] | None
) -> Split | None:
    """The split of a game `(values, disagreement)` with axes (option, player); None if together nobody would gain."""
    from gamecore.compromises.transferable import split_surplus

    found = split_surplus(*game, shares)
    if not found.outcomes or found.surplus <= 0:
        return None
    first = found.outcomes[0]
    return Split(
        options=tuple(keys[item.option] for item in found.outcomes),
        surplus=float(found.surplus),
        weights=named(players, found.weights),
        values=named(players, found.shares),
        payments=tuple(Paid(players[item.payer], players[item.payee], float(item.amount)) for item in first.payments),
    )


def named(players: Sequence[str], row: Sequence[Fraction]) -> dict[str, float]:
    """One value a player, by name."""
    return {name: float(value) for name, value in zip(players, row, strict=True)}
