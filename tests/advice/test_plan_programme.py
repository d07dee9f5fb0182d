"""The programme under each plan against numbers by hand, and what reaches them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gamecore.advice.analysis import Analysis
from gamecore.advice.programme_facts import PlanProgramme, ProgrammeRanges
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import read_scenario
from tests.valuation.small_programme import small

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def under(analysis: Analysis, plan: str) -> PlanProgramme:
    assert analysis.programme is not None
    return next(item for item in analysis.programme.plans if item.candidate == plan)


def stated(plan: str, *changes: tuple[str, str]) -> ProgrammeRanges:
    found = under(analyse(small(*changes), Settings(draws=1)), plan).as_stated
    assert found is not None
    return found


def numbers(ranges: ProgrammeRanges) -> list[tuple[float | None, float, float]]:
    facts = (ranges.cost, ranges.launch, ranges.approval)
    return [(item.expected, item.lowest, item.highest) for item in facts if item is not None]


def test_a_plan_is_expected_over_what_chance_may_bring() -> None:
    # news: good 40 of 100, else the trial costs half more and takes half a year longer
    cost, launch, approval = numbers(stated("plan=go"))
    assert cost == pytest.approx((0.4 * 100 + 0.6 * 150, 100, 150))
    assert launch == pytest.approx((0.4 * 3 + 0.6 * 3.5, 3, 3.5))
    assert approval == pytest.approx((0.36, 0.36, 0.36))
    assert numbers(stated("plan=wait"))[1] == pytest.approx((3.8, 3.5, 4.0))


def test_a_plan_that_ends_the_programme_has_no_facts() -> None:
    assert under(analyse(small(), Settings(draws=1)), "plan=end") == PlanProgramme("plan=end", None, None, open=False)


def test_the_first_market_counts_and_any_of_them() -> None:
    early = "  sales:\n    early: {peak: 40, margin: 50%, until: loe, after: trial, delay: 3 months}\n"
    shares = "  profit_share:\n    early: {a: 50%, b: 50%}\n"
    _, launch, approval = numbers(stated("plan=go", ("  sales:\n", early), ("  profit_share:\n", shares)))
    assert launch == pytest.approx((0.4 * 2.25 + 0.6 * 2.75, 2.25, 2.75))
    assert approval == pytest.approx((0.4, 0.4, 0.4))


def test_a_gate_is_its_holder_s_own_choice_and_stops_nothing_here() -> None:
    gate = ("  milestones:\n", "  gates:\n    review: {by: a}\n  milestones:\n")
    assert numbers(stated("plan=go", gate)) == numbers(stated("plan=go"))


def test_each_fact_knows_the_secrets_that_reach_it() -> None:
    secret = ("p: {value: 30% .. 40% .. 50%}", "p: {value: 30% .. 40% .. 50%, confidential: yes}")
    found = stated("plan=go", secret)
    assert found.approval is not None
    assert found.launch is not None
    assert (found.cost.reaches, found.launch.reaches) == (frozenset(), frozenset())
    assert found.approval.reaches == {"inputs.p"}
    chance = stated("plan=go", ("news: {chances: {good: 40%, bad: rest}}", SECRET_EVENT))
    assert chance.cost.reaches == {"events.news"}
    whole = stated("plan=go", ("programme:\n", "programme:\n  confidential: yes\n"))
    assert whole.cost.reaches == {"programme"}


SECRET_EVENT = "news: {chances: {good: 40%, bad: rest}, confidential: yes}"


@pytest.fixture(scope="module")
def trial() -> Analysis:
    text = (SCENARIOS / "phase2-covid.yaml").read_text(encoding="utf-8")
    return analyse(read_scenario(text), Settings(draws=1))


def test_a_stated_trigger_is_followed_as_a_commitment(trial: Analysis) -> None:
    found = under(trial, "plan=wait")
    assert found.open
    assert found.as_stated is not None
    assert found.whatever_follows is not None
    # state: full, or hybrid where the news says severe (right in 80, each of the others in 10 of 100)
    full, hybrid = (45, 51.75, 76.5), (31.5, 33.075, 39.375)
    chances, severe = (0.35, 0.40, 0.25), (0.1, 0.1, 0.8)
    expected = sum(c * (s * h + (1 - s) * f) for c, s, f, h in zip(chances, severe, full, hybrid, strict=True))
    assert numbers(found.as_stated)[0] == pytest.approx((expected, 31.5, 76.5))
    # whatever Diamond does in January: ending the programme costs nothing
    assert numbers(found.whatever_follows)[0] == (None, 0.0, 76.5)


def test_a_plan_without_later_choices_needs_no_trigger(trial: Analysis) -> None:
    start = under(trial, "plan=start")
    assert not start.open
    assert start.as_stated is not None
    assert numbers(start.as_stated)[0] == pytest.approx((0.35 * 47.25 + 0.4 * 72 + 0.25 * 103.5, 47.25, 103.5))


def test_a_file_without_a_programme_has_none() -> None:
    text = (SCENARIOS / "payer.yaml").read_text(encoding="utf-8")
    assert analyse(read_scenario(text), Settings(draws=1)).programme is None
