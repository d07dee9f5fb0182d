"""The game tree: time in columns, who moves by shape and tone, the expected path thick, values right-aligned.

A node whose mover cannot tell hidden states apart is a dashed frame with one shape a state and one fan of choices. No
agreement is one line at the foot. With more than `MOST` endings, branches off the expected path are folded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from gamecore.advice.analysis import TreePicture, TreePictureNode
from gamecore.brief import words
from gamecore.brief.figures.canvas import WIDTH, Canvas, cut, text_width, wrapped
from gamecore.brief.figures.sheet import Drawn, Sheet
from gamecore.brief.style import EDGES, INK, MARK, SOFT
from gamecore.errors import InputError

__all__ = ["draw_tree"]

MOST: Final = 24  # endings
_ROW: Final = 20.0
_VALUE: Final = 44.0  # a column of values
_COMPANIES: Final = 5  # columns of values at most
_THICK: Final = 3.2
_LABEL: Final = 8.6
_NO_AGREEMENT: Final = frozenset({"no agreement", "no_agreement"})


@dataclass
class _Twig:
    """A branch as drawn: the node it leads to, folded or whole, and where it stands."""

    node: TreePictureNode
    label: str
    chance: str
    expected: bool
    twigs: list[_Twig] = field(default_factory=list)
    refusal: tuple[float, ...] | None = None
    folded: bool = False
    y: float = 0.0
    letter: str = ""  # of the option on the page that is complete here

    @property
    def leaves(self) -> int:
        return sum(twig.leaves for twig in self.twigs) or 1


def draw_tree(sheet: Sheet) -> Drawn:
    """The tree of `analysis.tree`."""
    picture = sheet.analysis.tree
    if picture is None or not picture.nodes or picture.nodes[0].kind == "end":
        raise InputError("there is no game tree to draw: the analysis of this file holds none")
    root = _grow(sheet, picture, 0, "", "", expected=True)
    _letter(sheet, root, {})
    _fold(root)
    title = "Who moves when, and what each move is worth"
    reading = _reading(sheet, root)
    canvas = Canvas()
    top = canvas.head(title, reading) + 5
    plan = _Plan.of(sheet, picture, root, top + 22)
    _heads(canvas, plan, top)
    canvas.rule(top + 6)
    _place(root, top + 22)
    for twig in _walk(root):
        _branches(canvas, plan, twig)
    for twig in _walk(root):
        if twig.twigs:
            _node(canvas, plan, twig)
    y = top + 22 + root.leaves * _ROW - 6
    canvas.rule(y)
    y = _foot_rows(canvas, plan, root, y + 14)
    _legend(canvas, plan, root, y + 6)
    canvas.foot(y + 9, sheet.provenance)
    return Drawn(canvas, y + 16, title, reading, [*_alternative(sheet, root, ""), _expected(sheet, root)])


# ---- what is drawn ---------------------------------------------------------------------------------------------------


def _grow(sheet: Sheet, picture: TreePicture, index: int, label: str, chance: str, *, expected: bool) -> _Twig:
    node = picture.nodes[index]
    twig = _Twig(node, label, chance, expected)
    disagreement = sheet.analysis.disagreement
    refusals = _NO_AGREEMENT | ({disagreement.label} if disagreement else set())
    cases = words.hundred([(str(place), share or 0.0) for place, (_, _, share, _) in enumerate(node.branches)])
    for place, (name, child, share, here) in enumerate(node.branches):
        refused = node.kind == "agreement" and name in refusals
        if refused and picture.nodes[child].kind == "end" and not here:
            twig.refusal = picture.nodes[child].values
            continue
        text = "" if share is None else str(cases[str(place)])
        label_here = f"No agreement: {name}" if refused and name not in _NO_AGREEMENT else name
        twig.twigs.append(_grow(sheet, picture, child, label_here, text, expected=expected and here))
    return twig


def _letter(sheet: Sheet, twig: _Twig, path: dict[str, str]) -> None:
    """Put each option's letter where the last of its steps is taken."""
    for child in twig.twigs:
        here = path if twig.node.name is None else {**path, twig.node.name: child.label}
        for key, letter in sheet.names.letters.items():
            steps = sheet.analysis.candidate(key).steps
            done = all(here.get(step.decision) == step.choice_label for step in steps)
            if steps and done and any(step.decision == twig.node.name for step in steps):
                child.letter = letter
        _letter(sheet, child, here)


