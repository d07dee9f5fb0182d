"""`gamecore levers`: the table, what to say, clauses, the ways to a target."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gamecore.cli import endings
from tests.advice.small import whole
from tests.questions.test_lever_document import ENTRY

PHASE2 = str(Path(__file__).resolve().parent.parent / "scenarios" / "phase2-covid-by-state.yaml")


@pytest.fixture
def levers(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command; (exit code, standard output on one line, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = endings.run(["levers", *arguments])
        printed = capsys.readouterr()
        return code, " ".join(printed.out.split()), printed.err

    return run


@pytest.fixture
def entry(tmp_path: Path) -> str:
    file = tmp_path / "entry.yaml"
    file.write_text(whole(ENTRY))
    return str(file)


def test_proposals_are_told_with_what_to_say(levers: Any, entry: str) -> None:
    code, out, err = levers(entry, "--target", "enter")
    assert (code, err) == (0, "")
    assert "As it stands: “Stay out”; Ann 0.0, Ben 0.0" in out
    assert "1. If we pay you USD 3.0 m for “Enter *now*”, the outcome becomes “Enter *now*” and" in out
    assert "both of us gain. Any amount from 1.0 to 5.0 works." in out
    assert "When would “Enter *now*” come about?" in out


def test_clauses_and_thresholds_are_told(levers: Any) -> None:
    code, out, _ = levers(PHASE2, "--no-pairs", "--draws", "20", "--target", "plan=start")
    assert code == 0
    assert "is USD 10.3 m instead of USD 2.7 m; no agreement is then worth Diamond 9.7, Sapphire 51.8" in out
    assert "if no agreement is worth at most USD 9.7 m to Diamond (today USD 16.0 m; Sapphire proposes)" in out
    assert "plan=" not in out


def test_the_document_is_the_same_every_time(levers: Any, entry: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert endings.run(["levers", entry, "--json"]) == 0
    first = capsys.readouterr().out
    assert json.loads(first)["for"] == "ann"
    assert endings.run(["levers", entry, "--json"]) == 0
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--player", "bob"], "--player bob: there is no such player; choose one of ann, ben"),
        (["--draws", "1000000"], "--draws 1000000: at most 100,000"),
        (["--target", "entry=maybe"], "maybe"),
    ],
)
def test_what_is_wrong_is_told(levers: Any, entry: str, arguments: list[str], told: str) -> None:
    code, out, err = levers(entry, *arguments)
    assert (code, out) == (2, "")
    assert told in err


def test_what_nobody_decides_stands_apart_and_is_not_to_be_said(levers: Any) -> None:
    code, out, _ = levers(PHASE2, "--no-pairs", "--draws", "20")
    assert code == 0
    assert "Worth knowing: nobody decides this" in out
    assert "What to propose" not in out
    assert "What to say" not in out
    assert "1 more with --all" in out
    code, every, _ = levers(PHASE2, "--no-pairs", "--draws", "20", "--all")
    assert code == 0
    assert "--all" not in every
    assert len(every) > len(out)


def test_what_nobody_decides_comes_after_what_the_sides_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    supply = PHASE2.replace("phase2-covid-by-state", "supply-price")
    assert endings.run(["levers", supply, "--no-pairs", "--draws", "20", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["proposals"]
    order = [2 if item["nature"] else 0 if item["accepted"] else 1 for item in found]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2}


def test_no_clause_is_told_that_is_the_plan_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert endings.run(["levers", PHASE2, "--no-pairs", "--draws", "20", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    told = {item["lever"] for item in found["clauses"]}
    assert found["outcome"] == "plan=wait"
    assert "without_plan_hybrid" in told
    assert "without_plan_wait" not in told
    for item in found["proposals"]:
        plans = {found["outcome"], *item["outcome"].values()}
        assert not any(f"plan={change['lever'].removeprefix('without_plan_')}" in plans for change in item["changes"])
