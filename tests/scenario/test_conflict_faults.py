"""Faults of a conflict: told at their places, each once, with how to mend them."""

from __future__ import annotations

import pytest

from gamecore.errors import ScenarioError
from gamecore.model import Clause, Condition
from gamecore.scenario import apply_levers, read_scenario
from tests.scenario.conftest import FILES, faults_of

TEXT = (FILES / "conflict.yaml").read_text()
COMPARED = (
    "      comparisons:\n"
    "        - {better: {data: share}, than: {data: hold}}\n"
    "        - {better: {data: hold}, than: {filing: close}}\n"
    "        - {better: {filing: close}, than: {data: share}}"
)
REGISTRY = "      priorities:\n        - {data: share}\n        - {filing: close}"


def told(*changes: tuple[str, str]) -> list[str]:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return faults_of(text, "conflict.yaml")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "        - {data: hold, milestone: pay, filing: close}\n",
            "",
            "48:7: payoffs.rankings.sapphire: 1 of 8 states is not ranked: data: hold, milestone: pay, filing: close",
        ),
        (
            "- {milestone: terminate}\n",
            "- {milestone: terminate, data: hold}\n",
            "48:7: payoffs.rankings.sapphire: 1 of 8 states is not ranked: data: share, milestone: terminate",
        ),
        (
            "- {milestone: terminate}\n",
            "- {milestone: terminate}\n        - {data: hold}\n",
            (
                "56:11: payoffs.rankings.sapphire.best_to_worst, entry 8: data: hold, milestone: "
                "withhold, filing: wait "
                "already fits entry 3; each state fits one entry"
            ),
        ),
        (
            "today: {data: hold,",
            "today: {data: hold, plan: start,",
            "42:23: timing.today: no decision is called 'plan'",
        ),
        (
            "today: {data: hold,",
            "today: {dat: hold,",
            "42:11: timing.today: no decision is called 'dat'; did you mean 'data'?",
        ),
        (
            "today: {data: hold,",
            "today: {data: hodl,",
            "42:17: timing.today: 'hodl' is not an option of 'data' (hold, share); did you mean 'hold'?",
        ),
        (
            ", filing: wait}    #",
            "}    #",
            "42:3: timing.today: today does not say where 'filing' stands; add 'filing: wait'",
        ),
        (
            "milestone: withhold, filing: wait}    #",
            "milestone: terminate, filing: wait}    #",
            "42:3: timing.today: today there is nothing to decide in 'filing' (its 'when'); leave it out",
        ),
        (
            "{data: hold, milestone: withhold, filing: wait}    #",
            "{data: share, milestone: withhold, filing: close}    #",
            "42:3: timing.today: today cannot be: it fits entry 1 of 'impossible'",
        ),
        ("  today: {", "  tomorrow: {", "41:3: timing: say where they stand today: add 'today: {decision: option}'"),
        (
            "  anytime: yes",
            "  data: 0\n  anytime: yes",
            "41:3: timing: a conflict has no order of moves, so 'data' has no date; leave it or 'anytime' out",
        ),
        (
            "  anytime: yes",
            "  count_from: 2020-01-01\n  anytime: yes",
            "41:3: timing: a conflict has no dates to count; leave 'count_from' out, or leave 'anytime' out",
        ),
        (
            "leads_to: []}",
            "leads_to: [hlod]}",
            (
                "24:47: decisions.data.options.share.leads_to: 'hlod' is not an option of 'data' (hold, share); "
                "did you mean 'hold'?"
            ),
        ),
        (
            "  rankings:\n",
            "  lines: {all: 3}\n  rankings:\n",
            "46:3: payoffs: 'rankings' stands in place of lines; leave 'lines' out",
        ),
        (
            "impossible:",
            "events: {ruling: {chances: {good: 50%, bad: rest}}}\nimpossible:",
            (
                "36:10: events.ruling: a conflict has no events, and nobody can tell when 'ruling' would be known; "
                "leave it out"
            ),
        ),
        (
            "    by: sapphire\n",
            "    by: [sapphire, diamond]\n    no_agreement: Neither\n",
            (
                "20:3: decisions.data: in a conflict each side decides for itself; give 'data' one "
                "player, or each player "
                "a decision"
            ),
        ),
        (
            "impossible:",
            "baseline: {data: hold}\nimpossible:",
            "36:1: baseline: 'timing.today' is the plan as it stood; leave 'baseline' out",
        ),
        (
            "label: Hand it over,",
            "label: Hand it over, when: {milestone: pay},",
            (
                "24:7: decisions.data.options.share: in a conflict an option has no 'when'; say under "
                "'impossible' what "
                "cannot be together"
            ),
        ),
        (
            "    registry:\n" + REGISTRY + "\n",
            "",
            "46:3: payoffs.rankings: 'registry' has no ranking; add 'registry: {best_to_worst: [...]}'",
        ),
        (
            "    registry:\n" + REGISTRY,
            "    registri:\n" + REGISTRY,
            "61:5: payoffs.rankings: no player is called 'registri'; did you mean 'registry'?",
        ),
        (
            "        - {filing: wait}\n",
            "        - {data: share, filing: close}\n",
            (
                "58:11: payoffs.rankings.diamond.priorities, entry 1: no state that can occur fits this; compare "
                "'when' and 'impossible'"
            ),
        ),
        (
            REGISTRY,
            COMPARED,
            (
                "63:11: payoffs.rankings.registry.comparisons, entry 1: the preferences run in a circle: data: share, "
                "milestone: withhold, filing: wait over data: hold, milestone: withhold, filing: wait over data: hold, "
                "milestone: withhold, filing: close over data: share, milestone: withhold, filing: "
                "wait; leave out one of "
                "these comparisons"
            ),
        ),
        (
            "under: general}      #",
            "under: generel}      #",
            (
                "73:70: expect, entry 4: 'generel' is no concept of stability (nash, general, gmr, symmetric, smr, "
                "sequential, seq, symmetric_sequential, sseq, simultaneous, sim, coalition_nash, coalition_general, "
                "coalition_symmetric, coalition_sequential); did you mean 'general'?"
            ),
        ),
    ],
)
def test_a_fault_is_told_at_its_place(old: str, new: str, fault: str) -> None:
    found = told((old, new))
    assert f"conflict.yaml:{fault}" in found
    assert len(found) <= 2


