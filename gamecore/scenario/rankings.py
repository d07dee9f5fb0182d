"""Payoffs of which only the order is known: a ranking for every player, in one of three ways.

`best_to_worst` lists what fits each place, `priorities` are statements compared like words in a dictionary (option
prioritizing; Fang, Hipel, Kilgour & Peng 2003), `comparisons` leave open what does not follow from them.
"""

from __future__ import annotations

from typing import Final

from gamecore.model import Condition, Preferred, Ranking
from gamecore.scenario.anytime import is_anytime
from gamecore.scenario.reader import Fields, Reader, listed
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below, item

__all__ = ["WAYS", "read_rankings"]

WAYS: Final = ("best_to_worst", "priorities", "comparisons")
_PATH: Final = "payoffs.rankings"


def read_rankings(reader: Reader) -> dict[str, Ranking]:
    """The rankings of a conflict in the order of the players; faulty ones are told and marked as broken."""
    payoffs = reader.root.get("payoffs") if is_anytime(reader) else None
    node = payoffs.get("rankings") if isinstance(payoffs, Mapping) else None
    fields = reader.fields(node, _PATH, "rankings", own=reader.names.players) if node is not None else None
    if fields is None:
        if node is not None:
            reader.spoil(_PATH)
        return {}
    found: dict[str, Ranking] = {}
    for key, value in fields.own:
        if not reader.is_player(key, _PATH, key.text):
            continue
        ranking = _ranking(reader, key, value)
        if ranking is None:
            reader.spoil(below(_PATH, key.text))
        else:
            found[key.text] = ranking
    at = payoffs.key("rankings") if isinstance(payoffs, Mapping) else None
    for player in reader.names.players if reader.names.players_whole else ():
        if fields.node.key(player) is None:
            told = f"'{player}' has no ranking; add '{player}: {{best_to_worst: [...]}}'"
            reader.fault(at or fields.node, _PATH, told)
            reader.spoil(below(_PATH, player))
    return {player: found[player] for player in reader.names.players if player in found}


def _ranking(reader: Reader, key: Scalar, node: Tree) -> Ranking | None:
    path = below(_PATH, key.text)
    fields = reader.fields(node, path, "ranking")
    if fields is None:
        return None
    written = [way for way in WAYS if fields.node.key(way) is not None]
    if len(written) != 1:
        if not written:
            told = f"say what '{key.text}' likes better: add one of {', '.join(WAYS)}"
        else:
            told = f"one of {' and '.join(written)}, not both"
        reader.fault(key, path, told)
        return None
    way = written[0]
    told_before = len(reader.faults)
    conditions = _conditions(reader, fields, way) if way != "comparisons" else ()
    compared = _comparisons(reader, fields) if way == "comparisons" else ()
    if len(reader.faults) > told_before or not (conditions or compared):
        return None
    return Ranking(
        player=key.text,
        best_to_worst=conditions if way == "best_to_worst" else (),
        priorities=conditions if way == "priorities" else (),
        comparisons=compared,
        confidential=reader.yes_no(fields.get("confidential"), below(path, "confidential")),
        place=fields.place(way),
    )


def _conditions(reader: Reader, fields: Fields, way: str) -> tuple[Condition, ...]:
    node = fields.get(way)
    path = below(fields.path, way)
    if node is None:
        return ()
    if not isinstance(node, Sequence) or not node.items:
        reader.fault(node, path, "a list of conditions is expected here: - {decision: option}")
        return ()
    found = [_condition(reader, part, item(path, index, "entry")) for index, part in enumerate(node.items)]
    return tuple(condition for condition in found if condition is not None)


def _condition(reader: Reader, node: Tree | None, path: str) -> Condition | None:
    """A condition on what is decided: of the others the order of a ranking cannot depend."""
    condition = reader.plain_condition(node, path)
    if condition is None:
        return None
    for name in sorted(condition.names):
        thing = reader.names.things.get(name)
        if thing is not None and thing.kind == "event":
            reader.fault(condition.place, path, f"'{name}' is an event; a ranking compares what is decided")
            return None
    return condition


def _comparisons(reader: Reader, fields: Fields) -> tuple[Preferred, ...]:
    node = fields.get("comparisons")
    path = below(fields.path, "comparisons")
    if not isinstance(node, Sequence) or not node.items:
        if node is not None:
            reader.fault(node, path, "a list is expected here: - {better: {plan: wait}, than: {plan: start}}")
        return ()
    found = (_comparison(reader, part, item(path, index, "entry")) for index, part in enumerate(node.items))
    return tuple(one for one in found if one is not None)


def _comparison(reader: Reader, node: Tree, path: str) -> Preferred | None:
    fields = reader.fields(node, path, "comparison")
    if fields is None:
        return None
    written = [name for name in ("better", "than", "equal") if fields.node.key(name) is not None]
    if written not in (["better", "than"], ["equal"]):
        keys = listed(written) or "nothing"
        told = f"write {{better: ..., than: ...}} or {{equal: [..., ...]}}, not {keys}"
        reader.fault(node, path, told)
        return None
    if written == ["equal"]:
        both = fields.get("equal")
        if not isinstance(both, Sequence) or len(both.items) != 2:
            reader.fault(both or node, path, "two conditions are equally good: equal: [{...}, {...}]")
            return None
        pair = [_condition(reader, part, path) for part in both.items]
    else:
        pair = [_condition(reader, fields.get(name), path) for name in written]
    if pair[0] is None or pair[1] is None:
        return None
    return Preferred(pair[0], pair[1], written == ["equal"], node.place)
