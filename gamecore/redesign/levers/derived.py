"""The changes of a scenario that can be tried: those the file declares, and those that follow from what stands in it.

Derived changes, by kind, each as a lever's plain data (what a file could write under `levers:`):

* `option`: an option is taken off the table, or one that is not available is put there;
* `date`: a decision or an event, or all that happen on its date, comes 1 or 3 months earlier or later;
* `order`: two sides' moves change places or fall on one date; somebody else makes the first offer;
* `commitment`: a side rules out all but one of its options beforehand;
* `disclosure`: an event becomes known before a decision, is kept from everybody, or from one side;
* `payment`: one side pays another where an option is taken, or where an event also goes a certain way;
* `term`: shares move by 5 points, royalties by 1 point, milestones by a tenth, where the file has a number there;
* `clause`: what happens without agreement, who has the final say, who bears what is above a budget, a switch.

What other dates or rules do not allow is refused by the reader and falls away; what a lever of the file does, perhaps
with more that comes along, is not derived again. Lists and bounds of a declared lever are
tried value by value: the ends, the middle, and every step where there are few.

>>> from gamecore.scenario import read_scenario
>>> text = '''
... {gamecore: 1, title: T, question: Q, advise: a, players: {a: {name: A}, b: {name: B}},
...  decisions: {go: {by: [a, b], options: {in: Enter, out: Stay out}, no_agreement: Drift}}, baseline: {go: in},
...  timing: {go: 0}, payoffs: {v: {rows: [{when: {go: in}, a: 1, b: 0}, {when: otherwise, all: 0}]}}}'''
>>> _, steps = every_step(read_scenario(text))
>>> [step.lever for step in steps if step.kind == "clause"]
['without_go_in', 'without_go_out', 'final_say_go_a', 'final_say_go_b']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, count, product
from typing import Any, Final

from gamecore.model import Change, Decision, Event, Formula, Lever, Option, Scenario
from gamecore.redesign.levers.steps import Step, with_levers
from gamecore.redesign.levers.terms import term_changes
from gamecore.scenario.changes import middle, short_path, written
from gamecore.scenario.confidential import confidential_names
from gamecore.scenario.reader import LONGEST_NAME
from gamecore.scenario.schedule import base_times, calendar_date
from gamecore.scenario.tree import Mapping as Block
from gamecore.scenario.tree import Scalar, Tree

__all__ = ["MONTHS", "Derived", "every_step", "is_natural"]

MONTHS: Final = (-3, -1, 1, 3)  # by which dates are moved
MOST_STEPS: Final = 12  # values tried of one list or of bounds with a step
MOST_OPTIONS: Final = 12  # of a decision, one change each; of a longer menu of deals none is named


@dataclass(frozen=True)
class Derived:
    """A derived lever before it is written into the file."""

    step: Step
    data: Mapping[str, Any]


def every_step(
    scenario: Scenario, *, payments: bool = True, others: bool = True, most: int | None = None
) -> tuple[Scenario, tuple[Step, ...]]:
    """The scenario with all derived levers written into its file, and every change to try: the file's own first.

    Without `payments` derived payments are left out, without `others` everything else, the file's own too. Payments
    have no amount yet. The order is that of the file and of the kinds above. With `most`, no more than so many
    are written and told, and changes of what nobody decides (`is_natural`) are not among them.
    """
    own = [step for lever in scenario.levers.values() if others for step in _declared(scenario, lever)]
    found = list(_derived(scenario)) if others else []
    if payments:
        found += _payments(scenario)
    written_down = [_all_set(lever) for lever in scenario.levers.values()]
    named: dict[str, Derived] = {}
    for item in found:
        values = _short(item.data.get("set", {})).items()
        if values and any(values <= held.items() for held in written_down):
            continue  # a lever of the file does this, and says what else comes with it
        name = _free(item.step.lever, {*scenario.levers, *named})
        named[name] = replace(item, step=replace(item.step, lever=name))
    if most is not None:
        asked = [name for name, item in named.items() if not is_natural(scenario, item.step)]
        named = {name: named[name] for name in asked[: max(0, most - len(own))]}
        own = own[:most]
    levers = {name: {**item.data, "label": item.step.label} for name, item in named.items() if item.data}
    extended = with_levers(scenario, levers)
    secret = confidential_names(scenario)
    steps = [*own, *(item.step for name, item in named.items() if not item.data or name in extended.levers)]
    return extended, tuple(_marked(step, scenario, secret) for step in steps)


def is_natural(scenario: Scenario, step: Step) -> bool:
    """Whether a change moves only what nobody decides: when an event comes, or that a hidden one is known."""
    if step.kind not in {"date", "disclosure"} or step.declared or step.after == "hidden":
        return False
    names = {path.split(".")[1] for path in step.paths if path.startswith("timing.") and path.count(".") == 1}
    return bool(names) and names <= set(scenario.events)


def is_the_plan(step: Step, plan: str) -> bool:
    """Whether a derived clause makes an option of the plan (by its key) what holds without agreement: to agree on that
    clause is to agree on the option.
    """
    parts = step.path.split(".")
    means = not step.declared and parts[2:] == ["no_agreement", "means"]
    return means and f"{parts[1]}={step.after}" in plan.split(",")


def _all_set(lever: Lever) -> dict[str, str]:
    """What a lever of the file sets where it leaves nothing open."""
    return {short_path(item.path): written(item.candidates[0]) for item in lever.changes if len(item.candidates) == 1}


def _short(values: Mapping[str, Any]) -> dict[str, str]:
    return {path: written(value) for path, value in values.items()}


def _free(name: str, taken: set[str]) -> str:
    short = name[: LONGEST_NAME - 4]
    return next(tried for tried in chain((short,), (f"{short}_{i}" for i in count(2))) if tried not in taken)


def _marked(step: Step, scenario: Scenario, secret: frozenset[str]) -> Step:
    """Whether a change itself is confidential: the lever is, or what it touches."""
    told = f"levers.{step.lever}" in secret or any(
        path == name or path.startswith(f"{name}.") for path in step.paths for name in secret
    )
    before = step.before or _standing(scenario, step.path)
    return replace(step, confidential=told, before=before)


def _standing(scenario: Scenario, path: str) -> str:
    """What stands at a path of the file, as written."""
    node: Tree | None = scenario.source
    for name in path.split(".") if path else ():
        node = node.get(name) if isinstance(node, Block) else None
    return node.text if isinstance(node, Scalar) else ""


# ---- levers of the file ----------------------------------------------------------------------------------------------


def _declared(scenario: Scenario, lever: Lever) -> Iterator[Step]:
    """A lever of the file, once for each way of choosing what it leaves open; a payment's amount is looked for."""
    paths = {short_path(change.path) for change in lever.changes}
    paths |= {f"decisions.{name}" for name, _ in lever.commitments}
    paths |= {f"pay {entry.giver} {entry.receiver}" for entry in lever.payments}
    first = lever.changes[0] if lever.changes else None
    kind = kind_of(scenario, lever)
    step = Step(
        lever.name,
        lever.label,
        kind,
        "pay" if lever.payments else "set" if lever.changes else "commit",
        frozenset(paths),
        declared=True,
        path=short_path(first.path) if first else "",
        months=_months(scenario, lever),
        by=_committed_by(scenario, lever),
    )
    open_ones = [(change, _choices(change)) for change in lever.changes]
    for chosen in product(*(values for _, values in open_ones)):
        amounts, candidates, after = {}, {}, []
        for (change, _), value in zip(open_ones, chosen, strict=True):
            key = f"{lever.name}.{'.'.join(change.path)}"
            after.append(written(value))
            if change.bounds is not None:
                amounts[key] = value
            else:
                candidates[key] = value
        yield replace(step, amounts=amounts, candidates=candidates, after=after[0] if after else "")


