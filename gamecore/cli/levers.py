"""`gamecore levers`: the proposals, what clauses are worth, and when an outcome would come about.

Everything that comes from the file is text: no markup is read out of it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console
from rich.table import Table

from gamecore.brief import words
from gamecore.brief.lever_words import clause_line, threshold_line, way_line, what_stays
from gamecore.cli import files
from gamecore.cli.files import shown
from gamecore.questions.lever_document import changes_found, speaker_of

if TYPE_CHECKING:
    from gamecore.advice.lever_facts import ClausePrice, Proposal
    from gamecore.questions.lever_document import Changes

__all__ = ["find_changes", "tell_changes"]

_MOST: Final = 5  # proposals unless all are asked for
_MOST_NEWS: Final = 2  # of those that nobody decides
_PIPE_WIDTH: Final = 110  # where no terminal says its width
_WORDS: Final = {
    "no_agreement": "no agreement",
    "mixed": "several possible outcomes",
    "other": "another plan",
    "undecided": "no settled outcome",
}


def find_changes(
    file: str,
    levers: Sequence[str],
    *,
    target: str | None,
    pairs: bool,
    player: str | None,
    draws: int,
    seed: int,
) -> Changes:
    """Read and search."""
    scenario = files.read(file, levers)
    from gamecore.pipeline import Settings

    settings = Settings(seed=seed, draws=draws)
    return changes_found(scenario, settings, target=target, pairs=pairs, player=player, draws=draws, dashes="--")


def tell_changes(found: Changes, *, every: bool = False) -> None:
    """The best proposals (or `every` one) with what to say, clauses, and the ways to a target."""
    _Teller(found).tell(every=every)


class _Teller:
    def __init__(self, found: Changes) -> None:
        self.found, self.facts = found, found.facts
        width = None if sys.stdout.isatty() else _PIPE_WIDTH
        self.console = Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)
        self.players = {key: item.short or item.label for key, item in found.scenario.players.items()}
        self.speaker = speaker_of(found.scenario, self.facts.values.values())
        self.decimals = self.speaker.decimals

    def tell(self, *, every: bool) -> None:
        """Everything, from the head on."""
        scenario, facts = self.found.scenario, self.facts
        whose = self.players.get(scenario.advise, "the alliance")
        unit = f"values in {scenario.unit}; " if scenario.unit else ""
        self.line(scenario.title, style="bold")
        tried = f"{facts.tried:,} changes tried"
        tried += f", {facts.pairs_left:,} pairs not" if facts.pairs_left else ""
        self.line(f"{unit}for {whose}; seed {self.found.seed}, {facts.draws:,} draws; {tried}; internal", style="dim")
        least = "" if scenario.advise not in self.players else f" for {whose}"
        settled = "" if facts.settled else f" (of several possible outcomes the least good{least})"
        self.line(
            f"As it stands: {self.quoted(facts.outcome, facts.outcome_label)}{settled}; {self.amounts(facts.values)}"
        )
        if facts.proposals:
            self.proposals(every=every)
        else:
            self.line(f"No change that was tried leaves {whose} with more.")
        if facts.clauses:
            self.head("What clauses are worth")
            for clause in facts.clauses:
                self.line(f"- {self.clause(clause)}")
        if self.found.ways is not None:
            self.ways()

    def line(self, text: str, style: str | None = None) -> None:
        self.console.print(shown(text), style=style)

    def head(self, text: str) -> None:
        self.console.print()
        self.line(text, style="bold")

    def number(self, value: float) -> str:
        return words.number(value, self.decimals)

    def signed(self, value: float) -> str:
        return words.signed(value, self.decimals)

    def amounts(self, values: Mapping[str, float]) -> str:
        return ", ".join(f"{self.players[name]} {self.number(value)}" for name, value in values.items())

    def quoted(self, key: str, label: str) -> str:
        return _WORDS.get(key) or f"“{label}”"

    # ---- proposals ---------------------------------------------------------------------------------------------------

    def proposals(self, *, every: bool) -> None:
        """What all accept with what to say, what another side has less by, and apart what nobody decides."""
        numbered = list(enumerate(self.facts.proposals, 1))
        decided = [pair for pair in numbered if not pair[1].nature]
        free = [pair for pair in numbered if pair[1].nature]
        shown_ones, news = (decided, free) if every else (decided[:_MOST], free[:_MOST_NEWS])
        agreed = [pair for pair in shown_ones if pair[1].accepted]
        asked = [pair for pair in shown_ones if not pair[1].accepted]
        if agreed:
            self.head("What to propose")
            self.console.print(self.table(agreed))
            self.line("What to say", style="bold")
            for number, item in agreed:
                self.line(f"{number}. {self.found.says[number - 1]}{self.besides(item)}")
        if asked:
            self.head("Only with something in return: a side that has to agree would have less")
            self.console.print(self.table(asked))
        if news:
            self.head("Worth knowing: nobody decides this, the gains are what it would be worth")
            self.console.print(self.table(news))
        drawn = any(item.works is not None for _, item in shown_ones)
        self.console.print()
        self.line(
            "Gains are against what happens as it stands."
            + (" Works: in how many draws that outcome comes about; the best only are drawn." if drawn else "")
        )
        if left := len(numbered) - len(shown_ones) - len(news):
            self.line(f"{left} more with --all.")

    def table(self, items: Sequence[tuple[int, Proposal]]) -> Table:
        """A row for each proposal."""
        table = Table(box=box.SIMPLE, pad_edge=False)
        heads = ["", "What to change", "Outcome then", *self.players.values(), "How much changes", "Works"]
        drawn = any(item.works is not None for _, item in items)
        for place, name in enumerate(heads if drawn else heads[:-1]):
            right = place == 0 or (place > 2 and name != "How much changes")
            table.add_column(shown(name), justify="right" if right else "left", overflow="fold")
        for number, item in items:
            works = "" if item.works is None else words.chance_text(item.works)
            cells = [
                str(number),
                "; ".join(change.label for change in item.changes) + self.paid(item),
                self.outcome(item),
                *(self.signed(item.gains[name]) for name in self.players),
                item.size_reason,
                *([works] if drawn else []),
            ]
            table.add_row(*map(shown, cells))
        return table

    def paid(self, item: Proposal) -> str:
        """What is paid, and what else would do."""
        amounts = [change.amount for change in item.changes if change.verb == "pay" and change.amount is not None]
        told = "".join(f", {self.number(amount)}" for amount in amounts)
        if item.payment is None or len(item.changes) > 1:
            return told
        low, high = (self.number(end) for end in item.payment)
        return f"{told} ({low} to {high} works)" if low != high else told

    def outcome(self, item: Proposal) -> str:
        """What then comes about; the same as now is said in two words."""
        if not item.moves_outcome:
            return "as it stands"
        outcomes = set(item.outcome.values())
        fixed = _WORDS.get(outcomes.pop()) if len(outcomes) == 1 else None
        return (fixed or item.outcome_label) + (
            "" if item.settled or fixed == _WORDS["mixed"] else " (not the only one)"
        )

    def besides(self, item: Proposal) -> str:
        """What a reader should know about a proposal."""
        told = []
        if item.payment is not None and len(item.changes) == 1:
            low, high = (self.number(end) for end in item.payment)
            told.append(f"Any amount from {low} to {high} works.")
        if item.largest_cost is not None and self.signed(item.largest_cost).startswith("+"):
            told.append(f"It pays while it costs at most {self.number(item.largest_cost)}.")
        return " ".join(["", *told, what_stays(item)]).rstrip()

    # ---- clauses and ways --------------------------------------------------------------------------------------------

    def clause(self, clause: ClausePrice) -> str:
        """How the outcome and the even payment move, and what no agreement is then worth."""
        keys = {clause.outcome_before, clause.outcome_after, clause.plan or ""}
        told = clause_line(clause, self.speaker, {key: self.plan(key) for key in keys})
        return f"{told.removesuffix('.')}; no agreement is then worth {self.amounts(clause.disagreement_after)}."

    def plan(self, key: str) -> str:
        """A plan as the page calls it, or by the labels of its options, as far as the key says them."""
        if key in self.found.labels:
            return self.found.labels[key]
        if key in _WORDS or key.endswith("=no_agreement"):
            return _WORDS[key.rpartition("=")[2]]
        labels = []
        for part in key.split(","):
            name, _, value = part.partition("=")
            decision = self.found.scenario.decisions.get(name)
            options = () if decision is None else decision.options
            labels.append(next((option.label for option in options if option.name == value), part))
        return "; ".join(labels)

    def ways(self) -> None:
        """When a target would come about."""
        ways = self.found.ways
        if ways is None:
            return
        self.head(f"When would “{ways.target_label}” come about?")
        if ways.already:
            self.line(f"- As it stands: {words.listed([self.protocol(name) for name in ways.already])}.")
        for way in ways.ways:
            named = replace(way, protocols=tuple(map(self.protocol, way.protocols)))
            agreed = "" if way.accepted else " Not everybody who has to agree gains."
            self.line(f"- {way_line(named, ways.target_label, self.speaker)}{agreed}")
        for item in ways.thresholds:
            known = replace(item, protocols=tuple(map(self.protocol, item.protocols)))
            self.line(f"- {threshold_line(known, ways.target_label, self.speaker)}")
        if not (ways.already or ways.ways or ways.thresholds):
            self.line(f"- With none of the {ways.tried:,} changes that were tried.")

    def protocol(self, name: str) -> str:
        """A rule of proposing with the players' names."""
        return " ".join(self.players.get(word, word) for word in name.split(" "))
