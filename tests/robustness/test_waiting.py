"""What waiting is worth and why: known answers, parts that add up, options that hurt who has them."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.errors import InputError
from gamecore.robustness.break_even import BreakEven
from gamecore.robustness.postponing import postponements
from gamecore.robustness.waiting import UnderProtocol, worth_of_waiting
from gamecore.robustness.ways_to_wait import WayToWait, ways_to_wait
from gamecore.scenario import read_scenario

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
MODEL = SCENARIOS / "phase2-covid.yaml"
HEAD = "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\n"
ONE = HEAD + "players: {a: {name: A, discount_rate: 10%}}\n"


def ways(text: str | bytes, **options: object) -> tuple[WayToWait, ...]:
    return ways_to_wait(read_scenario(text), **options)  # type: ignore[arg-type]


def part(under: UnderProtocol, *names: str) -> tuple[Fraction, ...]:
    return next(item.values for item in under.parts if item.names == names)


def exactly(*numbers: int) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, numbers))


def turn(item: WayToWait, kind: str, subject: str, outcome: str = "", player: str = "a") -> BreakEven:
    return next(
        found
        for found in item.groups[0].break_evens
        if (found.kind, found.subject, found.outcome, found.player) == (kind, subject, outcome, player)
    )


# ---- known answers ---------------------------------------------------------------------------------------------------


@cache
def phase_2() -> WayToWait:
    (found,) = ways(MODEL.read_bytes(), draws=1000)
    return found


@pytest.mark.parametrize(
    ("names", "sapphire", "diamond"),
    [
        (("calendar",), -5.582, -6.933),
        (("conditions",), 6.255, 22.316),
        (("re-scope",), 0, 0),
        (("news",), -2.065, 2.731),
        (("holding",), -3, -2),
    ],
)
def test_the_worked_case_splits_as_two_independent_computations_say(
    names: tuple[str, ...], sapphire: float, diamond: float
) -> None:
    found = phase_2()
    order = found.waiting.players
    for under in found.waiting.protocols:
        values = dict(zip(order, part(under, *names), strict=True))
        assert float(values["sapphire"]) == pytest.approx(sapphire, abs=0.01)
        assert float(values["diamond"]) == pytest.approx(diamond, abs=0.01)


def test_values_by_state_say_the_same_but_cannot_tell_the_calendar_from_the_conditions() -> None:
    (found,) = ways((SCENARIOS / "phase2-covid-by-state.yaml").read_bytes(), draws=100)
    for under in found.waiting.protocols:
        values = dict(zip(found.waiting.players, part(under, "calendar", "conditions"), strict=True))
        assert float(values["sapphire"]) == pytest.approx(6.255 - 5.582, abs=0.01)
        assert float(values["diamond"]) == pytest.approx(22.316 - 6.933, abs=0.01)
        assert [float(value) for value in part(under, "news")] == pytest.approx([2.731, -2.065], abs=0.01)


def test_the_worked_case_is_worth_waiting_to_diamond_only_and_the_option_to_both() -> None:
    found = phase_2()
    assert (found.waiting.way.wait, found.waiting.way.same) == ("wait", "full")
    assert found.waiting.holding_lines == ("holding",)
    under = found.waiting.protocols[0]
    assert tuple(map(float, under.total)) == pytest.approx((16.114, -4.392), abs=0.01)
    assert under.chosen == "full"
    assert under.waits
    # without waiting they do not agree: 25.813 and 47.420 against 15.992 and 43.031
    assert tuple(map(float, under.option)) == pytest.approx((9.821, 4.389), abs=0.01)
    assert len(found.groups) == 1
    spread = found.groups[0].spread[0]
    assert spread.positive[0] > 0.99
    assert all(low <= mean <= high for low, mean, high in zip(spread.low, spread.mean, spread.high, strict=True))


def test_where_the_worked_case_turns_waiting_is_as_good_as_starting() -> None:
    found = phase_2()
    held = turn(found, "holding", "diamond", player="diamond")
    assert (held.base, held.value) == pytest.approx((2 / 6, (16.114 + 2) / 6), abs=0.002)
    assert not held.better_above
    severe = turn(found, "chance", "pandemic", "contained", player="diamond")
    text = MODEL.read_text().replace("contained: (1 - p_severe) * 7 / 15", f"contained: {severe.value:.15f}")
    text = text.replace("severe: p_severe}", f"severe: {(1 - severe.value) * 5 / 13:.15f}}}")
    text = text[: text.index("levers:")]  # what the file expects at base values no longer holds
    (under, *_) = worth_of_waiting(read_scenario(text), postponements(read_scenario(text))[0], draws=1).protocols
    assert float(under.total[0]) == pytest.approx(0, abs=1e-6)


# A. Dixit and R. Pindyck, Investment under Uncertainty (1994), chapter 2: the widget factory. It costs 1600 and brings
# 200 at once, then 300 or 100 a year for ever.
WIDGET = (
    ONE
    + """
