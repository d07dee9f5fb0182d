"""The payment behind the recommended plan: in the headline, in what is asked, in words, as a strip, after it is paid.

Two players only. `necessary`: the plan does not hold without it, so the page proposes it. Otherwise the plan holds by
itself, and the page says which payment would make it better for both than what they had. Amounts are in the scenario's
unit at signature, from `payer` to `payee`.

>>> from gamecore.advice.payment_facts import PaymentRange, Payments
>>> facts = PaymentRange("both", needed=-9.8, possible=-4.4, works=True, even=-7.1)
>>> turned = paid_forward(Payments("plan=wait", "sapphire", "diamond", (facts,), -7.1, necessary=True))
>>> turned.payer, turned.proposed, turned.ranges[0].needed
('diamond', 7.1, 4.4)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from gamecore.advice.analysis import Analysis
from gamecore.advice.payment_facts import Instrument, PaymentRange, Payments
from gamecore.brief import words
from gamecore.brief.blocks import Payment
from gamecore.brief.desk import ALLIANCE, Desk
from gamecore.brief.parts import Part
from gamecore.brief.sight import Sight

__all__ = [
    "Paid",
    "asked_for",
    "behind",
    "headline_tail",
    "instrument_line",
    "may_show",
    "paid_forward",
    "payment_duty",
    "payment_request",
    "payment_sentences",
    "payment_strip",
    "proposed",
]

SIGNATURE: Final = "signature"
REFERENCES: Final = ("both", "baseline", "no_agreement")  # what a payment is judged by, the strictest first
AXIS: Final = 1.2  # the strip's axis ends beyond the payer's limit


@dataclass(frozen=True)
class Paid:
    """The payment behind a plan, and the one of its ranges that the page speaks of."""

    facts: Payments
    range: PaymentRange

    @property
    def proposed(self) -> float:
        """The payment proposed; where none is, or it lies outside the range, the one with which both gain alike."""
        inside = self.range.needed <= self.facts.proposed <= self.range.possible
        return self.facts.proposed if self.facts.necessary and inside else self.range.even

    def after(self, player: str, value: float) -> float:
        """What a plan worth `value` to a player is worth once the payment proposed is made."""
        costs = brings = self.proposed
        priced = next((item for item in self.facts.instruments if item.kind == SIGNATURE and item.amount), None)
        if priced is not None:
            costs, brings = (self.proposed * worth / priced.amount for worth in (priced.costs, priced.brings))
        return value - costs if player == self.facts.payer else value + brings if player == self.facts.payee else value


def paid_forward(facts: Payments) -> Payments:
    """The same payments with amounts above zero: what runs the other way altogether is turned round."""
    if not facts.ranges or not all(item.needed < 0 and item.possible < 0 for item in facts.ranges):
        return facts
    ranges = tuple(
        replace(item, needed=-item.possible, possible=-item.needed, even=-item.even) for item in facts.ranges
    )
    return replace(facts, payer=facts.payee, payee=facts.payer, ranges=ranges, proposed=-facts.proposed, instruments=())


def behind(analysis: Analysis) -> Paid | None:
    """The payment behind the recommended plan: a necessary one first, else one that is worth a word; None if none is.

    Where the plan holds by itself and nobody would need anything to prefer it to what they had, there is none.
    """
    chosen = analysis.recommendation.candidate
    if chosen is None or len(analysis.scenario.players) != 2:
        return None
    found = [paid_forward(item) for item in analysis.payments if item.candidate == chosen]
    found = [item for item in found if not item.necessary or asked_for(analysis, item)]
    for facts in sorted(found, key=lambda item: not item.necessary):
        told = _told(facts)
        if told is not None:
            return Paid(facts, told)
    return None


def asked_for(analysis: Analysis, facts: Payments) -> bool:
    """Whether the recommendation rests on a payment: it is needed, and not one of two ways to make the plan hold.

    Where the plan also holds with another lever, which is advised, or if somebody proposes first, a payment is the
    other way.
    """
    advice = analysis.recommendation
    if not facts.necessary or facts.candidate != advice.candidate or advice.holds_if:
        return False
    pulled = () if analysis.levers is None else analysis.levers.proposals
    pays = any(item.key == advice.with_lever and item.changes[0].verb == "pay" for item in pulled)
    return advice.with_lever in {None, facts.lever} or pays


def _told(facts: Payments) -> PaymentRange | None:
    """The range to speak of: the one the proposal was taken from, or the strictest if nothing is proposed."""
    if facts.necessary:
        ranges = facts.ranges[:1]
    else:
        ranked = [item for item in facts.ranges if item.against in REFERENCES]
        ranges = tuple(sorted(ranked, key=lambda item: REFERENCES.index(item.against))[:1])
    return next((item for item in ranges if item.works and 0 < item.needed <= item.possible), None)


def may_show(sight: Sight, paid: Paid) -> bool:
    """Whether a copy may show the amount: both sides' values are in it."""
    return sight.internal or (sight.released and not paid.facts.reaches)


