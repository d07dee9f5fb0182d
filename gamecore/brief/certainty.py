"""How sure this is: in how many of a hundred cases the recommended option is what happens, and where that changes."""

from __future__ import annotations

import math

from gamecore.advice.analysis import Frequency, Kind
from gamecore.brief import words
from gamecore.brief.blocks import LIMITS, Block, Segment, Strip
from gamecore.brief.desk import NO_AGREEMENT, UNDECIDED, Desk, fill
from gamecore.brief.parts import Part
from gamecore.brief.sentences import reason_sentence
from gamecore.brief.sharing import sharing_sure
from gamecore.brief.thresholds import changes_sentence

__all__ = ["strips", "sure_block"]

_OTHER = "other"
_WARNINGS = (
    *(Kind.MEAN_RECOMMENDS, Kind.INCOMPLETE, Kind.UNDECIDED_DRAWS, Kind.SEVERAL_OUTCOMES),
    *(Kind.BASELINE_RULED_OUT, Kind.MOVES_NO_AGREEMENT, Kind.AMOUNTS_STAY),
    *(Kind.CANNOT_FUND, Kind.RISK_ATTITUDE, Kind.TOO_MANY_TO_SHARE),
)
_ASIDES = (Kind.CHANCES_CUT, Kind.SAMPLED_TERMS, Kind.PRIVATE_BELIEFS, Kind.HOW_SOLVED)
NEGLIGIBLE = 0.005  # a share of cases not worth a sentence
_CERTAIN = "All inputs are certain in this file; nothing was drawn."


def sure_block(desk: Desk) -> Block:
    """The block; a shared copy says how to check the analysis instead of its chances."""
    if not desk.sight.internal:
        text = [_CERTAIN if desk.certain else f"All options are compared on the same {desk.analysis.draws:,} draws."]
        text.append(
            f"Scenario, version and seed stand below: {desk.names.each} can repeat the analysis with its own values."
        )
    elif desk.certain:
        text = [_CERTAIN, *_warnings(desk)]
    else:
        first, warnings = _frequency_sentence(desk), _warnings(desk)
        room = LIMITS["sure"] - words.count_words(first)
        kept = words.count_words(warnings[0]) if warnings else 0
        shared = sharing_sure(desk)
        kept += sum(map(words.count_words, shared))
        text = [first, *shared, changes_sentence(desk, room - kept) or changes_sentence(desk, room), *warnings]
    return Block("sure", "How sure this is", fill(text, LIMITS["sure"]))


def strips(desk: Desk) -> tuple[Strip, ...]:
    """A strip of a hundred cases for each way of proposing, the same picture only once, two at most."""
    if not desk.sight.internal or desk.certain or not desk.keeps(Part.STRIP):
        return ()
    made: list[Strip] = []
    for frequency in desk.frequencies():
        segments = _segments(desk, frequency)
        if not any(strip.segments == segments for strip in made):
            head = f"{desk.names.short(frequency.proposer)} proposes" if frequency.proposer else ""
            made.append(Strip(head, segments))
    if len(made) == 1:
        return (Strip("", made[0].segments),)
    return tuple(made[: 2 if desk.keeps(Part.SECOND_STRIP) else 1])


def _frequency_sentence(desk: Desk) -> str:
    key = NO_AGREEMENT if desk.chosen is None else desk.chosen.key
    subject = "No agreement" if desk.chosen is None else desk.letter
    shares = [
        (frequency, _cases(desk, frequency).get(key, 0), frequency.shares.get(key, 0.0))
        for frequency in desk.frequencies()
    ]
    if len({cases for _, cases, _ in shares}) == 1:
        every = all(frequency.proposer for frequency, _, _ in shares)
        whoever = ", whoever proposes" if every else ", whatever the rule of proposing"
        ending = whoever if len(shares) > 1 else ""
        verb = "is best" if desk.names.alone else "is the outcome"
        return f"{subject} {verb} in {_cases_text(shares[0][1], shares[0][2])} cases{ending}."
    parts = []
    for place, (frequency, cases, share) in enumerate(shares):
        when = f"with “{desk.names.protocol(frequency.protocol)}”"
        if frequency.proposer:
            when = f"when {desk.names.name(frequency.proposer)} {'does' if place else 'proposes'}"
        told = _cases_text(cases, share)
        parts.append(f"{told.removesuffix(' of 100')} {when}" if place else f"{told} cases {when}")
    return f"{subject} is the outcome in {', '.join(parts)}."


def _cases_text(cases: int, share: float) -> str:
    return words.chance_text(share) if 0 < share < 0.005 or 0.995 < share < 1 else f"{cases} of 100"


def _warnings(desk: Desk) -> list[str]:
    """What a reader should know of the analysis, the weightiest first; asides only where there is room."""
    reasons = (*desk.analysis.recommendation.reasons, *desk.analysis.notes)
    kinds = (*_WARNINGS, *(_ASIDES if desk.keeps(Part.ASIDES) else ()))
    told = [
        reason_sentence(reason, desk.names)
        for kind in kinds
        for reason in reasons
        if reason.kind is kind and reason.numbers.get("share", 1.0) > NEGLIGIBLE
    ]
    return list(dict.fromkeys(told))


def _cases(desk: Desk, frequency: Frequency) -> dict[str, int]:
    return words.hundred(_ordered(desk, frequency))


def _ordered(desk: Desk, frequency: Frequency) -> list[tuple[str, float]]:
    """Shares in the order of the strip: the recommended plan, the other options, the rest, no agreement last."""
    shares, letters = frequency.shares, desk.names.letters
    chosen = [desk.chosen.key] if desk.chosen else []
    lettered = sorted((key for key in letters if key not in chosen), key=lambda key: -shares.get(key, 0.0))
    apart = {NO_AGREEMENT, UNDECIDED}
    others = math.fsum(share for key, share in shares.items() if key not in letters and key not in apart)
    ordered = [(key, shares.get(key, 0.0)) for key in (*chosen, *lettered)]
    return [*ordered, (_OTHER, others), *((key, shares.get(key, 0.0)) for key in (UNDECIDED, NO_AGREEMENT))]


def _segments(desk: Desk, frequency: Frequency) -> tuple[Segment, ...]:
    cases = _cases(desk, frequency)
    chosen = desk.chosen.key if desk.chosen else NO_AGREEMENT
    named = {
        _OTHER: desk.names.others.capitalize(),
        UNDECIDED: "Not clear",
        NO_AGREEMENT: "No agreement",
        **desk.names.letters,
    }
    rest = [(key, count) for key, count in cases.items() if key != chosen and count > 0]
    second = max(rest, key=lambda item: item[1], default=("", 0))[0]
    segments = [Segment(named.get(chosen, ""), cases.get(chosen, 0), "chosen")]
    segments += [Segment(named.get(key, ""), count, "next" if key == second else "rest") for key, count in rest]
    return tuple(segment for segment in segments if segment.cases > 0)
