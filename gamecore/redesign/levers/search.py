"""The search over changes: one at a time at base values, then in pairs, every one solved forward again.

Singles come first, in the order of `derived.every_step`. Then pairs of singles that touch different parts of the file,
those first whose parts alone do most for everybody together. What is never done is to add up the effects of two
changes: each pair is read and solved as one file. A payment is solved over all its amounts (`amounts.py`), alone and on
top of other singles: there the tree stays and only payoffs move, in proportion. What is listed in the end is read and
solved from the file once more (`ranking.py`).

The limits are counts, never a clock, so the same file gives the same answer: `Budget.pairs` pairs at most, and no more
than `Budget.ends` ends of trees solved for them altogether (valuing an end is what costs). What was not tried is
counted (`Found.pairs_left`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

from gamecore.advice.assess import traces_of_ends
from gamecore.advice.building import build_case
from gamecore.equilibria.following import follow, policy_of, usual_policy
from gamecore.errors import GamecoreError, InputError
from gamecore.model import ALLIANCE, Choice, Scenario
from gamecore.redesign.levers.amounts import Piece, pieces, slope_of, solved_at
from gamecore.redesign.levers.derived import every_step
from gamecore.redesign.levers.standing import Standing, Values, Yardstick, standing_of
from gamecore.redesign.levers.steps import Step, changed
from gamecore.redesign.levers.worths import SharedWorth, shared_worth, worth_for
from gamecore.robustness.points import plan_worth
from gamecore.valuation.payoffs import traced_worth

__all__ = ["Budget", "Found", "Tried", "search", "start"]


@dataclass(frozen=True)
class Budget:
    """How much is tried: pairs, ends of trees over all pairs, and the limits of one game.

    A change that leaves a subgame with hidden moves of more than `changed_profiles` profiles is not solved.
    """

    pairs: int = 120
    ends: int = 3_000
    nodes: int = 200_000
    cases: int = 2_000_000
    profiles: int = 200_000
    changed_profiles: int = 10_000
    payments: bool = True
    paid_nodes: int = 400  # of a tree in which the amounts of a payment are looked for

    @property
    def limits(self) -> dict[str, int]:
        """Of the game as it stands."""
        return {"nodes": self.nodes, "cases": self.cases, "profiles": self.profiles}

    @property
    def changed_limits(self) -> dict[str, int]:
        """Of a game after a change."""
        return {**self.limits, "profiles": min(self.profiles, self.changed_profiles)}


@dataclass(frozen=True)
class Tried:
    """Changes with the game they make. `interval` holds the amounts of a payment with which the same happens and
    nobody who could have more today has less, where there are any.
    """

    steps: tuple[Step, ...]
    standing: Standing
    interval: tuple[Fraction, Fraction] | None = None


@dataclass
class Search:
    """A scenario with all its derived levers, solved as it stands; where every search starts."""

    scenario: Scenario  # with the derived levers written into it
    steps: tuple[Step, ...]
    base: Standing
    yardstick: Yardstick
    budget: Budget
    worth: SharedWorth
    tried: int = 0
    traced: frozenset[str] | None = None  # what `reaches` is, where it is known already

    @cached_property
    def stakes(self) -> Fraction:
        """The most anybody's value differs between plans people can name: what a payment is measured by."""
        return _stakes(self.base)

    @cached_property
    def reaches(self) -> frozenset[str]:
        """The confidential entries that reach what happens: every payoff and every chance may decide it."""
        if self.traced is not None:
            return self.traced
        table, chances = traces_of_ends(self.base.game, traced_worth(self.base.scenario))
        return frozenset(chances).union(*table.ravel())

    def solved(self, steps: tuple[Step, ...]) -> Standing | None:
        """The game after some changes; None where the file, or the game, does not allow them."""
        self.tried += 1
        scenario = changed(self.scenario, steps)
        try:
            found = scenario and standing_of(
                scenario, self.yardstick, worth=self.worth, limits=self.budget.changed_limits
            )
        except GamecoreError:
            found = None
        return found or None


