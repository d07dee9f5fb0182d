"""All rules at once: over the named options, with lotteries between them, and with money passing.

One call answers what a report needs: every rule with the plain sentence for it, its answer among the options people can
name and its answer where options may be drawn by lot, both frontiers, both ideals (they differ, and so do the answers:
`reading` says what stands for what), and what each option leaves on the table under the three readings. Answers with
lotteries have been judged by `lottery_judge` before they are handed out.

>>> found = overview([(0, 10), (6, 6), (10, 0)], (0, 2))
>>> nash = found.rules[0]
>>> nash.sentence, nash.named.options, nash.drawn.lottery.is_sure
('The largest product of what each side gains over no agreement.', (1,), True)
>>> [str(most) for most in found.ideal_named], [str(most) for most in found.ideal_drawn]
(['6', '10'], ['26/3', '10'])
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gamecore.compromises.bargaining import (
    Bargain,
    Rule,
    egalitarian,
    ideal_point,
    kalai_smorodinsky,
    nash,
    proportional,
    utilitarian,
)
from gamecore.compromises.frontier import pareto_frontier, value_left_on_table
from gamecore.compromises.lotteries import (
    LotteryBargain,
    egalitarian_lottery,
    ideal_point_with_lotteries,
    kalai_smorodinsky_lottery,
    nash_lottery,
    proportional_lottery,
    utilitarian_lottery,
)
from gamecore.compromises.lottery_frontier import LotteryFrontier, frontier_with_lotteries, left_with_lotteries
from gamecore.compromises.lottery_judge import lottery_faults
from gamecore.compromises.rules_in_words import rule_in_words
from gamecore.compromises.table import exact_point, exact_table
from gamecore.compromises.transferable import SurplusSplit, left_with_payments, split_surplus
from gamecore.errors import RefusedError, TooLargeError

__all__ = ["LeftOnTable", "Overview", "RuleAnswers", "overview"]

MOST_OPTIONS = 200
"""Each option is asked what it leaves with lotteries, a program of some milliseconds."""

READING = (
    "named: among the options as they are; ideals and frontier come from them alone",
    "drawn: options may be drawn by lot, and sides count what they expect; ideals and frontier are those of lotteries",
    "paid: values are money and the sides can pay each other any sum",
)


@dataclass(frozen=True)
class RuleAnswers:
    """One rule: the plain `sentence`, its answer over the named options and with lotteries."""

    rule: Rule
    sentence: str
    named: Bargain
    drawn: LotteryBargain


@dataclass(frozen=True)
class LeftOnTable:
    """How much more all together could have than in this option with nobody having less, under each reading."""

    option: int
    named: Fraction
    drawn: Fraction
    paid: Fraction


@dataclass(frozen=True)
class Overview:
    """Everything about one table of options. Sums and even gains assume one unit for all players."""

    rules: tuple[RuleAnswers, ...]
    frontier_named: tuple[int, ...]
    frontier_drawn: LotteryFrontier
    ideal_named: tuple[Fraction, ...]
    ideal_drawn: tuple[Fraction, ...]
    paid: SurplusSplit
    left: tuple[LeftOnTable, ...]
    reading: tuple[str, ...] = READING


def overview(values: Any, disagreement: Any, *, weights: Any = None, proportions: Any = None) -> Overview:
    """Every rule's answers, frontiers, ideals, the split in money and what each option leaves.

    `values` has axes (option, player), `disagreement` one value a player. `weights`, one above 0 a player, go to the
    product, the sum and the split; `proportions` add the proportional rule. Raises `InputError` if they do not fit,
    `TooLargeError` above `MOST_OPTIONS` options, `RefusedError` if an answer fails its check.
    """
    table = exact_table(values)
    point = exact_point(disagreement, table.shape[1])
    if len(table) > MOST_OPTIONS:
        raise TooLargeError(
            f"{len(table)} options; an overview takes at most {MOST_OPTIONS}: ask the rules one by one",
            limit="MOST_OPTIONS",
            count=len(table),
            allowed=MOST_OPTIONS,
        )
    weighted = weights is not None
    pairs = [
        (nash(table, point, weights), nash_lottery(table, point, weights)),
        (kalai_smorodinsky(table, point), kalai_smorodinsky_lottery(table, point)),
        (egalitarian(table, point), egalitarian_lottery(table, point)),
        (utilitarian(table, point, weights), utilitarian_lottery(table, point, weights)),
    ]
    if proportions is not None:
        pairs.append((proportional(table, point, proportions), proportional_lottery(table, point, proportions)))
    for _, drawn in pairs:
        faults = lottery_faults(table, point, drawn)
        if faults:
            raise RefusedError(f"an answer could not be certified: {'; '.join(faults)}", limit="certificate")
    left = tuple(
        LeftOnTable(
            option,
            value_left_on_table(table, option).amount,
            left_with_lotteries(table, option).amount,
            left_with_payments(table, option),
        )
        for option in range(len(table))
    )
    return Overview(
        tuple(
            RuleAnswers(named.rule, rule_in_words(named.rule, weighted=weighted), named, drawn)
            for named, drawn in pairs
        ),
        pareto_frontier(table),
        frontier_with_lotteries(table),
        ideal_point(table, point),
        ideal_point_with_lotteries(table, point),
        split_surplus(table, point, weights),
        left,
    )
