"""What people write in an option: an axis, a chance, a time, a condition. `option` is how the door calls it.

>>> axis("peak=600..1700", "x")
('peak', 600.0, 1700.0)
>>> chance("80%", "accuracy")
Fraction(4, 5)
>>> seconds("500ms", "limit")
0.5
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from gamecore.errors import InputError
from gamecore.model import AGREED, NO_AGREEMENT, Clause, Condition, Scenario

__all__ = ["Named", "axis", "chance", "condition", "seconds"]

Named = tuple[str, float | None, float | None]
"""An input and the ends of its axis, where they are given."""

_CHANCE: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?%?")
_TIME: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(ms|s|m|min)?")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, None: 1.0}


def axis(text: str, option: str) -> Named:
    """An input with the ends of its axis: NAME, or NAME=LOW..HIGH.

    Raises `InputError` if the ends are no numbers.
    """
    from gamecore.scenario.expressions import parse_number

    name, given, ends = text.partition("=")
    if not given:
        return name.strip(), None, None
    low, found, high = ends.partition("..")
    numbers = [parse_number(end.strip()) for end in (low, high)]
    if not found or numbers[0] is None or numbers[1] is None:
        raise InputError(f"{option} {text[:60]}: write an input, or INPUT=LOW..HIGH such as peak=600..1700")
    return name.strip(), float(numbers[0]), float(numbers[1])


def chance(text: str, option: str) -> Fraction:
    """A chance as people write it: 80% or 0.8.

    Raises `InputError` if it is none.
    """
    if not _CHANCE.fullmatch(text.strip()):
        raise InputError(f"{option} {text[:40]}: write a chance such as 80% or 0.8")
    number = Fraction(text.strip().removesuffix("%"))
    found = number / 100 if text.strip().endswith("%") else number
    if found > 1:
        raise InputError(f"{option} {text[:40]}: a chance is at most 100%")
    return found


def seconds(text: str, option: str) -> float:
    """A time as people write it: 30s, 500ms, 2m, or a number of seconds.

    Raises `InputError` if it is none.
    """
    found = _TIME.fullmatch(text.strip())
    value = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if value <= 0:
        raise InputError(f"{option} {text[:40]}: write a time such as 30s, 500ms or 2m")
    return value


def condition(scenario: Scenario, text: str, option: str) -> Condition:
    """A condition: `plan=wait,january=full,pandemic=severe`.

    Raises `InputError` for a name or a value that is not in the file.
    """
    terms = []
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise InputError(
                f"{option} {text[:60]}: write NAME=VALUE, with commas between, such as plan=wait,news=severe"
            )
        known = _values(scenario, name, option)
        if value not in known:
            raise InputError(f"{option} {name[:60]}={value[:60]}: choose one of {', '.join(known)}")
        terms.append((name, (value,)))
    return Condition((Clause(tuple(terms)),))


def _values(scenario: Scenario, name: str, option: str) -> list[str]:
    """What a decision, a term or an event can come to."""
    if name in scenario.events:
        return [outcome for outcome, _ in scenario.events[name].outcomes]
    if name in scenario.terms:
        return [level.key for level in scenario.terms[name][1].levels]
    if name in scenario.decisions:
        decision = scenario.decisions[name]
        options = [item.name for item in decision.options] or [AGREED]
        return [*options, *([NO_AGREEMENT] if decision.no_agreement is not None else [])]
    there = (*scenario.decisions, *scenario.terms, *scenario.events)
    raise InputError(f"{option} {name[:60]}: there is no such decision, term or event; there is {', '.join(there)}")
