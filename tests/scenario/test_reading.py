"""Worked files and shorthands become the scenario that is meant."""

import json
from fractions import Fraction

import pytest

from gamecore.errors import ScenarioError, TooLargeError
from gamecore.model import (
    ALWAYS,
    Clause,
    Condition,
    DateOf,
    Enpv,
    Expected,
    Formula,
    Name,
    Number,
    Protocol,
    Range,
    Scenario,
    Shape,
    Uncertain,
)
from gamecore.scenario import EXACT, evaluate, read_scenario
from gamecore.scenario.changes import plain
from tests.scenario.conftest import FILES, GOOD, SCENARIOS


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_the_worked_situations_are_read(path) -> None:  # type: ignore[no-untyped-def]
    scenario = read_scenario(path.read_bytes(), file=path.name)
    assert scenario.title
    assert scenario.expect
    assert len(scenario.sha256) == 64


def test_the_first_situation_is_what_it_says(phase2: Scenario) -> None:
    assert phase2.advise == "diamond"
    assert phase2.unit == "USD m"
    assert len(phase2.context) == 3
    sapphire = phase2.players["sapphire"]
    assert (sapphire.label, sapphire.lead, sapphire.role, sapphire.confidential) == (
        "Sapphire",
        "Sandra",
        "biotech",
        True,
    )
    assert sapphire.runway is not None
    assert sapphire.runway.constant == Fraction(20, 12)
    plan = phase2.decisions["plan"]
    assert plan.is_agreement
    assert plan.no_agreement is not None
    assert plan.no_agreement.label.startswith("Drift")
    assert plan.options[0].pros == ("Keeps the date both companies announced.",)
    january = phase2.decisions["january"]
    assert january.when == Condition((Clause((("plan", ("wait",)),)),))
    assert january.options[0].label == "Run the full trial"
    assert phase2.events["news"].signal_of == "pandemic"
    assert phase2.events["news"].outcomes == (
        ("contained", "Contained"),
        ("prolonged", "Prolonged"),
        ("severe", "Severe"),
    )
    assert phase2.timing.count_from == "2020-07-01"
    assert phase2.timing.moments["pandemic"].at is None
    trial = phase2.payoffs["trial"]
    assert len(trial.rows) == 17
    assert trial.rows[13].at == DateOf("january")
    holding = phase2.payoffs["holding"]
    assert holding.single
    assert holding.rows[0].values["sapphire"] == Range(Fraction(-7), Fraction(-3), Fraction(-3, 2), "-7 .. -3 .. -1.5")
    assert phase2.levers["pay_at_signature"].payments[0].giver == "diamond"
    assert phase2.levers["contract_binds"].changes[0].path == ("decisions", "plan", "no_agreement", "means")
    kinds = [entry.kind for entry in phase2.expect]
    assert kinds.count(Expected.VALUE) == 5
    assert phase2.expect[0].values == {"sapphire": Fraction("51.812"), "diamond": Fraction("9.699")}
    assert phase2.expect[9].profile == {"plan": {"sapphire": "start", "diamond": "hybrid"}}
    assert phase2.expect[9].proposes == "at_once"
    assert phase2.expect[10].raw["needed"] == "4.392"


def test_places_are_kept(phase2: Scenario) -> None:
    assert phase2.decisions["january"].place.line == 40
    assert phase2.payoffs["trial"].rows[12].place.line == 86


def test_what_was_added_to_the_first_situation_is_zero_at_base_values(phase2: Scenario) -> None:
    from gamecore.scenario import BaseNumbers, outcomes

    ours = read_scenario((SCENARIOS / "phase2-covid-by-state.yaml").read_bytes())

    def values(scenario: Scenario, outcome: dict[str, str]) -> dict[str, Fraction]:
        numbers = BaseNumbers(scenario, outcome)
        total = dict.fromkeys(scenario.players, Fraction(0))
        for line in scenario.payoffs.values():
            rows = [row for row in line.rows if row.when is not None and row.when.fits(outcome)]
            rows = rows or [row for row in line.rows if row.when is None]
            for row in rows if line.when is None or line.when.fits(outcome) else []:
                for player, value in row.values.items():
                    assert not isinstance(value, Enpv)
                    total[player] += numbers.value(value)
        return total

    for outcome in outcomes(phase2):
        assert values(phase2, outcome) == values(ours, outcome)


def test_json_is_read_like_yaml(phase2: Scenario) -> None:
    data = plain(phase2.source)
    for indent in (None, 2, "\t"):
        again = read_scenario(json.dumps(data, indent=indent))
        for line, same in zip(again.payoffs.values(), phase2.payoffs.values(), strict=True):
            assert [row.values for row in line.rows] == [row.values for row in same.rows]
            assert [row.when for row in line.rows] == [row.when for row in same.rows]
        assert again.decisions["plan"].options[0].label == phase2.decisions["plan"].options[0].label


