"""Subgames that chance leads to with probability 0 are subgames too (Selten 1965)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from random import Random

import gamecore
from gamecore.games.gambit.files import NONE, TreeFile
from gamecore.games.tree import NodeKind
from gamecore.solving.answer import Answer
from gamecore.solving.trees import behaviour_of

Behaviour = Mapping[int, tuple[Fraction, ...]]

NEVER = """EFG 2 R "never" { "Ann" "Bob" }
c "" 1 "" { "sure" 1 "never" 0 } 0
p "" 1 1 "here" { "l" "r" } 0
t "" 1 "" { 1 0 }
t "" 2 "" { 0 0 }
p "" 1 2 "there" { "good" "bad" } 0
t "" 3 "" { 5 5 }
t "" 4 "" { 1 1 }
"""


def _text(players: int, rng: Random) -> str:
    """A random tree in which many branches of chance have probability 0; some moves are hidden from the next mover."""
    lines = ['EFG 2 R "" {', '"who" ' * players, "}"]
    count = {"outcome": 0, "chance": 0, "set": 0}

    def number(what: str) -> int:
        count[what] += 1
        return count[what]

    def end() -> None:
        paid = " ".join(str(rng.randint(0, 3)) for _ in range(players))
        lines.append(f't "" {number("outcome")} "" {{ {paid} }}')

    def node(depth: int) -> None:
        kind = rng.random()
        if depth == 0 or kind < 0.1:
            end()
        elif kind < 0.45:
            chances = rng.choice(["1 0", "0 1", "1/2 1/2", "1/3 2/3"]).split()
            lines.append(f'c "" {number("chance")} "" {{ "x" {chances[0]} "y" {chances[1]} }} 0')
            node(depth - 1)
            node(depth - 1)
        elif kind < 0.75:
            lines.append(f'p "" {rng.randint(1, players)} {number("set")} "" {{ "l" "r" }} 0')
            node(depth - 1)
            node(depth - 1)
        else:
            first, second = rng.sample(range(1, players + 1), 2)
            lines.append(f'p "" {first} {number("set")} "" {{ "l" "r" }} 0')
            hidden = number("set")
            for _ in range(2):
                lines.append(f'p "" {second} {hidden} "" {{ "L" "R" }} 0')
                node(depth - 2) if depth > 1 else end()
                node(depth - 2) if depth > 1 else end()

    node(4)
    return "\n".join(lines)


def _worth(file: TreeFile, number: int, behaviour: Behaviour, player: int) -> Fraction:
    node = file.tree.nodes[number]
    outcome = file.outcome_of[number]
    paid = Fraction(0) if outcome == NONE else file.outcomes[outcome].payoffs[player]
    if node.kind is NodeKind.END:
        return paid
    mix = file.probabilities(number) if node.kind is NodeKind.CHANCE else behaviour[node.information_set]
    below = (
        chance * _worth(file, child, behaviour, player)
        for child, chance in zip(node.children, mix, strict=True)
        if chance
    )
    return sum(below, paid)


def _by_definition(file: TreeFile, behaviour: Behaviour) -> bool:
    """Whether no pure plan of anybody gains in any subgame, each worth what it is worth once it is reached."""
    tree = file.tree
    for root in tree.subgame_roots:
        sets = {
            node.information_set: node for node in tree.nodes[root : tree.after[root]] if node.kind is NodeKind.MOVE
        }
        for player in range(len(file.players)):
            mine = [key for key, node in sets.items() if node.player == player]
            now = _worth(file, root, behaviour, player)
            for plan in product(*(range(len(sets[key].children)) for key in mine)):
                turned = dict(behaviour)
                for key, action in zip(mine, plan, strict=True):
                    turned[key] = tuple(Fraction(int(one == action)) for one in range(len(sets[key].children)))
                if _worth(file, root, turned, player) > now:
                    return False
    return True


def _solved(text: str, form: str = "auto") -> tuple[TreeFile, Answer]:
    file = gamecore.read_game(text)
    assert isinstance(file, TreeFile)
    return file, gamecore.solve(file, form=form)


def test_what_is_best_is_done_where_chance_never_leads() -> None:
    _, answer = _solved(NEVER)
    assert answer.status.value == "complete"
    assert [one.subgame_perfect for one in answer.equilibria] == [True]
    (behaviour,) = answer.document()["equilibria"]
    assert behaviour["strategies"][0] == {"here": ["1", "0"], "there": ["1", "0"]}


def test_a_bad_choice_where_chance_never_leads_is_nash_but_not_subgame_perfect() -> None:
    _, answer = _solved(NEVER, "strategic")
    verdicts = {answer.strategies[0][one.strategies[0].index(1)]: one.subgame_perfect for one in answer.equilibria}  # type: ignore[union-attr]
    assert verdicts == {"l, good": True, "l, bad": False}


def test_verdicts_on_random_trees_are_those_of_the_definition() -> None:
    rng = Random(20)
    met = 0
    for _ in range(30):
        file, answer = _solved(_text(rng.randint(2, 3), rng))
        never = any(0 in item.probabilities for item in file.chance_sets)
        for found in answer.equilibria:
            if found.certificate.bound == 0 and found.subgame_perfect is not None:
                assert _by_definition(file, behaviour_of(file, found)) == found.subgame_perfect
                met += never
    assert met > 20
