"""The routes that answer a question with a document, one row each: a scenario in, what the command prints with `--json`
out. Nothing is kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from api.bodies import scenario_body
from api.openapi import json_answer, scenario_request
from api.problems import SOLVE_KINDS, responses
from api.routes.query import (
    AnalysisQuery,
    CashQuery,
    InformationQuery,
    LeverQuery,
    MapQuery,
    SolutionQuery,
    TornadoQuery,
    WaitingQuery,
)
from api.routes.solving import solved
from api.solving.messages import Task

__all__ = ["QUESTIONS", "Question", "router"]


@dataclass(frozen=True)
class Question:
    """A route: the `task` of the worker, the `command` that gives the same document, the parameters.

    `schema` names the document's schema where there is one; `games` says that Gambit's files are taken too.
    """

    path: str
    task: str
    command: str
    summary: str
    query: type[LeverQuery]
    schema: str | None = None
    games: bool = False


QUESTIONS: Final = (
    Question("/v1/analyses", "analysis", "analyse", "Solve a scenario", AnalysisQuery, schema="Analysis"),
    Question("/v1/tornados", "tornado", "tornado", "What moves the value, and where the outcome changes", TornadoQuery),
    Question("/v1/maps", "map", "map", "The outcome for every pair of values of two inputs", MapQuery),
    Question("/v1/information", "information", "information", "What it is worth to know more", InformationQuery),
    Question("/v1/waiting", "waiting", "waiting", "What waiting is worth, and why", WaitingQuery),
    Question("/v1/cash-flows", "cash", "cashflow", "Every cash flow by year and source", CashQuery),
    Question("/v1/solutions", "solution", "solve", "A game and its equilibria", SolutionQuery, games=True),
)

router = APIRouter()


def _answering(question: Question) -> Callable[..., Awaitable[Response]]:
    async def answer(request: Request, query: LeverQuery) -> Response:
        options = query.options(request)
        body = await scenario_body(request)
        return Response(await solved(request, Task(question.task, options, body)), media_type="application/json")

    # The framework reads the parameters off the annotations.
    annotations: dict[str, Any] = {"request": Request, "query": Annotated[question.query, Query()]}
    answer.__annotations__ = annotations | {"return": Response}
    return answer


for _question in QUESTIONS:
    router.add_api_route(
        _question.path,
        _answering(_question),
        methods=["POST"],
        name=_question.task,
        summary=_question.summary,
        description=f"The same document as `gamecore {_question.command} --json`. The same input gives the same bytes.",
        openapi_extra=scenario_request(games=_question.games),
        response_class=Response,
        responses={
            200: json_answer(_question.summary, _question.schema),
            **responses(*SOLVE_KINDS),
        },
    )
