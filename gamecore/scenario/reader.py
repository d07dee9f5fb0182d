"""What every part of the reader shares: faults with places, names and what they may stand for, texts, values, dates,
conditions.

The reader never stops at a fault. A method that cannot read something tells the fault and returns None; what rests on
it is then left alone, so that one mistake is told once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Final

from gamecore.errors import Fault, TooLargeError
from gamecore.model import (
    AGREED,
    ALWAYS,
    NO_AGREEMENT,
    Arithmetic,
    Clause,
    Condition,
    DateOf,
    Formula,
    Name,
    Number,
    Place,
    Range,
    Time,
    Value,
)
from gamecore.scenario.document import RESERVED, keys_of
from gamecore.scenario.expressions import FormulaError, parse_formula, parse_number
from gamecore.scenario.tree import NOWHERE, Mapping, Scalar, Sequence, Tree
from gamecore.scenario.units import converted

NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
LONGEST_NAME: Final = 60
MOST_COMPARED: Final = 300  # names looked at for "did you mean"
MOST_FAULTS: Final = 200  # told at once; nobody reads more
MOST_EFFORT: Final = 3_000_000  # rows held against outcomes in all checks of a file, some seconds
UNITS_OF_TIME: Final = {
    "years": Fraction(1),
    "months": Fraction(1, 12),
    "weeks": Fraction(28, 1461),  # 7 days of a year of 365.25
    "days": Fraction(4, 1461),
}
OTHERWISE: Final = "otherwise"
HIDDEN: Final = "hidden"
_EMPTY: Final = "an empty condition; leave '{key}' out if it always holds"
_EMPTY_ENTRY: Final = "an empty condition fits everything; say what has to be so: {decision: option}"
_EMPTY_PLAN: Final = "say what was planned: {decision: option}"
_DATE: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}", re.ASCII)
_LENGTH: Final = re.compile(r"([-+]?[\d.,]+)\s*([A-Za-z]+)", re.ASCII)
_AMOUNT_WITH_UNIT: Final = re.compile(
    r"(?P<minus>-?)\s*(?:USD|EUR|GBP|CHF|JPY|CNY|[$€£¥])?\s*(?P<number>-?[\d.]+)\s*"
    r"(?:USD|EUR|GBP|CHF|JPY|CNY|[$€£¥])?\s*(?:m|M|k|bn|mn|mio|million|millions|billion|thousand)?",
)


class EnoughError(Exception):
    """So many faults that looking for more would only take time; never leaves the reader."""


def _empty(path: str) -> str:
    """What to do about an empty condition: rows and whatever has a `when` or an `if` may do without."""
    if path == "baseline":
        return _EMPTY_PLAN
    if path.startswith(("expect", "impossible", "payoffs.rankings")) or path.endswith(".commit"):
        return _EMPTY_ENTRY
    return _EMPTY.format(key="if" if path.endswith(".if") else "when")


def near(word: str, candidates: Iterable[str], said: str = "") -> str:
    """`; did you mean 'wait'?`, or nothing if no candidate is near."""
    among = list(candidates)[:MOST_COMPARED]
    best = difflib.get_close_matches(word.lower()[:LONGEST_NAME], among, n=1, cutoff=0.6)
    return f"; did you mean {said}'{best[0]}'?" if best else ""


def listed(words: Iterable[str], most: int = 12) -> str:
    """Names in a row, cut where there are too many."""
    shown = list(words)
    return ", ".join(shown[:most]) + (", ..." if len(shown) > most else "")


def spoken(name: str) -> str:
    """What people read where the file gives no label: `sapphire_offer` is `Sapphire offer`."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def kind_of(node: Tree) -> str:
    """A node's kind, for messages."""
    if isinstance(node, Scalar):
        return "a text"
    return "a list" if isinstance(node, Sequence) else "a block of keys"


