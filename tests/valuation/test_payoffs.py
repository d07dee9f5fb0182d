"""Payoffs, chances and dates: exact, the same over draws, and traced to the entries they come from."""

from __future__ import annotations

from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest

from gamecore.model import Scenario
from gamecore.scenario import confidential_names, read_scenario
from gamecore.valuation.payoffs import Traces, drawn_worth, exact_worth, traced_worth


def scenario_of(payoffs: str, *, inputs: str = "", players: str = "", timing: str = "", more: str = "") -> Scenario:
    return read_scenario(
        "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\n"
        f"players:\n  a: {{name: A, discount_rate: 9%}}\n  b: {players or '{name: B, discount_rate: 12.5%}'}\n"
        "decisions:\n  plan: {by: [a, b], options: {go: Go, wait: Wait}, no_agreement: Nothing}\n"
        "  later: {by: a, options: {on: {label: On}, stop: Stop}}\n".replace("on: {label: On}", "keep: Keep")
        + "events:\n  news: {chances: {good: 40%, bad: rest}}\n"
        f"baseline: {{plan: go}}\ntiming: {{plan: 0, news: 6 months, later: {timing or '18 months'}}}\n"
        f"payoffs:\n{payoffs}{inputs and 'inputs:' + chr(10) + inputs}{more}"
    )


GO = {"plan": "go", "news": "good", "later": "keep"}


# ---- dates ----------------------------------------------------------------------------------------------------------


def test_discounting_is_right_to_forty_digits() -> None:
    getcontext().prec = 60
    scenario = scenario_of("  one: {rows: [{at: 18 months, a: 100, b: 7}]}\n")
    worth = exact_worth(scenario)
    for player, rate, amount in (("a", "1.09", 100), ("b", "1.125", 7)):
        found = worth.payoff(player, GO)
        expected = amount / Decimal(rate) ** Decimal("1.5")
        assert abs(Decimal(found.numerator) / Decimal(found.denominator) - expected) < Decimal("1e-40")


def test_whole_years_are_exact_rationals() -> None:
    scenario = scenario_of("  one: {at: 2 years, a: 100, b: 1}\n")
    assert exact_worth(scenario).payoff("a", GO) == Fraction(100) / Fraction(109, 100) ** 2


def test_the_date_of_something_moves_with_it() -> None:
    for date, years in (("1 year", 1), ("3 years", 3)):
        scenario = scenario_of("  one: {rows: [{at: date of later, all: 50}]}\n", timing=date)
        assert exact_worth(scenario).payoff("b", GO) == 50 / Fraction(9, 8) ** years


def test_a_row_with_a_date_of_its_own_overrules_the_line() -> None:
    scenario = scenario_of(
        "  one: {at: 1 year, rows: [{when: {plan: go}, at: 2 years, all: 1}, {when: otherwise, all: 1}]}\n"
    )
    worth = exact_worth(scenario)
    assert worth.payoff("a", GO) == 1 / Fraction(109, 100) ** 2
    assert worth.payoff("a", {**GO, "plan": "wait"}) == 1 / Fraction(109, 100)


def test_an_amount_of_today_needs_no_rate() -> None:
    scenario = scenario_of("  one: {rows: [{at: 0, all: 3}]}\n", players="{name: B}")
    assert exact_worth(scenario).payoff("b", GO) == 3


def test_amounts_of_today_are_never_discounted_at_a_drawn_rate() -> None:
    scenario = scenario_of(
        "  one: {rows: [{at: date of plan, all: 3}]}\n", players="{name: B, discount_rate: 8% .. 9% .. 20%}"
    )
    np.testing.assert_array_equal(drawn_worth(scenario, draws=10, seed=1).payoff("b", GO), 3)


# ---- rows, switches, inputs -----------------------------------------------------------------------------------------


