"""The JSON document of an analysis, and its schema.

The document is the `Analysis` as plain data with three changes: `scenario` leads with title and sha256, each of the
`options` carries its label, plan and values beside its role, and numbers are rounded to 12 significant digits, so that
the same analysis gives the same bytes on every machine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from gamecore.advice.analysis import Analysis, Candidate, Option
from gamecore.advice.conflict_facts import ConflictAnalysis

__all__ = ["document", "plain", "schema"]

DIGITS: Final = 12  # significant digits of numbers in a document


def document(analysis: Analysis) -> dict[str, Any]:
    """The document of `analyse --json`."""
    data: dict[str, Any] = plain(analysis)
    data["options"] = [_option(analysis, option) for option in analysis.options]
    chosen = analysis.recommendation.candidate
    nothing = "No agreement" if analysis.disagreement is not None else "No plan holds by itself"
    data["recommendation"]["label"] = analysis.candidate(chosen).label if chosen is not None else nothing
    return data


def _option(analysis: Analysis, option: Option) -> dict[str, Any]:
    candidate: Candidate = analysis.candidate(option.candidate)
    data: dict[str, Any] = plain(option)
    data["label"] = candidate.label
    data["plan"] = {step.decision: step.choice for step in candidate.steps}
    data["values"] = {standing.player: plain(standing.value) for standing in candidate.standings}
    data["ranks"] = {standing.player: standing.rank for standing in candidate.standings}
    return data


def plain(value: Any) -> Any:
    """A frozen value as plain data: dictionaries, lists, texts, numbers rounded to 12 significant digits."""
    if isinstance(value, float):
        return _rounded(value)
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def _rounded(value: float) -> float:
    rounded = float(f"{value:.{DIGITS}g}")
    return 0.0 if rounded == 0 or abs(rounded) < 1e-12 else rounded


# ---- the schema ----------------------------------------------------------------------------------------------------


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `document`, made from the types of `Analysis`; of a conflict, which has
    a `kind`.
    """
    definitions: dict[str, Any] = {}
    root = _schema_of(Analysis, definitions)
    conflict = _schema_of(ConflictAnalysis, definitions)
    definitions["ConflictAnalysis"]["properties"]["kind"] = {"const": "conflict"}
    definitions["ConflictAnalysis"]["required"].append("kind")
    option = definitions["Option"]
    spread = {"$ref": "#/$defs/Spread"}
    option["properties"] |= {
        "label": {"type": "string"},
        "plan": {"type": "object", "additionalProperties": {"type": "string"}},
        "values": {"type": "object", "additionalProperties": spread},
        "ranks": {"type": "object", "additionalProperties": {"type": "integer"}},
    }
    option["required"] += ["label", "plan", "values", "ranks"]
    definitions["Recommendation"]["properties"]["label"] = {"type": "string"}
    definitions["Recommendation"]["required"].append("label")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Gamecore analysis",
        "anyOf": [root, conflict],
        "$defs": definitions,
    }


def _schema_of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    simple = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
    if kind in simple:
        return {"type": simple[kind]}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [item.value for item in kind]}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        name = kind.__name__
        if name not in definitions:
            definitions[name] = {}
            hints = get_type_hints(kind)
            definitions[name].update(
                {
                    "type": "object",
                    "description": (kind.__doc__ or name).split("\n\n")[0].replace("\n", " "),
                    "properties": {
                        item.name: _schema_of(hints[item.name], definitions) for item in dataclasses.fields(kind)
                    },
                    "required": [item.name for item in dataclasses.fields(kind)],
                    "additionalProperties": False,
                }
            )
        return {"$ref": f"#/$defs/{name}"}
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return {"anyOf": [_schema_of(item, definitions) for item in arguments]}
    if origin in {tuple, frozenset} and (origin is frozenset or (len(arguments) == 2 and arguments[1] is Ellipsis)):
        return {"type": "array", "items": _schema_of(arguments[0], definitions)}
    if origin is tuple:
        items = [_schema_of(item, definitions) for item in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    return {"type": "object", "additionalProperties": _schema_of(arguments[1], definitions)}
