"""Payments on the page: the headline, the diamond, what is asked, the strip, and what a shared copy keeps to itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.advice.analysis import Analysis, Kind, Reason
from gamecore.advice.payment_facts import Instrument, PaymentRange
from gamecore.brief import FORMATS, page, render
from gamecore.brief.blocks import LIMITS, WORDS
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import read_scenario
from tests.brief import extremes
from tests.brief.bargains import BINDING, BOTH, LAUNCH, NO_AGREEMENT, SIGNED, levered, paid, payments
from tests.brief.cases import robust, sapphire_diamond

TWO = {
    name: case
    for name, case in extremes.ALL.items()
    if "companies" not in name and name not in {"nothing acceptable", "baseline as walk-away"}
}


def text_of(analysis: Analysis, copy: str = "internal") -> str:
    return "\n".join(text for _, text in page(analysis, copy).texts())


# ---- the plan holds by itself ----------------------------------------------------------------------------------------


def test_a_payment_nobody_needs_is_told_as_what_would_suit_both() -> None:
    made = page(paid())
    assert made.gives.text == (
        "Sapphire accepts 4.4 less than under A; Diamond has 16.1 more. No payment is needed; 4.4 to 9.8 from Diamond "
        "would leave both better than under A or no agreement."
    )
    assert made.payment is not None
    assert made.payment.labels == ("4.4 Sapphire needs", "7.1 halfway", "9.8 Diamond's limit")
    assert made.payment.origin == "0"
    assert not made.payment.proposes
    assert made.recommendation == page(robust()).recommendation
    assert not any("signature" in item for item in made.asked.items)
    assert not any(cell.after for row in made.panel.rows for cell in row.cells)
    assert made.key_after == ""


@pytest.mark.parametrize(
    "range_",
    [
        replace(BOTH, needed=-1.0),
        replace(BOTH, needed=0.0),
        replace(BOTH, works=False),
        replace(BOTH, needed=10.0, possible=9.0, works=False),
    ],
)
def test_where_nobody_needs_anything_or_nothing_works_there_is_no_word_of_payments(range_: PaymentRange) -> None:
    bare = replace(robust(), payments=(payments(ranges=(range_, NO_AGREEMENT, BINDING)),))
    assert page(bare) == page(robust())


def test_the_strictest_reference_is_told_whatever_the_order_of_the_ranges() -> None:
    turned = replace(robust(), payments=(payments(ranges=(BINDING, NO_AGREEMENT, BOTH)),))
    assert page(turned).gives == page(paid()).gives
    assert page(turned).payment == page(paid()).payment


@pytest.mark.parametrize(("candidate", "name"), [("plan=hybrid", "C"), ("plan=terminate", "“End the programme")])
def test_a_payment_that_would_make_another_plan_hold_is_one_line_in_numbers(candidate: str, name: str) -> None:
    other = replace(payments(necessary=True), candidate=candidate)
    bare = replace(robust(), robustness=None, information=None, waiting=())
    made = page(replace(bare, payments=(other,)))
    line = next(line for line in made.numbers if line.label == "Payment")
    assert line.text.startswith(name)
    assert line.text.endswith("would hold with 4.4 to 9.8 from Diamond to Sapphire.")
    assert made.recommendation == page(bare).recommendation
    assert made.payment is None
    assert page(replace(bare, payments=(replace(other, necessary=False),))) == page(bare)
    assert page(replace(bare, payments=(other,)), "shared") == page(bare, "shared")


def test_what_runs_the_other_way_is_told_with_amounts_above_zero() -> None:
    turned = PaymentRange("both", -9.821, -4.392, works=True, even=-7.1065)
    swapped = replace(payments(ranges=(turned,)), payer="sapphire", payee="diamond")
    assert page(replace(robust(), payments=(swapped,))).gives == page(paid()).gives
    assert page(replace(robust(), payments=(swapped,))).payment == page(paid()).payment


@pytest.fixture(scope="module")
def acceptance() -> Analysis:
    file = Path(__file__).parents[2] / "scenarios" / "phase2-covid.yaml"
    return analyse(read_scenario(file.read_bytes(), file=file.name), Settings(draws=200))


def test_the_page_of_the_acceptance_case_has_the_range_of_the_file_and_the_earlier_decision(
    acceptance: Analysis,
) -> None:
    made = page(acceptance)
    assert made.payment is not None
    assert made.payment.labels == ("4.4 Sapphire needs", "7.1 halfway", "9.8 Diamond's limit")
    assert "4.4 to 9.8 from Diamond would leave both better than under A or no agreement." in made.gives.text
    lever = next(line for line in made.numbers if line.label.startswith("Lever"))
    assert lever.text.startswith("“Decide in October”: Diamond +3.4, Sapphire +3.7, works in ")
    assert made.no.text.endswith("(Diamond 16.0, Sapphire 43.0).")


# ---- the plan needs it -----------------------------------------------------------------------------------------------


def test_a_payment_that_is_needed_stands_in_headline_panel_and_requests() -> None:
    made = page(paid(necessary=True))
    assert made.recommendation.text == (
        "We recommend B: Wait six months, then Diamond decides; Diamond pays Sapphire USD\N{NO-BREAK SPACE}7.1"
        "\N{NO-BREAK SPACE}m at signature."
    )
    assert made.recommendation.numbers == (
        "Both end better than under A: Sapphire +2.7, Diamond +9.0 (value after payment, USD m)."
    )
    assert [[cell.after for cell in row.cells] for row in made.panel.rows] == [
        ["", "", ""],
        ["54.5", "18.7", ""],
        ["", "", ""],
    ]
    assert [cell.text for cell in made.panel.rows[1].cells] == ["47.4", "25.8", "73.2"]
    assert made.key_after == "after the payment."
    assert made.asked.items[1] == "USD\N{NO-BREAK SPACE}7.1\N{NO-BREAK SPACE}m at signature (limit 9.8)"
    assert made.gives.text.startswith(
        "Before the payment Sapphire accepts 4.4 less than under A; Diamond has 16.1 more."
    )
    assert made.gives.text.endswith("at signature; any payment from 4.4 to 9.8 works.")
    assert made.payment is not None
    assert made.payment.labels[1] == "7.1"
    assert made.payment.proposes


def test_the_page_says_why_it_does_not_hold_without_and_no_con_that_the_payment_takes_away() -> None:
    base = paid(necessary=True)
    wait = base.candidate("plan=wait")
    poorer = replace(
        wait.standings[0], value=replace(wait.standings[0].value, base=41.0), acceptable=False, gain=-2.031
    )
    changed = replace(wait, standings=(poorer, wait.standings[1]), acceptable_to=("diamond",))
    against = Reason(Kind.BELOW_WALK_AWAY, "sapphire")
    options = tuple(replace(item, cons=(against,)) if item.candidate == wait.key else item for item in base.options)
    candidates = tuple(replace(changed, pros=(), cons=()) if item is wait else item for item in base.candidates)
    made = page(replace(base, candidates=candidates, options=options))
    assert made.why.text.startswith(
        "Without the payment Sapphire does better with no agreement (43.0) than with B (41.0)."
    )
    assert made.panel.rows[1].con == "Holds only with the payment"
    assert "Without the payment B would not hold by itself." in page(base).why.text
    assert "Without the" not in page(paid()).why.text


@pytest.mark.parametrize(
    ("advise", "told"), [("diamond", "limit 9.8"), ("sapphire", "at least 4.4"), ("alliance", "4.4 to 9.8 works")]
)
def test_each_reader_is_told_the_end_that_concerns_it(advise: str, told: str) -> None:
    made = page(paid(robust(advise), necessary=True))
    assert made.asked.items[1].endswith(f"at signature ({told})")


def test_the_diamond_stands_on_the_scale_where_the_value_is_after_the_payment() -> None:
    made = page(paid(necessary=True))
    for cell, other in zip(made.panel.rows[1].cells, ("54.5", "18.7"), strict=False):
        bar = cell.bar
        assert bar is not None
        assert bar.after is not None
        assert cell.after == other
        per_unit = (bar.value - bar.zero) / float(cell.text)
        assert bar.after == pytest.approx(bar.zero + per_unit * float(cell.after), abs=0.002)


def test_a_payment_worth_less_to_who_gets_it_is_shown_at_its_worth() -> None:
    poorer = replace(SIGNED, costs=7.0, brings=6.0)
    facts = replace(payments(necessary=True), instruments=(poorer,))
    cells = page(replace(robust(), payments=(facts,))).panel.rows[1].cells
    assert [cell.after for cell in cells] == ["53.4", "18.8", ""]


def test_the_cheapest_way_of_paying_is_named_if_it_costs_visibly_less() -> None:
    def told(*ways: Instrument) -> list[str]:
        facts = replace(payments(necessary=True), instruments=ways)
        bare = replace(robust(), payments=(facts,), robustness=None, information=None, waiting=())
        bare = replace(bare, scenario=replace(bare.scenario, context=()))
        return [line.text for line in page(bare).numbers if line.label == "Payment"]

    way = "USD\N{NO-BREAK SPACE}60.5\N{NO-BREAK SPACE}m at “Launch”"
    assert told(SIGNED, LAUNCH) == [f"cheapest as {way}: costs Diamond 6.1, not 7.1, for the same worth."]
    assert told(SIGNED, replace(LAUNCH, costs=7.09)) == []
    assert told(replace(SIGNED, cheapest=True), replace(LAUNCH, cheapest=False)) == []
    royalty = replace(LAUNCH, kind="royalty", label="Royalty on sales", amount=2.1, unit="percentage points")
    assert "2.1\N{NO-BREAK SPACE}percentage points of “Royalty on sales”" in told(SIGNED, royalty)[0]


# ---- both ------------------------------------------------------------------------------------------------------------


@given(
    needed=st.floats(0.06, 40.0),
    width=st.floats(0.0, 40.0),
    share=st.floats(0.0, 1.0),
    necessary=st.booleans(),
)
@settings(max_examples=20, deadline=None)
def test_the_strip_s_places_are_in_order_and_its_numbers_those_of_the_analysis(
    needed: float, width: float, share: float, necessary: bool
) -> None:
    even = needed + share * width
    found = PaymentRange("both", needed, needed + width, works=True, even=even)
    facts = replace(payments(necessary=necessary, ranges=(found,)), instruments=())
    made = page(replace(sapphire_diamond(), payments=(facts,)))
    strip = made.payment
    assert strip is not None
    assert 0 < strip.low <= strip.proposed <= strip.high < 1
    for label, amount in zip(strip.labels, (needed, even, needed + width), strict=True):
        assert float(label.split()[0]) == pytest.approx(amount, abs=0.0500001)
    assert made.words()["gives"] <= LIMITS["gives"]


def test_with_three_companies_there_is_no_word_of_payments() -> None:
    three = extremes.companies(3)
    assert page(replace(three, payments=(payments(necessary=True),))) == page(three)


@pytest.mark.parametrize("necessary", [False, True])
@pytest.mark.parametrize("case", TWO.values(), ids=TWO)
def test_no_page_with_payments_and_levers_has_more_words_than_it_may(
    case: Callable[[], Analysis], necessary: bool
) -> None:
    made = page(levered(analysis=paid(case(), necessary=necessary)))
    assert sum(made.words().values()) <= WORDS
    assert made.words()["gives"] <= LIMITS["gives"]


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("necessary", [False, True])
@pytest.mark.parametrize("name", ["alliance", "thousands", "negative", "two options", "long names", "literal"])
def test_a_page_with_payments_and_levers_stays_one_sheet(name: str, necessary: bool, paper: str) -> None:
    content = render(levered(analysis=paid(extremes.ALL[name](), necessary=necessary)), "pdf", paper=paper)
    assert len(pypdf.PdfReader(BytesIO(content)).pages) == 1


@pytest.mark.parametrize("form", ["pdf", "html", "md", "json"])
def test_every_format_names_the_ends_and_the_value_after_the_payment(form: str) -> None:
    content = render(paid(necessary=True), form)
    if form == "pdf":
        text = " ".join(pypdf.PdfReader(BytesIO(content)).pages[0].extract_text().split())
    else:
        text = content.decode().replace("&#39;", "'")
    for told in ("4.4 Sapphire needs", "9.8 Diamond's limit", "54.5", "18.7", "after the payment"):
        assert told in text
    assert "\N{WHITE DIAMOND}" not in text


# ---- the shared copy -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_no_byte_of_the_shared_copy_moves_with_a_payment_s_numbers(form: str) -> None:
    moved = PaymentRange("both", 5.5, 8.3, works=True, even=6.9)
    one, other = (replace(robust(), payments=(payments(necessary=True, ranges=(found,)),)) for found in (BOTH, moved))
    assert render(one, form, copy="shared") == render(other, form, copy="shared")
    assert render(one, form) != render(other, form)
    assert render(paid(), form, copy="shared") == render(robust(), form, copy="shared")


def test_the_shared_copy_says_who_pays_and_leaves_the_amount_to_be_agreed() -> None:
    made = page(paid(necessary=True), "shared")
    assert made.recommendation.text == (
        "We recommend B: Wait six months, then Diamond decides; Diamond pays Sapphire at signature, the amount to be "
        "agreed."
    )
    assert made.asked.items[1] == "A payment at signature, the amount to be agreed"
    assert "Diamond pays Sapphire at signature, the amount to be agreed." in made.gives.text
    assert made.payment is None
    assert made.key_after == ""


@pytest.mark.parametrize(("reaches", "told"), [(frozenset[str](), True), (frozenset({"inputs.second_bid"}), False)])
def test_with_released_values_the_amount_stays_unless_something_confidential_reaches_it(
    reaches: frozenset[str], told: bool
) -> None:
    facts = replace(payments(necessary=True), reaches=reaches)
    made = page(replace(extremes.released(), payments=(facts,)), "shared")
    assert ("USD\N{NO-BREAK SPACE}7.1\N{NO-BREAK SPACE}m at signature" in made.recommendation.text) is told
    assert (made.asked.items[1] == "USD\N{NO-BREAK SPACE}7.1\N{NO-BREAK SPACE}m at signature") is told
    assert any(cell.after for row in made.panel.rows for cell in row.cells) is told
    assert made.payment is None
    assert "9.8" not in text_of(replace(extremes.released(), payments=(facts,)), "shared")


def test_a_payment_by_a_confidential_lever_is_no_word_on_the_shared_copy() -> None:
    hidden = replace(paid(necessary=True), confidential=frozenset({"levers.pay_at_signature"}))
    assert page(hidden, "shared") == page(robust(), "shared")
