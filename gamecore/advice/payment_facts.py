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
    two for each side), `play` (in a game of moves: what is played without the payment), or the key of a lever that
    changes what happens without agreement. `every_protocol` is the part of such a range with which the plan also holds
    by itself, whoever proposes. `needed` is the least the payee takes, `possible` the most the payer gives; `works`
    says that the range is not empty. `even` splits the joint gain in equal parts (the Nash point of the range).
    """

    against: str
    needed: float
    possible: float
    works: bool
    even: float


@dataclass(frozen=True)
class Instrument:
    """One way of paying the same worth to the payee.

    `kind` is signature, milestone, contingent (on what an event brings), royalty, cost_share or earlier_date; `due`
    what it hangs on (a point of the programme, a decision or event, `event=outcome`, the name of a milestone, or
    nothing). `amount` is in `unit` (the scenario's, or percentage points); of an earlier date it is the part of the
    milestone that is paid at signature instead. `at_signature` is what is paid besides, where that brings too little.
    `costs` is what the payer gives up and `brings` what the payee gets, all in all, each at its own rate and chances,
    in today's money.
    """

    kind: str
    due: str | None
    label: str
    amount: float
    unit: str | None
    costs: float
    brings: float
    cheapest: bool = False
    at_signature: float = 0.0


@dataclass(frozen=True)
class Payments:
    """The payments behind one candidate between two players.

    `proposed` is the even point of the first range. `necessary` says that without a payment the plan does not hold by
    itself or is not acceptable to one of the two, and that with the payments of the first range it does and is. `lever`
    names the lever of the file that pays it, if one does. `reaches` names the confidential entries of the file that
    reach any of these numbers.
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
