"""Programmes and deals that cannot be valued are refused by name; draws out of bounds are moved and counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gamecore.errors import InputError, TooLargeError
from gamecore.valuation.enpv import expected_npv
from gamecore.valuation.programme import (
    CostShare,
    Deal,
    Gate,
    Launch,
    Market,
    OnDate,
    Phase,
    Programme,
    Royalty,
    Signature,
    StartOf,
)
from tests.valuation.worked_case import (
    RATES,
    payments,
    royalty,
    worked_deal,
    worked_programme,
)

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


def test_exclusivity_lost_before_launch_sells_nothing() -> None:
    programmes = worked_programme(until=5.0), worked_programme(peak=0.0)
    late, never = (expected_npv(programme, worked_deal(), RATES).values["diamond"] for programme in programmes)
    assert late == pytest.approx(never, rel=1e-12)


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
