"""Where one decides alone: nobody to agree with, so the page says what is best and what another option costs."""

from __future__ import annotations

from dataclasses import replace

from gamecore.advice.analysis import Candidate, Kind
from gamecore.brief import words
from gamecore.brief.blocks import LIMITS, Block, Panel
from gamecore.brief.desk import Desk, fill

__all__ = ["best_line", "costs_block", "own_panel", "why_block"]


def best_line(desk: Desk, chosen: Candidate) -> str:
    """What the recommended plan is worth, and by how much it beats the plan as it stood."""
    unit = f" (value, {desk.analysis.scenario.unit})" if desk.analysis.scenario.unit else " (value)"
    value = chosen.standing(desk.names.alone).value.base
    told = f"{_head(desk, chosen)}: {desk.number(value)}"
    base = next((item for item in desk.analysis.candidates if item.is_baseline), None)
    if base is None:
        return f"{told}{unit}."
    if base.key == chosen.key:
        return f"{told}{unit}. It is the plan as it stood."
    change = words.signed(value - base.standing(desk.names.alone).value.base, desk.decimals)
    return f"{told}, {change} against {desk.names.letters.get(base.key) or 'the plan as it stood'}{unit}."


def own_panel(panel: Panel) -> Panel:
    """The panel without what needs a second player: values together, what is secured alone."""
    columns = tuple(replace(column, line=None) for column in panel.columns if column.kind != "together")
    several = len(columns) < len(panel.columns)
    rows = tuple(replace(row, cells=row.cells[:-1] if several else row.cells) for row in panel.rows)
    return replace(panel, columns=columns, rows=rows, floor=None)


def why_block(desk: Desk, chosen: Candidate) -> Block:
    """Why this plan: nothing is worth more, or as much; and what the file's author says for it."""
    kinds = {reason.kind: reason for reason in desk.analysis.recommendation.reasons}
    name = desk.names.name(desk.names.alone)
    texts = []
    if chosen.standing(desk.names.alone).rank == 1:
        texts.append(f"Best for {name}: no other plan in the file is worth more.")
    level = [desk.names.option(key) for key in _level(desk, chosen)]
    if level:
        texts.append(f"{words.listed(level)} {'is' if len(level) == 1 else 'are'} worth as much.")
    if Kind.LEARNS_FIRST in kinds:
        texts.append("The next decision waits until more is known.")
    texts += [words.sentence(text) for text in chosen.pros]
    return Block("why", f"Why {desk.letter}", fill(texts or [f"{_head(desk, chosen)}."], LIMITS["why"]))


def costs_block(desk: Desk, chosen: Candidate) -> Block:
    """By how much the other options on the page are worth less."""
    worth = chosen.standing(desk.names.alone).value.base
    parts = []
    for key, letter in desk.names.letters.items():
        less = worth - desk.analysis.candidate(key).standing(desk.names.alone).value.base
        if key != chosen.key and words.signed(less, desk.decimals).startswith("+"):
            parts.append(f"{letter} {desk.number(less)}")
    text = f"Worth less to {desk.names.name(desk.names.alone)}: {words.listed(parts)}."
    return Block("gives", "What another option costs", text if parts else "No other option here is worth less.")


def _head(desk: Desk, chosen: Candidate) -> str:
    best = chosen.standing(desk.names.alone).rank == 1
    return f"{'Best for' if best else 'Value to'} {desk.names.name(desk.names.alone)}"


def _level(desk: Desk, chosen: Candidate) -> list[str]:
    worth = desk.number(chosen.standing(desk.names.alone).value.base)
    values = {key: desk.analysis.candidate(key).standing(desk.names.alone).value.base for key in desk.names.letters}
    return [key for key, value in values.items() if key != chosen.key and desk.number(value) == worth]
