"""Which outcome comes about at given points, and where it changes along a line.

An *outcome* is the number of the plan that is what happens, in the order of the plans: the first of them where several
fit. `OTHER` stands for play that is none of the plans, `UNDECIDED` for a point without an equilibrium in pure choices.

`changes_along` looks at a line of points, one uncertain number moving and the others at base values. It sees every
change between two points of its grid; an outcome that holds on less than a step of the grid can be missed. Each change
is then narrowed down by playing between its two sides again and again. The two sides of those nearest to the base value
are solved once more in rationals (`proved`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.following import Forced, follow, policy_of
from gamecore.errors import InputError, TooLargeError
from gamecore.games.translate import Game, Talks, exact_numbers
from gamecore.model import Range, Uncertain
from gamecore.robustness.points import PlayedAt, PricedAt, compatible_ends, play_at
from gamecore.scenario.expressions import EXACT
from gamecore.valuation.inputs import Quantity, quantity_key
from gamecore.valuation.payoffs import Worth

__all__ = ["OTHER", "UNDECIDED", "Change", "Line", "changes_along", "exact_outcomes", "outcomes_at"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]

OTHER: Final = -1
UNDECIDED: Final = -2
SPLIT: Final = 512  # parts that a step with a change is cut into, again and again
ROUNDS: Final = 2  # times that is done: a step of the grid becomes 512**2 = 3e5 times finer
ASIDE: Final = 1e-6  # of the line: so far apart the sides of a threshold are told, outside of what floats call a tie
MOST_PROVED: Final = 200  # ends of a game that is solved in rationals again and again
MOST_PROFILES: Final = 2_000  # of a subgame with hidden moves in such a game
MOST_CHANGES: Final = 40  # of one outcome into another along one line


@dataclass(frozen=True)
class Line:
    """Values of one uncertain number, rising, at which play is looked at; `whole` if nothing lies between them."""

    quantity: Quantity
    values: Floats
    whole: bool = False


@dataclass(frozen=True)
class Change:
    """Between `below` and `above`, the outcome changes from `before` to `after` (as the number rises).

    `proved`: exact solutions on both sides say the same; not looked at where it is not the nearest to the base value.
    """

    below: float
    above: float
    before: int
    after: int
    proved: bool = False

    @property
    def at(self) -> float:
        """The threshold."""
        return (self.below + self.above) / 2


def outcomes_at(played: PlayedAt) -> Whole:
    """The outcome at each point (point,)."""
    happens = played.happens > 0
    first = np.asarray(happens.argmax(axis=0), dtype=np.intp) if len(happens) else np.zeros(0, dtype=np.intp)
    found = np.where(happens.any(axis=0), first, OTHER)
    return np.asarray(np.where(played.undecided, UNDECIDED, found), dtype=np.intp)


def exact_outcomes(
    game: Game, talks: Talks, plans: Sequence[Forced], point: Mapping[tuple[object, ...], Fraction]
) -> frozenset[int]:
    """The outcomes of all equilibria at one point, in rationals; quantities that are not given stand at base values.

    Raises `TooLargeError` if a subgame with hidden moves has more than `MOST_PROFILES` profiles.
    """

    def value(item: Range | Uncertain) -> Fraction:
        return point.get(quantity_key(item), item.base)

    worth = Worth(game.scenario, EXACT, value)
    numbers = exact_numbers(game, worth)
    bargaining = game.bargaining(talks, worth)
    perfect = backward_induction(game.tree, numbers.payoffs, bargaining, most_profiles=MOST_PROFILES)
    fits = [compatible_ends(game.tree, plan) for plan in plans]
    found = set()
    for play in perfect.plays[0]:
        reached = {end for end in follow(game.tree, policy_of(game.tree, play, bargaining)) if numbers.reach[-1, end]}
        found.add(next((number for number, ends in enumerate(fits) if reached <= ends), OTHER))
        if not play.pure:
            found.add(UNDECIDED)
    return frozenset(found)


def changes_along(
    game: Game, talks: Sequence[Talks], plans: Sequence[Forced], lines: Sequence[Line], *, prove: bool = True
) -> tuple[PricedAt, list[list[tuple[Change, ...]]]]:
    """Play along several lines at once: what was found on them, one after the other, and every change of the outcome,
    `[line][protocol]`, from the lowest up.

    With `prove` the changes nearest to the base value are solved again in rationals, on both sides of the threshold, in
    games of at most `MOST_PROVED` ends.
    """
    first = _played(game, talks, plans, [(line.quantity, line.values) for line in lines])
    ends = np.cumsum([0, *(len(line.values) for line in lines)])
    found = [
        _Found(number, which, change)
        for which, played in enumerate(first.played)
        for number, (line, part) in enumerate(zip(lines, pairwise(ends), strict=True))
        for change in _steps(line.values, outcomes_at(played)[slice(*part)])
    ]
    changes: list[list[tuple[Change, ...]]] = [[() for _ in talks] for _ in lines]
    for item in _narrowed(game, talks, plans, lines, found):
        changes[item.line][item.talks] = (*changes[item.line][item.talks], item.change)
    if prove and game.tree.ends <= MOST_PROVED:
        for line, row in zip(lines, changes, strict=True):
            for which, along in enumerate(row):
                row[which] = tuple(
                    _proved(game, talks[which], plans, line, change) if change in _next_to_base(line, along) else change
                    for change in along
                )
    return first, changes


def _next_to_base(line: Line, changes: Sequence[Change]) -> list[Change]:
    base = float(line.quantity.distribution.base)
    below = [change for change in changes if change.at < base]
    above = [change for change in changes if change.at >= base]
    return [*below[-1:], *above[:1]]


@dataclass(frozen=True)
class _Found:
    """A change, by the numbers of its line and its protocol."""

    line: int
    talks: int
    change: Change


def _steps(values: Floats, codes: Whole) -> list[Change]:
    places = np.flatnonzero(codes[1:] != codes[:-1])[:MOST_CHANGES]
    return [Change(float(values[i]), float(values[i + 1]), int(codes[i]), int(codes[i + 1])) for i in places]


def _narrowed(
    game: Game, talks: Sequence[Talks], plans: Sequence[Forced], lines: Sequence[Line], found: list[_Found]
) -> list[_Found]:
    """The changes, with sides as near as floats tell them apart; in rising order on each line."""
    waiting = [item for item in found if not lines[item.line].whole]
    for _ in range(ROUNDS if waiting else 0):
        grids = [np.linspace(item.change.below, item.change.above, SPLIT + 1) for item in waiting]
        moves = [(lines[item.line].quantity, grid) for item, grid in zip(waiting, grids, strict=True)]
        played = _played(game, talks, plans, moves, price=False)
        codes = [outcomes_at(one).reshape(len(waiting), SPLIT + 1) for one in played.played]
        waiting = [
            _Found(item.line, item.talks, step)
            for number, (item, grid) in enumerate(zip(waiting, grids, strict=True))
            for step in _steps(grid, codes[item.talks][number])
        ]
    kept = waiting + [item for item in found if lines[item.line].whole]
    return sorted(kept, key=lambda item: (item.line, item.change.below))


def _proved(game: Game, talks: Talks, plans: Sequence[Forced], line: Line, change: Change) -> Change:
    key = quantity_key(line.quantity.distribution)
    below, above = change.below, change.above
    if not line.whole:
        aside = ASIDE / 2 * float(np.ptp(line.values))
        below, above = max(below - aside, float(line.values[0])), min(above + aside, float(line.values[-1]))
    sides = ((below, change.before), (above, change.after))
    try:
        proved = all(code in exact_outcomes(game, talks, plans, {key: Fraction(at)}) for at, code in sides)
    except (InputError, TooLargeError):  # a payoff that floats have a value for may have none in rationals
        proved = False
    return Change(below, above, change.before, change.after, proved)


def _played(
    game: Game,
    talks: Sequence[Talks],
    plans: Sequence[Forced],
    moves: Sequence[tuple[Quantity, Floats]],
    *,
    price: bool = True,
) -> PricedAt:
    """Play where each quantity in turn goes through its values while the others stand at base values."""
    count = sum(len(values) for _, values in moves)
    points: dict[tuple[object, ...], Floats] = {}
    start = 0
    for quantity, values in moves:
        key = quantity_key(quantity.distribution)
        column = points.setdefault(key, np.full(count, float(quantity.distribution.base)))
        column[start : start + len(values)] = values
        start += len(values)
    return play_at(game, talks, plans, points, count=count, price=price)
