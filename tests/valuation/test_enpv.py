"""Values of programmes under deals: the worked case, published numbers, laws, and a second computation."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.errors import InputError, TooLargeError
from gamecore.valuation.checking import check_exclusivity
from gamecore.valuation.discounting import Timing, discount_factor, present_value
from gamecore.valuation.enpv import expected_npv
from gamecore.valuation.programme import (
    CoPromotion,
    CostShare,
    CumulativeSales,
    Deal,
    Gate,
    Launch,
    Market,
    Milestone,
    Number,
    OnDate,
    Phase,
    Programme,
    Royalty,
    Signature,
    StartOf,
    SuccessOf,
    Supply,
    YearlySales,
)
from gamecore.valuation.royalties import after_offset, yearly_royalty
from tests.valuation.ledger import at_draw, ledger_values
from tests.valuation.random_terms import PLAYERS, ExtremeTerms, RandomTerms

CASES = json.loads((Path(__file__).parent / "data" / "cases.json").read_text("utf-8"))
RATES: dict[str, Number] = {"sapphire": 0.13, "diamond": 0.09}
EQUAL: dict[str, Number] = dict.fromkeys(PLAYERS, 0.1)

seeds = st.integers(0, 2**32 - 1)


def plain(*numbers: Number) -> list[float]:
    """Numbers that are the same in all draws, as floats."""
    return [float(number) for number in numbers]


# ---- the worked case ------------------------------------------------------------------------------------------------


def worked_programme(
    *, budget: Number = 45.0, cost: Number = 45.0, lasts: Number = 2.0, success: Number = 0.35, **more: Any
) -> Programme:
    market = Market("world", after="review", peak=1100.0, ramp=5.0, margin=0.45, until=15.0)
    phases = (
        Phase("phase_2", budget=budget, cost=cost, lasts=lasts, success=success),
        Phase("phase_3", budget=150.0, lasts=2.75, success=0.58, after="phase_2"),
        Phase("review", budget=60.0, lasts=1.0, success=0.91, after="phase_3"),
    )
    start = more.pop("start", 0.0)
    return Programme(phases, (replace(market, **more),), start)


def worked_deal(**more: Any) -> Deal:
    shares = {"sapphire": 0.3, "diamond": 0.7}
    milestones = (
        ("phase_2_start", 10.0, StartOf("phase_2")),
        ("phase_3_start", 25.0, StartOf("phase_3")),
        ("approval", 60.0, Launch()),
        ("sales_500", 40.0, YearlySales(500.0)),
    )
    deal = Deal(
        cost_share={
            "phase_2": CostShare(shares, above_budget={"diamond": 1.0}),
            "phase_3": CostShare(shares),
            "review": CostShare(shares),
        },
        profit_share={"world": {"sapphire": 0.4, "diamond": 0.6}},
        milestones=tuple(Milestone(name, "diamond", "sapphire", amount, due) for name, amount, due in milestones),
    )
    return replace(deal, **more)


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


def payments(*items: tuple[float, Any], payer: str | None = None, receiver: str | None = "sapphire") -> Any:
    return tuple(Milestone(f"{payer}_{n}", payer, receiver, amount, due) for n, (amount, due) in enumerate(items))


def test_the_rnpv_of_three_phases_is_the_one_of_the_case() -> None:
    case = CASES["rnpv_equals_tree"]
    programme, deal = rnpv_case()
    value = expected_npv(programme, deal, {"sapphire": case["inputs"]["r"]}).values["sapphire"]
    assert value == pytest.approx(case["expected"]["rnpv"], abs=case["tolerance"])


def rnpv_case() -> tuple[Programme, Deal]:
    """Costs at the start of each phase, a lump at launch."""
    inputs = CASES["rnpv_equals_tree"]["inputs"]
    names = [phase["name"] for phase in inputs["phases"]]
    phases = tuple(
        Phase(phase["name"], budget=0.0, lasts=phase["years"], success=phase["p"], after=before)
        for phase, before in zip(inputs["phases"], [None, *names], strict=False)
    )
    costs = [(phase["cost_at_start"], StartOf(phase["name"])) for phase in inputs["phases"]]
    launch = payments((inputs["value_at_launch"], SuccessOf(names[-1])))
    return Programme(phases), Deal(milestones=payments(*costs, payer="sapphire", receiver=None) + launch)


def flat_market(until: float, launch: float, **more: Any) -> tuple[Programme, Deal]:
    """Sales of 100 a year from a sure launch on, all of it profit of Sapphire."""
    market = Market("world", after="review", **{"peak": 100.0, "ramp": 0.0, "margin": 1.0, "until": until, **more})
    programme = Programme((Phase("review", budget=0.0, lasts=launch, success=1.0),), (market,))
    return programme, Deal(profit_share={"world": {"sapphire": 1.0}})


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


# ---- the terms one by one -------------------------------------------------------------------------------------------


def transfer(deal: Deal, programme: Programme | None = None, rate: Number = 0.0) -> float:
    """What a deal on a flat market moves to Sapphire beyond her profit: sales 100 a year from year 2 to 12."""
    programme = flat_market(12.0, 2.0)[0] if programme is None else programme
    bare = Deal(profit_share={"world": {"diamond": 1.0}})
    deal = replace(deal, profit_share=bare.profit_share)
    rates = {"sapphire": rate, "diamond": rate}
    change = (
        expected_npv(programme, deal, rates).values["sapphire"]
        - expected_npv(programme, bare, rates).values["sapphire"]
    )
    return float(change)


def royalty(*tiers: tuple[float, float], **more: Any) -> Deal:
    return Deal(royalties=(Royalty("world", "diamond", "sapphire", tiers, **more),))


def test_a_royalty_lasts_until_the_later_of_its_term_and_the_loss_of_exclusivity() -> None:
    programme = flat_market(12.0, 2.0, tail=8.0, after_loe=0.5)[0]
    for term, expected in ((None, 140.0), (10.0, 100.0), (4.0, 100.0), (13.0, 115.0), (30.0, 140.0)):
        assert transfer(royalty((0, 0.1), term=term), programme) == pytest.approx(expected)


def test_a_royalty_steps_down_with_the_loss_of_exclusivity() -> None:
    programme = flat_market(12.0, 2.0, tail=8.0, after_loe=0.5)[0]
    assert transfer(royalty((0, 0.1), step_down=0.25), programme) == pytest.approx(100 + 0.75 * 40)
    assert transfer(royalty((0, 0.1), step_down=1.0), programme) == pytest.approx(100)


def test_royalties_owed_to_others_are_taken_off_down_to_the_floor() -> None:
    assert transfer(royalty((0, 0.1), third_party=0.06, offset=0.5)) == pytest.approx(70)
    assert transfer(royalty((0, 0.1), third_party=0.06, offset=0.5, floor=0.8)) == pytest.approx(80)
    assert transfer(royalty((0, 0.02), (50, 0.18), third_party=0.06, offset=1.0)) == pytest.approx(10 * (10 - 6))


@given(
    st.lists(st.floats(0, 0.3), min_size=1, max_size=4),
    st.floats(0, 0.3),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1000),
)
def test_an_offset_royalty_is_a_schedule_of_tiers_again(
    rates: list[float], third_party: float, offset: float, floor: float, sales: float
) -> None:
    tiers = tuple((150.0 * number, rate) for number, rate in enumerate(rates))
    due = float(yearly_royalty(sales, tiers))
    left = float(yearly_royalty(sales, after_offset(tiers, third_party, offset, floor)))
    assert left == pytest.approx(max(due - third_party * offset * sales, floor * due), abs=1e-9)


def test_a_third_party_is_paid_by_a_royalty_to_nobody_in_the_game() -> None:
    deal = Deal(royalties=(Royalty("old", "sapphire", None, ((0.0, 0.05),)),))
    assert transfer(deal) == pytest.approx(-50)


def test_a_co_promoter_carries_its_effort_and_gets_its_share() -> None:
    item = CoPromotion(
        "force", "sapphire", "diamond", "world", effort=0.4, yearly_cost=20.0, reimbursed=0.25, profit=0.1
    )
    assert transfer(Deal(co_promotions=(item,))) == pytest.approx(10 * (100 * 0.1 - 0.4 * 20 * 0.75))


def test_who_makes_the_product_earns_its_margin_on_sales() -> None:
    assert transfer(Deal(supplies=(Supply("api", "sapphire", "diamond", 0.03),))) == pytest.approx(30)


def milestone(due: Any, amount: float = 1.0) -> Deal:
    return Deal(milestones=(Milestone("one", "diamond", "sapphire", amount, due),))


def test_a_milestone_on_yearly_sales_falls_due_where_the_ramp_crosses_it() -> None:
    programme = flat_market(12.0, 2.0, ramp=5.0)[0]
    for above, date in ((0.0, 2.0), (50.0, 4.5), (100.0, 7.0)):
        found = transfer(milestone(YearlySales(above)), programme, rate=0.1)
        assert found == pytest.approx(1.1**-date, rel=1e-12)
    assert transfer(milestone(YearlySales(100.01)), programme) == 0
    assert transfer(milestone(YearlySales(50.0)), flat_market(4.4, 2.0, ramp=5.0)[0]) == 0


def test_a_yearly_milestone_is_due_each_year_that_sales_are_there() -> None:
    programme = flat_market(12.0, 2.0, ramp=5.0, tail=3.0, after_loe=0.7)[0]
    for above, times in ((50.0, 11), (80.0, 6), (101.0, 0)):  # from 4.5 to 14.5, from 6 to 11
        assert transfer(milestone(YearlySales(above, each_year=True)), programme) == pytest.approx(times)


def test_a_milestone_on_all_sales_so_far_falls_due_when_they_are_reached() -> None:
    programme = flat_market(12.0, 2.0, ramp=5.0)[0]
    for above, date in ((90.0, 5.0), (250.0, 7.0), (350.0, 8.0), (750.0, 12.0)):
        found = transfer(milestone(CumulativeSales(above)), programme, rate=0.1)
        assert found == pytest.approx(1.1**-date, rel=1e-9)
    assert transfer(milestone(CumulativeSales(751.0)), programme) == 0


def two_territories(**more: Any) -> tuple[Programme, Deal]:
    """One trial, two reviews: two launches that can come alone, together or not at all."""
    phases = (
        Phase("trial", budget=0.0, lasts=1.0, success=0.5),
        Phase("us", budget=0.0, lasts=1.0, success=0.8, after="trial"),
        Phase("eu", budget=0.0, lasts=2.0, success=0.6, after="trial"),
    )
    markets = tuple(
        Market(name, after=name, peak=100.0, ramp=0.0, margin=0.5, until=until)
        for name, until in (("us", 8), ("eu", 9))
    )
    return Programme(phases, markets), Deal(profit_share={name: {"diamond": 1.0} for name in ("us", "eu")}, **more)


def in_two_territories(**more: Any) -> float:
    programme, deal = two_territories(**more)
    return float(expected_npv(programme, deal, {"sapphire": 0.0, "diamond": 0.0}).values["sapphire"])


def test_tiers_on_two_territories_count_what_is_launched_together() -> None:
    item = Royalty("both", "diamond", "sapphire", ((0.0, 0.0), (100.0, 0.1)))
    assert in_two_territories(royalties=(item,)) == pytest.approx(0.5 * 0.8 * 0.6 * 5 * 10)


def test_the_first_launch_is_whichever_comes() -> None:
    programme, deal = two_territories(milestones=payments((1.0, Launch()), payer="diamond"))
    value = expected_npv(programme, deal, {"sapphire": 1.0, "diamond": 1.0}).values["sapphire"]
    assert value == pytest.approx(0.5 * (0.8 * 2**-2 + 0.2 * 0.6 * 2**-3))


def test_sales_of_two_territories_cross_a_threshold_together() -> None:
    due = YearlySales(150.0), YearlySales(150.0, ("us",)), YearlySales(60.0)
    chances = [in_two_territories(milestones=payments((1.0, one), payer="diamond")) for one in due]
    assert chances == pytest.approx([0.5 * 0.48, 0.0, 0.5 * (1 - 0.2 * 0.4)])


def test_markets_that_are_never_sold_reach_no_threshold() -> None:
    programme, deal = two_territories(milestones=payments((1.0, YearlySales(0.0, each_year=True)), payer="diamond"))
    sold_out = replace(programme, markets=tuple(replace(market, until=1.0) for market in programme.markets))
    values = expected_npv(sold_out, deal, {"sapphire": 0.0, "diamond": 0.0}).values
    assert (values["sapphire"], values["diamond"]) == (0, 0)


def test_a_cost_has_three_layers() -> None:
    share = CostShare({"sapphire": 0.5, "diamond": 0.5}, {"diamond": 1.0}, 1.2, {"sapphire": 1.0})
    for cost, expected in ((80.0, (-40, -40)), (110.0, (-50, -60)), (150.0, (-80, -70))):
        programme = Programme((Phase("trial", budget=100.0, cost=cost, lasts=1.0, success=1.0),))
        values = expected_npv(programme, Deal({"trial": share}), {"sapphire": 0.0, "diamond": 0.0}).values
        assert (values["sapphire"], values["diamond"]) == pytest.approx(expected)


# ---- gates ----------------------------------------------------------------------------------------------------------


def gated(**gates: Any) -> Deal:
    return worked_deal(gates=tuple(Gate(phase, *terms) for phase, terms in gates.items()))


def test_a_gate_never_costs_its_holder_and_takes_the_better_of_both() -> None:
    peaks = np.linspace(50.0, 1500.0, 30)
    programme = worked_programme(peak=peaks)
    free = np.asarray(expected_npv(programme, worked_deal(), RATES).values["diamond"])
    stop = {"diamond": -4.0, "sapphire": 5.0}
    found = expected_npv(programme, gated(phase_2=("diamond", stop)), RATES)
    np.testing.assert_allclose(found.values["diamond"], np.maximum(free, -4.0), rtol=1e-12)
    stopped = np.asarray(found.goes_on["phase_2"]) == 0
    assert 0 < stopped.sum() < 30
    np.testing.assert_allclose(np.asarray(found.values["sapphire"])[stopped], 5.0)


def test_the_partner_is_valued_at_the_holders_choice() -> None:
    """Diamond gains by the right to stop before Phase III what Sapphire loses by it."""
    programme = worked_programme(peak=250.0)
    free = expected_npv(programme, worked_deal(), RATES).values
    hers = expected_npv(programme, gated(phase_3=("sapphire", {})), RATES)
    his = expected_npv(programme, gated(phase_3=("diamond", {})), RATES)
    assert (hers.goes_on["phase_3"], his.goes_on["phase_3"]) == (1, 0)
    assert his.values["diamond"] > free["diamond"]
    assert his.values["sapphire"] < free["sapphire"] == hers.values["sapphire"]


def test_an_earlier_gate_knows_what_a_later_one_will_decide() -> None:
    """Every policy of stopping is tried; backward induction finds the best for one holder of both gates."""
    for peak in (150.0, 400.0, 500.0, 700.0, 1100.0):
        programme = worked_programme(peak=peak)
        stops = {"phase_2": {"diamond": -1.0}, "phase_3": {"diamond": -3.0}, "review": {"diamond": 20.0}}
        both = expected_npv(programme, gated(**{name: ("diamond", stop) for name, stop in stops.items()}), RATES)
        policies = [
            expected_npv(programme, worked_deal(), RATES).values["diamond"],
            *(policy_value(programme, name, stop["diamond"]) for name, stop in stops.items()),
        ]
        assert both.values["diamond"] == pytest.approx(max(policies), rel=1e-12)


def policy_value(programme: Programme, stopped: str, amount: float) -> float:
    """Diamond's value if the phase, whenever it is reached, is stopped."""
    phases = {phase.name: phase for phase in programme.phases}
    before = [name for name in phases if name < stopped]  # the names are in order
    kept = tuple(phases[name] for name in before)
    deal = worked_deal()
    share = {name: share for name, share in deal.cost_share.items() if name in before}
    due = [item for item in deal.milestones if isinstance(item.due, StartOf) and item.due.phase in before]
    reached = payments((amount, SuccessOf(before[-1]) if before else Signature()), receiver="diamond")
    if not kept:
        return amount
    value = expected_npv(Programme(kept), Deal(share, milestones=(*due, *reached)), RATES).values["diamond"]
    return float(value)


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_the_holder_of_all_gates_does_as_well_as_with_any_fixed_set_of_stops(seed: int) -> None:
    random = RandomTerms(np.random.default_rng(seed))
    programme = random.programme()
    chain = [
        replace(phase, after=before)
        for phase, before in zip(programme.phases, [None, *(phase.name for phase in programme.phases)], strict=False)
    ]
    programme = replace(programme, phases=tuple(chain))
    gates = tuple(Gate(phase.name, "ruby", {"ruby": random.number(-30, 30)}) for phase in chain)
    found = expected_npv(programme, replace(random.deal(programme), gates=gates), EQUAL)
    fixed = []
    for stops in product((0.0, 1.0), repeat=len(chain)):
        goes_on = {phase.name: go for phase, go in zip(chain, stops, strict=True)}
        parts = found.if_happens["ruby"].items()
        fixed.append(sum(found.paths.chance(event, goes_on) * value for event, value in parts))
    assert found.values["ruby"] == pytest.approx(max(fixed), rel=1e-9, abs=1e-9)


