"""What the writers of the blocks share: the analysis, what may be shown, what things are called, the room left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gamecore.advice.analysis import Analysis, Candidate, Frequency, Kind
from gamecore.brief import words
from gamecore.brief.parts import Part
from gamecore.brief.sentences import Names
from gamecore.brief.sight import Sight

__all__ = ["ALLIANCE", "NO_AGREEMENT", "UNDECIDED", "Desk", "fill", "open_desk"]

ALLIANCE = "alliance"
NO_AGREEMENT = "no_agreement"
UNDECIDED = "undecided"


@dataclass(frozen=True)
class Desk:
    """One copy of one analysis being written, without the parts that are left out."""

    analysis: Analysis
    sight: Sight
    names: Names
    decimals: int
    left_out: frozenset[Part]
    chosen: Candidate | None
    letter: str

    def number(self, value: float) -> str:
        """A value with the page's decimals."""
        return words.number(value, self.decimals)

    def keeps(self, part: Part) -> bool:
        """Whether a part is told."""
        return part not in self.left_out

    def frequencies(self) -> list[Frequency]:
        """The protocols' pictures over the draws: those under which the option holds, the advised company's own
        proposal first.
        """
        advised = self.analysis.scenario.advise
        holds = self.chosen.self_enforcing_under if self.chosen is not None else ()
        return sorted(
            self.analysis.frequencies, key=lambda item: (item.protocol not in holds, item.proposer != advised)
        )

    def protocols(self) -> list[str]:
        """The rules of proposing by name, in the same order."""
        return [frequency.protocol for frequency in self.frequencies()] or list(self.analysis.protocols)

    @property
    def certain(self) -> bool:
        """Whether nothing was drawn."""
        if any(reason.kind is Kind.NOTHING_UNCERTAIN for reason in self.analysis.notes):
            return True
        return self.analysis.draws == 0 or not self.analysis.frequencies


def open_desk(analysis: Analysis, sight: Sight, left_out: frozenset[Part] = frozenset()) -> Desk:
    """The desk for one attempt at a page."""
    names = Names(analysis, _letters(analysis, sight))
    chosen = analysis.recommendation.candidate
    return Desk(
        analysis,
        sight,
        names,
        words.decimals_for(_shown_values(analysis, sight)),
        left_out,
        None if chosen is None else analysis.candidate(chosen),
        "" if chosen is None else names.option(chosen),
    )


def _letters(analysis: Analysis, sight: Sight) -> dict[str, str]:
    """The options' letters; lettered anew where one may not be seen, so that no gap tells of it."""
    visible = [option for option in analysis.options if sight.candidate(analysis.candidate(option.candidate))]
    if len(visible) == len(analysis.options):
        return {option.candidate: option.letter for option in visible}
    return {option.candidate: chr(ord("A") + index) for index, option in enumerate(visible)}


def _shown_values(analysis: Analysis, sight: Sight) -> list[float]:
    values = [
        standing.value.base
        for candidate in (analysis.candidate(option.candidate) for option in analysis.options)
        for standing in candidate.standings
        if sight.candidate(candidate) and sight.value(candidate, standing.player)
    ]
    return values + [away.value.base for away in analysis.walk_aways] if sight.internal else values


def fill(sentences: Sequence[str], limit: int) -> str:
    """The sentences in order, leaving out what goes beyond the limit; the first one always stays."""
    taken: list[str] = []
    room = limit
    for text in sentences:
        need = words.count_words(text)
        if text and (not taken or need <= room):
            taken.append(text)
            room -= need
    return " ".join(taken)
