"""The OpenAPI document tells the truth: routes, media types, an example that works, the one error body everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import examples
from api.bodies import MEDIA_TYPES
from api.routes.briefs import FORMATS
from api.routes.questions import QUESTIONS


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    response = client.get("/openapi.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, operation) for path, item in document["paths"].items() for operation in item.values()]


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(value) for value in part.values()))
    return set().union(*(references(item) for item in part)) if isinstance(part, list) else set()


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in references(document):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in target, reference
            target = target[step]


def test_every_error_is_described_as_the_one_body(document: dict[str, Any]) -> None:
    for path, operation in operations(document):
        errors = {status: answer for status, answer in operation["responses"].items() if not status.startswith("2")}
        assert "500" in errors, path
        for status, answer in errors.items():
            assert list(answer["content"]) == ["application/problem+json"], (path, status)


def test_scenarios_are_taken_as_json_and_yaml_with_an_example(document: dict[str, Any]) -> None:
    for path in ("/v1/analyses", "/v1/briefs", "/v1/checks"):
        content = document["paths"][path]["post"]["requestBody"]["content"]
        assert tuple(content) == MEDIA_TYPES
        assert content["application/json"]["examples"]["example"]["value"] == examples.as_json()
        assert content["application/yaml"]["examples"]["example"]["value"].encode() == examples.YAML


def test_games_are_taken_as_text_and_every_question_names_its_command(document: dict[str, Any]) -> None:
    for question in QUESTIONS:
        operation = document["paths"][question.path]["post"]
        assert f"gamecore {question.command} --json" in operation["description"]
        given = operation["requestBody"]["content"]["text/plain"]["examples"]
        assert ("game" in given) == question.games
        if question.games:
            assert given["game"]["value"] == examples.NFG


def test_briefs_are_described_in_every_format(document: dict[str, Any]) -> None:
    assert tuple(document["paths"]["/v1/briefs"]["post"]["responses"]["200"]["content"]) == tuple(FORMATS)
