"""The JSON documents of `information --json` and `waiting --json`: plain data, numbers rounded to 12 digits.

Every list of numbers per player is a dictionary by player, every one per protocol a dictionary by protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import gamecore
from gamecore.advice.document import plain
from gamecore.model import Scenario
from gamecore.robustness.break_even import BreakEven
from gamecore.robustness.close_calls import CloseCall
from gamecore.robustness.information import Information, Knowing
from gamecore.robustness.waiting import Part
from gamecore.robustness.ways_to_wait import Group, WayToWait

__all__ = ["information_document", "waiting_document"]


def information_document(scenario: Scenario, found: Information) -> dict[str, Any]:
    """What knowing more is worth, as data."""
    head = _head(scenario, found.draws, found.seed)
    rows = {name: _by_player(scenario, row) for name, row in zip(found.protocols, found.expected, strict=True)}
    data = {
        **head,
        "protocols": list(found.protocols),
        "seen_by": list(found.seen_by),
        "expected": rows,
        "close_calls": {
            name: _close_call(scenario, item) for name, item in zip(found.protocols, found.close_calls, strict=False)
        },
        "everything": [_knowing(scenario, found, item) for item in found.everything],
        "quantities": [_knowing(scenario, found, item) for item in found.quantities],
        "events": [_knowing(scenario, found, item) for item in found.events],
        "clipped": dict(found.clipped),
        "notes": list(found.notes),
    }
    plained: dict[str, Any] = plain(data)
    return plained


def _close_call(scenario: Scenario, found: CloseCall | None) -> dict[str, Any] | None:
    if found is None:
        return None
    player = list(scenario.players)[found.player]
    return {"player": player, "by": found.by, "expected_instead": _by_player(scenario, found.instead)}


def _knowing(scenario: Scenario, found: Information, item: Knowing) -> dict[str, Any]:
    return {
        "about": item.topic.name,
        "label": item.topic.label,
        "kind": item.topic.kind,
        "members": item.topic.members,
        "accuracy": None if item.accuracy is None else float(item.accuracy),
        "alone": _by_player(scenario, item.sole),
        "in_the_game": {name: _by_player(scenario, row) for name, row in zip(found.protocols, item.game, strict=True)},
        "several": dict(zip(found.protocols, item.several, strict=True)),
        "undecided": dict(zip(found.protocols, item.undecided, strict=True)),
    }


def waiting_document(scenario: Scenario, ways: Sequence[WayToWait], *, draws: int, seed: int) -> dict[str, Any]:
    """What each way to wait is worth, as data."""
    data = {**_head(scenario, draws, seed), "ways": [_way(scenario, item) for item in ways]}
    plained: dict[str, Any] = plain(data)
    return plained


def _way(scenario: Scenario, item: WayToWait) -> dict[str, Any]:
    way = item.waiting.way
    return {
        "decision": way.decision,
        "now": way.now,
        "wait": way.wait,
        "later": way.later,
        "same": way.same or None,
        "years": float(way.years),
        "holding_lines": list(item.waiting.holding_lines),
        "under": [_group(scenario, group) for group in item.groups],
    }


def _group(scenario: Scenario, group: Group) -> dict[str, Any]:
    under = group.under
    return {
        "protocols": list(group.protocols),
        "values": {"now": _by_player(scenario, under.now), "wait": _by_player(scenario, under.wait)},
        "parts": [_part(scenario, part) for part in under.parts],
        "total": _by_player(scenario, under.total),
        "chosen_without_news": under.chosen,
        "option": _by_player(scenario, under.option),
        "waits": under.waits,
        "over_draws": [
            {
                "mean": _by_player(scenario, spread.mean),
                "p10": _by_player(scenario, spread.low),
                "p90": _by_player(scenario, spread.high),
                "better": _by_player(scenario, spread.positive),
            }
            for spread in group.spread
        ],
        "break_even": [_break_even(item) for item in group.break_evens],
    }


def _part(scenario: Scenario, part: Part) -> dict[str, Any]:
    return {"parts": list(part.names), "values": _by_player(scenario, part.values)}


def _break_even(item: BreakEven) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "about": item.subject,
        "outcome": item.outcome or None,
        "label": item.label,
        "player": item.player,
        "base": item.base,
        "value": item.value,
        "waiting_better": "above" if item.better_above else "below",
    }


def _head(scenario: Scenario, draws: int, seed: int) -> dict[str, Any]:
    return {
        "scenario": {
            "title": scenario.title,
            "file": scenario.file,
            "sha256": scenario.sha256,
            "changes": list(scenario.changes),
            "unit": scenario.unit,
            "players": {name: player.label for name, player in scenario.players.items()},
        },
        "version": gamecore.__version__,
        "seed": seed,
        "draws": draws,
    }


def _by_player(scenario: Scenario, values: Iterable[Any]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(scenario.players, values, strict=True)}
