"""How a game stands: what happens under every protocol, what that is worth, and what the advised side can count on.

A `Standing` is a scenario solved at base values. Under each protocol it holds the outcomes of the subgame-perfect
equilibria that no other makes better for everybody. What *counts* is the one of them that is worst for the advised side
(for an alliance: with the smallest product of gains over the walk-away), whoever proposes: a change is judged by what
can be relied on. Where one protocol with one equilibrium is declared that is simply what happens.

`settled` says that there is nothing to be relied on but one outcome: the same whoever proposes, and the only one.

Values are exact (`Fraction`), in the scenario's unit, in the order of the players.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod
from types import MappingProxyType
from typing import Any, Final

from gamecore.advice.labels import in_short
from gamecore.advice.plans import Plan, later_failures, named_plans
from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.following import follow, policy_of, usual_policy
from gamecore.equilibria.protocols import Solved, solved_game
from gamecore.games.translate import Game, Numbers
from gamecore.games.tree import NodeKind
from gamecore.model import ALLIANCE, Scenario
from gamecore.redesign.levers.worths import SharedWorth, worth_for
from gamecore.robustness.frequencies import compatible_ends

__all__ = ["Happens", "Standing", "Yardstick", "standing_from", "standing_of", "with_payoffs"]

MOST_NAMED: Final = 12  # plans that are given short names; of longer menus only what comes about is

Values = tuple[Fraction, ...]


@dataclass(frozen=True)
class Happens:
    """One outcome: the key of the plan people would call it, its label, what it is worth, and what the plan lays
    down.
    """

    key: str
    label: str
    values: Values
    forced: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True)
class Yardstick:
    """How outcomes are compared: for whom, and from where an alliance counts its gains."""

    advised: int | None  # None: an alliance
    walk_away: Values

    def merit(self, values: Values) -> Fraction:
        """The advised side's value, or the product of gains over the walk-away (0 where somebody is below it)."""
        if self.advised is not None:
            return values[self.advised]
        return prod(
            (max(Fraction(0), value - least) for value, least in zip(values, self.walk_away, strict=True)),
            start=Fraction(1),
        )


@dataclass(frozen=True)
class Standing:
    """A scenario solved: `outcomes` by protocol, `counts` what can be relied on and under which protocol."""

    scenario: Scenario
    game: Game
    numbers: Numbers
    solved: tuple[Solved, ...]
    outcomes: Mapping[str, tuple[Happens, ...]]
    counts: Happens
    protocol: str
    settled: bool
    names: tuple[Plan, ...]

    @property
    def disagreement(self) -> Values | None:
        """What no agreement is worth, each side choosing afterwards as usual; None in a game of moves."""
        plan = next((plan for plan in self.names if plan.fails), None)
        if plan is None:
            return None
        first = self.solved[0]
        policy = usual_policy(self.game.tree, first.perfect, first.bargaining)
        weights = follow(self.game.tree, policy, plan.forced)
        return _summed(self.numbers, weights)

    @property
    def keys(self) -> frozenset[str]:
        """The outcomes under all protocols, by their keys."""
        return frozenset(item.key for found in self.outcomes.values() for item in found)


def _summed(numbers: Numbers, weights: Mapping[int, Any]) -> Values:
    total = sum((numbers.payoffs[:, end] * weight for end, weight in weights.items()), numbers.payoffs[:, 0] * 0)
    return tuple(numbers.equivalents(total))


def standing_of(
    scenario: Scenario,
    yardstick: Yardstick | None = None,
    *,
    worth: SharedWorth | None = None,
    limits: Mapping[str, int] = MappingProxyType({}),
) -> Standing:
    """A scenario solved. `limits` are those of `solved_game`; without a `yardstick` the advised side's value counts.

    Raises `RefusedError` if a limit would be broken.
    """
    game, numbers, solved = solved_game(scenario, worth=worth and worth_for(scenario, worth), **limits)
    solution = (game, numbers, solved)
    return _standing(scenario, solution, _plans(game, solved), yardstick)


def standing_from(
    scenario: Scenario, solution: tuple[Game, Numbers, tuple[Solved, ...]], yardstick: Yardstick
) -> Standing:
    """The same from a game that is solved already."""
    game, _, solved = solution
    return _standing(scenario, solution, _plans(game, solved), yardstick)