def test_a_game_with_dates_has_no_today_no_leads_to_and_no_rankings() -> None:
    found = " ".join(told(("  anytime: yes", "  data: 0\n  milestone: 0\n  filing: 1 month\n  anytime: no")))
    assert "'today' belongs to a conflict without an order of moves" in found
    assert "'leads_to' belongs to a conflict without an order of moves" in found
    assert "'rankings' in a game with dates is not supported yet" in found
    assert "'baseline' is missing" in found


@pytest.mark.parametrize("word", ["maybe", "1", "[yes]", "6 months"])
def test_what_is_neither_yes_nor_no_beside_today_is_the_only_fault(word: str) -> None:
    (fault,) = told(("  anytime: yes", f"  anytime: {word}"))
    assert fault.endswith(": timing.anytime: write yes or no")


def test_all_that_today_does_not_say_is_told_at_once() -> None:
    line = next(line for line in TEXT.splitlines() if line.strip().startswith("today:"))
    found = told((line, "  today: {filing: wait}"))
    assert [fault.split("'")[1] for fault in found] == ["data", "milestone", "filing"]


def test_anytime_without_rankings_is_told() -> None:
    start = TEXT.index("payoffs:")
    text = TEXT[:start] + "payoffs:\n  worth: {all: 3}\n"
    assert faults_of(text, "f") == [
        "f:45:1: payoffs: with 'anytime' only rankings are compared: add 'rankings:' with the order of each player"
    ]


def test_three_ways_to_write_an_order_read_as_written() -> None:
    scenario = read_scenario(TEXT)
    assert scenario.is_conflict
    assert scenario.baseline.clauses[0].terms == (
        ("data", ("hold",)),
        ("milestone", ("withhold",)),
        ("filing", ("wait",)),
    )
    assert len(scenario.rankings["sapphire"].best_to_worst) == 7
    assert scenario.rankings["diamond"].priorities[0] == Condition((Clause((("filing", ("wait",)),)),))
    pair = (
        "      comparisons: [{better: {data: share}, than: {data: hold}}, {equal: [{data: share}, {milestone: pay}]}]"
    )
    with pytest.raises(ScenarioError, match="circle"):
        read_scenario(TEXT.replace(REGISTRY, pair))
    alone = "      comparisons: [{better: {data: share}, than: {data: hold}}]"
    assert read_scenario(TEXT.replace(REGISTRY, alone)).rankings["registry"].comparisons[0].tie is False


def test_today_may_name_what_a_lever_takes_off_the_table() -> None:
    changed = apply_levers(read_scenario(TEXT), ["escrow"])
    assert changed.timing.today["milestone"] == "withhold"
    everything = "{decisions.milestone.options.withhold.available: no, decisions.milestone.options.pay.available: no, "
    everything += "decisions.milestone.options.terminate.available: no}"
    text = TEXT.replace("{decisions.milestone.options.withhold.available: no}", everything)
    assert "no option is available" in faults_of(text, "f")[0]
