"""The partner's seat put into words: sections with a head and plain, neutral sentences.

Options are named in full, in quotes: the seat's page and the asker's may give the same letter to different options.
What the file's author wrote is quoted as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gamecore.advice.analysis import Analysis, ContingentChoice
from gamecore.advice.partner_facts import Argument, ArgumentKind, PartnerFacts, Ranked, Reply
from gamecore.brief import words
from gamecore.brief.figures.scale import quantity_text
from gamecore.brief.sentences import Names

__all__ = ["Section", "partner_sections"]

INTERNAL: Final = (
    "This is for {asker}'s own people: every value of {seat} in it is {asker}'s estimate, made from {asker}'s file."
)


@dataclass(frozen=True)
class Section:
    """A head and its sentences; `key` names it in a document."""

    key: str
    head: str
    texts: tuple[str, ...]


def partner_sections(facts: PartnerFacts, ours: Analysis) -> tuple[Section, ...]:
    """The record in words; sections without a sentence are left out. `ours` is the asker's own analysis."""
    write = _Writer(facts, ours)
    seat, asker = write.seat, write.asker
    options = _quoted(write.label(facts.preferred))
    asked = "" if facts.asked is None else _quoted(write.label(facts.asked))
    sections = (
        Section("estimate", "For whom this is", (INTERNAL.format(seat=seat, asker=asker),)),
        Section("ranking", f"How {seat} ranks the options", tuple(map(write.ranked, facts.ranking))),
        Section("replies", f"What {seat} does after each first move of {asker}", write.replies()),
        Section("openings", f"If {seat} makes the first offer", write.openings()),
        Section("argument", f"What {seat} can say for {options}", write.said(facts.argument)),
        Section("tell", f"What {seat} can tell its own decision makers for {asked}", write.said(facts.tell)),
        Section("push", f"Where {seat} can ask for more", write.push()),
        Section("no", f"What would make {seat} say no", write.said(facts.no)),
    )
    return tuple(section for section in sections if section.texts)


def _quoted(text: str) -> str:
    return f"“{text}”"


