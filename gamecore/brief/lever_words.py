"""Changes of the game in plain words: what to say to the partner, what stays, what a clause is worth, when a plan comes
about.

Neutral words throughout: sides gain, accept, have more or less. `numbers=False` is for a shared copy: the change and
who gains by it, without any amount that rests on somebody's values; what is paid is part of the proposal and stays.

>>> from gamecore.advice.lever_facts import Proposal, Pulled
>>> moved = Pulled(
...     "oct", "Decide in October", "date", "set", True, subject="The decision", now="1 January", then="1 May"
... )
>>> found = Proposal((moved,), {"any": "wait"}, "Wait", True, False, {}, {"a": 3.4, "b": 3.7})
>>> speaker = Speaker({"a": "Ann", "b": "Ben"}, "a")
>>> to_the_partner(found, speaker)
'If “The decision” is on 1 May instead of 1 January, both of us gain: you +3.7, we +3.4.'
>>> to_the_partner(found, speaker, numbers=False)
'If “The decision” is on 1 May instead of 1 January, both of us gain.'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gamecore.advice.lever_facts import ClausePrice, Proposal, Pulled, Threshold, Way
from gamecore.brief import words

__all__ = ["Speaker", "clause_line", "threshold_line", "to_the_partner", "way_line", "what_stays"]

_TYPED = {"programme.changes": "the conditions of the programme"}


@dataclass(frozen=True)
class Speaker:
    """Who speaks: the names of all players, the side that is advised (None: nobody takes sides), and the unit."""

    names: Mapping[str, str]
    advised: str | None = None
    unit: str | None = None
    decimals: int = 1

    @property
    def of_two(self) -> bool:
        """Whether one side speaks to one other: then they are "we" and "you"."""
        return self.advised in self.names and len(self.names) == 2

    def name(self, player: str) -> str:
        """A player, as the speaker calls it."""
        if self.of_two:
            return "we" if player == self.advised else "you"
        return self.names.get(player, player)

    def money(self, amount: float) -> str:
        return words.with_unit(words.number(amount, self.decimals), self.unit)

    def signed(self, amount: float) -> str:
        return words.signed(amount, self.decimals)


def to_the_partner(found: Proposal, speaker: Speaker, *, numbers: bool = True) -> str:
    """The sentence that proposes a change: what, what then comes about, and who gains how much."""
    gains = _gains(found, speaker, numbers=numbers)
    if found.moves_outcome and found.settled:
        gains = f"the outcome becomes “{found.outcome_label}” and {gains}"
    elif found.moves_outcome:
        whom = (
            "" if speaker.advised is None else " for us" if speaker.of_two else f" for {speaker.name(speaker.advised)}"
        )
        gains = f"several outcomes are possible; in the least good of them{whom}, {gains}"
    return f"If {_changes(found.changes, speaker)}, {gains}."


def _changes(items: Sequence[Pulled], speaker: Speaker) -> str:
    """What would be changed; what only has to be agreed is said together."""
    agreed = [f"“{item.label}”" for item in items if _only_agreed(item)]
    told = [_change(item, speaker) for item in items if not _only_agreed(item)]
    if agreed:
        told = [f"{words.listed(agreed)} {'is' if len(agreed) == 1 else 'are'} agreed", *told]
    return words.listed(told)


def _only_agreed(item: Pulled) -> bool:
    """Whether a change is a clause, a term or an order that nobody makes alone, with no words of its own."""
    return (
        item.verb != "pay" and item.by is None and not (item.derived and item.kind in {"date", "disclosure", "option"})
    )


def _change(item: Pulled, speaker: Speaker) -> str:
    if item.kind == "date" and item.subject:
        return f"“{item.subject}” is on {item.then} instead of {item.now}"
    if item.kind == "option" and item.subject:
        return _option(item, speaker)
    if item.verb == "pay" and item.giver and item.receiver:
        giver, receiver = speaker.name(item.giver), speaker.name(item.receiver)
        receiver = "us" if receiver == "we" else receiver
        pays = "pay" if giver in {"we", "you"} else "pays"
        amount = "" if item.amount is None else f" {speaker.money(item.amount)}"
        return f"{giver} {pays} {receiver}{amount} {_paid_for(item)}"
    if item.by is not None:
        who = speaker.name(item.by)
        if item.kind == "commitment" and item.subject:
            commit = {"we": "commit ourselves", "you": "commit yourselves"}.get(who, "commits itself")
            return f"{who} {commit} beforehand to “{item.subject}”"
        return f"{who} {'announce' if who in {'we', 'you'} else 'announces'} “{item.label}”"
    return f"“{item.label}” holds"


def _option(item: Pulled, speaker: Speaker) -> str:
    """An option that is offered or dropped, by one side or by all."""
    if item.by is None:
        return f"“{item.subject}” is {'off the table' if item.after == 'no' else 'on the table too'}"
    who = speaker.name(item.by)
    verb, place = ("take", "off") if item.after == "no" else ("put", "on")
    verb = verb if who in {"we", "you"} else f"{verb}s"
    return f"{who} {verb} “{item.subject}” {place} the table"


def _paid_for(item: Pulled) -> str:
    """What a payment is for; one of the file by its own name."""
    if not item.subject:
        return f"(“{item.label}”)"
    return f"for “{item.subject}”" + (f" if “{item.now}” turns out “{item.then}”" if item.then else "")


def _gains(found: Proposal, speaker: Speaker, *, numbers: bool) -> str:
    """Who gains: all, some, or nobody; with the numbers, the partner's first."""
    shown = {player: speaker.signed(gain) for player, gain in found.gains.items()}
    up = [player for player, text in shown.items() if text.startswith("+")]
    everybody = "both of us gain" if speaker.of_two else "all gain"
    if not up and found.settled and not any(text.startswith(words.signed(-1.0, 0)[0]) for text in shown.values()):
        text = "only one outcome is left and nobody has less"
    elif not up:
        text = "nobody gains"
    elif len(up) == len(shown):
        text = everybody
    else:
        text = words.listed([_gain(speaker.name(player)) for player in up])
    if not numbers:
        return text
    order = sorted(shown, key=lambda player: player == speaker.advised)
    return f"{text}: {', '.join(f'{speaker.name(player)} {shown[player]}' for player in order)}"


