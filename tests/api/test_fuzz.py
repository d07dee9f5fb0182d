"""Anything may be sent: no request gives a 5xx or an answer that the OpenAPI document does not promise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from api import examples
from api.app import create_app
from api.routes.questions import QUESTIONS
from api.settings import Settings

from .conftest import YAML

OPERATIONS = [
    *((question.path, "post") for question in QUESTIONS),
    ("/v1/briefs", "post"),
    ("/v1/checks", "post"),
    ("/v1/schema", "get"),
    ("/healthz", "get"),
]
# Not among them: what must be accepted. A scenario that fits the JSON Schema may still have faults, and `checks`
# answers 200 to whatever is no scenario at all.
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
]
FUZZ = settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def without_lifespan(app: ASGIApp) -> ASGIApp:
    """The app as the fuzzer sees it: it starts and stops an app around every call, our workers shall stay."""

    async def passed_on(scope: Scope, receive: Receive, send: Send) -> None:
        while scope["type"] == "lifespan":
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
        await app(scope, receive, send)

    return passed_on


@pytest.fixture(scope="module")
def schema() -> Iterator[Any]:
    app = create_app(Settings(solves_at_once=1, solve_seconds=20, max_draws=200))
    yield schemathesis.openapi.from_asgi("/openapi.json", without_lifespan(app))
    app.state.pool.close()


TRIED = [
    pytest.param(path, method, mode, id=f"{method} {path} {mode.value}")
    for path, method in OPERATIONS
    for mode in GenerationMode
    if not (path == "/healthz" and mode is GenerationMode.NEGATIVE)  # it takes nothing that could be wrong
]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method", "mode"), TRIED)
def test_no_request_breaks_the_promises_of_the_document(
    schema: Any, path: str, method: str, mode: GenerationMode
) -> None:
    operation = schema[path][method]

    @settings(FUZZ, max_examples=25)
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        case.call_and_validate(checks=PROMISES)

    run()


LINES = examples.YAML.decode().splitlines()
WORDS = [
    "plan",
    "price",
    "later",
    "high",
    "diamond",
    "0",
    "-1",
    "1e9",
    "40%",
    "5 .. 1 .. 2",
    "{}",
    "[]",
    "x * y",
    "rest",
    "null",
    ": ",
    "&a",
    "\t",
]


WISHES: dict[str, dict[str, str | int]] = {
    "/v1/analyses": {"draws": 50},
    "/v1/briefs": {"draws": 50},
    "/v1/checks": {},
    "/v1/tornados": {"draws": 50},
    "/v1/maps": {"draws": 50, "steps": 4, "x": "payoffs.sales.rows.0.diamond", "y": "payoffs.sales.rows.2.sapphire"},
    "/v1/information": {"draws": 50},
    "/v1/waiting": {"draws": 50},
    "/v1/cash-flows": {},
    "/v1/compromises": {"lotteries": "true"},
    "/v1/levers": {"draws": 5, "pairs": "false"},
    "/v1/partners": {"draws": 50},
    "/v1/solutions": {"also": "all", "limit": "2s"},
}


@st.composite
def edited(draw: st.DrawFn) -> bytes:
    """The example with a few lines dropped, doubled, swapped, or a word exchanged: some can still be solved."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "swap", "word", "word", "word"])):
            case "drop":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                words = lines[at].split(" ")
                words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(WORDS))
                lines[at] = " ".join(words)
    return "\n".join(lines).encode()


@pytest.mark.slow
@settings(FUZZ, max_examples=60)
@given(body=edited(), path=st.sampled_from(list(WISHES)))
def test_no_scenario_is_a_fault_of_the_service(client: TestClient, body: bytes, path: str) -> None:
    response = client.post(path, content=body, headers=YAML, params=WISHES[path])
    assert response.status_code in {200, 413, 422}, response.text
