"""In numbers: levers, the way of paying, risk, margin, what waiting and knowing more are worth, hindsight; a line each.

Every line comes from what confidential values reach, so none of them is on a shared copy. A line that would say nothing
is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from gamecore.advice.analysis import Candidate
from gamecore.advice.learning_facts import WaitingUnder
from gamecore.advice.robustness_facts import RobustStanding
from gamecore.brief import words
from gamecore.brief.blocks import Line
from gamecore.brief.desk import ALLIANCE, Desk
from gamecore.brief.lever_lines import lever_texts
from gamecore.brief.needed import pays
from gamecore.brief.parts import Part
from gamecore.brief.payments import instrument_line

__all__ = ["number_lines"]

NEGLIGIBLE = 0.005  # a share of cases not worth a word
MOST_CLAUSES = 4  # of the line on risk
MOST_NAMED = 3  # companies in a line of the alliance's copy
_PARTS: Mapping[str, str] = {
    "calendar": "delay",
    "conditions": "conditions",
    "re-scope": "another plan",
    "news": "news",
    "holding": "standing by",
}


def number_lines(desk: Desk) -> tuple[Line, ...]:
    """The lines that say something, in the order of their weight."""
    if not desk.sight.internal or desk.chosen is None:
        return ()
    written = (
        (Part.RISK, "Risk", _risk),
        (Part.MARGIN, "Margin", _margin),
        (Part.WAITING, "Waiting", _waiting),
        (Part.KNOWING, "Knowing all inputs", _knowing),
        (Part.HINDSIGHT, "In hindsight", _hindsight),
    )
    lines = [(label, write(desk, desk.chosen)) for part, label, write in written if desk.keeps(part)]
    paying = instrument_line(desk) if desk.keeps(Part.PAYING if pays(desk) else Part.PAYING_UNASKED) else ""
    kept = sum(desk.keeps(part) for part in (Part.LEVER, Part.SECOND_LEVER))
    levers = lever_texts(desk)[:kept]
    changing = ("Levers" if len(levers) > 1 else "Lever", f"{'; '.join(levers)}." if levers else "")
    asked = pays(desk)
    lines = [changing, *([("Payment", paying)] if asked else []), *lines, *([] if asked else [("Payment", paying)])]
    return tuple(Line(label, text) for label, text in lines if text)


def _mine(desk: Desk) -> list[str]:
    """The advised company; for an alliance all of them."""
    facts = desk.analysis.scenario
    return [player.key for player in facts.players] if facts.advise == ALLIANCE else [facts.advise]


def _robust(desk: Desk, chosen: Candidate) -> dict[str, RobustStanding]:
    if desk.analysis.robustness is None or desk.certain:
        return {}
    found = next((item for item in desk.analysis.robustness.candidates if item.candidate == chosen.key), None)
    return {} if found is None else {item.player: item for item in found.standings}


def _risk(desk: Desk, chosen: Candidate) -> str:
    """In how many cases who ends below zero, or worse than by saying no."""
    losses = {player: item.loss_chance for player, item in _robust(desk, chosen).items()}
    worse = {} if desk.certain else {item.player: 1 - item.acceptable_chance for item in chosen.standings}
    mine = _mine(desk)
    told = []
    for player in (*mine, *(item.player for item in chosen.standings if item.player not in mine)):
        if player in mine and player in losses:
            told.append((player, "below zero", losses[player]))
        if player in worse and not desk.names.alone:
            told.append((player, f"below {desk.names.walk_away(player)[0]}", worse[player]))
    told = [item for item in told if NEGLIGIBLE < item[2] < 1 - NEGLIGIBLE]
    clauses = []
    for place, (player, where, share) in enumerate(told[:MOST_CLAUSES]):
        cases = words.chance_text(share)
        who = f"{desk.names.name(player)} " if place == 0 or player != told[place - 1][0] else ""
        clauses.append(f"{who}{where} in {cases.removesuffix(' of 100')}" if place else f"{who}ends {where} in {cases}")
    return f"{', '.join(clauses)}." if clauses else ""


def _margin(desk: Desk, chosen: Candidate) -> str:
    """How far values may be off, whatever the rule of proposing under which the option holds."""
    robust = desk.analysis.robustness
    held = () if robust is None else robust.stability
    found = [item for item in held if item.protocol in chosen.self_enforcing_under]
    radii = [item.radius for item in found if item.radius is not None]
    if not radii or len(radii) < len(found) or words.number(min(radii), desk.decimals) == desk.number(0.0):
        return ""
    holds = "stays best" if desk.names.alone else "holds"
    return f"{desk.letter} {holds} while no value is off by more than {desk.number(min(radii))}."


def _knowing(desk: Desk, _: Candidate) -> str:
    """Perfect information in the game, under the advised company's own proposal first."""
    found = desk.analysis.information
    if found is None:
        return ""
    order = desk.protocols()
    first = min(found.in_the_game, key=lambda item: order.index(item.protocol))
    gains = [(player, words.signed(gain, desk.decimals)) for player, gain in first.gain.items()]
    if not any(_says(text) for _, text in gains):
        return ""
    told = ", ".join(f"{desk.names.name(player)} {text}" for player, text in gains[:MOST_NAMED])
    proposed = len(found.in_the_game) > 1 and first.proposer
    return f"{told} if {desk.names.name(first.proposer or '')} proposes." if proposed else f"{told}."


