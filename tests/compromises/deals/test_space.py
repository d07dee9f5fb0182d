from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.deals.passing import passing_deals
from gamecore.compromises.deals.space import Amount, DealSpace, Exclusion, Interaction, Reading
from gamecore.compromises.deals.tables import Tables
from gamecore.errors import InputError, TooLargeError
from tests.compromises.deals.cases import all_deals, spaces

TWO = ("ours", "theirs")
PRICE = {"price": {"low": (4, 1), "high": (1, 4)}}


@settings(max_examples=20)
@given(spaces(), st.data())
def test_tables_hold_every_possible_deal_once_and_at_its_worth(space: DealSpace, data: st.DataObject) -> None:
    tables = Tables.of(space)
    most = data.draw(st.sampled_from([1, 3, 1 << 20]))
    seen = {}
    for start, block in tables.blocks(most):
        for place, row in enumerate(block.tolist()):
            seen[tables.at(start + place)] = tables.exact(row)
    assert seen == all_deals(space)
    assert tables.count == len(seen)


def test_values_beyond_int64_stay_exact() -> None:
    space = DealSpace.from_points(TWO, {"a": {"x": (10**30, 0), "y": (10**30 + 1, 0)}})
    tables = Tables.of(space)
    assert tables.factors[0].values.dtype == object
    assert tables.exact(tables.factors[0].values[1]) == (Fraction(10**30 + 1), Fraction(0))


def test_a_decimal_is_what_it_prints_as() -> None:
    space = DealSpace.from_points(TWO, {"a": {"x": (0.1, 0.2)}}, weights={"a": (3, 1)})
    assert space.values(("x",)) == (Fraction(3, 10), Fraction(1, 5))


@pytest.mark.parametrize(
    ("reading", "worth"),
    [
        (Reading.RAW, [(Fraction(4), Fraction(2)), (Fraction(8), Fraction(6)), (Fraction(16), Fraction(0))]),
        (Reading.SCALED, [(Fraction(1, 2), Fraction(1, 3)), (Fraction(1), Fraction(1)), (Fraction(2), Fraction(0))]),
        (Reading.UNIT, [(Fraction(0), Fraction(1, 3)), (Fraction(2, 3), Fraction(1)), (Fraction(2), Fraction(0))]),
    ],
)
def test_the_reading_of_points_is_chosen_and_said(reading: Reading, worth: list[Any]) -> None:
    issues = {"price": {"low": (2, 2), "middle": (4, 6), "high": (8, 0)}}
    space = DealSpace.from_points(TWO, issues, weights={"price": (2, 1)}, reading=reading)
    assert [space.values((option,)) for option in issues["price"]] == worth
    assert len({one.in_words for one in Reading}) == 3


def test_an_amount_is_worth_what_lies_between_its_corners() -> None:
    term = Amount("upfront", (Fraction(0), Fraction(10), Fraction(20)), ((0, 0), (-10, 20), (-30, 25)))  # type: ignore[arg-type]
    space = DealSpace.from_points(TWO, PRICE, amounts=[term])
    assert space.values(("low",), (15,)) == (Fraction(-16), Fraction(47, 2))
    assert space.values(("low",), (0,)) == (Fraction(4), Fraction(1))
    with pytest.raises(InputError, match="not between 0 and 20"):
        space.values(("low",), (21,))


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"parties": ("us",)}, "at least two parties"),
    ({"parties": ("us", "us")}, "'us' is there twice"),
    ({"issues": {}}, "nothing to agree on"),
    ({"issues": {"price": {}}}, "at least one option"),
    ({"issues": {"price": {"low": (1,)}}}, "1 values for 2 parties"),
    ({"issues": {"price": {"low": (1, float("nan"))}}}, "not finite numbers"),
    ({"weights": {"price": (0, 1)}}, "the weights of ours sum to zero"),
    ({"weights": {"price": (-1, 1)}}, "turn the points round"),
    ({"weights": {"prise": (1, 1)}}, "'prise' is no issue: do you mean 'price'"),
    ({"issues": {**PRICE, "date": {"soon": (1, 1)}}, "weights": {"price": (1, 1)}}, "no weights for date"),
    ({"impossible": [{"price": "medium"}]}, "'medium' is no option of price"),
    ({"impossible": [{"date": "soon"}]}, "'date' is no issue"),
    ({"impossible": [{}]}, "everything would be impossible"),
    ({"no_agreement": (1,)}, "no agreement: 1 values for 2 parties"),
    ({"interactions": [Interaction(("price",), {})]}, "at least two issues"),
    ({"interactions": [Interaction(("price", "price"), {})]}, "there twice"),
    ({"amounts": [Amount("fee", (Fraction(1), Fraction(0)), ((1, 1), (0, 0)))]}, "rising order"),  # type: ignore[arg-type]
    ({"amounts": [Amount("price", (Fraction(0), Fraction(1)), ((1, 1), (0, 0)))]}, "'price' is there twice"),  # type: ignore[arg-type]
    ({"issues": {"price": {"low": (-1, 1), "high": (0, 2)}}, "reading": "scaled"}, "cannot be shares of the best"),
]


@pytest.mark.parametrize(("fields", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_a_fault_says_what_is_wrong(fields: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"parties": TWO, "issues": PRICE} | fields
    with pytest.raises(InputError, match=message):
        DealSpace.from_points(**given).values(("low",))


def test_a_veto_party_must_be_among_the_parties() -> None:
    space = DealSpace.from_points(TWO, PRICE)
    with pytest.raises(InputError, match="the mayor has a veto but is not among the parties"):
        passing_deals(space, vetoes=("ours", "the mayor"))
    with pytest.raises(InputError, match="a quorum of 3 among 2"):
        passing_deals(space, quorum=3)


def test_a_deal_names_one_option_of_every_issue() -> None:
    space = DealSpace.from_points(
        TWO, {**PRICE, "date": {"soon": (1, 1), "late": (0, 0)}}, impossible=[{"price": "low", "date": "late"}]
    )
    assert space.values({"date": "soon", "price": "low"}) == (Fraction(5), Fraction(2))
    wrong: list[tuple[Any, str]] = [
        ({"price": "low"}, "says nothing about date"),
        (("low",), "not 1"),
        (("low", "sooner"), "do you mean 'soon'"),
        (("low", "late"), "impossible"),
    ]
    for deal, message in wrong:
        with pytest.raises(InputError, match=message):
            space.values(deal)


def test_nothing_possible_is_a_fault() -> None:
    space = DealSpace.from_points(TWO, PRICE, impossible=[{"price": ("low", "high")}])
    with pytest.raises(InputError, match="no deal is possible"):
        Tables.of(space)


def test_too_many_issues_that_interact_are_refused() -> None:
    issues = {f"i{k}": {f"o{j}": (j, -j) for j in range(10)} for k in range(7)}
    tie = Exclusion(dict.fromkeys(issues, ("o0",)))
    space = DealSpace.from_points(TWO, issues)
    with pytest.raises(TooLargeError, match="10000000 combinations of issues that interact"):
        Tables.of(DealSpace(space.parties, space.issues, impossible=(tie,)))


def test_a_space_is_frozen() -> None:
    with pytest.raises(AttributeError):
        DealSpace.from_points(TWO, PRICE).parties = ("a", "b")  # type: ignore[misc]
