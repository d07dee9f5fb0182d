"""What one solve may cost, and the closure that solvers ask whether the time is up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["DEFAULT_SECONDS", "Limits", "ShouldStop"]

DEFAULT_SECONDS: Final = 9.0  # so that whoever waits ten has an answer

ShouldStop = Callable[[], bool]
"""Solvers ask it every few milliseconds; True means: return what you have."""


@dataclass(frozen=True)
class Limits:
    """Time and size of one solve. What is not within them is told in the answer's notes, never passed over."""

    seconds: float = DEFAULT_SECONDS
    nodes: int = 200_000  # of a scenario's tree
    cases: int = 2_000_000  # ways a scenario's decisions and events can combine
    profiles: int = 200_000  # profiles of a strategic form that is laid out, or of a subgame with hidden moves

    def clock(self) -> ShouldStop:
        """A closure that says whether the time, which starts now, is up."""
        end = time.monotonic() + self.seconds
        return lambda: time.monotonic() >= end

    def shares(self, weights: Sequence[float]) -> Iterator[ShouldStop]:
        """A closure for each piece of work in turn: its share of the time that is left when it is begun."""
        end = time.monotonic() + self.seconds
        for place, weight in enumerate(weights):
            now = time.monotonic()
            yield _after(now + (end - now) * weight / sum(weights[place:]))


def _after(moment: float) -> ShouldStop:
    return lambda: time.monotonic() >= moment
