"""Where the outcome changes: the input that has to move least within its range comes first, two for each outcome."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gamecore.advice.robustness_facts import Threshold
from gamecore.brief import words
from gamecore.brief.desk import Desk
from gamecore.brief.figures.scale import quantity_text

__all__ = ["changes_sentence"]

MOST = 2  # thresholds of one outcome
NONE_CHANGES = "No input alone changes it within its range."


def changes_sentence(desk: Desk, room: int) -> str:
    """`It changes to C if “Peak sales” falls below 851 (base 1,100).` in so many words at most.

    Empty if nothing is recommended, the recommended option is not what happens at base values, it is so in every case,
    or nobody looked.
    """
    robust = desk.analysis.robustness
    if robust is None or robust.thresholds is None or desk.chosen is None:
        return ""
    holds = [item for item in desk.protocols() if item in desk.chosen.self_enforcing_under]
    if not holds:
        return ""
    everywhere = [item for item in robust.thresholds if item.protocol in holds and item.outcome != desk.chosen.key]
    if not everywhere:
        return "" if _always(desk, holds) else NONE_CHANGES
    protocol = next(name for name in holds if any(item.protocol == name for item in everywhere))
    here = _nearest([item for item in everywhere if item.protocol == protocol])
    told = ""
    for count in range(1, len(here) + 1):
        longer = _sentence(desk, here[:count], _rule(desk, here[:count], everywhere, holds))
        if words.count_words(longer) > room:
            break
        told = longer
    return told


def _always(desk: Desk, holds: Sequence[str]) -> bool:
    """Whether it is the outcome in every case, so that no input has to be spoken of."""
    shares = [item.shares for item in desk.analysis.frequencies if item.protocol in holds]
    return desk.chosen is not None and all(share.get(desk.chosen.key, 0.0) == 1 for share in shares)


def _nearest(found: Sequence[Threshold]) -> list[Threshold]:
    """By how much of its range an input has to move, at most two for each outcome."""
    ordered = sorted(found, key=_distance)
    return [
        item
        for place, item in enumerate(ordered)
        if sum(other.outcome == item.outcome for other in ordered[:place]) < MOST
    ]


def _distance(item: Threshold) -> float:
    edge = item.low if item.side == "below" else item.high
    return abs(item.at - item.base) / abs(edge - item.base) if edge != item.base else math.inf


def _rule(desk: Desk, told: Sequence[Threshold], everywhere: Sequence[Threshold], holds: Sequence[str]) -> str:
    """Under which rule of proposing it changes so; empty if it does whatever the rule."""
    if all(any(_same(item, other, name) for other in everywhere) for item in told for name in holds):
        return ""
    if told[0].proposer:
        return f"When {desk.names.name(told[0].proposer)} proposes, it"
    return f"With “{desk.names.protocol(told[0].protocol)}” it"


def _same(one: Threshold, other: Threshold, protocol: str) -> bool:
    alike = (one.quantity.key, one.side, one.outcome) == (other.quantity.key, other.side, other.outcome)
    return alike and other.protocol == protocol and math.isclose(one.at, other.at, rel_tol=1e-3)


def _sentence(desk: Desk, told: Sequence[Threshold], rule: str) -> str:
    parts = []
    for outcome in dict.fromkeys(item.outcome for item in told):
        here = [item for item in told if item.outcome == outcome]
        keys = dict.fromkeys(item.quantity.key for item in here)
        causes = [_cause([item for item in here if item.quantity.key == key]) for key in keys]
        parts.append(f"to {desk.names.outcome(outcome)} if {words.listed(causes, 'or')}")
    return f"{rule or 'It'} changes {', '.join(parts)}."


def _cause(found: Sequence[Threshold]) -> str:
    """One input, which may change the outcome on both sides of its base value."""
    quantity = found[0].quantity
    sides = [
        f"{'falls below' if item.side == 'below' else 'rises above'} {quantity_text(quantity, item.at)}"
        for item in sorted(found, key=lambda item: item.at)
    ]
    return f"“{quantity.label}” {' or '.join(sides)} (base {quantity_text(quantity, found[0].base)})"
