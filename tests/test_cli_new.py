"""`gamecore new`: four questions, asked so that a pipe can answer; what it writes is a scenario."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gamecore.cli.asking import _several
from gamecore.errors import InputError
from gamecore.scenario import read_scenario

JOINT = [
    "Supply price: Ruby's wish",
    "",
    "Ruby, Diamond",
    "ruby",
    "",
    'Keep the price, Share "cost" changes',
    "Deliveries end",
    "2020-07-01",
    "6 months",
    "EUR m",
    "1, 2",
    "3 .. 4 .. 5, -1",
    "0, 0",
]
APART = [
    "Launch",
    "When?",
    "A; B, the second",
    "alliance",
    "no",
    "now, later",
    "now; later",
    "-",
    "0",
    "0",
    "",
    *["1, 2"] * 4,
]


def new(answers: list[str] | bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    data = answers if isinstance(answers, bytes) else "".join(f"{answer}\n" for answer in answers).encode()
    command = [sys.executable, "-c", "from gamecore.cli import main; main()", "new", *options]
    return subprocess.run(command, input=data, capture_output=True, check=False, timeout=60)


def test_a_joint_decision_becomes_a_scenario(tmp_path: Path) -> None:
    out = tmp_path / "supply.yaml"
    done = new(JOINT, "-o", str(out))
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    assert f"wrote {out}" in done.stderr.decode()
    scenario = read_scenario(out.read_bytes())
    assert (scenario.title, scenario.question, scenario.advise) == (JOINT[0], "What do we propose?", "ruby")
    assert [player.label for player in scenario.players.values()] == ["Ruby", "Diamond"]
    assert scenario.unit == "EUR m"
    assert scenario.timing.count_from == "2020-07-01"
    assert out.read_text().startswith("#")


def test_decisions_of_their_own_become_moves() -> None:
    done = new(APART)
    assert done.returncode == 0, done.stderr
    scenario = read_scenario(done.stdout)
    assert [player.label for player in scenario.players.values()] == ["A", "B, the second"]
    assert len(scenario.decisions) == 2


def test_the_end_of_the_input_takes_the_defaults() -> None:
    done = new(["Title", "", "A, B", "", "", "x, y"])
    assert done.returncode == 0, done.stderr
    assert read_scenario(done.stdout).advise == "alliance"


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([], "an answer is needed here"),
        (["Title", "", "A,, B"], "nothing between two commas"),
        (["Title", "", "A, A"], "each may stand once"),
        (["Title", "", "A, B", "C"], "one of: A, B, alliance"),
        (["Title", "", "A, B", "", "maybe"], "yes or no"),
        ([*JOINT[:7], "tomorrow"], "a date such as 2020-07-01"),
        ([*JOINT[:8], "6"], "6"),
        ([*JOINT[:10], "1"], "2 values are needed"),
        ([*JOINT[:10], "1, 5 .. 4 .. 3"], "low .. base .. high"),
        ([*JOINT[:10], "1, much"], "much"),
        (b"\xff\xfe\n\n\xff", "an answer is needed here"),
    ],
)
def test_a_wrong_answer_from_a_pipe_ends_with_what_is_wrong(answers: list[str] | bytes, told: str) -> None:
    done = new(answers)
    assert (done.returncode, done.stdout) == (2, b"")
    assert told in done.stderr.decode().splitlines()[-1]


def test_a_file_that_exists_is_not_replaced_from_a_pipe(tmp_path: Path) -> None:
    out = tmp_path / "mine.yaml"
    out.write_text("mine")
    done = new(JOINT, "-o", str(out))
    assert (done.returncode, out.read_text()) == (2, "mine")
    assert b"exists" in done.stderr


def test_names_may_hold_commas_between_semicolons() -> None:
    assert _several("A, b; C") == ("A, b", "C")
    with pytest.raises(InputError):
        _several(";")
