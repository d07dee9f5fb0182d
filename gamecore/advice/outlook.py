"""What a condition is worth, and what is chosen where: the questions people ask of a solved game.

`worth_if` prices any condition on decisions, terms and events: what it says about decisions is laid down, everything
else is played as usual, and of what chance may bring only what fits counts (a conditional expectation, each player by
its own beliefs).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from gamecore.advice.plans import forced_by
from gamecore.equilibria.following import Policy, follow, policy_of
from gamecore.equilibria.protocols import Solved
from gamecore.games.translate import Game, Numbers
from gamecore.games.tree import NodeKind
from gamecore.model import Clause, Condition
from gamecore.valuation.payoffs import Worth
from gamecore.valuation.risk import equivalent, utility

__all__ = ["choices_in", "ends_fit", "outcomes_of", "worth_if"]


def worth_if(game: Game, worth: Worth[Fraction], policy: Policy, condition: Condition) -> tuple[Fraction, ...] | None:
    """The exact worth to each player if a condition holds; None if it cannot hold."""
    found = forced_by(game, condition)
    if found is None:
        return None
    clause, forced = found
    weights = follow(game.tree, policy, forced)
    switches = game.scenario.switches
    totals = []
    tolerances = worth.tolerances()
    for player in game.players:
        tolerance = tolerances.get(player)
        value = mass = Fraction(0)
        for end, weight in weights.items():
            for case in game.cases[end]:
                if not clause.fits({**switches, **case.assignment}):
                    continue
                chance = Fraction(weight)
                for event, outcome, seen in case.chances:
                    chance *= worth.chances(game.scenario.events[event], player, seen)[outcome]
                mass += chance
                if chance:
                    payoff = worth.payoff(player, case.assignment)
                    value += chance * (payoff if tolerance is None else utility(payoff, tolerance))
        if not mass:
            return None
        totals.append(value / mass if tolerance is None else equivalent(value / mass, tolerance))
    return tuple(totals)


def ends_fit(game: Game, numbers: Numbers, ends: Iterator[int] | list[int] | set[int], condition: Condition) -> bool:
    """Whether everything that can be at these ends fits a condition on decisions."""
    switches = game.scenario.switches
    return all(condition.fits({**switches, **game.cases[end][0].assignment}) for end in ends if numbers.reach[-1, end])


def outcomes_of(game: Game, numbers: Numbers, solved: Solved) -> Iterator[tuple[set[int], tuple[Fraction, ...]]]:
    """Where each subgame-perfect play of a protocol goes, with what it is worth."""
    for play in solved.perfect.plays[0]:
        reached = follow(game.tree, policy_of(game.tree, play, solved.bargaining))
        yield set(reached), tuple(numbers.equivalents(play.values))


def choices_in(game: Game, policy: Policy, decision: str, given: Condition | None) -> set[str]:
    """What is chosen in a decision wherever it comes up and `given` holds, on the path or off it."""
    found: set[str] = set()
    switches = game.scenario.switches
    for number, node in enumerate(game.tree.nodes):
        if game.names[number] != decision or node.kind not in {NodeKind.MOVE, NodeKind.AGREEMENT}:
            continue
        history = {**switches, **game.histories[number]}
        if given is None or any(_agrees(clause, history) for clause in given.clauses):
            found |= {game.actions[number][branch].name for branch, _ in policy.branches(number)}
    return found


def _agrees(clause: Clause, history: dict[str, str]) -> bool:
    return clause.fits(history)
