"""How a game tree is played out below a node: a full plan, off the path too, with what it is worth.

A `Play` belongs to the root of a proper subgame. It says what is done in every information set up to the next proper
subgames, and holds one `Play` for each of those, reached or not. So a play is a strategy profile of its subgame,
written the way backward induction finds it, and every one-step change of it can be priced.

Values are weighted by reach, as in `games/tree.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

__all__ = ["Play", "Response", "Round", "Settlement", "plays_reached"]

Values = tuple[Fraction, ...]


@dataclass(frozen=True)
class Response:
    """What follows an offer: `accepted`, the play if all accept, and the play if somebody refuses (None: the next
    round).
    """

    accepted: bool
    agreed: Play
    refused: Play | None


@dataclass(frozen=True)
class Round:
    """One round of offers: who proposes which option (None: nothing), and what would follow each option.

    `values` is what the round is worth when it starts; `kept` the share of a gain each player keeps in it.
    """

    proposer: int
    offer: int | None
    responses: tuple[Response, ...]
    values: Values


@dataclass(frozen=True)
class Settlement:
    """How an agreement is played: rounds of offers, or the option each one names at once.

    `option` is what they agree on (None: no agreement) and `round` when; `none` is the play without agreement. In the
    naming game `named` holds the option each player of the agreement names (`mixes` the chances where they mix) and
    `options` the plays that follow each option, and where they mix `chances` that of each option to be settled on.
    `stationary` says that the rounds repeat without an end. `payments` are what each player is paid with the offer
    (negative: pays), where offers come with money.
    """

    option: int | None
    none: Play
    rounds: tuple[Round, ...] = ()
    round: int = 0
    named: tuple[int, ...] = ()
    mixes: tuple[tuple[Fraction, ...], ...] = ()
    stationary: bool = False
    options: tuple[Play, ...] = ()
    chances: tuple[Fraction, ...] = ()
    payments: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class Play:
    """A plan for the subgame at `node` and its `values` (player,), weighted by reach.

    `actions` maps each information set between this root and the next subgame roots to the distribution over its
    actions; `below` holds the plays of those next subgames by their node.
    """

    node: int
    values: Values
    actions: Mapping[int, tuple[Fraction, ...]] = field(default_factory=dict)
    below: Mapping[int, Play] = field(default_factory=dict)
    settlement: Settlement | None = None

    @property
    def pure(self) -> bool:
        """Whether nobody mixes anywhere in the plan, off its path either (after an agreement: on the path)."""
        if self.settlement is not None:
            return not self.settlement.mixes and all(play.pure for play in plays_reached(self.settlement))
        return all(max(mix) == 1 for mix in self.actions.values()) and all(play.pure for play in self.below.values())

    def parts(self) -> Iterator[Play]:
        """The play itself and every play below it, reached or not."""
        yield self
        for play in self.below.values():
            yield from play.parts()


def plays_reached(settlement: Settlement) -> tuple[Play, ...]:
    """The plays that an agreement can end in when nobody deviates (a breakdown of talks aside)."""
    if settlement.mixes:
        agreed = [play for play, chance in zip(settlement.options, settlement.chances, strict=True) if chance]
        return (*agreed, settlement.none) if sum(settlement.chances) != 1 else tuple(agreed)
    if settlement.option is None:
        return (settlement.none,)
    if settlement.options:
        return (settlement.options[settlement.option],)
    return (settlement.rounds[settlement.round].responses[settlement.option].agreed,)
