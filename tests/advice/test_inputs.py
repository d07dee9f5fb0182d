"""Every input stands in the record with its unit, source and owner; Sobol draws are asked for and said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gamecore.brief import render
from gamecore.cli.commands import app
from gamecore.errors import InputError
from gamecore.pipeline import Settings, analyse, analysis_document
from gamecore.scenario import read_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
TEXT = """\
gamecore: 1
title: T
question: Q
advise: a
unit: USD m
rates: {EUR: {value: 1.08, source: central bank}}
players: {a: {name: A}}
decisions: {go: {by: a, options: {in_: In, out: Out}}}
events: {costs: {chances: {rise: 40%, stay: rest}}}
baseline: {go: out}
timing: {go: 0, costs: hidden}
payoffs:
  one: {rows: [{when: {go: in_}, a: peak - cost * packs}, {when: {go: out}, a: 0}]}
inputs:
  peak: {value: 1 .. 2 .. 4, unit: EUR m, source: forecast, owner: Strategy,
    confidential: yes, moves_with: {packs: 0.4} }
  packs: {value: 0 .. 1, shape: uniform, at_least: 0.25}
  cost: {label: Cost of a pack, rows: [{when: {costs: rise}, value: 2}, {when: otherwise, value: 1}]}
  law: {one_of: {court: A court, panel: A panel}, value: court}
"""


@pytest.fixture(scope="module")
def inputs() -> dict[str, dict[str, Any]]:
    document = analysis_document(analyse(read_scenario(TEXT), Settings(draws=200)))
    return {item["key"]: item for item in document["inputs"]}


def test_the_record_has_every_input_with_its_unit_source_and_owner(inputs: dict[str, dict[str, Any]]) -> None:
    assert list(inputs) == ["cost", "law", "packs", "peak", "rate_eur"]
    assert inputs["peak"] == {
        "key": "peak",
        "label": "Peak",
        "value": "1 .. 2 .. 4",
        "shape": "normal",
        "base": 2,
        "p10": 1,
        "p90": 4,
        "cut": 0,
        "unit": "EUR m",
        "source": "forecast",
        "owner": "Strategy",
        "moves_with": {"packs": 0.4},
        "confidential": True,
    }
    assert (inputs["rate_eur"]["source"], inputs["rate_eur"]["base"]) == ("central bank", 1.08)
    assert (inputs["cost"]["value"], inputs["cost"]["base"], inputs["cost"]["label"]) == (
        "2; 1",
        None,
        "Cost of a pack",
    )
    assert (inputs["law"]["value"], inputs["law"]["base"]) == ("court", None)


def test_the_record_says_how_many_draws_were_cut(inputs: dict[str, dict[str, Any]]) -> None:
    assert inputs["packs"]["cut"] == 0.25
    assert inputs["packs"]["p10"] == 0.25


def test_the_sampling_is_part_of_the_record_and_of_the_page() -> None:
    scenario = read_scenario((SCENARIOS / "phase2-covid.yaml").read_bytes())
    latin, sobol, again = (
        analyse(scenario, Settings(draws=300, sampling=name)) for name in ("latin-hypercube", "sobol", "sobol")
    )
    assert (latin.sampling, sobol.sampling) == ("latin-hypercube", "sobol")
    assert analysis_document(sobol) == analysis_document(again)
    assert latin.frequencies != sobol.frequencies
    for analysis, said in ((latin, "seed 1, 300 draws"), (sobol, "seed 1, 300 Sobol draws")):
        assert said in render(analysis, "md").decode().replace(" · ", ", ")
        assert json.loads(render(analysis, "json"))["provenance"]["sampling"] == analysis.sampling


def test_another_word_is_no_sampling() -> None:
    with pytest.raises(InputError, match="there is no sampling 'halton'"):
        analyse(read_scenario(TEXT), Settings(sampling="halton"))


def test_the_command_line_takes_a_sampling(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(TEXT)
    asked = CliRunner().invoke(app, ["analyse", str(file), "--json", "--draws", "50", "--sampling", "sobol"])
    assert json.loads(asked.output)["sampling"] == "sobol"


def test_the_terminal_shows_where_the_inputs_come_from_and_who_answers_for_them(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(TEXT)
    told = CliRunner().invoke(app, ["analyse", str(file), "--draws", "100"], env={"COLUMNS": "160"})
    assert told.exit_code == 0
    lines = [" ".join(line.split()) for line in told.output.splitlines()]
    assert "Peak 1 .. 2 .. 4 EUR m forecast Strategy" in lines
    assert "Packs 0 .. 1 uniform, 25.0% of the draws cut" in lines
    assert "Rate eur 1.08 central bank" in lines
    file.write_text(TEXT.replace("source", "note").replace("owner: Strategy,", ""))
    assert "Rate eur" not in CliRunner().invoke(app, ["analyse", str(file), "--draws", "100"]).output
