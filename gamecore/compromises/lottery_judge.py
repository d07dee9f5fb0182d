"""Answers with lotteries, checked by plain sums over all named options that share nothing with the solvers.

`lottery_faults` tells in words what is wrong with an answer, nothing if its ledger proves it.

>>> from gamecore.compromises.lotteries import nash_lottery
>>> options = [(0, 10), (6, 6), (10, 0)]
>>> lottery_faults(options, (0, 2), nash_lottery(options, (0, 2)))
()
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gamecore.compromises.bargaining import Case, Rule
from gamecore.compromises.lotteries import Lottery, LotteryBargain
from gamecore.compromises.table import exact_point, exact_table

__all__ = ["lottery_faults"]

Row = Sequence[Fraction]
EVEN = (Rule.KALAI_SMORODINSKY, Rule.EGALITARIAN, Rule.PROPORTIONAL)


def lottery_faults(values: Any, disagreement: Any, answer: LotteryBargain) -> tuple[str, ...]:
    """What does not hold, in words. `values` (axes: option, player) and `disagreement` are those that were solved."""
    table: list[list[Fraction]] = exact_table(values).tolist()
    point = exact_point(disagreement, len(table[0]))
    rows = [[value - least for value, least in zip(row, point, strict=True)] for row in table]
    if answer.case is Case.NOTHING_ACCEPTABLE:
        return _refusal_faults(rows, answer)
    faults = [] if answer.lotteries else ["there is no lottery"]
    for lottery in answer.lotteries:
        faults += _lottery_faults(table, point, lottery)
        faults += _support_faults(table, lottery, answer)
    if faults:
        return tuple(faults)
    gains = [[v - d for v, d in zip(lottery.values, point, strict=True)] for lottery in answer.lotteries]
    if answer.case is Case.NOBODY_CAN_GAIN:
        return () if not any(gains[0]) else ("somebody gains although nobody can",)
    if answer.rule is Rule.NASH:
        return _nash_faults(rows, gains[0], answer)
    if answer.rule in EVEN:
        return _level_faults(rows, gains[0], answer)
    return _sum_faults(rows, gains, answer)


def _refusal_faults(rows: list[list[Fraction]], answer: LotteryBargain) -> tuple[str, ...]:
    prices = answer.refusal
    if len(prices) != len(rows[0]) or min(prices) < 0 or max(_dot(prices, row) for row in rows) >= 0:
        return ("the prices do not prove that every lottery is worse for somebody",)
    return ()


def _lottery_faults(table: list[list[Fraction]], point: Row, lottery: Lottery) -> list[str]:
    chances = [chance for _, chance in lottery.chances]
    faults = []
    if sum(chances) != 1 or min(chances) < 0:
        faults.append("the chances are not those of a lottery")
    for i, value in enumerate(lottery.values):
        if value != sum((chance * table[option][i] for option, chance in lottery.chances), Fraction(0)):
            faults.append(f"player {i} does not expect {value}")
        if value < point[i]:
            faults.append(f"player {i} has less than without agreement")
    return faults


def _support_faults(table: list[list[Fraction]], lottery: Lottery, answer: LotteryBargain) -> list[str]:
    """Whether no option is worth more at the weights, all above 0, that prove the answer efficient."""
    weights = answer.support
    if len(weights) != len(lottery.values) or min(weights) <= 0:
        return ["the weights do not support anything"]
    if max(_dot(weights, row) for row in table) > _dot(weights, lottery.values):
        return ["an option is worth more at the weights that should support the answer"]
    return []


def _nash_faults(rows: list[list[Fraction]], gains: Row, answer: LotteryBargain) -> tuple[str, ...]:
    inside = [i for i in range(len(gains)) if i not in answer.left_out]
    if min(gains[i] for i in inside) <= 0:
        return ("somebody who could gain does not",)
    if answer.left_out:
        return _left_out_faults(gains, answer)
    prices = [weight / gain for weight, gain in zip(answer.weights, gains, strict=True)]
    if max(_dot(prices, row) for row in rows) - 1 > answer.gap:
        return ("the product can rise by more than the gap",)
    return ()


def _left_out_faults(gains: Row, answer: LotteryBargain) -> tuple[str, ...]:
    return ("somebody gains who was left out",) if any(gains[i] for i in answer.left_out) else ()


def _level_faults(rows: list[list[Fraction]], gains: Row, answer: LotteryBargain) -> tuple[str, ...]:
    """At the prices of a level no option is worth more than `value` to those left and the floors of those settled."""
    floors = dict.fromkeys(answer.left_out, Fraction(0))
    for level in answer.levels:
        left = [i for i in range(len(gains)) if i not in floors]
        if min(level.prices) < 0 or sum(level.prices[i] * answer.scales[i] for i in left) != 1:
            return ("the prices of a level do not fit",)
        most = level.value + sum((level.prices[i] * floor for i, floor in floors.items()), Fraction(0))
        if max(_dot(level.prices, row) for row in rows) > most:
            return (f"the level {level.value} can be bettered",)
        if not level.players or any(i in floors or level.prices[i] == 0 for i in level.players):
            return ("a level settles nobody, or somebody without a price",)
        if any(gains[i] < level.value * answer.scales[i] for i in left):
            return (f"somebody has less than the level {level.value}",)
        floors |= {i: level.value * answer.scales[i] for i in level.players}
    if len(floors) < len(gains) or any(gains[i] != floor for i, floor in floors.items()):
        return ("the levels do not say what everybody has",)
    return ()


def _sum_faults(rows: list[list[Fraction]], gains: list[list[Fraction]], answer: LotteryBargain) -> tuple[str, ...]:
    """With floors `y = c * support - w >= 0`, a sum of `w g` cannot exceed the largest `(w + y) g` of an option."""
    totals = {_dot(answer.weights, one) for one in gains}
    if len(totals) != 1:
        return ("the answers do not have the same sum",)
    scale = max(weight / part for weight, part in zip(answer.weights, answer.support, strict=True))
    prices = [scale * part for part in answer.support]
    if max(_dot(prices, row) for row in rows) > totals.pop():
        return ("the sum can be bettered",)
    return ()


def _dot(left: Row, right: Row) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))
