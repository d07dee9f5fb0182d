"""Bargaining solutions where options may be drawn by lot: over the convex hull of the options, ideals included.

A lottery is worth its expected values. It is *acceptable* if nobody expects less than no agreement, `d`, whatever its
options are worth one by one. Rules as in `bargaining`, with `g = u - d` and `b_i` the most player `i` can have in an
acceptable *lottery*:

- *Nash*: the largest product of `g_i^(w_i)`. Exact for two players, where the best point of a segment is rational. For
  more it is a root of polynomials: the answer is a rational lottery whose `gap` bounds what is missing: no lottery has
  a product more than `e^gap` times as large. Where the answer is rational with small chances, `gap` is 0: exact.
- *Kalai-Smorodinsky*, *egalitarian*, *proportional*: the smallest of `g_i / s_i` as large as possible, then the second
  smallest, ..., with `s_i = b_i - d_i`, 1 and `p_i`. One exact linear program a level, each with prices that prove it.
- *Utilitarian*: the largest `sum w_i u_i` over acceptable lotteries. The answers can be many: for each player those in
  which it has most and least are listed, and every mixture of answers is one.

Every answer lies on the frontier with lotteries: `support`, weights above 0 under which no option is worth more in sum,
proves it. `lottery_judge` checks all of it with code that shares nothing with this module.

>>> answer = kalai_smorodinsky_lottery([(0, 10), (6, 6), (10, 0)], (0, 2))
>>> [str(value) for value in answer.lottery.values], [(k, str(chance)) for k, chance in answer.lottery.chances]
(['156/31', '206/31'], [(0, '5/31'), (1, '26/31')])
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from gamecore.compromises.bargaining import Case, Rule
from gamecore.compromises.hull import Gains, Point, ProgramResult, hull_of
from gamecore.compromises.lottery_nash import nash_chances
from gamecore.compromises.table import exact_weights

__all__ = [
    "Level",
    "Lottery",
    "LotteryBargain",
    "egalitarian_lottery",
    "ideal_point_with_lotteries",
    "kalai_smorodinsky_lottery",
    "nash_lottery",
    "proportional_lottery",
    "utilitarian_lottery",
]

ZERO = Fraction(0)


@dataclass(frozen=True)
class Lottery:
    """Named options with their chances, which sum to 1, and what it is worth to each player."""

    chances: tuple[tuple[int, Fraction], ...]
    values: Point

    @property
    def is_sure(self) -> bool:
        """Whether it is one option for certain."""
        return len(self.chances) == 1


@dataclass(frozen=True)
class Level:
    """One step of a lexicographic maximin: `players` have `value` times their scale and cannot have more.

    `prices`, one a player, prove it: at these no option's gains are worth more than what the players have here and from
    the steps before.
    """

    players: tuple[int, ...]
    value: Fraction
    prices: Point


@dataclass(frozen=True)
class LotteryBargain:
    """One rule's answer with lotteries.

    `lotteries` are the answers; if there are several, every mixture of them is one too. `ideal` holds the most each
    player can have in an acceptable lottery. `support`: weights above 0 that prove it efficient, empty if there is no
    answer. `scales` and `levels` are those of a maximin. `gap` is 0 for an exact answer. `refusal`: prices at which
    every option is worth less than no agreement, where nothing is acceptable. `weights` sum to 1.
    """

    rule: Rule
    case: Case
    lotteries: tuple[Lottery, ...] = ()
    ideal: Point = ()
    weights: Point = ()
    support: Point = ()
    scales: Point = ()
    levels: tuple[Level, ...] = ()
    gap: Fraction = ZERO
    left_out: tuple[int, ...] = ()
    refusal: Point = ()
    notes: tuple[str, ...] = ()

    @property
    def lottery(self) -> Lottery:
        """The answer if it is one, else the even mixture of those listed. Raises `IndexError` if there is none."""
        if len(self.lotteries) == 1:
            return self.lotteries[0]
        return _mixture(self.lotteries)

    @property
    def is_exact(self) -> bool:
        return self.gap == 0


def nash_lottery(values: Any, disagreement: Any, weights: Any = None) -> LotteryBargain:
    """The lottery with the largest product of gains, each to the power of the player's weight if there are weights.

    Its values are the only ones with that product. Players who cannot gain in any acceptable lottery are left out,
    which is flagged `NO_JOINT_GAIN`. `values` has axes (option, player), `disagreement` one value a player, `weights`
    one above 0. Raises `InputError` if they do not fit.
    """
    gains, start = _read(values, disagreement)
    shares = exact_weights(weights, gains.hull.players)
    blank = LotteryBargain(Rule.NASH, Case.REGULAR, weights=shares)
    if start.value < 0:
        return _nothing_acceptable(blank, start)
    blank, out = _with_ideals(gains, start, blank)
    if len(out) == gains.hull.players:
        return _nobody_gains(gains, start, blank)
    room = [most - least for most, least in zip(blank.ideal, gains.point, strict=True)]
    chances, gap = nash_chances(gains, shares, out, start.chances, room)
    if out:
        note = "players who cannot gain in any acceptable lottery are left out of the product"
        blank = replace(blank, case=Case.NO_JOINT_GAIN, left_out=out, notes=(note,))
    if gap:
        note = f"the best product is at most {float(gap):.1g} larger, as a share: it need not be rational"
        blank = replace(blank, gap=gap, notes=(*blank.notes, note))
    return _finished(gains, chances, blank)


def kalai_smorodinsky_lottery(values: Any, disagreement: Any) -> LotteryBargain:
    """The lottery whose gains, as shares of what each player could gain, are the most even (lexicographic maximin).

    Players who cannot gain in any acceptable lottery are left out. `values` has axes (option, player), `disagreement`
    one value a player. Raises `InputError` if they do not fit.
    """
    gains, start = _read(values, disagreement)
    blank = LotteryBargain(Rule.KALAI_SMORODINSKY, Case.REGULAR)
    if start.value < 0:
        return _nothing_acceptable(blank, start)
    blank, out = _with_ideals(gains, start, blank)
    if len(out) == gains.hull.players:
        return _nobody_gains(gains, start, blank)
    notes = ("players who cannot gain in any acceptable lottery are left out",) if out else ()
    scales = tuple(most - least for most, least in zip(blank.ideal, gains.point, strict=True))
    return _maximin(gains, start, replace(blank, left_out=out, notes=notes, scales=scales))


def egalitarian_lottery(values: Any, disagreement: Any) -> LotteryBargain:
    """The lottery whose gains are the most even (lexicographic maximin), in one unit for all players.

    `values` has axes (option, player), `disagreement` one value a player. Raises `InputError` if they do not fit.
    """
    return _scaled(values, disagreement, Rule.EGALITARIAN, None)


def proportional_lottery(values: Any, disagreement: Any, proportions: Any) -> LotteryBargain:
    """The lottery whose gains are the closest to the given proportions: lexicographic maximin of `g_i / p_i`.

    `values` has axes (option, player), `disagreement` and `proportions` (above 0, scaled to sum to 1) one value a
    player. Raises `InputError` if they do not fit.
    """
    return _scaled(values, disagreement, Rule.PROPORTIONAL, proportions)


def utilitarian_lottery(values: Any, disagreement: Any, weights: Any = None) -> LotteryBargain:
    """The acceptable lotteries with the largest weighted sum of values, in one unit for all players.

    `values` has axes (option, player), `disagreement` one value a player, `weights` one above 0 a player. Raises
    `InputError` if they do not fit.
    """
    gains, start = _read(values, disagreement)
    shares = exact_weights(weights, gains.hull.players)
    blank = LotteryBargain(Rule.UTILITARIAN, Case.REGULAR, weights=shares)
    if start.value < 0:
        return _nothing_acceptable(blank, start)
    blank, _ = _with_ideals(gains, start, blank)
    floors = dict.fromkeys(range(gains.hull.players), ZERO)
    best = gains.solve(shares, floors, start=start.chances)
    support = tuple(w + price for w, price in zip(shares, best.prices, strict=True))
    ends: dict[Point, Lottery] = {}
    for i in range(gains.hull.players):
        for sign in (1, -1):
            chances = gains.at_the_same_price(support, best, [sign * int(i == j) for j in range(gains.hull.players)])
            lottery = _lottery(gains, chances)
            ends.setdefault(lottery.values, lottery)
    if gains.most(shares)[0] > best.value:
        blank = replace(blank, notes=("an option that somebody would refuse has a larger sum",))
    total = sum(support)
    found = tuple(ends[values] for values in sorted(ends, reverse=True))
    return replace(blank, lotteries=found, support=tuple(price / total for price in support))


def ideal_point_with_lotteries(values: Any, disagreement: Any) -> Point:
    """The most each player can have in a lottery acceptable to all; the disagreement point itself if there is none."""
    gains, start = _read(values, disagreement)
    if start.value < 0:
        return gains.point
    return _with_ideals(gains, start, LotteryBargain(Rule.NASH, Case.REGULAR))[0].ideal


def _read(values: Any, disagreement: Any) -> tuple[Gains, ProgramResult]:
    gains = Gains(hull_of(values), disagreement)
    return gains, gains.evenest()


def _with_ideals(gains: Gains, start: ProgramResult, blank: LotteryBargain) -> tuple[LotteryBargain, tuple[int, ...]]:
    """The answer with its ideals, and the players who cannot gain."""
    most = [gains.best_for(i, start.chances).value for i in range(gains.hull.players)]
    ideal = tuple(least + gain for least, gain in zip(gains.point, most, strict=True))
    return replace(blank, ideal=ideal), tuple(i for i, gain in enumerate(most) if gain == 0)


def _scaled(values: Any, disagreement: Any, rule: Rule, proportions: Any) -> LotteryBargain:
    gains, start = _read(values, disagreement)
    players = gains.hull.players
    parts = (Fraction(1),) * players
    weights: Point = ()
    if proportions is not None:
        weights = parts = exact_weights(proportions, players, name="proportion")
    blank = LotteryBargain(rule, Case.REGULAR, scales=parts, weights=weights)
    if start.value < 0:
        return _nothing_acceptable(blank, start)
    return _maximin(gains, start, _with_ideals(gains, start, blank)[0])


def _maximin(gains: Gains, start: ProgramResult, blank: LotteryBargain) -> LotteryBargain:
    """Level by level: the prices of an optimum are above 0 only for players who have no more in any optimum."""
    floors = dict.fromkeys(blank.left_out, ZERO)
    levels = []
    chances = dict(start.chances)
    while len(floors) < gains.hull.players:
        scales = {i: scale for i, scale in enumerate(blank.scales) if i not in floors}
        best = gains.solve([0] * gains.hull.players, floors, scales, chances)
        settled = tuple(i for i in scales if best.prices[i] > 0)
        levels.append(Level(settled, best.value, best.prices))
        floors |= {i: best.value * blank.scales[i] for i in settled}
        chances = dict(best.chances)
    return _finished(gains, chances, replace(blank, levels=tuple(levels)))


def _finished(gains: Gains, chances: Mapping[int, Fraction], blank: LotteryBargain) -> LotteryBargain:
    """The answer with its lottery and the weights that prove it efficient, moved up to the frontier if it is below.

    Only an approximate answer can be below, and then by less than its gap.
    """
    best = gains.improve(chances)
    support = tuple(1 + price for price in best.prices)
    total = sum(support)
    moved = best.chances if best.value > sum(gains.of(chances)) else chances
    return replace(blank, lotteries=(_lottery(gains, moved),), support=tuple(price / total for price in support))


def _lottery(gains: Gains, chances: Mapping[int, Fraction]) -> Lottery:
    named = tuple(sorted((gains.hull.options[row][0], chance) for row, chance in chances.items() if chance))
    return Lottery(named, tuple(g + d for g, d in zip(gains.of(chances), gains.point, strict=True)))


def _mixture(lotteries: tuple[Lottery, ...]) -> Lottery:
    part = Fraction(1, len(lotteries))
    chances: dict[int, Fraction] = {}
    for lottery in lotteries:
        for option, chance in lottery.chances:
            chances[option] = chances.get(option, ZERO) + part * chance
    columns = zip(*(lottery.values for lottery in lotteries), strict=True)
    return Lottery(tuple(sorted(chances.items())), tuple(sum(column, ZERO) * part for column in columns))


def _nothing_acceptable(blank: LotteryBargain, start: ProgramResult) -> LotteryBargain:
    note = "every lottery is worse than no agreement for somebody"
    return replace(blank, case=Case.NOTHING_ACCEPTABLE, refusal=start.prices, notes=(note,))


def _nobody_gains(gains: Gains, start: ProgramResult, blank: LotteryBargain) -> LotteryBargain:
    note = "every acceptable lottery is worth the same as no agreement to everybody"
    out = tuple(range(gains.hull.players))
    return _finished(gains, start.chances, replace(blank, case=Case.NOBODY_CAN_GAIN, left_out=out, notes=(note,)))
