"""Bets where a file has beliefs: both gain by their own, what the one expects at the file's chances the other pays."""

from __future__ import annotations

from pathlib import Path

import pytest

from gamecore.questions.compromise import Compromises, compromise_found
from gamecore.questions.compromise_bets import BetOffer
from gamecore.scenario import read_scenario
from tests.advice.small import read

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
TRIAL = """
decisions:
  deal:
    by: [ann, ben]
    options: {{go: Go on, sell: Sell it}}
    no_agreement: Nothing
events:
  trial:
    when: {{deal: go}}
    chances: {{good: 50%, bad: rest}}
    beliefs: {{ben: {{good: {belief}, bad: rest}}}}
baseline: {{deal: go}}
timing: {{deal: 0, trial: 1 year}}
payoffs:
  worth:
    rows:
      - {{when: {{deal: go, trial: good}}, ann: 2 * {ann}, ben: 6}}
      - {{when: {{deal: go, trial: bad}}, ann: 0, ben: 6}}
      - {{when: {{deal: sell}}, ann: 1, ben: {sell}}}
      - {{when: {{deal: no_agreement}}, ann: 0, ben: 0}}
"""


def found(*, belief: str = "30%", ann: int = 4, sell: int = 1) -> Compromises:
    return compromise_found(read(TRIAL.format(belief=belief, ann=ann, sell=sell)))


def expected(bet: BetOffer, player: str, chances: tuple[float, ...]) -> float:
    paid = [item.amount if item.payee == player else -item.amount for item in bet.stakes]
    return sum(chance * amount for chance, amount in zip(chances, paid, strict=True))


def test_each_side_gains_by_its_own_belief_and_nobody_stakes_more_than_it_gains() -> None:
    (bet,) = found().bets
    assert bet.chances == {"ann": (0.5, 0.5), "ben": (0.3, 0.7)}
    assert bet.most == {"ann": 4.0, "ben": 6.0}
    assert not bet.scaled
    assert bet.comes_up
    for name in ("ann", "ben"):
        assert bet.own[name] == pytest.approx(expected(bet, name, bet.chances[name]))
        assert bet.own[name] > 0
        assert bet.neutral[name] == pytest.approx(expected(bet, name, (0.5, 0.5)))
    assert sum(bet.neutral.values()) == 0
    assert all(item.amount <= bet.most[item.payer] for item in bet.stakes)


def test_no_other_stakes_within_the_bounds_have_a_larger_product() -> None:
    (bet,) = found().bets
    best = bet.own["ann"] * bet.own["ben"]
    for good in range(-40, 61):  # tenths from Ben to Ann if it is good, and if it is bad
        for bad in range(-40, 61):
            ann, ben = (0.5 * good + 0.5 * bad) / 10, -(0.3 * good + 0.7 * bad) / 10
            assert min(ann, ben) <= 0 or ann * ben <= best + 1e-9


def test_without_a_gain_to_stake_the_stakes_are_those_that_can_be_scaled() -> None:
    """Selling has the larger product then, under which there is no trial."""
    (bet,) = found(ann=1, sell=9).bets
    assert (bet.beside, bet.comes_up, bet.scaled) == ("deal=sell", False, True)
    assert bet.most == {"ann": 1.0, "ben": 1.0}


def test_the_same_beliefs_make_no_bet() -> None:
    assert found(belief="50%").bets == ()
    assert compromise_found(read_scenario((SCENARIOS / "phase2-covid.yaml").read_bytes())).bets == ()


def test_lawyers_who_differ_can_bet_on_the_award() -> None:
    (bet,) = compromise_found(read_scenario((SCENARIOS / "termination.yaml").read_bytes())).bets
    assert bet.event == "award"
    assert bet.chances == {"diamond": (0.45, 0.55), "sapphire": (0.6, 0.4)}
    assert min(bet.own.values()) > 0
    assert not bet.comes_up
