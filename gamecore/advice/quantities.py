"""Uncertain numbers by their names: which one is meant, and what it is called for people."""

from __future__ import annotations

from typing import Final

from gamecore.advice.robustness_facts import Quantity as Described
from gamecore.errors import InputError
from gamecore.model import Block, Scenario, Verb
from gamecore.scenario.confidential import confidential_names
from gamecore.scenario.parts import NAMED_AFTER
from gamecore.scenario.reader import spoken
from gamecore.valuation.inputs import Quantity, quantities

__all__ = ["described", "found_quantity"]

ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV"}  # phases of development are written so
SOLD: Final = {"peak": "Peak sales"}  # of a market: what its keys are called


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
    raise InputError(
        f"there is no uncertain input '{name[:60]}'; "
        + (f"choose one of {listed}" if there else "nothing in this file has a range")
    )


def _short(key: str) -> str:
    return key.removeprefix("inputs.")


def described(scenario: Scenario, quantity: Quantity) -> Described:
    """An uncertain number as people are told of it."""
    block, name, *rest = quantity.key.split(".")
    item = scenario.inputs.get(name) if block == "inputs" else None
    return Described(
        key=quantity.key,
        label=_label(scenario, block, name, rest),
        unit=item.unit if item is not None else None,
        percent="%" in quantity.distribution.text,
        confidential=bool({block, f"{block}.{name}"} & confidential_names(scenario)),
    )


def _label(scenario: Scenario, block: str, name: str, rest: list[str]) -> str:
    if block == "inputs":
        return scenario.inputs[name].label + _row(rest)
    if block == "players" and rest == ["discount_rate"]:
        return f"{scenario.players[name].label}'s discount rate"
    if block == "events":
        event = scenario.events[name]
        outcomes = dict(event.outcomes)
        if rest == ["right"]:
            return f"{event.label}: chance to be right"
        return f"{event.label}: chance of {outcomes.get(rest[-1], rest[-1])}" + _row(rest)
    if block == "timing":
        return f"{scenario.decisions[name].label}: chance that talks break down"
    if block == "payoffs":
        line, player = scenario.payoffs[name], scenario.players.get(rest[-1])
        return f"{line.label}, {player.label if player is not None else rest[-1]}" + (
            _row(rest) if len(line.rows) > 1 else ""
        )
    return _label_in_block(scenario, block, (name, *rest))


def _label_in_block(scenario: Scenario, name: str, path: tuple[str, ...]) -> str:
    """`Phase II budget`, `Peak sales, world`; with the row of changes a number stands in: `Phase II cost (row 4)`."""
    row = ""
    if path[0] == "changes":
        row, path = f" (row {int(path[1]) + 1})", path[2:]
        path = path[1:] if path[0] in set(Verb) else path
    if len(path) == 1:
        return spoken(path[0]) + row
    block = scenario.programme if name == "programme" else scenario.deal
    section, part, *rest = path
    called = _part(block, section, part)
    figures = [scenario.players[item].label if item in scenario.players else item.replace("_", " ") for item in rest]
    if section == "phases":
        return " ".join([called, *figures]) + row
    if section == "sales" and figures:
        return f"{SOLD.get(rest[0], spoken(rest[0]))}, {', '.join([called, *figures[1:]])}{row}"
    about = [spoken(section)] if section in NAMED_AFTER else []
    return ", ".join([*about, called, *(item for item in figures if not item.isdigit())]) + row


def _part(block: Block | None, section: str, name: str) -> str:
    """A phase, a market, a milestone: as the file calls it, else by its key (`phase_2b` is `Phase IIb`)."""
    told = block.labels.get((section, name)) if block is not None else None
    if told is not None:
        return told
    before, _, number = name.partition("_")
    if before == "phase" and number[:1] in ROMAN:
        return f"Phase {ROMAN[number[:1]]}{number[1:].replace('_', ' ')}"
    return "world" if (section, name) == ("sales", "world") else spoken(name)


def _row(rest: list[str]) -> str:
    """Which row a number stands in, counted from 1."""
    number = next((part for part in rest if part.isdigit()), None)
    return "" if number is None else f" (row {int(number) + 1})"
