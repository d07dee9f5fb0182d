"""What nobody decides: events with chances, signals and beliefs."""

from __future__ import annotations

from gamecore.model import ALWAYS, ChanceRow, Condition, Event, Value
from gamecore.scenario.document import keys_of
from gamecore.scenario.reader import OTHERWISE, Fields, Reader, listed, near, spoken
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below, item


def read_events(reader: Reader) -> dict[str, Event]:
    """The events in file order."""
    events = {}
    for key, value in reader.entries(reader.root.get("events"), "events"):
        if key.text not in reader.names.things:
            continue  # a player has this name
        known = keys_of("event")
        if isinstance(value, Mapping) and value.entries and not any(name.text in known for name, _ in value.entries):
            inside = ", ".join(f"{name.text}: {part.text}" for name, part in value.entries if isinstance(part, Scalar))
            told = f"the chances stand under 'chances': {{chances: {{{inside[:120]}}}}}"
            reader.fault(value, below("events", key.text), told)
            reader.spoil("events")
            continue
        fields = reader.fields(value, below("events", key.text), "event")
        if fields is not None:
            events[key.text] = _event(reader, key, fields)
        else:
            reader.spoil("events")
    return events


def _event(reader: Reader, key: Scalar, fields: Fields) -> Event:
    path = fields.path
    thing = reader.names.things[key.text]
    names = tuple(thing.values or ()) if not thing.doubtful else ()
    labels = _labels(reader, fields.get("labels"), below(path, "labels"), names)
    has_chances = fields.node.key("chances") is not None
    signal_of = _signal_of(reader, key, fields)
    if has_chances == (fields.node.key("signal_of") is not None):
        told = (
            "either 'chances' or 'signal_of', not both" if has_chances else "say how likely it is: add 'chances: ...'"
        )
        reader.fault(key, path, told)
    if "right" in fields and fields.node.key("signal_of") is None:
        reader.fault(fields.place("right"), path, "'right' belongs to 'signal_of'")
    if signal_of is not None and fields.node.key("right") is None:
        reader.fault(fields.place("signal_of"), path, "say how often the signal is right: add 'right: 80%'")
    return Event(
        name=key.text,
        label=reader.text(fields.get("label"), below(path, "label")) or spoken(key.text),
        outcomes=tuple((name, labels.get(name, spoken(name))) for name in names),
        chances=_rows(reader, fields.get("chances"), below(path, "chances"), names),
        beliefs=_beliefs(reader, fields.get("beliefs"), below(path, "beliefs"), names),
        signal_of=signal_of,
        right=reader.chance(fields.get("right"), below(path, "right")),
        when=reader.existing(fields.get("when"), below(path, "when"), "events"),
        confidential=reader.yes_no(fields.get("confidential"), below(path, "confidential")),
        source=reader.text(fields.get("source"), below(path, "source")),
        note=reader.text(fields.get("note"), below(path, "note")),
        place=key.place,
    )


def _signal_of(reader: Reader, key: Scalar, fields: Fields) -> str | None:
    node = fields.get("signal_of")
    path = below(fields.path, "signal_of")
    word = reader.text(node, path)
    if node is None or word is None:
        return None
    if word == key.text:
        reader.fault(node, path, "an event cannot be a signal of itself")
        reader.spoil("events")
        return None
    thing = reader.names.things.get(word)
    if thing is not None and thing.may_be("event"):
        return word
    if thing is not None or reader.names.things_whole:
        events = [name for name, held in reader.names.things.items() if held.kind == "event"]
        reader.fault(node, path, f"no event is called '{word[:60]}'{near(word, events)}")
    reader.spoil("events")
    return None


def _labels(reader: Reader, node: Tree | None, path: str, names: tuple[str, ...]) -> dict[str, str]:
    inside = reader.mapping(node, path) if node is not None else None
    labels = {}
    for key, value in inside.entries if inside is not None else ():
        if names and key.text not in names:
            reader.fault(
                key, path, f"'{key.text[:60]}' is not an outcome here ({listed(names)}){near(key.text, names)}"
            )
            continue
        text = reader.text(value, below(path, key.text))
        if text is not None:
            labels[key.text] = text
    return labels


def _rows(reader: Reader, node: Tree | None, path: str, names: tuple[str, ...]) -> tuple[ChanceRow, ...]:
    if node is None:
        return ()
    if isinstance(node, Mapping):
        return (ChanceRow(_chances(reader, node, path, node.entries, names), ALWAYS, node.place),)
    if not isinstance(node, Sequence) or not node.items:
        reader.fault(node, path, "chances are written {rain: 30%, sun: rest}, or as rows of them")
        reader.spoil("events")
        return ()
    rows = []
    for index, part in enumerate(node.items):
        here = item(path, index)
        fields = reader.fields(part, here, "chance_row", own=names)
        if fields is None:
            reader.spoil("events")
            continue
        when = reader.condition(fields.get("when"), here, rows=True)
        if when is None:
            reader.spoil("events")
        condition = when if isinstance(when, Condition) else None if when == OTHERWISE else ALWAYS
        rows.append(ChanceRow(_chances(reader, part, here, tuple(fields.own), names), condition, part.place))
    return tuple(rows)


def _chances(
    reader: Reader, node: Tree, path: str, entries: tuple[tuple[Scalar, Tree], ...], names: tuple[str, ...]
) -> tuple[Value | None, ...]:
    found: dict[str, Value | None] = {}
    rests = 0
    whole = True
    for key, value in entries:
        if names and key.text not in names:
            reader.fault(
                key, path, f"'{key.text[:60]}' is not an outcome here ({listed(names)}){near(key.text, names)}"
            )
            whole = False
            continue
        if isinstance(value, Scalar) and value.text == "rest":
            rests += 1
            found[key.text] = None
            continue
        chance = reader.chance(value, below(path, key.text))
        whole = whole and chance is not None
        found[key.text] = chance
    if rests > 1:
        reader.fault(node, path, "'rest' stands once; give the other outcomes their chances")
        whole = False
    missing = [name for name in names if name not in found]
    if missing and whole:
        reader.fault(node, path, f"no chance for '{missing[0]}'; add '{missing[0]}: 0%' if it cannot happen here")
        whole = False
    if not whole or not found:
        # Sums would only tell consequences; the outcomes themselves are known.
        reader.spoil(path)
    return tuple(found.get(name) for name in names)


def _beliefs(reader: Reader, node: Tree | None, path: str, names: tuple[str, ...]) -> dict[str, tuple[ChanceRow, ...]]:
    inside = reader.mapping(node, path) if node is not None else None
    beliefs = {}
    for key, value in inside.entries if inside is not None else ():
        if reader.is_player(key, path, key.text):
            beliefs[key.text] = _rows(reader, value, below(path, key.text), names)
    return beliefs
