"""Tables of cash flows add up to the value, and tell when the money runs out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.errors import InputError, TooLargeError
from gamecore.valuation.cash_flows import by_month, cash_flow_table, funding, horizon_values
from gamecore.valuation.enpv import Valuation, expected_npv
from gamecore.valuation.flows import Kind
from gamecore.valuation.paths import Event
from gamecore.valuation.programme import (
    CostShare,
    Deal,
    Gate,
    Market,
    Milestone,
    Number,
    OnDate,
    Phase,
    Programme,
    Signature,
    StartOf,
)
from gamecore.valuation.risk_profile import risk_profile
from tests.valuation.ledger import ledgers
from tests.valuation.random_terms import PLAYERS, RandomTerms
from tests.valuation.worked_case import CASES, RATES, rnpv_case, seeds, worked_deal, worked_programme

UNEQUAL: dict[str, Number] = {"sapphire": 0.13, "diamond": 0.09, "ruby": 0.0}


def random_valuation(seed: int, draws: int = 0, *, gates: bool = False) -> Valuation:
    random = RandomTerms(np.random.default_rng(seed), draws)
    programme = random.programme()
    deal = random.deal(programme)
    if gates:
        stop = {"sapphire": random.number(-5, 5), "diamond": random.number(-5, 5)}
        terms = tuple(
            Gate(phase.name, PLAYERS[number % 3], stop)
            for number, phase in enumerate(programme.phases)
            if random.maybe()
        )
        deal = Deal(**{**vars(deal), "gates": terms})
    return expected_npv(programme, deal, UNEQUAL)


# ---- tables ---------------------------------------------------------------------------------------------------------


@given(seeds, st.booleans(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_rows_and_columns_add_up_to_the_value(seed: int, drawn: bool, monthly: bool) -> None:
    valuation = random_valuation(seed, 4 if drawn else 0, gates=True)
    for player in PLAYERS:
        table = cash_flow_table(valuation, player, by_month(12 * 60) if monthly else None)
        rows = np.sum([row.discounted for row in table.rows.values()], axis=(0, 1))
        for total in (rows, table.total.discounted.sum(axis=0)):
            np.testing.assert_allclose(total, valuation.values[player], rtol=1e-10, atol=1e-9)


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_every_year_of_a_table_is_that_of_a_book_kept_in_small_steps(seed: int) -> None:
    valuation = random_valuation(seed)
    table = {player: cash_flow_table(valuation, player) for player in PLAYERS}
    years = len(table["ruby"].edges) - 1
    expected = {player: np.zeros((2, years)) for player in PLAYERS}
    for chance, entries in ledgers(valuation.programme, valuation.deal):
        for payer, receiver, date, amount in entries:
            for player, sign in ((payer, -1), (receiver, 1)):
                if player is not None:
                    expected[player][0, int(date + 1e-9)] += sign * chance * amount
    success = Programme(
        tuple(Phase(p.name, p.budget, p.lasts, 1.0, p.cost, p.after, p.pause) for p in valuation.programme.phases),
        valuation.programme.markets,
        valuation.programme.start,
    )
    for chance, entries in ledgers(success, valuation.deal):
        assert chance == 1
        for payer, receiver, date, amount in entries:
            for player, sign in ((payer, -1), (receiver, 1)):
                if player is not None:
                    expected[player][1, int(date + 1e-9)] += sign * amount
    for player in PLAYERS:
        np.testing.assert_allclose(table[player].total.risk_adjusted, expected[player][0], atol=0.05)
        np.testing.assert_allclose(table[player].total.undiscounted, expected[player][1], atol=0.05)


def test_a_table_has_a_row_for_each_source_and_its_year() -> None:
    valuation = expected_npv(worked_programme(), worked_deal(), RATES)
    table = cash_flow_table(valuation, "sapphire")
    assert list(table.rows) == [
        (Kind.COST, "phase_2"),
        (Kind.COST, "phase_3"),
        (Kind.COST, "review"),
        (Kind.PROFIT, "world"),
        (Kind.MILESTONE, "phase_2_start"),
        (Kind.MILESTONE, "phase_3_start"),
        (Kind.MILESTONE, "approval"),
        (Kind.MILESTONE, "sales_500"),
    ]
    trial = table.rows[Kind.COST, "phase_3"]
    np.testing.assert_allclose(trial.undiscounted[:6], [0, 0, *(-np.array([1, 1, 0.75]) * 45 / 2.75), 0])
    np.testing.assert_allclose(trial.risk_adjusted, 0.35 * trial.undiscounted)
    approval = table.rows[Kind.MILESTONE, "approval"]
    assert approval.undiscounted[5] == 60
    assert approval.discounted.sum() == pytest.approx(60 * 0.35 * 0.58 * 0.91 * 1.13**-5.75)
    world = table.rows[Kind.PROFIT, "world"].undiscounted
    assert world[12] == pytest.approx(0.4 * 0.45 * 1100)
    assert world.sum() == pytest.approx(0.4 * 0.45 * 1100 * (15 - 5.75 - 2.5))


def test_what_flows_on_the_day_between_two_columns_is_in_the_later_one() -> None:
    deal = Deal(milestones=tuple(Milestone(f"on_{day}", None, "diamond", 1.0, OnDate(day)) for day in (0.0, 1.0, 2.0)))
    programme = Programme((Phase("nothing", 0.0, 1.0, 0.5),))
    table = cash_flow_table(expected_npv(programme, deal, RATES), "diamond")
    np.testing.assert_array_equal(table.total.undiscounted, [1, 1, 1])


def test_a_stopped_phase_pays_what_stopping_pays() -> None:
    deal = worked_deal(gates=(Gate("phase_3", "diamond", {"diamond": 500.0, "sapphire": -2.0}),))
    valuation = expected_npv(worked_programme(), deal, RATES)
    table = cash_flow_table(valuation, "sapphire")
    assert valuation.goes_on["phase_3"] == 0
    np.testing.assert_allclose(table.rows[Kind.STOP, "phase_3"].risk_adjusted[:4], [0, 0, -0.7, 0])
    assert not table.rows[Kind.COST, "phase_3"].undiscounted.any()


def test_wrong_tables_are_refused() -> None:
    valuation = expected_npv(worked_programme(), worked_deal(), RATES)
    with pytest.raises(InputError, match="no player is called 'ruby'"):
        cash_flow_table(valuation, "ruby")
    for edges in ([0.0], [0.0, 0.0], [1.0, 0.0]):
        with pytest.raises(InputError, match="at least two dates that rise"):
            cash_flow_table(valuation, "diamond", edges)
    many = expected_npv(worked_programme(peak=np.linspace(1, 2, 100_000)), worked_deal(), RATES)
    with pytest.raises(TooLargeError, match="100 columns for 100000 draws"):
        cash_flow_table(many, "diamond", by_month(100))


# ---- horizons and cash ----------------------------------------------------------------------------------------------


def test_a_horizon_holds_what_flows_up_to_its_very_day() -> None:
    deal = Deal(
        milestones=tuple(Milestone(f"on_{day}", None, "diamond", 1.0, OnDate(day)) for day in (0.5, 1.0, 3.0, 9.0))
    )
    valuation = expected_npv(Programme((Phase("nothing", 0.0, 1.0, 0.5),)), deal, {"diamond": 0.0})
    assert horizon_values(valuation, "diamond") == [2, 3, 4]
    assert horizon_values(valuation, "diamond", [9.0]) == [4, 4]


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_the_last_horizon_is_the_value(seed: int) -> None:
    valuation = random_valuation(seed, 3)
    for player in PLAYERS:
        *_, everything = horizon_values(valuation, player)
        np.testing.assert_allclose(everything, valuation.values[player], rtol=1e-10, atol=1e-9)


def burning(cost: Number = 24.0) -> Valuation:
    """A trial of two years paid by Sapphire, 10 at signature, 5 due to Diamond after a year; at most half succeed."""
    programme = Programme((Phase("trial", cost, 2.0, 0.5), Phase("next", 12.0, 1.0, 0.5, after="trial")))
    deal = Deal(
        {name: CostShare({"sapphire": 1.0}) for name in ("trial", "next")},
        milestones=(
            Milestone("upfront", "diamond", "sapphire", 10.0, Signature()),
            Milestone("option", "sapphire", "diamond", 5.0, OnDate(1.0)),
            Milestone("next", "diamond", "sapphire", 20.0, StartOf("next")),
        ),
    )
    return expected_npv(programme, deal, RATES)


def test_cash_by_month_shows_when_it_runs_out_and_what_is_not_funded() -> None:
    table = cash_flow_table(burning(), "sapphire", by_month(36))
    found = funding(table, 6.0)
    np.testing.assert_allclose(found.balance[:3], [15, 14, 13])
    # 6 + 10 - 12 = 4 after a year; the option of 5 is due in the next month.
    assert found.runs_out == pytest.approx(13 / 12)
    assert found.lowest == pytest.approx(-13)
    assert found.unfunded == {(Kind.COST, "trial"): 1.0, (Kind.COST, "next"): 1.0, (Kind.MILESTONE, "option"): 1.0}
    enough = funding(table, 19.0)
    assert (enough.runs_out, enough.unfunded) == (np.inf, {})
    assert enough.lowest == pytest.approx(0, abs=1e-9)


def test_a_burn_shortens_the_runway() -> None:
    nothing = cash_flow_table(burning(0.0), "diamond", by_month(36))
    assert funding(nothing, 30.0, burn=12.0).runs_out == pytest.approx(25 / 12)  # 1 left, then the 20 fall due


def test_expected_flows_need_less_cash_than_success_does() -> None:
    table = cash_flow_table(burning(), "sapphire", by_month(36))
    certain, expected = funding(table, 19.0), funding(table, 19.0, risk_adjusted=True)
    assert certain.balance[-1] == pytest.approx(19 + 10 - 24 - 5 + 20 - 12)
    assert expected.balance[-1] == pytest.approx(19 + 10 - 24 - 5 + 0.5 * (20 - 12))


def test_over_draws_it_is_told_how_often_a_source_is_not_funded() -> None:
    table = cash_flow_table(burning(np.array([0.0, 12.0, 24.0, 48.0])), "sapphire", by_month(36))
    found = funding(table, 6.0)
    np.testing.assert_allclose(found.runs_out, [np.inf, 23 / 12, 13 / 12, 9 / 12])
    assert found.unfunded[Kind.MILESTONE, "option"] == 0.5


# ---- risk profiles --------------------------------------------------------------------------------------------------


def test_the_risk_profile_of_three_phases_is_the_one_of_the_case() -> None:
    case = CASES["rnpv_equals_tree"]
    valuation = expected_npv(*rnpv_case(), {"sapphire": case["inputs"]["r"]})
    profile = risk_profile(valuation)
    expected = case["expected"]
    leaves = np.column_stack([profile.chances, profile.values["sapphire"]])
    np.testing.assert_allclose(leaves, expected["leaves"], atol=case["tolerance"])
    assert profile.mean("sapphire") == pytest.approx(expected["rnpv"], abs=case["tolerance"])
    assert profile.standard_deviation("sapphire") == pytest.approx(expected["sd"], abs=case["tolerance"])
    assert profile.chance_of_loss("sapphire") == pytest.approx(expected["p_loss"], abs=case["tolerance"])
    assert profile.chances[-1] == pytest.approx(expected["loa"], abs=case["tolerance"])


@given(seeds, st.booleans())
@settings(max_examples=25, deadline=None)
def test_the_value_is_the_mean_of_its_risk_profile(seed: int, drawn: bool) -> None:
    valuation = random_valuation(seed, 4 if drawn else 0, gates=True)
    profile = risk_profile(valuation)
    np.testing.assert_allclose(profile.chances.sum(axis=0), 1, rtol=1e-12)
    for player in PLAYERS:
        np.testing.assert_allclose(profile.mean(player), valuation.values[player], rtol=1e-10, atol=1e-9)
        values, cumulative = profile.distribution(player)
        assert (np.diff(values) >= 0).all()
        assert cumulative[-1] == 1


@given(seeds, st.data())
@settings(max_examples=50, deadline=None)
def test_the_chance_of_an_event_is_that_of_the_paths_it_happens_on(seed: int, data: st.DataObject) -> None:
    valuation = random_valuation(seed, gates=True)
    names = st.frozensets(st.sampled_from(valuation.paths.names), max_size=2)
    event = Event(*(data.draw(names) for _ in range(4)))
    ways = valuation.paths.paths(valuation.goes_on)
    expected = sum(chance for path, chance in ways if event.holds_on(path))
    assert valuation.paths.chance(event, valuation.goes_on) == pytest.approx(expected, abs=1e-12)


def test_a_programme_that_can_go_too_many_ways_has_no_risk_profile() -> None:
    phases = tuple(Phase(f"p{number}", 0.0, 1.0, 0.5) for number in range(13))
    with pytest.raises(TooLargeError, match="8192 ways, more than the 4096"):
        risk_profile(expected_npv(Programme(phases), Deal(), RATES))


def test_a_market_of_no_phase_of_its_own_shares_the_path_of_another() -> None:
    markets = tuple(Market(name, "trial", 100.0, 0.0, 0.5, until=5.0) for name in ("us", "eu"))
    programme = Programme((Phase("trial", 0.0, 1.0, 0.5),), markets)
    deal = Deal(profit_share={name: {"diamond": 1.0} for name in ("us", "eu")})
    profile = risk_profile(expected_npv(programme, deal, {"diamond": 0.0}))
    np.testing.assert_allclose(profile.values["diamond"], [0, 400])
    assert profile.chance_of_loss("diamond") == 0
