from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from gamecore.compromises.bargaining import Case, Rule, egalitarian, kalai_smorodinsky, nash, proportional, utilitarian
from gamecore.compromises.lotteries import nash_lottery
from gamecore.compromises.overview import overview
from gamecore.compromises.rules_in_words import (
    bargain_in_words,
    lottery_in_words,
    plain_number,
    rule_in_words,
    split_in_words,
)
from gamecore.compromises.transferable import split_surplus
from gamecore.errors import InputError, TooLargeError
from tests.compromises.tables import APART, SAPPHIRE_DIAMOND, START, WAIT, Table, exact, tables

OPTIONS = ("Start", "Wait", "Hybrid", "Terminate")
PLAYERS = ("Sapphire", "Diamond")


def test_everything_about_sapphire_and_diamond_at_once() -> None:
    found = overview(SAPPHIRE_DIAMOND, APART)
    assert [one.rule for one in found.rules] == [
        Rule.NASH,
        Rule.KALAI_SMORODINSKY,
        Rule.EGALITARIAN,
        Rule.UTILITARIAN,
    ]
    assert all(one.named.options == (WAIT,) for one in found.rules)
    assert (found.frontier_named, found.frontier_drawn.corners) == ((START, WAIT), (START, WAIT))
    assert found.ideal_named == SAPPHIRE_DIAMOND[WAIT]
    assert found.ideal_drawn[0] > found.ideal_named[0]  # Start may be drawn now and then
    assert found.paid.outcomes[0].received == exact("2.716", "-2.716")
    assert [one.paid for one in found.left][:2] == [Fraction("11.722"), 0]
    assert len(found.reading) == 3


@given(tables(players=(1, 3), options=(1, 6)))
@settings(max_examples=25, deadline=None)
def test_the_overview_is_what_the_rules_say_one_by_one(table: Table) -> None:
    point, parts = [1] * len(table[0]), [2, 3, 4][: len(table[0])]
    found = overview(table, point, weights=parts, proportions=parts)
    assert [one.named for one in found.rules] == [
        nash(table, point, parts),
        kalai_smorodinsky(table, point),
        egalitarian(table, point),
        utilitarian(table, point, parts),
        proportional(table, point, parts),
    ]
    for one in found.rules:
        assert one.named.rule is one.drawn.rule
        assert (one.drawn.case is Case.NOTHING_ACCEPTABLE) <= (one.named.case is Case.NOTHING_ACCEPTABLE)
    for left in found.left:
        assert 0 <= left.named <= left.drawn <= left.paid
    assert all(b >= a for a, b in zip(found.ideal_named, found.ideal_drawn, strict=True))


def test_an_overview_of_too_much_or_of_weights_that_mean_nothing_is_refused() -> None:
    with pytest.raises(TooLargeError):
        overview([(k, -k) for k in range(300)], (0, 0))
    with pytest.raises(InputError, match="sum to 0"):
        overview([(1, 1)], (0, 0), weights=(0, 0))
    with pytest.raises(InputError, match="proportion"):
        overview([(1, 1)], (0, 0), proportions=(1, -1))


# --------------------------------------------------------------------------------------------------------------- words


def test_every_rule_is_told_without_the_names_of_its_inventors() -> None:
    told = [rule_in_words(rule, weighted=weighted) for rule in Rule for weighted in (False, True)]
    assert all(text[0].isupper() and text.endswith(".") for text in told)
    assert not any(name in text for text in told for name in ("Nash", "Kalai", "utilitarian", "egalitarian", "lottery"))
    assert len({rule_in_words(rule) for rule in Rule}) == len(Rule)


def test_answers_are_told_with_the_names_of_options_and_sides() -> None:
    assert bargain_in_words(nash(SAPPHIRE_DIAMOND, APART), OPTIONS) == "Wait."
    assert bargain_in_words(nash([(1, 2), (2, 1)], (0, 0)), ("a", "b")) == "Equally good: a and b."
    assert bargain_in_words(nash([(0, 2), (2, 0)], (0, 0)), ("a", "b")).startswith("No option is better for everybody")
    assert bargain_in_words(kalai_smorodinsky([(1, 1)], (1, 1)), ("a",)).startswith("Nobody can gain")
    assert bargain_in_words(nash([(0, 2)], (1, 1)), ("a",)).startswith("Nothing: each option")
    drawn = nash_lottery([(5, 0), (0, 5)], (1, 1))
    told = lottery_in_words(drawn, ("left", "right"), ("Ada", "Bo"))
    assert told == "Draw by lot left with 50 % and right with 50 %; expected: Ada 2.5 and Bo 2.5."
    assert lottery_in_words(nash_lottery([(1, 1)], (2, 2)), ("a",), PLAYERS).startswith("Nothing: even by lot")
    sure = nash_lottery([(3, 2)], (1, 1))
    assert lottery_in_words(sure, ("a",), ("Ada", "Bo")) == "a for certain: Ada 3 and Bo 2."


def test_the_split_is_told_with_who_pays() -> None:
    assert split_in_words(split_surplus(SAPPHIRE_DIAMOND, APART), OPTIONS, PLAYERS) == (
        "Wait, and Diamond pays Sapphire 2.716. Each side then has: Sapphire 50.14 and Diamond 23.1."
    )
    assert "nobody pays anything" in split_in_words(split_surplus([(1, 1)], (0, 0)), ("a",), PLAYERS)
    assert split_in_words(split_surplus([(1, 1)], (2, 2)), ("a",), PLAYERS).startswith("No agreement")


@pytest.mark.parametrize(
    ("value", "text"), [("5", "5"), ("12345", "12,345"), ("12345.6", "12,346"), ("1/3", "0.3333"), ("-2.5", "-2.5")]
)
def test_numbers_are_told_as_people_write_them(value: str, text: str) -> None:
    assert plain_number(Fraction(value)) == text
