"""A scenario's game, solved at base values for every protocol: what an analysis, a solve and a change of the game all
start from.

A *protocol* says, for each agreement, who proposes (`games/translate.py`, `Talks`). The tree is the same for all of
them while nobody knows anything the others do not; under private information it is that of one protocol, and the
others are named in `Game.unsolved`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from gamecore.equilibria.backward_induction import Perfect, backward_induction
from gamecore.games.agreement import Bargaining
from gamecore.games.translate import Game, Numbers, Talks, compile_game, exact_numbers, protocols
from gamecore.model import Scenario
from gamecore.valuation.payoffs import Worth, exact_worth

__all__ = ["Solved", "in_order", "solved_game"]


@dataclass(frozen=True)
class Solved:
    """One protocol solved at base values."""

    talks: Talks
    bargaining: Mapping[int, Bargaining]
    perfect: Perfect


def solved_game(
    scenario: Scenario,
    *,
    nodes: int = 200_000,
    cases: int = 2_000_000,
    profiles: int = 200_000,
    worth: Worth[Fraction] | None = None,
) -> tuple[Game, Numbers, tuple[Solved, ...]]:
    """The scenario's game with its numbers, solved for every protocol at base values.

    `nodes` of the tree, `cases` in which decisions and events can combine and `profiles` of a subgame with hidden moves
    are limits. `worth` may be that of another scenario whose outcomes are worth the same. Raises `InputError` if a
    number has no value, `RefusedError` if a limit would be broken.
    """
    worth = worth or exact_worth(scenario)
    talks = in_order(scenario)
    first = talks[0]
    game = compile_game(scenario, talks=first, most_nodes=nodes, most_cases=cases)
    if game.spelled_out:
        game = replace(game, unsolved=tuple(item.name for item in talks[1:]))
        talks = (first,)
    numbers = exact_numbers(game, worth)
    solved = []
    for item in talks:
        bargaining = game.bargaining(item, worth)
        perfect = backward_induction(game.tree, numbers.payoffs, bargaining, most_profiles=profiles)
        solved.append(Solved(item, bargaining, perfect))
    return game, numbers, tuple(solved)


def in_order(scenario: Scenario) -> tuple[Talks, ...]:
    """The protocols, the advised side's offer first: plans are priced by it where it matters who proposes later."""
    return tuple(sorted(protocols(scenario), key=lambda item: item.proposer != scenario.advise))
