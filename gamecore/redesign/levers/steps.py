"""A single change of a scenario file, and what comes of the file when changes are made.

A `Step` is one lever with everything chosen that it leaves open: a lever of the file, or one that was derived from the
rest of the file (`derived.py`) and written into it. So a change is never a promise about the model: the changed file is
read again by the same reader (`changed`), and what that reader refuses is no change.

One change a lever cannot say is the final say of one side in an agreement: the decision becomes a move, and whatever
the file says about no agreement goes (`Step.final_say`, `without_failure`).

Units: `months` moved on the calendar; amounts in the scenario's unit.
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from collections.abc import Sequence as Listed
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

from gamecore.errors import ScenarioError
from gamecore.model import NO_AGREEMENT, Scenario
from gamecore.scenario.changes import planted
from gamecore.scenario.pulling import pulled
from gamecore.scenario.reading import read_tree
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree

__all__ = ["Step", "changed", "with_levers", "without_failure"]

_NOT_READ_AGAIN: Final = ("levers", "expect")


@dataclass(frozen=True)
class Step:
    """One change: `lever` is its key in the extended file, `kind` what sort of change it is, `verb` set, pay or commit.

    `paths` are what it touches (two changes that touch the same are never made together), `amount` what is paid or set
    within bounds, `candidates` what was chosen of lists (by `lever.path`). `by` is who can make the change alone (a
    side that commits itself); None: all have to agree. `declared` says that the lever is the file's own. Of a derived
    one, `subject` is what it is about, in words: what moves from the day `now` to the day `then`, or the option that is
    offered, dropped, promised or paid for (if the event `now` has the outcome `then`, where it hangs on one).
    """

    lever: str
    label: str
    kind: str
    verb: str
    paths: frozenset[str]
    declared: bool = False
    path: str = ""
    before: str = ""
    after: str = ""
    months: Fraction = Fraction(0)
    amount: Fraction | None = None
    amounts: Lookup[str, Fraction] = field(default_factory=dict)
    candidates: Lookup[str, Any] = field(default_factory=dict)
    by: str | None = None
    final_say: tuple[str, str] | None = None  # (agreement, who decides)
    confidential: bool = False
    subject: str = ""
    now: str = ""
    then: str = ""

    def paying(self, amount: Fraction) -> Step:
        """The same payment with an amount."""
        return replace(self, amount=amount, amounts={self.lever: amount})


def with_levers(scenario: Scenario, levers: Lookup[str, Lookup[str, Any]]) -> Scenario:
    """The scenario with more levers written into its file (plain data by name); those the reader refuses are left out.

    Nothing else changes: the digest and the record of changes stay.
    """
    kept = dict(levers)
    while kept:
        root: Mapping = scenario.source
        for name, data in kept.items():
            root = root.put(("levers", name), planted(data, Scalar("")))
        found, faults = read_tree(root)
        if found is not None and not faults:
            return replace(found, sha256=scenario.sha256, file=scenario.file, changes=scenario.changes)
        refused = {fault.path.split(".")[1] for fault in faults if fault.path.startswith("levers.")} & set(kept)
        if not refused:
            raise ScenarioError(faults, scenario.file)
        kept = {name: data for name, data in kept.items() if name not in refused}
    return scenario


def changed(scenario: Scenario, steps: Listed[Step]) -> Scenario | None:
    """The scenario after some steps, one after the other; None where the reader refuses what comes out.

    `scenario` holds every step's lever.
    """
    root: Mapping = scenario.source
    told = []
    for step in steps:
        if step.final_say is None:
            root = pulled(root, scenario.levers[step.lever], step.amounts, step.candidates)
        told.append(step.lever if step.amount is None else f"{step.lever}={step.amount}")
    for step in steps:
        if step.final_say is not None:
            root = without_failure(root, *step.final_say)
    found, faults = read_tree(root.without(*_NOT_READ_AGAIN))
    if found is None or faults:
        return None
    return replace(found, sha256=scenario.sha256, file=scenario.file, changes=(*scenario.changes, *told))


# ---- the final say ---------------------------------------------------------------------------------------------------


def without_failure(root: Mapping, agreement: str, player: str) -> Mapping:
    """The file in which one player decides alone what several had to agree on; conditions on no agreement go with it.

    >>> from gamecore.scenario.tree import parse
    >>> text = "{decisions: {plan: {by: [a, b], options: {x: X}, no_agreement: Drift}}, timing: {plan: 0}, payoffs: "
    >>> text += "{v: {rows: [{when: {plan: no_agreement}, a: 0}, {when: {plan: [x, no_agreement]}, a: 1}]}}}"
    >>> found = without_failure(parse(text).root, "plan", "a")
    >>> found.get("decisions").get("plan").get("by").text, found.get("decisions").get("plan").get("no_agreement")
    ('a', None)
    >>> len(found.get("payoffs").get("v").get("rows").items)
    1
    """
    kept = _pruned(root.without(*_NOT_READ_AGAIN), agreement)
    root = kept if isinstance(kept, Mapping) else root
    decisions = root.get("decisions")
    decision = decisions.get(agreement) if isinstance(decisions, Mapping) else None
    if not isinstance(decision, Mapping):
        return root
    root = root.put(("decisions", agreement), decision.without("no_agreement").put(("by",), Scalar(player)))
    timing = root.get("timing")
    moment = timing.get(agreement) if isinstance(timing, Mapping) else None
    if isinstance(moment, Mapping):
        plain = moment.without("proposes", "rounds", "every", "breakdown", "meanwhile")
        root = root.put(("timing", agreement), plain)
    return root


def _pruned(node: Tree, agreement: str) -> Tree | None:
    """A part of the file without what holds only where an agreement failed; None if all of it does."""
    if isinstance(node, Sequence):
        items = [kept for item in node.items if (kept := _pruned(item, agreement)) is not None]
        return replace(node, items=tuple(items))
    if not isinstance(node, Mapping):
        return node
    pairs = []
    for key, value in node.entries:
        if key.text == "when":
            condition = _possible(value, agreement)
            if condition is None:
                return None
            pairs.append((key, condition))
            continue
        kept = _pruned(value, agreement)
        if kept is not None:
            pairs.append((key, kept))
    return replace(node, entries=tuple(pairs))


def _possible(condition: Tree, agreement: str) -> Tree | None:
    """What is left of a condition where an agreement cannot fail; None if nothing is."""
    if isinstance(condition, Sequence):
        left = [kept for item in condition.items if (kept := _possible(item, agreement)) is not None]
        return replace(condition, items=tuple(left)) if left else None
    said = condition.get(agreement) if isinstance(condition, Mapping) else None
    if said is None or not isinstance(condition, Mapping):
        return condition
    if isinstance(said, Sequence):
        options = tuple(item for item in said.items if not isinstance(item, Scalar) or item.text != NO_AGREEMENT)
        return condition.put((agreement,), replace(said, items=options)) if options else None
    return None if isinstance(said, Scalar) and said.text == NO_AGREEMENT else condition
