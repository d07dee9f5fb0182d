"""What a solver returns: a frozen answer that says what was asked, how it was found, and how far it can be trusted.

`Solution.status` is `complete` (every equilibrium of the kind named by `method` is listed), `partial` (those listed are
right, others may exist; `notes` say what was not searched) or `refused` (nothing was computed; `notes` say which
limit).
Every `Equilibrium` carries the `Certificate` that proves it; what cannot be certified is not reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from gamecore.games.strategic import Mixed

__all__ = ["Certificate", "Component", "Deviation", "Equilibrium", "Solution", "Status", "in_fixed_order"]


class Status(StrEnum):
    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSED = "refused"


@dataclass(frozen=True)
class Deviation:
    """What `player` would gain by playing `action` instead, exactly.

    In a strategic form `where` is None and `action` an option; in a tree `where` is the node or information set and the
    gain is conditional on reaching it, everything else unchanged.
    """

    player: int
    action: tuple[int, ...] | int
    gain: Fraction
    where: int | None = None


@dataclass(frozen=True)
class Certificate:
    """Every player's gain from every deviation. `bound` is the gain tolerated (0: exact)."""

    deviations: Sequence[Deviation]
    bound: Fraction = Fraction(0)

    @property
    def max_gain(self) -> Fraction:
        """The best deviation's gain; 0 if nobody has a choice."""
        known: Fraction | None = getattr(self.deviations, "most", None)
        if known is not None:
            return known
        return max((item.gain for item in self.deviations), default=Fraction(0))

    @property
    def holds(self) -> bool:
        """Whether nobody gains by moving alone."""
        return self.max_gain <= self.bound


@dataclass(frozen=True)
class Equilibrium:
    """One equilibrium: `strategies` per player (strategic form), its `payoffs`, and the proof."""

    strategies: Mixed
    payoffs: tuple[Fraction, ...]
    certificate: Certificate
    subgame_perfect: bool | None = None
    component: int | None = None

    @property
    def pure(self) -> bool:
        """Whether every player plays one option for sure."""
        return all(max(strategy) == 1 for strategy in self.strategies)

    @property
    def profile(self) -> tuple[int, ...]:
        """The options played, for a pure equilibrium."""
        return tuple(strategy.index(Fraction(1)) for strategy in self.strategies)


@dataclass(frozen=True)
class Component:
    """Equilibria of two players that hang together; everything is said by places in `Solution.equilibria`.

    `members` are the extreme equilibria of the component. Each of its `subsets` is a maximal Nash subset (Jansen 1981):
    any mixture of the first player's strategies in it against any mixture of the second player's is an equilibrium.
    `payoff_ranges` are what each player gets at least and at most in the whole component.
    """

    members: tuple[int, ...]
    subsets: tuple[tuple[int, ...], ...]
    payoff_ranges: tuple[tuple[Fraction, Fraction], ...]

    @property
    def single(self) -> bool:
        """Whether the component is one equilibrium alone."""
        return len(self.members) == 1


@dataclass(frozen=True)
class Solution:
    """The frozen answer of one solver call.

    Where two players have infinitely many equilibria, `equilibria` are the extreme ones and `components` describe all:
    the answer is then complete. No `components` are given by methods that do not compute them.
    """

    method: str
    status: Status
    equilibria: tuple[Equilibrium, ...] = ()
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)
    components: tuple[Component, ...] = ()


def in_fixed_order(equilibria: Iterable[Equilibrium]) -> tuple[Equilibrium, ...]:
    """Pure equilibria first, then by the options used, then by their probabilities: the same whatever the solver."""

    def place(equilibrium: Equilibrium) -> tuple[bool, list[list[int]], Mixed]:
        supports = [[option for option, chance in enumerate(one) if chance] for one in equilibrium.strategies]
        return (any(len(used) > 1 for used in supports), supports, equilibrium.strategies)

    return tuple(sorted(equilibria, key=place))
