from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.sharing.coalitions import (
    CoalitionPayoffs,
    Deviation,
    PartitionStability,
    memberships,
    payoffs_by_rule,
    stable_partitions,
)
from gamecore.compromises.sharing.core import core
from gamecore.compromises.sharing.judge import structures_faults
from gamecore.compromises.sharing.shapley import shapley_value
from gamecore.compromises.sharing.structures import STRUCTURE_LIMIT, best_structures, stable_structures
from gamecore.errors import InputError, OutOfTimeError, TooLargeError
from gamecore.games.coalition import CoalitionGame
from tests.compromises.coalition_games import GLOVE, MAJORITY, NAMES, by_rule, exact, games, partitions


def equally(game: CoalitionGame) -> Sequence[Fraction]:
    return [game.values[-1] / len(game.players)] * len(game.players)


def shapley(game: CoalitionGame) -> Sequence[Fraction]:
    return shapley_value(game).shares


def as_sets(structures: Sequence[Sequence[int]]) -> set[frozenset[int]]:
    return {frozenset(structure) for structure in structures}


# ----------------------------------------------------------------------------------------------------- best structures


@given(games(most=5))
@settings(max_examples=16, deadline=None)
def test_best_structures_are_those_of_brute_force(game: CoalitionGame) -> None:
    worth = {one: sum(game.values[block] for block in one) for one in partitions(range(len(game.players)))}
    found = best_structures(game)
    assert found.worth == max(worth.values())
    assert found.complete
    assert as_sets(found.structures) == as_sets([one for one, sum_ in worth.items() if sum_ == found.worth])
    assert len(found.structures) == len(as_sets(found.structures))
    assert found.cover.is_superadditive()
    assert game.is_superadditive() == (found.cover == game)


@given(games(most=4))
@settings(max_examples=16, deadline=None)
def test_only_best_structures_have_a_core_and_then_all_have_the_same(game: CoalitionGame) -> None:
    """Aumann & Dreze 1974."""
    found = stable_structures(game)
    best = as_sets(found.best.structures)
    for structure in partitions(range(len(game.players))):
        answer = core(game, [game.names(block) for block in structure])
        assert answer.is_empty == (frozenset(structure) not in best or found.core.is_empty)
    assert found.core.is_empty == core(found.best.cover).is_empty


def test_too_many_ties_are_told() -> None:
    found = best_structures(by_rule(8, len))
    assert (len(found.structures), found.complete) == (STRUCTURE_LIMIT, False)
    assert best_structures(by_rule(5, len)).complete
    with pytest.raises(OutOfTimeError):
        best_structures(GLOVE, should_stop=lambda: True)


def test_a_cover_that_is_too_low_or_bends_proves_nothing() -> None:
    found = best_structures(GLOVE)
    assert not structures_faults(GLOVE, found.structures, found.cover)
    low = CoalitionGame(GLOVE.players, (*found.cover.values[:-1], Fraction(0)))
    assert len(structures_faults(GLOVE, found.structures, low)) >= 2
    assert structures_faults(GLOVE, [(1, 2)], found.cover)
    assert structures_faults(GLOVE, [(1, 2, 4)], found.cover)


# --------------------------------------------------------------------------------------------------- stable partitions


def better_off(payoffs: CoalitionPayoffs, partition: Sequence[int], coalition: int) -> list[Fraction]:
    """What each member of a coalition gains if it forms."""
    members = [player for player in range(len(payoffs.players)) if coalition >> player & 1]
    here = {player: block for block in partition for player in members if block >> player & 1}
    return [payoffs.amount(coalition, player) - payoffs.amount(here[player], player) for player in members]


def is_stable(payoffs: CoalitionPayoffs, partition: Sequence[int], stability: PartitionStability) -> bool:
    """The definitions, word by word."""
    everything = range(1, len(payoffs.amounts))
    gains = {one: better_off(payoffs, partition, one) for one in everything}
    if stability is PartitionStability.CORE:
        return not any(min(gain) > 0 for gain in gains.values())
    if stability is PartitionStability.STRICT_CORE:
        return not any(min(gain) >= 0 and max(gain) > 0 for gain in gains.values())
    for player in range(len(payoffs.players)):
        for block in (*partition, 0):
            joined = block | 1 << player
            if joined == block:
                continue
            others = [
                payoffs.amount(joined, other) - payoffs.amount(block, other)
                for other in range(len(payoffs.players))
                if block >> other & 1
            ]
            place = (joined & (1 << player) - 1).bit_count()
            welcome = stability is PartitionStability.NASH or all(gain >= 0 for gain in others)
            if gains[joined][place] > 0 and welcome:
                return False
    return True


@given(games(most=4), st.sampled_from([equally, shapley]), st.sampled_from(list(PartitionStability)))
@settings(max_examples=16, deadline=None)
def test_stable_partitions_are_those_of_the_definitions(
    game: CoalitionGame, rule: object, stability: PartitionStability
) -> None:
    payoffs = payoffs_by_rule(game, rule)  # type: ignore[arg-type]
    found = stable_partitions(payoffs, stability)
    meant = [one for one in partitions(range(len(game.players))) if is_stable(payoffs, one, stability)]
    assert as_sets(found.stable) == as_sets(meant)
    for partition, deviation in found.deviations.items():
        gains = better_off(payoffs, partition, deviation.coalition)
        movers = [
            place for place, player in enumerate(game.members(deviation.coalition)) if deviation.movers >> player & 1
        ]
        assert max(gains[place] for place in movers) > 0


