"""A small check of what is computed with what: amounts, lengths of time, shares.

Every formula is walked once. A name is an amount, a length of time or a share if its unit (or, without one, a
percentage as its value) says so; what has another unit or none is let pass, and so is every product of which a part is
not known. Faults: a currency without a rate, sums and comparisons of different kinds, a length of time or a share where
an amount is needed, an amount or a length of time where a chance is needed.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from enum import Enum
from fractions import Fraction

from gamecore.model import (
    Arithmetic,
    Call,
    Comparison,
    Enpv,
    Formula,
    Input,
    Name,
    Negate,
    Node,
    Number,
    Place,
    Range,
    Scenario,
    Shape,
    Uncertain,
    Value,
)
from gamecore.scenario.parts import kind_at
from gamecore.scenario.reader import UNITS_OF_TIME, Reader
from gamecore.scenario.tree import Mapping, Tree
from gamecore.scenario.units import CURRENCIES, factor, money_of, rate_name

__all__ = ["check_rates", "check_units"]


class Kind(Enum):
    """What a number is; its value is how faults call it."""

    AMOUNT = "an amount"
    UNSCALED = "an amount without k, m or bn"
    TIME = "a length of time"
    SHARE = "a share"
    NUMBER = "a plain number"  # typed in the formula: fits everything
    UNKNOWN = "unknown"


_PASSES = {Kind.NUMBER, Kind.UNKNOWN}
_NO_AMOUNTS = {"price", "patients"}  # of a market: their product is one
_ROW = re.compile(r"changes\.(\d+)\..*")
_RATES = frozenset(map(rate_name, CURRENCIES))
_SHARES = {"%", "percent", "share", "chance", "probability"}


class _MixError(Exception):
    """Two kinds that do not go together; never leaves this module."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def check_rates(reader: Reader, scenario: Scenario) -> None:
    """Tell a rate that is not above 0, before anything is computed with it."""
    written = reader.root.get("rates")
    for key, _ in written.entries if isinstance(written, Mapping) else ():
        item = scenario.inputs.get(rate_name(key.text)) if key.text in CURRENCIES else None
        value = item.value if item is not None else None
        lowest: Fraction | None = None
        if isinstance(value, Range):
            lowest = value.low
        elif isinstance(value, Uncertain):
            lowest = min(value.points)
        elif value is not None:
            lowest = value.constant
        if item is not None and lowest is not None and lowest <= 0:
            reader.fault(item.place, f"rates.{key.text}", "a rate is above 0: what one unit is worth, such as 1.08")
            reader.spoil("rates")


def check_units(reader: Reader, scenario: Scenario) -> None:
    """Tell every mismatch of units that can be seen."""
    _Check(reader, scenario).run()


