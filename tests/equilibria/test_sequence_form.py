"""The sequence form against published values, the strategic form, and its own exact bounds."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from gamecore.equilibria.behaviour import certify_behaviour
from gamecore.equilibria.result import Status
from gamecore.equilibria.sequence_form import _complementary, sequence_form_equilibrium
from gamecore.equilibria.tree_equilibria import nash_equilibria
from tests.equilibria.written_trees import beer_quiche, entry, horse, kuhn_poker, partly_seen, written


def test_kuhn_poker_is_worth_minus_one_eighteenth_to_the_first_player() -> None:
    """Kuhn 1950."""
    game = kuhn_poker()
    found = sequence_form_equilibrium(game.tree, game.payoffs)
    assert found.exact
    assert found.value == (Fraction(-1, 18), Fraction(-1, 18))
    assert found.equilibrium is not None
    assert found.equilibrium.payoffs == (Fraction(-1, 18), Fraction(1, 18))


@pytest.mark.parametrize("cards", [4, 7, 12])
def test_larger_poker_is_solved_exactly_where_plans_are_beyond_counting(cards: int) -> None:
    game = kuhn_poker(cards)
    found = sequence_form_equilibrium(game.tree, game.payoffs)
    assert found.exact
    assert found.value is not None
    assert found.value[0] == found.value[1]
    if cards == 12:
        assert nash_equilibria(game.tree, game.payoffs).status is Status.REFUSED


@pytest.mark.parametrize("cards", [3, 4, 6])
def test_poker_in_which_the_house_takes_a_share_has_an_exact_equilibrium(cards: int) -> None:
    game = kuhn_poker(cards, rake=1)
    found = sequence_form_equilibrium(game.tree, game.payoffs)
    assert found.method.startswith("Lemke")
    assert found.exact
    assert found.equilibrium is not None
    assert certify_behaviour(game.tree, game.payoffs, found.equilibrium.behaviour).holds


@pytest.mark.parametrize("seed", range(80))
def test_what_is_found_is_an_equilibrium_of_the_strategic_form_too(seed: int) -> None:
    rng = random.Random(seed)
    game = partly_seen(rng, steps=rng.choice([3, 4]), zero_sum=seed % 3 == 0, top=rng.choice([1, 3, 9]))
    found = sequence_form_equilibrium(game.tree, game.payoffs, reach=game.reach)
    assert found.exact
    assert found.equilibrium is not None
    assert certify_behaviour(game.tree, game.payoffs, found.equilibrium.behaviour).holds
    if found.value is not None:
        others = nash_equilibria(game.tree, game.payoffs, most_profiles=400)
        first = min(game.tree.nodes[nodes[0]].player for nodes in game.tree.information_sets.values())
        for one in others.equilibria:
            assert found.value == (one.payoffs[first], one.payoffs[first])


@pytest.mark.parametrize("factor", [Fraction(1, 10**9), Fraction(10**12, 7)])
def test_units_and_offsets_do_not_matter(factor: Fraction) -> None:
    """Laws 1 and 2, with payoffs weighted by reach."""
    game = beer_quiche()
    payoffs = game.payoffs * factor + game.reach * Fraction(123, 7)
    found = sequence_form_equilibrium(game.tree, payoffs, reach=game.reach)
    plain = sequence_form_equilibrium(game.tree, game.payoffs, reach=game.reach)
    assert found.exact
    assert found.equilibrium is not None
    assert plain.equilibrium is not None
    assert found.equilibrium.behaviour == plain.equilibrium.behaviour


def test_payoffs_that_add_up_to_the_same_everywhere_are_told_by_their_reach() -> None:
    game = kuhn_poker()
    payoffs = game.payoffs.copy()
    payoffs[1] = payoffs[1] + game.reach[1] * 10
    found = sequence_form_equilibrium(game.tree, payoffs, reach=game.reach)
    assert found.value == (Fraction(-1, 18), Fraction(-1, 18))
    assert sequence_form_equilibrium(game.tree, payoffs).value is None


@pytest.mark.parametrize("rake", [0, 1])
def test_beyond_the_limit_the_gain_that_is_left_is_told_exactly(rake: int) -> None:
    game = kuhn_poker(4, rake=rake)
    found = sequence_form_equilibrium(game.tree, game.payoffs, limit=1)
    assert found.equilibrium is not None
    certificate = found.equilibrium.certificate
    assert certificate.bound == max(certificate.max_gain, 0)
    assert certificate.holds
    assert certificate.bound < Fraction(1, 20)
    exact = certify_behaviour(game.tree, game.payoffs, found.equilibrium.behaviour)
    assert exact.max_gain == certificate.max_gain
    if found.value is not None:
        assert found.value[0] <= Fraction(-1, 24) <= found.value[1]


def test_one_player_and_no_choice() -> None:
    alone = written(2, ["chance", ("1/2", [(1, "a"), (0, 1), (0, 2)]), ("1/2", (5, 5))])
    found = sequence_form_equilibrium(alone.tree, alone.payoffs)
    assert found.equilibrium is not None
    assert found.equilibrium.payoffs == (Fraction(5, 2), Fraction(7, 2))
    nobody = written(2, (3, 4))
    nothing = sequence_form_equilibrium(nobody.tree, nobody.payoffs)
    assert nothing.equilibrium is not None
    assert nothing.equilibrium.payoffs == (Fraction(3), Fraction(4))


def test_three_movers_are_refused_and_stopping_is_honest() -> None:
    game = horse()
    assert sequence_form_equilibrium(game.tree, game.payoffs).status is Status.REFUSED
    two = entry()
    stopped = sequence_form_equilibrium(two.tree, two.payoffs, should_stop=lambda: True)
    assert stopped.status is Status.PARTIAL
    assert stopped.equilibrium is not None
    assert stopped.equilibrium.certificate.holds


def test_lemke_solves_a_small_complementarity_problem() -> None:
    """Cottle, Pang & Stone 1992, a positive definite one: w = M z + q."""
    matrix = np.array([[2, 1], [1, 2]], dtype=object)
    side = np.array([-5, -6], dtype=object)
    assert _complementary(matrix, side, 10**6, None) == [Fraction(4, 3), Fraction(7, 3)]
