from __future__ import annotations

import doctest
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.errors import InputError, TooLargeError
from gamecore.games import coalition
from gamecore.games.coalition import CoalitionGame, bankruptcy_game, coalition_sums, exact_amounts, savings_game
from tests.compromises.coalition_games import GLOVE, MAJORITY, airport, convex_games, exact, games, permuted


def test_the_modules_example_runs_and_says_the_truth() -> None:
    answer = doctest.testmod(coalition)
    assert answer.attempted > 0
    assert answer.failed == 0


# ------------------------------------------------------------------------------------------------------------- reading


def test_players_come_in_the_order_in_which_they_are_named_and_keys_in_any_order() -> None:
    game = CoalitionGame.from_values({"south": 1, ("north",): "1/3", frozenset({"north", "south"}): 2.5, (): 0})
    assert game.players == ("south", "north")
    assert game.values == exact(0, 1, "1/3", "5/2")
    again = CoalitionGame.from_values({("north", "south"): 1}, players=["north", "south"], unnamed="0.1")
    assert again.values == exact(0, "1/10", "1/10", 1)


def test_a_float_is_the_decimal_it_prints_as() -> None:
    game = CoalitionGame.from_values({"a": 0.1, "b": 0.2, ("a", "b"): 0.3})
    assert game.value_of(["a"]) + game.value_of(["b"]) == game.value_of(["a", "b"])


def test_coalitions_members_and_subgames_fit_each_other() -> None:
    game = CoalitionGame.from_function(["u", "v", "w"], lambda members: 10 * len(members) + ("v" in members))
    assert game.coalition(["w", "u"]) == 0b101
    assert (game.members(0b101), game.names(0b101)) == ((0, 2), ("u", "w"))
    assert game.value_of(["u", "w"]) == 20
    inside = game.subgame(0b110)
    assert inside.players == ("v", "w")
    assert inside.values == exact(0, 11, 10, 21)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"a": 1, "b": 1}, "no worth is given for a, b: every coalition needs one"),
        ({("a", "b", "c"): 1}, "no worth is given for a; b; a, b and 3 more"),
        ({"a": 1, "b": 1, ("a", "b"): 3, ("b", "a"): 3}, "two values"),
        ({"a": 1, "b": 1, ("a", "b", "a"): 3}, "'a' is named twice in one coalition"),
        ({"a": float("nan")}, "the worth of a is nan"),
        ({"a": "lots"}, "the worth of a is 'lots'"),
        ({"a": None}, "must be a finite number"),
        ({"a": 1, (): 1}, "the coalition of nobody is worth 0, not 1"),
        ({3: 1}, "3 is no coalition: give a player's name or a collection of names"),
        ({}, "name at least one"),
        ({"": 1}, "a text that is not empty"),
        ({(1,): 1}, "a text that is not empty"),
    ],
)
def test_wrong_values_are_told(values: dict[Any, Any], words: str) -> None:
    with pytest.raises(InputError, match=words.replace("(", r"\(")):
        CoalitionGame.from_values(values)


def test_wrong_players_are_told() -> None:
    with pytest.raises(InputError, match="no player is called 'c': the players are a, b"):
        CoalitionGame.from_values({"c": 1}, players="ab")
    with pytest.raises(InputError, match="two players are called 'a'"):
        CoalitionGame.from_function(["a", "a"], lambda _: 1)
    with pytest.raises(InputError, match="2 players have 4 coalitions"):
        CoalitionGame(("a", "b"), exact(0, 1))
    with pytest.raises(InputError, match="nobody is worth 0"):
        CoalitionGame(("a",), exact(1, 1))
    with pytest.raises(InputError, match="the coalition of nobody has none"):
        GLOVE.subgame(0)
    with pytest.raises(TooLargeError, match="17 players are too many: a game of coalitions takes 16") as refused:
        CoalitionGame.from_function([str(place) for place in range(17)], lambda _: 0)
    assert (refused.value.limit, refused.value.count, refused.value.allowed) == ("players", 17, 16)


