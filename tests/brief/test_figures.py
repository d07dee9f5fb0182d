"""The annex figures: one drawing in three formats, with its numbers in words."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest

from gamecore.advice.analysis import Analysis, TreePicture, TreePictureNode
from gamecore.brief import FIGURES, figure
from gamecore.errors import InputError
from tests.brief import extremes
from tests.brief.cases import LITERAL, sapphire_diamond

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: bytes) -> list[str]:
    return [item.text or "" for item in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_is_one_self_contained_drawing_with_its_numbers_in_words(kind: str) -> None:
    made = figure(sapphire_diamond(), kind)
    root = ET.fromstring(made)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert description is not None
    assert "47.4" in (description.text or "")
    assert "Source Sans Pro" in root.get("font-family", "")
    assert not any(word in made for word in (b"href", b"url("))
    assert b"Nash" not in made
    assert "Scenario phase2-covid.yaml 9f2c 41d7 · gamecore 0.1.0 · seed 7" in texts(made)
    assert figure(sapphire_diamond(), kind) == made


@pytest.mark.parametrize("kind", FIGURES)
@pytest.mark.parametrize("form", ["pdf", "png"])
def test_a_figure_prints_the_same_twice(kind: str, form: str) -> None:
    made = figure(sapphire_diamond(), kind, form)
    assert made == figure(sapphire_diamond(), kind, form)
    if form == "pdf":
        reader = pypdf.PdfReader(BytesIO(made))
        assert len(reader.pages) == 1
        assert b"pdfuaid" in made


def test_the_tree_shows_the_expected_path_thick_and_no_agreement_once() -> None:
    made = figure(sapphire_diamond(), "tree").decode()
    assert made.count('stroke="#0B3A5E" stroke-width="3.2"') == 8  # wait, three states, three choices, the sum below
    shown = texts(made.encode())
    assert "Any refusal ends in no agreement" in shown
    assert shown.count("Run the full trial") == 3
    assert "severe 28" in shown


def test_the_payoff_table_frames_every_equilibrium_and_the_recommended_one_alone_is_solid() -> None:
    made = figure(sapphire_diamond(), "payoffs").decode()
    assert made.count('stroke-width="2.4"') == 1
    assert made.count('stroke-width="1.4"') == 3
    assert "deadlock: ends in no agreement" in texts(made.encode())


def test_the_frontier_names_what_is_off_the_scale() -> None:
    shown = texts(figure(sapphire_diamond(), "frontier"))
    assert any("off the scale" in text and "5.0 | −4.0" in text for text in shown)


def test_a_large_tree_is_folded_off_the_path() -> None:
    nodes: list[TreePictureNode] = []
    ends: list[TreePictureNode] = []
    branches = []
    for first in range(8):
        inner = tuple(
            (f"then {second}", 9 + 8 * first + second, None, first == 3 and second == 2) for second in range(8)
        )
        branches.append((f"choice {first}", 1 + first, None, first == 3))
        nodes.append(TreePictureNode("move", "b", "b", ("diamond",), 1, (1.0, 2.0), inner))
        ends += [TreePictureNode("end", None, None, (), 2, (float(first), float(second)), ()) for second in range(8)]
    root = TreePictureNode("move", "a", "a", ("sapphire",), 0, (3.0, 2.0), tuple(branches))
    picture = TreePicture((root, *nodes, *ends), ((0.0, None), (0.5, None), (1.0, None)))
    made = figure(replace(sapphire_diamond(), tree=picture), "tree")
    shown = texts(made)
    assert "choice 0 …" in shown
    assert "then 2" in shown
    assert sum(text.startswith(("choice", "then")) for text in shown) <= 24 + 8


def test_user_text_is_literal_in_drawings() -> None:
    made = figure(extremes.literal(), "tree")
    description = ET.fromstring(made).find(f"{SVG}desc")
    assert description is not None
    assert LITERAL in (description.text or "")
    assert b"<script" not in made
    for kind in FIGURES:
        assert figure(extremes.literal(), kind, "pdf")


@pytest.mark.parametrize("kind", FIGURES)
@pytest.mark.parametrize("case", extremes.ALL.values(), ids=extremes.ALL)
def test_every_extreme_is_drawn_or_refused_with_a_reason(case: Callable[[], Analysis], kind: str) -> None:
    analysis = case()
    two = len(analysis.scenario.players) == 2
    if two if kind == "frontier" else analysis.naming_game is not None or kind == "tree":
        assert figure(analysis, kind)
    else:
        with pytest.raises(InputError, match=r"two companies|no payoff table"):
            figure(analysis, kind)


def test_what_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="no figure 'pie'"):
        figure(sapphire_diamond(), "pie")
    with pytest.raises(InputError, match="no figure format 'gif'"):
        figure(sapphire_diamond(), "tree", "gif")
    with pytest.raises(InputError, match="no game tree"):
        figure(replace(sapphire_diamond(), tree=None), "tree")
