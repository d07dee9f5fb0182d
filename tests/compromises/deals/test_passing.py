from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.deals.passing import passing_deals
from gamecore.compromises.deals.space import Amount, DealSpace
from gamecore.errors import InputError
from tests.compromises.deals.cases import PORT_UNANIMOUS, all_deals, dominates, port, spaces


def test_the_port_passes_as_published() -> None:
    found = passing_deals(port(), vetoes=("Department of Tourism", "SportCo"), quorum=5)
    assert (found.count, found.passing, found.unanimous) == (720, 55, 12)
    assert tuple(deal.options for deal in found.unanimous_deals) == PORT_UNANIMOUS
    assert passing_deals(port()).passing == 12


@settings(max_examples=20)
@given(spaces(), st.data())
def test_passing_deals_are_those_of_the_definition(space: DealSpace, data: st.DataObject) -> None:
    vetoes = data.draw(st.lists(st.sampled_from(space.parties), unique=True))
    quorum = data.draw(st.integers(1, len(space.parties)))
    found = passing_deals(space, vetoes=vetoes, quorum=quorum)
    clear = {
        key: [a >= b for a, b in zip(point, space.no_agreement, strict=True)] for key, point in all_deals(space).items()
    }
    passing = {
        key
        for key, row in clear.items()
        if sum(row) >= quorum and all(row[space.parties.index(name)] for name in vetoes)
    }
    assert {space.numbers(deal.options) for deal in found.deals} == passing
    assert found.passing == len(passing)
    assert {space.numbers(deal.options) for deal in found.unanimous_deals} == {
        k for k, row in clear.items() if all(row)
    }
    worth = all_deals(space)
    best = {key for key in passing if not any(dominates(worth[other], worth[key]) for other in passing)}
    assert {space.numbers(deal.options) for deal in found.frontier} == best
    for i in range(len(space.parties)):
        assert found.clears[i] == sum(row[i] for row in clear.values())
        assert found.stops[i] == sum(not row[i] and sum(row) == len(row) - 1 for row in clear.values())


def test_lists_stop_at_a_limit_and_counts_do_not() -> None:
    found = passing_deals(port(), quorum=1, most=3)
    assert len(found.deals) == 3
    assert len(found.frontier) == 3
    assert found.passing > 600


def test_continuous_terms_are_not_counted() -> None:
    space = DealSpace.from_points(("a", "b"), {"i": {"x": (1, 0)}}, amounts=[Amount.linear("fee", 0, 1, (1, -1))])
    with pytest.raises(InputError, match="cannot be counted"):
        passing_deals(space)
