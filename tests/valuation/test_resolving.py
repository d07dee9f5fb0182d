"""Every key of a programme and a deal reaches the record of the same name, as it is written."""

from __future__ import annotations

from gamecore.scenario.expressions import VECTOR
from gamecore.valuation.payoffs import Draws, Worth
from gamecore.valuation.programme import (
    CoPromotion,
    CumulativeSales,
    Deal,
    Gate,
    Launch,
    Market,
    Milestone,
    OnDate,
    Phase,
    Programme,
    Royalty,
    Signature,
    StartOf,
    SuccessOf,
    Supply,
    YearlySales,
)
from gamecore.valuation.resolving import Resolved, Resolver, deal_of, programme_of
from tests.valuation.small_programme import small

PHASES = """  phases:
    screen: {budget: 5, lasts: 6 months, success: 80%}
    trial:  {budget: 100, cost: 110, lasts: 2 years, success: 40%, after: screen, pause: 3 months}
    second: {budget: 40, lasts: 1 year, success: 30%, after: start}
    review: {budget: 20, lasts: 1 year, success: 90%, after: trial}
  sales:
    world:
      {after: review, peak: 400, ramp: 3 years, margin: 50%, until: loe, delay: 2 months, after_loe: 20%, tail: 4 years}
    other: {after: second, patients: 2000, share: 10%, price: 0.5, margin: 45%, exclusivity: 8 years}
"""
DEAL = """deal:
  signed: 1 month
  cost_share:
    screen: {a: 100%}
    trial:  {a: 70%, b: 30%, above_budget: {a: 100%}}
    second: {a: 50%, b: 50%, cap: 120%, above_cap: {b: 100%}}
    review: {a: 100%}
  profit_share:
    world: {a: 60%, b: 40%}
    other: {b: 100%}
  milestones:
    upfront:  {from: a, to: b, amount: 1, due: signature}
    first:    {from: a, to: b, amount: 2, due: start of trial}
    proven:   {from: a, to: outside, amount: 3, due: success of trial}
    launched: {from: a, to: b, amount: 4, due: launch of other}
    either:   {from: a, to: b, amount: 5, due: launch, markets: [world, other]}
    yearly:   {from: a, to: b, amount: 6, due: yearly sales above 150, each_year: yes, markets: [world]}
    total:    {from: a, to: b, amount: 7, due: total sales above 1000}
    dated:    {from: b, to: a, amount: 8, due: 30 months}
  royalties:
    tiered: {from: a, to: b, markets: [world], tiers: {0: 5%, 100: 8%}, term: 10 years, step_down: 50%, third_party: 3%, offset: 40%, floor: 60%}
    plain:  {from: outside, to: b, tiers: {0: 1%}}
  co_promotion:
    local: {by: b, with: a, market: world, effort: 30%, yearly_cost: 9, reimbursed: 80%, profit: 15%}
  supply:
    capsules: {from: b, to: a, margin: 4%, markets: [other]}
  gates:
    review: {by: a, a: -2, b: 6}
"""  # noqa: E501 - one part a line
NO_CHANGES = """  changes:
    - {when: {news: bad}, trial.cost: times 1.5, trial.lasts: plus 6 months}
    - {when: {plan: wait}, start: date of news}
"""


def resolved() -> Resolved[Draws]:
    from tests.valuation.small_programme import TEXT

    phases = TEXT[TEXT.index("  phases:\n") : TEXT.index("  changes:\n")]
    deal = TEXT[TEXT.index("deal:\n") : TEXT.index("inputs:\n")]
    scenario = small((phases, PHASES), (deal, DEAL), (NO_CHANGES, ""))
    worth: Worth[Draws] = Worth(scenario, VECTOR, lambda item: float(item.base))
    return Resolver(scenario).resolved({"plan": "go"}, VECTOR, lambda item: worth.value(item, {}))  # type: ignore[arg-type]


def told(record: object) -> str:
    return repr(record)


def test_a_programme_is_what_the_file_says() -> None:
    trial = Phase("trial", 100.0, 2.0, 0.4, cost=110.0, after="screen", pause=0.25)
    assert told(programme_of(resolved())) == told(
        Programme(
            (
                Phase("screen", 5.0, 0.5, 0.8, cost=5.0),
                trial,
                Phase("second", 40.0, 1.0, 0.3, cost=40.0),
                Phase("review", 20.0, 1.0, 0.9, cost=20.0, after="trial"),
            ),
            (
                Market("world", "review", 400.0, 3.0, 0.5, until=14.0, delay=1 / 6, after_loe=0.2, tail=4.0),
                Market("other", "second", 100.0, 0.0, 0.45, exclusivity=8.0),
            ),
            0.0,
        )
    )


def test_a_deal_is_what_the_file_says() -> None:
    deal: Deal = deal_of(resolved(), ("a", "b"))
    assert told(deal.milestones) == told(
        (
            Milestone("upfront", "a", "b", 1.0, Signature()),
            Milestone("first", "a", "b", 2.0, StartOf("trial")),
            Milestone("proven", "a", None, 3.0, SuccessOf("trial")),
            Milestone("launched", "a", "b", 4.0, Launch(("other",))),
            Milestone("either", "a", "b", 5.0, Launch(("world", "other"))),
            Milestone("yearly", "a", "b", 6.0, YearlySales(150.0, ("world",), each_year=True)),
            Milestone("total", "a", "b", 7.0, CumulativeSales(1000.0)),
            Milestone("dated", "b", "a", 8.0, OnDate(2.5)),
        )
    )
    tiered = Royalty("tiered", "a", "b", ((0.0, 0.05), (100.0, 0.08)), ("world",), 10.0, 0.5, 0.03, 0.4, 0.6)
    assert told(deal.royalties) == told((tiered, Royalty("plain", None, "b", ((0.0, 0.01),))))
    assert told(deal.co_promotions) == told((CoPromotion("local", "b", "a", "world", 0.3, 9.0, 0.8, 0.15),))
    assert told(deal.supplies) == told((Supply("capsules", "b", "a", 0.04, ("other",)),))
    assert told(deal.gates) == told((Gate("review", "a", {"a": -2.0, "b": 6.0}),))
    assert deal.signed == 1 / 12
    assert deal.profit_share == {"world": {"a": 0.6, "b": 0.4}, "other": {"b": 1.0}}
    second = deal.cost_share["second"]
    assert (second.shares, second.cap, second.above_cap) == ({"a": 0.5, "b": 0.5}, 1.2, {"b": 1.0})
    assert deal.cost_share["trial"].above_budget == {"a": 1.0}
    assert deal.cost_share["trial"].cap is None
