"""The ledgers of shares in sentences: why the core is empty, who objects, why the nucleolus is what it is.

>>> from gamecore.compromises.sharing.core import core
>>> from gamecore.games.coalition import CoalitionGame
>>> game = CoalitionGame.from_function(["Ada", "Bo", "Cy"], lambda members: len(members) >= 2)
>>> for sentence in core_in_words(game, core(game)):
...     print(sentence)
No way of sharing keeps everybody: the core is empty.
Without the others Ada and Bo can have 1, Ada and Cy 1, Bo and Cy 1.
Counted 1/2, 1/2 and 1/2 times, these coalitions hold every player once, and so ask for 3/2 in all.
There is 1 to share: 1/2 too little.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gamecore.compromises.sharing.balance import Collection
from gamecore.compromises.sharing.core import Core, Objection
from gamecore.compromises.sharing.nucleolus import Nucleolus
from gamecore.games.coalition import CoalitionGame

__all__ = ["core_in_words", "joined", "nucleolus_in_words", "objections_in_words"]


def core_in_words(game: CoalitionGame, found: Core) -> tuple[str, ...]:
    """Shares nobody can better, or why there are none, in sentences with the players' names."""
    if not found.is_empty:
        shares = joined([f"{name} {share}" for name, share in zip(game.players, found.shares, strict=True)])
        return (f"No coalition has more on its own if they get: {shares}.",)
    coalitions, weights = found.objection.coalitions, found.objection.weights
    first, *rest = (f"{joined(game.names(one))}{{}} {game.values[one]}" for one in coalitions)
    asked = ", ".join([first.format(" can have"), *(one.format("") for one in rest)])
    there = sum((game.values[block] for block in found.structure), Fraction(0))
    times = joined([str(weight) for weight in weights])
    worth = found.objection.worth(game)
    return (
        "No way of sharing keeps everybody: the core is empty.",
        f"Without the others {asked}.",
        f"Counted {times} times, these coalitions hold every player once, and so ask for {worth} in all.",
        f"There is {there} to share: {found.cost_of_stability} too little.",
    )


def objections_in_words(game: CoalitionGame, found: Sequence[Objection]) -> tuple[str, ...]:
    """What each objecting coalition could have more, a sentence each."""
    if not found:
        return ("No coalition has more on its own.",)
    return tuple(f"Without the others {joined(game.names(one.coalition))} can have {one.gain} more." for one in found)


def nucleolus_in_words(game: CoalitionGame, found: Nucleolus) -> tuple[str, ...]:
    """The shares, then level by level who is how content and why nobody there can be more so, then the notes."""
    shares = joined([f"{name} {share}" for name, share in zip(game.players, found.shares, strict=True)])
    told = [f"The {found.kind} gives: {shares}."]
    for place, level in enumerate(found.levels):
        who = "; ".join(joined(game.names(one)) for one in level.coalitions)
        told.append(f"{'Next' if place else 'Least content'}: {who}, with {_against_alone(level.excess)}.")
        told += [
            f"None of them can have more unless another has less: {_counted(game, one)}." for one in level.collections
        ]
    return (*told, *(f"{note[0].upper()}{note[1:]}." for note in found.notes))


def _counted(game: CoalitionGame, collection: Collection) -> str:
    groups = [joined(game.names(one)) for one in collection.coalitions]
    if all(weight == 1 for weight in collection.weights):
        return f"{'; '.join(groups)} together are everybody"
    counted = [f"{group} {weight} times" for group, weight in zip(groups, collection.weights, strict=True)]
    return f"{', '.join(counted)} hold every player once"


def joined(names: Sequence[str]) -> str:
    """Names with commas and an "and" before the last."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _against_alone(excess: Fraction) -> str:
    if excess == 0:
        return "just what they can have without the others"
    return f"{abs(excess)} {'less' if excess > 0 else 'more'} than they can have without the others"
