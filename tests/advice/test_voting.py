"""Votes and vetoes from a file to advice: who is outvoted, what is accepted, and what the page says."""

from __future__ import annotations

from gamecore.advice.analysis import Analysis, Kind
from gamecore.brief import page
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import read_scenario

TEXT = """gamecore: 1
title: Where to meet
question: Which place?
advise: alliance
players: {ann: {name: Ann}, ben: {name: Ben}, cy: {name: Cy}}
decisions:
  place:
    by: [ann, ben, cy]
    needs: {votes: 2, veto: [ann]}
    options: {north: North, south: South}
    no_agreement: No meeting
baseline: {place: no_agreement}
timing: {place: {at: 0, proposes: ann}}
payoffs:
  worth:
    rows:
      - {when: {place: north}, ann: 5, ben: 4, cy: -2}
      - {when: {place: south}, ann: -1, ben: 9, cy: 9}
      - {when: {place: no_agreement}, all: 0}
"""


def analysed(text: str) -> Analysis:
    return analyse(read_scenario(text), Settings(draws=50))


def test_who_is_outvoted_does_not_keep_a_plan_from_being_advised() -> None:
    found = analysed(TEXT)
    north, south = found.candidate("place=north"), found.candidate("place=south")
    assert (north.acceptable_to, north.outvoted, north.accepted) == (("ann", "ben"), ("cy",), True)
    assert (south.outvoted, south.accepted) == ((), False)  # Ann has a veto
    assert found.recommendation.candidate == "place=north"
    kinds = {reason.kind: reason for reason in found.recommendation.reasons}
    assert kinds[Kind.OUTVOTED].player == "cy"
    assert kinds[Kind.OUTVOTED].numbers == {"value": -2, "walk_away": 0}


def test_without_the_vote_the_same_plan_is_not_accepted() -> None:
    found = analysed(TEXT.replace("    needs: {votes: 2, veto: [ann]}\n", ""))
    assert not found.candidate("place=north").accepted
    assert found.recommendation.candidate is None or found.recommendation.with_lever is not None
    assert found.votes == ()


def test_the_page_says_with_whose_votes_and_who_does_better_without() -> None:
    made = page(analysed(TEXT), "internal")
    assert "B passes with Ann and Ben; Cy does better with no agreement (0.0, not \N{MINUS SIGN}2.0)." in made.why.text
    assert "Two of three votes are enough, Ann among them." in made.why.text
    told = " ".join(text for _, text in made.texts())
    assert "Cy votes otherwise" in told
    assert "acceptable to all" not in told


def test_every_protocol_of_a_vote_is_solved_and_proved() -> None:
    for proposes in (
        "each",
        "at_once",
        "[ann, ben], rounds: 2, breakdown: 10%",
        "[ben, cy], rounds: unlimited, breakdown: 20%",
    ):
        found = analysed(TEXT.replace("proposes: ann", f"proposes: {proposes}"))
        assert found.equilibria
        assert all(item.certificate.max_gain_value <= 0 for item in found.equilibria)


def test_a_vote_under_private_news_is_laid_out_as_moves() -> None:
    text = TEXT.replace("baseline:", "events: {rain: {chances: {wet: 50%, dry: rest}}}\nbaseline:")
    text = text.replace("timing: {", "timing: {rain: {at: 0, seen_by: ann}, ")
    text = text.replace("{place: north}, ann: 5", "{place: north, rain: wet}, ann: 5").replace(
        "      - {when: {place: south}",
        "      - {when: {place: north, rain: dry}, ann: 3, ben: 1, cy: -2}\n      - {when: {place: south}",
    )
    found = analysed(text)
    assert any("north" in str(item.outcome) for item in found.equilibria)
