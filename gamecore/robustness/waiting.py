"""What waiting is worth to each player, and where that comes from.

With `V_i(now)` and `V_i(wait)` the values of the two options, each with what follows it as the game is played, the
worth of waiting `W_i = V_i(wait) - V_i(now)` splits without a rest into

    calendar     the same plan under the conditions of today, later: discounting, lost exclusivity
    conditions   the same plan under the conditions of later, without any news
    re-scope     the plan that is chosen later without news, in place of the same plan
    news         the plan that is chosen later with the news; >= 0 for who decides then, any sign for the others
    holding      what standing by costs

(the first two only together where the file does not say what the plan of today would be worth later, the first three
where it does not say which later option is the same plan). *Holding* are the lines of the payoffs that are nothing if
one acts now, and after waiting do not rest on what is decided later. The *calendar* moves the start of the programme,
and the dates of dated amounts, by the time waited; rows without a date and without a programme cannot be moved.

In a game the *option* to wait has a worth of its own, of any sign: what the game is worth to a player with it, less
what it is worth without it (flexibility can undo a commitment). For one decider alone it is the option value of Dixit &
Pindyck 1994, chapter 2.

Everything is at base values and exact; `draws` tell how sure it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.following import Forced, Policy, best_play, follow, open_branches, usual_policy
from gamecore.games.agreement import Bargaining
from gamecore.games.translate import Game, Numbers, Talks, exact_numbers, protocols
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.model import NO_AGREEMENT, Decision, Scenario
from gamecore.robustness.averages import games_of
from gamecore.robustness.moving import can_move, holding_lines, moved
from gamecore.robustness.points import Points, plan_worth
from gamecore.robustness.points import parts as pieces
from gamecore.robustness.postponing import Postponement
from gamecore.valuation.draws import Sampling
from gamecore.valuation.inputs import draw, quantities
from gamecore.valuation.payoffs import Worth, exact_worth

__all__ = ["PARTS", "Part", "Spread", "UnderProtocol", "Waiting", "forced_to", "worth_of_waiting"]

PARTS: Final = ("calendar", "conditions", "re-scope", "news", "holding")
Values = tuple[Fraction, ...]


@dataclass(frozen=True)
class Part:
    """One part of the worth of waiting, or several that cannot be told apart: their names, and values (player,)."""

    names: tuple[str, ...]
    values: Values


@dataclass(frozen=True)
class UnderProtocol:
    """One protocol: values (player,) of acting now and of waiting, the parts of the difference, and what the option to
    wait is worth in the game.

    `chosen` is what is decided later without news (empty where it cannot be told), `waits` whether the game, as it is
    played, comes to waiting.
    """

    protocol: str
    now: Values
    wait: Values
    parts: tuple[Part, ...]
    chosen: str
    option: Values
    waits: bool

    @property
    def total(self) -> Values:
        """The worth of waiting to each player."""
        return tuple(wait - now for wait, now in zip(self.wait, self.now, strict=True))


@dataclass(frozen=True)
class Spread:
    """The worth of waiting over draws, per player: mean, P10, P90, and the share of draws in which it is above 0."""

    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    positive: tuple[float, ...]


@dataclass(frozen=True)
class Waiting:
    """What one way to wait is worth, under each protocol; `spread` (per protocol) is empty without ranges."""

    way: Postponement
    players: tuple[str, ...]
    protocols: tuple[UnderProtocol, ...]
    holding_lines: tuple[str, ...]
    spread: tuple[Spread, ...] = ()
    notes: tuple[str, ...] = field(default=())


def worth_of_waiting(
    scenario: Scenario,
    way: Postponement,
    *,
    draws: int = 10_000,
    seed: int = 1,
    sampling: str = Sampling.LATIN_HYPERCUBE,
) -> Waiting:
    """What waiting is worth to each player, and its parts; without draws no spread.

    Raises `InputError` if a number has no value, `RefusedError` if a game is too large.
    """
    worth = exact_worth(scenario)
    lines = holding_lines(games_of(scenario)[0][0], way, worth)
    without = _solved(_without(scenario, way))
    uncertain = draws > 0 and bool(quantities(scenario))
    points = draw(scenario, draws=draws, seed=seed, sampling=sampling) if uncertain else {}
    found, spreads = {}, {}
    for game, talks in games_of(scenario):
        numbers = _Numbers(game, way, worth, lines)
        for item in talks:
            found[item.name] = _under(numbers, item, without)
            if uncertain:
                spreads[item.name] = _spread(game, item, way, points)
    order = [item.name for item in protocols(scenario)]
    return Waiting(
        way,
        tuple(scenario.players),
        tuple(found[name] for name in order),
        tuple(lines),
        tuple(spreads[name] for name in order if name in spreads),
    )


def forced_to(game: Game, decision: str, option: str) -> Forced:
    """The branches that lead to an option of a decision, wherever it is taken."""
    return open_branches(
        game.tree, lambda end: any(case.assignment.get(decision) == option for case in game.cases[end])
    )


# ---- the parts -------------------------------------------------------------------------------------------------------


class _Numbers:
    """One tree with its payoffs (player, end): all of them, those without holding lines, and those of today, later."""

    def __init__(self, game: Game, way: Postponement, worth: Worth[Fraction], holding: Sequence[str]) -> None:
        self.game, self.way, self.worth = game, way, worth
        scenario = game.scenario
        self.all: Numbers = exact_numbers(game, worth)
        self.plan = self._without(scenario, holding)
        self.later: npt.NDArray[Any] | None = None
        if way.same and can_move(scenario, way, holding):
            self.later = self._without(moved(scenario, way.years), holding)
        self.now = forced_to(game, way.decision, way.now)
        self.wait = forced_to(game, way.decision, way.wait)

    def _without(self, scenario: Scenario, holding: Sequence[str]) -> npt.NDArray[Any]:
        """The payoffs (player, end) of a scenario without its holding lines."""
        if not holding:
            return exact_numbers(self.game, exact_worth(scenario)).payoffs
        kept = {name: line for name, line in scenario.payoffs.items() if name not in holding}
        return exact_numbers(self.game, exact_worth(replace(scenario, payoffs=kept))).payoffs

    def waiting_for(self, option: str) -> Forced:
        """The branches of waiting and then choosing an option whatever the news."""
        game, way = self.game, self.way
        named = open_branches(
            game.tree,
            lambda end: any(
                case.assignment.get(way.decision) == way.wait and case.assignment.get(way.later) == option
                for case in game.cases[end]
            ),
        )
        return {**self.wait, **{node: ways for node, ways in named.items() if game.names[node] == way.later}}


def _under(numbers: _Numbers, talks: Talks, without: Mapping[str, Values]) -> UnderProtocol:
    game, way = numbers.game, numbers.way
    bargaining = game.bargaining(talks, numbers.worth)
    perfect = backward_induction(game.tree, numbers.all.payoffs, bargaining)
    policy = usual_policy(game.tree, perfect, bargaining)

    def worth(payoffs: npt.NDArray[Any], forced: Forced) -> Values:
        return tuple(numbers.all.equivalents(plan_worth(payoffs, follow(game.tree, policy, forced))))

    chosen = _without_news(numbers, policy, bargaining)
    steps: list[tuple[tuple[str, ...], Values]] = []
    if way.same:
        if numbers.later is not None:
            steps.append((("calendar",), worth(numbers.later, numbers.now)))
            steps.append((("conditions",), worth(numbers.plan, numbers.waiting_for(way.same))))
        else:
            steps.append((("calendar", "conditions"), worth(numbers.plan, numbers.waiting_for(way.same))))
        steps.append((("re-scope",), worth(numbers.plan, chosen[1])))
    else:
        steps.append((("calendar", "conditions", "re-scope"), worth(numbers.plan, chosen[1])))
    steps.append((("news",), worth(numbers.plan, numbers.wait)))
    before = worth(numbers.plan, numbers.now)
    found = []
    for names, after in steps:
        found.append(Part(names, tuple(new - old for new, old in zip(after, before, strict=True))))
        before = after
    now, wait = worth(numbers.all.payoffs, numbers.now), worth(numbers.all.payoffs, numbers.wait)
    free, held = worth(numbers.plan, numbers.now), worth(numbers.plan, numbers.wait)
    found.append(Part(("holding",), tuple((w - h) - (n - f) for w, h, n, f in zip(wait, held, now, free, strict=True))))
    play = best_play(perfect.plays[0])
    playing = numbers.all.equivalents(play.values)
    option = tuple(new - old for new, old in zip(playing, without[talks.name], strict=True))
    return UnderProtocol(talks.name, now, wait, tuple(found), chosen[0], option, _comes_to(numbers, policy))


def _comes_to(numbers: _Numbers, policy: Policy) -> bool:
    reached = follow(numbers.game.tree, policy)
    game, way = numbers.game, numbers.way
    return any(
        case.assignment.get(way.decision) == way.wait
        for end, weight in reached.items()
        if weight and numbers.all.reach[-1, end]
        for case in game.cases[end]
    )


def _without_news(numbers: _Numbers, policy: Policy, bargaining: Mapping[int, Bargaining]) -> tuple[str, Forced]:
    """What is chosen later if nobody learns anything meanwhile: an option whatever the news, and its branches."""
    game, way = numbers.game, numbers.way
    decision = game.scenario.decisions[way.later]
    names = _chosen_names(game, way)
    ways = {name: numbers.waiting_for(name) for name in names}
    values = {
        name: tuple(plan_worth(numbers.all.payoffs, follow(game.tree, policy, forced))) for name, forced in ways.items()
    }
    if way.same in names:  # an even choice stays with the plan
        names = [way.same, *(name for name in names if name != way.same)]
    node = next((number for number in game.agreement_nodes.get(way.later, ()) if number in bargaining), None)
    if len(decision.by) == 1 or node is None:
        mover = game.players.index(decision.by[0])
        best = max(names, key=lambda name: values[name][mover])
        return best, ways[best]
    best = _agreed(game, decision, names, values, bargaining[node])
    return best, ways[best]


def _chosen_names(game: Game, way: Postponement) -> list[str]:
    """What the later decision can come to, in the order of the file; no agreement last."""
    reached = {case.assignment.get(way.later) for cases in game.cases for case in cases}
    options = [item.name for item in game.scenario.decisions[way.later].options]
    return [name for name in (*options, NO_AGREEMENT) if name in reached]


def _agreed(
    game: Game, decision: Decision, names: Sequence[str], values: Mapping[str, Values], terms: Bargaining
) -> str:
    """What talks lead to when each option is worth what it is without news."""
    failing = decision.no_agreement.means if decision.no_agreement and decision.no_agreement.means else NO_AGREEMENT
    columns = [*(name for name in names if name != NO_AGREEMENT), failing]
    root = Node(NodeKind.AGREEMENT, tuple(range(1, len(columns) + 1)), by=tuple(map(game.players.index, decision.by)))
    tree = Tree(len(game.players), (root, *(Node(NodeKind.END, end=place) for place in range(len(columns)))))
    payoffs = np.array([values[name] for name in columns], dtype=object).T
    reached = follow(tree, usual_policy(tree, backward_induction(tree, payoffs, {0: terms}), {0: terms}))
    return columns[max(reached, key=lambda end: reached[end])]


# ---- the game without the option, and draws --------------------------------------------------------------------------


def _without(scenario: Scenario, way: Postponement) -> Scenario:
    """The scenario in which nobody can wait this way."""
    decision = scenario.decisions[way.decision]
    options = tuple(replace(item, available=item.available and item.name != way.wait) for item in decision.options)
    return replace(scenario, decisions={**scenario.decisions, way.decision: replace(decision, options=options)})


def _solved(scenario: Scenario) -> dict[str, Values]:
    """What the game is worth to each player at base values, by protocol."""
    worth = exact_worth(scenario)
    found = {}
    for game, talks in games_of(scenario):
        numbers = exact_numbers(game, worth)
        for item in talks:
            perfect = backward_induction(game.tree, numbers.payoffs, game.bargaining(item, worth))
            found[item.name] = tuple(numbers.equivalents(best_play(perfect.plays[0]).values))
    return found


def _spread(game: Game, talks: Talks, way: Postponement, points: Points) -> Spread:
    """The worth of waiting over draws."""
    plans = (forced_to(game, way.decision, way.now), forced_to(game, way.decision, way.wait))
    draws = len(next(iter(points.values())))
    found = np.concatenate(
        [priced.values[1] - priced.values[0] for _, priced in pieces(game, (talks,), plans, points, count=draws)],
        axis=-1,
    )
    low, high = np.quantile(found, [0.1, 0.9], axis=1)
    columns = (found.mean(axis=1), low, high, (found > 0).mean(axis=1))
    return Spread(*(tuple(map(float, column)) for column in columns))
