from __future__ import annotations

import doctest
from dataclasses import replace
from fractions import Fraction
from math import exp
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gamecore.equilibria import alternating_offers
from gamecore.equilibria.alternating_offers import (
    Talks,
    finite_split,
    offer_faults,
    patience_weights,
    stationary_split,
)
from gamecore.errors import InputError, RefusedError, TooLargeError

quick = settings(max_examples=80, deadline=None)
shares = st.fractions(0, 1, max_denominator=12)


def exact(*values: int | str | Fraction) -> tuple[Fraction, ...]:
    return tuple(Fraction(value) for value in values)


def test_the_modules_example_runs_and_says_the_truth() -> None:
    answer = doctest.testmod(alternating_offers)
    assert (answer.attempted > 0, answer.failed) == (True, 0)


# --------------------------------------------------------------------------------------------------- published answers


@pytest.mark.parametrize(
    ("patience", "first"),
    [(("9/10", "9/10"), "10/19"), (("9/10", "4/5"), "5/7"), (("1/2", "1/2"), "2/3"), (("19/20", "4/5"), "5/6")],
)
def test_rubinsteins_split(patience: Any, first: str) -> None:
    """Rubinstein 1982: `(1 - delta_2) / (1 - delta_1 delta_2)` to the one who proposes."""
    split = stationary_split(Talks(1, patience))
    one, two = (Fraction(factor) for factor in patience)
    assert split.first_proposes == exact(first, 1 - Fraction(first))
    assert split.second_proposes[1] == (1 - one) / (1 - one * two)
    assert split.when(0) == split.first_proposes
    assert split.when(1) == split.second_proposes


def test_one_round_is_an_ultimatum_and_two_give_the_second_what_waiting_leaves() -> None:
    """Stahl 1972; Osborne & Rubinstein 1990, section 3.10."""
    talks = Talks(1, ("9/10", "4/5"))
    assert finite_split(talks, 1).split == exact(1, 0)
    assert finite_split(talks, 2).split == exact("1/5", "4/5")
    assert finite_split(talks, 3).split == exact(1 - Fraction("4/5") * (1 - Fraction("9/10")), "2/25")
    assert finite_split(talks, 2, first=1).split == exact("9/10", "1/10")
    assert finite_split(talks, 2, proposers=(0, 0)).split == exact(1, 0)


