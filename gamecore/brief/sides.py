"""What the players are called together: companies where the file says so, else sides.

>>> from gamecore.advice.analysis import PlayerFacts
>>> (
...     side([PlayerFacts("finance", "Finance", None, None, None)]),
...     sides([PlayerFacts("d", "Diamond", None, None, "pharma")]),
... )
('side', 'companies')
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

__all__ = ["Player", "side", "sides"]


class Player(Protocol):
    """What of a player tells whether it is a company; players of a scenario and of an analysis both have it."""

    @property
    def role(self) -> str | None:
        """What it does in the alliance: `pharma`, `biotech`."""

    @property
    def lead(self) -> str | None:
        """Who speaks for it."""


def side(players: Iterable[Player]) -> str:
    """The word for one of the players: `company` if any of them has a role or a lead, else `side`."""
    return "company" if any(player.role or player.lead for player in players) else "side"


def sides(players: Iterable[Player]) -> str:
    """The word for several of the players."""
    return "companies" if side(players) == "company" else "sides"
