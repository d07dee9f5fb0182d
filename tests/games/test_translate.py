"""A scenario's tree says what the scenario says: compared with a plain enumeration in order of time, exactly."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.following import Policy, follow
from gamecore.errors import InputError, ScenarioError, TooLargeError
from gamecore.games.translate import Game, compile_game, drawn_numbers, exact_numbers, protocols
from gamecore.games.tree import NodeKind
from gamecore.model import Protocol, Scenario
from gamecore.scenario import read_scenario
from gamecore.valuation.payoffs import exact_worth
from tests.games import interpreter
from tests.games.interpreter import OFFERED, History, Known
from tests.games.sketches import Choice, Sketch, sketch, text_of

seeds = st.integers(0, 2**32)


def drawn(seed: int, **kinds: int) -> tuple[Sketch, Scenario]:
    made = sketch(random.Random(seed), **kinds)
    try:
        return made, read_scenario(text_of(made))
    except ScenarioError:
        assume(False)
        raise


def whims(seed: int) -> interpreter.Policy:
    """A policy that answers at random, but the same to the same question with the same knowledge."""

    def answer(question: tuple[str, ...], known: Known, answers: tuple[str, ...]) -> str:
        return random.Random(f"{seed} {question} {sorted(known)}").choice(answers)

    return answer


def full_history(game: Game, node: int) -> History:
    """What has visibly happened before a node, with the offers made on the way."""
    history = dict(game.histories[node])
    child, parent = node, game.tree.parents[node]
    while parent >= 0:
        action = game.actions[parent][game.tree.nodes[parent].children.index(child)]
        offered = game.name_of(parent) + OFFERED
        if offers(game, parent) and not action.fails:
            history[offered] = action.name + history.get(offered, "")
        elif action.fails and game.actions[parent][0].name == "accept":
            history[offered] = f", {game.players[game.tree.nodes[parent].player]} refuses"
        child, parent = parent, game.tree.parents[parent]
    return history


def offers(game: Game, node: int) -> bool:
    """Whether somebody makes an offer at a node."""
    name = game.name_of(node)
    if game.tree.nodes[node].kind is not NodeKind.MOVE or name not in game.spelled_out:
        return False
    at_once = game.scenario.timing.moments[name].proposals.protocol is Protocol.AT_ONCE
    return not at_once and game.actions[node][0].name != "accept"


def question(made: Sketch, game: Game, node: int) -> tuple[tuple[str, ...], Known, tuple[str, ...]]:
    """What is asked at a node of the tree, in the words of the interpreter."""
    name = game.name_of(node)
    item = made.item(name)
    assert isinstance(item, Choice)
    history = full_history(game, node)
    names = tuple(action.name for action in game.actions[node])
    if game.tree.nodes[node].kind is NodeKind.AGREEMENT:
        return (name, "settle"), interpreter.known(made, item.by[0], item, history), names
    player = game.players[game.tree.nodes[node].player]
    known = interpreter.known(made, player, item, history)
    if not item.joint:
        return (name, "move"), known, names
    if item.proposes == "at_once":
        return (name, "name", player), known, names
    if names[0] == "accept":
        return (name, "answer", player, history[name + OFFERED]), known, ("yes", "no")
    return (name, "offer"), known, names


def as_policy(made: Sketch, game: Game, policy: interpreter.Policy) -> Policy:
    def branches(node: int) -> list[tuple[int, Any]]:
        asked = question(made, game, node)
        return [(asked[2].index(policy(*asked)), 1)]

    return Policy(branches)


def compiled(scenario: Scenario, **options: Any) -> Game:
    return compile_game(scenario, talks=protocols(scenario)[0], **options)


def same_as_enumerated(made: Sketch, game: Game, seed: int) -> None:
    policy = whims(seed)
    numbers = exact_numbers(game)
    weights = follow(game.tree, as_policy(made, game, policy))
    expected = interpreter.run(made, policy, laid_out=game.spelled_out)
    for place, player in enumerate(game.players):
        found = sum((Fraction(weight) * numbers.payoffs[place, end] for end, weight in weights.items()), Fraction(0))
        assert found == expected[player]
    for row in numbers.reach:
        assert sum(row[end] for end in weights) == 1


# ---- against the enumeration ----------------------------------------------------------------------------------------


@given(seeds)
@settings(max_examples=40)
def test_any_policy_is_worth_what_plain_enumeration_says(seed: int) -> None:
    made, scenario = drawn(seed)
    game = compiled(scenario)
    for number in range(3):
        same_as_enumerated(made, game, seed + number)


@given(seeds)
@settings(max_examples=40)
def test_agreements_laid_out_as_moves_are_worth_what_plain_enumeration_says(seed: int) -> None:
    made, scenario = drawn(seed)
    game = compiled(scenario, lay_out_agreements=True)
    assert not game.agreement_nodes
    for number in range(3):
        same_as_enumerated(made, game, seed + number)


@given(seeds)
@settings(max_examples=50)
def test_information_sets_are_exactly_the_cases_in_which_the_mover_knows_the_same(seed: int) -> None:
    made, scenario = drawn(seed)
    game = compiled(scenario)
    of_set: dict[tuple[tuple[str, ...], Known], int] = {}
    found: dict[int, tuple[tuple[str, ...], Known]] = {}
    for number, nodes in game.tree.information_sets.items():
        for node in nodes:
            asked, known, _ = question(made, game, node)
            assert of_set.setdefault((asked, known), number) == number
            assert found.setdefault(number, (asked, known)) == (asked, known)
    if not game.spelled_out:
        expected = {(name, known) for name, known, _ in interpreter.all_knowledge(made)}
        moves = {(asked[0], known) for asked, known in of_set if asked[1] == "move"}
        assert moves == expected


@given(seeds)
@settings(max_examples=40)
def test_nobody_forgets_what_they_did_or_knew(seed: int) -> None:
    """Perfect recall: the nodes of an information set have the same own information sets and actions behind them."""
    made, scenario = drawn(seed)
    for lay_out in (False, True):
        game = compiled(scenario, lay_out_agreements=lay_out)
        if any(item.joint and item.proposes == "at_once" for item in made.choices):
            continue  # what one named in talks that failed decides nothing later, and is not kept apart
        for nodes in game.tree.information_sets.values():
            assert len({own_past(game, node) for node in nodes}) == 1


def own_past(game: Game, node: int) -> tuple[tuple[int, int], ...]:
    past = []
    player, child, parent = game.tree.nodes[node].player, node, game.tree.parents[node]
    while parent >= 0:
        item = game.tree.nodes[parent]
        if item.kind is NodeKind.MOVE and item.player == player:
            past.append((item.information_set, item.children.index(child)))
        child, parent = parent, game.tree.parents[parent]
    return tuple(past)


@given(seeds)
@settings(max_examples=40)
def test_draws_without_spread_are_the_base_values(seed: int) -> None:
    made, _ = drawn(seed)
    for line in made.lines:
        for row in line.rows:
            for value in row.values.values():
                value.spread = 0
    made.inputs = {
        name: said if not isinstance(said, int) else ([{}], said, said) for name, said in made.inputs.items()
    }
    try:
        scenario = read_scenario(text_of(made))
    except ScenarioError:
        assume(False)
        raise
    game = compiled(scenario)
    exact, floats = exact_numbers(game), drawn_numbers(game, draws=2, seed=1)
    for which in (0, 1):
        np.testing.assert_allclose(floats.payoffs[:, :, which], exact.payoffs.astype(float), atol=1e-12)
        np.testing.assert_allclose(floats.reach[:, :, which], exact.reach.astype(float), atol=1e-12)


@given(seeds)
@settings(max_examples=40)
def test_every_tree_can_be_solved_or_is_refused_clearly(seed: int) -> None:
    _, scenario = drawn(seed)
    try:
        game = compiled(scenario)
        numbers = exact_numbers(game)
        talks = protocols(scenario)[0]

        perfect = backward_induction(
            game.tree, numbers.payoffs, game.bargaining(talks, exact_worth(scenario)), most_profiles=1000
        )
    except TooLargeError:
        return
    assert perfect.plays[0]


# ---- regressions: what was once translated wrongly ------------------------------------------------------------------


def scenario_of(
    decisions: str, events: str, timing: str, payoffs: str, *, players: str = "abc", more: str = ""
) -> Scenario:
    names = ", ".join(f"{name}: {{name: {name.upper()}}}" for name in players)
    written = f"gamecore: 1\ntitle: T\nquestion: Q\nadvise: a\nplayers: {{{names}}}\ndecisions:\n{decisions}\n"
    written += f"events:\n{events}\n" if events else ""
    return read_scenario(written + f"{more}timing: {{{timing}}}\npayoffs: {{{payoffs}}}\n")


JOINT = "  deal: {by: [a, b], options: {go: Go, wait: Wait}, no_agreement: Nothing}"


def test_who_decides_at_the_date_of_an_agreement_does_not_know_its_result() -> None:
    """Once the agreement was kept whole although a third side moved below it without knowing what was agreed."""
    scenario = scenario_of(
        JOINT + "\n  third: {by: c, options: {left: L, right: R}}",
        "",
        "deal: 0, third: 0",
        "one: {rows: [{when: {deal: go, third: left}, a: 3, b: 1, c: 2}, {when: otherwise, all: 0}]}",
        more="baseline: {deal: go}\n",
    )
    game = compiled(scenario)
    assert game.spelled_out == {"deal"}
    assert len([node for node in game.tree.nodes if node.kind is NodeKind.MOVE and node.player == 2]) > 1
    assert len({node.information_set for node in game.tree.nodes if node.player == 2}) == 1
    played = backward_induction(game.tree, exact_numbers(game).payoffs).plays[0]
    assert {play.values for play in played} >= {(3, 1, 2)}


def test_a_signal_of_what_takes_place_only_sometimes_is_seen() -> None:
    """Once a signal was lost if its parent rested on an event that nobody had needed yet."""
    scenario = scenario_of(
        "  act: {by: a, options: {yes_please: Y, never: N}}",
        "  outbreak: {chances: {big: 40%, small: rest}}\n"
        "  strain: {when: {outbreak: big}, chances: {mild: 50%, grave: rest}}\n"
        "  test: {signal_of: strain, right: 90%}",
        "outbreak: hidden, strain: hidden, test: 1 year, act: 1 year",
        "one: {rows: [{when: {act: yes_please, strain: grave}, a: 10}, {when: {act: yes_please, strain: mild}, a: -10},"
        " {when: otherwise, a: 0}]}",
        players="a",
        more="baseline: {act: never}\n",
    )
    game = compiled(scenario)
    assert len(game.tree.information_sets) == 3  # no outbreak to test, mild, grave
    assert backward_induction(game.tree, exact_numbers(game).payoffs).plays[0][0].values[0] == Fraction(4, 10) * 4


def test_a_menu_that_tells_what_the_mover_cannot_know_is_a_fault() -> None:
    """Once such a tree was built with information sets whose nodes had different actions."""
    scenario = scenario_of(
        "  call: {by: b, options: {high: H, low: L}}\n"
        "  act: {by: a, options: {stay: S, leave: {label: L, when: {call: high}}}}",
        "",
        "call: {at: 0, seen_by: b}, act: 1 year",
        "one: {rows: [{when: {act: stay}, all: 1}, {when: otherwise, all: 0}]}",
        players="ab",
        more="baseline: {act: stay}\n",
    )
    with pytest.raises(InputError, match=r"decisions\.act: 'a' can choose stay in one case and stay, leave in another"):
        compiled(scenario)


def test_naming_with_nothing_to_name_is_no_agreement() -> None:
    scenario = scenario_of(
        "  first: {by: a, options: {shut: S, open: O}}\n" + JOINT,
        "",
        "first: 0, deal: {at: 1 year, proposes: at_once}",
        "one: {rows: [{when: {deal: go}, all: 1}, {when: {deal: wait}, all: 2}, {when: otherwise, all: 0}]}",
        players="ab",
        more="baseline: {first: open, deal: go}\nimpossible: [{first: shut, deal: [go, wait]}]\n",
    )
    for lay_out in (False, True):
        game = compiled(scenario, lay_out_agreements=lay_out)
        bargaining = game.bargaining(protocols(scenario)[0], exact_worth(scenario))
        perfect = backward_induction(game.tree, exact_numbers(game).payoffs, bargaining)
        assert (Fraction(2), Fraction(2)) in {play.values for play in perfect.plays[0]}


def test_a_refused_offer_is_remembered() -> None:
    """Once both sides forgot in talks under private information what had been offered, and so what it told them."""
    scenario = scenario_of(
        JOINT + "\n  after: {by: b, when: {deal: no_agreement}, options: {fight: F, fold: G}}",
        "  luck: {chances: {good: 50%, bad: rest}}",
        "luck: {at: 0, seen_by: a}, deal: {at: 0, proposes: a}, after: 1 year",
        "one: {rows: [{when: {after: fight, luck: good}, a: 0, b: -5}, {when: {after: fight, luck: bad}, a: 0, b: 5},"
        " {when: otherwise, all: 0}]}",
        players="ab",
        more="baseline: {deal: go}\n",
    )
    game = compiled(scenario)
    assert game.spelled_out == {"deal"}
    after = {node.information_set for number, node in enumerate(game.tree.nodes) if game.names[number] == "after"}
    assert len(after) == 3  # go refused, wait refused, nothing offered
    assert not any("!offered" in name for history in game.histories for name in history)
    assert not any("!offered" in name for known in game.knowledge for name, _ in known)
