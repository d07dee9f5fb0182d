"""Reasons put into words: neutral, short, the same words for every scenario.

Companies "do better with", "prefer", "accept"; nobody demands, refuses or wins. What the file's author wrote is quoted
as it stands; nothing of it is changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from gamecore.advice.analysis import Analysis, Candidate, Kind, Reason
from gamecore.advice.voting_facts import VotingRule
from gamecore.brief import words
from gamecore.brief.sides import side, sides

__all__ = ["Names", "not_held", "reason_sentence", "short_reason", "why_sentences"]

_WITHOUT_PLAYER: Final[Mapping[Kind, str]] = {
    Kind.HIGHEST_JOINT: "most value together",
    Kind.LOWEST_JOINT: "least value together",
    Kind.LEARNS_FIRST: "decides once more is known",
    Kind.ACCEPTABLE_TO_ALL: "acceptable to {all}",
    Kind.ONLY_ACCEPTABLE: "only one acceptable to {all}",
    Kind.ACCEPTED_BY_ENOUGH: "accepted by enough",
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
    Kind.CANNOT_FUND: "{who} lacks the cash",
    Kind.OUTVOTED: "{who} votes otherwise",
    Kind.COMPENSATED: "{who} needs a payment",
}
# Every kind in a whole sentence, for the page's notes and for whoever lists reasons one by one.
_SENTENCES: Final[Mapping[Kind, str]] = {
    Kind.BEST_VALUE: "It has the highest value{for_who}.",
    Kind.WORST_VALUE: "It has the lowest value{for_who}.",
    Kind.BELOW_WALK_AWAY: "{who} does better with {walk_away} than with {options}.",
    Kind.HIGHEST_JOINT: "It has the most value together.",
    Kind.LOWEST_JOINT: "It has the least value together.",
    Kind.LARGEST_RISK: "It has the widest range of values{for_who}.",
    Kind.SMALLEST_RISK: "It has the narrowest range of values{for_who}.",
    Kind.GIVES_UP: "It is not the best option{for_who}.",
    Kind.NOT_SELF_ENFORCING: "It would not hold by itself.",
    Kind.LEARNS_FIRST: "The next decision waits until more is known.",
    Kind.ONLY_ACCEPTABLE: "Only {options} is at least as good as {floor} for {all}.",
    Kind.ACCEPTABLE_TO_ALL: "At least as good as {floor} for {all}: {options}.",
    Kind.WHOEVER_PROPOSES: "It holds whoever proposes first.",
    Kind.IF_PROPOSES: "It holds if {who} proposes first.",
    Kind.BEST_FOR_ADVISED: "Of the plans that hold, it is the best{for_who}.",
    Kind.HIGHEST_NASH_PRODUCT: "Of the plans that hold, it balances the gains of all sides best.",
    Kind.COMPROMISE: "A usual rule for dividing a gain chooses it too.",
    Kind.BETTER_THAN_BASELINE: "It is compared with the plan as it stood.",
    Kind.IS_BASELINE: "It is the plan as it stood.",
    Kind.TIE_BROKEN: "A tie was broken by the order given in the annex.",
    Kind.NOTHING_ACCEPTABLE: "No option is at least as good as {floor} for {enough}.",
    Kind.NOTHING_SELF_ENFORCING: "No option that is at least as good as {floor} for {enough} holds by itself.",
    Kind.MEAN_RECOMMENDS: "By the average over all cases {another} would be recommended.",
    Kind.FEWER_THAN_THREE: "No third plan differs in what people do.",
    Kind.RECOMMENDED_IS_BASELINE: "The recommended option is the plan as it stood.",
    Kind.BASELINE_NOT_A_WALK_AWAY: "Somebody would leave the plan as it stood: a no is worth what each secures alone.",
    Kind.BASELINE_RULED_OUT: "The plan as it stood is ruled out here.",
    Kind.MOST_ACCEPTED: "It is acceptable to most.",
    Kind.FAIRER: "Its gains are more even.",
    Kind.THE_PLAN_AS_IT_STOOD: "It is the plan as it stood.",
    Kind.CHANCES_CUT: "{Cases} a drawn chance was cut to lie between 0 and 1.",
    Kind.SEVERAL_OUTCOMES: "{Cases} several outcomes are possible.",
    Kind.UNDECIDED_DRAWS: "{Cases} no outcome is clear.",
    Kind.NOTHING_UNCERTAIN: "All inputs are certain in this file; nothing was drawn.",
    Kind.SAMPLED_TERMS: "Of some terms only a sample of levels was searched.",
    Kind.INCOMPLETE: "The search for outcomes was not complete.",
    Kind.HOW_SOLVED: "How the talks were solved stands in the analysis document.",
    Kind.PRIVATE_BELIEFS: "The {sides} judge some chances differently.",
    Kind.ESTIMATE_OF_OTHER_SIDE: "Some values are one side's estimate of the other.",
    Kind.TOO_MANY_TO_SHARE: "How money is shared was not looked at: too many take part.",
    Kind.AMOUNTS_STAY: "A date was moved; amounts written in the file stay.",
    Kind.RISK_ATTITUDE: "{who} weighs risk: its values are what it would take for certain instead.",
    Kind.CANNOT_FUND: "{who} does not have the cash for all it would pay under {options}.",
    Kind.ACCEPTED_BY_ENOUGH: "Enough {sides} accept it for it to pass.",
    Kind.OUTVOTED: "{who} does better with {walk_away} than with {options}, and its vote is not needed.",
    Kind.COMPENSATED: "{who} does better with {walk_away} than with {options}, unless it is paid.",
    Kind.MOVES_NO_AGREEMENT: "The change also moves what no agreement is worth.",
    Kind.WITH_LEVER: "It holds with a change: without one no option does.",
}
# What says nothing of a plan where one decides alone.
_OF_SEVERAL: Final = frozenset(
    {
        *(Kind.HIGHEST_JOINT, Kind.LOWEST_JOINT, Kind.ACCEPTABLE_TO_ALL, Kind.ONLY_ACCEPTABLE, Kind.MOST_ACCEPTED),
        *(Kind.WHOEVER_PROPOSES, Kind.IF_PROPOSES, Kind.COMPROMISE, Kind.FAIRER, Kind.NOT_SELF_ENFORCING),
        *(Kind.BELOW_WALK_AWAY, Kind.BASELINE_NOT_A_WALK_AWAY),
        *(Kind.ACCEPTED_BY_ENOUGH, Kind.OUTVOTED, Kind.COMPENSATED),
    }
)
NO_AGREEMENT: Final = "no_agreement"
LONG_NAME: Final = 20  # characters
NEARLY_ALL: Final = 0.995
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

    def outcome(self, key: str) -> str:
        """What happens, by its letter or in words: an option, no agreement, neither."""
        another = "another deal" if self.others == "other deals" else "another plan"
        fixed = {NO_AGREEMENT: "no agreement", "other": another, "undecided": "no settled outcome"}
        return fixed.get(key) or self.option(key)

    def group(self, players: Sequence[str]) -> str:
        """Several companies by name; all of many in two words."""
        if len(players) > 2 and len(players) == len(self.analysis.scenario.players):
            return f"all {self.sides}"
        return words.listed([self.short(player) for player in players])

    @property
    def all(self) -> str:
        """`both companies`, `all three sides`, `Diamond` if it is the only one."""
        count = len(self.analysis.scenario.players)
        if self.alone:
            return self.name(self.alone)
        return f"both {self.sides}" if count == 2 else f"all {words.number_word(count)} {self.sides}"

    @property
    def enough(self) -> str:
        """Those who have to accept a plan: all, or enough of them where a vote decides."""
        return f"enough {self.sides}" if self.analysis.votes else self.all

    @property
    def side(self) -> str:
        """`company` or `side`, whichever fits this file's players."""
        return side(self.analysis.scenario.players)

    @property
    def sides(self) -> str:
        """`companies` or `sides`."""
        return sides(self.analysis.scenario.players)

    @property
    def each(self) -> str:
        """`each company`, `each side`; the name of the only one."""
        return self.name(self.alone) if self.alone else f"each {self.side}"

    @property
    def alone(self) -> str:
        """The key of the only decision maker; empty where there are several."""
        players = self.analysis.scenario.players
        return players[0].key if len(players) == 1 else ""

    def walk_away(self, player: str) -> tuple[str, float | None]:
        """What a company has if it says no, in words, and its value."""
        away = next((item for item in self.analysis.walk_aways if item.player == player), None)
        if away is None or away.kind == "no_agreement":
            nothing = self.analysis.disagreement
            follows = self.letters.get(nothing.means or "") if nothing is not None else None
            return follows or "no agreement", None if away is None else away.value.base
        if away.kind == "baseline":
            key = next((item.key for item in self.analysis.candidates if item.is_baseline), "")
            return (self.option(key) if key in self.letters else "the plan as it stood"), away.value.base
        return "acting alone", away.value.base

    def protocol(self, name: str) -> str:
        """A rule of proposing with the companies' names in place of their keys."""
        keys = {player.key: self.name(player.key) for player in self.analysis.scenario.players}
        return re.sub(r"\w+", lambda found: keys.get(found[0], found[0]), name)

    @property
    def others(self) -> str:
        """Outcomes that are no candidate: deals where terms are agreed on, else plans."""
        deals = any(
            len(one.by) > 1 and (one.by, one.at) == (other.by, other.at)
            for candidate in self.analysis.candidates
            for one, other in pairwise(candidate.steps)
        )
        return "other deals" if deals else "other plans"

    def floor(self) -> str:
        """What all have if they say no, in words."""
        kinds = {self.walk_away(player.key)[0] for player in self.analysis.scenario.players}
        return kinds.pop() if len(kinds) == 1 else "saying no"

    def beside_floor(self) -> str:
        """The same after `better than`."""
        floor = self.floor()
        before = {"no agreement": "with", "acting alone": "by", "saying no": "by"}.get(floor, "under")
        return f"{before} {floor}"

    def saying_no(self, player: str) -> str:
        """What a company does if it says no, after a verb: `with no agreement`, `by acting alone`."""
        floor = self.walk_away(player)[0]
        return f"by {floor}" if floor == "acting alone" else f"with {floor}"

    def does_better(self, player: str, worse: Sequence[Candidate], decimals: int) -> str:
        """`Diamond does better with no agreement (16.0) than with A (9.7) or C (12.0).`"""
        how, worth = self.saying_no(player), self.walk_away(player)[1]
        told = "" if worth is None else f" ({words.number(worth, decimals)})"
        values = [words.number(item.standing(player).value.base, decimals) for item in worse]
        than = [f"{self.option(item.key)} ({value})" for item, value in zip(worse, values, strict=True)]
        return f"{self.name(player)} does better {how}{told} than with {words.listed(than, 'or')}."


