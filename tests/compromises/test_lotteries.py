from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise
from math import log, prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.bargaining import Case, Rule, ideal_point, nash
from gamecore.compromises.lotteries import (
    Lottery,
    LotteryBargain,
    egalitarian_lottery,
    ideal_point_with_lotteries,
    kalai_smorodinsky_lottery,
    nash_lottery,
    proportional_lottery,
    utilitarian_lottery,
)
from gamecore.compromises.lottery_judge import lottery_faults
from gamecore.errors import InputError
from tests.compromises.tables import APART, SAPPHIRE_DIAMOND, Table, bill_and_jack, exact, tables

Solve = Callable[[Any, Any], LotteryBargain]
RULES: list[Solve] = [nash_lottery, kalai_smorodinsky_lottery, egalitarian_lottery, utilitarian_lottery]
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
UNITS = st.sampled_from([Fraction(1, 10**9), Fraction(1, 3), Fraction(7), Fraction(10**12)])
quick = settings(max_examples=20, deadline=None)
CLOSE = Fraction(1, 10**9)


def middle(table: Table) -> tuple[Fraction, ...]:
    return tuple(Fraction(1) for _ in table[0])


def gains(answer: LotteryBargain, point: Any) -> tuple[Fraction, ...]:
    return tuple(value - Fraction(least) for value, least in zip(answer.lottery.values, point, strict=True))


def grid(table: Table, steps: int) -> list[tuple[Fraction, ...]]:
    """Values of the lotteries over two options at a time, on a fine grid: all of the edge of two players' hull."""
    found = [tuple(row) for row in table]
    for one, other in combinations(table, 2):
        for step in range(1, steps):
            part = Fraction(step, steps)
            found.append(tuple(part * a + (1 - part) * b for a, b in zip(one, other, strict=True)))
    return found


# --------------------------------------------------------------------------------------------------- published answers


def test_bill_and_jack_draw_by_lot_where_shares_of_the_possible_gain_are_to_be_even() -> None:
    """Nash 1950; Jack's ideal over lotteries is 17/2 above no trade, over named deals 8."""
    table, apart = bill_and_jack()
    even = kalai_smorodinsky_lottery(table, apart)
    assert gains(even, apart) == exact("324/29", "153/29")
    assert even.ideal == exact(30, "29/2")
    assert ideal_point(table, apart) == exact(30, 14)
    assert sum(chance for _, chance in even.lottery.chances) == 1
    product = nash_lottery(table, apart)
    assert gains(product, apart) == exact(12, 5)
    assert product.lottery.is_sure
    assert product.is_exact
    total = utilitarian_lottery(table, apart)
    assert {one.values for one in total.lotteries} == {exact(30, 6), exact(26, 10)}


def test_a_poor_and_a_rich_man_share_money() -> None:
    """Linear pies: 100 to divide, 20 and 30 without agreement, equal strength and 7 to 3 (Roth 1979)."""
    pie = [(100, 0), (0, 100)]
    assert nash_lottery(pie, (20, 30)).lottery.values == exact(45, 55)
    weighted = nash_lottery(pie, (20, 30), ("7/10", "3/10"))
    assert weighted.lottery.values == exact(55, 45)
    assert weighted.lottery.chances == ((0, Fraction("11/20")), (1, Fraction("9/20")))
    assert nash_lottery(pie, (20, 30), (7, 3)).lottery == weighted.lottery


def test_kalai_and_smorodinskys_pair_of_sets() -> None:
    """Kalai & Smorodinsky 1975: the larger set gives the second player less by Nash, and more by theirs."""
    small = [(0, 1), ("3/4", "3/4"), (1, 0)]
    large = [(0, 1), (1, "7/10")]
    assert nash_lottery(small, (0, 0)).lottery.values == exact("3/4", "3/4")
    assert nash_lottery(large, (0, 0)).lottery.values == exact(1, "7/10")
    assert kalai_smorodinsky_lottery(small, (0, 0)).lottery.values == exact("3/4", "3/4")
    assert kalai_smorodinsky_lottery(large, (0, 0)).lottery.values == exact("10/13", "10/13")


def test_roths_three_players_get_a_level_each() -> None:
    """Roth 1979: even shares for three may be inefficient; the levels go on where the third can still gain."""
    answer = kalai_smorodinsky_lottery([(0, 0, 0), (1, 0, 1), (0, 1, 1)], (0, 0, 0))
    assert answer.lottery.values == exact("1/2", "1/2", 1)
    assert [level.value for level in answer.levels] == [Fraction(1, 2), Fraction(1)]
    assert {level.players for level in answer.levels} == {(0, 1), (2,)}


