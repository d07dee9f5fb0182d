"""`gamecore compromise`: the table, the sentences, the document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gamecore.cli import endings
from tests.advice.small import whole
from tests.questions.test_compromise import deals, menu

ROOT = Path(__file__).resolve().parent.parent
PHASE2 = str(ROOT / "scenarios" / "phase2-covid-by-state.yaml")


@pytest.fixture
def compromise(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command; (exit code, standard output on one line, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = endings.run(["compromise", *arguments])
        printed = capsys.readouterr()
        return code, " ".join(printed.out.split()), printed.err

    return run


def test_rules_payments_and_the_split_are_told(compromise: Any) -> None:
    code, out, err = compromise(PHASE2, "--weights", "diamond=3,sapphire=1")
    assert (code, err) == (0, "")
    assert "If a side says no: Diamond 16.0 (no agreement), Sapphire 43.0 (no agreement)" in out
    assert (
        "1. The largest product of the gains, each to the power of its side's weight "
        "(weights: Diamond 75%, Sapphire 25%): “Wait six months, then Diamond decides”." in out
    )
    assert "with the joint gain of 14.2 shared by Diamond 75%, Sapphire 25%" in out
    assert "Nash" not in out


def test_trades_say_what_each_gives_and_gets(compromise: Any, tmp_path: Path) -> None:
    worth = {
        (p, t, d): (2 * (t == "long") - (p == "high"), 3 * (p == "high") - (t == "long"))
        for p in ("low", "high")
        for t in ("short", "long")
        for d in ("shared", "held")
    }
    file = tmp_path / "deals.yaml"
    file.write_text(whole(deals(worth)))
    code, out, _ = compromise(str(file))
    assert code == 0
    assert (
        "- Price from Low to High and Term from Short to Long: Ann gives Price and gets Term; Ben gives Term and gets "
        "Price; Ann +1.0, Ben +2.0." in out
    )


def test_lotteries_and_one_rule(compromise: Any) -> None:
    code, out, _ = compromise(PHASE2, "--rule", "egalitarian", "--lotteries")
    assert code == 0
    assert "“Start on 1 July as planned” in 26 of 100 and “Wait six months, then Diamond decides” in 74 of 100" in out
    assert "product" not in out


def test_the_document_is_the_same_every_time(compromise: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert endings.run(["compromise", PHASE2, "--json"]) == 0
    first = capsys.readouterr().out
    assert json.loads(first)["menu"] == 4
    assert endings.run(["compromise", PHASE2, "--json"]) == 0
    assert capsys.readouterr().out == first


def test_text_of_the_file_is_data(compromise: Any, tmp_path: Path) -> None:
    file = tmp_path / "menu.yaml"
    file.write_text(whole(menu([(1, 2), (2, 1)]).replace("Offer 0", '"[red]Offer[/red] :smile:"')))
    _, out, _ = compromise(str(file))
    assert "[red]Offer[/red] :smile:" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--rule", "fair"], "--rule fair: there is no such rule"),
        (["--from", "plan=never"], "--from plan=never: there is no such option"),
        (["--weights", "diamond=1"], "--weights: every player needs a weight above 0; sapphire has none"),
    ],
)
def test_what_is_wrong_is_told_with_the_name_of_the_option(compromise: Any, arguments: list[str], told: str) -> None:
    code, out, err = compromise(PHASE2, *arguments)
    assert (code, out) == (2, "")
    assert told in err
