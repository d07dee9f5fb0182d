"""What a copy may show: the one place that decides it.

The internal copy shows everything. A shared copy shows no number that a confidential value reaches: the values of the
companies, their ranks and what they are worth together stay away unless every company released its values *and* nothing
confidential reaches the number. Walk-aways and frequencies never appear. Options, steps, facts and labels that are
confidential themselves are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gamecore.advice.analysis import Analysis, Candidate, ContingentChoice, KnownFact, Step
from gamecore.errors import InputError

__all__ = ["COPIES", "INTERNAL", "SHARED", "Sight"]

INTERNAL: Final = "internal"
SHARED: Final = "shared"
COPIES: Final = (INTERNAL, SHARED)


@dataclass(frozen=True)
class Sight:
    """What one copy of one analysis may show."""

    analysis: Analysis
    copy: str

    def __post_init__(self) -> None:
        if self.copy not in COPIES:
            raise InputError(f"there is no copy '{self.copy}'; a copy is {' or '.join(COPIES)}")
        chosen = self.analysis.recommendation.candidate
        if self.internal or chosen is None:
            return
        if not self.candidate(self.analysis.candidate(chosen)):
            raise InputError(
                "a shared copy is not possible: the recommended plan is confidential in the scenario; release it "
                "with 'confidential: no' or hand out no shared copy"
            )

    @property
    def internal(self) -> bool:
        return self.copy == INTERNAL

    @property
    def released(self) -> bool:
        """Whether every company released its values."""
        return all(player.key in self.analysis.released for player in self.analysis.scenario.players)

    def candidate(self, candidate: Candidate) -> bool:
        """Whether the plan may be named at all."""
        if self.internal:
            return True
        return not candidate.confidential and (not candidate.steps or any(self.step(step) for step in candidate.steps))

    def label(self, candidate: Candidate) -> str:
        """The plan's name, without the steps that this copy may not show."""
        shown = tuple(step.choice_label for step in candidate.steps if self.step(step))
        return candidate.label if len(shown) == len(candidate.steps) else "; ".join(shown)

    def step(self, step: Step | ContingentChoice) -> bool:
        """Whether a step, or what follows by itself, may be named."""
        return self.internal or not step.confidential

    def follow(self, follow: ContingentChoice) -> bool:
        """Whether what follows may be named: neither it nor what it hangs on is confidential."""
        return self.step(follow) and all(self._given_public(name) for name, _ in follow.given)

    def follow_chance(self, follow: ContingentChoice) -> bool:
        """Whether the chance of what it hangs on may be printed."""
        public = {fact.event for fact in self.analysis.known if not fact.reaches and not fact.confidential}
        return self.internal or all(name in public for name, _ in follow.given)

    def fact(self, fact: KnownFact) -> bool:
        """Whether the fact may be named."""
        return self.internal or not fact.confidential

    def value(self, candidate: Candidate, player: str) -> bool:
        """Whether a company's value may be printed and drawn."""
        return self.internal or (self.released and not candidate.standing(player).reaches)

    def rank(self, player: str) -> bool:
        """Whether a company's ranks may be printed: each compares all of its values."""
        return all(self.value(candidate, player) for candidate in self.analysis.candidates)

    def together(self, candidate: Candidate) -> bool:
        """Whether the value of all together may be printed: whoever knows the own value subtracts."""
        return all(self.value(candidate, standing.player) for standing in candidate.standings)

    def any_value(self) -> bool:
        """Whether the panel has any number at all."""
        return any(
            self.value(self.analysis.candidate(option.candidate), standing.player)
            for option in self.analysis.options
            for standing in self.analysis.candidate(option.candidate).standings
        )

    def _given_public(self, name: str) -> bool:
        return self.internal or not any(fact.confidential for fact in self.analysis.known if fact.event == name)
