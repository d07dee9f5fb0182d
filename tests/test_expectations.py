"""What a file expects: each kind of entry met and missed, by who proposes, with a lever, and what is to come."""

from __future__ import annotations

import pytest

from gamecore.expectations import LATER, MET, MISSED, Outcome, check_expectations
from gamecore.pipeline import Settings
from tests.advice.small import read

CASE = """
decisions:
  plan: {by: [ann, ben], options: {start: Start, wait: Wait}, no_agreement: Drift}
  after: {by: ben, when: {plan: wait}, options: {full: Full, half: Half}}
events:
  news: {when: {plan: wait}, chances: {good: 60%, bad: rest}}
baseline: {plan: start}
timing: {count_from: 2030-01-01, plan: 0, news: 1 year, after: 1 year}
payoffs:
  worth:
    rows:
      - {when: {plan: start}, ann: start, ben: 4}
      - {when: {after: full, news: good}, ann: 10, ben: 10}
      - {when: {after: full, news: bad}, ann: 0, ben: 0}
      - {when: {after: half, news: good}, ann: 4, ben: 5}
      - {when: {after: half, news: bad}, ann: 4, ben: 5}
      - {when: {plan: no_agreement}, ann: 1, ben: 1}
inputs:
  start: 6 .. 9 .. 12
levers:
  worse: {set: {inputs.start: 2}, label: Starting is worth less}
"""
# By hand: waiting is worth 0.6 x 10 + 0.4 x 4 = 7.6 to Ann and 0.6 x 10 + 0.4 x 5 = 8 to Ben. Ann proposes to start (9
# to her), Ben to wait. Starting is above 7.6 if z > (7.6 - 9) / 3 x 1.2816 = -0.598: in 72.5 of 100 cases.


def checked(*entries: str) -> list[Outcome]:
    return check_expectations(
        read(CASE + "expect:\n" + "".join(f"  - {entry}\n" for entry in entries)), Settings(draws=1000)
    )


MEETING = [
    "{value: {plan: start}, ann: 9, ben: 4}",
    "{value: {plan: wait}, ann: 7.6, ben: 8}",
    "{value: {plan: wait, news: bad}, ann: 4, ben: 5}",
    "{value: {after: full}, ann: 6, ben: 6}",
    "{value: {plan: no_agreement}, ann: 1, ben: 1}",
    "{choice: {after: full}, if: {news: good}}",
    "{choice: {after: half}, if: {news: bad}}",
    "{choice: {plan: start}, proposes: ann}",
    "{outcome: {plan: start}, proposes: ann}",
    "{outcome: {plan: wait}, proposes: ben, ann: 7.6}",
    "{outcome: {plan: wait}, solution: nash}",
    "{equilibrium: {plan: {ann: start, ben: start}}, proposes: at_once}",
    "{recommended: {plan: start}}",
    "{chance: {plan: start}, is: 72.5%, proposes: ann, within: 1%}",
    "{chance: {plan: wait}, is: 100%, proposes: ben}",
    "{lever: worse, value: {plan: start}, ann: 2}",
    "{lever: worse, outcome: {plan: wait}}",
    "{lever: worse, recommended: {plan: wait}}",
]
MISSING = [
    "{value: {plan: start}, ann: 8.9}",
    "{value: {plan: start, after: full}, ann: 9}",
    "{choice: {after: full}, if: {news: bad}}",
    "{choice: {after: full}}",
    "{outcome: {plan: start}}",  # not if Ben proposes
    "{outcome: {plan: wait}, proposes: ben, ann: 9}",
    "{outcome: {plan: start}, solution: nash}",
    "{equilibrium: {plan: {ann: start, ben: wait}}, proposes: at_once}",
    "{equilibrium: {plan: {ann: start}}, proposes: at_once}",  # what Ben names is not said
    "{equilibrium: {plan: {ann: start, ben: no_agreement}}, proposes: at_once}",  # nobody names that
    "{recommended: {plan: wait}}",
    "{chance: {plan: wait}, is: 50%}",
    "{lever: worse, value: {plan: start}, ann: 9}",
]


@pytest.mark.parametrize("entry", MEETING)
def test_an_entry_that_holds_is_met(entry: str) -> None:
    (outcome,) = checked(entry)
    assert outcome.status == MET, outcome.text


@pytest.mark.parametrize("entry", MISSING)
def test_an_entry_that_does_not_hold_is_missed_and_says_what_was_found(entry: str) -> None:
    (outcome,) = checked(entry)
    assert outcome.status == MISSED
    assert outcome.text


def test_outcomes_stand_in_the_order_of_the_file_with_their_lines() -> None:
    found = checked(*MEETING[:3])
    first = found[0].line
    assert [item.line for item in found] == [first, first + 1, first + 2]
    assert [item.kind for item in found] == ["value", "value", "value"]


PAY = "levers:\n  pay: {pay: {from: ben, to: ann, if: {plan: wait}, amount: 0 to 5}}\n"


def test_a_joint_value_is_missed_where_no_money_can_be_shared() -> None:
    assert not LATER
    (outcome,) = check_expectations(read(CASE + "expect: [{joint_value: [ann, ben], is: 4}]\n"))
    assert outcome.status == MISSED
    assert "payments: yes" in outcome.text


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        # Ann needs 9 - 7.6 to give up starting; Ben gives up to 8 - 4, with which he still has what starting brings
        ("{payment: pay, needed: 1.4, possible: 4}", MET),
        ("{payment: pay, needed: 1.4}", MET),
        ("{payment: pay, needed: 1.5, possible: 4}", MISSED),
        ("{payment: pay, possible: 7}", MISSED),
        # where starting is worth 2 to Ann, no agreement still is worth 1 to her: she needs 2 - 7.6
        ("{payment: pay, lever: worse, needed: -5.6, possible: 4}", MET),
    ],
)
def test_a_payment_is_what_both_need_and_can_give_for_a_plan(entry: str, status: str) -> None:
    (outcome,) = check_expectations(read(CASE.replace("levers:\n", PAY) + f"expect: [{entry}]\n"))
    assert outcome.status == status, outcome.text


def test_nothing_is_expected_of_a_file_that_says_nothing() -> None:
    assert check_expectations(read(CASE)) == []
