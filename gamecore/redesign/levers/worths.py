"""What outcomes are worth, with the values of programmes held across the changes of one search.

Most changes leave the programme and the deal alone: an offer more, another order, a payment. What `enpv` comes to in an
outcome rests on what stands in the two blocks, on the inputs, dates and levels of terms named there, and on the
players' discount rates (`_basis`), and on nothing else; scenarios that agree in all of these share their values.

Values are exact (`Fraction`), in the scenario's unit; nothing is rounded or taken from another outcome.

>>> from gamecore.scenario import read_scenario
>>> text = '''
... {gamecore: 1, title: T, question: Q, advise: a, players: {a: {name: A}},
...  decisions: {go: {by: a, options: {in: Enter, out: Stay out}}}, baseline: {go: in}, timing: {go: 0},
...  payoffs: {v: {rows: [{when: {go: in}, a: 1}, {when: otherwise, a: 0}]}}}'''
>>> shared_worth(read_scenario(text)).payoff("a", {"go": "in"})
Fraction(1, 1)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gamecore.model import Block, DateOf, Due, Formula, Leaf, Scenario, Time
from gamecore.scenario.expressions import EXACT
from gamecore.scenario.schedule import base_times, value_names
from gamecore.valuation.payoffs import Worth
from gamecore.valuation.resolving import Resolver

__all__ = ["SharedWorth", "shared_worth", "worth_for"]


@dataclass(frozen=True)
class _Held:
    """The values of one programme under one deal, by outcome; `basis` is what they rest on."""

    basis: tuple[Any, ...]
    resolver: Resolver
    valued: dict[tuple[object, ...], Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Pool:
    """All programmes valued so far; those with the same texts stand together."""

    held: dict[tuple[object, ...], list[_Held]] = field(default_factory=dict)

    def of(self, scenario: Scenario) -> _Held:
        """The values that a scenario's outcomes share with an earlier one's, or a place for its own."""
        basis = _basis(scenario)
        alike = self.held.setdefault(_texts(scenario), [])
        found = next((item for item in alike if item.basis == basis), None)
        if found is None:
            found = _Held(basis, Resolver(scenario))
            alike.append(found)
        return found


class SharedWorth(Worth[Fraction]):
    """`exact_worth` of a scenario, with the values of programmes in a pool."""

    def __init__(self, scenario: Scenario, pool: _Pool) -> None:
        super().__init__(scenario, EXACT, lambda item: item.base)
        self.pool = pool
        if scenario.programme is not None:
            held = pool.of(scenario)
            self._valued, self._resolver = held.valued, held.resolver


def shared_worth(scenario: Scenario) -> SharedWorth:
    """The scenario at base values, in rationals; `worth_for` shares what it finds."""
    return SharedWorth(scenario, _Pool())


def worth_for(scenario: Scenario, known: SharedWorth) -> SharedWorth:
    """What outcomes are worth: the same object as before the change where nothing it rests on has changed."""
    before = known.scenario
    if before is scenario:
        return known
    same = all(
        getattr(before, name) == getattr(scenario, name)
        for name in ("payoffs", "programme", "deal", "inputs", "players", "events", "terms")
    )
    same = same and before.timing.count_from == scenario.timing.count_from
    return known if same and base_times(before) == base_times(scenario) else SharedWorth(scenario, known.pool)


# ---- what a programme's value rests on -------------------------------------------------------------------------------


def _texts(scenario: Scenario) -> tuple[object, ...]:
    """What is written at every path: a quick way to tell most programmes and deals apart."""
    blocks = (scenario.programme, scenario.deal)
    leaves = (pair for block in blocks if block is not None for pair in block.leaves.items())
    return tuple((path, getattr(leaf, "text", "")) for path, leaf in leaves)


def _basis(scenario: Scenario) -> tuple[Any, ...]:
    """The blocks, the rates, and every input, date and term that they rest on, as the file has them."""
    rates = {name: player.discount_rate for name, player in scenario.players.items()}
    waiting: list[str] = []
    dates: dict[str, Time | None] = {}
    for value in rates.values():
        waiting += value_names(value)
    for block in (scenario.programme, scenario.deal):
        for leaf in _leaves(block) if block is not None else ():
            waiting += _named(scenario, leaf, dates)
    inputs, terms = {}, {}
    while waiting:
        name = waiting.pop()
        if name in inputs or name in terms:
            continue
        if name in scenario.terms:
            terms[name] = scenario.terms[name][1]
            continue
        item = inputs[name] = scenario.inputs[name]
        waiting += value_names(item.value)
        for row in item.rows:
            waiting += value_names(row.value)
    return scenario.programme, scenario.deal, rates, scenario.timing.count_from, dates, inputs, terms


def _leaves(block: Block) -> Iterator[Leaf]:
    yield from block.leaves.values()
    for row in block.changes:
        for edit in row.edits:
            yield from edit.leaves.values()
            if edit.value is not None:
                yield edit.value


def _named(scenario: Scenario, leaf: Leaf | Time | None, dates: dict[str, Time | None]) -> list[str]:
    """The inputs and terms a number names, through dates of decisions and events; those are noted in `dates`."""
    if isinstance(leaf, Due):
        return [*_named(scenario, leaf.above, dates), *_named(scenario, leaf.at, dates)]
    if isinstance(leaf, DateOf):
        moment = scenario.timing.moments[leaf.name]
        dates[leaf.name] = moment.at
        return _named(scenario, moment.at, dates)
    return sorted(leaf.names) if isinstance(leaf, Formula) else []
