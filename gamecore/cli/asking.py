"""The four questions of `gamecore new`, asked on standard error and answered on standard input, a line each.

On a terminal a wrong answer is asked for again; from a pipe it ends the command. An empty line takes the default, where
there is one; so does the end of the input.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from gamecore.cli.files import shown
from gamecore.errors import GamecoreError, InputError

if TYPE_CHECKING:
    from gamecore.scenario.starting import Answers

__all__ = ["ask", "check_replacing"]

T = TypeVar("T")


def check_replacing(out: str) -> None:
    """Ask before a file is replaced; from a pipe nobody can be asked.

    Raises
    ------
    InputError
        If the file exists and is not to be replaced.
    """
    if not Path(out).exists():
        return
    if not sys.stdin.isatty():
        raise InputError(f"{out}: exists; choose another name or remove it first")
    if _answer(f"{out} exists. Replace it? yes or no", "no", _yes_or_no) is not True:
        raise InputError(f"{out}: was not replaced")


def ask() -> Answers:
    """The answers of whoever sits there."""
    from gamecore.scenario.starting import Answers

    _tell("An empty answer takes what stands in [brackets].")
    title = _answer("What is it about? For example: Phase II start under COVID-19", None, _text)
    question = _answer("Which question shall the page answer?", "What do we propose?", _text)
    _tell("\n1. Who are the decision makers?")
    players = _answer("Their names, with commas between. For example: Diamond, Sapphire", None, _several)
    advise = _answer(
        "Whose people read the page? A name, or: alliance", "alliance", lambda text: _one_of(players, text)
    )
    _tell("\n2. What are their options?")
    joint = len(players) > 1 and _answer(
        "Must all agree on one of them? yes, or no if each chooses on its own", "yes", _yes_or_no
    )
    of = [""] if joint else [f" of {name}" for name in players]
    options = tuple(
        _answer(
            f"The options{who}, with commas (or ;) between. For example: Start in July, Wait six months", None, _several
        )
        for who in of
    )
    answers = Answers(title, players, options, joint=joint, question=question, advise=advise)
    if joint:
        text = _answer("What happens if they do not agree?", answers.no_agreement, _text)
        answers = replace(answers, no_agreement=text)
    answers = _timing(answers, of)
    return _payoffs(answers)


def _timing(answers: Answers, of: list[str]) -> Answers:
    _tell("\n3. What is the timing?")
    day_zero = _answer("Day zero, from which time counts, such as 2020-07-01; a dash for none", "-", _day_zero)
    dates = tuple(
        _answer(
            f"When is the decision{who} taken? 0 is day zero; or 6 months, or a date",
            "0",
            lambda text: _tried(text, replace(_tiny(), count_from=day_zero, dates=(text,))),
        )
        for who in of
    )
    return replace(answers, count_from=day_zero, dates=dates)


def _payoffs(answers: Answers) -> Answers:
    _tell("\n4. What are the payoffs?")
    unit = _answer("In which unit are all amounts?", answers.unit, _text)
    names = ", ".join(answers.players)
    _tell(
        f"For each outcome the values for {names}, with commas between.\n"
        "A range is written low .. base .. high. For example: 30, 40 .. 55 .. 70"
    )
    zero = ", ".join("0" for _ in answers.players)
    values = tuple(
        _answer(" + ".join(outcome), zero, lambda text: _amounts(text, len(answers.players)))
        for outcome in answers.outcomes
    )
    return replace(answers, unit=unit, values=values)


# ---- one question ----------------------------------------------------------------------------------------------------


def _tell(text: str) -> None:
    typer.echo(shown(text, lines=True), err=True)


def _answer(question: str, default: str | None, read: Callable[[str], T]) -> T:
    """Ask until the answer can be read; from a pipe, once."""
    while True:
        brackets = "" if default is None else f" [{default}]"
        typer.echo(shown(f"{question}{brackets}: "), nl=False, err=True)
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            typer.echo(shown(line.rstrip("\n")), err=True)
        text = line.strip() or default
        try:
            if text is None:
                raise InputError("an answer is needed here")
            return read(text)
        except GamecoreError as error:
            # The end of the input can give no better answer.
            if not line or not sys.stdin.isatty():
                raise InputError(f"{question}: {error}") from None
            _tell(str(error))


def _text(text: str) -> str:
    return text


def _several(text: str) -> tuple[str, ...]:
    """Names between commas, or between semicolons if there are any (so that a name may hold a comma)."""
    parts = tuple(part.strip() for part in text.split(";" if ";" in text else ","))
    if not all(parts):
        raise InputError("there is nothing between two commas")
    if len(set(parts)) < len(parts):
        raise InputError("each may stand once")
    return parts


def _one_of(players: tuple[str, ...], text: str) -> int | None:
    if text.lower() == "alliance":
        return None
    lowered = [name.lower() for name in players]
    if text.lower() not in lowered:
        raise InputError(f"one of: {', '.join(players)}, alliance")
    return lowered.index(text.lower())


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "y", "no", "n"}:
        raise InputError("yes or no")
    return text.lower().startswith("y")


def _day_zero(text: str) -> str | None:
    if text == "-":
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise InputError("a date such as 2020-07-01")
    return _tried(text, replace(_tiny(), count_from=text))


def _amounts(text: str, number: int) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(","))
    if len(parts) != number:
        raise InputError(f"{number} values are needed, with commas between")
    for part in parts:
        _tried(part, replace(_tiny(), values=((part, "0"), ("0", "0"))))
    return parts


def _tiny() -> Answers:
    """The smallest scenario there is: what the reader says to an answer in it, it will say to the answer."""
    from gamecore.scenario.starting import Answers

    return Answers("x", ("A", "B"), (("X",),))


def _tried(text: str, answers: Answers) -> str:
    from gamecore.errors import ScenarioError
    from gamecore.scenario import new_scenario

    try:
        new_scenario(answers)
    except ScenarioError as error:
        raise InputError(error.faults[0].message) from None
    return text
