"""Published and classic problems, written as scenario files from the documents alone.

Each file expects what was computed apart from the program: from its source, in closed form, or by fine sums over time.
What knowing more is worth in them stands below, with its sign.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gamecore.cli import endings
from gamecore.expectations import MET, check_expectations
from gamecore.pipeline import Settings
from gamecore.scenario import read_scenario

FOLDER = Path(__file__).parent / "files"
FILES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", FILES)
def test_a_problem_has_its_answer(name: str) -> None:
    path = FOLDER / f"{name}.yaml"
    outcomes = check_expectations(read_scenario(path.read_bytes(), file=path.name), Settings(draws=2000))
    assert outcomes
    assert [outcome for outcome in outcomes if outcome.status != MET] == []


WORTH = [
    # file, about, accuracy, seen by, player, alone, in the game
    ("oil-wildcatter-untested", "oil", None, None, "wildcatter", 35.0, 35.0),  # Raiffa 1968: .3 x 50 + .2 x 200 - 20
    # Kamien, Tauman & Zamir 1990: who sees the card shows it by guessing, so both get 2 in place of 3.
    ("guessing-game", "card", None, "ann", "ann", 3.0, -1.0),
    ("guessing-game", "card", None, "ann", "bob", 0.0, -1.0),
]


@pytest.mark.parametrize(("name", "about", "accuracy", "seen_by", "player", "alone", "in_the_game"), WORTH)
def test_what_knowing_is_worth(
    capsys: pytest.CaptureFixture[str],
    name: str,
    about: str,
    accuracy: str | None,
    seen_by: str | None,
    player: str,
    alone: float,
    in_the_game: float,
) -> None:
    options = ["--about", about, "--json"]
    options += ["--accuracy", accuracy] if accuracy else []
    options += ["--seen-by", seen_by] if seen_by else []
    assert endings.run(["information", str(FOLDER / f"{name}.yaml"), *options]) == 0
    document = json.loads(capsys.readouterr().out)
    found = next(one for one in document["events"] if bool(one["accuracy"]) == bool(accuracy))
    assert found["alone"][player] == pytest.approx(alone, abs=1e-6)
    for values in found["in_the_game"].values():
        assert values[player] == pytest.approx(in_the_game, abs=1e-6)
