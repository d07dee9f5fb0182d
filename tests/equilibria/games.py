"""Textbook games as data: the payoffs, where they stand in print, and the answers given there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gamecore.games.strategic import Mixed, StrategicGame


def mixed(*strategies: str) -> Mixed:
    """`mixed("1/2 1/2", "1 0")`: one text a player, one number an option."""
    return tuple(tuple(Fraction(chance) for chance in strategy.split()) for strategy in strategies)


@dataclass(frozen=True)
class Textbook:
    """A game of two players with every equilibrium known (`complete`), or every extreme one of infinitely many."""

    name: str
    source: str
    cells: Any
    equilibria: tuple[Mixed, ...]
    finite: bool = True

    @property
    def game(self) -> StrategicGame:
        return StrategicGame.from_rows(self.cells)

    @property
    def pure(self) -> list[tuple[int, ...]]:
        answers = [one for one in self.equilibria if all(max(strategy) == 1 for strategy in one)]
        return sorted(tuple(strategy.index(Fraction(1)) for strategy in one) for one in answers)


def zero_sum(*rows: tuple[int, ...]) -> list[list[tuple[int, int]]]:
    return [[(value, -value) for value in row] for row in rows]


TEXTBOOK = (
    Textbook(
        "prisoners' dilemma",
        "Tucker 1950; Osborne & Rubinstein 1994, example 16.2",
        [[(3, 3), (0, 4)], [(4, 0), (1, 1)]],
        (mixed("0 1", "0 1"),),
    ),
    Textbook(
        "battle of the sexes",
        "Osborne & Rubinstein 1994, examples 15.3 and 34.1",
        [[(2, 1), (0, 0)], [(0, 0), (1, 2)]],
        (mixed("1 0", "1 0"), mixed("0 1", "0 1"), mixed("2/3 1/3", "1/3 2/3")),
    ),
    Textbook(
        "matching pennies",
        "von Neumann 1928; Osborne & Rubinstein 1994, example 17.1",
        zero_sum((1, -1), (-1, 1)),
        (mixed("1/2 1/2", "1/2 1/2"),),
    ),
    Textbook(
        "rock, paper, scissors",
        "von Neumann & Morgenstern 1944",
        zero_sum((0, -1, 1), (1, 0, -1), (-1, 1, 0)),
        (mixed("1/3 1/3 1/3", "1/3 1/3 1/3"),),
    ),
    Textbook(
        "hawk and dove (chicken)",
        "Maynard Smith & Price 1973; Osborne & Rubinstein 1994, example 16.3",
        [[(3, 3), (1, 4)], [(4, 1), (0, 0)]],
        (mixed("1 0", "0 1"), mixed("0 1", "1 0"), mixed("1/2 1/2", "1/2 1/2")),
    ),
    Textbook(
        "Holmes and Moriarty",
        "von Neumann & Morgenstern 1944, section 18.4.4: Moriarty, then Holmes; Dover, then the station before",
        zero_sum((100, 0), (-50, 100)),
        (mixed("3/5 2/5", "2/5 3/5"),),
    ),
    Textbook(
        "non-degenerate 3x2",
        "von Stengel in Nisan et al. 2007, example 3.3 and figure 3.1",
        [[(3, 3), (3, 2)], [(2, 2), (5, 6)], [(0, 3), (6, 1)]],
        (mixed("1 0 0", "1 0"), mixed("4/5 1/5 0", "2/3 1/3"), mixed("0 1/3 2/3", "1/3 2/3")),
    ),
    Textbook(
        "degenerate 3x2",
        "von Stengel in Nisan et al. 2007, section 3.6: the first column's 2 against the first row becomes a tie at 3",
        [[(3, 3), (3, 3)], [(2, 2), (5, 6)], [(0, 3), (6, 1)]],
        (mixed("1 0 0", "1 0"), mixed("1 0 0", "2/3 1/3"), mixed("0 1/3 2/3", "1/3 2/3")),
        finite=False,
    ),
    Textbook(
        "coordination of three",
        "Quint & Shubik 1997: the identity game has 2^n - 1, one for each set of options",
        [[(1, 1), (0, 0), (0, 0)], [(0, 0), (1, 1), (0, 0)], [(0, 0), (0, 0), (1, 1)]],
        (
            mixed("1 0 0", "1 0 0"),
            mixed("0 1 0", "0 1 0"),
            mixed("0 0 1", "0 0 1"),
            mixed("1/2 1/2 0", "1/2 1/2 0"),
            mixed("1/2 0 1/2", "1/2 0 1/2"),
            mixed("0 1/2 1/2", "0 1/2 1/2"),
            mixed("1/3 1/3 1/3", "1/3 1/3 1/3"),
        ),
    ),
    Textbook(
        "everything ties",
        "Nobody can gain: every profile is an equilibrium, the pure ones are the extreme ones",
        [[(0, 0), (0, 0)], [(0, 0), (0, 0)]],
        tuple(mixed(one, other) for one in ("1 0", "0 1") for other in ("1 0", "0 1")),
        finite=False,
    ),
    Textbook(
        "entry deterrence in strategic form",
        "Selten 1978, the chain store's stage game: out or in against fight or share",
        [[(1, 5), (1, 5)], [(0, 0), (2, 2)]],
        (mixed("1 0", "1 0"), mixed("1 0", "1/2 1/2"), mixed("0 1", "0 1")),
        finite=False,
    ),
)
"""Numbers as printed, or the same game in other units."""


def sapphire_diamond_naming() -> StrategicGame:
    """Two sides name one of Start, Wait, Hybrid, Terminate at the same time; a mismatch is no agreement."""
    worth = [("51.812", "9.699"), ("47.420", "25.813"), ("42.198", "18.106"), ("5", "-4")]
    apart = ("43.031", "15.992")
    return StrategicGame.from_rows([[worth[i] if i == j else apart for j in range(4)] for i in range(4)])
