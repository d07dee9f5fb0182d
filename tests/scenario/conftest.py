"""Worked files: those of `scenarios/`, and frozen copies in `files/` in which tests make mistakes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gamecore.errors import ScenarioError
from gamecore.model import Scenario
from gamecore.scenario import read_scenario

FILES = Path(__file__).parent / "files"
SCENARIOS = Path(__file__).parents[2] / "scenarios"
GOOD = sorted(SCENARIOS.glob("*.yaml"))


def faults_of(text: str, file: str = "scenario") -> list[str]:
    try:
        read_scenario(text, file=file)
    except ScenarioError as error:
        return [fault.text(file) for fault in error.faults]
    return []


@pytest.fixture
def mistaken() -> Callable[..., list[str]]:
    """The faults of a worked file after a text in it is replaced."""

    def make(file: str, old: str, new: str) -> list[str]:
        text = (FILES / f"{file}.yaml").read_text()
        assert old in text
        return faults_of(text.replace(old, new, 1), f"{file}.yaml")

    return make


@pytest.fixture
def phase2() -> Scenario:
    return read_scenario((FILES / "phase2.yaml").read_bytes())
