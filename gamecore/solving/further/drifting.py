"""Which of the equilibria players come to: those who err ever less, and those who learn from what the others did."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np

from gamecore.equilibria.learning import Drift, learned_equilibria
from gamecore.equilibria.polishing import IntervalEquilibrium
from gamecore.equilibria.quantal_response import QuantalPath, QuantalPoint
from gamecore.equilibria.quantal_response import quantal_response as followed
from gamecore.equilibria.result import Status
from gamecore.solving.answer import Further
from gamecore.solving.further.subject import Subject, listed
from gamecore.solving.limits import ShouldStop

__all__ = ["learning", "quantal_response"]

MOST_POINTS: Final = 20  # of the path, told; spread evenly over those that were computed
STARTS: Final = 20  # beginnings of each way of learning
DIGITS: Final = 9  # of a float that is told: the last ones may differ between machines
NEAR: Final = 0.05  # a chance this far off, and a run is said to have ended near rather than at an equilibrium


def quantal_response(subject: Subject, stop: ShouldStop) -> Further:
    """The path of logit equilibria from noise, and the equilibrium it leads to."""
    path = followed(subject.game, should_stop=stop)
    place = _place(subject, path.limit)
    limit: dict[str, Any] | None = None
    if path.limit is not None:
        limit = {
            "equilibrium": place,
            "strategies": subject.per_player(
                subject.mixture(player, one) for player, one in enumerate(path.limit.strategies)
            ),
            "payoffs": [str(value) for value in path.limit.payoffs],
            "max_gain": str(path.limit.certificate.max_gain),
        }
        if path.limit.radius:
            limit |= {"bound": str(path.limit.certificate.bound), "radius": str(path.limit.radius)}
    values = {
        "limit": limit,
        "points": [_point(subject, one) for one in _spread(path.points)],
        "points_followed": len(path.points),
    }
    return Further(
        "quantal-response",
        path.status,
        values,
        tuple(_path_told(subject, path, place)),
        (*subject.places, *path.notes),
        path,
    )


def _spread(points: Sequence[QuantalPoint]) -> list[QuantalPoint]:
    """The first, the last and some between."""
    if len(points) <= MOST_POINTS:
        return list(points)
    return [points[round(step * (len(points) - 1) / (MOST_POINTS - 1))] for step in range(MOST_POINTS)]


def _point(subject: Subject, one: QuantalPoint) -> dict[str, Any]:
    return {
        "precision": _rounded(one.precision),
        "strategies": subject.per_player(
            subject.mixture(player, [_rounded(chance) for chance in chances])
            for player, chances in enumerate(one.strategies)
        ),
        "payoffs": [_rounded(value) for value in one.payoffs],
    }


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _place(subject: Subject, limit: IntervalEquilibrium | None) -> int | None:
    """The place of the path's end among the equilibria known; None if it is none of them."""
    if limit is None:
        return None
    for place, one in enumerate(subject.solution.equilibria):
        pairs = zip(one.strategies, limit.strategies, strict=True)
        gap = max(abs(a - b) for left, right in pairs for a, b in zip(left, right, strict=True))
        if gap <= 2 * max(limit.radius, getattr(one, "radius", Fraction(0))):
            return place
    return None


def _path_told(subject: Subject, path: QuantalPath, place: int | None) -> list[str]:
    if path.limit is None:
        return []
    what = subject.profile_said(path.limit.strategies)
    between = subject.solution.status is Status.COMPLETE and len(subject.players) == 2
    other = "an equilibrium between those listed" if between else "an equilibrium that is not listed"
    which = f"equilibrium {place + 1}" if place is not None else other
    sentences = [f"players who choose at random first and err ever less come to {which}: {what}"]
    if len(subject.solution.equilibria) > 1:
        sentences.append("so of several equilibria that is the one that noise leads to")
    return sentences


def learning(subject: Subject, stop: ShouldStop, *, seed: int) -> Further:
    """Where fictitious play and the replicator dynamics settle, from beginnings drawn with `seed`."""
    found = learned_equilibria(
        subject.game, np.random.default_rng(seed), starts=STARTS, equilibria=subject.solution, should_stop=stop
    )
    ways = {"fictitious_play": found.fictitious_play, "replicator": found.replicator}
    values = {"seed": seed, "starts": found.starts} | {name: _drift(subject, one) for name, one in ways.items()}
    named = {"fictitious_play": "best answers to what was played so far", "replicator": "more of what did better"}
    notes = [*subject.places, *found.notes]
    if found.starts:
        notes.append(f"{found.starts} random beginnings, seed {seed}; nashpy's dynamics in floats: evidence, no proof")
    sentences = tuple(
        f"partners who play {named[name]}: {_drift_told(subject, one, found.starts)}"
        for name, one in ways.items()
        if found.starts
    )
    return Further("learning", found.status, values, sentences, tuple(notes), found)


def _drift(subject: Subject, one: Drift) -> dict[str, Any]:
    equilibria = subject.solution.equilibria
    return {
        "ends": [
            {
                "equilibrium": place,
                "starts": count,
                "strategies": subject.per_player(
                    subject.mixture(player, mix) for player, mix in enumerate(equilibria[place].strategies)
                ),
                "payoffs": [str(value) for value in equilibria[place].payoffs],
            }
            for place, count in one.ends.items()
        ],
        "unsettled": one.unsettled,
        "farthest": _rounded(one.farthest),
    }


def _drift_told(subject: Subject, one: Drift, starts: int) -> str:
    """Where the runs ended, equilibria with the same payoffs together."""
    nearly = "near" if one.farthest > NEAR else "at"
    equilibria = subject.solution.equilibria
    together: dict[tuple[Fraction, ...], list[int]] = {}
    for place in one.ends:
        together.setdefault(equilibria[place].payoffs, []).append(place)
    counted = [(sum(one.ends[place] for place in places), places) for places in together.values()]
    parts = []
    for count, places in sorted(counted, key=lambda item: (-item[0], item[1])):
        which = f"equilibrium {places[0] + 1}" if len(places) == 1 else f"equilibria {listed(_numbers(places))}"
        doing = f"{subject.profile_said(equilibria[places[0]].strategies)}; " if len(places) == 1 else ""
        parts.append(
            f"{count} of {starts} settle {nearly} {which} ({doing}{subject.paid(equilibria[places[0]].payoffs)})"
        )
    if one.unsettled:
        parts.append(f"{one.unsettled} of {starts} do not settle")
    return "; ".join(parts)


def _numbers(places: Sequence[int]) -> list[str]:
    return [str(place + 1) for place in places]
