from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gamecore.equilibria.exact_program import Outcome, Program, Row, exact_rank, only_solution, proves_optimum

STATUS = {0: Outcome.OPTIMAL, 2: Outcome.INFEASIBLE, 3: Outcome.UNBOUNDED}


@settings(max_examples=60)
@given(st.data())
def test_optima_prove_themselves_and_agree_with_a_float_solver(data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 4))
    entries = st.lists(st.integers(-3, 3), min_size=width, max_size=width)
    at_most: list[Row] = data.draw(st.lists(st.tuples(entries, st.integers(-2, 5)), min_size=1, max_size=4))
    equal: list[Row] = data.draw(st.lists(st.tuples(entries, st.integers(-2, 3)), max_size=2))
    program = Program(at_most=at_most, equal=equal)
    for objective in data.draw(st.lists(entries, min_size=1, max_size=2)):
        optimum = program.maximise(objective)
        peer = linprog(
            [-value for value in objective],
            A_ub=np.array([row for row, _ in at_most]),
            b_ub=[side for _, side in at_most],
            A_eq=np.array([row for row, _ in equal]) if equal else None,
            b_eq=[side for _, side in equal] if equal else None,
            options={"presolve": False},
        )
        assert optimum.outcome is STATUS[peer.status]
        if optimum.outcome is Outcome.OPTIMAL:
            assert proves_optimum(objective, at_most, equal, optimum)
            assert float(optimum.value) == pytest.approx(-peer.fun, abs=1e-7)


def test_a_program_stops_when_it_is_told_to() -> None:
    program = Program(at_most=[([1, 1], 1)], should_stop=lambda: True)
    assert program.maximise([1, 2]).outcome is Outcome.STOPPED


def test_only_one_solution_counts() -> None:
    half = Fraction(1, 2)
    assert only_solution([([1, 1], 1), ([1, -1], 0), ([2, 2], 2)], 2) == (half, half)
    assert only_solution([([1, 1], 1)], 2) is None
    assert only_solution([([1, 1], 1), ([1, -1], 0), ([1, 0], 1)], 2) is None
    assert exact_rank([[1, 2], [2, 4]]) == 1
