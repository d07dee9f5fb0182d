"""docs/levers.md says what the code does."""

from __future__ import annotations

import dataclasses
import doctest
import re
from pathlib import Path

import pytest

from gamecore.advice.lever_facts import Proposal
from gamecore.redesign.levers.derived import MONTHS
from gamecore.redesign.levers.search import Budget
from gamecore.redesign.levers.terms import PART, POINTS, ROYALTY_POINTS

ROOT = Path(__file__).resolve().parents[3]
MANUAL = (ROOT / "docs" / "levers.md").read_text(encoding="utf-8")


def test_its_python_runs_and_gives_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code = "\n".join(re.findall(r"```python\n(.*?)```", MANUAL, flags=re.DOTALL))
    test = doctest.DocTestParser().get_doctest(code, {}, "levers.md", "docs/levers.md", 0)
    assert len(test.examples) > 10
    told: list[str] = []
    assert doctest.DocTestRunner().run(test, out=told.append).failed == 0, "".join(told)


def test_it_names_the_fields_of_a_proposal() -> None:
    table = MANUAL.split("| field | says |")[1].split("\n\n")[0]
    named = {name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[1])}
    held = {field.name for field in dataclasses.fields(Proposal)}
    assert named <= held
    assert held - named == {"outcome_label", "values"}


def test_its_steps_are_those_of_the_code() -> None:
    assert {abs(months) for months in MONTHS} == {1, 3}
    assert (float(POINTS), float(ROYALTY_POINTS), float(PART)) == (0.05, 0.01, 0.1)
    assert f"{Budget().pairs} unless said" in MANUAL