decisions:
  build: {by: a, options: {invest: Invest, wait: Wait a year}}
  next_year: {by: a, when: {build: wait}, options: {invest: Invest, leave: Never}}
events: {price: {chances: {up: 50%, down: 50%}}}
baseline: {build: invest}
timing: {build: 0, price: 1 year, next_year: 1 year}
payoffs:
  factory:
    rows:
      - {when: {build: invest, price: up}, at: 0, a: -1600 + 200 + 300 / 10%}
      - {when: {build: invest, price: down}, at: 0, a: -1600 + 200 + 100 / 10%}
      - {when: {next_year: invest, price: up}, at: 1 year, a: -1600 + 300 + 300 / 10%}
      - {when: {next_year: invest, price: down}, at: 1 year, a: -1600 + 100 + 100 / 10%}
      - {when: {next_year: leave}, a: 0}
"""
)


def test_the_option_to_build_the_widget_factory_later_is_worth_1900_elevenths() -> None:
    (found,) = ways(WIDGET)
    under = found.waiting.protocols[0]
    assert under.now == exactly(600)
    assert float(under.wait[0]) == pytest.approx(8500 / 11, abs=1e-9)
    assert float(under.option[0]) == pytest.approx(1900 / 11, abs=1e-9)
    # a year of discounting on 600; the first year's 200 is lost, and made up for by later prices being as good
    assert float(part(under, "calendar")[0]) == pytest.approx(600 / 1.1 - 600, abs=1e-9)
    assert float(part(under, "conditions")[0]) == pytest.approx(0, abs=1e-9)
    assert part(under, "re-scope") == exactly(0)
    assert float(part(under, "news")[0]) == pytest.approx(250 / 1.1, abs=1e-9)
    assert part(under, "holding") == exactly(0)


# Dixit and Nalebuff: revenue 130 or 50 at even chances, cost 80; who waits loses part of the market to a rival.
RIVAL = (
    ONE
    + """
decisions:
  enter: {by: a, options: {now: Enter now, wait: Wait and see}}
  then: {by: a, when: {enter: wait}, options: {enter: {label: Enter, same_as: now}, stay: Stay out}}
events: {demand: {chances: {high: 50%, low: 50%}}}
baseline: {enter: now}
timing: {enter: 0, demand: 6 months, then: 6 months}
payoffs:
  market:
    rows:
      - {when: {enter: now, demand: high}, a: 130 - 80}
      - {when: {enter: now, demand: low}, a: 50 - 80}
      - {when: {then: enter, demand: high}, a: 130 - taken - 80}
      - {when: {then: enter, demand: low}, a: 50 - taken - 80}
      - {when: {then: stay}, a: 0}
inputs: {taken: 20}
"""
)


def test_a_rival_who_takes_30_makes_waiting_as_good_as_entering() -> None:
    (found,) = ways(RIVAL)
    under = found.waiting.protocols[0]
    assert (under.now, under.wait) == (exactly(10), exactly(15))
    assert ways(RIVAL.replace("taken: 20", "taken: 0.0"))[0].waiting.protocols[0].wait == exactly(25)
    rival = turn(found, "input", "taken")
    assert rival.value == pytest.approx(30, abs=1e-6)
    assert not rival.better_above
    # what the file does not date cannot be told from what is different later
    assert part(under, "calendar", "conditions") == exactly(-20)
    assert part(under, "re-scope") == exactly(10)  # entering late, whatever the demand, would lose 10
    assert part(under, "news") == exactly(15)


def test_the_accuracy_and_the_chance_at_which_waiting_turns_are_those_of_the_formula() -> None:
    told = RIVAL.replace(
        "demand: {chances: {high: 50%, low: 50%}}",
        "demand: {chances: {high: 50%, low: 50%}}, report: {signal_of: demand, right: 90%}",
    )
    told = told.replace("demand: 6 months", "demand: hidden, report: 6 months").replace("taken: 20", "taken: 0.0")
    told = told.replace("inputs:", "  standing_by: {when: {enter: wait}, a: -2}\ninputs:")
    (found,) = ways(told)
    under = found.waiting.protocols[0]
    assert under.wait == (Fraction(40 * 9, 10) - 15 - 2,)  # enter if told high: (80 q - 30) / 2
    assert part(under, "holding") == exactly(-2)
    assert turn(found, "accuracy", "report").value == pytest.approx(27 / 40, abs=1e-9)
    assert turn(found, "accuracy", "report").better_above
    assert turn(found, "holding", "a").value == pytest.approx(11 / 6, abs=1e-12)
    perfect = RIVAL.replace("taken: 20", "taken: 0.0").replace(
        "inputs:", "  wait: {when: {enter: wait}, a: -6}\ninputs:"
    )
    # known demand: 50 p - 6 against 80 p - 30
    assert turn(ways(perfect)[0], "chance", "demand", "high").value == pytest.approx(0.8, abs=1e-9)


# ---- games -----------------------------------------------------------------------------------------------------------

# Who can wait and then squeeze is not invested with: flexibility undoes a commitment (T. Schelling, 1960).
SQUEEZE = (
    HEAD
    + """
