"""What knowing more is worth: known answers, the laws for a sole decider, games where information hurts."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from math import erf, exp, pi, sin, sqrt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.errors import InputError, RefusedError
from gamecore.robustness.designs import partly_known
from gamecore.robustness.information import Information, Knowing, value_of_information
from gamecore.robustness.topics import topics
from gamecore.scenario import read_scenario
from tests.games.sketches import sketch, text_of

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
MODEL = SCENARIOS / "phase2-covid.yaml"
HEAD = "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nplayers: {a: {name: A}}\n"
Z90 = "1.2815515655446"
LINEAR = (
    HEAD
    + f"""
decisions: {{go: {{by: a, options: {{stay: Stay, go: Go}}}}}}
baseline: {{go: stay}}
timing: {{go: 0}}
payoffs: {{v: {{rows: [{{when: {{go: stay}}, a: 0}}, {{when: {{go: go}}, a: -5 + 8 * x1 + 6 * x2}}]}}}}
inputs:
  x1: {{value: -{Z90} .. 0 .. {Z90}}}
  x2: {{value: -{Z90} .. 0 .. {Z90}}}
"""
)


def loss(mean: float, deviation: float) -> float:
    """E max(X, 0) for a normal X: what can be lost by not choosing it."""
    z = mean / deviation
    return deviation * exp(-z * z / 2) / sqrt(2 * pi) + mean * (1 + erf(z / sqrt(2))) / 2


def only(items: tuple[Knowing, ...], name: str, accuracy: Fraction | None = None) -> Knowing:
    return next(item for item in items if item.topic.name == name and item.accuracy == accuracy)


# ---- uncertain quantities, known answers -----------------------------------------------------------------------------


def test_two_normal_numbers_in_a_linear_payoff_are_worth_what_the_formula_says() -> None:
    found = value_of_information(read_scenario(LINEAR), accuracy=Fraction(4, 5))
    assert found.everything[0].sole[0] == pytest.approx(1.97797, abs=0.005)
    assert only(found.quantities, "x1").sole[0] == pytest.approx(1.29536, abs=0.006)
    assert only(found.quantities, "x2").sole[0] == pytest.approx(0.67983, abs=0.006)
    # a signal of correlation 0.8 leaves the part 0.8 of the deviation to be known
    assert only(found.quantities, "x1", Fraction(4, 5)).sole[0] == pytest.approx(loss(-5, 6.4), abs=0.006)
    assert only(found.quantities, "x2", Fraction(4, 5)).sole[0] == pytest.approx(loss(-5, 4.8), abs=0.006)


def test_one_number_tells_of_another_that_moves_with_it() -> None:
    apart = f"x2: {{value: -{Z90} .. 0 .. {Z90}}}"
    text = LINEAR.replace(apart, apart[:-1] + ", moves_with: {x1: 50%}}")
    found = value_of_information(read_scenario(text))
    rho = 2 * sin(pi * 0.5 / 6)
    assert found.everything[0].sole[0] == pytest.approx(loss(-5, sqrt(100 + 96 * rho)), rel=0.01)
    assert only(found.quantities, "x1").sole[0] == pytest.approx(loss(-5, 8 + 6 * rho), rel=0.02)
    assert only(found.quantities, "x2").sole[0] == pytest.approx(loss(-5, 6 + 8 * rho), rel=0.02)


def test_numbers_learnt_together_are_worth_what_all_are() -> None:
    found = value_of_information(read_scenario(LINEAR), about=["x1,x2"])
    assert found.quantities[0].sole == found.everything[0].sole
    assert found.quantities[0].game == found.everything[0].game


DISCRETE = (
    HEAD
    + """
decisions: {make: {by: a, options: {none: Nothing, some: Some, many: Many}}}
baseline: {make: none}
timing: {make: 0}
payoffs:
  v:
    rows:
      - {when: {make: none}, a: 0}
      - {when: {make: some}, a: 60 * price - 50}
      - {when: {make: many}, a: 100 * price * demand - 90}
inputs:
  price: {shape: discrete, value: {0.5: 25%, 1: 37%, 2: 38%}}
  demand: {shape: discrete, value: {0.3: 61%, 2: 39%}}
