"""docs/partner.md and the sections of docs/command-line.md on these commands say what the code does."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from gamecore.advice.partner_replies import MOST_MOVES
from gamecore.cli import endings
from gamecore.questions.compromise_rules import RULES
from gamecore.questions.lever_document import DRAWN, MOST_PAIRS

ROOT = Path(__file__).resolve().parents[2]
PARTNER = ROOT / "docs" / "partner.md"
COMMANDS = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


def test_the_examples_of_the_manual_are_right() -> None:
    found = doctest.testfile(str(PARTNER), module_relative=False, encoding="utf-8")
    assert found.attempted > 10
    assert found.failed == 0


@pytest.mark.parametrize("name", ["compromise", "levers", "partner"])
def test_every_option_of_the_commands_is_in_the_manual(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert endings.run([name, "--help"]) == 0
    options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", capsys.readouterr().out, re.MULTILINE)) - {"--help"}
    text = COMMANDS + PARTNER.read_text(encoding="utf-8")
    assert {option for option in options if option not in text and option.replace("--out", "-o") not in text} == set()
    assert "--json" in options


def test_rules_and_limits_are_those_of_the_code() -> None:
    for rule in RULES:
        assert f"`{rule.replace('_', '-')}`" in COMMANDS
    assert f"{MOST_PAIRS} pairs at most" in COMMANDS
    assert DRAWN == 6
    assert "each of the best six proposals" in COMMANDS
    assert f"more than {MOST_MOVES} moves" in PARTNER.read_text(encoding="utf-8")
