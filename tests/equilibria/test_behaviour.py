"""Behaviour strategies: worth, best answers, ledgers, and what is subgame-perfect."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest

from gamecore.equilibria.behaviour import (
    behaviour_of_mixture,
    best_response,
    certify_behaviour,
    end_weights,
    is_subgame_perfect,
    node_values,
    plan_count,
    play_of,
    pure_plans,
    sequences,
)
from gamecore.equilibria.certificate import certify
from gamecore.equilibria.tree_certificate import certify_play
from gamecore.errors import InputError, RefusedError
from gamecore.games.strategic_form import strategic_form
from gamecore.games.tree import Node, NodeKind, Tree
from tests.equilibria.written_trees import Written, entry, kuhn_poker, partly_seen, written

HALF = Fraction(1, 2)


def some_behaviour(rng: random.Random, game: Written) -> dict[int, tuple[Fraction, ...]]:
    behaviour = {}
    for key, nodes in game.tree.information_sets.items():
        weights = [rng.randint(0, 2) for _ in game.tree.nodes[nodes[0]].children]
        weights[0] += not any(weights)
        behaviour[key] = tuple(Fraction(weight, sum(weights)) for weight in weights)
    return behaviour


@pytest.mark.parametrize("seed", range(60))
def test_a_mixture_and_its_behaviour_have_the_same_payoffs_outcomes_and_best_deviations(seed: int) -> None:
    rng = random.Random(seed)
    game = partly_seen(rng, players=rng.choice([2, 3]), steps=rng.choice([3, 4]))
    numbered = sequences(game.tree)
    form = strategic_form(game.tree, game.payoffs)
    strategies = []
    for count in form.game.shape:
        weights = [rng.randint(0, 1) for _ in range(count)]
        weights[rng.randrange(count)] += 1
        strategies.append(tuple(Fraction(weight, sum(weights)) for weight in weights))
    behaviour = behaviour_of_mixture(numbered, form, tuple(strategies))
    for key, width in numbered.width.items():
        behaviour.setdefault(key, tuple(Fraction(int(a == 0)) for a in range(width)))
    values = node_values(game.tree, game.payoffs, behaviour)[0]
    assert values == form.game.expected_payoffs(tuple(strategies))
    outcome = end_weights(numbered, behaviour)
    for player in range(game.tree.players):
        assert values[player] == sum(weight * game.payoffs[player, end] for end, weight in outcome.items())
    here = certify_behaviour(game.tree, game.payoffs, behaviour).max_gain
    assert max(here, 0) == max(certify(form.game, tuple(strategies)).max_gain, 0)


@pytest.mark.parametrize("seed", range(40))
def test_the_best_response_is_the_best_of_all_plans(seed: int) -> None:
    rng = random.Random(seed)
    game = partly_seen(rng, steps=4)
    numbered = sequences(game.tree)
    behaviour = some_behaviour(rng, game)
    for player in numbered.movers:
        value, plan = best_response(numbered, game.payoffs, behaviour, player)
        plans = list(pure_plans(numbered, player))
        assert len(plans) == plan_count(numbered, player)

        def worth(chosen: dict[int, int], player: int = player) -> Fraction:
            changed = dict(behaviour)
            for key, action in chosen.items():
                changed[key] = tuple(Fraction(int(a == action)) for a in range(numbered.width[key]))
            return node_values(game.tree, game.payoffs, changed)[0][player]

        assert value == max(map(worth, plans)) == worth(plan)


@pytest.mark.parametrize("seed", range(60))
def test_subgame_perfection_is_judged_as_the_certificate_of_plays_judges_it(seed: int) -> None:
    rng = random.Random(seed)
    game = partly_seen(rng, steps=3, top=1)
    behaviour = some_behaviour(rng, game)
    play = play_of(game.tree, game.payoffs, behaviour)
    assert is_subgame_perfect(game.tree, game.payoffs, behaviour) == certify_play(game.tree, game.payoffs, play).holds


def test_in_the_entry_game_fighting_deters_but_is_not_subgame_perfect() -> None:
    game = entry()
    judged = {}
    for enter, answer in product(range(2), repeat=2):
        behaviour = {0: (Fraction(1 - enter), Fraction(enter)), 1: (Fraction(1 - answer), Fraction(answer))}
        nash = certify_behaviour(game.tree, game.payoffs, behaviour).holds
        judged[enter, answer] = (nash, is_subgame_perfect(game.tree, game.payoffs, behaviour))
    assert judged == {(0, 0): (True, False), (0, 1): (False, False), (1, 0): (False, False), (1, 1): (True, True)}


def test_kuhn_pokers_published_solution_has_no_profitable_deviation() -> None:
    game = kuhn_poker()
    third = Fraction(1, 3)
    check, bet = (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))
    one = {"0": check, "1": check, "2": check, "0 faces a bet": check, "2 faces a bet": bet}
    one |= {"1 faces a bet": (1 - third, third)}
    two = {"0 after a check": (1 - third, third), "1 after a check": check, "2 after a check": bet}
    two |= {"0 after a bet": check, "1 after a bet": (1 - third, third), "2 after a bet": bet}
    behaviour = {game.sets[name]: mix for name, mix in (one | two).items()}
    assert certify_behaviour(game.tree, game.payoffs, behaviour).max_gain == 0
    assert node_values(game.tree, game.payoffs, behaviour)[0] == (Fraction(-1, 18), Fraction(1, 18))


def test_forgetting_is_refused() -> None:
    forgets = written(1, [(0, "first"), [(0, "second"), (1,), (2,)], [(0, "second"), (3,), (0,)]])
    with pytest.raises(RefusedError, match="forgets"):
        sequences(forgets.tree)
    absent = written(1, [(0, "same"), [(0, "same"), (1,), (2,)], (3,)])
    with pytest.raises(RefusedError, match="absent-minded"):
        sequences(absent.tree)


def test_agreements_and_chances_that_are_none_are_refused() -> None:
    ends = [Node(NodeKind.END, end=number) for number in range(2)]
    with pytest.raises(InputError, match="agreements"):
        sequences(Tree(2, (Node(NodeKind.AGREEMENT, (1, 2), by=(0, 1)), *ends)))
    game = entry()
    for wrong in ({}, {0: (HALF, HALF)}, {0: (HALF, HALF), 1: (HALF, Fraction(1))}, {0: (0.5, 0.5), 1: (HALF, HALF)}):
        with pytest.raises(InputError, match="information set"):
            certify_behaviour(game.tree, game.payoffs, wrong)  # type: ignore[arg-type]


def test_a_long_chain_of_moves_is_no_trouble() -> None:
    part: object = (0, 0)
    for step in reversed(range(300)):
        part = [(step % 2, f"{step}"), (step + 2 * (1 - step % 2), step + 2 * (step % 2)), part]
    game = written(2, part)
    numbered = sequences(game.tree)
    assert plan_count(numbered, 0) == len(list(pure_plans(numbered, 0))) == 151
