"""What will be known and when, what follows from it, and what happens if the answer is no."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gamecore.advice.analysis import ContingentChoice, KnownFact
from gamecore.brief import words
from gamecore.brief.blocks import LIMITS, Block
from gamecore.brief.desk import ALLIANCE, Desk, fill
from gamecore.brief.parts import Part

__all__ = ["decision_request", "follows_told", "known_block", "no_block"]

UNNAMED = "In "  # cases that are too many to be named
MOST_CASES = 3  # of a trigger that are named one by one
OF_VALUES = 8  # words of the block for what that is worth to each
MOST_VALUES = 3  # sides whose value without agreement is told


def known_block(desk: Desk) -> Block:
    """By which date what is known, and what is then done."""
    facts, triggers = _facts_and_triggers(desk)
    texts = [*facts, *triggers]
    if not texts:
        texts = ["Nothing more becomes known before the last decision of this plan."]
    return Block("known", "What will be known, and when", fill(texts, LIMITS["known"]))


def follows_told(desk: Desk) -> bool:
    """Whether the page tells all that follows the recommended plan: each choice, its case, and what otherwise."""
    if desk.chosen is None or not all(desk.sight.follow(follow) for follow in desk.chosen.follows):
        return False
    choices = {(follow.decision, follow.choice) for follow in desk.chosen.follows}
    several = len(choices) > len({decision for decision, _ in choices})
    if several and not desk.keeps(Part.OTHERWISE):
        return False
    printed = known_block(desk).text
    return all(text in printed and not text.startswith(UNNAMED) for text in _facts_and_triggers(desk)[1])


def decision_request(desk: Desk) -> str:
    """The date and the trigger to be agreed today; empty if what follows, if anything, is the others' own business."""
    if desk.chosen is None:
        return ""
    advised = desk.analysis.scenario.advise
    agreed = advised == ALLIANCE or any(len(step.by) > 1 for step in desk.chosen.steps)
    ours = [item for item in desk.chosen.follows if desk.sight.follow(item) and (agreed or advised in item.by)]
    first = next((item.date for item in ours if item.date), None)
    trigger = next((name for _, name in _triggers(desk, (), words.Dates()) if name and ours), "")
    if first:
        return f"Decision date {words.date_text(first)}" + (f" and the trigger “{trigger}”" if trigger else "")
    return f"Trigger “{trigger}”" if trigger else ""


def no_block(desk: Desk) -> Block:
    """What happens then, what each side has, and what moves next."""
    told, worth = _no_sentence(desk), _no_values(desk) if desk.keeps(Part.NO_VALUES) else ""
    if worth:
        told = f"{told[:-1]} ({worth})." if told.endswith(".") else f"{told} ({worth})"
    room = LIMITS["no"] - OF_VALUES + words.count_words(worth)
    return Block("no", "If the answer is no:", fill([told, _no_next(desk)], room))


def _no_values(desk: Desk) -> str:
    """`Diamond 16.0, Sapphire 43.0`; internal copy only."""
    worth = {away.player: away.value.base for away in desk.analysis.walk_aways}
    if not desk.sight.internal or desk.names.alone or len(worth) != len(desk.analysis.scenario.players):
        return ""
    advised = desk.analysis.scenario.advise
    ordered = sorted(worth.items(), key=lambda item: item[0] != advised)
    if len(ordered) > MOST_VALUES:  # the advised company, and whoever has least of the others
        ordered = [ordered[0], min(ordered[1:], key=lambda item: item[1])] if advised in worth else []
    if not ordered:
        return ""
    least = " at least" if all(away.kind == "security" for away in desk.analysis.walk_aways) else ""
    told = [f"{desk.names.name(player)}{least} {desk.number(value)}" for player, value in ordered[:1]]
    told += [f"{desk.names.name(player)} {desk.number(value)}" for player, value in ordered[1:]]
    return ", ".join(told)


def _no_next(desk: Desk) -> str:
    """What is decided next without an agreement: the choice where it is the same in all cases, else who decides.

    Without agreement each does what is best for itself by values it need not show: internal copy only.
    """
    disagreement = desk.analysis.disagreement
    if disagreement is None or not disagreement.follows or not desk.sight.internal:
        return ""
    first = min(disagreement.follows, key=lambda follow: follow.at or 0.0)
    here = [follow for follow in disagreement.follows if follow.decision == first.decision]
    who = words.listed([desk.names.name(player) for player in first.by])
    when = f" on {words.date_text(first.date)}" if first.date else ""
    several, same = len(first.by) > 1, len({follow.choice for follow in here}) == 1
    what = f"choose{'' if several else 's'} “{first.choice_label}”" if same else f"decide{'' if several else 's'}"
    return f"{who} then {what}{when}."


def _no_sentence(desk: Desk) -> str:
    disagreement = desk.analysis.disagreement
    letters = desk.names.letters
    if disagreement is not None:
        if not desk.sight.internal and disagreement.confidential:
            return _back(desk)
        if disagreement.means and disagreement.means in letters:
            return f"{letters[disagreement.means]} happens by itself."
        return words.sentence(disagreement.label)
    if not desk.sight.internal:
        return _back(desk)  # what a no is worth, and so what follows it, is private
    if not desk.names.alone and {away.kind for away in desk.analysis.walk_aways} == {"security"}:
        return f"each {desk.names.side} does what it can secure alone."
    base = next((item for item in desk.analysis.candidates if item.is_baseline), None)
    if base is not None and base.key in letters and (desk.chosen is None or base.key != desk.chosen.key):
        return f"the plan as it stood, {letters[base.key]}, goes on."
    return "the plan as it stood goes on until a new decision."


