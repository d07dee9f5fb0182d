from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria import components
from gamecore.equilibria.certificate import certify
from gamecore.equilibria.result import Solution, Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.strategic import Mixed, StrategicGame
from tests.equilibria.by_definition import maximal_nash_subsets_by_definition
from tests.equilibria.games import TEXTBOOK, mixed, sapphire_diamond_naming
from tests.equilibria.strategies import games

TIED = games(players=(2, 2), options=(1, 4), top=2)

CIRCLE = [[(1, 1), (0, -1), (-1, 1)], [(-1, 0), (0, 0), (-1, 0)], [(1, -1), (0, -1), (-2, -2)]]
"""Kohlberg & Mertens 1986: the equilibria are one component, a circle of six segments."""


def subsets(solution: Solution) -> set[frozenset[Mixed]]:
    return {
        frozenset(solution.equilibria[place].strategies for place in subset)
        for component in solution.components
        for subset in component.subsets
    }


def within(solution: Solution, subset: tuple[int, ...], random: Any) -> Mixed:
    """A random mixture of the first player's strategies in the subset against one of the second player's."""
    profile = []
    for player in range(2):
        strategies = list(dict.fromkeys(solution.equilibria[place].strategies[player] for place in subset))
        weights = [random.randint(1, 9) for _ in strategies]
        profile.append(
            tuple(
                sum(
                    (Fraction(w, sum(weights)) * s[option] for w, s in zip(weights, strategies, strict=True)),
                    Fraction(0),
                )
                for option in range(len(strategies[0]))
            )
        )
    return profile[0], profile[1]


def test_the_published_circle_is_one_component_of_six_segments() -> None:
    solution = two_player_equilibria(StrategicGame.from_rows(CIRCLE))
    assert solution.status is Status.COMPLETE
    (component,) = solution.components
    assert component.members == tuple(range(6))
    assert [len(subset) for subset in component.subsets] == [2] * 6
    assert all(sum(place in subset for subset in component.subsets) == 2 for place in range(6))
    assert component.payoff_ranges == ((Fraction(-1), Fraction(1)),) * 2


def test_a_segment_and_a_point_of_the_degenerate_textbook_game() -> None:
    """Avis, Rosenberg, Savani & von Stengel 2010, the example of sections 2 and 3."""
    case = next(case for case in TEXTBOOK if case.name == "degenerate 3x2")
    solution = two_player_equilibria(case.game)
    assert solution.status is Status.COMPLETE
    segment, alone = solution.components
    found = [{solution.equilibria[place].strategies for place in one.members} for one in (segment, alone)]
    assert found == [
        {mixed("1 0 0", "1 0"), mixed("1 0 0", "2/3 1/3")},
        {mixed("0 1/3 2/3", "1/3 2/3")},
    ]
    assert not segment.single
    assert alone.single
    assert segment.payoff_ranges == ((Fraction(3), Fraction(3)),) * 2
    assert alone.payoff_ranges == ((Fraction(4),) * 2, (Fraction(8, 3),) * 2)


def test_where_everything_ties_all_profiles_are_one_subset() -> None:
    solution = two_player_equilibria(StrategicGame.from_array(np.zeros((2, 3, 4), dtype=int)))
    (component,) = solution.components
    assert (solution.status, len(solution.equilibria), component.subsets) == (Status.COMPLETE, 12, (tuple(range(12)),))


def test_the_deadlocks_of_sapphire_and_diamond_have_one_value_each() -> None:
    solution = two_player_equilibria(sapphire_diamond_naming())
    deadlock = solution.components[0]
    assert (0, 2) in {
        solution.equilibria[place].profile for place in deadlock.members if solution.equilibria[place].pure
    }
    assert [low == high for low, high in deadlock.payoff_ranges] == [True, True]


@given(TIED)
@settings(max_examples=80, deadline=None)
def test_maximal_nash_subsets_are_those_of_the_definition(game: StrategicGame) -> None:
    solution = two_player_equilibria(game)
    assert solution.status is Status.COMPLETE
    expected = maximal_nash_subsets_by_definition(one.strategies for one in solution.equilibria)
    assert subsets(solution) == expected


@given(TIED, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_whatever_is_mixed_within_a_subset_is_an_equilibrium_within_the_payoff_ranges(
    game: StrategicGame, random: Any
) -> None:
    solution = two_player_equilibria(game)
    for component in solution.components:
        for subset in component.subsets:
            profile = within(solution, subset, random)
            assert certify(game, profile).holds
            for payoff, (low, high) in zip(game.expected_payoffs(profile), component.payoff_ranges, strict=True):
                assert low <= payoff <= high


@given(TIED)
@settings(max_examples=60, deadline=None)
def test_components_share_no_strategy_pair_and_cover_all(game: StrategicGame) -> None:
    solution = two_player_equilibria(game)
    members = [place for component in solution.components for place in component.members]
    assert sorted(members) == list(range(len(solution.equilibria)))
    for number, component in enumerate(solution.components):
        assert all(solution.equilibria[place].component == number for place in component.members)
        assert set(component.members) == {place for subset in component.subsets for place in subset}
    firsts = [component.members[0] for component in solution.components]
    assert firsts == sorted(firsts)


@given(TIED, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_no_mixture_across_components_is_an_equilibrium(game: StrategicGame, random: Any) -> None:
    """Components are whole: half of one equilibrium and half of another component's is none, or they would meet."""
    solution = two_player_equilibria(game)
    if len(solution.components) < 2:
        return
    one, other = (
        solution.equilibria[random.choice(component.members)].strategies for component in solution.components[:2]
    )
    assert not certify(game, (one[0], other[1])).holds or not certify(game, (other[0], one[1])).holds


def test_too_many_subsets_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components, "SUBSET_LIMIT", 5)
    solution = two_player_equilibria(StrategicGame.from_rows(CIRCLE))
    assert solution.status is Status.PARTIAL
    assert len(solution.components[0].subsets) == 5
    assert "maximal Nash subsets" in solution.notes[-1]


def test_a_game_without_ties_loads_no_networkx() -> None:
    program = (
        "import sys\n"
        "from gamecore.equilibria.two_player import two_player_equilibria\n"
        "from gamecore.games.strategic import StrategicGame\n"
        "two_player_equilibria(StrategicGame.from_rows([[(2, 1), (0, 0)], [(0, 0), (1, 2)]]))\n"
        "sys.exit('networkx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
