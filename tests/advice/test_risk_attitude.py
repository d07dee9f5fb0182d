"""Risk attitude inside the equilibrium: a game whose outcome changes with the risk tolerance, worked by hand.

Sapphire can license its drug out for 12, or develop it together and win 100 or lose 50 with equal chances; Diamond
proposes and prefers developing (25 against 10). With risk tolerance R the gamble is worth to Sapphire

    -R ln(1/2 e^(-100 / R) + 1/2 e^(50 / R)),

which is nothing (no agreement) where y = e^(50 / R) solves y^3 - 2 y^2 + 1 = (y - 1) (y^2 - y - 1) = 0: at the golden
ratio, R = 50 / ln phi = 103.904. Below that tolerance Sapphire refuses to develop and the two agree on the licence.
"""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gamecore.advice.outlook import worth_if
from gamecore.brief import page
from gamecore.errors import InputError, ScenarioError
from gamecore.model import Clause, Condition, Scenario
from gamecore.pipeline import Settings, analyse, analysed, analysis_document, cash_ledger, solve, solved_game
from gamecore.robustness.information import value_of_information
from gamecore.robustness.tornado import tornado
from gamecore.scenario import read_scenario
from gamecore.valuation.inputs import draw
from gamecore.valuation.payoffs import exact_worth

FEW = Settings(draws=200)
INDIFFERENT = 50 / math.log((1 + math.sqrt(5)) / 2)


def text(attitude: str = "", more: str = "", win: str = "100") -> str:
    return f"""
gamecore: 1
title: Licence or gamble
question: Which?
advise: sapphire
unit: USD m
players:
  diamond:  {{name: Diamond}}
  sapphire: {{name: Sapphire{attitude}}}
decisions:
  plan:
    by: [diamond, sapphire]
    options: {{licence: Licence it out, own: Develop it together}}
    no_agreement: Nothing
events:
  trial: {{chances: {{works: 50%, fails: 50%}}}}
baseline: {{plan: no_agreement}}
timing: {{plan: {{at: 0, proposes: diamond}}, trial: hidden}}
payoffs:
  all_of_it:
    rows:
      - {{when: {{plan: licence}}, diamond: 10, sapphire: 12}}
      - {{when: {{plan: own, trial: works}}, diamond: 30, sapphire: {win}}}
      - {{when: {{plan: own, trial: fails}}, diamond: 20, sapphire: -50}}
      - {{when: {{plan: no_agreement}}, diamond: 0, sapphire: 0}}
{more}"""


def game(tolerance: float | str | None = None, **others: str) -> Scenario:
    return read_scenario(text("" if tolerance is None else f", risk_tolerance: {tolerance}", **others))


def by_hand(tolerance: float, win: float = 100.0) -> float:
    return -tolerance * math.log(0.5 * math.exp(-win / tolerance) + 0.5 * math.exp(50 / tolerance))


def base(analysis: Any, key: str, player: str) -> float:
    return float(analysis.candidate(key).standing(player).value.base)


@pytest.mark.parametrize("tolerance", [10, 40, 103, 105, 400])
def test_the_outcome_changes_where_the_gamble_is_no_longer_worth_taking(tolerance: float) -> None:
    analysis = analyse(game(tolerance), FEW)
    assert base(analysis, "plan=own", "sapphire") == pytest.approx(by_hand(tolerance), abs=1e-9)
    assert base(analysis, "plan=own", "diamond") == 25
    assert base(analysis, "plan=licence", "sapphire") == 12
    wanted = "plan=own" if tolerance > INDIFFERENT else "plan=licence"
    assert analysis.recommendation.candidate == wanted
    assert [equilibrium.outcome for equilibrium in analysis.equilibria] == [wanted]
    assert analysis.equilibria[0].payoffs[1] == pytest.approx(
        max(by_hand(tolerance), 12) if wanted == "plan=licence" else by_hand(tolerance)
    )


