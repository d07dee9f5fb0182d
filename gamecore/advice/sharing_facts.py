"""What money shared in any way makes of an agreement, as frozen values for the analysis record.

Units: amounts in the scenario's unit, in today's money, at base values unless it says draws; shares of draws between 0
and 1. Players and options are named by their keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Claim", "CoalitionWorth", "CoreRange", "PaidTo", "Sharing"]


@dataclass(frozen=True)
class CoalitionWorth:
    """What some players can have together without the others, exactly (`exact`), and by which option.

    `option` is an option of the agreement, or `no_agreement`.
    """

    members: tuple[str, ...]
    value: float
    exact: str
    option: str


@dataclass(frozen=True)
class CoreRange:
    """The least and the most a player can get in a split that nobody can better on their own."""

    player: str
    least: float
    most: float


@dataclass(frozen=True)
class PaidTo:
    """Who pays whom how much so that the proposed split comes out."""

    payer: str
    payee: str
    amount: float


@dataclass(frozen=True)
class Claim:
    """A coalition in the proof that no split keeps everybody: counted `weight` times, it asks for `value`."""

    members: tuple[str, ...]
    value: float
    weight: float


@dataclass(frozen=True)
class Sharing:
    """How the agreement `decision` comes out if money can be shared in any way.

    `coalitions` are all of them. `structure` are the blocks in which all players together have most (`worth`), and
    `option` is the option by which they (of several blocks the one that acts) have it; `agrees` says that the
    agreement's own outcome is that option whoever proposes. `shapley`, `nucleolus` and `least_core` (its shares) divide
    `worth`; `least_core_excess` is what the unhappiest coalition could have more on its own (negative: less). `core`
    has the range of each player in splits that keep everybody, and is empty if there is none: then `claims` prove it,
    and `subsidy` is what would have to be added.

    `before` is what the option gives each player, also those who are left out of the block that acts, `split` what each
    has after the `payments`. There are none if nobody has more elsewhere than `before`; else they are the least that
    keep everybody, `least_paid` in all; up to `most_paid`, in the same proportions, they still do. Of two players the
    middle is proposed. `fair` is the split to compare that with, by `rule`: `shapley` if it keeps everybody,
    else `nucleolus`.

    Over the first `draws` draws: `structure_holds` is how often no other option or split of the players is worth more
    together, `split_holds` how often nobody has more on their own after the same payments.

    `reaches` names the confidential entries of the file that reach any of these numbers.
    """

    decision: str
    coalitions: tuple[CoalitionWorth, ...]
    structure: tuple[tuple[str, ...], ...]
    option: str
    agrees: bool
    worth: float
    shapley: Mapping[str, float]
    nucleolus: Mapping[str, float]
    least_core: Mapping[str, float]
    least_core_excess: float
    core: tuple[CoreRange, ...]
    claims: tuple[Claim, ...]
    subsidy: float
    rule: str
    fair: Mapping[str, float]
    least_paid: float
    most_paid: float
    before: Mapping[str, float]
    split: Mapping[str, float]
    payments: tuple[PaidTo, ...]
    draws: int
    structure_holds: float
    split_holds: float
    reaches: frozenset[str] = frozenset()
