from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.deals import frontier as module
from gamecore.compromises.deals import points as points_module
from gamecore.compromises.deals.frontier import deal_frontier, frontier_by_enumeration
from gamecore.compromises.deals.points import undominated
from gamecore.compromises.deals.space import Amount, DealSpace, Issue
from gamecore.errors import InputError, OutOfTimeError, TooLargeError
from tests.compromises.deals.cases import (
    ITEX_CYPRESS_FRONTIER,
    THOMPSON_FRONTIER,
    brute_frontier,
    dominates,
    itex_cypress,
    port,
    spaces,
    thompson_space,
)


def judged(points: list[tuple[Any, ...]]) -> list[int]:
    return [k for k, one in enumerate(points) if not any(dominates(other, one) for other in points)]


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.tuples(*[st.integers(0, 4)] * n), max_size=40).map(lambda rows: (n, rows))
    )
)
def test_undominated_points_are_those_no_other_dominates(drawn: tuple[int, list[tuple[int, ...]]]) -> None:
    parties, rows = drawn
    for kind in (np.int64, np.float64, object):
        assert undominated(np.array(rows, dtype=kind).reshape(len(rows), parties)).tolist() == judged(rows)


@pytest.mark.parametrize("parties", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("shape", ["ties", "spread", "against each other", "beyond int64", "one value for all"])
def test_champions_never_rule_out_a_point_of_the_frontier(parties: int, shape: str) -> None:
    random = np.random.default_rng(parties)
    points = random.integers(0, 30, (800, parties)) if shape == "ties" else random.integers(0, 10**9, (800, parties))
    if shape == "against each other":
        points[:, 0] = -points[:, 1:].sum(axis=1)
    table: Any = points.astype(object) * 10**20 + points[::-1] % 7 if shape == "beyond int64" else points
    if shape == "one value for all":
        table[:, -1] = 5
    whole = points if shape != "beyond int64" else table
    better = undominated(whole).tolist()
    rows = list(map(tuple, whole.tolist()))
    front = [rows[k] for k in better]
    kept = set(better)
    for k in range(0, 800, 37):  # some is judged by hand
        row = rows[k]
        assert (k in kept) == (not any(dominates(one, row) for one in rows))
    assert judged(front) == list(range(len(front))) if len(front) <= 150 else True


def test_fractions_are_compared_exactly_and_huge_numbers_too() -> None:
    third = Fraction(1, 3)
    tiny = Fraction(1, 10**40)
    rows = [(third, third), (third + tiny, third), (third, third + tiny)] * 300
    assert undominated(np.array(rows, dtype=object)).tolist() == [k for k in range(900) if k % 3]
    huge = [(10**400 + k % 5, -(10**400)) for k in range(900)]
    assert undominated(np.array(huge, dtype=object)).tolist() == list(range(4, 900, 5))


def test_points_must_be_a_table_of_finite_numbers() -> None:
    with pytest.raises(InputError, match="axes"):
        undominated(np.zeros(3))
    with pytest.raises(InputError, match="finite"):
        undominated(np.array([[1.0, np.inf]]))
    assert undominated(np.empty((0, 2))).tolist() == []


@settings(max_examples=20)
@given(spaces())
def test_merging_finds_every_deal_of_the_frontier_and_no_other(space: DealSpace) -> None:
    found = deal_frontier(space)
    named = {point: set(found.numbers(k)) for k, point in enumerate(found.points)}
    assert named == brute_frontier(space)
    assert list(found.points) == sorted(found.points, reverse=True)


@settings(max_examples=20)
@given(spaces())
def test_enumeration_is_a_second_way_to_the_same_frontier(space: DealSpace) -> None:
    found = frontier_by_enumeration(space)
    assert {point: set(some) for point, some in zip(found.points, found.numbers, strict=True)} == brute_frontier(space)


@settings(max_examples=20)
@given(spaces(), st.data())
def test_units_and_names_and_order_change_nothing_else(space: DealSpace, data: st.DataObject) -> None:
    units = data.draw(st.tuples(*[st.fractions(Fraction(1, 9), 50)] * len(space.parties)))
    order = data.draw(st.permutations(range(len(space.issues))))
    turned = DealSpace(
        space.parties,
        tuple(
            Issue(
                f"other {space.issues[k].name}",
                space.issues[k].options,
                tuple(tuple(a * b for a, b in zip(row, units, strict=True)) for row in space.worth[k].tolist()),
            )
            for k in order
        ),
    )
    plain = DealSpace(space.parties, space.issues)
    scaled = {tuple(a * b for a, b in zip(point, units, strict=True)) for point in deal_frontier(plain).points}
    assert set(deal_frontier(turned).points) == scaled


@pytest.mark.parametrize("reading", ["raw", "scaled"])
def test_the_purchase_of_bicycle_parts(reading: str) -> None:
    found = deal_frontier(itex_cypress(reading))
    assert found.deal_count == 180
    assert np.allclose(np.array(found.points, dtype=float), ITEX_CYPRESS_FRONTIER, atol=1e-6)


def test_the_employment_contract() -> None:
    found = deal_frontier(thompson_space())
    assert found.deal_count == 3125
    assert [tuple(map(float, point)) for point in found.points] == THOMPSON_FRONTIER
    scaled = deal_frontier(thompson_space("scaled"))
    assert [tuple(100 * value for value in point) for point in scaled.points] == list(found.points)


def test_millions_of_deals_by_both_methods() -> None:
    random = np.random.default_rng(3)
    issues = {
        f"i{k}": {f"o{j}": tuple(random.integers(0, 50, 2).tolist()) for j in range(size)}
        for k, size in enumerate((5, 6, 7, 8, 9, 10, 13))
    }
    space = DealSpace.from_points(("a", "b"), issues)
    assert space.count == 1_965_600
    assert deal_frontier(space).points == frontier_by_enumeration(space).points


def test_six_parties() -> None:
    found = deal_frontier(port())
    assert found.points == frontier_by_enumeration(port()).points
    assert found.deal_count == 720


def test_one_issue_of_one_option_is_a_space() -> None:
    found = deal_frontier(DealSpace.from_points(("a", "b"), {"only": {"this": (1, 2)}}))
    assert found.points == ((Fraction(1), Fraction(2)),)
    assert found.deals(0)[0].options == ("this",)
    with pytest.raises(InputError, match="point 1 does not exist"):
        next(found.numbers(1))


def test_deals_that_tie_are_named_up_to_a_limit() -> None:
    space = DealSpace.from_points(("a", "b"), {f"i{k}": {"x": (1, 1), "y": (1, 1)} for k in range(12)})
    found = deal_frontier(space)
    assert found.size == 1
    assert len(found.deals(0)) == 1_000
    assert len(set(found.numbers(0))) == 4_096


def test_limits_and_deadlines_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    space = DealSpace.from_points(("a", "b"), {f"i{k}": {f"o{j}": (j, -(j**2)) for j in range(9)} for k in range(3)})
    for way in (deal_frontier, frontier_by_enumeration):
        with pytest.raises(OutOfTimeError):
            way(space, should_stop=lambda: True)
    monkeypatch.setattr(module, "MOST_SUMS", 10)
    with pytest.raises(TooLargeError, match="partial deals"):
        deal_frontier(space)
    monkeypatch.setattr(module, "MOST_DEALS", 10)
    with pytest.raises(TooLargeError, match="one by one"):
        frontier_by_enumeration(space)
    with_money = DealSpace.from_points(("a", "b"), {"i": {"o": (1, 1)}}, amounts=[Amount.linear("fee", 0, 1, (1, -1))])
    with pytest.raises(InputError, match="curve"):
        deal_frontier(with_money)


def test_merging_in_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 7)
    space = DealSpace.from_points(
        ("a", "b"), {f"i{k}": {f"o{j}": (j * (k + 1), -(j**2)) for j in range(5)} for k in range(4)}
    )
    assert set(deal_frontier(space).points) == set(brute_frontier(space))
    assert len(list(product(range(5), repeat=4))) == space.count


def test_a_frontier_of_nearly_everything_is_refused_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    points = random.integers(0, 100, (1_500, 5))
    points[:, 0] = -points[:, 1:].sum(axis=1)  # none beats another
    assert len(undominated(points)) >= 1_490
    with pytest.raises(OutOfTimeError, match="not finished"):
        undominated(points, should_stop=lambda: True)
    monkeypatch.setattr(points_module, "MOST_KEPT", 700)
    with pytest.raises(TooLargeError, match="more than 700 points that none beats: 5 parties"):
        undominated(points)
