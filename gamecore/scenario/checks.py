"""What only the whole file can show: cycles, dates in the wrong order, chances that do not sum, outcomes without a
value.

Each check runs only where what it rests on was read without fault (`Reader.broken`), so that it never tells
consequences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Lookup
from fractions import Fraction
from typing import Final, TypeVar

from gamecore.errors import InputError
from gamecore.model import (
    ALWAYS,
    NO_AGREEMENT,
    ChanceRow,
    Condition,
    DateOf,
    Enpv,
    Event,
    Formula,
    Line,
    Place,
    Row,
    Scenario,
    Time,
    Value,
)
from gamecore.scenario.conflict_checks import check_conflict, check_rankings_have_a_conflict
from gamecore.scenario.ends import ends_sum
from gamecore.scenario.expressions import CalculationError
from gamecore.scenario.outcomes import RowCheck, check_rows, choices_of, described, outcomes, summed_up
from gamecore.scenario.programme_checks import check_blocks
from gamecore.scenario.reader import Reader, listed
from gamecore.scenario.schedule import (
    BaseNumbers,
    base_times,
    behind,
    earliest,
    formulas_of,
    rests_on,
    time_value,
    value_names,
)
from gamecore.scenario.tree import Mapping, item
from gamecore.scenario.voting import check_payments

# A reader answers while one types; a line that rests on more than this is refused as too large.
_MOST: Final = 50_000
_SHOWN: Final = 4
_DEEPEST: Final = 30  # inputs that rest on inputs
T = TypeVar("T")


def check(reader: Reader, scenario: Scenario) -> None:
    """Tell the faults of the whole."""
    check_payments(reader, scenario)
    sound = _numbers_without_cycles(reader, scenario) and _things_without_cycles(reader, scenario)
    if not sound or not reader.names.things_whole:
        return
    check_rankings_have_a_conflict(reader, scenario)
    if scenario.is_conflict:
        check_conflict(reader, scenario)
        return
    if _dates_without_cycles(reader, scenario):
        _dates(reader, scenario)
        _rounds_have_rates(reader, scenario)
    if reader.broken & {"decisions", "events"}:
        return
    _choices(reader, scenario)
    _chances(reader, scenario)
    if "payoffs" not in reader.broken:
        for line in scenario.payoffs.values():
            if f"payoffs.{line.name}" not in reader.broken:
                _line(reader, scenario, line)
        _reached(reader, scenario)
    check_blocks(reader, scenario)
    if reader.root.get("baseline") is not None and scenario.baseline is not ALWAYS:
        _baseline(reader, scenario)


def _outcomes(reader: Reader, scenario: Scenario, names: list[str]) -> list[dict[str, str]]:
    found = outcomes(scenario, names, limit=_MOST)
    reader.spend(len(found))
    return found


def _check_rows(
    reader: Reader, scenario: Scenario, rows: Sequence[Condition | None], within: Sequence[Condition | None] = ()
) -> RowCheck:
    found = check_rows(scenario, rows, within, limit=_MOST)
    reader.spend((len(found.missing) + len(found.fitting)) * len(rows))
    return found


def _unsound(reader: Reader, scenario: Scenario, names: Iterable[str]) -> bool:
    """Whether one of these numbers, or one behind them, has a fault of its own, which is all there is to tell."""
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if f"inputs.{name}" in reader.broken:
            return True
        held = scenario.inputs.get(name)
        if held is not None:
            if held.value is None and not held.rows:
                return True
            waiting += frozenset().union(*(formula.names for formula in formulas_of(held)))
        elif name not in scenario.terms or not scenario.terms[name][1].levels:
            return True
    return False


# ---- cycles ----------------------------------------------------------------------------------------------------------


def _cycle(above: Lookup[str, list[str]]) -> list[str] | None:
    """Names that rest on each other in a ring, or None."""
    done: set[str] = set()
    for start in above:
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(above[start]))] if start not in done else []
        path += [start] if stack else []
        while stack:
            name, others = stack[-1]
            following = next(others, None)
            if following is None:
                stack.pop()
                path.pop()
                done.add(name)
            elif following in path:
                return [*path[path.index(following) :], following]
            elif following in above and following not in done:
                stack.append((following, iter(above[following])))
                path.append(following)
    return None


def _numbers_without_cycles(reader: Reader, scenario: Scenario) -> bool:
    above = {
        name: sorted(frozenset().union(*(formula.names for formula in formulas_of(found))))
        for name, found in scenario.inputs.items()
    }
    ring = _cycle(above)
    if ring is not None:
        told = f"'{ring[0]}' rests on itself: {' -> '.join(ring)}"
        reader.fault(scenario.inputs[ring[0]].place, f"inputs.{ring[0]}", told)
        return False
    deepest = _deepest(above)
    if deepest is not None:
        told = f"numbers rest on each other more than {_DEEPEST} deep; shorten the chain"
        reader.fault(scenario.inputs[deepest].place, f"inputs.{deepest}", told)
    return deepest is None


def _deepest(above: Lookup[str, list[str]]) -> str | None:
    """A name that ends a chain of more than `_DEEPEST` names, or None (there are no rings)."""
    depth: dict[str, int] = {}
    waiting = list(above)
    for _ in range(_DEEPEST + 1):
        ready = [name for name in waiting if all(other in depth for other in above[name] if other in above)]
        for name in ready:
            depth[name] = 1
        waiting = [name for name in waiting if name not in depth]
        if not waiting:
            return None
    return waiting[0]


def _things_without_cycles(reader: Reader, scenario: Scenario) -> bool:
    above = {name: list(others) for name, others in rests_on(scenario).items()}
    ring = _cycle(above)
    if ring is not None:
        held = scenario.decisions.get(ring[0]) or scenario.events[ring[0]]
        block = "decisions" if ring[0] in scenario.decisions else "events"
        reader.fault(held.place, f"{block}.{ring[0]}", f"'{ring[0]}' rests on itself: {' -> '.join(ring)}")
    return ring is None


def _dates_without_cycles(reader: Reader, scenario: Scenario) -> bool:
    moments = scenario.timing.moments
    above = {name: [moment.at.name] if isinstance(moment.at, DateOf) else [] for name, moment in moments.items()}
    ring = _cycle(above)
    if ring is not None:
        told = f"the date of '{ring[0]}' rests on itself: {' -> '.join(ring)}"
        reader.fault(moments[ring[0]].place, f"timing.{ring[0]}", told)
    return ring is None


# ---- dates -----------------------------------------------------------------------------------------------------------


def _tried(reader: Reader, place: Place, path: str, work: Callable[[], T]) -> T | None:
    """What `work` gives; a fault if it has no value at base values."""
    try:
        return work()
    except InputError as error:
        reader.fault(place, path, str(error))
        return None


def _dates(reader: Reader, scenario: Scenario) -> None:
    moments = scenario.timing.moments
    fixed = True
    for name, moment in moments.items():
        for time in (moment.at, *(moment.seen_by or {}).values()):
            fixed = _dated(reader, scenario, time, f"timing.{name}") and fixed
    for line in scenario.payoffs.values():
        for time in (line.at, *(row.at for row in line.rows if row.at is not line.at)):
            _dated(reader, scenario, time, f"payoffs.{line.name}")
    if not fixed or "timing" in reader.broken:
        return
    above = rests_on(scenario)
    times = earliest(scenario)
    visible = base_times(scenario)
    for name, others in above.items():
        if name not in moments or f"timing.{name}" in reader.broken:
            continue
        for other, key in others.items():
            if other in moments and f"timing.{other}" not in reader.broken:
                _before(reader, scenario, (name, other, key), times)
        at = visible.get(name)
        for player, seen in (moments[name].seen_by or {}).items():
            learned = time_value(scenario, seen) if seen is not None else at
            if learned is not None and at is not None and learned < at:
                told = f"'{player}' cannot learn it before it happens ({_shown(moments[name].at)})"
                reader.fault(moments[name].place, f"timing.{name}", told)


def _dated(reader: Reader, scenario: Scenario, time: Time | None, path: str) -> bool:
    if isinstance(time, DateOf):
        moment = scenario.timing.moments.get(time.name)
        if moment is not None and moment.at is None:
            reader.fault(time.place, path, f"'{time.name}' is hidden and has no date")
            return False
        return True
    if time is None:
        return True
    resting = behind(scenario, time.names) - frozenset(scenario.switches)
    if _unsound(reader, scenario, time.names):
        return False
    if resting:
        told = f"a date cannot rest on what happens, and this one rests on '{min(resting)}'"
        reader.fault(time.place, path, told)
        return False
    years = _tried(reader, time.place, path, lambda: BaseNumbers(scenario).value(time))
    if years is not None and years < 0:
        reader.fault(time.place, path, "a date before day zero; 'count_from' is the earliest")
        return False
    return years is not None


def _before(
    reader: Reader, scenario: Scenario, pair: tuple[str, str, str], times: Lookup[str, tuple[Fraction, int]]
) -> None:
    """`name` must be dated after `other`, which it rests on; an event may stand at the date of the one before it."""
    name, other, key = pair
    moments = scenario.timing.moments
    mine, its = moments[name], moments[other]
    if mine.at is None:
        return
    key = {"when": "its 'when'", "options": "an option's 'when'", "chances": "its chances"}.get(key, f"its '{key}'")
    if its.at is None and name in scenario.decisions:
        told = f"'{name}' rests on '{other}' ({key}), which is hidden; give '{other}' a date before it"
        reader.fault(mine.place, f"timing.{name}", told)
        reader.spoil("decisions")
        return
    at, after_decisions = times[other]
    own = times[name][0]
    if own > at or (own == at and not after_decisions):
        return
    shown = _shown(its.at) if its.at is not None else "the date of what comes before it"
    if other in scenario.events:
        told = f"'{name}' needs the outcome of '{other}' ({key}), so its date must not be before {shown}"
    else:
        told = f"'{name}' needs the answer of '{other}' ({key}), so its date must be after {shown}"
    reader.fault(mine.place, f"timing.{name}", f"{told}, the date of '{other}'")


def _shown(time: Time | None) -> str:
    if time is None:
        return "hidden"
    return f"the date of {time.name}" if isinstance(time, DateOf) else time.text


def _rounds_have_rates(reader: Reader, scenario: Scenario) -> None:
    for name, moment in scenario.timing.moments.items():
        if moment.proposals.every is None or name not in scenario.decisions:
            continue
        for player in scenario.decisions[name].by:
            held = scenario.players.get(player)
            written = _inside(reader, "players", player)
            if held is None or (written is not None and written.key("discount_rate") is not None):
                continue
            told = f"timing.{name} has rounds of some length, so add 'discount_rate: 9%' to discount them"
            reader.fault(held.place, f"players.{player}", told)


def _inside(reader: Reader, block: str, name: str) -> Mapping | None:
    """A named entry of a block, as written."""
    outer = reader.root.get(block)
    found = outer.get(name) if isinstance(outer, Mapping) else None
    return found if isinstance(found, Mapping) else None


# ---- choices and baseline --------------------------------------------------------------------------------------------


def _choices(reader: Reader, scenario: Scenario) -> None:
    """Wherever a move exists there is something to choose."""
    for decision in scenario.decisions.values():
        if not any(option.when is not None for option in decision.options):
            continue
        names = frozenset().union(
            *(option.when.names for option in decision.options if option.when is not None),
            decision.when.names if decision.when is not None else (),
        )
        for outcome in _outcomes(reader, scenario, sorted(names)):
            exists = decision.when is None or decision.when.fits(outcome)
            if exists and not [name for name in choices_of(decision, outcome) if name != NO_AGREEMENT]:
                where = described(scenario, outcome)
                told = f"nothing can be chosen when {where}; give the decision a 'when', or an option for this case"
                reader.fault(decision.place, f"decisions.{decision.name}", told)
                break


def _baseline(reader: Reader, scenario: Scenario) -> None:
    """The plan as it stood is possible (options that are not on the table may be named)."""
    names = sorted(scenario.baseline.names)
    free = {name: decision for name, decision in scenario.decisions.items() if name in names}
    levels = [level for name, (_, term) in scenario.terms.items() if name in names for level in term.levels]
    if any(not option.available for decision in free.values() for option in decision.options) or any(
        not level.available for level in levels
    ):
        return
    found = _outcomes(reader, scenario, names)
    if not any(scenario.baseline.fits(outcome) for outcome in found):
        reader.fault(
            scenario.baseline.place,
            "baseline",
            "nothing that can happen fits this; compare 'when', 'impossible' and 'means'",
        )


# ---- chances ---------------------------------------------------------------------------------------------------------


def _chances(reader: Reader, scenario: Scenario) -> None:
    for event in scenario.events.values():
        path = f"events.{event.name}.chances"
        _chance_rows(reader, scenario, event, event.chances, path)
        for player, rows in event.beliefs.items():
            _chance_rows(reader, scenario, event, rows, f"events.{event.name}.beliefs.{player}")
        if event.right is not None:
            _right(reader, scenario, event, event.right)


def _right(reader: Reader, scenario: Scenario, event: Event, right: Value) -> None:
    path = f"events.{event.name}.right"
    if _unsound(reader, scenario, value_names(right)):
        return
    value = _tried(reader, event.place, path, lambda: BaseNumbers(scenario).value(right))
    if value is not None and not 0 <= value <= 1:
        reader.fault(right.place, path, f"a chance lies between 0% and 100%, not at {_percent(value)}")


def _chance_rows(reader: Reader, scenario: Scenario, event: Event, rows: tuple[ChanceRow, ...], path: str) -> None:
    several = len(rows) > 1 or (rows and rows[0].when is not ALWAYS)
    paths = [item(path, index) if several else path for index in range(len(rows))]
    if several and not any(where in reader.broken for where in [path, *paths]):
        found = _check_rows(reader, scenario, [row.when for row in rows], [event.when])
        rows_told = (rows[0].place, [(row.place, row.when) for row in rows])
        _tell_rows(reader, scenario, path, rows_told, found)
    for where, row in zip(paths, rows, strict=True):
        if where not in reader.broken:
            _chance_sum(reader, scenario, event, row, where)


def _chance_sum(reader: Reader, scenario: Scenario, event: Event, row: ChanceRow, path: str) -> None:
    given = [chance for chance in row.chances if chance is not None]
    names = frozenset().union(*(value_names(chance) for chance in given))
    if _unsound(reader, scenario, names):
        return
    conditions = [condition for condition in (row.when, event.when) if condition is not None]
    relevant = sorted(behind(scenario, names) | frozenset().union(*(condition.names for condition in conditions)))
    for outcome in _outcomes(reader, scenario, relevant) if names else [{}]:
        if names and not all(condition.fits(outcome) for condition in conditions):
            continue
        if not _sums(reader, scenario, event, row, (path, outcome)):
            return


def _sums(
    reader: Reader, scenario: Scenario, event: Event, row: ChanceRow, where: tuple[str, Lookup[str, str]]
) -> bool:
    path, outcome = where
    numbers = BaseNumbers(scenario, outcome)
    shown, values = [], []
    for (name, _), chance in zip(event.outcomes, row.chances, strict=True):
        if chance is None:
            continue
        try:
            value = numbers.value(chance)
        except InputError as error:
            reader.fault(chance.place, f"{path}.{name}", str(error))
            return False
        if not 0 <= value <= 1:
            told = f"a chance lies between 0% and 100%; this is {_percent(value)} at base values"
            reader.fault(chance.place, f"{path}.{name}", told)
            return False
        plain = isinstance(chance, Formula) and chance.constant is not None
        shown.append(chance.text if plain and "%" in chance.text else _percent(value))
        values.append(value)
    total, rest = sum(values), None in row.chances
    added = f"{' + '.join(shown)} = {_percent(total)}" if len(shown) > 1 else f"{_percent(total)}"
    if rest and total > 1:
        reader.fault(row.place, path, f"{added}, more than 100%, so nothing is left for 'rest'")
    elif not rest and total != 1:
        reader.fault(row.place, path, f"{added}, not 100%; change one, or write 'rest' for one of them")
    elif not rest and not ends_sum(scenario, row.chances, outcome):
        told = "these sum to 100% only at base values; write 'rest' for one of them, so that every draw does"
        reader.fault(row.place, path, told)
    else:
        return True
    return False


def _percent(value: Fraction | int) -> str:
    return f"{float(value * 100):.10g}%"


# ---- payoffs ---------------------------------------------------------------------------------------------------------


def _line(reader: Reader, scenario: Scenario, line: Line) -> None:
    path = f"payoffs.{line.name}"
    conditions = [row.when for row in line.rows]
    if not line.single:
        found = _check_rows(reader, scenario, conditions, [line.when])
        rows_told = (_rows_key(reader, line), [(row.place, row.when) for row in line.rows])
        _tell_rows(reader, scenario, path, rows_told, found)
        if found.missing or found.double:
            return
    for index, row in enumerate(line.rows):
        _amounts(reader, scenario, line, row, path if line.single else item(path, index))


def _rows_key(reader: Reader, line: Line) -> Place:
    written = _inside(reader, "payoffs", line.name)
    key = written.key("rows") if written is not None else None
    return key.place if key is not None else line.place


def _tell_rows(
    reader: Reader,
    scenario: Scenario,
    path: str,
    rows: tuple[Place, list[tuple[Place, Condition | None]]],
    found: RowCheck,
) -> None:
    """Tell outcomes without a row, and rows that claim what another row has."""
    if found.missing:
        shown = dict.fromkeys(
            described(scenario, outcome) or _without(found) for outcome in summed_up(found.missing, found.fitting)
        )
        more = f" (and {len(shown) - _SHOWN} more)" if len(shown) > _SHOWN else ""
        reader.fault(rows[0], path, f"no row fits {'; '.join(list(shown)[:_SHOWN])}{more}")
    for later in dict.fromkeys(second for _, second, _ in found.double):
        clashes = [(first, outcome) for first, second, outcome in found.double if second == later]
        own = _fixed(rows[1][later][1], clashes[0][1])
        earlier: dict[str, None] = {}
        named = ""
        for first, outcome in clashes:
            rest = described(scenario, outcome, without=own)
            name, _, value = rest.partition(": ")
            alone = bool(rest) and "," not in rest
            shown_rest = value if alone and name == named else rest
            named = name if alone else ""
            earlier.setdefault(f"row {first + 1} ({shown_rest})" if rest else f"row {first + 1}")
        what = ", ".join(f"{name}: {value}" for name, value in own.items()) or "every outcome"
        reader.fault(rows[1][later][0], item(path, later), f"{what} already has a value: {listed(earlier, _SHOWN)}")


def _without(found: RowCheck) -> str:
    """The outcome in which none of the names that rows speak of has a place."""
    return f"outcomes without {' or '.join(found.names)}" if found.names else "anything"


def _fixed(condition: Condition | None, outcome: Lookup[str, str]) -> dict[str, str]:
    """What a row's own condition says, in the words of one outcome that fits it."""
    clauses = condition.clauses if condition is not None else ()
    fitting = next((clause for clause in clauses if clause.fits(outcome)), None)
    return {name: outcome[name] for name, _ in fitting.terms} if fitting is not None else {}


