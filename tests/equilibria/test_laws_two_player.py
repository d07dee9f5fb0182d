"""The laws of solving that concern games of two players, over random games with many ties.

What changes nothing about the equilibria changes nothing about their components either, so both are compared.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria.nashpy_search import nashpy_equilibria
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Solution, Status
from gamecore.equilibria.security import maxmin_mixed
from gamecore.equilibria.support_enumeration import extreme_strategies
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.strategic import Mixed, StrategicGame
from tests.equilibria.strategies import games

TIED = games(players=(2, 2), options=(1, 4), top=3)
UNITS = st.sampled_from([Fraction(1, 10**9), Fraction(1, 3), Fraction(7), Fraction(10**12)])
OFFSETS = st.fractions(-(10**9), 10**9, max_denominator=1000)

Parts = set[frozenset[Mixed]]
Change = Callable[[Mixed], Mixed]


def solved(game: StrategicGame) -> Solution:
    solution = two_player_equilibria(game)
    assert solution.status is Status.COMPLETE
    return solution


def answers(solution: Solution) -> set[Mixed]:
    return {one.strategies for one in solution.equilibria}


def parts(solution: Solution, change: Change = lambda profile: profile) -> tuple[Parts, Parts]:
    """The components and the maximal Nash subsets as sets of profiles, each changed."""
    profiles = [change(one.strategies) for one in solution.equilibria]
    components = {frozenset(profiles[place] for place in one.members) for one in solution.components}
    subsets = {frozenset(profiles[place] for place in part) for one in solution.components for part in one.subsets}
    return components, subsets


@given(TIED, UNITS, UNITS, OFFSETS, OFFSETS)
@settings(deadline=None)
def test_units_and_offsets_change_no_equilibrium(
    game: StrategicGame, mine: Fraction, yours: Fraction, here: Fraction, there: Fraction
) -> None:
    """Laws 1 and 2."""
    moved = StrategicGame(np.stack([game.payoffs[0] * mine + here, game.payoffs[1] * yours + there]))
    before, after = solved(game), solved(moved)
    assert parts(after) == parts(before)
    for old, new in zip(before.components, after.components, strict=True):
        (low, high), (other_low, other_high) = old.payoff_ranges
        assert new.payoff_ranges[0] == (low * mine + here, high * mine + here)
        assert new.payoff_ranges[1] == (other_low * yours + there, other_high * yours + there)


@given(TIED, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_permuting_options_permutes_the_equilibria(game: StrategicGame, random: Any) -> None:
    """Law 3."""
    orders = [random.sample(range(count), count) for count in game.shape]
    permuted = StrategicGame(game.payoffs[np.ix_(range(2), *orders)])

    def moved(profile: Mixed) -> Mixed:
        return tuple(tuple(one[option] for option in order) for one, order in zip(profile, orders, strict=True))

    assert parts(solved(permuted)) == parts(solved(game), moved)


@given(TIED)
@settings(deadline=None)
def test_swapping_the_players_swaps_their_strategies(game: StrategicGame) -> None:
    """Law 3."""
    swapped = StrategicGame(np.stack([game.payoffs[1].T, game.payoffs[0].T]))
    assert parts(solved(swapped)) == parts(solved(game), lambda profile: (profile[1], profile[0]))


@given(TIED, st.sampled_from([0, 1]))
@settings(deadline=None)
def test_a_duplicate_option_only_splits_its_probability(game: StrategicGame, player: int) -> None:
    """Law 4."""
    first = np.take(game.payoffs, [0], axis=player + 1)
    doubled = StrategicGame(np.concatenate([game.payoffs, first], axis=player + 1))

    def added_up(profile: Mixed) -> Mixed:
        one = profile[player]
        merged = (one[0] + one[-1], *one[1:-1])
        return (merged, profile[1]) if player == 0 else (profile[0], merged)

    before, after = solved(game), solved(doubled)
    assert parts(after, added_up) == parts(before)
    assert {one.payoff_ranges for one in after.components} == {one.payoff_ranges for one in before.components}


@given(TIED, st.sampled_from([0, 1]), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_a_strictly_dominated_option_more_changes_nothing(game: StrategicGame, player: int, random: Any) -> None:
    """Law 5, where a mixture dominates."""
    axis = player + 1
    weights = [random.randint(0, 3) for _ in range(game.shape[player])]
    weights[0] += 1
    shares = np.array([Fraction(weight, sum(weights)) for weight in weights], dtype=object)
    worse = np.expand_dims(np.tensordot(game.payoffs, shares, axes=([axis], [0])), axis)
    worse[player] -= Fraction(1, random.randint(1, 10**6))
    more = StrategicGame(np.concatenate([game.payoffs, worse], axis=axis))

    def without(profile: Mixed) -> Mixed:
        assert profile[player][-1] == 0
        return tuple(one[:-1] if place == player else one for place, one in enumerate(profile))

    assert parts(solved(more), without) == parts(solved(game))


@given(games(players=(2, 2), options=(2, 4), top=10**6))
@settings(max_examples=40, deadline=None)
def test_without_degeneracy_the_number_of_equilibria_is_odd_and_nashpy_agrees(game: StrategicGame) -> None:
    """Law 6."""
    tables = [[[int(v) for v in row] for row in table] for table in game.payoffs.tolist()]
    turned = [list(column) for column in zip(*tables[0], strict=True)]
    if any(one.degenerate for one in [*extreme_strategies(tables[1], 4), *extreme_strategies(turned, 4)]):
        return
    solution = solved(game)
    assert len(solution.equilibria) % 2 == 1
    assert all(component.single for component in solution.components)
    assert answers(nashpy_equilibria(game)) <= answers(solution)


@given(TIED)
@settings(deadline=None)
def test_pure_equilibria_are_a_subset_of_all(game: StrategicGame) -> None:
    """Law 8, and Nash 1951: there is an equilibrium."""
    solution = solved(game)
    assert solution.equilibria
    assert answers(pure_equilibria(game)) == {one.strategies for one in solution.equilibria if one.pure}


@given(TIED)
@settings(deadline=None)
def test_no_equilibrium_gives_a_player_less_than_its_mixed_maxmin(game: StrategicGame) -> None:
    """Law 9."""
    levels = maxmin_mixed(game)
    for component in solved(game).components:
        for (low, _), level in zip(component.payoff_ranges, levels, strict=True):
            assert low >= level.value


@given(TIED)
@settings(max_examples=40, deadline=None)
def test_the_same_game_gives_the_same_answer_in_the_same_order(game: StrategicGame) -> None:
    assert solved(game) == solved(StrategicGame(game.payoffs.copy()))
