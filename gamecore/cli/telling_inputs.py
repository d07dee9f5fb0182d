"""The inputs of an analysis on the terminal: each with its value, unit, source and owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gamecore.cli.files import shown

if TYPE_CHECKING:
    from rich.table import Table

    from gamecore.advice.analysis import Analysis, InputFacts

__all__ = ["input_table"]

_MOST_ROWS: Final = 20
NOTEWORTHY: Final = 0.0005  # a share of draws that prints as more than 0.0%


def input_table(analysis: Analysis, table: Callable[..., Table]) -> Table | None:
    """The inputs in the order of their names, or None if nobody wrote where one comes from or who answers for it."""
    if not any(item.source or item.owner for item in analysis.inputs):
        return None
    made = table("Input", "Value", "Unit", "Source", "Owner")
    for item in analysis.inputs[:_MOST_ROWS]:
        made.add_row(*map(shown, (item.label, _value(item), item.unit or "", item.source or "", item.owner or "")))
    left = len(analysis.inputs) - _MOST_ROWS
    if left > 0:
        made.add_row(f"... and {left} more; --json has them all")
    return made


def _value(item: InputFacts) -> str:
    shape = f" {item.shape}" if item.shape not in {None, "normal"} else ""
    cut = f", {item.cut:.1%} of the draws cut" if item.cut >= NOTEWORTHY else ""
    return f"{item.value}{shape}{cut}"
