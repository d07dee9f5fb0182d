"""Games with transferable utility: what each coalition of players is worth on its own.

A game of `n` players is its characteristic function `v` (von Neumann & Morgenstern 1944): `v(S)` is what the members
of `S` can have together without the others, in one unit that can be passed between them; `v` of nobody is 0. Coalitions
are whole numbers, bit `i` standing for player `i`: with players `a`, `b`, `c`, the coalition of `a` and `c` is `0b101`.
Values are exact; a float counts as the decimal it prints as.

>>> glove = CoalitionGame.from_values({("left",): 0, ("right",): 0, ("left", "right"): 1})
>>> glove.players, [str(value) for value in glove.values]
(('left', 'right'), ['0', '0', '0', '1'])
>>> glove.value_of(["right", "left"]), glove.is_convex()
(Fraction(1, 1), True)

What a coalition gives up under shares `x` is its *excess* `e(S, x) = v(S) - x(S)`: what its members could have more on
their own; where it is positive they object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError, TooLargeError
from gamecore.games.strategic import exact_number

__all__ = [
    "PLAYER_LIMIT",
    "CoalitionGame",
    "Shortfall",
    "bankruptcy_game",
    "check_players",
    "coalition_sums",
    "exact_amount",
    "exact_amounts",
    "savings_game",
]

PLAYER_LIMIT = 16
"""Players of one game at most: 65,536 coalitions, each with an exact value."""

NAMED = 3
"""Missing coalitions that an error names; the others are counted."""


def coalition_sums(amounts: Sequence[Any]) -> npt.NDArray[np.object_]:
    """The sum of the members' amounts for every coalition, by coalition; exact for whole numbers and `Fraction`s."""
    sums: npt.NDArray[np.object_] = np.zeros(1, dtype=object)
    for amount in amounts:
        sums = np.concatenate([sums, sums + amount])
    return sums


@dataclass(frozen=True)
class Shortfall:
    """Two coalitions that together have less than the rule asks for; `amount` is how much less, above 0."""

    first: int
    second: int
    amount: Fraction