def proposed(analysis: Analysis, sight: Sight) -> Paid | None:
    """The payment that the page proposes, where a copy may show its amount."""
    paid = behind(analysis)
    return paid if paid is not None and paid.facts.necessary and may_show(sight, paid) else None


def headline_tail(desk: Desk) -> str:
    """`; Diamond pays Sapphire USD 7.1 m at signature`, where the plan does not hold without it."""
    paid = _proposed(desk)
    if paid is None:
        return ""
    payer, payee = (desk.names.name(player) for player in (paid.facts.payer, paid.facts.payee))
    if not may_show(desk.sight, paid):
        return f"; {payer} pays {payee} at signature, the amount to be agreed"
    return f"; {payer} pays {payee} {_amount(desk, paid.proposed)} at signature"


def payment_duty(desk: Desk) -> list[str]:
    """The shared copy's sentence on who pays whom."""
    tail = headline_tail(desk).removeprefix("; ")
    return [f"{tail[:1].upper()}{tail[1:]}."] if tail else []


def payment_request(desk: Desk) -> str:
    """`USD 7.1 m at signature (limit 9.8)`: the payer's page tells its limit, the payee's the least it needs."""
    paid = _proposed(desk)
    if paid is None:
        return ""
    if not may_show(desk.sight, paid):
        return "A payment at signature, the amount to be agreed"
    asked = f"{_amount(desk, paid.proposed)} at signature"
    low, high = desk.number(paid.range.needed), desk.number(paid.range.possible)
    if not desk.sight.internal or low == high:
        return asked
    ends = {paid.facts.payer: f"limit {high}", paid.facts.payee: f"at least {low}", ALLIANCE: f"{low} to {high} works"}
    return f"{asked} ({ends[desk.analysis.scenario.advise]})"


def payment_sentences(desk: Desk) -> tuple[str, ...]:
    """What a payment does, the fullest wording first; empty on a shared copy and where there is none."""
    paid = behind(desk.analysis)
    if paid is None or not desk.sight.internal:
        return ()
    payer = desk.names.name(paid.facts.payer)
    ends = _ends(desk, paid.range)
    if paid.facts.necessary:
        pays = f"{payer} pays {_amount(desk, paid.proposed)} at signature"
        return (f"{pays}.",) if " to " not in ends else (f"{pays}; any payment from {ends} works.", f"{pays}.")
    better = f"would leave both better than {_reference(desk, paid.range)}."
    return (
        f"No payment is needed; {ends} from {payer} {better}",
        f"{ends} from {payer} {better}",
        f"{ends} from {payer} would make up for it.",
    )


def payment_strip(desk: Desk) -> Payment | None:
    """The range on an axis from zero, with its ends named."""
    paid = behind(desk.analysis)
    if paid is None or not desk.sight.internal or not desk.keeps(Part.PAYMENT_STRIP):
        return None
    short, end = desk.names.short, AXIS * paid.range.possible
    least, proposed, most = (desk.number(item) for item in (paid.range.needed, paid.proposed, paid.range.possible))
    labels = (
        f"{least} {short(paid.facts.payee)} needs",
        proposed if paid.facts.necessary else f"{proposed} halfway",
        f"{most} {_whose(short(paid.facts.payer))} limit",
    )
    low, middle, high = (round(item / end, 5) for item in (paid.range.needed, paid.proposed, paid.range.possible))
    return Payment(low, middle, high, labels, "0", proposes=paid.facts.necessary)


