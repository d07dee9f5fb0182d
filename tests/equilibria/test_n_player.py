from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import comb, isqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria.certificate import certify
from gamecore.equilibria.few_mixers import vertices
from gamecore.equilibria.n_player import NPlayerSolution, n_player_equilibria
from gamecore.equilibria.polishing import IntervalEquilibrium, integer_tables, polished
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Status
from gamecore.equilibria.security import maxmin_mixed
from gamecore.equilibria.subdivision import Work, search
from gamecore.equilibria.support_system import SupportSystem
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.strategic import Mixed, StrategicGame
from tests.equilibria.games import TEXTBOOK
from tests.equilibria.strategies import games

SMALL = games(players=(3, 3), options=(1, 2))
UNEVEN = games(players=(3, 4), options=(1, 3), top=2)


def from_profiles(payoffs: dict[str, tuple[int, ...]]) -> StrategicGame:
    """`{"000": (1, 2, 3), ...}`: the payoffs of every profile, options as digits."""
    players = len(next(iter(payoffs)))
    shape = [max(int(profile[player]) for profile in payoffs) + 1 for player in range(players)]
    table = np.zeros((players, *shape), dtype=object)
    for profile, values in payoffs.items():
        place: tuple[Any, ...] = (slice(None), *map(int, profile))
        table[place] = values
    return StrategicGame.from_array(table)


def volunteers(count: int, benefit: int, cost: int) -> StrategicGame:
    """Option 0: volunteer, at a cost; option 1: get the benefit if somebody else does."""
    table = np.zeros((count, *([2] * count)), dtype=object)
    for profile in np.ndindex(*table.shape[1:]):
        for player in range(count):
            table[(player, *profile)] = benefit - cost if profile[player] == 0 else benefit * (0 in profile)
    return StrategicGame.from_array(table)


def rounded(solution: NPlayerSolution) -> set[tuple[tuple[float, ...], ...]]:
    return {tuple(tuple(round(float(p), 9) for p in own) for own in one.strategies) for one in solution.equilibria}


MCKELVEY_MCLENNAN = from_profiles(
    {
        "000": (9, 8, 12),
        "100": (0, 0, 0),
        "010": (0, 0, 0),
        "110": (9, 8, 2),
        "001": (0, 0, 0),
        "101": (3, 4, 6),
        "011": (3, 4, 6),
        "111": (0, 0, 0),
    }
)
"""McKelvey & McLennan 1996: nine equilibria, two of them totally mixed, the most a 2x2x2 game can have."""

SELTEN_HORSE = from_profiles(
    {
        "000": (3, 3, 2),
        "001": (0, 0, 0),
        "010": (3, 3, 2),
        "011": (0, 0, 0),
        "100": (1, 1, 1),
        "101": (1, 1, 1),
        "110": (4, 4, 0),
        "111": (0, 0, 1),
    }
)
"""Selten 1975, figure 1, in strategic form. Options: D or C; c or d; L or R."""


# ------------------------------------------------------------------------------------------------------- textbook games


def test_the_nine_equilibria_of_mckelvey_and_mclennan_are_found() -> None:
    solution = n_player_equilibria(MCKELVEY_MCLENNAN)
    assert solution.status is Status.COMPLETE
    assert len(solution.equilibria) == 9
    assert sum(all(min(own) > 0 for own in one.strategies) for one in solution.equilibria) == 2
    assert sum(one.pure for one in solution.equilibria) == 4


def test_seltens_horse_has_the_two_components_that_selten_tells() -> None:
    """D and L, with c at least with chance 1/3; C and c, with R at least with chance 3/4."""
    solution = n_player_equilibria(SELTEN_HORSE)
    assert solution.status is Status.COMPLETE
    assert len(solution.components) == 2
    one, other = (
        {solution.equilibria[place].strategies for place in component.members} for component in solution.components
    )
    sure, not_ = (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))
    assert one == {(sure, sure, sure), (sure, (Fraction(1, 3), Fraction(2, 3)), sure)}
    assert other == {(not_, sure, not_), (not_, sure, (Fraction(1, 4), Fraction(3, 4)))}
    assert [low for low, _ in solution.components[0].payoff_ranges] == [3, 3, 2]
    assert [high for _, high in solution.components[0].payoff_ranges] == [3, 3, 2]


