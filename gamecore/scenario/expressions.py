r"""Formulas: arithmetic on named inputs, read against an allow-list and evaluated exactly or over draws.

A formula is a small tree of `gamecore.model` nodes. The grammar, weakest binding first::

    comparison  sum [ (< | <= | > | >= | == | !=) sum ]
    sum         product { (+ | -) product }
    product     factor { (* | /) factor }
    factor      - factor | power
    power       atom [ ** factor ]
    atom        number[%] | name | function ( comparison {, comparison} ) | ( comparison )

Numbers are exact (`0.10` is 1/10, `9%` is 9/100). Nothing else is let in: no attributes, texts, subscripts or other
calls, and no formula so long, deep or large that it could stop the program.

>>> from fractions import Fraction
>>> formula = parse_formula("packs * (40 - cost) * 50%")
>>> evaluate(formula.node, {"packs": Fraction(2), "cost": Fraction(42)}.__getitem__, EXACT)
Fraction(-2, 1)
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from gamecore.errors import InputError
from gamecore.model import Arithmetic as Operation
from gamecore.model import Call, Comparison, Formula, Name, Negate, Node, Number, Place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Draws = float | NDArray[np.float64]

__all__ = [
    "EXACT",
    "FUNCTIONS",
    "VECTOR",
    "Arithmetic",
    "CalculationError",
    "FormulaError",
    "evaluate",
    "parse_formula",
    "parse_number",
]

T = TypeVar("T")

# How many arguments each function takes: at least, at most.
FUNCTIONS: Final = {
    "min": (2, 20),
    "max": (2, 20),
    "if": (3, 3),
    "abs": (1, 1),
    "sqrt": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
}

# Far above what people write and far below what could hurt.
LONGEST: Final = 500
DEEPEST: Final = 30
LONGEST_KEPT: Final = 100  # of a text whose reading is kept: a file is read again for every change that is tried
MOST_KEPT: Final = 4_096
MOST_DIGITS: Final = 30
LARGEST_EXPONENT: Final = 18  # of a literal such as 1.2e6
LARGEST_POWER: Final = 100
MOST_BITS: Final = 4096  # of a numerator or denominator
LARGEST_EXP: Final = 700  # exp(700) still is a float

_WHAT_IS_ALLOWED: Final = "formulas hold numbers, names, + - * / ** ( ), comparisons and min max if abs sqrt exp log"
_TOKEN: Final = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?%?)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<operator>\*\*|<=|>=|==|!=|[-+*/<>(),])",
    re.ASCII,
)
_NUMBER: Final = re.compile(r"(-?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?(%?)", re.ASCII)
_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class FormulaError(InputError):
    """A text is not a formula. `column` is where in the text (from 0)."""

    def __init__(self, message: str, column: int = 0) -> None:
        self.column = column
        super().__init__(message)


class CalculationError(InputError):
    """A formula has no value at these numbers: a division by zero, the logarithm of a negative number, a huge power."""


# ---- reading ---------------------------------------------------------------------------------------------------------


def parse_number(text: str) -> Fraction | None:
    """The exact value of a number or percentage as typed, or None if the text is not one.

    >>> parse_number("12.5%"), parse_number("1.2e6"), parse_number("6 months")
    (Fraction(1, 8), Fraction(1200000, 1), None)
    """
    return _number(text.strip()) if len(text) <= LONGEST_KEPT else _number.__wrapped__(text.strip())


@lru_cache(maxsize=MOST_KEPT)
def _number(text: str) -> Fraction | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, digits, exponent, percent = match.groups()
    if len(digits) > MOST_DIGITS or abs(int((exponent or "0")[:9])) > LARGEST_EXPONENT:
        return None
    value = Fraction(digits) * Fraction(10) ** int(exponent or 0) / (100 if percent else 1)
    return -value if sign else value


def parse_formula(text: str, place: Place = Place()) -> Formula:  # noqa: B008 - frozen
    """Read a formula; raise `FormulaError` with the column inside the text if it is not one."""
    if len(text) > LONGEST:
        raise FormulaError(f"a formula has at most {LONGEST} characters; name a part of it under 'inputs'")
    node = _node(text) if len(text) <= LONGEST_KEPT else _node.__wrapped__(text)
    return Formula(text.strip(), node, place)


@lru_cache(maxsize=MOST_KEPT)
def _node(text: str) -> Node:
    parser = _Parser(text)
    node = parser.comparison(0)
    parser.end()
    return _fold_sign(node)


def _fold_sign(node: Node) -> Node:
    """`-4` is a number like any other, not the negation of one."""
    if isinstance(node, Negate) and isinstance(node.operand, Number):
        return Number(-node.operand.value, node.operand.percent)
    return node


class _Parser:
    """One pass over the tokens of one text, one method a line of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens(text))
        self.next = 0

    @staticmethod
    def _tokens(text: str) -> list[tuple[str, str, int]]:
        tokens = []
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise FormulaError(_not_allowed(text, position), position)
            kind = match.lastgroup or ""
            if (
                kind == "number"
                and match.end() < len(text)
                and (text[match.end()].isalnum() or text[match.end()] == "_")
            ):
                raise FormulaError(_run_on(text, match), position)
            if kind != "space":
                tokens.append((kind, match.group(), position))
            position = match.end()
        return tokens

    def peek(self) -> tuple[str, str, int]:
        return self.tokens[self.next] if self.next < len(self.tokens) else ("end", "", len(self.text))

    def take(self, *operators: str) -> tuple[str, int] | None:
        kind, word, column = self.peek()
        if kind == "operator" and word in operators:
            self.next += 1
            return word, column
        return None

    def end(self) -> None:
        kind, word, column = self.peek()
        if kind == "end":
            return
        if word == ")":
            raise FormulaError("this ')' closes nothing", column)
        if word in _COMPARE:
            raise FormulaError("one comparison at a time; write if(a < b, if(b < c, 1, 0), 0)", column)
        raise FormulaError(f"an operator is missing before '{word}'", column)

    def comparison(self, depth: int) -> Node:
        left = self.sum(depth)
        taken = self.take(*_COMPARE)
        return left if taken is None else Comparison(taken[0], left, self.sum(depth))

    def sum(self, depth: int) -> Node:
        left = self.product(depth)
        while taken := self.take("+", "-"):
            left = self.checked(Operation(taken[0], left, self.product(depth)), taken[1])
        return left

    def product(self, depth: int) -> Node:
        left = self.factor(depth)
        while taken := self.take("*", "/"):
            left = self.checked(Operation(taken[0], left, self.factor(depth)), taken[1])
        return left

    def factor(self, depth: int) -> Node:
        taken = self.take("-")
        if taken is None:
            return self.power(depth)
        return Negate(self.factor(self.deeper(depth, taken[1])))

    def power(self, depth: int) -> Node:
        base = self.atom(depth)
        taken = self.take("**")
        if taken is None:
            return base
        return self.checked(Operation("**", base, _fold_sign(self.factor(self.deeper(depth, taken[1])))), taken[1])

    def atom(self, depth: int) -> Node:
        kind, word, column = self.peek()
        self.next += 1
        if kind == "number":
            value = parse_number(word)
            if value is None:
                raise FormulaError(f"'{word[:20]}' is too long or too large for a number", column)
            return Number(value, word.endswith("%"))
        if kind == "name" and self.peek()[1] == "(":
            return self.call(word, column, depth)
        if kind == "name":
            if word in FUNCTIONS:
                raise FormulaError(f"'{word}' needs its arguments in brackets: {word}(...)", column)
            return Name(word)
        if word == "(":
            inner = self.comparison(self.deeper(depth, column))
            self.close(column)
            return inner
        if kind == "end":
            raise FormulaError("the formula ends too early" if self.text.strip() else "a value is missing", column)
        raise FormulaError(f"a number or a name is missing before '{word}'", column)

    def call(self, function: str, column: int, depth: int) -> Node:
        if function not in FUNCTIONS:
            raise FormulaError(f"there is no function '{function}'; {_WHAT_IS_ALLOWED}", column)
        opened = self.peek()[2]
        self.next += 1
        inside = self.deeper(depth, column)
        arguments = [self.comparison(inside)]
        while self.take(","):
            arguments.append(self.comparison(inside))
        self.close(opened)
        least, most = FUNCTIONS[function]
        if not least <= len(arguments) <= most:
            wanted = f"{least}" if least == most else f"at least {least}"
            raise FormulaError(f"'{function}' takes {wanted} values, not {len(arguments)}", column)
        return self.checked(Call(function, tuple(map(_fold_sign, arguments))), column)

    def close(self, opened: int) -> None:
        if self.take(")") is None:
            kind, word, column = self.peek()
            if kind == "end" or word == ",":
                raise FormulaError("this '(' is never closed", opened)
            raise FormulaError(f"an operator or ')' is missing before '{word}'", column)

    @staticmethod
    def deeper(depth: int, column: int) -> int:
        if depth >= DEEPEST:
            raise FormulaError(f"brackets and signs may be nested {DEEPEST} deep at most", column)
        return depth + 1

    @staticmethod
    def checked(node: Operation | Call, column: int) -> Operation | Call:
        """Numbers alone are tried at once, so that `9 ** 9 ** 9` or `1 / 0` is refused at its place."""
        tried: Node | None = None if _has_names(node) else node
        if isinstance(node, Operation) and node.operator in {"**", "/"} and not _has_names(node.right):
            tried = Operation(node.operator, node.left if tried else Number(Fraction(2)), node.right)
        if tried is not None:
            try:
                evaluate(tried, lambda _: Fraction(0), EXACT)
            except CalculationError as error:
                raise FormulaError(str(error), column) from None
        return node


