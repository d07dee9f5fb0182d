"""From the text of a scenario file to a `Scenario`, or to all of its faults at once.

The walk: `tree` (YAML to texts with places), `declaring` (which names there are), one module per question (`people`,
`choices` and `chances`, `dates`, `worth`), the rest of the file (`changes`, `results`), and `checks` for what only the
whole can show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Lookup
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from gamecore.errors import Fault, InputError, ScenarioError, TooLargeError
from gamecore.model import Scenario
from gamecore.scenario import changes, checks, choices, dates, people, results, worth
from gamecore.scenario.anytime import today_as_condition
from gamecore.scenario.chances import read_events
from gamecore.scenario.correlations import contradictions
from gamecore.scenario.declaring import declare
from gamecore.scenario.dimensions import check_rates, check_units
from gamecore.scenario.programme import read_block
from gamecore.scenario.pulling import pulled
from gamecore.scenario.rankings import read_rankings
from gamecore.scenario.reader import EnoughError, Reader
from gamecore.scenario.tree import Mapping, parse, tree_size
from gamecore.scenario.units import with_rates

MOST_RETRIED: Final = 500_000  # values read again to try levers; the first situation has 1,300


def read_scenario(data: bytes | str, *, file: str = "scenario") -> Scenario:
    """Read YAML or JSON; raise `ScenarioError` with every fault, or `TooLargeError`."""
    parsed = parse(data)
    if parsed.root is None:
        raise ScenarioError(parsed.faults, file)
    digest = hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
    scenario, faults = read_tree(parsed.root)
    faults += parsed.faults
    if scenario is not None and not faults:
        faults += try_levers(scenario)
    if scenario is None or faults:
        raise ScenarioError(faults, file)
    return replace(scenario, sha256=digest, file=file)


def read_tree(root: Mapping) -> tuple[Scenario | None, list[Fault]]:
    """A scenario from a tree (as far as it can be read), and the faults of the tree."""
    root = with_rates(root)
    reader = Reader(root)
    try:
        return _read(reader, root), reader.faults
    except EnoughError:
        last = max(reader.faults)
        more = Fault(last.line, last.column, "", f"the first {len(reader.faults)} faults are told; mend these first")
        return None, [*reader.faults, more]


def _read(reader: Reader, root: Mapping) -> Scenario:
    declare(reader)
    dates.read_day_zero(reader)
    head = people.read_head(reader)
    players = people.read_players(reader)
    timing = dates.read_timing(reader)
    scenario = Scenario(
        title=head.title,
        question=head.question,
        advise=head.advise,
        players=players,
        decisions=choices.read_decisions(reader),
        events=read_events(reader),
        timing=timing,
        payoffs=worth.read_payoffs(reader, players),
        baseline=today_as_condition(timing) if timing.anytime else choices.read_baseline(reader),
        rankings=read_rankings(reader),
        programme=read_block(reader, "programme"),
        deal=read_block(reader, "deal"),
        inputs=worth.read_inputs(reader),
        impossible=choices.read_impossible(reader),
        levers=changes.read_levers(reader),
        expect=results.read_expect(reader),
        unit=head.unit,
        decide_by=head.decide_by,
        context=head.context,
        note=head.note,
        source=root,
    )
    check_rates(reader, scenario)
    checks.check(reader, scenario)
    reader.faults += contradictions(scenario)
    if not reader.faults:
        check_units(reader, scenario)
    return scenario


# ---- levers ----------------------------------------------------------------------------------------------------------


def apply_levers(
    scenario: Scenario,
    names: tuple[str, ...] | list[str],
    amounts: Lookup[str, Fraction] | None = None,
    candidates: Lookup[str, Any] | None = None,
) -> Scenario:
    """The scenario after pulling levers, one after the other; its sha256 stays that of the file.

    `amounts` and `candidates` choose within bounds and lists (see `pulling.pulled`). Raises `InputError` for a name
    that is no lever, `ScenarioError` if the changed file would have faults.
    """
    root: Mapping = scenario.source
    told = []
    for name in names:
        lever = scenario.levers.get(name)
        if lever is None:
            raise InputError(f"no lever is called '{name}'; the levers are: {', '.join(scenario.levers) or 'none'}")
        root = pulled(root, lever, amounts, candidates)
        told.append(_said(name, changes.chosen(lever, amounts, candidates)))
    return _again(scenario, root, tuple(told))


def _said(name: str, chosen: list[tuple[str, str]]) -> str:
    """A lever as the record names it: with what was taken for it, chosen or not."""
    if len(chosen) == 1:
        return f"{name}={chosen[0][1]}"
    return " ".join([name, *(f"{path}={value}" for path, value in chosen)])


def set_values(scenario: Scenario, values: Lookup[str, object]) -> Scenario:
    """The scenario with other values at dotted paths (`inputs.hold`, `timing.news`), as a lever's `set` would put
    them.
    """
    root: Mapping = changes.expand(scenario.source)
    for path, value in values.items():
        target, written = changes.change_from(scenario, path, value)
        root = root.put(target, written)
    return _again(scenario, root, tuple(f"{path}={changes.written(value)}" for path, value in values.items()))


def _again(scenario: Scenario, root: Mapping, changed_by: tuple[str, ...]) -> Scenario:
    changed, faults = read_tree(root)
    if changed is None or faults:
        raise ScenarioError(faults, scenario.file)
    return replace(changed, sha256=scenario.sha256, file=scenario.file, changes=(*scenario.changes, *changed_by))


def try_levers(scenario: Scenario) -> list[Fault]:
    """Pull each lever once, every candidate of a list by turns, and tell what would be wrong with the file then."""
    found = []
    size = tree_size(scenario.source)
    spent = 0
    for lever in scenario.levers.values():
        tries: list[dict[str, Any]] = [{}]
        for change in lever.changes:
            name = f"{lever.name}.{'.'.join(change.path)}"
            tries += [{name: candidate} for candidate in change.candidates[1:]]
        spent += size * len(tries)
        if spent > MOST_RETRIED:
            raise TooLargeError(
                "this file has more levers and candidates than can be tried",
                limit="values times levers",
                count=spent,
                allowed=MOST_RETRIED,
            )
        for candidates in tries:
            root = pulled(scenario.source, lever, None, candidates).without("levers", "expect")
            _, faults = read_tree(root)
            if faults:
                first = min(faults)
                told = f"with this lever the file would be wrong: {first.path}: {first.message}"
                found.append(Fault(lever.place.line, lever.place.column, f"levers.{lever.name}", told))
                break
    return found
