"""Money shared in any way: who pays whom, what each then has, and whether anybody does better without the others.

Of three companies and more; the record is the analysis's `Sharing`. A copy shows these numbers only if nothing
confidential reaches them and every company released its values: whoever knows the own value could tell the others'.
"""

from __future__ import annotations

from collections.abc import Mapping

from gamecore.advice.analysis import Analysis
from gamecore.advice.sharing_facts import Sharing
from gamecore.brief import words
from gamecore.brief.blocks import PaidLine
from gamecore.brief.desk import Desk
from gamecore.brief.sight import Sight

__all__ = [
    "divided",
    "paid_lines",
    "shared_request",
    "shared_tail",
    "shared_text",
    "sharing_sure",
    "sharing_why",
    "split_shown",
]


def divided(analysis: Analysis) -> Sharing | None:
    """The sharing behind the recommended plan; None if the plan is another, or no money is shared."""
    sharing, chosen = analysis.sharing, analysis.recommendation.candidate
    if sharing is None or chosen is None:
        return None
    steps = analysis.candidate(chosen).steps
    takes = any(step.decision == sharing.decision and step.choice == sharing.option for step in steps)
    # A deal on terms is named by all of its levels.
    levels = ",".join(f"{step.decision}={step.choice}" for step in steps)
    return sharing if takes or sharing.option == levels else None


def _shown(analysis: Analysis, sight: Sight) -> Sharing | None:
    """The sharing, where a copy may show its numbers."""
    sharing = divided(analysis)
    if sharing is None or sight.internal or (sight.released and not sharing.reaches):
        return sharing
    return None


def split_shown(analysis: Analysis, sight: Sight) -> Mapping[str, float]:
    """What each has with the recommended plan once the payments are made; empty where there are none to show."""
    sharing = _shown(analysis, sight)
    return sharing.split if sharing is not None and sharing.payments else {}


def shared_tail(desk: Desk) -> str:
    """The end of the headline: `; Diamond pays Sapphire USD 17.5 m and Cobalt USD 6.5 m`."""
    sharing = divided(desk.analysis)
    if sharing is None or not sharing.payments:
        return ""
    if _shown(desk.analysis, desk.sight) is None:
        return "; who pays whom to be agreed"
    payers = dict.fromkeys(item.payer for item in sharing.payments)
    told = []
    for payer in payers:
        paid = [(item.payee, item.amount) for item in sharing.payments if item.payer == payer]
        to = words.listed([f"{desk.names.short(payee)} {_amount(desk, amount)}" for payee, amount in paid])
        told.append(f"{desk.names.short(payer)} pays {to}")
    return f"; {words.listed(told)}"


def _amount(desk: Desk, value: float) -> str:
    return words.with_unit(desk.number(value), desk.analysis.scenario.unit)


def shared_request(desk: Desk) -> str:
    """What is asked of the decision makers about the payments."""
    sharing = divided(desk.analysis)
    if sharing is None or not sharing.payments:
        return ""
    if _shown(desk.analysis, desk.sight) is None:
        return "Payments between them, the amounts to be agreed"
    return f"Payments of {_amount(desk, sum(item.amount for item in sharing.payments))} in all, as above"


def paid_lines(desk: Desk) -> tuple[PaidLine, ...]:
    """The table of who pays whom."""
    sharing = _shown(desk.analysis, desk.sight)
    return tuple(
        PaidLine(desk.names.short(item.payer), desk.names.short(item.payee), _amount(desk, item.amount))
        for item in (sharing.payments if sharing is not None else ())
    )


def shared_text(desk: Desk) -> list[str]:
    """Which payments and why, what each can end with, and the fair split; empty where nothing is shared."""
    sharing = _shown(desk.analysis, desk.sight)
    if sharing is None:
        return []
    ranges = [
        f"{desk.names.short(item.player)} {desk.number(item.least)} to {desk.number(item.most)}"
        for item in sharing.core
    ]
    ends = [f"Each can end with: {', '.join(ranges)}."] if ranges else []
    return [_how(desk, sharing), *ends, _fair(desk, sharing)]


def _how(desk: Desk, sharing: Sharing) -> str:
    """Why these payments, or none."""
    if not sharing.payments:
        return "No payment is needed." if sharing.core else "No payment would keep everybody."
    if not sharing.core:
        return "The payments leave the least content as content as can be."
    if len(sharing.split) == 2:
        least, most = desk.number(sharing.least_paid), desk.number(sharing.most_paid)
        return f"Any payment from {least} to {most} keeps both."
    return "This is the least that keeps everybody."


def _fair(desk: Desk, sharing: Sharing) -> str:
    """The fair split, to compare with."""
    by = "On average each adds" if sharing.rule == "shapley" else "Best for the least content"
    shares = [f"{desk.names.short(player)} {desk.number(share)}" for player, share in sharing.fair.items()]
    return f"{by}: {', '.join(shares)}."


def sharing_why(desk: Desk) -> list[str]:
    """Whether anybody does better without the others, the most telling sentence first."""
    sharing = _shown(desk.analysis, desk.sight)
    if sharing is None:
        return []
    if sharing.core:
        return [_nobody_leaves(desk, sharing), *_nearest(desk, sharing)]
    lacking = desk.number(sharing.subsidy)
    asks = [item for item in sharing.claims if len(item.members) > 1] or list(sharing.claims)
    without = words.listed([f"{_group(desk, item.members)} {desk.number(item.value)}" for item in asks])
    worth = f"there is {desk.number(sharing.worth)} to share"
    return [
        f"No split keeps {desk.names.all}: the worth without the others is {without}, and {worth}.",
        f"{lacking} more would be needed.",
    ]


def _nobody_leaves(desk: Desk, sharing: Sharing) -> str:
    paid = "with these payments " if sharing.payments else ""
    option = desk.letter
    if len(sharing.structure) > 1:
        return (
            f"{_group(desk, _acting(sharing))} have the most by {option}, and {paid}none of them does better elsewhere."
        )
    return f"{option} has the most value together, and {paid}nobody does better elsewhere."


def _nearest(desk: Desk, sharing: Sharing) -> list[str]:
    """The company or companies that come nearest to leaving, and what they have more by staying."""
    acting = set(_acting(sharing))
    groups = [
        item for item in sharing.coalitions if 1 < len(item.members) < len(acting) and acting >= set(item.members)
    ]
    if not groups:
        return []
    kept = {item.members: sum(sharing.split[player] for player in item.members) - item.value for item in groups}
    members = min(kept, key=lambda group: kept[group])
    alone = next(item.value for item in groups if item.members == members)
    has = desk.number(sum(sharing.split[player] for player in members))
    return [f"{_group(desk, members)} have {has} with {desk.letter}, {desk.number(alone)} without the others."]


def _acting(sharing: Sharing) -> tuple[str, ...]:
    """The block that carries out the option: the largest."""
    return max(sharing.structure, key=len)


def _group(desk: Desk, members: tuple[str, ...]) -> str:
    return words.listed([desk.names.short(player) for player in members])


def sharing_sure(desk: Desk) -> list[str]:
    """How often the plan stays the best together, and how often the payments keep everybody."""
    sharing = _shown(desk.analysis, desk.sight)
    if sharing is None or not sharing.core or desk.certain:
        return []
    best, holds = (words.chance_text(share) for share in (sharing.structure_holds, sharing.split_holds))
    paid = "With these payments nobody" if sharing.payments else "Nobody"
    return [f"{paid} does better elsewhere in {holds} cases; {desk.letter} is worth most in {best}."]
