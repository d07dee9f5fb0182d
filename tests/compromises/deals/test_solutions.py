from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.bargaining import Case, Rule, egalitarian, ideal_point, kalai_smorodinsky, nash, utilitarian
from gamecore.compromises.deals import solutions as module
from gamecore.compromises.deals.frontier import deal_frontier
from gamecore.compromises.deals.solutions import ideal_of, solutions
from gamecore.compromises.deals.space import DealSpace, Issue
from tests.compromises.deals.cases import (
    ITEX_CYPRESS_NASH,
    THOMPSON_NASH,
    all_deals,
    barter,
    itex_cypress,
    port,
    spaces,
    thompson_space,
)

RULES: dict[Rule, Callable[[Any, Any], Any]] = {
    Rule.NASH: nash,
    Rule.KALAI_SMORODINSKY: kalai_smorodinsky,
    Rule.EGALITARIAN: egalitarian,
    Rule.UTILITARIAN: utilitarian,
}


@settings(max_examples=20)
@given(spaces())
def test_solutions_are_those_of_the_rules_over_every_deal(space: DealSpace) -> None:
    frontier = deal_frontier(space)
    answers = solutions(frontier)
    deals = all_deals(space)
    keys = list(deals)
    for rule, solve in RULES.items():
        everything = solve([deals[key] for key in keys], space.no_agreement)
        assert answers[rule].case == everything.case
        named = {space.numbers(deal.options) for deal in answers[rule].deals}
        if everything.case is Case.NO_JOINT_GAIN:
            assert {space.values_of(key) for key in named} == {deals[keys[k]] for k in everything.options}
        assert named == {keys[k] for k in everything.options}
        assert all(space.values(deal.options) == deal.values for deal in answers[rule].deals)
    assert ideal_of(frontier, space.no_agreement) == ideal_point(list(deals.values()), space.no_agreement)


@settings(max_examples=20)
@given(spaces())
def test_looking_at_contenders_alone_is_the_same_as_looking_at_all(space: DealSpace) -> None:
    frontier = deal_frontier(space)
    whole = solutions(frontier)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "ALL_AT_ONCE", 0)
        assert solutions(frontier) == whole
        ideal = ideal_of(frontier, space.no_agreement)
    assert ideal == ideal_of(frontier, space.no_agreement)


@pytest.mark.parametrize("parties", [2, 3])
@pytest.mark.parametrize("least", [0, 40, 90, 10**6])
def test_a_long_frontier_gives_what_the_rules_say_over_all_of_it(parties: int, least: int) -> None:
    random = np.random.default_rng(parties)

    def points() -> tuple[int, ...]:
        row = random.integers(0, 40, parties)
        row[-1] = 40 - row[:-1].sum()
        return tuple(row.tolist())

    issues = {f"i{k}": {f"o{j}": points() for j in range(4)} for k in range(5)}
    space = DealSpace.from_points([f"p{i}" for i in range(parties)], issues, no_agreement=(least,) * parties)
    frontier = deal_frontier(space)
    assert frontier.size > 64
    table = np.array(frontier.points, dtype=object)
    for rule, answer in solutions(frontier, most=1).items():
        direct = RULES[rule](table, space.no_agreement)
        assert answer.points == tuple(frontier.points[k] for k in direct.options)
        assert answer.case == direct.case


@given(spaces(parties=2, tied=False), st.tuples(st.fractions(Fraction(1, 5), 9), st.fractions(Fraction(1, 5), 9)))
@settings(max_examples=20)
def test_nash_and_shares_of_the_ideal_do_not_depend_on_units(
    space: DealSpace, units: tuple[Fraction, Fraction]
) -> None:
    rows = [
        Issue(
            one.name,
            one.options,
            tuple(tuple(a * b for a, b in zip(row, units, strict=True)) for row in worth.tolist()),
        )
        for one, worth in zip(space.issues, space.worth, strict=True)
    ]
    none = tuple(a * b for a, b in zip(space.no_agreement, units, strict=True))
    plain = DealSpace(space.parties, space.issues, no_agreement=space.no_agreement)
    scaled = DealSpace(space.parties, tuple(rows), no_agreement=none)
    one, other = solutions(deal_frontier(plain)), solutions(deal_frontier(scaled))
    for rule in (Rule.NASH, Rule.KALAI_SMORODINSKY):
        assert {deal.options for deal in one[rule].deals} == {deal.options for deal in other[rule].deals}


@pytest.mark.parametrize("reading", ["raw", "scaled"])
def test_the_purchase_of_bicycle_parts_and_the_employment_contract(reading: str) -> None:
    for space, expected in ((itex_cypress(reading), ITEX_CYPRESS_NASH), (thompson_space(reading), THOMPSON_NASH)):
        answers = solutions(deal_frontier(space))
        assert all([deal.options for deal in answer.deals] == [expected] for answer in answers.values())
    both = Fraction(77) if reading == "raw" else Fraction(77, 100)
    assert solutions(deal_frontier(thompson_space(reading)))[Rule.NASH].gains == ((both, both),)


def test_the_port_with_six_parties() -> None:
    answers = solutions(deal_frontier(port()))
    assert [deal.options for deal in answers[Rule.NASH].deals] == [("A2", "B3", "C3", "D2", "E3")]
    assert np.prod([int(gain) for gain in answers[Rule.NASH].gains[0]]) == 6_031_872
    assert [deal.options for deal in answers[Rule.EGALITARIAN].deals] == [("A2", "B3", "C4", "D1", "E3")]
    assert [int(gain) for gain in answers[Rule.EGALITARIAN].gains[0]] == [5, 15, 22, 22, 3, 6]
    best = answers[Rule.UTILITARIAN].deals
    assert [(deal.options, int(deal.joint)) for deal in best] == [(("A2", "B3", "C2", "D2", "E4"), 391)]
    assert max(sum(point) for point in deal_frontier(port()).points) == 412
    assert answers[Rule.UTILITARIAN].notes  # somebody would refuse the 412


def test_bill_and_jack() -> None:
    frontier = deal_frontier(barter())
    answers = solutions(frontier)
    acceptable = sorted(tuple(map(int, point)) for point in frontier.points if min(point) >= 0)
    assert acceptable == [(2, 8), (6, 7), (8, 6), (12, 5), (14, 4), (16, 2), (18, 0)]
    assert answers[Rule.NASH].points == ((Fraction(12), Fraction(5)),)
    (deal,) = answers[Rule.NASH].deals
    gone = {issue.name for issue, option in zip(barter().issues, deal.options, strict=True) if option == "goes"}
    assert gone == {"book", "whip", "ball", "bat", "pen", "toy", "knife"}
    assert answers[Rule.EGALITARIAN].points == ((Fraction(8), Fraction(6)),)
    assert {sum(point) for point in answers[Rule.UTILITARIAN].points} == {18}
    assert len(answers[Rule.UTILITARIAN].points) == 3


def test_nothing_acceptable_is_an_answer() -> None:
    space = DealSpace.from_points(("a", "b"), {"i": {"x": (1, 0), "y": (0, 1)}}, no_agreement=(1, 1))
    assert all(
        answer.case is Case.NOTHING_ACCEPTABLE and not answer.deals
        for answer in solutions(deal_frontier(space)).values()
    )
