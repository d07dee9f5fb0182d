"""Thousands of random games against an independent method: the definition, by systems of linear equations."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from gamecore.equilibria.result import Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.strategic import StrategicGame
from tests.equilibria.by_definition import extreme_equilibria_by_definition

KINDS = {
    "two values": lambda rng: rng.choice([0, 1]),
    "three values": lambda rng: rng.randint(1, 3),
    "mostly nothing": lambda rng: rng.choice([0, 0, 0, 0, 1]),
    "whole dollars": lambda rng: rng.randint(-500_000_000, 3_000_000_000),
    "many sizes": lambda rng: Fraction(10) ** rng.randint(-9, 12) * rng.randint(-9, 9),
}


@pytest.mark.parametrize("kind", KINDS)
def test_equilibria_are_those_of_the_definition(kind: str) -> None:
    rng = random.Random(kind)
    for _ in range(500):
        shape = rng.choice([(1, 1), (1, 3), (2, 2), (2, 2), (2, 3), (3, 2), (3, 3), (4, 2)])
        payoffs = np.array([KINDS[kind](rng) for _ in range(2 * shape[0] * shape[1])], dtype=object)
        table = payoffs.reshape(2, *shape)
        if rng.random() < 0.2:
            table[:, 0] = table[:, -1]  # a duplicate
        elif rng.random() < 0.2:
            table[1] = -table[0]  # zero-sum
        game = StrategicGame.from_array(table)
        solution = two_player_equilibria(game)
        assert solution.status is Status.COMPLETE
        found = [one.strategies for one in solution.equilibria]
        assert len(set(found)) == len(found)
        assert set(found) == extreme_equilibria_by_definition(game)