def test_every_number_of_the_analysis_is_a_certain_amount() -> None:
    analysis = analyse(game(40), FEW)
    gamble = by_hand(40)
    (naming,) = [analysis.naming_game]
    assert naming is not None
    assert naming.agreement_payoffs[1] == pytest.approx((25, gamble), abs=1e-9)
    assert analysis.tree is not None
    assert analysis.tree.nodes[0].values == pytest.approx((10, 12))
    own = analysis.candidate("plan=own")
    assert own.joint.base == pytest.approx(25 + gamble)
    standing = own.standing("sapphire")
    assert (standing.value.mean, standing.value.p10, standing.value.p90) == pytest.approx((gamble,) * 3)
    assert standing.gain == pytest.approx(gamble)  # over no agreement, which is worth nothing
    assert standing.regret == pytest.approx(12 - gamble)
    assert [away.value.base for away in analysis.walk_aways] == [0, 0]
    assert analysis.compromises[0].candidates == ("plan=licence",)
    assert any(note.kind.value == "risk_attitude" and note.player == "sapphire" for note in analysis.notes)


def test_a_very_large_tolerance_is_risk_neutral() -> None:
    neutral, nearly = analyse(game(), FEW), analyse(game("1e12"), FEW)
    for candidate in neutral.candidates:
        for standing in candidate.standings:
            found = nearly.candidate(candidate.key).standing(standing.player)
            assert found.value.base == pytest.approx(standing.value.base, abs=1e-6)
            assert found.value.mean == pytest.approx(standing.value.mean, abs=1e-3)
    assert nearly.recommendation.candidate == neutral.recommendation.candidate == "plan=own"


def test_a_file_without_a_risk_tolerance_has_the_payoffs_as_they_are() -> None:
    _, numbers, _ = solved_game(game(), FEW)
    assert not numbers.tolerances
    assert numbers.payoffs.tolist() == [[10, 25, 0], [12, 25, 0]]
    assert "risk_attitude" not in json.dumps(analysis_document(analyse(game(), FEW)))


def test_over_draws_each_draw_has_its_own_certainty_equivalents() -> None:
    scenario = game(40, win="80 .. 100 .. 150")
    _, case = analysed(scenario, Settings(draws=500, seed=3))
    (wins,) = draw(scenario, draws=500, seed=3).values()
    own = next(place for place, plan in enumerate(case.plans) if plan.key == "plan=own")
    assert case.simulation.values[own, 1] == pytest.approx([by_hand(40, win) for win in wins], abs=1e-9)
    assert case.simulation.security[1] == pytest.approx(np.zeros(500), abs=1e-9)  # Sapphire can refuse


def test_the_tornado_finds_the_tolerance_at_which_the_outcome_changes() -> None:
    more = "inputs:\n  tolerance: {value: 40 .. 60 .. 200, shape: lognormal, at_least: 20}\n"
    _, case = analysed(game("tolerance", more=more), FEW)
    plans = [plan.forced for plan in case.plans]
    (bar,) = tornado(case.game, [item.talks for item in case.solved], plans)
    (change,) = bar.along[0].changes
    assert change.below <= INDIFFERENT <= change.above
    assert change.at == pytest.approx(INDIFFERENT, rel=1e-4)
    assert change.proved


def test_a_condition_is_worth_its_certainty_equivalent() -> None:
    scenario = game(40)
    built, _, solved = solved_game(scenario, FEW)
    from gamecore.equilibria.following import usual_policy

    policy = usual_policy(built.tree, solved[0].perfect, solved[0].bargaining)

    def worth(*terms: tuple[str, str]) -> tuple[Fraction, ...] | None:
        condition = Condition((Clause(tuple((name, (value,)) for name, value in terms)),))
        return worth_if(built, exact_worth(scenario), policy, condition)

    gamble = worth(("plan", "own"))
    assert gamble is not None
    assert float(gamble[1]) == pytest.approx(by_hand(40))
    assert worth(("plan", "own"), ("trial", "works")) == (Fraction(30), Fraction(100))


def test_solving_by_itself_says_that_payoffs_are_utilities() -> None:
    document = solve(game(40))
    utility = 40 * (1 - math.exp(-12 / 40))
    assert float(Fraction(document["equilibria"][0]["payoffs"][1])) == pytest.approx(utility)
    assert any("utilities" in note and "R = 40" in note and "here 12" in note for note in document["notes"])
    assert not any("utilities" in note for note in solve(game())["notes"])


def test_what_knowing_is_worth_is_told_in_certain_money() -> None:
    """Told beforehand that the trial works both develop (Sapphire 100), else they license out (12)."""
    tolerance = 40
    expected = -tolerance * math.log(0.5 * math.exp(-100 / tolerance) + 0.5 * math.exp(-12 / tolerance))
    found = value_of_information(game(tolerance), draws=50)
    (trial,) = found.events
    assert trial.sole[1] == pytest.approx(expected - 12)
    assert trial.game[0][1] == pytest.approx(expected - 12)
    assert found.expected[0] == pytest.approx((10, 12))


