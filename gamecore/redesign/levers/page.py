"""The changes an analysis tells on its page: few, tried at little cost, from the case that is solved already.

The full search is asked for by itself. Here a budget is spent: trying one change costs as many units as the file has
values to be read, plus `ENPV_UNITS` for every end that has to be valued from a programme. Levers of the file come
first, then derived ones in their order; payments are those of the file. Where nobody comes to talks and none of these
changes is one that everybody would accept, payments for what people do are looked for as well, in small trees, under a
budget of their own (`redesign/payments.py` tells what can be paid for what is agreed).
What is left out stands in the notes; where not even one change fits, nothing is tried.

If nothing can be recommended, more is spent: the least change that makes a plan that every side accepts, and that is
then what happens whoever proposes, is looked for among all single changes, payments included (`least_change`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from gamecore.advice.assess import Case
from gamecore.advice.lever_facts import LeverFacts, Proposal
from gamecore.errors import GamecoreError
from gamecore.model import ALLIANCE
from gamecore.redesign.levers.clauses import clauses
from gamecore.redesign.levers.derived import every_step
from gamecore.redesign.levers.ranking import Drawing, accepted, natural, over_draws, proposals, size_of
from gamecore.redesign.levers.search import Budget, Search, Tried, searched
from gamecore.redesign.levers.standing import Yardstick, standing_from
from gamecore.redesign.levers.worths import SharedWorth, shared_worth
from gamecore.scenario.tree import tree_size

__all__ = ["ENPV_UNITS", "PAGE_UNITS", "Change", "least_change", "levers_in"]

PAGE_UNITS: Final = 4_000
PAID_UNITS: Final = 10_000  # more, where nothing else is accepted by all
SEARCH_UNITS: Final = 60_000  # where nothing can be recommended without a change
ENPV_UNITS: Final = 60
PAGE_DRAWS: Final = 500
PAID_NODES: Final = 60  # of a tree in which the amounts of a payment are looked for
SHOWN: Final = 2


@dataclass(frozen=True)
class Change:
    """The least change that makes a plan hold: the plan's key, the lever's, and what it does."""

    candidate: str
    lever: str
    proposal: Proposal


def levers_in(
    case: Case, *, seed: int, draws: int, needed: Change | None = None, worth: SharedWorth | None = None
) -> LeverFacts | None:
    """The changes worth a line on the page; None where there is nobody to talk to.

    `needed` is the change that the recommendation rests on: it stands among the proposals whatever it brings. `worth`
    is what the case was solved with: what it knows is not valued again.
    """
    if len(case.game.players) < 2:
        return None
    try:
        begun, cut = _begin(case, PAGE_UNITS, worth, payments=False)
        found = searched(begun, begun.steps)
        drawing = Drawing(min(draws, PAGE_DRAWS), seed, most=SHOWN)
        best = proposals(found, drawing, most=SHOWN * 3)
        paid: tuple[Proposal, ...] = ()
        if not case.talks_come_up and not any(len(item.acceptable_to) == len(case.game.players) for item in best):
            paid = _paid(case, drawing, worth)
            best = (*paid, *best)
        prices = clauses(begun, found.singles, begun.reaches) if begun.steps else ()
    except GamecoreError:
        return LeverFacts((), status="partial", notes=("not solved",))
    kept = [item for item in best if needed is None or item.key != needed.lever]
    return LeverFacts(
        ((needed.proposal,) if needed is not None else ()) + tuple(kept),
        clauses=prices,
        tried=begun.tried,
        status="partial",
        notes=("too large to look here",) if not begun.steps else ("some changes", "pairs") if cut else ("pairs",),
        outcome=begun.base.counts.key,
        outcome_label=begun.base.counts.label,
        settled=begun.base.settled,
        values=dict(zip(begun.base.game.players, map(float, begun.base.counts.values), strict=True)),
        pairs_left=found.pairs_left,
        draws=drawing.draws,
    )


def _paid(case: Case, drawing: Drawing, worth: SharedWorth | None) -> tuple[Proposal, ...]:
    """The payments that everybody would accept, best first; none in trees in which no amounts are looked for."""
    if len(case.game.tree.nodes) > PAID_NODES:
        return ()
    begun, _ = _begin(case, PAID_UNITS, worth, payments=True, others=False)
    found = proposals(searched(begun, begun.steps), drawing, most=SHOWN)
    return tuple(item for item in found if len(item.acceptable_to) == len(case.game.players))


def least_change(case: Case, *, seed: int, draws: int, worth: SharedWorth | None = None) -> Change | None:
    """The smallest single change after which one of the plans is what happens, whoever proposes, every side has at
    least its walk-away, and nobody who has to agree has less than today.

    Of equally small ones the best for the advised side; None if there is none within the budget.
    """
    if len(case.game.players) < 2:
        return None
    try:
        begun, _ = _begin(case, SEARCH_UNITS, worth, payments=True)
        found = searched(begun, begun.steps)
    except GamecoreError:
        return None
    keys = {plan.key for plan in case.plans if not plan.fails}
    good = [item for item in found.singles if _holds(begun, item) and item.standing.counts.key in keys]
    if not good:
        return None
    best = min(good, key=lambda item: (size_of(begun, item.steps), -begun.yardstick.merit(item.standing.counts.values)))
    standing = begun.solved(best.steps)  # payments were solved with the tree held
    if standing is None:
        return None
    best = replace(best, standing=standing)
    drawing = Drawing(min(draws, PAGE_DRAWS), seed, most=1)
    return Change(standing.counts.key, best.steps[0].lever, over_draws(begun, best, drawing))


def _holds(begun: Search, item: Tried) -> bool:
    values = item.standing.counts.values
    enough = all(value >= least for value, least in zip(values, begun.yardstick.walk_away, strict=True))
    return item.standing.settled and enough and accepted(begun, item) and not natural(begun.scenario, item.steps)


def _begin(
    case: Case, units: int, worth: SharedWorth | None, *, payments: bool, others: bool = True
) -> tuple[Search, bool]:
    """A search from a case with the steps that its budget allows, and whether the budget is used up by them."""
    game = case.game
    scenario = game.scenario
    ends = game.tree.ends * ENPV_UNITS if scenario.programme is not None else 0
    allowed = units // (tree_size(scenario.source) + ends)
    extended, steps = every_step(scenario, payments=payments, others=others, most=allowed)
    place = None if scenario.advise == ALLIANCE else game.players.index(scenario.advise)
    yardstick = Yardstick(place, tuple(Fraction(value) for value in case.walk_away))
    base = standing_from(scenario, (game, case.numbers, case.solved), yardstick)
    budget = Budget(pairs=0, paid_nodes=PAID_NODES)
    traced = case.chance_traces.union(*case.traces.ravel())
    worth = worth or shared_worth(scenario)
    return Search(extended, steps, base, yardstick, budget, worth, traced=traced), len(steps) == allowed
