"""Cash behind plans: tables add up to the analysis, horizons, and months that nobody pays for, worked by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gamecore.advice.cash_facts import CashPlan, CashTable, Runway
from gamecore.advice.plan_cash import PlanLedger
from gamecore.errors import InputError
from gamecore.model import Clause, Condition
from gamecore.pipeline import Settings, analyse, cash_ledger
from gamecore.scenario import read_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FEW = Settings(draws=20)
SCORES = {"internal-alignment.yaml"}


def ledger_of(name: str) -> PlanLedger:
    return cash_ledger(read_scenario((SCENARIOS / name).read_bytes(), file=name))


def when(**terms: str) -> Condition:
    return Condition((Clause(tuple((name, (value,)) for name, value in terms.items())),))


def table_of(plan: CashPlan, player: str) -> CashTable:
    return next(table for table in plan.tables if table.player == player)


# ---- tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_tables_of_every_plan_add_up_to_its_worth_in_the_analysis(path: Path) -> None:
    if "anytime: yes" in path.read_text():
        with pytest.raises(InputError, match="without an order of moves"):
            ledger_of(path.name)
        return
    if path.name in SCORES:
        with pytest.raises(InputError, match="weighted criteria"):
            ledger_of(path.name)
        return
    ledger = ledger_of(path.name)
    for plan in ledger.plans:
        found = ledger.of_plan(plan)
        for table, worth in zip(found.tables, ledger.case.worth(plan), strict=True):
            assert table.value == pytest.approx(float(worth), abs=1e-9)
            assert sum(table.total.discounted) == pytest.approx(float(worth), abs=1e-9)
            for kind in ("undiscounted", "risk_adjusted", "discounted"):
                columns = [sum(amounts) for amounts in zip(*(getattr(row, kind) for row in table.rows), strict=True)]
                assert columns == pytest.approx(getattr(table.total, kind), abs=1e-9) or not table.rows


@pytest.mark.parametrize(
    ("given", "sapphire", "diamond"),
    [
        ({"plan": "start", "pandemic": "contained"}, 63.779, 48.558),
        ({"plan": "start", "pandemic": "severe"}, 35.579, -41.894),
        ({"plan": "wait", "january": "full", "pandemic": "contained"}, 54.162, 39.119),
        ({"plan": "wait", "january": "hybrid", "pandemic": "severe"}, 34.681, 9.261),
    ],
    ids=lambda item: "-".join(item.values()) if isinstance(item, dict) else "",
)
def test_a_condition_gives_the_cash_of_the_worked_case(given: dict[str, str], sapphire: float, diamond: float) -> None:
    found = ledger_of("phase2-covid.yaml").of_condition(when(**given), "as given")
    assert table_of(found, "sapphire").value == pytest.approx(sapphire, abs=0.001)
    assert table_of(found, "diamond").value == pytest.approx(diamond, abs=0.001)


def test_holding_stands_in_the_table_on_its_day_as_a_row_of_its_own() -> None:
    found = ledger_of("phase2-covid.yaml").of_condition(when(plan="wait", january="full", pandemic="severe"), "given")
    table = table_of(found, "sapphire")
    (holding,) = (row for row in table.rows if row.source == "holding")
    assert holding.kind == "payoff"
    assert holding.discounted[0] == -3
    assert not any(holding.discounted[1:])
    (start,) = (row for row in table.rows if row.source == "phase_2_start")
    assert start.undiscounted[0] == 10
    assert start.discounted[0] == pytest.approx(10 * 1.13**-0.5)


def test_what_cannot_happen_is_told() -> None:
    with pytest.raises(InputError, match="cannot happen"):
        ledger_of("phase2-covid.yaml").of_condition(when(plan="start", january="full"), "plan=start,january=full")


# ---- a small programme by hand ---------------------------------------------------------------------------------------


def small(held: str, row: str = "all: enpv") -> PlanLedger:
    """24 over two years, then with chance 1/2 12 over one, then with 1/2 sales of 100 a year for a year."""
    return cash_ledger(
        read_scenario(
            f"""
gamecore: 1
title: Small
question: Do we start?
advise: sapphire
players:
  sapphire: {{name: Sapphire, discount_rate: 10%, {held}}}
decisions:
  go: {{by: sapphire, options: {{start: Start, stop: Stop}}}}
baseline: {{go: stop}}
timing: {{count_from: 2030-01-01, go: 0}}
payoffs:
  programme: {{rows: [{{when: {{go: start}}, {row}}}, {{when: otherwise, all: 0}}]}}
programme:
  start: 0
  phases:
    first:  {{budget: 24, lasts: 2 years, success: 50%}}
    second: {{budget: 12, lasts: 1 year, success: 50%}}
  sales:
    world: {{peak: 100, ramp: 0, margin: 50%, until: 4 years}}