players: {a: {name: A}, b: {name: B}}
decisions:
  invest: {by: b, options: {go: Invest, no_go: Do not}}
  supply: {by: a, when: {invest: go}, options: {now: Supply at the price, wait: Wait}}
  later: {by: a, when: {supply: wait}, options: {now: Supply at the price, squeeze: Ask for more}}
baseline: {invest: go, supply: now}
timing: {invest: 0, supply: 1 month, later: 7 months}
payoffs:
  worth:
    rows:
      - {when: {invest: no_go}, a: 1, b: 0}
      - {when: {supply: now}, a: 3, b: 2}
      - {when: {later: now}, a: 3, b: 2}
      - {when: {later: squeeze}, a: 4, b: -1}
"""
)


def test_being_able_to_wait_can_cost_who_can() -> None:
    (found,) = ways(SQUEEZE)
    under = found.waiting.protocols[0]
    assert under.option == exactly(-2, -2)
    assert not under.waits
    assert under.total == exactly(1, -3)  # once B has invested A would rather wait
    assert part(under, "re-scope") == exactly(1, -3)


AGREED = (
    HEAD
    + """
players: {a: {name: A}, b: {name: B}}
decisions:
  plan: {by: [a, b], options: {start: Start, wait: Wait}, no_agreement: Nothing}
  then: {by: [a, b], when: {plan: wait}, options: {start: Start, half: Half}, no_agreement: Nothing then}
events: {news: {chances: {good: 60%, bad: rest}}}
baseline: {plan: start}
timing: {plan: 0, news: 6 months, then: 6 months}
payoffs:
  worth:
    rows:
      - {when: {plan: start, news: good}, a: 12, b: 4}
      - {when: {plan: start, news: bad}, a: -6, b: 4}
      - {when: {then: start, news: good}, a: 11, b: 3}
      - {when: {then: start, news: bad}, a: -5, b: 3}
      - {when: {then: half}, a: 4, b: 2}
      - {when: {plan: no_agreement}, all: 0}
      - {when: {then: no_agreement}, all: 0}
"""
)


def test_what_is_agreed_later_without_news_is_what_talks_would_lead_to() -> None:
    (found,) = ways(AGREED)
    assert len(found.waiting.protocols) == 4
    for under in found.waiting.protocols:
        # without news A is worth 4.6 starting late and 4 with half: both are for starting
        assert under.chosen == "start"
        assert part(under, "re-scope") == exactly(0, 0)
        # on bad news A asks for half if it proposes; B would offer to start, which A refuses, so B offers half as well
        assert part(under, "news") == (Fraction(36, 10), Fraction(-4, 10))


# ---- laws ------------------------------------------------------------------------------------------------------------

amounts = st.integers(-30, 30)


# The same with the rival in the game, who decides before the news: it enters (9.5 to it, against nothing), and without
# the rival who waits has 25, half of 50. With it the plan later is worth (50 + -30) / 2 - 20 = -10, no plan 0.
ENTRANT = (
    HEAD
    + """
players: {a: {name: A}, b: {name: B}}
decisions:
  enter: {by: a, options: {now: Enter now, wait: Wait and see}}
  rival: {by: b, when: {enter: wait}, options: {in: Enter, out: Stay out}}
  then: {by: a, when: {enter: wait}, options: {now: Enter, stay: Stay out}}