class _Writer:
    def __init__(self, facts: PartnerFacts, ours: Analysis) -> None:
        self.facts, self.ours = facts, ours
        self.names = Names(ours)
        self.seat, self.asker = self.names.name(facts.seat), self.names.name(facts.asker)
        self.labels = {item.candidate: item.label for item in facts.ranking}
        self.labels |= {item.key: item.label for item in ours.candidates}
        values = [item.value.base for item in facts.ranking]
        values += [standing.value.base for item in ours.candidates for standing in item.standings]
        self.decimals = words.decimals_for(values)

    def label(self, key: str) -> str:
        return self.labels.get(key, key)

    def option(self, key: str) -> str:
        """An option in quotes, or what happens otherwise."""
        return _quoted(self.labels[key]) if key in self.labels else self.names.outcome(key)

    def number(self, value: float) -> str:
        return words.number(value, self.decimals)

    def amount(self, value: float) -> str:
        return words.with_unit(self.number(value), self.ours.scenario.unit)

    def no(self, player: str) -> str:
        """What a player has if it says no, in words."""
        found = next(item for item in self.ours.walk_aways if item.player == player)
        return {"no_agreement": "no agreement", "baseline": "the plan as it stood"}.get(found.kind, "acting alone")

    # ---- ranking, replies, offers ----------------------------------------------------------------------------------

    def ranked(self, item: Ranked) -> str:
        """`1st: “Start on 1 July” (51.8, 8.8 above no agreement).`"""
        value = self.number(item.value.base)
        if item.value.p10 < item.value.p90:
            value += f", in 80 of 100 cases {self.number(item.value.p10)} to {self.number(item.value.p90)}"
        beside = f"{self._apart(item.gain, 'above', 'below')} {self.no(self.facts.seat)}"
        return (
            f"{words.rank_text(item.rank, tied=item.tied)}: {_quoted(self.label(item.candidate))} ({value}; {beside})."
        )

    def _apart(self, difference: float, more: str, less: str) -> str:
        """`8.8 above`, `0.8 below`, `level with` where it would be printed as nothing."""
        text = self.number(abs(difference))
        if not any(digit in text for digit in "123456789"):
            return "level with"
        return f"{text} {more if difference > 0 else less}"

    def replies(self) -> tuple[str, ...]:
        """A sentence for each move, and how many are not listed."""
        told = [self._reply(item) for item in self.facts.replies]
        if self.facts.left_out and told:
            told.append(f"{self.facts.left_out} more are not listed one by one.")
        return tuple(told)

    def _reply(self, item: Reply) -> str:
        does = [] if item.accepted is None else [self._answer(item)]
        does += self._later(item.does)
        what = words.listed(does) if does else f"nothing is left for {self.seat} to decide"
        perhaps = "" if item.settled else " (one of several possible outcomes)"
        values = ", ".join(f"{self.names.short(name)} {self.number(value)}" for name, value in item.values.items())
        return f"{_quoted(item.label)}: {what}{perhaps}; values: {values}."

    def _answer(self, item: Reply) -> str:
        """Yes or no to an offer; of several who are asked the seat's own interest is told."""
        share = item.accepted or 0.0
        better = f"for {self.seat} {self._apart(item.margin or 0.0, 'above', 'below')} no agreement"
        if 0 < share < 1:
            return f"it is accepted in {words.chance_text(share)} cases ({better})"
        if len(item.values) > 2:
            return f"it is {'accepted' if share else 'not accepted'} ({better})"
        return f"{self.seat} {'accepts' if share else 'says no'} ({better})"

    def _later(self, choices: Sequence[ContingentChoice]) -> list[str]:
        """The seat's later choices: the news that does not matter is left out, the most frequent answer comes last."""
        told: list[str] = []
        plain: list[str] = []
        for decision in dict.fromkeys(item.decision for item in choices):
            here = _what_matters([item for item in choices if item.decision == decision])
            options = sorted(dict.fromkeys(here.values()), key=lambda option: list(here.values()).count(option))
            if len(options) == 1:
                plain.append(_quoted(options[0]))
                continue
            cases = []
            for option in options[:-1]:
                when = [_news(news) for news, chosen in here.items() if chosen == option]
                cases.append(f"{_quoted(option)} if {' or '.join(when)}")
            told.append(f"{self.seat} chooses {', '.join(cases)}, otherwise {_quoted(options[-1])}")
        first = [f"{self.seat} chooses {' and then '.join(plain)}"] if plain else []
        return [*first, *told]

    def openings(self) -> tuple[str, ...]:
        """What comes about in each game in which the seat makes the first offer."""
        told = []
        for item in self.facts.openings:
            outcome = {"no_agreement": "no agreement", "other": "another plan"}.get(item.outcome) or _quoted(item.label)
            values = ", ".join(f"{self.names.short(name)} {self.number(value)}" for name, value in item.values.items())
            told.append(f"The outcome is {outcome}; values{' after payments' if item.paid else ''}: {values}.")
        return tuple(dict.fromkeys(told))

    def push(self) -> tuple[str, ...]:
        """How much less the asker would still take, option by option."""
        return tuple(
            f"On {_quoted(item.label)}: up to {self.amount(item.most)}, where {self.asker} would be level with "
            f"{self.no(self.facts.asker)}."
            for item in self.facts.push
        )

    # ---- arguments -------------------------------------------------------------------------------------------------

    def said(self, arguments: Sequence[Argument]) -> tuple[str, ...]:
        """A sentence each."""
        return tuple(_SENTENCES[item.kind](self, item.numbers, item) for item in arguments)


_Given = tuple[tuple[str, str], ...]


def _what_matters(choices: Sequence[ContingentChoice]) -> dict[_Given, str]:
    """The choice by the news it rests on, without the events that make no difference to it."""
    found: dict[_Given, str] = {item.given_labels: item.choice_label for item in choices}
    for name in dict.fromkeys(event for given in found for event, _ in given):
        fewer: dict[_Given, str] = {}
        shorter = [(tuple(pair for pair in given if pair[0] != name), option) for given, option in found.items()]
        if all(fewer.setdefault(given, option) == option for given, option in shorter):
            found = fewer
    return found


def _news(given: _Given) -> str:
    return ", ".join(f"{_quoted(event)} is {_quoted(outcome)}" for event, outcome in given) or "nothing is known"


def _date(write: _Writer, item: Argument) -> str:
    fact = next(fact for fact in write.ours.known if fact.event == item.refers_to[0])
    if fact.date is not None:
        return f"by {words.date_text(fact.date)}"
    return f"after {words.length(item.numbers['at'])}" if item.numbers["at"] > 0 else "from the start"


def _moves(write: _Writer, numbers: Mapping[str, float], item: Argument) -> str:
    way = "rises above" if numbers["above"] else "falls below"
    shown = item.quantity
    at, base = (
        quantity_text(shown, numbers[name]) if shown else write.number(numbers[name]) for name in ("at", "base")
    )
    return f"The outcome changes to {write.option(item.refers_to[0])} if {_quoted(item.text)} {way} {at} (base {base})."


