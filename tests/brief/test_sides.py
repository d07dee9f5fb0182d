"""Players are called companies only where the file says so."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gamecore.advice.analysis import Analysis, Kind, PlayerFacts, Reason
from gamecore.brief import page
from gamecore.brief.sentences import Names, reason_sentence
from gamecore.brief.sides import side, sides
from tests.brief import extremes
from tests.brief.cases import sapphire_diamond

COMPANY = re.compile(r"compan(y|ies)", re.IGNORECASE)
OWN_WORDS = "Keeps the date both companies announced"  # of the case


def player(role: str | None = None, lead: str | None = None) -> PlayerFacts:
    return PlayerFacts("finance", "Finance", None, lead, role)


def functions(analysis: Analysis) -> Analysis:
    """The same players as functions of one company: nobody has a role or a lead."""
    plain = tuple(replace(item, role=None, lead=None) for item in analysis.scenario.players)
    return replace(analysis, scenario=replace(analysis.scenario, players=plain))


def said_of_companies(analysis: Analysis, copy: str) -> list[str]:
    """What the page says of companies in words that are not the author's."""
    texts = (text.replace(OWN_WORDS, "") for _, text in page(analysis, copy).texts())
    return [text for text in texts if COMPANY.search(text)]


@pytest.mark.parametrize(
    ("players", "one", "several"),
    [
        ([player(), player()], "side", "sides"),
        ([player(role="pharma"), player()], "company", "companies"),
        ([player(), player(lead="Michael")], "company", "companies"),
    ],
)
def test_a_role_or_a_lead_makes_companies(players: list[PlayerFacts], one: str, several: str) -> None:
    assert (side(players), sides(players)) == (one, several)


@pytest.mark.parametrize("copy", ["internal", "shared"])
@pytest.mark.parametrize(
    "case", [sapphire_diamond, lambda: extremes.companies(3), extremes.nothing_acceptable, extremes.certain]
)
def test_functions_of_one_company_are_sides_on_the_whole_page(case: object, copy: str) -> None:
    assert callable(case)
    made = functions(case())
    assert said_of_companies(made, copy) == []
    assert said_of_companies(case(), copy)


def test_the_words_for_all_of_them() -> None:
    two, three = sapphire_diamond(), extremes.companies(3)
    assert [Names(item).all for item in (two, three)] == ["both companies", "all three companies"]
    assert [Names(functions(item)).all for item in (two, three)] == ["both sides", "all three sides"]
    assert Names(functions(three)).group([item.key for item in three.scenario.players]) == "all sides"
    assert page(functions(two), "internal").gives.head == "What each side gives"
    beliefs = Reason(Kind.PRIVATE_BELIEFS)
    assert reason_sentence(beliefs, Names(two)) == "The companies judge some chances differently."
    assert reason_sentence(beliefs, Names(functions(two))) == "The sides judge some chances differently."
