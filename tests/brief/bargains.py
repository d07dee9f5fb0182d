"""The acceptance case with payments and levers, as the analysis records them."""

from __future__ import annotations

from dataclasses import replace

from gamecore.advice.analysis import Analysis
from gamecore.advice.lever_facts import ClausePrice, LeverFacts, Proposal, Pulled
from gamecore.advice.payment_facts import Instrument, PaymentRange, Payments
from tests.brief.cases import robust

WAITS = {"sapphire proposes": "plan=wait", "diamond proposes": "plan=wait"}
BOTH = PaymentRange("both", 4.392, 9.821, works=True, even=7.1065)
NO_AGREEMENT = PaymentRange("no_agreement", -4.389, 9.821, works=True, even=2.716)
BINDING = PaymentRange("contract_binds", 4.392, 16.114, works=True, even=10.253)
SIGNED = Instrument("signature", None, "Payment at signature", 7.1065, "USD m", 7.1065, 7.1065)
LAUNCH = Instrument("milestone", "launch", "Launch", 60.5, "USD m", 6.1, 7.1065, cheapest=True)
SECRET = frozenset({"players.sapphire"})


def payments(*, necessary: bool = False, ranges: tuple[PaymentRange, ...] = (BOTH, NO_AGREEMENT, BINDING)) -> Payments:
    """The payments behind waiting."""
    return Payments(
        "plan=wait",
        "diamond",
        "sapphire",
        ranges,
        ranges[0].even,
        necessary,
        (SIGNED, LAUNCH),
        "pay_at_signature",
        SECRET,
    )


def paid(analysis: Analysis | None = None, *, necessary: bool = False) -> Analysis:
    """A payment that would suit both, or without which waiting does not hold."""
    return replace(robust() if analysis is None else analysis, payments=(payments(necessary=necessary),))


def proposal(lever: str, label: str, sapphire: float, diamond: float, works: float | None = 0.66) -> Proposal:
    """A lever with which waiting is still what happens."""
    return Proposal(
        changes=(Pulled(lever, label, "date", "set", derived=False),),
        outcome=WAITS,
        outcome_label="Wait six months, then Diamond decides",
        settled=True,
        moves_outcome=False,
        values={"sapphire": 47.420 + sapphire, "diamond": 25.813 + diamond},
        gains={"sapphire": sapphire, "diamond": diamond},
        works=works,
        acceptable_to=("sapphire", "diamond"),
    )


EARLIER = proposal("decide_earlier", "Decide in October", 3.668, 3.409, 0.71)
CAPPED = proposal("cap", "Overruns capped", 0.2, 2.4)
BINDS = replace(
    proposal("contract_binds", "The contract as signed applies", 4.392, -16.114),
    outcome={"sapphire proposes": "plan=start", "diamond proposes": "plan=start"},
    moves_outcome=True,
)
CLAUSE = ClausePrice(
    "contract_binds",
    "the contract as signed applies",
    {"sapphire": 43.031, "diamond": 15.992},
    {"sapphire": 51.812, "diamond": 9.699},
    "plan=wait",
    "plan=start",
    2.716,
    10.253,
)


def levered(*proposals: Proposal, analysis: Analysis | None = None) -> Analysis:
    """What changing the game would do; without proposals the two that bring Diamond most, and one that does not."""
    facts = LeverFacts(proposals or (EARLIER, CAPPED, BINDS), (CLAUSE,), tried=12)
    return replace(robust() if analysis is None else analysis, levers=facts)
