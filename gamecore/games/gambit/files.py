"""What a game file says: the game in arrays, and the labels that go with it.

Both are frozen and compare by what they say, so that "read what was written" can be held against the original. `notes`
tell what the reader changed or left out (repeated labels, text after the end); they do not count for comparing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.errors import InputError, TooLargeError
from gamecore.games.strategic import StrategicGame
from gamecore.games.tree import NodeKind, Tree

__all__ = ["ChanceSet", "InformationSet", "Outcome", "StrategicFile", "TreeFile", "unique_labels"]

ZERO: Final = Fraction(0)
ONE: Final = Fraction(1)
NONE: Final = -1  # in place of an index: no outcome, no chance set
LONG: Final = 256  # bits from which on the length of a number is felt
MOST_WORK: Final = 5e12  # bits squared of all long sums and products: a few seconds


def unique_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels told apart: those that stand alone stay, the others (and empty ones) are numbered: `x_1`, `x_2`, `_1`."""
    if "" not in labels and len(set(labels)) == len(labels):
        return tuple(labels)
    count = Counter(labels)
    taken = {label for label in labels if label and count[label] == 1}
    last: dict[str, int] = {}
    told = []
    for label in labels:
        name = label
        if name not in taken or count[label] > 1:
            number = last.get(label, 0) + 1
            while f"{label}_{number}" in taken:
                number += 1
            last[label] = number
            name = f"{label}_{number}"
        told.append(name)
    return tuple(told)


@dataclass(frozen=True, eq=False)
class StrategicFile:
    """A game in strategic form with labels: `strategies[i][a]` is option `a` of player `i`; labels are told apart."""

    title: str
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    game: StrategicGame
    comment: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.players) != self.game.players or tuple(map(len, self.strategies)) != self.game.shape:
            raise InputError(
                f"{len(self.players)} players with {[len(labels) for labels in self.strategies]} labelled options do "
                f"not fit a game of {self.game.players} players with {list(self.game.shape)} options"
            )

    def _said(self) -> tuple[object, ...]:
        return (self.title, self.players, self.strategies, self.comment, tuple(self.game.payoffs.flat))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StrategicFile) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())


@dataclass(frozen=True)
class InformationSet:
    """An information set of `player`; `number` is the one the file gives it, its own among the player's."""

    player: int
    number: int
    label: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class ChanceSet:
    """Chance nodes that share their branches and exact `probabilities`; `number` as in the file."""

    number: int
    label: str
    actions: tuple[str, ...]
    probabilities: tuple[Fraction, ...]


@dataclass(frozen=True)
class Outcome:
    """What each player gets where a node carries this outcome; `number` as in the file."""

    number: int
    label: str
    payoffs: tuple[Fraction, ...]