def test_json_texts_beyond_the_basic_plane_are_joined(phase2: Scenario) -> None:
    data = plain(phase2.source) | {"title": "Wave \U0001f30a and \u00fc"}
    assert read_scenario(json.dumps(data)).title == "Wave \U0001f30a and \u00fc"


def test_the_digest_is_that_of_the_bytes() -> None:
    text = (FILES / "phase2.yaml").read_text()
    assert read_scenario(text).sha256 == read_scenario(text.encode()).sha256
    assert read_scenario(text + "\n").sha256 != read_scenario(text).sha256


_HEAD = """gamecore: 1
title: T
question: Q
advise: a
players: {a: {name: A, discount_rate: 9%}, b: {name: B, discount_rate: 9%}}
"""
_MOVE = _HEAD + "decisions: {go: {by: a, options: {yes_go: Go, stop: Stop}}}\nbaseline: {go: stop}\n"
_FLAT = "payoffs: {flat: {rows: [{all: 1}]}}\n"


def test_inputs_of_every_shape() -> None:
    text = (
        _MOVE
        + _FLAT
        + """
timing: {count_from: 2020-07-01, go: delay}
inputs:
  plain: 2
  share: 12.5%
  range: 1 .. 2 .. 4
  cut: {value: 1 .. 2 .. 4, at_least: 0, at_most: 5}
  peak: {value: 5 .. 7 .. 10, shape: lognormal, moves_with: {range: 0.5}}
  even: {value: 10 .. 20, shape: uniform}
  coin: {value: {10: 30%, 20: 70%}}
  delay: {value: 6, unit: months}
  half: {value: "delay / 2 + max(1, 2)", unit: weeks}
  how: {one_of: {talk: Talk, sue: Sue}, value: sue}
  by_choice: {rows: [{when: {go: stop}, value: 3}, {when: otherwise, value: 1 .. 2 .. 3}]}
"""
    )
    scenario = read_scenario(text)
    inputs = scenario.inputs
    assert inputs["plain"].value == Formula("2", Number(Fraction(2)))
    assert inputs["share"].value == Formula("12.5%", Number(Fraction(1, 8)))
    assert isinstance(inputs["range"].value, Range)
    cut, peak, even, coin = (inputs[name].value for name in ("cut", "peak", "even", "coin"))
    assert isinstance(cut, Uncertain)
    assert (cut.shape, cut.at_least, cut.at_most) == (Shape.NORMAL, Fraction(0), Fraction(5))
    assert isinstance(peak, Uncertain)
    assert peak.shape is Shape.LOGNORMAL
    assert inputs["peak"].moves_with == {"range": Fraction(1, 2)}
    assert isinstance(even, Uncertain)
    assert even.base == 15
    assert isinstance(coin, Uncertain)
    assert coin.points == (Fraction(10), Fraction(20))
    assert coin.weights == (Fraction(3, 10), Fraction(7, 10))
    assert coin.base == 20
    assert scenario.switches == {"how": "sue"}
    assert len(inputs["by_choice"].rows) == 2
    assert inputs["by_choice"].rows[1].when is None
    at = scenario.timing.moments["go"].at
    assert isinstance(at, Formula)
    assert evaluate(at.node, lambda _: Fraction(6), EXACT) == Fraction(1, 2)


def test_terms_have_levels_that_conditions_name() -> None:
    text = (
        _HEAD
        + """
decisions:
  sheet:
    by: [a, b]
    terms:
      share: {levels: 10% to 50% by 10%}
      fee: {levels: 0 to 10}
      half: {levels: [0.50, 1]}
      who: {options: {us: We, them: They}}
    no_agreement: None
impossible: [{share: 50%, who: us}]
baseline: {half: 0.5, share: 10.0%}
timing:
  sheet: {at: 2020-12-18, proposes: [a, b], rounds: unlimited, every: 3 months, breakdown: 5%, meanwhile: nothing}
payoffs:
  deal: {when: {sheet: agreed}, a: 10 * share + fee, b: half}
  none: {when: {sheet: no_agreement}, all: 0}
"""
    )
    scenario = read_scenario(text)
    share, fee, half, who = scenario.decisions["sheet"].terms
    assert [level.key for level in share.levels] == ["10%", "20%", "30%", "40%", "50%"]
    assert fee.continuous == (Fraction(0), Fraction(10))
    assert len(fee.levels) == 21
    assert [level.key for level in half.levels] == ["0.5", "1"]
    assert [level.value for level in who.levels] == [None, None]
    assert scenario.baseline.clauses[0].terms == (("half", ("0.5",)), ("share", ("10%",)))
    proposals = scenario.timing.moments["sheet"].proposals
    assert (proposals.protocol, proposals.proposers, proposals.rounds) == (Protocol.OFFERS, ("a", "b"), None)
    assert proposals.discount_all
    assert scenario.timing.count_from == "2020-12-18"


