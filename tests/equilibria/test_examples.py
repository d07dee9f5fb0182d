"""The examples in the docstrings are right."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = (
    "gamecore.games.strategic",
    "gamecore.games.voting",
    "gamecore.equilibria.buying",
    "gamecore.equilibria.certificate",
    "gamecore.equilibria.dominance",
    "gamecore.equilibria.exact_linear",
    "gamecore.equilibria.nashpy_search",
    "gamecore.equilibria.pure",
    "gamecore.equilibria.security",
    "gamecore.equilibria.two_player",
)


@pytest.mark.parametrize("module", MODULES)
def test_the_modules_example_runs_and_says_the_truth(module: str) -> None:
    answer = doctest.testmod(import_module(module))
    assert answer.attempted > 0
    assert answer.failed == 0