def test_exactly_the_rows_that_fit_are_summed() -> None:
    scenario = scenario_of(
        "  base: {rows: [{when: {plan: go}, a: 1, b: 10}, {when: otherwise, a: 2, b: 20}]}\n"
        "  extra: {when: {news: good}, a: 100, b: 0}\n"
        "  inner: {when: {plan: go}, rows: [{when: {later: keep}, all: 1000}, {when: otherwise, all: 2000}]}\n"
    )
    worth = exact_worth(scenario)
    assert [worth.payoff(player, GO) for player in "ab"] == [1101, 1010]
    assert worth.payoff("a", {"plan": "no_agreement", "news": "bad", "later": "stop"}) == 2
    assert worth.payoff("a", {"plan": "go", "news": "bad", "later": "stop"}) == 2001


def test_what_did_not_take_place_fits_no_row() -> None:
    scenario = scenario_of("  one: {rows: [{when: {later: [keep, stop]}, all: 1}, {when: otherwise, all: 5}]}\n")
    assert exact_worth(scenario).payoff("a", {"plan": "go"}) == 5


SWITCHED = "  one: {rows: [{when: {procedure: court}, all: 1}, {when: {procedure: panel}, all: 2}]}\n"


@pytest.mark.parametrize(("stands", "value"), [("court", 1), ("panel", 2)])
def test_a_switch_decides_which_row_fits(stands: str, value: int) -> None:
    scenario = scenario_of(SWITCHED, inputs=f"  procedure: {{one_of: {{court: C, panel: P}}, value: {stands}}}\n")
    assert exact_worth(scenario).payoff("a", GO) == value


def test_inputs_with_rows_follow_what_happens_through_other_inputs() -> None:
    scenario = scenario_of(
        "  one: {rows: [{a: 2 * margin, b: margin - cost}]}\n",
        inputs="  cost: {rows: [{when: {news: good}, value: 3}, {when: otherwise, value: 1 .. 4 .. 9}]}\n"
        "  margin: 10 - cost\n",
    )
    worth = exact_worth(scenario)
    assert [worth.payoff(player, GO) for player in "ab"] == [14, 4]
    assert [worth.payoff(player, {**GO, "news": "bad"}) for player in "ab"] == [12, 2]
    drawn = drawn_worth(scenario, draws=50, seed=3)
    assert np.ptp(np.asarray(drawn.payoff("a", GO))) == 0
    bad = np.asarray(drawn.payoff("b", {**GO, "news": "bad"}))
    np.testing.assert_allclose(np.asarray(drawn.payoff("a", {**GO, "news": "bad"})), bad + 10)


def test_one_range_typed_for_all_is_one_number() -> None:
    scenario = scenario_of("  one: {rows: [{all: 1 .. 2 .. 9}]}\n  two: {rows: [{a: 1 .. 2 .. 9, b: 1 .. 2 .. 9}]}\n")
    worth = drawn_worth(scenario, draws=50, seed=3)
    one, two = scenario.payoffs["one"], scenario.payoffs["two"]
    np.testing.assert_array_equal(worth.amount(one, "a", GO), worth.amount(one, "b", GO))
    assert (np.asarray(worth.amount(two, "a", GO)) != np.asarray(worth.amount(two, "b", GO))).any()


def test_a_rate_that_rests_on_what_happens_is_taken_as_it_then_is() -> None:
    """Once the first rate that was met was kept for every outcome of a row."""
    scenario = scenario_of(
        "  one: {rows: [{at: 1 year, all: 110}]}\n",
        players="{name: B, discount_rate: rate}",
        inputs="  rate: {rows: [{when: {news: good}, value: 10%}, {when: otherwise, value: 100%}]}\n",
    )
    worth = exact_worth(scenario)
    assert worth.payoff("b", GO) == 100
    assert worth.payoff("b", {**GO, "news": "bad"}) == 55


# ---- what reaches what ----------------------------------------------------------------------------------------------


def traces(scenario: Scenario, player: str = "a", outcome: dict[str, str] | None = None) -> Traces:
    return traced_worth(scenario).payoff(player, outcome or GO)


LINES = "  one: {when: {plan: go}, a: plain + secret, b: plain}\n  two: {rows: [{all: 1}]}\n"
SECRET = "  plain: 3\n  deep: {value: 4, confidential: yes}\n  secret: 2 * deep\n"


