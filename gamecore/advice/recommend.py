"""The rule of advice: from candidates to three options and one recommendation.

1. Among the candidates that every side accepts (worth at least its walk-away; where a vote decides, those whose yes is
   enough; where money can be shared, with payments) and that hold by themselves (a
   subgame-perfect outcome under the declared protocol, or whoever proposes if none is declared) take the best for the
   advised side; for `advise: alliance` the largest product of gains. Ties go to the fairer, then to the larger joint
   value, then to file order.
2. If there is none, but some hold if a particular side makes the first offer, take the best of those that hold if the
   advised side does (else if another does; for an alliance the best of all of them), and say so.
3. If there is still none, advise what the least change of the game makes acceptable and self-enforcing
   (`Table.change`, found where games are changed), and say with which lever.
4. If there is still none, advise no agreement and say which condition failed.

The three options: the recommended one; the best real alternative (accepted by most sides, then fairer, then better for
the advised side; neither the baseline nor no agreement, and not one that people would take for an option already
shown: the same choice with or without what each hopes for afterwards comes last); the baseline. Base values decide
throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from gamecore.advice.analysis import Candidate, Compromise, Kind, Option, Reason, Recommendation, Role, WalkAway
from gamecore.advice.cash_facts import PlanCash
from gamecore.model import ALLIANCE

__all__ = ["Advice", "advise", "pros_and_cons"]

LETTERS: Final = "ABC"
MOST_POINTS: Final = 3  # pros, and cons, kept per option


@dataclass(frozen=True)
class Advice:
    """The rule's answer."""

    recommendation: Recommendation
    options: tuple[Option, ...]
    notes: tuple[Reason, ...]


@dataclass(frozen=True)
class Table:
    """What the rule looks at."""

    candidates: tuple[Candidate, ...]
    players: tuple[str, ...]
    advised: str
    walk_aways: tuple[WalkAway, ...]
    compromises: tuple[Compromise, ...]
    protocols: tuple[tuple[str, str | None], ...]  # (name, who makes the first offer)
    disagreement: str | None  # key of the candidate that is no agreement, if one is
    cash: tuple[PlanCash, ...] = ()
    passes: Callable[[str, Mapping[str, float]], bool] | None = None  # a plan by its key, from the gains; None: all
    shared: bool = False  # whether money is shared in any way, so that the largest sum is best for all
    change: tuple[str, str, Mapping[str, float]] | None = None  # a plan, the lever that makes it hold, the gains

    def short_of(self, candidate: str) -> dict[str, float]:
        """The players that cannot fund a candidate, with the most they are short of."""
        return {
            item.player: max(gap.short for gap in item.gaps)
            for plan in self.cash
            for item in plan.players
            if plan.candidate == candidate and item.gaps
        }

    def worth(self, candidate: Candidate, player: str, *, mean: bool = False) -> float:
        value = candidate.standing(player).value
        return value.mean if mean else value.base

    def merit(self, candidate: Candidate, *, mean: bool = False) -> float:
        """What the advised side maximises: its own value, or the product of gains for an alliance."""
        if self.shared:
            return candidate.joint.mean if mean else candidate.joint.base
        if self.advised != ALLIANCE:
            return self.worth(candidate, self.advised, mean=mean)
        gains = []
        for walk_away in self.walk_aways:
            floor = walk_away.value.mean if mean else walk_away.value.base
            gains.append(max(0.0, self.worth(candidate, walk_away.player, mean=mean) - floor))
        return prod(gains)

    def accepted(self, candidate: Candidate, *, mean: bool = False) -> bool:
        if not mean:
            return candidate.accepted
        gains = {
            walk_away.player: self.worth(candidate, walk_away.player, mean=True) - walk_away.value.mean
            for walk_away in self.walk_aways
        }
        if self.passes is not None:
            return self.passes(candidate.key, gains)
        return all(gain >= -1e-9 for gain in gains.values())


