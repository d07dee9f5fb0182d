from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import gamecore.compromises.deals as room
from gamecore.compromises.deals.overview import RULE_IN_WORDS, overview
from gamecore.compromises.deals.solutions import RULES, Rule
from gamecore.compromises.deals.space import Amount, DealSpace, Reading
from tests.compromises.deals.cases import port, thompson_space

MODULES = [module.name for module in pkgutil.iter_modules(room.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_modules_are_true(name: str) -> None:
    module = importlib.import_module(f"{room.__name__}.{name}")
    assert doctest.testmod(module).failed == 0


def test_the_document_is_true() -> None:
    answer = doctest.testfile(str(Path(__file__).parents[3] / "docs" / "deals.md"), module_relative=False)
    assert answer.attempted > 10
    assert answer.failed == 0


def test_the_employment_contract_in_words() -> None:
    told = overview(thompson_space(), start=("6%", "Division C", "80%", "60%", "$36,000")).in_words()
    assert told[0].startswith("How values are read: points count as they are given, times the weight")
    assert (
        told[1]
        == "3,125 deals are possible; 25 of them cannot be made better for one side without being worse for another."
    )
    assert "Starting from 6%, Division C, 80%, 60%, $36,000 - employer 50, employee 50:" in told
    assert "Left on the table: 54 in all, taken up by 10%, Division E, 100%, 0%, $32,000." in told
    best = "10%, Division E, 100%, 0%, $32,000 - employer 77, employee 77"
    assert told[-1] == f"In 3 steps, each worth more to everybody, it becomes {best}."


def test_the_port_in_words_tells_who_stands_against() -> None:
    found = overview(port(), vetoes=("Department of Tourism", "SportCo"), quorum=5)
    told = found.in_words()
    assert (
        "55 of 720 deals pass: at least 5 of 6 parties have no less than without agreement, "
        "Department of Tourism and SportCo among them." in told
    )
    assert "Everybody accepts 12." in told
    assert "SportCo alone stands against 56 deals that all others accept." in told


def test_no_name_of_a_theorem_is_told_to_people() -> None:
    told = " ".join([*overview(thompson_space()).in_words(), *overview(port()).in_words(), *RULE_IN_WORDS.values()])
    assert not any(word in told.lower() for word in ("nash", "kalai", "pareto", "egalitarian", "utilitarian"))
    assert set(RULE_IN_WORDS) == {rule for rule, _ in RULES}


def test_continuous_terms_in_words() -> None:
    fee = Amount.linear("fee", 0, 10, (-1, 1), unit="USD m")
    space = DealSpace.from_points(
        ("us", "them"), {"scope": {"all": (9, 0), "half": (5, 3)}}, amounts=[fee], unit="USD m", reading=Reading.RAW
    )
    found = overview(space, start=("half",), start_amounts=(1,))
    assert [int(value) for value in found.ideal] == [9, 9]
    told = found.in_words()
    assert told[1] == "2 combinations of options, each with any fee within its bounds."
    assert "Largest product of gains: all, fee 4.5 USD m - us 4.5, them 4.5." in told
    assert "Starting from half, fee 1 USD m - us 4, them 4:" in told


def test_a_start_that_somebody_would_refuse_is_told_so() -> None:
    space = DealSpace.from_points(("a", "b"), {"i": {"x": (1, 0), "y": (0, 1)}}, no_agreement=("0.5", 1))
    told = overview(space, start=("x",)).in_words()
    assert "b would rather have no agreement than this (0 against 1)." in told
    assert "Nothing is left on the table: no deal has more in all without somebody having less." in told
    assert f"{RULE_IN_WORDS[Rule.NASH]}: none; every deal is worse than no agreement for somebody." in told
