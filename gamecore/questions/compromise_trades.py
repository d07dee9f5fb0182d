"""Trades from a deal: which changes of a few terms are worth more to everybody, "give X, get Y".

A *trade* from a deal `x` on terms changes one or two of them and takes nothing from anybody, with something more for
somebody; trades are listed by joint gain, the sum of everybody's gains (log-rolling, Raiffa 1982). What a side *gives*
are the terms whose change alone would leave it with less, what it *gets* those that would leave it with more. Where the
options are no deals on terms, a trade is another option that nobody would mind. *Sweetened*, a change that takes
something from one side pays if the other, which gains more, pays for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gamecore.advice.assess import Case
    from gamecore.advice.plans import Plan
    from gamecore.questions.compromise_money import Range

__all__ = ["MOST_TRADES", "Change", "Sweetened", "Trade", "better_for_all", "on_terms", "sweetened_from", "trades_from"]

MOST_TRADES: Final = 12
MOST_SWEETENED: Final = 4
LARGEST: Final = 2  # terms changed at once
LARGEST_PAID: Final = 3  # with a payment beside

_Levels = tuple[str, ...]
_Point = tuple[Fraction, ...]
_Table = Mapping[_Levels, tuple[int, tuple[Fraction, ...]]]


@dataclass(frozen=True)
class Change:
    """One term that is changed, in keys and in words."""

    term: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Trade:
    """A change from the start to the option `to`; per player what it gains, and the terms it gives and gets."""

    to: str
    changes: tuple[Change, ...]
    gains: Mapping[str, float]
    joint: float
    gives: Mapping[str, tuple[str, ...]]
    gets: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Sweetened:
    """A change worth more to all together that takes something from somebody.

    Between two players `payment` has the payments with which both have more than at the start and than with a no:
    anything strictly between `low` and `high`. Where there is none, `refusing` names who would rather say no whatever
    is paid, and the range leaves both with more than at the start alone.
    """

    trade: Trade
    payment: Range | None
    refusing: tuple[str, ...] = ()


def trades_from(
    case: Case, plans: Sequence[Plan], values: Sequence[tuple[Fraction, ...]], start: int
) -> tuple[Trade, ...]:
    """The best trades of one or two terms from a deal; `values` has axes (option, player)."""
    names, base, table = _deals(case, plans, values, start)
    found = []
    for after in _neighbours(table, base, LARGEST):
        number, row = table[after]
        gains = [new - old for new, old in zip(row, values[start], strict=True)]
        if min(gains) >= 0 and max(gains) > 0:
            found.append((sum(gains, Fraction(0)), number, after, gains))
    found.sort(key=lambda item: (-item[0], item[1]))
    return tuple(
        _trade(case, plans[number], (names, base, after), gains, table)
        for _, number, after, gains in found[:MOST_TRADES]
    )


def sweetened_from(
    case: Case, plans: Sequence[Plan], game: tuple[Sequence[_Point], _Point], start: int, least: float
) -> tuple[Sweetened, ...]:
    """The changes worth more than `least` to all together that leave somebody with less, unless it is paid for.

    `game` has the values, axes (option, player), and what each has with a no.
    From a deal on terms up to three terms change, and a change is left out if fewer of its terms are worth as much;
    else every other option is a change. The largest joint gain first.
    """
    values, none = game
    deal = bool(_levels(case, plans[start]))
    names, base, table = _deals(case, plans, values, start)
    places = (
        [(after, table[after][0]) for after in _neighbours(table, base, LARGEST_PAID)]
        if deal
        else [((), number) for number in range(len(plans)) if number != start]
    )
    found = []
    for after, number in places:
        gains = [new - old for new, old in zip(values[number], values[start], strict=True)]
        joint = sum(gains, Fraction(0))
        if joint > least and min(gains) < 0 and not (deal and _idle(table, base, after)):
            found.append((joint, number, after, gains))
    found.sort(key=lambda item: (-item[0], item[1]))
    kept = []
    for _, number, after, gains in found[:MOST_SWEETENED]:
        trade = (
            _trade(case, plans[number], (names, base, after), gains, table)
            if deal
            else _other(case, plans[number], gains)
        )
        kept.append(_sweetened(case.game.players, trade, (values[number], values[start], none)))
    return tuple(kept)


def _sweetened(players: Sequence[str], trade: Trade, worth: tuple[_Point, _Point, _Point]) -> Sweetened:
    """With the payments that do it; `worth` is that of the change, of the start and of a no."""
    from gamecore.questions.compromise_money import payment_range

    after, before, none = worth
    over = [new - max(old, least) for new, old, least in zip(after, before, none, strict=True)]
    refusing: tuple[str, ...] = ()
    if sum(over) <= 0:
        refusing = tuple(name for name, old, least in zip(players, before, none, strict=True) if old < least)
        over = [new - old for new, old in zip(after, before, strict=True)]
    return Sweetened(trade, payment_range(players, over) if len(over) == 2 else None, refusing)


def better_for_all(
    case: Case, plans: Sequence[Plan], values: Sequence[tuple[Fraction, ...]], start: int
) -> tuple[Trade, ...]:
    """The options that take nothing from anybody, the largest joint gain first."""
    found = []
    for number, row in enumerate(values):
        gains = [new - old for new, old in zip(row, values[start], strict=True)]
        if min(gains) >= 0 and max(gains) > 0:
            found.append((sum(gains, Fraction(0)), number, gains))
    found.sort(key=lambda item: (-item[0], item[1]))
    return tuple(_other(case, plans[number], gains) for _, number, gains in found[:MOST_TRADES])


def _other(case: Case, plan: Plan, gains: Sequence[Fraction]) -> Trade:
    """Another option as a trade: it is taken as a whole."""
    named = {name: float(gain) for name, gain in zip(case.game.players, gains, strict=True)}
    return Trade(plan.key, (), named, float(sum(gains, Fraction(0))), {}, {})


def on_terms(case: Case, plan: Plan) -> bool:
    """Whether an option is a deal on terms, so that one or two of them can change."""
    return bool(_levels(case, plan))


def _deals(
    case: Case, plans: Sequence[Plan], values: Sequence[tuple[Fraction, ...]], start: int
) -> tuple[_Levels, _Levels, _Table]:
    """The terms, their levels at the start, and all deals on the same terms with number and values."""
    levels = [_levels(case, plan) for plan in plans]
    here = levels[start]
    names = tuple(here)
    table = {
        tuple(item[name] for name in names): (number, values[number])
        for number, item in enumerate(levels)
        if tuple(item) == names
    }
    return names, tuple(here.values()), table


def _idle(table: _Table, base: _Levels, after: _Levels) -> bool:
    """Whether some of the changed terms alone are worth as much to all together."""
    changed = [place for place in range(len(base)) if base[place] != after[place]]
    joint = sum(table[after][1], Fraction(0))
    for size in range(1, len(changed)):
        for some in combinations(changed, size):
            fewer = tuple(after[place] if place in some else base[place] for place in range(len(base)))
            if fewer in table and sum(table[fewer][1], Fraction(0)) >= joint:
                return True
    return False


def _levels(case: Case, plan: Plan) -> dict[str, str]:
    """The level of every term of a deal."""
    terms = case.game.scenario.terms
    return {
        name: value
        for node, branch in plan.path
        for name, value in case.game.actions[node][branch].sets
        if name in terms
    }


def _neighbours(table: _Table, base: _Levels, largest: int) -> Iterator[_Levels]:
    """The deals that differ from a deal in up to so many terms."""
    options = [sorted({levels[place] for levels in table} - {base[place]}) for place in range(len(base))]
    for size in range(1, min(largest, len(base)) + 1):
        for places in combinations(range(len(base)), size):
            for chosen in product(*(options[place] for place in places)):
                after = list(base)
                for place, level in zip(places, chosen, strict=True):
                    after[place] = level
                if tuple(after) in table:
                    yield tuple(after)


def _trade(
    case: Case,
    plan: Plan,
    deal: tuple[tuple[str, ...], _Levels, _Levels],
    gains: Sequence[Fraction],
    table: _Table,
) -> Trade:
    """One trade with what each side gives and gets."""
    names, base, after = deal
    players, terms = case.game.players, case.game.scenario.terms
    changed = [place for place in range(len(base)) if base[place] != after[place]]
    gives: dict[str, tuple[str, ...]] = dict.fromkeys(players, ())
    gets: dict[str, tuple[str, ...]] = dict.fromkeys(players, ())
    for place in changed:
        alone = (*base[:place], after[place], *base[place + 1 :])
        if alone not in table:  # two terms that can only be changed together
            continue
        for player, name in enumerate(players):
            difference = table[alone][1][player] - table[base][1][player]
            side = gets if difference > 0 else gives
            if difference:
                side[name] = (*side[name], names[place])
    changes = []
    for place in changed:
        term = terms[names[place]][1]
        label = {
            level.key: f"{level.label} {term.unit}" if term.unit and level.value is not None else level.label
            for level in term.levels
        }
        changes.append(Change(term.name, term.label, label[base[place]], label[after[place]]))
    return Trade(
        plan.key,
        tuple(changes),
        {name: float(gain) for name, gain in zip(players, gains, strict=True)},
        float(sum(gains, Fraction(0))),
        gives,
        gets,
    )
