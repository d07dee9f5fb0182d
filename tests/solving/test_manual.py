"""docs/solving.md and the solve part of docs/command-line.md say what the code does."""

from __future__ import annotations

import doctest
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from gamecore.cli import endings
from gamecore.cli.commands import app
from gamecore.games.gambit import read_game
from gamecore.solving import ALSO, solve
from gamecore.solving.converting import FORMATS
from tests.test_solving import DUPLICATE, ENTRY

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "solving.md").read_text(encoding="utf-8")
COMMAND_LINE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^(gamecore \S.*?) {2,}", MANUAL, flags=re.MULTILINE)
PYTHON = re.findall(r"```python\n(.*?)```", MANUAL, flags=re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "game.nfg").write_text(DUPLICATE)
    (tmp_path / "game.efg").write_text(ENTRY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _table(head: str) -> list[str]:
    """The first column of the table that follows the text `head`, without its signs of code."""
    rows = MANUAL.split(head, 1)[1].split("\n\n", 1)[0] if head.startswith("|") else MANUAL.split(head, 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", rows, flags=re.MULTILINE)
    assert lines is not None
    return [name for line in lines.group(0).splitlines() for name in re.findall(r"`([^`]+)`", line.split("|")[1])]


def test_its_python_runs_and_gives_what_it_says(folder: Path) -> None:
    assert len(PYTHON) >= 3
    test = doctest.DocTestParser().get_doctest("\n".join(PYTHON), {}, "solving.md", "docs/solving.md", 0)
    assert len(test.examples) > 10
    told: list[str] = []
    assert doctest.DocTestRunner().run(test, out=told.append).failed == 0, "".join(told)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_run(command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert endings.run(shlex.split(command)[1:]) == 0, capsys.readouterr().err


def test_it_names_every_key_of_the_document() -> None:
    answer = solve(read_game(ENTRY), explain=True, second_opinion=True, also="all")
    document = answer.document()
    further = {name.replace("-", "_") for name in ALSO}
    assert set(_table("## The document")) >= set(document) - further - {"title"}
    assert all(f"`{key}`" in MANUAL for key in further)
    listed = set(_table("Each equilibrium has"))
    assert set(document["equilibria"][0]) <= listed
    for key in document["equilibria"][0]["explanation"]:
        assert f"`{key}`" in MANUAL


def test_it_names_every_further_answer_with_its_values() -> None:
    assert _table("## What else can be asked") == list(ALSO)
    document = solve(read_game(DUPLICATE), also="all").document()
    section = MANUAL.split("## What else can be asked", 1)[1].split("\n## ", 1)[0]
    for name in ALSO:
        row = next(line for line in section.splitlines() if line.startswith(f"| `{name}` |"))
        for key in set(document[name.replace("-", "_")]) - {"status", "sentences", "notes"}:
            named = f"`{key}`" in row or key in {"concept", "seed", "points_followed", "zero_sum"}
            assert named, (name, key)


@pytest.mark.parametrize("name", ["solve", "convert"])
def test_every_option_is_in_the_command_lines_manual(name: str) -> None:
    command: Any = get_command(app)
    options = [option for item in command.commands[name].params for option in item.opts if option.startswith("--")]
    assert len(options) > 3
    for option in options:
        assert option in COMMAND_LINE, option


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_that_is_written_is_named(format: str, folder: Path) -> None:
    assert f"`.{format}`" in MANUAL
    assert endings.run(["convert", "game.nfg", f"out.{format}"]) == 0
    assert (folder / f"out.{format}").stat().st_size > 50


def test_everything_in_a_document_is_text_but_where_the_manual_says_floats() -> None:
    document = json.loads(json.dumps(solve(read_game(DUPLICATE), also="all", explain=True).document()))
    floats: set[str] = set()

    def walk(value: Any, key: str) -> None:
        if isinstance(value, float):
            floats.add(key)
        for name, item in (
            value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
        ):
            walk(item, key or str(name))

    walk(document, "")
    assert floats <= {"quantal_response", "learning"}