def advise(table: Table) -> Advice:
    """Apply the rule."""
    steps: list[Reason] = []
    pool, holds_if = _pool(table, steps)
    chosen = _best(table, pool, steps) if pool else None
    reasons = _why(table, chosen, pool, holds_if) if chosen else _why_not(table)
    notes = _expected_values_disagree(table, chosen, pool)
    lever = None
    if chosen is None and table.change is not None:
        key, lever, gains = table.change
        chosen = next(candidate for candidate in table.candidates if candidate.key == key)
        reasons = (Reason(Kind.WITH_LEVER, None, gains, (key, lever)), *reasons[:1])
        steps.append(reasons[0])
    options, short = _options(table, chosen)
    recommendation = Recommendation(
        chosen.key if chosen else None, reasons, holds_if if chosen else (), tuple(steps), with_lever=lever
    )
    return Advice(recommendation, options, (*notes, *short))


# ---- the recommendation --------------------------------------------------------------------------------------------


def _pool(table: Table, steps: list[Reason]) -> tuple[list[Candidate], tuple[Reason, ...]]:
    """The candidates in question, and the condition under which they hold."""
    accepted = [candidate for candidate in table.candidates if table.accepted(candidate)]
    accepted = [candidate for candidate in accepted if candidate.key != table.disagreement]
    steps.append(Reason(Kind.ACCEPTABLE_TO_ALL, refers_to=tuple(candidate.key for candidate in accepted)))
    holding = [candidate for candidate in accepted if candidate.self_enforcing]
    steps.append(Reason(Kind.WHOEVER_PROPOSES, refers_to=tuple(candidate.key for candidate in holding)))
    if holding:
        return holding, ()
    if table.advised == ALLIANCE:
        pool = [candidate for candidate in accepted if candidate.self_enforcing_under]
        return pool, (_condition(table, _best(table, pool, [])),) if pool else ()
    for who, names in sorted(_by_proposer(table), key=lambda group: group[0] != table.advised):
        pool = [candidate for candidate in accepted if set(names) <= set(candidate.self_enforcing_under)]
        if pool:
            return pool, (Reason(Kind.IF_PROPOSES, player=who, refers_to=names),)
    return [], ()


def _by_proposer(table: Table) -> list[tuple[str | None, tuple[str, ...]]]:
    """The protocols in which one side makes the first offer, side by side; then each protocol alone."""
    sides = dict.fromkeys(who for _, who in table.protocols if who is not None)
    together = [(side, tuple(name for name, who in table.protocols if who == side)) for side in sides]
    return [*together, *((who, (name,)) for name, who in table.protocols)]


def _condition(table: Table, chosen: Candidate) -> Reason:
    """Under which first offer a plan holds."""
    groups = (group for group in _by_proposer(table) if set(group[1]) <= set(chosen.self_enforcing_under))
    who, names = next(groups)
    return Reason(Kind.IF_PROPOSES, player=who, refers_to=names)


def _criteria(table: Table) -> list[tuple[str, Callable[[Candidate], float]]]:
    return [
        ("merit", table.merit),
        ("fairness", lambda candidate: -1.0 if candidate.fairness is None else candidate.fairness),
        ("joint value", lambda candidate: candidate.joint.base),
    ]


def _highest(pool: Sequence[Candidate], score: Callable[[Candidate], float]) -> list[Candidate]:
    """Those with the highest score, up to rounding."""
    best = max(map(score, pool))
    return [candidate for candidate in pool if score(candidate) >= best - 1e-9 * max(1.0, abs(best))]


def _best(table: Table, pool: Sequence[Candidate], steps: list[Reason]) -> Candidate:
    """The best of the pool: merit, then fairness, then joint value, then file order."""
    left = list(pool)
    for name, score in _criteria(table):
        kept = _highest(left, score)
        if name != "merit" and len(left) > 1:
            steps.append(Reason(Kind.TIE_BROKEN, refers_to=(name, *(candidate.key for candidate in kept))))
        left = kept
    return left[0]