def _has_names(node: Node) -> bool:
    return bool(Formula("", node).names)


def _not_allowed(text: str, position: int) -> str:
    sign = text[position]
    if sign == "=":
        return "to compare, write == (two signs)"
    if sign in "'\u2019" and text[:position].strip()[-1:].isdigit() and text[position + 1 : position + 2].isdigit():
        return f"write the number without a thousands mark: {text.replace(sign, '').strip()}"
    if sign == "%":
        number = re.search(r"(\d+\.?\d*|\.\d+)\s+$", text[:position], re.ASCII)
        return f"write {number[1]}%, without a space" if number else "'%' stands right after a number, as in 9%"
    if sign == "^":
        return "a power is written **"
    if sign in "\u2212\u2013\u2014":
        return f"'{sign}' is a dash; write the minus sign of the keyboard, -"
    if sign == "\u00d7":
        return "a product is written *"
    return f"'{sign}' is not allowed in a formula; {_WHAT_IS_ALLOWED}"


def _run_on(text: str, match: re.Match[str]) -> str:
    tail = re.match(r"\w+", text[match.end() :])
    rest = tail.group() if tail else ""
    if rest.startswith("_") and rest.replace("_", "").isdigit():
        return f"write the number without a thousands mark: {match.group()}{rest.replace('_', '')}"
    return f"'{match.group()}{rest}' is neither a number nor a name"