def _gain(name: str) -> str:
    return f"{name} gain" if name in {"we", "you"} else f"{name} gains"


def what_stays(found: Proposal) -> str:
    """What a change leaves as it is although one might think it moves, and whether it moves the threat too."""
    told = []
    if found.unchanged:
        names = words.listed([_TYPED.get(name, f"“{name}”") for name in found.unchanged])
        told.append(f"Left as the file has them: {names}; check whether they would move too.")
    if found.moves_no_agreement:
        told.append("The change also moves what no agreement is worth.")
    return " ".join(told)


def clause_line(price: ClausePrice, speaker: Speaker, labels: Mapping[str, str]) -> str:
    """What a clause does to the outcome and to the even payment; `labels` are those of plans, by key."""
    after = labels.get(price.outcome_after, price.outcome_after.replace("_", " "))
    moved = price.outcome_after != price.outcome_before
    text = f"“{price.label}”: the outcome {'becomes' if moved else 'stays'} “{after}”"
    if price.even_before is None or price.even_after is None or price.payer is None or price.payee is None:
        return f"{text}."
    payer, payee = speaker.names.get(price.payer, price.payer), speaker.names.get(price.payee, price.payee)
    was, now = speaker.money(price.even_before), speaker.money(price.even_after)
    plan = labels.get(price.plan or "", price.plan or "")
    if price.even_after < 0 < price.even_before:
        turned = speaker.money(-price.even_after)
        return f"{text}; an even payment for “{plan}” is {turned} from {payee} instead of {was} from {payer}."
    return f"{text}; an even payment from {payer} to {payee} for “{plan}” is {now} instead of {was}."


def way_line(way: Way, target: str, speaker: Speaker) -> str:
    """A way to an outcome, in words."""
    changes = _changes(way.changes, speaker)
    sure = "is the outcome" if way.settled else f"can be the outcome ({words.listed(list(way.protocols))})"
    gains = ", ".join(
        f"{speaker.names.get(player, player)} {speaker.signed(gain)}" for player, gain in way.gains.items()
    )
    return f"If {changes}, “{target}” {sure}: {gains}."


def threshold_line(found: Threshold, target: str, speaker: Speaker) -> str:
    """How much no agreement would have to be worth to a side for an outcome to come about."""
    who = speaker.names.get(found.player, found.player)
    if found.low is None and found.high is None:
        where = "whatever no agreement is worth"
    elif found.low is None:
        where = f"if no agreement is worth at most {speaker.money(found.high or 0.0)}"
    elif found.high is None:
        where = f"if no agreement is worth at least {speaker.money(found.low)}"
    else:
        where = f"if no agreement is worth {speaker.money(found.low)} to {speaker.money(found.high)}"
    under = words.listed(list(found.protocols))
    return f"“{target}” is the outcome {where} to {who} (today {speaker.money(found.value)}; {under})."