def _tie_broken(table: Table, chosen: Candidate, pool: Sequence[Candidate]) -> list[Reason]:
    """By what a tie for the best was broken; with the others if the recommended one is fairer than they are."""
    left = list(pool)
    for name, score in _criteria(table):
        kept = _highest(left, score)
        if name != "merit" and len(kept) < len(left):
            others = tuple(item.key for item in left if item is not chosen) if name == "fairness" else ()
            if len(kept) == 1:
                return [Reason(Kind.TIE_BROKEN, refers_to=(name, *others))]
        left = kept
    return [Reason(Kind.TIE_BROKEN, refers_to=("file order",))] if len(left) > 1 else []


def _why(
    table: Table, chosen: Candidate, pool: Sequence[Candidate], holds_if: tuple[Reason, ...]
) -> tuple[Reason, ...]:
    accepted = [item for item in table.candidates if table.accepted(item) and item.key != table.disagreement]
    reasons = []
    if chosen.outvoted or chosen.compensated:
        reasons += _not_by_all(table, chosen)
    elif len(accepted) == 1:
        reasons.append(Reason(Kind.ONLY_ACCEPTABLE, refers_to=(chosen.key,)))
    else:
        reasons.append(Reason(Kind.ACCEPTABLE_TO_ALL, refers_to=tuple(item.key for item in accepted)))
    for candidate in table.candidates:
        for standing in candidate.standings:
            if (
                not standing.acceptable
                and candidate.key not in {chosen.key, table.disagreement}
                and not candidate.accepted
            ):
                floor = next(item.value.base for item in table.walk_aways if item.player == standing.player)
                numbers = {"value": standing.value.base, "walk_away": floor}
                reasons.append(Reason(Kind.BELOW_WALK_AWAY, standing.player, numbers, (candidate.key,)))
    if holds_if:
        reasons += holds_if
    elif any(who for _, who in table.protocols) and len(table.protocols) > 1:
        reasons.append(Reason(Kind.WHOEVER_PROPOSES, refers_to=(chosen.key,)))
    reasons += _tie_broken(table, chosen, pool)
    if len(pool) > 1:
        kind = Kind.HIGHEST_NASH_PRODUCT if table.advised == ALLIANCE else Kind.BEST_FOR_ADVISED
        player = None if table.advised == ALLIANCE else table.advised
        reasons.append(Reason(kind, player, {"merit": table.merit(chosen)}, tuple(item.key for item in pool)))
    fair = tuple(item.kind for item in table.compromises if chosen.key in item.candidates)
    if fair:
        reasons.append(Reason(Kind.COMPROMISE, refers_to=fair))
    baseline = next((item for item in table.candidates if item.is_baseline), None)
    if chosen.is_baseline:
        reasons.append(Reason(Kind.IS_BASELINE, refers_to=(chosen.key,)))
    elif baseline is not None:
        gains = {player: table.worth(chosen, player) - table.worth(baseline, player) for player in table.players}
        reasons.append(Reason(Kind.BETTER_THAN_BASELINE, None, gains, (baseline.key,)))
    return tuple(reasons)


def _not_by_all(table: Table, chosen: Candidate) -> list[Reason]:
    """Who says yes to a plan that is not acceptable to all by itself, and who does better without."""
    floors = {item.player: item.value.base for item in table.walk_aways}
    yes = tuple(player for player in table.players if player in chosen.acceptable_to)
    reasons = [Reason(Kind.ACCEPTED_BY_ENOUGH, refers_to=(chosen.key, *yes))]
    for kind, players in ((Kind.OUTVOTED, chosen.outvoted), (Kind.COMPENSATED, chosen.compensated)):
        for player in players:
            numbers = {"value": table.worth(chosen, player), "walk_away": floors[player]}
            reasons.append(Reason(kind, player, numbers, (chosen.key,)))
    return reasons


