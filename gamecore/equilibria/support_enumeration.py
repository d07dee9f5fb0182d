"""All extreme equilibria of a two-player game, exactly, by enumerating supports.

Notation: `A` (row player) and `B` (column player) are `m x n`; `x` and `y` are mixed strategies of the rows and
columns. `x` is *extreme* if it is a vertex of the column player's best-response polyhedron `{(x, v): B'x <= v, x >= 0,
sum x = 1}`. Such an `x` is the only mixture on its support that levels some set of as many columns, all of them best
responses (von Stengel 2002, section 2.5), so trying all pairs of equally large supports finds every one, in degenerate
games too. `(x, y)` is an extreme equilibrium if each only uses best responses to the other; the set of all equilibria
is a finite union of products of convex hulls of extreme strategies that fit together pairwise (Winkels 1979, Jansen
1981), so a game has finitely many exactly if no two extreme ones share a strategy.

Payoffs are integers here (`exact_linear.whole_numbers`): units and offsets change no equilibrium. There are more pairs
of supports than vertices: games are solved by `vertex_enumeration`, this is the second road its answers are held
against, and where `nashpy_search` gets its exact mixtures from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

from gamecore.equilibria.exact_linear import positive_null_vector

__all__ = [
    "ExtremeStrategy",
    "extreme_equilibria",
    "extreme_strategies",
    "largest_support",
    "level_mixture",
    "support_pairs",
]

Table = Sequence[Sequence[int]]
"""Integers `[own option][the other's option]`: what the other gets."""


@dataclass(frozen=True)
class ExtremeStrategy:
    """A mixture with the other's best responses to it.

    `options` are used in proportion to the coprime `weights`; `support` and `best_responses` are bit masks.
    """

    options: tuple[int, ...]
    weights: tuple[int, ...]
    support: int
    best_responses: int

    @property
    def degenerate(self) -> bool:
        """Whether it has more best responses than options it uses."""
        return self.best_responses.bit_count() > len(self.options)

    def mixture(self, count: int) -> tuple[Fraction, ...]:
        """The probability of each of `count` options."""
        chances = [Fraction(0)] * count
        for option, weight in zip(self.options, self.weights, strict=True):
            chances[option] = Fraction(weight, sum(self.weights))
        return tuple(chances)


def support_pairs(rows: int, columns: int) -> int:
    """How many pairs of equally large supports there are: what an enumeration costs."""
    return comb(rows + columns, rows) - 1


def largest_support(rows: int, columns: int, limit: int) -> int:
    """How large supports can be searched with at most `limit` pairs; 0 if not even the pure ones."""
    pairs = 0
    for size in range(1, min(rows, columns) + 1):
        pairs += comb(rows, size) * comb(columns, size)
        if pairs > limit:
            return size - 1
    return min(rows, columns)


def extreme_equilibria(
    row_payoffs: Table, column_payoffs: Table, largest: int
) -> list[tuple[ExtremeStrategy, ExtremeStrategy]]:
    """Every extreme equilibrium of the game `(A, B)` whose supports have at most `largest` options.

    Both tables are `[row][column]`. Solves a linear system for each pair of supports of each player.
    """
    turned = [list(column) for column in zip(*row_payoffs, strict=True)]
    rows, columns = extreme_strategies(column_payoffs, largest), extreme_strategies(turned, largest)
    return [
        (x, y) for x in rows for y in columns if not x.support & ~y.best_responses and not y.support & ~x.best_responses
    ]


def extreme_strategies(table: Table, largest: int) -> list[ExtremeStrategy]:
    """A player's extreme mixtures of at most `largest` options, given what the other gets (`[own][the other's]`)."""
    found: list[ExtremeStrategy] = []
    own = len(table)
    for size in range(1, min(own, len(table[0]), largest) + 1):
        for support in combinations(range(own), size):
            known = set()
            for levelled in _levelled_sets(table, support):
                weights = level_mixture(table, support, levelled)
                if weights is None or weights in known:
                    continue
                responses = _best_responses(table, support, weights, levelled[0])
                if responses:
                    known.add(weights)
                    found.append(ExtremeStrategy(support, weights, _mask(support), responses))
    return found


def level_mixture(table: Table, support: Sequence[int], levelled: Sequence[int]) -> tuple[int, ...] | None:
    """The only weights on all of `support` that give the other the same from every option in `levelled`, else None."""
    first, *rest = levelled
    if not rest:
        return (1,) if len(support) == 1 else None
    return positive_null_vector([[table[i][j] - table[i][first] for i in support] for j in rest])


def _levelled_sets(table: Table, support: Sequence[int]) -> Iterable[tuple[int, ...]]:
    """The sets of the other's options that a mixture on `support` may level; one option is best by itself."""
    if len(support) == 1:
        row = table[support[0]]
        return [(row.index(max(row)),)]
    return combinations(range(len(table[0])), len(support))


def _best_responses(table: Table, support: Sequence[int], weights: Sequence[int], supposed: int) -> int:
    """The other's best responses as a mask if `supposed` is one of them, else 0; stops at the first better one."""
    played = [(table[option], weight) for option, weight in zip(support, weights, strict=True)]
    best = sum(weight * row[supposed] for row, weight in played)
    responses = 0
    for option in range(len(table[0])):
        value = sum(weight * row[option] for row, weight in played)
        if value > best:
            return 0
        if value == best:
            responses |= 1 << option
    return responses


def _mask(options: Iterable[int]) -> int:
    return sum(1 << option for option in options)
