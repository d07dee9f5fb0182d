"""Who has to say yes before several players have agreed: signatures, votes and vetoes. Indices only.

A `Quorum` belongs to one option of an agreement: its *signers* are asked, `votes` of them are enough, and each of
`veto` has to be among these. A set of players *passes* an option if it holds every veto and `votes` of the signers
(a weighted voting game with vetoes; its passing sets are the winning coalitions of a simple game, Shapley 1962). Who
proposes an option counts as a yes, and only a signer may propose it. By default all who agree are signers and everyone
has to say yes.

>>> two_of_three = Quorum((0, 1, 2), votes=2, veto=(0,))
>>> two_of_three.passes({0, 2}), two_of_three.passes({1, 2})
(True, False)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Quorum"]


@dataclass(frozen=True)
class Quorum:
    """Signers by index, how many of them are enough, and who cannot be outvoted."""

    signers: tuple[int, ...]
    votes: int
    veto: tuple[int, ...] = ()

    @classmethod
    def everyone(cls, by: Sequence[int]) -> Quorum:
        """All of them have to say yes."""
        return cls(tuple(by), len(by))

    def passes(self, yes: Collection[int]) -> bool:
        """Whether these players are enough; others than signers do not count."""
        return sum(player in yes for player in self.signers) >= self.votes and all(
            player in yes for player in self.veto
        )

    def accepts(self, proposer: int, agrees: Callable[[int], bool]) -> bool:
        """Whether an offer passes, `agrees` being asked of each signer but the proposer, who counts as a yes."""
        if proposer not in self.signers:
            return False
        return self.passes({player for player in self.signers if player == proposer or agrees(player)})

    def accepts_over_draws(self, proposer: int, agrees: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """The same in each draw; `agrees` has axes (player, draw), the answer (draw,)."""
        draws = agrees.shape[1]
        if proposer not in self.signers:
            return np.zeros(draws, dtype=bool)
        asked = [player for player in self.signers if player != proposer]
        enough: npt.NDArray[np.bool_] = agrees[asked].sum(axis=0) + 1 >= self.votes
        vetoes = [player for player in self.veto if player != proposer]
        return np.asarray(enough & agrees[vetoes].all(axis=0))

    def cheapest(self, proposer: int, gains: Sequence[Any]) -> tuple[int, ...]:
        """Whose yes the proposer of an option would pay for: the passing set with the largest sum of gains.

        `gains[i]` is what the option is worth to player `i` more than going on without it. The set holds the proposer,
        every veto, everyone who does not lose, and as few of the others as votes are lacking, the least losses first.
        """
        held = {proposer, *self.veto, *(player for player in self.signers if gains[player] >= 0)}
        others = sorted((player for player in self.signers if player not in held), key=lambda player: -gains[player])
        lacking = max(0, self.votes - len(held))
        return tuple(sorted(held.union(others[:lacking])))

    def blocked_by(self, proposer: int, losses: Sequence[Any]) -> tuple[int, ...]:
        """The players whose no keeps an offer from passing, those who lose most by it; nobody if none can.

        `losses[i]` is what player `i` has more without the option. One veto is enough, else so many that too few are
        left; of these sets the one whose least loss is largest.
        """
        asked = sorted((player for player in self.signers if player != proposer), key=lambda player: -losses[player])
        needed = len(self.signers) - self.votes + 1
        sets: list[tuple[int, ...]] = [(player,) for player in self.veto if player != proposer]
        if needed <= len(asked):
            sets.append(tuple(asked[:needed]))
        return max(sets, key=lambda group: min(losses[player] for player in group), default=())

    def carried_by(self, proposer: int, gains: Sequence[Any]) -> tuple[int, ...]:
        """The players besides the proposer whose yes carries an offer, those who gain most by it."""
        vetoes = [player for player in self.veto if player != proposer]
        asked = sorted(
            (player for player in self.signers if player != proposer and player not in vetoes),
            key=lambda player: -gains[player],
        )
        return tuple(sorted([*vetoes, *asked[: max(0, self.votes - 1 - len(vetoes))]]))