events: {demand: {chances: {high: 50%, low: 50%}}}
baseline: {enter: now}
timing: {enter: 0, rival: 3 months, demand: 6 months, then: 6 months}
payoffs:
  market:
    rows:
      - {when: {enter: now, demand: high}, a: 50, b: 0}
      - {when: {enter: now, demand: low}, a: -30, b: 0}
      - {when: {then: now, demand: high, rival: out}, a: 50, b: 0}
      - {when: {then: now, demand: low, rival: out}, a: -30, b: 0}
      - {when: {then: now, demand: high, rival: in}, a: 50 - 20, b: 20 - 1}
      - {when: {then: now, demand: low, rival: in}, a: -30 - 20, b: 20 - 1}
      - {when: {then: stay}, a: 0, b: 0}
"""
)


@pytest.mark.parametrize("plan", ["now: Enter", "now: {label: Go, same_as: now}"])
def test_news_is_worth_what_who_waits_makes_of_it_not_a_rival_who_moves_first(plan: str) -> None:
    scenario = read_scenario(ENTRANT.replace("{now: Enter, stay", f"{{{plan}, stay"))
    (way,) = postponements(scenario)
    assert (way.later, way.same, way.years) == ("then", "now", Fraction(1, 2))
    (under,) = worth_of_waiting(scenario, way, draws=0).protocols
    assert (under.now, under.wait) == (exactly(10, 0), (Fraction(15), Fraction(19, 2)))
    assert part(under, "calendar", "conditions") == exactly(-20, 19)
    assert part(under, "re-scope") == exactly(10, -19)
    assert part(under, "news") == (Fraction(15), Fraction(19, 2))
    assert part(under, "holding") == exactly(0, 0)
    assert under.chosen == "stay"
    assert tuple(sum(item.values[place] for item in under.parts) for place in (0, 1)) == under.total


def test_without_the_rival_waiting_is_worth_25() -> None:
    scenario = read_scenario(ENTRANT.replace("in: Enter, ", "in: {label: Enter, available: false}, "))
    (under,) = worth_of_waiting(scenario, postponements(scenario)[0], draws=0).protocols
    assert under.wait == exactly(25, 0)
    assert part(under, "calendar", "conditions") == exactly(0, 0)
    assert part(under, "news") == exactly(15, 0)


def test_of_several_later_decisions_the_one_said_to_have_the_plan_counts_then_the_own_one() -> None:
    # whatever reads like the plan of now: an own decision without it comes before a rival's that has it
    unlike = ENTRANT.replace("in: Enter, out: Stay out", "now: Enter, out: Stay out").replace("rival: in", "rival: now")
    unlike = unlike.replace("{now: Enter, stay: Stay out}", "{go: Go, stay: Do not}").replace("then: now", "then: go")
    assert [(way.later, way.same) for way in postponements(read_scenario(unlike))] == [("then", "")]
    said = unlike.replace("{now: Enter, out", "{now: {label: Enter, same_as: now}, out")
    assert [(way.later, way.same) for way in postponements(read_scenario(said))] == [("rival", "now")]
    assert postponements(read_scenario(said), same="then=go")[0].later == "then"
    assert postponements(read_scenario(unlike), same="rival=now")[0].later == "rival"
    # of one's own the one after the news
    both = unlike.replace("rival: {by: b", "rival: {by: a").replace("{now: Enter, out", "{in: Enter, out")
    both = both.replace("rival: now", "rival: in")
    assert [(way.later, way.same) for way in postponements(read_scenario(both))] == [("then", "")]


@st.composite
def scenarios(draw: st.DrawFn) -> str:
    """Two players, an option to wait, a later move or agreement, news that may be wrong, dated or undated rows."""
    later = draw(st.sampled_from(["a", "b", "[a, b]"]))
    first = draw(st.sampled_from(["a", "[a, b]"]))
    dated = draw(st.booleans())
    rows = []
    for when, at in (
        ("plan: start", "0"),
        ("plan: other", "0"),
        ("then: start", "6 months"),
        ("then: small", "6 months"),
    ):
        for state in ("good", "bad"):
            date = f", at: {at}" if dated else ""
            rows.append(f"      - {{when: {{{when}, state: {state}}}{date}, a: {draw(amounts)}, b: {draw(amounts)}}}")
    if first != "a":
        rows.append(f"      - {{when: {{plan: no_agreement}}, a: {draw(amounts)}, b: {draw(amounts)}}}")
    if later == "[a, b]":
        rows.append(f"      - {{when: {{then: no_agreement}}, a: {draw(amounts)}, b: {draw(amounts)}}}")
    failing = ", no_agreement: None"
    return (
        HEAD
        + "players: {a: {name: A, discount_rate: 9%}, b: {name: B, discount_rate: 13%}}\n"
        + f"decisions:\n  plan: {{by: {first}, options: {{start: Start, wait: Wait, other: Other}}"
        + (failing if first != "a" else "")
        + "}\n"
        + f"  then: {{by: {later}, when: {{plan: wait}}, options: {{start: Start, small: Small}}"
        + (failing if later == "[a, b]" else "")
        + "}\n"
        + f"events:\n  state: {{chances: {{good: {draw(st.integers(1, 99))}%, bad: rest}}}}\n"
        + f"  news: {{signal_of: state, right: {draw(st.integers(50, 100))}%}}\n"
        + "baseline: {plan: start}\ntiming: {plan: 0, news: 6 months, then: 6 months, state: hidden}\npayoffs:\n"
        + f"  held: {{when: {{plan: wait}}, a: {draw(amounts)}, b: {draw(amounts)}}}\n"
        + "  worth:\n    rows:\n"
        + "\n".join(rows)
        + "\n"
    )


@given(scenarios())
@settings(max_examples=60, deadline=None)
def test_the_parts_add_up_and_news_never_costs_who_decides_alone(text: str) -> None:
    scenario = read_scenario(text)
    (way,) = postponements(scenario)
    found = worth_of_waiting(scenario, way, draws=1)
    decider = scenario.decisions["then"].by
    for under in found.protocols:
        for place in range(2):
            assert sum(item.values[place] for item in under.parts) == under.total[place]
            assert under.total[place] == under.wait[place] - under.now[place]
        if len(decider) == 1:
            place = found.players.index(decider[0])
            assert part(under, "news")[place] >= 0
            assert part(under, "re-scope")[place] >= 0
        if "at: 6 months" in text:
            part(under, "calendar")


@given(scenarios())
@settings(max_examples=15, deadline=None)
def test_one_decider_loses_nothing_by_being_able_to_wait(text: str) -> None:
    scenario = read_scenario(text.replace("by: b,", "by: a,"))
    if any(decision.is_agreement for decision in scenario.decisions.values()):
        return
    (way,) = postponements(scenario)
    assert worth_of_waiting(scenario, way, draws=1).protocols[0].option[0] >= 0


@given(scenarios())
@settings(max_examples=10, deadline=None)
def test_at_a_break_even_the_worth_of_waiting_changes_its_sign(text: str) -> None:
    (found,) = ways(text)
    for group in found.groups:
        for item in group.break_evens:
            if item.kind == "chance":
                place = found.waiting.players.index(item.player)
                signs = []
                for step in (-1e-6, 1e-6):
                    chance = min(1.0, max(0.0, item.value + step))
                    start = text.index("chances: {good: ")
                    end = text.index("%", start)
                    moved = text[:start] + f"chances: {{good: {100 * chance:.12f}" + text[end:]
                    other = worth_of_waiting(read_scenario(moved), found.waiting.way, draws=1)
                    under = next(one for one in other.protocols if one.protocol == group.protocols[0])
                    signs.append(under.total[place])
                assert signs[0] * signs[1] <= 0 or min(map(abs, signs)) < 1e-3


# ---- what can be asked -----------------------------------------------------------------------------------------------


def test_a_scenario_in_which_nobody_can_wait_says_so() -> None:
    text = (SCENARIOS / "payer.yaml").read_bytes()
    with pytest.raises(
        InputError, match="nobody can wait here: no later decision exists only after one of the options"
    ):
        ways(text)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"wait": "start"}, "'start' is no way to wait; there is plan=wait"),
        ({"same": "nothing"}, "'nothing' is no option that comes later; there is full, hybrid, terminate"),
        ({"now": "wait"}, "no decision of this scenario can be put off in place of 'wait'"),
    ],
)
def test_options_that_are_not_there_are_told(options: dict[str, str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        ways(MODEL.read_bytes(), **options)


def test_options_can_be_named() -> None:
    scenario = read_scenario(MODEL.read_bytes())
    (way,) = postponements(scenario, now="plan=hybrid", wait="wait", same="january=hybrid")
    assert (way.now, way.same) == ("hybrid", "hybrid")
    assert postponements(scenario, now="hybrid")[0].same == "hybrid"  # the option of the same name
    assert postponements(scenario, now="terminate")[0].same == "terminate"


def test_where_no_later_option_repeats_the_plan_its_parts_stay_together() -> None:
    (found,) = ways(RIVAL.replace("{label: Enter, same_as: now}", "Enter"))
    names = [item.names for item in found.waiting.protocols[0].parts]
    assert names == [("calendar", "conditions", "re-scope"), ("news",), ("holding",)]


def test_the_file_may_say_only_what_there_is() -> None:
    with pytest.raises(InputError, match="'new' is not an option of another decision"):
        read_scenario(RIVAL.replace("same_as: now", "same_as: new"))
