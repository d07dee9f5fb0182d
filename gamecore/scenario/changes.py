"""Levers: reading them, and the paths by which they name what they change."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from gamecore.errors import InputError
from gamecore.model import ALWAYS, Change, Choice, Due, DueKind, Formula, Lever, Payment, Scenario, Time, Value
from gamecore.scenario.declaring import read_bounds
from gamecore.scenario.document import BLOCKS, keys_of
from gamecore.scenario.parts import PARTS, declared, read_due
from gamecore.scenario.reader import Fields, Reader, near, spoken
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below

MOST_CANDIDATES: Final = 50
_CHANGEABLE: Final = ("players", "decisions", "events", "timing", "payoffs", "programme", "deal", "inputs")
# Blocks of keys that are one value: rates by tiers, shares of the players.
_WHOLE: Final = frozenset({"when", "value", "seen_by", "tiers", "above_budget", "above_cap"})


# ---- reading ---------------------------------------------------------------------------------------------------------


def read_levers(reader: Reader) -> dict[str, Lever]:
    """The levers in file order."""
    levers = {}
    for key, value in reader.entries(reader.root.get("levers"), "levers"):
        fields = reader.fields(value, below("levers", key.text), "lever")
        if fields is not None:
            levers[key.text] = _lever(reader, key, fields)
    return levers


def _lever(reader: Reader, key: Scalar, fields: Fields) -> Lever:
    path = fields.path
    if all(fields.node.key(verb) is None for verb in ("set", "pay", "commit")):
        reader.fault(key, path, "say what the lever does: 'set', 'pay' or 'commit'")
    return Lever(
        name=key.text,
        label=reader.text(fields.get("label"), below(path, "label")) or spoken(key.text),
        changes=_changes(reader, fields.get("set"), below(path, "set")),
        payments=_payments(reader, fields.get("pay"), below(path, "pay")),
        commitments=_commitments(reader, fields.get("commit"), below(path, "commit")),
        cost=_cost(reader, fields.get("cost"), below(path, "cost")),
        confidential=reader.yes_no(fields.get("confidential"), below(path, "confidential")),
        note=reader.text(fields.get("note"), below(path, "note")),
        place=key.place,
    )


def _changes(reader: Reader, node: Tree | None, path: str) -> tuple[Change, ...]:
    inside = reader.mapping(node, path) if node is not None else None
    changes: list[Change] = []
    if inside is not None and not inside.entries:
        reader.fault(node or inside, path, "say what is changed: {inputs.price: 40}")
    expanded = expand(reader.root) if inside is not None else reader.root
    for key, value in inside.entries if inside is not None else ():
        target = _target(reader, key, expanded, path)
        if target is None:
            continue
        if isinstance(value, Scalar) and value.empty:
            reader.fault(key, path, f"'{key.text}' has no value")
            continue
        if any(held.path == target for held in changes):
            reader.fault(key, path, f"'{key.text}' is already set in this lever; each value is set once")
            continue
        bounds = None
        candidates: tuple[Any, ...] = ()
        if isinstance(value, Scalar) and " to " in value.text and target[0] != "timing":
            found = read_bounds(value.text)
            if isinstance(found, str):
                reader.fault(value, path, found)
                continue
            bounds = Choice(*found)
        else:
            parts = value.items if isinstance(value, Sequence) else (value,)
            candidates = tuple(plain(part) for part in parts)
            if not 0 < len(candidates) <= MOST_CANDIDATES:
                reader.fault(value, path, f"a list of 1 to {MOST_CANDIDATES} values is expected here")
                continue
        changes.append(Change(target, candidates, bounds, key.place))
    return tuple(changes)


def _target(reader: Reader, key: Scalar, expanded: Mapping, path: str) -> tuple[str, ...] | None:
    """The path a key of `set` names, down to the value itself; or None, with a fault."""
    steps = tuple(key.text.split("."))
    if steps[0] == "programme" and len(steps) > 1 and steps[1] in declared(reader, "phases"):
        steps = ("programme", "phases", *steps[1:])  # as in the rows of 'changes'
    node: Tree = expanded
    if steps[0] in _CHANGEABLE and not isinstance(expanded.get(steps[0]), Mapping | None):
        return None  # the block itself is told to be wrong
    for depth, step in enumerate(steps):
        if isinstance(node, Sequence):
            told = f"'{key.text}' lies in rows or a list; put the number under 'inputs' and change it there"
            reader.fault(key, path, told)
            return None
        known = _known(steps[:depth], node)
        inner = node.get(step) if isinstance(node, Mapping) else None
        if inner is None and not (depth == len(steps) - 1 and step in known and depth > 0):
            if step == "no_agreement" and not _inside_of_move(reader, steps):
                return None  # that it is missing is told where it is missing
            if depth == 0:
                known = list(_CHANGEABLE)
            best = near(step, known)
            if step in known and depth == 0:
                best = f"; the file has no '{step}'"
            elif best:
                best = near(step, known).replace("'?", "").replace("; did you mean '", "")
                meant = ".".join((*steps[:depth], best, *steps[depth + 1 :]))
                best = f"; did you mean '{meant}'?" if meant != key.text else ""  # else an option or key below is gone
            reader.fault(key, path, f"there is no '{key.text[:120]}' to change{best}")
            return None
        if inner is None:
            return steps if steps[0] in _CHANGEABLE else None
        node = inner
    return _down_to_value(reader, key, steps, node, path)


def _inside_of_move(reader: Reader, steps: tuple[str, ...]) -> bool:
    """Whether a path leads into a decision of one player."""
    thing = reader.names.things.get(steps[1]) if len(steps) > 1 else None
    return thing is None or thing.kind not in {"agreement", "deal"}


def _down_to_value(
    reader: Reader, key: Scalar, steps: tuple[str, ...], node: Tree, path: str
) -> tuple[str, ...] | None:
    if steps[0] not in _CHANGEABLE:
        reader.fault(key, path, f"a lever changes {', '.join(_CHANGEABLE)}, not '{steps[0]}'")
    elif isinstance(node, Mapping) and len(steps) == 2 and steps[0] in {"inputs", "timing"}:
        last = "value" if steps[0] == "inputs" else "at"
        if last == "value" and node.get("value") is None:
            reader.fault(
                key, path, f"'{key.text}' has rows; put the number under an input of its own and change it there"
            )
            return None
        return (*steps, last)
    elif isinstance(node, Mapping) and steps[-1] not in _WHOLE and steps[:2] != ("deal", "profit_share"):
        inside = [name.text for name, _ in node.entries]
        example = f", such as '{key.text}.{inside[0]}'" if inside else ""
        reader.fault(key, path, f"'{key.text}' holds several values; name one of them{example}")
    elif isinstance(node, Sequence) and steps[-1] not in {
        "pros",
        "cons",
        "levels",
        "proposes",
        "seen_by",
        "by",
        "when",
        "markets",
    }:
        reader.fault(key, path, f"'{key.text}' is a list; put the number under 'inputs' and change it there")
    else:
        return steps
    return None


def _known(steps: tuple[str, ...], node: Tree) -> list[str]:
    """The keys that may stand below a path: those that do, and those of the block's table."""
    present = [name.text for name, _ in node.entries] if isinstance(node, Mapping) else []
    block = _block_of(steps)
    return present + [name for name in (keys_of(block) if block in BLOCKS else ()) if name not in present]


