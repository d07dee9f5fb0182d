"""Entries under `expect` that would be passed over in silence, levers that do nothing: all told, with their place."""

from __future__ import annotations

import pytest

from gamecore.errors import ScenarioError
from gamecore.scenario import read_scenario

TEXT = """
{gamecore: 1, title: T, question: Q, advise: ann, players: {ann: {name: Ann}, bob: {name: Bob}},
 decisions: {plan: {by: [ann, bob], options: {go: Go, stay: Stay}, no_agreement: Nothing}}, baseline: {plan: stay},
 timing: {plan: 0}, payoffs: {v: {rows: [{when: {plan: go}, ann: x, bob: 2}, {when: otherwise, all: 1}]}},
 inputs: {x: 3},
 levers: {fee: {pay: {from: ann, to: bob, amount: 0 to 5}}, more: {set: {inputs.x: 4}}},
"""


def told(last: str) -> list[str]:
    """The faults of the file with one more line, without its name and line."""
    with pytest.raises(ScenarioError) as raised:
        read_scenario(TEXT + last + "}")
    return [f"{fault.column}: {fault.message}" for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("{value: {plan: go}}", "12: say how much is expected: add 'ann: 40'"),
        ("{split: shapley}", "12: say how much is expected: add 'ann: 40'"),
        ("{payment: fee}", "12: say how much is expected: add 'needed: 4, possible: 9'"),
        ("{payment: more, needed: 1}", "21: with the lever 'more' nobody pays: it has no 'pay'"),
        ("{payment: fee, needed: 1, lever: moer}", "44: no lever is called 'moer'; did you mean 'more'?"),
        ("{chance: {plan: go}}", "12: say how often: add 'is: 66%'"),
        ("{chance: {plan: go}, is: 66}", "36: 66 means 6600%; did you mean 66%?"),
        ("{chance: {plan: go}, is: 120%}", "36: a chance lies between 0% and 100%, not at 120%"),
        ("{chance: {plan: go}, is: x}", "36: a plain number is expected here"),
        (
            "{recommended: {plan: go}, is: 5}",
            "37: 'is' says nothing beside 'recommended'; it belongs to chance, joint_value",
        ),
        ("{recommended: {plan: go}, ann: 5}", "37: a number for 'ann' says nothing beside 'recommended'; leave it out"),
        ("{value: {plan: go}, ann: 5, within: -1}", "47: a distance is expected here, 0 or more"),
        ("{joint_value: [], is: 1}", "25: say who is together: joint_value: [a, b]"),
        ("{joint_value: [ann, ann], is: 1}", "31: 'ann' stands twice"),
        ("{recommended: {}}", "25: an empty condition fits everything; say what has to be so: {decision: option}"),
    ],
)
def test_what_an_entry_lacks_or_passes_over_is_told(entry: str, fault: str) -> None:
    assert told(f" expect: [{entry}]") == [fault]


@pytest.mark.parametrize(
    ("lever", "fault"),
    [
        ("{set: {}}", "say what is changed: {inputs.price: 40}"),
        ("{pay: []}", "say what is paid: {from: a, to: b, amount: 0 to 5}"),
        (
            "{set: {inputs.x: 3, inputs.x.value: 4}}",
            "'inputs.x.value' is already set in this lever; each value is set once",
        ),
        ("{pay: {from: ann, to: bob, amount: 1, if: {}}}", "an empty condition; leave 'if' out if it always holds"),
        ("{commit: {}}", "an empty condition fits everything; say what has to be so: {decision: option}"),
        ("{set: {inputs.xx: 4}}", "there is no 'inputs.xx' to change; did you mean 'inputs.x'?"),
    ],
)
def test_a_lever_that_does_nothing_or_sets_a_thing_twice_is_told(lever: str, fault: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        read_scenario(TEXT.replace("more: {set: {inputs.x: 4}}", f"more: {lever}") + "}")
    assert [item.message for item in raised.value.faults] == [fault]


def test_a_way_that_cannot_be_read_is_not_offered_as_what_was_meant() -> None:
    broken = TEXT.replace("options: {go: Go, stay: Stay}", "terms: {fee: {options: {go: Go, stay: Stay}}}")
    broken = broken.replace("inputs.x: 4", "decisions.plan.options.go.available: no")
    with pytest.raises(ScenarioError) as raised:
        read_scenario(broken + "}")
    messages = [item.message for item in raised.value.faults]
    assert "there is no 'decisions.plan.options.go.available' to change" in messages