def test_a_secret_is_traced_through_the_inputs_that_carry_it() -> None:
    scenario = scenario_of(LINES, inputs=SECRET)
    assert traces(scenario) == {"inputs.deep"}
    assert traces(scenario, "b") == frozenset()
    assert traces(scenario, "a", {**GO, "plan": "wait"}) == frozenset()


def test_a_secret_rate_is_traced_where_it_discounts() -> None:
    scenario = scenario_of(
        "  one: {when: {plan: go}, at: 1 year, all: 1}\n  two: {rows: [{all: 1}]}\n",
        players="{name: B, discount_rate: 10%, confidential: yes}",
    )
    assert traces(scenario, "b") == {"players.b"}
    assert traces(scenario, "a") == frozenset()
    assert traces(scenario, "b", {**GO, "plan": "wait"}) == frozenset()


def test_a_secret_line_and_what_is_reached_without_agreement_are_traced() -> None:
    scenario = scenario_of("  open: {rows: [{all: 1}]}\n  hush: {when: {news: good}, all: 1, confidential: yes}\n")
    assert traces(scenario) == {"payoffs.hush"}
    failed = traces(scenario, "a", {"plan": "no_agreement", "news": "bad", "later": "keep"})
    assert failed == {"decisions.plan.no_agreement"}


def test_a_secret_position_of_a_switch_is_traced_where_it_decides() -> None:
    """Once a number chosen by a secret switch was thought to tell nothing of it."""
    scenario = scenario_of(
        SWITCHED + "  two: {rows: [{all: scaled}]}\n",
        inputs="  procedure: {one_of: {court: C, panel: P}, value: court, confidential: yes}\n"
        "  scaled: {rows: [{when: {procedure: court}, value: 5}, {when: otherwise, value: 6}], confidential: no}\n",
    )
    worth = traced_worth(scenario)
    assert worth.amount(scenario.payoffs["one"], "a", GO) == {"inputs.procedure"}
    assert worth.amount(scenario.payoffs["two"], "a", GO) == {"inputs.procedure"}


def test_a_secret_chance_is_traced_to_the_event_and_the_input() -> None:
    text = scenario_of("  one: {rows: [{all: 1}]}\n")
    assert traced_worth(text).chances(text.events["news"], None, {}) == (frozenset(), frozenset())
    secret = read_scenario(
        "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nplayers: {a: {name: A}}\n"
        "decisions: {go: {by: a, options: {in_: In, out: Out}}}\nbaseline: {go: out}\ntiming: {go: 0, news: 0}\n"
        "events: {news: {chances: {good: p, bad: rest}, confidential: yes}}\n"
        "inputs: {p: {value: 20% .. 30% .. 40%, confidential: yes}}\n"
        "payoffs: {one: {rows: [{when: {news: good}, all: 1}, {when: otherwise, all: 0}]}}\n"
    )
    assert {"events.news", "inputs.p"} <= confidential_names(secret)
    found = traced_worth(secret).chances(secret.events["news"], None, {})
    assert found == (frozenset({"events.news", "inputs.p"}),) * 2


def test_a_secret_term_is_traced_where_its_level_is_used() -> None:
    scenario = read_scenario(
        "gamecore: 1\ntitle: T\nquestion: Q\nadvise: alliance\nplayers: {a: {name: A}, b: {name: B}}\n"
        "decisions:\n  sheet:\n    by: [a, b]\n    no_agreement: Nothing\n"
        "    terms: {upfront: {levels: [1, 2], confidential: yes}, cap: {levels: [5, 6]}}\n"
        "baseline: {sheet: agreed}\ntiming: {sheet: 0}\n"
        "payoffs: {one: {when: {sheet: agreed}, a: upfront, b: cap}, two: {rows: [{all: 0}]}}\n"
    )
    worth = traced_worth(scenario)
    deal = {"sheet": "agreed", "upfront": "1", "cap": "5"}
    assert "decisions.sheet.terms.upfront" in worth.payoff("a", deal)
    assert worth.payoff("b", deal) == frozenset()
