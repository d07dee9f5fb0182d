"""What the recommended plan needs to hold: a payment, a lever, or neither; and what it is worth with that."""

from __future__ import annotations

from gamecore.advice.analysis import Candidate
from gamecore.brief.desk import Desk
from gamecore.brief.lever_lines import lever_label, lever_tail, pulled_alone
from gamecore.brief.payments import behind, headline_tail
from gamecore.brief.sharing import divided, shared_tail, split_shown

__all__ = ["before_change", "lever_needed", "needs", "pays", "why_needed", "worth_with", "worth_word"]


def needs(desk: Desk) -> str:
    """The end of the headline: `; Diamond pays Sapphire USD 7.1 m at signature`, `, with “Decide in October”`."""
    if divided(desk.analysis) is not None:
        return lever_tail(desk) + shared_tail(desk)
    return lever_needed(desk) + headline_tail(desk)


def lever_needed(desk: Desk) -> str:
    """`, with “Decide in October”`; empty where the lever needed is the payment that the page proposes."""
    return "" if pays(desk) else lever_tail(desk)


def pays(desk: Desk) -> bool:
    """Whether the page proposes a payment."""
    paid = behind(desk.analysis)
    return paid is not None and paid.facts.necessary


def worth_with(desk: Desk, chosen: Candidate) -> dict[str, float]:
    """What the plan is worth to each once what it needs is done: the payment made, else the lever pulled."""
    worth = {item.player: item.value.base for item in chosen.standings}
    split = split_shown(desk.analysis, desk.sight)
    if split:
        return worth | dict(split)
    paid, lever = behind(desk.analysis), pulled_alone(desk)
    if paid is not None and paid.facts.necessary:
        return {player: paid.after(player, value) for player, value in worth.items()}
    if lever is not None and all(player in lever.values for player in worth):
        return {player: lever.values[player] for player in worth}
    return worth


def worth_word(desk: Desk) -> str:
    """How the values in the headline's line are called."""
    if pays(desk) or split_shown(desk.analysis, desk.sight):
        return "value after payment"
    return "value" if pulled_alone(desk) is None else "value with the change"


def why_needed(desk: Desk) -> list[str]:
    """Why the plan does not hold without what it needs: who does better without, or that it would not hold."""
    paid = behind(desk.analysis)
    asked = paid is not None and paid.facts.necessary
    if desk.chosen is None or not desk.sight.internal or not (asked or pulled_alone(desk)):
        return []
    what = "the payment" if asked else "the change"
    losing = [item for item in desk.chosen.standings if not item.acceptable]
    if not losing:
        return [f"Without {what} {desk.letter} would not hold by itself."]
    worst = min(losing, key=lambda item: item.gain)
    return [f"Without {what} {desk.names.does_better(worst.player, [desk.chosen], desk.decimals)}"]


def before_change(desk: Desk) -> str:
    """The key's word on a panel whose values are those without the lever that is needed."""
    found = pulled_alone(desk)
    if found is None or not desk.sight.internal or not lever_needed(desk):
        return ""
    return f"Values are those without {lever_label(found)}."
