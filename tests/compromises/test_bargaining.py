from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.bargaining import (
    Bargain,
    Case,
    Rule,
    egalitarian,
    ideal_point,
    kalai_smorodinsky,
    nash,
    proportional,
    utilitarian,
)
from gamecore.compromises.frontier import pareto_frontier
from gamecore.errors import InputError
from tests.compromises.tables import APART, SAPPHIRE_DIAMOND, START, WAIT, Table, bill_and_jack, exact, tables, thompson

quick = settings(max_examples=24, deadline=None)

Solve = Callable[[Any, Any], Bargain]
RULES: list[Solve] = [nash, kalai_smorodinsky, egalitarian, utilitarian]
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
UNITS = st.sampled_from([Fraction(1, 10**9), Fraction(1, 3), Fraction(7), Fraction(10**12)])


def gains(table: Table, point: Any, answer: Bargain) -> set[tuple[Fraction, ...]]:
    return {tuple(v - d for v, d in zip(table[option], point, strict=True)) for option in answer.options}


def middle(table: Table) -> tuple[Fraction, ...]:
    """A disagreement point that some options reach and some do not."""
    return tuple(Fraction(1) for _ in table[0])


# --------------------------------------------------------------------------------------------------- published answers


@every_rule
def test_sapphire_and_diamond_should_wait(rule: Solve) -> None:
    answer = rule(SAPPHIRE_DIAMOND, APART)
    assert (answer.options, answer.case, answer.notes) == ((WAIT,), Case.REGULAR, ())
    assert set(answer.scores) == {WAIT}
    assert answer.rule is Rule(rule.__name__)


def test_bill_and_jack_trade_as_nash_says() -> None:
    table, apart = bill_and_jack()
    answer = nash(table, apart)
    assert gains(table, apart, answer) == {exact(12, 5)}
    assert answer.scores[answer.options[0]] == exact(60)


def test_bill_and_jack_by_the_other_rules() -> None:
    table, apart = bill_and_jack()
    assert gains(table, apart, egalitarian(table, apart)) == {exact(8, 6)}
    best = utilitarian(table, apart)
    assert gains(table, apart, best) == {exact(14, 4), exact(16, 2), exact(18, 0)}
    assert best.scores[best.options[0]] == exact(36)
    assert best.notes == ()
    assert ideal_point(table, apart) == exact(30, 14)


@every_rule
def test_thompsons_contract_is_settled_in_the_middle(rule: Solve) -> None:
    table = thompson()
    answer = rule(table, (0, 0))
    assert {table[option] for option in answer.options} == {exact(77, 77)}
    if rule is nash:
        assert answer.scores[answer.options[0]] == exact(5929)


def test_kalai_and_smorodinsky_give_more_where_more_can_be_had_and_nash_does_not() -> None:
    """Kalai & Smorodinsky 1975, their case against independence: the second set holds the first."""
    steps = [Fraction(step, 400) for step in range(401)]
    small = [(x, min(1 - x / 3, 3 - 3 * x)) for x in steps]  # (0,1), (3/4,3/4), (1,0)
    large = [(x, 1 - x * 3 / 10) for x in steps]  # (0,1), (1,7/10)
    assert {small[k] for k in nash(small, (0, 0)).options} == {(Fraction(3, 4), Fraction(3, 4))}
    assert {large[k] for k in nash(large, (0, 0)).options} == {(Fraction(1), Fraction(7, 10))}
    assert {small[k] for k in kalai_smorodinsky(small, (0, 0)).options} == {(Fraction(3, 4), Fraction(3, 4))}
    ((_, second),) = {large[k] for k in kalai_smorodinsky(large, (0, 0)).options}
    assert second > Fraction(3, 4)


# --------------------------------------------------------------------------------------------------------- odd cases


@every_rule
def test_nothing_acceptable_is_an_answer_without_options(rule: Solve) -> None:
    answer = rule([(5, 0), (0, 5)], (1, 1))
    assert (answer.options, answer.case, dict(answer.scores)) == ((), Case.NOTHING_ACCEPTABLE, {})
    assert answer.notes
    assert ideal_point([(5, 0), (0, 5)], (1, 1)) == exact(1, 1)


def test_without_a_gain_for_all_nash_keeps_the_acceptable_frontier_and_says_so() -> None:
    answer = nash([(0, 3), (0, 5), (2, 0), (-1, 9), (0, 5)], (0, 0))
    assert answer.options == (1, 2, 4)
    assert answer.case is Case.NO_JOINT_GAIN
    assert set(answer.scores.values()) == {exact(0)}
    assert answer.notes


