"""What uncertain numbers are called for people: `programme.phases.phase_2.budget` is `Phase II budget`."""

from __future__ import annotations

from typing import Final

from gamecore.model import Block, Scenario, Verb
from gamecore.scenario.parts import NAMED_AFTER
from gamecore.scenario.reader import spoken
from gamecore.valuation.inputs import Quantity

__all__ = ["part_label", "quantity_label"]

ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV"}  # phases of development are written so
SOLD: Final = {"peak": "Peak sales"}  # of a market: what its keys are called


def quantity_label(scenario: Scenario, quantity: Quantity) -> str:
    """The label of an input, or words for the place in the file where a range stands."""
    block, name, *rest = quantity.key.split(".")
    return _label(scenario, block, name, rest)


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
    called = part_label(block, section, part)
    figures = [scenario.players[item].label if item in scenario.players else item.replace("_", " ") for item in rest]
    if section == "phases":
        return " ".join([called, *figures]) + row
    if section == "sales" and figures:
        return f"{SOLD.get(rest[0], spoken(rest[0]))}, {', '.join([called, *figures[1:]])}{row}"
    about = [spoken(section)] if section in NAMED_AFTER else []
    return ", ".join([*about, called, *(item for item in figures if not item.isdigit())]) + row


def part_label(block: Block | None, section: str, name: str) -> str:
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
