"""Mistakes inside inputs, lines, events, options, timing and levers, in a small file."""

# ruff: noqa: E501 - one mistake a line, with the whole sentence it gets

import pytest

from tests.scenario.conftest import faults_of

_FILE = """gamecore: 1
title: T
question: Q
advise: a
players: {a: {name: A}, b: {name: B}}
decisions:
  move: {by: a, options: {x: X, y: Y}}
  pact: {by: [a, b], options: {p: P, q: Q}, no_agreement: N}
events:
  rain: {chances: {wet: 30%, dry: rest}}
baseline: {move: x}
timing: {move: 0, pact: 1 year, rain: hidden}
payoffs:
  all_of_it: {rows: [{a: 1, b: 2}]}
"""


def told(block: str, new: str) -> list[str]:
    """The messages for the file with a line added, or put in place of the line that begins alike."""
    lines = _FILE.splitlines()
    at = [i for i, line in enumerate(lines) if line.startswith(block)]
    lines[at[0] if at else len(lines) :] = [new, *lines[at[0] + 1 :]] if at else [new]
    return [fault.partition(": ")[2] for fault in faults_of("\n".join(lines))]


def test_the_file_itself_is_right() -> None:
    assert faults_of(_FILE) == []


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("{value: 1 .. 2 .. 3, shape: noraml}", "inputs.i.shape: 'noraml' is not a shape (normal, lognormal, triangular, pert, uniform, discrete); did you mean 'normal'?"),
        ("{value: 1, shape: normal}", "inputs.i.value: only an uncertain value has a shape or bounds: write 10 .. 15 .. 20, or leave them out"),
        ("{value: 1 .. 2, shape: pert}", "inputs.i.value: the shape pert needs three numbers, low .. base .. high"),
        ("{value: 1 .. 2 .. 3, shape: uniform}", "inputs.i.value: the shape uniform needs two numbers, lowest .. highest"),
        ("{value: 1 .. 2 .. 3, shape: discrete}", "inputs.i.value: a discrete value is written {10: 30%, 20: 70%}"),
        ("{value: -1 .. 2 .. 3, shape: lognormal}", "inputs.i.value: a lognormal value is above 0"),
        ("{value: 1 .. 2 .. 3, at_least: 4, at_most: 2}", "inputs.i: 'at_most' is below 'at_least'"),
        ("{value: 1 .. 2 .. 3, at_most: 1.5}", "inputs.i.value: the base value lies outside 'at_least' and 'at_most'"),
        ("{value: {1: 30%, 2: 60%}}", "inputs.i.value: the chances sum to 90%, not 100%"),
        ("{value: {one: 30%, 2: 70%}}", "inputs.i.value: 'one' is not a number; a discrete value is written {10: 30%, 20: 70%}"),
        ("{value: {1: 30%, 2: 70%}, shape: normal}", "inputs.i.value: values with chances have the shape 'discrete', not 'normal'"),
        ("{value: 1 .. 2 .. 3, moves_with: {j: 0.5}}", "inputs.i.moves_with: 'j' is not another input"),
        ("{label: L}", "inputs.i: an input needs a 'value'"),
        ("{value: 1, rows: [{value: 2}]}", "inputs.i: either 'value' or 'rows', not both"),
        ("{rows: 5}", "inputs.i: rows are a list: - {when: {costs: fall}, value: 36}"),
        ("{rows: [{when: otherwise, value: 1}, {when: otherwise, value: 2}]}", "inputs.i: 'otherwise' stands once"),
        ("{rows: [{when: {move: x}}]}", "inputs.i, row 1: 'value' is missing; add 'value: ...'"),
        ("{rows: [{value: 1}], shape: normal}", "inputs.i: 'shape' belongs to an input with one value"),
        ("{one_of: {u: Up, d: Down}, value: upp}", "inputs.i.value: 'upp' is not a position of 'i' (u, d)"),
        ("{one_of: {u: Up, d: Down}}", "inputs.i: say where the switch stands: add 'value: u'"),
        ("1,5", "inputs: a comma ends a value inside {...}; decimals have a point: 1.5"),
        ("{value: m}", "inputs.i.value: nothing is called 'm'; name the number under 'inputs'"),
        ("[1, 2]", "inputs.i: names with what belongs to each ('name: ...') are expected here, not a list"),
    ],
)  # fmt: skip
def test_inputs(written: str, fault: str) -> None:
    found = told("inputs", f"inputs: {{i: {written}}}")
    assert any(line.startswith(fault) for line in found), found


