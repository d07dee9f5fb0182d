"""Each mistake is told with its place, what is wrong and how to mend it."""

# ruff: noqa: E501 - one mistake a line, with the whole sentence it gets

from collections.abc import Callable

import pytest

from tests.scenario.conftest import FILES, SCENARIOS, faults_of

Mistaken = Callable[..., list[str]]

# What section 13 of the format promises: (file, text, what it is replaced with, the fault).
PROMISED = [
    ("phase2", "when: {plan: wait}  ", "when: {plan: wiat}  ", "43:18: decisions.january.when: 'wiat' is not an option of 'plan' (start, wait, hybrid, terminate, no_agreement); did you mean 'wait'?"),
    ("phase2", "    by: diamond\n", "    by: daimond\n", "41:9: decisions.january.by: no player is called 'daimond'; did you mean 'diamond'?"),
    ("phase2", "count_from", "count_form", "63:3: timing: 'count_form' is neither a decision nor an event; did you mean 'count_from'?"),
    ("phase2", "  news:     6 months            # an event is known to a decision of the same date\n", "", "62:1: timing: event 'news' has no date; add 'news: 6 months', or 'news: hidden' if nobody learns it"),
    ("phase2", "severe: 25%", "severe: 20%", "53:14: events.pandemic.chances: 35% + 40% + 20% = 95%, not 100%; change one, or write 'rest' for one of them"),
    ("phase2", "      - {when: {january: hybrid, pandemic: severe},    sapphire: 37.681, diamond: 11.261}\n", "", "73:5: payoffs.trial: no row fits january: hybrid, pandemic: severe"),
    ("phase2", ", diamond: 48.558", "", "74:9: payoffs.trial, row 1: no value for 'diamond'; add 'diamond: ...' or use 'all:'"),
    ("phase2", "sapphire: 63.779", "sapphire: 1,063.779", "74:68: payoffs.trial, row 1: a comma ends a value inside {...}; write 1063.779 without a thousands comma"),
    ("phase2", "-7 .. -3 .. -1.5", "-7 .. -1.5 .. -3", "91:43: payoffs.holding.sapphire: a range is written low .. base .. high; -1.5 is above -3. Did you mean -7 .. -3 .. -1.5?"),
    ("phase2", "-7 .. -3 .. -1.5", "-7 .. -1.5", "91:43: payoffs.holding.sapphire: a range needs three numbers, low .. base .. high; for a uniform range name an input with 'shape: uniform'"),
    ("phase2", "diamond: -4}\n", "diamond: -4 m}\n", "86:78: payoffs.trial, row 13: write -4; the file's unit is already 'USD m'"),
    ("phase2", "label: Wait six months, then", "label: Wait: then", '30:16: a text that contains \': \' needs quotes: "Wait: then Diamond decides"'),
    ("phase2", "january:  6 months", "january:  0", "66:3: timing.january: 'january' needs the answer of 'plan' (its 'when'), so its date must be after 0, the date of 'plan'"),
    ("phase2", "news:     6 months", "news:     6", "65:13: timing.news: 6 what? Write '6 months', '6 weeks' or a date such as 2021-01-01"),
    ("phase2", "discount_rate: 9%", "discount_rate: 9", "16:75: players.diamond.discount_rate: 9 means 900% a year; did you mean 9%?"),
    ("phase2", "      full:      Run", "      no:      Run", "45:7: decisions.january.options: 'no' cannot be a name (some programs read it as false); try 'none' or 'stop'"),
    ("phase2", "signal_of: pandemic", "signal_of: news", "56:16: events.news.signal_of: an event cannot be a signal of itself"),
    ("phase2", "baseline: {", "baseline: &b {", "59:11: '&b' (a YAML anchor) is not allowed here; write the value out, or put the text in quotes"),
    ("phase2", "  holding: {", "  trial: {", "91:3: payoffs: 'trial' is already defined on line 71; each name stands once"),
    ("model", "timing.january: 3", "timing.janaury: 3", "108:61: levers.decide_earlier.set: there is no 'timing.janaury' to change; did you mean 'timing.january'?"),
    ("model", "severe: p_severe", "severe: p_sever", "36:76: events.pandemic.chances.severe: nothing is called 'p_sever'; did you mean the input 'p_severe'?"),
    ("model", "phase_2.cost: times 1 + 0.05 * overrun", "phase_2.cost: plus 5%", "64:64: programme.changes, row 1: say how: 'times 1.05' (5% more) or 'plus 5' (5 more, in USD m)"),
    ("model", "phase_2.cost: times 1 + 0.60", "phase_2.costs: times 1 + 0.60", "65:50: programme.changes, row 2: phase_2 has no 'costs'; it has budget, cost, lasts, success, after, pause"),
    ("model", "phase_3: {sapphire: 30%, diamond: 70%}", "phase_3: {sapphire: 30%, diamond: 60%}", "86:14: deal.cost_share.phase_3: 30% + 60% = 90%, not 100%"),
    ("model", "{when: {plan: no_agreement}, start: drift}", "{when: {january: full}, start: drift}", "68:31: programme.changes, row 5: 'start' is also set by row 4 when january: full; two rows may not set the same thing (they may both say 'times' or 'plus')"),
    ("model", "due: start of phase_3", "due: start of phase3", "90:67: deal.milestones.phase_3_start.due: no phase is called 'phase3'; did you mean 'phase_3'? (or: signature, launch, yearly sales above 500)"),
    ("terms", "0.3 * milestones", "max(5, 0.3 * milestones)", '77:54: a formula with a comma inside {...} needs quotes: "max(5, 0.3 * milestones)"'),
    ("terms", "amount: upfront", "amount: .upfront", "76:54: deal.milestones.upfront.amount: '.' is not allowed in a formula; formulas hold numbers, names, + - * / ** ( ), comparisons and min max if abs sqrt exp log"),
    ("three", "parties: [sapphire, cobalt]", "parties: [sapphire, colbat]", "31:29: decisions.alliance.options.relicence.parties: 'colbat' is not among those who decide (diamond, sapphire, cobalt); did you mean 'cobalt'?"),
]  # fmt: skip

