"""A conflict without an order of moves in place of dates: `anytime`, `today`, and what can follow what (`leads_to`).

A *state* of a conflict is one option for every decision whose `when` holds; `states_of` lists those that `impossible`
leaves over. The rest of the file is checked against them.

>>> from gamecore.scenario.reading import read_scenario
>>> text = '''
... {gamecore: 1, title: T, question: Q, advise: a, players: {a: {name: A}, b: {name: B}},
...  decisions: {data: {by: a, options: {hold: Hold, share: {label: Share, leads_to: []}}},
...              fee: {by: b, when: {data: hold}, options: {pay: Pay, keep: Keep}}},
...  timing: {anytime: yes, today: {data: hold, fee: keep}},
...  payoffs: {rankings: {a: {priorities: [{fee: pay}]}, b: {priorities: [{data: share}, {fee: keep}]}}}}'''
>>> scenario = read_scenario(text)
>>> list(states_of(scenario))
[{'data': 'hold', 'fee': 'pay'}, {'data': 'hold', 'fee': 'keep'}, {'data': 'share'}]
>>> scenario.timing.today, scenario.decisions["data"].options[1].leads_to
({'data': 'hold', 'fee': 'keep'}, ())
"""

from __future__ import annotations

from collections.abc import Iterator

from gamecore.errors import InputError
from gamecore.model import ALWAYS, Clause, Condition, Decision, Scenario, Timing
from gamecore.scenario.reader import Fields, Reader, listed, near
from gamecore.scenario.schedule import rests_on
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below

__all__ = ["conflict_timing", "is_anytime", "read_leads_to", "refuse_conflict", "states_of", "today_as_condition"]

_DECISIONS = frozenset({"decision", "agreement", "deal"})


def is_anytime(reader: Reader) -> bool:
    """Whether the file says `anytime: yes`; told nowhere here if it says something else.

    What is neither yes nor no (which is told where it is read) counts as yes beside `today`: else every other key of
    the conflict would be told to be out of place.
    """
    timing = reader.root.get("timing")
    if not isinstance(timing, Mapping) or timing.key("anytime") is None:
        return False
    written = timing.get("anytime")
    word = written.text.lower() if isinstance(written, Scalar) else ""
    return word in {"yes", "true"} or (word not in {"no", "false"} and timing.key("today") is not None)


def conflict_timing(reader: Reader, fields: Fields) -> Timing:
    """The `timing` of a conflict: no dates, and where it stands today."""
    for key, _ in fields.own:
        thing = reader.names.things.get(key.text)
        if thing is not None:
            told = f"a conflict has no order of moves, so '{key.text}' has no date; leave it or 'anytime' out"
            reader.fault(key, "timing", told)
        elif reader.names.things_whole:
            reader.fault(key, "timing", f"'{key.text[:60]}' is not a key here; with 'anytime' only 'today' stands here")
    if "count_from" in fields:
        told = "a conflict has no dates to count; leave 'count_from' out, or leave 'anytime' out"
        reader.fault(fields.place("count_from"), "timing", told)
    if fields.node.key("today") is None:
        reader.fault(fields.place("anytime"), "timing", "say where they stand today: add 'today: {decision: option}'")
    return Timing({}, None, anytime=True, today=_today(reader, fields.get("today")))


def _today(reader: Reader, node: Tree | None) -> dict[str, str]:
    """One option for each decision that is named; whether that is a state is for the checks."""
    path = "timing.today"
    inside = reader.mapping(node, path) if node is not None else None
    if inside is None:
        reader.spoil(path)
        return {}
    found: dict[str, str] = {}
    for key, value in inside.entries:
        option = _option(reader, key, value, path)
        if option is None:
            reader.spoil(path)
        else:
            found[key.text] = option
    return found


def _option(reader: Reader, key: Scalar, value: Tree, path: str) -> str | None:
    thing = reader.names.things.get(key.text)
    if thing is None or not thing.may_be(*_DECISIONS):
        if thing is not None or reader.names.things_whole:
            decisions = [name for name, held in reader.names.things.items() if held.kind in _DECISIONS]
            reader.fault(key, path, f"no decision is called '{key.text[:60]}'{near(key.text, decisions)}")
        return None
    if not isinstance(value, Scalar) or value.empty:
        at = key if isinstance(value, Scalar) else value
        reader.fault(at, path, f"today '{key.text}' stands at one option: write {key.text}: option")
        return None
    if thing.spelled(value.text) is None:
        told = f"'{value.text[:60]}' is not an option of '{key.text}' ({listed(thing.words())})"
        reader.fault(value, path, told + near(value.text, thing.words()))
        return None
    return value.text


def read_leads_to(reader: Reader, decision: str | None, fields: Fields) -> tuple[str, ...] | None:
    """The options that can follow an option, in file order; None if nothing is written."""
    node = fields.get("leads_to")
    if node is None:
        return None
    path = below(fields.path, "leads_to")
    if decision is None or not is_anytime(reader):
        told = "'leads_to' belongs to a conflict without an order of moves, with 'anytime: yes' under 'timing'"
        reader.fault(fields.place("leads_to"), fields.path, told)
        return None
    thing = reader.names.things.get(decision)
    known = tuple((thing.values or ()) if thing is not None else ())
    found: list[str] = []
    for part in node.items if isinstance(node, Sequence) else (node,):
        word = reader.text(part, path)
        if word is None:
            continue
        if word not in known:
            if thing is not None and thing.values is not None and not thing.doubtful:
                told = f"'{word[:60]}' is not an option of '{decision}' ({listed(known)})"
                reader.fault(part, path, told + near(word, known))
        elif word not in found:
            found.append(word)
    return tuple(found)


def today_as_condition(timing: Timing) -> Condition:
    """Where the conflict stands, as a condition: the plan as it stood."""
    if not timing.today:
        return ALWAYS
    return Condition((Clause(tuple((name, (option,)) for name, option in timing.today.items())),))


def refuse_conflict(scenario: Scenario) -> None:
    """Raises `InputError` for a conflict, where an answer needs an order of moves or amounts."""
    if scenario.is_conflict:
        raise InputError(
            "this scenario is a conflict without an order of moves: it has no dates, amounts or draws to answer this "
            "with; `analyse`, `solve` and `brief` tell which states last and what to go for"
        )


def states_of(scenario: Scenario, *, on_the_table: bool = True) -> Iterator[dict[str, str]]:
    """The states of a conflict, as assignments of options to the decisions that are open, in file order.

    `on_the_table`: without options that are not available. Decisions come in the order in which they open each other.
    """
    above = rests_on(scenario)
    order: list[str] = []
    while len(order) < len(scenario.decisions):
        ready = [n for n in scenario.decisions if n not in order and not set(above[n]) - {*order}]
        if not ready:
            return  # they open each other in a ring, which is told elsewhere
        order.append(ready[0])
    yield from _states(scenario, order, dict(scenario.switches), on_the_table)


def _states(
    scenario: Scenario,
    order: list[str],
    so_far: dict[str, str],
    on_the_table: bool,  # noqa: FBT001 - handed down
) -> Iterator[dict[str, str]]:
    if any(condition.fits(so_far) for condition in scenario.impossible):
        return
    if not order:
        yield {name: so_far[name] for name in scenario.decisions if name in so_far}
        return
    decision: Decision = scenario.decisions[order[0]]
    if decision.when is not None and not decision.when.fits(so_far):
        yield from _states(scenario, order[1:], so_far, on_the_table)
        return
    for option in decision.options:
        if option.available or not on_the_table:
            yield from _states(scenario, order[1:], {**so_far, decision.name: option.name}, on_the_table)
