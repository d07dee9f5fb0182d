"""Reasons put into words: neutral, short, the same words for every scenario.

Companies "do better with", "prefer", "accept"; nobody demands, refuses or wins. What the file's author wrote is quoted
as it stands; nothing of it is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gamecore.advice.analysis import Analysis, Candidate, Kind, Reason
from gamecore.brief import words

__all__ = ["Names", "short_reason", "why_sentences"]

_WITHOUT_PLAYER: Final[Mapping[Kind, str]] = {
    Kind.HIGHEST_JOINT: "most value together",
    Kind.LOWEST_JOINT: "least value together",
    Kind.LEARNS_FIRST: "decides once more is known",
    Kind.ACCEPTABLE_TO_ALL: "acceptable to {all}",
    Kind.ONLY_ACCEPTABLE: "only one acceptable to {all}",
    Kind.NOT_SELF_ENFORCING: "would not be kept",
    Kind.WHOEVER_PROPOSES: "holds whoever proposes",
    Kind.COMPROMISE: "also a balanced division",
    Kind.FAIRER: "more even gains",
    Kind.MOST_ACCEPTED: "accepted by most",
    Kind.THE_PLAN_AS_IT_STOOD: "nothing changes",
    Kind.BEST_VALUE: "highest value",
    Kind.WORST_VALUE: "lowest value",
    Kind.LARGEST_RISK: "widest range of values",
    Kind.SMALLEST_RISK: "narrowest range of values",
}
_WITH_PLAYER: Final[Mapping[Kind, str]] = {
    Kind.BEST_VALUE: "best for {who}",
    Kind.WORST_VALUE: "worst for {who}",
    Kind.BELOW_WALK_AWAY: "{who} prefers {walk_away}",
    Kind.LARGEST_RISK: "widest range for {who}",
    Kind.SMALLEST_RISK: "narrowest range for {who}",
    Kind.GIVES_UP: "not the best for {who}",
    Kind.NOT_SELF_ENFORCING: "{who} would change course",
    Kind.IF_PROPOSES: "holds if {who} proposes",
    Kind.BASELINE_NOT_A_WALK_AWAY: "{who} would leave it",
}
LONG_NAME: Final = 20  # characters
_RULES: Final = {"nash": "", "kalai_smorodinsky": "", "egalitarian": "", "utilitarian": ""}


@dataclass(frozen=True)
class Names:
    """How things are called on the page: companies by name, options by letter."""

    analysis: Analysis
    letters: Mapping[str, str] = field(default_factory=dict)  # candidate key -> letter

    def name(self, player: str) -> str:
        """A company's name in sentences; the short one where the full one is long and there is one."""
        found = next((item for item in self.analysis.scenario.players if item.key == player), None)
        if found is None:
            return player
        return found.short if found.short and len(found.label) > LONG_NAME else found.label

    def short(self, player: str) -> str:
        """A company's name for narrow places."""
        found = next((item for item in self.analysis.scenario.players if item.key == player), None)
        return player if found is None else found.short or found.label

    def option(self, candidate: str) -> str:
        """An option by its letter, a plan without one by its name in quotes."""
        if candidate in self.letters:
            return self.letters[candidate]
        found = next((item.label for item in self.analysis.candidates if item.key == candidate), candidate)
        return f"“{found}”"

    def group(self, players: Sequence[str]) -> str:
        """Several companies by name; all of many in two words."""
        if len(players) > 2 and len(players) == len(self.analysis.scenario.players):
            return "all companies"
        return words.listed([self.short(player) for player in players])

    @property
    def all(self) -> str:
        """`both companies`, `all three companies`."""
        count = len(self.analysis.scenario.players)
        return (
            "both companies"
            if count == 2
            else f"all {words.number_word(count)} companies"
            if count > 1
            else "the company"
        )

    def walk_away(self, player: str) -> tuple[str, float | None]:
        """What a company has if it says no, in words, and its value."""
        away = next((item for item in self.analysis.walk_aways if item.player == player), None)
        if away is None or away.kind == "no_agreement":
            return "no agreement", None if away is None else away.value.base
        if away.kind == "baseline":
            key = next((item.key for item in self.analysis.candidates if item.is_baseline), "")
            return (self.option(key) if key in self.letters else "the plan as it stood"), away.value.base
        return "acting alone", away.value.base

    def floor(self) -> str:
        """What all have if they say no, in words."""
        kinds = {self.walk_away(player.key)[0] for player in self.analysis.scenario.players}
        return kinds.pop() if len(kinds) == 1 else "saying no"

    def beside_floor(self) -> str:
        """The same after `better than`."""
        floor = self.floor()
        before = {"no agreement": "with", "acting alone": "by", "saying no": "by"}.get(floor, "under")
        return f"{before} {floor}"

    def does_better(self, player: str, candidate: Candidate, decimals: int) -> str:
        """`Diamond does better with no agreement (16.0) than with A (9.7).`"""
        floor, worth = self.walk_away(player)
        how = f"by {floor}" if floor == "acting alone" else f"with {floor}"
        told = "" if worth is None else f" ({words.number(worth, decimals)})"
        value = words.number(candidate.standing(player).value.base, decimals)
        return f"{self.name(player)} does better {how}{told} than with {self.option(candidate.key)} ({value})."