def test_an_even_choice_goes_on() -> None:
    programme = Programme((Phase("trial", budget=0.0, lasts=1.0, success=0.5),))
    found = expected_npv(programme, Deal(gates=(Gate("trial", "diamond"),)), RATES)
    assert found.goes_on["trial"] == 1


# ---- wrong input ----------------------------------------------------------------------------------------------------


WRONG_PROGRAMMES = [
    (worked_programme(success=1.2), "programme.phases.phase_2.success: 1.2 is not from 0 to 1"),
    (worked_programme(lasts=-1.0), "programme.phases.phase_2.lasts: -1 is not at least 0"),
    (worked_programme(start=-0.5), "programme.start: -0.5 is not at least 0"),
    (worked_programme(peak=np.array([-1.0, -2.0])), "programme.sales.world.peak: -2 is not at least 0"),
    (worked_programme(cost=float("nan")), "programme.phases.phase_2.cost: nan is not a number"),
    (worked_programme(after="phase_4"), "programme.sales.world.after: no|there is no phase 'phase_4'"),
    (worked_programme(until=None), "programme.sales.world: sales never end; add 'until'"),
    (Programme(()), "programme.phases: there are none"),
    (Programme((Phase("a", 1.0, 1.0, 1.0), Phase("a", 1.0, 1.0, 1.0))), "programme.phases.a: the name stands twice"),
    (Programme((Phase("a", 1.0, 1.0, 1.0, after="b"),)), r"programme.phases.a.after: there is no phase 'b' to follow"),
]


