"""Each term of a deal by itself, on programmes small enough to value by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.valuation.enpv import expected_npv
from gamecore.valuation.programme import (
    CoPromotion,
    CostShare,
    CumulativeSales,
    Deal,
    Launch,
    Market,
    Milestone,
    Number,
    Phase,
    Programme,
    Royalty,
    Supply,
    YearlySales,
)
from gamecore.valuation.royalties import after_offset, yearly_royalty
from tests.valuation.worked_case import (
    flat_market,
    payments,
    royalty,
)


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
