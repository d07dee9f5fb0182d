"""One plan with a payment from one player to another: its ranges, its own stability, and ways of paying.

See `payments.py` for what is told of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.advice.assess import Case, reaches
from gamecore.advice.payment_facts import Instrument, PaymentRange, Payments
from gamecore.advice.plans import Plan
from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.following import follow, usual_policy
from gamecore.equilibria.result import Status
from gamecore.redesign.instruments import Unit, units_of
from gamecore.redesign.transfers import Interval, goes_to, holding_transfers
from gamecore.robustness.points import compatible_ends, plan_worth
from gamecore.scenario.confidential import confidential_names
from gamecore.valuation.payoffs import Worth, exact_worth, traced_worth

__all__ = ["BASELINE", "BOTH", "EVERY_PROTOCOL", "NO_AGREEMENT", "PLAY", "PlanPayment", "holds_by_itself", "references"]

EVERY_PROTOCOL: Final = "every_protocol"
BOTH: Final = "both"
NO_AGREEMENT: Final = "no_agreement"
BASELINE: Final = "baseline"
PLAY: Final = "play"
SIGNATURE: Final = "signature"

MOST_NODES: Final = 400  # of a tree that is solved again for payments and ways of paying: a tenth of a second
MOST_CASES: Final = 5_000  # of a game whose ways of paying are priced
TOO_LITTLE: Final = 1e-9  # a worth per unit that counts as none

Values = tuple[Fraction, ...]


def holds_by_itself(case: Case, plan: Plan) -> bool:
    """Whether a plan is what happens, whoever proposes."""
    return len(case.enforced_under(plan)) == len(case.solved) and not case.game.unsolved


def references(case: Case, plan: Plan) -> dict[str, Values]:
    """What a plan is compared with: no agreement and the plan as it stood; in a game of moves, what is played."""
    found: dict[str, Values] = {}
    talks = case.disagreement is not None and case.talks_come_up
    if case.disagreement is not None and talks and case.disagreement.forced != plan.forced:
        found[NO_AGREEMENT] = case.worth(case.disagreement)
    if not talks:
        played = follow(case.game.tree, case.policy)
        ends = compatible_ends(case.game.tree, plan.forced)
        if any(end not in ends and case.numbers.reach[-1, end] for end in played):
            found[PLAY] = tuple(case.numbers.equivalents(plan_worth(case.numbers.payoffs, played)))
    if case.baseline is not None and case.plans[case.baseline].forced != plan.forced:
        found[BASELINE] = case.values[case.baseline]
    return found


@dataclass(frozen=True)
class PlanPayment:
    """A plan with a payment from `payer` to `payee`."""

    case: Case
    plan: Plan
    payer: str
    payee: str
    lever: str | None = None

    @cached_property
    def places(self) -> tuple[int, int]:
        players = self.case.game.players
        return players.index(self.payer), players.index(self.payee)

    @cached_property
    def values(self) -> Values:
        return self.case.worth(self.plan)

    @cached_property
    def references(self) -> dict[str, Values]:
        return references(self.case, self.plan)

    @cached_property
    def ends(self) -> frozenset[int]:
        return compatible_ends(self.case.game.tree, self.plan.forced)

    @cached_property
    def holds(self) -> bool:
        return holds_by_itself(self.case, self.plan)

    def forward(self) -> PlanPayment:
        """The same with the other side paying where a payment would have to run that way; no lever says so then."""
        first = self._first(list(self._ranges()))
        return replace(self, payer=self.payee, payee=self.payer, lever=None) if first.even < 0 else self

    def told(self) -> Payments:
        """The record: ranges with the one that the proposal is taken from in front, and the ways of paying it."""
        ranges = list(self._ranges())
        first = self._first(ranges)
        ranges = [first, *(item for item in ranges if item is not first)]
        alone = self._every_protocol(first) if first.works and (not self.holds or first.needed > 0) else None
        if alone is not None and not (self.holds and alone.needed <= first.even <= alone.possible):
            ranges.insert(0, alone)
        settled = self.holds or alone is not None
        necessary = ranges[0].works and settled and not (self.holds and self._accepted())
        instruments, reached = self._instruments(ranges[0])
        return Payments(
            candidate=self.plan.key,
            payer=self.payer,
            payee=self.payee,
            ranges=tuple(ranges),
            proposed=ranges[0].even,
            necessary=necessary,
            instruments=instruments,
            lever=self.lever,
            reaches=self._reaches() | reached,
        )

    def _first(self, ranges: Sequence[PaymentRange]) -> PaymentRange:
        """The strictest range that works, of those against what the file as it stands would give."""
        return next((item for item in ranges if item.works and item.against in {BOTH, *self.references}), ranges[0])

    def _accepted(self) -> bool:
        """Whether both have at least what they have if they say no."""
        return all(self.values[place] >= self.case.walk_away[place] for place in self.places)

    # ---- ranges

    def _ranges(self) -> Iterator[PaymentRange]:
        giver, taker = self.places
        ends = {name: self._ends(values) for name, values in self.references.items()}
        if {NO_AGREEMENT, BASELINE} <= set(ends):
            both = [ends[NO_AGREEMENT], ends[BASELINE]]
            yield _range(BOTH, max(low for low, _ in both), min(high for _, high in both))
        for name, (low, high) in ends.items():
            yield _range(name, low, high)
        for name, values in _clauses(self.case):
            yield _range(name, values[taker] - self.values[taker], self.values[giver] - values[giver])

    def _ends(self, values: Values) -> tuple[Fraction, Fraction]:
        """The least the payee takes and the most the payer gives."""
        giver, taker = self.places
        return values[taker] - self.values[taker], self.values[giver] - values[giver]

    def _every_protocol(self, accepted: PaymentRange) -> PaymentRange | None:
        """The part of a range with which the plan holds whoever proposes; None if that was not looked at."""
        case, tree = self.case, self.case.game.tree
        if case.game.unsolved or case.numbers.tolerances or len(tree.nodes) > MOST_NODES:
            return None
        if any(case.worth_under(number, self.plan) != self.values for number in range(len(case.solved))):
            return None  # who proposes decides what follows the plan, so that it is not one plan
        pieces = [Interval(-math.inf, math.inf)]
        for solved in case.solved:
            found = holding_transfers(tree, case.numbers.payoffs, self._slopes, self._target, solved.bargaining)
            if found.status is Status.REFUSED:
                return None
            pieces = [part for one in pieces for other in found.intervals if (part := _common(one, other)) is not None]
        inside = Interval(*self._exact(accepted))
        parts = [part for one in pieces if (part := _common(one, inside)) is not None]
        if not parts:
            return None
        widest = max(parts, key=lambda part: part.high - part.low)
        return _range(EVERY_PROTOCOL, Fraction(widest.low), Fraction(widest.high))

    def _exact(self, accepted: PaymentRange) -> tuple[Fraction, Fraction]:
        """The exact ends of a range already told."""
        ends = [self._ends(values) for name, values in self.references.items() if accepted.against in {name, BOTH}]
        return max(low for low, _ in ends), min(high for _, high in ends)

    @cached_property
    def _slopes(self) -> npt.NDArray[Any]:
        """What one unit paid at the plan's ends is to each player, weighted by reach."""
        giver, taker = self.places
        slopes = np.empty_like(self.case.numbers.payoffs)
        slopes[...] = Fraction(0)
        for end in self.ends:
            slopes[giver, end] = -self.case.numbers.reach[giver, end]
            slopes[taker, end] = self.case.numbers.reach[taker, end]
        return slopes

    @cached_property
    def _target(self) -> frozenset[int]:
        """The plan's ends, and those that chance never lets play come to."""
        reach = self.case.numbers.reach[-1]
        return self.ends | {end for end in range(self.case.game.tree.ends) if not reach[end]}

    @cached_property
    def _followed(self) -> dict[int, Any]:
        """The ends the plan comes to as it is usually played, with their weights."""
        return follow(self.case.game.tree, self.case.policy, self.plan.forced)

    # ---- ways of paying

    def _instruments(self, first: PaymentRange) -> tuple[tuple[Instrument, ...], frozenset[str]]:
        """Ways of paying the middle of a range, and the confidential entries that reach their prices."""
        amount = first.even
        if not first.works or first.needed <= 0 or amount <= TOO_LITTLE:
            return (), frozenset()  # nobody needs a payment
        firm = self.holds or first.against == EVERY_PROTOCOL
        unit = self.case.game.scenario.unit
        found = [Instrument(SIGNATURE, None, "At signature", amount, unit, amount, amount)]
        game = self.case.game
        small = len(game.tree.nodes) <= MOST_NODES and sum(map(len, game.cases)) <= MOST_CASES
        if small and not self.case.numbers.tolerances:
            units = units_of(game, exact_worth(game.scenario), self.payer, self.payee, self.ends)
            found += [item for one in units if (item := self._sized(one, amount, firm=firm)) is not None]
        lowest = min(item.costs for item in found)
        cheapest = next(item for item in found if item.costs <= lowest)
        marked = tuple(replace(item, cheapest=item is cheapest) for item in found)
        return marked, self._reaching(marked)

    def _sized(self, unit: Unit, worth: float, *, firm: bool) -> Instrument | None:
        """An instrument that brings the payee a worth; None if it cannot, or changes what is chosen."""
        costs, brings = (
            sum(float(weight) * per_end.get(end, 0.0) for end, weight in self._followed.items())
            for per_end in (unit.payer, unit.payee)
        )
        if brings <= TOO_LITTLE or costs < 0:
            return None
        amount, rest = worth / brings, 0.0
        if amount > unit.most:
            if unit.kind != "earlier_date":
                return None
            amount = unit.most
            rest = worth - amount * brings
        if not self._keeps(unit, amount, rest, firm=firm):
            return None
        said = self.case.game.scenario.unit if unit.unit is None else unit.unit
        return Instrument(
            unit.kind, unit.due, unit.label, amount, said, amount * costs + rest, worth, at_signature=rest
        )

    def _keeps(self, unit: Unit, amount: float, rest: float, *, firm: bool) -> bool:
        """Whether with an instrument in the payoffs the same is chosen after the plan, and a `firm` plan holds."""
        giver, taker = self.places
        payoffs = self.case.numbers.payoffs + _rational(rest) * self._slopes
        for end in self.ends:
            payoffs[giver, end] -= _rational(amount * unit.payer.get(end, 0.0))
            payoffs[taker, end] += _rational(amount * unit.payee.get(end, 0.0))
        tree = self.case.game.tree
        for number, solved in enumerate(self.case.solved):
            perfect = backward_induction(tree, payoffs, solved.bargaining)
            if number == 0:
                after = follow(tree, usual_policy(tree, perfect, solved.bargaining), self.plan.forced)
                if set(after) != set(self._followed):
                    return False
            if firm and not goes_to(tree, perfect, self._target, solved.bargaining):
                return False
        return True

    # ---- what is confidential

    def _reaches(self) -> frozenset[str]:
        """What reaches the ranges: both sides' worth of the plan and of all it is compared with."""
        case = self.case
        compared = [self.plan]
        if NO_AGREEMENT in self.references and case.disagreement is not None:
            compared.append(case.disagreement)
        if BASELINE in self.references and case.baseline is not None:
            compared.append(case.plans[case.baseline])
        found = frozenset().union(*(reaches(case, plan, place) for plan in compared for place in self.places))
        if PLAY in self.references or not self.holds or any(_clauses(case)):
            found = found.union(*(traces for row in case.traces for traces in row))
        return found | (frozenset({f"levers.{self.lever}"}) & confidential_names(case.game.scenario))

    def _reaching(self, instruments: Sequence[Instrument]) -> frozenset[str]:
        """What reaches the prices of ways of paying: both rates, the programme and the deal, chances and dates."""
        secret = confidential_names(self.case.game.scenario)
        kinds = {item.kind for item in instruments}
        if not secret or kinds == {SIGNATURE}:
            return frozenset()
        found = secret & {f"players.{self.payer}", f"players.{self.payee}"}
        traced = traced_worth(self.case.game.scenario)
        for item in instruments:
            name = (item.due or "").partition("=")[0]
            if name in self.case.game.times:
                found |= self._reaching_event(traced, name, secret)
        if kinds - {SIGNATURE, "contingent"}:
            found = found.union(*(traces for row in self.case.traces for traces in row))
        return found

    def _reaching_event(self, traced: Worth[frozenset[str]], name: str, secret: frozenset[str]) -> frozenset[str]:
        found = self.case.chance_traces | (secret & {f"events.{name}", f"decisions.{name}"})
        at = self.case.game.scenario.timing.moments[name].at
        return found if at is None else found | traced.years(at, {})