def _block_of(steps: tuple[str, ...]) -> str:
    match steps:
        case ("decisions", _):
            return "decision"
        case ("decisions", _, "options", _) | ("decisions", _, "terms", _, "options", _):
            return "option"
        case ("decisions", _, "terms", _):
            return "term"
        case ("decisions", _, "no_agreement"):
            return "no_agreement"
        case ("players", _):
            return "player"
        case ("events", _):
            return "event"
        case ("timing",):
            return "timing"
        case ("timing", _):
            return "moment"
        case ("payoffs", _):
            return "line"
        case ("inputs", _):
            return "input"
        case ("programme" | "deal",):
            return steps[0]
        case ("programme" | "deal", section, _):
            return PARTS[steps[0]].get(section, "")
    return ""


def _payments(reader: Reader, node: Tree | None, path: str) -> tuple[Payment, ...]:
    if node is None:
        return ()
    found = []
    if isinstance(node, Sequence) and not node.items:
        reader.fault(node, path, "say what is paid: {from: a, to: b, amount: 0 to 5}")
    for part in node.items if isinstance(node, Sequence) else (node,):
        fields = reader.fields(part, path, "payment")
        if fields is None:
            continue
        giver = reader.player(fields.get("from"), below(path, "from"))
        receiver = reader.player(fields.get("to"), below(path, "to"))
        amount = _amount(reader, fields.get("amount"), below(path, "amount"))
        if giver is not None and giver == receiver:
            reader.fault(fields.place("to"), path, "'from' and 'to' are the same player")
        condition = reader.plain_condition(fields.get("if"), below(path, "if")) or ALWAYS
        time = _due(reader, fields.get("due"), below(path, "due"))
        if giver is not None and receiver is not None and amount is not None:
            found.append(Payment(giver, receiver, amount, condition, time, part.place))
    return tuple(found)


