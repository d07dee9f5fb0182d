"""One error body: every error of every route is `application/problem+json` with the same members."""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import problems
from api.bodies import MEDIA_TYPES
from api.headers import Guard
from api.settings import Settings

from .conftest import YAML, rehearsal_client

MEMBERS = {"type", "title", "status", "detail", "instance", "faults", "limit"}
SOLVING = ("/v1/analyses", "/v1/briefs", "/v1/checks", "/v1/solutions")
ROUTES = {
    **dict.fromkeys(SOLVING, "POST"),
    "/v1/tornados": "POST",
    "/v1/maps": "POST",
    "/v1/information": "POST",
    "/v1/waiting": "POST",
    "/v1/cash-flows": "POST",
    "/v1/compromises": "POST",
    "/v1/levers": "POST",
    "/v1/partners": "POST",
    "/v1/schema": "GET",
    "/healthz": "GET",
}
NEEDED = {"/v1/maps": {"x": "peak", "y": "price"}}


def problem(response: httpx2.Response, status: int, kind: str) -> dict[str, Any]:
    """The body of an error, after its shape was checked."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert set(document) - {"allowed", "count"} == MEMBERS
    assert document["type"] == f"urn:gamecore:problem:{kind}"
    assert document["status"] == status
    assert document["title"] == problems.KINDS[kind].title
    assert document["detail"]
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", document["instance"])
    for fault in document["faults"]:
        assert set(fault) == {"line", "column", "path", "message"}
    assert document["limit"] is None or isinstance(document["limit"], str)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
    return document


def send(client: TestClient, path: str, body: bytes = b"echo", **changes: Any) -> httpx2.Response:
    return client.post(path, content=body, headers={**YAML, **changes.pop("headers", {})}, **changes)


def test_the_table_above_names_every_route(rehearsal: TestClient) -> None:
    assert isinstance(rehearsal.app, FastAPI)
    paths = {route.path for route in _routes(rehearsal.app)}
    assert paths == {*ROUTES, "/openapi.json"}


def _routes(app: FastAPI) -> list[Any]:
    found: list[Any] = []
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        found += inner.routes if inner is not None else [route]
    return found


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/analyses/", "/docs", "/redoc", "/healthz/", "/v1/<script>", "/v2/analyses"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_is_not_found(rehearsal: TestClient, path: str, method: str) -> None:
    document = problem(rehearsal.request(method, path), 404, "not-found")
    assert "script" not in str(document)


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW")


@pytest.mark.parametrize(
    ("path", "method"), [(path, method) for path in ROUTES for method in METHODS if method != ROUTES[path]]
)
def test_a_method_a_route_does_not_know_is_told_which_it_knows(rehearsal: TestClient, path: str, method: str) -> None:
    response = rehearsal.request(method, path)
    problem(response, 405, "method")
    assert response.headers["allow"] == ROUTES[path]


@pytest.mark.parametrize("path", [path for path in ROUTES if path != "/healthz"])  # which reads no query
def test_an_unknown_query_parameter_is_refused(rehearsal: TestClient, path: str) -> None:
    params = {"sead": "1", **NEEDED.get(path, {})}
    response = rehearsal.request(ROUTES[path], path, params=params, content=b"echo", headers=YAML)
    assert [fault["path"] for fault in problem(response, 422, "query")["faults"]] == ["query.sead"]


@pytest.mark.parametrize(
    "query",
    [
        {"seed": "-1"},
        {"seed": "<script>"},
        {"seed": str(2**63)},
        {"draws": "0"},
        {"draws": "many"},
        {"lever": ["a"] * 21},
        {"lever": "x" * 201},
        {"lever": ""},
    ],
)
@pytest.mark.parametrize("path", ["/v1/analyses", "/v1/briefs", "/v1/tornados"])
def test_a_wrong_query_parameter_is_named(rehearsal: TestClient, path: str, query: dict[str, Any]) -> None:
    document = problem(send(rehearsal, path, params=query), 422, "query")
    (name,) = query
    assert document["faults"][0]["path"] == f"query.{name}"
    assert "<script>" not in document["detail"]


@pytest.mark.parametrize(
    ("path", "query", "names"),
    [
        ("/v1/maps", {}, ["x", "y"]),
        ("/v1/maps", {"x": "a", "y": "b", "steps": "1"}, ["steps"]),
        ("/v1/solutions", {"type": "gbt"}, ["type"]),
        ("/v1/solutions", {"form": "normal", "explain": "perhaps"}, ["form", "explain"]),
        ("/v1/information", {"about": ""}, ["about"]),
        ("/v1/cash-flows", {"draws": "5"}, ["draws"]),  # it takes none
    ],
)
def test_a_wrong_wish_of_a_question_is_named(
    rehearsal: TestClient, path: str, query: dict[str, str], names: list[str]
) -> None:
    document = problem(send(rehearsal, path, params=query), 422, "query")
    assert [fault["path"] for fault in document["faults"]] == [f"query.{name}" for name in names]


def test_more_time_than_allowed_is_refused(rehearsal: TestClient) -> None:
    document = problem(send(rehearsal, "/v1/solutions", params={"limit": "2m"}), 422, "query")
    assert (document["limit"], document["allowed"], document["count"]) == ("solve_seconds", 1.0, 120.0)
    assert send(rehearsal, "/v1/solutions", params={"limit": "500ms"}).json()["options"]["limit"] == 0.5
    assert send(rehearsal, "/v1/solutions").json()["options"]["limit"] == 1.0  # what the service allows
    assert problem(send(rehearsal, "/v1/solutions", params={"limit": "soon"}), 422, "input")["detail"].startswith(
        "limit"
    )


@pytest.mark.parametrize("query", [{"copy": "secret"}, {"paper": "a3"}, {"date": "tomorrow"}])
def test_a_wrong_wish_for_the_page_is_named(rehearsal: TestClient, query: dict[str, str]) -> None:
    document = problem(send(rehearsal, "/v1/briefs", params=query), 422, "query")
    assert document["faults"][0]["path"] == f"query.{next(iter(query))}"


def test_a_schema_of_something_else_is_refused(rehearsal: TestClient) -> None:
    problem(rehearsal.get("/v1/schema", params={"of": "everything"}), 422, "query")


@pytest.mark.parametrize("path", SOLVING)
@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": ""},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/yaml; charset=utf-16"},
        {"Content-Type": "application/yaml", "Content-Encoding": "gzip"},
    ],
)
def test_a_body_of_another_kind_is_refused(rehearsal: TestClient, path: str, headers: dict[str, str]) -> None:
    response = rehearsal.post(path, content=b"echo", headers=headers)
    problem(response, 415, "media-type")


@pytest.mark.parametrize("path", SOLVING)
@pytest.mark.parametrize("media_type", [*MEDIA_TYPES, "Application/JSON; charset=UTF-8", 'text/yaml; charset="utf-8"'])
def test_json_and_yaml_are_taken_under_their_usual_names(rehearsal: TestClient, path: str, media_type: str) -> None:
    assert rehearsal.post(path, content=b"echo", headers={"Content-Type": media_type}).status_code == 200


# ---- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SOLVING)
def test_a_body_announced_too_large_is_refused_unread(rehearsal: TestClient, path: str) -> None:
    document = problem(send(rehearsal, path, b"x" * 2_001), 413, "body-too-large")
    assert (document["limit"], document["allowed"], document["count"]) == ("max_body_bytes", 2_000, 2_001)
    assert send(rehearsal, path, b"x" * 2_000).status_code == 200


@pytest.mark.parametrize("path", SOLVING)
def test_a_body_that_streams_beyond_the_limit_is_refused(rehearsal: TestClient, path: str) -> None:
    chunks = (b"x" * 500 for _ in range(5))
    response = rehearsal.post(path, content=chunks, headers=YAML)
    document = problem(response, 413, "body-too-large")
    assert document["limit"] == "max_body_bytes"


@pytest.mark.parametrize("path", ["/v1/analyses", "/v1/briefs", "/v1/tornados", "/v1/information"])
def test_more_draws_than_allowed_are_refused(rehearsal: TestClient, path: str) -> None:
    document = problem(send(rehearsal, path, params={"draws": 50_001}), 422, "query")
    assert (document["limit"], document["allowed"], document["count"]) == ("max_draws", 50_000, 50_001)


@pytest.mark.parametrize("path", SOLVING)
def test_a_game_beyond_a_limit_of_the_core_names_that_limit(rehearsal: TestClient, path: str) -> None:
    document = problem(send(rehearsal, path, b"large"), 413, "game-too-large")
    assert (document["limit"], document["allowed"], document["count"]) == ("nodes", 5, 9)


@pytest.mark.parametrize("path", SOLVING)
def test_a_solve_beyond_the_deadline_is_ended(rehearsal: TestClient, path: str) -> None:
    document = problem(send(rehearsal, path, b"sleep 60"), 503, "out-of-time")
    assert (document["limit"], document["allowed"]) == ("solve_seconds", 1.0)
    assert send(rehearsal, path).status_code == 200


def test_a_core_that_gives_up_by_itself_names_the_same_limit(rehearsal: TestClient) -> None:
    assert problem(send(rehearsal, "/v1/analyses", b"late"), 503, "out-of-time")["limit"] == "solve_seconds"


def test_solves_beyond_those_allowed_at_once_are_told_when_to_come_again() -> None:
    settings = Settings(solve_seconds=8, solves_at_once=1, max_waiting=1)
    with rehearsal_client(settings) as client, ThreadPoolExecutor(6) as threads:
        assert send(client, "/v1/analyses").status_code == 200
        responses = list(threads.map(lambda _: send(client, "/v1/analyses", b"sleep 0.7"), range(6)))
        refused = [response for response in responses if response.status_code != 200]
        assert len(refused) == 4
        for response in refused:
            assert problem(response, 429, "busy")["limit"] == "solves_at_once"
            assert int(response.headers["retry-after"]) >= 1
        assert client.get("/healthz").status_code == 200
        assert send(client, "/v1/analyses").status_code == 200


# ---- errors of the core ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SOLVING)
def test_faults_of_the_scenario_come_with_their_places(rehearsal: TestClient, path: str) -> None:
    document = problem(send(rehearsal, path, b"faults"), 422, "scenario")
    assert [(fault["line"], fault["column"], fault["path"]) for fault in document["faults"]] == [
        (1, 1, ""),
        (43, 18, "decisions.january.when"),
    ]
    assert document["faults"][1]["message"] == "<script>alert(1)</script>"  # data in JSON, never markup


def test_other_wrong_input_is_told(rehearsal: TestClient) -> None:
    assert problem(send(rehearsal, "/v1/analyses", b"wrong"), 422, "input")["detail"] == "there is no such lever"


def test_a_page_that_does_not_fit_names_the_block(rehearsal: TestClient) -> None:
    document = problem(send(rehearsal, "/v1/briefs", b"overflow"), 422, "page")
    assert document["faults"][0]["path"] == "page.why"
    assert document["limit"] == "one page"


@pytest.mark.parametrize("path", SOLVING)
@pytest.mark.parametrize("order", [b"fault", b"crash"])
def test_a_fault_of_ours_tells_and_logs_nothing_of_the_scenario(
    rehearsal: TestClient, caplog: pytest.LogCaptureFixture, path: str, order: bytes
) -> None:
    with caplog.at_level(logging.DEBUG):
        document = problem(send(rehearsal, path, order), 500, "fault")
    assert "secret" not in str(document)
    assert "secret" not in caplog.text
    assert document["instance"] in caplog.text
    assert send(rehearsal, path).status_code == 200


def test_an_exception_nobody_foresaw_still_has_the_one_error_body() -> None:
    app = FastAPI()
    problems.install(app)
    app.add_middleware(Guard)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("secret")

    with TestClient(app, raise_server_exceptions=False) as client:
        assert "secret" not in str(problem(client.get("/broken"), 500, "fault"))


def test_a_service_that_is_stopping_says_so(rehearsal: TestClient) -> None:
    with rehearsal_client(Settings(solves_at_once=1)) as client:
        client.app.state.pool.close()  # type: ignore[attr-defined] # the app is ours
        response = send(client, "/v1/analyses")
        problem(response, 503, "stopped")
        assert response.headers["retry-after"]
