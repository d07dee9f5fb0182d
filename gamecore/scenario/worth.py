"""Question 4: what are the payoffs? Lines with their rows, and the inputs behind them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gamecore.model import (
    ALWAYS,
    Condition,
    Enpv,
    Formula,
    Input,
    InputRow,
    Line,
    Player,
    Row,
    Shape,
    Time,
    Uncertain,
    Value,
)
from gamecore.scenario.document import SHAPES
from gamecore.scenario.expressions import parse_number
from gamecore.scenario.reader import OTHERWISE, Fields, Reader, listed, near, spoken
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below, item
from gamecore.scenario.weights import check_weights, read_weights

_WHOLE = Fraction(1)


# ---- payoffs ---------------------------------------------------------------------------------------------------------


def read_payoffs(reader: Reader, players: dict[str, Player]) -> dict[str, Line]:
    """The payoff lines in file order."""
    node = reader.root.get("payoffs")
    inside = reader.mapping(node, "payoffs") if node is not None else None
    lines: dict[str, Line] = {}
    if inside is None:
        reader.spoil("payoffs")
        return lines
    rankings = inside.key("rankings")
    if rankings is not None:
        reader.spoil("payoffs")  # lines beside a ranking are told by the checks
        inside = inside.without("rankings")
    for key, value in reader.entries(inside, "payoffs"):
        fields = reader.fields(value, below("payoffs", key.text), "line", own=reader.names.players)
        if fields is None:
            reader.spoil("payoffs")
            continue
        lines[key.text] = _line(reader, key, fields)
    if not inside.entries and rankings is None:
        reader.fault(inside, "payoffs", "say what the outcomes are worth: at least one line")
        reader.spoil("payoffs")
    _check_rates(reader, players, lines)
    _check_enpv(reader, lines)
    check_weights(reader, lines)
    return lines


def _line(reader: Reader, key: Scalar, fields: Fields) -> Line:
    path = fields.path
    single = fields.node.key("rows") is None
    when = reader.condition(fields.get("when"), path if single else below(path, "when"))
    at = reader.time(fields.get("at"), below(path, "at"))
    if when is None:
        reader.spoil(path)
    condition = when if isinstance(when, Condition) else ALWAYS
    rows: tuple[Row, ...]
    if single:
        values = _amounts(reader, fields, path, tail=True)
        rows = (Row(values, condition, at, key.place),)
    else:
        for extra, _ in fields.own:
            reader.fault(
                extra, path, f"a line with 'rows' has its values in the rows; '{extra.text[:60]}' cannot stand here"
            )
        if "all" in fields:
            reader.fault(
                fields.place("all"), path, "a line with 'rows' has its values in the rows; 'all' cannot stand here"
            )
        rows = _rows(reader, fields.get("rows"), path)
    for row in rows:
        _undated(reader, row, row.at if row.at is not None else at, path)
    return Line(
        name=key.text,
        label=reader.text(fields.get("label"), below(path, "label")) or spoken(key.text),
        rows=rows,
        single=single,
        when=condition if "when" in fields else None,
        at=at,
        weights=read_weights(reader, fields),
        confidential=reader.yes_no(fields.get("confidential"), below(path, "confidential")),
        source=reader.text(fields.get("source"), below(path, "source")),
        note=reader.text(fields.get("note"), below(path, "note")),
        place=key.place,
    )


def _rows(reader: Reader, node: Tree | None, path: str) -> tuple[Row, ...]:
    if not isinstance(node, Sequence) or not node.items:
        if node is not None:
            reader.fault(node, path, "rows are a list: - {when: {plan: wait}, diamond: 5, sapphire: 3}")
        reader.spoil(path)
        return ()
    rows = []
    for index, part in enumerate(node.items):
        here = item(path, index)
        fields = reader.fields(part, here, "row", own=reader.names.players)
        if fields is None:
            reader.spoil(path)
            continue
        when = reader.condition(fields.get("when"), here, rows=True)
        if when is None:
            reader.spoil(path)
        condition = when if isinstance(when, Condition) else None if when == OTHERWISE else ALWAYS
        rows.append(Row(_amounts(reader, fields, here), condition, reader.time(fields.get("at"), here), part.place))
    if sum(row.when is None for row in rows) > 1:
        reader.fault(node, path, "'otherwise' stands once in a line")
        reader.spoil(path)
    return tuple(rows)


def _undated(reader: Reader, row: Row, at: Time | None, path: str) -> None:
    """`enpv` has no date: it is discounted already."""
    found = next((value for value in row.values.values() if isinstance(value, Enpv)), None)
    if found is not None and _later(at):
        told = "'enpv' is worth what it is worth on day zero already; leave 'at' out, or give it a row of its own"
        reader.fault(found.place, path, told)


def _amounts(reader: Reader, fields: Fields, path: str, *, tail: bool = False) -> dict[str, Value | Enpv]:
    """A value for every player. `tail`: faults name the player in their path (a line of one row)."""
    values: dict[str, Value | Enpv] = {}
    faulty = False
    for key, node in fields.own:
        if key.text not in reader.names.players:
            faulty = True
            if reader.names.players_whole:
                words = [*reader.names.players, "when", "at", "all", "rows", "label"]
                told = f"'{key.text[:60]}' is neither a player nor a key here" + near(key.text, words)
                if key.text in reader.names.things and isinstance(node, Scalar):
                    told = f"a condition stands under 'when': {{when: {{{key.text}: {node.text[:60]}}}, ...}}"
                reader.fault(key, path, told)
            continue
        value = _amount(reader, node, below(path, key.text) if tail else path)
        faulty = faulty or value is None
        if value is not None:
            values[key.text] = value
    shared = _amount(reader, fields.get("all"), below(path, "all") if tail else path)
    if shared is not None:
        for player in reader.names.players:
            values.setdefault(player, shared)
    elif not faulty and fields.node.key("all") is None:
        written = {key.text for key, _ in fields.node.entries}
        for player in reader.names.players:
            if player not in written:
                reader.fault(fields.node, path, f"no value for '{player}'; add '{player}: ...' or use 'all:'")
    return {player: values[player] for player in reader.names.players if player in values}


def _amount(reader: Reader, node: Tree | None, path: str) -> Value | Enpv | None:
    if isinstance(node, Scalar) and node.text.strip() == "enpv":
        return Enpv(node.place)
    return reader.value(node, path)


def _check_enpv(reader: Reader, lines: dict[str, Line]) -> None:
    """`enpv` is the value of a programme under a deal, so the file has both."""
    found = next((line for line in lines.values() if line.enpv is not None), None)
    if found is None or found.enpv is None:
        return
    for block in ("programme", "deal"):
        alone = block == "deal" and len(reader.names.players) == 1
        if reader.root.key(block) is None and not alone:
            example = "{phases: ..., sales: ...}" if block == "programme" else "{cost_share: ..., profit_share: ...}"
            told = f"'enpv' is the value of the programme under the deal; the file has no '{block}': add '{block}: "
            reader.fault(found.enpv.place, f"payoffs.{found.name}", f"{told}{example}'")
            reader.spoil(block)


def _check_rates(reader: Reader, players: dict[str, Player], lines: dict[str, Line]) -> None:
    dated = next((line for line in lines.values() if any(_later(time) for time in _times(line))), None)
    valued = next((line for line in lines.values() if line.enpv is not None), None)
    for player in players.values():
        node = reader.root.get("players")
        written = node.get(player.name) if isinstance(node, Mapping) else None
        has_rate = isinstance(written, Mapping) and written.key("discount_rate") is not None
        if dated is not None and not has_rate:
            told = f"payoffs.{dated.name} has a date, so add 'discount_rate: 9%' to discount it"
            reader.fault(player.place, f"players.{player.name}", told)
        elif valued is not None and not has_rate and _has_enpv(valued, player.name):
            told = f"payoffs.{valued.name} uses 'enpv', so add 'discount_rate: 9%' to discount it"
            reader.fault(player.place, f"players.{player.name}", told)


def _has_enpv(line: Line, player: str) -> bool:
    return any(isinstance(row.values.get(player), Enpv) for row in line.rows)


def _times(line: Line) -> list[Time | None]:
    return [line.at, *(row.at for row in line.rows)]


def _later(time: Time | None) -> bool:
    return time is not None and not (isinstance(time, Formula) and time.constant == 0)


# ---- inputs ----------------------------------------------------------------------------------------------------------


def read_inputs(reader: Reader) -> dict[str, Input]:
    """The inputs in file order."""
    inputs = {}
    for key, value in reader.entries(reader.root.get("inputs"), "inputs"):
        path = below("inputs", key.text)
        if isinstance(value, Scalar):
            inputs[key.text] = Input(key.text, spoken(key.text), reader.value(value, path), place=key.place)
            continue
        fields = reader.fields(value, path, "input")
        if fields is not None:
            inputs[key.text] = _input(reader, key, fields)
    for name, found in inputs.items():
        for other in found.moves_with:
            if other in inputs and name in inputs[other].moves_with and name < other:
                told = f"'{name}' and '{other}' name each other; a correlation is written once"
                reader.fault(inputs[other].place, f"inputs.{other}.moves_with", told)
        computed = next((one for one in (name, *found.moves_with) if _computed(inputs.get(one))), None)
        if found.moves_with and computed is not None:
            told = f"'{computed}' is no range of its own; say with which of the ranges behind it this one moves"
            reader.fault(found.place, f"inputs.{name}.moves_with", told)
    return inputs


def _computed(found: Input | None) -> bool:
    """Whether an input follows others or what happens. (One number may be a range that a lever fixed.)"""
    if found is None:
        return False
    return bool(found.rows or found.one_of or (isinstance(found.value, Formula) and found.value.names))


@dataclass
class _Numbers:
    value: Value | Uncertain | None = None
    rows: tuple[InputRow, ...] = ()
    one_of: tuple[tuple[str, str], ...] = ()
    stands: str | None = None


def _input(reader: Reader, key: Scalar, fields: Fields) -> Input:
    path = fields.path
    kinds = [kind for kind in ("rows", "one_of") if fields.node.key(kind) is not None]
    numbers = _Numbers()
    if kinds == ["one_of"]:
        numbers = _switch(reader, key, fields)
    elif kinds == ["rows"]:
        if "value" in fields:
            reader.fault(fields.place("value"), path, "either 'value' or 'rows', not both")
        numbers.rows = _input_rows(reader, fields.get("rows"), path)
    elif kinds:
        reader.fault(fields.place("rows"), path, "a switch ('one_of') has no rows")
    elif "value" not in fields:
        if fields.node.key("value") is None:
            reader.fault(key, path, "an input needs a 'value'")
    else:
        numbers.value = _number(reader, fields)
    for extra in ("shape", "at_least", "at_most", "moves_with"):
        if kinds and extra in fields:
            reader.fault(fields.place(extra), path, f"'{extra}' belongs to an input with one value")
    return Input(
        name=key.text,
        label=reader.text(fields.get("label"), below(path, "label")) or spoken(key.text),
        value=numbers.value,
        rows=numbers.rows,
        one_of=numbers.one_of,
        stands=numbers.stands,
        unit=reader.text(fields.get("unit"), below(path, "unit")),
        source=reader.text(fields.get("source"), below(path, "source")),
        owner=reader.text(fields.get("owner"), below(path, "owner")),
        moves_with={} if kinds else _moves_with(reader, key, fields.get("moves_with"), below(path, "moves_with")),
        confidential=reader.yes_no(fields.get("confidential"), below(path, "confidential")),
        note=reader.text(fields.get("note"), below(path, "note")),
        place=key.place,
    )


def _switch(reader: Reader, key: Scalar, fields: Fields) -> _Numbers:
    path = fields.path
    inside = reader.mapping(fields.get("one_of") or fields.node, below(path, "one_of"))
    positions = []
    for name, label in reader.entries(inside, below(path, "one_of")):
        positions.append((name.text, reader.text(label, below(path, "one_of")) or name.text))
    node = fields.get("value")
    word = reader.text(node, below(path, "value"))
    names = [name for name, _ in positions]
    if node is None:
        if fields.node.key("value") is None:
            reader.fault(key, path, f"say where the switch stands: add 'value: {names[0] if names else '...'}'")
    elif word is not None and word not in names and isinstance(inside, Mapping):
        told = f"'{word[:60]}' is not a position of '{key.text}' ({listed(names)}){near(word, names)}"
        reader.fault(node, below(path, "value"), told)
        word = None
    return _Numbers(one_of=tuple(positions), stands=word)


def _input_rows(reader: Reader, node: Tree | None, path: str) -> tuple[InputRow, ...]:
    if not isinstance(node, Sequence) or not node.items:
        if node is not None:
            reader.fault(node, path, "rows are a list: - {when: {costs: fall}, value: 36}")
        reader.spoil(path)
        return ()
    rows = []
    for index, part in enumerate(node.items):
        here = item(path, index)
        fields = reader.fields(part, here, "input_row")
        when = reader.condition(fields.get("when"), here, rows=True) if fields is not None else None
        value = reader.value(fields.get("value"), here) if fields is not None else None
        if when is None or value is None:
            reader.spoil(path)
            continue
        rows.append(InputRow(value, when if isinstance(when, Condition) else None, part.place))
    if sum(row.when is None for row in rows) > 1:
        reader.fault(node, path, "'otherwise' stands once")
        reader.spoil(path)
    return tuple(rows)


def _number(reader: Reader, fields: Fields) -> Value | Uncertain | None:
    node = fields.get("value")
    path = below(fields.path, "value")
    shape = _shape(reader, fields)
    low = reader.number(fields.get("at_least"), below(fields.path, "at_least"))
    high = reader.number(fields.get("at_most"), below(fields.path, "at_most"))
    if low is not None and high is not None and low > high:
        reader.fault(fields.place("at_most"), fields.path, "'at_most' is below 'at_least'")
    if node is None or shape == "":
        return None
    if isinstance(node, Mapping):
        return _discrete(reader, node, path, shape, (low, high))
    if shape is None and low is None and high is None:
        return reader.value(node, path)
    text = node.text if isinstance(node, Scalar) else ""
    if not isinstance(node, Scalar) or ".." not in text:
        wanted = (
            "{10: 30%, 20: 70%}"
            if shape == Shape.DISCRETE
            else "10 .. 20"
            if shape == Shape.UNIFORM
            else "10 .. 15 .. 20"
        )
        reader.fault(node, path, f"only an uncertain value has a shape or bounds: write {wanted}, or leave them out")
        return None
    return _uncertain(reader, node, path, Shape(shape or "normal"), (low, high))


def _shape(reader: Reader, fields: Fields) -> str | None:
    node = fields.get("shape")
    word = reader.text(node, below(fields.path, "shape"))
    if node is None or word is None or word in SHAPES:
        return word
    reader.fault(
        node, below(fields.path, "shape"), f"'{word[:60]}' is not a shape ({', '.join(SHAPES)}){near(word, SHAPES)}"
    )
    return ""


def _uncertain(
    reader: Reader, node: Scalar, path: str, shape: Shape, bounds: tuple[Fraction | None, Fraction | None]
) -> Uncertain | None:
    points = reader.points(node, path)
    if points is None:
        return None
    wanted = 2 if shape is Shape.UNIFORM else 3
    if shape is Shape.DISCRETE:
        reader.fault(node, path, "a discrete value is written {10: 30%, 20: 70%}")
    elif len(points) != wanted:
        words = "two numbers, lowest .. highest" if wanted == 2 else "three numbers, low .. base .. high"
        reader.fault(node, path, f"the shape {shape} needs {words}")
    elif shape is Shape.LOGNORMAL and points[0] <= 0:
        reader.fault(node, path, "a lognormal value is above 0")
    else:
        middle = points[1] if wanted == 3 else (points[0] + points[1]) / 2
        if (bounds[0] is not None and middle < bounds[0]) or (bounds[1] is not None and middle > bounds[1]):
            reader.fault(node, path, "the base value lies outside 'at_least' and 'at_most'")
        return Uncertain(shape, points, (), bounds[0], bounds[1], node.text.strip(), node.place)
    return None


def _discrete(
    reader: Reader, node: Mapping, path: str, shape: str | None, bounds: tuple[Fraction | None, Fraction | None]
) -> Uncertain | None:
    if shape not in {None, "discrete"}:
        reader.fault(node, path, f"values with chances have the shape 'discrete', not '{shape}'")
        return None
    points: list[Fraction] = []
    weights: list[Fraction] = []
    for key, value in node.entries:
        point = parse_number(key.text)
        weight = reader.chance(value, path)
        if point is None:
            reader.fault(
                key, path, f"'{key.text[:40]}' is not a number; a discrete value is written {{10: 30%, 20: 70%}}"
            )
            return None
        if not isinstance(weight, Formula) or weight.constant is None:
            if weight is not None:
                reader.fault(value, path, "the chance of a discrete value is a plain percentage")
            return None
        points.append(point)
        weights.append(weight.constant)
    if sum(weights) != _WHOLE:
        reader.fault(node, path, f"the chances sum to {float(sum(weights) * 100):.10g}%, not 100%")
        return None
    text = ", ".join(f"{key.text}: {value.text}" for key, value in node.entries if isinstance(value, Scalar))
    return Uncertain(Shape.DISCRETE, tuple(points), tuple(weights), bounds[0], bounds[1], text, node.place)


def _moves_with(reader: Reader, key: Scalar, node: Tree | None, path: str) -> dict[str, Fraction]:
    inside = reader.mapping(node, path) if node is not None else None
    found = {}
    for other, value in inside.entries if inside is not None else ():
        thing = reader.names.things.get(other.text)
        if thing is None or thing.kind != "input" or other.text == key.text:
            if thing is not None or reader.names.things_whole:
                inputs = [
                    name for name, held in reader.names.things.items() if held.kind == "input" and name != key.text
                ]
                reader.fault(other, path, f"'{other.text[:60]}' is not another input{near(other.text, inputs)}")
            continue
        number = reader.number(value, path)
        if number is not None and not -1 <= number <= 1:
            reader.fault(value, path, "a rank correlation lies between -1 and 1")
        elif number is not None:
            found[other.text] = number
    return found
