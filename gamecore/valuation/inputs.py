"""Uncertain numbers: what a scenario draws, and the draws.

Every range of a file is one *quantity*: a named input, or a range typed in a payoff, a chance, a rate, the programme or
the deal. `draw` gives each quantity an array of shape (draws,), in its own unit. Each quantity has its own stream
(see `draws`), seeded by the seed and the quantity's name and spread evenly over its distribution.

Shapes: `normal` and `lognormal` are two-piece, through P10, P50 and P90 (a normal half on each side of the median; for
`lognormal` in logarithms); `triangular` and `pert` (beta with mean (a + 4m + b) / 6) go from minimum over mode to
maximum.
`moves_with` is a rank (Spearman) correlation, drawn with a Gaussian copula (see `gamecore.scenario.correlations`).

>>> from fractions import Fraction
>>> normal = Uncertain(Shape.NORMAL, (Fraction(1), Fraction(2), Fraction(4)))
>>> [round(float(x), 6) for x in quantile(normal, np.array([0.1, 0.5, 0.9]))]
[1.0, 2.0, 4.0]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError
from gamecore.model import Enpv, Formula, Place, Range, Scenario, Shape, Uncertain, Value
from gamecore.scenario.correlations import ties
from gamecore.valuation.draws import Sampling, normal_quantile, sampling_named, strata, streams, tied

__all__ = ["Quantity", "base_value", "cut_share", "draw", "quantile", "quantities", "quantity_key"]

Floats = npt.NDArray[np.float64]

Z90: Final = NormalDist().inv_cdf(0.9)  # the 90th percentile of the standard normal


@dataclass(frozen=True)
class Quantity:
    """One uncertain number of a scenario: its path in the file, its distribution, and what it moves with."""

    key: str
    distribution: Range | Uncertain
    moves_with: Mapping[str, Fraction]
    place: Place


def quantity_key(distribution: Range | Uncertain) -> tuple[object, ...]:
    """How a range met in a payoff is found again among the draws: by its place in the file."""
    return (distribution.place.line, distribution.place.column, distribution.text, type(distribution).__name__)


def base_value(value: Value | Uncertain) -> Fraction | None:
    """The base value of a range, or the number itself; None for a formula that rests on names."""
    return value.constant if isinstance(value, Formula) else value.base


def quantities(scenario: Scenario) -> tuple[Quantity, ...]:
    """Every range of the scenario, each once, inputs first, in the order of the file."""
    found: dict[tuple[object, ...], Quantity] = {}
    for key, value, moves_with in _values(scenario):
        if isinstance(value, Range | Uncertain):
            found.setdefault(quantity_key(value), Quantity(key, value, moves_with, value.place))
    return tuple(found.values())


def _values(scenario: Scenario) -> Iterator[tuple[str, Value | Uncertain | None, Mapping[str, Fraction]]]:
    nothing: Mapping[str, Fraction] = {}
    for name, item in scenario.inputs.items():
        yield f"inputs.{name}", item.value, item.moves_with
        for number, row in enumerate(item.rows):
            yield f"inputs.{name}.rows.{number}", row.value, nothing
    for name, player in scenario.players.items():
        yield f"players.{name}.discount_rate", player.discount_rate, nothing
        yield f"players.{name}.risk_tolerance", player.risk_tolerance, nothing
    for name, event in scenario.events.items():
        yield f"events.{name}.right", event.right, nothing
        for who, rows in (("chances", event.chances), *event.beliefs.items()):
            for number, chance_row in enumerate(rows):
                for (outcome, _), chance in zip(event.outcomes, chance_row.chances, strict=True):
                    yield f"events.{name}.{who}.{number}.{outcome}", chance, nothing
    for name, moment in scenario.timing.moments.items():
        yield f"timing.{name}.breakdown", moment.proposals.breakdown, nothing
    yield from ((key, value, nothing) for key, value in _payoff_values(scenario))


def _payoff_values(scenario: Scenario) -> Iterator[tuple[str, Value]]:
    for name, line in scenario.payoffs.items():
        for number, row in enumerate(line.rows):
            for who, value in row.values.items():
                if not isinstance(value, Enpv):
                    yield f"payoffs.{name}.rows.{number}.{who}", value
        for who, weight in line.weights.items():
            yield f"payoffs.{name}.weight.{who}", weight
    for block, held in (("programme", scenario.programme), ("deal", scenario.deal)):
        for path, written in held.values if held is not None else ():
            yield f"{block}.{path}", written


def draw(
    scenario: Scenario, *, draws: int, seed: int, sampling: str = Sampling.LATIN_HYPERCUBE
) -> dict[tuple[object, ...], Floats]:
    """Draws of every quantity, keyed by `quantity_key`: arrays of shape (draws,).

    Raises `ContradictionError` if the rank correlations of `moves_with` contradict each other.
    """
    items = quantities(scenario)
    made = streams([item.key for item in items], draws=draws, seed=seed, sampling=sampling_named(sampling))
    named = {item.key.removeprefix("inputs."): item for item in items if item.key.startswith("inputs.")}
    order = ties({name: item.moves_with for name, item in named.items()})
    moved = tied({name: made[item.key] for name, item in named.items()}, order)
    made |= {named[name].key: stream for name, stream in moved.items()}
    return {
        quantity_key(item.distribution): _at(item.distribution, made[item.key].uniform, made[item.key].normal)
        for item in items
    }


def cut_share(distribution: Range | Uncertain, *, draws: int) -> float:
    """The share of a distribution's draws that lie beyond `at_least` or `at_most` and are set to it."""
    if isinstance(distribution, Range) or (distribution.at_least is None and distribution.at_most is None):
        return 0.0
    free = replace(distribution, at_least=None, at_most=None)
    uniform, normal = strata(draws)
    return float(np.mean(_at(free, uniform, normal) != _at(distribution, uniform, normal)))