def test_amounts_by_name_or_in_order_have_one_for_each_player() -> None:
    assert exact_amounts(("a", "b"), {"b": 2, "a": 0.5}, "weight") == exact("1/2", 2)
    assert exact_amounts(("a", "b"), ["1/3", 2], "weight") == exact("1/3", 2)
    with pytest.raises(InputError, match="b has no weight"):
        exact_amounts(("a", "b"), {"a": 1}, "weight")
    with pytest.raises(InputError, match="given for 'c', but the players are a, b"):
        exact_amounts(("a", "b"), {"a": 1, "b": 1, "c": 1}, "weight")
    with pytest.raises(InputError, match="3 amounts are given as weight for 2 players"):
        exact_amounts(("a", "b"), [1, 1, 1], "weight")


# --------------------------------------------------------------------------------------------------------------- shape


def lost_by_joining(game: CoalitionGame) -> Fraction:
    """The definition, over all disjoint pairs."""
    everything = range(1, len(game.values))
    return max(
        (game.values[s] + game.values[t] - game.values[s | t] for s in everything for t in everything if not s & t),
        default=Fraction(0),
    )


def not_supermodular(game: CoalitionGame) -> bool:
    everything = range(len(game.values))
    return any(
        game.values[s] + game.values[t] > game.values[s | t] + game.values[s & t]
        for s in everything
        for t in everything
    )


@given(games() | convex_games())
@settings(max_examples=150, deadline=None)
def test_shapes_are_what_the_definitions_say(game: CoalitionGame) -> None:
    worst = game.superadditivity_shortfall()
    assert game.is_superadditive() == (lost_by_joining(game) <= 0)
    if worst is not None:
        assert worst.amount == lost_by_joining(game) > 0
        assert not worst.first & worst.second
        assert (
            worst.amount
            == game.values[worst.first] + game.values[worst.second] - game.values[worst.first | worst.second]
        )
    bent = game.convexity_shortfall()
    assert game.is_convex() == (not not_supermodular(game))
    if bent is not None:
        union, both = bent.first | bent.second, bent.first & bent.second
        values_of = game.values
        assert bent.amount == values_of[bent.first] + values_of[bent.second] - values_of[union] - values_of[both] > 0
    smaller = [(s, s | 1 << i) for s in range(len(game.values)) for i in range(len(game.players))]
    assert game.is_monotone() == all(game.values[s] <= game.values[t] for s, t in smaller)


@given(convex_games())
@settings(max_examples=30, deadline=None)
def test_convex_games_are_superadditive(game: CoalitionGame) -> None:
    assert game.is_convex()
    assert game.is_superadditive()


def test_known_games_have_known_shapes() -> None:
    assert GLOVE.is_superadditive()
    assert not GLOVE.is_convex()
    assert MAJORITY.is_monotone()
    assert not CoalitionGame(("a",), exact(0, -1)).is_monotone()


# ------------------------------------------------------------------------------------------------------------- numbers


@given(games(), st.data())
@settings(max_examples=50, deadline=None)
def test_excesses_are_the_same_one_by_one_and_all_at_once(game: CoalitionGame, data: st.DataObject) -> None:
    shares = data.draw(
        st.lists(st.fractions(-3, 3, max_denominator=9), min_size=len(game.players), max_size=len(game.players))
    )
    scaled, common = game.scaled_excesses(shares)
    assert [Fraction(value, common) for value in scaled] == [
        game.excess(one, shares) for one in range(len(game.values))
    ]


def test_sums_over_coalitions_are_in_the_order_of_the_coalitions() -> None:
    assert coalition_sums([1, 10, 100]).tolist() == [0, 1, 10, 11, 100, 101, 110, 111]


def test_savings_and_bankruptcy_games_are_what_their_names_say() -> None:
    savings = savings_game(airport())
    assert savings.value_of("ab") == 1500
    assert savings.value_of("abc") == 3700
    estate = bankruptcy_game(Fraction(200), dict(zip("abc", exact(100, 200, 300), strict=True)))
    assert [estate.value_of(group) for size in (1, 2, 3) for group in combinations("abc", size)] == [
        0, 0, 0, 0, 0, 100, 200,
    ]  # fmt: skip


@given(games())
@settings(max_examples=30, deadline=None)
def test_renaming_back_and_forth_is_the_same_game(game: CoalitionGame) -> None:
    order = list(range(len(game.players)))[::-1]
    assert permuted(permuted(game, order), order) == game
