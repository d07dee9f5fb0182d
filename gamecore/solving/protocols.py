"""A scenario's game, solved at base values for every protocol: what an analysis and a solve both start from."""

from __future__ import annotations

from dataclasses import replace

from gamecore.advice.assess import Solved
from gamecore.equilibria.backward_induction import backward_induction
from gamecore.games.translate import Game, Numbers, Talks, compile_game, exact_numbers, protocols
from gamecore.model import Scenario
from gamecore.solving.limits import Limits
from gamecore.valuation.payoffs import exact_worth

__all__ = ["in_order", "solved_game"]


def solved_game(scenario: Scenario, limits: Limits) -> tuple[Game, Numbers, tuple[Solved, ...]]:
    """The scenario's game with its numbers, solved for every protocol at base values."""
    worth = exact_worth(scenario)
    talks = in_order(scenario)
    first = talks[0]
    game = compile_game(scenario, talks=first, most_nodes=limits.nodes, most_cases=limits.cases)
    if game.spelled_out:
        # the tree of an agreement under private information is that of one protocol
        game = replace(game, unsolved=tuple(item.name for item in talks[1:]))
        talks = (first,)
    numbers = exact_numbers(game, worth)
    solved = []
    for item in talks:
        bargaining = game.bargaining(item, worth)
        perfect = backward_induction(game.tree, numbers.payoffs, bargaining, most_profiles=limits.profiles)
        solved.append(Solved(item, bargaining, perfect))
    return game, numbers, tuple(solved)


def in_order(scenario: Scenario) -> tuple[Talks, ...]:
    """The protocols, the advised side's offer first: plans are priced by it where it matters who proposes later."""
    return tuple(sorted(protocols(scenario), key=lambda item: item.proposer != scenario.advise))
