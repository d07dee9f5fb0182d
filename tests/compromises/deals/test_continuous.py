from __future__ import annotations

from fractions import Fraction

from gamecore.compromises.deals.continuous import Continuous, with_amounts
from gamecore.compromises.deals.scenario import ScenarioDeals, from_scenario
from tests.advice.small import read

DEAL = """
decisions:
  deal:
    by: [ann, ben]
    terms:
      fee: {{levels: {levels}, unit: USD m}}
      site: {{options: {{north: North, south: South}}}}
    no_agreement: Nothing
baseline: {{deal: no_agreement}}
timing: {{deal: 0}}
payoffs:
  fee: {{when: {{deal: agreed}}, ann: "{ann}", ben: 2 * fee}}
  site: {{when: {{site: south}}, ann: {south}, ben: 5}}
  nothing: {{when: {{deal: no_agreement}}, ann: 0, ben: 0}}
"""


def both(levels: str = "10 to 50", ann: str = "-fee", south: str = "1") -> tuple[ScenarioDeals, Continuous]:
    scenario = read(DEAL.format(levels=levels, ann=ann, south=south))
    deals = from_scenario(scenario)
    return deals, with_amounts(deals, scenario.decisions["deal"].terms)


def test_a_straight_term_is_worth_what_its_levels_say_and_the_line_between() -> None:
    deals, found = both()
    assert (found.straight, found.stepped, found.names, found.amounts) == (("Fee",), (), ("site",), ("fee",))
    (fee,) = found.space.amounts
    assert (fee.corners, fee.unit) == ((Fraction(10), Fraction(50)), "USD m")
    space = deals.space
    for option, key in zip(space.issues[0].options, deals.keys[0], strict=True):
        for site in ("North", "South"):
            assert found.space.values((site,), (Fraction(key),)) == space.values((option, site))
    assert found.space.values(("North",), (Fraction(1001, 100),)) == (Fraction(-1001, 100), Fraction(2002, 100))


def test_a_term_that_bends_or_hangs_on_another_keeps_its_levels() -> None:
    for given in ({"ann": "-fee ** 2"}, {"ann": "-max(fee, 20)"}, {"south": '"fee / 5"'}):
        deals, found = both(**given)
        assert found.stepped == ("Fee",)
        assert found.space == deals.space


def test_steps_that_the_file_names_are_no_amounts() -> None:
    _, found = both(levels="10 to 50 by 10")
    assert (found.straight, found.stepped) == ((), ())
