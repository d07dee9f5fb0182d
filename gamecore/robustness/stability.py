"""How far payoffs may move before a plan is no longer what happens: the exact stability radius.

**Definition.** Every payoff entry - what one player gets at one end of the tree, given that play gets there - may move
by at most `r`, up or down, each on its own (the sup norm). The radius of a plan is the largest `r` such that for every
such change smaller than `r` all subgame-perfect play still ends as the plan says; equally, the smallest `r` at which
some change within `r` makes other play an equilibrium. Where chance averages several cases at an end, or over ends, the
average of entries that move by at most `r` moves by at most `r` too. It is 0 where a tie at base values already admits
other play, and unbounded where no change at all does.

**How it is found.** For a given `r`, the values a subgame can take in equilibrium, over all changes within `r`, are a
union of boxes (an interval per player): at an end, the payoffs plus and minus `r`; at a move of player `i`, each
child's boxes cut to where `i` gets at least the least it can be held to in every other child (subtrees share no
entries, so each is bent the worst way); at chance, sums of boxes. In an agreement by one offer the values of no
agreement are cut to levels: whoever must accept rejects what can be pressed below the level, and the proposer prefers
the offer to all that is not rejected. A box is *bad* if play in it leaves the plan; the plan breaks at `r` if the root
has a bad box. Bounds of boxes are linear in `r` between finitely many critical values, so the smallest `r` is found
exactly: from above, by jumping to where the last bad box would vanish, in rationals, until the plan breaks at `r` and
not just below it (bounds are compared as pairs of a value and its slope).

Trees with several nodes in an information set, naming at once and talks over several rounds are not of this form and
get no radius.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, Final

import numpy.typing as npt

from gamecore.games.agreement import Bargaining
from gamecore.games.tree import NodeKind, Tree

__all__ = ["Break", "Found", "Radius", "stability_radius"]

MOST_BOXES: Final = 4_000  # looked at in one subgame
MOST_JUMPS: Final = 400
START: Final = 64  # the first r tried is this part of the widest

Bound = tuple[Fraction, Fraction]  # a value at r, and minus its slope: ordered as the values just below r are


class Found(StrEnum):
    EXACT = "exact"
    UNBOUNDED = "unbounded"  # no change of these payoffs breaks the plan
    NOT_COMPUTED = "not_computed"


@dataclass(frozen=True)
class Break:
    """What gives first: at `node`, `player` comes to prefer the branch `towards` to the branch `against`.

    The entries of `player` below `towards` rise by the radius and those below `against` fall by it (where later choices
    hang on others' entries, those move too).
    """

    player: int
    node: int
    towards: int
    against: int


@dataclass(frozen=True)
class Radius:
    """`radius` is set where `found` is exact; `reason` says why nothing was computed."""

    found: Found
    radius: Fraction | None = None
    breaks: Break | None = None
    reason: str | None = None


@dataclass(frozen=True)
class _Box:
    """Values a subgame can take: from `low` to `high` per player.

    `since` is the smallest r at which it is there, as far as what it rests on stays linear in r, and `breaks` what ends
    it below.
    """

    low: tuple[Bound, ...]
    high: tuple[Bound, ...]
    bad: bool
    since: Fraction = Fraction(0)
    breaks: Break | None = None


@dataclass(frozen=True)
class _Least:
    """The least a player can be held to in a subgame, and the box that holds it there."""

    bound: Bound
    box: _Box


@dataclass(frozen=True)
class _Rest:
    """A comparison that holds from `since` on; below, `breaks` is undone."""

    since: Fraction
    breaks: Break


class _TooManyBoxesError(Exception):
    pass


def stability_radius(
    tree: Tree,
    payoffs: npt.NDArray[Any],
    reach: npt.NDArray[Any],
    bargaining: Mapping[int, Bargaining],
    ends: frozenset[int],
    *,
    moving: Sequence[int] | None = None,
) -> Radius:
    """The stability radius of ending at one of `ends`, as an exact rational in the unit of the payoffs.

    Parameters
    ----------
    payoffs, reach
        `Fraction`s weighted by reach and the weights, axes (player, end); the last row of `reach` is chance as stated.
    moving
        The players whose payoffs may move (default: all).
    """
    reason = _not_of_this_form(tree, bargaining)
    if reason is not None:
        return Radius(Found.NOT_COMPUTED, reason=reason)
    players = range(tree.players)
    free = set(players if moving is None else moving)
    weights = [[reach[player, end] if player in free else 0 for end in range(tree.ends)] for player in players]
    largest = max(
        (abs(payoffs[i, t]) / reach[i, t] for i in players for t in range(tree.ends) if reach[i, t]),
        default=Fraction(0),
    )
    at = _At(tree, payoffs, weights, reach[-1], bargaining, ends)
    try:
        return _search(at, 2 * largest + 1)
    except _TooManyBoxesError:
        return Radius(Found.NOT_COMPUTED, reason="too many ways the game can go")


def _not_of_this_form(tree: Tree, bargaining: Mapping[int, Bargaining]) -> str | None:
    if any(len(nodes) > 1 for nodes in tree.information_sets.values()):
        return "somebody decides without having seen everything"
    for number, node in enumerate(tree.nodes):
        if node.kind is NodeKind.AGREEMENT:
            item = bargaining[number]
            if item.at_once:
                return "options are named at the same time"
            if item.unlimited or item.rounds > 1:
                return "talks take several rounds"
            if item.quorums:
                return "not everybody has to say yes"
            if item.payments:
                return "money can be shared in any way"
    return None


def _search(at: _At, widest: Fraction) -> Radius:
    """The smallest r at which the root has a bad box: the plan breaks there, and not just below."""
    if at.bad(Fraction(0), below=False):
        return Radius(Found.EXACT, Fraction(0))
    low, high = Fraction(0), widest / START
    while not (found := at.bad(high, below=True)):  # small r first: there are fewer boxes then
        if high >= widest:
            return Radius(Found.UNBOUNDED)
        low, high = high * Fraction(99, 100), min(4 * high, widest)  # it may break at `high` itself
    for _ in range(MOST_JUMPS):
        first = min(found, key=lambda box: box.since)
        guess = first.since if low < first.since < high else (low + high) / 2
        just_below = at.bad(guess, below=True)
        if just_below:
            high, found = guess, just_below
        elif at.bad(guess, below=False):
            return Radius(Found.EXACT, guess, first.breaks)
        else:
            low = guess
    return Radius(Found.NOT_COMPUTED, reason="too many critical values")


@dataclass
class _At:
    """The boxes of all subgames at one r. With `below`, just below it."""

    tree: Tree
    payoffs: npt.NDArray[Any]
    weights: Sequence[Sequence[Any]]
    stated: Sequence[Any]
    bargaining: Mapping[int, Bargaining]
    ends: frozenset[int]
    r: Fraction = Fraction(0)
    below: bool = False
    boxes: dict[int, list[_Box]] = field(default_factory=dict)

    def bad(self, r: Fraction, *, below: bool) -> list[_Box]:
        """The bad boxes of the root."""
        self.r, self.below, self.boxes = r, below, {}
        for number in range(len(self.tree.nodes) - 1, -1, -1):
            self.boxes[number] = _kept(self.at(number))
            for child in self.tree.nodes[number].children:
                del self.boxes[child]
        return [box for box in self.boxes[0] if box.bad]

    def at(self, number: int) -> list[_Box]:
        node = self.tree.nodes[number]
        if node.kind is NodeKind.END:
            return [self.end(node.end)]
        if node.kind is NodeKind.CHANCE:
            return self.chance(node.children)
        if node.kind is NodeKind.MOVE:
            return self.move(number)
        return self.agreement(number)

    def end(self, end: int) -> _Box:
        low, high = [], []
        for player in range(self.tree.players):
            value, weight = self.payoffs[player, end], self.weights[player][end]
            slope = Fraction(weight) if self.below else Fraction(0)
            low.append((value - self.r * weight, slope))
            high.append((value + self.r * weight, -slope))
        return _Box(tuple(low), tuple(high), bool(self.stated[end]) and end not in self.ends)

    def chance(self, children: Sequence[int]) -> list[_Box]:
        if prod(len(self.boxes[child]) for child in children) > MOST_BOXES:
            raise _TooManyBoxesError
        return [_sum(boxes) for boxes in product(*(self.boxes[child] for child in children))]

    def move(self, number: int) -> list[_Box]:
        node = self.tree.nodes[number]
        player = node.player
        least = [self.least(child, player) for child in node.children]
        found = []
        for branch, child in enumerate(node.children):
            rivals = [(floor, other) for other, floor in enumerate(least)]
            found += [self.preferred(box, number, branch, player, rivals) for box in self.boxes[child]]
        return [box for box in found if box is not None]

    def agreement(self, number: int) -> list[_Box]:
        """One offer: `levels` are what those who answer have without agreement, as high as it helps to reject."""
        *options, none = self.tree.nodes[number].children
        if not options:
            return self.boxes[none]
        item = self.bargaining[number]
        proposer = item.proposers[0]
        others = [player for player in item.by if player != proposer]
        least = {player: [self.least(option, player) for option in options] for player in item.by}
        quiet = len(options)
        found: list[_Box | None] = []
        for silence in self.boxes[none]:
            menus = [
                [silence.low[j], *sorted({m.bound for m in least[j] if silence.low[j] < m.bound <= silence.high[j]})]
                for j in others
            ]
            if prod(map(len, menus)) * sum(len(self.boxes[child]) for child in options) > MOST_BOXES:
                raise _TooManyBoxesError
            for levels in product(*menus):
                pressed = list(zip(others, levels, strict=True))
                held = self.pressed(number, silence, pressed, least)
                if held is None:
                    continue
                rivals = [
                    (least[proposer][a], a)
                    for a in range(quiet)
                    if not any(least[j][a].bound <= level for j, level in pressed)
                ]
                found.append(self.preferred(held, number, quiet, proposer, rivals))
                rivals.append((_Least(silence.low[proposer], silence), quiet))
                for branch, option in enumerate(options):
                    for box in self.boxes[option]:
                        cut = _resting(box, held)
                        for j, level in pressed:
                            cut = self.cut(cut, j, level, Break(j, number, branch, quiet))
                        found.append(self.preferred(cut, number, branch, proposer, rivals))
        return [box for box in found if box is not None]

    def pressed(
        self,
        number: int,
        silence: _Box,
        levels: Sequence[tuple[int, Bound]],
        least: Mapping[int, Sequence[_Least]],
    ) -> _Box | None:
        """No agreement where those who answer have at least their level, so that they reject what is below it."""
        quiet = len(self.tree.nodes[number].children) - 1
        held: _Box | None = silence
        for player, level in levels:
            pressed = next((a for a, item in enumerate(least[player]) if item.bound == level), quiet)
            held = self.cut(held, player, level, Break(player, number, quiet, pressed))
        for option in range(quiet):
            ways = [
                _Rest(max(self.since(level, item.bound), item.box.since), Break(player, number, quiet, option))
                for player, level in levels
                if (item := least[player][option]).bound <= level
            ]
            held = _resting(held, min(ways, key=lambda way: way.since)) if ways else held
        return held

    def preferred(
        self, box: _Box | None, number: int, branch: int, player: int, rivals: Sequence[tuple[_Least, int]]
    ) -> _Box | None:
        """The part of a branch's box that a player likes at least as much as every other branch."""
        for floor, other in rivals:
            if other != branch:
                box = self.cut(_resting(box, floor.box), player, floor.bound, Break(player, number, branch, other))
        return box

    def least(self, child: int, player: int) -> _Least:
        box = min(self.boxes[child], key=lambda box: (box.low[player], box.since))
        return _Least(box.low[player], box)

    def cut(self, box: _Box | None, player: int, floor: Bound, breaks: Break) -> _Box | None:
        """The part of a box in which a player gets at least `floor`; None if nothing is left."""
        if box is None or floor <= box.low[player]:
            return box
        high = box.high[player]
        if high < floor:
            return None
        low = (*box.low[:player], floor, *box.low[player + 1 :])
        return _resting(replace(box, low=low), _Rest(self.since(high, floor), breaks))

    def since(self, high: Bound, floor: Bound) -> Fraction:
        """The r from which `high` is at least `floor`, which it is now."""
        slack, fall = high[0] - floor[0], high[1] - floor[1]  # what is left, and how fast it falls with r
        return self.r + slack / fall if fall < 0 else Fraction(0)


def _resting(box: _Box | None, rest: _Rest | _Box) -> _Box | None:
    """A box that is there only while what it rests on is."""
    if box is None or rest.since <= box.since:
        return box
    return replace(box, since=rest.since, breaks=rest.breaks)


def _sum(boxes: Iterable[_Box]) -> _Box:
    """The box of a chance node: bounds add up."""
    items = list(boxes)
    last = max(items, key=lambda box: box.since)
    low, high = (
        tuple(
            (sum((bound[0] for bound in bounds), Fraction(0)), sum((bound[1] for bound in bounds), Fraction(0)))
            for bounds in zip(*sides, strict=True)
        )
        for sides in ([box.low for box in items], [box.high for box in items])
    )
    return _Box(low, high, any(box.bad for box in items), last.since, last.breaks)


def _kept(boxes: list[_Box]) -> list[_Box]:
    """The boxes that lie in no other; a bad one counts for both."""
    if len(boxes) < 2:
        return boxes
    if len(boxes) > MOST_BOXES:
        raise _TooManyBoxesError
    kept: list[_Box] = []
    for box in sorted(boxes, key=lambda item: (not item.bad, item.since)):
        if not any((other.bad or not box.bad) and _inside(box, other) for other in kept):
            kept.append(box)
    return kept


def _inside(box: _Box, other: _Box) -> bool:
    return all(a >= b for a, b in zip(box.low, other.low, strict=True)) and all(
        a <= b for a, b in zip(box.high, other.high, strict=True)
    )
