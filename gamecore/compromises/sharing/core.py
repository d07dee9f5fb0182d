"""The core: shares that no coalition can better on its own, or the proof that there are none.

The *core* of a coalition structure (a partition of the players into blocks, each sharing its own worth; Aumann & Dreze
1974) holds the shares `x` with `x(B) = v(B)` for each block and `x(S) >= v(S)` for each coalition (Gillies 1959).
Without a structure all players are one block.

It is empty exactly if some balanced collection of coalitions is worth more than the blocks (Bondareva 1963, Shapley
1967). One linear program decides: the least that shares may sum to if no coalition is to object. If that is what there
is, its optimum lies in the core; if it is more, its dual is a minimal balanced collection that proves the core empty,
and the difference is the *cost of stability*, the least subsidy that would fill it (Bachrach et al. 2009).

>>> from gamecore.games.coalition import CoalitionGame
>>> majority = CoalitionGame.from_function("abc", lambda members: len(members) >= 2)
>>> answer = core(majority)
>>> answer.is_empty, [majority.names(one) for one in answer.objection.coalitions], str(answer.cost_of_stability)
(True, [('a', 'b'), ('a', 'c'), ('b', 'c')], '1/2')
"""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from gamecore.compromises.sharing.balance import Collection, normalised
from gamecore.compromises.sharing.judge import bound_faults, core_faults, emptiness_faults, stand
from gamecore.compromises.sharing.programs import Stop, cheapest_shares
from gamecore.errors import InputError
from gamecore.games.coalition import CoalitionGame

__all__ = ["Bound", "Core", "Objection", "core", "core_range", "objections", "structure_of"]

NOTHING = Fraction(0)
NO_COLLECTION = Collection()


@dataclass(frozen=True)
class Core:
    """`structure` are the blocks. A core that is not empty has `shares` in it and no `objection`; an empty one the
    other way round. `cost_of_stability` is 0 unless it is empty.
    """

    structure: tuple[int, ...]
    shares: tuple[Fraction, ...] = ()
    objection: Collection = NO_COLLECTION
    cost_of_stability: Fraction = NOTHING

    @property
    def is_empty(self) -> bool:
        """Whether no shares are safe from objections."""
        return not self.shares


@dataclass(frozen=True)
class Bound:
    """The least or the most a player can get in the core, with `shares` in the core that give it, and its proof.

    `weights` of coalitions, above 0 but for blocks of the structure, such that the player is a member with weight 1 in
    all (-1 for the most) and everybody else with weight 0: the coalitions' worth, weighted, is then the bound (its
    negative for the most).
    """

    amount: Fraction
    shares: tuple[Fraction, ...]
    weights: Collection


@dataclass(frozen=True)
class Objection:
    """A coalition whose members could have `gain` more in all on their own."""

    coalition: int
    gain: Fraction


def core(
    game: CoalitionGame, structure: Sequence[Group[str]] | None = None, *, should_stop: Stop | None = None
) -> Core:
    """Shares in the core, or the proof that it is empty; `structure` are blocks of names, by default one of all.

    Raises `InputError` if the blocks are no partition of the players, `OutOfTimeError` if `should_stop` says so.
    """
    blocks = structure_of(game, structure)
    players = len(game.players)
    best = cheapest_shares(
        game,
        [1] * players,
        open_to=np.ones(len(game.values), dtype=bool),
        start=[*(1 << player for player in range(players)), *blocks],
        should_stop=should_stop,
    )
    lacking = sum(best.shares, Fraction(0)) - sum((game.values[block] for block in blocks), Fraction(0))
    if lacking > 0:
        objection = normalised(best.weights)
        stand(emptiness_faults(game, objection, blocks))
        return Core(blocks, (), objection, lacking)
    stand(core_faults(game, best.shares, blocks))
    return Core(blocks, best.shares)


def core_range(game: CoalitionGame, found: Core, *, should_stop: Stop | None = None) -> tuple[tuple[Bound, Bound], ...]:
    """The least and the most each player can get in the core, by player; nothing if it is empty.

    `found` is the game's core. Raises `OutOfTimeError` if `should_stop` says so.
    """
    if found.is_empty:
        return ()
    return tuple(
        (_bound(game, found, player, 1, should_stop), _bound(game, found, player, -1, should_stop))
        for player in range(len(game.players))
    )


def _bound(game: CoalitionGame, found: Core, player: int, sign: int, should_stop: Stop | None) -> Bound:
    players = len(game.players)
    best = cheapest_shares(
        game,
        [sign * (other == player) for other in range(players)],
        open_to=np.ones(len(game.values), dtype=bool),
        start=[1 << other for other in range(players)],
        fixed={block: game.values[block] for block in found.structure},
        should_stop=should_stop,
    )
    weights = dict(best.weights)
    for block, weight in best.fixed_weights.items():
        weights[block] = weights.get(block, Fraction(0)) + weight
    bound = Bound(best.shares[player], best.shares, normalised(weights))
    stand(core_faults(game, bound.shares, found.structure))
    stand(bound_faults(game, player, sign * bound.amount, bound.weights, found.structure, sign=sign))
    return bound


def objections(game: CoalitionGame, shares: Sequence[Fraction]) -> tuple[Objection, ...]:
    """The coalitions that could have more on their own than under these shares, the largest gain first.

    Raises `InputError` unless there is one share a player.
    """
    if len(shares) != len(game.players):
        raise InputError(f"{len(shares)} shares are given for {len(game.players)} players")
    excesses, common = game.scaled_excesses(shares)
    found = [(excess, coalition) for coalition, excess in enumerate(excesses.tolist()) if excess > 0]
    return tuple(
        Objection(coalition, Fraction(excess, common))
        for excess, coalition in sorted(found, key=lambda pair: (-pair[0], pair[1]))
    )


def structure_of(game: CoalitionGame, structure: Sequence[Group[str]] | None) -> tuple[int, ...]:
    """The blocks as coalitions. Raises `InputError` unless every player is in exactly one of them."""
    if structure is None:
        return (game.everybody,)
    blocks = tuple(game.coalition((block,) if isinstance(block, str) else block) for block in structure)
    together = 0
    for block in blocks:
        twice = game.names(together & block)
        if twice:
            raise InputError(f"{twice[0]} is in two blocks: every player belongs to one")
        if not block:
            raise InputError("a block has no players: leave it out")
        together |= block
    if together != game.everybody:
        raise InputError(f"{game.names(game.everybody ^ together)[0]} is in no block: every player belongs to one")
    return blocks
