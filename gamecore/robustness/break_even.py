"""Where waiting stops being better than acting now: the value of a number at which its worth to a player is nothing.

The numbers looked at, one at a time with all others at base values: the cost of standing by, by the month; the chance
that a signal is right; the chance of each outcome of an event (the other outcomes keep their ratio); every input that
is one number. Each is found by solving the game again: on a grid of values all at once, then on ever finer grids
around each change of sign. Where the partner changes its mind the worth of waiting jumps, and the jump is the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from gamecore.games.translate import Game, Talks
from gamecore.model import Arithmetic, ChanceRow, Event, Formula, Input, Name, Number, Range, Scenario, Uncertain
from gamecore.robustness.averages import games_of
from gamecore.robustness.points import play_at
from gamecore.robustness.postponing import Postponement
from gamecore.robustness.waiting import UnderProtocol, forced_to
from gamecore.valuation.inputs import quantile, quantity_key
from gamecore.valuation.payoffs import exact_worth

__all__ = ["BreakEven", "break_evens"]

Floats = npt.NDArray[np.float64]

ASKED: Final = "!asked"  # the name of the number that is varied; no name in a file has such a sign
GRID: Final = 129  # values looked at first: two changes of sign closer than that are missed
FINER: Final = 33  # values in each finer look
LOOKS: Final = 8  # each narrows the place by 32: to a part in 10^12 of the range
REACH: Final = 4  # a certain number is looked at from 0 to so many times its value
TAIL: Final = 0.01  # an uncertain one between its 1st and 99th percentile


@dataclass(frozen=True)
class BreakEven:
    """Where the worth of waiting to one player changes sign, nearest to the base value.

    `kind` is `holding` (a month, what standing by costs this player), `accuracy`, `chance` (of `outcome`) or `input`;
    `subject` names the event or input (a player for holding). `better_above` says on which side waiting is better.
    """

    kind: str
    subject: str
    outcome: str
    label: str
    player: str
    base: float
    value: float
    better_above: bool


@dataclass(frozen=True)
class _Question:
    """A number to vary: the scenario in which it is a quantity, and where to look."""

    kind: str
    subject: str
    outcome: str
    label: str
    scenario: Scenario
    quantity: Range | Uncertain
    low: float
    high: float


def break_evens(scenario: Scenario, way: Postponement, found: UnderProtocol) -> tuple[BreakEven, ...]:
    """Every break-even of a way to wait under the protocol of `found`, kinds in the order of the module's docstring.

    A number without one - waiting is better, or worse, wherever it lies - is left out.
    """
    return (*_holding(scenario, way, found), *_solved(scenario, way, found.protocol))


def _holding(scenario: Scenario, way: Postponement, found: UnderProtocol) -> Iterator[BreakEven]:
    """What a month of standing by may cost: what waiting is worth before it, by the month. Nothing decided rests on
    it, so this is exact.
    """
    months = way.years * 12
    held = next(part.values for part in found.parts if part.names == ("holding",))
    for place, (name, player) in enumerate(scenario.players.items()):
        before = found.total[place] - held[place]
        if before > 0:
            label = f"Standing by, a month, {player.label}"
            cost = -held[place] / months
            yield BreakEven("holding", name, "", label, name, float(cost), float(before / months), better_above=False)


def _solved(scenario: Scenario, way: Postponement, protocol: str) -> Iterator[BreakEven]:
    for question in _questions(scenario):
        worth = _worth(question, way, protocol)
        base = float(question.quantity.base)
        values = np.unique(np.append(np.linspace(question.low, question.high, GRID), base))
        table = worth(values)
        for place, player in enumerate(scenario.players):
            places = np.flatnonzero(np.diff(np.sign(table[place])) != 0)
            if len(places):
                middles = (values[places] + values[places + 1]) / 2
                first = int(places[np.abs(middles - base).argmin()])
                value, rising = _closer(worth, place, (values[first], values[first + 1]))
                yield BreakEven(
                    question.kind, question.subject, question.outcome, question.label, player, base, value, rising
                )


def _worth(question: _Question, way: Postponement, protocol: str) -> Callable[[Floats], Floats]:
    """The worth of waiting (player, value) at values of the number that is varied."""
    game, talks = _game(question.scenario, protocol)
    plans = (forced_to(game, way.decision, way.now), forced_to(game, way.decision, way.wait))
    key = quantity_key(question.quantity)

    def worth(values: Floats) -> Floats:
        now, wait = play_at(game, (talks,), plans, {key: values}).values
        difference: Floats = wait - now
        return difference

    return worth


def _closer(worth: Callable[[Floats], Floats], player: int, ends: tuple[float, float]) -> tuple[float, bool]:
    """Where the worth changes sign between two values, and whether it rises there."""
    rising = False
    for _ in range(LOOKS):
        values = np.linspace(*ends, FINER)
        signs = np.sign(worth(values)[player])
        rising = bool(signs[-1] > signs[0])
        change = np.flatnonzero(np.diff(signs) != 0)
        if not len(change):
            break
        at = int(change[0])
        if signs[at] == 0 or signs[at + 1] == 0:
            exact = at if signs[at] == 0 else at + 1
            return float(values[exact]), rising
        ends = (float(values[at]), float(values[at + 1]))
    return float(sum(ends) / 2), rising


def _game(scenario: Scenario, protocol: str) -> tuple[Game, Talks]:
    return next((game, item) for game, talks in games_of(scenario) for item in talks if item.name == protocol)


# ---- the numbers that are varied -------------------------------------------------------------------------------------


def _questions(scenario: Scenario) -> Iterator[_Question]:
    told: set[str] = set()  # inputs that are the chance of a signal, and nothing else
    for event in scenario.events.values():
        if event.signal_of is not None and event.right is not None:
            if isinstance(event.right, Formula) and isinstance(event.right.node, Name):
                told.add(event.right.node.name)
            yield _about_signal(scenario, event, event.right)
        elif event.signal_of is None:
            yield from _about_chances(scenario, event)
    for name, item in scenario.inputs.items():
        if name not in told:
            yield from _about_input(scenario, item)


def _about_signal(scenario: Scenario, event: Event, right: Formula | Range) -> _Question:
    base = exact_worth(scenario).value(right, {})
    asked = Range(base, base, base, ASKED)
    changed = replace(scenario, events={**scenario.events, event.name: replace(event, right=asked)})
    blind = 1 / len(event.outcomes)
    label = f"{event.label} is right"
    return _Question("accuracy", event.name, "", label, changed, asked, blind, 1.0)


def _about_chances(scenario: Scenario, event: Event) -> Iterator[_Question]:
    """The chance of each outcome of an event whose chances are the same whatever happened (of two, of the first)."""
    if len(event.chances) != 1 or event.beliefs or event.chances[0].when is None:
        return
    if event.chances[0].when.names:
        return
    chances = exact_worth(scenario).chances(event, None, {})
    outcomes = event.outcomes[:1] if len(event.outcomes) == 2 else event.outcomes
    for place, (outcome, label) in enumerate(outcomes):
        rest = 1 - chances[place]
        if not rest:
            continue
        asked = Range(chances[place], chances[place], chances[place], ASKED)
        row = tuple(
            Formula(ASKED, Name(ASKED)) if other == place else _share_of_rest(chance / rest)
            for other, chance in enumerate(chances)
        )
        changed = replace(
            scenario,
            inputs={**scenario.inputs, ASKED: Input(ASKED, label, asked)},
            events={**scenario.events, event.name: replace(event, chances=(ChanceRow(row),))},
        )
        yield _Question("chance", event.name, outcome, f"{event.label}: {label}", changed, asked, 0.0, 1.0)


def _share_of_rest(share: Fraction) -> Formula:
    return Formula("", Arithmetic("*", Number(share), Arithmetic("-", Number(Fraction(1)), Name(ASKED))))


def _about_input(scenario: Scenario, item: Input) -> Iterator[_Question]:
    value = item.value
    if isinstance(value, Range | Uncertain):
        low, high = map(float, quantile(value, np.array([TAIL, 1 - TAIL])))
        if low < high:
            yield _Question("input", item.name, "", item.label, scenario, value, low, high)
    elif isinstance(value, Formula) and value.constant:
        number = value.constant
        asked = Range(number, number, number, ASKED)
        changed = replace(scenario, inputs={**scenario.inputs, item.name: replace(item, value=asked)})
        low, high = sorted((0.0, float(REACH * number)))
        yield _Question("input", item.name, "", item.label, changed, asked, low, high)
