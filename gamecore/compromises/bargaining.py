"""Bargaining solutions over the options that people can name.

Of finitely many options `u` and a disagreement point `d`, the *acceptable* ones are worth at least `d_i` to every
player `i`; gains are `g_i = u_i - d_i`, and the ideal `b_i` is the most player `i` can get from an acceptable option.
Everything is about the named options and exact: the ideal too comes from them. `lotteries` has the same rules where
options may also be drawn by lot. Solutions can tie: all tied options are the answer.

- *Nash* (1950): the largest product of gains; with weights, of `g_i^(w_i)` (Kalai 1977, "Nonsymmetric Nash
  solutions"). If no option is better for everybody, all products are 0, and the answer
  is every acceptable option on the Pareto frontier, flagged `NO_JOINT_GAIN`.
- *Kalai-Smorodinsky* (1975): gains as shares `g_i / (b_i - d_i)` of what each could gain, the smallest share as large
  as possible, then the second smallest, and so on (Imai 1983); players with `b_i = d_i` are left out.
- *Egalitarian* (Kalai 1977): the same with the gains themselves, which asks for one unit for all players.
- *Proportional* (Kalai 1977): the same with `g_i / p_i`: gains in given proportions.
- *Utilitarian* (Harsanyi 1955): the largest sum of values, in one unit for all players; with weights, of `w_i u_i`.
  Only acceptable options count, since nobody signs the others; a note says if one of those has a larger sum.

If nothing is acceptable to everybody the answer has no options and is flagged `NOTHING_ACCEPTABLE`.

>>> answer = nash([(10, 2), (6, 6), (1, 9), (20, 0)], (2, 1))
>>> answer.options, answer.scores[1]
((1,), (Fraction(20, 1),))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from math import prod
from typing import Any

from gamecore.compromises.frontier import pareto_frontier
from gamecore.compromises.powers import SMALL_POWERS, best_powers, whole_exponents
from gamecore.compromises.table import all_at_least, exact_point, exact_table, exact_weights

__all__ = [
    "Bargain",
    "Case",
    "Rule",
    "egalitarian",
    "ideal_point",
    "kalai_smorodinsky",
    "nash",
    "proportional",
    "utilitarian",
]

Row = list[Fraction]


class Rule(StrEnum):
    NASH = "nash"
    KALAI_SMORODINSKY = "kalai_smorodinsky"
    EGALITARIAN = "egalitarian"
    PROPORTIONAL = "proportional"
    UTILITARIAN = "utilitarian"


class Case(StrEnum):
    """What kind of answer it is."""

    REGULAR = "regular"
    NO_JOINT_GAIN = "no_joint_gain"  # no option is better for everybody
    NOBODY_CAN_GAIN = "nobody_can_gain"  # acceptable options are worth exactly the disagreement point
    NOTHING_ACCEPTABLE = "nothing_acceptable"  # every option is worse for somebody


@dataclass(frozen=True)
class Bargain:
    """One rule's answer.

    `options` are all tied answers, ascending. `scores` maps each acceptable option to what the rule compares, the
    larger the better from the first entry on: the product, the sorted shares, the sorted gains, or the sum; with
    weights the product of the powers in which they are whole numbers, or nothing if these are too large to write.
    `left_out` are players without anything to gain, where the rule has to leave them out. `notes` are sentences on what
    is unusual. `weights` sum to 1, equal ones too; the rules that take none have none.
    """

    rule: Rule
    options: tuple[int, ...]
    case: Case
    scores: Mapping[int, tuple[Fraction, ...]] = field(default_factory=dict)
    left_out: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    weights: tuple[Fraction, ...] = ()


def nash(values: Any, disagreement: Any, weights: Any = None) -> Bargain:
    """The options with the largest product of gains, each to the power of the player's weight if there are weights.

    `values` has axes (option, player), `disagreement` one value a player, `weights` one above 0 a player. Raises
    `InputError` if they do not fit.
    """
    table, point = _read(values, disagreement)
    shares = exact_weights(weights, len(point))
    gains = _acceptable_gains(table, point)
    if not gains:
        return _nothing_acceptable(Rule.NASH, shares)
    exponents = whole_exponents(shares)
    scores: dict[int, tuple[Fraction, ...]] = {}
    if sum(exponents) <= SMALL_POWERS:
        scores = {option: (_product(gain, exponents),) for option, gain in gains.items()}
    better = {option: gain for option, gain in gains.items() if min(gain) > 0}
    if better:
        best = _best(scores) if scores else best_powers(better, shares)
        return Bargain(Rule.NASH, best, Case.REGULAR, scores, weights=shares)
    frontier = tuple(option for option in pareto_frontier(table) if option in gains)
    note = "no option is better than no agreement for everybody: all acceptable options on the frontier are listed"
    return Bargain(Rule.NASH, frontier, Case.NO_JOINT_GAIN, scores, notes=(note,), weights=shares)


def kalai_smorodinsky(values: Any, disagreement: Any) -> Bargain:
    """The options whose gains, as shares of what each player could gain, are the most even (lexicographic maximin).

    `values` has axes (option, player), `disagreement` one value a player. Raises `InputError` if they do not fit.
    """
    table, point = _read(values, disagreement)
    gains = _acceptable_gains(table, point)
    if not gains:
        return _nothing_acceptable(Rule.KALAI_SMORODINSKY)
    most = [max(column) for column in zip(*gains.values(), strict=True)]
    left_out = tuple(player for player, gain in enumerate(most) if gain == 0)
    if len(left_out) == len(most):
        note = "every acceptable option is worth the same as no agreement to everybody"
        return Bargain(Rule.KALAI_SMORODINSKY, tuple(gains), Case.NOBODY_CAN_GAIN, {}, left_out, (note,))
    scores = {
        option: tuple(sorted(share / top for share, top in zip(gain, most, strict=True) if top))
        for option, gain in gains.items()
    }
    notes = ("players who cannot gain from any acceptable option are left out",) if left_out else ()
    return Bargain(Rule.KALAI_SMORODINSKY, _best(scores), Case.REGULAR, scores, left_out, notes)


def egalitarian(values: Any, disagreement: Any) -> Bargain:
    """The options whose gains are the most even (lexicographic maximin), in one unit for all players.

    `values` has axes (option, player), `disagreement` one value a player. Raises `InputError` if they do not fit.
    """
    return _by_gains(Rule.EGALITARIAN, *_read(values, disagreement), lambda gains: tuple(sorted(gains)))


def proportional(values: Any, disagreement: Any, proportions: Any) -> Bargain:
    """The options whose gains are the closest to the given proportions: lexicographic maximin of `g_i / p_i`.

    `values` has axes (option, player), `disagreement` and `proportions` (above 0, in any unit: they are scaled to sum
    to 1) one value a player. Raises `InputError` if they do not fit.
    """
    table, point = _read(values, disagreement)
    parts = exact_weights(proportions, len(point), name="proportion")

    def score(gains: Row) -> tuple[Fraction, ...]:
        return tuple(sorted(gain / part for gain, part in zip(gains, parts, strict=True)))

    return _by_gains(Rule.PROPORTIONAL, table, point, score, parts)


def utilitarian(values: Any, disagreement: Any, weights: Any = None) -> Bargain:
    """The acceptable options with the largest sum of values, in one unit for all players; the scores are these sums.

    `values` has axes (option, player), `disagreement` one value a player, `weights` one above 0 a player: values are
    then counted so many times, with weights that sum to 1. Raises `InputError` if they do not fit.
    """
    table, point = _read(values, disagreement)
    shares = exact_weights(weights, len(point))
    times = (Fraction(1),) * len(point) if weights is None else shares
    start = _weighed(point, times)
    answer = _by_gains(Rule.UTILITARIAN, table, point, lambda gains: (_weighed(gains, times) + start,), shares)
    if answer.options and max(_weighed(row, times) for row in table) > answer.scores[answer.options[0]][0]:
        return replace(answer, notes=("an option that somebody would refuse has a larger sum",))
    return answer


def ideal_point(values: Any, disagreement: Any) -> tuple[Fraction, ...]:
    """The most each player can get from an option acceptable to all; the disagreement point itself if there is none."""
    table, point = _read(values, disagreement)
    gains = _acceptable_gains(table, point).values()
    return tuple(
        least + max((gain[player] for gain in gains), default=Fraction(0)) for player, least in enumerate(point)
    )


def _by_gains(
    rule: Rule,
    table: list[Row],
    point: tuple[Fraction, ...],
    score: Callable[[Row], tuple[Fraction, ...]],
    weights: tuple[Fraction, ...] = (),
) -> Bargain:
    gains = _acceptable_gains(table, point)
    if not gains:
        return _nothing_acceptable(rule, weights)
    scores = {option: score(gain) for option, gain in gains.items()}
    return Bargain(rule, _best(scores), Case.REGULAR, scores, weights=weights)


def _product(gains: Row, exponents: Sequence[int]) -> Fraction:
    return prod((gain**power for gain, power in zip(gains, exponents, strict=True)), start=Fraction(1))


def _weighed(values: Sequence[Fraction], times: Sequence[Fraction]) -> Fraction:
    return sum((value * time for value, time in zip(values, times, strict=True)), Fraction(0))


def _read(values: Any, disagreement: Any) -> tuple[list[Row], tuple[Fraction, ...]]:
    table = exact_table(values)
    return table.tolist(), exact_point(disagreement, table.shape[1])


def _acceptable_gains(table: list[Row], point: tuple[Fraction, ...]) -> dict[int, Row]:
    return {
        option: [value - least for value, least in zip(row, point, strict=True)]
        for option, row in enumerate(table)
        if all_at_least(row, point)
    }


def _best(scores: Mapping[int, tuple[Fraction, ...]]) -> tuple[int, ...]:
    best = max(scores.values())
    return tuple(option for option, score in scores.items() if score == best)


def _nothing_acceptable(rule: Rule, weights: tuple[Fraction, ...] = ()) -> Bargain:
    note = "every option is worse than no agreement for somebody"
    return Bargain(rule, (), Case.NOTHING_ACCEPTABLE, notes=(note,), weights=weights)