# ---- evaluating ------------------------------------------------------------------------------------------------------


class Arithmetic(Protocol[T]):
    """What `evaluate` needs to know about the numbers it computes with."""

    def number(self, value: Fraction) -> T:
        """A literal."""
        ...

    def negate(self, value: T) -> T:
        """The value with the other sign."""
        ...

    def operate(self, symbol: str, left: T, right: T) -> T:
        """`+ - * / **`."""
        ...

    def compare(self, symbol: str, left: T, right: T) -> T:
        """`< <= > >= == !=`: 1 or 0."""
        ...

    def choose(self, condition: T, then: Callable[[], T], otherwise: Callable[[], T]) -> T:
        """`if`: `then` where the condition is not 0."""
        ...

    def call(self, function: str, arguments: list[T]) -> T:
        """`min max abs sqrt exp log`."""
        ...


def evaluate(node: Node, lookup: Callable[[str], T], arithmetic: Arithmetic[T]) -> T:
    """The value of a formula's node; `lookup` gives the value of a name."""

    def walk(node: Node) -> T:
        match node:
            case Number(value):
                return arithmetic.number(value)
            case Name(name):
                return lookup(name)
            case Negate(operand):
                return arithmetic.negate(walk(operand))
            case Operation(symbol, left, right):
                return arithmetic.operate(symbol, walk(left), walk(right))
            case Comparison(symbol, left, right):
                return arithmetic.compare(symbol, walk(left), walk(right))
            case Call("if", (condition, then, otherwise)):
                return arithmetic.choose(walk(condition), lambda: walk(then), lambda: walk(otherwise))
            case Call(function, arguments):
                return arithmetic.call(function, [walk(argument) for argument in arguments])

    return walk(node)