# Two faults of one mistake.
AMONG = [
    ("phase2", "{when: {plan: terminate},", "{when: {plan: start},", "86:9: payoffs.trial, row 13: plan: start already has a value: row 1 (pandemic: contained), row 2 (prolonged), row 3 (severe)"),
    ("phase2", "{when: {plan: terminate},", "{when: {plan: start},", "73:5: payoffs.trial: no row fits plan: terminate"),
]  # fmt: skip

_HOLDING = "sapphire: -7 .. -3 .. -1.5"
_CHANCES = "contained: 35%, prolonged: 40%, severe: 25%"
_WHEN = "    when: {plan: wait}  "
_MEANS = "set: {decisions.plan.no_agreement.means: start}"
FURTHER = [
    (_HOLDING, "sapphire: inf", "91:43: payoffs.holding.sapphire: 'inf' is not a finite number"),
    (_HOLDING, "sapphire: .nan", "91:43: payoffs.holding.sapphire: '.nan' is not a finite number"),
    (_HOLDING, "sapphire: +5", "91:43: payoffs.holding.sapphire: write 5 without '+'"),
    (_HOLDING, "sapphire: 0 to 5", "91:43: payoffs.holding.sapphire: 'to' gives bounds to search, only in 'levels' and 'amount'; a range is written low .. base .. high"),
    (_HOLDING, "sapphire: -7..-3..-1.5", "91:43: payoffs.holding.sapphire: a range needs spaces around '..': -7 .. -3 .. -1.5"),
    (_HOLDING, "sapphire: [1, 2]", "91:43: payoffs.holding.sapphire: a number, a range or a formula is expected here, not a list"),
    (_HOLDING, "sapphire: 6 months", "91:43: payoffs.holding.sapphire: a number is expected here, not a length of time"),
    (_HOLDING, "sapphire: 9 ** 9 ** 9", "91:45: payoffs.holding.sapphire: a power above 100 is not allowed"),
    (_HOLDING, "sapphire: hold * 2", "91:43: payoffs.holding.sapphire: nothing is called 'hold'; name the number under 'inputs'"),
    (_HOLDING, "sapphire: 2 * plan", "91:47: payoffs.holding.sapphire: 'plan' is an agreement, not a number; formulas name inputs and terms with levels"),
    (_HOLDING, "sapphire: 1 .. x .. 3", "91:43: payoffs.holding.sapphire: a range holds three numbers and is never part of a formula; name it under 'inputs' and use the name"),
    (_HOLDING, "sapphire: 5% .. 10 .. 15", "91:43: payoffs.holding.sapphire: a percentage range repeats the sign: 5% .. 10% .. 15%"),
    ("right: 80%", "right: 80", "57:12: events.news.right: 80 means 8000%; did you mean 80%?"),
    ("right: 80%", "right: 180%", "57:12: events.news.right: a chance lies between 0% and 100%, not at 180%"),
    (_CHANCES, "contained: 35%, prolonged: rest, severe: rest", "53:14: events.pandemic.chances: 'rest' stands once; give the other outcomes their chances"),
    (_CHANCES, "contained: 85%, prolonged: rest, severe: 25%", "53:14: events.pandemic.chances: 85% + 25% = 110%, more than 100%, so nothing is left for 'rest'"),
    (_CHANCES, "contained: 10% .. 35% .. 40%, prolonged: 40%, severe: 25%", "53:14: events.pandemic.chances: these sum to 100% only at base values; write 'rest' for one of them, so that every draw does"),
    ("advise: diamond", "advise: diamnod", "6:9: advise: no player is called 'diamnod'; did you mean 'diamond'?"),
    ("gamecore: 1", "gamecore: 2", "2:11: gamecore: this program reads version 1 of the format; write 'gamecore: 1'"),
    ("question: When and how do we start Phase II of SD-101?\n", "", "2:1: 'question' is missing; add 'question: ...'"),
    ("decide_by: 2020-06-12", "decide_by: 12 June 2020", "5:12: decide_by: a date such as 2020-07-01 (year-month-day) is expected here"),
    ("  - In January both", "  - A fourth.\n  - In January both", "9:3: context: at most three sentences, not 4; the page has no room for more"),
    ("note: All", "notes: All", "12:1: 'notes' is not a key here; did you mean 'note'?"),
    ("discount_rate: 13%, ", "", "17:3: players.sapphire: payoffs.trial has a date, so add 'discount_rate: 9%' to discount it"),
    ("runway: 20 months", "runway: 20 monts", "17:88: players.sapphire.runway: 'monts' is not a unit of time; did you mean '20 months'?"),
    ("confidential: yes", "confidential: maybe", "17:113: players.sapphire.confidential: write yes or no"),
    ("        label: End the programme, Sapphire keeps the drug\n", "        pros: [One.]\n", "37:9: decisions.plan.options.terminate: 'label' is missing; add 'label: ...'"),
    ("        label: End the programme, Sapphire keeps the drug\n", "", "36:7: decisions.plan.options: 'terminate' has no value"),
    (_WHEN, "    when: {january: full}  ", "40:3: decisions.january: 'january' rests on itself: january -> january"),
    (_WHEN, "    when: otherwise  ", "43:11: decisions.january.when: 'otherwise' stands in rows only"),
    (_WHEN, "    when: {plan: }  ", "43:12: decisions.january.when: say which value of 'plan' fits"),
    (_WHEN, "    when: {pandemic: severe}  ", "66:3: timing.january: 'january' rests on 'pandemic' (its 'when'), which is hidden; give 'pandemic' a date before it"),
    (_WHEN, "    when: wait  ", "43:11: decisions.january.when: a condition is written {name: option}"),
    (_WHEN, "    when: {diamond: wait}  ", "43:12: decisions.january.when: 'diamond' is a player; conditions name decisions, terms, events and switches"),
    ("baseline: {plan: start}", "baseline: {plan: start, january: full}", "59:11: baseline: nothing that can happen fits this; compare 'when', 'impossible' and 'means'"),
    ("  plan:     0", "  plan:     {at: 0, proposes: daimond}", "64:31: timing.plan.proposes: no player is called 'daimond'; did you mean 'diamond'?"),
    ("  plan:     0", "  plan:     {at: 0, proposes: [diamond, sapphire]}", "64:21: timing.plan: several players offer in turn, so say how often: add 'rounds: 2'"),
    ("january:  6 months", "january:  {at: 6 months, proposes: diamond}", "66:28: timing.january: 'proposes' belongs to an agreement, and 'january' is not one"),
    ("january:  6 months", "january:  hidden", "66:13: timing.january: a decision has a date; to keep it from others write 'seen_by'"),
    ("january:  6 months", "january:  date of january", "66:3: timing.january: the date of 'january' rests on itself: january -> january"),
    ("january:  6 months", "january:  date of jan", "66:13: timing.january: 'jan' is neither a decision nor an event; did you mean 'january'?"),
    ("january:  6 months", "january:  2019-01-01", "66:13: timing.january: 2019-01-01 is before 'count_from', 2020-07-01"),
    ("news:     6 months", "news:     date of pandemic", "65:13: timing.news: 'pandemic' is hidden and has no date"),
    ("pandemic: hidden", "pandemic: {at: 1 month, seen_by: payer}", "67:36: timing.pandemic.seen_by: no player is called 'payer'; the players are diamond, sapphire"),
    ("  holding: {when: {plan: wait}, sapphire", "  holding: {when: {plan: wait}, saphire", "91:33: payoffs.holding: 'saphire' is neither a player nor a key here; did you mean 'sapphire'?"),
    ("amount: 0 to 15", "amount: 15 to 0", "95:83: levers.pay_at_signature.pay.amount: bounds are written low to high; 15 is not below 0"),
    ("amount: 0 to 15", "amount: 0 .. 5 .. 15", "95:83: levers.pay_at_signature.pay.amount: '..' is what we do not know; bounds to choose from are written '0 to 15'"),
    ("from: diamond, to: sapphire", "from: diamond, to: diamond", "95:43: levers.pay_at_signature.pay: 'from' and 'to' are the same player"),
    ("no_agreement.means: start", "no_agreement.means: strat", "96:3: levers.contract_binds: with this lever the file would be wrong: decisions.plan.no_agreement.means: 'strat' is not an option of 'plan' (start, wait, hybrid, terminate); did you mean 'start'?"),
    (_MEANS, "set: {payoffs.trial.rows: 5}", "96:28: levers.contract_binds.set: 'payoffs.trial.rows' is a list; put the number under 'inputs' and change it there"),
    (_MEANS, "set: {timing.january: 0}", "96:3: levers.contract_binds: with this lever the file would be wrong: timing.january: 'january' needs the answer of 'plan' (its 'when'), so its date must be after 0, the date of 'plan'"),
    ("payment: pay_at_signature", "payment: pay_at_sig", "110:15: expect, entry 11: no lever is called 'pay_at_sig'; did you mean 'pay_at_signature'?"),
    ("{recommended: {plan: wait}}", "{recomended: {plan: wait}}", "108:6: expect, entry 9: 'recomended' is neither a player nor a key here; did you mean 'recommended'?"),
    ("plan: {sapphire: start, diamond: hybrid}", "plan: {sapphire: start, diamond: hybird}", "109:53: expect, entry 10: 'hybird' is not an option of 'plan' (start, wait, hybrid, terminate, no_agreement); did you mean 'hybrid'?"),
    ("      full:      Run", "      Full:      Run", "45:7: decisions.january.options: 'Full' cannot be a name; names hold small letters, digits and _, first a letter: try 'full'"),
    ("decisions:\n", "decisions: 5\nmore:\n", "20:12: decisions: names with what belongs to each ('name: ...') are expected here, not a text"),
    ("players:\n", "players: [a]\nplayer:\n", "15:10: players: names with what belongs to each ('name: ...') are expected here, not a list"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "fault"), PROMISED)