"""
)


def test_a_few_discrete_values_are_enumerated_exactly() -> None:
    prices, demands = {0.5: 0.25, 1.0: 0.37, 2.0: 0.38}, {0.3: 0.61, 2.0: 0.39}

    def best(price: float, demand: float) -> float:
        return max(0.0, 60 * price - 50, 100 * price * demand - 90)

    mean_price = sum(value * chance for value, chance in prices.items())
    mean_demand = sum(value * chance for value, chance in demands.items())
    blind = max(0.0, 60 * mean_price - 50, 100 * mean_price * mean_demand - 90)
    everything = sum(p * q * best(x, y) for x, p in prices.items() for y, q in demands.items()) - blind
    price_known = sum(p * best(x, mean_demand) for x, p in prices.items()) - blind
    demand_known = sum(q * best(mean_price, y) for y, q in demands.items()) - blind
    right = 0.7
    told = {low: right * demands[low] + (1 - right) * (1 - demands[low]) for low in demands}
    signal = -blind
    for value, chance in told.items():
        other = next(item for item in demands if item != value)
        given = (right * demands[value] * value + (1 - right) * demands[other] * other) / chance
        signal += chance * best(mean_price, given)
    found = value_of_information(read_scenario(DISCRETE), accuracy=Fraction(7, 10))
    assert found.everything[0].sole[0] == pytest.approx(everything, abs=1e-9)
    assert only(found.quantities, "price").sole[0] == pytest.approx(price_known, abs=1e-9)
    assert only(found.quantities, "demand").sole[0] == pytest.approx(demand_known, abs=1e-9)
    assert only(found.quantities, "demand", Fraction(7, 10)).sole[0] == pytest.approx(signal, abs=1e-9)


# ---- events, known answers -------------------------------------------------------------------------------------------

# H. Raiffa, Decision Analysis (1968): the oil wildcatter. In thousands: a well costs 70 and brings 0, 120 or 270.
WILDCATTER = (
    HEAD
    + """
decisions: {drill: {by: a, options: {drill: Drill, leave: Leave}}}
events: {oil: {chances: {dry: 50%, wet: 30%, soaking: 20%}}}
baseline: {drill: leave}
timing: {drill: 0, oil: hidden}
payoffs:
  v:
    rows:
      - {when: {drill: leave}, a: 0}
      - {when: {drill: drill, oil: dry}, a: -70}
      - {when: {drill: drill, oil: wet}, a: 50}
      - {when: {drill: drill, oil: soaking}, a: 200}
"""
)

# F. Hillier and G. Lieberman, Introduction to Operations Research: the Goferbroke Company. In thousands.
GOFERBROKE = (
    HEAD
    + """
decisions: {land: {by: a, options: {drill: Drill, sell: Sell}}}
events:
  oil: {chances: {oil: 25%, dry: 75%}}
  survey:
    chances:
      - {when: {oil: oil}, favourable: 60%, unfavourable: 40%}
      - {when: {oil: dry}, favourable: 20%, unfavourable: 80%}
baseline: {land: sell}
timing: {land: 0, oil: hidden, survey: hidden}
payoffs:
  v:
    rows:
      - {when: {land: sell}, a: 90}
      - {when: {land: drill, oil: oil}, a: 700}
      - {when: {land: drill, oil: dry}, a: -100}
