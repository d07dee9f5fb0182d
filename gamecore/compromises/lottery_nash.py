"""The lottery with the largest weighted product of gains: exact for two players, with a bound for more.

A lottery with gains `g > 0` is best exactly if `sum_i w_i G_ki / g_i <= 1` for every option `k` (`sum w = 1`). Where
the left side reaches `1 + gap`, the logarithm being concave, no lottery's `sum w_i log g_i` is more than `gap` larger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from gamecore.compromises.concave_nash import propose
from gamecore.compromises.hull import Gains, Point, edge_of_two
from gamecore.equilibria.exact_program import Row, only_solution
from gamecore.errors import TooLargeError

__all__ = ["nash_chances"]

Chances = dict[int, Fraction]

SMALL_DENOMINATORS = (12, 60, 1000, 10**5)
"""Chances are tried as fractions with these denominators first: many answers are plain fractions, and then exact."""

CLOSE = Fraction(1, 10**12)
"""A gap above this is worth polishing in long fractions."""

MOST_DRAWN = 10
STEPS = 8
DIGITS = 10**32
"""Polishing: options at most, steps (each doubles the digits), and the digits that are kept."""

GENERATORS = 20_000
"""Lotteries at which players who cannot gain are level: more than this are not listed."""

ZERO = Fraction(0)


def nash_chances(
    gains: Gains,
    weights: Sequence[Fraction],
    left_out: Sequence[int],
    start: Mapping[int, Fraction],
    room: Sequence[Fraction],
) -> tuple[Chances, Fraction]:
    """Chances by row of the hull, and the gap.

    `left_out` are the players who cannot gain in any acceptable lottery; `start` is one of these lotteries, `room` the
    most each player can gain in one. Raises
    `TooLargeError` if players left out allow more lotteries than can be listed.
    """
    inside = [i for i in range(gains.hull.players) if i not in left_out]
    if len(inside) == 1:
        return dict(gains.best_for(inside[0], start).chances), ZERO
    generators: list[Chances] = [{row: Fraction(1)} for row in range(len(gains.hull.rows))]
    for player in left_out:
        generators = _without_loss(gains, generators, player)
    rows = [gains.of(one) for one in generators]
    total = sum(weights[i] for i in inside)
    shares = [weights[i] / total for i in inside]
    table = [tuple(row[i] for i in inside) for row in rows]
    if len(inside) == 2:
        found = _of_two(table, shares)
    else:
        generators.append(_even_shares(gains, left_out, start, room))
        table.append(tuple(gains.of(generators[-1])[i] for i in inside))
        found = _of_many(table, shares, {len(table) - 1: Fraction(1)}, [room[i] for i in inside])
    chances: Chances = {}
    for place, part in found.items():
        for row, chance in generators[place].items():
            chances[row] = chances.get(row, ZERO) + part * chance
    return chances, _gap(table, shares, found)


def _without_loss(gains: Gains, generators: list[Chances], player: int) -> list[Chances]:
    """Corners of the lotteries in which this player loses nothing: those it likes, mixtures at which it is level."""
    worth = [gains.of(one)[player] for one in generators]
    kept = [one for one, gain in zip(generators, worth, strict=True) if gain >= 0]
    above = [(one, gain) for one, gain in zip(generators, worth, strict=True) if gain > 0]
    below = [(one, gain) for one, gain in zip(generators, worth, strict=True) if gain < 0]
    if len(above) * len(below) > GENERATORS:
        raise TooLargeError("a player who cannot gain leaves too many lotteries to compare", limit="generators")
    for up, gain in above:
        for down, loss in below:
            part = -loss / (gain - loss)
            mixed = {row: part * chance for row, chance in up.items()}
            for row, chance in down.items():
                mixed[row] = mixed.get(row, ZERO) + (1 - part) * chance
            kept.append(mixed)
    return kept


def _of_two(table: list[Point], weights: Sequence[Fraction]) -> Chances:
    """Along the upper right edge the product rises, then falls: the segment or corner where it turns."""
    place = {row: k for k, row in enumerate(table)}
    corners = edge_of_two(_undominated(place))
    for start, end in pairwise(corners):
        part = _best_of_line(start, end, weights)
        if part <= 0:
            return {place[start]: Fraction(1)}
        if part < 1:
            return {place[start]: 1 - part, place[end]: part}
    return {place[corners[-1]]: Fraction(1)}


def _undominated(rows: Mapping[Point, int]) -> list[Point]:
    kept: list[Point] = []
    for row in sorted(rows, reverse=True):
        if not kept or row[1] > kept[-1][1]:
            kept.append(row)
    return kept


def _best_of_line(start: Point, end: Point, weights: Sequence[Fraction]) -> Fraction:
    """Where on the line the product is largest, 0 at `start` and 1 at `end`; it may lie outside.

    `w_1 a / (x + t a) = w_2 b / (y - t b)` for a rise `a` of the first player's gain `x` and a fall `b` of `y`.
    """
    rise, fall = end[0] - start[0], start[1] - end[1]
    return (weights[0] * rise * start[1] - weights[1] * fall * start[0]) / (rise * fall * (weights[0] + weights[1]))


def _of_many(table: list[Point], weights: Sequence[Fraction], sure: Chances, room: Sequence[Fraction]) -> Chances:
    """The proposal in doubles, made rational: first with small denominators, which is exact if the gap is then 0.

    `sure` is the last row of the table, which mixes others and gives everybody something: it stands in if doubles find
    nothing better.
    """
    shares = [[float(gain / most) for gain, most in zip(row, room, strict=True)] for row in table[:-1]]
    proposed = propose(np.array(shares), np.array(weights, dtype=float)).tolist()
    exact = {k: Fraction(chance) for k, chance in enumerate(proposed) if chance > 0}
    tried = [_rounded(exact, denominator) for denominator in SMALL_DENOMINATORS]
    best, gap = sure, _gap(table, weights, sure)
    for chances in (*tried, _rounded(exact, None)):
        missing = _gap(table, weights, chances)
        if 0 <= missing < gap:
            best, gap = chances, missing
        if gap == 0:
            break
    if gap > CLOSE:
        chances = _polished(table, weights, _rounded(exact, None))
        if 0 <= _gap(table, weights, chances) < gap:
            best = chances
    return best


def _polished(table: list[Point], weights: Sequence[Fraction], chances: Chances) -> Chances:
    """Newton's method on `sum_i w_i G_ki / g_i = 1` for the options drawn, in long fractions; empty if it fails.

    For options worth a billion times what can be gained: doubles lose the difference that decides.
    """
    for _ in range(STEPS):
        drawn = list(chances)
        got = [sum((chances[k] * table[k][i] for k in drawn), ZERO) for i in range(len(weights))]
        if len(drawn) > MOST_DRAWN or min(got, default=ZERO) <= 0:
            return {}
        bends = [weight / gain**2 for weight, gain in zip(weights, got, strict=True)]
        rows: list[Row] = []
        for k in drawn:
            bend = [-sum((b * x * y for b, x, y in zip(bends, table[k], table[m], strict=True)), ZERO) for m in drawn]
            price = sum((w * x / g for w, x, g in zip(weights, table[k], got, strict=True)), ZERO)
            rows.append(([*bend, Fraction(-1)], -price))
        rows.append(([Fraction(1)] * len(drawn) + [ZERO], 1 - sum(chances.values())))
        step = only_solution(rows, len(drawn) + 1)
        if step is None:
            return {}
        moved = {k: round((chances[k] + change) * DIGITS) for k, change in zip(drawn, step, strict=False)}
        chances = {k: Fraction(chance, DIGITS) for k, chance in moved.items() if chance > 0}
    return _rounded(chances, None)


def _rounded(exact: Chances, denominator: int | None) -> Chances:
    """Chances that sum to 1 again, empty if all are too small for the denominator."""
    near = {k: chance.limit_denominator(denominator) if denominator else chance for k, chance in exact.items()}
    total = sum(near.values(), ZERO)
    return {k: chance / total for k, chance in near.items() if chance} if total else {}


def _even_shares(
    gains: Gains, left_out: Sequence[int], start: Mapping[int, Fraction], room: Sequence[Fraction]
) -> Chances:
    """An acceptable lottery in which everybody who can gain does."""
    floors = dict.fromkeys(left_out, ZERO)
    scales = {i: most for i, most in enumerate(room) if i not in floors}
    return dict(gains.solve([0] * len(room), floors, scales, start).chances)


def _gap(table: list[Point], weights: Sequence[Fraction], chances: Chances) -> Fraction:
    """By how much the logarithm of the product can still rise; -1 if somebody does not gain."""
    got = [sum((chance * table[k][i] for k, chance in chances.items()), ZERO) for i in range(len(weights))]
    if not chances or min(got) <= 0:
        return Fraction(-1)
    prices = [weight / gain for weight, gain in zip(weights, got, strict=True)]
    return max(sum((p * g for p, g in zip(prices, row, strict=True)), ZERO) for row in table) - 1