@dataclass
class Thing:
    """What a name stands for. `values` is None where the declaration is faulty: then any value passes.

    `doubtful`: the name is declared twice, or some of its values have names that are not allowed; what refers to it is
    not told to be wrong, too.
    """

    kind: str  # decision, agreement, deal, term, event, switch, input
    values: dict[str, Fraction | None] | None = None
    unit: str | None = None
    part_of: str | None = None  # the deal of a term
    place: Place = NOWHERE
    doubtful: bool = False

    def may_be(self, *kinds: str) -> bool:
        """Whether it is of one of these kinds, or could be."""
        return self.doubtful or self.kind in kinds

    @property
    def is_number(self) -> bool:
        """Whether formulas may name it."""
        if self.doubtful:
            return True
        if self.kind == "term":
            return self.values is None or any(value is not None for value in self.values.values())
        return self.kind == "input"

    @property
    def noun(self) -> str:
        """What its values are called."""
        nouns = {"event": "an outcome", "term": "a level", "switch": "a position"}
        return nouns.get(self.kind, "an option")

    def spelled(self, value: str) -> tuple[str, ...] | None:
        """The values that a word in a condition stands for, or None."""
        if self.values is None or self.doubtful:
            return (value,)
        if self.kind in {"agreement", "deal"} and value == NO_AGREEMENT:
            return (value,)
        if self.kind == "deal":
            return (AGREED,) if value == AGREED else None
        if self.kind == "agreement" and value == AGREED:
            return tuple(self.values)
        if value in self.values:
            return (value,)
        number = parse_number(value)
        if self.kind == "term" and number is not None:
            return next(((key,) for key, held in self.values.items() if held == number), None)
        return None

    def words(self) -> tuple[str, ...]:
        """What a condition may say of it."""
        if self.kind == "deal":
            return (AGREED, NO_AGREEMENT)
        return (*(self.values or {}), *((NO_AGREEMENT,) if self.kind == "agreement" else ()))


@dataclass
class Names:
    """Everything that is declared. `whole` is False if a declaring block is faulty: unknown names may be its."""

    players: dict[str, Place] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    players_whole: bool = True
    things_whole: bool = True


@dataclass
class Fields:
    """The known keys of a block. `own` holds the entries whose keys are names."""

    values: dict[str, Tree]
    own: list[tuple[Scalar, Tree]]
    path: str
    node: Mapping

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def get(self, key: str) -> Tree | None:
        return self.values.get(key)

    def place(self, key: str) -> Place:
        """Where a key stands."""
        found = self.node.key(key)
        return found.place if found is not None else self.node.place


