"""How sure it is and what it is worth, in lines of numbers: each present, absent, and never on a shared copy."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gamecore.advice.analysis import Analysis, Kind, Reason
from gamecore.brief import FORMATS, page, pdf, render
from gamecore.brief.blocks import LIMITS, WORDS
from gamecore.brief.desk import open_desk
from gamecore.brief.numbers import number_lines
from gamecore.brief.parts import ORDER, Part
from gamecore.brief.sight import Sight
from gamecore.brief.thresholds import NONE_CHANGES, changes_sentence
from tests.brief import extremes
from tests.brief.cases import robust, sapphire_diamond, threshold
from tests.brief.test_renderers import pdf_text

LINES = {
    "Risk": "Diamond ends below zero in 26 of 100, below no agreement in 10, Sapphire below no agreement in 10.",
    "Margin": "B holds while no value is off by more than 2.2.",
    "Waiting": "B over A: Diamond +16.1 (delay −6.9, conditions +22.3, news +2.7, standing by −2.0), Sapphire −4.4.",
    "Knowing all inputs": "Sapphire +4.9, Diamond −2.9 if Diamond proposes.",
    "In hindsight": "B is best for Diamond in 74 of 100, 0.4 short of the best on average.",
}


def lines(analysis: Analysis, copy: str = "internal") -> dict[str, str]:
    """The lines where there is room for all of them."""
    return {line.label: line.text for line in number_lines(open_desk(analysis, Sight(analysis, copy)))}


def changes(analysis: Analysis, room: int = 45) -> str:
    return changes_sentence(open_desk(analysis, Sight(analysis, "internal")), room)


def with_robustness(**changed: Any) -> Analysis:
    base = robust()
    assert base.robustness is not None
    return replace(base, robustness=replace(base.robustness, **changed))


# ---- the lines -------------------------------------------------------------------------------------------------------


def test_every_line_says_what_was_found() -> None:
    assert lines(robust()) == LINES


def test_an_alliance_hears_of_all_companies() -> None:
    found = lines(robust("alliance"))
    assert found["Risk"].startswith(
        "Sapphire ends below zero in 5 of 100, below no agreement in 10, Diamond below zero in 26, below no agreement"
    )
    assert found["In hindsight"] == "B is best in 3 of 100 for Sapphire, 74 for Diamond."
    assert found["Waiting"] == (
        "B over A: together +11.7 (delay −12.5, conditions +28.6, news +0.6, standing by −5.0), "
        "Sapphire −4.4, Diamond +16.1."
    )


def test_risk_that_nobody_runs_is_no_line() -> None:
    base = robust()
    safe = replace(
        base,
        candidates=tuple(
            replace(item, standings=tuple(replace(one, acceptable_chance=1.0) for one in item.standings))
            for item in base.candidates
        ),
    )
    assert lines(safe)["Risk"] == "Diamond ends below zero in 26 of 100."
    assert safe.robustness is not None
    assert "Risk" not in lines(replace(safe, robustness=None))


@pytest.mark.parametrize("radius", [None, 0.0, 0.01])
def test_a_margin_that_is_none_or_not_known_is_no_line(radius: float | None) -> None:
    base = robust().robustness
    assert base is not None
    changed = (replace(base.stability[0], radius=radius), base.stability[1])
    assert "Margin" not in lines(with_robustness(stability=changed))
    assert "Margin" not in lines(with_robustness(stability=()))


def test_knowing_that_changes_nothing_is_no_line() -> None:
    base = robust()
    assert base.information is not None
    nothing = tuple(replace(item, gain={"sapphire": 0.0, "diamond": 0.04}) for item in base.information.in_the_game)
    assert "Knowing all inputs" not in lines(replace(base, information=replace(base.information, in_the_game=nothing)))
    assert "Knowing all inputs" not in lines(replace(base, information=None))


def test_waiting_is_told_by_the_letters_of_the_page_or_not_at_all() -> None:
    base = robust()
    elsewhere = tuple(replace(way, now="terminate") for way in base.waiting)
    assert "Waiting" not in lines(replace(base, waiting=elsewhere))
    assert lines(replace(base, waiting=(*elsewhere, *base.waiting)))["Waiting"] == LINES["Waiting"]
    assert "Waiting" not in lines(replace(base, waiting=()))


def test_without_draws_only_what_needs_none_is_told() -> None:
    base = robust()
    certain = replace(base, notes=(Reason(Kind.NOTHING_UNCERTAIN),), information=None)
    assert set(lines(certain)) == {"Margin", "Waiting"}


def test_nothing_recommended_has_no_lines() -> None:
    base = robust()
    assert lines(replace(base, recommendation=replace(base.recommendation, candidate=None))) == {}


# ---- where the outcome changes ---------------------------------------------------------------------------------------


def test_the_threshold_stands_beside_the_chance() -> None:
    assert page(robust()).sure.text == (
        "B is the outcome in 66 of 100 cases when Diamond proposes, 40 when Sapphire does. "
        "It changes to C if “Peak sales” falls below 851 (base 1,100)."
    )


def test_what_changes_under_one_rule_of_proposing_says_so() -> None:
    only = threshold("diamond proposes", "diamond", "p2", "below", 0.3321, "no_agreement")
    assert changes(with_robustness(thresholds=(only,))) == (
        "When Diamond proposes, it changes to no agreement if “Phase II success” falls below "
        "33.2\N{NO-BREAK SPACE}% (base 35\N{NO-BREAK SPACE}%)."
    )


def test_two_thresholds_an_outcome_the_nearest_in_its_range_first() -> None:
    name = "diamond proposes", "diamond"
    found = (
        threshold(*name, "peak", "below", 651.0, "plan=hybrid"),
        threshold(*name, "p2", "below", 0.34, "plan=hybrid"),
        threshold(*name, "delay", "above", 1.24, "plan=hybrid"),
        threshold(*name, "peak", "above", 1650.0, "plan=start"),
    )
    told = changes(with_robustness(thresholds=found), 60)
    assert told == (
        "When Diamond proposes, it changes to C if “Phase II success” falls below "
        "34\N{NO-BREAK SPACE}% (base 35\N{NO-BREAK SPACE}%) or “Peak sales” falls below 651 (base 1,100), "
        "to A if “Peak sales” rises above 1,650 (base 1,100)."
    )
    shorter = changes(with_robustness(thresholds=found), 20)
    assert "Phase II success" in shorter
    assert "Peak sales" not in shorter


def test_one_input_on_both_sides_is_named_once() -> None:
    name = "diamond proposes", "diamond"
    found = tuple(
        threshold(*name, "peak", side, at, "plan=start") for side, at in (("above", 1300.0), ("below", 900.0))
    )
    assert "if “Peak sales” falls below 900 or rises above 1,300 (base 1,100)." in changes(
        with_robustness(thresholds=found)
    )


def test_no_threshold_is_told_and_not_looked_for_is_not() -> None:
    assert changes(with_robustness(thresholds=())) == NONE_CHANGES
    assert changes(with_robustness(thresholds=None)) == ""
    base = with_robustness(thresholds=())
    sure = tuple(replace(item, shares={"plan=wait": 1.0}) for item in base.frequencies)
    assert changes(replace(base, frequencies=sure)) == ""
    assert changes(sapphire_diamond()) == ""


# ---- the page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["pdf", "html", "md", "json"])
def test_every_format_says_the_same(form: str) -> None:
    content = render(robust(), form)
    text = pdf_text(content) if form == "pdf" else html.unescape(re.sub(r"<[^>]*>|\\|\*", "", content.decode()))
    made = page(robust())
    assert [line.label for line in made.numbers][:2] == ["Risk", "Margin"]
    for told in (made.sure.text, *(line.text for line in made.numbers)):
        assert " ".join(told.split()) in " ".join(text.split())


@pytest.mark.parametrize("form", FORMATS)
def test_a_shared_copy_is_the_same_with_and_without_them(form: str) -> None:
    assert render(robust(), form, copy="shared") == render(sapphire_diamond(), form, copy="shared")


def test_released_values_bring_none_of_them_to_the_shared_copy() -> None:
    released = replace(robust(), released=frozenset({"sapphire", "diamond"}))
    made = page(released, "shared")
    assert made.numbers == ()
    assert not any("851" in text or "+16.1" in text for _, text in made.texts())


@pytest.mark.parametrize("advise", ["diamond", "sapphire", "alliance"])
def test_the_page_keeps_to_its_words_and_says_what_it_leaves_out(advise: str) -> None:
    made = page(robust(advise))
    counts = made.words()
    assert sum(counts.values()) <= WORDS
    assert counts["numbers"] <= LIMITS["numbers"]
    assert any(note.startswith("to keep to 420 words the page leaves out") for note in made.notes)


def test_what_is_left_out_early_comes_back_where_it_fits() -> None:
    base = robust()
    fewer = replace(base, scenario=replace(base.scenario, context=()))
    (note,) = page(fewer).notes
    told = [part for part in ORDER if part.value in note]
    assert told
    for part in told:
        kept = frozenset(told) - {part}
        assert sum(page_without(fewer, kept).values()) > WORDS


def test_the_manual_states_the_order() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "page.md").read_text(encoding="utf-8")
    assert "\n".join(f"{place}. {part.value}" for place, part in enumerate(ORDER, 1)) in manual


def page_without(analysis: Analysis, left: frozenset[Part]) -> dict[str, int]:
    from gamecore.brief.content import written

    return written(analysis, Sight(analysis, "internal"), None, left).words()


def test_a_full_sheet_drops_its_last_lines_and_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    made = page(robust())
    room = len(made.numbers) - 1
    tried: list[int] = []

    def full(template: str, inputs: dict[str, str], format: str, **more: Any) -> tuple[bytes, tuple[str, ...]]:
        tried.append(len(json.loads(inputs["page"])["numbers"]))
        if tried[-1] > room:
            raise OverflowError
        return b"", more["notes"]

    monkeypatch.setattr(pdf, "set_in_type", full)
    notes = pdf.print_page(made, "png", paper="letter").notes
    assert tried == [room + 1, room]
    last = made.numbers[-1].label
    assert notes[-1] == (f"to fit on one sheet of Letter the page leaves out '{last}' (in HTML, Markdown and JSON)")


@pytest.mark.parametrize("case", extremes.ALL.values(), ids=extremes.ALL)
def test_no_line_speaks_of_the_trade(case: Callable[[], Analysis]) -> None:
    for line in page(case()).numbers:
        assert not re.search(r"(?i)\b(nash|equilibri|payoff|EVPI)", line.label + line.text)
