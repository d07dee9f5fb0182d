"""`gamecore convert FILE OUT.xlsx` and `gamecore fill`: out, back, and what is told on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gamecore.cli.commands import app
from gamecore.scenario.workbook import read_workbook
from tests.scenario.test_spreadsheet import TEXT, grid_of, packed, put

RATES = TEXT.replace("unit: USD m\n", "unit: USD m\nrates: {EUR: 1.08}   # central bank\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "licence.yaml").write_text(RATES)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_a_scenario_goes_out_is_filled_in_and_comes_back(folder: Path) -> None:
    code, said = run("convert", "licence.yaml", "inputs.xlsx")
    assert code == 0
    assert said.splitlines() == [
        "note: the spreadsheet carries 1 confidential entry of the file; --copy shared leaves them out",
        "wrote inputs.xlsx",
    ]
    assert run("fill", "licence.yaml", "inputs.xlsx", "-o", "same.yaml") == (0, "wrote same.yaml\n")
    assert (folder / "same.yaml").read_text() == RATES
    grid = grid_of((folder / "inputs.xlsx").read_bytes())
    put(grid, "Inputs", "rate_eur", "base", 1.1)
    put(grid, "Payoffs", "fee", "buyer", -3)
    (folder / "filled.xlsx").write_bytes(packed(grid))
    assert run("fill", "licence.yaml", "filled.xlsx", "-o", "new.yaml") == (0, "wrote new.yaml\n")
    assert (folder / "new.yaml").read_text() == RATES.replace("{EUR: 1.08}", "{EUR: 1.1}").replace(
        "buyer: -2, seller: 2", "buyer: -3, seller: 2"
    )


def test_faults_of_the_sheet_end_with_two_and_nothing_is_written(folder: Path) -> None:
    run("convert", "licence.yaml", "inputs.xlsx")
    grid = grid_of((folder / "inputs.xlsx").read_bytes())
    place = put(grid, "Inputs", "margin", "base", "")
    (folder / "inputs.xlsx").write_bytes(packed(grid))
    code, said = run("fill", "licence.yaml", "inputs.xlsx", "-o", "new.yaml")
    assert (code, said) == (2, f"inputs.xlsx:{place}: the cell is empty; 'margin' needs a number here\n")
    assert not (folder / "new.yaml").exists()


def test_faults_of_the_scenario_are_told_first(folder: Path) -> None:
    run("convert", "licence.yaml", "inputs.xlsx")
    (folder / "licence.yaml").write_text(RATES.replace("margin: 45%", "margin: lots"))
    code, said = run("fill", "licence.yaml", "inputs.xlsx", "-o", "new.yaml")
    assert code == 2
    assert "inputs.margin: nothing is called 'lots'" in said


def test_what_is_no_spreadsheet_ends_with_two_and_what_is_too_large_with_three(folder: Path) -> None:
    (folder / "inputs.xlsx").write_text("name,base\n")
    assert run("fill", "licence.yaml", "inputs.xlsx", "-o", "new.yaml")[0] == 2
    (folder / "inputs.xlsx").write_bytes(bytes(5_000_001))
    code, said = run("fill", "licence.yaml", "inputs.xlsx", "-o", "new.yaml")
    assert code == 3
    assert "at most 5,000,000 are read" in said


def test_neither_the_scenario_nor_the_spreadsheet_is_overwritten(folder: Path) -> None:
    run("convert", "licence.yaml", "inputs.xlsx")
    code, said = run("fill", "licence.yaml", "inputs.xlsx", "-o", "licence.yaml")
    assert (code, "this is the scenario itself" in said) == (2, True)
    code, said = run("fill", "licence.yaml", "inputs.xlsx", "-o", "inputs.xlsx")
    assert (code, "inputs.xlsx: the ending says the format" in said) == (2, True)
    assert read_workbook((folder / "inputs.xlsx").read_bytes(), "inputs.xlsx")


def test_a_copy_to_share_says_what_it_leaves_out(folder: Path) -> None:
    code, said = run("convert", "licence.yaml", "shared.xlsx", "--copy", "shared")
    assert (code, said.splitlines()[0]) == (0, "note: a copy to share: 3 confidential rows left out")
    assert [row[0] for row in grid_of((folder / "shared.xlsx").read_bytes())["Inputs"]].count("hold") == 0
