"""A scenario's games for players who know some of its uncertain quantities beforehand and the others only later.

`Tables` holds the real game, once for every protocol, and for each player the one in which it takes the first decisions
alone. `Tables.over` plays what comes after the first decisions at every point of a design and averages its worth over
the inner values: what is left is one tree of first decisions for each outer value (`first_stage.py`). Payoffs are
weighted by reach, so averages of both are those of the game in which chance draws the unknown quantities too, and
whoever knows the outer value plays on them by backward induction.

The terms of talks that are drawn (what is kept after a round, the chance of a breakdown) are averaged by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.batch import backward_induction_over_draws
from gamecore.equilibria.following import drawn_policy, follow
from gamecore.errors import InputError
from gamecore.games.agreement import Bargaining
from gamecore.games.translate import Case, Game, Talks, compile_game, drawn_numbers, protocols
from gamecore.games.tree import Tree
from gamecore.model import Scenario
from gamecore.robustness.close_calls import CloseCall, close_call
from gamecore.robustness.designs import Design
from gamecore.robustness.first_stage import FirstStage, first_stage
from gamecore.robustness.points import CHUNK_NUMBERS, worth_at
from gamecore.robustness.signals import sole_decider
from gamecore.valuation.inputs import quantities, quantity_key
from gamecore.valuation.payoffs import Worth
from gamecore.valuation.risk import equivalents

__all__ = ["Averages", "Known", "Tables", "games_of"]

Floats = npt.NDArray[np.float64]
Terms = Mapping[int, Bargaining]


@dataclass(frozen=True)
class Table:
    """A game to be played for some protocols; `player` is the place of who takes the first decisions alone, -1 where
    all decide.
    """

    game: Game
    talks: tuple[Talks, ...]
    player: int

    @cached_property
    def stage(self) -> FirstStage:
        """Its first decisions."""
        return first_stage(self.game)


@dataclass(frozen=True)
class Known:
    """Expected play: `values` (protocol, player), and the shares (protocol,) of cases in which the first decisions were
    one equilibrium of several, or have no pure one.
    """

    values: Floats
    several: Floats
    undecided: Floats


@dataclass(frozen=True)
class _Tree:
    """One table under one protocol: what its first decisions lead to, `worth` (player, end, outer), and the terms of
    their talks.
    """

    table: Table
    protocol: str
    worth: Floats
    terms: Terms


@dataclass(frozen=True)
class Averages:
    """What is expected for each outer value of a design, whose `weights` (outer,) sum to 1."""

    trees: tuple[_Tree, ...]
    weights: Floats
    protocols: tuple[str, ...]
    tolerances: Mapping[int, float] = field(default_factory=dict)  # by place: payoffs of these players are utilities

    @property
    def scale(self) -> float:
        """The largest expected payoff."""
        return max(float(np.abs(tree.worth @ self.weights).sum(axis=1).max()) for tree in self.trees)

    def game(self, *, know: bool) -> Known:
        """The real game, played by people who know the outer value beforehand, or nothing."""
        rows = {tree.protocol: self._played(tree, know=know) for tree in self.trees if tree.table.player < 0}
        values, several, undecided = zip(*(rows[name] for name in self.protocols), strict=True)
        certain = np.array([equivalents(row, self.tolerances) for row in values])
        return Known(certain, np.array(several), np.array(undecided))

    def alone(self, *, know: bool) -> Floats:
        """What each player (player,) expects when it takes the first decisions alone, knowing the outer value, or
        nothing.
        """
        found = {
            tree.table.player: equivalents(self._played(tree, know=know)[0], self.tolerances)[tree.table.player]
            for tree in self.trees
            if tree.table.player >= 0
        }
        return np.array([found[player] for player in sorted(found)])

    def close_calls(self) -> tuple[CloseCall | None, ...]:
        """Protocol by protocol, how little it takes to lead play elsewhere where nobody knows more.

        Where payoffs are utilities none is looked for.
        """
        if self.tolerances:
            return (None,) * len(self.protocols)
        found = {}
        for tree in self.trees:
            if tree.table.player < 0:
                first, terms = tree.table.stage.tree, _changed(tree.terms, lambda value: value @ self.weights[:, None])

                def play(worth: Floats, first: Tree = first, terms: Terms = terms) -> Floats:
                    values = backward_induction_over_draws(first, worth, terms).values[0]
                    return np.broadcast_to(values, (worth.shape[0], worth.shape[2]))

                found[tree.protocol] = close_call(tree.worth @ self.weights, play)
        return tuple(found[name] for name in self.protocols)

    def through(self, channel: Floats) -> Averages:
        """The same for players who see a signal of the outer value: `channel[k, s]` is the chance of signal `s` at
        outer value `k`. Chances of signals are the new weights.
        """
        joint = self.weights[:, None] * channel
        weights = joint.sum(axis=0)
        seen = weights > 0
        given = joint[:, seen] / weights[seen]
        trees = tuple(
            replace(tree, worth=tree.worth @ given, terms=_changed(tree.terms, lambda value: value @ given))
            for tree in self.trees
        )
        return replace(self, trees=trees, weights=weights[seen])

    def centred_on(self, others: Averages) -> Averages:
        """The same with the expected worth of `others` at every end.

        A design looks at fewer points than all draws, the same ones for every outer value; the error they have in
        common would decide between options that are nearly as good.
        """
        trees = tuple(
            replace(tree, worth=tree.worth + (other.worth @ others.weights - tree.worth @ self.weights)[:, :, None])
            for tree, other in zip(self.trees, others.trees, strict=True)
        )
        return replace(self, trees=trees)

    def _played(self, tree: _Tree, *, know: bool) -> tuple[Floats, float, float]:
        worth, terms, weights = tree.worth, tree.terms, self.weights
        if not know:
            worth = (worth @ weights)[:, :, None]
            terms = _changed(terms, lambda value: value @ self.weights[:, None])
            weights = np.ones(1)
        first = tree.table.stage.tree
        played = backward_induction_over_draws(first, worth, terms)
        flags = {name: np.zeros(len(weights), dtype=bool) for name in ("several", "undecided")}
        follow(first, drawn_policy(first, played, flags))
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
        self.tolerances = _certain_tolerances(scenario)
        found = [Table(game, talks, -1) for game, talks in games_of(scenario)]
        for place, player in enumerate(scenario.players):
            game, talks = games_of(sole_decider(scenario, player, first_only=True))[0]
            found.append(Table(game, talks[:1], place))
        self.tables = tuple(found)
        self._drawn_in = _drawn_in([table.game for table in self.tables])

    def over(self, design: Design) -> Averages:
        """The averages over a design; evaluated in pieces, so that memory does not grow with the points."""
        rows = [(which, table, talks) for which, table in enumerate(self.tables) for talks in table.talks]
        pieces: list[list[tuple[Floats, Terms]]] = [[] for _ in rows]
        players = len(self.scenario.players)
        most = max(1, CHUNK_NUMBERS // max(table.game.tree.ends * (2 * players + 1) for table in self.tables))
        for part, points in design.pieces(most):
            worth = worth_at(self.scenario, points)  # shared, so that a line is computed once for all games
            count = (part.stop - part.start) * len(design.inner_weights)

            def mean(value: Floats) -> Floats:
                """Over the inner values of the piece; (..., point) to (..., outer)."""
                averaged: Floats = (
                    value.reshape(*value.shape[:-1], -1, len(design.inner_weights)) @ design.inner_weights
                )
                return averaged

            payoffs = self.payoffs(worth, count)
            for place, (which, table, talks) in enumerate(rows):
                terms = table.game.bargaining(talks, worth)
                played = backward_induction_over_draws(table.game.tree, payoffs[which], terms)
                ends = [mean(np.broadcast_to(played.values[node], (players, count))) for node in table.stage.cut]
                pieces[place].append((np.stack(ends, axis=1), _changed(table.stage.here(terms), mean)))
        trees = tuple(
            _Tree(
                table,
                talks.name,
                np.concatenate([worth for worth, _ in found], axis=-1),
                _joined([terms for _, terms in found]),
            )
            for (_, table, talks), found in zip(rows, pieces, strict=True)
        )
        return Averages(trees, design.outer_weights, self.protocols, self.tolerances)

    def payoffs(self, worth: Worth[Any], count: int) -> list[Floats]:
        """The payoffs (player, end, point) of every table at so many points, each end's computed once."""
        found: list[Floats] = []
        for table, (source, ends) in zip(self.tables, self._drawn_in, strict=True):
            if source < len(found):
                found.append(found[source][:, ends])
                continue
            numbers = drawn_numbers(table.game, draws=count, seed=0, worth=worth)
            for event, share in numbers.clipped.items():
                self.clipped[event] = max(self.clipped.get(event, 0.0), share)
            found.append(numbers.payoffs)
        return found


