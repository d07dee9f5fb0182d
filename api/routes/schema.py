"""`GET /v1/schema`: the JSON Schema of the scenario file, or of the analysis document."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.openapi import json_answer
from api.problems import responses
from api.routes.query import SchemaQuery
from api.routes.solving import solved
from api.solving.messages import Task

router = APIRouter()

MEDIA_TYPE = "application/schema+json"


@router.get(
    "/v1/schema",
    summary="The JSON Schema of scenario or analysis",
    description="Editors use the scenario's for completion.",
    response_class=Response,
    responses={
        200: json_answer("The schema", None, media_type=MEDIA_TYPE),
        **responses("query", "busy", "out-of-time", "stopped"),
    },
)
async def schema(request: Request, query: Annotated[SchemaQuery, Query()]) -> Response:
    """Told once by a worker, kept from then on."""
    known: dict[str, bytes] = request.app.state.schemas
    if query.of not in known:
        known[query.of] = await solved(request, Task("schema", {"of": query.of}))
    return Response(known[query.of], media_type=MEDIA_TYPE)
