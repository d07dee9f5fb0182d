"""Balanced collections: coalitions with weights such that everybody is a member with weight 1 in all.

If every player splits one day between coalitions, and each coalition works for as long as its weight says, everybody
has one day of work (Bondareva 1963, Shapley 1967). Such a collection bounds what shares can do: under shares `x` that
hand out `v(N)` the excesses of its coalitions, weighted, always sum to `sum of weight times v(S) - v(N)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from gamecore.games.coalition import CoalitionGame

__all__ = ["Collection", "normalised"]


@dataclass(frozen=True)
class Collection:
    """`weights[k]`, above 0, is the weight of `coalitions[k]`; coalitions ascend."""

    coalitions: tuple[int, ...] = ()
    weights: tuple[Fraction, ...] = ()

    def worth(self, game: CoalitionGame) -> Fraction:
        """The coalitions' worth, weighted."""
        pairs = zip(self.coalitions, self.weights, strict=True)
        return sum((weight * game.values[coalition] for coalition, weight in pairs), Fraction(0))


def normalised(weights: Mapping[int, Fraction], total: Fraction = Fraction(1)) -> Collection:
    """The collection with these weights over `total`, coalitions without weight left out."""
    kept = sorted(coalition for coalition, weight in weights.items() if weight)
    return Collection(tuple(kept), tuple(weights[coalition] / total for coalition in kept))
