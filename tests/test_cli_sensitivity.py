"""`gamecore tornado` and `gamecore map`: tables, documents, figures, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gamecore.cli import endings
from tests.robustness.small import TALKS

ROOT = Path(__file__).resolve().parent.parent
BY_STATE = str(ROOT / "scenarios" / "phase2-covid-by-state.yaml")
MODEL = str(ROOT / "scenarios" / "phase2-covid.yaml")


@pytest.fixture
def talks(tmp_path: Path) -> str:
    path = tmp_path / "talks.yaml"
    path.write_text(TALKS)
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = endings.run(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_tornado_is_a_table_with_thresholds(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "tornado", BY_STATE, "--draws", "200")
    assert (code, err) == (0, "")
    assert "B Wait six months, then Diamond decides: USD\N{NO-BREAK SPACE}25.8\N{NO-BREAK SPACE}m to Diamond" in out
    rows = [line for line in out.splitlines() if line.strip().startswith("Peak sales")]
    assert len(rows) == 1
    assert rows[0].count("C below 861") == 2
    assert "never" in out


def test_brackets_say_whose_offer_they_follow(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "tornado", BY_STATE, "--draws", "200")
    assert "(C: " in out
    assert "In brackets: what comes about instead if Diamond proposes, and what that is worth." in out
    _, out, _ = run(capsys, "tornado", BY_STATE, "--draws", "200", "--proposes", "sapphire")
    assert "In brackets: what comes about instead, and what that is worth." in out


def test_one_rule_and_one_player_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "tornado", BY_STATE, "--draws", "200", "--proposes", "sapphire", "--player", "together")
    assert "to both companies" in out
    assert "Outcome changes to" in out
    assert "A below 1.12" in out


def test_documents_are_rounded_and_repeat(capsys: pytest.CaptureFixture[str], talks: str) -> None:
    one = document(capsys, "tornado", talks, "--draws", "50")
    assert one == document(capsys, "tornado", talks, "--draws", "50")
    assert one["scenario"]["title"] == "Talks"
    assert [bar["quantity"]["key"] for bar in one["tornado"]["bars"]] == ["inputs.x", "inputs.y"]
    found = document(capsys, "map", talks, "--draws", "50", "--x", "x=0..7.3", "--y", "y=-120%..5.9", "--steps", "8")
    assert found["map"]["x"]["steps"][0] == 0
    assert found["map"]["y"]["steps"][-1] == 5.9
    assert found["map"]["y"]["steps"][0] == -1.2


def test_the_map_is_drawn_in_characters(capsys: pytest.CaptureFixture[str], talks: str) -> None:
    code, out, _ = run(capsys, "map", talks, "--draws", "50", "--x", "x=0..7.3", "--y", "y=-1.2..5.9")
    assert code == 0
    lines = out.splitlines()
    assert any(set(line[5:].strip()) == {"."} for line in lines)  # no agreement, at the top
    assert sum("*" in line for line in lines) == 3  # once in each map, once in the key
    assert "What the large deal brings B, USD m" in out
    assert ". No agreement" in out


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_figures_are_written(capsys: pytest.CaptureFixture[str], talks: str, tmp_path: Path, form: str) -> None:
    starts = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}[form]
    for command in (["tornado", talks], ["map", talks, "--x", "x", "--y", "y", "--steps", "12"]):
        out = tmp_path / f"{command[0]}.{form}"
        code, _, err = run(capsys, *command, "--draws", "50", "-o", str(out))
        assert (code, err) == (0, f"wrote {out}\n")
        assert out.read_bytes().startswith(starts)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["tornado", "FILE", "-o", "figure.gif"], 2, "use one of .svg, .png, .pdf"),
        (["tornado", "FILE", "--player", "c"], 2, "there is no player 'c'"),
        (["tornado", "FILE", "--proposes", "c"], 2, "'c' does not propose here"),
        (["tornado", BY_STATE, "--draws", "9", "--proposes", "saphire"], 2, "did you mean 'sapphire'?"),
        (["tornado", BY_STATE, "--draws", "9", "--player", "saphire"], 2, "did you mean 'sapphire'?"),
        (["map", BY_STATE, "--draws", "9", "--x", "peek", "--y", "p2"], 2, "did you mean 'peak'?"),
        (["map", MODEL, "--draws", "9", "--x", "hold_diamond", "--y", "p2"], 2, "hold_diamond=LOW..HIGH, or give it"),
        (["map", "FILE", "--x", "x", "--y", "z"], 2, "there is no uncertain input 'z'; choose one of x, y"),
        (["map", "FILE", "--x", "x", "--y", "x"], 2, "two different inputs"),
        (["map", "FILE", "--x", "x=1", "--y", "y"], 2, "write an input, or INPUT=LOW..HIGH"),
        (["map", "FILE", "--x", "x=3..1", "--y", "y"], 2, "no stretch to draw"),
        (["map", "FILE", "--x", "x", "--y", "y", "--steps", "300"], 3, "from 2 to 200 steps on a side, not 300"),
        (["map", "FILE", "--x", "x"], 2, "--y"),
    ],
)
def test_what_is_wrong_is_told(
    capsys: pytest.CaptureFixture[str], talks: str, arguments: list[str], code: int, told: str
) -> None:
    given = [talks if argument == "FILE" else argument for argument in arguments]
    ended, out, err = run(capsys, *given)
    assert ended == code
    assert told in err
    assert out == ""


# The talks without ranges: what the large deal brings B is a plain number, `base`, and 1.
PLAIN = (
    TALKS.partition("inputs:")[0]
    + """
