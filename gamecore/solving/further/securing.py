"""What each player can be sure of; and if one wins what the other loses, the value and all optimal strategies."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gamecore.equilibria.result import Status
from gamecore.equilibria.security import MixedSecurity, Security, maxmin_mixed, maxmin_pure
from gamecore.equilibria.zero_sum import ZeroSum, is_zero_sum, positive_tables
from gamecore.equilibria.zero_sum import zero_sum as solved
from gamecore.solving.answer import Further
from gamecore.solving.explaining import told
from gamecore.solving.further.subject import Subject
from gamecore.solving.limits import ShouldStop

__all__ = ["security", "zero_sum"]


def security(subject: Subject, stop: ShouldStop) -> Further:
    """Pure and mixed maxmin of every player, the mixed one with how the others hold it down."""
    pure = maxmin_pure(subject.game)
    mixed = maxmin_mixed(subject.game, should_stop=stop)
    both = list(zip(pure, mixed, strict=True))
    partial = any(one.status is not Status.COMPLETE for one in mixed)
    return Further(
        "security",
        Status.PARTIAL if partial else Status.COMPLETE,
        {"levels": subject.per_player([_level(subject, player, *one) for player, one in enumerate(both)])},
        tuple(_secured(subject, player, *one) for player, one in enumerate(both)),
        ("a mixed level is told as an interval: the search for it was stopped at the limit",) if partial else (),
        (pure, mixed),
    )


def _level(subject: Subject, player: int, pure: Security, mixed: MixedSecurity) -> dict[str, Any]:
    held = [
        {"others": subject.profile(profile, without=player), "chance": str(chance)} for profile, chance in mixed.held_to
    ]
    return {
        "pure": {
            "value": str(pure.value),
            "strategies": [subject.strategies[player][option] for option in pure.options],
        },
        "mixed": {
            "value": str(mixed.value),
            "strategy": subject.mixture(player, mixed.strategy),
            "at_most": str(mixed.at_most),
            "held_to": held,
        },
    }


def _secured(subject: Subject, player: int, pure: Security, mixed: MixedSecurity) -> str:
    who = subject.players[player]
    names = subject.listed(player, pure.options, "or")
    said = f"{who} is sure of {told(pure.value)} by playing {names}, whatever the others do"
    if mixed.value > pure.value:
        said += f"; of {told(mixed.value)} on average by {subject.said(player, mixed.strategy)}"
    if mixed.value < mixed.at_most:
        said += f"; it can be sure of no more than {told(mixed.at_most)}"
    return said


def zero_sum(subject: Subject, stop: ShouldStop) -> Further:
    """Whether the game is zero-sum, whatever units and offsets the two count in, and if so its solution."""
    if not is_zero_sum(*positive_tables(subject.game)):
        said = "what one wins is not what the other loses: some outcome is better, or worse, for both than another"
        return Further("zero-sum", Status.COMPLETE, {"zero_sum": False}, (said,))
    found = solved(subject.game, should_stop=stop)
    if not found.value and subject.solution.equilibria:
        found = _known(subject)
    optimal = [[subject.mixture(player, one) for one in mixes] for player, mixes in enumerate(found.optimal)]
    values = {
        "zero_sum": True,
        "value": [str(one) for one in found.value],
        "optimal": subject.per_player(optimal) if optimal else [],
    }
    return Further(
        "zero-sum", found.status, values, tuple(_optimal(subject, found.value, found.optimal)), found.notes, found
    )


def _known(subject: Subject) -> ZeroSum:
    """The solution by the equilibria that are known: all have the same payoffs, and their strategies are optimal."""
    known = subject.solution.equilibria
    first, second = (
        tuple(sorted(dict.fromkeys(one.strategies[player] for one in known), reverse=True)) for player in (0, 1)
    )
    return ZeroSum(subject.solution.status, known[0].payoffs, (first, second), subject.solution.notes)


def _optimal(subject: Subject, value: Sequence[Fraction], optimal: Sequence[Sequence[Sequence[Fraction]]]) -> list[str]:
    if not value:
        return []
    sentences = [f"what one wins the other loses; with best play it is worth {subject.paid(value)}"]
    for player, mixes in enumerate(optimal):
        more = f" (one of {len(mixes)} extreme optimal strategies)" if len(mixes) > 1 else ""
        sentences.append(f"{subject.players[player]} plays {subject.said(player, mixes[0])}{more}")
    return sentences
