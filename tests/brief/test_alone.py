"""One decision maker: the page and the terminal say what is best and nothing of agreements, proposers or division."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from gamecore.advice.analysis import Analysis, Candidate, Kind, Reason
from gamecore.brief import page
from gamecore.brief.sentences import Names, short_reason
from gamecore.cli import endings
from gamecore.cli.telling import tell_analysis
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import read_scenario

FOLDER = Path(__file__).parents[1] / "problems" / "files"
OF_SEVERAL = re.compile(
    r"acting alone|secured alone|whoever|proposes|dividing|together|no agreement|would not be kept|compan|\bsides?\b",
    re.IGNORECASE,
)


@cache
def analysed(name: str) -> Analysis:
    return analyse(read_scenario((FOLDER / f"{name}.yaml").read_bytes(), file=f"{name}.yaml"), Settings(draws=100))


def wildcatter(**changes: object) -> Analysis:
    """The wildcatter with other values, by plan."""
    base = analysed("oil-wildcatter")

    def valued(candidate: Candidate) -> Candidate:
        if candidate.label not in changes:
            return candidate
        standing = candidate.standings[0]
        value = float(str(changes[candidate.label]))
        spread = replace(standing.value, base=value, mean=value, p10=value, p90=value)
        return replace(candidate, standings=(replace(standing, value=spread),))

    return replace(base, candidates=tuple(valued(candidate) for candidate in base.candidates))


def test_the_page_says_what_is_best_and_what_another_option_costs() -> None:
    made = page(analysed("oil-wildcatter"), "internal")
    assert made.recommendation.text == "We recommend B: Pay for soundings."
    assert made.recommendation.numbers == "Best for Wildcatter: 22.5, +2.5 against A (value, USD k)."
    assert (made.why.head, made.why.text) == (
        "Why B",
        "Best for Wildcatter: no other plan in the file is worth more.",
    )
    assert made.gives.head == "What another option costs"
    assert made.gives.text == "Worth less to Wildcatter: A 2.5 and C 22.5."
    assert made.no.text == "the plan as it stood, A, goes on."


def test_the_panel_has_one_column_of_values_and_no_floor() -> None:
    panel = page(analysed("oil-wildcatter"), "internal").panel
    assert [column.kind for column in panel.columns] == ["company", "words"]
    assert [[cell.text for cell in row.cells] for row in panel.rows] == [["20.0"], ["22.5"], ["0.0"]]
    assert panel.floor is None


@pytest.mark.parametrize("copy", ["internal", "shared"])
@pytest.mark.parametrize("name", ["oil-wildcatter", "stock-market", "party-problem", "published-rates", "fear-of-risk"])
def test_no_words_of_several_players_on_the_page(name: str, copy: str) -> None:
    texts = [text for _, text in page(analysed(name), copy).texts()]
    assert [text for text in texts if OF_SEVERAL.search(text)] == []


def test_plans_that_are_worth_the_same_are_named() -> None:
    made = page(wildcatter(**{"No soundings; Drill": 22.5}), "internal")
    assert made.why.text.endswith("A is worth as much.")
    assert made.gives.text == "Worth less to Wildcatter: C 22.5."
    both = page(wildcatter(**{"No soundings; Drill": 22.5, "No soundings; Leave": 22.5}), "internal")
    assert both.why.text.endswith("A and C are worth as much.")
    assert both.gives.text == "No other option here is worth less."


def test_best_is_said_only_of_the_best() -> None:
    base = analysed("oil-wildcatter")
    second = tuple(
        replace(item, standings=(replace(item.standings[0], rank=2),)) if item.label == "Pay for soundings" else item
        for item in base.candidates
    )
    made = page(replace(base, candidates=second), "internal")
    assert made.recommendation.numbers.startswith("Value to Wildcatter: 22.5")
    assert "Best" not in made.why.text


def test_reasons_that_need_a_second_player_have_no_words() -> None:
    analysis = analysed("oil-wildcatter")
    names, candidate = Names(analysis), analysis.candidates[0]
    for kind in (Kind.HIGHEST_JOINT, Kind.ACCEPTABLE_TO_ALL, Kind.WHOEVER_PROPOSES, Kind.COMPROMISE):
        assert short_reason(Reason(kind), names, candidate) == ""
    assert short_reason(Reason(Kind.BEST_VALUE, player="wildcatter"), names, candidate) == "best for Wildcatter"


def test_the_terminal_says_it_in_the_same_words(capsys: pytest.CaptureFixture[str]) -> None:
    tell_analysis(analysed("oil-wildcatter"))
    told = capsys.readouterr().out
    assert "Best for Wildcatter: 22.5, +2.5 against A" in told
    assert "Pay for soundings (recommended)" in told
    assert OF_SEVERAL.findall(told) == []
    assert "Accepted by" not in told
    assert "Holds" not in told


def test_what_knowing_is_worth_is_the_same_alone_and_in_the_game(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figure = tmp_path / "known.svg"
    assert endings.run(["information", str(FOLDER / "oil-wildcatter.yaml"), "-o", str(figure)]) == 0
    told = capsys.readouterr().out
    assert "One decides alone: both columns say the same." in told
    assert OF_SEVERAL.findall(told) == []
    assert "What Wildcatter gains" in figure.read_text()