def test_players_without_anything_to_gain_are_left_out_by_kalai_and_smorodinsky() -> None:
    answer = kalai_smorodinsky([(0, 4, 1), (0, 2, 2), (0, 1, 4)], (0, 0, 0))
    assert answer.options == (1,)
    assert answer.left_out == (0,)
    assert answer.scores[1] == (Fraction(1, 2), Fraction(1, 2))
    assert answer.notes


def test_where_nobody_can_gain_all_acceptable_options_are_level() -> None:
    answer = kalai_smorodinsky([(1, 1), (1, 1), (9, 0)], (1, 1))
    assert (answer.options, answer.case, answer.left_out) == ((0, 1), Case.NOBODY_CAN_GAIN, (0, 1))


def test_after_the_smallest_share_the_second_smallest_decides() -> None:
    assert kalai_smorodinsky([(1, 1, 2), (1, 2, 2), (2, 1, 1), (4, 0, 4), (0, 4, 0)], (0, 0, 0)).options == (1,)
    assert egalitarian([(1, 1, 2), (1, 2, 2), (2, 1, 1)], (0, 0, 0)).options == (1,)


def test_it_is_not_the_smallest_spread() -> None:
    assert kalai_smorodinsky([(1, 1), (5, 6), (10, 0), (0, 10)], (0, 0)).options == (1,)


def test_a_larger_sum_that_somebody_refuses_is_noted() -> None:
    answer = utilitarian(SAPPHIRE_DIAMOND, (48, 0))
    assert answer.options == (START,)
    assert answer.notes == ("an option that somebody would refuse has a larger sum",)


@every_rule
def test_a_point_for_other_players_is_an_input_error(rule: Solve) -> None:
    with pytest.raises(InputError, match="2 players"):
        rule(SAPPHIRE_DIAMOND, (1, 2, 3))


# -------------------------------------------------------------------------------------------------------------- axioms


@every_rule
@quick
@given(tables())
def test_answers_are_acceptable_and_efficient(rule: Solve, table: Table) -> None:
    answer = rule(table, middle(table))
    assert bool(answer.options) == any(min(row) >= 1 for row in table)
    assert all(min(table[option]) >= 1 for option in answer.options)
    assert set(answer.options) <= set(pareto_frontier(table))


@every_rule
@quick
@given(tables(), st.randoms(use_true_random=False))
def test_names_of_options_and_players_do_not_matter(rule: Solve, table: Table, random: Any) -> None:
    order = random.sample(range(len(table)), len(table))
    seats = random.sample(range(len(table[0])), len(table[0]))
    turned = [tuple(table[k][i] for i in seats) for k in order]
    answer = rule(turned, middle(table))
    assert sorted(order[k] for k in answer.options) == list(rule(table, middle(table)).options)


@pytest.mark.parametrize("rule", [nash, kalai_smorodinsky])
@quick
@given(tables(), st.data())
def test_nash_and_kalai_smorodinsky_do_not_depend_on_units_and_offsets(
    rule: Solve, table: Table, data: st.DataObject
) -> None:
    units = [data.draw(UNITS) for _ in table[0]]
    offsets = [data.draw(st.integers(-(10**9), 10**9)) for _ in table[0]]

    def moved(row: Any) -> tuple[Fraction, ...]:
        return tuple(v * u + o for v, u, o in zip(row, units, offsets, strict=True))

    assert rule([moved(row) for row in table], moved(middle(table))).options == rule(table, middle(table)).options


@pytest.mark.parametrize("rule", [egalitarian, utilitarian])
@quick
@given(tables(), UNITS)
def test_the_other_two_do_not_depend_on_a_common_unit(rule: Solve, table: Table, unit: Fraction) -> None:
    scaled = [tuple(value * unit for value in row) for row in table]
    assert rule(scaled, [value * unit for value in middle(table)]).options == rule(table, middle(table)).options


@pytest.mark.parametrize("rule", [nash, egalitarian, utilitarian])
@quick
@given(tables(options=(2, 8)), st.data())
def test_options_that_are_not_chosen_do_not_matter(rule: Solve, table: Table, data: st.DataObject) -> None:
    """Independence of irrelevant alternatives, for answers with ties: what is left of the answer is the answer."""
    kept = sorted(data.draw(st.sets(st.integers(0, len(table) - 1), min_size=1)))
    whole, part = rule(table, middle(table)), rule([table[k] for k in kept], middle(table))
    left = [k for k in whole.options if k in kept]
    if left and whole.case is Case.REGULAR:
        assert [kept[k] for k in part.options] == left


@every_rule
@quick
@given(tables(players=(2, 2)))
def test_a_symmetric_problem_has_a_symmetric_answer(rule: Solve, table: Table) -> None:
    both = [*table, *(row[::-1] for row in table)]
    chosen = {both[k] for k in rule(both, middle(table)).options}
    assert chosen == {row[::-1] for row in chosen}