def _choices(change: Change) -> tuple[Any, ...]:
    """The values of one change that are tried."""
    bounds = change.bounds
    if bounds is None:
        return change.candidates[:MOST_STEPS]
    if bounds.step and (bounds.high - bounds.low) / bounds.step < MOST_STEPS:
        count = int((bounds.high - bounds.low) / bounds.step)
        return tuple(bounds.low + bounds.step * number for number in range(count + 1))
    return tuple(dict.fromkeys((bounds.low, middle(bounds), bounds.high)))


def kind_of(scenario: Scenario, lever: Lever) -> str:
    """What sort of change a lever of the file is: by what it does first that is not an input."""
    if lever.payments:
        return "payment"
    if lever.commitments and not lever.changes:
        return "commitment"
    kinds = [_kind_of_path(scenario, change) for change in lever.changes]
    return next((kind for kind in kinds if kind != "input"), "input")


def _kind_of_path(scenario: Scenario, change: Change) -> str:
    head, last = change.path[0], change.path[-1]
    if head == "timing":
        if last == "proposes":
            return "order"
        hidden = last == "seen_by" or "hidden" in change.candidates
        return "disclosure" if hidden or _hidden(scenario, change.path[1]) else "date"
    if head == "decisions":
        return "clause" if "no_agreement" in change.path or last == "by" else "option"
    if head in {"deal", "programme"}:
        return "term"
    switch = head == "inputs" and scenario.inputs[change.path[1]].is_switch
    return "clause" if switch else "input"