def _why_not(table: Table) -> tuple[Reason, ...]:
    accepted = [item for item in table.candidates if table.accepted(item) and item.key != table.disagreement]
    if accepted:
        return (Reason(Kind.NOTHING_SELF_ENFORCING, refers_to=tuple(candidate.key for candidate in accepted)),)
    reasons = [Reason(Kind.NOTHING_ACCEPTABLE)]
    for candidate in table.candidates:
        for standing in candidate.standings:
            if not standing.acceptable and candidate.key != table.disagreement:
                floor = next(item.value.base for item in table.walk_aways if item.player == standing.player)
                numbers = {"value": standing.value.base, "walk_away": floor}
                reasons.append(Reason(Kind.BELOW_WALK_AWAY, standing.player, numbers, (candidate.key,)))
    return tuple(reasons)


def _expected_values_disagree(table: Table, chosen: Candidate | None, pool: Sequence[Candidate]) -> tuple[Reason, ...]:
    """Whether the same rule on the means of the draws would take another candidate."""
    holding = list(pool) or [candidate for candidate in table.candidates if candidate.self_enforcing]
    accepted = [candidate for candidate in holding if table.accepted(candidate, mean=True)]
    best = max(accepted, key=lambda candidate: table.merit(candidate, mean=True), default=None)
    if chosen is None or best is chosen:
        return ()
    if best is None:
        numbers = {item.player: chosen.standing(item.player).value.mean - item.value.mean for item in table.walk_aways}
        return (Reason(Kind.MEAN_RECOMMENDS, None, numbers, ()),)
    gap = table.merit(best, mean=True) - table.merit(chosen, mean=True)
    if table.accepted(chosen, mean=True) and gap <= 1e-9 * max(1.0, abs(gap)):
        return ()
    return (Reason(Kind.MEAN_RECOMMENDS, None, {"gap": gap}, (best.key,)),)


# ---- the three options ---------------------------------------------------------------------------------------------


def _options(table: Table, chosen: Candidate | None) -> tuple[tuple[Option, ...], tuple[Reason, ...]]:
    baseline = next((candidate for candidate in table.candidates if candidate.is_baseline), None)
    taken = [item for item in table.candidates if item.is_baseline]
    taken += [chosen] if chosen is not None and chosen is not baseline else []
    others = sorted(
        (item for item in table.candidates if item not in taken and item.key != table.disagreement),
        key=lambda item: (
            any(_same_choice(item, shown) for shown in taken),
            not item.accepted,
            -len(item.acceptable_to),
            -(_share(table, item)),
            -table.merit(item),
            -item.joint.base,
        ),
    )
    three = (taken + others)[: len(LETTERS)]
    notes: list[Reason] = []
    if chosen is not None and chosen is baseline:
        notes.append(Reason(Kind.RECOMMENDED_IS_BASELINE, refers_to=(chosen.key,)))
    if len(three) < len(LETTERS):
        notes.append(Reason(Kind.FEWER_THAN_THREE, None, {"options": len(three)}))
    options = []
    for letter, candidate in zip(LETTERS, three, strict=False):
        role = Role.RECOMMENDED if candidate is chosen else Role.BASELINE if candidate is baseline else Role.ALTERNATIVE
        pros, cons = pros_and_cons(table, candidate, three)
        options.append(Option(letter, role, candidate.key, _chosen_because(table, candidate, role), pros, cons))
    return tuple(options), tuple(notes)


def _same_choice(one: Candidate, other: Candidate) -> bool:
    """Whether one plan is the other with some of what follows laid down too: people choose the same today."""
    first, second = (list(item.key.split(",")) for item in (one, other))
    short, long = sorted((first, second), key=len)
    return bool(short) and len(short) < len(long) and set(short) <= set(long)


def _share(table: Table, candidate: Candidate) -> float:
    """Fairness also of options below a walk-away: the smallest gain, as a share of what that side could gain at
    most.
    """
    shares = []
    for walk_away in table.walk_aways:
        most = max(item.standing(walk_away.player).gain for item in table.candidates)
        if most > 0:
            shares.append(candidate.standing(walk_away.player).gain / most)
    return min(shares, default=0.0)