def not_held(candidate: Candidate, names: Names) -> str:
    """How a plan that does not hold by itself would fail: an option to agree on is not offered, moves are not kept."""
    if any(step.choice == NO_AGREEMENT for step in candidate.steps):
        return "talks would lead elsewhere"
    if candidate.forced or not candidate.steps or any(len(step.by) == 1 for step in candidate.steps):
        return "would not be kept"
    proposed = all(frequency.proposer for frequency in names.analysis.frequencies)
    return "would not be offered first" if proposed else "would not be agreed on"


def short_reason(reason: Reason, names: Names, candidate: Candidate) -> str:
    """For or against an option in at most six words (longer only by a company's name); empty if there are no words."""
    if names.alone and reason.kind in _OF_SEVERAL:
        return ""
    everybody = names.all.removesuffix(f" {names.sides}")
    if reason.kind is Kind.NOT_SELF_ENFORCING and reason.player is None:
        return not_held(candidate, names)
    if reason.kind is Kind.SMALLEST_RISK and reason.player is not None:
        value = candidate.standing(reason.player).value
        if value.p10 >= value.p90:
            return f"certain value for {names.short(reason.player)}"
    if reason.player is not None and reason.kind in _WITH_PLAYER:
        return _WITH_PLAYER[reason.kind].format(
            who=names.short(reason.player), all=everybody, walk_away=names.walk_away(reason.player)[0]
        )
    if reason.kind is Kind.BELOW_WALK_AWAY:
        return "not acceptable to all"
    return _WITHOUT_PLAYER.get(reason.kind, "").format(all=everybody)


