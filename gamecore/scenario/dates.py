"""Question 3: what is the timing? When things happen, who learns them when, and who offers first."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Final

from gamecore.model import Formula, Moment, Proposals, Protocol, Time, Timing
from gamecore.scenario.anytime import conflict_timing, is_anytime
from gamecore.scenario.document import keys_of
from gamecore.scenario.reader import HIDDEN, Fields, Reader, near
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below

_DATED: Final = frozenset({"decision", "agreement", "deal", "event"})
MOST_ROUNDS: Final = 100


def read_day_zero(reader: Reader) -> None:
    """`count_from` first: calendar dates anywhere in the file count from it.

    A file without it may still date its moments by the calendar; the earliest of these dates is then day zero.
    """
    timing = reader.root.get("timing")
    if not isinstance(timing, Mapping):
        return
    node = timing.get("count_from")
    if node is not None:
        reader.day_zero = reader.calendar(node, "timing.count_from")
        if reader.day_zero is None:
            reader.spoil("timing.count_from")
        return
    written = [value.get("at") if isinstance(value, Mapping) else value for _, value in timing.entries]
    days = []
    for value in written:
        if isinstance(value, Scalar):
            with contextlib.suppress(ValueError):
                days.append(date.fromisoformat(value.text))
    reader.day_zero = min(days, default=None)


def read_timing(reader: Reader) -> Timing:
    """All dates."""
    count_from = reader.day_zero.isoformat() if reader.day_zero is not None else None
    node = reader.root.get("timing")
    if node is None:
        reader.spoil("timing")
        return Timing({}, count_from)
    dated = {name: thing for name, thing in reader.names.things.items() if thing.kind in _DATED}
    fields = reader.fields(node, "timing", "timing", own=dated)
    if fields is None:
        reader.spoil("timing")
        return Timing({}, count_from)
    anytime = reader.yes_no(fields.get("anytime"), "timing.anytime")
    if is_anytime(reader):
        return conflict_timing(reader, fields)
    if "today" in fields and not reader.broken & {"timing"} and (anytime is not None or "anytime" not in fields):
        told = "'today' belongs to a conflict without an order of moves; add 'anytime: yes', or leave it out"
        reader.fault(fields.place("today"), "timing", told)
    moments: dict[str, Moment] = {}
    for key, value in fields.own:
        thing = reader.names.things.get(key.text)
        if thing is None or not thing.may_be(*_DATED):
            if thing is not None or reader.names.things_whole:
                proposal = near(key.text, [*dated, *keys_of("timing")])
                reader.fault(key, "timing", f"'{key.text[:60]}' is neither a decision nor an event{proposal}")
            continue
        moment = _moment(reader, key, value)
        if moment is None:
            reader.spoil(f"timing.{key.text}")
        else:
            moments[key.text] = moment
    if anytime is not None or fields.node.key("anytime") is None:
        _tell_missing(reader, fields)
    else:
        reader.spoil("timing")
    return Timing(moments, count_from)


def _tell_missing(reader: Reader, fields: Fields) -> None:
    at = reader.root.key("timing") or fields.node
    for name, thing in reader.names.things.items():
        if thing.kind not in _DATED or fields.node.key(name) is not None:
            continue
        if thing.kind == "event":
            told = f"event '{name}' has no date; add '{name}: 6 months', or '{name}: hidden' if nobody learns it"
        else:
            told = f"decision '{name}' has no date; add '{name}: 6 months'"
        reader.fault(at, "timing", told)
        reader.spoil(f"timing.{name}")


def _moment(reader: Reader, key: Scalar, node: Tree) -> Moment | None:
    name = key.text
    path = below("timing", name)
    if isinstance(node, Scalar):
        at, fine = _at(reader, name, node, path)
        return Moment(name, at, place=key.place) if fine else None
    fields = reader.fields(node, path, "moment")
    if fields is None:
        return None
    written = fields.get("at")
    at, fine = _at(reader, name, written, below(path, "at")) if written is not None else (None, False)
    seen_by = _seen_by(reader, fields.get("seen_by"), below(path, "seen_by"))
    if at is None and fine and "seen_by" in fields:
        reader.fault(
            fields.place("seen_by"), path, "what is hidden is seen by nobody; give a date, or leave 'seen_by' out"
        )
    proposals = _proposals(reader, name, fields)
    return Moment(name, at, seen_by, proposals, key.place) if fine else None


def _at(reader: Reader, name: str, node: Tree, path: str) -> tuple[Time | None, bool]:
    if isinstance(node, Scalar) and node.text == HIDDEN:
        if reader.names.things[name].may_be("event"):
            return None, True
        told = "a decision has a date; to keep it from others write 'seen_by'"
        reader.fault(node, path, told)
        return None, False
    at = reader.time(node, path)
    return at, at is not None


def _seen_by(reader: Reader, node: Tree | None, path: str) -> dict[str, Time | None] | None:
    if node is None:
        return None
    if isinstance(node, Mapping):
        seen: dict[str, Time | None] = {}
        for key, value in node.entries:
            if reader.is_player(key, path, key.text):
                seen[key.text] = reader.time(value, below(path, key.text))
        return seen
    parts = node.items if isinstance(node, Sequence) else (node,)
    return {word: None for part in parts if (word := reader.player(part, path)) is not None}


def _proposals(reader: Reader, name: str, fields: Fields) -> Proposals:
    path = fields.path
    agreed = reader.names.things[name].kind in {"agreement", "deal"}
    keys = ("proposes", "rounds", "every", "breakdown", "meanwhile")
    used = [key for key in keys if key in fields]
    if used and not agreed:
        reader.fault(fields.place(used[0]), path, f"'{used[0]}' belongs to an agreement, and '{name}' is not one")
        return Proposals()
    protocol, proposers = _proposers(reader, name, fields.get("proposes"), below(path, "proposes"))
    rounds = _rounds(reader, fields.get("rounds"), below(path, "rounds"))
    if protocol is Protocol.OFFERS and len(proposers) > 1 and fields.node.key("rounds") is None:
        told = f"several players offer in turn, so say how often: add 'rounds: {len(proposers)}'"
        reader.fault(fields.place("proposes"), path, told)
    if protocol is not Protocol.OFFERS and used and used[-1] != "proposes":
        told = f"'{used[-1]}' needs 'proposes' with a player or a list of players who offer in turn"
        reader.fault(fields.place(used[-1]), path, told)
    meanwhile = fields.get("meanwhile")
    nothing = isinstance(meanwhile, Scalar) and meanwhile.text == "nothing"
    if meanwhile is not None and not nothing:
        reader.fault(
            meanwhile, below(path, "meanwhile"), "write 'meanwhile: nothing', or leave it out: the status quo runs on"
        )
    every = reader.length(fields.get("every"), below(path, "every"))
    return Proposals(
        protocol=protocol,
        proposers=proposers,
        rounds=rounds,
        every=every if isinstance(every, Formula) else None,
        breakdown=reader.chance(fields.get("breakdown"), below(path, "breakdown")),
        discount_all=nothing,
    )


def _proposers(reader: Reader, name: str, node: Tree | None, path: str) -> tuple[Protocol, tuple[str, ...]]:
    if node is None:
        return Protocol.EACH, ()
    if isinstance(node, Scalar) and node.text in {"each", "at_once"}:
        if node.text == "at_once" and reader.names.things[name].kind == "deal":
            reader.fault(node, path, "'at_once' is for an agreement on options; on terms, say who proposes")
        return Protocol(node.text), ()
    deciding = _deciders(reader, name)
    proposers = []
    for part in node.items if isinstance(node, Sequence) else (node,):
        word = reader.player(part, path)
        if word is None:
            continue
        if word in reader.names.players and deciding and word not in deciding:
            told = f"'{word}' is not among those who decide ({', '.join(deciding)}){near(word, deciding)}"
            reader.fault(part, path, told)
            continue
        proposers.append(word)
    return Protocol.OFFERS, tuple(proposers)


def _deciders(reader: Reader, name: str) -> tuple[str, ...]:
    decisions = reader.root.get("decisions")
    decision = decisions.get(name) if isinstance(decisions, Mapping) else None
    by = decision.get("by") if isinstance(decision, Mapping) else None
    parts = by.items if isinstance(by, Sequence) else ()
    return tuple(part.text for part in parts if isinstance(part, Scalar))


def _rounds(reader: Reader, node: Tree | None, path: str) -> int | None:
    if node is None:
        return 1
    if isinstance(node, Scalar) and node.text == "unlimited":
        return None
    return reader.whole_number(node, path, MOST_ROUNDS) or 1
