"""The proof that shares are the nucleolus, or that they are not (Kohlberg 1971).

Order the coalitions by their excess under shares `x`, the largest first. `x` is the prenucleolus exactly if, for each
level of excess, the coalitions at or above it form a balanced collection: whatever makes one of them happier makes
another one unhappier. For the nucleolus, shares that leave a player exactly what it has alone may help to balance.

A level needs a proof only if it settles something new. It holds minimal balanced collections; every other coalition at
the level lies in the linear span of theirs, so that a little weight can be shifted to it without another becoming 0.
Once the span is everything, so are all lower levels, and the proof ends (Benedek, Fliege & Nguyen 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from gamecore.compromises.sharing.balance import Collection, normalised
from gamecore.compromises.sharing.programs import Span, Stop
from gamecore.equilibria.exact_program import Outcome, Program
from gamecore.errors import OutOfTimeError
from gamecore.games.coalition import CoalitionGame

__all__ = ["Level", "Proof", "kohlberg_proof"]


@dataclass(frozen=True)
class Level:
    """One level of excess that settles something.

    `coalitions` are those of exactly this excess that no level above settles; `collections` balance them, with
    coalitions from above and, for the nucleolus, players who get what they have alone.
    """

    excess: Fraction
    coalitions: tuple[int, ...]
    collections: tuple[Collection, ...]


@dataclass(frozen=True)
class Proof:
    """`levels` in descending order of excess. If the shares are not the nucleolus, `unbalanced` names the coalitions of
    the first level that nothing balances: all of them can have more without those above having less.
    """

    levels: tuple[Level, ...]
    unbalanced: tuple[int, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the shares are the nucleolus."""
        return not self.unbalanced


def kohlberg_proof(
    game: CoalitionGame, shares: Sequence[Fraction], *, floors: bool, should_stop: Stop | None = None
) -> Proof:
    """Try to prove that `shares`, which hand out `v(N)`, are the nucleolus (`floors`) or the prenucleolus (without).

    Raises `OutOfTimeError` if `should_stop` says so.
    """
    players = len(game.players)
    span = Span(players)
    span.add(game.everybody)
    alone = [1 << i for i in range(players) if floors and shares[i] == game.values[1 << i]]
    excesses, common = game.scaled_excesses(shares)
    balanced: list[int] = []
    levels: list[Level] = []
    while not span.is_everything:
        outside = span.outside()
        top = max(excesses[outside].tolist())
        new = np.flatnonzero(outside & (excesses == top)).tolist()
        collections = _pairs(game.everybody, new, [*balanced, *alone], span)
        collections += _larger(players, new, [*balanced, *alone], span, should_stop)
        outside = span.outside()
        rest = tuple(coalition for coalition in new if outside[coalition])
        if rest:
            return Proof(tuple(levels), rest)
        balanced += [coalition for collection in collections for coalition in collection.coalitions]
        levels.append(Level(Fraction(top, common), tuple(new), tuple(collections)))
    return Proof(tuple(levels))


def _pairs(everybody: int, new: list[int], known: list[int], span: Span) -> list[Collection]:
    """Coalitions and their complements, which need no program: enough where very many tie."""
    there = {*new, *known}
    one = Fraction(1)
    return [
        normalised({coalition: one, everybody ^ coalition: one})
        for coalition in new
        if everybody ^ coalition in there and span.add(coalition)
    ]


def _larger(players: int, new: list[int], known: list[int], span: Span, should_stop: Stop | None) -> list[Collection]:
    """Balanced collections of new coalitions and known ones, until they span every new one or nothing more balances."""
    columns = list(dict.fromkeys([*new, *known]))
    rows = [([coalition >> player & 1 for coalition in columns], 1) for player in range(players)]
    program = Program(equal=rows, should_stop=should_stop)
    found: list[Collection] = []
    while True:
        outside = span.outside()
        goal = [int(outside[coalition] and place < len(new)) for place, coalition in enumerate(columns)]
        if not any(goal):
            return found
        best = program.maximise(goal)
        if best.outcome is Outcome.STOPPED:
            raise OutOfTimeError("the time was up before the nucleolus was proved", limit="seconds")
        if best.outcome is not Outcome.OPTIMAL or not best.value:
            return found
        collection = normalised(dict(zip(columns, best.point, strict=True)))
        for coalition in collection.coalitions:
            span.add(coalition)
        found.append(collection)
