"""Formulas: what is let in, what is refused and where, and that both kinds of arithmetic agree."""

import contextlib
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.model import Number
from gamecore.scenario.expressions import (
    EXACT,
    VECTOR,
    CalculationError,
    FormulaError,
    evaluate,
    parse_formula,
    parse_number,
)


def exact(text: str, **names: int | str) -> Fraction:
    return evaluate(parse_formula(text).node, {key: Fraction(value) for key, value in names.items()}.__getitem__, EXACT)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.10", Fraction(1, 10)),
        ("9%", Fraction(9, 100)),
        ("12.5%", Fraction(1, 8)),
        ("1.2e6", Fraction(1_200_000)),
        ("-4.5", Fraction(-9, 2)),
        ("1 - 2 - 3", Fraction(-4)),
        ("8 / 4 / 2", Fraction(1)),
        ("2 ** 3 ** 2", Fraction(512)),
        ("-2 ** 2", Fraction(-4)),
        ("2 ** -1", Fraction(1, 2)),
        ("min(3, 1, 2) + max(4, 5)", Fraction(6)),
        ("if(1 > 2, 1 / 1, 7)", Fraction(7)),
        ("abs(-3) * (1 == 1)", Fraction(3)),
        ("sqrt(9 / 4)", Fraction(3, 2)),
        ("50% * 10", Fraction(5)),
    ],
)
def test_formulas_are_exact(text: str, value: Fraction) -> None:
    assert exact(text) == value


def test_names_are_looked_up() -> None:
    assert exact("packs * (40 - cost)", packs=2, cost=42) == -4
    assert parse_formula("packs * (40 - cost)").names == {"packs", "cost"}


def test_a_signed_number_is_a_plain_number() -> None:
    assert parse_formula("-4").node == Number(Fraction(-4))
    assert parse_formula("-4").constant == -4


def test_only_the_branch_taken_is_computed() -> None:
    assert exact("if(x > 0, 1 / x, 0)", x=0) == 0


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("upfront.real", 7, "'.' is not allowed in a formula; formulas hold numbers, names, + - * / ** ( )"),
        ("9 ** 9 ** 9", 2, "a power above 100"),
        ("x ** 1000", 2, "a power above 100"),
        ("1e999999999", 0, "too large"),
        ("open(x)", 0, "there is no function 'open'"),
        ("x['a']", 1, "'[' is not allowed"),
        ("'text'", 0, "is not allowed"),
        ("lambda x", 7, "an operator is missing before 'x'"),
        ("2 * (3 + 1", 4, "never closed"),
        ("2 * 3)", 5, "closes nothing"),
        ("2 *", 3, "ends too early"),
        ("", 0, "missing"),
        ("1 / 0", 2, "division by zero"),
        ("1 / (2 - 2)", 2, "division by zero"),
        ("log(0)", 0, "logarithm"),
        ("a < b < c", 6, "one comparison at a time"),
        ("1_000", 0, "without a thousands mark: 1000"),
        ("max(1)", 0, "at least 2 values"),
        ("min", 0, "needs its arguments in brackets"),
        ("x = 1", 2, "write =="),
        ("2 ^ 3", 2, "written **"),
        ("(" * 40 + "1" + ")" * 40, 30, "nested"),
        ("1" * 501, 0, "at most 500 characters"),
        ("-" * 400 + "1", 30, "nested"),
    ],
)
def test_what_is_not_a_formula_is_refused_with_its_column(text: str, column: int, words: str) -> None:
    with pytest.raises(FormulaError) as raised:
        parse_formula(text)
    assert words in str(raised.value)
    assert raised.value.column == column


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("1 / x", 0),
        ("log(x)", -1),
        ("sqrt(x)", -1),
        ("x ** 0.5", -1),
        ("2 ** x", 10**6),
        ("exp(x)", 10**6),
        ("x ** -1", 0),
    ],
)
def test_what_has_no_value_is_said(text: str, x: int) -> None:
    with pytest.raises(CalculationError):
        exact(text, x=x)


def test_repeated_powers_are_bounded() -> None:
    with pytest.raises(CalculationError):
        exact("((x ** 90) ** 90) ** 90", x=10)


def test_a_number_is_told_from_a_text() -> None:
    assert parse_number("6 months") is None
    assert parse_number("inf") is None
    assert parse_number("nan") is None


def test_draws_are_computed_all_at_once() -> None:
    x = np.array([0.0, 1.0, 4.0])
    formula = parse_formula("if(x > 0, sqrt(x), min(x, 7)) + max(x, 2) * (x == 4)")
    assert evaluate(formula.node, {"x": x}.__getitem__, VECTOR) == pytest.approx([0.0, 1.0, 6.0])


numbers = st.integers(-50, 50).map(str) | st.sampled_from(["x", "y", "0.25", "12%"])
formulas = st.recursive(
    numbers.map(lambda number: f"({number})"),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(
            lambda parts: f"{parts[0]}({parts[1]}, {parts[2]})"
        ),
        st.tuples(inner, st.sampled_from(["<", ">=", "=="]), inner).map(lambda parts: f"if({' '.join(parts)}, 1, 2)"),
    ),
    max_leaves=8,
)


@given(formulas)
@settings(max_examples=60, deadline=None)
def test_exact_and_vector_agree(text: str) -> None:
    try:
        formula = parse_formula(text)
        wanted = evaluate(formula.node, {"x": Fraction(3), "y": Fraction(-2)}.__getitem__, EXACT)
    except (FormulaError, CalculationError):
        return
    names: dict[str, float] = {"x": 3.0, "y": -2.0}
    assert evaluate(formula.node, names.__getitem__, VECTOR) == pytest.approx(float(wanted), rel=1e-6, abs=1e-6)


@given(st.text(alphabet="x19.()+-*/<=>,% minaxf&'\"[]{}\n", max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    with contextlib.suppress(FormulaError):
        parse_formula(text)
