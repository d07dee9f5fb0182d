"""Reference figures, three-point rules and certainty equivalents are those of their sources."""

from __future__ import annotations

import doctest
import math
from importlib import import_module
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.errors import InputError
from gamecore.scenario.reference import STAGES
from gamecore.valuation.references import (
    areas_with_durations,
    areas_with_success_rates,
    duration,
    success_rate,
)
from gamecore.valuation.risk import certainty_equivalent
from gamecore.valuation.three_points import Rule, mean, pert_mean, pert_standard_deviation, variance
from tests.valuation.worked_case import CASES

MODULES = ("discounting", "enpv", "programme", "references", "risk", "royalties", "three_points")


@pytest.mark.parametrize("module", MODULES)
def test_the_modules_example_runs_and_says_the_truth(module: str) -> None:
    answer = doctest.testmod(import_module(f"gamecore.valuation.{module}"))
    assert answer.attempted > 0
    assert answer.failed == 0


def test_the_page_on_valuation_says_the_truth() -> None:
    page = Path(__file__).parents[2] / "docs" / "valuation.md"
    answer = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert answer.attempted > 10
    assert answer.failed == 0


# ---- reference figures ----------------------------------------------------------------------------------------------


def name_of(area: str) -> str:
    return area.lower().replace(" ", "_").replace("-", "_")


def test_success_rates_are_those_of_the_source_and_multiply_to_its_likelihood_of_approval() -> None:
    case = CASES["bio_2011_2020_pos"]
    assert len(areas_with_success_rates()) == len(case["inputs"]["rows"]) == 18
    for area, row in case["inputs"]["rows"].items():
        found = [success_rate(name_of(area), phase).value for phase in STAGES]
        assert found == row
        assert 100 * math.prod(found) == pytest.approx(case["expected"]["loa_pct"][area], abs=case["tolerance"])


def test_durations_are_those_of_the_source_and_add_up_to_its_total() -> None:
    case = CASES["bio_2011_2020_durations"]
    assert len(areas_with_durations()) == len(case["inputs"]["rows"]) == 10
    for area, row in case["inputs"]["rows"].items():
        found = [duration(name_of(area), phase).value for phase in STAGES]
        assert [*found, pytest.approx(sum(found), abs=case["tolerance"])] == row


def test_a_figure_carries_its_source_and_british_spelling_is_understood() -> None:
    assert success_rate("oncology", "phase_2").source.endswith("Contributing Factors 2011-2020 (2021), oncology")
    assert success_rate("haematology", "phase_2").value == success_rate("hematology", "phase_2").value
    assert success_rate("solid_tumours", "phase_3").value == 0.429


def test_figures_that_are_not_there_are_refused_with_those_that_are() -> None:
    with pytest.raises(InputError, match="no success rates for 'urology'; there are for all, autoimmune"):
        success_rate("urology", "phase_2")
    with pytest.raises(InputError, match="no durations for 'neurology'; there are for all, allergy"):
        duration("neurology", "phase_2")
    with pytest.raises(InputError, match="no durations for 'launch'; there are for phase_1, phase_2, phase_3, review"):
        duration("all", "launch")


# ---- three points ---------------------------------------------------------------------------------------------------


def at_percentiles(rule: Rule, quantile: object) -> tuple[float, float, float]:
    assert callable(quantile)
    low, middle, high = (float(quantile(p)) for p in rule.percentiles)
    return low, middle, high


def test_extended_swanson_megill_on_a_lognormal() -> None:
    case = CASES["swanson_megill_lognormal"]
    for sigma, expected, true in zip(
        case["inputs"]["sigma"], case["expected"]["esm"], case["expected"]["true_mean"], strict=True
    ):
        points = at_percentiles(Rule.SWANSON_MEGILL, lambda p, s=sigma: math.exp(NormalDist(0, s).inv_cdf(p)))
        assert mean(Rule.SWANSON_MEGILL, points) == pytest.approx(expected, abs=case["tolerance"])
        assert mean(Rule.SWANSON_MEGILL, points) < true


