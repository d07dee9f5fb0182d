"""What each coalition can have in an agreement, from the options it can pass and what they are worth.

With `u_i(o)` the worth of option `o` to player `i` and `u_i(no)` that of no agreement, a coalition `S` has

    v(S) = max( sum of u_i(no) over S,  max over options o that S passes of sum of u_i(o) over S ),

where `S` passes `o` if it holds enough of those who sign it (`games/voting.py`): all of them, unless fewer votes are
enough. Who is alone so has no agreement, unless it may decide alone. Where an agreement is reached in several states of
the world, coalitions settle on an option in each of them, and their worths add up (values are weighted by reach).

`coalition_worths` takes exact values, or arrays over draws.

>>> from fractions import Fraction
>>> both = Stage((Quorum.everyone((0, 1)),), ((Fraction(3), Fraction(4)), (Fraction(1), Fraction(2))))
>>> worths = coalition_worths([both], members=(0, 1))
>>> [(str(one.value), one.options) for one in worths]
[('0', ()), ('1', (None,)), ('2', (None,)), ('7', (0,))]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.games.voting import Quorum

__all__ = ["CoalitionWorth", "Stage", "coalition_worths", "worths_over_draws"]


@dataclass(frozen=True)
class Stage:
    """An agreement in one state of the world.

    `values[o]` is what option `o` is worth to each player, the last entry no agreement; `quorums[o]` who passes it.
    """

    quorums: tuple[Quorum, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True)
class CoalitionWorth:
    """`options` has the best option in each stage, the first of equals; None for no agreement."""

    value: Fraction
    options: tuple[int | None, ...]


def coalition_worths(
    stages: Sequence[Stage], members: Sequence[int], besides: Sequence[Fraction] = ()
) -> tuple[CoalitionWorth, ...]:
    """The worth of every coalition of `members`, by coalition (bit `k` stands for `members[k]`), nobody first.

    `besides` is what each player has in states of the world in which the agreement does not come up.
    """
    found = [CoalitionWorth(Fraction(0), ())]
    for coalition in range(1, 1 << len(members)):
        inside = [player for place, player in enumerate(members) if coalition >> place & 1]
        total = sum((besides[player] for player in inside), Fraction(0)) if besides else Fraction(0)
        chosen: list[int | None] = []
        for stage in stages:
            *options, none = stage.values
            best, option = sum((none[player] for player in inside), Fraction(0)), None
            for number, (values, quorum) in enumerate(zip(options, stage.quorums, strict=True)):
                sums = sum((values[player] for player in inside), Fraction(0))
                # Of equals an option goes before no agreement: an offer as good as none is taken.
                if quorum.passes(inside) and (sums > best or (sums == best and option is None)):
                    best, option = sums, number
            total += best
            chosen.append(option)
        found.append(CoalitionWorth(total, tuple(chosen)))
    return tuple(found)


def worths_over_draws(
    stages: Sequence[Stage], members: Sequence[int], besides: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The same in floats, axes (coalition, draw); the values of the stages and `besides` have axes (player, draw)."""
    found = np.zeros((1 << len(members), besides.shape[1]))
    for coalition in range(1, len(found)):
        inside = [player for place, player in enumerate(members) if coalition >> place & 1]
        found[coalition] = besides[inside].sum(axis=0)
        for stage in stages:
            *options, none = stage.values
            best = none[inside].sum(axis=0)
            for values, quorum in zip(options, stage.quorums, strict=True):
                if quorum.passes(inside):
                    best = np.maximum(best, values[inside].sum(axis=0))
            found[coalition] += best
    return found
