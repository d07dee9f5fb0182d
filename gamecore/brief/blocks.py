"""The page as values: what is printed, block by block, before anybody decides how it looks.

`Page` is the one source of every renderer. It holds text, and for the bars places between 0 and 1 on the common scale;
no number that is not printed or drawn. `LIMITS` are the words each block may have, `WORDS` those of the whole page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gamecore.brief.words import count_words

__all__ = [
    "LIMITS",
    "MADE_OF",
    "NUMBERS",
    "NUMERIC",
    "WORDS",
    "Asked",
    "Bar",
    "Block",
    "Cell",
    "Column",
    "Headline",
    "Line",
    "Page",
    "Panel",
    "PaidLine",
    "PanelRow",
    "Payment",
    "Provenance",
    "Segment",
    "Signature",
    "Strip",
]

NUMBERS: Final = "In numbers"  # the head of the lines
NUMERIC: Final = frozenset({"company", "together", "fact"})  # kinds of columns with cells
WORDS: Final = 420  # the whole page, everything that can be read on it
LIMITS: Final = {
    "title": 30,
    "recommendation": 35,
    "context": 45,
    "panel": 75,
    "key": 35,
    "why": 40,
    "gives": 30,
    "sure": 45,
    "known": 30,
    "no": 28,  # 20 and what it is worth to each
    "numbers": 80,
    "asked": 25,
    "footer": 25,
}

MADE_OF: Final = {  # what of the scenario file stands in a block
    "title": "the title, the question and the leads",
    "recommendation": "the label of the recommended option and the names of the players",
    "context": "context and note",
    "panel": "the labels, pros and cons of the options",
    "key": "the names of the players",
    "why": "the names of the players, and the pros of the recommended option",
    "gives": "the names of the players, and the labels of the options",
    "sure": "the names of the players",
    "known": "the labels of events, outcomes and options",
    "no": "the label of no_agreement",
    "numbers": "the names of the players",
    "asked": "the labels of outcomes and the names of the players",
    "footer": "the name of the file",
}


@dataclass(frozen=True)
class Headline:
    """The recommendation: one sentence, and one line of numbers (empty on a copy without them)."""

    text: str
    numbers: str


@dataclass(frozen=True)
class Bar:
    """One cell's drawing, as places between 0 (lowest) and 1 (highest) on the panel's scale.

    `low` and `high` are the ends of the whisker (equal: none), `cut_low` and `cut_high` say that it goes on beyond the
    scale. `mark` is what stands at the value: a bar from zero, a dot, nothing (none), or a dot among the `places` of an
    order (rank).
    """

    zero: float
    value: float
    low: float
    high: float
    cut_low: bool = False
    cut_high: bool = False
    mark: str = "bar"
    after: float | None = None  # where the value stands once the payment proposed is made
    places: int = 0


@dataclass(frozen=True)
class Cell:
    """A company's value in a row: what is printed (`note` in small print, a name for instance) and what is drawn."""

    text: str
    rank: str = ""
    note: str = ""
    bar: Bar | None = None
    after: str = ""  # the value once the payment proposed is made


@dataclass(frozen=True)
class Column:
    """`kind` is company, together, fact, lays_down or words; `tone` is the company's colour, counted from 1.

    A fact of the programme has `note` (its unit) and a scale of its own in `ticks`.
    """

    kind: str
    head: str
    tone: int = 0
    line: float | None = None  # where no agreement stands on the scale
    note: str = ""
    ticks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class PanelRow:
    """One option. `cells` belong to the columns of numbers, in their order; `lays_down` says who does what, when."""

    letter: str
    label: str
    sub: str
    recommended: bool
    cells: tuple[Cell, ...]
    pro: str = ""
    con: str = ""
    lays_down: str = ""


@dataclass(frozen=True)
class Panel:
    """The options panel. `ticks` are (place, text) of the scale; `floor` is the no-agreement row, if there is one."""

    head: str
    columns: tuple[Column, ...]
    rows: tuple[PanelRow, ...]
    ticks: tuple[tuple[float, str], ...] = ()
    zero: float = 0.0
    floor: PanelRow | None = None
    stacked: bool = False  # pros and cons under the option's name (three companies and more)


@dataclass(frozen=True)
class Segment:
    """One outcome on a strip: `tone` is chosen, next or rest."""

    label: str
    cases: int
    tone: str


