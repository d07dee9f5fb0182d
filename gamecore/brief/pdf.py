"""The page as PDF and PNG, set by typst.

The page's data goes in as JSON through `sys.inputs`: what a user wrote is never part of the template's source. The
template finds the largest sizes that fit by measuring, so one run is enough; it stops with "overflow" where none does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gamecore.brief.blocks import MADE_OF, NUMBERS, Page
from gamecore.brief.fonts import font_set, missing
from gamecore.brief.printed import Printed
from gamecore.errors import InputError, PageOverflowError

if TYPE_CHECKING:
    import typst

__all__ = ["PAPERS", "print_figure", "print_page"]

PAPERS: Final = ("a4", "letter")
_TEMPLATES: Final = Path(__file__).parent / "templates"
_STANDARD: Final = "ua-1"
# A file's time when the caller names no date: the same input gives the same bytes.
_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
PIXELS_PER_INCH: Final = 150.0


def print_page(page: Page, format: str = "pdf", *, paper: str = "a4", day: str | None = None) -> Printed:
    """One sheet as `pdf` or `png`.

    Raises
    ------
    InputError
        If there is no such paper, or a text has a character that no font has.
    PageOverflowError
        If the page does not fit on one sheet at the smallest sizes, even without the lines in numbers (the last of
        which goes first).
    """
    if paper not in PAPERS:
        raise InputError(f"there is no paper '{paper}'; a paper is {' or '.join(PAPERS)}")
    strange = any(missing(text) for _, text in page.texts()) or bool(missing(page.remark, italic=True))
    notes = page.notes
    if strange:
        _check_characters(page.texts())
        notes = (
            *notes,
            "some characters are not in Source Sans Pro; they are set in a fallback font",
        )
    sheet = "Letter" if paper == "letter" else "A4"
    for kept in range(len(page.numbers), -1, -1):
        told = {**asdict(replace(page, notes=(), numbers=page.numbers[:kept])), "numbers_head": NUMBERS}
        inputs = {"page": json.dumps(told, ensure_ascii=False, separators=(",", ":")), "paper": paper}
        left = ", ".join(f"'{line.label}'" for line in page.numbers[kept:])
        more = (
            (f"to fit on one sheet of {sheet} the page leaves out {left} (in HTML, Markdown and JSON)",) if left else ()
        )
        try:
            return Printed(*set_in_type("brief.typ", inputs, format, day=day, fallback=strange, notes=(*notes, *more)))
        except OverflowError:
            continue
    block = page.longest_block()
    raise PageOverflowError(
        f"the page does not fit on one sheet of {sheet} even in small type; "
        f"shorten the block '{block}' first ({page.words().get(block, 0)} words): {MADE_OF[block]}",
        block=block,
    )


def set_in_type(
    template: str,
    inputs: dict[str, str],
    format: str,
    *,
    day: str | None = None,
    fallback: bool = False,
    notes: tuple[str, ...] = (),
    ppi: float = PIXELS_PER_INCH,
    strict: bool = False,
) -> tuple[bytes, tuple[str, ...]]:
    """Compile a template of ours; a PDF is tagged and PDF/UA-1, or says in a note that it is not."""
    import typst

    compiler = typst.Compiler(
        input=str(_TEMPLATES / template),
        root=str(_TEMPLATES),
        font_paths=font_set(fallback=fallback),
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )
    moment = _EPOCH if day is None else _midnight(day)
    try:
        if format == "png":
            return _bytes(compiler.compile(format="png", ppi=ppi, timestamp=moment)), notes
        return _bytes(compiler.compile(format="pdf", pdf_standards=[_STANDARD], timestamp=moment)), notes
    except typst.TypstError as error:
        if "overflow" in error.message:
            raise OverflowError("the page is full") from error
        if strict or format != "pdf":
            raise
        return _without_standard(compiler, moment, error, notes)


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


def _without_standard(
    compiler: typst.Compiler, moment: datetime, error: typst.TypstError, notes: tuple[str, ...]
) -> tuple[bytes, tuple[str, ...]]:
    content = _bytes(compiler.compile(format="pdf", timestamp=moment))
    return content, (*notes, f"the PDF is tagged, but it is not PDF/UA-1: {error.message}")


def _bytes(made: object) -> bytes:
    if isinstance(made, list):
        if len(made) != 1:
            raise OverflowError("the page takes more than one sheet")
        made = made[0]
    if not isinstance(made, bytes):
        raise TypeError("typst gave no bytes")
    return made


def print_figure(svg: str, *, title: str, alternative: str, texts: Sequence[str], format: str) -> bytes:
    """A figure's SVG as `pdf` or `png`."""
    strange = any(missing(text) for text in texts)
    if strange:
        _check_characters((title, text) for text in texts)
    inputs = {"svg": svg, "title": title, "alternative": " ".join(alternative.split())}
    return set_in_type("figure.typ", inputs, format, fallback=strange, ppi=2 * PIXELS_PER_INCH)[0]


def _check_characters(texts: Iterable[tuple[str, str]]) -> None:
    """Refuse characters that no font at hand has, naming them and where they stand."""
    faults: dict[str, None] = {}
    known: dict[str, bool] = {}
    for place, text in texts:
        for character in missing(text):
            if character not in known:
                known[character] = _printable(character)
            if not known[character]:
                faults[f"'{character}' (U+{ord(character):04X}) in '{place}'"] = None
    if faults:
        raise InputError(
            f"no font at hand has {', '.join(faults)}; write it in Latin letters, or ask for HTML or Markdown"
        )


def _printable(character: str) -> bool:
    import typst

    try:
        set_in_type("glyph.typ", {"text": character}, "pdf", fallback=True, strict=True)
    except typst.TypstError:
        return False
    return True