def test_promised_faults_are_told_alone(mistaken: Mistaken, file: str, old: str, new: str, fault: str) -> None:
    assert mistaken(file, old, new) == [f"{file}.yaml:{fault}"]


@pytest.mark.parametrize(("file", "old", "new", "fault"), AMONG)
def test_promised_faults_are_told_among_others(mistaken: Mistaken, file: str, old: str, new: str, fault: str) -> None:
    assert f"{file}.yaml:{fault}" in mistaken(file, old, new)


@pytest.mark.parametrize(("old", "new", "fault"), FURTHER)
def test_further_faults_are_told(mistaken: Mistaken, old: str, new: str, fault: str) -> None:
    assert f"phase2.yaml:{fault}" in mistaken("phase2", old, new)


def test_missing_no_agreement_is_told_once(mistaken: Mistaken) -> None:
    old = "    no_agreement:\n      label: Drift - the trial starts nine months late, in dispute\n"
    told = "two players decide, so say what happens if they do not agree: add 'no_agreement: ...'"
    assert mistaken("phase2", old, "") == [f"phase2.yaml:21:3: decisions.plan: {told}"]


def test_independent_faults_are_told_together_and_sorted() -> None:
    text = (FILES / "phase2.yaml").read_text()
    for old, new in [("by: diamond\n", "by: daimond\n"), ("right: 80%", "right: 80"), ("note: All", "note: All: x")]:
        text = text.replace(old, new, 1)
    found = faults_of(text, "f")
    assert [fault.split(": ")[0] for fault in found] == ["f:12:7", "f:41:9", "f:57:12"]


