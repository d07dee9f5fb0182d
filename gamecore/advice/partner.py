"""The partner's seat: what the negotiation looks like from there, out of the asker's own file.

The *mirrored scenario* is the same scenario with `advise` set to the seat and nothing else changed (`mirrored`). Its
analysis is the seat's page; the analysis of the scenario as it stands is the asker's. Facts about the seat's values,
preferences and objections are read off the mirrored one, facts about what the asker recommends off its own, so that no
number here is another than on these two pages.

What speaks for an option is found by rules that are the same for every scenario, and listed by how much it weighs with
whom it is said to (`ArgumentKind`): to the asker first what the asker itself would lose, then what both agreed or gain
together, then what only the seat has an interest in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from gamecore.advice.analysis import Analysis, Candidate, Standing, WalkAway
from gamecore.advice.assess import Case
from gamecore.advice.partner_facts import Argument, ArgumentKind, Opening, PartnerFacts, Push, Ranked
from gamecore.advice.partner_replies import replies
from gamecore.advice.robustness_facts import Threshold
from gamecore.equilibria.following import best_play, follow, policy_of
from gamecore.errors import InputError
from gamecore.model import Scenario
from gamecore.robustness.frequencies import compatible_ends, plan_worth
from gamecore.scenario.tree import Scalar

__all__ = ["MOST_THRESHOLDS", "asker_of", "mirrored", "openings", "partner_facts", "seat_of"]

MOST_THRESHOLDS: Final = 3  # inputs that change the outcome, the nearest first
LEVEL: Final = 1e-9  # two values of one scenario that differ by less are told as the same


def seat_of(scenario: Scenario, player: str | None = None) -> str:
    """Whose seat it is: the player named, else the first that the file does not advise.

    Raises
    ------
    InputError
        If nobody else decides, there is no such player, it is the one advised, or the file advises the alliance and
        nobody is named.
    """
    if len(scenario.players) < 2:
        raise InputError("only one player decides in this file, so there is no partner")
    names = ", ".join(scenario.players)
    if player is not None and player not in scenario.players:
        raise InputError(f"there is no player '{player[:60]}'; choose one of {names}")
    if player is not None and player == scenario.advise:
        others = ", ".join(name for name in scenario.players if name != player)
        raise InputError(f"the file advises '{player}' already; choose one of {others}")
    if player is None and scenario.advise not in scenario.players:
        raise InputError(f"the file advises all players together: say whose seat it is, one of {names}")
    return player or next(name for name in scenario.players if name != scenario.advise)


def asker_of(scenario: Scenario, seat: str) -> str:
    """Who takes the seat: the player advised, else the first of the others."""
    if scenario.advise in scenario.players:
        return scenario.advise
    return next(name for name in scenario.players if name != seat)


def mirrored(scenario: Scenario, seat: str) -> Scenario:
    """The same scenario with the seat advised; mirroring it back gives the scenario itself.

    The document it was read from says so too, because levers pulled later change that and read it again.
    """
    source = None if scenario.source is None else scenario.source.put(("advise",), Scalar(seat))
    return replace(scenario, advise=seat, source=source)


def partner_facts(ours: tuple[Analysis, Case], theirs: tuple[Analysis, Case], seat: str) -> PartnerFacts:
    """Everything about the seat, from the asker's analysis and the mirrored one, each with its case."""
    analysis, case = ours
    asker = asker_of(case.game.scenario, seat)
    look = _Look(analysis, theirs[0], asker, seat)
    answered, left_out = replies(case, asker, seat)
    labels = {plan.key: plan.label for plan in case.plans}
    ranking = look.ranking()
    preferred = theirs[0].candidate(ranking[0].candidate)
    asked = None if analysis.recommendation.candidate is None else analysis.candidate(analysis.recommendation.candidate)
    traces = [item.reaches for candidate in analysis.candidates for item in candidate.standings]
    traces += [item.reaches for item in analysis.walk_aways]
    return PartnerFacts(
        seat=seat,
        asker=asker,
        recommended=theirs[0].recommendation.candidate,
        asked=None if asked is None else asked.key,
        ranking=ranking,
        replies=tuple(replace(item, label=labels.get(item.move, item.label)) for item in answered),
        openings=openings(theirs[1], seat),
        preferred=preferred.key,
        argument=look.argument(preferred),
        tell=() if asked is None else look.tell(asked),
        push=() if any(line.weights for line in case.game.scenario.payoffs.values()) else look.push(),
        no=look.no(asked),
        left_out=left_out,
        reaches=frozenset().union(*traces),
    )


