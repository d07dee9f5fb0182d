"""What the solvers of trees return: equilibria in behaviour strategies with their proofs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from gamecore.equilibria.behaviour import Behaviour
from gamecore.equilibria.result import Certificate, Component, Status

__all__ = ["TreeEquilibrium", "TreeSolution"]


@dataclass(frozen=True)
class TreeEquilibrium:
    """One equilibrium of a tree.

    `behaviour` has the chances of the actions of every information set; those in `filled` no plan of the equilibrium
    gets to. `payoffs` are weighted by reach, summed over the ends. `outcome` has the weight of each end that is
    reached, chance left out (its probability is that times chance's).
    """

    behaviour: Behaviour
    payoffs: tuple[Fraction, ...]
    outcome: Mapping[int, Fraction]
    certificate: Certificate
    subgame_perfect: bool | None = None
    component: int | None = None
    filled: frozenset[int] = frozenset()

    @property
    def pure(self) -> bool:
        """Whether nobody mixes, where its own plan may get to."""
        return all(max(mix) == 1 for key, mix in self.behaviour.items() if key not in self.filled)


@dataclass(frozen=True)
class TreeSolution:
    """The frozen answer of one call; `components` as in `Solution`, by places in `equilibria`."""

    method: str
    status: Status
    equilibria: tuple[TreeEquilibrium, ...] = ()
    notes: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def outcomes(self) -> tuple[Mapping[int, Fraction], ...]:
        """The different outcomes, in order."""
        kept = {tuple(sorted(one.outcome.items())): one.outcome for one in self.equilibria}
        return tuple(kept.values())