@pytest.mark.parametrize("file", ["three", "weights"])
def test_coalitions_votes_and_shared_money_are_read(file: str) -> None:
    assert faults_of((FILES / f"{file}.yaml").read_text()) == []


_SMALL = """
gamecore: 1
title: T
question: Q
advise: a
players: {a: {name: A}, b: {name: B}}
decisions:
  one: {by: a, options: {x: X, y: Y}}
  two: {by: b, options: {x: X, y: Y}}
events:
  rain: {chances: {wet: 30%, dry: rest}}
baseline: {one: x}
timing: {one: 0, two: 1 year, rain: hidden}
payoffs:
  all_of_it: {rows: [{a: 1, b: 2}]}
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{by: a, options", "{by: a, when: {two: x}, options", "needs the answer of 'two'"),
        ("chances: {wet: 30%, dry: rest}", "when: {two: x}, chances: {wet: p, dry: rest}", "nothing is called 'p'"),
        ("baseline", "inputs: {p: q + 1, q: 2 * p}\nbaseline", "'p' rests on itself: p -> q -> p"),
        ("timing: {one: 0, two: 1 year", "timing: {one: date of two, two: date of one", "the date of 'one' rests on itself"),
        ("{rows: [{a: 1, b: 2}]}", "{when: {one: x}, a: 1, b: 2}", "no line has a value for one: y"),
        ("{rows: [{a: 1, b: 2}]}", "{rows: [{a: 1 / (2 - p), b: 2}]}\ninputs: {p: 2}", "a division by zero at base values"),
        ("{rows: [{a: 1, b: 2}]}", "{rows: [{a: p, b: 2}]}\ninputs: {p: {rows: [{when: {one: x}, value: 2}]}}", "inputs.p: no row fits when one: y"),
        ("baseline: {one: x}", "impossible: [{rain: wet}]\nbaseline: {one: x}", "'rain' is an event"),
        ("two: {by: b, options: {x: X, y: Y}}", "two: {by: b, options: {x: {label: X, when: {one: x}}}}", "nothing can be chosen when one: y"),
        ("wet: 30%", "wet: p", "this is 300% at base values"),
        ("{a: {name: A}, b", "{a: {name: A}, at: {name: C}, b", "'at' cannot be a name"),
        ("two: {by: b", "two: {by: [a, b]", "two players decide"),
        ("two: {by: b, options: {x: X, y: Y}}", "two: {by: b, no_agreement: N, options: {x: X, y: Y}}", "nothing to agree on"),
        ("two: {by: b, options: {x: X, y: Y}}", "two: {by: [a, b], no_agreement: N, terms: {t: {levels: [1, 1]}}}", "the level 1 stands twice"),
        ("two: {by: b, options: {x: X, y: Y}}", "two: {by: b, terms: {t: {levels: [1, 2]}}}", "terms are agreed between several"),
        ("baseline", "inputs: {p: {value: 1 .. 2 .. 3, moves_with: {q: 0.5}}, q: {value: 1 .. 2 .. 3, moves_with: {p: 0.5}}}\nbaseline", "a correlation is written once"),
        ("rain: hidden", "rain: {at: 1 year, seen_by: {a: 6 months}}", "cannot learn it before it happens"),
        ("rain: hidden", "rain: 1 year, snow: 1 year", "'snow' is neither a decision nor an event"),
        ("wet: 30%", "wet: 30% dry", "an operator is missing before 'dry'"),
    ],
)  # fmt: skip
def test_faults_of_the_whole_are_told(old: str, new: str, words: str) -> None:
    assert old in _SMALL
    text = _SMALL.replace(old, new, 1).replace(
        "baseline: {one: x}", "inputs: {p: 3}\nbaseline: {one: x}" if "300%" in words else "baseline: {one: x}"
    )
    assert faults_of(_SMALL) == []
    assert any(words in fault for fault in faults_of(text)), faults_of(text)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("termination", "      - {when: otherwise, all: 0}\n", "", "75:5: payoffs.transfer: no row fits wind_down: clean_break; wind_down: no_agreement; outcomes without wind_down"),
        ("alliance-reset", "{when: {new_contract: agreed}, aster: -dev", "{aster: -dev", "payoffs.development: 'aster_share' has no number when new_contract: no_agreement"),
        ("jsc-deadlock", "          - {ruling: placebo}\n", "", "payoffs.design: no row fits ruling: placebo"),
        ("payer", "critics: {when: {answer: reject}", "critics: {when: {answer: narrow}", "payoffs: no line has a value for answer: reject"),
        ("launch-timing", "uptake: 6 months", "uptake: 1 month", "timing.uptake: 'uptake' needs the answer of 'china' (its 'when'), so its date must be after 2 months, the date of 'china'"),
    ],
)  # fmt: skip
def test_what_the_whole_file_shows_is_told_alone(name: str, old: str, new: str, fault: str) -> None:
    text = (SCENARIOS / f"{name}.yaml").read_text()
    assert old in text
    found = faults_of(text.replace(old, new, 1))
    assert len(found) == 1
    assert found[0].endswith(fault)


# ---- one mistake is told once ----------------------------------------------------------------------------------------

_RESTING = """gamecore: 1
title: T
question: Q
advise: a
players: {a: {name: A, discount_rate: r}, b: {name: B, discount_rate: 5%}}
decisions:
  move: {by: a, options: {x: X, y: Y}}
