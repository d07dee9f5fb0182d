"""Trees written as nested lists, cited textbook trees, and random trees whose players see only part of what happens."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.games.tree import Node, NodeKind, Tree

Values = npt.NDArray[Any]


@dataclass
class Written:
    """A tree with its payoffs and reach, both with axes (player, end), and the numbers of its named information
    sets.
    """

    tree: Tree
    payoffs: Values
    reach: Values
    sets: dict[str, int]


@dataclass
class _Writer:
    players: int
    nodes: list[Node] = field(default_factory=list)
    ends: list[tuple[tuple[Fraction, ...], Fraction]] = field(default_factory=list)
    sets: dict[str, int] = field(default_factory=dict)

    def write(self, part: Any, reach: Fraction) -> int:
        number = len(self.nodes)
        self.nodes.append(Node(NodeKind.END))
        if isinstance(part, tuple):
            self.nodes[number] = Node(NodeKind.END, end=len(self.ends))
            self.ends.append((tuple(Fraction(value) for value in part), reach))
            return number
        head, *rest = part
        if head == "chance":
            children = tuple(self.write(below, reach * Fraction(chance)) for chance, below in rest)
            self.nodes[number] = Node(NodeKind.CHANCE, children)
            return number
        player, name = head
        key = self.sets.setdefault(name, len(self.sets))
        children = tuple(self.write(below, reach) for below in rest)
        self.nodes[number] = Node(NodeKind.MOVE, children, player=player, information_set=key)
        return number


def written(players: int, part: Any) -> Written:
    """`part` is a tuple of payoffs, `["chance", (chance, part), ...]` or `[(player, information set), part, ...]`."""
    writer = _Writer(players)
    writer.write(part, Fraction(1))
    payoffs = np.array([[value * reach for value in values] for values, reach in writer.ends], dtype=object).T
    reach = np.array([[reach] * players for _, reach in writer.ends], dtype=object).T
    return Written(Tree(players, tuple(writer.nodes)), payoffs, reach, writer.sets)


def entry() -> Written:
    """Selten 1978: stay out, or enter and be fought or shared with."""
    return written(2, [(0, "enter"), (1, 5), [(1, "answer"), (0, 0), (2, 2)]])


def horse() -> Written:
    """Selten 1975: player 3 cannot tell who let it move."""
    return written(
        3,
        [
            (0, "one"),
            [(1, "two"), (1, 1, 1), [(2, "three"), (4, 4, 0), (0, 0, 1)]],
            [(2, "three"), (3, 2, 2), (0, 0, 0)],
        ],
    )


def beer_quiche() -> Written:
    """Cho & Kreps 1987: strong with chance 9/10 likes beer, weak likes quiche; who sees the breakfast may fight.

    Actions: 0 beer, 1 quiche; 0 fight, 1 walk by.
    """
    return written(
        2,
        [
            "chance",
            (
                "9/10",
                [
                    (0, "strong"),
                    [(1, "beer"), (1, 0), (3, 1)],
                    [(1, "quiche"), (0, 0), (2, 1)],
                ],
            ),
            (
                "1/10",
                [
                    (0, "weak"),
                    [(1, "beer"), (0, 1), (2, 0)],
                    [(1, "quiche"), (1, 1), (3, 0)],
                ],
            ),
        ],
    )


def kuhn_poker(cards: int = 3, *, rake: int = 0) -> Written:
    """Kuhn 1950: three cards, an ante of 1, bets of 1; worth -1/18 to the first player.

    With more `cards` a larger game; with a `rake` whoever wins a called bet pays so much to the house.
    """

    def show(mine: int, yours: int, stake: int) -> tuple[int, int]:
        won = stake - rake * (stake > 1)
        return (won, -stake) if mine > yours else (-stake, won)

    def dealt(mine: int, yours: int) -> list[Any]:
        called = [(0, f"{mine} faces a bet"), (-1, 1), show(mine, yours, 2)]
        return [
            (0, f"{mine}"),
            [(1, f"{yours} after a check"), show(mine, yours, 1), called],
            [(1, f"{yours} after a bet"), (1, -1), show(mine, yours, 2)],
        ]

    chance = Fraction(1, cards * (cards - 1))
    deals = [(chance, dealt(mine, yours)) for mine in range(cards) for yours in range(cards) if mine != yours]
    return written(2, ["chance", *deals])


def partly_seen(
    rng: random.Random, *, players: int = 2, steps: int = 3, top: int = 2, zero_sum: bool = False
) -> Written:
    """Players move in turn or chance does; everyone sees some of the steps, and always its own."""
    movers = [rng.randrange(-1 if step < 2 else 0, players) for step in range(steps)]
    seen = [[rng.random() < 0.4 or movers[step] == player for step in range(steps)] for player in range(players)]
    stops = rng.random() < 0.6
    likely = Fraction(rng.randint(1, 3), 4)

    def grow(history: tuple[int, ...]) -> Any:
        step = len(history)
        if step == steps or (stops and step and history[-1] == 0 and movers[step - 1] >= 0 and rng.random() < 0.5):
            first = rng.randint(-top, top)
            return (first, -first) if zero_sum else tuple(rng.randint(0, top) for _ in range(players))
        mover = movers[step]
        if mover < 0:
            return ["chance", (likely, grow((*history, 0))), (1 - likely, grow((*history, 1)))]
        known = tuple(action if seen[mover][at] else "?" for at, action in enumerate(history))
        return [(mover, f"{mover} {step} {known}"), *(grow((*history, action)) for action in range(2))]

    return written(players, grow(()))
