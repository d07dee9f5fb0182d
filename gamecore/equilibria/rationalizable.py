"""Rationalizable options: those a player may choose who thinks the others choose such options too.

An option is rationalizable if it is a best response to a belief about the others' rationalizable options (Bernheim
1984, Pearce 1984). With two players these are the options left by iterated strict dominance by mixtures, and with more
players too if beliefs may hold the others' choices for correlated (Brandenburger & Dekel 1987); beliefs that keep the
others independent may rule out more, and that is not computed here: `concept` says which is meant.

Each option that is left comes with a belief to which it is a best response among *all* options of the player; `proves`
checks that by sums.

>>> sexes = StrategicGame.from_rows([[(2, 1), (0, 0)], [(0, 0), (1, 2)]])
>>> rationalizable_options(sexes).options
((0, 1), (0, 1))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from gamecore.equilibria.dominance_story import CELL_LIMIT, DominanceStory, belief_for, dominance_story
from gamecore.equilibria.result import Status
from gamecore.games.strategic import StrategicGame

__all__ = ["Belief", "Concept", "Rationalizable", "proves", "rationalizable_options"]


class Concept(StrEnum):
    RATIONALIZABLE = "rationalizable"
    CORRELATED = "correlated rationalizable"


@dataclass(frozen=True)
class Belief:
    """`option` is a best response of `player` to the profiles of the others in `chances` (in order of players)."""

    player: int
    option: int
    chances: Mapping[tuple[int, ...], Fraction]


@dataclass(frozen=True)
class Rationalizable:
    """`options` per player; `beliefs` that make them best; `story` of those that went.

    Partial: `options` holds every rationalizable option and perhaps others, which then have no belief here.
    """

    concept: Concept
    status: Status
    options: tuple[tuple[int, ...], ...]
    beliefs: tuple[Belief, ...]
    story: DominanceStory
    notes: tuple[str, ...] = field(default=())


def rationalizable_options(
    game: StrategicGame, *, limit: int = CELL_LIMIT, should_stop: Callable[[], bool] | None = None
) -> Rationalizable:
    """The rationalizable options of every player; for three and more players beliefs may be correlated."""
    story = dominance_story(game, limit=limit, should_stop=should_stop)
    concept = Concept.RATIONALIZABLE if game.players <= 2 else Concept.CORRELATED
    beliefs: list[Belief] = []
    complete = story.status is Status.COMPLETE
    for player, options in enumerate(story.remaining):
        for option in options:
            if should_stop is not None and should_stop():
                complete = False
                break
            chances = belief_for(game, story.remaining, player, option, should_stop=should_stop)
            if chances is None:
                complete = False
            else:
                beliefs.append(Belief(player, option, chances))
    notes = list(story.notes)
    if concept is Concept.CORRELATED:
        notes.append("beliefs may hold the others' choices for correlated; independent beliefs may allow fewer options")
    if not complete and not story.notes:
        notes.append("the search was stopped before every option had its belief")
    status = Status.COMPLETE if complete else Status.PARTIAL
    return Rationalizable(concept, status, story.remaining, tuple(beliefs), story, tuple(notes))


def proves(game: StrategicGame, answer: Rationalizable) -> bool:
    """Whether each belief is about options in the answer and makes its option best among all of the player's."""
    for belief in answer.beliefs:
        if sum(belief.chances.values()) != 1 or min(belief.chances.values()) < 0:
            return False
        others = [player for player in range(game.players) if player != belief.player]
        values = [Fraction(0)] * game.shape[belief.player]
        for profile, chance in belief.chances.items():
            if any(option not in answer.options[player] for player, option in zip(others, profile, strict=True)):
                return False
            for option in range(len(values)):
                cell = (*profile[: belief.player], option, *profile[belief.player :])
                values[option] += chance * game.payoffs[(belief.player, *cell)]
        if values[belief.option] < max(values):
            return False
    return True
