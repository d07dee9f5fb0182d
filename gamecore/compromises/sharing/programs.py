"""The linear programs behind core and nucleolus, exact, with one column for each coalition that matters.

    minimise  g x + e   subject to   x(S) + e >= v(S) for every open coalition S,  x(F) = c(F) for every fixed one

for given weights `g` of the players; `e`, the largest excess, is left out on request, and so are floors `x_i >= v(i)`.
The program is solved through its dual, whose unknowns are weights of coalitions: they are the proof of the optimum, and
in the core and the nucleolus they are balanced collections. Since the dual's matrix holds zeros and ones only, exact
pivots stay cheap. Coalitions enter the program when they object to the shares found so far (column generation; Gilmore
& Gomory 1961), so few of the `2^n` ever do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.exact_program import Outcome, Program
from gamecore.errors import OutOfTimeError
from gamecore.games.coalition import CoalitionGame, coalition_sums

__all__ = ["Shares", "Span", "cheapest_shares"]

Stop = Callable[[], bool]


@dataclass(frozen=True)
class Shares:
    """An optimum: `shares` and `excess` (0 where it is left out), and the proof.

    `weights` holds the open coalitions of positive weight, `floor_weights` the players whose floor has one, and
    `fixed_weights` those of all fixed coalitions, of either sign. `considered` are those that entered the program.
    """

    shares: tuple[Fraction, ...]
    excess: Fraction
    weights: Mapping[int, Fraction]
    fixed_weights: Mapping[int, Fraction]
    floor_weights: Mapping[int, Fraction]
    considered: tuple[int, ...]


def cheapest_shares(
    game: CoalitionGame,
    goal: Sequence[int],
    *,
    open_to: npt.NDArray[np.bool_],
    start: Iterable[int],
    fixed: Mapping[int, Fraction] | None = None,
    with_excess: bool = False,
    floors: bool = False,
    should_stop: Stop | None = None,
) -> Shares:
    """The optimum of the program above.

    Parameters
    ----------
    goal
        The weight of each player's share in what is minimised.
    open_to
        By coalition, whether it may object.
    start
        Open coalitions whose columns make the dual feasible, with those fixed.
    fixed
        What some coalitions get exactly; linearly independent.
    with_excess, floors
        Whether the largest excess is minimised as well, and whether nobody may get less than alone.

    Raises
    ------
    OutOfTimeError
        If `should_stop` says so, or after the pivots the exact program allows.
    """
    players = len(game.players)
    fixed = fixed or {}
    columns = list(dict.fromkeys(start))
    floored = list(range(players)) if floors else []
    closed = np.flatnonzero(~open_to)
    while True:
        if should_stop is not None and should_stop():
            raise OutOfTimeError("the time was up before the shares were found", limit="seconds")
        groups = [*columns, *fixed, *fixed, *(1 << player for player in floored)]
        signs = [1] * (len(columns) + len(fixed)) + [-1] * len(fixed) + [1] * len(floored)
        rows: list[tuple[list[int], int]] = [
            ([sign * (group >> player & 1) for group, sign in zip(groups, signs, strict=True)], goal[player])
            for player in range(players)
        ]
        if with_excess:
            rows.append(([1] * len(columns) + [0] * (len(groups) - len(columns)), 1))
        worth = [game.values[group] for group in columns]
        worth += [sign * value for sign in (1, -1) for value in fixed.values()]
        worth += [game.values[1 << player] for player in floored]
        best = Program(equal=rows, should_stop=should_stop).maximise(worth)
        if best.outcome is not Outcome.OPTIMAL:
            raise OutOfTimeError(f"the exact program of the shares was {best.outcome}", limit="pivots")
        shares, excess = best.prices[:players], best.prices[players] if with_excess else Fraction(0)
        objecting = _objecting(game, shares, excess, closed, most=2 * players)
        if not objecting:
            weigh = iter(best.point)
            weights = {group: next(weigh) for group in columns}
            up, down = ([next(weigh) for _ in fixed] for _ in range(2))
            held = {group: more - less for group, more, less in zip(fixed, up, down, strict=True)}
            floor = dict(zip(floored, weigh, strict=True))
            return Shares(shares, excess, _nonzero(weights), held, _nonzero(floor), tuple(columns))
        columns += objecting


def _objecting(
    game: CoalitionGame, shares: tuple[Fraction, ...], excess: Fraction, closed: npt.NDArray[np.int64], *, most: int
) -> list[int]:
    """The open coalitions whose excess is larger still, the largest first."""
    excesses, common = game.scaled_excesses(shares)
    bound = excess * common
    excesses[closed] = bound.numerator // bound.denominator
    larger = np.flatnonzero(excesses > bound.numerator // bound.denominator)
    by_excess = sorted(larger.tolist(), key=lambda coalition: -excesses[coalition])
    return [int(coalition) for coalition in by_excess[:most]]


def _nonzero(weights: Mapping[int, Fraction]) -> dict[int, Fraction]:
    return {group: weight for group, weight in weights.items() if weight}


class Span:
    """The coalitions whose sum of shares is settled by those of some others: their linear span.

    Kept as whole vectors `z` at right angles to all coalitions added; `S` lies in the span if `z(S) = 0` for all.
    """

    def __init__(self, players: int) -> None:
        self._players = players
        self._across = [[int(place == player) for place in range(players)] for player in range(players)]

    @property
    def is_everything(self) -> bool:
        """Whether every share is settled."""
        return not self._across

    def add(self, coalition: int) -> bool:
        """Add a coalition; whether it was not in the span before."""
        heads = [sum(z for place, z in enumerate(vector) if coalition >> place & 1) for vector in self._across]
        pivot = next((place for place, head in enumerate(heads) if head), None)
        if pivot is None:
            return False
        lead, factor = self._across[pivot], heads[pivot]
        rest = []
        for place, (vector, head) in enumerate(zip(self._across, heads, strict=True)):
            if place != pivot:
                turned = [factor * a - head * b for a, b in zip(vector, lead, strict=True)]
                common = gcd(*turned)
                rest.append([value // common for value in turned])
        self._across = rest
        return True

    def outside(self) -> npt.NDArray[np.bool_]:
        """By coalition, whether it lies outside of the span."""
        found = np.zeros(1 << self._players, dtype=bool)
        for vector in self._across:
            found |= coalition_sums(vector) != 0
        return found