def _chosen_because(table: Table, candidate: Candidate, role: Role) -> tuple[Reason, ...]:
    if role is Role.BASELINE:
        return (Reason(Kind.THE_PLAN_AS_IT_STOOD, refers_to=(candidate.key,)),)
    if role is Role.RECOMMENDED:
        return (Reason(Kind.BEST_FOR_ADVISED if table.advised != ALLIANCE else Kind.HIGHEST_NASH_PRODUCT),)
    return (
        Reason(Kind.MOST_ACCEPTED, None, {"sides": float(len(candidate.acceptable_to))}, candidate.acceptable_to),
        Reason(Kind.FAIRER, None, {"share": _share(table, candidate)}),
    )


def pros_and_cons(
    table: Table, candidate: Candidate, shown: Sequence[Candidate]
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """What the analysis says for and against an option, the most telling first."""
    pros: list[Reason] = []
    cons: list[Reason] = []
    if candidate.key != table.disagreement:
        cons += [
            Reason(_short_of_walk_away(candidate, standing.player), standing.player, {"short": -standing.gain})
            for standing in candidate.standings
            if not standing.acceptable
        ]
    if not candidate.self_enforcing_under:
        cons.append(Reason(Kind.NOT_SELF_ENFORCING, refers_to=candidate.forced))
    cons += [
        Reason(Kind.CANNOT_FUND, player, {"short": short}) for player, short in table.short_of(candidate.key).items()
    ]
    joints = [item.joint.base for item in shown]
    if candidate.joint.base == max(joints) > min(joints):
        pros.append(Reason(Kind.HIGHEST_JOINT, None, {"joint": candidate.joint.base}))
    for standing in candidate.standings:
        worst = max(item.standing(standing.player).rank for item in table.candidates)
        if standing.rank == 1 < worst:
            pros.append(Reason(Kind.BEST_VALUE, standing.player, {"value": standing.value.base}))
        elif standing.rank == worst > 1:
            cons.append(Reason(Kind.WORST_VALUE, standing.player, {"value": standing.value.base}))
    news = next((item for item in candidate.follows if item.given and not item.confidential), None)
    if news is not None:
        pros.append(Reason(Kind.LEARNS_FIRST, news.by[0], {}, (news.given[0][0],)))
    riskier, safer = _risks(candidate, shown)
    pros += safer
    cons += riskier
    if candidate.joint.base == min(joints) < max(joints):
        cons.append(Reason(Kind.LOWEST_JOINT, None, {"joint": candidate.joint.base}))
    gives = max(candidate.standings, key=lambda standing: standing.regret)
    if gives.regret > 0 and not any(reason.player == gives.player for reason in cons):
        cons.append(Reason(Kind.GIVES_UP, gives.player, {"regret": gives.regret}))
    return tuple(pros[:MOST_POINTS]), tuple(cons[:MOST_POINTS])


def _short_of_walk_away(candidate: Candidate, player: str) -> Kind:
    """What it means that a player has less than its walk-away."""
    if player in candidate.outvoted:
        return Kind.OUTVOTED
    return Kind.COMPENSATED if player in candidate.compensated else Kind.BELOW_WALK_AWAY


def _risks(candidate: Candidate, shown: Sequence[Candidate]) -> tuple[list[Reason], list[Reason]]:
    """Where an option has the widest or the narrowest range of the options shown, if they differ by a fifth."""
    riskier, safer = [], []
    for standing in candidate.standings:
        widths = [_width(item, standing.player) for item in shown]
        if len(shown) < 2 or max(widths) <= 1.2 * min(widths):
            continue
        ends = {"p10": standing.value.p10, "p90": standing.value.p90}
        if _width(candidate, standing.player) == max(widths):
            riskier.append(Reason(Kind.LARGEST_RISK, standing.player, ends))
        elif _width(candidate, standing.player) == min(widths):
            safer.append(Reason(Kind.SMALLEST_RISK, standing.player, ends))
    return riskier, safer


def _width(candidate: Candidate, player: str) -> float:
    value = candidate.standing(player).value
    return value.p90 - value.p10
