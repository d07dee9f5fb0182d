"""Levers as the doors take them: `name`, or `name=choice` where the file leaves an amount or one of several values to
be chosen, or `name.path=choice` where a lever leaves several.

>>> parsed("pay_at_signature=7.5")
('pay_at_signature', '7.5')
>>> parsed("contract_binds")
('contract_binds', None)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from gamecore.errors import InputError
from gamecore.model import Choice, Lever, Scenario

__all__ = ["parsed", "pulled", "unsaid"]

# As long as any amount people write; a number of a million digits would take forever.
_AMOUNT: Final = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?%?")
_SHOWN: Final = 12


@dataclass(frozen=True)
class _Open:
    """Something a lever leaves to be chosen: between bounds, or one of a list. `path` is empty for a payment."""

    lever: str
    path: tuple[str, ...]
    short: str
    bounds: Choice | None = None
    values: tuple[Any, ...] = ()

    @property
    def key(self) -> str:
        """How `apply_levers` calls it."""
        return ".".join((self.lever, *self.path))

    @property
    def listed(self) -> str:
        """What can be chosen, in words."""
        from gamecore.scenario.changes import written

        if self.bounds is not None:
            return f"{_text(self.bounds.low)} to {_text(self.bounds.high)}"
        shown = [written(value) for value in self.values[:_SHOWN]]
        return ", ".join(shown) + (", ..." if len(self.values) > _SHOWN else "")


def parsed(text: str) -> tuple[str, str | None]:
    """The lever's name and what was chosen, if something was."""
    name, equals, chosen = (part.strip() for part in text.partition("="))
    return name, chosen if equals else None


def pulled(scenario: Scenario, texts: Sequence[str]) -> Scenario:
    """The scenario after its levers were pulled, in the order given.

    Raises
    ------
    InputError
        If a lever is named twice or not in the file, or a choice is not one the file leaves.
    """
    from gamecore.scenario import apply_levers

    if not texts:
        return scenario
    wishes = [parsed(text) for text in texts]
    named = [name for name, _ in wishes]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"lever {twice} is named twice")
    amounts: dict[str, Fraction] = {}
    candidates: dict[str, Any] = {}
    names: dict[str, None] = {}
    for name, chosen in wishes:
        key, _, path = name.partition(".")
        names[key] = None
        lever = scenario.levers.get(key)
        if lever is None:
            continue  # told by `apply_levers`, with the names there are
        if chosen is None and path:
            raise InputError(f"lever {key}: say what is chosen: {name}=...")
        if chosen is not None:
            for item in _meant(lever, path):
                if item.bounds is not None:
                    amounts[item.key if path else key] = _amount(item, item.bounds, chosen)
                else:
                    candidates[item.key] = _listed_value(item, chosen)
    return apply_levers(scenario, list(names), amounts, candidates)


def unsaid(scenario: Scenario, texts: Sequence[str]) -> list[str]:
    """A sentence for everything a lever leaves to be chosen and nobody chose: the middle, or the first, is taken."""
    from gamecore.scenario.changes import written

    wishes = [parsed(text) for text in texts]
    told = []
    for name in dict.fromkeys(name.partition(".")[0] for name, _ in wishes):
        lever = scenario.levers.get(name)
        if lever is None:
            continue
        chosen = [item for other, choice in wishes if choice is not None for item in _said(lever, other)]
        items = _open(lever)
        for item in items:
            if item in chosen:
                continue
            how = name if len(items) == 1 or not item.short else f"{name}.{item.short}"
            if item.bounds is not None:
                told.append(f"lever {name}: the middle of {item.listed} is taken; choose with {how}=AMOUNT")
            else:
                told.append(f"lever {name}: {written(item.values[0])} is taken of {item.listed}; choose with {how}=...")
    return told


def _said(lever: Lever, wish: str) -> list[_Open]:
    """What a wish chooses; nothing if it is another lever's, or wrong, which is told elsewhere."""
    name, _, path = wish.partition(".")
    if name != lever.name:
        return []
    try:
        return _meant(lever, path)
    except InputError:
        return []


def _meant(lever: Lever, path: str) -> list[_Open]:
    """What a choice is for. Without a path: all amounts of the lever, or its only list."""
    items = _open(lever)
    if not items:
        raise InputError(f"lever {lever.name} has no amount to choose; name it without '='")
    ways = ", ".join(f"{lever.name}.{item.short}=..." if item.short else f"{lever.name}=..." for item in items)
    if path:
        found = [item for item in items if path in {item.short, ".".join(item.path)}]
        if not found:
            raise InputError(f"lever {lever.name} leaves no choice at '{path[:60]}'; write {ways}")
        return found
    amounts = [item for item in items if item.bounds is not None]
    if not amounts and len(items) > 1:
        raise InputError(f"lever {lever.name} leaves several choices; write {ways}")
    return amounts or items


def _open(lever: Lever) -> list[_Open]:
    """What the lever leaves to be chosen."""
    from gamecore.scenario.changes import short_path

    found = [
        _Open(lever.name, change.path, short_path(change.path), change.bounds, change.candidates)
        for change in lever.changes
        if change.bounds is not None or len(change.candidates) > 1
    ]
    amounts = [payment.amount for payment in lever.payments]
    return found + [_Open(lever.name, (), "", amount) for amount in amounts if isinstance(amount, Choice)]


def _amount(item: _Open, bounds: Choice, chosen: str) -> Fraction:
    if not _AMOUNT.fullmatch(chosen):
        raise InputError(f"lever {item.lever}: write the amount as a number, such as {item.lever}=7.5")
    number = Fraction(chosen.removesuffix("%"))
    amount = number / 100 if chosen.endswith("%") else number
    if not bounds.low <= amount <= bounds.high:
        raise InputError(f"lever {item.lever}: choose an amount from {item.listed}")
    return amount


def _listed_value(item: _Open, chosen: str) -> Any:
    """The value of the list that is meant: as it stands there, or as the same number."""
    from gamecore.scenario.changes import written
    from gamecore.scenario.expressions import parse_number

    text = " ".join(chosen.split())
    number = parse_number(text)
    for value in item.values:
        shown = written(value)
        if shown == text or (number is not None and parse_number(shown) == number):
            return value
    raise InputError(f"lever {item.lever}: choose one of {item.listed}")


def _text(number: Fraction) -> str:
    return f"{float(number):g}"