def short_reason(reason: Reason, names: Names) -> str:
    """For or against an option in at most six words (longer only by a company's name); empty if there are no words."""
    everybody = names.all.removesuffix(" companies")
    if reason.player is not None and reason.kind in _WITH_PLAYER:
        return _WITH_PLAYER[reason.kind].format(
            who=names.short(reason.player), all=everybody, walk_away=names.walk_away(reason.player)[0]
        )
    if reason.kind is Kind.BELOW_WALK_AWAY:
        return "not acceptable to all"
    return _WITHOUT_PLAYER.get(reason.kind, "").format(all=everybody)


def why_sentences(analysis: Analysis, names: Names, decimals: int, *, against: int = 2) -> list[str]:
    """Why the recommended option holds, the most telling sentence first."""
    chosen = analysis.recommendation.candidate
    if chosen is None:
        return []
    letter = names.option(chosen)
    kinds = {reason.kind: reason for reason in analysis.recommendation.reasons}
    texts = _blockers(analysis, names, decimals)[:against]
    whoever = ", whoever proposes first" if Kind.WHOEVER_PROPOSES in kinds else ""
    floor = names.floor()
    if floor == letter and Kind.ONLY_ACCEPTABLE in kinds:
        texts.append(f"No other option is at least as good as {letter} for {names.all}{whoever}.")
    elif Kind.ONLY_ACCEPTABLE in kinds:
        texts.append(f"Only {letter} beats {floor} for {names.all}{whoever}.")
    elif Kind.ACCEPTABLE_TO_ALL in kinds:
        texts.append(f"{letter} is at least as good as {floor} for {names.all}{whoever}.")
    elif whoever:
        texts.append(f"{letter} holds{whoever}.")
    if Kind.IF_PROPOSES in kinds and (who := kinds[Kind.IF_PROPOSES].player):
        texts.append(f"It holds if {names.name(who)} proposes first.")
    if Kind.BEST_FOR_ADVISED in kinds and analysis.scenario.advise != "alliance" and Kind.ONLY_ACCEPTABLE not in kinds:
        texts.append(f"Of the plans that hold, it is the best for {names.name(analysis.scenario.advise)}.")
    if Kind.HIGHEST_NASH_PRODUCT in kinds and Kind.ONLY_ACCEPTABLE not in kinds:
        texts.append("Of the plans that hold, it balances the gains of all sides best.")
    if Kind.IS_BASELINE in kinds or Kind.RECOMMENDED_IS_BASELINE in kinds:
        texts.append("It is the plan as it stood." if floor == letter else f"{letter} is the plan as it stood.")
    if Kind.COMPROMISE in kinds:
        texts.append(_compromise(kinds[Kind.COMPROMISE]))
    if Kind.TIE_BROKEN in kinds:
        others = [
            names.option(key)
            for key in kinds[Kind.TIE_BROKEN].refers_to
            if key != chosen and ("=" in key or key in names.letters)
        ]
        texts.append(
            f"It ties with {words.listed(others)} and spreads the gains more evenly."
            if others
            else "A tie was broken by the order given in the annex."
        )
    return texts


def _blockers(analysis: Analysis, names: Names, decimals: int) -> list[str]:
    """Who does better without the other options: one sentence an option, none for one that all accept."""
    texts = []
    for option in analysis.options:
        candidate = analysis.candidate(option.candidate)
        if candidate.key == analysis.recommendation.candidate:
            continue
        against = _most_against(candidate)
        if against is None:
            continue
        texts.append(names.does_better(against, candidate, decimals))
    return texts


def _most_against(candidate: Candidate) -> str | None:
    losing = [standing for standing in candidate.standings if not standing.acceptable]
    return min(losing, key=lambda standing: standing.gain).player if losing else None


def _compromise(reason: Reason) -> str:
    count = len([kind for kind in reason.refers_to if kind in _RULES])
    if count > 1:
        return f"{words.number_word(count).capitalize()} usual rules for dividing a gain choose it too."
    return "A usual rule for dividing a gain chooses it too."