"""
)


def test_the_oil_wildcatter_would_pay_35_to_know() -> None:
    found = value_of_information(read_scenario(WILDCATTER))
    assert found.expected[0] == pytest.approx((20.0,))
    assert only(found.events, "oil").sole == (35.0,)
    assert only(found.events, "oil").game == ((35.0,),)


def test_the_survey_of_goferbroke_is_worth_53_and_certainty_142_and_a_half() -> None:
    found = value_of_information(read_scenario(GOFERBROKE))
    assert found.expected[0] == pytest.approx((100.0,))
    assert only(found.events, "oil").sole == (142.5,)
    assert only(found.events, "survey").sole == pytest.approx((53.0,), abs=1e-9)


@pytest.mark.parametrize("percent", [0, 50, 70, 90, 100])
def test_a_signal_on_an_event_follows_bayes(percent: int) -> None:
    right = Fraction(percent, 100)
    found = value_of_information(read_scenario(GOFERBROKE), about=["oil"], accuracy=right)
    chances = {"oil": Fraction(1, 4), "dry": Fraction(3, 4)}
    drill = {"oil": 700, "dry": -100}
    expected = Fraction(-100)  # what is had without a signal
    for told in chances:
        joint = {state: chance * (right if state == told else 1 - right) for state, chance in chances.items()}
        expected += max(sum(joint[state] * drill[state] for state in joint), 90 * sum(joint.values()))
    assert only(found.events, "oil", right).sole[0] == pytest.approx(float(expected), abs=1e-9)


# ---- games -----------------------------------------------------------------------------------------------------------

# J. Hirshleifer, "The private and social value of information and the reward to inventive activity" (1971): what is
# certain cannot be insured. Each is worth 2 in its own state of the world and 0 in the other, and 1.5 if they share.
INSURANCE = """
gamecore: 1
title: Insurance
question: Do we share the risk?
advise: alliance
players: {a: {name: Ann}, b: {name: Bob}}
decisions: {share: {by: [a, b], options: {share: Share}, no_agreement: Each keeps its own}}
events: {rain: {chances: {rain: 50%, sun: 50%}}}
baseline: {share: no_agreement}
timing: {share: 0, rain: 1 month}
payoffs:
  v:
    rows:
      - {when: {share: share}, all: 1.5}
      - {when: {share: no_agreement, rain: rain}, a: 2, b: 0}
      - {when: {share: no_agreement, rain: sun}, a: 0, b: 2}
