"""The two best levers: what is changed, what it brings to each side, in how many cases it works.

The lines come from every side's values, and which levers are best does too: none of them is on a shared copy. A lever
that brings the advised side nothing that would be printed is no line. Where a recommendation needs a lever, the
headline says so and the lever is no line again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from gamecore.advice.lever_facts import Proposal
from gamecore.brief import words
from gamecore.brief.desk import ALLIANCE, Desk

__all__ = ["lever_label", "lever_tail", "lever_texts", "pulled_alone"]

MOST: Final = 2  # levers on the page
LONGEST: Final = 64  # characters of a lever's name
MOST_NAMED: Final = 3  # companies in a line


def lever_texts(desk: Desk) -> list[str]:
    """`“Decide in October”: Diamond +3.4, Sapphire +3.7, works in 61 of 100`: one text for each of the best levers.

    Those that bring the advised side something, in the order of the analysis; first those that all who have to agree
    accept, then those whose gain could make good what others lose. None on a shared copy, and nothing that no side
    decides.
    """
    facts = desk.analysis.levers
    if facts is None or not desk.sight.internal:
        return []
    needed = desk.analysis.recommendation.with_lever
    found = [item for item in facts.proposals if not item.nature and (needed is None or _alone(item) != needed)]
    found = [item for item in found if words.signed(_ours(desk, item.gains), desk.decimals).startswith("+")]
    agreed = [item for item in found if item.accepted]
    agreed += [item for item in found if not item.accepted and _could_pay(desk, item)]
    return list(dict.fromkeys(_lever_text(desk, item) for item in agreed))[:MOST]  # two that read alike are one


def _could_pay(desk: Desk, found: Proposal) -> bool:
    """Whether those who gain could make good what the others lose: values are money and the sum is a gain."""
    return bool(desk.analysis.payments) and words.signed(math.fsum(found.gains.values()), desk.decimals)[0] == "+"


def _lever_text(desk: Desk, found: Proposal) -> str:
    gains = sorted(found.gains.items(), key=lambda item: item[0] != desk.analysis.scenario.advise)
    told = ", ".join(
        f"{desk.names.name(player)} {words.signed(gain, desk.decimals)}" for player, gain in gains[:MOST_NAMED]
    )
    told += "" if found.accepted else " before compensation"
    works = "" if found.works is None or desk.certain else f", works in {words.chance_text(found.works)}"
    amount = ""
    if found.payment is not None:
        low, high = (desk.number(end) for end in found.payment)
        amount = f" at {low}" if low == high else f" at {low} to {high}"
    return f"{lever_label(found)}{amount}{_leads_to(desk, found)}: {told}{works}"


def lever_label(found: Proposal) -> str:
    """What is changed, in quotes; two changes joined."""
    return words.listed([f"“{_short(change.label)}”" for change in found.changes])


def pulled_alone(desk: Desk) -> Proposal | None:
    """What the analysis found for the lever that the recommendation needs, pulled by itself."""
    facts, needed = desk.analysis.levers, desk.analysis.recommendation.with_lever
    if facts is None or needed is None:
        return None
    return next((item for item in facts.proposals if _alone(item) == needed), None)


def lever_tail(desk: Desk) -> str:
    """`, with “Decide in October”`: the lever without which the plan does not hold.

    A shared copy names it unless it is confidential itself; what it changes is for all to agree on.
    """
    needed = desk.analysis.recommendation.with_lever
    if needed is None:
        return ""
    found = pulled_alone(desk)
    secret = f"levers.{needed}" in desk.analysis.confidential or (found is not None and found.confidential)
    if secret and not desk.sight.internal:
        return ", with a change to be agreed"
    return f", with {lever_label(found) if found is not None else f'“{needed}”'}"


def _alone(found: Proposal) -> str:
    return found.changes[0].lever if len(found.changes) == 1 else ""


def _ours(desk: Desk, gains: Mapping[str, float]) -> float:
    """What the advised side gains; all together for an alliance."""
    advised = desk.analysis.scenario.advise
    return math.fsum(gains.values()) if advised == ALLIANCE else gains.get(advised, 0.0)


def _leads_to(desk: Desk, found: Proposal) -> str:
    """Which option it leads to, if that is another one than the recommended, and the same whoever proposes."""
    outcomes = set(found.outcome.values())
    if len(outcomes) != 1:
        return ""
    key = outcomes.pop()
    here = desk.chosen is not None and key == desk.chosen.key
    known = key in desk.names.letters or key in {"no_agreement", "other", "undecided"}
    if here or not found.moves_outcome:
        return ""
    return f" leads to {desk.names.outcome(key) if known else f'“{_short(found.outcome_label)}”'}"


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"
