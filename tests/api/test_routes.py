"""The routes with the real core behind them: the same answers as the command line, over the network's forms."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient

import gamecore
from api import examples
from api.app import create_app
from api.routes.briefs import FORMATS
from api.settings import Settings
from api.solving import tasks
from gamecore.errors import TooLargeError
from gamecore.scenario import read_scenario

from .conftest import YAML

PHASE2 = (Path(__file__).resolve().parents[2] / "scenarios" / "phase2-covid-by-state.yaml").read_bytes()


def test_health_tells_the_version(client: TestClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "version": gamecore.__version__})


def test_an_analysis_is_the_document_of_the_command_line(client: TestClient) -> None:
    from gamecore.pipeline import Settings, analyse, analysis_document

    response = client.post("/v1/analyses", content=PHASE2, headers=YAML, params={"draws": 300, "seed": 5})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    expected = analysis_document(analyse(read_scenario(PHASE2), Settings(seed=5, draws=300)))
    assert response.json() == json.loads(json.dumps(expected))
    again = client.post("/v1/analyses", content=PHASE2, headers=YAML, params={"draws": 300, "seed": 5})
    assert again.content == response.content


def test_an_analysis_fits_the_published_schema(client: TestClient) -> None:
    document = client.post("/v1/analyses", content=examples.YAML, headers=YAML, params={"draws": 100}).json()
    schema = client.get("/v1/schema", params={"of": "analysis"})
    assert schema.headers["content-type"] == "application/schema+json"
    jsonschema.Draft202012Validator(schema.json()).validate(document)


def test_the_example_is_a_scenario_and_fits_the_schema(client: TestClient) -> None:
    schema = client.get("/v1/schema").json()
    jsonschema.Draft202012Validator(schema).validate(examples.as_json())
    assert read_scenario(json.dumps(examples.as_json())).title == read_scenario(examples.YAML).title


def test_json_and_yaml_give_the_same_numbers(client: TestClient) -> None:
    as_yaml = client.post("/v1/analyses", content=examples.YAML, headers=YAML, params={"draws": 100}).json()
    as_json = client.post("/v1/analyses", json=examples.as_json(), params={"draws": 100}).json()
    assert as_yaml.pop("scenario") != as_json.pop("scenario")  # the hash is that of the bytes
    assert as_yaml == as_json


def test_a_lever_is_pulled(client: TestClient) -> None:
    def post(*levers: str) -> Any:
        return client.post("/v1/analyses", content=PHASE2, headers=YAML, params={"draws": 50, "lever": list(levers)})

    assert post("contract_binds").json() != post().json()
    assert post("pay_at_signature=3").json() != post("pay_at_signature=9").json()
    wrong = post("pay_at_signature=99")
    assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:gamecore:problem:input")


@pytest.mark.parametrize(("media_type", "name"), FORMATS.items())
@pytest.mark.parametrize("copy", ["internal", "shared"])
def test_a_brief_is_the_page_the_core_renders(client: TestClient, media_type: str, name: str, copy: str) -> None:
    from gamecore.brief import render
    from gamecore.pipeline import Settings, analyse

    response = client.post(
        "/v1/briefs",
        content=PHASE2,
        headers={**YAML, "Accept": media_type},
        params={"draws": 100, "copy": copy, "date": "2020-06-01"},
    )
    assert response.status_code == 200, response.text
    analysis = analyse(read_scenario(PHASE2), Settings(draws=100))
    assert response.content == render(analysis, name, copy=copy, date="2020-06-01")


def test_a_check_tells_what_was_read(client: TestClient) -> None:
    document = client.post("/v1/checks", content=PHASE2, headers=YAML).json()
    assert (document["valid"], document["faults"]) == (True, [])
    assert document["summary"]["players"] == [
        {"key": "diamond", "name": "Diamond"},
        {"key": "sapphire", "name": "Sapphire"},
    ]


def test_a_check_tells_every_fault_and_so_does_an_analysis(client: TestClient) -> None:
    wrong = PHASE2.replace(b"by: diamond", b"by: daimond").replace(b"{plan: terminate}", b"{plan: terminat}")
    checked = client.post("/v1/checks", content=wrong, headers=YAML)
    assert checked.status_code == 200
    assert checked.json()["valid"] is False
    faults = checked.json()["faults"]
    assert len(faults) >= 2
    assert any("did you mean 'diamond'?" in fault["message"] for fault in faults)
    refused = client.post("/v1/analyses", content=wrong, headers=YAML)
    assert refused.status_code == 422
    assert refused.json()["faults"] == faults


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"a: &b 1", b"null", b"{", b"<script>", b"a: " * 10_000])
@pytest.mark.parametrize("path", ["/v1/analyses", "/v1/briefs", "/v1/checks"])
def test_what_is_no_scenario_has_faults(client: TestClient, path: str, body: bytes) -> None:
    response = client.post(path, content=body, headers=YAML)
    assert response.status_code == (200 if path == "/v1/checks" else 422)
    assert response.json()["faults"]


def test_a_size_limit_of_the_core_can_be_lowered() -> None:
    options = {"seed": 1, "draws": 10, "levers": [], "limits": {"nodes": 5}}
    with pytest.raises(TooLargeError) as caught:
        tasks.analysis(options, PHASE2)
    assert (caught.value.limit, caught.value.allowed) == ("nodes", 5)


def test_the_deadline_ends_a_real_solve() -> None:
    settings = Settings(solves_at_once=1, solve_seconds=0.02)
    with TestClient(create_app(settings)) as client:
        response = client.post("/v1/analyses", content=PHASE2, headers=YAML, params={"draws": 50_000})
    assert (response.status_code, response.json()["limit"]) == (503, "solve_seconds")


def test_requests_side_by_side_get_their_own_answers(client: TestClient) -> None:
    def post(seed: int) -> int:
        answer = client.post("/v1/analyses", content=examples.YAML, headers=YAML, params={"draws": 50, "seed": seed})
        seeded: int = answer.json()["seed"]
        return seeded

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(post, range(12))) == list(range(12))


def test_the_html_page_may_run_and_load_nothing(client: TestClient) -> None:
    body = examples.YAML.replace(b"Launch order in Europe", b"'<script>alert(1)</script>'")
    response = client.post("/v1/briefs", content=body, headers={**YAML, "Accept": "text/html"}, params={"draws": 50})
    assert response.status_code == 200
    assert "<script" not in response.text
    assert "sandbox" in response.headers["content-security-policy"]
    assert "default-src 'none'" in response.headers["content-security-policy"]