def _clauses(case: Case) -> Iterator[tuple[str, Values]]:
    """Levers that only say what happens without agreement, with what that is then worth."""
    talks = case.disagreement is not None and case.talks_come_up
    for lever in case.game.scenario.levers.values() if talks else ():
        alone = len(lever.changes) == 1 and not (lever.payments or lever.commitments or lever.cost)
        path = lever.changes[0].path if alone else ()
        if len(path) == 4 and path[0] == "decisions" and path[2:] == ("no_agreement", "means"):
            key = f"{path[1]}={lever.changes[0].candidates[0]}"
            number = next((number for number, plan in enumerate(case.plans) if plan.key == key), None)
            if number is not None:
                yield lever.name, case.values[number]


def _common(one: Interval, other: Interval) -> Interval | None:
    """What two intervals share."""
    low, high = max(one.low, other.low), min(one.high, other.high)
    has_low = all(item.has_low for item in (one, other) if item.low == low)
    has_high = all(item.has_high for item in (one, other) if item.high == high)
    return Interval(low, high, has_low, has_high) if low < high or (low == high and has_low and has_high) else None


def _range(against: str, needed: Fraction, possible: Fraction) -> PaymentRange:
    works = needed <= possible
    return PaymentRange(against, float(needed), float(possible), works, float((needed + possible) / 2))


def _rational(number: float) -> Fraction:
    return Fraction(f"{number:.12g}")
