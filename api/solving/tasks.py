"""What a worker can do with a scenario: check it, analyse it, write its brief, answer what else is asked of it; and
tell the schemas.

Each task takes plain options and the bytes of a scenario and gives bytes that are sent as they are. Exceptions are the
core's own.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from gamecore.errors import RefusedError, ScenarioError

if TYPE_CHECKING:
    from gamecore.advice.analysis import Analysis
    from gamecore.advice.conflict_facts import ConflictAnalysis
    from gamecore.model import Scenario
    from gamecore.pipeline import Settings
    from gamecore.solving import Answer

__all__ = ["HANDLERS", "warm_up"]

_log = logging.getLogger("gamecore.api")


def analysis(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore analyse --json`. Options: levers, limits, seed, draws, sampling."""
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
    from gamecore.questions.summary import summary

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


def tornado(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore tornado --json`. Options: levers, limits, seed, draws, player, proposes."""
    from gamecore.advice.sensitivity import sensitivity_document
    from gamecore.questions.sensitivity import tornado_found

    scenario, settings = _pulled(options, body), _settings(options)
    found = tornado_found(scenario, settings, player=options["player"], proposes=options["proposes"])
    return _json(sensitivity_document(*found))


def outcome_map(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore map --json`. Options: levers, limits, seed, draws, x, y, proposes, steps."""
    from gamecore.advice.sensitivity import sensitivity_document
    from gamecore.questions.sensitivity import map_found
    from gamecore.questions.writing import axis

    x, y = (axis(options[name], name) for name in ("x", "y"))
    scenario, settings = _pulled(options, body), _settings(options)
    found = map_found(scenario, settings, x, y, proposes=options["proposes"], steps=options["steps"])
    return _json(sensitivity_document(*found))


def information(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore information --json`. Options: levers, seed, draws, sampling, about, accuracy,
    seen_by.
    """
    from gamecore.advice.weighing import information_document
    from gamecore.questions.writing import chance
    from gamecore.robustness.information import value_of_information

    accuracy = None if options["accuracy"] is None else chance(options["accuracy"], "accuracy")
    scenario = _pulled(options, body)
    asked = _named(options, "about", "seen_by", "draws", "seed", "sampling")
    return _json(information_document(scenario, value_of_information(scenario, accuracy=accuracy, **asked)))


def waiting(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore waiting --json`. Options: levers, seed, draws, sampling, now, wait, same."""
    from gamecore.advice.weighing import waiting_document
    from gamecore.robustness.ways_to_wait import ways_to_wait

    scenario = _pulled(options, body)
    ways = ways_to_wait(scenario, **_named(options, "now", "wait", "same", "draws", "seed", "sampling"))
    return _json(waiting_document(scenario, ways, **_named(options, "draws", "seed")))


def cash(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore cashflow --json`. Options: levers, limits, option, when, player."""
    from gamecore.questions.cash import cash_document, cash_found

    scenario = _pulled(options, body)
    found = cash_found(scenario, _settings(options), **_named(options, "option", "when", "player"))
    return _json(cash_document(scenario, found))


def compromise(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore compromise --json`. Options: levers, limits, decision, rule, weights, lotteries,
    from.
    """
    from gamecore.questions.compromise import compromise_document, compromise_found

    asked = _named(options, "decision", "rule", "weights", "lotteries")
    scenario = _pulled(options, body)
    return _json(compromise_document(compromise_found(scenario, _settings(options), start=options["from"], **asked)))


def levers(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore levers --json`. Options: levers, limits, seed, draws, target, pairs, player."""
    from gamecore.questions.lever_document import changes_document, changes_found

    scenario, settings = _pulled(options, body), _settings(options)
    return _json(
        changes_document(changes_found(scenario, settings, **_named(options, "target", "pairs", "player", "draws")))
    )


def partner(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore partner --json`, or the partner's page. Options: those of `analysis`, and player,
    format (`document`, or that of a page), copy, paper, date.
    """
    from gamecore.questions.partner import check_copy, partner_document, partner_found, partner_page

    check_copy(options["copy"], "copy")
    found = partner_found(_pulled(options, body), _settings(options), player=options["player"])
    if options["format"] == "document":
        return _json(partner_document(found))
    return partner_page(found, options["format"], paper=options["paper"], date=options["date"]).content


def solution(options: Mapping[str, Any], body: bytes) -> bytes:
    """The document of `gamecore solve --json`. Options: levers, limits, limit (seconds), type, form, explain,
    second_opinion, also, seed.

    Solvers stop by themselves in time; what they did not get to is told in the document.

    Raises
    ------
    RefusedError
        If there is nothing to tell within the limits.
    """
    from gamecore.questions.games import in_deep_thread

    answer = in_deep_thread(lambda: _solved(options, body))
    if answer.status == "refused":
        raise answer.refusal or RefusedError("; ".join(answer.notes))
    return _json(answer.document())


HANDLERS: Final = {
    "analysis": analysis,
    "brief": brief,
    "cash": cash,
    "check": check,
    "compromise": compromise,
    "information": information,
    "levers": levers,
    "map": outcome_map,
    "partner": partner,
    "schema": schema,
    "solution": solution,
    "tornado": tornado,
    "waiting": waiting,
}


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


def _analysed(options: Mapping[str, Any], body: bytes) -> Analysis | ConflictAnalysis:
    from gamecore.pipeline import analysis_of

    return analysis_of(_pulled(options, body), _settings(options))


def _solved(options: Mapping[str, Any], body: bytes) -> Answer:
    from gamecore.pipeline import solving_limits
    from gamecore.questions.games import SOFT_SHARE, kind_by_word, read_gambit
    from gamecore.solving import solve

    begun = time.monotonic()
    kind = options["type"] or kind_by_word(body)
    game = _pulled(options, body) if kind == "yaml" else read_gambit(body, "game", options["levers"], "lever")
    left = max(0.05, SOFT_SHARE * options["limit"] - (time.monotonic() - begun))
    limits = replace(solving_limits(_settings(options)), seconds=left)
    asked = _named(options, "form", "explain", "second_opinion", "seed")
    return solve(game, limits, also=options["also"] or (), **asked)


def _settings(options: Mapping[str, Any]) -> Settings:
    from gamecore.pipeline import Limits, Settings

    asked = {name: options[name] for name in ("seed", "draws", "sampling") if name in options}
    return Settings(**asked, limits=replace(Limits(), **options["limits"]))


def _pulled(options: Mapping[str, Any], body: bytes) -> Scenario:
    from gamecore.questions.levers import pulled

    return pulled(_read(body), options["levers"])


def _named(options: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: options[name] for name in names}


def _read(body: bytes) -> Scenario:
    from gamecore.scenario import read_scenario

    return read_scenario(body, file="scenario")


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
