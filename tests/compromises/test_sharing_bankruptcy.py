from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.compromises.sharing.bankruptcy import (
    constrained_equal_awards,
    constrained_equal_losses,
    proportional,
    random_arrival,
    talmud,
)
from gamecore.compromises.sharing.division import BankruptcyRule, Division, contested_garment, division_faults
from gamecore.compromises.sharing.nucleolus import nucleolus
from gamecore.errors import InputError, TooLargeError
from gamecore.games.coalition import bankruptcy_game
from tests.compromises.coalition_games import NAMES, exact

Rule = Callable[..., Division]
RULES: tuple[Rule, ...] = (
    proportional,
    constrained_equal_awards,
    constrained_equal_losses,
    talmud,
    random_arrival,
)
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
TALMUDIC = {"a": 100, "b": 200, "c": 300}


@st.composite
def problems(draw: st.DrawFn, most: int = 5) -> tuple[Fraction, dict[str, Fraction]]:
    amounts = st.integers(0, 4).map(Fraction) | st.fractions(0, 9, max_denominator=5)
    claims = draw(st.lists(amounts, min_size=1, max_size=most))
    part = draw(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)]) | st.fractions(0, 1, max_denominator=12))
    return part * sum(claims), dict(zip(NAMES, claims, strict=False))


# --------------------------------------------------------------------------------------------------- published answers


@pytest.mark.parametrize(
    ("rule", "estate", "shares"),
    [
        # Mishnah, Ketubot 93a, as explained by Aumann & Maschler 1985
        (talmud, 100, exact("100/3", "100/3", "100/3")),
        (talmud, 200, exact(50, 75, 75)),
        (talmud, 300, exact(50, 100, 150)),
        (talmud, 400, exact(50, 125, 225)),
        # O'Neill 1982: the Shapley value of the game
        (random_arrival, 200, exact("100/3", "250/3", "250/3")),
        # by hand
        (proportional, 200, exact("100/3", "200/3", 100)),
        (constrained_equal_awards, 200, exact("200/3", "200/3", "200/3")),
        (constrained_equal_awards, 400, exact(100, 150, 150)),
        (constrained_equal_losses, 200, exact(0, 50, 150)),
        (constrained_equal_losses, 450, exact(50, 150, 250)),
    ],
)
def test_known_divisions_are_found(rule: Rule, estate: int, shares: tuple[Fraction, ...]) -> None:
    assert rule(estate, TALMUDIC).shares == shares


def test_two_hold_a_garment() -> None:
    """Mishnah, Baba Metzia 2a: one claims all of it, the other half."""
    assert contested_garment(Fraction(1), Fraction(1), Fraction(1, 2)) == exact("3/4", "1/4")
    for rule in (talmud, random_arrival):
        assert rule(1, {"all": 1, "half": 0.5}).shares == exact("3/4", "1/4")


def test_levels_say_what_is_equal() -> None:
    assert proportional(200, TALMUDIC).level == Fraction(1, 3)
    assert constrained_equal_awards(400, TALMUDIC).level == 150
    assert constrained_equal_losses(450, TALMUDIC).level == 50
    assert talmud(200, TALMUDIC).level == 75


# ----------------------------------------------------------------------------------------------------------- bad input


