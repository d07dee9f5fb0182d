"""What an analysis tells of changes on its page: few, at little cost, and what all would accept if there is such."""

from __future__ import annotations

from pathlib import Path

from gamecore.pipeline import Settings, analyse
from gamecore.questions.changing import levers_found
from gamecore.scenario import read_scenario

SCENARIOS = Path(__file__).parents[3] / "scenarios"
FEW = Settings(draws=50)


def test_where_nobody_talks_and_no_other_change_suits_all_payments_are_on_the_page_as_the_full_search_finds_them() -> (
    None
):
    scenario = read_scenario((SCENARIOS / "jsc-deadlock.yaml").read_bytes())
    levers = analyse(scenario, FEW).levers
    assert levers is not None
    told = levers.proposals[:2]
    assert [item.changes[0].kind for item in told] == ["payment", "payment"]
    assert all(set(item.acceptable_to) == set(scenario.players) for item in told)
    every = {item.key: item for item in levers_found(scenario, FEW, pairs=0).proposals}
    for item in told:
        assert item.payment == every[item.key].payment
        assert item.gains == every[item.key].gains


def test_where_sides_talk_the_page_tells_payments_for_what_is_agreed_and_searches_no_others() -> None:
    scenario = read_scenario((SCENARIOS / "ip-ownership.yaml").read_bytes())
    analysis = analyse(scenario, FEW)
    assert analysis.levers is not None
    derived = [change for item in analysis.levers.proposals for change in item.changes if change.derived]
    assert all(change.kind != "payment" for change in derived)
    assert analysis.payments
