"""All Nash equilibria of a two-player game, pure and mixed, exact and certified.

Extreme equilibria are found at the vertices of the best-response polytopes (`vertex_enumeration`), those of zero-sum
games by linear programming (`zero_sum`), and joined to the components they span (`components`). Where nothing was cut
short the answer is *complete*, also where there are infinitely many equilibria: every one is a mixture within a
maximal Nash subset of a component. Otherwise it is *partial*: the notes say what was not searched, and the pure
equilibria are listed all the same.

>>> sexes = StrategicGame.from_rows([[(2, 1), (0, 0)], [(0, 0), (1, 2)]])
>>> solution = two_player_equilibria(sexes)
>>> solution.status.value, len(solution.equilibria), len(solution.components)
('complete', 3, 3)
>>> [str(chance) for chance in solution.equilibria[2].strategies[0]]
['2/3', '1/3']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import chain, islice

import numpy as np

from gamecore.equilibria.certificate import certified, provable
from gamecore.equilibria.components import SUBSET_LIMIT, in_components
from gamecore.equilibria.dominance import iterated_strict_dominance
from gamecore.equilibria.lemke_howson import lemke_howson
from gamecore.equilibria.pivoting import Budget
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Component, Equilibrium, Solution, Status, in_fixed_order
from gamecore.equilibria.vertex_enumeration import Pair, extreme_equilibria
from gamecore.equilibria.zero_sum import is_zero_sum, optimal_pairs, positive_tables
from gamecore.errors import InputError
from gamecore.games.strategic import Mixed, StrategicGame

__all__ = ["WORK_LIMIT", "two_player_equilibria"]

WORK_LIMIT = 8_000_000
"""Entries of dictionaries computed at most (`pivoting.Budget`): four seconds on one core. Games of 12x12 with
payoffs of ten digits take 3,000,000."""

SMALL = 48
"""Profiles up to which looking for dominated options costs more than it saves."""

PATHS_FROM = 100
"""Profiles from which an equilibrium is first looked for along a path, in case the search will not end."""

PATHS_SHARE = 5
"""The part of the work that may go into paths: one in so many."""

LATE_SHARE = 10
"""When asked to stop, what was found is still proved, up to this part of what is proved otherwise: half a second."""

METHOD = "exact vertex enumeration"

Stop = Callable[[], bool]


def two_player_equilibria(game: StrategicGame, *, limit: int = WORK_LIMIT, should_stop: Stop | None = None) -> Solution:
    """The extreme equilibria, pure ones first, then by support, each certified in rationals, and their components.

    Parameters
    ----------
    game
        A game of two players.
    limit
        Bounds the work, in entries of dictionaries computed; a game with more profiles is refused.
    should_stop
        Asked again and again; the search ends with what it has as soon as it says so (a deadline, an interruption).

    Raises
    ------
    InputError
        If the game has another number of players.
    """
    if game.players != 2:
        raise InputError(f"the game has {game.players} players: mixed equilibria are computed for two")
    parameters = {"limit": limit}
    if game.size > limit:
        note = f"{game.size} profiles are more than the limit of {limit}; none was searched"
        return Solution(METHOD, Status.REFUSED, (), (note,), parameters)
    kept = iterated_strict_dominance(game) if game.size > SMALL else tuple(tuple(range(count)) for count in game.shape)
    smaller = game if _all(kept, game.shape) else StrategicGame(game.payoffs[np.ix_(range(2), *kept)])
    tables = positive_tables(smaller)
    paths = lemke_howson(*tables, Budget(limit // PATHS_SHARE, should_stop))
    first = list(islice(paths, 1)) if smaller.size >= PATHS_FROM else []
    budget = Budget(limit, should_stop)
    search = optimal_pairs if is_zero_sum(*tables) else extreme_equilibria
    most = provable(game)
    found = list(islice(search(*tables, budget), most + 1))
    if budget.exhausted or len(found) > most:
        profiles = (_in_whole_game(pair, kept, game.shape) for pair in chain(first, found, paths))
        equilibria, notes = _some(game, profiles, max(1, most // LATE_SHARE) if budget.asked_to_stop else most)
        reason = _cut_short(budget) if budget.exhausted else _too_many(most)
        return Solution(METHOD, Status.PARTIAL, equilibria, (reason, *notes), parameters)
    equilibria, all_proved = _proved(game, (_in_whole_game(pair, kept, game.shape) for pair in found), should_stop)
    if not all_proved:
        note = f"{len(found)} extreme equilibria were found, {len(equilibria)} of them are proved and listed"
        return Solution(METHOD, Status.PARTIAL, equilibria, (note,), parameters)
    equilibria, components, all_subsets = in_components(equilibria, should_stop)
    status = Status.COMPLETE if all_subsets else Status.PARTIAL
    return Solution(METHOD, status, equilibria, _about(components, all_subsets=all_subsets), parameters, components)


def _some(game: StrategicGame, profiles: Iterable[Mixed], most: int) -> tuple[tuple[Equilibrium, ...], tuple[str, ...]]:
    """At most so many equilibria of a game that was not searched to its end, pure ones first, and what to say."""
    pure = pure_equilibria(game, listed=most)
    known = {one.strategies for one in pure.equilibria}
    others = dict.fromkeys(profile for profile in profiles if profile not in known)
    proved, _ = _proved(game, islice(others, max(0, most - len(known))), None)
    listed = in_fixed_order([*pure.equilibria, *proved])
    note = "all pure equilibria are listed" if pure.status is Status.COMPLETE else pure.notes[0]
    return listed, (note,) if listed else (note, "no equilibrium was found in time")


def _about(components: Sequence[Component], *, all_subsets: bool) -> tuple[str, ...]:
    """What to say about a complete answer: whether it is infinite, and whether its description is whole."""
    extreme = sum(len(component.members) for component in components)
    notes = []
    if len(components) < extreme:
        form = f"{len(components)} components" if len(components) > 1 else "component"
        notes.append(
            f"infinitely many equilibria: all {extreme} extreme ones are listed, and the {form} they form contain all"
        )
    if not all_subsets:
        notes.append(
            f"more than {SUBSET_LIMIT} maximal Nash subsets in a component, or too little time: not all listed"
        )
    return tuple(notes)


def _all(kept: Sequence[Sequence[int]], shape: Sequence[int]) -> bool:
    return all(len(options) == count for options, count in zip(kept, shape, strict=True))


def _proved(
    game: StrategicGame, profiles: Iterable[Mixed], should_stop: Stop | None
) -> tuple[tuple[Equilibrium, ...], bool]:
    """The profiles with their proofs, in order, and whether there was time for all and each had one."""
    proved: list[Equilibrium] = []
    every = True
    for profile in profiles:
        if proved and should_stop is not None and should_stop():
            every = False
            break
        equilibrium = certified(game, profile)
        if equilibrium is None:
            every = False
        else:
            proved.append(equilibrium)
    return in_fixed_order(proved), every


def _cut_short(budget: Budget) -> str:
    reason = "was asked to stop" if budget.asked_to_stop else f"came to its limit of {budget.limit} units of work"
    return (
        f"the search {reason} before all vertices of the best-response polytopes were seen: "
        "mixed equilibria may be missing"
    )


def _too_many(most: int) -> str:
    return f"there are more than {most} extreme equilibria, as many as are proved and listed"


def _in_whole_game(pair: Pair, kept: tuple[tuple[int, ...], ...], shape: tuple[int, ...]) -> Mixed:
    """The profile with probability 0 for the options that were set aside."""
    whole = []
    for one, options, count in zip(pair, kept, shape, strict=True):
        chances = [Fraction(0)] * count
        total = sum(one.weights)
        for option, weight in zip(one.options, one.weights, strict=True):
            chances[options[option]] = Fraction(weight, total)
        whole.append(tuple(chances))
    return whole[0], whole[1]