def with_payoffs(standing: Standing, payoffs: Any, yardstick: Yardstick, *, profiles: int = 200_000) -> Standing:
    """The same game with other payoffs at its ends (player, end), solved again."""
    numbers = replace(standing.numbers, payoffs=payoffs)
    solved = tuple(
        replace(item, perfect=backward_induction(standing.game.tree, payoffs, item.bargaining, most_profiles=profiles))
        for item in standing.solved
    )
    return _standing(standing.scenario, (standing.game, numbers, solved), standing.names, yardstick)


def _standing(
    scenario: Scenario,
    solution: tuple[Game, Numbers, tuple[Solved, ...]],
    names: tuple[Plan, ...],
    yardstick: Yardstick | None,
) -> Standing:
    game, numbers, solved = solution
    if yardstick is None:
        place = None if scenario.advise == ALLIANCE else game.players.index(scenario.advise)
        yardstick = Yardstick(place, (Fraction(0),) * len(game.players))
    ends = [(plan, compatible_ends(game.tree, plan.forced)) for plan in names]
    outcomes = {item.talks.name: tuple(_happens(game, numbers, item, ends)) for item in solved}
    every = [(name, item) for name, found in outcomes.items() for item in found]
    protocol, counts = min(every, key=lambda pair: yardstick.merit(pair[1].values))
    settled = len({(item.key, item.values) for _, item in every}) == 1 and not game.unsolved
    return Standing(scenario, game, numbers, solved, outcomes, counts, protocol, settled, names)


def _plans(game: Game, solved: tuple[Solved, ...]) -> tuple[Plan, ...]:
    """The plans people can name, with the ways talks can fail after them."""
    policy = usual_policy(game.tree, solved[0].perfect, solved[0].bargaining)
    named, failing = named_plans(game, policy)
    if not failing:
        failing = tuple(later_failures(game))
    if len(named) <= MOST_NAMED:
        named = in_short(game, named, (*named, *failing))
    return (*named, *failing)


def _happens(
    game: Game, numbers: Numbers, solved: Solved, plans: list[tuple[Plan, frozenset[int]]]
) -> Iterator[Happens]:
    """The outcomes of one protocol that no other makes better for everybody, each once."""
    seen = set()
    plays = solved.perfect.plays[0]
    for play in plays:
        if any(_better(other.values, play.values) for other in plays):
            continue
        weights = follow(game.tree, policy_of(game.tree, play, solved.bargaining))
        reached = frozenset(end for end in weights if numbers.reach[-1, end])
        values = tuple(numbers.equivalents(play.values))
        found = _named(game, plans, reached, values)
        if (found.key, found.values) not in seen:
            seen.add((found.key, found.values))
            yield found


def _better(one: Values, other: Values) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def _named(game: Game, plans: list[tuple[Plan, frozenset[int]]], reached: frozenset[int], values: Values) -> Happens:
    """What people would call reaching these ends: the narrowest plan that allows them all."""
    fitting = [(plan, allowed) for plan, allowed in plans if reached <= allowed]
    if not fitting:
        key = _in_common(game, reached)
        label = "As the news suggests" if game.tree.nodes[0].kind is NodeKind.CHANCE else "A mixture of plans"
        return Happens(key, label, values, {})
    plan = min(fitting, key=lambda pair: len(pair[1]))[0]
    meant = _meant(game, plan, plans)
    if len(plans) > MOST_NAMED and meant.path:
        (meant,) = in_short(game, (meant,), (meant,))
    return Happens(meant.key, meant.label, values, plan.forced)


def _meant(game: Game, plan: Plan, plans: list[tuple[Plan, frozenset[int]]]) -> Plan:
    """A failure that means an option, as that option."""
    decision = game.scenario.decisions.get(plan.key.rpartition(",")[2].partition("=")[0])
    if not plan.fails or decision is None or decision.no_agreement is None or decision.no_agreement.means is None:
        return plan
    before = plan.key.rpartition(",")[0]
    key = f"{decision.name}={decision.no_agreement.means}"
    key = f"{before},{key}" if before else key
    return next((other for other, _ in plans if other.key == key), plan)


def _in_common(game: Game, reached: frozenset[int]) -> str:
    """The decisions that go the same way at all ends reached."""
    histories = [game.cases[end][0].assignment for end in sorted(reached)]
    names = [name for name in histories[0] if name not in game.scenario.events] if histories else []
    same = [name for name in names if len({history.get(name) for history in histories}) == 1]
    return ",".join(f"{name}={histories[0][name]}" for name in same) or "mixed"
