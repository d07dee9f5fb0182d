"""What there is to know in a scenario: its uncertain quantities and its events, by the names people write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gamecore.errors import InputError
from gamecore.model import Scenario
from gamecore.robustness.signals import knowable
from gamecore.scenario.reader import listed, near, spoken
from gamecore.valuation.inputs import Quantity, quantities
from gamecore.valuation.naming import part_label, quantity_label

__all__ = ["Kind", "Topic", "topics"]

MOST_TOPICS: Final = 40  # looked at unasked; each costs as much as a simulation
_SHOWN: Final = 12


class Kind(StrEnum):
    QUANTITY = "quantity"
    EVENT = "event"


@dataclass(frozen=True)
class Topic:
    """Something to be known: the keys of `quantities`, or the names of events, that are learnt together."""

    name: str
    label: str
    kind: Kind
    members: tuple[str, ...]
    confidential: bool = False


def topics(scenario: Scenario, about: Sequence[str] = ()) -> tuple[tuple[Topic, ...], tuple[str, ...]]:
    """The topics asked for, or all there are, and notes on what is left out.

    Raises `InputError` if a name is unknown, a group mixes numbers and events, or an event cannot be known in time.
    """
    known = _everything(scenario)
    if about:
        return tuple(_asked(scenario, known, text) for text in about), ()
    notes = []
    found = []
    for topic in known.values():
        decision = knowable(scenario, topic.name) if topic.kind is Kind.EVENT else None
        if decision is None:
            found.append(topic)
        else:
            notes.append(f"{topic.label} cannot be known before the first decision: it rests on '{decision}'")
    if len(found) > MOST_TOPICS:
        left = ", ".join(topic.name for topic in found[MOST_TOPICS:][:_SHOWN])
        notes.append(f"{len(found) - MOST_TOPICS} more are not looked at unless asked for with --about: {left}")
    return tuple(found[:MOST_TOPICS]), tuple(notes)


def _everything(scenario: Scenario) -> dict[str, Topic]:
    """All topics: an input with all its ranges, every other range by its path, every event."""
    members: dict[str, list[Quantity]] = {}
    for item in quantities(scenario):
        parts = item.key.split(".")
        members.setdefault(parts[1] if parts[0] == "inputs" else item.key, []).append(item)
    found = {}
    for name, items in members.items():
        known = scenario.inputs.get(name)
        label = known.label if known is not None else quantity_label(scenario, items[0])
        secret = bool(known and known.confidential)
        found[name] = Topic(name, label, Kind.QUANTITY, tuple(item.key for item in items), secret)
    for name, event in scenario.events.items():
        found[name] = Topic(name, event.label, Kind.EVENT, (name,), bool(event.confidential))
    return found


def _words(scenario: Scenario, path: str) -> str:
    """A path to a block in words: "programme.phases.phase_2" is "Phase II"."""
    room, *rest = path.split(".")
    if not rest:
        return spoken(path)
    players = {name: player.label for name, player in scenario.players.items()}
    events = {name: event.label for name, event in scenario.events.items()}
    lines = {name: line.label for name, line in scenario.payoffs.items()}
    labels = {"players": players, "events": events, "payoffs": lines}.get(room, {})
    block = {"programme": scenario.programme, "deal": scenario.deal}.get(room)
    if block is not None and len(rest) > 1:  # phases.phase_2.budget: the section says nothing
        name = ".".join(rest[:2])
        labels = {name: spoken(part_label(block, rest[0], rest[1]))}
        rest = [name, *rest[2:]]
    parts = [players.get(part, part.replace("_", " ")) for part in rest[1:] if not part.isdigit() and part != "rows"]
    return ", ".join([labels.get(rest[0], spoken(rest[0])), *parts])


def _asked(scenario: Scenario, known: dict[str, Topic], text: str) -> Topic:
    parts = [part.strip() for part in text.split(",")]
    found = [_named(scenario, known, part) for part in dict.fromkeys(parts)]
    kinds = {topic.kind for topic in found}
    if len(kinds) > 1:
        raise InputError(f"{text[:120]}: ask about numbers, or about events, not about both together")
    members = tuple(dict.fromkeys(member for topic in found for member in topic.members))
    label = " and ".join(topic.label for topic in found)
    return Topic(text.strip(), label, found[0].kind, members, any(topic.confidential for topic in found))


def _named(scenario: Scenario, known: dict[str, Topic], name: str) -> Topic:
    name = name.removeprefix("inputs.").removeprefix("events.") if name.count(".") == 1 else name
    if name in known:
        topic = known[name]
        decision = knowable(scenario, name) if topic.kind is Kind.EVENT else None
        if decision is not None:
            raise InputError(f"'{name}' cannot be known before the first decision: it rests on '{decision}'")
        return topic
    inside = [topic for key, topic in known.items() if key.startswith(f"{name}.")]
    if inside:  # a path to a block: all ranges in it
        members = tuple(member for topic in inside for member in topic.members)
        return Topic(name, _words(scenario, name), Kind.QUANTITY, members)
    ending = [topic for key, topic in known.items() if key.endswith(f".{name}")]
    if len(ending) == 1:  # the end of a path is enough where it says which
        return ending[0]
    if ending:
        raise InputError(f"'{name[:60]}' could be {' or '.join(topic.name for topic in ending[:_SHOWN])}")
    if name in scenario.inputs:
        raise InputError(f"'{name[:60]}' is certain: there is nothing to learn about it")
    ends = [key.rpartition(".")[2] for key in known]
    meant = near(name, dict.fromkeys([*ends, *known]))
    raise InputError(
        f"there is nothing called '{name[:60]}' to know about{meant}; there is {listed(known) or 'nothing uncertain'}"
    )