@dataclass(frozen=True)
class CoalitionGame:
    """`values[S]` is the worth of coalition `S`, 2^n of them, the first (nobody) 0; `players` are their names.

    Raises `InputError` if the values are not as many, the first is not 0, or names are missing, empty or repeated;
    `TooLargeError` beyond `PLAYER_LIMIT` players.
    """

    players: tuple[str, ...]
    values: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        check_players(self.players)
        if len(self.values) != 1 << len(self.players):
            raise InputError(
                f"{len(self.players)} players have {1 << len(self.players)} coalitions, nobody among them, "
                f"but {len(self.values)} values are given"
            )
        if self.values[0] != 0:
            raise InputError(f"the coalition of nobody is worth 0, not {self.values[0]}")

    # ------------------------------------------------------------------------------------------------------- reading

    @classmethod
    def from_values(
        cls, values: Mapping[Any, Any], *, players: Sequence[str] | None = None, unnamed: Any | None = None
    ) -> CoalitionGame:
        """Read a mapping from coalitions to what they are worth.

        Parameters
        ----------
        values
            Keys are collections of names (tuples, frozensets) or the name of one player; their order does not count.
        players
            The players in the order of the answers; without it, in the order in which the keys name them.
        unnamed
            What a coalition without an entry is worth; without it every coalition needs one.

        Raises
        ------
        InputError
            If a coalition is missing, named twice or names somebody unknown, or a value is not a finite number.
        """
        keys = [(key, _named(key)) for key in values]
        names = tuple(dict.fromkeys(name for _, members in keys for name in members) if players is None else players)
        check_players(names)
        places = {name: place for place, name in enumerate(names)}
        worth: dict[int, Fraction] = {}
        for key, members in keys:
            coalition = _coalition(places, members)
            if coalition in worth:
                raise InputError(f"the coalition of {_listed(sorted(members))} has two values: give it one")
            worth[coalition] = exact_amount(values[key], f"the worth of {_listed(members)}")
        if worth.setdefault(0, Fraction(0)):
            raise InputError(f"the coalition of nobody is worth 0, not {worth[0]}")
        missing = [coalition for coalition in range(1 << len(names)) if coalition not in worth]
        if missing and unnamed is None:
            some = "; ".join(_listed(_members(names, coalition)) for coalition in missing[:NAMED])
            more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
            raise InputError(f"no worth is given for {some}{more}: every coalition needs one")
        rest = Fraction(0) if unnamed is None else exact_amount(unnamed, "the worth of unnamed coalitions")
        return cls(names, tuple(worth.get(coalition, rest) for coalition in range(1 << len(names))))

    @classmethod
    def from_function(cls, players: Sequence[str], worth: Callable[[tuple[str, ...]], Any]) -> CoalitionGame:
        """Ask `worth` for each coalition, with its members in the order of `players`; nobody is not asked for."""
        names = tuple(players)
        check_players(names)
        members = (_members(names, coalition) for coalition in range(1, 1 << len(names)))
        values = (exact_amount(worth(group), f"the worth of {_listed(group)}") for group in members)
        return cls(names, (Fraction(0), *values))

    # ----------------------------------------------------------------------------------------------------- coalitions

    @property
    def everybody(self) -> int:
        """The coalition of all players."""
        return len(self.values) - 1

    def coalition(self, names: Collection[str]) -> int:
        """The coalition of these players. Raises `InputError` if somebody is unknown or named twice."""
        return _coalition({name: place for place, name in enumerate(self.players)}, names)

    def members(self, coalition: int) -> tuple[int, ...]:
        """The players of a coalition as indices, ascending."""
        return tuple(player for player in range(len(self.players)) if coalition >> player & 1)

    def names(self, coalition: int) -> tuple[str, ...]:
        """The players of a coalition by name, in the order of the game."""
        return _members(self.players, coalition)

    def value_of(self, names: Collection[str]) -> Fraction:
        """What these players are worth together. Raises `InputError` if somebody is unknown or named twice."""
        return self.values[self.coalition(names)]

    def subgame(self, coalition: int) -> CoalitionGame:
        """The game among the members of a coalition only. Raises `InputError` for nobody."""
        members = self.members(coalition)
        if not members:
            raise InputError("a game needs players: the coalition of nobody has none")
        inside = coalition_sums([1 << player for player in members]).tolist()
        return CoalitionGame(self.names(coalition), tuple(self.values[group] for group in inside))

    # -------------------------------------------------------------------------------------------------------- numbers

    @cached_property
    def scale(self) -> int:
        """What all values are multiplied by in `whole`."""
        return lcm(*(value.denominator for value in self.values))

    @cached_property
    def whole(self) -> npt.NDArray[np.object_]:
        """The values times `scale`, as whole numbers, by coalition; not to be written to."""
        whole = np.array([value.numerator * (self.scale // value.denominator) for value in self.values], dtype=object)
        whole.setflags(write=False)
        return whole

    def scaled_excesses(self, shares: Sequence[Fraction]) -> tuple[npt.NDArray[np.object_], int]:
        """The excess `v(S) - x(S)` of every coalition, times the whole number that is given second."""
        common = lcm(self.scale, *(share.denominator for share in shares))
        sums = coalition_sums([share.numerator * (common // share.denominator) for share in shares])
        return self.whole * (common // self.scale) - sums, common

    def excess(self, coalition: int, shares: Sequence[Fraction]) -> Fraction:
        """What the members of a coalition could have more on their own than under these shares."""
        return self.values[coalition] - sum((shares[player] for player in self.members(coalition)), Fraction(0))

    # ---------------------------------------------------------------------------------------------------------- shape

    def is_superadditive(self) -> bool:
        """Whether two coalitions without common members never lose by joining."""
        return self.superadditivity_shortfall() is None

    def is_convex(self) -> bool:
        """Whether a player adds the more, the larger the coalition joined (Shapley 1971)."""
        return self.convexity_shortfall() is None

    def is_monotone(self) -> bool:
        """Whether nobody's joining makes a coalition worth less."""
        whole = self.whole
        coalitions = np.arange(len(whole))
        for player in range(len(self.players)):
            without = coalitions[coalitions >> player & 1 == 0]
            if (whole[without | 1 << player] < whole[without]).any():
                return False
        return True

    def superadditivity_shortfall(self) -> Shortfall | None:
        """The two disjoint coalitions that lose most by joining, the first of equals; None if none does.

        Looks at all `3^n / 2` pairs.
        """
        worst, found = 0, (0, 0)
        whole = self.whole
        for first in range(1, self.everybody):
            # The second coalition lies above the first one's smallest member, so that each pair is met once.
            others = [1 << player for player in self.members(self.everybody ^ first) if 1 << player > first & -first]
            if not others:
                continue
            seconds = coalition_sums(others).astype(np.int64)
            losses = whole[first] + whole[seconds] - whole[first | seconds]
            place = int(losses.argmax())
            if losses[place] > worst:
                worst, found = losses[place], (first, int(seconds[place]))
        return Shortfall(*found, Fraction(worst, self.scale)) if worst else None

    def convexity_shortfall(self) -> Shortfall | None:
        """The two coalitions with the largest `v(S) + v(T) - v(S or T) - v(S and T)`, if that is above 0; else None.

        It is enough to look at coalitions that differ by one player each (Shapley 1971), and only those are named.
        """
        worst, found = 0, (0, 0)
        whole = self.whole
        coalitions = np.arange(len(whole))
        for one in range(len(self.players)):
            for other in range(one):
                pair = 1 << one | 1 << other
                apart = coalitions[coalitions & pair == 0]
                losses = whole[apart | 1 << one] + whole[apart | 1 << other] - whole[apart | pair] - whole[apart]
                place = int(losses.argmax())
                if losses[place] > worst:
                    base = int(apart[place])
                    worst, found = losses[place], (base | 1 << other, base | 1 << one)
        return Shortfall(*found, Fraction(worst, self.scale)) if worst else None


def savings_game(costs: CoalitionGame) -> CoalitionGame:
    """What each coalition saves by acting as one, `sum of c(i) - c(S)`, where the values of `costs` are costs.

    A share `y_i` of the savings means that player `i` pays `c(i) - y_i`.
    """
    alone = coalition_sums([costs.values[1 << player] for player in range(len(costs.players))])
    return CoalitionGame(
        costs.players, tuple(Fraction(single - joint) for single, joint in zip(alone, costs.values, strict=True))
    )


def bankruptcy_game(estate: Fraction, claims: Mapping[str, Fraction]) -> CoalitionGame:
    """What the others' claims leave of the estate for each coalition, and not below 0 (O'Neill 1982)."""
    check_players(tuple(claims))
    claimed = coalition_sums(list(claims.values()))
    total = claimed[-1]
    left = (estate - (total - own) for own in claimed)
    values = [max(Fraction(0), Fraction(rest)) for rest in left]
    return CoalitionGame(tuple(claims), (Fraction(0), *values[1:]))


def exact_amounts(players: Sequence[str], amounts: Any, what: str) -> tuple[Fraction, ...]:
    """One exact number a player, given in the players' order or by name; `what` names them in errors.

    Raises `InputError` if one is missing, too many, of somebody unknown or not a finite number.
    """
    if isinstance(amounts, Mapping):
        for name in amounts:
            if name not in players:
                raise InputError(f"a {what} is given for {name!r}, but the players are {_listed(players)}")
        for name in players:
            if name not in amounts:
                raise InputError(f"{name} has no {what}: give every player one")
        amounts = [amounts[name] for name in players]
    given = tuple(amounts)
    if len(given) != len(players):
        raise InputError(f"{len(given)} amounts are given as {what} for {len(players)} players: give every player one")
    return tuple(exact_amount(value, f"the {what} of {name}") for name, value in zip(players, given, strict=True))


def check_players(names: Sequence[Any], *, limit: int | None = PLAYER_LIMIT) -> None:
    """Raise `InputError` unless there are players, each with a name of its own; `TooLargeError` beyond the limit."""
    if not names:
        raise InputError("a game needs players: name at least one")
    if not all(isinstance(name, str) and name for name in names):
        raise InputError("every player needs a name, a text that is not empty")
    repeated = next((name for name, times in Counter(names).items() if times > 1), None)
    if repeated is not None:
        raise InputError(f"two players are called {repeated!r}: give each a name of its own")
    if limit is not None and len(names) > limit:
        raise TooLargeError(
            f"{len(names)} players are too many: a game of coalitions takes {limit}",
            limit="players",
            count=len(names),
            allowed=limit,
        )


def exact_amount(value: Any, what: str) -> Fraction:
    """A finite number, exact; `what` names it in the `InputError` otherwise."""
    try:
        return exact_number(value)
    except InputError:
        raise InputError(f"{what} is {value!r}: it must be a finite number") from None


def _named(key: Any) -> tuple[Any, ...]:
    if isinstance(key, str):
        return (key,)
    if not isinstance(key, Collection):
        raise InputError(f"{key!r} is no coalition: give a player's name or a collection of names")
    return tuple(key)


def _coalition(places: Mapping[str, int], names: Collection[str]) -> int:
    coalition = 0
    for name in names:
        if name not in places:
            raise InputError(f"no player is called {name!r}: the players are {_listed(places)}")
        if coalition >> places[name] & 1:
            raise InputError(f"{name!r} is named twice in one coalition")
        coalition |= 1 << places[name]
    return coalition


def _members(names: Sequence[str], coalition: int) -> tuple[str, ...]:
    return tuple(name for place, name in enumerate(names) if coalition >> place & 1)


def _listed(names: Collection[str]) -> str:
    return ", ".join(names) if names else "nobody"
