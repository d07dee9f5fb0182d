"""Equilibria in which options are used once in many orders of magnitude."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from gamecore.equilibria.certificate import certify
from gamecore.equilibria.log_search import roots_over_many_scales
from gamecore.equilibria.n_player import n_player_equilibria
from gamecore.equilibria.polishing import integer_tables
from gamecore.equilibria.support_system import SupportSystem
from gamecore.games.strategic import StrategicGame

UNITS = (Fraction(1, 10**9), Fraction(1, 10**6), Fraction(1), Fraction(10**3), Fraction(10**9), Fraction(10**12))


def _of_all_sizes(seed: int, shape: tuple[int, ...]) -> StrategicGame:
    """Every payoff in a unit of its own, from a billionth to a trillion."""
    random = Random(seed)
    table = np.empty((len(shape), *shape), dtype=object)
    for place in np.ndindex(table.shape):
        table[place] = random.choice(UNITS) * random.randint(-9, 9)
    return StrategicGame.from_array(table)


def _inspections(*stakes: int) -> StrategicGame:
    """Three in a circle, each better off if it does not do what the next one does: the second option pays it its
    stake then, the first 1. It does not care if the next one's first option has the chance `1 / (1 + stake)`.
    """
    table = np.zeros((3, 2, 2, 2), dtype=object)
    for profile in np.ndindex(2, 2, 2):
        for player in range(3):
            other = profile[(player + 1) % 3]
            if profile[player] == other:
                continue
            table[(player, *profile)] = stakes[player] if profile[player] else 1
    return StrategicGame.from_array(table)


def test_a_root_at_one_in_a_trillion_is_found_exactly() -> None:
    stakes = (10**12, 10**9, 3)
    game = _inspections(*stakes)
    system = SupportSystem(integer_tables(game), ((0, 1),) * 3)
    (root,) = roots_over_many_scales(system)
    assert root.radius == 0
    chances = [mixture[0] for mixture in root.mixtures]
    assert chances == [Fraction(1, 1 + stakes[2]), Fraction(1, 1 + stakes[0]), Fraction(1, 1 + stakes[1])]


def test_equations_that_cannot_hold_inside_have_no_root() -> None:
    table = np.zeros((3, 2, 2, 2), dtype=object)
    table[0, 1] = 1  # the second option is always better
    system = SupportSystem(integer_tables(StrategicGame.from_array(table)), ((0, 1),) * 3)
    assert not list(roots_over_many_scales(system))


@pytest.mark.parametrize("seed", [144, 240])
def test_three_players_with_payoffs_of_all_sizes_get_an_equilibrium(seed: int) -> None:
    game = _of_all_sizes(seed, (3, 3, 3))
    solution = n_player_equilibria(game)
    assert solution.equilibria
    for one in solution.equilibria:
        assert certify(game, one.strategies, one.certificate.bound).holds
        spans = [max(table.flat) - min(table.flat) for table in game.payoffs]
        assert one.certificate.bound * 10**15 <= max(spans)


def test_time_stops_the_search() -> None:
    system = SupportSystem(integer_tables(_inspections(10**12, 10**9, 3)), ((0, 1),) * 3)
    assert not list(roots_over_many_scales(system, should_stop=lambda: True))
