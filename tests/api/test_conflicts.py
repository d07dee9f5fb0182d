"""A conflict sent to the service: the documents of the commands, pages, and clear answers where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from fastapi.testclient import TestClient

from gamecore.advice import analysis as facts
from gamecore.advice import conflict_facts
from gamecore.cli import endings
from gamecore.pipeline import analysis_schema

FILE = Path(__file__).resolve().parents[2] / "scenarios" / "data-package-dispute.yaml"
BODY = FILE.read_bytes()
YAML = {"Content-Type": "application/yaml"}


def test_an_analysis_is_the_document_of_the_command(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    answer = client.post("/v1/analyses", content=BODY, headers=YAML, params={"lever": "escrow"})
    assert answer.status_code == 200
    found = answer.json()
    jsonschema.Draft202012Validator(analysis_schema()).validate(found)
    assert (found["kind"], found["today"]) == ("conflict", None)
    assert endings.run(["analyse", str(FILE), "--json", "--lever", "escrow"]) == 0
    told = json.loads(capsys.readouterr().out)
    told["scenario"]["file"] = found["scenario"]["file"]
    assert told == found
    assert client.post("/v1/analyses", content=BODY, headers=YAML).json()["recommendation"]["state"] == 6


def test_a_solution_and_a_check_are_as_the_commands_give_them(client: TestClient) -> None:
    solved = client.post("/v1/solutions", content=BODY, headers=YAML).json()
    assert solved["form"] == "conflict"
    assert "data: hold, milestone: withhold, filing: close" in solved["equilibria"]["nash"]
    checked = client.post("/v1/checks", content=BODY, headers=YAML).json()
    assert checked["valid"]
    assert checked["summary"]["rankings"] == 3
    wrong = client.post("/v1/checks", content=BODY.replace(b"today: {data", b"today: {dta"), headers=YAML).json()
    assert [fault["path"] for fault in wrong["faults"]] == ["timing.today"]


@pytest.mark.parametrize("kind", ["application/pdf", "text/html", "text/markdown", "image/png"])
def test_a_page_is_made_of_a_conflict(client: TestClient, kind: str) -> None:
    answer = client.post("/v1/briefs", content=BODY, headers=YAML | {"Accept": kind}, params={"copy": "shared"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/tornados", {}),
        ("/v1/maps", {"x": "a", "y": "b"}),
        ("/v1/information", {}),
        ("/v1/waiting", {}),
        ("/v1/cash-flows", {}),
        ("/v1/solutions", {"explain": "true"}),
    ],
)
def test_what_needs_amounts_or_moves_is_refused_with_the_reason(
    client: TestClient, path: str, asked: dict[str, str]
) -> None:
    answer = client.post(path, content=BODY, headers=YAML, params=asked)
    assert answer.status_code == 422
    assert "order of moves" in answer.json()["detail"]


def test_no_two_records_share_a_name() -> None:
    """One schema holds both, so a name means one thing."""
    shared = {name for name in conflict_facts.__all__ if name in facts.__all__}
    assert shared == set()
