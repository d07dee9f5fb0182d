from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from gamecore.compromises.sharing.core import core, objections
from gamecore.compromises.sharing.nucleolus import nucleolus
from gamecore.compromises.sharing.words import core_in_words, joined, nucleolus_in_words, objections_in_words
from gamecore.games.coalition import CoalitionGame
from tests.compromises.coalition_games import GLOVE, by_size, exact, voting

MODULES = (
    "gamecore.compromises.sharing.bankruptcy",
    "gamecore.compromises.sharing.coalitions",
    "gamecore.compromises.sharing.core",
    "gamecore.compromises.sharing.core_vertices",
    "gamecore.compromises.sharing.nucleolus",
    "gamecore.compromises.sharing.overview",
    "gamecore.compromises.sharing.scenario",
    "gamecore.compromises.sharing.shapley",
    "gamecore.compromises.sharing.structures",
    "gamecore.compromises.sharing.words",
)


@pytest.mark.parametrize("module", MODULES)
def test_the_modules_example_runs_and_says_the_truth(module: str) -> None:
    answer = doctest.testmod(import_module(module))
    assert answer.attempted > 0
    assert answer.failed == 0


def test_the_document_says_what_the_program_answers() -> None:
    answer = doctest.testfile(str(Path(__file__).parents[2] / "docs" / "sharing.md"), module_relative=False)
    assert answer.attempted > 0
    assert answer.failed == 0


def test_an_empty_core_is_told_with_unequal_weights() -> None:
    game = voting(3, [2, 1, 1, 1])
    assert core_in_words(game, core(game)) == (
        "No way of sharing keeps everybody: the core is empty.",
        "Without the others a and b can have 1, a and c 1, a and d 1, b, c and d 1.",
        "Counted 1/3, 1/3, 1/3 and 2/3 times, these coalitions hold every player once, and so ask for 5/3 in all.",
        "There is 1 to share: 2/3 too little.",
    )


def test_shares_in_the_core_are_told() -> None:
    assert core_in_words(GLOVE, core(GLOVE)) == ("No coalition has more on its own if they get: a 1, b 0 and c 0.",)


def test_objections_are_told() -> None:
    assert objections_in_words(GLOVE, objections(GLOVE, exact(0, 1, 0))) == (
        "Without the others a and c can have 1 more.",
    )
    assert objections_in_words(GLOVE, ()) == ("No coalition has more on its own.",)


def test_the_nucleolus_is_told_level_by_level() -> None:
    duo = CoalitionGame.from_values({"singer": 100, "pianist": 200, ("singer", "pianist"): 700})
    assert nucleolus_in_words(duo, nucleolus(duo)) == (
        "The nucleolus gives: singer 300 and pianist 400.",
        "Least content: singer; pianist, with 200 more than they can have without the others.",
        "None of them can have more unless another has less: singer; pianist together are everybody.",
    )


def test_what_is_unusual_is_told_last() -> None:
    game = by_size(2, 3, 2, 4)
    told = nucleolus_in_words(game, nucleolus(game))
    assert told[0] == "The prenucleolus gives: a 5/2 and b 3/2."
    assert told[1] == "Least content: a; b, with 1/2 less than they can have without the others."
    assert told[-1].startswith("Players alone have 5 in all, everybody together 4")
    assert told[-1].endswith(".")


def test_names_are_joined_as_people_write_them() -> None:
    assert [joined(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
