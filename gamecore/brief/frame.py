"""What stands around every page, whatever it tells: badge, title, owners, signatures, where it comes from.

`short` gives a player's short name; nothing here looks at values or rankings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath, PureWindowsPath

from gamecore.advice.analysis import PlayerFacts, ScenarioFacts
from gamecore.brief import words
from gamecore.brief.blocks import Signature
from gamecore.brief.desk import ALLIANCE

__all__ = ["badge", "file_name", "origin", "owners", "sha_shown", "signatures", "title"]

Short = Callable[[str], str]


def badge(facts: ScenarioFacts, short: Short, *, internal: bool, sides: str) -> str:
    """Whose page it is; `sides` are those who share a shared copy, empty if there is only one."""
    if internal:
        return "Internal · alliance team" if facts.advise == ALLIANCE else f"Internal · {short(facts.advise)} only"
    return f"Shared copy · {'both' if len(facts.players) == 2 else 'all'} {sides}" if sides else "Shared copy"


def title(facts: ScenarioFacts) -> str:
    """The file's title, with the date by which the decision falls."""
    said = facts.title.strip()
    return f"{said}: decide by {words.date_text(facts.decide_by)}" if facts.decide_by else said


def owners(players: Sequence[PlayerFacts], short: Short) -> list[tuple[str, str]]:
    """Who leads the talks, as an entry under the title; none if the file names nobody."""
    named = [f"{player.lead} ({short(player.key)})" for player in players if player.lead]
    return [("Owners" if len(named) > 1 else "Owner", ", ".join(named))] if named else []


def signatures(facts: ScenarioFacts, short: Short, *, internal: bool) -> tuple[Signature, ...]:
    """Those who give the mandate on an internal copy, one co-chair for each player on others."""
    if internal and facts.advise != ALLIANCE:
        name = short(facts.advise)
        return (Signature(f"{name}, decision maker"), Signature(f"{name}, finance"))
    return tuple(Signature(f"{short(player.key)}, co-chair") for player in facts.players)


def file_name(facts: ScenarioFacts) -> str:
    """The file's name without its folder, whichever system wrote it."""
    return PurePath(PureWindowsPath(facts.file).name).name


def sha_shown(facts: ScenarioFacts, *, internal: bool) -> str:
    """The digest of the file; cut short on a shared copy."""
    return facts.sha256 if internal else facts.sha256[:8]


def origin(facts: ScenarioFacts, version: str, changed: str) -> list[str]:
    """The footer's first entries: file, what was changed in it, digest, version."""
    digits = f"{facts.sha256[:4]} {facts.sha256[4:8]}".strip()
    return [f"Scenario {file_name(facts)}{changed}, SHA-256 {digits}", f"gamecore {version}"]
