"""Offers over rounds and naming at once, against an independent recursion, textbook shares and hand-made deadlocks."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria.agreement import settle_at_once, settle_by_offers
from gamecore.equilibria.play import Play, Values
from gamecore.games.agreement import Bargaining

seeds = st.integers(0, 2**32)


@dataclass(frozen=True)
class Talks:
    """A case: what each option and no agreement are worth, and how the talks go."""

    options: tuple[Values, ...]
    none: Values
    proposers: tuple[int, ...]
    factors: tuple[Fraction, ...]  # what each player keeps of a gain one round later
    breakdown: Fraction
    discount_all: bool

    @property
    def bargaining(self) -> Bargaining:
        keep = tuple(tuple(factor**number for factor in self.factors) for number in range(len(self.proposers)))
        by = tuple(range(len(self.none)))
        return Bargaining(by, self.proposers, keep, self.breakdown, discount_all=self.discount_all)

    def plans(self) -> tuple[list[list[Play]], list[Play]]:
        return [[Play(1 + number, values)] for number, values in enumerate(self.options)], [Play(99, self.none)]


def talks(rng: random.Random, *, rounds: int, players: int, top: int) -> Talks:
    def values() -> Values:
        return tuple(Fraction(rng.randint(-top, top)) for _ in range(players))

    return Talks(
        tuple(values() for _ in range(rng.randint(1, 4))),
        values(),
        tuple(rng.randrange(players) for _ in range(rounds)),
        tuple(Fraction(rng.choice([10, 9, 7]), 10) for _ in range(players)),
        Fraction(rng.choice([0, 1, 5]), 20),
        rng.random() < 0.5,
    )


def agreed_when_and_worth(case: Talks, number: int = 0) -> tuple[Values, tuple[int | None, int]]:
    """What a round is worth in today's money and where it ends, from the rules alone: play out the next round first."""
    everyone = range(len(case.none))
    share = [factor**number for factor in case.factors]
    floor = tuple(share[i] * case.none[i] if case.discount_all else case.none[i] for i in everyone)
    where: tuple[int | None, int] = (None, 0)
    if number == len(case.proposers) - 1:
        later = floor
    else:
        onward, where = agreed_when_and_worth(case, number + 1)
        p = case.breakdown
        later = tuple(p * out + (1 - p) * on for out, on in zip(floor, onward, strict=True))
    proposer = case.proposers[number]
    best, chosen = later, where
    best_own: Fraction | None = None
    for option, values in enumerate(case.options):
        here = tuple(
            share[i] * values[i] if case.discount_all else case.none[i] + share[i] * (values[i] - case.none[i])
            for i in everyone
        )
        if any(here[i] < later[i] for i in everyone if i != proposer):
            continue
        if here[proposer] >= later[proposer] and (best_own is None or here[proposer] > best_own):
            best, chosen, best_own = here, (option, number), here[proposer]
    return best, chosen


@given(seeds, st.integers(1, 5), st.sampled_from([2, 3]))
@settings(max_examples=250)
def test_offers_in_turn_end_where_the_rules_say(seed: int, rounds: int, players: int) -> None:
    case = talks(random.Random(seed), rounds=rounds, players=players, top=30)
    settled, complete = settle_by_offers(*case.plans(), case.bargaining)
    expected, (option, number) = agreed_when_and_worth(case)
    if complete and len(settled) == 1:
        [(values, settlement)] = settled
        assert (values, settlement.option) == (expected, option)
        assert option is None or settlement.round == number
    assert expected in [values for values, _ in settled]


@given(seeds, st.integers(2, 4))
@settings(max_examples=150)
def test_where_a_proposer_is_indifferent_the_answer_is_not_called_complete(seed: int, rounds: int) -> None:
    """With many ties: what one order of choosing finds is among the answers, and several answers are called so."""
    case = talks(random.Random(seed), rounds=rounds, players=2, top=2)
    settled, complete = settle_by_offers(*case.plans(), case.bargaining)
    assert agreed_when_and_worth(case)[0] in [values for values, _ in settled]
    if complete:
        assert len(settled) == 1


def test_a_proposer_as_well_off_with_silence_may_be_silent() -> None:
    """Once, over several rounds, an offer was made for sure although going on was as good for who makes it."""
    case = Talks(
        ((Fraction(2), Fraction(5)),), (Fraction(2), Fraction(0)), (0, 0), (Fraction(1),) * 2, Fraction(0), False
    )
    settled, complete = settle_by_offers(*case.plans(), case.bargaining)
    assert not complete
    assert {values[1] for values, _ in settled} == {0, 5}


