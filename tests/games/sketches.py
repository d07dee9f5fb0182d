"""Random small negotiations, as plain data (`Sketch`) and as the text of a scenario file.

A sketch holds what a scenario file says in the plainest form: names, conditions as lists of {name: values}, whole years
for dates. `text_of` writes it down, `tests/games/interpreter.py` says what it means; neither looks at the program.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Clauses = list[dict[str, list[str]]]  # any of these; in each all of these


@dataclass
class Value:
    """A number, a range (its middle counts), or a multiple of an input or of a numeric term."""

    number: int = 0
    spread: int = 0
    name: str = ""

    def text(self) -> str:
        if self.name:
            return f"{self.number} * {self.name}" if self.number >= 0 else f"({self.number}) * {self.name}"
        if self.spread:
            return f"{self.number - self.spread} .. {self.number} .. {self.number + 2 * self.spread}"
        return str(self.number)


@dataclass
class Choice:
    """A decision: `options` with their conditions (None: always), or `terms` with their numeric levels."""

    name: str
    by: list[str]
    at: int
    options: dict[str, Clauses | None] = field(default_factory=dict)
    terms: dict[str, list[int]] = field(default_factory=dict)
    when: Clauses | None = None
    means: str | None = None
    seen_by: dict[str, int] | None = None
    proposes: str = "each"

    @property
    def joint(self) -> bool:
        return len(self.by) > 1


@dataclass
class Happening:
    """An event. Chances are whole percents per row (`None` as the condition: otherwise)."""

    name: str
    outcomes: list[str]
    at: int | None
    rows: list[tuple[Clauses | None, list[int]]] = field(default_factory=list)
    when: Clauses | None = None
    beliefs: dict[str, list[int]] = field(default_factory=dict)
    signal_of: str | None = None
    right: int = 0
    seen_by: dict[str, int] | None = None


@dataclass
class PayoffRow:
    when: Clauses | None  # None: otherwise
    values: dict[str, Value]
    at: int | str | None = None  # years, or the name whose date it is


@dataclass
class PayoffLine:
    rows: list[PayoffRow]
    single: bool
    when: Clauses | None = None
    at: int | str | None = None


@dataclass
class Sketch:
    players: dict[str, int]  # discount rate in whole percents
    items: list[Choice | Happening] = field(default_factory=list)
    lines: list[PayoffLine] = field(default_factory=list)
    inputs: dict[str, tuple[Clauses, int, int] | int] = field(default_factory=dict)
    impossible: Clauses = field(default_factory=list)

    @property
    def choices(self) -> list[Choice]:
        return [item for item in self.items if isinstance(item, Choice)]

    @property
    def happenings(self) -> list[Happening]:
        return [item for item in self.items if isinstance(item, Happening)]

    def item(self, name: str) -> Choice | Happening:
        return next(item for item in self.items if item.name == name)


# ---- what can be said of what --------------------------------------------------------------------------------------


def values_of(item: Choice | Happening) -> list[str]:
    if isinstance(item, Happening):
        return list(item.outcomes)
    if item.terms:
        return ["agreed", "no_agreement"]
    return [*item.options, *(["no_agreement"] if item.joint and item.means is None else [])]


def _earlier(sketch: Sketch, at: int | None, *, event: bool) -> list[Choice | Happening]:
    """What may be rested on by something dated `at` (None: hidden)."""
    found: list[Choice | Happening] = []
    for item in sketch.items:
        if item.at is None:
            if event:
                found.append(item)
        elif at is None or item.at < at or (item.at == at and isinstance(item, Happening)):
            found.append(item)
    if event and at is not None:  # a dated event may rest on what is hidden only if that rests on nothing late
        found = [item for item in found if item.at is not None or _rests_on_nothing(item)]
    return found


def _rests_on_nothing(item: Choice | Happening) -> bool:
    return isinstance(item, Happening) and item.when is None and item.signal_of is None and len(item.rows) == 1


def knows(player: str, item: Choice | Happening, decision: Choice) -> bool:
    """Section 6 of the format: events dated on or before, decisions before; own ones always; `seen_by` delays."""
    if item.at is None:
        return False
    if isinstance(item, Choice) and player in item.by:
        return item.at <= decision.at
    learned = item.at
    if item.seen_by is not None:
        if player not in item.seen_by:
            return False
        learned = max(learned, item.seen_by[player])
    return learned <= decision.at and (isinstance(item, Happening) or item.at < decision.at)


# ---- drawing --------------------------------------------------------------------------------------------------------


def _clauses(rng: random.Random, items: list[Choice | Happening]) -> Clauses:
    clauses = []
    for _ in range(rng.choice([1, 1, 1, 2])):
        names = rng.sample(items, min(len(items), rng.choice([1, 1, 2])))
        clause = {}
        for item in names:
            values = values_of(item)
            clause[item.name] = sorted(rng.sample(values, rng.randint(1, max(1, len(values) - 1))))
        clauses.append(clause)
    return clauses


def _percents(rng: random.Random, count: int) -> list[int]:
    cuts = sorted(rng.sample(range(1, 10), count - 1))
    return [10 * (b - a) for a, b in zip([0, *cuts], [*cuts, 10], strict=True)]


def _seen(rng: random.Random, players: list[str], at: int) -> dict[str, int] | None:
    if rng.random() < 0.6:
        return None
    return {player: at + rng.choice([0, 0, 1, 2]) for player in rng.sample(players, rng.randint(1, len(players)))}


def _happening(rng: random.Random, sketch: Sketch, name: str, at: int | None) -> Happening:
    outcomes = [f"{name}_{letter}" for letter in "xyz"[: rng.choice([2, 2, 3])]]
    before = _earlier(sketch, at, event=True)
    players = list(sketch.players)
    item = Happening(name, outcomes, at)
    parents = [other for other in before if isinstance(other, Happening)]
    if parents and rng.random() < 0.4:
        parent = rng.choice(parents)
        item.signal_of, item.outcomes, item.right = parent.name, list(parent.outcomes), rng.choice([60, 80, 90])
    elif before and rng.random() < 0.4:
        item.rows = [
            (_clauses(rng, before), _percents(rng, len(outcomes))),
            (None, _percents(rng, len(outcomes))),
        ]
    else:
        item.rows = [([{}], _percents(rng, len(outcomes)))]
    if before and rng.random() < 0.3:
        item.when = _clauses(rng, before)
    if rng.random() < 0.2:
        item.beliefs = {rng.choice(players): _percents(rng, len(item.outcomes))}
    if at is not None:
        item.seen_by = _seen(rng, players, at)
    return item


def _choice(rng: random.Random, sketch: Sketch, name: str, at: int, *, most_by: int) -> Choice:
    players = list(sketch.players)
    by = rng.sample(players, 1 if most_by < 2 or rng.random() < 0.6 else rng.randint(2, most_by))
    item = Choice(name, sorted(by), at)
    if item.joint and rng.random() < 0.2:
        item.terms = {f"{name}_t": [1, 2], **({f"{name}_s": [3, 5]} if rng.random() < 0.3 else {})}
    else:
        item.options = dict.fromkeys(f"{name}_{letter}" for letter in "pqr"[: rng.choice([2, 2, 3])])
        if item.joint and rng.random() < 0.25:
            item.means = next(iter(item.options))
    if item.joint:
        item.proposes = rng.choice(["each", "each", *item.by, *(["at_once"] if not item.terms else [])])
    before = _earlier(sketch, at, event=False)
    if before and rng.random() < 0.4:
        item.when = _clauses(rng, before)
    known = [other for other in before if all(knows(player, other, item) for player in item.by)]
    if known and item.options and rng.random() < 0.3:
        item.options[list(item.options)[-1]] = _clauses(rng, known)
    if rng.random() < 0.3:
        item.seen_by = _seen(rng, players, at)
    earlier = [other for other in known if isinstance(other, Choice) and other.options]
    if earlier and len(item.options) > 2 and rng.random() < 0.5:
        other = rng.choice(earlier)
        rule = {other.name: [next(iter(other.options))], name: [list(item.options)[1]]}
        if other.means is None and item.means is None:
            sketch.impossible.append(rule)
    return item


def _values(rng: random.Random, sketch: Sketch) -> dict[str, Value]:
    values = {}
    for player in sketch.players:
        kind = rng.random()
        if kind < 0.15 and sketch.inputs:
            values[player] = Value(rng.randint(-3, 3), name=rng.choice(list(sketch.inputs)))
        elif kind < 0.3:
            values[player] = Value(rng.randint(-5, 9), rng.randint(1, 2))
        else:
            values[player] = Value(rng.randint(-5, 9))
    return values


def _dated(rng: random.Random, sketch: Sketch) -> int | str | None:
    if rng.random() < 0.7:
        return None
    dated = [item.name for item in sketch.items if item.at is not None]
    ways: list[int | str] = [0, 1, 2, rng.choice(dated)]
    return rng.choice(ways)


def _line(rng: random.Random, sketch: Sketch) -> PayoffLine:
    item = rng.choice(sketch.items)
    when = _clauses(rng, sketch.items) if rng.random() < 0.3 else None
    if rng.random() < 0.4:
        values = _values(rng, sketch)
        clauses = _clauses(rng, sketch.items)
        if isinstance(item, Choice) and item.terms and rng.random() < 0.7:
            clauses = [{item.name: ["agreed"]}]
            values[rng.choice(list(values))] = Value(rng.randint(-3, 3), name=rng.choice(list(item.terms)))
        return PayoffLine([PayoffRow(clauses, values, None)], single=True, at=_dated(rng, sketch))
    said = values_of(item)
    named = said if rng.random() < 0.3 else said[:-1]
    rows = [PayoffRow([{item.name: [value]}], _values(rng, sketch), _dated(rng, sketch)) for value in named]
    rows.append(PayoffRow(None, _values(rng, sketch), _dated(rng, sketch)))
    return PayoffLine(rows, single=False, when=when, at=_dated(rng, sketch) if rng.random() < 0.2 else None)


def sketch(rng: random.Random, *, players: int = 0, items: int = 0, most_by: int = 3) -> Sketch:
    """A random negotiation of 2 or 3 players with up to five decisions and events in any order of time."""
    names = ["ann", "bob", "cyd"][: players or rng.choice([2, 2, 3])]
    made = Sketch({name: rng.choice([0, 10, 25]) for name in names})
    count = items or rng.randint(2, 5)
    at = 0
    for number in range(count):
        at += rng.choice([0, 0, 1, 1, 2])
        if rng.random() < 0.55 or (number == count - 1 and not made.choices):
            made.items.append(_choice(rng, made, f"d{number}", at, most_by=min(most_by, len(names))))
        else:
            hidden = rng.random() < 0.3
            made.items.append(_happening(rng, made, f"e{number}", None if hidden else at))
    for number in range(rng.randint(0, 2)):
        clauses = _clauses(rng, made.items)
        made.inputs[f"i{number}"] = (clauses, rng.randint(-3, 5), rng.randint(-3, 5)) if rng.random() < 0.6 else 2
    made.lines = [_line(rng, made) for _ in range(rng.randint(2, 4))]
    return made


# ---- writing --------------------------------------------------------------------------------------------------------


def _when(clauses: Clauses | None) -> Any:
    if clauses is None:
        return "otherwise"
    return clauses[0] if len(clauses) == 1 else clauses


def _at(at: int | str) -> str:
    return f"date of {at}" if isinstance(at, str) else f"{at} years" if at else "0"


def _moment(item: Choice | Happening) -> Any:
    if item.at is None:
        return "hidden"
    moment: dict[str, Any] = {"at": _at(item.at)}
    if item.seen_by is not None:
        moment["seen_by"] = {player: _at(at) for player, at in item.seen_by.items()}
    if isinstance(item, Choice) and item.joint:
        moment["proposes"] = item.proposes
    return moment


def _decision(item: Choice) -> dict[str, Any]:
    written: dict[str, Any] = {"by": item.by if item.joint else item.by[0]}
    if item.terms:
        written["terms"] = {name: {"levels": levels} for name, levels in item.terms.items()}
    else:
        written["options"] = {
            name: {"label": name} | ({} if when is None else {"when": _when(when)})
            for name, when in item.options.items()
        }
    if item.when is not None:
        written["when"] = _when(item.when)
    if item.joint:
        written["no_agreement"] = {"label": "nothing"} | ({"means": item.means} if item.means else {})
    return written


def _chances(outcomes: list[str], chances: list[int]) -> dict[str, str]:
    said = {name: f"{chance}%" for name, chance in zip(outcomes, chances, strict=True)}
    if sum(chances) % 20 == 0:
        said[outcomes[-1]] = "rest"
    return said


def _event(item: Happening) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if item.signal_of:
        written |= {"signal_of": item.signal_of, "right": f"{item.right}%"}
    elif len(item.rows) == 1:
        written["chances"] = _chances(item.outcomes, item.rows[0][1])
    else:
        written["chances"] = [{"when": _when(when)} | _chances(item.outcomes, row) for when, row in item.rows]
    if item.when is not None:
        written["when"] = _when(item.when)
    if item.beliefs:
        written["beliefs"] = {player: _chances(item.outcomes, chances) for player, chances in item.beliefs.items()}
    return written


def _payoff_row(row: PayoffRow, *, always: bool = False) -> dict[str, Any]:
    written: dict[str, Any] = {} if always else {"when": _when(row.when)}
    if row.at is not None:
        written["at"] = _at(row.at)
    return written | {player: value.text() for player, value in row.values.items()}


def document_of(made: Sketch) -> dict[str, Any]:
    """The scenario file of a sketch as plain data."""
    lines: dict[str, Any] = {"base": {"rows": [{"all": 0}]}}
    for number, line in enumerate(made.lines):
        written: dict[str, Any] = _payoff_row(line.rows[0]) if line.single else {}
        if not line.single:
            written["rows"] = [_payoff_row(row) for row in line.rows]
            if line.when is not None:
                written["when"] = _when(line.when)
        if line.at is not None:
            written["at"] = _at(line.at)
        lines[f"l{number}"] = written
    inputs: dict[str, Any] = {}
    for name, said in made.inputs.items():
        if isinstance(said, int):
            inputs[name] = f"{said - 1} .. {said} .. {said + 3}"
        else:
            clauses, fits, other = said
            inputs[name] = {"rows": [{"when": _when(clauses), "value": fits}, {"when": "otherwise", "value": other}]}
    first = made.choices[0]
    baseline = "agreed" if first.terms else next(iter(first.options))
    return {
        "gamecore": 1,
        "title": "T",
        "question": "Q",
        "advise": "ann",
        "players": {name: {"name": name, "discount_rate": f"{rate}%"} for name, rate in made.players.items()},
        "decisions": {item.name: _decision(item) for item in made.choices},
        "events": {item.name: _event(item) for item in made.happenings},
        "impossible": made.impossible,
        "baseline": {first.name: baseline},
        "timing": {item.name: _moment(item) for item in made.items},
        "payoffs": lines,
        "inputs": inputs,
    }


def text_of(made: Sketch) -> str:
    """The scenario file of a sketch."""
    return "\n".join(_lines({key: value for key, value in document_of(made).items() if value not in ([], {})})) + "\n"


def _lines(value: Any, indent: str = "") -> Iterator[str]:
    for key, inside in value.items():
        if isinstance(inside, dict) and len(indent) < 4:
            yield f"{indent}{key}:"
            yield from _lines(inside, indent + "  ")
        else:
            yield f"{indent}{key}: {_flow(inside)}"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inside)}" for key, inside in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    text = str(value)
    return json.dumps(text) if "," in text else text