def _stakes(base: Standing) -> Fraction:
    first = base.solved[0]
    policy = usual_policy(base.game.tree, first.perfect, first.bargaining)
    table = [
        base.numbers.equivalents(plan_worth(base.numbers.payoffs, follow(base.game.tree, policy, plan.forced)))
        for plan in base.names
    ]
    return max((Fraction(max(column) - min(column)) for column in zip(*table, strict=True)), default=Fraction(0))


def start(scenario: Scenario, budget: Budget | None = None) -> Search:
    """A search before anything is tried.

    Raises `InputError` for a conflict without an order of moves, `RefusedError` if the scenario is too large to solve.
    """
    budget = budget or Budget()
    if scenario.is_conflict:
        raise InputError("levers change a game with dates; this file is a conflict without an order of moves")
    extended, steps = every_step(scenario, payments=budget.payments)
    worth = shared_worth(extended)
    first = standing_of(extended, worth=worth, limits=budget.limits)
    case = build_case(first.game, first.numbers, first.solved, draws=1, seed=1)
    place = None if scenario.advise == ALLIANCE else first.game.players.index(scenario.advise)
    yardstick = Yardstick(place, case.walk_away)
    base = standing_of(extended, yardstick, worth=worth, limits=budget.limits)
    return Search(extended, steps, base, yardstick, budget, worth)


@dataclass(frozen=True)
class Found:
    """Everything tried: what came of each single and each pair; `pairs_left` were not tried."""

    search: Search
    singles: tuple[Tried, ...]
    pairs: tuple[Tried, ...]
    pairs_left: int


def search(scenario: Scenario, budget: Budget | None = None) -> Found:
    """Try every single change, then pairs as far as the budget goes."""
    begun = start(scenario, budget)
    return searched(begun, begun.steps)


