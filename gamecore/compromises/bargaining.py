"""Bargaining solutions over the options that people can name.

Of finitely many options `u` and a disagreement point `d`, the *acceptable* ones are worth at least `d_i` to every
player `i`; gains are `g_i = u_i - d_i`, and the ideal `b_i` is the most player `i` can get from an acceptable option.
Everything is about the named options, without lotteries between them, and exact. Solutions can tie: all tied options
are the answer.

- *Nash* (1950): the largest product of gains. If no option is better for everybody, all products are 0, and the answer
  is every acceptable option on the Pareto frontier, flagged `NO_JOINT_GAIN`.
- *Kalai-Smorodinsky* (1975): gains as shares `g_i / (b_i - d_i)` of what each could gain, the smallest share as large
  as possible, then the second smallest, and so on (Imai 1983); players with `b_i = d_i` are left out.
- *Egalitarian* (Kalai 1977): the same with the gains themselves, which asks for one unit for all players.
- *Utilitarian* (Harsanyi 1955): the largest sum of values, in one unit for all players. Only acceptable options count,
  since nobody signs the others; a note says if one of those has a larger sum.

If nothing is acceptable to everybody the answer has no options and is flagged `NOTHING_ACCEPTABLE`.

>>> answer = nash([(10, 2), (6, 6), (1, 9), (20, 0)], (2, 1))
>>> answer.options, answer.scores[1]
((1,), (Fraction(20, 1),))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import prod
from typing import Any

from gamecore.compromises.frontier import pareto_frontier
from gamecore.compromises.table import all_at_least, exact_point, exact_table

__all__ = ["Bargain", "Case", "Rule", "egalitarian", "ideal_point", "kalai_smorodinsky", "nash", "utilitarian"]

Row = list[Fraction]


class Rule(StrEnum):
    NASH = "nash"
    KALAI_SMORODINSKY = "kalai_smorodinsky"
    EGALITARIAN = "egalitarian"
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
    larger the better from the first entry on: the product, the sorted shares, the sorted gains, or the sum. `left_out`
    are players without anything to gain, where the rule has to leave them out. `notes` are sentences on what is
    unusual.
    """

    rule: Rule
    options: tuple[int, ...]
    case: Case
    scores: Mapping[int, tuple[Fraction, ...]] = field(default_factory=dict)
    left_out: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def nash(values: Any, disagreement: Any) -> Bargain:
    """The options with the largest product of gains.

    `values` has axes (option, player), `disagreement` one value a player. Raises `InputError` if they do not fit.
    """
    table, point = _read(values, disagreement)
    gains = _acceptable_gains(table, point)
    if not gains:
        return _nothing_acceptable(Rule.NASH)
    scores = {option: (prod(gain, start=Fraction(1)),) for option, gain in gains.items()}
    if any(product > 0 for (product,) in scores.values()):
        return Bargain(Rule.NASH, _best(scores), Case.REGULAR, scores)
    frontier = tuple(option for option in pareto_frontier(table) if option in gains)
    note = "no option is better than no agreement for everybody: all acceptable options on the frontier are listed"
    return Bargain(Rule.NASH, frontier, Case.NO_JOINT_GAIN, scores, notes=(note,))


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
    return _by_gains(Rule.EGALITARIAN, values, disagreement, lambda gains: tuple(sorted(gains)))


def utilitarian(values: Any, disagreement: Any) -> Bargain:
    """The acceptable options with the largest sum of values, in one unit for all players; the scores are these sums.

    `values` has axes (option, player), `disagreement` one value a player. Raises `InputError` if they do not fit.
    """
    table, point = _read(values, disagreement)
    total = sum(point, Fraction(0))
    answer = _by_gains(Rule.UTILITARIAN, values, disagreement, lambda gains: (sum(gains, Fraction(0)) + total,))
    if answer.options and max(sum(row) for row in table) > answer.scores[answer.options[0]][0]:
        note = "an option that somebody would refuse has a larger sum"
        return Bargain(answer.rule, answer.options, answer.case, answer.scores, notes=(note,))
    return answer


def ideal_point(values: Any, disagreement: Any) -> tuple[Fraction, ...]:
    """The most each player can get from an option acceptable to all; the disagreement point itself if there is none."""
    table, point = _read(values, disagreement)
    gains = _acceptable_gains(table, point).values()
    return tuple(
        least + max((gain[player] for gain in gains), default=Fraction(0)) for player, least in enumerate(point)
    )


def _by_gains(rule: Rule, values: Any, disagreement: Any, score: Callable[[Row], tuple[Fraction, ...]]) -> Bargain:
    gains = _acceptable_gains(*_read(values, disagreement))
    if not gains:
        return _nothing_acceptable(rule)
    scores = {option: score(gain) for option, gain in gains.items()}
    return Bargain(rule, _best(scores), Case.REGULAR, scores)


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


def _nothing_acceptable(rule: Rule) -> Bargain:
    note = "every option is worse than no agreement for somebody"
    return Bargain(rule, (), Case.NOTHING_ACCEPTABLE, notes=(note,))
