"""A small scenario whose payoffs come from a programme under a deal."""

from gamecore.model import Scenario
from gamecore.scenario import read_scenario

TEXT = """
gamecore: 1
title: T
question: Q
advise: a
players:
  a: {name: A, discount_rate: 9%}
  b: {name: B, discount_rate: 13%}
decisions:
  plan: {by: [a, b], options: {go: Go, wait: Wait, end: End}, no_agreement: Nothing}
events:
  news: {chances: {good: 40%, bad: rest}}
baseline: {plan: go}
timing: {count_from: 2030-01-01, plan: 0, news: 6 months}
payoffs:
  drug:
    rows:
      - {when: {plan: end}, a: 1, b: 2}
      - {when: otherwise, all: enpv}
  fee: {when: {plan: wait}, a: -1, b: 1}
programme:
  phases:
    trial:  {budget: 80 .. 100 .. 130, lasts: 2 years, success: p}
    review: {budget: 20, lasts: 1 year, success: 90%}
  sales:
    world: {peak: 400, ramp: 3 years, margin: 50%, until: loe}
  changes:
    - {when: {news: bad}, trial.cost: times 1.5, trial.lasts: plus 6 months}
    - {when: {plan: wait}, start: date of news}
deal:
  cost_share:
    trial:  {a: 70%, b: 30%}
    review: {a: 100%}
  profit_share:
    world: {a: 60%, b: 40%}
  milestones:
    launch: {from: a, to: b, amount: fee_at_launch, due: launch}
inputs:
  p: {value: 30% .. 40% .. 50%}
  loe: {value: 14, unit: years}
  fee_at_launch: 12
"""


def small(*changes: tuple[str, str]) -> Scenario:
    """The scenario after texts in it are replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return read_scenario(text)
