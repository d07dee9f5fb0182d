"""Pulling levers: what a lever makes of the file.

A lever changes the document, never the model: the changed tree is read again by the same reader, so that whatever a
lever does obeys every rule of the format.
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from fractions import Fraction
from typing import Any

from gamecore.model import Choice, Due, Formula, Lever, Payment, Value
from gamecore.scenario.changes import expand, middle, plain, planted
from gamecore.scenario.reader import LONGEST_NAME
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree

__all__ = ["pulled"]


def pulled(
    root: Mapping,
    lever: Lever,
    amounts: Lookup[str, Fraction] | None = None,
    candidates: Lookup[str, Any] | None = None,
) -> Mapping:
    """The tree after pulling a lever.

    `amounts` gives numbers for what has bounds, by the lever's name (a payment, or the only bounds of a `set`) or by
    `lever.path`; the middle of the bounds is taken otherwise. `candidates` gives by `lever.path` which value of a list
    is set; the first is otherwise.
    """
    amounts, candidates = amounts or {}, candidates or {}
    root = expand(root)
    for change in lever.changes:
        name = f"{lever.name}.{'.'.join(change.path)}"
        if change.bounds is not None:
            chosen = amounts.get(name, amounts.get(lever.name))
            written: Any = str(chosen if chosen is not None else middle(change.bounds))
        else:
            written = candidates.get(name, change.candidates[0])
        old = _at(root, change.path)
        root = root.put(change.path, planted(written, old if old is not None else Scalar("", place=change.place)))
    for index, payment in enumerate(lever.payments):
        if isinstance(payment.due, Due):
            root = _with_milestone(root, lever, index, payment, amounts)
        else:
            root = _with_line(root, f"pay_{lever.name}", _transfer(root, lever, index, payment, amounts))
    for name, options in lever.commitments:
        root = _committed(root, name, options)
    if lever.cost:
        players = root.get("players")
        everyone = [key.text for key, _ in players.entries] if isinstance(players, Mapping) else []
        cost = {name: f"-({lever.cost[name].text})" if name in lever.cost else "0" for name in everyone}
        ranges = {name: _negative_range(value) for name, value in lever.cost.items() if not isinstance(value, Formula)}
        line = {"label": f"What it takes: {lever.label}", **cost, **ranges}
        root = _with_line(root, f"cost_{lever.name}", _marked(planted(line, Scalar("", place=lever.place)), lever))
    return root


def _negative_range(value: Value) -> str:
    if isinstance(value, Formula):
        return f"-({value.text})"
    return " .. ".join(f"{float(-point):.12g}" for point in (value.high, value.base, value.low))


def _at(root: Mapping, path: tuple[str, ...]) -> Tree | None:
    node: Tree | None = root
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def _written_payment(root: Mapping, lever: Lever, index: int) -> Mapping:
    """An entry of a lever's `pay` as it stands in the file."""
    written = _at(root, ("levers", lever.name, "pay"))
    entry = written.items[index] if isinstance(written, Sequence) else written
    return entry if isinstance(entry, Mapping) else Mapping()


def _paid(lever: Lever, payment: Payment, amounts: Lookup[str, Fraction]) -> str:
    if not isinstance(payment.amount, Choice):
        return payment.amount.text
    given = amounts.get(lever.name)
    return str(given if given is not None else middle(payment.amount))


def _with_milestone(
    root: Mapping, lever: Lever, index: int, payment: Payment, amounts: Lookup[str, Fraction]
) -> Mapping:
    """A payment due at a point of the programme: a milestone of the deal, whose amount is an input of its own."""
    entry = _written_payment(root, lever, index)
    near_by = Scalar("", place=payment.place)
    name = _free(f"pay_{lever.name}", set(_keys(root, "inputs")) | set(_keys(root, "deal", "milestones")))
    number = planted({"value": _paid(lever, payment, amounts), "label": lever.label}, near_by)
    milestone = {
        "from": payment.giver,
        "to": payment.receiver,
        "amount": name,
        "due": plain(entry.get("due") or near_by),
    }
    root = root.put(("inputs", name), _marked(number, lever))
    condition = entry.get("if")
    if condition is None:
        return root.put(("deal", "milestones", name), planted(milestone, near_by))
    root = root.put(("deal", "milestones", name), planted({**milestone, "amount": "0"}, near_by))
    row = Mapping(place=payment.place).put(("when",), condition)
    row = row.put((f"milestones.{name}.amount",), Scalar(name, place=payment.place))
    held = _at(root, ("deal", "changes"))
    rows = held.items if isinstance(held, Sequence) else ()
    return root.put(("deal", "changes"), Sequence((*rows, row), place=payment.place))


def _keys(root: Mapping, *path: str) -> list[str]:
    node = _at(root, path)
    return [key.text for key, _ in node.entries] if isinstance(node, Mapping) else []


def _free(name: str, taken: set[str]) -> str:
    short = name[: LONGEST_NAME - 4]
    return next(tried for tried in [short, *(f"{short}_{i}" for i in range(2, 999))] if tried not in taken)


def _transfer(root: Mapping, lever: Lever, index: int, payment: Payment, amounts: Lookup[str, Fraction]) -> Mapping:
    entry = _written_payment(root, lever, index)
    amount = _paid(lever, payment, amounts)
    players = root.get("players")
    line: dict[str, Any] = {"label": lever.label}
    for key, _ in players.entries if isinstance(players, Mapping) else ():
        line[key.text] = "0"
    line[payment.giver], line[payment.receiver] = f"-({amount})", amount
    node = planted(line, Scalar("", place=payment.place))
    if not isinstance(node, Mapping):
        return Mapping()
    condition, due = entry.get("if"), entry.get("due")
    if condition is not None:
        node = node.put(("when",), condition)
    if due is not None and payment.due is not None:
        node = node.put(("at",), due)
    return _marked(node, lever)


def _marked(node: Tree, lever: Lever) -> Mapping:
    inside = node if isinstance(node, Mapping) else Mapping()
    if lever.confidential is None:
        return inside
    return inside.put(("confidential",), Scalar("yes" if lever.confidential else "no", place=lever.place))


def _with_line(root: Mapping, name: str, line: Mapping) -> Mapping:
    return root.put(("payoffs", _free(name, set(_keys(root, "payoffs")))), line)


def _committed(root: Mapping, name: str, options: tuple[str, ...]) -> Mapping:
    decisions = root.get("decisions")
    for decision, inside in decisions.entries if isinstance(decisions, Mapping) else ():
        if not isinstance(inside, Mapping):
            continue
        path: tuple[str, ...] = ("decisions", decision.text)
        node: Tree | None = inside if decision.text == name else None
        terms = inside.get("terms")
        if isinstance(terms, Mapping) and terms.get(name) is not None:
            path, node = (*path, "terms", name), terms.get(name)
        if not isinstance(node, Mapping):
            continue
        levels = node.get("levels")
        if levels is not None:
            return root.put((*path, "levels"), planted(list(options), levels))
        held = node.get("options")
        for option, _ in held.entries if isinstance(held, Mapping) else ():
            if option.text not in options:
                root = root.put((*path, "options", option.text, "available"), Scalar("no", place=option.place))
    return root
