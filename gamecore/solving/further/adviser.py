"""Correlated equilibria in words: the best and the worst that a trusted adviser can arrange.

The adviser draws a profile from known chances and tells each player its own part. Each answer carries its ledger: what
every player would gain on average by doing another thing whenever it is told one.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import starmap
from typing import Any

from gamecore.equilibria.correlated import CorrelatedOptimum, certify_correlated, correlated_equilibria
from gamecore.equilibria.result import Status
from gamecore.errors import RefusedError
from gamecore.solving.answer import Further
from gamecore.solving.explaining import told
from gamecore.solving.further.subject import Subject, listed
from gamecore.solving.limits import ShouldStop

__all__ = ["correlated"]


def correlated(subject: Subject, stop: ShouldStop) -> Further:
    """The best and the worst for each player and for the sum, with the ledgers of obedience."""
    found = correlated_equilibria(subject.game, should_stop=stop)
    best = [_optimum(subject, one, 1) for one in found.best]
    worst = [_optimum(subject, one, -1) for one in found.worst]
    values = {
        "best": subject.per_player(best),
        "worst": subject.per_player(worst),
        "best_sum": _optimum(subject, found.best_sum, 1),
        "worst_sum": _optimum(subject, found.worst_sum, -1),
    }
    sentences = [] if found.best_sum.equilibrium is None else [_together(subject, found.best_sum)]
    for player, (high, low) in enumerate(zip(found.best, found.worst, strict=True)):
        if high.value is not None and low.value is not None:
            who = subject.players[player]
            sentences.append(f"an adviser can bring {who} {told(-low.value)} at worst and {told(high.value)} at best")
    return Further("correlated", found.status, values, tuple(sentences), found.notes, found)


def _optimum(subject: Subject, one: CorrelatedOptimum, sign: int) -> dict[str, Any]:
    """An optimum as plain data; `sign` turns the value of a worst one back."""
    document: dict[str, Any] = {"status": one.status.value}
    if one.equilibrium is None or one.value is None:
        return document
    ledger = certify_correlated(subject.game, one.equilibrium.chances, one.equilibrium.certificate.bound)
    if not ledger.holds:
        raise RefusedError("an answer failed its check by plain sums and is not told", limit="certificate")
    document |= {
        "value": str(sign * one.value),
        "payoffs": [str(value) for value in one.equilibrium.payoffs],
        "chances": [
            {"profile": subject.profile(profile), "chance": str(chance)}
            for profile, chance in one.equilibrium.chances.items()
        ],
        "max_gain": str(ledger.max_gain),
        "ledger": [
            {
                "player": subject.players[item.player],
                "told": subject.strategies[item.player][item.action[0]],
                "instead": subject.strategies[item.player][item.action[1]],
                "gain": str(item.gain),
            }
            for item in ledger.deviations
            if isinstance(item.action, tuple)
        ],
    }
    if one.status is not Status.COMPLETE:
        document |= {"bound": str(ledger.bound), "limit": str(sign * (one.at_most or Fraction(0)))}
    return document


def _together(subject: Subject, one: CorrelatedOptimum) -> str:
    """What an adviser can do for all together, against the best equilibrium if all are known."""
    assert one.equilibrium is not None  # noqa: S101 - asked only where there is one
    drawn = [
        f"({'; '.join(starmap(subject.named, enumerate(profile)))}) with chance {told(chance)}"
        for profile, chance in one.equilibrium.chances.items()
    ]
    head = f"the most that an adviser can bring all together is {told(sum(one.equilibrium.payoffs, Fraction(0)))}"
    equilibria = subject.solution.equilibria
    if subject.solution.status is Status.COMPLETE and equilibria and one.status is Status.COMPLETE:
        alone = max(sum(item.payoffs, Fraction(0)) for item in equilibria)
        gain = (one.value or Fraction(0)) - alone
        head += f", {told(gain)} more than the best equilibrium" if gain > 0 else ", no more than the best equilibrium"
    who = subject.paid(one.equilibrium.payoffs)
    return f"{head}: {who}, by drawing {listed(drawn)}"
