"""Changes of the game in sentences: who speaks to whom, with numbers and without, in neutral words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gamecore.advice.lever_facts import ClausePrice, Proposal, Pulled, Threshold, Way
from gamecore.brief.lever_words import Speaker, clause_line, threshold_line, to_the_partner, way_line, what_stays

NAMES = {"diamond": "Diamond", "sapphire": "Sapphire"}
DIAMOND = Speaker(NAMES, "diamond", "USD m")
NOBODY = Speaker(NAMES, None, "USD m")
DATE = Pulled(
    "january_3_earlier",
    "The choice in January: 1 October 2020 instead of 1 January 2021",
    "date",
    "set",
    True,
    subject="The choice in January",
    now="1 January 2021",
    then="1 October 2020",
)
CLAUSE = Pulled("contract_binds", "The contract applies", "clause", "set", False)
PAYMENT = Pulled("pay", "For waiting", "payment", "pay", False, giver="diamond", receiver="sapphire", amount=7.1)
PROMISE = Pulled("promise", "Launch in December", "commitment", "commit", False, by="diamond")
DROPPED = Pulled("drop", "Off the table: Start now", "option", "set", True, after="no", subject="Start now")
BOTH = Proposal(
    (DATE,), {"diamond proposes": "plan=wait"}, "Wait", True, False, {}, {"diamond": 3.41, "sapphire": 3.67}
)
PRICE = ClausePrice(
    "contract_binds",
    "The contract applies",
    {"diamond": 16.0, "sapphire": 43.0},
    {"diamond": 9.7, "sapphire": 51.8},
    "plan=wait",
    "plan=start",
    2.716,
    10.253,
    "diamond",
    "sapphire",
    "plan=wait",
)
LABELS = {"plan=wait": "Wait", "plan=start": "Start on 1 July"}
NOT_NEUTRAL = ("demand", "refuse", "win", "lose", "threat", "nash", "fair")


def test_one_side_speaks_to_the_other_with_its_numbers_first() -> None:
    assert to_the_partner(BOTH, DIAMOND) == (
        "If “The choice in January” is on 1 October 2020 instead of 1 January 2021, both of us gain: you +3.7, we +3.4."
    )


def test_a_shared_copy_has_no_number_that_rests_on_values() -> None:
    said = to_the_partner(BOTH, DIAMOND, numbers=False)
    assert said == ("If “The choice in January” is on 1 October 2020 instead of 1 January 2021, both of us gain.")
    assert "3.7" not in said


def test_where_nobody_takes_sides_all_are_named() -> None:
    said = to_the_partner(BOTH, NOBODY)
    assert said.endswith("all gain: Diamond +3.4, Sapphire +3.7.")
    assert "we" not in said.split()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (CLAUSE, "If “The contract applies” is agreed, "),
        (PAYMENT, "If we pay you USD\N{NO-BREAK SPACE}7.1\N{NO-BREAK SPACE}m (“For waiting”), "),
        (PROMISE, "If we announce “Launch in December”, "),
        (replace(PROMISE, by="sapphire"), "If you announce “Launch in December”, "),
        (replace(PROMISE, subject="December"), "If we commit ourselves beforehand to “December”, "),
        (DROPPED, "If “Start now” is off the table, "),
        (replace(DROPPED, by="sapphire"), "If you take “Start now” off the table, "),
        (replace(DROPPED, after="yes"), "If “Start now” is on the table too, "),
        (
            replace(PAYMENT, subject="Wait", now="The news", then="Severe"),
            "If we pay you USD\N{NO-BREAK SPACE}7.1\N{NO-BREAK SPACE}m for “Wait” if “The news” turns out “Severe”, ",
        ),
        (replace(PAYMENT, giver="sapphire", receiver="diamond"), "If you pay us USD\N{NO-BREAK SPACE}7.1"),
    ],
)
def test_each_kind_of_change_has_its_words(change: Pulled, said: str) -> None:
    assert to_the_partner(replace(BOTH, changes=(change,)), DIAMOND).startswith(said)


def test_two_changes_are_said_together_and_who_gains_is_said() -> None:
    found = replace(BOTH, changes=(CLAUSE, PROMISE), gains={"diamond": 2.0, "sapphire": -1.0})
    assert to_the_partner(found, DIAMOND) == (
        "If “The contract applies” is agreed and we announce “Launch in December”, we gain: you −1.0, we +2.0."
    )
    nothing = replace(found, gains={"diamond": 0.0, "sapphire": 0.0})
    assert to_the_partner(nothing, DIAMOND, numbers=False).endswith("only one outcome is left and nobody has less.")
    worse = replace(found, gains={"diamond": 0.0, "sapphire": -1.0})
    assert to_the_partner(worse, DIAMOND, numbers=False).endswith("nobody gains.")


def test_what_only_has_to_be_agreed_is_said_together() -> None:
    other = replace(CLAUSE, lever="other", label="A fee")
    said = to_the_partner(replace(BOTH, changes=(CLAUSE, other)), DIAMOND, numbers=False)
    assert said == "If “The contract applies” and “A fee” are agreed, both of us gain."


def test_another_outcome_is_named_and_several_are_said_to_be_possible() -> None:
    moved = replace(BOTH, moves_outcome=True, outcome_label="Start")
    assert "the outcome becomes “Start” and both of us gain" in to_the_partner(moved, DIAMOND)
    unsettled = replace(moved, settled=False)
    told = "several outcomes are possible; in the least good of them"
    assert f"{told} for us, both of us gain" in to_the_partner(unsettled, DIAMOND)
    assert f"{told}, all gain" in to_the_partner(unsettled, NOBODY)


def test_what_stays_and_what_moves_besides_is_said() -> None:
    found = replace(BOTH, unchanged=("Holding", "programme.changes"), moves_no_agreement=True)
    assert what_stays(found) == (
        "Left as the file has them: “Holding” and the conditions of the programme; check whether they would move too. "
        "The change also moves what no agreement is worth."
    )
    assert not what_stays(BOTH)


def test_a_clause_is_priced_in_one_line() -> None:
    space = "\N{NO-BREAK SPACE}"
    assert clause_line(PRICE, DIAMOND, LABELS) == (
        "“The contract applies”: the outcome becomes “Start on 1 July”; an even payment from Diamond to Sapphire for "
        f"“Wait” is USD{space}10.3{space}m instead of USD{space}2.7{space}m."
    )
    turned = clause_line(replace(PRICE, even_after=-6.3), DIAMOND, LABELS)
    assert turned.endswith(f"is USD{space}6.3{space}m from Sapphire instead of USD{space}2.7{space}m from Diamond.")
    unpriced = replace(PRICE, even_before=None, outcome_after="plan=wait")
    assert clause_line(unpriced, DIAMOND, LABELS) == "“The contract applies”: the outcome stays “Wait”."


def test_a_way_says_whether_it_is_sure() -> None:
    way = Way((CLAUSE,), ("sapphire proposes",), False, {}, {"diamond": -16.1, "sapphire": 4.4}, 1.0, False)
    assert way_line(way, "Start", DIAMOND) == (
        "If “The contract applies” is agreed, “Start” can be the outcome (sapphire proposes): "
        "Diamond −16.1, Sapphire +4.4."
    )
    assert "“Start” is the outcome:" in way_line(replace(way, settled=True), "Start", DIAMOND)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, 9.7, "at most USD 9.7 m"),
        (20.0, None, "at least USD 20.0 m"),
        (1.0, 2.0, "USD 1.0 m to USD 2.0 m"),
        (None, None, "whatever no agreement is worth"),
    ],
)
def test_a_threshold_says_how_much_no_agreement_would_have_to_be_worth(
    low: float | None, high: float | None, said: str
) -> None:
    found = Threshold("diamond", ("sapphire proposes",), 16.0, low, high)
    line = threshold_line(found, "Start", DIAMOND).replace("\N{NO-BREAK SPACE}", " ")
    assert said in line
    assert "today USD 16.0 m; sapphire proposes" in line


def test_all_sentences_are_neutral() -> None:
    way = Way((PROMISE,), ("diamond proposes",), True, {}, {"diamond": 1.0, "sapphire": -1.0}, 1.0, False)
    said = [
        to_the_partner(BOTH, DIAMOND),
        to_the_partner(replace(BOTH, changes=(PAYMENT,)), NOBODY, numbers=False),
        what_stays(replace(BOTH, unchanged=("Holding",), moves_no_agreement=True)),
        clause_line(PRICE, NOBODY, LABELS),
        way_line(way, "Start", DIAMOND),
        threshold_line(Threshold("diamond", (), 1.0, None, 1.0), "Start", NOBODY),
    ]
    assert not [word for text in said for word in NOT_NEUTRAL if word in text.lower()]