def test_extended_swanson_megill_on_a_normal() -> None:
    case = CASES["swanson_megill_normal_variance"]
    points = at_percentiles(Rule.SWANSON_MEGILL, NormalDist().inv_cdf)
    assert mean(Rule.SWANSON_MEGILL, points) == pytest.approx(case["expected"]["mean"], abs=case["tolerance"])
    assert variance(Rule.SWANSON_MEGILL, points) == pytest.approx(case["expected"]["variance"], abs=case["tolerance"])


def test_extended_pearson_tukey_keeps_the_variance_of_a_normal_and_is_closest_on_a_lognormal() -> None:
    assert variance(Rule.PEARSON_TUKEY, at_percentiles(Rule.PEARSON_TUKEY, NormalDist().inv_cdf)) == pytest.approx(
        1, abs=2e-3
    )
    misses = {
        rule: abs(mean(rule, at_percentiles(rule, lambda p: math.exp(NormalDist().inv_cdf(p)))) - math.exp(0.5))
        for rule in Rule
    }
    assert min(misses, key=lambda rule: misses[rule]) is Rule.PEARSON_TUKEY
    assert max(misses, key=lambda rule: misses[rule]) is Rule.MCNAMEE_CELONA


def test_pert_takes_minimum_mode_and_maximum() -> None:
    assert pert_mean((2.0, 3.0, 10.0)) == 4.0
    assert pert_standard_deviation((2.0, 3.0, 10.0)) == pytest.approx(8 / 6)


@pytest.mark.parametrize("rule", Rule)
def test_weights_sum_to_one_and_points_that_fall_are_refused(rule: Rule) -> None:
    assert sum(rule.weights) == pytest.approx(1)
    with pytest.raises(InputError, match="low, middle, high; 3, 2, 4 are not"):
        mean(rule, (3.0, 2.0, 4.0))


# ---- certainty equivalents ------------------------------------------------------------------------------------------


def test_the_certainty_equivalent_of_a_normal_gamble() -> None:
    case = CASES["ce_normal_exponential"]
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    values = case["inputs"]["mu"] + case["inputs"]["sigma"] * nodes
    found = certainty_equivalent(values, case["inputs"]["R"], weights / weights.sum())
    assert found == pytest.approx(case["expected"]["ce"], abs=case["tolerance"])


gambles = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8).map(np.array)


@given(gambles, st.floats(1e-2, 1e6), st.floats(-1e3, 1e3))
def test_a_certainty_equivalent_is_between_worst_and_mean_and_moves_with_a_sure_amount(
    values: np.ndarray, tolerance: float, sure: float
) -> None:
    found = certainty_equivalent(values, tolerance)
    assert values.min() - 1e-6 <= found <= values.mean() + 1e-6
    assert certainty_equivalent(values + sure, tolerance) == pytest.approx(found + sure, abs=1e-6)
    assert certainty_equivalent(values, 2 * tolerance) >= found - 1e-6


def test_risk_neutral_is_the_mean_and_a_large_tolerance_nearly() -> None:
    values = np.array([[100.0, 3.0], [-50.0, 5.0]])
    np.testing.assert_array_equal(certainty_equivalent(values), [25, 4])
    np.testing.assert_allclose(certainty_equivalent(values, 1e12), [25, 4], rtol=1e-8)
    np.testing.assert_allclose(certainty_equivalent(values.T, np.inf, axis=1), [25, 4])


def test_the_worst_outcome_decides_for_a_small_tolerance_without_overflow() -> None:
    assert certainty_equivalent(np.array([1e6, -1e6]), 1.0) == pytest.approx(-1e6 + math.log(2))


def test_wrong_gambles_are_refused() -> None:
    with pytest.raises(InputError, match="risk_tolerance: 0 is not above 0"):
        certainty_equivalent(np.ones(2), 0.0)
    with pytest.raises(InputError, match="sum to 1"):
        certainty_equivalent(np.ones(2), 1.0, np.array([0.5, 0.4]))
