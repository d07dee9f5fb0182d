"""Units: amounts in other currencies and scales are converted, and what cannot go together is told at its place."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gamecore.errors import ScenarioError
from gamecore.model import Scenario
from gamecore.scenario import confidential_names, read_scenario, set_values
from gamecore.scenario.units import CURRENCIES, Money, factor, money_of
from gamecore.valuation.inputs import draw, quantities, quantity_key
from gamecore.valuation.payoffs import drawn_worth, exact_worth


def scenario_of(*inputs: str, pay: str = "0", rates: str = "", unit: str = "USD m", more: str = "") -> Scenario:
    return read_scenario(
        "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\n"
        + (f"unit: {unit}\n" if unit else "")
        + (f"rates: {rates}\n" if rates else "")
        + "players: {a: {name: A}}\n"
        "decisions: {go: {by: a, options: {in_: In, out: Out}}}\nbaseline: {go: out}\ntiming: {count_from: 2027-01-01, "
        f"go: 0}}\npayoffs: {{one: {{rows: [{{a: '{pay}'}}]}}}}\n{more}"
        + ("inputs:\n" + "".join(f"  {line}\n" for line in inputs) if inputs else "")
    )


def worth(scenario: Scenario) -> Fraction:
    return exact_worth(scenario).payoff("a", {"go": "in_"})


def told(*inputs: str, pay: str = "0", rates: str = "", unit: str = "USD m", more: str = "") -> list[str]:
    with pytest.raises(ScenarioError) as error:
        scenario_of(*inputs, pay=pay, rates=rates, unit=unit, more=more)
    return str(error.value).splitlines()


# ---- units ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "money"),
    [
        ("USD m", Money("USD", "m")),
        ("EUR k", Money("EUR", "k")),
        ("USD bn", Money("USD", "bn")),
        ("EUR million", Money("EUR", "m")),
        ("GBP", Money("GBP")),
        ("€ m", Money("EUR", "m")),
        ("$m", Money("USD", "m")),
        ("USD m a year", Money("USD", "m", "year")),
        ("EUR k per month", Money("EUR", "k", "month")),
        ("USD m/year", Money("USD", "m", "year")),
        ("USD a pack", Money("USD", "", "pack")),
        ("m packs", None),
        ("years", None),
        ("%", None),
        ("FTE", None),
        ("FTE a year", None),
        ("USD x", None),
        ("usd m", None),
        (None, None),
    ],
)
def test_units_of_money_are_known(unit: str | None, money: Money | None) -> None:
    assert money_of(unit) == money


def test_the_currencies_are_three_letters_each() -> None:
    assert len(CURRENCIES) > 150
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)


@pytest.mark.parametrize(
    ("unit", "home", "expected"),
    [
        ("USD m", "USD m", (1, None)),
        ("USD k", "USD m", (Fraction(1, 1000), None)),
        ("USD bn", "USD m", (1000, None)),
        ("USD m", "USD", (1_000_000, None)),
        ("EUR k a year", "USD m", (Fraction(1, 1000), "EUR")),
        ("USD", "USD m", (1, None)),
        ("EUR a pack", "USD m", (1, "EUR")),
        ("years", "USD m", None),
        ("USD m", "points", None),
        ("USD m", None, None),
    ],
)
def test_amounts_are_converted_by_scale_and_rate(
    unit: str, home: str | None, expected: tuple[Fraction, str | None] | None
) -> None:
    assert factor(unit, home) == expected


# ---- conversion -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "worth_"),
    [
        ("10", "EUR m", Fraction(108, 10)),
        ("10", "USD k", Fraction(1, 100)),
        ("2", "EUR bn", Fraction(2160)),
        ("10", "USD m a year", 10),
        ("10", "USD m", 10),
        ("10", "points", 10),
    ],
)
def test_an_input_counts_in_the_unit_of_the_file_wherever_it_is_used(value: str, unit: str, worth_: Fraction) -> None:
    scenario = scenario_of(f"cost: {{value: {value}, unit: {unit}}}", pay="cost", rates="{EUR: 1.08}")
    assert worth(scenario) == worth_
    twice = scenario_of(
        f"cost: {{value: {value}, unit: {unit}}}", "double: 2 * cost", pay="double - cost", rates="{EUR: 1.08}"
    )
    assert worth(twice) == worth_


def test_inputs_by_rows_and_terms_of_deals_are_converted_too() -> None:
    rows = scenario_of(
        "cost: {unit: EUR m, rows: [{when: {go: in_}, value: 10}, {when: otherwise, value: 20}]}",
        pay="-cost",
        rates="{EUR: 2}",
    )
    assert worth(rows) == -20
    deal = read_scenario(
        "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nunit: USD m\nrates: {EUR: 2}\n"
        "players: {a: {name: A}, b: {name: B}}\n"
        "decisions: {sheet: {by: [a, b], terms: {upfront: {levels: [10, 20], unit: EUR m}}, no_agreement: None}}\n"
        "baseline: {sheet: no_agreement}\ntiming: {sheet: 0}\n"
        "payoffs: {one: {rows: [{when: {sheet: agreed}, a: upfront, b: -upfront}, {when: otherwise, all: 0}]}}\n"
    )
    assert exact_worth(deal).payoff("a", {"sheet": "agreed", "upfront": "10"}) == 20


def test_a_rate_may_be_a_range_with_a_source_and_reaches_the_draws() -> None:
    scenario = scenario_of(
        "cost: {value: 10, unit: EUR m}",
        pay="cost",
        rates="{EUR: {value: 1.00 .. 1.08 .. 1.20, source: central bank, owner: Treasury, shape: lognormal}}",
    )
    assert worth(scenario) == Fraction(108, 10)
    (rate,) = quantities(scenario)
    assert (rate.key, rate.place.line) == ("inputs.rate_eur", 6)
    assert (scenario.inputs["rate_eur"].source, scenario.inputs["rate_eur"].owner) == ("central bank", "Treasury")
    drawn = draw(scenario, draws=500, seed=1)[quantity_key(rate.distribution)]
    found = drawn_worth(scenario, draws=500, seed=1).payoff("a", {"go": "in_"})
    np.testing.assert_allclose(found, 10 * drawn)


def test_a_rate_may_be_a_formula_and_is_changed_by_its_name() -> None:
    scenario = scenario_of("cost: {value: 10, unit: EUR m}", "base: 1.1", pay="cost", rates="{EUR: base + 0.1}")
    assert worth(scenario) == 12
    assert worth(set_values(scenario, {"inputs.rate_eur": "1.5"})) == 15
    lever = scenario_of(
        "cost: {value: 10, unit: EUR m}",
        pay="cost",
        rates="{EUR: 1.1}",
        more="levers: {weak: {set: {inputs.rate_eur: 1.0}, label: A weak euro}}\n",
    )
    assert worth(lever) == 11


def test_a_file_without_a_unit_of_money_converts_nothing() -> None:
    assert worth(scenario_of("cost: {value: 10, unit: EUR m}", pay="cost", unit="points")) == 10
    assert worth(scenario_of("cost: {value: 10, unit: EUR m}", pay="cost", unit="")) == 10


def test_a_price_without_a_scale_times_millions_is_an_amount_as_it_always_was() -> None:
    scenario = scenario_of(
        "packs: {value: 2, unit: m packs}", "price: {value: 40, unit: USD}", "cost: {value: 30, unit: EUR a pack}",
        pay="packs * (price - 1.5 * cost / 1.5 / 2)",
        rates="{EUR: 2}",
    )  # fmt: skip
    assert worth(scenario) == 2 * (40 - 30)


def test_what_a_confidential_rate_reaches_is_the_other_sides_business_as_with_any_input() -> None:
    scenario = scenario_of(
        "cost: {value: 10, unit: EUR m}", pay="cost", rates="{EUR: {value: 1.08, confidential: yes}}"
    )
    assert "inputs.rate_eur" in confidential_names(scenario)


# ---- faults ---------------------------------------------------------------------------------------------------------


def test_a_currency_without_a_rate_is_told_where_it_is_written() -> None:
    (fault,) = told("cost: {value: 10, unit: EUR m}", pay="cost")
    assert fault == (
        "scenario:12:27: inputs.cost.unit: 'cost' is in EUR and the file in USD m; add to the head what one EUR is "
        "worth, such as 'rates: {EUR: 1.08}'"
    )


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ("1.08", "rates: rates are written {EUR: 1.08}: what one EUR is worth"),
        ("{EURO: 1.08}", "rates: 'EURO' is no currency; write its three letters, such as EUR"),
        ("{USD: 1.08}", "rates: the file counts in USD m; a rate of USD has no use"),
        ("{EUR: 0}", "rates.EUR: a rate is above 0"),
        ("{EUR: -1 .. 1 .. 2}", "rates.EUR: a rate is above 0"),
        ("{EUR: about one}", "inputs.rate_eur: an operator is missing before 'one'"),
    ],
)
def test_a_wrong_rate_is_told_at_its_place(rates: str, message: str) -> None:
    (fault,) = told(rates=rates)
    assert fault.startswith("scenario:6:")
    assert message in fault


def test_a_formula_is_worked_out_in_the_unit_of_the_file() -> None:
    (fault,) = told(
        "cost: {value: 10, unit: EUR m}", "double: {value: 2 * cost, unit: EUR m}", pay="double", rates="{EUR: 2}"
    )
    assert fault == (
        "scenario:14:19: inputs.double.unit: a formula is worked out in the file's unit; write 'unit: USD m', or the "
        "number itself in EUR m"
    )


INPUTS = (
    "cost: {value: 10, unit: USD m}",
    "sales: {value: 100, unit: USD m a year}",
    "delay: {value: 6, unit: months}",
    "margin: 45%",
    "odds: {value: 0.3, unit: '%'}",
    "price: {value: 40, unit: USD}",
    "packs: {value: 2, unit: m packs}",
    "other: 3",
)


@pytest.mark.parametrize(
    "pay",
    [
        "cost + 5",
        "cost * (1 + margin) - 3 * cost",
        "sales * margin * delay / 12",
        "sales - cost",
        "packs * price",
        "other + cost",
        "5 * delay",
        "cost * (1 + 9%) ** delay",
        "if(delay > 3, cost, 0) * (1 - odds)",
        "max(cost, 0, other)",
        "cost * (cost > 3)",
        "cost / sales * other",
        "min(margin, odds) * cost",
        "100 * margin",
        "price * other",
        "cost * delay",
        "abs(cost) + sqrt(other)",
    ],
)
def test_what_can_go_together_is_let_pass(pay: str) -> None:
    scenario_of(*INPUTS, pay=pay)


@pytest.mark.parametrize(
    ("pay", "message"),
    [
        ("delay", "'delay' is a length of time, and an amount in USD m is needed here"),
        ("delay * margin", "'delay * margin' is a length of time, and an amount in USD m is needed here"),
        ("margin", "'margin' is a share, and an amount in USD m is needed here"),
        ("cost / sales", "'cost / sales' is a share, and an amount in USD m is needed here"),
        ("price", "'price' has no k, m or bn in its unit, and the file counts in USD m; give it in USD m"),
        ("cost + delay", "an amount and a length of time cannot be added or compared"),
        ("cost + 10%", "an amount and a share cannot be added or compared; a share of an amount is a product, as in"),
        ("sales - margin", "an amount and a share cannot be added or compared"),
        ("if(delay > cost, 1, 2)", "a length of time and an amount cannot be added or compared"),
        ("max(0, cost, odds)", "an amount and a share cannot be added or compared"),
        ("other * (cost + delay)", "an amount and a length of time cannot be added or compared"),
    ],
)
def test_a_mismatch_of_units_is_told_at_its_place(pay: str, message: str) -> None:
    (fault,) = told(*INPUTS, pay=pay)
    assert fault.startswith(f"scenario:10:28: payoffs.one, row 1: {message}")


def test_a_converted_number_keeps_its_kind() -> None:
    (fault,) = told("cost: {value: 10, unit: EUR m}", pay="cost + 10%", rates="{EUR: 1.08}")
    assert "an amount and a share cannot be added or compared" in fault
    (fault,) = told("cost: {value: 10, unit: EUR}", pay="cost", rates="{EUR: 1.08}")
    assert "'cost' has no k, m or bn in its unit, and the file counts in USD m; give it in USD m" in fault


def test_an_amount_in_percent_is_told() -> None:
    (fault,) = told(pay="10%")
    assert "10% is a share, and an amount in USD m is needed here" in fault
    (fault,) = told(pay="10% .. 20% .. 30%")
    assert "is a share, and an amount in USD m is needed here" in fault
    scenario_of(pay="50%", unit="points")


@pytest.mark.parametrize("rate", ["0", "-1", "-1 .. 1 .. 2"])
def test_a_rate_that_is_not_above_zero_is_all_there_is_to_tell(rate: str) -> None:
    (fault,) = told("cost: {value: 10, unit: EUR m}", pay="cost", rates=f"{{EUR: {rate}}}")
    assert "rates.EUR: a rate is above 0: what one unit is worth, such as 1.08" in fault


def test_units_are_seen_through_inputs_that_name_others_and_told_once() -> None:
    (fault,) = told(*INPUTS, "worst: delay * 1", "late: delay", pay="late")
    assert "'late' is a length of time" in fault
    (fault,) = told(*INPUTS, "mixed: cost + delay", pay="2 * mixed")
    assert fault.startswith("scenario:20:10: inputs.mixed: an amount and a length of time")


@pytest.mark.parametrize("chance", ["cost", "delay", "sales / 2"])
def test_an_amount_or_a_time_is_no_chance(chance: str) -> None:
    text = f"events: {{rain: {{chances: {{wet: {chance}, dry: rest}}}}}}\n"
    with pytest.raises(ScenarioError, match="a share is needed here"):
        read_scenario(
            "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nunit: USD m\nplayers: {a: {name: A}}\n"
            "decisions: {go: {by: a, options: {in_: In, out: Out}}}\nbaseline: {go: out}\n"
            f"timing: {{count_from: 2027-01-01, go: 0, rain: 0}}\npayoffs: {{one: {{rows: [{{a: 0}}]}}}}\n{text}"
            "inputs:\n  cost: {value: 0.1, unit: USD m}\n  sales: {value: 0.1, unit: USD m a year}\n"
            "  delay: {value: 0.1, unit: months}\n"
        )
