"""k-implementation: promises by an interested party that leave only wanted profiles undominated.

A game `U` in strategic form, axes (player, option of player 0, ...). Somebody outside promises player `i` the payment
`V_i(x) >= 0` if the profile `x` is played. In `U + V` each player keeps the options that no other of its options weakly
dominates (in pure options); `V` *implements* a set `O` of profiles if all profiles of the options that are kept lie in
`O`, and costs the largest sum of payments over those profiles. `k(O)` is the least cost, an infimum: where a promise
has to break a tie the least cost is only approached (`attained` is False) and the tables add `margin`.

One profile `z` (Monderer & Tennenholtz 2004, "K-Implementation", JAIR 21, Theorem 1, each player with two options or
more): `k(z) = sum over i of max over x_i of U_i(x_i, z_-i) - U_i(z)`, so `z` costs nothing exactly if it is a Nash
equilibrium. What is promised off `z` is never paid. A player with one option needs no promise; where everybody else has
one option only there is no place to promise more, and a tie has to be broken at `z` itself.

A set (Eidenbenz, Pignolet, Schmid & Wattenhofer 2011, "Cost and Complexity of Harnessing Games with Payments"): the
options kept form a box inside `O`. For a box `B`, each option outside it needs one inside that dominates it; with `d_i`
that choice, the promise at `x` in `B` is `max(0, max over a with d_i(a) = x_i of U_i(a, x_-i) - U_i(x))`, and the cost
is the largest sum over `B`: one option may cover several, and what it costs there is paid once, so the choices of all
players have to be searched together. The problem is NP-hard (Chen et al. 2023, "Game Implementation: What Are the
Obstructions?"); the search is exact, and beyond a limit the answer is `partial`, with bounds.

>>> from gamecore.games.strategic import StrategicGame
>>> prisoners = StrategicGame.from_rows([[(3, 3), (0, 5)], [(5, 0), (1, 1)]])
>>> found = implement_profile(prisoners, (0, 0))
>>> int(found.cost), found.attained, undominated(prisoners, found.promises)
(4, True, ((0,), (0,)))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, product
from math import prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.result import Status
from gamecore.errors import InputError
from gamecore.games.strategic import StrategicGame

__all__ = ["Implementation", "implement_profile", "implement_set", "undominated"]

MOST_STEPS: Final = 200_000  # choices of a dominating option looked at: some seconds
MARGIN: Final = Fraction(1, 1000)  # what breaks a tie where the least cost is only approached

Box = tuple[tuple[int, ...], ...]
Profile = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Implementation:
    """Promises that implement a set of profiles.

    `promises` has the axes of the game's payoffs; `kept` are the options of each player that stay undominated with
    them, all inside the set. `cost` is the least cost `k`, exact where `status` is complete; `at_least` bounds it from
    below otherwise (`cost` is then that of the promises found, without what breaks ties). `attained` says whether these
    promises cost exactly `cost` or have to pay a little more.
    """

    status: Status
    cost: Fraction
    at_least: Fraction
    promises: npt.NDArray[np.object_]
    kept: Box
    attained: bool
    notes: tuple[str, ...] = ()

    @property
    def paid(self) -> Fraction:
        """The most that is paid when undominated options are played."""
        return max((_paid(self.promises, profile) for profile in product(*self.kept)), default=Fraction(0))


def undominated(game: StrategicGame, promises: npt.NDArray[np.object_]) -> Box:
    """The options of each player that no other pure option weakly dominates in `U + V`."""
    payoffs = game.payoffs + promises
    kept = []
    for player in range(game.players):
        rows = np.moveaxis(payoffs[player], player, 0).reshape(game.shape[player], -1)
        kept.append(
            tuple(
                option
                for option in range(len(rows))
                if not any((other >= rows[option]).all() and (other > rows[option]).any() for other in rows)
            )
        )
    return tuple(kept)


def implement_profile(
    game: StrategicGame, profile: Sequence[int], *, strict: bool = False, margin: Fraction = MARGIN
) -> Implementation:
    """The least promises that leave one profile undominated.

    With `strict` the options of the profile dominate strictly, by `margin` at least.

    Raises `InputError` if `profile` is none of the game's, or `margin` is not above 0.
    """
    wanted = _profile(game, profile)
    _check_margin(margin)
    box = tuple((option,) for option in wanted)
    cover = [dict.fromkeys(_outside(game, box, player), wanted[player]) for player in _all(game)]
    return _built(game, box, cover, margin, strict=strict)


def implement_set(
    game: StrategicGame,
    profiles: Iterable[Sequence[int]],
    *,
    margin: Fraction = MARGIN,
    most_steps: int = MOST_STEPS,
) -> Implementation:
    """The least promises after which all undominated profiles are among `profiles`.

    Every box of options inside the set is tried with every choice of dominating options, cut off where it already costs
    as much as the best found. After `most_steps` choices, or with more boxes than that, the answer is partial: the
    cheapest found - a single profile at worst - and 0 as a bound.

    Raises `InputError` if `profiles` are empty or none of the game's, or `margin` is not above 0.
    """
    wanted = {_profile(game, profile) for profile in profiles}
    _check_margin(margin)
    if not wanted:
        raise InputError("no profile is wanted: name at least one")
    search = _Search(game, most_steps)
    for profile in sorted(wanted):  # each has one choice of dominating options only
        search.single(profile)
    if _count(wanted) > most_steps:
        search.stopped = True
    for box in () if search.stopped else _boxes(game, wanted):
        if search.stopped or (search.cost == 0 and search.attained):
            break
        search.try_box(box)
    box, choice = search.best
    return _built(game, box, choice, margin, strict=False, complete=not search.stopped)


def _check_margin(margin: Fraction) -> None:
    if margin <= 0:
        raise InputError(f"the margin is {margin}: it has to be above 0 to break a tie")


def _profile(game: StrategicGame, profile: Sequence[int]) -> Profile:
    wanted = tuple(int(option) for option in profile)
    if len(wanted) != game.players or not all(0 <= a < m for a, m in zip(wanted, game.shape, strict=True)):
        raise InputError(f"{wanted} is no profile of a game with {game.shape} options: one option for each player")
    return wanted


def _all(game: StrategicGame) -> range:
    return range(game.players)


def _outside(game: StrategicGame, box: Box, player: int) -> list[int]:
    return [option for option in range(game.shape[player]) if option not in box[player]]


def _count(wanted: set[Profile]) -> int:
    """How many boxes of options there are to look at."""
    return prod(2 ** len(set(options)) for options in zip(*wanted, strict=True))


def _boxes(game: StrategicGame, wanted: set[Profile]) -> Iterator[Box]:
    """Every box of options whose profiles are all wanted, those of one profile left out, small ones first."""
    menus = [sorted({profile[player] for profile in wanted}) for player in _all(game)]
    ways = [list(chain.from_iterable(combinations(menu, size) for size in range(1, len(menu) + 1))) for menu in menus]
    for box in sorted(product(*ways), key=lambda parts: prod(map(len, parts))):
        if prod(map(len, box)) > 1 and all(profile in wanted for profile in product(*box)):
            yield box


Cover = list[dict[int, int]]
"""Per player: an option outside the box -> the option inside that shall dominate it."""


class _Search:
    """Branch and bound over boxes and over which option dominates which."""

    def __init__(self, game: StrategicGame, most_steps: int) -> None:
        self.game = game
        self.left = most_steps
        self.cost: Fraction | None = None
        self.attained = False
        self.stopped = False
        self.best: tuple[Box, Cover] = ((), [])

    def single(self, profile: Profile) -> None:
        """The box of one profile, which everything else has to be dominated by."""
        box = tuple((option,) for option in profile)
        outside = [_outside(self.game, box, player) for player in _all(self.game)]
        cover = [dict.fromkeys(options, profile[player]) for player, options in enumerate(outside)]
        gains = ([self._gain(player, a, profile) for a in options] for player, options in enumerate(outside))
        cost = sum((max([Fraction(0), *found]) for found in gains), Fraction(0))
        attained = not _ties(self.game, box, cover)
        if self.cost is None or (cost, not attained) < (self.cost, not self.attained):
            self.cost, self.attained, self.best = cost, attained, (box, cover)

    def try_box(self, box: Box) -> None:
        profiles = list(product(*box))
        tasks = [(player, option) for player in _all(self.game) for option in _outside(self.game, box, player)]
        needs = {
            (player, option, inside): [
                self._gain(player, option, profile) if profile[player] == inside else Fraction(0)
                for profile in profiles
            ]
            for player, option in tasks
            for inside in box[player]
        }
        nothing = [[Fraction(0)] * len(profiles) for _ in _all(self.game)]
        self._extend(box, tasks, needs, nothing, [{} for _ in _all(self.game)])

    def _gain(self, player: int, option: int, profile: Profile) -> Fraction:
        moved = (*profile[:player], option, *profile[player + 1 :])
        gain: Fraction = self.game.payoffs[(player, *moved)] - self.game.payoffs[(player, *profile)]
        return gain

    def _extend(
        self, box: Box, tasks: Sequence[tuple[int, int]], needs: Any, promised: list[list[Fraction]], cover: Cover
    ) -> None:
        cost = max(map(sum, zip(*promised, strict=True)), default=Fraction(0))
        if self.cost is not None and (cost > self.cost or (cost == self.cost and self.attained)):
            return
        if self.left <= 0:
            self.stopped = True
            return
        self.left -= 1
        if not tasks:
            attained = not _ties(self.game, box, cover)
            if self.cost is None or cost < self.cost or attained:
                self.cost, self.attained = Fraction(cost), attained
                self.best = box, [dict(part) for part in cover]
            return
        (player, option), *rest = tasks
        for inside in box[player]:
            need = needs[player, option, inside]
            row = [max(held, more) for held, more in zip(promised[player], need, strict=True)]
            cover[player][option] = inside
            self._extend(box, rest, needs, [*promised[:player], row, *promised[player + 1 :]], cover)
            del cover[player][option]


def _promised(game: StrategicGame, box: Box, cover: Cover) -> npt.NDArray[np.object_]:
    """The least promises inside the box."""
    promises = np.empty(game.payoffs.shape, dtype=object)
    promises[...] = Fraction(0)
    for profile in product(*box):
        for player, choices in enumerate(cover):
            for option, inside in choices.items():
                if inside == profile[player]:
                    moved = (*profile[:player], option, *profile[player + 1 :])
                    gain = game.payoffs[(player, *moved)] - game.payoffs[(player, *profile)]
                    place = (player, *profile)
                    promises[place] = max(promises[place], gain)
    return promises


def _off_box(game: StrategicGame, box: Box, player: int) -> bool:
    """Whether the others can leave the box: there a promise costs nothing and breaks any tie."""
    return any(_outside(game, box, other) for other in _all(game) if other != player)


def _ties(game: StrategicGame, box: Box, cover: Cover) -> set[tuple[int, int]]:
    """(player, option inside) that would only tie with what it has to dominate, everywhere."""
    promises = _promised(game, box, cover)
    found = set()
    for player, choices in enumerate(cover):
        if _off_box(game, box, player):
            continue
        values = np.moveaxis(game.payoffs[player], player, 0)
        paid = np.moveaxis(promises[player], player, 0)
        for option, inside in choices.items():
            if not ((values[inside] + paid[inside]) > values[option]).any():
                found.add((player, inside))
    return found


def _built(
    game: StrategicGame, box: Box, cover: Cover, margin: Fraction, *, strict: bool, complete: bool = True
) -> Implementation:
    """The promise tables of a choice of dominating options, checked by looking at the game with them."""
    promises = _promised(game, box, cover)
    cost = max((_paid(promises, profile) for profile in product(*box)), default=Fraction(0))
    inside = set(product(*box))
    for player, inside_option in _ties(game, box, cover):
        places = sorted(profile for profile in inside if profile[player] == inside_option)
        promises[(player, *min(places, key=lambda place: _paid(promises, place)))] += margin
    for player, choices in enumerate(cover):
        for option, chosen in choices.items():
            _outbid(game, promises, (player, option, chosen), box, margin, strict=strict)
    kept = undominated(game, promises)
    if not set(product(*kept)) <= inside:
        raise AssertionError("promises that were meant to implement a set leave a profile outside it")
    paid = max(_paid(promises, profile) for profile in product(*kept))
    status = Status.COMPLETE if complete else Status.PARTIAL
    notes = () if complete else ("the search for cheaper promises was cut off; the cost is a bound from above",)
    low = cost if complete else Fraction(0)
    if not strict:
        return Implementation(status, cost, low, promises, kept, paid <= cost, notes)
    return Implementation(status, paid, paid, promises, kept, attained=True)


def _outbid(
    game: StrategicGame,
    promises: npt.NDArray[np.object_],
    choice: tuple[int, int, int],
    box: Box,
    margin: Fraction,
    *,
    strict: bool,
) -> None:
    """Promise enough where the others leave the box (never paid); with `strict`, a margin inside it too."""
    player, option, chosen = choice
    for others in product(*(range(m) for other, m in enumerate(game.shape) if other != player)):
        place = (*others[:player], chosen, *others[player:])
        moved = (*others[:player], option, *others[player:])
        away = any(a not in part for other, (a, part) in enumerate(zip(place, box, strict=True)) if other != player)
        if not away and not strict:
            continue
        wanted = game.payoffs[(player, *moved)] - game.payoffs[(player, *place)] + (1 if away else margin)
        promises[(player, *place)] = max(promises[(player, *place)], wanted)


def _paid(promises: npt.NDArray[np.object_], profile: Profile) -> Fraction:
    return sum((promises[(player, *profile)] for player in range(promises.shape[0])), Fraction(0))
