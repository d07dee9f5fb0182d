"""A scenario's games for players who know some of its uncertain quantities and not the others.

`Tables` holds the real game, once for every protocol, and each player's game of deciding alone. `Tables.over` averages
their payoffs over the inner values of a design: what is left is one tree for each outer value. A node's payoff is
weighted by its reach, so averages of both are those of the game in which chance draws the unknown quantities too, and
whoever knows the outer value plays on them by backward induction.

The terms of talks that are drawn (what is kept after a round, the chance of a breakdown) are averaged by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.batch import backward_induction_over_draws
from gamecore.equilibria.following import drawn_policy, follow
from gamecore.games.agreement import Bargaining
from gamecore.games.translate import Game, Talks, compile_game, drawn_numbers, protocols
from gamecore.model import Scenario
from gamecore.robustness.designs import Design
from gamecore.robustness.points import CHUNK_NUMBERS, worth_at
from gamecore.robustness.signals import sole_decider

__all__ = ["Averages", "Known", "Tables", "games_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """A game to be played for some protocols; `player` is the place of the only decider, -1 where all decide."""

    game: Game
    talks: tuple[Talks, ...]
    player: int


@dataclass(frozen=True)
class Known:
    """Expected play: `values` (protocol, player), and the shares (protocol,) of cases in which the way to the end was
    one of several, or the game has no pure equilibrium.
    """

    values: Floats
    several: Floats
    undecided: Floats


@dataclass(frozen=True)
class _Tree:
    """One table's trees: `payoffs` (player, end, outer), and the terms of talks per protocol."""

    table: Table
    payoffs: Floats
    terms: tuple[Mapping[int, Bargaining], ...]


@dataclass(frozen=True)
class Averages:
    """What is expected for each outer value of a design, whose `weights` (outer,) sum to 1."""

    trees: tuple[_Tree, ...]
    weights: Floats
    protocols: tuple[str, ...]

    @property
    def scale(self) -> float:
        """The largest expected payoff."""
        return max(float(np.abs(tree.payoffs @ self.weights).sum(axis=1).max()) for tree in self.trees)

    def game(self, *, know: bool) -> Known:
        """The real game, played by people who know the outer value, or nothing."""
        rows: dict[str, tuple[Floats, float, float]] = {}
        for tree in self.trees:
            if tree.table.player < 0:
                for which, protocol in enumerate(tree.table.talks):
                    rows[protocol.name] = self._played(tree, which, know=know)
        values, several, undecided = zip(*(rows[name] for name in self.protocols), strict=True)
        return Known(np.array(values), np.array(several), np.array(undecided))

    def alone(self, *, know: bool) -> Floats:
        """What each player (player,) expects when it decides everything, knowing the outer value, or nothing."""
        found = {
            tree.table.player: self._played(tree, 0, know=know)[0][tree.table.player]
            for tree in self.trees
            if tree.table.player >= 0
        }
        return np.array([found[player] for player in sorted(found)])

    def through(self, channel: Floats) -> Averages:
        """The same for players who see a signal of the outer value: `channel[k, s]` is the chance of signal `s` at
        outer value `k`. Chances of signals are the new weights.
        """
        joint = self.weights[:, None] * channel
        weights = joint.sum(axis=0)
        seen = weights > 0
        given = joint[:, seen] / weights[seen]
        trees = tuple(
            replace(
                tree,
                payoffs=tree.payoffs @ given,
                terms=tuple(_with_terms(terms, lambda value: value @ given) for terms in tree.terms),
            )
            for tree in self.trees
        )
        return replace(self, trees=trees, weights=weights[seen])

    def _played(self, tree: _Tree, which: int, *, know: bool) -> tuple[Floats, float, float]:
        payoffs, terms, weights = tree.payoffs, tree.terms[which], self.weights
        if not know:
            payoffs = (payoffs @ weights)[:, :, None]
            terms = _with_terms(terms, lambda value: value @ self.weights[:, None])
            weights = np.ones(1)
        played = backward_induction_over_draws(tree.table.game.tree, payoffs, terms)
        flags = {name: np.zeros(len(weights), dtype=bool) for name in ("several", "undecided")}
        follow(tree.table.game.tree, drawn_policy(tree.table.game.tree, played, flags))
        return played.values[0] @ weights, float(flags["several"] @ weights), float(flags["undecided"] @ weights)