@pytest.mark.parametrize(("count", "benefit", "cost"), [(3, 4, 1), (3, 2, 1), (4, 8, 1), (4, 3, 1), (5, 16, 1)])
def test_volunteers_hold_back_with_the_chance_known_in_closed_form(count: int, benefit: int, cost: int) -> None:
    """Diekmann 1985: all alike hold back with chance `(cost / benefit) ** (1 / (n - 1))`; so do any k >= 2 of them."""
    solution = n_player_equilibria(volunteers(count, benefit, cost))
    assert solution.status is Status.COMPLETE
    # one alone volunteers, or k mix while the others hold back
    assert len(solution.equilibria) == count + sum(comb(count, k) for k in range(2, count + 1))
    (alike,) = [one for one in solution.equilibria if all(min(own) > 0 for own in one.strategies)]
    assert isinstance(alike, IntervalEquilibrium)
    power = (count - 1) and alike.strategies[0][1] ** (count - 1)
    assert abs(power - Fraction(cost, benefit)) <= count * alike.radius
    assert (alike.radius == 0) is (alike.strategies[0][1] ** (count - 1) == Fraction(cost, benefit))


def test_an_irrational_equilibrium_is_told_with_its_radius_and_a_bound() -> None:
    """Three volunteers at half the benefit: each holds back with chance 1 / sqrt(2)."""
    solution = n_player_equilibria(volunteers(3, 2, 1))
    (alike,) = [one for one in solution.equilibria if isinstance(one, IntervalEquilibrium) and one.radius]
    root = Fraction(isqrt(5 * 10**59), 10**30)
    assert all(abs(own[1] - root) <= alike.radius < Fraction(1, 10**15) for own in alike.strategies)
    assert 0 < alike.certificate.bound < Fraction(1, 10**15)
    assert certify(volunteers(3, 2, 1), alike.strategies, alike.certificate.bound).holds


def test_rational_roots_are_told_exactly() -> None:
    solution = n_player_equilibria(volunteers(3, 4, 1))
    assert all(one.certificate.bound == 0 for one in solution.equilibria)
    halves = ((Fraction(1, 2), Fraction(1, 2)),) * 3
    assert halves in {one.strategies for one in solution.equilibria}


def test_three_player_matching_pennies_of_jordan_1993_has_one_equilibrium() -> None:
    """1 wants to match 2, 2 to match 3, 3 not to match 1; each mixes half and half."""
    table = np.zeros((3, 2, 2, 2), dtype=object)
    for a, b, c in np.ndindex(2, 2, 2):
        table[:, a, b, c] = (int(a == b), int(b == c), int(c != a))
    solution = n_player_equilibria(StrategicGame.from_array(table))
    assert solution.status is Status.COMPLETE
    assert [one.strategies for one in solution.equilibria] == [((Fraction(1, 2), Fraction(1, 2)),) * 3]


# ------------------------------------------------------------------------------------------------------------ agreement


@pytest.mark.parametrize("case", TEXTBOOK, ids=lambda case: case.name)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_third_player_without_a_say_changes_nothing(case: object, place: int) -> None:
    game: StrategicGame = case.game  # type: ignore[attr-defined]
    nothing = np.full((1, *game.shape), Fraction(0))
    table = np.concatenate([game.payoffs[:place], nothing, game.payoffs[place:]])
    table = np.expand_dims(table, place + 1)
    three = n_player_equilibria(StrategicGame(table))
    two = two_player_equilibria(game)
    assert three.status is two.status
    assert {one.strategies[:place] + one.strategies[place + 1 :] for one in three.equilibria} == {
        one.strategies for one in two.equilibria
    }


@settings(max_examples=25, deadline=None)
@given(games(players=(2, 2), options=(2, 3)))
def test_a_third_player_whom_nothing_concerns_is_seen_through(game: StrategicGame) -> None:
    table = np.stack([*game.payoffs, np.zeros_like(game.payoffs[0]) + Fraction(0)])
    three = n_player_equilibria(StrategicGame(np.repeat(table[..., None], 2, axis=-1)))
    two = two_player_equilibria(game)
    assert {one.strategies[:2] for one in three.equilibria} >= {one.strategies for one in two.equilibria}
    for one in three.equilibria:
        assert certify(game, one.strategies[:2], one.certificate.bound).holds


@settings(max_examples=25, deadline=None)
@given(UNEVEN)
def test_pure_equilibria_are_among_all_and_every_ledger_holds(game: StrategicGame) -> None:
    solution = n_player_equilibria(game, limit=5_000_000)
    found = {one.strategies for one in solution.equilibria}
    assert {one.strategies for one in pure_equilibria(game).equilibria} <= found
    for one in solution.equilibria:
        assert one.certificate.holds
        assert certify(game, one.strategies, one.certificate.bound).max_gain <= one.certificate.bound
    assert (solution.status is Status.COMPLETE) is not bool(solution.notes and not solution.components)


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (2, 2, 2, 2), (3, 3, 2), (3, 3, 3)])
def test_games_without_ties_have_an_odd_number_of_equilibria(shape: tuple[int, ...]) -> None:
    """Wilson 1971: true for any number of players if nothing ties."""
    generator = np.random.default_rng(11)
    for _ in range(4):
        solution = n_player_equilibria(
            StrategicGame.from_array(generator.integers(0, 10**6, (len(shape), *shape)).astype(object))
        )
        assert solution.status is Status.COMPLETE
        assert len(solution.equilibria) % 2 == 1
        assert all(component.single for component in solution.components)