def _fold(root: _Twig) -> None:
    """Fold the branches off the expected path, the deepest first, until the endings fit."""
    while root.leaves > MOST:
        off = [twig for twig in _walk(root) if twig.twigs and not twig.expected]
        if not off:
            off = [
                twig
                for twig in _walk(root)
                if twig.twigs and twig is not root and not any(child.twigs for child in twig.twigs)
            ]
        if not off:
            break
        biggest = max(off, key=lambda twig: (twig.leaves, twig.node.column))
        biggest.twigs, biggest.refusal, biggest.folded = [], None, True
    if len(root.twigs) > MOST:
        keep = [twig for twig in root.twigs if twig.expected]
        rest = [twig for twig in root.twigs if not twig.expected][: MOST - len(keep)]
        root.twigs = [twig for twig in root.twigs if twig in keep or twig in rest]


def _walk(twig: _Twig) -> list[_Twig]:
    return [twig, *(item for child in twig.twigs for item in _walk(child))]


def _place(twig: _Twig, top: float) -> None:
    """Endings take one row each; a node stands at the middle of what follows it, or level with its expected branch."""
    if not twig.twigs:
        twig.y = top
        return
    at = top
    for child in twig.twigs:
        _place(child, at)
        at += child.leaves * _ROW
    ahead = next((child for child in twig.twigs if child.expected), None)
    single = (
        ahead is not None
        and sum(child.expected for child in twig.twigs) == 1
        and any(child.twigs for child in twig.twigs)
    )
    twig.y = ahead.y if ahead is not None and single else (twig.twigs[0].y + twig.twigs[-1].y) / 2


# ---- where it stands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    sheet: Sheet
    picture: TreePicture
    xs: dict[int, float]  # column -> x
    values_from: float
    top: float  # the first row
    players: tuple[int, ...]

    @classmethod
    def of(cls, sheet: Sheet, picture: TreePicture, root: _Twig, top: float) -> _Plan:
        count = min(_COMPANIES, len(sheet.analysis.scenario.players))
        values_from = WIDTH - count * _VALUE
        columns = sorted({twig.node.column for twig in _walk(root) if twig.twigs})
        last = _room_for_fan(root)
        first = max(12.0, _half_width(root))
        last = max(76.0, min(last, values_from - first - 70.0 * (len(columns) - 1)))
        step = min(150.0, (values_from - first - last) / max(1, len(columns) - 1))
        xs = {column: first + place * step for place, column in enumerate(columns)}
        return cls(sheet, picture, xs, values_from, top, tuple(range(count)))

    def value_x(self, player: int) -> float:
        return self.values_from + (player + 1) * _VALUE - 4

    def x(self, twig: _Twig) -> float:
        """Where a branch to this twig ends: at its node, or short of the values."""
        if twig.twigs:
            return self.xs[twig.node.column]
        return self.values_from - 2


def _heads(canvas: Canvas, plan: _Plan, y: float) -> None:
    seen: set[str] = set()
    room = -1.0
    for column, x in plan.xs.items():
        years, date = plan.picture.columns[column] if column < len(plan.picture.columns) else (None, None)
        text = (
            words.date_text(date)
            if date
            else ""
            if years is None
            else "today"
            if years == 0
            else f"after {words.length(years)}"
        )
        if text and text not in seen and x > room:
            anchor = "start" if x < 40 else "middle"
            canvas.text(0 if x < 40 else x, y, text, size=8.6, weight=600, fill=SOFT, anchor=anchor)
            room = x + text_width(text, 8.6) * 0.6
        seen.add(text)
    players = plan.sheet.analysis.scenario.players
    for player in plan.players:
        name = cut(plan.sheet.names.short(players[player].key), 8.6, _VALUE - 5, bold=True)
        canvas.text(plan.value_x(player), y, name, size=8.6, weight=600, fill=EDGES[player % 4], anchor="end")


# ---- drawing ---------------------------------------------------------------------------------------------------------


def _half_width(twig: _Twig) -> float:
    """How far a node reaches to its right: an information set's frame, or a shape."""
    return 6 + 7.5 * (min(4, twig.node.hidden_states) - 1) + (5 if twig.node.hidden_states > 1 else 0)