def test_many_rounds_come_close_to_the_split_without_a_last_one() -> None:
    talks = Talks(100, ("9/10", "4/5"), breakdown="1/20", while_talking=(10, 5), leaving=(12, 30), when_broken=(2, 3))
    limit = stationary_split(talks).first_proposes
    gaps = [abs(finite_split(talks, rounds).split[0] - limit[0]) for rounds in (1, 21, 61, 201)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < Fraction(1, 10**9)


def test_risk_of_breakdown_alone_divides_the_surplus_over_what_is_left_then() -> None:
    """Binmore, Rubinstein & Wolinsky 1986: as the risk vanishes, the Nash solution with that point."""
    for risk, near in (("1/10", Fraction(3)), ("1/1000", Fraction(1, 30))):
        split = stationary_split(Talks(100, breakdown=risk, when_broken=(20, 30)))
        assert abs(split.first_proposes[0] - 45) < near
        assert split.first_proposes[0] > 45 > split.second_proposes[0]
    certain = stationary_split(Talks(100, breakdown=1, when_broken=(20, 30)))
    assert certain.first_proposes == exact(70, 30)


def test_short_rounds_give_weights_by_patience() -> None:
    """The more patient side has the larger weight: rates of 2 and 6 percent give 3 to 1."""
    assert patience_weights(("0.02", "0.06")) == exact("3/4", "1/4")
    round_ = 1e-4
    split = stationary_split(Talks(1, (exp(-0.02 * round_), exp(-0.06 * round_))))
    assert abs(float(split.first_proposes[0]) - 0.75) < 1e-5


def test_an_outside_option_below_the_inside_share_changes_nothing() -> None:
    """Shaked & Sutton 1984; Binmore, Shaked & Sutton 1989: deal me out, not split the difference."""
    inside = stationary_split(Talks(1, ("9/10", "9/10")))
    idle = stationary_split(Talks(1, ("9/10", "9/10"), leaving=(0, "2/5")))
    assert idle.first_proposes == inside.first_proposes == exact("10/19", "9/19")
    assert idle.binding == ()
    floor = stationary_split(Talks(1, ("9/10", "9/10"), leaving=(0, "3/5")))
    assert floor.first_proposes == exact("2/5", "3/5")
    assert floor.binding == (1,)
    assert floor.without_leaving == (inside.first_proposes, inside.second_proposes)


def test_the_same_number_inside_shifts_the_split() -> None:
    """What one has while talking is added before the rest is divided; as an outside option it would not bind."""
    split = stationary_split(Talks(1, ("9/10", "9/10"), while_talking=(0, "2/5")))
    assert split.first_proposes == (
        Fraction(10, 19) * Fraction(3, 5),
        Fraction(2, 5) + Fraction(9, 19) * Fraction(3, 5),
    )


# ----------------------------------------------------------------------------------------------------------- odd cases


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"patience": ("3/2", 1)}, "patience of player 0"),
        ({"breakdown": 2}, "breakdown"),
        ({"while_talking": (1, 1)}, "while_talking gives both 2"),
        ({"leaving": ("3/4", "1/2")}, "leaving gives both 5/4"),
        ({"patience": (1, 1, 1)}, "two players"),
    ],
)
def test_terms_out_of_range_are_input_errors(wrong: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Talks(1, **wrong)


def test_without_any_pressure_there_is_no_one_split() -> None:
    with pytest.raises(InputError, match="every split"):
        stationary_split(Talks(1))
    assert finite_split(Talks(1), 3).split == exact(1, 0)


def test_where_the_proposer_had_rather_wait_no_split_is_made_up() -> None:
    talks = Talks(10, ("1/5", 1), while_talking=("36/5", "-9/5"), leaving=("-11/5", "34/5"))
    with pytest.raises(RefusedError, match="no agreement at once"):
        finite_split(talks, 5, first=1)


def test_rounds_and_rates_that_do_not_fit_are_refused() -> None:
    talks = Talks(1, ("1/2", "1/2"))
    with pytest.raises(TooLargeError):
        finite_split(talks, 5_000)
    for rounds, order in ((0, ()), (2, (0,)), (2, (0, 2))):
        with pytest.raises(InputError):
            finite_split(talks, rounds, proposers=order)
    with pytest.raises(InputError, match="at_the_end"):
        finite_split(talks, 2, at_the_end=(1, 1))
    for rates in ((0, 0), (-1, 2)):
        with pytest.raises(InputError):
            patience_weights(rates)


# -------------------------------------------------------------------------------------------------------------- ledger


@st.composite
def talks_of_any_kind(draw: st.DrawFn) -> Talks:
    def pair() -> tuple[Fraction, Fraction]:
        one = draw(shares)
        return one, draw(shares) * (1 - one)

    return Talks(
        1,
        patience=(draw(shares), draw(shares)),
        breakdown=draw(shares),
        while_talking=pair(),
        leaving=draw(st.none() | st.builds(pair)),
        when_broken=draw(st.none() | st.builds(pair)),
    )


@given(talks_of_any_kind())
@quick
def test_the_split_is_the_one_that_repeated_offers_settle_at(talks: Talks) -> None:
    """The second method: following offers backwards over and over, from two different ends."""
    assume(talks.patience[0] * talks.patience[1] * (1 - talks.breakdown) ** 2 < Fraction(9, 10))
    try:
        split = stationary_split(talks)
    except RefusedError:
        assume(False)
        raise
    assert offer_faults(split) == ()
    low, high = [0.0, 0.0], [1.0, 1.0]  # what each gets as the one who proposes
    for _ in range(400):
        low, high = _once(talks, low), _once(talks, high)
    for found in (low, high):
        assert abs(found[0] - float(split.first_proposes[0])) < 1e-9
        assert abs(found[1] - float(split.second_proposes[1])) < 1e-9


def _once(talks: Talks, share: list[float]) -> list[float]:
    offered = []
    for i in range(2):
        factor, risk = float(talks.patience[i]), float(talks.breakdown)
        later = risk * float(talks.when_broken[i]) + (1 - risk) * share[i]
        on = (1 - factor) * float(talks.while_talking[i]) + factor * later
        offered.append(on if talks.leaving is None else max(on, float(talks.leaving[i])))
    return [1 - offered[1], 1 - offered[0]]


@given(talks_of_any_kind(), st.integers(1, 6), st.integers(0, 1), st.fractions(-1, 1, max_denominator=9))
@quick
def test_the_judge_finds_an_offer_that_is_moved(talks: Talks, rounds: int, first: int, shift: Fraction) -> None:
    assume(shift != 0)
    try:
        found = finite_split(talks, rounds, first=first)
    except RefusedError:
        assume(False)
        raise
    assert offer_faults(found) == ()
    one, two = found.split
    moved = replace(found.rounds[0], split=(one + shift, two - shift))
    assert offer_faults(replace(found, rounds=(moved, *found.rounds[1:])))
    grown = replace(found.rounds[0], split=(one + shift, two))
    assert offer_faults(replace(found, rounds=(grown, *found.rounds[1:])))


@given(shares, shares, shares)
@quick
def test_names_of_the_sides_do_not_matter(one: Fraction, two: Fraction, inside: Fraction) -> None:
    assume(one * two < 1)
    plain = stationary_split(Talks(1, (one, two), while_talking=(inside, 0)))
    turned = stationary_split(Talks(1, (two, one), while_talking=(0, inside)))
    assert plain.first_proposes == turned.second_proposes[::-1]


@given(shares, shares, shares)
@quick
def test_more_patience_never_hurts(one: Fraction, more: Fraction, two: Fraction) -> None:
    assume(max(one, more) * two < 1)
    low, high = sorted((one, more))
    assert (
        stationary_split(Talks(1, (low, two))).first_proposes[0]
        <= stationary_split(Talks(1, (high, two))).first_proposes[0]
    )
