"""The game tree: time in columns, who moves by shape and tone, the expected path thick, values right-aligned.

A node whose mover cannot tell hidden states apart is a dashed frame with one shape a state and one fan of choices.
Nodes on separate branches that the mover cannot tell apart stand in one dashed frame, or are joined by a dashed line
where others stand between them. No agreement is one line at the foot. With more than `MOST` endings, branches off the
expected path are folded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
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
_SMALL: Final = 7.6  # names of branches where columns are crowded
_LEADING: Final = 1.12  # from one line of a branch's name to the next, by its size
_LINES: Final = 6  # of a branch's name at most
_NARROW: Final = 52.0  # between two columns at least
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
    joined: bool = False  # with nodes on other branches, which its mover cannot tell apart from it
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
    sets = _joined(root)
    for twig in (twig for nodes in sets for twig in nodes):
        twig.joined = True
    title = "Who moves when, and what each move is worth"
    reading = _reading(sheet, root)
    canvas = Canvas()
    top = canvas.head(title, reading) + 5
    plan = _Plan.of(sheet, picture, root, top + 22)
    _heads(canvas, plan, top)
    canvas.rule(top + 6)
    bottom = _place(plan, root, top + 22)
    for twig in _walk(root):
        _branches(canvas, plan, twig)
    for nodes in sets:
        _join(canvas, plan, root, nodes)
    for twig in _walk(root):
        if twig.twigs:
            _node(canvas, plan, twig)
    y = bottom - 6
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


def _place(plan: _Plan, twig: _Twig, top: float) -> float:
    """Give every twig its row, and return the next free one.

    Endings take one row each, more where the name of a branch needs the room; a node stands at the middle of what
    follows it, or level with its expected branch.
    """
    if not twig.twigs:
        twig.y = top
        return top + _ROW
    at = top
    for child in twig.twigs:
        above = at - (_ROW if at > plan.top else 16)
        end = _place(plan, child, at)
        short = 0.0 if _is_fan(plan, twig) else above + _headroom(plan, twig, child) - child.y
        if short > 0:
            for item in _walk(child):
                item.y += short
        at = end + max(0.0, short)
    ahead = next((child for child in twig.twigs if child.expected), None)
    single = (
        ahead is not None
        and sum(child.expected for child in twig.twigs) == 1
        and any(child.twigs for child in twig.twigs)
    )
    twig.y = ahead.y if ahead is not None and single else (twig.twigs[0].y + twig.twigs[-1].y) / 2
    return at


def _headroom(plan: _Plan, twig: _Twig, child: _Twig) -> float:
    """What the name of a branch needs above its line."""
    room = min(_room(plan, twig, child, level=level) for level in (False, True))
    return plan.line * len(wrapped(_label(child), plan.size, room, _LINES, bold=child.expected)) + 5.4


# ---- where it stands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Plan:
    sheet: Sheet
    picture: TreePicture
    xs: dict[int, float]  # column -> x
    values_from: float
    top: float  # the first row
    players: tuple[int, ...]
    size: float  # of the names of branches

    @classmethod
    def of(cls, sheet: Sheet, picture: TreePicture, root: _Twig, top: float) -> _Plan:
        count = min(_COMPANIES, len(sheet.analysis.scenario.players))
        values_from = WIDTH - count * _VALUE
        columns = sorted({twig.node.column for twig in _walk(root) if twig.twigs})
        first = max(12.0, _half_width(root))
        size = _LABEL
        steps, fits = _steps(picture, root, columns, (first, values_from - first), size)
        if not fits:
            size = _SMALL
            steps, _ = _steps(picture, root, columns, (first, values_from - first), size)
        xs = {column: first + sum(steps[:place]) for place, column in enumerate(columns)}
        return cls(sheet, picture, xs, values_from, top, tuple(range(count)), size)

    @property
    def line(self) -> float:
        return self.size * _LEADING

    def value_x(self, player: int) -> float:
        return self.values_from + (player + 1) * _VALUE - 4

    def x(self, twig: _Twig) -> float:
        """Where a branch to this twig ends: at its node, or short of the values."""
        if twig.twigs:
            return self.xs[twig.node.column]
        return self.values_from - 2


def _head_texts(picture: TreePicture, columns: list[int]) -> list[str]:
    """What stands over each column: its date, the first time it comes."""
    texts: list[str] = []
    for column in columns:
        years, date = picture.columns[column] if column < len(picture.columns) else (None, None)
        if date:
            text = words.date_text(date)
        elif years is None:
            text = ""
        else:
            text = "today" if years == 0 else f"after {words.length(years)}"
        texts.append("" if text in texts else text)
    return texts


def _heads(canvas: Canvas, plan: _Plan, y: float) -> None:
    room = -1.0
    for x, text in zip(plan.xs.values(), _head_texts(plan.picture, list(plan.xs)), strict=True):
        width = text_width(text, 8.6)
        left = 0.0 if x < 40 else x - width / 2
        if text and left > room:
            canvas.text(left, y, text, size=8.6, weight=600, fill=SOFT)
            room = left + width
    players = plan.sheet.analysis.scenario.players
    for player in plan.players:
        name = cut(plan.sheet.names.short(players[player].key), 8.6, _VALUE - 5, bold=True)
        canvas.text(plan.value_x(player), y, name, size=8.6, weight=600, fill=EDGES[player % 4], anchor="end")


# ---- drawing ---------------------------------------------------------------------------------------------------------


def _steps(
    picture: TreePicture, root: _Twig, columns: list[int], span: tuple[float, float], size: float
) -> tuple[list[float], bool]:
    """How far each column is from the next, by the dates above and the names between them, and whether all fit."""
    first, width = span  # where the first column stands, and what is right of it
    heads = [text_width(text, _LABEL, bold=True) for text in _head_texts(picture, columns)]
    least, wishes = [], []
    for place, (left, right) in enumerate(pairwise(heads)):
        before = left - first if place == 0 else left / 2
        least.append(max(_NARROW, before + right / 2 + 6 if left and right else 0.0))
        names = [
            _wish(twig, child, size)
            for twig in _walk(root)
            for child in twig.twigs
            if child.twigs and (twig.node.column, child.node.column) == (columns[place], columns[place + 1])
        ]
        wishes.append(max([least[-1], *names]))
    if not wishes:
        return [], True
    short, whole = _room_for_fan(root, 2, size), _room_for_fan(root, 1, size)
    spare = width - short - sum(least)
    if spare <= 0:
        return [item * (width - short) / sum(least) for item in least], False
    asked = sum(wishes) - sum(least)
    if asked > spare:
        return [item + (wish - item) * spare / asked for item, wish in zip(least, wishes, strict=True)], False
    left_over = max(0.0, spare - asked - (whole - short))  # what is left goes to all alike
    return [min(150.0, wish + left_over / len(wishes)) for wish in wishes], True


def _wish(twig: _Twig, child: _Twig, size: float) -> float:
    """How wide a branch should be for its name to stand on three lines, between its bend and the next node."""
    text = _label(child)
    longest = max((text_width(word, size, bold=child.expected) for word in text.split()), default=0.0)
    whole = text_width(text, size, bold=child.expected)
    width = max(longest, min(whole, max(56.0, whole / 2.4)))
    straight = child.expected and sum(other.expected for other in twig.twigs) == 1
    return min(150.0, width + _half_width(twig) * straight + _half_width(child) + (8 if straight else 24))


def _is_fan(plan: _Plan, twig: _Twig) -> bool:
    """Whether a node's choices are the last ones and stand at the ends of short lines."""
    last = bool(twig.twigs) and not any(child.twigs for child in twig.twigs)
    return last and plan.xs[twig.node.column] > plan.values_from / 2


