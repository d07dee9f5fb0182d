"""Dates at base values and the order of time."""

from datetime import date
from fractions import Fraction

import pytest

from gamecore.model import Scenario
from gamecore.scenario import base_inputs, base_times, calendar_date, order, read_scenario, rests_on
from gamecore.scenario.reader import months_after, years_between
from tests.scenario.conftest import SCENARIOS


def read(name: str) -> Scenario:
    return read_scenario((SCENARIOS / f"{name}.yaml").read_bytes())


def test_dates_are_years_from_day_zero(phase2: Scenario) -> None:
    half = Fraction(1, 2)
    assert base_times(phase2) == {"plan": 0, "news": half, "january": half, "pandemic": None}
    assert calendar_date(phase2, half) == date(2021, 1, 1)


def test_events_come_before_decisions_of_their_date_and_after_what_they_rest_on(phase2: Scenario) -> None:
    assert order(phase2) == ("pandemic", "plan", "news", "january")
    assert rests_on(phase2)["news"] == {"pandemic": "signal_of"}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("ip-ownership", "clause other_use sapphire_licenses diamond_licenses"),
        ("supply-price", "costs request reply next_step executives ruling"),
        ("launch-timing", "europe china uptake co_promotion"),
        ("termination", "exit wind_down next_trial claim award"),
        ("payer", "price budget label_decision answer"),
    ],
)
def test_order_of_the_worked_situations(name: str, wanted: str) -> None:
    assert order(read(name)) == tuple(wanted.split())


def test_inputs_by_rows_have_no_single_base_value() -> None:
    assert base_inputs(read("supply-price")) == {"packs": 2, "p_ruling": Fraction(15, 100)}


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(2020, 7, 1), date(2021, 1, 1), Fraction(1, 2)),
        (date(2020, 7, 1), date(2020, 7, 8), Fraction(28, 1461)),
        (date(2020, 1, 31), date(2020, 2, 29), Fraction(116, 1461)),
        (date(2020, 1, 31), date(2020, 3, 31), Fraction(1, 6)),
    ],
)
def test_calendar_dates_count_whole_months_and_days_left_over(start: date, end: date, years: Fraction) -> None:
    assert years_between(start, end) == years


def test_months_end_on_the_last_day_of_shorter_ones() -> None:
    assert months_after(date(2020, 1, 31), 1) == date(2020, 2, 29)
    assert months_after(date(2020, 1, 31), 13) == date(2021, 2, 28)