def instrument_line(desk: Desk) -> str:
    """The cheapest way of paying, where it is not the payment at signature and costs visibly less; where no payment is
    behind the plan, the one with which a plan would hold that does not hold by itself.
    """
    paid = behind(desk.analysis)
    if not desk.sight.internal:
        return ""
    if paid is None:
        return _making_hold(desk)
    ways = paid.facts.instruments
    cheapest = next((item for item in ways if item.cheapest and item.kind != SIGNATURE), None)
    signed = next((item for item in ways if item.kind == SIGNATURE), None)
    if cheapest is None or signed is None or desk.number(cheapest.costs) == desk.number(signed.costs):
        return ""
    costs, instead = desk.number(cheapest.costs), desk.number(signed.costs)
    payer = desk.names.name(paid.facts.payer)
    return f"cheapest as {_way(desk, cheapest)}: costs {payer} {costs}, not {instead}, for the same worth."


def _making_hold(desk: Desk) -> str:
    """`C would hold with 3.6 to 6.6 from Diamond to Ruby.`"""
    if len(desk.analysis.scenario.players) != 2:
        return ""
    for facts in map(paid_forward, desk.analysis.payments):
        found = _told(facts) if facts.necessary and not asked_for(desk.analysis, facts) else None
        if found is not None:
            payer, payee = desk.names.name(facts.payer), desk.names.name(facts.payee)
            here = desk.chosen is not None and facts.candidate == desk.chosen.key
            holds = "would also hold" if here and not desk.analysis.recommendation.holds_if else "would hold"
            who = " whoever proposes" if here and desk.analysis.recommendation.holds_if else ""
            plan = desk.names.option(facts.candidate)
            return f"{plan} {holds}{who} with {_ends(desk, found)} from {payer} to {payee}."
    return ""


def _ends(desk: Desk, found: PaymentRange) -> str:
    low, high = desk.number(found.needed), desk.number(found.possible)
    return low if low == high else f"{low} to {high}"


def _way(desk: Desk, way: Instrument) -> str:
    """`USD 60.5 m at “Launch”`, `2.1 percentage points of “Royalty on sales” with USD 1.0 m at signature`."""
    amount = words.with_unit(desk.number(way.amount), way.unit)
    before = {"milestone": "at ", "contingent": "if "}.get(way.kind, "of ")
    forward = way.kind == "earlier_date"
    more = _amount(desk, way.at_signature) + (" more" if forward else " at signature")
    besides = f" with {more}" if desk.number(way.at_signature) != desk.number(0.0) else ""
    return f"{amount} {before}“{way.label}”{' brought forward to signature' if forward else ''}{besides}"


def _proposed(desk: Desk) -> Paid | None:
    """The payment the page proposes; a lever that is confidential itself is no word on a shared copy."""
    paid = behind(desk.analysis)
    if paid is None or not paid.facts.necessary:
        return None
    secret = f"levers.{paid.facts.lever}" in desk.analysis.confidential
    return None if secret and not desk.sight.internal else paid


def _amount(desk: Desk, value: float) -> str:
    return words.with_unit(desk.number(value), desk.analysis.scenario.unit)


def _reference(desk: Desk, found: PaymentRange) -> str:
    """`under A or no agreement`: what both would have otherwise."""
    base = next((item for item in desk.analysis.candidates if item.is_baseline), None)
    named = "the plan as it stood" if base is None else desk.names.letters.get(base.key, "the plan as it stood")
    nothing = desk.names.beside_floor()
    if found.against == "no_agreement":
        return nothing
    if found.against == "baseline" or nothing == f"under {named}":
        return f"under {named}"
    return f"under {named} or {nothing.removeprefix('with ').removeprefix('under ')}"


def _whose(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"
