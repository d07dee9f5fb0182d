from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.deals import curve as module
from gamecore.compromises.deals.curve import Curve, curve_solutions, deal_curve, ideal_on
from gamecore.compromises.deals.envelope import Chord, Part, upper_envelope
from gamecore.compromises.deals.solutions import Case, Rule
from gamecore.compromises.deals.space import Amount, DealSpace, Issue, Point
from gamecore.errors import InputError, TooLargeError
from tests.compromises.deals.cases import dominates

VALUE = st.integers(-4, 4)
PAIR: st.SearchStrategy[Point] = st.tuples(VALUE, VALUE).map(lambda pair: tuple(map(Fraction, pair)))


@st.composite
def mixed_spaces(draw: st.DrawFn) -> DealSpace:
    issues = [
        Issue(f"i{k}", options, tuple(draw(PAIR) for _ in options))
        for k in range(draw(st.integers(0, 2)))
        if (options := tuple(f"o{j}" for j in range(draw(st.integers(1, 3)))))
    ]
    amounts = []
    for k in range(draw(st.integers(1, 2))):
        corners = sorted(draw(st.sets(st.integers(0, 6), min_size=2, max_size=3)))
        amounts.append(Amount(f"a{k}", tuple(map(Fraction, corners)), tuple(draw(PAIR) for _ in corners)))
    return DealSpace(("p", "q"), tuple(issues), amounts=tuple(amounts), no_agreement=draw(PAIR))


def sampled(space: DealSpace, steps: int = 6) -> list[Point]:
    """What some deals are worth: every choice of options with the amounts on a grid that holds all corners."""
    grids = [
        sorted(
            {
                low + Fraction(k, steps) * (high - low)
                for k in range(steps + 1)
                for low, high in zip(t.corners, t.corners[1:], strict=False)
            }
        )
        for t in space.amounts
    ]
    choices = product(*(range(len(issue.options)) for issue in space.issues))
    return [space.values_of(numbers, at) for numbers in choices for at in product(*grids)]


def on_curve(curve: Curve) -> list[Point]:
    return [
        curve.at(k, share).values
        for k, one in enumerate(curve.stretches)
        for share in (Fraction(n, 8) for n in range(9))
        if not (one.open_start and share == 0) and not (one.open_end and share == 1)
    ]


def covered(curve: Curve, point: Point) -> bool:
    """Whether some deal of the curve gives both at least as much."""
    for one in curve.stretches:
        (a, b), (c, d) = one.start.values, one.end.values
        if point[0] <= c:
            x = max(point[0], a)
            height = b if a == c else b + (x - a) / (c - a) * (d - b)
            opened = (one.open_start and x == a) or (one.open_end and x == c)
            if height > point[1] or (height == point[1] and not opened):
                return True
    return False


@settings(max_examples=24)
@given(mixed_spaces())
def test_no_deal_beats_the_curve_and_no_deal_of_the_curve_beats_another(space: DealSpace) -> None:
    curve = deal_curve(space)
    assert all(covered(curve, point) for point in sampled(space))
    points = on_curve(curve)
    assert not any(dominates(one, other) for one in points for other in points)
    for one in curve.stretches:
        for deal in (one.start, one.end):
            assert space.values(deal.options, deal.amounts) == deal.values
        moving = sum(a != b for a, b in zip(one.start.amounts, one.end.amounts, strict=True))
        assert moving == (0 if one.is_point else 1)  # one amount at most is split


@settings(max_examples=24)
@given(mixed_spaces())
def test_solutions_on_the_curve_beat_every_sampled_deal(space: DealSpace) -> None:
    curve = deal_curve(space)
    answers = curve_solutions(curve)
    point = space.no_agreement
    tried = [row for row in [*sampled(space), *on_curve(curve)] if all(a >= b for a, b in zip(row, point, strict=True))]
    if answers[Rule.NASH].case is Case.NOTHING_ACCEPTABLE:
        assert not tried
        return
    ideal = ideal_on(curve)
    room = [best - least for best, least in zip(ideal, point, strict=True)]

    def gains(row: Point) -> list[Fraction]:
        return [a - b for a, b in zip(row, point, strict=True)]

    def shares(row: Point) -> list[Fraction]:
        return sorted(gain / most for gain, most in zip(gains(row), room, strict=True) if most)

    for row in tried:
        assert all(value <= best for value, best in zip(row, ideal, strict=True))
        mine = gains(row)
        assert mine[0] * mine[1] <= max(one[0] * one[1] for one in answers[Rule.NASH].gains)
        assert sorted(mine) <= sorted(answers[Rule.EGALITARIAN].gains[0])
        assert shares(row) <= shares(answers[Rule.KALAI_SMORODINSKY].points[0])
        assert sum(row) <= sum(answers[Rule.UTILITARIAN].points[0])
    for answer in answers.values():
        for deal in answer.deals:
            assert space.values(deal.options, deal.amounts) == deal.values


def test_money_is_split_where_the_rules_say() -> None:
    fee = Amount.linear("fee", 0, 10, (-1, 2), unit="USD m")
    space = DealSpace.from_points(("us", "them"), {"scope": {"all": (9, 0), "half": (5, 3)}}, amounts=[fee])
    answers = curve_solutions(deal_curve(space))
    assert answers[Rule.NASH].points == ((Fraction(9, 2), Fraction(9)),)  # the fee is half of the 9 it can be
    assert answers[Rule.NASH].deals[0].amounts == (Fraction(9, 2),)
    assert answers[Rule.EGALITARIAN].points == ((Fraction(6), Fraction(6)),)
    assert answers[Rule.KALAI_SMORODINSKY].points == ((Fraction(9, 2), Fraction(9)),)
    assert answers[Rule.UTILITARIAN].points == ((Fraction(0), Fraction(18)),)
    assert deal_curve(space).stretches[0].is_point is False


def test_a_choice_beside_a_stretch_leaves_open_ends() -> None:
    """Found by drawing spaces: where a stretch comes down to the height of a point further right, its end is beaten."""
    parts = upper_envelope([Chord((0, 4), (4, 0)), Chord((2, 3), (2, 3))])
    assert parts == (
        Part(0, Fraction(0), Fraction(1, 4), open_end=True),
        Part(1, Fraction(0), Fraction(0)),
        Part(0, Fraction(1, 2), Fraction(1), open_start=True),
    )
    assert upper_envelope([]) == ()
    assert upper_envelope([Chord((1, 1), (1, 1)), Chord((1, 1), (1, 1))]) == (Part(0, Fraction(0), Fraction(0)),)


def test_what_has_no_curve_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fee = Amount.linear("fee", 0, 1, (1, -1))
    with pytest.raises(InputError, match="two parties"):
        deal_curve(DealSpace(("a", "b"), (Issue("i", ("o",), ((1, 1),)),)))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="two parties"):
        deal_curve(DealSpace(("a", "b", "c"), amounts=(Amount.linear("fee", 0, 1, (1, 1, 1)),)))
    monkeypatch.setattr(module, "MOST_CHORDS", 0)
    with pytest.raises(TooLargeError, match="more than 0"):
        deal_curve(DealSpace(("a", "b"), amounts=(fee,)))
