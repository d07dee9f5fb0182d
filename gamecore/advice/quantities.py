"""Uncertain numbers by their names: which one is meant, and what it is called for people."""

from __future__ import annotations

from collections.abc import Sequence

from gamecore.advice.robustness_facts import Quantity as Described
from gamecore.errors import InputError
from gamecore.model import Scenario
from gamecore.scenario.confidential import confidential_names
from gamecore.scenario.reader import near
from gamecore.valuation.inputs import Quantity, quantities
from gamecore.valuation.naming import quantity_label

__all__ = ["described", "found_quantity"]


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
    if name.removeprefix("inputs.") in scenario.inputs:
        raise InputError(f"'{name[:60]}' is one number; give it a range in the file, low .. base .. high")
    raise InputError(
        f"there is no uncertain input '{name[:60]}'"
        + (f"{_meant(name, there)}; choose one of {listed}" if there else "; nothing in this file has a range")
    )


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
