"""A conflict on the terminal: positions with places and marks, what is recommended and why, in the page's words."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.table import Table

from gamecore.advice.conflict_facts import ConflictAnalysis, Strength
from gamecore.brief.conflict import conflict_page
from gamecore.brief.conflict_words import ConflictNames
from gamecore.cli.files import shown
from gamecore.errors import PageOverflowError

if TYPE_CHECKING:
    from gamecore.advice.analysis import Analysis

__all__ = ["tell_any", "tell_conflict", "tell_solved"]

_MOST_ROWS: Final = 40
_PIPE_WIDTH: Final = 130
MARKS: Final = {
    Strength.COALITION: "firm, even against groups",
    Strength.NASH: "firm",
    Strength.SEQ: "held by answers in the others' interest",
    Strength.SMR: "held by possible answers, for good",
    Strength.GMR: "held by possible answers",
    Strength.NONE: "does not last",
}


def tell_any(analysis: Analysis | ConflictAnalysis) -> None:
    """An analysis of either kind."""
    if isinstance(analysis, ConflictAnalysis):
        tell_conflict(analysis)
        return
    from gamecore.cli.telling import tell_analysis

    tell_analysis(analysis)


def tell_conflict(analysis: ConflictAnalysis) -> None:
    """The positions, the recommendation and why, what would change it."""
    console = _console()
    facts = analysis.scenario
    advised = next((player.label for player in facts.players if player.key == facts.advise), "the alliance")
    console.print(shown(facts.title), style="bold")
    console.print(shown(facts.question))
    console.print(shown(f"Advised: {advised}; only the order of what each prefers is known, no amounts"), style="dim")
    console.print(_positions(analysis))
    try:
        page = conflict_page(analysis)
    except PageOverflowError as error:
        console.print(shown(f"The page: {error}"))
        return
    console.print(shown(page.recommendation.text), style="bold")
    if page.recommendation.numbers:
        console.print(shown(page.recommendation.numbers))
    for block in (page.why, page.gives, page.sure, page.known, page.no):
        console.print()
        console.print(shown(block.head), style="bold")
        console.print(shown(block.text))
    for note in analysis.notes:
        console.print(shown(f"note: {note}"), style="dim")


def _console() -> Console:
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)


def tell_solved(document: Mapping[str, Any]) -> None:
    """The document of `solve`: states by the names of the file, ranks, and the concepts under which each is stable."""
    console = _console()
    console.print(shown(document["title"]), style="bold")
    console.print(
        shown(f"a conflict without an order of moves; {document['method']}, {document['status']}"), style="dim"
    )
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("State", overflow="fold")
    for player in document["players"]:
        table.add_column(shown(player), justify="right")
    table.add_column("Equilibrium under", overflow="fold")
    groups = {f"{concept} (groups)": states for concept, states in document["coalition_equilibria"].items()}
    found = {**document["equilibria"], **groups}
    for state in document["states"][:_MOST_ROWS]:
        under = [concept for concept, states in found.items() if state["state"] in states]
        today = " (today)" if state["state"] == document["today"] else ""
        ranks = (
            "?" if state["ranks"][player] is None else str(state["ranks"][player]) for player in document["players"]
        )
        table.add_row(shown(state["state"]) + today, *ranks, ", ".join(under) or "-")
    if len(document["states"]) > _MOST_ROWS:
        table.add_row(f"... and {len(document['states']) - _MOST_ROWS} more; --json has them all")
    console.print(table)
    for note in document["notes"]:
        console.print(shown(note))


def _positions(analysis: ConflictAnalysis) -> Table:
    names = ConflictNames(analysis)
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("")
    table.add_column("Position", overflow="fold")
    for player in analysis.scenario.players:
        table.add_column(shown(names.short(player.key)), justify="right")
    table.add_column("Does it last?", overflow="fold")
    letters = {option.state: option.letter for option in analysis.options}
    order = sorted(analysis.states, key=lambda state: (letters.get(state.number, "~"), state.number))
    for state in order[:_MOST_ROWS]:
        chosen = state.number == analysis.recommendation.state
        marks = [text for text, holds in (("recommended", chosen), ("today", state.number == analysis.today)) if holds]
        table.add_row(
            letters.get(state.number, ""),
            shown(state.label) + (f" ({', '.join(marks)})" if marks else ""),
            *(names.rank(player.key, state.number) for player in analysis.scenario.players),
            MARKS[state.strength],
            style="bold" if chosen else None,
        )
    if len(order) > _MOST_ROWS:
        table.add_row("", f"... and {len(order) - _MOST_ROWS} more; --json has them all")
    return table