def reason_sentence(reason: Reason, names: Names) -> str:
    """A reason as one sentence; there are words for every kind."""
    known = {item.key for item in names.analysis.candidates}
    chosen = names.analysis.recommendation.candidate
    others = {key: names.option(key) for key in reason.refers_to if key in known}
    player = reason.player or ""
    share = reason.numbers.get("share")
    if share is None:
        cases = "In some cases"
    else:
        cases = "In every case" if share > NEARLY_ALL else f"In {words.chance_text(share)} cases"
    return _SENTENCES[reason.kind].format(
        who=names.name(player) if player else "Somebody",
        for_who=f" for {names.name(player)}" if player else "",
        walk_away=names.walk_away(player)[0] if player else names.floor(),
        floor=names.floor(),
        all=names.all,
        enough=names.enough,
        sides=names.sides,
        options=words.listed(list(others.values())) or "it",
        another=next((text for key, text in others.items() if key != chosen), "another plan"),
        Cases=cases,
    )


def why_sentences(
    analysis: Analysis,
    names: Names,
    decimals: int,
    *,
    against: bool = True,
    values: bool = True,
    rules: bool = True,
) -> list[str]:
    """Why the recommended option holds, the most telling sentence first.

    `against` is whether other options are spoken against, `values` whether with numbers (they stand in the panel),
    `rules` whether it is told that rules of fair division choose the option too.
    """
    chosen = analysis.recommendation.candidate
    if chosen is None:
        return []
    letter = names.option(chosen)
    kinds = {reason.kind: reason for reason in analysis.recommendation.reasons}
    others = _against(analysis, names, decimals, values=values)
    texts = [*_better_for_all(analysis, names, decimals), *(others if against else ())]
    whoever = ", whoever proposes first" if Kind.WHOEVER_PROPOSES in kinds else ""
    floor = names.floor()
    if floor == letter and Kind.ONLY_ACCEPTABLE in kinds:
        texts.append(f"No other option is at least as good as {letter} for {names.all}{whoever}.")
    elif Kind.ONLY_ACCEPTABLE in kinds:
        texts.append(f"Only {letter} beats {floor} for {names.all}{whoever}.")
    elif Kind.ACCEPTED_BY_ENOUGH in kinds:
        texts += _by_enough(analysis, names, decimals, whoever)
    elif Kind.ACCEPTABLE_TO_ALL in kinds and floor != letter:
        texts.append(f"{letter} is at least as good as {floor} for {names.all}{whoever}.")
    elif whoever:
        texts.append(f"{letter} holds{whoever}.")
    texts += [_rule(rule, names) for rule in analysis.votes]
    if Kind.IF_PROPOSES in kinds and (who := kinds[Kind.IF_PROPOSES].player):
        texts.append(f"It holds if {names.name(who)} proposes first.")
    if Kind.BEST_FOR_ADVISED in kinds and analysis.scenario.advise != "alliance" and Kind.ONLY_ACCEPTABLE not in kinds:
        texts.append(f"Of the plans that hold, it is the best for {names.name(analysis.scenario.advise)}.")
    if Kind.HIGHEST_NASH_PRODUCT in kinds and Kind.ONLY_ACCEPTABLE not in kinds:
        texts += _balance(analysis, chosen, decimals)
    if Kind.IS_BASELINE in kinds or Kind.RECOMMENDED_IS_BASELINE in kinds:
        texts.append("It is the plan as it stood." if floor == letter else f"{letter} is the plan as it stood.")
    if Kind.COMPROMISE in kinds and rules:
        texts.append(_compromise(kinds[Kind.COMPROMISE]))
    if Kind.TIE_BROKEN in kinds:
        texts.append(_tie(kinds[Kind.TIE_BROKEN], names, chosen))
    return texts or others[:1]


