"""Post-settlement settlements (Raiffa 1985): a signed deal made better for everybody.

The signed deal is the new disagreement point: either side can keep it. A rule then picks among the deals that dominate
it. The way there is told in steps, each a change of some issues that is worth more to everybody (or, where that cannot
be, to nobody less and to some more), as many steps as there can be.

>>> from gamecore.compromises.deals.space import DealSpace
>>> space = DealSpace.from_points(
...     ("buyer", "seller"),
...     {"price": {"low": (3, 0), "high": (0, 5)}, "delivery": {"soon": (6, 0), "late": (0, 4)}},
... )
>>> better = settle_again(space, ("low", "late"))
>>> better.deal.options, [str(gain) for gain in better.gains], len(better.steps)
(('high', 'soon'), ['3', '1'], 1)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from gamecore.compromises.deals.frontier import DealFrontier, deal_frontier
from gamecore.compromises.deals.solutions import Rule, solutions
from gamecore.compromises.deals.space import Deal, DealSpace, Point
from gamecore.errors import InputError

__all__ = ["Resettlement", "settle_again"]

MOST_IN_STEPS: Final = 10  # changed issues whose orders are all looked at


@dataclass(frozen=True)
class Resettlement:
    """From `signed` to `deal`, which `rule` picks among the deals that dominate it; `tied` are all it picks.

    `steps` are the deals after each step, the last one `deal`; no steps if nothing dominates the signed deal.
    `strict` says that every step is worth more to everybody. `dominating` counts the frontier's points to choose from.
    """

    rule: Rule
    signed: Deal
    deal: Deal
    tied: tuple[Deal, ...]
    steps: tuple[Deal, ...]
    strict: bool
    dominating: int

    @property
    def gains(self) -> Point:
        return tuple(a - b for a, b in zip(self.deal.values, self.signed.values, strict=True))


def settle_again(
    space: DealSpace,
    signed: Sequence[str] | Mapping[str, str],
    *,
    rule: Rule = Rule.NASH,
    frontier: DealFrontier | None = None,
) -> Resettlement:
    """The best deal that dominates a signed one, by a rule, and the way to it.

    Raises `InputError` for unknown names or a combination that is impossible.
    """
    start = space.numbers(signed)
    point = space.values(signed)
    here = space.deal(start)
    found = deal_frontier(space) if frontier is None else frontier
    if found.tables.space is not space:
        raise InputError("the frontier is that of another space")
    better = sum(all(a >= b for a, b in zip(row, point, strict=True)) and row != point for row in found.points)
    answer = solutions(found, point)[rule]
    if not better:
        return Resettlement(rule, here, here, (here,), (), strict=True, dominating=0)
    deal = answer.deals[0]
    steps, strict = _way(space, start, space.numbers(deal.options))
    return Resettlement(rule, here, deal, answer.deals, steps, strict, better)


def _way(space: DealSpace, start: tuple[int, ...], target: tuple[int, ...]) -> tuple[tuple[Deal, ...], bool]:
    changed = [k for k, (a, b) in enumerate(zip(start, target, strict=True)) if a != b]
    end = space.deal(target)
    strict = all(a > b for a, b in zip(end.values, space.values_of(start), strict=True))
    if len(changed) > MOST_IN_STEPS:
        return (end,), strict
    full = (1 << len(changed)) - 1

    def numbers(mask: int) -> tuple[int, ...]:
        done = {k for place, k in enumerate(changed) if mask >> place & 1}
        return tuple(b if k in done else a for k, (a, b) in enumerate(zip(start, target, strict=True)))

    deals = [numbers(mask) for mask in range(full + 1)]
    worth = [space.values_of(deal) for deal in deals]
    possible = [space.is_possible(deal) for deal in deals]

    @cache
    def longest(mask: int) -> tuple[int, ...]:
        """The masks that follow, as many as there can be."""
        best: tuple[int, ...] = (full,)
        rest = full & ~mask
        part = (rest - 1) & rest
        while part:
            there = mask | part
            if possible[there] and _better(worth[there], worth[mask], strict=strict):
                onward = longest(there) if _better(worth[full], worth[there], strict=strict) else ()
                if onward and len(onward) + 1 > len(best):
                    best = (there, *onward)
            part = (part - 1) & rest
        return best

    return tuple(space.deal(deals[mask]) for mask in longest(0)), strict


def _better(one: Point, other: Point, *, strict: bool) -> bool:
    if strict:
        return all(a > b for a, b in zip(one, other, strict=True))
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))
