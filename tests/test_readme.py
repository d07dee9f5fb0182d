"""The README is true: its commands run, its example is read, its figures are right, what it points to exists."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```yaml\n(gamecore: 1.*?)```", README, flags=re.DOTALL)
COMMANDS = re.findall(r"^\$ (.+)$", README, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    assert EXAMPLE is not None
    (folder / "launch.yaml").write_text(EXAMPLE.group(1), encoding="utf-8")
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    assert words[0] == "gamecore"
    program = str(Path(sys.executable).with_name("gamecore"))
    return subprocess.run([program, *words[1:]], cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("gamecore ")])
def test_the_commands_of_the_readme_run(command: str, folder: Path) -> None:
    done = run(command, folder)
    assert done.returncode == 0, done.stderr
    for name in re.findall(r"-o (\S+)", command):
        assert (folder / name).stat().st_size > 500


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_the_make_targets_of_the_readme_exist(command: str) -> None:
    done = subprocess.run([*shlex.split(command), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_command_of_the_readme_is_of_a_kind_that_is_tested() -> None:
    assert {command.split()[0] for command in COMMANDS} == {"make", "gamecore", "curl"}


def test_the_example_gives_what_the_readme_says(folder: Path) -> None:
    told = run("gamecore analyse launch.yaml", folder).stdout
    assert re.search(r"We recommend A: Launch in March", told)
    assert "100.0" in told
    assert "80.0" in told


def test_the_fault_shown_is_the_fault_told(folder: Path) -> None:
    shown = re.search(r"^launch\.yaml:\d+:\d+: .*$", README, flags=re.MULTILINE)
    assert shown is not None
    wrong = (folder / "launch.yaml").read_text(encoding="utf-8").replace("by: diamond", "by: daimond", 1)
    (folder / "wrong").mkdir(exist_ok=True)
    (folder / "wrong/launch.yaml").write_text(wrong, encoding="utf-8")
    done = run("gamecore check launch.yaml", folder / "wrong")
    assert done.returncode == 2
    assert shown.group() in done.stderr


def test_everything_the_readme_points_to_exists() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[int]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = str(Path(sys.executable).with_name("gamecore"))
    server = subprocess.Popen(
        [program, "serve", "--port", str(port)],
        cwd=folder,
        env=os.environ | {"GAMECORE_WORKERS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("curl ")])
def test_the_calls_of_the_readme_are_answered(command: str, folder: Path, service: int) -> None:
    words = shlex.split(command)
    headers = dict(word.split(": ", 1) for place, word in enumerate(words) if words[place - 1] == "-H")
    body = (folder / words[words.index("--data-binary") + 1].removeprefix("@")).read_bytes()
    url = words[-1].replace(":8000", f":{service}")
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        content = answer.read()
        assert answer.status == 200
    assert content.startswith(b"%PDF" if headers.get("Accept") == "application/pdf" else b"{")
