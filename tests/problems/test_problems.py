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


# file, options, player -> (as sole decider, in the game)
WORTH = [
    # Raiffa 1968: .3 x 50 + .2 x 200 - 20
    ("oil-wildcatter-untested", "--about oil", {"wildcatter": (35.0, 35.0)}),
    # Howard & Abbas, Foundations of Decision Analysis: the value of clairvoyance and of a detector, in certain money
    ("party-problem", "--about weather", {"kim": (20.264178, 20.264178)}),
    ("party-problem", "--about weather --accuracy 80%", {"kim": (8.817581, 8.817581)}),
    # Hirshleifer 1971: known weather cannot be insured any more, which costs 50 - 28.31 each; who decided
    # alone would sign only before a bad harvest, -50 ln((e^-2 + e^-1) / 2) - 50
    ("insurance-before-news", "--about rain", {"north": (18.994275, -21.689042), "south": (18.994275, -21.689042)}),
    # Who may leave it unsigned is worth .4 x 65.637 in place of 14.516 (Pharma at the gate of a bad market); computed
    # with fine sums over time
    ("holder-of-the-gate", "--about market", {"pharma": (11.7393, None), "bio": (0.0, None)}),
    # Kamien, Tauman & Zamir 1990: who sees the card shows it by guessing, so both get 2 in place of 3.
    ("guessing-game", "--about card --seen-by ann", {"ann": (3.0, -1.0), "bob": (0.0, -1.0)}),
]


@pytest.mark.parametrize(("name", "options", "worth"), WORTH)
def test_what_knowing_is_worth(
    capsys: pytest.CaptureFixture[str], name: str, options: str, worth: dict[str, tuple[float, float | None]]
) -> None:
    assert endings.run(["information", str(FOLDER / f"{name}.yaml"), "--json", *options.split()]) == 0
    found = json.loads(capsys.readouterr().out)["events"][-1]
    for player, (alone, in_the_game) in worth.items():
        assert found["alone"][player] == pytest.approx(alone, abs=1e-6 if in_the_game is not None else 1e-3)
        for values in found["in_the_game"].values():
            assert in_the_game is None or values[player] == pytest.approx(in_the_game, abs=1e-6)


# file, input, where the outcome changes
BREAK_EVEN = [
    ("rnpv-break-even", "inputs.p2", 0.289 * 40 / (40 + 8.563868249526791)),  # the value is linear in the chance
    ("fear-of-risk", "inputs.s", -0.8266097422807129),  # the certainty equivalent of the gamble
]


@pytest.mark.parametrize(("name", "key", "threshold"), BREAK_EVEN)
def test_the_outcome_changes_where_two_options_are_level(
    capsys: pytest.CaptureFixture[str], name: str, key: str, threshold: float
) -> None:
    assert endings.run(["tornado", str(FOLDER / f"{name}.yaml"), "--json"]) == 0
    bars = json.loads(capsys.readouterr().out)["tornado"]["bars"]
    (bar,) = [one for one in bars if one["quantity"]["key"] == key]
    (change,) = bar["along"][0]["changes"]
    assert change["at"] == pytest.approx(threshold, rel=1e-5)
    assert change["proved"]
