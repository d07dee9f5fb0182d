"""Too little for all claims: how an estate is divided.

Claims `d_i` sum to at least the estate `E`; every rule gives each claimant something from 0 to the claim, `E` in all.

- *Proportional*: in proportion to the claims.
- *Constrained equal awards* (Maimonides): everybody the same, `min(d_i, level)`, nobody more than the claim.
- *Constrained equal losses*: everybody loses the same, `max(0, d_i - level)`, nobody more than the claim.
- *Talmud* (Aumann & Maschler 1985): equal awards on half of the claims while the estate does not go beyond their half,
  then equal losses on the other half. Any two claimants divide what they have together like a contested garment, and no
  other rule does so; it is the nucleolus of the bankruptcy game.
- *Random arrival* (O'Neill 1982): whoever comes first is paid in full while it lasts, all orders equally likely; it is
  the Shapley value of the bankruptcy game.

Survey: Thomson 2003.

>>> [str(share) for share in talmud(300, {"a": 100, "b": 200, "c": 300}).shares]
['50', '100', '150']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from gamecore.compromises.sharing.division import BankruptcyRule, Division, division_faults
from gamecore.compromises.sharing.judge import stand
from gamecore.compromises.sharing.shapley import shapley_value
from gamecore.errors import InputError
from gamecore.games.coalition import bankruptcy_game, check_players, exact_amount, exact_amounts

__all__ = [
    "constrained_equal_awards",
    "constrained_equal_losses",
    "proportional",
    "random_arrival",
    "talmud",
]


def proportional(estate: Any, claims: Mapping[str, Any]) -> Division:
    """The same part of each claim.

    Raises `InputError`, as all rules here, if a claim or the estate is below 0 or no finite number, or the estate is
    more than all claims.
    """
    return _divided(BankruptcyRule.PROPORTIONAL, estate, claims, _proportional)


def constrained_equal_awards(estate: Any, claims: Mapping[str, Any]) -> Division:
    """The same for everybody, but to nobody more than the claim."""
    return _divided(BankruptcyRule.EQUAL_AWARDS, estate, claims, _equal_awards)


def constrained_equal_losses(estate: Any, claims: Mapping[str, Any]) -> Division:
    """The same loss for everybody, but for nobody more than the claim."""
    return _divided(BankruptcyRule.EQUAL_LOSSES, estate, claims, _equal_losses)


def talmud(estate: Any, claims: Mapping[str, Any]) -> Division:
    """Equal awards up to half of the claims, then equal losses: every pair as with a contested garment."""
    return _divided(BankruptcyRule.TALMUD, estate, claims, _talmud)


def random_arrival(estate: Any, claims: Mapping[str, Any]) -> Division:
    """First come, first served, over all orders. Raises `TooLargeError` for more claimants than a game has players."""
    return _divided(BankruptcyRule.RANDOM_ARRIVAL, estate, claims, _random_arrival)


Claims = Sequence[Fraction]
Rule = Callable[[Fraction, Claims], tuple[Sequence[Fraction], Fraction]]
"""From an estate and claims to shares and the level."""


def _divided(rule: BankruptcyRule, estate: Any, claims: Mapping[str, Any], divide: Rule) -> Division:
    """Check the input, divide and have the division checked."""
    claimants = tuple(claims)
    check_players(claimants, limit=None)
    due = exact_amounts(claimants, claims, "claim")
    left = exact_amount(estate, "the estate")
    for name, claim in zip(claimants, due, strict=True):
        if claim < 0:
            raise InputError(f"the claim of {name} is {claim}: a claim must not be below 0")
    if left < 0:
        raise InputError(f"the estate is {left}: it must not be below 0")
    if left > sum(due):
        raise InputError(
            f"the estate, {left}, is more than all claims together, {sum(due)}: everybody can be paid in full; give "
            "a smaller estate or the claims that are missing"
        )
    shares, level = divide(left, due)
    division = Division(rule, left, claimants, due, tuple(shares), level)
    stand(division_faults(division))
    return division


def _proportional(estate: Fraction, claims: Claims) -> tuple[list[Fraction], Fraction]:
    total = sum(claims, Fraction(0))
    part = estate / total if total else Fraction(0)
    return [part * claim for claim in claims], part


def _equal_awards(estate: Fraction, claims: Claims) -> tuple[list[Fraction], Fraction]:
    left, level = estate, Fraction(0)
    ascending = sorted(claims)
    for place, claim in enumerate(ascending):
        others = len(ascending) - place
        if (claim - level) * others >= left:
            level += left / others
            break
        left -= (claim - level) * others
        level = claim
    return [min(claim, level) for claim in claims], level


def _equal_losses(estate: Fraction, claims: Claims) -> tuple[list[Fraction], Fraction]:
    losses, level = _equal_awards(sum(claims, Fraction(0)) - estate, claims)
    return [claim - loss for claim, loss in zip(claims, losses, strict=True)], level


def _talmud(estate: Fraction, claims: Claims) -> tuple[list[Fraction], Fraction]:
    halves = [claim / 2 for claim in claims]
    half = sum(halves, Fraction(0))
    if estate <= half:
        return _equal_awards(estate, halves)
    second, level = _equal_losses(estate - half, halves)
    return [first + more for first, more in zip(halves, second, strict=True)], level


def _random_arrival(estate: Fraction, claims: Claims) -> tuple[tuple[Fraction, ...], Fraction]:
    game = bankruptcy_game(estate, {str(place): claim for place, claim in enumerate(claims)})
    return shapley_value(game).shares, Fraction(0)
