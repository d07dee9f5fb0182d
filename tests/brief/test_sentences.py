"""What the page says in words: levers, what does not hold, whose step is whose, verbs, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from gamecore.advice.analysis import Analysis, Frequency, Kind, Reason
from gamecore.brief import page, render_with_notes
from gamecore.brief.sentences import Names, not_held, reason_sentence, short_reason
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import apply_levers, read_scenario
from tests.advice.small import advised
from tests.brief import extremes
from tests.brief.cases import sapphire_diamond, spread
from tests.brief.test_content import BANNED

FOLDER = Path(__file__).parents[2] / "scenarios"


@cache
def analysed(name: str, lever: str = "", amount: int | None = None) -> Analysis:
    """A scenario of the repository, with a lever pulled if one is named."""
    scenario = read_scenario((FOLDER / f"{name}.yaml").read_bytes(), file=f"{name}.yaml")
    if lever:
        scenario = apply_levers(scenario, (lever,), {} if amount is None else {lever: Fraction(amount)})
    return analyse(scenario, Settings(draws=100))


def changed(changes: Sequence[str]) -> Analysis:
    base = sapphire_diamond()
    return replace(base, scenario=replace(base.scenario, changes=tuple(changes)))


def cons(analysis: Analysis) -> dict[str, str]:
    return {row.letter: row.con for row in page(analysis, "internal").panel.rows}


# ---- levers ----------------------------------------------------------------------------------------------------------


def test_a_lever_is_named_under_the_panel_of_the_internal_copy() -> None:
    made = page(analysed("phase2-covid-by-state", "pay_at_signature", 7), "internal")
    assert made.key[1].startswith("Analysed with: pay_at_signature=7.")


def test_a_shared_copy_names_no_lever_and_counts_them_in_the_footer() -> None:
    made = page(analysed("phase2-covid-by-state", "pay_at_signature", 7), "shared")
    assert not any("pay_at_signature" in text or "Analysed with" in text for _, text in made.texts())
    assert "with 1 change" in made.footer[0]


def test_many_and_long_levers_keep_the_key_to_its_room() -> None:
    made = page(changed(["inputs.a=1", "x" * 300, "inputs.c=3", "inputs.d=4"]), "internal")
    assert made.key[1].startswith("Analysed with: inputs.a=1 and 3 more.")
    assert made.words()["key"] <= 35
    assert "…" in page(changed(["x" * 300]), "internal").key[1]


@pytest.mark.parametrize("copy", ["internal", "shared"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_page_with_a_lever_stays_one_sheet(copy: str, paper: str) -> None:
    made = render_with_notes(analysed("phase2-covid-by-state", "pay_at_signature", 7), "pdf", copy=copy, paper=paper)
    assert len(pypdf.PdfReader(BytesIO(made.content)).pages) == 1


def test_nobody_is_said_to_give_nothing_up_while_a_payment_is_made() -> None:
    text = page(analysed("phase2-covid-by-state", "pay_at_signature", 7), "internal").gives.text
    assert text == "B ranks 1st for both companies. The values include what the change moves or costs."
    other = page(changed(["pay=1", "wait=2"]), "internal").gives.text
    assert "nothing" not in other
    assert other.endswith("B ranks 1st for Diamond. The values include what the changes move or cost.")


# ---- why an option holds ---------------------------------------------------------------------------------------------


def test_gains_are_not_called_balanced_where_one_side_gains_nothing() -> None:
    base = sapphire_diamond("alliance")
    reasons = (Reason(Kind.HIGHEST_NASH_PRODUCT),)
    told = replace(base, recommendation=replace(base.recommendation, reasons=reasons))
    assert "balances the gains of all sides best" in page(told, "internal").why.text
    wait = base.candidate("plan=wait")
    even = replace(wait, standings=(replace(wait.standings[0], gain=0.0), wait.standings[1]))
    told = replace(told, candidates=tuple(even if item is wait else item for item in told.candidates))
    text = page(told, "internal").why.text
    assert "balances" not in text
    assert text.endswith("No plan that holds leaves all sides better off.")


def test_an_option_that_is_no_agreement_is_not_said_to_beat_it() -> None:
    made = page(analysed("phase2-covid-by-state", "contract_binds"), "internal")
    assert made.recommendation.text.startswith("We recommend A")
    assert "No other option is at least as good as A for both companies, whoever proposes first." in made.why.text
    assert "Only A beats" not in made.why.text
    assert cons(analysed("phase2-covid-by-state", "contract_binds"))["C"] == "Sapphire prefers A"


def test_a_plan_better_for_all_is_named_with_the_reason_why_it_is_not_advised() -> None:
    text = page(analysed("jsc-deadlock"), "internal").why.text
    assert text.startswith("C is better for both companies, but would not hold by itself.")
    assert "better for both" not in page(sapphire_diamond(), "internal").why.text


def test_keeping_what_a_no_is_worth_is_no_gain_of_zero() -> None:
    made = page(analysed("jsc-deadlock"), "internal")
    assert (
        made.recommendation.numbers
        == "Each company keeps what it has by acting alone: Sapphire 41.1, Diamond 43.7 (value, USD m)."
    )


# ---- for and against -------------------------------------------------------------------------------------------------


def test_an_option_nobody_would_offer_is_not_said_to_be_broken() -> None:
    assert cons(analysed("ip-ownership", "consent"))["B"] == "Would not be offered first"
    assert cons(analysed("alliance-reset")) == {
        "A": "Talks would lead elsewhere",  # the plan as it stood is no agreement
        "B": "Widest range for Aster",
        "C": "Would not be agreed on",  # both offer in turn
    }


def test_moves_and_forced_choices_would_not_be_kept() -> None:
    assert cons(analysed("jsc-deadlock"))["C"] == "Would not be kept"
    base = sapphire_diamond()
    hybrid, names = base.candidate("plan=hybrid"), Names(base)
    assert not_held(hybrid, names) == "would not be offered first"
    assert not_held(replace(hybrid, forced=("january",)), names) == "would not be kept"


def test_nothing_that_holds_is_told_without_breaking_anything() -> None:
    base = extremes.nothing_acceptable()
    told = replace(
        base,
        candidates=tuple(
            replace(
                item, standings=tuple(replace(one, acceptable=True) for one in item.standings), self_enforcing=False
            )
            for item in base.candidates
        ),
        recommendation=replace(base.recommendation, reasons=(Reason(Kind.NOTHING_SELF_ENFORCING),)),
    )
    made = page(told, "internal")
    headline = "No option that is at least as good as no agreement for both companies holds by itself."
    assert made.recommendation.text == headline
    assert made.why.text.startswith("A would not be offered first.")


def test_a_value_without_a_range_is_certain_and_not_narrow() -> None:
    base = sapphire_diamond()
    start, names = base.candidate("plan=start"), Names(base)
    reason = Reason(Kind.SMALLEST_RISK, "diamond")
    assert short_reason(reason, names, start) == "narrowest range for Diamond"
    firm = replace(start, standings=(start.standings[0], replace(start.standings[1], value=spread(9.7))))
    assert short_reason(reason, names, firm) == "certain value for Diamond"


# ---- how sure, and what follows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "In every case no outcome is clear."), (0.25, "In 25 of 100 cases no outcome is clear.")],
)
def test_undecided_cases_are_counted(share: float, text: str) -> None:
    base = sapphire_diamond()
    notes = (Reason(Kind.UNDECIDED_DRAWS, None, {"share": share}, ("diamond proposes",)),)
    assert text in page(replace(base, notes=notes), "internal").sure.text


def test_several_companies_move_and_one_moves() -> None:
    base = extremes.companies(3)
    wait = base.candidate("plan=wait")
    together = replace(
        wait, follows=tuple(replace(item, by=("sapphire", "diamond", "cobalt")) for item in wait.follows)
    )
    told = replace(base, candidates=tuple(together if item is wait else item for item in base.candidates))
    assert "Sapphire, Diamond and Cobalt move to" in page(told, "internal").known.text
    assert "Sapphire, Diamond and Cobalt decide what follows" in page(told, "shared").gives.text
    same = replace(wait, follows=tuple(replace(item, choice="full") for item in together.follows))
    told = replace(base, candidates=tuple(same if item is wait else item for item in base.candidates))
    assert "Sapphire, Diamond and Cobalt choose" in page(told, "internal").known.text
    assert "Diamond moves to" in page(base, "internal").known.text


def test_rules_of_proposing_name_companies_and_no_keys() -> None:
    base = sapphire_diamond()
    rules = ("sapphire and diamond offer in turn", "each names an option")
    frequencies = tuple(
        Frequency(rule, None, {"plan=wait": share, "other": 1 - share}, 0.0, 0.0)
        for rule, share in zip(rules, (0.7, 0.4), strict=True)
    )
    text = page(replace(base, frequencies=frequencies), "internal").sure.text
    assert "with “Sapphire and Diamond offer in turn”" in text


def test_what_is_no_option_is_called_other_plans_or_other_deals() -> None:
    base = sapphire_diamond()
    rest = (Frequency("diamond proposes", "diamond", {"plan=wait": 0.7, "other": 0.3}, 0.0, 0.0),)
    strip = page(replace(base, frequencies=rest), "internal").strips[0]
    assert [segment.label for segment in strip.segments] == ["B", "Other plans"]
    assert Names(analysed("alliance-reset")).others == "other deals"


def test_whose_step_is_whose_is_said_where_both_decide_at_once() -> None:
    made = page(analysed("launch-timing", "same_day"), "internal")
    assert made.recommendation.text.startswith("We recommend A \N{EN DASH} Diamond: Launch in March; Sapphire: ")
    rows = {row.letter: row.label for row in made.panel.rows}
    assert rows["B"] == "Diamond: Launch in December; Sapphire: Launch in May"


# ---- every kind ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_there_are_words_for_every_kind_of_reason(kind: Kind) -> None:
    names = Names(sapphire_diamond(), {"plan=start": "A", "plan=wait": "B", "plan=hybrid": "C"})
    for player in (None, "diamond"):
        for refers_to in ((), ("plan=hybrid",), ("diamond proposes", "a remark of the solver")):
            for numbers in ({}, {"share": 0.3}, {"share": 1.0}):
                text = reason_sentence(Reason(kind, player, numbers, refers_to), names)
                assert text.endswith(".")
                assert text[0].isupper()
                assert "{" not in text
                assert not BANNED.search(text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.BASELINE_RULED_OUT, "The plan as it stood is ruled out here."),
        (Kind.HOW_SOLVED, "How the talks were solved stands in the analysis document."),
        (Kind.TOO_MANY_TO_SHARE, "How money is shared was not looked at: too many take part."),
        (Kind.AMOUNTS_STAY, "A date was moved; amounts written in the file stay."),
        (Kind.MOVES_NO_AGREEMENT, "The change also moves what no agreement is worth."),
    ],
)
def test_notes_on_how_the_analysis_was_made_stand_on_the_internal_copy(kind: Kind, text: str) -> None:
    told = replace(extremes.certain(), notes=(Reason(Kind.NOTHING_UNCERTAIN), Reason(kind, None, {}, ("pay", "x"))))
    assert text in page(told, "internal").sure.text
    assert text not in page(told, "shared").sure.text


def test_a_chance_that_was_hardly_ever_cut_is_not_mentioned() -> None:
    base = extremes.certain()
    for share, told in ((0.0, False), (0.2, True)):
        notes = (*base.notes, Reason(Kind.CHANCES_CUT, None, {"share": share}, ("news",)))
        assert ("was cut" in page(replace(base, notes=notes), "internal").sure.text) is told


def test_three_at_once_are_told_apart_on_the_page() -> None:
    """All three enter or stay out on one day: the panel says who stays out."""
    found = advised(
        """
        players: {ann: {name: Ann}, ben: {name: Ben}, cem: {name: Cem}}
        decisions:
          first: {by: ann, options: {in: In, out: Out}}
          second: {by: ben, options: {in: In, out: Out}}
          third: {by: cem, options: {in: In, out: Out}}
        baseline: {first: in, second: in, third: in}
        timing: {count_from: 2030-01-01, first: 0, second: 0, third: 0}
        payoffs:
          worth:
            rows:
              - {when: {first: in}, ann: 1, ben: 0, cem: 0}
              - {when: {first: out}, ann: 0, ben: 1, cem: 1}
        """,
        draws=1,
    )
    labels = [row.label for row in page(found, "internal").panel.rows]
    assert len(set(labels)) == len(labels)
    assert all("In (all)" in label or ": In" in label or ": Out" in label or "Out (all)" in label for label in labels)
