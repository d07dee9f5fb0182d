"""From a case to what its answer rests on: robustness over draws, the tornado, the map of outcomes, with labels.

Everything here speaks of the plans of the analysis: outcomes are candidates, no agreement, or neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.advice.analysis import Analysis
from gamecore.advice.assess import Case
from gamecore.advice.document import plain
from gamecore.advice.quantities import described, found_quantity
from gamecore.advice.robustness_facts import (
    Axis,
    MapEdge,
    MapOfOutcomes,
    OutcomeMap,
    RobustCandidate,
    Robustness,
    RobustStanding,
    Stability,
    StabilityBreak,
    Threshold,
    Tornado,
    TornadoAlong,
    TornadoBar,
    TornadoChange,
)
from gamecore.equilibria.following import Forced
from gamecore.equilibria.protocols import Solved
from gamecore.errors import InputError
from gamecore.robustness import outcome_map as maps
from gamecore.robustness.outcomes import OTHER, UNDECIDED, Change
from gamecore.robustness.points import compatible_ends
from gamecore.robustness.ranks import PERCENTILES, ranks_and_regret, risk_profiles
from gamecore.robustness.stability import Break, Found, stability_radius
from gamecore.robustness.tornado import Along, Bar, p10_p90, tornado
from gamecore.scenario.reader import near
from gamecore.valuation.inputs import quantities

__all__ = ["outcome_map_of", "robustness_of", "sensitivity_document", "tornado_of"]

Floats = npt.NDArray[np.float64]

NO_AGREEMENT: Final = "no_agreement"
MOST_QUANTITIES: Final = 40  # whose thresholds an analysis looks for; the tornado has more
MOST_ENDS: Final = 100  # of a game whose thresholds an analysis looks for; the tornado does it for any


class _Outcomes:
    """The plans that outcomes are told by, with their keys; one that only narrows another down is told as that."""

    def __init__(self, case: Case) -> None:
        ends = [compatible_ends(case.game.tree, plan.forced) for plan in case.plans]
        kept = [n for n, mine in enumerate(ends) if not any(mine < other for other in ends)]
        self.keys = [NO_AGREEMENT if n == case.disagreement_draw else case.plans[n].key for n in kept]
        self.ways: list[Forced] = [case.plans[n].forced for n in kept]
        if case.disagreement is not None and NO_AGREEMENT not in self.keys:
            self.keys.append(NO_AGREEMENT)
            self.ways.append(case.disagreement.forced)

    def key(self, code: int) -> str:
        return {OTHER: "other", UNDECIDED: "undecided"}.get(code) or self.keys[code]


def _talks(case: Case, proposes: str | None) -> tuple[Solved, ...]:
    """The protocols in which a player proposes; all if none is named. Raises `InputError` if there is no such one."""
    if proposes is None:
        return case.solved
    found = tuple(item for item in case.solved if item.talks.proposer == proposes)
    if not found:
        there = [item.talks.proposer for item in case.solved if item.talks.proposer]
        raise InputError(
            f"'{proposes[:60]}' does not propose here"
            + (f"{near(proposes, there)}; choose one of {', '.join(there)}" if there else "; the file says who does")
        )
    return found


def sensitivity_document(analysis: Analysis, found: Tornado | OutcomeMap) -> dict[str, Any]:
    """The JSON document of `tornado --json` and `map --json`; numbers rounded as in an analysis."""
    facts = analysis.scenario
    letters = {option.candidate: option.letter for option in analysis.options}
    return {
        "scenario": {"title": facts.title, "file": facts.file, "sha256": facts.sha256, "unit": facts.unit},
        "changes": list(facts.changes),
        "version": analysis.version,
        "seed": analysis.seed,
        "draws": analysis.draws,
        "recommended": analysis.recommendation.candidate,
        "candidates": [
            {"key": item.key, "label": item.label, "letter": letters.get(item.key)} for item in analysis.candidates
        ],
        "tornado" if isinstance(found, Tornado) else "map": plain(found),
    }


# ---- in the analysis -------------------------------------------------------------------------------------------------


def robustness_of(case: Case, recommended: str | None) -> Robustness:
    """The part of the analysis that is cheap: ranks, regret and risk profiles from the draws at hand, the stability
    radius of the recommended candidate, and the nearest thresholds within the ranges.
    """
    return Robustness(
        percentiles=PERCENTILES,
        candidates=_candidates(case),
        stability=tuple(_stability(case, solved, recommended) for solved in case.solved) if recommended else (),
        thresholds=_thresholds(case),
    )


def _candidates(case: Case) -> tuple[RobustCandidate, ...]:
    values = case.simulation.values[list(case.plan_draws)]
    ranks, profiles = ranks_and_regret(values), risk_profiles(values)
    return tuple(
        RobustCandidate(
            plan.key,
            tuple(
                RobustStanding(
                    player=name,
                    rank_chances=tuple(map(float, ranks.acceptability[n, i])),
                    mean_rank=float(ranks.mean[n, i]),
                    expected_regret=float(ranks.regret[n, i]),
                    regret_p90=float(ranks.regret_p90[n, i]),
                    quantiles=tuple(map(float, profiles.quantiles[:, n, i])),
                    loss_chance=float(profiles.loss[n, i]),
                )
                for i, name in enumerate(case.game.players)
            ),
        )
        for n, plan in enumerate(case.plans)
    )


def _stability(case: Case, solved: Solved, recommended: str | None) -> Stability:
    plan = next(plan for plan in case.plans if plan.key == recommended)
    tree, numbers = case.game.tree, case.numbers
    if numbers.tolerances:
        reason = "payoffs of players with a risk tolerance are utilities, and a radius is told in the file's unit"
        where = solved.talks.name, solved.talks.proposer
        return Stability(*where, Found.NOT_COMPUTED.value, None, None, None, {}, reason)
    ends = compatible_ends(tree, plan.forced)

    def radius(moving: Sequence[int] | None) -> Fraction | None:
        return stability_radius(tree, numbers.payoffs, numbers.reach, solved.bargaining, ends, moving=moving).radius

    whole = stability_radius(tree, numbers.payoffs, numbers.reach, solved.bargaining, ends)
    alone = {
        name: None if (found := radius([player])) is None else float(found)
        for player, name in enumerate(case.game.players)
        if whole.found is Found.EXACT
    }
    return Stability(
        protocol=solved.talks.name,
        proposer=solved.talks.proposer,
        found=whole.found.value,
        radius=None if whole.radius is None else float(whole.radius),
        radius_exact=None if whole.radius is None else str(whole.radius),
        breaks=None if whole.breaks is None else _break(case, whole.breaks),
        per_player=alone,
        reason=whole.reason,
    )


def _break(case: Case, found: Break) -> StabilityBreak:
    actions = case.game.actions[found.node]
    towards, against = actions[found.towards], actions[found.against]
    return StabilityBreak(
        player=case.game.players[found.player],
        decision=case.game.name_of(found.node),
        towards=towards.name,
        towards_label=towards.label,
        against=against.name,
        against_label=against.label,
    )


def _thresholds(case: Case) -> tuple[Threshold, ...] | None:
    outcomes = _Outcomes(case)
    if len(quantities(case.game.scenario)) > MOST_QUANTITIES or case.game.tree.ends > MOST_ENDS:
        return None
    bars = tornado(case.game, [item.talks for item in case.solved], outcomes.ways, beyond=False)
    found = []
    for bar in bars:
        quantity = described(case.game.scenario, bar.quantity)
        for along in bar.along:
            below = [change for change in along.changes if change.at < bar.base]
            above = [change for change in along.changes if change.at >= bar.base]
            nearest = [("below", below[-1].at, below[-1].before)] if below else []
            nearest += [("above", above[0].at, above[0].after)] if above else []
            found += [
                Threshold(
                    quantity=quantity,
                    protocol=along.talks.name,
                    proposer=along.talks.proposer,
                    side=side,
                    at=at,
                    outcome=outcomes.key(code),
                    low=bar.low,
                    base=bar.base,
                    high=bar.high,
                )
                for side, at, code in nearest
            ]
    return tuple(found)


# ---- the tornado -----------------------------------------------------------------------------------------------------


def tornado_of(
    case: Case, recommended: str | None, *, player: str | None = None, proposes: str | None = None
) -> Tornado:
    """The tornado of the recommended candidate; if nothing is recommended, of what happens at base values.

    `player` says whose swing sorts the bars (None: all players together), `proposes` keeps the protocols in which that
    player makes the offer. Raises `InputError` if one of them is not in the file, or nothing in it is uncertain.
    """
    players = case.game.players
    if player is not None and player not in players:
        raise InputError(
            f"there is no player '{player[:60]}'{near(player, players)}; choose one of {', '.join(players)}"
        )
    if not quantities(case.game.scenario):
        raise InputError("nothing in this file is uncertain: give numbers a range, low .. base .. high")
    solved, outcomes = _talks(case, proposes), _Outcomes(case)
    bars = tornado(case.game, [item.talks for item in solved], outcomes.ways)
    if recommended in outcomes.keys:
        subject = outcomes.keys.index(recommended)
    else:
        at_base = bars[0].along[0].at_base
        subject = max(at_base, 0)
    base = _at_base(case, outcomes.ways[subject])
    told = [_bar(case, outcomes, bar, subject) for bar in bars]
    told.sort(key=lambda bar: -(bar.joint_swing if player is None else bar.swing[player]))
    return Tornado(
        outcome=outcomes.keys[subject],
        player=player,
        base=dict(zip(players, base, strict=True)),
        joint_base=float(sum(base)),
        bars=tuple(told),
    )


def _at_base(case: Case, way: Forced) -> tuple[float, ...]:
    plan = next((plan for plan in case.plans if plan.forced == way), case.disagreement)
    return () if plan is None else tuple(map(float, case.worth(plan)))


def _bar(case: Case, outcomes: _Outcomes, bar: Bar, subject: int) -> TornadoBar:
    players = case.game.players
    low, high = bar.values[subject]
    return TornadoBar(
        quantity=described(case.game.scenario, bar.quantity),
        low=bar.low,
        base=bar.base,
        high=bar.high,
        value_low=_by_player(players, low),
        value_high=_by_player(players, high),
        swing=_by_player(players, bar.swing[subject]),
        joint_low=float(low.sum()),
        joint_high=float(high.sum()),
        joint_swing=float(bar.joint[subject]),
        searched_from=bar.searched[0],
        searched_to=bar.searched[1],
        along=tuple(_along(players, outcomes, bar, along, subject) for along in bar.along),
    )


def _by_player(players: Sequence[str], values: Floats) -> dict[str, float]:
    return dict(zip(players, map(float, values), strict=True))


def _along(players: Sequence[str], outcomes: _Outcomes, bar: Bar, along: Along, subject: int) -> TornadoAlong:
    return TornadoAlong(
        protocol=along.talks.name,
        proposer=along.talks.proposer,
        outcome_low=outcomes.key(along.outcomes[0]),
        outcome_base=outcomes.key(along.at_base),
        outcome_high=outcomes.key(along.outcomes[1]),
        worth_low=_by_player(players, along.worth[0]),
        worth_high=_by_player(players, along.worth[1]),
        changes=tuple(_change(players, outcomes, bar, change, subject) for change in along.changes),
    )


def _change(players: Sequence[str], outcomes: _Outcomes, bar: Bar, change: Change, subject: int) -> TornadoChange:
    inside = bar.low <= change.at <= bar.high
    points, values = bar.curve
    at = [float(np.interp(change.at, points, row)) for row in values[subject]]
    return TornadoChange(
        at=change.at,
        below=change.below,
        above=change.above,
        before=outcomes.key(change.before),
        after=outcomes.key(change.after),
        inside=inside,
        proved=change.proved,
        values=_by_player(players, np.array(at)) if inside else None,
    )


# ---- the map ---------------------------------------------------------------------------------------------------------


def outcome_map_of(
    case: Case,
    x: tuple[str, float | None, float | None],
    y: tuple[str, float | None, float | None],
    *,
    proposes: str | None = None,
    columns: int = 64,
    rows: int = 48,
) -> OutcomeMap:
    """The map of outcomes over two inputs, each named with the ends of its axis (None: well beyond P10 and P90).

    Raises `InputError` if an input is not there or not uncertain, `TooLargeError` if the grid is too fine.
    """
    scenario, outcomes, solved = case.game.scenario, _Outcomes(case), _talks(case, proposes)
    axes = [maps.window(found_quantity(scenario, name), low, high) for name, low, high in (x, y)]
    talks = [item.talks for item in solved]
    found = maps.outcome_map(case.game, talks, outcomes.ways, axes[0], axes[1], columns=columns, rows=rows)
    codes = sorted(
        {int(code) for item in found.maps for code in np.unique(item.outcomes)}, key=lambda code: code % 10**9
    )
    return OutcomeMap(
        x=_axis(case, found.x, found.xs),
        y=_axis(case, found.y, found.ys),
        outcomes=tuple(map(outcomes.key, codes)),
        maps=tuple(_map(outcomes, found, item, codes) for item in found.maps),
    )


def _axis(case: Case, window: maps.Window, steps: Floats) -> Axis:
    low, high = p10_p90(window.quantity.distribution)
    base = float(window.quantity.distribution.base)
    return Axis(described(case.game.scenario, window.quantity), low, base, high, tuple(map(float, steps)))


def _map(outcomes: _Outcomes, found: maps.OutcomeMap, item: maps.MapOf, codes: Sequence[int]) -> MapOfOutcomes:
    place = {code: number for number, code in enumerate(codes)}
    border = [
        MapEdge(row, column, upwards=False, x=x, y=float(found.ys[row])) for (row, column), x in item.across.items()
    ]
    border += [
        MapEdge(row, column, upwards=True, x=float(found.xs[column]), y=y) for (row, column), y in item.along.items()
    ]
    return MapOfOutcomes(
        protocol=item.talks.name,
        proposer=item.talks.proposer,
        outcome_base=outcomes.key(item.at_base),
        outcomes=tuple(tuple(place[int(code)] for code in row) for row in item.outcomes),
        border=tuple(border),
        shares={outcomes.key(code): float((item.outcomes == code).mean()) for code in codes},
    )
