"""Which names a file declares and what may be said of each, gathered before anything refers to them.

This pass tells only faults of the names themselves (not allowed, used twice); what stands behind them is read later.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final

from gamecore.errors import TooLargeError
from gamecore.model import Place
from gamecore.scenario.expressions import parse_number
from gamecore.scenario.reader import Names, Reader, Thing
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below

# Words that rows, `timing` and `expect` use beside these names.
_BESIDE_PLAYERS: Final = (
    "when",
    "at",
    "rows",
    "label",
    "note",
    "source",
    "weight",
    "confidential",
    "alliance",
    "each",
    "at_once",
)
_BESIDE_OUTCOMES: Final = ("when", "label", "note", "source")
_BESIDE_DATED: Final = ("count_from", "anytime", "today")
SAMPLES: Final = 21  # of a term in which any amount can be agreed
MOST_LEVELS: Final = 1000
MOST_DATED: Final = 200  # decisions and events; a page tells of a dozen
MOST_NAMES: Final = 2000


def declare(reader: Reader) -> None:
    """Fill `reader.names` from the whole tree."""
    names = reader.names
    _players(reader, names)
    taken = dict(names.players)
    _decisions(reader, names, taken)
    _events(reader, names, taken)
    _inputs(reader, names, taken)
    dated = sum(thing.kind in {"decision", "agreement", "deal", "event"} for thing in names.things.values())
    for what, count, most in (("decisions and events", dated, MOST_DATED), ("inputs", len(names.things), MOST_NAMES)):
        if count > most:
            raise TooLargeError(f"{count} {what}; a scenario has at most {most}", limit=what, count=count, allowed=most)


def _new(reader: Reader, key: Scalar, path: str, taken: dict[str, Place]) -> bool:
    if key.text in taken:
        told = f"'{key.text}' is already the name of something else; "
        told += "players, decisions, terms, events and inputs share one space"
        reader.fault(key, path, told)
        if key.text in reader.names.things:
            reader.names.things[key.text].doubtful = True
        reader.spoil("decisions", "events")
        return False
    taken[key.text] = key.place
    return True


def _players(reader: Reader, names: Names) -> None:
    node = reader.root.get("players")
    if not isinstance(node, Mapping):
        names.players_whole = False
        return
    for key, _ in node.entries:
        # A name that is not allowed is declared all the same: what refers to it is not wrong, too.
        reader.name(key, "players", _BESIDE_PLAYERS)
        names.players[key.text] = key.place


def _decisions(reader: Reader, names: Names, taken: dict[str, Place]) -> None:
    node = reader.root.get("decisions")
    if not isinstance(node, Mapping):
        names.things_whole = False
        return
    for key, value in node.entries:
        reader.name(key, "decisions", _BESIDE_DATED)
        if not _new(reader, key, "decisions", taken):
            continue
        by = value.get("by") if isinstance(value, Mapping) else None
        shared = isinstance(by, Sequence) and len(by.items) > 1
        terms = value.get("terms") if isinstance(value, Mapping) else None
        options = value.get("options") if isinstance(value, Mapping) else None
        path = below("decisions", key.text)
        if isinstance(terms, Mapping):
            names.things[key.text] = Thing("deal", {}, place=key.place)
            for term, inside in terms.entries:
                reader.name(term, below(path, "terms"))
                if _new(reader, term, below(path, "terms"), taken):
                    unit = inside.get("unit") if isinstance(inside, Mapping) else None
                    written = unit.text if isinstance(unit, Scalar) else None
                    values = _term_values(inside)
                    names.things[term.text] = Thing("term", values, written, part_of=key.text, place=term.place)
        else:
            held = (
                dict.fromkeys((option.text for option, _ in options.entries)) if isinstance(options, Mapping) else None
            )
            doubtful = any(not reader.allowed(option) for option in held or ())
            if doubtful:
                reader.spoil("decisions")
            kind = "agreement" if shared else "decision"
            names.things[key.text] = Thing(kind, held, place=key.place, doubtful=doubtful)


def _term_values(node: Tree) -> dict[str, Fraction | None] | None:
    if not isinstance(node, Mapping):
        return None
    options, levels = node.get("options"), node.get("levels")
    if isinstance(options, Mapping):
        return dict.fromkeys(option.text for option, _ in options.entries)
    if levels is None:
        return None
    found = read_levels(levels)
    return None if isinstance(found, str) else dict(found[0])


def _events(reader: Reader, names: Names, taken: dict[str, Place]) -> None:
    node = reader.root.get("events")
    if node is None:
        return
    if not isinstance(node, Mapping):
        names.things_whole = False
        return
    signals: dict[str, str] = {}
    for key, value in node.entries:
        reader.name(key, "events", _BESIDE_DATED)
        if not _new(reader, key, "events", taken):
            continue
        outcomes = _outcomes(reader, value, below(below("events", key.text), "chances"))
        doubtful = any(not reader.allowed(outcome) for outcome in outcomes or ())
        if doubtful:
            reader.spoil("events")
        names.things[key.text] = Thing("event", outcomes, place=key.place, doubtful=doubtful)
        told = value.get("signal_of") if isinstance(value, Mapping) else None
        if outcomes is None and isinstance(told, Scalar):
            signals[key.text] = told.text
    for name, told_of in signals.items():
        seen = {name}
        while told_of in signals and told_of not in seen:
            seen.add(told_of)
            told_of = signals[told_of]  # noqa: PLW2901 - follows the chain to its end
        source = names.things.get(told_of)
        if source is not None and source.kind == "event":
            names.things[name] = replace(names.things[name], values=source.values)


def _outcomes(reader: Reader, node: Tree, path: str) -> dict[str, Fraction | None] | None:
    chances = node.get("chances") if isinstance(node, Mapping) else None
    rows = chances.items if isinstance(chances, Sequence) else (chances,)
    outcomes: dict[str, Fraction | None] = {}
    for row in rows:
        for key, _ in row.entries if isinstance(row, Mapping) else ():
            if key.text not in outcomes and not (isinstance(chances, Sequence) and key.text in _BESIDE_OUTCOMES):
                reader.name(key, path, _BESIDE_OUTCOMES)
                outcomes[key.text] = None
    return outcomes or None


def _inputs(reader: Reader, names: Names, taken: dict[str, Place]) -> None:
    node = reader.root.get("inputs")
    if node is None:
        return
    if not isinstance(node, Mapping):
        names.things_whole = False
        return
    for key, value in node.entries:
        reader.name(key, "inputs")
        if not _new(reader, key, "inputs", taken):
            continue
        positions = value.get("one_of") if isinstance(value, Mapping) else None
        unit = value.get("unit") if isinstance(value, Mapping) else None
        if positions is not None:
            held = dict.fromkeys(name.text for name, _ in positions.entries) if isinstance(positions, Mapping) else None
            names.things[key.text] = Thing("switch", held, place=key.place)
        else:
            written = unit.text if isinstance(unit, Scalar) else None
            names.things[key.text] = Thing("input", unit=written, place=key.place)


# ---- levels and bounds -----------------------------------------------------------------------------------------------


def level_key(value: Fraction, *, percent: bool) -> str:
    """How conditions name a level: `50%`, `15`, `0.5`.

    >>> (
    ...     level_key(Fraction(1, 2), percent=True),
    ...     level_key(Fraction(1, 2), percent=False),
    ...     level_key(Fraction(15), percent=False),
    ... )
    ('50%', '0.5', '15')
    """
    shown = value * 100 if percent else value
    if shown.denominator == 1:
        text = str(shown.numerator)
    else:
        scaled, digits = shown, 0
        while scaled.denominator != 1 and digits < 12:
            scaled, digits = scaled * 10, digits + 1
        text = f"{float(shown):.10g}" if scaled.denominator != 1 else _decimal(scaled.numerator, digits)
    return text + "%" if percent else text


def _decimal(digits: int, after: int) -> str:
    sign, shown = ("-" if digits < 0 else ""), str(abs(digits)).rjust(after + 1, "0")
    return f"{sign}{shown[:-after]}.{shown[-after:]}"


def read_bounds(text: str) -> tuple[Fraction, Fraction, Fraction | None] | str:
    """`0 to 15` or `0 to 15 by 5` as (low, high, step), or what is wrong with it."""
    if re.search(r"\d\s+%", text):
        joined = re.sub(r"\s+%", "%", text.strip())
        return f"a percent sign stands right after its number; write {joined}"
    match = re.fullmatch(r"\s*(\S+)\s+to\s+(\S+)(?:\s+by\s+(\S+))?\s*", text)
    numbers = [parse_number(part) for part in match.groups() if part is not None] if match else [None]
    if None in numbers:
        return "bounds are written '0 to 15' or '0 to 15 by 5'"
    found = [number for number in numbers if number is not None]
    low, high, step = found[0], found[1], found[2] if len(found) > 2 else None
    if low >= high:
        return f"bounds are written low to high; {match[1] if match else ''} is not below {match[2] if match else ''}"
    if step is not None and step <= 0:
        return "the step after 'by' must be above 0"
    if step is not None and (high - low) / step > MOST_LEVELS:
        return f"more than {MOST_LEVELS} levels; take a larger step"
    return low, high, step


def read_levels(node: Tree) -> tuple[list[tuple[str, Fraction]], tuple[Fraction, Fraction] | None] | str:
    """The levels of a term and, where any amount can be agreed, its bounds; or what is wrong."""
    if isinstance(node, Sequence):
        return _listed_levels(node)
    if not isinstance(node, Scalar):
        return "levels are written [10, 20, 30], 10 to 50 by 10 or 10 to 50"
    bounds = read_bounds(node.text)
    if isinstance(bounds, str):
        return "levels are written [10, 20, 30], 10 to 50 by 10 or 10 to 50" if " to " not in node.text else bounds
    low, high, step = bounds
    width = step if step is not None else (high - low) / (SAMPLES - 1)
    count = int((high - low) / width) + 1
    values = [low + width * i for i in range(count)]
    percent = "%" in node.text
    return [(level_key(value, percent=percent), value) for value in values], ((low, high) if step is None else None)


def _listed_levels(node: Sequence) -> tuple[list[tuple[str, Fraction]], None] | str:
    levels: dict[str, Fraction] = {}
    for part in node.items:
        value = parse_number(part.text) if isinstance(part, Scalar) else None
        if value is None or not isinstance(part, Scalar):
            if isinstance(part, Scalar) and re.fullmatch(r"-?[\d.]+\s+%", part.text):
                return f"write {part.text.replace(' ', '')}, without a space"
            shown = f"'{part.text[:40]}'" if isinstance(part, Scalar) else "a list"
            return f"{shown} is not a number; levels with names stand under 'options'"
        if value in levels.values():
            return f"the level {part.text} stands twice"
        levels[level_key(value, percent="%" in part.text)] = value
    if not levels:
        return "a term needs at least one level"
    if len(levels) > MOST_LEVELS:
        return f"a term has at most {MOST_LEVELS} levels"
    return list(levels.items()), None
