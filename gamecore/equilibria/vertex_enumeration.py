"""All extreme equilibria of a two-player game, exactly, from the vertices of the best-response polytopes.

Notation: `A` (row player) and `B` (column player) are `m x n`, positive integers. `x` is *extreme* if, up to its
length, it is a vertex of `P = {x >= 0, B'x <= 1}`, and `y` if it is one of `Q = {y >= 0, A y <= 1}`. A constraint
`x_i >= 0` that is not tight says that row `i` is used, a tight `(B'x)_j <= 1` that column `j` is a best response.
`(x, y)` is an extreme equilibrium if each only uses best responses to the other (Winkels 1979, Jansen 1981; section 2
of Avis, Rosenberg, Savani & von Stengel 2010).

The vertices of the polytope of fewer dimensions are enumerated by pivoting (`pivoting.lexicographic_bases`). For each,
the other player's replies are the vertices of a face of the other polytope: the mixtures of best responses against
which the options used are best. Mostly they solve a small linear system without more ado; if not, the face is found by
a linear program and enumerated itself, columns that differ in nothing taken as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from gamecore.equilibria.exact_linear import null_space, whole_weights
from gamecore.equilibria.pivoting import Budget, Dictionary, lexicographic_bases, maximise, optimal_face, polytope
from gamecore.equilibria.support_enumeration import ExtremeStrategy

__all__ = ["Pair", "extreme_equilibria", "extreme_strategies", "optimal_strategies", "strategy_at", "turned"]

Table = Sequence[Sequence[int]]
"""Positive integers `[own option][the other's option]`."""

Pair = tuple[ExtremeStrategy, ExtremeStrategy]


def extreme_equilibria(row_payoffs: Table, column_payoffs: Table, budget: Budget) -> Iterator[Pair]:
    """Every extreme equilibrium once, fewer if the budget is exhausted; tables are `[row][column]` and positive."""
    rows, columns = len(row_payoffs), len(row_payoffs[0])
    if rows <= columns:
        replies = _Replies(row_payoffs, budget)
        for x in extreme_strategies(column_payoffs, budget):
            for y in replies.to(x):
                yield x, y
        return
    replies = _Replies(turned(column_payoffs), budget)
    for y in extreme_strategies(turned(row_payoffs), budget):
        for x in replies.to(y):
            yield x, y


def extreme_strategies(table: Table, budget: Budget) -> Iterator[ExtremeStrategy]:
    """A player's extreme mixtures, each once, given what the other gets (`[own][the other's]`)."""
    groups = _alike(turned(table))
    start = polytope(list(groups))
    return _distinct(start, len(table), list(groups.values()), budget)


def optimal_strategies(table: Table, budget: Budget) -> Iterator[ExtremeStrategy]:
    """The extreme mixtures that keep the other's best payoff as low as can be: the optimal ones of a zero-sum game."""
    kinds = _alike(table)
    alike = [_options(mask) for mask in kinds.values()]
    groups = _alike(turned(list(kinds)))
    optimum = maximise(polytope(list(groups)), [1] * len(alike), budget)
    if optimum is None:
        return
    for one in _distinct(optimal_face(optimum), len(alike), list(groups.values()), budget):
        yield from _spread(one, alike, budget)


def strategy_at(found: Dictionary, own: int, groups: Sequence[int]) -> ExtremeStrategy | None:
    """The mixture at a vertex of `{x >= 0, B'x <= 1}`, None at 0; `groups` are the columns each slack stands for."""
    played: dict[int, int] = {}
    responses = sum(groups)
    for variable, row in zip(found.basic, found.rows, strict=True):
        if row[-1]:
            if variable < own:
                played[variable] = row[-1]
            else:
                responses ^= groups[variable - own]
    options = tuple(sorted(played))
    if not options:
        return None
    return ExtremeStrategy(options, whole_weights([played[option] for option in options]), _mask(options), responses)


def _distinct(start: Dictionary, own: int, groups: Sequence[int], budget: Budget) -> Iterator[ExtremeStrategy]:
    """The mixtures at the vertices of a face of `{x >= 0, B'x <= 1}`, each once."""
    known = set()
    for found in lexicographic_bases(start, budget):
        one = strategy_at(found, own, groups)
        if one is not None and (one.support, one.best_responses) not in known:
            known.add((one.support, one.best_responses))
            yield one


class _Replies:
    """The extreme mixtures of the player who replies. `table[i][j]` is what its opponent gets: `i` the opponent's."""

    def __init__(self, table: Table, budget: Budget) -> None:
        self.table = table
        self.budget = budget
        self.columns = len(table[0])
        self._compared: dict[int, list[tuple[int, int]]] = {}

    def to(self, x: ExtremeStrategy) -> Iterator[ExtremeStrategy]:
        """Every extreme `y` with which `x` is an equilibrium."""
        usable = self._usable(x)
        if not usable:
            return
        options = _options(usable)
        if not self.budget.allows(len(x.options) * len(x.options) * len(options)):
            return
        table, first = self.table, self.table[x.options[0]]
        if len(options) == 1:
            yield self._reply(options, (1,))
            return
        equations = [[table[i][j] - first[j] for j in options] for i in x.options[1:]]
        dimension, weights = null_space(equations, len(options))
        if dimension > 1:
            yield from self._face(x, options)
        elif weights is not None and min(weights) >= 0:
            played = [(j, weight) for j, weight in zip(options, weights, strict=True) if weight]
            reply = self._reply(tuple(j for j, _ in played), tuple(weight for _, weight in played))
            if not x.support & ~reply.best_responses:
                yield reply

    def _usable(self, x: ExtremeStrategy) -> int:
        """The best responses to `x` that a reply can use, 0 if there is no reply.

        Where a row of `x` is nowhere better than another row, it is a best response only without the columns at which
        it is worse.
        """
        usable, before = x.best_responses, 0
        while usable != before and usable:
            before = usable
            for i in x.options:
                for worse, better in self._against(i):
                    if worse & usable and not better & usable:
                        usable &= ~worse
                        if not usable:
                            return 0
        return usable

    def _against(self, i: int) -> list[tuple[int, int]]:
        """For each row the columns at which row `i` is worse than it and at which it is better, as masks."""
        found = self._compared.get(i)
        if found is None:
            mine = self.table[i]
            found = []
            for k, other in enumerate(self.table):
                if k != i:
                    worse = better = 0
                    for j, (a, b) in enumerate(zip(mine, other, strict=True)):
                        if a < b:
                            worse |= 1 << j
                        elif a > b:
                            better |= 1 << j
                    found.append((worse, better))
            self._compared[i] = found
        return found

    def _reply(self, options: tuple[int, ...], weights: tuple[int, ...]) -> ExtremeStrategy:
        values = [
            sum(weight * row[option] for option, weight in zip(options, weights, strict=True)) for row in self.table
        ]
        best = max(values)
        responses = _mask(i for i, value in enumerate(values) if value == best)
        return ExtremeStrategy(options, weights, _mask(options), responses)

    def _face(self, x: ExtremeStrategy, options: Sequence[int]) -> Iterator[ExtremeStrategy]:
        """The vertices of the face of `Q` on which only `options` are used and the rows of `x` are best.

        Columns are alike if they differ by a constant: a vertex uses one of each kind at most, and any will do.
        """
        kinds: dict[tuple[int, ...], list[int]] = {}
        for j in options:
            lead = self.table[0][j]
            kinds.setdefault(tuple(row[j] - lead for row in self.table), []).append(j)
        alike = list(kinds.values())
        rows = [[row[kind[0]] for kind in alike] for row in self.table]
        objective = [sum(rows[i][place] for i in x.options) for place in range(len(alike))]
        optimum = maximise(polytope(rows), objective, self.budget)
        if optimum is None or optimum.rows[-1][-1] != len(x.options) * optimum.denominator:
            return
        for one in _distinct(optimal_face(optimum), len(alike), [1 << i for i in range(len(rows))], self.budget):
            yield from _spread(one, alike, self.budget)


def _spread(one: ExtremeStrategy, alike: Sequence[Sequence[int]], budget: Budget) -> Iterator[ExtremeStrategy]:
    """The mixtures a mixture of kinds stands for: an extreme one uses at most one option of each kind, any of them."""
    for chosen in product(*(alike[kind] for kind in one.options)):
        if not budget.allows(len(chosen)):
            return
        played = sorted(zip(chosen, one.weights, strict=True))
        options = tuple(option for option, _ in played)
        yield ExtremeStrategy(options, tuple(weight for _, weight in played), _mask(options), one.best_responses)


def _alike(rows: Sequence[Sequence[int]]) -> dict[tuple[int, ...], int]:
    """The distinct rows, each with the mask of its places."""
    groups: dict[tuple[int, ...], int] = {}
    for place, row in enumerate(rows):
        key = tuple(row)
        groups[key] = groups.get(key, 0) | 1 << place
    return groups


def turned(table: Table) -> list[list[int]]:
    """The table with its axes exchanged."""
    return [list(column) for column in zip(*table, strict=True)]


def _mask(options: Iterable[int]) -> int:
    mask = 0
    for option in options:
        mask |= 1 << option
    return mask


def _options(mask: int) -> tuple[int, ...]:
    options = []
    while mask:
        low = mask & -mask
        options.append(low.bit_length() - 1)
        mask ^= low
    return tuple(options)
