"""What payment between two players makes a plan work: ranges, the plan's own stability, and ways of paying.

A plan is worth `u` to each player, what it is compared with `d`. The payee needs at least `d - u` of its own, the payer
gives at most `u - d` of its own; between the two both prefer the plan, and the middle is the Nash point of the range
(transferable utility: both gain alike). With several references at once each side compares with its best one: the
payee's need is the largest, the payer's limit the smallest.

Where a plan is not what happens by itself, whoever proposes, the payments with which it is are found by solving the
game again (`transfers.py`) under every protocol; the part of them that both accept is the range `every_protocol`.

Ways of paying (`instruments.py`) are sized to bring the payee the worth of the proposed payment and put into the game
again: one under which somebody would later choose otherwise, or the plan would no longer hold, is left out.

Ranges are exact at base values and told as floats. A player with a risk tolerance counts in certainty equivalents,
which a sure payment moves one to one; ways that pay with some chance are then not priced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from gamecore.advice.assess import Case
from gamecore.advice.payment_facts import PaymentRange, Payments
from gamecore.advice.plans import Plan, forced_by
from gamecore.model import Lever
from gamecore.redesign.payments_plan import BASELINE, BOTH, NO_AGREEMENT, PLAY, PlanPayment, holds_by_itself, references
from gamecore.robustness.points import compatible_ends

__all__ = ["payments_in", "payments_of", "payments_of_lever", "reference_of"]


def payments_in(case: Case, recommended: str | None) -> tuple[Payments, ...]:
    """The payments an analysis tells: behind the recommended plan, and behind the best plan for the advised side that
    it would prefer and that does not hold by itself (for an alliance: the best together). Where nothing can be gained
    or lost by either, there is nothing to pay for.
    """
    keys = [key for key in (recommended, _better(case, recommended)) if key is not None]
    found = [item for key in keys for item in payments_of(case, key)]
    return tuple(item for item in found if any(part.needed != part.possible for part in item.ranges))


def payments_of(case: Case, candidate: str) -> tuple[Payments, ...]:
    """The payments behind one candidate, by its key: one record for each pair of players that matters.

    Of two players the one that gains more pays. Of three and more, everybody who would otherwise lose is paid by
    everybody who could give that much; if nobody loses, the one that gains most and the one that gains least stand for
    all. A lever of the file that pays at this plan says who pays whom. Empty where payoffs are no money (scores of
    criteria) or there is nothing to compare the plan with.

    Raises `KeyError` if there is no such candidate.
    """
    plan = next((plan for plan in case.plans if plan.key == candidate), None)
    if plan is None:
        raise KeyError(candidate)
    if not _is_money(case):
        return ()
    found = [PlanPayment(case, plan, *pair) for pair in _pairs(case, plan)]
    return tuple(item.forward().told() for item in found if item.references)


def payments_of_lever(case: Case, lever: Lever) -> Payments | None:
    """The payments at what a lever's `pay` asks for, whether that is a candidate or not.

    None where it pays nothing under a condition that can hold, where payoffs are no money, and where there is nothing
    to compare with.
    """
    if not lever.payments or not _is_money(case):
        return None
    payment = lever.payments[0]
    found = forced_by(case.game, payment.condition)
    if found is None:
        return None
    plan = next((plan for plan in case.plans if plan.forced == found[1]), Plan(lever.name, lever.label, (), found[1]))
    deal = PlanPayment(case, plan, payment.giver, payment.receiver, lever.name)
    return deal.told() if deal.references else None


def reference_of(facts: Payments) -> PaymentRange:
    """The range that `expect: payment` speaks of: against both no agreement and the plan as it stood, or the one of
    them there is; in a game of moves against what is played without the payment.
    """
    order = (BOTH, NO_AGREEMENT, PLAY, BASELINE)
    named = [item for item in facts.ranges if item.against in order]
    return min(named, key=lambda item: order.index(item.against))


def _is_money(case: Case) -> bool:
    return len(case.game.players) > 1 and not any(line.weights for line in case.game.scenario.payoffs.values())


def _better(case: Case, recommended: str | None) -> str | None:
    """The best candidate for the advised that it prefers to the recommended one and that does not hold by itself."""
    advised = case.game.scenario.advise
    place = case.game.players.index(advised) if advised in case.game.players else None

    def worth(number: int) -> Fraction:
        values = case.values[number]
        return sum(values, Fraction(0)) if place is None else values[place]

    floor = next((worth(number) for number, plan in enumerate(case.plans) if plan.key == recommended), None)
    ranked = sorted(range(len(case.plans)), key=worth, reverse=True)
    for number in ranked:
        if floor is not None and worth(number) <= floor:
            return None
        if not holds_by_itself(case, case.plans[number]):
            return case.plans[number].key
    return None


# ---- who pays whom --------------------------------------------------------------------------------------------------


def _pairs(case: Case, plan: Plan) -> Iterator[tuple[str, str, str | None]]:
    """(payer, payee, lever of the file that pays so)."""
    declared = [
        (payment.giver, payment.receiver, lever.name)
        for lever in case.game.scenario.levers.values()
        for payment in lever.payments[:1]
        if _pays_at(case, plan, lever)
    ]
    yield from declared
    players = case.game.players
    gains = _gains(case, plan)
    ranked = sorted(players, key=lambda player: gains[player])
    known = {frozenset(pair[:2]) for pair in declared}
    losing = [player for player in players if gains[player] < 0]
    if len(players) == 2 or not losing:
        pairs = [(ranked[-1], ranked[0])]
    else:
        pairs = [(payer, payee) for payee in losing for payer in ranked[::-1] if gains[payer] + gains[payee] >= 0]
    yield from ((payer, payee, None) for payer, payee in pairs if frozenset((payer, payee)) not in known)


def _pays_at(case: Case, plan: Plan, lever: Lever) -> bool:
    """Whether a lever pays under a plan and nowhere else."""
    found = forced_by(case.game, lever.payments[0].condition)
    tree = case.game.tree
    return found is not None and compatible_ends(tree, found[1]) == compatible_ends(tree, plan.forced)


def _gains(case: Case, plan: Plan) -> Mapping[str, Fraction]:
    """What each player gains by a plan against the better of its references."""
    values = case.worth(plan)
    against = references(case, plan)
    return {
        player: min((values[place] - other[place] for other in against.values()), default=Fraction(0))
        for place, player in enumerate(case.game.players)
    }
