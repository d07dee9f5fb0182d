"""Promises: the theorem for one profile, sets by brute force over tables of promises, ties, bounds, bad input."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Status
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame
from gamecore.redesign.implementation import Implementation, implement_profile, implement_set, undominated

# The prisoners' dilemma (3, 5, 0, 1): answers by Theorem 1 of Monderer & Tennenholtz 2004.
PRISONERS = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
# Two routes, each better alone on one: both (0, 1) and (1, 0) are Nash equilibria.
ROUTES = StrategicGame.from_rows([[(3, 3), (6, 4)], [(4, 6), (2, 2)]])


def game_of(values: Iterable[int], shape: tuple[int, ...]) -> StrategicGame:
    return StrategicGame.from_array(np.array(list(values), dtype=object).reshape(len(shape), *shape))


def games(*shape: int) -> st.SearchStrategy[StrategicGame]:
    size = len(shape) * int(np.prod(shape))
    return st.lists(st.integers(0, 4), min_size=size, max_size=size).map(lambda values: game_of(values, shape))


def implements(game: StrategicGame, found: Implementation, profiles: Collection[tuple[int, ...]]) -> bool:
    """Looked at afresh: no promise is negative, and every undominated profile is wanted."""
    left = set(product(*undominated(game, found.promises)))
    return bool((found.promises >= 0).all()) and bool(left) and left <= set(profiles)


@pytest.mark.parametrize(
    ("game", "profile", "cost"),
    [
        (PRISONERS, (0, 0), 4),  # each is promised 2
        (PRISONERS, (1, 1), 0),  # a Nash equilibrium
        (PRISONERS, (0, 1), 1),
        (ROUTES, (0, 1), 0),
        (ROUTES, (1, 0), 0),
        (ROUTES, (0, 0), 2),  # 4 - 3 for each
        (ROUTES, (1, 1), 8),  # 6 - 2 for each
    ],
)
def test_one_profile_costs_what_its_players_would_gain_by_leaving_it(
    game: StrategicGame, profile: tuple[int, int], cost: int
) -> None:
    found = implement_profile(game, profile)
    assert found.cost == cost
    assert found.status is Status.COMPLETE
    assert found.attained
    assert found.kept == ((profile[0],), (profile[1],))
    assert found.paid == found.cost


def test_each_prisoner_is_promised_two_at_the_target_and_what_is_promised_elsewhere_is_never_paid() -> None:
    found = implement_profile(PRISONERS, (0, 0))
    assert [found.promises[player, 0, 0] for player in (0, 1)] == [2, 2]
    assert found.promises[0, 0, 1] > 1
    assert found.promises[1, 1, 0] > 1
    assert found.promises[0, 1].tolist() == [0, 0]


@given(games(2, 3), st.integers(0, 1), st.integers(0, 2))
@settings(max_examples=50, deadline=None)
def test_a_profile_costs_nothing_exactly_if_it_is_a_nash_equilibrium(
    game: StrategicGame, row: int, column: int
) -> None:
    found = implement_profile(game, (row, column))
    stable = any(item.profile == (row, column) for item in pure_equilibria(game).equilibria)
    assert (found.cost == 0) == stable
    assert implements(game, found, {(row, column)})


@given(games(2, 2, 2), st.tuples(*[st.integers(0, 1)] * 3))
@settings(max_examples=40, deadline=None)
def test_three_players_are_promised_the_sum_of_their_gaps_and_strictly_a_margin_more(
    game: StrategicGame, profile: tuple[int, int, int]
) -> None:
    margin = Fraction(1, 10)
    gains = []
    for player in range(3):
        other = list(profile)
        other[player] = 1 - profile[player]
        gains.append(game.payoff(tuple(other))[player] - game.payoff(profile)[player])
    assert implement_profile(game, profile).cost == sum(max(gain, Fraction(0)) for gain in gains)
    strict = implement_profile(game, profile, strict=True, margin=margin)
    assert strict.cost == sum(max(gain + margin, Fraction(0)) for gain in gains)
    payoffs = game.payoffs + strict.promises
    for player in range(3):
        rows = np.moveaxis(payoffs[player], player, 0)
        assert (rows[profile[player]] > rows[1 - profile[player]]).all()


# ---- sets ------------------------------------------------------------------------------------------------------------


def cheapest_by_brute_force(game: StrategicGame, wanted: Collection[tuple[int, ...]], step: int) -> int:
    """Two players, two options: every table of promises on a grid, each player's looked at for what it keeps.

    Payoffs are 0, 1 or 2 steps and 1 breaks a tie, so what is found is above the least cost by less than a step.
    """
    amounts = [step * k + extra for k in range(3) for extra in (0, 1)]
    tables = np.array(list(product(amounts, repeat=4))).reshape(-1, 2, 2)  # (table, row, column)
    kept = []
    for player in range(2):
        mine = np.moveaxis(game.payoffs[player].astype(int) + tables, player + 1, 1)  # (table, own option, other's)
        one, two = mine[:, 0], mine[:, 1]
        over = (one >= two).all(axis=1) & (one > two).any(axis=1)
        under = (two >= one).all(axis=1) & (two > one).any(axis=1)
        kept.append({(0,): tables[over], (1,): tables[under], (0, 1): tables[~over & ~under]})
    costs = []
    for rows_left, columns_left in product(((0,), (1,), (0, 1)), repeat=2):
        box = list(product(rows_left, columns_left))
        if set(box) <= set(wanted):
            ways = (kept[0][rows_left], kept[1][columns_left])
            mine, yours = (np.unique(np.stack([way[:, a, b] for a, b in box], axis=1), axis=0) for way in ways)
            if len(mine) and len(yours):
                costs.append(int((mine[:, None] + yours[None]).max(axis=2).min()))
    return min(costs)


@pytest.mark.parametrize("seed", range(24))
def test_a_set_costs_what_every_table_of_promises_on_a_grid_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    step = 4
    game = game_of((step * rng.integers(0, 3, size=8)).tolist(), (2, 2))
    cells = list(product((0, 1), repeat=2))
    wanted = {cell for cell in cells if rng.random() < 0.6} or {cells[int(rng.integers(4))]}
    found = implement_set(game, wanted)
    brute = cheapest_by_brute_force(game, wanted, step)
    assert found.cost == step * (brute // step)
    assert found.status is Status.COMPLETE
    assert implements(game, found, wanted)


@given(games(2, 3), st.sets(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=1))
@settings(max_examples=50, deadline=None)
def test_a_set_never_costs_more_than_its_cheapest_profile_or_a_set_inside_it(
    game: StrategicGame, wanted: set[tuple[int, int]]
) -> None:
    found = implement_set(game, wanted)
    assert found.cost <= min(implement_profile(game, profile).cost for profile in wanted)
    smaller = set(sorted(wanted)[:-1]) or wanted
    assert found.cost <= implement_set(game, smaller).cost
    assert implements(game, found, wanted)
    assert found.paid <= found.cost + 2 * Fraction(1, 1000) * 3


def test_a_set_can_cost_less_than_any_of_its_profiles() -> None:
    # Matching pennies with a third row that is always worse: nothing has to be promised to keep it out, but whoever
    # loses at a profile of the two good rows would have to be paid 2 to stay there.
    pennies = StrategicGame.from_rows([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)], [(-2, 0), (-2, 0)]])
    wanted = set(product((0, 1), repeat=2))
    assert {implement_profile(pennies, profile).cost for profile in wanted} == {2}
    found = implement_set(pennies, wanted)
    assert found.cost == 0
    assert found.kept == ((0, 1), (0, 1))


def test_all_profiles_cost_nothing_and_nothing_is_promised() -> None:
    found = implement_set(PRISONERS, set(product((0, 1), repeat=2)))
    assert found.cost == 0
    assert implements(PRISONERS, found, set(product((0, 1), repeat=2)))


# ---- where the least cost is only approached ------------------------------------------------------------------------


def test_with_nobody_else_to_choose_a_tie_has_to_be_broken_by_a_payment() -> None:
    alone = StrategicGame.from_array([[[2], [2]], [[7], [7]]])  # the row player alone decides, and does not care
    found = implement_profile(alone, (0, 0), margin=Fraction(1, 10))
    assert found.cost == 0
    assert not found.attained
    assert found.paid == Fraction(1, 10)
    better = StrategicGame.from_array([[[3], [2]], [[7], [7]]])
    assert implement_profile(better, (0, 0)).attained
    assert implement_profile(better, (1, 0), margin=Fraction(1, 10)).cost == 1


def test_a_player_with_one_option_needs_no_promise() -> None:
    found = implement_profile(StrategicGame.from_array([[[2, 2]], [[7, 9]]]), (0, 0))
    assert found.cost == 2
    assert not found.promises[0].any()


def test_a_search_that_is_cut_off_says_so_and_bounds_the_cost() -> None:
    rng = np.random.default_rng(2)
    game = StrategicGame.from_array(rng.integers(0, 9, size=(2, 5, 5)))
    wanted = set(product((0, 1), (0, 1, 2)))
    full = implement_set(game, wanted)
    for steps in (1, 40):  # fewer than there are boxes; fewer than there are choices
        cut = implement_set(game, wanted, most_steps=steps)
        assert (full.status, cut.status) == (Status.COMPLETE, Status.PARTIAL)
        assert cut.at_least <= full.cost <= cut.cost
        assert cut.notes
        assert implements(game, cut, wanted)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: implement_profile(PRISONERS, (0, 2)), "no profile"),
        (lambda: implement_profile(PRISONERS, (0,)), "no profile"),
        (lambda: implement_set(PRISONERS, []), "no profile is wanted"),
        (lambda: implement_set(PRISONERS, [(0, 0)], margin=Fraction(0)), "margin"),
    ],
)
def test_what_cannot_be_asked_is_told(call: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        call()
