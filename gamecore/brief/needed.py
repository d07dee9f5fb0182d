"""What the recommended plan needs to hold: a payment, a lever, or neither; and what it is worth with that."""

from __future__ import annotations

from gamecore.advice.analysis import Candidate
from gamecore.brief.desk import Desk
from gamecore.brief.lever_lines import lever_tail, pulled_alone
from gamecore.brief.payments import behind, headline_tail

__all__ = ["needs", "pays", "worth_with", "worth_word"]


def needs(desk: Desk) -> str:
    """The end of the headline: `; Diamond pays Sapphire USD 7.1 m at signature`, `, with “Decide in October”`."""
    paid = behind(desk.analysis)
    lever = desk.analysis.recommendation.with_lever
    by_paying = paid is not None and paid.facts.necessary and paid.facts.lever == lever
    return ("" if by_paying else lever_tail(desk)) + headline_tail(desk)


def pays(desk: Desk) -> bool:
    """Whether the page proposes a payment."""
    paid = behind(desk.analysis)
    return paid is not None and paid.facts.necessary


def worth_with(desk: Desk, chosen: Candidate) -> dict[str, float]:
    """What the plan is worth to each once what it needs is done: the payment made, else the lever pulled."""
    worth = {item.player: item.value.base for item in chosen.standings}
    paid, lever = behind(desk.analysis), pulled_alone(desk)
    if paid is not None and paid.facts.necessary:
        return {player: paid.after(player, value) for player, value in worth.items()}
    if lever is not None and all(player in lever.values for player in worth):
        return {player: lever.values[player] for player in worth}
    return worth


def worth_word(desk: Desk) -> str:
    """How the values in the headline's line are called."""
    if pays(desk):
        return "value after payment"
    return "value" if pulled_alone(desk) is None else "value with the change"
