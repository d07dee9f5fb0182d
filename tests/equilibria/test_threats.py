"""Threats nobody would carry out, named with what carrying them out would cost."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from gamecore.equilibria.behaviour import is_subgame_perfect
from gamecore.equilibria.result import Status
from gamecore.equilibria.threats import Threat, threats_in, threats_of
from gamecore.equilibria.tree_equilibria import nash_equilibria, subgame_perfect_equilibria
from tests.equilibria.trees import random_tree
from tests.equilibria.written_trees import entry, written


def test_the_incumbents_fight_is_an_empty_threat_that_costs_it_two() -> None:
    """Selten 1978."""
    game = entry()
    answer = threats_of(game.tree, game.payoffs, reach=game.reach)
    assert answer.status is Status.COMPLETE
    (one,) = answer.outcomes
    assert dict(one.outcome) == {0: 1}
    (threat,) = one.threats
    assert threat == Threat(1, game.sets["answer"], 0, 1, Fraction(2), ((0, Fraction(1)),))


def test_the_cost_is_conditional_on_getting_there() -> None:
    part = [(0, "enter"), (1, 5), [(1, "answer"), (0, 0), (2, 2)]]
    game = written(2, ["chance", ("1/10", part), ("9/10", (0, 0))])
    (one,) = threats_of(game.tree, game.payoffs, reach=game.reach).outcomes
    assert [threat.cost for threat in one.threats] == [2]
    (weighted,) = threats_of(game.tree, game.payoffs).outcomes
    assert [threat.cost for threat in weighted.threats] == [Fraction(1, 5)]


def test_a_threat_that_pays_is_none() -> None:
    game = written(2, [(0, "enter"), (1, 5), [(1, "answer"), (0, 3), (2, 2)]])
    answer = threats_of(game.tree, game.payoffs)
    assert answer.outcomes == ()
    assert answer.status is Status.COMPLETE


def test_a_threat_inside_a_subgame_with_hidden_moves() -> None:
    """After entry the incumbent names its answer at the same time as the entrant its size; fighting is dominated."""
    battle = [(0, "size"), [(1, "answer"), (-1, 0), (1, 2)], [(1, "answer"), (-2, 0), (2, 1)]]
    game = written(2, [(0, "enter"), (0, 5), battle])
    answer = threats_of(game.tree, game.payoffs, reach=game.reach)
    (one,) = answer.outcomes
    threat = one.threats[0]
    assert (threat.player, threat.information_set, threat.action, threat.better) == (1, game.sets["answer"], 0, 1)
    assert threat.cost > 0
    assert [player for player, _ in threat.deters] == [0]


@pytest.mark.parametrize("seed", range(50))
def test_outcomes_listed_are_nash_and_not_subgame_perfect_and_each_has_a_threat(seed: int) -> None:
    rng = random.Random(seed)
    tree, payoffs = random_tree(rng, players=2, depth=3, top=rng.choice([2, 9]), hidden=seed % 2 == 0)
    nash = nash_equilibria(tree, payoffs, most_profiles=300)
    if nash.status is Status.REFUSED:
        return
    perfect = subgame_perfect_equilibria(tree, payoffs)
    answer = threats_of(tree, payoffs, nash=nash, perfect=perfect)
    credible = [dict(one.outcome) for one in perfect.equilibria]
    for one in answer.outcomes:
        assert dict(one.outcome) not in credible
        assert one.threats
        assert all(threat.cost > 0 for threat in one.threats)
        assert one.equilibrium.behaviour
    for equilibrium in nash.equilibria:
        if is_subgame_perfect(tree, payoffs, equilibrium.behaviour):
            assert threats_in(tree, payoffs, equilibrium.behaviour) == ()


def test_a_tree_too_large_is_refused() -> None:
    game = entry()
    refused = nash_equilibria(game.tree, game.payoffs, most_profiles=1)
    assert threats_of(game.tree, game.payoffs, nash=refused).status is Status.REFUSED
