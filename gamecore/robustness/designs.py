"""Where a partly known scenario is looked at: what is learnt in front, everything else behind it.

A *design* crosses `outer` values of the quantities somebody learns with `inner` values of all others. Averaged over the
inner values, payoffs are those of players who know the outer ones and no more; because every outer value meets the same
inner ones, their errors are common to all and do not look like something to be learnt. Quantities with a few discrete
values are enumerated, all others stratified (as `valuation/inputs.py`); ranks that move together are kept: given the
scores of what is learnt, the scores of the others are `z + W (a - b)`, with `W` the regression of one on the other
(Gaussian copula).

Sources: nested estimates of partial information, Brennan, Kharroubi, O'Hagan & Chilcott 2007; strata, McKay, Beckman &
Conover 1979.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import isqrt, prod
from typing import Final

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError
from gamecore.model import Scenario, Shape, Uncertain
from gamecore.valuation.draws import Sampling
from gamecore.valuation.inputs import Z90, Quantity, draw, quantile, quantities, quantity_key

__all__ = ["Design", "all_known", "channel", "partly_known"]

Floats = npt.NDArray[np.float64]
Points = dict[tuple[object, ...], Floats]

OUTER_PER_INNER: Final = 4  # the outer values shape the answer, the inner ones only an average
WITHIN: Final = (1e-15, 1 - 1e-15)  # a score eight deviations out is still a number
SCORES_FOR_TIES: Final = 4096  # draws from which the regression of scores that move together is taken


@dataclass(frozen=True)
class Design:
    """`outer` (outer,) and `inner` (inner,) values by `quantity_key`, with weights that sum to 1 on each side.

    `scores` is filled where the inner values follow the outer ones: per inner quantity its distribution, its scores
    (inner,) and the shift (outer, inner) that an outer value gives them.
    """

    outer: Points
    inner: Points
    outer_weights: Floats
    inner_weights: Floats
    following: Mapping[tuple[object, ...], tuple[Quantity, Floats, Floats]]

    def pieces(self, most: int) -> Iterator[tuple[slice, Points]]:
        """Points in pieces of at most about `most`: the outer values of a piece, and all their points, outer first."""
        inner = len(self.inner_weights)
        size = max(1, most // inner)
        for start in range(0, len(self.outer_weights), size):
            part = slice(start, min(start + size, len(self.outer_weights)))
            count = part.stop - part.start
            points = {key: np.repeat(values[part], inner) for key, values in self.outer.items()}
            points |= {key: np.tile(values, count) for key, values in self.inner.items()}
            for key, (item, scores, shift) in self.following.items():
                moved = (scores[None, :] + shift[part]).ravel()
                points[key] = quantile(item.distribution, np.clip(_chances_of(moved), *WITHIN))
            yield part, points


def all_known(scenario: Scenario, draws: int, seed: int, sampling: str = Sampling.LATIN_HYPERCUBE) -> Design:
    """Every quantity in front: the draws of the scenario, or every combination where there are few enough."""
    items = quantities(scenario)
    outer, weights = _enumerated(items, draws) or (
        draw(scenario, draws=draws, seed=seed, sampling=sampling),
        np.full(draws, 1 / draws),
    )
    return Design(outer, {}, weights, np.ones(1), {})


def partly_known(scenario: Scenario, learnt: Collection[str], draws: int, seed: int) -> Design:
    """The quantities named by their keys in front, all others behind; about `draws` points."""
    items = quantities(scenario)
    front = tuple(item for item in items if item.key in learnt)
    back = tuple(item for item in items if item.key not in learnt)
    if not back:
        return all_known(scenario, draws, seed)
    inner_count = max(1, isqrt(draws // OUTER_PER_INNER))
    outer_count = max(1, draws // inner_count)
    tied = _tied(items)
    mixed = bool(tied & {item.key for item in front}) and bool(tied & {item.key for item in back})
    outer, outer_weights = (None if mixed else _enumerated(front, outer_count)) or _stratified(
        scenario, front, outer_count, seed
    )
    inner, inner_weights = (None if mixed else _enumerated(back, inner_count)) or _stratified(
        scenario, back, inner_count, seed
    )
    following = _following(scenario, front, back, (outer_count, inner_count), seed) if mixed else {}
    inner = {key: values for key, values in inner.items() if key not in following}
    return Design(outer, inner, outer_weights, inner_weights, following)


def channel(scenario: Scenario, learnt: Collection[str], design: Design, accuracy: Fraction) -> Floats:
    """The chances (outer, signal) of a noisy signal at each outer value of a design with one quantity in front.

    A quantity with discrete values: the signal names the right one with chance `accuracy`, every other one equally
    likely. Any other: the signal is a normal number whose correlation with the quantity's normal score is `accuracy`,
    told by the stratum it falls into.

    Raises `InputError` if several quantities are learnt together.
    """
    items = [item for item in quantities(scenario) if item.key in learnt]
    if len(items) != 1:
        raise InputError("a noisy signal is about one number; name one number, or leave out the accuracy")
    count, right = len(design.outer_weights), float(accuracy)
    found = items[0].distribution
    if isinstance(found, Uncertain) and found.shape is Shape.DISCRETE and count == len(found.points):
        wrong = (1 - right) / max(count - 1, 1)
        return np.where(np.eye(count, dtype=bool), right if count > 1 else 1.0, wrong)
    if right == 1:
        return np.eye(count)
    order = np.argsort(design.outer[quantity_key(found)], kind="stable")
    scores = np.empty(count)
    scores[order] = _normal((np.arange(count) + 0.5) / count)
    edges = _normal(np.arange(count + 1) / count)
    below = _chances_of((edges[None, :] - right * scores[:, None]) / np.sqrt(1 - right**2))
    return np.diff(below, axis=1)


def _enumerated(items: Sequence[Quantity], most: int) -> tuple[Points, Floats] | None:
    """Every combination of discrete quantities with its chance; None if there are too many, or others."""
    if not items or _tied(tuple(items)):
        return None
    tables = []
    for item in items:
        found = item.distribution
        if not isinstance(found, Uncertain) or found.shape is not Shape.DISCRETE:
            return None
        values = [_cut(found, value) for value in found.points]
        tables.append(list(zip(values, map(float, found.weights), strict=True)))
    if prod(map(len, tables)) > most:
        return None
    cells = list(product(*tables))
    weights = np.array([prod(weight for _, weight in cell) for cell in cells])
    points = {
        quantity_key(item.distribution): np.array([cell[place][0] for cell in cells])
        for place, item in enumerate(items)
    }
    return points, weights


def _cut(found: Uncertain, value: Fraction) -> float:
    low = value if found.at_least is None else max(value, found.at_least)
    return float(low if found.at_most is None else min(low, found.at_most))


def _stratified(scenario: Scenario, items: Sequence[Quantity], count: int, seed: int) -> tuple[Points, Floats]:
    weights = np.full(count, 1 / count)
    if len(items) == 1:  # in order, so that a signal can be told by its stratum
        found = items[0].distribution
        return {quantity_key(found): quantile(found, (np.arange(count) + 0.5) / count)}, weights
    drawn = draw(scenario, draws=count, seed=seed)
    return {key: drawn[key] for key in (quantity_key(item.distribution) for item in items)}, weights


# ---- quantities that move together -----------------------------------------------------------------------------------


def _tied(items: Sequence[Quantity]) -> set[str]:
    """The keys of quantities that a rank correlation ties to another one of these."""
    there = {item.key for item in items}
    found: set[str] = set()
    for item in items:
        for other in item.moves_with:
            if f"inputs.{other}" in there:
                found |= {item.key, f"inputs.{other}"}
    return found


def _following(
    scenario: Scenario, front: Sequence[Quantity], back: Sequence[Quantity], counts: tuple[int, int], seed: int
) -> dict[tuple[object, ...], tuple[Quantity, Floats, Floats]]:
    """How tied quantities behind follow those in front: their scores, and the shift of each outer value."""
    tied = _tied((*front, *back))
    leaders = [item for item in front if item.key in tied]
    followers = [item for item in back if item.key in tied]
    many = _scores(scenario, SCORES_FOR_TIES, seed)
    given = np.array([many[item.key] for item in leaders])
    inner = _scores(scenario, counts[1], seed)
    if len(front) == 1:
        here = [_normal((np.arange(counts[0]) + 0.5) / counts[0])]
    else:
        outer = _scores(scenario, counts[0], seed)
        here = [outer[item.key] for item in leaders]
    found = {}
    for item in followers:
        weights = np.linalg.lstsq(given.T, many[item.key], rcond=None)[0]
        shift = sum(
            (
                weight * (scores[:, None] - inner[leader.key][None, :])
                for weight, scores, leader in zip(weights, here, leaders, strict=True)
            ),
            start=np.zeros(counts),
        )
        found[quantity_key(item.distribution)] = (item, inner[item.key], shift)
    return found


def _scores(scenario: Scenario, draws: int, seed: int) -> dict[str, Floats]:
    """The standard normal scores behind the draws of the named inputs: the draws of the same scenario with a standard
    normal in place of every named input that has a range.
    """
    ends = Fraction(Z90)
    inputs, places = dict(scenario.inputs), {}
    for name in {name for item in quantities(scenario) for name in item.moves_with} | {
        item.key.removeprefix("inputs.") for item in quantities(scenario) if item.moves_with
    }:
        normal = Uncertain(Shape.NORMAL, (-ends, Fraction(0), ends), text=f"score of {name}")
        inputs[name] = replace(scenario.inputs[name], value=normal)
        places[f"inputs.{name}"] = quantity_key(normal)
    drawn = draw(replace(scenario, inputs=inputs), draws=draws, seed=seed)
    return {key: drawn[place] for key, place in places.items()}


def _chances_of(scores: Floats) -> Floats:
    from scipy.special import ndtr

    found: Floats = ndtr(scores)
    return found


def _normal(chances: Floats) -> Floats:
    from scipy.special import ndtri

    found: Floats = ndtri(chances)
    return found