def _back(desk: Desk) -> str:
    whom = desk.names.name(desk.names.alone) if desk.names.alone else f"the {desk.names.sides}"
    return f"the question goes back to {whom}."


def _facts_and_triggers(desk: Desk) -> tuple[list[str], list[str]]:
    """The sentences on what becomes known, and those on what is then done."""
    dates = words.Dates()
    facts = [fact for fact in desk.analysis.known if desk.sight.fact(fact) and (fact.date or fact.at is not None)]
    facts = facts[: 2 if desk.keeps(Part.SECOND_FACT) else 1]
    told = [_fact_sentence(desk, fact, dates) for fact in facts]
    return told, [text for text, _ in _triggers(desk, facts, dates)]


def _fact_sentence(desk: Desk, fact: KnownFact, dates: words.Dates) -> str:
    who = f" ({words.listed([desk.names.short(player) for player in fact.seen_by])} only)" if fact.seen_by else ""
    when = f"By {dates.text(fact.date)}" if fact.date else f"After {words.length(fact.at or 0.0)}"
    return words.sentence(f"{when}{who}: {fact.label}")


def _triggers(desk: Desk, facts: Sequence[KnownFact], dates: words.Dates) -> list[tuple[str, str]]:
    """What follows by itself, decision by decision, as (sentence, short name of the trigger)."""
    if desk.chosen is None:
        return []
    follows = [follow for follow in desk.chosen.follows if desk.sight.follow(follow)]
    texts: list[tuple[str, str]] = []
    for decision in dict.fromkeys(follow.decision for follow in follows):
        here = [follow for follow in follows if follow.decision == decision]
        choices = list(dict.fromkeys(follow.choice for follow in here))
        who = words.listed([desk.names.name(player) for player in here[0].by])
        moves = "move" if len(here[0].by) > 1 else "moves"
        if len(choices) == 1:
            texts.append((_only_choice(desk, here, facts, dates, who), ""))
            continue
        # By number of cases and not by chance: the same trigger on both copies, and no number behind it.
        usual = max(choices, key=lambda choice: sum(item.choice == choice for item in here))
        label = next(item.choice_label for item in here if item.choice == usual)
        otherwise = f"; otherwise “{label}”" if desk.keeps(Part.OTHERWISE) else ""
        for choice in choices:
            if choice != usual:
                cases = [item for item in here if item.choice == choice]
                rest = [item for item in here if item.choice != choice]
                when, short = _condition(desk, cases, rest, facts)
                texts.append((f"{when}, {who} {moves} to “{cases[0].choice_label}”{otherwise}.", short))
    return texts


def _only_choice(
    desk: Desk, here: Sequence[ContingentChoice], facts: Sequence[KnownFact], dates: words.Dates, who: str
) -> str:
    label = here[0].choice_label
    chooses = "choose" if len(here[0].by) > 1 else "chooses"
    sure = math.fsum(item.chance for item in here) > 0.995 if desk.sight.internal else not here[0].given
    if not sure and here[0].given and len(here) <= MOST_CASES:
        return f"{_condition(desk, here, (), facts)[0]}, {who} {chooses} “{label}”."
    if here[0].date:
        return f"On {dates.text(here[0].date)} {who} {chooses} “{label}”."
    return f"{who} then {chooses} “{label}”."


def _condition(
    desk: Desk, cases: Sequence[ContingentChoice], rest: Sequence[ContingentChoice], facts: Sequence[KnownFact]
) -> tuple[str, str]:
    """`If severe (28 of 100)` and its short name: by the one event that tells the cases apart, if there is one."""
    chance = ""
    if all(desk.sight.follow_chance(follow) for follow in cases):
        chance = words.chance_text(math.fsum(follow.chance for follow in cases))
    event = _telling_event(cases, rest)
    parts: list[tuple[str, ...]] = []
    for follow in cases:
        given = tuple(
            (name, label, _outcome(value, text))
            for (name, value), (label, text) in zip(follow.given, follow.given_labels, strict=True)
            if event in {None, name}
        )
        known = len(facts) == 1
        said = tuple(text if known and facts[0].event == name else f"{label}: {text}" for name, label, text in given)
        parts.append((words.listed(said), words.listed([text for _, _, text in given])))
    parts = list(dict.fromkeys(parts))
    if len(parts) > MOST_CASES:
        return (f"{UNNAMED}{chance} cases" if chance else f"{UNNAMED}some cases"), ""
    long = words.listed([part[0] for part in parts], "or")
    return f"If {long} ({chance})" if chance else f"If {long}", words.listed([part[1] for part in parts], "or")


def _telling_event(cases: Sequence[ContingentChoice], rest: Sequence[ContingentChoice]) -> str | None:
    """The event whose outcomes alone separate these cases from the rest."""
    for name in dict.fromkeys(name for follow in cases for name, _ in follow.given):
        here = {value for follow in cases for event, value in follow.given if event == name}
        there = {value for follow in rest for event, value in follow.given if event == name}
        everywhere = all(any(event == name for event, _ in follow.given) for follow in (*cases, *rest))
        if everywhere and rest and not here & there:
            return name
    return None


def _outcome(name: str, label: str) -> str:
    """An outcome inside a sentence: a label that is only the key with a capital starts small again."""
    plain = name.replace("_", " ")
    return plain if label.lower() == plain.lower() and label[1:] == plain[1:] else label
