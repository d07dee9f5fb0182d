"""Simulation over draws: chunks change nothing, shares are counted right, chances are cut and told."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria.following import open_branches
from gamecore.equilibria.spreading import crew
from gamecore.errors import TooLargeError
from gamecore.games.translate import Game, compile_game, drawn_numbers, protocols
from gamecore.model import Scenario
from gamecore.robustness import points
from gamecore.robustness.frequencies import Simulation, compatible_ends, plan_worth, simulate
from gamecore.scenario import read_scenario
from gamecore.valuation.inputs import quantities
from gamecore.valuation.payoffs import drawn_worth
from tests.equilibria.trees import random_tree
from tests.games.test_translate import drawn
from tests.worked import WITH_ORDER

HEAD = "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nplayers: {a: {name: A}}\n"
CHOICE = HEAD + "decisions: {go: {by: a, options: {in_: In, out: Out}}}\nbaseline: {go: out}\n"


def plans_of(game: Game) -> list[dict[int, tuple[int, ...]]]:
    """For each first choice the plan that lays it down."""
    first = game.tree.nodes[0]
    return [{0: (branch,)} for branch in range(len(first.children))] if len(first.children) > 1 else [{}]


def simulated(scenario: Scenario, *, draws: int = 300, seed: int = 1) -> Simulation:
    talks = protocols(scenario)
    game = compile_game(scenario, talks=talks[0])
    return simulate(game, talks[:1] if game.spelled_out else talks, plans_of(game), draws=draws, seed=seed)


def same(one: Simulation, other: Simulation) -> None:
    np.testing.assert_array_equal(one.values, other.values)
    np.testing.assert_array_equal(one.security, other.security)
    assert one.outcomes == other.outcomes
    assert one.clipped == pytest.approx(other.clipped, abs=1e-12)


@pytest.mark.parametrize("file", WITH_ORDER, ids=lambda path: path.stem)
def test_chunks_change_no_number(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = read_scenario(file.read_bytes())
    whole = simulated(scenario)
    game = compile_game(scenario, talks=protocols(scenario)[0])
    monkeypatch.setattr(points, "CHUNK_NUMBERS", 70 * game.tree.ends * (2 * game.tree.players + 1))
    same(whole, simulated(scenario))


def test_workers_change_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = read_scenario(WITH_ORDER[0].read_bytes())
    monkeypatch.setattr(points, "MOST_POINTS", 70)
    game = compile_game(scenario, talks=protocols(scenario)[0])
    talks, plans = protocols(scenario)[:1], plans_of(game)
    told: list[int] = []
    with crew(workers=2) as executor:
        spread = simulate(
            game,
            talks,
            plans,
            draws=300,
            seed=1,
            executor=executor,
            progress=lambda done, _total, _label: told.append(done),
        )
    assert told == [70, 140, 210, 280, 300]
    alone = simulate(game, talks, plans, draws=300, seed=1)
    same(alone, spread)
    assert alone.clipped == spread.clipped


@given(st.integers(0, 2**32))
@settings(max_examples=15)
def test_shares_and_values_are_those_of_each_draw(seed: int) -> None:
    """The value of a plan in a draw does not depend on the other draws; shares are between 0 and 1."""
    _, scenario = drawn(seed)
    try:
        one = simulated(scenario, draws=6)
    except TooLargeError:
        return
    for outcome in one.outcomes:
        assert all(0 <= share <= 1 for share in outcome.shares)
    assert np.isfinite(one.values).all()
    assert one.uncertain == bool(quantities(scenario))


def test_how_often_a_choice_is_made_is_how_often_it_is_better() -> None:
    """In is worth x, uniform on -1..3, out 0: three draws of four."""
    scenario = read_scenario(
        CHOICE + "timing: {go: 0}\ninputs: {x: {value: -1 .. 3, shape: uniform}}\n"
        "payoffs: {one: {rows: [{when: {go: in_}, a: x}, {when: otherwise, a: 0}]}}\n"
    )
    found = simulated(scenario, draws=1000)
    assert found.outcomes[0].shares == (0.75, 0.25)
    assert found.values[0].mean() == pytest.approx(1)
    np.testing.assert_array_equal(found.values[1], 0)
    np.testing.assert_array_equal(found.security[0], np.maximum(found.values[0, 0], 0))


def test_the_share_of_draws_in_which_a_tie_was_met_is_told() -> None:
    scenario = read_scenario(
        CHOICE + "timing: {go: 0}\ninputs: {x: {value: {0: 25%, 1: 75%}, shape: discrete}}\n"
        "payoffs: {one: {rows: [{when: {go: in_}, a: x}, {when: otherwise, a: 0}]}}\n"
    )
    assert simulated(scenario, draws=400).outcomes[0].several == 0.25


# ---- chances --------------------------------------------------------------------------------------------------------

RISKY = (
    CHOICE + "timing: {go: 0, luck: 1 year}\n"
    "events: {luck: {chances: [{when: {go: in_}, good: p, bad: rest}, {when: {go: out}, good: 1 - p, bad: rest}]}}\n"
    "inputs: {p: 10% .. 50% .. 90%}\n"
    "payoffs: {one: {rows: [{when: {luck: good}, a: 1}, {when: otherwise, a: 0}]}}\n"
)


def test_chances_outside_0_and_1_are_cut_counted_and_still_sum_to_1() -> None:
    scenario = read_scenario(RISKY)
    numbers = drawn_numbers(compile_game(scenario), draws=1000, seed=1)
    values = numbers.payoffs[0]
    assert values.min() == 0
    assert values.max() == 1
    np.testing.assert_allclose(numbers.reach[-1].sum(axis=0), 2)  # one end below each choice
    # p is normal with a tenth above 90%: beyond 100% and below 0% for 1.25 times that spread
    assert numbers.clipped["luck"] == pytest.approx(2 * 0.0545, abs=0.002)


def test_the_count_of_cut_chances_is_that_of_draws_whatever_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the largest share among an event's rows was taken, chunk by chunk, and chunks changed the count."""
    text = RISKY.replace("good: 1 - p, bad: rest", "good: q, bad: rest").replace(
        "inputs: {p: 10% .. 50% .. 90%}", "inputs: {p: 10% .. 50% .. 90%, q: 10% .. 50% .. 90%}"
    )
    scenario = read_scenario(text)
    whole = simulated(scenario, draws=600)
    monkeypatch.setattr(points, "CHUNK_NUMBERS", 60)
    parts = simulated(scenario, draws=600)
    assert parts.clipped == pytest.approx(whole.clipped, abs=1e-12)
    assert whole.clipped["luck"] > 0.15  # either chance: nearly twice one alone


