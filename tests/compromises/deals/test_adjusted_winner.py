from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamecore.compromises.deals.adjusted_winner import adjusted_winner, judge_division
from gamecore.compromises.deals.curve import curve_solutions, deal_curve
from gamecore.compromises.deals.solutions import Rule
from gamecore.compromises.deals.space import Amount, DealSpace
from gamecore.errors import InputError
from tests.compromises.deals.cases import CAMP_DAVID

TWO = ("Israel", "Egypt")


def test_camp_david() -> None:
    answer = adjusted_winner(TWO, CAMP_DAVID)
    shares = dict(zip(answer.items, answer.first_share, strict=True))
    assert shares == {
        "Sinai": Fraction(1, 6),
        "Diplomatic recognition": 1,
        "West Bank/Gaza": 1,
        "Formal linkage": 1,
        "Palestinian rights": 0,
        "Jerusalem": 1,
    }
    assert answer.points == (Fraction(395, 6), Fraction(395, 6))
    assert answer.certificate.holds
    assert answer.in_words() == (
        "Israel first gets Diplomatic recognition, West Bank/Gaza, Formal linkage, Jerusalem: 60 points.",
        "Egypt first gets Sinai, Palestinian rights: 75 points.",
        "Egypt passes 1/6 of Sinai to Israel: 65.83 and 65.83 points.",
        "Both end with 65.83 of their own points.",
    )


@st.composite
def points(draw: st.DrawFn) -> dict[str, tuple[int, int]]:
    count = draw(st.integers(1, 7))
    first = draw(st.lists(st.integers(0, 9), min_size=count, max_size=count).filter(any))
    second = draw(st.lists(st.integers(0, 9), min_size=count, max_size=count).filter(any))
    return {f"item {k}": (a * sum(second), b * sum(first)) for k, (a, b) in enumerate(zip(first, second, strict=True))}


@given(points())
def test_the_division_is_envy_free_equitable_and_efficient(items: dict[str, tuple[int, int]]) -> None:
    answer = adjusted_winner(TWO, items)
    assert answer.certificate.holds
    total = sum(row[0] for row in items.values())
    assert answer.points[0] == answer.points[1] >= Fraction(total, 2)
    rows = [(Fraction(a), Fraction(b)) for a, b in items.values()]
    replayed = [Fraction(winner == 0) for winner in answer.winners]
    for step in answer.transfers:
        replayed[answer.items.index(step.item)] += step.share * (1 if step.giver else -1)
    assert tuple(replayed) == answer.first_share
    assert judge_division(rows, replayed).holds
    ratios = [step.ratio for step in answer.transfers]
    assert ratios == sorted(ratios)


@given(points())
def test_dividing_as_a_deal_over_amounts_gives_the_same_points(items: dict[str, tuple[int, int]]) -> None:
    """A second method: the deal with the most even points on the exact frontier of the shares as continuous terms."""
    amounts = tuple(
        Amount(name, (Fraction(0), Fraction(1)), ((Fraction(0), Fraction(b)), (Fraction(a), Fraction(0))))
        for name, (a, b) in items.items()
    )
    even = curve_solutions(deal_curve(DealSpace(TWO, amounts=amounts)))[Rule.EGALITARIAN]
    assert even.points == (adjusted_winner(TWO, items).points,)


def test_the_judge_finds_what_is_wrong() -> None:
    rows = [(Fraction(70), Fraction(50)), (Fraction(30), Fraction(50))]
    all_to_one = judge_division(rows, [Fraction(1), Fraction(1)])
    assert not all_to_one.envy_free
    assert not all_to_one.equitable
    assert all_to_one.efficient
    crossed = judge_division(rows, [Fraction(0), Fraction(1)])
    assert not crossed.efficient
    halves = judge_division(rows, [Fraction(1, 2), Fraction(1, 2)])
    assert halves.envy_free
    assert halves.equitable
    assert not halves.efficient
    assert halves.split_items == 2
    wasted = judge_division([(Fraction(0), Fraction(1)), (Fraction(1), Fraction(0))], [Fraction(1, 2), Fraction(1)])
    assert not wasted.efficient


@pytest.mark.parametrize(
    ("parties", "items", "message"),
    [
        (("a",), {"x": (1, 1)}, "between two parties"),
        (TWO, {}, "at least one item"),
        (TWO, {"x": (1, 2)}, "give both the same number"),
        (TWO, {"x": (0, 0)}, "above 0"),
        (TWO, {"x": (-1, 1), "y": (2, 0)}, "points below 0"),
        (TWO, {"x": (1, 1, 1)}, "both parties"),
    ],
)
def test_faults_of_points(parties: tuple[str, ...], items: dict[str, tuple[int, ...]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        adjusted_winner(parties, items)