def _hidden(scenario: Scenario, name: str) -> bool:
    moment = scenario.timing.moments.get(name)
    return moment is not None and moment.at is None


def _months(scenario: Scenario, lever: Lever) -> Fraction:
    """How far a lever moves dates: the furthest of them, in months."""
    from gamecore.scenario.pulling import pulled
    from gamecore.scenario.reading import read_tree

    moved = [change.path[1] for change in lever.changes if change.path[0] == "timing" and change.path[-1] == "at"]
    if not moved:
        return Fraction(0)
    # Only the dates are read: what cannot be told without the rest does not matter here.
    after, _ = read_tree(pulled(scenario.source, lever).without("levers", "expect", "programme", "deal"))
    if after is None:
        return Fraction(0)
    before, now = base_times(scenario), base_times(after)
    shifts = [abs(then - at) for name in moved if (then := now[name]) is not None and (at := before[name]) is not None]
    return 12 * max(shifts, default=Fraction(0))


def _committed_by(scenario: Scenario, lever: Lever) -> str | None:
    """The side that can pull a lever alone: one whose own decision it narrows."""
    if lever.changes or lever.payments or not lever.commitments:
        return None
    makers = {scenario.decisions[name].by for name, _ in lever.commitments if name in scenario.decisions}
    return next(iter(makers))[0] if len(makers) == 1 and all(len(by) == 1 for by in makers) else None


# ---- derived ---------------------------------------------------------------------------------------------------------


def _derived(scenario: Scenario) -> Iterator[Derived]:
    yield from _dates(scenario)
    yield from _clauses(scenario)
    yield from _orders(scenario)
    yield from _options(scenario)
    yield from _commitments(scenario)
    yield from _disclosures(scenario)
    for name, label, values in term_changes(scenario):
        yield _set(name, label, "term", values)


def _set(name: str, label: str, kind: str, values: Mapping[str, Any], **more: Any) -> Derived:
    path, after = next(iter(values.items()))
    step = Step(name, label, kind, "set", frozenset(values), path=path, after=written(after), **more)
    return Derived(step, {"set": dict(values)})


def _available(decision: Decision) -> tuple[Option, ...]:
    return tuple(option for option in decision.options if option.available)


def _options(scenario: Scenario) -> Iterator[Derived]:
    for decision in scenario.decisions.values():
        if len(decision.options) > MOST_OPTIONS:
            continue
        open_ones = _available(decision)
        for option in decision.options:
            path = f"decisions.{decision.name}.options.{option.name}.available"
            if not option.available:
                label = f"Also on the table: {option.label}"
                yield _set(f"offer_{option.name}", label, "option", {path: "yes"}, subject=option.label)
            elif len(open_ones) > (1 if decision.is_agreement else 2):  # one of two left is a commitment
                label = f"Off the table: {option.label}"
                alone = None if decision.is_agreement else decision.by[0]
                name = f"drop_{decision.name}_{option.name}"
                yield _set(name, label, "option", {path: "no"}, by=alone, subject=option.label)


