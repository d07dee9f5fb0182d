"""What a worker can do with a scenario: check it, analyse it, write its brief, tell the schemas.

Each task takes plain options and the bytes of a scenario and gives bytes that are sent as they are. Exceptions are the
core's own.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from gamecore.errors import ScenarioError

if TYPE_CHECKING:
    from gamecore.advice.analysis import Analysis
    from gamecore.model import Scenario
    from gamecore.pipeline import Settings

__all__ = ["HANDLERS", "warm_up"]

_log = logging.getLogger("gamecore.api")


def analysis(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore analyse --json`. Options: seed, draws, levers, limits, sampling."""
    from gamecore.pipeline import analysis_document

    return _json(analysis_document(_analysed(options, body)))


def brief(options: Mapping[str, Any], body: bytes) -> bytes:
    """The page. Options: those of `analysis`, and format, copy, paper, date."""
    from gamecore.brief import render

    return render(
        _analysed(options, body),
        options["format"],
        copy=options["copy"],
        paper=options["paper"],
        date=options["date"],
    )


def check(options: Mapping[str, Any], body: bytes) -> bytes:  # noqa: ARG001 - every task takes options
    """Whether a scenario can be read: its faults, or what it holds. Faults are the answer here, no error."""
    from gamecore.cli.summary import summary

    try:
        scenario = _read(body)
    except ScenarioError as error:
        faults = [
            {"line": fault.line, "column": fault.column, "path": fault.path, "message": fault.message}
            for fault in error.faults
        ]
        return _json({"valid": False, "faults": faults, "summary": None})
    return _json({"valid": True, "faults": [], "summary": summary(scenario)})


def schema(options: Mapping[str, Any], body: bytes) -> bytes:  # noqa: ARG001 - every task takes a body
    """A JSON Schema. Options: `of`, which is scenario or analysis."""
    if options["of"] == "analysis":
        from gamecore.pipeline import analysis_schema

        return _json(analysis_schema())
    from gamecore.scenario import json_schema

    return _json(json_schema())


HANDLERS: Final = {"analysis": analysis, "brief": brief, "check": check, "schema": schema}


def warm_up() -> None:
    """Load every library a request needs, by walking the whole path once."""
    from api.examples import YAML

    options = {"seed": 1, "draws": 100, "levers": [], "limits": {}}
    page = {"format": "pdf", "copy": "internal", "paper": "a4", "date": None}
    try:
        analysis(options, YAML)
        brief(options | page, YAML)
    except Exception:  # noqa: BLE001 - a cold worker is slower, no less right
        _log.exception("the warm-up failed")


def _analysed(options: Mapping[str, Any], body: bytes) -> Analysis:
    from gamecore.cli.levers import pulled
    from gamecore.pipeline import analyse

    return analyse(pulled(_read(body), options["levers"]), _settings(options))


def _settings(options: Mapping[str, Any]) -> Settings:
    from gamecore.pipeline import Limits, Settings

    asked = {name: options[name] for name in ("seed", "draws", "sampling") if name in options}
    return Settings(**asked, limits=replace(Limits(), **options["limits"]))


def _read(body: bytes) -> Scenario:
    from gamecore.scenario import read_scenario

    return read_scenario(body, file="scenario")


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
