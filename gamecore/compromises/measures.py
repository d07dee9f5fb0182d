"""How each option stands with each player: ranks, acceptance, fairness, regret.

`values` has axes (option, player); the walk-away point has one value a player: what it has if it says no. Exact.

>>> wait, start = measure_options([(47, 26), (52, 10)], (43, 16))
>>> wait.ranks, wait.acceptable_to, start.acceptable_to
((2, 1), (0, 1), (0,))
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gamecore.compromises.bargaining import ideal_point
from gamecore.compromises.table import exact_point, exact_table

__all__ = ["OptionMeasures", "measure_options"]


@dataclass(frozen=True)
class OptionMeasures:
    """One option, seen by all players; tuples have one entry a player, in their order.

    `ranks` count from 1 (best); options worth the same to a player share the best rank, and `tied` says so.
    `acceptable_to` are the players who get at least their walk-away. `nobodys_worst`: to no player is it worth as
    little as that player's least valued option (a player who values all options alike has none). `fairness`: the
    smallest gain over the walk-away as a share of what that side could gain over all options acceptable to everybody, 1
    if each gets the best it can; players who cannot gain are left out, and None says that nobody can.
    """

    ranks: tuple[int, ...]
    tied: tuple[bool, ...]
    gains: tuple[Fraction, ...]  # over the walk-away
    regrets: tuple[Fraction, ...]  # what the player's best option is worth more
    acceptable_to: tuple[int, ...]
    nobodys_worst: bool
    joint: Fraction  # sum of the values
    fairness: Fraction | None

    @property
    def acceptable(self) -> bool:
        """Whether everybody accepts it."""
        return len(self.acceptable_to) == len(self.ranks)

    @property
    def max_regret(self) -> Fraction:
        return max(self.regrets)


def measure_options(values: Any, walk_away: Any) -> tuple[OptionMeasures, ...]:
    """The measures of each option, in their order. Raises `InputError` if the shapes do not fit."""
    table = exact_table(values)
    point = exact_point(walk_away, table.shape[1])
    if not len(table):
        return ()
    room = [ideal - least for ideal, least in zip(ideal_point(table, point), point, strict=True)]
    columns: list[list[Fraction]] = table.T.tolist()
    best, worst = [max(column) for column in columns], [min(column) for column in columns]
    places = [_places(column) for column in columns]
    counts = [Counter(column) for column in columns]
    measures = []
    for row in table.tolist():
        gains = tuple(value - least for value, least in zip(row, point, strict=True))
        shares = [gain / most for gain, most in zip(gains, room, strict=True) if most]
        measures.append(
            OptionMeasures(
                ranks=tuple(place[value] for place, value in zip(places, row, strict=True)),
                tied=tuple(count[value] > 1 for count, value in zip(counts, row, strict=True)),
                gains=gains,
                regrets=tuple(most - value for most, value in zip(best, row, strict=True)),
                acceptable_to=tuple(player for player, gain in enumerate(gains) if gain >= 0),
                nobodys_worst=not any(
                    least == value < most for least, value, most in zip(worst, row, best, strict=True)
                ),
                joint=sum(row, Fraction(0)),
                fairness=min(shares) if shares else None,
            )
        )
    return tuple(measures)


def _places(column: list[Fraction]) -> dict[Fraction, int]:
    """The rank of each value: one more than how many options are better."""
    places: dict[Fraction, int] = {}
    for place, value in enumerate(sorted(column, reverse=True), start=1):
        places.setdefault(value, place)
    return places