class _Check:
    def __init__(self, reader: Reader, scenario: Scenario) -> None:
        self.reader, self.scenario = reader, scenario
        self.kinds: dict[str, Kind] = {}
        self.told: set[Place] = set()

    def run(self) -> None:
        """All checks, in the order of the file."""
        if not self._rates():
            return
        for path, value in self._inputs():
            self._needs(path, value, None)
        for path, value, wanted in self._blocks():
            self._needs(path, value, wanted)
        for path, value in self._amounts():
            self._needs(path, value, Kind.AMOUNT)
        for path, value in self._chances():
            self._needs(path, value, Kind.SHARE)

    # ---- rates

    def _rates(self) -> bool:
        """Whether every currency has a rate; told if not."""
        before = len(self.reader.faults)
        written = self.reader.root.get("rates")
        home = money_of(self.scenario.unit)
        if written is not None and not isinstance(written, Mapping):
            self.reader.fault(written, "rates", "rates are written {EUR: 1.08}: what one EUR is worth")
        for key, _ in written.entries if isinstance(written, Mapping) else ():
            if key.text not in CURRENCIES:
                told = f"'{key.text[:20]}' is no currency; write its three letters, such as EUR"
                self.reader.fault(key, "rates", told)
            elif home is None or home.currency == key.text:
                told = f"the file counts in {self.scenario.unit}" if home else "the head has no 'unit' such as USD m"
                self.reader.fault(key, "rates", f"{told}; a rate of {key.text} has no use")
        for name, unit, place, path in self._units():
            found = factor(unit, self.scenario.unit)
            if found is not None and found[1] is not None and rate_name(found[1]) not in self.scenario.inputs:
                told = f"'{name}' is in {found[1]} and the file in {self.scenario.unit}; add to the head what one"
                self.reader.fault(place, path, f"{told} {found[1]} is worth, such as 'rates: {{{found[1]}: 1.08}}'")
            held = self.scenario.inputs.get(name)
            if found is not None and found != (Fraction(1), None) and held is not None:
                self._typed(held, path)
        return len(self.reader.faults) == before

    def _typed(self, item: Input, path: str) -> None:
        """What is converted is a number as it was typed, not one that is worked out in the file's unit already."""
        for value in (item.value, *(row.value for row in item.rows)):
            if isinstance(value, Formula) and value.constant is None:
                told = f"a formula is worked out in the file's unit; write 'unit: {self.scenario.unit}', or the number"
                self.reader.fault(value.place, path, f"{told} itself in {item.unit}")

    def _units(self) -> Iterator[tuple[str, str | None, Tree | Place, str]]:
        """Names with their units, and where these stand."""
        for name, item in self.scenario.inputs.items():
            yield name, item.unit, self._place(("inputs", name), item.place), f"inputs.{name}.unit"
        for name, (decision, term) in self.scenario.terms.items():
            path = ("decisions", decision.name, "terms", name)
            yield name, term.unit, self._place(path, term.place), f"{'.'.join(path)}.unit"

    def _place(self, path: tuple[str, ...], otherwise: Place) -> Tree | Place:
        node: Tree | None = self.reader.root
        for step in (*path, "unit"):
            node = node.get(step) if isinstance(node, Mapping) else None
        return otherwise if node is None else node

    # ---- what is computed

    def _inputs(self) -> Iterator[tuple[str, Value]]:
        for name, item in self.scenario.inputs.items():
            for value in (item.value, *(row.value for row in item.rows)):
                if isinstance(value, Formula):
                    yield f"inputs.{name}", value

    def _amounts(self) -> Iterator[tuple[str, Value]]:
        for name, player in self.scenario.players.items():
            for key, value in (("cash", player.cash), ("risk_tolerance", player.risk_tolerance)):
                if value is not None:
                    yield f"players.{name}.{key}", value
        for name, line in self.scenario.payoffs.items():
            if line.weights:
                continue  # a criterion counts in points
            for number, row in enumerate(line.rows):
                for amount in row.values.values():
                    if not isinstance(amount, Enpv):
                        yield f"payoffs.{name}" + ("" if line.single else f", row {number + 1}"), amount

    def _chances(self) -> Iterator[tuple[str, Value]]:
        for name, event in self.scenario.events.items():
            rows = (*event.chances, *(row for rows in event.beliefs.values() for row in rows))
            for value in (event.right, *(chance for row in rows for chance in row.chances)):
                if value is not None:
                    yield f"events.{name}", value
        for name, player in self.scenario.players.items():
            if player.discount_rate is not None:
                yield f"players.{name}.discount_rate", player.discount_rate
        for name, moment in self.scenario.timing.moments.items():
            if moment.proposals.breakdown is not None:
                yield f"timing.{name}.breakdown", moment.proposals.breakdown

    def _blocks(self) -> Iterator[tuple[str, Value, Kind | None]]:
        """Numbers of the programme and the deal; what rows of changes multiply with or add is of any kind."""
        for block, held in (("programme", self.scenario.programme), ("deal", self.scenario.deal)):
            if held is None:
                continue
            written = {leaf.place: path for path, leaf in held.leaves.items() if isinstance(leaf, Formula | Range)}
            written |= {
                leaf.place: path
                for row in held.changes
                for edit in row.edits
                for path, leaf in edit.leaves.items()
                if isinstance(leaf, Formula | Range)
            }
            for told, value in held.values:
                at = written.get(value.place)
                kind = kind_at(block, at) if at is not None and at[-1] not in _NO_AMOUNTS else None
                wanted = Kind.AMOUNT if kind == "value" else Kind.SHARE if kind in {"chance", "share"} else None
                row = _ROW.fullmatch(told)
                shown = f"changes, row {int(row[1]) + 1}" if row else told
                yield f"{block}.{shown}", value, wanted

    # ---- kinds

    def _needs(self, path: str, value: Value, wanted: Kind | None) -> None:
        """Tell if a formula mixes kinds, or is of another kind than is wanted here."""
        typed = isinstance(value, Range) or isinstance(value.node, Number | Negate)
        if wanted is Kind.AMOUNT and typed and _is_percent(value) and money_of(self.scenario.unit) is not None:
            told = f"{value.text} is a share, and an amount in {self.scenario.unit} is needed here"
            self._tell(value, path, told)
        if not isinstance(value, Formula) or not value.names:
            return
        try:
            found = self._kind(value.node)
        except _MixError as error:
            self._tell(value, path, error.message)
            return
        home = self.scenario.unit
        if wanted is None or found is wanted or found in _PASSES:
            return
        if found is Kind.UNSCALED and wanted is Kind.AMOUNT:
            told = f"'{value.text}' has no k, m or bn in its unit, and the file counts in {home}; give it in {home}"
        else:
            place = f"an amount in {home}" if wanted is Kind.AMOUNT and home else wanted.value
            told = f"'{value.text}' is {found.value}, and {place} is needed here"
        self._tell(value, path, told)

    def _tell(self, value: Value, path: str, message: str) -> None:
        if value.place not in self.told:
            self.told.add(value.place)
            self.reader.fault(value.place, path, message)

    def _named(self, name: str) -> Kind:
        if name not in self.kinds:
            self.kinds[name] = Kind.UNKNOWN  # while it is looked at, and where it mixes kinds, which is told there
            with contextlib.suppress(_MixError):
                self.kinds[name] = self._kind_of(name)
        return self.kinds[name]

    def _kind_of(self, name: str) -> Kind:
        terms = self.scenario.terms
        item = self.scenario.inputs.get(name)
        unit = terms[name][1].unit if name in terms else item.unit if item is not None else None
        money, home = money_of(unit), money_of(self.scenario.unit)
        if money is not None and home is not None:
            if money.per is not None and not _is_time(money.per.removesuffix("s")):
                return Kind.UNKNOWN  # a price: times a number, an amount
            return Kind.AMOUNT if money.scale or not home.scale else Kind.UNSCALED
        if unit is not None:
            return Kind.TIME if _is_time(unit) else Kind.SHARE if unit.strip() in _SHARES else Kind.UNKNOWN
        if item is not None and isinstance(item.value, Formula) and item.value.names:
            return self._kind(item.value.node)
        values = [] if item is None else [item.value, *(row.value for row in item.rows)]
        written = [value for value in values if value is not None]
        return Kind.SHARE if written and all(map(_is_percent, written)) else Kind.UNKNOWN

    def _kind(self, node: Node) -> Kind:
        match node:
            case Number():
                return Kind.SHARE if node.percent else Kind.NUMBER
            case Name(name):
                return self._named(name)
            case Negate(operand):
                return self._kind(operand)
            case Arithmetic("+" | "-", left, right):
                return self._alike(left, right)
            case Arithmetic("*", left, right):
                return self._times(left, right)
            case Arithmetic("/", left, right):
                return _ratio(self._kind(left), self._kind(right))
            case Arithmetic(_, base, exponent):
                self._kind(exponent)
                return Kind.SHARE if self._kind(base) is Kind.SHARE else Kind.UNKNOWN
            case Comparison(_, left, right):
                self._alike(left, right)
                return Kind.NUMBER
            case Call("if", (condition, then, otherwise)):
                self._kind(condition)
                return self._alike(then, otherwise)
            case Call("min" | "max", arguments):
                return self._alike(*arguments)
            case Call("abs", (argument,)):
                return self._kind(argument)
            case Call(_, arguments):
                for argument in arguments:
                    self._kind(argument)
        return Kind.UNKNOWN

    def _times(self, left: Node, right: Node) -> Kind:
        if isinstance(right, Name) and right.name in _RATES and right.name in self.scenario.inputs:
            return self._kind(left)  # converted by its rate
        return _product(self._kind(left), self._kind(right))

    def _alike(self, *nodes: Node) -> Kind:
        """The kind that parts of a sum, or of a comparison, have in common."""
        kinds = [self._kind(node) for node in nodes]
        known = [kind for kind in kinds if kind not in _PASSES]
        other = next((kind for kind in known if kind is not known[0]), None)
        if other is not None:
            told = f"{known[0].value} and {other.value} cannot be added or compared"
            if {known[0], other} == {Kind.AMOUNT, Kind.SHARE}:
                told += "; a share of an amount is a product, as in amount * (1 + share)"
            if Kind.UNSCALED in {known[0], other}:
                told += f"; the file counts in {self.scenario.unit}"
            raise _MixError(told)
        return known[0] if known else Kind.UNKNOWN if Kind.UNKNOWN in kinds else Kind.NUMBER


