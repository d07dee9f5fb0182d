"""Analyses made by hand: the Sapphire-Diamond case and what the page has to survive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gamecore.advice.analysis import (
    Analysis,
    Candidate,
    Certificate,
    Compromise,
    ContingentChoice,
    Disagreement,
    Equilibrium,
    Frequency,
    Kind,
    KnownFact,
    NamingGame,
    Option,
    PlayerFacts,
    Reason,
    Recommendation,
    Role,
    ScenarioFacts,
    Spread,
    Standing,
    Step,
    TreePicture,
    TreePictureNode,
    WalkAway,
)
from gamecore.advice.learning_facts import (
    KnowingInTheGame,
    WaitingPart,
    WaitingUnder,
    WorthOfKnowing,
    WorthOfWaiting,
)
from gamecore.advice.robustness_facts import (
    Quantity,
    RobustCandidate,
    Robustness,
    RobustStanding,
    Stability,
    Threshold,
)

PROOF = Certificate(12, "0", 0.0)
LITERAL = "*x* #import $x$ <script> =1+1 {{7*7}}"


def spread(base: float, p10: float | None = None, p90: float | None = None, mean: float | None = None) -> Spread:
    """A number, certain unless told otherwise."""
    return Spread(base, base if mean is None else mean, base if p10 is None else p10, base if p90 is None else p90)


def standings(
    players: Sequence[str],
    values: Sequence[Spread],
    ranks: Sequence[int],
    floors: Sequence[float],
    best: Sequence[float],
) -> tuple[Standing, ...]:
    return tuple(
        Standing(
            player=player,
            value=value,
            rank=rank,
            tied=False,
            mean_rank=rank,
            mean_level_with=(),
            acceptable=value.base >= floor,
            acceptable_chance=0.9 if value.base >= floor else 0.2,
            gain=value.base - floor,
            regret=top - value.base,
        )
        for player, value, rank, floor, top in zip(players, values, ranks, floors, best, strict=True)
    )


def plan(key: str, label: str, players: Sequence[str], values: tuple[Standing, ...], **more: object) -> Candidate:
    name = key.partition("=")[2]
    joint = [item.value for item in values]
    candidate = Candidate(
        key=key,
        label=label,
        steps=(Step("plan", "Plan", name, label, tuple(players), 0.0, "2020-07-01"),),
        follows=(),
        standings=values,
        joint=Spread(
            sum(item.base for item in joint),
            sum(item.mean for item in joint),
            sum(item.p10 for item in joint),
            sum(item.p90 for item in joint),
        ),
        self_enforcing_under=(),
        self_enforcing=False,
        acceptable_to=tuple(item.player for item in values if item.acceptable),
        nobodys_worst=True,
        on_frontier=True,
        fairness=None,
        max_regret=max(item.regret for item in values),
        outcome_chance={},
        pros=(),
        cons=(),
    )
    return replace(candidate, **more)  # type: ignore[arg-type]


PLAYERS = (
    PlayerFacts("sapphire", "Sapphire", None, "Sandra", "biotech"),
    PlayerFacts("diamond", "Diamond", None, "Michael", "pharma"),
)
_LABELS = {
    "start": "Start on 1 July as planned",
    "wait": "Wait six months, then Diamond decides",
    "hybrid": "Start a smaller hybrid trial now",
    "terminate": "End the programme, Sapphire keeps the drug",
}
_NEWS = "News on the pandemic in January"


def _wait_follows() -> tuple[ContingentChoice, ...]:
    return tuple(
        ContingentChoice(
            "january",
            "Diamond's decision in January",
            ("diamond",),
            choice,
            label,
            (("news", news),),
            ((_NEWS, news),),
            chance,
            0.5,
            "2021-01-01",
        )
        for news, choice, label, chance in (
            ("contained", "full", "Run the full trial", 0.345),
            ("prolonged", "full", "Run the full trial", 0.38),
            ("severe", "hybrid", "Run the hybrid trial", 0.275),
        )
    )


def sapphire_diamond(advise: str = "diamond") -> Analysis:
    """The acceptance case with the figures of the worked example, ranges included."""
    keys = ("sapphire", "diamond")
    floors, best = (43.031, 15.992), (51.812, 25.813)
    start = plan(
        "plan=start",
        "Start on 1 July as planned",
        keys,
        standings(keys, (spread(51.812, 23.1, 84.0, 51.0), spread(9.699, -43.2, 70.0, 8.0)), (1, 3), floors, best),
        pros=("Keeps the date both companies announced.",),
        cons=("A severe wave doubles the cost, and overruns are Diamond's.",),
        is_baseline=True,
    )
    wait = plan(
        "plan=wait",
        "Wait six months, then Diamond decides",
        keys,
        standings(keys, (spread(47.420, 1.5, 80.0, 42.1), spread(25.813, -5.0, 87.0, 26.0)), (2, 1), floors, best),
        pros=("Decides with January's news.",),
        cons=("Both sides pay for standing by.",),
        follows=_wait_follows(),
        self_enforcing_under=("sapphire proposes", "diamond proposes"),
        self_enforcing=True,
    )
    sapphire, diamond = wait.standings
    wait = replace(wait, standings=(replace(sapphire, mean_rank=3, mean_level_with=("plan=hybrid",)), diamond))
    hybrid = plan(
        "plan=hybrid",
        "Start a smaller hybrid trial now",
        keys,
        standings(keys, (spread(42.198, 21.0, 67.0, 42.4), spread(18.106, -18.0, 66.0, 18.0)), (3, 2), floors, best),
        cons=("Half of the chance of success is at stake if sites close.",),
    )
    stop = plan(
        "plan=terminate",
        "End the programme, Sapphire keeps the drug",
        keys,
        standings(keys, (spread(5.0), spread(-4.0)), (4, 4), floors, best),
    )
    return Analysis(
        scenario=ScenarioFacts(
            title="Phase II start under COVID-19",
            question="When and how do we start Phase II of SD-101?",
            file="phase2-covid.yaml",
            sha256="9f2c41d7" + "0" * 56,
            advise=advise,
            unit="USD m",
            decide_by="2020-06-12",
            count_from="2020-07-01",
            context=(
                "Phase II of SD-101 was planned for 1 July 2020 under the co-development agreement.",
                "COVID-19 makes its cost and the quality of its data uncertain.",
                "In January both sides will know much more.",
            ),
            note="All numbers are invented but plausible.",
            players=PLAYERS,
        ),
        version="0.1.0",
        seed=7,
        draws=10_000,
        protocols=("sapphire proposes", "diamond proposes"),
        declared_protocol=False,
        status="complete",
        candidates=(start, wait, hybrid, stop),
        disagreement=Disagreement(
            "plan",
            "Drift - the trial starts nine months late, in dispute",
            None,
            (),
            (spread(43.031, 20.0, 70.0), spread(15.992, -20.0, 60.0)),
            spread(59.023, 0.0, 130.0),
            {"sapphire proposes": 0.05, "diamond proposes": 0.06},
            (frozenset(), frozenset()),
            confidential=True,
        ),
        walk_aways=(
            WalkAway("sapphire", "no_agreement", spread(43.031)),
            WalkAway("diamond", "no_agreement", spread(15.992)),
        ),
        equilibria=_equilibria(),
        naming_game=_naming(),
        compromises=(
            Compromise("nash", ("plan=wait",), "no_agreement"),
            Compromise("kalai_smorodinsky", ("plan=wait",), "no_agreement"),
        ),
        frontier=("plan=start", "plan=wait"),
        frequencies=(
            Frequency(
                "sapphire proposes",
                "sapphire",
                {"plan=wait": 0.40, "plan=hybrid": 0.36, "plan=start": 0.19, "no_agreement": 0.05},
                0.0,
                0.0,
            ),
            Frequency(
                "diamond proposes",
                "diamond",
                {"plan=wait": 0.66, "plan=hybrid": 0.25, "plan=terminate": 0.03, "no_agreement": 0.06},
                0.0,
                0.0,
            ),
        ),
        options=(
            Option(
                "A",
                Role.BASELINE,
                "plan=start",
                (Reason(Kind.THE_PLAN_AS_IT_STOOD),),
                (Reason(Kind.BEST_VALUE, "sapphire"),),
                (Reason(Kind.BELOW_WALK_AWAY, "diamond"),),
            ),
            Option(
                "B",
                Role.RECOMMENDED,
                "plan=wait",
                (),
                (Reason(Kind.HIGHEST_JOINT), Reason(Kind.LEARNS_FIRST)),
                (Reason(Kind.GIVES_UP, "sapphire", {"amount": 4.392}),),
            ),
            Option(
                "C",
                Role.ALTERNATIVE,
                "plan=hybrid",
                (Reason(Kind.MOST_ACCEPTED),),
                (Reason(Kind.SMALLEST_RISK, "sapphire"),),
                (Reason(Kind.BELOW_WALK_AWAY, "sapphire"),),
            ),
        ),
        recommendation=Recommendation(
            "plan=wait",
            (
                Reason(Kind.ONLY_ACCEPTABLE, refers_to=("plan=wait",)),
                Reason(Kind.WHOEVER_PROPOSES),
                Reason(Kind.COMPROMISE, refers_to=("nash", "kalai_smorodinsky")),
            ),
            (),
            (),
        ),
        known=(
            KnownFact(
                "news",
                _NEWS,
                0.5,
                "2021-01-01",
                (),
                (("contained", "contained", 0.345), ("prolonged", "prolonged", 0.38), ("severe", "severe", 0.275)),
            ),
        ),
        notes=(),
        confidential=frozenset({"players.sapphire"}),
        tree=_tree(),
    )


def robust(advise: str = "diamond") -> Analysis:
    """The acceptance case with ranks and risk, a margin, thresholds, and what knowing and waiting are worth."""
    base = sapphire_diamond(advise)
    both = ("sapphire proposes", "sapphire"), ("diamond proposes", "diamond")

    def held(player: str, first: float, regret: float, loss: float) -> RobustStanding:
        return RobustStanding(player, (first, 1 - first), 1.3, regret, 9.0, (1.0, 2.0), loss)

    def part(name: str, sapphire: float, diamond: float) -> WaitingPart:
        return WaitingPart((name,), {"sapphire": sapphire, "diamond": diamond})

    waiting = (
        *(part("calendar", -5.6, -6.9), part("conditions", 6.3, 22.3), part("re-scope", 0.0, 0.0)),
        *(part("news", -2.1, 2.7), part("holding", -3.0, -2.0)),
    )
    return replace(
        base,
        robustness=Robustness(
            (10, 90),
            (RobustCandidate("plan=wait", (held("sapphire", 0.03, 9.2, 0.05), held("diamond", 0.744, 0.43, 0.263))),),
            tuple(Stability(*name, "exact", 2.194, "1097/500", None, {}, None) for name in both),
            (
                *(threshold(*name, "peak", "below", 851.05, "plan=hybrid") for name in both),
                threshold(*both[0], "delay", "above", 1.1454, "plan=start"),
            ),
        ),
        information=WorthOfKnowing(
            {"sapphire": 0.2, "diamond": 0.4},
            tuple(
                KnowingInTheGame(*name, {"sapphire": 42.0, "diamond": 25.0}, gain, 0.0, 0.0)
                for name, gain in zip(
                    both, ({"sapphire": 6.1, "diamond": 6.0}, {"sapphire": 4.9, "diamond": -2.9}), strict=True
                )
            ),
        ),
        waiting=(
            WorthOfWaiting(
                *("plan", "start", "wait", "january", "full", 0.5),
                tuple(
                    WaitingUnder(
                        *name,
                        {"sapphire": 51.812, "diamond": 9.699},
                        {"sapphire": 47.420, "diamond": 25.813},
                        waiting,
                        {"sapphire": 4.4, "diamond": 9.8},
                        "full",
                        waits=True,
                    )
                    for name in both
                ),
            ),
        ),
    )


_QUANTITIES = {
    "peak": (Quantity("inputs.peak", "Peak sales", "USD m", percent=False, confidential=False), 600.0, 1100.0, 1700.0),
    "delay": (Quantity("inputs.delay", "Time lost", "years", percent=False, confidential=True), 0.5, 0.75, 1.25),
    "p2": (Quantity("inputs.p2", "Phase II success", None, percent=True, confidential=False), 0.25, 0.35, 0.45),
}


def threshold(protocol: str, proposer: str | None, key: str, *change: Any) -> Threshold:
    """A threshold of an input known here by its name; `change` is the side, where, and the outcome there."""
    quantity, low, base, high = _QUANTITIES[key]
    side, at, outcome = change
    return Threshold(quantity, protocol, proposer, side, at, outcome, low, base, high)


def _equilibria() -> tuple[Equilibrium, ...]:
    return (
        Equilibrium(
            "diamond proposes",
            "backward_induction",
            True,
            True,
            "plan=wait",
            (47.42, 25.813),
            ("47420/1000", "25813/1000"),
            {"diamond": (("plan", "wait"),), "sapphire": (("answer", "yes"),)},
            PROOF,
        ),
    )


def _naming() -> NamingGame:
    return NamingGame(
        decision="plan",
        by=("sapphire", "diamond"),
        options=("start", "wait", "hybrid", "terminate"),
        labels=tuple(_LABELS.values()),
        agreement_payoffs=((51.812, 9.699), (47.420, 25.813), (42.198, 18.106), (5.0, -4.0)),
        disagreement_payoffs=(43.031, 15.992),
        equilibria=((1, 1), (0, 2), (0, 3), (3, 2)),
        deadlocks=((0, 2), (0, 3), (3, 2)),
        undominated_deadlocks=((0, 2),),
        certificates=(PROOF,) * 4,
        mixed=0,
        status="complete",
    )


def _end(column: int, values: tuple[float, ...]) -> TreePictureNode:
    return TreePictureNode("end", None, None, (), column, values, ())


def _tree() -> TreePicture:
    nodes: list[TreePictureNode] = []
    nodes.append(
        TreePictureNode(
            "agreement",
            "plan",
            "Plan for Phase II",
            ("sapphire", "diamond"),
            0,
            (47.42, 25.813),
            (
                ("Start on 1 July as planned", 1, None, False),
                ("Wait six months, then Diamond decides", 2, None, True),
                ("Start a smaller hybrid trial now", 15, None, False),
                ("End the programme, Sapphire keeps the drug", 16, None, False),
                ("no agreement", 17, None, False),
            ),
        )
    )
    nodes.append(_end(2, (51.812, 9.699)))
    nodes.append(
        TreePictureNode(
            "chance",
            "news",
            _NEWS,
            (),
            1,
            (47.42, 25.813),
            (("contained", 3, 0.345, True), ("prolonged", 7, 0.38, True), ("severe", 11, 0.275, True)),
        )
    )
    cells = (
        ((52.8, 34.5), (37.8, 19.9), (1.7, -5.8), 0),
        ((51.2, 27.9), (37.1, 17.9), (1.7, -5.8), 0),
        ((43.0, 2.1), (35.5, 12.1), (1.7, -5.8), 1),
    )
    for group, (full, hybrid, stop, best) in enumerate(cells):
        first = 3 + 4 * group
        nodes.append(
            TreePictureNode(
                "move",
                "january",
                "Diamond's decision in January",
                ("diamond",),
                2,
                (full, hybrid)[best],
                (
                    ("Run the full trial", first + 1, None, best == 0),
                    ("Run the hybrid trial", first + 2, None, best == 1),
                    ("End the programme", first + 3, None, False),
                ),
                hidden_states=3,
                information_set=group,
            )
        )
        nodes += [_end(3, full), _end(3, hybrid), _end(3, stop)]
    nodes += [_end(2, (42.198, 18.106)), _end(2, (5.0, -4.0)), _end(2, (43.031, 15.992))]
    return TreePicture(
        tuple(nodes), ((0.0, "2020-07-01"), (0.5, "2021-01-01"), (0.5, "2021-01-01"), (0.5, "2021-01-01"))
    )
