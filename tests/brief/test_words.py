"""How numbers, ranks, chances and dates are written."""

from __future__ import annotations

import pytest

from gamecore.brief import words
from gamecore.errors import InputError


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (47.42, 1, "47.4"),
        (0.05, 1, "0.1"),
        (-0.04, 1, "0.0"),
        (-4.0, 1, "−4.0"),
        (999.94, 1, "999.9"),
        (1000.0, 0, "1,000"),
        (-12345.6, 0, "−12,346"),
        (0.00314, 4, "0.0031"),
    ],
)
def test_a_value_has_a_true_minus_and_commas_only_from_a_thousand(value: float, decimals: int, text: str) -> None:
    assert words.number(value, decimals) == text


@pytest.mark.parametrize(
    ("values", "decimals"), [([51.8, -4], 1), ([1234.5], 0), ([0.42, -0.1], 2), ([0.0123], 3), ([0.0], 1), ([], 1)]
)
def test_one_page_has_one_number_of_decimals(values: list[float], decimals: int) -> None:
    assert words.decimals_for(values) == decimals


def test_a_difference_carries_its_sign_unless_it_rounds_to_nothing() -> None:
    assert [words.signed(value, 1) for value in (2.62, -4.39, 0.01, -0.01)] == ["+2.6", "−4.4", "0.0", "0.0"]


def test_units_are_held_by_no_break_spaces() -> None:
    assert words.with_unit("7.0", "USD m") == "USD\u00a07.0\u00a0m"
    assert words.with_unit("7.0", "points") == "7.0\u00a0points"
    assert words.with_unit("7.0", None) == "7.0"


@pytest.mark.parametrize(
    ("rank", "tied", "text"),
    [
        (1, False, "1st"),
        (2, True, "2nd="),
        (3, False, "3rd"),
        (4, False, "4th"),
        (11, False, "11th"),
        (22, False, "22nd"),
    ],
)
def test_ranks(rank: int, tied: bool, text: str) -> None:
    assert words.rank_text(rank, tied=tied) == text


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (0, "0 of 100"),
        (0.004, "fewer than 1 of 100"),
        (0.275, "28 of 100"),
        (0.997, "more than 99 of 100"),
        (1, "100 of 100"),
    ],
)
def test_chances_are_cases_of_a_hundred(chance: float, text: str) -> None:
    assert words.chance_text(chance) == text


def test_shares_add_to_a_hundred_and_a_tie_goes_to_the_later_and_worse() -> None:
    assert words.hundred([("a", 0.655), ("b", 0.255), ("c", 0.09)]) == {"a": 65, "b": 26, "c": 9}
    assert words.hundred([("a", 1 / 3), ("b", 1 / 3), ("c", 1 / 3)]) == {"a": 33, "b": 33, "c": 34}
    assert words.hundred([("a", 0.0)]) == {"a": 0}


def test_a_year_is_said_once_a_block() -> None:
    dates = words.Dates()
    assert [dates.text(iso) for iso in ("2021-01-04", "2021-02-01", "2022-02-01")] == [
        "4 January 2021",
        "1 February",
        "1 February 2022",
    ]


def test_what_is_no_date_is_refused_with_an_example() -> None:
    with pytest.raises(InputError, match="write it as 2021-01-04"):
        words.date_text("tomorrow")


def test_words_are_counted_as_a_reader_does() -> None:
    assert words.count_words("B is 47.4 (1st) – or “no”.") == 6
