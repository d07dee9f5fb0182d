"""`gamecore cashflow`: the tables, the documents, the files, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from gamecore.cli import endings

ROOT = Path(__file__).resolve().parent.parent
OVERRUN = str(ROOT / "scenarios" / "cost-overrun.yaml")
PHASE2 = str(ROOT / "scenarios" / "phase2-covid.yaml")


@pytest.fixture
def cashflow(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command; (exit code, standard output, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = endings.run(["cashflow", *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_every_option_is_told_with_its_sums_and_what_cannot_be_funded(cashflow: Any) -> None:
    code, out, _ = cashflow(OVERRUN)
    assert code == 0
    assert "Pay half of the excess (excess=share)" in out
    assert "Sapphire cannot fund its share of phase 3 from month 15 (2030-12-01): short 69.2 USD m" in out
    assert "with a chance of 75%" in out  # review, where the news decides who pays it
    assert "Worth 3.8 in all" in out


def test_one_option_has_its_cash_by_quarters(cashflow: Any) -> None:
    _, out, _ = cashflow(OVERRUN, "--when", "excess=share,overrun=large", "--player", "sapphire")
    rows = [line.split() for line in out.splitlines() if line.strip().startswith(("12 ", "15 ", "18 ", "36 "))]
    assert rows[:3] == [["12", "0.0", "0.0", "0.0"], ["15", *["−2.8"] * 3], ["18", *["−11.1"] * 3]]  # 108 / 39 a month


def test_one_option_is_told_year_by_year(cashflow: Any) -> None:
    code, out, _ = cashflow(PHASE2, "--when", "plan=start,pandemic=contained", "--player", "sapphire")
    assert code == 0
    assert "Diamond" not in out
    assert out.count(" 14-15 ") == 6  # three kinds of amounts, sources in two tables each
    assert "Worth 63.8 in all, 3.6 of it within 12 months, 0.7 within 3 years" in out


def test_the_document_has_every_flow_and_adds_up(cashflow: Any) -> None:
    code, out, _ = cashflow(OVERRUN, "--json", "--option", "excess=share")
    (plan,) = json.loads(out)["plans"]
    assert code == 0
    assert list(plan["runways"]) == ["sapphire"]
    for table in plan["tables"]:
        assert len(table["edges"]) == len(table["total"]["discounted"]) + 1
        assert sum(sum(row["discounted"]) for row in table["rows"]) == pytest.approx(table["value"], abs=1e-9)


def test_a_csv_has_a_row_for_each_flow_and_no_cell_that_runs(cashflow: Any, tmp_path: Path) -> None:
    file, out = tmp_path / "s.yaml", tmp_path / "flows.csv"
    text = Path(OVERRUN).read_text("utf-8").replace("label: Paid before the stop", 'label: "=1+1"')
    file.write_text(text, "utf-8")
    assert cashflow(str(file), "--when", "overrun=large,go_on=stop", "--out", str(out))[0] == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert {row["label"] for row in rows} >= {"'=1+1"}
    total = sum(float(row["discounted"]) for row in rows if row["player"] == "sapphire")
    assert total == pytest.approx(-28 + 6 * 1.13 ** -(13 / 12))


def test_a_spreadsheet_has_a_sheet_for_each_plan_and_player_and_the_same_bytes_again(
    cashflow: Any, tmp_path: Path
) -> None:
    from python_calamine import load_workbook

    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for out in (first, second):
        assert cashflow(OVERRUN, "-o", str(out))[0] == 0
    assert first.read_bytes() == second.read_bytes()
    with load_workbook(io.BytesIO(first.read_bytes())) as book:
        assert len(book.sheet_names) == 9  # three plans: both players, and the cash of the one with a runway
        cash = book.get_sheet_by_name("1 cash of sapphire").to_python()
        rows = book.get_sheet_by_name("1 sapphire").to_python()
    assert cash[4 + 15][0] == 15
    assert cash[5][5:9] == ["phase 3", "cost phase_3", 15, pytest.approx(108 * 25 / 39)]
    values = {str(row[0]): row for row in rows}
    assert values["value in the analysis"][3] == pytest.approx(2.918742, abs=1e-6)
    totals = [row[-1] for row in rows if row[0] == "total"]
    assert totals[2] == pytest.approx(2.918742, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--option", "excess=pay"), "there is no such option; choose one of excess=share"),
        (("--option", "excess=share", "--when", "overrun=large"), "not both"),
        (("--when", "overrun"), "write NAME=VALUE"),
        (("--when", "weather=wet"), "there is no such decision, term or event"),
        (("--when", "overrun=huge"), "choose one of none, moderate, large"),
        (("--player", "topaz"), "there is no player 'topaz'"),
        (("-o", "flows.pdf"), "use one of .csv, .xlsx"),
    ],
    ids=lambda item: "" if isinstance(item, str) else item[-1],
)
def test_what_is_not_there_is_told(cashflow: Any, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = cashflow(OVERRUN, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_criteria_have_no_cash(cashflow: Any) -> None:
    code, _, err = cashflow(str(ROOT / "scenarios" / "internal-alignment.yaml"))
    assert code == 2
    assert "weighted criteria" in err