def _by_enough(analysis: Analysis, names: Names, decimals: int, whoever: str) -> list[str]:
    """With whose votes a plan passes, and who does better without it."""
    chosen = analysis.candidate(analysis.recommendation.candidate or "")
    yes = words.listed([names.short(player) for player in chosen.acceptable_to])
    against = []
    for player in chosen.outvoted:
        how, worth = names.saying_no(player), names.walk_away(player)[1]
        values = [words.number(value, decimals) for value in (worth or 0.0, chosen.standing(player).value.base)]
        against.append(f"{names.short(player)} does better {how} ({values[0]}, not {values[1]})")
    texts = [f"{'; '.join([f'{names.option(chosen.key)} passes with {yes}{whoever}', *against])}."]
    texts += [f"{names.name(player)} ends above {names.floor()} once it is paid." for player in chosen.compensated]
    return texts


def _rule(rule: VotingRule, names: Names) -> str:
    """`Two of three votes are enough, with Clinical among them.`"""
    counts = [words.number_word(count) for count in (rule.votes, len(rule.by))]
    verb = "is" if rule.votes == 1 else "are"
    among = f", {words.listed([names.short(player) for player in rule.veto])} among them" if rule.veto else ""
    return f"{counts[0].capitalize()} of {counts[1]} votes {verb} enough{among}."


