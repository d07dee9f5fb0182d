"""How an estate was divided among claims, and whether it is what the rule says.

The faults are found from what each rule means, not from how it is computed: equal awards and losses from their level,
Talmud from every two claimants dividing what they have like a contested garment (Aumann & Maschler 1985 show that only
one division does), random arrival from what each claimant finds on arriving.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import factorial

from gamecore.games.coalition import coalition_sums

__all__ = ["BankruptcyRule", "Division", "contested_garment", "division_faults"]


class BankruptcyRule(StrEnum):
    PROPORTIONAL = "proportional"
    EQUAL_AWARDS = "constrained equal awards"
    EQUAL_LOSSES = "constrained equal losses"
    TALMUD = "talmud"
    RANDOM_ARRIVAL = "random arrival"


@dataclass(frozen=True)
class Division:
    """`shares` of `claimants`, in their order.

    `level` is what the rule makes equal: the part of each claim that is paid (proportional), the award or the loss that
    nobody goes beyond (of half claims for Talmud: the award up to half of all claims, the loss above); 0 for random
    arrival.
    """

    rule: BankruptcyRule
    estate: Fraction
    claimants: tuple[str, ...]
    claims: tuple[Fraction, ...]
    shares: tuple[Fraction, ...]
    level: Fraction


def contested_garment(estate: Fraction, first: Fraction, second: Fraction) -> tuple[Fraction, Fraction]:
    """Two claims (Mishnah, Baba Metzia 2a): each concedes what it does not claim, and the rest is halved."""
    to_first, to_second = max(estate - second, Fraction(0)), max(estate - first, Fraction(0))
    rest = (estate - to_first - to_second) / 2
    return to_first + rest, to_second + rest


def division_faults(division: Division) -> list[str]:
    """What a division does not keep of what its rule says, in words; nothing if it keeps all."""
    faults = []
    if sum(division.shares, Fraction(0)) != division.estate:
        faults.append("the shares do not hand out the estate")
    three = list(zip(division.claimants, division.claims, division.shares, strict=True))
    faults += [f"{name} gets less than nothing or more than claimed" for name, due, got in three if not 0 <= got <= due]
    if division.rule is BankruptcyRule.TALMUD:
        return faults + _garment_faults(division)
    meant = _meant(division)
    return faults + [
        f"{name} gets {got}, not {due}" for (name, _, got), due in zip(three, meant, strict=True) if got != due
    ]


def _meant(division: Division) -> list[Fraction]:
    """What every rule but Talmud gives each claimant, from its level or from who comes first."""
    claims, level = division.claims, division.level
    match division.rule:
        case BankruptcyRule.PROPORTIONAL:
            return [level * due for due in claims]
        case BankruptcyRule.EQUAL_AWARDS:
            return [min(due, level) for due in claims]
        case BankruptcyRule.EQUAL_LOSSES:
            return [max(due - level, Fraction(0)) for due in claims]
        case _:
            return [_on_arrival(division.estate, claims, place) for place in range(len(claims))]


def _garment_faults(division: Division) -> list[str]:
    three = list(zip(division.claimants, division.claims, division.shares, strict=True))
    return [
        f"{one} and {other} do not divide like a contested garment"
        for (one, due, got), (other, its_due, its_got) in combinations(three, 2)
        if contested_garment(got + its_got, due, its_due) != (got, its_got)
    ]


def _on_arrival(estate: Fraction, claims: tuple[Fraction, ...], place: int) -> Fraction:
    """What is left for a claimant, over all sets of those who came before."""
    others = [claim for other, claim in enumerate(claims) if other != place]
    total = Fraction(0)
    for group, taken in enumerate(coalition_sums(others).tolist()):
        before = group.bit_count()
        orders = factorial(before) * factorial(len(others) - before)
        total += orders * min(claims[place], max(estate - taken, Fraction(0)))
    return total / factorial(len(claims))