def test_an_uncertain_attitude_has_no_mean_utility() -> None:
    more = "inputs:\n  tolerance: {value: 40 .. 60 .. 200, shape: lognormal}\n"
    with pytest.raises(InputError, match="uncertain"):
        value_of_information(game("tolerance", more=more), draws=50)


def test_a_table_of_cash_says_the_premium_between_the_mean_and_the_value() -> None:
    ledger = cash_ledger(game(40))
    plan = next(plan for plan in ledger.plans if plan.key == "plan=own")
    table = next(table for table in ledger.of_plan(plan).tables if table.player == "sapphire")
    assert sum(table.total.discounted) == pytest.approx(25)
    assert table.value == pytest.approx(by_hand(40))
    assert table.value + table.risk_premium == pytest.approx(25)


def test_a_payoff_far_beyond_the_tolerance_is_told() -> None:
    with pytest.raises(InputError, match=r"players\.sapphire\.risk_tolerance: a payoff is 100 times"):
        analyse(game(1), FEW)


@pytest.mark.parametrize("wrong", ["0", "-5", "-1 .. 5 .. 8"])
def test_a_tolerance_that_is_not_above_0_has_its_place(wrong: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        game(wrong)
    (fault,) = caught.value.faults
    assert fault.path == "players.sapphire.risk_tolerance"
    assert fault.line == 9


def test_a_tolerance_may_not_rest_on_what_happens() -> None:
    more = "inputs:\n  mood:\n    rows: [{when: {trial: works}, value: 50}, {when: otherwise, value: 20}]\n"
    with pytest.raises(InputError, match="rests on trial"):
        analyse(game("mood", more=more), FEW)


# ---- talks over rounds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attitude", "agreed"), [("", "even"), (", risk_tolerance: 10", "even"), (", risk_tolerance: 8", "low")]
)
def test_a_round_takes_its_share_off_expected_utility(attitude: str, agreed: str) -> None:
    """Sapphire offers in the second round, a year later, and then gets 60; a share of 1 / 1.1 of the gain is left.

    It takes 20 now if u(20) >= u(60) / 1.1: 20 < 54.5 for money, 8.65 < 9.07 with R = 10, but 7.34 > 7.27 with R = 8.
    """
    scenario = read_scenario(f"""
gamecore: 1
title: Two rounds
question: Which?
advise: diamond
players:
  diamond:  {{name: Diamond, discount_rate: 10%}}
  sapphire: {{name: Sapphire, discount_rate: 10%{attitude}}}
decisions:
  deal:
    by: [diamond, sapphire]
    options: {{low: A low price, even: An even price}}
    no_agreement: Nothing
baseline: {{deal: no_agreement}}
timing: {{deal: {{at: 0, proposes: [diamond, sapphire], rounds: 2, every: 1 year}}}}
payoffs:
  price:
    rows:
      - {{when: {{deal: low}}, diamond: 60, sapphire: 20}}
      - {{when: {{deal: even}}, diamond: 20, sapphire: 60}}
      - {{when: {{deal: no_agreement}}, all: 0}}
""")
    analysis = analyse(scenario, FEW)
    assert [equilibrium.outcome for equilibrium in analysis.equilibria] == [f"deal={agreed}"]
    assert analysis.equilibria[0].payoffs == pytest.approx((60, 20) if agreed == "low" else (20, 60))
    assert analysis.frequencies[0].shares[f"deal={agreed}"] == 1


def test_only_the_internal_page_says_who_weighs_risk() -> None:
    text_of_page = "Sapphire weighs risk: its values are what it would take for certain instead."
    analysis = analyse(game(40), FEW)
    assert text_of_page in page(analysis, "internal").sure.text
    assert text_of_page not in page(analysis, "shared").sure.text


def test_a_confidential_attitude_reaches_every_value_of_its_player() -> None:
    more = "inputs:\n  tolerance: {value: 40, confidential: yes}\n"
    analysis = analyse(game("tolerance", more=more), FEW)
    for candidate in analysis.candidates:
        assert "inputs.tolerance" in candidate.standing("sapphire").reaches
        assert "inputs.tolerance" not in candidate.standing("diamond").reaches
    hidden = analyse(game("40, confidential: yes"), FEW)
    assert "players.sapphire" in hidden.candidate("plan=own").standing("sapphire").reaches
