"""What it is worth to each of two players to be bound before the other chooses, and what that may cost.

The follower's best replies are priced once more by plain sums: `ledger` has what each other answer would gain it, at
most 0. The value of commitment is an interval: the follower may break ties for or against the leader (strong, weak),
and several equilibria may be what is played without it. In a tree those are the subgame-perfect ones (Schelling 1960):
without being bound, nobody carries out a threat that costs more than it brings.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import numpy as np

from gamecore.equilibria.commitment import Commitment, CommitmentAnswer, Interval, Verdict, proves
from gamecore.equilibria.commitment import commitment as solved
from gamecore.equilibria.result import Status
from gamecore.errors import RefusedError
from gamecore.solving.answer import Further
from gamecore.solving.explaining import told
from gamecore.solving.further.subject import Subject
from gamecore.solving.limits import ShouldStop

__all__ = ["commitment"]

PERFECT: Final = "where nobody commits, what is expected is a subgame-perfect equilibrium"


def commitment(subject: Subject, stop: ShouldStop) -> Further:
    """Each player as the leader, pure and mixed, strong and weak."""
    without = subject.perfect or subject.solution
    found = [solved(subject.game, leader, equilibria=without, should_stop=stop) for leader in (0, 1)]
    if not all(proves(subject.game, one) for one in found):
        raise RefusedError("a best reply failed its check by plain sums: not told", limit="certificate")
    statuses = {one.status for one in found}
    return Further(
        "commitment",
        statuses.pop() if len(statuses) == 1 else Status.PARTIAL,
        {"leaders": subject.per_player([_leading(subject, one) for one in found])},
        tuple(sentence for one in found for sentence in _told(subject, one)),
        tuple(
            dict.fromkeys((*((PERFECT,) if subject.perfect else ()), *(note for one in found for note in one.notes)))
        ),
        tuple(found),
    )


def _leading(subject: Subject, one: CommitmentAnswer) -> dict[str, Any]:
    kinds = (
        ("pure", one.pure_strong, one.pure_weak, one.gain_pure),
        ("mixed", one.mixed_strong, one.mixed_weak, one.gain_mixed),
    )
    told_kinds = {
        kind: None
        if strong is None or weak is None
        else {
            "strong": _committed(subject, one.leader, strong),
            "weak": _committed(subject, one.leader, weak),
            "value_of_commitment": _ends(gain),
            "pays_if_it_costs_less_than": None if gain is None else _ends(_cost(gain)),
        }
        for kind, strong, weak, gain in kinds
    }
    return {"equilibrium_payoffs": _ends(one.nash), **told_kinds}


def _committed(subject: Subject, leader: int, one: Commitment) -> dict[str, Any]:
    follower = 1 - leader
    ledger = [
        {"answer": subject.strategies[follower][option], "gain": str(gain)}
        for option, gain in _ledger(subject, leader, one)
        if option != one.answer
    ]
    return {
        "value": str(one.value),
        "strategy": subject.mixture(leader, one.strategy),
        "answer": subject.strategies[follower][one.answer],
        "follower": str(one.follower),
        "attained": one.attained,
        "loss": str(one.loss),
        "ledger": ledger,
    }


def _ledger(subject: Subject, leader: int, one: Commitment) -> Iterator[tuple[int, Fraction]]:
    """What each answer gains the follower over the one it gives."""
    rows = np.moveaxis(subject.game.payoffs[1 - leader], leader, 0).tolist()
    used = [(chance, row) for chance, row in zip(one.strategy, rows, strict=True) if chance]
    worth = [sum((chance * row[option] for chance, row in used), Fraction(0)) for option in range(len(rows[0]))]
    return ((option, value - worth[one.answer]) for option, value in enumerate(worth))


def _ends(interval: Interval | None) -> list[str] | None:
    return None if interval is None else [str(interval.lowest), str(interval.highest)]


def _cost(gain: Interval) -> Interval:
    """Below the first it pays for sure, from the second on it never does."""
    return Interval(max(gain.lowest, Fraction(0)), max(gain.highest, Fraction(0)))


def _told(subject: Subject, one: CommitmentAnswer) -> Iterator[str]:
    who = subject.players[one.leader]
    if one.nash is not None:
        without = told(one.nash.lowest)
        if one.nash.lowest < one.nash.highest:
            without += f" to {told(one.nash.highest)}, depending on the equilibrium"
        yield f"{who} gets {without} where nobody commits"
    yield from _pair(subject, one, "bound to one option", one.pure_strong, one.pure_weak)
    yield _worth(who, "that", one.gain_pure, one.pure)
    if one.mixed_strong is None or one.mixed_weak is None:
        return
    if (one.mixed_strong.value, one.mixed_weak.value) == (one.pure_strong.value, one.pure_weak.value):
        yield f"{who} gains nothing more by binding itself to chances"
        return
    yield from _pair(subject, one, "bound to chances", one.mixed_strong, one.mixed_weak)
    yield _worth(who, "that", one.gain_mixed, one.mixed)


def _pair(subject: Subject, one: CommitmentAnswer, how: str, strong: Commitment, weak: Commitment) -> Iterator[str]:
    who, other = subject.players[one.leader], subject.players[1 - one.leader]

    def said(item: Commitment) -> str:
        answer = subject.named(1 - one.leader, item.answer)
        return f"{subject.said(one.leader, item.strategy)}, {other} answers {answer}"

    if strong.value == weak.value and weak.attained:
        yield f"{who}, {how} before {other} chooses, gets {told(strong.value)}: it plays {said(weak)}"
        return
    yield f"{who}, {how} before {other} chooses, gets {told(strong.value)} if ties go its way: it plays {said(strong)}"
    if weak.attained:
        yield f"if ties go against it, it gets {told(weak.value)}: it plays {said(weak)}"
    else:
        yield (
            f"if ties go against it, it gets as near to {told(weak.value)} as it likes, never quite: "
            f"{said(weak)} leaves it {told(weak.loss)} short"
        )


def _worth(who: str, what: str, gain: Interval | None, verdict: Verdict | None) -> str:
    if gain is None or verdict is None:
        return f"what {what} is worth to {who} is not known: no equilibrium to compare with was found"
    if verdict is Verdict.DO_NOT:
        return f"{what} gains {who} nothing over playing without it"
    if gain.lowest == gain.highest:
        return f"{what} pays if being believed costs {who} less than {told(gain.lowest)}"
    if gain.lowest > 0:
        return (
            f"{what} pays for sure if being believed costs {who} less than {told(gain.lowest)}, and never if it costs "
            f"{told(gain.highest)} or more; between, ties and the equilibrium otherwise played decide"
        )
    return (
        f"whether {what} pays depends on ties and on the equilibrium otherwise played: never if being believed costs "
        f"{who} {told(gain.highest)} or more"
    )
