from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

from gamecore.compromises.deals.decomposing import space_from_table
from gamecore.compromises.deals.frontier import deal_frontier
from gamecore.compromises.deals.scenario import from_scenario
from gamecore.compromises.deals.solutions import Rule, solutions
from gamecore.compromises.deals.space import DealSpace, Point
from gamecore.errors import InputError
from gamecore.scenario import read_scenario
from gamecore.valuation.payoffs import exact_worth
from tests.compromises.deals.cases import all_deals, spaces

Table = dict[tuple[int, ...], Point]
SCENARIOS = Path(__file__).parents[3] / "scenarios"


@settings(max_examples=24)
@given(spaces())
def test_a_table_gives_back_the_space_it_came_from(space: DealSpace) -> None:
    table = all_deals(space)
    issues = {issue.name: issue.options for issue in space.issues}
    found = space_from_table(space.parties, issues, table, no_agreement=space.no_agreement)
    assert all_deals(found) == table
    if not space.interactions and not space.impossible:
        assert not found.interactions


def test_only_what_interacts_is_joined() -> None:
    table: Table = {
        (a, b, c): (Fraction(a * b + c), Fraction(a + b - c)) for a in range(3) for b in range(2) for c in range(4)
    }
    issues = {name: tuple(f"{name}{k}" for k in range(size)) for name, size in (("a", 3), ("b", 2), ("c", 4))}
    (tie,) = space_from_table(("p", "q"), issues, table).interactions
    assert tie.issues == ("a", "b")


def test_holes_are_told_by_the_fewest_issues() -> None:
    table: Table = {
        (a, b): (Fraction(a), Fraction(b)) for a in range(3) for b in range(3) if a != 2 and (a, b) != (0, 1)
    }
    found = space_from_table(("p", "q"), {"a": ("x", "y", "z"), "b": ("u", "v", "w")}, table)
    assert [dict(row.options) for row in found.impossible] == [{"a": ("z",)}, {"a": ("x",), "b": ("v",)}]
    assert not found.interactions


def test_a_hole_that_hides_an_interaction_falls_back_to_the_whole_table() -> None:
    """Three deals on a line and one apart: differences say nothing, so the sum over blocks is judged on every deal."""
    table: Table = {
        (0, 0): (Fraction(0),) * 2,
        (0, 2): (Fraction(1),) * 2,
        (2, 0): (Fraction(1),) * 2,
        (2, 2): (Fraction(7),) * 2,
    }
    found = space_from_table(("p", "q"), {"a": ("x", "y", "z"), "b": ("u", "v", "w")}, table)
    assert all_deals(found) == table
    assert found.interactions


def test_faults_of_a_table() -> None:
    for table, message in (
        ({}, "empty"),
        ({(5,): (Fraction(1),) * 2}, "is no deal"),
        ({(0,): (Fraction(1),)}, "1 values"),
    ):
        with pytest.raises(InputError, match=message):
            space_from_table(("p", "q"), {"a": ("x",)}, table)  # type: ignore[arg-type]


def test_the_reset_of_an_alliance_adds_up() -> None:
    scenario = read_scenario((SCENARIOS / "alliance-reset.yaml").read_bytes())
    deals = from_scenario(scenario, "new_contract")
    space = deals.space
    assert deals.additive
    assert deals.baseline == ()  # the plan as it stood is no agreement
    assert space.parties == ("Aster", "Boreal")
    assert space.no_agreement == (Fraction(30), Fraction(28))
    assert len(all_deals(space)) == 72
    (nash,) = solutions(deal_frontier(space))[Rule.NASH].deals
    assert nash.options == ("15 years", "50%", "Aster", "Two sites")
    assert nash.values == (Fraction(51), Fraction(49))


def test_every_deal_of_a_term_sheet_is_worth_what_the_valuation_says() -> None:
    scenario = read_scenario((SCENARIOS / "licence-term-sheet.yaml").read_bytes())
    deals = from_scenario(scenario)
    space = deals.space
    assert (deals.decision, space.count, deals.additive) == ("term_sheet", 540, False)
    assert deals.baseline == ("10 USD m", "60 USD m", "6 / 8 / 10%", "Worldwide", "Diamond", "Diamond alone")
    worth = exact_worth(scenario)
    for number, (key, values) in enumerate(all_deals(space).items()):
        if number % 17 == 0:
            said = {name: keys[k] for name, keys, k in zip(deals.names, deals.keys, key, strict=True)}
            direct = [worth.payoff(player, {"term_sheet": "agreed", **said}) for player in ("diamond", "sapphire")]
            assert list(values) == direct
    (nash,) = solutions(deal_frontier(space))[Rule.NASH].deals
    assert nash.options == (
        "50 USD m",
        "60 USD m",
        "6 / 8 / 10%",
        "Worldwide",
        "Both",
        "Sapphire may co-promote in the US",
    )
    assert [round(float(value), 1) for value in nash.values] == [49.9, 89.3]


def test_what_is_no_agreement_on_terms_is_told() -> None:
    scenario = read_scenario((SCENARIOS / "alliance-reset.yaml").read_bytes())
    with pytest.raises(InputError, match="'new_contrct' is no agreement of this scenario; there are: new_contract"):
        from_scenario(scenario, "new_contrct")


def test_options_without_terms_are_one_issue() -> None:
    scenario = read_scenario((SCENARIOS / "phase2-covid-by-state.yaml").read_bytes())
    deals = from_scenario(scenario, "plan")
    assert deals.names == ("plan",)
    assert len(deals.space.issues[0].options) == deals.space.count == 4
    assert deals.baseline == ("Start on 1 July as planned",)
    with pytest.raises(InputError, match="no agreement of this scenario has terms"):
        from_scenario(scenario)