def test_three_players_divide_by_their_weights() -> None:
    pie = [(6, 0, 0), (0, 6, 0), (0, 0, 6)]
    answer = nash_lottery(pie, (0, 0, 0), (1, 2, 3))
    assert answer.lottery.values == exact(1, 2, 3)
    assert answer.is_exact
    assert proportional_lottery(pie, (0, 0, 0), (1, 2, 3)).lottery.values == exact(1, 2, 3)


def test_lots_can_give_everybody_a_gain_where_no_option_does() -> None:
    table, point = [(5, 0), (0, 5)], (1, 1)
    assert nash(table, point).case is Case.NOTHING_ACCEPTABLE
    answer = nash_lottery(table, point)
    assert (answer.case, answer.lottery.values) == (Case.REGULAR, exact("5/2", "5/2"))


def test_sapphire_and_diamond_wait_for_certain_by_the_rule_of_even_gains_or_draw() -> None:
    for rule in RULES:
        answer = rule(SAPPHIRE_DIAMOND, APART)
        assert lottery_faults(SAPPHIRE_DIAMOND, APART, answer) == ()
    assert utilitarian_lottery(SAPPHIRE_DIAMOND, APART).lottery.is_sure


# ----------------------------------------------------------------------------------------------------------- odd cases


@every_rule
def test_where_every_lottery_is_worse_for_somebody_prices_prove_it(rule: Solve) -> None:
    answer = rule([(5, 0), (0, 5)], (3, 3))
    assert (answer.case, answer.lotteries) == (Case.NOTHING_ACCEPTABLE, ())
    assert lottery_faults([(5, 0), (0, 5)], (3, 3), answer) == ()
    assert lottery_faults([(5, 0), (0, 5), (9, 9)], (3, 3), answer)


def test_players_who_cannot_gain_are_left_out_and_it_is_said() -> None:
    table, point = [(0, 4, 1), (0, 2, 2), (0, 1, 4)], (0, 0, 0)
    product = nash_lottery(table, point)
    assert (product.case, product.left_out) == (Case.NO_JOINT_GAIN, (0,))
    assert product.lottery.values == exact(0, "5/2", "5/2")
    assert kalai_smorodinsky_lottery(table, point).left_out == (0,)
    assert lottery_faults(table, point, product) == ()


def test_where_nobody_can_gain_the_answer_is_worth_no_agreement() -> None:
    answer = nash_lottery([(2, 0), (0, 2)], (1, 1))
    assert (answer.case, answer.lottery.values) == (Case.NOBODY_CAN_GAIN, exact(1, 1))
    assert kalai_smorodinsky_lottery([(2, 0), (0, 2)], (1, 1)).lottery.values == exact(1, 1)


@pytest.mark.parametrize(
    ("weights", "message"),
    [((0, 0), "sum to 0"), ((1, -1), "less than 0"), ((1, 0), "more than 0"), ((1, 2, 3), "3 weights")],
)
def test_weights_that_mean_nothing_are_input_errors(weights: Any, message: str) -> None:
    for rule in (nash_lottery, utilitarian_lottery, nash):
        with pytest.raises(InputError, match=message):
            rule([(1, 0), (0, 1)], (0, 0), weights)


@every_rule
def test_a_point_for_other_players_and_a_table_without_options_are_input_errors(rule: Solve) -> None:
    with pytest.raises(InputError, match="2 players"):
        rule(SAPPHIRE_DIAMOND, (1, 2, 3))
    with pytest.raises(InputError, match="no options"):
        rule(np.zeros((0, 2)), (0, 0))


# -------------------------------------------------------------------------------------------------------------- ledger


@given(tables(players=(1, 4)), st.data())
@settings(max_examples=24, deadline=None)
def test_every_answer_is_proved_by_plain_sums(table: Table, data: st.DataObject) -> None:
    point = middle(table)
    parts = data.draw(st.lists(st.integers(1, 5), min_size=len(point), max_size=len(point)))
    answers = [rule(table, point) for rule in RULES]
    answers += [nash_lottery(table, point, parts), utilitarian_lottery(table, point, parts)]
    answers.append(proportional_lottery(table, point, parts))
    for answer in answers:
        assert lottery_faults(table, point, answer) == ()
        assert answer.gap < CLOSE
        if len(point) <= 2:
            assert answer.is_exact


