"""The rules of voting in a file, as frozen values for the analysis record. Players are named by their keys."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["VotingRule"]


@dataclass(frozen=True)
class VotingRule:
    """What is enough to pass an option: `votes` of those who decide, the players of `veto` among them."""

    decision: str
    by: tuple[str, ...]
    votes: int
    veto: tuple[str, ...]
