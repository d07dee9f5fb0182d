"""Published games of coalitions with their answers, as data, what hypothesis draws, and slow second methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from hypothesis import strategies as st

from gamecore.games.coalition import CoalitionGame, bankruptcy_game, savings_game

Shares = tuple[Fraction, ...]
NAMES = "abcdefghijklmnop"


def exact(*values: int | str | Fraction) -> Shares:
    return tuple(Fraction(value) for value in values)


def by_size(players: int, *values: int | str) -> CoalitionGame:
    """A game in the order of textbooks: coalitions of one, of two, ..., each in the order of the dictionary."""
    names = NAMES[:players]
    groups = [group for size in range(1, players + 1) for group in combinations(names, size)]
    return CoalitionGame.from_values(dict(zip(groups, values, strict=True)), players=names)


def by_rule(players: int, worth: Callable[[tuple[str, ...]], object]) -> CoalitionGame:
    return CoalitionGame.from_function(NAMES[:players], worth)


def voting(quota: int, votes: Sequence[int]) -> CoalitionGame:
    weight = dict(zip(NAMES, votes, strict=False))
    return by_rule(len(votes), lambda members: sum(weight[name] for name in members) >= quota)


def airport() -> CoalitionGame:
    cost = {"a": 1500, "b": 2200, "c": 3000}
    return CoalitionGame.from_function("abc", lambda members: max(cost[name] for name in members))


DUO = by_size(2, 100, 200, 700)
GLOVE = by_rule(3, lambda members: min("a" in members, sum(name != "a" for name in members)))
MAJORITY = by_rule(3, lambda members: len(members) >= 2)
TALMUD_200 = bankruptcy_game(Fraction(200), dict(zip("abc", exact(100, 200, 300), strict=True)))
TALMUD_300 = bankruptcy_game(Fraction(300), dict(zip("abc", exact(100, 200, 300), strict=True)))


@dataclass(frozen=True)
class Published:
    """An empty answer is one the source does not give."""

    name: str
    source: str
    game: CoalitionGame
    shapley: Shares = ()
    nucleolus: Shares = ()
    prenucleolus: Shares = ()


PUBLISHED = (
    Published("singer and pianist", "Moretti, lecture", DUO, exact(300, 400), exact(300, 400)),
    Published(
        "gloves",
        "Osborne & Rubinstein 1994, chapter 13",
        GLOVE,
        exact("2/3", "1/6", "1/6"),
        exact(1, 0, 0),
        exact(1, 0, 0),
    ),
    Published(
        "airport, savings",
        "Littlechild & Owen 1973 for the Shapley value",
        savings_game(airport()),
        exact(1000, 1350, 1350),
        exact("2300/3", "4400/3", "4400/3"),
    ),
    Published(
        "Talmud, estate 200",
        "Aumann & Maschler 1985; O'Neill 1982",
        TALMUD_200,
        exact("100/3", "250/3", "250/3"),
        exact(50, 75, 75),
    ),
    Published("Talmud, estate 300", "Aumann & Maschler 1985", TALMUD_300, nucleolus=exact(50, 100, 150)),
    Published(
        "negative transfers",
        "Peleg & Sudholter 2007, example 5.5.12",
        by_size(3, 0, 0, 0, 10, 0, 0, 2),
        nucleolus=exact(1, 1, 0),
        prenucleolus=exact(3, 3, -4),
    ),
    Published(
        "three players",
        "Ferguson, Game Theory, part IV",
        by_size(3, -1, 0, 1, 3, 4, 2, 5),
        nucleolus=exact("8/3", "2/3", "5/3"),
    ),
    Published(
        "four players",
        "CoopGame 0.2.2, manual",
        by_size(4, 0, 0, 0, 0, 5, 5, 8, 9, 10, 8, 13, 15, 16, 17, 21),
        nucleolus=exact("7/2", "9/2", "11/2", "15/2"),
    ),
    Published(
        "investors",
        "Lemaire 1991",
        by_size(3, 46125, "17437.5", "5812.5", "69187.5", "53812.5", 30750, 90000),
        exact(51750, 25875, 12375),
        exact("52687.5", "24468.75", "12843.75"),
    ),
    Published("majority of three", "Shapley 1953", MAJORITY, exact("1/3", "1/3", "1/3"), exact("1/3", "1/3", "1/3")),
    Published(
        "one large voter and three small ones",
        "Peleg 1968: the nucleolus of such a voting game is its votes",
        voting(3, [2, 1, 1, 1]),
        exact("1/2", "1/6", "1/6", "1/6"),
        exact("2/5", "1/5", "1/5", "1/5"),
    ),
)

values = st.integers(-6, 6).map(Fraction) | st.fractions(-5, 5, max_denominator=6)


@st.composite
def games(draw: st.DrawFn, most: int = 5, least: int = 1) -> CoalitionGame:
    """Any game: ties, negative values, coalitions better apart."""
    players = draw(st.integers(least, most))
    entries = draw(st.sampled_from([st.integers(0, 1).map(Fraction), st.integers(0, 3).map(Fraction), values]))
    rest = draw(st.lists(entries, min_size=(1 << players) - 1, max_size=(1 << players) - 1))
    return CoalitionGame(tuple(NAMES[:players]), (Fraction(0), *rest))


@st.composite
def convex_games(draw: st.DrawFn, most: int = 5) -> CoalitionGame:
    """Sums of dividends of which only those of single players may be negative."""
    players = draw(st.integers(1, most))
    dividends = [
        Fraction(draw(st.integers(-3, 3) if coalition.bit_count() == 1 else st.integers(0, 3)))
        for coalition in range(1, 1 << players)
    ]
    return CoalitionGame(
        tuple(NAMES[:players]),
        tuple(
            sum((amount for one, amount in enumerate(dividends, 1) if one & coalition == one), Fraction(0))
            for coalition in range(1 << players)
        ),
    )


def add(first: CoalitionGame, second: CoalitionGame) -> CoalitionGame:
    return CoalitionGame(first.players, tuple(a + b for a, b in zip(first.values, second.values, strict=True)))


def rescaled(game: CoalitionGame, factor: Fraction, gifts: Sequence[Fraction]) -> CoalitionGame:
    """The game in another unit, with something of its own for each player: strategically the same."""
    return CoalitionGame(
        game.players,
        tuple(
            factor * value + sum((gifts[player] for player in game.members(coalition)), Fraction(0))
            for coalition, value in enumerate(game.values)
        ),
    )


def permuted(game: CoalitionGame, order: Sequence[int]) -> CoalitionGame:
    """Player `order[k]` of the old game is player `k` of the new one."""
    old = [sum(1 << order[player] for player in game.members(coalition)) for coalition in range(len(game.values))]
    return CoalitionGame(tuple(game.players[place] for place in order), tuple(game.values[one] for one in old))


def sorted_excesses(game: CoalitionGame, shares: Sequence[Fraction]) -> list[Fraction]:
    return sorted((game.excess(one, shares) for one in range(1, game.everybody)), reverse=True)


def partitions(players: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All partitions, as coalitions, by putting the last player everywhere."""
    if not players:
        yield ()
        return
    last = 1 << players[-1]
    for rest in partitions(players[:-1]):
        for place, block in enumerate(rest):
            yield (*rest[:place], block | last, *rest[place + 1 :])
        yield (*rest, last)