def _waiting(desk: Desk, chosen: Candidate) -> str:
    """What waiting brings, in its parts, and to the others in sum."""
    steps = {(step.decision, step.choice) for step in chosen.steps}
    ways = sorted(desk.analysis.waiting, key=lambda way: (way.decision, way.wait) not in steps)
    named = [(way, _letter(desk, way.decision, way.wait), _letter(desk, way.decision, way.now)) for way in ways]
    told = [item for item in named if item[1] and item[2]]
    if not told:
        return ""
    way, wait, now = told[0]
    order = desk.protocols()
    under = min(way.under, key=lambda item: order.index(item.protocol))
    total = {player: value - under.now[player] for player, value in under.wait.items()}
    whose = _mine(desk)
    who = desk.names.name(whose[0]) if len(whose) == 1 else "together"
    parts = _parts(desk, under, whose)
    worth = words.signed(math.fsum(total[player] for player in whose), desk.decimals)
    others = [
        f"{desk.names.name(player)} {words.signed(value, desk.decimals)}"
        for player, value in total.items()
        if player not in whose or len(whose) > 1
    ]
    split = f" ({', '.join(parts)})" if len(parts) > 1 else ""
    if not _says(worth) and not split:
        return ""
    return f"{wait} over {now}: {', '.join([f'{who} {worth}{split}', *others[:MOST_NAMED]])}."


def _letter(desk: Desk, decision: str, option: str) -> str:
    return desk.names.letters.get(f"{decision}={option}", "")


def _parts(desk: Desk, under: WaitingUnder, whose: list[str]) -> list[str]:
    told = []
    for part in under.parts:
        text = words.signed(math.fsum(part.values[player] for player in whose), desk.decimals)
        if _says(text):
            told.append(f"{words.listed([_PARTS[name] for name in part.names])} {text}")
    return told


def _hindsight(desk: Desk, chosen: Candidate) -> str:
    """How often the option is the best there is, and by how much it falls short on average."""
    robust = _robust(desk, chosen)
    whose = [player for player in _mine(desk) if player in robust]
    if not whose or len(desk.analysis.candidates) < 2:
        return ""
    chances = [words.chance_text(robust[player].rank_chances[0]) for player in whose]
    name = desk.names.name
    if len(whose) > 1:
        parts = [f"{chance} for {name(player)}" for player, chance in zip(whose, chances, strict=True)][:MOST_NAMED]
        rest = [part.replace(" of 100", "") for part in parts[1:]]
        return f"{desk.letter} is best in {', '.join([parts[0], *rest])}."
    short = desk.number(robust[whose[0]].expected_regret)
    tail = f", {short} short of the best on average" if _says(short) else ""
    return f"{desk.letter} is best for {name(whose[0])} in {chances[0]}{tail}."


def _says(text: str) -> bool:
    """Whether a number as printed is not zero."""
    return any(digit in text for digit in "123456789")
