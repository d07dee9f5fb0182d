"""The price of a clause: what it is worth to write down beforehand what happens without agreement.

A clause moves the disagreement point d. For the plan x that comes about today (the best for all together where that is
no agreement), the payments t from one side to the
other with which both prefer x to d form the interval [d_2 - x_2, x_1 - d_1], and its middle splits the joint gain in
equal parts (Nash 1950, transferable utility). `price_of` tells how that interval, its middle and the outcome move with
each clause, every one solved forward: what happens without agreement, the final say of one side, switches, and
arbitration.

Arbitration is a chance between two outcomes: an arbiter picks, with equal chances, the plan that is best for the one
side or the plan that is best for the other. No agreement is then worth the mean of the two, laid on top of what it is
worth now, and the game is solved with that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from gamecore.advice.lever_facts import ClausePrice
from gamecore.equilibria.following import Policy, follow, usual_policy
from gamecore.redesign.levers.derived import is_the_plan
from gamecore.redesign.levers.search import Search, Tried
from gamecore.redesign.levers.standing import Standing, Values, with_payoffs
from gamecore.robustness.frequencies import compatible_ends

__all__ = ["Clause", "clauses", "plan_values", "without_agreement"]


@dataclass(frozen=True)
class Clause:
    """A clause with the game it makes: its key and label, and what no agreement is then worth."""

    lever: str
    label: str
    standing: Standing
    disagreement: Values
    confidential: bool = False


def clauses(begun: Search, singles: tuple[Tried, ...], reaches: frozenset[str]) -> tuple[ClausePrice, ...]:
    """What every clause among the changes tried is worth, in their order; arbitration last.

    Empty in a game of moves, where nothing has to be agreed.
    """
    before = begun.base.disagreement
    if before is None:
        return ()
    found = [clause for item in singles for clause in _clause(begun, item)]
    found += _arbitration(begun)
    return tuple(_price(begun, clause, before, reaches) for clause in found)


def _clause(begun: Search, item: Tried) -> Iterator[Clause]:
    """A change that moves what no agreement is worth, or takes it away."""
    step = item.steps[0]
    if step.kind != "clause" or begun.base.disagreement is None or is_the_plan(step, begun.base.counts.key):
        return
    point = item.standing.disagreement
    if step.final_say is not None:
        point = item.standing.counts.values  # without a deal the side that decides takes what is best for it
    if point is not None and point != begun.base.disagreement:
        yield Clause(step.lever, step.label, item.standing, point, step.confidential)


def _price(begun: Search, clause: Clause, before: Values, reaches: frozenset[str]) -> ClausePrice:
    base, players = begun.base, begun.base.game.players
    told = ClausePrice(
        clause.lever,
        clause.label,
        dict(zip(players, map(float, before), strict=True)),
        dict(zip(players, map(float, clause.disagreement), strict=True)),
        base.counts.key,
        clause.standing.counts.key,
        None,
        None,
        reaches=reaches,
        confidential=clause.confidential,
    )
    if len(players) != 2 or base.numbers.tolerances:
        return told
    plan, values = _plan_paid_for(base)
    first = _range(values, before, 0)
    payer = 0 if sum(first) >= 0 else 1
    was, now = _range(values, before, payer), _range(values, clause.disagreement, payer)
    return ClausePrice(
        told.lever,
        told.label,
        told.disagreement_before,
        told.disagreement_after,
        told.outcome_before,
        told.outcome_after,
        float(sum(was) / 2),
        float(sum(now) / 2),
        payer=players[payer],
        payee=players[1 - payer],
        plan=plan,
        range_before=(float(was[0]), float(was[1])),
        range_after=(float(now[0]), float(now[1])),
        reaches=reaches,
        confidential=clause.confidential,
    )


def _plan_paid_for(base: Standing) -> tuple[str, Values]:
    """The plan that a payment would be for: what comes about today; if that is no agreement, the best together."""
    values = plan_values(base)
    if base.counts.key in values or not values:
        return base.counts.key, base.counts.values
    best = max(values, key=lambda key: sum(values[key]))
    return best, values[best]


def _range(values: Values, point: Values, payer: int) -> tuple[Fraction, Fraction]:
    """The least the other side takes and the most the payer gives for a plan, against a point of disagreement."""
    payee = 1 - payer
    return point[payee] - values[payee], values[payer] - point[payer]


# ---- arbitration -----------------------------------------------------------------------------------------------------


def _arbitration(begun: Search) -> Iterator[Clause]:
    """An arbiter who picks the one side's favourite plan or the other's, where these differ."""
    base = begun.base
    players, point = base.game.players, base.disagreement
    values = plan_values(base)
    slope = without_agreement(base)
    if point is None or slope is None or len(players) != 2 or len(values) < 2 or base.numbers.tolerances:
        return
    favourites = [max(values, key=lambda key: values[key][player]) for player in range(2)]
    if favourites[0] == favourites[1]:
        return
    mean = tuple((one + other) / 2 for one, other in zip(*(values[key] for key in favourites), strict=True))
    moved = np.array([after - now for after, now in zip(mean, point, strict=True)], dtype=object)
    standing = with_payoffs(base, base.numbers.payoffs + slope * moved[:, None], begun.yardstick)
    labels = {plan.key: plan.label for plan in base.names}
    label = f"Without agreement an arbiter picks one: {labels[favourites[0]]}, or {labels[favourites[1]]}"
    yield Clause("arbitration", label, standing, mean)


def plan_values(standing: Standing) -> dict[str, Values]:
    """What each plan that people can name and agree on is worth."""
    policy = _policy(standing)
    found = {}
    for plan in standing.names:
        if not plan.fails:
            weights = follow(standing.game.tree, policy, plan.forced)
            total = sum((standing.numbers.payoffs[:, end] * weight for end, weight in weights.items()))
            found[plan.key] = tuple(standing.numbers.equivalents(total))
    return found


def _policy(standing: Standing) -> Policy:
    first = standing.solved[0]
    return usual_policy(standing.game.tree, first.perfect, first.bargaining)


def without_agreement(standing: Standing) -> Any:
    """What one unit more without agreement adds to the payoffs (player, end); None where talks cannot fail.

    Added for each player alone it moves that player's walk-away and nothing else.
    """
    plan = next((plan for plan in standing.names if plan.fails), None)
    if plan is None:
        return None
    ends = compatible_ends(standing.game.tree, plan.forced)
    if not plan.path and len(ends) == standing.game.tree.ends:
        return None
    slope = standing.numbers.payoffs * Fraction(0)
    mass = follow(standing.game.tree, _policy(standing), plan.forced)
    reached = sum((standing.numbers.reach[-1, end] * weight for end, weight in mass.items()), Fraction(0))
    failing = {end for end in ends if _fails(standing, end, plan.key)}
    for end in failing:
        slope[:, end] = standing.numbers.reach[: len(slope), end]
    return slope if failing and reached else None


def _fails(standing: Standing, end: int, key: str) -> bool:
    """Whether the talks of a failing plan have failed at an end."""
    decision = key.rpartition(",")[2].partition("=")[0]
    node = next(iter(standing.game.agreement_nodes.get(decision, ())), None)
    if node is None:
        return True
    tree = standing.game.tree
    return any(
        end in tree.ends_below(tree.nodes[number].children[-1]) for number in standing.game.agreement_nodes[decision]
    )
