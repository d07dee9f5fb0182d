"""The page as Markdown (CommonMark with tables): the same text, the bars left out, user text always literal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gamecore.brief.blocks import NUMBERS, NUMERIC, Page, Panel, PanelRow

__all__ = ["escaped", "markdown_page"]

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_LIST_START: Final = re.compile(r"^(\s*)([-+=])(?=\s|=|$)|^(\s*\d+)([.)])(?=\s)")
_LINK: Final = re.compile(r"(?i)\b(https?|ftp|www|mailto)(?=[:.])")


def escaped(text: str) -> str:
    """Text that every Markdown reader shows as it stands, on one line."""
    one_line = " ".join(text.splitlines())
    marked = _SPECIAL.sub(r"\\\1", one_line)
    marked = _LINK.sub(lambda found: found.group(0) + "\N{WORD JOINER}", marked)
    return _LIST_START.sub(lambda found: f"{found[1] or found[3] or ''}\\{found[2] or found[4]}", marked)


def markdown_page(page: Page) -> bytes:
    """The page as Markdown."""
    lines = [f"**{escaped(page.kicker)}** · **{escaped(page.badge)}**", "", f"# {escaped(page.title)}", ""]
    lines += ["  \n".join(f"{label}: **{escaped(text)}**" for label, text in page.who), ""]
    lines += [f"> **{escaped(page.recommendation.text)}**"]
    if page.recommendation.numbers:
        lines += [">", f"> {escaped(page.recommendation.numbers)}"]
    if page.context.text:
        lines += ["", f"**{page.context.head}:** {escaped(page.context.text)}"]
    if page.remark:
        lines += ["", f"*{escaped(page.remark.strip())}*" if page.remark.strip() else ""]
    lines += ["", *_table(page.panel), ""]
    lines += ["  \n".join(escaped(text) for text in page.key)]
    for block in (page.why, page.gives, page.sure):
        lines += ["", f"## {escaped(block.head)}", "", escaped(block.text)]
        if block is page.gives and page.payment is not None:
            lines += ["", f"Payment: {' · '.join(escaped(label) for label in page.payment.labels)}"]
        if block is page.gives and page.paid:
            lines += ["", "| Payer | Paid to | Amount |", "|---|---|---:|"]
            lines += [f"| {escaped(one.payer)} | {escaped(one.payee)} | {escaped(one.amount)} |" for one in page.paid]
    for strip in page.strips:
        cases = " · ".join(f"{escaped(segment.label)} {segment.cases}".strip() for segment in strip.segments)
        lines += ["", f"Of 100 cases{f' ({escaped(strip.head)})' if strip.head else ''}: {cases}"]
    lines += ["", f"## {escaped(page.known.head)}", "", escaped(page.known.text)]
    lines += ["", f"**{page.no.head}** {escaped(page.no.text)}"]
    if page.numbers:
        lines += ["", f"## {NUMBERS}", ""]
        lines += [f"- **{escaped(line.label)}:** {escaped(line.text)}" for line in page.numbers]
    lines += ["", f"## {page.asked.head}", ""]
    lines += [f"{index}. {escaped(item)}" for index, item in enumerate(page.asked.items, 1)]
    lines += [
        "",
        escaped(page.asked.aside),
        "",
        "| Signature | Decision | Name and signature | Date |",
        "|---|---|---|---|",
    ]
    lines += [f"| {escaped(signature.who)} | ☐ yes ☐ no | | |" for signature in page.signatures]
    lines += ["", "---", "", "  \n".join(escaped(text) for text in page.footer), ""]
    return "\n".join(lines).encode()


def _table(panel: Panel) -> Iterator[str]:
    heads = [panel.head, *(f"{column.head} {column.note}".strip() for column in panel.columns)]
    if panel.stacked:
        heads.append("For and against")
    yield "| " + " | ".join(escaped(head) for head in heads) + " |"
    yield "|" + "|".join("---:" if column in NUMERIC else "---" for column in ["", *_kinds(panel)]) + "|"
    for row in panel.rows:
        yield _row(panel, row)
    if panel.floor is not None:
        yield _row(panel, panel.floor)


def _kinds(panel: Panel) -> list[str]:
    return [column.kind for column in panel.columns] + (["words"] if panel.stacked else [])


def _row(panel: Panel, row: PanelRow) -> str:
    name = f"**{row.letter}** {escaped(row.label)}" if row.letter else f"*{escaped(row.label)}*"
    name += f" ({escaped(row.sub)})" if row.sub else ""
    name += " – **recommended**" if row.recommended and len(panel.rows) > 1 else ""
    cells = [name]
    numbers = iter(row.cells)
    for kind in _kinds(panel):
        if kind in NUMERIC:
            cell = next(numbers)
            small = " ".join(part for part in (cell.rank, cell.note) if part)
            text = escaped(cell.text) + (f" ({escaped(small)})" if small else "")
            text += f", {escaped(cell.after)} after the payment" if cell.after else ""
            cells.append(f"**{text}**" if row.recommended and text else text)
        elif kind == "lays_down":
            cells.append(escaped(row.lays_down))
        else:
            signs = (("\\+", row.pro), ("–", row.con)) if row.letter else (("", row.pro),)
            cells.append("<br>".join(f"{sign} {escaped(text)}".strip() for sign, text in signs if text))
    return "| " + " | ".join(cells) + " |"