class Reader:
    """One reading of one file."""

    def __init__(self, root: Mapping) -> None:
        self.root = root
        self.faults: list[Fault] = []
        self.broken: set[str] = set()  # blocks and lines in which what follows cannot be checked
        self.names = Names()
        self.day_zero: date | None = None
        self.effort = 0
        unit = root.get("unit")
        self.unit = unit.text if isinstance(unit, Scalar) else None

    # ---- faults

    def fault(self, at: Tree | Place, path: str, message: str) -> None:
        """Tell a fault and go on."""
        place = at if isinstance(at, Place) else at.place
        self.faults.append(Fault(place.line, place.column, path, message))
        if len(self.faults) >= MOST_FAULTS:
            raise EnoughError

    def spend(self, effort: int) -> None:
        """Count what the checks look at; `TooLargeError` if it becomes too much for a reader."""
        self.effort += effort
        if self.effort > MOST_EFFORT:
            raise TooLargeError(
                "the lines and chances of this file rest on too many combinations to check them all",
                limit="outcomes of a scenario",
                count=self.effort,
                allowed=MOST_EFFORT,
            )

    def allowed(self, word: str) -> bool:
        """Whether a word may be a name, without telling."""
        return bool(NAME.fullmatch(word)) and word not in RESERVED

    def spoil(self, *blocks: str) -> None:
        """Remember that checks which rest on these blocks would only tell consequences."""
        self.broken.update(blocks)

    # ---- blocks and texts

    def mapping(self, node: Tree, path: str) -> Mapping | None:
        """The node if it is a block of keys."""
        if isinstance(node, Mapping):
            return node
        wrong = "a text" if isinstance(node, Scalar) else "a list"
        self.fault(node, path, f"names with what belongs to each ('name: ...') are expected here, not {wrong}")
        return None

    def fields(self, node: Tree, path: str, block: str, own: Collection[str] | None = None) -> Fields | None:
        """The keys of a block. With `own`, other keys are names and come back in `Fields.own` to be checked."""
        inside = self.mapping(node, path)
        if inside is None:
            return None
        table = keys_of(block)
        fields = Fields({}, [], path, inside)
        for key, value in inside.entries:
            known = table.get(key.text)
            if known is None and own is None:
                self.fault(
                    key, path, f"'{key.text[:60]}' is not a key here{near(key.text, table) or self._takes(table)}"
                )
            elif known is not None and known.later:
                self.fault(key, path, f"'{key.text}' is not supported yet")
            elif isinstance(value, Scalar) and value.empty:
                self.fault(key, path, f"'{key.text[:60]}' has no value")
            elif known is not None:
                fields.values[key.text] = value
            else:
                fields.own.append((key, value))
        for name, known in table.items():
            if known.needed and inside.key(name) is None and block != "scenario":
                self.fault(inside, path, f"'{name}' is missing; add '{name}: ...'")
        return fields

    @staticmethod
    def _takes(table: Collection[str]) -> str:
        shown = [name for name in table if name not in {"note", "source"}]
        return f"; it takes {listed(shown, 20)}"

    def text(self, node: Tree | None, path: str) -> str | None:
        """A text for people."""
        if node is None:
            return None
        if isinstance(node, Scalar) and not node.empty and node.text.strip():
            return node.text.strip()
        self.fault(
            node, path, "a text is expected here" + ("" if isinstance(node, Scalar) else f", not {kind_of(node)}")
        )
        return None

    def texts(self, node: Tree | None, path: str) -> tuple[str, ...]:
        """A list of texts; a single text will do."""
        if node is None:
            return ()
        parts = node.items if isinstance(node, Sequence) else (node,)
        return tuple(text for part in parts if (text := self.text(part, path)) is not None)

    def yes_no(self, node: Tree | None, path: str) -> bool | None:
        """`yes`, `no`, `true` or `false`."""
        if node is None:
            return None
        word = node.text.lower() if isinstance(node, Scalar) else ""
        if word in {"yes", "true"}:
            return True
        if word in {"no", "false"}:
            return False
        self.fault(node, path, "write yes or no")
        return None

    def name(self, key: Scalar, path: str, besides: Collection[str] = ()) -> bool:
        """Whether a key may be a name; `besides` are words that the rows of this block use."""
        word = key.text
        if word in {"no", "yes", "on", "off", "true", "false", "null"}:
            other = "'go' or 'agree'" if word in {"yes", "on", "true"} else "'none' or 'stop'"
            meant = {"no": "false", "off": "false", "yes": "true", "on": "true"}.get(word, word)
            self.fault(key, path, f"'{word}' cannot be a name (some programs read it as {meant}); try {other}")
        elif word in RESERVED or word in besides:
            self.fault(key, path, f"'{word}' cannot be a name, the format uses this word; try '{word}_1'")
        elif not NAME.fullmatch(word):
            tried = re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_")[:30]
            proposal = f": try '{tried}'" if NAME.fullmatch(tried) and tried not in RESERVED else ""
            shown = f"'{word[:40]}'" if word else "an empty text"
            self.fault(
                key, path, f"{shown} cannot be a name; names hold small letters, digits and _, first a letter{proposal}"
            )
        elif len(word) > LONGEST_NAME:
            self.fault(key, path, f"a name has at most {LONGEST_NAME} letters")
        else:
            return True
        return False

    def entries(self, node: Tree | None, path: str, besides: Collection[str] = ()) -> Iterator[tuple[Scalar, Tree]]:
        """The entries of a block whose keys are names; those with a name that is not allowed are told and left out."""
        inside = self.mapping(node, path) if node is not None else None
        for key, value in inside.entries if inside is not None else ():
            if not self.name(key, path, besides):
                continue
            if isinstance(value, Scalar) and value.empty:
                self.fault(key, path, f"'{key.text}' has no value")
                continue
            yield key, value

    def player(self, node: Tree | None, path: str) -> str | None:
        """The name of a player."""
        if node is None:
            return None
        word = self.text(node, path)
        if word is None or self.is_player(node, path, word):
            return word
        return None

    def is_player(self, at: Tree, path: str, word: str) -> bool:
        """Whether a word is a player's name; told if not."""
        if word in self.names.players:
            return True
        if self.names.players_whole:
            parts = [part for part in re.split(r"\s*,\s*|\s+and\s+|\s*&\s*", word) if part]
            if len(parts) > 1 and all(part in self.names.players for part in parts):
                self.fault(at, path, f"several players are written as a list: [{', '.join(parts)}]")
                return False
            proposal = near(word, self.names.players) or f"; the players are {listed(self.names.players)}"
            self.fault(at, path, f"no player is called '{word[:60]}'{proposal}")
        return False

    # ---- numbers

    def whole_number(self, node: Tree, path: str, most: int) -> int | None:
        """A count from 1."""
        if isinstance(node, Scalar) and re.fullmatch(r"[0-9]{1,6}", node.text) and 1 <= int(node.text) <= most:
            return int(node.text)
        self.fault(node, path, f"a whole number from 1 to {most} is expected here")
        return None

    def number(self, node: Tree | None, path: str) -> Fraction | None:
        """A plain number or percentage."""
        if node is None:
            return None
        value = self.value(node, path)
        if value is None:
            return None
        if isinstance(value, Formula) and value.constant is not None:
            return value.constant
        self.fault(node, path, "a plain number is expected here")
        return None

    def value(self, node: Tree | None, path: str) -> Value | None:
        """A number, a percentage, a range or a formula; every name in it is checked."""
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.fault(node, path, f"a number, a range or a formula is expected here, not {kind_of(node)}")
            return None
        text = node.text.strip()
        if node.empty or not text:
            self.fault(node, path, "a value is missing")
            return None
        if text == "enpv":
            self.fault(node, path, "'enpv' stands alone as a value of a payoff line, such as 'all: enpv'")
            return None
        if ".." in text and "..." not in text:
            return self.range(node, path)
        number = parse_number(text)
        if number is not None:
            return Formula(text, Number(number), node.place)
        told = self._not_a_value(text)
        if told:
            self.fault(node, path, told)
            return None
        return self.formula(node, path)

    def _not_a_value(self, text: str) -> str | None:
        """What people write in place of a value, and what to write."""
        plain = text.lower().lstrip("+-.")
        if plain in {"inf", "infinity", "nan"}:
            return f"'{text}' is not a finite number"
        if plain not in self.names.things and plain in {
            "tbd",
            "tba",
            "todo",
            "n/a",
            "na",
            "?",
            "??",
            "???",
            "xx",
            "xxx",
        }:
            return f"'{text}' is no number; write what is not known for sure as a range, low .. base .. high"
        if plain in {"none", "nil", "nothing", "zero"} and plain not in self.names.things:
            return f"write 0, not '{text}'"
        if plain in {"remaining", "remainder", "else", "others"} and plain not in self.names.things:
            return f"nothing is called '{text}'; in chances, what the others leave is written 'rest'"
        if re.search(r"\u2026|\.\.\.", text):
            return f"a range is written with two points: {re.sub(chr(0x2026) + '|[.]{3,}', '..', text)}"
        if text.startswith("+"):
            return f"write {text[1:].strip()} without '+'"
        percent = re.fullmatch(r"(-?[\d.]+)(\s+%|\s*percent|\s*pct\.?|\s*per cent)", text)
        if percent and parse_number(percent[1]) is not None:
            return f"write {percent[1]}%, without a space" if percent[2].strip() == "%" else f"write {percent[1]}%"
        if re.fullmatch(r"-?[\d.%]+\s+to\s+.*", text):
            return "'to' gives bounds to search, only in 'levels' and 'amount'; a range is written low .. base .. high"
        if re.fullmatch(r"-?\d{1,3}(\.\d{3}){2,}", text):
            return f"write {text.replace('.', '')} without a thousands mark"
        if re.fullmatch(r"-?\d{1,3}([ '_,]\d{3})+(\.\d+)?", text):
            return f"write {re.sub(r'[^-0-9.]', '', text)} without a thousands mark"
        if re.fullmatch(r"-?\d+,\d+", text):
            return f"write {text.replace(',', '.')}: decimals have a point"
        length = _LENGTH.fullmatch(text)
        if length and length[2].rstrip("s") in {"year", "month", "week", "day"}:
            return "a number is expected here, not a length of time"
        with_unit = _AMOUNT_WITH_UNIT.fullmatch(text.removesuffix(self.unit or "\0").strip())
        if with_unit and parse_number(with_unit["number"]) is not None:
            where = (
                f"the file's unit is already '{self.unit}'"
                if self.unit
                else "the unit stands once in the head, 'unit: ...'"
            )
            return f"write {with_unit['minus']}{with_unit['number']}; {where}"
        return None

    def formula(self, node: Scalar, path: str) -> Formula | None:
        """A formula on names of inputs and numeric terms."""
        try:
            formula = parse_formula(node.text, node.place)
        except FormulaError as error:
            self.fault(node.at(error.column), path, str(error))
            return None
        fine = True
        for name in sorted(formula.names):
            thing = self.names.things.get(name)
            if thing is not None and thing.is_number:
                continue
            fine = False
            if thing is None and not self.names.things_whole:
                continue
            found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", node.text)
            self.fault(node.at(found.start() if found else 0), path, self._not_a_number(name, thing))
        return self._in_home_unit(formula) if fine else None

    def _in_home_unit(self, formula: Formula) -> Formula:
        units = {name: self.names.things[name].unit for name in formula.names}
        if not any(units.values()):
            return formula
        return replace(formula, node=converted(formula.node, units, self.unit, self.names.things))

    def _not_a_number(self, name: str, thing: Thing | None) -> str:
        if thing is not None:
            article = "an" if thing.kind[0] in "aei" else "a"
            return f"'{name}' is {article} {thing.kind}, not a number; formulas name inputs and terms with levels"
        numbers = {other: held.kind for other, held in self.names.things.items() if held.is_number}
        best = difflib.get_close_matches(name, list(numbers), n=1, cutoff=0.6)
        if best:
            return f"nothing is called '{name}'; did you mean the {numbers[best[0]]} '{best[0]}'?"
        if name in self.names.players:
            return f"'{name}' is a player, not a number"
        if name == "enpv":
            return "'enpv' is a whole value, not part of a formula; add to it by another payoff line"
        return f"nothing is called '{name}'; name the number under 'inputs'"

    def range(self, node: Scalar, path: str) -> Range | None:
        """`low .. base .. high`."""
        points = self.points(node, path)
        if points is None:
            return None
        if len(points) != 3:
            told = "a range needs three numbers, low .. base .. high"
            if len(points) == 2:
                told += "; for a uniform range name an input with 'shape: uniform'"
            self.fault(node, path, told)
            return None
        low, base, high = points
        return Range(low, base, high, node.text.strip(), node.place)

    def points(self, node: Scalar, path: str) -> tuple[Fraction, ...] | None:
        """The numbers between `..`, in order."""
        parts = [part.strip() for part in node.text.split("..")]
        if any(re.search(r"\d\s+%", part) for part in parts):
            shown = " .. ".join(re.sub(r"\s+%", "%", part) for part in parts)
            self.fault(node, path, f"a percent sign stands right after its number; write {shown}")
            return None
        if not re.fullmatch(r"\s*\S+(\s+\.\.\s+\S+)+\s*", node.text):
            if all(parse_number(part) is not None for part in parts):
                self.fault(node, path, f"a range needs spaces around '..': {' .. '.join(parts)}")
            else:
                self.fault(node, path, self._not_a_range(parts))
            return None
        numbers = [parse_number(part) for part in parts]
        if None in numbers:
            self.fault(node, path, self._not_a_range(parts))
            return None
        points = [number for number in numbers if number is not None]
        if len({part.endswith("%") for part in parts}) > 1 and any(
            points[i] for i, part in enumerate(parts) if part[-1] != "%"
        ):
            shown = " .. ".join(part if part.endswith("%") else part + "%" for part in parts)
            self.fault(node, path, f"a percentage range repeats the sign: {shown}")
            return None
        if points != sorted(points):
            wrong = next(i for i in range(len(points) - 1) if points[i] > points[i + 1])
            ordered = " .. ".join(part for _, part in sorted(zip(points, parts, strict=True)))
            told = f"a range is written low .. base .. high; {parts[wrong]} is above {parts[wrong + 1]}"
            self.fault(node, path, f"{told}. Did you mean {ordered}?")
            return None
        return tuple(points)

    def _not_a_range(self, parts: list[str]) -> str:
        for part in parts:
            if part.lower().lstrip("+-.") in {"inf", "infinity", "nan"}:
                return f"'{part}' is not a finite number"
        if any(re.search(r"[a-z]", part) for part in parts):
            return "a range holds three numbers and is never part of a formula; name it under 'inputs' and use the name"
        return "a range is written low .. base .. high, three numbers with spaces around '..'"

    def chance(self, node: Tree | None, path: str, *, called: str = "a chance") -> Value | None:
        """A chance or share: a value whose numbers lie between 0 and 1."""
        value = self.value(node, path)
        if value is None or node is None:
            return None
        numbers = [value.low, value.base, value.high] if isinstance(value, Range) else [value.constant]
        for number in numbers:
            if number is not None and not 0 <= number <= 1:
                text = node.text.strip() if isinstance(node, Scalar) else ""
                meant = f"{text} means {_percent(number)}; did you mean {text}%?"
                plain = isinstance(value, Formula) and 1 < number <= 100 and "%" not in text
                told = f"{called} lies between 0% and 100%, not at {_percent(number)}"
                self.fault(node, path, meant if plain else told)
                return None
        return value

    def rate(self, node: Tree | None, path: str) -> Value | None:
        """A yearly rate."""
        value = self.value(node, path)
        if value is None or node is None:
            return None
        numbers = [value.low, value.base, value.high] if isinstance(value, Range) else [value.constant]
        text = node.text.strip() if isinstance(node, Scalar) else ""
        for number in numbers:
            if number is None:
                continue
            if number < 0:
                self.fault(node, path, "a rate is at least 0%")
                return None
            if number >= 1 and "%" not in text:
                shown = " .. ".join(f"{part.strip()}%" for part in text.split(".."))
                first = text if isinstance(value, Formula) else str(number)
                self.fault(node, path, f"{first} means {_percent(number)} a year; did you mean {shown}?")
                return None
        return value

    # ---- time

    def calendar(self, node: Tree | None, path: str) -> date | None:
        """A date such as 2020-07-01."""
        if node is None:
            return None
        text = node.text.strip() if isinstance(node, Scalar) else ""
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                return date.fromisoformat(text)
        except ValueError:
            self.fault(node, path, f"the calendar has no {text}; a date is written year-month-day")
            return None
        self.fault(node, path, "a date such as 2020-07-01 (year-month-day) is expected here")
        return None

    def length(self, node: Tree | None, path: str, *, date: bool = False) -> Formula | None:
        """A length of time, as a formula in years; `date` says that a date might stand there, too."""
        if node is None:
            return None
        text = node.text.strip() if isinstance(node, Scalar) else ""
        if not isinstance(node, Scalar) or not text:
            self.fault(node, path, "a length of time such as 6 months is expected here")
            return None
        number = parse_number(text)
        if number is not None:
            if number == 0 and "%" not in text:
                return Formula(text, Number(number), node.place)
            if re.fullmatch(r"(19|20|21)\d\d", text):
                self.fault(node, path, f"write the year as a date, such as {text}-01-01")
                return None
            more = f"'{text} weeks' or a date such as 2021-01-01" if date else f"'{text} weeks' or '{text} years'"
            self.fault(node, path, f"{text} what? Write '{text} months', {more}")
            return None
        told = self._not_a_length(text, date=date)
        if told:
            self.fault(node, path, told)
            return None
        match = _LENGTH.fullmatch(text)
        if match:
            return self._counted(node, path, match)
        if NAME.fullmatch(text):
            return self._named_length(node, path, text)
        self.fault(node, path, "a length of time is written '6 months', '2 weeks', '90 days' or '1.5 years'")
        return None

    def _not_a_length(self, text: str, *, date: bool) -> str | None:
        """What people write in place of a length of time or a date, and what to write."""
        word = text.lower()
        if word in {"today", "now", "immediately", "day zero"} and word not in self.names.things:
            return f"write 0, not '{text}': time counts from day zero"
        if word in {"never", "unknown"} and word not in self.names.things:
            return f"'{text}' is no date; of an event that nobody sees in time write 'hidden'"
        if text.startswith("-") and _LENGTH.fullmatch(text):
            return "a date before day zero; 'count_from' is the earliest" if date else "a length of time is at least 0"
        if re.fullmatch(r"\d{1,4}[./]\d{1,2}[./]\d{1,4}", text):
            return "a date is written year-month-day, such as 2021-01-31"
        several = re.fullmatch(r"(\d{1,3}) years?(?:,| and)? (\d{1,3}) months?", word)
        return f"write {12 * int(several[1]) + int(several[2])} months" if several else None

    def _counted(self, node: Scalar, path: str, match: re.Match[str]) -> Formula | None:
        number, unit = parse_number(match[1]), match[2]
        units = dict(UNITS_OF_TIME) | {name[:-1]: years for name, years in UNITS_OF_TIME.items()}
        if unit not in units:
            short = {"m": "months", "mo": "months", "y": "years", "yr": "years", "yrs": "years", "a": "years"}
            short |= {"w": "weeks", "wk": "weeks", "wks": "weeks", "d": "days"}
            if unit in short:
                self.fault(node, path, f"'{unit}' is not a unit of time; did you mean '{match[1]} {short[unit]}'?")
                return None
            best = difflib.get_close_matches(unit, list(UNITS_OF_TIME), n=1, cutoff=0.5)
            meant = f"; did you mean '{match[1]} {best[0]}'?" if best else "; use years, months, weeks or days"
            self.fault(node, path, f"'{unit}' is not a unit of time{meant}")
            return None
        if number is None or number < 0:
            self.fault(node, path, f"'{match[1]}' is not a number of {unit}")
            return None
        if number * units[unit] > 1000:
            self.fault(node, path, "more than 1000 years is too long")
            return None
        return Formula(node.text.strip(), Number(number * units[unit]), node.place)

    def _named_length(self, node: Scalar, path: str, name: str) -> Formula | None:
        thing = self.names.things.get(name)
        if thing is None or thing.kind != "input":
            if thing is not None or self.names.things_whole:
                inputs = [other for other, held in self.names.things.items() if held.kind == "input"]
                told = f"'{name}' is neither a length of time nor an input"
                self.fault(node, path, told + (near(name, inputs) or "; write '6 months', for example"))
            return None
        unit = (thing.unit or "").strip()
        years = UNITS_OF_TIME.get(unit) or UNITS_OF_TIME.get(unit + "s")
        if years is None:
            self.fault(
                node, path, f"the input '{name}' is no length of time: its 'unit' must be years, months, weeks or days"
            )
            return None
        counted = Name(name) if years == 1 else Arithmetic("*", Name(name), Number(years))
        return Formula(name, counted, node.place)

    def time(self, node: Tree | None, path: str) -> Time | None:
        """A date: a length of time from day zero, a calendar date, or `date of january`."""
        if node is None:
            return None
        text = node.text.strip() if isinstance(node, Scalar) else ""
        if isinstance(node, Scalar) and text.startswith("date of"):
            name = text.removeprefix("date of").strip()
            thing = self.names.things.get(name)
            if thing is not None and thing.may_be("decision", "agreement", "deal", "event"):
                return DateOf(name, node.place)
            if thing is not None or self.names.things_whole:
                dated = [
                    other for other, held in self.names.things.items() if held.kind not in {"input", "switch", "term"}
                ]
                self.fault(node, path, f"'{name[:60]}' is neither a decision nor an event{near(name, dated)}")
            return None
        if isinstance(node, Scalar) and _DATE.fullmatch(text):
            return self._calendar_time(node, path)
        return self.length(node, path, date=True)

    def _calendar_time(self, node: Scalar, path: str) -> Formula | None:
        day = self.calendar(node, path)
        if day is None:
            return None
        if self.day_zero is None:
            if self.root.get("timing") is not None and "timing.count_from" not in self.broken:
                self.fault(node, path, "a calendar date needs 'count_from' under 'timing'")
            return None
        if day < self.day_zero:
            self.fault(node, path, f"{day} is before 'count_from', {self.day_zero}")
            return None
        return Formula(node.text.strip(), Number(years_between(self.day_zero, day)), node.place)

    # ---- conditions

    def condition(self, node: Tree | None, path: str, *, rows: bool = False) -> Condition | str | None:
        """A condition, `OTHERWISE` (in rows only), or None if it is faulty."""
        if node is None:
            return ALWAYS
        if isinstance(node, Scalar):
            if node.text == OTHERWISE and rows:
                return OTHERWISE
            pair = re.fullmatch(r"\s*(\w+)\s*(?:==?|:|is)\s*(\w+)\s*", node.text)
            told = (
                f"a condition is written {{{pair[1]}: {pair[2]}}}" if pair else "a condition is written {name: option}"
            )
            told = "'otherwise' stands in rows only" if node.text == OTHERWISE else told
            self.fault(node, path, told)
            return None
        parts = node.items if isinstance(node, Sequence) else (node,)
        if not parts:
            self.fault(node, path, _empty(path))
            return None
        clauses = [self._clause(part, path) for part in parts]
        if any(clause is None for clause in clauses):
            return None
        return Condition(tuple(clause for clause in clauses if clause is not None), node.place)

    def plain_condition(self, node: Tree | None, path: str) -> Condition | None:
        """A condition where `otherwise` makes no sense; None if not written or faulty."""
        found = self.condition(node, path) if node is not None else None
        return found if isinstance(found, Condition) else None

    def existing(self, node: Tree | None, path: str, block: str) -> Condition | None:
        """The `when` of what may exist or not; if it is faulty, what happens in the block cannot be told."""
        found = self.plain_condition(node, path)
        if node is not None and found is None:
            self.spoil(block)
        return found

    def _clause(self, node: Tree, path: str) -> Clause | None:
        if not isinstance(node, Mapping):
            self.fault(node, path, f"a condition is written {{name: option}}, not as {kind_of(node)}")
            return None
        if not node.entries:
            self.fault(node, path, _empty(path))
            return None
        terms = []
        fine = True
        for key, value in node.entries:
            fitting = self._fitting(key, value, path)
            fine = fine and fitting is not None
            if fitting is not None:
                terms.append((key.text, fitting))
        return Clause(tuple(terms)) if fine else None

    def _fitting(self, key: Scalar, value: Tree, path: str) -> tuple[str, ...] | None:
        thing = self.names.things.get(key.text)
        if thing is None:
            if key.text in self.names.players:
                self.fault(
                    key, path, f"'{key.text}' is a player; conditions name decisions, terms, events and switches"
                )
            elif self.names.things_whole:
                others = [name for name, held in self.names.things.items() if held.kind != "input"]
                self.fault(key, path, f"nothing is called '{key.text[:60]}'{near(key.text, others)}")
            return None
        if thing.kind == "input":
            self.fault(
                key, path, f"'{key.text}' is a number; conditions name options and outcomes, use if(...) in a value"
            )
            return None
        parts = value.items if isinstance(value, Sequence) else (value,)
        if not parts:
            self.fault(value, path, "an empty list fits nothing")
            return None
        fitting: list[str] = []
        for part in parts:
            if not isinstance(part, Scalar) or part.empty:
                self.fault(part if not isinstance(part, Scalar) else key, path, f"say which value of '{key.text}' fits")
                return None
            found = thing.spelled(part.text)
            if found is None:
                told = f"'{part.text[:60]}' is not {thing.noun} of '{key.text}' ({listed(thing.words())})"
                self.fault(part, path, told + near(part.text, thing.words()))
                return None
            fitting += [word for word in found if word not in fitting]
        return tuple(fitting)


def years_between(start: date, end: date) -> Fraction:
    """Whole calendar months count 1/12 of a year, days left over 1/365.25.

    >>> years_between(date(2020, 7, 1), date(2021, 1, 1))
    Fraction(1, 2)
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day < start.day:
        months -= 1
    return Fraction(months, 12) + (end - months_after(start, months)).days * UNITS_OF_TIME["days"]


def months_after(start: date, months: int) -> date:
    """The same day some months later; the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for day in range(start.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(start.day, 28))


def _percent(number: Fraction) -> str:
    return f"{float(number * 100):.10g}%"
