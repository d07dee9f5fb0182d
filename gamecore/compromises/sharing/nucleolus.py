"""Least core and nucleolus: shares that leave the unhappiest coalition as happy as can be, then the next, and so on.

Under shares `x` the excess of a coalition is `e(S, x) = v(S) - x(S)`, what it could have more on its own.

- *Least core* (Maschler, Peleg & Shapley 1979): the shares whose largest excess is smallest; that excess is below or at
  0 exactly if the core is not empty.
- *Nucleolus* (Schmeidler 1969): of the shares that give nobody less than alone, the one whose excesses, sorted from the
  largest, come first in the dictionary; there is exactly one. Without that condition it is the *prenucleolus*; if
  the core is not empty they agree, and lie in it.

Solved by a sequence of exact linear programs (Maschler, Peleg & Shapley 1979). A coalition is settled only if it has a
positive weight in the dual optimum, so that it has this excess in *every* optimum: ties in the optimum then do no harm
(Guajardo & Jornsten 2015 on what else goes wrong). Each program settles at least one more dimension, so there are fewer
programs than players. The answer carries Kohlberg's proof.

>>> from gamecore.games.coalition import CoalitionGame, bankruptcy_game
>>> estate = bankruptcy_game(Fraction(200), {"a": Fraction(100), "b": Fraction(200), "c": Fraction(300)})
>>> [str(share) for share in nucleolus(estate).shares]
['50', '75', '75']
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from gamecore.compromises.sharing.balance import Collection, normalised
from gamecore.compromises.sharing.judge import least_core_faults, nucleolus_faults, stand
from gamecore.compromises.sharing.kohlberg import Level, kohlberg_proof
from gamecore.compromises.sharing.programs import Shares, Span, Stop, cheapest_shares
from gamecore.games.coalition import CoalitionGame

__all__ = ["LeastCore", "Nucleolus", "NucleolusKind", "least_core", "nucleolus", "prenucleolus"]


class NucleolusKind(StrEnum):
    NUCLEOLUS = "nucleolus"
    PRENUCLEOLUS = "prenucleolus"  # players may get less than alone


@dataclass(frozen=True)
class LeastCore:
    """`excess` is the smallest possible largest excess, `shares` one way to have it (there may be many).

    `proof` balances coalitions such that under any shares one of them has at least this excess. With one player no
    coalition can object: the excess is 0 and the proof empty.
    """

    excess: Fraction
    shares: tuple[Fraction, ...]
    proof: Collection


@dataclass(frozen=True)
class Nucleolus:
    """`shares` by player; `levels` is Kohlberg's proof, from the largest excess down. `notes` tell what is unusual."""

    kind: NucleolusKind
    shares: tuple[Fraction, ...]
    levels: tuple[Level, ...]
    notes: tuple[str, ...] = ()


def least_core(game: CoalitionGame, *, should_stop: Stop | None = None) -> LeastCore:
    """The least core's excess, shares that reach it and why nothing is better.

    Raises `OutOfTimeError` if `should_stop` says so.
    """
    if len(game.players) == 1:
        return LeastCore(Fraction(0), game.values[1:], Collection())
    span = Span(len(game.players))
    span.add(game.everybody)
    best = _flattest(game, span.outside(), (), {game.everybody: game.values[-1]}, floors=False, should_stop=should_stop)
    proof = normalised(best.weights, -best.fixed_weights[game.everybody])
    answer = LeastCore(best.excess, best.shares, proof)
    stand(least_core_faults(game, answer.excess, answer.shares, proof))
    return answer


def prenucleolus(game: CoalitionGame, *, should_stop: Stop | None = None) -> Nucleolus:
    """The prenucleolus, of any game, with its proof. Raises `OutOfTimeError` if `should_stop` says so."""
    return _proved(game, NucleolusKind.PRENUCLEOLUS, (), should_stop)


def nucleolus(game: CoalitionGame, *, should_stop: Stop | None = None) -> Nucleolus:
    """The nucleolus with its proof; where players alone have more than all together, the prenucleolus and a note.

    Raises `OutOfTimeError` if `should_stop` says so.
    """
    alone = sum((game.values[1 << player] for player in range(len(game.players))), Fraction(0))
    if alone > game.values[-1]:
        note = (
            f"players alone have {alone} in all, everybody together {game.values[-1]}: no shares give each at least "
            "what it has alone, and the prenucleolus is given"
        )
        return _proved(game, NucleolusKind.PRENUCLEOLUS, (note,), should_stop)
    return _proved(game, NucleolusKind.NUCLEOLUS, (), should_stop)


def _proved(game: CoalitionGame, kind: NucleolusKind, notes: tuple[str, ...], should_stop: Stop | None) -> Nucleolus:
    floors = kind is NucleolusKind.NUCLEOLUS
    shares = _settle(game, floors=floors, should_stop=should_stop)
    proof = kohlberg_proof(game, shares, floors=floors, should_stop=should_stop)
    stand(nucleolus_faults(game, shares, proof.levels, floors=floors))
    return Nucleolus(kind, shares, proof.levels, notes)


def _settle(game: CoalitionGame, *, floors: bool, should_stop: Stop | None) -> tuple[Fraction, ...]:
    """One program after the other, until the coalitions that are settled settle everybody's share."""
    if len(game.players) == 1:
        return game.values[1:]
    span = Span(len(game.players))
    span.add(game.everybody)
    fixed = {game.everybody: game.values[-1]}
    considered: tuple[int, ...] = ()
    while True:
        best = _flattest(game, span.outside(), considered, fixed, floors=floors, should_stop=should_stop)
        for coalition in best.weights:
            if span.add(coalition):
                fixed[coalition] = game.values[coalition] - best.excess
        for player in best.floor_weights:
            if span.add(1 << player):
                fixed[1 << player] = game.values[1 << player]
        if span.is_everything:
            return best.shares
        considered = best.considered


def _flattest(
    game: CoalitionGame,
    open_to: npt.NDArray[np.bool_],
    considered: tuple[int, ...],
    fixed: dict[int, Fraction],
    *,
    floors: bool,
    should_stop: Stop | None,
) -> Shares:
    """The smallest largest excess of the open coalitions, given what is fixed."""
    some = int(np.flatnonzero(open_to)[0])
    singles = [1 << player for player in range(len(game.players))]
    first = [some, game.everybody ^ some, *singles, *(game.everybody ^ single for single in singles), *considered]
    return cheapest_shares(
        game,
        [0] * len(game.players),
        open_to=open_to,
        start=[coalition for coalition in first if open_to[coalition]],
        fixed=fixed,
        with_excess=True,
        floors=floors,
        should_stop=should_stop,
    )