def searched(begun: Search, steps: tuple[Step, ...]) -> Found:
    """The same over some of the changes."""
    alone: dict[int, Tried] = {}
    singles: list[Tried] = []
    for number, step in enumerate(steps):
        if _is_open(begun.scenario, step):
            singles += _paid(begun, (), step, begun.base)
        elif (standing := begun.solved((step,))) is not None:
            alone[number] = Tried((step,), standing)
            singles.append(alone[number])
    pairs: list[Tried] = []
    left = 0
    allowed = min(begun.budget.pairs, begun.budget.ends // max(1, begun.base.game.tree.ends))
    for place, (one, other) in enumerate(_pairs(begun, steps, alone)):
        if place >= allowed:
            left += 1
            continue
        pairs += _pair(begun, one, other, alone, steps)
    return Found(begun, tuple(singles), tuple(pairs), left)


def _pair(begun: Search, one: int, other: int, alone: dict[int, Tried], steps: tuple[Step, ...]) -> Iterator[Tried]:
    first, second = steps[one], steps[other]
    if other not in alone:
        yield from _paid(begun, (first,), second, alone[one].standing)
        return
    if one not in alone:
        yield from _paid(begun, (second,), first, alone[other].standing)
        return
    standing = begun.solved((first, second))
    if standing is not None:
        yield Tried((first, second), standing)


def _pairs(begun: Search, steps: tuple[Step, ...], alone: dict[int, Tried]) -> list[tuple[int, int]]:
    """The pairs that can be made, the most promising first: by what their parts alone do for everybody together."""
    base = sum(begun.base.counts.values)
    gains = {number: sum(item.standing.counts.values) - base for number, item in alone.items()}
    order = sorted(range(len(steps)), key=lambda number: (-gains.get(number, Fraction(0)), number))
    place = {number: position for position, number in enumerate(order)}
    usable = [
        number
        for number, step in enumerate(steps)
        if number in alone or (_is_open(begun.scenario, step) and not _hangs_on_event(begun.scenario, step))
    ]
    found = [
        (one, other)
        for one, other in combinations(usable, 2)
        if (one in alone or other in alone) and not _overlap(steps[one], steps[other])
    ]
    return sorted(found, key=lambda pair: (place[pair[0]] + place[pair[1]], pair))


def _hangs_on_event(scenario: Scenario, step: Step) -> bool:
    """Whether a derived payment waits for an event: those are tried alone, or there would be no end of pairs."""
    condition = scenario.levers[step.lever].payments[0].condition
    return not step.declared and bool(condition.names & set(scenario.events))


def _overlap(one: Step, other: Step) -> bool:
    """Whether two changes touch the same part of the file, one inside the other."""
    return one.lever == other.lever or any(
        a == b or a.startswith(f"{b}.") or b.startswith(f"{a}.") for a in one.paths for b in other.paths
    )


# ---- payments --------------------------------------------------------------------------------------------------------


def _is_open(scenario: Scenario, step: Step) -> bool:
    """Whether a payment's amount is still to be chosen."""
    lever = scenario.levers.get(step.lever)
    return (
        step.verb == "pay"
        and step.amount is None
        and lever is not None
        and len(lever.payments) == 1
        and isinstance(lever.payments[0].amount, Choice)
    )


def _paid(begun: Search, steps: tuple[Step, ...], step: Step, standing: Standing) -> Iterator[Tried]:
    """A payment on top of other changes, once for each thing it brings about, at the even point of its amounts."""
    if len(standing.game.tree.nodes) > begun.budget.paid_nodes or standing.numbers.tolerances:
        return
    lever = begun.scenario.levers[step.lever]
    payment = lever.payments[0]
    bounds = payment.amount
    if not isinstance(bounds, Choice):
        return
    low, high = (bounds.low, bounds.high) if step.declared else (Fraction(0), begun.stakes)
    slope = _slope(begun, steps, step, standing)
    if slope is None:
        return
    cut = pieces(standing, slope, low, high, begun.yardstick)
    begun.tried += 1
    for piece in cut:
        if not step.declared and _same_as(piece.standing, standing):
            continue
        interval = _agreeable(begun, slope, piece)
        amount = (interval[0] + interval[1]) / 2
        at = solved_at(standing, slope, amount, begun.yardstick)
        yield Tried((*steps, step.paying(amount)), at, interval)


def _slope(begun: Search, steps: tuple[Step, ...], step: Step, standing: Standing) -> Any:
    """What one unit more adds to the payoffs; from the file where the lever does more than pay today."""
    lever = begun.scenario.levers[step.lever]
    payment = lever.payments[0]
    if payment.due is None and not lever.changes and not lever.commitments and not lever.cost:
        worth = worth_for(standing.scenario, begun.worth)
        return slope_of(standing, worth, payment.giver, payment.receiver, payment.condition)
    nothing, one = (begun.solved((*steps, step.paying(Fraction(amount)))) for amount in (0, 1))
    if nothing is None or one is None or nothing.game.tree != standing.game.tree:
        return None
    return one.numbers.payoffs - nothing.numbers.payoffs


def _same_as(one: Standing, other: Standing) -> bool:
    """Whether the same plans come about: a payment then only moves money."""
    return [sorted(item.key for item in found) for found in one.outcomes.values()] == [
        sorted(item.key for item in found) for found in other.outcomes.values()
    ]


def _agreeable(begun: Search, slope: Any, piece: Piece) -> tuple[Fraction, Fraction]:
    """The part of a piece in which everybody has at least as much as today, else the advised side has; else all."""
    middle = piece.amount
    weights = _weights(piece)
    at = piece.standing.counts.values
    tilt: Values = tuple(sum((slope[:, end] * weight for end, weight in weights.items()), slope[:, 0] * 0))
    today = begun.base.counts.values
    players = range(len(today))
    advised = begun.yardstick.advised
    for who in (players, players if advised is None else (advised,)):
        low, high = piece.low, piece.high
        for player in who:
            gain = at[player] - today[player]
            if tilt[player] > 0:
                low = max(low, middle - gain / tilt[player])
            elif tilt[player] < 0:
                high = min(high, middle - gain / tilt[player])
            elif gain < 0:
                low, high = Fraction(1), Fraction(0)
        if low <= high:
            return low, high
    return piece.low, piece.high


def _weights(piece: Piece) -> dict[int, Fraction]:
    """How much of each end is reached by what counts in a piece."""
    standing = piece.standing
    solved = next(item for item in standing.solved if item.talks.name == standing.protocol)
    for play in solved.perfect.plays[0]:
        if tuple(standing.numbers.equivalents(play.values)) == standing.counts.values:
            return follow(standing.game.tree, policy_of(standing.game.tree, play, solved.bargaining))
    return {}
