"""Contingent terms where beliefs differ: the bet that makes both better off by their own belief (Lax & Sebenius 1986).

One of several events `e` will happen; party `i` gives it the chance `p_i(e)`. A *contingent term* pays `t(e)` from the
second party to the first (negative: the other way round), within what each can lose at most. By its own belief the
first gains `sum_e p_1(e) t(e)` and the second `-sum_e p_2(e) t(e)`: wherever `p_1 != p_2` some `t` makes both positive.

Without risk aversion this is a deal over one amount an event, so the frontier and the stakes are exact rationals. With
constant risk tolerances `R_i` (exponential utility) Pareto-optimal stakes are
`R_1 R_2 / (R_1 + R_2) ln(p_1 / p_2) + c`, cut to the bounds (Borch 1962), and `c` is found by bisection so that both
gain the same in certain money.

>>> bet = contingent_term(
...     ("us", "them"), {"approved": ("0.8", "0.5"), "refused": ("0.2", "0.5")}, most_to_lose=(10, 10)
... )
>>> [str(stake) for stake in bet.stakes], [str(gain) for gain in bet.own]
(['25/4', '-10'], ['3', '15/8'])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, log
from typing import Any, Final

from gamecore.compromises.deals.curve import curve_solutions, deal_curve
from gamecore.compromises.deals.solutions import Rule
from gamecore.compromises.deals.space import Amount, DealSpace, Point
from gamecore.errors import InputError
from gamecore.games.strategic import exact_array

__all__ = ["Bet", "contingent_term", "fair_bet_between"]

HALVINGS: Final = 200  # of the interval in which the shift of the stakes lies: below the last digit of a float


@dataclass(frozen=True)
class Bet:
    """`stakes[e]` is what the second party pays the first if `events[e]` happens.

    Expected money of each party: `own` by its own belief, `by_other` by the other's, `neutral` by the neutral chances
    (the average of both beliefs unless given). `certain` is what the bet is worth for sure to each by its own belief:
    `own` itself without risk aversion. `worst` is the most each can lose. `status` is "complete", or "refused" if the
    beliefs are equal, so that no bet is worth anything to both.
    """

    parties: tuple[str, str]
    events: tuple[str, ...]
    beliefs: tuple[tuple[Fraction, Fraction], ...]
    stakes: Point
    own: Point
    by_other: Point
    neutral: Point
    certain: tuple[Any, Any]
    worst: Point
    rule: Rule
    status: str
    exact: bool

    def in_words(self, unit: str = "") -> tuple[str, ...]:
        """Who pays whom what in which event, and what each expects, in plain sentences."""
        if self.status == "refused":
            return ("Both see the same chances: a bet cannot make both better off.",)
        told = []
        for event, stake in zip(self.events, self.stakes, strict=True):
            payer, receiver = (1, 0) if stake > 0 else (0, 1)
            does = (
                f"{self.parties[payer]} pays {self.parties[receiver]} {_money(abs(stake), unit)}"
                if stake
                else "nobody pays"
            )
            told.append(f"If {event}: {does}.")
        for i, party in enumerate(self.parties):
            own, other, middle = (_signed(row[i], unit) for row in (self.own, self.by_other, self.neutral))
            told.append(
                f"{party} expects {own} by its own belief, {other} by the other's, {middle} at neutral chances."
            )
        return tuple(told)


def contingent_term(
    parties: Sequence[str],
    beliefs: Mapping[str, Sequence[Any]],
    *,
    most_to_lose: Sequence[Any],
    neutral: Sequence[Any] | None = None,
    risk_tolerance: Sequence[Any | None] = (None, None),
    rule: Rule = Rule.NASH,
) -> Bet:
    """The bet on events (event -> chance for the first and for the second party) that `rule` picks.

    `most_to_lose` bounds what each party pays in any event. With a `risk_tolerance` (in money; None: none) for both
    parties the stakes give both the same gain in certain money, in floats to the last digits; a rule is then not asked.

    Raises `InputError` unless there are two parties, chances from 0 to 1 that sum to 1 for each, bounds above 0, and
    tolerances above 0 for both or for neither.
    """
    if len(parties) != 2 or len(beliefs) < 2:
        raise InputError("a bet is between two parties on at least two events")
    names, events = (str(parties[0]), str(parties[1])), tuple(beliefs)
    rows = [_pair(row, f"the chances of {event}") for event, row in beliefs.items()]
    for i, party in enumerate(names):
        _add_up([row[i] for row in rows], f"the chances of {party}")
    bounds = _pair(most_to_lose, "what each can lose at most")
    if min(bounds) <= 0:
        raise InputError("what each can lose at most must be above 0: nobody bets nothing")
    chances = [(a + b) / 2 for a, b in rows] if neutral is None else list(exact_array(list(neutral)).tolist())
    if len(chances) != len(events):
        raise InputError(f"{len(chances)} neutral chances for {len(events)} events: give each its own")
    _add_up(chances, "the neutral chances")
    tolerances = _tolerances(risk_tolerance)
    same = all(a == b for a, b in rows)
    if same:
        stakes: Point = (Fraction(0),) * len(events)
    elif tolerances is None:
        stakes = _neutral_stakes(names, events, rows, bounds, rule)
    else:
        stakes = _shared(rows, bounds, tolerances)
    own = (_mean(rows, 0, stakes), -_mean(rows, 1, stakes))
    middle = sum((p * t for p, t in zip(chances, stakes, strict=True)), Fraction(0))
    return Bet(
        parties=names,
        events=events,
        beliefs=tuple(rows),
        stakes=stakes,
        own=own,
        by_other=(-own[1], -own[0]),
        neutral=(middle, -middle),
        certain=own if tolerances is None else _certain(rows, [float(one) for one in stakes], tolerances),
        worst=(max(Fraction(0), -min(stakes)), max(Fraction(0), *stakes)),
        rule=Rule.EGALITARIAN if tolerances is not None else rule,
        status="refused" if same else "complete",
        exact=tolerances is None,
    )


def _add_up(chances: Sequence[Fraction], whose: str) -> None:
    if min(chances) < 0 or sum(chances) != 1:
        raise InputError(f"{whose} are {', '.join(map(str, chances))}: they must be from 0 to 1 and sum to 1")


def _tolerances(given: Sequence[Any | None]) -> tuple[float, float] | None:
    averse = [one is not None for one in given]
    if not any(averse):
        return None
    if not all(averse):
        raise InputError("give a risk tolerance for both parties or for neither")
    first, second = _pair(given, "risk tolerances")
    if min(first, second) <= 0:
        raise InputError("a risk tolerance must be above 0")
    return float(first), float(second)


def fair_bet_between(beliefs: Sequence[Any]) -> tuple[Fraction, Fraction]:
    """For one event: the prices of a promise of 1 in it at which both gain, from one belief to the other.

    The party that gives it the larger chance buys; strictly between the two chances both expect to gain, so there is
    no such price if the two are equal.
    """
    first, second = _pair(beliefs, "the beliefs")
    return min(first, second), max(first, second)


def _pair(values: Sequence[Any], where: str) -> tuple[Fraction, Fraction]:
    if len(values) != 2:
        raise InputError(f"{where}: give one number for each of the two parties")
    first, second = exact_array(list(values)).tolist()
    return first, second


def _mean(rows: Sequence[tuple[Fraction, Fraction]], party: int, stakes: Sequence[Fraction]) -> Fraction:
    return sum((row[party] * stake for row, stake in zip(rows, stakes, strict=True)), Fraction(0))


def _neutral_stakes(
    parties: tuple[str, str],
    events: Sequence[str],
    rows: Sequence[tuple[Fraction, Fraction]],
    bounds: tuple[Fraction, Fraction],
    rule: Rule,
) -> Point:
    amounts = tuple(
        Amount.linear(event, -bounds[0], bounds[1], (first, -second))
        for event, (first, second) in zip(events, rows, strict=True)
    )
    found = curve_solutions(deal_curve(DealSpace(parties, amounts=amounts)))[rule]
    return found.deals[0].amounts


def _shared(
    rows: Sequence[tuple[Fraction, Fraction]], bounds: tuple[Fraction, Fraction], tolerances: tuple[float, float]
) -> Point:
    """Stakes whose worth in certain money is the same to both; an event one side thinks impossible takes all it can."""
    common = tolerances[0] * tolerances[1] / (tolerances[0] + tolerances[1])
    low, high = -float(bounds[0]), float(bounds[1])

    def tilt(row: tuple[Fraction, Fraction]) -> float:
        if row[0] and row[1]:
            return common * log(row[0] / row[1])
        far = 4 * (high - low)
        return far if row[0] else -far if row[1] else 0.0

    tilts = [tilt(row) for row in rows]
    reach = max(map(abs, tilts)) + high - low

    def stakes(shift: float) -> list[float]:
        return [min(high, max(low, one + shift)) for one in tilts]

    below, above = -reach, reach
    for _ in range(HALVINGS):
        middle = (below + above) / 2
        first, second = _certain(rows, stakes(middle), tolerances)
        below, above = (middle, above) if first < second else (below, middle)
    return tuple(Fraction(one) for one in stakes((below + above) / 2))


def _certain(
    rows: Sequence[tuple[Fraction, Fraction]], stakes: Sequence[float], tolerances: Sequence[float]
) -> tuple[float, float]:
    """What the stakes are worth for sure: `-R ln E exp(-x / R)` of what each gets."""
    found = []
    for i, (tolerance, sign) in enumerate(zip(tolerances, (1, -1), strict=True)):
        gets = [sign * stake for stake in stakes]
        worst = min(gets)
        total = sum(float(row[i]) * exp(-(get - worst) / tolerance) for row, get in zip(rows, gets, strict=True))
        found.append(worst - tolerance * log(total))
    return found[0], found[1]


def _money(value: Fraction, unit: str) -> str:
    text = str(value) if value.denominator == 1 else f"{float(value):.4g}"
    return f"{text} {unit}".strip()


def _signed(value: Fraction, unit: str) -> str:
    sign = "+" if value > 0 else "-" if value < 0 else ""
    return sign + _money(abs(value), unit)