def _half_width(twig: _Twig) -> float:
    """How far a node reaches to its right: an information set's frame, or a shape."""
    frames = (5 if twig.node.hidden_states > 1 else 0) + (4 if twig.joined else 0)
    return 6 + 7.5 * (min(4, twig.node.hidden_states) - 1) + frames


def _branches(canvas: Canvas, plan: _Plan, twig: _Twig) -> None:
    start = _start(plan, twig)
    fan = _is_fan(plan, twig)
    for child in sorted(twig.twigs, key=lambda item: item.expected):
        stroke, width = (MARK, _THICK) if child.expected else (SOFT, 1.0)
        elbow = start + 11 if fan else _elbow(plan, twig)
        end = elbow + 8 if fan else plan.x(child)
        level = abs(child.y - twig.y) < 0.01
        canvas.line(
            [(start, twig.y), (end, child.y)] if level else [(start, twig.y), (elbow, child.y), (end, child.y)],
            stroke=stroke,
            width=width,
        )
        if fan:
            _choice_label(canvas, plan, child, end + 4)
        else:
            _branch_label(canvas, plan, twig, child)
        if not child.twigs:
            _values(canvas, plan, child.node.values, child.y, bold=child.expected)


def _start(plan: _Plan, twig: _Twig) -> float:
    """Where the branches of a node begin."""
    if not twig.twigs:
        return 0.0
    return plan.xs[twig.node.column] + (_half_width(twig) if twig.node.hidden_states > 1 else 0)


def _elbow(plan: _Plan, twig: _Twig) -> float:
    return _start(plan, twig) + (24 if len(plan.xs) < 4 else 14 if plan.size == _LABEL else 10) + 5 * twig.joined


def _choice_label(canvas: Canvas, plan: _Plan, child: _Twig, x: float) -> None:
    """The name of one of the last choices, at the end of its line; on two lines if it is long."""
    rows = wrapped(_label(child), plan.size, plan.values_from - x - 4, 2, bold=child.expected)
    for number, row in enumerate(rows):
        y = child.y + 3 + 9.0 * (number - (len(rows) - 1) / 2)
        canvas.text(x, y, row, size=plan.size, weight=700 if child.expected else 400)


def _label_x(plan: _Plan, twig: _Twig, *, level: bool) -> float:
    if level:
        return plan.xs[twig.node.column] + _half_width(twig) + 5
    return _elbow(plan, twig) + (6 if twig.node.kind != "chance" and plan.size == _LABEL else 2)


