"""Words that tables and figures of information and of waiting share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gamecore.brief import words
from gamecore.model import NO_AGREEMENT, Scenario
from gamecore.robustness.information import Information, Knowing

__all__ = ["alike", "decider", "option_label", "part_label", "protocol_label", "worthwhile"]

PART_NAMES: Final = {
    "calendar": "starting later",
    "conditions": "better or worse conditions then",
    "re-scope": "another plan, without news",
    "news": "the news",
    "holding": "standing by",
}
NOTHING: Final = 5e-4  # of the largest worth: below it a topic is worth nothing to speak of


def option_label(scenario: Scenario, decision: str, option: str) -> str:
    """What people read for an option; for no agreement, what happens then."""
    found = scenario.decisions[decision]
    labels = {item.name: item.label for item in found.options}
    if option == NO_AGREEMENT and found.no_agreement is not None:
        return found.no_agreement.label
    return labels.get(option, option)


def part_label(names: Sequence[str]) -> str:
    """The parts of the worth of waiting that one number stands for."""
    text = " and ".join(PART_NAMES[name] for name in names)
    return text[:1].upper() + text[1:]


def decider(scenario: Scenario, decision: str) -> str:
    """Who takes a decision."""
    return words.listed([scenario.players[name].label for name in scenario.decisions[decision].by])


def protocol_label(scenario: Scenario, protocol: str) -> str:
    """A protocol with the players' labels: "diamond proposes" is "Diamond proposes"."""
    told = protocol
    for name, player in scenario.players.items():
        told = re.sub(rf"(?<!\w){name}(?![\w:])", player.label.replace("\\", "\\\\"), told)
    return told[:1].upper() + told[1:]


def alike(found: Information) -> bool:
    """Whether nothing that is told rests on who proposes: neither what is worth knowing nor what is expected."""
    items = [*found.everything, *found.quantities, *found.events]
    told = {(row, *(item.game[place] for item in items)) for place, row in enumerate(found.expected)}
    return len(told) == 1


def worthwhile(found: Information) -> tuple[tuple[Knowing, ...], tuple[str, ...]]:
    """The topics worth something to somebody, with the signals on them, and the labels of those worth nothing."""
    items = [*found.everything, *found.quantities, *found.events]
    floor = NOTHING * max((item.largest for item in items), default=0.0)
    kept = {item.topic for item in items if item.largest > floor}
    nothing = dict.fromkeys(item.topic.label for item in items if item.topic not in kept)
    return tuple(item for item in items if item.topic in kept), tuple(nothing)
