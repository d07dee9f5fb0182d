"""Whether the rank correlations under `moves_with` can hold together, and how the tied inputs are then made.

A tied input's standard normal score is the best guess from the scores it is tied to, plus a part of its own. So the
ties that are written hold exactly, what is not tied moves together only through what both are tied to, and an input
that is tied to others does not change theirs. A rank (Spearman) correlation rho of two normal scores is a correlation
of 2 sin(pi rho / 6) (Pearson 1907). The correlations contradict each other exactly where a guess would have to explain
more than there is: where their matrix is not positive semidefinite.

>>> from fractions import Fraction
>>> [(tie.name, tie.on, round(tie.own, 3)) for tie in ties({"x": {}, "y": {"x": Fraction(1, 2)}})]
[('x', (), 1.0), ('y', (('x', 0.5176380902050415),), 0.856)]
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from gamecore.errors import Fault, InputError
from gamecore.model import Range, Scenario, Uncertain
from gamecore.scenario.tree import Mapping as Block

__all__ = ["ContradictionError", "Tie", "contradictions", "ties"]

TOLERANCE: Final = 1e-9  # of a correlation: what is nearer is equal


@dataclass(frozen=True)
class Tie:
    """One tied input: `on` holds the inputs its score rests on with their weights, `own` the weight of its own part."""

    name: str
    on: tuple[tuple[str, float], ...]
    own: float


class ContradictionError(InputError):
    """The correlations of `names` cannot all hold; `at` is the input with which they first cannot."""

    def __init__(self, at: str, names: tuple[str, ...]) -> None:
        self.at = at
        super().__init__(
            "the correlations under 'moves_with' contradict each other (their matrix is not positive semidefinite): "
            f"{', '.join(names)} cannot all move together this way; weaken one of them"
        )


def ties(moves_with: Mapping[str, Mapping[str, Fraction]]) -> tuple[Tie, ...]:
    """The tied inputs among those given, each after the inputs its score rests on.

    `moves_with` names the uncertain inputs, each with those it moves with; what is not among them is left out. Raises
    `ContradictionError` where no scores have these correlations.
    """
    wanted = _both_ways(moves_with)
    waiting = [name for name in moves_with if name in wanted]
    known: dict[str, dict[str, float]] = {}  # correlations of the scores made so far, in their order
    found = []
    while waiting:
        name = next((one for one in waiting if not moves_with[one].keys() & set(waiting)), waiting[0])
        waiting.remove(name)
        tied = {other: rho for other, rho in wanted[name].items() if other in known}
        weights = _solved([[known[a][b] for b in tied] for a in tied], list(tied.values()))
        explained = sum(weight * rho for weight, rho in zip(weights, tied.values(), strict=True))
        missed = max((abs(_guess(known, tied, weights, other) - rho) for other, rho in tied.items()), default=0.0)
        if explained > 1 + TOLERANCE or missed > TOLERANCE:
            raise ContradictionError(name, (*tied, name))
        known[name] = {other: _guess(known, tied, weights, other) for other in known} | {name: 1.0}
        for other, rho in known[name].items():
            known[other][name] = rho
        found.append(Tie(name, tuple(zip(tied, weights, strict=True)), math.sqrt(max(1 - explained, 0.0))))
    return tuple(found)


def _both_ways(moves_with: Mapping[str, Mapping[str, Fraction]]) -> dict[str, dict[str, float]]:
    wanted: dict[str, dict[str, float]] = {}
    for name, others in moves_with.items():
        for other, rank_correlation in others.items():
            if other in moves_with:
                rho = 2 * math.sin(math.pi * float(rank_correlation) / 6)
                wanted.setdefault(name, {})[other] = rho
                wanted.setdefault(other, {})[name] = rho
    return wanted


def _guess(known: Mapping[str, Mapping[str, float]], tied: Mapping[str, float], weights: list[float], at: str) -> float:
    """The correlation of a weighted sum of scores with another score."""
    return sum(weight * known[other][at] for other, weight in zip(tied, weights, strict=True))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """A solution of a symmetric positive semidefinite system; a row that says nothing new gets the weight 0."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    taken: list[tuple[int, int]] = []  # rows with the unknowns they give
    left = set(range(size))
    while left:
        pivot = max(sorted(left), key=lambda place: rows[place][place])
        left.remove(pivot)
        if rows[pivot][pivot] <= TOLERANCE:
            break
        taken.append((pivot, pivot))
        rows[pivot] = [entry / rows[pivot][pivot] for entry in rows[pivot]]
        for place in range(size):
            if place != pivot and rows[place][pivot]:
                factor = rows[place][pivot]
                rows[place] = [a - factor * b for a, b in zip(rows[place], rows[pivot], strict=True)]
    solution = [0.0] * size
    for row, unknown in taken:
        solution[unknown] = rows[row][size]
    return solution


def contradictions(scenario: Scenario) -> list[Fault]:
    """The fault of the scenario's correlations at the `moves_with` with which they first contradict each other."""
    uncertain = {
        name: item.moves_with for name, item in scenario.inputs.items() if isinstance(item.value, Range | Uncertain)
    }
    try:
        ties(uncertain)
    except ContradictionError as error:
        written = scenario.source.get("inputs").get(error.at)
        # In a ring, the last of it may be named by others only.
        key = written.key("moves_with") if isinstance(written, Block) else None
        place = key.place if key is not None else scenario.inputs[error.at].place
        return [Fault(place.line, place.column, f"inputs.{error.at}.moves_with", str(error))]
    return []
