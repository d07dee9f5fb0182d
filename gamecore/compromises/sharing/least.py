"""The least payments that make values stable: from what players hold to a split that no coalition can better.

With `b_i` what player `i` holds, and payments `d` that add to nothing,

    minimise  sum |d_i|   subject to   b(S) + d(S) >= v(S) for every coalition S,

of equals those whose largest payment and largest receipt are smallest together. All `b + s d`, `1 <= s <= most`, keep
everybody; of two players the middle of that interval is the Nash point. Of more players it has no such meaning (it
depends on the direction, and may go far beyond what is fair), so the least payments are what is proposed.

Where the core is empty no payment does; then the largest objection of several players is made as small as it can be
with nobody below what it has alone, and the same is asked of that.

>>> from gamecore.games.coalition import CoalitionGame
>>> pair = CoalitionGame.from_values({"a": 0, "b": 0, ("a", "b"): 8})
>>> change = least_change(pair, (Fraction(10), Fraction(-2)))
>>> [str(amount) for amount in change.paid], str(change.most), [str(amount) for amount in change.proposed]
(['-2', '2'], '5', ['-6', '6'])
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gamecore.compromises.sharing.nucleolus import nucleolus
from gamecore.equilibria.exact_program import Outcome, Program
from gamecore.errors import OutOfTimeError
from gamecore.games.coalition import CoalitionGame

__all__ = ["LeastChange", "least_change"]


@dataclass(frozen=True)
class LeastChange:
    """What each player is paid at least (below zero: pays), and how many times that much still keeps everybody.

    All of `paid` is zero, and `most` 1, where the values are stable as they stand.
    """

    paid: tuple[Fraction, ...]
    most: Fraction

    @property
    def proposed(self) -> tuple[Fraction, ...]:
        """The middle of the interval of two players, the least payments of more."""
        return tuple(amount * (1 + self.most) / 2 for amount in self.paid) if len(self.paid) == 2 else self.paid

    @property
    def total(self) -> Fraction:
        """All that is paid, in the unit of the game."""
        return sum((amount for amount in self.paid if amount > 0), Fraction(0))


def least_change(game: CoalitionGame, held: Sequence[Fraction], *, stable: bool = True) -> LeastChange:
    """The least payments from `held`, which add to what all are worth; `stable` says that the core is not empty.

    Raises `OutOfTimeError` if the exact program is stopped by its limit of pivots.
    """
    if not stable:
        game = _lowered(game)
    least = _paid(game, held, None)
    paid = _paid(game, held, sum((amount for amount in least if amount > 0), Fraction(0)))
    return LeastChange(paid, _most(game, held, paid) if any(paid) else Fraction(1))


def _lowered(game: CoalitionGame) -> CoalitionGame:
    """What coalitions of several ask for, lowered by the largest objection to the nucleolus."""
    shares = nucleolus(game).shares
    several = [one for one in range(1, game.everybody) if one.bit_count() > 1]
    excess = max((game.values[one] - _sum(shares, one) for one in several), default=Fraction(0))
    asked = set(several)
    values = [value - excess if one in asked else value for one, value in enumerate(game.values)]
    return CoalitionGame(game.players, tuple(values))


def _paid(game: CoalitionGame, held: Sequence[Fraction], total: Fraction | None) -> tuple[Fraction, ...]:
    """The payments of the least sum; with `total`, of those with this sum the most even ones.

    Unknowns: what each gets, what each pays, the largest of the former and of the latter.
    Coalitions enter when they object.
    """
    players = len(held)
    even = ([1] * players + [-1] * players + [0, 0], 0)
    bounds: list[tuple[list[int], Fraction]] = []
    goal = [0] * players + [-1] * players + [0, 0]
    if total is not None:
        bounds = [
            ([int(place == own) for place in range(2 * players)] + [-(own < players), -(own >= players)], Fraction(0))
            for own in range(2 * players)
        ]
        bounds.append(([0] * players + [1] * players + [0, 0], total))
        goal = [0] * (2 * players) + [-1, -1]
    paid, cuts = (Fraction(0),) * players, dict.fromkeys(_objecting(game, held))
    while True:
        rows = [_cut(game, held, coalition) for coalition in cuts]
        best = Program(at_most=[*rows, *bounds], equal=[even]).maximise(goal)
        if best.outcome is not Outcome.OPTIMAL:
            raise OutOfTimeError(f"the exact program of the payments was {best.outcome}", limit="pivots")
        paid = tuple(best.point[place] - best.point[players + place] for place in range(players))
        more = list(_objecting(game, [value + amount for value, amount in zip(held, paid, strict=True)]))
        if not more:
            return paid
        cuts |= dict.fromkeys(more)


def _cut(game: CoalitionGame, held: Sequence[Fraction], coalition: int) -> tuple[list[int], Fraction]:
    """That a coalition gets at least what it asks for beyond what it holds."""
    inside = [coalition >> place & 1 for place in range(len(held))]
    return [*(-one for one in inside), *inside, 0, 0], _sum(held, coalition) - game.values[coalition]


def _objecting(game: CoalitionGame, shares: Sequence[Fraction]) -> Iterator[int]:
    """The coalitions that have more on their own, the largest objections first, a few."""
    lacking = {one: game.values[one] - _sum(shares, one) for one in range(1, game.everybody)}
    ordered = sorted((one for one in lacking if lacking[one] > 0), key=lambda one: -lacking[one])
    yield from ordered[: 2 * len(shares)]


def _most(game: CoalitionGame, held: Sequence[Fraction], paid: Sequence[Fraction]) -> Fraction:
    """How many times these payments still leave every coalition what it asks for."""
    given = {one: -_sum(paid, one) for one in range(1, game.everybody)}
    return min((_sum(held, one) - game.values[one]) / given[one] for one in given if given[one] > 0)


def _sum(shares: Sequence[Fraction], coalition: int) -> Fraction:
    return sum((share for place, share in enumerate(shares) if coalition >> place & 1), Fraction(0))