def quantile(distribution: Range | Uncertain, uniform: Floats) -> Floats:
    """The quantile function of a distribution: maps numbers in (0, 1), any shape, to values of the same shape."""
    return _at(distribution, uniform, normal_quantile(np.asarray(uniform)))


def _at(distribution: Range | Uncertain, uniform: Floats, normal: Floats) -> Floats:
    """The value of a distribution at a quantile, given as a number in (0, 1) and as a standard normal score."""
    if isinstance(distribution, Range):
        return _two_piece((float(distribution.low), float(distribution.base), float(distribution.high)), normal)
    points = tuple(map(float, distribution.points))
    if distribution.shape is Shape.NORMAL:
        values = _two_piece(points, normal)
    elif distribution.shape is Shape.LOGNORMAL:
        values = _lognormal(points, normal)
    else:
        values = _QUANTILES[distribution.shape](points, uniform, tuple(map(float, distribution.weights)))
    low = -np.inf if distribution.at_least is None else float(distribution.at_least)
    high = np.inf if distribution.at_most is None else float(distribution.at_most)
    cut: Floats = np.clip(values, low, high)
    return cut


def _two_piece(points: tuple[float, ...], normal: Floats) -> Floats:
    low, base, high = points
    z = normal / Z90
    values: Floats = base + np.where(z < 0, (base - low) * z, (high - base) * z)
    return values


def _lognormal(points: tuple[float, ...], normal: Floats) -> Floats:
    if min(points) <= 0:
        raise InputError("a lognormal range needs numbers above zero")
    values: Floats = np.exp(_two_piece(tuple(np.log(points)), normal))
    return values


def _triangular(points: tuple[float, ...], uniform: Floats, _: tuple[float, ...]) -> Floats:
    low, mode, high = points
    if high == low:
        return np.full_like(uniform, low)
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(uniform * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - mode))
    return np.where(uniform < split, rising, falling)


def _pert(points: tuple[float, ...], uniform: Floats, _: tuple[float, ...]) -> Floats:
    low, mode, high = points
    if high == low:
        return np.full_like(uniform, low)
    from scipy.special import betaincinv

    alpha = 1 + 4 * (mode - low) / (high - low)
    values: Floats = low + (high - low) * betaincinv(alpha, 6 - alpha, uniform)
    return values


def _uniform(points: tuple[float, ...], uniform: Floats, _: tuple[float, ...]) -> Floats:
    return points[0] + (points[1] - points[0]) * uniform


def _discrete(points: tuple[float, ...], uniform: Floats, weights: tuple[float, ...]) -> Floats:
    order = np.argsort(points)
    edges = np.cumsum(np.asarray(weights)[order])
    chosen = np.minimum(np.searchsorted(edges, uniform, side="right"), len(points) - 1)
    values: Floats = np.asarray(points)[order][chosen]
    return values


_QUANTILES: Final = {
    Shape.TRIANGULAR: _triangular,
    Shape.PERT: _pert,
    Shape.UNIFORM: _uniform,
    Shape.DISCRETE: _discrete,
}