def _worst_cases(write: _Writer, numbers: Mapping[str, float], _: Argument) -> str:
    low, away = write.number(numbers["p10"]), write.number(numbers["walk_away_p10"])
    return (
        f"In 90 of 100 cases it is worth at least {low} to {write.seat}; {write.no(write.facts.seat)} at least {away}."
    )


_Sentence = Callable[[_Writer, Mapping[str, float], Argument], str]
_SENTENCES: Final[Mapping[ArgumentKind, _Sentence]] = {
    ArgumentKind.WE_LOSE_WITHOUT: lambda write, n, _: (
        f"{write.asker} has {write.number(n['value'])} with it; {write.no(write.facts.asker)} is worth "
        f"{write.number(n['loss'])} less to it ({write.number(n['walk_away'])})."
    ),
    ArgumentKind.AS_AGREED: lambda _, __, ___: "It is the plan as it stood.",
    ArgumentKind.MOST_TOGETHER: lambda write, n, _: f"No option has more value together ({write.amount(n['joint'])}).",
    ArgumentKind.EVEN_GAINS: lambda write, n, _: (
        f"Measured by the most each could gain, no option shares more evenly: "
        f"{write.seat} {words.signed(n['seat'], write.decimals)}, "
        f"{write.asker} {words.signed(n['asker'], write.decimals)}."
    ),
    ArgumentKind.BEARS_RISK: lambda write, n, _: (
        f"{write.seat} has the wider range ({write.number(n['p10'])} to {write.number(n['p90'])}; {write.asker} "
        f"{write.number(n['asker_p10'])} to {write.number(n['asker_p90'])})."
    ),
    ArgumentKind.CLAUSE_HELPS: lambda write, n, item: (
        f"Without agreement ({_quoted(item.text)}) {write.seat} has {write.number(n['seat'])} less and {write.asker} "
        f"{write.number(n['asker'])} less than with it."
        if n["seat"] >= 0
        else f"Without agreement ({_quoted(item.text)}) {write.seat} has {write.number(-n['seat'])} more."
    ),
    ArgumentKind.THEY_GAIN: lambda write, n, _: (
        f"{write.seat} gains {write.amount(n['gain'])} over {write.no(write.facts.seat)}."
    ),
    ArgumentKind.ABOVE_NO: lambda write, n, _: (
        f"It is worth {write.number(n['gain'])} more than {write.no(write.facts.seat)} "
        f"({write.number(n['value'])} against {write.number(n['walk_away'])})."
    ),
    ArgumentKind.ABOVE_BASELINE: lambda write, n, _: (
        f"It is worth {write.number(n['gain'])} more than the plan as it stood."
    ),
    ArgumentKind.THEIR_BEST: lambda write, _, __: f"No option is worth more to {write.seat}.",
    ArgumentKind.NOT_THEIR_WORST: lambda write, n, _: (
        f"It is {write.seat}'s {words.rank_text(int(n['rank']))} option, not the last."
    ),
    ArgumentKind.LOW_CASE: _worst_cases,
    ArgumentKind.LEARNS: lambda write, _, item: f"{write.seat} knows {_quoted(item.text)} {_date(write, item)}.",
    ArgumentKind.BELOW_NO: lambda write, n, item: (
        f"{write.option(item.refers_to[0])} is worth {write.number(n['short'])} less to it than "
        f"{write.no(write.facts.seat)}."
    ),
    ArgumentKind.SOMETIMES_BELOW_NO: lambda write, n, item: (
        f"In {words.chance_text(n['chance'])} cases {write.no(write.facts.seat)} is worth more to it than "
        f"{write.option(item.refers_to[0])}."
    ),
    ArgumentKind.PREFERS: lambda write, _, item: (
        f"It does better with {words.listed([write.option(key) for key in item.refers_to], 'or')}, which "
        f"{write.asker} would take rather than {write.no(write.facts.asker)}."
    ),
    ArgumentKind.OUTCOME_MOVES: _moves,
    ArgumentKind.LACKS_CASH: lambda write, n, item: (
        f"It is short of {write.amount(n['short'])} of cash under {write.option(item.refers_to[0])}."
    ),
    ArgumentKind.REFUSES: lambda write, n, item: (
        f"{write.option(item.refers_to[0])} is worth {write.number(n['short'])} less to it than "
        f"{write.no(write.facts.seat)}."
    ),
}
