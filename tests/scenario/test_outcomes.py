"""Everything that can happen, and nothing else."""

import pytest

from gamecore.errors import TooLargeError
from gamecore.model import Scenario
from gamecore.scenario import check_rows, outcomes, read_scenario
from gamecore.scenario.outcomes import described
from tests.scenario.conftest import SCENARIOS


def read(name: str) -> Scenario:
    return read_scenario((SCENARIOS / f"{name}.yaml").read_bytes())


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("phase2-covid-by-state", 63),  # 3 states x 3 news x (start, hybrid, terminate, no agreement, 3 after waiting)
        ("ip-ownership", 14),
        ("alliance-reset", 73),  # 81 deals less 9 impossible ones, and no agreement
        ("payer", 36),
        ("launch-timing", 10),
    ],
)
def test_outcomes_are_counted(name: str, count: int) -> None:
    assert len(outcomes(read(name))) == count


def test_a_later_decision_has_no_entry_where_it_does_not_exist(phase2: Scenario) -> None:
    for outcome in outcomes(phase2):
        assert ("january" in outcome) == (outcome["plan"] == "wait")


def test_only_what_is_asked_for_is_enumerated(phase2: Scenario) -> None:
    found = outcomes(phase2, ["plan"])
    assert found == [{"plan": name} for name in ("start", "wait", "hybrid", "terminate", "no_agreement")]
    deals = read("alliance-reset")
    assert len(outcomes(deals, ["aster_share"])) == 4
    assert len(outcomes(deals, ["duration", "making"])) == 9


def test_too_many_outcomes_are_refused(phase2: Scenario) -> None:
    with pytest.raises(TooLargeError):
        outcomes(phase2, limit=10)


def test_switches_are_part_of_every_outcome() -> None:
    assert {outcome["procedure"] for outcome in outcomes(read("jsc-deadlock"))} == {"final_say"}


def test_rows_that_miss_or_share_outcomes_are_found(phase2: Scenario) -> None:
    rows = [row.when for row in phase2.payoffs["trial"].rows]
    assert check_rows(phase2, rows).missing == []
    assert check_rows(phase2, rows).double == []
    found = check_rows(phase2, rows[1:])
    assert [described(phase2, outcome) for outcome in found.missing] == ["plan: start, pandemic: contained"]
    assert {(first, later) for first, later, _ in check_rows(phase2, [*rows, rows[0]]).double} == {(0, 17)}
    assert check_rows(phase2, [*rows[1:], None]).missing == []
