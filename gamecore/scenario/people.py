"""The head of the file and question 1: who are the decision makers?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gamecore.model import ALLIANCE, Player, Range, Value
from gamecore.scenario.anytime import is_anytime
from gamecore.scenario.document import BLOCKS
from gamecore.scenario.reader import Reader, near
from gamecore.scenario.tree import Scalar, Tree, below


@dataclass
class Head:
    """What stands above the four questions."""

    title: str = ""
    question: str = ""
    advise: str = ALLIANCE
    unit: str | None = None
    decide_by: str | None = None
    context: tuple[str, ...] = ()
    note: str | None = None


def read_head(reader: Reader) -> Head:
    """The head; which keys the file has is checked here, too."""
    root = reader.root
    fields = reader.fields(root, "", "scenario")
    if fields is None:
        return Head()
    conflict = is_anytime(reader)  # has `today` in place of a baseline
    for name, key in BLOCKS["scenario"].items():
        if key.needed and root.key(name) is None and not (conflict and name == "baseline"):
            reader.fault(root.place, "", f"'{name}' is missing; add '{name}: ...'")
    version = fields.get("gamecore")
    if version is not None and not (isinstance(version, Scalar) and version.text in {"1", "1.0"}):
        reader.fault(version, "gamecore", "this program reads version 1 of the format; write 'gamecore: 1'")
    day = reader.calendar(fields.get("decide_by"), "decide_by")
    return Head(
        title=reader.text(fields.get("title"), "title") or "",
        question=reader.text(fields.get("question"), "question") or "",
        advise=_advise(reader, fields.get("advise")),
        unit=reader.text(fields.get("unit"), "unit"),
        decide_by=day.isoformat() if isinstance(day, date) else None,
        context=_context(reader, fields.get("context")),
        note=reader.text(fields.get("note"), "note"),
    )


def _advise(reader: Reader, node: Tree | None) -> str:
    word = reader.text(node, "advise")
    if (
        node is None
        or word is None
        or word == ALLIANCE
        or word in reader.names.players
        or not reader.names.players_whole
    ):
        return word or ALLIANCE
    choices = (*reader.names.players, ALLIANCE)
    proposal = near(word, choices) or f"; write one of {', '.join(choices)}"
    reader.fault(node, "advise", f"no player is called '{word[:60]}'{proposal}")
    return ALLIANCE


def _context(reader: Reader, node: Tree | None) -> tuple[str, ...]:
    sentences = reader.texts(node, "context")
    if node is not None and len(sentences) > 3:
        reader.fault(node, "context", f"at most three sentences, not {len(sentences)}; the page has no room for more")
    return sentences


def _tolerance(reader: Reader, node: Tree | None, path: str) -> Value | None:
    """An amount above 0."""
    value = reader.value(node, path)
    if value is None or node is None:
        return None
    numbers = [value.low, value.base, value.high] if isinstance(value, Range) else [value.constant]
    if any(number is not None and number <= 0 for number in numbers):
        told = "a risk tolerance is an amount above 0 in the file's unit; leave it out for a player who is risk neutral"
        reader.fault(node, path, told)
        return None
    return value


def read_players(reader: Reader) -> dict[str, Player]:
    """The players in file order."""
    node = reader.root.get("players")
    players = {}
    for key, value in reader.entries(node, "players"):
        path = below("players", key.text)
        if isinstance(value, Scalar):
            reader.fault(value, path, f"a player is written {{name: {value.text[:60]}}}")
            continue
        fields = reader.fields(value, path, "player")
        if fields is None:
            continue
        players[key.text] = Player(
            name=key.text,
            label=reader.text(fields.get("name"), below(path, "name")) or key.text,
            short=reader.text(fields.get("short"), below(path, "short")),
            lead=reader.text(fields.get("lead"), below(path, "lead")),
            role=reader.text(fields.get("role"), below(path, "role")),
            discount_rate=reader.rate(fields.get("discount_rate"), below(path, "discount_rate")),
            runway=reader.length(fields.get("runway"), below(path, "runway")),
            cash=reader.value(fields.get("cash"), below(path, "cash")),
            risk_tolerance=_tolerance(reader, fields.get("risk_tolerance"), below(path, "risk_tolerance")),
            confidential=reader.yes_no(fields.get("confidential"), below(path, "confidential")),
            note=reader.text(fields.get("note"), below(path, "note")),
            place=key.place,
        )
    if node is not None and not reader.names.players and reader.names.players_whole:
        reader.fault(node, "players", "a game needs at least one player")
    return players