def test_the_judge_finds_what_is_wrong() -> None:
    table, point = [(0, 10), (6, 6), (10, 0)], (0, 2)
    sure = Lottery(((0, Fraction(1)),), exact(0, 10))
    for rule in RULES:
        answer = rule(table, point)
        assert lottery_faults(table, point, answer) == ()
        assert lottery_faults(table, point, replace(answer, lotteries=(sure,)))
        assert lottery_faults(table, point, replace(answer, support=exact(1, 0)))
        off = replace(answer.lottery, values=exact(7, 6))
        assert lottery_faults(table, point, replace(answer, lotteries=(off,)))
        assert lottery_faults([*table, (9, 9)], point, answer)
        assert lottery_faults(table, point, replace(answer, lotteries=()))
    even = kalai_smorodinsky_lottery(table, point)
    assert lottery_faults(table, point, replace(even, levels=()))
    lower = replace(even.levels[0], value=even.levels[0].value / 2)
    assert lottery_faults(table, point, replace(even, levels=(lower,)))


# ------------------------------------------------------------------------------------------------ the second method


@given(tables(players=(2, 2), options=(1, 5)))
@quick
def test_no_lottery_on_a_fine_grid_is_better(table: Table) -> None:
    point = middle(table)
    known = [tuple(v - 1 for v in row) for row in grid(table, 24) if min(row) >= 1]
    product, even, total = (
        nash_lottery(table, point),
        egalitarian_lottery(table, point),
        utilitarian_lottery(table, point),
    )
    if product.case is Case.NOTHING_ACCEPTABLE:
        assert not known
        return
    assert all(prod(one) <= prod(gains(product, point)) for one in known)
    assert all(sorted(one) <= sorted(gains(even, point)) for one in known)
    assert all(sum(one) <= sum(gains(total, point)) for one in known)
    ideal = ideal_point_with_lotteries(table, point)
    assert all(one[i] <= ideal[i] - 1 for one in known for i in range(2))
    shares = kalai_smorodinsky_lottery(table, point)
    if shares.case is Case.REGULAR:
        room = [most - 1 for most in ideal]
        inside = [i for i in range(2) if room[i]]
        mine = sorted(gains(shares, point)[i] / room[i] for i in inside)
        assert all(sorted(one[i] / room[i] for i in inside) <= mine for one in known)


def edge(table: Table) -> list[tuple[Fraction, ...]]:
    """The upper right edge of two players' hull by definition: corners under some weights above 0, in their order."""
    kept = []
    for row in set(table):
        low: Fraction = Fraction(0)
        high: Fraction | None = None
        for other in set(table) - {row}:
            across, up = other[0] - row[0], other[1] - row[1]  # want t * across + up < 0 for some t > 0
            if across > 0:
                high = -up / across if high is None else min(high, -up / across)
            elif across < 0:
                low = max(low, up / -across)
            elif up > 0:
                high = Fraction(0)
        if high is None or low < high:
            kept.append(row)
    return sorted(kept)


@given(tables(players=(2, 2), top=12))
@quick
def test_even_gains_by_intersecting_the_edge(table: Table) -> None:
    """Where a line from no agreement meets the edge: no program, only corners and fractions."""
    point = middle(table)
    answer = egalitarian_lottery(table, point)
    for start, end in pairwise(edge(table)):
        before, after = start[0] - start[1], end[0] - end[1]
        if before <= 0 <= after and before != after:
            part = -before / (after - before)
            there = tuple(a + part * (b - a) for a, b in zip(start, end, strict=True))
            if min(there) >= 1:
                assert answer.lottery.values == there


def test_three_players_against_a_general_optimiser() -> None:
    from scipy.optimize import minimize

    random = np.random.default_rng(3)
    for _ in range(6):
        table = random.integers(0, 30, size=(7, 3))
        answer = nash_lottery(table, (2, 3, 4), (1, 2, 3))
        if answer.case is not Case.REGULAR:
            continue

        def loss(chances: Any, table: Any = table) -> float:
            got = np.abs(chances) / np.abs(chances).sum() @ table - [2, 3, 4]
            return float(1e3 if got.min() <= 1e-9 else -(np.log(got) @ [1 / 6, 2 / 6, 3 / 6]))

        found = min(
            minimize(loss, random.random(7), method="Nelder-Mead", options={"maxiter": 6000}).fun for _ in range(3)
        )
        mine = sum(w * log(g) for w, g in zip((1 / 6, 2 / 6, 3 / 6), gains(answer, (2, 3, 4)), strict=True))
        assert mine >= -found - 1e-12
        assert answer.gap < CLOSE


# -------------------------------------------------------------------------------------------------------------- axioms


@every_rule
@given(tables(players=(2, 3), options=(1, 6)))
@quick
def test_a_symmetric_problem_gives_everybody_the_same(rule: Solve, table: Table) -> None:
    turned = [tuple(row[(i + turn) % len(row)] for i in range(len(row))) for row in table for turn in range(len(row))]
    answer = rule(turned, middle(table))
    if answer.lotteries and rule is not utilitarian_lottery:
        values = answer.lottery.values
        assert max(values) - min(values) < CLOSE


