"""Levers on the page: the best two in numbers, the one that is needed in the headline, none on a shared copy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gamecore.advice.analysis import Analysis, Kind, Reason
from gamecore.advice.lever_facts import Proposal
from gamecore.brief import FORMATS, page, render
from tests.brief import extremes
from tests.brief.bargains import BINDS, CAPPED, EARLIER, levered, paid, payments, proposal
from tests.brief.cases import robust, sapphire_diamond


def told(analysis: Analysis, copy: str = "internal") -> list[tuple[str, str]]:
    bare = replace(analysis, robustness=None, information=None, waiting=())
    return [(line.label, line.text) for line in page(bare, copy).numbers if line.label.startswith("Lever")]


def needing(lever: str, *proposals: Proposal, advise: str = "diamond") -> Analysis:
    found = levered(*proposals, analysis=robust(advise))
    return replace(found, recommendation=replace(found.recommendation, with_lever=lever))


def test_the_two_best_are_told_with_what_they_bring_and_how_often_they_work() -> None:
    assert [label for label, _ in told(levered())] == ["Levers"]
    assert told(levered())[0][1] == (
        "“Decide in October”: Diamond +3.4, Sapphire +3.7, works in 71 of 100; “Overruns capped”: Diamond +2.4, "
        "Sapphire +0.2, works in 66 of 100."
    )


def test_the_order_is_the_analysis_s_and_one_is_one() -> None:
    assert told(levered(CAPPED, EARLIER))[0][1].startswith("“Overruns capped”")
    assert told(levered(EARLIER)) == [
        ("Lever", "“Decide in October”: Diamond +3.4, Sapphire +3.7, works in 71 of 100.")
    ]


@pytest.mark.parametrize(
    "useless",
    [
        BINDS,
        replace(EARLIER, nature=True),
        replace(proposal("cap", "Overruns capped", -3.0, 2.4), accepted=False),
        proposal("tiny", "Nothing to see", 3.0, 0.01),
    ],
)
def test_what_nobody_can_pull_or_brings_the_advised_company_nothing_is_no_line(useless: Proposal) -> None:
    assert told(levered(useless)) == []
    assert told(levered(useless, CAPPED))[0][1].startswith("“Overruns capped”")


def test_a_gain_that_could_make_good_what_others_lose_comes_after_what_all_accept() -> None:
    costly = replace(proposal("cap", "Overruns capped", -1.0, 6.0), accepted=False)
    money = paid(levered(costly, EARLIER))
    told_both = told(money)[0][1]
    assert told_both.startswith("“Decide in October”")
    assert told_both.endswith(
        "“Overruns capped”: Diamond +6.0, Sapphire \N{MINUS SIGN}1.0 before compensation, works in 66 of 100."
    )
    assert "capped" not in told(levered(costly, EARLIER))[0][1]  # nobody looked for payments: no money, maybe


def test_an_amount_to_choose_is_told_with_its_range() -> None:
    fee = replace(proposal("fee", "Diamond pays a fee", 1.5, 1.5), payment=(1.04, 4.04))
    assert told(levered(fee))[0][1].startswith("“Diamond pays a fee” at 1.0 to 4.0: Diamond +1.5")


def test_a_lever_that_leads_elsewhere_says_where() -> None:
    other = levered(BINDS, analysis=sapphire_diamond("sapphire"))
    gains = "Sapphire +4.4, Diamond \N{MINUS SIGN}16.1"
    assert told(other) == [("Lever", f"“The contract as signed applies” leads to A: {gains}, works in 66 of 100.")]


def test_an_alliance_counts_what_all_gain_together() -> None:
    assert told(levered(BINDS, analysis=sapphire_diamond("alliance"))) == []
    assert "Sapphire +3.7, Diamond +3.4" in told(levered(EARLIER, analysis=sapphire_diamond("alliance")))[0][1]


def test_two_changes_are_named_together_and_chances_not_drawn_are_not_told() -> None:
    pair = replace(EARLIER, changes=(*EARLIER.changes, *CAPPED.changes), works=None)
    assert told(levered(pair)) == [("Lever", "“Decide in October” and “Overruns capped”: Diamond +3.4, Sapphire +3.7.")]


def test_where_nothing_was_drawn_there_is_no_chance_to_tell() -> None:
    assert told(levered(EARLIER, analysis=extremes.certain())) == [
        ("Lever", "“Decide in October”: Diamond +3.4, Sapphire +3.7.")
    ]


def test_two_that_read_alike_are_one() -> None:
    assert told(levered(EARLIER, replace(EARLIER, size=2.0), CAPPED)) == told(levered())


def test_a_lever_that_is_needed_stands_in_headline_and_requests_and_its_values_below() -> None:
    made = page(needing("decide_earlier", EARLIER, CAPPED))
    assert made.recommendation.text == (
        "We recommend B: Wait six months, then Diamond decides, with “Decide in October”."
    )
    assert made.recommendation.numbers == (
        "Both end better than with no agreement: Sapphire +8.1, Diamond +13.2 (value with the change, USD m)."
    )
    assert made.asked.items[0] == "Mandate for option B, with “Decide in October”"
    assert any("Values are those without “Decide in October”." in text for text in made.key)
    assert told(needing("decide_earlier", EARLIER, CAPPED))[0][1].startswith("“Overruns capped”")


def test_a_payment_that_is_the_other_way_to_hold_is_not_asked_for_besides_the_lever() -> None:
    alone = needing("decide_earlier", EARLIER)
    bare = replace(alone, robustness=None, information=None, waiting=(), scenario=replace(alone.scenario, context=()))
    made = page(replace(bare, payments=(payments(necessary=True),)))
    assert made.recommendation == page(bare).recommendation
    assert made.asked == page(bare).asked
    assert made.payment is None
    assert not any(cell.after for row in made.panel.rows for cell in row.cells)
    line = next(line for line in made.numbers if line.label == "Payment")
    assert line.text == "B would also hold with 4.4 to 9.8 from Diamond to Sapphire."


def test_a_payment_is_not_asked_for_where_the_plan_holds_if_somebody_proposes() -> None:
    base = replace(robust(), robustness=None, information=None, waiting=())
    first = Reason(Kind.IF_PROPOSES, "diamond", refers_to=("diamond proposes",))
    base = replace(base, recommendation=replace(base.recommendation, holds_if=(first,)))
    made = page(replace(base, payments=(payments(necessary=True),)))
    assert made.recommendation == page(base).recommendation
    line = next(line for line in made.numbers if line.label == "Payment")
    assert line.text == "B would hold whoever proposes with 4.4 to 9.8 from Diamond to Sapphire."


def test_a_payment_found_as_a_lever_is_told_as_a_payment() -> None:
    found = paid(
        levered(pays_lever := replace(EARLIER, changes=(replace(EARLIER.changes[0], verb="pay"),))), necessary=True
    )
    needed = replace(found.recommendation, with_lever=pays_lever.key)
    assert page(replace(found, recommendation=needed)).recommendation == page(found).recommendation
    assert page(replace(found, recommendation=needed)).asked == page(found).asked


def test_a_needed_payment_is_told_as_a_payment_and_not_as_a_lever_again() -> None:
    found = paid(necessary=True)
    both = replace(found, recommendation=replace(found.recommendation, with_lever="pay_at_signature"))
    assert page(both).recommendation == page(found).recommendation
    assert page(both).asked == page(found).asked


@pytest.mark.parametrize("form", FORMATS)
def test_no_byte_of_the_shared_copy_moves_with_a_lever(form: str) -> None:
    assert render(levered(), form, copy="shared") == render(robust(), form, copy="shared")


def test_a_needed_lever_is_named_on_the_shared_copy_unless_it_is_confidential() -> None:
    open_ = needing("decide_earlier", EARLIER)
    assert "with “Decide in October”." in page(open_, "shared").recommendation.text
    hidden = replace(open_, confidential=frozenset({"levers.decide_earlier"}))
    assert page(hidden, "shared").recommendation.text.endswith("with a change to be agreed.")
    assert "October" not in "".join(text for _, text in page(hidden, "shared").texts())
    assert "October" in page(hidden).recommendation.text
