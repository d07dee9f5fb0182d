"""Levers as the doors take them: `name`, or `name=amount` where the file leaves an amount to be chosen.

>>> parsed("pay_at_signature=7.5")
('pay_at_signature', Fraction(15, 2))
>>> parsed("contract_binds")
('contract_binds', None)
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gamecore.errors import InputError
from gamecore.model import Choice, Lever, Scenario

__all__ = ["parsed", "pulled", "unsaid"]

# Longer than any amount people write; a fraction of a million digits would take forever.
_LONGEST_AMOUNT = 40


def parsed(text: str) -> tuple[str, Fraction | None]:
    """The lever's name and the amount chosen, if one is."""
    name, equals, amount = (part.strip() for part in text.partition("="))
    if not equals:
        return name, None
    percent = amount.endswith("%")
    try:
        if len(amount) > _LONGEST_AMOUNT or "e" in amount.lower():
            raise ValueError
        number = Fraction(amount.removesuffix("%"))
    except (ValueError, ZeroDivisionError):
        raise InputError(f"lever {name}: write the amount as a number, such as {name}=7.5") from None
    return name, number / 100 if percent else number


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
    """A sentence for each lever pulled without an amount where the file leaves one to be chosen: the middle is taken."""
    told = []
    for name, amount in (parsed(text) for text in texts):
        bounds = _bounds(scenario.levers[name]) if name in scenario.levers else []
        if amount is None and bounds:
            low, high = bounds[0].low, bounds[0].high
            told.append(
                f"lever {name}: the middle of {_text(low)} to {_text(high)} is taken; choose with {name}=AMOUNT"
            )
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
