"""The examples in the docstrings are right."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = (
    "gamecore.compromises.bargaining",
    "gamecore.compromises.curves",
    "gamecore.compromises.frontier",
    "gamecore.compromises.hull",
    "gamecore.compromises.lotteries",
    "gamecore.compromises.lottery_frontier",
    "gamecore.compromises.lottery_judge",
    "gamecore.compromises.measures",
    "gamecore.compromises.overview",
    "gamecore.compromises.powers",
    "gamecore.compromises.rules_in_words",
    "gamecore.compromises.transferable",
)


@pytest.mark.parametrize("module", MODULES)
def test_the_modules_example_runs_and_says_the_truth(module: str) -> None:
    answer = doctest.testmod(import_module(module))
    assert answer.attempted > 0
    assert answer.failed == 0