def _branches(canvas: Canvas, plan: _Plan, twig: _Twig) -> None:
    x0 = plan.xs[twig.node.column] if twig.twigs else 0.0
    start = x0 + (_half_width(twig) if twig.node.hidden_states > 1 else 0)
    fan = bool(twig.twigs) and not any(child.twigs for child in twig.twigs) and x0 > plan.values_from / 2
    for child in sorted(twig.twigs, key=lambda item: item.expected):
        stroke, width = (MARK, _THICK) if child.expected else (SOFT, 1.0)
        elbow = start + (11 if fan else 24 if len(plan.xs) < 4 else 14)
        level = abs(child.y - twig.y) < 0.01
        if fan:
            end = elbow + 8
            canvas.line(
                [(start, twig.y), (end, child.y)] if level else [(start, twig.y), (elbow, child.y), (end, child.y)],
                stroke=stroke,
                width=width,
            )
            room = plan.values_from - end - 4
            canvas.text(
                end + 4,
                child.y + 3,
                cut(_label(child), _LABEL, room, bold=child.expected),
                size=_LABEL,
                weight=700 if child.expected else 400,
            )
        else:
            end = plan.x(child)
            canvas.line(
                [(start, twig.y), (end, child.y)] if level else [(start, twig.y), (elbow, child.y), (end, child.y)],
                stroke=stroke,
                width=width,
            )
            _branch_label(canvas, plan, twig, child, (elbow, end))
        if not child.twigs:
            _values(canvas, plan, child.node.values, child.y, bold=child.expected)


def _branch_label(canvas: Canvas, plan: _Plan, twig: _Twig, child: _Twig, stretch: tuple[float, float]) -> None:
    """The branch's name above its line, in as many lines as there is room up to the branch above."""
    elbow, end = stretch
    level = abs(child.y - twig.y) < 0.01
    x = (
        (plan.xs[twig.node.column] + _half_width(twig) + 5)
        if level
        else elbow + (6 if twig.node.kind != "chance" else 2)
    )
    room = min(end - x - (_half_width(child) if child.twigs else 0) - 2, 190)
    if not child.twigs:
        room = min(plan.values_from - x - 6, 230)
    place = twig.twigs.index(child)
    above = (
        max((item.y for item in _walk(twig.twigs[place - 1])), default=0.0)
        if place
        else max(child.y - 42, plan.top - 16)
    )
    lines = max(1, min(4, int((child.y - above - 5) / 9.6)))
    rows = wrapped(_label(child), _LABEL, max(30.0, room), lines, bold=child.expected)
    if child.chance and "…" in "".join(rows):  # the chance is never what is cut
        rows = [f"{cut(child.label, _LABEL, room - 14, bold=child.expected)} {child.chance}"]
    for number, row in enumerate(rows):
        y = child.y - (5.4 if child.expected else 4) - 9.6 * (len(rows) - 1 - number)
        canvas.text(x, y, row, size=_LABEL, weight=700 if child.expected else 400, halo=True)


def _label(twig: _Twig) -> str:
    if twig.chance:
        return f"{twig.label} {twig.chance}"
    return f"{twig.letter} {twig.label}".strip() + (" …" if twig.folded else "")


def _room_for_fan(root: _Twig) -> float:
    """What the last choices need between their node and the values."""
    fans = [twig for twig in _walk(root) if twig.twigs and not any(child.twigs for child in twig.twigs)]
    widest = max(
        (text_width(child.label, _LABEL, bold=child.expected) for twig in fans for child in twig.twigs), default=60.0
    )
    frame = max((_half_width(twig) for twig in fans), default=6.0)
    return frame + 19 + 12 + min(128.0, widest)


def _values(canvas: Canvas, plan: _Plan, values: tuple[float, ...], y: float, *, bold: bool) -> None:
    for player in plan.players:
        canvas.text(
            plan.value_x(player),
            y + 3,
            plan.sheet.number(values[player]),
            size=9.0,
            weight=700 if bold else 400,
            anchor="end",
        )


def _movers(plan: _Plan, node: TreePictureNode) -> list[int]:
    keys = [player.key for player in plan.sheet.analysis.scenario.players]
    return [keys.index(name) for name in node.by if name in keys]


