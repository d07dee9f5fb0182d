"""`POST /v1/checks`: is this scenario right? Faults are the answer, so the status is 200 either way."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.bodies import scenario_body
from api.openapi import json_answer, scenario_request
from api.problems import responses
from api.routes.query import NoQuery
from api.routes.solving import solved
from api.solving.messages import Task

router = APIRouter()


@router.post(
    "/v1/checks",
    summary="Check a scenario",
    description="Every fault with its line, column, path and how to mend it; or a summary of what was read.",
    openapi_extra=scenario_request(),
    response_class=Response,
    responses={
        200: json_answer("What was found", "Check"),
        **responses("body-too-large", "media-type", "query", "busy", "out-of-time", "stopped"),
    },
)
async def check(request: Request, query: Annotated[NoQuery, Query()]) -> Response:  # noqa: ARG001 - refuses parameters
    """Read and tell."""
    body = await scenario_body(request)
    return Response(await solved(request, Task("check", {}, body)), media_type="application/json")
