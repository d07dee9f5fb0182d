"""Every format: one sheet, literal text, the same bytes."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamecore.advice.analysis import Analysis
from gamecore.brief import FORMATS, page, render, render_with_notes, style
from gamecore.errors import InputError, PageOverflowError
from tests.brief import extremes
from tests.brief.cases import LITERAL, sapphire_diamond

ROOT = Path(__file__).parents[2]
PAPERS = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}


def read_pdf(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(content))


def pdf_text(content: bytes) -> str:
    return " ".join(read_pdf(content).pages[0].extract_text().split())


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("copy", ["internal", "shared"])
@pytest.mark.parametrize("case", extremes.ALL.values(), ids=extremes.ALL)
def test_every_page_is_one_tagged_sheet(case: Callable[[], Analysis], copy: str, paper: str) -> None:
    made = render_with_notes(case(), "pdf", copy=copy, paper=paper, date="2020-05-28")
    reader = read_pdf(made.content)
    assert len(reader.pages) == 1
    assert tuple(float(side) for side in reader.pages[0].mediabox[2:]) == pytest.approx(PAPERS[paper], abs=0.02)
    assert not any("PDF/UA" in note for note in made.notes)
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert "/StructTreeRoot" in catalogue


def test_the_pdf_says_that_it_is_accessible_and_what_it_is() -> None:
    content = render(sapphire_diamond(), "pdf")
    assert b"pdfuaid" in content
    assert read_pdf(content).metadata.title == "Phase II start under COVID-19: decide by 12 June 2020"  # type: ignore[union-attr]


def test_only_the_four_faces_are_embedded() -> None:
    resources: Any = read_pdf(render(sapphire_diamond(), "pdf")).pages[0]["/Resources"]
    fonts = resources["/Font"]
    names = {fonts[key]["/BaseFont"].partition("+")[2].removesuffix("-Identity-H") for key in fonts}
    assert names <= {f"SourceSansPro-{face}" for face in ("Regular", "It", "Semibold", "Bold")}


def test_the_bars_are_decoration_and_their_numbers_text() -> None:
    text = pdf_text(render(sapphire_diamond(), "pdf"))
    for number in ("51.8", "9.7", "47.4", "25.8", "73.2", "42.2", "18.1", "43.0", "16.0", "59.0"):
        assert number in text


@pytest.mark.parametrize("form", ["pdf", "html", "md", "json"])
def test_what_the_author_wrote_is_shown_as_it_stands(form: str) -> None:
    content = render(extremes.literal(), form, date="2020-05-28")
    if form == "pdf":
        text = pdf_text(content)
    elif form == "html":
        assert b"<script" not in content
        text = html.unescape(re.sub(r"<[^>]*>", " ", content.decode()))
    elif form == "md":
        text = re.sub(r"\\(.)", r"\1", content.decode())
        assert "<script>" not in content.decode()
        assert re.search(r"(?<!\\)\*x(?<!\\)\*", content.decode()) is None
    else:
        data = json.loads(content)
        text = data["title"] + data["context"]["text"] + data["remark"] + data["no"]["text"]
    text = " ".join(text.split())
    for field in ("Title", "Context", "Note"):
        assert f"{field} {LITERAL}" in text
    assert text.count(LITERAL) >= (4 if form == "json" else 9)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("copy", ["internal", "shared"])
def test_the_same_input_gives_the_same_bytes_in_another_process(form: str, copy: str) -> None:
    code = (
        "import sys; from tests.brief.cases import sapphire_diamond; from gamecore.brief import render;"
        f"sys.stdout.buffer.write(render(sapphire_diamond(), {form!r}, copy={copy!r}, date='2020-05-28'))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "PYTHONPATH": str(ROOT)}
    other = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=environment, cwd=ROOT)
    assert other.stdout == render(sapphire_diamond(), form, copy=copy, date="2020-05-28")


@pytest.mark.parametrize("form", ["html", "md"])
def test_web_and_markdown_fetch_nothing_and_run_nothing(form: str) -> None:
    text = render(sapphire_diamond(), form).decode()
    assert not re.search(r"https?://|<script|<link|<img|@import|url\(|javascript:|\son\w+=", text)


def test_the_web_page_is_well_formed_and_says_what_the_page_says() -> None:
    text = html.unescape(
        re.sub(r"<style>.*?</style>|<[^>]*>", " ", render(sapphire_diamond(), "html").decode(), flags=re.DOTALL)
    )
    text = " ".join(text.split())
    made = page(sapphire_diamond())
    for block in (made.why, made.gives, made.sure, made.known, made.no):
        assert block.text in text


def test_the_record_holds_blocks_provenance_and_words() -> None:
    data = json.loads(render(sapphire_diamond(), "json", date="2020-05-28"))
    assert data["provenance"] == {
        "file": "phase2-covid.yaml",
        "sha": "9f2c41d7" + "0" * 56,
        "version": "0.1.0",
        "seed": 7,
        "draws": 10_000,
        "sampling": "latin-hypercube",
    }
    assert data["words"]["total"] <= 420
    assert "notes" not in data


def test_too_much_text_shrinks_and_is_then_refused_by_name() -> None:
    base = sapphire_diamond()
    labels = ["An option with a name of very many words " * 6, "Another one " * 20, "A third " * 20]
    fat = replace(
        base,
        candidates=tuple(
            replace(item, label=(labels[place] if place < 3 else item.label).replace(" ", "\u2060-"))
            for place, item in enumerate(base.candidates)
        ),
    )
    with pytest.raises(PageOverflowError) as caught:
        render(fat, "pdf", paper="letter")
    assert caught.value.block in {"panel", "title", "context", "recommendation"}
    assert "shorten the block" in str(caught.value)


def test_letters_beyond_the_font_fall_back_and_are_noted() -> None:
    base = sapphire_diamond()
    armenian = replace(base, scenario=replace(base.scenario, note="The symbol ℵ is not in the page's font."))
    made = render_with_notes(armenian, "pdf")
    assert any("fallback" in note for note in made.notes)
    assert len(read_pdf(made.content).pages) == 1


def test_greek_and_cyrillic_are_in_the_font_and_fall_back_only_in_italics() -> None:
    base = sapphire_diamond()
    title = replace(base, scenario=replace(base.scenario, title="Начало фазы, αρχή"))
    assert not any("font" in note for note in render_with_notes(title, "pdf").notes)
    note = replace(base, scenario=replace(base.scenario, note="Все числа вымышлены."))
    made = render_with_notes(note, "pdf")
    assert any("font" in note for note in made.notes)
    assert "Все числа вымышлены." in pdf_text(made.content)


def test_the_panel_is_a_table_and_heads_are_headings() -> None:
    found: dict[str, int] = {}

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        for child in node if isinstance(node, list) else []:
            walk(child)
        if isinstance(node, dict):
            found[str(node.get("/S"))] = found.get(str(node.get("/S")), 0) + 1
            walk(node.get("/K"))

    root: Any = read_pdf(render(sapphire_diamond(), "pdf")).trailer["/Root"]
    walk(root["/StructTreeRoot"])
    assert (found["/H1"], found["/H2"], found["/Table"], found["/TH"], found["/TR"]) == (1, 6, 1, 5, 5)


def test_a_character_no_font_has_is_named_with_its_block() -> None:
    base = sapphire_diamond()
    chinese = replace(base, scenario=replace(base.scenario, title="Start in 北京"))
    for form in ("pdf", "png"):
        with pytest.raises(InputError, match=r"'北' \(U\+5317\) in 'title'.*'京'"):
            render(chinese, form)
    assert "北京" in render(chinese, "html").decode()


@pytest.mark.parametrize(
    "text", ["tab\tand\nnew line", "control \x07 bell", "right to left \u202eabc", "emoji \U0001f600", "a" * 400]
)
def test_odd_text_gives_a_page_or_a_clear_error(text: str) -> None:
    base = sapphire_diamond()
    odd = replace(base, scenario=replace(base.scenario, title=text, context=(text,)))
    for form in FORMATS:
        with contextlib.suppress(InputError, PageOverflowError):
            assert render(odd, form)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "docx"}, "no format 'docx'"),
        ({"paper": "a5"}, "no paper 'a5'"),
        ({"copy": "public"}, "no copy 'public'"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(change: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        render(sapphire_diamond(), change.pop("format", "pdf"), **change)


def test_a_pdf_loads_no_template_engine_and_markdown_no_typesetter() -> None:
    code = (
        "import sys; from tests.brief.cases import sapphire_diamond; from gamecore.brief import render;"
        "render(sapphire_diamond(), {!r}); print(sorted({{'jinja2', 'typst', 'numpy'}} & set(sys.modules)))"
    )
    for form, loaded in (("pdf", "['typst']"), ("md", "[]"), ("html", "['jinja2']")):
        done = subprocess.run(
            [sys.executable, "-c", code.format(form)], check=True, capture_output=True, text=True, cwd=ROOT
        )
        assert done.stdout.strip() == loaded


def test_the_template_s_palette_is_the_one_of_the_style() -> None:
    template = (ROOT / "gamecore/brief/templates/brief.typ").read_text()
    found = set(re.findall(r'rgb\("(#[0-9A-F]{6})"\)', template))
    ours = {style.INK, style.SOFT, style.MARK, style.HAIR, style.TINT, style.MID, *style.FILLS, *style.EDGES}
    assert found == ours


@pytest.mark.parametrize("paper", PAPERS)
def test_words_wider_than_their_column_break(paper: str) -> None:
    base = sapphire_diamond()
    word = "Arzneimittelzulassungsverfahren"
    wide = replace(
        base,
        candidates=tuple(replace(item, label=f"{word} {item.label[:9]}", pros=(2 * word,)) for item in base.candidates),
        scenario=replace(base.scenario, title=120 * "x", context=(300 * "y",)),
    )
    starts: list[float] = []

    def visit(text: str, _now: Any, place: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            starts.append(place[4])

    read_pdf(render(wide, "pdf", paper=paper)).pages[0].extract_text(visitor_text=visit)
    assert max(starts) < PAPERS[paper][0] - 56


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=60))
def test_any_text_gives_a_page_or_a_clear_error(text: str) -> None:
    base = sapphire_diamond()
    wait = replace(base.candidate("plan=wait"), label=text, pros=(text,))
    odd = replace(
        base,
        scenario=replace(base.scenario, title=text, question=text, context=(text,), note=text, unit=text or None),
        candidates=tuple(wait if item.key == wait.key else item for item in base.candidates),
    )
    for form in ("pdf", "html", "md", "json"):
        with contextlib.suppress(InputError, PageOverflowError):
            assert render(odd, form)
