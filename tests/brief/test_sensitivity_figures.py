"""Tornado and map as drawings: self-contained, told in words, every area and change marked by more than a tone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gamecore.advice.analysis import Analysis
from gamecore.advice.assess import Case
from gamecore.advice.robustness_facts import OutcomeMap, Quantity, Tornado
from gamecore.advice.sensitivity import outcome_map_of, tornado_of
from gamecore.brief.figures.canvas import WIDTH
from gamecore.brief.figures.outcome_map import draw_map
from gamecore.brief.figures.scale import quantity_text, ticks
from gamecore.brief.figures.sensitivity import sensitivity_figure
from gamecore.brief.figures.sheet import Sheet
from gamecore.brief.figures.tornado import draw_tornado, short
from gamecore.errors import InputError
from gamecore.pipeline import Settings, analysed
from gamecore.scenario import read_scenario
from tests.robustness.small import TALKS

ROOT = Path(__file__).resolve().parents[2]


@cache
def case_of(name: str) -> tuple[Analysis, Case]:
    data = TALKS.encode() if name == "talks" else (ROOT / "scenarios" / f"{name}.yaml").read_bytes()
    return analysed(read_scenario(data), Settings(draws=200))


def tornado(name: str) -> Tornado:
    analysis, case = case_of(name)
    return tornado_of(case, analysis.recommendation.candidate)


def map_of(name: str, x: str, y: str) -> OutcomeMap:
    return outcome_map_of(case_of(name)[1], (x, None, None), (y, None, None), columns=20, rows=15)


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_tornado_tells_ends_base_and_changes() -> None:
    analysis, _ = case_of("phase2-covid-by-state")
    drawn = draw_tornado(Sheet.of(analysis), tornado("phase2-covid-by-state"))
    told = texts(drawn.svg)
    for text in ("C below 861", "750", "1,600", "never", "base 73.2", "1.5", "Outcome changes to"):
        assert text in told
    assert any("internal copy" in text for text in told)
    assert any("Diamond proposes" in text for text in told)
    assert "Peak sales: " in drawn.alternative
    assert "changes: C below 861" in drawn.alternative
    bold = re.search(r'font-weight="700"[^>]*>C below 861<', drawn.svg)
    assert bold  # within the range


def test_a_changed_part_is_hatched_and_lettered() -> None:
    analysis, _ = case_of("talks")
    drawn = draw_tornado(Sheet.of(analysis), tornado("talks"), "a proposes")
    hatched = [part for part in drawn.canvas.parts if 'stroke-width="0.9"' in part and "polyline" in part]
    assert len(hatched) > 3
    with pytest.raises(InputError, match="no rule of proposing 'c proposes'"):
        draw_tornado(Sheet.of(analysis), tornado("talks"), "c proposes")


def test_no_text_of_the_tornado_leaves_the_sheet() -> None:
    for name in ("phase2-covid-by-state", "talks", "cost-overrun"):
        analysis, _ = case_of(name)
        drawn = draw_tornado(Sheet.of(analysis), tornado(name))
        for part in drawn.canvas.parts:
            place = re.match(r'<text x="([-0-9.]+)"', part)
            if place:
                assert -1 <= float(place[1]) <= WIDTH + 1


def test_areas_of_the_map_differ_by_pattern_and_no_agreement_has_dots() -> None:
    analysis, _ = case_of("talks")
    drawn = draw_map(Sheet.of(analysis), map_of("talks", "x", "y"), "a proposes")
    svg = drawn.svg
    told = texts(svg)
    assert "base case" in told
    assert "P10 to P90" in told
    assert "What the large deal brings B, USD m" in told
    found = outcome_map_of(case_of("talks")[1], ("x", 0.0, 8.0), ("y", -1.0, 6.0), columns=20, rows=15)
    wide = draw_map(Sheet.of(analysis), found, "a proposes")
    assert 'fill="url(#dots)"' in wide.svg
    fills = set(re.findall(r'<path d="[^"]*" fill="([^"]+)"', wide.svg)) - {""}
    assert len(fills) == 3
    assert "no agreement: " in wide.alternative
    with pytest.raises(InputError, match="no rule of proposing"):
        draw_map(Sheet.of(analysis), found, "c proposes")


def test_areas_fill_the_picture_once() -> None:
    """The pieces of all outcomes together have the area of the frame."""
    analysis, _ = case_of("talks")
    found = outcome_map_of(case_of("talks")[1], ("x", 0.0, 8.0), ("y", -1.0, 6.0), columns=20, rows=15)
    drawn = draw_map(Sheet.of(analysis), found, "a proposes")
    outlines = [part for part in drawn.canvas.parts if part.startswith("<path") and part.count("M") > 1]
    area = sum(_area(points) for part in outlines for points in _outlines(part))
    assert area == pytest.approx((342 - 40) * 232, rel=1e-3)


def _outlines(part: str) -> list[list[tuple[float, float]]]:
    path = part.split('"')[1]
    return [
        [(float(x), float(y)) for x, y in (point.split(",") for point in piece.strip("MZ").split("L"))]
        for piece in path.split("Z")
        if piece
    ]


def _area(points: list[tuple[float, float]]) -> float:
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_the_same_figure_gives_the_same_bytes(form: str) -> None:
    analysis, _ = case_of("talks")
    for found in (tornado("talks"), map_of("talks", "x", "y")):
        assert sensitivity_figure(analysis, found, form) == sensitivity_figure(analysis, found, form)


def test_numbers_are_told_to_three_digits() -> None:
    plain = Quantity("inputs.peak", "Peak", None, percent=False, confidential=False)
    chance = Quantity("inputs.p", "Chance", None, percent=True, confidential=False)
    told = [quantity_text(plain, value) for value in (0.0, 851.4, 1234.5, 0.0123456, -2.5, 99.96)]
    assert told == ["0", "851", "1,235", "0.0123", "−2.5", "100"]
    assert [quantity_text(chance, value) for value in (0.35, 0.2249, 1.0)] == [
        "35\N{NO-BREAK SPACE}%",
        "22.5\N{NO-BREAK SPACE}%",
        "100\N{NO-BREAK SPACE}%",
    ]


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0.0, 10.0) == [0, 2, 4, 6, 8, 10]
    assert ticks(-3.2, 7.9) == [-2, 0, 2, 4, 6] or ticks(-3.2, 7.9) == [0, 5]
    assert all(6.5 <= tick <= 12.75 for tick in ticks(6.5, 12.75, 6))


def test_long_names_are_cut_within_their_quotes() -> None:
    assert short("“upfront 10 USD m, milestones 60 USD m”", 20) == "“upfront 10 USD m…”"
    assert short("C", 20) == "C"