def _drawn_in(games: Sequence[Game]) -> list[tuple[int, list[int] | slice]]:
    """For each game the place of the first one that has all of its ends, by what is the case there, and those ends.

    Who decides does not change what an end is worth, so the payoffs of one serve for the other.
    """
    places: list[dict[tuple[object, ...], int]] = []
    found: list[tuple[int, list[int] | slice]] = []
    for game in games:
        ends = [_told(cases) for cases in game.cases]
        places.append({end: place for place, end in enumerate(ends)})
        source = next(which for which, known in enumerate(places) if known.keys() >= set(ends))
        there = [places[source][end] for end in ends]
        run = slice(there[0], there[-1] + 1)  # a slice of an array is no copy
        found.append((source, run if there == list(range(run.start, run.stop)) else there))
    return found


def _told(cases: Sequence[Case]) -> tuple[object, ...]:
    """Everything the payoffs at an end rest on, to be compared."""
    return tuple(
        (
            frozenset(case.assignment.items()),
            tuple((event, outcome, frozenset(seen.items())) for event, outcome, seen in case.chances),
        )
        for case in cases
    )


def _certain_tolerances(scenario: Scenario) -> dict[int, float]:
    """Risk tolerances by the players' places; `InputError` for an uncertain one: utilities of several attitudes have no
    mean.
    """
    found = worth_at(scenario, {}).tolerances()
    keys = {quantity_key(item.distribution) for item in quantities(scenario)}
    moved = worth_at(scenario, {key: np.full(1, np.nan) for key in keys})
    for name in found:
        value = scenario.players[name].risk_tolerance
        if value is not None and np.isnan(np.asarray(moved.value(value, {}))).any():
            raise InputError(
                f"players.{name}.risk_tolerance is uncertain; what knowing is worth needs one number for it"
            )
    return {place: float(found[name]) for place, name in enumerate(scenario.players) if name in found}


def _changed(terms: Terms, change: Callable[[Floats], Floats]) -> Terms:
    """The terms of talks with every drawn number changed."""

    def changed(value: Any) -> Any:
        return change(value) if np.ndim(value) else value

    return {
        node: replace(
            item, keep=tuple(tuple(map(changed, row)) for row in item.keep), breakdown=changed(item.breakdown)
        )
        for node, item in terms.items()
    }


def _joined(parts: Sequence[Terms]) -> Terms:
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
