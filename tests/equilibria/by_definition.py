"""Two-player equilibria from their definitions, by plain search: slow, and nothing shared with the solvers."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations
from typing import Any

from gamecore.games.strategic import Mixed, StrategicGame

Mixture = tuple[Fraction, ...]


def gauss(rows: list[list[Fraction]]) -> list[Fraction] | None:
    """The only solution of a square system, or None."""
    for column in range(len(rows)):
        pivot = next((r for r in range(column, len(rows)) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for r in range(len(rows)):
            if r != column and rows[r][column]:
                rows[r] = [a - rows[r][column] * b for a, b in zip(rows[r], rows[column], strict=True)]
    return [row[-1] for row in rows]


def vertices_by_definition(table: Any) -> set[Mixture]:
    """A player's extreme mixtures, given what the other gets (`[own][the other's]`).

    The unknowns are the mixture `x` and the other's best payoff `v`; a vertex of `x_i >= 0`, `(x B)_j <= v` and
    `sum x = 1` solves as many of these as there are unknowns, taken as equations: all choices are tried.
    """
    own, others = len(table), len(table[0])
    tight = [[Fraction(i == k) for k in range(own)] + [Fraction(0)] for i in range(own)]
    tight += [[Fraction(table[i][j]) for i in range(own)] + [Fraction(-1)] for j in range(others)]
    found = set()
    for chosen in combinations(range(own + others), own):
        solution = gauss(
            [[*tight[k], Fraction(0)] for k in chosen] + [[Fraction(1)] * own + [Fraction(0), Fraction(1)]]
        )
        if solution is None or min(solution[:own]) < 0:
            continue
        if all(sum(solution[i] * table[i][j] for i in range(own)) <= solution[own] for j in range(others)):
            found.add(tuple(solution[:own]))
    return found


def best_responses(values: list[Fraction]) -> set[int]:
    return {place for place, value in enumerate(values) if value == max(values)}


def extreme_equilibria_by_definition(game: StrategicGame) -> set[Mixed]:
    """Pairs of extreme mixtures that use only best responses to each other."""
    first, second = (table.tolist() for table in game.payoffs)
    rows, columns = game.shape
    replies = {}
    for x in vertices_by_definition(second):
        replies[x] = best_responses([sum(x[i] * second[i][j] for i in range(rows)) for j in range(columns)])
    found: set[Mixed] = set()
    for y in vertices_by_definition([list(column) for column in zip(*first, strict=True)]):
        best = best_responses([sum(first[i][j] * y[j] for j in range(columns)) for i in range(rows)])
        used = {j for j, chance in enumerate(y) if chance}
        found |= {
            (x, y) for x, answers in replies.items() if used <= answers and {i for i, c in enumerate(x) if c} <= best
        }
    return found


def maximal_nash_subsets_by_definition(equilibria: Iterable[Mixed]) -> set[frozenset[Mixed]]:
    """The maximal sets `X x Y` of extreme equilibria: every set of `x`s is tried."""
    known = set(equilibria)
    every_x, every_y = {x for x, _ in known}, {y for _, y in known}
    products: set[frozenset[Mixed]] = set()
    for count in range(1, len(every_x) + 1):
        for chosen in combinations(sorted(every_x), count):
            common = frozenset(y for y in every_y if all((x, y) in known for x in chosen))
            full = frozenset(x for x in every_x if all((x, y) in known for y in common))
            if common and full == set(chosen):
                products.add(frozenset((x, y) for x in full for y in common))
    return products
