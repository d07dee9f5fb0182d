"""Where equilibria of a tree that lie between extreme ones belong: in which components, and which of their subsets.

Backward induction finds equilibria that no enumeration of vertices lists: mixed where a subgame needs it, in a part of
the tree that play never gets to. Two players' equilibria `(x, y)` lie in a maximal Nash subset exactly if `x` against
each `v` and each `u` against `y` is an equilibrium too, for all `(u, v)` of the subset (Jansen 1981).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import numpy.typing as npt

from gamecore.equilibria.behaviour import Behaviour, Sequences, best_response, coefficients, realisation, sequences
from gamecore.equilibria.result import Component
from gamecore.equilibria.tree_result import TreeEquilibrium
from gamecore.games.tree import Tree

__all__ = ["placed"]

MOST_PAIRS: Final = 1_000
"""Pairs of equilibria tried: a few seconds at most on trees whose equilibria are all listed."""


def placed(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    equilibria: Sequence[TreeEquilibrium],
    components: Sequence[Component],
    *,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[list[TreeEquilibrium], tuple[Component, ...]]:
    """The equilibria, those without a component in the one they lie in, and the components with them.

    For two players; of more, and beyond `MOST_PAIRS`, they stay without one. `payoffs` are weighted by reach, axes
    (player, end).
    """
    placed_ones, grown = list(equilibria), list(components)
    numbered = sequences(tree)
    open_ones = [place for place, one in enumerate(equilibria) if one.component is None]
    pairs = len(open_ones) * sum(len(subset) for one in components for subset in one.subsets)
    if len(numbered.movers) > 2 or pairs > MOST_PAIRS:
        return placed_ones, tuple(grown)
    for place in open_ones:
        for number, component in enumerate(grown):
            if should_stop is not None and should_stop():
                return placed_ones, tuple(grown)
            homes = [
                all(_exchangeable(numbered, payoffs, equilibria[place], equilibria[other]) for other in subset)
                for subset in component.subsets
            ]
            if not any(homes):
                continue
            grown[number] = replace(
                component,
                members=tuple(sorted((*component.members, place))),
                subsets=tuple(
                    tuple(sorted((*subset, place))) if home else subset
                    for subset, home in zip(component.subsets, homes, strict=True)
                ),
            )
            placed_ones[place] = replace(equilibria[place], component=number)
            break
    return placed_ones, tuple(grown)


def _exchangeable(numbered: Sequences, payoffs: npt.NDArray[Any], one: TreeEquilibrium, other: TreeEquilibrium) -> bool:
    """Whether either player's part of one against the other's of the other is an equilibrium too."""
    return all(
        _is_nash(
            numbered,
            payoffs,
            {key: (one if owner == player else other).behaviour[key] for key, owner in numbered.owner.items()},
        )
        for player in numbered.movers
    )


def _is_nash(numbered: Sequences, payoffs: npt.NDArray[Any], behaviour: Behaviour) -> bool:
    for player in numbered.movers:
        earned = coefficients(numbered, payoffs, behaviour, player)
        own = realisation(numbered, behaviour, player)
        now = sum((a * b for a, b in zip(earned, own, strict=True) if a and b), Fraction(0))
        if best_response(numbered, payoffs, behaviour, player)[0] > now:
            return False
    return True