def _amounts(reader: Reader, scenario: Scenario, line: Line, row: Row, path: str) -> None:
    """Every amount of a row has a value wherever the row holds."""
    amounts = [value for value in row.values.values() if not isinstance(value, Enpv)]
    names = frozenset().union(*(value_names(value) for value in amounts))
    if not names or _unsound(reader, scenario, names):
        return
    others = [other.when for other in line.rows if other.when is not None] if row.when is None else [row.when]
    conditions = [condition for condition in (*others, line.when) if condition is not None]
    relevant = behind(scenario, names).union(*(condition.names for condition in conditions))
    deals = {scenario.terms[name][0].name for name in relevant if name in scenario.terms}
    for outcome in _outcomes(reader, scenario, sorted(relevant | deals)):
        holds = not any(other.fits(outcome) for other in others) if row.when is None else row.when.fits(outcome)
        if not holds or (line.when is not None and not line.when.fits(outcome)):
            continue
        numbers = BaseNumbers(scenario, outcome)
        for value in amounts:
            try:
                numbers.value(value)
            except CalculationError as error:
                reader.fault(value.place, path, f"{error} at base values")
                return
            except InputError as error:
                where = described(scenario, outcome)
                reader.fault(value.place, path, f"{error} when {where}" if where else str(error))
                return


def _reached(reader: Reader, scenario: Scenario) -> None:
    """Every outcome is reached by a line."""
    lines = scenario.payoffs.values()
    if any(f"payoffs.{line.name}" in reader.broken for line in lines):
        return
    guards = [line.rows[0].when if line.single else line.when for line in lines]
    if not guards or any(guard is None or guard == ALWAYS for guard in guards):
        return
    found = _check_rows(reader, scenario, guards)
    if found.missing:
        short = summed_up(found.missing, found.fitting)
        shown = list(dict.fromkeys(described(scenario, outcome) or _without(found) for outcome in short))
        more = f" (and {len(shown) - _SHOWN} more)" if len(shown) > _SHOWN else ""
        at = reader.root.key("payoffs") or reader.root
        reader.fault(at, "payoffs", f"no line has a value for {'; '.join(shown[:_SHOWN])}{more}")
