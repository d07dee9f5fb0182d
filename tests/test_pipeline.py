"""The whole walk: the same input gives the same bytes, whatever the process and the order of the file; limits hold."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from gamecore.advice.analysis import Kind
from gamecore.errors import InputError, TooLargeError
from gamecore.pipeline import Limits, Settings, analyse, analysis_document, analysis_schema, solve
from gamecore.scenario import apply_levers, read_scenario, set_values
from tests.advice import test_agreements, test_moves
from tests.advice.small import read, whole

FOLDER = Path(__file__).parents[1] / "scenarios"
PROGRAM = """
import json, sys
from gamecore.pipeline import Settings, analysis_document, analysis_of
from gamecore.scenario import apply_levers, read_scenario, set_values
for text in json.load(sys.stdin):
    print(json.dumps(analysis_document(analysis_of(read_scenario(text), Settings(draws=300)))))
"""
SMALL = {
    "three sides": test_agreements.THREE_SIDES,
    "an alliance of three": "advise: alliance" + test_agreements.THREE_SIDES,
    "rounds": test_agreements.BREAKING.format(breakdown="50%"),
    "two agreements": test_agreements.ROW.format(scope="0", price="1 month"),
    "a tie": test_moves.TIE,
    "news first": test_moves.NEWS_FIRST,
    "lemons": test_moves.LEMONS.format(good=12, bad=3),
    "half the lemons": test_moves.LEMONS.format(good=14, bad=9),
    "pennies": test_moves.AT_ONCE.format(
        his="down", same="ann: 1, ben: -1", other="ann: 1, ben: -1", mixed="ann: -1, ben: 1"
    ),
}


def texts() -> list[str]:
    return [path.read_text() for path in sorted(FOLDER.glob("*.yaml"))] + [whole(text) for text in SMALL.values()]


def in_a_process_of_its_own(seed: str) -> bytes:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(texts()).encode(),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    return run.stdout


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    first, second = in_a_process_of_its_own("1"), in_a_process_of_its_own("2")
    assert first == second
    assert len(first.splitlines()) == len(texts())


@pytest.mark.parametrize("name", SMALL)
def test_the_document_of_a_small_case_is_as_its_schema_says(name: str) -> None:
    document = analysis_document(analyse(read(SMALL[name]), Settings(draws=50)))
    jsonschema.Draft202012Validator(analysis_schema()).validate(document)
    for frequency in document["frequencies"]:
        assert sum(frequency["shares"].values()) == pytest.approx(1)
    for equilibrium in document["equilibria"]:
        assert equilibrium["certificate"]["max_gain_value"] <= 0


def test_the_schema_is_one_that_validators_take_and_that_turns_other_documents_away() -> None:
    jsonschema.Draft202012Validator.check_schema(analysis_schema())
    document = analysis_document(analyse(read(SMALL["a tie"]), Settings(draws=10)))
    del document["recommendation"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(analysis_schema()).validate(document)


def without_the_file(document: dict[str, Any]) -> dict[str, Any]:
    """Without what tells one file from another, and without the picture, whose columns of one date follow the file."""
    return document | {"scenario": document["scenario"] | {"sha256": "", "file": ""}, "tree": None}


def shuffled(text: str, keys: tuple[str, ...]) -> str:
    """The file with its blocks, and the entries of some of them, in another order."""
    root = YAML(typ="base").load(text)
    order = random.Random(7)
    for key in keys:
        entries = list(root.get(key, {}).items())
        order.shuffle(entries)
        if entries:
            root[key] = dict(entries)
    blocks = list(root.items())
    order.shuffle(blocks)
    return json.dumps(dict(blocks))


@pytest.mark.parametrize("name", ["phase2-covid-by-state", "supply-price", "payer", "ip-ownership", "termination"])
def test_the_order_of_the_file_changes_nothing_but_the_order_in_which_things_are_listed(name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_text()
    other = shuffled(text, ("timing", "inputs", "levers", "payoffs"))
    settings = Settings(draws=300)
    first = without_the_file(analysis_document(analyse(read_scenario(text), settings)))
    second = without_the_file(analysis_document(analyse(read_scenario(other), settings)))
    assert _rounded(first) == _rounded(second)


def _rounded(value: Any) -> Any:
    """Sums of lines in another order differ in the last digit of a draw."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list) else value