events:
  rain: {chances: {wet: c, dry: rest}}
baseline: {move: x}
timing: {move: 0, rain: hidden}
payoffs:
  v: {rows: [{when: {move: x}, a: k * 2, b: 2}, {when: {move: y}, a: m, b: 2}]}
  w: {a: k, b: m, when: {rain: wet}, at: delay}
inputs:
"""
_SOUND = {"k": "5", "m": "k + 1", "c": "30%", "r": "9%", "delay": "{value: 3, unit: months}"}


@pytest.mark.parametrize(
    ("name", "written", "fault"),
    [
        ("k", "5 .. 3 .. 9", "inputs.k: a range is written low .. base .. high; 5 is above 3. Did you mean 3 .. 5 .. 9?"),
        ("k", "3..5..9", "inputs.k: a range needs spaces around '..': 3 .. 5 .. 9"),
        ("k", "{value: 1 .. 2 .. 3, shape: noraml}", "inputs.k.shape: 'noraml' is not a shape (normal, lognormal, triangular, pert, uniform, discrete); did you mean 'normal'?"),
        ("k", ".inf", "inputs.k: '.inf' is not a finite number"),
        ("k", "", "inputs: 'k' has no value"),
        ("k", "[5]", "inputs.k: names with what belongs to each ('name: ...') are expected here, not a list"),
        ("k", "{rows: [{value: 5 .. 3 .. 9}]}", "inputs.k, row 1: a range is written low .. base .. high; 5 is above 3. Did you mean 3 .. 5 .. 9?"),
        ("c", "5 .. 3 .. 9", "inputs.c: a range is written low .. base .. high; 5 is above 3. Did you mean 3 .. 5 .. 9?"),
        ("r", "30 %", "inputs.r: write 30%, without a space"),
        ("delay", "{value: 3 .. 2 .. 1, unit: months}", "inputs.delay.value: a range is written low .. base .. high; 3 is above 2. Did you mean 1 .. 2 .. 3?"),
    ],
)  # fmt: skip
def test_a_faulty_number_makes_no_further_faults(name: str, written: str, fault: str) -> None:
    def file(numbers: dict[str, str]) -> str:
        return _RESTING + "".join(f"  {key}: {value}\n" for key, value in numbers.items())

    assert faults_of(file(_SOUND)) == []
    assert [told.partition(": ")[2] for told in faults_of(file(_SOUND | {name: written}))] == [fault]


# ---- signs no text may hold ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('"Lau\\0n\\ach"', "3:12: title: the control character U+0000 cannot stand in a text; delete it (in double quotes a backslash writes one)"),
        ('"a\\x9bb"', "3:10: title: the control character U+009B cannot stand in a text; delete it"),
        ('"a\\rb"', "3:10: title: the control character U+000D cannot stand in a text; delete it (in double quotes a backslash writes one)"),
        ('"a\\u202eb"', "3:10: title: U+202E, which turns the direction of the text after it, cannot stand in a text; delete it"),
        ("a\u2066b", "3:9: title: U+2066, which turns the direction of the text after it, cannot stand in a text; delete it"),
        ('"a\\ud800b"', "3:10: title: half of a sign (U+D800) stands here; write the sign itself"),
    ],
)  # fmt: skip
def test_signs_that_no_text_may_hold_are_refused_with_their_place(written: str, fault: str) -> None:
    lines = (FILES / "phase2.yaml").read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("title:"))
    lines[at] = f"title: {written}"
    assert faults_of("\n".join(lines)) == [f"scenario:{fault}"]


def test_other_signs_stay_as_they_are() -> None:
    text = (FILES / "phase2.yaml").read_text()
    line = next(line for line in text.splitlines() if line.startswith("title:"))
    for written in ('"a\\tb"', '"a\\nb"', '"\\ud83d\\ude00"', "\U0001f600", "\u05d0\u200f", "Z\u00fcrich\u00a0AG"):
        assert faults_of(text.replace(line, f"title: {written}")) == []


def test_a_name_with_a_sign_that_cannot_be_seen_is_told_once() -> None:
    text = _RESTING.replace("{x: X, y: Y}", '{"x\\0": X, y: Y}')
    text += "".join(f"  {key}: {value}\n" for key, value in _SOUND.items())
    told = "decisions.move.options: the control character U+0000 cannot stand in a text; delete it"
    assert faults_of(text) == [f"scenario:7:29: {told} (in double quotes a backslash writes one)"]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("30 %", "inputs.k: write 30%, without a space"),
        ("2 * 30 %", "inputs.k: write 30%, without a space"),
        ("10 % .. 20 % .. 30 %", "inputs.k: a percent sign stands right after its number; write 10% .. 20% .. 30%"),
        ("30 percent", "inputs.k: write 30%"),
        ("m %", "inputs.k: '%' stands right after a number, as in 9%"),
    ],
)
def test_a_percent_sign_apart_from_its_number_is_told(written: str, fault: str) -> None:
    text = _RESTING + "".join(f"  {key}: {value}\n" for key, value in (_SOUND | {"k": written, "m": "3"}).items())
    assert [told.partition(": ")[2] for told in faults_of(text)] == [fault]