def test_a_drawn_chance_of_breakdown_stays_a_chance() -> None:
    """Once talks could break down with a chance below 0 or above 1 in the outer draws."""
    scenario = read_scenario(
        "gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nplayers: {a: {name: A}, b: {name: B}}\n"
        "decisions: {deal: {by: [a, b], options: {x: X, y: Y}, no_agreement: N}}\nbaseline: {deal: x}\n"
        "timing: {deal: {at: 0, proposes: [a, b], rounds: 2, breakdown: 0% .. 10% .. 95%}}\n"
        "payoffs: {one: {rows: [{when: {deal: x}, a: 3, b: 1}, {when: {deal: y}, a: 1, b: 3},"
        " {when: otherwise, all: 0}]}}\n"
    )
    game = compile_game(scenario)
    worth = drawn_worth(scenario, draws=500, seed=1)
    [bargaining] = game.bargaining(protocols(scenario)[0], worth).values()
    assert bargaining.breakdown.min() == 0
    assert bargaining.breakdown.max() == 1


# ---- plans ----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32))
@settings(max_examples=30)
def test_the_ends_a_plan_allows_are_those_that_fit(seed: int) -> None:
    rng = random.Random(seed)
    tree, payoffs = random_tree(rng, depth=3)
    kept = {end for end in range(tree.ends) if rng.random() < 0.6}
    allowed = compatible_ends(tree, open_branches(tree, kept.__contains__))
    assert kept <= allowed or not kept
    assert compatible_ends(tree, {}) == frozenset(range(tree.ends))
    weights = dict.fromkeys(range(tree.ends), 1)
    np.testing.assert_array_equal(plan_worth(payoffs, weights), payoffs.sum(axis=1))
