"""Splitting in money: what is left where the sides can pay each other (transferable utility).

If values are money for everybody and any sum may change hands, an agreement makes the options with the largest joint
value `v = max_k sum_i u_ki` the ones to take, whoever likes them by itself; the surplus over no agreement is divided,

    x_i = d_i + w_i (v - sum d),      w >= 0, sum w = 1,

the Nash solution with weights `w` and, for equal weights, the Kalai-Smorodinsky and egalitarian one as well. What is
paid is `x_i - u_ki` for the option taken: it differs between options that tie, what everybody has in the end does not.

>>> split = split_surplus([("47.420", "25.813"), ("51.812", "9.699")], ("43.031", "15.992"))
>>> split.outcomes[0].option, [str(net) for net in split.outcomes[0].received]
(0, ['679/250', '-679/250'])
>>> split.outcomes[0].payments
(Payment(payer=1, payee=0, amount=Fraction(679, 250)),)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gamecore.compromises.bargaining import Case
from gamecore.compromises.table import exact_point, exact_table, exact_weights
from gamecore.errors import InputError

__all__ = ["Payment", "SettledOption", "SurplusSplit", "left_with_payments", "payments_between", "split_surplus"]

Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class Payment:
    """Who pays whom how much, more than 0."""

    payer: int
    payee: int
    amount: Fraction


@dataclass(frozen=True)
class SettledOption:
    """An option to take, what each player then receives (below 0: pays; the sum is 0), and payments that do it."""

    option: int
    received: Point
    payments: tuple[Payment, ...]


@dataclass(frozen=True)
class SurplusSplit:
    """What each player has in the end, and the options that give it, each with its payments.

    `surplus` is what an agreement is worth to all together over no agreement. If it is below 0 nobody has a reason to
    agree: `case` is `NOTHING_ACCEPTABLE` and there are no shares. `alone` are the options among `outcomes` that
    everybody would accept without being paid.
    """

    case: Case
    surplus: Fraction
    weights: Point
    shares: Point = ()
    outcomes: tuple[SettledOption, ...] = ()
    alone: tuple[int, ...] = ()


def split_surplus(values: Any, disagreement: Any, weights: Any = None) -> SurplusSplit:
    """The split of the largest joint value, equal or with weights (a weight may be 0), exact.

    `values` has axes (option, player) in one unit of money, `disagreement` one value a player. Raises `InputError` if
    they do not fit or there are no options.
    """
    table = exact_table(values)
    if not len(table):
        raise InputError("there are no options to take")
    point = exact_point(disagreement, table.shape[1])
    parts = exact_weights(weights, table.shape[1], zero=True)
    sums = [sum(row, Fraction(0)) for row in table.tolist()]
    most = max(sums)
    surplus = most - sum(point)
    if surplus < 0:
        return SurplusSplit(Case.NOTHING_ACCEPTABLE, surplus, parts)
    shares = tuple(least + part * surplus for least, part in zip(point, parts, strict=True))
    outcomes, alone = [], []
    for option, total in enumerate(sums):
        if total == most:
            received = tuple(share - value for share, value in zip(shares, table[option], strict=True))
            outcomes.append(SettledOption(option, received, payments_between(received)))
            if all(value >= least for value, least in zip(table[option], point, strict=True)):
                alone.append(option)
    case = Case.REGULAR if surplus else Case.NOBODY_CAN_GAIN
    return SurplusSplit(case, surplus, parts, shares, tuple(outcomes), tuple(alone))


def payments_between(received: Any) -> tuple[Payment, ...]:
    """Payments that leave each player with `received`, whose sum is 0: the largest payer pays the largest payee first.

    At most one payment fewer than players. Raises `InputError` if the sum is not 0.
    """
    net = [Fraction(value) for value in received]
    if sum(net):
        raise InputError(f"what the players receive sums to {sum(net)}, not to 0: money would appear or vanish")
    payments = []
    while any(net):
        payer, payee = net.index(min(net)), net.index(max(net))
        amount = min(-net[payer], net[payee])
        net[payer] += amount
        net[payee] -= amount
        payments.append(Payment(payer, payee, amount))
    return tuple(payments)


def left_with_payments(values: Any, option: int) -> Fraction:
    """What all together would have more in the option with the largest joint value: with payments, everybody can.

    `values` has axes (option, player) in one unit of money. Raises `InputError` if `option` does not exist.
    """
    table = exact_table(values)
    if not 0 <= option < len(table):
        raise InputError(f"option {option} does not exist: there are {len(table)}")
    sums = [sum(row, Fraction(0)) for row in table.tolist()]
    return max(sums) - sums[option]
