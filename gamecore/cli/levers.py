"""Levers as the doors take them: `name`, or `name=amount` where the file leaves an amount to be chosen.

>>> parsed("pay_at_signature=7.5")
('pay_at_signature', Fraction(15, 2))
>>> parsed("contract_binds")
('contract_binds', None)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from gamecore.errors import InputError
from gamecore.model import Choice, Lever, Scenario

__all__ = ["parsed", "pulled", "unsaid"]

# As long as any amount people write; a number of a million digits would take forever.
_AMOUNT: Final = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?%?")


def parsed(text: str) -> tuple[str, Fraction | None]:
    """The lever's name and the amount chosen, if one is."""
    name, equals, amount = (part.strip() for part in text.partition("="))
    if not equals:
        return name, None
    if not _AMOUNT.fullmatch(amount):
        raise InputError(f"lever {name}: write the amount as a number, such as {name}=7.5")
    number = Fraction(amount.removesuffix("%"))
    return name, number / 100 if amount.endswith("%") else number


def pulled(scenario: Scenario, texts: Sequence[str]) -> Scenario:
    """The scenario after its levers were pulled, in the order given.

    Raises
    ------
    InputError
        If a lever is named twice or not in the file, or an amount is not one the file lets choose.
    """
    from gamecore.scenario import apply_levers

    if not texts:
        return scenario
    wishes = [parsed(text) for text in texts]
    names = [name for name, _ in wishes]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"lever {twice} is named twice")
    for name, amount in wishes:
        if amount is not None and name in scenario.levers:
            _check(scenario.levers[name], amount)
    return apply_levers(scenario, names, {name: amount for name, amount in wishes if amount is not None})


def unsaid(scenario: Scenario, texts: Sequence[str]) -> list[str]:
    """A sentence for each lever pulled without the amount the file lets choose: the middle is taken."""
    told = []
    for name, amount in (parsed(text) for text in texts):
        bounds = _bounds(scenario.levers[name]) if name in scenario.levers else []
        if amount is None and bounds:
            low, high = bounds[0].low, bounds[0].high
            interval = f"{_text(low)} to {_text(high)}"
            told.append(f"lever {name}: the middle of {interval} is taken; choose with {name}=AMOUNT")
    return told


def _check(lever: Lever, amount: Fraction) -> None:
    bounds = _bounds(lever)
    if not bounds:
        raise InputError(f"lever {lever.name} has no amount to choose; name it without '='")
    for item in bounds:
        if not item.low <= amount <= item.high:
            raise InputError(f"lever {lever.name}: choose an amount from {_text(item.low)} to {_text(item.high)}")


def _bounds(lever: Lever) -> list[Choice]:
    """What the lever leaves to be chosen."""
    found = [change.bounds for change in lever.changes if change.bounds is not None]
    return found + [payment.amount for payment in lever.payments if isinstance(payment.amount, Choice)]


def _text(number: Fraction) -> str:
    return f"{float(number):g}"
