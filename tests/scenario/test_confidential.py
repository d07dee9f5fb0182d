"""What a shared copy must not show, with the rules of the format filled in."""

import pytest

from gamecore.model import Scenario
from gamecore.scenario import confidential_names, is_confidential, read_scenario
from tests.scenario.conftest import SCENARIOS


def read(name: str) -> Scenario:
    return read_scenario((SCENARIOS / f"{name}.yaml").read_bytes())


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("termination", {"decisions.wind_down.no_agreement", "events.award", "events.award.beliefs"}),
        ("ip-ownership", {"decisions.clause.no_agreement"}),
        ("alliance-reset", {"decisions.new_contract.no_agreement", "inputs.old_boreal", "payoffs.old_contract"}),
        ("payer", set()),
    ],
)
def test_defaults_of_the_worked_situations(name: str, wanted: set[str]) -> None:
    assert confidential_names(read(name)) == wanted


_TEXT = """
gamecore: 1
title: T
question: Q
advise: a
players: {a: {name: A, discount_rate: 9%}, b: {name: B, discount_rate: rate_b}}
decisions: {plan: {by: [a, b], options: {x: X, y: {label: Y}}, no_agreement: {label: N}}}
events: {rain: {chances: {wet: p, dry: rest}, beliefs: {b: {wet: 10%, dry: rest}}}}
baseline: {plan: x}
timing: {plan: 0, rain: 1 year}
payoffs:
  value:
    rows:
      - {when: {plan: x}, a: ours, b: theirs}
      - {when: {plan: y}, a: both, b: both}
      - {when: {plan: no_agreement}, all: 0}
inputs: {ours: 1, theirs: {value: hidden_of_b * 2}, hidden_of_b: 4, both: 3, rate_b: 10%, p: 20%, unused: 5}
"""


def test_inputs_that_reach_only_the_other_side_are_confidential() -> None:
    found = confidential_names(read_scenario(_TEXT))
    assert {name for name in found if name.startswith("inputs")} == {
        "inputs.theirs",
        "inputs.hidden_of_b",
        "inputs.rate_b",
    }
    assert "events.rain.beliefs" in found
    assert "events.rain" not in found


def test_for_the_alliance_no_input_is_the_other_sides() -> None:
    found = confidential_names(read_scenario(_TEXT.replace("advise: a", "advise: alliance")))
    assert not any(name.startswith("inputs") for name in found)


def test_the_file_overrules_the_defaults() -> None:
    text = _TEXT.replace("{label: N}", "{label: N, confidential: no}").replace(
        "{value: hidden_of_b * 2}", "{value: 8, confidential: no}"
    )
    text = text.replace("events: {rain: {", "events: {rain: {confidential: no, ")
    assert confidential_names(read_scenario(text)) == {"inputs.hidden_of_b", "inputs.rate_b"} - {"inputs.hidden_of_b"}


def test_a_confidential_block_covers_what_is_inside() -> None:
    scenario = read_scenario(_TEXT.replace("{by: [a, b]", "{confidential: yes, by: [a, b]"))
    assert is_confidential(scenario, "decisions", "plan.options.y")
    assert is_confidential(scenario, "decisions", "plan.no_agreement")
    opened = read_scenario(
        _TEXT.replace("{by: [a, b]", "{confidential: yes, by: [a, b]").replace(
            "{label: Y}", "{label: Y, confidential: no}"
        )
    )
    assert not is_confidential(opened, "decisions", "plan.options.y")
