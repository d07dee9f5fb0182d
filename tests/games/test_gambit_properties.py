"""Any text is a game or faults; what is written is read as the same; no rewriting of the same text changes the game."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.errors import ScenarioError
from gamecore.games.gambit import (
    ChanceSet,
    InformationSet,
    Outcome,
    StrategicFile,
    TreeFile,
    read_game,
    with_plain_labels,
    write_game,
)
from gamecore.games.gambit.files import unique_labels
from gamecore.games.strategic import StrategicGame
from gamecore.games.tree import Node, NodeKind, Tree

TEXTS = [path.read_text("utf-8") for path in sorted((Path(__file__).parent / "data").glob("*.?fg"))]
WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[{},]|[^\s{},"]+')

labels = st.text(st.characters(exclude_categories=["Cs"]), max_size=6).filter(lambda text: not text.endswith("\\"))
numbers = st.fractions() | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(Fraction)


def read_or_faults(text: str) -> StrategicFile | TreeFile | None:
    try:
        return read_game(text)
    except ScenarioError as error:
        faults = error.faults
    lines = len(re.split("\r\n|\r|\n", text))
    assert faults
    assert all(1 <= fault.line <= lines and fault.column >= 1 and fault.message for fault in faults)
    return None


def handled(text: str) -> None:
    """Whatever the text: faults, or a game whose numbers can be had and that comes back after writing."""
    file = read_or_faults(text)
    if file is None:
        return
    assert read_game(write_game(file)) == file
    plain = with_plain_labels(file)
    assert write_game(plain).isascii()
    assert read_game(write_game(plain)) == plain
    if isinstance(file, TreeFile):
        assert file.payoffs.shape == (len(file.players), file.tree.ends)
        assert len(set(file.information_set_names)) == len(file.information_sets)


@given(st.text() | st.text().map('NFG 1 R "" { "A" "B" } '.__add__) | st.text().map('EFG 2 R "" { "A" } '.__add__))
def test_any_text_is_a_game_or_faults(text: str) -> None:
    handled(text)


@given(st.binary())
def test_any_bytes_are_a_game_or_faults(data: bytes) -> None:
    for start in (b"", b"EFG 2 R "):
        with suppress(ScenarioError):
            read_game(start + data)


@given(st.integers(0, 2**32))
@settings(max_examples=300)
def test_a_damaged_file_is_a_game_or_faults(seed: int) -> None:
    rng = random.Random(seed)
    words = WORD.findall(rng.choice(TEXTS))
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(words))
        match rng.randrange(4):
            case 0:
                del words[place]
            case 1:
                words.insert(place, rng.choice(words))
            case 2:
                words[place] = rng.choice(words)
            case _:
                odd = ["0", "-1", "1e9", "1/0", "{", "}", ",", '"', '""', "t", "p", "c", "\\", "9" * 5000, "1e5000"]
                words[place] = rng.choice(odd)
        if not words:
            return
    handled(" ".join(words))


@given(st.sampled_from(TEXTS), st.integers(0, 2**32))
def test_white_space_says_nothing(text: str, seed: int) -> None:
    rng = random.Random(seed)
    spaced = "".join(word + rng.choice([" ", "\n", "\t", "\r\n", "  \n\n"]) for word in WORD.findall(text))
    assert read_game(spaced) == read_game(text)


@st.composite
def strategic_files(draw: Any) -> StrategicFile:
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=4)))
    values = [draw(numbers) for _ in range(len(shape) * int(np.prod(shape)))]
    game = StrategicGame.from_array(np.array(values, dtype=object).reshape((len(shape), *shape)))
    players = unique_labels([draw(labels) for _ in shape])
    strategies = tuple(unique_labels([draw(labels) for _ in range(count)]) for count in shape)
    return StrategicFile(draw(labels), players, strategies, game, draw(labels))


@given(strategic_files())
def test_a_strategic_form_comes_back_from_its_file(file: StrategicFile) -> None:
    again = read_game(write_game(file))
    assert again == file
    assert hash(again) == hash(file)
    assert again.notes == ()


@st.composite
def tree_files(draw: Any) -> TreeFile:
    """Any tree in the order a reader finds things: sets and outcomes numbered as they are first met."""
    players = unique_labels([draw(labels) for _ in range(draw(st.integers(1, 3)))])
    nodes: list[Node] = []
    sets: list[InformationSet] = []
    chances: list[ChanceSet] = []
    outcomes: list[Outcome] = []
    chance_of: list[int] = []
    outcome_of: list[int] = []
    ends = 0

    def outcome() -> int:
        if outcomes and draw(st.booleans()):
            return draw(st.integers(-1, len(outcomes) - 1))  # type: ignore[no-any-return]
        paid = tuple(draw(numbers) for _ in players)
        outcomes.append(Outcome(len(outcomes) + draw(st.sampled_from([1, 1000])), draw(labels), paid))
        return len(outcomes) - 1

    def options() -> tuple[str, ...]:
        return unique_labels([draw(labels) for _ in range(draw(st.integers(1, 3)))])

    def chance_set() -> int:
        if chances and draw(st.booleans()):
            return draw(st.integers(0, len(chances) - 1))  # type: ignore[no-any-return]
        actions = options()
        weights = [draw(st.integers(0, 5)) for _ in actions[1:]] + [draw(st.integers(1, 5))]
        shares = tuple(Fraction(weight, sum(weights)) for weight in weights)
        chances.append(ChanceSet(len(chances), draw(labels), actions, shares))
        return len(chances) - 1

    def information_set(player: int) -> int:
        mine = [number for number, item in enumerate(sets) if item.player == player]
        if mine and draw(st.booleans()):
            return draw(st.sampled_from(mine))  # type: ignore[no-any-return]
        sets.append(InformationSet(player, len(sets) * 3, draw(labels), options()))
        return len(sets) - 1

    def grow(depth: int) -> int:
        nonlocal ends
        number = len(nodes)
        kind = draw(st.sampled_from(NodeKind)) if depth else NodeKind.END
        nodes.append(Node(NodeKind.END, end=ends))
        chance_of.append(-1)
        if kind in {NodeKind.END, NodeKind.AGREEMENT}:
            ends += 1
            outcome_of.append(outcome())
        elif kind is NodeKind.CHANCE:
            chance_of[number] = mine = chance_set()
            outcome_of.append(outcome())
            nodes[number] = Node(kind, tuple(grow(depth - 1) for _ in chances[mine].actions))
        else:
            player = draw(st.integers(0, len(players) - 1))
            mine = information_set(player)
            outcome_of.append(outcome())
            children = tuple(grow(depth - 1) for _ in sets[mine].actions)
            nodes[number] = Node(kind, children, player=player, information_set=mine)
        return number

    grow(draw(st.integers(0, 3)))
    return TreeFile(
        draw(labels),
        players,
        Tree(len(players), tuple(nodes)),
        tuple(draw(labels) for _ in nodes),
        tuple(sets),
        tuple(chances),
        tuple(chance_of),
        tuple(outcomes),
        tuple(outcome_of),
        draw(labels),
    )


@given(tree_files())
@settings(max_examples=150)
def test_a_tree_comes_back_from_its_file(file: TreeFile) -> None:
    again = read_game(write_game(file))
    assert again == file
    assert hash(again) == hash(file)
    assert again.notes == ()
    handled(write_game(file))


@given(tree_files())
@settings(max_examples=100)
def test_the_reach_of_each_subtree_adds_up_to_one_whatever_is_played(file: TreeFile) -> None:
    for root in file.tree.subgame_roots:
        weights = file.reach_from(root).tolist()
        first = next(iter(file.tree.ends_below(root)))
        total = Fraction(0)
        chosen = {root: Fraction(1)}
        for number in range(root, file.tree.after[root]):
            node = file.tree.nodes[number]
            here = chosen.pop(number)
            if node.kind is NodeKind.END:
                total += here * weights[node.end - first]
            share = Fraction(1, len(node.children)) if node.kind is NodeKind.MOVE else Fraction(1)
            chosen.update((child, here * share) for child in node.children)
        assert total == 1
