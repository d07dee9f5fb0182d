"""The service and the command line give one answer: the same document, the same words for what cannot be answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import examples
from api.app import create_app
from api.routes.questions import QUESTIONS
from api.settings import Settings
from gamecore.cli import endings

from .conftest import YAML
from .test_problems import problem

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
PHASE2 = (SCENARIOS / "phase2-covid-by-state.yaml").read_bytes()
LAUNCH = (SCENARIOS / "launch-timing.yaml").read_bytes()
OVERRUN = (SCENARIOS / "cost-overrun.yaml").read_bytes()
STANDARDS = examples.NFG.encode()
TREE = (
    b'EFG 2 R "ask" { "me" "you" } p "" 1 1 "" { "in" "out" } 0 p "" 2 1 "" { "fight" "share" } 0 '
    b't "" 1 "" { -1 -1 } t "" 2 "" { 2 1 } t "" 3 "" { 0 3 }'
)
COMMANDS = {question.path: question.command for question in QUESTIONS}
FEW = {"draws": ["200"], "seed": ["5"]}


@pytest.fixture
def printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """What a command prints for a body: (exit code, standard output, standard error)."""

    def run(command: str, name: str, body: bytes, asked: dict[str, list[str]]) -> tuple[int, str, str]:
        file = tmp_path / name
        file.write_bytes(body)
        options = [text for key, values in asked.items() for value in values for text in _option(key, value)]
        code = endings.run([command, str(file), "--json", *options])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def _option(key: str, value: str) -> list[str]:
    name = key.replace("_", "-")
    return {"true": [f"--{name}"], "false": [f"--no-{name}"]}.get(value, [f"--{name}", value])


@pytest.mark.parametrize(
    ("path", "body", "asked"),
    [
        ("/v1/analyses", OVERRUN, {**FEW, "sampling": ["sobol"]}),
        ("/v1/tornados", OVERRUN, FEW),
        (
            "/v1/tornados",
            PHASE2,
            {**FEW, "player": ["together"], "proposes": ["sapphire"], "lever": ["contract_binds"]},
        ),
        ("/v1/maps", PHASE2, {**FEW, "x": ["peak"], "y": ["p2=20%..50%"], "steps": ["6"], "proposes": ["diamond"]}),
        ("/v1/information", OVERRUN, FEW),
        ("/v1/information", OVERRUN, {**FEW, "about": ["overrun"], "accuracy": ["80%"], "seen_by": ["sapphire"]}),
        ("/v1/waiting", PHASE2, {**FEW, "now": ["start"], "wait": ["wait"]}),
        ("/v1/cash-flows", OVERRUN, {}),
        ("/v1/cash-flows", OVERRUN, {"when": ["excess=share,overrun=large"], "player": ["sapphire"]}),
        (
            "/v1/compromises",
            PHASE2,
            {"weights": ["diamond=2,sapphire=1"], "lotteries": ["true"], "from": ["plan=wait"]},
        ),
        ("/v1/compromises", OVERRUN, {"decision": ["excess"], "rule": ["nash", "kalai-smorodinsky"]}),
        ("/v1/levers", LAUNCH, {**FEW, "player": ["sapphire"], "target": ["europe=wait,china=early"]}),
        ("/v1/levers", OVERRUN, {**FEW, "pairs": ["false"]}),
        ("/v1/partners", PHASE2, {**FEW, "sampling": ["sobol"]}),
        ("/v1/partners", PHASE2, {**FEW, "player": ["sapphire"], "lever": ["pay_at_signature=3"]}),
        ("/v1/solutions", PHASE2, {"explain": ["true"], "lever": ["pay_at_signature=3"]}),
        (
            "/v1/solutions",
            STANDARDS,
            {"also": ["security,dominance,commitment,correlated"], "second_opinion": ["true"]},
        ),
        ("/v1/solutions", TREE, {"form": ["strategic"], "type": ["efg"]}),
        ("/v1/solutions", TREE, {"also": ["sequential"], "limit": ["5s"]}),
    ],
)
def test_a_question_has_the_answer_of_its_command(
    client: TestClient, printed: Any, path: str, body: bytes, asked: dict[str, list[str]]
) -> None:
    response = client.post(path, content=body, headers=YAML, params=asked)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    code, out, _ = printed(COMMANDS[path], "scenario", body, asked)
    assert code == 0
    assert response.json() == json.loads(out)
    assert client.post(path, content=body, headers=YAML, params=asked).content == response.content


@pytest.mark.parametrize(
    ("path", "asked", "told"),
    [
        ("/v1/tornados", {"player": ["safire"]}, "did you mean 'sapphire'?"),
        ("/v1/maps", {"x": ["nothing"], "y": ["nothing"]}, "nothing"),
        ("/v1/maps", {"x": ["peak=a..b"], "y": ["nothing"]}, "x peak=a..b: write an input"),
        ("/v1/information", {"accuracy": ["180%"]}, "accuracy 180%: a chance is at most 100%"),
        ("/v1/waiting", {"now": ["wait"]}, "wait"),
        ("/v1/cash-flows", {"when": ["overrun=huge"]}, "when overrun=huge: choose one of"),
        ("/v1/cash-flows", {"when": ["overrun=huge"], "option": ["a"]}, "option or when, not both"),
        ("/v1/compromises", {"decision": ["plan"]}, "decision plan: there is no such decision; choose one of"),
        ("/v1/compromises", {"weights": ["sapphire=0,diamond=0"]}, "the weights sum to 0"),
        ("/v1/compromises", {"from": ["excess=all"]}, "from excess=all: there is no such option"),
        ("/v1/levers", {"player": ["safire"]}, "player safire: there is no such player; choose one of"),
        ("/v1/partners", {"player": ["sapphire"]}, "advises 'sapphire' already; choose one of diamond"),
        ("/v1/partners", {"copy": ["shared"]}, "internal by nature"),
        ("/v1/solutions", {"lever": ["a"]}, "lever is for scenario files"),
        ("/v1/solutions", {"form": ["tree"]}, "has no tree"),
        ("/v1/solutions", {"also": ["everything"]}, "also"),
    ],
)
def test_what_cannot_be_answered_is_told_as_the_command_does(
    client: TestClient, printed: Any, path: str, asked: dict[str, list[str]], told: str
) -> None:
    body = STANDARDS if path == "/v1/solutions" else OVERRUN
    detail = problem(client.post(path, content=body, headers=YAML, params=asked), 422, "input")["detail"]
    assert told in detail
    code, _, err = printed(COMMANDS[path], "scenario", body, asked)
    assert code == 2
    assert detail in err.replace("--", "")


@pytest.mark.parametrize("path", ["/v1/compromises", "/v1/levers", "/v1/partners"])
def test_a_conflict_without_an_order_of_moves_is_refused_with_the_reason(
    client: TestClient, printed: Any, path: str
) -> None:
    body = (SCENARIOS / "data-package-dispute.yaml").read_bytes()
    detail = problem(client.post(path, content=body, headers=YAML), 422, "input")["detail"]
    assert "conflict without an order of moves" in detail
    code, _, err = printed(COMMANDS[path], "scenario", body, {})
    assert (code, err.strip()) == (2, detail)


def test_a_faulty_game_has_the_places_of_its_faults(client: TestClient) -> None:
    response = client.post("/v1/solutions", content=STANDARDS.replace(b"3 2", b"3 x"), headers=YAML)
    faults = problem(response, 422, "scenario")["faults"]
    assert faults[0]["line"] == 1
    assert faults[0]["column"] > 1


def test_a_grid_that_is_too_fine_names_the_limit(client: TestClient) -> None:
    asked = {**FEW, "x": ["peak"], "y": ["p2"], "steps": ["100000"]}
    document = problem(client.post("/v1/maps", content=PHASE2, headers=YAML, params=asked), 413, "game-too-large")
    assert document["limit"]


def test_a_game_beyond_a_limit_of_size_names_it() -> None:
    settings = Settings(solves_at_once=1, sizes={"profiles": 3})
    with TestClient(create_app(settings)) as client:
        response = client.post("/v1/solutions", content=TREE, headers=YAML, params={"form": "strategic"})
    document = problem(response, 413, "game-too-large")
    assert document["limit"] == "profiles"
    assert "more than 3" in document["detail"]


@pytest.mark.parametrize(("media_type", "format"), [("application/pdf", "pdf"), ("text/markdown", "md")])
def test_the_partners_page_comes_in_the_format_that_is_wished_for(
    client: TestClient, tmp_path: Path, media_type: str, format: str
) -> None:
    asked = {**FEW, "date": ["2020-06-01"], "paper": ["letter"]}
    response = client.post("/v1/partners", content=PHASE2, headers={**YAML, "Accept": media_type}, params=asked)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(media_type)
    assert response.headers["content-disposition"] == f'inline; filename="partner.{format}"'
    file, page = tmp_path / "scenario", tmp_path / f"page.{format}"
    file.write_bytes(PHASE2)
    options = [text for key, values in asked.items() for value in values for text in _option(key, value)]
    assert endings.run(["partner", str(file), "-o", str(page), *options]) == 0
    assert page.read_bytes() == response.content


def test_a_format_that_the_partners_page_has_not_is_refused(client: TestClient) -> None:
    response = client.post("/v1/partners", content=PHASE2, headers={**YAML, "Accept": "text/csv"}, params=FEW)
    assert "application/json, application/pdf" in problem(response, 406, "not-acceptable")["detail"]


@pytest.mark.parametrize("path", ["/v1/compromises", "/v1/levers", "/v1/partners"])
def test_a_parameter_that_is_unknown_is_refused(client: TestClient, path: str) -> None:
    response = client.post(path, content=PHASE2, headers=YAML, params={"drawz": "5"})
    assert problem(response, 422, "query")["faults"][0]["path"] == "query.drawz"
