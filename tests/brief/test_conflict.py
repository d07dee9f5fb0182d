"""The page and the terminal of a conflict: dots for places, plain words, one sheet, nothing secret on a shared copy."""

from __future__ import annotations

import json
import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from gamecore.advice.conflict_facts import ConflictAnalysis
from gamecore.brief import figure, page, render
from gamecore.brief.blocks import LIMITS, WORDS
from gamecore.cli.conflict import tell_conflict, tell_solved
from gamecore.errors import InputError
from gamecore.pipeline import analysis_of, solve
from gamecore.scenario import apply_levers, read_scenario

FILE = Path(__file__).resolve().parents[2] / "scenarios" / "data-package-dispute.yaml"
# words of the field, of amounts, and what is said of nobody
NEVER = re.compile(
    r"\b(nash|equilibri\w*|metarational|sequential\w*|pareto|stab\w+|threat\w*|fear\w*|demand\w*|refus\w*|wins?|loses?|fair\w*"
    r"|value|sum|payoffs?|utility|draws of)\b",
    re.IGNORECASE,
)


def text(*changes: tuple[str, str]) -> str:
    found = FILE.read_text()
    for old, new in changes:
        assert old in found
        found = found.replace(old, new, 1)
    return found


def analysed(*changes: tuple[str, str]) -> ConflictAnalysis:
    found = analysis_of(read_scenario(text(*changes), file=FILE.name))
    assert isinstance(found, ConflictAnalysis)
    return found


@cache
def dispute() -> ConflictAnalysis:
    return analysed()


def said(analysis: ConflictAnalysis, copy: str) -> str:
    return "\n".join(words for _, words in page(analysis, copy).texts())


VARIANTS = {
    "as it is": (),
    "alliance": (("advise: sapphire", "advise: alliance"),),
    "the regulator": (("advise: sapphire", "advise: registry"),),
    "the partner": (("advise: sapphire", "advise: diamond"),),
    "taken back": (
        ("label: Hand it over, leads_to: []", "label: Hand it over"),
        ("label: Pay, leads_to: []", "label: Pay"),
    ),
}


@pytest.mark.parametrize("copy", ["internal", "shared"])
@pytest.mark.parametrize("name", VARIANTS)
def test_the_page_keeps_to_its_words_and_says_nothing_of_the_field(name: str, copy: str) -> None:
    analysis = analysed(*VARIANTS[name])
    found = page(analysis, copy)
    counts = found.words()
    assert sum(counts.values()) <= WORDS
    assert {block: count for block, count in counts.items() if count > LIMITS.get(block, 1000)} == {}
    assert not NEVER.search(said(analysis, copy)), NEVER.search(said(analysis, copy))
    assert [row.recommended for row in found.panel.rows].count(True) == (analysis.recommendation.state is not None)


def test_a_dot_stands_at_the_place_in_each_ones_order() -> None:
    rows = page(dispute()).panel.rows
    assert [row.label for row in rows][1:] == ["Hand it over; Pay", "Hand it over"]
    assert [[cell.text for cell in row.cells] for row in rows] == [
        ["3rd", "3rd", "6th="],
        ["1st", "2nd", "1st="],
        ["4th", "1st", "1st="],
    ]
    for row in rows:
        for cell in row.cells:
            assert cell.bar is not None
            assert (cell.bar.mark, cell.bar.places) == ("rank", 8)
            assert cell.bar.value == pytest.approx((int(re.sub(r"\D", "", cell.text)) - 1) / 7, abs=1e-5)


def test_the_page_says_what_holds_today_and_how_to_leave_it() -> None:
    told = said(dispute(), "internal")
    assert "We recommend B: Hand it over; Pay." in told
    assert "Today's position holds only through what others could answer." in told
    assert "Sapphire: Hand it over, then Diamond: Pay." in told
    assert "no gain for Sapphire and Diamond: agree on all at once" in told
    assert "what can follow is Regulator: Close the filing" in told


