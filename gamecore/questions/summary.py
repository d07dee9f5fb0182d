"""What a scenario holds, in a few numbers: what `check` prints and the service's check answers."""

from __future__ import annotations

from typing import Any

from gamecore.model import Scenario

__all__ = ["sentence", "summary"]


def summary(scenario: Scenario) -> dict[str, Any]:
    """Title, hash, names of players and counts, as plain data."""
    return {
        "title": scenario.title,
        "sha256": scenario.sha256,
        "advise": scenario.advise,
        "players": [{"key": key, "name": player.label} for key, player in scenario.players.items()],
        "decisions": len(scenario.decisions),
        "events": len(scenario.events),
        "payoff_lines": len(scenario.payoffs),
        "rankings": len(scenario.rankings),
        "inputs": len(scenario.inputs),
        "levers": list(scenario.levers),
        "expectations": len(scenario.expect),
    }


def sentence(scenario: Scenario) -> str:
    """The same in one line."""
    found = summary(scenario)
    names = ", ".join(player["name"] for player in found["players"])
    counts = [
        _counted(len(found["players"]), "player") + f" ({names})",
        _counted(found["decisions"], "decision"),
        _counted(found["events"], "event"),
        _counted(found["payoff_lines"], "payoff line"),
        _counted(found["rankings"], "ranking"),
        _counted(found["inputs"], "input"),
        _counted(len(found["levers"]), "lever"),
        _counted(found["expectations"], "expectation"),
    ]
    return f"{found['title']}: " + ", ".join(text for text in counts if not text.startswith("0 "))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
