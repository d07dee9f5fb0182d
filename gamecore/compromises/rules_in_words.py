"""The rules and their answers in plain sentences, for people who have not read the papers.

>>> print(rule_in_words(Rule.NASH))
The largest product of what each side gains over no agreement.
>>> print(rule_in_words(Rule.NASH, weighted=True))
The largest product of what each side gains over no agreement, with a stronger side's gain counted more often.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gamecore.compromises.bargaining import Bargain, Case, Rule
from gamecore.compromises.lotteries import Lottery, LotteryBargain
from gamecore.compromises.sharing.words import joined
from gamecore.compromises.transferable import SurplusSplit

__all__ = ["bargain_in_words", "lottery_in_words", "plain_number", "rule_in_words", "split_in_words"]

_RULES = {
    Rule.NASH: "the largest product of what each side gains over no agreement",
    Rule.KALAI_SMORODINSKY: "each side gains as equal a share as possible of the most it could gain",
    Rule.EGALITARIAN: "each side gains as nearly as possible the same over no agreement",
    Rule.PROPORTIONAL: "what the sides gain over no agreement is as near as possible to the given proportions",
    Rule.UTILITARIAN: "the most for all sides together, among what everybody would accept",
}

_WEIGHTED = {
    Rule.NASH: ", with a stronger side's gain counted more often",
    Rule.UTILITARIAN: ", with some sides counted more than others",
}

_NO_ANSWER = {
    False: "Nothing: each option leaves somebody worse off than no agreement.",
    True: "Nothing: even by lot, somebody would be worse off than with no agreement.",
}


def rule_in_words(rule: Rule, *, weighted: bool = False) -> str:
    """What the rule looks for, in a sentence."""
    text = _RULES[rule] + (_WEIGHTED.get(rule, "") if weighted else "")
    return text[0].upper() + text[1:] + "."


def bargain_in_words(answer: Bargain, options: Sequence[str]) -> str:
    """The answer among the named options, in a sentence; `options` are their names."""
    if answer.case is Case.NOTHING_ACCEPTABLE:
        return _NO_ANSWER[False]
    names = [options[option] for option in answer.options]
    if answer.case is Case.NO_JOINT_GAIN:
        return f"No option is better for everybody than no agreement; what is left to choose from: {joined(names)}."
    if answer.case is Case.NOBODY_CAN_GAIN:
        return f"Nobody can gain over no agreement; what everybody would accept: {joined(names)}."
    return f"{names[0]}." if len(names) == 1 else f"Equally good: {joined(names)}."


def lottery_in_words(answer: LotteryBargain, options: Sequence[str], players: Sequence[str]) -> str:
    """The answer with lotteries, in sentences: what is drawn with which chance, and what each side can expect."""
    if answer.case is Case.NOTHING_ACCEPTABLE:
        return _NO_ANSWER[True]
    told = [_drawn(lottery, options, players) for lottery in answer.lotteries]
    text = f"{told[0]}." if len(told) == 1 else f"Equally good, and so is any mixture: {'; or '.join(told)}."
    if answer.gap:
        text += " The chances are rounded: they come out as whole fractions only by luck."
    return text


def split_in_words(split: SurplusSplit, options: Sequence[str], players: Sequence[str]) -> str:
    """The split in money, in sentences: what to take, who pays, and what each side then has."""
    if split.case is Case.NOTHING_ACCEPTABLE:
        return "No agreement: together the sides have more without one, so no payment makes everybody agree."
    ends = joined([f"{name} {plain_number(share)}" for name, share in zip(players, split.shares, strict=True)])
    ways = []
    for outcome in split.outcomes:
        paid = [
            f"{players[one.payer]} pays {players[one.payee]} {plain_number(one.amount)}" for one in outcome.payments
        ]
        ways.append(f"{options[outcome.option]}, and {joined(paid) if paid else 'nobody pays anything'}")
    return f"{'; or '.join(ways)}. Each side then has: {ends}."


def plain_number(value: Fraction) -> str:
    """As a person writes it: at most four digits, whole numbers and their thousands in full."""
    if value.denominator == 1 or abs(value) >= 1000:
        return f"{round(value):,}"
    return f"{float(value):.4g}"


def _drawn(lottery: Lottery, options: Sequence[str], players: Sequence[str]) -> str:
    worth = joined([f"{name} {plain_number(value)}" for name, value in zip(players, lottery.values, strict=True)])
    if lottery.is_sure:
        return f"{options[lottery.chances[0][0]]} for certain: {worth}"
    drawn = joined([f"{options[option]} with {plain_number(100 * chance)} %" for option, chance in lottery.chances])
    return f"Draw by lot {drawn}; expected: {worth}"
