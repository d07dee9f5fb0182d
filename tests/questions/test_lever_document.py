"""What changing the game would do: for whom it is asked, what is said, and the worked case."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from gamecore.errors import InputError
from gamecore.pipeline import Settings
from gamecore.questions.lever_document import Changes, changes_document, changes_found
from gamecore.scenario import read_scenario
from tests.advice.small import read

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"

# Ben gains nothing by entering, Ann does: she can pay him 1 to 5. Neither needs the other's yes.
ENTRY = """
decisions:
  entry: {by: ben, label: Entry, options: {enter: "Enter *now*", out: Stay out}}
baseline: {entry: out}
timing: {entry: 0}
payoffs:
  worth:
    rows:
      - {when: {entry: enter}, ann: 5, ben: -1}
      - {when: {entry: out}, ann: 0, ben: 0}
"""


@cache
def phase2() -> Changes:
    scenario = read_scenario((SCENARIOS / "phase2-covid-by-state.yaml").read_bytes())
    return changes_found(scenario, pairs=False, draws=50, target="start")


def test_clauses_are_worth_what_the_case_says() -> None:
    """The even payment is 2.716 against no agreement, 10.253 with the contract enforceable."""
    clause = next(item for item in phase2().facts.clauses if item.lever == "contract_binds")
    assert clause.even_before == pytest.approx(2.716, abs=0.001)
    assert clause.even_after == pytest.approx(10.253, abs=0.001)
    assert (clause.outcome_before, clause.outcome_after) == ("plan=wait", "plan=start")


def test_when_sapphire_would_get_start_is_told() -> None:
    ways = phase2().ways
    assert ways is not None
    assert ways.target == "plan=start"
    assert ways.already == ()
    told = {way.changes[0].lever: way.settled for way in ways.ways}
    assert told["contract_binds"]
    assert any(change.path == "decisions.plan.by" for way in ways.ways for change in way.changes)  # the final say
    worse = [item for item in ways.thresholds if item.player == "diamond"]
    assert worse
    assert worse[0].high == pytest.approx(9.699, abs=0.001)
    assert worse[0].value == pytest.approx(15.992, abs=0.001)


def test_a_payment_is_offered_in_our_words() -> None:
    found = changes_found(read(ENTRY), Settings(draws=1), draws=1)
    best = found.facts.proposals[0]
    assert best.payment == (1.0, 5.0)
    say = found.says[0].replace("\N{NO-BREAK SPACE}", " ")
    assert say.startswith("If we pay you USD 3.0 m for “Enter *now*”, ")
    assert say.endswith(", the outcome becomes “Enter *now*” and both of us gain.")


def test_it_can_be_asked_for_the_other_side() -> None:
    found = changes_found(read(ENTRY), Settings(draws=1), draws=1, player="ben")
    assert found.scenario.advise == "ben"
    assert all(item.gains["ben"] > 0 for item in found.facts.proposals)
    assert any(say.startswith("If you pay us") for say in found.says)


def test_what_we_say_never_tells_a_value() -> None:
    found = phase2()
    for say, item in zip(found.says, found.facts.proposals, strict=True):
        for gain in item.gains.values():
            assert f"{abs(gain):.1f}" not in say


def test_single_changes_only_where_pairs_are_not_wanted() -> None:
    assert all(len(item.changes) == 1 for item in phase2().facts.proposals)


def test_the_document_is_plain_data_and_internal() -> None:
    document = changes_document(phase2())
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["copy"] == "internal"
    assert document["for"] == "diamond"
    assert [item["say"] for item in document["proposals"]] == list(phase2().says)
    assert document["target"]["target"] == "plan=start"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"player": "bob"}, "player bob: there is no such player; choose one of ann, ben"),
        ({"target": "entry=never"}, "never"),
        ({"draws": 10**9}, "at most 100,000"),
    ],
)
def test_what_is_wrong_is_told(asked: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=re.escape(told)):
        changes_found(read(ENTRY), **asked)  # type: ignore[arg-type]
