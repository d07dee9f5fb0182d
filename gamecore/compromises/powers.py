"""Which of two products of powers is larger, exactly: what the weighted Nash solution compares.

    prod_i a_i^(w_i)   against   prod_i b_i^(w_i),      a_i, b_i > 0,  w_i > 0

With rational weights these are roots of rationals, rarely rational themselves. Logarithms decide where the products are
apart; where they might be equal, whole powers do, and for weights whose powers would be huge a factor base of coprime
numbers shows equality (Bach, Driscoll & Shallit 1993) before logarithms of more digits are asked.

>>> two_thirds, one_third = Fraction(2, 3), Fraction(1, 3)
>>> compare_powers([Fraction(2), Fraction(2)], [Fraction(1), Fraction(8)], [two_thirds, one_third])
0
>>> compare_powers([Fraction(3), Fraction(2)], [Fraction(2), Fraction(3)], [two_thirds, one_third])
1
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from math import gcd, lcm, log, prod

__all__ = ["best_powers", "compare_powers", "whole_exponents"]

CLEAR = 1e-9
"""Logarithms of doubles are off by far less than this share of their terms: what is further apart is decided."""

SMALL_POWERS = 1000
"""Whole exponents that sum to at most this are computed with; larger ones go to logarithms and factors."""


def whole_exponents(weights: Sequence[Fraction]) -> tuple[int, ...]:
    """The weights as coprime whole numbers in the same proportions."""
    common = lcm(*(weight.denominator for weight in weights))
    whole = [weight.numerator * (common // weight.denominator) for weight in weights]
    return tuple(value // gcd(*whole) for value in whole)


def compare_powers(left: Sequence[Fraction], right: Sequence[Fraction], weights: Sequence[Fraction]) -> int:
    """-1, 0 or 1 as the product of powers of `left` is smaller, equal or larger than that of `right`."""
    ratios = [a / b for a, b in zip(left, right, strict=True)]
    terms = [float(weight) * _log(ratio) for ratio, weight in zip(ratios, weights, strict=True)]
    if abs(sum(terms)) > CLEAR * max(1.0, sum(map(abs, terms))):
        return 1 if sum(terms) > 0 else -1
    exponents = whole_exponents(weights)
    if sum(exponents) <= SMALL_POWERS:
        product = prod((ratio**power for ratio, power in zip(ratios, exponents, strict=True)), start=Fraction(1))
        return (product > 1) - (product < 1)
    if _is_one(ratios, exponents):
        return 0
    return _by_digits(ratios, weights)


def best_powers(gains: Mapping[int, Sequence[Fraction]], weights: Sequence[Fraction]) -> tuple[int, ...]:
    """The keys of the largest product, all ties, ascending; every gain must be more than 0."""
    best: list[int] = []
    for option, gain in gains.items():
        sign = compare_powers(gain, gains[best[0]], weights) if best else 1
        if sign > 0:
            best = [option]
        elif sign == 0:
            best.append(option)
    return tuple(sorted(best))


def _log(value: Fraction) -> float:
    return log(value.numerator) - log(value.denominator)


def _is_one(ratios: Sequence[Fraction], exponents: Sequence[int]) -> bool:
    """Whether the product of powers is exactly 1: every coprime factor must cancel."""
    powers = [
        (part, sign * power)
        for ratio, power in zip(ratios, exponents, strict=True)
        for part, sign in ((ratio.numerator, 1), (ratio.denominator, -1))
        if part > 1
    ]
    for factor in _coprime_base([part for part, _ in powers]):
        total = 0
        for part, power in powers:
            rest, times = part, 0
            while rest % factor == 0:
                rest, times = rest // factor, times + 1
            total += times * power
        if total:
            return False
    return True


def _coprime_base(numbers: Sequence[int]) -> list[int]:
    """Pairwise coprime numbers above 1 of which every given number is a product of powers."""
    base: list[int] = []
    waiting = list(numbers)
    while waiting:
        number = waiting.pop()
        if number == 1:
            continue
        for place, other in enumerate(base):
            shared = gcd(number, other)
            if shared > 1:
                if number != other:
                    del base[place]
                    waiting += [shared, number // shared, other // shared]
                break
        else:
            base.append(number)
    return base


def _by_digits(ratios: Sequence[Fraction], weights: Sequence[Fraction]) -> int:
    """The sign of the logarithm of a product known not to be 1: digits are doubled until they tell."""
    digits = 50
    while True:
        with localcontext() as context:
            context.prec = digits
            terms = [
                Decimal(weight.numerator) / weight.denominator * (Decimal(r.numerator) / r.denominator).ln()
                for r, weight in zip(ratios, weights, strict=True)
            ]
            total = sum(terms, Decimal(0))
            error = (1 + sum(map(abs, terms), Decimal(0))) * Decimal(10) ** (8 - digits)
            if abs(total) > error:
                return 1 if total > 0 else -1
        digits *= 2