inputs:
  market: {one_of: {home: Home, abroad: Abroad}, value: home}
  base: 6 / 2
  x: base + 1
  y: {value: 0, label: What A has elsewhere}
  shift: {rows: [{when: {deal: large}, value: 0}, {when: {deal: [small, no_agreement]}, value: 1}]}
payoffs:
  worth:
    rows:
      - {when: {deal: large}, a: 6 + shift, b: x}
      - {when: {deal: small}, a: 3, b: 7}
      - {when: {deal: no_agreement}, a: 2 + y, b: 3}
"""
)


@pytest.fixture
def plain(tmp_path: Path) -> str:
    path = tmp_path / "plain.yaml"
    path.write_text(PLAIN)
    return str(path)


def test_a_plain_number_is_mapped_between_the_ends_that_are_given(
    capsys: pytest.CaptureFixture[str], plain: str, talks: str
) -> None:
    found = document(capsys, "map", plain, "--x", "inputs.base=-1..6", "--y", "y=-1..5", "--steps", "7")
    ranged = document(capsys, "map", talks, "--x", "x=0..7", "--y", "y=-1..5", "--steps", "7")
    x = found["map"]["x"]
    assert (x["low"], x["base"], x["high"]) == (3, 3, 3)
    assert (x["quantity"]["key"], x["steps"][0], x["steps"][-1]) == ("inputs.base", -1, 6)
    assert [item["outcomes"] for item in found["map"]["maps"]] == [item["outcomes"] for item in ranged["map"]["maps"]]
    edges = [
        [(edge["row"], edge["column"], edge["x"] + shift) for edge in one["map"]["maps"][0]["border"]]
        for one, shift in ((found, 1), (ranged, 0))
    ]
    assert edges[0]
    assert edges[0] == [(row, column, pytest.approx(at)) for row, column, at in edges[1]]


@pytest.mark.parametrize(
    ("x", "told"),
    [
        ("base", "'base' is one number; say from where to where, base=LOW..HIGH, or give it a range in the file"),
        ("x=1..9", "'x' is computed; vary what it is computed from: base"),
        ("x", "'x' is computed"),
        ("shift=0..1", "'shift' rests on what happened"),
        ("market=0..1", "'market' is a switch, no number"),
        ("nothing=0..1", "there is no uncertain input 'nothing'"),
        ("base=6..1", "no stretch to draw"),
    ],
)
def test_what_cannot_be_mapped_says_why(capsys: pytest.CaptureFixture[str], plain: str, x: str, told: str) -> None:
    code, out, err = run(capsys, "map", plain, "--draws", "9", "--x", x, "--y", "y=0..1")
    assert (code, out) == (2, "")
    assert told in err


def test_a_map_of_plain_numbers_has_no_p10_and_p90(
    capsys: pytest.CaptureFixture[str], plain: str, talks: str, tmp_path: Path
) -> None:
    out = tmp_path / "map.svg"
    for file, x, dashes in ((plain, "base=-1..6", False), (talks, "x=0..7", True)):
        code, _, err = run(capsys, "map", file, "--draws", "9", "--x", x, "--y", "y=-1..5", "-o", str(out))
        assert (code, err) == (0, f"wrote {out}\n")
        drawn = out.read_text()
        assert ("P10 to P90" in drawn) is dashes
        assert ("stroke-dasharray" in drawn) is dashes
        assert "base case" in drawn
