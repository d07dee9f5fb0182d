"""Who may stop a programme stops it where that is worth more to them, and the others live with it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from gamecore.valuation.enpv import expected_npv
from gamecore.valuation.programme import (
    Deal,
    Gate,
    Phase,
    Programme,
    Signature,
    StartOf,
    SuccessOf,
)
from tests.valuation.random_terms import RandomTerms
from tests.valuation.worked_case import (
    EQUAL,
    RATES,
    payments,
    seeds,
    worked_deal,
    worked_programme,
)


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
