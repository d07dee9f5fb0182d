"""A conflict in plain words: what positions are called, who would move, what holds them.

A state is a *position*. Away from today it is called by what differs from today; nothing here names a concept of the
field, and nobody threatens or refuses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gamecore.advice.conflict_facts import (
    ConflictAnalysis,
    DecisionFacts,
    LeastChange,
    Movement,
    StateFacts,
    StateReason,
    Strength,
    Undoing,
)
from gamecore.brief import words

__all__ = ["HELD", "HOLDS", "ConflictNames"]

HELD: Mapping[Strength, str] = {
    Strength.COALITION: "nobody gains by leaving, even together",
    Strength.NASH: "nobody gains by leaving alone",
    Strength.SEQ: "leaving would be answered",
    Strength.SMR: "leaving could be answered",
    Strength.GMR: "leaving could be answered",
    Strength.NONE: "somebody gains by leaving",
}

HOLDS: Mapping[Strength, str] = {
    Strength.COALITION: "Once there, nobody gains by leaving, alone or with others.",
    Strength.NASH: "Once there, nobody gains by leaving alone.",
    Strength.SEQ: "Once there, whoever leaves is answered in the others' own interest.",
    Strength.SMR: "Once there, whoever leaves could be answered and not get out of it again.",
    Strength.GMR: "Once there, whoever leaves could be answered.",
    Strength.NONE: "",
}


@dataclass(frozen=True)
class ConflictNames:
    """What things are called on one copy; `hidden` options (decision, option) are not named."""

    analysis: ConflictAnalysis
    hidden: Collection[tuple[str, str]] = field(default_factory=frozenset)

    def short(self, player: str) -> str:
        """A player in few letters."""
        facts = next(item for item in self.analysis.scenario.players if item.key == player)
        return facts.short or facts.label

    def players(self, keys: Sequence[str]) -> str:
        """Players in a row."""
        return words.listed([self.short(key) for key in keys])

    def decision(self, key: str) -> DecisionFacts:
        """A decision by its name."""
        return next(item for item in self.analysis.decisions if item.key == key)

    def rank(self, player: str, state: int) -> str:
        """A place in a player's order: `2nd=`."""
        facts = self.analysis.states[state]
        rank = facts.ranks[player]
        return "not known" if rank is None else words.rank_text(rank, tied=facts.tied[player])

    @property
    def origin(self) -> StateFacts | None:
        """The position that others are told against: today."""
        return None if self.analysis.today is None else self.analysis.states[self.analysis.today]

    def changes(self, state: int, start: int | None = None) -> list[tuple[str, str]]:
        """What differs from where one starts (today), as (decision, option)."""
        origin = self.origin if start is None else self.analysis.states[start]
        facts = self.analysis.states[state]
        before: Mapping[str, str] = {} if origin is None else origin.options
        return [(name, option) for name, option in facts.options.items() if before.get(name) != option]

    def label(self, state: int) -> str:
        """A position by what is different from today; today in full."""
        facts = self.analysis.states[state]
        differing = self.changes(state) if state != self.analysis.today else list(facts.options.items())
        # what a step of somebody else opens or closes goes without saying, as long as something is left
        told = self._labels(differing) or self._labels(list(facts.options.items()))
        return "; ".join(told)

    def quoted(self, state: int, start: int | None = None) -> str:
        """A position, or the step to it from `start`, inside a sentence."""
        told = self._labels(self.changes(state, start)) if start is not None else []
        return f"\N{LEFT DOUBLE QUOTATION MARK}{'; '.join(told) or self.label(state)}\N{RIGHT DOUBLE QUOTATION MARK}"

    def named(self, state: int) -> str:
        """A position inside a sentence: today is called so."""
        return "today's position" if state == self.analysis.today else self.quoted(state)

    def _labels(self, chosen: Sequence[tuple[str, str]]) -> list[str]:
        return [self.decision(name).options[option] for name, option in chosen if (name, option) not in self.hidden]

    def pros(self, state: int) -> list[str]:
        """What the file says for the options that are new against today."""
        return [
            text
            for name, option in self.changes(state)
            if (name, option) not in self.hidden
            for text in self.decision(name).pros.get(option, ())
        ]

    def steps(self, start: int, path: Sequence[Movement]) -> list[str]:
        """The steps of a way, each with who makes it: `Sapphire: Hand it over`."""
        told, before = [], start
        for step in path:
            own = [pair for pair in self.changes(step.state, before) if self.decision(pair[0]).by == step.player]
            labels = self._labels(own)
            if labels:
                told.append(f"{self.short(step.player)}: {'; '.join(labels)}")
            before = step.state
        return told

    # ---- sentences ---------------------------------------------------------------------------------------------------

    def reason(self, state: int, reason: StateReason) -> str:
        """Why one player stays in a position or does not; empty where it is simply content."""
        who = self.short(reason.player)
        if not reason.temptations:
            return ""
        first = reason.temptations[0]
        goal = self.quoted(first.state, state)
        if not first.answer:
            return f"{who} gains by {goal}, whatever the others do."
        last = first.answer[-1]
        verb = "would" if reason.holds == "interest" else "could"
        answers = self.quoted(last.state, first.state)
        return f"{who} prefers {goal}, but {self.short(last.player)} {verb} answer with {answers}."

    def undoing(self, undoing: Undoing) -> str:
        """What would make a player leave the recommended position."""
        pairs = words.number(undoing.distance, 0 if undoing.distance == int(undoing.distance) else 1)
        goal = self.named(undoing.state)
        ending = "comparison" if undoing.distance <= 1 else "comparisons"
        return f"{self.short(undoing.player)} would leave if it came to prefer {goal} ({pairs} {ending} turned)."

    def change(self, change: LeastChange) -> str:
        """What would have to be liked differently for a position to last."""
        parts = []
        for part in change.parts:
            who = self.short(part.player)
            own = [a for a, b in part.swapped if b == change.state]
            level = [a for a, b in part.tied if b == change.state]
            if own:
                parts.append(f"{who} preferred it to {self.named(own[0])}")
            elif level:
                parts.append(f"{who} liked it as much as {self.named(level[0])}")
            else:
                parts.append(f"{who} ordered {words.number_word(len(part.swapped) + len(part.tied))} pairs differently")
        told = self.named(change.state)
        return f"{told[:1].upper()}{told[1:]} would hold by itself if {words.listed(parts)}."