def _room(plan: _Plan, twig: _Twig, child: _Twig, *, level: bool) -> float:
    """How wide the name of a branch may be."""
    x = _label_x(plan, twig, level=level)
    if not child.twigs:
        return max(30.0, min(plan.values_from - x - 6, 230))
    return max(30.0, min(plan.x(child) - x - _half_width(child) - 2, 190))


def _branch_label(canvas: Canvas, plan: _Plan, twig: _Twig, child: _Twig) -> None:
    """The branch's name above its line, in as many lines as there is room up to the branch above."""
    level = abs(child.y - twig.y) < 0.01
    x, room = _label_x(plan, twig, level=level), _room(plan, twig, child, level=level)
    place = twig.twigs.index(child)
    above = (
        max((item.y for item in _walk(twig.twigs[place - 1])), default=0.0)
        if place
        else max(child.y - 6 - _LINES * plan.line, plan.top - 16)
    )
    lines = max(1, min(_LINES, int((child.y - above - 5) / plan.line + 1e-6)))
    rows = wrapped(_label(child), plan.size, room, lines, bold=child.expected)
    if child.chance and "…" in "".join(rows):  # the chance is never what is cut
        rows = [f"{cut(child.label, plan.size, room - 14, bold=child.expected)} {child.chance}"]
    for number, row in enumerate(rows):
        y = child.y - (5.4 if child.expected else 4) - plan.line * (len(rows) - 1 - number)
        canvas.text(x, y, row, size=plan.size, weight=700 if child.expected else 400, halo=True)


def _label(twig: _Twig) -> str:
    if twig.chance:
        return f"{twig.label} {twig.chance}"
    return f"{twig.letter} {twig.label}".strip() + (" …" if twig.folded else "")


def _room_for_fan(root: _Twig, lines: int, size: float) -> float:
    """What the last choices need between their node and the values, with their names on so many lines."""
    fans = [twig for twig in _walk(root) if twig.twigs and not any(child.twigs for child in twig.twigs)]
    widest = 60.0
    for child in (child for twig in fans for child in twig.twigs):
        whole = text_width(_label(child), size, bold=child.expected)
        longest = max((text_width(word, size, bold=child.expected) for word in _label(child).split()), default=0.0)
        widest = max(widest, whole if lines == 1 else max(longest, whole / 1.8))
    frame = max((_half_width(twig) for twig in fans), default=6.0)
    return max(76.0, frame + 19 + 12 + min(128.0, widest))


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


def _joined(root: _Twig) -> list[list[_Twig]]:
    """The nodes that stand on separate branches and that their mover cannot tell apart, set by set."""
    sets: dict[int, list[_Twig]] = {}
    for twig in _walk(root):
        if twig.twigs and twig.node.information_set is not None:
            sets.setdefault(twig.node.information_set, []).append(twig)
    return [nodes for nodes in sets.values() if len(nodes) > 1]


def _join(canvas: Canvas, plan: _Plan, root: _Twig, nodes: list[_Twig]) -> None:
    """One dashed frame around the nodes; a dashed line from node to node where another one stands between them."""
    nodes = sorted(nodes, key=lambda twig: twig.y)
    top, bottom, column = nodes[0].y, nodes[-1].y, nodes[0].node.column
    between = [
        twig
        for twig in _walk(root)
        if twig.twigs and twig.node.column == column and top < twig.y < bottom and twig not in nodes
    ]
    if not between and all(twig.node.column == column for twig in nodes):
        half = max(_half_width(twig) for twig in nodes)
        x = plan.xs[column]
        canvas.rect(x - half, top - 11, 2 * half, bottom - top + 22, stroke=INK, line=1.1, radius=7, dash="4 2.6")
        return
    for one, other in pairwise(nodes):
        ends = [(plan.xs[twig.node.column], twig.y) for twig in (one, other)]
        if ends[0][0] == ends[1][0]:  # past what stands between them, on the side the branches come from
            bow = [(ends[0][0] - 11, one.y + 9), (ends[1][0] - 11, other.y - 9)]
            ends = [ends[0], *bow, ends[1]]
        canvas.line(ends, stroke=INK, width=1.1, dash="4 2.6")


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
    joined = _joined(root)
    if joined:
        who = words.listed(
            list(dict.fromkeys(sheet.names.name(player) for nodes in joined for player in nodes[0].node.by))
        )
        text += f" Points in one dashed frame, or joined by a dashed line: {who} cannot tell them apart."
    drawn = {twig.node.name for twig in _walk(root) if twig.twigs and twig.node.kind == "chance"}
    for fact in sheet.analysis.known:
        if fact.event in drawn and fact.seen_by:
            who = words.listed([sheet.names.name(player) for player in fact.seen_by])
            text += f" Only {who} sees: {words.sentence(fact.label)}"
    if any(twig.folded for twig in _walk(root)):
        text += " Branches ending in … are folded; their values are those expected there."
    if len(sheet.analysis.scenario.players) > _COMPANIES:
        text += f" Values of the first {words.number_word(_COMPANIES)} {sheet.names.sides}."
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
