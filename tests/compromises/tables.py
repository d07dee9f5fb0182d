"""Published bargaining problems with finitely many options, as data, and what hypothesis draws."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

Table = list[tuple[Fraction, ...]]


def exact(*values: int | str | Fraction) -> tuple[Fraction, ...]:
    return tuple(Fraction(value) for value in values)


SAPPHIRE_DIAMOND: Table = [
    (Fraction("51.812"), Fraction("9.699")),
    (Fraction("47.420"), Fraction("25.813")),
    (Fraction("42.198"), Fraction("18.106")),
    (Fraction(5), Fraction(-4)),
]
APART = (Fraction("43.031"), Fraction("15.992"))
START, WAIT, HYBRID, TERMINATE = range(4)


def bill_and_jack() -> tuple[Table, tuple[Fraction, ...]]:
    """Nash 1950: every way to deal nine things out to two boys, and what each has if they do not trade."""
    bill = {"book": 2, "whip": 2, "ball": 2, "bat": 2, "box": 4, "pen": 10, "toy": 4, "knife": 6, "hat": 2}
    jack = {"book": 4, "whip": 2, "ball": 1, "bat": 2, "box": 1, "pen": 1, "toy": 1, "knife": 2, "hat": 2}
    table = [
        exact(
            sum(worth for worth, his in zip(bill.values(), deal, strict=True) if his),
            sum(worth for worth, his in zip(jack.values(), deal, strict=True) if not his),
        )
        for deal in product((True, False), repeat=len(bill))
    ]
    return table, exact(12, 6)


def thompson() -> Table:
    """Thompson's employment contract: five issues of five levels; the fourth level of a share is worth 3/4 of the best.

    Recruit and candidate value them the other way round, except the job assignment, on which they agree.
    """
    weights = [(17, 41, False), (8, 8, True), (6, 28, False), (28, 6, False), (41, 17, False)]
    return [
        (
            sum((Fraction(w * level, 4) for (w, _, _), level in zip(weights, deal, strict=True)), Fraction(0)),
            sum(
                (
                    Fraction(w * (level if same else 4 - level), 4)
                    for (_, w, same), level in zip(weights, deal, strict=True)
                ),
                Fraction(0),
            ),
        )
        for deal in product(range(5), repeat=5)
    ]


THOMPSON_FRONTIER = (
    "8 15 22 29 36 39.25 46.25 49.5 56.5 59.75 66.75 70 77 78.5 81.25 82.75 85.5 87 89.75 91.25 94 95.5 97 98.5 100"
)
"""What either side gets on the frontier, ascending; the other gets the same list descending."""


def tables(
    *, players: tuple[int, int] = (1, 3), options: tuple[int, int] = (1, 8), top: int = 4
) -> st.SearchStrategy[Table]:
    """Values from 0 to `top`: few values, many ties."""
    value = st.integers(0, top).map(Fraction)
    return st.integers(*players).flatmap(
        lambda count: st.lists(st.tuples(*[value] * count), min_size=options[0], max_size=options[1])
    )
