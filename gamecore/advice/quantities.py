"""Uncertain numbers by their names: which one is meant, and what it is called for people.

A plain number under `inputs` is one as well where somebody says from where to where to look at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gamecore.advice.robustness_facts import Quantity as Described
from gamecore.errors import InputError
from gamecore.model import Formula, Input, Range, Scenario
from gamecore.scenario.confidential import confidential_names
from gamecore.scenario.reader import near
from gamecore.scenario.schedule import BaseNumbers
from gamecore.valuation.inputs import Quantity, quantities
from gamecore.valuation.naming import quantity_label

__all__ = ["described", "found_quantity", "varied"]


def varied(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """The scenario in which the plain numbers among these inputs are quantities, which stand where they stood.

    Other names are left for `found_quantity` to find.
    """
    inputs = dict(scenario.inputs)
    for name in names:
        item = inputs.get(name.removeprefix("inputs."))
        if item is not None and isinstance(item.value, Formula) and not item.value.names:
            number, written = BaseNumbers(scenario).value(item.value), item.value
            inputs[item.name] = replace(item, value=Range(number, number, number, written.text, written.place))
    return replace(scenario, inputs=inputs)


def found_quantity(scenario: Scenario, name: str) -> Quantity:
    """The uncertain number a name means: its path in the file, or the end of it where only one fits.

    Raises `InputError` if none or several fit; the message names what there is.
    """
    there = quantities(scenario)
    exact = [item for item in there if item.key in {name, f"inputs.{name}"}]
    fitting = exact or [item for item in there if item.key.endswith(f".{name}")]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(_short(item.key) for item in (fitting or there))
    if fitting:
        raise InputError(f"'{name[:60]}' may be one of {listed}; write more of its path")
    item = scenario.inputs.get(name.removeprefix("inputs."))
    if item is not None:
        raise InputError(f"'{item.name[:60]}' {_unvaried(item)}")
    raise InputError(
        f"there is no uncertain input '{name[:60]}'"
        + (f"{_meant(name, there)}; choose one of {listed}" if there else "; nothing in this file has a range")
    )


def _unvaried(item: Input) -> str:
    """Why an input is no uncertain number, and what to do about it."""
    if item.one_of:
        return "is a switch, no number"
    if item.rows:
        return f"rests on what happened; name one of its rows that has a range, such as {item.name[:60]}.rows.0"
    if isinstance(item.value, Formula) and item.value.names:
        behind = ", ".join(sorted(item.value.names))
        return f"is computed; vary what it is computed from: {behind}"
    return f"is one number; say from where to where, {item.name[:60]}=LOW..HIGH, or give it a range in the file"


def _meant(name: str, there: Sequence[Quantity]) -> str:
    """`; did you mean 'peak'?`, whether a whole path or only its end was meant."""
    ends = [item.key.rpartition(".")[2] for item in there]
    return near(name, dict.fromkeys([*ends, *(_short(item.key) for item in there)]))


def _short(key: str) -> str:
    return key.removeprefix("inputs.")


def described(scenario: Scenario, quantity: Quantity) -> Described:
    """An uncertain number as people are told of it."""
    block, name, *_ = quantity.key.split(".")
    item = scenario.inputs.get(name) if block == "inputs" else None
    return Described(
        key=quantity.key,
        label=quantity_label(scenario, quantity),
        unit=item.unit if item is not None else None,
        percent="%" in quantity.distribution.text,
        confidential=bool({block, f"{block}.{name}"} & confidential_names(scenario)),
    )