@dataclass(frozen=True)
class TreeFile:
    """A game tree with labels.

    `labels[v]`, `outcome_of[v]` and `chance_set_of[v]` are about node `v` (-1: none); `information_sets[h]` describes
    what `tree` numbers `h`. The numbers of the game follow from these: see `payoffs`, `reach` and `end_payoffs`.
    """

    title: str
    players: tuple[str, ...]
    tree: Tree
    labels: tuple[str, ...]
    information_sets: tuple[InformationSet, ...]
    chance_sets: tuple[ChanceSet, ...]
    chance_set_of: tuple[int, ...]
    outcomes: tuple[Outcome, ...]
    outcome_of: tuple[int, ...]
    comment: str = ""
    notes: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TreeFile) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        structure = (self.title, self.players, self.comment, self.tree, self.labels, self.information_sets)
        return (*structure, self.chance_sets, self.chance_set_of, self.outcomes, self.outcome_of)

    @cached_property
    def information_set_names(self) -> tuple[str, ...]:
        """One name for each information set, all different: its label where that says which, with the player if not."""
        plain = [item.label or str(item.number) for item in self.information_sets]
        count = Counter(plain)
        told = [
            name if item.label and count[name] == 1 else f"{self.players[item.player]}: {name}"
            for item, name in zip(self.information_sets, plain, strict=True)
        ]
        return unique_labels(told)

    def actions(self, node: int) -> tuple[str, ...]:
        """The labels of a node's branches; none at an end."""
        item = self.tree.nodes[node]
        if item.kind is NodeKind.MOVE:
            return self.information_sets[item.information_set].actions
        return self.chance_sets[self.chance_set_of[node]].actions if item.kind is NodeKind.CHANCE else ()

    def probabilities(self, node: int) -> tuple[Fraction, ...]:
        """The exact chances of a chance node's branches; none elsewhere."""
        number = self.chance_set_of[node]
        return () if number == NONE else self.chance_sets[number].probabilities

    @cached_property
    def end_payoffs(self) -> npt.NDArray[np.object_]:
        """What each player gets at each end, the outcomes of its path added up: `Fraction`s, axes (player, end).

        Raises `TooLargeError` if the sums grow too long to reckon with; so do `reach` and `payoffs`.
        """
        tree = self.tree
        zero = (ZERO,) * len(self.players)
        total: list[tuple[Fraction, ...]] = [zero] * len(tree.nodes)
        found = np.full((len(self.players), tree.ends), ZERO, dtype=object)
        work = _Work()
        for number, node in enumerate(tree.nodes):
            here = total[number]
            outcome = self.outcome_of[number]
            if outcome != NONE:
                paid = self.outcomes[outcome].payoffs
                here = paid if here is zero else tuple(map(Fraction.__add__, here, paid))
                work.count(here)
            for child in node.children:
                total[child] = here
            if node.kind is NodeKind.END:
                found[:, node.end] = here
        return found

    @cached_property
    def reach(self) -> npt.NDArray[np.object_]:
        """The probability that chance lets play get to each end: `Fraction`s, axes (end)."""
        return self.reach_from(0)

    def reach_from(self, root: int) -> npt.NDArray[np.object_]:
        """The same from node `root` on, in the order of its ends; nothing is lost below a branch of chance 0."""
        tree = self.tree
        work = _Work()
        reach = {root: ONE}
        found = []
        for number in range(root, tree.after[root]):
            node = tree.nodes[number]
            here = reach.pop(number)
            if node.kind is NodeKind.CHANCE:
                chances = self.chance_sets[self.chance_set_of[number]].probabilities
                after = [here * chance for chance in chances]
                work.count(after)
                reach.update(zip(node.children, after, strict=True))
            else:
                reach.update((child, here) for child in node.children)
            if node.kind is NodeKind.END:
                found.append(here)
        return _object_array(found)

    @cached_property
    def payoffs(self) -> npt.NDArray[np.object_]:
        """`end_payoffs` weighted by `reach`, as `games/tree.py` wants them: `Fraction`s, axes (player, end)."""
        if all(chance is ONE for chance in self.reach):
            return self.end_payoffs
        weighted: npt.NDArray[np.object_] = self.end_payoffs * self.reach
        return weighted

    def ends(self) -> Iterator[int]:
        """The nodes that are ends, in the order of their numbers."""
        return (number for number, node in enumerate(self.tree.nodes) if node.kind is NodeKind.END)


class _Work:
    """How much reckoning with long numbers has been done: sums of unlike fractions on a deep path grow without end."""

    def __init__(self) -> None:
        self.done = 0.0

    def count(self, numbers: Sequence[Fraction]) -> None:
        """Add the work behind some results. Raises `TooLargeError`."""
        for number in numbers:
            bits = max(number.denominator.bit_length(), number.numerator.bit_length())
            if bits > LONG:
                self.done += bits * bits
                if self.done > MOST_WORK:
                    raise TooLargeError(
                        "the sums along the paths of this tree have too many digits; "
                        "give payoffs and chances with common denominators",
                        limit="digits along paths",
                        count=self.done,
                        allowed=MOST_WORK,
                    )


def _object_array(values: list[Any]) -> npt.NDArray[np.object_]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
