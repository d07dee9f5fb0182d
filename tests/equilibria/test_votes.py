"""Votes, vetoes, signatures and offers of money, against the vote laid out ballot by ballot.

The oracle knows the rule only as "these players are enough" (asked of sets), tries every way to vote, and keeps the
votes in which nobody is weakly better off voting otherwise, whatever the others do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria.agreement import MOST_WAYS_TO_NAME, settle_at_once
from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.batch import backward_induction_over_draws
from gamecore.equilibria.following import secured
from gamecore.equilibria.play import Play
from gamecore.equilibria.tree_certificate import certify_play
from gamecore.errors import TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.tree import Node, NodeKind, Tree
from gamecore.games.voting import Quorum

seeds = st.integers(0, 2**32)
Values = tuple[Fraction, ...]


def subsets(players: tuple[int, ...]) -> Iterator[frozenset[int]]:
    return (
        frozenset(group) for group in chain.from_iterable(combinations(players, n) for n in range(len(players) + 1))
    )


def random_quorum(rng: random.Random, players: int) -> Quorum:
    signers = tuple(sorted(rng.sample(range(players), rng.randint(1, players))))
    votes = rng.randint(1, len(signers))
    veto = tuple(sorted(rng.sample(signers, rng.randint(0, min(votes, 2)))))
    return Quorum(signers, votes, veto)


def one_agreement(rng: random.Random, *, players: int, options: int, top: int = 5) -> tuple[Tree, np.ndarray]:
    """An agreement at the root: options that end the game at once, and no agreement."""
    quorums = tuple(random_quorum(rng, players) for _ in range(options))
    ends = tuple(Node(NodeKind.END, end=end) for end in range(options + 1))
    root = Node(NodeKind.AGREEMENT, tuple(range(1, options + 2)), by=tuple(range(players)), quorums=quorums)
    payoffs = np.array(
        [[Fraction(rng.randint(0, top)) for _ in range(options + 1)] for _ in range(players)], dtype=object
    )
    return Tree(players, (root, *ends)), payoffs


def rules(tree: Tree, proposer: int, *, rounds: int = 1, payments: bool = False) -> Bargaining:
    one = tuple(Fraction(1) for _ in range(tree.players))
    proposers = tuple((proposer + number) % tree.players for number in range(rounds))
    return Bargaining(tree.nodes[0].by, proposers, (one,) * rounds, quorums=tree.nodes[0].quorums, payments=payments)


def ballots_that_stand(quorum: Quorum, proposer: int, worth: Values, none: Values) -> set[bool]:
    """Whether the offer passes, over every vote in which all use a ballot that is not weakly dominated."""
    asked = tuple(player for player in quorum.signers if player != proposer)

    def ends(yes: frozenset[int]) -> Values:
        held = yes | {proposer}
        enough = len(held & set(quorum.signers)) >= quorum.votes and set(quorum.veto) <= held
        return worth if enough else none

    def dominated(player: int, ballot: bool) -> bool:
        others = tuple(other for other in asked if other != player)
        mine = [ends(yes | {player} if ballot else yes)[player] for yes in subsets(others)]
        turned = [ends(yes if ballot else yes | {player})[player] for yes in subsets(others)]
        return all(b >= a for a, b in zip(mine, turned, strict=True)) and any(
            b > a for a, b in zip(mine, turned, strict=True)
        )

    menus = [[ballot for ballot in (True, False) if not dominated(player, ballot)] for player in asked]
    found = set()
    for votes in product(*menus):
        yes = frozenset(player for player, ballot in zip(asked, votes, strict=True) if ballot)
        indifferent = {player for player in asked if worth[player] == none[player]}
        if indifferent <= yes:  # an offer as good as no agreement is taken
            found.add(ends(yes) is worth)
    return found


def outcomes_of_ballots(tree: Tree, payoffs: np.ndarray, proposer: int) -> set[int]:
    """The ends that one offer and a vote on it can lead to, straight from the ballots."""
    *options, none = range(len(tree.nodes) - 1)
    quiet = tuple(payoffs[:, none])
    passing = []
    for option in options:
        quorum = tree.nodes[0].quorums[option]
        worth = tuple(payoffs[:, option])
        if proposer not in quorum.signers:
            continue
        if worth == quiet or ballots_that_stand(quorum, proposer, worth, quiet) == {True}:
            passing.append(option)
    best = max([payoffs[proposer, option] for option in passing] + [quiet[proposer]])
    found = {option for option in passing if payoffs[proposer, option] == best}
    return found | ({none} if quiet[proposer] == best else set())


@given(seeds, st.integers(2, 4), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_one_offer_ends_where_undominated_ballots_lead(seed: int, players: int, options: int) -> None:
    rng = random.Random(seed)
    tree, payoffs = one_agreement(rng, players=players, options=options)
    for proposer in range(players):
        found = backward_induction(tree, payoffs, {0: rules(tree, proposer)}).plays[0]
        ends = {
            options if play.settlement.option is None else play.settlement.option for play in found if play.settlement
        }
        assert ends == outcomes_of_ballots(tree, payoffs, proposer)


@given(seeds, st.integers(2, 4), st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_no_set_that_passes_and_holds_the_proposer_would_have_another_option(
    seed: int, players: int, options: int
) -> None:
    """No winning coalition blocks: there is no option that all of a passing set like as much and the proposer more."""
    rng = random.Random(seed)
    tree, payoffs = one_agreement(rng, players=players, options=options)
    for proposer in range(players):
        for play in backward_induction(tree, payoffs, {0: rules(tree, proposer)}).plays[0]:
            for option, quorum in enumerate(tree.nodes[0].quorums):
                for group in subsets(quorum.signers):
                    enough = len(group) >= quorum.votes and set(quorum.veto) <= group and proposer in group
                    willing = all(payoffs[p, option] >= payoffs[p, -1] for p in group if p != proposer)
                    assert not (enough and willing and payoffs[proposer, option] > play.values[proposer])


@given(seeds, st.integers(2, 4), st.integers(1, 4), st.integers(1, 3), st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_play_is_proved_and_no_other_answer_is(
    seed: int, players: int, options: int, rounds: int, payments: bool
) -> None:
    rng = random.Random(seed)
    tree, payoffs = one_agreement(rng, players=players, options=options)
    bargaining = {0: rules(tree, rng.randrange(players), rounds=1 if payments else rounds, payments=payments)}
    for play in backward_induction(tree, payoffs, bargaining).plays[0]:
        assert certify_play(tree, payoffs, play, bargaining).holds
        assert play.settlement is not None
        worse = _dearer(play) if payments else _turned(play, options)
        if worse is not None:
            assert not certify_play(tree, payoffs, worse, bargaining).holds


def _dearer(play: Play) -> Play | None:
    """The same play, but the proposer pays somebody 1 more than it has to."""
    settlement = play.settlement
    assert settlement is not None
    if settlement.option is None:
        return None
    proposer = settlement.rounds[0].proposer
    paid = list(settlement.payments)
    paid[proposer] -= 1
    paid[(proposer + 1) % len(paid)] += 1
    before, after = settlement.payments, tuple(paid)
    values = tuple(v + b - a for v, b, a in zip(play.values, after, before, strict=True))
    return replace(play, values=values, settlement=replace(settlement, payments=after))


def _turned(play: Play, options: int) -> Play | None:
    """The same play but with one more option accepted that its voters would rather not have."""
    settlement = play.settlement
    assert settlement is not None
    if len(settlement.rounds) != 1:
        return None
    first = settlement.rounds[0]
    for number, response in enumerate(first.responses):
        if not response.accepted and number < options:
            responses = list(first.responses)
            responses[number] = replace(response, accepted=True)
            turned = replace(settlement, rounds=(replace(first, responses=tuple(responses)),))
            return replace(play, settlement=turned)
    return None


@given(seeds, st.integers(2, 4), st.integers(1, 4), st.integers(1, 3), st.booleans())
@settings(max_examples=100, deadline=None)
def test_draws_are_played_as_if_each_were_solved_alone(
    seed: int, players: int, options: int, rounds: int, payments: bool
) -> None:
    rng = random.Random(seed)
    tree, _ = one_agreement(rng, players=players, options=options)
    draws = 8
    payoffs = np.array(
        [[[rng.randint(0, 200) / 8 for _ in range(draws)] for _ in range(options + 1)] for _ in range(players)]
    )
    bargaining = {0: rules(tree, rng.randrange(players), rounds=1 if payments else rounds, payments=payments)}
    played = backward_induction_over_draws(tree, payoffs, bargaining)
    for number in range(draws):
        exact = np.vectorize(Fraction, otypes=[object])(payoffs[:, :, number])
        plays = backward_induction(tree, exact, bargaining).plays[0]
        values = [[float(value) for value in play.values] for play in plays]
        assert any(np.allclose(played.values[0][:, number], value) for value in values)
        if len(plays) == 1 and plays[0].settlement is not None:
            assert not played.several[0][number]


@given(seeds, st.integers(2, 3), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_naming_at_once_settles_on_what_enough_players_name(seed: int, players: int, options: int) -> None:
    rng = random.Random(seed)
    tree, payoffs = one_agreement(rng, players=players, options=options)
    bargaining = Bargaining(tuple(range(players)), at_once=True, quorums=tree.nodes[0].quorums)

    def ends(named: tuple[int, ...]) -> int:
        carried = []
        for option, quorum in enumerate(tree.nodes[0].quorums):
            group = {player for player, own in enumerate(named) if own == option} & set(quorum.signers)
            if len(group) >= quorum.votes and set(quorum.veto) <= group:
                carried.append(option)
        return carried[0] if len(carried) == 1 else options

    stable = {
        ends(named)
        for named in product(range(options), repeat=players)
        if all(
            payoffs[player, ends((*named[:player], own, *named[player + 1 :]))] <= payoffs[player, ends(named)]
            for player in range(players)
            for own in range(options)
        )
    }
    plays = backward_induction(tree, payoffs, {0: bargaining}).plays[0] if stable else ()
    assert {options if p.settlement.option is None else p.settlement.option for p in plays if p.settlement} == stable
    assert all(certify_play(tree, payoffs, play, {0: bargaining}).holds for play in plays)
    drawn = np.repeat(payoffs.astype(float)[:, :, None], 2, axis=2)
    if stable:
        played = backward_induction_over_draws(tree, drawn, {0: bargaining})
        assert int(played.settled[0][0]) in stable


@given(seeds, st.integers(2, 4), st.integers(1, 4))
@settings(max_examples=80, deadline=None)
def test_an_offer_with_money_is_the_best_split_of_the_best_option(seed: int, players: int, options: int) -> None:
    """Whoever proposes offers the option with the most over no agreement for it and those whose yes it needs."""
    rng = random.Random(seed)
    tree, payoffs = one_agreement(rng, players=players, options=options)
    for proposer in range(players):
        surplus: dict[int, Fraction] = {options: Fraction(0)}
        for option, quorum in enumerate(tree.nodes[0].quorums):
            sums = [
                sum((payoffs[p, option] - payoffs[p, -1] for p in group), Fraction(0))
                for group in subsets(quorum.signers)
                if proposer in group and len(group) >= quorum.votes and set(quorum.veto) <= group
            ]
            if sums:
                surplus[option] = max(sums)
        best = max(surplus.values())
        plays = backward_induction(tree, payoffs, {0: rules(tree, proposer, payments=True)}).plays[0]
        ends = {options if p.settlement.option is None else p.settlement.option for p in plays if p.settlement}
        assert ends == {option for option, amount in surplus.items() if amount == best}
        for play in plays:
            assert play.values[proposer] == payoffs[proposer, -1] + best
            assert play.settlement is not None
            assert sum(play.settlement.payments) == 0


def test_who_can_be_outvoted_can_only_be_sure_of_the_worst_that_passes() -> None:
    quorum = Quorum((0, 1, 2), 2, (0,))
    root = Node(NodeKind.AGREEMENT, (1, 2, 3), by=(0, 1, 2), quorums=(quorum, quorum))
    tree = Tree(3, (root, *(Node(NodeKind.END, end=end) for end in range(3))))
    payoffs = np.array([[1, 7, 3], [1, 7, 3], [1, 7, 3]], dtype=object)[:, :, None]
    assert [int(secured(tree, payoffs, player)[0]) for player in range(3)] == [3, 1, 1]


@pytest.mark.parametrize(
    ("yes", "passes"), [({0, 1}, True), ({0, 2}, True), ({1, 2}, False), ({0}, False), ({0, 1, 2, 5}, True)]
)
def test_two_of_three_and_never_against_the_first(yes: set[int], passes: bool) -> None:
    assert Quorum((0, 1, 2), 2, (0,)).passes(yes) is passes


def test_many_who_name_many_options_at_once_are_refused_before_memory_is_taken() -> None:
    with pytest.raises(TooLargeError, match="1,000,000,000,000 ways") as raised:
        settle_at_once([[]] * 10, [], Bargaining(tuple(range(12))))
    assert raised.value.allowed == MOST_WAYS_TO_NAME
