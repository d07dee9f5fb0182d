"""All answers about one game of coalitions at once: what to offer each, and what would break it.

>>> from gamecore.games.coalition import CoalitionGame
>>> glove = CoalitionGame.from_function(["left", "right", "spare"], lambda some: "left" in some and len(some) > 1)
>>> answer = share_out(glove)
>>> [str(share) for share in answer.nucleolus.shares], [str(share) for share in answer.shapley.shares]
(['1', '0', '0'], ['2/3', '1/6', '1/6'])
>>> [glove.names(one.coalition) for one in answer.objections_to_shapley]
[('left', 'right'), ('left', 'spare')]
"""

from __future__ import annotations

from dataclasses import dataclass

from gamecore.compromises.sharing.core import Bound, Core, Objection, core, core_range, objections
from gamecore.compromises.sharing.nucleolus import LeastCore, Nucleolus, least_core, nucleolus
from gamecore.compromises.sharing.programs import Stop
from gamecore.compromises.sharing.shapley import ShapleyValue, shapley_value
from gamecore.compromises.sharing.structures import StableStructures, stable_structures
from gamecore.games.coalition import CoalitionGame

__all__ = ["Sharing", "share_out"]


@dataclass(frozen=True)
class Sharing:
    """`core_range` has the least and the most of each player in the core, nothing if it is empty.

    If all together are worth less than split up, `structures` names better partitions; everything else is about sharing
    what all together are worth.
    """

    game: CoalitionGame
    shapley: ShapleyValue
    objections_to_shapley: tuple[Objection, ...]
    nucleolus: Nucleolus
    least_core: LeastCore
    core: Core
    core_range: tuple[tuple[Bound, Bound], ...]
    structures: StableStructures


def share_out(game: CoalitionGame, *, should_stop: Stop | None = None) -> Sharing:
    """All of them for a game of any shape. Raises `OutOfTimeError` if `should_stop` says so."""
    shapley = shapley_value(game)
    found = core(game, should_stop=should_stop)
    return Sharing(
        game,
        shapley,
        objections(game, shapley.shares),
        nucleolus(game, should_stop=should_stop),
        least_core(game, should_stop=should_stop),
        found,
        core_range(game, found, should_stop=should_stop),
        stable_structures(game, should_stop=should_stop),
    )
