"""The routes that answer a question with a document, one row each: a scenario in, what the command prints with `--json`
out. One has a page besides, in the formats of a brief, for clients whose `Accept` prefers it. Nothing is kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from api.bodies import scenario_body
from api.negotiation import choose
from api.openapi import binary_answers, json_answer, scenario_request
from api.problems import SOLVE_KINDS, Problem, responses
from api.routes.briefs import FORMATS
from api.routes.query import (
    AnalysisQuery,
    CashQuery,
    ChangesQuery,
    CompromiseQuery,
    InformationQuery,
    LeverQuery,
    MapQuery,
    PartnerQuery,
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

    `schema` names the document's schema where there is one; `games` says that Gambit's files are taken too, `page` that
    there is a page beside the document.
    """

    path: str
    task: str
    command: str
    summary: str
    query: type[LeverQuery]
    schema: str | None = None
    games: bool = False
    page: bool = False


QUESTIONS: Final = (
    Question("/v1/analyses", "analysis", "analyse", "Solve a scenario", AnalysisQuery, schema="Analysis"),
    Question("/v1/tornados", "tornado", "tornado", "What moves the value, and where the outcome changes", TornadoQuery),
    Question("/v1/maps", "map", "map", "The outcome for every pair of values of two inputs", MapQuery),
    Question("/v1/information", "information", "information", "What it is worth to know more", InformationQuery),
    Question("/v1/waiting", "waiting", "waiting", "What waiting is worth, and why", WaitingQuery),
    Question("/v1/cash-flows", "cash", "cashflow", "Every cash flow by year and source", CashQuery),
    Question("/v1/compromises", "compromise", "compromise", "What both can live with", CompromiseQuery),
    Question("/v1/levers", "levers", "levers", "What changing the game would do", ChangesQuery),
    Question("/v1/partners", "partner", "partner", "The partner's seat", PartnerQuery, page=True),
    Question("/v1/solutions", "solution", "solve", "A game and its equilibria", SolutionQuery, games=True),
)

router = APIRouter()


DOCUMENT: Final = "application/json"
PAGES: Final = {kind: format for kind, format in FORMATS.items() if kind != DOCUMENT}


def _wished(request: Request) -> str:
    """The media type that is wished for; the document if nothing is."""
    kinds = (DOCUMENT, *PAGES)
    found = choose(", ".join(request.headers.getlist("accept")), kinds)
    if found is None:
        raise Problem("not-acceptable", f"an answer can be had as {', '.join(kinds)}")
    return found


def _answer_of(question: Question) -> dict[str, Any]:
    """The 200 in the description of the service."""
    if not question.page:
        return json_answer(question.summary, question.schema)
    return binary_answers(question.summary, (DOCUMENT, *PAGES))


def _answering(question: Question) -> Callable[..., Awaitable[Response]]:
    async def answer(request: Request, query: LeverQuery) -> Response:
        kind = _wished(request) if question.page else DOCUMENT
        options = query.options(request) | ({"format": PAGES.get(kind, "document")} if question.page else {})
        body = await scenario_body(request)
        headers = {"Vary": "Accept"} if question.page else {}
        if kind in PAGES:
            headers["Content-Disposition"] = f'inline; filename="{question.task}.{PAGES[kind]}"'
        return Response(await solved(request, Task(question.task, options, body)), media_type=kind, headers=headers)

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
            200: _answer_of(_question),
            **responses(*SOLVE_KINDS, *(("not-acceptable", "page") if _question.page else ())),
        },
    )
