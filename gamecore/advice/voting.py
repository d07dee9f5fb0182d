"""Whether enough sides accept a plan: who is outvoted, and whom a payment would bring to accept it.

A plan is *accepted* if at every agreement it passes those who accept it are enough (`games/voting.py`), and everybody
who takes part in none accepts it. A side that has less than its walk-away is *outvoted* where its yes is not needed,
and *compensated* where money can be shared and those whose yes is needed have together at least what they have without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gamecore.advice.plans import Plan
from gamecore.advice.voting_facts import VotingRule
from gamecore.games.translate import Game, quorum_of
from gamecore.games.voting import Quorum

__all__ = ["Excused", "excused", "passing", "voting_rules"]


@dataclass(frozen=True)
class Excused:
    """Players, by index, whose walk-away does not keep a plan from being accepted."""

    outvoted: tuple[int, ...] = ()
    compensated: tuple[int, ...] = ()


def voting_rules(game: Game) -> tuple[VotingRule, ...]:
    """The agreements for which fewer yeses than all are enough, in file order."""
    return tuple(
        VotingRule(name, item.by, item.needs.votes, item.needs.veto)
        for name, item in game.scenario.decisions.items()
        if item.needs is not None and item.needs.votes < len(item.by)
    )


def excused(game: Game, plan: Plan, gains: Sequence[Any]) -> Excused:
    """Who need not accept a plan; `gains` are what it is worth to each player more than its walk-away."""
    outvoted: set[int] = set()
    compensated: set[int] = set()
    for quorum, asked, paid in _agreements(game, plan):
        yes = {player for player in quorum.signers if gains[player] >= 0}
        needed = yes
        if paid:
            richest = max(quorum.signers, key=lambda player: gains[player])
            needed = set(quorum.cheapest(richest, gains))
            if sum(gains[player] for player in needed) < 0:
                needed = yes
        if not quorum.passes(needed):
            return Excused()
        compensated |= needed - yes
        outvoted |= {player for player in asked if gains[player] < 0} - needed
    return Excused(tuple(sorted(outvoted - compensated)), tuple(sorted(compensated)))


def passing(game: Game, plans: Sequence[Plan]) -> Callable[[str, Mapping[str, float]], bool]:
    """Whether enough sides accept a plan (by its key) that is worth so much more than its walk-away to each player."""
    by_key = {plan.key: plan for plan in plans}

    def passes(key: str, gains: Mapping[str, float]) -> bool:
        listed = [gains[player] if gains[player] < -1e-9 else max(gains[player], 0.0) for player in game.players]
        found = excused(game, by_key[key], listed)
        held = {*found.outvoted, *found.compensated}
        return all(gain >= 0 or player in held for player, gain in enumerate(listed))

    return passes


def _agreements(game: Game, plan: Plan) -> list[tuple[Quorum, tuple[int, ...], bool]]:
    """The agreements a plan passes: who has to say yes to its option, who takes part, and whether money can be shared.

    Only those in which not everybody has to be content by the option itself.
    """
    found = []
    for node, branch in plan.path:
        decision = game.scenario.decisions.get(game.name_of(node))
        action = game.actions[node][branch]
        if decision is None or not decision.is_agreement or action.fails or not action.sets:
            continue
        seats = tuple(game.players.index(player) for player in decision.by)
        quorum = quorum_of(decision, action.name, game.players)
        if decision.payments or quorum != Quorum.everyone(seats):
            found.append((quorum, seats, decision.payments))
    return found