@every_rule
@pytest.mark.parametrize(
    ("estate", "claims", "words"),
    [
        (601, TALMUDIC, "the estate, 601, is more than all claims together, 600"),
        (-1, TALMUDIC, "the estate is -1: it must not be below 0"),
        (1, {"a": 2, "b": -1}, "the claim of b is -1"),
        (1, {}, "name at least one"),
        ("all", TALMUDIC, "the estate is 'all': it must be a finite number"),
        (1, {"a": float("inf")}, "the claim of a is inf"),
    ],
)
def test_wrong_problems_are_told(rule: Rule, estate: Any, claims: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        rule(estate, claims)


def test_many_claimants_are_no_limit_but_for_random_arrival() -> None:
    many = {str(place): place for place in range(200)}
    assert sum(talmud(777, many).shares) == 777
    with pytest.raises(TooLargeError, match="200 players are too many"):
        random_arrival(777, many)


# ---------------------------------------------------------------------------------------------------------------- laws


@given(problems())
@settings(max_examples=16, deadline=None)
def test_everybody_gets_something_between_nothing_and_the_claim(problem: tuple[Fraction, dict[str, Fraction]]) -> None:
    estate, claims = problem
    for rule in RULES:
        division = rule(estate, claims)
        assert sum(division.shares) == estate
        assert all(0 <= share <= claim for share, claim in zip(division.shares, claims.values(), strict=True))
        assert not division_faults(division)
        ranked = sorted(zip(claims.values(), division.shares, strict=True))
        shares, losses = [share for _, share in ranked], [claim - share for claim, share in ranked]
        assert shares == sorted(shares), "who claims more gets no less"
        assert losses == sorted(losses), "who claims more loses no less"


@given(problems(most=4))
@settings(max_examples=16, deadline=None)
def test_the_talmud_rule_is_the_nucleolus(problem: tuple[Fraction, dict[str, Fraction]]) -> None:
    """Aumann & Maschler 1985."""
    estate, claims = problem
    assert talmud(estate, claims).shares == nucleolus(bankruptcy_game(estate, claims)).shares


@given(problems(most=4))
@settings(max_examples=16, deadline=None)
def test_random_arrival_is_first_come_first_served(problem: tuple[Fraction, dict[str, Fraction]]) -> None:
    estate, claims = problem
    totals = dict.fromkeys(claims, Fraction(0))
    orders = list(permutations(claims))
    for order in orders:
        left = estate
        for name in order:
            paid = min(left, claims[name])
            totals[name] += paid
            left -= paid
    assert random_arrival(estate, claims).shares == tuple(total / len(orders) for total in totals.values())


@given(problems(), st.data())
@settings(max_examples=16, deadline=None)
def test_sharing_and_losing_are_mirror_images(
    problem: tuple[Fraction, dict[str, Fraction]], data: st.DataObject
) -> None:
    """Self-duality: what is lost of the claims is divided by the same rule, for equal awards by equal losses."""
    estate, claims = problem
    lost = sum(claims.values()) - estate
    pairs = [(rule, rule) for rule in (proportional, talmud, random_arrival)]
    pairs += [(constrained_equal_awards, constrained_equal_losses)]
    rule, dual = data.draw(st.sampled_from(pairs))
    losses = dual(lost, claims).shares
    assert rule(estate, claims).shares == tuple(due - loss for due, loss in zip(claims.values(), losses, strict=True))


@given(problems(), st.data())
@settings(max_examples=16, deadline=None)
def test_some_claimants_divide_what_they_have_together_as_before(
    problem: tuple[Fraction, dict[str, Fraction]], data: st.DataObject
) -> None:
    """Consistency: of every rule but random arrival."""
    estate, claims = problem
    rule = data.draw(st.sampled_from(RULES[:-1]))
    kept = data.draw(st.sampled_from([some for size in range(1, 6) for some in combinations(claims, size)]))
    before = dict(zip(claims, rule(estate, claims).shares, strict=True))
    again = rule(sum(before[name] for name in kept), {name: claims[name] for name in kept})
    assert again.shares == tuple(before[name] for name in kept)


# ------------------------------------------------------------------------------------------------------------ the judge


@every_rule
def test_a_division_by_another_rule_is_found_out(rule: Rule) -> None:
    right = rule(250, TALMUDIC)
    assert not division_faults(right)
    moved = (right.shares[0] + 1, right.shares[1] - 1, right.shares[2])
    assert division_faults(replace(right, shares=moved))
    assert division_faults(replace(right, shares=(right.shares[0] + 1, *right.shares[1:])))
    for other in BankruptcyRule:
        if other is not right.rule:
            assert division_faults(replace(right, rule=other))