"""


def test_who_knows_the_weather_cannot_insure_against_it() -> None:
    found = value_of_information(read_scenario(INSURANCE))
    known = only(found.events, "rain")
    assert known.game == ((-0.5, -0.5), (-0.5, -0.5))
    assert known.sole == (0.25, 0.25)  # who decides alone shares only before the other's weather: (2 + 1.5) / 2 - 1.5


@pytest.mark.parametrize("player", ["a", "b"])
def test_one_who_knows_is_not_traded_with(player: str) -> None:
    found = value_of_information(read_scenario(INSURANCE), seen_by=[player])
    assert found.seen_by == (player,)
    assert only(found.events, "rain").game == ((-0.5, -0.5), (-0.5, -0.5))


@cache
def phase_2() -> Information:
    return value_of_information(read_scenario(MODEL.read_bytes()), draws=4096)


def test_the_worked_case_agrees_with_two_independent_computations() -> None:
    """As sole deciders 0.2 and 0.4; in the game +4.9 and -2.9 if Diamond proposes, +6.1 for each if Sapphire does."""
    found = phase_2()
    diamond, sapphire = (found.players.index(name) for name in ("diamond", "sapphire"))
    everything = found.everything[0]
    assert everything.sole[sapphire] == pytest.approx(0.2, abs=0.05)
    assert everything.sole[diamond] == pytest.approx(0.4, abs=0.06)
    by_diamond = everything.game[found.protocols.index("diamond proposes")]
    by_sapphire = everything.game[found.protocols.index("sapphire proposes")]
    assert by_diamond[sapphire] == pytest.approx(4.9, abs=0.4)
    assert by_diamond[diamond] == pytest.approx(-2.9, abs=0.4)
    assert by_sapphire == pytest.approx((6.1, 6.1), abs=0.5)


def test_to_one_who_decides_alone_the_parts_are_worth_no_more_than_the_whole() -> None:
    found = phase_2()
    whole = found.everything[0].sole
    assert len(found.quantities) == 13
    for item in found.quantities:
        assert all(0 <= part <= most for part, most in zip(item.sole, whole, strict=True))


# ---- laws ------------------------------------------------------------------------------------------------------------

amounts = st.integers(-20, 20)


@st.composite
def decisions(draw: st.DrawFn) -> str:
    """One decider, three options, payoffs of two ranges and an event."""
    rows = []
    for option in ("one", "two", "three"):
        for state in ("good", "bad"):
            base, first, second, both = (draw(amounts) for _ in range(4))
            formula = f"({base}) + ({first}) * x + ({second}) * y + ({both}) * x * y"
            rows.append(f"      - {{when: {{pick: {option}, state: {state}}}, a: {formula}}}")
    x, y = sorted(draw(st.tuples(amounts, amounts, amounts))), sorted(draw(st.tuples(amounts, amounts, amounts)))
    shape = draw(st.sampled_from(["normal", "triangular"]))
    return (
        HEAD
        + "decisions: {pick: {by: a, options: {one: One, two: Two, three: Three}}}\n"
        + f"events: {{state: {{chances: {{good: {draw(st.integers(0, 100))}%, bad: rest}}}}}}\n"
        + "baseline: {pick: one}\ntiming: {pick: 0, state: hidden}\npayoffs:\n  v:\n    rows:\n"
        + "\n".join(rows)
        + f"\ninputs:\n  x: {{shape: {shape}, value: {x[0]} .. {x[1]} .. {x[2]}}}\n"
        + f"  y: {{value: {y[0]} .. {y[1]} .. {y[2]}}}\n"
    )


@given(decisions(), st.integers(1, 99), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_signal_is_worth_less_than_its_subject_and_that_less_than_everything(
    text: str, percent: int, seed: int
) -> None:
    right = Fraction(percent, 100)
    found = value_of_information(read_scenario(text), accuracy=right, draws=400, seed=seed)
    whole = found.everything[0].sole[0]
    slack = 1e-9 * (1 + abs(whole))
    for name in ("x", "y"):
        perfect = only(found.quantities, name).sole[0]
        signal = only(found.quantities, name, right).sole[0]
        assert -slack <= signal <= perfect + slack
        assert perfect <= whole + slack
    assert only(found.events, "state", right).sole[0] <= only(found.events, "state").sole[0] + slack
    assert only(found.events, "state", right).sole[0] >= -slack


@given(decisions(), st.lists(st.integers(50, 100), min_size=2, max_size=2, unique=True))
@settings(max_examples=20, deadline=None)
def test_a_better_signal_is_worth_no_less(text: str, percents: list[int]) -> None:
    worse, better = (Fraction(percent, 100) for percent in sorted(percents))
    scenario = read_scenario(text)
    found = [
        value_of_information(scenario, about=["x", "state"], accuracy=right, draws=400) for right in (worse, better)
    ]
    for name in ("x", "state"):
        low, high = (
            next(item.sole[0] for item in (*one.quantities, *one.events) if item.accuracy and item.topic.name == name)
            for one in found
        )
        assert low <= high + 0.002 * (1 + abs(high))


@given(decisions())
@settings(max_examples=15, deadline=None)
def test_whoever_is_alone_plays_the_game_alone(text: str) -> None:
    found = value_of_information(read_scenario(text), draws=400)
    for item in (*found.everything, *found.events):
        assert item.game[0] == pytest.approx(item.sole, abs=1e-9)


def test_the_same_question_has_the_same_answer() -> None:
    scenario = read_scenario(LINEAR)
    assert value_of_information(scenario, draws=900) == value_of_information(scenario, draws=900)
    assert value_of_information(scenario, draws=900) != value_of_information(scenario, draws=900, seed=2)


def test_pieces_change_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    from gamecore.robustness import averages

    scenario = read_scenario(MODEL.read_bytes())
    whole = value_of_information(scenario, about=["p2", "overrun"], accuracy=Fraction(4, 5), draws=900)
    monkeypatch.setattr(averages, "CHUNK_NUMBERS", 20_000)
    pieces = value_of_information(scenario, about=["p2", "overrun"], accuracy=Fraction(4, 5), draws=900)
    for one, other in zip(
        (*whole.everything, *whole.quantities), (*pieces.everything, *pieces.quantities), strict=True
    ):
        assert one.sole == pytest.approx(other.sole, abs=1e-9)
        assert one.game[0] == pytest.approx(other.game[0], abs=1e-9)


def test_what_is_learnt_stands_in_front_and_everything_else_behind() -> None:
    design = partly_known(read_scenario(MODEL.read_bytes()), ["inputs.p2"], 10_000, 1)
    assert len(design.outer) == 1
    assert len(design.inner) == 12
    assert design.outer_weights.sum() == pytest.approx(1)
    assert len(design.outer_weights) * len(design.inner_weights) == 10_000


# ---- what can be asked -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"about": ["nothing"]}, "there is nothing called 'nothing' to know about; there is p_severe"),
        ({"about": ["hold_diamond"]}, "'hold_diamond' is certain: there is nothing to learn about it"),
        ({"about": ["p2,news"]}, "ask about numbers, or about events, not about both together"),
        ({"about": ["p2,overrun"], "accuracy": Fraction(4, 5)}, "a noisy signal is about one number"),
        ({"about": ["p2"], "seen_by": ["diamond"]}, "a number is known to all or to nobody"),
        ({"seen_by": ["ruby"]}, "there is no player 'ruby'; players are diamond, sapphire"),
        ({"accuracy": Fraction(3, 2)}, "the accuracy of a signal is a chance between 0% and 100%, not 1.5"),
    ],
)
def test_a_wrong_question_is_told_with_what_can_be_asked(options: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told.replace("(", r"\(")):
        value_of_information(read_scenario(MODEL.read_bytes()), draws=100, **options)  # type: ignore[arg-type]


def test_an_event_that_rests_on_a_decision_is_left_out_and_told() -> None:
    text = (SCENARIOS / "jsc-deadlock.yaml").read_bytes()
    found, notes = topics(read_scenario(text))
    assert not found
    assert any("cannot be known before the first decision: it rests on" in note for note in notes)
    with pytest.raises(InputError, match="it rests on 'escalate'"):
        value_of_information(read_scenario(text), about=["executives"])


def test_a_block_of_the_programme_is_learnt_together() -> None:
    found, _ = topics(read_scenario(MODEL.read_bytes()), ["programme.sales"])
    assert found[0].members == ("programme.sales.world.peak", "programme.sales.world.margin")


# ---- hidden moves ----------------------------------------------------------------------------------------------------

# A wins 4 where both name the side the coin shows; B wins 3 where they differ. No equilibrium is pure.
NAMING = """
gamecore: 1
title: Naming
question: Q
advise: a
players: {a: {name: A}, b: {name: B}}
decisions:
  x: {by: a, options: {l: L, r: R}}
  y: {by: b, options: {l: L, r: R}}
