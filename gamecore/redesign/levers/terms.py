"""Terms of the deal moved by a small step: what two sides could settle without a new contract.

Where the file gives bounds (a lever with `a to b`), those are tried. Elsewhere the steps are `POINTS` for shares of
costs and profits, `ROYALTY_POINTS` for every tier of a royalty and `PART` of the amount for milestones: large enough to
show on a page, small enough that both sides would call it the same deal. Only plain numbers of the file are moved; one
that rests on an input or has a range stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations
from typing import Any, Final

from gamecore.model import Block, Formula, Scenario
from gamecore.scenario.changes import written

__all__ = ["PART", "POINTS", "ROYALTY_POINTS", "term_changes"]

POINTS: Final = Fraction(5, 100)
ROYALTY_POINTS: Final = Fraction(1, 100)
PART: Final = Fraction(1, 10)


def term_changes(scenario: Scenario) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every small change of a term: a name for it, its label, and the values it sets by their paths."""
    deal = scenario.deal
    if deal is None:
        return
    for section, whole in (("profit_share", True), ("cost_share", False)):
        for part in deal.names(section):
            yield from _shares(scenario, deal, section, part, whole=whole)
    for name in deal.names("milestones"):
        amount = _number(deal, ("milestones", name, "amount"))
        for sign, word in ((1, "higher"), (-1, "lower")) if amount else ():
            after = amount * (1 + sign * PART)
            label = f"Milestone {_spoken(deal, 'milestones', name)}: {written(after)} instead of {written(amount)}"
            yield f"{name}_{word}", label, {f"deal.milestones.{name}.amount": written(after)}
    for name in deal.names("royalties"):
        yield from _royalty(deal, name)
    for phase in deal.names("cost_share"):
        yield from _overruns(scenario, deal, phase)


def _number(deal: Block, path: tuple[str, ...]) -> Fraction:
    leaf = deal.leaves.get(path)
    constant = leaf.constant if isinstance(leaf, Formula) else None
    return constant if constant is not None else Fraction(0)


def _spoken(deal: Block, section: str, name: str) -> str:
    return deal.labels.get((section, name), name.replace("_", " ").capitalize())


def _percent(share: Fraction) -> str:
    return f"{written(share * 100)}%"


def _shares(
    scenario: Scenario, deal: Block, section: str, part: str, *, whole: bool
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    held = {
        player: share
        for player in scenario.players
        if (share := _number(deal, (section, part, player))) or (section, part, player) in deal.leaves
    }
    if sum(held.values()) != 1:
        return
    what = "Profit share" if whole else "Cost share"
    spoken = part.replace("_", " ")
    for giver, receiver in permutations(held, 2):
        if held[giver] < POINTS or held[receiver] + POINTS > 1:
            continue
        moved = {**held, giver: held[giver] - POINTS, receiver: held[receiver] + POINTS}
        label = f"{what} {spoken}: {scenario.players[receiver].label} {_percent(moved[receiver])}"
        label += f" instead of {_percent(held[receiver])}"
        path = f"deal.{section}.{part}"
        if whole:
            values: dict[str, Any] = {path: {player: _percent(share) for player, share in moved.items()}}
        else:
            values = {f"{path}.{player}": _percent(moved[player]) for player in (receiver, giver)}
        yield f"{section}_{part}_to_{receiver}_from_{giver}", label, values


def _royalty(deal: Block, name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    tiers = {path[3]: _number(deal, path) for path in deal.leaves if path[:3] == ("royalties", name, "tiers")}
    if not tiers or not all(tiers.values()):
        return
    for sign, word in ((1, "higher"), (-1, "lower")):
        moved = {start: rate + sign * ROYALTY_POINTS for start, rate in tiers.items()}
        if min(moved.values()) >= 0:
            label = f"{_spoken(deal, 'royalties', name)}: royalty {word} by 1 point"
            yield (
                f"royalty_{name}_{word}",
                label,
                {f"deal.royalties.{name}.tiers": {start: _percent(rate) for start, rate in moved.items()}},
            )


def _overruns(scenario: Scenario, deal: Block, phase: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Who bears what a phase costs above its budget."""
    prefix = ("cost_share", phase, "above_budget")
    now = {path[3]: _number(deal, path) for path in deal.leaves if path[:3] == prefix}
    if ("cost_share", phase, "cap") in deal.leaves:
        return
    for player in scenario.players:
        if now.get(player) != 1 and (*prefix[:2], player) in deal.leaves:
            label = f"Costs above the budget of {phase.replace('_', ' ')}: {scenario.players[player].label}'s"
            yield f"overruns_{phase}_{player}", label, {f"deal.{'.'.join(prefix)}": {player: "100%"}}