@pytest.mark.parametrize(("programme", "message"), WRONG_PROGRAMMES)
def test_a_wrong_programme_is_refused_by_name(programme: Programme, message: str) -> None:
    with pytest.raises(InputError, match=message):
        expected_npv(programme, worked_deal(), RATES)


HALF = {"sapphire": 0.5, "diamond": 0.4}
WRONG_DEALS = [
    ({"cost_share": {"phase_2": CostShare(HALF)}}, "deal.cost_share: nobody pays for phase_3"),
    ({"profit_share": {}}, "deal.profit_share: nobody earns the profit of world"),
    ({"profit_share": {"world": HALF}}, "deal.profit_share.world: the shares sum to 0.9, not 1"),
    ({"profit_share": {"world": {"ruby": 1.0}}}, "deal.profit_share.world: no player is called 'ruby'"),
    ({"profit_share": {"mars": HALF}}, "deal.profit_share.mars: no market is called 'mars'"),
    ({"milestones": payments((1.0, StartOf("phase_4")))}, "no phase is called 'phase_4' .phase_2, phase_3, review"),
    ({"milestones": payments((1.0, Launch(("mars",))))}, "no market is called 'mars'"),
    ({"milestones": payments((1.0, OnDate(-1.0)))}, "due: -1 is not at least 0"),
    ({"milestones": payments((1.0, Signature())) * 2}, "the name stands twice"),
    ({"milestones": payments((1.0, Signature()), payer="sapphire")}, "sapphire cannot pay itself"),
    ({"royalties": royalty((1.0, 0.1)).royalties}, "deal.royalties.world.tiers: the first tier starts from sales of 0"),
    ({"royalties": royalty((0.0, 0.1), (0.0, 0.2)).royalties}, "each tier starts from higher sales"),
    ({"royalties": royalty((0.0, 8.0)).royalties}, "deal.royalties.world.tiers: 8 is not from 0 to 1"),
    ({"gates": (Gate("phase_2", "ruby"),)}, "deal.gates.phase_2: no player is called 'ruby'"),
    ({"signed": -1.0}, "deal.signed: -1 is not at least 0"),
]


