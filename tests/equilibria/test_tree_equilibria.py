"""Nash and subgame-perfect equilibria of trees: published answers, law 7, and the strategic form as second method."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from gamecore.equilibria import tree_equilibria
from gamecore.equilibria.behaviour import certify_behaviour, is_subgame_perfect
from gamecore.equilibria.result import Status
from gamecore.equilibria.sequence_form import sequence_form_equilibrium
from gamecore.equilibria.tree_equilibria import nash_equilibria, subgame_perfect_equilibria
from gamecore.equilibria.tree_result import TreeSolution
from gamecore.errors import RefusedError
from tests.equilibria.trees import perfect_outcomes, profiles, random_tree
from tests.equilibria.written_trees import Written, entry, horse, kuhn_poker, partly_seen, written


def solved(game: Written) -> TreeSolution:
    return nash_equilibria(game.tree, game.payoffs)


def outcomes(solution: TreeSolution, *, perfect: bool = False) -> set[tuple[tuple[int, Fraction], ...]]:
    found = solution.equilibria
    return {tuple(sorted(one.outcome.items())) for one in found if one.subgame_perfect or not perfect}


def test_the_entry_game_has_the_threat_and_the_credible_equilibrium() -> None:
    solution = solved(entry())
    assert solution.status is Status.COMPLETE
    verdicts = {tuple(one.outcome): set() for one in solution.equilibria}  # type: ignore[var-annotated]
    for one in solution.equilibria:
        verdicts[tuple(one.outcome)].add(one.subgame_perfect)
    assert verdicts == {(0,): {False}, (2,): {True}}
    assert [len(one.members) for one in solution.components] in ([1, 2], [2, 1])


def test_seltens_horse_has_its_two_kinds_of_pure_equilibria() -> None:
    """Selten 1975: (D, a, L) type and (C, a, R) type; the tree is its own only subgame."""
    game = horse()
    solution = solved(game)
    one, two, three = (game.sets[name] for name in ("one", "two", "three"))
    pure = {
        tuple(found.behaviour[key].index(Fraction(1)) for key in (one, two, three))
        for found in solution.equilibria
        if found.pure and not found.filled
    }
    assert {(0, 0, 1), (1, 0, 0)} <= pure
    assert all(found.subgame_perfect for found in solution.equilibria)
    assert solution.status is Status.COMPLETE


def test_out_or_battle_of_the_sexes() -> None:
    """Osborne & Rubinstein 1994, section 6.5: out for 2, or the battle of the sexes."""
    game = written(
        2,
        [
            (0, "in"),
            (2, 2),
            [(0, "book"), [(1, "answer"), (3, 1), (0, 0)], [(1, "answer"), (0, 0), (1, 3)]],
        ],
    )
    perfect = subgame_perfect_equilibria(game.tree, game.payoffs)
    assert {tuple(one.outcome) for one in perfect.equilibria if one.pure} == {(0,), (1,)}
    solution = solved(game)
    verdicts = {one.subgame_perfect for one in solution.equilibria if tuple(one.outcome) == (0,)}
    assert True in verdicts
    assert {one.subgame_perfect for one in solution.equilibria if tuple(one.outcome) == (1,)} == {True}


def test_a_subgame_that_must_be_mixed_is_mixed() -> None:
    pennies = [(0, "side"), [(1, "guess"), (4, 0), (0, 4)], [(1, "guess"), (0, 4), (4, 0)]]
    game = written(2, [(1, "play"), (0, 1), pennies])
    perfect = subgame_perfect_equilibria(game.tree, game.payoffs)
    (one,) = perfect.equilibria
    assert one.payoffs == (Fraction(2), Fraction(2))
    assert set(one.outcome.values()) == {Fraction(1, 4)}
    assert one.certificate.holds
    assert outcomes(perfect) <= outcomes(solved(game), perfect=True)


def test_a_free_player_mixes_where_that_alone_keeps_the_bound_to_their_plan() -> None:
    """Player 0 stays out; in the subgame player 1 is bound to mixing and player 0 must be free to mix as well."""
    pennies = [(0, "side"), [(1, "guess"), (4, 0), (0, 4)], [(1, "guess"), (0, 4), (4, 0)]]
    game = written(2, [(0, "play"), (3, 3), pennies])
    solution = solved(game)
    verdicts = {
        one.behaviour[game.sets["guess"]]: one.subgame_perfect
        for one in solution.equilibria
        if tuple(one.outcome) == (0,)
    }
    assert verdicts
    half = (Fraction(1, 2), Fraction(1, 2))
    assert all(verdict is (mix == half) for mix, verdict in verdicts.items())


def test_every_equilibrium_of_kuhn_poker_is_worth_the_same() -> None:
    game = kuhn_poker()
    solution = nash_equilibria(game.tree, game.payoffs)
    assert solution.equilibria
    assert {one.payoffs[0] for one in solution.equilibria} == {Fraction(-1, 18)}


@pytest.mark.parametrize("seed", range(40))
def test_every_subgame_perfect_outcome_is_a_nash_outcome_and_every_claim_is_priced(seed: int) -> None:
    """Law 7; pure subgame-perfect outcomes by looking at every profile."""
    rng = random.Random(seed)
    tree, payoffs = random_tree(rng, players=rng.choice([2, 2, 3]), depth=3, top=rng.choice([1, 2, 9]), hidden=True)
    solution = nash_equilibria(tree, payoffs, most_profiles=400, limit=300_000)
    if solution.status is Status.REFUSED:
        return
    for one in solution.equilibria:
        assert one.certificate.holds
        assert certify_behaviour(tree, payoffs, one.behaviour).holds
        assert one.subgame_perfect is not True or is_subgame_perfect(tree, payoffs, one.behaviour)
    perfect = subgame_perfect_equilibria(tree, payoffs)
    possible = {tuple(one.outcome) for one in solution.equilibria if one.subgame_perfect is not False}
    assert outcomes(perfect) <= outcomes(solution)
    for one in perfect.equilibria:
        assert is_subgame_perfect(tree, payoffs, one.behaviour)
    if profiles(tree) < 1000:
        looked_at = {tuple(sorted(ends)) for ends in perfect_outcomes(tree, payoffs)}
        assert looked_at <= {tuple(sorted(ends)) for ends in possible}
        if perfect.status is Status.COMPLETE:
            pure = {tuple(sorted(one.outcome)) for one in perfect.equilibria if set(one.outcome.values()) == {1}}
            assert looked_at <= pure


@pytest.mark.parametrize("seed", range(40))
def test_trees_whose_players_see_part_of_the_play(seed: int) -> None:
    game = partly_seen(random.Random(seed), steps=3)
    solution = nash_equilibria(game.tree, game.payoffs, most_profiles=400)
    if solution.status is Status.REFUSED:
        return
    assert solution.equilibria
    assert all(certify_behaviour(game.tree, game.payoffs, one.behaviour).holds for one in solution.equilibria)
    proper = [root for root in game.tree.subgame_roots if game.tree.nodes[root].children]
    if proper == [0]:
        assert all(one.subgame_perfect for one in solution.equilibria)


def test_a_tree_with_too_many_plans_is_refused_with_the_count_and_stopping_is_honest() -> None:
    game = kuhn_poker()
    refused = nash_equilibria(game.tree, game.payoffs, most_profiles=10)
    assert refused.status is Status.REFUSED
    assert "10 profiles" in refused.notes[0]
    stopped = nash_equilibria(game.tree, game.payoffs, should_stop=lambda: True)
    assert stopped.status is Status.PARTIAL
    assert stopped.notes


def test_imperfect_recall_is_refused() -> None:
    forgets = written(1, [(0, "first"), [(0, "second"), (1,), (2,)], [(0, "second"), (3,), (0,)]])
    for solve in (nash_equilibria, subgame_perfect_equilibria):
        with pytest.raises(RefusedError, match="forgets"):
            solve(forgets.tree, forgets.payoffs)


def test_one_player_and_none() -> None:
    game = written(2, ["chance", ("1/2", [(1, "a"), (0, 1), (0, 2)]), ("1/2", (5, 5))])
    (one,) = solved(game).equilibria
    assert one.payoffs == (Fraction(5, 2), Fraction(7, 2))
    nobody = solved(written(2, (3, 4)))
    assert [found.payoffs for found in nobody.equilibria] == [(Fraction(3), Fraction(4))]


def test_an_irrational_equilibrium_is_told_within_a_bound() -> None:
    """Volunteer's dilemma of three (Diekmann 1985): helping costs 1, help is worth 3; in the mixed equilibrium each
    stays out with chance 1 / sqrt(3).
    """

    def after(chosen: tuple[int, ...]) -> object:
        if len(chosen) == 3:
            helped = 3 * int(0 in chosen)
            return tuple(helped - int(choice == 0) for choice in chosen)
        return [(len(chosen), f"{len(chosen)}"), *(after((*chosen, action)) for action in range(2))]

    game = written(3, after(()))
    solution = solved(game)
    mixed = [one for one in solution.equilibria if one.certificate.bound]
    assert mixed
    chances = [float(one.behaviour[0][1]) for one in mixed]
    assert any(abs(chance - 3**-0.5) < 1e-6 for chance in chances)
    assert all(one.certificate.holds and one.subgame_perfect is None for one in mixed)


def test_a_subgame_beyond_its_strategic_form_is_played_by_its_sequence_form() -> None:
    poker = kuhn_poker(8)
    plain = sequence_form_equilibrium(poker.tree, poker.payoffs)
    assert plain.value is not None
    solution = subgame_perfect_equilibria(poker.tree, poker.payoffs)
    (one,) = solution.equilibria
    assert solution.status is Status.PARTIAL
    assert one.subgame_perfect
    assert one.certificate.holds
    assert one.payoffs[0] == plain.value[0]


def test_a_large_tree_of_perfect_information_is_solved_in_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_equilibria, "MOST_NODES_BY_SETS", 0)
    for seed in range(20):
        tree, payoffs = random_tree(random.Random(seed), players=2, depth=4, top=60)
        if not tree.information_sets:
            continue
        (one,) = subgame_perfect_equilibria(tree, payoffs).equilibria
        assert is_subgame_perfect(tree, payoffs, one.behaviour)
        assert certify_behaviour(tree, payoffs, one.behaviour).holds
