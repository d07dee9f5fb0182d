"""Problems of the literature, put to the modules as their manuals say, with the answers of their sources.

What a source leaves open was worked out by hand, and the way is told beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest

from gamecore.compromises.deals.adjusted_winner import adjusted_winner
from gamecore.compromises.lotteries import kalai_smorodinsky_lottery, nash_lottery
from gamecore.compromises.lottery_judge import lottery_faults
from gamecore.compromises.sharing import bankruptcy
from gamecore.compromises.sharing.core import core, core_range, objections
from gamecore.compromises.sharing.core_vertices import core_vertices
from gamecore.compromises.sharing.nucleolus import nucleolus
from gamecore.compromises.sharing.shapley import shapley_value
from gamecore.compromises.stability.concepts import Concept, Uncertainty, equilibria
from gamecore.equilibria.alternating_offers import Talks, stationary_split
from gamecore.games.coalition import CoalitionGame, savings_game
from gamecore.games.conflict import Conflict, conflict_from_arcs
from gamecore.games.conflict_preferences import from_comparisons, from_ranking, from_ranks
from gamecore.games.conflict_relations import members
from gamecore.games.strategic import StrategicGame
from gamecore.redesign.implementation import implement_profile

Shares = list[Fraction]


def exact(*values: str | int) -> Shares:
    return [Fraction(value) for value in values]


# ---- voting ----------------------------------------------------------------------------------------------------------

COUNCILS = [
    # Brams 1975, Game Theory and Politics: Luxembourg could never change an outcome.
    ("Council of the six, 1958", 12, (4, 4, 4, 2, 2, 1), exact(*["14/60"] * 3, *["9/60"] * 2, 0)),
    # Straffin 1993, Game Theory and Strategy: [6; 4, 3, 2, 1] by counting the 24 orders.
    ("four of ten votes", 6, (4, 3, 2, 1), exact("5/12", "1/4", "1/4", "1/12")),
    # One vote for each of six states; the federal government has two and the casting vote, so three of nine to five.
    ("Australian Loan Council", 5, (3, 1, 1, 1, 1, 1, 1), exact("3/7", *["2/21"] * 6)),
]


@pytest.mark.parametrize(("name", "quota", "votes", "power"), COUNCILS)
def test_the_power_of_votes(name: str, quota: int, votes: tuple[int, ...], power: Shares) -> None:
    assert list(shapley_value(voting(quota, votes)).shares) == power, name


def test_the_nine_of_1973_gave_luxembourg_a_hundredth_of_the_power() -> None:
    """Brams & Affuso 1976: with more members and fewer of the votes Luxembourg had more power than before."""
    shares = shapley_value(voting(41, (10, 10, 10, 10, 5, 5, 3, 3, 2))).shares
    assert [round(float(share), 3) for share in shares] == [0.179] * 4 + [0.081] * 2 + [0.057] * 2 + [0.010]


def voting(quota: int, votes: Sequence[int]) -> CoalitionGame:
    names = [f"party {number}" for number in range(len(votes))]
    weight = dict(zip(names, votes, strict=True))
    return CoalitionGame.from_function(names, lambda members: int(sum(weight[name] for name in members) >= quota))


# ---- sharing ---------------------------------------------------------------------------------------------------------


def test_horses_change_hands_at_one_price_between_21_and_21_and_a_half() -> None:
    """Boehm-Bawerk's market (Shapley & Shubik 1971), without those farther from the price, who do not move it.

    The nucleolus takes the middle price (Nunez & Rafels 2005).
    """
    asked = dict(zip("ABCDE", exact(11, 15, 17, 20, "21.5"), strict=True))
    offered = dict(zip("vwxyz", exact(28, 26, 24, 22, 21), strict=True))

    def trade(members: tuple[str, ...]) -> Fraction:
        cheap = sorted(asked[name] for name in members if name in asked)
        dear = sorted((offered[name] for name in members if name in offered), reverse=True)
        return sum((max(b - a, Fraction(0)) for a, b in zip(cheap, dear, strict=False)), Fraction(0))

    market = CoalitionGame.from_function("ABCDEvwxyz", trade)
    found = core(market)

    def at_price(price: Fraction) -> Shares:
        sold = [max(price - least, Fraction(0)) for least in asked.values()]
        return sold + [max(most - price, Fraction(0)) for most in offered.values()]

    low, middle, high = (at_price(Fraction(price)) for price in ("21", "21.25", "21.5"))
    assert core_vertices(market, found) == tuple(map(tuple, sorted((low, high))))
    assert list(nucleolus(market).shares) == middle


def test_one_seller_and_two_buyers_who_would_pay_90_and_100() -> None:
    """Owen 1995, Game Theory: the second buyer trades, at 90 or more; the nucleolus says 95."""
    game = CoalitionGame.from_values({("s", "b"): 90, ("s", "c"): 100, ("s", "b", "c"): 100}, players="sbc", unnamed=0)
    ranges = [(int(least.amount), int(most.amount)) for least, most in core_range(game, core(game))]
    assert ranges == [(90, 100), (0, 0), (0, 10)]
    assert list(shapley_value(game).shares) == [65, 15, 20]
    assert list(nucleolus(game).shares) == [95, 0, 5]


def test_the_dams_of_the_tennessee_valley() -> None:
    """Straffin & Heaney 1981 (thousands of dollars of 1938): navigation, flood control and power."""
    alone = {"n": 163520, "f": 140826, "p": 250096}
    together = {("n", "f"): 301607, ("n", "p"): 378821, ("f", "p"): 367370, ("n", "f", "p"): 412584}
    saved = savings_game(CoalitionGame.from_values({**alone, **together}))

    def paid(shares: Sequence[Fraction]) -> Shares:
        return [cost - share for cost, share in zip(alone.values(), shares, strict=True)]

    assert paid(shapley_value(saved).shares) == exact(117829, "100756.5", "193998.5")
    assert paid(nucleolus(saved).shares) == [116234, 93540, 202810]


def test_a_landlord_has_the_mean_of_all_crops_and_in_the_core_a_worker_at_most_what_the_last_one_adds() -> None:
    """Shapley & Shubik 1967: by the Shapley value the owner has the mean of `f(k)`, k = 0, ..., w."""
    crops = [0, 10, 18, 24, 28]
    game = CoalitionGame.from_function("Labcd", lambda members: crops[len(members) - 1] if "L" in members else 0)
    assert list(shapley_value(game).shares) == exact(16, 3, 3, 3, 3)
    ranges = [(int(least.amount), int(most.amount)) for least, most in core_range(game, core(game))]
    assert ranges == [(12, 28)] + [(0, 4)] * 4


def test_the_game_of_lucas_without_a_stable_set_has_the_core_of_six_corners() -> None:
    """Lucas 1968, 1969: ten players; the core is the hull of six points of zeros and ones."""
    worth = {
        4: ["13579"],
        3: ["3579", "1579", "1379"],
        2: ["357", "157", "137", "359", "159", "139", "1479", "3679", "5279"],
        1: ["12", "34", "56", "78", "90"],
    }
    values = {tuple(names): amount for amount, lists in worth.items() for names in lists}
    game = CoalitionGame.from_values({**values, tuple("1234567890"): 5}, players="1234567890", unnamed=0)
    found = core(game)
    assert not found.is_empty
    corners = [[1, 0] * 5] + [[1, 0] * k + [0, 1] + [1, 0] * (4 - k) for k in range(5)]
    inside = [not objections(game, [Fraction(value) for value in corner]) for corner in corners]
    assert inside == [True] * 6
    assert [(int(least.amount), int(most.amount)) for least, most in core_range(game, found)] == [(0, 1)] * 10
    # Five pairs are worth what all are, so each divides 1; of four hundred divisions nearby none has smaller excesses.
    assert list(nucleolus(game).shares) == exact("5/6", "1/6") * 5


def test_four_who_lack_ten_to_stay_together() -> None:
    """By hand: each three have 75, and counted 1/3 times hold everybody once, so 100 is asked for; there are 90."""
    worth = (0, 0, 0, 75, 90)
    game = CoalitionGame.from_function("abcd", lambda members: worth[len(members)])
    found = core(game)
    assert found.is_empty
    assert found.cost_of_stability == 10
    assert set(found.objection.weights) == {Fraction(1, 3)}
    assert len(found.objection.coalitions) == 4


TALMUD = {
    100: exact("100/3", "100/3", "100/3"),
    200: exact(50, 75, 75),
    300: exact(50, 100, 150),
    400: exact(50, 125, 225),
    500: exact("200/3", "500/3", "800/3"),
}


@pytest.mark.parametrize("estate", TALMUD)
def test_three_widows(estate: int) -> None:
    """The table of the Mishnah for 100, 200 and 300 (Aumann & Maschler 1985), and how it goes on."""
    assert list(bankruptcy.talmud(estate, {"a": 100, "b": 200, "c": 300}).shares) == TALMUD[estate]


# ---- bargaining ------------------------------------------------------------------------------------------------------


def test_arbitration_from_the_status_quo_2_3() -> None:
    """Straffin 1993, chapter 16: the product from (2, 3) names (8, 6). Even shares by hand: the line to the ideal
    (10, 8) meets `x / 2 + y = 10` at (22/3, 19/3).
    """
    options = [(2, 6), (10, 5), (4, 8), (0, 0)]
    assert list(nash_lottery(options, (2, 3)).lottery.values) == exact(8, 6)
    assert list(kalai_smorodinsky_lottery(options, (2, 3)).lottery.values) == exact("22/3", "19/3")


@pytest.mark.parametrize("estate", [60, 200, 350, 500])
def test_bargaining_over_an_estate_gives_known_rules_of_bankruptcy(estate: int) -> None:
    """Dagan & Volij 1993: with nothing without agreement, the product names equal awards up to the claims, and even
    shares of the possible gain are proportional to the claims, each cut at the estate.
    """
    claims = (100, 200, 300)
    cut = [min(claim, estate) for claim in claims]
    corners = {point for point in product(*([0, claim] for claim in cut)) if sum(point) <= estate}
    for place in range(3):  # where the sum binds: all but one at a bound
        for others in product(*([0, claim] for other, claim in enumerate(cut) if other != place)):
            rest = estate - sum(others)
            if 0 <= rest <= cut[place]:
                corners.add((*others[:place], rest, *others[place:]))
    options = sorted(corners)
    product_of_gains, even = nash_lottery(options, (0, 0, 0)), kalai_smorodinsky_lottery(options, (0, 0, 0))
    named = dict(zip("abc", claims, strict=True))
    awards = bankruptcy.constrained_equal_awards(estate, named).shares
    assert [float(value) for value in product_of_gains.lottery.values] == pytest.approx([float(a) for a in awards])
    proportional = bankruptcy.proportional(estate, dict(zip("abc", cut, strict=True))).shares
    assert even.lottery.values == proportional
    for answer in (product_of_gains, even):
        assert lottery_faults(options, (0, 0, 0), answer) == ()


@pytest.mark.parametrize(("outside", "share"), [(0, "9/19"), (2, "9/19"), (4, "4/7")])
def test_an_outside_option_is_a_threat_only_if_it_is_credible(outside: int, share: str) -> None:
    """Binmore, Shaked & Sutton 1989: a cake of 7, patience 0.9; 47, 47 and 57 % for the second player."""
    talks = Talks(7, patience=("9/10", "9/10"), leaving=(0, outside))
    split = stationary_split(talks)
    assert split.first_proposes[1] == 7 * Fraction(share)
    assert split.binding == ((1,) if outside == 4 else ())


# ---- conflicts -------------------------------------------------------------------------------------------------------


def numbers(conflict: Conflict, concept: Concept, uncertainty: Uncertainty = Uncertainty.A) -> list[int]:
    """The equilibria, counted from 1."""
    return [state + 1 for state in members(equilibria(conflict, concept, uncertainty))]


def lake_gisborne() -> Conflict:
    """Li, Hipel, Kilgour & Fang 2004: exporting water. The federal government may keep up an accord, the province lift
    its ban, the support group appeal; of the province only that it would rather have no appeal is known.
    """
    states = [f"s{number}" for number in range(1, 9)]
    arcs = [[(state, state ^ 1 << owner) for state in range(8)] for owner in range(3)]
    orders = [[2, 6, 4, 8, 1, 5, 3, 7], [3, 4, 7, 8, 5, 6, 1, 2]]
    federal, support = (from_ranking([[number - 1] for number in order], states) for order in orders)
    province = from_comparisons(states, [(2, 6), (3, 7), (0, 4), (1, 5)])
    return conflict_from_arcs(("Federal", "Provincial", "Support"), states, arcs, [federal, province, support])


def test_lake_gisborne_where_one_side_is_not_known() -> None:
    conflict = lake_gisborne()
    none: list[int] = []
    expected = {
        Concept.NASH: [none, [4, 6], none, [4, 6]],
        Concept.GMR: [none, [4, 6, 8], [4, 6, 8], [4, 6, 8]],
        Concept.SMR: [none, [4, 6, 8], [4, 6, 8], [4, 6, 8]],
    }
    found = {concept: [numbers(conflict, concept, reading) for reading in Uncertainty] for concept in expected}
    assert found == expected


@pytest.mark.parametrize(
    ("order", "nash", "general"),
    [([3, 7, 4, 8, 1, 5, 2, 6], [4], [4, 8]), ([2, 6, 1, 5, 4, 8, 3, 7], [6], [6])],
    ids=["for the economy", "for the environment"],
)
def test_lake_gisborne_once_the_province_is_known(order: list[int], nash: list[int], general: list[int]) -> None:
    conflict = lake_gisborne()
    known = conflict.with_preferences({1: from_ranking([[number - 1] for number in order], conflict.states)})
    assert numbers(known, Concept.NASH) == numbers(known, Concept.SEQ) == nash
    assert numbers(known, Concept.GMR) == numbers(known, Concept.SMR) == general


def test_the_78_games_of_two_by_two() -> None:
    """Rapoport & Guyer 1966: 78 games of strict orders. Of Robinson & Goforth's 144 18 have no equilibrium, none of
    them symmetric, and 18 have two, six of them symmetric: so 9 and 12 here. Every one has a sequential equilibrium.
    """
    games = {}
    orders = list(permutations(range(1, 5)))
    for first, second in product(orders, orders):
        ways = []
        for rows, columns in product((0, 1), (0, 1)):
            place = [(row ^ rows) * 2 + (column ^ columns) for row, column in product((0, 1), (0, 1))]
            one, other = ([order[k] for k in place] for order in (first, second))
            ways += [(one, other), ([other[k] for k in (0, 2, 1, 3)], [one[k] for k in (0, 2, 1, 3)])]
        games[str(min(ways))] = (first, second)
    assert len(games) == 78
    arcs = [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]]
    counted = Counter[int]()
    for own in games.values():
        conflict = conflict_from_arcs(("row", "column"), ("11", "12", "21", "22"), arcs, [from_ranks(o) for o in own])
        counted[equilibria(conflict, Concept.NASH).bit_count()] += 1
        assert equilibria(conflict, Concept.SEQ)
    assert counted == {0: 9, 1: 57, 2: 12}


# ---- dividing and paying ---------------------------------------------------------------------------------------------

DIVISIONS = [
    # Brams & Taylor 1999, The Win-Win Solution: the estates of a divorce.
    (
        {"Connecticut": (10, 38), "Palm Beach": (40, 20), "Plaza": (10, 30), "Tower": (38, 10), "cash": (2, 2)},
        Fraction(218, 3),
        ("Palm Beach", Fraction(13, 15)),
    ),
    # Brams & Taylor 1996, Fair Division, after Raiffa 1982: the treaty on the Panama Canal, 66 points each.
    (
        {
            "defence rights": (22, 9), "use rights": (22, 15), "land and water": (15, 15), "expansion": (14, 3),
            "duration": (11, 15), "routes": (6, 5), "compensation": (4, 11), "jurisdiction": (2, 7),
            "military rights": (2, 7), "defence role": (2, 13),
        },
        Fraction(66),
        ("land and water", Fraction(2, 15)),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("items", "points", "split"), DIVISIONS, ids=["divorce", "canal"])
def test_adjusted_winner(items: dict[str, tuple[int, int]], points: Fraction, split: tuple[str, Fraction]) -> None:
    found = adjusted_winner(("first", "second"), items)
    assert found.points == (points, points)
    shared = [(k, part) for k, part in zip(found.items, found.first_share, strict=True) if 0 < part < 1]
    assert shared == [split]
    assert found.certificate.holds


def test_four_give_to_a_public_good_for_what_each_would_keep_by_not_giving() -> None:
    """Monderer & Tennenholtz 2004, theorem 1: each loses 1 - 4/10 by giving, so 4 times 6/10 are promised."""

    def payoffs(profile: tuple[int, ...]) -> list[Fraction]:
        return [Fraction(4, 10) * sum(profile) - gives for gives in profile]

    table = np.empty((4, 2, 2, 2, 2), dtype=object)
    for profile in product((0, 1), repeat=4):
        for player, payoff in enumerate(payoffs(profile)):
            table[(player, *profile)] = payoff
    found = implement_profile(StrategicGame.from_array(table), (1, 1, 1, 1))
    assert (found.cost, found.paid, found.kept) == (Fraction(12, 5), Fraction(12, 5), ((1,),) * 4)