def test_agreed_means_any_option_of_an_agreement_on_options() -> None:
    text = (
        _HEAD
        + """
decisions: {plan: {by: [a, b], options: {x: X, y: Y}, no_agreement: {label: N, means: x}}}
baseline: {plan: x}
timing: {plan: {at: 0, proposes: at_once}}
payoffs: {one: {when: {plan: agreed}, all: 1}}
"""
    )
    scenario = read_scenario(text)
    assert scenario.payoffs["one"].when == Condition((Clause((("plan", ("x", "y")),)),))
    assert scenario.timing.moments["plan"].proposals.protocol is Protocol.AT_ONCE


def test_booleans_may_be_written_in_four_ways() -> None:
    for word, wanted in [("yes", True), ("no", False), ("true", True), ("false", False)]:
        text = _MOVE.replace("discount_rate: 9%}, b", f"confidential: {word}}}, b") + _FLAT + "timing: {go: 0}\n"
        assert read_scenario(text).players["a"].confidential is wanted


def test_events_learned_at_different_dates() -> None:
    text = (
        _MOVE
        + _FLAT
        + """
timing: {go: 1 year, news: {at: 1 month, seen_by: {a: 1 month, b: 9 months}}, talk: {at: 2 months, seen_by: a}}
events:
  news:
    chances: [{when: otherwise, good: p, bad: rest}]
    labels: {good: Good news}
    beliefs: {b: {good: 10%, bad: 90%}}
  talk: {chances: {on_time: 1, late: 0}}
inputs: {p: 20% .. 40% .. 60%}
"""
    )
    scenario = read_scenario(text)
    seen = scenario.timing.moments["news"].seen_by
    assert seen is not None
    assert list(seen) == ["a", "b"]
    assert scenario.timing.moments["talk"].seen_by == {"a": None}
    news = scenario.events["news"]
    assert news.outcomes == (("good", "Good news"), ("bad", "Bad"))
    assert news.chances[0].when is None
    assert news.chances[0].chances == (Formula("p", Name("p")), None)
    assert news.beliefs["b"][0].when == ALWAYS


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "1:1: the file is empty"),
        (b"# only a comment\n", "1:1: the file is empty"),
        (b"\xff\xfea", "1:1: the file is not UTF-8"),
        (b"title: \xe9", "1:8: the file is not UTF-8"),
        (b"just a text", "1:1: a scenario is made of 'key: value' lines"),
        (b"- a\n- b", "1:1: a scenario is made of 'key: value' lines"),
        (b"title: a\n---\ntitle: b", "2:1: one file holds one scenario"),
        (b"title: *a", "1:8: '*a' (a YAML alias) is not allowed"),
        (b"title: !!str a", "1:8: '!' (a YAML tag) is not allowed"),
        (b"title: @a", "1:8: a text that begins with '@' needs quotes"),
        (b"title: 'a", "1:8: the quotes are never closed"),
        (b"title: [a, b", "is missing before this"),
        (b"\ttitle: a", "1:1: a tab cannot stand here"),
        (b"title: a\n  b: c", "needs quotes"),
        (b"title: a\x07", "1:9: this sign cannot stand in a YAML file"),
        (b"[" * 50, "1:21: blocks may be nested 20 deep at most"),
        (b"{" * 5000, "blocks may be nested 20 deep at most"),
        (b"? [a]\n: b", "1:3: a name is expected before ':'"),
    ],
)
def test_what_is_no_yaml_of_ours_is_told_with_its_place(data: bytes, words: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        read_scenario(data)
    assert words in str(raised.value)


def test_files_too_large_are_refused() -> None:
    with pytest.raises(TooLargeError):
        read_scenario("a" * 1_000_001)
    with pytest.raises(TooLargeError):
        read_scenario("[" + "a," * 60_000 + "a]")


def test_a_line_on_too_many_outcomes_is_refused() -> None:
    terms = "\n".join(f"      t{i}: {{levels: 1 to 100 by 1}}" for i in range(3))
    text = (
        _HEAD
        + f"decisions:\n  sheet:\n    by: [a, b]\n    no_agreement: N\n    terms:\n{terms}\n"
        + "baseline: {sheet: agreed}\ntiming: {sheet: 0}\n"
        + "payoffs: {x: {when: {sheet: agreed}, all: t0 * t1 * t2}, y: {when: {sheet: no_agreement}, all: 0}}\n"
    )
    with pytest.raises(TooLargeError):
        read_scenario(text)


def test_terms_without_a_label_are_called_by_their_name_in_words() -> None:
    text = """gamecore: 1
title: T
question: Q
advise: a
unit: USD m
players: {a: {name: A}, b: {name: B}}
decisions:
  licence:
    by: [a, b]
    terms:
      upfront_payment: {levels: [20, 40], unit: USD m}
      royalty: {levels: [10%, 15%], label: Royalty on sales}
    no_agreement: Nothing
baseline: {licence: agreed}
timing: {licence: 0}
payoffs: {all_of_it: {a: 1, b: 2}}
"""
    terms = read_scenario(text).decisions["licence"].terms
    assert [term.label for term in terms] == ["Upfront payment", "Royalty on sales"]
