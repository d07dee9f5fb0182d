"""A range reaches the draws wherever the format takes a number: payoffs, chances, signals, dates, rates, deals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from gamecore.model import Scenario
from gamecore.scenario import read_scenario
from gamecore.valuation.inputs import draw, quantities
from gamecore.valuation.payoffs import Draws, drawn_worth

Floats = npt.NDArray[np.float64]
DRAWS = 400

TEXT = """\
gamecore: 1
title: T
question: Q
advise: a
unit: USD m
players:
  a: {name: A, discount_rate: RATE}
  b: {name: B, discount_rate: 10%}
decisions:
  sheet: {by: [a, b], terms: {fee: {levels: [10, 20]}}, no_agreement: None}
events:
  rain: {chances: {wet: CHANCE, dry: rest}}
  forecast: {signal_of: rain, right: RIGHT}
baseline: {sheet: no_agreement}
timing: {count_from: 2027-01-01, sheet: 0, forecast: 0, rain: hidden}
payoffs:
  signed: {when: {sheet: agreed}, at: DATE, a: AMOUNT, b: -fee}
  other: {rows: [{when: {sheet: agreed}, all: 0}, {when: {sheet: no_agreement}, all: 1}]}
"""
BASE = {"RATE": "9%", "CHANCE": "30%", "RIGHT": "80%", "DATE": "1 year", "AMOUNT": "100 - fee"}
SIGNED = {"sheet": "agreed", "fee": "10", "rain": "wet", "forecast": "wet"}


def scenario_with(y: str | None = None, **changed: str) -> Scenario:
    """The scenario with other numbers in places, and perhaps an input `y`."""
    text = TEXT + (f"inputs:\n  y: {y}\n" if y else "")
    for word, value in (BASE | changed).items():
        text = text.replace(word, value)
    return read_scenario(text)


def only_draws(scenario: Scenario) -> Floats:
    (found,) = draw(scenario, draws=DRAWS, seed=1).values()
    return found


def spread(value: Draws) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (DRAWS,))


def test_nothing_uncertain_draws_nothing() -> None:
    assert quantities(scenario_with()) == ()


def test_payoff_rows() -> None:
    typed = scenario_with(AMOUNT="50 .. 90 .. 95")
    found = spread(drawn_worth(typed, draws=DRAWS, seed=1).payoff("a", SIGNED))
    np.testing.assert_allclose(found, only_draws(typed) / 1.09)
    named = scenario_with("0.2 .. 0.4 .. 0.5", AMOUNT="(y - 0.1) * 300")
    found = spread(drawn_worth(named, draws=DRAWS, seed=1).payoff("a", SIGNED))
    np.testing.assert_allclose(found, (only_draws(named) - 0.1) * 300 / 1.09)


def test_terms_of_a_deal_stand_beside_inputs_in_a_formula() -> None:
    scenario = scenario_with("2 .. 3 .. 5", AMOUNT="100 - fee * y")
    drawn = only_draws(scenario)
    worth = drawn_worth(scenario, draws=DRAWS, seed=1)
    np.testing.assert_allclose(spread(worth.payoff("a", SIGNED)), (100 - 10 * drawn) / 1.09)


@pytest.mark.parametrize("chance", ["10% .. 30% .. 60%", "y"], ids=["a range", "an input"])
def test_chances(chance: str) -> None:
    scenario = scenario_with("10% .. 30% .. 60%" if chance == "y" else None, CHANCE=chance)
    worth = drawn_worth(scenario, draws=DRAWS, seed=1)
    wet, dry = worth.chances(scenario.events["rain"], None, {})
    np.testing.assert_allclose(spread(wet), only_draws(scenario))
    np.testing.assert_allclose(spread(wet) + spread(dry), 1)


@pytest.mark.parametrize("right", ["60% .. 80% .. 95%", "y"], ids=["a range", "an input"])
def test_how_often_a_signal_is_right(right: str) -> None:
    scenario = scenario_with("60% .. 80% .. 95%" if right == "y" else None, RIGHT=right)
    worth = drawn_worth(scenario, draws=DRAWS, seed=1)
    told = worth.chances(scenario.events["forecast"], None, {"rain": "wet"})
    np.testing.assert_allclose(spread(told[0]), only_draws(scenario))


def test_dates_in_years() -> None:
    scenario = scenario_with("{value: 0.2 .. 0.4 .. 0.5, unit: years}", DATE="y")
    worth = drawn_worth(scenario, draws=DRAWS, seed=1)
    np.testing.assert_allclose(spread(worth.payoff("a", SIGNED)), 90 * 1.09 ** -only_draws(scenario))


def test_dates_in_months() -> None:
    scenario = scenario_with("{value: 3 .. 6 .. 12, unit: months}", DATE="y")
    worth = drawn_worth(scenario, draws=DRAWS, seed=1)
    np.testing.assert_allclose(spread(worth.payoff("a", SIGNED)), 90 * 1.09 ** (-only_draws(scenario) / 12))


@pytest.mark.parametrize("rate", ["8% .. 9% .. 10.5%", "y"], ids=["a range", "an input"])
def test_discount_rates(rate: str) -> None:
    scenario = scenario_with("8% .. 9% .. 10.5%" if rate == "y" else None, RATE=rate)
    worth = drawn_worth(scenario, draws=DRAWS, seed=1)
    np.testing.assert_allclose(spread(worth.payoff("a", SIGNED)), 90 / (1 + only_draws(scenario)))
