from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.sharing.core import core, objections
from gamecore.compromises.sharing.judge import shapley_faults
from gamecore.compromises.sharing.shapley import banzhaf_index, shapley_value, weighted_shapley_value
from gamecore.errors import InputError
from gamecore.games.coalition import CoalitionGame, savings_game
from tests.compromises.coalition_games import (
    DUO,
    GLOVE,
    PUBLISHED,
    Published,
    add,
    airport,
    by_size,
    convex_games,
    exact,
    games,
    permuted,
    rescaled,
    voting,
)


def over_all_orders(game: CoalitionGame) -> tuple[Fraction, ...]:
    """The definition: what joining adds, over every order."""
    players = range(len(game.players))
    totals = [Fraction(0)] * len(players)
    orders = list(permutations(players))
    for order in orders:
        there = 0
        for player in order:
            totals[player] += game.values[there | 1 << player] - game.values[there]
            there |= 1 << player
    return tuple(total / len(orders) for total in totals)


# --------------------------------------------------------------------------------------------------- published answers


@pytest.mark.parametrize("case", [one for one in PUBLISHED if one.shapley], ids=lambda case: case.name)
def test_published_values_are_found(case: Published) -> None:
    assert shapley_value(case.game).shares == case.shapley


def test_what_each_airline_pays_by_the_shapley_value() -> None:
    assert shapley_value(airport()).shares == exact(500, 850, 1650)
    saved = shapley_value(savings_game(airport())).shares
    assert [cost - part for cost, part in zip((1500, 2200, 3000), saved, strict=True)] == [500, 850, 1650]


def test_the_power_of_the_council_of_fifteen() -> None:
    """Shapley & Shubik 1954: 98% of the power lies with the five vetoes."""
    shares = shapley_value(voting(39, [7] * 5 + [1] * 10)).shares
    assert shares[0] == Fraction(421, 2145)
    assert shares[-1] == Fraction(4, 2145)


def test_banzhafs_index_counts_every_coalition_once() -> None:
    """Banzhaf 1965: of the six boards of Nassau County, three have no power at all."""
    board = voting(16, [9, 9, 7, 3, 1, 1])
    assert banzhaf_index(board) == exact("1/2", "1/2", "1/2", 0, 0, 0)
    assert banzhaf_index(GLOVE) == exact("3/4", "1/4", "1/4")


def test_weights_divide_what_only_all_can_have() -> None:
    unanimity = by_size(2, 0, 0, 12)
    assert weighted_shapley_value(unanimity, {"b": 1, "a": 2}).shares == exact(8, 4)
    assert weighted_shapley_value(DUO, [1, 3]).shares == exact(200, 500)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([1, 0], "the weight of b is 0: every weight must be above 0"),
        ([0, 0], "the weight of a is 0"),
        ([1, -1], "the weight of b is -1"),
        ([1], "give every player one"),
        ({"a": 1}, "b has no weight"),
        (["x", 1], "the weight of a is 'x'"),
    ],
)
def test_wrong_weights_are_told(weights: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        weighted_shapley_value(DUO, weights)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------------- axioms


@given(games())
@settings(max_examples=16, deadline=None)
def test_the_value_is_the_mean_over_all_orders_and_hands_out_everything(game: CoalitionGame) -> None:
    answer = shapley_value(game)
    assert answer.shares == over_all_orders(game)
    assert sum(answer.shares) == game.values[-1]


@given(games(), st.data())
@settings(max_examples=16, deadline=None)
def test_players_are_treated_alike_under_any_name(game: CoalitionGame, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(game.players))))
    shares = shapley_value(game).shares
    assert shapley_value(permuted(game, order)).shares == tuple(shares[place] for place in order)


@given(games(most=4), st.integers(-3, 3))
@settings(max_examples=16, deadline=None)
def test_who_adds_nothing_beyond_its_own_gets_its_own(game: CoalitionGame, own: int) -> None:
    larger = CoalitionGame((*game.players, "dummy"), (*game.values, *(value + own for value in game.values)))
    shares = shapley_value(larger).shares
    assert shares == (*shapley_value(game).shares, Fraction(own))


@given(st.integers(1, 5).flatmap(lambda players: st.tuples(*[games(players, players)] * 2)))
@settings(max_examples=16, deadline=None)
def test_values_of_games_add_up(pair: tuple[CoalitionGame, CoalitionGame]) -> None:
    first, second = pair
    summed = [a + b for a, b in zip(shapley_value(first).shares, shapley_value(second).shares, strict=True)]
    assert list(shapley_value(add(first, second)).shares) == summed


@given(games(), st.fractions(-3, 3, max_denominator=5), st.data())
@settings(max_examples=16, deadline=None)
def test_units_and_gifts_go_through(game: CoalitionGame, unit: Fraction, data: st.DataObject) -> None:
    players = len(game.players)
    gifts = data.draw(st.lists(st.fractions(-9, 9, max_denominator=4), min_size=players, max_size=players))
    moved = shapley_value(rescaled(game, unit, gifts)).shares
    assert list(moved) == [unit * share + gift for share, gift in zip(shapley_value(game).shares, gifts, strict=True)]


@given(games(least=2), st.data())
@settings(max_examples=16, deadline=None)
def test_contributions_are_balanced(game: CoalitionGame, data: st.DataObject) -> None:
    """Myerson 1980: one's leaving costs the other as much as the other's leaving costs the one."""
    one, other = data.draw(st.permutations(range(len(game.players))))[:2]

    def without(gone: int, who: int) -> Fraction:
        inside = game.subgame(game.everybody ^ 1 << gone)
        return shapley_value(inside).shares[who - (who > gone)]

    shares = shapley_value(game).shares
    assert shares[one] - without(other, one) == shares[other] - without(one, other)


@given(convex_games())
@settings(max_examples=16, deadline=None)
def test_the_value_of_a_convex_game_is_in_its_core(game: CoalitionGame) -> None:
    """Shapley 1971."""
    assert not objections(game, shapley_value(game).shares)
    assert not core(game).is_empty


@given(games(), st.data())
@settings(max_examples=16, deadline=None)
def test_weights_that_are_equal_or_in_another_unit_change_nothing(game: CoalitionGame, data: st.DataObject) -> None:
    players = len(game.players)
    assert weighted_shapley_value(game, [3] * players).shares == shapley_value(game).shares
    weights = data.draw(st.lists(st.integers(1, 9), min_size=players, max_size=players))
    answer = weighted_shapley_value(game, weights)
    assert answer.shares == weighted_shapley_value(game, [Fraction(weight, 7) for weight in weights]).shares
    assert sum(answer.shares) == game.values[-1]


# ---------------------------------------------------------------------------------------------------------- the ledger


@given(games())
@settings(max_examples=16, deadline=None)
def test_dividends_prove_the_shares_and_nothing_else(game: CoalitionGame) -> None:
    answer = shapley_value(game)
    assert not shapley_faults(game, answer.shares, answer.dividends, answer.weights)
    off = (answer.shares[0] + 1, *answer.shares[1:])
    assert shapley_faults(game, off, answer.dividends, answer.weights)
    changed = {**answer.dividends, 1: answer.dividends.get(1, Fraction(0)) + 1}
    assert shapley_faults(game, off, changed, answer.weights)
