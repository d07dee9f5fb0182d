"""From what was tried to proposals: which are worth telling, in which order, and what each of them says.

Listed is a change that leaves the advised side with more than the game as it stands (an alliance: with a larger product
of gains over the walk-away), or that settles an outcome by which nobody has less than in any that is possible today. Of
changes with the same outcome and the same values only the smallest is kept. A pair is not listed if one of its parts
alone would be a proposal that everybody accepts and the pair takes back from somebody what that part gives: that is
haggling over the part.
Not listed either is a derived clause that makes the very option that comes about what holds without agreement.

The order: first what all who have to agree would accept (a side that commits itself has to ask nobody), then what the
other side would lose by, then what changes something that nobody decides: it is no lever, and tells what knowing is
worth; within each the larger gain net of cost, then the smaller change, then the order in which they were tried.

The size of a change is the number of its clauses, plus the years by which dates move, plus the money paid as a share
of the stakes (the most anybody's value differs between the plans people can name).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

import numpy as np

from gamecore.advice.lever_facts import Proposal, Pulled
from gamecore.model import Formula, Lever, Payment, Scenario
from gamecore.redesign.levers.derived import is_natural, is_the_plan
from gamecore.redesign.levers.search import Found, Search, Tried
from gamecore.redesign.levers.standing import Standing
from gamecore.redesign.levers.steps import Step
from gamecore.redesign.levers.unchanged import what_stays
from gamecore.robustness.points import PricedAt, play_at
from gamecore.scenario.changes import short_path, written
from gamecore.valuation.draws import Sampling
from gamecore.valuation.inputs import draw
from gamecore.valuation.payoffs import exact_worth

__all__ = [
    "Drawing",
    "accepted",
    "gains_of",
    "natural",
    "over_draws",
    "proposals",
    "pulled_of",
    "size_of",
    "told",
]

MOST_NATURAL: Final = 3  # proposals that rest on something nobody decides
NO_GAIN: Final = Fraction(1, 10**9)  # exact values that rest on irrational powers are cut at 50 digits


@dataclass(frozen=True)
class Drawing:
    """How many draws, from which seed, and for how many proposals."""

    draws: int = 2_000
    seed: int = 1
    sampling: str = Sampling.LATIN_HYPERCUBE
    most: int = 6


def proposals(found: Found, drawing: Drawing, *, most: int = 20) -> tuple[Proposal, ...]:
    """The proposals, best first; the first `drawing.most` over the draws as well."""
    begun = found.search
    kept = _worth_telling(begun, (*found.singles, *_more_than_their_parts(found)))
    order = [again for item in _foremost(begun, kept, most) for again in _again(begun, item)]
    drawn = _Drawn(begun, drawing)
    told_ones = []
    for number, item in enumerate(order):
        proposal = replace(told(begun, item), reaches=begun.reaches)
        told_ones.append(drawn.added(proposal, item) if number < drawing.most else proposal)
    return tuple(told_ones)


def _foremost(begun: Search, kept: Sequence[Tried], most: int) -> list[Tried]:
    """The first `most`, of which a few places are kept for what nobody decides: that is told apart, and by itself, for
    in a pair it cannot be seen what knowing alone is worth.
    """
    ranked = sorted(kept, key=lambda item: _order(begun, item))
    free = [item for item in ranked if natural(begun.scenario, item.steps) and len(item.steps) == 1]
    free = free[: min(MOST_NATURAL, most // 2)]
    decided = [item for item in ranked if not natural(begun.scenario, item.steps)]
    return decided[: most - len(free)] + free


# ---- which -----------------------------------------------------------------------------------------------------------


def _worth_telling(begun: Search, tried: Iterable[Tried]) -> list[Tried]:
    """Those that do something for the advised side, without the larger of two that come to the same."""
    best: dict[object, Tried] = {}
    for item in tried:
        if not _does_something(begun, item) or _agrees_beforehand(begun, item):
            continue
        counts = item.standing.counts
        key = (counts.key, tuple(round(float(value), 9) for value in counts.values), item.standing.settled)
        held = best.get(key)
        if held is None or size_of(begun, item.steps) < size_of(begun, held.steps):
            best[key] = item
    return list(best.values())


def _more_than_their_parts(found: Found) -> Iterator[Tried]:
    """The pairs that come to something else than each of their parts, and take from nobody what one of them alone, as
    a proposal of its own, would give.
    """
    begun = found.search
    alone = {id(item.steps[0]): item for item in found.singles if item.interval is None}
    proposed = {key for key, item in alone.items() if _does_something(begun, item) and accepted(begun, item)}
    for item in found.pairs:
        gains = gains_of(begun, item)
        parts = [id(step) for step in item.steps if id(step) in alone]
        if any(_same(begun, item, alone[part]) for part in parts):
            continue
        given = [gains_of(begun, alone[part]) for part in parts if part in proposed]
        if all(gain > was - NO_GAIN for part in given for gain, was in zip(gains, part, strict=True)):
            yield item


def _same(begun: Search, item: Tried, part: Tried) -> bool:
    """Whether a pair does no more for anybody than one of its parts, and settles nothing that the part does not."""
    level = zip(gains_of(begun, item), gains_of(begun, part), strict=True)
    settles = item.standing.settled and not part.standing.settled
    return not settles and all(abs(one - other) < NO_GAIN for one, other in level)


def _again(begun: Search, item: Tried) -> Iterator[Tried]:
    """A payment, whose amounts were solved with the tree held, from the file; nothing if it does not come out again."""
    if item.interval is None:
        yield item
        return
    standing = begun.solved(item.steps)
    held = item.standing
    if standing is not None and (standing.counts.key, standing.settled) == (held.counts.key, held.settled):
        yield replace(item, standing=standing)


def _does_something(begun: Search, item: Tried) -> bool:
    merit = begun.yardstick.merit
    more = merit(item.standing.counts.values) - merit(begun.base.counts.values)
    if more > NO_GAIN:
        return True
    if not item.standing.settled or begun.base.settled:
        return False
    before = [other.values for found in begun.base.outcomes.values() for other in found]
    most = (max(values) for values in zip(*before, strict=True))  # what settling may cost is the best that was possible
    return all(now > was - NO_GAIN for now, was in zip(item.standing.counts.values, most, strict=True))


def _agrees_beforehand(begun: Search, item: Tried) -> bool:
    """Whether a clause of the change is the very plan that comes about, today or then."""
    plans = (begun.base.counts.key, item.standing.counts.key)
    return any(is_the_plan(step, plan) for step in item.steps for plan in plans)


def gains_of(begun: Search, item: Tried) -> tuple[Fraction, ...]:
    """What everybody gains on the game as it stands, exactly."""
    pairs = zip(item.standing.counts.values, begun.base.counts.values, strict=True)
    return tuple(value - before for value, before in pairs)


def _order(begun: Search, item: Tried) -> tuple[int, Fraction, Fraction]:
    merit = begun.yardstick.merit
    more = merit(item.standing.counts.values) - merit(begun.base.counts.values)
    place = 2 if natural(begun.scenario, item.steps) else 0 if accepted(begun, item) else 1
    return place, -more, size_of(begun, item.steps)


def accepted(begun: Search, item: Tried) -> bool:
    """Whether everybody who has to agree has at least as much as today."""
    alone = {step.by for step in item.steps}
    players = begun.base.game.players
    asked = [next(iter(alone))] if len(alone) == 1 and None not in alone else players
    gains = dict(zip(players, gains_of(begun, item), strict=True))
    return all(gains[player] > -NO_GAIN for player in asked if player is not None)


def natural(scenario: Scenario, steps: Sequence[Step]) -> bool:
    """Whether some of the steps moves only what nobody decides."""
    return any(is_natural(scenario, step) for step in steps)


def size_of(begun: Search, steps: Sequence[Step]) -> Fraction:
    """How much is changed: clauses, plus years, plus money as a share of the stakes."""
    years = sum((step.months for step in steps), Fraction(0)) / 12
    money = sum((abs(step.amount) for step in steps if step.amount is not None), Fraction(0))
    clauses = sum(_clauses(begun.scenario, step) for step in steps)
    return clauses + years + (money / begun.stakes if begun.stakes else Fraction(0))


def _clauses(scenario: Scenario, step: Step) -> int:
    """How many clauses a step changes: dates that move together are one, and so are the shares of one thing."""
    if not step.declared:
        return 1
    lever = scenario.levers[step.lever]
    dates = any(change.path[0] == "timing" for change in lever.changes)
    others = sum(change.path[0] != "timing" for change in lever.changes)
    return max(1, dates + others + len(lever.payments) + len(lever.commitments))


# ---- what is told ----------------------------------------------------------------------------------------------------


def told(begun: Search, item: Tried) -> Proposal:
    """A change with what it does, at base values."""
    base, standing = begun.base, item.standing
    players = base.game.players
    gains = dict(zip(players, map(float, gains_of(begun, item)), strict=True))
    happy = tuple(player for player, gain in gains.items() if gain > -float(NO_GAIN))
    stays, moves = what_stays(begun, item)
    return Proposal(
        changes=tuple(pulled_of(begun, step) for step in item.steps),
        outcome=outcome_keys(standing),
        outcome_label=standing.counts.label,
        settled=standing.settled,
        moves_outcome=standing.counts.key != base.counts.key,
        values=dict(zip(players, map(float, standing.counts.values), strict=True)),
        gains=gains,
        size=float(size_of(begun, item.steps)),
        size_reason=_size_in_words(begun, item.steps),
        payment=None if item.interval is None else (float(item.interval[0]), float(item.interval[1])),
        unchanged=stays,
        moves_no_agreement=moves,
        acceptable_to=happy,
        accepted=accepted(begun, item),
        nature=natural(begun.scenario, item.steps),
        largest_cost=_largest_cost(begun, item, gains),
        confidential=any(step.confidential for step in item.steps),
    )


def outcome_keys(standing: Standing) -> dict[str, str]:
    """What comes about under each protocol, by the keys of plans."""
    return {name: " or ".join(item.key for item in found) for name, found in standing.outcomes.items()}


def pulled_of(begun: Search, step: Step) -> Pulled:
    """A step as the record names it."""
    lever = begun.scenario.levers.get(step.lever)
    payment = lever.payments[0] if lever is not None and lever.payments else None
    return Pulled(
        step.lever,
        step.label,
        step.kind,
        step.verb,
        derived=not step.declared,
        path=step.path,
        before=step.before,
        after=step.after,
        by=step.by,
        giver=payment.giver if payment else None,
        receiver=payment.receiver if payment else None,
        amount=_amount(step, payment),
        months=float(step.months),
        values={} if lever is None else _set_by(lever, step),
        subject=step.subject,
        now=step.now,
        then=step.then,
    )


def _amount(step: Step, payment: Payment | None) -> float | None:
    """What is paid: the amount chosen, or the number that the file says."""
    if step.amount is None and payment is not None and isinstance(payment.amount, Formula):
        return None if payment.amount.constant is None else float(payment.amount.constant)
    return None if step.amount is None else float(step.amount)


def _set_by(lever: Lever, step: Step) -> dict[str, str]:
    found = {}
    for change in lever.changes:
        key = f"{lever.name}.{'.'.join(change.path)}"
        chosen = step.amounts.get(key, step.candidates.get(key, change.candidates[0] if change.candidates else ""))
        found[short_path(change.path)] = written(chosen)
    return found


def _size_in_words(begun: Search, steps: Sequence[Step]) -> str:
    """Of what a size is made, as counts: "2 clauses, 3 months, 5.0 paid"."""
    clauses = sum(_clauses(begun.scenario, step) for step in steps)
    months = sum((step.months for step in steps), Fraction(0))
    money = sum((abs(step.amount) for step in steps if step.amount is not None), Fraction(0))
    parts = [f"{clauses} clause{'s' * (clauses != 1)}"]
    parts += [f"{float(months):g} month{'s' * (months != 1)}"] if months else []
    parts += [f"{float(money):.1f} paid"] if money else []
    return ", ".join(parts)


def _largest_cost(begun: Search, item: Tried, gains: dict[str, float]) -> float | None:
    """The most a commitment may cost the side that makes it: what it gains, with what the file says it costs."""
    makers = {step.by for step in item.steps if step.verb == "commit"}
    if len(makers) != 1 or (player := next(iter(makers))) is None:
        return None
    costs = (begun.scenario.levers[step.lever].cost.get(player) for step in item.steps)
    worth = exact_worth(begun.scenario)
    paid = sum(float(worth.value(cost, {})) for cost in costs if isinstance(cost, Formula))
    return gains[player] + paid


# ---- over the draws --------------------------------------------------------------------------------------------------


def over_draws(begun: Search, item: Tried, drawing: Drawing) -> Proposal:
    """One change as a proposal, over the draws as well."""
    return _Drawn(begun, drawing).added(replace(told(begun, item), reaches=begun.reaches), item)


class _Drawn:
    """Proposals over the draws; the game as it stands is drawn once, from the same seed."""

    def __init__(self, begun: Search, drawing: Drawing) -> None:
        self.begun = begun
        self.drawing = drawing

    @cached_property
    def before(self) -> list[float]:
        """The mean worth of the game as it stands to each player, under the protocol that counts."""
        return self._means(self.begun.base, self._played(self.begun.base))

    def _played(self, standing: Standing) -> PricedAt:
        drawing = self.drawing
        points = draw(standing.scenario, draws=drawing.draws, seed=drawing.seed, sampling=drawing.sampling)
        talks = [item.talks for item in standing.solved]
        ways = [standing.counts.forced]
        return play_at(standing.game, talks, ways, points, count=drawing.draws if points else 1, price=False)

    def _means(self, standing: Standing, found: PricedAt) -> list[float]:
        names = [item.talks.name for item in standing.solved]
        return [float(value) for value in np.mean(found.played[names.index(standing.protocol)].worth, axis=-1)]

    def added(self, proposal: Proposal, item: Tried) -> Proposal:
        """The proposal with the share of draws in which its outcome comes about, and the mean gains."""
        standing = item.standing
        found = self._played(standing)
        after = self._means(standing, found)
        gains = {
            player: value - was for player, value, was in zip(standing.game.players, after, self.before, strict=True)
        }
        if not standing.counts.forced:
            return replace(proposal, gains_mean=gains)
        settled = [number for number, name in enumerate(standing.outcomes) if _in(standing, name)]
        works = min(float(found.played[number].happens[0].mean()) for number in settled)
        return replace(proposal, gains_mean=gains, works=works)


def _in(standing: Standing, protocol: str) -> bool:
    return any(item.key == standing.counts.key for item in standing.outcomes[protocol])
