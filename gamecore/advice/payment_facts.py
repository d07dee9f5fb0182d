"""What payments make a plan work, as frozen values for the analysis record.

Units: amounts in the scenario's unit, at signature (today's value) unless an instrument says otherwise; negative
amounts are paid the other way. Players and candidates are named by their keys.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Instrument", "PaymentRange", "Payments"]


@dataclass(frozen=True)
class PaymentRange:
    """The payments with which both sides prefer a plan to what it is compared with.

    `against` is what `payer` and `payee` would have otherwise: `no_agreement`, `baseline`, `both` (the better of the
    two for each side), or the key of a clause. `needed` is the least the payee takes, `possible` the most the payer
    gives; `works` says that the range is not empty. `even` splits the joint gain in equal parts (the Nash point of the
    range).
    """

    against: str
    needed: float
    possible: float
    works: bool
    even: float


@dataclass(frozen=True)
class Instrument:
    """One way of paying the same worth to the payee.

    `kind` is signature, milestone, royalty, cost_share or earlier_date; `due` what it hangs on (a point of the
    programme, a date, or nothing). `amount` is in `unit` (the scenario's, or percentage points, or months). `costs` is
    what the payer gives up and `brings` what the payee gets, each at its own rate and chances, in today's money.
    """

    kind: str
    due: str | None
    label: str
    amount: float
    unit: str | None
    costs: float
    brings: float
    cheapest: bool = False


@dataclass(frozen=True)
class Payments:
    """The payments behind one candidate between two players.

    `proposed` is the even point of the first range; `necessary` says that without a payment the plan does not hold or
    is not acceptable to somebody. `lever` names the lever of the file that pays it, if one does. `reaches` names the
    confidential entries of the file that reach any of these numbers.
    """

    candidate: str
    payer: str
    payee: str
    ranges: tuple[PaymentRange, ...]
    proposed: float
    necessary: bool
    instruments: tuple[Instrument, ...] = ()
    lever: str | None = None
    reaches: frozenset[str] = frozenset()
