"""Offers that come with money: what a proposer offers when it may pay, and be paid by, those who have to say yes.

Let option `o` be worth `u_i`, going on without it `g_i`, and let the proposer `p` need the yes of the others of a
passing set `W` (`games/voting.py`). It leaves each of them just what it has without the option, so that an offer as
good as going on is taken, and keeps the rest: `p` ends with `g_p` plus the *surplus* `sum of u_i - g_i over W`. Nobody
outside of `W` pays or is paid. The best offer is the option with the largest surplus (the ultimatum game with
transferable utility), and silence where that is below 0. `W` holds everyone who does not lose by the option, and as few
of the others as votes are lacking.

Values are exact and weighted by reach.

>>> from fractions import Fraction
>>> worth, going_on = [Fraction(62), Fraction(34), Fraction(14)], [Fraction(10), Fraction(20), Fraction(0)]
>>> offer = best_purchase(worth, going_on, 0, Quorum.everyone((0, 1, 2)))
>>> str(offer.surplus), [str(amount) for amount in offer.payments]
('80', ['28', '-14', '-14'])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from gamecore.games.voting import Quorum

__all__ = ["Purchase", "best_purchase"]


@dataclass(frozen=True)
class Purchase:
    """The best offer of one option: its `surplus`, and per player what it is paid (negative: pays); they sum to 0."""

    surplus: Fraction
    payments: tuple[Fraction, ...]

    def added_to(self, worth: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """What the option is worth after the payments."""
        return tuple(value + paid for value, paid in zip(worth, self.payments, strict=True))


def best_purchase(
    worth: Sequence[Fraction], going_on: Sequence[Fraction], proposer: int, quorum: Quorum
) -> Purchase | None:
    """The best that `proposer` can offer with one option; None if it is no signer of it.

    `worth` and `going_on` have one value a player.
    """
    if proposer not in quorum.signers:
        return None
    gains = [value - floor for value, floor in zip(worth, going_on, strict=True)]
    payments = [Fraction(0)] * len(gains)
    bought = quorum.cheapest(proposer, gains)
    for player in bought:
        payments[player] -= gains[player]
    surplus = sum((gains[player] for player in bought), Fraction(0))
    payments[proposer] += surplus
    return Purchase(surplus, tuple(payments))