def _dates(scenario: Scenario) -> Iterator[Derived]:
    times = base_times(scenario)
    # What a change is called and which are tried first must not hang on the order of the dates in the file.
    dated = {name: at for name in (*scenario.events, *scenario.decisions) if (at := times[name]) is not None}
    movable = {name: at for name, at in sorted(dated.items(), key=lambda pair: pair[1]) if _movable(scenario, name)}
    days: dict[Fraction, list[str]] = {}
    for name, at in movable.items():
        days.setdefault(at, []).append(name)
    groups = [names for at, names in sorted(days.items()) if len(names) > 1 and at > 0]
    groups += [[name] for name in movable]
    for names in groups:
        at = movable[names[0]]
        for months in MONTHS:
            moved = 12 * at + months
            if moved < 0 or (moved == 0 and at == 0):
                continue
            word = "earlier" if months < 0 else "later"
            values = {f"timing.{name}": _length(moved) for name in names}
            subject, now, then = _spoken(scenario, names), _day(scenario, 12 * at), _day(scenario, moved)
            label = f"{subject}: {then} instead of {now}"
            key = f"{'_and_'.join(names)}_{abs(months)}_{word}"
            told = {"subject": subject, "now": now, "then": then}
            yield _set(key, label, "date", values, months=Fraction(abs(months)), **told)


def _movable(scenario: Scenario, name: str) -> bool:
    """Whether a date is a plain one: neither another's date nor a number of its own."""
    at = scenario.timing.moments[name].at
    return isinstance(at, Formula) and not at.names


def _length(months: Fraction) -> str:
    return f"{written(months)} months" if months.denominator == 1 else f"{written(months / 12)} years"


def _day(scenario: Scenario, months: Fraction) -> str:
    if scenario.timing.count_from is None:
        return "now" if not months else f"after {_length(months)}"
    day = calendar_date(scenario, months / 12)
    return f"{day.day} {day:%B %Y}"


def _spoken(scenario: Scenario, names: list[str]) -> str:
    labels = [
        scenario.decisions[name].label if name in scenario.decisions else scenario.events[name].label for name in names
    ]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _orders(scenario: Scenario) -> Iterator[Derived]:
    times = base_times(scenario)
    moves = [item for item in scenario.decisions.values() if not item.is_agreement and _movable(scenario, item.name)]
    for number, first in enumerate(moves):
        for second in moves[number + 1 :]:
            early, late = times[first.name], times[second.name]
            if first.by == second.by or early is None or late is None or early == late:
                continue
            before, after = f"timing.{first.name}", f"timing.{second.name}"
            swapped = {before: _length(12 * late), after: _length(12 * early)}
            names = f"{first.label} and {second.label}"
            yield _set(f"swap_{first.name}_{second.name}", f"{names} change places", "order", swapped)
            same = {after: _length(12 * early)} if early < late else {before: _length(12 * late)}
            yield _set(f"same_day_{first.name}_{second.name}", f"{names} on one day", "order", same)
    for decision in scenario.decisions.values():
        if decision.is_agreement:
            yield from _proposers(scenario, decision)


def _proposers(scenario: Scenario, decision: Decision) -> Iterator[Derived]:
    proposals = scenario.timing.moments[decision.name].proposals
    path = f"timing.{decision.name}.proposes"
    if proposals.rounds != 1:
        return
    for player in decision.by:
        if proposals.proposers != (player,):
            label = f"{scenario.players[player].label} makes the first offer"
            yield _set(f"{player}_proposes_{decision.name}", label, "order", {path: player})
    if proposals.protocol.value != "at_once":
        yield _set(f"at_once_{decision.name}", "Each side names an option at once", "order", {path: "at_once"})


def _commitments(scenario: Scenario) -> Iterator[Derived]:
    for decision in scenario.decisions.values():
        open_ones = _available(decision)
        if decision.is_agreement or not 1 < len(open_ones) <= MOST_OPTIONS:
            continue
        player = scenario.players[decision.by[0]]
        for option in open_ones:
            label = f"{player.label} commits itself beforehand: {option.label}"
            path = f"decisions.{decision.name}"
            step = Step(
                f"commit_{decision.name}_{option.name}",
                label,
                "commitment",
                "commit",
                frozenset({path}),
                path=path,
                after=option.name,
                by=player.name,
                subject=option.label,
            )
            yield Derived(step, {"commit": {decision.name: option.name}})


