"""`POST /v1/briefs`: a scenario in, the one-page brief out, in the format the `Accept` header asks for."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from api.bodies import scenario_body
from api.negotiation import choose
from api.openapi import binary_answers, scenario_request
from api.problems import SOLVE_KINDS, Problem, responses
from api.routes.query import BriefQuery
from api.routes.solving import solved
from api.solving.messages import Task

router = APIRouter()

# The first is what a client without a wish gets.
FORMATS: Final = {
    "application/pdf": "pdf",
    "text/html": "html",
    "text/markdown": "md",
    "image/png": "png",
    "application/json": "json",
}


@router.post(
    "/v1/briefs",
    summary="Write the one-page brief of a scenario",
    description="PDF, HTML, Markdown, PNG or JSON, whichever `Accept` prefers; PDF if it has no wish.",
    openapi_extra=scenario_request(),
    response_class=Response,
    responses={
        200: binary_answers("The brief", tuple(FORMATS)),
        **responses("not-acceptable", *SOLVE_KINDS, "page"),
    },
)
async def write(request: Request, query: Annotated[BriefQuery, Query()]) -> Response:
    """Read, solve, write the page."""
    media_type = choose(", ".join(request.headers.getlist("accept")), tuple(FORMATS))
    if media_type is None:
        raise Problem("not-acceptable", f"a brief can be had as {', '.join(FORMATS)}")
    options = query.options(request) | {"format": FORMATS[media_type]}
    body = await scenario_body(request)
    answer = await solved(request, Task("brief", options, body))
    # The name is ours: nothing of the scenario stands in a header.
    headers = {"Content-Disposition": f'inline; filename="brief.{FORMATS[media_type]}"', "Vary": "Accept"}
    return Response(answer, headers=headers, media_type=media_type)