def _is_time(unit: str) -> bool:
    word = unit.strip()
    return word in UNITS_OF_TIME or f"{word}s" in UNITS_OF_TIME or word in {"quarter", "quarters"}


def _is_percent(value: Value | Uncertain) -> bool:
    if isinstance(value, Uncertain) and value.shape is Shape.DISCRETE:
        return False
    return value.text.rstrip().endswith("%") and not (isinstance(value, Formula) and value.names)


def _product(left: Kind, right: Kind) -> Kind:
    kinds = {left, right}
    if kinds in ({Kind.AMOUNT, Kind.NUMBER}, {Kind.AMOUNT, Kind.SHARE}, {Kind.AMOUNT, Kind.TIME}):
        return Kind.AMOUNT  # times a time: so much a year
    if kinds == {Kind.TIME, Kind.SHARE}:
        return Kind.TIME
    return left if left is right and left in {Kind.SHARE, Kind.NUMBER} else Kind.UNKNOWN


def _ratio(left: Kind, right: Kind) -> Kind:
    if left is right and left not in _PASSES:
        return Kind.SHARE
    if right in {Kind.NUMBER, Kind.SHARE} and left is not Kind.UNSCALED:
        return left if left is not Kind.NUMBER or right is Kind.NUMBER else Kind.UNKNOWN
    return Kind.AMOUNT if (left, right) == (Kind.AMOUNT, Kind.TIME) else Kind.UNKNOWN