def _disclosures(scenario: Scenario) -> Iterator[Derived]:
    times = base_times(scenario)
    dates = sorted({at for name in scenario.decisions if (at := times[name]) is not None})
    for event in scenario.events.values():
        at, seen = times[event.name], scenario.timing.moments[event.name].seen_by
        path = f"timing.{event.name}"
        for date in dates:
            if at is None or date < at:
                label = f"{event.label} is known by {_day(scenario, 12 * date)}"
                yield _set(f"know_{event.name}", label, "disclosure", {path: _length(12 * date)})
        if at is None or not any(date >= at for date in dates):
            continue
        yield _set(f"hide_{event.name}", f"{event.label} stays unknown", "disclosure", {path: "hidden"})
        everyone = list(scenario.players)
        if seen is not None:
            yield _set(f"tell_{event.name}", f"All learn: {event.label}", "disclosure", {f"{path}.seen_by": everyone})
        for player in everyone if len(everyone) > 1 else ():
            if seen is None or player in seen:
                others = [name for name in (everyone if seen is None else list(seen)) if name != player]
                label = f"{scenario.players[player].label} does not learn: {event.label}"
                if others:
                    name = f"keep_{event.name}_from_{player}"
                    yield _set(name, label, "disclosure", {f"{path}.seen_by": others})


def _clauses(scenario: Scenario) -> Iterator[Derived]:
    for decision in scenario.decisions.values():
        if not decision.is_agreement:
            continue
        means = decision.no_agreement.means if decision.no_agreement else None
        for option in _available(decision)[:MOST_OPTIONS]:
            if option.name != means:
                path = f"decisions.{decision.name}.no_agreement.means"
                label = f"Without agreement: {option.label}"
                yield _set(f"without_{decision.name}_{option.name}", label, "clause", {path: option.name})
        for player in decision.by:
            path = f"decisions.{decision.name}.by"
            step = Step(
                f"final_say_{decision.name}_{player}",
                f"{scenario.players[player].label} has the final say: {decision.label}",
                "clause",
                "set",
                frozenset({path, f"decisions.{decision.name}.no_agreement.means", f"timing.{decision.name}.proposes"}),
                path=path,
                before=", ".join(decision.by),
                after=player,
                final_say=(decision.name, player),
            )
            yield Derived(step, {})
    for item in scenario.inputs.values():
        for name, label in item.one_of:
            if name != item.stands:
                yield _set(f"{item.name}_{name}", f"{item.label}: {label}", "clause", {f"inputs.{item.name}": name})


def _payments(scenario: Scenario) -> Iterator[Derived]:
    """A payment from each to each for every option somebody has to be won for, then the same with an event."""
    later = []
    for decision in scenario.decisions.values():
        names = [option.name for option in _available(decision)] if decision.options else ["agreed"]
        for option in names if len(names) <= MOST_OPTIONS else ():
            label = next((item.label for item in decision.options if item.name == option), decision.label)
            for giver, receiver in product(scenario.players, repeat=2):
                if giver == receiver or not (decision.is_agreement or receiver in decision.by):
                    continue
                told = f"{scenario.players[giver].label} pays {scenario.players[receiver].label}: {label}"
                name = f"{giver}_pays_{receiver}_{decision.name}_{option}"
                paid = _payment(name, told, giver, receiver, {decision.name: option})
                yield replace(paid, step=replace(paid.step, subject=label))
                for event in _seen_by_all(scenario) if decision.is_agreement else ():
                    for outcome, outcome_label in event.outcomes:
                        where = {decision.name: option, event.name: outcome}
                        said = f"{told}, if {event.label}: {outcome_label}"
                        paid = _payment(f"{name}_{outcome}", said, giver, receiver, where)
                        hangs = replace(paid.step, subject=label, now=event.label, then=outcome_label)
                        later.append(replace(paid, step=hangs))
    yield from later


def _seen_by_all(scenario: Scenario) -> list[Event]:
    """The events a payment can hang on: nobody can be held to what only one side learns."""
    found = []
    for event in scenario.events.values():
        seen = scenario.timing.moments[event.name].seen_by
        if seen is None or set(seen) >= set(scenario.players):
            found.append(event)
    return found


def _payment(name: str, label: str, giver: str, receiver: str, where: Mapping[str, str]) -> Derived:
    data = {"pay": {"from": giver, "to": receiver, "if": dict(where), "amount": "0 to 1"}}
    step = Step(name, label, "payment", "pay", frozenset({f"pay {giver} {receiver}"}), path=f"pay.{giver}.{receiver}")
    return Derived(step, data)
