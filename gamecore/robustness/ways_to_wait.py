"""Everything about waiting in one answer: each way to wait, what it is worth to whom and why, and where that turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gamecore.model import Scenario
from gamecore.robustness.break_even import BreakEven, break_evens
from gamecore.robustness.postponing import postponements
from gamecore.robustness.waiting import Spread, UnderProtocol, Waiting, worth_of_waiting
from gamecore.scenario.anytime import refuse_conflict
from gamecore.valuation.draws import Sampling

__all__ = ["Group", "WayToWait", "ways_to_wait"]

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Group:
    """Protocols by name, what they have in common, and what rests on it."""

    protocols: tuple[str, ...]
    under: UnderProtocol
    break_evens: tuple[BreakEven, ...]
    spread: tuple[Spread, ...]


@dataclass(frozen=True)
class WayToWait:
    """One way to wait; `groups` are the protocols under which all its numbers are the same, each with its break-evens
    and (with ranges in the file) the spread over draws.
    """

    waiting: Waiting
    groups: tuple[Group, ...]


def ways_to_wait(
    scenario: Scenario,
    *,
    now: str = "",
    wait: str = "",
    same: str = "",
    draws: int = 10_000,
    seed: int = 1,
    sampling: str = Sampling.LATIN_HYPERCUBE,
    progress: Progress | None = None,
) -> tuple[WayToWait, ...]:
    """Every way to wait of a scenario, in the order of the file.

    `now`, `wait` and `same` name the options to act now, to wait, and the later one that is the same plan; where they
    are empty, they are read off the file (`postponing.py`).

    Raises `InputError` if nobody can wait or no option is called so, `RefusedError` if a game is too large.
    """
    refuse_conflict(scenario)
    ways = postponements(scenario, now=now, wait=wait, same=same)
    found = []
    for done, way in enumerate(ways):
        waiting = worth_of_waiting(scenario, way, draws=draws, seed=seed, sampling=sampling)
        found.append(WayToWait(waiting, _groups(scenario, waiting)))
        if progress is not None:
            progress(done + 1, len(ways), "ways to wait")
    return tuple(found)


def _groups(scenario: Scenario, waiting: Waiting) -> tuple[Group, ...]:
    alike: dict[tuple[object, ...], list[int]] = {}
    for place, item in enumerate(waiting.protocols):
        spread = waiting.spread[place : place + 1]
        key = (item.now, item.wait, item.parts, item.chosen, item.option, item.waits, spread)
        alike.setdefault(key, []).append(place)
    return tuple(
        Group(
            tuple(waiting.protocols[place].protocol for place in places),
            waiting.protocols[places[0]],
            break_evens(scenario, waiting.way, waiting.protocols[places[0]]),
            waiting.spread[places[0] : places[0] + 1],
        )
        for places in alike.values()
    )