class _Exact:
    """Rational numbers.

    `sqrt`, `exp`, `log` and powers that are not whole are computed with 50 significant digits and then taken as that
    rational (a square root of a rational square is exact). Only the branch of an `if` that is taken is computed.
    """

    _context: Final = Context(prec=50, Emax=99999, Emin=-99999)

    def number(self, value: Fraction) -> Fraction:
        return value

    def negate(self, value: Fraction) -> Fraction:
        return -value

    def operate(self, symbol: str, left: Fraction, right: Fraction) -> Fraction:
        match symbol:
            case "+":
                return self._bounded(left + right)
            case "-":
                return self._bounded(left - right)
            case "*":
                return self._bounded(left * right)
            case "/":
                if right == 0:
                    raise CalculationError("a division by zero")
                return self._bounded(left / right)
            case _:
                return self._power(left, right)

    def compare(self, symbol: str, left: Fraction, right: Fraction) -> Fraction:
        return Fraction(int(_COMPARE[symbol](left, right)))

    def choose(self, condition: Fraction, then: Callable[[], Fraction], otherwise: Callable[[], Fraction]) -> Fraction:
        return then() if condition else otherwise()

    def call(self, function: str, arguments: list[Fraction]) -> Fraction:
        match function:
            case "min":
                return min(arguments)
            case "max":
                return max(arguments)
            case "abs":
                return abs(arguments[0])
            case "sqrt":
                return self._root(arguments[0])
            case "exp":
                if abs(arguments[0]) > LARGEST_EXP:
                    raise CalculationError(f"exp of more than {LARGEST_EXP} is too large")
                return Fraction(self._context.exp(self._decimal(arguments[0])))
            case _:
                if arguments[0] <= 0:
                    raise CalculationError("the logarithm of a number that is not above zero")
                return Fraction(self._context.ln(self._decimal(arguments[0])))

    def _power(self, base: Fraction, exponent: Fraction) -> Fraction:
        if abs(exponent) > LARGEST_POWER:
            raise CalculationError(f"a power above {LARGEST_POWER} is not allowed")
        if base == 0 and exponent < 0:
            raise CalculationError("a division by zero")
        if exponent.denominator == 1:
            bits = max(base.numerator.bit_length(), base.denominator.bit_length())
            if bits * abs(exponent.numerator) > MOST_BITS:
                raise CalculationError("a power this large is not allowed")
            return base**exponent.numerator
        if base < 0:
            raise CalculationError("a power that is not whole of a negative number")
        if base == 0:
            return base
        if exponent == Fraction(1, 2):
            return self._root(base)
        return Fraction(self._context.power(self._decimal(base), self._decimal(exponent)))

    def _root(self, value: Fraction) -> Fraction:
        if value < 0:
            raise CalculationError("the square root of a negative number")
        exact = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
        return exact if exact * exact == value else Fraction(self._context.sqrt(self._decimal(value)))

    def _decimal(self, value: Fraction) -> Decimal:
        return self._context.divide(Decimal(value.numerator), Decimal(value.denominator))

    @staticmethod
    def _bounded(value: Fraction) -> Fraction:
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > 2 * MOST_BITS:
            raise CalculationError("a number with this many digits is not allowed")
        return value


class _Vector:
    """Floats, or numpy arrays of them (one entry a draw). What has no value becomes inf or nan; the caller looks for
    them.
    """

    def number(self, value: Fraction) -> Draws:
        return float(value)

    def negate(self, value: Draws) -> Draws:
        return -value

    def operate(self, symbol: str, left: Draws, right: Draws) -> Draws:
        import numpy as np

        with np.errstate(all="ignore"):
            match symbol:
                case "+":
                    return left + right
                case "-":
                    return left - right
                case "*":
                    return left * right
                case "/":
                    quotient: Draws = np.divide(left, right)
                    return quotient
                case _:
                    power: Draws = np.power(np.asarray(left, dtype=np.float64), right)
                    return power

    def compare(self, symbol: str, left: Draws, right: Draws) -> Draws:
        import numpy as np

        held = _COMPARE[symbol](left, right)
        return held.astype(np.float64) if isinstance(held, np.ndarray) else float(held)

    def choose(self, condition: Draws, then: Callable[[], Draws], otherwise: Callable[[], Draws]) -> Draws:
        import numpy as np

        if np.ndim(condition) == 0:
            return then() if condition else otherwise()
        return np.where(condition, then(), otherwise())

    def call(self, function: str, arguments: list[Draws]) -> Draws:
        import numpy as np

        with np.errstate(all="ignore"):
            result: Draws
            match function:
                case "min" | "max":
                    pick = np.minimum if function == "min" else np.maximum
                    result = arguments[0]
                    for argument in arguments[1:]:
                        result = pick(result, argument)
                case "abs":
                    result = np.abs(arguments[0])
                case "sqrt":
                    result = np.sqrt(arguments[0])
                case "exp":
                    result = np.exp(arguments[0])
                case _:
                    result = np.log(arguments[0])
            return result


EXACT: Final = _Exact()
VECTOR: Final = _Vector()
