"""Any text gives a scenario or faults, never a crash, and soon."""

import contextlib
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamecore.errors import RefusedError, ScenarioError
from gamecore.model import Scenario
from gamecore.scenario import confidential_names, order, read_scenario
from tests.scenario.conftest import FILES, GOOD

TEXTS = [path.read_text() for path in [*GOOD, *sorted(FILES.glob("*.yaml"))]]
PATIENCE = 5.0  # seconds; a worked file takes 0.03


def read_or_told(text: str | bytes) -> Scenario | None:
    started = time.perf_counter()
    scenario = None
    with contextlib.suppress(ScenarioError, RefusedError):
        scenario = read_scenario(text)
    assert time.perf_counter() - started < PATIENCE
    return scenario


@given(st.text(max_size=200) | st.binary(max_size=200))
@settings(max_examples=120, deadline=None)
def test_any_text_is_read_or_told(text: str | bytes) -> None:
    read_or_told(text)


pieces = st.sampled_from(
    [
        *"{}[]:,-?&*!|>'\"%@`#\n \t.",
        "..",
        " to ",
        "otherwise",
        "rest",
        "hidden",
        "date of ",
        "enpv",
        "null",
        "when: ",
        "{",
        "}",
        "0",
    ]
)


@given(st.lists(pieces | st.sampled_from(["plan", "start", "by: ", "players:\n", "decisions:\n  "]), max_size=40))
@settings(max_examples=120, deadline=None)
def test_any_row_of_yaml_signs_is_read_or_told(parts: list[str]) -> None:
    read_or_told("".join(parts))


def mutated(text: str, seed: int) -> str:
    """A worked file with a few lines or signs deleted, doubled, swapped or replaced."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        lines = text.split("\n")
        kind = chance.randrange(7)
        i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
        if kind == 0:
            del lines[i]
        elif kind == 1:
            lines.insert(j, lines[i])
        elif kind == 2:
            lines[i], lines[j] = lines[j], lines[i]
        elif kind == 3:
            lines[i] = "  " + lines[i]
        text = "\n".join(lines)
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        if kind == 4:
            text = text[:at] + text[at + chance.randint(1, 12) :]
        elif kind == 5:
            words = text.split(" ")
            a, b = chance.randrange(len(words)), chance.randrange(len(words))
            words[a], words[b] = words[b], words[a]
            text = " ".join(words)
        elif kind == 6:
            sign = chance.choice([*"{}[]:,-?&*!|'\"%#.0 \n", "..", "1e9", "hidden", "otherwise", " to "])
            text = text[:to] + sign + text[to:]
    return text


@given(st.sampled_from(TEXTS), st.integers(0, 10**9))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_worked_file_with_mistakes_is_read_or_told(text: str, seed: int) -> None:
    scenario = read_or_told(mutated(text, seed))
    if scenario is not None:
        assert set(order(scenario)) == {*scenario.decisions, *scenario.events}
        confidential_names(scenario)


@pytest.mark.parametrize(
    "text",
    ["a: " + "(" * 400, "{" * 500, "a: &a [*a]", "? " * 300, "- " * 300, "a: |\n" * 200, "[" + "[]," * 3000 + "]"],
)
def test_nothing_deep_or_long_hangs(text: str) -> None:
    read_or_told(text)


_START = "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nplayers: {a: {name: A}}\n"
_MOVE = _START + "decisions: {go: {by: a, options: {x: X}}}\nbaseline: {go: x}\n"
_EVENTS = [f"  e{i}: {{signal_of: e{i + 1}, right: 80%}}\n" for i in range(5000)]
_OPTIONS = "".join(f"d{i}: {{by: a, options: {{x: X, y: Y}}}}, " for i in range(12))
_ALL_X = ", ".join(f"d{i}: x" for i in range(12))
HUGE = {
    "a long chain of inputs": _MOVE
    + "timing: {go: 0}\npayoffs: {p: {all: i0}}\ninputs:\n"
    + "".join(f"  i{i}: i{i + 1} + 1\n" for i in range(1500))
    + "  i1500: 1\n",
    "a long chain of signals": _MOVE
    + "timing: {go: 0}\npayoffs: {p: {all: 1}}\nevents:\n"
    + "".join(_EVENTS)
    + "  e5000: {chances: {x: 1, y: 0}}\n",
    "many faults": _MOVE
    + "timing: {go: 0}\npayoffs:\n"
    + "".join(f"  p{i}: {{alll: 1, bll: 2}}\n" for i in range(5000)),
    "many levers": _MOVE
    + "timing: {go: 0}\npayoffs: {p: {all: i}}\ninputs: {i: 1}\nlevers:\n"
    + "".join(f"  l{i}: {{set: {{inputs.i: [1, 2, 3]}}}}\n" for i in range(3000)),
    "many lines on many outcomes": _MOVE.replace("decisions: {", "decisions: {" + _OPTIONS)
    + "timing: {go: 0, "
    + ", ".join(f"d{i}: 0" for i in range(12))
    + "}\npayoffs:\n"
    + "".join(
        f"  p{j}: {{rows: [{{when: {{{_ALL_X}}}, all: 1}}, {{when: otherwise, all: 0}}]}}\n" for j in range(2000)
    ),
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_large_files_are_refused_or_told_soon(text: str) -> None:
    with pytest.raises((ScenarioError, RefusedError)):
        read_scenario(text)