def test_a_shared_copy_is_the_same_whatever_the_rankings_say() -> None:
    """Another order that leads to the same options changes no word of the shared copy."""
    other = analysed(("- {filing: close}\n\nlevers", "- {filing: wait}\n\nlevers"))
    assert other.recommendation.state == dispute().recommendation.state
    assert [option.state for option in other.options] == [option.state for option in dispute().options]
    drop = re.compile(r"SHA-256 \w+ \w+")
    assert drop.sub("", said(other, "shared")) == drop.sub("", said(dispute(), "shared"))
    assert said(other, "internal") != said(dispute(), "internal")
    assert not re.search(r"\b\d(st|nd|rd|th)\b", said(dispute(), "shared"))


def test_rankings_stand_on_a_shared_copy_only_if_everybody_released_them() -> None:
    released = [(f"    {name}:\n", f"    {name}:\n      confidential: no\n") for name in ("diamond", "registry")]
    two = text(*released).replace("    sapphire:\n      best", "    sapphire:\n      best")
    analysis = analysis_of(read_scenario(two))
    assert isinstance(analysis, ConflictAnalysis)
    assert not analysis.rankings_released
    every = two.replace("    sapphire:\n      best", "    sapphire:\n      confidential: no\n      best")
    analysis = analysis_of(read_scenario(every))
    assert isinstance(analysis, ConflictAnalysis)
    assert analysis.rankings_released
    assert "6th=" in said(analysis, "shared")
    assert "rankings as released" in said(analysis, "shared")


def test_a_confidential_option_is_never_named_on_a_shared_copy() -> None:
    secret = analysed(("label: Pay, leads_to: []", "label: Pay, leads_to: [], confidential: yes"))
    with pytest.raises(InputError, match="recommended plan is confidential"):
        page(secret, "shared")
    ending = analysed(
        ("options: {wait: Wait for the data, close: Close the filing}",
         "options: {wait: Wait for the data, close: {label: Close the filing, confidential: yes}}"),
    )  # fmt: skip
    assert "Close the filing" in said(ending, "internal")
    assert "Close the filing" not in said(ending, "shared")


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_format_is_made_and_the_same_again(paper: str) -> None:
    from pypdf import PdfReader

    for format in ("pdf", "png", "html", "md", "json"):
        once = render(dispute(), format, paper=paper, date="2029-05-01")
        assert once == render(dispute(), format, paper=paper, date="2029-05-01")
    pdf = PdfReader(BytesIO(render(dispute(), "pdf", paper=paper)))
    assert len(pdf.pages) == 1
    assert "We recommend B" in pdf.pages[0].extract_text()
    html = render(dispute(), "html").decode()
    assert html.count('r="6"') == 9
    assert json.loads(render(dispute(), "json"))["panel"]["rows"][1]["recommended"] is True


def test_a_lever_that_takes_today_away_is_told() -> None:
    scenario = apply_levers(read_scenario(text(), file=FILE.name), ["escrow"])
    found = analysis_of(scenario)
    assert isinstance(found, ConflictAnalysis)
    told = said(found, "internal")
    assert "Today's position is no longer on the table." in told
    assert "with 1 change" in told


def test_there_is_no_figure_of_a_conflict() -> None:
    with pytest.raises(InputError, match="no tree, payoffs or frontier"):
        figure(dispute(), "tree")


def test_the_terminal_tells_positions_places_and_marks(capsys: pytest.CaptureFixture[str]) -> None:
    tell_conflict(dispute())
    told = " ".join(capsys.readouterr().out.split())
    assert "Hand it over; Pay; Wait for the data (recommended) 1st 2nd 1st= firm, even against groups" in told
    assert "held by possible answers, for good" in told
    tell_solved(solve(read_scenario(text())))
    assert "nash (groups)" in capsys.readouterr().out