events: {coin: {chances: {h: 50%, t: 50%}}}
baseline: {x: l, y: l}
timing: {x: 0, y: 0, coin: hidden}
payoffs:
  v:
    rows:
      - {when: {x: l, y: l, coin: h}, a: 4, b: 0}
      - {when: {x: l, y: l, coin: t}, a: 0, b: 0}
      - {when: {x: r, y: r, coin: h}, a: 0, b: 0}
      - {when: {x: r, y: r, coin: t}, a: 4, b: 0}
      - {when: {x: l, y: r}, a: 0, b: 3}
      - {when: {x: r, y: l}, a: 0, b: 3}
"""


def test_who_must_mix_is_valued_at_the_mixed_equilibrium() -> None:
    scenario = read_scenario(NAMING)
    found = value_of_information(scenario)
    assert found.expected == ((1.0, 1.5),)
    (coin,) = found.events
    # told to both, A has nothing on either side: B names the other one
    assert coin.game == ((-1.0, 1.5),)
    assert coin.undecided == (1.0,)
    assert coin.sole == (2.0, 0.0)
    assert value_of_information(scenario, seen_by=["a"]).events[0].game[0][0] > 0


def test_who_decides_for_all_sees_what_any_of_them_sees() -> None:
    text = NAMING.replace("coin: hidden", "coin: {at: 0, seen_by: b}")
    (coin,) = value_of_information(read_scenario(text)).events
    assert coin.sole == (0.0, 0.0)  # B sees the coin, so A in both seats knew it already


@given(st.integers(0, 120))
@settings(max_examples=12, deadline=None)
def test_random_negotiations_keep_the_laws_or_are_refused(seed: int) -> None:
    scenario = read_scenario(text_of(sketch(random.Random(seed), players=2, items=3)))
    try:
        found = value_of_information(scenario, draws=36)
    except RefusedError:
        return
    for item in (*found.quantities, *found.events):
        assert min(item.sole) >= -1e-9
    for item in found.quantities:
        assert all(part <= whole + 1e-9 for part, whole in zip(item.sole, found.everything[0].sole, strict=True))
