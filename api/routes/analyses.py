"""`POST /v1/analyses`: a scenario in, the analysis document out. Nothing is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.bodies import scenario_body
from api.openapi import json_answer, scenario_request
from api.problems import SOLVE_KINDS, responses
from api.routes.query import AnalysisQuery
from api.routes.solving import solved
from api.solving.messages import Task

router = APIRouter()


@router.post(
    "/v1/analyses",
    summary="Solve a scenario",
    description="The same document as `gamecore analyse --json`. The same input gives the same bytes.",
    openapi_extra=scenario_request(),
    response_class=Response,
    responses={
        200: json_answer("The analysis", "Analysis"),
        **responses(*SOLVE_KINDS),
    },
)
async def analyse(request: Request, query: Annotated[AnalysisQuery, Query()]) -> Response:
    """Read, solve, answer."""
    options = query.options(request)
    body = await scenario_body(request)
    answer = await solved(request, Task("analysis", options, body))
    return Response(answer, media_type="application/json")