@pytest.mark.parametrize("shape", [(2, 2, 2, 2), (3, 3, 2)])
def test_cells_find_what_newtons_method_finds_from_many_starts(shape: tuple[int, ...]) -> None:
    generator = np.random.default_rng(3)
    for _ in range(6):
        game = StrategicGame.from_array(generator.integers(0, 1000, (len(shape), *shape)).astype(object))
        support = tuple(tuple(range(count)) for count in shape)
        system = SupportSystem(integer_tables(game), support)
        (searched,) = search([system], [5_000], Work(50_000_000))
        assert searched.settled
        known = [[[float(p) for p in own] for own in root.mixtures] for root in searched.roots]
        for _ in range(10):
            point = system.newton([generator.dirichlet(np.ones(count)) for count in shape])
            if point is not None and min(float(own.min()) for own in point) > 1e-6:
                flat = np.concatenate(point)
                # inside the support's simplices; a root there that carries no equilibrium may have been cut away
                if all(max(system_gain(system, point, player), default=-1.0) < 0 for player in range(len(shape))):
                    assert any(np.abs(np.concatenate(list(map(np.array, one))) - flat).max() < 1e-6 for one in known)


def system_gain(system: SupportSystem, point: Sequence[Any], player: int) -> list[float]:
    return [float(value) for value in system.gains(point, player)]


# ----------------------------------------------------------------------------------------------------------------- laws


@settings(max_examples=20, deadline=None)
@given(SMALL, st.sampled_from([Fraction(1, 10**9), Fraction(10**12)]), st.integers(-7, 7))
def test_units_and_offsets_change_nothing(game: StrategicGame, unit: Fraction, offset: int) -> None:
    scaled = game.payoffs.copy()
    scaled[0] = scaled[0] * unit + Fraction(offset)
    scaled[-1] = scaled[-1] / unit
    one, other = n_player_equilibria(game), n_player_equilibria(StrategicGame(scaled))
    assert one.status is other.status
    assert [found.strategies for found in one.equilibria] == [found.strategies for found in other.equilibria]


@settings(max_examples=20, deadline=None)
@given(SMALL, st.permutations(range(3)), st.booleans())
def test_permuting_players_and_options_permutes_the_answer(
    game: StrategicGame, order: list[int], reverse: bool
) -> None:
    table = np.transpose(game.payoffs[order], (0, *(1 + player for player in order)))
    step = -1 if reverse else 1
    solution = n_player_equilibria(game)
    other = n_player_equilibria(StrategicGame(table[:, ::step]))
    expected = {
        tuple(tuple(own[::step]) if place == 0 else own for place, own in enumerate(one[player] for player in order))
        for one in rounded(solution)
    }
    assert rounded(other) == expected
    assert other.status is solution.status


@settings(max_examples=20, deadline=None)
@given(SMALL)
def test_a_copy_of_an_option_only_splits_its_chance(game: StrategicGame) -> None:
    longer = n_player_equilibria(StrategicGame(np.concatenate([game.payoffs, game.payoffs[:, :1]], axis=1)))
    solution = n_player_equilibria(game)
    merged = {((one[0][0] + one[0][-1], *one[0][1:-1]), *one[1:]) for one in rounded(longer)}
    assert merged == rounded(solution)
    assert longer.status is solution.status


@settings(max_examples=20, deadline=None)
@given(SMALL)
def test_a_strictly_dominated_option_is_not_there(game: StrategicGame) -> None:
    worse = game.payoffs[:, :1].copy()
    worse[0] = worse[0] - Fraction(1, 3)
    longer = n_player_equilibria(StrategicGame(np.concatenate([game.payoffs, worse], axis=1)))
    solution = n_player_equilibria(game)
    assert {(one[0][:-1], *one[1:]) for one in rounded(longer)} == rounded(solution)
    assert all(one[0][-1] == 0 for one in rounded(longer))


@settings(max_examples=20, deadline=None)
@given(SMALL, st.integers(0, 4))
def test_mixtures_within_a_components_subset_are_equilibria(game: StrategicGame, weight: int) -> None:
    solution = n_player_equilibria(game)
    share = Fraction(weight, 4)
    for component in solution.components:
        for subset in component.subsets:
            first, last = (solution.equilibria[place] for place in (subset[0], subset[-1]))
            between: Mixed = tuple(
                tuple(share * a + (1 - share) * b for a, b in zip(one, other, strict=True))
                for one, other in zip(first.strategies, last.strategies, strict=True)
            )
            bound = max(first.certificate.bound, last.certificate.bound)
            assert certify(game, between, 4 * bound).holds


