"""Backward induction with payoffs that move along a line: the same solver, simultaneous moves included.

`backward_induction` adds, weighs and compares payoffs, so numbers `Along` a line pass through it as they are - but for
subgames with hidden moves of several players, which it hands to solvers of rational games. There the strategic form is
made twice, from what the numbers are worth at 0 and from their slopes, and its pure equilibria are looked for with
comparisons that are noted. A subgame without one is refused: mixed equilibria do not move in straight lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.backward_induction import MOST_PROFILES, Perfect, Region, RegionForm, _Induction
from gamecore.equilibria.play import Values
from gamecore.equilibria.result import Certificate, Equilibrium
from gamecore.errors import InputError
from gamecore.games.agreement import Bargaining
from gamecore.games.strategic import StrategicGame
from gamecore.games.tree import Tree
from gamecore.redesign.transfers_along import Along, Line

__all__ = ["induction_along"]


def induction_along(tree: Tree, payoffs: npt.NDArray[Any], bargaining: Mapping[int, Bargaining], line: Line) -> Perfect:
    """All pure subgame-perfect plays just after the line's place; `payoffs` hold `Fraction`s and numbers `Along` it.

    Raises `InputError` where a subgame with hidden moves that the line reaches has no pure equilibrium, and where each
    names an option at once.
    """
    return _Following(tree, payoffs, bargaining, MOST_PROFILES, line).solve()


class _Following(_Induction):
    def __init__(
        self,
        tree: Tree,
        payoffs: npt.NDArray[Any],
        bargaining: Mapping[int, Bargaining],
        most_profiles: int,
        line: Line,
    ) -> None:
        super().__init__(tree, payoffs, bargaining, most_profiles)
        self.line = line

    def equilibria(
        self, part: Region, exits: Mapping[int, Values]
    ) -> list[tuple[dict[int, tuple[Fraction, ...]], Values]]:
        owners = sorted(set(part.owners.values()))
        if len(owners) == 1 or not any(isinstance(value, Along) for values in exits.values() for value in values):
            return super().equilibria(part, exits)
        form = RegionForm(self.tree, part, owners, self.most_profiles)
        game, bases = form.game({node: tuple(_base(value) for value in values) for node, values in exits.items()})
        _, slopes = form.game({node: tuple(_slope(value) for value in values) for node, values in exits.items()})
        everyone = np.empty_like(bases)
        both = zip(bases.ravel().tolist(), slopes.ravel().tolist(), strict=True)
        everyone.ravel()[:] = [self.line.number(base, slope) for base, slope in both]
        found = [
            self._pure(game, profile)
            for profile in product(*(range(size) for size in game.shape))
            if self._stable(everyone[owners], profile)
        ]
        if not found:
            raise InputError("a subgame with hidden moves has no pure equilibrium for some payments")
        return [(form.actions(item, exits), form.worth(item, everyone)) for item in found]

    @staticmethod
    def _stable(payoffs: npt.NDArray[Any], profile: tuple[int, ...]) -> bool:
        """Whether nobody gains by another strategy; every comparison is made, so that each is noted."""
        answers = [
            payoffs[(player, *profile)] >= payoffs[(player, *profile[:player], other, *profile[player + 1 :])]
            for player, option in enumerate(profile)
            for other in range(payoffs.shape[player + 1])
            if other != option
        ]
        return all(answers)

    @staticmethod
    def _pure(game: StrategicGame, profile: tuple[int, ...]) -> Equilibrium:
        return Equilibrium(game.pure_strategies(list(profile)), (), Certificate(()))


def _base(value: Any) -> Fraction:
    return value.base if isinstance(value, Along) else Fraction(value)


def _slope(value: Any) -> Fraction:
    return value.slope if isinstance(value, Along) else Fraction(0)