@pytest.mark.parametrize(("change", "message"), WRONG_DEALS)
def test_a_wrong_deal_is_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        expected_npv(worked_programme(), worked_deal(**change), RATES)


def test_a_cap_without_shares_above_it_is_refused() -> None:
    share = CostShare({"diamond": 1.0}, cap=1.1)
    with pytest.raises(InputError, match=r"deal.cost_share.trial: 'cap' and 'above_cap' need each other"):
        expected_npv(Programme((Phase("trial", 1.0, 1.0, 1.0),)), Deal({"trial": share}), RATES)


def test_a_rate_of_minus_one_hundred_percent_is_refused() -> None:
    with pytest.raises(InputError, match=r"players.diamond.discount_rate: -1 is not above -100%"):
        expected_npv(worked_programme(), worked_deal(), {"sapphire": 0.1, "diamond": -1.0})


def test_exclusivity_lost_before_launch_is_a_slip_in_a_file_and_sells_nothing() -> None:
    programme = worked_programme(until=5.0)
    with pytest.raises(InputError, match=r"programme.sales.world.until: exclusivity is lost before the launch at 5.75"):
        check_exclusivity(programme)
    with pytest.raises(
        InputError, match=r"programme.sales.world.exclusivity: exclusivity is lost before the launch at 6"
    ):
        check_exclusivity(worked_programme(until=None, exclusivity=0.2, delay=0.25))
    check_exclusivity(worked_programme(until=np.array([5.0, 15.0])))
    worth = [expected_npv(p, worked_deal(), RATES).values["diamond"] for p in (programme, worked_programme(peak=0.0))]
    assert worth[0] == pytest.approx(worth[1], rel=1e-12)


def test_draws_out_of_bounds_are_moved_to_the_nearest_and_counted() -> None:
    success = np.array([0.1, 0.2, 0.5, 1.3])
    found = expected_npv(worked_programme(success=success), worked_deal(), RATES)
    assert found.clipped == {"programme.phases.phase_2.success": 0.25}
    inside = expected_npv(worked_programme(success=np.clip(success, 0, 1)), worked_deal(), RATES)
    np.testing.assert_array_equal(found.values["diamond"], inside.values["diamond"])


def test_terms_on_too_many_launches_are_refused() -> None:
    phases = tuple(Phase(f"p{n}", 0.0, 1.0, 0.5) for n in range(11))
    markets = tuple(Market(f"m{n}", f"p{n}", 1.0, 0.0, 0.5, until=9.0) for n in range(11))
    shares = {market.name: {"diamond": 1.0} for market in markets}
    deal = Deal(profit_share=shares, royalties=(Royalty("all", "diamond", "sapphire", ((0.0, 0.1),)),))
    with pytest.raises(TooLargeError, match="11 phases, more than 10"):
        expected_npv(Programme(phases, markets), deal, RATES)
