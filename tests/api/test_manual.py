"""docs/service.md says what the code does."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.bodies import MEDIA_TYPES
from api.problems import KINDS
from api.routes.briefs import FORMATS
from api.settings import PREFIX, Settings, core_sizes

from .test_problems import ROUTES

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "service.md").read_text()
CALLS = re.findall(r"^curl (?:.*\\\n)*.*$", MANUAL, re.MULTILINE)


def test_every_route_and_media_type_is_in_the_manual() -> None:
    for path, method in ROUTES.items():
        assert f"`{method} {path}`" in MANUAL
    for media_type in {*MEDIA_TYPES, *FORMATS}:
        assert f"`{media_type}`" in MANUAL


def test_every_problem_stands_beside_its_status() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \| (.*?) \|", MANUAL, re.MULTILINE)
    told = {
        (int(status), kind)
        for statuses, kinds in rows
        for status in statuses.split(",")
        for kind in re.findall(r"`([\w-]+)`", kinds)
    }
    for name, kind in KINDS.items():
        assert (kind.status, name) in told, name


def test_every_limit_is_in_the_manual_with_its_default() -> None:
    for item in fields(Settings):
        if item.name != "sizes":
            assert f"`{PREFIX}{item.name.upper()}`" in MANUAL
            assert f"`--{item.name.replace('_', '-')}`" in MANUAL
    for name in ("max_body_bytes", "max_draws", "max_waiting"):
        assert re.search(rf"{PREFIX}{name.upper()}` \| {getattr(Settings(), name)}\b", MANUAL), name
    for name in core_sizes():
        assert f"`{PREFIX}MAX_{name.upper()}`" in MANUAL


@pytest.mark.parametrize("call", CALLS)
def test_the_calls_of_the_manual_are_answered(client: TestClient, call: str) -> None:
    words = shlex.split(call)
    given = {word: words[place + 1] for place, word in enumerate(words) if word.startswith("-")}
    name, _, value = given["-H"].partition(": ")
    body = (ROOT / given["--data-binary"].removeprefix("@")).read_bytes()
    response = client.post(words[-1].partition(":8000")[2], content=body, headers={name: value})
    assert response.status_code == 200, response.text
    assert response.content.startswith(b"%PDF" if "-o" in given else b"{")


def test_the_manual_has_calls() -> None:
    assert len(CALLS) >= 2