@pytest.mark.parametrize(("first", "second"), [("0.9", "0.9"), ("0.9", "0.7"), ("0.6", "0.95")])
def test_talks_without_an_end_over_a_finely_divided_pie_come_to_rubinsteins_shares(first: str, second: str) -> None:
    """Rubinstein 1982: who offers first gets (1 - d2) / (1 - d1 d2)."""
    one, two = Fraction(first), Fraction(second)
    parts = 200
    pie = tuple((Fraction(part, parts), Fraction(parts - part, parts)) for part in range(parts + 1))
    case = Talks(pie, (Fraction(0), Fraction(0)), (0, 1) * 30, (one, two), Fraction(0), False)
    settled, _ = settle_by_offers(*case.plans(), case.bargaining)
    share = float((1 - two) / (1 - one * two))
    assert all(abs(float(values[0]) - share) < 0.03 for values, _ in settled)
    assert all(settlement.round == 0 for _, settlement in settled)


def test_fear_of_breakdown_drives_the_same_shares_as_impatience() -> None:
    """Binmore, Rubinstein & Wolinsky 1986: with breakdown p and no other cost of time, 1 / (2 - p) to the first."""
    parts = 200
    pie = tuple((Fraction(part, parts), Fraction(parts - part, parts)) for part in range(parts + 1))
    case = Talks(pie, (Fraction(0), Fraction(0)), (0, 1) * 30, (Fraction(1),) * 2, Fraction(1, 5), False)
    settled, _ = settle_by_offers(*case.plans(), case.bargaining)
    assert all(abs(float(values[0]) - 1 / 1.8) < 0.03 for values, _ in settled)


def test_an_outside_option_that_is_worse_than_the_share_changes_nothing_much() -> None:
    """Stahl 1972, two rounds: the first offers the second what the second could get by waiting to offer itself."""
    pie = tuple((Fraction(part, 10), Fraction(10 - part, 10)) for part in range(11))
    case = Talks(pie, (Fraction(0), Fraction(0)), (0, 1), (Fraction(1, 2),) * 2, Fraction(0), False)
    settled, _ = settle_by_offers(*case.plans(), case.bargaining)
    assert (Fraction(1, 2), Fraction(1, 2)) in [values for values, _ in settled]


@given(seeds)
@settings(max_examples=60)
def test_what_time_takes_is_the_gain_or_the_whole(seed: int) -> None:
    """With no agreement worth 0 to all, discounting the gain and discounting the whole are the same."""
    case = talks(random.Random(seed), rounds=3, players=2, top=9)
    zero = (Fraction(0), Fraction(0))
    one = Talks(case.options, zero, case.proposers, case.factors, case.breakdown, False)
    other = Talks(case.options, zero, case.proposers, case.factors, case.breakdown, True)
    assert settle_by_offers(*one.plans(), one.bargaining)[0] == settle_by_offers(*other.plans(), other.bargaining)[0]


def test_many_ties_in_endless_talks_come_to_an_end() -> None:
    rng = random.Random(5)
    options = tuple((Fraction(rng.randint(0, 3)), Fraction(rng.randint(0, 3))) for _ in range(540))
    case = Talks(options, (Fraction(1), Fraction(1)), (0, 1) * 100, (Fraction(1), Fraction(1)), Fraction(1, 20), False)
    settled, _ = settle_by_offers(*case.plans(), case.bargaining)
    assert settled


# ---- naming at once -------------------------------------------------------------------------------------------------


def by_looking(options: list[Values], none: Values) -> set[tuple[int, ...]]:
    """Pure equilibria of naming, from the rules alone."""
    found = set()
    players = len(none)
    for named in product(range(len(options)), repeat=players):

        def worth(names: tuple[int, ...]) -> Values:
            return options[names[0]] if len(set(names)) == 1 else none

        if all(
            worth((*named[:i], other, *named[i + 1 :]))[i] <= worth(named)[i]
            for i in range(players)
            for other in range(len(options))
        ):
            found.add(named)
    return found


@given(seeds, st.sampled_from([2, 3]))
@settings(max_examples=100)
def test_naming_finds_every_pure_equilibrium_deadlocks_too(seed: int, players: int) -> None:
    rng = random.Random(seed)
    case = talks(rng, rounds=1, players=players, top=3)
    bargaining = Bargaining(tuple(range(players)), at_once=True)
    settled, complete = settle_at_once(*case.plans(), bargaining)
    expected = by_looking(list(case.options), case.none)
    pure = [settlement for _, settlement in settled if settlement.named]
    outcomes = {names[0] if len(set(names)) == 1 else None for names in expected}
    assert {settlement.option for settlement in pure} == outcomes
    assert {settlement.named for settlement in pure} <= expected
    if expected:
        assert complete
    elif players == 2:
        assert settled
        assert all(settlement.mixes for _, settlement in settled)


def test_naming_without_a_pure_equilibrium_is_mixed() -> None:
    """One likes neither option, the other both: each would have to be unpredictable."""
    options = [[Play(1, (Fraction(-1), Fraction(1)))], [Play(2, (Fraction(-1), Fraction(1)))]]
    settled, complete = settle_at_once(options, [Play(3, (Fraction(0), Fraction(0)))], Bargaining((0, 1), at_once=True))
    assert len(settled) == 1
    values, settlement = settled[0]
    assert settlement.mixes == ((Fraction(1, 2),) * 2,) * 2
    assert values == (Fraction(-1, 2), Fraction(1, 2))
    assert complete