def _node(canvas: Canvas, plan: _Plan, twig: _Twig) -> None:
    x, y = plan.xs[twig.node.column], twig.y
    if twig.node.kind == "chance":
        canvas.chance(x, y)
        return
    movers = _movers(plan, twig.node)
    if twig.node.kind == "agreement":
        for place, player in enumerate(movers[:4]):
            canvas.mover(x + 8.4 * (place - (min(4, len(movers)) - 1) / 2), y, player, size=8.6)
        return
    count = min(4, twig.node.hidden_states)
    if count > 1:
        half = _half_width(twig)
        canvas.rect(x - half, y - 9.5, 2 * half, 19, fill="#FFFFFF", stroke=INK, line=1.1, radius=5, dash="4 2.6")
    for place in range(count):
        for player in movers[:1]:
            canvas.mover(x + 12 * (place - (count - 1) / 2), y, player, size=8.6 if count > 1 else 9.6)


def _foot_rows(canvas: Canvas, plan: _Plan, root: _Twig, y: float) -> float:
    right = plan.values_from - 2
    refusals = {twig.refusal for twig in _walk(root) if twig.refusal is not None}
    if refusals:
        text = "Any refusal ends in no agreement"
        canvas.text(150, y, text, size=8.6, italic=True, anchor="end")
        canvas.line([(158, y - 3), (right, y - 3)], stroke=SOFT, width=1.1, dash="4 2.6")
        if len(refusals) == 1:
            _values(canvas, plan, refusals.pop(), y - 3, bold=False)
        y += 14
    if any(twig.expected and twig.node.kind == "chance" for twig in _walk(root)):
        chosen = plan.sheet.analysis.recommendation.candidate
        letter = plan.sheet.names.letters.get(chosen or "")
        subject = f"of {letter}, the thick path" if letter else "of the thick path"
        canvas.text(150, y, f"Expected value {subject}", size=8.6, weight=700, anchor="end")
        canvas.line([(158, y - 3), (right, y - 3)], stroke=MARK, width=_THICK)
        _values(canvas, plan, root.node.values, y - 3, bold=True)
        y += 14
    return y


def _legend(canvas: Canvas, plan: _Plan, root: _Twig, y: float) -> None:
    players = plan.sheet.analysis.scenario.players
    used = sorted({player for twig in _walk(root) if twig.twigs for player in _movers(plan, twig.node)})
    entries = [(player, f"{plan.sheet.names.short(players[player].key)} decides") for player in used[:4]]
    if any(twig.node.kind == "chance" and twig.twigs for twig in _walk(root)):
        entries.append((-1, "chance, of 100"))
    x = WIDTH
    for player, text in reversed(entries):
        x -= text_width(text, 8.4) + 20
        if player < 0:
            canvas.chance(x + 5, y - 0.5, size=10)
        else:
            canvas.mover(x + 5, y, player, size=9)
        canvas.text(x + 14, y + 3, text, size=8.4, fill=SOFT)


# ---- in words --------------------------------------------------------------------------------------------------------


def _reading(sheet: Sheet, root: _Twig) -> str:
    text = "Thick line: the expected path."
    hidden = next((twig for twig in _walk(root) if twig.twigs and twig.node.hidden_states > 1), None)
    if hidden is not None:
        who = words.listed([sheet.names.name(player) for player in hidden.node.by])
        count = words.number_word(hidden.node.hidden_states)
        text += f" Dashed frame: {who} cannot tell which of the {count} states inside is true,"
        text += " so it makes one choice for all."
    if any(twig.folded for twig in _walk(root)):
        text += " Branches ending in … are folded; their values are those expected there."
    if len(sheet.analysis.scenario.players) > _COMPANIES:
        text += f" Values of the first {words.number_word(_COMPANIES)} companies."
    return text


def _expected(sheet: Sheet, root: _Twig) -> str:
    return "expected: " + " | ".join(sheet.number(value) for value in root.node.values)


def _alternative(sheet: Sheet, twig: _Twig, path: str) -> list[str]:
    here = f"{path}, {twig.label}".strip(", ") + (f" ({twig.chance} of 100)" if twig.chance else "")
    if not twig.twigs:
        values = " | ".join(sheet.number(value) for value in twig.node.values)
        return [f"{here}: {values}{' (expected)' if twig.expected else ''}"]
    rows = [row for child in twig.twigs for row in _alternative(sheet, child, here)]
    if twig.refusal is not None:
        rows.append(f"{here}, no agreement: ".lstrip(", ") + " | ".join(sheet.number(value) for value in twig.refusal))
    return rows
