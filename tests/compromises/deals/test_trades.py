from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.deals import trades as module
from gamecore.compromises.deals.frontier import deal_frontier
from gamecore.compromises.deals.settlement import settle_again
from gamecore.compromises.deals.solutions import Rule, solutions
from gamecore.compromises.deals.space import Amount, DealSpace
from gamecore.compromises.deals.trades import left_by, left_on_table, trades
from gamecore.errors import InputError, TooLargeError
from tests.compromises.deals.cases import all_deals, dominates, spaces, thompson_space

MIDDLE = ("6%", "Division C", "80%", "60%", "$36,000")


@settings(max_examples=20)
@given(spaces(), st.data())
def test_trades_are_all_changes_of_exactly_so_many_issues_that_nobody_refuses(
    space: DealSpace, data: st.DataObject
) -> None:
    deals = all_deals(space)
    start = data.draw(st.sampled_from(sorted(deals)))
    size = data.draw(st.integers(1, len(space.issues)))
    strictly = data.draw(st.booleans())
    found = trades(space, space.deal(start).options, size=size, strictly=strictly)
    here = deals[start]
    expected = {
        key
        for key, point in deals.items()
        if sum(a != b for a, b in zip(key, start, strict=True)) == size
        and (all(a > b for a, b in zip(point, here, strict=True)) if strictly else dominates(point, here))
    }
    assert {space.numbers(trade.deal.options) for trade in found.listed} == expected
    assert found.count == len(expected)
    assert [trade.joint_gain for trade in found.listed] == sorted((t.joint_gain for t in found.listed), reverse=True)
    for trade in found.listed:
        assert trade.gains == tuple(a - b for a, b in zip(trade.deal.values, here, strict=True))
        for change in trade.changes:
            alone = dict(zip((issue.name for issue in space.issues), space.deal(start).options, strict=True))
            after = space.values_of(space.numbers(alone | {change.issue: change.after}))
            assert change.alone == tuple(a - b for a, b in zip(after, here, strict=True))


@settings(max_examples=20)
@given(spaces(), st.data())
def test_what_is_left_on_the_table_and_the_way_to_a_better_deal(space: DealSpace, data: st.DataObject) -> None:
    deals = all_deals(space)
    start = data.draw(st.sampled_from(sorted(deals)))
    here = deals[start]
    left = left_by(space, space.deal(start).options)
    allowed = {key: sum(p) - sum(here) for key, p in deals.items() if p == here or dominates(p, here)}
    assert left.amount == max(allowed.values())
    assert {space.numbers(deal.options) for deal in left.deals} == {
        k for k, gain in allowed.items() if gain == left.amount
    }
    rule = data.draw(st.sampled_from([Rule.NASH, Rule.KALAI_SMORODINSKY, Rule.EGALITARIAN, Rule.UTILITARIAN]))
    better = settle_again(space, space.deal(start).options, rule=rule)
    if not any(dominates(point, here) for point in deals.values()):
        assert better.steps == ()
        assert better.deal.values == here
        return
    assert better.tied == solutions(deal_frontier(space), here)[rule].deals
    assert better.steps[-1] == better.deal
    before = here
    for step in better.steps:
        assert space.is_possible(space.numbers(step.options))
        assert dominates(step.values, before)
        if better.strict:
            assert all(a > b for a, b in zip(step.values, before, strict=True))
        before = step.values


def test_the_middle_of_the_employment_contract_leaves_much_on_the_table() -> None:
    space = thompson_space()
    assert space.values(MIDDLE) == (Fraction(50), Fraction(50))
    assert left_by(space, MIDDLE).amount == 54  # 77 and 77 in place of 50 and 50
    first = trades(space, MIDDLE).listed[0]
    assert first.is_exchange
    assert first.in_words(space.parties) == (
        "Signing bonus from 6% to 10% and Salary from $36,000 to $32,000: "
        "employer gives Signing bonus and gets Salary, 12 more in all; "
        "employee gives Salary and gets Signing bonus, 12 more in all"
    )
    better = settle_again(space, MIDDLE)
    assert better.deal.values == (Fraction(77), Fraction(77))
    assert [[int(value) for value in step.values] for step in better.steps] == [[67, 55], [73, 73], [77, 77]]


def test_amounts_stay_where_they_are() -> None:
    fee = Amount.linear("fee", 0, 10, (-1, 1))
    space = DealSpace.from_points(("a", "b"), {"i": {"x": (0, 0), "y": (1, 1)}}, amounts=[fee])
    (trade,) = trades(space, ("x",), amounts=(4,), size=1).listed
    assert trade.deal.amounts == (Fraction(4),)
    assert trade.deal.values == (Fraction(-3), Fraction(5))
    assert not trade.is_exchange


def test_faults_of_trades_are_told() -> None:
    space = thompson_space()
    with pytest.raises(InputError, match="a trade of 6 issues among 5"):
        trades(space, MIDDLE, size=6)
    with pytest.raises(InputError, match=r"'7%' is no option of Signing bonus"):
        trades(space, ("7%", *MIDDLE[1:]))
    with pytest.raises(InputError, match="no values of a deal"):
        left_on_table(deal_frontier(space), (Fraction(100), Fraction(100)))
    with pytest.raises(InputError, match="another space"):
        settle_again(space, MIDDLE, frontier=deal_frontier(thompson_space("scaled")))


def test_too_many_changes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TRIED", 100)
    with pytest.raises(TooLargeError, match="trades of fewer issues"):
        trades(thompson_space(), MIDDLE, size=3)


def test_many_changed_issues_are_one_step() -> None:
    issues = {f"i{k}": {"x": (0, 0), "y": (1, 1)} for k in range(12)}
    space = DealSpace.from_points(("a", "b"), issues)
    better = settle_again(space, ("x",) * 12)
    assert [step.values for step in better.steps] == [(Fraction(12), Fraction(12))]
