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
from gamecore.brief.figures.canvas import text_width, wrapped
from gamecore.errors import InputError
from tests.brief import extremes
from tests.brief.bargains import BOTH, levered, paid, payments
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


def _move(by: str, column: int, branches: tuple[tuple[str, int], ...], known: int) -> TreePictureNode:
    taken = tuple((label, child, None, place == 0) for place, (label, child) in enumerate(branches))
    return TreePictureNode("move", f"move {column}", None, (by,), column, (0.0, 0.0), taken, information_set=known)


def _at_once(*, foreign: bool = False) -> Analysis:
    """Both name a position on one date; between two of the second mover's points stands one where it knows more."""
    end = TreePictureNode("end", None, None, (), 2, (1.0, 2.0), ())
    choices = ("Insist on the active comparator", "Accept placebo", "Say so in public")
    nodes = [_move("sapphire", 0, tuple(zip(choices, (1, 2, 3), strict=True)), 0)]
    for place in range(3):
        first = 4 + 2 * place
        known = 2 if foreign and place == 1 else 1
        nodes.append(_move("diamond", 1, (("Insist on placebo", first), ("Accept it", first + 1)), known))
    picture = TreePicture((*nodes, *[end] * 6), ((0.0, "2028-03-10"), (0.0, "2028-03-10")))
    return replace(sapphire_diamond(), tree=picture, known=())


def test_points_that_a_mover_cannot_tell_apart_stand_in_one_dashed_frame() -> None:
    made = figure(_at_once(), "tree")
    frames = [item for item in ET.fromstring(made).iter(f"{SVG}rect") if item.get("stroke-dasharray")]
    squares = [item for item in ET.fromstring(made).iter(f"{SVG}rect") if item.get("fill") == "#F2B84B"][:3]
    assert len(frames) == 1
    top, bottom = (float(frames[0].get("y", 0)), float(frames[0].get("y", 0)) + float(frames[0].get("height", 0)))
    assert all(top < float(item.get("y", 0)) < bottom for item in squares)
    assert any("Diamond cannot tell them apart" in text for text in texts(made))


def test_where_another_point_stands_between_them_a_dashed_line_joins_the_points() -> None:
    root = ET.fromstring(figure(_at_once(foreign=True), "tree"))
    assert not any(item.get("stroke-dasharray") for item in root.iter(f"{SVG}rect"))
    lines = [item for item in root.iter(f"{SVG}polyline") if item.get("stroke-dasharray")]
    assert len(lines) == 1
    assert len((lines[0].get("points") or "").split()) == 4


def test_points_that_all_differ_have_no_frame() -> None:
    base = _at_once()
    assert base.tree is not None
    apart = tuple(
        replace(node, information_set=number if node.kind == "move" else None)
        for number, node in enumerate(base.tree.nodes)
    )
    made = figure(replace(base, tree=replace(base.tree, nodes=apart)), "tree")
    assert b"stroke-dasharray" not in made
    assert not any("apart" in text for text in texts(made))


def test_what_only_one_company_sees_is_said_under_the_tree_s_title() -> None:
    base = sapphire_diamond()
    seen = tuple(replace(fact, seen_by=("diamond",)) for fact in base.known)
    shown = " ".join(texts(figure(replace(base, known=seen), "tree")))
    assert "Only Diamond sees: News on the pandemic in January." in shown


def test_names_on_a_crowded_path_are_not_cut() -> None:
    """Six columns with long names: lines and columns give way before a name is cut."""
    names = ("Insist on the active comparator", "Insist on placebo", "Take it to the chief executives", "No result yet")
    nodes = []
    for column, name in enumerate((*names, "Decide for the active comparator")):
        branches = ((name, column + 1), ("Accept what is offered", 6 + column))
        nodes.append(_move("diamond" if column % 2 else "sapphire", column, branches, column))
    end = TreePictureNode("end", None, None, (), 6, (1.0, 2.0), ())
    columns = tuple((0.1 * column, None) for column in range(6))
    picture = TreePicture((*nodes, *[end] * 6), columns)
    shown = texts(figure(replace(sapphire_diamond(), tree=picture, known=()), "tree"))
    assert not any("…" in text for text in shown)
    for name in names:
        assert all(any(word in text for text in shown) for word in name.split())


