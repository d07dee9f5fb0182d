"""The panel of a shared copy with facts of the programme: what is shown, and that no secret moves a byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gamecore.advice.analysis import Analysis
from gamecore.brief import page, render
from gamecore.brief.programme import fact_columns
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import read_scenario
from tests.valuation.small_programme import small

SCENARIOS = Path(__file__).parents[2] / "scenarios"
TEXT = (SCENARIOS / "phase2-covid.yaml").read_text(encoding="utf-8")
FORMATS = ("pdf", "html", "md", "json", "png")


def analysed(*changes: tuple[str, str], text: str = TEXT) -> Analysis:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return analyse(read_scenario(text, file="drug.yaml"), Settings(draws=50))


def shared(analysis: Analysis, form: str) -> bytes:
    digest = replace(analysis, scenario=replace(analysis.scenario, sha256="0" * 64))
    return render(digest, form, copy="shared", date="2020-05-28")


@pytest.fixture(scope="module")
def trial() -> Analysis:
    return analysed()


def plain(text: str) -> str:
    return text.replace("\N{WORD JOINER}", "")


def test_the_panel_shows_the_programme_and_nobody_s_values(trial: Analysis) -> None:
    panel = page(trial, "shared").panel
    assert [(column.head, column.note) for column in panel.columns] == [
        ("Phase 2 cost", "USD m"),
        ("Launch", ""),
        ("Approval", "of 100"),
    ]
    assert [[(cell.text, plain(cell.note)) for cell in row.cells] for row in panel.rows] == [
        [("71.2", "47.3–103.5"), ("Sep 2026", "Apr 2026–Apr 2027"), ("16", "13–18")],
        [("46.9", "31.5–76.5"), ("Nov 2026", "Oct 2026–May 2027"), ("17", "12–18")],
        [("38.1", "33.1–45.7"), ("Aug 2026", "Jul 2026–Nov 2026"), ("12", "11–13")],
    ]
    assert "otherwise “Run the full trial”" in page(trial, "shared").known.text  # the trigger these rest on


def test_the_bars_stand_on_a_scale_of_each_fact(trial: Analysis) -> None:
    panel = page(trial, "shared").panel
    cost, launch, approval = panel.columns
    assert cost.ticks == ((0.0, "0"), (round(50 / 103.5, 5), "50"))
    assert launch.ticks == ((0.0, "2026"), (0.5, "2027"), (1.0, "2028"))
    assert [text for _, text in approval.ticks] == ["0", "10"]
    bars = [row.cells[0].bar for row in panel.rows]
    assert [bar.high for bar in bars if bar] == pytest.approx([1, 76.5 / 103.5, 45.675 / 103.5], abs=1e-5)
    assert all(row.cells[1].bar is not None and row.cells[1].bar.mark == "dot" for row in panel.rows)


def test_a_trigger_the_page_does_not_tell_leaves_a_range_alone(trial: Analysis) -> None:
    shown = [trial.candidate(option.candidate) for option in trial.options]
    found = fact_columns(trial, shown, told=False)
    assert found is not None
    waits = found.cells[1][0]
    assert (waits.text, plain(waits.note)) == ("Open", "0.0–76.5")
    assert waits.bar is not None
    assert waits.bar.mark == "none"
    assert found.cells[0][0].text == "71.2"  # nobody chooses after it


def test_a_later_choice_that_is_confidential_leaves_no_fact_of_its_plan() -> None:
    secret = ("full: Run the full trial", "full: {label: Run the full trial, confidential: yes}")
    panel = page(analysed(secret), "shared").panel
    assert [cell.text for cell in panel.rows[1].cells] == ["", "", ""]
    assert panel.rows[0].cells[0].text == "71.2"


def test_the_internal_copy_and_files_without_a_programme_are_as_they_were(trial: Analysis) -> None:
    without = replace(trial, programme=None)
    for form in FORMATS[1:]:
        assert render(trial, form) == render(without, form)
    assert [column.kind for column in page(without, "shared").panel.columns] == ["lays_down"]


def test_facts_that_are_the_same_under_every_option_are_left_out() -> None:
    text = (SCENARIOS / "licence-term-sheet.yaml").read_text(encoding="utf-8")
    analysis = analysed(text=text)
    assert analysis.programme is not None
    assert all(column.kind != "fact" for column in page(analysis, "shared").panel.columns)


def test_without_a_calendar_a_launch_is_told_in_years() -> None:
    analysis = analyse(small(("count_from: 2030-01-01, ", "")), Settings(draws=1))
    launches = [row.cells[1] for row in page(analysis, "shared").panel.rows]
    assert ("3.3", "3.0–3.5") in [(cell.text, plain(cell.note)) for cell in launches]


HELD = ("value: 1.5 .. 3 .. 7", "value: 1.6 .. 3.1 .. 7.1")
RATE = ("discount_rate: 11% .. 13% .. 17%", "discount_rate: 11% .. 13.5% .. 17%")
P2 = ("p2:             {value: 25% .. 35% .. 45%", "p2:             {confidential: yes, value: 25% .. 35% .. 45%")
SUCCESS = ("value: 25% .. 35% .. 45%", "value: 25% .. 36% .. 45%")
OVERRUN = ("overrun:        {value: 0.85", "overrun:        {confidential: yes, value: 0.85")
COST = ("0.85 .. 1 .. 1.35", "0.85 .. 1.05 .. 1.35")
SECRETS = [
    ("a company's cost", (), HELD, ["Phase 2 cost", "Launch", "Approval"]),
    ("a company's rate", (), RATE, ["Phase 2 cost", "Launch", "Approval"]),
    ("a chance of success", (P2,), SUCCESS, ["Phase 2 cost", "Launch"]),
    ("a size of overruns", (OVERRUN,), COST, ["Launch", "Approval"]),
]


@pytest.mark.parametrize(("what", "hide", "change", "heads"), SECRETS, ids=[secret[0] for secret in SECRETS])
def test_no_byte_moves_with_a_secret(
    what: str, hide: tuple[tuple[str, str], ...], change: tuple[str, str], heads: list[str]
) -> None:
    ours, theirs = analysed(*hide), analysed(*hide, change)
    values = [[item.joint.base for item in found.candidates] for found in (ours, theirs)]
    assert values[0] != values[1], what
    columns = page(ours, "shared").panel.columns
    assert [column.head for column in columns if column.kind == "fact"] == heads
    for form in FORMATS:
        assert shared(ours, form) == shared(theirs, form)
