"""Beliefs: published answers, and limits of completely mixed behaviours as second method."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from gamecore.equilibria.behaviour import is_subgame_perfect
from gamecore.equilibria.result import Status
from gamecore.equilibria.sequential import Verdict, assess, sequential_equilibria
from gamecore.equilibria.tree_equilibria import nash_equilibria
from tests.equilibria.written_trees import Written, beer_quiche, entry, horse, partly_seen, written

FIRST, SECOND = (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))


def pure(game: Written, **actions: int) -> dict[int, tuple[Fraction, ...]]:
    return {game.sets[name]: SECOND if action else FIRST for name, action in actions.items()}


def test_in_seltens_horse_the_equilibrium_that_relies_on_a_bad_answer_has_no_beliefs() -> None:
    """Kreps & Wilson 1982: player 2 would not let play pass if player 3 answers left."""
    game = horse()
    judged = assess(game.tree, game.payoffs, pure(game, one=1, two=0, three=0), game.reach)
    assert judged.verdict is Verdict.NONE
    assert judged.failing == (game.sets["two"],)


def test_in_seltens_horse_the_other_equilibrium_needs_a_belief_of_two_thirds() -> None:
    game = horse()
    judged = assess(game.tree, game.payoffs, pure(game, one=0, two=0, three=1), game.reach)
    assert judged.verdict is Verdict.SEQUENTIAL
    below_two = max(game.tree.information_sets[game.sets["three"]], key=lambda node: len(_way(game, node)))
    assert judged.beliefs[game.sets["three"]][below_two] >= Fraction(2, 3)


def _way(game: Written, node: int) -> list[int]:
    way = []
    while node:
        node = game.tree.parents[node]
        way.append(node)
    return way


@pytest.mark.parametrize("breakfast", [0, 1])
def test_both_poolings_of_beer_and_quiche_are_sequential(breakfast: int) -> None:
    """Cho & Kreps 1987: the other breakfast is fought, believed to come from the weak with chance a half at least."""
    game = beer_quiche()
    answers = {"beer": 1, "quiche": 0} if breakfast == 0 else {"beer": 0, "quiche": 1}
    behaviour = pure(game, strong=breakfast, weak=breakfast, **answers)
    judged = assess(game.tree, game.payoffs, behaviour, game.reach)
    assert judged.verdict is Verdict.SEQUENTIAL
    unseen = game.sets["quiche" if breakfast == 0 else "beer"]
    strong, weak = game.tree.information_sets[unseen]
    assert judged.beliefs[unseen][weak] >= Fraction(1, 2)
    seen = game.sets["beer" if breakfast == 0 else "quiche"]
    assert sorted(judged.beliefs[seen].values()) == [Fraction(1, 10), Fraction(9, 10)]
    assert strong != weak


def test_beer_and_quiche_has_no_separating_equilibrium() -> None:
    game = beer_quiche()
    behaviour = pure(game, strong=0, weak=1, beer=1, quiche=0)
    judged = assess(game.tree, game.payoffs, behaviour, game.reach)
    assert judged.verdict is Verdict.NONE
    assert judged.failing == (game.sets["weak"],)


def test_all_equilibria_of_beer_and_quiche_found_are_sequential_poolings() -> None:
    game = beer_quiche()
    answer = sequential_equilibria(game.tree, game.payoffs, game.reach)
    assert answer.status is Status.COMPLETE
    assert {judged.verdict for _, judged in answer.equilibria} == {Verdict.SEQUENTIAL}
    assert {one.payoffs[1] for one, _ in answer.equilibria} == {Fraction(9, 10)}


def test_an_empty_threat_has_no_beliefs() -> None:
    game = entry()
    assert assess(game.tree, game.payoffs, pure(game, enter=0, answer=0), game.reach).failing == (game.sets["answer"],)
    assert assess(game.tree, game.payoffs, pure(game, enter=1, answer=1), game.reach).verdict is Verdict.SEQUENTIAL


def test_beliefs_that_exist_set_by_set_need_not_be_consistent() -> None:
    """After entry the size is known from the plan; to believe another is weak only (Myerson 1991, 4.3)."""
    inside = [(0, "size"), [(1, "answer"), (1, 0), (3, 3)], [(1, "answer"), (0, 3), (0, 0)]]
    game = written(2, [(0, "enter"), (2, 2), inside])
    behaviour = pure(game, enter=0, size=0, answer=0)
    judged = assess(game.tree, game.payoffs, behaviour, game.reach)
    assert judged.verdict is Verdict.WEAK
    assert judged.consistent is False
    assert not is_subgame_perfect(game.tree, game.payoffs, behaviour)


def test_two_players_who_saw_nothing_must_believe_the_same() -> None:
    """Players 1 and 2 move after the same surprise; their best actions ask for beliefs that contradict each other."""

    def after(left: bool) -> list[object]:
        one, two = (1, 0) if left else (0, 1)
        ends = [[(2, "second"), (0, one, two), (0, one, one)], [(2, "second"), (0, two, two), (0, two, one)]]
        return [(1, "first"), *ends]

    game = written(3, [(0, "start"), (5, 0, 0), after(left=True), after(left=False)])
    out = {game.sets["start"]: (Fraction(1), Fraction(0), Fraction(0))}
    clash = assess(game.tree, game.payoffs, out | pure(game, first=0, second=0), game.reach)
    # first = 0 wants left at least a half, second = 0 wants left at most a half: together exactly a half
    assert clash.verdict is Verdict.SEQUENTIAL
    assert set(clash.beliefs[game.sets["first"]].values()) == {Fraction(1, 2)}
    assert set(clash.beliefs[game.sets["second"]].values()) == {Fraction(0), Fraction(1, 2)}


@pytest.mark.parametrize("seed", range(40))
def test_sequential_equilibria_are_subgame_perfect_and_reached_sets_follow_bayes(seed: int) -> None:
    rng = random.Random(seed)
    game = partly_seen(rng, steps=3, players=rng.choice([2, 3]))
    nash = nash_equilibria(game.tree, game.payoffs, most_profiles=300, limit=300_000)
    if nash.status is Status.REFUSED:
        return
    answer = sequential_equilibria(game.tree, game.payoffs, game.reach, nash=nash)
    if nash.status is Status.COMPLETE:
        assert answer.equilibria  # every finite game has one; extreme equilibria with some filling
    for one, judged in answer.equilibria:
        if judged.verdict is Verdict.SEQUENTIAL:
            assert is_subgame_perfect(game.tree, game.payoffs, one.behaviour)
        for belief in judged.beliefs.values():
            assert sum(belief.values()) == 1
            assert min(belief.values()) >= 0


def test_stopping_is_honest() -> None:
    game = beer_quiche()
    nash = nash_equilibria(game.tree, game.payoffs)
    stopped = sequential_equilibria(game.tree, game.payoffs, game.reach, nash=nash, should_stop=lambda: True)
    assert stopped.status is Status.PARTIAL
    assert stopped.equilibria == ()
