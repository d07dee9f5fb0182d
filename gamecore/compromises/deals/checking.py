"""What a space of deals must keep to; every fault says what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from gamecore.compromises.deals.space import (
    Amount,
    DealSpace,
    Exclusion,
    Interaction,
    Issue,
    Point,
    Reading,
    known_name,
    rising,
)
from gamecore.errors import InputError
from gamecore.games.strategic import exact_array

__all__ = ["checked"]


def checked(space: DealSpace) -> dict[str, Any]:
    """The fields of a space as exact tuples. Raises `InputError` for the first that does not fit."""
    parties = tuple(space.parties)
    if len(parties) < 2:
        raise InputError("a deal needs at least two parties")
    _distinct(parties, "party")
    if not space.issues and not space.amounts:
        raise InputError("there is nothing to agree on: give at least one issue or one amount")
    _distinct([*(issue.name for issue in space.issues), *(term.name for term in space.amounts)], "issue or amount")
    try:
        reading = Reading(space.reading)
    except ValueError:
        raise InputError(f"{space.reading!r} is no reading of points: say raw, scaled or unit") from None
    issues = tuple(_issue(issue, parties) for issue in space.issues)
    _weights(issues, parties)
    places = {issue.name: issue for issue in issues}
    return {
        "parties": parties,
        "issues": issues,
        "interactions": tuple(_interaction(item, places, parties) for item in space.interactions),
        "amounts": tuple(_amount(item, parties) for item in space.amounts),
        "impossible": tuple(_exclusion(item, places) for item in space.impossible),
        "no_agreement": _point(space.no_agreement, parties, "no agreement")
        if len(space.no_agreement)
        else (Fraction(0),) * len(parties),
        "reading": reading,
    }


def _distinct(names: Sequence[str], kind: str) -> None:
    if not all(names):
        raise InputError(f"a {kind} has no name")
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise InputError(f"{twice!r} is there twice: give each {kind} a name of its own")


def _point(values: Iterable[Any], parties: Sequence[str], where: str) -> Point:
    row = tuple(values)
    if len(row) != len(parties):
        raise InputError(f"{where}: {len(row)} values for {len(parties)} parties ({', '.join(parties)})")
    try:
        return tuple(exact_array(list(row)).tolist())
    except InputError:
        raise InputError(f"{where}: {row} are not finite numbers") from None


def _issue(issue: Issue, parties: Sequence[str]) -> Issue:
    if not issue.options:
        raise InputError(f"{issue.name}: an issue needs at least one option")
    _distinct(issue.options, f"option of {issue.name}")
    if len(issue.points) != len(issue.options):
        raise InputError(f"{issue.name}: {len(issue.points)} rows of points for {len(issue.options)} options")
    points = tuple(
        _point(row, parties, f"{issue.name}, {option}") for option, row in zip(issue.options, issue.points, strict=True)
    )
    weights = _point(issue.weights, parties, f"{issue.name}, weights") if len(issue.weights) else ()
    for party, weight in zip(parties, weights, strict=False):
        if weight < 0:
            raise InputError(f"{issue.name}: the weight of {party} is {weight}; turn the points round instead")
    return replace(issue, options=tuple(issue.options), points=points, weights=weights)


def _weights(issues: Sequence[Issue], parties: Sequence[str]) -> None:
    if not any(issue.weights for issue in issues):
        return
    for i, party in enumerate(parties):
        if sum(issue.weights[i] if issue.weights else 1 for issue in issues) == 0:
            raise InputError(f"the weights of {party} sum to zero: give at least one issue a weight for {party}")


def _interaction(item: Interaction, issues: dict[str, Issue], parties: Sequence[str]) -> Interaction:
    known_name(item.issues, issues, "issue")
    _distinct(item.issues, "issue of an interaction")
    if len(item.issues) < 2:
        raise InputError("an interaction needs at least two issues: what one option adds by itself is points")
    adds = {}
    for options, values in item.adds.items():
        if len(options) != len(item.issues):
            raise InputError(f"an interaction of {', '.join(item.issues)} names {len(options)} options: {options}")
        for name, option in zip(item.issues, options, strict=True):
            known_name([option], issues[name].options, f"option of {name}")
        adds[tuple(options)] = _point(values, parties, f"interaction of {' and '.join(options)}")
    return Interaction(tuple(item.issues), adds)


def _exclusion(item: Exclusion, issues: dict[str, Issue]) -> Exclusion:
    if not item.options:
        raise InputError("an impossible combination names no issue: everything would be impossible")
    known_name(item.options, issues, "issue")
    for name, options in item.options.items():
        known_name(options, issues[name].options, f"option of {name}")
    return Exclusion({name: tuple(options) for name, options in item.options.items()})


def _amount(item: Amount, parties: Sequence[str]) -> Amount:
    try:
        corners = tuple(exact_array(list(item.corners)).tolist())
    except InputError:
        raise InputError(f"{item.name}: {item.corners} are not finite numbers") from None
    if len(corners) < 2 or not rising(corners):
        raise InputError(f"{item.name}: give at least two corners in rising order")
    if len(item.values) != len(corners):
        raise InputError(f"{item.name}: {len(item.values)} rows of values for {len(corners)} corners")
    rows = (_point(row, parties, f"{item.name} at {at}") for at, row in zip(corners, item.values, strict=True))
    return replace(item, corners=corners, values=tuple(rows))