@pytest.mark.parametrize(
    ("line", "written", "fault"),
    [
        ("  all_of_it", "  p: {rows: 5}", "payoffs.p: rows are a list: - {when: {plan: wait}, diamond: 5, sapphire: 3}"),
        ("  all_of_it", "  p: {rows: [{all: 1}], a: 5}", "payoffs.p: a line with 'rows' has its values in the rows; 'a' cannot stand here"),
        ("  all_of_it", "  p: {rows: [{all: 1}], all: 5}", "payoffs.p: a line with 'rows' has its values in the rows; 'all' cannot stand here"),
        ("  all_of_it", "  p: {rows: [{when: otherwise, all: 1}, {when: otherwise, all: 2}]}", "payoffs.p: 'otherwise' stands once in a line"),
        ("  all_of_it", "  rankings: {a: {}}", ("payoffs: 'rankings' in a game with dates is not supported yet; add 'anytime: yes' under 'timing' (a conflict), "
            "or give each outcome a value")),
        ("payoffs", "payoffs: 5\nlabel:", "payoffs: names with what belongs to each ('name: ...') are expected here, not a text"),
        ("  rain", "  rain: {chances: 5}", "events.rain.chances: chances are written {rain: 30%, sun: rest}, or as rows of them"),
        ("  rain", "  rain: {chances: {wet: 30%, dry: rest}, right: 80%}", "events.rain: 'right' belongs to 'signal_of'"),
        ("  rain", "  rain: {label: R}", "events.rain: say how likely it is: add 'chances: ...'"),
        ("  rain", "  rain: {chances: {wet: 30%, dry: rest}, labels: {wett: W}}", "events.rain.labels: 'wett' is not an outcome here (wet, dry); did you mean 'wet'?"),
        ("  rain", "  rain: {chances: {wet: 30%, dry: rest}, beliefs: {c: {wet: 1, dry: 0}}}", "events.rain.beliefs: no player is called 'c'; the players are a, b"),
        ("  rain", "  rain: {chances: {wet: 30%, dry: rest}, beliefs: {b: {wet: 10%, dry: 10%}}}", "events.rain.beliefs.b: 10% + 10% = 20%, not 100%; change one, or write 'rest' for one of them"),
        ("  rain", "  rain: {chances: [{when: {move: x}, wet: 1, dry: 0}]}", "events.rain.chances: no row fits move: y"),
        ("  rain", "  rain: {chances: [{when: {move: x}, wet: 1}, {when: otherwise, wet: 30%, dry: rest}]}", "events.rain.chances, row 1: no chance for 'dry'; add 'dry: 0%' if it cannot happen here"),
        ("  rain", "  rain: {signal_of: snow, right: 80%}", "events.rain.signal_of: no event is called 'snow'"),
        ("  move", "  move: {by: a, options: {}}", "decisions.move.options: a decision needs at least one option"),
        ("  move", "  move: {by: a, options: {x: {label: X, available: no}}}", "decisions.move.options: no option is available; at least one must be"),
        ("  move", "  move: {by: a}", "decisions.move: say what can be chosen: add 'options: ...'"),
        ("  move", "  move: {by: [], options: {x: X, y: Y}}", "decisions.move.by: say who decides"),
        ("  move", "  move: {by: [a, a], options: {x: X, y: Y}}", "decisions.move.by: 'a' stands twice"),
        ("  move", "  move: {by: a, options: {x: X, y: Y}, terms: {t: {levels: [1]}}}", "decisions.move: either 'options' or 'terms', not both"),
        ("  move", "  move: {by: a, options: [X, Y]}", "decisions.move.options: names with what belongs to each ('name: ...') are expected here, not a list"),
        ("  pact", "  pact: {by: [a, b], terms: {t: {levels: 5 to 1}}, no_agreement: N}", "decisions.pact.terms.t.levels: bounds are written low to high; 5 is not below 1"),
        ("  pact", "  pact: {by: [a, b], terms: {t: {levels: [low]}}, no_agreement: N}", "decisions.pact.terms.t.levels: 'low' is not a number; levels with names stand under 'options'"),
        ("  pact", "  pact: {by: [a, b], terms: {t: {}}, no_agreement: N}", "decisions.pact.terms.t: a term has either 'levels' (numbers) or 'options' (names)"),
        ("  pact", "  pact: {by: [a, b], terms: {t: {levels: [1]}}, no_agreement: {label: N, means: x}}", "decisions.pact.no_agreement.means: 'means' names an option; an agreement on terms has none"),
        ("timing", "timing: {move: 0, pact: {at: 1 year, proposes: at_once, rounds: 2}, rain: hidden}", "timing.pact: 'rounds' needs 'proposes' with a player or a list of players who offer in turn"),
        ("timing", "timing: {move: 0, pact: {at: 1 year, proposes: a, meanwhile: all}, rain: hidden}", "timing.pact.meanwhile: write 'meanwhile: nothing', or leave it out: the status quo runs on"),
        ("timing", "timing: {move: 0, pact: {at: 1 year, proposes: a, rounds: 2, every: 1 month}, rain: hidden}", "players.a: timing.pact has rounds of some length, so add 'discount_rate: 9%' to discount them"),
        ("timing", "timing: {move: 0, pact: {at: 2020-01-01}, rain: {at: hidden, seen_by: a}}", "timing.rain: what is hidden is seen by nobody; give a date, or leave 'seen_by' out"),
        ("timing", "timing: {move: 0, pact: 10 monhts, rain: hidden}", "timing.pact: 'monhts' is not a unit of time; did you mean '10 months'?"),
        ("timing", "timing: {move: soon, pact: 1 year, rain: hidden}", "timing.move: 'soon' is neither a length of time nor an input; write '6 months', for example"),
        ("impossible", "impossible: {move: x}", "impossible: a list of combinations is expected here: - {duration: 5, making: both}"),
        ("levers", "levers: {l: {label: L}}", "levers.l: say what the lever does: 'set', 'pay' or 'commit'"),
        ("levers", "levers: {l: {commit: {rain: wet}}}", "levers.l.commit: 'rain' with wet cannot be committed to; name options of a decision"),
        ("levers", "levers: {l: {set: {title: T}}}", "levers.l.set: a lever changes players, decisions, events, timing, payoffs, programme, deal, inputs, not 'title'"),
        ("levers", "levers: {l: {set: {decisions.move: 5}}}", "levers.l.set: 'decisions.move' holds several values; name one of them, such as 'decisions.move.by'"),
        ("levers", "levers: {l: {set: {payoffs.all_of_it.rows.1: 5}}}", "levers.l.set: 'payoffs.all_of_it.rows.1' lies in rows or a list; put the number under 'inputs' and change it there"),
        ("levers", "levers: {l: {pay: {from: a, to: b, amount: 5, due: launch}}}", "levers.l.pay.due: 'launch' needs a 'deal'; in this file a payment has a date"),
        ("levers", "levers: {l: {pay: {from: a, amount: 5}}}", "levers.l.pay: 'to' is missing; add 'to: ...'"),
        ("expect", "expect: {value: {move: x}}", "expect: a list of results is expected here: - {outcome: {plan: wait}}"),
        ("expect", "expect: [{value: {move: x}, choice: {move: x}}]", "expect, entry 1: one of value and choice, not both"),
        ("expect", "expect: [{equilibrium: {movee: x}}]", "expect, entry 1: no decision is called 'movee'; did you mean 'move'?"),
    ],
)  # fmt: skip
def test_blocks(line: str, written: str, fault: str) -> None:
    assert fault in told(line, written), told(line, written)