def test_a_word_wider_than_its_line_breaks_with_a_hyphen() -> None:
    rows = wrapped("an Arzneimittelzulassungsverfahren", 9.0, 60.0, 6)
    assert "".join(rows[1:]).replace("-", "") == "Arzneimittelzulassungsverfahren"
    assert all(text_width(row, 9.0) <= 60.0 for row in rows)


def test_no_mark_of_the_frontier_covers_the_words_no_agreement() -> None:
    for analysis in (sapphire_diamond(), extremes.moves_only("baseline"), extremes.negative()):
        root = ET.fromstring(figure(analysis, "frontier"))
        words = next(item for item in root.iter(f"{SVG}text") if item.text in {"no agreement", "saying no"})
        x, y, width = float(words.get("x", 0)), float(words.get("y", 0)), text_width(words.text or "", 8.4)
        left = x - width if words.get("text-anchor") == "end" else x
        for mark in root.iter(f"{SVG}rect"):
            if mark.get("stroke") == "#0B3A5E" and float(mark.get("x", 0)) < 330:
                at, side = float(mark.get("x", 0)), float(mark.get("width", 0))
                above, below = float(mark.get("y", 0)), float(mark.get("y", 0)) + float(mark.get("height", 0))
                assert at + side <= left or left + width <= at or below <= y - 7 or y + 2 <= above


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


# ---- the line of payments --------------------------------------------------------------------------------------------


def test_the_line_of_payments_carries_the_range_that_works_and_the_even_splits() -> None:
    made = figure(levered(analysis=paid()), "frontier")
    shown = texts(made)
    assert [text for text in ("2.7", "7.1", "10.3", "4.4 to 9.8 works") if text not in shown] == []
    assert "Payment to Sapphire, USD m" in shown
    assert "Nash" not in made.decode()
    thick = [item for item in ET.fromstring(made).iter(f"{SVG}polyline") if item.get("stroke-width") == "4.5"]
    assert len(thick) == 2  # on the line, and in the list that explains it
    diamonds = list(ET.fromstring(made).iter(f"{SVG}polygon"))
    assert len(diamonds) == 6
    told = ET.fromstring(made).find(f"{SVG}desc")
    assert told is not None
    assert "payment to Sapphire of 2.7: even split against no agreement" in (told.text or "")
    assert "payment to Sapphire of 4.4 to 9.8 works" in (told.text or "")


def test_a_payment_proposed_is_a_diamond_of_its_own_name() -> None:
    shown = texts(figure(paid(necessary=True), "frontier"))
    assert "payment proposed" in shown
    assert shown.count("7.1") == 1


def test_the_thick_part_lies_on_the_line_through_the_recommended_option() -> None:
    """One for one: a point further right is as much further down, on the two axes' own scales."""
    from gamecore.brief.figures.payment_line import payment_line
    from gamecore.brief.figures.sheet import Sheet

    line = payment_line(Sheet.of(paid()))
    assert line is not None
    for amount in (4.392, 7.1065, 9.821):
        x, y = line.at(amount)
        assert x == pytest.approx(47.420 + amount)
        assert x + y == pytest.approx(47.420 + 25.813)
    start, end = line.within((40.0, 5.0), (60.0, 30.0))
    assert line.at(start)[1] == pytest.approx(30.0)
    assert line.at(end)[0] == pytest.approx(60.0)


def test_without_a_payment_that_works_the_picture_is_as_it_was() -> None:
    bare = sapphire_diamond()
    broken = replace(payments(ranges=(replace(BOTH, works=False),)))
    assert figure(replace(bare, payments=(broken,)), "frontier") == figure(bare, "frontier")
