from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from gamecore.compromises.deals import programme as module
from gamecore.compromises.deals.curve import curve_solutions, deal_curve
from gamecore.compromises.deals.programme import largest_sum, most_even
from gamecore.compromises.deals.solutions import Case, Rule
from gamecore.compromises.deals.space import Amount, DealSpace, Issue
from gamecore.errors import InputError
from tests.compromises.deals.test_curve import mixed_spaces, sampled

CLOSE = 1e-5


@settings(max_examples=20)
@given(mixed_spaces())
def test_two_parties_get_what_the_exact_curve_says(space: DealSpace) -> None:
    exact = curve_solutions(deal_curve(space))
    total, even = largest_sum(space), most_even(space)
    if exact[Rule.UTILITARIAN].case is Case.NOTHING_ACCEPTABLE:
        assert not total.deals
        assert not even.deals
        return
    assert abs(float(total.score - sum(exact[Rule.UTILITARIAN].points[0]))) < CLOSE
    assert abs(float(even.score - min(exact[Rule.EGALITARIAN].gains[0]))) < CLOSE
    assert total.bound >= float(total.score) - CLOSE
    for found in (total, even):
        assert found.status == "complete"
        assert space.values(found.deal.options, found.deal.amounts) == found.deal.values


def test_three_parties_are_no_worse_than_every_sampled_deal() -> None:
    fee = Amount("fee", (Fraction(0), Fraction(4), Fraction(9)), tuple(map(_row, ((0, 0, 0), (-4, 6, 1), (-9, 8, 4)))))
    share = Amount.linear("share", 0, 1, (6, -3, -2))
    scope = Issue("scope", ("all", "half"), (_row((9, 0, 2)), _row((5, 3, 4))))
    space = DealSpace(("a", "b", "c"), (scope,), amounts=(fee, share))
    tried = [row for row in sampled(space, 12) if min(row) >= 0]
    total, even = largest_sum(space), most_even(space)
    assert float(total.score) >= float(max(sum(row) for row in tried)) - CLOSE
    assert float(even.score) >= float(max(min(row) for row in tried)) - CLOSE
    assert even.score == min(even.deal.values)


def _row(values: tuple[int, ...]) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, values))


def test_nothing_acceptable_and_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    fee = Amount.linear("fee", 0, 1, (1, -1, 0))
    space = DealSpace(("a", "b", "c"), amounts=(fee,), no_agreement=_row((1, 1, 0)))
    assert largest_sum(space).deals == ()
    with pytest.raises(InputError, match="worse than no agreement"):
        _ = most_even(space).deal
    with pytest.raises(InputError, match="without continuous terms"):
        most_even(DealSpace(("a", "b"), (Issue("i", ("o",), (_row((1, 1)),)),)))
    monkeypatch.setattr(module, "MOST_VARIABLES", 1)
    with pytest.raises(InputError, match="put to the solver"):
        most_even(space)
