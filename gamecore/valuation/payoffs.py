"""What each outcome of a scenario is worth to each player, and how likely chance makes it.

`Worth` evaluates the scenario's payoff lines, chances, dates and rates in one *arithmetic*: rationals at base values
(`exact_worth`), arrays over draws (`drawn_worth`, every number of shape (draws,)), or the names of the confidential
entries that reach a number (`traced_worth`). One walk over the lines serves all three, so what is traced is what is
computed.

A player's payoff in an outcome is the sum of the lines, or the mean of their scores by the player's own weights where
the lines are criteria; an amount with a date is discounted to day zero at the player's own rate, `amount * (1 + rate)
** -years` (in exact arithmetic with 50 significant digits, then taken as that rational).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property, reduce
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError
from gamecore.model import (
    NO_AGREEMENT,
    ChanceRow,
    Condition,
    DateOf,
    Enpv,
    Event,
    Formula,
    Input,
    Line,
    Player,
    Range,
    Row,
    Scenario,
    Time,
    Uncertain,
    Value,
)
from gamecore.scenario.confidential import confidential_names
from gamecore.scenario.expressions import EXACT, VECTOR, Arithmetic, evaluate
from gamecore.valuation.inputs import draw, quantity_key
from gamecore.valuation.net_present import enpv_in
from gamecore.valuation.resolving import Resolved, Resolver
from gamecore.valuation.tracing import TRACE, Traces

__all__ = ["Assignment", "Draws", "Traces", "Worth", "drawn_worth", "exact_worth", "traced_worth"]

T = TypeVar("T")

Assignment = Mapping[str, str]
Draws = float | npt.NDArray[np.float64]


class Worth(Generic[T]):
    """Values, chances and dates of a scenario in one arithmetic.

    `uncertain` gives the value of a range or an uncertain input; `marks` is added to every number that comes from the
    named entry of the file (zero in the arithmetics of numbers, the entry's name when tracing). `clipped` has, by path,
    the share of draws in which a number of the programme or the deal was moved to its bounds, as far as was valued.
    """

    def __init__(
        self,
        scenario: Scenario,
        arithmetic: Arithmetic[T],
        uncertain: Callable[[Range | Uncertain], T],
        marks: Callable[[str], T] | None = None,
    ) -> None:
        self.scenario = scenario
        self.arithmetic = arithmetic
        self.zero = arithmetic.number(Fraction(0))
        self._uncertain = uncertain
        self._marks = marks
        self._terms = scenario.terms
        self._switches = scenario.switches
        self._cache: dict[tuple[object, ...], T] = {}
        self._valued: dict[tuple[object, ...], Mapping[str, T]] = {}
        self.clipped: dict[str, float] = {}
        self._depends: dict[int, tuple[str, ...]] = {}
        self._rows: dict[tuple[object, ...], Row] = {}
        self._row_names: dict[str, tuple[str, ...]] = {}

    # ---- numbers ----------------------------------------------------------------------------------------------------

    def value(self, value: Value | Uncertain, assignment: Assignment) -> T:
        """The value of a number, range or formula in an outcome."""
        if not isinstance(value, Formula):
            return self._uncertain(value)
        if value.constant is not None:
            return self.arithmetic.number(value.constant)
        key = (id(value), *map(assignment.get, self.depends_on(value)))
        if key not in self._cache:
            self._cache[key] = evaluate(value.node, lambda name: self.named(name, assignment), self.arithmetic)
        return self._cache[key]

    def named(self, name: str, assignment: Assignment) -> T:
        """The value of an input, or of a numeric term at the level agreed."""
        if name in self._terms:
            decision, term = self._terms[name]
            level = next((level for level in term.levels if level.key == assignment.get(name)), None)
            if level is None or level.value is None:
                raise InputError(f"'{name}' has no value here: it is a term, and no deal is agreed in this outcome")
            path = f"decisions.{decision.name}.terms.{name}"
            return self._marked(path, self._marked(f"{path}.options.{level.key}", self.arithmetic.number(level.value)))
        item = self.scenario.inputs[name]
        raw = item.value if item.value is not None else self._input_row(item, assignment)
        value = self._marked_by_switches([row.when for row in item.rows], self.value(raw, assignment))
        return self._marked(f"inputs.{name}", value)

    def _input_row(self, item: Input, assignment: Assignment) -> Value:
        conditions = [row.when for row in item.rows]
        return item.rows[_only_fit(conditions, self._seen(assignment), f"inputs.{item.name}")].value

    def depends_on(self, value: Formula) -> tuple[str, ...]:
        """The decisions, terms and events that the value of a formula can change with, through inputs too."""
        if id(value) not in self._depends:
            names: set[str] = set()
            self._collect(value.names, names, set())
            self._depends[id(value)] = tuple(sorted(names))
        return self._depends[id(value)]

    def _collect(self, formula_names: Iterable[str], names: set[str], seen: set[str]) -> None:
        for name in formula_names:
            if name in seen:
                continue
            seen.add(name)
            if name in self._terms:
                names.add(name)
                continue
            item = self.scenario.inputs[name]
            for value in (item.value, *(row.value for row in item.rows)):
                if isinstance(value, Formula):
                    self._collect(value.names, names, seen)
            for row in item.rows:
                names |= row.when.names if row.when else set()

    def _seen(self, assignment: Assignment) -> Assignment:
        return {**self._switches, **assignment} if self._switches else assignment

    def _marked(self, name: str, value: T) -> T:
        return value if self._marks is None else self.arithmetic.operate("+", value, self._marks(name))

    def _marked_by_switches(self, conditions: list[Condition | None], value: T) -> T:
        """A number tells something of the switches that decide which row it stands in."""
        if self._marks is None or not self._switches:
            return value
        for name in {name for when in conditions if when is not None for name in when.names if name in self._switches}:
            value = self._marked(f"inputs.{name}", value)
        return value

    # ---- time -------------------------------------------------------------------------------------------------------

    def years(self, time: Time, assignment: Assignment) -> T:
        """A date in years from day zero."""
        if not isinstance(time, DateOf):
            return self.value(time, assignment)
        moment = self.scenario.timing.moments[time.name]
        if moment.at is None:
            raise InputError(f"'{time.name}' is hidden and has no date")
        return self.years(moment.at, assignment)

    def discount(self, player: Player, time: Time, assignment: Assignment) -> T:
        """The factor that brings an amount of a date to day zero at the player's rate."""
        if isinstance(time, Formula) and time.constant == 0:
            return self.arithmetic.number(Fraction(1))
        if player.discount_rate is None:
            raise InputError(f"players.{player.name} needs a discount_rate: a payoff of theirs has a date")
        one = self.arithmetic.number(Fraction(1))
        rate = self._rate(player, assignment)
        years = self.arithmetic.negate(self.years(time, assignment))
        return self.arithmetic.operate("**", self.arithmetic.operate("+", one, rate), years)

    # ---- payoffs ----------------------------------------------------------------------------------------------------

    def payoff(self, player: str, assignment: Assignment) -> T:
        """The sum of the lines for a player in an outcome, or the weighted mean of its scores."""
        seen = self._seen(assignment)
        lines = list(self.scenario.payoffs.values())
        amounts = [self.amount(line, player, seen) for line in lines]
        total = self._weighted_mean(lines, amounts, player, seen) if self._weighted else self._sum(amounts)
        for decision in self.scenario.decisions.values():
            if seen.get(decision.name) == NO_AGREEMENT:
                total = self._marked(f"decisions.{decision.name}.no_agreement", total)
        return total

    def _sum(self, amounts: Iterable[T]) -> T:
        return reduce(lambda a, b: self.arithmetic.operate("+", a, b), amounts, self.zero)

    @cached_property
    def _weighted(self) -> bool:
        return any(line.weights for line in self.scenario.payoffs.values())

    def _weighted_mean(self, lines: list[Line], scores: list[T], player: str, assignment: Assignment) -> T:
        """The mean of the scores of criteria, by the player's own (swing) weights (Keeney & Raiffa 1976)."""
        weights = [self.value(line.weights[player], assignment) for line in lines]
        weighed = [self.arithmetic.operate("*", weight, score) for weight, score in zip(weights, scores, strict=True)]
        return self.arithmetic.operate("/", self._sum(weighed), self._sum(weights))

    def amount(self, line: Line, player: str, assignment: Assignment) -> T:
        """One line's amount for a player in an outcome, discounted; zero where the line does not apply."""
        assignment = self._seen(assignment)
        row = self.row(line, assignment)
        conditions = [line.when, *(row.when for row in line.rows)]
        if row is None or player not in row.values:
            return self._marked_by_switches(conditions, self.zero)
        value = row.values[player]
        if isinstance(value, Enpv):
            key = ("enpv", line.name, id(row), player, *self._enpv_key(assignment))
            if key not in self._cache:
                amount = self._marked_by_switches(conditions, self.enpv(player, assignment))
                self._cache[key] = self._marked(f"payoffs.{line.name}", amount)
            return self._cache[key]
        time = row.at if row.at is not None else line.at
        rate = None if time is None else self.scenario.players[player].discount_rate
        key = ("amount", line.name, id(row), player, self._resolved(time, (value, rate), assignment))
        if key not in self._cache:
            amount = self.value(value, assignment)
            if time is not None:
                factor = self.discount(self.scenario.players[player], time, assignment)
                amount = self.arithmetic.operate("*", amount, factor)
            self._cache[key] = self._marked(f"payoffs.{line.name}", self._marked_by_switches(conditions, amount))
        return self._cache[key]

    def _resolved(
        self, time: Time | None, values: tuple[Value | None, ...], assignment: Assignment
    ) -> tuple[object, ...]:
        """What happened, as far as an amount with this date can change with it."""
        parts: list[object] = []
        while isinstance(time, DateOf):
            time = self.scenario.timing.moments[time.name].at
        for item in (*values, time):
            if isinstance(item, Formula):
                parts.extend(map(assignment.get, self.depends_on(item)))
        return tuple(parts)

    def row(self, line: Line, assignment: Assignment) -> Row | None:
        """The row of a line that fits an outcome; None where the line is worth 0."""
        assignment = self._seen(assignment)
        if line.when is not None and not line.when.fits(assignment):
            return None
        if line.single:
            row = line.rows[0]
            return row if row.when is None or row.when.fits(assignment) else None
        names = self._names_of_rows(line)
        key = ("row", line.name, *map(assignment.get, names))
        if key not in self._rows:
            conditions = [row.when for row in line.rows]
            self._rows[key] = line.rows[_only_fit(conditions, assignment, f"payoffs.{line.name}")]
        return self._rows[key]

    def _names_of_rows(self, line: Line) -> tuple[str, ...]:
        """Everything the rows of a line speak of."""
        if line.name not in self._row_names:
            names = frozenset().union(*(row.when.names for row in line.rows if row.when is not None))
            self._row_names[line.name] = tuple(sorted(names))
        return self._row_names[line.name]

    # ---- risk attitude ----------------------------------------------------------------------------------------------

    def tolerances(self) -> dict[str, T]:
        """The risk tolerance of each player who has one.

        Raises `InputError` for one that rests on what happens, or is not above 0.
        """
        found = {}
        for name, player in self.scenario.players.items():
            held = player.risk_tolerance
            if held is None:
                continue
            if isinstance(held, Formula) and self.depends_on(held):
                raise InputError(
                    f"players.{name}.risk_tolerance rests on {', '.join(self.depends_on(held))}: an attitude to risk "
                    "is one number, whatever happens"
                )
            tolerance = self.value(held, {})
            if isinstance(tolerance, Fraction | float | np.ndarray) and not np.all(np.asarray(tolerance > 0)):
                raise InputError(
                    f"players.{name}.risk_tolerance is not above 0"
                    + (
                        " in some draws; bound it with 'at_least'"
                        if isinstance(tolerance, np.ndarray)
                        else "; leave it out for none"
                    )
                )
            found[name] = self._marked(f"players.{name}", tolerance)
        return found

    # ---- programme and deal -----------------------------------------------------------------------------------------

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver(self.scenario)

    def enpv(self, player: str, assignment: Assignment) -> T:
        """The expected net present value of the programme under the deal for a player, at the player's own rate."""
        if self.scenario.players[player].discount_rate is None:
            raise InputError(f"players.{player} needs a discount_rate: a payoff of theirs is 'enpv'")
        seen = self._seen(assignment)
        key = self._enpv_key(seen)
        if key not in self._valued:
            self._valued[key] = enpv_in(self.arithmetic, *self.blocks(assignment), self.clipped)
        return self._marked_blocks(self._valued[key][player])

    def blocks(self, assignment: Assignment) -> tuple[Resolved[T], dict[str, T]]:
        """What stands in the programme and the deal in an outcome, and the players' discount rates."""
        seen = self._seen(assignment)
        resolved = self._resolver.resolved(seen, self.arithmetic, lambda item: self._number_or_date(item, seen))
        return resolved, {name: self._rate(held, seen) for name, held in self.scenario.players.items()}

    def programme_key(self, assignment: Assignment) -> tuple[object, ...]:
        """What tells apart outcomes in which the programme or the deal may differ."""
        return self._enpv_key(self._seen(assignment))

    def _enpv_key(self, assignment: Assignment) -> tuple[object, ...]:
        rates = [player.discount_rate for player in self.scenario.players.values()]
        names = [self.depends_on(rate) for rate in rates if isinstance(rate, Formula)]
        return (*self._resolver.key(assignment), *(assignment.get(name) for found in names for name in found))

    def _marked_blocks(self, value: T) -> T:
        """What is confidential in whole, and the switches that decide which changes hold."""
        if self._marks is None:
            return value
        for name, block in (("programme", self.scenario.programme), ("deal", self.scenario.deal)):
            if block is not None:
                value = self._marked_by_switches([row.when for row in block.changes], self._marked(name, value))
        return value

    def _number_or_date(self, item: Value | Uncertain | Time, assignment: Assignment) -> T:
        return self.years(item, assignment) if isinstance(item, DateOf) else self.value(item, assignment)

    def _rate(self, player: Player, assignment: Assignment) -> T:
        """A player's yearly discount rate; 0 for one whose values are never discounted."""
        rate = player.discount_rate if player.discount_rate is not None else Formula.of(0)
        return self._marked(f"players.{player.name}", self.value(rate, assignment))

    # ---- chances ----------------------------------------------------------------------------------------------------

    def chances(self, event: Event, believer: str | None, assignment: Assignment) -> tuple[T, ...]:
        """The chances of an event's outcomes, in order, as `believer` sees them (None: as the file states them)."""
        seen = self._seen(assignment)
        mark = f"events.{event.name}"
        if event.signal_of is not None and believer not in event.beliefs:
            parent = seen.get(event.signal_of)
            right = self.value(event.right or Formula.of(1), seen)
            wrong = self.arithmetic.operate("-", self.arithmetic.number(Fraction(1)), right)
            others = self.arithmetic.number(Fraction(max(len(event.outcomes) - 1, 1)))
            share = self.arithmetic.operate("/", wrong, others)
            return tuple(self._marked(mark, right if name == parent else share) for name, _ in event.outcomes)
        rows = event.beliefs.get(believer, event.chances) if believer is not None else event.chances
        if believer in event.beliefs:
            mark = f"events.{event.name}.beliefs"
        conditions = [row.when for row in rows]
        row = rows[_only_fit(conditions, seen, mark)]
        values = (self._marked_by_switches(conditions, value) for value in self._with_rest(row, seen))
        return tuple(self._marked(mark, value) for value in values)

    def _with_rest(self, row: ChanceRow, assignment: Assignment) -> list[T]:
        given = [None if chance is None else self.value(chance, assignment) for chance in row.chances]
        stated = [chance for chance in given if chance is not None]
        rest = reduce(lambda a, b: self.arithmetic.operate("-", a, b), stated, self.arithmetic.number(Fraction(1)))
        return [rest if chance is None else chance for chance in given]


def _only_fit(conditions: list[Any], assignment: Assignment, where: str) -> int:
    """The one condition that fits; `None` (otherwise) fits when no other does."""
    fits = [number for number, when in enumerate(conditions) if when is not None and when.fits(assignment)]
    if not fits:
        fits = [number for number, when in enumerate(conditions) if when is None]
    if len(fits) != 1:
        outcome = ", ".join(f"{name}: {value}" for name, value in assignment.items())
        raise InputError(f"{where}: {len(fits) or 'no'} rows fit {outcome}")
    return fits[0]


def exact_worth(scenario: Scenario) -> Worth[Fraction]:
    """The scenario at base values, in rationals."""
    return Worth(scenario, EXACT, lambda item: item.base)


def drawn_worth(scenario: Scenario, *, draws: int, seed: int) -> Worth[Draws]:
    """The scenario over draws: every number is a float or an array of shape (draws,)."""
    drawn = draw(scenario, draws=draws, seed=seed)
    return Worth(scenario, VECTOR, lambda item: drawn[quantity_key(item)])


def traced_worth(scenario: Scenario, watched: Traces | None = None) -> Worth[Traces]:
    """Which of the `watched` entries of the file ("inputs.cost") reach a number; by default, the confidential ones."""
    secret = confidential_names(scenario) if watched is None else watched

    def mark(name: str) -> Traces:
        return frozenset({name}) & secret

    return Worth(scenario, TRACE, lambda _: frozenset(), mark)
