"""Uncertain numbers have names for people, wherever in the file they stand."""

from __future__ import annotations

from pathlib import Path

from gamecore.advice.inputs import input_facts
from gamecore.advice.quantities import described
from gamecore.scenario import read_scenario
from gamecore.valuation.inputs import quantities
from tests.valuation.small_programme import small

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def test_numbers_of_the_programme_and_the_deal_are_called_by_their_part() -> None:
    scenario = small(
        ("times 1.5", "times 1.2 .. 1.5 .. 2"),
        ("review: {budget: 20", "review: {label: Review and launch, budget: 10 .. 20 .. 30"),
        ("amount: fee_at_launch", "amount: 5 .. 6 .. 7"),
    )
    assert [described(scenario, item).label for item in quantities(scenario)] == [
        "P",
        "Trial budget",
        "Review and launch budget",
        "Trial cost (row 1)",
        "Launch, amount",
    ]


def test_phases_and_markets_are_called_as_people_call_them() -> None:
    scenario = read_scenario((SCENARIOS / "phase2-covid.yaml").read_bytes())
    told = {item.key: described(scenario, item).label for item in quantities(scenario)}
    assert told["programme.phases.phase_2.budget"] == "Phase II budget"
    assert told["programme.sales.world.peak"] == "Peak sales, world"
    assert told["programme.sales.world.margin"] == "Margin, world"
    assert told["players.sapphire.discount_rate"] == "Sapphire's discount rate"


def test_what_stands_in_a_confidential_block_is_confidential() -> None:
    scenario = small(("  phases:\n", "  confidential: yes\n  phases:\n"))
    told = {item.key: described(scenario, item).confidential for item in quantities(scenario)}
    assert told == {"inputs.p": False, "programme.phases.trial.budget": True}


def test_published_figures_stand_in_the_record_with_their_source() -> None:
    scenario = small(("lasts: 2 years, success: p", "reference: oncology phase_2"), ("  p: {", "  q: {"))
    facts = {item.key: item for item in input_facts(scenario, 10)}
    phase = facts["programme.phases.trial"]
    assert phase.value == "budget 80 .. 100 .. 130, success 24.6%, lasts 3.7 years"
    assert phase.source is not None
    assert "2011-2020" in phase.source
    assert not phase.confidential
