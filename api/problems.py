"""The one error body of the service: RFC 9457 `application/problem+json`, for every route and every status.

::

    type      urn:gamecore:problem:<kind>      what kind of problem; see KINDS
    title     a few words, the same for every problem of the kind
    status    the HTTP status
    detail    what is wrong here, and how to mend it
    instance  urn:uuid:..., for a fault of ours also in the service's log
    faults    [{line, column, path, message}]: the places, as the command line prints them; [] if there are none
    limit     the name of the limit that refused the request, or null; then `allowed` and `count` if known

A place in the scenario has its line and column; a fault of a query parameter has line and column 0 and the path
`query.seed`.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.solving.messages import WorkerError
from api.solving.pool import BusyError, StoppedError
from gamecore.errors import (
    Fault,
    GamecoreError,
    OutOfTimeError,
    PageOverflowError,
    RefusedError,
    ScenarioError,
    TooLargeError,
)

__all__ = ["KINDS", "MEDIA_TYPE", "SOLVE_KINDS", "Problem", "install", "responses"]

_log = logging.getLogger("gamecore.api")

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    status: int
    title: str


KINDS: Final = {
    "request": Kind(400, "The request cannot be read"),
    "not-found": Kind(404, "There is nothing here"),
    "method": Kind(405, "This address does not know the method"),
    "not-acceptable": Kind(406, "None of the formats asked for can be made"),
    "body-too-large": Kind(413, "The request body is too large"),
    "game-too-large": Kind(413, "The game is larger than a limit allows"),
    "media-type": Kind(415, "The body's media type is not known"),
    "scenario": Kind(422, "The scenario has faults"),
    "query": Kind(422, "A query parameter is wrong"),
    "input": Kind(422, "The input is wrong"),
    "page": Kind(422, "The page does not fit"),
    "busy": Kind(429, "Too many solves at once"),
    "fault": Kind(500, "This is a fault in gamecore"),
    "out-of-time": Kind(503, "The solve took too long"),
    "stopped": Kind(503, "The service cannot solve now"),
}

# What a route that solves a scenario can meet.
SOLVE_KINDS: Final = (
    "body-too-large",
    "game-too-large",
    "media-type",
    "scenario",
    "query",
    "input",
    "busy",
    "out-of-time",
    "stopped",
)


class Problem(Exception):  # noqa: N818 - the word of the RFC
    """An error with the body above; raised by routes, made from every other exception by `install`."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        faults: Sequence[Fault] = (),
        limit: str | None = None,
        allowed: float | None = None,
        count: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.kind, self.detail, self.faults = kind, detail, tuple(faults)
        self.limit, self.allowed, self.count = limit, allowed, count
        self.headers = dict(headers or {})
        self.instance = f"urn:uuid:{uuid.uuid4()}"
        super().__init__(detail)

    @property
    def status(self) -> int:
        return KINDS[self.kind].status

    def document(self) -> dict[str, Any]:
        """The body, as plain data."""
        document: dict[str, Any] = {
            "type": f"urn:gamecore:problem:{self.kind}",
            "title": KINDS[self.kind].title,
            "status": self.status,
            "detail": self.detail,
            "instance": self.instance,
            "faults": [
                {"line": fault.line, "column": fault.column, "path": fault.path, "message": fault.message}
                for fault in self.faults
            ],
            "limit": self.limit,
        }
        document |= {"allowed": self.allowed} if self.allowed is not None else {}
        return document | ({"count": self.count} if self.count is not None else {})

    def response(self) -> Response:
        """The answer to send."""
        body = json.dumps(self.document(), ensure_ascii=False).encode("utf-8", "backslashreplace")
        return Response(body, self.status, self.headers, MEDIA_TYPE)


def of(error: BaseException) -> Problem:
    """The problem any exception is to the one who asked."""
    match error:
        case Problem():
            return error
        case ScenarioError():
            number = len(error.faults)
            detail = "1 fault; mend it and try again" if number == 1 else f"{number} faults; mend them and try again"
            return Problem("scenario", detail, faults=error.faults)
        case TooLargeError():
            return Problem("game-too-large", str(error), **_limit(error))
        case OutOfTimeError():
            return Problem("out-of-time", str(error), **(_limit(error) | {"limit": "solve_seconds"}))
        case PageOverflowError():
            fault = Fault(0, 0, f"page.{error.block}", "shorten this block")
            return Problem("page", str(error), faults=[fault], limit=error.limit)
        case RefusedError():
            return Problem("game-too-large", str(error), **_limit(error))
        case GamecoreError() if error.exit_code == 2:
            return Problem("input", str(error))
        case BusyError():
            detail = f"all workers are busy and the queue is full; try again in {error.retry_after} seconds"
            return Problem("busy", detail, limit="solves_at_once", headers={"Retry-After": str(error.retry_after)})
        case StoppedError():
            return Problem("stopped", f"{error}; try again soon", headers={"Retry-After": "5"})
        case HTTPException():
            return _of_http(error)
        case RequestValidationError():
            return _of_validation(error)
    return _fault(error)


def _limit(error: RefusedError) -> dict[str, Any]:
    return {"limit": error.limit or None, "allowed": error.allowed, "count": error.count}


def _of_http(error: HTTPException) -> Problem:
    """Errors the framework raises by itself."""
    headers = dict(error.headers or {})
    if error.status_code == 404:
        return Problem("not-found", "the addresses of this service are listed in /openapi.json", headers=headers)
    if error.status_code == 405:
        detail = f"use {headers['Allow']}" if "Allow" in headers else "use another method"
        return Problem("method", detail, headers=headers)
    if error.status_code < 500:
        return Problem("request", "the request cannot be read", headers=headers)
    return _fault(error)


def _of_validation(error: RequestValidationError) -> Problem:
    """Query parameters that are not what they must be. What was sent is not repeated."""
    faults = [
        Fault(0, 0, ".".join(str(part) for part in item["loc"] if not isinstance(part, int)), item["msg"])
        for item in error.errors()
    ]
    return Problem("query", "; ".join(f"{fault.path}: {fault.message}" for fault in faults), faults=faults)


def _fault(error: BaseException) -> Problem:
    """A fault of ours: the caller learns a number to quote, the log learns where; neither learns the scenario."""
    problem = Problem("fault", "the scenario is not to blame; report the instance to whoever runs the service")
    where = error if isinstance(error, WorkerError) else WorkerError(type(error).__name__, _stack(error))
    _log.error("%s %s", problem.instance, where)
    return problem


def _stack(error: BaseException) -> tuple[str, ...]:
    import traceback

    return tuple(f"{item.filename}:{item.lineno}" for item in traceback.extract_tb(error.__traceback__))


def install(app: FastAPI) -> None:
    """Give every exception of an app the one error body."""

    async def answer(_: Request, error: Exception) -> Response:
        return of(error).response()

    for kind in (Problem, GamecoreError, BusyError, StoppedError, WorkerError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, answer)


def responses(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI descriptions of the problems a route can answer with, one for each status."""
    found: dict[int | str, dict[str, Any]] = {}
    for name in (*kinds, "fault"):
        kind = KINDS[name]
        entry = found.setdefault(
            kind.status,
            {"description": "", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
        )
        entry["description"] = "; or: ".join(part for part in (entry["description"], kind.title) if part)
    return found
