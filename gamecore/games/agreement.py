"""How several players agree on one of several options: offers in turn, or naming at once. Arrays only.

`Bargaining` says how an agreement node of a tree is played. With offers, in round `r` player `proposers[r]` offers one
option or nothing, the others say yes or no, and an offer as good as going on is taken. After a failed round talks break
down with chance `breakdown` (then there is no agreement), else the next round follows; after the last there is no
agreement. What an option is worth in round `r` to player `i` is `d_i + keep[r][i] * (u_i - d_i)`, with `d` the worth of
no agreement (the status quo runs on meanwhile), or `keep[r][i] * u_i` with `discount_all` (nothing runs meanwhile, so
no agreement in round `r` is worth `keep[r][i] * d_i` as well).

Sources: finite alternating offers, Stahl 1972; risk of breakdown, Binmore, Rubinstein & Wolinsky 1986.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

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

    @property
    def rounds(self) -> int:
        return len(self.proposers)
