"""`gamecore compromise`: the table, the sentences, the document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gamecore.cli import endings
from tests.advice.small import whole
from tests.questions.test_compromise import deals, menu
from tests.questions.test_compromise_deals import FEE

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"
PHASE2 = str(SCENARIOS / "phase2-covid-by-state.yaml")


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


def test_a_change_that_needs_a_payment_comes_with_its_range(compromise: Any) -> None:
    code, out, _ = compromise(PHASE2)
    assert code == 0
    assert "No other option is worth more to anybody without being worth less to another." in out
    assert "Diamond would rather say no: 16.0 against " in out
    assert re.search(r"“Wait six months, then Diamond decides”: Diamond \+\d+\.\d, Sapphire −4\.4; ", out)
    assert "Both have more if Diamond pays Sapphire more than 4.4 and less than 9.8; 7.1 is even." in out


def test_a_side_that_no_payment_keeps_at_the_table_is_named(compromise: Any) -> None:
    _, out, _ = compromise(str(SCENARIOS / "licence-term-sheet.yaml"))
    assert "Sapphire would rather say no: 55.0 against 40.3." in out
    assert "more than 5.0 and less than 9.0; 7.0 is even, but Sapphire would still rather say no." in out


def test_from_a_deal_terms_are_told_one_by_one_and_where_they_lead(compromise: Any) -> None:
    start = "upfront=30,milestones=100,royalty=high,territory=ex_china,improvements=diamond,co_promotion=none"
    code, out, _ = compromise(str(SCENARIOS / "licence-term-sheet.yaml"), "--from", start)
    assert code == 0
    assert "Upfront can carry a payment: what it takes from one side it gives to the other, whatever else is" in out
    assert "what one of these is worth hangs on the others: Development milestones in total, Royalty and Terri" in out
    assert "The deal can be made better in one step worth more to everybody, by Diamond +9.6, Sapphire +5.9" in out


def test_any_amount_of_a_term_is_told_where_it_is_worth_a_straight_line(compromise: Any, tmp_path: Path) -> None:
    for formula, told in (
        ("fee", "Each side gains the same, as nearly as can be: Site South, Fee 4.50 (Ann 5.5, Ben 4.5)."),
        ("fee ** 2 / 10", "Fee is taken at the levels tried, not at any amount."),
    ):
        file = tmp_path / "fee.yaml"
        file.write_text(whole(FEE.format(fee=formula)))
        code, out, _ = compromise(str(file))
        assert code == 0
        assert told in out


def test_votes_are_told(compromise: Any) -> None:
    _, out, _ = compromise(str(SCENARIOS / "internal-alignment.yaml"))
    assert "It takes 2 of 3 votes, Clinical development among them: 4 of 4 pass" in out
    assert "Finance alone stands against 1 that all others would take." in out


def test_a_bet_is_told_with_what_it_is_worth_at_the_chances_of_the_file(compromise: Any) -> None:
    _, out, _ = compromise(str(SCENARIOS / "termination.yaml"))
    assert "A bet on “What the arbitrators decide”, since beliefs differ" in out
    assert "Sapphire sees “For sapphire” 60 of 100 and “For diamond” 40 of 100." in out
    assert re.search(r"After “For sapphire”: Diamond pays Sapphire \d", out)
    assert re.search(r"At the chances of the file: Diamond \+(\d\.\d), Sapphire −\1\.", out)
    assert "the bet counts only where it does" in out


def test_where_nobody_is_asked_gains_count_from_the_plan_as_it_stood(compromise: Any) -> None:
    _, out, _ = compromise(str(SCENARIOS / "launch-timing.yaml"))
    assert "Gains count from: Diamond 100.0 (the plan as it stood)" in out
    assert "No option is better for all than the plan as it stood" in out
    assert "saying no" not in out


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