@quick
@given(tables())
def test_the_scores_are_what_the_rules_compare(table: Table) -> None:
    point = middle(table)
    product, even, total = nash(table, point), egalitarian(table, point), utilitarian(table, point)
    for option, row in enumerate(table):
        if min(row) >= 1:
            expected = Fraction(1)
            for value in row:
                expected *= value - 1
            assert product.scores[option] == (expected,)
            assert even.scores[option] == tuple(sorted(value - 1 for value in row))
            assert total.scores[option] == (sum(row),)
    if product.case is Case.REGULAR:
        assert all(min(table[option]) > 1 for option in product.options)


@quick
@given(tables())
def test_kalai_smorodinsky_by_hand(table: Table) -> None:
    """No acceptable option has a larger smallest share, read straight from the definition."""
    answer = kalai_smorodinsky(table, middle(table))
    if answer.case is Case.REGULAR:
        acceptable = [row for row in table if min(row) >= 1]
        ideal = ideal_point(table, middle(table))
        assert ideal == tuple(max(column) for column in zip(*acceptable, strict=True))
        sharing = [i for i, top in enumerate(ideal) if top > 1]
        worst = [min((row[i] - 1) / (ideal[i] - 1) for i in sharing) for row in acceptable]
        assert {answer.scores[option][0] for option in answer.options} == {max(worst)}


# ----------------------------------------------------------------------------------------------- weights, proportions


def test_a_weight_counts_as_often_as_it_is_larger() -> None:
    table = [(1, 8), (2, 2)]
    assert nash(table, (0, 0)).options == (0,)
    assert nash(table, (0, 0), (2, 1)).options == (0, 1)  # 1 * 8 against 4 * 2
    assert nash(table, (0, 0), (2, 1)).scores == {0: exact(8), 1: exact(8)}
    assert nash(table, (0, 0), (3, 1)).options == (1,)
    assert nash(table, (0, 0), ("0.75", "0.25")) == nash(table, (0, 0), (3, 1))
    assert utilitarian(table, (0, 0), (7, 1)).options == (1,)
    assert utilitarian(table, (0, 0), (6, 1)).options == (0, 1)


@quick
@given(tables())
def test_equal_weights_and_proportions_are_the_rules_without(table: Table) -> None:
    same = [3] * len(table[0])
    assert nash(table, middle(table), same) == nash(table, middle(table))
    assert utilitarian(table, middle(table), same).options == utilitarian(table, middle(table)).options
    assert proportional(table, middle(table), same).options == egalitarian(table, middle(table)).options


@quick
@given(tables(players=(2, 3)), st.lists(st.integers(1, 6), min_size=3, max_size=3))
def test_proportional_gains_are_even_gains_in_other_units(table: Table, parts: list[int]) -> None:
    point = middle(table)
    parts = parts[: len(point)]
    turned = [tuple(value / part for value, part in zip(row, parts, strict=True)) for row in table]
    start = [value / part for value, part in zip(point, parts, strict=True)]
    answer = proportional(table, point, parts)
    assert answer.options == egalitarian(turned, start).options
    assert sum(answer.weights) == 1


@quick
@given(tables(players=(2, 3)), st.lists(st.integers(1, 4), min_size=3, max_size=3), st.data())
def test_the_weighted_product_keeps_the_axioms_but_symmetry(
    table: Table, parts: list[int], data: st.DataObject
) -> None:
    point = middle(table)
    weights = parts[: len(point)]
    whole = nash(table, point, weights)
    assert set(whole.options) <= set(pareto_frontier(table))
    units = [data.draw(UNITS) for _ in point]
    moved = [tuple(value * unit for value, unit in zip(row, units, strict=True)) for row in table]
    assert nash(moved, units, weights).options == whole.options
    kept = sorted(data.draw(st.sets(st.integers(0, len(table) - 1), min_size=1)))
    left = [k for k in whole.options if k in kept]
    if left and whole.case is Case.REGULAR:
        assert [kept[k] for k in nash([table[k] for k in kept], point, weights).options] == left


@pytest.mark.parametrize(
    ("weights", "message"),
    [((0, 0), "sum to 0"), ((2, -1), "cannot be less than 0"), ((1, 0), "must be more than 0"), ((1,), "1 weights")],
)
def test_weights_that_mean_nothing_are_input_errors(weights: Any, message: str) -> None:
    for rule in (nash, utilitarian):
        with pytest.raises(InputError, match=message):
            rule(SAPPHIRE_DIAMOND, APART, weights)
    with pytest.raises(InputError, match="proportion"):
        proportional(SAPPHIRE_DIAMOND, APART, weights)