@settings(max_examples=20, deadline=None)
@given(SMALL)
def test_payoffs_are_at_least_the_mixed_maxmin(game: StrategicGame) -> None:
    levels = maxmin_mixed(game)
    for one in n_player_equilibria(game).equilibria:
        for level, payoff in zip(levels, one.payoffs, strict=True):
            assert payoff + one.certificate.bound >= level.value


def test_small_games_with_many_ties_are_answered_completely() -> None:
    """Three players of two options: exact throughout; a few curves of equilibria at most are left open."""
    generator = np.random.default_rng(2)
    answers = [
        n_player_equilibria(StrategicGame.from_array(generator.integers(1, 4, (3, 2, 2, 2)).astype(object)))
        for _ in range(60)
    ]
    assert sum(one.status is Status.COMPLETE for one in answers) >= 57
    assert all(one.equilibria for one in answers)


# --------------------------------------------------------------------------------------------------------------- limits


@pytest.mark.parametrize("shape", [(4, 4, 4), (2, 2, 2, 2, 2)])
def test_games_of_moderate_size_have_at_least_one_equilibrium_even_at_once(shape: tuple[int, ...]) -> None:
    generator = np.random.default_rng(1)
    for _ in range(3):
        game = StrategicGame.from_array(generator.integers(0, 1000, (len(shape), *shape)).astype(object))
        solution = n_player_equilibria(game, limit=1)
        assert solution.status is Status.PARTIAL
        assert solution.equilibria
        assert solution.unsearched
        assert "not searched" in solution.notes[0]


def test_degenerate_supports_are_told_and_never_reported_as_isolated() -> None:
    """Option 1 gains `y - z`, `x - z` and `x - y`: whenever all three mix alike, nobody minds."""
    table = np.zeros((3, 2, 2, 2), dtype=object)
    for a, b, c in np.ndindex(2, 2, 2):
        table[:, a, b, c] = (a * (b - c), b * (a - c), c * (a - b))
    game = StrategicGame.from_array(table)
    assert certify(game, ((Fraction(2, 7), Fraction(5, 7)),) * 3).holds
    solution = n_player_equilibria(game)
    assert solution.status is Status.PARTIAL
    assert ((0, 1), (0, 1), (0, 1)) in solution.unsettled
    assert "not isolated" in solution.notes[0]
    assert not any(all(min(own) > 0 for own in one.strategies) for one in solution.equilibria)


def test_stopping_is_obeyed_and_told() -> None:
    game = StrategicGame.from_array(np.random.default_rng(1).integers(0, 9, (3, 3, 3, 3)))
    solution = n_player_equilibria(game, should_stop=lambda: True)
    assert solution.status is Status.PARTIAL
    assert solution.notes


def test_more_profiles_than_the_limit_are_refused_with_the_count() -> None:
    solution = n_player_equilibria(StrategicGame(np.full((3, 70, 60, 50), Fraction(0))))
    assert solution.status is Status.REFUSED
    assert "210000" in solution.notes[0]


def test_payoffs_of_many_sizes_in_one_game_are_no_obstacle() -> None:
    generator = np.random.default_rng(4)
    for _ in range(5):
        sizes = 10.0 ** generator.integers(-9, 13, (3, 2, 2, 2))
        table = generator.integers(1, 10, (3, 2, 2, 2)).astype(object)
        exact = [Fraction(int(value)) * Fraction(str(size)) for value, size in zip(table.flat, sizes.flat, strict=True)]
        game = StrategicGame(np.array(exact, dtype=object).reshape(table.shape))
        solution = n_player_equilibria(game)
        assert solution.status is Status.COMPLETE
        assert len(solution.equilibria) % 2 == 1


# -------------------------------------------------------------------------------------------------------------- kernels


def test_vertices_of_a_cut_triangle() -> None:
    corners = vertices(3, [], [[1, -1, 0]])
    zero, half, one = Fraction(0), Fraction(1, 2), Fraction(1)
    assert corners is not None
    assert set(corners) == {(zero, one, zero), (zero, zero, one), (half, half, zero)}
    assert vertices(2, [[1, 1]], []) == []


def test_an_approximate_profile_is_polished_into_a_proved_one() -> None:
    game = volunteers(3, 2, 1)
    found = polished(game, [(0.3, 0.7)] * 3)
    assert found is not None
    assert 0 < found.radius < Fraction(1, 10**15)
    assert polished(game, [(0.0, 1.0)] * 3) is None


def test_relabelling_options_of_a_symmetric_game_keeps_its_symmetry() -> None:
    solution = n_player_equilibria(volunteers(3, 3, 1))
    answers = rounded(solution)
    for order in permutations(range(3)):
        assert {tuple(one[player] for player in order) for one in answers} == answers
