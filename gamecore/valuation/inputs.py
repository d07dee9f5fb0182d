"""Uncertain numbers: what a scenario draws, and the draws.

Every range of a file is one *quantity*: a named input, or a range typed in a payoff, a chance or a rate. `draw` gives
each quantity an array of shape (draws,), in its own unit. Each quantity has its own stream of random numbers, seeded by
the seed and the quantity's name, so adding one to a file leaves the others' draws as they are, and the draws are
stratified (Latin hypercube, McKay, Beckman & Conover 1979): one in the middle of every 1/draws of the distribution.

Shapes: `normal` and `lognormal` are two-piece, through P10, P50 and P90 (a normal half on each side of the median; for
`lognormal` in logarithms); `triangular` and `pert` (beta with mean (a + 4m + b) / 6) go from minimum over mode to
maximum.
`moves_with` is a rank (Spearman) correlation, drawn with a Gaussian copula: rho becomes 2 sin(pi rho / 6).

>>> from fractions import Fraction
>>> normal = Uncertain(Shape.NORMAL, (Fraction(1), Fraction(2), Fraction(4)))
>>> [round(float(x), 6) for x in quantile(normal, np.array([0.1, 0.5, 0.9]))]
[1.0, 2.0, 4.0]
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError
from gamecore.model import Formula, Place, Range, Scenario, Shape, Uncertain, Value

__all__ = ["Quantity", "base_value", "draw", "quantile", "quantities", "quantity_key"]

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
    for name, event in scenario.events.items():
        yield f"events.{name}.right", event.right, nothing
        for who, rows in (("chances", event.chances), *event.beliefs.items()):
            for number, chance_row in enumerate(rows):
                for (outcome, _), chance in zip(event.outcomes, chance_row.chances, strict=True):
                    yield f"events.{name}.{who}.{number}.{outcome}", chance, nothing
    for name, moment in scenario.timing.moments.items():
        yield f"timing.{name}.breakdown", moment.proposals.breakdown, nothing
    for name, line in scenario.payoffs.items():
        for number, payoff_row in enumerate(line.rows):
            for who, value in payoff_row.values.items():
                yield f"payoffs.{name}.rows.{number}.{who}", value, nothing


def draw(scenario: Scenario, *, draws: int, seed: int) -> dict[tuple[object, ...], Floats]:
    """Draws of every quantity, keyed by `quantity_key`: arrays of shape (draws,).

    Raises `InputError` if the rank correlations of `moves_with` contradict each other.
    """
    items = quantities(scenario)
    uniforms, normals = _strata(draws)
    orders = {item.key: _order(item.key, draws, seed) for item in items}
    moved = _correlated(items, {key: normals[order] for key, order in orders.items()})
    values = {}
    for item in items:
        uniform = _normal_cdf(moved[item.key]) if item.key in moved else uniforms[orders[item.key]]
        normal = moved[item.key] if item.key in moved else normals[orders[item.key]]
        values[quantity_key(item.distribution)] = _at(item.distribution, uniform, normal)
    return values


@lru_cache(maxsize=4)
def _strata(draws: int) -> tuple[Floats, Floats]:
    """The middles of `draws` strata of equal chance: of the uniform on (0, 1), and of the standard normal."""
    uniforms = (np.arange(draws) + 0.5) / draws
    return uniforms, _normal_quantile(uniforms)


def _normal_quantile(uniform: Floats) -> Floats:
    # scipy's ndtri takes a fifth of a second to import; this takes a hundredth for 10,000 strata, once.
    quantile_of = NormalDist().inv_cdf
    return np.array([quantile_of(float(u)) for u in uniform.ravel()]).reshape(uniform.shape)


def _normal_cdf(normal: Floats) -> Floats:
    from scipy.special import ndtr

    chances: Floats = ndtr(normal)
    return chances


def _order(key: str, draws: int, seed: int) -> npt.NDArray[np.int64]:
    """The random order in which a quantity goes through its strata: its own stream, by the seed and its name."""
    digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big"))).permutation(draws)


def _correlated(items: tuple[Quantity, ...], normals: dict[str, Floats]) -> dict[str, Floats]:
    """The standard normal scores of the quantities that `moves_with` ties together, with its rank correlations.

    One after the other: a score is the best guess from those it is tied to, plus what its own stream adds. So the ties
    that are written hold exactly, what is not tied moves together only through what both are tied to, and a quantity
    that is tied to others does not change their draws.
    """
    ties: dict[str, dict[str, float]] = {}
    there = {item.key for item in items}
    for item in items:
        for other, rank_correlation in item.moves_with.items():
            if f"inputs.{other}" in there:
                rho = float(2 * np.sin(np.pi * float(rank_correlation) / 6))
                ties.setdefault(item.key, {})[f"inputs.{other}"] = rho
                ties.setdefault(f"inputs.{other}", {})[item.key] = rho
    waiting = [item for item in items if item.key in ties]
    moved: dict[str, Floats] = {}
    names: list[str] = []
    correlation = np.eye(len(waiting))
    while waiting:
        open_ones = {one.key for one in waiting}
        item = next((one for one in waiting if not open_ones & {f"inputs.{o}" for o in one.moves_with}), waiting[0])
        waiting.remove(item)
        tied = {names.index(other): rho for other, rho in ties[item.key].items() if other in names}
        places, wanted = list(tied), np.array(list(tied.values()))
        among = correlation[np.ix_(places, places)]
        weights = np.linalg.pinv(among, hermitian=True) @ wanted
        own = 1 - float(weights @ wanted)
        if own < -1e-9 or not np.allclose(among @ weights, wanted, atol=1e-9):
            raise InputError(
                "the correlations under 'moves_with' contradict each other: "
                + ", ".join(name.removeprefix("inputs.") for name in [*(names[place] for place in places), item.key])
                + " cannot all move together this way; weaken one of them"
            )
        number = len(names)
        correlation[number, :number] = correlation[:number, number] = weights @ correlation[places, :number]
        names.append(item.key)
        score = np.sqrt(max(own, 0.0)) * normals[item.key]
        for weight, place in zip(weights, places, strict=True):
            score = score + weight * moved[names[place]]
        moved[item.key] = score
    return moved


def quantile(distribution: Range | Uncertain, uniform: Floats) -> Floats:
    """The quantile function of a distribution: maps numbers in (0, 1), any shape, to values of the same shape."""
    return _at(distribution, uniform, _normal_quantile(np.asarray(uniform)))


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