"""
        )
    )


def runway(ledger: PlanLedger) -> Runway:
    plan = next(plan for plan in ledger.plans if plan.key == "go=start")
    ((player, found),) = ledger.of_plan(plan).runways
    assert player == "sapphire"
    return found


def gaps(found: Runway) -> list[tuple[Any, ...]]:
    return [(gap.source, gap.month, gap.date, round(gap.short, 9), gap.chance) for gap in found.gaps]


def test_cash_by_month_is_followed_as_if_every_phase_succeeds_and_as_expected() -> None:
    found = runway(small("cash: 10"))
    assert found.if_all_succeeds[:3] == pytest.approx((9, 8, 7))
    assert found.if_all_succeeds[23] == found.expected[23] == pytest.approx(-14)
    assert found.if_all_succeeds[35] == pytest.approx(-26)  # the second phase is paid in full
    assert found.expected[35] == pytest.approx(-20)  # it is entered with chance 1/2
    assert found.if_all_succeeds[47] == pytest.approx(24)  # 100 a year at a margin of 1/2
    assert found.expected[47] == pytest.approx(-20 + 50 / 4)
    assert gaps(found) == [("first", 11, "2030-11-01", 14, 1), ("second", 25, "2032-01-01", 26, 1)]


def test_enough_cash_leaves_no_gap() -> None:
    assert not runway(small("cash: 36")).gaps
    assert gaps(runway(small("cash: 35.5"))) == [("second", 36, "2032-12-01", 0.5, 1)]


def test_cash_with_a_runway_is_spent_on_all_else_too() -> None:
    found = runway(small("cash: 10, runway: 20 months"))
    assert found.burn == pytest.approx(6)
    assert found.if_all_succeeds[5] == pytest.approx(10 - 6 * 1.5)
    assert found.gaps[0].month == 7  # 1.5 a month


def test_a_runway_alone_leaves_what_is_due_after_it() -> None:
    found = runway(small("runway: 14 months"))
    assert found.cash is None
    assert found.covered == 14
    assert found.if_all_succeeds[:14] == (0,) * 14
    assert gaps(found) == [("first", 15, "2031-03-01", 10, 1), ("second", 25, "2032-01-01", 22, 1)]


def test_a_value_of_today_is_no_cash_but_an_amount_with_a_date_is() -> None:
    undated = small("cash: 10", "sapphire: -12")
    assert not undated.of_plan(undated.plans[0]).runways
    dated = runway(small("cash: 10", "at: 6 months, sapphire: -12"))
    assert gaps(dated) == [("programme", 7, "2030-07-01", 2, 1)]


def test_horizons_count_what_flows_until_then_that_day_included() -> None:
    ledger = small("cash: 1", "at: 3 years, sapphire: 13.31")
    (table,) = ledger.of_plan(ledger.plans[0]).tables
    assert (table.horizons.within_12_months, table.horizons.all) == pytest.approx((0, 10))
    assert table.horizons.within_3_years == pytest.approx(10)


# ---- in the analysis -------------------------------------------------------------------------------------------------


def test_an_analysis_has_horizons_and_gaps_of_every_candidate_and_of_no_agreement() -> None:
    analysis = analyse(read_scenario((SCENARIOS / "phase2-covid.yaml").read_bytes()), FEW)
    assert [item.candidate for item in analysis.cash] == [*(item.key for item in analysis.candidates), "no_agreement"]
    for item in analysis.cash[:-1]:
        for player in item.players:
            standing = analysis.candidate(item.candidate).standing(player.player)
            assert player.horizons.all == pytest.approx(standing.value.base, abs=1e-9)
            assert player.funded is None  # the file has neither cash nor a runway
            assert player.reaches >= standing.reaches


def test_the_overrun_asks_sapphire_for_money_after_its_runway() -> None:
    """14 months of runway. The large overrun: 216 over 39 months, half of it Sapphire's, 25 months after the runway."""
    analysis = analyse(read_scenario((SCENARIOS / "cost-overrun.yaml").read_bytes()), FEW)
    (share,) = (item for item in analysis.cash if item.candidate == "excess=share")
    sapphire, diamond = share.players
    phase, review = sapphire.gaps
    assert (phase.source, phase.month, phase.date) == ("phase_3", 15, "2030-12-01")
    assert phase.chance == pytest.approx(1)
    assert phase.short == pytest.approx(108 * 25 / 39)
    assert review.short == pytest.approx(108 * 25 / 39 + 20)  # review follows, 40 in halves, and nothing is earned yet
    assert sapphire.funded is False
    assert diamond.funded is None
    (note,) = (note for note in analysis.notes if note.kind.value == "cannot_fund")
    assert note.player == "sapphire"
    assert note.numbers == {"month": 15, "short": pytest.approx(108 * 25 / 39 + 20)}
    assert set(note.refers_to) <= {option.candidate for option in analysis.options}


def test_scores_have_no_cash() -> None:
    analysis = analyse(read_scenario((SCENARIOS / "internal-alignment.yaml").read_bytes()), FEW)
    assert analysis.cash == ()


def test_an_option_that_a_side_cannot_fund_has_that_against_it() -> None:
    analysis = analyse(read_scenario((SCENARIOS / "cost-overrun.yaml").read_bytes()), FEW)
    # of the ways in which Sapphire pays its share, the worst is the moderate overrun: 150 in 33 months
    recommended = next(option for option in analysis.options if option.role.value == "recommended")
    assert recommended.cons[0].kind.value == "cannot_fund"
    assert recommended.cons[0].player == "sapphire"
    assert recommended.cons[0].numbers == {"short": pytest.approx((75 - 75 * 14 / 33) + 20)}
