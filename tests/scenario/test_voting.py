"""`needs`, `parties` and `payments`: read as written, and each mistake told with its place and how to mend it."""

# ruff: noqa: E501 - one mistake a line, with the whole sentence it gets

from __future__ import annotations

from pathlib import Path

import pytest

from gamecore.errors import ScenarioError
from gamecore.model import Needs
from gamecore.scenario import read_scenario

TEXT = """gamecore: 1
title: T
question: Q
advise: a
players: {a: {name: A}, b: {name: B}, c: {name: C}}
decisions:
  pact:
    by: [a, b, c]
    needs: {votes: 2, veto: [a]}
    options:
      all_of_us: {label: All}
      two: {label: Two, parties: [a, b]}
    no_agreement: Nothing
  later: {by: b, options: {x: X, y: Y}}
baseline: {pact: two}
timing: {pact: 0, later: 1 month}
payoffs:
  worth:
    rows:
      - {when: {pact: all_of_us}, a: 3, b: 4, c: 5}
      - {when: {pact: two}, a: 2, b: 4, c: 0}
      - {when: {pact: no_agreement}, all: 1}
"""
NEEDS = "    needs: {votes: 2, veto: [a]}\n"
SHARED = TEXT.replace(NEEDS, "    payments: yes\n")


def faults(text: str) -> list[str]:
    try:
        read_scenario(text, file="f")
    except ScenarioError as error:
        return str(error).splitlines()
    return []


def test_votes_vetoes_and_parties_are_read_as_written() -> None:
    pact = read_scenario(TEXT).decisions["pact"]
    assert pact.needs == Needs(2, ("a",))
    assert not pact.payments
    assert (pact.signers("all_of_us"), pact.signers("two")) == (("a", "b", "c"), ("a", "b"))
    assert read_scenario(SHARED).decisions["pact"].payments


def test_a_veto_alone_leaves_all_votes_needed() -> None:
    assert read_scenario(TEXT.replace("votes: 2, ", "")).decisions["pact"].needs == Needs(3, ("a",))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("votes: 2", "votes: 4", "f:9:20: decisions.pact.needs.votes: 4 votes, but only 3 decide (a, b, c); write at most 3"),
        ("votes: 2", "votes: 0", "f:9:20: decisions.pact.needs.votes: at least 1 vote is needed; without any vote nothing is agreed"),
        ("votes: 2", "votes: 50%", "f:9:20: decisions.pact.needs.votes: a number of votes is expected here, from 1 to 3"),
        ("votes: 2", "votes: most", "f:9:20: decisions.pact.needs.votes: a number of votes is expected here, from 1 to 3"),
        ("veto: [a]", "veto: [d]", "f:9:30: decisions.pact.needs.veto: 'd' is not among those who decide (a, b, c)"),
        ("veto: [a]", "veto: [a, a]", "f:9:33: decisions.pact.needs.veto: 'a' stands twice"),
        ("veto: [a]", "veto: [c]", "f:12:34: decisions.pact.options.two.parties: 'c' has a veto ('needs') and is missing here; add it, or take it out of 'veto'"),
        ("votes: 2", "votes: 3", "f:12:34: decisions.pact.options.two.parties: 2 sign this option, but 3 votes are needed ('needs'); name more parties, or ask for fewer votes"),
        ("parties: [a, b]", "parties: [a, z]", "f:12:38: decisions.pact.options.two.parties: 'z' is not among those who decide (a, b, c)"),
        ("parties: [a, b]", "parties: []", "f:12:34: decisions.pact.options.two.parties: say who signs it, or leave 'parties' out: then everyone who decides does"),
        ("needs: {votes: 2, veto: [a]}", "needs: {}", "f:9:12: decisions.pact.needs: say how many votes are enough: {votes: 2}"),
        ("needs: {votes: 2, veto: [a]}", "needs: {vote: 2}", "f:9:13: decisions.pact.needs: 'vote' is not a key here; did you mean 'votes'?"),
        ("{by: b, options: {x: X, y: Y}}", "{by: b, needs: {votes: 1}, options: {x: X, y: Y}}", "f:14:18: decisions.later: 'needs' belongs to an agreement, and 'b' decides alone; list the others after 'by'"),
        ("{by: b, options: {x: X, y: Y}}", "{by: b, payments: yes, options: {x: X, y: Y}}", "f:14:18: decisions.later: 'payments' belongs to an agreement, and 'b' decides alone; list the others after 'by'"),
        ("{by: b, options: {x: X, y: Y}}", "{by: b, options: {x: {label: X, parties: [b]}, y: Y}}", "f:14:42: decisions.later.options.x: 'parties' belongs to an agreement, and 'b' decides alone; list the others after 'by'"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_place_and_how_to_mend_it(old: str, new: str, told: str) -> None:
    assert old in TEXT
    assert told in faults(TEXT.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("pact: 0,", "pact: {at: 0, proposes: at_once},", "f:9:5: decisions.pact.payments: who pays whom is part of an offer; 'proposes: at_once' (timing) has none"),
        ("pact: 0,", "pact: {at: 0, proposes: [a, b], rounds: 2},", "f:9:5: decisions.pact.payments: with payments there is one round of offers; leave 'rounds' out (timing)"),
        ("worth:\n", "worth:\n    weight: 1\n", "f:9:5: decisions.pact.payments: scores of criteria have no common unit in which one side could pay another; leave 'payments' out"),
        ("a: {name: A}", "a: {name: A, risk_tolerance: 5}", "f:9:5: decisions.pact.payments: 'a' has a 'risk_tolerance', so that money is not worth the same to all; leave one of them out"),
        ("payments: yes", "payments: maybe", "f:9:15: decisions.pact.payments: write yes or no"),
    ],
)  # fmt: skip
def test_money_is_shared_only_where_payoffs_are_money_and_one_offer_settles_it(old: str, new: str, told: str) -> None:
    assert old in SHARED
    assert told in faults(SHARED.replace(old, new, 1))


def test_a_name_that_is_nearly_right_is_proposed() -> None:
    text = (Path(__file__).parents[2] / "scenarios" / "contract-manufacturer.yaml").read_text()
    (told,) = faults(text.replace("parties: [sapphire, cobalt]", "parties: [sapphire, colbat]"))
    assert told.endswith(
        "decisions.alliance.options.relicence.parties: 'colbat' is not among those who decide (diamond, sapphire, "
        "cobalt); did you mean 'cobalt'?"
    )


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("{split: shaply, a: 1}", "no split is called 'shaply' (shapley, nucleolus); did you mean 'shapley'?"),
        ("{joint_value: [a, b]}", "say how much is expected: add 'is: 110'"),
    ],
)
def test_what_is_expected_of_a_sharing_has_to_be_said_in_full(entry: str, told: str) -> None:
    (found,) = faults(f"{SHARED}expect: [{entry}]\n")
    assert found.endswith(told)
