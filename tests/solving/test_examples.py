"""The examples in the solving room's modules, and in those that make graphs of trees, are true."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import gamecore.solving

ROOM = [name for _, name, _ in pkgutil.walk_packages(gamecore.solving.__path__, "gamecore.solving.")]
MODULES = ["gamecore.solving", *ROOM, "gamecore.games.graphs", "gamecore.games.graph_files"]
WITH_EXAMPLES = {"gamecore.solving", "gamecore.solving.further", "gamecore.games.graphs", "gamecore.games.graph_files"}


@pytest.mark.parametrize("module", MODULES)
def test_its_examples_are_true(module: str) -> None:
    answer = doctest.testmod(import_module(module))
    assert answer.failed == 0
    assert answer.attempted > 0 or module not in WITH_EXAMPLES