def test_another_seed_gives_other_draws_and_the_same_base_values() -> None:
    scenario = read_scenario((FOLDER / "phase2-covid-by-state.yaml").read_bytes())
    one, two = (analyse(scenario, Settings(seed=seed, draws=200)) for seed in (1, 2))
    assert one.frequencies != two.frequencies
    assert [item.standings[0].value.base for item in one.candidates] == [
        item.standings[0].value.base for item in two.candidates
    ]
    assert one.recommendation.candidate == two.recommendation.candidate


def test_progress_is_told_up_to_the_last_draw() -> None:
    told: list[tuple[int, int, str]] = []
    scenario = read_scenario((FOLDER / "phase2-covid-by-state.yaml").read_bytes())
    analyse(scenario, Settings(draws=100), progress=lambda *item: told.append(item))
    assert told[-1] == (100, 100, "draws")


@pytest.mark.parametrize("draws", [0, -5])
def test_fewer_than_one_draw_is_wrong_input(draws: int) -> None:
    with pytest.raises(InputError, match="draws"):
        analyse(read(test_moves.TIE), Settings(draws=draws))


@pytest.mark.parametrize(
    ("limit", "changed"),
    [("draws", {"draws": 10}), ("nodes", {"nodes": 3}), ("cases", {"cases": 2})],
)
def test_a_broken_limit_is_named(limit: str, changed: dict[str, int]) -> None:
    settings = Settings(draws=50, limits=replace(Limits(), **changed))
    with pytest.raises(TooLargeError) as refused:
        analyse(read(test_moves.TIE), settings)
    assert refused.value.limit == limit


def test_a_tree_too_large_to_draw_is_left_out() -> None:
    found = analyse(read(test_moves.TIE), Settings(draws=10, limits=Limits(drawn_nodes=2)))
    assert found.tree is None
    assert analyse(read(test_moves.TIE), Settings(draws=10)).tree is not None


def test_the_tree_marks_the_path_of_the_recommended_plan() -> None:
    tree = analyse(read(test_moves.TIE), Settings(draws=10)).tree
    assert tree is not None
    root = tree.nodes[0]
    assert [(label, on_path) for label, _, _, on_path in root.branches] == [("Left", True), ("Right", False)]
    after = tree.nodes[root.branches[0][1]]
    assert [(label, on_path) for label, _, _, on_path in after.branches] == [("Be mean", False), ("Be kind", True)]


def test_solve_lists_both_equilibria_of_simultaneous_moves_and_the_mixed_one() -> None:
    text = test_moves.AT_ONCE.format(his="up", same="ann: 3, ben: 2", other="ann: 2, ben: 3", mixed="all: 0")
    document = solve(read(text))
    assert document["form"] == "strategic"
    assert document["pure"] == [[0, 0], [1, 1]]
    (mixed,) = (item for item in document["equilibria"] if not item["pure"])
    assert mixed["strategies"] == {"ann": ["3/5", "2/5"], "ben": ["2/5", "3/5"]}
    assert mixed["payoffs"] == ["6/5", "6/5"]


def test_solve_lists_every_subgame_perfect_outcome_of_a_tie() -> None:
    document = solve(read(test_moves.TIE))
    paths = [item["path"][0]["history"] for item in document["subgame_perfect_outcomes"]]
    assert {"first": "left", "second": "kind"} in paths
    assert {"first": "right"} in paths
    assert len(paths) == 2


def test_where_one_proposer_only_was_analysed_the_analysis_is_partial_and_says_so() -> None:
    found = analyse(
        read(test_agreements.NEWS_OF_ANN.format(seen=", seen_by: ann", proposes="each")), Settings(draws=10)
    )
    assert found.status == "partial"
    assert Kind.INCOMPLETE in {note.kind for note in found.notes}


def test_the_analysis_says_which_levers_were_pulled_so_that_it_can_be_repeated() -> None:
    scenario = read_scenario((FOLDER / "phase2-covid-by-state.yaml").read_bytes(), file="phase2-covid.yaml")
    pulled = apply_levers(scenario, ["contract_binds", "pay_at_signature"], {"pay_at_signature": Fraction(15, 2)})
    analysis = analyse(pulled, Settings(draws=50))
    assert analysis.scenario.sha256 == scenario.sha256
    assert analysis.scenario.changes == ("contract_binds", "pay_at_signature=7.5")
    assert set_values(scenario, {"timing.january": "7 months"}).changes == ("timing.january=7 months",)