def _balance(analysis: Analysis, chosen: str, decimals: int) -> list[str]:
    """How gains are balanced among the plans that hold, where that is why."""
    gains = [item.gain for item in analysis.candidate(chosen).standings]
    if all(words.signed(gain, decimals).startswith("+") for gain in gains):
        return ["Of the plans that hold, it balances the gains of all sides best."]
    return ["No plan that holds leaves all sides better off."] if min(gains) <= 0 else []


def _tie(reason: Reason, names: Names, chosen: str) -> str:
    others = [names.option(key) for key in reason.refers_to if key != chosen and ("=" in key or key in names.letters)]
    if not others:
        return "A tie was broken by the order given in the annex."
    return f"It ties with {words.listed(others)} and spreads the gains more evenly."


def _better_for_all(analysis: Analysis, names: Names, decimals: int) -> list[str]:
    """A plan that all would rather have than the recommended one: why it is not the one, in one sentence."""
    chosen = analysis.candidate(analysis.recommendation.candidate or "")
    ahead = []
    for candidate in analysis.candidates:
        gaps = [
            words.signed(candidate.standing(item.player).value.base - item.value.base, decimals)
            for item in chosen.standings
        ]
        if candidate.key != chosen.key and all(text.startswith("+") for text in gaps):
            ahead.append(candidate)
    if not ahead:
        return []
    best = min(ahead, key=lambda item: (item.key not in names.letters, -item.joint.base))
    but = "holds only under another rule of proposing" if best.self_enforcing_under else "would not hold by itself"
    return [f"{names.option(best.key)} is better for {names.all}, but {but}."]


def _against(analysis: Analysis, names: Names, decimals: int, *, values: bool) -> list[str]:
    """Who does better without the other options: a sentence for each side, or without values all in one."""
    blockers = _blockers(analysis)[:2]
    if values:
        players = dict.fromkeys(player for player, _ in blockers)
        worse = {player: [item for other, item in blockers if other == player] for player in players}
        return [names.does_better(player, options, decimals) for player, options in worse.items()]
    return [_in_one(blockers, names)] if blockers else []


def _blockers(analysis: Analysis) -> list[tuple[str, Candidate]]:
    """Who does better without the other options: the one most against each, nobody against one that all accept."""
    found = []
    for option in analysis.options:
        candidate = analysis.candidate(option.candidate)
        if candidate.key == analysis.recommendation.candidate or candidate.accepted:
            continue
        against = _most_against(candidate)
        if against is not None:
            found.append((against, candidate))
    return found


def _in_one(blockers: Sequence[tuple[str, Candidate]], names: Names) -> str:
    """`Diamond does better with no agreement than with A, Sapphire than with C.`"""
    parts: list[str] = []
    before = ""
    for player in dict.fromkeys(player for player, _ in blockers):
        worse = words.listed([names.option(item.key) for other, item in blockers if other == player], "or")
        how = names.saying_no(player)
        verb = "" if how == before else f" {'' if before else 'does '}better {how}"
        parts.append(f"{names.name(player)}{verb} than with {worse}")
        before = how
    return f"{', '.join(parts)}."


def _most_against(candidate: Candidate) -> str | None:
    losing = [standing for standing in candidate.standings if not standing.acceptable]
    return min(losing, key=lambda standing: standing.gain).player if losing else None


def _compromise(reason: Reason) -> str:
    count = len([kind for kind in reason.refers_to if kind in _RULES])
    if count > 1:
        return f"{words.number_word(count).capitalize()} usual rules for dividing a gain choose it too."
    return "A usual rule for dividing a gain chooses it too."
