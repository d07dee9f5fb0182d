"""A first scenario file from the answers to the four questions, with comments that say how to go on."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gamecore.errors import InputError
from gamecore.model import ALLIANCE
from gamecore.scenario.document import RESERVED
from gamecore.scenario.reading import read_scenario
from gamecore.scenario.tree import without_unfit

__all__ = ["Answers", "new_scenario"]

_SPECIAL: Final = RESERVED | {
    *("when", "at", "rows", "label", "note", "source", "weight", "confidential"),
    *("alliance", "each", "at_once", "count_from", "anytime", "today", "none", "plan", "value"),
}
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9 ().'/+-]*", re.ASCII)


@dataclass(frozen=True)
class Answers:
    """The answers to the four questions.

    `options` holds one tuple of labels if `joint`, else one per player. `dates` are as in the file (`0`, `6 months`,
    `2021-01-01`): one if `joint`, else one per player (none: all at once, at day zero). `values` holds for every entry
    of `outcomes` a value per player, as in the file (`12`, `5 .. 9 .. 14`).
    """

    title: str
    players: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    values: tuple[tuple[str, ...], ...] = ()
    joint: bool = True
    question: str = "What do we propose?"
    count_from: str | None = None
    dates: tuple[str, ...] = ()
    no_agreement: str = "No agreement - each goes its own way"
    advise: int | None = None  # the number of the player whose people read the page; None: the alliance
    unit: str = "USD m"

    @property
    def outcomes(self) -> list[tuple[str, ...]]:
        """What values are asked for: the options (and no agreement) of a joint decision, else every combination."""
        if self.joint:
            return [*((label,) for label in self.options[0]), (self.no_agreement,)]
        return list(itertools.product(*self.options))


def new_scenario(answers: Answers) -> str:
    """A commented scenario file; raises `InputError` if answers are missing or a value is not one."""
    _check(answers)
    players = _names(answers.players, "player")
    decisions = ["plan"] if answers.joint else _names([f"{name} move" for name in players], "move", players)
    options = [_names(labels, "option") for labels in answers.options]
    text = "\n".join(
        [
            *_head(answers, players),
            *_decisions(answers, players, decisions, options),
            *_rest(answers, players, decisions, options),
            "",
        ]
    )
    read_scenario(text, file="new scenario")
    return text


def _check(answers: Answers) -> None:
    wanted = 1 if answers.joint else len(answers.players)
    needed = (answers.title, answers.question, *answers.players)
    if not answers.players or not all(without_unfit(text).strip() for text in needed):
        raise InputError("a scenario needs a title, a question and players with names")
    if answers.joint and len(answers.players) < 2:
        raise InputError("a joint decision needs at least two players")
    if len(answers.options) != wanted or any(
        not labels or not all(without_unfit(label).strip() for label in labels) for labels in answers.options
    ):
        raise InputError(f"{wanted} list(s) of options are needed, each with at least one")
    if answers.advise is not None and not 0 <= answers.advise < len(answers.players):
        raise InputError("'advise' is the number of a player, from 0")
    if answers.values and (
        len(answers.values) != len(answers.outcomes) or any(len(row) != len(answers.players) for row in answers.values)
    ):
        raise InputError(f"values are needed for {len(answers.outcomes)} outcomes, one for each player")
    if answers.dates and len(answers.dates) != wanted:
        raise InputError(f"{wanted} date(s) are needed")


def _head(answers: Answers, players: list[str]) -> list[str]:
    advised = ALLIANCE if answers.advise is None else players[answers.advise]
    longest = max(map(len, players)) + 1
    return [
        "# Read top to bottom as four questions. Check it with 'gamecore check', get the page with 'gamecore brief'.",
        "gamecore: 1",
        f"title: {_text(answers.title)}",
        f"question: {_text(answers.question)}",
        f"advise: {advised:<24} # whose decision makers read the page (a player, or: alliance)",
        f"unit: {_text(answers.unit)}" + " " * 20 + "# every amount in this file is in this unit",
        "# context:                      # what has happened, in at most three sentences; take away the '# ' to use it",
        "#   - ...",
        "",
        "# ---- 1. Who are the decision makers?",
        "players:                        # discount_rate is needed once a payoff has a date",
        *(
            f"  {name + ':':<{longest}} {{name: {_text(label, inline=True)}, discount_rate: 10%}}"
            for name, label in zip(players, answers.players, strict=True)
        ),
    ]


def _decisions(answers: Answers, players: list[str], decisions: list[str], options: list[list[str]]) -> list[str]:
    lines = ["", "# ---- 2. What are their options?", "decisions:"]
    for index, decision in enumerate(decisions):
        by = f"[{', '.join(players)}]        # several names: all must agree" if answers.joint else players[index]
        lines += [
            f"  {decision}:",
            f"    by: {by}",
            "    options:                    # each may also have pros: [...] and cons: [...]",
        ]
        for name, label in zip(options[index], answers.options[index], strict=True):
            lines.append(f"      {name}: {{label: {_text(label, inline=True)}}}")
        if answers.joint:
            lines.append(f"    no_agreement: {_text(answers.no_agreement)}")
    plan = ", ".join(f"{decision}: {names[0]}" for decision, names in zip(decisions, options, strict=True))
    return [*lines, "", f"baseline: {{{plan}}}          # the plan as it stood"]


def _rest(answers: Answers, players: list[str], decisions: list[str], options: list[list[str]]) -> list[str]:
    lines = ["", "# ---- 3. What is the timing?", "timing:"]
    if answers.count_from:
        lines.append(f"  count_from: {_text(answers.count_from)}        # day zero")
    for index, decision in enumerate(decisions):
        lines.append(f"  {decision}: {_text(answers.dates[index]) if answers.dates else '0'}")
    lines += ["  # decisions of one date are taken without knowing each other; write '6 months' for a later one"]
    rows: list[tuple[str, ...]] = (
        [*((name,) for name in options[0]), ("no_agreement",)] if answers.joint else list(itertools.product(*options))
    )
    values = answers.values or tuple(("0",) * len(players) for _ in rows)
    lines += [
        "",
        "# ---- 4. What are the payoffs?",
        "payoffs:                        # a range is written low .. base .. high",
    ]
    lines += [
        "  value:",
        "    label: Value of the outcome",
        "    rows:                       # exactly one row fits every outcome",
    ]
    for row, amounts in zip(rows, values, strict=True):
        when = ", ".join(f"{decision}: {option}" for decision, option in zip(decisions, row, strict=True))
        worth = ", ".join(f"{player}: {_amount(amount)}" for player, amount in zip(players, amounts, strict=True))
        lines.append(f"      - {{when: {{{when}}}, {worth}}}")
    lines += [
        "",
        "# Next: name uncertain numbers under 'inputs', what nobody decides under 'events', changes under 'levers'.",
    ]
    return lines


def _amount(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"[-A-Za-z0-9_.%+*/() ]+", text, re.ASCII) else _quoted(text)


def _names(labels: Iterable[str], word: str, taken: Iterable[str] = ()) -> list[str]:
    """Names made of labels: `Run the full trial` is `run_the_full`."""
    used = set(taken)
    names = []
    for label in labels:
        words = re.findall(r"[a-z0-9]+", label.lower())[:3]
        name = "_".join(words)[:30].strip("_")
        if not re.match(r"[a-z]", name) or name in _SPECIAL:
            name = f"{word}_{name}".strip("_")
        tried = next(free for free in [name, *(f"{name}_{i}" for i in range(2, 10_000))] if free not in used)
        used.add(tried)
        names.append(tried)
    return names


def _text(text: str, *, inline: bool = False) -> str:
    """A text as YAML: plain where that is safe, else in double quotes; without signs that no text may hold."""
    text = " ".join(without_unfit(text).split())
    plain = _PLAIN if inline else re.compile(r"[A-Za-z][A-Za-z0-9 ().'/+,?-]*", re.ASCII)
    if (plain.fullmatch(text) and not text.endswith(" ") and text.lower() not in RESERVED) or re.fullmatch(
        r"[0-9][0-9a-z. -]*", text, re.ASCII
    ):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """Double quotes as in JSON, which YAML reads alike; what does not print is escaped."""
    return "".join(
        sign if sign.isprintable() and ord(sign) < 0xFFFE else json.dumps(sign)[1:-1] if ord(sign) >= 32 else " "
        for sign in json.dumps(text, ensure_ascii=False)
    )
