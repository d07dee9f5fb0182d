"""Draws of uncertain numbers: the points typed are met, correlations hold, and nothing else moves."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gamecore.errors import InputError
from gamecore.model import Range, Scenario, Shape, Uncertain
from gamecore.scenario import read_scenario
from gamecore.valuation.inputs import draw, quantile, quantities, quantity_key

Floats = npt.NDArray[np.float64]
DRAWS = 2000


def uncertain(shape: Shape, *points: str) -> Uncertain:
    return Uncertain(shape, tuple(map(Fraction, points)))


def scenario_of(*inputs: str, payoff: str = "0") -> Scenario:
    return read_scenario(
        "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nplayers: {a: {name: A}}\n"
        "decisions: {go: {by: a, options: {in_: In, out: Out}}}\nbaseline: {go: out}\ntiming: {go: 0}\n"
        f"payoffs: {{one: {{rows: [{{a: {payoff}}}]}}}}\n"
        + ("inputs:\n" + "".join(f"  {line}\n" for line in inputs) if inputs else "")
    )


def drawn(scenario: Scenario, *, draws: int = DRAWS, seed: int = 1) -> dict[str, Floats]:
    values = draw(scenario, draws=draws, seed=seed)
    return {item.key.removeprefix("inputs."): values[quantity_key(item.distribution)] for item in quantities(scenario)}


# ---- shapes ---------------------------------------------------------------------------------------------------------

numbers = st.fractions(-1000, 1000, max_denominator=100)


@given(st.lists(numbers, min_size=3, max_size=3))
@settings(max_examples=50)
def test_a_range_has_its_three_points_at_p10_p50_and_p90(points: list[Fraction]) -> None:
    low, base, high = sorted(points)
    found = quantile(Range(low, base, high), np.array([0.1, 0.5, 0.9]))
    np.testing.assert_allclose(found, [float(low), float(base), float(high)], atol=1e-9)


@given(st.lists(st.fractions(Fraction(1, 100), 1000), min_size=3, max_size=3))
@settings(max_examples=50)
def test_a_lognormal_range_has_its_three_points_at_p10_p50_and_p90(points: list[Fraction]) -> None:
    low, base, high = sorted(points)
    found = quantile(Uncertain(Shape.LOGNORMAL, (low, base, high)), np.array([0.1, 0.5, 0.9]))
    np.testing.assert_allclose(found, [float(low), float(base), float(high)], rtol=1e-9)


GRID = np.linspace(0.005, 0.995, 199)


@pytest.mark.parametrize(
    ("distribution", "reference"),
    [
        (uncertain(Shape.TRIANGULAR, "2", "3", "7"), stats.triang(0.2, 2, 5)),
        (uncertain(Shape.TRIANGULAR, "2", "2", "7"), stats.triang(0, 2, 5)),
        (uncertain(Shape.TRIANGULAR, "2", "7", "7"), stats.triang(1, 2, 5)),
        (uncertain(Shape.PERT, "2", "3", "7"), stats.beta(1.8, 4.2, 2, 5)),
        (uncertain(Shape.UNIFORM, "-2", "3"), stats.uniform(-2, 5)),
        (uncertain(Shape.NORMAL, "-1", "0", "1"), stats.norm(0, 1 / stats.norm.ppf(0.9))),
    ],
    ids=["triangular", "mode at the bottom", "mode at the top", "pert", "uniform", "even normal"],
)
def test_shapes_are_those_of_the_textbook(distribution: Uncertain, reference: Any) -> None:
    expected: Floats = reference.ppf(GRID)
    np.testing.assert_allclose(quantile(distribution, GRID), expected, atol=1e-9)


def test_a_pert_has_the_mean_of_its_recipe() -> None:
    found = drawn(scenario_of("x: {value: 2 .. 3 .. 7, shape: pert}"))["x"]
    assert abs(found.mean() - (2 + 4 * 3 + 7) / 6) < 1e-3


@pytest.mark.parametrize("shape", ["triangular", "pert"])
def test_a_shape_without_width_is_its_point(shape: str) -> None:
    np.testing.assert_array_equal(drawn(scenario_of(f"x: {{value: 3 .. 3 .. 3, shape: {shape}}}"), draws=5)["x"], 3)


def test_a_discrete_input_takes_its_values_as_often_as_it_says() -> None:
    found = drawn(scenario_of("x: {value: {10: 30%, 20: 45%, 5: 25%}, shape: discrete}"), draws=1000)["x"]
    assert dict(zip(*np.unique(found, return_counts=True), strict=True)) == {5.0: 250, 10.0: 300, 20.0: 450}


def test_a_discrete_input_rises_with_what_it_moves_with_in_whatever_order_it_is_typed() -> None:
    """Once the values were taken in the order of the file, so that one typed downwards moved the wrong way."""
    found = drawn(
        scenario_of("y: 1 .. 2 .. 3", "x: {value: {20: 50%, 10: 50%}, shape: discrete, moves_with: {y: 0.9}}")
    )
    assert np.corrcoef(found["x"], found["y"])[0, 1] > 0.5


def test_draws_are_cut_where_the_file_says() -> None:
    found = drawn(scenario_of("x: {value: 1 .. 2 .. 3, at_least: 1.5, at_most: 2.5}"))["x"]
    assert (found.min(), found.max()) == (1.5, 2.5)


# ---- streams --------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    scenario = scenario_of("x: 1 .. 2 .. 3")
    one, same, other = (drawn(scenario, seed=seed)["x"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
    np.testing.assert_array_equal(np.sort(one), np.sort(other))  # the strata are the same, in another order


def test_draws_have_one_value_in_every_stratum() -> None:
    found = np.sort(drawn(scenario_of("x: {value: 0 .. 1, shape: uniform}"), draws=100)["x"])
    assert all(number / 100 <= value < (number + 1) / 100 for number, value in enumerate(found))


def test_a_new_input_or_range_leaves_the_draws_of_the_others_as_they_are() -> None:
    before = drawn(scenario_of("x: 1 .. 2 .. 3", "y: {value: 4 .. 5 .. 9, moves_with: {x: 0.5}}"))
    after = drawn(
        scenario_of(
            "w: 7 .. 8 .. 9", "x: 1 .. 2 .. 3", "y: {value: 4 .. 5 .. 9, moves_with: {x: 0.5}}", payoff="1 .. 2 .. 5"
        )
    )
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name])


def test_an_input_that_moves_with_others_leaves_their_draws_as_they_are() -> None:
    """Once all that was tied together was drawn anew when one more was tied to it."""
    before = drawn(scenario_of("x: 1 .. 2 .. 3", "y: {value: 4 .. 5 .. 9, moves_with: {x: 0.5}}"))
    after = drawn(
        scenario_of(
            "z: {value: 1 .. 2 .. 3, moves_with: {x: -0.3, y: 0.2}}",
            "x: 1 .. 2 .. 3",
            "y: {value: 4 .. 5 .. 9, moves_with: {x: 0.5}}",
        )
    )
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name])


# ---- correlations ---------------------------------------------------------------------------------------------------


@given(
    st.sampled_from([-1, -0.9, -0.5, 0, 0.3, 0.8, 1]), st.sampled_from(["normal", "lognormal", "pert", "triangular"])
)
@settings(max_examples=12)
def test_moves_with_is_the_rank_correlation_measured(rho: float, shape: str) -> None:
    found = drawn(scenario_of("x: 1 .. 2 .. 3", f"y: {{value: 1 .. 2 .. 7, shape: {shape}, moves_with: {{x: {rho}}}}}"))
    measured = float(stats.spearmanr(found["x"], found["y"]).statistic)
    assert abs(measured - rho) < 0.06
    low, base, high = np.quantile(found["y"], [0.1, 0.5, 0.9])
    if shape in {"normal", "lognormal"}:
        np.testing.assert_allclose([low, base, high], [1, 2, 7], rtol=0.15)


def test_two_that_move_with_a_third_move_together_as_much_as_that_makes_them() -> None:
    """Once what was not written was taken for 0, and 0.8 and 0.8 with a third contradicted each other."""
    found = drawn(
        scenario_of(
            "x: 1 .. 2 .. 3",
            "y: {value: 1 .. 2 .. 3, moves_with: {x: 0.8}}",
            "z: {value: 1 .. 2 .. 3, moves_with: {x: 0.8}}",
        )
    )
    for one, other, rho in (("x", "y", 0.8), ("x", "z", 0.8), ("y", "z", 0.65)):
        assert abs(float(stats.spearmanr(found[one], found[other]).statistic) - rho) < 0.05


def test_ties_written_in_a_ring_all_hold() -> None:
    found = drawn(
        scenario_of(
            "x: {value: 1 .. 2 .. 3, moves_with: {z: -0.2}}",
            "y: {value: 1 .. 2 .. 3, moves_with: {x: 0.6}}",
            "z: {value: 1 .. 2 .. 3, moves_with: {y: 0.3}}",
        )
    )
    for one, other, rho in (("x", "y", 0.6), ("y", "z", 0.3), ("x", "z", -0.2)):
        assert abs(float(stats.spearmanr(found[one], found[other]).statistic) - rho) < 0.06


def test_correlations_that_contradict_each_other_are_refused_by_name() -> None:
    scenario = scenario_of(
        "x: 1 .. 2 .. 3",
        "y: {value: 1 .. 2 .. 3, moves_with: {x: 0.9}}",
        "z: {value: 1 .. 2 .. 3, moves_with: {x: 0.9, y: -0.9}}",
    )
    with pytest.raises(InputError, match=r"contradict each other: x, y, z cannot all move together"):
        draw(scenario, draws=10, seed=1)


def test_a_lognormal_down_to_zero_is_a_fault() -> None:
    with pytest.raises(InputError):
        draw(scenario_of("x: {value: 0 .. 1 .. 2, shape: lognormal}"), draws=10, seed=1)


@pytest.mark.parametrize("draws", [1, 2, 3])
def test_a_handful_of_draws_is_finite(draws: int) -> None:
    for values in drawn(
        scenario_of("x: 1 .. 2 .. 3", "y: {value: 1 .. 2, shape: uniform, moves_with: {x: 1}}"), draws=draws
    ).values():
        assert values.shape == (draws,)
        assert np.isfinite(values).all()
