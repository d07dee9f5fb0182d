"""The parts of a programme and a deal: what may stand at which path, and reading it.

A block is held flat: every number, date and name in it by its path, such as `("phases", "phase_2", "budget")` or
`("royalties", "world", "tiers", "200")`. The block itself and the rows that change it are read by the same functions,
so whatever may be written may also be changed. What each part takes stands in `document.BLOCKS`; its kinds say here
how a key is read, whether it is a percentage, and whether times are added to it or numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Lookup
from dataclasses import replace
from typing import Final

from gamecore.model import Due, DueKind, Formula, Leaf, Number, Path, Range, Words
from gamecore.scenario.document import BLOCKS, keys_of
from gamecore.scenario.expressions import parse_number
from gamecore.scenario.reader import Fields, Reader, kind_of, listed, near
from gamecore.scenario.reference import STAGES, Published, published, suggested
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below

__all__ = [
    "NAMED_AFTER",
    "OUTSIDE",
    "PARTS",
    "SHARES",
    "START",
    "declared",
    "is_number",
    "is_percentage",
    "is_time",
    "kind_at",
    "named_figures",
    "read_at",
    "read_due",
    "read_part",
]

OUTSIDE: Final = "outside"  # who pays or receives is no player
START: Final = "start"  # a phase that follows no other
SHARES: Final = "shares"  # a part that holds players only

# Section of a block -> what each of its named parts is.
PARTS: Final = {
    "programme": {"phases": "phase", "sales": "market"},
    "deal": {
        "cost_share": "cost_share",
        "profit_share": SHARES,
        "milestones": "milestone",
        "royalties": "royalty",
        "co_promotion": "co_promotion",
        "supply": "supply",
        "gates": "gate",
    },
}
# Sections whose parts are named after something of the programme.
NAMED_AFTER: Final = {"cost_share": "phases", "profit_share": "sales", "gates": "phases"}
_PERCENTAGES: Final = frozenset({"chance", "share", "percent"})
_TIMES: Final = frozenset({"time", "length"})
_NUMBERS: Final = frozenset({"value", *_PERCENTAGES, *_TIMES})
_MILESTONE: Final = "(or: signature, launch, yearly sales above 500)"


def declared(reader: Reader, section: str) -> tuple[str, ...]:
    """The names of the phases or the markets of the file."""
    programme = reader.root.get("programme")
    inside = programme.get(section) if isinstance(programme, Mapping) else None
    return tuple(key.text for key, _ in inside.entries) if isinstance(inside, Mapping) else ()


def kind_at(block: str, path: Path) -> str | None:
    """What stands at a path: a kind of number or name, or None for a block of several values."""
    if len(path) == 1:
        key = BLOCKS[block].get(path[0])
        return key.kind if key is not None and path[0] not in PARTS[block] else None
    part = PARTS[block].get(path[0], "")
    if len(path) == 2:
        return None
    if part == SHARES:
        return "share"
    key = keys_of(part).get(path[2])
    if len(path) == 4:
        return "share"
    if key is None:
        return "share" if part == "cost_share" else "value"  # a player's share, or amount after a stop
    return None if key.kind in {"shares", "tiers"} else key.kind


def is_number(block: str, path: Path) -> bool:
    """Whether `times` and `plus` can be said of what stands at a path."""
    return kind_at(block, path) in _NUMBERS


def is_percentage(block: str, path: Path) -> bool:
    """Whether a number of a path is itself a percentage."""
    return kind_at(block, path) in _PERCENTAGES


def is_time(block: str, path: Path) -> bool:
    """Whether a path holds a date or a length of time."""
    return kind_at(block, path) in _TIMES


# ---- reading ---------------------------------------------------------------------------------------------------------


def read_at(reader: Reader, node: Tree, block: str, path: Path, told: str) -> dict[Path, Leaf]:
    """What is written at a path of a block, as leaves; `told` is the path in faults. {} if it is faulty."""
    part = PARTS[block].get(path[0], "")
    if len(path) == 1:
        return _leaf(reader, node, keys_of(block)[path[0]].kind, path, told)
    if len(path) == 2:
        fields = read_part(reader, node, part, path, told)
        return fields if fields is not None else {}
    kind = kind_at(block, path)
    if kind is None:
        kind = keys_of(part)[path[2]].kind
    return _leaf(reader, node, kind, path, told)


def read_part(reader: Reader, node: Tree, part: str, path: Path, told: str) -> dict[Path, Leaf] | None:
    """One phase, market, milestone, ...: its leaves, or None if it is no block of keys."""
    if part == SHARES:
        return _leaf(reader, node, "shares", path, told)
    own = reader.names.players if part in {"cost_share", "gate"} else None
    fields = reader.fields(node, told, part, own=own)
    if fields is None:
        return None
    leaves: dict[Path, Leaf] = {}
    for name, known in BLOCKS[part].items():
        written = fields.get(name)
        if written is not None and name != "reference":
            leaves |= _leaf(reader, written, known.kind, (*path, name), below(told, name))
    for key, value in fields.own:
        if reader.is_player(key, told, key.text):
            kind = "share" if part == "cost_share" else "value"
            leaves |= _leaf(reader, value, kind, (*path, key.text), below(told, key.text))
    if part == "cost_share":
        _tell_sum(reader, node, path, leaves, told)
        _cost_share(reader, fields)
    elif part == "phase":
        leaves |= _reference(reader, fields, path)
    elif part == "market":
        _market(reader, fields)
    elif part == "milestone":
        _milestone(reader, fields, path, leaves)
    if part in {"milestone", "royalty", "supply"}:
        _two_sides(reader, fields, ("from", "to"))
    elif part == "co_promotion":
        _two_sides(reader, fields, ("by", "with"))
    return leaves


def _leaf(reader: Reader, node: Tree, kind: str, path: Path, told: str) -> dict[Path, Leaf]:
    """The value of one key; several leaves where it holds shares or tiers."""
    found: Leaf | None
    match kind:
        case "shares":
            return _shares(reader, node, path, told)
        case "tiers":
            return _tiers(reader, node, path, told)
        case "value":
            found = reader.value(node, told)
        case "chance" | "share":
            found = reader.chance(node, told, called=f"a {kind}")
        case "percent":
            found = _multiple(reader, node, told)
        case "length":
            found = reader.length(node, told)
        case "time":
            found = reader.time(node, told)
        case "due":
            found = read_due(reader, node, told)
        case "yesno":
            said = reader.yes_no(node, told)
            found = None if said is None else Words(("yes",) if said else (), node.place)
        case _:
            found = _words(reader, node, kind, told)
    return {} if found is None else {path: found}


def _words(reader: Reader, node: Tree, kind: str, told: str) -> Words | None:
    """Names of players, phases or markets."""
    if kind in {"player", "payer"}:
        if kind == "payer" and isinstance(node, Scalar) and node.text == OUTSIDE:
            return Words((), node.place)
        word = reader.text(node, told)
        return Words((word,), node.place) if word is not None and reader.is_player(node, told, word) else None
    section = "phases" if kind == "phase_name" else "sales"
    parts = node.items if isinstance(node, Sequence) and kind == "market_names" else (node,)
    words = []
    for part in parts:
        word = reader.text(part, told)
        follows_none = word == START and section == "phases"
        if word is None or (not follows_none and not _known_part(reader, part, section, word, told)):
            return None
        words.append(word)
    return Words(tuple(words), node.place)


def _known_part(reader: Reader, at: Tree, section: str, word: str, told: str, *, more: str = "") -> bool:
    """Whether a word names a phase or a market; told if not."""
    names = declared(reader, section)
    if word in names:
        return True
    noun = "phase" if section == "phases" else "market"
    proposal = near(word, names) or (f"; there is {listed(names)}" if names else "")
    if "programme" not in reader.broken:
        reader.fault(at, told, f"no {noun} is called '{word[:60]}'{proposal}{more}")
    return False


def _multiple(reader: Reader, node: Tree, told: str) -> Leaf | None:
    """A percentage of a budget, at least 100%."""
    value = reader.value(node, told)
    low = value.low if isinstance(value, Range) else value.constant if value is not None else None
    if low is not None and low < 1:
        reader.fault(node, told, "a cap is at least 100% of the budget, such as 110%")
        return None
    return value


def _shares(reader: Reader, node: Tree, path: Path, told: str) -> dict[Path, Leaf]:
    inside = reader.mapping(node, told)
    leaves: dict[Path, Leaf] = {}
    for key, value in inside.entries if inside is not None else ():
        if not reader.is_player(key, told, key.text):
            continue
        if isinstance(value, Scalar) and value.empty:
            reader.fault(key, told, f"'{key.text}' has no value")
            continue
        leaves |= _leaf(reader, value, "share", (*path, key.text), below(told, key.text))
    if inside is not None and len(leaves) == len(inside.entries):
        _tell_sum(reader, node, path, leaves, told)
    return leaves


def _tell_sum(reader: Reader, node: Tree, path: Path, leaves: Lookup[Path, Leaf], told: str) -> None:
    """Plain shares of the players at a path must sum to 1; formulas are looked at when all is read."""
    own = [leaf for at, leaf in leaves.items() if at[:-1] == path and at[-1] in reader.names.players]
    plain = [leaf for leaf in own if isinstance(leaf, Formula) and leaf.constant is not None]
    if len(plain) < len(own) or "players" in reader.broken or not isinstance(node, Mapping):
        return
    total = sum(leaf.constant or 0 for leaf in plain)
    if total == 1:
        return
    if not own:
        two = [*reader.names.players, "diamond", "sapphire"][:2]
        reader.fault(node, told, f"give every player's share: {{{two[0]}: 60%, {two[1]}: 40%}}")
    else:
        added = " + ".join(leaf.text for leaf in plain)
        shown = f"{float(total * 100):.10g}%"
        reader.fault(node, told, f"{added} = {shown}, not 100%" if len(plain) > 1 else f"{shown}, not 100%")


def _tiers(reader: Reader, node: Tree, path: Path, told: str) -> dict[Path, Leaf]:
    inside = reader.mapping(node, told)
    leaves: dict[Path, Leaf] = {}
    previous = None
    for key, value in inside.entries if inside is not None else ():
        threshold = parse_number(key.text)
        if threshold is None or threshold < 0:
            reader.fault(key, told, f"'{key.text[:40]}' is no amount of yearly sales; write {{0: 8%, 200: 11%}}")
            return {}
        if previous is None and threshold != 0:
            reader.fault(key, told, "the first tier begins at 0: {0: 8%, 200: 11%}")
            return {}
        if previous is not None and threshold <= previous:
            reader.fault(key, told, f"tiers rise, and {key.text} does not come after what stands before it")
            return {}
        previous = threshold
        leaves |= _leaf(reader, value, "share", (*path, key.text), below(told, key.text))
    if inside is not None and not inside.entries:
        reader.fault(inside, told, "write from which yearly sales on which rate holds: {0: 8%, 200: 11%}")
    return leaves


def read_due(reader: Reader, node: Tree, told: str) -> Due | None:
    """`signature`, `launch`, `launch of world`, `start of phase_3`, `yearly sales above 500`, a date, ..."""
    text = " ".join(node.text.split()) if isinstance(node, Scalar) else ""
    if not isinstance(node, Scalar) or not text:
        reader.fault(node, told, f"a point of the programme is expected here, not {kind_of(node)} {_MILESTONE}")
        return None
    if text in {"signature", "launch"}:
        return Due(DueKind(text), text=text, place=node.place)
    pair = re.fullmatch(r"(launch|start|success|end) of (\S+)", text)
    if pair is not None:
        section = "sales" if pair[1] == "launch" else "phases"
        more = f" {_MILESTONE}" if section == "phases" else ""
        if not _known_part(reader, node, section, pair[2], told, more=more):
            return None
        if pair[1] == "end":
            reader.fault(node, told, f"write 'success of {pair[2]}': a phase that fails pays nothing")
            return None
        return Due(DueKind(pair[1]), of=pair[2], text=text, place=node.place)
    sales = re.fullmatch(r"(yearly|total) sales (?:above|over|pass) (.+)", text)
    if sales is not None:
        start = node.text.index(sales[2]) if sales[2] in node.text else 0
        at_sales = replace(node, text=sales[2], place=node.at(start))
        above = reader.value(at_sales, told)
        low = above.low if isinstance(above, Range) else above.constant if above is not None else None
        if low is not None and low < 0:
            reader.fault(at_sales, told, f"sales are never below 0; '{sales[2][:40]}' would be passed at once")
            return None
        kind = DueKind.YEARLY_SALES if sales[1] == "yearly" else DueKind.TOTAL_SALES
        return None if above is None else Due(kind, above=above, text=text, place=node.place)
    if re.match(r"(\w+ )*sales\b", text):
        reader.fault(node, told, "write 'yearly sales above 500', or 'total sales above 2000' since launch")
        return None
    if re.match(r"[a-z_ ]+$", text) and not text.startswith("date of ") and text not in reader.names.things:
        told_words = "signature, launch, start of a phase, success of a phase, yearly sales above, total sales above"
        reader.fault(node, told, f"'{text[:60]}' is no point of the programme; write {told_words}, or a date")
        return None
    at = reader.time(node, told)
    return None if at is None else Due(DueKind.DATE, at=at, text=text, place=node.place)


# ---- what a part must hold -------------------------------------------------------------------------------------------


def named_figures(node: Tree | None, phase: str) -> Published | None:
    """The published figures that a phase names: `oncology phase_2`, or `oncology` in a phase of that name."""
    if not isinstance(node, Scalar):
        return None
    return published(*_area_and_stage(node.text, phase))


def _area_and_stage(text: str, phase: str) -> tuple[str, str]:
    area, _, stage = text.strip().rpartition(" ")
    return (area, stage) if stage in STAGES else (text.strip(), phase)


def _reference(reader: Reader, fields: Fields, path: Path) -> dict[Path, Leaf]:
    """Success and length that are not written, from published figures if the phase names them."""
    node = fields.get("reference")
    if node is None:
        for key, example in (("lasts", "2 years"), ("success", "35%")):
            if fields.node.key(key) is None:
                told = f"'{key}' is missing; add '{key}: {example}', or published figures by 'reference: oncology'"
                reader.fault(fields.node, fields.path, told)
        return {}
    told = below(fields.path, "reference")
    text = reader.text(node, told)
    figures = named_figures(node, path[1])
    if text is None or figures is None:
        if text is not None:
            reader.fault(node, told, suggested(*_area_and_stage(text, path[1])))
        return {}
    leaves: dict[Path, Leaf] = {}
    if "success" not in fields:
        leaves[(*path, "success")] = Formula(f"{float(figures.success * 100):g}%", Number(figures.success), node.place)
    if "lasts" not in fields and figures.years is not None:
        leaves[(*path, "lasts")] = Formula(f"{float(figures.years):g} years", Number(figures.years), node.place)
    elif "lasts" not in fields:
        reader.fault(node, told, f"no length is published for '{text}'; add 'lasts: 2 years'")
    return leaves


def _market(reader: Reader, fields: Fields) -> None:
    made_of = [key for key in ("patients", "share", "price") if fields.node.key(key) is not None]
    if fields.node.key("peak") is None and len(made_of) < 3:
        missing = [key for key in ("patients", "share", "price") if key not in made_of]
        wanted = f"'peak', or {', '.join(missing)}" if made_of else "'peak', or 'patients', 'share' and 'price'"
        reader.fault(fields.node, fields.path, f"say what is sold a year: add {wanted}")
    elif fields.node.key("peak") is not None and made_of:
        told = f"either 'peak' or 'patients', 'share' and 'price'; '{made_of[0]}' is one too many"
        reader.fault(fields.place(made_of[0]), fields.path, told)
    for key, other, example in (("after_loe", "tail", "3 years"), ("tail", "after_loe", "20%")):
        if key in fields and fields.node.key(other) is None:
            told = f"'{key}' needs '{other}' beside it, or nothing is sold after exclusivity: add '{other}: {example}'"
            reader.fault(fields.place(key), fields.path, told)
    if fields.node.key("until") is None and fields.node.key("exclusivity") is None:
        told = (
            "say when exclusivity is lost: 'until: 15 years' in the calendar, or 'exclusivity: 12 years' from approval"
        )
        reader.fault(fields.node, fields.path, told)


def _cost_share(reader: Reader, fields: Fields) -> None:
    for key, other in (("cap", "above_cap"), ("above_cap", "cap")):
        if key in fields and fields.node.key(other) is None:
            wanted = f"{{{next(iter(reader.names.players), 'diamond')}: 100%}}" if other == "above_cap" else "110%"
            reader.fault(fields.place(key), fields.path, f"'{key}' needs '{other}' beside it: add '{other}: {wanted}'")


def _two_sides(reader: Reader, fields: Fields, keys: tuple[str, str]) -> None:
    first, second = (fields.get(key) for key in keys)
    if isinstance(first, Scalar) and isinstance(second, Scalar) and first.text == second.text:
        reader.fault(second, fields.path, f"'{keys[0]}' and '{keys[1]}' are the same")


def _milestone(reader: Reader, fields: Fields, path: Path, leaves: Lookup[Path, Leaf]) -> None:
    due = leaves.get((*path, "due"))
    if not isinstance(due, Due):
        return
    if "each_year" in fields and due.kind is not DueKind.YEARLY_SALES:
        reader.fault(fields.place("each_year"), fields.path, "'each_year' goes with 'due: yearly sales above ...'")
    if "markets" in fields and (due.of is not None or due.kind in {DueKind.SIGNATURE, DueKind.DATE}):
        told = f"'markets' says whose sales or launch count; '{due.text}' needs none"
        reader.fault(fields.place("markets"), fields.path, told)
