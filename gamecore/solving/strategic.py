"""Games in strategic form: which solver answers, and what its answer is called.

One player: its best options. Two: all extreme equilibria and their components. Three and more: all pure equilibria and
the mixed ones that can be found and proved within the limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from gamecore.equilibria.n_player import VALUE_LIMIT, n_player_equilibria
from gamecore.equilibria.polishing import IntervalEquilibrium
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Component, Solution, Status
from gamecore.equilibria.two_player import WORK_LIMIT, two_player_equilibria
from gamecore.games.gambit.files import StrategicFile
from gamecore.games.strategic import StrategicGame
from gamecore.solving.answer import Answer, Found
from gamecore.solving.limits import Limits, ShouldStop

__all__ = ["Labels", "answered", "as_file", "nothing_yet", "solve_strategic", "strategic_solution"]

WORK_PER_SECOND: Final = 2_000_000
"""Units of work of the two-player search for each second allowed: as many as a fast core does, so that the time is
used; what the clock does not cut short comes out the same everywhere."""

VALUES_PER_SECOND: Final = 50_000_000
"""The same of the search for more players."""

Tell = Callable[[Answer], None]
"""Called with what is known so far, should there be no time for more."""


@dataclass(frozen=True)
class Labels:
    """What players and options of a game in strategic form are called."""

    title: str
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    sha256: str = ""
    by_name: bool = False


def as_file(game: Any) -> StrategicFile:
    """A game in strategic form with labels: as given, or numbers for a bare game or array."""
    if isinstance(game, StrategicFile):
        return game
    bare = game if isinstance(game, StrategicGame) else StrategicGame.from_array(game)
    players = tuple(f"player {number}" for number in range(1, bare.players + 1))
    options = tuple(tuple(str(number) for number in range(1, count + 1)) for count in bare.shape)
    return StrategicFile("", players, options, bare)


def solve_strategic(game: StrategicGame, labels: Labels, limits: Limits, stop: ShouldStop, tell: Tell) -> Answer:
    """The equilibria of a game in strategic form, in labels."""
    tell(nothing_yet(labels, "strategic"))
    if game.players > 1:
        pure = pure_equilibria(game, limit=limits.profiles)
        if pure.status is not Status.REFUSED:
            note = "the time was up before mixed equilibria were searched"
            tell(answered(game, labels, replace(pure, status=Status.PARTIAL, notes=(*pure.notes, note))))
    return answered(game, labels, strategic_solution(game, limits, stop))


def nothing_yet(labels: Labels, form: str) -> Answer:
    """The answer while nothing is computed."""
    return Answer(
        labels.title,
        form,
        "none",
        Status.REFUSED,
        labels.players,
        labels.strategies,
        notes=(*labels.notes, "the time was up before anything was computed"),
        sha256=labels.sha256,
        by_name=labels.by_name,
    )


def strategic_solution(game: StrategicGame, limits: Limits, stop: ShouldStop) -> Solution:
    """The solver's answer, in indices."""
    if game.players == 1:
        return _one_player(game, limits)
    if game.players == 2:
        work = max(WORK_LIMIT, int(limits.seconds * WORK_PER_SECOND))
        return two_player_equilibria(game, limit=work, should_stop=stop)
    values = max(VALUE_LIMIT, int(limits.seconds * VALUES_PER_SECOND))
    return n_player_equilibria(game, limit=values, should_stop=stop)


def _one_player(game: StrategicGame, limits: Limits) -> Solution:
    """The best options of a single player; all their mixtures are as good, so they are one component."""
    solution = pure_equilibria(game, limit=limits.profiles)
    if not solution.equilibria:
        return solution
    members = tuple(range(len(solution.equilibria)))
    worth = solution.equilibria[0].payoffs[0]
    equilibria = tuple(replace(found, component=0) for found in solution.equilibria)
    component = Component(members, (members,), ((worth, worth),))
    return replace(solution, method="best options of one player", equilibria=equilibria, components=(component,))


def answered(game: StrategicGame, labels: Labels, solution: Solution) -> Answer:
    """A solver's answer in labels."""
    equilibria = tuple(
        Found(
            found.strategies,
            found.payoffs,
            found.pure,
            found.subgame_perfect,
            found.certificate,
            found.component,
            radius=found.radius if isinstance(found, IntervalEquilibrium) else Fraction(0),
        )
        for found in solution.equilibria
    )
    return Answer(
        labels.title,
        "strategic",
        solution.method,
        solution.status,
        labels.players,
        labels.strategies,
        equilibria,
        solution.components,
        pure=tuple(found.profile for found in solution.equilibria if found.pure),
        notes=(*labels.notes, *solution.notes),
        sha256=labels.sha256,
        by_name=labels.by_name,
        game=game,
    )