@pytest.mark.parametrize("rule", [nash_lottery, kalai_smorodinsky_lottery])
@given(tables(players=(2, 3), options=(1, 6)), st.data())
@quick
def test_units_and_offsets_do_not_matter(rule: Solve, table: Table, data: st.DataObject) -> None:
    units = [data.draw(UNITS) for _ in table[0]]
    offsets = [data.draw(st.integers(-(10**6), 10**6)) for _ in table[0]]

    def moved(row: Any) -> tuple[Fraction, ...]:
        return tuple(v * u + o for v, u, o in zip(row, units, offsets, strict=True))

    plain, other = rule(table, middle(table)), rule([moved(row) for row in table], moved(middle(table)))
    assert plain.case is other.case
    if plain.lotteries:
        for mine, theirs, unit in zip(moved(plain.lottery.values), other.lottery.values, units, strict=True):
            assert mine == theirs if plain.is_exact and other.is_exact else abs(mine - theirs) < unit * 1000 * CLOSE


@pytest.mark.parametrize("weights", [(1, 1), (2, 3)])
@given(tables(players=(2, 2), options=(2, 7)), st.data())
@quick
def test_nash_with_any_weights_does_not_depend_on_what_is_not_chosen(
    weights: Any, table: Table, data: st.DataObject
) -> None:
    whole = nash_lottery(table, middle(table), weights)
    if whole.case is Case.REGULAR:
        kept = data.draw(st.sets(st.integers(0, len(table) - 1)))
        part = [*(table[k] for k in sorted(kept)), whole.lottery.values]
        assert nash_lottery(part, middle(table), weights).lottery.values == whole.lottery.values


@given(tables(players=(2, 2), options=(1, 6)), st.tuples(st.integers(0, 4), st.integers(0, 4)))
@quick
def test_kalai_smorodinsky_gives_more_where_more_can_be_had(table: Table, extra: tuple[int, int]) -> None:
    """Individual monotonicity: the first one's ideal stays, the set grows, the second does not lose."""
    point = middle(table)
    more = [*table, exact(*extra)]
    before, after = kalai_smorodinsky_lottery(table, point), kalai_smorodinsky_lottery(more, point)
    if before.case is after.case is Case.REGULAR and before.ideal[0] == after.ideal[0]:
        assert after.lottery.values[1] >= before.lottery.values[1]


@given(tables(players=(2, 3), options=(1, 6)), st.lists(st.integers(0, 4), min_size=3, max_size=3))
@quick
def test_the_even_level_never_falls_when_the_set_grows(table: Table, extra: list[int]) -> None:
    """Strong monotonicity (Kalai 1977) of what everybody has: the first level."""
    point = middle(table)
    before = egalitarian_lottery(table, point)
    after = egalitarian_lottery([*table, exact(*extra[: len(point)])], point)
    if before.levels:
        assert after.levels[0].value >= before.levels[0].value
        if len(before.levels) == len(after.levels) == 1:
            assert all(a >= b for a, b in zip(after.lottery.values, before.lottery.values, strict=True))


@given(tables(players=(2, 3), options=(1, 6)))
@quick
def test_ties_of_the_sum_are_all_found(table: Table) -> None:
    """Each acceptable option with the largest sum lies between the answers listed, player by player."""
    answer = utilitarian_lottery(table, middle(table))
    if answer.lotteries:
        best = sum(answer.lottery.values)
        for row in table:
            if min(row) >= 1 and sum(row) == best:
                for i, value in enumerate(row):
                    column = [one.values[i] for one in answer.lotteries]
                    assert min(column) <= value <= max(column)
        assert all(sum(one.values) == best for one in answer.lotteries)


def test_equal_weights_are_the_rule_without_weights() -> None:
    table, apart = bill_and_jack()
    assert nash_lottery(table, apart, (5, 5)) == nash_lottery(table, apart)
    assert nash_lottery(table, apart).rule is Rule.NASH


@pytest.mark.parametrize("far", [10**3, 10**6, 10**9])
def test_options_that_cost_far_more_than_can_be_gained_do_not_spoil_the_bound(far: int) -> None:
    """Doubles lose the difference that decides; what is then reported has to hold all the same."""
    table = [(-far, 50, 50), (50, -far, 1), (1, 1, -far), (1, 2, 3), (3, 1, 1)]
    answer = nash_lottery(table, (0, 0, 0), (1, 2, 5))
    assert lottery_faults(table, (0, 0, 0), answer) == ()
    assert answer.gap < Fraction(1, 10**6)