@pytest.mark.parametrize(
    ("line", "written", "fault"),
    [
        ("players", "players: {a: Alpha, b: {name: B}}", "players.a: a player is written {name: Alpha}"),
        ("  move", "  move: {by: a, options: [x, y]}", "decisions.move.options: names with what belongs to each ('name: ...') are expected here, not a list"),
        ("  pact", "  pact: {by: a and b, options: {p: P, q: Q}}", "decisions.pact.by: several players are written as a list: [a, b]"),
        ("  pact", "  pact: {by: 'a, b', options: {p: P, q: Q}}", "decisions.pact.by: several players are written as a list: [a, b]"),
        ("  rain", "  rain: {wet: 30%, dry: 70%}", "events.rain: the chances stand under 'chances': {chances: {wet: 30%, dry: 70%}}"),
        ("  rain", "  rain: {chances: {wet: 30%, dry: remaining}}", "events.rain.chances.dry: nothing is called 'remaining'; in chances, what the others leave is written 'rest'"),
        ("timing", "timing: {move: today, pact: 1 year, rain: hidden}", "timing.move: write 0, not 'today': time counts from day zero"),
        ("timing", "timing: {move: 0, pact: 12m, rain: hidden}", "timing.pact: 'm' is not a unit of time; did you mean '12 months'?"),
        ("timing", "timing: {move: 0, pact: 01/02/2021, rain: hidden}", "timing.pact: a date is written year-month-day, such as 2021-01-31"),
        ("timing", "timing: {move: 0, pact: -6 months, rain: hidden}", "timing.pact: a date before day zero; 'count_from' is the earliest"),
        ("timing", "timing: {move: 0, pact: 1 year 6 months, rain: hidden}", "timing.pact: write 18 months"),
        ("timing", "timing: {move: 0, pact: 1 year, rain: never}", "timing.rain: 'never' is no date; of an event that nobody sees in time write 'hidden'"),
        ("timing", "timing: {count_from: 2021-02-30, move: 0, pact: 1 year, rain: hidden}", "timing.count_from: the calendar has no 2021-02-30; a date is written year-month-day"),
        ("timing", "timing: {move: 0, pact: 2021, rain: hidden}", "timing.pact: write the year as a date, such as 2021-01-01"),
        ("  all_of_it", "  all_of_it: {a: TBD, b: 2}", "payoffs.all_of_it.a: 'TBD' is no number; write what is not known for sure as a range, low .. base .. high"),
        ("  all_of_it", "  all_of_it: {a: none, b: 2}", "payoffs.all_of_it.a: write 0, not 'none'"),
        ("  all_of_it", "  all_of_it: {a: 1.000.000, b: 2}", "payoffs.all_of_it.a: write 1000000 without a thousands mark"),
        ("  all_of_it", "  all_of_it: {a: 1 ... 2 ... 3, b: 2}", "payoffs.all_of_it.a: a range is written with two points: 1 .. 2 .. 3"),
        ("  all_of_it", "  all_of_it: {a: 5 \u2026 7, b: 2}", "payoffs.all_of_it.a: a range is written with two points: 5 .. 7"),
        ("  all_of_it", "  all_of_it: {rows: [{when: move = x, a: 1, b: 2}]}", "payoffs.all_of_it, row 1: a condition is written {move: x}"),
        ("  all_of_it", "  all_of_it: {move: x, a: 1, b: 2}", "payoffs.all_of_it: a condition stands under 'when': {when: {move: x}, ...}"),
        ("baseline", "baseline: {}", "baseline: say what was planned: {decision: option}"),
        ("levers", "levers: {l: {set: {inputs.k: 3}}}", "levers.l.set: there is no 'inputs.k' to change; the file has no 'inputs'"),
        ("inputs", "inputs: {i: {value: 5, unit: }}", "inputs.i: 'unit' has no value"),
        ("inputs", "inputs: {i: {one_of: [u, d], value: u}}", "inputs.i.one_of: names with what belongs to each ('name: ...') are expected here, not a list"),
        ("  pact", "  pact: {by: [a, b], terms: {t: {levels: [10 %, 20 %]}}, no_agreement: N}", "decisions.pact.terms.t.levels: write 10%, without a space"),
    ],
)  # fmt: skip
def test_what_people_write_instead_is_told_alone_with_what_to_write(line: str, written: str, fault: str) -> None:
    assert told(line, written) == [fault]


def test_words_that_stand_for_nothing_may_be_names_of_inputs() -> None:
    assert told("  all_of_it", "  all_of_it: {a: na, b: nil}\ninputs: {na: 1, nil: 2}") == []
