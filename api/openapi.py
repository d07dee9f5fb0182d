"""The OpenAPI document: media types of the scenario body, one example, the problems, and the core's own schemas.

FastAPI describes the queries; the bodies are the core's, so their schemas come from the core and are put under
`components/schemas` with their `$defs`.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import examples
from api.bodies import MEDIA_TYPES

__all__ = ["binary_answers", "json_answer", "scenario_request", "use"]

_DESCRIPTION: Final = """Turns a negotiation, written as players, options, timing and payoffs, into solved games and a
one-page brief with three options and a recommendation.

A scenario is sent as YAML or JSON in the request body. Every error has one body, `application/problem+json` (RFC 9457),
with the faults of the scenario and their places, or the name of the limit that was met.
Nothing that is sent is kept."""

_PROBLEM: Final = {
    "title": "Problem",
    "description": "RFC 9457, with the faults and the limit as extensions.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "faults", "limit"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri"},
        "faults": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        "limit": {"type": ["string", "null"], "description": "The limit that was met."},
        "allowed": {"type": "number", "description": "What that limit allows."},
        "count": {"type": "number", "description": "What was asked for."},
    },
    "example": {
        "type": "urn:gamecore:problem:scenario",
        "title": "The scenario has faults",
        "status": 422,
        "detail": "1 fault; mend it and try again",
        "instance": "urn:uuid:8d2f3c0e-6d0f-4d3a-9a55-0f6a5e1f7b11",
        "faults": [
            {
                "line": 43,
                "column": 18,
                "path": "decisions.january.when",
                "message": "'wiat' is not an option of 'plan' (start, wait); did you mean 'wait'?",
            }
        ],
        "limit": None,
    },
}

_FAULT: Final = {
    "title": "Fault",
    "type": "object",
    "required": ["line", "column", "path", "message"],
    "properties": {
        "line": {"type": "integer", "minimum": 0, "description": "From 1; 0 if the fault is not in the scenario."},
        "column": {"type": "integer", "minimum": 0},
        "path": {"type": "string"},
        "message": {"type": "string"},
    },
}

_CHECK: Final = {
    "title": "Check",
    "type": "object",
    "required": ["valid", "faults", "summary"],
    "properties": {
        "valid": {"type": "boolean"},
        "faults": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        "summary": {"type": ["object", "null"], "description": "What was read; null if there are faults."},
    },
}


def scenario_request(*, games: bool = False) -> dict[str, Any]:
    """The request body of a route that takes a scenario; with `games`, files of Gambit's as text too."""
    text = {"example": {"summary": "A small joint decision", "value": examples.YAML.decode()}}
    game = {"game": {"summary": "A game of Gambit's", "value": examples.NFG}}
    data = {"example": {"summary": "A small joint decision", "value": examples.as_json()}}
    schema = {"$ref": "#/components/schemas/Scenario"}
    content = {
        name: {"schema": schema, "examples": data}
        if name == "application/json"
        else {"schema": {"type": "string", "description": "YAML 1.2, UTF-8"}, "examples": text}
        for name in MEDIA_TYPES
    }
    if games:
        written = {"type": "string", "description": "YAML 1.2, .nfg or .efg; UTF-8"}
        content["text/plain"] = {"schema": written, "examples": text | game}
    what = "The scenario, or the game" if games else "The scenario"
    return {"requestBody": {"required": True, "description": what, "content": content}}


def json_answer(description: str, name: str | None, media_type: str = "application/json") -> dict[str, Any]:
    """A 200 with a document of the named schema."""
    schema = {"$ref": f"#/components/schemas/{name}"} if name else {"type": "object"}
    return {"description": description, "content": {media_type: {"schema": schema}}}


def binary_answers(description: str, media_types: tuple[str, ...]) -> dict[str, Any]:
    """A 200 in one of several formats."""
    kinds: dict[str, dict[str, Any]] = {"application/json": {"type": "object"}}
    text = {"type": "string"}
    content = {name: {"schema": kinds.get(name, text if name.startswith("text/") else {})} for name in media_types}
    headers = {"Content-Disposition": {"schema": {"type": "string"}}, "Vary": {"schema": {"type": "string"}}}
    return {"description": description, "headers": headers, "content": content}


def use(app: FastAPI) -> None:
    """Let the app describe itself so; the document is made when it is first asked for."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign] # the way the framework's manual gives


def _document(app: FastAPI) -> dict[str, Any]:
    from gamecore.pipeline import analysis_schema
    from gamecore.scenario import json_schema

    document = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas |= {"Problem": _PROBLEM, "Fault": _FAULT, "Check": _CHECK}
    schemas |= _hoisted("Scenario", json_schema()) | _hoisted("Analysis", analysis_schema())
    for path in document["paths"].values():
        for operation in path.values():
            # What the framework adds to every route with a query; ours has the one error body.
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            answer = operation["responses"].get("422", {})
            answer.get("content", {}).pop("application/json", None)
    return document


def _hoisted(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema as components: itself under `name`, each of its `$defs` under `name.definition`."""

    def moved(part: Any) -> Any:
        if isinstance(part, dict):
            return {
                key: _reference(name, value) if key == "$ref" and isinstance(value, str) else moved(value)
                for key, value in part.items()
                if key not in {"$defs", "$schema", "$id"}
            }
        return [moved(item) for item in part] if isinstance(part, list) else part

    definitions = {f"{name}.{key}": moved(value) for key, value in schema.get("$defs", {}).items()}
    return {name: moved(schema), **definitions}


def _reference(name: str, reference: str) -> str:
    if reference == "#":
        return f"#/components/schemas/{name}"
    return reference.replace("#/$defs/", f"#/components/schemas/{name}.", 1)
