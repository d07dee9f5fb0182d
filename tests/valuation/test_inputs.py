"""Draws of uncertain numbers: the points typed are met, correlations hold, and nothing else moves."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from gamecore.errors import InputError, ScenarioError
from gamecore.model import Range, Scenario, Shape, Uncertain
from gamecore.scenario import read_scenario
from gamecore.scenario.correlations import ContradictionError, ties
from gamecore.valuation.inputs import cut_share, draw, quantile, quantities, quantity_key

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


def drawn(
    scenario: Scenario, *, draws: int = DRAWS, seed: int = 1, sampling: str = "latin-hypercube"
) -> dict[str, Floats]:
    values = draw(scenario, draws=draws, seed=seed, sampling=sampling)
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


Z90 = float(stats.norm.ppf(0.9))


@pytest.mark.parametrize(
    ("value", "mean"),
    [
        # each half of a two-piece normal of spread s lies s * sqrt(2 / pi) from the median on average
        ("1 .. 2 .. 5", 2 + (3 - 1) / Z90 / math.sqrt(2 * math.pi)),
        ("{value: 1 .. 2 .. 4, shape: lognormal}", 2 * math.exp((math.log(2) / Z90) ** 2 / 2)),
        ("{value: 1 .. 2 .. 6, shape: triangular}", 3),
        ("{value: 1 .. 2 .. 6, shape: pert}", 2.5),
        ("{value: 1 .. 6, shape: uniform}", 3.5),
        ("{value: {1: 25%, 2: 50%, 9: 25%}, shape: discrete}", 3.5),
        ("{value: 0 .. 4, shape: uniform, at_least: 1, at_most: 3}", 2),
        ("{value: 0 .. 4, shape: uniform, at_least: 2}", 2.5),
    ],
)
@pytest.mark.parametrize("sampling", ["latin-hypercube", "sobol"])
def test_draws_have_the_mean_of_the_closed_form(value: str, mean: float, sampling: str) -> None:
    found = drawn(scenario_of(f"x: {value}"), draws=8192, sampling=sampling)["x"]
    assert found.mean() == pytest.approx(mean, rel=1e-3)


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


@pytest.mark.parametrize(
    ("value", "share"),
    [
        ("{value: 0 .. 1, shape: uniform, at_least: 0.125, at_most: 0.75}", 0.375),
        ("{value: 1 .. 2 .. 3, at_least: 1}", 0.1),
        ("{value: 1 .. 2 .. 3}", 0),
        ("{value: {1: 25%, 2: 75%}, shape: discrete, at_least: 2}", 0.25),
    ],
)
def test_the_share_of_draws_that_were_cut_is_known(value: str, share: float) -> None:
    scenario = scenario_of(f"x: {value}")
    (item,) = quantities(scenario)
    assert cut_share(item.distribution, draws=DRAWS) == share
    found = drawn(scenario)["x"]
    edges = [float(edge) for edge in (getattr(item.distribution, "at_least", None),) if edge is not None]
    assert all(found.min() == edge for edge in edges)


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


@pytest.mark.parametrize("sampling", ["latin-hypercube", "sobol"])
def test_draws_do_not_change_between_runs_and_versions(sampling: str) -> None:
    """The first draws at seed 1: whoever repeats an analysis finds these."""
    found = drawn(scenario_of("x: {value: 0 .. 1, shape: uniform}"), draws=8, sampling=sampling)["x"]
    expected = {
        "latin-hypercube": [0.5625, 0.3125, 0.6875, 0.8125, 0.1875, 0.4375, 0.0625, 0.9375],
        "sobol": [
            *(0.858257393, 0.016918447, 0.340922179, 0.635639402),
            *(0.557671488, 0.445075782, 0.172043329, 0.936993214),
        ],
    }[sampling]
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_a_sobol_sequence_has_one_draw_in_every_elementary_box() -> None:
    """A (0, 10, 2)-net in base 2 (Niederreiter 1992), scrambled or not: 1,024 draws of the first two quantities."""
    found = drawn(
        scenario_of("x: {value: 0 .. 1, shape: uniform}", "y: {value: 0 .. 1, shape: uniform}"),
        draws=1024,
        sampling="sobol",
    )
    for across in range(11):
        columns = np.floor(found["x"] * 2**across).astype(int)
        rows = np.floor(found["y"] * 2 ** (10 - across)).astype(int)
        assert len(set(zip(columns.tolist(), rows.tolist(), strict=True))) == 1024


def test_a_sobol_sequence_takes_its_seed_and_any_number_of_draws() -> None:
    scenario = scenario_of("x: 1 .. 2 .. 3", "y: 1 .. 2 .. 3")
    one, same, other = (drawn(scenario, draws=1500, seed=seed, sampling="sobol") for seed in (1, 1, 2))
    np.testing.assert_array_equal(one["x"], same["x"])
    assert (one["x"] != other["x"]).any()
    longer = drawn(scenario, draws=3000, sampling="sobol")
    np.testing.assert_array_equal(longer["x"][:1500], one["x"])
    assert abs(float(np.corrcoef(one["x"], one["y"])[0, 1])) < 0.01
    assert abs(np.median(one["x"]) - 2) < 0.01


def test_an_input_added_at_the_end_leaves_the_sobol_draws_of_those_before_it() -> None:
    before = drawn(scenario_of("x: 1 .. 2 .. 3", "y: 4 .. 5 .. 9"), sampling="sobol")
    after = drawn(scenario_of("x: 1 .. 2 .. 3", "y: 4 .. 5 .. 9", "z: 1 .. 2 .. 3"), sampling="sobol")
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name])


def test_a_sampling_that_is_none_is_told() -> None:
    with pytest.raises(InputError, match="there is no sampling 'halton'; write one of latin-hypercube, sobol"):
        drawn(scenario_of("x: 1 .. 2 .. 3"), sampling="halton")


@pytest.mark.parametrize("sampling", ["latin-hypercube", "sobol"])
def test_inputs_that_move_together_keep_their_own_draws_in_another_order(sampling: str) -> None:
    alone = drawn(scenario_of("x: 1 .. 2 .. 3", "y: 4 .. 5 .. 9"), sampling=sampling)
    moved = drawn(scenario_of("x: 1 .. 2 .. 3", "y: {value: 4 .. 5 .. 9, moves_with: {x: 0.7}}"), sampling=sampling)
    np.testing.assert_array_equal(alone["x"], moved["x"])
    np.testing.assert_array_equal(np.sort(alone["y"]), np.sort(moved["y"]))


# ---- correlations ---------------------------------------------------------------------------------------------------


@given(
    st.sampled_from([-1, -0.9, -0.5, 0, 0.3, 0.8, 1]),
    st.sampled_from(["normal", "lognormal", "pert", "triangular"]),
    st.sampled_from(["latin-hypercube", "sobol"]),
    st.integers(0, 99),
)
@settings(max_examples=30)
def test_moves_with_is_the_rank_correlation_measured(rho: float, shape: str, sampling: str, seed: int) -> None:
    scenario = scenario_of("x: 1 .. 2 .. 3", f"y: {{value: 1 .. 2 .. 7, shape: {shape}, moves_with: {{x: {rho}}}}}")
    found = drawn(scenario, sampling=sampling, seed=seed)
    measured = float(stats.spearmanr(found["x"], found["y"]).statistic)
    assert abs(measured - rho) < 0.02
    low, base, high = np.quantile(found["y"], [0.1, 0.5, 0.9])
    if shape in {"normal", "lognormal"}:
        np.testing.assert_allclose([low, base, high], [1, 2, 7], rtol=0.01)


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
        assert abs(float(stats.spearmanr(found[one], found[other]).statistic) - rho) < 0.02


def test_ties_written_in_a_ring_all_hold() -> None:
    found = drawn(
        scenario_of(
            "x: {value: 1 .. 2 .. 3, moves_with: {z: -0.2}}",
            "y: {value: 1 .. 2 .. 3, moves_with: {x: 0.6}}",
            "z: {value: 1 .. 2 .. 3, moves_with: {y: 0.3}}",
        )
    )
    for one, other, rho in (("x", "y", 0.6), ("y", "z", 0.3), ("x", "z", -0.2)):
        assert abs(float(stats.spearmanr(found[one], found[other]).statistic) - rho) < 0.02


def test_correlations_that_contradict_each_other_are_a_fault_at_the_place_of_the_last() -> None:
    with pytest.raises(ScenarioError) as error:
        scenario_of(
            "x: 1 .. 2 .. 3",
            "y: {value: 1 .. 2 .. 3, moves_with: {x: 0.9}}",
            "z: {value: 1 .. 2 .. 3, moves_with: {x: 0.9, y: -0.9}}",
        )
    assert str(error.value) == (
        "scenario:13:27: inputs.z.moves_with: the correlations under 'moves_with' contradict each other (their matrix"
        " is not positive semidefinite): x, y, z cannot all move together this way; weaken one of them"
    )


def test_a_ring_of_correlations_that_contradict_each_other_is_a_fault_too() -> None:
    with pytest.raises(ScenarioError, match="cannot all move together"):
        scenario_of(
            "x: {value: 1 .. 2 .. 3, moves_with: {z: -0.9}}",
            "y: {value: 1 .. 2 .. 3, moves_with: {x: 0.9}}",
            "z: {value: 1 .. 2 .. 3, moves_with: {y: 0.9}}",
        )


@given(st.lists(st.floats(-1, 1), min_size=6, max_size=6))
@settings(max_examples=60)
def test_four_inputs_tied_to_each_other_are_read_exactly_where_their_matrix_is_positive_semidefinite(
    rhos: list[float],
) -> None:
    names = "wxyz"
    pairs = [(a, b) for a in range(4) for b in range(a)]
    matrix = np.eye(4)
    for (a, b), rho in zip(pairs, rhos, strict=True):
        matrix[a, b] = matrix[b, a] = 2 * np.sin(np.pi * rho / 6)
    smallest = float(np.linalg.eigvalsh(matrix).min())
    assume(abs(smallest) > 1e-6)
    tied: dict[str, dict[str, Fraction]] = {"w": {}} | {
        names[a]: {names[b]: Fraction(rho) for (c, b), rho in zip(pairs, rhos, strict=True) if c == a}
        for a in range(1, 4)
    }
    if smallest < 0:
        with pytest.raises(ContradictionError):
            ties(tied)
        return
    made = ties(tied)
    scores: dict[str, Floats] = {}  # as weights of the four own parts
    for number, tie in enumerate(made):
        scores[tie.name] = tie.own * np.eye(4)[number] + sum(w * scores[other] for other, w in tie.on)
    found = np.array([[scores[a] @ scores[b] for b in names] for a in names])
    np.testing.assert_allclose(found, matrix, atol=1e-7)


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
