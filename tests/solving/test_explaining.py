"""Why nobody moves: ledgers in full, who would move first, and sentences that people understand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gamecore.games.gambit import TreeFile, read_game
from gamecore.scenario import read_scenario
from gamecore.solving import Answer, solve
from tests.worked import WITH_ORDER

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "games" / "data"
# of games with an order of moves


def _game(name: str) -> Any:
    return read_game((DATA / name).read_bytes())


@pytest.mark.parametrize(
    "name",
    ["prisoners_dilemma.nfg", "battle_of_the_sexes.nfg", "mckelvey_mclennan.nfg", "chain_store.efg", "kuhn_poker.efg"],
)
def test_the_ledger_has_every_deviation_and_its_gain(name: str) -> None:
    answer = solve(_game(name), explain=True)
    for found in answer.document()["equilibria"]:
        ledger = found["explanation"]["ledger"]
        assert len(ledger) == found["deviations"]
        assert max(Fraction(line["gain"]) for line in ledger) == Fraction(found["max_gain"])
        assert {line["player"] for line in ledger} <= set(answer.players)


def test_a_ledger_of_a_strategic_form_is_what_sums_say() -> None:
    game = np.random.default_rng(5).integers(0, 4, (2, 3, 3))
    answer = solve(game.tolist(), explain=True)
    assert answer.equilibria
    for found in answer.equilibria:
        x, y = (np.array(mix, dtype=object) for mix in found.strategies if not isinstance(mix, dict))
        worth = game[0].astype(object) @ y, x @ game[1].astype(object)
        assert found.explanation is not None
        for line in found.explanation.ledger:
            player = answer.players.index(line.player)
            assert line.gain == worth[player][int(line.deviation) - 1] - found.payoffs[player]


def _first(answer: Answer, place: int) -> Any:
    explanation = answer.equilibria[place].explanation
    assert explanation is not None
    assert explanation.first is not None
    return explanation.first


def test_who_mixes_does_not_care_and_would_move_first() -> None:
    answer = solve(_game("battle_of_the_sexes.nfg"), explain=True)
    first = _first(answer, 2)
    assert (first.player, first.loss, first.change) == ("Player 1", 0, 0)
    explanation = answer.equilibria[2].explanation
    assert explanation is not None
    assert explanation.sentences[-1] == (
        "Player 1 would move first, to Bach: it pays as soon as what it gets at (Bach, Stravinsky) rises by anything "
        "at all, however little"
    )


def test_several_things_at_several_places_are_said_place_by_place() -> None:
    explanation = solve(_game("kuhn_poker.efg"), explain=True).equilibria[0].explanation
    assert explanation is not None
    assert explanation.sentences[1] == (
        "2 mixes, and everything it mixes gives it the same; otherwise it keeps to its plan: check at K after check, "
        "check at J after check instead would cost it 1/18 (about 0.0555556)"
    )


def test_a_player_whom_play_never_reaches_is_said_to_change_nothing() -> None:
    answer = solve(_game("selten_horse.efg"), explain=True)
    explanation = answer.equilibria[0].explanation
    assert explanation is not None
    assert "nothing else that Player 3 could do would change what happens" in explanation.sentences


def test_answers_to_offers_are_called_by_what_they_are() -> None:
    answer = solve(read_scenario((ROOT / "scenarios" / "phase2-covid-by-state.yaml").read_bytes()), explain=True)
    explanation = answer.equilibria[0].explanation
    assert explanation is not None
    deviations = {(line.player, line.deviation) for line in explanation.ledger}
    assert ("diamond", "offering hybrid") in deviations
    assert ("sapphire", "accepting hybrid") in deviations  # which it refuses
    assert any(
        sentence.startswith("sapphire keeps to its plan at plan: refusing wait") for sentence in explanation.sentences
    )


@pytest.mark.parametrize("path", WITH_ORDER, ids=lambda path: path.stem)
def test_the_ledger_of_a_scenario_names_everything(path: Path) -> None:
    answer = solve(read_scenario(path.read_bytes()), explain=True)
    for found in answer.equilibria:
        assert found.explanation is not None
        ledger = found.explanation.ledger
        assert 0 < len(ledger) <= len(found.certificate.deviations)
        assert all(line.deviation and line.where for line in ledger if " at " not in line.deviation)
        assert all(line.gain <= 0 for line in ledger)


def test_trees_are_explained_as_trees() -> None:
    tree = _game("beer_quiche.efg")
    assert isinstance(tree, TreeFile)
    for found in solve(tree, explain=True).equilibria:
        assert found.explanation is not None
        assert {line.player for line in found.explanation.ledger} == {"Sender", "Receiver"}