def _due(reader: Reader, node: Tree | None, path: str) -> Time | Due | None:
    """When a payment is due: a date, or a point of the programme as milestones have it; None is today."""
    if node is None:
        return None
    due = read_due(reader, node, path)
    if due is None or due.kind is DueKind.SIGNATURE:
        return None
    if due.kind is DueKind.DATE:
        return due.at
    if reader.root.key("deal") is None:
        reader.fault(node, path, f"'{due.text}' needs a 'deal'; in this file a payment has a date")
        return None
    return due


def _amount(reader: Reader, node: Tree | None, path: str) -> Formula | Choice | None:
    if isinstance(node, Scalar) and " to " in node.text:
        found = read_bounds(node.text)
        if isinstance(found, str):
            reader.fault(node, path, found)
            return None
        return Choice(*found)
    value = reader.value(node, path)
    if value is None or isinstance(value, Formula):
        return value
    if node is not None:
        reader.fault(node, path, "'..' is what we do not know; bounds to choose from are written '0 to 15'")
    return None


def _commitments(reader: Reader, node: Tree | None, path: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    condition = reader.plain_condition(node, path)
    if condition is None or node is None:
        return ()
    if len(condition.clauses) != 1:
        reader.fault(node, path, "one choice is committed to: {europe: wait}")
        return ()
    for name, options in condition.clauses[0].terms:
        thing = reader.names.things[name]
        if thing.kind not in {"decision", "agreement", "term"} or not set(options) <= set(thing.values or options):
            reader.fault(
                node, path, f"'{name}' with {', '.join(options)} cannot be committed to; name options of a decision"
            )
    return condition.clauses[0].terms


def _cost(reader: Reader, node: Tree | None, path: str) -> dict[str, Value]:
    inside = reader.mapping(node, path) if node is not None else None
    cost = {}
    for key, value in inside.entries if inside is not None else ():
        if reader.is_player(key, path, key.text):
            amount = reader.value(value, below(path, key.text))
            if amount is not None:
                cost[key.text] = amount
    return cost


# ---- plain data ------------------------------------------------------------------------------------------------------


def plain(node: Tree) -> Any:
    """A tree as texts, lists and dictionaries, as written."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(part) for part in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def planted(data: Any, near_by: Tree) -> Tree:
    """Plain data as a tree; its faults are told at the place of `near_by`."""
    place = near_by.place
    if isinstance(data, dict):
        pairs = tuple((Scalar(str(key), place=place), planted(value, near_by)) for key, value in data.items())
        return Mapping(pairs, inline=True, place=place)
    if isinstance(data, list | tuple):
        return Sequence(tuple(planted(part, near_by) for part in data), inline=True, place=place)
    if isinstance(data, bool):
        return Scalar("yes" if data else "no", place=place)
    return Scalar(str(data), place=place)


def expand(root: Mapping) -> Mapping:
    """The tree with short forms written out: `full: Run it` as `full: {label: Run it}`, `news: 6 months` as `{at:
    ...}`.
    """

    def under(node: Tree | None, key: str, besides: tuple[str, ...] = ()) -> Tree | None:
        if not isinstance(node, Mapping):
            return node
        pairs = (
            (name, _wrapped(key, value) if isinstance(value, Scalar) and name.text not in besides else value)
            for name, value in node.entries
        )
        return replace(node, entries=tuple(pairs))

    for block, key, besides in (("timing", "at", tuple(BLOCKS["timing"])), ("inputs", "value", ())):
        inside = under(root.get(block), key, besides)
        if inside is not None:
            root = root.put((block,), inside)
    decisions = root.get("decisions")
    for name, decision in decisions.entries if isinstance(decisions, Mapping) else ():
        if not isinstance(decision, Mapping):
            continue
        options = under(decision.get("options"), "label")
        if options is not None:
            root = root.put(("decisions", name.text, "options"), options)
        failed = decision.get("no_agreement")
        if isinstance(failed, Scalar):
            root = root.put(("decisions", name.text, "no_agreement"), _wrapped("label", failed))
        terms = decision.get("terms")
        for term, inner in terms.entries if isinstance(terms, Mapping) else ():
            named = under(inner.get("options"), "label") if isinstance(inner, Mapping) else None
            if named is not None:
                root = root.put(("decisions", name.text, "terms", term.text, "options"), named)
    return root


def _wrapped(key: str, value: Scalar) -> Mapping:
    return Mapping(((Scalar(key, place=value.place), value),), inline=True, place=value.place)


# ---- what was chosen -------------------------------------------------------------------------------------------------


def chosen(
    lever: Lever, amounts: Lookup[str, Fraction] | None = None, candidates: Lookup[str, Any] | None = None
) -> list[tuple[str, str]]:
    """What a pulled lever left to be chosen and what was taken, as (path, value); the path of a payment is `pay`."""
    amounts, candidates = amounts or {}, candidates or {}
    found = []
    for change in lever.changes:
        name = f"{lever.name}.{'.'.join(change.path)}"
        if change.bounds is not None:
            taken = amounts.get(name, amounts.get(lever.name, middle(change.bounds)))
            found.append((short_path(change.path), written(taken)))
        elif name in candidates or len(change.candidates) > 1:
            found.append((short_path(change.path), written(candidates.get(name, change.candidates[0]))))
    payable = [payment.amount for payment in lever.payments if isinstance(payment.amount, Choice)]
    found += [("pay", written(amounts.get(lever.name, middle(amount)))) for amount in payable]
    return list(dict.fromkeys(found))


def middle(bounds: Choice) -> Fraction:
    """What is taken of bounds where nobody chooses: the middle, on a step."""
    middle = (bounds.low + bounds.high) / 2
    if bounds.step is None:
        return middle
    return bounds.low + bounds.step * ((middle - bounds.low) // bounds.step)


def short_path(path: tuple[str, ...]) -> str:
    """A path as people write it: without the last step of what has a short form.

    >>> short_path(("inputs", "hold", "value")), short_path(("timing", "news", "at"))
    ('inputs.hold', 'timing.news')
    """
    short = len(path) == 3 and (path[0], path[2]) in {("inputs", "value"), ("timing", "at")}
    return ".".join(path[:-1] if short else path)


def written(value: object) -> str:
    """A value as people write it in a file: a number as a decimal where it is one, lists and blocks on one line.

    >>> written(Fraction(15, 2)), written(["1", "2"]), written({"a": "1 month"})
    ('7.5', '[1, 2]', '{a: 1 month}')
    """
    if isinstance(value, Fraction) and value.denominator != 1:
        decimal = Decimal(value.numerator) / Decimal(value.denominator)
        return str(decimal.normalize()) if Fraction(decimal) == value else str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {written(part)}' for key, part in value.items())}}}"
    return " ".join(str(value).split())


# ---- setting values by hand ------------------------------------------------------------------------------------------


def change_from(scenario: Scenario, path: str, value: object) -> tuple[tuple[str, ...], Tree]:
    """Where a dotted path leads in a scenario's document, and the new value as a tree."""
    reader = Reader(scenario.source)
    target = _target(reader, Scalar(path), expand(scenario.source), "")
    if target is None:
        raise InputError(reader.faults[0].message if reader.faults else f"there is no '{path}' to change")
    return target, planted(value, Scalar(""))
