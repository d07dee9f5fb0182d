"""Money shared in any way, in the terminal: what each coalition can have, and what each player ends with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gamecore.brief import words
from gamecore.cli.files import shown

if TYPE_CHECKING:
    from rich.table import Table

    from gamecore.advice.analysis import Analysis
    from gamecore.advice.sharing_facts import Sharing

__all__ = ["coalition_table", "split_table"]

MOST: Final = 15  # coalitions that are listed: those of four players


def coalition_table(analysis: Analysis, table: Callable[..., Table]) -> Table | None:
    """What each coalition can have without the others, and by which option; None for very many of them."""
    sharing = analysis.sharing
    if sharing is None or len(sharing.coalitions) > MOST:
        return None
    labels = {player.key: player.label for player in analysis.scenario.players}
    decimals = _decimals(sharing)
    made = table("Together", "Worth", "By", right=[1])
    for item in sorted(sharing.coalitions, key=lambda item: len(item.members)):
        who = " and ".join(labels[player] for player in item.members)
        made.add_row(shown(who), words.number(item.value, decimals), shown(_option(analysis, item.option)))
    return made


def _option(analysis: Analysis, name: str) -> str:
    """An option by its label, where a candidate of the analysis has it."""
    if name == "no_agreement" and analysis.disagreement is not None:
        return analysis.disagreement.label
    decision = analysis.sharing.decision if analysis.sharing is not None else ""
    steps = (step for candidate in analysis.candidates for step in candidate.steps)
    return next((step.choice_label for step in steps if (step.decision, step.choice) == (decision, name)), name)


def split_table(analysis: Analysis, table: Callable[..., Table]) -> Table | None:
    """What each player has before and after the payments, and between what it can move without anybody leaving."""
    sharing = analysis.sharing
    if sharing is None:
        return None
    decimals = _decimals(sharing)
    made = table("Player", "Before payments", "After", "Nobody leaves from", "to", right=[1, 2, 3, 4])
    ranges = {item.player: item for item in sharing.core}
    for player in analysis.scenario.players:
        if player.key in sharing.split:
            found = ranges.get(player.key)
            ends = (
                ("-", "-") if found is None else tuple(words.number(end, decimals) for end in (found.least, found.most))
            )
            amounts = (words.number(held[player.key], decimals) for held in (sharing.before, sharing.split))
            made.add_row(shown(player.label), *amounts, *ends)
    return made


def _decimals(sharing: Sharing) -> int:
    return words.decimals_for(item.value for item in sharing.coalitions)
