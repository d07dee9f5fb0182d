"""The paths a programme can take, and how likely they are.

Every phase that is entered succeeds or fails by itself; it is entered when the phase it follows succeeds and no gate
stops it. An `Event` is a condition on such a path, a path a full account of one. Chances follow by one recursion over
the forest of phases, so joint events of several branches (two territories launched, a third not) are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from gamecore.errors import TooLargeError
from gamecore.valuation.programme import Number, Phase

__all__ = ["MOST_PATHS", "CERTAIN", "Event", "Path", "Paths"]

MOST_PATHS: Final = 4096  # of a risk profile: every path keeps a value for each player and draw


@dataclass(frozen=True)
class Event:
    """These phases are entered, these succeed, these do not succeed (or are never entered), these are stopped."""

    entered: frozenset[str] = frozenset()
    succeeded: frozenset[str] = frozenset()
    missed: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Every phase it speaks of."""
        return self.entered | self.succeeded | self.missed | self.stopped

    @property
    def asked(self) -> frozenset[str]:
        """Every phase that has to be reached for it."""
        return self.entered | self.succeeded | self.stopped

    def holds_on(self, path: Path) -> bool:
        """Whether it happens on a path."""
        return (
            self.entered <= path.entered
            and self.succeeded <= path.succeeded
            and not self.missed & path.succeeded
            and self.stopped <= path.stopped
        )


CERTAIN: Final = Event()


@dataclass(frozen=True)
class Path:
    """One way a programme can go, to its end: the phases entered, those of them that succeed, and those stopped."""

    entered: frozenset[str] = frozenset()
    succeeded: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()

    def __or__(self, other: Path) -> Path:
        return Path(self.entered | other.entered, self.succeeded | other.succeeded, self.stopped | other.stopped)


class Paths:
    """The forest of phases. Phases stand after the phase they follow."""

    def __init__(self, phases: tuple[Phase, ...]) -> None:
        self.names = tuple(phase.name for phase in phases)
        self.parent = {phase.name: phase.after for phase in phases}
        self.success: dict[str, Number] = {phase.name: phase.success for phase in phases}
        self.children: dict[str | None, tuple[str, ...]] = {
            above: tuple(phase.name for phase in phases if phase.after == above) for above in (None, *self.names)
        }
        below: dict[str, frozenset[str]] = {}
        for name in reversed(self.names):
            below[name] = frozenset().union(*({child} | below[child] for child in self.children[name]))
        self.below: Mapping[str, frozenset[str]] = below

    def above(self, name: str) -> Iterator[str]:
        """The phases that have to succeed before this one, the nearest first."""
        parent = self.parent[name]
        while parent is not None:
            yield parent
            parent = self.parent[parent]

    def chance(
        self, event: Event, goes_on: Mapping[str, Number], success: Mapping[str, Number] | None = None
    ) -> Number:
        """The chance of an event.

        `goes_on` has 1 for every draw in which a gate lets its phase start and 0 for the others; a phase without an
        entry always starts. `success` are other chances of success than the programme's own.
        """
        return self._all(self.children[None], event, goes_on, self.success if success is None else success)

    def _all(
        self, names: tuple[str, ...], event: Event, goes_on: Mapping[str, Number], success: Mapping[str, Number]
    ) -> Number:
        chance: Number = 1.0
        for name in names:
            if name in event.names or self.below[name] & event.names:
                chance = chance * self._reached(name, event, goes_on, success)
        return chance

    def _reached(self, name: str, event: Event, goes_on: Mapping[str, Number], success: Mapping[str, Number]) -> Number:
        """The chance of what an event asks of a phase and all that rests on it, once the phase could start."""
        asks_below = bool(self.below[name] & event.asked)
        may_fail = not asks_below and name not in event.succeeded
        chance: Number
        if name in event.stopped:
            chance = 0.0
        elif not self.below[name] & event.names and name not in event.succeeded | event.missed:
            chance = 1.0  # only to be entered
        elif name in event.missed:
            chance = 1 - success[name] if may_fail else 0.0
        else:
            chance = success[name] * self._all(self.children[name], event, goes_on, success)
            chance = chance + (1 - success[name]) if may_fail else chance
        if name in goes_on:
            chance = goes_on[name] * chance
            if not asks_below and name not in event.entered | event.succeeded:
                chance = chance + (1 - goes_on[name])
        return chance

    def paths(self, goes_on: Mapping[str, Number]) -> list[tuple[Path, Number]]:
        """Every path with its chance; those that a gate rules out in every draw have chance 0.

        Raises `TooLargeError` if there are more than `MOST_PATHS`.
        """
        count = self._count(self.children[None], goes_on)
        if count > MOST_PATHS:
            message = f"the programme can go {count} ways, more than the {MOST_PATHS} a risk profile may have"
            raise TooLargeError(message, limit="MOST_PATHS", count=count, allowed=MOST_PATHS)
        return self._paths(self.children[None], goes_on)

    def _count(self, names: tuple[str, ...], goes_on: Mapping[str, Number]) -> int:
        count = 1
        for name in names:
            count *= 1 + (name in goes_on) + self._count(self.children[name], goes_on)
        return count

    def _paths(self, names: tuple[str, ...], goes_on: Mapping[str, Number]) -> list[tuple[Path, Number]]:
        found: list[tuple[Path, Number]] = []
        for parts in product(*(self._ways(name, goes_on) for name in names)):
            path = Path()
            chance: Number = 1.0
            for part, part_chance in parts:
                path, chance = path | part, chance * part_chance
            found.append((path, chance))
        return found

    def _ways(self, name: str, goes_on: Mapping[str, Number]) -> list[tuple[Path, Number]]:
        go: Number = goes_on.get(name, 1.0)
        here = frozenset({name})
        ways: list[tuple[Path, Number]] = [(Path(stopped=here), 1 - go)] if name in goes_on else []
        ways.append((Path(entered=here), go * (1 - self.success[name])))
        for rest, chance in self._paths(self.children[name], goes_on):
            ways.append((Path(entered=here, succeeded=here) | rest, go * self.success[name] * chance))
        return ways
