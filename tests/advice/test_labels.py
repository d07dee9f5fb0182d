"""What plans are called: short, no two alike, and nothing lost that somebody has to decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from gamecore.advice.labels import GOAL, in_words
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import read_scenario
from tests.advice.small import advised

FOLDER = Path(__file__).parents[2] / "scenarios"


def labels(name: str, advise: str | None = None) -> dict[str, str]:
    text = (FOLDER / f"{name}.yaml").read_text()
    if advise is not None:
        line = next(line for line in text.splitlines() if line.startswith("advise:"))
        text = text.replace(line, f"advise: {advise}", 1)
    return {item.key: item.label for item in analyse(read_scenario(text), Settings(draws=50)).candidates}


def test_steps_of_others_that_go_without_saying_are_left_out() -> None:
    """That Ruby asks is said by every answer to it; that Diamond keeps to the contract is Diamond's own step."""
    found = labels("supply-price")
    assert found["request=ask,reply=keep,next_step=escalate"] == "Keep to the contract; Take it to the executives"
    assert found["request=ask,reply=concede"] == "Concede USD 8 a pack"
    assert found["request=deliver"] == "Deliver at the contract price"


def test_own_steps_are_left_out_only_if_that_makes_the_name_short_and_another_own_step_stays() -> None:
    found = labels("jsc-deadlock")
    escalates = "sapphire_position=active,diamond_position=placebo,escalate=escalate"
    assert found[escalates] == "Take it to the chief executives"
    assert found[escalates.replace("=escalate", "=yield")] == "Insist on the active comparator; Yield"
    assert found["sapphire_position=placebo,diamond_position=active"] == "Accept placebo; Accept the active comparator"


def test_for_an_alliance_steps_are_left_out_until_the_name_is_short() -> None:
    found = labels("supply-price", "alliance")
    assert found["request=ask,reply=keep,next_step=escalate"] == "Take it to the executives"
    assert found["request=ask,reply=keep,next_step=deliver"] == "Keep to the contract; Deliver after all"


def test_the_same_words_of_several_are_said_once() -> None:
    found = labels("ip-ownership")
    assert found["clause=joint,sapphire_licenses=keep,diamond_licenses=keep"] == (
        "Both own it; Keep the test inside the alliance (both)"
    )
    assert in_words([("Up", 1), ("Up", 1), ("Up", 1)]) == "Up (all)"


def test_a_deal_names_a_term_only_where_its_level_does_not_speak_for_itself() -> None:
    found = labels("alliance-reset")
    deal = "duration=15,aster_share=50%,final_say=aster,making=cdmo"
    assert found[deal] == "15 years, aster share 50%, final say Aster, A contract manufacturer"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_two_plans_are_called_alike_and_keys_name_every_step(path: Path) -> None:
    found = analyse(read_scenario(path.read_bytes()), Settings(draws=50)).candidates
    assert len({item.label for item in found}) == len(found)
    for candidate in found:
        for step in candidate.steps:
            assert f"{step.decision}={step.choice}" in candidate.key


def test_where_the_short_name_would_fit_two_plans_both_get_the_full_one() -> None:
    """After either of Ben's openings Ann can stop; without the opening nobody could tell which stop is meant."""
    found = advised(
        """
        decisions:
          opening: {by: ben, options: {soft: Ben asks politely, hard: Ben threatens}}
          reply_soft: {by: ann, when: {opening: soft}, options: {stop: Stop, talk: Talk}}
          reply_hard: {by: ann, when: {opening: hard}, options: {stop: Stop, fight: Fight}}
        baseline: {opening: soft, reply_soft: talk}
        timing: {count_from: 2030-01-01, opening: 0, reply_soft: 1 month, reply_hard: 1 month}
        payoffs:
          worth:
            rows:
              - {when: {reply_soft: stop}, ann: 1, ben: 1}
              - {when: {reply_soft: talk}, ann: 3, ben: 3}
              - {when: {reply_hard: stop}, ann: 0, ben: 2}
              - {when: {reply_hard: fight}, ann: -1, ben: -1}
        """
    )
    assert {item.key: item.label for item in found.candidates} == {
        "opening=soft,reply_soft=stop": "Ben asks politely; Stop",
        "opening=soft,reply_soft=talk": "Talk",
        "opening=hard,reply_hard=stop": "Ben threatens; Stop",
        "opening=hard,reply_hard=fight": "Fight",
    }


def test_names_of_plans_stay_within_three_lines_of_the_panel() -> None:
    found = [label for path in sorted(FOLDER.glob("*.yaml")) for label in labels(path.stem).values()]
    assert [label for label in found if len(label) > 2 * GOAL + 5] == []
