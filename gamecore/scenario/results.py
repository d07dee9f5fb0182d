"""What must come out: the entries under `expect`."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from gamecore.model import Condition, Expectation, Expected, Formula
from gamecore.scenario.changes import plain
from gamecore.scenario.document import EXPECTED_KINDS
from gamecore.scenario.reader import Fields, Reader, listed, near
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, item

_CONDITIONS = frozenset({"value", "choice", "outcome", "recommended", "chance", "stable", "not_stable"})
STABILITIES: Final = {
    "nash": "nash",
    "general": "gmr",
    "gmr": "gmr",
    "symmetric": "smr",
    "smr": "smr",
    "sequential": "seq",
    "seq": "seq",
    "symmetric_sequential": "sseq",
    "sseq": "sseq",
    "simultaneous": "sim",
    "sim": "sim",
    "coalition_nash": "coalition_nash",
    "coalition_general": "coalition_gmr",
    "coalition_symmetric": "coalition_smr",
    "coalition_sequential": "coalition_seq",
}
"""What may stand after `under`, and the concept it names."""
_TENTH = Fraction(1, 100)
_SPLITS = ("shapley", "nucleolus")
_PER_PLAYER: Final = "numbers per player"
_BESIDE: Final = {
    "value": (_PER_PLAYER, "within", "proposes", "lever"),
    "choice": ("if", "proposes", "lever"),
    "outcome": (_PER_PLAYER, "within", "proposes", "lever", "solution"),
    "equilibrium": ("proposes", "lever"),
    "recommended": ("lever",),
    "chance": ("is", "within", "proposes", "lever"),
    "payment": ("needed", "possible", "within", "lever"),
    "joint_value": ("is", "within", "lever"),
    "split": (_PER_PLAYER, "within", "lever"),
    "stable": ("under", "lever"),
    "not_stable": ("under", "lever"),
}
"""What is looked at beside each kind of entry: anything else would be passed over in silence."""
_OPTIONAL: Final = ("if", "lever", "proposes", "solution", "under", "within", "is", "needed", "possible")
_NEEDED: Final = {"value": (_PER_PLAYER,), "split": (_PER_PLAYER,), "payment": ("needed", "possible")}


def read_expect(reader: Reader) -> tuple[Expectation, ...]:
    """The entries in file order."""
    node = reader.root.get("expect")
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        reader.fault(node, "expect", "a list of results is expected here: - {outcome: {plan: wait}}")
        return ()
    found = []
    for index, part in enumerate(node.items):
        path = item("expect", index, "entry")
        fields = reader.fields(part, path, "expect", own=reader.names.players)
        expectation = _entry(reader, fields, part) if fields is not None else None
        if expectation is not None:
            found.append(expectation)
    return tuple(found)


def _entry(reader: Reader, fields: Fields, part: Tree) -> Expectation | None:
    path = fields.path
    kinds = [kind for kind in EXPECTED_KINDS if kind in fields]
    values, known = _values(reader, fields)
    if len(kinds) != 1:
        if not known and not kinds:
            return None  # the key that was meant is told
        told = (
            f"say what is expected, one of {', '.join(EXPECTED_KINDS)}"
            if not kinds
            else f"one of {' and '.join(kinds)}, not both"
        )
        reader.fault(part, path, told)
        return None
    kind = kinds[0]
    node = fields.get(kind)
    within = reader.number(fields.get("within"), path)
    pulled = _lever(reader, fields.get("lever"), path)
    _under(reader, kind, fields)
    _beside(reader, kind, fields)
    if within is not None and within < 0:
        reader.fault(fields.get("within") or part, path, "a distance is expected here, 0 or more")
    for extra in ("needed", "possible"):
        reader.number(fields.get(extra), path)
    return Expectation(
        kind=Expected(kind),
        condition=_condition(reader, kind, node, fields),
        profile=_profile(reader, node, path) if kind == "equilibrium" else {},
        given=reader.plain_condition(fields.get("if"), path),
        values=values,
        within=_TENTH if within is None else within,
        proposes=_proposes(reader, fields.get("proposes"), path),
        lever=_lever(reader, node, path, paying=True) if kind == "payment" else pulled,
        solution=reader.text(fields.get("solution"), path),
        probability=_wanted(reader, kind, fields),
        raw=_raw(part),
        place=part.place,
    )


def _values(reader: Reader, fields: Fields) -> tuple[dict[str, Fraction], bool]:
    """The numbers per player, and whether every key is known."""
    values: dict[str, Fraction] = {}
    known = True
    for key, value in fields.own:
        if key.text not in reader.names.players:
            known = False
            if reader.names.players_whole:
                told = f"'{key.text[:60]}' is neither a player nor a key here"
                words = [*reader.names.players, *EXPECTED_KINDS, "within", "proposes", "lever", "solution"]
                reader.fault(key, fields.path, told + near(key.text, words))
            continue
        number = reader.number(value, fields.path)
        if number is not None:
            values[key.text] = number
    return values, known


def _under(reader: Reader, kind: str, fields: Fields) -> None:
    """The concept of stability; of a state alone."""
    word = reader.text(fields.get("under"), fields.path)
    if word is None:
        return
    if kind in {"stable", "not_stable"} and word not in STABILITIES:
        node = fields.get("under") or fields.node
        told = f"'{word[:60]}' is no concept of stability ({listed(STABILITIES, 20)}){near(word, STABILITIES)}"
        reader.fault(node, fields.path, told)


def _beside(reader: Reader, kind: str, fields: Fields) -> None:
    """Keys that say nothing about this kind of entry, and numbers without which it compares nothing."""
    allowed = _BESIDE[kind]
    for name in _OPTIONAL:
        if fields.node.key(name) is not None and name not in allowed:
            kinds = listed([other for other, keys in _BESIDE.items() if name in keys])
            told = f"'{name}' says nothing beside '{kind}'; it belongs to {kinds}"
            reader.fault(fields.place(name), fields.path, told)
    if _PER_PLAYER not in allowed:
        for key, _ in fields.own:
            if key.text in reader.names.players:
                told = f"a number for '{key.text}' says nothing beside '{kind}'; leave it out"
                reader.fault(key, fields.path, told)
    there = {*(name for name in _OPTIONAL if fields.node.key(name) is not None), *([_PER_PLAYER] if fields.own else [])}
    needed = _NEEDED.get(kind, ())
    if needed and not there.intersection(needed):
        player = next(iter(reader.names.players), "player")
        told = f"{player}: 40" if needed == (_PER_PLAYER,) else "needed: 4, possible: 9"
        reader.fault(fields.place(kind), fields.path, f"say how much is expected: add '{told}'")


def _wanted(reader: Reader, kind: str, fields: Fields) -> Fraction | None:
    """What stands after `is`: an amount, or a chance."""
    if kind != "chance":
        return reader.number(fields.get("is"), fields.path)
    if fields.node.key("is") is None:
        reader.fault(fields.place(kind), fields.path, "say how often: add 'is: 66%'")
    value = reader.chance(fields.get("is"), fields.path)
    if value is None or (isinstance(value, Formula) and value.constant is not None):
        return value.constant if isinstance(value, Formula) else None
    return reader.number(fields.get("is"), fields.path)  # which says that a plain number is expected


def _raw(part: Tree) -> dict[str, object]:
    found = plain(part)
    return found if isinstance(found, dict) else {}


def _is_given(reader: Reader, fields: Fields, kind: str) -> None:
    if fields.node.key("is") is None:
        reader.fault(fields.place(kind), fields.path, "say how much is expected: add 'is: 110'")


def _condition(reader: Reader, kind: str, node: Tree | None, fields: Fields) -> Condition | None:
    path = fields.path
    if kind in _CONDITIONS:
        return reader.plain_condition(node, path)
    if kind == "joint_value" and node is not None:
        _members(reader, node, path)
        _is_given(reader, fields, kind)
    elif kind == "split":
        word = reader.text(node, path)
        if node is not None and word is not None and word not in _SPLITS:
            reader.fault(node, path, f"no split is called '{word[:60]}' ({listed(_SPLITS)}){near(word, _SPLITS)}")
    return None


def _members(reader: Reader, node: Tree, path: str) -> None:
    """Players who are together, each once."""
    parts = node.items if isinstance(node, Sequence) else (node,)
    if not parts:
        reader.fault(node, path, "say who is together: joint_value: [a, b]")
    named: list[str] = []
    for part in parts:
        word = reader.player(part, path)
        if word is not None and word in named:
            reader.fault(part, path, f"'{word}' stands twice")
        named += [word] if word is not None else []


def _proposes(reader: Reader, node: Tree | None, path: str) -> str | None:
    if isinstance(node, Scalar) and node.text in {"at_once", "each"}:
        return node.text
    return reader.player(node, path)


def _lever(reader: Reader, node: Tree | None, path: str, *, paying: bool = False) -> str | None:
    word = reader.text(node, path)
    levers = reader.root.get("levers")
    names = [key.text for key, _ in levers.entries] if isinstance(levers, Mapping) else []
    if node is None or word is None or word in names:
        found = levers.get(word) if isinstance(levers, Mapping) and word is not None else None
        if paying and node is not None and isinstance(found, Mapping) and found.key("pay") is None:
            reader.fault(node, path, f"with the lever '{word}' nobody pays: it has no 'pay'")
        return word
    reader.fault(node, path, f"no lever is called '{word[:60]}'{near(word, names)}")
    return None


def _profile(reader: Reader, node: Tree | None, path: str) -> dict[str, dict[str, str] | str]:
    inside = reader.mapping(node, path) if node is not None else None
    profile: dict[str, dict[str, str] | str] = {}
    for key, value in inside.entries if inside is not None else ():
        thing = reader.names.things.get(key.text)
        if thing is None or thing.kind not in {"decision", "agreement", "deal"}:
            if thing is not None or reader.names.things_whole:
                decisions = [
                    n for n, held in reader.names.things.items() if held.kind in {"decision", "agreement", "deal"}
                ]
                reader.fault(key, path, f"no decision is called '{key.text[:60]}'{near(key.text, decisions)}")
            continue
        parts = value.entries if isinstance(value, Mapping) else ((key, value),)
        named: dict[str, str] = {}
        for player, option in parts:
            word = option.text if isinstance(option, Scalar) else ""
            if isinstance(value, Mapping) and not reader.is_player(player, path, player.text):
                continue
            if thing.spelled(word) is None:
                told = f"'{word[:60]}' is not {thing.noun} of '{key.text}' ({listed(thing.words())})"
                reader.fault(option, path, told + near(word, thing.words()))
                continue
            named[player.text] = word
        if isinstance(value, Mapping):
            profile[key.text] = named
        elif named:
            profile[key.text] = named[key.text]
    return profile
