"""docs/bargaining.md says what the code does."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "bargaining.md"


def test_the_document_says_what_the_program_answers() -> None:
    answer = doctest.testfile(str(DOCUMENT), module_relative=False)
    assert answer.attempted > 0
    assert answer.failed == 0


def test_every_function_in_the_tables_exists() -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    found = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    modules = [
        import_module(f"gamecore.compromises.{name}")
        for name in ("bargaining", "frontier", "lotteries", "lottery_frontier", "transferable")
    ]
    functions = {name for name in found if any(hasattr(module, name) for module in modules)}
    assert found - functions == {module.__name__.rsplit(".", 1)[1] for module in modules}
    assert len(functions) == 10
