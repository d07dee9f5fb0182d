"""What a search among any number of players comes to: copies put back, components, notes on what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from gamecore.equilibria.certificate import certified
from gamecore.equilibria.polishing import IntervalEquilibrium
from gamecore.equilibria.result import Component, Equilibrium, Solution, Status, in_fixed_order
from gamecore.equilibria.support_system import Support
from gamecore.games.strategic import Mixed, StrategicGame

__all__ = ["NPlayerSolution", "Searched", "Telling", "payoff_ranges"]

COPIES_LIMIT = 1_024
"""Equilibria told for one that uses options nobody can tell apart."""

TOLD_SUPPORTS = 1_000
"""Supports listed as not searched or not settled at most; the notes count all."""

NOTED_SUPPORTS = 3
"""Supports named in a note."""


@dataclass(frozen=True)
class NPlayerSolution(Solution):
    """A `Solution` that also lists supports (options used per player) without a complete answer."""

    unsearched: tuple[Support, ...] = ()
    unsettled: tuple[Support, ...] = ()


@dataclass
class Searched:
    """What was found in a game without dominated options and copies.

    `found` are its equilibria; `sets` are sets of infinitely many: per player the strategies any mixture of which,
    each on its own, is an equilibrium. Supports of more than `largest` options were not looked at unless `all_judged`.
    """

    all_judged: bool
    largest: int
    found: dict[Mixed, IntervalEquilibrium] = field(default_factory=dict)
    sets: list[tuple[tuple[tuple[Fraction, ...], ...], ...]] = field(default_factory=list)
    unsearched: list[Support] = field(default_factory=list)
    unsettled: list[Support] = field(default_factory=list)
    cut_short: bool = False


def payoff_ranges(equilibria: Sequence[Equilibrium]) -> tuple[tuple[Fraction, Fraction], ...]:
    """The least and the most for each player."""
    return tuple((min(values), max(values)) for values in zip(*(one.payoffs for one in equilibria), strict=True))


class Telling:
    """From equilibria of the smaller game to those of the whole one, with copies, components and notes."""

    def __init__(
        self, method: str, game: StrategicGame, classes: Sequence[Sequence[tuple[int, ...]]], walk: Searched
    ) -> None:
        self.method = method
        self._game = game
        self._classes = classes
        self._walk = walk
        self._short = walk.cut_short

    def solution(self, parameters: Mapping[str, object]) -> NPlayerSolution:
        walk = self._walk
        groups = [(one, self._with_copies([one.strategies])) for one in walk.found.values()]
        found: dict[Mixed, IntervalEquilibrium] = {}
        for one, profiles in groups:
            for profile in profiles:
                proved = certified(self._game, profile, one.certificate.bound)
                if proved is not None:
                    exact = IntervalEquilibrium(proved.strategies, proved.payoffs, proved.certificate)
                    found[profile] = replace(exact, radius=one.radius)
        equilibria = in_fixed_order(found.values())
        notes = self._notes()
        status = Status.PARTIAL if notes else Status.COMPLETE
        components: tuple[Component, ...] = ()
        if status is Status.COMPLETE:
            sets = [self._with_copies(product(*one)) for one in walk.sets]
            sets += [profiles for _, profiles in groups]
            equilibria, components = _joined(equilibria, sets)
        return NPlayerSolution(
            self.method,
            status,
            equilibria,
            notes,
            parameters,
            components,
            unsearched=tuple(map(self._named, walk.unsearched[:TOLD_SUPPORTS])),
            unsettled=tuple(map(self._named, dict.fromkeys(walk.unsettled[:TOLD_SUPPORTS]))),
        )

    def _named(self, support: Support) -> Support:
        return tuple(tuple(own[place][0] for place in used) for own, used in zip(self._classes, support, strict=True))

    def _with_copies(self, profiles: Iterable[Mixed]) -> list[Mixed]:
        """The profiles in the whole game, once for every choice of one copy for each class that is used."""
        answer: list[Mixed] = []
        for profile in profiles:
            slots = [
                (player, place)
                for player, strategy in enumerate(profile)
                for place, chance in enumerate(strategy)
                if chance and len(self._classes[player][place]) > 1
            ]
            ways = prod(len(self._classes[player][place]) for player, place in slots)
            if ways > COPIES_LIMIT:
                self._short = True
            for number, chosen in enumerate(product(*(self._classes[player][place] for player, place in slots))):
                if number >= COPIES_LIMIT:
                    break
                answer.append(self._placed(profile, dict(zip(slots, chosen, strict=True))))
        return answer

    def _placed(self, profile: Mixed, chosen: dict[tuple[int, int], int]) -> Mixed:
        whole = [[Fraction(0)] * count for count in self._game.shape]
        for player, strategy in enumerate(profile):
            for place, chance in enumerate(strategy):
                if chance:
                    whole[player][chosen.get((player, place), self._classes[player][place][0])] = chance
        return tuple(map(tuple, whole))

    def _notes(self) -> tuple[str, ...]:
        walk = self._walk
        notes = []
        if not walk.all_judged:
            notes.append(f"mixtures of more than {walk.largest} options were not searched")
        if walk.unsearched:
            notes.append(
                f"{len(walk.unsearched)} supports were not searched within the limit: {self._which(walk.unsearched)}"
            )
        if walk.unsettled:
            open_ones = list(dict.fromkeys(walk.unsettled))
            notes.append(
                f"{len(open_ones)} supports have equilibria that are not isolated (infinitely many), or none that "
                f"could be isolated within the limit ({self._which(open_ones)}); those listed are proved"
            )
        if self._short:
            notes.append("more equilibria were found than are listed")
        return tuple(notes)

    def _which(self, supports: Sequence[Support]) -> str:
        """The first of some supports: the numbers of the options used, from 1, player by player."""
        told = [
            " x ".join("{" + ", ".join(str(option + 1) for option in used) + "}" for used in self._named(support))
            for support in supports[:NOTED_SUPPORTS]
        ]
        more = len(supports) - len(told)
        return "options " + "; ".join(told) + (f" and {more} more" if more else "")


def _joined(
    equilibria: tuple[Any, ...], sets: Sequence[Sequence[Mixed]]
) -> tuple[tuple[Any, ...], tuple[Component, ...]]:
    """Number the connected components and describe them; equilibria of one set hang together."""
    places = {one.strategies: place for place, one in enumerate(equilibria)}
    groups = [tuple(sorted({places[profile] for profile in profiles if profile in places})) for profiles in sets]
    home = list(range(len(equilibria)))
    for group in groups:
        merged = {home[place] for place in group}
        home = [min(merged) if number in merged else number for number in home]
    components = []
    numbers = {number: place for place, number in enumerate(dict.fromkeys(home))}
    for number in numbers:
        members = tuple(place for place, own in enumerate(home) if own == number)
        own = {group for group in groups if group and home[group[0]] == number}
        largest = tuple(sorted(one for one in own if not any(set(one) < set(other) for other in own)))
        components.append(Component(members, largest, payoff_ranges([equilibria[place] for place in members])))
    numbered = tuple(replace(one, component=numbers[home[place]]) for place, one in enumerate(equilibria))
    return numbered, tuple(components)
