from __future__ import annotations

from fractions import Fraction
from math import exp, isclose, log, sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.deals.bets import Bet, contingent_term, fair_bet_between
from gamecore.compromises.deals.solutions import Rule
from gamecore.errors import InputError

TWO = ("seller", "buyer")


def beliefs(count: int) -> st.SearchStrategy[dict[str, tuple[Fraction, Fraction]]]:
    row = st.lists(st.integers(0, 6), min_size=count, max_size=count).filter(any)
    chances = row.map(lambda some: [Fraction(one, sum(some)) for one in some])
    return st.tuples(chances, chances).map(
        lambda pair: {f"e{k}": (a, b) for k, (a, b) in enumerate(zip(*pair, strict=True))}
    )


@settings(max_examples=24)
@given(st.integers(2, 4).flatmap(beliefs), st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_a_bet_makes_both_better_by_their_own_belief_within_bounds(
    drawn: dict[str, tuple[Fraction, Fraction]], most: tuple[int, int]
) -> None:
    bet = contingent_term(TWO, drawn, most_to_lose=most)
    own = [
        sum((row[0] * stake for row, stake in zip(drawn.values(), bet.stakes, strict=True)), Fraction(0)),
        sum((-row[1] * stake for row, stake in zip(drawn.values(), bet.stakes, strict=True)), Fraction(0)),
    ]
    assert list(bet.own) == own
    assert all(-most[0] <= stake <= most[1] for stake in bet.stakes)
    if bet.status == "refused":
        assert all(a == b for a, b in drawn.values())
        assert not any(bet.stakes)
        return
    assert min(own) > 0
    assert bet.by_other == (-own[1], -own[0])
    assert bet.neutral == ((own[0] - own[1]) / 2, (own[1] - own[0]) / 2)
    # No small change of two stakes is worth more to both.
    for j, (a, b) in enumerate(drawn.values()):
        for k, (c, d) in enumerate(drawn.values()):
            up, down = bet.stakes[j] < most[1], bet.stakes[k] > -most[0]
            assert not (up and down and j != k and a * d > c * b)


def test_the_even_split_of_a_bet() -> None:
    bet = contingent_term(
        TWO, {"up": ("0.6", "0.2"), "down": ("0.4", "0.8")}, most_to_lose=(100, 100), rule=Rule.EGALITARIAN
    )
    assert bet.own[0] == bet.own[1]
    assert bet.own[0] + bet.own[1] == Fraction(2, 5) * (bet.stakes[0] - bet.stakes[1])
    assert bet.in_words("USD")[0] == "If up: buyer pays seller 100 USD."


def by_tolerance(bet: Bet, tolerances: tuple[float, float]) -> list[float]:
    found = []
    for i, tolerance in enumerate(tolerances):
        gets = [float(stake) * (1 if i == 0 else -1) for stake in bet.stakes]
        total = sum(float(row[i]) * exp(-get / tolerance) for row, get in zip(bet.beliefs, gets, strict=True))
        found.append(-tolerance * log(total))
    return found


def test_stakes_under_risk_aversion_are_those_of_borch() -> None:
    drawn = {"approved": ("0.8", "0.5"), "refused": ("0.2", "0.5")}
    bet = contingent_term(TWO, drawn, most_to_lose=(10**4, 10**4), risk_tolerance=(20, 20))
    assert isclose(float(bet.stakes[0] - bet.stakes[1]), 10 * log(1.6 / 0.4))
    each = -20 * log(sqrt(0.4) + sqrt(0.1))
    assert isclose(bet.certain[0], each)
    assert isclose(bet.certain[1], each)
    assert all(isclose(a, b) for a, b in zip(bet.certain, by_tolerance(bet, (20, 20)), strict=True))
    assert bet.exact is False
    assert all(float(own) > sure for own, sure in zip(bet.own, bet.certain, strict=True))


@settings(max_examples=20)
@given(st.integers(2, 4).flatmap(beliefs), st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_bounded_stakes_under_risk_aversion_cannot_be_bettered_by_small_changes(
    drawn: dict[str, tuple[Fraction, Fraction]], most: tuple[int, int]
) -> None:
    bet = contingent_term(TWO, drawn, most_to_lose=most, risk_tolerance=(5, 8))
    assert all(-most[0] <= stake <= most[1] for stake in bet.stakes)
    if bet.status == "refused":
        return
    assert isclose(bet.certain[0], bet.certain[1], abs_tol=1e-9)
    assert bet.certain[0] > 0
    # What one more unit is worth at the margin: nobody can give where it costs little and get where it is worth much.
    margins = [
        (float(a) * exp(-float(t) / 5), float(b) * exp(float(t) / 8))
        for (a, b), t in zip(drawn.values(), bet.stakes, strict=True)
    ]
    for j, (a, b) in enumerate(margins):
        for k, (c, d) in enumerate(margins):
            if bet.stakes[j] < most[1] and bet.stakes[k] > -most[0]:
                assert a * d <= c * b + 1e-9


def test_neutral_chances_can_be_given() -> None:
    bet = contingent_term(TWO, {"up": (1, 0), "down": (0, 1)}, most_to_lose=(5, 5), neutral=("0.25", "0.75"))
    assert bet.stakes == (Fraction(5), Fraction(-5))
    assert bet.neutral == (Fraction(-5, 2), Fraction(5, 2))
    assert bet.worst == (Fraction(5), Fraction(5))


def test_equal_beliefs_make_no_bet() -> None:
    bet = contingent_term(TWO, {"up": ("0.5", "0.5"), "down": ("0.5", "0.5")}, most_to_lose=(5, 5))
    assert bet.status == "refused"
    assert bet.in_words() == ("Both see the same chances: a bet cannot make both better off.",)


def test_the_prices_of_a_promise_lie_between_the_beliefs() -> None:
    assert fair_bet_between(("0.7", "0.4")) == (Fraction(2, 5), Fraction(7, 10))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"parties": ("a",)}, "two parties"),
        ({"beliefs": {"up": (1, 1)}}, "two events"),
        ({"beliefs": {"up": ("0.5", "0.5"), "down": ("0.4", "0.5")}}, "the chances of a are 1/2, 2/5"),
        ({"beliefs": {"up": ("1.5", "0.5"), "down": ("-0.5", "0.5")}}, "from 0 to 1"),
        ({"most_to_lose": (0, 5)}, "above 0"),
        ({"neutral": (1,)}, "1 neutral chances for 2 events"),
        ({"neutral": ("0.5", "0.4")}, "neutral chances are"),
        ({"risk_tolerance": (5, None)}, "for both parties or for neither"),
        ({"risk_tolerance": (5, -1)}, "tolerance must be above 0"),
    ],
)
def test_faults_of_bets(changed: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {
        "parties": ("a", "b"),
        "beliefs": {"up": ("0.5", "0.2"), "down": ("0.5", "0.8")},
        "most_to_lose": (5, 5),
    } | changed
    with pytest.raises(InputError, match=message):
        contingent_term(given.pop("parties"), given.pop("beliefs"), **given)
