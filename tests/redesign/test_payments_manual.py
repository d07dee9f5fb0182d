from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_manual_of_payments_says_what_the_program_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    answer = doctest.testfile(str(ROOT / "docs" / "payments.md"), module_relative=False)
    assert answer.attempted > 0
    assert answer.failed == 0


@pytest.mark.parametrize("module", ["implementation", "transfers_along"])
def test_the_modules_example_runs_and_says_the_truth(module: str) -> None:
    answer = doctest.testmod(import_module(f"gamecore.redesign.{module}"))
    assert answer.attempted > 0
    assert answer.failed == 0