def games_of(scenario: Scenario) -> tuple[tuple[Game, tuple[Talks, ...]], ...]:
    """The trees of a scenario with the protocols each is played under: one for all, or one each where an agreement is
    laid out as moves.
    """
    talks = protocols(scenario)
    first = compile_game(scenario, talks=talks[0])
    if not first.spelled_out:
        return ((first, talks),)
    return ((first, talks[:1]), *((compile_game(scenario, talks=item), (item,)) for item in talks[1:]))


class Tables:
    """The games of a scenario, to be averaged over designs. `clipped` gathers the share of points by event whose
    chances were cut, at most in any piece.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.clipped: dict[str, float] = {}
        self.protocols = tuple(item.name for item in protocols(scenario))
        found = [Table(game, talks, -1) for game, talks in games_of(scenario)]
        for place, player in enumerate(scenario.players):
            alone = sole_decider(scenario, player)
            found.append(Table(compile_game(alone), protocols(alone), place))
        self.tables = tuple(found)

    def over(self, design: Design) -> Averages:
        """The averages over a design; evaluated in pieces, so that memory does not grow with the points."""
        outer, inner = len(design.outer_weights), len(design.inner_weights)
        shapes = [(table.game.tree.players, table.game.tree.ends) for table in self.tables]
        payoffs = [np.empty((*shape, outer)) for shape in shapes]
        terms: list[list[list[Mapping[int, Bargaining]]]] = [[[] for _ in table.talks] for table in self.tables]
        most = max(1, CHUNK_NUMBERS // max(ends * (2 * players + 1) for players, ends in shapes))
        for part, points in design.pieces(most):
            worth = worth_at(self.scenario, points)  # shared, so that a line is computed once for all games
            count = (part.stop - part.start) * inner
            for place, table in enumerate(self.tables):
                numbers = drawn_numbers(table.game, draws=count, seed=0, worth=worth)
                payoffs[place][:, :, part] = numbers.payoffs.reshape(*shapes[place], -1, inner) @ design.inner_weights
                for which, protocol in enumerate(table.talks):
                    drawn = table.game.bargaining(protocol, worth)
                    terms[place][which].append(
                        _with_terms(drawn, lambda value: value.reshape(-1, inner) @ design.inner_weights)
                    )
                for event, share in numbers.clipped.items():
                    self.clipped[event] = max(self.clipped.get(event, 0.0), share)
        trees = tuple(
            _Tree(table, payoffs[place], tuple(_joined(found) for found in terms[place]))
            for place, table in enumerate(self.tables)
        )
        return Averages(trees, design.outer_weights, self.protocols)


def _with_terms(terms: Mapping[int, Bargaining], change: Any) -> dict[int, Bargaining]:
    """The terms of talks with every drawn number changed."""

    def changed(value: Any) -> Any:
        return change(value) if np.ndim(value) else value

    return {
        node: replace(
            item, keep=tuple(tuple(map(changed, row)) for row in item.keep), breakdown=changed(item.breakdown)
        )
        for node, item in terms.items()
    }


def _joined(parts: Sequence[Mapping[int, Bargaining]]) -> Mapping[int, Bargaining]:
    """The terms of talks of the pieces, one after the other."""
    if len(parts) == 1:
        return parts[0]

    def joined(values: Sequence[Any]) -> Any:
        return np.concatenate(values) if np.ndim(values[0]) else values[0]

    found = {}
    for node, first in parts[0].items():
        items = [part[node] for part in parts]
        keep = tuple(
            tuple(joined([item.keep[turn][player] for item in items]) for player in range(len(row)))
            for turn, row in enumerate(first.keep)
        )
        found[node] = replace(first, keep=keep, breakdown=joined([item.breakdown for item in items]))
    return found