def openings(case: Case, seat: str) -> tuple[Opening, ...]:
    """What comes about in each game in which the seat makes the first offer."""
    game, tree = case.game, case.game.tree
    found = []
    for item in case.solved:
        if item.talks.proposer != seat:
            continue
        play = best_play(item.perfect.plays[0])
        weights = follow(tree, policy_of(tree, play, item.bargaining))
        worth = case.numbers.equivalents(play.values)  # what is paid with the offer included
        reached = {end for end in weights if case.numbers.reach[-1, end]}
        outcome, label = "other", ""
        if case.disagreement is not None and reached <= compatible_ends(tree, case.disagreement.forced):
            outcome, label = "no_agreement", case.disagreement.label
        plan = next((plan for plan in case.plans if reached <= compatible_ends(tree, plan.forced)), None)
        if plan is not None and outcome == "other":
            outcome, label = plan.key, plan.label
        values = {name: float(value) for name, value in zip(game.players, worth, strict=True)}
        paid = tuple(play.values) != tuple(plan_worth(case.numbers.payoffs, weights))
        found.append(Opening(item.talks.name, outcome, label, values, paid))
    return tuple(found)


class _Look:
    """Reads the two analyses for what can be said."""

    def __init__(self, ours: Analysis, theirs: Analysis, asker: str, seat: str) -> None:
        self.ours, self.theirs = ours, theirs
        self.asker, self.seat = asker, seat

    def ranking(self) -> tuple[Ranked, ...]:
        """The seat's options, the best first; ties in file order."""
        found = [(candidate, candidate.standing(self.seat)) for candidate in self._plans(self.theirs)]
        return tuple(
            Ranked(
                candidate.key,
                candidate.label,
                standing.rank,
                standing.tied,
                standing.value,
                standing.gain,
                standing.acceptable,
                standing.acceptable_chance,
            )
            for candidate, standing in sorted(found, key=lambda pair: pair[1].rank)
        )

    def argument(self, option: Candidate) -> tuple[Argument, ...]:
        """What the seat can say to the asker for an option."""
        ways: tuple[Callable[[Candidate, Standing, Standing], Iterator[Argument]], ...] = (
            self._asker_gains,
            self._agreed_or_joint,
            self._even,
            self._risk,
            self._clause,
            self._seat_gains,
        )
        own, other = option.standing(self.seat), option.standing(self.asker)
        return tuple(item for way in ways for item in way(option, own, other))

    def tell(self, option: Candidate) -> tuple[Argument, ...]:
        """What the seat can tell its own decision makers for the option that the asker recommends."""
        own, away = option.standing(self.seat), self._away(self.ours, self.seat)
        found: list[Argument] = []
        if own.gain > LEVEL:
            numbers = {"gain": own.gain, "value": own.value.base, "walk_away": away.value.base}
            found.append(Argument(ArgumentKind.ABOVE_NO, numbers))
        baseline = next((item for item in self.ours.candidates if item.is_baseline and item.key != option.key), None)
        if baseline is not None:
            gain = own.value.base - baseline.standing(self.seat).value.base
            if gain > LEVEL:
                found.append(Argument(ArgumentKind.ABOVE_BASELINE, {"gain": gain}, (baseline.key,)))
        worst = max(item.standing(self.seat).rank for item in self.ours.candidates)
        if own.rank == 1 < worst:
            found.append(Argument(ArgumentKind.THEIR_BEST))
        elif own.rank < worst:
            found.append(Argument(ArgumentKind.NOT_THEIR_WORST, {"rank": float(own.rank)}))
        if own.value.p10 < own.value.p90:
            numbers = {"p10": own.value.p10, "walk_away_p10": away.value.p10}
            found.append(Argument(ArgumentKind.LOW_CASE, numbers))
        found += [
            Argument(ArgumentKind.LEARNS, {"at": fact.at}, (fact.event,), fact.label)
            for fact in self.ours.known
            if fact.at is not None and (not fact.seen_by or self.seat in fact.seen_by)
        ]
        return tuple(found)

    def push(self) -> tuple[Push, ...]:
        """The options on which the asker has something to give, the most first."""
        found = [
            Push(item.key, item.label, item.standing(self.asker).gain, item.standing(self.seat).gain)
            for item in self._plans(self.ours)
            if item.standing(self.asker).gain > LEVEL
        ]
        return tuple(sorted(found, key=lambda item: -item.most))

    def no(self, asked: Candidate | None) -> tuple[Argument, ...]:
        """What would make the seat say no: to what the asker recommends, and to other options."""
        found: list[Argument] = [] if asked is None else list(self._against(asked))
        found += [
            Argument(ArgumentKind.REFUSES, {"short": -item.gain}, (item.candidate,), item.label)
            for item in self.ranking()
            if not item.acceptable and (asked is None or item.candidate != asked.key)
        ]
        return tuple(found)

    # ---- one by one ------------------------------------------------------------------------------------------------

    def _asker_gains(self, option: Candidate, _: Standing, other: Standing) -> Iterator[Argument]:
        if other.gain > LEVEL:
            away = self._away(self.theirs, self.asker).value.base
            numbers = {"loss": other.gain, "value": other.value.base, "walk_away": away}
            yield Argument(ArgumentKind.WE_LOSE_WITHOUT, numbers, (option.key,))

    def _agreed_or_joint(self, option: Candidate, _: Standing, __: Standing) -> Iterator[Argument]:
        if option.is_baseline:
            yield Argument(ArgumentKind.AS_AGREED, {}, (option.key,))
        joints = [item.joint.base for item in self._plans(self.theirs)]
        if option.joint.base >= max(joints) - LEVEL > min(joints):
            yield Argument(ArgumentKind.MOST_TOGETHER, {"joint": option.joint.base}, (option.key,))

    def _even(self, option: Candidate, own: Standing, other: Standing) -> Iterator[Argument]:
        shares = [item.fairness for item in self._plans(self.theirs) if item.fairness is not None]
        gains = own.gain > LEVEL and other.gain > LEVEL
        if gains and option.fairness is not None and len(shares) > 1 and option.fairness >= max(shares) - LEVEL:
            yield Argument(ArgumentKind.EVEN_GAINS, {"seat": own.gain, "asker": other.gain}, (option.key,))

    def _risk(self, option: Candidate, own: Standing, other: Standing) -> Iterator[Argument]:
        wide, narrow = (item.value.p90 - item.value.p10 for item in (own, other))
        if wide > narrow + LEVEL:
            numbers = {"p10": own.value.p10, "p90": own.value.p90, "asker_p10": other.value.p10}
            yield Argument(ArgumentKind.BEARS_RISK, numbers | {"asker_p90": other.value.p90}, (option.key,))

    def _clause(self, option: Candidate, own: Standing, other: Standing) -> Iterator[Argument]:
        nothing = self.theirs.disagreement
        both_sign = (
            self._away(self.theirs, self.seat).kind == self._away(self.theirs, self.asker).kind == "no_agreement"
        )
        if nothing is not None and both_sign and other.gain > own.gain + LEVEL:
            numbers = {"seat": own.gain, "asker": other.gain}
            yield Argument(ArgumentKind.CLAUSE_HELPS, numbers, (option.key,), nothing.label)

    def _seat_gains(self, option: Candidate, own: Standing, _: Standing) -> Iterator[Argument]:
        if own.gain > LEVEL:
            yield Argument(ArgumentKind.THEY_GAIN, {"gain": own.gain}, (option.key,))

    def _against(self, asked: Candidate) -> Iterator[Argument]:
        own = asked.standing(self.seat)
        if not own.acceptable:
            yield Argument(ArgumentKind.BELOW_NO, {"short": -own.gain}, (asked.key,))
        elif own.acceptable_chance < 1:
            numbers = {"chance": 1 - own.acceptable_chance, "gain": own.gain}
            yield Argument(ArgumentKind.SOMETIMES_BELOW_NO, numbers, (asked.key,))
        better = [
            item.key
            for item in self._plans(self.ours)
            if item.standing(self.seat).value.base > own.value.base + LEVEL and item.standing(self.asker).acceptable
        ]
        if better:
            yield Argument(ArgumentKind.PREFERS, {}, tuple(better))
        yield from self._thresholds(asked)
        for plan in self.ours.cash:
            if plan.candidate == asked.key:
                for item in plan.players:
                    if item.player == self.seat and item.gaps:
                        short = max(gap.short for gap in item.gaps)
                        yield Argument(ArgumentKind.LACKS_CASH, {"short": short}, (asked.key,))

    def _thresholds(self, asked: Candidate) -> Iterator[Argument]:
        """The inputs within whose range the outcome is another one, the nearest to its base value first."""
        robust = self.ours.robustness
        found: dict[tuple[str, str], Threshold] = {}
        for item in () if robust is None or robust.thresholds is None else robust.thresholds:
            if item.outcome != asked.key and item.protocol in asked.self_enforcing_under:
                found.setdefault((item.quantity.key, item.side), item)
        nearest = sorted(found.values(), key=lambda item: abs(item.at - item.base) / ((item.high - item.low) or 1.0))
        for item in nearest[:MOST_THRESHOLDS]:
            numbers = {"at": item.at, "base": item.base, "above": float(item.side == "above")}
            refers = (item.outcome, asked.key)
            yield Argument(ArgumentKind.OUTCOME_MOVES, numbers, refers, item.quantity.label, item.quantity)

    # ---- help ------------------------------------------------------------------------------------------------------

    def _plans(self, analysis: Analysis) -> list[Candidate]:
        """The candidates that are plans, not the failure of talks."""
        failed = "" if analysis.disagreement is None else f"{analysis.disagreement.decision}=no_agreement"
        return [item for item in analysis.candidates if item.key != failed] or list(analysis.candidates)

    def _away(self, analysis: Analysis, player: str) -> WalkAway:
        return next(item for item in analysis.walk_aways if item.player == player)
