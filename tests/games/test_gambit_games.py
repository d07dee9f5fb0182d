"""Textbook games as files: each is read, is what its source says, and has the equilibria published there.

`data/games.json` is the catalogue: for each file the source, the answers (`complete` if they are all there are), and
what is forgotten where recall is imperfect.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from gamecore.equilibria.certificate import certify
from gamecore.games.gambit import StrategicFile, TreeFile, read_game, with_plain_labels, write_game
from gamecore.games.recall import imperfect_recall
from gamecore.games.tree import NodeKind

DATA = Path(__file__).parent / "data"
GAMES: list[dict[str, Any]] = json.loads((DATA / "games.json").read_text("utf-8"))["games"]
STRATEGIC = [game for game in GAMES if game["file"].endswith(".nfg")]
TREES = [game for game in GAMES if game["file"].endswith(".efg")]

Behaviour = Mapping[int, tuple[Fraction, ...]]


def name_of(game: dict[str, Any]) -> str:
    return str(game["file"])


def read(game: dict[str, Any]) -> StrategicFile | TreeFile:
    return read_game((DATA / game["file"]).read_bytes(), game["file"])


def read_strategic(game: dict[str, Any]) -> StrategicFile:
    file = read(game)
    assert isinstance(file, StrategicFile)
    return file


def read_tree(game: dict[str, Any]) -> TreeFile:
    file = read(game)
    assert isinstance(file, TreeFile)
    return file


def exact(texts: list[str]) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, texts))


def worth(file: TreeFile, behaviour: Behaviour) -> tuple[Fraction, ...]:
    """What a behaviour is worth to each player, node by node."""
    chance = {0: Fraction(1)}
    total = [Fraction(0)] * len(file.players)
    for number, node in enumerate(file.tree.nodes):
        here = chance.pop(number)
        if file.outcome_of[number] >= 0:
            paid = file.outcomes[file.outcome_of[number]].payoffs
            total = [one + here * more for one, more in zip(total, paid, strict=True)]
        weights = behaviour[node.information_set] if node.kind is NodeKind.MOVE else file.probabilities(number)
        chance.update((child, here * weight) for child, weight in zip(node.children, weights, strict=True))
    return tuple(total)


def behaviour_of(file: TreeFile, named: Mapping[str, list[str]]) -> dict[int, tuple[Fraction, ...]]:
    names = [name.removeprefix("1: ") for name in file.information_set_names]
    assert {name.removeprefix("1: ") for name in named} == set(names)
    return {names.index(name.removeprefix("1: ")): exact(chances) for name, chances in named.items()}


def best_pure_answer(file: TreeFile, behaviour: Behaviour, player: int) -> Fraction:
    """The most a player gets with any plan while the others stay."""
    own = [number for number, item in enumerate(file.information_sets) if item.player == player]
    counts = [len(file.information_sets[number].actions) for number in own]
    values = []
    for plan in product(*map(range, counts)):
        changed = dict(behaviour)
        for number, action, count in zip(own, plan, counts, strict=True):
            changed[number] = tuple(Fraction(one == action) for one in range(count))
        values.append(worth(file, changed)[player])
    return max(values)


@pytest.mark.parametrize("game", STRATEGIC, ids=name_of)
def test_published_equilibria_of_strategic_games_are_certified(game: dict[str, Any]) -> None:
    file = read_strategic(game)
    for answer in game["equilibria"]:
        strategies = tuple(map(exact, answer["strategies"]))
        assert file.game.expected_payoffs(strategies) == exact(answer["payoffs"])
        assert certify(file.game, strategies).holds


@pytest.mark.parametrize("game", TREES, ids=name_of)
def test_published_equilibria_of_trees_leave_nobody_a_better_plan(game: dict[str, Any]) -> None:
    file = read_tree(game)
    for answer in game["equilibria"]:
        behaviour = behaviour_of(file, answer["behaviour"])
        payoffs = exact(answer["payoffs"])
        assert worth(file, behaviour) == payoffs
        for player, payoff in enumerate(payoffs):
            assert best_pure_answer(file, behaviour, player) == payoff


@pytest.mark.parametrize("game", TREES, ids=name_of)
def test_weighted_payoffs_add_up_to_what_each_node_pays(game: dict[str, Any]) -> None:
    file = read_tree(game)
    even = {
        number: (Fraction(1, len(item.actions)),) * len(item.actions)
        for number, item in enumerate(file.information_sets)
    }
    chosen = [Fraction(1)] * len(file.tree.nodes)
    for number, node in enumerate(file.tree.nodes):
        for child in node.children:
            chosen[child] = chosen[number] / (len(node.children) if node.kind is NodeKind.MOVE else 1)
    weights = [chosen[node] for node in file.ends()]
    added = [sum(map(Fraction.__mul__, weights, row), Fraction(0)) for row in file.payoffs.tolist()]
    assert tuple(added) == worth(file, even)


@pytest.mark.parametrize("game", TREES, ids=name_of)
def test_who_forgets_is_told_with_player_and_information_set(game: dict[str, Any]) -> None:
    file = read_tree(game)
    found = imperfect_recall(file.tree)
    expected: dict[str, str] = game.get("forgets", {})
    assert (found is None) == (not expected)
    if found is not None:
        assert found.kind.value == expected["kind"]
        assert file.players[found.player] == expected["player"]
        assert file.information_sets[found.information_set].label == expected["information_set"]
        sentence = found.sentence(file.players, file.information_set_names)
        assert f"'{expected['player']}'" in sentence
        assert f"'{expected.get('earlier', expected['information_set'])}'" in sentence


def test_the_absent_minded_driver_plans_to_go_on_twice_in_three_times() -> None:
    game = next(one for one in TREES if one["file"] == "absent_minded_driver.efg")
    file = read_tree(game)
    best = behaviour_of(file, game["best_behaviour"]["behaviour"])
    assert worth(file, best) == exact(game["best_behaviour"]["payoffs"])
    for step in range(31):
        chances = (Fraction(step, 30), 1 - Fraction(step, 30))
        assert worth(file, {0: chances})[0] <= Fraction(4, 3)


@pytest.mark.parametrize("game", GAMES, ids=name_of)
def test_what_is_written_reads_as_the_same_game(game: dict[str, Any]) -> None:
    file = read(game)
    text = write_game(file)
    assert read_game(text) == file
    assert write_game(read_game(text)) == text


@pytest.mark.parametrize("game", GAMES, ids=name_of)
def test_gambit_itself_reads_what_is_written_with_plain_labels(game: dict[str, Any], tmp_path: Path) -> None:
    pygambit = pytest.importorskip("pygambit")
    file = read(game)
    path = tmp_path / game["file"]
    path.write_text(write_game(with_plain_labels(file)), "utf-8")
    if isinstance(file, StrategicFile):
        theirs = pygambit.read_nfg(path)
        assert [len(player.strategies) for player in theirs.players] == list(file.game.shape)
    else:
        theirs = pygambit.read_efg(path)
        assert theirs.is_perfect_recall == (imperfect_recall(file.tree) is None)
    again = read_game(theirs.to_nfg() if isinstance(file, StrategicFile) else theirs.to_efg())
    if isinstance(again, StrategicFile) and isinstance(file, StrategicFile):
        assert again.game.payoffs.tolist() == file.game.payoffs.tolist()
    elif isinstance(again, TreeFile) and isinstance(file, TreeFile):
        assert again.payoffs.tolist() == file.payoffs.tolist()
        assert again.tree == file.tree


def test_repeated_and_missing_labels_are_told_apart_and_said() -> None:
    file = read_game((DATA / "stag_hunt_repeated_labels.nfg").read_bytes())
    assert isinstance(file, StrategicFile)
    assert file.players == ("Hunter_1", "Hunter_2")
    assert file.strategies == (("hunt_1", "hunt_2"), ("_1", "_2"))
    assert len(file.notes) == 3


def test_labels_of_every_script_come_through() -> None:
    file = read_game((DATA / "holmes_moriarty.nfg").read_bytes())
    assert file.players == ("Мориарти", "Шерлок Холмс")
    assert file.comment == 'Züge nach „Dôver“: "the Continental express"'
    assert with_plain_labels(file).players == ("????????", "?????? ?????")


def test_every_data_file_stands_in_the_catalogue() -> None:
    files = {path.name for path in DATA.iterdir() if path.suffix in {".nfg", ".efg"}}
    assert files == {game["file"] for game in GAMES}
    assert all(game["source"] for game in GAMES)