@given(games(most=4), st.sampled_from([equally, shapley]))
@settings(max_examples=16, deadline=None)
def test_stronger_stability_is_rarer(game: CoalitionGame, rule: object) -> None:
    payoffs = payoffs_by_rule(game, rule)  # type: ignore[arg-type]
    found = {kind: as_sets(stable_partitions(payoffs, kind).stable) for kind in PartitionStability}
    assert found[PartitionStability.STRICT_CORE] <= found[PartitionStability.CORE]
    assert found[PartitionStability.NASH] <= found[PartitionStability.INDIVIDUAL]
    assert found[PartitionStability.STRICT_CORE] <= found[PartitionStability.INDIVIDUAL]


def test_three_who_each_prefer_the_next_find_no_stable_partition() -> None:
    """The room mates' cycle: a likes b best, b likes c, c likes a, and all three together nobody."""
    amounts: list[tuple[Fraction, ...]] = [(), exact(1), exact(1), exact(3, 2), exact(1), exact(2, 3), exact(3, 2)]
    payoffs = CoalitionPayoffs(("a", "b", "c"), (*amounts, exact(0, 0, 0)))
    found = stable_partitions(payoffs, PartitionStability.CORE)
    assert not found.stable
    assert len(found.deviations) == 5
    assert found.deviations[0b011, 0b100] == Deviation(0b110, 0b110)


def test_equal_shares_of_the_majority_let_pairs_form() -> None:
    found = stable_partitions(payoffs_by_rule(MAJORITY, equally), PartitionStability.CORE)
    assert as_sets(found.stable) == as_sets([(0b011, 0b100), (0b101, 0b010), (0b110, 0b001)])


def test_wrong_rules_too_many_players_and_the_deadline_are_told() -> None:
    with pytest.raises(InputError, match=r"the rule gives a, b 0 in all, but they are worth 1 together"):
        payoffs_by_rule(MAJORITY, lambda game: [0] * len(game.players))
    with pytest.raises(InputError, match="2 amounts are given as share for 1 players"):
        payoffs_by_rule(MAJORITY, lambda _: [0, 0])
    with pytest.raises(TooLargeError, match="11 players are too many to look at every partition: at most 10"):
        payoffs_by_rule(by_rule(11, len), equally)
    with pytest.raises(TooLargeError, match="at most 10"):
        stable_partitions(CoalitionPayoffs(tuple(NAMES[:11]), ((),) * 2048), PartitionStability.CORE)
    for kind in PartitionStability:
        with pytest.raises(OutOfTimeError):
            stable_partitions(payoffs_by_rule(GLOVE, equally), kind, should_stop=lambda: True)


# -------------------------------------------------------------------------------------- internal and external stability


def test_who_would_leave_and_who_would_join() -> None:
    """Carraro & Siniscalco 1993, Barrett 1994: a treaty on a public good holds three together, however many there are.

    Five countries: everybody has the sum of all efforts, one's own effort `q` costs `q * q / 2`. Who stays outside
    makes an effort of 1, `k` who sign one of `k` each. The third gains exactly 0 by joining.
    """

    def signing(k: int) -> Fraction:
        return Fraction(k * k + 5 - k) - Fraction(k * k, 2)

    def outside(k: int) -> Fraction:
        return Fraction(k * k + 5 - k) - Fraction(1, 2)

    treaty = by_rule(5, lambda members: signing(len(members)) * len(members))
    payoffs = payoffs_by_rule(treaty, equally)
    found = memberships(payoffs, lambda coalition, _: outside(coalition.bit_count()))
    assert {one.coalition.bit_count() for one in found if one.is_internally_stable} == {1, 2, 3}
    assert {one.coalition.bit_count() for one in found if one.is_externally_stable} == {2, 3, 4, 5}
    assert {one.coalition.bit_count() for one in found if one.is_stable} == {2, 3}
    assert {gain for one in found if one.coalition.bit_count() == 3 for gain in one.leaving.values()} == {0}


@given(games(most=4), st.sampled_from([equally, shapley]))
@settings(max_examples=16, deadline=None)
def test_gains_of_leaving_and_joining_are_against_being_alone(game: CoalitionGame, rule: object) -> None:
    payoffs = payoffs_by_rule(game, rule)  # type: ignore[arg-type]
    for one in memberships(payoffs):
        for player, gain in one.leaving.items():
            assert gain == game.values[1 << player] - payoffs.amount(one.coalition, player)
        for player, gain in one.joining.items():
            assert gain == payoffs.amount(one.coalition | 1 << player, player) - game.values[1 << player]
        assert len(one.leaving) + len(one.joining) == len(game.players)
        assert replace(one, leaving={}).is_internally_stable