@dataclass(frozen=True)
class Strip:
    """A hundred cases as one bar; `head` says under which rule of proposing, empty if there is only one."""

    head: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Payment:
    """The payment strip of two companies, as places between 0 and 1 on an axis that begins at zero (`origin`).

    From `low` (the least the payee needs) to `high` (the most the payer gives) every payment works; the diamond stands
    at `proposed`. `labels` belong to the three in that order. `proposes` says that the page asks for the payment;
    otherwise the plan holds without one, and the diamond stands where both gain alike.
    """

    low: float
    proposed: float
    high: float
    labels: tuple[str, str, str]
    origin: str = "0"
    proposes: bool = False


@dataclass(frozen=True)
class PaidLine:
    """One line of the table of who pays whom (three companies and more)."""

    payer: str
    payee: str
    amount: str


@dataclass(frozen=True)
class Block:
    """A head and its text. `key` names the limit it obeys."""

    key: str
    head: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line in numbers: what it is about, and the sentence."""

    label: str
    text: str


@dataclass(frozen=True)
class Asked:
    head: str
    items: tuple[str, ...]
    aside: str


@dataclass(frozen=True)
class Signature:
    who: str


@dataclass(frozen=True)
class Provenance:
    """What is needed to repeat the page. `sha` is cut short on a shared copy."""

    file: str
    sha: str
    version: str
    seed: int
    draws: int
    sampling: str = "latin-hypercube"


@dataclass(frozen=True)
class Page:
    """Everything that can be read on the page, in reading order.

    `notes` are for whoever makes the page, not for its readers: what was left out, and why.
    """

    copy: str
    kicker: str
    badge: str
    title: str
    who: tuple[tuple[str, str], ...]
    recommendation: Headline
    context: Block
    remark: str  # the file's own note
    panel: Panel
    key: tuple[str, ...]
    why: Block
    gives: Block
    sure: Block
    known: Block
    no: Block
    asked: Asked
    signatures: tuple[Signature, ...]
    footer: tuple[str, str]
    provenance: Provenance
    strips: tuple[Strip, ...] = ()
    numbers: tuple[Line, ...] = ()
    payment: Payment | None = None
    paid: tuple[PaidLine, ...] = ()
    key_after: str = ""  # what the drawn diamond of the panel is, told at the end of the key's first line
    notes: tuple[str, ...] = ()

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every printed text with the block it belongs to."""
        yield "kicker", self.kicker
        yield "badge", self.badge
        yield "title", self.title
        for label, text in self.who:
            yield "title", f"{label} {text}"
        yield "recommendation", self.recommendation.text
        yield "recommendation", self.recommendation.numbers
        if self.context.text or self.remark:
            yield "heads", self.context.head
        yield "context", self.context.text
        yield "context", self.remark
        for text in _panel_texts(self.panel):
            yield "panel", text
        for text in self.key:
            yield "key", text
        yield "key", self.key_after
        for block in (self.why, self.gives, self.sure, self.known, self.no):
            yield "heads", block.head
            yield block.key, block.text
        if self.payment is not None:
            yield "payment", " ".join((self.payment.origin, *self.payment.labels))
        yield from (("payment", f"{paid.payer} pays {paid.payee} {paid.amount}") for paid in self.paid)
        for strip in self.strips:
            yield "strip", strip.head
            for segment in strip.segments:
                yield "strip", f"{segment.label} {segment.cases}"
        if self.numbers:
            yield "heads", NUMBERS
        for line in self.numbers:
            yield "numbers", f"{line.label}: {line.text}"
        yield "heads", self.asked.head
        for index, text in enumerate(self.asked.items, 1):
            yield "heads", str(index)
            yield "asked", text
        yield "asked", self.asked.aside
        for signature in self.signatures:
            yield "signatures", f"{signature.who} yes no Name and signature Date"
        for text in self.footer:
            yield "footer", text

    def words(self) -> dict[str, int]:
        """Words per block, in reading order."""
        counts: dict[str, int] = {}
        for block, text in self.texts():
            counts[block] = counts.get(block, 0) + count_words(text)
        return counts

    def longest_block(self) -> str:
        """The block that goes furthest beyond its limit, or comes nearest to it."""
        counts = self.words()
        return max(LIMITS, key=lambda block: counts.get(block, 0) / LIMITS[block])


def _panel_texts(panel: Panel) -> Iterator[str]:
    yield panel.head
    for column in panel.columns:
        yield f"{column.head} {column.note}"
        yield " ".join(text for _, text in column.ticks)
        if column.kind == "company":
            yield " ".join(text for _, text in panel.ticks)
    for row in (*panel.rows, *((panel.floor,) if panel.floor else ())):
        yield f"{row.letter} {row.label} {row.sub}"
        if row.recommended:
            yield "recommended"
        for cell in row.cells:
            yield f"{cell.text} {cell.rank} {cell.note} {cell.after}"
        yield f"{row.pro} {row.con} {row.lays_down}"
