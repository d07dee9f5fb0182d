"""The tornado: bars against direct evaluation, thresholds by hand and against a brute scan."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gamecore.errors import InputError
from gamecore.games.translate import Game, Talks, compile_game, protocols
from gamecore.model import Range, Shape, Uncertain
from gamecore.robustness.outcomes import OTHER, exact_outcomes, outcomes_at
from gamecore.robustness.points import play_at
from gamecore.robustness.tornado import Bar, p10_p90, reach, tornado
from gamecore.scenario import read_scenario
from gamecore.valuation.inputs import quantity_key
from tests.robustness.small import TALKS
from tests.scenario.conftest import GOOD

DEALS = [{0: (branch,)} for branch in range(3)]


def game_of(text: str) -> tuple[Game, tuple[Talks, ...]]:
    scenario = read_scenario(text.encode())
    talks = protocols(scenario)
    return compile_game(scenario, talks=talks[0]), talks


def bars_of(text: str, *, beyond: bool = True) -> dict[str, Bar]:
    game, talks = game_of(text)
    return {bar.quantity.key: bar for bar in tornado(game, talks, DEALS, beyond=beyond)}


def test_thresholds_by_hand_within_the_range_and_beyond() -> None:
    bars = bars_of(TALKS)
    x = bars["inputs.x"]
    assert (x.low, x.base, x.high) == pytest.approx((2, 4, 4.8))
    assert x.searched == pytest.approx((0, 6.4))  # 4 - 3 * 2, but not below 0; 4 + 3 * 0.8
    a_proposes, b_proposes = x.along
    [change] = a_proposes.changes
    assert change.at == pytest.approx(3, abs=1e-5)
    assert (change.before, change.after, change.proved) == (1, 0, True)
    assert change.below < 3 < change.above
    assert (a_proposes.at_base, a_proposes.outcomes) == (0, (1, 0))
    assert b_proposes.changes == ()
    y = bars["inputs.y"]
    assert y.searched == pytest.approx((-3, 1.5))
    [change] = y.along[1].changes  # B offers the large deal once A has more than 3 elsewhere
    assert change.at == pytest.approx(1, abs=1e-5)
    assert (change.before, change.after, change.proved) == (1, 0, True)
    assert change.at > y.high


def test_bars_tell_what_every_plan_is_worth_along_the_range() -> None:
    x = bars_of(TALKS)["inputs.x"]
    np.testing.assert_allclose(x.values[0], [[6.0, 2.0], [6.0, 4.8]])  # the large deal, (end, player)
    np.testing.assert_allclose(x.values[1], [[3, 7], [3, 7]])
    np.testing.assert_allclose(x.swing, [[0.0, 2.8], [0.0, 0.0], [0.0, 0.0]], atol=1e-9)
    np.testing.assert_allclose(x.joint, [2.8, 0.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(x.along[0].worth, [[3.0, 7.0], [6.0, 4.8]])  # at 2 they settle on the small deal


def test_only_the_ranges_are_searched_if_that_is_asked() -> None:
    bars = bars_of(TALKS, beyond=False)
    assert bars["inputs.x"].searched == pytest.approx((2, 4.8))
    assert [change.at for change in bars["inputs.x"].along[0].changes] == pytest.approx([3], abs=1e-4)
    assert bars["inputs.y"].along[1].changes == ()


def test_several_changes_in_one_range_are_all_found() -> None:
    """B gets more from the large deal than from none only near 4: x - 4 squared is below 1."""
    text = TALKS.replace("b: x}", "b: 4 - (x - 4) ** 2}")
    [low, high] = bars_of(text)["inputs.x"].along[0].changes
    assert (low.at, high.at) == pytest.approx((3, 5), abs=1e-4)
    assert (low.before, low.after, high.after) == (1, 0, 1)


def test_of_a_list_of_values_only_those_are_looked_at() -> None:
    text = TALKS.replace("value: 2 .. 4 .. 4.8, ", "value: {1: 30%, 4: 40%, 6: 30%}, shape: discrete, ")
    bar = bars_of(text)["inputs.x"]
    assert (bar.low, bar.high, bar.searched) == (1, 6, (1, 6))
    [change] = bar.along[0].changes
    assert (change.below, change.above, change.proved) == (1, 4, True)


def test_play_that_is_none_of_the_plans_is_told_apart() -> None:
    game, talks = game_of(TALKS)
    [x, _] = tornado(game, talks, DEALS[1:])
    assert x.along[0].at_base == OTHER


@pytest.mark.parametrize(
    ("distribution", "low", "high"),
    [
        (Range(Fraction(1), Fraction(2), Fraction(4)), 1, 4),
        (Uncertain(Shape.UNIFORM, (Fraction(0), Fraction(10))), 1, 9),
        (Uncertain(Shape.TRIANGULAR, (Fraction(0), Fraction(5), Fraction(10))), 5**0.5, 10 - 5**0.5),
        (Uncertain(Shape.NORMAL, (Fraction(1), Fraction(2), Fraction(4)), at_most=Fraction(3)), 1, 3),
    ],
)
def test_bars_end_at_p10_and_p90(distribution: Range | Uncertain, low: float, high: float) -> None:
    assert p10_p90(distribution) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        (Range(Fraction(1), Fraction(2), Fraction(4), "1 .. 2 .. 4"), (0, 8)),
        (Range(Fraction(3, 5), Fraction(4, 5), Fraction(19, 20), "60% .. 80% .. 95%"), (0.2, 1)),
        (Range(Fraction(-1), Fraction(0), Fraction(2)), (-3, 6)),
        (Uncertain(Shape.UNIFORM, (Fraction(0), Fraction(10))), (0, 10)),
        (Uncertain(Shape.NORMAL, (Fraction(-2), Fraction(0), Fraction(2)), at_least=Fraction(-3)), (-3, 6)),
        (Uncertain(Shape.LOGNORMAL, (Fraction(1), Fraction(4), Fraction(16))), (0.1, 40)),
    ],
)
def test_how_far_is_searched(distribution: Range | Uncertain, expected: tuple[float, float]) -> None:
    assert reach(distribution) == pytest.approx(expected)


def test_where_a_payoff_has_no_value_beyond_the_range_only_the_range_is_searched() -> None:
    text = TALKS.replace("b: x}", "b: sqrt(x - 1.5) * 3}")
    bar = bars_of(text)["inputs.x"]
    assert bar.searched == pytest.approx((2, 4.8))
    assert bar.along[0].changes[0].at == pytest.approx(2.5, abs=1e-4)
    with pytest.raises(InputError, match="has no value"):
        bars_of(TALKS.replace("b: x}", "b: sqrt(x - 3)}"))


# ---- scenarios -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["phase2-covid", "ip-ownership", "payer"])
def test_thresholds_are_those_of_a_scan(name: str) -> None:
    """Far finer steps than the grid see the same changes, at the same places; rationals agree on both sides."""
    [file] = [path for path in GOOD if path.stem == name]
    scenario = read_scenario(file.read_bytes())
    talks = protocols(scenario)
    game = compile_game(scenario, talks=talks[0])
    talks = talks[:1] if game.spelled_out else talks
    plans = [{0: (branch,)} for branch in range(len(game.tree.nodes[0].children))]
    for bar in tornado(game, talks, plans)[:5]:
        key = quantity_key(bar.quantity.distribution)
        values = np.linspace(*bar.searched, 4001)
        played = play_at(game, talks, plans, {key: values}, price=False).played
        for along, one in zip(bar.along, played, strict=True):
            codes = outcomes_at(one)
            places = np.flatnonzero(codes[1:] != codes[:-1])
            assert [(codes[i], codes[i + 1]) for i in places] == [(c.before, c.after) for c in along.changes]
            for place, change in zip(places, along.changes, strict=True):
                assert values[place] - 1e-9 <= change.at <= values[place + 1] + 1e-9
                assert change.below < change.at < change.above
            for change in [change for change in along.changes if change.proved][:1]:
                assert change.before in exact_outcomes(game, along.talks, plans, {key: Fraction(change.below)})
                assert change.after in exact_outcomes(game, along.talks, plans, {key: Fraction(change.above)})


def test_the_first_situation_changes_where_the_reference_figures_say() -> None:
    [file] = [path for path in GOOD if path.stem == "phase2-covid"]
    scenario = read_scenario(file.read_bytes())
    talks = protocols(scenario)
    game = compile_game(scenario, talks=talks[0])
    names = {option.name: number for number, option in enumerate(scenario.decisions["plan"].options)}
    bars = {bar.quantity.key: bar for bar in tornado(game, talks, [{0: (branch,)} for branch in range(5)])}
    for which, protocol in enumerate(talks):
        below = {key: [c for c in bar.along[which].changes if c.at < bar.base][-1:] for key, bar in bars.items()}
        above = {key: [c for c in bar.along[which].changes if c.at > bar.base][:1] for key, bar in bars.items()}
        assert all(bar.along[which].at_base == names["wait"] for bar in bars.values()), protocol
        [peak] = below["programme.sales.world.peak"]
        [success] = below["inputs.p2"]
        [rate] = above["players.diamond.discount_rate"]
        assert (peak.before, success.before, rate.after) == (names["hybrid"], names["hybrid"], 4)
        assert peak.at == pytest.approx(851, rel=0.02)
        assert success.at == pytest.approx(0.22, rel=0.02)
        assert rate.at == pytest.approx(0.124, rel=0.02)
        assert rate.at > bars["players.diamond.discount_rate"].high
        assert peak.proved
        assert success.proved
        assert rate.proved
        overrun = bars["inputs.overrun"]
        assert not [c for c in overrun.along[which].changes if overrun.low <= c.at <= overrun.high]
