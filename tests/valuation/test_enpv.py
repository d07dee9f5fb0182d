"""Values of programmes under deals: the worked case, published numbers, laws, and a second computation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.valuation.discounting import Timing, discount_factor, present_value
from gamecore.valuation.enpv import expected_npv
from gamecore.valuation.programme import (
    CostShare,
    Deal,
    Number,
    OnDate,
)
from gamecore.valuation.royalties import yearly_royalty
from tests.valuation.ledger import at_draw, ledger_values
from tests.valuation.random_terms import PLAYERS, ExtremeTerms, RandomTerms
from tests.valuation.worked_case import (
    CASES,
    EQUAL,
    RATES,
    flat_market,
    payments,
    plain,
    rnpv_case,
    seeds,
    worked_deal,
    worked_programme,
)

# ---- the worked case ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plan", ["now", "late", "hyb", "hlat", "drift"])
def test_the_worked_case_has_its_values_state_by_state(plan: str) -> None:
    case = CASES["sapphire_diamond_base"]
    terms = case["inputs"]["plans"][plan]
    costs = case["inputs"]["drift_costs"] if plan == "drift" else [0.0, 0.0]
    for (cost, added, success), expected in zip(terms["states"], case["expected"][plan], strict=True):
        budget = 45 * terms["budget"]
        programme = worked_programme(
            budget=budget, cost=budget * cost, lasts=2 + added, success=0.35 * success, start=terms["start"]
        )
        values = expected_npv(programme, worked_deal(), RATES).values
        found = plain(values["sapphire"] - costs[0], values["diamond"] - costs[1])
        np.testing.assert_allclose(found, expected, atol=case["tolerance"])


def test_the_worked_case_over_draws_is_each_draw_by_itself() -> None:
    random = np.random.default_rng(4)

    def around(base: float) -> Number:
        drawn: Number = base * random.uniform(0.7, 1.3, 50)
        return drawn

    programme = worked_programme(
        cost=around(60), lasts=around(2), success=around(0.35), start=around(0.5), peak=around(600), until=around(9)
    )
    rates = {"sapphire": around(0.13), "diamond": around(0.09)}
    values = expected_npv(programme, worked_deal(), rates).values
    for draw in range(50):
        alone = expected_npv(at_draw(programme, draw), at_draw(worked_deal(), draw), at_draw(rates, draw)).values
        for player in RATES:
            assert np.asarray(values[player])[draw] == pytest.approx(alone[player], rel=1e-12, abs=1e-12)


# ---- published and analytic cases -----------------------------------------------------------------------------------


def test_the_rnpv_of_three_phases_is_the_one_of_the_case() -> None:
    case = CASES["rnpv_equals_tree"]
    programme, deal = rnpv_case()
    value = expected_npv(programme, deal, {"sapphire": case["inputs"]["r"]}).values["sapphire"]
    assert value == pytest.approx(case["expected"]["rnpv"], abs=case["tolerance"])


def test_a_delay_under_a_patent_costs_the_first_half_year_of_profit() -> None:
    case = CASES["patent_limited_delay"]
    terms, expected = case["inputs"], case["expected"]

    def value(launch: float, until: float) -> Number:
        return expected_npv(*flat_market(until, launch), {"sapphire": terms["r"]}).values["sapphire"]

    late = terms["launch"] + terms["delay"]
    found = [
        value(terms["launch"], terms["loe"]),
        value(late, terms["loe"]),
        value(late, terms["loe"] + terms["delay"]),
    ]
    wanted = [expected["pv0"], expected["pv_fixed_loe"], expected["pv_if_loe_moves_too"]]
    np.testing.assert_allclose(plain(*found), wanted, atol=case["tolerance"])


def test_exclusivity_counted_from_approval_moves_with_it_and_the_later_end_counts() -> None:
    for until, exclusivity, same_as in ((None, 9.5, 15.0), (12.0, 9.5, 15.0), (15.0, 2.0, 15.0)):
        moved = expected_npv(*flat_market(until, 5.5, exclusivity=exclusivity), {"sapphire": 0.1})  # type: ignore[arg-type]
        fixed = expected_npv(*flat_market(same_as, 5.5), {"sapphire": 0.1})
        assert moved.values["sapphire"] == pytest.approx(fixed.values["sapphire"], rel=1e-12)


def test_a_launch_some_time_after_approval_uses_up_exclusivity() -> None:
    later = expected_npv(*flat_market(0.0, 5.0, exclusivity=9.5, delay=0.5), {"sapphire": 0.1}).values["sapphire"]
    assert later == pytest.approx(expected_npv(*flat_market(14.5, 5.5), {"sapphire": 0.1}).values["sapphire"])


def test_a_licence_of_yearly_sales_has_the_value_of_the_case() -> None:
    case = CASES["contract_equal_rates_royalty"]
    terms = case["inputs"]
    tiers = tuple(zip([0, *(top for top, _ in terms["tiers"][:-1])], (rate for _, rate in terms["tiers"]), strict=True))
    royalties = [0.0] * terms["first_year"] + [yearly_royalty(sales, tiers) for sales in terms["sales"]]
    value = terms["upfront"] + terms["loa"] * present_value(royalties, terms["r"], Timing(terms["timing"][:3] + "dle"))
    for date, chance, amount in terms["milestones"]:
        value = value + chance * amount * discount_factor(terms["r"], date)
    assert value == pytest.approx(case["expected"]["licensor"], abs=case["tolerance"])


def test_tiers_of_a_royalty_are_marginal() -> None:
    case = CASES["tiered_royalty_avance"]
    tiers = ((0.0, 0.10), (200.0, 0.12))
    assert yearly_royalty(case["inputs"]["sales"], tiers) == case["expected"]["royalty"]
    assert yearly_royalty(200.0, tiers) == case["expected"]["parts"][0]


def test_amounts_are_discounted_as_printed() -> None:
    case = CASES["discount_villiger"]
    amount, years = case["inputs"]["cf"], case["inputs"]["t"]
    assert amount * discount_factor(0.05, years) == pytest.approx(case["expected"]["r05"], abs=case["tolerance"])
    assert amount * discount_factor(0.11, years) == pytest.approx(case["expected"]["r11"], abs=case["tolerance"])


def test_mid_year_over_end_year_is_the_root_of_the_rate() -> None:
    case = CASES["mid_year_ratio"]
    amounts, rate = case["inputs"]["cf"], case["inputs"]["r"]
    start, middle, end, evenly = (present_value(amounts, rate, timing) for timing in Timing)
    np.testing.assert_allclose(
        plain(end, middle), [case["expected"]["end"], case["expected"]["mid"]], rtol=case["tolerance"]
    )
    assert middle / end == pytest.approx(case["expected"]["ratio"], rel=case["tolerance"])
    assert start / end == pytest.approx(1 + rate, rel=1e-12)
    assert end < middle < evenly < start


# ---- laws -----------------------------------------------------------------------------------------------------------


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_terms_move_value_between_players_and_make_none_at_equal_rates(seed: int) -> None:
    random = RandomTerms(np.random.default_rng(seed), draws=3)
    programme = random.programme()
    deal = random.deal(programme)
    bare = Deal(
        {name: CostShare({"ruby": 1.0}) for name in deal.cost_share},
        {name: {"ruby": 1.0} for name in deal.profit_share},
    )
    together = sum(expected_npv(programme, deal, EQUAL).values.values())
    np.testing.assert_allclose(together, expected_npv(programme, bare, EQUAL).values["ruby"], atol=1e-9, rtol=1e-9)


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_every_term_has_the_value_a_book_kept_in_small_steps_gives(seed: int) -> None:
    random = RandomTerms(np.random.default_rng(seed))
    programme = random.programme()
    deal = random.deal(programme)
    rates = {"sapphire": 0.13, "diamond": 0.09, "ruby": 0.0}
    values = expected_npv(programme, deal, rates).values
    for player, expected in ledger_values(programme, deal, rates).items():
        assert values[player] == pytest.approx(expected, abs=0.06)


@given(seeds, st.sampled_from([RandomTerms, ExtremeTerms]))
@settings(max_examples=40, deadline=None)
def test_arrays_over_draws_are_a_loop_over_draws(seed: int, kind: type[RandomTerms]) -> None:
    random = kind(np.random.default_rng(seed), draws=5)
    programme = random.programme()
    deal = random.deal(programme)
    rates: dict[str, Number] = {
        "sapphire": np.linspace(0.1, 0.2, 5),
        "diamond": 0.09,
        "ruby": np.array([0.0, 1e-9, 1e-4, 0.01, 0.3]),
    }
    values = expected_npv(programme, deal, rates).values
    for draw in range(5):
        alone = expected_npv(at_draw(programme, draw), at_draw(deal, draw), at_draw(rates, draw)).values
        for player in PLAYERS:
            found = np.broadcast_to(values[player], 5)[draw]
            assert np.isfinite(found)
            assert found == pytest.approx(alone[player], rel=1e-9, abs=1e-9)


LADDER = np.linspace(0.0, 1.0, 41)


def test_more_success_is_worth_more_and_more_cost_or_delay_less() -> None:
    own = Deal(
        {name: CostShare({"sapphire": 1.0}) for name in ("phase_2", "phase_3", "review")},
        {"world": {"sapphire": 1.0}},
    )
    for name, better in (
        ("success", worked_programme(success=LADDER)),
        ("cost", worked_programme(cost=100 * (1 - LADDER))),
        ("start", worked_programme(start=5 * (1 - LADDER))),
        ("lasts", worked_programme(lasts=4 * (1 - LADDER), cost=0.0, budget=0.0)),
        ("peak", worked_programme(peak=2000 * LADDER)),
        ("ramp", worked_programme(ramp=15 * (1 - LADDER))),
        ("until", worked_programme(until=6 + 14 * LADDER)),
        ("after_loe", worked_programme(tail=5.0, after_loe=LADDER)),
        ("tail", worked_programme(tail=5 * LADDER, after_loe=0.3)),
    ):
        value = np.asarray(expected_npv(better, own, RATES).values["sapphire"])
        assert (np.diff(value) > 0).all(), name


def test_a_milestone_earlier_is_worth_more_to_the_receiver_than_it_costs_the_payer() -> None:
    """10 six months earlier: +0.59 at 13 %, -0.42 at 9 %."""

    def values(at: float) -> list[Number]:
        deal = replace(worked_deal(), milestones=payments((10.0, OnDate(at)), payer="diamond"))
        found = expected_npv(worked_programme(), deal, RATES).values
        return [found["sapphire"], found["diamond"]]

    earlier, later = np.array(values(0.0)), np.array(values(0.5))
    np.testing.assert_allclose(earlier - later, [0.593, -0.422], atol=5e-4)
