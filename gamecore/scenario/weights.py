"""Criteria: lines with a `weight` for each player, whose payoff is then the weighted mean of its scores."""

from __future__ import annotations

from gamecore.model import Formula, Line, Range, Value
from gamecore.scenario.reader import Fields, Reader
from gamecore.scenario.tree import Mapping, Scalar, below

__all__ = ["check_weights", "read_weights"]


def read_weights(reader: Reader, fields: Fields) -> dict[str, Value]:
    """`weight: {clinical: 60, finance: 10}`, or one weight for all: `weight: 30`."""
    node = fields.get("weight")
    path = below(fields.path, "weight")
    if node is None:
        return {}
    parts = [(key.text, value) for key, value in node.entries] if isinstance(node, Mapping) else []
    if isinstance(node, Scalar):
        parts = [(player, node) for player in reader.names.players]
    elif not isinstance(node, Mapping):
        reader.fault(node, path, "write what the criterion weighs for each player: {clinical: 60, finance: 10}")
    weights: dict[str, Value] = {}
    for player, value in parts:
        key = node.key(player) if isinstance(node, Mapping) else None
        if key is not None and not reader.is_player(key, path, player):
            continue
        weight = reader.value(value, below(path, player))
        if weight is None:
            continue
        low = weight.low if isinstance(weight, Range) else weight.constant
        if low is not None and low < 0:
            reader.fault(value, below(path, player), "a weight is at least 0")
        weights[player] = weight
    if isinstance(node, Mapping):
        for player in reader.names.players:
            if node.key(player) is None:
                reader.fault(node, path, f"no weight for '{player}'; add '{player}: 0' if it does not count")
    return weights


def check_weights(reader: Reader, lines: dict[str, Line]) -> None:
    """Every line has a weight or none has, in one unit, and somebody's weights are not all zero."""
    written = {name: _weight(reader, name) for name in lines}
    weighted = [lines[name] for name, found in written.items() if found is not None]
    if not weighted:
        return
    for line in lines.values():
        if written[line.name] is None:
            told = "the other lines have a 'weight', so this one needs one too"
            reader.fault(line.place, f"payoffs.{line.name}", told)
            reader.spoil(f"payoffs.{line.name}")
    if len(weighted) < len(lines):
        return
    for player in reader.names.players:
        held = [(line, line.weights.get(player)) for line in weighted]
        plain = [(line, weight) for line, weight in held if isinstance(weight, Formula) and weight.constant is not None]
        percent = [line for line, weight in plain if "%" in weight.text]
        points = [line for line, weight in plain if "%" not in weight.text and weight.constant != 0]
        if percent and points:
            told = f"the weights of '{player}' are percentages in {percent[0].name} and points here; use one unit"
            reader.fault(points[0].place, f"payoffs.{points[0].name}.weight", told)
        elif len(plain) == len(held) and sum(weight.constant or 0 for _, weight in plain) == 0:
            told = f"the weights of '{player}' are all zero; give at least one criterion a weight"
            reader.fault(weighted[0].place, f"payoffs.{weighted[0].name}.weight", told)


def _weight(reader: Reader, line: str) -> object:
    payoffs = reader.root.get("payoffs")
    written = payoffs.get(line) if isinstance(payoffs, Mapping) else None
    return written.key("weight") if isinstance(written, Mapping) else None
