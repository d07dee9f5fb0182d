"""What plans are called: short, no two alike, and nothing lost that somebody has to decide."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gamecore.advice.labels import GOAL, in_words
from gamecore.errors import GamecoreError
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import apply_levers, read_scenario
from tests.advice.small import advised
from tests.worked import WITH_ORDER

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
    both = "Sapphire: Accept placebo; Diamond: Accept the active comparator"
    assert found["sapphire_position=placebo,diamond_position=active"] == both


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


@pytest.mark.parametrize("path", WITH_ORDER, ids=lambda path: path.stem)
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
    found = [label for path in WITH_ORDER for label in labels(path.stem).values()]
    assert [label for label in found if len(label) > 2 * GOAL + 6] == [
        # deals of six terms that have to be told whole
        "Upfront 10, milestones 60, royalty 6 / 8 / 10%, territory Worldwide, improvements Diamond, Diamond alone",
        (
            "Upfront 50, milestones 140, royalty 8 / 10 / 13%, Worldwide without China, improvements Both, "
            "Sapphire may co-promote in the US"
        ),
    ]


def test_a_deal_of_many_terms_is_told_by_what_it_changes() -> None:
    assert (
        "Upfront 20, Sapphire may co-promote in the US; the rest as it stood" in labels("licence-term-sheet").values()
    )


ENTRY = """
players: {ann: {name: Ann}, ben: {name: Ben}, cem: {name: Cem}}
decisions:
  first: {by: ann, options: {in: In, out: Out}}
  second: {by: ben, options: {in: In, out: Out}}
  third: {by: cem, options: {in: In, out: Out}}
baseline: {first: in, second: in, third: in}
timing: {count_from: 2030-01-01, first: 0, second: SECOND, third: THIRD}
payoffs:
  worth:
    rows:
      - {when: {first: in}, ann: 1, ben: 0, cem: 0}
      - {when: {first: out}, ann: 0, ben: 1, cem: 1}
"""


@pytest.mark.parametrize("times", [("0", "0"), ("1 month", "2 months")])
def test_where_names_repeat_the_companies_say_who_is_out(times: tuple[str, str]) -> None:
    found = advised(ENTRY.replace("SECOND", times[0]).replace("THIRD", times[1]), draws=1).candidates
    told = {item.key: item.label for item in found}
    assert len(set(told.values())) == 8
    assert told["first=in,second=in,third=in"] == "In (all)"
    assert told["first=in,second=out,third=in"] == "Ann and Cem: In; Ben: Out"
    assert told["first=out,second=in,third=in"] == "Ann: Out; Ben and Cem: In"


def test_who_takes_a_step_is_said_where_nobody_sees_the_other_s() -> None:
    text = (FOLDER / "launch-timing.yaml").read_bytes()
    at_once = apply_levers(read_scenario(text), ("same_day",))
    found = {item.key: item.label for item in analyse(at_once, Settings(draws=1)).candidates}
    assert found["europe=early,china=wait"] == "Diamond: Launch in March; Sapphire: Launch in February of next year"
    assert labels("launch-timing")["europe=early,china=wait"] == "Launch in March; Launch in February of next year"


def test_one_company_s_step_taken_twice_is_not_said_to_be_of_both() -> None:
    found = advised(
        """
        decisions:
          spring: {by: ann, options: {go: Go, stay: Stay}}
          summer: {by: ann, when: {spring: go}, options: {go: Go, stay: Stay}}
        baseline: {spring: stay}
        timing: {count_from: 2030-01-01, spring: 0, summer: 3 months}
        payoffs: {worth: {rows: [{when: {spring: go}, ann: 1, ben: 0}, {when: {spring: stay}, ann: 0, ben: 1}]}}
        """,
        draws=1,
    ).candidates
    assert not any("both" in item.label for item in found)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_labels_are_unique_over_all_candidates_of_any_analysis(data: st.DataObject) -> None:
    """Few words for many steps: decisions of two or three companies, at once or in turn, with the same names."""
    words = st.sampled_from(["In", "Out", "In; Out", "Ann: In"])
    count = data.draw(st.integers(2, 4))
    names = [f"step{number}" for number in range(count)]
    lines, moments = [], []
    for number, name in enumerate(names):
        by = data.draw(st.sampled_from(["ann", "ben", "cem"]))
        labelled = ", ".join(f"o{place}: '{data.draw(words)}'" for place in range(2))
        when = f"when: {{{names[0]}: o0}}, " if number and data.draw(st.booleans()) else ""
        label = data.draw(st.sampled_from(["Step", "Move"]))
        lines.append(f"  {name}: {{by: {by}, label: {label}, {when}options: {{{labelled}}}}}")
        moments.append(f"{name}: {data.draw(st.integers(0, 2)) + (2 if when else 0)} months")
    text = "\n".join(
        [
            "players: {ann: {name: Ann}, ben: {name: Ben}, cem: {name: Cem}}",
            "decisions:",
            *lines,
            f"baseline: {{{names[0]}: o1}}",
            f"timing: {{count_from: 2030-01-01, {', '.join(moments)}}}",
            "payoffs:",
            "  worth:",
            "    rows:",
            *(
                f"      - {{when: {{{names[0]}: o{place}}}, ann: {place}, ben: {1 - place}, cem: 0}}"
                for place in range(2)
            ),
        ]
    )
    try:
        found = advised(text, draws=1).candidates
    except GamecoreError:
        assume(False)
    else:
        assert len({item.label for item in found}) == len(found)
