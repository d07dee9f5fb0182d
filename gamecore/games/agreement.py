"""How several players agree on one of several options: offers in turn, or naming at once. Arrays only.

`Bargaining` says how an agreement node of a tree is played. With offers, in round `r` player `proposers[r]` offers one
option or nothing, the others say yes or no, and an offer as good as going on is taken. After a failed round talks break
down with chance `breakdown` (then there is no agreement), else the next round follows; after the last there is no
agreement. What an option is worth in round `r` to player `i` is `d_i + keep[r][i] * (u_i - d_i)`, with `d` the worth of
no agreement (the status quo runs on meanwhile), or `keep[r][i] * u_i` with `discount_all` (nothing runs meanwhile, so
no agreement in round `r` is worth `keep[r][i] * d_i` as well).

An option may need other players, or fewer yeses, than all of `by`: then `quorums` says so for each (`voting.py`). With
`payments` an offer is an option and an amount for each of those who have to say yes, so that players pass on in money
what an option gives them (transferable utility); then there is one round.

Sources: finite alternating offers, Stahl 1972; risk of breakdown, Binmore, Rubinstein & Wolinsky 1986.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gamecore.games.voting import Quorum

__all__ = ["Bargaining"]


@dataclass(frozen=True)
class Bargaining:
    """The protocol of one agreement.

    `by` are the players who must agree; `proposers` has one player per round (empty when `at_once`); `keep[r][i]` is
    the share of the gain that player `i` keeps when agreement comes in round `r` (1 in round 0);
    `unlimited` says that the rounds are one turn of everybody in talks without an end; `keep` then has one entry more,
    for the round after them. `keep` and `breakdown` are `Fraction`s, or arrays
    (draw,) over draws.
    """

    by: tuple[int, ...]
    proposers: tuple[int, ...] = ()
    keep: tuple[tuple[Any, ...], ...] = ()
    breakdown: Any = Fraction(0)
    at_once: bool = False
    discount_all: bool = False
    unlimited: bool = False
    quorums: tuple[Quorum, ...] = ()  # one for each option; none: everyone has to say yes to every option
    payments: bool = False

    @property
    def rounds(self) -> int:
        return len(self.proposers)

    def quorum(self, option: int) -> Quorum:
        """Who has to say yes to an option."""
        return self.quorums[option] if self.quorums else Quorum.everyone(self.by)

    def settled_by(self, named: Sequence[int]) -> int | None:
        """The option that naming at once settles on, `named` being each one's in the order of `by`.

        That is the one option named by players enough for it; no agreement if there is none, or more than one.
        """
        if not self.quorums:
            return named[0] if len(set(named)) == 1 else None
        carried = [
            option
            for option in sorted(set(named))
            if self.quorum(option).passes({player for player, own in zip(self.by, named, strict=True) if own == option})
        ]
        return carried[0] if len(carried) == 1 else None
